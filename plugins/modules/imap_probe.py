#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Wait for a letter in a mailbox and report its headers."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: imap_probe
short_description: Wait for a letter in a mailbox and report its headers
description:
  - Signs in over IMAP with TLS from the host on which it runs, and looks for a letter by its subject
    until it is there or the time is up.
  - Reads without marking anything as seen.
options:
  host:
    description: Server to speak to; its certificate must bear this name.
    type: str
    required: true
  port:
    description: Port with TLS from the first byte.
    type: int
    default: 993
  user:
    description: Name to sign in with.
    type: str
    required: true
  password:
    description: Password of O(user).
    type: str
    required: true
  folder:
    description: Folder to look into.
    type: str
    default: INBOX
  subject:
    description: A word that is in the subject of that letter alone, ASCII.
    type: str
    required: true
  timeout:
    description: Seconds until the letter counts as lost.
    type: int
    default: 60
attributes:
  check_mode:
    support: full
    description: Reads nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: The letter arrives
  congvu.mail.imap_probe:
    host: imap.thuathienhue.gov.vn
    user: tth00001
    password: "{{ initial_password }}"
    subject: 4f1c9a
"""

RETURN = r"""
tls:
  description: The protocol version of the connection.
  type: str
  returned: success
  sample: TLSv1.3
headers:
  description: Every header of the letter, in order, each a pair of name and unfolded value.
  type: list
  elements: list
  returned: success
waited:
  description: Seconds from the first look to the one that found it.
  type: float
  returned: success
"""

import imaplib
import ssl
import time
from email import message_from_bytes, policy
from typing import Any

from ansible.module_utils.basic import AnsibleModule

PAUSE = 0.5  # seconds between two looks


def find(client: imaplib.IMAP4_SSL, folder: str, subject: str) -> bytes | None:
    """Return the headers of the newest letter whose subject holds the word, or None."""
    status, _ = client.select(f'"{folder}"', readonly=True)
    if status != "OK":
        return None
    _, found = client.search(None, "SUBJECT", f'"{subject}"')
    numbers = found[0].split() if found and found[0] else []
    if not numbers:
        return None
    _, data = client.fetch(numbers[-1].decode("ascii"), "(BODY.PEEK[HEADER])")
    return next((part[1] for part in data if isinstance(part, tuple)), None)


def wait(client: imaplib.IMAP4_SSL, params: dict[str, Any]) -> tuple[bytes | None, float]:
    """Look until the letter is there or the time is up; return its headers and the seconds waited."""
    start = time.monotonic()
    while True:
        headers = find(client, params["folder"], params["subject"])
        waited = time.monotonic() - start
        if headers is not None or waited > params["timeout"]:
            return headers, waited
        time.sleep(PAUSE)


def main() -> None:
    """Parse, look, exit."""
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "default": 993},
            "user": {"type": "str", "required": True},
            "password": {"type": "str", "required": True, "no_log": True},
            "folder": {"type": "str", "default": "INBOX"},
            "subject": {"type": "str", "required": True},
            "timeout": {"type": "int", "default": 60},
        },
        supports_check_mode=True,
    )
    if module.check_mode:
        module.exit_json(changed=False)
    params = module.params
    try:
        with imaplib.IMAP4_SSL(
            params["host"], params["port"], ssl_context=ssl.create_default_context(), timeout=params["timeout"]
        ) as client:
            client.login(params["user"], params["password"])
            version = client.socket().version()  # type: ignore[attr-defined]
            headers, waited = wait(client, params)
    except (OSError, imaplib.IMAP4.error) as error:
        module.fail_json(msg=f"No reading at {params['host']}:{params['port']} as {params['user']}: {error}")
    if headers is None:
        module.fail_json(
            msg=f"No letter with '{params['subject']}' reached {params['folder']} of {params['user']} "
            f"at {params['host']} within {params['timeout']} s. "
            "The mail host's journal and queue (postqueue -p) tell where it is."
        )
    message = message_from_bytes(headers or b"", policy=policy.default)
    module.exit_json(
        changed=False,
        tls=version,
        waited=round(waited, 1),
        headers=[[name, str(value)] for name, value in message.items()],
    )


if __name__ == "__main__":
    main()
