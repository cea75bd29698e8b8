"""Count the days that are not counted yet, and forget those that may no longer be known.

    python3 -m usage <config.json>          every day of the last week that is over and not counted
    python3 -m usage <config.json> --today  today as well, as far as it has come

The configuration says what this host has: people's sessions (``checking``), letters (``private``), or both.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from . import maillog, usage

if TYPE_CHECKING:
    from collections.abc import Iterator

BACK = 7  # days that a host which was off catches up on
NOTHING_FOUND = 1  # journalctl's answer where a pattern fits no line
# Lines that begin or end a session, or open a shared mailbox; and those of letters on their way.
SESSIONS = r"^imap-login: |^imap\(|imap_command_finished|^master: Dovecot "
LETTERS = r"^[0-9A-Za-z]{6,24}: (client=|from=<|to=<|removed)"


def journal(pattern: str, since: datetime, until: datetime) -> Iterator[maillog.Event]:
    """Read what the journal says between two moments, without holding all of it."""
    days = (f"--since=@{since.timestamp():.0f}", f"--until=@{until.timestamp() - 1:.0f}")
    command = [*maillog.COMMAND, *days, "--case-sensitive=true", f"--grep={pattern}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as asked:  # noqa: S603 -- our own words
        yield from maillog.read(asked.stdout or ())
    if asked.returncode not in (0, NOTHING_FOUND):
        message = "The journal cannot be read."
        raise SystemExit(message)


def beginning() -> datetime:
    """Return from when on the journal tells anything."""
    first = said("journalctl", "--quiet", "--output=json", "--output-fields=MESSAGE", "--lines=+1")
    return datetime.fromtimestamp(int(json.loads(first)["__REALTIME_TIMESTAMP"]) / 1_000_000).astimezone()


def said(*command: str) -> str:
    """Return what a program says."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 -- our own words


def agencies(directory: dict[str, str]) -> dict[str, str]:
    """Ask the directory to which agency each address belongs."""
    who = ("-H", directory["uri"], "-x", "-D", directory["bind_dn"], "-y", directory["password_file"])
    what = ("-b", directory["base"], "(objectClass=congvuMailbox)", "mail", "mailLocalAddress")
    return usage.agencies_of(said("ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-E", "pr=1000/noprompt", *who, *what))


def storage() -> dict[str, int]:
    """Ask Dovecot how much each mailbox holds."""
    return usage.storage_of(said("doveadm", "-f", "tab", "quota", "get", "-A"))


def count(config: dict[str, Any], day: date, now: datetime, *, measured: bool) -> usage.Day | None:
    """Count a day, up to now at most; ``measured`` with what mailboxes hold. None of a day that no journal knows."""
    begin, end = usage.span(day, now.tzinfo)
    since, until = max(begin, beginning()), min(end, now)
    if until <= since:
        return None
    looked = sent = None
    if config["checking"]:
        known = journal(SESSIONS, begin - usage.BEFORE, until)
        looked = usage.looks(known, begin, until, usage.checking_of(config["checking"]))
    if config["directory"]:
        known = journal(LETTERS, begin - usage.BEFORE, until)
        sent = usage.letters(known, begin, agencies(config["directory"]), frozenset(config["private"]))
    held = storage() if config["checking"] and measured else {}
    return usage.Day(config["host"], day, since.astimezone(now.tzinfo), until, looked, sent, held)


def main(words: list[str]) -> None:
    """Count, keep, forget."""
    config = json.loads(Path(words[0]).read_text(encoding="utf-8"))
    now, folder = datetime.now(ZoneInfo(config["zone"])), Path(config["folder"])
    today, yesterday = now.date(), now.date() - timedelta(1)
    for path in usage.expired(folder, today, config["days"]):
        path.unlink()
    wanted = [
        *usage.due(folder, now, min(BACK, config["days"])),
        *([today] if "--today" in words and config["days"] else []),
    ]
    for day in wanted:
        if found := count(config, day, now, measured=day >= yesterday):
            usage.write(found, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
