"""A disk of memory that is full when a test says so."""

from __future__ import annotations

import errno
import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = 4096  # bytes: what a file takes at least
_SIZE = "48m"


@dataclass(frozen=True, slots=True)
class Disk:
    """A file system of its own on a folder."""

    folder: Path

    def mount(self) -> None:
        """Lay it over the folder."""
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=0700", "faults", self.folder], check=True)  # noqa: S603, S607 - the lab is root's

    def unmount(self) -> None:
        """Take it away with all that is on it."""
        subprocess.run(["umount", self.folder], check=True)  # noqa: S603, S607 - likewise

    @contextmanager
    def full(self, but: int) -> Iterator[None]:
        """Leave room for so many pages and no more."""
        filler = self.folder / "filler"
        try:
            with filler.open("wb") as file:
                try:
                    while True:
                        os.write(file.fileno(), bytes(PAGE))
                except OSError as error:
                    assert error.errno == errno.ENOSPC  # noqa: PT017 - what is waited for
                file.truncate(max(0, file.tell() - but * PAGE))
            yield
        finally:
            filler.unlink()
