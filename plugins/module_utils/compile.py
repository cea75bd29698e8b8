"""From the checked registry to the directory entries it asks for on one civil day.

Pure: the same registry and the same day always give the same entries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING

from . import lock, retention
from . import policy as rules
from .lists import MEMBER, Lists
from .model import FOLDED, Desired, Entry, Kind, Level, Reason, Role, Span, State, Tie
from .names import fold
from .standing import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .model import Absence, Agency, Grant, Mailbox, MailingList, Origin, Post, Registry, Unit

_CLASSES = {
    Kind.AGENCY: ("congvuObject", "organizationalUnit"),
    Kind.UNIT: ("congvuObject", "organizationalUnit"),
    Kind.ADMIN: ("congvuObject", "organizationalRole", "simpleSecurityObject"),
    Kind.MAILBOX: ("account", "congvuMailbox", "congvuObject"),
    Kind.PERSON: ("congvuMailbox", "congvuObject", "inetOrgPerson"),
    Kind.LIST: ("congvuMailingList", "congvuObject", "groupOfURLs"),
}


def compile_desired(registry: Registry, *, suffix: str | None = None, as_of: date, commit: str) -> Desired:
    """Return the directory below ``ou=agencies`` as the registry wants it on the day ``as_of``.

    ``suffix`` takes the place of the estate's own. Agencies and units come before what lies in them.
    """
    compiler = _Compiler(registry, suffix or registry.estate.suffix)
    entries = {entry.id: entry for entry in compiler.entries(as_of)}
    return Desired(
        estate=registry.estate.name,
        suffix=compiler.suffix,
        as_of=as_of,
        commit=commit,
        entries=entries,
        next_change=compiler.next_change(as_of),
        held={
            f"{Kind.PERSON if uid in registry.persons else Kind.MAILBOX}:{uid}": hold.decision
            for uid, holds in registry.holds.items()
            for hold in holds
            if hold.covers(as_of)
        },
        protected={
            f"{kind}:{uid}": why for uid, why in registry.protected.items() for kind in (Kind.PERSON, Kind.MAILBOX)
        },
    )


def headless(registry: Registry, day: date) -> list[str]:
    """Return the codes of the agencies whose own mailbox nobody manages on this day (TTH Điều 9.1).

    A head who is on long leave does not, unless the policy lets people on leave keep their roles; but whoever stands in
    for the head does.
    """

    def managers(agency: Agency) -> Iterator[Grant]:
        own = agency.mailboxes[agency.code]
        yield from own.roles[Role.HEAD]
        yield from stand_ins(agency, own, registry.persons, registry.seconds)

    return [
        agency.code
        for agency in registry.agencies.values()
        if agency.covers(day)
        and not any(
            grant.covers(day) and any(post.agency == agency.code for post in acting(registry, grant.person, day))
            for grant in managers(agency)
        )
    ]


def on_leave(post: Post, day: date) -> Absence | None:
    """Return the long leave that somebody is on from a post; a journey on duty is none."""
    leaves = (leave for leave in post.absences if leave.covers(day) and leave.reason is not Reason.TRAVEL)
    return next(leaves, None) if post.absences else None


def acting(registry: Registry, person: str, day: date) -> list[Post]:
    """Return the posts in which somebody acts on a day: none during long leave from the main one.

    The policy may let people on leave keep their roles; then it is all posts that are held.
    """
    return _acting(registry, held(registry, person, day), day)


def _acting(registry: Registry, posts: list[Post], day: date) -> list[Post]:
    if registry.policy.leave_roles or not any(post.absences for post in posts):
        return posts
    if any(post.tie is Tie.MAIN and on_leave(post, day) for post in posts):
        return []
    return [post for post in posts if not on_leave(post, day)]


def census(registry: Registry, day: date) -> Counter[str]:
    """Count the entries of each kind on a day, and the people among them who may not sign in: `disabled`, `purged`.

    It is what counting the compiled entries comes to, at a tenth of the cost.
    """
    counts: Counter[str] = Counter()
    for agency in registry.agencies.values():
        if agency.since and day < agency.since:
            continue
        counts[Kind.AGENCY] += 1
        counts[Kind.ADMIN] += 1
        counts[Kind.UNIT] += sum(unit.since is None or unit.since <= day for unit in agency.units.values())
        counts[Kind.MAILBOX] += sum(box.since is None or box.since <= day for box in agency.mailboxes.values())
        counts[Kind.LIST] += sum(each.since is None or each.since <= day for each in agency.lists.values())
    counts[Kind.LIST] += sum(each.since is None or each.since <= day for each in registry.lists.values())
    for posts in registry.persons.values():
        if posts[0].since <= day:
            counts[Kind.PERSON] += 1
            post = next((post for post in posts if post.covers(day)), None)
            if post is None:
                left = next(post for post in reversed(posts) if post.since <= day)
                gone = retention.of_person(registry.policy, left, registry.holds)
                counts[State.PURGED if gone and gone <= day else State.DISABLED] += 1
            elif not registry.policy.leave_sign_in and on_leave(post, day):
                counts[State.DISABLED] += 1
    return counts


def next_change(registry: Registry, day: date) -> date | None:
    """Return the first later day on which the same files come to something else."""
    return _Compiler(registry, registry.estate.suffix).next_change(day)


def mailboxes(registry: Registry, day: date) -> list[str]:
    """Return the uids of the shared mailboxes and folders that there are on a day, closed ones included, sorted."""
    return sorted(
        mailbox.uid
        for agency in registry.agencies.values()
        for mailbox in agency.mailboxes.values()
        if all(span.since is None or span.since <= day for span in (agency, mailbox))
    )


def held(registry: Registry, person: str, day: date) -> list[Post]:
    """Return the posts that somebody holds on a day, the main one first."""
    posts = registry.persons.get(person, ())
    if person in registry.seconds:
        posts += registry.seconds[person]
    return [post for post in posts if post.covers(day)]


@dataclass(frozen=True, slots=True)
class Coming:
    """What an entry will be from a day on, and what it was; None where it is new. Nothing ever goes altogether."""

    day: date
    before: Entry | None
    entry: Entry


def forecast(registry: Registry, *, since: date, until: date) -> list[Coming]:
    """Return what changes by itself on the days ``since`` < day ≤ ``until``, in order, if nobody edits a file."""
    compiler = _Compiler(registry, registry.estate.suffix)
    coming = (change for subject in compiler.subjects(restless_on=since) for change in subject.changes(since, until))
    return sorted(coming, key=lambda change: (change.day, change.entry.origin, change.entry.id))


@dataclass(frozen=True, slots=True)
class _Subject:
    """One registry object: its entry on any day, and the days on which that may differ."""

    entry: Callable[[date], Entry | None]
    days: Callable[[], set[date]]

    def differs(self, day: date, later: date) -> bool:
        """Say whether a later day brings another entry, where no day in between did."""
        after = self.entry(later)
        return after is not None and after != self.entry(day)

    def changes(self, since: date, until: date) -> Iterator[Coming]:
        days = sorted(day for day in self.days() if since < day <= until)
        before = self.entry(since) if days else None
        for day in days:
            after = self.entry(day)
            if after is not None and after != before:
                yield Coming(day, before, after)
            before = after


@dataclass(frozen=True, slots=True)
class _Seat:
    """What people have in common who are in one agency or unit, on one day."""

    dn: str  # of the entry below which theirs stand
    names: tuple[str, ...]  # of the agency and the unit, sorted
    groups: tuple[str, ...]  # which they are in, of those that anything is granted to
    rights: dict[str, tuple[str, ...]]  # of whoever is there alone, and is granted nothing else


@dataclass(frozen=True, slots=True)
class _Station:
    """What people have in common who bear one title in one place, hold no other post and are named nowhere else."""

    dn: str  # of the entry below which theirs stand
    attributes: dict[str, tuple[str, ...]]
    lasts: bool  # no day that is written anywhere changes any of this


class _Compiler:
    """The registry with what people may do in its mailboxes turned round: by person."""

    def __init__(self, registry: Registry, suffix: str) -> None:
        self.registry = registry
        self.suffix = suffix
        self.base = f"ou=agencies,{suffix}"
        self.estate = (registry.estate.name,)
        self.grants: dict[str, list[tuple[Agency, Mailbox, Role, Grant]]] = {}  # by person's id or group
        self.heirs: dict[str, list[tuple[Agency, Mailbox]]] = {}  # by uid, whose letters and mail a mailbox takes over
        self.reading: dict[str, list[tuple[Span, str]]] = {}  # by person, when the mail of which leaver may be read
        self.roles: dict[str, dict[Role, tuple[Grant, ...]]] = {}  # by uid, with those who stand in for a head
        for agency in registry.agencies.values():
            for mailbox in agency.mailboxes.values():
                self.roles[mailbox.uid] = {
                    **mailbox.roles,
                    Role.STAND_IN: tuple(stand_ins(agency, mailbox, registry.persons, registry.seconds)),
                }
                for role, grants in self.roles[mailbox.uid].items():
                    for grant in grants:
                        self.grants.setdefault(grant.person or grant.group, []).append((agency, mailbox, role, grant))
                if retention.closing(agency, mailbox) and (heir := self._heir(agency, mailbox)):
                    self.heirs.setdefault(heir, []).append((agency, mailbox))
        for posts in registry.persons.values():
            for place, post in enumerate(posts, 1):
                if post.successors:
                    self._hand_over(post, posts[place].since if place < len(posts) else None)
        self.lists = Lists(registry, self.grants)
        self.agency_days = {code: self._days_of_agency(agency) for code, agency in registry.agencies.items()}
        self.restless = {key for key, granted in self.grants.items() if self._may_change(granted)}
        # Agencies on which no day is written, so that a person's own days are all there is.
        shared = {key.partition(":")[2].partition("/")[0] for key in self.restless if ":" in key}
        self.quiet = {code for code, days in self.agency_days.items() if not days} - shared
        self.named = self.grants.keys() | self.reading.keys() | registry.seconds.keys() | self.lists.named
        self.restless_people = self.restless | self.reading.keys() | registry.seconds.keys() | self.lists.named
        self.seats: dict[tuple[date, str, str | None], _Seat] = {}  # a few thousand, for all the people in them
        self.stations: dict[tuple[date, str, str | None, str], _Station] = {}
        # By day, of whom it is known already that nothing changes them after it.
        self.settled: defaultdict[date, set[str]] = defaultdict(set)

    def subjects(self, restless_on: date) -> Iterator[_Subject]:
        """Yield whatever becomes an entry, parents before children, without people whom no later day changes."""
        yield from self._bodies()
        for person, posts in self.registry.persons.items():
            if not self._is_settled(person, posts, restless_on):
                yield _Subject(partial(self._person, person), partial(self._days_of_person, person))

    def _bodies(self) -> Iterator[_Subject]:
        """Yield whatever becomes an entry and is nobody's own."""
        for agency in self.registry.agencies.values():
            days = partial(self.agency_days.__getitem__, agency.code)
            yield _Subject(partial(self._agency, agency), days)
            yield _Subject(partial(self._admin, agency), days)
            for mailbox in agency.mailboxes.values():
                yield _Subject(partial(self._mailbox, agency, mailbox), partial(self._days_of_mailbox, agency, mailbox))
            for unit in agency.units.values():
                yield _Subject(partial(self._unit, agency, unit), days)
        for listed in self.registry.all_lists:
            yield _Subject(partial(self._list, listed), partial(self._days_of_list, listed))

    def entries(self, day: date) -> Iterator[Entry]:
        """Yield all entries of a day, parents before children."""
        wanted = chain((subject.entry(day) for subject in self._bodies()), self._people(day))
        return (entry for entry in wanted if entry is not None)

    def _people(self, day: date) -> Iterator[Entry | None]:
        """Yield the entries of all people, most of whom are alike but for what they are called."""
        for person, posts in self.registry.persons.items():
            if _is_alone(posts, day) and person not in self.named:
                yield self._plain(posts[-1], day)
            else:
                yield self._person(person, day)

    def next_change(self, day: date) -> date | None:
        """Return the first day after ``day`` on which an entry differs. What comes later need not be looked at."""
        turns: dict[date, list[_Subject]] = {}
        for subject in self.subjects(restless_on=day):
            for turn in subject.days():
                if turn > day:
                    turns.setdefault(turn, []).append(subject)
        return next((turn for turn in sorted(turns) if any(one.differs(day, turn) for one in turns[turn])), None)

    def _is_settled(self, person: str, posts: tuple[Post, ...], day: date) -> bool:
        """Say whether nothing that is written will ever change somebody: so it is with nearly everybody."""
        return person in self.settled.get(day, ()) or (
            _is_alone(posts, day)
            and person not in self.restless_people
            and self._station(posts[-1], day).lasts
            and lock.is_plain(self.registry.addresses.get(f"person:{person}", ()))
        )

    def _may_change(self, granted: list[tuple[Agency, Mailbox, Role, Grant]]) -> bool:
        """Say whether there is a day on which grants, or the mailboxes that they open, begin, end or change."""
        return any(self.agency_days[agency.code] or mailbox.uid in self.heirs for agency, mailbox, *_ in granted)

    # When things change

    def _days_of_agency(self, agency: Agency) -> set[date]:
        owners: tuple[Agency | Unit | Mailbox, ...] = (agency, *agency.units.values(), *agency.mailboxes.values())
        spans = (
            *owners,
            *(grant for uid in agency.mailboxes for grants in self.roles[uid].values() for grant in grants),
        )
        days = {end for span in spans for end in (span.since, span.until) if end}
        days.update(version.since for owner in owners for version in owner.versions if version.since)
        for mailbox in agency.mailboxes.values():
            days.update(self._days_of_lock(f"mailbox:{mailbox.uid}"))
        return days

    def _days_of_mailbox(self, agency: Agency, mailbox: Mailbox) -> set[date]:
        days = self.agency_days[agency.code] | self.lists.days_of_mailbox(mailbox.uid)
        for other, ended in self.heirs.get(mailbox.uid, ()):
            days |= self.agency_days[other.code]
            if end := retention.closing(other, ended):
                days.add(end + timedelta(self.registry.policy.former_days))
        return days | self._days_of_purge((agency, mailbox))

    def _days_of_list(self, listed: MailingList) -> set[date]:
        spans = (listed, *listed.senders)
        days = {end for span in spans for end in (span.since, span.until) if end}
        days.update(version.since for version in listed.versions if version.since)
        days.update(self._days_of_lock(f"list:{listed.uid}"))
        return days | self.agency_days[listed.agency] if listed.agency else days

    def _days_of_person(self, person: str) -> set[date]:
        posts = (*self.registry.persons[person], *self.registry.seconds.get(person, ()))
        absences = (absence for post in posts for absence in post.absences)
        groups = {group for post in posts for group in _groups(post)}
        granted = [found for key in (person, *groups) for found in self.grants.get(key, ())]
        reading = (span for span, _ in self.reading.get(person, ()))
        spans: tuple[Post | Span, ...] = (*posts, *absences, *(grant for *_, grant in granted), *reading)
        days = {end for span in spans for end in (span.since, span.until) if end}
        days.update(self._days_of_lock(f"person:{person}"))
        days |= self.lists.days_of_person(person, posts)
        purges = (retention.of_person(self.registry.policy, post, self.registry.holds) for post in posts)
        days.update(day for day in purges if day)
        inherited = [found for _, mailbox, *_ in granted for found in self._inherited(mailbox.uid)]
        days |= self._days_of_purge(*inherited)
        codes = {post.agency for post in posts}
        codes |= {agency.code for agency, *_ in granted} | {agency.code for agency, _ in inherited}
        return days.union(*(self.agency_days[code] for code in codes))

    def _days_of_purge(self, *mailboxes: tuple[Agency, Mailbox]) -> set[date]:
        return {day for agency, mailbox in mailboxes if (day := self._purge_day(agency, mailbox))}

    def _purge_day(self, agency: Agency, mailbox: Mailbox) -> date | None:
        return retention.of_mailbox(self.registry.policy, agency, mailbox, self.registry.holds)

    def _days_of_lock(self, holder: str) -> Iterator[date]:
        lines = self.registry.addresses.get(holder, ())
        return lock.turns(lines, self.registry.policy.former_days)

    # One entry each

    def _agency(self, agency: Agency, day: date) -> Entry | None:
        own = {"ou": (agency.code,), "description": (agency.on(day).name,)}
        return self._structure(f"ou={agency.code}", own, Kind.AGENCY, agency.code, day=day, owners=(agency,))

    def _admin(self, agency: Agency, day: date) -> Entry | None:
        own = {"cn": ("admin",), "description": (agency.on(day).name,)}
        return self._structure(f"cn=admin,ou={agency.code}", own, Kind.ADMIN, agency.code, day=day, owners=(agency,))

    def _unit(self, agency: Agency, unit: Unit, day: date) -> Entry | None:
        own = {"ou": (unit.code,), "description": (unit.on(day).name,)}
        place, name = f"ou={unit.code},ou={agency.code}", f"{agency.code}/{unit.code}"
        return self._structure(place, own, Kind.UNIT, name, day=day, owners=(agency, unit))

    def _structure(  # noqa: PLR0913 -- what every kind of them has
        self,
        place: str,
        own: Mapping[str, tuple[str, ...]],
        kind: Kind,
        name: str,
        *,
        day: date,
        owners: tuple[Agency | Unit, ...],
    ) -> Entry | None:
        """Return the entry of what exists; one that ended stays, disabled, as long as it may hold somebody's mail."""
        if any(owner.since and day < owner.since for owner in owners):
            return None
        ended = next((owner for owner in owners if owner.until and owner.until <= day), None)
        decision = owners[-1].on(day).decision or owners[0].versions[0].decision
        return self._entry(
            kind,
            name,
            f"{place},{self.base}",
            own,
            origin=owners[-1].origin,
            decision=ended.until_decision if ended else decision,
            state=State.DISABLED if ended else State.ACTIVE,
        )

    def _mailbox(self, agency: Agency, mailbox: Mailbox, day: date) -> Entry | None:
        """Return the entry of a shared mailbox or folder; one that ended is held, and its letters go to its heir.

        When its term is over the mail goes too, and what stays keeps the name from being given away.
        """
        since = max((span.since for span in (agency, mailbox) if span.since), default=None)
        if since and day < since:
            return None
        version = mailbox.on(day)
        own: dict[str, tuple[str, ...]] = {
            "uid": (mailbox.uid,),
            "cn": (version.name,),
            FOLDED: (_folded(version.name),),
            "displayName": (version.name,),
            "congvuQuota": (str(self.registry.policy.mailbox_quota),),
        }
        dn = f"uid={mailbox.uid},ou={agency.code},{self.base}"
        decision = version.decision or agency.versions[0].decision
        if _open(agency, mailbox, day):
            own |= self._mail(mailbox, day) | self.lists.of_mailbox(mailbox.uid, day)
            return self._entry(Kind.MAILBOX, mailbox.uid, dn, own, origin=mailbox.origin, decision=decision)
        unit = agency.units.get(mailbox.unit or "")
        ended = unit.until_decision if unit and agency.covers(day) else agency.until_decision
        state = State.HELD
        if (gone := self._purge_day(agency, mailbox)) and gone <= day:
            state, own = State.PURGED, {"uid": own["uid"], "cn": own["cn"], **_NO_ROOM}
        elif end := retention.closing(agency, mailbox):
            own["congvuRetainUntil"] = self._moment(retention.mailbox_kept_until(self.registry.policy, end))
        return self._entry(Kind.MAILBOX, mailbox.uid, dn, own, origin=mailbox.origin, decision=ended, state=state)

    def _list(self, listed: MailingList, day: date) -> Entry | None:
        """Return the entry of a list; one that ended stays, disabled, and takes no letters.

        Who is a member, the members' entries say; ``memberURL`` finds them.
        """
        agency = self.registry.agencies.get(listed.agency)
        since = max((span.since for span in (listed, agency) if span and span.since), default=None)
        if since and day < since:
            return None
        version = listed.on(day)
        own: dict[str, tuple[str, ...]] = {
            "cn": (listed.uid,),
            "displayName": (version.name,),
            "memberURL": (f"ldap:///{self.base}?mail?sub?(&(congvuState=active)({MEMBER}={listed.uid}))",),
        }
        dn = f"cn={listed.uid},ou={listed.agency},{self.base}" if agency else f"cn={listed.uid},{self.base}"
        if self.lists.is_open(listed, day):
            own |= self._addresses(f"list:{listed.uid}", day)
            circles = {those.circle.value for those in listed.senders if those.circle and those.covers(day)}
            own |= {"congvuWriters": tuple(sorted(circles))} if circles else {}
            decision = version.decision
            return self._entry(Kind.LIST, listed.uid, dn, own, origin=listed.origin, decision=decision)
        ended = agency.until_decision if agency and not agency.covers(day) else listed.until_decision
        return self._entry(Kind.LIST, listed.uid, dn, own, origin=listed.origin, decision=ended, state=State.DISABLED)

    def _person(self, person: str, day: date) -> Entry | None:
        """Return the entry of a person on a day; None before the first post begins.

        Without a post the person is disabled, where the last post was, and the mail is kept for the policy's term and
        as long as somebody holds it. Then it goes, and what stays keeps the id and the address from being given away.
        Whoever comes back before that finds everything, whoever comes back later an empty mailbox.
        """
        posts = self.registry.persons[person]
        begun = [post for post in posts if post.since <= day]
        if not begun:
            return None
        post = begun[-1]
        if not post.covers(day) and post.until:
            return self._leaver(post, post.until, day)
        return self._incumbent(post, day)

    def _leaver(self, post: Post, end: date, day: date) -> Entry:
        """Return the entry of somebody who has been in no post since the day ``end``."""
        person, policy = post.person, self.registry.policy
        own, dn = self._identity(post, day, held(self.registry, person, day) or [post])
        state = State.DISABLED
        if (gone := retention.of_person(policy, post, self.registry.holds)) and gone <= day:
            state, own = State.PURGED, {name: own[name] for name in _REMAINS} | _NO_ROOM
        else:
            own["congvuRetainUntil"] = self._moment(retention.kept_until(policy, end))
        decision = post.until_decision or post.decision
        return self._entry(Kind.PERSON, person, dn, own, origin=post.origin, decision=decision, state=state)

    def _incumbent(self, post: Post, day: date) -> Entry:
        """Return the entry of somebody in a post, or on leave from it."""
        person, policy = post.person, self.registry.policy
        posts = held(self.registry, person, day)
        active = _acting(self.registry, posts, day)
        own, dn = self._identity(post, day, posts)
        own |= self._rights(person, active, day)
        leave = on_leave(post, day)
        if leave is None or policy.leave_sign_in:
            own |= self.lists.of_person(person, posts, active, day)
        if leave is None:
            return self._entry(Kind.PERSON, person, dn, own, origin=post.origin, decision=post.decision)
        state = State.ACTIVE if policy.leave_sign_in else State.DISABLED
        return self._entry(Kind.PERSON, person, dn, own, origin=leave.origin, decision=leave.decision, state=state)

    def _plain(self, post: Post, day: date) -> Entry:
        """Return what ``_incumbent`` does, in a third of the time, of somebody who is nothing else, as most are."""
        person = post.person
        id_, station = f"person:{person}", self._station(post, day)
        if station.lasts and lock.is_plain(self.registry.addresses.get(id_, ())):
            self.settled[day].add(person)
        attributes = {
            **station.attributes,
            "congvuId": (id_,),
            "congvuDecision": (post.decision,),
            **_called(post),
            **self._addresses(id_, day),
        }
        dn = f"uid={person},{station.dn}"
        return Entry(id_, Kind.PERSON, dn, attributes, State.ACTIVE, post.origin, post.decision, True)  # noqa: FBT003

    def _identity(self, post: Post, day: date, posts: list[Post]) -> tuple[dict[str, tuple[str, ...]], str]:
        """Return who somebody is by a post and where by several, and the place in the directory."""
        person, seat = post.person, self._seat(post, day)
        seats = [self._seat(each, day) for each in posts]
        own = {
            **_called(post),
            "title": (post.title,),
            "ou": seat.names if seats == [seat] else tuple(sorted({name for each in seats for name in each.names})),
            "congvuQuota": (str(self.registry.policy.person_quota),),
            **self._addresses(f"person:{person}", day),
        }
        return own, f"uid={person},{seat.dn}"

    def _moment(self, day: date) -> tuple[str]:
        return (rules.moment(day, self.registry.estate.time_zone),)

    # What entries share

    def _seat(self, post: Post, day: date) -> _Seat:
        """Return what all who are in an agency, or in its unit while there is one, have in common."""
        key = day, post.agency, post.unit
        if key not in self.seats:
            agency = self.registry.agencies[post.agency]
            unit = agency.units.get(post.unit or "")
            unit = unit if unit and unit.covers(day) else None
            groups = tuple(group for group in _groups(post) if group in self.grants)
            self.seats[key] = _Seat(
                dn=f"ou={unit.code},ou={agency.code},{self.base}" if unit else f"ou={agency.code},{self.base}",
                names=tuple(sorted({agency.on(day).name, *((unit.on(day).name,) if unit else ())})),
                groups=groups,
                rights=self._granted(groups, {agency.code}, {}, day),
            )
        return self.seats[key]

    def _station(self, post: Post, day: date) -> _Station:
        """Return what all have in common who are alike but for their names, addresses and decisions."""
        key = day, post.agency, post.unit, post.title
        if key not in self.stations:
            seat, agency = self._seat(post, day), self.registry.agencies[post.agency]
            attributes = {
                "objectClass": _CLASSES[Kind.PERSON],
                "congvuEstate": self.estate,
                "congvuState": (str(State.ACTIVE),),
                "title": (post.title,),
                "ou": seat.names,
                "congvuQuota": (str(self.registry.policy.person_quota),),
                **seat.rights,
                **self.lists.of_person("", [post], [post], day),
            }
            lasts = agency.code in self.quiet and not self.lists.days_of_person("", [post])
            self.stations[key] = _Station(seat.dn, attributes, lasts)
        return self.stations[key]

    def _rights(self, person: str, posts: list[Post], day: date) -> dict[str, tuple[str, ...]]:
        """Return what a person may do in mailboxes of the agencies where the posts are, and in folders of any.

        The posts are those in which the person acts. Who may use a mailbox may read the mail of those that ended in it;
        and a leaver's successor that of the leaver.
        """
        reading = self.reading.get(person, ())
        if not posts:
            return {}
        if len(posts) == 1 and not reading and person not in self.grants:
            return self._seat(posts[0], day).rights
        keys = {person, *(group for post in posts for group in self._seat(post, day).groups)} & self.grants.keys()
        access = {leaver: Level.READ for span, leaver in reading if span.covers(day)}
        return self._granted(keys, {post.agency for post in posts}, access, day)

    def _granted(
        self, keys: Iterable[str], codes: set[str], access: dict[str, Level], day: date
    ) -> dict[str, tuple[str, ...]]:
        """Return what is granted to a person or groups (``keys``) in agencies, with the ``access`` that there is."""
        policy = self.registry.policy
        send_as: set[str] = set()
        for key in keys:
            for agency, mailbox, role, grant in self.grants[key]:
                if not grant.covers(day) or not _open(agency, mailbox, day):
                    continue
                if not mailbox.folder and agency.code not in codes:
                    continue
                level = (policy.folder_rights if mailbox.folder else policy.rights)[role]
                access[mailbox.uid] = min(level, access.get(mailbox.uid, level), key=_STRENGTH.index)
                for other, ended in self._inherited(mailbox.uid):
                    if self._is_kept(other, ended, day):
                        access.setdefault(ended.uid, Level.READ)
        for uid, level in access.items():
            if level in policy.send_as:
                send_as.update(self._addresses(f"mailbox:{uid}", day).get("mail", ()))
        rights = {
            "congvuAccess": tuple(sorted(f"{uid}:{level}" for uid, level in access.items())),
            "congvuSendAs": tuple(sorted(send_as)),
        }
        return {attribute: values for attribute, values in rights.items() if values}

    def _mail(self, mailbox: Mailbox, day: date) -> dict[str, tuple[str, ...]]:
        """Return a shared mailbox's addresses, with those of the mailboxes that ended in it."""
        own = self._addresses(f"mailbox:{mailbox.uid}", day)
        term = timedelta(self.registry.policy.former_days)
        inherited = {
            address
            for agency, ended in self.heirs.get(mailbox.uid, ())
            if (end := retention.closing(agency, ended)) and end <= day < end + term
            for address in self._mail(ended, day).get("mailLocalAddress", ())
        }
        if inherited:
            own["mailLocalAddress"] = tuple(sorted({*own.get("mailLocalAddress", ()), *inherited}))
        return own

    def _heir(self, agency: Agency, mailbox: Mailbox) -> str | None:
        """Return the uid of the mailbox that takes over the letters of one that ends; its users may read the mail.

        A unit's go to its agency's own; those of an agency that ends to its successor's, to the unit of the same code
        if that has a mailbox.
        """
        if agency.until is None or (mailbox.until and mailbox.until < agency.until):
            return agency.code
        if agency.successor is None:
            return None
        heir = self.registry.agencies[agency.successor]
        same = f"{heir.code}-{mailbox.unit}"
        return same if mailbox.unit and same in heir.mailboxes else heir.code

    def _inherited(self, uid: str) -> Iterator[tuple[Agency, Mailbox]]:
        """Yield the mailboxes that end in one, and those that ended in these."""
        for agency, ended in self.heirs.get(uid, ()):
            yield agency, ended
            yield from self._inherited(ended.uid)

    def _is_kept(self, agency: Agency, mailbox: Mailbox, day: date) -> bool:
        """Say whether a mailbox is closed, and its mail still there."""
        end, gone = retention.closing(agency, mailbox), self._purge_day(agency, mailbox)
        return end is not None and end <= day and (gone is None or day < gone)

    def _hand_over(self, post: Post, back: date | None) -> None:
        """Note who may read the mail that a post leaves behind, at most until the leaver is ``back``."""
        for grant in post.successors:
            span = retention.reading(self.registry.policy, post, grant, self.registry.holds)
            if span is None or (back and span.since and back <= span.since):
                continue
            until = min((end for end in (span.until, back) if end), default=None)
            self.reading.setdefault(grant.person, []).append((Span(span.since, until), post.person))

    def _addresses(self, holder: str, day: date) -> dict[str, tuple[str, ...]]:
        """Return the address that others see, and all that are delivered: no two entries may share one of these.

        The directory compares values of one attribute only, so the one that others see stands in both.
        """
        lines = self.registry.addresses.get(holder, ())
        if lock.is_plain(lines):
            only = (lines[0].address,)
            return {"mail": only, "mailLocalAddress": only}
        address = lock.primary(lines, day)
        if address is None:
            return {}
        delivered = lock.delivered(lines, day, self.registry.policy.former_days)
        return {"mail": (address,), "mailLocalAddress": tuple(sorted(delivered))}

    def _entry(  # noqa: PLR0913 -- what every kind of entry has
        self,
        kind: Kind,
        name: str,
        dn: str,
        own: Mapping[str, tuple[str, ...]],
        *,
        origin: Origin,
        decision: str,
        state: State = State.ACTIVE,
    ) -> Entry:
        id_ = f"{kind}:{name}"
        marks = {
            "objectClass": _CLASSES[kind],
            "congvuEstate": self.estate,
            "congvuId": (id_,),
            "congvuState": (str(state),),
            "congvuDecision": (decision,),
        }
        return Entry(
            id=id_,
            kind=kind,
            dn=dn,
            attributes={**marks, **own},
            state=state,
            origin=origin,
            reason=decision,
            needs_password=kind in (Kind.PERSON, Kind.ADMIN) and state is not State.PURGED,
        )


_REMAINS = ("uid", "employeeNumber", "cn", "sn")  # what stays of a person whose mail is purged
_NO_ROOM = {"congvuQuota": ("0",)}
_STRENGTH = (Level.MANAGER, Level.CLERK, Level.READ)


@lru_cache(maxsize=1 << 16)
def _folded_word(word: str) -> str:
    return fold(word)


def _folded(name: str) -> str:
    """Return a name as people search it; a province has many names, and few words in them."""
    return " ".join(map(_folded_word, name.split()))


def _called(post: Post) -> dict[str, tuple[str, ...]]:
    """Return what tells somebody from others: the number and the name."""
    uid, name = (post.person,), (post.name,)
    return {
        "uid": uid,
        "employeeNumber": uid,
        "cn": name,
        FOLDED: (_folded(post.name),),
        "sn": (rules.family_name(post.name, post.given),),
        "givenName": (post.given,),
        "displayName": name,
    }


def _is_alone(posts: tuple[Post, ...], day: date) -> bool:
    """Say whether the last of somebody's posts is held on a day, and nothing is written of its end nor of a leave."""
    post = posts[-1]
    if post.until or post.since > day:
        return False
    return not post.absences or not any(leave.until is None or day < leave.until for leave in post.absences)


def _groups(post: Post) -> Iterator[str]:
    """Yield the groups that somebody is in by a post."""
    yield f"agency:{post.agency}"
    if post.unit:
        yield f"unit:{post.agency}/{post.unit}"


def _open(agency: Agency, mailbox: Mailbox, day: date) -> bool:
    return agency.covers(day) and mailbox.covers(day)
