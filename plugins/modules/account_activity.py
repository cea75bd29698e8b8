#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Look up what somebody did lately, in the journal of a host."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: account_activity
short_description: Look up what somebody did lately, in the journal of a host
description:
  - Runs on a host of the estate and reads what Postfix, Dovecot and the webmail noted there. The journal holds no
    subjects and no content.
options:
  user:
    description: Stable id of the person.
    type: str
    required: true
  addresses:
    description: The person's addresses, which sign-in takes as well.
    type: list
    elements: str
    required: true
  days:
    description: How far to look back.
    type: int
    default: 7
attributes:
  check_mode:
    support: full
    description: Reads as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Look from where the account was used
  congvu.mail.account_activity:
    user: tth00018
    addresses: [levanloc@thuathienhue.gov.vn]
"""

RETURN = r"""
uses:
  description: Sign-ins by client address and service, the latest first; moments are in UTC.
  returned: success
  type: list
  elements: dict
letters:
  description: Letters that were handed in under the account, oldest first, each with its number of recipients.
  returned: success
  type: list
  elements: dict
"""

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.activity import letters, queue_ids, uses
from ..module_utils.maillog import COMMAND, read

if TYPE_CHECKING:
    from ..module_utils.maillog import Event

NOT_FOUND = 1  # what journalctl says where nothing fits
ASKED = 200  # ids in one question


def events(module: AnsibleModule, words: list[str]) -> list[Event]:
    """Read the lines in which one of some words stands."""
    pattern = rf"\b({'|'.join(map(re.escape, words))})\b"
    command = [*COMMAND, f"--since=-{module.params['days']}d", f"--grep={pattern}", "--case-sensitive=no"]
    status, said, complaint = module.run_command(command)
    if status not in (0, NOT_FOUND):
        module.fail_json(msg=f"The journal cannot be read: {complaint.strip()}.")
    return list(read(said.splitlines()))


def plain(value: Any) -> dict[str, Any]:  # noqa: ANN401 -- one of two dataclasses
    """Give a value as JSON knows it."""
    return {name: said.isoformat() if hasattr(said, "isoformat") else said for name, said in asdict(value).items()}


def main() -> None:
    """Read, exit."""
    module = AnsibleModule(
        argument_spec={
            "user": {"type": "str", "required": True},
            "addresses": {"type": "list", "elements": "str", "required": True},
            "days": {"type": "int", "default": 7},
        },
        supports_check_mode=True,
    )
    user, names = module.params["user"], [module.params["user"], *module.params["addresses"]]
    found = events(module, names)
    ids = queue_ids(found, user)
    # Under which sender a letter went, and to how many, another line says, which names the person no more.
    for start in range(0, len(ids), ASKED):
        found += events(module, ids[start : start + ASKED])
    known = list(dict.fromkeys(found))
    module.exit_json(
        changed=False,
        uses=[plain(use) for use in uses(known, names)],
        letters=[plain(letter) for letter in letters(known, user)],
    )


if __name__ == "__main__":
    main()
