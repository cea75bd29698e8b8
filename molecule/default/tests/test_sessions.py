"""Whoever loses access is out everywhere at once, where a session was open too: leavers, former heads, thieves.

Works on a copy of the registry, and puts the estate back in the end.
"""

from __future__ import annotations

import imaplib
import json
import re
import secrets
import shutil
import smtplib
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from select import select
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import ldap3
import pytest
from ansible_collections.congvu.mail.tests.approval import approve
from playwright.sync_api import expect

from ...browse import chromium, window
from ...conftest import PARTNER
from ...webmail import WEBMAIL, enter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from playwright.sync_api import Browser, Page
    from testinfra.host import Host

    from ...conftest import Lab, Person

ROOT = Path(__file__).parents[3]
SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
SUBJECT = "Thông báo thay đổi người quản lý hộp thư điện tử của Sở Du lịch"
AGENCY, OTHER = "sdl", "sts"  # whose head changes, and one that is told
TODAY = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()


@dataclass
class Desk:
    """A copy of the registry, and what runs playbooks on it."""

    lab: Lab
    folder: Path

    @property
    def registry(self) -> Path:
        """The copy."""
        return self.folder / "registry"

    @property
    def state(self) -> Path:
        """The state folder of these tests."""
        return self.folder / "state"

    def put_back(self) -> None:
        """Let the copy say what the repository says."""
        shutil.rmtree(self.registry, ignore_errors=True)
        shutil.copytree(ROOT / "inventories" / "thuathienhue" / "registry", self.registry)

    def edit(self, name: str, *changes: tuple[str, str]) -> None:
        """Replace texts in a file of the copy."""
        path = self.registry / name
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def run(self, name: str, *more: str, fails: bool = False) -> str:
        """Run a playbook on the copy, with the lab's secrets."""
        done = self.lab.playbook(name, *more, estate_registry=self.registry, estate_state=self.state)
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def desk(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return the copy; in the end the estate is as the repository says."""
    made = Desk(lab, tmp_path_factory.mktemp("desk"))
    made.put_back()
    yield made
    made.put_back()
    planned = lab.playbook("plan", estate_registry=made.registry, estate_state=made.state)
    if planned.returncode:  # who left by a decision comes back without one
        approve(planned.stdout, TODAY + timedelta(days=1))
    made.run("reconcile")


class Waiting:
    """Somebody's mail program, which waits for news (IDLE, RFC 2177)."""

    def __init__(self, lab: Lab, person: Person) -> None:
        """Sign in, and wait."""
        self.client = lab.imap(person.address, person.password)
        self.client.select("INBOX")
        self.client.send(b"w1 IDLE\r\n")
        assert self.client.readline().startswith(b"+ ")

    def is_over(self) -> bool:
        """Tell whether the server has ended the session, and waits no longer than a second for that."""
        while select([self.client.sock], [], [], 1)[0]:
            line = self.client.readline()
            if not line or line.startswith(b"* BYE"):
                return True
        return False


@pytest.fixture
def wait_for_news(lab: Lab) -> Iterator[Callable[[Person], Waiting]]:
    """Return what lets somebody wait for news; in the end everybody goes home."""
    everybody: list[Waiting] = []

    def begin(person: Person) -> Waiting:
        everybody.append(Waiting(lab, person))
        return everybody[-1]

    yield begin
    for waiting in everybody:
        waiting.client.shutdown()


def folders(lab: Lab, person: Person) -> str:
    """Return the folders that somebody sees."""
    with lab.imap(person.address, person.password) as client:
        return " ".join(line.decode() for line in client.list('""', "*")[1] if isinstance(line, bytes))


def is_refused(lab: Lab, person: Person, password: str) -> bool:
    """Tell whether neither reading nor sending lets somebody in."""
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        lab.imap(person.address, password)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        lab.submission(person.address, password)
    return True


def subjects(mail: Host, uid: str) -> str:
    """Return the subjects in a mailbox."""
    return str(mail.check_output("doveadm -f flow fetch -u %s hdr.subject.utf8 all", uid))


def eventually(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.5)


@pytest.fixture(scope="module")
def browser(lab: Lab) -> Iterator[Browser]:
    """Return Chromium."""
    with chromium(lab, WEBMAIL) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty window."""
    with window(browser) as opened:
        yield opened


@pytest.fixture(scope="module")
def staff(people: list[Person]) -> list[Person]:
    """Return the people of the agency, its head first."""
    return [person for person in people if person.agency == AGENCY]


def test_a_leaver_and_a_former_head_are_out_at_once_and_the_mailbox_is_handed_over(
    request: pytest.FixtureRequest,
    lab: Lab,
    mail: Host,
    desk: Desk,
    page: Page,
    wait_for_news: Callable[[Person], Waiting],
    staff: list[Person],
    colleague: Person,
) -> None:
    old, new, leaver = staff[0], staff[1], staff[-1]
    desk.run("handover")  # from here on it knows who is head
    held = subjects(mail, AGENCY).count("\n") + 1 if subjects(mail, AGENCY) else 0

    waiting = {person.uid: wait_for_news(person) for person in (old, leaver, colleague)}
    assert f"Shared/{AGENCY}" in folders(lab, old)
    told_before = subjects(mail, OTHER).count(SUBJECT)
    desk_of_leaver = lab.submission(leaver.address, leaver.password)
    request.addfinalizer(desk_of_leaver.close)
    enter(page, leaver.address, leaver.password)

    head = f"head:\n  - person: {old.uid}\n    until: {{day}}\n    decision: 2764/QĐ-UBND\n"
    head += f"  - person: {new.uid}\n    since: {{day}}\n"
    deputy = f"deputies:\n  - person: {new.uid}\n    until: {{day}}\n"
    end = f"  - id: {leaver.uid}\n"
    desk.edit(
        f"agencies/{AGENCY}.yml",
        (head.format(day="2027-01-01"), head.format(day=TODAY)),
        (deputy.format(day="2027-01-01"), deputy.format(day=TODAY)),
        (end, f"{end}    until: {TODAY}\n    until_decision: 100/QĐ-SDL\n    ending: resignation\n"),
    )
    desk.edit("policy.yml", ("  notify: nobody", "  notify: agencies"))
    told = desk.run("reconcile")
    # The store hears of who may sign in no more from the directory as well, and may have been the first.
    assert re.search(r"Ended \d+ open sessions? of those who lost access", told)
    assert waiting[leaver.uid].is_over()
    assert waiting[old.uid].is_over()
    assert not waiting[colleague.uid].is_over(), "nobody else is bothered"

    # The leaver: nothing goes on anywhere.
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        desk_of_leaver.sendmail(leaver.address, [colleague.address], "Subject: muon\n\nMuon.\n")
    assert refusal.value.recipients[colleague.address][0] == 521
    assert is_refused(lab, leaver, leaver.password)
    page.get_by_role("button", name="Danh bạ").or_(page.get_by_role("link", name="Danh bạ")).first.click()
    expect(page.get_by_placeholder("Tên đăng nhập")).to_be_visible()

    # The mailbox: the new head's, with all that is in it, and no longer the old one's.
    assert f"Shared/{AGENCY}" not in folders(lab, old)
    assert f"Shared/{AGENCY}" in folders(lab, new)
    (paper,) = (desk.state / "handovers").glob("*.pdf")
    record = subprocess.run(["/usr/bin/pdftotext", "-layout", paper, "-"], capture_output=True, check=True)  # noqa: S603
    said = " ".join(record.stdout.decode().split())
    assert "BIÊN BẢN Bàn giao hộp thư điện tử công vụ của Sở Du lịch" in said
    assert f"Hộp thư đến {held} " in said
    assert "Quyết định số 2764/QĐ-UBND" in said
    assert paper.name.endswith(f"-{AGENCY}-{new.uid}.pdf")

    # The others are told once, whatever breaks off and runs again.
    note = paper.with_suffix(".json")
    eventually(lambda: subjects(mail, OTHER).count(SUBJECT) > told_before)
    note.write_text(json.dumps({**json.loads(note.read_bytes()), "told": None}), encoding="utf-8")
    before = paper.read_bytes()
    desk.run("handover")
    assert json.loads(note.read_bytes())["told"]
    assert paper.read_bytes() == before
    eventually(lambda: "is empty" in mail.check_output("postqueue -p"))
    assert subjects(mail, OTHER).count(SUBJECT) == told_before + 1


def test_a_stolen_password_is_answered_in_one_command_and_what_was_put_aside_comes_back(
    lab: Lab,
    mail: Host,
    outside: Host,
    desk: Desk,
    wait_for_news: Callable[[Person], Waiting],
    people: list[Person],
    letter: Callable[..., EmailMessage],
    wait_for: Callable[..., EmailMessage | None],
    word: str,
) -> None:
    victim = [person for person in people if person.agency == OTHER][-1]
    given = ("-e", json.dumps({"id": victim.address, "reason": "nhập mật khẩu vào trang giả"}))
    mail.check_output(
        """printf 'redirect "ke-gian@doitac.example";' | doveadm sieve put -u %s -a chuyen-tiep""", victim.uid
    )
    waiting = wait_for_news(victim)
    outside.check_output("systemctl stop postfix")
    try:
        with lab.submission(victim.address, victim.password) as client:
            client.send_message(letter(victim.address, PARTNER))
        eventually(lambda: "deferred" in mail.check_output("postqueue -j"))

        # The store does not answer: the account is locked all the same, and whoever runs it hears what is still open.
        mail.check_output("mv /run/dovecot/doveadm-http /run/dovecot/doveadm-away")
        try:
            said = desk.run("lockout", *given, fails=True)
            assert not waiting.is_over()
        finally:
            mail.check_output("mv /run/dovecot/doveadm-away /run/dovecot/doveadm-http")
        assert "did not end the sessions of 1 people who lost access" in said
        assert is_refused(lab, victim, victim.password)

        said = desk.run("lockout", *given)
        assert waiting.is_over()
    finally:
        outside.check_output("systemctl start postfix")
    assert re.search(r"On hold in the queue: [1-9]", said)
    assert "It sends letters to ke-gian@doitac.example." in said
    assert re.search(r"Letters sent in that time: [1-9]\d*, to [1-9]", said)
    gateway = f"{lab.subnet}.1"
    assert f"{gateway}  imap: signed in" in said
    paper = desk.state / "lockouts" / victim.uid / "bao-cao.pdf"
    report = subprocess.run(["/usr/bin/pdftotext", "-layout", paper, "-"], capture_output=True, check=True)  # noqa: S603
    for words in ("nhập mật khẩu vào trang giả", "Chuyển thư đến ke-gian@doitac.example", gateway, PARTNER):
        assert words in report.stdout.decode()
    assert "ACTIVE" not in mail.check_output("doveadm sieve list -u %s", victim.uid)
    assert "nhập mật khẩu vào trang giả" in desk.run("history", "-e", f"id={victim.uid}")
    assert "Nothing to do" in desk.run("plan"), "a plan has nothing against the lock"
    mail.check_output("postqueue -f")

    # Back in: not before there is another password, which whoever stole the old one does not know.
    assert "Set a new one first" in desk.run("lockout", *given, "-e", "release=true", fails=True)
    assert is_refused(lab, victim, victim.password)
    change_password(lab, victim)
    desk.run("lockout", *given, "-e", "release=true")
    lab.imap(victim.address, victim.password).logout()
    assert "ACTIVE" in mail.check_output("doveadm sieve list -u %s", victim.uid)
    assert wait_for(PARTNER, lab.secret("outside-mailbox"), word, host="mx.doitac.example")
    mail.check_output("doveadm sieve deactivate -u %s", victim.uid)
    mail.check_output("doveadm sieve delete -u %s chuyen-tiep", victim.uid)


def kept_password(lab: Lab, person: Person) -> Path:
    """Return the file in which the tests keep the password that somebody chose."""
    return lab.state / "secrets" / "chosen-passwords" / person.uid


def change_password(lab: Lab, person: Person) -> None:
    """Give somebody another password as the reset does, and let the person change it."""
    issued, chosen = (f"Aa-{secrets.token_hex(8)}" for _ in range(2))  # in ASCII, as imaplib wants it
    with lab.session("reconciler") as directory:
        directory.search(f"ou=agencies,{SUFFIX}", f"(uid={person.uid})", attributes=["uid"])
        dn = directory.entries[0].entry_dn
        assert directory.modify(dn, {"userPassword": [(ldap3.MODIFY_REPLACE, [issued])]}), directory.result
    own = lab.ldap(dn, issued)
    assert own.extend.standard.modify_password(dn, issued, chosen), own.result
    own.unbind()
    kept_password(lab, person).write_text(chosen + "\n", encoding="utf-8")
