"""What a journal comes to, day by day: looks, letters, sizes; how it is kept, and for how long."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import maillog, usage
from ansible_collections.congvu.mail.plugins.module_utils.looks import Checking, Window
from ansible_collections.congvu.mail.plugins.module_utils.usage import Letters

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = date(2026, 11, 23)
BEGIN, END = usage.span(DAY, ZONE)
CHECKING = Checking(30, (Window("sáng", 360, 720, 1), Window("chiều", 720, 1080, 1)), (Window("ngày", 360, 1080, 2),))
AGENCIES = {"an@tinh.gov.vn": "snv", "snv@tinh.gov.vn": "snv", "binh@tinh.gov.vn": "stc"}
PRIVATE = frozenset({"gmail.com", "yahoo.com.vn"})
FIRST, SECOND = "4c7ZxY2QkPz1Qd", "4c7ZxZ0vWmz1Qf"
HANDED_ON = "delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 OK)"


def journal(lines: Iterable[tuple[str, str, str]]) -> list[maillog.Event]:
    """Return the events of lines, each with its civil time: `22 07:30` of November, the program, the text."""
    records = []
    for at, program, text in lines:
        moment = datetime.strptime(f"2026-11-{at}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE).astimezone(UTC)
        stamp = str(int(moment.timestamp() * 1_000_000))
        records.append(
            json.dumps({"__REALTIME_TIMESTAMP": stamp, "SYSLOG_IDENTIFIER": program, "MESSAGE": text, "_HOSTNAME": "m"})
        )
    return list(maillog.read(records))


def came(at: str, user: str, session: str, service: str = "imap") -> tuple[str, str, str]:
    text = f"{service}-login: Logged in: user=<{user}>, method=PLAIN, rip=198.18.4.7, TLS, session=<{session}>"
    return at, "dovecot", text


def went(at: str, user: str, session: str) -> tuple[str, str, str]:
    return at, "dovecot", f"imap({user})<1><{session}>: Disconnected: Logged out in=1 out=2 hdr_count=0 body_count=0"


def opened(at: str, user: str, session: str, folder: str) -> tuple[str, str, str]:
    fields = {"user": user, "session": session, "cmd_name": "SELECT", "cmd_args": folder}
    return at, "dovecot", f"stats: {json.dumps({'event': 'imap_command_finished', 'fields': fields})}"


STARTED = "master: Dovecot v2.4.1-4 (7d8c0e5759) starting up for imap, lmtp, sieve"


@pytest.mark.parametrize(
    ("lines", "people", "shared", "by"),
    [
        pytest.param([], {}, {}, {}, id="nobody came"),
        pytest.param([came("23 07:30", "an", "s1"), went("23 07:31", "an", "s1")], {"an": "10"}, {}, {}, id="a visit"),
        pytest.param(
            [came("22 22:00", "an", "s1"), went("23 06:20", "an", "s1")],
            {"an": "10"},
            {},
            {},
            id="a session that began the day before",
        ),
        pytest.param([came("22 22:00", "an", "s1"), went("22 22:05", "an", "s1")], {}, {}, {}, id="one that was over"),
        pytest.param([went("23 06:10", "an", "s1")], {"an": "10"}, {}, {}, id="one whose beginning nobody knows"),
        pytest.param([came("23 17:10", "an", "s1")], {"an": "02"}, {}, {}, id="one that has not ended"),
        pytest.param(
            [came("23 07:30", "an", "s1"), ("23 07:40", "dovecot", STARTED)],
            {"an": "10"},
            {},
            {},
            id="a crash ends what was open",
        ),
        pytest.param([came("23 07:30", "an", "s1", "managesieve")], {}, {}, {}, id="rules are no letters"),
        pytest.param(
            [
                came("23 07:30", "an", "s1"),
                opened("23 07:31", "an", "s1", '"Shared/snv"'),
                went("23 07:35", "an", "s1"),
                came("23 08:30", "binh", "s2"),
                opened("23 08:31", "binh", "s2", "Shared/snv/Sent (CONDSTORE)"),
                went("23 08:32", "binh", "s2"),
            ],
            {"an": "10", "binh": "10"},
            {"snv": "2"},
            {"snv": ("an", "binh")},
            id="a shared mailbox is looked into by whoever opens it",
        ),
        pytest.param(
            [
                came("23 07:30", "an", "s1"),
                opened("23 07:30", "an", "s1", "Shared/snv"),
                opened("23 07:40", "an", "s1", "Shared/stc"),
                went("23 08:45", "an", "s1"),
            ],
            {"an": "30"},
            {"snv": "1", "stc": "3"},
            {"snv": ("an",), "stc": ("an",)},
            id="until another is opened",
        ),
        pytest.param(
            [opened("23 07:40", "an", "s1", "Sharedx")], {}, {}, {}, id="a folder of one's own that looks alike"
        ),
    ],
)
def test_looks_are_those_of_sessions(
    lines: list[tuple[str, str, str]], people: dict[str, str], shared: dict[str, str], by: dict[str, tuple[str, ...]]
) -> None:
    until = datetime(2026, 11, 23, 18, 0, tzinfo=ZONE)
    found = usage.looks(journal(lines), BEGIN, until, CHECKING)
    assert (found.people, found.shared, found.by) == (people, shared, by)


def brought(at: str, queue: str, sender: str, user: str = "") -> list[tuple[str, str, str]]:
    signed_in = f", sasl_method=PLAIN, sasl_username={user}" if user else ""
    return [
        (at, "postfix/submissions/smtpd" if user else "postfix/smtpd", f"{queue}: client=pc[198.18.4.7]{signed_in}"),
        (at, "postfix/qmgr", f"{queue}: from=<{sender}>, size=900, nrcpt=1 (queue active)"),
    ]


def handed(at: str, queue: str, to: str, relay: str = "store[198.18.4.1]:24") -> tuple[str, str, str]:
    return (
        at,
        "postfix/lmtp" if relay.endswith(":24") else "postfix/smtp",
        f"{queue}: to=<{to}>, relay={relay}, {HANDED_ON}",
    )


OUT = "mx.example[198.18.9.9]:25"


@pytest.mark.parametrize(
    ("lines", "counts"),
    [
        pytest.param(
            [*brought("23 08:00", FIRST, "an@tinh.gov.vn", "an"), handed("23 08:00", FIRST, "Binh@tinh.gov.vn")],
            {"snv": Letters(1, 0, 0, 0), "stc": Letters(0, 1, 0, 0)},
            id="a letter between agencies",
        ),
        pytest.param(
            [
                *brought("23 08:00", FIRST, "snv@tinh.gov.vn", "an"),
                handed("23 08:00", FIRST, "a@gmail.com", OUT),
                handed("23 08:00", FIRST, "b@mail.yahoo.com.vn", OUT),
            ],
            {"snv": Letters(1, 0, 1, 0)},
            id="one to two private mailboxes is one, and the agency's in whose name it goes",
        ),
        pytest.param(
            [*brought("23 08:00", FIRST, "a@gmail.com"), handed("23 08:00", FIRST, "binh@tinh.gov.vn")],
            {"stc": Letters(0, 1, 0, 1)},
            id="one from a private mailbox",
        ),
        pytest.param(
            [*brought("23 08:00", FIRST, "a@notgmail.com"), handed("23 08:00", FIRST, "binh@tinh.gov.vn")],
            {"stc": Letters(0, 1, 0, 0)},
            id="a domain that only ends alike is another",
        ),
        pytest.param(
            [*brought("22 23:50", FIRST, "an@tinh.gov.vn", "an"), handed("23 08:00", FIRST, "binh@tinh.gov.vn")],
            {"stc": Letters(0, 1, 0, 0)},
            id="sent the day before, received today",
        ),
        pytest.param(
            [
                *brought("23 08:00", FIRST, "an@tinh.gov.vn", "an"),
                brought("23 08:30", FIRST, "an@tinh.gov.vn", "an")[1],  # a second try
                *brought("23 09:00", SECOND, "", ""),
                handed("23 09:00", SECOND, "an@tinh.gov.vn"),
            ],
            {"snv": Letters(1, 1, 0, 0)},
            id="a second try is no second letter, and a notice is nobody's",
        ),
    ],
)
def test_letters_are_counted_by_agency(lines: list[tuple[str, str, str]], counts: dict[str, Letters]) -> None:
    assert usage.letters(journal(lines), BEGIN, AGENCIES, PRIVATE) == counts


def test_addresses_go_to_the_agency_in_whose_subtree_they_are() -> None:
    ldif = (
        "dn: uid=tth1,ou=tccb,ou=snv,ou=agencies,dc=tinh\nmail: An@tinh.gov.vn\nmailLocalAddress: an2@tinh.gov.vn\n\n"
        "dn: uid=stc,ou=stc,ou=agencies,dc=tinh\nmail: stc@tinh.gov.vn\n\ndn: cn=x,dc=tinh\nmail: x@tinh.gov.vn\n\n"
    )
    assert usage.agencies_of(ldif) == {"an@tinh.gov.vn": "snv", "an2@tinh.gov.vn": "snv", "stc@tinh.gov.vn": "stc"}


def test_sizes_are_those_of_storage() -> None:
    rows = (
        ("Username", "Quota name", "Type", "Value", "Limit", "%"),
        ("an", "User quota", "STORAGE", "412", "900", "1"),
        ("an", "User quota", "MESSAGE", "7", "-", "0"),
    )
    assert usage.storage_of("\n".join(map("\t".join, rows))) == {"an": 412}


def day(until: datetime = END, since: datetime = BEGIN) -> usage.Day:
    looks = usage.Looks(CHECKING, {"an": "21"}, {"snv": "3"}, {"snv": ("an",)})
    return usage.Day("mail", DAY, since, until, looks, {"snv": Letters(1, 2, 0, 1)}, {"an": 412})


def test_what_is_kept_reads_back_and_is_nobody_else_s_to_read(tmp_path: Path) -> None:
    path = usage.write(day(), tmp_path)
    assert usage.read(path.read_bytes(), ZONE) == day()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["2026-11-23.json.gz"]


def test_what_is_kept_holds_no_address_and_no_moment_but_those_of_counting(tmp_path: Path) -> None:
    said = json.dumps(json.loads(gzip.decompress(usage.write(day(), tmp_path).read_bytes())))
    assert "@" not in said
    assert "rip" not in said


@pytest.mark.parametrize(
    ("since", "until", "whole"),
    [
        (BEGIN, END, True),
        (BEGIN - timedelta(days=3), END, True),
        (BEGIN, END - timedelta(minutes=1), False),
        (BEGIN + timedelta(minutes=1), END, False),  # the journal began later
    ],
)
def test_a_day_is_whole_from_midnight_to_midnight(since: datetime, until: datetime, *, whole: bool) -> None:
    assert day(until, since).whole is whole


def test_days_are_counted_anew_until_they_are_over(tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, 0, 20, tzinfo=ZONE)
    path = usage.write(day(), tmp_path)
    os.utime(path, (END.timestamp() - 60,) * 2)  # written while the day was not over
    assert usage.due(tmp_path, now, 2) == [date(2026, 11, 22), DAY]
    os.utime(path, (now.timestamp(),) * 2)
    assert usage.due(tmp_path, now, 2) == [date(2026, 11, 22)]


def test_days_are_forgotten_after_their_term(tmp_path: Path) -> None:
    path = usage.write(day(), tmp_path)
    assert usage.expired(tmp_path, DAY + timedelta(400), 400) == []
    assert usage.expired(tmp_path, DAY + timedelta(401), 400) == [path]


def test_looks_on_two_hosts_are_added() -> None:
    assert [usage.added(*pair) for pair in (("12", "30"), ("90", "50"), ("", "20"), ("20", ""))] == [
        "42",
        "90",
        "20",
        "20",
    ]
