"""What is backed up comes back: accounts with their passwords, letters to the byte, what the webmail knows."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from ldap3.core.exceptions import LDAPBindError

from ...conftest import DOMAIN, SUFFIX
from ...folders import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from testinfra.host import Host

ROOT = Path(__file__).resolve().parents[3]
HOST = f"mail.{DOMAIN}"
AGENCY = f"ou=saoluu,ou=agencies,{SUFFIX}"
# Marked as another estate's, so that no plan of the lab's registry touches them.
MARK = {"congvuEstate": "backup-scenario", "congvuState": "active"}
PASSWORD = "Phuc-hoi.2026!"  # noqa: S105 - of people who live as long as the scenario
UIDS = ["saoluu1", "saoluu2"]
LETTERS = 5
SQL = "runuser -u postgres -- psql --no-psqlrc --tuples-only --no-align webmail --command"
ADD_USER = "INSERT INTO users (username, mail_host, language) VALUES ('saoluu1', 'imap', 'vi_VN')"
ADD_CONTACT = (
    "INSERT INTO contacts (user_id, name, email)"
    " SELECT user_id, 'Bưu điện Cà Mau', 'buudien@doitac.example' FROM users WHERE username = 'saoluu1'"
)
ROWS = "SELECT (SELECT count(*) FROM identities) + (SELECT count(*) FROM contacts)"
CONTACTS = "SELECT username, c.name, c.email, u.language FROM users u JOIN contacts c USING (user_id) ORDER BY 1, 2"


@dataclass(frozen=True)
class Fingerprint:
    """What must be the same afterwards."""

    entries: dict[str, dict[str, str]]
    configuration: str
    letters: str
    contacts: str
    rows: int  # of what people keep in the webmail: identities and contacts

    @classmethod
    def take(cls, mail: Host) -> Fingerprint:
        """Read it on the machine itself, as no service would show it."""
        return cls(
            entries={
                lines["dn"]: {name: lines.get(name, "") for name in ("entryUUID", "userPassword", "mail")}
                for lines in blocks(mail.check_output(f"runuser -u openldap -- slapcat -o ldif-wrap=no -b {SUFFIX}"))
            },
            # slapd gives the entries of its configuration new identities at each start.
            configuration=mail.check_output(
                "runuser -u openldap -- slapcat -n 0"
                " | grep -vE '^(entryUUID|entryCSN|createTimestamp|modifyTimestamp): '"
            ),
            letters=mail.check_output(
                "find /var/vmail -name 'u.*' -printf '%u %g %m %p ' -exec sha256sum {} ';' | sort -k 4"
            ),
            contacts=mail.check_output(f'{SQL} "{CONTACTS}"'),
            rows=int(mail.check_output(f'{SQL} "{ROWS}"')),
        )


@dataclass(frozen=True)
class Disaster:
    """How it went."""

    before: Fingerprint
    refusal: subprocess.CompletedProcess[str]
    untouched: Fingerprint
    emptied: str
    restored: subprocess.CompletedProcess[str]
    after: Fingerprint


def blocks(ldif: str) -> list[dict[str, str]]:
    """Read LDIF without continued lines; of an attribute with several values the last counts."""
    return [dict(line.split(": ", 1) for line in block.splitlines() if ": " in line) for block in ldif.split("\n\n")]


def playbook(name: str, *extra: str) -> subprocess.CompletedProcess[str]:
    """Run a playbook of the project against the lab."""
    return subprocess.run(  # noqa: S603 - the scenario's own playbooks
        [Path(sys.executable).with_name("ansible-playbook"), name, *(part for one in extra for part in ("-e", one))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def add_people(lab: Any) -> None:  # noqa: ANN401 - the lab's class lives in conftest.py
    """Put an agency with two people into the directory."""
    directory = lab.service("reconciler")
    directory.add(AGENCY, ["organizationalUnit", "congvuObject"], {"congvuId": "agency:saoluu", **MARK})
    for uid in UIDS:
        directory.add(
            f"uid={uid},{AGENCY}",
            ["inetOrgPerson", "congvuObject", "congvuMailbox"],
            {
                **MARK,
                "congvuId": f"person:{uid}",
                "cn": f"Người {uid}",
                "sn": "Người",
                "mail": f"{uid}@{DOMAIN}",
                "congvuQuota": "1000000000",
                "userPassword": "{ARGON2}" + PasswordHasher().hash(PASSWORD),
            },
        )
        assert directory.result["description"] in ("success", "entryAlreadyExists"), directory.result
    directory.unbind()


def add_letters(lab: Any, letter: Callable[..., EmailMessage]) -> None:  # noqa: ANN401
    """Put letters into their inboxes, as a mail client would."""
    for uid in UIDS:
        with lab.imap(uid, PASSWORD) as client:
            for number in range(LETTERS):
                raw = letter(f"{uid}@{DOMAIN}", f"{uid}@{DOMAIN}", f"Công văn {number}").as_bytes()
                assert client.append("INBOX", r"(\Flagged)", "", raw)[0] == "OK"


def add_contacts(mail: Host) -> None:
    """Put a user of the webmail with a contact into its database."""
    for statement in (ADD_USER, ADD_CONTACT):
        mail.check_output(f'{SQL} "{statement}"')


@pytest.fixture(scope="module")
def disaster(lab: Any, mail: Host) -> Disaster:  # noqa: ANN401
    """Back up, ask for a restore without confirming it, lose everything, and restore."""

    def letter(sender: str, recipient: str, subject: str) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, recipient, subject
        message.set_content("Kính gửi các đồng chí.\n" * 200)
        return message

    add_people(lab)
    add_letters(lab, letter)
    add_contacts(mail)
    before = Fingerprint.take(mail)
    backup = playbook("playbooks/backup.yml", "backup_what=directory,mail,database")
    assert backup.returncode == 0, backup.stdout
    refusal = playbook("playbooks/restore.yml")
    untouched = Fingerprint.take(mail)
    destroyed = playbook("molecule/backup/destroy_data.yml")
    assert destroyed.returncode == 0, destroyed.stdout
    emptied = mail.check_output(
        "find /var/vmail /etc/ldap/slapd.d /var/lib/ldap /var/lib/postgresql/17/main -mindepth 1 2>/dev/null; true"
    )
    restored = playbook("playbooks/restore.yml", "restore_what=directory,mail,database", f"restore_confirm={HOST}")
    return Disaster(before, refusal, untouched, emptied, restored, Fingerprint.take(mail))


def test_a_restore_that_nobody_confirmed_is_refused_with_the_remedy(disaster: Disaster) -> None:
    assert disaster.refusal.returncode != 0
    assert f"-e restore_confirm={HOST}" in disaster.refusal.stdout
    assert disaster.untouched == disaster.before


def test_everything_was_lost(disaster: Disaster) -> None:
    assert disaster.emptied == ""


def test_the_restore_succeeds_and_says_what_it_counted(disaster: Disaster) -> None:
    assert disaster.restored.returncode == 0, disaster.restored.stdout
    assert f"entries of the directory: {len(disaster.before.entries)}" in disaster.restored.stdout
    assert "mailboxes that Dovecot opens:" in disaster.restored.stdout
    assert disaster.before.rows >= 1
    assert f"identities and contacts of the webmail: {disaster.before.rows}" in disaster.restored.stdout


def test_every_entry_is_back_with_its_identity_and_its_password(disaster: Disaster) -> None:
    assert f"uid={UIDS[0]},{AGENCY}" in disaster.before.entries
    assert disaster.after.entries == disaster.before.entries


def test_the_directory_s_configuration_is_back(disaster: Disaster) -> None:
    assert disaster.after.configuration == disaster.before.configuration


def test_every_letter_is_back_to_the_byte_with_its_owner(disaster: Disaster) -> None:
    assert len(disaster.before.letters.splitlines()) >= len(UIDS) * LETTERS
    assert disaster.after.letters == disaster.before.letters


def test_contacts_of_the_webmail_are_back(disaster: Disaster) -> None:
    assert disaster.before.contacts == f"{UIDS[0]}|Bưu điện Cà Mau|buudien@doitac.example|vi_VN"
    assert disaster.after.contacts == disaster.before.contacts


@pytest.mark.usefixtures("disaster")
@pytest.mark.parametrize("uid", UIDS)
def test_people_sign_in_with_their_old_password_and_find_their_letters_flagged(lab: Any, uid: str) -> None:  # noqa: ANN401
    with lab.imap(uid, PASSWORD) as client:
        client.select("INBOX", readonly=True)
        assert len(client.search(None, "FLAGGED")[1][0].split()) >= LETTERS


@pytest.mark.usefixtures("disaster")
def test_old_letters_are_found_again_by_their_words(lab: Any) -> None:  # noqa: ANN401
    with lab.imap(UIDS[0], PASSWORD) as client:
        client.select("INBOX", readonly=True)
        assert len(find(client, "BODY", "kinh gui")) >= LETTERS


@pytest.mark.usefixtures("disaster")
def test_the_directory_still_tells_strangers_nothing(lab: Any) -> None:  # noqa: ANN401
    with pytest.raises(LDAPBindError):
        lab.ldap()


@pytest.mark.usefixtures("disaster")
def test_what_was_there_before_the_restore_is_kept(mail: Host) -> None:
    assert mail.check_output("ls -d /var/lib/ldap.before-restore-* /var/vmail.before-restore-*").count("\n") >= 1


@pytest.mark.usefixtures("disaster")
def test_no_dump_with_password_hashes_is_left_behind(mail: Host) -> None:
    assert mail.check_output("find /var/lib/congvu-backup -name '*.ldif' -o -name '*.sql'") == ""


@pytest.mark.usefixtures("disaster")
def test_backups_are_due_again_and_monitoring_knows_the_last_one(mail: Host) -> None:
    for job in ("directory", "mail", "configuration", "filter", "database"):
        assert mail.service(f"congvu-backup@{job}.timer").is_running
    metrics = mail.file("/var/lib/prometheus/node-exporter/congvu_backup_mail.prom").content_string
    (success,) = [
        line for line in metrics.splitlines() if line.startswith("congvu_backup_last_success_timestamp_seconds{")
    ]
    assert time.time() - float(success.split()[-1]) < 3600


def test_the_repository_is_encrypted_and_closed(mail: Host) -> None:
    assert mail.file("/srv/backup").mode == 0o700
    assert mail.file("/etc/congvu/backup/password").mode == 0o600
    assert mail.run("grep -rqa saoluu1 /srv/backup").rc == 1
