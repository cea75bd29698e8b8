#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Record in a registry what a personnel office's spreadsheet reports."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: personnel_import
short_description: Record in a registry what a personnel office's spreadsheet reports
description:
  - Reads an XLSX or CSV file of personnel changes, or of a whole staff, and edits C(agencies/<code>.yml) accordingly;
    lines that say nothing new stay as they are, byte for byte.
  - Every change rests on a decision with its day. Rows that cannot be right are sent back, with their numbers, reasons
    and remedies in Vietnamese, also as a workbook to correct and to import again; the other rows are recorded.
  - The resulting registry is proven on a copy before any file is written. What is recorded already is left alone, so
    the same file twice changes nothing.
  - What stopped between two files is undone by the next run, before anything is read.
  - A workbook made by M(congvu.mail.personnel_export) is held against itself as it was exported, so only what the
    clerk changed counts.
  - Files are taken as hostile. Size, unpacked size, parts, rows and columns are limited; macros, passwords, document
    types (and with them external and expanding entities) are refused; formulas are never computed.
options:
  file:
    description: The spreadsheet, C(.xlsx) or CSV in Unicode.
    type: path
    required: true
  mapping:
    description:
      - YAML file that says which header is which field, which word which kind of change, how agencies are called, and
        how new staff numbers look.
      - Without it, only the titles that exported workbooks carry are understood.
    type: path
  returned:
    description: Where the workbook with the rows that go back is written. It names people, so only its owner reads it.
    type: path
    required: true
  agency:
    description: Code of the agency whose sheet this is, where the sheet does not say.
    type: str
    default: ""
  as_of:
    description:
      - The civil day for which a list of the whole staff is, as V(YYYY-MM-DD). An exported workbook knows its own.
      - Today in the estate's time zone by default.
    type: str
extends_documentation_fragment:
  - congvu.mail.registry
attributes:
  check_mode:
    support: full
    description: Writes nothing.
  diff_mode:
    support: full
    description: Shows the agencies' files before and after.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Record the changes that the personnel office reports
  congvu.mail.personnel_import:
    registry: "{{ estate_registry }}"
    file: /srv/thu-den/bien-dong-thang-11.xlsx
    mapping: "{{ estate_registry }}/../imports/mapping.yml"
    returned: /srv/thu-den/bien-dong-thang-11-tra-lai.xlsx
"""

RETURN = r"""
msg:
  description: What became of the rows, in Vietnamese, or why nothing could be read.
  returned: always
  type: str
counts:
  description: How many rows were recorded, were recorded before, and are sent back.
  returned: success
  type: dict
  sample: {recorded: 7, done: 2, returned: 3}
rows:
  description:
    - At most 100 of the rows that were recorded or sent back, each with RV(ignore:sheet), RV(ignore:row),
      RV(ignore:outcome), RV(ignore:said), RV(ignore:remedy) and RV(ignore:notes).
  returned: success
  type: list
  elements: dict
files:
  description: The files of the registry that changed, below its folder.
  returned: success
  type: list
  elements: str
  sample: [agencies/snv.yml]
returned_file:
  description: The workbook with the rows that go back; empty if there are none.
  returned: success
  type: str
problems:
  description:
    - The faults of the registry, or of O(mapping), each with RV(ignore:origin), RV(ignore:message) and
      RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils import form as forms
from ansible_collections.congvu.mail.plugins.module_utils.arguments import AS_OF, REGISTRY, civil_day
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import (
    refuse_unfinished,
    undo,
    write_together,
    write_whole,
)
from ansible_collections.congvu.mail.plugins.module_utils.intake import Outcome, returned, take_in, told
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language
from ansible_collections.congvu.mail.plugins.module_utils.resolve import refuse_unknown
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import SpreadsheetError, read
from ansible_collections.congvu.mail.plugins.module_utils.staff import Staff

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLE = 100


def run(params: Mapping[str, Any], form: forms.Form, *, write: bool) -> dict[str, Any]:
    """Take the spreadsheet in, and write the files if ``write`` says so."""
    root, back = Path(params["registry"]), Path(params["returned"])
    if not write:
        refuse_unfinished(root)
    undone = undo(root) if write else []
    registry = load(root, locked=False)
    as_of = civil_day(params["as_of"]) or datetime.now(registry.estate.time_zone).date()
    refuse_unknown(registry, filter(None, [params["agency"]]))
    tables = read(Path(params["file"]))
    intake = take_in(tables, Staff.read(root, registry), form, as_of=as_of, agency=params["agency"])
    refused = intake.of(Outcome.RETURNED)
    if write:
        if intake.files:
            write_together(root, intake.files)
        if refused:
            write_whole(back, returned(intake, tables, form), mode=0o600)
    return {
        "changed": bool(intake.files),
        "msg": "\n".join([*_interrupted(undone), told(intake, str(back) if refused else "", written=write)]),
        "counts": {outcome.value: len(intake.of(outcome)) for outcome in Outcome},
        "rows": [
            {
                "sheet": verdict.row.sheet,
                "row": verdict.row.number,
                "outcome": verdict.outcome.value,
                "said": verdict.said,
                "remedy": verdict.remedy,
                "notes": list(verdict.notes),
            }
            for verdict in (*refused, *intake.of(Outcome.RECORDED))[:SAMPLE]
        ],
        "files": sorted(intake.files),
        "returned_file": str(back) if refused and write else "",
        "diff": [
            {"before_header": file, "after_header": file, "before": before, "after": after}
            for file, (before, after) in sorted(intake.files.items())
        ],
    }


def _interrupted(undone: list[str]) -> list[str]:
    """Say what an import that was stopped between two files had written, and no longer stands."""
    return [f"Lần nhập trước bị ngắt giữa chừng; đã hoàn lại {', '.join(undone)} rồi mới nhập.", ""] if undone else []


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            **REGISTRY,
            **AS_OF,
            "file": {"type": "path", "required": True},
            "mapping": {"type": "path"},
            "returned": {"type": "path", "required": True},
            "agency": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    mapping = Path(module.params["mapping"]) if module.params["mapping"] else None
    faulty = mapping or Path(module.params["registry"])
    try:
        form = forms.read(mapping)
        faulty = Path(module.params["registry"])
        module.exit_json(**run(module.params, form, write=not module.check_mode))
    except (*EXPECTED, SpreadsheetError) as error:
        module.fail_json(**failure(error, faulty, Language.VIETNAMESE))


if __name__ == "__main__":
    main()
