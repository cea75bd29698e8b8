"""The regulation held against the living estate: what is broken for real is found, and nothing else."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.compliance_data import FAILED, MET, SCHEMA
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Callable

    from testinfra.host import Host

    from ...conftest import Lab, Person

    Report = dict[str, Any]

ROOT = Path(__file__).parents[3]
POLICY = "cn=default,ou=policies,dc=thuathienhue,dc=gov,dc=vn"
JOBS = ("configuration", "directory", "filter", "mail", "webmail")
SCANNER = "clamav-daemon.socket clamav-daemon.service"  # the socket would start it again at the next letter


@pytest.fixture
def compliance(lab: Lab) -> Callable[[], tuple[int, Report]]:
    """Return what holds the estate against its regulation, and gives the exit status and the report as data."""

    def run() -> tuple[int, Report]:
        given = {
            "estate_state": lab.state,
            "estate_secrets": lab.state / "secrets",
            "directory_ca_file": lab.state / "ca" / "ca.pem",
        }
        words = [part for key, value in given.items() for part in ("-e", f"{key}={value}")]
        done = subprocess.run(  # noqa: S603 - our own command
            [ROOT / "bin" / "congvu", "compliance", *words], capture_output=True, text=True, check=False
        )
        assert done.returncode in (MET, FAILED), done.stdout + done.stderr
        return done.returncode, json.loads((folder(lab) / "bao-cao-tuan-thu.json").read_text(encoding="utf-8"))

    return run


def folder(lab: Lab) -> Path:
    """Return where the last report lies."""
    return lab.state / "compliance" / "latest"


def with_status(report: Report, status: str) -> set[str]:
    return {control["id"] for control in report["controls"] if control["status"] == status}


def least_length(mail: Host, length: int) -> None:
    """Let the living directory take shorter passwords, as somebody with root's rights on it could."""
    change = f"dn: {POLICY}\nchangetype: modify\nreplace: pwdMinLength\npwdMinLength: {length}\n"
    mail.check_output("printf %%s %s | ldapmodify -Q -Y EXTERNAL -H ldapi:///", change)


def test_what_is_broken_is_found_and_once_it_is_mended_every_article_is_met(
    lab: Lab, mail: Host, person: Person, compliance: Callable[[], tuple[int, Report]]
) -> None:
    lab.imap(person.address, person.password).logout()  # somebody looked into a mailbox today
    for job in JOBS:
        mail.check_output(f"systemctl start congvu-backup@{job}.service")
    mail.check_output(f"systemctl stop {SCANNER}")
    least_length(mail, 4)
    try:
        status, report = compliance()
    finally:
        least_length(mail, 8)
        mail.check_output(f"systemctl start {SCANNER}")
    assert (status, with_status(report, "failed")) == (FAILED, {"R13", "R18", "R22"})
    assert with_status(report, "unknown") == set()

    status, report = compliance()
    assert (status, with_status(report, "failed"), with_status(report, "unknown")) == (MET, set(), set())
    assert len(report["controls"]) == 44
    validator = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(report)] == []
    # What was handed in for trial was refused, and reached nobody.
    queue = mail.check_output("postqueue -j")
    assert "tuan-thu.invalid" not in queue

    ledger = max((lab.state / "ledger").glob("*.jsonl")).read_text(encoding="utf-8")
    last = json.loads(ledger.splitlines()[-1])
    assert (last["kind"], last["subject"]) == ("compliance", "thuathienhue")
    for proof in last["proofs"]:
        content = (lab.state / proof["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == proof["sha256"]
    assert [Path(proof["file"]).suffix for proof in last["proofs"]] == [".html", ".pdf", ".json"]


def test_a_report_holds_no_secret(lab: Lab) -> None:
    secrets = [
        path.read_text(encoding="utf-8").strip() for path in (lab.state / "secrets").glob("**/*") if path.is_file()
    ]
    assert len(secrets) > 10
    for ending in ("html", "json"):
        said = (folder(lab) / f"bao-cao-tuan-thu.{ending}").read_text(encoding="utf-8")
        assert [secret for secret in secrets if len(secret) > 7 and secret in said] == []
