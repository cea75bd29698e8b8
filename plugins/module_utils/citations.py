"""Which decisions the registry cites for one of its objects, on whatever day they have force.

What a decision brought about ends by another decision, and not because the line that cites it is gone.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from .model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .model import Agency, MailingList, Registry, Unit


def cited(registry: Registry, id_: str) -> frozenset[str]:
    """Return the numbers of the decisions that are cited for an object (`person:tth00123`), empty ones left out.

    An object that exists for an agency's sake rests on the agency's decisions too.
    """
    kind, _, name = id_.partition(":")
    return frozenset(_of_person(registry, name) if kind == Kind.PERSON else _of_others(registry, kind, name)) - {""}


def _of_person(registry: Registry, person: str) -> Iterator[str]:
    for post in chain(registry.persons.get(person, ()), registry.seconds.get(person, ())):
        yield post.decision
        yield post.until_decision
        yield from (leave.decision for leave in post.absences)


def _of_others(registry: Registry, kind: str, name: str) -> Iterator[str]:
    if kind == Kind.LIST and name in registry.lists:
        yield from _of_versions(registry.lists[name])
    for agency in registry.agencies.values():
        if _has(agency, kind, name):
            yield from _of_versions(agency)
            for unit in agency.units.values():
                yield from _of_versions(unit)
            if kind == Kind.LIST:
                yield from _of_versions(agency.lists[name])
            if kind == Kind.MAILBOX:
                yield from (version.decision for version in agency.mailboxes[name].versions)


def _has(agency: Agency, kind: str, name: str) -> bool:
    match kind:
        case Kind.MAILBOX:
            return name in agency.mailboxes
        case Kind.LIST:
            return name in agency.lists
        case _:
            return name.partition("/")[0] == agency.code


def _of_versions(versioned: Agency | Unit | MailingList) -> Iterator[str]:
    yield from (version.decision for version in versioned.versions)
    yield versioned.until_decision
