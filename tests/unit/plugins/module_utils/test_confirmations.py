"""What the operator confirmed is kept, and nothing else is believed."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import safety
from ansible_collections.congvu.mail.plugins.module_utils.confirmations import (
    FILE,
    Answer,
    ConfirmationError,
    Confirmations,
    StaleError,
    items_of,
    parse,
    read,
    take,
)
from ansible_collections.congvu.mail.plugins.module_utils.model import State
from ansible_collections.congvu.mail.plugins.module_utils.request import plan_request
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import agency, desired, entry, person
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan
    from ansible_collections.congvu.mail.plugins.module_utils.model import Entry

EMPTY = Confirmations("thu", SUFFIX)
RIGHTS = ("snv:clerk", "stc:read")


def some(*more: Entry) -> tuple[Entry, ...]:
    return (
        agency("snv"),
        entry("admin:snv", "cn=admin,ou=snv"),
        entry("mailbox:snv", "uid=snv,ou=snv", displayName="Sở Nội vụ", mail="snv@tinh.gov.vn"),
        person("a", "ou=snv", congvuAccess=RIGHTS),
        *more,
    )


def answered(plan: Plan, *refused: str, day: str = "2026-11-25") -> Answer:
    return Answer(plan.id, plan.as_of, plan.commit, date.fromisoformat(day), "12/STTTT", refused)


def confirmed(*entries: Entry, refused: tuple[str, ...] = ()) -> Confirmations:
    plan = plan_request(desired(*entries), EMPTY)
    return take(EMPTY, plan, answered(plan, *refused))


def test_only_mailboxes_are_asked_for_and_only_what_an_operator_can_give() -> None:
    plan = plan_request(desired(*some()), EMPTY)
    assert {change.id for change in plan.changes} == {"mailbox:snv", "person:a"}
    assert not {"objectClass", "congvuQuota", "congvuDecision"} & {key for each in plan.changes for key in each.after}


def test_what_was_confirmed_is_not_asked_for_again() -> None:
    known = confirmed(*some())
    assert list(known.entries) == ["mailbox:snv", "person:a"]
    again = plan_request(desired(*some()), known)
    assert again.changes == ()
    assert safety.check(again) == ()


def test_what_was_refused_is_asked_for_again() -> None:
    known = confirmed(*some(), refused=("person:a",))
    assert list(known.entries) == ["mailbox:snv"]
    assert [(each.operation, each.id) for each in plan_request(desired(*some()), known).changes] == [
        ("create", "person:a")
    ]


def test_a_right_can_be_refused_by_itself() -> None:
    known = confirmed(*some(), refused=("person:a:stc",))
    assert known.entries["person:a"].attributes["congvuAccess"] == ("snv:clerk",)
    (change,) = plan_request(desired(*some()), known).changes
    assert (change.before, change.after) == ({"congvuAccess": ("snv:clerk",)}, {"congvuAccess": RIGHTS})


def test_a_right_whose_end_is_refused_stays() -> None:
    known = confirmed(*some())
    plan = plan_request(desired(*some()[:3], person("a", "ou=snv", congvuAccess="snv:read")), known)
    assert items_of(plan) == {"person:a", "person:a:snv", "person:a:stc"}
    after = take(known, plan, answered(plan, "person:a:stc"))
    assert after.entries["person:a"].attributes["congvuAccess"] == ("snv:read", "stc:read")


def test_whoever_left_before_having_a_mailbox_is_not_asked_for() -> None:
    plan = plan_request(desired(*some(person("b", "ou=snv", State.DISABLED))), EMPTY)
    assert "person:b" not in {change.id for change in plan.changes}


def test_a_leaver_and_a_closed_mailbox_are_cancelled_where_they_stood() -> None:
    known = confirmed(*some())
    held = entry("mailbox:snv", "uid=snv,ou=snv", displayName="Sở Nội vụ", congvuState="held")
    gone = (agency("snv"), held._replace(state=State.HELD), person("a", "ou=snv", State.DISABLED))
    plan = plan_request(desired(*gone), known)
    assert {(each.operation, each.id) for each in plan.changes} == {("disable", "mailbox:snv"), ("disable", "person:a")}
    after = take(known, plan, answered(plan))
    assert after.entries["person:a"].attributes["congvuState"] == ("disabled",)
    assert "mail" not in after.entries["mailbox:snv"].attributes
    assert plan_request(desired(*gone), after).changes == ()


def test_whoever_moves_is_one_and_the_same() -> None:
    known = confirmed(*some())
    moved = desired(*some()[:3], person("a", "ou=stc", congvuAccess=RIGHTS, mail="a@stc.tinh.gov.vn"))
    plan = plan_request(moved, known)
    assert [(each.operation, each.id) for each in plan.changes] == [("move", "person:a")]
    after = take(known, plan, answered(plan))
    assert after.entries["person:a"].dn == f"uid=a,ou=stc,ou=agencies,{SUFFIX}"
    assert plan_request(moved, after).changes == ()


def test_an_answer_to_what_has_changed_since_is_refused_whole() -> None:
    known = confirmed(*some())
    first = plan_request(desired(*some()[:3], person("a", "ou=snv", title="Văn thư")), known)
    second = plan_request(desired(*some(person("b", "ou=snv"))[:3], person("a", "ou=snv", title="Chuyên viên")), known)
    after = take(known, first, answered(first))
    with pytest.raises(StaleError, match="person:a"):
        take(after, second, answered(second))
    with pytest.raises(StaleError, match="đã cũ"):
        take(after, first, answered(first))


def test_an_older_request_is_taken_in_while_what_it_builds_on_stands() -> None:
    known = confirmed(*some())
    older = plan_request(desired(*some(person("b", "ou=snv"))), known)
    newer = plan_request(desired(*some(person("c", "ou=snv"))), known)
    after = take(take(known, newer, answered(newer)), older, answered(older, day="2026-11-30"))
    assert {"person:b", "person:c"} <= after.entries.keys()


@pytest.mark.parametrize(
    ("refused", "said"),
    [("person:b", "không có mục person:b"), ("person:a:tth", "không có mục person:a:tth")],
)
def test_what_was_not_asked_for_cannot_be_refused(refused: str, said: str) -> None:
    with pytest.raises(ConfirmationError, match=said):
        confirmed(*some(), refused=(refused,))


def test_a_request_of_another_estate_is_refused() -> None:
    plan = plan_request(desired(*some()), EMPTY)
    with pytest.raises(ConfirmationError, match="không phải của khac"):
        take(Confirmations("khac", SUFFIX), plan, answered(plan))


def test_the_file_is_read_as_it_was_written() -> None:
    known = confirmed(*some())
    assert parse(known.content, "thu", SUFFIX) == known
    assert known.content.endswith(b"\n")
    assert b"userPassword" not in known.content
    ids = [line.partition('"id":"')[2].partition('"')[0] for line in known.content.decode().splitlines()[2:]]
    assert ids == sorted(ids)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"estate":"thu"', '"estate":"khac"', "dòng 1: tệp không phải"),
        ('"version":1', '"version":2', "dòng 1: tệp không phải"),
        ('"title":', '"title": ', "dòng 4: dòng bị sửa tay"),
        ('"id":"person:a"', '"id":"ai:a"', "dòng 4: không đọc được"),
        ('"line":"entry"', '"line":"muc"', "dòng 3: không đọc được"),
        ('"answered":"2026-11-25"', '"answered":"25/11/2026"', "dòng 2: không đọc được"),
        ('{"attributes"', '{"attributes', "dòng 3: không đọc được"),
    ],
)
def test_a_file_edited_by_hand_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    text = confirmed(*some()[:3], person("a", "ou=snv", title="Văn thư")).content.decode()
    assert old in text
    with pytest.raises(ConfirmationError, match=said):
        parse(text.replace(old, new, 1).encode(), "thu", SUFFIX)


def test_lines_of_two_branches_out_of_order_are_refused() -> None:
    header, answer, first, second = confirmed(*some()).content.splitlines(keepends=True)
    with pytest.raises(ConfirmationError, match="xếp lại các dòng"):
        parse(header + answer + second + first, "thu", SUFFIX)
    with pytest.raises(ConfirmationError, match="không có trả lời nào"):
        parse(header + first + second, "thu", SUFFIX)


def test_only_where_nothing_stands_nothing_was_confirmed_yet(tmp_path: Path) -> None:
    file = tmp_path / FILE
    assert read(file, "thu", SUFFIX) == EMPTY
    os.mkfifo(file)
    with pytest.raises(ConfirmationError, match=f"{FILE}: không phải tệp"):
        read(file, "thu", SUFFIX)
    file.unlink()
    file.symlink_to("nowhere")
    with pytest.raises(ConfirmationError, match=f"{FILE}: không phải tệp"):
        read(file, "thu", SUFFIX)
    (tmp_path / "nowhere").write_bytes(confirmed(*some()).content)
    assert read(file, "thu", SUFFIX) == confirmed(*some())


def test_a_file_cut_short_runs_into_a_rail() -> None:
    people = [person(f"p{number}", "ou=snv") for number in range(30)]
    known = confirmed(*some(*people))
    kept = known.content.splitlines(keepends=True)[:20]
    cut = parse(b"".join(kept), "thu", SUFFIX)
    assert "vanished" in {finding.rail for finding in safety.check(plan_request(desired(*some(*people)), cut))}
