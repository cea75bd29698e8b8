#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Follow one letter through a machine's journal."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: mail_trail
short_description: Follow one letter through a machine's journal
description:
  - Runs on a mail server. Finds what Postfix, Dovecot, Rspamd and the webmail wrote of one letter, under its Message-ID
    and all queue ids that it had there, and of the sessions of whoever did something with it.
  - The journal holds envelopes and names of folders, and neither subjects nor content.
options:
  about:
    description: Message-IDs in angle brackets, and queue ids.
    type: list
    elements: str
    required: true
  since:
    description: Since when to look, as C(journalctl --since) takes it; default as far back as the journal reaches.
    type: str
  before:
    description: Before when to look, as C(journalctl --until) takes it.
    type: str
attributes:
  check_mode:
    support: full
    description: Looks as ever, and never changes anything.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Follow a letter
  congvu.mail.mail_trail:
    about: ["<20261122.1@snv.thuathienhue.gov.vn>"]
  register: trail
"""

RETURN = r"""
events:
  description: What happened, in its order; each with RV(ignore:event), RV(ignore:at), RV(ignore:host) and the line.
  type: list
  elements: dict
  returned: success
names:
  description: The Message-IDs, in angle brackets, and queue ids under which the letter went.
  type: list
  elements: str
  returned: success
"""

import subprocess
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils import maillog
from ansible_collections.congvu.mail.plugins.module_utils.trail import data, follow, pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

SPEC: dict[str, Any] = {
    "about": {"type": "list", "elements": "str", "required": True},
    "since": {"type": "str"},
    "before": {"type": "str"},
}


def main() -> None:
    """Parse, follow, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    given = {"since": module.params["since"], "until": module.params["before"]}
    span = [f"--{name}={moment}" for name, moment in given.items() if moment]

    def look(words: Collection[str]) -> Iterator[maillog.Event]:
        command = [*maillog.COMMAND, "--case-sensitive=yes", f"--grep={pattern(words)}", *span]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as journal:  # noqa: S603 -- the words are quoted
            if journal.stdout:
                yield from maillog.read(journal.stdout)

    try:
        trail = follow(module.params["about"], look)
    except FileNotFoundError as error:
        module.fail_json(msg=f"{error.filename} is missing here: the journals are systemd's.")
    names = [*(f"<{each}>" for each in sorted(trail.message_ids)), *sorted(trail.queues)]
    module.exit_json(changed=False, events=[data(event) for event in trail.events], names=names)


if __name__ == "__main__":
    main()
