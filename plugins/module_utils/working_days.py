"""Working days of Vietnamese agencies: which days are, and how long something took in them.

Saturdays, Sundays and the holidays of the Labour Code (2019, Điều 111 and 112) are off, lunar ones included, with days
off in lieu; the library `holidays` knows them, and the swaps of working days that the government had announced when it
was released. What it does not know yet stands in the registry's ``calendar.yml``, with the announcement: for a year to
come the days around Tết and the second day of Quốc khánh are what they usually are, until the government has decided.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from holidays import country_holidays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Exceptional

_FRIDAY = 5  # as date.isoweekday counts


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which agencies work; ``exceptional`` ones are not as the Labour Code has them."""

    exceptional: Mapping[date, Exceptional] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Tell whether agencies work on a day."""
        if said := self.exceptional.get(day):
            return said.works
        off, worked = _year(day.year)
        return day not in off and (day.isoweekday() <= _FRIDAY or day in worked)

    def why(self, day: date) -> str:
        """Say what makes a day other than the week has it: the holiday, or the announcement; empty if nothing does."""
        if said := self.exceptional.get(day):
            return said.decision
        off, worked = _year(day.year)
        return off.get(day) or worked.get(day, "")

    def between(self, since: date, until: date) -> int:
        """Count the working days up to ``until``; the day ``since`` itself does not count (Civil Code, Điều 147)."""
        return sum(self.works(since + timedelta(ahead)) for ahead in range(1, (until - since).days + 1))

    def last_day(self, since: date, term: int) -> date:
        """Give the day with which a term of working days from ``since`` on ends."""
        day = since
        while term:
            day += timedelta(1)
            term -= self.works(day)
        return day


@cache
def _year(year: int) -> tuple[dict[date, str], dict[date, str]]:
    """Give a year's days off by the Labour Code, and the days of weekends that are worked instead of others."""
    known = country_holidays("VN", years=(year - 1, year, year + 1), language="vi")
    off = {day: name for day, name in known.items() if day.year == year}
    return off, {day: "Ngày làm bù" for day in known.weekend_workdays if day.year == year}
