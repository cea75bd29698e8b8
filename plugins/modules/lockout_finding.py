#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Note what a host had of an account whose password was stolen."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lockout_finding
short_description: Note what a host had of an account whose password was stolen
description:
  - Runs on the control node, once for each host. What was put aside stays noted until it is put back.
options:
  folder:
    description: The estate's state folder.
    type: path
    required: true
  user:
    description: Stable id of the person.
    type: str
    required: true
  host:
    description: Whose findings they are.
    type: str
    required: true
  rules:
    description: What M(congvu.mail.sieve_rules) found.
    type: dict
    default: {}
  activity:
    description: What M(congvu.mail.account_activity) found.
    type: dict
    default: {}
  queue:
    description: What M(congvu.mail.queued_letters) found.
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
    description: Notes nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Note what was put aside
  congvu.mail.lockout_finding:
    folder: /var/lib/congvu
    user: tth00018
    host: mail.thuathienhue.gov.vn
    rules: "{{ rules }}"
"""

RETURN = "{}"

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.files import complaint

try:
    from ansible_collections.congvu.mail.plugins.module_utils.lockout import Case
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None


def findings(params: dict[str, Any]) -> dict[str, Any]:
    """Sort what modules said by what it is about; what was not asked for stays as it was noted."""
    found: dict[str, Any] = {}
    if rules := params["rules"]:
        found |= {name: rules[name] for name in ("script", "redirects", "discards", "texts")}
    if activity := params["activity"]:
        found |= {"uses": activity["uses"], "sent": activity["letters"]}
    if queue := params["queue"]:
        found["letters"] = queue["letters"]
    return found


def main() -> None:
    """Note, exit."""
    module = AnsibleModule(
        argument_spec={
            "folder": {"type": "path", "required": True},
            "user": {"type": "str", "required": True},
            "host": {"type": "str", "required": True},
            "rules": {"type": "dict", "default": {}},
            "activity": {"type": "dict", "default": {}},
            "queue": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    params = module.params
    try:
        if not module.check_mode:
            Case(Path(params["folder"]), params["user"]).note(params["host"], findings(params))
    except OSError as error:
        module.fail_json(msg=complaint(error))
    module.exit_json(changed=False)


if __name__ == "__main__":
    main()
