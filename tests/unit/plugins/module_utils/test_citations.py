"""What was decided is not undone because its line is gone: the rail ``withdrawn``, from the files to the finding."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import Applied, Plan
from ansible_collections.congvu.mail.plugins.module_utils.citations import cited
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, Terms, make_plan
from ansible_collections.congvu.mail.plugins.module_utils.safety import check
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import MemoryDirectory

from .conftest import LOCK, SNV, STC

if TYPE_CHECKING:
    from .conftest import Write

TODAY = date(2026, 9, 1)
# tn02 became chief of the office and went to stc; tn04 left.
PROMOTION = "    changes:\n      - {since: 2022-01-01, decision: 20/QĐ-SNV, unit: tccb, title: Chánh Văn phòng}\n"
LEAVER = """\
  - id: tn04
    name: Phan Văn Lộc
    title: Chuyên viên
    since: 2010-01-01
    decision: 4/QĐ-SNV
"""
LEAVING = "    until: 2026-07-01\n    until_decision: 44/QĐ-SNV\n"
LEAVE = "    absences:\n      - {reason: maternity, since: 2026-08-01, until: 2027-02-01, decision: 50/QĐ-SNV}\n"
TRANSFER = """\
  - id: tn02
    name: Trần Thị Hoà
    title: Kế toán
    since: 2026-08-01
    decision: 66/QĐ-STC
"""
RENAMING = "changes:\n  - {since: 2026-03-01, decision: 30/QĐ-UBND, name: Sở Nội vụ và Lao động}\n"
LIVELY_SNV = SNV.replace("units:\n", f"{RENAMING}units:\n") + PROMOTION + LEAVER + LEAVING
LIVELY_LOCK = LOCK.replace("snv:", "phanvanloc: person:tn04\nsnv:")


def planned(write: Write, snv: str, stc: str = STC) -> Plan:
    """Plan for these files of two agencies, where the lively ones were applied."""
    directory, before = MemoryDirectory(), (LIVELY_SNV, STC + TRANSFER)
    for files in (before, (snv, stc)):
        agencies = {"agencies/snv.yml": files[0], "agencies/stc.yml": files[1]}
        registry = load(write({**agencies, "addresses/thunghiem.gov.vn.yml": LIVELY_LOCK}))
        desired = compile_desired(registry, as_of=TODAY, commit=files[0])
        if files is before:
            for entry in desired.entries.values():
                directory.put(entry.dn, **entry.attributes)
    records = directory.read_tree(f"ou=agencies,{desired.suffix}", ATTRIBUTES)
    plan = make_plan(desired, records, None, Terms(cited=partial(cited, registry)))
    assert Plan.parse(plan.content) == plan
    return plan


@pytest.mark.parametrize(
    ("snv", "stc", "expected"),
    [
        (LIVELY_SNV, STC + TRANSFER, {}),
        # Lines that are lost
        (LIVELY_SNV, STC, {"person:tn02": "66/QĐ-STC"}),
        (LIVELY_SNV.replace(LEAVING, ""), STC + TRANSFER, {"person:tn04": "44/QĐ-SNV"}),
        (
            LIVELY_SNV.replace(RENAMING, ""),
            STC + TRANSFER,
            dict.fromkeys(("admin:snv", "agency:snv", "mailbox:snv"), "30/QĐ-UBND"),
        ),
        # Lines that are corrected
        (LIVELY_SNV, STC + TRANSFER.replace("Kế toán", "Kế toán trưởng"), {}),
        (LIVELY_SNV, STC + TRANSFER.replace("66/", "67/"), {}),
        (LIVELY_SNV.replace("44/QĐ", "45/QĐ"), STC + TRANSFER, {}),
        (LIVELY_SNV, STC + TRANSFER + "    kind: concurrent\n", {}),  # a second post, it turned out
        # A line that is written over, where another belongs
        (
            LIVELY_SNV,
            STC + TRANSFER.replace("66/", "67/").replace("Kế toán", "Phó Giám đốc"),
            {"person:tn02": "66/QĐ-STC"},
        ),
        # Lines that are added, in all places that cite a decision
        (
            LIVELY_SNV,
            STC + TRANSFER + "    changes:\n      - {since: 2026-08-15, decision: 68/QĐ-STC, title: Phó Giám đốc}\n",
            {},
        ),
        (LIVELY_SNV, STC + TRANSFER + "    until: 2026-08-20\n    until_decision: 69/QĐ-STC\n", {}),
        (LIVELY_SNV, STC + TRANSFER + LEAVE, {}),
        (
            LIVELY_SNV.replace(RENAMING, RENAMING + "  - {since: 2026-04-01, decision: 31/QĐ-UBND, name: Sở Nội vụ}\n"),
            STC + TRANSFER,
            {},
        ),
    ],
)
def test_what_a_lost_line_brought_about_is_noticed(write: Write, snv: str, stc: str, expected: dict[str, str]) -> None:
    plan = planned(write, snv, stc)
    assert plan.withdrawn == expected
    found = [finding for finding in check(plan) if finding.rail == "withdrawn"]
    assert bool(found) is bool(expected)


def test_who_left_is_not_let_in_again_by_a_line_that_is_lost(write: Write) -> None:
    (finding,) = check(planned(write, LIVELY_SNV.replace(LEAVING, ""), STC + TRANSFER))
    who = "person:tn04 Phan Văn Lộc <phanvanloc@thunghiem.gov.vn>"
    assert finding.lines() == (
        f"[withdrawn] {who} would go back: the registry no longer cites 44/QĐ-SNV, on which it stands.",
        "Usually lines were lost in a merge, or overwritten where a change is to be added.",
        "Look: git log -p -3 -S'44/QĐ-SNV'",
    )


def test_several_of_an_agency_are_told_of_at_once(write: Write) -> None:
    (finding,) = check(planned(write, LIVELY_SNV.replace(RENAMING, "").replace(LEAVING, ""), STC + TRANSFER))
    assert "[withdrawn] 4 of snv would go back, among them admin:snv" in finding.told()


def test_what_a_foreign_hand_wrote_is_put_right_without_a_word(write: Write) -> None:
    """Nothing but the directory changed since the last apply: the registry never cited what stands there."""
    files = (LIVELY_SNV, STC + TRANSFER)
    registry = load(
        write(
            {"agencies/snv.yml": files[0], "agencies/stc.yml": files[1], "addresses/thunghiem.gov.vn.yml": LIVELY_LOCK}
        )
    )
    desired = compile_desired(registry, as_of=TODAY, commit="c0ffee")
    directory = MemoryDirectory()
    for entry in desired.entries.values():
        directory.put(entry.dn, **entry.attributes)
    base = f"ou=agencies,{desired.suffix}"
    youngest = max(record.csn for record in directory.read_tree(base, ATTRIBUTES))
    directory.touch(desired.entries["person:tn03"].dn, title="Thủ trưởng", congvuDecision="0/QĐ")
    applied = Applied("f" * 64, "c0ffee", TODAY, youngest, len(desired.entries))
    plan = make_plan(desired, directory.read_tree(base, ATTRIBUTES), applied, Terms(cited=partial(cited, registry)))
    assert [change.id for change in plan.changes] == ["person:tn03"]
    assert plan.withdrawn == {}
