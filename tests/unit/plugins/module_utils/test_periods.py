"""Periods are read as people type them, and end on the right day."""

from __future__ import annotations

from datetime import date

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.periods import Every, latest, period


@pytest.mark.parametrize(
    ("said", "since", "last", "title"),
    [
        ("2026-06", date(2026, 6, 1), date(2026, 6, 30), "tháng 6 năm 2026"),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), "tháng 12 năm 2026"),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), "tháng 2 năm 2028"),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30), "6 tháng đầu năm 2026"),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31), "6 tháng cuối năm 2026"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "năm 2026"),
        ("2026-06-15", date(2026, 6, 15), date(2026, 6, 15), "ngày 15/06/2026"),
    ],
)
def test_a_period_is_what_is_typed(said: str, since: date, last: date, title: str) -> None:
    read = period(said)
    assert (read.since, read.last, read.title, read.name) == (since, last, title, said)
    assert (read.days[0], read.days[-1]) == (since, last)


@pytest.mark.parametrize(
    "said", ["", "2026-13", "2026-H3", "26", "2026-00", "2026-02-30", "2026-6", "2026-H1-01", "quý 1"]
)
def test_what_is_no_period_is_refused(said: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- a day that there is not is told in Python's words
        period(said)


@pytest.mark.parametrize(
    ("every", "day", "name", "due"),
    [
        # DL Điều 15: "trước ngày 15/01 và 15/7 hàng năm".
        (Every.HALF_YEAR, date(2026, 7, 1), "2026-H1", date(2026, 7, 14)),
        (Every.HALF_YEAR, date(2026, 12, 31), "2026-H1", date(2026, 7, 14)),
        (Every.HALF_YEAR, date(2027, 1, 1), "2026-H2", date(2027, 1, 14)),
        (Every.YEAR, date(2027, 6, 30), "2026", date(2027, 1, 14)),
        (Every.MONTH, date(2026, 3, 1), "2026-02", date(2026, 3, 14)),
        (Every.MONTH, date(2026, 1, 31), "2025-12", date(2026, 1, 14)),
    ],
)
def test_the_last_period_that_is_over_and_when_its_report_is_due(every: Every, day: date, name: str, due: date) -> None:
    found = latest(every, day)
    assert (found.name, found.due(15)) == (name, due)
