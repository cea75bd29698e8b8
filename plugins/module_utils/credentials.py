"""Initial passwords: made at random, recorded for the hand-over, known to the directory only as hashes."""

from __future__ import annotations

import secrets
import string
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from passlib.hash import argon2

from .files import read_secret, write_secret, write_secrets
from .model import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

# Without the characters that look alike on paper and sound alike on the telephone.
_UPPER = "".join(sorted(set(string.ascii_uppercase) - set("IO")))
_LOWER = "".join(sorted(set(string.ascii_lowercase) - set("lo")))
_DIGITS = "23456789"
_GROUPS, _LENGTH = 4, 4


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at a hash costs (RFC 9106): KiB of memory, passes over it, lanes.

    OWASP's least for passwords that people choose is 19,456 KiB and two passes, 30 ms on the test machine: it makes
    up for the few guesses that a chosen password takes. An initial password is random, with more than 90 bits, which
    nobody guesses at any cost, and is there to be replaced at the first sign-in, when slapd hashes the new one at its
    own cost. At 64 KiB and one pass 50,000 hashes take 3 s instead of 25 minutes, beside what slapd needs meanwhile.
    """

    memory: int = 64
    passes: int = 1
    lanes: int = 1


class Vault:
    """The folder of initial passwords, one file each, for root alone."""

    def __init__(self, folder: Path, cost: Cost | None = None) -> None:
        """Nothing is read or made before the first password is issued."""
        self.folder = folder
        self._hasher = _hasher(cost or Cost())
        self._worker = ThreadPoolExecutor(1, "vault")
        self._foreseen: dict[str, Future[dict[str, bytes]]] = {}

    def __enter__(self) -> Self:
        """Hand out the vault."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what is under way, and leave out what has not begun."""
        self._worker.shutdown(cancel_futures=True)

    def foresee(self, ids: Sequence[str]) -> None:
        """Make ready what ``issue`` will give for these, beside what the caller does meanwhile.

        The disk is waited for once for all of them, and hashing leaves the interpreter to others.
        """
        batch = self._worker.submit(self._make, list(ids))
        self._foreseen |= dict.fromkeys(ids, batch)

    def issue(self, id_: str) -> bytes:
        """Give the hash of the initial password of a registry object, as ``userPassword`` takes it.

        The password is on the disk before the hash is handed out, so none is ever in force without being known.
        One that was recorded already is used again: after a crash nobody can tell whether it is in force, and a
        second one would be wrong if it is.
        """
        batch = self._foreseen.pop(id_, None)
        return (batch.result() if batch else self._make([id_]))[id_]

    def _make(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Record passwords, then hash them."""
        known = {id_: read_secret(self.folder / file_name(id_)) for id_ in ids}
        made = {id_: random_password() for id_, password in known.items() if not password}
        if made:
            write_secrets(self.folder, {file_name(id_): password for id_, password in made.items()})
        return {id_: _digest(self._hasher, password) for id_, password in (known | made).items()}

    def recorded(self) -> dict[str, str]:
        """Give the passwords that are recorded, by the id of their holder."""
        files = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        # What begins with a dot is half written.
        found = {id_of(file.name): read_secret(file) for file in files if not file.name.startswith(".")}
        return {id_: password for id_, password in found.items() if password}

    def renew(self, id_: str) -> tuple[bytes, str]:
        """Record another password in place of the former one; give its hash, and the former one for ``put_back``.

        It is on the disk before the hash is handed out, as ``issue`` has it.
        """
        path = self.folder / file_name(id_)
        former, new = read_secret(path), random_password()
        write_secret(path, new)
        return _digest(self._hasher, new), former

    def put_back(self, id_: str, former: str) -> None:
        """Record what was recorded before ``renew``: the directory did not take the other one."""
        if former:
            write_secret(self.folder / file_name(id_), former)
        else:
            self.forget(id_)

    def forget(self, id_: str) -> None:
        """Remove what was recorded: of an account that is purged, so that whoever comes back gets another password."""
        (self.folder / file_name(id_)).unlink(missing_ok=True)


def sample_digest(cost: Cost) -> bytes:
    """Give a digest of a password that nobody knows, for showing a server what ``userPassword`` will look like."""
    return _digest(_hasher(cost), random_password())


def _hasher(cost: Cost) -> Any:  # noqa: ANN401 -- passlib's handlers are made at run time
    return argon2.using(type="ID", memory_cost=cost.memory, time_cost=cost.passes, parallelism=cost.lanes)


def _digest(hasher: Any, password: str) -> bytes:  # noqa: ANN401 -- likewise
    return b"{ARGON2}" + str(hasher.hash(password)).encode()


def file_name(id_: str) -> str:
    """Name the file of an object: ``tth00123`` for a person, ``admin.snv`` for an agency's admin account."""
    kind, _, name = id_.partition(":")
    if not name or set(name) - set(string.ascii_lowercase + string.digits + "-_."):
        message = f"{id_!r} cannot name a file of initial passwords."
        raise ValueError(message)
    return name if kind == Kind.PERSON else f"{kind}.{name}"


def id_of(file: str) -> str:
    """Give the id of the object whose file is called so."""
    kind, dot, name = file.partition(".")
    return f"{kind}:{name}" if dot else f"{Kind.PERSON}:{file}"


def random_password() -> str:
    """Make a password like ``hK7m-Rw3x-P9dq-Tz4e``: four groups for the eye, more than 90 bits for the rest.

    It has upper and lower case, digits and a special character, which is more than any of the regulations asks
    (quận Bình Tân, QĐ 7600/QĐ-UBND, Điều 6: 8 characters with upper case, lower case and a special one).
    """
    while True:
        drawn = "".join(secrets.choice(_UPPER + _LOWER + _DIGITS) for _ in range(_GROUPS * _LENGTH))
        if all(set(drawn) & set(wanted) for wanted in (_UPPER, _LOWER, _DIGITS)):
            return "-".join(drawn[start : start + _LENGTH] for start in range(0, len(drawn), _LENGTH))
