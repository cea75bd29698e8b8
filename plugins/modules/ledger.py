#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Verify the ledger of what was done to the estate, and add to it."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ledger
short_description: Verify the ledger of what was done to the estate, and add to it
description:
  - The ledger lies on the control node, in C(ledger/) of the estate's state, a chain of lines of which none can be
    changed unseen. M(congvu.mail.plan), M(congvu.mail.rollback), M(congvu.mail.apply), M(congvu.mail.purge) and
    M(congvu.mail.report_sent) write to it by themselves; whatever else is to be on record is recorded with this module.
  - Verifies the whole of it, and every head that was published before.
options:
  state:
    description: Folder of the estate's state.
    type: path
    required: true
  kind:
    description: What is to be recorded; nothing without it.
    type: str
    choices: [handover, lockout, reset, access, compliance]
  subject:
    description: Whom it is about, such as V(person:tth00123) or V(mailbox:snv). Needed with O(kind).
    type: str
  summary:
    description: A sentence in Vietnamese for auditors; no secret, and nothing of a letter. Needed with O(kind).
    type: str
  by:
    description: Who did it; default the system user, with the machine's name.
    type: str
    default: ""
  files:
    description: Files below O(state) on which it rests; they are recorded by their digests.
    type: list
    elements: path
    default: []
  administered:
    description: What M(congvu.mail.administered) found on the mail stores; kept in C(access/), and recorded.
    type: list
    elements: dict
    default: []
  heads:
    description:
      - File of the heads that were published, best kept in the registry's Git, where others have copies of it. Each
        must be found in the ledger.
    type: path
  publish:
    description: Whether to add the present head to O(heads), if it is another one than the last.
    type: bool
    default: false
extends_documentation_fragment:
  - congvu.mail.registry.lang
attributes:
  check_mode:
    support: full
    description: Verifies as ever; neither records nor publishes.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Record that a mailbox was handed over
  congvu.mail.ledger:
    state: /var/lib/congvu
    kind: handover
    subject: mailbox:snv
    summary: Bàn giao hộp thư snv@thuathienhue.gov.vn theo 1204/QĐ-UBND.
    files: [/var/lib/congvu/handovers/snv-20261122.pdf]

- name: Verify the ledger, and publish its head
  congvu.mail.ledger:
    state: /var/lib/congvu
    heads: inventories/thuathienhue/ledger-heads
    publish: true
"""

RETURN = r"""
lines:
  description: How many lines the ledger has.
  type: int
  returned: success
head:
  description: Its head, as C(bin/verify-ledger) takes it; empty where nothing was recorded yet.
  type: str
  returned: success
  sample: 214:9f2c41d0c0a35b1f2a80e1c7f3de6f7f0a3f1d1b6a6f6b9d9a3f0e5c2b1a0d4e
counts:
  description: How many lines of each kind.
  type: dict
  returned: success
  sample: {opened: 1, plan: 12, apply: 11}
administered_until:
  description: By host, the moment of the last access by an administrator that is recorded.
  type: dict
  returned: success
text:
  description: What was found, for the terminal.
  type: str
  returned: success
"""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils import heads, ledger, recording
from ansible_collections.congvu.mail.plugins.module_utils.arguments import LANG
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase
from ansible_collections.congvu.mail.plugins.module_utils.trace import operator_of

SPEC: dict[str, Any] = {
    **LANG,
    "state": {"type": "path", "required": True},
    "kind": {"type": "str", "choices": ["handover", "lockout", "reset", "access", "compliance"]},
    "subject": {"type": "str"},
    "summary": {"type": "str"},
    "by": {"type": "str", "default": ""},
    "files": {"type": "list", "elements": "path", "default": []},
    "administered": {"type": "list", "elements": "dict", "default": []},
    "heads": {"type": "path"},
    "publish": {"type": "bool", "default": False},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Record, verify, publish."""
    state, now = Path(params["state"]), datetime.now(UTC)
    entry = _entry(params, state)
    if entry and write:
        ledger.append(state, [entry], now)
    if params["administered"] and write:
        recording.keep(state, params["administered"])
        recording.catch_up(state, now)
    lines = list(ledger.read(state))
    known = heads.read(Path(params["heads"])) if params["heads"] else ()
    heads.hold(lines, known)
    last = ledger.head(state)
    is_new = bool(params["publish"] and last and last not in known)
    if is_new and last and write:
        heads.publish(Path(params["heads"]), last)
    facts = {"lines": len(lines), "head": last or Phrase("none"), "known": len(known)}
    said = [Phrase("The ledger is unbroken: {lines} lines. Head: {head}", facts).told(params["lang"])]
    if known:
        said.append(Phrase("Heads published before and found in it: {known}.", facts).told(params["lang"]))
    if is_new:
        said.append(Phrase("Commit the new head: {file}", {"file": params["heads"]}).told(params["lang"]))
    return {
        "changed": bool(entry or params["administered"]) or is_new,
        "lines": len(lines),
        "head": str(last) if last else "",
        "counts": dict(Counter(str(line.entry.kind) for line in lines)),
        "administered_until": recording.kept_until(state),
        "text": "\n".join(said) + "\n",
    }


def _entry(params: dict[str, Any], state: Path) -> ledger.Entry | None:
    if not params["kind"]:
        return None
    proofs = tuple(ledger.proof(state, Path(file)) for file in params["files"])
    kind, by = ledger.Kind(params["kind"]), operator_of(params["by"])
    return ledger.Entry(kind, params["subject"], params["summary"], by, proofs)


def main() -> None:
    """Parse, do, exit."""
    module = AnsibleModule(
        SPEC,
        required_if=[("publish", True, ["heads"])],
        required_together=[("kind", "subject", "summary")],
        supports_check_mode=True,
    )
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except EXPECTED as error:
        module.fail_json(**failure(error, Path(module.params["state"]), module.params["lang"]))


if __name__ == "__main__":
    main()
