"""What the network sees of the estate: names that are signed, certificates that DNS vouches for, and closed doors."""

from __future__ import annotations

import http.client
import json
import re
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from base64 import b64decode
from contextlib import closing
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from cryptography.x509 import load_der_x509_certificate

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from testinfra.host import Host

    from ...conftest import Lab

ROOT = Path(__file__).resolve().parents[3]
DOMAIN = "thuathienhue.gov.vn"
FURTHER = f"thu.{DOMAIN}"  # a mail domain that this scenario adds
by_domain = pytest.mark.parametrize("domain", [DOMAIN, FURTHER])
MX = f"mail.{DOMAIN}"
PARTNER_MX = "mx.doitac.example"
# Asks the machine's own resolver, which answers on the loopback only; no DNS library is needed there.
ASK = """
import socket, sys
with socket.create_connection((sys.argv[1], 53), timeout=10) as c:
    c.sendall(bytes.fromhex(sys.argv[2]))
    print(c.makefile("rb").read(int.from_bytes(c.recv(2), "big")).hex())
"""


def ask(host: Host, name: str, rdtype: str, server: str = "127.0.0.1") -> dns.message.Message:
    """Ask one question on a machine, as its programs do."""
    query = dns.message.make_query(name, rdtype, want_dnssec=False)
    query.flags |= dns.flags.AD
    wire = query.to_wire()
    answer = host.check_output("python3 -c %s %s %s", ASK, server, (len(wire).to_bytes(2, "big") + wire).hex())
    return dns.message.from_wire(bytes.fromhex(answer))


def data(host: Host, name: str, rdtype: str) -> list[str]:
    """Return what is published at a name or where it leads, a TXT record in one piece; it must be validated."""
    answer = ask(host, name, rdtype)
    assert answer.flags & dns.flags.AD, f"{name} {rdtype} is not validated: {answer}"
    return sorted(
        b"".join(rdata.strings).decode() if rdata.rdtype == dns.rdatatype.TXT else rdata.to_text()
        for rrset in answer.answer
        for rdata in rrset
        if rdata.rdtype == dns.rdatatype.from_text(rdtype)
    )


def tags(record: str) -> dict[str, str]:
    """Read the tags of a DKIM, DMARC, MTA-STS or TLS reporting record."""
    return {key.strip(): value.strip() for key, _, value in (part.partition("=") for part in record.split(";")) if key}


# Names


@pytest.mark.parametrize("machine", ["mail", "outside"])
@pytest.mark.parametrize(
    ("name", "rdtype", "answer"),
    [
        (DOMAIN, "MX", f"10 {MX}."),
        ("doitac.example", "MX", f"10 {PARTNER_MX}."),
        (DOMAIN, "TXT", f"v=spf1 mx a:smtp.{DOMAIN} -all"),
        (MX, "TXT", "v=spf1 a -all"),
        (FURTHER, "MX", f"10 {MX}."),
        (FURTHER, "TXT", f"v=spf1 mx a:smtp.{DOMAIN} -all"),
        (f"_imaps._tcp.{FURTHER}", "SRV", f"0 1 993 imap.{DOMAIN}."),
        (f"_imaps._tcp.{DOMAIN}", "SRV", f"0 1 993 imap.{DOMAIN}."),
        (f"_submissions._tcp.{DOMAIN}", "SRV", f"0 1 465 smtp.{DOMAIN}."),
        (f"_autodiscover._tcp.{DOMAIN}", "SRV", f"0 1 443 autodiscover.{DOMAIN}."),
        (f"_pop3s._tcp.{DOMAIN}", "SRV", "0 0 0 ."),
    ],
)
def test_a_signed_answer_is_validated(
    machine: str, name: str, rdtype: str, answer: str, request: pytest.FixtureRequest
) -> None:
    assert data(request.getfixturevalue(machine), name, rdtype) == [answer]


def test_a_name_that_does_not_exist_is_denied_with_proof(mail: Host) -> None:
    answer = ask(mail, f"khong-co.{DOMAIN}", "A")
    assert answer.rcode() == dns.rcode.NXDOMAIN
    assert answer.flags & dns.flags.AD


def test_an_unsigned_answer_still_comes_and_claims_nothing(mail: Host) -> None:
    # Where the machine gets its packages from: a public name that it has just used, whichever it is.
    sites = mail.check_output("apt-get indextargets --format '$(SITE)'").split()
    answer = ask(mail, str(urlsplit(sites[0]).hostname), "A")
    assert answer.rcode() == dns.rcode.NOERROR
    assert answer.answer
    assert not answer.flags & dns.flags.AD


def test_an_answer_whose_signatures_fail_is_withheld(mail: Host) -> None:
    # The same resolver with the same zone, but with a trust anchor that is not the zone's.
    config = mail.file("/etc/unbound/unbound.conf").content_string
    wrong = re.sub(rf"({re.escape(DOMAIN)}\. DS \d+ \d+ \d) \w+", lambda found: f"{found[1]} {'0' * 64}", config)
    assert wrong != config
    wrong = re.sub(rf'\n *trust-anchor: "{re.escape(DOMAIN)}\. DS \d+ \d+ 4 [^\n]*', "", wrong)
    wrong = re.sub(r"\n *interface: [^\n]*", "", wrong).replace("server:", "server:\n interface: 127.0.0.9", 1)
    wrong = wrong.replace("/run/unbound.ctl", "/run/unbound-test.ctl")
    mail.check_output("printf %%s %s > /run/unbound-test.conf", wrong)
    try:
        mail.check_output("systemd-run --quiet --unit=unbound-test unbound -d -p -c /run/unbound-test.conf")
        time.sleep(1)
        assert ask(mail, PARTNER_MX, "A", "127.0.0.9").rcode() == dns.rcode.NOERROR
        assert ask(mail, MX, "A", "127.0.0.9").rcode() == dns.rcode.SERVFAIL
    finally:
        mail.run("systemctl stop unbound-test; rm -f /run/unbound-test.conf")


@pytest.mark.parametrize("machine", ["mail", "outside"])
def test_addresses_and_names_of_mail_hosts_agree(machine: str, lab: Lab, mail: Host) -> None:
    address, name = {"mail": (lab.mail_address, MX), "outside": (lab.outside_address, PARTNER_MX)}[machine]
    pointer = ".".join(reversed(address.split("."))) + ".in-addr.arpa"
    assert data(mail, pointer, "PTR") == [f"{name}."]
    assert data(mail, name, "A") == [address]


def test_nobody_outside_may_ask_the_resolver(lab: Lab) -> None:
    with pytest.raises(OSError, match=r"timed out|refused"):
        socket.create_connection((lab.mail_address, 53), timeout=2).close()


def test_another_program_cannot_point_the_machine_elsewhere(mail: Host) -> None:
    mail.check_output("echo nameserver 192.0.2.1 > /etc/resolv.conf")
    deadline = time.monotonic() + 10
    while "192.0.2.1" in (said := mail.file("/etc/resolv.conf").content_string) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert re.findall(r"^nameserver (\S+)", said, re.MULTILINE) == ["127.0.0.1", "::1"]


# What mail is held against


@by_domain
def test_every_dkim_key_is_published_whole(mail: Host, domain: str) -> None:
    files = mail.check_output("ls /var/lib/rspamd/dkim").split()
    selectors = [file.removeprefix(f"{DOMAIN}.").removesuffix(".txt") for file in files if file.endswith(".txt")]
    assert selectors
    for selector in selectors:
        (record,) = data(mail, f"{selector}._domainkey.{domain}", "TXT")
        key = b64decode(tags(record)["p"], validate=True)
        if tags(record)["k"] == "ed25519":
            Ed25519PublicKey.from_public_bytes(key)
        else:
            public = load_der_public_key(key)
            assert isinstance(public, RSAPublicKey)
            assert public.key_size >= 2048


@by_domain
def test_forged_mail_is_to_be_refused(mail: Host, domain: str) -> None:
    (record,) = data(mail, f"_dmarc.{domain}", "TXT")
    assert tags(record)["p"] == "reject"
    assert tags(record)["rua"].startswith("mailto:")


@by_domain
@pytest.mark.usefixtures("lab")
def test_the_partner_refuses_mail_that_only_pretends_to_be_the_estates(domain: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"chu.tich@{domain}", "lan@doitac.example", "Gấp"
    message["Date"], message["Message-ID"] = "Sun, 22 Nov 2026 08:00:00 +0700", f"<gia-mao@{domain}>"
    message.set_content("Chuyển tiền ngay.")
    with (
        smtplib.SMTP(PARTNER_MX, 25, local_hostname="ke-gian.example", timeout=30) as client,
        pytest.raises(smtplib.SMTPDataError, match="DMARC"),
    ):
        client.send_message(message)


# Transport

STARTTLS = {25: "smtp", 587: "smtp"}


def presented(name: str, port: int) -> bytes:
    """Return the certificate that a service shows, whoever signed it: DANE asks for the key alone."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if STARTTLS.get(port):
        with smtplib.SMTP(name, port, local_hostname=PARTNER_MX, timeout=30) as client:
            client.starttls(context=context)
            assert isinstance(client.sock, ssl.SSLSocket)
            shown = client.sock.getpeercert(binary_form=True)
    else:
        with (
            socket.create_connection((name, port), timeout=30) as plain,
            context.wrap_socket(plain, server_hostname=name) as wrapped,
        ):
            shown = wrapped.getpeercert(binary_form=True)
    assert shown
    return shown


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize(
    ("name", "port"),
    [(MX, 25), (f"smtp.{DOMAIN}", 465), (f"smtp.{DOMAIN}", 587), (f"imap.{DOMAIN}", 993), (PARTNER_MX, 25)],
)
def test_dns_vouches_for_the_key_that_the_service_shows(name: str, port: int, outside: Host) -> None:
    key = load_der_x509_certificate(presented(name, port)).public_key()
    digest = sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
    assert data(outside, f"_{port}._tcp.{name}", "TLSA") == [f"3 1 1 {digest}"]


def handshake(name: str, port: int, ciphers: str) -> str | None:
    """Return the cipher that a service and a client of TLS 1.2 with these ciphers agree on."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    try:
        if port == 587:
            with smtplib.SMTP(name, port, timeout=30) as client:
                client.starttls(context=context)
                assert isinstance(client.sock, ssl.SSLSocket)
                agreed = client.sock.cipher()
        else:
            with (
                socket.create_connection((name, port), timeout=30) as plain,
                context.wrap_socket(plain, server_hostname=name) as wrapped,
            ):
                agreed = wrapped.cipher()
    except (ssl.SSLError, ConnectionError):
        return None
    assert agreed
    return agreed[0]


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize(
    ("name", "port"),
    [
        (f"smtp.{DOMAIN}", 465),
        (f"smtp.{DOMAIN}", 587),
        (f"imap.{DOMAIN}", 993),
        (f"ldap.{DOMAIN}", 636),
        (f"autoconfig.{DOMAIN}", 443),
    ],
)
def test_what_people_say_is_hidden_by_strong_ciphers_only(name: str, port: int) -> None:
    assert handshake(name, port, "ECDHE+AESGCM") is not None
    # Without proof of the server; without forward secrecy; without authenticated encryption; exotic.
    for weak in ("aNULL", "kRSA", "ECDHE+AES+SHA1", "ECDHE+AES+SHA384", "ECDHE+ARIA", "ECDHE+CAMELLIA"):
        assert handshake(name, port, weak) is None, weak


@pytest.mark.usefixtures("lab")
def test_a_renewed_certificate_is_served_at_once_and_keeps_its_key() -> None:
    doors = [(MX, 25), (f"smtp.{DOMAIN}", 465), (f"imap.{DOMAIN}", 993), (f"ldap.{DOMAIN}", 636)]
    doors.append((f"autoconfig.{DOMAIN}", 443))

    def shown() -> list[Certificate]:
        return [load_der_x509_certificate(presented(*door)) for door in doors]

    before = shown()
    subprocess.run(  # noqa: S603 - the scenario's own playbook
        [
            Path(sys.executable).with_name("ansible-playbook"),
            "molecule/default/converge.yml",
            "--tags=tls",
            "-e=tls_renew_days=400",
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    after = shown()
    assert not {one.serial_number for one in before} & {one.serial_number for one in after}
    assert [one.public_key() for one in before] == [one.public_key() for one in after]


@pytest.mark.parametrize(("name", "trusted"), [(f"moi.{DOMAIN}", True), ("nganhang.example", False)])
def test_the_authority_is_believed_for_the_labs_domains_only(
    lab: Lab,
    tmp_path: Path,
    name: str,
    trusted: bool,  # noqa: FBT001 - a table's column
) -> None:
    # As whoever had stolen its key would do it.
    authority, signer = (lab.state / "ca" / file for file in ("ca.pem", "ca.key"))
    key, leaf = tmp_path / "key.pem", tmp_path / "leaf.pem"
    made: list[str | Path] = ["req", "-x509", "-days", "1", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    made += ["-nodes", "-keyout", key, "-out", leaf, "-CA", authority, "-CAkey", signer]
    made += ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-addext", "basicConstraints=CA:FALSE"]
    subprocess.run(["openssl", *made], check=True, capture_output=True)  # noqa: S603, S607 - our own words
    answer = subprocess.run(  # noqa: S603 - our own words
        ["openssl", "verify", "-CAfile", authority, leaf],  # noqa: S607
        check=False,
        capture_output=True,
        text=True,
    )
    assert (answer.returncode == 0) is trusted, answer.stderr
    assert trusted or "permitted subtree violation" in answer.stderr


def fetch(
    lab: Lab, name: str, path: str, method: str = "GET", body: str | None = None
) -> tuple[int, dict[str, str], str]:
    """Ask for one page."""
    with closing(http.client.HTTPSConnection(name, context=lab.tls(), timeout=30)) as client:
        client.request(method, path, body, {"Content-Type": "text/xml; charset=utf-8"} if body else {})
        response = client.getresponse()
        return response.status, {key.lower(): value for key, value in response.getheaders()}, response.read().decode()


@by_domain
def test_the_mta_sts_policy_names_the_mail_hosts_and_is_the_one_announced(lab: Lab, mail: Host, domain: str) -> None:
    status, headers, policy = fetch(lab, f"mta-sts.{domain}", "/.well-known/mta-sts.txt")
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/plain")
    lines = [line.partition(": ") for line in policy.splitlines()]
    assert ("mode", ": ", "enforce") in lines
    exchangers = [record.split()[1].rstrip(".") for record in data(mail, domain, "MX")]
    assert [value for key, _, value in lines if key == "mx"] == exchangers
    (record,) = data(mail, f"_mta-sts.{domain}", "TXT")
    assert tags(record)["id"] == sha256(policy.encode()).hexdigest()[:32]


@by_domain
def test_a_mail_program_finds_servers_that_answer(lab: Lab, domain: str) -> None:
    status, _, page = fetch(lab, f"autoconfig.{domain}", f"/mail/config-v1.1.xml?emailaddress=ai@{domain}")
    assert status == 200
    provider = ET.fromstring(page).find("emailProvider")  # noqa: S314 - the estate's own page
    assert provider is not None
    assert domain in {each.text for each in provider.findall("domain")}
    for server in provider.findall("incomingServer") + provider.findall("outgoingServer"):
        assert server.findtext("socketType") == "SSL"
        name = server.findtext("hostname") or ""
        with (
            socket.create_connection((name, int(server.findtext("port") or 0)), timeout=30) as plain,
            lab.tls().wrap_socket(plain, server_hostname=name) as wrapped,
        ):
            assert wrapped.version() in {"TLSv1.2", "TLSv1.3"}


# As Outlook asks (MS-OXDSCLI, section 4.1).
OUTLOOK = """<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
<Request><EMailAddress>{address}</EMailAddress>
<AcceptableResponseSchema>{schema}</AcceptableResponseSchema></Request></Autodiscover>"""
ANSWER = "{http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a}"


@by_domain
def test_outlook_learns_servers_and_the_name_to_sign_in_with(lab: Lab, domain: str) -> None:
    asked = OUTLOOK.format(address=f"Ai.Do@{domain}", schema=ANSWER.strip("{}"))
    status, headers, page = fetch(lab, f"autodiscover.{domain}", "/Autodiscover/Autodiscover.xml", "POST", asked)
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/xml")
    protocols = ET.fromstring(page).iter(f"{ANSWER}Protocol")  # noqa: S314 - the estate's own page
    told = {
        one.findtext(f"{ANSWER}Type"): [
            one.findtext(f"{ANSWER}{key}") for key in ("Server", "Port", "SSL", "LoginName")
        ]
        for one in protocols
    }
    assert told == {
        "IMAP": [f"imap.{DOMAIN}", "993", "on", f"Ai.Do@{domain}"],
        "SMTP": [f"smtp.{DOMAIN}", "465", "on", f"Ai.Do@{domain}"],
    }


@pytest.mark.parametrize(
    "address", ["", "ai", '"><Server>ke.gian.example</Server>@x', "ai@thuathienhue.gov.vn&lt;", "%EMAILADDRESS%"]
)
def test_outlook_is_told_of_nobody_who_has_no_address(lab: Lab, address: str) -> None:
    asked = OUTLOOK.format(address=address, schema=ANSWER.strip("{}"))
    status, _, page = fetch(lab, f"autodiscover.{DOMAIN}", "/autodiscover/autodiscover.xml", "POST", asked)
    assert status == 200
    root = ET.fromstring(page)  # noqa: S314 - the estate's own page
    assert root.findtext(".//{*}ErrorCode") == "600"
    assert root.find(".//{*}Server") is None


def test_newer_outlooks_are_led_to_that_page(lab: Lab) -> None:
    place = f"/autodiscover/autodiscover.json/v1.0/ai@{DOMAIN}?Protocol="
    status, _, page = fetch(lab, f"autodiscover.{DOMAIN}", f"{place}AutodiscoverV1&RedirectCount=1")
    assert status == 200
    assert json.loads(page)["Url"] == f"https://autodiscover.{DOMAIN}/autodiscover/autodiscover.xml"
    assert fetch(lab, f"autodiscover.{DOMAIN}", f"{place}ActiveSync")[0] == 404


@pytest.mark.parametrize(
    ("name", "path", "method", "status"),
    [
        (f"mta-sts.{DOMAIN}", "/", "GET", 404),
        (f"autodiscover.{DOMAIN}", "/", "GET", 404),
        (f"autodiscover.{DOMAIN}", "/autodiscover.xml", "GET", 404),
        (f"autodiscover.{DOMAIN}", "/autodiscover/autodiscover.xml", "GET", 403),
        (f"mta-sts.{DOMAIN}", "/mail/config-v1.1.xml", "GET", 404),
        (f"autoconfig.{DOMAIN}", "/.well-known/mta-sts.txt", "GET", 404),
        (f"autoconfig.{DOMAIN}", "/mail/config-v1.1.xml", "POST", 403),
    ],
)
def test_the_web_server_serves_nothing_else(lab: Lab, name: str, path: str, method: str, status: int) -> None:
    assert fetch(lab, name, path, method)[0] == status


def test_pages_forbid_browsers_what_they_never_need(lab: Lab) -> None:
    headers = fetch(lab, f"mta-sts.{DOMAIN}", "/.well-known/mta-sts.txt")[1]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "max-age=" in headers["strict-transport-security"]
    assert not re.search(r"\d", headers["server"])


def test_plain_http_leads_to_tls(lab: Lab) -> None:
    with closing(http.client.HTTPConnection(lab.mail_address, timeout=10)) as client:
        client.request("GET", "/.well-known/mta-sts.txt", headers={"Host": f"mta-sts.{DOMAIN}"})
        response = client.getresponse()
        response.read()
        assert response.status == 301
        assert response.getheader("Location") == f"https://mta-sts.{DOMAIN}/.well-known/mta-sts.txt"


def test_an_unknown_name_is_not_answered(lab: Lab) -> None:
    with closing(http.client.HTTPConnection(lab.mail_address, timeout=10)) as client:
        client.request("GET", "/", headers={"Host": "khac.example"})
        with pytest.raises(http.client.RemoteDisconnected):
            client.getresponse()
    with (
        socket.create_connection((lab.mail_address, 443), timeout=10) as plain,
        pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"),
    ):
        lab.tls().wrap_socket(plain, server_hostname="khac.example")


# Doors


def reaches(host: Host, address: str, port: int) -> bool:
    """Tell whether a machine can open a connection."""
    return bool(host.run(f"timeout 2 bash -c '</dev/tcp/{address}/{port}'").rc == 0)


@pytest.mark.parametrize("port", [25, 80, 143, 443, 465, 587, 636, 993, 4190])
def test_services_for_everybody_are_reached_from_outside(port: int, lab: Lab, outside: Host) -> None:
    assert reaches(outside, lab.mail_address, port)


@pytest.mark.parametrize("port", [24, 11333])
def test_services_among_the_estates_hosts_are_not(port: int, lab: Lab, mail: Host, outside: Host) -> None:
    assert reaches(mail, lab.mail_address, port), "nothing listens: nothing was tested"
    assert not reaches(outside, lab.mail_address, port)


def test_a_service_that_nobody_named_is_not_reached(lab: Lab, mail: Host, outside: Host) -> None:
    mail.check_output("systemd-run --quiet --unit=door-test python3 -m http.server 4999")
    try:
        time.sleep(1)
        assert reaches(mail, lab.mail_address, 4999), "nothing listens: nothing was tested"
        assert not reaches(outside, lab.mail_address, 4999)
    finally:
        mail.run("systemctl stop door-test")


# The machine


@pytest.mark.parametrize("machine", ["mail", "outside"])
def test_the_machine_keeps_civil_time(machine: str, request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue(machine).check_output("date +%z") == "+0700"


@pytest.mark.parametrize("machine", ["mail", "outside"])
def test_security_updates_install_themselves_and_nothing_else_does(
    machine: str, request: pytest.FixtureRequest
) -> None:
    host: Host = request.getfixturevalue(machine)
    assert host.service("apt-daily-upgrade.timer").is_running
    allowed = host.check_output("unattended-upgrade --dry-run --debug 2>&1 | grep --max-count=1 '^Allowed origins'")
    assert re.findall(r"label=[\w-]+", allowed) == ["label=Debian-Security"]


@pytest.mark.parametrize("machine", ["mail", "outside"])
def test_the_journal_outlives_a_restart(machine: str, request: pytest.FixtureRequest) -> None:
    host: Host = request.getfixturevalue(machine)
    host.check_output("journalctl --sync")
    assert host.check_output("journalctl --directory=/var/log/journal --lines=1 --quiet --output=cat")
