"""Working days as agencies of Viet Nam have them, against what the government announced for these years."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.model import Exceptional
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.working_days import Calendar
from hypothesis import given
from hypothesis import strategies as st

BINHTAN = Path(__file__).parents[4] / "inventories" / "binhtan" / "registry"
CODE = Calendar()

# From Monday to Friday, days off by the Labour Code and the announcements of each year; lunar days among them.
OFF = {
    2024: (
        "01-01",
        *("02-08", "02-09", "02-12", "02-13", "02-14"),  # Tết Giáp Thìn, from 29 Chạp to mùng 5
        "04-18",  # Giỗ Tổ, 10 tháng Ba
        *("04-29", "04-30", "05-01"),
        *("09-02", "09-03"),
    ),
    2025: (
        "01-01",
        *("01-27", "01-28", "01-29", "01-30", "01-31"),  # Tết Ất Tỵ
        "04-07",
        *("04-30", "05-01", "05-02"),
        *("09-01", "09-02"),
    ),
    2026: (
        "01-01",
        *("02-16", "02-17", "02-18", "02-19", "02-20"),  # Tết Bính Ngọ
        "04-27",  # Giỗ Tổ is on a Sunday
        *("04-30", "05-01"),
        *("08-31", "09-01", "09-02"),
        "11-24",
    ),
}
WORKED = {2024: ("05-04",), 2025: ("04-26",), 2026: ("08-22",)}  # Saturdays instead of other days


def days(year: int, *names: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{name}") for name in names}


@pytest.mark.parametrize("year", OFF)
def test_a_years_days_off_are_those_that_were_announced(year: int) -> None:
    every = [date(year, 1, 1) + timedelta(ahead) for ahead in range(366)]
    week = [day for day in every if day.year == year]
    assert {day for day in week if day.isoweekday() <= 5 and not CODE.works(day)} == days(year, *OFF[year])
    assert {day for day in week if day.isoweekday() > 5 and CODE.works(day)} == days(year, *WORKED[year])


def test_the_next_tet_is_off_before_anybody_has_announced_it() -> None:
    tet = days(2027, "02-05", "02-06", "02-07", "02-08", "02-09")  # from giao thừa on
    assert not any(CODE.works(day) for day in tet)
    assert not CODE.works(date(2027, 4, 16)), "Giỗ Tổ"


def test_a_day_off_says_why_in_vietnamese() -> None:
    assert CODE.why(date(2026, 2, 17)) == "Tết Nguyên Đán"
    assert CODE.why(date(2026, 8, 31)) == "Ngày nghỉ (thay cho ngày 22/08/2026)"
    assert CODE.why(date(2026, 8, 22)) == "Ngày làm bù"
    assert CODE.why(date(2026, 11, 23)) == ""


def test_what_the_registry_says_of_a_day_holds() -> None:
    registry = load(BINHTAN)
    swapped = Calendar(registry.calendar)
    assert (swapped.works(date(2026, 1, 2)), swapped.works(date(2026, 1, 10))) == (False, True)
    assert (CODE.works(date(2026, 1, 2)), CODE.works(date(2026, 1, 10))) == (True, False)
    assert swapped.why(date(2026, 1, 2)) == "12729/VPCP-KGVX ngày 25/12/2025"
    undone = Calendar({date(2026, 11, 24): Exceptional(works=True, decision="1/TB")})
    assert undone.works(date(2026, 11, 24))


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-20", "2026-11-23", 1),  # Friday to Monday
        ("2026-11-20", "2026-11-25", 2),  # over Ngày Văn hoá Việt Nam
        ("2026-02-13", "2026-02-23", 1),  # over Tết
        ("2024-05-03", "2024-05-06", 2),  # with the Saturday that is worked
        ("2026-11-25", "2026-11-20", 0),
    ],
)
def test_days_are_counted_from_the_next_one_on(since: str, until: str, count: int) -> None:
    assert CODE.between(date.fromisoformat(since), date.fromisoformat(until)) == count


@pytest.mark.parametrize(
    ("since", "term", "last"),
    [
        ("2026-11-20", 2, "2026-11-25"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-12-01", 2, "2026-12-03"),
        ("2026-12-01", 0, "2026-12-01"),
    ],
)
def test_a_term_ends_with_its_last_working_day(since: str, term: int, last: str) -> None:
    assert CODE.last_day(date.fromisoformat(since), term) == date.fromisoformat(last)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 30))
def test_a_term_is_kept_to_its_last_day_and_broken_the_day_after_that(since: date, term: int) -> None:
    last = CODE.last_day(since, term)
    assert CODE.works(last)
    assert CODE.between(since, last) == term
    assert CODE.between(since, last - timedelta(1)) == term - 1
