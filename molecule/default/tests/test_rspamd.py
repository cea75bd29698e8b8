"""The filter, as senders feel it at the door, and as it marks and signs what it lets through."""

from __future__ import annotations

import io
import json
import os
import subprocess
import zipfile
from base64 import b64decode, b64encode
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from testinfra.host import Host

    from ...conftest import Lab

    MakeLetter = Callable[..., EmailMessage]
    Send = Callable[[EmailMessage], tuple[int, str]]
    Scan = Callable[..., Any]

DOMAIN = "thuathienhue.gov.vn"
FURTHER = f"thu.{DOMAIN}"  # a mail domain that this scenario adds
CLERK, PARTNER, POSTMASTER = f"an@{DOMAIN}", "lan@doitac.example", f"postmaster@{DOMAIN}"
SELECTORS = {"rsa2026a": "rsa-sha256", "ed2026a": "ed25519-sha256"}
CONTROLLER = "/run/rspamd/controller.sock"
SCANNER_PORT = 11333

# In hexadecimal, or a scanner would take this file for what it describes.
EICAR = bytes.fromhex(
    "58354f2150254041505b345c505a58353428505e2937434329377d24"
    "45494341522d5354414e444152442d414e544956495255532d544553542d46494c452124482b482a"
)
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"


def zipped(content: bytes, name: str) -> bytes:
    """Return a ZIP archive with one file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr(name, content)
    return archive.getvalue()


def with_attachment(letter: EmailMessage, content: bytes, name: str) -> EmailMessage:
    """Return the letter with a file attached."""
    letter.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return letter


# Spoken on the partner's own machine: from anywhere else its letters would be forgeries, and refused as such.
DIALOGUE = """
import json, smtplib, sys
host, sender, recipient = sys.argv[1:]
with smtplib.SMTP(host, 25, timeout=240) as client:
    client.ehlo()
    client.mail(sender)
    client.rcpt(recipient)
    code, answer = client.data(sys.stdin.buffer.read())
json.dump([code, answer.decode()], sys.stdout)
"""


@pytest.fixture
def send(lab: Lab) -> Send:
    """Return a sender from outside that tells the mail exchange's last answer."""

    def deliver(letter: EmailMessage) -> tuple[int, str]:
        command = ["podman", "exec", "--interactive", f"{lab.name}-outside", "python3", "-c", DIALOGUE]
        done = subprocess.run(  # noqa: S603 - our own command
            [*command, lab.mail_address, PARTNER, POSTMASTER], input=letter.as_bytes(), capture_output=True, check=True
        )
        code, answer = json.loads(done.stdout)
        return code, answer

    return deliver


@pytest.fixture
def scan(mail: Host) -> Scan:
    """Return a scanner of letters without delivery: its verdict, or the letter as it would go on."""

    def judge(letter: EmailMessage | bytes, *, sender: str, user: str | None = None, rewritten: bool = False) -> Any:  # noqa: ANN401 - JSON
        options = [f"--connect={CONTROLLER}", "--rcpt=x@doitac.example", f"--from={sender}"]
        options += [f"--user={user}"] if user else ["--ip=203.0.113.5", "--helo=mx.doitac.example"]
        options += ["--mime"] if rewritten else ["--json"]
        encoded = b64encode(bytes(letter)).decode()
        output = b64decode(mail.check_output(f"echo {encoded} | base64 -d | rspamc {' '.join(options)} | base64"))
        return output if rewritten else json.loads(output)

    return judge


@contextmanager
def stopped(mail: Host, *units: str) -> Iterator[None]:
    """Stop units for a while."""
    mail.check_output(f"systemctl stop {' '.join(units)}")
    try:
        yield
    finally:
        mail.check_output(f"systemctl start {' '.join(units)}")


@contextmanager
def unreachable(mail: Host, port: int) -> Iterator[None]:
    """Cut the machine off from a port, its own included."""
    chain = "add chain inet cut out { type filter hook output priority 0; }"
    mail.check_output(f"nft 'add table inet cut; {chain}; add rule inet cut out tcp dport {port} reject'")
    try:
        yield
    finally:
        mail.check_output("nft delete table inet cut")


def test_an_honest_letter_comes_in(send: Send, letter: MakeLetter) -> None:
    assert send(letter(PARTNER, POSTMASTER))[0] == 250


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.bin", EICAR),
        ("packed.zip", zipped(EICAR, "inside.txt")),
        ("twice.zip", zipped(zipped(EICAR, "a"), "b.zip")),
    ],
    ids=["plain", "packed", "packed twice"],
)
def test_malware_is_refused_at_the_door(send: Send, letter: MakeLetter, name: str, content: bytes) -> None:
    code, answer = send(with_attachment(letter(PARTNER, POSTMASTER), content, name))
    assert code == 554
    assert answer.startswith("5.7.1")
    assert "malware" in answer


def test_malware_is_found_behind_a_large_attachment(send: Send, letter: MakeLetter) -> None:
    large = with_attachment(letter(PARTNER, POSTMASTER), os.urandom(15_000_000), "ban-ve.bin")
    code, answer = send(with_attachment(large, EICAR, "kem.bin"))
    assert (code, "malware" in answer) == (554, True)


def test_malware_is_refused_from_whoever_signed_in(scan: Scan, letter: MakeLetter) -> None:
    verdict = scan(with_attachment(letter(CLERK, PARTNER), EICAR, "a.bin"), sender=CLERK, user="tth00123")
    assert verdict["action"] == "reject"
    assert "malware" in verdict["messages"]["smtp_message"]


def test_mail_waits_while_the_malware_scanner_is_down(mail: Host, send: Send, letter: MakeLetter) -> None:
    with stopped(mail, "clamav-daemon.socket", "clamav-daemon.service"):
        code, answer = send(letter(PARTNER, POSTMASTER))
    assert (code, answer[:4]) == (451, "4.7.")
    mail.check_output("clamdscan --ping 60")
    assert send(letter(PARTNER, POSTMASTER))[0] == 250


def test_mail_waits_while_no_scanner_is_reachable(mail: Host, send: Send, letter: MakeLetter) -> None:
    with unreachable(mail, SCANNER_PORT):
        assert send(letter(PARTNER, POSTMASTER))[0] == 451
    assert send(letter(PARTNER, POSTMASTER))[0] == 250


def test_spam_is_refused_at_the_door(send: Send, letter: MakeLetter) -> None:
    code, answer = send(letter(PARTNER, POSTMASTER, body=GTUBE))
    assert (code, answer[:5]) == (554, "5.7.1")


@pytest.mark.parametrize("author", [CLERK, f"an@{FURTHER}", f"giam-doc@snv.{DOMAIN}", f"AN@{DOMAIN.upper()}"])
def test_a_letter_from_outside_in_a_name_of_ours_is_refused(send: Send, letter: MakeLetter, author: str) -> None:
    code, answer = send(letter(author, POSTMASTER))
    assert code == 554
    assert "do not come from outside" in answer


def test_a_second_author_does_not_hide_the_first(send: Send, letter: MakeLetter) -> None:
    assert send(letter(f"{PARTNER}, {CLERK}", POSTMASTER))[0] == 554


def test_a_program_is_marked_as_spam_at_least(scan: Scan, letter: MakeLetter) -> None:
    verdict = scan(with_attachment(letter(PARTNER, CLERK), b"MZ" + bytes(500), "hoa-don.exe"), sender=PARTNER)
    assert verdict["action"] in {"add header", "reject"}


@pytest.mark.parametrize(
    ("subject", "body"),
    [("GIẤY MỜI HỌP KHẨN", "Xem tệp đính kèm."), ("Thử", "Kính gửi."), ("ĐỀ NGHỊ", "ĐIỆN BIÊN PHỦ")],
)
def test_vietnamese_is_not_suspicious(scan: Scan, letter: MakeLetter, subject: str, body: str) -> None:
    symbols = scan(letter(PARTNER, CLERK, subject=subject, body=body), sender=PARTNER)["symbols"]
    alphabet = {name: each["score"] for name, each in symbols.items() if "CHARSET" in name or "CAPS" in name}
    assert sum(alphabet.values()) < 1, alphabet


def test_whoever_signed_in_writes_in_their_own_name_only(scan: Scan, letter: MakeLetter) -> None:
    verdict = scan(letter(f"binh@{DOMAIN}", PARTNER), sender=CLERK, user="tth00123")
    assert verdict["action"] == "reject"
    assert "AUTHOR_NOT_SENDER" in verdict["symbols"]
    assert scan(letter(CLERK, PARTNER), sender=CLERK, user="tth00123")["action"] == "no action"


@pytest.mark.parametrize("domain", [DOMAIN, FURTHER])
def test_what_leaves_is_signed_with_every_key_in_the_author_s_domain(
    scan: Scan, letter: MakeLetter, domain: str
) -> None:
    author = f"an@{domain}"
    raw = scan(letter(author, PARTNER), sender=author, user="tth00123", rewritten=True)
    signed = message_from_bytes(raw, policy=policy.default)
    values = ["".join(value.split()).split(";") for value in signed.get_all("DKIM-Signature", [])]
    signatures = [dict(tag.split("=", 1) for tag in tags) for tags in values]
    assert {each["s"]: each["a"] for each in signatures} == SELECTORS
    assert {each["d"] for each in signatures} == {domain}


@pytest.mark.parametrize("domain", [DOMAIN, FURTHER])
def test_signatures_hold_against_the_published_records(scan: Scan, letter: MakeLetter, domain: str) -> None:
    author = f"an@{domain}"
    signed = scan(letter(author, PARTNER), sender=author, user="tth00123", rewritten=True)
    verdict = scan(signed, sender=PARTNER)
    assert len(verdict["symbols"]["R_DKIM_ALLOW"]["options"]) == len(SELECTORS)
    assert verdict["symbols"]["DKIM_TRACE"]["options"] == [f"{domain}:+"]
    assert "SPOOFED_LOCAL_AUTHOR" not in verdict["symbols"], "a letter of ours comes back through a foreign list"


def test_the_records_of_the_keys_lie_ready(mail: Host) -> None:
    for selector, algorithm in SELECTORS.items():
        record = mail.file(f"/var/lib/rspamd/dkim/{DOMAIN}.{selector}.txt").content_string.strip()
        assert record.startswith(f"v=DKIM1; k={algorithm.partition('-')[0]}; p=")
        key = mail.file(f"/var/lib/rspamd/dkim/{DOMAIN}.{selector}.key")
        assert (key.user, key.mode) == ("_rspamd", 0o640)


def test_results_that_came_along_are_not_believed(scan: Scan, letter: MakeLetter) -> None:
    forged = letter(PARTNER, CLERK)
    forged["Authentication-Results"] = f"mail.{DOMAIN}; dkim=pass; spf=pass"
    forged["X-Spam"] = "No"
    headers = scan(forged, sender=PARTNER)["milter"]
    assert headers["remove_headers"] == {"Authentication-Results": 0, "Congvu-Sent-By": 0, "X-Spam": 0}
    assert "spf=pass" not in json.dumps(headers["add_headers"])


def test_only_proxy_and_scanner_have_ports(mail: Host) -> None:
    listening = {
        line.split()[3] for line in mail.check_output("ss --listening --tcp --numeric --no-header").splitlines()
    }
    ports = {
        port: {at.rpartition(":")[0] for at in listening if at.endswith(f":{port}")} for port in range(11332, 11336)
    }
    assert ports[11332] == {"127.0.0.1"}
    assert len(ports[SCANNER_PORT]) == 1
    assert not ports[11334] | ports[11335], "the controller and the fuzzy storage"
    assert not {at for at in listening if at.endswith((":3310", ":6379"))}, "clamd and Valkey"


@pytest.mark.parametrize("socket", ["/run/valkey/valkey.sock", "/run/clamav/clamd.ctl", CONTROLLER])
def test_nobody_else_on_the_machine_uses_their_sockets(mail: Host, socket: str) -> None:
    assert mail.file(socket).mode & 0o007 == 0
