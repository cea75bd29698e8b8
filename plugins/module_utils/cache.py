"""What was read of the registry's files, kept so that only what changed is parsed again.

For each file one of ours holds the content that was read last and what it came to. It is named by a digest of the
file's name and of the whole engine: what an older one read or found sound is never found again. The folder and its
files are the user's own, as whoever writes to them could make this process run code.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import pkgutil
import re
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_OURS = re.compile(r"[0-9a-f]{32}(?:\.[0-9]+)?")  # the second as it is being written
_SIZE = 8  # bytes that tell how long the content is, which follows


def engine() -> hashlib.blake2b:
    """Give a digest of the whole engine, to be gone on with.

    Also where it comes in a zip, as Ansible sends it: then it is what this module needs of it.
    """
    found = hashlib.blake2b(digest_size=16)
    for module in sorted(pkgutil.iter_modules(import_module(__package__).__path__), key=attrgetter("name")):
        found.update(pkgutil.get_data(__package__, f"{module.name}.py") or b"")
    return found


def pack(value: object) -> bytes:
    """Give what was read of a file as bytes, to be kept or to be sent from one of our processes to another."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def unpack(packed: bytes) -> Any:  # noqa: ANN401 -- whatever was packed
    """Undo ``pack``; what another user may have written must never come here."""
    return pickle.loads(packed)  # noqa: S301 -- written by us


class Cache:
    """A folder of what was read; without a folder it remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        """Use the folder if it is safe to, and make it if it is not there."""
        self._used: set[str] = set()
        self._folder = folder
        if folder is None:
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if found.st_uid != os.geteuid() or found.st_mode & 0o022:
            self._folder = None
        self._engine = engine()

    def get(self, file: str, content: bytes) -> Any:  # noqa: ANN401 -- whatever was put there
        """Return what was kept for a file of this content, or None."""
        return self._read(file, content)[1]

    def last(self, file: str) -> tuple[bytes, Any] | None:
        """Return the content for which anything was kept of a file, and what that is, or None."""
        content, value = self._read(file)
        return None if value is None else (content, value)

    def put(self, file: str, content: bytes, value: object, packed: bytes = b"") -> None:
        """Keep what was read of a file, if there is room for it; what is packed already need not be once more."""
        if self._folder is None:
            return
        path = self._folder / self._name(file)
        part = path.with_suffix(f".{os.getpid()}")
        try:
            part.write_bytes(b"".join((len(content).to_bytes(_SIZE), content, packed or pack(value))))
            part.replace(path)
        except OSError:
            # A full disk: whoever must write to it will say so. This file is read again next time.
            part.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Forget what this reading had no use for, once there is much of it."""
        if self._folder is None:
            return
        ours = (path for path in self._folder.iterdir() if _OURS.fullmatch(path.name))
        found = [path for path in ours if path.name not in self._used]
        for path in found if len(found) > len(self._used) else ():
            path.unlink(missing_ok=True)

    def _read(self, file: str, wanted: bytes | None = None) -> tuple[bytes, Any]:
        """Read what is kept, if it is what is wanted."""
        if self._folder is None:
            return b"", None
        try:
            with (self._folder / self._name(file)).open("rb") as kept:
                content = kept.read(int.from_bytes(kept.read(_SIZE)))
                return content, unpack(kept.read()) if wanted in (None, content) else None
        except Exception:  # noqa: BLE001 -- whatever a damaged file makes of itself, it costs a reading and no more
            return b"", None

    def _name(self, file: str) -> str:
        digest = self._engine.copy()
        digest.update(file.encode())
        name = digest.hexdigest()
        self._used.add(name)
        return name
