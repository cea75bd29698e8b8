#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Hold back letters that wait in Postfix's queue, or let them go."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: queued_letters
short_description: Hold back letters that wait in Postfix's queue, or let them go
description:
  - Runs on a host with Postfix. A letter on hold stays in the queue until somebody lets it go or deletes it.
options:
  state:
    description:
      - V(held) puts on hold what comes from O(senders) or has one of O(ids).
      - V(released) lets those of O(ids) go that are on hold, V(deleted) deletes them.
    type: str
    choices: [held, released, deleted]
    required: true
  senders:
    description: Senders of envelopes.
    type: list
    elements: str
    default: []
  ids:
    description: Queue ids. One that is no longer in the queue counts for nothing.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
    description: Looks, and touches nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Hold back what still waits
  congvu.mail.queued_letters:
    state: held
    senders: [levanloc@thuathienhue.gov.vn]
"""

RETURN = r"""
letters:
  description: What was held back, let go or deleted; with V(held), what was on hold before as well.
  returned: success
  type: list
  elements: dict
  sample: [{queue: 4bXk2h0Qz1z4, sender: levanloc@thuathienhue.gov.vn, recipients: [a@example.net], size: 2048}]
"""

import json
from typing import Any

from ansible.module_utils.basic import AnsibleModule

HOLD = "hold"
SWITCHES = {"held": "-h", "released": "-H", "deleted": "-d"}


def run(module: AnsibleModule, command: list[str], data: str = "") -> str:
    """Run a command of Postfix, which reads the data with a line's end after it, and return what it says."""
    status, said, complaint = module.run_command(command, data=data)
    if status:
        module.fail_json(msg=f"{command[0]} failed: {complaint.strip()}. Is Postfix running?")
    return str(said)


def queue(module: AnsibleModule) -> list[dict[str, Any]]:
    """Return what is in the queue."""
    return [json.loads(line) for line in run(module, ["postqueue", "-j"]).splitlines()]


def main() -> None:
    """Look, hold or let go, exit."""
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "choices": list(SWITCHES), "required": True},
            "senders": {"type": "list", "elements": "str", "default": []},
            "ids": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    state, ids = module.params["state"], set(module.params["ids"])
    senders = {sender.lower() for sender in module.params["senders"]}
    meant = [
        letter
        for letter in queue(module)
        if letter["queue_id"] in ids or (state == "held" and letter["sender"].lower() in senders)
    ]
    if state != "held":
        meant = [letter for letter in meant if letter["queue_name"] == HOLD]
    to_do = [letter for letter in meant if state != "held" or letter["queue_name"] != HOLD]
    if to_do and not module.check_mode:
        run(module, ["postsuper", SWITCHES[state], "-"], "\n".join(letter["queue_id"] for letter in to_do))
        # What is let go would wait for its next turn, which may be an hour away.
        for letter in to_do if state == "released" else ():
            run(module, ["postqueue", "-i", letter["queue_id"]])
    letters = [
        {
            "queue": letter["queue_id"],
            "sender": letter["sender"],
            "recipients": [recipient["address"] for recipient in letter["recipients"]],
            "size": letter["message_size"],
        }
        for letter in meant
    ]
    module.exit_json(changed=bool(to_do), letters=letters)


if __name__ == "__main__":
    main()
