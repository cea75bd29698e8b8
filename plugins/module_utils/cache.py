"""What was read of the registry's files, kept so that only changed ones are parsed again.

One small file for each that was read, named by a digest of its content, of its name and of the engine that read it: a
stale one is never found. The folder is the user's own, as whoever writes to it could make this process run code.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import pkgutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_ENGINE = ("model", "yamlfile", "shape", "layout", "assemble", "names", "legacy", "syllable", "policy")


class Cache:
    """A folder of what was read; without a folder it remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        """Use the folder if it is safe to, and make it if it is not there."""
        self._used: set[str] = set()
        self._folder = folder
        if folder is None:
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o022:
            self._folder = None
        self._engine = hashlib.blake2b(digest_size=16)
        for name in _ENGINE:
            self._engine.update(pkgutil.get_data(__package__, f"{name}.py") or b"")

    def get(self, file: str, content: bytes) -> Any:  # noqa: ANN401 -- whatever was put there
        """Return what was kept for a file of this content, or None."""
        if self._folder is None:
            return None
        name = self._name(file, content)
        try:
            return pickle.loads((self._folder / name).read_bytes())  # noqa: S301 -- written by us, in a folder of ours
        except Exception:  # noqa: BLE001 -- whatever a damaged file makes of itself, it costs a reading and no more
            return None

    def put(self, file: str, content: bytes, value: object) -> None:
        """Keep what was read of a file."""
        if self._folder is not None:
            path = self._folder / self._name(file, content)
            part = path.with_suffix(f".{os.getpid()}")
            part.write_bytes(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
            part.replace(path)

    def tidy(self) -> None:
        """Forget what this reading had no use for, once there is much of it."""
        if self._folder is None:
            return
        found = [path for path in self._folder.iterdir() if path.name not in self._used]
        for path in found if len(found) > len(self._used) else ():
            path.unlink(missing_ok=True)

    def _name(self, file: str, content: bytes) -> str:
        digest = self._engine.copy()
        digest.update(f"{file}\0".encode())
        digest.update(content)
        name = digest.hexdigest()
        self._used.add(name)
        return name
