"""Another password for somebody who lost theirs, and the way back in for whom wrong ones have locked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .changes import base_dn
from .directory import Fate, Modify
from .model import Kind, State
from .phrase import Language, Phrase
from .slips import ATTRIBUTES, FOREVER, holders

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from .credentials import Vault
    from .directory import Outcome, Record, Write
    from .slips import Holder

_TRIES = 5  # somebody who tries to sign in meanwhile changes the entry
_LOCK = ("pwdAccountLockedTime",)  # with which slapd takes away the failures that led to it


class ResetError(ValueError):
    """There is no password to set or no lock to take away; says why, and what to do instead."""


class Directory(Protocol):
    """What is asked of the directory."""

    def read_tree(self, base: str, attributes: Collection[str]) -> list[Record]:
        """Read the entry ``base`` and all below it."""
        ...

    def write(self, batch: Sequence[Write]) -> list[Outcome]:
        """Carry out writes, each on the condition that the entry is as it was read."""
        ...


def find(directory: Directory, suffix: str, id_: str, language: str = Language.ENGLISH) -> Holder:
    """Find somebody who may sign in; ``id_`` is that of the registry."""
    kind = id_.partition(":")[0]
    if kind not in (Kind.PERSON, Kind.ADMIN):
        words = Phrase("{id} has no password: people open it under their own names. Name the person.", {"id": id_})
        raise ResetError(words.told(language))
    holder = holders(directory.read_tree(base_dn(suffix), ATTRIBUTES), suffix).get(id_)
    if holder is None:
        words = Phrase("{id} is not in the directory. Apply the plan that opens the account first.", {"id": id_})
        raise ResetError(words.told(language))
    if holder.state != State.ACTIVE:
        facts = {"id": id_, "state": holder.state}
        words = Phrase("The account of {id} is closed ({state}): a password would open nothing.", facts)
        raise ResetError(words.told(language))
    return holder


def reset(directory: Directory, suffix: str, holder: Holder, vault: Vault, trace: str) -> None:
    """Set a new random password, which its holder must change. It stays recorded in the vault.

    slapd takes away any lock with the old one. Raises ResetError where the directory refuses; then the password that
    was recorded before is again.
    """
    digest, former = vault.renew(holder.id)

    def write(current: Holder) -> Modify:
        return Modify(current.dn, current.csn, {}, trace, lambda: digest)

    try:
        _written(directory, suffix, holder, write)
    except ResetError:
        vault.put_back(holder.id, former)
        raise


def unlock(directory: Directory, suffix: str, holder: Holder, trace: str, language: str = Language.ENGLISH) -> None:
    """Take a lock away, with the failures that led to it, and leave the password as it is.

    Raises ResetError for whom the term for first passwords has locked out, as it would do so again, and for whose
    password was stolen.
    """
    if holder.is_late:
        words = Phrase("{id} did not change the first password in time. Set another password.", {"id": holder.id})
        raise ResetError(words.told(language))
    if holder.lock == FOREVER:
        words = Phrase("{id} is locked because others may know the password. Set another password.", {"id": holder.id})
        raise ResetError(words.told(language))
    _written(directory, suffix, holder, lambda current: Modify(current.dn, current.csn, {}, trace, without=_LOCK))


def _written(directory: Directory, suffix: str, holder: Holder, write: Callable[[Holder], Modify]) -> None:
    for _ in range(_TRIES):  # at least one
        (outcome,) = directory.write([write(holder)])
        if outcome.fate is Fate.DONE:
            return
        if outcome.fate is not Fate.STALE:
            break
        holder = find(directory, suffix, holder.id)
    message = f"{holder.id}: {outcome.message}"
    raise ResetError(message)
