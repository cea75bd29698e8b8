"""The bulk read of a plan, begun in a process of its own while the registry is still being read.

Either takes seconds of one processor in a large province, and neither needs the other. It is help and nothing more:
where there is no second process, or it fails for whatever reason, the plan reads the directory itself, and says itself
what is wrong with it.

What was read is kept, with the directory's state at that time (``recall.state``). Where nothing was written since, it
is what another reading would find. Elsewhere all entries tell their names and versions, and only those that are new or
have another ``entryCSN``, which every write gives them, tell the rest.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Self

from .cache import Cache, pack, unpack
from .changes import base_dn
from .directory import LdapDirectory, Record
from .plan import ATTRIBUTES
from .unswept import unswept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path
    from types import TracebackType

    from .directory import Access, Texts

_TOGETHER = 4096  # records in a message from one process to the other


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """A bulk read under way."""

    process: BaseProcess
    receiver: Connection

    @classmethod
    def begin(cls, access: Access, suffix: str, kept: Path | None = None, state: str = "") -> Self | None:
        """Begin to read all below ``base_dn``, or give None where that cannot be done beside.

        ``kept`` is a folder for what was read, which makes the next reading cheaper; ``state`` what ``recall.state``
        told just before.
        """
        # A process with threads, such as Mitogen's, must not be forked: a lock of another thread would never open.
        if threading.active_count() > 1:
            return None
        context = get_context("fork")
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(
            target=_read, args=(access, suffix, kept, state, sender), name="read-ahead", daemon=True
        )
        try:
            process.start()
        except OSError:
            receiver.close()
            return None
        finally:
            sender.close()
        return cls(process, receiver)

    def __enter__(self) -> Self:
        """Hand out the read."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait until what was read is kept; let nothing run on that nobody waits for."""
        self.receiver.close()
        if error:
            self.process.terminate()
        self.process.join()

    def records(self) -> list[Record] | None:
        """Wait for what ``read_tree`` gives, or None if it gave nothing: it failed, or it was killed."""
        found: list[Record] = []
        try:
            while some := _records(self.receiver.recv_bytes()):
                found += some
        except (EOFError, OSError):
            return None
        return found


def unwritten(access: Access, suffix: str, kept: Path, state: str) -> list[Record] | None:
    """Give what was read before if nothing was written to the directory since, which its state tells."""
    some: list[bytes] | None = Cache(kept).get(base_dn(suffix), _seen(access, state)) if state else None
    return None if some is None else [record for packed in some for record in _records(packed)]


def _seen(access: Access, state: str) -> bytes:
    """Name what was read: by whom, where, and in which state of the directory, if that can be told."""
    return f"{access.uri} {access.bind_dn} {state}".encode() if state else b""


def _read(access: Access, suffix: str, kept: Path | None, state: str, sender: Connection) -> None:
    os.nice(10)  # the registry is what everything waits for
    base = base_dn(suffix)
    with suppress(Exception), unswept(), LdapDirectory.connect(access) as directory:
        cache = Cache(kept)
        _, before = cache.last(base) or (b"", [])
        known = {one.uuid: one for some in before for one in _records(some)}
        records = directory.reread_tree(base, ATTRIBUTES, known) if known else directory.read_tree(base, ATTRIBUTES)
        now = list(_packs(records, list(known.values()), before))
        for some in (*now, pack(())):
            sender.send_bytes(some)
        cache.put(base, _seen(access, state), now)
        cache.tidy()


def _packs(records: list[Record], known: list[Record], before: list[bytes]) -> Iterator[bytes]:
    """Pack records some at a time; those that are as they were before are packed already."""
    for place, start in enumerate(range(0, len(records), _TOGETHER)):
        some, others = (each[start : start + _TOGETHER] for each in (records, known))
        is_known = len(some) == len(others) and all(map(_is_same, some, others))
        yield before[place] if is_known else _packed(some)


def _is_same(one: Record, other: Record) -> bool:
    return one.csn == other.csn and one.dn == other.dn and one.uuid == other.uuid


def _packed(records: list[Record]) -> bytes:
    """Pack tuples, which takes a third of the time of objects; what is said of many people is sent and kept once."""
    said: dict[Texts, Texts] = {}
    return pack(
        [
            (
                one.dn,
                one.uuid,
                one.csn,
                {name: said.setdefault(values, values) for name, values in one.attributes.items()},
            )
            for one in records
        ]
    )


def _records(packed: bytes) -> list[Record]:
    return list(map(Record._make, unpack(packed)))
