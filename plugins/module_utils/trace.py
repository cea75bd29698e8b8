"""On whose behalf a write is made: a line that travels with it, and that the directory's accesslog keeps.

The accesslog knows by itself what was written, when, and under which account. Which plan of which commit that was,
who applied it and which decision it rests on, only the engine knows: it says so in a Session Tracking control
(draft-wahl-ldap-session), which no server may refuse a write for. A line holds no value of any entry.
"""

from __future__ import annotations

import getpass
import json
import os
import re
import socket
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .changes import Change, Plan

# What the control's identifier is made of, below the schema's own number: .3 formats, .1 this one.
FORMAT = "2.25.309787025154404262215812477941924240883.3.1"

LONGEST_NAME = 64  # characters of who applied
_LONGEST_REASON = 200  # characters of a decision
_SHORT = 12  # characters of a plan's id and of a commit
_UNUSUAL = re.compile(r"[^\w .@+()/-]")  # without colons no URL and no `user:password` passes for a name


@dataclass(frozen=True, slots=True)
class Trace:
    """What a write says of itself. ``change`` is the id of the registry's object, ``by`` who applied the plan."""

    plan: str  # the first 12 characters of its id; empty where somebody wrote without a plan
    commit: str = ""  # likewise, with `+dirty` where files differed from it
    by: str = ""
    change: str = ""
    decision: str = ""


def traced(plan: Plan, change: Change, *, by: str) -> str:
    """Give the line for the writes of a change, in one canonical form."""
    commit, plus, dirty = plan.commit.partition("+")
    return _line(Trace(plan.id[:_SHORT], f"{commit[:_SHORT]}{plus}{dirty}", by, change.id, _short(change.reason)))


def by_hand(id_: str, *, by: str, reason: str) -> str:
    """Give the line for a write that is part of no plan, such as another password for somebody who lost theirs."""
    return _line(Trace("", by=by, change=id_, decision=_short(" ".join(reason.split()))))


def _line(trace: Trace) -> str:
    return json.dumps(asdict(trace), ensure_ascii=False, separators=(",", ":"))


def _short(reason: str) -> str:
    return reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"


def read(line: str) -> Trace | None:
    """Read such a line back; None if another program wrote it."""
    try:
        return Trace(**{name: str(said) for name, said in json.loads(line).items()})
    except (ValueError, TypeError, AttributeError):
        return None


def operator_of(given: str) -> str:
    """Give the name under which somebody applies: the one given, else the system user's, with the machine's.

    Raises ValueError for what is no name. Names go into the accesslog, and whoever may read that reads them.
    """
    name = given or _system_user()
    if len(name) > LONGEST_NAME or _UNUSUAL.search(name) or name != name.strip():
        message = (
            f"The operator's name is not one: at most {LONGEST_NAME} characters, of letters, digits, spaces "
            "and . _ - @ + / ( ). It is kept in the accesslog for auditors to read: give a name, never a token."
        )
        raise ValueError(message)
    return name


def _system_user() -> str:
    """Name the user who started this, whoever sudo made of them, and the machine."""
    try:
        user = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        user = f"uid {os.getuid()}"
    return _UNUSUAL.sub("-", f"{user}@{socket.gethostname()}")[:LONGEST_NAME]
