#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Note which plan is put forward for the review of a branch."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: review_keep
short_description: Note which plan is put forward for the review of a branch
description:
  - The note is what M(congvu.mail.review_hold) holds the plan of the merged branch against.
options:
  state:
    description: Folder with C(plans/); the note goes to C(reviews/) in it.
    type: path
    required: true
  plan:
    description: The plan, as a path, an id or the beginning of one, or V(latest).
    type: str
    required: true
  head:
    description: The whole id of the commit with which the branch under review ends.
    type: str
    required: true
attributes:
  check_mode:
    support: full
    description: Writes nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Put the plan forward
  congvu.mail.review_keep:
    state: /var/lib/congvu
    plan: latest
    head: 3f786850e387550fdab836ed7e6dc881de23001b
"""

RETURN = r"""
path:
  description: The note.
  type: str
  returned: success
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils import reviewed, store
from ansible_collections.congvu.mail.plugins.module_utils.changes import PlanError
from ansible_collections.congvu.mail.plugins.module_utils.files import complaint

SPEC: dict[str, Any] = {
    "state": {"type": "path", "required": True},
    "plan": {"type": "str", "required": True},
    "head": {"type": "str", "required": True},
}


def main() -> None:
    """Parse, note, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    state, head = Path(module.params["state"]), module.params["head"]
    path = state / reviewed.FOLDER / head
    try:
        plan = store.find(module.params["plan"], state / "plans")
        before = path.read_text(encoding="ascii") if path.exists() else ""
        if not module.check_mode:
            path = reviewed.keep(state, head, plan)
    except PlanError as error:
        module.fail_json(msg=str(error), exit_status=1)
    except OSError as error:
        module.fail_json(msg=complaint(error), exit_status=1)
    module.exit_json(changed=before.strip() != plan.id, path=str(path))


if __name__ == "__main__":
    main()
