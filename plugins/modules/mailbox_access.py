#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Say where to look for who was in a mailbox, and tell what was found."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: mailbox_access
short_description: Who was in a mailbox, and who wrote in its name, told
description:
  - Finds out which mailbox is meant, under which addresses it ever sent, and when the days begin and end.
  - With O(visits), which M(congvu.mail.mailbox_visits) found on the mail servers, it tells them person by person.
options:
  mailbox:
    description:
      - Which mailbox; a stable id such as V(snv) or V(tth00018), an address that is or ever was in use, or a name.
    type: str
    required: true
  day:
    description: The first day, as year-month-day; default today, as the registry's time zone has it.
    type: str
  days:
    description: How many days.
    type: int
    default: 1
  visits:
    description: What was found on all machines.
    type: list
    elements: dict
  cut:
    description: Whether some machine found more than it told.
    type: bool
    default: false
  file:
    description: Where to write the visits as JSON for other programs.
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
- name: Say where to look
  congvu.mail.mailbox_access:
    mailbox: snv@thuathienhue.gov.vn
    registry: inventories/thuathienhue/registry
"""

RETURN = r"""
uid:
  description: Stable id of the mailbox.
  returned: success
  type: str
  sample: snv
addresses:
  description: Addresses that it has or ever had.
  returned: success
  type: list
  elements: str
since:
  description: When the first day begins, in seconds since 1970.
  returned: success
  type: int
before:
  description: When the last day is over.
  returned: success
  type: int
text:
  description: Who did what; empty without O(visits).
  returned: success
  type: str
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import CACHE, LANG, REGISTRY, civil_day
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole

try:
    from ansible_collections.congvu.mail.plugins.module_utils import guestbook, source, whom
    from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase
    from ansible_collections.congvu.mail.plugins.module_utils.visits import Access
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

SPEC: dict[str, Any] = {
    **REGISTRY,
    **CACHE,
    **LANG,
    "mailbox": {"type": "str", "required": True},
    "day": {"type": "str"},
    "days": {"type": "int", "default": 1},
    "visits": {"type": "list", "elements": "dict"},
    "cut": {"type": "bool", "default": False},
    "file": {"type": "path"},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Find which mailbox and which days, and tell."""
    cache, language = params["cache"], params["lang"]
    registry = source.load(Path(params["registry"]), cache=Path(cache) if cache else None)
    id_, zone = whom.find(params["mailbox"], registry, language), registry.estate.time_zone
    kind, _, uid = id_.partition(":")
    if kind not in ("person", "mailbox"):
        unknown = Phrase("There is no mailbox '{said}'. Give an id, an address or a name.", {"said": params["mailbox"]})
        raise whom.WhomError(unknown.told(language))
    day = civil_day(params["day"]) or datetime.now(zone).date()
    since, until = (datetime.combine(each, time.min, zone) for each in (day, day + timedelta(params["days"])))
    found = [Access.of(said) for said in params["visits"] or ()]
    if params["file"] and params["visits"] is not None and write:
        content = json.dumps(params["visits"], ensure_ascii=False, indent=2) + "\n"
        write_whole(Path(params["file"]), content.encode(), mode=0o600)
    text = ""
    if params["visits"] is not None:
        text = guestbook.told(found, id_, (since, until), registry, cut=params["cut"], language=language)
    return {
        "changed": False,
        "uid": uid,
        "addresses": [line.address for line in registry.addresses.get(id_, ())],
        "since": int(since.astimezone(UTC).timestamp()),
        "before": int(until.astimezone(UTC).timestamp()),
        "text": text,
    }


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
