"""A look at the estate, judged and reported: on the terminal, as lines, as a page, and in the ledger."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import ledger
from ansible_collections.congvu.mail.plugins.module_utils.ledger import Kind as Record
from ansible_collections.congvu.mail.plugins.modules import drift_report

REGISTRY = Path(__file__).parents[4] / "inventories" / "thuathienhue" / "registry"
HOST, OTHER = "mail.thuathienhue.gov.vn", "kho2.thuathienhue.gov.vn"
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
    assert told["text"].startswith("Nothing differs from Git in what was looked at.\n")
    assert "NOT LOOKED AT: store, dns, machines." in told["text"]
    assert len(entries(tmp_path)) == 1
    assert "Chưa xem:" in Path(told["file"], "bao-cao.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("missing", ["directory", "rehearsed", "machines", "rights", "mail", "config", "keys", "dns"])
def test_whatever_told_nothing_is_a_finding(tmp_path: Path, missing: str) -> None:
    told = drift_report.run(given(tmp_path, **{missing: {}}), write=False)
    assert (told["exit_status"], set(told["counts"])) == (2, {"silent"})


# --- Hosts outside --limit


def test_what_was_not_to_be_asked_is_no_finding_and_is_said_once(tmp_path: Path) -> None:
    """As where a host pulls: it reaches the directory, and no machine."""
    silent: dict[str, Any] = {name: {} for name in ("rehearsed", "machines", "rights", "mail", "config", "keys", "dns")}
    told = drift_report.run(given(tmp_path, parts=["directory"], outside=[HOST], **silent), write=True)
    assert (told["exit_status"], told["counts"]) == (0, {})
    assert told["text"].startswith(
        "Nothing differs from Git in what was looked at.\n"
        f"NOT LOOKED AT: store, dns, machines; outside --limit: the directory's configuration ({HOST}).\n"
    )
    assert told["text"].count(HOST) == 1
    page = Path(told["file"], "bao-cao.html").read_text(encoding="utf-8")
    assert f"ngoài phạm vi được giao xem (--limit): cấu hình của máy chủ danh bạ ({HOST})." in page
    assert page.count(HOST) == 1
    assert "Không có sai lệch ở những phần đã xem." in page
    (head,) = map(json.loads, Path(told["file"], "findings.jsonl").read_text(encoding="utf-8").splitlines())
    assert (head["unseen"], head["left"], head["hosts"]) == (["store", "dns", "machines"], {"directory": [HOST]}, [])


def test_what_should_have_told_and_did_not_is_a_finding_beside_what_was_left_out(tmp_path: Path) -> None:
    two = {name: [HOST, OTHER] for name in ("hosts", "stores", "directories", "filters")}
    told = drift_report.run(given(tmp_path, outside=[OTHER], config={}, rights={}, **two), write=False)
    assert (told["exit_status"], told["counts"]) == (2, {"silent": 2})
    left = f"the directory's configuration ({OTHER}); rights and forwards ({OTHER}); the machine itself ({OTHER})"
    assert f"\nNOT LOOKED AT: dns; outside --limit: {left}.\n" in told["text"], "the zone rests on every host"


def test_a_host_that_the_limit_does_not_leave_out_is_never_taken_for_one(tmp_path: Path) -> None:
    two = {name: [HOST, OTHER] for name in ("hosts", "stores", "directories", "filters")}
    told = drift_report.run(given(tmp_path, **two), write=False)
    assert told["exit_status"] == 2
    assert set(told["counts"]) == {"silent"}
    assert "NOT LOOKED AT" not in told["text"]


@pytest.mark.parametrize("parts", [["store"], ["dns"], ["machines"], ["store", "dns", "machines"]])
def test_where_everything_is_left_out_the_look_has_failed_and_says_so(tmp_path: Path, parts: list[str]) -> None:
    told = drift_report.run(given(tmp_path, parts=parts, outside=[HOST]), write=True)
    assert told["exit_status"] == 1
    assert told["text"].startswith("Nothing was looked at.\nNOT LOOKED AT: directory, store, dns, machines.\n")
    assert "chưa xem phần nào" in Path(told["file"], "bao-cao.html").read_text(encoding="utf-8")


def test_a_look_at_fewer_hosts_takes_nothing_for_mended(tmp_path: Path) -> None:
    two = {name: [HOST, OTHER] for name in ("hosts", "stores", "directories", "filters")}
    parts = ["directory", "store", "machines"]
    drift_report.run(given(tmp_path, parts=parts, **two), write=True)
    assert len(entries(tmp_path)) == 1, "the other host tells nothing"
    drift_report.run(given(tmp_path, parts=parts, outside=[OTHER], **two), write=True)
    drift_report.run(given(tmp_path, parts=parts, **two), write=True)
    assert len(entries(tmp_path)) == 1


@pytest.mark.parametrize(
    ("kind", "host", "idle"),
    [
        ("directory-config", HOST, False),
        ("directory-config", "'*'", False),
        ("directory-config", "elsewhere", True),
        ("silent", HOST, False),
        ("entry", "'*'", True),
        ("package", HOST, False),
    ],
)
def test_an_exception_for_what_was_left_out_is_not_idle(tmp_path: Path, kind: str, host: str, *, idle: bool) -> None:
    registry = tmp_path / "registry"
    shutil.copytree(REGISTRY, registry)
    (registry / "exceptions").mkdir()
    expires = datetime.now(UTC).date() + timedelta(30)
    said = {"kind": kind, "host": host, "object": "x", "decision": "1/QĐ", "reason": "thử", "approved_by": "Lan"}
    lines = [f"{key}: {value}\n" for key, value in (said | {"expires": str(expires)}).items()]
    (registry / "exceptions" / "x.yml").write_text("".join(lines), encoding="utf-8")
    params = given(tmp_path, registry=str(registry), parts=["directory"], outside=[HOST])
    assert drift_report.run(params, write=False)["counts"] == ({"exception-idle": 1} if idle else {})


def test_in_check_mode_nothing_is_written(tmp_path: Path) -> None:
    assert drift_report.run(differing(tmp_path), write=False)["file"] == ""
    assert list(tmp_path.iterdir()) == []
