#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Write the JSON Schemas and the reference of a registry's files."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: registry_schema
short_description: Write the JSON Schemas and the reference of a registry's files
description:
  - Writes one JSON Schema for each kind of file in a registry, from the same description that reads them.
  - Editors use them to complete and check what a clerk types; the registry's own checks say more.
  - Writes the same for people as C(keys.md), a page with every file and key.
options:
  path:
    description: Folder to write C(<kind>.schema.json) and C(keys.md) to.
    type: path
    required: true
attributes:
  check_mode:
    support: full
    description: Reports what would be written.
  diff_mode:
    support: full
    description: Shows the files before and after.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Renew the schemas and the reference
  congvu.mail.registry_schema:
    path: docs/reference/registry
"""

RETURN = r"""
files:
  description: The files that were not as they should be.
  returned: success
  type: list
  elements: str
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole
from ansible_collections.congvu.mail.plugins.module_utils.reference import PAGE, page, schema_files


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec={"path": {"type": "path", "required": True}}, supports_check_mode=True)
    diff = []
    for name, after in {**schema_files(), PAGE: page()}.items():
        path = Path(module.params["path"]) / name
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if before == after:
            continue
        diff.append({"before_header": str(path), "after_header": str(path), "before": before, "after": after})
        if not module.check_mode:
            write_whole(path, after.encode())
    module.exit_json(changed=bool(diff), files=[change["after_header"] for change in diff], diff=diff)


if __name__ == "__main__":
    main()
