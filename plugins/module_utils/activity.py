"""What somebody did lately, as the mail servers' journals tell: from where the account was used, and what it sent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .maillog import Queued, Refused, SignedIn, SignInRefused, Taken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from .maillog import Event


@dataclass(frozen=True, slots=True)
class Use:
    """Sign-ins from one place, to one service, that went well or did not."""

    client: str  # address; that of the webmail's host for what is read there
    service: str
    refused: bool
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was handed in under the account."""

    at: datetime
    queue: str
    client: str
    sender: str
    recipients: int


def uses(events: Iterable[Event], names: Collection[str]) -> list[Use]:
    """Count the sign-ins of somebody, under any of the names that sign-in takes; the latest come first."""
    wanted = {name.lower() for name in names}
    moments: dict[tuple[str, str, bool], list[datetime]] = defaultdict(list)
    for event in events:
        if isinstance(event, SignedIn | SignInRefused) and event.user.lower() in wanted:
            moments[event.client, event.service, isinstance(event, SignInRefused)].append(event.at)
        elif isinstance(event, Taken) and event.user.lower() in wanted:
            moments[_address(event.client), event.service, False].append(event.at)
    found = [Use(*key, len(times), min(times), max(times)) for key, times in moments.items()]
    return sorted(found, key=lambda use: use.last, reverse=True)


def queue_ids(events: Iterable[Event], user: str) -> list[str]:
    """Return under which ids a host keeps, or kept, the letters that somebody handed in there."""
    return [event.queue for event in events if isinstance(event, Taken) and event.user.lower() == user]


def letters(events: Iterable[Event], user: str) -> list[Letter]:
    """List the letters that somebody handed in, oldest first."""
    known = list(events)
    # What the filter refused at the end never got into the queue.
    refused = {event.queue for event in known if isinstance(event, Refused) and event.queue}
    queued = {event.queue: event for event in known if isinstance(event, Queued)}
    return sorted(
        (
            Letter(
                event.at,
                event.queue,
                _address(event.client),
                queued[event.queue].sender if event.queue in queued else "",
                queued[event.queue].recipients if event.queue in queued else 0,
            )
            for event in known
            if isinstance(event, Taken) and event.user.lower() == user and event.queue not in refused
        ),
        key=lambda letter: letter.at,
    )


def _address(client: str) -> str:
    """Give the address in `name[address]:port`."""
    return client.partition("[")[2].partition("]")[0] or client
