"""Who was in a mailbox and who wrote in its name: what of a journal concerns it, and how it is told."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import maillog, visits
from ansible_collections.congvu.mail.plugins.module_utils.guestbook import told
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.visits import Access, gather

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

    from .conftest import Write

SNV = "snv@thunghiem.gov.vn"
FIRST, SECOND, THIRD = "4c7ZxY2QkPz1Qd", "4c7ZxZ0vWmz1Qf", "4c7ZxZ0vWmz1Qg"
SPAN = datetime(2026, 11, 21, 17, tzinfo=UTC), datetime(2026, 11, 22, 17, tzinfo=UTC)  # a day in Vietnam


def opened(user: str, folder: str, uid: int, service: str = "imap") -> tuple[str, str]:
    """Return what Dovecot exports of a letter that somebody reads."""
    fields = {"user": user, "session": "s", "mailbox": folder, "uid": uid, "service": service}
    said = json.dumps({"event": "mail_opened", "fields": fields}, separators=(",", ":"))
    return "dovecot", f"stats: {said}"


def did(user: str, deed: str, folder: str, letter: str, service: str = "imap") -> tuple[str, str]:
    """Return what Dovecot logs of a letter that somebody changes."""
    return "dovecot", f"{service}({user})<1><s>: {deed}: box={folder}, uid=5, msgid=<{letter}>, size=10, from=x@y.z"


def sent(queue: str, user: str, sender: str, letter: str, *to: str) -> list[tuple[str, str]]:
    """Return what Postfix logs of a letter that somebody hands in."""
    handed_on = "delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 OK)"
    return [
        ("postfix/submissions/smtpd", f"{queue}: client=pc[198.18.4.7], sasl_method=PLAIN, sasl_username={user}"),
        ("postfix/submission-cleanup/cleanup", f"{queue}: message-id=<{letter}>"),
        ("postfix/qmgr", f"{queue}: from=<{sender}>, size=900, nrcpt={len(to)} (queue active)"),
        *(("postfix/lmtp", f"{queue}: to=<{each}>, relay=mail[198.18.4.1]:24, {handed_on}") for each in to),
    ]


REFUSED = (
    "postfix/submissions/smtpd",
    (
        f"NOQUEUE: reject: RCPT from pc[198.18.4.7]: 553 5.7.1 <{SNV}>: Sender address rejected: not owned by user "
        f"tn02; from=<{SNV}> to=<a@b.example> proto=ESMTP helo=<pc> sasl_username=<tn02>"
    ),
)


def asked(*lines: tuple[str, str]) -> visits.Ask:
    """Return a journal that answers as journalctl does, a second between two lines from eight o'clock on."""

    def ask(pattern: str) -> Iterator[maillog.Event]:
        start = int(datetime(2026, 11, 22, 1, tzinfo=UTC).timestamp())
        for second, (program, line) in enumerate(lines):
            if re.search(pattern, line):
                record: dict[str, Any] = {"SYSLOG_IDENTIFIER": program, "MESSAGE": line, "_HOSTNAME": "mail"}
                found = maillog.event({**record, "__REALTIME_TIMESTAMP": str((start + second) * 1_000_000)})
                if found:
                    yield found

    return ask


def short(found: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Return of each deed who did what, and where or to whom."""
    return [(each["who"], each["deed"], each["folder"] or ",".join(each["to"])) for each in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(opened("tn02", "Shared/snv", 5), ("tn02", "read", "INBOX"), id="a letter read"),
        pytest.param(opened("tn02", "Shared/snv/Sent", 5), ("tn02", "read", "Sent"), id="one in a folder"),
        pytest.param(opened("tn02", "Shared/snv-vp", 5), None, id="one of another mailbox"),
        pytest.param(opened("snv", "INBOX", 5, "doveadm"), ("doveadm", "read", "INBOX"), id="an administrator reads"),
        pytest.param(opened("stc", "INBOX", 5, "doveadm"), None, id="an administrator reads elsewhere"),
        pytest.param(did("tn02", "expunge", "Shared/snv", "a@b"), ("tn02", "expunge", "INBOX"), id="one removed"),
        pytest.param(
            did("tn02", "copy from Shared/snv", "Shared/snv/2026", "a@b"), ("tn02", "copy", "2026"), id="a copy"
        ),
        pytest.param(did("snv", "save", "INBOX", "a@b", "lmtp"), None, id="a delivery is no visit"),
        pytest.param(
            did("snv", "expunge", "INBOX", "a@b", "doveadm"), ("doveadm", "expunge", "INBOX"), id="an expunge"
        ),
        pytest.param(
            ("dovecot", "imap(tn02)<1><s>: Mailbox created: Shared/snv/Mới"), ("tn02", "created", "Mới"), id="a folder"
        ),
        pytest.param(REFUSED, ("tn02", "refused", "a@b.example"), id="a try to send"),
    ],
)
def test_a_line_is_a_visit_or_none(line: tuple[str, str], expected: tuple[str, ...] | None) -> None:
    found, cut = gather(asked(line), "snv", [SNV])
    assert short(found) == ([expected] if expected else [])
    assert not cut


def test_letters_are_told_with_who_brought_them_and_to_whom_they_went() -> None:
    journal = asked(
        *sent(FIRST, "tn02", SNV, "mot@x", "a@b.example", "c@d.example"),
        *sent(SECOND, "tn02", "tn02@thunghiem.gov.vn", "rieng@x", "a@b.example"),
        ("postfix/qmgr", f"{THIRD}: from=<{SNV}>, size=9, nrcpt=1 (queue active)"),
        ("postfix/smtpd", f"{THIRD}: client=mx.doitac.example[203.0.113.5]"),
    )
    (letter,), _ = gather(journal, "snv", [SNV])
    assert (letter["who"], letter["letter"], letter["to"]) == ("tn02", "mot@x", ("a@b.example", "c@d.example"))


def test_of_too_much_the_first_is_told_and_that_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "AT_MOST", 2)
    found, cut = gather(asked(*(opened("tn02", "Shared/snv", uid) for uid in range(3))), "snv", [SNV])
    assert (len(found), cut) == (2, True)


@pytest.fixture
def registry(write: Write) -> Registry:
    return load(write({}))


def page(registry: Registry, language: str, *lines: tuple[str, str]) -> str:
    found, cut = gather(asked(*lines), "snv", [SNV])
    return told([Access.of(each) for each in found], "mailbox:snv", SPAN, registry, cut=cut, language=language)


def test_it_is_told_person_by_person_in_vietnamese(registry: Registry) -> None:
    told_ = page(
        registry,
        "vi",
        opened("tn02", "Shared/snv", 5),
        opened("tn02", "Shared/snv", 6),
        opened("snv", "INBOX", 5, "doveadm"),
        opened("tn02", "Shared/snv", 6),
        *sent(FIRST, "tn02", SNV, "mot@x", "a@b.example"),
    )
    assert told_ == (
        "hộp thư snv  Sở Nội vụ <snv@thunghiem.gov.vn>\n"
        "Từ 22/11/2026 00:00 đến 23/11/2026 00:00.\n"
        "\n"
        "tn02  Trần Thị Hoà <tranthihoa@thunghiem.gov.vn>\n"
        "  08:00:00  đọc 2 thư trong INBOX, lần cuối lúc 08:00:03\n"
        "  08:00:04  gửi <mot@x> đến a@b.example\n"
        "\n"
        "quản trị hệ thống, bằng quyền root trên máy chủ thư\n"
        "  08:00:02  đọc 1 thư trong INBOX, lần cuối lúc 08:00:02\n"
    )


def test_that_nobody_was_there_is_said(registry: Registry) -> None:
    assert "Nobody but the owner was here" in page(registry, "en")
    assert "Không ai khác ngoài chủ hộp thư" in page(registry, "vi")
