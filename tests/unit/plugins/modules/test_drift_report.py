"""A look at the estate, judged and reported: on the terminal, as lines, as a page, and in the ledger."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import ledger
from ansible_collections.congvu.mail.plugins.module_utils.ledger import Kind as Record
from ansible_collections.congvu.mail.plugins.modules import drift_report

REGISTRY = Path(__file__).parents[4] / "inventories" / "thuathienhue" / "registry"
HOST = "mail.thuathienhue.gov.vn"
AT = "2026-11-22T03:00:00+00:00"
QUIET: dict[str, Any] = {
    **{name: [] for name in ("packages", "units", "listeners", "accounts", "sudoers", "sessions")},
    "files": {},
    "unread": {},
}
COUNTS = {"created": 0, "granted": 0, "revoked": 0, "scripts": 0}
HTOP = {
    "name": "htop",
    "version": "3",
    "asked": True,
    "held": False,
    "known": True,
    "elsewhere": True,
    "update": "",
    "security": False,
}
FORWARD = {"user": "tth00018", "script": "<b>x</b>", "addresses": ["lan@gmail.com"], "at": AT, "by": "", "client": ""}


def given(state: Path, **said: Any) -> dict[str, Any]:  # noqa: ANN401 -- a module's parameters
    """Give the parameters of a look at an estate of one host, where nothing differs."""
    calm = {name: option.get("default", "") for name, option in drift_report.SPEC.items()}
    return {
        **calm,
        "registry": str(REGISTRY),
        "state": str(state),
        "estate": "Tỉnh Thừa Thiên Huế",
        "domain": "thuathienhue.gov.vn",
        "domains": ["thuathienhue.gov.vn"],
        "suffix": "dc=thuathienhue,dc=gov,dc=vn",
        "operator": "lan",
        "parts": list(drift_report.PARTS),
        **{name: [HOST] for name in ("hosts", "stores", "directories", "filters")},
        "directory": {"findings": [], "waiting": 3},
        "rehearsed": {"hosts": {HOST: {"changes": [], "packages": [], "files": [], "accounts": [], "fault": ""}}},
        "machines": {HOST: QUIET},
        "rights": {HOST: {"changes": [], "counts": COUNTS}},
        "mail": {HOST: {"forwards": [], "rights": {}}},
        "config": {HOST: {"differences": [], "started": AT}},
        "keys": {HOST: {"keys": []}},
        "dns": {"records": [{"name": "x.", "type": "A", "wanted": ["1"], "found": {"a": ["1"]}}], "silent": {}},
        **said,
    }


def differing(state: Path, **said: Any) -> dict[str, Any]:  # noqa: ANN401 -- likewise
    """Give those of an estate with an unknown package and a forward."""
    found = {
        "machines": {HOST: {**QUIET, "packages": [{**HTOP, "at": AT, "by": "minh", "command": "apt install htop"}]}}
    }
    return given(state, **{**found, "mail": {HOST: {"forwards": [FORWARD], "rights": {}}}, **said})


def entries(state: Path) -> list[str]:
    return [line.entry.summary for line in ledger.read(state) if line.entry.kind is Record.DRIFT]


def test_where_nothing_differs_the_status_is_0_and_the_ledger_hears_nothing(tmp_path: Path) -> None:
    told = drift_report.run(given(tmp_path), write=True)
    assert told["exit_status"] == 0
    assert told["text"].startswith("Nothing differs from Git.\n")
    assert "3 planned changes wait for an apply" in told["text"]
    assert entries(tmp_path) == []
    assert len((tmp_path / "drift" / "looks.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_what_differs_is_told_the_gravest_first_with_who_and_how_to_mend_it(tmp_path: Path) -> None:
    told = drift_report.run(differing(tmp_path), write=True)
    assert (told["exit_status"], told["counts"]) == (2, {"forward-private": 1, "package": 1})
    text = told["text"]
    assert text.startswith("2 differences from Git: 1 critical, 1 medium.\n")
    assert text.index("CRITICAL  forward-private") < text.index("MEDIUM  package")
    assert "  2026-11-22 10:00:00  minh: apt install htop (apt)" in text
    assert f"  mend: ansible {HOST} -m congvu.mail.sieve_rules -a 'user=tth00018 state=aside'" in text


def test_lines_are_whole_and_the_page_is_vietnamese_and_escapes_what_others_wrote(tmp_path: Path) -> None:
    folder = Path(drift_report.run(differing(tmp_path), write=True)["file"])
    head, *lines = map(json.loads, (folder / "findings.jsonl").read_text(encoding="utf-8").splitlines())
    assert (head["line"], head["standing"], head["by"]) == ("look", 2, "lan")
    assert [line["severity"] for line in lines] == ["critical", "medium"]
    page = (folder / "bao-cao.html").read_text(encoding="utf-8")
    assert "Chuyển tiếp thư đến dịch vụ thư riêng" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page
    assert re.findall(r'(?:src|href)="', page) == []
    assert (tmp_path / "drift" / "latest" / "bao-cao.html").samefile(folder / "bao-cao.html")


def test_the_ledger_hears_of_each_look_that_found_something_else(tmp_path: Path) -> None:
    for params in (differing(tmp_path), differing(tmp_path), given(tmp_path), given(tmp_path)):
        drift_report.run(params, write=True)
    first, last = entries(tmp_path)
    assert first.startswith("Kiểm tra sai lệch: 2 sai lệch (1 nghiêm trọng, 1 vừa); 2 mới, 0 đã hết.")
    assert last.startswith("Kiểm tra sai lệch: không có sai lệch; 0 mới, 2 đã hết.")


def test_a_look_at_some_parts_says_what_it_left_out_and_takes_nothing_for_mended(tmp_path: Path) -> None:
    drift_report.run(differing(tmp_path), write=True)
    told = drift_report.run(given(tmp_path, parts=["directory"]), write=True)
    assert "NOT LOOKED AT: store, dns, machines." in told["text"]
    assert len(entries(tmp_path)) == 1
    assert "Chưa xem:" in Path(told["file"], "bao-cao.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("missing", ["directory", "rehearsed", "machines", "rights", "mail", "config", "keys", "dns"])
def test_whatever_told_nothing_is_a_finding(tmp_path: Path, missing: str) -> None:
    told = drift_report.run(given(tmp_path, **{missing: {}}), write=False)
    assert (told["exit_status"], set(told["counts"])) == (2, {"silent"})


def test_in_check_mode_nothing_is_written(tmp_path: Path) -> None:
    assert drift_report.run(differing(tmp_path), write=False)["file"] == ""
    assert list(tmp_path.iterdir()) == []
