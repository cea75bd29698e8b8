#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Look into a mail server's journal for who was in a mailbox and who wrote in its name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: mailbox_visits
short_description: Who was in a mailbox and who wrote in its name, from this machine's journal
description:
  - Finds who read a letter of the mailbox without being its owner, changed something there, made or removed folders,
    sent under one of its addresses, or tried to.
  - An administrator who looks with doveadm is found as V(doveadm), in anybody's mailbox.
  - The journal holds no subjects and no texts, and what people read of their own mail is not in it.
  - M(congvu.mail.mailbox_access) says where and when to look, and tells what was found.
options:
  mailbox:
    description: Stable id of the mailbox.
    type: str
    required: true
  addresses:
    description: Addresses under which somebody may write in its name.
    type: list
    elements: str
    required: true
  since:
    description: The first moment, in seconds since 1970.
    type: int
    required: true
  before:
    description: The moment after the last one.
    type: int
    required: true
attributes:
  check_mode:
    support: full
    description: Changes nothing ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Look for a day
  congvu.mail.mailbox_visits:
    mailbox: snv
    addresses: [snv@thuathienhue.gov.vn]
    since: 1795280400
    before: 1795366800
"""

RETURN = r"""
visits:
  description: What was done, oldest first; at most 2000 of it.
  returned: success
  type: list
  elements: dict
  sample:
    - at: "2026-11-22T01:12:03+00:00"
      who: tth00004
      deed: read
      host: mail
      folder: INBOX
      letter: "15"
      to: []
      reply: ""
cut:
  description: Whether there is more.
  returned: success
  type: bool
"""

import subprocess
from typing import TYPE_CHECKING

from ansible.module_utils.basic import AnsibleModule

from ..module_utils import maillog
from ..module_utils.visits import gather

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING_FOUND = 1  # journalctl's answer where a pattern fits no line
PATIENCE = 120  # seconds for one look


def main() -> None:
    """Look and tell."""
    module = AnsibleModule(
        argument_spec={
            "mailbox": {"type": "str", "required": True},
            "addresses": {"type": "list", "elements": "str", "required": True},
            "since": {"type": "int", "required": True},
            "before": {"type": "int", "required": True},
        },
        supports_check_mode=True,
    )
    days = f"--since=@{module.params['since']}", f"--until=@{module.params['before']}"

    def ask(pattern: str) -> Iterator[maillog.Event]:
        command = [*maillog.COMMAND, *days, "--case-sensitive=true", f"--grep={pattern}"]
        done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE)  # noqa: S603 - our own command
        if done.returncode not in (0, NOTHING_FOUND):
            module.fail_json(msg=f"The journal cannot be read: {done.stderr.decode(errors='replace').strip()}")
        return maillog.read(done.stdout.splitlines())

    try:
        visits, cut = gather(ask, module.params["mailbox"], [each.lower() for each in module.params["addresses"]])
    except (OSError, subprocess.TimeoutExpired) as error:
        module.fail_json(msg=f"The journal cannot be read: {error}")
    module.exit_json(changed=False, visits=visits, cut=cut)


if __name__ == "__main__":
    main()
