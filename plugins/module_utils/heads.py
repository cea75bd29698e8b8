"""Heads of the ledger that were given to others to keep, a line each: `<seq>:<digest> <moment>`.

In the registry's Git they are on every clone, in commits that somebody answers for: whoever cuts off the ledger's end,
or writes it anew from some line on, would have to change all of these as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .files import write_whole
from .ledger import Head, LedgerError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .ledger import Line

_HEAD = re.compile(r"(?P<seq>\d+):(?P<sha256>[0-9a-f]{64}) (?P<at>\S+)")


def read(file: Path) -> tuple[Head, ...]:
    """Read the heads that were published; none where there is no such file yet. Raises LedgerError for another file."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    found = [_HEAD.fullmatch(line) for line in lines]
    if None in found:
        message = f"{file}, line {found.index(None) + 1}: is no head of a ledger. Take the file back from Git."
        raise LedgerError(message)
    return tuple(Head(int(each["seq"]), each["sha256"], each["at"]) for each in found if each)


def hold(lines: Sequence[Line], known: Sequence[Head]) -> None:
    """Hold a ledger against what others know of it. Raises LedgerError at the first head that is not in it."""
    for head in known:
        if head.seq > len(lines):
            message = f"The ledger ends at line {len(lines)}; {head} was published on {head.at}: its end was cut off."
            raise LedgerError(message)
        if lines[head.seq - 1].sha256 != head.sha256:
            message = f"Line {head.seq} of the ledger is not the one published on {head.at}: it was written anew."
            raise LedgerError(message)


def publish(file: Path, head: Head) -> None:
    """Add a head to the file."""
    before = file.read_bytes() if file.exists() else b""
    write_whole(file, before + f"{head} {head.at}\n".encode())
