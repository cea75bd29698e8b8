"""The address lock on one day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import lock
from ansible_collections.congvu.mail.plugins.module_utils.model import Address, Origin, Standing
from hypothesis import given
from hypothesis import strategies as st

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


@given(
    st.sampled_from([MOVED, RETURNED, ALIASED, MOVED[:1]]),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.integers(0, 400),
)
def test_the_answers_change_on_the_days_told_and_on_no_other(lines: tuple[Address, ...], day: date, term: int) -> None:
    before = day - timedelta(1)
    differs = (lock.primary(lines, day), lock.delivered(lines, day, term)) != (
        lock.primary(lines, before),
        lock.delivered(lines, before, term),
    )
    assert day in set(lock.turns(lines, term)) or not differs
