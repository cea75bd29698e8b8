"""The module that verifies the ledger and adds to it, as a playbook calls it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.congvu.mail.plugins.module_utils import ledger as engine
from ansible_collections.congvu.mail.plugins.modules import ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., dict[str, Any]]

SAID = {"kind": "handover", "subject": "mailbox:snv", "summary": "Bàn giao hộp thư snv@tinh.gov.vn."}


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def run(**arguments: object) -> dict[str, Any]:
        with patch_module_args({"state": str(tmp_path), **arguments}), pytest.raises(SystemExit):
            ledger.main()
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return run


def test_nothing_recorded_yet_is_no_fault(call: Call) -> None:
    answer = call()
    assert (answer["changed"], answer["lines"], answer["head"]) == (False, 0, "")
    assert answer["text"] == "The ledger is unbroken: 0 lines. Head: none\n"


def test_what_was_done_is_recorded_with_the_files_that_it_rests_on(call: Call, tmp_path: Path) -> None:
    record = tmp_path / "handovers" / "snv.pdf"
    record.parent.mkdir()
    record.write_bytes(b"%PDF")
    answer = call(**SAID, by="an@control", files=[str(record)])
    assert (answer["changed"], answer["counts"]) == (True, {"opened": 1, "handover": 1})
    *_, line = engine.read(tmp_path)
    assert (line.entry.subject, line.entry.by) == ("mailbox:snv", "an@control")
    assert [proof.file for proof in line.entry.proofs] == ["handovers/snv.pdf"]
    assert call()["changed"] is False


def test_check_mode_records_nothing(call: Call, tmp_path: Path) -> None:
    answer = call(**SAID, _ansible_check_mode=True)
    assert (answer["changed"], answer["lines"]) == (True, 0)
    assert engine.head(tmp_path) is None


def test_a_head_is_published_once_and_looked_for_ever_after(call: Call, tmp_path: Path) -> None:
    heads = tmp_path / "ledger-heads"
    call(**SAID)
    first = call(heads=str(heads), publish=True)
    assert first["changed"] is True
    assert heads.read_text(encoding="ascii").startswith(f"{first['head']} 20")
    again = call(heads=str(heads), publish=True, lang="vi")
    assert again["changed"] is False
    assert "Số mốc đã công bố và khớp với sổ: 1." in again["text"]
    (file,) = engine.files(tmp_path)
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    assert "its end was cut off" in call(heads=str(heads))["msg"]


def test_what_administrators_did_is_recorded_and_how_far_that_reaches(call: Call) -> None:
    at = "2026-11-22T09:11:14.387622+00:00"
    did = {"event": "Administered", "at": at, "host": "mail.tinh.gov.vn", "user": "snv", "command": "fetch"}
    answer = call(administered=[did])
    assert (answer["changed"], answer["counts"]) == (True, {"opened": 1, "access": 1})
    assert answer["administered_until"] == {"mail.tinh.gov.vn": at}
    assert call()["administered_until"] == {"mail.tinh.gov.vn": at}


def test_a_ledger_that_was_changed_is_told_with_its_place(call: Call, tmp_path: Path) -> None:
    call(**SAID)
    (file,) = engine.files(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"snv@", b"stc@"))
    answer = call()
    assert answer["failed"] is True
    assert "2026.jsonl:2: the ledger was changed" in answer["msg"].replace(file.name, "2026.jsonl")
