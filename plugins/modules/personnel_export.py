#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Write the staff of a registry to a workbook that a personnel clerk corrects."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: personnel_export
short_description: Write the staff of a registry to a workbook that a personnel clerk corrects
description:
  - Writes an XLSX workbook with everybody who has a post on a day, their titles, units and decisions, with choices for
    codes and kinds of change.
  - The clerk corrects cells or names a change; M(congvu.mail.personnel_import) takes the workbook back. A hidden sheet
    remembers the commit, the day and each row as it left.
  - No text is ever taken for a formula by the program that opens it.
  - The same registry, commit and day always give the same bytes.
options:
  file:
    description: The workbook to write. It names people, so only its owner reads it.
    type: path
    required: true
  agencies:
    description: Codes of the agencies to export; all of them by default.
    type: list
    elements: str
    default: []
  sheet_per_agency:
    description: Whether each agency gets a sheet of its own.
    type: bool
    default: false
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.as_of
attributes:
  check_mode:
    support: full
    description: Writes nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Write the staff of one agency for its clerk
  congvu.mail.personnel_export:
    registry: "{{ estate_registry }}"
    agencies: [snv]
    file: /srv/thu-di/danh-sach-snv.xlsx
"""

RETURN = r"""
msg:
  description: How many rows were written where, in Vietnamese, or the faults of the registry, one a line.
  returned: always
  type: str
file:
  description: The workbook.
  returned: success
  type: str
count:
  description: How many rows it has.
  returned: success
  type: int
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils.arguments import AS_OF, REGISTRY, civil_day
from ansible_collections.congvu.mail.plugins.module_utils.commit import commit_of
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language
from ansible_collections.congvu.mail.plugins.module_utils.resolve import refuse_unknown
from ansible_collections.congvu.mail.plugins.module_utils.roster import LEGEND, export
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import write as workbook
from ansible_collections.congvu.mail.plugins.module_utils.staff import Staff

if TYPE_CHECKING:
    from collections.abc import Mapping


def run(params: Mapping[str, Any], *, write: bool) -> dict[str, Any]:
    """Export the staff, and write the workbook if ``write`` says so."""
    root, path = Path(params["registry"]), Path(params["file"])
    registry = load(root, locked=False)
    day = civil_day(params["as_of"]) or datetime.now(registry.estate.time_zone).date()
    refuse_unknown(registry, params["agencies"])
    sheets = export(
        Staff.read(root, registry),
        day,
        commit_of(root),
        agencies=params["agencies"],
        per_agency=params["sheet_per_agency"],
    )
    content = workbook(sheets)
    changed = not path.exists() or path.read_bytes() != content
    if write and changed:
        write_whole(path, content, mode=0o600)
    count = sum(len(sheet.rows) for sheet in sheets if not sheet.hidden and sheet.name != LEGEND)
    msg = f"Danh sách ngày {day:%d/%m/%Y}: {count} dòng. Sửa xong thì nhập lại bằng playbooks/import.yml.\n{path}"
    return {"changed": changed, "msg": msg, "file": str(path), "count": count}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            **REGISTRY,
            **AS_OF,
            "file": {"type": "path", "required": True},
            "agencies": {"type": "list", "elements": "str", "default": []},
            "sheet_per_agency": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except EXPECTED as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), Language.VIETNAMESE))


if __name__ == "__main__":
    main()
