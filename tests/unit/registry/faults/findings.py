"""What the engine is expected to say of a broken registry, and what it must have read to say it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault

from .original import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

Finding = tuple[Fault, Place]


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """One problem as the tests compare it."""

    file: str
    line: int
    fault: Fault

    def __lt__(self, other: Told) -> bool:
        """Order by place."""
        return (self.file, self.line, self.fault.name) < (other.file, other.line, other.fault.name)

    def __repr__(self) -> str:
        """Render for the reader of a failed test."""
        return f"{self.file}:{self.line} {self.fault.name}"


class Sight(Flag):
    """What the engine must have read completely to find a fault, or can no longer read completely after one."""

    NOTHING = 0
    ESTATE = auto()
    POLICY = auto()
    AGENCIES = auto()
    LOCK = auto()
    LISTS = auto()

    @classmethod
    def lost_with(cls, file: str) -> Sight:
        """Return what can no longer be read completely if a file cannot be used."""
        return {
            "estate.yml": cls.ESTATE,
            "policy.yml": cls.POLICY,
            "lists.yml": cls.LISTS,
            "agencies": cls.AGENCIES,
            "addresses": cls.LOCK,
        }[file.partition("/")[0]]

    @classmethod
    def needed(cls, findings: Iterable[Finding]) -> Sight:
        """Return what must be read completely to find all these."""
        return reduce(or_, (NEEDS.get(fault, cls.NOTHING) for fault, _ in findings), cls.NOTHING)


_DUE = Sight.ESTATE | Sight.POLICY | Sight.LOCK
NEEDS = {
    Fault.FOREIGN_DOMAIN: Sight.ESTATE,
    Fault.NO_UNIT_RULE: Sight.POLICY,
    Fault.NO_FOLDER_RULE: Sight.POLICY,
    Fault.NO_DEPUTY_RULE: Sight.POLICY,
    Fault.NO_LIST_RULE: Sight.POLICY,
    Fault.UNKNOWN_MAILBOX: Sight.AGENCIES,
    Fault.UNKNOWN_TITLE: Sight.AGENCIES,
    Fault.NOBODY: Sight.AGENCIES,
    Fault.NOBODY_AT_ALL: Sight.AGENCIES,
    Fault.NO_MAIN_POST: Sight.AGENCIES,
    Fault.NEVER_KEPT: Sight.AGENCIES | Sight.POLICY,
    Fault.NOTHING_TO_HOLD: Sight.AGENCIES,
    Fault.HELD_TOO_LATE: Sight.AGENCIES | Sight.POLICY,
    Fault.LEFT_BEHIND: Sight.AGENCIES,
    Fault.NO_HOLDER: Sight.AGENCIES | Sight.LISTS,
    Fault.NO_REASON: Sight.AGENCIES | _DUE,
    Fault.NO_LATER_ADDRESS: Sight.AGENCIES | _DUE,
    Fault.OTHER_DAY: Sight.AGENCIES | _DUE,
    Fault.NO_ADDRESS: Sight.AGENCIES | _DUE,
    Fault.NO_CANDIDATE: _DUE,
    Fault.OTHER_ACCOUNT: _DUE,
    Fault.NOTHING_TO_PROTECT: Sight.AGENCIES | Sight.LOCK,
}
