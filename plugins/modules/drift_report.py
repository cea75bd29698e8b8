#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Judge what was found in the estate, and report where it differs from Git."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: drift_report
short_description: Judge what was found in the estate, and report where it differs from Git
description:
  - Takes what the collectors found, sets aside what the registry's C(exceptions/) accept, and writes three forms of the
    rest into C(drift/<moment>/) of the state folder, C(report.txt) for the operator, C(findings.jsonl) for machines and
    C(bao-cao.html) in Vietnamese for auditors. C(drift/latest) leads to the last.
  - A host that was to be asked and of which nothing came is a finding. One that was not to be asked is none, and the
    report names it as not looked at; where that leaves nothing to look at, the look has failed.
  - A look that finds something else than the one before is noted in the ledger. C(drift/looks.jsonl) has a line for
    each.
options:
  state:
    description: The estate's state folder.
    type: path
    required: true
  estate:
    description: Title of the estate.
    type: str
    required: true
  domain:
    description: Its mail domain.
    type: str
    required: true
  domains:
    description: All mail domains that it serves.
    type: list
    elements: str
    required: true
  suffix:
    description: Suffix of the directory.
    type: str
    required: true
  operator:
    description: Who looks; empty is the system user.
    type: str
    default: ""
  parts:
    description: What was looked at.
    type: list
    elements: str
    choices: [directory, store, dns, machines]
    required: true
  absent:
    description: What the estate does not have, so that nobody could look at it.
    type: list
    elements: str
    choices: [directory, store, dns, machines]
    default: []
  hosts:
    description: All hosts of the estate, of which each has something to tell.
    type: list
    elements: str
    default: []
  stores:
    description: Those of them that keep mail.
    type: list
    elements: str
    default: []
  directories:
    description: Those that hold the directory.
    type: list
    elements: str
    default: []
  filters:
    description: Those that sign letters.
    type: list
    elements: str
    default: []
  outside:
    description:
      - Those outside C(--limit), which nobody was to ask. The part C(dns) rests on what every host has, and where there
        is one it is not looked at.
    type: list
    elements: str
    default: []
  directory:
    description: What M(congvu.mail.directory_drift) returned.
    type: dict
    default: {}
  rehearsed:
    description: What M(congvu.mail.rehearsal) returned.
    type: dict
    default: {}
  machines:
    description: By host, what M(congvu.mail.machine_state) returned.
    type: dict
    default: {}
  declared:
    description:
      - By host, what the inventory declares beside the roles, C(accounts), C(keys), C(ports) and C(units).
    type: dict
    default: {}
  rights:
    description: By host, what M(congvu.mail.mailboxes) returned in check mode.
    type: dict
    default: {}
  mail:
    description: By host, what M(congvu.mail.store_state) returned.
    type: dict
    default: {}
  config:
    description: By host, what M(congvu.mail.directory_config) returned.
    type: dict
    default: {}
  keys:
    description: By host, what M(congvu.mail.signing_keys) returned.
    type: dict
    default: {}
  dns:
    description: What M(congvu.mail.dns_answers) returned.
    type: dict
    default: {}
extends_documentation_fragment:
  - congvu.mail.registry
attributes:
  check_mode:
    support: full
    description: Writes nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Report
  congvu.mail.drift_report:
    state: /var/lib/congvu
    registry: inventories/thuathienhue/registry
    estate: Tỉnh Thừa Thiên Huế
    domain: thuathienhue.gov.vn
    domains: [thuathienhue.gov.vn]
    suffix: dc=thuathienhue,dc=gov,dc=vn
    parts: [directory]
    directory: "{{ found }}"
"""

RETURN = r"""
text:
  description: What differs, for the terminal.
  type: str
  returned: success
file:
  description: The folder of the report; empty in check mode.
  type: str
  returned: success
counts:
  description: How many findings of each kind stand.
  type: dict
  returned: success
exit_status:
  description: V(0) nothing differs, V(2) something does, V(1) nothing was looked at, or an error.
  type: int
  returned: always
"""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import REGISTRY
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import point, write_whole
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language
from ansible_collections.congvu.mail.plugins.module_utils.trace import operator_of

try:
    from ansible_collections.congvu.mail.plugins.module_utils import (
        drift_looks,
        drift_report,
        exceptions,
        ledger,
        source,
    )
    from ansible_collections.congvu.mail.plugins.module_utils.commit import commit_of
    from ansible_collections.congvu.mail.plugins.module_utils.drift import sorted_once
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.drift_report import Look

PARTS = ("directory", "store", "dns", "machines")
_LISTS = ("hosts", "stores", "directories", "filters", "outside")
_DICTS = ("directory", "rehearsed", "machines", "declared", "rights", "mail", "config", "keys", "dns")
SPEC: dict[str, Any] = {
    **REGISTRY,
    "state": {"type": "path", "required": True},
    "estate": {"type": "str", "required": True},
    "domain": {"type": "str", "required": True},
    "domains": {"type": "list", "elements": "str", "required": True},
    "suffix": {"type": "str", "required": True},
    "operator": {"type": "str", "default": ""},
    "parts": {"type": "list", "elements": "str", "choices": list(PARTS), "required": True},
    "absent": {"type": "list", "elements": "str", "choices": list(PARTS), "default": []},
    **{name: {"type": "list", "elements": "str", "default": []} for name in _LISTS},
    **{name: {"type": "dict", "default": {}} for name in _DICTS},
}
TEXT, LINES, PAGE = "report.txt", "findings.jsonl", "bao-cao.html"


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Judge, and write the report."""
    root, now = Path(params["registry"]), datetime.now(UTC)
    estate, policy = source.rules(root)
    scope = drift_looks.Scope.of(params)
    judged = exceptions.judge(
        sorted_once(drift_looks.judge(params, scope, policy.private_mail)),
        root,
        now.astimezone(estate.time_zone).date(),
        scope.misses,
    )
    look = drift_report.Look(
        estate=params["estate"],
        at=now,
        zone=estate.time_zone,
        by=operator_of(params["operator"]),
        commit=commit_of(root),
        parts=scope.parts,
        standing=sorted_once(judged.standing),
        accepted=judged.accepted,
        waiting=int(params["directory"].get("waiting", 0)),
        hosts=tuple(host for host in params["hosts"] if host not in scope.outside),
        absent=frozenset(params["absent"]),
        left=scope.left,
    )
    folder = Path(params["state"], drift_looks.FOLDER, f"{now:%Y%m%dT%H%M%S.%fZ}")
    text = drift_report.text(look, str(folder / PAGE))
    if write:
        _keep(look, folder, text)
    return {
        "changed": False,
        "text": text,
        "file": str(folder) if write else "",
        "counts": dict(Counter(str(finding.kind) for finding in look.standing)),
        "exit_status": 1 if not look.parts else 2 if look.standing else 0,
    }


def _keep(look: Look, folder: Path, text: str) -> None:
    """Write the three forms, and note the look in the ledger if it found something else than the last."""
    state = folder.parents[1]
    before = drift_looks.last(state, look)
    folder.mkdir(mode=0o700, parents=True)
    lines = drift_report.lines(look)
    for name, content in ((TEXT, text), (LINES, lines), (PAGE, drift_report.page(look))):
        write_whole(folder / name, content.encode(), mode=0o600)
    point(folder.parent / "latest", folder.name)
    if entry := drift_looks.entry(look, before, (ledger.proof(state, folder / LINES),)):
        ledger.append(state, [entry], look.at)
    with (folder.parent / "looks.jsonl").open("a", encoding="utf-8") as looks:
        looks.write(json.dumps(drift_looks.line(look, folder.name), ensure_ascii=False, sort_keys=True) + "\n")


def main() -> None:
    """Parse, judge, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name), exit_status=1)
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except EXPECTED as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), Language.ENGLISH), exit_status=1)


if __name__ == "__main__":
    main()
