"""The report as the module writes it, of an estate whose directory is out of reach."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.compliance_data import FAILED
from ansible_collections.congvu.mail.plugins.modules.compliance import run

ROOT = Path(__file__).parents[4]
NAMES = {
    **dict.fromkeys(("webmail", "phonebook", "imap", "submission", "directory"), "example.vn"),
    "postmaster": "postmaster@example.vn",
    "contact": "hotro@example.vn",
    "mail_domains": ["example.vn"],
    "mx": [],
}


@pytest.fixture
def params(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "password").write_text("none", encoding="utf-8")
    return {
        "controls": str(ROOT / "compliance"),
        "registry": str(ROOT / "inventories" / "thuathienhue" / "registry"),
        "state": str(tmp_path / "state"),
        "heads": str(tmp_path / "ledger-heads"),
        "as_of": "2026-11-22",
        "cache": None,
        "suffix": None,
        "hosts": [],
        "names": NAMES,
        "lang": "vi",
        "uri": "ldaps://127.0.0.1:1",
        "server_name": "",
        "ca_file": None,
        "bind_dn": "cn=reconciler",
        "password_file": str(tmp_path / "password"),
        "timeout": 1,
        "auditor_dn": "cn=auditor",
        "auditor_password_file": str(tmp_path / "password"),
    }


def test_the_report_is_written_three_times_over_and_led_to(params: dict[str, Any]) -> None:
    said = run(params, write=True)
    html, pdf, data = map(Path, said["files"])
    assert (html.suffix, pdf.read_bytes()[:4], data.suffix) == (".html", b"%PDF", ".json")
    assert {path.stat().st_mode & 0o777 for path in (html, pdf, data)} == {0o600}
    latest = Path(params["state"], "compliance", "latest")
    assert (latest / data.name).resolve() == data.resolve()
    report = json.loads(data.read_bytes())
    assert len(report["controls"]) == 44
    # There is no ledger yet.
    assert (report["as_of"], report["plan"], said["unmet"], said["exit_status"]) == ("2026-11-22", "", ["R38"], FAILED)
    by_id = {control["id"]: control["status"] for control in report["controls"]}
    assert {by_id[id_] for id_ in ("R01", "R13", "R18", "R43")} == {"unknown"}


def test_a_rehearsal_writes_nothing(params: dict[str, Any]) -> None:
    said = run(params, write=False)
    assert (said["changed"], said["files"], Path(params["state"]).exists()) == (False, [], False)


def test_a_regulation_that_no_control_quotes_gets_no_report(params: dict[str, Any], tmp_path: Path) -> None:
    registry = copytree(params["registry"], tmp_path / "registry")
    estate = registry / "estate.yml"
    estate.write_text(estate.read_text(encoding="utf-8").replace("name: thuathienhue", "name: khac"), encoding="utf-8")
    with pytest.raises(ValueError, match="No control quotes the regulation of khac"):
        run({**params, "registry": str(registry)}, write=True)
