#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Tell the trail of a letter, with the names of whoever had a part in it."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: letter_evidence
short_description: Tell the trail of a letter, with the names of whoever had a part in it
description:
  - Puts together what M(congvu.mail.mail_trail) found on all mail servers, in the order of time, and names people and
    mailboxes as the registry knows them.
options:
  about:
    description: The Message-ID in angle brackets, or the queue id, that was asked for.
    type: str
    required: true
  events:
    description: What happened, of all machines.
    type: list
    elements: dict
    required: true
  file:
    description: Where to write the whole as JSON for other programs.
    type: path
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.cache
  - congvu.mail.registry.faults
attributes:
  check_mode:
    support: full
    description: Tells as ever, and does not write O(file).
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Tell the trail of a letter
  congvu.mail.letter_evidence:
    about: <20261122.1@snv.thuathienhue.gov.vn>
    events: "{{ trail.events }}"
    registry: inventories/thuathienhue/registry
"""

RETURN = r"""
text:
  description: The trail, oldest first.
  type: str
  returned: success
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

import json
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import CACHE, LANG, REGISTRY
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole

try:
    from ansible_collections.congvu.mail.plugins.module_utils import envelope, source, trail
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

SPEC: dict[str, Any] = {
    **REGISTRY,
    **CACHE,
    **LANG,
    "about": {"type": "str", "required": True},
    "events": {"type": "list", "elements": "dict", "required": True},
    "file": {"type": "path"},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Put the machines' events together, and tell them."""
    cache = params["cache"]
    registry = source.load(Path(params["registry"]), cache=Path(cache) if cache else None)
    found = envelope.events(params["events"])
    if params["file"] and write:
        whole = {"about": params["about"], "events": [trail.data(event) for event in found]}
        write_whole(Path(params["file"]), (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode(), mode=0o600)
    teller = envelope.Teller(registry, registry.estate.time_zone, params["lang"])
    return {"changed": False, "text": envelope.text(params["about"], found, teller)}


def main() -> None:
    """Parse, tell, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except EXPECTED as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), module.params["lang"]))


if __name__ == "__main__":
    main()
