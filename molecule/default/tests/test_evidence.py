"""What an auditor is shown of the real estate: the ledger, a mailbox's grounds, and the trail of a real letter."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import maillog
from ansible_collections.congvu.mail.plugins.module_utils.maillog import Named, Taken

if TYPE_CHECKING:
    from collections.abc import Callable

    from testinfra.host import Host

    from ...conftest import Lab, Person

    Ask = Callable[[str], tuple[str, dict[str, Any]]]

ROOT = Path(__file__).parents[3]


@pytest.fixture
def ask(lab: Lab, tmp_path: Path) -> Ask:
    """Return what asks for evidence, and gives it as it is told and as data."""

    def run(about: str) -> tuple[str, dict[str, Any]]:
        file = tmp_path / "chung-cu.json"
        done = lab.playbook("evidence", about=about, lang="vi", file=file)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout, json.loads(file.read_text(encoding="utf-8"))

    return run


def verify(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Verify a ledger as a third party does: with the script alone."""
    command = [sys.executable, str(ROOT / "bin" / "verify-ledger"), str(state / "ledger"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command


def test_the_estates_ledger_is_unbroken_and_one_byte_changed_is_found(lab: Lab, tmp_path: Path) -> None:
    sound = verify(lab.state, "--proofs", str(lab.state))
    assert (sound.returncode, sound.stdout[:10]) == (0, "Unbroken: ")
    copytree(lab.state / "ledger", tmp_path / "ledger")
    *_, file = sorted((tmp_path / "ledger").glob("*.jsonl"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert verify(tmp_path).returncode == 1


def test_a_mailbox_is_followed_to_the_plan_that_made_it_and_to_the_ledger(ask: Ask, person: Person) -> None:
    told, data = ask(person.address)
    first = data["events"][0]
    assert first["deed"] == "created"
    lines = [(line["kind"], line["subject"]) for line in data["ledger"]["entries"]]
    assert ("plan", first["plan"]) in lines
    assert ("apply", first["plan"]) in lines
    assert f"cán bộ {person.uid}" in told
    assert "\nSỔ CÁI\n" in told
    assert f"Mốc: {data['ledger']['head']}" in told


def test_a_letter_is_followed_from_whoever_signed_in_to_whoever_has_it(ask: Ask, mail: Host) -> None:
    journal = mail.check_output(shlex.join(maillog.COMMAND))
    found = list(maillog.read(journal.splitlines()))
    *_, sent = (event for event in found if isinstance(event, Taken) and event.user and event.service == "submissions")
    names = [event.message_id for event in found if isinstance(event, Named) and event.queue == sent.queue]
    told, data = ask(sent.queue)
    kinds = {event["event"] for event in data["events"]}
    assert {"Taken", "Named", "Judged", "Queued", "Delivery", "Removed"} <= kinds
    assert {event["user"] for event in data["events"] if event["event"] == "Taken"} == {sent.user}
    assert any(event["status"] == "sent" for event in data["events"] if event["event"] == "Delivery")
    assert f"  Message-ID: <{names[0]}>" in told
    assert f"{sent.queue}: do {sent.user} " in told
    again, same = ask(f"<{names[0]}>")
    assert [event["line"] for event in same["events"]] == [event["line"] for event in data["events"]]
    assert sent.queue in again
