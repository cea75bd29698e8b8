#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Hand in a letter on a mail host, once."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: letter
short_description: Hand in a letter on a mail host, once
description:
  - Runs on a host with Postfix, and hands a letter in there under an address of the estate.
  - A letter whose Message-ID the host's journal knows was handed in before, and is not handed in again.
options:
  content:
    description: The whole letter, with a C(Message-ID).
    type: str
    required: true
  message_id:
    description: The same, with its angle brackets.
    type: str
    required: true
  sender:
    description: Sender of the envelope.
    type: str
    required: true
  recipients:
    description: Recipients of the envelope.
    type: list
    elements: str
    required: true
attributes:
  check_mode:
    support: full
    description: Looks into the journal, and hands nothing in.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Tell the other agencies
  congvu.mail.letter:
    content: "{{ notice }}"
    message_id: "<ban-giao.20261122-snv@thuathienhue.gov.vn>"
    sender: snv@thuathienhue.gov.vn
    recipients: [stc@thuathienhue.gov.vn]
"""

RETURN = r"""
changed:
  description: Whether it was handed in now.
  returned: success
  type: bool
"""

import re

from ansible.module_utils.basic import AnsibleModule

SEEN = (
    "journalctl",
    "--quiet",
    "--no-pager",
    "--output=cat",
    "--lines=1",
    "SYSLOG_IDENTIFIER=postfix/cleanup",
)
NOT_FOUND = 1  # what journalctl says where nothing fits


def is_known(module: AnsibleModule, message_id: str) -> bool:
    """Ask the journal whether Postfix has had the letter."""
    pattern = re.escape(f"message-id={message_id}")
    status, said, complaint = module.run_command([*SEEN, f"--grep={pattern}"])
    if status not in (0, NOT_FOUND):
        module.fail_json(msg=f"The journal cannot be read, so nothing was handed in: {complaint.strip()}.")
    return bool(said.strip())


def main() -> None:
    """Look, hand in, exit."""
    module = AnsibleModule(
        argument_spec={
            "content": {"type": "str", "required": True},
            "message_id": {"type": "str", "required": True},
            "sender": {"type": "str", "required": True},
            "recipients": {"type": "list", "elements": "str", "required": True},
        },
        supports_check_mode=True,
    )
    params = module.params
    is_new = not is_known(module, params["message_id"])
    if is_new and not module.check_mode:
        command = ["/usr/sbin/sendmail", "-i", "-f", params["sender"], "--", *params["recipients"]]
        status, _, complaint = module.run_command(command, data=params["content"], binary_data=True)
        if status:
            module.fail_json(msg=f"Postfix did not take the letter {params['message_id']}: {complaint.strip()}.")
    module.exit_json(changed=is_new)


if __name__ == "__main__":
    main()
