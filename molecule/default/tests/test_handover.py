"""Agencies are merged, renamed and moved to another domain, an apply is killed half way, and no letter is lost.

Numbered letters go to the agencies' addresses all the time, from outside over the mail exchanger and from inside over
submission. Every single one arrives, once. Works on a copy of the registry, and puts the estate back in the end.
"""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.apply import slices
from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan, Wave
from ansible_collections.congvu.mail.tests.approval import approve

from ...conftest import PARTNER
from ...faults.control import Control, Trap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from testinfra.host import Host

    from ...conftest import Lab, Person

ROOT = Path(__file__).parents[3]
REGISTRY = ROOT / "inventories" / "thuathienhue" / "registry"
SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
DOMAIN = "thuathienhue.gov.vn"
NEW_DOMAIN = f"thu.{DOMAIN}"  # one that this scenario adds
OLD, HEIR = "stm", "scn"  # uids of the two agencies' mailboxes
ADDRESSES = (f"{OLD}@{DOMAIN}", f"{HEIR}@{DOMAIN}")
PATIENCE = 180  # seconds until the last letter has arrived

# Runs on the partner's machine until its input ends, then tells how many letters went out and what those from inside
# were answered. Letters from outside are left to Postfix, which tries again by itself; a person tries again by hand.
CORRESPONDENCE = """
import json, select, smtplib, subprocess, sys, time
told = json.loads(sys.stdin.readline())

def letter(sender, to, number):
    name = f"{told['word']}.{number}."
    head = {"From": sender, "To": to, "Subject": name, "Message-ID": f"<{name}@{sender.partition('@')[2]}>",
            "Date": time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())}
    return "".join(f"{name}: {value}\\n" for name, value in head.items()) + "\\nThis is a test.\\n"

def hand_in(waiting, answers):
    still = []
    with smtplib.SMTP_SSL(told["host"], 465, timeout=60) as desk:
        desk.login(told["user"], told["password"])
        for to, number in waiting:
            try:
                desk.sendmail(told["sender"], [to], letter(told["sender"], to, number))
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refused:
                code, text = (refused.smtp_code, refused.smtp_error) if isinstance(refused, smtplib.SMTPDataError) \\
                    else refused.recipients[to]
                answers.append([code, text.decode()])
                if code < 500:
                    still.append((to, number))
                desk.rset()
    return still

number, turn, waiting, answers = 0, 0, [], []
def write(inside):
    global number
    for to in told["to"]:
        number += 1
        if inside:
            waiting.append((to, number))
        else:
            command = ["sendmail", "-f", told["partner"], to]
            subprocess.run(command, input=letter(told["partner"], to, number), text=True, check=True)

while not select.select([sys.stdin], [], [], 1)[0]:
    turn += 1
    write(inside=False)
    if turn % 4 == 0:
        write(inside=True)
        waiting = hand_in(waiting, answers)
for _ in range(60):
    if waiting:
        time.sleep(1)
        waiting = hand_in(waiting, answers)
json.dump({"sent": number, "left": len(waiting), "answers": answers}, sys.stdout)
"""


@dataclass
class Correspondence:
    """Letters that go out all the time."""

    word: str
    process: subprocess.Popen[str]

    def end(self) -> dict[str, list[tuple[int, str]] | int]:
        """Stop, and tell what came of it."""
        output, _ = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0
        return dict(json.loads(output))


@pytest.fixture
def correspondence(lab: Lab, people: list[Person]) -> Iterator[Correspondence]:
    """Start the letters."""
    somebody = next(one for one in reversed(people) if one.agency not in (OLD, HEIR))
    word = f"w{secrets.token_hex(6)}"
    told = {
        "word": word,
        "to": ADDRESSES,
        "partner": PARTNER,
        "host": f"smtp.{DOMAIN}",
        "user": somebody.uid,
        "password": somebody.password,
        "sender": somebody.address,
    }
    command = ["podman", "exec", "--interactive", f"{lab.name}-outside", "python3", "-c", CORRESPONDENCE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        assert process.stdin
        process.stdin.write(json.dumps(told) + "\n")
        process.stdin.flush()
        yield Correspondence(word, process)
        process.kill()


class Office:
    """The registry's copy, and what plans and applies it."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        """Copy the registry."""
        self.registry = Path(shutil.copytree(REGISTRY, folder / "registry"))
        directory = {
            "uri": f"ldaps://{lab.mail_address}",
            "server_name": f"ldap.{DOMAIN}",
            "ca_file": str(lab.state / "ca" / "ca.pem"),
            "bind_dn": f"cn=reconciler,ou=services,{SUFFIX}",
            "password_file": str(lab.state / "secrets" / "ldap-reconciler"),
        }
        self.control = Control(self.registry, folder / "state", directory)
        self.today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()

    def write(self, agency: str, text: str) -> None:
        """Add to an agency's file, right after its decision."""
        path = self.registry / "agencies" / f"{agency}.yml"
        head, line, rest = path.read_text(encoding="utf-8").partition("decision: 05/2005/QĐ-UB\n")
        assert line
        path.write_text(head + line + text.format(today=self.today) + rest, encoding="utf-8")

    def allocate(self) -> None:
        """Give everyone an address whose agency is in another domain now."""
        estate = self.registry / "estate.yml"
        text = estate.read_text(encoding="utf-8").replace(f"  - {DOMAIN}\n", f"  - {DOMAIN}\n  - {NEW_DOMAIN}\n")
        estate.write_text(text, encoding="utf-8")
        command = Path(sys.executable).with_name("ansible-playbook"), "playbooks/allocate.yml"
        subprocess.run([*command, "-e", f"estate_registry={self.registry}"], cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own command

    def put_back(self) -> None:
        """Let the registry say again what it says in the repository."""
        shutil.rmtree(self.registry)
        shutil.copytree(REGISTRY, self.registry)

    def plan(self) -> Plan:
        """Plan for today; what a rail stops is meant."""
        said = self.control.plan(self.today)
        if said.status == 3:
            approve(said.text, self.today + timedelta(days=1))
            said = self.control.plan(self.today)
        assert said.status in (0, 2), said.text
        return Plan.parse((self.control.state / "plans" / f"{said.answer['plan']}.jsonl").read_bytes())

    def carry_out(self) -> Plan:
        """Plan and apply; nothing is left to do then."""
        plan = self.plan()
        said = self.control.apply(plan.id)
        assert said.status == 0, said.text
        assert self.plan().changes == ()
        return plan

    def kill_when_released(self) -> Plan:
        """Plan, begin to apply, and kill it as soon as the addresses are given up."""
        plan = self.plan()
        waves = [changes[0].wave for changes in slices(plan.changes)]
        last = max(number for number, wave in enumerate(waves, start=1) if wave is Wave.RELEASE)
        running = self.control.start_apply(plan.id, trap=Trap("outcome", last))
        assert running.springs()
        running.kill()
        assert running.wait().signal
        return plan


@pytest.fixture
def office(lab: Lab, tmp_path: Path) -> Iterator[Office]:
    """Return the registry's copy; in the end the directory is as the repository says again."""
    mine = Office(lab, tmp_path)
    yield mine
    mine.put_back()
    mine.carry_out()


def on_their_way(lab: Lab) -> set[str]:
    """Return the addresses of which the directory says that they change hands."""
    directory = lab.service("postfix")
    directory.search(f"ou=control,{SUFFIX}", "(congvuTransit=*)", attributes=["congvuTransit"])
    found = {value for entry in directory.entries for value in entry["congvuTransit"].values}
    directory.unbind()
    return found


def holders(lab: Lab, address: str) -> list[str]:
    """Return the mailboxes that have an address."""
    directory = lab.service("postfix")
    directory.search(f"ou=agencies,{SUFFIX}", f"(mailLocalAddress={address})", attributes=["uid"])
    found = [str(entry["uid"]) for entry in directory.entries]
    directory.unbind()
    return found


def hurried(machine: Host) -> str:
    """Hurry the queue, as time does, and return what is still in it."""
    return str(machine.check_output("postqueue -f; sleep 2; postqueue -j"))


def arrived(mail: Host, uid: str, word: str) -> Counter[str]:
    """Return how often each letter stands in a mailbox, by its number. A search may ask an index that is not ready."""
    subjects = mail.check_output("doveadm fetch -u %s hdr.subject all", uid).splitlines()
    return Counter(line.split(".")[-2] for line in subjects if word in line)


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def said_since(machine: Host, moment: str, pattern: str) -> list[str]:
    """Return what Postfix wrote to the journal since then."""
    found = machine.run("journalctl --no-pager --output=cat --since=%s --grep=%s", moment, pattern)
    return [line for line in found.stdout.splitlines() if not line.startswith("--")]


def test_letters_arrive_once_while_agencies_are_merged_renamed_moved_and_put_back(
    lab: Lab, mail: Host, outside: Host, office: Office, correspondence: Correspondence
) -> None:
    moment = f"@{time.time():.0f}"
    time.sleep(4)

    # Merged into another agency. The apply is killed between giving up and taking: nobody has the address.
    office.write(OLD, f"until: {{today}}\nuntil_decision: 95/QĐ-UBND\nsuccessor: {HEIR}\n")
    assert office.kill_when_released().under_way == {ADDRESSES[0]}
    assert on_their_way(lab) == {ADDRESSES[0]}
    assert holders(lab, ADDRESSES[0]) == []
    # What was taken before comes to the mail store just now, as if it had waited in the queue.
    early = {"0a", "0b"}
    for number in early:
        mail.check_output(
            "printf 'From: postmaster@%s\\nSubject: %s.%s.\\n\\nThis is a test.\\n' | sendmail -f postmaster@%s %s",
            *(DOMAIN, correspondence.word, number, DOMAIN, ADDRESSES[0]),
        )
    time.sleep(9)
    assert holders(lab, ADDRESSES[0]) == []
    office.carry_out()
    assert holders(lab, ADDRESSES[0]) == [HEIR]
    assert on_their_way(lab) == set()
    hurried(mail)
    eventually(lambda: early <= set(arrived(mail, HEIR, correspondence.word)))

    # Another name, and another domain for all its addresses.
    office.write(
        HEIR,
        "changes:\n  - since: {today}\n    decision: 96/QĐ-UBND\n    name: Sở Công Thương\n"
        f"    domain: {NEW_DOMAIN}\n    account: sct@{NEW_DOMAIN}\n",
    )
    office.allocate()
    office.carry_out()
    assert holders(lab, f"sct@{NEW_DOMAIN}") == [HEIR]
    assert holders(lab, ADDRESSES[1]) == [HEIR]
    time.sleep(4)

    # And all of it undone: the address goes back to where it was.
    office.put_back()
    assert office.carry_out().under_way == {ADDRESSES[0]}
    assert holders(lab, ADDRESSES[0]) == [OLD]
    time.sleep(4)

    told = correspondence.end()
    assert isinstance(told["sent"], int)
    assert told["left"] == 0, told
    eventually(lambda: not hurried(outside) + hurried(mail))
    old, heir = (arrived(mail, uid, correspondence.word) for uid in (OLD, HEIR))
    assert old + heir == Counter({str(number + 1) for number in range(told["sent"])} | early)
    for machine in (mail, outside):
        assert said_since(machine, moment, "status=bounced") == []
    assert said_since(mail, moment, f"reject: .* 5[0-9][0-9] .*({OLD}|{HEIR})@{DOMAIN}") == []
    # It was tried in earnest: letters did come in between, on every way.
    assert said_since(outside, moment, f"status=deferred .*450 4.2.1 <{ADDRESSES[0]}>: .*just changing hands")
    assert said_since(mail, moment, f"to=<{ADDRESSES[0]}>.*dsn=4.2.1, status=deferred")
    assert any(code == 450 for code, _ in told["answers"])  # type: ignore[union-attr] # the list of them
