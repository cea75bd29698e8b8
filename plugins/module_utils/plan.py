"""From what is wanted and what exists to the changes in between: a pure function of registry, day and directory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from . import dn as names
from .changes import (
    ADDRESSES,
    STRUCTURE,
    Adopt,
    Cause,
    Change,
    Create,
    Delete,
    Disable,
    Move,
    Plan,
    Precondition,
    Purge,
    Remark,
    Risk,
    Situation,
    Tally,
    Update,
    Wave,
    addresses,
    agency_of,
    base_dn,
)
from .handover import release_first
from .match import Match, match
from .model import OWNED, Kind, State
from .phrase import Phrase
from .policy import SHORTEST_RETENTION
from .retention import ripe_on, unripe
from .values import KINDS, differences, is_managed, label, renamed, text, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import date

    from .changes import Applied, Texts
    from .directory import Record
    from .model import Address, Desired, Entry

RIGHTS = frozenset(
    {"mailLocalAddress", "congvuAccess", "congvuSendAs", "congvuList", "congvuListWriter", "congvuWriters"}
)

# What planning needs to read: what is owned on any kind of entry, and no more. A password is never read.
ATTRIBUTES = tuple(sorted(frozenset().union(*OWNED.values())))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan is to be about.

    ``scope`` are codes of agencies, sorted; none are all of them. ``adopt`` makes entries without a mark ours which
    match an object of the registry; ``addresses`` is the registry's lock, by which they are known as well. ``cited``
    gives the decisions that the registry cites for an object, None where there is no registry to ask.
    """

    scope: tuple[str, ...] = ()
    adopt: bool = False
    addresses: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    cited: Callable[[str], Collection[str]] | None = None


def make_plan(
    desired: Desired, records: Iterable[Record], applied: Applied | None = None, terms: Terms | None = None
) -> Plan:
    """Compare the registry with the directory. ``records`` is what ``observe`` reads for the same scope.

    A plan of some agencies leaves every entry elsewhere as it is, and what of its own goes there, comes from there or
    shares an address with it: its changes are some of those that the plan of everything has.
    """
    terms = terms or Terms()
    base = base_dn(desired.suffix)
    within = _Within(base, names.key(base), frozenset(terms.scope))
    records = [record for record in records if record.dn != base and names.key(record.dn) != within.base_key]
    found = _classify(desired, _concerned(records, desired, within), within)
    _part(found, desired, within)
    _match(found, desired, within, terms)
    evidence = _Evidence(desired, applied)
    places = _Places()
    changes: list[Change] = []
    put_off: list[date] = []  # days until which mail is kept that the registry has done with
    # Agencies and units first, from the top: their moves take along whatever is below them.
    structure, others = _apart(desired)
    for entry in chain(sorted(structure, key=_from_the_top), others):
        record = found.linked.get(entry.id)
        if entry.id in found.disputed or entry.id in found.waiting or not within(entry.dn):
            continue
        if record is not None and _is_as_wanted(entry, record, places):
            continue
        change: Change | None
        if entry.id in found.adoptable:
            change = _adopt(found.adoptable[entry.id], places, evidence) if terms.adopt else None
        elif record is None:
            change = _create(entry, evidence)
        else:
            wanted, ripe = _spared(entry, record, desired.as_of)
            if ripe:
                put_off.append(ripe)
                found.remarks.append(_kept(entry, record, ripe))
            change = _adjust(wanted, record, places, evidence)
        if change:
            changes.append(change)
    changes.sort(key=lambda change: _from_the_top(desired.entries[change.id]))
    changes, waiting = _kept_together(changes, desired, records, found, within)
    farewells, orphans = _orphans(found, places, changes, evidence)
    adoptable = () if terms.adopt else map(_offered, found.adoptable.values())
    withheld = _withheld(changes, found)
    touched = sorted({change.id for change in (*changes, *farewells)})
    return Plan(
        estate=desired.estate,
        suffix=desired.suffix,
        commit=desired.commit,
        as_of=desired.as_of,
        next_change=min((day for day in (desired.next_change, *put_off) if day), default=None),
        applied=applied,
        situations=_situations(desired, found, within),
        census=_census(desired, found, within),
        remarks=tuple(
            sorted(
                (*found.remarks, *adoptable, *waiting, *orphans, *withheld),
                key=lambda remark: (remark.situation, remark.dn),
            )
        ),
        changes=tuple(sorted(release_first((*changes, *farewells)))),
        scope=terms.scope,
        protected={id_: desired.protected[id_] for id_ in touched if id_ in desired.protected},
        held={id_: desired.held[id_] for id_ in touched if id_ in desired.held},
        withdrawn=dict(sorted(_withdrawn(changes, terms))),
    )


# --- What stands in the directory


@dataclass(frozen=True, slots=True)
class _Within:
    """Tells whether an entry belongs to one of the agencies that the plan is about."""

    base: str
    base_key: str
    scope: frozenset[str]

    def __call__(self, dn: str) -> bool:
        return not self.scope or agency_of(dn, self.base) in self.scope

    def is_afar(self, dn: str) -> bool:
        """Tell whether an entry stands outside all agencies, where an old directory has its own."""
        return not names.below(names.key(dn), self.base_key)


@dataclass(slots=True)
class _Found:
    """Every record in its class; linked and orphans are ours."""

    linked: dict[str, Record] = field(default_factory=dict)
    adoptable: dict[str, Match] = field(default_factory=dict)
    unmarked: list[Record] = field(default_factory=list)
    foreign: list[Record] = field(default_factory=list)  # marked, and not by us
    orphans: dict[str, Record] = field(default_factory=dict)
    disputed: set[str] = field(default_factory=set)  # ids not to be touched
    waiting: dict[str, Record] = field(default_factory=dict)  # ours, here or wanted here, and elsewhere otherwise
    contested: int = 0  # entries that bear a disputed id
    places: set[str] = field(default_factory=set)  # keys of all entries, whoever's
    remarks: list[Remark] = field(default_factory=list)


def _concerned(records: list[Record], desired: Desired, within: _Within) -> list[Record]:
    """Give what stands in the scope of the plan, is wanted there, or bears the id of something there."""
    if not within.scope:
        return records
    ids = {text(record, "congvuId") for record in records if within(record.dn) and is_managed(record, desired.estate)}
    ids |= {entry.id for entry in desired.entries.values() if within(entry.dn)}
    return [
        record
        for record in records
        if within(record.dn)
        or not text(record, "congvuEstate")
        or (is_managed(record, desired.estate) and text(record, "congvuId") in ids)
    ]


def _part(found: _Found, desired: Desired, within: _Within) -> None:
    """Set aside what leaves the scope of the plan or comes to it."""
    for id_, record in found.linked.items() if within.scope else ():
        wanted = desired.entries[id_].dn
        if within(record.dn) and within(wanted):
            continue
        found.waiting[id_] = record
        leaves = within(record.dn)
        agency = agency_of(wanted if leaves else record.dn, within.base)
        facts = {"id": id_, "agency": agency, "together": _TOGETHER}
        message = Phrase("{id} comes from {agency}, which this plan is not about. {together}", facts)
        if leaves:
            message = Phrase("{id} leaves for {agency}, which this plan is not about. {together}", facts)
        found.remarks.append(Remark(Situation.LINKED, record.dn, message))


def _match(found: _Found, desired: Desired, within: _Within, terms: Terms) -> None:
    """Sort what bears no mark: what may become ours, what is in doubt, and what is somebody else's."""
    matching = match(found.unmarked, desired, found.linked, found.disputed, terms.addresses)
    places = {names.key(entry.dn) for entry in desired.entries.values()} if matching.disputed else set[str]()
    for record in matching.unmatched:
        if within(record.dn) or within.is_afar(record.dn):
            found.remarks.append(Remark(Situation.UNMANAGED, record.dn, _UNKNOWN))
    for dispute in matching.disputed:
        ids = {id_ for id_ in dispute.ids if within(desired.entries[id_].dn)}
        if ids or within(dispute.record.dn):
            blocking = names.key(dispute.record.dn) in places
            found.remarks.append(Remark(Situation.DISPUTED, dispute.record.dn, dispute.message, blocking))
            found.contested += 1
            found.disputed |= ids - found.linked.keys()
    for id_, one in matching.adoptable.items():
        here, there = within(one.record.dn), within(one.entry.dn)
        if there and (here or within.is_afar(one.record.dn)):
            found.adoptable[id_] = one
        elif here or there:
            found.waiting[id_] = one.record
            agency = agency_of(one.entry.dn if here else one.record.dn, within.base)
            facts = {"id": id_, "how": one.how, "agency": agency, "together": _TOGETHER}
            message = Phrase("It is {id} ({how}), and this plan is not about {agency}. {together}", facts)
            found.remarks.append(Remark(Situation.ADOPTABLE, one.record.dn, message))


def _offered(one: Match) -> Remark:
    facts = {"id": one.entry.id, "how": one.how}
    message = Phrase("It is {id} ({how}), but bears no mark: left alone until it is adopted (-e adopt=true).", facts)
    return Remark(Situation.ADOPTABLE, one.record.dn, message)


def _classify(desired: Desired, records: list[Record], within: _Within) -> _Found:
    found = _Found()
    strangers: dict[str, Record] = {}
    ours = (desired.estate,)
    for record in records:
        key, id_ = names.key(record.dn), text(record, "congvuId")
        estate = desired.estate if record.attributes.get("congvuEstate") == ours else text(record, "congvuEstate")
        found.places.add(key)
        if not estate:
            found.unmarked.append(record)
        elif id_.partition(":")[0] not in KINDS:
            strangers[key] = record
            found.foreign.append(record)
            found.remarks.append(Remark(Situation.UNMANAGED, record.dn, _UNKNOWN))
        elif estate != desired.estate:
            strangers[key] = record
            found.foreign.append(record)
            message = Phrase("It belongs to the estate {estate}: left alone.", {"estate": estate})
            found.remarks.append(Remark(Situation.FOREIGN, record.dn, message))
        elif not names.below(key, within.base_key):
            found.disputed.add(id_)
            found.contested += 1
            facts = {"id": id_, "base": within.base}
            message = Phrase("It bears the id {id} and stands outside {base}. Move it back, or unmark it.", facts)
            found.remarks.append(Remark(Situation.DISPUTED, record.dn, message, blocking=True))
        elif id_ in found.linked or id_ in found.orphans or id_ in found.disputed:
            _dispute(found, id_, record)
        elif id_ in desired.entries:
            found.linked[id_] = record
        else:
            found.orphans[id_] = record
    wanted = {names.key(entry.dn): entry for entry in desired.entries.values()} if strangers else {}
    for key in strangers.keys() & wanted.keys():
        entry = wanted[key]
        if entry.id not in found.linked:
            found.disputed.add(entry.id)
        message = Phrase(
            "{source} wants {id} here, where an entry stands that is not ours. Remove or mark it first.",
            {"source": str(entry.origin), "id": entry.id},
        )
        found.remarks.append(Remark(Situation.DISPUTED, strangers[key].dn, message, blocking=True))
    return found


def _dispute(found: _Found, id_: str, second: Record) -> None:
    first = found.linked.pop(id_, None) or found.orphans.pop(id_, None)
    found.disputed.add(id_)
    for record in (first, second):
        if record:
            found.contested += 1
            message = Phrase(
                "More than one entry bears the id {id}. Find out which is the true one and unmark the other.",
                {"id": id_},
            )
            found.remarks.append(Remark(Situation.DISPUTED, record.dn, message, blocking=True))


_TOGETHER = Phrase("Plan their agencies together, or all.")
_UNKNOWN = Phrase("It bears no mark that we know: left alone.")


def _situations(desired: Desired, found: _Found, within: _Within) -> dict[str, int]:
    """Count how all that is in the directory and in the registry stands: each once."""
    remarked = Counter(remark.situation for remark in found.remarks if not remark.blocking)
    named = {entry.id for entry in desired.entries.values() if within(entry.dn)}
    counts = {
        **remarked,
        Situation.ADOPTABLE: remarked[Situation.ADOPTABLE] + len(found.adoptable),
        Situation.LINKED: len(found.linked),
        Situation.ORPHAN: len(found.orphans),
        Situation.DISPUTED: found.contested,
        Situation.MISSING: len(
            named - found.linked.keys() - found.adoptable.keys() - found.waiting.keys() - found.disputed
        ),
    }
    return {str(situation): counts.get(situation, 0) for situation in Situation}


def _census(desired: Desired, found: _Found, within: _Within) -> dict[str, Tally]:
    base = within.base
    ours = [
        (agency_of(record.dn, base), id_, record)
        for id_, record in chain(found.linked.items(), found.orphans.items())
        if within(record.dn)
    ]
    entries = Counter(agency for agency, *_ in ours)
    people = Counter(
        agency
        for agency, id_, record in ours
        if id_.startswith(_PERSON) and record.attributes.get("congvuState") == _ACTIVE
    )
    declared = Counter(
        agency_of(entry.dn, base)
        for entry in desired.entries.values()
        if entry.kind is Kind.PERSON and entry.state is State.ACTIVE and within(entry.dn)
    )
    return {
        agency: Tally(entries[agency], people[agency], declared[agency], named=own is not None, ended=_has_ended(own))
        for agency in sorted(entries.keys() | declared.keys())
        for own in [_own(desired, agency)]
    }


_ACTIVE, _PERSON = (str(State.ACTIVE),), f"{Kind.PERSON}:"


def _own(desired: Desired, agency: str) -> Entry | None:
    """Give what stands for an agency itself: a request to another system's operator names its mailbox alone."""
    kinds = (Kind.AGENCY, Kind.MAILBOX)
    return next((own for kind in kinds if (own := desired.entries.get(f"{kind}:{agency}"))), None)


def _has_ended(own: Entry | None) -> bool:
    return own is not None and own.state is not State.ACTIVE


# --- Why it differs


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What tells a new registry from a new day from a foreign hand."""

    desired: Desired
    applied: Applied | None

    def cause(self, record: Record | None, *, term_over: bool = False) -> Cause:
        """Give the cause; ``term_over`` where nothing but the end of a retention brings the change with the day."""
        applied, desired = self.applied, self.desired
        if applied is None:
            return Cause.COMMIT
        known = bool(desired.commit) and not desired.commit.endswith("+dirty")
        causes = []
        if not known or applied.commit != desired.commit:
            causes.append(Cause.COMMIT)
        if applied.as_of != desired.as_of:
            causes.append(Cause.RETENTION if term_over else Cause.CLOCK)
        # An untouched entry cannot have drifted. One that is missing leaves no trace either way.
        if record is not None and record.csn > applied.csn:
            causes.append(Cause.DRIFT)
        if len(causes) > 1:
            return Cause.UNCERTAIN
        return causes[0] if causes else Cause.DRIFT


class _Places:
    """Where entries stand once the moves of the agencies and units above them are done."""

    def __init__(self) -> None:
        self._moved: dict[str, str] = {}

    @property
    def are_still(self) -> bool:
        """Tell whether no agency and no unit moves."""
        return not self._moved

    def now(self, dn: str) -> str:
        if not self._moved:
            return dn
        parts = names.split(dn)
        for index in range(1, len(parts)):
            new = self._moved.get(names.key(",".join(parts[index:])))
            if new:
                return names.join(*parts[:index], new)
        return dn

    def move(self, dn: str, new_dn: str) -> None:
        self._moved[names.key(dn)] = new_dn


# --- What the registry has forgotten


def _withdrawn(changes: Iterable[Change], terms: Terms) -> Iterator[tuple[str, str]]:
    """Yield the entries that stand on a decision which the registry no longer cites for them, each with it.

    Where nothing but the decision differs, somebody corrected its number; where a foreign hand wrote it, the registry
    never cited it.
    """
    if terms.cited is None:
        return
    for change in changes:
        decision = next(iter(change.before.get(_DECISION, ())), "")
        corrected = not change.new_dn and change.before.keys() | change.after.keys() == {_DECISION}
        if not decision or corrected or change.cause is Cause.DRIFT:
            continue
        if decision not in terms.cited(change.id):
            yield change.id, decision


_DECISION = "congvuDecision"


# --- What is to be done


def _apart(desired: Desired) -> tuple[list[Entry], list[Entry]]:
    """Part agencies and units from what lies in them."""
    structure: list[Entry] = []
    others: list[Entry] = []
    for entry in desired.entries.values():
        (structure if entry.kind in STRUCTURE else others).append(entry)
    return structure, others


def _from_the_top(entry: Entry) -> tuple[bool, int, str]:
    return entry.kind not in STRUCTURE, names.depth(entry.dn), names.key(entry.dn)


def _create(entry: Entry, evidence: _Evidence) -> Create:
    return Create(
        id=entry.id,
        kind=entry.kind,
        dn=entry.dn,
        label=label(entry.attributes),
        wave=Wave.STRUCTURE if entry.kind in STRUCTURE else Wave.ADD,
        risk=Risk.LOW,
        cause=evidence.cause(None),
        source=entry.origin,
        reason=entry.reason,
        after=dict(sorted(entry.attributes.items())),
        password=entry.needs_password,
    )


def _adopt(one: Match, places: _Places, evidence: _Evidence) -> Adopt:
    """Put our marks on an entry that was there before us, and bring it to its place. It keeps its password."""
    entry, record = one.entry, one.record
    here = places.now(record.dn)
    moves = names.key(here) != names.key(entry.dn)
    before, after = differences(entry, renamed(record, entry.dn, keep=True) if moves else record)
    change = Adopt(
        id=entry.id,
        kind=entry.kind,
        dn=here,
        new_dn=entry.dn if moves else "",
        label=label(entry.attributes),
        wave=Wave.STRUCTURE if entry.kind in STRUCTURE else Wave.MOVE if moves else Wave.MODIFY,
        risk=Risk.MEDIUM if moves else Risk.LOW,
        cause=evidence.cause(None),
        source=entry.origin,
        reason=entry.reason,
        before=before,
        after=after,
        precondition=Precondition(record.uuid, record.csn),
    )
    return replace(change, risk=Risk.MEDIUM) if change.released else change


def _is_as_wanted(entry: Entry, record: Record, places: _Places) -> bool:
    """Say whether an entry is where it is wanted and as it is wanted letter by letter: so it is with nearly all."""
    return entry.dn == record.dn and entry.attributes == record.attributes and places.are_still


def _adjust(entry: Entry, record: Record, places: _Places, evidence: _Evidence) -> Change | None:
    here = places.now(record.dn)
    moves = here != entry.dn and names.key(here) != names.key(entry.dn)
    if moves and entry.kind in STRUCTURE:
        places.move(record.dn, entry.dn)
    before, after = differences(entry, renamed(record, entry.dn) if moves else record)
    if not (moves or after):
        return None
    ends = _ending(entry, record)
    operation: type[Change] = ends or (Move if moves else Update)
    change = operation(
        id=entry.id,
        kind=entry.kind,
        dn=here,
        new_dn=entry.dn if moves else "",
        label=label(entry.attributes),
        wave=_wave(entry, after, ends, moves=moves),
        risk=Risk.HIGH if ends else Risk.MEDIUM if moves else Risk.LOW,
        cause=evidence.cause(record, term_over=ends is Purge),
        source=entry.origin,
        reason=entry.reason,
        before=before,
        after=after,
        precondition=Precondition(record.uuid, record.csn),
    )
    if change.returns and entry.needs_password:
        change = replace(change, password=True)
    return replace(change, risk=Risk.MEDIUM) if change.released and change.risk is Risk.LOW else change


def _spared(entry: Entry, record: Record, as_of: date) -> tuple[Entry, date | None]:
    """Put a purge off until its entry is closed and the day has come that it names: without one, the shortest term.

    Returns the entry as it is wanted until then, and that day; None where nothing is put off. Its addresses are not its
    own any more, as another entry may take them.
    """
    if entry.state is not State.PURGED:
        return entry, None
    state, until = text(record, "congvuState"), text(record, "congvuRetainUntil")
    if state == State.PURGED or unripe(state, until, as_of) is None:
        return entry, None
    if state not in (State.DISABLED, State.HELD):
        state, until = State.DISABLED if entry.kind is Kind.PERSON else State.HELD, ""
    try:
        ripe = ripe_on(until)
    except ValueError:  # nobody ever said until when
        ripe = as_of + timedelta(SHORTEST_RETENTION)
        until = f"{ripe:%Y%m%d}000000Z"
    kept = {"congvuState": (str(state),), "congvuRetainUntil": (until,)}
    own = {name: values for name, values in texts(record).items() if name in OWNED[entry.kind].difference(ADDRESSES)}
    addresses = {name: values for name, values in entry.attributes.items() if name in ADDRESSES}
    spared = entry._replace(state=State(state), attributes={**own, **addresses, **kept}, needs_password=False)
    return spared, ripe


def _kept(entry: Entry, record: Record, ripe: date) -> Remark:
    """Say that mail is kept though the registry has done with it."""
    facts = {"id": entry.id, "day": ripe.isoformat()}
    message = Phrase(
        "The registry has done with {id}, but its entry promises to keep the mail: it is purged on {day}.", facts
    )
    return Remark(Situation.LINKED, record.dn, message)


def _ending(entry: Entry, record: Record) -> type[Disable | Purge] | None:
    """Say what of an entry ends: the mail, or access to it."""
    state = text(record, "congvuState")
    if entry.state is State.PURGED:
        return Purge if state != State.PURGED else None
    return Disable if entry.state is not State.ACTIVE and state == State.ACTIVE else None


def _wave(entry: Entry, after: Texts, ends: type[Change] | None, *, moves: bool) -> Wave:
    if moves and entry.kind in STRUCTURE:
        return Wave.STRUCTURE
    if ends:
        return Wave.PURGE if ends is Purge else Wave.DISABLE
    if moves:
        return Wave.MOVE
    return Wave.RIGHTS if after.keys() <= RIGHTS else Wave.MODIFY


def _orphans(
    found: _Found, places: _Places, changes: list[Change], evidence: _Evidence
) -> tuple[list[Change], list[Remark]]:
    """Say farewell to what the registry no longer names: access ends, mail stays, and only empty units go.

    A line lost from a file must not lose mail. What a person, a mailbox or an agency's admin held is kept until
    somebody decides; an agency is never deleted here.
    """
    farewells: list[Change] = []
    remarks: list[Remark] = []
    if not found.orphans:
        return farewells, remarks
    inhabitants = Counter(names.superior(place) for place in _final_places(found, places, changes))
    # From the bottom, so that a unit which only held an empty unit goes along with it.
    for id_, record in sorted(found.orphans.items(), key=lambda orphan: (-names.depth(orphan[1].dn), orphan[0])):
        kind, here, state = Kind(id_.partition(":")[0]), places.now(record.dn), text(record, "congvuState")
        common: dict[str, Any] = {
            "id": id_,
            "kind": kind,
            "dn": here,
            "label": label(texts(record)),
            "risk": Risk.HIGH,
            "cause": evidence.cause(record),
            "reason": "no longer in the registry",
            "precondition": Precondition(record.uuid, record.csn),
        }
        if kind is Kind.UNIT and not inhabitants[names.key(here)]:
            owned = {name: found for name, found in texts(record).items() if name in OWNED[kind]}
            farewells.append(Delete(**common, wave=Wave.DELETE, before=owned))
            inhabitants[names.superior(names.key(here))] -= 1
        elif kind not in STRUCTURE and state == State.ACTIVE:
            ended = State.DISABLED if kind in {Kind.ADMIN, Kind.LIST} else State.HELD
            before, after = {"congvuState": (state,)}, {"congvuState": (str(ended),)}
            farewells.append(Disable(**common, wave=Wave.DISABLE, before=before, after=after))
        else:
            kept = Phrase("it is {state}", {"state": Phrase(state)})
            if kind in STRUCTURE:
                kept = Phrase("it is an agency") if kind is Kind.AGENCY else Phrase("others stand below it")
            message = Phrase(
                "The registry no longer names {id}; {kept}. Left alone until it does, with an 'until' if it has ended.",
                {"id": id_, "kept": kept},
            )
            remarks.append(Remark(Situation.ORPHAN, here, message))
    return farewells, remarks


def _final_places(found: _Found, places: _Places, changes: list[Change]) -> Iterator[str]:
    moved = {names.key(change.dn): change.target for change in changes if change.new_dn}
    for place in found.places:
        here = names.key(places.now(place))
        yield names.key(moved.get(here, here))
    yield from (names.key(change.dn) for change in changes if isinstance(change, Create))


def _withheld(changes: list[Change], found: _Found) -> list[Remark]:
    """Find the addresses that are to be somebody's and stand in an entry which no change takes them from.

    The letters of somebody whom the registry has forgotten are not another's, and what is not ours is not touched.
    """
    keeping = {
        address: (record, whose)
        for records, whose in (
            (found.orphans.values(), Phrase("which the registry no longer names")),
            (found.foreign, Phrase("which is not ours")),
        )
        for record in records
        for address in addresses(texts(record))
    }
    remarks = []
    for change in changes if keeping else ():
        for address in sorted(change.claimed & keeping.keys()):
            record, whose = keeping[address]
            message = Phrase(
                "It has {address}, which {source} gives to {id}, and is an entry {whose}. Decide first.",
                {"address": address, "source": str(change.source), "id": change.id, "whose": whose},
            )
            remarks.append(Remark(Situation.DISPUTED, record.dn, message, blocking=True))
    return remarks


def _kept_together(
    changes: list[Change], desired: Desired, records: list[Record], found: _Found, within: _Within
) -> tuple[list[Change], list[Remark]]:
    """Keep back what hands an address over to, or takes it from, an entry that the plan will not touch.

    Given up here and taken there by another plan, the address would be nobody's for the time between. What shares an
    address with something kept back is kept back as well.
    """
    if not within.scope or not any(change.released or change.claimed for change in changes):
        return changes, []
    elsewhere: dict[str, str] = {}  # by address, who has it or is to have it
    for record in records:
        id_ = text(record, "congvuId")
        if id_ in found.waiting or not (within(record.dn) or within.is_afar(record.dn)):
            elsewhere.update(dict.fromkeys(addresses(texts(record)), id_ or record.dn))
    for entry in desired.entries.values():
        if entry.id in found.waiting or not within(entry.dn):
            elsewhere.update(dict.fromkeys(addresses(entry.attributes), entry.id))
    back: dict[str, tuple[str, str]] = {}  # by id of a change, the address and whom it is shared with
    fresh = True
    while fresh:
        fresh = False
        for change in changes:
            passed = sorted((change.released | change.claimed) & elsewhere.keys())
            if passed and change.id not in back:
                back[change.id] = passed[0], elsewhere[passed[0]]
                # Its own other half waits with it, whoever has that.
                elsewhere.update(dict.fromkeys(change.released | change.claimed, change.id))
                fresh = True
    remarks = [
        Remark(
            Situation.LINKED if change.precondition else Situation.MISSING,
            change.dn,
            Phrase(
                "{id} waits: {address} passes between it and {other}, which this plan does not touch. {together}",
                {"id": change.id, "address": address, "other": other, "together": _TOGETHER},
            ),
        )
        for change in changes
        if change.id in back
        for address, other in [back[change.id]]
    ]
    return [change for change in changes if change.id not in back], remarks
