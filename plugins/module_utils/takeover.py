"""A shared mailbox gets another head (bàn giao hộp thư): who hands it over to whom, since when, by which decision.

The registry names the heads, the directory says whether that is in force, and the state folder who was the head at the
last look: so a head who is replaced without a day is seen as well. What a handover comes to is written down once, with
what was in the mailbox at that moment, and is never counted anew.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from . import lock
from .changes import base_dn
from .files import write_whole
from .model import Audience, Kind, Role, State
from .values import text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .directory import Directory
    from .model import Agency, Desired, Grant, Mailbox, Post, Registry

FOLDER = "handovers"  # of the state folder
HEADS = "heads.json"
_OTHERS = (Role.DEPUTY, Role.CLERK, Role.READER)
_CITE = re.compile(r"[A-Z]+ Điều (?P<article>\d+)(?:\.(?P<clause>\d+))?(?:\.(?P<point>[a-zđ]))?")


@dataclass(frozen=True, slots=True)
class Party:
    """One who hands over, takes over or may use a mailbox besides."""

    uid: str
    name: str
    title: str
    role: str = ""  # of those who may use it besides


@dataclass(frozen=True, slots=True)
class Folder:
    """What lay in a folder. Days are the first and the last on which a letter that lies there arrived."""

    name: str
    messages: int
    unread: int
    size: int  # bytes
    oldest: date | None = None
    newest: date | None = None

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """Read what the store counted; days are in ISO 8601."""
        days = {name: date.fromisoformat(said[name]) if said[name] else None for name in ("oldest", "newest")}
        return cls(**{**said, **days})


@dataclass(frozen=True, slots=True)
class Handover:
    """A mailbox that changed hands, on paper."""

    mailbox: str  # uid
    name: str
    address: str
    agency: str
    superior: str  # the agency above it, or empty
    old: Party
    new: Party
    since: date
    decision: str  # may be empty: the registry need not name one
    regulation: str
    cite: str
    others: tuple[Party, ...] = ()
    audience: Audience = Audience.NOBODY
    recipients: tuple[str, ...] = ()  # addresses of the mailboxes that are told
    taken: datetime | None = None  # when the folders were counted
    folders: tuple[Folder, ...] = ()
    told: datetime | None = None  # when the letter was handed in

    @property
    def id(self) -> str:
        """Name it: by day, mailbox and new head."""
        return f"{self.since:%Y%m%d}-{self.mailbox}-{self.new.uid}"

    def data(self) -> dict[str, Any]:
        """Give it as JSON knows it."""
        said: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain))
        return said

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """Read what ``data`` gave."""
        return cls(
            **{
                **said,
                "old": Party(**said["old"]),
                "new": Party(**said["new"]),
                "since": date.fromisoformat(said["since"]),
                "others": tuple(Party(**party) for party in said["others"]),
                "audience": Audience(said["audience"]),
                "recipients": tuple(said["recipients"]),
                "taken": _moment(said["taken"]),
                "folders": tuple(Folder.of(folder) for folder in said["folders"]),
                "told": _moment(said["told"]),
            }
        )


def heads(registry: Registry, day: date) -> dict[str, str]:
    """Return the head's id of each shared mailbox that has one on this day, by the mailbox's uid."""
    return {mailbox.uid: grant.person for _, mailbox in _open(registry, day) if (grant := _head(mailbox, day))}


def due(registry: Registry, day: date, before: Mapping[str, str]) -> list[Handover]:
    """Return the mailboxes whose head is another than before. One that is new, or had none, nobody hands over."""
    if registry.policy.handover is None:
        return []
    return [
        _handover(registry, agency, mailbox, before[mailbox.uid], grant, day)
        for agency, mailbox in _open(registry, day)
        if (grant := _head(mailbox, day)) and before.get(mailbox.uid, grant.person) != grant.person
    ]


def in_force(directory: Directory, desired: Desired, found: Handover) -> bool:
    """Tell whether the directory gives both heads what the registry wants them to have of the mailbox, and no more."""
    wanted = ("uid", "congvuState", "congvuAccess")
    parties = (found.old.uid, found.new.uid)
    records = {text(one, "uid"): one for one in directory.search(base_dn(desired.suffix), {"uid": parties}, wanted)}
    for uid in parties:
        entry = desired.entries.get(f"{Kind.PERSON}:{uid}")
        record = records.get(uid)
        held = texts(record).get("congvuAccess", ()) if record else ()
        if _levels(held, found.mailbox) != _levels(
            entry.attributes.get("congvuAccess", ()) if entry else (), found.mailbox
        ):
            return False
    new = records.get(found.new.uid)
    return new is not None and text(new, "congvuState") == State.ACTIVE


def article(cite: str) -> str:
    """Write where a rule stands as Vietnamese does: `DL Điều 12.1.e` is `điểm e khoản 1 Điều 12`."""
    found = _CITE.fullmatch(cite)
    if found is None:
        return cite
    parts = (("điểm", found["point"]), ("khoản", found["clause"]), ("Điều", found["article"]))
    return " ".join(f"{word} {number}" for word, number in parts if number)


class Book:
    """What is known of heads and handovers, in files of the state folder."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made before there is something to write."""
        self.folder = folder

    def heads(self) -> dict[str, str] | None:
        """Return who was the head of each mailbox when it was looked last; None before the first look."""
        try:
            return dict(json.loads((self.folder / HEADS).read_bytes()))
        except FileNotFoundError:
            return None

    def note_heads(self, found: Mapping[str, str]) -> None:
        """Remember the heads."""
        if found != self.heads():
            self._write(HEADS, dict(sorted(found.items())))

    def find(self, handover: Handover) -> Handover | None:
        """Return what was written down of a handover before."""
        path = self.folder / f"{handover.id}.json"
        return Handover.of(json.loads(path.read_bytes())) if path.exists() else None

    def untold(self) -> list[Handover]:
        """Return those of which the other units are still to be told."""
        found = [Handover.of(json.loads(path.read_bytes())) for path in sorted(self.folder.glob("*-*-*.json"))]
        return [handover for handover in found if handover.recipients and handover.told is None]

    def note(self, handover: Handover) -> None:
        """Write a handover down."""
        self._write(f"{handover.id}.json", handover.data())

    def paper(self, handover: Handover) -> Path:
        """Return where its record lies, or is to lie."""
        return self.folder / f"{handover.id}.pdf"

    def _write(self, name: str, said: object) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = json.dumps(said, ensure_ascii=False, indent=2)
        write_whole(self.folder / name, content.encode() + b"\n", mode=0o600)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _open(registry: Registry, day: date) -> Iterator[tuple[Agency, Mailbox]]:
    """Yield the shared mailboxes in use."""
    for agency in registry.agencies.values():
        if agency.covers(day):
            yield from ((agency, box) for box in agency.mailboxes.values() if box.covers(day) and not box.folder)


def _head(mailbox: Mailbox, day: date) -> Grant | None:
    return next((grant for grant in mailbox.roles.get(Role.HEAD, ()) if grant.covers(day)), None)


def _levels(access: tuple[str, ...], mailbox: str) -> set[str]:
    pairs = (value.partition(":") for value in access)
    return {level for uid, _, level in pairs if uid == mailbox}


def _handover(  # noqa: PLR0913, PLR0917 -- what changes hands, where, between whom, when
    registry: Registry, agency: Agency, mailbox: Mailbox, old: str, new: Grant, day: date
) -> Handover:
    rule = registry.policy.handover or Audience.NOBODY
    since = new.since or day
    post = _post(registry, new.person, agency.code, day)
    parent = registry.agencies.get(agency.on(day).parent or "")
    return Handover(
        mailbox=mailbox.uid,
        name=mailbox.on(day).name,
        address=_address(registry, mailbox.uid, day),
        agency=agency.on(day).name,
        superior=parent.on(day).name if parent else "",
        old=_party(registry, old, agency.code, since - timedelta(days=1)),
        new=_party(registry, new.person, agency.code, day),
        since=since,
        # Whoever becomes head without a day in the role does so by becoming what the post says.
        decision=new.decision or (post.decision if post else ""),
        regulation=registry.policy.regulation,
        cite=registry.policy.cites["handover"],
        others=tuple(
            replace(_party(registry, other.person, agency.code, day), role=str(role))
            for role in _OTHERS
            for other in mailbox.roles.get(role, ())
            if other.covers(day) and other.person
        ),
        audience=rule,
        recipients=tuple(_audience(registry, agency, mailbox, day, rule)),
    )


def _audience(registry: Registry, agency: Agency, mailbox: Mailbox, day: date, rule: Audience) -> Iterator[str]:
    """Yield the addresses of the mailboxes that are told."""
    for other, box in _open(registry, day):
        is_near = rule is not Audience.NOBODY and other.code == agency.code
        is_agency = rule is Audience.AGENCIES and box.uid == other.code
        address = _address(registry, box.uid, day)
        if (is_near or is_agency) and box.uid != mailbox.uid and address:
            yield address


def _address(registry: Registry, uid: str, day: date) -> str:
    return lock.primary(registry.addresses.get(f"{Kind.MAILBOX}:{uid}", ()), day) or ""


def _post(registry: Registry, person: str, agency: str, day: date) -> Post | None:
    """Return what somebody is, or last was, on a day: in the agency, if there."""
    posts = (*registry.persons.get(person, ()), *registry.seconds.get(person, ()))
    begun = [post for post in posts if post.since <= day] or list(posts)
    return max(begun, key=lambda post: (post.covers(day), post.agency == agency, post.since), default=None)


def _party(registry: Registry, person: str, agency: str, day: date) -> Party:
    post = _post(registry, person, agency, day)
    return Party(person, post.name, post.title) if post else Party(person, person, "")
