"""The counts of many days and hosts, put together as they come: a province's half-year need not be held at once.

Days are bits of a number, the first working day the lowest: what somebody was to do and what they did are then compared
for half a year at once.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from .looks import met
from .usage import Letters, added

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from .looks import Window
    from .periods import Period
    from .usage import Day, Looks

    Masks = dict[str, int]  # days as bits, by uid


class Missing(StrEnum):
    """Why nothing is known of a day."""

    FUTURE = "future"  # it is not over
    ABSENT = "absent"  # a host has no file of it
    PART = "part"  # a host counted a part of it


class Gap(NamedTuple):
    """A working day of which something is missing, and on which hosts."""

    day: date
    why: Missing
    hosts: tuple[str, ...]
    place: int  # among the working days of the period


class _Counted(NamedTuple):
    """What one host has of a day."""

    looks: bool
    letters: bool
    whole: bool


class Tally:
    """What the days come to. Each working day is held against the windows that were in force when it was counted."""

    def __init__(
        self, period: Period, working: Sequence[date], days: Iterable[Day], own: Collection[str] | None
    ) -> None:
        """Take up the days, which come in their order; ``own`` are the mailboxes whose sizes count, None for all."""
        self.bits = {day: 1 << place for place, day in enumerate(working)}
        self.looks: Masks = defaultdict(int)  # how many in all, by the person's uid; not as bits
        self.shared: Masks = defaultdict(int)  # days with enough looks, by the mailbox's uid
        self.by: dict[str, set[str]] = defaultdict(set)  # who looked into a shared mailbox
        self.letters: dict[str, Letters] = defaultdict(Letters)
        self.series: dict[date, int] = {}  # KiB in all, by day
        self.latest: Mapping[str, int] = {}  # KiB by uid, as last measured
        self.has_looks = self.has_letters = False
        self._enough: dict[tuple[Window, ...], list[Masks]] = {}
        self._there: dict[date, dict[str, _Counted]] = {}
        for day, found in groupby(days, attrgetter("day")):
            if period.covers(day):
                self._add(day, list(found), own)

    def _add(self, day: date, found: Sequence[Day], own: Collection[str] | None) -> None:
        self._there[day] = {
            each.host: _Counted(each.looks is not None, each.letters is not None, each.whole) for each in found
        }
        looked = [each.looks for each in found if each.looks]
        if looked:
            self.has_looks = True
            self._look(self.bits.get(day, 0), looked)
        for each in found:
            self.has_letters |= each.letters is not None
            for code, letters in (each.letters or {}).items():
                self.letters[code] += letters
        held = {uid: size for each in found for uid, size in each.storage.items() if own is None or uid in own}
        if held:
            self.series[day], self.latest = sum(held.values()), held

    def _look(self, bit: int, looked: Sequence[Looks]) -> None:
        checking = looked[0].checking
        enough = self._enough.setdefault(checking.person, [defaultdict(int) for _ in checking.person])
        for count, uids in _grouped(_together([each.people for each in looked])).items():
            looks = sum(map(int, count))
            for uid in uids:
                self.looks[uid] += looks
            for digit, window, masks in zip(count, checking.person, enough, strict=True):
                if int(digit) >= window.times:
                    for uid in uids:
                        masks[uid] |= bit
        for uid, count in _together([each.shared for each in looked]).items():
            self.shared[uid] |= bit if met(count, checking.mailbox) else 0
        for each in looked:
            for uid, users in each.by.items():
                self.by[uid].update(users)

    def people(self) -> Masks:
        """Return the days on which each person had enough looks in every window."""
        found: Masks = defaultdict(int)
        for first, *others in self._enough.values():
            for uid, mask in first.items():
                every = mask
                for masks in others:
                    every &= masks.get(uid, 0)
                found[uid] |= every
        return found

    def by_window(self) -> Sequence[tuple[Window, Masks]]:
        """Return the days on which each person had enough looks in a window; none where windows changed meanwhile."""
        if len(self._enough) != 1:
            return []
        ((windows, masks),) = self._enough.items()
        return list(zip(windows, masks, strict=True))

    def gaps(self, as_of: date, stores: Collection[str], mail: Collection[str]) -> Iterator[Gap]:
        """Name the working days of which something is missing, on hosts that count looks or letters."""
        for place, day in enumerate(self.bits):
            there = self._there.get(day, {})
            absent = {host for host in stores if host not in there or not there[host].looks}
            absent |= {host for host in mail if host not in there or not there[host].letters}
            part = {host for host, each in there.items() if not each.whole}
            if day >= as_of:
                yield Gap(day, Missing.FUTURE, (), place)
            elif absent:
                yield Gap(day, Missing.ABSENT, tuple(sorted(absent)), place)
            elif part:
                yield Gap(day, Missing.PART, tuple(sorted(part)), place)


def _together(found: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    """Add what several hosts saw."""
    if len(found) == 1:
        return found[0]
    every: dict[str, str] = {}
    for each in found:
        for uid, count in each.items():
            every[uid] = added(every.get(uid, ""), count)
    return every


def _grouped(told: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for uid, count in told.items():
        found[count].append(uid)
    return found
