#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Report on an account whose password was stolen, or close the case."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lockout_report
short_description: Report on an account whose password was stolen, or close the case
description:
  - Puts together what all hosts had of the account, as a PDF in Vietnamese for the agency's head and a text for the
    operator, in C(lockouts/) of the state folder.
options:
  folder:
    description: The estate's state folder.
    type: path
    required: true
  account:
    description: What M(congvu.mail.account_lock) returned.
    type: dict
    required: true
  hosts:
    description: Hosts that were asked; one without a finding is told as silent.
    type: list
    elements: str
    default: []
  days:
    description: How far the journals were read back.
    type: int
    default: 7
  close:
    description: Put the case away instead, as everything is put back.
    type: bool
    default: false
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.cache
requirements:
  - weasyprint
attributes:
  check_mode:
    support: full
    description: Writes nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Report
  congvu.mail.lockout_report:
    folder: /var/lib/congvu
    account: "{{ account }}"
    registry: inventories/thuathienhue/registry
"""

RETURN = r"""
file:
  description: The report; empty when the case is closed.
  returned: success
  type: str
summary:
  description: A sentence in Vietnamese for M(congvu.mail.ledger).
  returned: success
  type: str
text:
  description: For the operator.
  returned: success
  type: str
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import CACHE, REGISTRY
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language

try:
    from ansible_collections.congvu.mail.plugins.module_utils import alarm, source
    from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole
    from ansible_collections.congvu.mail.plugins.module_utils.lockout import Case
    from ansible_collections.congvu.mail.plugins.module_utils.printing import PrintingError
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

SPEC: dict[str, Any] = {
    **REGISTRY,
    **CACHE,
    "folder": {"type": "path", "required": True},
    "account": {"type": "dict", "required": True},
    "hosts": {"type": "list", "elements": "str", "default": []},
    "days": {"type": "int", "default": 7},
    "close": {"type": "bool", "default": False},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Put together, write down."""
    account, cache = params["account"], params["cache"]
    case, name = Case(Path(params["folder"]), account["user"]), account["name"]
    if params["close"]:
        if write:
            case.close(datetime.now(UTC))
        text = f"{name} may sign in again; what was put aside is put back.\n"
        return {"changed": True, "file": "", "summary": f"Mở lại tài khoản của {name}.", "text": text}
    head = case.head()
    if not head:
        return {"changed": False, "file": "", "summary": "", "text": f"{name} would be locked.\n"}
    registry = source.load(Path(params["registry"]), cache=Path(cache) if cache else None)
    scope = alarm.Scope(tuple(params["hosts"]), params["days"], registry.estate.time_zone)
    found = alarm.alarm(account, head, case.findings(), scope)
    paper = case.folder / "bao-cao.pdf"
    text = alarm.text(found, str(paper))
    if write:
        write_whole(paper, alarm.report(found), mode=0o600)
        write_whole(case.folder / "report.txt", text.encode(), mode=0o600)
    summary = f"Khoá khẩn cấp tài khoản của {name}: {head['reason'] or 'mật khẩu bị lộ'}."
    return {"changed": True, "file": str(paper), "summary": summary, "text": text}


def main() -> None:
    """Parse, report, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except (*EXPECTED, PrintingError) as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), Language.ENGLISH))


if __name__ == "__main__":
    main()
