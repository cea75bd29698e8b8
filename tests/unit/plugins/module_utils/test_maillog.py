"""What the mail servers' journals say, read line by line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import maillog
from ansible_collections.congvu.mail.plugins.module_utils.maillog import (
    Administered,
    Delivery,
    Event,
    Filed,
    FolderChanged,
    Handled,
    Judged,
    Named,
    Notified,
    Opened,
    Queued,
    Refused,
    Removed,
    SignedIn,
    SignedOut,
    SignInRefused,
    Started,
    Taken,
    Visited,
)

AT = datetime(2026, 11, 23, 1, 5, 9, 250000, UTC)
QUEUE, NEXT = "4c7ZxY2QkPz1Qd", "4c7ZxZ0vWmz1Qf"


def record(program: str, message: object) -> dict[str, Any]:
    """Give a record as journald prints it."""
    at = str(int(AT.timestamp() * 1_000_000))
    fields = {"SYSLOG_IDENTIFIER": program, "MESSAGE": message, "_HOSTNAME": "mail.tinh.gov.vn"}
    return {"__REALTIME_TIMESTAMP": at, "_BOOT_ID": "a9cf", **fields}


def event(kind: type[Event], line: str, **fields: object) -> Event:
    """Give the event of a line."""
    return kind(at=AT, host="mail.tinh.gov.vn", line=line, **fields)


LINES: dict[str, tuple[str, str, type[Event], dict[str, object]]] = {
    "somebody reads a letter of a shared mailbox": (
        "dovecot",
        (
            'stats: {"event":"mail_opened","hostname":"mail","start_time":"2026-11-22T09:15:19.702008Z",'
            '"categories":["mail","imap","service:imap"],"fields":{"user":"tth00005","session":"EfCN6tlgiqzGEkEB",'
            '"mailbox":"Shared/snv","uid":10,"reason_code":["imap:cmd_fetch","imap:fetch_body"],"service":"imap"}}'
        ),
        Opened,
        {"user": "tth00005", "service": "imap", "session": "EfCN6tlgiqzGEkEB", "folder": "Shared/snv", "uid": 10},
    ),
    "an administrator removes a letter": (
        "dovecot",
        (
            'stats: {"event":"mail_expunged","categories":["mailbox","service:doveadm"],'
            '"fields":{"user":"snv","session":"s","mailbox":"INBOX","uid":11,"service":"doveadm"}}'
        ),
        Handled,
        {
            "user": "snv",
            "service": "doveadm",
            "session": "s",
            "deed": "expunge",
            "folder": "INBOX",
            "source": "",
            "uid": 11,
            "message_id": "",
            "size": 0,
            "author": "",
        },
    ),
    "a signed-in person hands a letter in": (
        "postfix/submissions/smtpd",
        f"{QUEUE}: client=pc7.tinh.gov.vn[198.18.4.7], sasl_method=PLAIN, sasl_username=tth00012",
        Taken,
        {"queue": QUEUE, "service": "submissions", "client": "pc7.tinh.gov.vn[198.18.4.7]", "user": "tth00012"},
    ),
    "another server brings a letter": (
        "postfix/smtpd",
        f"{QUEUE}: client=mx.doitac.example[2001:db8::5]",
        Taken,
        {"queue": QUEUE, "service": "smtpd", "client": "mx.doitac.example[2001:db8::5]"},
    ),
    "a program of the machine writes a letter": (
        "postfix/pickup",
        f"{QUEUE}: uid=0 from=<root>",
        Taken,
        {"queue": QUEUE, "service": "pickup", "client": "0"},
    ),
    "a letter has a Message-ID": (
        "postfix/submission-cleanup/cleanup",
        f"{QUEUE}: message-id=<a1.b2@tinh.gov.vn>",
        Named,
        {"queue": QUEUE, "message_id": "a1.b2@tinh.gov.vn"},
    ),
    "an envelope goes into the queue": (
        "postfix/qmgr",
        f"{QUEUE}: from=<an@snv.tinh.gov.vn>, size=2048, nrcpt=3 (queue active)",
        Queued,
        {"queue": QUEUE, "sender": "an@snv.tinh.gov.vn", "size": 2048, "recipients": 3},
    ),
    "a notice has no sender": (
        "postfix/qmgr",
        f"{QUEUE}: from=<>, size=2048, nrcpt=1 (queue active)",
        Queued,
        {"queue": QUEUE, "sender": "", "size": 2048, "recipients": 1},
    ),
    "the mail store takes a letter": (
        "postfix/lmtp",
        (
            f"{QUEUE}: to=<ubnd@tinh.gov.vn>, orig_to=<vanphong@tinh.gov.vn>, relay=imap.tinh.gov.vn[198.18.4.2]:24, "
            "delay=0.31, delays=0.1/0.01/0.1/0.1, dsn=2.0.0, status=sent (250 2.0.0 <ubnd@tinh.gov.vn> qL3x Saved)"
        ),
        Delivery,
        {
            "queue": QUEUE,
            "recipient": "ubnd@tinh.gov.vn",
            "original": "vanphong@tinh.gov.vn",
            "relay": "imap.tinh.gov.vn[198.18.4.2]:24",
            "dsn": "2.0.0",
            "status": "sent",
            "reply": "250 2.0.0 <ubnd@tinh.gov.vn> qL3x Saved",
        },
    ),
    "another server takes a letter": (
        "postfix/smtp",
        (
            f"{QUEUE}: to=<b@doitac.example>, relay=mx.doitac.example[198.18.4.3]:25, conn_use=2, delay=1, "
            f"delays=0.1/0.2/0.3/0.4, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {NEXT})"
        ),
        Delivery,
        {
            "queue": QUEUE,
            "recipient": "b@doitac.example",
            "original": "",
            "relay": "mx.doitac.example[198.18.4.3]:25",
            "dsn": "2.0.0",
            "status": "sent",
            "reply": f"250 2.0.0 Ok: queued as {NEXT}",
            "next_queue": NEXT,
        },
    ),
    "a list is taken apart": (
        "postfix/lists/local",
        (
            f"{QUEUE}: to=<l-snv@lists.mail.tinh.gov.vn>, orig_to=<snv-tatca@tinh.gov.vn>, relay=local, delay=0.2, "
            f"delays=0.1/0/0/0.1, dsn=2.0.0, status=sent (forwarded as {NEXT})"
        ),
        Delivery,
        {
            "queue": QUEUE,
            "recipient": "l-snv@lists.mail.tinh.gov.vn",
            "original": "snv-tatca@tinh.gov.vn",
            "relay": "local",
            "dsn": "2.0.0",
            "status": "sent",
            "reply": f"forwarded as {NEXT}",
            "next_queue": NEXT,
        },
    ),
    "a letter waits": (
        "postfix/smtp",
        (
            f"{QUEUE}: to=<b@doitac.example>, relay=none, delay=30, delays=0/0/30/0, dsn=4.4.1, status=deferred "
            "(connect to mx.doitac.example[198.18.4.3]:25: Connection timed out)"
        ),
        Delivery,
        {
            "queue": QUEUE,
            "recipient": "b@doitac.example",
            "original": "",
            "relay": "none",
            "dsn": "4.4.1",
            "status": "deferred",
            "reply": "connect to mx.doitac.example[198.18.4.3]:25: Connection timed out",
        },
    ),
    "a letter waited too long": (
        "postfix/qmgr",
        f"{QUEUE}: from=<an@tinh.gov.vn>, status=expired, returned to sender",
        Delivery,
        {
            "queue": QUEUE,
            "recipient": "",
            "original": "",
            "relay": "",
            "dsn": "",
            "status": "expired",
            "reply": "returned to sender",
        },
    ),
    "the sender is told": (
        "postfix/bounce",
        f"{QUEUE}: sender non-delivery notification: {NEXT}",
        Notified,
        {"queue": QUEUE, "about": "sender non-delivery notification", "notice": NEXT},
    ),
    "a letter leaves the queue": ("postfix/qmgr", f"{QUEUE}: removed", Removed, {"queue": QUEUE}),
    "a recipient is refused": (
        "postfix/smtpd",
        (
            "NOQUEUE: reject: RCPT from mx.doitac.example[198.18.4.3]: 550 5.1.1 <ai@tinh.gov.vn>: Recipient address "
            "rejected: User unknown; from=<b@doitac.example> to=<ai@tinh.gov.vn> proto=ESMTP helo=<mx.doitac.example>"
        ),
        Refused,
        {
            "queue": "",
            "service": "smtpd",
            "client": "mx.doitac.example[198.18.4.3]",
            "reply": "550 5.1.1 <ai@tinh.gov.vn>: Recipient address rejected: User unknown",
            "sender": "b@doitac.example",
            "recipient": "ai@tinh.gov.vn",
        },
    ),
    "a signed-in person writes as somebody else": (
        "postfix/submission/smtpd",
        (
            "NOQUEUE: reject: RCPT from unknown[198.18.4.7]: 553 5.7.1 <ct@tinh.gov.vn>: Sender address rejected: not "
            "owned by tth00012; from=<ct@tinh.gov.vn> to=<ai@tinh.gov.vn> proto=SMTP helo=<p> sasl_username=<tth00012>"
        ),
        Refused,
        {
            "queue": "",
            "service": "submission",
            "client": "unknown[198.18.4.7]",
            "reply": "553 5.7.1 <ct@tinh.gov.vn>: Sender address rejected: not owned by tth00012",
            "sender": "ct@tinh.gov.vn",
            "recipient": "ai@tinh.gov.vn",
            "user": "tth00012",
        },
    ),
    "the milter refuses a letter": (
        "postfix/cleanup",
        (
            f"{QUEUE}: milter-reject: END-OF-MESSAGE from mx.doitac.example[198.18.4.3]: 5.7.1 This message carries "
            "malware (Eicar-Signature) and is refused; from=<b@doitac.example> to=<an@tinh.gov.vn> proto=SMTP helo=<mx>"
        ),
        Refused,
        {
            "queue": QUEUE,
            "service": "cleanup",
            "client": "mx.doitac.example[198.18.4.3]",
            "reply": "5.7.1 This message carries malware (Eicar-Signature) and is refused",
            "sender": "b@doitac.example",
            "recipient": "an@tinh.gov.vn",
        },
    ),
    "a password is wrong at submission": (
        "postfix/submissions/smtpd",
        (
            "warning: unknown[198.18.4.7]: SASL PLAIN authentication failed: (reason unavailable), "
            "sasl_username=an@tinh.gov.vn"
        ),
        SignInRefused,
        {
            "user": "an@tinh.gov.vn",
            "service": "submissions",
            "client": "198.18.4.7",
            "reason": "(reason unavailable)",
        },
    ),
    "Rspamd passes a letter": (
        "rspamd",
        (
            f"<1fc2ab>; task; rspamd_task_write_log: id: <a1.b2@tinh.gov.vn>, qid: <{QUEUE}>, ip: 198.18.4.7, "
            "user: tth00012, "
            "from: <an@tinh.gov.vn>, (default: F (no action): [-0.60/15.00] [MIME_GOOD(-0.10){text/plain;},"
            "R_DKIM_NA(0.00){},BAYES_HAM(-0.50){99%;}]), len: 1204, time: 35.2ms, dns req: 0, digest: <0d4f>, "
            "rcpts: <b@tinh.gov.vn,c@tinh.gov.vn,...>, mime_rcpts: <b@tinh.gov.vn>"
        ),
        Judged,
        {
            "message_id": "a1.b2@tinh.gov.vn",
            "queue": QUEUE,
            "client": "198.18.4.7",
            "user": "tth00012",
            "sender": "an@tinh.gov.vn",
            "recipients": ("b@tinh.gov.vn", "c@tinh.gov.vn"),
            "action": "no action",
            "score": -0.6,
            "limit": 15.0,
            "symbols": (("BAYES_HAM", -0.5), ("MIME_GOOD", -0.1), ("R_DKIM_NA", 0.0)),
            "size": 1204,
        },
    ),
    "Rspamd refuses a letter": (
        "rspamd",
        (
            f"<9f10cc>; task; rspamd_task_write_log: id: <x@doitac.example>, qid: <{QUEUE}>, ip: 198.18.4.3, from: "
            "<b@doitac.example>, (default: T (reject): [nan/15.00] [CLAM_VIRUS(0.00){Eicar;}]), len: 800, time: 9.1ms, "
            'dns req: 12, digest: <77aa>, rcpts: <an@tinh.gov.vn>, forced: reject "It carries malware"; score=nan'
        ),
        Judged,
        {
            "message_id": "x@doitac.example",
            "queue": QUEUE,
            "client": "198.18.4.3",
            "user": "",
            "sender": "b@doitac.example",
            "recipients": ("an@tinh.gov.vn",),
            "action": "reject",
            "score": pytest.approx(float("nan"), nan_ok=True),
            "limit": 15.0,
            "symbols": (("CLAM_VIRUS", 0.0),),
            "size": 800,
        },
    ),
    "somebody signs in to read": (
        "dovecot",
        (
            "imap-login: Logged in: user=<tth00012>, method=PLAIN, rip=198.18.4.7, lip=198.18.4.2, mpid=4021, TLS, "
            "session=<Ab+/3Q==>"
        ),
        SignedIn,
        {"user": "tth00012", "service": "imap", "client": "198.18.4.7", "session": "Ab+/3Q=="},
    ),
    "a password is wrong at IMAP": (
        "dovecot",
        (
            "imap-login: Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) (auth_failed): "
            "user=<an@tinh.gov.vn>, method=PLAIN, rip=198.18.4.7, lip=198.18.4.2, TLS, session=<Ab>"
        ),
        SignInRefused,
        {
            "user": "an@tinh.gov.vn",
            "service": "imap",
            "client": "198.18.4.7",
            "reason": "Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) (auth_failed)",
        },
    ),
    "a reader leaves": (
        "dovecot",
        (
            "imap(tth00012)<4021><Ab+/3Q==>: Disconnected: Logged out in=120 out=9000 deleted=0 expunged=0 trashed=0 "
            "hdr_count=12 hdr_bytes=4000 body_count=2 body_bytes=3000"
        ),
        SignedOut,
        {
            "user": "tth00012",
            "service": "imap",
            "session": "Ab+/3Q==",
            "headers": 12,
            "bodies": 2,
            "bodies_size": 3000,
        },
    ),
    "a letter is delivered": (
        "dovecot",
        (
            "lmtp(ubnd)<4100><qL3x:P1>: save: box=INBOX, uid=41, msgid=<a1.b2@tinh.gov.vn>, size=1204, "
            "from=An <an@tinh.gov.vn>"
        ),
        Handled,
        {
            "user": "ubnd",
            "service": "lmtp",
            "session": "qL3x:P1",
            "deed": "save",
            "folder": "INBOX",
            "source": "",
            "uid": 41,
            "message_id": "a1.b2@tinh.gov.vn",
            "size": 1204,
            "author": "An <an@tinh.gov.vn>",
        },
    ),
    "a clerk removes a letter from the agency mailbox": (
        "dovecot",
        (
            "imap(tth00012)<4021><Ab>: Mailbox Shared/ubnd/INBOX: UID 41: expunge: box=Shared/ubnd/INBOX, uid=41, "
            "msgid=<a1.b2@tinh.gov.vn>, size=1204, from=an@tinh.gov.vn"
        ),
        Handled,
        {
            "user": "tth00012",
            "service": "imap",
            "session": "Ab",
            "deed": "expunge",
            "folder": "Shared/ubnd/INBOX",
            "source": "",
            "uid": 41,
            "message_id": "a1.b2@tinh.gov.vn",
            "size": 1204,
            "author": "an@tinh.gov.vn",
        },
    ),
    "a clerk copies a letter of the agency mailbox": (
        "dovecot",
        "imap(tth00012)<4021><Ab>: copy from Shared/ubnd/INBOX: box=Công văn, 2026, uid=7, msgid=, size=error, from=",
        Handled,
        {
            "user": "tth00012",
            "service": "imap",
            "session": "Ab",
            "deed": "copy",
            "folder": "Công văn, 2026",
            "source": "Shared/ubnd/INBOX",
            "uid": 7,
            "message_id": "",
            "size": 0,
            "author": "",
        },
    ),
    "somebody opens a shared mailbox": (
        "dovecot",
        (
            'stats: {"event":"imap_command_finished","hostname":"mail","end_time":"2026-11-22T12:33:35.894899Z",'
            '"categories":["service:imap","imap"],"fields":{"user":"tth00011","session":"kgqgr9xgAODGEloB",'
            '"cmd_name":"EXAMINE","cmd_args":"\\"Shared/stc-vp/Sent\\""}}'
        ),
        Visited,
        {"user": "tth00011", "session": "kgqgr9xgAODGEloB", "mailbox": "stc-vp"},
    ),
    "Dovecot starts": (
        "dovecot",
        "master: Dovecot v2.4.1-4 (7d8c0e5759) starting up for imap, lmtp, sieve",
        Started,
        {},
    ),
    "a folder gets another name": (
        "dovecot",
        "imap(tth00012)<4021><Ab>: Mailbox renamed: Công văn -> Công văn đến",
        FolderChanged,
        {
            "user": "tth00012",
            "service": "imap",
            "session": "Ab",
            "deed": "renamed",
            "folder": "Công văn",
            "renamed": "Công văn đến",
        },
    ),
    "Sieve files a letter": (
        "dovecot",
        "lmtp(ubnd)<4100><qL3x:P1>: sieve: msgid=<a1.b2@tinh.gov.vn>: stored mail into mailbox 'INBOX'",
        Filed,
        {
            "user": "ubnd",
            "session": "qL3x:P1",
            "message_id": "a1.b2@tinh.gov.vn",
            "outcome": "stored mail into mailbox 'INBOX'",
        },
    ),
    "Sieve redirects a letter": (
        "dovecot",
        "lmtp(ubnd)<4100><qL3x:P1>: sieve: msgid=<a1.b2@tinh.gov.vn>: forwarded to <b@tinh.gov.vn>",
        Filed,
        {
            "user": "ubnd",
            "session": "qL3x:P1",
            "message_id": "a1.b2@tinh.gov.vn",
            "outcome": "forwarded to <b@tinh.gov.vn>",
        },
    ),
    "an administrator looks into a mailbox": (
        "dovecot",
        "doveadm(19562): cmd fetch: Executing command as 'snv'",
        Administered,
        {"user": "snv", "command": "fetch", "session": "19562"},
    ),
    "a program of the estate makes a folder": (
        "dovecot",
        "doveadm: cmd mailbox create: Executing command as 'snv'",
        Administered,
        {"user": "snv", "command": "mailbox create", "session": ""},
    ),
    "somebody signs in at the webmail": (
        "webmail",
        "<0fd7a1b2> Successful login for an@tinh.gov.vn (ID: 3) from 198.18.4.7 in session 0fd7a1b2c3d4e5f6",
        SignedIn,
        {"user": "an@tinh.gov.vn", "service": "webmail", "client": "198.18.4.7", "session": "0fd7a1b2c3d4e5f6"},
    ),
    "a password is wrong at the webmail": (
        "webmail",
        "<0fd7a1b2> Failed login for an@tinh.gov.vn from 198.18.4.7 in session 0fd7a1b2c3d4e5f6 (error: 0)",
        SignInRefused,
        {"user": "an@tinh.gov.vn", "service": "webmail", "client": "198.18.4.7", "reason": "error: 0"},
    ),
}


@pytest.mark.parametrize(("program", "line", "kind", "fields"), LINES.values(), ids=LINES)
def test_a_line_becomes_the_event_that_it_tells_of(
    program: str, line: str, kind: type[Event], fields: dict[str, object]
) -> None:
    assert maillog.event(record(program, line)) == event(kind, line, **fields)


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("postfix/qmgr", "warning: 4c7ZxY2QkPz1Qd: from=<a@b.c>, size=1, nrcpt=1 (queue active)"),
        ("postfix/smtpd", "connect from mx.doitac.example[198.18.4.3]"),
        ("postfix/postscreen", "PASS NEW [198.18.4.3]:4242"),
        ("dovecot", "master: Dovecot v2.4.1 (7d8c0e5759) reloaded"),
        ("dovecot", 'stats: {"event":"imap_command_finished","fields":{"user":"u","session":"s","cmd_args":"INBOX"}}'),
        ("dovecot", "lmtp(4100): Connect from 198.18.4.2"),
        (
            "dovecot",
            (
                "imap-login: Login aborted: Connection closed (no auth attempts in 1 secs) (no_auth_attempts): "
                "user=<>, rip=198.18.61.1, lip=198.18.61.10, TLS: Connection closed, session=<ehfH0NlgmJ/GEj0B>"
            ),
        ),
        ("rspamd", "<1fc2ab>; lua; dkim_signing.lua:100: signed"),
        ("slapd", f"{QUEUE}: removed"),
        ("postfixed", f"{QUEUE}: removed"),
    ],
)
def test_other_lines_are_no_events(program: str, line: str) -> None:
    assert maillog.event(record(program, line)) is None


@pytest.mark.parametrize(
    ("program", "line", "kind", "field", "value"),
    [
        (
            "postfix/smtp",
            (
                f'{QUEUE}: to=<"x>, relay=a[1.2.3.4]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent ()"@b.c>, '
                "relay=mx[198.18.4.3]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (no)"
            ),
            Delivery,
            "status",
            "bounced",
        ),
        (
            "dovecot",
            "lmtp(ubnd)<1><s>: sieve: msgid=x@b>: stored mail into mailbox 'Junk: stored mail into mailbox 'INBOX'",
            Filed,
            "user",
            "ubnd",
        ),
        (
            "postfix/cleanup",
            f"{QUEUE}: message-id=<x@b>, {NEXT}: message-id=<y@b>",
            Named,
            "queue",
            QUEUE,
        ),
        (
            "dovecot",
            "lmtp(ubnd)<1><s>: save: box=INBOX, uid=1, msgid=<a@b>, size=10, from=x, size=99, from=y",
            Handled,
            "size",
            10,
        ),
    ],
)
def test_what_a_sender_chooses_is_not_taken_for_the_rest_of_the_line(
    program: str, line: str, kind: type[Event], field: str, value: object
) -> None:
    found = maillog.event(record(program, line))
    assert isinstance(found, kind)
    assert getattr(found, field) == value


def test_a_sign_in_name_cannot_play_a_sign_in() -> None:
    line = (
        "imap-login: Login aborted: Logged out (auth failed, 1 attempts in 2 secs): user=<x> imap-login: Logged in: "
        "user=<ct@tinh.gov.vn>, method=PLAIN, rip=203.0.113.9, lip=10.0.0.1>, method=PLAIN, rip=198.18.4.7, TLS"
    )
    assert not isinstance(maillog.event(record("dovecot", line)), SignedIn)


def test_journals_are_read_as_they_come_empty_lines_and_bytes_that_are_no_text_included() -> None:
    odd = list(f"{QUEUE}: message-id=<".encode() + b"\xe1@b.example>")
    lines = [json.dumps(record("postfix/qmgr", f"{QUEUE}: removed")), "", json.dumps(record("postfix/cleanup", odd))]
    removed, named = maillog.read(lines)
    assert isinstance(removed, Removed)
    assert isinstance(named, Named)
    assert named.message_id == r"\xe1@b.example"


@pytest.mark.parametrize(
    ("whole", "logged", "same"),
    [
        ("a@b", "a@b", True),
        ("a@b", "a@c", False),
        ("a" * 90 + "@b", "<" + "a" * 76 + "...", True),
        ("b" + "a" * 90 + "@b", "<" + "a" * 76 + "...", False),
    ],
)
def test_a_message_id_is_known_again_though_it_was_cut(whole: str, logged: str, same: bool) -> None:  # noqa: FBT001
    assert maillog.same_letter(whole, logged) is same
