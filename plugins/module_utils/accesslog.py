"""slapd's accesslog, record by record: what was written to which entry, when, under which account, on whose behalf.

This file alone knows how the records look (slapo-accesslog(5)). Digests of passwords are dropped where they are read,
whatever the account that reads is allowed to see.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from . import dn as names
from . import trace as traces
from . import wire
from .model import FOLDED, State
from .values import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .changes import Texts
    from .directory import Record
    from .trace import Trace

BASE = "cn=accesslog"
ROOT = "gidnumber=0+uidnumber=0,cn=peercred,cn=external,cn=auth"  # of the directory's machine, over its Unix socket
ATTRIBUTES = (
    "reqAuthzID",
    "reqControls",
    "reqDN",
    "reqEntryUUID",
    "reqMod",
    "reqNewDN",
    "reqOld",
    "reqResult",
    "reqStart",
    "reqType",
)

# What slapd keeps of its own accord with every write.
_BOOKKEEPING = frozenset(
    {
        "createTimestamp",
        "creatorsName",
        "entryCSN",
        "entryUUID",
        "memberOf",
        "modifiersName",
        "modifyTimestamp",
        "structuralObjectClass",
    }
)
_SECRETS = frozenset({"userPassword", "pwdHistory"})
_OF_A_PASSWORD = _SECRETS | {"pwdChangedTime", "pwdReset", "pwdGraceUseTime"}
_OF_A_LOCK = frozenset({"pwdAccountLockedTime"})
_OF_A_SIGN_IN = frozenset({"pwdLastSuccess", "pwdFailureTime", "authTimestamp"})
_UNSEEN = _BOOKKEEPING | _OF_A_PASSWORD | _OF_A_LOCK | _OF_A_SIGN_IN
_MODIFICATION = re.compile(rb"(?P<name>[A-Za-z][^:;]*)(?P<options>[^:]*):(?P<how>[-+=#])(?: (?P<value>.*))?", re.DOTALL)
_FORMER = re.compile(rb"(?P<name>[A-Za-z][^:;]*)(?P<options>[^:]*): (?P<value>.*)", re.DOTALL)
_CONTROL = re.compile(rb"\{\d+\}\{(?P<oid>[0-9.]+).* controlValue \"(?P<value>[0-9A-Fa-f]*)\"\}")


class Deed(StrEnum):
    """What a record comes to for the entry."""

    CREATED = "created"
    ADOPTED = "adopted"
    CHANGED = "changed"
    MOVED = "moved"
    CLOSED = "closed"
    REOPENED = "reopened"
    PURGED = "purged"
    DELETED = "deleted"
    PASSWORD = "password"  # noqa: S105 - it was set; nothing says to what
    LOCKED = "locked"
    SEALED = "sealed"  # locked for good: no time ends it
    UNLOCKED = "unlocked"
    SIGN_IN = "sign-in"  # right or wrong, slapd notes it in the entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One write. ``before`` and ``after`` hold the attributes that it changed and no others, in the directory's names.

    ``start`` is the record's name: the second, and a number within it. ``about`` is the entry above that was moved and
    took this one along; empty where the write is to the entry itself.
    """

    start: str
    deed: Deed
    author: str  # the name of the account
    dn: str  # where the entry stood
    new_dn: str = ""
    uuid: str = ""
    before: Texts = field(default_factory=dict)
    after: Texts = field(default_factory=dict)
    trace: Trace | None = None
    password: bool = False  # it was set, given or taken away besides
    about: str = ""

    @property
    def at(self) -> datetime:
        """Give the second in which slapd began it."""
        return datetime.strptime(self.start[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    @property
    def target(self) -> str:
        """Give the name under which the entry is found afterwards."""
        return self.new_dn or self.dn


def read(record: Record) -> Event | None:
    """Read a record; None if nothing came of it, or if it is of no write to an entry."""
    kind = _text(record, "reqType")
    if kind not in _KINDS or _text(record, "reqResult") != "0":
        return None
    before, after = _values(record)
    touched = before.keys() | after.keys()
    return Event(
        start=_text(record, "reqStart"),
        deed=_KINDS[kind] if kind != "modify" else _deed(before, after),
        author=_text(record, "reqAuthzID"),
        dn=_text(record, "reqDN"),
        new_dn=_text(record, "reqNewDN") if kind == "modrdn" else "",
        uuid=_text(record, "reqEntryUUID"),
        before={name: values for name, values in sorted(before.items()) if name not in _UNSEEN},
        after={name: values for name, values in sorted(after.items()) if name not in _UNSEEN},
        trace=_trace(_raw(record, "reqControls")) if _may_speak(_text(record, "reqAuthzID")) else None,
        password=kind != "delete" and not touched.isdisjoint(_OF_A_PASSWORD),
    )


# What ppolicy makes of when an account was locked: at no time at all is for ever.
_LOCKS: Mapping[tuple[str, ...], Deed] = {(): Deed.UNLOCKED, ("000001010000Z",): Deed.SEALED}

_KINDS: Mapping[str, Deed] = {
    "add": Deed.CREATED,
    "modify": Deed.CHANGED,
    "modrdn": Deed.MOVED,
    "delete": Deed.DELETED,
}


def _values(record: Record) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Give the attributes that a write changed, as they were and as they became."""
    old: dict[str, list[str]] = defaultdict(list)
    for value in _raw(record, "reqOld"):
        if found := _FORMER.fullmatch(value):
            old[_name(found)].append(_shown(found["name"], found["value"]))
    new: dict[str, list[str]] = {}
    replaced: set[str] = set()
    for value in _raw(record, "reqMod"):
        if (found := _MODIFICATION.fullmatch(value)) is None:
            continue  # a lone colon, between two modifications of one attribute
        name, given = _name(found), found["value"]
        if found["how"] == b"=" and name not in replaced:
            new[name] = []
            replaced.add(name)
        current = new.setdefault(name, list(old[name]) if name in old else [])
        if found["how"] == b"-":
            new[name] = [one for one in current if given is not None and one != _shown(found["name"], given)]
        elif given is not None:
            current.append(_shown(found["name"], given))
    names = new.keys() | (old.keys() if _text(record, "reqType") == "delete" else set())
    before = {name: tuple(sorted(old.get(name, ()))) for name in names}
    after = {name: tuple(sorted(new.get(name, ()))) for name in names}
    # Of a password only the second is seen: two in one second look the same.
    same = {name for name in names if before[name] == after[name] and name not in _OF_A_PASSWORD}
    return ({name: before[name] for name in names - same}, {name: after[name] for name in names - same})


def _name(found: re.Match[bytes]) -> str:
    """Give the attribute; of its variants, the one that the engine writes is an attribute of its own."""
    whole = (found["name"] + found["options"]).decode()
    return whole if whole == FOLDED else found["name"].decode()


def _shown(name: bytes, value: bytes) -> str:
    return "" if name.decode() in _SECRETS else value.decode(errors="backslashreplace")


def _deed(before: Texts, after: Texts) -> Deed:
    """Say what a modification comes to."""
    touched = after.keys() - _BOOKKEEPING
    if touched - _UNSEEN:
        return _deed_to_see(before, after)
    if touched & _OF_A_PASSWORD:
        return Deed.PASSWORD
    if touched & _OF_A_LOCK:
        return _LOCKS.get(after["pwdAccountLockedTime"], Deed.LOCKED)
    return Deed.SIGN_IN if touched & _OF_A_SIGN_IN else Deed.CHANGED


def _deed_to_see(before: Texts, after: Texts) -> Deed:
    was, became = before.get("congvuState", ()), after.get("congvuState", ())
    if became == (State.PURGED,):
        return Deed.PURGED
    if not before.get("congvuId", ()) and after.get("congvuId", ()):
        return Deed.ADOPTED
    if was == (State.ACTIVE,):
        return Deed.CLOSED
    return Deed.REOPENED if became == (State.ACTIVE,) else Deed.CHANGED


def _may_speak(author: str) -> bool:
    """Tell whether an account is one that the engine signs in with: anybody may send a line, and name somebody else."""
    key = names.key(author)
    return key == ROOT or names.split(key)[:2] == ["cn=reconciler", "ou=services"]


def _trace(controls: Iterable[bytes]) -> Trace | None:
    for control in controls:
        found = _CONTROL.fullmatch(control)
        if found and found["oid"].decode() == wire.SESSION_TRACKING:
            format_oid, said = wire.session_tracked(bytes.fromhex(found["value"].decode()))
            if format_oid == traces.FORMAT:
                return traces.read(said)
    return None


def _text(record: Record, name: str) -> str:
    values = record.attributes.get(name, ())
    return readable(values[0]) if values else ""


def _raw(record: Record, name: str) -> Iterator[bytes]:
    """Yield values as slapd tells them: names and values of attributes together, whatever those are."""
    return (value.encode(errors="surrogateescape") for value in record.attributes.get(name, ()))
