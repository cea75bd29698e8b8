"""What no single file of the registry can answer: whether all of them fit together.

Each check yields the problems it finds. After a fault in one file, what would only follow from it
is not reported: somebody whose post is unreadable is not also missing from the lock.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from .messages import Fault
from .model import Address, Role, Standing
from .shape import hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .model import Agency, Estate, Grant, Mailbox, Origin, Policy, Post, Problem


@dataclass(slots=True)
class Draft:
    """What could be read of the files, before anybody vouches for it."""

    estate: Estate | None = None
    policy: Policy | None = None
    agencies: dict[str, Agency] = field(default_factory=dict)
    addresses: dict[str, tuple[Address, ...]] = field(default_factory=dict)
    mentioned: set[str] = field(default_factory=set)  # people and mailboxes by holder, readable or not
    unread: set[tuple[str, str]] = field(default_factory=set)  # agency and person of each post not readable
    all_agencies_read: bool = True
    all_addresses_read: bool = True

    def mailboxes(self) -> Iterator[tuple[Agency, Mailbox]]:
        """Yield each shared mailbox with its agency."""
        for agency in self.agencies.values():
            for mailbox in agency.mailboxes.values():
                yield agency, mailbox

    def owns(self, domain: str) -> bool:
        """Say whether a domain is the estate's or below one that is; an unreadable estate owns all."""
        return self.estate is None or any(f".{domain}".endswith(f".{known}") for known in self.estate.domains)

    def foreign(self, domain: str, origin: Origin) -> Problem:
        """Return the problem of a domain that is not the estate's."""
        domains = " or ".join(self.estate.domains) if self.estate else ""
        return Fault.FOREIGN_DOMAIN.at(origin, domain=domain, domains=domains)


def careers(agencies: Mapping[str, Agency]) -> dict[str, tuple[Post, ...]]:
    """Return each person's posts in order, each open one ended where the next begins."""
    posts: defaultdict[str, list[Post]] = defaultdict(list)
    for agency in agencies.values():
        for post in agency.posts:
            posts[post.person].append(post)
    return {person: _career(posts[person]) for person in sorted(posts)}


def _career(posts: list[Post]) -> tuple[Post, ...]:
    posts.sort(key=lambda post: (post.since, post.origin))
    ended = (post if post.until else replace(post, until=following.since) for post, following in pairwise(posts))
    return (*ended, posts[-1])


def check(draft: Draft, persons: Mapping[str, tuple[Post, ...]], *, locked: bool) -> Iterator[Problem]:
    """Yield everything that does not fit together; ``locked`` says whether everyone must have an address."""
    yield from _posts(persons)
    yield from _agencies(draft)
    yield from _uids(draft)
    yield from _grants(draft, persons)
    yield from _lock(draft, persons, locked=locked)
    yield from _accounts(draft)


def _posts(persons: Mapping[str, tuple[Post, ...]]) -> Iterator[Problem]:
    """See that a person holds one post at a time, under one name."""
    for person, posts in persons.items():
        for post, following in pairwise(posts):
            facts = {"person": person, "other": post.origin}
            if post.since == following.since or (post.until or date.max) > following.since:
                yield Fault.TWO_POSTS.at(following.origin, since=following.since, **facts)
            if post.name != following.name:
                yield Fault.TWO_NAMES.at(following.origin, name=following.name, other_name=post.name, **facts)


def _agencies(draft: Draft) -> Iterator[Problem]:
    numbers: dict[int, str] = {}
    for agency in draft.agencies.values():
        if agency.number is not None:
            other = numbers.setdefault(agency.number, agency.code)
            if other != agency.code:
                yield Fault.NUMBER_TAKEN.at(agency.origin, number=agency.number, other=other)
        if agency.domain and not draft.owns(agency.domain):
            yield draft.foreign(agency.domain, agency.origin)
        yield from _parents(draft, agency)


def _parents(draft: Draft, agency: Agency) -> Iterator[Problem]:
    line = [agency.code]
    while (parent := draft.agencies[line[-1]].parent) is not None:
        if parent not in draft.agencies:
            if len(line) == 1 and draft.all_agencies_read:
                yield Fault.UNKNOWN_PARENT.at(agency.origin, parent=parent, hint=hint(parent, draft.agencies))
            return
        line.append(parent)
        if parent == agency.code:
            yield Fault.CIRCULAR_PARENT.at(agency.origin, chain=" → ".join(line))
        if line.count(parent) > 1:
            return


def _uids(draft: Draft) -> Iterator[Problem]:
    """Mail homes are named by uid, so people and mailboxes of all agencies share one set of names."""
    taken: dict[str, Origin] = {}
    for _, mailbox in draft.mailboxes():
        other = taken.setdefault(mailbox.uid, mailbox.origin)
        if other != mailbox.origin:
            yield Fault.UID_TAKEN.at(mailbox.origin, uid=mailbox.uid, other=f"a mailbox at {other}")
    for post in chain.from_iterable(agency.posts for agency in draft.agencies.values()):
        if post.person in taken:
            yield Fault.UID_TAKEN.at(post.origin, uid=post.person, other=f"a mailbox at {taken[post.person]}")


def _grants(draft: Draft, persons: Mapping[str, tuple[Post, ...]]) -> Iterator[Problem]:
    """See that whoever uses an agency's mailbox belongs to the agency (TTH Điều 9.1: `một số người trong đơn vị`)."""
    for agency, mailbox in draft.mailboxes():
        people = {post.person for post in agency.posts}
        for grant in chain.from_iterable(mailbox.roles.values()):
            posts = [post for post in persons.get(grant.person, ()) if post.agency == agency.code]
            if (agency.code, grant.person) in draft.unread:
                continue
            if not posts:
                near = get_close_matches(grant.person, people, n=1, cutoff=0.9)
                meant = f" Did you mean '{near[0]}'?" if near else ""
                yield Fault.NOBODY.at(grant.origin, person=grant.person, hint=meant)
            elif not any(_overlap(grant, post) for post in posts):
                yield Fault.NEVER_THERE.at(grant.origin, person=grant.person, other=posts[0].origin)
        yield from _roles(mailbox)


def _roles(mailbox: Mailbox) -> Iterator[Problem]:
    """One head at a time, and each person in one role at a time."""
    heads = sorted(mailbox.roles[Role.HEAD], key=lambda grant: (grant.since or date.min, grant.origin))
    for earlier, later in pairwise(heads):
        if _overlap(earlier, later):
            since = later.since or "the beginning"
            yield Fault.TWO_HEADS.at(later.origin, since=since, other=earlier.origin)
    named: defaultdict[str, list[Grant]] = defaultdict(list)
    for grant in chain.from_iterable(mailbox.roles.values()):
        for other in named[grant.person]:
            if _overlap(grant, other) and not (grant in heads and other in heads):
                yield Fault.TWICE_NAMED.at(grant.origin, person=grant.person, other=other.origin)
        named[grant.person].append(grant)


def _lock(draft: Draft, persons: Mapping[str, tuple[Post, ...]], *, locked: bool) -> Iterator[Problem]:
    holders = {f"person:{person}": posts[0].origin for person, posts in persons.items()}
    holders |= {f"mailbox:{mailbox.uid}": mailbox.origin for _, mailbox in draft.mailboxes()}
    for holder, lines in draft.addresses.items():
        if holder not in holders and holder not in draft.mentioned and draft.all_agencies_read:
            for line in lines:
                if line.standing is not Standing.RETIRED:
                    yield Fault.NO_HOLDER.at(line.origin, holder=_spoken(holder))
        first, *others = lines
        for line in others:
            if line.standing is Standing.PRIMARY:
                yield Fault.SECOND_PRIMARY.at(line.origin, holder=_spoken(holder), other=first.address)
    if locked and draft.all_addresses_read:
        for holder, origin in holders.items():
            lines = draft.addresses.get(holder, ())
            if not lines or lines[0].standing is not Standing.PRIMARY:
                yield Fault.NO_ADDRESS.at(origin, holder=_spoken(holder))


def _accounts(draft: Draft) -> Iterator[Problem]:
    """See that an account which the registry names is its mailbox's primary address, and nobody else's."""
    taken = {line.address: line for lines in draft.addresses.values() for line in lines}
    for _, mailbox in draft.mailboxes():
        if mailbox.account is None:
            continue
        account, holder = mailbox.account, f"mailbox:{mailbox.uid}"
        domain = account.partition("@")[2]
        if not draft.owns(domain):
            yield draft.foreign(domain, mailbox.origin)
        line = taken.setdefault(account, Address(account, holder, Standing.PRIMARY, mailbox.origin))
        if (line.holder, line.standing) != (holder, Standing.PRIMARY):
            whose = f"the {line.standing} address of {_spoken(line.holder)}"
            yield Fault.ADDRESS_TAKEN.at(mailbox.origin, address=account, whose=whose, other=line.origin)
            continue
        for own in draft.addresses.get(holder, ())[:1]:
            if own.standing is Standing.PRIMARY and own.address != account:
                facts = {"account": account, "holder": _spoken(holder), "address": own.address}
                yield Fault.OTHER_ACCOUNT.at(mailbox.origin, other=own.origin, **facts)


def _overlap(one: Grant | Post, other: Grant | Post) -> bool:
    """Say whether two half-open intervals share a day."""
    return (one.since or date.min) < (other.until or date.max) and (other.since or date.min) < (one.until or date.max)


def _spoken(holder: str) -> str:
    """Return `person tn01` for `person:tn01`."""
    return holder.replace(":", " ")
