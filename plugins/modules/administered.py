#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Find in a mail store's journal what administrators did with letters."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: administered
short_description: Find in a mail store's journal what administrators did with letters
description:
  - Runs on a mail store. Finds each letter whose text was shown by C(doveadm), which asks for no password, and each
    command of it that shows or changes letters.
  - What the estate's own plays do with folders and rights is not told.
options:
  after:
    description:
      - By host name, the moment, in ISO 8601, of the last thing that is known already. Of a machine that is not named
        all is told that its journal still holds.
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
    description: Looks as ever, and never changes anything.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Find what administrators did with letters
  congvu.mail.administered:
    after: {mail.thuathienhue.gov.vn: "2026-11-22T09:11:14.387622+00:00"}
  register: administered
"""

RETURN = r"""
events:
  description: What was done, in its order; each with RV(ignore:event), RV(ignore:at), RV(ignore:host) and the line.
  type: list
  elements: dict
  returned: success
"""

import subprocess
from datetime import datetime
from platform import node
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils import maillog
from ansible_collections.congvu.mail.plugins.module_utils.maillog import Administered, Opened
from ansible_collections.congvu.mail.plugins.module_utils.trail import data

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEC: dict[str, Any] = {"after": {"type": "dict", "default": {}}}
_SHOWING = ("fetch", "search", "dump", "export")
_CHANGING = ("backup", "copy", "deduplicate", "expunge", "flags", "import", "move", "save", "sync")


def concerns_letters(event: maillog.Event) -> bool:
    """Tell whether an administrator saw or changed letters. Through the API the estate's plays count some."""
    if isinstance(event, Opened):
        return event.service == "doveadm"
    if not isinstance(event, Administered):
        return False
    verb = event.command.partition(" ")[0]
    return verb in _CHANGING or (verb in _SHOWING and not event.session)


def main() -> None:
    """Parse, look, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    known = module.params["after"].get(node())
    after = datetime.fromisoformat(known) if known else None

    def events() -> Iterator[maillog.Event]:
        span = [f"--since=@{int(after.timestamp())}"] if after else []
        command = [*maillog.COMMAND, "--grep=doveadm", *span]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as journal:  # noqa: S603 -- fixed words
            if journal.stdout:
                yield from maillog.read(journal.stdout)

    try:
        found = [event for event in events() if concerns_letters(event) and (after is None or event.at > after)]
    except FileNotFoundError as error:
        module.fail_json(msg=f"{error.filename} is missing here: the journals are systemd's.")
    module.exit_json(changed=False, events=[data(event) for event in found])


if __name__ == "__main__":
    main()
