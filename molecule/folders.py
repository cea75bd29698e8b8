"""Folders as mail programs name them, and letters that go from one to the next."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import imaplib


def imap_name(folder: str) -> str:
    """Return a folder's name as IMAP4rev1 has it (RFC 3501, 5.1.3), quoted."""

    def shifted(found: re.Match[str]) -> str:
        return "&" + base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"

    return '"' + re.sub(r"[^ -~]+", shifted, folder.replace("&", "&-")) + '"'


def take_on(session: imaplib.IMAP4, word: str, folder: str, to: str, how: str = "MOVE") -> bool:
    """Move or copy a letter to the next folder, and tell whether that was done."""
    if session.select(imap_name(folder))[0] != "OK":
        return False
    numbers = session.uid("SEARCH", "SUBJECT", f'"{word}"')[1][0].split()
    return bool(numbers) and session.uid(how, numbers[0].decode(), imap_name(to))[0] == "OK"
