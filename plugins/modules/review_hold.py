#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Hold a plan against what reviewers saw."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: review_hold
short_description: Hold a plan against what reviewers saw
description:
  - Lets a plan pass if all that it does is in plans put forward with M(congvu.mail.review_keep) for branches that were
    merged since the registry was last carried out whole; or if the registry is still that one, so that nothing but days
    and hands can have brought the changes.
  - Less than what was reviewed may be left to do, after an apply that broke off.
options:
  state:
    description: Folder with C(plans/), C(reviews/) and C(promoted).
    type: path
    required: true
  plan:
    description: The plan, as a path, an id or the beginning of one, or V(latest).
    type: str
    required: true
extends_documentation_fragment:
  - congvu.mail.registry
attributes:
  check_mode:
    support: full
    description: Says as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Hold the plan against the review
  congvu.mail.review_hold:
    registry: inventories/thuathienhue/registry
    state: /var/lib/congvu
    plan: latest
"""

RETURN = r"""
commit:
  description: The registry's commit that the plan is of.
  type: str
  returned: success
unseen:
  description: The ids of what the plan changes otherwise than anybody saw, at most 20.
  type: list
  elements: str
  returned: always
exit_status:
  description: V(4) not as reviewed, V(1) an error; nothing where the plan may be applied.
  type: int
  returned: failed
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils import report, reviewed, store, terminal
from ansible_collections.congvu.mail.plugins.module_utils.arguments import REGISTRY
from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan, PlanError
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure

SPEC: dict[str, Any] = {
    **REGISTRY,
    "state": {"type": "path", "required": True},
    "plan": {"type": "str", "required": True},
}


def run(params: dict[str, Any]) -> dict[str, Any]:
    """Hold the plan against the reviews."""
    state, registry = Path(params["state"]), Path(params["registry"])
    plan = store.find(params["plan"], state / "plans")
    carried_out = reviewed.promoted(state)
    if reviewed.is_known(plan, carried_out) or not plan.changes:
        return {"commit": plan.commit, "unseen": []}
    since = carried_out or (plan.applied.commit.partition("+")[0] if plan.applied else "")
    seen = reviewed.plans(state, reviewed.heads(registry, since), estate=plan.estate, suffix=plan.suffix)
    unseen = reviewed.unseen(plan, reviewed.facts(change for each in seen for change in each.changes))
    if not unseen:
        return {"commit": plan.commit, "unseen": []}
    ids = list(dict.fromkeys(change.id for change in unseen))[: terminal.SAMPLE]
    return {"failed": True, "unseen": ids, "msg": _refusal(plan, seen, unseen), "exit_status": report.Status.STALE}


def _refusal(plan: Plan, seen: tuple[Plan, ...], unseen: tuple[Any, ...]) -> str:
    """Say what nobody saw, and the two ways on."""
    short = plan.id[:12]
    looked = ", ".join(each.id[:12] for each in seen) or "none"
    count = f"{len(unseen)} of the {len(plan.changes)} changes of plan {short}"
    head = f"Nothing was written: {count} are in no reviewed plan."
    lines = [f"  {each.operation}: {each.id} {each.label}".rstrip() for each in unseen[: terminal.SAMPLE]]
    more = [f"  … and {len(unseen) - terminal.SAMPLE} more"] if len(unseen) > terminal.SAMPLE else []
    ways = (
        f"Reviewed: {looked}. Look at plans/{short}…/plan.md. If it is right as it is, apply it by its id: "
        f"bin/congvu apply -e plan={short}. If not, mend the registry by another merge."
    )
    return "\n".join((head, *lines, *more, ways))


def main() -> None:
    """Parse, compare, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    try:
        answer = run(module.params)
    except (*EXPECTED, PlanError) as error:
        said = failure(error, Path(module.params["registry"]), "en")
        module.fail_json(**said, unseen=[], exit_status=report.Status.ERROR)
    if answer.get("failed"):
        module.fail_json(**answer)
    module.exit_json(changed=False, **answer)


if __name__ == "__main__":
    main()
