"""The end of a mailbox: disabled at once, kept for its term and on hold, read by a successor, and removed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.compile import (
    census,
    compile_desired,
    forecast,
    next_change,
)
from ansible_collections.congvu.mail.plugins.module_utils.forecast import text
from ansible_collections.congvu.mail.plugins.module_utils.model import (
    Hold,
    Kind,
    Origin,
    Registry,
    RegistryError,
    State,
)
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language
from ansible_collections.congvu.mail.plugins.module_utils.retention import purge_day
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from hypothesis import given
from hypothesis import strategies as st

from .conftest import POLICY, Write
from .test_dated import entry, locked, told

HERE = Origin("holds.yml", 2)
SHORT = POLICY.replace("retention: {cite: Điều 6, days: 365}", "retention: {cite: Điều 6, days: 90, mailbox_days: 50}")

# l1 leaves for good, l2 comes back in time, l3 too late, and nobody may remove the mail of l4 and of stc's mailbox.
SNV = """\
code: snv
name: Sở Nội vụ
kind: department
decision: 1/QĐ
head: tn01
units:
  vp: Văn phòng
  tccb:
    name: Phòng Tổ chức cán bộ
    until: 2026-06-01
    until_decision: 6/QĐ
    mailbox: {head: tn01}
people:
  - {id: tn01, name: Nguyễn Văn An, title: Giám đốc, since: 2020-01-01, decision: 10/QĐ}
  - {id: s1, name: Trần Thị Hoà, title: Văn thư, since: 2021-06-01, decision: 11/QĐ,
     absences: [{since: 2026-05-01, until: 2026-05-11, decision: 12/QĐ, reason: study}]}
  - {id: l1, name: Phan Văn Lộc, title: Chuyên viên, unit: vp, since: 2020-01-01, decision: 21/QĐ,
     until: 2026-04-01, until_decision: 22/QĐ, ending: retirement, successor: s1}
  - {id: l2, name: Hồ Thị Mai, title: Chuyên viên, since: 2020-01-01, decision: 23/QĐ,
     until: 2026-04-01, until_decision: 24/QĐ, ending: resignation,
     successor: [{person: s1, until: 2026-04-20}, {person: tn03, since: 2026-04-20, decision: 25/QĐ}]}
  - {id: l2, name: Hồ Thị Mai, title: Chuyên viên, since: 2026-06-29, decision: 26/QĐ}
  - {id: l3, name: Võ Ý, title: Chuyên viên, since: 2020-01-01, decision: 27/QĐ,
     until: 2026-04-01, until_decision: 28/QĐ, ending: dismissal}
  - {id: l3, name: Võ Ý, title: Chuyên viên, since: 2026-07-15, decision: 29/QĐ}
  - {id: l4, name: Bùi Huy, title: Kế toán, since: 2020-01-01, decision: 30/QĐ,
     until: 2026-04-01, until_decision: 31/QĐ, ending: dismissal, successor: {person: s1, decision: 32/QĐ}}
"""
STC = """\
code: stc
name: Sở Tài chính
kind: department
decision: 1/QĐ
until: 2026-09-01
until_decision: 40/NQ
successor: snv
head: tn03
folders: {bieu-mau: {name: Biểu mẫu, managers: [tn03]}}
people:
  - {id: tn03, name: Lê Đức Đạt, title: Giám đốc, since: 2020-01-01, decision: 12/QĐ}
"""
HOLDS = """\
l4:
  - {since: 2026-05-01, until: 2026-08-01, decision: 9/KL, reason: Thanh tra việc mua sắm}
  - {since: 2026-07-01, until: 2026-10-01, decision: 99/KL, reason: Khiếu nại kết luận thanh tra}
stc: {since: 2026-09-15, decision: 5/CV, reason: Kiểm toán ngân sách}
"""
FILES: dict[str, str | None] = {
    "policy.yml": SHORT.replace(
        "leave:", "shared_folders: {cite: Điều 4, managers: manager, writers: clerk, readers: read}\nleave:"
    ).replace("person_addresses:", 'unit_addresses: {cite: Điều 1, form: "{unit}{n}@{domain}"}\nperson_addresses:'),
    "agencies/snv.yml": SNV,
    "agencies/stc.yml": STC,
    "addresses/thunghiem.gov.vn.yml": None,
    "holds.yml": HOLDS,
}


@pytest.fixture
def leavers(write: Write) -> Registry:
    return locked(write(FILES))


def hold(since: int, until: int | None) -> Hold:
    """Return a hold between two days of May 2026."""
    return Hold(date(2026, 5, since), date(2026, 5, until) if until else None, "1/QĐ", "Thanh tra", HERE)


@pytest.mark.parametrize(
    ("holds", "day"),
    [
        pytest.param((), 10, id="no hold"),
        pytest.param((hold(1, 10),), 10, id="a hold that has just ended"),
        pytest.param((hold(11, None),), 10, id="a hold that comes too late"),
        pytest.param((hold(10, 20),), 20, id="a hold from that day on"),
        pytest.param((hold(1, 15), hold(12, 20)), 20, id="one hold after another"),
        pytest.param((hold(1, 25), hold(2, 15)), 25, id="one hold within another"),
        pytest.param((hold(1, 15), hold(16, 20)), 15, id="a gap between two holds"),
        pytest.param((hold(1, 15), hold(15, None)), None, id="a hold without an end"),
    ],
)
def test_mail_goes_on_the_first_day_that_no_hold_covers(holds: tuple[Hold, ...], day: int | None) -> None:
    assert purge_day(date(2026, 5, 10), holds) == (date(2026, 5, day) if day else None)


@given(
    st.lists(st.tuples(st.integers(1, 28), st.integers(1, 28)).filter(lambda days: days[0] < days[1])),
    st.integers(1, 28),
)
def test_no_hold_covers_the_day_on_which_mail_goes_and_one_covers_each_day_before(
    spans: list[tuple[int, int]], due: int
) -> None:
    holds = tuple(hold(*span) for span in sorted(spans))
    gone = purge_day(date(2026, 5, due), holds)
    assert gone is not None
    assert not any(one.covers(gone) for one in holds)
    for ahead in range((gone - date(2026, 5, due)).days):
        assert any(one.covers(date(2026, 5, due) + timedelta(ahead)) for one in holds)


@pytest.mark.parametrize(
    ("id_", "day", "attribute", "expected"),
    [
        # Left for good: disabled at once, and the mail goes on the 90th day.
        ("person:l1", "2026-03-31", "congvuState", "active"),
        ("person:l1", "2026-04-01", "congvuState", "disabled"),
        ("person:l1", "2026-04-01", "congvuRetainUntil", "20260629170000Z"),
        ("person:l1", "2026-06-29", "congvuState", "disabled"),
        ("person:l1", "2026-06-29", "mailLocalAddress", "phanvanloc"),
        ("person:l1", "2026-06-30", "congvuState", "purged"),
        ("person:l1", "2026-06-30", "congvuDecision", "22/QĐ"),
        # Read by the successor, while it is kept and the successor is not on leave.
        ("person:s1", "2026-03-31", "congvuAccess", ""),
        ("person:s1", "2026-04-01", "congvuAccess", "l1:read l2:read l4:read"),
        ("person:s1", "2026-04-20", "congvuAccess", "l1:read l4:read"),
        ("person:s1", "2026-05-01", "congvuAccess", ""),
        ("person:s1", "2026-05-11", "congvuAccess", "l1:read l4:read"),
        ("person:s1", "2026-06-30", "congvuAccess", "l4:read"),
        ("person:s1", "2026-09-30", "congvuAccess", "l4:read"),
        ("person:s1", "2026-10-01", "congvuAccess", ""),
        # Back a day before the mail goes: everything is there, and nobody else reads it.
        ("person:tn03", "2026-06-28", "congvuAccess", "l2:read stc-bieu-mau:manager stc:manager"),
        ("person:tn03", "2026-06-29", "congvuAccess", "stc-bieu-mau:manager stc:manager"),
        ("person:l2", "2026-06-29", "congvuState", "active"),
        ("person:l2", "2026-06-29", "congvuRetainUntil", ""),
        ("person:l2", "2026-06-30", "congvuState", "active"),
        # Back too late: an empty mailbox under the same address.
        ("person:l3", "2026-06-30", "congvuState", "purged"),
        ("person:l3", "2026-07-14", "mail", ""),
        ("person:l3", "2026-07-15", "congvuState", "active"),
        ("person:l3", "2026-07-15", "mail", "voy"),
        # On hold, by one decision after another, then gone the day that the last one ends.
        ("person:l4", "2026-06-30", "congvuState", "disabled"),
        ("person:l4", "2026-09-30", "congvuState", "disabled"),
        ("person:l4", "2026-09-30", "congvuRetainUntil", "20260629170000Z"),
        ("person:l4", "2026-10-01", "congvuState", "purged"),
        # A unit ends: its letters come to the agency for 100 days, and not before that the mail goes.
        ("mailbox:snv-tccb", "2026-06-01", "congvuState", "held"),
        ("mailbox:snv-tccb", "2026-06-01", "congvuRetainUntil", "20260908170000Z"),
        ("mailbox:snv", "2026-09-08", "mailLocalAddress", "snv stc tccb"),
        ("mailbox:snv-tccb", "2026-09-08", "congvuState", "held"),
        ("mailbox:snv-tccb", "2026-09-09", "congvuState", "purged"),
        ("mailbox:snv-tccb", "2026-09-09", "congvuDecision", "6/QĐ"),
        ("person:tn01", "2026-06-01", "congvuAccess", "snv-tccb:read snv:manager"),
        # An agency ends: who uses its heir's mailbox reads its mail and what lies in its folders.
        ("person:tn01", "2026-08-31", "congvuAccess", "snv-tccb:read snv:manager"),
        ("person:tn01", "2026-09-01", "congvuAccess", "snv-tccb:read snv:manager stc-bieu-mau:read stc:read"),
        ("person:tn01", "2026-12-10", "congvuAccess", "snv:manager stc:read"),
        # The hold on its mail has no end, and is not on the folder.
        ("mailbox:stc-bieu-mau", "2026-12-10", "congvuState", "purged"),
        ("mailbox:stc", "2029-01-01", "congvuState", "held"),
    ],
)
def test_a_mailbox_ends_step_by_step(leavers: Registry, id_: str, day: str, attribute: str, expected: str) -> None:
    assert told(leavers, id_, day, attribute) == expected


def test_of_what_is_purged_the_name_stays_and_nothing_else(leavers: Registry) -> None:
    person = entry(leavers, "person:l1", "2026-06-30")
    assert (person.state, person.needs_password) == (State.PURGED, False)
    assert person.dn == "uid=l1,ou=vp,ou=snv,ou=agencies,dc=thunghiem,dc=gov,dc=vn"
    assert person.attributes == {
        "objectClass": ("congvuMailbox", "congvuObject", "inetOrgPerson"),
        "congvuEstate": ("test",),
        "congvuId": ("person:l1",),
        "congvuState": ("purged",),
        "congvuDecision": ("22/QĐ",),
        "uid": ("l1",),
        "employeeNumber": ("l1",),
        "cn": ("Phan Văn Lộc",),
        "sn": ("Phan",),
        "congvuQuota": ("0",),
    }
    mailbox = entry(leavers, "mailbox:snv-tccb", "2026-09-09")
    assert mailbox.attributes == {
        "objectClass": ("account", "congvuMailbox", "congvuObject"),
        "congvuEstate": ("test",),
        "congvuId": ("mailbox:snv-tccb",),
        "congvuState": ("purged",),
        "congvuDecision": ("6/QĐ",),
        "uid": ("snv-tccb",),
        "cn": ("Phòng Tổ chức cán bộ",),
        "congvuQuota": ("0",),
    }


def test_a_plan_learns_which_mail_is_on_hold(leavers: Registry) -> None:
    def on_hold(day: date) -> dict[str, str]:
        return dict(compile_desired(leavers, as_of=day, commit="").held)

    assert on_hold(date(2026, 4, 30)) == {}
    assert on_hold(date(2026, 5, 1)) == {"person:l4": "9/KL"}
    assert on_hold(date(2026, 9, 15)) == {"person:l4": "99/KL", "mailbox:stc": "5/CV"}
    assert on_hold(date(2026, 10, 1)) == {"mailbox:stc": "5/CV"}


def test_what_ends_is_foreseen_and_counted_day_by_day(leavers: Registry) -> None:
    first = date(2026, 3, 1)
    days = [first + timedelta(ahead) for ahead in range(320)]
    states = [compile_desired(leavers, as_of=day, commit="").entries for day in days]
    changed = {
        day: found
        for (before, after), day in zip(pairwise(states), days[1:], strict=True)
        if (found := {id_ for id_, one in after.items() if before.get(id_) != one})
    }
    told: dict[date, set[str]] = {}
    for change in forecast(leavers, since=first, until=days[-1]):
        told.setdefault(change.day, set()).add(change.entry.id)
    assert told == changed
    for day, entries in zip(days, states, strict=True):
        assert next_change(leavers, day) == next((later for later in sorted(changed) if later > day), None)
        people = [one for one in entries.values() if one.kind is Kind.PERSON]
        counted = census(leavers, day)
        for state in (State.DISABLED, State.PURGED):
            assert counted[state] == sum(one.state is state for one in people), day
    assert {one.state for entries in states for one in entries.values()} == set(State)


def test_the_forecast_says_when_mail_goes(leavers: Registry) -> None:
    coming = forecast(leavers, since=date(2026, 9, 30), until=date(2026, 10, 1))
    assert text(coming, until=date(2026, 10, 1), language=Language.VIETNAMESE) == (
        "01/10/2026\n"
        "  cán bộ s1  Trần Thị Hoà: hộp thư dùng chung l4:read → không có; theo 11/QĐ  agencies/snv.yml:15\n"
        "  cán bộ l4  Bùi Huy: thư hết hạn lưu giữ, được xoá bỏ; theo 31/QĐ  agencies/snv.yml:26"
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        pytest.param(
            "agencies/snv.yml",
            "decision: 10/QĐ}",
            "decision: 10/QĐ, successor: s1}",
            "agencies/snv.yml:14 It says who may read the mail that is kept, but not when the post ends.",
            id="a successor to somebody who stays",
        ),
        pytest.param(
            "agencies/snv.yml",
            "decision: 10/QĐ}",
            "decision: 10/QĐ}\n  - {id: tn03, name: Lê Đức Đạt, title: Cố vấn, kind: concurrent, since: 2026-01-01,"
            " decision: 1/QĐ, until: 2026-02-01, until_decision: 2/QĐ, successor: s1}",
            "agencies/snv.yml:15 A second post leaves no mail behind when it ends.",
            id="a successor to a second post",
        ),
        pytest.param(
            "agencies/snv.yml",
            "successor: s1}",
            "successor: l1}",
            "agencies/snv.yml:18 l1 cannot be the one to read the own mail after leaving.",
            id="the leaver as successor",
        ),
        pytest.param(
            "agencies/snv.yml",
            "successor: s1}",
            "successor: s9}",
            "agencies/snv.yml:18 Nobody in the registry has the id 's9'.",
            id="nobody as successor",
        ),
        pytest.param(
            "agencies/snv.yml",
            "successor: s1}",
            "successor: l4}",
            "agencies/snv.yml:18 'l4' holds no post on any of the days on which this mail is kept for reading: "
            "from 2026-04-01, and no longer on 2026-06-30.",
            id="a successor who left as well",
        ),
        pytest.param(
            "agencies/snv.yml",
            "successor: s1}",
            "successor: {person: s1, until: 2026-03-01}}",
            "agencies/snv.yml:18 's1' holds no post on any of the days on which this mail is kept for reading: "
            "there is no such day.",
            id="a successor until before the leave",
        ),
        pytest.param(
            "policy.yml",
            "days: 90",
            "days: 29",
            "policy.yml:13 '29' is not a number of days.",
            id="a term under thirty days",
        ),
        pytest.param(
            "policy.yml",
            "mailbox_days: 50",
            "mailbox_days: 7",
            "policy.yml:13 '7' is not a number of days.",
            id="a term of shared mailboxes under thirty days",
        ),
        pytest.param(
            "holds.yml",
            "l4:",
            "l9:",
            "holds.yml:2 There is no person and no shared mailbox 'l9' whose mail could be kept.",
            id="a hold on nothing",
        ),
        pytest.param(
            "holds.yml",
            "2026-05-01, until: 2026-08-01",
            "2026-08-01, until: 2026-05-01",
            "holds.yml:2 The end, 2026-05-01, is not after the beginning, 2026-08-01.",
            id="a hold that ends before it begins",
        ),
        pytest.param(
            "holds.yml",
            "2026-09-15",
            "2026-12-25",
            "holds.yml:4 The mail of 'stc' is removed on 2026-12-10, before this hold begins.",
            id="a hold on a mailbox that is gone",
        ),
        pytest.param(
            "holds.yml",
            "since: 2026-07-01, until: 2026-10-01",
            "since: 2026-08-02, until: 2026-10-01",
            "holds.yml:3 The mail of 'l4' is removed on 2026-08-01, before this hold begins.",
            id="a hold a day after another has ended",
        ),
        pytest.param("holds.yml", "reason: Kiểm toán ngân sách", "why: Kiểm toán", "holds.yml:4 ", id="an unknown key"),
    ],
)
def test_a_fault_of_what_is_kept_is_found(write: Write, file: str, old: str, new: str, fault: str) -> None:
    text = FILES[file] or ""
    assert text.count(old) >= 1
    root = write(FILES)
    locked(root)
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RegistryError) as caught:
        load(root)
    found = [f"{problem.origin.file}:{problem.origin.line} {problem.message}" for problem in caught.value.problems]
    assert any(one.startswith(fault) for one in found), found
    assert all(problem.told(Language.VIETNAMESE) != str(problem) for problem in caught.value.problems)


def test_a_hold_may_come_before_anybody_leaves(write: Write) -> None:
    registry = locked(write({**FILES, "holds.yml": "tn01: {since: 2026-01-01, decision: 5/CV, reason: Thanh tra}\n"}))
    assert told(registry, "person:tn01", "2026-05-01", "congvuState") == "active"
