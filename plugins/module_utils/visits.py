"""Who was in a mailbox that is not the own one, and who wrote in its name: from a mail server's journal.

It works where the journal is, and keeps what concerns one mailbox. ``guestbook`` tells what several machines found.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from . import maillog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Ask = Callable[[str], Iterable[maillog.Event]]  # what a journal says in lines that a pattern fits

AT_MOST = 2000  # letters, and as many deeds: who asks for more asks for fewer days
AT_ONCE = 100  # queue ids in one pattern
ADMINISTRATOR = "doveadm"


class Deed(StrEnum):
    """What somebody did."""

    READ = "read"
    SENT = "sent"
    REFUSED = "refused"
    SAVED = "save"
    COPIED = "copy"
    MARKED = "delete"
    UNMARKED = "undelete"
    EXPUNGED = "expunge"
    CREATED = "created"
    DELETED = "deleted"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Access:
    """One deed. ``letter`` is a Message-ID, or the number in the folder where the journal says no more."""

    at: str  # ISO 8601, UTC
    who: str  # a staff number; `doveadm` is an administrator on the store
    deed: str
    host: str
    folder: str = ""
    letter: str = ""
    to: tuple[str, ...] = ()
    reply: str = ""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Access:
        """Take up what a machine answered."""
        return cls(**{**said, "to": tuple(said["to"])})


def gather(ask: Ask, mailbox: str, addresses: Sequence[str]) -> tuple[list[dict[str, Any]], bool]:
    """Return what a machine's journal says of a mailbox, oldest first, and whether that was more than AT_MOST."""
    letters: dict[str, maillog.Event] = {}
    found: list[Access] = []
    for event in ask(_first(mailbox, addresses)):
        if isinstance(event, maillog.Queued) and event.sender.lower() in addresses:
            letters.setdefault(event.queue, event)
        elif access := _access(event, mailbox, addresses):
            found.append(access)
    queues = sorted(letters, key=lambda queue: letters[queue].at)
    for start in range(0, min(len(queues), AT_MOST), AT_ONCE):
        found += _sent(ask, queues[start : start + AT_ONCE])
    found.sort(key=lambda access: access.at)
    cut = len(found) > AT_MOST or len(queues) > AT_MOST
    return [asdict(access) for access in found[:AT_MOST]], cut


def _first(mailbox: str, addresses: Sequence[str]) -> str:
    """Return the pattern of the lines that name a mailbox, or an address of it as a sender's."""
    senders = "|".join(map(re.escape, addresses))
    place = re.escape(mailbox)
    patterns = [f"Shared/{place}", f"doveadm\\({place}\\)", f'"user":"{place}"']
    return "|".join([*patterns, f"(?i:from=<(?:{senders})>)"] if addresses else patterns)


def _access(event: maillog.Event, mailbox: str, addresses: Sequence[str]) -> Access | None:
    """Return what somebody did in the mailbox, or tried in its name."""
    facts: dict[str, Any] = {"at": event.at.isoformat(), "host": event.host}
    match event:
        case maillog.Refused() if event.user and event.sender.lower() in addresses:
            return Access(**facts, who=event.user, deed=Deed.REFUSED, to=_one(event.recipient), reply=event.reply)
        case maillog.Opened() if (place := _place(event, mailbox)) is not None:
            return Access(**facts, who=_who(event), deed=Deed.READ, folder=place, letter=str(event.uid))
        case maillog.Handled() if (place := _place(event, mailbox)) is not None and event.deed in tuple(Deed):
            letter = event.message_id or str(event.uid)
            return Access(**facts, who=_who(event), deed=event.deed, folder=place, letter=letter)
        case maillog.FolderChanged() if (place := _place(event, mailbox)) is not None:
            return Access(**facts, who=_who(event), deed=event.deed, folder=place)
    return None


def _place(event: maillog.Opened | maillog.Handled | maillog.FolderChanged, mailbox: str) -> str | None:
    """Return the folder as the mailbox's owner would call it; None where it is another's."""
    if event.service == ADMINISTRATOR:
        return event.folder if event.user == mailbox else None
    shared = f"Shared/{mailbox}"
    if event.folder == shared:
        return "INBOX"
    return event.folder.removeprefix(f"{shared}/") if event.folder.startswith(f"{shared}/") else None


def _who(event: maillog.Opened | maillog.Handled | maillog.FolderChanged) -> str:
    return ADMINISTRATOR if event.service == ADMINISTRATOR else event.user


def _one(address: str) -> tuple[str, ...]:
    return (address,) if address else ()


def _sent(ask: Ask, queues: Sequence[str]) -> Iterator[Access]:
    """Yield the letters of some queue ids that a signed-in person brought."""
    brought: dict[str, maillog.Taken] = {}
    named: dict[str, str] = {}
    to: dict[str, dict[str, None]] = {}
    for event in ask(f"^(?:{'|'.join(queues)}): "):
        match event:
            case maillog.Taken() if event.user:
                brought.setdefault(event.queue, event)
            case maillog.Named():
                named.setdefault(event.queue, event.message_id)
            case maillog.Delivery() if event.recipient:
                to.setdefault(event.queue, {})[event.original or event.recipient] = None
    for queue, taken in brought.items():
        yield Access(
            at=taken.at.isoformat(),
            host=taken.host,
            who=taken.user,
            deed=Deed.SENT,
            letter=named.get(queue, ""),
            to=tuple(to.get(queue, ())),
        )
