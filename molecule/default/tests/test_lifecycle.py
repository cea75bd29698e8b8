"""A mailbox from the first day to the last and back, as its owner, the successor and the senders see it.

Everything happens to one invented person in a copy of the registry, on one day: the days of the post are moved instead.
"""

from __future__ import annotations

import imaplib
import json
import shutil
import smtplib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import ldap3
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from testinfra.host import Host

    from ...conftest import Lab, Person

ROOT = Path(__file__).parents[3]
SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
LEAVER, SUCCESSOR = "tth09001", "tth00005"
NAME = "Huỳnh Lưu Trữ"
TODAY = date.today()  # noqa: DTZ011 -- the estate's, or a day beside it
HELD = f"Shared/{LEAVER}"


def days_ago(days: int) -> str:
    """Return a day as the registry writes it."""
    return (TODAY - timedelta(days)).isoformat()


@dataclass
class Story:
    """The copy of the registry, what was sent, and what runs playbooks on the copy."""

    lab: Lab
    mail: Host
    registry: Path
    state: Path
    words: list[str] = field(default_factory=list)

    def tell(self, *posts: str, hold: str = "") -> None:
        """Write down the person's posts, and a hold."""
        source = ROOT / "inventories" / "thuathienhue" / "registry"
        snv = (source / "agencies" / "snv.yml").read_text(encoding="utf-8")
        people = "".join(
            f"  - {{id: {LEAVER}, name: {NAME}, title: Chuyên viên, decision: 1/QĐ-SNV, {post}}}\n" for post in posts
        )
        (self.registry / "agencies" / "snv.yml").write_text(snv + people, encoding="utf-8")
        holds = (source / "holds.yml").read_text(encoding="utf-8")
        (self.registry / "holds.yml").write_text(holds + hold, encoding="utf-8")

    def run(self, name: str, *more: str, fails: bool = False) -> str:
        """Run a playbook on the copy, with the lab's secrets."""
        done = self.lab.playbook(name, *more, estate_registry=self.registry, estate_state=self.state)
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def password(self) -> str:
        """The password that the person chose in place of the initial one that was made last."""
        return self.lab.password(LEAVER)

    @property
    def address(self) -> str:
        """The address that the rules made."""
        lock = (self.registry / "addresses" / "thuathienhue.gov.vn.yml").read_text(encoding="utf-8")
        local = next(line.partition(":")[0] for line in lock.splitlines() if line.endswith(f"person:{LEAVER}"))
        return f"{local}@thuathienhue.gov.vn"

    def entry(self) -> dict[str, list[str]]:
        """Return what the directory says of the person."""
        directory = self.lab.service("reconciler")
        directory.search(f"ou=agencies,{SUFFIX}", f"(uid={LEAVER})", attributes=["*", "entryUUID"])
        found = [entry for entry in cast("list[dict[str, Any]]", directory.response) if "dn" in entry]
        directory.unbind()
        return {name: [value.decode() for value in values] for name, values in found[0]["raw_attributes"].items()}

    def homes(self) -> set[str]:
        """Return all homes of the store."""
        return set(self.mail.check_output("find /var/vmail -mindepth 3 -maxdepth 3 -printf '%f\\n'").split())

    def records(self) -> list[dict[str, Any]]:
        """Return what was recorded of removals."""
        path = self.state / "purges.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@pytest.fixture(scope="module")
def story(lab: Lab, mail: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Hire somebody; in the end remove whatever there is of the person, and bring the estate to its own registry."""
    folder = tmp_path_factory.mktemp("story")
    registry = Path(shutil.copytree(ROOT / "inventories" / "thuathienhue" / "registry", folder / "registry"))
    told = Story(lab, mail, registry, folder / "state")
    told.tell(f"since: {days_ago(900)}")
    try:
        told.run("allocate")
        told.run("reconcile")
        yield told
    finally:
        directory = lab.service("reconciler")
        directory.search(f"ou=agencies,{SUFFIX}", f"(uid={LEAVER})", attributes=["uid"])
        for entry in [entry for entry in cast("list[dict[str, Any]]", directory.response) if "dn" in entry]:
            directory.delete(entry["dn"])  # type: ignore[no-untyped-call]
        directory.unbind()
        mail.check_output(f"rm -rf /var/vmail/*/*/{LEAVER}")
        for passwords in ("initial-passwords", "chosen-passwords"):
            (lab.state / "secrets" / passwords / LEAVER).unlink(missing_ok=True)
        told.registry = ROOT / "inventories" / "thuathienhue" / "registry"
        told.state = lab.state
        told.run("reconcile")


@pytest.fixture
def send(lab: Lab, people: list[Person], letter: Callable[..., EmailMessage]) -> Callable[[str], None]:
    """Return what lets a colleague write to the person."""

    def post(recipient: str) -> None:
        writer = people[0]
        with lab.submission(writer.address, writer.password) as client:
            client.send_message(letter(writer.address, recipient))

    return post


def arrived(story: Story, word: str) -> bool:
    """Wait until a letter is in the person's mailbox."""
    script = f"for i in $(seq 60); do doveadm search -u {LEAVER} mailbox INBOX subject {word} | grep -q . && exit 0; "
    return bool(story.mail.run(f"{script}sleep 0.5; done; exit 1").rc == 0)


@pytest.fixture
def successor(people: list[Person]) -> Person:
    """Return who may read what the leaver left."""
    return next(person for person in people if person.uid == SUCCESSOR)


@pytest.fixture
def reader(lab: Lab, successor: Person) -> Iterator[imaplib.IMAP4_SSL]:
    """Return a session of the successor, which may end when the right to read does."""
    session = lab.imap(successor.address, successor.password)
    yield session
    try:
        session.logout()
    except imaplib.IMAP4.abort:
        session.shutdown()


def subjects(session: imaplib.IMAP4_SSL, folder: str) -> str:
    """Return the subjects of all letters in a folder."""
    session.select(f'"{folder}"', readonly=True)
    return str(session.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1])


def test_somebody_in_office_receives_letters_and_nobody_else_sees_them(
    story: Story, word: str, send: Callable[[str], None], reader: imaplib.IMAP4_SSL
) -> None:
    send(story.address)
    assert arrived(story, word)
    story.words.append(word)
    with story.lab.imap(story.address, story.password) as session:
        assert word in subjects(session, "INBOX")
    assert reader.select(f'"{HELD}"', readonly=True)[0] == "NO"


def test_whoever_leaves_is_out_at_once_and_letters_are_kept(
    story: Story, word: str, send: Callable[[str], None]
) -> None:
    identity = story.entry()["entryUUID"]
    story.tell(
        f"since: {days_ago(900)}, until: {days_ago(10)}, until_decision: 2/QĐ-SNV, ending: resignation, "
        f"successor: {SUCCESSOR}"
    )
    story.run("reconcile")
    session = imaplib.IMAP4_SSL("imap.thuathienhue.gov.vn", ssl_context=story.lab.tls(), timeout=60)
    try:
        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
            session.login(story.address, story.password)
    finally:
        session.shutdown()
    with (
        smtplib.SMTP_SSL("smtp.thuathienhue.gov.vn", 465, context=story.lab.tls(), timeout=60) as client,
        pytest.raises(smtplib.SMTPAuthenticationError),
    ):
        client.login(story.address, story.password)
    send(story.address)
    assert arrived(story, word)
    story.words.append(word)
    entry = story.entry()
    assert (entry["entryUUID"], entry["congvuState"]) == (identity, ["disabled"])


def test_the_successor_reads_what_is_kept_and_changes_nothing(story: Story, reader: imaplib.IMAP4_SSL) -> None:
    assert HELD.encode() in b"".join(row for row in reader.list()[1] if isinstance(row, bytes))
    found = subjects(reader, HELD)
    assert all(word in found for word in story.words)
    assert reader.append(f'"{HELD}"', "", "", b"Subject: x\r\n\r\n")[0] == "NO"
    assert reader.create(f'"{HELD}/Moi"')[0] == "NO"
    assert reader.delete(f'"{HELD}"')[0] == "NO"
    with pytest.raises(imaplib.IMAP4.readonly, match="not writable"):
        reader.select(f'"{HELD}"')
    assert all(word in subjects(reader, HELD) for word in story.words)


def test_only_the_successor_reads_it(story: Story, lab: Lab, people: list[Person]) -> None:
    other = next(person for person in people if person.uid not in (SUCCESSOR, LEAVER) and person.agency == "snv")
    with lab.imap(other.address, other.password) as session:
        assert session.select(f'"{HELD}"', readonly=True)[0] == "NO"
    assert story.homes() >= {LEAVER}


LEFT_LONG_AGO = (
    f"since: {days_ago(900)}, until: {days_ago(400)}, until_decision: 2/QĐ-SNV, ending: resignation, "
    f"successor: {SUCCESSOR}"
)


def test_a_hold_keeps_the_mail_beyond_its_term(story: Story, reader: imaplib.IMAP4_SSL) -> None:
    hold = f"{LEAVER}: {{since: {days_ago(60)}, decision: 3/CV-TTr, reason: Thanh tra}}\n"
    story.tell(LEFT_LONG_AGO, hold=hold)
    story.run("reconcile")
    entry = story.entry()
    assert entry["congvuState"] == ["disabled"]
    assert entry["congvuRetainUntil"][0] < TODAY.strftime("%Y%m%d"), "the term itself is over"
    assert LEAVER in story.homes()
    assert story.words[0] in subjects(reader, HELD)


def test_nothing_goes_that_is_not_purged_when_its_turn_comes(story: Story) -> None:
    """Say so in the directory by hand, ask what would go, and take it back."""

    def state(value: str) -> None:
        directory = story.lab.service("reconciler")
        dn = f"uid={LEAVER},ou=snv,ou=agencies,{SUFFIX}"
        assert directory.modify(dn, {"congvuState": [(ldap3.MODIFY_REPLACE, [value])]})  # type: ignore[no-untyped-call]
        directory.unbind()

    state("purged")
    said = story.run("store", "--check")
    assert "WOULD REMOVE the mail of 1 purged mailboxes" in said, said
    assert f"{LEAVER}: 2 letters in" in said
    state("disabled")
    assert "REMOVE" not in story.run("store")
    assert LEAVER in story.homes()
    assert story.records() == []


def test_when_the_hold_ends_the_mail_goes_and_leaves_a_record(
    story: Story,
    word: str,
    letter: Callable[..., EmailMessage],
    people: list[Person],
    reader: imaplib.IMAP4_SSL,
    successor: Person,
) -> None:
    address, before = story.address, story.homes()
    story.tell(LEFT_LONG_AGO)
    story.run("plan")
    assert f"WOULD PURGE the mail of 1 mailbox for ever: {LEAVER}" in story.run("apply", "-e", "plan=latest", "--check")
    assert story.homes() == before
    said = story.run("reconcile")
    assert "REMOVED the mail of 1 purged mailboxes" in said, said
    assert before - story.homes() == {LEAVER}
    assert not story.mail.run("ls /var/vmail/.purged").stdout.split()
    entry = story.entry()
    assert entry["congvuState"] == ["purged"]
    assert not {"mail", "mailLocalAddress", "userPassword", "congvuRetainUntil"} & entry.keys()
    intent, purged = story.records()
    assert (intent["event"], purged["event"]) == ("intent", "purged")
    assert (purged["id"], purged["decision"], purged["messages"]) == (f"person:{LEAVER}", "2/QĐ-SNV", 2)
    assert len(purged["plan"]) == len(purged["path"]) == 64
    with pytest.raises(imaplib.IMAP4.abort):
        reader.noop()  # whoever loses a right is signed out
    again = story.lab.imap(successor.address, successor.password)
    assert again.select(f'"{HELD}"', readonly=True)[0] == "NO"
    again.logout()
    assert not (story.lab.state / "secrets" / "initial-passwords" / LEAVER).exists()
    writer = people[0]
    with story.lab.submission(writer.address, writer.password) as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.send_message(letter(writer.address, address, subject=word))


def test_a_second_run_finds_nothing_to_do_and_makes_no_home(story: Story) -> None:
    assert "REMOVE" not in story.run("store")
    assert story.mail.run(f"doveadm mailbox list -u {LEAVER}").rc == 67, "Dovecot knows the mailbox no longer"
    assert LEAVER not in story.homes()
    assert len(story.records()) == 2


def test_the_address_goes_to_nobody_else(story: Story) -> None:
    namesake = f"  - {{id: tth09002, name: {NAME}, title: Chuyên viên, since: {days_ago(0)}, decision: 4/QĐ-SNV}}\n"
    path = story.registry / "agencies" / "snv.yml"
    path.write_text(path.read_text(encoding="utf-8") + namesake, encoding="utf-8")
    lock = story.registry / "addresses" / "thuathienhue.gov.vn.yml"
    before = lock.read_text(encoding="utf-8")
    story.run("allocate")
    added = set(lock.read_text(encoding="utf-8").splitlines()) - set(before.splitlines())
    assert len(added) == 1
    assert not added.pop().startswith(f"{story.address.partition('@')[0]}:")
    lock.write_text(before, encoding="utf-8")


def test_whoever_comes_back_later_finds_an_empty_mailbox_and_a_new_password(
    story: Story, word: str, send: Callable[[str], None]
) -> None:
    identity = story.entry()["entryUUID"]
    story.tell(LEFT_LONG_AGO, f"since: {days_ago(0)}")
    story.run("reconcile")
    assert story.entry()["entryUUID"] == identity
    with story.lab.imap(story.address, story.password) as session:
        assert session.select("INBOX")[1] == [b"0"]
    send(story.address)
    assert arrived(story, word)
