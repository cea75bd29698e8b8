"""A stolen password: the account is locked until there is another, and what was put aside is not forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.directory import Fate, Outcome
from ansible_collections.congvu.mail.plugins.module_utils.lockout import (
    FOR_GOOD,
    Case,
    Finding,
    LockoutError,
    find,
    lock,
    release,
)
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX, MemoryDirectory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.directory import Write

ID, DN, LINE = "person:tth00018", f"uid=tth00018,ou=snv,{BASE}", '{"by":"an"}'
LOCKED = datetime(2026, 11, 22, 1, tzinfo=UTC)


@pytest.fixture
def directory() -> MemoryDirectory:
    made = MemoryDirectory()
    made.put(
        DN,
        uid="tth00018",
        congvuId=ID,
        congvuState="active",
        displayName="Lê Văn Lộc",
        title="Chuyên viên",
        ou=("Phòng Tổ chức cán bộ", "Sở Nội vụ"),
        mail="levanloc@thuathienhue.gov.vn",
        mailLocalAddress=("levanloc@thuathienhue.gov.vn", "anhloc@thuathienhue.gov.vn"),
        pwdChangedTime="20260101000000Z",
    )
    return made


def value(directory: MemoryDirectory) -> str:
    """Return the lock that the entry has."""
    record = directory.read_entry(DN, ("pwdAccountLockedTime",))
    assert record is not None
    return "".join(record.attributes.get("pwdAccountLockedTime", ()))


def test_an_account_is_found_with_all_its_addresses_the_primary_one_first(directory: MemoryDirectory) -> None:
    account = find(directory, SUFFIX, ID)
    assert (account.name, account.title, account.locked) == ("Lê Văn Lộc", "Chuyên viên", False)
    assert account.addresses == ("levanloc@thuathienhue.gov.vn", "anhloc@thuathienhue.gov.vn")


@pytest.mark.parametrize("id_", ["person:tth00077", "mailbox:snv"])
def test_what_has_no_password_cannot_be_locked(directory: MemoryDirectory, id_: str) -> None:
    with pytest.raises(LockoutError):
        find(directory, SUFFIX, id_)


def test_a_locked_account_stays_locked_and_is_written_once(directory: MemoryDirectory) -> None:
    account = lock(directory, SUFFIX, find(directory, SUFFIX, ID), LINE)
    assert account.locked
    assert value(directory) == FOR_GOOD
    assert lock(directory, SUFFIX, account, LINE).csn == account.csn


def test_a_lock_that_would_end_by_itself_is_made_one_for_good(directory: MemoryDirectory) -> None:
    directory.put(DN, uid="tth00018", congvuId=ID, congvuState="active", pwdAccountLockedTime="20261122005900Z")
    assert not find(directory, SUFFIX, ID).locked
    lock(directory, SUFFIX, find(directory, SUFFIX, ID), LINE)
    assert value(directory) == FOR_GOOD


class Busy(MemoryDirectory):
    """A directory in which a thief goes on trying to sign in: the entry has changed whenever it is written."""

    tries = 3

    def write(self, batch: Sequence[Write]) -> list[Outcome]:
        """Refuse the first writes."""
        if self.tries:
            self.tries -= 1
            return [Outcome(Fate.STALE, message="The entry was changed after the plan was made.")]
        return super().write(batch)


def test_whoever_goes_on_trying_to_sign_in_does_not_keep_the_account_open(directory: MemoryDirectory) -> None:
    busy = Busy()
    busy.records = directory.records
    assert lock(busy, SUFFIX, find(busy, SUFFIX, ID), LINE).locked


def test_nobody_is_let_in_with_the_password_that_was_stolen(directory: MemoryDirectory) -> None:
    account = lock(directory, SUFFIX, find(directory, SUFFIX, ID), LINE)
    with pytest.raises(LockoutError, match="Set a new one first"):
        release(directory, SUFFIX, account, LOCKED, LINE)
    assert value(directory) == FOR_GOOD


@pytest.mark.parametrize("held", ["", FOR_GOOD])
def test_with_a_new_password_the_person_is_let_in(directory: MemoryDirectory, held: str) -> None:
    changed = f"{LOCKED + timedelta(hours=1):%Y%m%d%H%M%SZ}"
    lock_ = {"pwdAccountLockedTime": held} if held else {}
    directory.put(DN, uid="tth00018", congvuId=ID, congvuState="active", pwdChangedTime=changed, **lock_)
    assert not release(directory, SUFFIX, find(directory, SUFFIX, ID), LOCKED, LINE).locked
    assert value(directory) == ""


def test_what_was_put_aside_stays_noted_when_the_lockout_runs_again(tmp_path: Path) -> None:
    case = Case(tmp_path, "tth00018")
    assert (case.head(), case.findings()) == ({}, {})
    case.begin(LOCKED, "an", "trang giả")
    case.begin(LOCKED + timedelta(hours=1), "binh", "")
    assert case.head() == {"since": LOCKED.isoformat(), "by": "an", "reason": "trang giả"}
    letter = {"queue": "Q1", "sender": "a@tinh.gov.vn", "recipients": ["b@example.net"], "size": 9}
    case.note("store1", {"script": "roundcube", "redirects": ["b@example.net"], "discards": False, "texts": {}})
    case.note("store1", {"letters": [letter], "uses": [{"client": "203.0.113.9"}], "sent": []})
    case.note("store1", {"script": "", "redirects": ["b@example.net"], "discards": False, "texts": {}})
    case.note("store1", {"letters": [{**letter, "queue": "Q2"}], "uses": [], "sent": []})
    found = case.findings()["store1"]
    assert (found.script, found.redirects) == ("roundcube", ("b@example.net",))
    assert [one["queue"] for one in found.letters] == ["Q1", "Q2"]
    assert found.uses == (), "of what is only told, the last run counts"


def test_a_case_that_is_closed_is_kept_and_another_begins_anew(tmp_path: Path) -> None:
    case = Case(tmp_path, "tth00018")
    case.begin(LOCKED, "an", "")
    case.note("store1", {"script": "roundcube"})
    case.close(LOCKED)
    assert case.findings() == {}
    (kept,) = (tmp_path / "lockouts").iterdir()
    assert kept.name == "tth00018.20261122T010000Z"
    case.begin(LOCKED, "an", "")
    assert case.findings().get("store1", Finding()).script == ""
