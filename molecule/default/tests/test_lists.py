"""Distribution lists: who gets their letters, and who may write to them, from inside and from outside."""

from __future__ import annotations

import secrets
import smtplib
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from testinfra.host import Host

    from ...conftest import Lab, Person

DOMAIN = "thuathienhue.gov.vn"
SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
BASE = f"ou=agencies,{SUFFIX}"
MX = f"mail.{DOMAIN}"
STRANGER = "khach@doitac.example"
CLERKS = f"vanthu@{DOMAIN}"  # the registry's list of all clerks, to which heads may write
OPEN = f"gopy.snv@{DOMAIN}"  # the registry's list that takes letters from outside
OWN = f"thu-danh-sach@{DOMAIN}"  # a list of the tests' own
OWN_DN = f"cn=thu-danh-sach,{BASE}"
PATIENCE = 60  # seconds


def found(directory: Any, question: str) -> list[str]:  # noqa: ANN401 - the published types cover half a connection
    """Return the uids of the active mailboxes that fit."""
    directory.search(BASE, f"(&(objectClass=congvuMailbox)(congvuState=active){question})", attributes=["uid"])
    entries = (entry for entry in cast("list[dict[str, Any]]", directory.response) if entry["type"] == "searchResEntry")
    return sorted(entry["raw_attributes"]["uid"][0].decode() for entry in entries)


@dataclass(frozen=True)
class Town:
    """Those in the registry's lists."""

    clerks: list[str]
    head: Person
    nobody: Person  # neither a clerk nor allowed to write to them


@pytest.fixture(scope="module")
def town(lab: Lab, people: list[Person]) -> Town:
    with lab.session("reconciler") as directory:
        clerks, writers = (found(directory, f"({name}=vanthu)") for name in ("congvuList", "congvuListWriter"))
    known = {person.uid: person for person in people}
    others = (person for uid, person in known.items() if uid not in {*clerks, *writers})
    return Town(clerks, known[next(uid for uid in writers if uid in known)], next(others))


@pytest.fixture
def members(lab: Lab) -> Iterator[Callable[..., None]]:
    """Return what makes some people, and no others, the members of the tests' own list, as an apply does."""

    def set_to(*uids: str) -> None:
        with lab.session("reconciler") as directory:
            directory.search(BASE, "(objectClass=inetOrgPerson)", attributes=["uid", "congvuList"])
            entries = [entry for entry in directory.response if entry["type"] == "searchResEntry"]
            for entry in entries:
                raw = entry["raw_attributes"]
                is_in, shall = b"thu-danh-sach" in raw.get("congvuList", []), raw["uid"][0].decode() in uids
                if is_in is not shall:
                    how = "MODIFY_ADD" if shall else "MODIFY_DELETE"
                    assert directory.modify(entry["dn"], {"congvuList": [(how, ["thu-danh-sach"])]}), directory.result

    with lab.session("reconciler") as directory:
        directory.delete(OWN_DN)
        attributes = {
            "congvuEstate": "tests",
            "congvuId": "list:thu-danh-sach",
            "congvuState": "active",
            "mail": OWN,
            "mailLocalAddress": OWN,
            "congvuWriters": "inside",
        }
        classes = ["groupOfURLs", "congvuObject", "congvuMailingList"]
        assert directory.add(OWN_DN, classes, attributes), directory.result
    yield set_to
    set_to()
    with lab.session("reconciler") as directory:
        directory.delete(OWN_DN)


def offered(client: smtplib.SMTP, sender: str, recipient: str) -> tuple[int, str]:
    """Offer a letter up to its recipient, and return the answer that decided."""
    client.ehlo_or_helo_if_needed()
    code, text = client.mail(sender)
    if code == 250:
        code, text = client.rcpt(recipient)
    client.rset()
    return code, text.decode()


@pytest.fixture
def mx(lab: Lab) -> Iterator[smtplib.SMTP]:  # noqa: ARG001 - resolves the names
    """Return a connection to the mail exchanger, as a foreign mail server makes it."""
    with smtplib.SMTP(MX, 25, local_hostname="mx.doitac.example", timeout=PATIENCE) as client:
        yield client


def copies(mail: Host, word: str) -> Counter[str]:
    """Return how often each mailbox has a letter, once the queue no longer holds it."""
    deadline = time.monotonic() + PATIENCE
    while word_in_queue(mail) and time.monotonic() < deadline:
        time.sleep(1)
    return Counter(
        line.split()[0] for line in mail.check_output("doveadm search -A mailbox INBOX subject %s", word).splitlines()
    )


def word_in_queue(mail: Host) -> bool:
    """Tell whether any letter still waits to be delivered."""
    return bool(mail.check_output("postqueue -j"))


def write(lab: Lab, sender: Person, message: EmailMessage) -> None:
    """Send as somebody who signs in."""
    with lab.submission(sender.uid, sender.password) as client:
        client.send_message(message)


def test_a_head_writes_to_all_clerks_and_each_gets_one_copy(
    lab: Lab, mail: Host, town: Town, word: str, letter: Callable[..., EmailMessage]
) -> None:
    assert len(town.clerks) >= 40
    write(lab, town.head, letter(town.head.address, CLERKS))
    assert copies(mail, word) == Counter(town.clerks)


def test_who_may_not_is_told_so_before_the_letter_is_taken(lab: Lab, town: Town) -> None:
    with lab.submission(town.nobody.uid, town.nobody.password) as client:
        for address in (CLERKS, CLERKS.upper(), CLERKS.replace("@", "+gap@")):
            code, text = offered(client, town.nobody.address, address)
            assert (code, text[:5]) == (550, "5.7.1")
            assert "You may not write to this list. Ban khong duoc gui thu" in text


def test_signing_in_counts_and_not_the_address_that_a_letter_claims(lab: Lab, town: Town) -> None:
    with lab.submission(town.nobody.uid, town.nobody.password) as client:
        assert offered(client, town.head.address, CLERKS)[0] == 553


@pytest.mark.parametrize("recipient", [CLERKS, CLERKS.replace("@", "+gap@"), "vanthu%{}@[{}]"])
def test_a_list_takes_nothing_from_outside(lab: Lab, mx: smtplib.SMTP, recipient: str) -> None:
    code, text = offered(mx, STRANGER, recipient.format(DOMAIN, lab.mail_address))
    assert code in {550, 554}
    assert text[:5] in {"5.7.1", "5.1.1"}


@pytest.mark.parametrize("recipient", ["vanthu", "snv-gopy", "owner-vanthu"])
def test_nobody_can_write_to_a_list_past_its_address(lab: Lab, mx: smtplib.SMTP, town: Town, recipient: str) -> None:
    inner = f"{recipient}@lists.{MX}"
    assert offered(mx, STRANGER, inner)[0] in {550, 554}
    with lab.submission(town.nobody.uid, town.nobody.password) as client:
        assert offered(client, town.nobody.address, inner)[0] == 550


def test_a_list_that_is_open_takes_letters_from_outside_but_no_notices(mx: smtplib.SMTP) -> None:
    assert offered(mx, STRANGER, OPEN)[0] == 250
    code, text = offered(mx, "", OPEN)
    assert (code, text[:5]) == (550, "5.7.1")


def test_nobody_sends_under_the_address_of_a_list(lab: Lab, town: Town) -> None:
    with lab.submission(town.head.uid, town.head.password) as client:
        assert offered(client, CLERKS, town.nobody.address)[0] == 553


def test_who_comes_gets_the_next_letter_and_who_left_gets_none(
    lab: Lab,
    mail: Host,
    people: list[Person],
    members: Callable[..., None],
    letter: Callable[..., EmailMessage],
    word: str,
) -> None:
    writer, one, other = people[:3]
    members(one.uid)
    write(lab, writer, letter(writer.address, OWN))
    assert copies(mail, word) == Counter([one.uid])
    members(other.uid)
    again = secrets.token_hex(8)
    write(lab, writer, letter(writer.address, OWN, subject=again))
    assert copies(mail, again) == Counter([other.uid])


def test_letters_come_back_to_those_who_run_the_estate_and_not_to_the_writer(
    lab: Lab,
    people: list[Person],
    members: Callable[..., None],
    letter: Callable[..., EmailMessage],
    word: str,
    wait_for: Callable[..., EmailMessage | None],
) -> None:
    writer, one = people[:2]
    members(one.uid)
    write(lab, writer, letter(writer.address, OWN))
    arrived = wait_for(one.uid, one.password, word)
    assert arrived is not None
    assert writer.address in arrived["From"]
    assert writer.address not in arrived["Return-Path"]
    assert arrived["Return-Path"].endswith(f"@{DOMAIN}>")


def test_a_list_without_members_takes_no_letter(lab: Lab, people: list[Person], members: Callable[..., None]) -> None:
    members()
    with lab.submission(people[0].uid, people[0].password) as client:
        code, text = offered(client, people[0].address, OWN)
    assert (code, text[:5]) == (550, "5.2.4")


def test_lists_wait_and_other_letters_go_on_while_nobody_can_judge(lab: Lab, mail: Host, town: Town) -> None:
    mail.check_output("systemctl stop congvu-list-policy.socket congvu-list-policy.service")
    try:
        with lab.submission(town.head.uid, town.head.password) as client:
            assert offered(client, town.head.address, CLERKS)[0] == 450
            assert offered(client, town.head.address, town.nobody.address)[0] == 250
    finally:
        mail.check_output("systemctl start congvu-list-policy.socket")
    with lab.submission(town.head.uid, town.head.password) as client:
        assert offered(client, town.head.address, CLERKS)[0] == 250


def test_the_service_that_judges_runs_as_nobody_else_and_can_do_little(mail: Host, lab: Lab, town: Town) -> None:
    with lab.submission(town.head.uid, town.head.password) as client:
        offered(client, town.head.address, CLERKS)
    user = mail.check_output("ps -o user= -p $(systemctl show -P MainPID congvu-list-policy.service)")
    assert user.strip() not in {"root", "postfix"}
    assert mail.file("/etc/congvu/list_policy.json").mode == 0o640
