"""Folders as mail programs name them, letters that are found there, and that go from one to the next."""

from __future__ import annotations

import base64
import re
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import imaplib


def imap_name(folder: str) -> str:
    """Return a folder's name as IMAP4rev1 has it (RFC 3501, 5.1.3), quoted."""

    def shifted(found: re.Match[str]) -> str:
        return "&" + base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"

    return '"' + re.sub(r"[^ -~]+", shifted, folder.replace("&", "&-")) + '"'


def find(session: imaplib.IMAP4, key: str, words: str) -> list[str]:
    """Return the UIDs of the letters in the open folder that a search for some words finds.

    A search may meet another process at the folder's index and fail (``roles/dovecot/README.md``). It is then made
    again, as people do, for half a minute.
    """
    deadline = time.monotonic() + 30
    while True:
        session.literal = words.encode()  # type: ignore[assignment] # typeshed says str, the library wants bytes
        status, (answer, *_) = session.uid("SEARCH", "CHARSET", "UTF-8", key)
        if status == "OK":
            return str(answer, "ascii").split()
        assert time.monotonic() < deadline, answer
        time.sleep(0.3)


def take_on(session: imaplib.IMAP4, word: str, folder: str, to: str, how: str = "MOVE") -> bool:
    """Move or copy a letter to the next folder, and tell whether that was done."""
    if session.select(imap_name(folder))[0] != "OK":
        return False
    found = find(session, "SUBJECT", word)
    return bool(found) and session.uid(how, found[0], imap_name(to))[0] == "OK"
