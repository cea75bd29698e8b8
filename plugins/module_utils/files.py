"""Files that survive a power cut whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_REMEDIES = {
    errno.ENOENT: "Check the path, and where a link in it leads; then run this again.",
    errno.ELOOP: "Check where the link leads; then run this again.",
    errno.EISDIR: "Put a file in its place, or name another; then run this again.",
    errno.ENOTDIR: "Name a folder, or put one in its place; then run this again.",
}
_REMEDY = "Make room there, or let the user who runs this use it; then run this again."


@contextmanager
def blamed(path: Path) -> Iterator[None]:
    """Let an error name the file: of a full disk Python says no more than that it is full."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def complaint(error: OSError) -> str:
    """Say what the disk refused, and what to do about it."""
    remedy = _REMEDIES.get(error.errno or 0, _REMEDY)
    return f"{error.filename}: {error.strerror}. {remedy}" if error.filename else f"{error}. {remedy}"


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put a file in place, so that a reader, and the disk after a crash, has the old content or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with blamed(path), os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def point(link: Path, target: str) -> None:
    """Make a symbolic link point to a file beside it, whatever it pointed to before."""
    part = link.with_name(f".{link.name}.{secrets.token_hex(4)}")
    part.symlink_to(target)
    part.replace(link)
    _sync_folder(link.parent)


def write_secret(path: Path, secret: str) -> None:
    """Write a secret for the calling user alone, in a folder for the calling user alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, secret.encode() + b"\n", mode=0o600)


def read_secret(path: Path) -> str:
    """Read a secret, empty if there is none."""
    try:
        return path.read_text(encoding="utf-8").rstrip("\n")
    except FileNotFoundError:
        return ""


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
