"""What came of a plan is told with its reasons, and a pipeline can go by its status."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import report
from ansible_collections.congvu.mail.plugins.module_utils.apply import Answer, Result, Verdict
from ansible_collections.congvu.mail.plugins.module_utils.changes import (
    Cause,
    Change,
    Disable,
    Precondition,
    Purge,
    Risk,
    Wave,
)
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind
from ansible_collections.congvu.mail.plugins.module_utils.report import Status
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.review import FINDING, mixed

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan


@pytest.fixture
def plan() -> Plan:
    return mixed()


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


# --- What a rehearsal says of mail that would go


def ends(id_: str, operation: type[Change] = Purge) -> Change:
    """Make a change that ends the use of an entry."""
    kind, _, name = id_.partition(":")
    attribute = "cn" if kind == "admin" else "uid"
    return operation(
        id=id_,
        kind=Kind(kind),
        dn=f"{attribute}={name},ou=snv",
        label=name,
        wave=Wave.PURGE,
        risk=Risk.HIGH,
        cause=Cause.RETENTION,
        precondition=Precondition("u", "c"),
    )


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ([], ""),
        ([Answer(ends("person:a", Disable), Verdict.APPLIED)], ""),
        ([Answer(ends("admin:snv"), Verdict.APPLIED)], ""),
        ([Answer(ends("person:a"), Verdict.APPLIED)], "WOULD PURGE the mail of 1 mailbox for ever: a"),
        (
            [Answer(ends("person:b"), Verdict.SKIPPED, "Untried."), Answer(ends("mailbox:a"), Verdict.APPLIED)],
            "WOULD PURGE the mail of 2 mailboxes for ever: a, b",
        ),
        ([Answer(ends("person:a"), Verdict.STALE, "x"), Answer(ends("person:b"), Verdict.FAILED, "x")], ""),
        (
            [Answer(ends(f"person:p{number}"), Verdict.APPLIED) for number in range(12)],
            "WOULD PURGE the mail of 12 mailboxes for ever: p0, p1, p10, p11, p2, p3, p4, p5, p6, p7, … and 2 more",
        ),
    ],
    ids=["nothing", "closed", "no mailbox", "one", "two, one untried", "refused", "too many for a line"],
)
def test_a_rehearsal_names_the_mailboxes_whose_mail_would_go(plan: Plan, answers: list[Answer], line: str) -> None:
    lines = report.rehearsal(plan, Result(tuple(answers))).splitlines()
    assert [said for said in lines if "PURGE" in said] == [line] * bool(line)
