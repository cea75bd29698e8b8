"""What an apply meant to do and what came of it, line by line on the disk, intents before the deed.

After a crash the directory itself says what was done; the journal says what was under way, for people to read.
It holds ids and fates, never values.
"""

from __future__ import annotations

import json
import os
from contextlib import nullcontext, suppress
from fcntl import LOCK_EX, flock
from typing import TYPE_CHECKING, Self

from .files import blamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType


class Journal:
    """One apply's journal, a file of JSON lines of its own."""

    def __init__(self, folder: Path, plan: str, now: Callable[[], datetime]) -> None:
        """Name the file by the moment and the plan, so that a folder listing is a history."""
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        self.path = folder / f"{now():%Y%m%dT%H%M%S.%fZ}-{plan[:12]}.jsonl"
        self._now = now
        self._file = self.path.open("xb", buffering=0)
        flock(self._file, LOCK_EX)  # as long as this apply is at work, nobody takes it for one that broke off

    def __enter__(self) -> Self:
        """Hand out the open journal."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file; how an apply that broke off ended is the last thing it says."""
        # On a full disk neither may succeed; what broke the apply off is what its caller must hear.
        with suppress(OSError) if error else nullcontext(), self._file:
            if error is not None:
                self.write("broken", reason=f"{type(error).__name__}: {error}")

    def intend(self, ids: Iterable[str]) -> None:
        """Say what is attempted next, before it is."""
        self.write("intent", ids=list(ids))

    def outcome(self, fates: Mapping[str, str]) -> None:
        """Say what became of it."""
        self.write("outcome", fates=dict(fates))

    def write(self, event: str, **fields: object) -> None:
        """Write one line and wait until the disk has it; where there is no room for all of it, leave none of it."""
        said = {"event": event, "at": self._now().isoformat(), **fields}
        line = json.dumps(said, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        with blamed(self.path):
            begin = self._file.tell()
            try:
                while line:
                    line = line[self._file.write(line) :]
                os.fsync(self._file.fileno())
            except OSError:
                self._file.truncate(begin)
                self._file.seek(begin)
                raise
