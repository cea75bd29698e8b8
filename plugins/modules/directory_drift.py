#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Find what somebody changed in the directory by hand, and who it was."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: directory_drift
short_description: Find what somebody changed in the directory by hand, and who it was
description:
  - Plans as M(congvu.mail.plan) does, keeps nothing of it, and sorts out what waits for an apply from what somebody did
    by hand. In doubt the accesslog tells, and who it was it tells as well.
  - Where neither the registry nor the directory changed since the last plan, that plan is read again instead.
options:
  state:
    description: Folder under which plans are kept, in C(plans/); nothing is written there.
    type: path
    required: true
  suffix:
    description: Suffix of the directory.
    type: str
    required: true
  observe:
    description: As of M(congvu.mail.plan).
    type: list
    elements: str
    default: []
  services:
    description: Names of the services' accounts that the roles make in C(ou=services); others are told.
    type: list
    elements: str
    default: []
  policies:
    description: Likewise, of the password policies in C(ou=policies).
    type: list
    elements: str
    default: []
  auditor_dn:
    description: Who reads the accesslog; empty where nobody may, as for a district in its city's directory.
    type: str
    default: ""
  auditor_password_file:
    description: File with that account's password. Without it nobody is asked, and who it was stays unknown.
    type: path
extends_documentation_fragment:
  - congvu.mail.directory
  - congvu.mail.registry
  - congvu.mail.registry.faults
attributes:
  check_mode:
    support: full
    description: Reads as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Find what somebody changed by hand
  congvu.mail.directory_drift:
    registry: inventories/thuathienhue/registry
    state: /var/lib/congvu
    suffix: dc=thuathienhue,dc=gov,dc=vn
    services: [reconciler, auditor, postfix, dovecot, webmail]
    policies: [default, services]
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
    auditor_dn: cn=auditor,ou=services,dc=thuathienhue,dc=gov,dc=vn
    auditor_password_file: /var/lib/congvu/secrets/ldap-auditor
"""

RETURN = r"""
findings:
  description: What differs, as M(congvu.mail.drift_report) takes it.
  type: list
  elements: dict
  returned: success
policies:
  description: By name, who changed a password policy last, and when, as the accesslog knows it.
  type: dict
  returned: success
waiting:
  description: How many planned changes are no drift, but wait for an apply.
  type: int
  returned: success
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import DIRECTORY, LANG, REGISTRY, access_settings
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure

try:
    from ansible_collections.congvu.mail.plugins.module_utils import drift_directory, planning
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
    from ansible_collections.congvu.mail.plugins.module_utils.drift import packed
    from ansible_collections.congvu.mail.plugins.module_utils.unswept import unswept
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Directory, Record
    from ansible_collections.congvu.mail.plugins.module_utils.drift import Finding

SPEC: dict[str, Any] = {
    **DIRECTORY,
    **REGISTRY,
    **LANG,
    "state": {"type": "path", "required": True},
    "suffix": {"type": "str", "required": True},
    "observe": {"type": "list", "elements": "str", "default": []},
    "services": {"type": "list", "elements": "str", "default": []},
    "policies": {"type": "list", "elements": "str", "default": []},
    "auditor_dn": {"type": "str", "default": ""},
    "auditor_password_file": {"type": "path", "no_log": False},
}
_PLANNED = (*DIRECTORY, *REGISTRY, "lang", "state", "suffix", "observe")


def run(params: dict[str, Any]) -> dict[str, Any]:
    """Plan, ask the accesslog, judge."""
    # The parameters of the module `plan` for everything: what it remembers counts here too.
    planned = {name: params[name] for name in _PLANNED} | {"as_of": None, "agency": [], "adopt": False}
    given, plans = planning.Given.of(planned), Path(params["state"], "plans")
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        plan = planning.recalled(given, directory, plans) or planning.made(given, directory, plans, lasting=False)
        beside = _beside(directory, params)
    findings, policies = _judged(plan, beside, params)
    return {
        "findings": [packed(finding) for finding in findings],
        "policies": policies,
        "waiting": drift_directory.waiting(plan, findings),
    }


def _beside(directory: Directory, params: dict[str, Any]) -> list[Record]:
    """Read the branches of services and password policies."""
    bases = [f"ou={branch},{params['suffix']}" for branch in ("services", "policies") if params[branch]]
    return [record for base in bases for record in directory.read_tree(base, ("objectClass",)) if record.dn != base]


def _judged(
    plan: Plan, beside: list[Record], params: dict[str, Any]
) -> tuple[list[Finding], dict[str, dict[str, Any]]]:
    suffix = params["suffix"]
    declared = [f"cn={name},ou={branch},{suffix}" for branch in ("services", "policies") for name in params[branch]]
    if not (params["auditor_dn"] and params["auditor_password_file"]):
        entries = drift_directory.judge(plan, drift_directory.Evidence(), suffix)
        return [*entries, *drift_directory.accounts(beside, declared, (), suffix)], {}
    own = {"bind_dn": params["auditor_dn"], "password_file": Path(params["auditor_password_file"])}
    with LdapDirectory.connect(Access(**{**access_settings(params), **own})) as log:
        evidence = drift_directory.gather(log, plan)
        events = drift_directory.of_names(log, [record.dn for record in beside])
    entries = drift_directory.judge(plan, evidence, suffix)
    unknown = drift_directory.accounts(beside, declared, events, suffix)
    return [*entries, *unknown], drift_directory.last_changes(events, suffix)


def main() -> None:
    """Parse, look, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        with unswept():
            found = run(module.params)
    except (*EXPECTED, DirectoryError) as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), module.params["lang"]))
    module.exit_json(changed=False, **found)


if __name__ == "__main__":
    main()
