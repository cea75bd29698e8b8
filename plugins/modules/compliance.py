#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Hold the living estate against its regulation, article by article, and write the report."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: compliance
short_description: Hold the living estate against its regulation, article by article, and write the report
description:
  - Takes what hosts answered (M(congvu.mail.answers)), reads the directory, has short dialogues with the servers, and
    judges each control of C(compliance/). What could not be asked is never called met.
  - Writes the report in Vietnamese as HTML to read and print, as PDF, and as JSON for machines, to a folder of its own
    below C(compliance/) of O(state); C(compliance/latest) leads to the last one.
  - Changes nothing anywhere. The letters of its dialogues are refused by the servers, or something is wrong and the
    report says so.
options:
  controls:
    description: Folder with the controls.
    type: path
    required: true
  state:
    description: The estate's state folder.
    type: path
    required: true
  hosts:
    description: What is known of the hosts, from the filter P(congvu.mail.asked_hosts#filter).
    type: list
    elements: dict
    default: []
  names:
    description: What texts and commands of controls may name besides the registry, as for M(congvu.mail.controls).
    type: dict
    default: {}
  suffix:
    description: Suffix of the directory; default the one that follows from the registry's domain.
    type: str
  auditor_dn:
    description: Name of the account that reads the accesslog.
    type: str
    default: ""
  auditor_password_file:
    description: File with its password and nothing else.
    type: path
  heads:
    description: File of the ledger's heads that were published.
    type: path
    required: true
extends_documentation_fragment:
  - congvu.mail.directory
  - congvu.mail.registry
  - congvu.mail.registry.as_of
  - congvu.mail.registry.cache
  - congvu.mail.registry.lang
requirements:
  - weasyprint
  - dnspython
attributes:
  check_mode:
    support: full
    description: Asks and judges as ever; writes nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Hold the estate against its regulation
  congvu.mail.compliance:
    controls: compliance
    registry: inventories/thuathienhue/registry
    state: /var/lib/congvu
    heads: inventories/thuathienhue/ledger-heads
    hosts: "{{ groups['estate'] | congvu.mail.asked_hosts(hostvars) }}"
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
"""

RETURN = r"""
counts:
  description: How many controls came to what.
  type: dict
  returned: success
  sample: {failed: 0, unknown: 1, met: 40, duty: 2, elsewhere: 1}
unmet:
  description: The ids of the controls that are not met.
  type: list
  elements: str
  returned: success
files:
  description: The report as HTML, PDF and JSON; none in check mode.
  type: list
  elements: str
  returned: success
summary:
  description: A sentence in Vietnamese for M(congvu.mail.ledger).
  type: str
  returned: success
text:
  description: What it came to, for the terminal, in Vietnamese.
  type: str
  returned: success
problems:
  description: The faults of the registry or of the controls.
  returned: failed
  type: list
  elements: dict
exit_status:
  description: V(0) nothing is wrong, V(6) a control is not met, V(7) not everything could be asked, V(1) an error.
  type: int
  returned: always
"""

import platform
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import (
    AS_OF,
    CACHE,
    DIRECTORY,
    LANG,
    REGISTRY,
    access_settings,
    civil_day,
)
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import point, write_whole

try:
    from ansible_collections.congvu.mail.plugins.module_utils import (
        compliance_data,
        compliance_page,
        controls,
        inquiry,
        source,
    )
    from ansible_collections.congvu.mail.plugins.module_utils.changes import base_dn
    from ansible_collections.congvu.mail.plugins.module_utils.commit import commit_of
    from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
    from ansible_collections.congvu.mail.plugins.module_utils.compliance import Host, Report, verdict
    from ansible_collections.congvu.mail.plugins.module_utils.compliance_facts import facts
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
    from ansible_collections.congvu.mail.plugins.module_utils.lease import control_dn, read_control
    from ansible_collections.congvu.mail.plugins.module_utils.measures import FIRST, Measures, Scene
    from ansible_collections.congvu.mail.plugins.module_utils.observe import observe
    from ansible_collections.congvu.mail.plugins.module_utils.printing import PrintingError, pdf
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.model import Desired

FOLDER = "compliance"  # of the state folder
NAME = "bao-cao-tuan-thu"

SPEC: dict[str, Any] = {
    **DIRECTORY,
    **REGISTRY,
    **AS_OF,
    **CACHE,
    **LANG,
    "controls": {"type": "path", "required": True},
    "state": {"type": "path", "required": True},
    "hosts": {"type": "list", "elements": "dict", "default": []},
    "names": {"type": "dict", "default": {}},
    "suffix": {"type": "str"},
    "auditor_dn": {"type": "str", "default": ""},
    "auditor_password_file": {"type": "path", "no_log": False},
    "heads": {"type": "path", "required": True},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Ask, judge, write."""
    root, now = Path(params["registry"]), datetime.now(UTC)
    chosen = civil_day(params["as_of"])
    found = controls.load(Path(params["controls"]))
    registry = source.load(root, cache=Path(params["cache"]) if params["cache"] else None)
    _refuse_unknown(registry.estate.name, found)
    zone = registry.estate.time_zone
    commit = commit_of(root)
    desired = compile_desired(
        registry, suffix=params["suffix"], as_of=chosen or now.astimezone(zone).date(), commit=commit
    )
    reconciler = Access(**access_settings(params))
    records, first, plan, silent = _read(reconciler, desired)
    scene = Scene(registry, desired, records, first, silent, now, Path(params["state"]), root, Path(params["heads"]))
    measures = Measures(scene)
    known = facts(registry.estate, registry.policy, params["names"], measures)
    hosts = [inquiry.Asked(**{**each, "groups": tuple(each["groups"])}) for each in params["hosts"]]
    ask = inquiry.Inquiry(hosts, measures, _accesses(reconciler, params), reconciler.ca_file, known)
    ask.begin(found)
    report = Report(
        estate=registry.estate.name,
        title=registry.estate.title,
        regulation=registry.policy.regulation,
        as_of=desired.as_of.isoformat(),
        at=now,
        commit=commit,
        plan=plan,
        hosts=tuple(Host(each.name, each.groups, each.silent, inquiry.versions(each)) for each in hosts),
        tools=_tools(),
        synthetic=registry.estate.synthetic,
        verdicts=tuple(verdict(control, registry.estate.name, known, ask) for control in found),
    )
    files = _write(report, Path(params["state"], FOLDER), zone) if write else []
    where = "".join(f"{file}\n" for file in files)
    return {
        "changed": bool(files),
        "counts": {str(status): count for status, count in report.counts.items()},
        "unmet": [each.control.id for each in report.failed],
        "files": files,
        "summary": compliance_data.summary(report),
        "text": compliance_data.text(report) + (f"\n{where}" if where else ""),
        "exit_status": compliance_data.exit_status(report),
    }


def _refuse_unknown(estate: str, found: tuple[Any, ...]) -> None:
    """Nobody is to take a report for one on a regulation that no control quotes."""
    if not any(estate in control.demands for control in found):
        message = (
            f"No control quotes the regulation of {estate}. Write what it demands under `demands` of the files in "
            "compliance/, by the estate's name: article and its own words."
        )
        raise ValueError(message)


def _read(access: Access, desired: Desired) -> tuple[tuple[Any, ...] | None, tuple[Any, ...] | None, str, str]:
    """Read the directory once; where it does not answer, say why."""
    try:
        with LdapDirectory.connect(access) as directory:
            records = tuple(observe(directory, desired))
            first = tuple(directory.find(base_dn(desired.suffix), {"pwdReset": ["TRUE"]}, FIRST))
            applied = read_control(directory, control_dn(desired.estate, desired.suffix)).applied
    except (DirectoryError, OSError) as error:
        return None, None, "", f"thư mục LDAP không trả lời: {error}"
    return records, first, applied.plan if applied else "", ""


def _accesses(reconciler: Access, params: dict[str, Any]) -> dict[str, Access]:
    file = params["auditor_password_file"]
    auditor = replace(reconciler, bind_dn=params["auditor_dn"], password_file=Path(file) if file else None)
    return {"reconciler": reconciler, "auditor": auditor}


def _tools() -> dict[str, str]:
    return {"ansible-core": version("ansible-core"), "Python": platform.python_version()}


def _write(report: Report, folder: Path, zone: Any) -> list[str]:  # noqa: ANN401 -- a time zone
    """Write the three files side by side, and lead to them."""
    page = compliance_page.page(report, zone)
    contents = {"html": page.encode(), "pdf": pdf(page), "json": compliance_data.data(report)}
    name = f"{report.at.astimezone(zone):%Y%m%dT%H%M%S}"
    paths = {folder / name / f"{NAME}.{ending}": content for ending, content in contents.items()}
    for path, content in paths.items():
        write_whole(path, content, mode=0o600)
    point(folder / "latest", name)
    return [str(path) for path in paths]


def main() -> None:
    """Parse, ask, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name), exit_status=1)
    try:
        result = run(module.params, write=not module.check_mode)
    except (*EXPECTED, PrintingError) as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), module.params["lang"]), exit_status=1)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
