"""The bulk read of a plan, begun in a process of its own while the registry is still being read.

Either takes seconds of one processor in a large province, and neither needs the other. It is help and nothing more:
where there is no second process, or it fails for whatever reason, the plan reads the directory itself, and says itself
what is wrong with it.

What was read is kept. The next time all entries tell their names and versions, and only those that are new or have
another ``entryCSN``, which every write gives them, tell the rest.
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
from .source import unswept

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path
    from types import TracebackType

    from .directory import Access, Values

_TOGETHER = 4096  # records in a message from one process to the other


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """A bulk read under way."""

    process: BaseProcess
    receiver: Connection

    @classmethod
    def begin(cls, access: Access, suffix: str, kept: Path | None = None) -> Self | None:
        """Begin to read all below ``base_dn``, or give None where that cannot be done beside.

        ``kept`` is a folder for what was read, which makes the next reading cheaper.
        """
        # A process with threads, such as Mitogen's, must not be forked: a lock of another thread would never open.
        if threading.active_count() > 1:
            return None
        context = get_context("fork")
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_read, args=(access, suffix, kept, sender), name="read-ahead", daemon=True)
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


def _read(access: Access, suffix: str, kept: Path | None, sender: Connection) -> None:
    os.nice(10)  # the registry is what everything waits for
    base = base_dn(suffix)
    with suppress(Exception), unswept(), LdapDirectory.connect(access) as directory:
        cache = Cache(kept)
        before: list[bytes] = cache.get(base, b"") or []
        known = {one.uuid: one for some in before for one in _records(some)}
        records = directory.reread_tree(base, ATTRIBUTES, known) if known else directory.read_tree(base, ATTRIBUTES)
        now = [_packed(records[start : start + _TOGETHER]) for start in range(0, len(records), _TOGETHER)]
        for some in (*now, pack(())):
            sender.send_bytes(some)
        if now != before:
            cache.put(base, b"", now)
        cache.tidy()


def _packed(records: list[Record]) -> bytes:
    """Pack tuples, which takes a third of the time of objects; what is said of many people is sent and kept once."""
    said: dict[Values, Values] = {}
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
    return [Record(*one) for one in unpack(packed)]
