"""The spans of time that reports are about: a day, a month, half a year, a year; and until when a report is due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_SAID = re.compile(r"(?P<year>[12][0-9]{3})(?:-(?:H(?P<half>[12])|(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-3][0-9]))?))?")
_HALF = 6  # months
_YEAR = 12


class Every(StrEnum):
    """How often a report is made."""

    MONTH = "month"
    HALF_YEAR = "half-year"
    YEAR = "year"


MONTHS = {Every.MONTH: 1, Every.HALF_YEAR: _HALF, Every.YEAR: _YEAR}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days ``since`` ≤ day < ``until``; ``name`` is what people type: 2026-06, 2026-H1, 2026 or 2026-06-15."""

    since: date
    until: date
    name: str
    title: str  # in Vietnamese, as it follows `Kỳ báo cáo:`

    @property
    def last(self) -> date:
        """Return the last day."""
        return self.until - timedelta(1)

    @property
    def days(self) -> tuple[date, ...]:
        """Return all of them."""
        return tuple(self.since + timedelta(ahead) for ahead in range((self.until - self.since).days))

    def covers(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.since <= day < self.until

    def due(self, day: int) -> date:
        """Return the last day for handing in what is wanted before a day of the month that follows."""
        return self.until.replace(day=day) - timedelta(1)


def period(said: str) -> Period:
    """Read a period. Raises ValueError if it is none."""
    found = _SAID.fullmatch(said)
    if found is None:
        raise ValueError(said)
    year = int(found["year"])
    if found["day"]:
        since = date.fromisoformat(said)
        return Period(since, since + timedelta(1), said, f"ngày {since:%d/%m/%Y}")
    if found["month"]:
        month = int(found["month"])
        return Period(date(year, month, 1), _ahead(year, month, 1), said, f"tháng {month} năm {year}")
    if found["half"]:
        half = int(found["half"])
        month = 1 if half == 1 else _HALF + 1
        return Period(date(year, month, 1), _ahead(year, month, _HALF), said, f"6 tháng {_HALVES[half]} năm {year}")
    return Period(date(year, 1, 1), date(year + 1, 1, 1), said, f"năm {year}")


def latest(every: Every, day: date) -> Period:
    """Return the last period that was over when the day began."""
    within = MONTHS[every]
    first = (day.month - 1) // within * within + 1
    before = date(day.year, first, 1) - timedelta(1)
    if every is Every.MONTH:
        return period(f"{before:%Y-%m}")
    if every is Every.YEAR:
        return period(f"{before.year}")
    return period(f"{before.year}-H{1 if before.month <= _HALF else 2}")


def _ahead(year: int, month: int, months: int) -> date:
    years, month = divmod(month - 1 + months, _YEAR)
    return date(year + years, month + 1, 1)


_HALVES = {1: "đầu", 2: "cuối"}
