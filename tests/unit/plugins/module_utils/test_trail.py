"""The trail of a letter through journals, and how it is told."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import envelope, maillog
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.trail import data, follow, means_letter, pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ansible_collections.congvu.mail.plugins.module_utils.maillog import Event
    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

REGISTRY = Path(__file__).parents[4] / "inventories" / "thuathienhue" / "registry"
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
FIRST, LISTED, OTHER, NOTICE = "4c7ZxY2QkPz1Qd", "4c7ZxZ0vWmz1Qf", "4c7Zy00vWmz1Qg", "4c7Zz00vWmz1Qh"
ID = "a1.b2@snv.thuathienhue.gov.vn"


def opened(user: str, folder: str, uid: int, service: str = "imap") -> tuple[str, str]:
    """Return what Dovecot exports of a letter that somebody reads in another's mailbox."""
    fields = {"user": user, "session": "Ab", "mailbox": folder, "uid": uid, "service": service}
    return "dovecot", f"stats: {json.dumps({'event': 'mail_opened', 'fields': fields}, separators=(',', ':'))}"


JUDGED = f"<1fc2ab>; task; rspamd_task_write_log: id: <{ID}>, qid: <{FIRST}>, ip: 198.18.4.7, user: tth00010, "
JOURNAL = [
    ("postfix/submissions/smtpd", f"{FIRST}: client=pc[198.18.4.7], sasl_method=PLAIN, sasl_username=tth00010"),
    ("postfix/smtpd", f"{OTHER}: client=mx.doitac.example[198.18.4.3]"),
    ("postfix/submission-cleanup/cleanup", f"{FIRST}: message-id=<{ID}>"),
    (
        "rspamd",
        JUDGED + "from: <a@thuathienhue.gov.vn>, (default: F (no action): [-0.50/15.00] [BAYES_HAM(-0.50){}]), "
        "len: 900, time: 9.1ms, dns req: 0, digest: <77aa>, rcpts: <snv@thuathienhue.gov.vn>",
    ),
    ("postfix/qmgr", f"{FIRST}: from=<a@thuathienhue.gov.vn>, size=900, nrcpt=1 (queue active)"),
    ("postfix/cleanup", f"{OTHER}: message-id=<other@doitac.example>"),
    (
        "postfix/lists/local",
        (
            f"{FIRST}: to=<l@lists.mail>, orig_to=<tatca@thuathienhue.gov.vn>, relay=local, delay=1, delays=0/0/0/1, "
            f"dsn=2.0.0, status=sent (forwarded as {LISTED})"
        ),
    ),
    ("postfix/qmgr", f"{FIRST}: removed"),
    (
        "postfix/lmtp",
        (
            f"{LISTED}: to=<snv@thuathienhue.gov.vn>, relay=imap[198.18.4.2]:24, delay=1, delays=0/0/0/1, dsn=2.0.0, "
            "status=sent (250 2.0.0 <snv@thuathienhue.gov.vn> qL3x Saved)"
        ),
    ),
    ("postfix/lmtp", f"{OTHER}: to=<x@y.z>, relay=a, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)"),
    ("dovecot", f"lmtp(snv)<41><qL3x>: save: box=INBOX, uid=4, msgid=<{ID}>, size=900, from=a@tth"),
    ("dovecot", f"lmtp(snv)<41><qL3x>: sieve: msgid=<{ID}>: stored mail into mailbox 'INBOX'"),
    (
        "dovecot",
        "imap-login: Logged in: user=<tth00011>, method=PLAIN, rip=198.18.4.9, TLS, session=<Ab>",
    ),
    (
        "dovecot",
        "imap-login: Logged in: user=<tth00012>, method=PLAIN, rip=198.18.4.8, TLS, session=<Cd>",
    ),
    opened("tth00011", "Shared/snv/INBOX", 4),
    opened("tth00011", "Shared/snv/INBOX", 5),
    opened("tth00011", "Shared/stc/INBOX", 4),
    opened("snv", "INBOX", 4, "doveadm"),
    (
        "dovecot",
        f"imap(tth00011)<43><Ab>: expunge: box=Shared/snv/INBOX, uid=4, msgid=<{ID}>, size=900, from=a@tth",
    ),
    ("dovecot", "imap(tth00011)<43><Ab>: Disconnected: Logged out in=1 out=2 hdr_count=3 body_count=1 body_bytes=900"),
    ("postfix/bounce", f"{LISTED}: sender delivery status notification: {NOTICE}"),
]


def journal() -> list[Event]:
    """Read the journal above, a second between its lines."""
    events = []
    for second, (program, line) in enumerate(JOURNAL):
        at = str(int((AT + timedelta(seconds=second)).timestamp() * 1_000_000))
        fields = {"SYSLOG_IDENTIFIER": program, "MESSAGE": line, "_HOSTNAME": "mail", "__REALTIME_TIMESTAMP": at}
        event = maillog.event(fields)
        assert event is not None, line
        events.append(event)
    return events


def look(words: Collection[str]) -> Iterator[Event]:
    """Look as the journal does."""
    yield from (event for event in journal() if re.search(pattern(words), event.line))


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load(REGISTRY)


@pytest.mark.parametrize("about", [f"<{ID}>", FIRST, LISTED])
def test_a_letter_is_found_whole_by_any_of_its_names(about: str) -> None:
    trail = follow([about], look)
    assert (trail.message_ids, trail.queues) == ({ID}, {FIRST, LISTED}) or about == LISTED
    lines = {event.line for event in trail.events}
    assert f"{LISTED}: to=" in "".join(sorted(lines))
    assert not any(OTHER in line or "tth00012" in line for line in lines)


def test_the_trail_tells_brought_judged_delivered_and_handled() -> None:
    trail = follow([f"<{ID}>"], look)
    assert [type(event).__name__ for event in trail.events] == [
        *("Taken", "Named", "Judged", "Queued", "Delivery", "Removed", "Delivery", "Handled", "Filed"),
        *("SignedIn", "Opened", "Opened", "Handled", "SignedOut", "Notified"),
    ]


def test_nothing_is_found_of_a_letter_that_never_came() -> None:
    assert follow(["<nie@doitac.example>"], look).events == []


def test_what_is_looked_for_is_taken_literally() -> None:
    words = ["a.b+c$@x.y", "(x|y)"]
    assert re.search(pattern(words), "id=<a.b+c$@x.y>")
    assert not re.search(pattern(words), "id=<aXb+c$@x.y> x")


@pytest.mark.parametrize(
    ("about", "letter"),
    [
        ("<a@b>", True),
        ("4c7ZxY2QkPz1Qd", True),
        ("a@b", False),
        ("tth00012", False),
        ("person:tth00012", False),
        ("snv", False),
        ("Nguyễn Văn An", False),
    ],
)
def test_a_letter_is_told_from_a_mailbox(about: str, *, letter: bool) -> None:
    assert means_letter(about) is letter


def test_events_of_several_machines_come_together_in_the_order_of_time() -> None:
    trail = follow([f"<{ID}>"], look)
    told = [data(event) for event in trail.events]
    assert envelope.events([*reversed(told), *told]) == trail.events


def test_the_trail_is_told_with_names_and_in_vietnamese(registry: Registry) -> None:
    found = follow([FIRST], look).events
    name = registry.persons["tth00010"][-1].name
    english = envelope.text(FIRST, found, envelope.Teller(registry, registry.estate.time_zone, "en"))
    assert english.startswith(
        f"Letter {FIRST}\n  Message-ID: <{ID}>\n\n2026-11-23 08:00:00  mail  {FIRST}: brought by "
    )
    assert f"brought by tth00010 {name} <" in english
    assert "signed in at submissions, from pc[198.18.4.7]" in english
    assert "Rspamd: no action, -0.5 of 15.0 (BAYES_HAM -0.5)" in english
    assert "tatca@thuathienhue.gov.vn → l@lists.mail" in english
    vietnamese = envelope.text(FIRST, found, envelope.Teller(registry, registry.estate.time_zone, "vi"))
    assert "23/11/2026 08:00:00  mail" in vietnamese
    assert "xoá hẳn trong Shared/snv/INBOX" in vietnamese
    assert vietnamese.count("mở xem nội dung trong") == 2
    assert "quản trị hệ thống, bằng quyền root trên máy chủ thư: mở xem nội dung trong INBOX" in vietnamese
    assert len(vietnamese.splitlines()) == len(english.splitlines())


def test_a_letter_without_a_trail_is_told_so(registry: Registry) -> None:
    text = envelope.text("<x@y>", [], envelope.Teller(registry, registry.estate.time_zone, "vi"))
    assert text == "Thư <x@y>\n\nNhật ký các máy chủ thư không có gì về thư này.\n"
