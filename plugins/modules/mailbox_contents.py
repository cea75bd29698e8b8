#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Count what lies in the folders of mailboxes."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: mailbox_contents
short_description: Count what lies in the folders of mailboxes
description:
  - Runs on a mail store and asks doveadm. It reads no letter.
options:
  mailboxes:
    description: Stable ids.
    type: list
    elements: str
    required: true
  socket:
    description: Socket of doveadm's HTTP API.
    type: path
    default: /run/dovecot/doveadm-http
  key_file:
    description: File on the host with the API's key.
    type: path
    default: /etc/dovecot/doveadm.key
attributes:
  check_mode:
    support: full
    description: Reads as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Count what is in the mailbox of an agency
  congvu.mail.mailbox_contents:
    mailboxes: [snv]
"""

RETURN = r"""
taken:
  description: When it was counted, in the time zone of the host.
  returned: success
  type: str
  sample: "2026-11-22T09:41:07+07:00"
folders:
  description: The folders of each mailbox, with letters, unread ones, bytes, and the days of the oldest and the newest.
  returned: success
  type: dict
  sample: {snv: [{name: INBOX, messages: 120, unread: 3, size: 5242880, oldest: "2026-01-05", newest: "2026-11-21"}]}
"""

from datetime import UTC, datetime
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.contents import count
from ..module_utils.mailstore import Doveadm, StoreError


def main() -> None:
    """Count, exit."""
    module = AnsibleModule(
        argument_spec={
            "mailboxes": {"type": "list", "elements": "str", "required": True},
            "socket": {"type": "path", "default": "/run/dovecot/doveadm-http"},
            "key_file": {"type": "path", "default": "/etc/dovecot/doveadm.key", "no_log": False},
        },
        supports_check_mode=True,
    )
    key_file = Path(module.params["key_file"])
    taken = datetime.now(UTC).astimezone().replace(microsecond=0)
    try:
        store = Doveadm(module.params["socket"], key_file.read_text(encoding="ascii").strip(), timeout=600)
        folders = {mailbox: count(store, mailbox) for mailbox in module.params["mailboxes"]}
    except OSError as error:
        module.fail_json(msg=f"{key_file} cannot be read: {error.strerror}. Is this host a mail store?")
    except StoreError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, taken=taken.isoformat(), folders=folders)


if __name__ == "__main__":
    main()
