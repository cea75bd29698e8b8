"""Waivers of one kind: the reviewed files in a folder of the registry, each leave for something until a day.

Whatever it is for, a waiver says by which decision, why and who answers for it; none holds for longer than its kind
may, and what Git does not have as it stands was not reviewed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from .commit import unreviewed
from .model import Origin
from .yamlfile import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from .messages import Fault
    from .model import Problem
    from .shape import Fields, Record


@dataclass(frozen=True, slots=True)
class Waiver:
    """What every waiver says, whatever it is for."""

    decision: str
    reason: str
    approved_by: str
    expires: date  # the first day on which it holds no more
    origin: Origin


W = TypeVar("W", bound=Waiver)


@dataclass(frozen=True, slots=True)
class Folder(Generic[W]):
    """Where the waivers of one kind are kept, one to a file, and what holds for all of them."""

    name: str
    shape: Record
    make: Callable[[Fields, Origin], W]
    longest: int  # days
    too_long: Fault
    not_reviewed: Fault

    def read(self, root: Path) -> tuple[tuple[W, ...], tuple[Problem, ...]]:
        """Return those of a registry, sorted by file, and what is wrong with those that cannot be read."""
        problems: list[Problem] = []
        files = sorted(path.name for path in (root / self.name).glob("*.yml") if not path.name.startswith("."))
        found = (self._read(root, f"{self.name}/{file}", problems) for file in files)
        return tuple(waiver for waiver in found if waiver), tuple(problems)

    def _read(self, root: Path, file: str, problems: list[Problem]) -> W | None:
        own: list[Problem] = []
        said = read_file(root, file, self.shape, own)
        problems += own
        if said is None or own:
            return None
        fields, _ = said
        return self.make(fields, Origin(file, 1))

    def faults(self, root: Path, today: date) -> tuple[Problem, ...]:
        """Return what is wrong with a registry's files whatever they are for; one that expired is history."""
        waivers, problems = self.read(root)
        return (*problems, *(fault for waiver in waivers for fault in self._too_long(waiver, today)))

    def refusals(self, waivers: Iterable[W], root: Path, day: date) -> dict[W, tuple[Problem, ...]]:
        """Say of each waiver why it does not count, though it may not have expired.

        ``day`` is the one from which on none may hold for longer than the longest. Raises CommitError where Git does
        not tell whether they were reviewed.
        """
        hidden = unreviewed(root, self.name)
        return {waiver: tuple(self._refusals(waiver, day, hidden)) for waiver in waivers}

    def _refusals(self, waiver: W, day: date, hidden: frozenset[str]) -> Iterator[Problem]:
        yield from self._too_long(waiver, day)
        if waiver.origin.file.rpartition("/")[2] in hidden:
            yield self.not_reviewed.at(waiver.origin)

    def _too_long(self, waiver: W, day: date) -> Iterator[Problem]:
        latest = day + timedelta(self.longest)
        if waiver.expires > latest:
            facts = {"expires": waiver.expires, "days": self.longest, "day": day, "latest": latest}
            yield self.too_long.at(waiver.origin, **facts)
