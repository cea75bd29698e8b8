"""Who may do what in a mailbox that is not the own one: everybody tries everything, over IMAP and submission.

What is expected is read off the registry's own YAML and the two tables below, and not off the engine: whoever has the
regulation in hand can check it here.
"""

from __future__ import annotations

import base64
import imaplib
import json
import secrets
import smtplib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ...conftest import DOMAIN, PARTNER, PARTNER_MX
from ...folders import find
from ...managesieve import ManageSieve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from testinfra.host import Host

    from ...conftest import Lab, Person

ROOT = Path(__file__).resolve().parents[3]
REGISTRY = ROOT / "inventories" / "thuathienhue" / "registry"
WORD = f"w{secrets.token_hex(8)}"

# What each right of the policy lets somebody do. A deputy with the right `clerk` reads, files and answers, and destroys
# nothing; whoever holds `manager` runs the mailbox (TTH Điều 9.1); nobody's right reaches a mailbox's Sieve.
ALLOWED = {
    "manager": {"see", "read", "flag", "insert", "delete", "expunge", "create", "send"},
    "clerk": {"see", "read", "flag", "insert", "send"},
    "read": {"see", "read"},
    "none": set[str](),
}


def said(file: str) -> dict[str, Any]:
    """Read one file of the registry."""
    content: dict[str, Any] = yaml.safe_load((REGISTRY / file).read_text(encoding="utf-8"))
    return content


def idle(agency: dict[str, Any]) -> str:
    """Return somebody who has been in an agency for long, and is nothing to its mailbox."""
    roles = [agency["head"], *agency["deputies"], *agency["clerks"], *agency.get("readers", ())]
    return next(str(post["id"]) for post in agency["people"] if post["id"] not in roles and "unit" in post)


POLICY = said("policy.yml")
SNV, SXD, STC, OFFICE = (said(f"agencies/{code}.yml") for code in ("snv", "sxd", "stc", "vpubnd"))
ROLES, FOLDERS = POLICY["shared_mailboxes"], POLICY["shared_folders"]
(LEAVER,) = (post for post in STC["people"] if "successor" in post)
(AWAY,) = (post for post in SXD["people"] if "absences" in post)
STAND_IN = AWAY["absences"][0]["deputy"]
FORMS = OFFICE["folders"]["bieu-mau"]
WRITING_UNIT = FORMS["writers"][0]["unit"]

assert AWAY["id"] == SXD["head"]
assert SXD["deputies"][0] == STAND_IN
assert POLICY["leave"]["roles"] is False


@dataclass(frozen=True)
class Case:
    """Somebody, a mailbox, and the right that the registry gives there; in the name of a folder nobody sends."""

    who: str
    uid: str
    mailbox: str
    right: str
    address: str

    @property
    def allowed(self) -> set[str]:
        """What must be possible, and nothing else."""
        has_a_name = self.mailbox in ("snv", "sxd")
        return ALLOWED[self.right] - (set() if has_a_name and self.right in ROLES["send_as"] else {"send"})

    @property
    def place(self) -> str:
        """Where the mailbox stands among the person's folders."""
        return f"Shared/{self.mailbox}"


def _cases() -> Iterator[Case]:
    snv, sxd = SNV["account"], SXD["account"]
    yield Case("the head", SNV["head"], "snv", ROLES["head"], snv)
    yield Case("a deputy", SNV["deputies"][0], "snv", ROLES["deputies"], snv)
    yield Case("the clerk", SNV["clerks"][0], "snv", ROLES["clerks"], snv)
    yield Case("a reader", SNV["readers"][0], "snv", ROLES["readers"], snv)
    yield Case("a colleague without a role", idle(SNV), "snv", "none", snv)
    yield Case("the head of another agency", STC["head"], "snv", "none", snv)
    yield Case("the head on leave", SXD["head"], "sxd", "none", sxd)
    yield Case("the deputy whom that head named", STAND_IN, "sxd", POLICY["standing_in"]["right"], sxd)
    yield Case("the other deputy", SXD["deputies"][1], "sxd", ROLES["deputies"], sxd)
    (left,) = (local for local, line in said(f"addresses/{DOMAIN}.yml").items() if line == f"person:{LEAVER['id']}")
    yield Case("a leaver's successor", LEAVER["successor"], LEAVER["id"], "read", f"{left}@{DOMAIN}")
    yield Case("the leaver's own head", STC["head"], LEAVER["id"], "none", f"{left}@{DOMAIN}")
    folder, nobody = "vpubnd-bieu-mau", f"vpubnd-bieu-mau@{DOMAIN}"
    writer = next(post["id"] for post in OFFICE["people"] if post.get("unit") == WRITING_UNIT)
    yield Case("the manager of a folder", FORMS["managers"][0], folder, FOLDERS["managers"], nobody)
    yield Case("somebody of the unit that writes in it", writer, folder, FOLDERS["writers"], nobody)
    yield Case("somebody of an agency that reads it", idle(SNV), folder, FOLDERS["readers"], nobody)
    yield Case("somebody of no such agency", STC["head"], folder, "none", nobody)


CASES = list(_cases())


@pytest.fixture(scope="module")
def letters(mail: Host) -> Iterator[None]:
    """Lay a letter for each case into its mailbox, and clear away afterwards what the cases leave behind."""
    laid = "; ".join(
        f"printf 'Subject: {WORD} {number}\\r\\n\\r\\nx\\r\\n' | doveadm save -u {case.mailbox} -m INBOX"
        for number, case in enumerate(CASES)
    )
    mail.check_output(laid)
    yield
    boxes = sorted({case.mailbox for case in CASES})
    mail.check_output(
        "; ".join(
            f"doveadm expunge -u {box} mailbox INBOX subject {WORD}; doveadm mailbox delete -u {box} {WORD} 2>/dev/null"
            for box in boxes
        )
        + "; true"
    )


@pytest.fixture(scope="session")
def staff(people: list[Person]) -> dict[str, Person]:
    """Return who may sign in, by staff number."""
    return {person.uid: person for person in people}


def over_imap(session: imaplib.IMAP4_SSL, place: str, subject: str) -> set[str]:
    """Try everything that IMAP offers on one letter, and tell what was done."""
    done: set[str] = set()
    if any(f'"{place}"'.encode() in row or row.endswith(f" {place}".encode()) for row in _rows(session.list())):
        done.add("see")
    if session.append(place, "", "", f"Subject: {WORD} more\r\n\r\n".encode())[0] == "OK":
        done.add("insert")
    if session.create(f"{place}/{WORD}")[0] == "OK":
        done.add("create")
    try:
        opened = session.select(place)[0]
    except imaplib.IMAP4.readonly:
        opened = session.select(place, readonly=True)[0]
    if opened != "OK":
        return done
    uid = find(session, "SUBJECT", subject)[0]
    (text, *_) = session.uid("FETCH", uid, "(BODY.PEEK[TEXT])")[1]
    if isinstance(text, tuple) and text[1].strip() == b"x":
        done.add("read")
    for flag, deed in ((r"\Flagged", "flag"), (r"\Deleted", "delete")):
        session.uid("STORE", uid, "+FLAGS", f"({flag})")
        if any(flag.encode() in row for row in _rows(session.uid("FETCH", uid, "(FLAGS)"))):
            done.add(deed)
    if _rows(session.expunge()):
        done.add("expunge")
    return done


def _rows(answer: tuple[str, Any]) -> list[bytes]:
    return [row for row in answer[1] if isinstance(row, bytes)]


def over_submission(client: smtplib.SMTP, sender: str, letter: EmailMessage, recipient: str) -> bool:
    """Try to send a letter, and tell whether it was taken."""
    try:
        client.send_message(letter, sender, [recipient])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError):
        client.rset()
        return False
    return True


@pytest.mark.parametrize("case", CASES, ids=[f"{case.who} in {case.mailbox}" for case in CASES])
def test_everybody_may_do_what_the_registry_says_and_nothing_more(
    case: Case,
    lab: Lab,
    staff: dict[str, Person],
    letter: Callable[..., EmailMessage],
    letters: None,  # noqa: ARG001 - there must be something to read
) -> None:
    person = staff[case.uid]
    session = lab.imap(person.uid, person.password)
    try:
        done = over_imap(session, case.place, f"{WORD} {CASES.index(case)}")
    finally:
        session.logout()
    with lab.submission(person.uid, person.password) as client:
        if over_submission(client, case.address, letter(case.address, person.address), person.address):
            done.add("send")
        forged = over_submission(client, person.address, letter(case.address, person.address), person.address)
    assert done == case.allowed
    assert not forged, "the name that readers see must be the one that was allowed"


def test_nobody_signs_in_as_a_mailbox_nor_after_leaving_nor_as_an_admin(lab: Lab, staff: dict[str, Person]) -> None:
    head = staff[SNV["head"]]
    tries = {
        "the agency's mailbox with its head's password": ("snv", head.password, ""),
        "its head in the mailbox's place": (head.uid, head.password, "snv"),
        "somebody who left": (LEAVER["id"], lab.secret(f"initial-passwords/{LEAVER['id']}"), ""),
        "the agency's admin": ("admin", lab.secret("initial-passwords/admin.snv"), ""),
        "the admin in the head's place": ("admin", lab.secret("initial-passwords/admin.snv"), head.uid),
    }
    doors = {"IMAP": _imap_lets_in, "submission": _submission_lets_in, "ManageSieve": _managesieve_lets_in}
    assert all(lets_in(lab, head.uid, head.password, "") for lets_in in doors.values()), "the tests' own way in"
    with ThreadPoolExecutor(len(tries) * len(doors)) as pool:
        opened = {
            (who, door): pool.submit(lets_in, lab, *words)
            for who, words in tries.items()
            for door, lets_in in doors.items()
        }
        assert [each for each, found in opened.items() if found.result()] == []


def _imap_lets_in(lab: Lab, name: str, password: str, instead_of: str) -> bool:
    client = imaplib.IMAP4_SSL(f"imap.{DOMAIN}", ssl_context=lab.tls(), timeout=60)
    try:
        return client.authenticate("PLAIN", lambda _: f"{instead_of}\0{name}\0{password}".encode())[0] == "OK"
    except imaplib.IMAP4.error:
        return False
    finally:
        client.shutdown()


def _submission_lets_in(lab: Lab, name: str, password: str, instead_of: str) -> bool:
    with smtplib.SMTP_SSL(f"smtp.{DOMAIN}", 465, context=lab.tls(), timeout=60) as client:
        client.ehlo()
        words = base64.b64encode(f"{instead_of}\0{name}\0{password}".encode()).decode()
        return client.docmd("AUTH", f"PLAIN {words}")[0] == 235


def _managesieve_lets_in(lab: Lab, name: str, password: str, instead_of: str) -> bool:
    with ManageSieve(lab) as client:
        client.start_tls()
        return client.sign_in(name, password, instead_of=instead_of).startswith("OK")


def test_a_folder_is_no_address(lab: Lab, person: Person) -> None:
    with lab.submission(person.uid, person.password) as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.sendmail(person.address, [f"vpubnd-bieu-mau@{DOMAIN}"], "Subject: x\r\n\r\nx\r\n")


def test_a_letter_tells_people_inside_who_sent_it_and_nobody_outside(
    lab: Lab,
    staff: dict[str, Person],
    word: str,
    letter: Callable[..., EmailMessage],
    wait_for: Callable[..., EmailMessage | None],
) -> None:
    clerk, colleague = staff[SNV["clerks"][0]], staff[idle(SNV)]
    message = letter(SNV["account"], f"{colleague.address}, {PARTNER}")
    message["Congvu-Sent-By"] = SNV["head"]
    with lab.submission(clerk.uid, clerk.password) as client:
        client.send_message(message)

    inside = wait_for(colleague.uid, colleague.password, word)
    assert inside is not None
    assert inside.get_all("Congvu-Sent-By") == [clerk.uid], "what came along is not believed"
    outside = wait_for(PARTNER, lab.secret("outside-mailbox"), word, host=PARTNER_MX)
    assert outside is not None
    assert outside["From"] == SNV["account"]
    assert "Congvu-Sent-By" not in outside
    assert clerk.uid not in outside.as_string()
    verdicts = " ".join(map(str, outside.get_all("Authentication-Results", [])))
    assert "dkim=pass" in verdicts, "the signature holds without it"


def test_the_journals_tell_who_was_in_a_mailbox_and_who_wrote_in_its_name(
    lab: Lab, staff: dict[str, Person], mail: Host, letter: Callable[..., EmailMessage], word: str, tmp_path: Path
) -> None:
    reader, clerk, stranger = (staff[uid] for uid in (SNV["readers"][0], SNV["clerks"][0], idle(SNV)))
    mail.check_output("printf 'Subject: %s\\r\\n\\r\\nx\\r\\n' | doveadm save -u snv -m INBOX", word)
    session = lab.imap(reader.uid, reader.password)
    session.select("Shared/snv", readonly=True)
    session.uid("FETCH", find(session, "SUBJECT", word)[0], "(BODY.PEEK[])")
    session.logout()
    mail.check_output("doveadm fetch -u snv text mailbox INBOX subject %s", word)
    mail.check_output("doveadm expunge -u snv mailbox INBOX subject %s", word)
    for person in (clerk, stranger):
        with lab.submission(person.uid, person.password) as client:
            over_submission(client, SNV["account"], letter(SNV["account"], stranger.address), stranger.address)

    path = tmp_path / "visits.json"
    done = lab.playbook("access", mailbox=SNV["account"], lang="vi", file=path)
    assert done.returncode == 0, done.stdout + done.stderr
    visits = [(each["who"], each["deed"]) for each in json.loads(path.read_text(encoding="utf-8"))]
    assert {
        (reader.uid, "read"),
        (clerk.uid, "sent"),
        (stranger.uid, "refused"),
        ("doveadm", "read"),
        ("doveadm", "expunge"),
    } <= set(visits)
    assert not [visit for visit in visits if visit in ((stranger.uid, "read"), (stranger.uid, "sent"))]
    assert f"gửi <{word}@{DOMAIN}> đến {stranger.address}" in done.stdout
    assert "quản trị hệ thống, bằng quyền root trên máy chủ thư" in done.stdout
