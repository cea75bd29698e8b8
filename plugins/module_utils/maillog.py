"""What the mail servers' journals say, as typed events: who brought a letter, what became of it, who signed in.

This file alone knows how Postfix 3.10, Dovecot 2.4, Rspamd 3.12 and Roundcube 1.6 word their lines. A line that it does
not know is no event. The journals hold envelopes, Message-IDs and names of folders, and neither subjects nor content.

Senders choose parts of what is logged (addresses, Message-IDs, the author of a letter), and may write into them what
looks like the rest of a line. So a line counts only if all of it fits, and quoted local parts are read as such.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    _Facts = dict[str, Any]  # what every event of a line has in common

# What asks a machine's journal for the lines that are read here, each as JSON. Callers add --since, --until, --grep.
COMMAND = (
    "journalctl",
    "--quiet",
    "--no-pager",
    "--output=json",
    "--output-fields=MESSAGE,SYSLOG_IDENTIFIER,_HOSTNAME",
    "SYSLOG_FACILITY=2",  # mail: Postfix, Dovecot, Rspamd
    "+",
    "SYSLOG_IDENTIFIER=webmail",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a service on ``host`` did at that moment; ``line`` is what it wrote, after its own name."""

    at: datetime  # UTC
    host: str
    line: str


# --- Letters on their way: Postfix. ``queue`` is the id under which a machine keeps a letter; ids never come twice.


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Event):
    """A letter was brought. ``user`` is the id of whoever was signed in, empty where nobody was (another server)."""

    queue: str
    service: str  # submission, submissions, smtpd (port 25) or pickup (written on this machine)
    client: str  # name[address]; at pickup the local user's number
    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Event):
    """The Message-ID under which a letter goes, without its angle brackets."""

    queue: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued(Event):
    """The envelope's sender, empty for a notice, and to how many it goes."""

    queue: str
    sender: str
    size: int  # bytes
    recipients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Event):
    """A try to hand a letter on. ``original`` is the address as it was written, before aliases and lists."""

    queue: str
    recipient: str
    original: str
    relay: str
    dsn: str  # RFC 3463
    status: str  # sent, deferred, bounced, expired
    reply: str  # in the words of the server that was asked
    next_queue: str = ""  # the id that it got there


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified(Event):
    """The sender, or the postmaster, was told what became of a letter, in a letter of its own."""

    queue: str
    about: str  # such as `sender non-delivery notification`
    notice: str  # its queue id


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed(Event):
    """A letter has left this machine's queue."""

    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Event):
    """A letter, or one recipient of it, was not taken. ``queue`` is empty before there is one."""

    queue: str
    service: str
    client: str
    reply: str
    sender: str
    recipient: str
    user: str = ""


# --- Verdicts: Rspamd


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Event):
    """What Rspamd thought of a letter. ``symbols`` are its reasons with their scores, the weightiest first."""

    message_id: str
    queue: str
    client: str  # address
    user: str
    sender: str
    recipients: tuple[str, ...]  # the first ones, where there are many
    action: str  # no action, add header, soft reject, reject, …
    score: float
    limit: float
    symbols: tuple[tuple[str, float], ...]
    size: int


# --- People: Dovecot, the webmail, and Postfix where somebody signs in to send


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event):
    """Somebody signed in. ``user`` is the id; at the webmail, which asks Dovecot in turn, what was typed."""

    user: str
    service: str  # imap, managesieve, webmail
    client: str  # address; that of the webmail for whoever reads there
    session: str  # Dovecot's, by which it marks all that follows


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused(Event):
    """A try to sign in that failed. ``user`` is what was typed."""

    user: str
    service: str  # imap, managesieve, submission, submissions, webmail
    client: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(Event):
    """A session's end, and how many letters' headers and bodies it had asked for."""

    user: str
    service: str
    session: str
    headers: int
    bodies: int
    bodies_size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled(Event):
    """Somebody, or at service ``lmtp`` a delivery, did something with one letter in a folder.

    A folder of an agency mailbox is `Shared/<uid>/…` for whoever is not its owner. Long Message-IDs are cut: compare
    them with ``same_letter``.
    """

    user: str
    service: str
    session: str
    deed: str  # save, copy, delete, undelete, expunge, autoexpunge, flag_change
    folder: str
    source: str  # the folder copied from
    uid: int  # in the folder; 0 where Dovecot did not tell
    message_id: str
    size: int
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    """Somebody had the text of a letter shown that lies in another's mailbox, or at service ``doveadm`` in any.

    What people read of their own is not logged.
    """

    user: str
    service: str
    session: str
    folder: str
    uid: int  # in the folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited(Event):
    """Somebody opened a folder of a mailbox of several people; ``mailbox`` is that mailbox's id."""

    user: str
    session: str
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Event):
    """Dovecot started: whatever sessions it had before are over, if it said so or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderChanged(Event):
    """A folder was made, deleted or given another name."""

    user: str
    service: str
    session: str
    deed: str  # created, deleted, renamed
    folder: str
    renamed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed(Event):
    """What a person's Sieve rules, or the estate's, did with a letter that was delivered."""

    user: str
    session: str
    message_id: str
    outcome: str  # in Dovecot's words, such as `stored mail into mailbox 'INBOX'`


# --- Administrators


@dataclass(frozen=True, slots=True, kw_only=True)
class Administered(Event):
    """Somebody with rights on the store did something with a mailbox, past its password: `doveadm <command>`."""

    user: str
    command: str  # such as `fetch`, `mailbox list` or `acl set`
    session: str  # the process, or empty


# --- Reading


def read(lines: Iterable[bytes | str]) -> Iterator[Event]:
    """Read what ``COMMAND`` prints, line by line."""
    for line in lines:
        if line.strip() and (found := event(json.loads(line))):
            yield found


def event(record: Mapping[str, Any]) -> Event | None:
    """Read one record of a journal, as journald gives it in JSON; None if there is nothing to tell of."""
    program, line = _text(record.get("SYSLOG_IDENTIFIER")), _text(record.get("MESSAGE"))
    reader = _READERS.get(program.partition("/")[0])
    if reader is None:
        return None
    at = datetime.fromtimestamp(int(record["__REALTIME_TIMESTAMP"]) / 1_000_000, UTC)
    return reader(program, line, {"at": at, "host": _text(record.get("_HOSTNAME")), "line": line})


def same_letter(message_id: str, logged: str) -> bool:
    """Tell whether a Message-ID is the one that Dovecot logged, which cuts it after 80 characters."""
    if not logged.endswith(_CUT):
        return message_id == logged
    return message_id.startswith(logged.removesuffix(_CUT).removeprefix("<"))


def _text(value: object) -> str:
    """Give a field as text: journald gives what is not UTF-8 as numbers."""
    if isinstance(value, list):
        return bytes(value).decode(errors="backslashreplace")
    return value if isinstance(value, str) else ""


_CUT = "..."
_QUEUE = r"(?:[0-9A-F]{6,15}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{12,24})"
_ADDRESS = r'(?:"(?:[^"\\]|\\.)*"|[^">])*'
_CLIENT = r"[^\s,]*\[[^\]]*\](?::\d+)?"


def _known(message_id: str) -> str:
    """Give a Message-ID without its brackets; something else that stands in its place as it is."""
    return message_id[1:-1] if message_id.startswith("<") and message_id.endswith(">") else message_id


# --- Postfix


def _postfix(program: str, line: str, facts: _Facts) -> Event | None:
    _, *service, daemon = program.split("/")
    for pattern, reader in _POSTFIX.get(daemon, ()):
        if found := pattern.fullmatch(line):
            return reader(found, {**facts, "service": "/".join(service) or daemon})
    return None


def _taken(found: re.Match[str], facts: _Facts) -> Event:
    return Taken(queue=found["queue"], client=found["client"], user=found["user"] or "", **facts)


def _picked_up(found: re.Match[str], facts: _Facts) -> Event:
    return Taken(queue=found["queue"], client=found["uid"], **facts)


def _named(found: re.Match[str], facts: _Facts) -> Event:
    return Named(queue=found["queue"], message_id=_known(found["id"]), **_plain(facts))


def _queued(found: re.Match[str], facts: _Facts) -> Event:
    sizes: _Facts = {"size": int(found["size"]), "recipients": int(found["count"])}
    return Queued(queue=found["queue"], sender=found["sender"], **sizes, **_plain(facts))


def _removed(found: re.Match[str], facts: _Facts) -> Event:
    return Removed(queue=found["queue"], **_plain(facts))


def _delivery(found: re.Match[str], facts: _Facts) -> Event:
    names = ("queue", "recipient", "original", "relay", "dsn", "status", "reply")
    told: _Facts = {name: found[name] or "" for name in names}
    passed_on = _PASSED_ON.search(told["reply"]) if told["status"] == "sent" else None
    return Delivery(**told, next_queue=passed_on["queue"] if passed_on else "", **_plain(facts))


def _expired(found: re.Match[str], facts: _Facts) -> Event:
    """Read that a letter was given back after days in the queue: that is said of all who had not got it."""
    told: _Facts = {"queue": found["queue"], "recipient": "", "original": "", "relay": "", "dsn": ""}
    return Delivery(**told, status="expired", reply=found["reply"], **_plain(facts))


def _notified(found: re.Match[str], facts: _Facts) -> Event:
    return Notified(queue=found["queue"], about=found["about"], notice=found["notice"], **_plain(facts))


def _refused(found: re.Match[str], facts: _Facts) -> Event:
    names = ("queue", "client", "reply", "sender", "recipient", "user")
    told: _Facts = {name: found[name] or "" for name in names}
    return Refused(**told, **facts)


def _sign_in_failed(found: re.Match[str], facts: _Facts) -> Event:
    return SignInRefused(user=found["user"] or "", client=_address(found["client"]), reason=found["reason"], **facts)


def _plain(facts: _Facts) -> _Facts:
    return {name: value for name, value in facts.items() if name != "service"}


def _address(client: str) -> str:
    """Give the address in `name[address]:port`."""
    return client[client.index("[") + 1 : client.rindex("]")]


_PASSED_ON = re.compile(rf"(?:queued|forwarded) as (?P<queue>{_QUEUE})$")
_REFUSED = (
    re.compile(
        rf"(?:(?P<queue>{_QUEUE})|NOQUEUE): (?:milter-)?reject: [A-Z-]+ from (?P<client>{_CLIENT}): (?P<reply>.*);"
        rf"(?: from=<(?P<sender>{_ADDRESS})>)?(?: to=<(?P<recipient>{_ADDRESS})>)? proto=\w+(?: helo=<[^<>]*>)?"
        r"(?: sasl_method=\S+)?(?: sasl_username=<?(?P<user>[^<>\s]*)>?)?(?: sasl_sender=\S+)?"
    ),
    _refused,
)
_HANDED_ON = (
    re.compile(
        rf"(?P<queue>{_QUEUE}): to=<(?P<recipient>{_ADDRESS})>, (?:orig_to=<(?P<original>{_ADDRESS})>, )?"
        r"relay=(?P<relay>[^,]*), (?:conn_use=\d+, )?delay=[\d.]+, delays=[\d./]+, dsn=(?P<dsn>\d\.\d+\.\d+), "
        r"status=(?P<status>sent|deferred|bounced) \((?P<reply>.*)\)"
    ),
    _delivery,
)
_POSTFIX: Mapping[str, tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Facts], Event]], ...]] = {
    "smtpd": (
        (
            re.compile(
                rf"(?P<queue>{_QUEUE}): client=(?P<client>{_CLIENT})(?:, orig_\w+=[^,]*)*"
                r"(?:, sasl_method=[^,]*)?(?:, sasl_username=(?P<user>[^,]*))?(?:, sasl_sender=[^,]*)?"
            ),
            _taken,
        ),
        _REFUSED,
        (
            re.compile(
                rf"warning: (?P<client>{_CLIENT}): SASL \S+ authentication failed: "
                r"(?P<reason>.*?)(?:, sasl_username=(?P<user>[^,]*))?"
            ),
            _sign_in_failed,
        ),
    ),
    "pickup": ((re.compile(rf"(?P<queue>{_QUEUE}): uid=(?P<uid>\d+) from=<.*>"), _picked_up),),
    "cleanup": ((re.compile(rf"(?P<queue>{_QUEUE}): message-id=(?P<id>.*)"), _named), _REFUSED),
    "qmgr": (
        (
            re.compile(
                rf"(?P<queue>{_QUEUE}): from=<(?P<sender>{_ADDRESS})>, size=(?P<size>\d+), nrcpt=(?P<count>\d+) \(.*\)"
            ),
            _queued,
        ),
        (re.compile(rf"(?P<queue>{_QUEUE}): from=<{_ADDRESS}>, status=(?:force-)?expired, (?P<reply>.*)"), _expired),
        (re.compile(rf"(?P<queue>{_QUEUE}): removed"), _removed),
    ),
    "bounce": (
        (re.compile(rf"(?P<queue>{_QUEUE}): (?P<about>[\w -]+ notification): (?P<notice>{_QUEUE})"), _notified),
    ),
    **dict.fromkeys(("smtp", "lmtp", "local", "error", "virtual", "discard"), (_HANDED_ON,)),
}


# --- Rspamd


def _rspamd(_: str, line: str, facts: _Facts) -> Event | None:
    if (found := _JUDGED.fullmatch(line)) is None:
        return None
    weights = {found["name"]: float(found["weight"]) for found in _SYMBOL.finditer(found["symbols"])}
    return Judged(
        message_id=found["id"],
        queue=found["queue"] or "",
        client=found["client"] or "",
        user=found["user"] or "",
        sender=found["sender"] or "",
        recipients=tuple(each for each in (found["recipients"] or "").split(",") if each not in ("", _CUT)),
        action=found["action"],
        score=float(found["score"]),
        limit=float(found["limit"]),
        symbols=tuple(sorted(weights.items(), key=lambda item: (-abs(item[1]), item[0]))),
        size=int(found["size"]),
        **facts,
    )


_JUDGED = re.compile(
    rf"<\w*>; \w+; rspamd_task_write_log: id: <(?P<id>.*?)>,(?: qid: <(?P<queue>{_QUEUE})>,)?"
    rf"(?: ip: (?P<client>[0-9A-Fa-f.:]+),)?(?: user: (?P<user>[^,<>]*),)?(?: from: <(?P<sender>{_ADDRESS})>,)?"
    r" \(default: \w \((?P<action>[a-z ]+)\): \[(?P<score>-?[\d.]+|nan)/(?P<limit>-?[\d.]+|nan)\] "
    r"\[(?P<symbols>.*)\]\),"
    r" len: (?P<size>\d+), time: [^,]*, dns req: \d+, digest: <\w*>"
    r"(?:, rcpts: <(?P<recipients>[^<>]*)>)?(?:, mime_rcpts: <.*?>)?(?:, file: .*?)?(?:, forced: .*?)?"
    r"(?:, settings_id: .*)?"
)
_SYMBOL = re.compile(r"(?:^|,)(?P<name>[A-Z][A-Z0-9_]+)\((?P<weight>-?\d+\.\d+)\)")


# --- Dovecot


def _dovecot(_: str, line: str, facts: _Facts) -> Event | None:
    if found := _ADMINISTERED.fullmatch(line):
        return Administered(user=found["user"], command=found["command"], session=found["session"] or "", **facts)
    if found := _LOGIN.fullmatch(line):
        return _login(found, facts)
    if found := _EXPORTED.fullmatch(line):
        return _exported(found["event"], facts)
    if (found := _SESSION.fullmatch(line)) is None:
        return Started(**facts) if _STARTED.fullmatch(line) else None
    said = found["said"]
    session = {**facts, "user": found["user"], "service": found["service"], "session": found["session"]}
    for pattern, reader in _DOVECOT:
        if told := pattern.fullmatch(said):
            return reader(told, session)
    return None


def _login(found: re.Match[str], facts: _Facts) -> Event | None:
    if not found["user"]:
        return None  # nobody tried
    who: _Facts = {"user": found["user"], "service": found["service"], "client": found["client"]}
    if found["done"]:
        return SignedIn(**who, session=found["session"] or "", **facts)
    return SignInRefused(**who, reason=found["reason"], **facts)


def _signed_out(told: re.Match[str], session: _Facts) -> Event:
    counts = {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", told["counts"])}
    return SignedOut(
        headers=counts.get("hdr_count", 0),
        bodies=counts.get("body_count", 0),
        bodies_size=counts.get("body_bytes", 0),
        **session,
    )


def _handled(told: re.Match[str], session: _Facts) -> Event:
    return Handled(
        deed=told["deed"],
        folder=told["folder"],
        source=told["source"] or "",
        uid=_number(told["uid"]),
        message_id=_known(told["id"]),
        size=_number(told["size"]),
        author=told["author"],
        **session,
    )


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _exported(exported: str, facts: _Facts) -> Event | None:
    """Read an event that Dovecot exports as JSON; the names of folders in it are people's own, and cannot break out."""
    try:
        said = json.loads(exported)
    except ValueError:
        return None
    fields = said.get("fields", {})
    if said.get("event") == "imap_command_finished":
        return _visited(fields, facts)
    if not {"user", "mailbox"} <= fields.keys():
        return None
    told: _Facts = {name: str(fields.get(name, "")) for name in ("user", "service", "session")}
    told |= {"folder": str(fields["mailbox"]), "uid": _number(str(fields.get("uid", ""))), **facts}
    if said.get("event") == "mail_opened":
        return Opened(**told)
    if said.get("event") == "mail_expunged":
        return Handled(**told, deed="expunge", source="", message_id="", size=0, author="")
    return None


def _visited(fields: Mapping[str, Any], facts: _Facts) -> Event | None:
    """Read that a folder was opened; what the command named, the program quoted or not."""
    if not {"user", "session", "cmd_args"} <= fields.keys() or not (found := _SHARED.match(str(fields["cmd_args"]))):
        return None
    return Visited(user=str(fields["user"]), session=str(fields["session"]), mailbox=found["mailbox"], **facts)


def _folder_changed(told: re.Match[str], session: _Facts) -> Event:
    return FolderChanged(deed=told["deed"], folder=told["folder"], renamed=told["renamed"] or "", **session)


def _filed(told: re.Match[str], session: _Facts) -> Event:
    said: _Facts = {"message_id": _known(told["id"]), "outcome": told["outcome"]}
    return Filed(**said, **_plain(session))


_ADMINISTERED = re.compile(
    r"doveadm(?:\((?P<session>\d+)\))?: cmd (?P<command>[a-z ]+): Executing command as '(?P<user>[^']*)'"
)
_LOGIN = re.compile(
    r"(?P<service>imap|managesieve|pop3)-login: "
    r"(?:(?P<done>Logged in)|(?P<reason>(?:Login aborted|Disconnected): [^<>]*)): "
    r"(?:user=<(?P<user>[^<>]*)>,? )?(?:method=[^,\s]*,? )?rip=(?P<client>[0-9A-Fa-f.:]+),?"
    r"(?: .*?session=<(?P<session>[^<>]*)>| .*)?"
)
_EXPORTED = re.compile(r"stats: (?P<event>\{.*\})")
_SHARED = re.compile(r'"?Shared/(?P<mailbox>[a-z0-9-]+)(?=[/" ]|$)')
_STARTED = re.compile(r"master: Dovecot v\S+(?: \([^)]*\))? starting up.*")
_SESSION = re.compile(r"(?P<service>[\w-]+)\((?P<user>[^()<>]*)\)<\d*><(?P<session>[^<>]*)>: (?P<said>.*)")
_DOVECOT: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Facts], Event]], ...] = (
    (
        re.compile(
            r"(?:Mailbox .*?: )?(?:UID \d+: )?(?P<deed>save|copy|delete|undelete|expunge|autoexpunge|flag_change)"
            r"(?: from (?P<source>.*?))?: box=(?P<folder>.*?), uid=(?P<uid>\d+|error), "
            r"msgid=(?P<id><[^<>\s]*>|.*?), size=(?P<size>\d+|error), from=(?P<author>.*)"
        ),
        _handled,
    ),
    (
        re.compile(
            r"(?:Mailbox .*?: )?Mailbox (?P<deed>created|deleted|renamed): (?P<folder>.*?)(?: -> (?P<renamed>.*))?"
        ),
        _folder_changed,
    ),
    (re.compile(r"sieve: msgid=(?P<id><[^<>\s]*>|.*?): (?P<outcome>[^<>]+(?:<[^<>]*>)?)"), _filed),
    (re.compile(r"(?:.*: )?(?:Logged out|Disconnected|Connection closed).* (?P<counts>in=\d+ out=\d+.*)"), _signed_out),
)


# --- Webmail


def _webmail(_: str, line: str, facts: _Facts) -> Event | None:
    if (found := _WEBMAIL.fullmatch(line)) is None:
        return None
    who: _Facts = {"user": found["user"], "service": "webmail", "client": found["client"]}
    if found["how"] == "Successful":
        return SignedIn(**who, session=found["session"], **facts)
    return SignInRefused(**who, reason=found["rest"].strip(" ()"), **facts)


_WEBMAIL = re.compile(
    r"(?:userlogins: )?(?:<\w+> )?(?P<how>Successful|Failed) login for (?P<user>\S+)(?: \(ID: \d+\))? "
    r"from (?P<client>[0-9A-Fa-f.:]+)\S* in session (?P<session>\w+)(?P<rest>.*)"
)

_READERS: Mapping[str, Callable[[str, str, _Facts], Event | None]] = {
    "postfix": _postfix,
    "rspamd": _rspamd,
    "dovecot": _dovecot,
    "webmail": _webmail,
}
