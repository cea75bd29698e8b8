#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Lock somebody's account for good, or let the person in again."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: account_lock
short_description: Lock somebody's account for good, or let the person in again
description:
  - Locks the account in the directory, by the password policy's own attribute, so that neither a plan nor the passing
    of time opens it. The mailbox goes on taking letters.
  - Lets the person in again only after the password was set anew.
  - Notes when it began in C(lockouts/) of the state folder, and gives back what other hosts put aside.
options:
  id:
    description: Whom it is about, by id, staff number, address or name.
    type: str
    required: true
  state:
    description: V(locked), or V(released).
    type: str
    choices: [locked, released]
    default: locked
  reason:
    description: Why, for the directory's accesslog and the report.
    type: str
    default: ""
  operator:
    description: Who does it; default the system user, with the machine's name.
    type: str
    default: ""
  folder:
    description: The estate's state folder.
    type: path
    required: true
  suffix:
    description: Suffix of the directory; default that of the registry.
    type: str
extends_documentation_fragment:
  - congvu.mail.directory
  - congvu.mail.registry
  - congvu.mail.registry.cache
attributes:
  check_mode:
    support: full
    description: Finds the account, and locks nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Lock an account whose password was stolen
  congvu.mail.account_lock:
    id: levanloc@thuathienhue.gov.vn
    reason: password given away to a forged page
    folder: /var/lib/congvu
    registry: inventories/thuathienhue/registry
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
"""

RETURN = r"""
id:
  description: The registry's id.
  returned: success
  type: str
user:
  description: Stable id of the person.
  returned: success
  type: str
name:
  description: The person's name.
  returned: success
  type: str
title:
  description: The title.
  returned: success
  type: str
places:
  description: Names of the agency and the unit.
  returned: success
  type: list
  elements: str
addresses:
  description: All addresses, the primary one first.
  returned: success
  type: list
  elements: str
aside:
  description: By host, the Sieve script and the ids of the letters that were put aside.
  returned: success
  type: dict
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import (
    CACHE,
    DIRECTORY,
    REGISTRY,
    access_settings,
)
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language

try:
    from ansible_collections.congvu.mail.plugins.module_utils import lockout, source, trace, whom
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

SPEC: dict[str, Any] = {
    **DIRECTORY,
    **REGISTRY,
    **CACHE,
    "id": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["locked", "released"], "default": "locked"},
    "reason": {"type": "str", "default": ""},
    "operator": {"type": "str", "default": ""},
    "folder": {"type": "path", "required": True},
    "suffix": {"type": "str"},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Find the account, lock it or let the person in."""
    cache, operator = params["cache"], trace.operator_of(params["operator"])
    registry = source.load(Path(params["registry"]), cache=Path(cache) if cache else None)
    id_, suffix = whom.find(params["id"], registry), params["suffix"] or registry.estate.suffix
    line = trace.by_hand(id_, by=operator, reason=params["reason"])
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        account = lockout.find(directory, suffix, id_)
        case = lockout.Case(Path(params["folder"]), account.uid)
        if params["state"] == "locked":
            changed = not account.locked
            if write:
                case.begin(_now(), operator, params["reason"])
                lockout.lock(directory, suffix, account, line)
        else:
            begun = case.head()
            if not begun:
                message = f"{account.name} is in no lockout: there is nothing to put back."
                raise lockout.LockoutError(message)
            changed = account.locked
            if write:
                lockout.release(directory, suffix, account, datetime.fromisoformat(begun["since"]), line)
    return {
        "changed": changed,
        "id": account.id,
        "user": account.uid,
        "name": account.name,
        "title": account.title,
        "places": list(account.places),
        "addresses": list(account.addresses),
        "aside": {
            host: {"script": found.script, "letters": [letter["queue"] for letter in found.letters]}
            for host, found in case.findings().items()
        },
    }


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def main() -> None:
    """Parse, lock, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except (*EXPECTED, DirectoryError) as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), Language.ENGLISH))


if __name__ == "__main__":
    main()
