#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""End the open sessions of people on a mail store."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sessions
short_description: End the open sessions of people on a mail store
description:
  - Runs on a mail store, and ends what people have open there, over IMAP and ManageSieve, as C(doveadm kick) does; what
    Dovecot remembers of their passwords goes first.
  - Whoever may still sign in does so again, with the rights of that moment.
  - M(congvu.mail.end_sessions) runs it after an apply.
options:
  users:
    description: Stable ids of the people.
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
    description: Counts the sessions, and ends none.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Sign somebody out everywhere
  congvu.mail.sessions:
    users: [tth00018]
"""

RETURN = r"""
ended:
  description: How many sessions were ended, or would be in check mode.
  returned: success
  type: int
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.mailstore import Doveadm, StoreError
from ..module_utils.sessions import end, opened


def main() -> None:
    """End, exit."""
    module = AnsibleModule(
        argument_spec={
            "users": {"type": "list", "elements": "str", "required": True},
            "socket": {"type": "path", "default": "/run/dovecot/doveadm-http"},
            "key_file": {"type": "path", "default": "/etc/dovecot/doveadm.key", "no_log": False},
        },
        supports_check_mode=True,
    )
    key_file, users = Path(module.params["key_file"]), module.params["users"]
    try:
        store = Doveadm(module.params["socket"], key_file.read_text(encoding="ascii").strip())
        if not module.check_mode:
            # First, so that nobody signs in anew with what Dovecot remembers. Asked for it over HTTP, 2.4.1 crashes.
            module.run_command(["doveadm", "auth", "cache", "flush"], check_rc=True)
        ended = opened(store, users) if module.check_mode else end(store, users)
    except OSError as error:
        module.fail_json(msg=f"{key_file} cannot be read: {error.strerror}. Is this host a mail store?")
    except StoreError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=ended > 0, ended=ended)


if __name__ == "__main__":
    main()
