"""The journal is on the disk before the deed, and its last line says how it ended."""

from __future__ import annotations

import errno
import json
import os
import resource
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def lines(path: Path) -> list[dict[str, object]]:
    """Read a journal."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_is_on_the_disk_when_the_call_returns(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal", "abcdef0123456789", lambda: NOW) as journal:
        journal.intend(["person:a"])
        assert lines(journal.path) == [{"at": "2026-11-21T08:30:00+00:00", "event": "intent", "ids": ["person:a"]}]
        journal.outcome({"person:a": "applied"})
    assert [line["event"] for line in lines(journal.path)] == ["intent", "outcome"]


def test_a_folder_listing_is_a_history(tmp_path: Path) -> None:
    with Journal(tmp_path, "abcdef0123456789", lambda: NOW) as journal:
        assert journal.path.name == "20261121T083000.000000Z-abcdef012345.jsonl"


def test_an_apply_that_breaks_off_says_why(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "abc", lambda: NOW)
    with pytest.raises(RuntimeError), journal:
        raise RuntimeError("slapd died")  # noqa: EM101, TRY003 - the words are the test
    assert lines(journal.path)[-1]["reason"] == "RuntimeError: slapd died"


def test_a_full_disk_is_named_and_does_not_hide_what_broke_the_apply_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    journal = Journal(tmp_path, "abc", lambda: NOW)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=f"No space left on device: '{journal.path}'"):
        journal.intend(["person:a"])
    with pytest.raises(RuntimeError, match="slapd died"), journal:
        raise RuntimeError("slapd died")  # noqa: EM101, TRY003 - the words are the test


def test_where_a_line_does_not_fit_none_of_it_stays(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "abc", lambda: NOW)
    journal.intend(["person:a"])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.path.stat().st_size + 20, hard))
    try:
        with pytest.raises(OSError, match=f"File too large: '{journal.path}'"):
            journal.outcome({"person:a": "applied"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with journal:
        journal.outcome({"person:a": "applied"})
    assert [line["event"] for line in lines(journal.path)] == ["intent", "outcome"]


def test_a_journal_is_never_written_over(tmp_path: Path) -> None:
    with Journal(tmp_path, "abc", lambda: NOW), pytest.raises(FileExistsError):
        Journal(tmp_path, "abc", lambda: NOW)
