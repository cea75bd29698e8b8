"""The record of purges: on the disk before the deed, appended to and never rewritten."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.holdings import Tomb
from ansible_collections.congvu.mail.plugins.module_utils.obituary import INTENT, PURGED, Obituary

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
TOMB = Tomb("tth00018", "person:tth00018", "uid=tth00018,ou=snv", "1204/QĐ-STC", "20261122#1")
FACTS = {"path": "6f2c", "folders": 6, "messages": 1204, "bytes": 98}


def opened(tmp_path: Path) -> Obituary:
    return Obituary(tmp_path / "state" / "purges.jsonl", lambda: NOW)


def test_a_line_says_what_goes_and_on_what_grounds(tmp_path: Path) -> None:
    record = opened(tmp_path)
    record.write(INTENT, "mail", "9f2c", [(TOMB, FACTS)])
    assert record.path.stat().st_mode & 0o777 == 0o600
    assert json.loads(record.path.read_text(encoding="utf-8")) == {
        "event": "intent",
        "at": "2026-11-22T08:00:00+00:00",
        "store": "mail",
        "plan": "9f2c",
        "uid": "tth00018",
        "id": "person:tth00018",
        "decision": "1204/QĐ-STC",
        "csn": "20261122#1",
        **FACTS,
    }


@pytest.mark.parametrize(
    ("events", "store", "csn", "settled"),
    [
        pytest.param((), "mail", TOMB.csn, False, id="never heard of"),
        pytest.param((INTENT,), "mail", TOMB.csn, False, id="begun"),
        pytest.param((INTENT, PURGED), "mail", TOMB.csn, True, id="done"),
        pytest.param((INTENT, PURGED, INTENT), "mail", TOMB.csn, False, id="begun once more"),
        pytest.param((INTENT, PURGED), "mail2", TOMB.csn, False, id="done on another store"),
        pytest.param((INTENT, PURGED), "mail", "20270101#2", False, id="done, and somebody has been back since"),
    ],
)
def test_what_is_done_is_not_looked_at_again(
    tmp_path: Path,
    events: tuple[str, ...],
    store: str,
    csn: str,
    settled: bool,  # noqa: FBT001 -- a column
) -> None:
    for event in events:
        opened(tmp_path).write(event, "mail", "9f2c", [(TOMB, FACTS)])
    tomb = Tomb(TOMB.uid, TOMB.id, TOMB.dn, TOMB.decision, csn)
    assert opened(tmp_path).is_settled(store, tomb) is settled


def test_a_line_that_a_power_cut_left_half_written_is_followed_by_whole_ones(tmp_path: Path) -> None:
    opened(tmp_path).write(INTENT, "mail", "9f2c", [(TOMB, FACTS)])
    path = tmp_path / "state" / "purges.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    record = opened(tmp_path)
    assert not record.is_closed("mail", TOMB)
    record.write(PURGED, "mail", "9f2c", [(TOMB, FACTS)])
    assert opened(tmp_path).is_settled("mail", TOMB)


def test_every_line_is_on_the_disk_before_anything_else_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bytes] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        sync(descriptor)
        synced.append((tmp_path / "state" / "purges.jsonl").read_bytes())

    monkeypatch.setattr(os, "fsync", noted)
    record = opened(tmp_path)
    record.write(INTENT, "mail", "9f2c", [(TOMB, FACTS)])
    assert synced
    assert synced[0] == record.path.read_bytes() != b""
    record.write(INTENT, "mail", "9f2c", [])
    assert len(synced) == 2, "the file, and the folder where it is new"


def test_a_full_disk_is_told_and_nothing_counts_as_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    record = opened(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        record.write(PURGED, "mail", "9f2c", [(TOMB, FACTS)])
    assert caught.value.filename == str(record.path)
    assert not record.is_closed("mail", TOMB)
