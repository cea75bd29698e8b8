"""The ledger: what was done to the estate, by whom and on what grounds, in lines that cannot be changed unseen.

JSON lines in one file a year, each with the SHA-256 of its own content and that of the line before, across files. Who
changes, removes, swaps or adds a line breaks the chain there; who makes all later lines anew, or cuts off the end, is
found out by any earlier *head* that somebody else has kept. ``bin/verify-ledger`` checks it without this code; what a
line is made of is told there, and in docs/adr/0020-the-ledger.md.

Lines name who, what and by which files, and hold no value of any entry, no secret and nothing of any letter.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from fcntl import LOCK_EX, flock
from typing import TYPE_CHECKING, Any

from .files import blamed, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

FOLDER = "ledger"  # below the estate's state
BEGINNING = "0" * 64  # what stands for the line before the first
_MARK = b',"sha256":"'  # begins the last field of a line, the digest of all before it
_END = b'"}'
_FILE = re.compile(r"\d{4}\.jsonl")


class LedgerError(ValueError):
    """The ledger is not as it was written: where, and what to do about it. Nothing was appended."""


class Kind(StrEnum):
    """What a line is about."""

    OPENED = "opened"  # the ledger itself was begun
    MENDED = "mended"  # likewise, half a line that a crash left was set aside
    PLAN = "plan"  # a plan was made that would change something
    APPLY = "apply"  # one was carried out, wholly or in part
    OVERRIDE = "override"  # an apply was let through by a reviewed exception
    ROLLBACK = "rollback"  # a plan was made that undoes another one
    REQUEST = "request"  # a bigger system's operator was asked in writing
    CONFIRMED = "confirmed"  # the operator's answer was taken in
    HANDOVER = "handover"  # a mailbox went from one head to the next
    PURGE = "purge"  # mail was removed for ever
    LOCKOUT = "lockout"  # somebody was shut out at once
    RESET = "reset"  # somebody got a new first password
    ACCESS = "access"  # an administrator had access to a mailbox
    COMPLIANCE = "compliance"  # the estate was held against its regulation
    REPORT = "report"  # a periodic report was sent to those who get it
    DRIFT = "drift"  # the living estate was held against Git, and differed otherwise than the time before


@dataclass(frozen=True, slots=True)
class Proof:
    """A file below the state folder that a line rests on, as it was then: of one that grows, its first bytes."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded.

    ``subject`` is an id: a plan's, `person:tth00123`, `mailbox:snv`, or `uid:snv` where a store knows no more.
    ``summary`` is a sentence in Vietnamese, for auditors; ``by`` is who did it.
    """

    kind: Kind
    subject: str
    summary: str
    by: str = ""
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """The last line, by which everything before it is known."""

    seq: int
    sha256: str
    at: str

    def __str__(self) -> str:
        """Render as `12:9f2c…`, the form that people write down and give to ``bin/verify-ledger``."""
        return f"{self.seq}:{self.sha256}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, read back. ``previous`` is the digest of the line before."""

    seq: int
    at: str  # UTC
    entry: Entry
    previous: str
    sha256: str
    place: str  # the file's name and the line's number in it


def append(state: Path, entries: Sequence[Entry], now: datetime) -> Head | None:
    """Record what was done, and wait until the disk has all of it.

    Half a line at the end, which only a crash leaves, is set aside in a file of its own, and that is recorded first.
    Without entries nothing is recorded.
    Raises LedgerError where the last line is not as it was written, and OSError where the disk refuses.
    """
    return append_missing(state, lambda _: entries, now)


def append_missing(state: Path, missing: Callable[[bytes], Sequence[Entry]], now: datetime) -> Head | None:
    """Do the same with what ``missing`` finds not to be in the lines so far, which nobody adds to meanwhile."""
    with _locked(state / FOLDER):
        found = files(state)
        contents = [path.read_bytes() for path in found]
        last = _last(found)
        entries = missing(b"".join(contents))
        if not entries:
            return last
        whole, end, torn = contents[-1].rpartition(b"\n") if contents else (b"", b"", b"")
        opened = [] if last else [Entry(Kind.OPENED, FOLDER, "Mở sổ cái.")]
        mended = [_set_aside(state, found[-1], torn, now)] if torn else []
        lines = list(_lines([*opened, *mended, *entries], last, now))
        added = b"".join(text for _, text in lines)
        if torn:
            write_whole(found[-1], whole + end + added, mode=0o600)
        else:
            # A clock that was set back opens no file before the last one.
            _write(max([state / FOLDER / f"{now.astimezone(UTC):%Y}.jsonl", *found]), added)
        return lines[-1][0]


def head(state: Path) -> Head | None:
    """Give the last whole line's head; None where nothing was recorded yet. Raises LedgerError as ``append`` does."""
    return _last(files(state))


def read(state: Path) -> Iterator[Line]:
    """Give all whole lines, checking each. Raises LedgerError at the first that is not as it was written."""
    before = Head(0, BEGINNING, "")
    for path in files(state):
        for number, text in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
            line = _parsed(text + b"\n", f"{path.name}:{number}")
            if (line.seq, line.previous) != (before.seq + 1, before.sha256):
                _refuse(line.place, f"it does not follow line {before.seq}")
            before = Head(line.seq, line.sha256, line.at)
            yield line


def files(state: Path) -> list[Path]:
    """Give the ledger's files in the order of their years."""
    try:
        return sorted(path for path in (state / FOLDER).iterdir() if _FILE.fullmatch(path.name))
    except FileNotFoundError:
        return []


def proof(state: Path, file: Path) -> Proof:
    """Take the digest of a file below the state folder as it is now."""
    content = file.read_bytes()
    return Proof(str(file.relative_to(state)), len(content), hashlib.sha256(content).hexdigest())


# --- Lines


def _lines(entries: Sequence[Entry], last: Head | None, now: datetime) -> Iterator[tuple[Head, bytes]]:
    before = last or Head(0, BEGINNING, "")
    for entry in entries:
        at = now.astimezone(UTC).isoformat(timespec="microseconds")
        said = {**asdict(entry), "seq": before.seq + 1, "at": at, "previous": before.sha256}
        content = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()[:-1]
        digest = hashlib.sha256(content).hexdigest()
        before = Head(before.seq + 1, digest, at)
        yield before, content + _MARK + digest.encode() + _END + b"\n"


def _parsed(text: bytes, place: str) -> Line:
    content, _, rest = text.rpartition(_MARK)
    digest = hashlib.sha256(content).hexdigest()
    if rest != digest.encode() + _END + b"\n":
        _refuse(place, "its content is not what its digest says")
    try:
        said: dict[str, Any] = json.loads(content + b"}")
        entry = Entry(
            Kind(said["kind"]),
            said["subject"],
            said["summary"],
            said["by"],
            tuple(Proof(**each) for each in said["proofs"]),
        )
        return Line(said["seq"], said["at"], entry, said["previous"], digest, place)
    except (ValueError, KeyError, TypeError) as error:
        message = f"{FOLDER}/{place}: the line is of another version, or was never written by this ledger. {_REMEDY}"
        raise LedgerError(message) from error


_REMEDY = (
    "Let nobody touch the folder; see what bin/verify-ledger says of it, and how docs/how-to/xac-minh-so-cai.md "
    "goes on."
)


def _refuse(place: str, why: str) -> None:
    message = f"{FOLDER}/{place}: the ledger was changed: {why}. {_REMEDY}"
    raise LedgerError(message)


# --- Files


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep others from appending; whoever dies lets go."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        flock(descriptor, LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _last(files: Sequence[Path]) -> Head | None:
    """Give the head of the last whole line."""
    for path in reversed(files):
        whole, end, _ = path.read_bytes().rpartition(b"\n")
        if end:
            line = _parsed(whole.rpartition(b"\n")[2] + end, f"{path.name}, last line")
            return Head(line.seq, line.sha256, line.at)
    return None


def _set_aside(state: Path, path: Path, torn: bytes, now: datetime) -> Entry:
    aside = path.with_name(f"torn-{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}")
    write_whole(aside, torn, mode=0o600)
    summary = f"Dòng cuối của {path.name} chỉ ghi được một phần; phần ấy được cất riêng."
    return Entry(Kind.MENDED, FOLDER, summary, proofs=(proof(state, aside),))


def _write(path: Path, text: bytes) -> None:
    is_new = not path.exists()
    with blamed(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            begin = os.lseek(descriptor, 0, os.SEEK_END)
            try:
                rest = text
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, begin)
                raise
        finally:
            os.close(descriptor)
        if is_new:
            folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
