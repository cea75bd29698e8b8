#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Compare the registry with the directory and write down what would change."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: plan
short_description: Compare the registry with the directory and write down what would change
description:
  - Reads the registry and the directory, changes neither, and writes a plan file for M(congvu.mail.apply).
  - Beside it, in a folder called as the plan, stand pages for reviewers; C(plan.md) sums the plan up and holds all
    of a short one, C(agencies/<code>.md) has what concerns one agency, C(plan.html) is the whole as one page to
    filter and print, C(plan.ldif) is what the directory will be asked.
  - The same registry, day and directory give the same file, byte for byte; its SHA-256 is the plan's id.
  - The plan file is the same in every language; O(lang) is that of the pages and of what is said.
options:
  state:
    description: Folder under which plans are kept, in C(plans/).
    type: path
    required: true
  suffix:
    description: Suffix of the directory; default the one that follows from the registry's domain.
    type: str
  agency:
    description:
      - Codes of the agencies to plan for; default all. The plan then neither judges nor changes anything that lies
        elsewhere, and reads no more of it than tells a transfer from a newcomer.
      - Whoever goes to another agency or comes from one, and whatever hands an address over, waits for a plan of both.
    type: list
    elements: str
    default: []
  observe:
    description:
      - Names of branches beside C(ou=agencies) in which an old directory keeps its people, such as
        V(ou=people,dc=thuathienhue,dc=gov,dc=vn). What stands there and is what the registry means is told.
      - The account that signs in must be able to read and move what stands there. The role C(congvu.mail.directory)
        takes the same names as C(directory_observed).
    type: list
    elements: str
    default: []
  adopt:
    description:
      - Make entries ours that bear no mark and match an object of the registry, by place, uid, staff number or address.
        They get the registry's marks and values and move to their place. Passwords, C(entryUUID) and all attributes
        that the registry does not own stay as they are.
    type: bool
    default: false
extends_documentation_fragment:
  - congvu.mail.directory
  - congvu.mail.registry
  - congvu.mail.registry.as_of
  - congvu.mail.registry.faults
attributes:
  check_mode:
    support: full
    description: Plans as ever. A plan file is no change of anything.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Plan what the registry asks for
  congvu.mail.plan:
    registry: inventories/thuathienhue/registry
    state: /var/lib/congvu
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
  register: planned

- name: Plan for two agencies alone
  congvu.mail.plan:
    registry: inventories/thuathienhue/registry
    state: /var/lib/congvu
    agency: [snv, stc]
    uri: ldapi:///

- name: Plan to take over the people of one agency from an old directory
  congvu.mail.plan:
    registry: inventories/thuathienhue/registry
    state: /var/lib/congvu
    observe: ["ou=people,dc=thuathienhue,dc=gov,dc=vn"]
    agency: [snv]
    adopt: true
    uri: ldapi:///

- name: Plan on the directory's own host, without a password
  congvu.mail.plan:
    registry: /srv/registry
    state: /var/lib/congvu
    uri: ldapi:///
"""

RETURN = r"""
plan:
  description: The plan's id.
  type: str
  returned: success
  sample: 9f2c41d0c0a35b1f2a80e1c7f3de6f7f0a3f1d1b6a6f6b9d9a3f0e5c2b1a0d4e
path:
  description: The plan file.
  type: str
  returned: success
page:
  description: The page that sums the plan up. The others stand in the same folder.
  type: str
  returned: success
text:
  description: The plan for the terminal, cut where it would be long.
  type: str
  returned: success
counts:
  description: How many changes of each operation.
  type: dict
  returned: success
  sample: {create: 2, update: 1, move: 0, disable: 0, adopt: 0, purge: 0, delete: 0}
situations:
  description: How many entries stand how, between directory and registry.
  type: dict
  returned: success
  sample: {linked: 402, adoptable: 0, missing: 2, orphan: 0, disputed: 0, foreign: 0, unmanaged: 3}
findings:
  description:
    - The safety rails that the plan runs into and no override lifts, at most 20; M(congvu.mail.apply) refuses it then.
  type: list
  elements: str
  returned: success
next_change:
  description: The next day on which the same registry asks for something else, or empty.
  type: str
  returned: success
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
exit_status:
  description: V(0) nothing to do, V(2) changes, V(3) a safety rail, V(1) an error.
  type: int
  returned: always
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import (
    AS_OF,
    DIRECTORY,
    LANG,
    REGISTRY,
    access_settings,
)
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure

try:
    from ansible_collections.congvu.mail.plugins.module_utils import planning, review
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
    from ansible_collections.congvu.mail.plugins.module_utils.unswept import unswept
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

SPEC: dict[str, Any] = {
    **DIRECTORY,
    **REGISTRY,
    **AS_OF,
    **LANG,
    "state": {"type": "path", "required": True},
    "suffix": {"type": "str"},
    "agency": {"type": "list", "elements": "str", "default": []},
    "observe": {"type": "list", "elements": "str", "default": []},
    "adopt": {"type": "bool", "default": False},
}


def run(params: dict[str, Any]) -> dict[str, Any]:
    """Plan, and keep the plan."""
    plans = Path(params["state"], "plans")
    root, given = Path(params["registry"]), planning.Given.of(params)
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        plan = planning.recalled(given, directory, plans) or planning.made(given, directory, plans)
    answer = review.put_forward(plan, root, plans, params["lang"], datetime.now(UTC))
    return {**answer, "situations": plan.situations, "next_change": str(plan.next_change or "")}


def main() -> None:
    """Parse, plan, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name), exit_status=1)
    try:
        with unswept():
            planned = run(module.params)
    except (*EXPECTED, DirectoryError) as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), module.params["lang"]), exit_status=1)
    module.exit_json(**planned)


if __name__ == "__main__":
    main()
