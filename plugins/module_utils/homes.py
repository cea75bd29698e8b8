"""The homes of mailboxes on the mail store: what is in one, and how it goes for ever.

Nothing is asked of Dovecot here: whoever asks Dovecot for a mailbox has its home made anew. Mail is stored as single
dbox, a file a letter: ``<home>/sdbox/mailboxes/<folder>/dbox-Mails/u.<number>``.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

REMAINS = ".purged"  # the folder beside the homes into which one goes before its letters do
_UID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_LETTERS = "dbox-Mails"


class HomeError(Exception):
    """A home is not what it should be: nothing of it is touched."""


@dataclass(frozen=True, slots=True)
class Home:
    """What there is of a mailbox. ``path`` is given as its SHA-256: it names a person."""

    uid: str
    path: str
    folders: int
    messages: int
    bytes: int  # of all files, as they lie on the disk


def place(root: Path, uid: str) -> Path:
    """Return where the home of a mailbox is, below two folders of a hexadecimal digit each of the id's MD5."""
    if not _UID.fullmatch(uid):
        message = f"'{uid}' is not the id of a mailbox."
        raise HomeError(message)
    digits = hashlib.md5(uid.encode(), usedforsecurity=False).hexdigest()
    return root / digits[0] / digits[1] / uid


def survey(root: Path, uid: str) -> Home | None:
    """Count what is there of a mailbox, remains of an earlier removal included; None if there is nothing."""
    home = place(root, uid)
    found = [path for path in (home, root / REMAINS / uid) if os.path.lexists(path)]
    if not found:
        return None
    folders = messages = size = 0
    for path in found:
        if path.is_symlink() or not path.is_dir():
            message = f"{path} is no folder. Look what it is, and remove it by hand."
            raise HomeError(message)
        for folder, _, names in os.walk(path):
            is_letters = os.path.basename(folder) == _LETTERS  # noqa: PTH119 -- of a text, hundreds of times
            folders += is_letters
            messages += sum(is_letters and name.startswith("u.") for name in names)
            size += sum(os.lstat(os.path.join(folder, name)).st_size for name in names)  # noqa: PTH118 -- likewise
    return Home(uid, hashlib.sha256(str(home).encode()).hexdigest(), folders, messages, size)


def remove(root: Path, uid: str) -> None:
    """Remove a home for ever; killed in the middle, another call finishes.

    It is first moved aside as a whole, so that from one moment to the next nothing of it is the mailbox's any more.
    """
    home, remains = place(root, uid), root / REMAINS / uid
    remains.parent.mkdir(mode=0o700, exist_ok=True)
    if remains.exists():
        shutil.rmtree(remains)
    if home.exists():
        home.rename(remains)
        _sync(home.parent, remains.parent)
        shutil.rmtree(remains)
    _sync(remains.parent)


def _sync(*folders: Path) -> None:
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
