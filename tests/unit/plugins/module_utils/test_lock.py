"""The address lock on one day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import lock
from ansible_collections.congvu.mail.plugins.module_utils.model import Address, Origin, Standing

HERE = Origin("addresses/x.vn.yml", 1)
TERM = 100
SOME = date(2026, 9, 1)


def line(
    address: str, *starts: date | None, standing: Standing = Standing.PRIMARY, until: date | None = None
) -> Address:
    """Return a line of somebody's."""
    return Address(f"{address}@x.vn", "person:a", standing, starts or (None,), until, HERE)


MOVED = (line("old"), line("new", SOME))
RETURNED = (line("old", None, date(2027, 9, 1)), line("new", SOME))
ALIASED = (
    line("an"),
    line("abuse", standing=Standing.ALIAS),
    line("soon", SOME, standing=Standing.ALIAS, until=date(2026, 10, 1)),
    line("gone", standing=Standing.RETIRED),
)


@pytest.mark.parametrize(
    ("lines", "day", "primary", "others"),
    [
        (MOVED[:1], SOME, "old", ""),
        (MOVED, date(2026, 8, 31), "old", ""),
        (MOVED, SOME, "new", "old"),
        (MOVED, SOME + timedelta(TERM - 1), "new", "old"),
        (MOVED, SOME + timedelta(TERM), "new", ""),
        (RETURNED, date(2027, 8, 31), "new", ""),
        (RETURNED, date(2027, 9, 1), "old", "new"),
        (MOVED[1:], date(2026, 1, 1), "new", ""),
        (ALIASED, date(2026, 8, 31), "an", "abuse"),
        (ALIASED, SOME, "an", "abuse soon"),
        (ALIASED, date(2026, 10, 1), "an", "abuse"),
        (ALIASED[1:2], SOME, None, "abuse"),
        ((), SOME, None, ""),
    ],
)
def test_a_day_has_one_primary_address_and_for_a_term_the_former_ones(
    lines: tuple[Address, ...], day: date, primary: str | None, others: str
) -> None:
    expected = {f"{local}@x.vn" for local in (primary, *others.split()) if local}
    assert lock.primary(lines, day) == (f"{primary}@x.vn" if primary else None)
    assert lock.delivered(lines, day, TERM) == expected


@pytest.mark.parametrize("term", [0, 1, TERM, 400])
@pytest.mark.parametrize("lines", [MOVED, RETURNED, ALIASED, MOVED[:1]])
def test_the_answers_change_on_no_other_days_than_those_told(lines: tuple[Address, ...], term: int) -> None:
    days = [date(2026, 1, 1) + timedelta(ahead) for ahead in range(3 * 366)]
    answers = {day: (lock.primary(lines, day), lock.delivered(lines, day, term)) for day in days}
    changed = {day for before, day in pairwise(days) if answers[day] != answers[before]}
    assert changed <= set(lock.turns(lines, term))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (MOVED, [SOME, SOME + timedelta(TERM)]),
        (RETURNED, [SOME, SOME + timedelta(TERM), date(2027, 9, 1), date(2027, 9, 1) + timedelta(TERM)]),
        (ALIASED, [SOME, date(2026, 10, 1)]),
        (MOVED[:1], []),
    ],
)
def test_days_are_told_on_which_an_address_comes_or_goes(lines: tuple[Address, ...], expected: list[date]) -> None:
    assert sorted(lock.turns(lines, TERM)) == expected
