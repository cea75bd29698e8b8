"""The last plan, told again where nothing that it was made of can have changed: without a look at everybody.

Both sides must prove it. The registry does by the digest of its files. The directory does by its ``contextCSN``, which
slapd makes younger with every write, move and deletion, one value for each server that writes, and by the moment at
which the server that answers was started: a restored backup, another server and whatever was done to the database
while slapd was down have another. Whoever may not read the two gets a whole look each time.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from .directory import TruncatedError
from .files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from .directory import Directory

_FILE = "last.json"
_START = "cn=Start,cn=Time,cn=Monitor"


@dataclass(frozen=True, slots=True)
class Memory:
    """The last plan, and a digest of all that it was made of.

    ``zone`` and ``suffix`` are the registry's own, so that the digest can be taken before the registry is read.
    """

    plan: str
    made_of: str
    zone: str
    suffix: str


def state(directory: Directory, suffix: str) -> str:
    """Give what names the directory's state, empty if nobody can tell.

    What is written after this is asked shows in the next answer, so it is to be asked before the tree is read.
    """
    try:
        top = directory.read_entry(suffix, ("contextCSN",))
        start = directory.read_entry(_START, ("monitorTimestamp",))
    except TruncatedError:
        return ""
    csns = top.attributes.get("contextCSN", ()) if top else ()
    started = start.attributes.get("monitorTimestamp", ()) if start else ()
    return repr((sorted(csns), started, suffix)) if csns and started else ""


def made_of(state: str, *facts: object) -> str:
    """Give the digest of the directory's state and of everything else that a plan is made of, empty without a state."""
    return blake2b(repr((state, facts)).encode()).hexdigest() if state else ""


def remembered(folder: Path) -> Memory | None:
    """Read what is remembered; a file that cannot be read costs a look at everybody and no more."""
    try:
        return Memory(**json.loads((folder / _FILE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def remember(folder: Path, memory: Memory) -> None:
    """Keep it beside the plans."""
    write_whole(folder / _FILE, json.dumps(asdict(memory)).encode(), mode=0o600)
