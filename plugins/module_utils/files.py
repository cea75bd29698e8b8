"""Files that survive a power cut whole or not at all, alone or several together."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import secrets
from contextlib import contextmanager
from stat import S_IMODE
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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


@contextmanager
def write_locked(path: Path, content: bytes) -> Iterator[None]:
    """Put a file in place for the calling user alone, locked (flock(2)) until the caller is done, or dead."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with part.open("xb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            with blamed(path):
                os.fchmod(file.fileno(), 0o600)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        yield


UNFINISHED = ".unfinished.json"


class UnfinishedError(ValueError):
    """A run was stopped between two files, and its traces cannot be undone without a person: why, and what to do."""


def write_together(folder: Path, changes: Mapping[str, tuple[str, str]]) -> None:
    """Change several files below a folder, each from one text to another: all of them, or after ``undo`` none.

    What is under way stands in a hidden file of the folder, until it is done.
    """
    note = folder / UNFINISHED
    write_whole(note, json.dumps(changes, ensure_ascii=False).encode(), mode=0o600)
    for file, (_, after) in changes.items():
        _rewrite(folder / file, after)
    _forget(note)


def undo(folder: Path) -> list[str]:
    """Give the files that a stopped ``write_together`` had changed their former texts; return which they are.

    Raises UnfinishedError where somebody has changed one of them since.
    """
    note = folder / UNFINISHED
    try:
        changes: dict[str, list[str]] = json.loads(note.read_bytes())
    except FileNotFoundError:
        return []
    texts = {file: (folder / file).read_bytes().decode() for file in changes}
    for file, text in texts.items():
        if text not in changes[file]:
            message = (
                f"Lần ghi trước bị ngắt giữa chừng, và {file} đã được sửa từ đó. "
                f"Hãy xem git diff, đưa {', '.join(changes)} về như ý muốn, xoá {note} rồi chạy lại."
            )
            raise UnfinishedError(message)
    written = [file for file, text in texts.items() if text != changes[file][0]]
    for file in written:
        _rewrite(folder / file, changes[file][0])
    _forget(note)
    return written


def refuse_unfinished(folder: Path) -> None:
    """Raise UnfinishedError if a ``write_together`` was stopped: what the files say is half of what was meant."""
    if (folder / UNFINISHED).exists():
        message = (
            "Lần ghi trước bị ngắt giữa chừng. Chạy lại không có --check: phần đã ghi được hoàn lại rồi ghi từ đầu."
        )
        raise UnfinishedError(message)


def _rewrite(path: Path, text: str) -> None:
    """Replace a file that is there, to be read by no more users than before."""
    write_whole(path, text.encode(), mode=S_IMODE(path.stat().st_mode))


def _forget(note: Path) -> None:
    note.unlink()
    _sync_folder(note.parent)


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


def write_secrets(folder: Path, secrets_by_name: Mapping[str, str]) -> None:
    """Write many secrets as ``write_secret`` does, and wait for the disk once for all of them.

    A power cut may leave some of them whole, some empty and some not there.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, secret in secrets_by_name.items():
        part = folder / f".{name}.{secrets.token_hex(4)}"
        with blamed(folder / name), os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secret.encode() + b"\n")
        part.replace(folder / name)
    sync_file_system(folder)


def read_secret(path: Path) -> str:
    """Read a secret, empty if there is none."""
    try:
        return path.read_text(encoding="utf-8").rstrip("\n")
    except FileNotFoundError:
        return ""


def sync_file_system(folder: Path) -> None:
    """Wait until the disk has all that was written to the file system of a folder (syncfs of Linux)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with blamed(folder):
            if ctypes.CDLL(None, use_errno=True).syncfs(descriptor):
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number))
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
