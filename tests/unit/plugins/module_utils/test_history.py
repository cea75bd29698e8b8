"""Who changed a mailbox, when, by which decision: out of records as slapd writes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import accesslog, recount, wording
from ansible_collections.congvu.mail.plugins.module_utils.accesslog import Deed
from ansible_collections.congvu.mail.plugins.module_utils.history import past_of, with_runs
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
from ansible_collections.congvu.mail.plugins.module_utils.trace import Trace
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.audit import ENGINE, MemoryLog
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.accesslog import Event
    from ansible_collections.congvu.mail.plugins.module_utils.history import History

ID, UUID = "person:tth00123", "e6827bfe-7a79-1041-8d55-c314f65b0b50"
HERE = f"uid=tth00123,ou=snv,{BASE}"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SIGN_IN = ("pwdLastSuccess:= 20261121080000Z",)


def trace(plan: str = "9f2c41d0c0a3", decision: str = "12/QĐ-UBND") -> str:
    """Give a line as an apply sends it."""
    said = {"plan": plan, "commit": "c0ffee", "by": "lan@ctl1", "change": ID, "decision": decision}
    return json.dumps(said, ensure_ascii=False)


def only(log: MemoryLog) -> Event:
    """Read the one record."""
    (record,) = log.records
    event = accesslog.read(record)
    assert event is not None
    return event


@pytest.mark.parametrize(
    ("mods", "old", "deed", "before", "after"),
    [
        (("title:= Trưởng phòng",), ("title: Chuyên viên",), Deed.CHANGED, "Chuyên viên", "Trưởng phòng"),
        (("title:= Trưởng phòng",), (), Deed.CHANGED, "", "Trưởng phòng"),
        (("title:=",), ("title: Chuyên viên",), Deed.CHANGED, "Chuyên viên", ""),
        (("title:-",), ("title: Chuyên viên",), Deed.CHANGED, "Chuyên viên", ""),
        (("title:+ b",), ("title: a",), Deed.CHANGED, "a", "a b"),
        (("title:- a",), ("title: a", "title: b"), Deed.CHANGED, "a b", "b"),
        (("title:- a", ":", "title:+ c"), ("title: a", "title: b"), Deed.CHANGED, "a b", "b c"),
        (("title:= a", "title:= b"), ("title: c",), Deed.CHANGED, "c", "a b"),
        (("title:= a: b\nc",), (), Deed.CHANGED, "", "a: b\nc"),
        (("congvuState:= held",), ("congvuState: active",), Deed.CLOSED, "", ""),
        (("congvuState:= active",), ("congvuState: held",), Deed.REOPENED, "", ""),
        (("congvuState:= purged",), ("congvuState: held",), Deed.PURGED, "", ""),
        (("congvuId:+ person:tth00123", "congvuState:+ active"), (), Deed.ADOPTED, "", ""),
        (("pwdChangedTime:= 20261121080000Z",), (), Deed.PASSWORD, "", ""),
        (("pwdChangedTime:= 20261121080000Z", "pwdLastSuccess:-"), ("pwdLastSuccess: 2",), Deed.PASSWORD, "", ""),
        (
            ("pwdChangedTime:= 1", "pwdLastSuccess:-"),
            ("pwdChangedTime: 1",),
            Deed.PASSWORD,
            "",
            "",
        ),  # twice in a second
        (("pwdFailureTime:+ 1", "pwdAccountLockedTime:= 1"), (), Deed.LOCKED, "", ""),
        (("pwdAccountLockedTime:+ 000001010000Z",), (), Deed.SEALED, "", ""),
        (("pwdAccountLockedTime:-",), ("pwdAccountLockedTime: 1",), Deed.UNLOCKED, "", ""),
        (SIGN_IN, (), Deed.SIGN_IN, "", ""),
        (("pwdFailureTime:+ 1",), (), Deed.SIGN_IN, "", ""),
    ],
)
def test_a_modification_comes_to_something(
    mods: tuple[str, ...], old: tuple[str, ...], deed: Deed, before: str, after: str
) -> None:
    log = MemoryLog()
    log.write("modify", HERE, UUID, mods, old)
    event = only(log)
    assert event.deed is deed
    assert " ".join(event.before.get("title", ())) == before
    assert " ".join(event.after.get("title", ())) == after
    assert event.password is (deed is Deed.PASSWORD)


def test_a_name_and_its_form_to_search_for_are_two_attributes_told_as_one() -> None:
    log = MemoryLog()
    log.write(
        "modify",
        HERE,
        UUID,
        ("cn:= Lê Thị Bình", "cn;lang-vi-x-ascii:= le thi binh"),
        ("cn: Lê Bình", "cn;lang-vi-x-ascii: le binh"),
    )
    event = only(log)
    assert event.before == {"cn": ("Lê Bình",), "cn;lang-vi-x-ascii": ("le binh",)}
    assert event.after == {"cn": ("Lê Thị Bình",), "cn;lang-vi-x-ascii": ("le thi binh",)}
    assert wording.told(event.after) == ["cn"]
    assert wording.told(["cn;lang-vi-x-ascii"]) == ["cn;lang-vi-x-ascii"]


def test_a_variant_that_is_not_ours_counts_as_the_attribute() -> None:
    log = MemoryLog()
    log.write("modify", HERE, UUID, ("title;lang-en:= Head",), ("title;lang-en: Clerk",))
    assert only(log).after == {"title": ("Head",)}


def test_a_value_written_again_is_no_change() -> None:
    log = MemoryLog()
    log.write("modify", HERE, UUID, ("title:= a", "ou:= b"), ("title: a", "ou: c"))
    assert dict(only(log).after) == {"ou": ("b",)}


@pytest.mark.parametrize("kind", ["add", "modify", "delete"])
@pytest.mark.parametrize("name", ["userPassword", "pwdHistory", "userPassword;x-cu"])
def test_a_digest_is_told_to_nobody_who_may_see_it(kind: str, name: str) -> None:
    log = MemoryLog()
    log.write(kind, HERE, UUID, (f"{name}:+ {{ARGON2}}bimat",), (f"{name}: {{ARGON2}}cu",))
    event = only(log)
    assert "ARGON2" not in repr(event)
    assert event.password is (kind != "delete")


@pytest.mark.parametrize(("kind", "result"), [("bind", "0"), ("modify", "19"), ("abandon", "0")])
def test_what_wrote_nothing_is_no_event(kind: str, result: str) -> None:
    log = MemoryLog()
    log.write(kind, HERE, UUID, ("title:= a",), result=result)
    assert accesslog.read(log.records[0]) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (trace(), Trace("9f2c41d0c0a3", "c0ffee", "lan@ctl1", ID, "12/QĐ-UBND")),
        ("another program's session", None),
        ("", None),
    ],
)
def test_a_record_says_on_whose_behalf_it_was_written(line: str, expected: Trace | None) -> None:
    log = MemoryLog()
    log.write("delete", HERE, UUID, trace=line)
    assert only(log).trace == expected


def life() -> MemoryLog:
    """Record the life of somebody whose agency is renamed, who is transferred, and renamed in turn."""
    log = MemoryLog()
    first, second = f"ou=sct,{BASE}", f"ou=SCN,{BASE}"
    log.write("modrdn", f"ou=old,{BASE}", "agency-1", new_dn=first)  # before the person was there
    log.write("add", f"uid=tth00123,{first}", UUID, (f"congvuId:+ {ID}", "title:+ Chuyên viên"), trace=trace())
    log.write("add", f"uid=khac,{first}", "uuid-khac", ("congvuId:+ person:khac",), trace=trace())
    log.write("modrdn", first, "agency-1", new_dn=second, trace=trace("222222222222", "sáp nhập"))
    log.write("modify", f"uid=tth00123,{second}", UUID, SIGN_IN, by=f"cn=slapd,{SUFFIX}")
    log.write("modrdn", f"uid=tth00123,{second}", UUID, new_dn=f"uid=tth00123,ou=stc,{BASE}", trace=trace("3" * 12))
    log.write(
        "modify", f"uid=tth00123,ou=stc,{BASE}", UUID, ("title:= Phó",), ("title: Chuyên viên",), trace=trace("3" * 12)
    )
    log.write("modrdn", second, "agency-1", new_dn=f"ou=bo,{BASE}")  # after the person has left
    log.write("modrdn", f"ou=stc,{BASE}", "agency-2", new_dn=f"ou=snv,{BASE}", trace=trace("4" * 12))
    log.write("modify", HERE, UUID, ("pwdChangedTime:= 1",), by=f"cn=admin,ou=snv,{BASE}")
    log.stands(HERE, UUID, congvuId=ID, uid="tth00123")
    return log


@pytest.mark.parametrize(
    ("author", "believed"),
    [
        ("cn=reconciler,ou=services,dc=tinh,dc=gov,dc=vn", True),
        ("cn=Reconciler,ou=services,ou=quan,dc=tinh,dc=gov,dc=vn", True),
        ("gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth", True),
        (f"cn=admin,ou=snv,{BASE}", False),
        (HERE, False),
        (f"cn=reconciler,ou=snv,{BASE}", False),
    ],
)
def test_nobody_writes_in_another_name(author: str, *, believed: bool) -> None:
    log = MemoryLog()
    log.write("modify", HERE, UUID, ("title:= b",), ("title: a",), by=author, trace=trace())
    event = accesslog.read(log.records[0])
    assert event is not None
    assert (event.trace is not None) is believed


@pytest.mark.parametrize("asked", [ID, "tth00123"])
def test_an_entry_is_followed_through_its_own_moves_and_those_above_it(asked: str) -> None:
    history = past_of(life(), SUFFIX, asked)
    assert history.dn == HERE
    assert history.since == datetime(2026, 11, 21, 8, 1, tzinfo=UTC)
    told = [
        (event.deed, event.dn.partition(",ou=agencies")[0], event.about.partition(",")[0]) for event in history.events
    ]
    assert told == [
        (Deed.CREATED, "uid=tth00123,ou=sct", ""),
        (Deed.MOVED, "uid=tth00123,ou=sct", "ou=sct"),
        (Deed.SIGN_IN, "uid=tth00123,ou=SCN", ""),
        (Deed.MOVED, "uid=tth00123,ou=SCN", ""),
        (Deed.MOVED, "uid=tth00123,ou=stc", "ou=stc"),
        (Deed.PASSWORD, "uid=tth00123,ou=snv", ""),
    ]


def test_the_writes_of_one_change_are_told_as_one() -> None:
    (moved,) = [event for event in past_of(life(), SUFFIX, ID).events if event.trace and event.trace.plan == "3" * 12]
    assert moved.new_dn == f"uid=tth00123,ou=stc,{BASE}"
    assert (moved.before, moved.after) == ({"title": ("Chuyên viên",)}, {"title": ("Phó",)})


def test_giving_up_an_address_and_taking_another_later_is_told_as_one() -> None:
    log = MemoryLog()
    log.write("modify", HERE, UUID, ("mail:=", "title:= b"), ("mail: a@x", "title: a"), trace=trace())
    log.write("modify", HERE, UUID, SIGN_IN, by=f"cn=slapd,{SUFFIX}")
    log.write("modify", HERE, UUID, ("mail:= b@x",), trace=trace())
    log.stands(HERE, UUID, congvuId=ID)
    changed, _ = past_of(log, SUFFIX, ID).events
    assert (changed.before, changed.after) == (
        {"mail": ("a@x",), "title": ("a",)},
        {"mail": ("b@x",), "title": ("b",)},
    )


def test_what_was_made_by_hand_in_between_stays_apart() -> None:
    log = MemoryLog()
    log.write("modify", HERE, UUID, ("title:= b",), ("title: a",), trace=trace())
    log.write("modify", HERE, UUID, ("title:= c",), ("title: b",), by=f"cn=admin,ou=snv,{BASE}")
    log.write("modify", HERE, UUID, ("title:= b",), ("title: c",), trace=trace())
    log.stands(HERE, UUID, congvuId=ID)
    assert [event.after["title"] for event in past_of(log, SUFFIX, ID).events] == [("b",), ("c",), ("b",)]


def test_somebody_deleted_and_made_anew_has_both_lives() -> None:
    log = MemoryLog()
    log.write("delete", f"uid=tth00123,ou=stc,{BASE}", "uuid-cu", old=(f"congvuId: {ID}", "title: cũ"))
    log.write("modrdn", f"ou=stc,{BASE}", "agency-2", new_dn=f"ou=tc,{BASE}")
    log.write("add", HERE, UUID, (f"congvuId:+ {ID}",))
    log.stands(HERE, UUID, congvuId=ID)
    history = past_of(log, SUFFIX, ID)
    assert [(event.deed, event.uuid) for event in history.events] == [
        (Deed.DELETED, "uuid-cu"),
        (Deed.CREATED, UUID),
    ]


def test_of_a_stranger_nothing_is_known() -> None:
    log = MemoryLog()
    assert past_of(log, SUFFIX, ID) == past_of(log, SUFFIX, ID).__class__(ID, SUFFIX, "", None, ())


def journalled(folder: Path, plan: str, begun: datetime, by: str = "lan@ctl1") -> str:
    """Leave the journal of an apply."""
    with Journal(folder, plan, lambda: begun) as journal:
        journal.write("begin", plan=plan, by=by)
        return journal.path.name


def test_a_change_is_joined_with_the_apply_that_it_is_part_of(tmp_path: Path) -> None:
    history = past_of(life(), SUFFIX, ID)
    moved = next(event for event in history.events if event.trace and event.trace.plan == "3" * 12)
    plan = "3" * 64
    journalled(tmp_path, plan, moved.at - timedelta(hours=3), "ai do")
    name = journalled(tmp_path, plan, moved.at + timedelta(seconds=20))  # the clocks differ
    journalled(tmp_path, plan, moved.at + timedelta(hours=1))
    (tmp_path / f"20261121T000000.000000Z-{'3' * 12}.jsonl").write_text('{"event": "beg')
    runs = with_runs(history, tmp_path).runs
    assert {start: (run.journal, run.by, run.plan) for start, run in runs.items()} == {
        moved.start: (name, "lan@ctl1", plan)
    }


def test_without_journals_the_past_is_told_all_the_same(tmp_path: Path) -> None:
    history = past_of(life(), SUFFIX, ID)
    assert with_runs(history, tmp_path / "khong-co") == history


def told(history: History, **options: bool | str) -> list[str]:
    """Tell it, without empty lines."""
    text = recount.text(history, ZONE, "Trần Thị Hoà", **options)  # type: ignore[arg-type]
    return [line for line in text.splitlines() if line]


def test_the_past_is_told_newest_last_in_the_estates_time() -> None:
    assert told(past_of(life(), SUFFIX, ID)) == [
        "person tth00123  Trần Thị Hoà",
        "Stands at snv/tth00123 now.",
        "The accesslog reaches back to 2026-11-21 15:01:00.",
        "2026-11-21 15:02:00  created",
        "  by lan@ctl1",
        "  plan 9f2c41d0c0a3, commit c0ffee, decision 12/QĐ-UBND",
        "    title: Chuyên viên",
        "2026-11-21 15:04:00  moved along with what it stands in, from sct/tth00123 to SCN/tth00123",
        "  by lan@ctl1",
        "  plan 222222222222, commit c0ffee, decision sáp nhập",
        "2026-11-21 15:06:00  moved, from SCN/tth00123 to stc/tth00123",
        "  by lan@ctl1",
        "  plan 333333333333, commit c0ffee, decision 12/QĐ-UBND",
        "    title: Chuyên viên → Phó",
        "2026-11-21 15:09:00  moved along with what it stands in, from stc/tth00123 to snv/tth00123",
        "  by lan@ctl1",
        "  plan 444444444444, commit c0ffee, decision 12/QĐ-UBND",
        "2026-11-21 15:10:00  password set",
        "  by the admin of snv",
        "Sign-ins not shown: 1 (-e sign_ins=true shows them).",
    ]


def test_sign_ins_are_told_on_demand() -> None:
    lines = told(past_of(life(), SUFFIX, ID), sign_ins=True)
    place = lines.index("2026-11-21 15:05:00  signed in, or tried to")
    assert lines[place + 1] == "  by the directory itself"
    assert not [line for line in lines if "not shown" in line]


def test_auditors_read_it_in_vietnamese() -> None:
    lines = told(past_of(life(), SUFFIX, ID), language="vi")
    assert lines[0] == "cán bộ tth00123  Trần Thị Hoà"
    assert "21/11/2026 15:06:00  chuyển, từ SCN/tth00123 sang stc/tth00123" in lines
    assert "  người thực hiện: quản trị cơ quan snv" in lines
    assert "    chức vụ: Chuyên viên → Phó" in lines


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (ENGINE, "the engine's account, without a plan"),
        (HERE, "the holder, with their own password"),
        (HERE.upper(), "the holder, with their own password"),
        (f"cn=admin,ou=stc,{BASE}", "the admin of stc"),
        (f"uid=tth00001,ou=vp,ou=stc,{BASE}", "tth00001 of stc"),
        (f"cn=slapd,{SUFFIX}", "the directory itself"),
        (f"cn=dovecot,ou=services,{SUFFIX}", "the service dovecot"),
        ("gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth", "root on the directory's machine"),
        ("cn=ai,dc=khac", "the account cn=ai,dc=khac"),
        ("", "the account"),
    ],
)
def test_an_account_is_told_in_words(account: str, expected: str) -> None:
    log = MemoryLog()
    log.write("modify", HERE, UUID, ("title:= a",), by=account)
    assert recount.author(only(log), SUFFIX) == expected


def test_other_programs_get_it_as_values(tmp_path: Path) -> None:
    journalled(tmp_path, "3" * 64, datetime(2026, 11, 21, 8, 6, tzinfo=UTC))
    data = recount.data(with_runs(past_of(life(), SUFFIX, ID), tmp_path), ZONE)
    assert json.loads(json.dumps(data)) == data
    assert len(data["events"]) == 6
    moved = data["events"][3]
    assert (moved["at"], moved["deed"], moved["who"]) == ("2026-11-21T15:06:00+07:00", "moved", "lan@ctl1")
    assert (moved["plan"], moved["decision"]) == ("3" * 64, "12/QĐ-UBND")
    assert (moved["before"], moved["after"]) == ({"title": ["Chuyên viên"]}, {"title": ["Phó"]})
