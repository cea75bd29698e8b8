"""What somebody did in the directory by hand, told apart from what waits for an apply, and who it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import drift_directory
from ansible_collections.congvu.mail.plugins.module_utils.changes import Applied
from ansible_collections.congvu.mail.plugins.module_utils.directory import Record
from ansible_collections.congvu.mail.plugins.module_utils.drift import Kind, packed, unpacked
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.audit import MemoryLog
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import DAY, desired, person, small
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX, MemoryDirectory

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.drift import Finding

ADMIN = f"cn=admin,ou=snv,{BASE}"
WHO = "p1"
BEFORE, AFTER = "20261121000000.000000Z#000000#000#000000", "20261122000000.000000Z#000000#000#000000"


def entries(**changed: Any) -> list[Any]:  # noqa: ANN401 -- values of entries
    """Declare an agency with one person."""
    agency = small()[0]
    return [agency, person(WHO, agency.dn.removesuffix(f",{BASE}"), **changed)]


def found(log: MemoryLog, *, commit: str = "c0ffee", csn: str = BEFORE, **lives: Any) -> list[Finding]:  # noqa: ANN401
    """Judge a directory whose one person has these values, where Git says ``title: Chuyên viên``."""
    directory = MemoryDirectory()
    for one in entries(**{"title": "Chuyên viên", **lives}):
        directory.put(one.dn, **one.attributes)
    records = [
        Record(record.dn, record.uuid, AFTER, record.attributes) for record in directory.read_tree(BASE, ATTRIBUTES)
    ]
    wanted = desired(*entries(title="Chuyên viên"), commit=commit)
    plan = make_plan(wanted, records, Applied("9f2c", "c0ffee", DAY, csn, 2))
    uuid = next((record.uuid for record in records if WHO in record.dn), "")
    for record in log.records:
        if record.attributes["reqEntryUUID"] == ("?",):
            record.attributes["reqEntryUUID"] = (uuid,)  # type: ignore[index]
    evidence = drift_directory.gather(log, plan)
    findings = drift_directory.judge(plan, evidence, SUFFIX)
    assert [unpacked(json.loads(json.dumps(packed(one)))).key for one in findings] == [one.key for one in findings]
    return findings


def by_hand(*mods: str, old: str = "title: Chuyên viên", trace: str = "", by: str = ADMIN) -> MemoryLog:
    log = MemoryLog()
    log.write("add", "cn=x", "another")  # the log reaches back beyond the last apply
    log.records[0].attributes["reqStart"] = ("20260101000000.000001Z",)  # type: ignore[index]
    if mods:
        log.write("modify", f"uid={WHO},ou=snv,{BASE}", "?", mods, (old,), by=by, trace=trace)
    return log


TITLE = ("title:= Trưởng phòng",)


@pytest.mark.parametrize(
    ("lives", "mods", "kind"),
    [
        ({"title": "Trưởng phòng"}, TITLE, Kind.ENTRY),
        ({"congvuQuota": "1"}, ("congvuQuota:= 1",), Kind.QUOTA),
        ({"mail": "x@tinh.gov.vn"}, ("mail:= x@tinh.gov.vn",), Kind.ADDRESS),
        ({"congvuSendAs": "x@tinh.gov.vn"}, ("congvuSendAs:= x@tinh.gov.vn",), Kind.ACCESS),
        ({"congvuAccess": "snv:read"}, ("congvuAccess:= snv:read",), Kind.ACCESS),
    ],
)
def test_what_was_edited_is_told_by_what_it_is_with_who_did_it(
    lives: dict[str, str], mods: tuple[str, ...], kind: Kind
) -> None:
    (finding,) = found(by_hand(*mods), **lives)
    assert (finding.kind, finding.object) == (kind, f"person:{WHO}")
    (trace,) = finding.traces
    assert (trace.who, trace.who_vi, trace.source) == ("the admin of snv", "quản trị cơ quan snv", "accesslog")
    assert finding.mend == "bin/congvu reconcile -e agency=snv"


TRACED = json.dumps({"plan": "9f2c41d0c0a3", "commit": "c0ffee", "by": "lan", "change": "", "decision": ""})


@pytest.mark.parametrize(
    ("log", "commit", "is_drift"),
    [
        (by_hand(*TITLE), "c0ffee", True),
        (by_hand(), "c0ffee", True),
        (by_hand(*TITLE), "bead", True),
        (by_hand(), "bead", False),
        (by_hand("ou:= Phòng khác", old="ou: Phòng"), "bead", False),
        (by_hand(*TITLE, trace=TRACED, by=f"cn=reconciler,ou=services,{SUFFIX}"), "bead", False),
        (MemoryLog(), "bead", True),
    ],
    ids=[
        *("the same commit, and a record of it", "the same commit, and no record", "another commit, and a record"),
        *("another commit, and no record", "another commit, and a record of something else"),
        *("another commit, and a record of an apply", "another commit, and a log that does not reach back"),
    ],
)
def test_what_waits_for_an_apply_is_no_drift_and_a_doubt_without_evidence_is(
    log: MemoryLog,
    commit: str,
    is_drift: bool,  # noqa: FBT001 -- the expected value
) -> None:
    assert bool(found(log, commit=commit, title="Trưởng phòng")) is is_drift


def test_an_entry_that_was_deleted_is_told_with_whoever_deleted_it() -> None:
    log, place = by_hand(), entries()[1].dn
    log.write("delete", place, "gone", by=ADMIN)
    plan = make_plan(desired(*entries(), commit="bead"), [], Applied("9f2c", "c0ffee", DAY, BEFORE, 2))
    findings = drift_directory.judge(plan, drift_directory.gather(log, plan), SUFFIX)
    assert [(one.kind, one.object, one.traces[0].who) for one in findings] == [
        (Kind.ENTRY_GONE, f"person:{WHO}", "the admin of snv")
    ]


def test_an_entry_that_nobody_declared_is_told_with_the_command_that_removes_it() -> None:
    log, directory = by_hand(), MemoryDirectory()
    for one in entries():
        directory.put(one.dn, **one.attributes)
    stray = f"uid=la,ou=snv,{BASE}"
    directory.put(stray, objectClass="inetOrgPerson", uid="la", cn="Người lạ", sn="Người")
    log.write("add", stray, "u", ("uid:+ la",), by=ADMIN)
    plan = make_plan(
        desired(*entries()), directory.read_tree(BASE, ATTRIBUTES), Applied("9f2c", "c0ffee", DAY, AFTER, 2)
    )
    (finding,) = drift_directory.judge(plan, drift_directory.gather(log, plan), SUFFIX)
    assert (finding.kind, finding.object, finding.traces[0].who) == (Kind.ENTRY_ADDED, stray, "the admin of snv")
    assert stray in finding.mend


def test_before_the_first_apply_nothing_is_drift() -> None:
    plan = make_plan(desired(*entries()), [], None)
    assert drift_directory.judge(plan, drift_directory.gather(MemoryLog(), plan), SUFFIX) == []
    assert drift_directory.waiting(plan, []) == 2


def test_an_account_beside_the_agencies_that_no_role_makes_is_found() -> None:
    services = f"ou=services,{SUFFIX}"
    records = [Record(f"cn={name},{services}", name, "", {}) for name in ("Postfix", "backdoor")]
    found = drift_directory.accounts(records, [f"cn=postfix,{services}"], [], SUFFIX)
    assert [(one.kind, one.object) for one in found] == [(Kind.DIRECTORY_ACCOUNT, f"cn=backdoor,{services}")]


def test_a_directory_whose_configuration_cannot_be_read_is_a_finding() -> None:
    (finding,) = drift_directory.judge_config("mail", {"msg": "no slapd"}, {})
    assert (finding.kind, finding.object) == (Kind.SILENT, "cn=config")
