#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Find the shared mailboxes that got another head."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: handovers
short_description: Find the shared mailboxes that got another head
description:
  - Compares who the registry says is the head of each mailbox with who was it when M(congvu.mail.handover) looked last.
  - A new head counts as soon as the directory gives the mailbox to that person, and the old one has no more left than
    the registry says.
  - Changes nothing.
options:
  state:
    description: Folder in which M(congvu.mail.handover) keeps what it knows, in C(handovers/).
    type: path
    required: true
  suffix:
    description: Suffix of the directory; default that of the registry.
    type: str
extends_documentation_fragment:
  - congvu.mail.directory
  - congvu.mail.registry
  - congvu.mail.registry.as_of
  - congvu.mail.registry.cache
attributes:
  check_mode:
    support: full
    description: Reads as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Look which mailboxes got another head
  congvu.mail.handovers:
    registry: inventories/camau/registry
    state: /var/lib/congvu
    uri: ldaps://ldap.camau.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=camau,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
"""

RETURN = r"""
due:
  description: What is to be recorded, one item a mailbox.
  returned: success
  type: list
  elements: dict
heads:
  description: The head of each mailbox, by the mailbox's id; where a handover is not in force yet, the old one.
  returned: success
  type: dict
  sample: {snv: tth00001}
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import (
    AS_OF,
    CACHE,
    DIRECTORY,
    REGISTRY,
    access_settings,
    civil_day,
)
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language

try:
    from ansible_collections.congvu.mail.plugins.module_utils import source, takeover
    from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

SPEC: dict[str, Any] = {
    **DIRECTORY,
    **REGISTRY,
    **CACHE,
    **AS_OF,
    "state": {"type": "path", "required": True},
    "suffix": {"type": "str"},
}


def run(params: dict[str, Any]) -> dict[str, Any]:
    """Compare; the directory is asked only about mailboxes whose head is another."""
    cache = params["cache"]
    registry = source.load(Path(params["registry"]), cache=Path(cache) if cache else None)
    day = civil_day(params["as_of"]) or datetime.now(registry.estate.time_zone).date()
    before = takeover.Book(Path(params["state"], takeover.FOLDER)).heads() or {}
    found = takeover.due(registry, day, before)
    ready = _in_force(found, registry, day, params) if found else []
    waiting = {each.mailbox: each.old.uid for each in found if each not in ready}
    return {
        "due": [each.data() for each in ready],
        "heads": {**before, **takeover.heads(registry, day), **waiting},
    }


def _in_force(found: list[Any], registry: Any, day: Any, params: dict[str, Any]) -> list[Any]:  # noqa: ANN401 -- imported or not
    desired = compile_desired(registry, suffix=params["suffix"], as_of=day, commit="")
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        return [each for each in found if takeover.in_force(directory, desired, each)]


def main() -> None:
    """Look, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(changed=False, **run(module.params))
    except (*EXPECTED, DirectoryError) as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), Language.ENGLISH))


if __name__ == "__main__":
    main()
