#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Write each agency's own regulation from the province's model."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: regulation_document
short_description: Write each agency's own regulation from the province's model
description:
  - Fills in a model regulation with what the registry says of an agency, and writes it as a Word document in the
    layout of Nghị định 30/2020/NĐ-CP - the decision, the regulation and its annexes in one file, ready to be signed.
  - Number, place and day are left to whoever signs.
  - A blank that the registry cannot fill is a fault with file, line and what mends it; then nothing is written.
  - The same registry and model give the same bytes.
options:
  model:
    description:
      - Folder with the model, C(quy-che.yml) and the texts that it names.
      - By default C(regulation) beside the registry.
    type: path
  into:
    description: Folder to write C(quy-che-<agency>.docx) to.
    type: path
    required: true
  agency:
    description:
      - Code of the agency.
      - V(all) is for each agency that the model calls on to issue one.
    type: str
    default: all
  as_of:
    description:
      - The civil day whose heads, units and mailboxes the document names, as V(YYYY-MM-DD).
      - Today in the estate's time zone by default.
    type: str
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.faults
attributes:
  check_mode:
    support: full
    description: Reports which documents would be written.
  diff_mode:
    support: full
    description: Shows what the documents said and say.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Renew the regulations of all agencies
  congvu.mail.regulation_document:
    registry: "{{ estate_registry }}"
    into: "{{ estate_state }}/documents"

- name: Make one agency's regulation as it will be when the new head has come
  congvu.mail.regulation_document:
    registry: "{{ estate_registry }}"
    into: "{{ estate_state }}/documents"
    agency: snv
    as_of: "2026-12-15"
"""

RETURN = r"""
msg:
  description: What was written, in Vietnamese, or the faults, one a line.
  returned: always
  type: str
documents:
  description: The documents by the code of their agency.
  returned: success
  type: dict
  sample: {snv: documents/quy-che-snv.docx}
written:
  description: Codes of the agencies whose document was not as it should be.
  returned: success
  type: list
  elements: str
  sample: [snv]
problems:
  description: The faults, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils.arguments import AS_OF, LANG, REGISTRY, civil_day
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole
from ansible_collections.congvu.mail.plugins.module_utils.filling import fill
from ansible_collections.congvu.mail.plugins.module_utils.letterhead import lines, render
from ansible_collections.congvu.mail.plugins.module_utils.model import RegistryError
from ansible_collections.congvu.mail.plugins.module_utils.regulation import issuers, load_model
from ansible_collections.congvu.mail.plugins.module_utils.source import load

if TYPE_CHECKING:
    from datetime import date

    from ansible_collections.congvu.mail.plugins.module_utils.letterhead import Document
    from ansible_collections.congvu.mail.plugins.module_utils.model import Problem, Registry
    from ansible_collections.congvu.mail.plugins.module_utils.regulation import Model


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            **REGISTRY,
            **AS_OF,
            **LANG,
            "model": {"type": "path"},
            "into": {"type": "path", "required": True},
            "agency": {"type": "str", "default": "all"},
        },
        supports_check_mode=True,
    )
    params = module.params
    root, into = Path(params["registry"]), Path(params["into"])
    try:
        chosen = civil_day(params["as_of"])
        model = load_model(Path(params["model"] or root.parent / "regulation"))
        registry = load(root)
        day = chosen or datetime.now(registry.estate.time_zone).date()
        documents = _filled(model, registry, _agencies(model, registry, params["agency"], day), day)
        changes = _put(documents, into, write=not module.check_mode)
    except EXPECTED as error:
        module.fail_json(**failure(error, root, params["lang"]))
    module.exit_json(
        changed=bool(changes),
        msg=_said(
            [f"{_file(into, code).name}: {registry.agencies[code].on(day).name}" for code in changes],
            f"{len(documents)} quy chế",
            f"{into}, theo sổ đăng ký ngày {day:%d/%m/%Y}",
            "Sẽ" if module.check_mode else "Đã",
        ),
        documents={code: str(_file(into, code)) for code in documents},
        written=list(changes),
        diff=list(changes.values()),
    )


def _agencies(model: Model, registry: Registry, agency: str, day: date) -> list[str]:
    if agency == "all":
        return issuers(model, registry, day)
    if agency in registry.agencies and registry.agencies[agency].covers(day):
        return [agency]
    close = get_close_matches(agency, registry.agencies, n=1)
    hint = f"Ý là '{close[0]}' phải không?" if close else "Mã cơ quan là tên tệp trong agencies/, không có đuôi .yml."
    message = f"Ngày {day:%d/%m/%Y} không có cơ quan nào mang mã '{agency}'. {hint}"
    raise ValueError(message)


def _filled(model: Model, registry: Registry, agencies: list[str], day: date) -> dict[str, Document]:
    """Return all documents, or raise RegistryError with the problems of all."""
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for code in agencies:
        try:
            documents[code] = fill(model, registry, code, day)
        except RegistryError as error:
            problems += error.problems
    if problems:
        raise RegistryError(tuple(problems))
    return documents


def _file(into: Path, code: str) -> Path:
    return into / f"quy-che-{code}.docx"


def _put(documents: dict[str, Document], into: Path, *, write: bool) -> dict[str, dict[str, str]]:
    """Write what is not there yet, and return by agency what the documents said and say."""
    changes = {}
    for code, document in documents.items():
        path, after = _file(into, code), render(document)
        before = path.read_bytes() if path.exists() else b""
        if before == after:
            continue
        changes[code] = {
            "before_header": str(path),
            "after_header": str(path),
            "before": _text(before),
            "after": _text(after),
        }
        if write:
            write_whole(path, after)
    return changes


def _text(content: bytes) -> str:
    return "".join(f"{line}\n" for line in lines(content)) if content else ""


def _said(written: list[str], total: str, where: str, when: str) -> str:
    if not written:
        return f"{total} trong {where}: không có gì phải đổi."
    return "\n  ".join((f"{when} điền {len(written)} trên {total} vào {where}:", *written))


if __name__ == "__main__":
    main()
