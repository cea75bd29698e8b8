#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Change somebody's first password as they would themselves."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: first_password
short_description: Change somebody's first password as they would themselves
description:
  - Signs in to the directory with the initial password of a person, sets another at random (RFC 3062), and keeps that
    in a file.
  - For proofs and trials, which sign in for people who do not exist. Real people choose their own in the webmail.
  - Does nothing where a password was chosen after the initial one was made.
options:
  uid:
    description: Stable id of the person.
    type: str
    required: true
  suffix:
    description: Suffix of the estate's part of the directory.
    type: str
    required: true
  initial:
    description: File with the initial password.
    type: path
    required: true
  chosen:
    description: File for the password that takes its place. Its folder is made if need be, for the calling user alone.
    type: path
    required: true
extends_documentation_fragment:
  - congvu.mail.directory
attributes:
  check_mode:
    support: full
    description: Says whether a password would be changed.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Sign in for the first time
  congvu.mail.first_password:
    uid: tth00001
    suffix: dc=thuathienhue,dc=gov,dc=vn
    initial: /var/lib/congvu/secrets/initial-passwords/tth00001
    chosen: /var/lib/congvu/secrets/chosen-passwords/tth00001
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
"""

RETURN = r""" # """

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import DIRECTORY, access_settings

try:
    from ansible_collections.congvu.mail.plugins.module_utils import first_password
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

SPEC: dict[str, Any] = {
    **DIRECTORY,
    "uid": {"type": "str", "required": True},
    "suffix": {"type": "str", "required": True},
    "initial": {"type": "path", "required": True},
    "chosen": {"type": "path", "required": True},
}


def main() -> None:
    """Parse, change, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    params = module.params
    initial, chosen = Path(params["initial"]), Path(params["chosen"])
    due = first_password.is_due(initial, chosen)
    if due and not module.check_mode:
        try:
            first_password.change(Access(**access_settings(params)), params["suffix"], params["uid"], initial, chosen)
        except (DirectoryError, first_password.UnknownError, OSError) as error:
            module.fail_json(msg=str(error))
    module.exit_json(changed=due)


if __name__ == "__main__":
    main()
