"""What a day's use of the mail system comes to on one host, counted from its journal, and the file that keeps it.

It needs Python's own library and two neighbours alone: the role `usage` puts the three on the hosts, where they run.

A file tells of a day: how many looks into each mailbox fell into each window of the day, who of its people looked into
a shared one, how many letters each agency sent and got, how much each mailbox holds. It holds no client's address, no
correspondent, no subject, no moment.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from .looks import MOST, Checking, Window, counted
from .maillog import Delivery, Queued, Removed, SignedIn, SignedOut, Started, Taken, Visited

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from .maillog import Event

FORMAT = 1
SUFFIX = ".json.gz"
BEFORE = timedelta(1)  # how far back a session's beginning, or a letter's, is looked for
_LMTP = ":24"  # how a letter reaches the store: whatever goes elsewhere is counted there


@dataclass(slots=True)
class Letters:
    """How many letters an agency's mailboxes sent and got; ``private_*`` are those to and from private services."""

    sent: int = 0  # handed in by its people, each once
    received: int = 0  # put into its mailboxes, once for each
    private_sent: int = 0
    private_received: int = 0

    def __add__(self, other: Letters) -> Letters:
        """Count both."""
        return Letters(
            self.sent + other.sent,
            self.received + other.received,
            self.private_sent + other.private_sent,
            self.private_received + other.private_received,
        )


@dataclass(frozen=True, slots=True)
class Looks:
    """How many looks fell into each window, one digit each, by the uids of people and of shared mailboxes."""

    checking: Checking
    people: Mapping[str, str]
    shared: Mapping[str, str]
    by: Mapping[str, tuple[str, ...]]  # who looked into a shared mailbox


@dataclass(frozen=True, slots=True)
class Day:
    """What one host counted of one day, from ``since`` to ``until``; None is what this host has nothing of."""

    host: str
    day: date
    since: datetime  # the day's beginning, or that of the journal
    until: datetime
    looks: Looks | None = None
    letters: Mapping[str, Letters] | None = None  # by the agency's code
    storage: Mapping[str, int] = field(default_factory=dict)  # KiB by uid; empty where it was not measured

    @property
    def whole(self) -> bool:
        """Tell whether nothing of the day is missing."""
        begin, end = span(self.day, self.since.tzinfo)
        return self.since <= begin and end <= self.until


def span(day: date, zone: Any) -> tuple[datetime, datetime]:  # noqa: ANN401 -- whatever time zones are to datetime
    """Return the moments at which a civil day begins and ends."""
    return datetime.combine(day, time.min, zone), datetime.combine(day + timedelta(1), time.min, zone)


# --- Counting


def looks(events: Iterable[Event], begin: datetime, end: datetime, checking: Checking) -> Looks:
    """Count the looks of the time from ``begin`` to ``end``; ``events`` reach back ``BEFORE`` further, oldest first.

    Whoever signs in looks into the own mailbox, and does so for as long as the session lasts. A shared mailbox is
    looked into from the moment at which one of its folders is opened, until the session opens another or ends.
    """
    sessions = _Sessions(begin, end)
    for event in events:
        sessions.note(event)
    sessions.close()
    return Looks(
        checking,
        {uid: counted(times, checking.person, checking.apart) for uid, times in sorted(sessions.stays.items())},
        {uid: counted(times, checking.mailbox, checking.apart) for uid, times in sorted(sessions.shared.items())},
        {uid: tuple(sorted(users)) for uid, users in sorted(sessions.by.items())},
    )


class _Sessions:
    """The sessions of a day: when which mailbox was open, in seconds since the day began."""

    def __init__(self, begin: datetime, end: datetime) -> None:
        self.begin, self.end = begin, end
        self.stays: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.shared: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.by: dict[str, set[str]] = defaultdict(set)
        self._signed_in: dict[str, tuple[str, datetime]] = {}  # by session
        self._visiting: dict[str, tuple[str, str, datetime]] = {}

    def note(self, event: Event) -> None:
        """Take up what somebody did."""
        match event:
            case SignedIn(service="imap"):
                self._signed_in[event.session] = (event.user, event.at)
            case SignedOut(service="imap"):
                self._sign_out(event.session, event.user, event.at)
            case Visited():
                self._leave(event.session, event.at)
                self._visiting[event.session] = (event.mailbox, event.user, event.at)
            case Started():  # the sessions before left no word of their end: all that is known is their beginning
                for session, (user, since) in list(self._signed_in.items()):
                    self._sign_out(session, user, since)

    def close(self) -> None:
        """Take it that what did not end goes on."""
        for session, (user, _) in list(self._signed_in.items()):
            self._sign_out(session, user, self.end)
        for session in list(self._visiting):
            self._leave(session, self.end)

    def _sign_out(self, session: str, user: str, at: datetime) -> None:
        self._leave(session, at)
        user, since = self._signed_in.pop(session, (user, self.begin - BEFORE))
        if stay := self._within(since, at):
            self.stays[user].append(stay)

    def _leave(self, session: str, at: datetime) -> None:
        if session not in self._visiting:
            return
        mailbox, user, since = self._visiting.pop(session)
        if stay := self._within(since, max(since, at)):
            self.shared[mailbox].append(stay)
            self.by[mailbox].add(user)

    def _within(self, since: datetime, until: datetime) -> tuple[int, int] | None:
        first, last = max(since, self.begin), min(until, self.end - timedelta(seconds=1))
        if first > last:
            return None
        return int((first - self.begin).total_seconds()), int((last - self.begin).total_seconds())


def letters(
    events: Iterable[Event], begin: datetime, agencies: Mapping[str, str], private: Collection[str]
) -> dict[str, Letters]:
    """Count the letters since ``begin``, by agency; ``events`` reach back ``BEFORE`` further, oldest first.

    ``agencies`` are the agencies' codes by every address of the estate, ``private`` the domains of private services.
    Whom somebody wrote to is looked at and forgotten.
    """
    found: dict[str, Letters] = defaultdict(Letters)
    brought: set[str] = set()  # queue ids of what signed-in people handed in
    senders: dict[str, str] = {}
    told: set[str] = set()  # which of these went to a private service
    for event in events:
        match event:
            case Taken() if event.user:
                brought.add(event.queue)
            case Queued() if event.queue not in senders:
                senders[event.queue] = sender = event.sender.lower()
                if event.queue in brought and event.at >= begin and sender in agencies:
                    found[agencies[sender]].sent += 1
            case Delivery(status="sent") if event.at >= begin:
                sender, recipient = senders.get(event.queue, ""), event.recipient.lower()
                if event.relay.endswith(_LMTP) and recipient in agencies:
                    found[agencies[recipient]].received += 1
                    found[agencies[recipient]].private_received += _is_of(sender, private)
                elif event.queue in brought - told and sender in agencies and _is_of(recipient, private):
                    found[agencies[sender]].private_sent += 1
                    told.add(event.queue)
            case Removed():
                senders.pop(event.queue, None)
                brought.discard(event.queue)
                told.discard(event.queue)
    return dict(sorted(found.items()))


def _is_of(address: str, domains: Collection[str]) -> bool:
    """Tell whether an address is of one of the domains, or below it."""
    domain = address.rpartition("@")[2]
    while domain and domain not in domains:
        domain = domain.partition(".")[2]
    return bool(domain)


# --- What other programs say


def agencies_of(ldif: str) -> dict[str, str]:
    """Read from LDIF (RFC 2849), as ldapsearch writes it unwrapped, the agency of each address."""
    found: dict[str, str] = {}
    for entry in ldif.split("\n\n"):
        lines = [line.partition(": ") for line in entry.splitlines()]
        dn = next((value.lower() for name, _, value in lines if name == "dn"), "")
        place, is_below, _ = dn.partition(",ou=agencies,")
        agency = place.rpartition("ou=")[2] if is_below else ""
        addresses = (value.lower() for name, _, value in lines if name.lower() in ("mail", "maillocaladdress"))
        found |= dict.fromkeys(addresses, agency) if agency else {}
    return found


def storage_of(table: str) -> dict[str, int]:
    """Read the KiB that each mailbox holds, as `doveadm -f tab quota get -A` says."""
    head, *rows = (line.split("\t") for line in table.splitlines() if line)
    user, kind, value = (head.index(name) for name in ("Username", "Type", "Value"))
    return {row[user]: int(row[value]) for row in rows if row[kind] == "STORAGE"}


# --- Keeping


def write(found: Day, folder: Path) -> Path:
    """Keep a day, in the place of what was known of it before."""
    path = folder / f"{found.day}{SUFFIX}"
    new = path.with_name(f".{path.name}.new")
    new.touch(mode=0o600)
    new.write_bytes(gzip.compress(json.dumps(_said(found), separators=(",", ":")).encode("ascii"), mtime=0))
    return new.replace(path)


def read(content: bytes, zone: ZoneInfo) -> Day:
    """Read what ``write`` kept. Raises ValueError or KeyError for anything else."""
    said = json.loads(gzip.decompress(content))
    if said["format"] != FORMAT:
        message = f"format {said['format']}"
        raise ValueError(message)
    told = said["looks"]
    return Day(
        host=said["host"],
        day=date.fromisoformat(said["day"]),
        since=datetime.fromisoformat(said["since"]).astimezone(zone),
        until=datetime.fromisoformat(said["until"]).astimezone(zone),
        looks=None
        if told is None
        else Looks(
            checking_of(told["checking"]),
            told["people"],
            told["shared"],
            {uid: tuple(users) for uid, users in told["by"].items()},
        ),
        letters=None
        if said["letters"] is None
        else {code: Letters(*counts) for code, counts in said["letters"].items()},
        storage=said["storage"],
    )


def _said(found: Day) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "host": found.host,
        "day": found.day.isoformat(),
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "looks": asdict(found.looks) if found.looks else None,
        "letters": None
        if found.letters is None
        else {
            code: [each.sent, each.received, each.private_sent, each.private_received]
            for code, each in found.letters.items()
        },
        "storage": dict(found.storage),
    }


def checking_of(said: Mapping[str, Any]) -> Checking:
    """Take up the windows as plain values."""
    person, mailbox = (tuple(Window(**window) for window in said[whose]) for whose in ("person", "mailbox"))
    return Checking(said["apart"], person, mailbox)


def added(one: str, other: str) -> str:
    """Add the looks that two hosts saw."""
    return (
        "".join(str(min(int(a) + int(b), MOST)) for a, b in zip(one, other, strict=True))
        if one and other
        else (one or other)
    )


def due(folder: Path, now: datetime, days: int) -> list[date]:
    """Return the days before today, of the last so many, that were not counted when they were over, oldest first."""
    found = []
    for ahead in range(days, 0, -1):
        day = now.date() - timedelta(ahead)
        path = folder / f"{day}{SUFFIX}"
        if not path.exists() or path.stat().st_mtime < span(day, now.tzinfo)[1].timestamp():
            found.append(day)
    return found


def expired(folder: Path, today: date, days: int) -> list[Path]:
    """Return the files of days that are longer gone than they may be known."""
    names = {path: path.name.removesuffix(SUFFIX) for path in sorted(folder.glob(f"*{SUFFIX}"))}
    return [path for path, name in names.items() if date.fromisoformat(name) < today - timedelta(days)]
