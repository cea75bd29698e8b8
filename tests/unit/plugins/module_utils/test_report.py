"""Reports are short on the terminal, whole on the page, and end with what to do next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import report
from ansible_collections.congvu.mail.plugins.module_utils.apply import Answer, Result, Verdict
from ansible_collections.congvu.mail.plugins.module_utils.model import State
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.plugins.module_utils.report import Status
from ansible_collections.congvu.mail.plugins.module_utils.safety import Finding
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import agency, desired, person, unit
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, MemoryDirectory

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan

FINDING = Finding("disables", "snv", "9 of 20 people of snv would lose access at once.", "Look into agencies/snv.yml.")


@pytest.fixture
def plan() -> Plan:
    directory = MemoryDirectory()
    before = [agency("snv"), agency("stc"), unit("snv", "tccb"), unit("snv", "cu")]
    before += [person(uid, "ou=tccb,ou=snv", title="Chuyên viên") for uid in "abcd"]
    for one in before:
        directory.put(one.dn, **one.attributes)
    directory.put(f"cn=may-in,{BASE}", objectClass="device")
    after = [agency("snv"), agency("stc"), unit("snv", "tccb")]
    after += [
        person("a", "ou=tccb,ou=snv", title="Phó phòng"),
        person("b", "ou=stc", title="Chuyên viên"),
        person("c", "ou=tccb,ou=snv", State.DISABLED, title="Chuyên viên"),
        person("moi", "ou=stc"),
    ]
    wanted = replace(desired(*after), next_change=date(2027, 1, 1))
    return make_plan(wanted, directory.read_tree(BASE, ATTRIBUTES))


def test_the_terminal_shows_every_kind_of_change_where_it_belongs(plan: Plan) -> None:
    assert (
        report.terminal(plan, where="plan.md")
        == f"""\
Plan {plan.id[:12]} for the estate thu on 2026-11-21, registry at c0ffee

Left alone: 1 unmanaged
  cn=may-in,ou=agencies,dc=tinh,dc=gov,dc=vn: It bears no mark that we know: left alone.

snv
  ~ person a  Nguyễn a <a@tinh.gov.vn>: title Chuyên viên → Phó phòng  agencies/snv.yml:1
  ! person c  Nguyễn c <c@tinh.gov.vn>: congvuState active → disabled  agencies/snv.yml:1
  ! person d  Nguyễn d <d@tinh.gov.vn>: congvuState active → held; no longer in the registry
  - unit snv/cu  cu: no longer in the registry

stc
  + person moi  Nguyễn moi <moi@tinh.gov.vn>  agencies/snv.yml:1
  > person b  Nguyễn b <b@tinh.gov.vn>: from snv/tccb to stc  agencies/snv.yml:1

Changes: 1 to create, 1 to update, 1 to move, 2 to disable, 1 to delete.
Time alone changes something next on 2027-01-01.
The whole plan is in plan.md
Apply exactly this: ansible-playbook playbooks/apply.yml -e plan={plan.id[:12]}
"""
    )


def test_a_rail_stands_below_everything_and_nobody_is_told_to_apply(plan: Plan) -> None:
    text = report.terminal(plan, [FINDING])
    assert text.endswith(f"\nSTOPPED by a safety rail:\n  {FINDING}\n")
    assert "Apply exactly this" not in text


def test_a_long_list_is_cut_on_the_terminal_and_whole_on_the_page() -> None:
    plan = make_plan(desired(agency("snv"), *(person(f"p{number:02}", "ou=snv") for number in range(30))), [])
    text, page = report.terminal(plan), report.markdown(plan)
    assert "… and 23 more: 23 to create" in text
    assert "p29" not in text
    assert all(f"person p{number:02}" in page for number in range(30))


def test_a_list_cut_short_still_shows_who_loses_access() -> None:
    directory = MemoryDirectory()
    before = [agency("z"), *(person(f"p{number:02}", "ou=z") for number in range(30))]
    for one in before:
        directory.put(one.dn, **one.attributes)
    leaver = person("p29", "ou=z", State.DISABLED)
    others = [entry for entry in before if entry.id != leaver.id]
    crowd = [agency(code) for code in "bcdefghi"] + [person(f"{a}{n}", f"ou={a}") for a in "bcdefghi" for n in range(9)]
    titled = [replace(entry, attributes={**entry.attributes, "title": ("Khác",)}) for entry in others[1:]]
    plan = make_plan(
        desired(others[0], *titled, leaver, *crowd),
        directory.read_tree(BASE, ATTRIBUTES),
    )
    text = report.terminal(plan)
    assert "! person p29" in text
    assert "  … and 22 more: 22 to update\n" in text
    assert "… and 4 more agencies: 40 to create\n" in text
    assert len(text.splitlines()) < report.PAGE + 10


def test_nothing_to_do_is_said_in_a_line() -> None:
    directory = MemoryDirectory()
    directory.put(agency("snv").dn, **agency("snv").attributes)
    plan = make_plan(desired(agency("snv")), directory.read_tree(BASE, ATTRIBUTES))
    assert "Nothing to do: the directory is as the registry says (1 entries)." in report.terminal(plan)


def test_the_page_is_a_table_per_agency_with_the_decision(plan: Plan) -> None:
    page = report.markdown(plan, [FINDING])
    assert "## snv" in page
    assert "- **Stopped:** 9 of 20" in page
    assert "| ~ | person a  Nguyễn a &lt;a@tinh.gov.vn>: title Chuyên viên → Phó phòng | QĐ 1/QĐ-SNV | low |" in page


def test_a_value_cannot_break_the_table() -> None:
    plan = make_plan(desired(agency("snv", description="a|b <script>")), [])
    row = next(line for line in report.markdown(plan).splitlines() if line.startswith("| +"))
    assert r"a\|b &lt;script>" in row


@pytest.mark.parametrize(
    ("verdicts", "unverified", "status"),
    [
        ([Verdict.APPLIED], (), Status.DONE),
        ([], (), Status.DONE),
        ([Verdict.STALE, Verdict.STALE], (), Status.STALE),
        ([Verdict.APPLIED, Verdict.STALE], (), Status.PARTLY),
        ([Verdict.FAILED], (), Status.PARTLY),
        ([Verdict.SKIPPED, Verdict.STALE], (), Status.PARTLY),
        ([Verdict.APPLIED], ("person:a",), Status.PARTLY),
    ],
)
def test_a_pipeline_can_go_by_the_status_of_an_apply(
    plan: Plan, verdicts: list[Verdict], unverified: tuple[str, ...], status: Status
) -> None:
    answers = tuple(Answer(change, verdict) for change, verdict in zip(plan.changes, verdicts, strict=False))
    assert report.status_of_result(Result(answers, unverified)) is status


def test_a_pipeline_can_go_by_the_status_of_a_plan(plan: Plan) -> None:
    empty = replace(plan, changes=())
    assert report.status_of_plan(empty, ()) is Status.DONE
    assert report.status_of_plan(plan, ()) is Status.CHANGES
    assert report.status_of_plan(plan, [FINDING]) is Status.RAIL


def test_what_was_left_is_named_with_its_reason_and_the_way_on(plan: Plan) -> None:
    answers = (Answer(plan.changes[0], Verdict.APPLIED), Answer(plan.changes[1], Verdict.STALE, "Somebody was here."))
    text = report.outcome(plan, Result(answers, notes=("Took over.",)))
    assert "1 applied, 1 stale." in text
    assert "Took over." in text
    assert "Somebody was here." in text
    assert "playbooks/plan.yml" in text
