"""From the checked registry to the directory entries it asks for on one civil day.

Pure: the same registry and the same day always give the same entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import policy as rules
from .model import Desired, Entry, Kind, Role, Standing, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from .model import Agency, Grant, Mailbox, Origin, Post, Registry, Unit

_CLASSES = {
    Kind.AGENCY: ("congvuObject", "organizationalUnit"),
    Kind.UNIT: ("congvuObject", "organizationalUnit"),
    Kind.ADMIN: ("congvuObject", "organizationalRole", "simpleSecurityObject"),
    Kind.MAILBOX: ("account", "congvuMailbox", "congvuObject"),
    Kind.PERSON: ("congvuMailbox", "congvuObject", "inetOrgPerson"),
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
    )


def headless(registry: Registry, day: date) -> list[str]:
    """Return the codes of the agencies whose own mailbox has no head in post on this day (TTH Điều 9.1)."""
    return [
        agency.code
        for agency in registry.agencies.values()
        if not any(
            grant.covers(day) and post.covers(day) and post.agency == agency.code
            for grant in agency.mailboxes[agency.code].roles[Role.HEAD]
            for post in registry.persons[grant.person]
        )
    ]


class _Compiler:
    """The registry with what people may do in its mailboxes turned round: by person."""

    def __init__(self, registry: Registry, suffix: str) -> None:
        self.registry = registry
        self.suffix = suffix
        self.base = f"ou=agencies,{suffix}"
        self.grants: dict[str, list[tuple[Agency, Mailbox, Role, Grant]]] = {}
        for agency in registry.agencies.values():
            for mailbox in agency.mailboxes.values():
                for role, grants in mailbox.roles.items():
                    for grant in grants:
                        self.grants.setdefault(grant.person, []).append((agency, mailbox, role, grant))

    def entries(self, day: date) -> Iterator[Entry]:
        for agency in self.registry.agencies.values():
            yield self._agency(agency)
            yield self._admin(agency)
            for mailbox in agency.mailboxes.values():
                yield self._mailbox(agency, mailbox)
            for unit in agency.units.values():
                yield self._unit(agency, unit)
        for person in self.registry.persons:
            entry = self._person(person, day)
            if entry is not None:
                yield entry

    def next_change(self, day: date) -> date | None:
        """Return the first day after ``day`` on which somebody's entry differs."""
        return min((found for person in self.registry.persons if (found := self._turn(person, day))), default=None)

    def _turn(self, person: str, day: date) -> date | None:
        """Return the first day after ``day`` on which this person's entry differs."""
        spans: tuple[Post | Grant, ...] = (
            *self.registry.persons[person],
            *(grant for *_, grant in self.grants.get(person, ())),
        )
        days = {end for span in spans for end in (span.since, span.until) if end is not None and end > day}
        now = self._person(person, day) if days else None
        return next((later for later in sorted(days) if self._person(person, later) != now), None)

    # One entry each

    def _agency(self, agency: Agency) -> Entry:
        own = {"ou": (agency.code,), "description": (agency.name,)}
        dn = f"ou={agency.code},{self.base}"
        return self._entry(Kind.AGENCY, agency.code, dn, own, origin=agency.origin, decision=agency.decision)

    def _admin(self, agency: Agency) -> Entry:
        own = {"cn": ("admin",), "description": (agency.name,)}
        dn = f"cn=admin,ou={agency.code},{self.base}"
        return self._entry(Kind.ADMIN, agency.code, dn, own, origin=agency.origin, decision=agency.decision)

    def _mailbox(self, agency: Agency, mailbox: Mailbox) -> Entry:
        own = {
            "uid": (mailbox.uid,),
            "cn": (mailbox.name,),
            "displayName": (mailbox.name,),
            "congvuQuota": (str(self.registry.policy.mailbox_quota),),
            **self._mail(f"mailbox:{mailbox.uid}"),
        }
        dn = f"uid={mailbox.uid},ou={agency.code},{self.base}"
        return self._entry(Kind.MAILBOX, mailbox.uid, dn, own, origin=mailbox.origin, decision=agency.decision)

    def _unit(self, agency: Agency, unit: Unit) -> Entry:
        own = {"ou": (unit.code,), "description": (unit.name,)}
        dn = f"ou={unit.code},ou={agency.code},{self.base}"
        name = f"{agency.code}/{unit.code}"
        return self._entry(Kind.UNIT, name, dn, own, origin=unit.origin, decision=unit.decision or agency.decision)

    def _person(self, person: str, day: date) -> Entry | None:
        """Return the entry of a person on a day; None before the first post begins.

        Without a post the person is disabled, where the last post was, and the mail is retained for the
        policy's term. The mail of somebody who comes back later is retained until then.
        """
        begun = [post for post in self.registry.persons[person] if post.since <= day]
        if not begun:
            return None
        post = begun[-1]
        agency = self.registry.agencies[post.agency]
        family, *_, given = (*post.name.split(), post.name.split()[-1])
        places = {agency.name, agency.units[post.unit].name} if post.unit else {agency.name}
        own = {
            "uid": (person,),
            "employeeNumber": (person,),
            "cn": (post.name,),
            "sn": (family,),
            "givenName": (given,),
            "displayName": (post.name,),
            "title": (post.title,),
            "ou": tuple(sorted(places)),
            "congvuQuota": (str(self.registry.policy.person_quota),),
            **self._mail(f"person:{person}"),
        }
        place = f"ou={post.unit},ou={agency.code}" if post.unit else f"ou={agency.code}"
        dn = f"uid={person},{place},{self.base}"
        if post.covers(day):
            own |= self._rights(post, day)
            return self._entry(Kind.PERSON, person, dn, own, origin=post.origin, decision=post.decision)
        end = post.until or day
        retained = rules.retain_until(self.registry.policy, end, self.registry.estate.time_zone)
        own["congvuRetainUntil"] = (retained,)
        decision = post.until_decision or post.decision
        return self._entry(Kind.PERSON, person, dn, own, origin=post.origin, decision=decision, state=State.DISABLED)

    # What entries share

    def _rights(self, post: Post, day: date) -> dict[str, tuple[str, ...]]:
        """Return what a person may do in the mailboxes of the agency where the post is, and of no other."""
        policy = self.registry.policy
        access: set[str] = set()
        send_as: set[str] = set()
        for agency, mailbox, role, grant in self.grants.get(post.person, ()):
            if agency.code != post.agency or not grant.covers(day):
                continue
            level = policy.rights[role]
            access.add(f"{mailbox.uid}:{level}")
            if level in policy.send_as:
                send_as.update(self._mail(f"mailbox:{mailbox.uid}")["mail"])
        rights = {"congvuAccess": tuple(sorted(access)), "congvuSendAs": tuple(sorted(send_as))}
        return {attribute: values for attribute, values in rights.items() if values}

    def _mail(self, holder: str) -> dict[str, tuple[str, ...]]:
        """Return the address that others see, and all that are delivered: no two entries may share one of these.

        The directory compares values of one attribute only, so the one that others see stands in both.
        """
        lines = self.registry.addresses[holder]
        delivered = sorted(line.address for line in lines if line.standing is not Standing.RETIRED)
        return {"mail": (lines[0].address,), "mailLocalAddress": tuple(delivered)}

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
        marks = {
            "objectClass": _CLASSES[kind],
            "congvuEstate": (self.registry.estate.name,),
            "congvuId": (f"{kind}:{name}",),
            "congvuState": (state.value,),
            "congvuDecision": (decision,),
        }
        return Entry(
            id=f"{kind}:{name}",
            kind=kind,
            dn=dn,
            attributes={**marks, **own},
            state=state,
            origin=origin,
            reason=decision,
            needs_password=kind in (Kind.PERSON, Kind.ADMIN),
        )
