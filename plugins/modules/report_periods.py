#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Say which periodic reports are to be made now."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: report_periods
short_description: Say which periodic reports are to be made now
description:
  - Either the one of a period that somebody names, or with O(due) those that the policy's C(reports) wants, whose
    period is over, and that no run has sent yet.
  - A report that is wanted, and that no run has sent within 45 days after its period, is not made up for.
extends_documentation_fragment:
  - congvu.mail.registry
options:
  state:
    description: Folder on the control node in which the reports are.
    type: path
    required: true
  period:
    description: A month, half-year, year or day, as V(2026-06), V(2026-H1), V(2026) or V(2026-06-15).
    type: str
  due:
    description: Whether to look for the reports that are due.
    type: bool
    default: false
  as_of:
    description: The civil day on which to look, as V(YYYY-MM-DD); today in the estate's time zone by default.
    type: str
attributes:
  check_mode:
    support: full
    description: Changes nothing ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Look what is due
  congvu.mail.report_periods:
    registry: inventories/daklak/registry
    state: /var/lib/congvu
    due: true
  register: wanted
"""

RETURN = r"""
periods:
  description: What is to be made, oldest first. RV(ignore:late) says that the day before which it is wanted is past.
  returned: success
  type: list
  elements: dict
  sample: [{name: 2026-H1, title: 6 tháng đầu năm 2026, due: "2026-07-14", late: false}]
since:
  description: The first day of all of them.
  returned: success
  type: str
until:
  description: The day after the last one.
  returned: success
  type: str
problems:
  description: The faults of the policy, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import AS_OF, REGISTRY, civil_day

try:
    from ansible_collections.congvu.mail.plugins.module_utils import periods, sendings, source
    from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.congvu.mail.plugins.module_utils.model import Policy
    from ansible_collections.congvu.mail.plugins.module_utils.periods import Period

GRACE = timedelta(45)


def run(params: dict[str, Any]) -> dict[str, Any]:
    """Find the periods."""
    estate, policy = source.rules(Path(params["registry"]))
    today = civil_day(params["as_of"]) or datetime.now(estate.time_zone).date()
    sent = sendings.days(Path(params["state"]), estate.time_zone)
    found = due(policy, today, sent) if params["due"] else [(named(params["period"]), None)]
    return {
        "periods": [
            {"name": each.name, "title": each.title, "due": str(until or ""), "late": bool(until and today > until)}
            for each, until in found
        ],
        "since": str(min((each.since for each, _ in found), default="")),
        "until": str(max((each.until for each, _ in found), default="")),
    }


def due(policy: Policy, today: date, sent: Mapping[str, date]) -> list[tuple[Period, date | None]]:
    """Return the periods that are over and whose report was not sent since, and by when it is wanted.

    A report that nobody missed for ``GRACE`` is not made up for: an estate is not to report on what was before it.
    """
    found: list[tuple[Period, date | None]] = []
    for every, day in policy.reports.due.items() if policy.reports else ():
        period = periods.latest(every, today)
        if today < period.until + GRACE and not sent.get(period.name, date.min) >= period.until:
            found.append((period, period.due(day)))
    return sorted(found, key=lambda each: (each[0].since, each[0].until))


def named(said: str | None) -> Period:
    """Read the period that somebody names."""
    try:
        return periods.period(said or "")
    except ValueError as error:
        message = f"period: '{said or ''}' is none: write 2026-06, 2026-H1, 2026 or 2026-06-15."
        raise ValueError(message) from error


def main() -> None:
    """Look, exit."""
    module = AnsibleModule(
        {
            **REGISTRY,
            **AS_OF,
            "state": {"type": "path", "required": True},
            "period": {"type": "str"},
            "due": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(changed=False, **run(module.params))
    except EXPECTED as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), "en"))


if __name__ == "__main__":
    main()
