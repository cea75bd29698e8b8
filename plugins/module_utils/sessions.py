"""Open sessions outlive what they rest on: whose are to end after an apply, and on which store that is still due.

A session keeps the rights with which it began: the directory is asked at sign-in and then no more. Whoever loses access
is therefore noted before the directory changes, and the note goes when the store has ended the sessions, so that
neither an apply that is killed nor a store that is down leaves one open.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Protocol

from .files import write_locked
from .mailstore import Command
from .model import Kind, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from .changes import Change


class Store(Protocol):
    """Whoever executes doveadm commands in their order and returns the rows of each."""

    def call(self, commands: Sequence[Command]) -> list[list[dict[str, str]]]:
        """Execute them; the first that fails raises StoreError."""
        ...


FOLDER = "sessions"  # of the state folder
_SHORT = 12  # characters of a plan's id
_ACTIVE = (str(State.ACTIVE),)


def losers(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return, by uid, the people who lose access: altogether, or to a mailbox of several people."""
    return tuple(sorted({change.id.partition(":")[2] for change in changes if _loses(change)}))


def _loses(change: Change) -> bool:
    """Tell whether open sessions may do more than those that begin after the change."""
    if change.kind is not Kind.PERSON or change.precondition is None:
        return False
    if change.after.get("congvuState", _ACTIVE) != _ACTIVE:
        return True
    had = change.before.get("congvuAccess", ())
    # A level that rises counts as well: the right is there at once, and not when the program happens to sign in anew.
    return not set(had) <= set(change.after.get("congvuAccess", had))


class Owed:
    """The notes on the control node: a file for each store and plan, with the uids of people."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made before there is something to note."""
        self._folder = folder

    @contextmanager
    def noted(self, plan: str, stores: Iterable[str], users: Sequence[str]) -> Iterator[None]:
        """Note whose sessions the stores are to end. Until the caller is done, or dead, nobody acts on it."""
        with ExitStack() as held:
            for store in stores if users else ():
                path = self._folder / store / f"{plan[:_SHORT]}.json"
                held.enter_context(write_locked(path, json.dumps(list(users)).encode()))
            yield

    @contextmanager
    def due(self, store: str, *, settle: bool = True) -> Iterator[tuple[str, ...]]:
        """Hand out whose sessions a store is to end; what is noted of them goes then, unless the caller fails."""
        with ExitStack() as held:
            notes = [path for path in sorted((self._folder / store).glob("*.json")) if _is_ours(path, held)]
            yield tuple(sorted({user for path in notes for user in json.loads(path.read_bytes())}))
            for path in notes if settle else ():
                path.unlink()


def _is_ours(path: Path, held: ExitStack) -> bool:
    """Lock a note, unless the apply that wrote it still runs or another process acts on it."""
    try:
        file = held.enter_context(path.open("rb"))
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(file.fileno()).st_ino == path.stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        return False


def end(store: Store, users: Sequence[str]) -> int:
    """End all sessions of people, those that wait for news (IDLE) included, and return how many there were."""
    answers = store.call([Command("kick", {"mask": [user]}) for user in users])
    return sum(int(row["count"]) for rows in answers for row in rows)


def opened(store: Store, users: Sequence[str]) -> int:
    """Count their sessions."""
    wanted = set(users)
    return sum(row["username"] in wanted for row in store.call([Command("who", {})])[0]) if wanted else 0
