#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Tell where people's own rules send letters, and when rights in a mailbox were last changed."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: store_state
short_description: Tell where people's own rules send letters, and when rights in a mailbox were last changed
description:
  - Runs on a mail store, and reads the Sieve scripts that are in force where they lie, with what they include. Only
    those that send letters elsewhere are told, and of them no more than the addresses. A person's own filter is theirs.
options:
  root:
    description: Folder of all mail homes.
    type: path
    default: /var/vmail
  mailboxes:
    description:
      - Stable ids of mailboxes of which it is to be told when rights in them were last changed, and by which commands.
    type: list
    elements: str
    default: []
  days:
    description: How far back the journal is read.
    type: int
    default: 30
attributes:
  check_mode:
    support: full
    description: Reads as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Look where letters are sent on to
  congvu.mail.store_state:
    mailboxes: [snv]
"""

RETURN = r"""
forwards:
  description:
    - By person, the script, the addresses, when it was written, and who had signed in to write rules before that.
  returned: success
  type: list
  elements: dict
rights:
  description: By mailbox, when rights in it were last changed, and the administrators' commands about it.
  returned: success
  type: dict
"""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.homes import place
from ..module_utils.maillog import COMMAND, Administered, SignedIn, read
from ..module_utils.sieve import doings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..module_utils.maillog import Event

SPEC: dict[str, Any] = {
    "root": {"type": "path", "default": "/var/vmail"},
    "mailboxes": {"type": "list", "elements": "str", "default": []},
    "days": {"type": "int", "default": 30},
}
ASKED = 200  # words in one question to the journal


def scripts(root: Path) -> Iterator[dict[str, Any]]:
    """Tell of each script in force that sends letters elsewhere."""
    for active in sorted(root.glob("?/?/*/.dovecot.sieve")):
        try:
            script = active.resolve(strict=True)
            text = script.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            continue  # switched off
        found = doings(text)
        own = list((active.parent / "sieve").glob("*.sieve")) if found.includes else [script]
        each = [doings(path.read_text(encoding="utf-8", errors="replace")) for path in own if path.is_file()]
        addresses = sorted({address for one in (found, *each) for address in one.redirects})
        if addresses:
            at = max(path.stat().st_mtime for path in (script, *own) if path.is_file())
            yield {
                "user": active.parent.name,
                "script": script.stem,
                "addresses": addresses,
                "at": datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds"),
            }


def events(module: AnsibleModule, words: Sequence[str]) -> list[Event]:
    """Read the lines in which one of some words stands."""
    found: list[Event] = []
    for start in range(0, len(words), ASKED):
        pattern = rf"\b({'|'.join(map(re.escape, words[start : start + ASKED]))})\b"
        command = [*COMMAND, f"--since=-{module.params['days']}d", f"--grep={pattern}"]
        done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 -- fixed words
        found += read(done.stdout.splitlines())
    return found


def forwards(module: AnsibleModule) -> list[dict[str, Any]]:
    """Tell where letters are sent on to, and who signed in last before the rule was written."""
    found = list(scripts(Path(module.params["root"])))
    signed_in = [
        event
        for event in events(module, sorted({str(one["user"]) for one in found}))
        if isinstance(event, SignedIn) and event.service == "managesieve"
    ]
    for one in found:
        written = datetime.fromisoformat(one["at"])
        before = [
            event
            for event in signed_in
            if event.user == one["user"] and event.at <= written.replace(microsecond=999999)
        ]
        last = max(before, key=lambda event: event.at, default=None)
        one["by"] = last.user if last else ""
        one["client"] = last.client if last else ""
    return found


def rights(module: AnsibleModule) -> dict[str, Any]:
    """Tell when rights were last changed, and by which commands."""
    mailboxes = module.params["mailboxes"]
    said = [event for event in events(module, mailboxes) if isinstance(event, Administered)] if mailboxes else []
    found = {}
    for mailbox in mailboxes:
        home = place(Path(module.params["root"]), mailbox)
        written = [path.stat().st_mtime for path in home.rglob("dovecot-acl") if path.is_file()]
        commands = [event for event in said if event.user == mailbox and event.command.startswith("acl ")]
        found[mailbox] = {
            "at": datetime.fromtimestamp(max(written), UTC).isoformat(timespec="seconds") if written else "",
            "commands": [
                {"at": event.at.isoformat(timespec="seconds"), "command": event.command, "session": event.session}
                for event in commands
                if event.command in ("acl set", "acl add", "acl remove", "acl delete")
            ],
        }
    return found


def main() -> None:
    """Read, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    try:
        module.exit_json(changed=False, forwards=forwards(module), rights=rights(module))
    except OSError as error:
        module.fail_json(msg=f"{error.filename}: {error.strerror}. Is this host a mail store?")


if __name__ == "__main__":
    main()
