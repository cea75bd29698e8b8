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
    from zoneinfo import ZoneInfo


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


class Role(StrEnum):
    """What somebody is to a shared mailbox; the policy says which right (``Level``) that gives."""

    HEAD = "head"
    DEPUTY = "deputies"
    CLERK = "clerks"
    READER = "readers"


class Level(StrEnum):
    """How much of a shared mailbox is open to somebody; the suffix of a ``congvuAccess`` value."""

    MANAGER = "manager"
    CLERK = "clerk"
    READ = "read"


class Standing(StrEnum):
    """What a line of the address lock is to its holder. No line ever goes to another holder."""

    PRIMARY = "primary"  # the address that others see
    ALIAS = "alias"  # still delivered
    RETIRED = "retired"  # no longer delivered, never given away: a tombstone


class Sequence(StrEnum):
    """What tells namesakes apart in an address."""

    NUMBERS = "numbers"  # 2, 3, 4 …
    LETTERS = "letters"  # a, b, c …


@dataclass(frozen=True, slots=True)
class Estate:
    """The mail estate that one registry describes; the first domain is the one that addresses get."""

    name: str
    title: str
    domains: tuple[str, ...]
    suffix: str
    time_zone: ZoneInfo
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Passwords:
    """What a password must be made of, and when a mailbox is locked."""

    length: int
    upper: int
    lower: int
    digits: int
    special: int
    change_at_first_sign_in: bool
    failures: int  # wrong passwords in a row before the mailbox is locked
    locked_minutes: int


@dataclass(frozen=True, slots=True)
class Policy:
    """A regulation as data. ``cites`` names the article behind each rule, by the rule's key in ``policy.yml``."""

    regulation: str
    person_form: str  # how a person's address is made up, e.g. `{full}{n}@{domain}`
    account_form: str  # the same for an agency whose account the regulation does not print
    namesakes: Sequence
    reserved: frozenset[str]  # local parts that nobody is given
    rights: Mapping[Role, Level]
    send_as: frozenset[Level]  # the levels that may write in the mailbox's name
    person_quota: int  # bytes
    mailbox_quota: int  # bytes
    retention_days: int  # from a person's last day until the mail may be purged
    passwords: Passwords
    cites: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Grant:
    """Somebody's role in a shared mailbox on the days ``since`` ≤ day < ``until``; None is without end."""

    person: str
    since: date | None
    until: date | None
    decision: str
    origin: Origin

    def covers(self, day: date) -> bool:
        """Say whether the role is held on this day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox of several people: the agency's own (``uid`` is the agency's code) or another it keeps."""

    uid: str
    name: str
    account: str | None  # the address that the regulation prints; None: the policy's rule makes one
    roles: Mapping[Role, tuple[Grant, ...]]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of an agency."""

    code: str
    name: str
    decision: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Post:
    """What a person is, and where, on the days ``since`` ≤ day < ``until``.

    A post without ``until`` lasts until the person's next post begins: a transfer rests on the receiving
    agency's decision alone (TTH Điều 7.b), and so needs no edit in the agency that is left.
    """

    person: str
    name: str
    agency: str
    unit: str | None
    title: str
    since: date
    until: date | None
    decision: str  # on which the post rests
    until_decision: str  # on which it ends, if a decision of its own ends it
    origin: Origin

    def covers(self, day: date) -> bool:
        """Say whether the post is held on this day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency, as its own file tells it. ``number`` is its place in the regulation's printed list."""

    code: str
    number: int | None
    name: str
    kind: str
    parent: str | None
    domain: str | None  # where its addresses lie, if not at the estate's first domain
    decision: str
    units: Mapping[str, Unit]
    mailboxes: Mapping[str, Mailbox]  # by uid, the agency's own first
    posts: tuple[Post, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Address:
    """One line of the lock: an address, and the one registry object that holds or ever held it."""

    address: str
    holder: str  # `person:tth00123` or `mailbox:snv`
    standing: Standing
    origin: Origin


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything that the files say, checked. ``persons`` holds each person's posts, one after the other."""

    estate: Estate
    policy: Policy
    agencies: Mapping[str, Agency]  # by code
    persons: Mapping[str, tuple[Post, ...]]  # by id; posts sorted, no two on one day
    addresses: Mapping[str, tuple[Address, ...]]  # by holder, the primary one first


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
