#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Put on record that a periodic report was sent."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: report_sent
short_description: Put on record that a periodic report was sent
description:
  - Keeps what M(congvu.mail.letter) handed in, as it was, in C(da-gui/<moment>/) beside the report, and gives the
    ledger a line that rests on it.
  - A letter that had been handed in before, and whose sending is kept, is not recorded again.
options:
  state:
    description: Folder of the estate's state.
    type: path
    required: true
  files:
    description: The report's files, as M(congvu.mail.periodic_report) wrote them.
    type: list
    elements: path
    required: true
  about:
    description: What it is about, in Vietnamese.
    type: str
    required: true
  sender:
    description: The uid of the mailbox that reports. The ledger's line is about it.
    type: str
    required: true
  recipients:
    description: The addresses to which it went.
    type: list
    elements: str
    required: true
  message_id:
    description: The letter's Message-ID, with its angle brackets.
    type: str
    required: true
  handed_in:
    description: Whether the letter was handed in just now, and not before.
    type: bool
    required: true
  agency:
    description: Code of the only agency that it is about. Such a report is owed to nobody.
    type: str
    default: ""
  due:
    description: The last day on which it is in time, as V(YYYY-MM-DD); empty where nobody waits for it.
    type: str
    default: ""
  late:
    description: Whether that day is past.
    type: bool
    default: false
  by:
    description: Who sent it; default the system user, with the machine's name.
    type: str
    default: ""
attributes:
  check_mode:
    support: full
    description: Says whether there is anything to record, and records nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Put on record that the report of the half-year was sent
  congvu.mail.report_sent:
    state: /var/lib/congvu
    files: [/var/lib/congvu/reports/2026-H1/bao-cao-2026-H1.pdf]
    about: tình hình sử dụng hệ thống thư điện tử công vụ 6 tháng đầu năm 2026
    sender: ttcntttt
    recipients: [sttt@daklak.gov.vn]
    message_id: "<bao-cao.2026-h1.9f2c41d0c0a3@daklak.gov.vn>"
    handed_in: true
    due: 2026-07-14
"""

RETURN = r"""
folder:
  description: Where it is kept; empty where there was nothing to record, and in check mode.
  type: str
  returned: success
  sample: /var/lib/congvu/reports/2026-H1/da-gui/20260702T011503.204417Z
ledger:
  description: The ledger's head afterwards; empty likewise.
  type: str
  returned: success
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils import recording, sendings
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language
from ansible_collections.congvu.mail.plugins.module_utils.trace import operator_of

SPEC: dict[str, Any] = {
    "state": {"type": "path", "required": True},
    "files": {"type": "list", "elements": "path", "required": True},
    "about": {"type": "str", "required": True},
    "sender": {"type": "str", "required": True},
    "recipients": {"type": "list", "elements": "str", "required": True},
    "message_id": {"type": "str", "required": True},
    "handed_in": {"type": "bool", "required": True},
    "agency": {"type": "str", "default": ""},
    "due": {"type": "str", "default": ""},
    "late": {"type": "bool", "default": False},
    "by": {"type": "str", "default": ""},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Keep it, and bring the ledger up to it."""
    state, now = Path(params["state"]), datetime.now(UTC)
    files = [Path(file) for file in params["files"]]
    report = files[0].parent
    # A run that was killed after the letter leaves it to the next one to say so.
    is_new = params["handed_in"] or not sendings.is_kept(report, params["message_id"])
    if not (is_new and write):
        return {"changed": is_new, "folder": "", "ledger": ""}
    sending = sendings.Sending(
        at=now.isoformat(),
        about=params["about"],
        sender=params["sender"],
        recipients=tuple(params["recipients"]),
        message_id=params["message_id"],
        due=params["due"],
        late=params["late"],
        by=operator_of(params["by"]),
    )
    folder = sendings.keep(sending, files, report, is_owed=not params["agency"])
    return {"changed": True, "folder": str(folder), "ledger": str(recording.catch_up(state, now))}


def main() -> None:
    """Parse, do, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except EXPECTED as error:
        module.fail_json(**failure(error, Path(module.params["state"]), Language.ENGLISH))


if __name__ == "__main__":
    main()
