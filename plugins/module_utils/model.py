"""The values that flow through the engine, in the order registry, desired state, plan.

Everything here is frozen: a value, once made, is what a reviewer saw.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Kind(StrEnum):
    """What a managed directory entry stands for; the prefix of its ``congvuId``."""

    AGENCY = "agency"
    UNIT = "unit"
    ADMIN = "admin"
    MAILBOX = "mailbox"
    PERSON = "person"


class State(StrEnum):
    """Where an entry stands in its life (attribute ``congvuState``)."""

    ACTIVE = "active"
    DISABLED = "disabled"
    HELD = "held"


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Where in the registry something is said: a path below the registry, a line from 1, a column from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        """Render as compilers do, so that editors and terminals can jump there."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with the registry: where, what, and how to mend it."""

    origin: Origin
    message: str
    remedy: str

    def __str__(self) -> str:
        """Render as one line."""
        return f"{self.origin}: {self.message} {self.remedy}"


class RegistryError(Exception):
    """The registry cannot be used; ``problems`` holds everything found in one run, sorted."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep all problems, in the order of files and lines."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry as the registry wants it.

    ``dn`` is absolute and in the directory's own spelling. ``attributes`` holds exactly what the registry
    owns, object classes included, each value a string, values sorted, never ``userPassword``: an attribute
    that is absent here but in ``owned`` of its kind is to be empty, any other is left alone.
    """

    id: str  # `person:tth00123`, the value of congvuId
    kind: Kind
    dn: str
    attributes: Mapping[str, tuple[str, ...]]
    state: State
    origin: Origin
    reason: str  # the decision, as the registry cites it; empty if none
    needs_password: bool = False  # an initial password is set when the entry is created


@dataclass(frozen=True, slots=True)
class Desired:
    """The directory below ``ou=agencies`` as the registry wants it on the civil day ``as_of``.

    ``next_change`` is the first later day on which the same registry compiles to something else, or None.
    """

    estate: str
    suffix: str
    as_of: date
    commit: str  # the registry's Git commit, "" outside Git, with "+dirty" where files differ from it
    entries: Mapping[str, Entry] = field(default_factory=dict)  # by id, parents before children
    next_change: date | None = None


# What the engine owns on each kind of entry, and so may clear. Everything else belongs to the person, to
# the server or to another system, and is neither compared nor written.
OWNED: Mapping[Kind, frozenset[str]] = {
    Kind.AGENCY: frozenset(
        {"objectClass", "ou", "description", "congvuEstate", "congvuId", "congvuState", "congvuDecision"}
    ),
    Kind.UNIT: frozenset(
        {"objectClass", "ou", "description", "congvuEstate", "congvuId", "congvuState", "congvuDecision"}
    ),
    Kind.ADMIN: frozenset(
        {"objectClass", "cn", "description", "congvuEstate", "congvuId", "congvuState", "congvuDecision"}
    ),
    Kind.MAILBOX: frozenset(
        {
            "objectClass",
            "uid",
            "cn",
            "displayName",
            "mail",
            "mailLocalAddress",
            "congvuEstate",
            "congvuId",
            "congvuState",
            "congvuDecision",
            "congvuQuota",
        }
    ),
    Kind.PERSON: frozenset(
        {
            "objectClass",
            "uid",
            "employeeNumber",
            "cn",
            "sn",
            "givenName",
            "displayName",
            "title",
            "ou",
            "mail",
            "mailLocalAddress",
            "congvuEstate",
            "congvuId",
            "congvuState",
            "congvuDecision",
            "congvuRetainUntil",
            "congvuQuota",
            "congvuAccess",
            "congvuSendAs",
        }
    ),
}
