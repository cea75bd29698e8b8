"""A stolen password (khoá khẩn cấp): the account is locked for good, and what a thief may have left is put aside.

The lock is the password policy's own (slapo-ppolicy(5)): an attribute that is not the registry's, so that no plan opens
the account again. It goes with a new password. What is put aside on each host is noted, to be put back.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .changes import base_dn
from .directory import Fate, Modify
from .files import write_whole
from .model import State
from .values import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .directory import Directory, Record, Texts

FOLDER = "lockouts"  # of the state folder
FOR_GOOD = "000001010000Z"  # at no time at all: until somebody unlocks it
ATTRIBUTES = (
    "uid",
    "congvuId",
    "congvuState",
    "displayName",
    "title",
    "ou",
    "mail",
    "mailLocalAddress",
    "pwdAccountLockedTime",
    "pwdChangedTime",
)
_TRIES = 5  # somebody who tries to sign in meanwhile changes the entry
_PUT_ASIDE = ("script", "letters")


class LockoutError(ValueError):
    """There is no account to lock or to let in again; says why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account, as the directory has it."""

    id: str
    dn: str
    csn: str
    uid: str
    name: str
    title: str
    places: tuple[str, ...]  # names of the agency and the unit
    addresses: tuple[str, ...]  # the primary one first
    state: str
    locked: bool  # for good; one that ends by itself does not count
    changed: datetime | None  # when the password was set


def find(directory: Directory, suffix: str, id_: str) -> Account:
    """Find a person's account; ``id_`` is that of the registry."""
    if not id_.startswith("person:"):
        message = f"{id_} has no password of its own. Name the person whose password was stolen."
        raise LockoutError(message)
    found = directory.search(base_dn(suffix), {"congvuId": (id_,)}, ATTRIBUTES)
    if not found:
        message = f"{id_} is not in the directory: there is nothing to lock."
        raise LockoutError(message)
    return _account(found[0])


def lock(directory: Directory, suffix: str, account: Account, trace: str) -> Account:
    """Lock an account for good; one that is locked already stays as it is."""
    return account if account.locked else _written(directory, suffix, account, (FOR_GOOD,), trace)


def release(directory: Directory, suffix: str, account: Account, since: datetime, trace: str) -> Account:
    """Let somebody in again whose password was set anew after the lockout."""
    if account.changed is None or account.changed <= since:
        message = (
            f"The password of {account.name} is still the one of before: whoever stole it would be in again. "
            f"Set a new one first: ansible-playbook playbooks/password.yml -e id={account.id}"
        )
        raise LockoutError(message)
    return _written(directory, suffix, account, (), trace) if account.locked else account


def _written(directory: Directory, suffix: str, account: Account, value: Texts, trace: str) -> Account:
    for _ in range(_TRIES):  # at least one
        write = Modify(account.dn, account.csn, {"pwdAccountLockedTime": value}, trace)
        (outcome,) = directory.write([write])
        if outcome.fate is not Fate.STALE:
            break
        account = find(directory, suffix, account.id)
    if outcome.fate is not Fate.DONE:
        message = f"{account.id}: {outcome.message}"
        raise LockoutError(message)
    return find(directory, suffix, account.id)


def _account(record: Record) -> Account:
    def values(name: str) -> list[str]:
        return sorted(record.attributes.get(name, ()))

    primary, changed = values("mail"), text(record, "pwdChangedTime")
    return Account(
        id=text(record, "congvuId"),
        dn=record.dn,
        csn=record.csn,
        uid=text(record, "uid"),
        name=text(record, "displayName"),
        title=text(record, "title"),
        places=tuple(values("ou")),
        addresses=tuple(dict.fromkeys((*primary, *values("mailLocalAddress")))),
        state=text(record, "congvuState") or State.ACTIVE,
        locked=text(record, "pwdAccountLockedTime") == FOR_GOOD,
        changed=datetime.strptime(changed[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if changed else None,
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a host had of the account: rules and letters that were put aside, and traces of its use."""

    script: str = ""  # name of the Sieve script that was switched off
    redirects: tuple[str, ...] = ()
    discards: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)  # of the Sieve scripts
    letters: tuple[Mapping[str, Any], ...] = ()  # that are on hold
    uses: tuple[Mapping[str, Any], ...] = ()
    sent: tuple[Mapping[str, Any], ...] = ()


class Case:
    """One lockout in the state folder: when it began, and what each host had of it."""

    def __init__(self, state: Path, uid: str) -> None:
        """Nothing is made before there is something to write."""
        self.folder = state / FOLDER / uid
        self._head = self.folder / "case.json"

    def begin(self, now: datetime, by: str, reason: str) -> None:
        """Note that it began; one that is open goes on."""
        if not self._head.exists():
            self._write(self._head, {"since": now.isoformat(), "by": by, "reason": reason})

    def head(self) -> dict[str, str]:
        """Return when it began, who began it and why; empty if there is none."""
        try:
            return dict(json.loads(self._head.read_bytes()))
        except FileNotFoundError:
            return {}

    def note(self, host: str, said: Mapping[str, Any]) -> None:
        """Note what a host had; what was put aside by an earlier run stays noted."""
        before = self.findings().get(host, Finding())
        merged = {**asdict(before), **{name: value for name, value in said.items() if value or name not in _PUT_ASIDE}}
        merged["script"] = said.get("script") or before.script
        known = {letter["queue"]: letter for letter in (*before.letters, *said.get("letters", ()))}
        merged["letters"] = list(known.values())
        self._write(self.folder / "hosts" / f"{host}.json", merged)

    def findings(self) -> dict[str, Finding]:
        """Return what each host had."""
        found = {}
        for path in sorted((self.folder / "hosts").glob("*.json")):
            said = json.loads(path.read_bytes())
            lists = {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
            found[path.stem] = Finding(**{**said, **lists})
        return found

    def close(self, now: datetime) -> None:
        """Put the case away: everything is put back."""
        if self._head.exists():
            self.folder.rename(self.folder.with_name(f"{self.folder.name}.{now:%Y%m%dT%H%M%SZ}"))

    def _write(self, path: Path, said: object) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = json.dumps(said, ensure_ascii=False, indent=2, default=str)
        write_whole(path, content.encode() + b"\n", mode=0o600)
