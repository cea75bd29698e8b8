"""Whom somebody means: from what people have at hand to the id of an object of the registry.

An id, a staff number, an address that is or ever was in use, a name with or without its marks. An address leads to
its holder through the lock, which never gives it to another, so that a letter of years ago still finds its sender.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model import Kind
from .names import fold
from .phrase import Language, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .model import Registry

_KINDS = frozenset(Kind)
_SHOWN = 20  # namesakes


class WhomError(ValueError):
    """Nobody is meant, or several may be; says what to give instead."""


def find(said: str, registry: Registry, language: str = Language.ENGLISH) -> str:
    """Give the id that is meant; what the registry does not know is given back, for the directory may know it."""
    said = said.strip()
    if said.partition(":")[0] in _KINDS and ":" in said:
        return said
    if "@" in said:
        return _holder(said.lower(), registry, language)
    if said.lower() in registry.persons:
        return f"{Kind.PERSON}:{said.lower()}"
    known = {mailbox for agency in registry.agencies.values() for mailbox in agency.mailboxes}
    if said.lower() in known:
        return f"{Kind.MAILBOX}:{said.lower()}"
    if any(listed.uid == said.lower() for listed in registry.all_lists):
        return f"{Kind.LIST}:{said.lower()}"
    bearers = dict(_bearers(said, registry))
    if len(bearers) > 1:
        listed = "\n".join(f"  {id_}  {name}" for id_, name in list(bearers.items())[:_SHOWN])
        facts = {"said": said, "count": len(bearers), "listed": listed}
        raise WhomError(Phrase("'{said}' may be any of {count}. Give the id:\n{listed}", facts).told(language))
    if not bearers and " " in said:
        facts = {"said": said}
        nobody = Phrase("Nobody in the registry is called '{said}'. Give an id, a staff number or an address.", facts)
        raise WhomError(nobody.told(language))
    return next(iter(bearers), said)


def label(id_: str, registry: Registry) -> str:
    """Give what people call it, with its address if it has one; empty if the registry does not know it."""
    kind, _, name = id_.partition(":")
    lines = registry.addresses.get(id_, ())
    address = f"<{lines[0].address}>" if lines else ""
    return " ".join(part for part in (_name(kind, name, registry), address) if part)


def _holder(address: str, registry: Registry, language: str) -> str:
    for holder, lines in registry.addresses.items():
        if any(line.address == address for line in lines):
            return holder
    facts = {"address": address}
    raise WhomError(Phrase("The lock knows nobody who holds or ever held {address}.", facts).told(language))


def _bearers(said: str, registry: Registry) -> Iterator[tuple[str, str]]:
    """Yield all who are or were called so; who writes without marks means all. An agency's name means its mailbox."""
    name = " ".join(said.split())
    alike = fold if name == fold(name) else str.casefold
    wanted = alike(name)
    for person, posts in registry.persons.items():
        if any(alike(post.name) == wanted for post in posts):
            yield f"{Kind.PERSON}:{person}", label(f"{Kind.PERSON}:{person}", registry)
    for code, agency in registry.agencies.items():
        if code not in agency.mailboxes and any(alike(version.name) == wanted for version in agency.versions):
            yield f"{Kind.AGENCY}:{code}", label(f"{Kind.AGENCY}:{code}", registry)
        for uid, mailbox in agency.mailboxes.items():
            if any(alike(version.name) == wanted for version in mailbox.versions):
                yield f"{Kind.MAILBOX}:{uid}", label(f"{Kind.MAILBOX}:{uid}", registry)
    for listed in registry.all_lists:
        if any(alike(version.name) == wanted for version in listed.versions):
            yield f"{Kind.LIST}:{listed.uid}", label(f"{Kind.LIST}:{listed.uid}", registry)


def _name(kind: str, name: str, registry: Registry) -> str:
    if kind == Kind.PERSON and name in registry.persons:
        return registry.persons[name][-1].name
    if kind in (Kind.AGENCY, Kind.ADMIN) and name in registry.agencies:
        return registry.agencies[name].versions[-1].name
    code, _, unit = name.partition("/")
    if kind == Kind.UNIT and code in registry.agencies and unit in registry.agencies[code].units:
        return registry.agencies[code].units[unit].versions[-1].name
    for agency in registry.agencies.values():
        if kind == Kind.MAILBOX and name in agency.mailboxes:
            return agency.mailboxes[name].versions[-1].name
    lists = (listed for listed in registry.all_lists if kind == Kind.LIST and listed.uid == name)
    return next((listed.versions[-1].name for listed in lists), "")
