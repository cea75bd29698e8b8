"""The bulk read of a plan, begun in a process of its own while the registry is still being read.

Either takes seconds of one processor in a large province, and neither needs the other. It is help and nothing more:
where there is no second process, or it fails for whatever reason, the plan reads the directory itself, and says itself
what is wrong with it.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Self

from .cache import pack, unpack
from .changes import base_dn
from .directory import LdapDirectory, Record
from .plan import ATTRIBUTES
from .source import unswept

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import TracebackType

    from .directory import Access, Values

_TOGETHER = 4096  # records in a message from one process to the other


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """A bulk read under way."""

    process: BaseProcess
    receiver: Connection

    @classmethod
    def begin(cls, access: Access, suffix: str) -> Self | None:
        """Begin to read all below ``base_dn``, or give None where that cannot be done beside."""
        # A process with threads, such as Mitogen's, must not be forked: a lock of another thread would never open.
        if threading.active_count() > 1:
            return None
        context = get_context("fork")
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_read, args=(access, suffix, sender), name="read-ahead", daemon=True)
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
        """Let nothing run on that nobody waits for."""
        self.receiver.close()
        self.process.terminate()
        self.process.join()

    def records(self) -> list[Record] | None:
        """Wait for what ``read_tree`` gives, or None if it gave nothing: it failed, or it was killed."""
        found: list[Record] = []
        try:
            while some := unpack(self.receiver.recv_bytes()):
                found += (Record(*one) for one in some)
        except (EOFError, OSError):
            return None
        return found


def _read(access: Access, suffix: str, sender: Connection) -> None:
    os.nice(10)  # the registry is what everything waits for
    with suppress(Exception), unswept(), LdapDirectory.connect(access) as directory:
        records = directory.read_tree(base_dn(suffix), ATTRIBUTES)
        for start in range(0, len(records), _TOGETHER):
            sender.send_bytes(_packed(records[start : start + _TOGETHER]))
        sender.send_bytes(pack(()))


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
