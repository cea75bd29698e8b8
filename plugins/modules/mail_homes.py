#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Look at the homes of mailboxes on a mail store, and remove those of mailboxes that are no more."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: mail_homes
short_description: What is in the homes of mailboxes, and their removal
description:
  - Counts folders, letters and bytes in homes on this mail store.
  - Removes them for ever if told so. A home that Dovecot still knows a mailbox for is never removed, nor is any while
    the directory does not answer.
  - It is the half of M(congvu.mail.purge) that works on the store; removals are recorded there.
options:
  uids:
    description: Stable ids of the mailboxes.
    type: list
    elements: str
    required: true
  remove:
    description: Whether to remove them.
    type: bool
    default: false
  root:
    description: Folder of all homes.
    type: path
    default: /var/vmail
attributes:
  check_mode:
    support: full
    description: Looks, and removes nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: See what is there
  congvu.mail.mail_homes:
    uids: [tth00018]
"""

RETURN = r"""
homes:
  description:
    - What is there, of each mailbox of which there is something. RV(ignore:path) is the SHA-256 of where it lies.
  returned: success
  type: list
  elements: dict
  sample: [{uid: tth00018, path: 6f2c…, folders: 6, messages: 1204, bytes: 98123456}]
removed:
  description: Ids of the mailboxes whose homes are gone now.
  returned: success
  type: list
  elements: str
kept:
  description: Why others were not removed, by id.
  returned: success
  type: dict
"""

from dataclasses import asdict
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.homes import HomeError, remove, survey

UNKNOWN = 67  # EX_NOUSER of sysexits.h; that the directory does not answer is 75


def why_not(module: AnsibleModule, uid: str) -> str:
    """Ask Dovecot, and it the directory, whether a mailbox is no more; say why not, or nothing if so."""
    status, _, complaint = module.run_command(["doveadm", "user", uid])
    if status == UNKNOWN:
        return ""
    return "Dovecot still knows the mailbox." if status == 0 else f"Dovecot cannot tell: {complaint.strip()}"


def main() -> None:
    """Look, and remove what is no more."""
    module = AnsibleModule(
        argument_spec={
            "uids": {"type": "list", "elements": "str", "required": True},
            "remove": {"type": "bool", "default": False},
            "root": {"type": "path", "default": "/var/vmail"},
        },
        supports_check_mode=True,
    )
    root, removed, kept = Path(module.params["root"]), [], {}
    try:
        homes = [home for uid in module.params["uids"] if (home := survey(root, uid))]
        for home in homes if module.params["remove"] and not module.check_mode else ():
            if reason := why_not(module, home.uid):
                kept[home.uid] = reason
            else:
                remove(root, home.uid)
                removed.append(home.uid)
    except (HomeError, OSError) as error:
        module.fail_json(msg=str(error), removed=removed, kept=kept)
    module.exit_json(changed=bool(removed), homes=[asdict(home) for home in homes], removed=removed, kept=kept)


if __name__ == "__main__":
    main()
