"""The trail of one letter through the servers' journals: from whoever brought it to everyone who has it.

A letter goes under its Message-ID, which its author chose, and on each machine under a queue id, which nobody else's
letter ever gets. From the one that is known the others are found, line by line, until there is nothing new.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from .maillog import Event, Handled, Judged, Named, Opened, SignedIn, SignedOut, same_letter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    Look = Callable[[Collection[str]], Iterable[Event]]

_QUEUE = re.compile(r"[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{12,24}")
_SHARED = "Shared/"  # before the mailboxes of others
_WHOLE = 70  # characters of a Message-ID that every service logs


def means_letter(about: str) -> bool:
    """Tell whether somebody means a letter: by its Message-ID in angle brackets, or by a queue id."""
    return (about.startswith("<") and about.endswith(">")) or _QUEUE.fullmatch(about) is not None


@dataclass(slots=True)
class Trail:
    """What is known of a letter so far."""

    message_ids: set[str] = field(default_factory=set)
    queues: set[str] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)  # of people who did something with it
    places: set[tuple[str, str, int]] = field(default_factory=set)  # where it lies or lay: mailbox, folder, number
    events: list[Event] = field(default_factory=list)  # in the order of the journal

    @property
    def words(self) -> set[str]:
        """Give what lines about the letter have in them."""
        names = {each[:_WHOLE] for each in self.message_ids} | self.queues | self.sessions
        owners = {owner for owner, _, _ in self.places}
        return names | {f"{_SHARED}{owner}" for owner in owners} | {f'"user":"{owner}"' for owner in owners}

    def has(self, event: Event) -> bool:
        """Tell whether an event is the letter's."""
        message_id = getattr(event, "message_id", "")
        if getattr(event, "queue", "") in self.queues or any(
            same_letter(each, message_id) for each in self.message_ids
        ):
            return True
        if isinstance(event, Opened):
            return (*_place(event.user, event.folder), event.uid) in self.places
        return isinstance(event, SignedIn | SignedOut) and event.session in self.sessions

    def learn(self, event: Event) -> None:
        """Take from an event of the letter under which other names it goes."""
        if isinstance(event, Named | Judged):
            self.message_ids.add(event.message_id)
            self.queues.add(event.queue)
        if next_queue := getattr(event, "next_queue", ""):
            self.queues.add(next_queue)
        if isinstance(event, Handled | Opened) and event.service not in ("lmtp", "doveadm"):
            self.sessions.add(event.session)
        if isinstance(event, Handled) and event.deed in ("save", "copy"):
            self.places.add((*_place(event.user, event.folder), event.uid))
        self.message_ids.discard("")
        self.queues.discard("")


def _place(user: str, folder: str) -> tuple[str, str]:
    """Give the mailbox and the folder in it, whoever looks at it from whichever side."""
    if folder.startswith(_SHARED):
        owner, _, rest = folder.removeprefix(_SHARED).partition("/")
        return owner, rest or "INBOX"
    return user, folder


def follow(about: Iterable[str], look: Look) -> Trail:
    """Follow a letter on one machine; ``look`` gives all events whose lines have one of some words in them."""
    trail = Trail()
    for each in about:
        (trail.message_ids if each.startswith("<") else trail.queues).add(each.strip("<>"))
    searched: set[str] = set()
    while trail.words - searched:
        searched = trail.words
        trail.events = []
        for event in look(searched):
            if trail.has(event):
                trail.learn(event)
                trail.events.append(event)
    return trail


def pattern(words: Collection[str]) -> str:
    """Give the regular expression (PCRE) that finds lines with one of some words."""
    return "|".join(re.sub(r"(?=[^0-9A-Za-z_])", r"\\", word) for word in sorted(words))


def data(event: Event) -> dict[str, Any]:
    """Give an event as plain values, with what it is."""
    return {"event": type(event).__name__, **asdict(event), "at": event.at.isoformat()}
