"""Which agencies and officials the world may read about, and what of them: the policy's ``directory_site``.

Pure: the same registry and the same day always give the same book. Nothing that is not in a book is ever published,
and nobody's staff number is in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from . import lock
from .compile import acting
from .layout import KINDS
from .model import Role, Told
from .names import fold
from .policy import family_name
from .standing import stand_ins

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from .model import Agency, DirectorySite, Mailbox, Post, Registry


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody with authority, as one agency shows them; what the policy does not tell is empty."""

    name: str
    family: str
    given: str
    title: str
    unit: str  # by its name
    address: str


@dataclass(frozen=True, slots=True)
class Part:
    """A unit; its address is empty where it has no mailbox."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Office:
    """An agency that is shown."""

    code: str
    name: str
    kind: str
    parent: str  # the code of another one that is shown, or empty
    address: str
    units: tuple[Part, ...]
    officials: tuple[Official, ...]


@dataclass(frozen=True, slots=True)
class Phonebook:
    """What is published: parents and children in the order in which a reader looks for them."""

    title: str
    regulation: str
    cite: str
    synthetic: bool
    offices: tuple[Office, ...]

    def below(self, parent: str) -> tuple[Office, ...]:
        """Return the agencies right below one; below none, those on top."""
        return tuple(office for office in self.offices if office.parent == parent)


def phonebook(registry: Registry, day: date) -> Phonebook | None:
    """Return what the world may read on a day, or None where the policy publishes nothing."""
    return _Reading(registry, registry.policy.site, day).phonebook() if registry.policy.site else None


class _Reading:
    """A registry read for one day as a policy lets the world read it."""

    def __init__(self, registry: Registry, site: DirectorySite, day: date) -> None:
        self.registry, self.site, self.day = registry, site, day
        self.agencies = {
            code: agency
            for code, agency in registry.agencies.items()
            if agency.covers(day) and (not site.kinds or agency.on(day).kind in site.kinds)
        }
        self.bearers = self._bearers()

    def phonebook(self) -> Phonebook:
        return Phonebook(
            title=self.registry.estate.title,
            regulation=self.registry.policy.regulation,
            cite=self.registry.policy.cites["directory_site"],
            synthetic=self.registry.estate.synthetic,
            offices=tuple(self._office(agency) for agency in sorted(self.agencies.values(), key=self._place)),
        )

    def _place(self, agency: Agency) -> tuple[object, ...]:
        """Return where an agency stands: by its kind, as the regulation numbers it, by its name."""
        version = agency.on(self.day)
        return KINDS.index(version.kind), agency.number is None, agency.number, fold(version.name), agency.code

    def _office(self, agency: Agency) -> Office:
        version = agency.on(self.day)
        return Office(
            code=agency.code,
            name=version.name,
            kind=version.kind,
            parent=version.parent if version.parent in self.agencies else "",
            address=self._address(f"mailbox:{agency.code}"),
            units=tuple(self._units(agency)) if Told.UNITS in self.site.told else (),
            officials=tuple(self._official(agency, post) for post in self._with_authority(agency)),
        )

    def _units(self, agency: Agency) -> Iterator[Part]:
        for unit in agency.units.values():
            if unit.covers(self.day):
                mailbox = self._of_unit(agency, unit.code)
                yield Part(unit.on(self.day).name, self._address(f"mailbox:{mailbox.uid}") if mailbox else "")

    def _of_unit(self, agency: Agency, unit: str) -> Mailbox | None:
        """Return the mailbox of a unit; its folders are in nobody's name."""
        boxes = (box for box in agency.mailboxes.values() if box.unit == unit and not box.folder)
        return next((box for box in boxes if box.covers(self.day)), None)

    def _with_authority(self, agency: Agency) -> Iterator[Post]:
        """Yield the posts of an agency's officials: by role, then by title, then by unit; nobody twice."""
        own = agency.mailboxes[agency.code]
        parts = [self._of_unit(agency, unit.code) for unit in agency.units.values() if unit.covers(self.day)]
        posts = (
            *(self._holders(agency, own, role) for role in self.site.roles),
            self.bearers.get(agency.code, ()),
            *(self._holders(agency, part, role) for part in parts if part for role in self.site.unit_roles),
        )
        seen: set[str] = set()
        for post in chain.from_iterable(posts):
            if post.person not in seen:
                seen.add(post.person)
                yield post

    def _holders(self, agency: Agency, mailbox: Mailbox, role: Role) -> Iterator[Post]:
        """Yield the posts of those who hold a role and act for the agency, which nobody does on long leave.

        Whoever stands in for a head has the head's authority, and comes right after.
        """
        careers = self.registry.persons, self.registry.seconds
        for grant in (
            *mailbox.roles.get(role, ()),
            *(stand_ins(agency, mailbox, *careers) if role is Role.HEAD else ()),
        ):
            if grant.person and grant.covers(self.day):
                posts = acting(self.registry, grant.person, self.day)
                yield from islice((post for post in posts if post.agency == agency.code), 1)

    def _bearers(self) -> Mapping[str, list[Post]]:
        """Return by agency the posts whose titles the policy names, in its order, then in that of the files."""
        titles = {title: place for place, title in enumerate(self.site.titles)}
        found: dict[str, list[Post]] = {}
        for person in {**self.registry.persons, **self.registry.seconds} if titles else ():
            posts = (*self.registry.persons.get(person, ()), *self.registry.seconds.get(person, ()))
            if any(post.title in titles for post in posts):
                for post in acting(self.registry, person, self.day):
                    if post.title in titles:
                        found.setdefault(post.agency, []).append(post)
        for own in found.values():
            own.sort(key=lambda post: (titles[post.title], post.origin))
        return found

    def _official(self, agency: Agency, post: Post) -> Official:
        told = self.site.told
        unit = agency.units.get(post.unit or "") if Told.UNIT in told else None
        return Official(
            name=post.name,
            family=family_name(post.name, post.given),
            given=post.given,
            title=post.title if Told.TITLE in told else "",
            unit=unit.on(self.day).name if unit and unit.covers(self.day) else "",
            address=self._address(f"person:{post.person}") if Told.ADDRESS in told else "",
        )

    def _address(self, holder: str) -> str:
        return lock.primary(self.registry.addresses.get(holder, ()), self.day) or ""
