"""The figures of reports: who was to look when and did, what is missing, who is first, what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import usage
from ansible_collections.congvu.mail.plugins.module_utils.figures import (
    Account,
    Deed,
    Facts,
    Row,
    Share,
    figures,
    ranked,
)
from ansible_collections.congvu.mail.plugins.module_utils.looks import Checking, Window
from ansible_collections.congvu.mail.plugins.module_utils.model import Absence, Reason
from ansible_collections.congvu.mail.plugins.module_utils.periods import period
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.tally import Missing
from ansible_collections.congvu.mail.plugins.module_utils.terms import Term
from ansible_collections.congvu.mail.plugins.module_utils.usage import Day, Letters, Looks

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.figures import Figures
    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

    from .conftest import Write

CHECKING = Checking(30, (Window("sáng", 360, 720, 1), Window("chiều", 720, 1080, 1)), (Window("ngày", 360, 1080, 2),))
JUNE = period("2026-06")  # 22 working days
AS_OF = date(2026, 7, 3)


@pytest.fixture
def registry(write: Write) -> Registry:
    return load(write())


def counted(
    registry: Registry,
    day: date,
    people: dict[str, str] | None = None,
    shared: dict[str, str] | None = None,
    host: str = "mail",
) -> Day:
    """Return what a host counted of a day; unless said otherwise, everybody looked enough."""
    begin, end = usage.span(day, registry.estate.time_zone)
    people = dict.fromkeys(registry.persons, "11") if people is None else people
    shared = {"snv": "2"} if shared is None else shared
    looks = Looks(CHECKING, people, shared, dict.fromkeys(shared, ("tn01",)))
    return Day(host, day, begin, end, looks, {"snv": Letters(2, 3, 1, 0)}, {"tn01": 1024, "snv": 2048})


def facts(registry: Registry, *days: Day, skip: tuple[date, ...] = ()) -> Facts:
    """Return the counts of June, some days as given and some not there."""
    given = {day.day: day for day in days}
    every = (given.get(day) or counted(registry, day) for day in JUNE.days if day not in skip)
    accounts = dict.fromkeys(registry.persons, Account(active=True, signed_in=True))
    return Facts([*every], ["mail"], ["mail"], accounts)


def told(registry: Registry, known: Facts, agency: str = "") -> Figures:
    return figures(registry, JUNE, AS_OF, known, agency)


def test_whoever_looks_every_day_as_often_as_is_wanted_has_done_all(registry: Registry) -> None:
    made = told(registry, facts(registry))
    assert (made.working, made.counted, made.gaps) == (22, 22, ())
    assert made.usage == Share(22 * len(registry.persons), 22 * len(registry.persons))
    snv = next(each for each in made.rows if each.code == "snv")
    assert (snv.shared, snv.letters, snv.storage) == (Share(22, 22), Letters(60, 90, 30, 0), 3072)


@pytest.mark.parametrize(
    ("count", "met"),
    [("11", 22), ("20", 21), ("01", 21), ("99", 22), ("00", 21), (None, 21)],
)
def test_a_day_counts_where_every_window_has_its_looks(registry: Registry, count: str | None, met: int) -> None:
    day = date(2026, 6, 3)
    people = {"tn01": count} if count else {}
    made = told(registry, facts(registry, counted(registry, day, people)), "snv")
    assert {each.uid: each.usage for each in made.staff}["tn01"] == Share(met, 22)


def test_weekends_and_holidays_count_for_nobody(registry: Registry) -> None:
    nothing = [counted(registry, day, {}, {}) for day in JUNE.days if day.isoweekday() > 5]
    assert told(registry, facts(registry, *nothing)).usage.rate == 1
    september = period("2026-09")
    assert figures(registry, september, date(2026, 10, 5), Facts()).working == 20  # 1 and 2 September are off


@pytest.mark.parametrize(
    ("since", "until", "expected", "away"),
    [
        (date(2026, 6, 8), date(2026, 6, 15), 17, 5),  # a week's leave
        (date(2026, 5, 1), None, 0, 22),  # all through
        (date(2026, 6, 29), date(2026, 7, 15), 20, 2),  # over the end
    ],
)
def test_days_away_count_against_nobody(
    registry: Registry, since: date, until: date | None, expected: int, away: int
) -> None:
    post = registry.persons["tn01"][0]
    leave = Absence(since, until, Reason.SICKNESS, "1/QĐ-SNV", post.origin)
    bent = replace(registry, persons={**registry.persons, "tn01": (post._replace(absences=(leave,)),)})
    silent = [counted(bent, day, {}) for day in JUNE.days if since <= day and (until is None or day < until)]
    found = {each.uid: each for each in told(bent, facts(bent, *silent), "snv").staff}["tn01"]
    assert (found.usage, found.away) == (Share(expected, expected), away)


def test_somebody_who_moves_counts_in_each_agency_for_the_days_there(registry: Registry) -> None:
    post = registry.persons["tn01"][0]
    other = next(code for code in registry.agencies if code != "snv")
    moved = post._replace(since=date(2026, 6, 15), agency=other, unit=None)
    bent = replace(registry, persons={**registry.persons, "tn01": (post, moved)})
    shares = {
        code: {each.uid: each.usage.of for each in told(bent, facts(bent), code).staff} for code in ("snv", other)
    }
    assert (shares["snv"]["tn01"], shares[other]["tn01"]) == (10, 12)
    change = next(each for each in told(bent, facts(bent)).changes)
    assert (change.deed, change.before, change.after, change.day) == (Deed.MOVED, "snv", other, date(2026, 6, 15))


def test_an_agencys_mailbox_wants_its_own_number_of_looks_by_whomever(registry: Registry) -> None:
    days = [counted(registry, date(2026, 6, 2), None, {"snv": "1"}), counted(registry, date(2026, 6, 3), None, {})]
    made = told(registry, facts(registry, *days))
    box = next(each for each in made.boxes if each.uid == "snv")
    assert (box.usage, box.by) == (Share(20, 22), ("tn01",))


def test_a_day_without_counts_is_told_and_counts_for_nobody(registry: Registry) -> None:
    begin, end = usage.span(date(2026, 6, 4), registry.estate.time_zone)
    part = replace(counted(registry, date(2026, 6, 4), {}), since=begin + timedelta(hours=9), until=end)
    made = told(registry, facts(registry, part, skip=(date(2026, 6, 3), date(2026, 6, 6))))
    assert [(gap.day, gap.why, gap.hosts) for gap in made.gaps] == [
        (date(2026, 6, 3), Missing.ABSENT, ("mail",)),
        (date(2026, 6, 4), Missing.PART, ("mail",)),
    ]
    assert (made.counted, made.usage.rate) == (20, 1)


def test_one_host_of_two_that_is_silent_makes_the_day_unknown(registry: Registry) -> None:
    known = facts(registry)
    made = told(registry, replace(known, stores=["mail", "mail2"]))
    assert (made.counted, made.usage, made.gaps[0].hosts) == (0, Share(), ("mail2",))
    assert [row.rank for row in made.rows] == [None] * len(made.rows)


def test_days_to_come_are_no_fault_of_anybody(registry: Registry) -> None:
    made = figures(registry, JUNE, date(2026, 6, 15), facts(registry))
    assert {gap.why for gap in made.gaps} == {Missing.FUTURE}
    assert made.counted == 10


def test_without_counts_nothing_is_said_of_usage(registry: Registry) -> None:
    made = told(registry, Facts())
    assert (made.usage.rate, made.accounts, made.letters, made.storage, made.gaps) == (None, None, None, (), ())
    assert {(row.seen, row.looks, row.never, row.score) for row in made.rows} == {(None, None, None, None)}


@pytest.mark.parametrize(
    ("account", "lacking", "never"),
    [
        (Account(active=True, signed_in=True), 0, 0),
        (Account(active=True, signed_in=False), 0, 1),
        (Account(active=False, signed_in=True), 1, 0),
        (None, 1, 0),
    ],
)
def test_coverage_is_of_all_staff(registry: Registry, account: Account | None, lacking: int, never: int) -> None:
    known = facts(registry, *(counted(registry, day, {}) for day in JUNE.days))
    accounts = {uid: found for uid, found in (known.accounts or {}).items() if uid != "tn01"}
    row = next(
        row
        for row in told(registry, replace(known, accounts=accounts | ({"tn01": account} if account else {}))).rows
        if row.code == "snv"
    )
    assert (len(row.lacking), row.never is not None and len(row.never)) == (lacking, never)
    assert row.coverage == Share(row.people - lacking - never, row.people)


def test_a_directory_that_notes_no_sign_ins_says_nothing_of_them(registry: Registry) -> None:
    accounts = dict.fromkeys(registry.persons, Account(active=True, signed_in=None))
    made = told(registry, replace(facts(registry), accounts=accounts))
    assert {row.never for row in made.rows} == {None}


def row(code: str, people: int, usage_: Share, shared: Share = Share(), never: int = 0) -> Row:  # noqa: B008 -- frozen
    missing: tuple[object, ...] = (None,) * never
    return Row(code, code, people, people, (), missing, usage_, shared, None, None, None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "ranks"),
    [
        pytest.param(
            [row("a", 10, Share(5, 10)), row("b", 1000, Share(900, 1000))],
            {"b": (92.9, 1), "a": (64.3, 2)},
            id="by rate, whatever the size",
        ),
        pytest.param(
            [row("a", 10, Share(8, 10)), row("b", 10, Share(8, 10)), row("c", 10, Share(1, 10))],
            {"a": (85.7, 1), "b": (85.7, 1), "c": (35.7, 3)},
            id="the same score is the same rank, and the next one is left out",
        ),
        pytest.param(
            [row("a", 10, Share(10, 10), Share(0, 22)), row("b", 10, Share(10, 10), Share(22, 22))],
            {"b": (100.0, 1), "a": (70.0, 2)},
            id="the agency's mailbox weighs",
        ),
        pytest.param(
            [row("a", 2, Share(10, 10)), row("b", 3, Share(1, 10)), row("c", 9, Share())],
            {"b": (35.7, 1), "a": (100.0, None), "c": (None, None)},
            id="the smallest, and those of whom nothing is known, have no rank",
        ),
        pytest.param(
            [row("a", 10, Share(10, 10), never=5)],
            {"a": (85.7, 1)},
            id="who never signed in is counted against nobody else",
        ),
    ],
)
def test_agencies_areranked_by_what_is_known(
    rows: list[Row], ranks: dict[str, tuple[float | None, int | None]]
) -> None:
    found = ranked(rows)
    assert {each.code: (each.score, each.rank) for each in found} == ranks
    assert [each.code for each in found] == list(ranks)


def test_growth_is_foretold_from_enough_days_alone(registry: Registry) -> None:
    grown = [
        replace(counted(registry, day), storage={"tn01": 1000 + 10 * place}) for place, day in enumerate(JUNE.days)
    ]
    made = told(registry, facts(registry, *grown))
    assert made.forecast is not None
    assert made.forecast.monthly == pytest.approx(10 * 365 / 12)
    assert made.forecast.then == pytest.approx(1290 + 10 * 366)  # from 30 June to 1 July of the next year
    assert made.forecast.day == date(2027, 7, 1)
    assert told(registry, facts(registry, *grown, skip=JUNE.days[20:])).forecast is None


@pytest.mark.parametrize(("applied", "late"), [("2026-06-16T02:00+00:00", False), ("2026-06-19T02:00+00:00", True)])
def test_a_change_tells_when_it_was_carried_out(registry: Registry, applied: str, *, late: bool) -> None:
    post = registry.persons["tn01"][0]._replace(until=date(2026, 6, 15), until_decision="5/QĐ-SNV")
    bent = replace(registry, persons={**registry.persons, "tn01": (post,)})
    at = datetime.fromisoformat(applied).astimezone(UTC)
    day = date(2026, 6, 15)
    term = Term("person:tn01", "", "snv", "disable", "5/QĐ-SNV", day, day, None, at, 1, day + timedelta(2), late)
    (change,) = told(bent, replace(facts(bent), terms=[term])).changes
    assert (change.deed, change.day, change.decision) == (Deed.LEFT, day, "5/QĐ-SNV")
    assert (change.applied, change.late) == (at.date(), late)


def test_the_same_facts_give_the_same_figures(registry: Registry, tmp_path: Path) -> None:
    del tmp_path
    assert told(registry, facts(registry)) == told(registry, facts(registry))
