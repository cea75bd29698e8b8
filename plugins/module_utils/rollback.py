"""The way back from a plan that was applied: a plan like any other, for the directory as it is now.

What the plan did is undone as far as it still stands; what somebody touched since is left as it is, and told. The way
back is planned as everything else is, from the directory as it should be: that is the directory as it is, with what
the plan did taken out of it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import dn as names
from .changes import (
    ADDRESSES,
    ROLLBACK,
    STRUCTURE,
    Adopt,
    Cause,
    Create,
    Delete,
    Precondition,
    Purge,
    Remark,
    Risk,
    Situation,
    Update,
    Wave,
    addresses,
    base_dn,
)
from .model import OWNED, Entry, Kind, Origin, State
from .phrase import Phrase
from .plan import make_plan
from .values import holds, is_managed, renamed, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .changes import Applied, Change, Plan, Texts
    from .directory import Record
    from .model import Desired

    Values = dict[str, tuple[str, ...]]

REASON = "the registry was rolled back"
_NOWHERE = Origin("", 0)
_STATES = frozenset(State)


def undo(plan: Plan, records: Iterable[Record], current: Desired, applied: Applied | None) -> Plan:
    """Plan the way back from ``plan``; ``records`` is all that the directory shows now.

    ``current`` is what the registry says today: of it come the day and whom it protects, and nothing else. The new
    plan's commit is the one that was in force before the old plan.
    """
    records = list(records)
    way = _Way(plan, records)
    former = replace(
        current,
        estate=plan.estate,
        suffix=plan.suffix,
        commit=plan.applied.commit if plan.applied else "",
        entries={entry.id: entry for entry in sorted(way.entries(), key=lambda entry: names.depth(entry.dn))},
        next_change=None,
    )
    back = make_plan(former, records, applied)
    # An entry that the plan left alone is left alone again, whatever its bytes are.
    changes = [replace(change, source=None, reason=REASON) for change in back.changes if change.id in way.deeds]
    blocking = [remark for remark in back.remarks if remark.blocking]
    return replace(
        back,
        changes=tuple(sorted(replace(change, cause=Cause.ROLLBACK) for change in (*changes, *way.unmarked()))),
        remarks=tuple(sorted({*blocking, *way.remarks}, key=lambda one: (one.situation, one.dn, str(one.message)))),
        purpose=f"{ROLLBACK}{plan.id}",
    )


@dataclass(frozen=True, slots=True)
class _Deed:
    """All that the plan did to one entry, which may have been two changes: giving up addresses, and the rest."""

    change: Change  # the last of them
    before: Texts
    after: Texts


def _deeds(plan: Plan) -> dict[str, _Deed]:
    """Give what the plan did, by id, in the order in which it was completed."""
    deeds: dict[str, _Deed] = {}
    for change in plan.changes:
        first = deeds.pop(change.id, None)
        before = {**change.before, **(first.before if first else {})}
        after = {**(first.after if first else {}), **change.after}
        deeds[change.id] = _Deed(change, before, after)
    return deeds


class _Way:
    """The directory with what a plan did taken out of it, and what cannot be taken out."""

    def __init__(self, plan: Plan, records: Iterable[Record]) -> None:
        """Look at what stands now."""
        self.remarks: list[Remark] = []
        self.deeds = _deeds(plan)
        self._base = names.key(base_dn(plan.suffix))
        self._ours: dict[str, Record] = {}
        self._strangers: list[Record] = []
        self._kept: set[str] = set()  # ids that cannot go back to their places
        for record in records:
            if is_managed(record, plan.estate) and text(record, "congvuId") not in self._ours:
                self._ours[text(record, "congvuId")] = record
            else:
                self._strangers.append(record)

    def entries(self) -> Iterator[Entry]:
        """Give every entry of ours as it is to be; a unit or a list that the plan made and nobody uses is not."""
        places = self._places()
        values = {id_: self._values(id_, place) for id_, place in places.items()}
        self._settle_addresses(values)
        for id_, place in places.items():
            if self._passes(id_, places):
                continue
            state = values[id_].get("congvuState", ("",))[0]
            yield Entry(
                id=id_,
                kind=Kind(id_.partition(":")[0]),
                dn=place,
                attributes={name: given for name, given in values[id_].items() if given},
                state=State(state) if state in _STATES else State.HELD,
                origin=_NOWHERE,
                reason=REASON,
            )

    def unmarked(self) -> Iterator[Change]:
        """Give the changes that take our marks off what the plan adopted: no registry can say that."""
        for id_, deed in self.deeds.items():
            record = self._ours.get(id_)
            if record is None or not isinstance(deed.change, Adopt):
                continue
            if deed.change.new_dn:
                words = Phrase(
                    "{id} was adopted from {dn}: it stays where it is, and ours.", {"id": id_, "dn": deed.change.dn}
                )
                self._note(record.dn, words)
            elif not holds(record, deed.after):
                words = Phrase("{id} was changed since it was adopted: it stays ours.", {"id": id_})
                self._note(record.dn, words)
            else:
                back = replace(deed.change, before=deed.after, after=deed.before)
                yield Update(
                    id=id_,
                    kind=back.kind,
                    dn=record.dn,
                    label=back.label,
                    wave=Wave.RELEASE if back.released else Wave.MODIFY,
                    risk=Risk.HIGH,
                    cause=back.cause,
                    reason=REASON,
                    before=back.before,
                    after=back.after,
                    precondition=Precondition(record.uuid, record.csn),
                )

    def _note(self, dn: str, message: Phrase) -> None:
        self.remarks.append(Remark(Situation.LINKED, dn, message))

    # --- Where everything is to stand

    def _places(self) -> dict[str, str]:
        """Give the place of each entry of ours; one whose former place is taken or gone stays where it is."""
        stuck: dict[str, Phrase] = {}
        while True:
            moves = [
                (deed.change.new_dn, deed.change.dn)
                for id_, deed in self.deeds.items()
                if deed.change.kind in STRUCTURE and id_ not in stuck and self._went(id_)
            ]
            places = {id_: _unwound(record.dn, moves) for id_, record in self._ours.items()}
            goers = {id_ for id_, deed in self.deeds.items() if id_ not in stuck and self._comes_back(id_, deed)}
            places |= {id_: _unwound(self.deeds[id_].change.dn, moves) for id_ in goers if not self._is_above(id_)}
            fresh = self._obstacles(goers, places, moves)
            if not fresh:
                break
            stuck |= fresh
        for id_, why in stuck.items():
            change = self.deeds[id_].change
            words = Phrase("{id} cannot go back to {dn}: {why}.", {"id": id_, "dn": change.dn, "why": why})
            self._note(change.target, words)
        for id_, deed in self.deeds.items():
            if isinstance(deed.change, Adopt | Purge) or not deed.change.new_dn or id_ not in self._ours:
                continue
            if not self._went(id_) and not self._never_went(id_):
                words = Phrase("{id} was moved since the plan: it stays as it is.", {"id": id_})
                self._note(self._ours[id_].dn, words)
                self._kept.add(id_)
        self._kept |= stuck.keys()
        return places

    def _went(self, id_: str) -> bool:
        """Tell whether an entry still stands where the plan moved it."""
        deed, record = self.deeds[id_], self._ours.get(id_)
        if record is None or not deed.change.new_dn or isinstance(deed.change, Adopt | Purge):
            return False
        return names.key(record.dn) == names.key(deed.change.new_dn)

    def _never_went(self, id_: str) -> bool:
        return names.key(self._ours[id_].dn) == names.key(self.deeds[id_].change.dn)

    def _comes_back(self, id_: str, deed: _Deed) -> bool:
        """Tell whether an entry goes back to its place, or is made again in it."""
        if isinstance(deed.change, Delete):
            return id_ not in self._ours and bool(deed.before)
        return self._went(id_)

    def _is_above(self, id_: str) -> bool:
        """Tell whether the entry takes others along: all moves of these are unwound together."""
        return self.deeds[id_].change.kind in STRUCTURE and id_ in self._ours

    def _obstacles(self, goers: set[str], places: Mapping[str, str], moves: list[tuple[str, str]]) -> dict[str, Phrase]:
        strangers = [_unwound(record.dn, moves) for record in self._strangers]
        standing = Counter(map(names.key, (*places.values(), *strangers)))
        found = {}
        for id_ in goers:
            key = names.key(places[id_])
            above = names.superior(key)
            if standing[key] > 1:
                found[id_] = Phrase("another entry stands there")
            elif above != self._base and not standing[above]:
                found[id_] = Phrase("what it stood in is gone")
        return found

    def _passes(self, id_: str, places: Mapping[str, str]) -> bool:
        """Tell whether an entry was made by the plan and goes again; say of agencies and units that they stay."""
        deed = self.deeds.get(id_)
        if deed is None or not isinstance(deed.change, Create) or id_ not in self._ours:
            return False
        if deed.change.kind in STRUCTURE:
            never = Phrase("an agency is never deleted")
            why = never if deed.change.kind is Kind.AGENCY else self._inhabited(id_, places)
            if why:
                words = Phrase("{id} was made by the plan and stays: {why}.", {"id": id_, "why": why})
                self._note(self._ours[id_].dn, words)
            return not why
        return deed.change.kind is Kind.LIST

    def _inhabited(self, id_: str, places: Mapping[str, str]) -> Phrase | None:
        """Say that something is to stand in a unit, besides units that go along with it; None if nothing is."""
        own = names.key(places[id_])
        others = [place for other, place in places.items() if not self._is_new_unit(other)]
        others += [record.dn for record in self._strangers]
        return Phrase("others stand in it") if any(names.below(names.key(place), own) for place in others) else None

    def _is_new_unit(self, id_: str) -> bool:
        deed = self.deeds.get(id_)
        return deed is not None and isinstance(deed.change, Create) and deed.change.kind is Kind.UNIT

    # --- What everything is to hold

    def _values(self, id_: str, place: str) -> Values:
        """Give the values of an entry: what the plan gave it is exchanged for what it had, where it still has that."""
        record, deed = self._ours.get(id_), self.deeds.get(id_)
        if record is None:
            return dict(self.deeds[id_].before)
        now = {name: found for name, found in texts(renamed(record, place)).items() if name in _owned(id_)}
        if deed is None or isinstance(deed.change, Adopt | Delete):
            return now
        if isinstance(deed.change, Purge):
            words = Phrase("The mail of {id} is purged: nothing brings it back but a backup.", {"id": id_})
            self._note(record.dn, words)
            return now
        if isinstance(deed.change, Create):
            return _closed(deed.change.kind, now)
        if id_ in self._kept:
            return now  # a post's title does not go back alone
        naming = names.naming(place)[0] if deed.change.new_dn else ""
        for name in deed.after.keys() - {"objectClass", naming}:
            if holds(record, {name: deed.after[name]}):
                now[name] = deed.before.get(name, ())
            elif not holds(record, {name: deed.before.get(name, ())}):
                facts = {"attribute": name, "id": id_}
                words = Phrase("{attribute} of {id} was changed since the plan: left as it is.", facts)
                self._note(record.dn, words)
        if now.get("congvuState") == (State.PURGED,):
            words = Phrase("{id} came back after its purge: it is closed again, and its new mail is kept.", {"id": id_})
            self._note(record.dn, words)
            now["congvuState"] = (str(State.HELD),)
        return now

    def _settle_addresses(self, values: dict[str, Values]) -> None:
        """Let nobody get back what another has by now, and take from those whom the plan made what others get back."""
        made = {id_ for id_, deed in self.deeds.items() if isinstance(deed.change, Create)}
        returned = frozenset[str]().union(*(self._regained(id_, values[id_]) for id_ in values if id_ not in made))
        for id_ in made & values.keys():
            if addresses(values[id_]) & returned:
                values[id_] |= _without(values[id_], returned)
        fresh = True
        while fresh:
            fresh = False
            holders = Counter(
                address for given in (*values.values(), *map(texts, self._strangers)) for address in addresses(given)
            )
            for id_ in sorted(values.keys() - made):
                taken = sorted(one for one in self._regained(id_, values[id_]) if holders[one] > 1)
                if taken:
                    fresh = True
                    self._keep_addresses(id_, values[id_], taken[0])

    def _regained(self, id_: str, values: Values) -> frozenset[str]:
        record = self._ours.get(id_)
        return addresses(values) - (addresses(texts(record)) if record else frozenset())

    def _keep_addresses(self, id_: str, values: Values, taken: str) -> None:
        record = self._ours.get(id_)
        now = texts(record) if record else {}
        values |= {name: now.get(name, ()) for name in ADDRESSES}
        where = record.dn if record else self.deeds[id_].change.dn
        facts = {"id": id_, "address": taken}
        words = Phrase("{id} does not get {address} back: another entry has it by now. Its addresses stay.", facts)
        self._note(where, words)


def _unwound(dn: str, moves: list[tuple[str, str]]) -> str:
    """Give the name that an entry had before agencies and units above it, or it itself, were moved one by one."""
    for new, old in reversed(moves):
        if names.key(dn) == names.key(new):
            dn = old
        elif names.below(names.key(dn), names.key(new)):
            dn = names.join(*names.split(dn)[: names.depth(dn) - names.depth(new)], old)
    return dn


def _owned(id_: str) -> frozenset[str]:
    return OWNED[Kind(id_.partition(":")[0])]


def _closed(kind: Kind, now: Values) -> Values:
    """Give what becomes of somebody whom the plan made: access ends, and the mail that came since is kept."""
    if kind in STRUCTURE or kind is Kind.LIST or now.get("congvuState") != (State.ACTIVE,):
        return now
    return {**now, "congvuState": (str(State.DISABLED if kind is Kind.ADMIN else State.HELD),)}


def _without(values: Values, leaving: frozenset[str]) -> Values:
    """Give the addresses without those that leave; what is left has a primary one, if anything is left."""
    left = {name: tuple(one for one in values.get(name, ()) if one.lower() not in leaving) for name in ADDRESSES}
    mail, every = left["mail"], left["mailLocalAddress"]
    return {"mail": mail or every[:1], "mailLocalAddress": every}
