"""Which entries without a mark are what the registry means, so that an old directory can be taken over entry by entry.

An entry is adoptable if it matches one object of the registry and no other entry does. Whatever else matches is
disputed: nothing is made of it, and nothing is made beside it, until people have decided.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import dn as names
from .model import Kind
from .phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from .directory import Record
    from .model import Address, Desired, Entry

# An entry's structural class is for ever (RFC 4512, section 2.4.2): it must be, or descend from, the one that we use.
STRUCTURAL: Mapping[Kind, tuple[str, ...]] = {
    Kind.AGENCY: ("organizationalUnit",),
    Kind.UNIT: ("organizationalUnit",),
    Kind.ADMIN: ("organizationalRole", "simpleSecurityObject"),
    Kind.MAILBOX: ("account",),
    Kind.PERSON: ("inetOrgPerson",),
    Kind.LIST: ("groupOfURLs",),
}


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that may be adopted, as what, and by what it was known."""

    record: Record
    entry: Entry
    how: Phrase  # such as "its uid is tth00123"


@dataclass(frozen=True, slots=True)
class Dispute:
    """An entry that may not be adopted, and the objects of the registry that it keeps from being made."""

    record: Record
    ids: frozenset[str]
    message: Phrase


@dataclass(slots=True)
class Matching:
    """All entries without a mark, each in its class."""

    adoptable: dict[str, Match] = field(default_factory=dict)  # by id
    disputed: list[Dispute] = field(default_factory=list)
    unmatched: list[Record] = field(default_factory=list)


def match(
    strangers: Sequence[Record],
    desired: Desired,
    linked: Mapping[str, Record],
    disputed: Collection[str],
    addresses: Mapping[str, Sequence[Address]],
) -> Matching:
    """Match entries by place, uid, staff number and address. ``addresses`` is the lock, by holder.

    ``linked`` are the entries that are ours already, ``disputed`` the ids about which something else is in doubt.
    """
    matching = Matching()
    keys = _Keys(desired, addresses) if strangers else None
    found = [(record, keys.ids(record)) for record in strangers] if keys else []
    rivals: defaultdict[str, list[Record]] = defaultdict(list)
    for record, ids in found:
        for id_ in ids:
            rivals[id_].append(record)
    for record, ids in found:
        if not ids:
            matching.unmatched.append(record)
        elif doubt := _doubt(record, ids, rivals, linked, desired) or _other_doubt(ids, disputed):
            matching.disputed.append(Dispute(record, frozenset(ids), doubt))
        else:
            ((id_, how),) = ids.items()
            matching.adoptable[id_] = Match(record, desired.entries[id_], how)
    return matching


class _Keys:
    """What tells the registry's objects apart, turned round."""

    def __init__(self, desired: Desired, addresses: Mapping[str, Sequence[Address]]) -> None:
        self._places: dict[str, str] = {}
        self._values: dict[tuple[str, str], str] = {}
        for entry in desired.entries.values():
            self._places[names.key(entry.dn)] = entry.id
            for name in ("uid", "employeeNumber"):
                for value in entry.attributes.get(name, ()):
                    self._values[name, value.lower()] = entry.id
        for holder, lines in addresses.items():
            if holder in desired.entries:
                self._values.update({("address", line.address.lower()): holder for line in lines})

    def ids(self, record: Record) -> dict[str, Phrase]:
        """Give the ids that an entry matches, each with what it was known by, the surest."""
        ids: dict[str, Phrase] = {}
        for id_, how in self._known(record):
            ids.setdefault(id_, how)
        return ids

    def _known(self, record: Record) -> Iterator[tuple[str, Phrase]]:
        if id_ := self._places.get(names.key(record.dn)):
            yield id_, Phrase("it stands where that is to stand")
        for name, called in _NAMES.items():
            for value in sorted(record.attributes.get(name, ())):
                if id_ := self._values.get((called, value.lower())):
                    yield id_, Phrase("its {name} is {value}", {"name": name, "value": value})


# By attribute, what its values are compared with.
_NAMES = {"employeeNumber": "employeeNumber", "uid": "uid", "mail": "address", "mailLocalAddress": "address"}


def _doubt(
    record: Record,
    ids: Mapping[str, Phrase],
    rivals: Mapping[str, Sequence[Record]],
    linked: Mapping[str, Record],
    desired: Desired,
) -> Phrase | None:
    """Say why an entry may not be adopted; None if it may."""
    if len(ids) > 1:
        found = [Phrase("{id} ({how})", {"id": id_, "how": how}) for id_, how in sorted(ids.items())]
        return Phrase("It could be {these}: make it match one alone.", {"these": _either(found)})
    ((id_, how),) = ids.items()
    facts: dict[str, object] = {"id": id_, "how": how}
    if id_ in linked:
        facts["dn"] = linked[id_].dn
        return Phrase(
            "It could be {id} ({how}), which stands at {dn}. Merge the two by hand, or remove this one.", facts
        )
    others = [rival.dn for rival in rivals[id_] if rival is not record]
    if others:
        facts["others"] = _either(sorted(others))
        return Phrase("It could be {id} ({how}), and so could {others}. Remove all but one.", facts)
    has = {value.lower() for value in record.attributes.get("objectClass", ())}
    lacks = [name for name in STRUCTURAL[desired.entries[id_].kind] if name.lower() not in has]
    if lacks:
        facts["classes"] = _either(lacks)
        return Phrase(
            "It is {id} ({how}), but it is no {classes}, and a directory does not let an entry become one. "
            "Put an entry of that class in its place, or remove it and have a new one made.",
            facts,
        )
    return None


def _other_doubt(ids: Mapping[str, Phrase], disputed: Collection[str]) -> Phrase | None:
    ((id_, how),) = ids.items()
    if id_ not in disputed:
        return None
    return Phrase("It could be {id} ({how}), which is disputed: settle that first.", {"id": id_, "how": how})


def _either(words: Sequence[str | Phrase]) -> str | Phrase:
    first, *others = words
    return Phrase("{one} or {other}", {"one": first, "other": _either(others)}) if others else first
