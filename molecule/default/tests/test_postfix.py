"""Postfix, as the world finds it on port 25 and as signed-in people find it on 465 and 587."""

from __future__ import annotations

import base64
import secrets
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from testinfra.host import Host

    from ...conftest import Lab, Person

DOMAIN = "thuathienhue.gov.vn"
DOMAINS = [DOMAIN, f"thu.{DOMAIN}"]  # the second is one that this scenario adds
SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
MX, SUBMISSION = f"mail.{DOMAIN}", f"smtp.{DOMAIN}"
STRANGER = "khach@doitac.example"
AGENCY = f"ou=thu-gui,ou=agencies,{SUFFIX}"
PATIENCE = 60  # seconds; postscreen keeps a newcomer waiting for six


@dataclass(frozen=True)
class Answer:
    """What a server said last, and to which command."""

    command: str
    code: int
    text: str


def offer(client: smtplib.SMTP, sender: str, recipient: str) -> Answer:
    """Offer a letter up to its recipient, and return the answer that decided."""
    client.ehlo_or_helo_if_needed()
    command, (code, text) = "MAIL", client.mail(sender)
    if code == 250:
        command, (code, text) = "RCPT", client.rcpt(recipient)
    client.rset()
    return Answer(command, code, text.decode())


@pytest.fixture
def mx(lab: Lab) -> Iterator[smtplib.SMTP]:  # noqa: ARG001 - resolves the names
    """Return a connection to the mail exchanger, as a foreign mail server makes it."""
    with smtplib.SMTP(MX, 25, local_hostname="mx.doitac.example", timeout=PATIENCE) as client:
        yield client


@dataclass(frozen=True)
class Writer:
    """Somebody with an address of their own, another one, and one that is lent."""

    uid: str
    password: str
    address: str = f"thu.gui@{DOMAIN}"
    alias: str = f"guithu@{DOMAIN}"
    lent: str = f"thu-gui@{DOMAIN}"


@pytest.fixture(scope="module")
def writer(lab: Lab, people: list[Person]) -> Iterator[Writer]:  # noqa: ARG001 - who is there before the tests' own
    """Return a writer of the tests' own, with the agency whose address is lent to them; both go in the end."""
    somebody = Writer("thu900", f"Thu-{secrets.token_hex(8)}")
    marks = {"congvuEstate": "tests", "congvuState": "active"}
    entries: list[tuple[str, list[str], dict[str, str]]] = [
        (AGENCY, ["organizationalUnit", "congvuObject"], {**marks, "congvuId": "agency:thu-gui"}),
        (
            f"uid=thu-gui,{AGENCY}",
            ["account", "congvuObject", "congvuMailbox"],
            {**marks, "congvuId": "mailbox:thu-gui", "mail": somebody.lent, "congvuQuota": "1000000"},
        ),
        (
            f"uid={somebody.uid},{AGENCY}",
            ["inetOrgPerson", "inetLocalMailRecipient", "congvuObject", "congvuMailbox"],
            {
                **marks,
                "congvuId": f"person:{somebody.uid}",
                "cn": "Nguyễn Thị Gửi",
                "sn": "Nguyễn",
                "mail": somebody.address,
                "mailLocalAddress": somebody.alias,
                "congvuSendAs": somebody.lent,
                "congvuQuota": "1000000",
                "userPassword": somebody.password,
            },
        ),
    ]
    with lab.session("reconciler") as directory:
        for dn, _, _ in reversed(entries):
            directory.delete(dn)
        for dn, classes, attributes in entries:
            assert directory.add(dn, classes, attributes), directory.result
    yield somebody
    # Another connection: a test has restarted the directory meanwhile.
    with lab.session("reconciler") as directory:
        for dn, _, _ in reversed(entries):
            directory.delete(dn)


def set_state(lab: Lab, uid: str, state: str) -> None:
    """Change somebody's state as the engine does."""
    with lab.session("reconciler") as directory:
        assert directory.modify(f"uid={uid},{AGENCY}", {"congvuState": [("MODIFY_REPLACE", [state])]}), directory.result


@pytest.fixture
def desk(lab: Lab, writer: Writer) -> Iterator[smtplib.SMTP]:
    """Return the writer's connection for sending, signed in."""
    with lab.submission(writer.address, writer.password) as client:
        yield client


# --- The mail exchanger ---


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_letter_to_nobody_is_refused_at_its_recipient(mx: smtplib.SMTP, domain: str) -> None:
    answer = offer(mx, STRANGER, f"khong.co.ai@{domain}")
    assert (answer.command, answer.code, answer.text[:5]) == ("RCPT", 550, "5.1.1")


def test_a_stranger_cannot_relay(mx: smtplib.SMTP) -> None:
    answer = offer(mx, STRANGER, "ai.do@chuyentiep.example")
    assert (answer.code, answer.text[:5]) == (554, "5.7.1")


@pytest.mark.parametrize("recipient", ["ai.do%chuyentiep.example@{}", '"ai.do@chuyentiep.example"@{}'])
def test_a_stranger_cannot_relay_by_a_route_in_the_address(mx: smtplib.SMTP, recipient: str) -> None:
    assert offer(mx, STRANGER, recipient.format(DOMAIN)).code in {550, 554}


@pytest.mark.parametrize(
    "sender",
    [
        "{}@" + DOMAIN,
        "{}+viec@" + DOMAIN,
        '"{}"@' + DOMAIN,
        "@noi.khac.example:{}@" + DOMAIN,
        "{}@" + DOMAIN + ".",
        f"root@{MX}",
        "{}@" + DOMAINS[1],
    ],
    ids=["plain", "with an extension", "quoted", "with a route", "with a final dot", "the machine's", "another domain"],
)
def test_the_mail_exchanger_refuses_our_own_addresses_as_senders(
    mx: smtplib.SMTP, person: Person, colleague: Person, sender: str
) -> None:
    answer = offer(mx, f"<{sender.format(person.address.partition('@')[0])}>", colleague.address)
    assert (answer.code, answer.text[:5]) == (550, "5.7.1")
    assert "465" in answer.text


def test_a_client_that_greets_with_our_name_is_refused(lab: Lab, person: Person) -> None:  # noqa: ARG001
    with smtplib.SMTP(MX, 25, local_hostname=MX, timeout=PATIENCE) as client:
        assert offer(client, STRANGER, person.address).code == 550


@pytest.mark.parametrize("name", ["postmaster", "abuse", "hostmaster", "security"])
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_domain_answers_to_the_role_names(mx: smtplib.SMTP, name: str, domain: str) -> None:
    assert offer(mx, STRANGER, f"{name}@{domain}").code == 250


def test_the_bare_postmaster_is_accepted(mx: smtplib.SMTP) -> None:
    assert offer(mx, "", "postmaster").code == 250


def test_aliases_and_extensions_are_accepted(mx: smtplib.SMTP, writer: Writer) -> None:
    found = {
        address: offer(mx, STRANGER, address).code
        for address in (writer.address, writer.alias, writer.alias.replace("@", "+hop@"), writer.lent)
    }
    assert set(found.values()) == {250}, found


def test_the_mail_exchanger_offers_no_sign_in_even_with_tls(mx: smtplib.SMTP, lab: Lab) -> None:
    mx.starttls(context=lab.tls())
    mx.ehlo()
    assert not mx.has_extn("auth")


def test_the_mail_exchanger_proves_its_name(mx: smtplib.SMTP, lab: Lab) -> None:
    assert mx.starttls(context=lab.tls())[0] == 220


@pytest.mark.parametrize(
    "command", ["VRFY postmaster", f"ETRN {DOMAIN}", "XCLIENT ADDR=127.0.0.1", "XFORWARD ADDR=127.0.0.1"]
)
def test_a_stranger_learns_and_commands_nothing(mx: smtplib.SMTP, command: str) -> None:
    mx.ehlo()
    assert mx.docmd(command)[0] in {502, 550, 554}


def test_a_bounce_goes_to_one(mx: smtplib.SMTP, person: Person, colleague: Person) -> None:
    mx.ehlo()
    assert [mx.mail("")[0], mx.rcpt(person.address)[0], mx.rcpt(colleague.address)[0]] == [250, 250, 250]
    assert mx.docmd("DATA")[0] == 550


def test_a_letter_beyond_the_limit_is_refused_by_its_size(mx: smtplib.SMTP) -> None:
    mx.ehlo()
    code, text = mx.mail(STRANGER, [f"SIZE={int(mx.esmtp_features['size']) + 1}"])
    assert (code, text[:5]) == (552, b"5.3.4")


def test_a_client_that_talks_before_the_greeting_is_turned_away(mail: Host, lab: Lab) -> None:
    # From an address that postscreen has not let in before: the machine's own, which is no loopback.
    talk = (
        "import socket; "
        f"s = socket.create_connection(('{lab.mail_address}', 25), 30, ('{lab.mail_address}', 0)); "
        "s.sendall(b'EHLO bot.example\\r\\n'); s.settimeout(30); "
        "said = b''.join(iter(lambda: s.recv(4096), b'')) if s.sendall(b'MAIL FROM:<a@bot.example>\\r\\n"
        "RCPT TO:<postmaster>\\r\\nQUIT\\r\\n') is None else b''; print(said.decode())"
    )
    assert "550 5.5.1 Protocol error" in mail.check_output(f'python3 -c "{talk}"')


def test_the_machine_itself_sends_out_under_our_addresses_only(mail: Host) -> None:
    script = (
        "import smtplib; c = smtplib.SMTP('127.0.0.1', 25, timeout=60); c.ehlo(); "
        "[(c.mail(s), print(c.rcpt('ai.do@doitac.example')[0]), c.rset()) "
        f"for s in ('postmaster@{DOMAIN}', '{STRANGER}')]"
    )
    assert mail.check_output(f'python3 -c "{script}"').split() == ["250", "554"]


# --- Submission ---


def test_nothing_is_accepted_for_sending_without_signing_in(lab: Lab, person: Person, colleague: Person) -> None:
    with smtplib.SMTP_SSL(SUBMISSION, 465, context=lab.tls(), timeout=PATIENCE) as client:
        assert offer(client, person.address, colleague.address).code == 554
        assert offer(client, STRANGER, "ai.do@chuyentiep.example").code == 554


def test_a_password_cannot_be_said_without_tls(lab: Lab, writer: Writer) -> None:  # noqa: ARG001
    with smtplib.SMTP(SUBMISSION, 587, timeout=PATIENCE) as client:
        client.ehlo()
        assert not client.has_extn("auth")
        secret = base64.b64encode(f"\0{writer.uid}\0{writer.password}".encode()).decode()
        assert client.docmd("AUTH", f"PLAIN {secret}")[0] == 530


def test_starttls_leads_to_sign_in(lab: Lab, writer: Writer) -> None:
    with smtplib.SMTP(SUBMISSION, 587, timeout=PATIENCE) as client:
        client.starttls(context=lab.tls())
        assert client.login(writer.uid, writer.password)[0] == 235


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_sign_in_over_old_tls_is_refused_by_the_server(lab: Lab) -> None:
    old = lab.tls()
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection((SUBMISSION, 465), PATIENCE) as connection,
        pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"),
    ):
        old.wrap_socket(connection, server_hostname=SUBMISSION)


# What is lent: test_delegation.py.
@pytest.mark.parametrize("own", ["address", "alias"])
def test_people_send_under_what_is_theirs(desk: smtplib.SMTP, writer: Writer, colleague: Person, own: str) -> None:
    assert offer(desk, getattr(writer, own), colleague.address).code == 250


@pytest.mark.parametrize(
    ("sender", "code"),
    [("colleague", 553), (f"khong.co.ai@{DOMAIN}", 553), (STRANGER, 553), ("", 550)],
    ids=["a colleague's", "nobody's", "a stranger's", "none"],
)
def test_people_cannot_send_under_another_address(
    desk: smtplib.SMTP, colleague: Person, sender: str, code: int
) -> None:
    address = colleague.address if sender == "colleague" else sender
    answer = offer(desk, address, colleague.address)
    assert (answer.code, answer.text[:5]) == (code, "5.7.1")


def test_who_is_disabled_cannot_send_from_that_moment_on(
    lab: Lab, desk: smtplib.SMTP, writer: Writer, colleague: Person
) -> None:
    assert offer(desk, writer.address, colleague.address).code == 250
    set_state(lab, writer.uid, "disabled")
    try:
        # The session that was open before does not help: it ends.
        desk.mail(writer.address)
        assert desk.rcpt(colleague.address)[0] == 521
        with pytest.raises(smtplib.SMTPServerDisconnected):
            desk.noop()
    finally:
        set_state(lab, writer.uid, "active")


def test_a_typing_error_in_the_address_is_told_at_once(desk: smtplib.SMTP, writer: Writer) -> None:
    answer = offer(desk, writer.address, f"khong.co.ai@{DOMAIN}")
    assert (answer.command, answer.code) == ("RCPT", 550)


def test_a_letter_does_not_tell_where_and_with_what_it_was_written(
    lab: Lab,
    desk: smtplib.SMTP,
    writer: Writer,
    person: Person,
    word: str,
    letter: Callable[..., EmailMessage],
    wait_for: Callable[..., EmailMessage | None],
) -> None:
    message = letter(writer.address, person.address)
    message["User-Agent"], message["X-Mailer"] = "Thunderbird 140", "Phần mềm nội bộ"
    message["X-Originating-IP"], message["Received"] = "[10.11.12.13]", "from [10.11.12.13] by may-tinh; tomorrow"
    inner = letter(STRANGER, writer.address)
    inner["Received"] = "from mx.doitac.example by cổng; yesterday"
    inner["User-Agent"] = "Thư gốc"
    message.add_attachment(inner)
    desk.send_message(message)

    arrived = wait_for(person.uid, person.password, word)
    assert arrived is not None
    hops = arrived.get_all("Received", [])
    assert not any("10.11.12.13" in str(hop) or f"{lab.subnet}.1]" in str(hop) for hop in hops)
    assert str(hops[-1]).startswith(f"by {MX} (Postfix)")
    assert not {"User-Agent", "X-Mailer", "X-Originating-IP"} & set(arrived.keys())
    attached = next(part for part in arrived.walk() if part.get_content_type() == "message/rfc822").get_content()
    assert attached["User-Agent"] == "Thư gốc"
    assert attached["Received"]


def test_a_letter_gets_the_date_and_the_identity_that_its_writer_left_out(
    desk: smtplib.SMTP,
    writer: Writer,
    person: Person,
    word: str,
    letter: Callable[..., EmailMessage],
    wait_for: Callable[..., EmailMessage | None],
) -> None:
    message = letter(writer.address, person.address)
    del message["Date"], message["Message-ID"]
    desk.send_message(message)

    arrived = wait_for(person.uid, person.password, word)
    assert arrived is not None
    assert arrived["Date"]
    assert arrived["Message-ID"]


# --- Between the machines ---


def test_letters_travel_to_the_store_over_tls_that_is_proved(
    desk: smtplib.SMTP,
    writer: Writer,
    mail: Host,
    person: Person,
    word: str,
    letter: Callable[..., EmailMessage],
    wait_for: Callable[..., EmailMessage | None],
) -> None:
    desk.send_message(letter(writer.address, person.address))
    assert wait_for(person.uid, person.password, word)
    found = mail.check_output("journalctl --boot --no-pager --output=cat --identifier=postfix/lmtp")
    assert "Verified TLS connection established" in found
    assert "Untrusted TLS connection" not in found


def test_letters_wait_while_the_filter_is_silent(lab: Lab, mail: Host, person: Person) -> None:  # noqa: ARG001
    mail.check_output("systemctl stop rspamd.service")
    try:
        with smtplib.SMTP(MX, 25, local_hostname="mx.doitac.example", timeout=PATIENCE) as client:
            answer = offer(client, STRANGER, person.address)
    finally:
        mail.check_output("systemctl start rspamd.service")
        deadline = time.monotonic() + PATIENCE
        while mail.run("ss -Hltn sport = :11332").stdout == "":
            assert time.monotonic() < deadline
            time.sleep(0.2)
    assert (answer.code, answer.text[:5]) == (451, "4.7.1")


def test_letters_wait_while_the_directory_is_silent(lab: Lab, mail: Host) -> None:  # noqa: ARG001
    mail.check_output("systemctl stop slapd.service")
    try:
        with smtplib.SMTP(MX, 25, local_hostname="mx.doitac.example", timeout=PATIENCE) as client:
            answer = offer(client, STRANGER, f"khong.co.ai@{DOMAIN}")
    finally:
        mail.check_output("systemctl start slapd.service")
    assert answer.code == 451


@pytest.mark.parametrize(
    ("service", "port"), [("congvu-dane-policy.socket", 8462), ("postfix-mta-sts-resolver.service", 8461)]
)
def test_the_policies_for_outbound_tls_are_on_offer(mail: Host, service: str, port: int) -> None:
    assert mail.service(service).is_running
    # A domain nobody has ever heard of has no policy: the answer is "not found" (1 without a word), not a failure.
    asked = mail.run(f"postmap -q khongco.example socketmap:inet:127.0.0.1:{port}:policy")
    assert (asked.rc, asked.stdout, asked.stderr) == (1, "", "")


def test_dane_goes_before_mta_sts(mail: Host) -> None:
    assert mail.check_output("postmap -q doitac.example socketmap:inet:127.0.0.1:8462:dane") == "dane-only"
