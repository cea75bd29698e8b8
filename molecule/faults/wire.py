"""A wire between engine and directory that a test can cut, after so many bytes."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from select import select
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

_CHUNK = 512


class Cut(StrEnum):
    """What becomes of a connection when its bytes are used up."""

    RESET = "reset"  # the other side is gone at once: a crashed host, a firewall that rejects
    CLOSE = "closed"  # ended with good manners, in the middle of a sentence
    SILENCE = "silent"  # nothing comes any more: a firewall that drops, a pulled plug


@dataclass
class Wire:
    """Passes bytes on between a port of this host and the directory; the first connection is cut after ``lasts``."""

    target: tuple[str, int]
    cut: Cut
    lasts: int
    carried: int = field(default=0, init=False)
    _open: list[socket.socket] = field(default_factory=list, init=False)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of everything."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    @property
    def uri(self) -> str:
        """Name this end as a directory."""
        return f"ldaps://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        with suppress(OSError), self._listener.accept()[0] as near, socket.create_connection(self.target) as far:
            self._open += [near, far]
            while ready := select([near, far], [], [])[0]:
                for end in ready:
                    data = end.recv(min(_CHUNK, self.lasts - self.carried))
                    if not data:
                        return
                    (far if end is near else near).sendall(data)
                    self.carried += len(data)
                    if self.carried >= self.lasts:
                        self._end(near)
                        return

    def _end(self, near: socket.socket) -> None:
        if self.cut is Cut.SILENCE:
            while near.recv(_CHUNK):
                pass
        if self.cut is Cut.RESET:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
