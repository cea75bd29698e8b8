#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Carry out a plan, exactly as it was reviewed."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: apply
short_description: Carry out a plan, exactly as it was reviewed
description:
  - Takes the bytes of a plan file and writes their changes to the directory, each on the condition, checked
    by the server itself, that the entry is still as the plan saw it.
  - A plan for a day to come, or before that of the last complete apply, is refused; it is there to be looked at.
  - A plan that is older than the last complete apply is refused as a whole.
  - What fails does not stop what does not build on it. After a crash, plan and apply again.
options:
  plan:
    description: The plan, as a path, an id or the beginning of one, or V(latest).
    type: str
    required: true
  state:
    description: Folder with C(plans/); the journal goes to C(journal/) in it.
    type: path
    required: true
  secrets:
    description: Folder in which initial passwords are recorded, in C(initial-passwords/), one file each.
    type: path
    required: true
  estate:
    description: The estate that the plan must be for; default whichever it names.
    type: str
  suffix:
    description: The suffix that the plan must be for; default whichever it names.
    type: str
  registry:
    description:
      - Folder of the registry, for its C(overrides/). They are read when the plan runs into a safety rail, and lift the
        rails that they name, for the plan that they name, until they expire.
      - The checkout may be younger than the plan. Without one, no rail is lifted.
    type: path
  operator:
    description:
      - Who applies, for the directory's accesslog and the journal; default the system user, with the machine's name.
      - At most 64 characters, of letters, digits, spaces and C(. _ - @ + / ( )). Auditors read it.
    type: str
    default: ""
  stores:
    description:
      - Hosts of the mail store. Whoever loses access is noted for each of them in C(sessions/) of the state folder,
        before anything is written; M(congvu.mail.end_sessions) then ends their sessions there.
    type: list
    elements: str
    default: []
  progress:
    description:
      - File in which to note now and then how many changes are done, of how many. It is there for whoever waits,
        such as C(bin/congvu), and nothing depends on it.
    type: path
  password_memory:
    description: KiB of memory for one Argon2id hash of an initial password.
    type: int
    default: 64
  password_passes:
    description: Passes over that memory.
    type: int
    default: 1
extends_documentation_fragment:
  - congvu.mail.directory
attributes:
  check_mode:
    support: full
    description:
      - Checks the plan and the rails, lets the server say what it would refuse, and names the mailboxes whose mail
        would be purged; writes nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Apply the plan that was reviewed
  congvu.mail.apply:
    plan: 9f2c41d0c0a3
    registry: inventories/thuathienhue/registry
    state: /var/lib/congvu
    secrets: /var/lib/congvu/secrets
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
"""

RETURN = r"""
plan:
  description: The plan's id.
  type: str
  returned: success
counts:
  description: How many changes were applied, stale (the entry is no longer as planned), failed or skipped.
  type: dict
  returned: success
  sample: {applied: 3, stale: 0, failed: 0, skipped: 0}
problems:
  description: What was not applied and why, at most 20.
  type: list
  elements: str
  returned: success
purges:
  description:
    - The mailboxes, by uid, whose mail the plan would remove for ever. Those whose purge the server would refuse are
      among RV(problems) instead. RV(text) names the first 10.
  type: list
  elements: str
  returned: success, in check mode, where there is something to do
  sample: [tth00056, snv-tccb]
verified:
  description: Whether the directory, read again, shows everything as planned.
  type: bool
  returned: success
journal:
  description: The journal of this apply; empty if there was nothing to do and in check mode.
  type: str
  returned: success
ledger:
  description: The ledger's head afterwards, as C(bin/verify-ledger) takes it; empty as the journal is.
  type: str
  returned: success
  sample: 214:9f2c41d0c0a35b1f2a80e1c7f3de6f7f0a3f1d1b6a6f6b9d9a3f0e5c2b1a0d4e
text:
  description: What came of it, for the terminal.
  type: str
  returned: success
exit_status:
  description: V(0) done, V(3) a safety rail, V(4) stale, V(5) partly applied, V(1) an error.
  type: int
  returned: always
"""

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import DIRECTORY, access_settings
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language

try:
    from ansible_collections.congvu.mail.plugins.module_utils import apply as engine
    from ansible_collections.congvu.mail.plugins.module_utils import (
        ledger,
        overrides,
        recording,
        report,
        safety,
        sessions,
        store,
        terminal,
        wording,
    )
    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan, PlanError, Purge
    from ansible_collections.congvu.mail.plugins.module_utils.credentials import Cost, Vault, sample_digest
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
    from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
    from ansible_collections.congvu.mail.plugins.module_utils.lease import (
        Lease,
        SupersededError,
        control_dn,
        this_process,
    )
    from ansible_collections.congvu.mail.plugins.module_utils.trace import operator_of
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

SPEC: dict[str, Any] = {
    **DIRECTORY,
    "plan": {"type": "str", "required": True},
    "state": {"type": "path", "required": True},
    "secrets": {"type": "path", "required": True, "no_log": False},
    "estate": {"type": "str"},
    "suffix": {"type": "str"},
    "registry": {"type": "path"},
    "operator": {"type": "str", "default": ""},
    "stores": {"type": "list", "elements": "str", "default": []},
    "progress": {"type": "path"},
    "password_memory": {"type": "int", "default": 64, "no_log": False},
    "password_passes": {"type": "int", "default": 1, "no_log": False},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Check the plan, then carry it out if ``write`` says so."""
    state, operator = Path(params["state"]), operator_of(params["operator"])
    plan = store.find(params["plan"], state / "plans", estate=params["estate"], suffix=params["suffix"])
    _check_day(plan)
    judgement = _judged(plan, params["registry"], state)
    if judgement.standing:
        return _stopped(plan, judgement, params["registry"])
    if not plan.changes:
        return {**_answer(plan, engine.Result(()), journal="", changed=False), "text": wording.summary(plan)}
    if not write:
        return _rehearsed(plan, params)
    ledger.head(state)  # a ledger that was changed stops an apply before it begins
    try:
        answer = _carried_out(plan, judgement, params, operator)
    except BaseException:
        # Whatever broke it off is what the caller must hear; the next apply catches up.
        with suppress(OSError, ledger.LedgerError):
            recording.catch_up(state, _now())
        raise
    return {**answer, "ledger": str(recording.catch_up(state, _now()))}


def _carried_out(plan: Plan, judgement: overrides.Judgement, params: dict[str, Any], operator: str) -> dict[str, Any]:
    state, folder = Path(params["state"]), Path(params["secrets"], "initial-passwords")
    with (
        LdapDirectory.connect(Access(**access_settings(params))) as directory,
        Journal(state / "journal", plan.id, _now) as journal,
        Vault(folder, Cost(params["password_memory"], params["password_passes"])) as vault,
        sessions.Owed(state / sessions.FOLDER).noted(plan.id, params["stores"], sessions.losers(plan.changes)),
    ):
        for change in plan.changes:
            if isinstance(change, Purge):
                vault.forget(change.id)
        lease = Lease(directory, control_dn(plan.estate, plan.suffix), this_process(), _now)
        for override in judgement.used:
            journal.write("override", file=override.origin.file, said=str(override))
        advance = partial(_note, params["progress"], len(plan.changes))
        result = engine.apply(
            plan, directory, lease, journal, vault.issue, foresee=vault.foresee, advance=advance, by=operator
        )
    answer = _answer(plan, result, journal=str(journal.path), changed=result.counts["applied"] > 0)
    let_through = "".join(f"{line}\n" for line in overrides.thanks(judgement))
    return {**answer, "text": answer["text"] + let_through + report.newcomers(result, str(folder))}


def _note(file: str | None, total: int, done: int) -> None:
    """Tell whoever waits how far it is. A file that cannot be written stops nothing."""
    if file:
        with suppress(OSError):
            Path(file).write_text(f"{done} {total}", encoding="ascii")


def _check_day(plan: Plan) -> None:
    """Refuse a plan that somebody made to look at another day: what its day ends or begins is not so today."""
    if plan.lies_ahead(_now()):
        message = f"The plan is for {plan.as_of}, a day to come, to be looked at. Plan for today, and apply that."
        raise PlanError(message)
    if plan.applied and plan.as_of < plan.applied.as_of:
        message = (
            f"The plan is for {plan.as_of}, and the last apply was for {plan.applied.as_of}: it would open again what "
            "ended in between. Plan for today, and apply that."
        )
        raise PlanError(message)


def _judged(plan: Plan, registry: str | None, state: Path) -> overrides.Judgement:
    """Hold the plan against the rails, and against what lifts them in the checkout at hand."""
    findings = safety.check(plan, served=store.served_domains(state))
    if registry is None:
        return overrides.Judgement(findings)
    return overrides.judge(findings, plan, Path(registry), _now())


def _stopped(plan: Plan, judgement: overrides.Judgement, registry: str | None) -> dict[str, Any]:
    lines = ["Nothing was written: a safety rail stands.", *terminal.stops(judgement.standing)]
    lines += overrides.advice(judgement, plan, Path(registry) if registry else None)
    return {"failed": True, "plan": plan.id, "msg": "\n".join(lines), "exit_status": report.Status.RAIL}


def _rehearsed(plan: Plan, params: dict[str, Any]) -> dict[str, Any]:
    """Let the server itself say what it would refuse."""
    cost = Cost(params["password_memory"], params["password_passes"])
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        result = engine.rehearse(plan, directory, sample_digest(cost))
    refused = result.counts["stale"] + result.counts["failed"]
    text = report.rehearsal(plan, result)
    answer = _answer(plan, result, journal="", changed=True)
    status = (
        report.Status.DONE
        if not refused
        else report.Status.STALE
        if not result.counts["failed"]
        else report.Status.ERROR
    )
    said = {"purges": report.purged(result), "verified": False, "msg": text, "text": text}
    return {**answer, **said, "failed": bool(refused), "exit_status": status}


def _answer(plan: Plan, result: engine.Result, *, journal: str, changed: bool) -> dict[str, Any]:
    problems = [f"{answer.change.id}: {answer.message}" for answer in result.answers if answer.message]
    text = report.outcome(plan, result)
    return {
        "changed": changed,
        "failed": not result.complete,
        "msg": text,
        "plan": plan.id,
        "counts": result.counts,
        "problems": problems[: terminal.SAMPLE],
        "verified": result.complete,
        "journal": journal,
        "ledger": "",
        "text": text,
        "exit_status": report.status_of_result(result),
    }


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    """Parse, apply, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name), exit_status=1)
    try:
        result = run(module.params, write=not module.check_mode)
    except engine.BrokenOffError as error:
        module.fail_json(msg=str(error), exit_status=report.Status.PARTLY)
    except SupersededError as error:
        module.fail_json(msg=str(error), exit_status=report.Status.STALE)
    except (*EXPECTED, DirectoryError, PlanError) as error:
        said = failure(error, Path(module.params["registry"] or "."), Language.ENGLISH)
        module.fail_json(**said, exit_status=1)
    if result["failed"]:
        module.fail_json(**result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
