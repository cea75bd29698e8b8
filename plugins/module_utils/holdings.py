"""What the mail store should hold, read from the directory: which mailboxes are shared, read by others, or purged.

The store follows the directory and not the registry: what an applied plan left there is what was reviewed, and a
registry that is edited or broken meanwhile changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .changes import base_dn
from .model import Kind, State
from .values import is_managed, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .directory import Directory, Record

ATTRIBUTES = ("uid", "cn", "congvuEstate", "congvuId", "congvuState", "congvuDecision", "congvuAccess")


@dataclass(frozen=True, slots=True)
class Tomb:
    """An entry whose mail is to be gone. ``csn`` changes whenever somebody changes the entry."""

    uid: str
    id: str  # `person:tth00123` or `mailbox:snv-tccb`
    dn: str
    decision: str
    csn: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """Mailboxes by uid, sorted."""

    shared: tuple[str, ...]  # of several people: agencies', units', folders; those in use and those that are held
    opened: tuple[str, ...]  # of people who left, and whose mail a successor may read
    purged: tuple[Tomb, ...]
    offices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # names of units by mailbox, by agency


def read(directory: Directory, estate: str, suffix: str) -> Holdings:
    """Read what the directory says now."""
    return holdings(directory.read_tree(base_dn(suffix), ATTRIBUTES), estate)


def holdings(records: Iterable[Record], estate: str) -> Holdings:
    """Sort an estate's mailboxes by what the store does with them."""
    shared: list[str] = []
    left: set[str] = set()
    read_by_others: set[str] = set()
    purged: list[Tomb] = []
    named: dict[str, str] = {}  # mailboxes in use
    units: set[str] = set()  # the uids that mailboxes of units have
    agencies: set[str] = set()
    for record in records:
        if not is_managed(record, estate):
            continue
        kind, state, uid = text(record, "congvuId").partition(":")[0], text(record, "congvuState"), text(record, "uid")
        read_by_others.update(value.partition(":")[0] for value in record.attributes.get("congvuAccess", ()))
        if kind in (Kind.AGENCY, Kind.UNIT) and state == State.ACTIVE:
            name = text(record, "congvuId").partition(":")[2]
            (units if kind == Kind.UNIT else agencies).add(name.replace("/", "-"))
        if kind not in (Kind.PERSON, Kind.MAILBOX):
            continue
        if state == State.PURGED:
            decision = text(record, "congvuDecision")
            purged.append(Tomb(uid, text(record, "congvuId"), record.dn, decision, record.csn))
        elif kind == Kind.MAILBOX:
            shared.append(uid)
            if state == State.ACTIVE:
                named[uid] = text(record, "cn")
        elif state != State.ACTIVE:
            left.add(uid)
    return Holdings(
        tuple(sorted(shared)),
        tuple(sorted(left & read_by_others)),
        tuple(sorted(purged, key=lambda tomb: tomb.uid)),
        {
            agency: {box: named[box] for box in sorted(named.keys() & units) if box.startswith(f"{agency}-")}
            for agency in sorted(agencies & named.keys())
        },
    )


def still_purged(directory: Directory, tomb: Tomb) -> bool:
    """Ask once more, right before the mail goes: the entry must be the same one, and purged."""
    record = directory.read_entry(tomb.dn, ATTRIBUTES)
    return (
        record is not None
        and record.csn == tomb.csn
        and text(record, "congvuId") == tomb.id
        and text(record, "uid") == tomb.uid
        and text(record, "congvuState") == State.PURGED
    )
