#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Plan the way back from a plan that was applied."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: rollback
short_description: Plan the way back from a plan that was applied
description:
  - Takes a plan that was applied, looks at the directory as it is now, and writes a plan that undoes what still stands.
    It is a plan like any other; M(congvu.mail.apply) carries it out, within the same safety rails.
  - What somebody touched since is left as it is and told. Whom the plan made is closed, not deleted. A purge cannot be
    undone.
  - The registry in Git is not touched. Unless it is reverted too, the next plan does everything again; RV(text) says
    how.
options:
  plan:
    description: The plan to undo, as a path, an id or the beginning of one, or V(latest).
    type: str
    required: true
  state:
    description: Folder under which plans are kept, in C(plans/).
    type: path
    required: true
  estate:
    description: The estate that the plan must be for; default whichever it names.
    type: str
  suffix:
    description: The suffix that the plan must be for; default whichever it names.
    type: str
extends_documentation_fragment:
  - congvu.mail.directory
  - congvu.mail.registry
  - congvu.mail.registry.faults
attributes:
  check_mode:
    support: full
    description: Plans as ever. A plan file is no change of anything.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Plan the way back from this morning's plan
  congvu.mail.rollback:
    plan: 9f2c41d0c0a3
    registry: inventories/thuathienhue/registry
    state: /var/lib/congvu
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
"""

RETURN = r"""
plan:
  description: The new plan's id.
  type: str
  returned: success
path:
  description: The plan file.
  type: str
  returned: success
page:
  description: The page that sums the plan up. The others stand in the same folder.
  type: str
  returned: success
text:
  description: The plan for the terminal, and how to revert the registry.
  type: str
  returned: success
counts:
  description: How many changes of each operation.
  type: dict
  returned: success
commits:
  description: The registry's commits that the plan carried out, the newest first, as far as Git tells.
  type: list
  elements: str
  returned: success
findings:
  description: The safety rails that the plan runs into, at most 20; M(congvu.mail.apply) refuses it then.
  type: list
  elements: str
  returned: success
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
exit_status:
  description: V(0) nothing to undo, V(2) changes, V(3) a safety rail, V(1) an error.
  type: int
  returned: always
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import DIRECTORY, LANG, REGISTRY, access_settings
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure

try:
    from ansible_collections.congvu.mail.plugins.module_utils import (
        commit,
        report,
        review,
        source,
        store,
    )
    from ansible_collections.congvu.mail.plugins.module_utils.changes import PlanError, base_dn
    from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
    from ansible_collections.congvu.mail.plugins.module_utils.lease import control_dn, read_control
    from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES
    from ansible_collections.congvu.mail.plugins.module_utils.rollback import undo
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

SPEC: dict[str, Any] = {
    **DIRECTORY,
    **REGISTRY,
    **LANG,
    "plan": {"type": "str", "required": True},
    "state": {"type": "path", "required": True},
    "estate": {"type": "str"},
    "suffix": {"type": "str"},
}


def run(params: dict[str, Any]) -> dict[str, Any]:
    """Plan the way back, and keep the plan."""
    root, plans = Path(params["registry"]), Path(params["state"], "plans")
    plan = store.find(params["plan"], plans, estate=params["estate"], suffix=params["suffix"])
    registry = source.load(root, cache=Path(params["state"]) / "registry")
    today = datetime.now(registry.estate.time_zone).date()
    current = compile_desired(registry, suffix=plan.suffix, as_of=today, commit="")
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        records = directory.read_tree(base_dn(plan.suffix), ATTRIBUTES)
        applied = read_control(directory, control_dn(plan.estate, plan.suffix)).applied
    back = undo(plan, records, current, applied)
    since = plan.applied.commit.partition("+")[0] if plan.applied else ""
    commits = commit.commits_between(root, since, plan.commit.partition("+")[0])
    answer = review.put_forward(back, root, plans, params["lang"], datetime.now(UTC))
    text = answer["text"] + report.revert(plan, str(root), commits, params["lang"])
    return {**answer, "text": text, "commits": list(commits)}


def main() -> None:
    """Parse, plan, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name), exit_status=1)
    try:
        module.exit_json(**run(module.params))
    except (*EXPECTED, DirectoryError, PlanError) as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), module.params["lang"]), exit_status=1)


if __name__ == "__main__":
    main()
