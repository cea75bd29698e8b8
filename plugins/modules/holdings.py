#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Say what the mail store should hold, as the directory says now."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: holdings
short_description: What the mail store should hold, as the directory says now
description:
  - Reads the directory, and not the store, so that the store follows what was applied. Of the registry it reads the
    policy's rule of folders for documents alone, which no plan carries.
options:
  registry:
    description: Folder of the registry, for that rule; without it there are no such folders.
    type: path
  estate:
    description: The estate whose entries count.
    type: str
    required: true
  suffix:
    description: Suffix of the directory.
    type: str
    required: true
extends_documentation_fragment:
  - congvu.mail.directory
attributes:
  check_mode:
    support: full
    description: Reads as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Look up what the store should hold
  congvu.mail.holdings:
    estate: thuathienhue
    suffix: dc=thuathienhue,dc=gov,dc=vn
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
  register: holdings
"""

RETURN = r"""
shared:
  description: Stable ids of the mailboxes and folders of several people, in use or held.
  returned: success
  type: list
  elements: str
  sample: [snv, stc]
opened:
  description: Stable ids of the people who left and whose mail a successor may read.
  returned: success
  type: list
  elements: str
  sample: [tth00018]
purged:
  description: Those whose mail is to be gone.
  returned: success
  type: list
  elements: dict
documents:
  description:
    - The rule of folders for documents, with the years and the agencies for which it holds; empty where the policy has
      none.
  returned: success
  type: dict
plan:
  description: Id of the last plan that was applied completely; empty if there was none.
  returned: success
  type: str
"""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import DIRECTORY, access_settings
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure

try:
    from ansible_collections.congvu.mail.plugins.module_utils import documents, source
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
    from ansible_collections.congvu.mail.plugins.module_utils.holdings import read
    from ansible_collections.congvu.mail.plugins.module_utils.lease import control_dn, read_control
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None


def run(params: dict[str, Any]) -> dict[str, Any]:
    """Read the directory."""
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        found = read(directory, params["estate"], params["suffix"])
        applied = read_control(directory, control_dn(params["estate"], params["suffix"])).applied
    told = asdict(found)
    offices = told.pop("offices")
    return {**told, "documents": rule(params["registry"], offices), "plan": applied.plan if applied else ""}


def rule(registry: str | None, offices: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return the policy's rule of folders for documents as plain values, with the years and agencies."""
    if not registry:
        return {}
    estate, policy = source.rules(Path(registry))
    if policy.documents is None:
        return {}
    said = asdict(policy.documents)
    said["notices"] = [{**each, "since": str(each["since"]), "until": str(each["until"])} for each in said["notices"]]
    today = datetime.now(estate.time_zone).date()
    return {**said, "years": list(documents.years(today)), "agencies": offices}


def main() -> None:
    """Read, exit."""
    module = AnsibleModule(
        {
            **DIRECTORY,
            "estate": {"type": "str", "required": True},
            "suffix": {"type": "str", "required": True},
            "registry": {"type": "path"},
        },
        supports_check_mode=True,
    )
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(changed=False, **run(module.params))
    except DirectoryError as error:
        module.fail_json(msg=str(error))
    except EXPECTED as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), "en"))


if __name__ == "__main__":
    main()
