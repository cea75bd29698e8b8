#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Say what is counted of the use of mailboxes, and for how long it is known."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: usage_rules
short_description: Say what is counted of the use of mailboxes, and for how long it is known
description:
  - Reads C(checking), C(private_mail) and C(usage_data) of a registry's policy, for the role C(usage) on the hosts.
extends_documentation_fragment:
  - congvu.mail.registry
attributes:
  check_mode:
    support: full
    description: Changes nothing ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Read what is counted
  congvu.mail.usage_rules:
    registry: inventories/thuathienhue/registry
  register: counted
"""

RETURN = r"""
rules:
  description: The windows of the day, the private services, the days for which counts are kept, the time zone.
  returned: success
  type: dict
problems:
  description: The faults of the policy, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import REGISTRY

try:
    from ansible_collections.congvu.mail.plugins.module_utils import source
    from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None


def run(root: Path) -> dict[str, Any]:
    """Read the policy, and give what concerns counting as plain values."""
    estate, policy = source.rules(root)
    return {
        "days": policy.usage_days,
        "checking": asdict(policy.checking) if policy.checking and policy.usage_days else {},
        "private": sorted(policy.private_mail),
        "zone": str(estate.time_zone),
    }


def main() -> None:
    """Read, exit."""
    module = AnsibleModule(dict(REGISTRY), supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    root = Path(module.params["registry"])
    try:
        module.exit_json(changed=False, rules=run(root))
    except EXPECTED as error:
        module.fail_json(**failure(error, root, "en"))


if __name__ == "__main__":
    main()
