"""The address lock read for one day: which address others see, and which are delivered.

A line never moves to another holder, so what a holder's lines say on a day is all there is to know.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from .model import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .model import Address

_BEGINNING = date.min


def primary(lines: tuple[Address, ...], day: date) -> str | None:
    """Return the address that others see: the one that became primary last; before the first, the first."""
    if is_plain(lines):
        return lines[0].address
    turns = _turns(lines)
    if not turns:
        return None
    begun = [address for start, address in turns if start <= day]
    return begun[-1] if begun else turns[0][1]


def delivered(lines: tuple[Address, ...], day: date, former_days: int) -> set[str]:
    """Return all addresses that bring letters on this day: the primary one, aliases, and for a term the former ones."""
    if is_plain(lines):
        return {lines[0].address}
    first = primary(lines, day)
    found = {first} if first else set()
    found.update(
        line.address
        for line in lines
        if line.standing is Standing.ALIAS
        and (line.starts[0] or _BEGINNING) <= day
        and (line.until is None or day < line.until)
    )
    for start, end, address in _reigns(lines):
        if start <= day and end is not None and end <= day < end + timedelta(former_days):
            found.add(address)
    return found


def turns(lines: tuple[Address, ...], former_days: int) -> Iterator[date]:
    """Yield the days on which the answers differ from those of the day before."""
    if is_plain(lines):
        return
    for line in lines:
        if line.standing is Standing.ALIAS:
            yield from (day for day in (*line.starts, line.until) if day)
    for start, end, _ in _reigns(lines):
        if start > _BEGINNING:
            yield start
        if end is not None:
            yield end + timedelta(former_days)


def is_plain(lines: tuple[Address, ...]) -> bool:
    """Say whether there is one address, for ever: so it is with nearly everybody."""
    return len(lines) == 1 and lines[0].standing is Standing.PRIMARY and lines[0].starts == (None,)


def _turns(lines: Iterable[Address]) -> list[tuple[date, str]]:
    return sorted(
        (start or _BEGINNING, line.address)
        for line in lines
        if line.standing is Standing.PRIMARY
        for start in line.starts
    )


def _reigns(lines: Iterable[Address]) -> Iterator[tuple[date, date | None, str]]:
    """Yield each primary address with the days between which it was it."""
    found = _turns(lines)
    ends = (*(start for start, _ in found[1:]), None)
    for place, (start, address) in enumerate(found):
        yield start, ends[place], address
