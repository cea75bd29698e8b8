"""The ledger is caught up from what applies and purges leave on the disk."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import ledger, recording
from ansible_collections.congvu.mail.plugins.module_utils.holdings import Tomb
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
from ansible_collections.congvu.mail.plugins.module_utils.ledger import Kind
from ansible_collections.congvu.mail.plugins.module_utils.obituary import INTENT, PURGED, Obituary
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.review import mixed

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.ledger import Entry

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
PLAN = "9f2c41d0c0a3" + "0" * 52
COUNTS = {"applied": 3, "stale": 0, "failed": 1, "skipped": 0}
TOMB = Tomb("tth00018", "person:tth00018", "uid=tth00018,ou=snv", "1204/QĐ-STC", "20261122#1")


def journal(state: Path, *, at: datetime = NOW) -> Journal:
    return Journal(state / "journal", PLAN, lambda: at)


def run(state: Path, *, at: datetime = NOW, unverified: tuple[str, ...] = ()) -> None:
    """Leave behind what an apply leaves."""
    with journal(state, at=at) as lines:
        lines.write("begin", plan=PLAN, commit="c", by="an@control", changes=4)
        lines.intend(["person:a"])
        lines.outcome({"person:a": "applied"})
        lines.write("end", counts=COUNTS, unverified=list(unverified))


def caught_up(state: Path) -> list[Entry]:
    """Catch up, and return what is new."""
    before = len(list(ledger.read(state)))
    recording.catch_up(state, NOW)
    return [line.entry for line in ledger.read(state)][before:]


def test_an_apply_is_recorded_once_with_its_plan_and_journal(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / f"{PLAN}.jsonl").write_text("the plan", encoding="ascii")
    run(tmp_path)
    opened, entry = caught_up(tmp_path)
    assert opened.kind is Kind.OPENED
    assert (entry.kind, entry.subject, entry.by) == (Kind.APPLY, PLAN, "an@control")
    assert entry.summary == "Áp dụng kế hoạch 9f2c41d0c0a3: đã ghi 3 trong 4 thay đổi, bị từ chối 1."
    digests = {proof.file: proof.sha256 for proof in entry.proofs}
    assert digests[f"plans/{PLAN}.jsonl"] == hashlib.sha256(b"the plan").hexdigest()
    assert [name.partition("/")[0] for name in digests] == ["plans", "journal"]
    assert caught_up(tmp_path) == []


def test_what_the_directory_does_not_show_is_said(tmp_path: Path) -> None:
    run(tmp_path, unverified=("person:a",))
    *_, entry = caught_up(tmp_path)
    assert entry.summary.endswith("bị từ chối 1, thư mục không cho thấy 1 thay đổi đã ghi.")


def test_an_apply_that_broke_off_is_recorded_with_the_reason(tmp_path: Path) -> None:
    def broken() -> None:
        with journal(tmp_path) as lines:
            lines.write("begin", plan=PLAN, commit="c", by="an@control", changes=4)
            raise OSError(28, "No space left.")

    with pytest.raises(OSError, match="No space"):
        broken()
    *_, entry = caught_up(tmp_path)
    assert entry.summary == "Áp dụng kế hoạch 9f2c41d0c0a3: dừng giữa chừng: OSError: [Errno 28] No space left."


def test_an_apply_that_was_killed_is_recorded_by_the_next(tmp_path: Path) -> None:
    killed = journal(tmp_path, at=NOW - timedelta(hours=1))
    killed.write("begin", plan=PLAN, commit="c", by="binh@control", changes=4)
    killed.intend(["person:a"])
    run(tmp_path)
    *_, entry = caught_up(tmp_path)
    assert entry.by == "an@control", "the other one may still be at work"
    killed.__exit__(None, None, None)
    (entry,) = caught_up(tmp_path)
    assert entry.summary == "Áp dụng kế hoạch 9f2c41d0c0a3: dừng giữa chừng, không kịp ghi lý do."
    assert entry.by == "binh@control"


def test_an_apply_killed_before_its_first_line_is_recorded_too(tmp_path: Path) -> None:
    journal(tmp_path).__exit__(None, None, None)
    *_, entry = caught_up(tmp_path)
    assert (entry.kind, entry.subject) == (Kind.APPLY, PLAN[:12])


def test_an_override_is_recorded_before_the_apply_that_it_let_through(tmp_path: Path) -> None:
    with journal(tmp_path) as lines:
        lines.write("override", file="overrides/x.yml", said="overrides/x.yml: disables; 9/QĐ, Nguyễn Văn An: sáp nhập")
        lines.write("begin", plan=PLAN, commit="c", by="an@control", changes=4)
        lines.write("end", counts=COUNTS, unverified=[])
    *_, override, apply = caught_up(tmp_path)
    assert [override.kind, apply.kind] == [Kind.OVERRIDE, Kind.APPLY]
    said = "overrides/x.yml: disables; 9/QĐ, Nguyễn Văn An: sáp nhập"
    assert override.summary == f"Cho kế hoạch 9f2c41d0c0a3 vượt rào an toàn: {said}."


def test_purges_are_recorded_once_and_rest_on_the_record_as_it_was_then(tmp_path: Path) -> None:
    record = Obituary(tmp_path / "purges.jsonl", lambda: NOW)
    facts = {"path": "6f2c", "folders": 6, "messages": 1204, "bytes": 98}
    record.write(INTENT, "mail", "9f2c", [(TOMB, facts)])
    assert caught_up(tmp_path) == []
    other = replace(TOMB, uid="snv", id="mailbox:snv", decision="")
    record.write(PURGED, "mail", "9f2c", [(TOMB, facts), (other, {**facts, "messages": 0})])
    *_, entry = caught_up(tmp_path)
    assert (entry.kind, entry.subject) == (Kind.PURGE, "person:tth00018")
    assert entry.summary == "Xoá vĩnh viễn thư của tth00018 trên mail theo 1204/QĐ-STC: 1204 thư, 98 byte."
    assert caught_up(tmp_path) == []
    record.write(PURGED, "mail", "9f2c", [(other, facts)])
    (later,) = caught_up(tmp_path)
    assert later.summary == "Xoá vĩnh viễn thư của snv trên mail: 1204 thư, 98 byte."
    assert later.proofs[0].bytes > entry.proofs[0].bytes


def seen(second: int, user: str, *, host: str = "mail", **fields: object) -> dict[str, object]:
    """Tell of an access as the module on the store does."""
    at = (NOW + timedelta(seconds=second)).isoformat()
    return {"event": "Opened" if "uid" in fields else "Administered", "at": at, "host": host, "user": user, **fields}


def test_what_administrators_did_is_kept_and_recorded_once_by_mailbox(tmp_path: Path) -> None:
    events = [
        seen(1, "snv", command="fetch"),
        seen(2, "snv", uid=4, folder="INBOX"),
        seen(3, "snv", uid=5, folder="INBOX"),
        seen(4, "tth00012", command="expunge"),
        seen(9, "stc", host="mail2", command="fetch"),
    ]
    recording.keep(tmp_path, events)
    _, snv, tth, stc = caught_up(tmp_path)
    assert [entry.subject for entry in (snv, tth, stc)] == ["uid:snv", "uid:tth00012", "uid:stc"]
    assert {entry.kind for entry in (snv, tth, stc)} == {Kind.ACCESS}
    assert snv.summary == (
        "Quản trị vào hộp thư snv trên mail, từ 2026-11-23T02:00:01Z đến 2026-11-23T02:00:03Z: "
        "lệnh fetch 1 lần; mở nội dung 2 thư."
    )
    assert caught_up(tmp_path) == []
    assert recording.kept_until(tmp_path) == {
        "mail": (NOW + timedelta(seconds=4)).isoformat(),
        "mail2": (NOW + timedelta(seconds=9)).isoformat(),
    }


def test_an_access_that_was_kept_and_not_recorded_is_not_lost(tmp_path: Path) -> None:
    recording.keep(tmp_path, [seen(1, "snv", command="fetch")])
    recording.keep(tmp_path, [seen(5, "snv", command="fetch")])
    assert [entry.kind for entry in caught_up(tmp_path)] == [Kind.OPENED, Kind.ACCESS, Kind.ACCESS]
    (proof,) = list(ledger.read(tmp_path))[-1].entry.proofs
    assert proof.file == "access/20261123T020005.000000Z-mail.jsonl"


def test_half_a_line_of_the_record_is_left_for_later(tmp_path: Path) -> None:
    facts = {"path": "6f2c", "folders": 6, "messages": 1204, "bytes": 98}
    path = tmp_path / "purges.jsonl"
    Obituary(path, lambda: NOW).write(PURGED, "mail", "9f2c", [(TOMB, facts)])
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"event": "purg')
    *_, entry = caught_up(tmp_path)
    assert entry.proofs[0].bytes == len(whole)
    Obituary(path, lambda: NOW).write(PURGED, "mail2", "9f2c", [(TOMB, facts)])
    (later,) = caught_up(tmp_path)
    assert "trên mail2" in later.summary


def test_two_that_catch_up_at_once_record_everything_once(tmp_path: Path) -> None:
    for hour in range(20):
        run(tmp_path, at=NOW + timedelta(hours=hour))
    threads = [threading.Thread(target=recording.catch_up, args=(tmp_path, NOW)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [str(line.entry.kind) for line in ledger.read(tmp_path)] == ["opened"] + ["apply"] * 20


def test_a_plan_is_recorded_by_its_id_which_is_its_digest() -> None:
    made = mixed()
    entry = recording.made(made, "an@control")
    assert (entry.kind, entry.subject, entry.by) == (Kind.PLAN, made.id, "an@control")
    (proof,) = entry.proofs
    assert (proof.file, proof.sha256) == (f"plans/{made.id}.jsonl", hashlib.sha256(made.content).hexdigest())
    assert json.loads(made.content.splitlines()[0])["counts"]["create"] == made.counts["create"]
    assert f"tạo mới {made.counts['create']}" in entry.summary


def test_a_way_back_is_recorded_as_such() -> None:
    entry = recording.made(replace(mixed(), purpose=f"rollback:{PLAN}"), "an@control")
    assert entry.kind is Kind.ROLLBACK
    assert "để hoàn tác kế hoạch 9f2c41d0c0a3" in entry.summary
