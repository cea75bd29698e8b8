"""Changes as values that sort themselves, and the plan that holds them: a file which people review and ``apply`` obeys.

The file is JSON lines in one canonical form: a header, then remarks, then changes in the order in which they are
carried out. Its SHA-256 is the plan's id, so what was reviewed is what is applied. It never holds a password.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from . import dn as names
from .model import OWNED, Kind, Origin, State
from .phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    Texts = Mapping[str, tuple[str, ...]]

VERSION = 3
RECONCILE = "reconcile"
_EASTERNMOST = timedelta(hours=14)  # where a day begins first: the estate's own zone is the registry's to know
ROLLBACK = "rollback:"  # and the id of the plan that is undone
STRUCTURE = frozenset({Kind.AGENCY, Kind.UNIT})
ADDRESSES = ("mail", "mailLocalAddress")
RESERVED = ("ou=agencies", "ou=services", "ou=control", "ou=policies")  # branches of the estate's own


class PlanError(Exception):
    """A plan file cannot be used: damaged, edited, of another version or for another estate."""


class Wave(IntEnum):
    """When a change is carried out: what others build upon first, what takes away last."""

    STRUCTURE = 1  # agencies and units
    RELEASE = 2  # addresses given up that another change takes
    ADD = 3
    MODIFY = 4
    MOVE = 5
    RIGHTS = 6  # aliases and rights, when everything that they refer to is in place
    DISABLE = 7
    PURGE = 8
    DELETE = 9


class Cause(StrEnum):
    """Why the directory differs, as far as the last apply left evidence of it."""

    COMMIT = "commit"  # the registry says something new
    CLOCK = "clock"  # the registry is the same, but a day it names has come
    RETENTION = "retention"  # likewise, and the day is the one until which mail was to be kept
    ROLLBACK = "rollback"  # an earlier plan is undone
    DRIFT = "drift"  # the registry and the day are the same: somebody changed the directory
    UNCERTAIN = "uncertain"  # two of these happened since, and the entry does not tell which


class Risk(StrEnum):
    """What a reviewer should look at first."""

    LOW = "low"
    MEDIUM = "medium"  # people will notice: an address or a place changes
    HIGH = "high"  # access or data goes


class Situation(StrEnum):
    """How an entry of the directory and an object of the registry stand to each other; every one is counted once."""

    LINKED = "linked"  # ours, and the registry names it
    ADOPTABLE = "adoptable"  # bears no mark, and is what the registry means: ours as soon as somebody says so
    MISSING = "missing"  # the registry names it, and nothing of it is in the directory
    ORPHAN = "orphan"  # ours, but the registry no longer names it
    DISPUTED = "disputed"  # not one entry for one object: neither is touched, and some of these stop the plan
    FOREIGN = "foreign"  # bears another estate's mark: never touched
    UNMANAGED = "unmanaged"  # bears no mark: somebody else's, left alone


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about an entry; ``blocking`` ones stop the plan until somebody has decided."""

    situation: Situation
    dn: str
    message: Phrase
    blocking: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """What the last complete apply left in the directory's control entry."""

    plan: str
    commit: str
    as_of: date
    csn: str  # the youngest entryCSN then: what is younger now was touched since
    entries: int  # how many entries were ours then


@dataclass(frozen=True, slots=True)
class Tally:
    """One agency in figures; the rails are percentages of these."""

    entries: int = 0  # ours in the directory
    people: int = 0  # active in the directory
    declared: int = 0  # active in the registry
    named: bool = True  # the registry knows the agency
    ended: bool = False  # the registry says that a decision has ended it


@dataclass(frozen=True, slots=True)
class Precondition:
    """The entry as it was when the plan was made; the server itself refuses to write on any other."""

    uuid: str
    csn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step towards the registry. ``dn`` is where the entry stands when its wave comes, ``new_dn`` where it goes.

    ``before`` and ``after`` hold the attributes that change and no others; no value means that there is none.
    """

    id: str
    kind: Kind
    dn: str
    label: str  # what people call it: a name, with the address if there is one
    wave: Wave
    risk: Risk
    cause: Cause
    source: Origin | None = None  # where the registry says so; an orphan has no such place
    reason: str = ""  # the decision, as the registry cites it
    new_dn: str = ""
    before: Texts = field(default_factory=dict)
    after: Texts = field(default_factory=dict)
    precondition: Precondition | None = None
    password: bool = False  # an initial password is made when the change is carried out

    operation: ClassVar[str]

    @property
    def target(self) -> str:
        """Give the name under which the entry is found afterwards."""
        return self.new_dn or self.dn

    @property
    def returns(self) -> bool:
        """Tell whether what was purged is to be used again: with nothing in it, and no password of before."""
        states = [attributes.get("congvuState") for attributes in (self.before, self.after)]
        return states[0] == (str(State.PURGED),) != states[1]

    @property
    def released(self) -> frozenset[str]:
        """Give the addresses that the entry gives up."""
        return addresses(self.before) - addresses(self.after)

    @property
    def claimed(self) -> frozenset[str]:
        """Give the addresses that the entry takes."""
        return addresses(self.after) - addresses(self.before)

    @property
    def stage(self) -> tuple[int, int, str]:
        """Changes of one stage do not build on one another; a stage builds on all before it."""
        depth = names.depth(self.target)
        if self.wave is Wave.STRUCTURE:
            return self.wave, depth, names.key(self.target) if self.new_dn else ""
        return self.wave, -depth if self.wave is Wave.DELETE else 0, ""

    def __lt__(self, other: Change) -> bool:
        """Sort by stage, then by place, so that an agency's changes stand together."""
        return (self.stage, names.key(self.target), self.id) < (other.stage, names.key(other.target), other.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Create(Change):
    """An entry that the registry names and the directory lacks."""

    operation: ClassVar[str] = "create"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(Change):
    """Attributes that differ."""

    operation: ClassVar[str] = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Change):
    """Another place in the tree, the same entry: a transfer, or an agency under a new code. May update as well."""

    operation: ClassVar[str] = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disable(Change):
    """Access ends; mail stays. May move and update as well."""

    operation: ClassVar[str] = "disable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopt(Change):
    """An entry that stood there before us gets our marks, and its place. Its password and all that is not ours stay."""

    operation: ClassVar[str] = "adopt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge(Change):
    """The term is over and the mail goes; the entry stays without addresses and password. May move as well."""

    operation: ClassVar[str] = "purge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(Change):
    """An empty unit that the registry no longer names."""

    operation: ClassVar[str] = "delete"


OPERATIONS: Mapping[str, type[Change]] = {
    operation.operation: operation for operation in (Create, Update, Move, Disable, Adopt, Purge, Delete)
}


@dataclass(frozen=True)
class Plan:
    """Changes in their order, with all that is needed to judge them."""

    estate: str
    suffix: str
    commit: str
    as_of: date
    next_change: date | None
    applied: Applied | None
    situations: Mapping[str, int]  # how many entries stand how, zeros included
    census: Mapping[str, Tally]  # by agency code
    remarks: tuple[Remark, ...]
    changes: tuple[Change, ...]
    scope: tuple[str, ...] = ()  # codes of the agencies that it is about, sorted; empty: all
    purpose: str = RECONCILE  # or "rollback:" and the id of the plan that is undone
    # Of the ids that the changes name, those that the registry protects or a legal hold keeps, each with the reason.
    protected: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    # Likewise those that stand on a decision which the registry no longer cites for them, each with the decision.
    withdrawn: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Count the changes of each operation, zeros included."""
        found = Counter(change.operation for change in self.changes)
        return {operation: found[operation] for operation in OPERATIONS}

    @property
    def undoes(self) -> str:
        """Give the id of the plan that this one is the way back from, empty if it is none."""
        return self.purpose.removeprefix(ROLLBACK) if self.purpose.startswith(ROLLBACK) else ""

    @cached_property
    def under_way(self) -> frozenset[str]:
        """Give the addresses that one change gives up and another takes: in between, nobody has them."""
        return under_way(self.changes)

    def lies_ahead(self, now: datetime) -> bool:
        """Tell whether its day has begun nowhere yet: then it is there to be looked at. ``now`` has its zone."""
        return self.as_of > (now + _EASTERNMOST).date()

    @cached_property
    def content(self) -> bytes:
        """Give the plan file."""
        return b"".join(_line(line) for line in self._lines())

    @cached_property
    def id(self) -> str:
        """Name the plan by its content: another plan has another name."""
        return hashlib.sha256(self.content).hexdigest()

    @classmethod
    def parse(cls, content: bytes) -> Plan:
        """Read a plan file back, refusing whatever this version would not have written byte for byte."""
        try:
            header, *lines = [json.loads(line) for line in content.splitlines()]
            if header.get("version") != VERSION:
                _refuse(f"it is of version {header.get('version')}, and this is version {VERSION}")
            plan = cls(
                estate=header["estate"],
                suffix=header["suffix"],
                commit=header["commit"],
                as_of=date.fromisoformat(header["as_of"]),
                next_change=date.fromisoformat(header["next_change"]) if header["next_change"] else None,
                applied=_applied(header["applied"]),
                situations={str(Situation(name)): number for name, number in header["situations"].items()},
                census={agency: Tally(**tally) for agency, tally in header["census"].items()},
                remarks=tuple(_remark(line) for line in lines if line["line"] == "remark"),
                changes=tuple(_change(line) for line in lines if line["line"] == "change"),
                scope=tuple(header["scope"]),
                purpose=header["purpose"],
                protected=dict(header["protected"]),
                held=dict(header["held"]),
                withdrawn=dict(header["withdrawn"]),
            )
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            message = "The plan file is damaged: not every line is one that planning writes. Make a new plan."
            raise PlanError(message) from error
        if plan.content != content:
            _refuse("its lines are not as they were written")
        for change in plan.changes:
            _check(change, plan)
        _check_halves(plan.changes)
        return plan

    def _lines(self) -> Iterator[dict[str, Any]]:
        yield {
            "line": "header",
            "version": VERSION,
            "estate": self.estate,
            "suffix": self.suffix,
            "commit": self.commit,
            "as_of": self.as_of.isoformat(),
            "next_change": self.next_change.isoformat() if self.next_change else None,
            "applied": {**asdict(self.applied), "as_of": self.applied.as_of.isoformat()} if self.applied else None,
            "counts": self.counts,
            "situations": dict(self.situations),
            "scope": list(self.scope),
            "purpose": self.purpose,
            "protected": dict(self.protected),
            "held": dict(self.held),
            "withdrawn": dict(self.withdrawn),
            "census": {agency: asdict(tally) for agency, tally in self.census.items()},
        }
        for remark in self.remarks:
            yield {"line": "remark", **asdict(remark)}
        for change in self.changes:
            fields = {name: getattr(change, name) for name in Change.__dataclass_fields__}
            precondition = asdict(change.precondition) if change.precondition else None
            source = str(change.source) if change.source else None
            operation = {"line": "change", "operation": change.operation}
            yield {**fields, **operation, "precondition": precondition, "source": source}


def under_way(changes: Collection[Change]) -> frozenset[str]:
    """Give the addresses that one of these changes gives up and another takes."""
    given_up = frozenset[str]().union(*(change.released for change in changes))
    return given_up & frozenset[str]().union(*(change.claimed for change in changes)) if given_up else given_up


def base_dn(suffix: str) -> str:
    """Give the entry below which all that is managed stands."""
    return names.join("ou=agencies", suffix)


def agency_of(dn: str, base: str) -> str:
    """Give the code of the agency to which an entry below ``base`` belongs, empty if to none."""
    return _agency_at(names.superior(dn), base) or _agency_of(dn, base)


@lru_cache(maxsize=1 << 14)  # there are far fewer places than entries
def _agency_at(place: str, base: str) -> str:
    return _agency_of(place, base)


def _agency_of(dn: str, base: str) -> str:
    key, base_key = names.key(dn), names.key(base)
    if not names.below(key, base_key):
        return ""
    # A key has no comma but those between its parts.
    return _code(key[: -len(base_key) - 1].rpartition(",")[2])


@lru_cache(maxsize=4096)
def _code(part: str) -> str:
    attribute, code = names.naming(part)
    return code if attribute == "ou" else ""  # the estate's own lists stand beside the agencies


def addresses(attributes: Texts) -> frozenset[str]:
    """Give all addresses among attributes, in the one spelling in which equal ones are equal."""
    return frozenset(value.lower() for name in ADDRESSES for value in attributes.get(name, ()))


def _line(line: Mapping[str, Any]) -> bytes:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _refuse(why: str) -> None:
    message = f"The plan file cannot be used: {why}. Make a new plan."
    raise PlanError(message)


def _applied(fields: dict[str, Any] | None) -> Applied | None:
    return Applied(**{**fields, "as_of": date.fromisoformat(fields["as_of"])}) if fields else None


def _remark(line: dict[str, Any]) -> Remark:
    message = _phrase(line["message"])
    message.told()  # has a fact for each of its places
    return Remark(Situation(line["situation"]), line["dn"], message, line["blocking"])


def _phrase(said: dict[str, Any]) -> Phrase:
    facts = {name: _phrase(fact) if isinstance(fact, dict) else fact for name, fact in said["facts"].items()}
    return Phrase(said["english"], facts)


def _change(line: dict[str, Any]) -> Change:
    return OPERATIONS[line["operation"]](
        id=line["id"],
        kind=Kind(line["kind"]),
        dn=line["dn"],
        new_dn=line["new_dn"],
        label=line["label"],
        wave=Wave(line["wave"]),
        risk=Risk(line["risk"]),
        cause=Cause(line["cause"]),
        source=_origin(line["source"]),
        reason=line["reason"],
        before={name: tuple(values) for name, values in line["before"].items()},
        after={name: tuple(values) for name, values in line["after"].items()},
        precondition=Precondition(**line["precondition"]) if line["precondition"] else None,
        password=line["password"],
    )


def _origin(source: str | None) -> Origin | None:
    if source is None:
        return None
    file, line, column = source.rsplit(":", 2)
    return Origin(file, int(line), int(column))


def _check(change: Change, plan: Plan) -> None:
    """Hold a change read from a file against what planning never does, whoever wrote the file."""
    _check_place(change, plan)
    alien = sorted(change.after.keys() - OWNED[change.kind])
    if alien:
        _refuse(f"{change.id} is to get {alien[0]}, which the registry does not own")
    if (change.precondition is None) is not isinstance(change, Create):
        _refuse(f"{change.id} lacks the state that it builds on")
    if change.password and not (isinstance(change, Create) or change.returns):
        _refuse(f"{change.id} is to get a new password, and only what is new, or was purged, gets one")
    marks = change.before.get("congvuEstate", ()), change.after.get("congvuEstate", ())
    if isinstance(change, Adopt) and marks != ((), (plan.estate,)):
        _refuse(
            f"{change.id} is to be adopted, which takes an entry without a mark and puts that of {plan.estate} on it"
        )
    if isinstance(change, Purge) and change.after.get("congvuState") != (str(State.PURGED),):
        _refuse(f"{change.id} is to be purged, but not to say so")


def _check_halves(changes: Iterable[Change]) -> None:
    """See that an object is changed once, or gives up addresses first and the rest follows."""
    waves: dict[str, Wave] = {}
    for change in changes:
        if change.id in waves and not waves[change.id] is Wave.RELEASE < change.wave:
            _refuse(f"{change.id} is to be changed twice")
        waves[change.id] = change.wave


def _check_place(change: Change, plan: Plan) -> None:
    """See that a change stays where its plan belongs; what is adopted may come from elsewhere below the suffix."""
    base = base_dn(plan.suffix)
    arrives = isinstance(change, Adopt) and may_be_adopted(change.dn, plan.suffix)
    places = [change.target] if arrives else [change.dn, change.target]
    for place in places:
        if not names.below(names.key(place), names.key(base)):
            _refuse(f"{place} lies outside {base}")
        if plan.scope and agency_of(place, base) not in plan.scope:
            _refuse(f"{place} lies outside {', '.join(plan.scope)}, which it is for")


def may_be_adopted(dn: str, suffix: str) -> bool:
    """Tell whether an entry stands beside the branches that the estate made for itself."""
    place = names.key(dn)
    branches = [names.key(names.join(branch, suffix)) for branch in RESERVED]
    return names.below(place, names.key(suffix)) and not any(
        place == branch or names.below(place, branch) for branch in branches
    )
