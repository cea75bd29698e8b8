#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Make a periodic report: as a document, as a workbook, as data, and as the letter that brings it."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: periodic_report
short_description: Make a periodic report of the use of the mail system
description:
  - Puts together what the registry, the directory, the plans and each host's daily counts know of a period, as the
    policy's C(reports) wants it, and writes a PDF, a workbook and JSON, in Vietnamese.
  - What is not known is said to be missing, and never filled in.
extends_documentation_fragment:
  - congvu.mail.directory
  - congvu.mail.registry
  - congvu.mail.registry.cache
  - congvu.mail.registry.faults
options:
  state:
    description: Folder on the control node with the plans, and for the reports.
    type: path
    required: true
  suffix:
    description: The directory's suffix; that of the registry by default.
    type: str
  period:
    description: A month, half-year, year or day, as V(2026-06), V(2026-H1), V(2026) or V(2026-06-15).
    type: str
    required: true
  as_of:
    description: The civil day of the report, as V(YYYY-MM-DD); today in the estate's time zone by default.
    type: str
  agency:
    description: Code of the only agency that it is about. Its workbook names people with their figures.
    type: str
    default: ""
  archives:
    description: What M(congvu.mail.usage_pack) packed on each host, as files on the control node.
    type: list
    elements: path
    default: []
  stores:
    description: Names of the hosts that count looks.
    type: list
    elements: str
    default: []
  mail:
    description: Names of the hosts that count letters.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
    description: Works everything out, and writes nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Report on the first half of the year
  congvu.mail.periodic_report:
    registry: inventories/daklak/registry
    state: /var/lib/congvu
    period: 2026-H1
    archives: [/run/congvu/mail.tar]
    stores: [mail]
    mail: [mail]
    uri: ldaps://ldap.daklak.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=daklak,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
"""

RETURN = r"""
files:
  description: The report as PDF, as a workbook and as JSON.
  returned: success
  type: list
  elements: str
  sample: [/var/lib/congvu/reports/2026-H1/bao-cao-2026-H1.pdf]
text:
  description: The report in a few lines.
  returned: success
  type: str
about:
  description: What it is about.
  returned: success
  type: str
  sample: tình hình sử dụng hệ thống thư điện tử công vụ 6 tháng đầu năm 2026
sender:
  description: The uid of the mailbox that reports.
  returned: success
  type: str
letter:
  description: The letter that brings it, and its envelope.
  returned: success
  type: dict
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

import hashlib
import heapq
import json
import tarfile
from contextlib import ExitStack
from datetime import datetime, time
from operator import attrgetter
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

try:
    from ansible_collections.congvu.mail.plugins.module_utils import (
        reportbook,
        reportdata,
        reportletter,
        reportpage,
        reportwords,
        sendings,
        source,
        store,
        terms,
        usage,
    )
    from ansible_collections.congvu.mail.plugins.module_utils.changes import PlanError
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
    from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
    from ansible_collections.congvu.mail.plugins.module_utils.figures import Account, Facts, figures
    from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole
    from ansible_collections.congvu.mail.plugins.module_utils.model import State
    from ansible_collections.congvu.mail.plugins.module_utils.periods import period
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry
    from ansible_collections.congvu.mail.plugins.module_utils.periods import Period
    from ansible_collections.congvu.mail.plugins.module_utils.terms import Term

    Accounts = Callable[[dict[str, Any], str], Mapping[str, Account]]

_KNOWN = ("congvuId", "congvuState", "pwdLastSuccess")
_EDITION = 12  # characters of a digest

SPEC: dict[str, Any] = {
    **DIRECTORY,
    **REGISTRY,
    **AS_OF,
    **CACHE,
    **LANG,
    "state": {"type": "path", "required": True},
    "suffix": {"type": "str"},
    "period": {"type": "str", "required": True},
    "agency": {"type": "str", "default": ""},
    "archives": {"type": "list", "elements": "path", "default": []},
    "stores": {"type": "list", "elements": "str", "default": []},
    "mail": {"type": "list", "elements": "str", "default": []},
}


def run(params: dict[str, Any], known: Accounts, *, write: bool) -> dict[str, Any]:
    """Read everything, work it out, write it; ``known`` tells what the directory knows of accounts."""
    cache, state = params["cache"], Path(params["state"])
    registry = source.load(Path(params["registry"]), cache=Path(cache) if cache else None)
    zone, agency, wanted = registry.estate.time_zone, params["agency"], period(params["period"])
    if agency and agency not in registry.agencies:
        message = f"agency: there is no agency '{agency}'."
        raise ValueError(message)
    if registry.policy.reports is None:
        message = "The policy has no 'reports': nobody said what a report tells, and who gets it."
        raise ValueError(message)
    now = datetime.now(zone)
    facts = Facts(
        days=days(params["archives"], zone),
        stores=params["stores"],
        mail=params["mail"],
        accounts=known(params, params["suffix"] or registry.estate.suffix),
        terms=[*carried_out(state, registry, wanted)],
    )
    made = figures(registry, wanted, civil_day(params["as_of"]) or now.date(), facts, agency)
    kept = keep(made, registry, state / sendings.FOLDER, now, write=write)
    return {**kept, "sender": registry.policy.reports.sender}


def keep(made: Any, registry: Registry, folder: Path, now: datetime, *, write: bool) -> dict[str, Any]:  # noqa: ANN401
    """Draw the report in each of its forms, and put them side by side."""
    name = made.period.name + (f"-{made.agency}" if made.agency else "")
    files = {
        f"bao-cao-{name}.pdf": reportpage.document(made, registry),
        f"bao-cao-{name}.xlsx": reportbook.workbook(made, registry),
    }
    data = json.dumps(reportdata.data(made), ensure_ascii=False, indent=1).encode() + b"\n"
    into = folder / name
    changed = False
    for file, content in {**files, f"bao-cao-{name}.json": data}.items():
        path = into / file
        if not path.exists() or path.read_bytes() != content:
            changed = True
            if write:
                into.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_whole(path, content, mode=0o600)
    letter = reportletter.letter(made, registry, files, now=now, digest=hashlib.sha256(data).hexdigest()[:_EDITION])
    return {
        "changed": changed,
        "files": [str(into / file) for file in (*files, f"bao-cao-{name}.json")],
        "text": "\n".join((f"Báo cáo {made.period.title}: {into}", reportletter.gist(made))) + "\n",
        "about": reportwords.about(made, registry),
        "letter": {
            "content": letter.as_bytes().decode("ascii"),
            "message_id": letter["Message-ID"],
            "sender": letter["From"].addresses[0].addr_spec,
            "recipients": [address.addr_spec for address in letter["To"].addresses],
        },
    }


def days(archives: list[str], zone: ZoneInfo) -> Iterator[usage.Day]:
    """Read what the hosts counted, day after day: never more than a few days are held."""
    with ExitStack() as stack:
        packed = [stack.enter_context(tarfile.open(archive)) for archive in archives]
        yield from heapq.merge(*(_days(each, zone) for each in packed), key=attrgetter("day"))


def _days(packed: tarfile.TarFile, zone: ZoneInfo) -> Iterator[usage.Day]:
    for name in sorted(packed.getnames()):
        file = packed.extractfile(name)
        if file is not None:
            yield usage.read(file.read(), zone)


def accounts(params: dict[str, Any], suffix: str) -> dict[str, Account]:
    """Ask the directory who has an open mailbox, and who ever signed in, as far as it notes that."""
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        found = directory.find(f"ou=agencies,{suffix}", {"objectClass": ["congvuMailbox"]}, _KNOWN)
    told = {record.attributes["congvuId"][0].partition(":")[2]: record.attributes for record in found}
    notes = any("pwdLastSuccess" in attributes for attributes in told.values())
    return {
        uid: Account(
            attributes.get("congvuState") == (str(State.ACTIVE),),
            "pwdLastSuccess" in attributes if notes else None,
        )
        for uid, attributes in told.items()
    }


def carried_out(state: Path, registry: Registry, within: Period) -> Iterator[Term]:
    """Tell of the changes that were applied in a period or later, from the plans that are at hand."""
    begin = datetime.combine(within.since, time.min, registry.estate.time_zone)
    journals = (state / "journal").glob("*.jsonl")
    plans = {path.stem.rpartition("-")[2] for path in journals if path.stat().st_mtime >= begin.timestamp()}
    for short in sorted(plans):
        try:
            plan = store.find(short, state / "plans")
        except PlanError:
            continue
        yield from terms.terms(plan, terms.applied_in(state / "journal", plan.id), registry)


def main() -> None:
    """Parse, report, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(**run(module.params, accounts, write=not module.check_mode))
    except (*EXPECTED, DirectoryError) as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), module.params["lang"]))


if __name__ == "__main__":
    main()
