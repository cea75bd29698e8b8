#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Say what will change by itself in the days to come."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: registry_forecast
short_description: Say what will change by itself in the days to come
description:
  - Compiles the registry for each day on which something in it begins or ends, and says what differs from the day
    before, with the decision and the line of the file.
  - Reads no directory and changes nothing.
options:
  as_of:
    description:
      - The civil day from which on to look, as V(YYYY-MM-DD).
      - Today in the estate's time zone by default.
    type: str
  days:
    description: For how many days.
    type: int
    default: 90
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.cache
  - congvu.mail.registry.lang
attributes:
  check_mode:
    support: full
    description: Changes nothing in any mode.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: See the next quarter, for the personnel office
  congvu.mail.registry_forecast:
    registry: "{{ estate_registry }}"
    lang: vi

- name: See the year that an auditor asks for
  congvu.mail.registry_forecast:
    registry: "{{ estate_registry }}"
    as_of: "2025-12-31"
    days: 365
"""

RETURN = r"""
msg:
  description: What changes, a paragraph a day, or the faults of the registry, one a line.
  returned: always
  type: str
days:
  description: How many entries differ from the day before, by day.
  returned: success
  type: dict
  sample: {"2027-01-01": 2}
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils.arguments import AS_OF, CACHE, LANG, REGISTRY, civil_day
from ansible_collections.congvu.mail.plugins.module_utils.compile import forecast
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.forecast import text
from ansible_collections.congvu.mail.plugins.module_utils.source import load


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={**REGISTRY, **AS_OF, **CACHE, **LANG, "days": {"type": "int", "default": 90}},
        supports_check_mode=True,
    )
    params = module.params
    root, cache = Path(params["registry"]), params["cache"]
    try:
        chosen = civil_day(params["as_of"])
        registry = load(root, cache=Path(cache) if cache else None)
        since = chosen or datetime.now(registry.estate.time_zone).date()
        until = since + timedelta(days=params["days"])
        coming = forecast(registry, since=since, until=until)
    except EXPECTED as error:
        module.fail_json(**failure(error, root, params["lang"]))
    module.exit_json(
        changed=False,
        msg=text(coming, until=until, language=params["lang"]),
        days=dict(Counter(change.day.isoformat() for change in coming)),
    )


if __name__ == "__main__":
    main()
