"""A report that was sent is kept as it went out, is due no more, and stands in the ledger once."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import ledger, recording, sendings
from ansible_collections.congvu.mail.plugins.module_utils.ledger import Kind
from ansible_collections.congvu.mail.plugins.modules import report_sent

if TYPE_CHECKING:
    from collections.abc import Iterator

VERIFY = Path(__file__).parents[4] / "bin" / "verify-ledger"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NAMES = [f"bao-cao-2026-H1.{ending}" for ending in ("pdf", "xlsx", "json")]
ABOUT = "tình hình sử dụng hệ thống thư điện tử công vụ 6 tháng đầu năm 2026"


def given(state: Path, edition: str = "9f2c", **said: Any) -> dict[str, Any]:  # noqa: ANN401 -- a module's parameters
    """Write an edition of the report, and give the module's parameters."""
    report = state / "reports" / "2026-H1"
    report.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (report / name).write_text(f"{name} {edition}", encoding="utf-8")
    return {
        "state": str(state),
        "files": [str(report / name) for name in NAMES],
        "about": ABOUT,
        "sender": "ttcntttt",
        "recipients": ["sttt@daklak.gov.vn"],
        "message_id": f"<bao-cao.2026-h1.{edition}@daklak.gov.vn>",
        "handed_in": True,
        "agency": "",
        "due": "2026-07-14",
        "late": False,
        "by": "an@control",
        **said,
    }


def entries(state: Path) -> list[ledger.Entry]:
    return [line.entry for line in ledger.read(state) if line.entry.kind is Kind.REPORT]


@pytest.fixture
def is_sound(tmp_path: Path) -> Iterator[None]:
    """Check at the end what auditors would: each line, and each file that a line rests on."""
    yield
    words: list[str | Path] = [sys.executable, VERIFY, tmp_path / "ledger", "--proofs", tmp_path]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 -- our own command
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("is_sound")
def test_a_sent_report_is_kept_and_stands_in_the_ledger_with_its_digests(tmp_path: Path) -> None:
    told = report_sent.run(given(tmp_path), write=True)
    (entry,) = entries(tmp_path)
    assert (told["changed"], told["ledger"]) == (True, str(ledger.head(tmp_path)))
    assert (entry.subject, entry.by) == ("mailbox:ttcntttt", "an@control")
    assert entry.summary == f"Gửi báo cáo {ABOUT} đến sttt@daklak.gov.vn, đúng hạn (chậm nhất ngày 14/07/2026)."
    digests = {Path(proof.file).name: proof.sha256 for proof in entry.proofs}
    assert digests.keys() == {*NAMES, "da-gui.json"}
    assert digests[NAMES[0]] == hashlib.sha256(f"{NAMES[0]} 9f2c".encode()).hexdigest()
    note = json.loads((tmp_path / "reports" / "2026-H1" / "da-gui.json").read_text(encoding="utf-8"))
    assert (note["recipients"], note["late"]) == (["sttt@daklak.gov.vn"], False)
    assert sendings.days(tmp_path, ZONE).keys() == {"2026-H1"}


@pytest.mark.usefixtures("is_sound")
def test_another_edition_changes_nothing_of_what_was_sent_before(tmp_path: Path) -> None:
    first = Path(report_sent.run(given(tmp_path), write=True)["folder"])
    second = Path(report_sent.run(given(tmp_path, "77ab", late=True), write=True)["folder"])
    assert (first / NAMES[0]).read_text(encoding="utf-8").endswith("9f2c")
    assert (second / NAMES[0]).read_text(encoding="utf-8").endswith("77ab")
    assert [entry.summary.partition(", ")[2] for entry in entries(tmp_path)] == [
        "đúng hạn (chậm nhất ngày 14/07/2026).",
        "quá hạn (chậm nhất ngày 14/07/2026).",
    ]


@pytest.mark.parametrize(("handed_in", "lines"), [(True, 2), (False, 1)], ids=["once more", "before"])
@pytest.mark.usefixtures("is_sound")
def test_a_letter_that_had_been_handed_in_before_is_recorded_once(
    tmp_path: Path, lines: int, *, handed_in: bool
) -> None:
    report_sent.run(given(tmp_path), write=True)
    told = report_sent.run(given(tmp_path, handed_in=handed_in), write=True)
    assert (told["changed"], len(entries(tmp_path))) == (handed_in, lines)


@pytest.mark.usefixtures("is_sound")
def test_what_a_killed_run_left_out_the_next_one_records(tmp_path: Path) -> None:
    """It was killed after the letter, or after what is kept of it."""
    assert report_sent.run(given(tmp_path, handed_in=False), write=True)["changed"] is True
    assert len(entries(tmp_path)) == 1
    params = given(tmp_path, "77ab")
    sending = sendings.Sending("2026-07-02T01:15:03+00:00", ABOUT, "ttcntttt", ("a@x.vn",), params["message_id"])
    files = [Path(file) for file in params["files"]]
    sendings.keep(sending, files, files[0].parent, is_owed=True)
    assert sendings.days(tmp_path, ZONE) == {"2026-H1": date(2026, 7, 2)}
    for _ in range(2):
        recording.catch_up(tmp_path, datetime(2026, 7, 2, 2, tzinfo=UTC))
        assert [entry.summary for entry in entries(tmp_path)[1:]] == [f"Gửi báo cáo {ABOUT} đến a@x.vn."]


@pytest.mark.usefixtures("is_sound")
def test_a_report_of_one_agency_is_recorded_and_pays_no_debt(tmp_path: Path) -> None:
    report_sent.run(given(tmp_path, agency="snv", due=""), write=True)
    assert (len(entries(tmp_path)), sendings.days(tmp_path, ZONE)) == (1, {})


def test_check_mode_keeps_and_records_nothing(tmp_path: Path) -> None:
    told = report_sent.run(given(tmp_path), write=False)
    assert told == {"changed": True, "folder": "", "ledger": ""}
    assert not (tmp_path / "ledger").exists()
    assert sorted(path.name for path in (tmp_path / "reports" / "2026-H1").iterdir()) == sorted(NAMES)


def test_a_note_that_says_nothing_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "2026-H1" / "da-gui" / "20260702T011503Z"
    folder.mkdir(parents=True)
    (folder / "da-gui.json").write_text('{"at": 1}', encoding="utf-8")
    report_sent.run(given(tmp_path), write=True)
    assert len(entries(tmp_path)) == 1
