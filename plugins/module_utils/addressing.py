"""Which addresses are due: one from the beginning, and a new one where the rule comes to another.

An address that was given stays as long as the rule makes the same of the holder's name, title and agency. So a
transfer within one domain changes nothing, one to another subdomain does (DL Điều 5.2), and so does a new name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from . import policy as rules
from .model import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .model import Address, Agency, Mailbox, MailingList, Origin, Policy, Post

PROBE = 64  # how many candidates are looked through for an address that was given by hand


@dataclass(frozen=True, slots=True)
class Due:
    """An address that somebody is to have from the day ``since`` on; None: from the beginning.

    ``candidates`` yields what the rule offers, the best first; nothing where no address can be made.
    """

    holder: str
    since: date | None
    begins: date | None  # the first day of the first post, for the first one of a person
    origin: Origin
    printed: bool  # the registry names the address itself
    candidates: Callable[[], Iterator[str]]

    @property
    def basis(self) -> str:
        """Return what the rule makes of the holder, namesakes aside."""
        return next(self.candidates(), "")

    def offers(self, address: str) -> bool:
        """Say whether the rule could have made this address."""
        return address in islice(self.candidates(), PROBE)


def due_to_person(
    posts: tuple[Post, ...], agencies: Mapping[str, Agency], policy: Policy, root: str
) -> tuple[Due, ...]:
    """Return what a person's main posts, in order, ask for."""
    holder = f"person:{posts[0].person}"
    dues: list[Due] = []
    for day, post, origin in _epochs(posts, agencies):
        place = rules.Place(root, post.agency, agencies[post.agency].on(day))
        candidates = partial(rules.person_addresses, policy, post, place)
        _append(dues, Due(holder, day, day, origin, printed=False, candidates=candidates))
    return tuple(dues)


def _append(dues: list[Due], due: Due) -> None:
    """Add what is due unless it is what was due before; the first one holds from the beginning."""
    if not dues:
        dues.append(replace(due, since=None))
    elif dues[-1].basis != due.basis:
        dues.append(due)


def _epochs(posts: tuple[Post, ...], agencies: Mapping[str, Agency]) -> Iterator[tuple[date, Post, Origin]]:
    """Yield the days on which a person may come to another address, with the post held then and what changes."""
    for post in posts:
        yield post.since, post, post.origin
        for version in agencies[post.agency].versions[1:]:
            if version.since and version.since > post.since and post.covers(version.since):
                yield version.since, post, version.origin


def due_to_mailbox(mailbox: Mailbox, agency: Agency, policy: Policy, root: str) -> tuple[Due, ...]:
    """Return what a shared mailbox asks for; nothing if it is a folder."""
    holder = f"mailbox:{mailbox.uid}"
    dues: list[Due] = []
    days = {version.since for owner in (mailbox, agency) for version in owner.versions[1:] if version.since}
    for day in () if mailbox.folder else (date.min, *sorted(days)):
        version, place = mailbox.on(day), rules.Place(root, agency.code, agency.on(day))
        if version.account is not None:
            offered = partial(iter, (version.account,))
        elif mailbox.unit is not None:
            offered = partial(rules.unit_addresses, policy, mailbox.unit, version, place)
        else:
            offered = partial(rules.agency_addresses, policy, place)
        changed = next((each for each in (version, place.version) if day > date.min and each.since == day), None)
        origin = changed.places.get("account", changed.origin) if changed else mailbox.origin
        _append(dues, Due(holder, day, None, origin, version.account is not None, offered))
    return tuple(dues)


def due_to_list(listed: MailingList, agency: Agency | None, policy: Policy, root: str) -> tuple[Due, ...]:
    """Return what a list asks for; ``agency`` is None for one of the estate, which names its account."""
    holder = f"list:{listed.uid}"
    dues: list[Due] = []
    owners = (listed, agency) if agency else (listed,)
    days = {version.since for owner in owners for version in owner.versions[1:] if version.since}
    for day in (date.min, *sorted(days)):
        version = listed.on(day)
        place = rules.Place(root, agency.code, agency.on(day)) if agency else None
        if version.account is not None or place is None:
            offered = partial(iter, (version.account or "",))
        else:
            offered = partial(rules.list_addresses, policy, listed.code, version, place)
        told = (version, place.version) if place else (version,)
        changed = next((each for each in told if day > date.min and each.since == day), None)
        origin = changed.places.get("account", changed.origin) if changed else listed.origin
        _append(dues, Due(holder, day, None, origin, version.account is not None, offered))
    return tuple(dues)


def serving(due: Due, lines: tuple[Address, ...]) -> Address | None:
    """Return the line of the lock that gives what is due."""
    for line in lines:
        if line.standing is not Standing.PRIMARY:
            continue
        if due.since in line.starts:
            return line
        # Somebody whose earlier posts were taken out of the files keeps the address of that time.
        if due.since is None and due.begins and any(start and start <= due.begins for start in line.starts):
            return line
    return None
