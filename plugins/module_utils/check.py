"""What no single file of the registry can answer: whether all of them fit together.

Each check yields the problems it finds. After a fault, what would only follow from it is not reported: somebody
whose post is unreadable is not also missing from the lock. So the checks also note of whom nothing more can be said.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from . import retention
from .addressing import due_to_list, due_to_mailbox, due_to_person, serving
from .lock import is_plain
from .messages import Fault, spoken
from .model import Address, Role, Span, Standing
from .phrase import Phrase
from .policy import makings
from .shape import hint
from .standing import common

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .addressing import Due
    from .careers import Careers
    from .model import (
        Agency,
        Approvers,
        Estate,
        Grant,
        Hold,
        Mailbox,
        MailingList,
        Origin,
        Policy,
        Post,
        Problem,
        Those,
        Version,
    )

SAMPLE = 5  # ids in one sentence


@dataclass(slots=True)
class Draft:
    """What could be read of the files, before anybody vouches for it."""

    estate: Estate | None = None
    policy: Policy | None = None
    agencies: dict[str, Agency] = field(default_factory=dict)
    addresses: dict[str, tuple[Address, ...]] = field(default_factory=dict)
    holds: Mapping[str, tuple[Hold, ...]] = field(default_factory=dict)
    protected: dict[str, tuple[str, Origin]] = field(default_factory=dict)  # why, and where that is said
    approvers: Approvers | None = None
    lists: dict[str, MailingList] = field(default_factory=dict)  # the estate's own
    unread: set[str] = field(default_factory=set)  # codes of agencies that are there and cannot be vouched for
    mentioned: set[str] = field(default_factory=set)  # people, mailboxes and some units, readable or not
    unnamed: set[str] = field(default_factory=set)  # codes of agencies whose files may name more than ``mentioned``
    doubtful: set[str] = field(default_factory=set)  # people of whose posts something is wrong
    refused: set[str] = field(default_factory=set)  # mailboxes (by uid) and lists whose name or account is wrong
    all_addresses_read: bool = True
    all_lists_read: bool = True  # of the estate's own

    def knows(self, agency: str) -> bool:
        """Say whether there is an agency, readable or not."""
        return agency in self.agencies or agency in self.unread

    def mailboxes(self) -> Iterator[tuple[Agency, Mailbox]]:
        """Yield each shared mailbox with its agency."""
        for agency in self.agencies.values():
            for mailbox in agency.mailboxes.values():
                yield agency, mailbox

    def every_list(self) -> Iterator[MailingList]:
        """Yield each list."""
        yield from self.lists.values()
        for agency in self.agencies.values():
            yield from agency.lists.values()

    def doubt(self, agency: Agency, persons: Careers) -> None:
        """Say no more of an agency's mailboxes, nor of people who are or come there."""
        self.refused.update(agency.mailboxes)
        self.refused.update(f"list:{uid}" for uid in agency.lists)
        self.doubtful.update(post.person for post in agency.posts)
        self.doubtful.update(
            person for person, posts in persons.items() if any(post.agency == agency.code for post in posts)
        )

    def owns(self, domain: str) -> bool:
        """Say whether a domain is the estate's or below one that is; an unreadable estate owns all."""
        return self.estate is None or any(f".{domain}".endswith(f".{known}") for known in self.estate.domains)

    def foreign(self, domain: str, origin: Origin) -> Problem:
        """Return the problem of a domain that is not the estate's."""
        domains = ", ".join(self.estate.domains) if self.estate else ""
        return Fault.FOREIGN_DOMAIN.at(origin, domain=domain, domains=domains)


def check(draft: Draft, persons: Careers, seconds: Careers, *, locked: bool) -> Iterator[Problem]:
    """Yield everything that does not fit together; ``locked`` says whether everyone must have an address."""
    yield from _agencies(draft, persons)
    yield from _ends(draft, persons)
    yield from _posts(draft, persons, seconds)
    yield from _uids(draft, persons, seconds)
    yield from _grants(draft, persons, seconds)
    yield from _stand_ins(draft, persons, seconds)
    yield from _successors(draft, persons, seconds)
    yield from _holds(draft, persons)
    yield from _lists(draft, persons, seconds)
    yield from _rules(draft)
    yield from _reports(draft)
    yield from _lock(draft)
    yield from _dues(draft, persons, locked=locked)
    yield from _protected(draft)
    yield from _approvers(draft)


def _posts(draft: Draft, persons: Careers, seconds: Careers) -> Iterator[Problem]:
    """See that a person holds one main post at a time, and goes by one name on each day."""
    found: list[Problem] = []
    for person, posts in persons.items():
        if len(posts) > 1 and person not in draft.doubtful:
            found += chain.from_iterable(_meeting(*pair) for pair in pairwise(posts))
            draft.doubtful.update([person] if found else ())
            yield from found
            found.clear()
    for person, posts in seconds.items():
        main = persons.get(person, ())
        for post in posts if person not in draft.doubtful else ():
            other = next((held for held in main if held.covers(post.since)), None)
            if other is not None:
                yield from _two_names(other, post)
            elif not draft.unnamed:
                yield Fault.NO_MAIN_POST.at(post.origin, person=person, since=post.since)


def _meeting(post: Post, following: Post) -> Iterator[Problem]:
    if post.since == following.since or (post.until or date.max) > following.since:
        facts = {"person": post.person, "other": post.origin}
        yield Fault.TWO_POSTS.at(following.origin, since=following.since, **facts)
    yield from _two_names(post, following)


def _two_names(post: Post, other: Post) -> Iterator[Problem]:
    if post.name != other.name and not other.continues:
        facts = {"person": post.person, "other": post.origin}
        yield Fault.TWO_NAMES.at(other.origin, name=other.name, other_name=post.name, **facts)


def _agencies(draft: Draft, persons: Careers) -> Iterator[Problem]:
    numbers: dict[int, str] = {}
    for agency in draft.agencies.values():
        if agency.number is not None:
            other = numbers.setdefault(agency.number, agency.code)
            if other != agency.code:
                yield Fault.NUMBER_TAKEN.at(agency.place("number"), number=agency.number, other=other)
        for version in agency.versions:
            found: list[Problem] = []
            if "domain" in version.places and version.domain and not draft.owns(version.domain):
                found.append(draft.foreign(version.domain, version.places["domain"]))
            if "parent" in version.places:
                found += _parents(draft, agency, version)
            if found:
                draft.doubt(agency, persons)
                yield from found


def _parents(draft: Draft, agency: Agency, version: Version) -> Iterator[Problem]:
    line = [agency.code]
    parent = version.parent
    origin = version.places["parent"]
    while parent is not None:
        if parent not in draft.agencies:
            if len(line) == 1 and not draft.knows(parent):
                yield Fault.UNKNOWN_PARENT.at(origin, parent=parent, hint=hint(parent, draft.agencies))
            return
        line.append(parent)
        if parent == agency.code:
            yield Fault.CIRCULAR_PARENT.at(origin, chain=" → ".join(line))
        if line.count(parent) > 1:
            return
        parent = draft.agencies[parent].on(version.since or date.min).parent


def _ends(draft: Draft, persons: Careers) -> Iterator[Problem]:
    """See that nobody is left behind in an agency that ends, nor comes before it begins."""
    for agency in draft.agencies.values():
        for post in agency.posts if agency.since or agency.until else ():
            if agency.since and post.since < agency.since:
                yield _outside(post, agency, Phrase("does not exist before {day}", {"day": agency.since}))
            if agency.until and post.since >= agency.until:
                yield _outside(post, agency, Phrase("no longer exists since {day}", {"day": agency.until}))
        if agency.until:
            found = list(_end(draft, agency, agency.until, persons))
            if found or (agency.successor and agency.successor not in draft.agencies):
                draft.doubt(agency, persons)
            yield from found


def _end(draft: Draft, agency: Agency, until: date, persons: Careers) -> Iterator[Problem]:
    heir = draft.agencies.get(agency.successor or "")
    if agency.successor and not draft.knows(agency.successor):
        known = {code: other for code, other in draft.agencies.items() if other is not agency}
        facts = {"successor": agency.successor, "hint": hint(agency.successor, known)}
        yield Fault.UNKNOWN_SUCCESSOR.at(agency.place("successor"), **facts)
    if heir and (heir is agency or not heir.covers(until)):
        facts = {"successor": heir.code, "until": until, "other": heir.origin}
        yield Fault.SUCCESSOR_GONE.at(agency.place("successor"), **facts)
    if heir is None and not agency.successor and not draft.unnamed:
        staying = {
            post.person
            for post in agency.posts
            if post.since < until < (post.until or date.max)
            and post.person not in draft.doubtful
            and not any(post.since < other.since <= until for other in persons.get(post.person, ()))
        }
        if staying:
            who = ", ".join(sorted(staying)[:SAMPLE]) + ("…" if len(staying) > SAMPLE else "")
            yield Fault.LEFT_BEHIND.at(agency.place("until"), count=len(staying), until=until, who=who)


def _outside(post: Post, agency: Agency, fault: Phrase) -> Problem:
    return Fault.OUTSIDE_LIFE.at(post.origin, person=post.person, since=post.since, fault=fault, other=agency.origin)


def _uids(draft: Draft, persons: Careers, seconds: Careers) -> Iterator[Problem]:
    """Mail homes are named by uid, so people and mailboxes of all agencies share one set of names."""
    taken: dict[str, Origin] = {}
    for _, mailbox in draft.mailboxes():
        other = taken.setdefault(mailbox.uid, mailbox.origin)
        if other != mailbox.origin:
            yield _taken(mailbox.origin, mailbox.uid, other)
            draft.refused.add(mailbox.uid)
    named_alike = taken.keys() & (persons.keys() | seconds.keys())
    for post in chain.from_iterable(agency.posts for agency in draft.agencies.values()) if named_alike else ():
        if post.person in named_alike:
            yield _taken(post.origin, post.person, taken[post.person])


def _taken(origin: Origin, uid: str, other: Origin) -> Problem:
    return Fault.UID_TAKEN.at(origin, uid=uid, other=Phrase("a mailbox at {place}", {"place": other}))


def _grants(draft: Draft, persons: Careers, seconds: Careers) -> Iterator[Problem]:
    """See that whoever uses an agency's mailbox belongs to the agency (TTH Điều 9.1: `một số người trong đơn vị`).

    A folder may be shared with anybody, and with whole units and agencies.
    """
    for agency, mailbox in draft.mailboxes():
        for grant in chain.from_iterable(mailbox.roles.values()):
            if grant.group:
                yield from _group(draft, agency, grant)
            else:
                yield from _holder(draft, agency, grant, (persons, seconds), anybody=mailbox.folder)
        yield from _roles(mailbox)


def _holder(
    draft: Draft, agency: Agency, grant: Grant, careers: tuple[Careers, Careers], *, anybody: bool = False
) -> Iterator[Problem]:
    """See that whoever has a role is in office then, and in that agency unless ``anybody`` may be named."""
    career = tuple(chain.from_iterable(table.get(grant.person, ()) for table in careers))
    if grant.person in draft.doubtful or agency.code in draft.unnamed or (draft.unnamed and not career):
        return
    posts = [post for post in career if anybody or post.agency == agency.code]
    if anybody and not posts:
        yield Fault.NOBODY_AT_ALL.at(grant.origin, person=grant.person)
    elif not posts:
        near = get_close_matches(grant.person, {post.person for post in agency.posts}, n=1, cutoff=0.9)
        meant = Phrase("Did you mean '{word}'?", {"word": near[0]}) if near else ""
        yield Fault.NOBODY.at(grant.origin, person=grant.person, hint=meant)
    elif not any(_overlap(grant, post) for post in posts):
        yield Fault.NEVER_THERE.at(grant.origin, person=grant.person, other=posts[0].origin)


def _stand_ins(draft: Draft, persons: Careers, seconds: Careers) -> Iterator[Problem]:
    """See that a leave names deputies for a head alone, on days of the leave, and one at a time."""
    for agency in draft.agencies.values():
        leaves = {
            leave.origin: (post.person, leave) for post in agency.posts for leave in post.absences if leave.deputies
        }
        for person, leave in leaves.values():
            free: date | None = leave.since  # the first day on which nobody stands in yet
            for deputy in leave.deputies if person not in draft.doubtful else ():
                days = replace(deputy, since=deputy.since or leave.since, until=deputy.until or leave.until)
                within = common(days, leave) == Span(days.since, days.until)
                if deputy.person == person:
                    yield Fault.OWN_DEPUTY.at(deputy.origin, person=person)
                elif not within or free is None or (days.since and days.since < free):
                    until = Phrase(", and ends on {day}", {"day": leave.until}) if leave.until else ""
                    yield Fault.DEPUTY_OUTSIDE.at(deputy.origin, since=leave.since, until=until)
                else:
                    yield from _stand_in(draft, agency, person, days)
                    yield from _holder(draft, agency, days, (persons, seconds))
                    free = days.until


def _stand_in(draft: Draft, agency: Agency, person: str, days: Grant) -> Iterator[Problem]:
    """See that there is somebody to stand in for, and a rule that says what this gives."""
    heads = (grant for mailbox in agency.mailboxes.values() for grant in mailbox.roles.get(Role.HEAD, ()))
    if not any(grant.person == person and _overlap(grant, days) for grant in heads):
        yield Fault.HEAD_OF_NOTHING.at(days.origin, person=person)
    if draft.policy and Role.STAND_IN not in draft.policy.rights:
        yield Fault.NO_DEPUTY_RULE.at(days.origin)


def _group(draft: Draft, agency: Agency, grant: Grant) -> Iterator[Problem]:
    kind, _, name = grant.group.partition(":")
    if kind == "agency" and not draft.knows(name):
        yield Fault.UNKNOWN_PARENT.at(grant.origin, parent=name, hint=hint(name, draft.agencies))
    unit = name.partition("/")[2]
    known = grant.group in draft.mentioned or agency.code in draft.unnamed
    if kind == "unit" and unit not in agency.units and not known:
        yield Fault.UNKNOWN_UNIT.at(grant.origin, unit=unit, hint=hint(unit, agency.units))


def _roles(mailbox: Mailbox) -> Iterator[Problem]:
    """One head at a time, and each person in one role at a time."""
    heads = sorted(mailbox.roles.get(Role.HEAD, ()), key=lambda grant: (grant.since or date.min, grant.origin))
    for earlier, later in pairwise(heads):
        if _overlap(earlier, later):
            since = later.since or Phrase("the beginning")
            yield Fault.TWO_HEADS.at(later.origin, since=since, other=earlier.origin)
    named: defaultdict[str, list[Grant]] = defaultdict(list)
    for grant in chain.from_iterable(mailbox.roles.values()):
        for other in named[grant.person or grant.group]:
            if _overlap(grant, other) and not (grant in heads and other in heads):
                yield Fault.TWICE_NAMED.at(
                    grant.origin, person=grant.person or grant.group.partition(":")[2], other=other.origin
                )
        named[grant.person or grant.group].append(grant)


def _successors(draft: Draft, persons: Careers, seconds: Careers) -> Iterator[Problem]:
    """See that whoever is to read a leaver's mail is somebody else, in office while it is kept."""
    for person, posts in persons.items():
        for post in posts:
            for grant in post.successors if person not in draft.doubtful else ():
                career = (*persons.get(grant.person, ()), *seconds.get(grant.person, ()))
                if grant.person == person:
                    yield Fault.OWN_SUCCESSOR.at(grant.origin, person=person)
                elif grant.person in draft.doubtful or draft.unnamed:
                    continue
                elif not career:
                    yield Fault.NOBODY_AT_ALL.at(grant.origin, person=grant.person)
                elif draft.policy:
                    yield from _reader(grant, retention.reading(draft.policy, post, grant, draft.holds), career)


def _reader(grant: Grant, kept: Span | None, career: tuple[Post, ...]) -> Iterator[Problem]:
    if kept is None:
        yield Fault.NEVER_KEPT.at(grant.origin, person=grant.person, days=Phrase("there is no such day"))
    elif not any(_overlap(kept, post) for post in career):
        days = Phrase("from {since} on", {"since": kept.since})
        if kept.until:
            days = Phrase("from {since}, and no longer on {until}", {"since": kept.since, "until": kept.until})
        yield Fault.NEVER_KEPT.at(grant.origin, person=grant.person, days=days)


def _holds(draft: Draft, persons: Careers) -> Iterator[Problem]:
    """See that a hold is on mail that there is, and comes before the mail goes."""
    mailboxes = {mailbox.uid: (agency, mailbox) for agency, mailbox in draft.mailboxes()} if draft.holds else {}
    for uid, holds in draft.holds.items():
        known = {f"person:{uid}", f"mailbox:{uid}"} & draft.mentioned or _is_unread(f"mailbox:{uid}", draft)
        if not known and not draft.unnamed:
            yield from (Fault.NOTHING_TO_HOLD.at(hold.origin, id=uid) for hold in holds[:1])
        for hold in holds if uid not in draft.doubtful | draft.refused else ():
            gone, since = None, hold.since or date.min
            begun = [post for post in persons.get(uid, ()) if post.since <= since]
            if draft.policy and uid in mailboxes:
                gone = retention.of_mailbox(draft.policy, *mailboxes[uid], draft.holds)
            elif draft.policy and begun:
                gone = retention.of_person(draft.policy, begun[-1], draft.holds)
            if gone and gone < since:
                yield Fault.HELD_TOO_LATE.at(hold.origin, id=uid, day=gone)


def _lists(draft: Draft, persons: Careers, seconds: Careers) -> Iterator[Problem]:
    """See that a list has a name of its own, and that whom it names there is or was."""
    taken: dict[str, Origin] = {}
    for listed in draft.every_list():
        other = taken.setdefault(listed.uid, listed.origin)
        if other != listed.origin:
            yield Fault.LIST_TAKEN.at(listed.origin, uid=listed.uid, other=other)
            draft.refused.add(f"list:{listed.uid}")
        for those in (*listed.members, *listed.senders):
            yield from _named(draft, those, persons, seconds)


def _named(draft: Draft, those: Those, persons: Careers, seconds: Careers) -> Iterator[Problem]:
    if those.person:
        known = those.person in persons or those.person in seconds or those.person in draft.doubtful
        if not known and not draft.unnamed:
            yield Fault.NOBODY_AT_ALL.at(those.origin, person=those.person)
    elif those.mailbox:
        yield from _mailbox(draft, those.mailbox, those.origin)
    elif those.agency and not draft.agencies:
        return  # which is told once
    elif those.agency and not draft.knows(those.agency):
        agencies = {code: code for code in draft.agencies}
        yield Fault.UNKNOWN_PARENT.at(those.places["agency"], parent=those.agency, hint=hint(those.agency, agencies))
    elif those.agency not in draft.unread:
        yield from _conditions(draft, those)


def _mailbox(draft: Draft, uid: str, origin: Origin) -> Iterator[Problem]:
    """See that a shared mailbox that is to get letters is there, and no folder, which has no address."""
    known = {mailbox.uid: mailbox for _, mailbox in draft.mailboxes()}
    holder = f"mailbox:{uid}"
    if uid in known:
        is_fine = not known[uid].folder
    else:
        is_fine = bool(draft.unnamed) or holder in draft.mentioned or _is_unread(holder, draft)
    if not is_fine:
        boxes = {uid: mailbox for uid, mailbox in known.items() if not mailbox.folder}
        yield Fault.UNKNOWN_MAILBOX.at(origin, mailbox=uid, hint=_likely(uid, boxes))


def _conditions(draft: Draft, those: Those) -> Iterator[Problem]:
    """See that an agency has the unit that is meant, and that somebody there bears the title or may have the role."""
    agency = draft.agencies.get(those.agency)
    unit = those.unit
    if agency and unit:
        unread = agency.code in draft.unnamed
        if unit not in agency.units and f"unit:{agency.code}/{unit}" not in draft.mentioned and not unread:
            yield Fault.UNKNOWN_UNIT.at(those.places["unit"], unit=unit, hint=hint(unit, agency.units))
            return
        uid = f"{agency.code}-{unit}"
        if those.role and uid not in agency.mailboxes and f"mailbox:{uid}" not in draft.mentioned and not unread:
            yield Fault.ROLE_NOWHERE.at(those.places["role"], unit=unit)
    if those.title and not draft.unnamed and not draft.unread and not draft.doubtful:
        agencies = (agency,) if agency else draft.agencies.values()
        titles = {
            post.title: post
            for each in agencies
            if not those.kind or any(version.kind == those.kind for version in each.versions)
            for post in each.posts
        }
        if those.title not in titles:
            meant = _likely(those.title, titles)
            yield Fault.UNKNOWN_TITLE.at(those.places["title"], title=those.title, hint=meant)


def _likely(word: str, known: Mapping[str, object]) -> Phrase | str:
    """Return what may have been meant, where there are too many to name them all."""
    near = get_close_matches(word, known, n=1)
    return Phrase("Did you mean '{word}'?", {"word": near[0]}) if near else ""


def _rules(draft: Draft) -> Iterator[Problem]:
    """See that the policy has a rule for whatever the agencies keep, and speaks of agencies that there are."""
    policy = draft.policy
    for rule in policy.rules if policy and draft.agencies else ():
        for code in sorted(rule.agencies):
            if rule.origin and not draft.knows(code):
                yield Fault.UNKNOWN_PARENT.at(rule.origin, parent=code, hint=hint(code, draft.agencies))
    for _, mailbox in draft.mailboxes():
        if policy and mailbox.unit and not policy.unit_addresses and mailbox.versions[0].account is None:
            yield Fault.NO_UNIT_RULE.at(mailbox.origin)
        if policy and mailbox.folder and not policy.folder_rights:
            yield Fault.NO_FOLDER_RULE.at(mailbox.origin)
    for listed in draft.every_list():
        if policy and not policy.list_addresses and listed.versions[0].account is None:
            yield Fault.NO_LIST_RULE.at(listed.origin)


def _reports(draft: Draft) -> Iterator[Problem]:
    """See that reports go from and to mailboxes that there are."""
    reports = draft.policy.reports if draft.policy else None
    for uid, origin in reports.places.items() if reports and draft.agencies else ():
        yield from _mailbox(draft, uid, origin)


def _lock(draft: Draft) -> Iterator[Problem]:
    """See that whoever holds an address exists, and that an account which the registry names is its holder's."""
    for holder, lines in draft.addresses.items():
        if holder not in draft.mentioned and not draft.unnamed and not _is_unread(holder, draft):
            for line in lines:
                if line.standing is not Standing.RETIRED:
                    yield Fault.NO_HOLDER.at(line.origin, holder=spoken(holder))
        if len(lines) > 1 or len(lines[0].starts) > 1:
            yield from _same_day(holder, lines)
    printing: list[tuple[str, str, Mailbox | MailingList]] = [
        *((f"mailbox:{mailbox.uid}", mailbox.uid, mailbox) for _, mailbox in draft.mailboxes()),
        *((f"list:{listed.uid}", f"list:{listed.uid}", listed) for listed in draft.every_list()),
    ]
    printed = {version.account for *_, owner in printing for version in owner.versions}
    taken = {line.address: line for lines in draft.addresses.values() for line in lines if line.address in printed}
    for holder, name, owner in printing:
        for version in owner.versions:
            if version.account is not None:
                origin = version.places.get("account", owner.origin)
                found = list(_account(draft, taken, holder, version.account, origin))
                draft.refused.update([name] if found else ())
                yield from found


def _is_unread(holder: str, draft: Draft) -> bool:
    """Say whether a holder is a mailbox or a list of an agency that cannot be vouched for, or of a unit of it."""
    kind, _, uid = holder.partition(":")
    if kind == "list" and (uid in draft.lists or not draft.all_lists_read):
        return True
    return kind != "person" and any(uid == code or uid.startswith(f"{code}-") for code in draft.unread)


def _same_day(holder: str, lines: tuple[Address, ...]) -> Iterator[Problem]:
    starts: dict[date | None, Address] = {}
    for line in lines:
        for start in line.starts if line.standing is Standing.PRIMARY else ():
            other = starts.setdefault(start, line)
            if other is not line:
                yield Fault.SAME_DAY.at(line.origin, holder=spoken(holder), other=other.address)


def _account(draft: Draft, taken: dict[str, Address], holder: str, account: str, origin: Origin) -> Iterator[Problem]:
    domain = account.partition("@")[2]
    if not draft.owns(domain):
        yield draft.foreign(domain, origin)
    claim = Address(account, holder, Standing.PRIMARY, (None,), None, origin)
    line = taken.setdefault(account, claim)
    if line.holder != holder:
        standing = {"standing": Phrase(line.standing.value), "holder": spoken(line.holder)}
        whose = Phrase("the {standing} address of {holder}", standing)
        yield Fault.ADDRESS_TAKEN.at(origin, address=account, whose=whose, other=line.origin)


def _dues(draft: Draft, persons: Careers, *, locked: bool) -> Iterator[Problem]:
    """See that the lock gives everybody what is due, from the day on which it is due."""
    if draft.estate is None or draft.policy is None or not draft.all_addresses_read:
        return
    root = draft.estate.domains[0]
    for agency, mailbox in draft.mailboxes():
        no_rule = mailbox.unit and not draft.policy.unit_addresses and mailbox.versions[0].account is None
        if no_rule or mailbox.uid in draft.refused:
            continue
        yield from _due(draft, due_to_mailbox(mailbox, agency, draft.policy, root), locked=locked)
    for listed in draft.every_list():
        no_rule = not draft.policy.list_addresses and listed.versions[0].account is None
        if not no_rule and f"list:{listed.uid}" not in draft.refused:
            owner = draft.agencies.get(listed.agency)
            yield from _due(draft, due_to_list(listed, owner, draft.policy, root), locked=locked)
    steady = {code for code, agency in draft.agencies.items() if len(agency.versions) == 1}
    made_of = makings(draft.policy)
    for person, posts in persons.items():
        lines = draft.addresses.get(f"person:{person}", ())
        is_one = len(posts) == 1 or len(set(map(made_of, posts))) == 1
        if is_one and posts[0].agency in steady and is_plain(lines):
            continue  # nearly everybody
        is_elsewhere = draft.unnamed and f"person:{person}" in draft.addresses  # maybe: in what cannot be read
        if person not in draft.doubtful and not is_elsewhere:
            yield from _due(draft, due_to_person(posts, draft.agencies, draft.policy, root), locked=locked)


def _due(draft: Draft, dues: tuple[Due, ...], *, locked: bool) -> Iterator[Problem]:
    if not dues:
        return
    holder = dues[0].holder
    lines = draft.addresses.get(holder, ())
    primaries = tuple(line for line in lines if line.standing is Standing.PRIMARY)
    if len(dues) == 1 and is_plain(primaries):
        yield from _printed(draft, dues[0], primaries[0])
        return
    days = {due.since for due in dues}
    stray = [
        (line, start)
        for line in primaries
        for start in line.starts
        if start is not None and start not in days and not (dues[0].begins and start <= dues[0].begins)
    ]
    for due in dues:
        line = serving(due, lines)
        if line is not None:
            yield from _printed(draft, due, line)
            continue
        moved = next((pair for pair in stray if due.since and due.offers(pair[0].address)), None)
        if moved:
            stray.remove(moved)
            facts = {"holder": spoken(holder), "due": due.since, "other": due.origin}
            yield Fault.OTHER_DAY.at(moved[0].origin, since=moved[1], **facts)
        elif not due.basis:
            yield Fault.NO_CANDIDATE.at(due.origin, holder=spoken(holder))
        elif locked and due.since is None:
            yield Fault.NO_ADDRESS.at(due.origin, holder=spoken(holder))
        elif locked:
            yield Fault.NO_LATER_ADDRESS.at(due.origin, holder=spoken(holder), since=due.since)
    for line, start in stray:
        yield Fault.NO_REASON.at(line.origin, holder=spoken(holder), since=start)


def _printed(draft: Draft, due: Due, line: Address) -> Iterator[Problem]:
    """See that an account which the registry names is the one that the lock gives."""
    if due.printed and due.basis != line.address and draft.owns(line.address.partition("@")[2]):
        facts = {"account": due.basis, "holder": spoken(due.holder), "address": line.address}
        yield Fault.OTHER_ACCOUNT.at(due.origin, other=line.origin, **facts)


def _protected(draft: Draft) -> Iterator[Problem]:
    """See that whoever is protected is somebody; who ever held an address is known to the lock for good."""
    unsure = draft.unnamed or not draft.all_addresses_read
    for uid, (_, origin) in draft.protected.items() if not unsure else ():
        holders = {f"person:{uid}", f"mailbox:{uid}"}
        if not (holders & draft.mentioned or holders & draft.addresses.keys() or _is_unread(f"mailbox:{uid}", draft)):
            yield Fault.NOTHING_TO_PROTECT.at(origin, id=uid)


def _approvers(draft: Draft) -> Iterator[Problem]:
    """See that whoever approves is known, by an official mailbox and a key of their own (BT Điều 8.3)."""
    said = draft.approvers
    if said is None:
        return
    for logins in (said.province, *said.agencies.values()):
        for login, origin in logins.items():
            if login not in said.people:
                yield Fault.UNKNOWN_APPROVER.at(origin, login=login, hint=hint(login, said.people))
    for code, origin in said.places.items():
        if not draft.knows(code) and not draft.unnamed:
            yield Fault.NO_AGENCY_TO_APPROVE.at(origin, code=code, hint=hint(code, draft.agencies))
    yield from _mailboxes_and_keys(said, draft)


def _mailboxes_and_keys(said: Approvers, draft: Draft) -> Iterator[Problem]:
    held = {line.address: holder for holder, lines in draft.addresses.items() for line in lines}
    keys: dict[str, str] = dict.fromkeys(said.forge, "forge")
    for login, person in said.people.items():
        if draft.all_addresses_read and not held.get(person.address, "").startswith("person:"):
            yield Fault.NO_OFFICIAL_MAILBOX.at(person.origin, address=person.address, login=login)
        if said.signed and not person.keys:
            yield Fault.NO_KEY.at(person.origin, login=login)
        for key in person.keys:
            if (other := keys.setdefault(key, login)) != login:
                yield Fault.KEY_TWICE.at(person.origin, other=other)


def _overlap(one: Span | Post, other: Span | Post) -> bool:
    """Say whether two half-open intervals share a day."""
    return (one.since or date.min) < (other.until or date.max) and (other.since or date.min) < (one.until or date.max)
