#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Give an address to everyone in a registry who has none."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: registry_allocate
short_description: Give an address to everyone in a registry who has none
description:
  - Adds to the registry's address lock (C(addresses/<domain>.yml)) a line for each person and each shared mailbox
    without one, by the naming rules of C(policy.yml).
  - Never changes or removes a line, and never gives out an address that anybody holds or ever held.
  - The result does not depend on the order of files. Commit it; the address exists once a plan was applied.
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.lang
attributes:
  check_mode:
    support: full
    description: Reports the lines without writing them.
  diff_mode:
    support: full
    description: Shows the lock files before and after.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Give newcomers their addresses
  congvu.mail.registry_allocate:
    registry: "{{ estate_registry }}"
"""

RETURN = r"""
msg:
  description: How many addresses were given, or the faults of the registry, one a line.
  returned: always
  type: str
addresses:
  description: The new addresses, at most 100 of them, with their holders.
  returned: success
  type: dict
  sample: {nguyenvanan2@thuathienhue.gov.vn: "person:tth00049"}
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from itertools import islice
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils.allocate import allocate, by_domain, insert
from ansible_collections.congvu.mail.plugins.module_utils.arguments import LANG, REGISTRY
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase
from ansible_collections.congvu.mail.plugins.module_utils.source import load

SAMPLE = 100


def run(root: Path, language: str, *, write: bool) -> dict[str, Any]:
    """Give the addresses out, and write them down if ``write`` says so."""
    fresh = allocate(load(root, locked=False))
    diff = []
    for domain, lines in by_domain(fresh).items():
        path = root / "addresses" / f"{domain}.yml"
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = insert(before, domain, lines)
        diff.append({"before_header": str(path), "after_header": str(path), "before": before, "after": after})
        if write:
            write_whole(path, after.encode())
    return {
        "changed": bool(fresh),
        "msg": Phrase("New addresses: {count}.", {"count": len(fresh)}).told(language),
        "addresses": dict(islice(sorted(fresh.items()), SAMPLE)),
        "diff": diff,
    }


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={**REGISTRY, **LANG},
        supports_check_mode=True,
    )
    root, language = Path(module.params["registry"]), module.params["lang"]
    try:
        module.exit_json(**run(root, language, write=not module.check_mode))
    except EXPECTED as error:
        module.fail_json(**failure(error, root, language))


if __name__ == "__main__":
    main()
