"""The record of purges: what was removed, by which decision and plan, when, and how much it was.

One file of JSON lines that is only ever appended to. A line says what is about to be removed, before it is; a second
line says that it is gone. Each is on the disk before the next step, so that nothing is removed without a record.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .files import blamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from .holdings import Tomb

INTENT, PURGED = "intent", "purged"


class Obituary:
    """The file, read once and then appended to."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        """Read what was recorded; a line that a power cut left half written counts for nothing."""
        self.path = path
        self._now = now
        self._last: dict[tuple[str, str], dict[str, Any]] = {}  # by store and uid
        text = b""
        with suppress(FileNotFoundError):
            text = path.read_bytes()
        self._is_torn = bool(text) and not text.endswith(b"\n")
        for line in text.splitlines():
            with suppress(ValueError):
                said = json.loads(line)
                self._last[said["store"], said["uid"]] = said

    def is_settled(self, store: str, tomb: Tomb) -> bool:
        """Say whether the mail is gone of an entry that nobody has changed since."""
        last = self._last.get((store, tomb.uid), {})
        return (last.get("event"), last.get("csn")) == (PURGED, tomb.csn)

    def is_closed(self, store: str, tomb: Tomb) -> bool:
        """Say whether the last that was recorded of a mailbox is that it is gone."""
        return self._last.get((store, tomb.uid), {}).get("event") == PURGED

    def write(self, event: str, store: str, plan: str, found: Iterable[tuple[Tomb, Mapping[str, Any]]]) -> None:
        """Append a line for each mailbox and wait until the disk has all of them."""
        lines = [
            {
                "event": event,
                "at": self._now().isoformat(),
                "store": store,
                "plan": plan,
                "uid": tomb.uid,
                "id": tomb.id,
                "decision": tomb.decision,
                "csn": tomb.csn,
                **facts,
            }
            for tomb, facts in found
        ]
        if not lines:
            return
        is_new = not self.path.exists()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with blamed(self.path):
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                text = "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines)
                file.write(b"\n" * self._is_torn + text.encode())
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
        self._is_torn = False
        self._last |= {(line["store"], line["uid"]): line for line in lines}
