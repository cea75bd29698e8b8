"""The mail store, as its people see it: who signs in, what arrives, who may do what, what is found.

Everything happens in an agency of the tests' own, made by the engine's account and removed afterwards.
"""

from __future__ import annotations

import base64
import imaplib
import json
import os
import re
import secrets
import smtplib
import socket
import ssl
import subprocess
import sys
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ldap3
import pytest
import yaml
from argon2 import PasswordHasher

from ...conftest import DOMAIN, SUFFIX
from ...folders import find, imap_name, take_on
from ...managesieve import ManageSieve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from testinfra.host import Host

    from ...conftest import Lab

ROOT = Path(__file__).resolve().parents[3]
IMAP, SUBMISSION = f"imap.{DOMAIN}", f"smtp.{DOMAIN}"
AGENCY = f"ou=thu-kho,ou=agencies,{SUFFIX}"
BOX = "thu-kho"
SHARED = f"Shared/{BOX}"
READ, CLERK, MANAGER = f"{BOX}:read", f"{BOX}:clerk", f"{BOX}:manager"
ROOMY, SMALL = 100_000_000, 200_000
LEVELS = {
    "read": ["lookup", "read"],
    "clerk": ["lookup", "read", "write", "write-seen", "insert", "post"],
    "manager": [
        "lookup", "read", "write", "write-seen", "write-deleted", "insert", "post", "expunge", "create", "delete",
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Member:
    """Somebody of the tests' agency."""

    uid: str
    state: str = "active"
    quota: int = ROOMY
    access: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Primary address."""
        return f"{self.uid}.chinh@{DOMAIN}"

    @property
    def alias(self) -> str:
        """Another address."""
        return f"{self.uid}.phu@{DOMAIN}"

    @property
    def dn(self) -> str:
        """Name of the directory entry."""
        return f"uid={self.uid},{AGENCY}"


OWNER = Member("thk-nhan-vien")
READER = Member("thk-doc", access=(READ,))
OFFICE = Member("thk-van-thu", access=(CLERK, "khac:read"))
HEAD = Member("thk-thu-truong", access=(MANAGER,))
LEAVER = Member("thk-da-nghi", state="disabled")
FULL = Member("thk-day", quota=SMALL)
CLERK_OF_UNIT = Member("thk-phong", access=(f"{BOX}-vp:clerk",))
MEMBERS = (OWNER, READER, OFFICE, HEAD, LEAVER, FULL, CLERK_OF_UNIT)


@dataclass(frozen=True)
class Agency:
    """The tests' agency: its people's password and the engine's way to change their entries."""

    password: str
    directory: ldap3.Connection

    def access(self, member: Member, *groups: str) -> None:
        """Set the groups that somebody is in."""
        change = {"congvuAccess": [(ldap3.MODIFY_REPLACE, list(groups))]}
        assert self.directory.modify(member.dn, change)  # type: ignore[no-untyped-call]


def managed(kind: str, name: str, state: str = "active") -> dict[str, Any]:
    """Return what every managed entry has."""
    return {"congvuEstate": "thu", "congvuId": f"{kind}:{name}", "congvuState": state}


@pytest.fixture(scope="module")
def agency(lab: Lab, mail: Host) -> Iterator[Agency]:
    """Make the agency, its mailbox and its people, none with any mail; remove them afterwards.

    Their mail goes before and not after: a session that ends at this moment would complain of its missing home.
    """
    homes = " ".join(f"/var/vmail/*/*/{name}" for name in (BOX, *(member.uid for member in MEMBERS)))
    mail.check_output(f"rm -rf {homes}")
    password = "Mat-Khau-" + secrets.token_hex(8)
    hashed = "{ARGON2}" + PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(password)
    directory = lab.service("reconciler")
    made: list[str] = []

    def add(dn: str, classes: list[str], attributes: dict[str, Any]) -> None:
        assert directory.add(dn, classes, attributes), directory.result  # type: ignore[no-untyped-call]
        made.append(dn)

    try:
        add(AGENCY, ["organizationalUnit", "congvuObject"], managed("agency", BOX))
        add(
            f"uid={BOX},{AGENCY}",
            ["account", "congvuObject", "congvuMailbox"],
            {**managed("mailbox", BOX), "mail": f"{BOX}@{DOMAIN}", "congvuQuota": ROOMY},
        )
        for member in MEMBERS:
            attributes = {
                **managed("person", member.uid, member.state),
                "cn": member.uid,
                "sn": member.uid,
                "mail": member.address,
                "mailLocalAddress": member.alias,
                "congvuQuota": member.quota,
                "userPassword": hashed,
            }
            if member.access:
                attributes["congvuAccess"] = list(member.access)
            add(member.dn, ["inetOrgPerson", "congvuObject", "congvuMailbox"], attributes)
        rights(LEVELS)
        yield Agency(password, directory)
    finally:
        for dn in reversed(made):
            directory.delete(dn)  # type: ignore[no-untyped-call]
        directory.unbind()


def rights(levels: dict[str, list[str]], documents: dict[str, Any] | None = None) -> dict[str, Any]:
    """Hold the agency mailbox to access levels, with the module as a playbook would."""
    arguments = json.dumps({"mailboxes": [BOX], "access": levels, "documents": documents or {}})
    environment = {name: value for name, value in os.environ.items() if name != "ANSIBLE_STRATEGY"}
    ansible = str(Path(sys.executable).with_name("ansible"))
    done = subprocess.run(  # noqa: S603 - our own command
        [ansible, "store", "-m", "congvu.mail.mailboxes", "-a", arguments],
        cwd=ROOT,
        env={
            **environment,
            "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.minimal",
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.partition("=>")[2])
    return answer


@pytest.fixture
def sign_in(lab: Lab, agency: Agency) -> Iterator[Callable[..., imaplib.IMAP4_SSL]]:
    """Return what signs somebody in; all sessions end with the test."""
    sessions: list[imaplib.IMAP4_SSL] = []

    def start(member: Member) -> imaplib.IMAP4_SSL:
        session = lab.imap(member.address, agency.password)
        sessions.append(session)
        return session

    yield start
    for session in sessions:
        session.logout()


@pytest.fixture
def deliver(mail: Host, agency: Agency) -> Callable[..., str]:  # noqa: ARG001 - there must be somebody to receive
    """Return what hands a letter to the store as the mail servers do, and returns the store's answer."""

    def lmtp(recipient: str, message: EmailMessage, lines: int = 0) -> str:
        raw = base64.b64encode(bytes(message)).decode()
        script = (
            "import base64, smtplib, ssl\n"
            "store = smtplib.LMTP('127.0.0.1', 24)\n"
            "store.starttls(context=ssl._create_unverified_context())\n"
            "store.ehlo_or_helo_if_needed()\n"
            "store.mail('thu@doitac.example')\n"
            f"code, text = store.rcpt('{recipient}')\n"
            "if code == 250:\n"
            f"    code, text = store.data(base64.b64decode('{raw}') + b'{'x' * 70}\\n' * {lines})\n"
            "print(code, text.decode())\n"
        )
        return str(mail.check_output("python3 -c %s", script))

    return lmtp


def text(subject: str, body: str = "Kính gửi.", **headers: str) -> EmailMessage:
    """Return a letter."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "thu@doitac.example", f"nguoi.nhan@{DOMAIN}", subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def find_in(session: imaplib.IMAP4, folder: str, key: str, words: str) -> list[str]:
    """Return the UIDs of the letters in a folder that a search finds."""
    session.select(f'"{folder}"', readonly=True)
    return find(session, key, words)


# ---- Sign-in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [OWNER.address, OWNER.uid, OWNER.address.upper()])
def test_people_sign_in_with_their_address_or_their_id(lab: Lab, agency: Agency, name: str) -> None:
    with lab.imap(name, agency.password) as session:
        assert session.select("INBOX")[0] == "OK"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        pytest.param(OWNER.address, "sai", id="a wrong password"),
        pytest.param(LEAVER.address, None, id="somebody disabled"),
        pytest.param(OWNER.alias, None, id="an address that is only an alias"),
        pytest.param(BOX, None, id="an agency mailbox"),
        pytest.param(f'"{OWNER.uid})(uid=*"', None, id="a piece of a search filter"),
    ],
)
def test_nobody_else_signs_in(lab: Lab, agency: Agency, name: str, password: str | None) -> None:
    session = imaplib.IMAP4_SSL(IMAP, ssl_context=lab.tls(), timeout=60)
    try:
        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
            session.login(name, password or agency.password)
    finally:
        session.shutdown()


def test_wrong_passwords_delay_nobody_else_at_the_same_address(lab: Lab, agency: Agency) -> None:
    def guess(number: int) -> int:
        with smtplib.SMTP_SSL(SUBMISSION, 465, context=lab.tls(), timeout=60) as client:
            client.ehlo()
            secret = base64.b64encode(f"\0khong.co.{number}\0sai{number}".encode())
            return client.docmd("AUTH", f"PLAIN {secret.decode()}")[0]

    # As from one PC behind an agency's NAT. Each is told that it was wrong, not that the service is out of order (454).
    with ThreadPoolExecutor(10) as guessers:
        assert set(guessers.map(guess, range(20))) == {535}
    begun = time.monotonic()
    with lab.submission(OWNER.address, agency.password), lab.imap(OWNER.address, agency.password):
        assert time.monotonic() - begun < 3


def test_no_password_is_taken_in_clear(lab: Lab, agency: Agency) -> None:
    session = imaplib.IMAP4(IMAP, timeout=30)
    assert "LOGINDISABLED" in session.capabilities
    with pytest.raises(imaplib.IMAP4.error, match="PRIVACYREQUIRED"):
        session.login(OWNER.uid, agency.password)
    session.starttls(lab.tls())
    session.login(OWNER.uid, agency.password)
    session.logout()


def test_old_tls_is_refused(lab: Lab) -> None:
    context = lab.tls()
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection((lab.mail_address, 993), timeout=10) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        context.wrap_socket(plain, server_hostname=IMAP)


def test_the_store_listens_where_it_should_and_nowhere_else(mail: Host) -> None:
    listening = mail.check_output("ss --listening --tcp --numeric --processes --no-header")
    ports = {int(line.split()[3].rpartition(":")[2]) for line in listening.splitlines() if '"dovecot"' in line}
    assert ports == {24, 143, 993, 4190}


# ---- Delivery ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [OWNER.address, OWNER.alias, OWNER.uid])
def test_a_letter_arrives_under_every_address(
    address: str, word: str, deliver: Callable[..., str], sign_in: Callable[..., imaplib.IMAP4_SSL]
) -> None:
    assert deliver(address, text(word)).startswith("250")
    assert len(find_in(sign_in(OWNER), "INBOX", "SUBJECT", word)) == 1


def test_a_leavers_mail_is_held(word: str, deliver: Callable[..., str], mail: Host) -> None:
    assert deliver(LEAVER.address, text(word)).startswith("250")
    assert mail.check_output("doveadm fetch -u %s hdr.subject mailbox INBOX subject %s", LEAVER.uid, word)


def test_a_letter_to_nobody_is_refused(deliver: Callable[..., str]) -> None:
    assert deliver(f"khong.co.ai@{DOMAIN}", text("?")).startswith("550")


def test_the_mail_home_is_keyed_by_the_id(deliver: Callable[..., str], mail: Host) -> None:
    deliver(OWNER.alias, text("?"))
    homes = mail.check_output("find /var/vmail -mindepth 3 -maxdepth 3 -name 'thk-nhan-vien*'").splitlines()
    assert [Path(home).name for home in homes] == [OWNER.uid]


def test_people_find_their_folders_by_special_use(sign_in: Callable[..., imaplib.IMAP4_SSL]) -> None:
    folders = b"\n".join(row for row in sign_in(OWNER).list()[1] if isinstance(row, bytes)).decode()
    for use in ("Drafts", "Sent", "Archive", "Junk", "Trash"):
        assert re.search(rf'\\{use}\b[^\n]*"/" {use}$', folders, re.MULTILINE), folders


# ---- Quota ---------------------------------------------------------------------------------------------------------


def test_a_full_mailbox_warns_its_owner_and_then_makes_senders_wait(
    word: str, deliver: Callable[..., str], sign_in: Callable[..., imaplib.IMAP4_SSL]
) -> None:
    session = sign_in(FULL)
    assert deliver(FULL.address, text(word), lines=2400).startswith("250")
    assert deliver(FULL.address, text(word), lines=420).startswith("250")
    deadline = time.monotonic() + 20
    while len(find_in(session, "INBOX", "SUBJECT", "Hộp thư đã dùng")) < 2 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert len(find_in(session, "INBOX", "SUBJECT", "Hộp thư đã dùng 80% dung lượng")) == 1
    assert len(find_in(session, "INBOX", "SUBJECT", "Hộp thư đã dùng 95% dung lượng")) == 1
    assert re.match(r"452 4\.2\.2", deliver(FULL.address, text(word)))
    session.select("INBOX")
    assert session.append("INBOX", "", "", b"Subject: x\r\n\r\n")[0] == "NO"
    assert session.copy("1", "Trash")[0] == "OK", "throwing away must work when the mailbox is full"


# ---- Agency mailboxes ----------------------------------------------------------------------------------------------


def test_a_second_run_of_the_module_changes_nothing(agency: Agency) -> None:  # noqa: ARG001 - it made the rights
    answer = rights(LEVELS)
    assert answer["changed"] is False
    assert answer["counts"] == {"mailboxes": 1, "created": 0, "granted": 0, "revoked": 0, "scripts": 0}


def test_a_folder_made_by_a_manager_is_everybodys(word: str, sign_in: Callable[..., imaplib.IMAP4_SSL]) -> None:
    assert sign_in(HEAD).create(f"{SHARED}/{word}")[0] == "OK"
    assert sign_in(READER).select(f"{SHARED}/{word}", readonly=True)[0] == "OK"
    assert sign_in(OFFICE).append(f"{SHARED}/{word}", "", "", b"Subject: x\r\n\r\n")[0] == "OK"
    assert sign_in(OWNER).select(f"{SHARED}/{word}", readonly=True)[0] == "NO"


def test_changed_rights_are_in_force_at_the_next_sign_in(
    agency: Agency, sign_in: Callable[..., imaplib.IMAP4_SSL]
) -> None:
    assert sign_in(OWNER).select(SHARED, readonly=True)[0] == "NO"
    try:
        agency.access(OWNER, READ)
        assert sign_in(OWNER).select(SHARED, readonly=True)[0] == "OK"
    finally:
        agency.access(OWNER)
    assert sign_in(OWNER).select(SHARED, readonly=True)[0] == "NO"


@pytest.mark.parametrize("member", [OWNER, HEAD])
def test_nobody_opens_a_mailbox_to_others(member: Member, sign_in: Callable[..., imaplib.IMAP4_SSL]) -> None:
    session = sign_in(member)
    assert session.setacl("INBOX", OFFICE.uid, "lr")[0] == "NO"
    if member is HEAD:
        assert session.setacl(SHARED, OWNER.uid, "lr")[0] == "NO"


def test_a_changed_level_reaches_every_folder_and_rights_from_elsewhere_go(
    word: str, mail: Host, sign_in: Callable[..., imaplib.IMAP4_SSL]
) -> None:
    sign_in(HEAD).create(f"{SHARED}/{word}")
    mail.check_output("doveadm acl set -u %s %s user=%s lookup read", BOX, word, OWNER.uid)
    assert sign_in(OWNER).select(f"{SHARED}/{word}", readonly=True)[0] == "OK"
    try:
        answer = rights({**LEVELS, "clerk": LEVELS["read"]})
        assert answer["changed"] is True
        assert answer["counts"]["revoked"] == 1
        assert sign_in(OWNER).select(f"{SHARED}/{word}", readonly=True)[0] == "NO"
        assert sign_in(OFFICE).append(f"{SHARED}/{word}", "", "", b"Subject: x\r\n\r\n")[0] == "NO"
    finally:
        rights(LEVELS)


def test_who_did_what_in_a_mailbox_is_in_the_journal(
    word: str, mail: Host, sign_in: Callable[..., imaplib.IMAP4_SSL]
) -> None:
    session = sign_in(HEAD)
    session.append(SHARED, "", "", f"Message-ID: <{word}@{DOMAIN}>\r\n\r\n".encode())
    session.select(SHARED)
    session.store("*", "+FLAGS", r"(\Deleted)")
    session.expunge()
    lines = mail.check_output("journalctl --unit dovecot.service --since -1min --output cat").splitlines()
    (line,) = (line for line in lines if "expunge:" in line and word in line)
    assert re.match(rf"imap\({HEAD.uid}\)<\d+><[^>]+>: .*box={SHARED}", line)


# ---- Documents -----------------------------------------------------------------------------------------------------

YEAR = time.localtime().tm_year
DOCUMENTS = f"{SHARED}/Văn bản đến/{YEAR}"
REGISTERED, ASSIGNED, DONE = (f"{DOCUMENTS}/{stage}" for stage in ("Đã vào sổ", "Đã phân công", "Đã giải quyết"))
ASSIGNED_TO_UNIT = f"{ASSIGNED}/Văn phòng"


def rule(**more: object) -> dict[str, Any]:
    """Return the rule of Cà Mau's policy, as `holdings` would hand it on for this agency."""
    policy = yaml.safe_load((ROOT / "inventories/camau/registry/policy.yml").read_text(encoding="utf-8"))
    said = policy["documents"]
    stages = [{"units": False, **stage} for stage in said["stages"]]
    offices = {BOX: {f"{BOX}-vp": "Văn phòng"}}
    told = {"folder": said["folder"], "stages": stages, "filing": [], "notices": []}
    return {**told, "years": [YEAR], "agencies": offices, **more}


@pytest.fixture(scope="module")
def office(agency: Agency) -> dict[str, int]:  # noqa: ARG001 - it has the mailbox
    """Give the agency folders for documents, with filing and a notice that is over; return what was done for that."""
    filing = [{"domain": "chinhphu.example", "folder": "Từ Chính phủ"}]
    notices = [{"since": "2020-01-01", "until": "2020-01-02", "subject": "Nghỉ", "text": "Đã qua."}]
    wanted = rule(filing=filing, notices=notices)
    counts: dict[str, int] = rights(LEVELS, wanted)["counts"]
    assert rights(LEVELS, wanted)["changed"] is False
    return counts


def test_a_document_is_registered_assigned_and_done_by_those_whose_step_it_is(
    word: str, office: dict[str, int], deliver: Callable[..., str], sign_in: Callable[..., imaplib.IMAP4_SSL]
) -> None:
    assert office["created"] == 7
    deliver(f"{BOX}@{DOMAIN}", text(word))
    clerk, head, unit = sign_in(OFFICE), sign_in(HEAD), sign_in(CLERK_OF_UNIT)

    assert take_on(clerk, word, SHARED, REGISTERED, "COPY"), "the clerk registers"
    assert not take_on(clerk, word, REGISTERED, ASSIGNED_TO_UNIT), "and does not assign"
    assert not take_on(unit, word, REGISTERED, DONE), "nor does a unit help itself"
    assert take_on(head, word, REGISTERED, ASSIGNED_TO_UNIT), "the head assigns"
    seen = b"\n".join(row for row in unit.list()[1] if isinstance(row, bytes)).decode()
    assert imap_name(ASSIGNED_TO_UNIT).strip('"') in seen
    assert imap_name(REGISTERED).strip('"') not in seen
    assert take_on(unit, word, ASSIGNED_TO_UNIT, DONE), "the unit handles it"
    assert not take_on(unit, word, DONE, ASSIGNED_TO_UNIT), "and that is that"
    assert take_on(head, word, DONE, REGISTERED, "COPY"), "it is there for those who look it up"
    assert len(find_in(head, SHARED, "SUBJECT", word)) == 1, "what came in stays as it came"
    assert head.delete(imap_name(DONE))[0] == "NO"


def test_a_letter_is_filed_by_its_senders_domain_as_long_as_the_policy_says(
    word: str, office: dict[str, int], deliver: Callable[..., str], mail: Host
) -> None:
    def holds(folder: str) -> bool:
        return bool(mail.run("doveadm fetch -u %s uid mailbox %s subject %s", BOX, folder, word).stdout)

    letter = text(word)
    letter.replace_header("From", "vanthu@vpcp.chinhphu.example")
    assert office["scripts"] == 1
    deliver(f"{BOX}@{DOMAIN}", letter)
    assert holds(f"Văn bản đến/{YEAR}/Từ Chính phủ")
    assert not holds("INBOX")
    assert rights(LEVELS, rule())["counts"]["scripts"] == 1
    deliver(f"{BOX}@{DOMAIN}", letter)
    assert holds("INBOX")


# ---- Sieve ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def sieve(lab: Lab, agency: Agency) -> Iterator[ManageSieve]:
    """Return a ManageSieve session of the owner, whose scripts are gone afterwards."""
    with ManageSieve(lab) as session:
        session.start_tls()
        assert session.sign_in(OWNER.address, agency.password).startswith("OK")
        yield session
        session.command('SETACTIVE ""')
        session.command('DELETESCRIPT "thu"')


def test_sieve_scripts_are_managed_over_tls_only(lab: Lab, agency: Agency) -> None:
    with ManageSieve(lab) as session:
        assert '"STARTTLS"' in session.capabilities
        assert '"SASL" ""' in session.capabilities
        assert session.sign_in(OWNER.address, agency.password).startswith("NO")


def test_a_personal_script_files_letters(
    word: str, sieve: ManageSieve, deliver: Callable[..., str], sign_in: Callable[..., imaplib.IMAP4_SSL]
) -> None:
    script = f"""require ["fileinto", "mailbox"];
    if header :contains "subject" "{word}" {{ fileinto :create "Công văn"; }}
    """
    assert sieve.put("thu", script).startswith("OK")
    assert sieve.command('SETACTIVE "thu"').startswith("OK")
    deliver(OWNER.address, text(word))
    session = sign_in(OWNER)
    assert len(find_in(session, "C&APQ-ng v&AQM-n", "SUBJECT", word)) == 1
    assert find_in(session, "INBOX", "SUBJECT", word) == []


@pytest.mark.parametrize(
    "script",
    [
        pytest.param('require "reject"; reject "no";', id="throwing letters back"),
        pytest.param('require "enotify"; notify "mailto:a@doitac.example";', id="notices to elsewhere"),
        pytest.param('require "vnd.dovecot.pipe"; pipe "sh";', id="programs"),
    ],
)
def test_a_script_may_not_do_everything(script: str, sieve: ManageSieve) -> None:
    assert sieve.put("thu", script).startswith("NO")


def test_a_script_that_redirects_too_often_does_nothing_but_keep(
    word: str, sieve: ManageSieve, deliver: Callable[..., str], sign_in: Callable[..., imaplib.IMAP4_SSL]
) -> None:
    sieve.put("thu", 'redirect "a@doitac.example"; redirect "b@doitac.example";')
    assert sieve.command('SETACTIVE "thu"').startswith("OK")
    deliver(OWNER.address, text(word))
    assert len(find_in(sign_in(OWNER), "INBOX", "SUBJECT", word)) == 1


def test_spam_goes_to_junk_before_any_personal_script(
    word: str, sieve: ManageSieve, deliver: Callable[..., str], sign_in: Callable[..., imaplib.IMAP4_SSL]
) -> None:
    assert sieve.put("thu", "keep;\r\n").startswith("OK")
    assert sieve.command('SETACTIVE "thu"').startswith("OK")
    deliver(OWNER.address, text(word, X_Spam="Yes"))
    session = sign_in(OWNER)
    assert len(find_in(session, "Junk", "SUBJECT", word)) == 1
    assert find_in(session, "INBOX", "SUBJECT", word) == []


# ---- Search --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def library(lab: Lab, agency: Agency) -> Iterator[imaplib.IMAP4_SSL]:
    """Return a session of somebody who has two letters: one in NFC as everybody writes, one in NFD as macOS does."""
    with lab.imap(OWNER.address, agency.password) as session:
        session.create("Tim")
        for message in (
            text("Công văn về Điện Biên", "Tuyến đường Hùng Vương: ý kiến của Ủy ban nhân dân."),
            text(
                unicodedata.normalize("NFD", "Báo cáo từ Đắk Lắk"),
                unicodedata.normalize("NFD", "Kính gửi các đơn vị tại Thừa Thiên Huế."),
            ),
        ):
            session.append("Tim", "", "", bytes(message))
        session.select("Tim")
        yield session
        session.delete("Tim")


@pytest.mark.parametrize(
    ("key", "words", "found"),
    [
        ("SUBJECT", "dien bien", ["1"]),
        ("SUBJECT", "Điện Biên", ["1"]),
        ("TEXT", "dien bien", ["1"]),
        ("BODY", "duong", ["1"]),
        ("BODY", "ĐƯỜNG", ["1"]),
        ("BODY", "y kien", ["1"]),
        ("BODY", "ý kiến", ["1"]),
        ("BODY", "uy ban", ["1"]),
        ("SUBJECT", "dak lak", ["2"]),
        ("SUBJECT", "Đắk Lắk", ["2"]),
        ("BODY", "thua thien", ["2"]),
        ("BODY", "Thừa Thiên", ["2"]),
        ("BODY", unicodedata.normalize("NFD", "Thừa Thiên"), ["2"]),
        ("FROM", "thu@doitac.example", ["1", "2"]),
        ("BODY", "hải phòng", []),
    ],
)
def test_search_reads_vietnamese_with_and_without_marks(
    key: str, words: str, found: list[str], library: imaplib.IMAP4_SSL
) -> None:
    assert find(library, key, words) == found


@pytest.mark.usefixtures("library")
def test_a_search_that_the_index_fails_says_so_and_finds_when_made_again(
    mail: Host, sign_in: Callable[..., imaplib.IMAP4_SSL]
) -> None:
    # What another process makes and removes meanwhile: a name that is listed and not there.
    index = mail.check_output("find /var/vmail/*/*/%s/sdbox -path '*/Tim/*' -name fts-flatcurve", OWNER.uid)
    session = sign_in(OWNER)
    session.select("Tim", readonly=True)
    mail.check_output("ln -s nowhere %s/passing", index)
    try:
        status, answer = session.search(None, "BODY", '"duong"')
    finally:
        mail.check_output("rm %s/passing", index)
    assert (status, b"SERVERBUG" in answer[0]) == ("NO", True), "nothing found would be believed"
    assert session.search(None, "BODY", '"duong"') == ("OK", [b"1"])


# ---- Sign-in for Postfix -------------------------------------------------------------------------------------------


def test_only_postfix_may_ask_for_passwords(mail: Host) -> None:
    door = mail.file("/var/spool/postfix/private/auth")
    assert (door.is_socket, door.user, door.group, door.mode) == (True, "postfix", "postfix", 0o660)
