"""When a mailbox was looked into: the windows of the day in which the regulation wants it, and how looks are counted.

A look is the moment at which somebody signs in, and every ``apart`` minutes of a session anew: whoever's mailbox is
open sees a letter as it comes. Looks that follow each other sooner are one, so a webmail that signs in with every click
does not make ten of a visit. Of a day nothing is kept but how many looks fell into each window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 9  # looks that are counted in a window: no regulation asks for more, and nobody need know
NOON = 12 * 60  # minutes since midnight


@dataclass(frozen=True, slots=True)
class Window:
    """Some minutes of the day, counted from midnight, ``begin`` ≤ minute < ``end``, and the looks wanted in them."""

    name: str  # what people call it: `buổi sáng`
    begin: int
    end: int
    times: int

    @property
    def hours(self) -> str:
        """Write it as people read it, from 07:00 to 12:00."""
        return f"{clock(self.begin)}\N{EN DASH}{clock(self.end)}"


@dataclass(frozen=True, slots=True)
class Checking:
    """How often a mailbox is to be looked into, and when."""

    apart: int  # minutes: looks that follow each other sooner are one
    person: tuple[Window, ...]
    mailbox: tuple[Window, ...]


def clock(minute: int) -> str:
    """Write a minute of the day as people read it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def minutes(said: str) -> int:
    """Read a minute of the day, such as 07:30; 24:00 is its end."""
    hour, minute = said.split(":")
    return int(hour) * 60 + int(minute)


def counted(stays: Iterable[tuple[int, int]], windows: Sequence[Window], apart: int) -> str:
    """Count the looks in each window, one digit each: `20` is two in the first and none in the second.

    ``stays`` are the first and the last second of the day at which a mailbox was open.
    """
    found = [0] * len(windows)
    step, latest = apart * 60, -apart * 60
    for begin, end in sorted(stays):
        at = max(begin, latest + step)
        while at <= end:
            for place, window in enumerate(windows):
                found[place] += window.begin * 60 <= at < window.end * 60
            latest, at = at, at + step
    return "".join(str(min(count, MOST)) for count in found)


def met(count: str, windows: Sequence[Window]) -> bool:
    """Tell whether there were as many looks in each window as are wanted."""
    return all(int(digit) >= window.times for digit, window in zip(count, windows, strict=True))
