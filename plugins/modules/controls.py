#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Read the controls of the compliance report, and tell what they want to ask of hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: controls
short_description: Read the controls of the compliance report, and tell what they want to ask of hosts
description:
  - Reads all files of C(compliance/), one a control, and tells each fault of them with its place.
  - Gives the commands that M(congvu.mail.answers) is to run on each group of hosts, every one once.
options:
  controls:
    description: Folder with the controls.
    type: path
    required: true
  names:
    description: What texts and commands of controls may name besides the registry, such as C(webmail).
    type: dict
    default: {}
  schemas:
    description: Folder to write the JSON Schemas to, of a control and of a report; nothing by default.
    type: path
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.lang
attributes:
  check_mode:
    support: full
    description: Reads as ever; writes no schema.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Read the controls
  congvu.mail.controls:
    controls: compliance
    registry: inventories/thuathienhue/registry
"""

RETURN = r"""
commands:
  description: The commands, each with C(id), C(group), C(argv) and C(input).
  type: list
  elements: dict
  returned: success
controls:
  description: The ids of the controls.
  type: list
  elements: str
  returned: success
  sample: [R01, R02]
problems:
  description: The faults, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import LANG, REGISTRY
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole

try:
    from ansible_collections.congvu.mail.plugins.module_utils import controls, inquiry, source
    from ansible_collections.congvu.mail.plugins.module_utils.compliance_data import schema_files
    from ansible_collections.congvu.mail.plugins.module_utils.compliance_facts import facts
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

SPEC: dict[str, Any] = {
    **REGISTRY,
    **LANG,
    "controls": {"type": "path", "required": True},
    "names": {"type": "dict", "default": {}},
    "schemas": {"type": "path"},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Read, and write schemas where they are wanted."""
    found = controls.load(Path(params["controls"]))
    estate, policy = source.rules(Path(params["registry"]))
    asked = inquiry.commands(found, facts(estate, policy, params["names"]))
    changed = _schemas(Path(params["schemas"]), write=write) if params["schemas"] else False
    commands = [{**asdict(each), "argv": list(each.argv)} for each in asked]
    return {"changed": changed, "commands": commands, "controls": [control.id for control in found]}


def _schemas(folder: Path, *, write: bool) -> bool:
    """Write the schemas that are not there yet."""
    files = {folder / name: content.encode() for name, content in schema_files().items()}
    changed = {path: content for path, content in files.items() if not path.exists() or path.read_bytes() != content}
    if write:
        for path, content in changed.items():
            write_whole(path, content)
    return bool(changed)


def main() -> None:
    """Parse, read, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except EXPECTED as error:
        module.fail_json(**failure(error, Path(module.params["controls"]), module.params["lang"]))


if __name__ == "__main__":
    main()
