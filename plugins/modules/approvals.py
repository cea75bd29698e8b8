#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Hold the commits of a registry against who may change what."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: approvals
short_description: Hold the commits of a registry against who may change what
description:
  - Reads C(approvers.yml) of the registry as it was before each commit, and says which commits are not signed by
    somebody whom it names, change what is not theirs to change, or were merged by whoever wrote them.
  - Reads Git alone, the working copy is not looked at.
options:
  since:
    description: The commit that is trusted, mostly the last one of the protected branch that was checked.
    type: str
    required: true
  head:
    description: The commit to come to.
    type: str
    default: HEAD
  branch:
    description:
      - Whether the commits are the protected branch's own, so that each merge answers for what it brings. If not, they
        are put forward to it.
    type: bool
    default: false
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.faults
attributes:
  check_mode:
    support: full
    description: Says as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: See whether an agency's admin changed what is theirs
  congvu.mail.approvals:
    registry: inventories/thuathienhue/registry
    since: origin/main
"""

RETURN = r"""
refusals:
  description: What is wrong, a sentence each.
  type: list
  elements: str
  returned: always
exit_status:
  description: V(0) nothing is wrong, V(1) something is.
  type: int
  returned: always
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils.arguments import LANG, REGISTRY
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.gitlog import Repository

SPEC: dict[str, Any] = {
    **REGISTRY,
    **LANG,
    "since": {"type": "str", "required": True},
    "head": {"type": "str", "default": "HEAD"},
    "branch": {"type": "bool", "default": False},
}


def main() -> None:
    """Parse, ask Git, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    params = module.params
    root, language = Path(params["registry"]), params["lang"]
    try:
        found = Repository.around(root).refuse(params["since"], params["head"], branch=params["branch"])
        refusals = [said.told(language) for said in found]
    except EXPECTED as error:
        module.fail_json(**failure(error, root, language), refusals=[], exit_status=1)
    if refusals:
        module.fail_json(msg="\n".join(refusals), refusals=refusals, exit_status=1)
    module.exit_json(changed=False, refusals=[], exit_status=0)


if __name__ == "__main__":
    main()
