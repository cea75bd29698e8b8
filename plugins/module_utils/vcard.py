"""Agencies and officials as vCards 4.0 (RFC 6350), as phones and mail programs take them into their address books."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .phonebook import Office, Official, Part

_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})
_LINE = 75  # octets of a line without its end (section 3.2)


def of_office(office: Office, base: str) -> str:
    """Return an agency's card; ``base`` is an address that nothing else has, to make cards' identities from."""
    return _card(
        ("KIND", "org"),
        ("FN", _text(office.name)),
        ("ORG", _text(office.name)),
        *_mail(office.address),
        *_identity(base, office.code),
    )


def of_part(office: Office, part: Part, base: str) -> str:
    """Return the card of an agency's unit."""
    return _card(
        ("KIND", "org"),
        ("FN", _text(f"{part.name}, {office.name}")),
        ("ORG", f"{_text(office.name)};{_text(part.name)}"),
        *_mail(part.address),
        *_identity(base, office.code, part.name),
    )


def of_official(office: Office, official: Official, anchor: str, base: str) -> str:
    """Return the card of an official; ``anchor`` tells the agency's namesakes apart."""
    return _card(
        ("KIND", "individual"),
        ("FN", _text(official.name)),
        ("N", f"{_text(official.family)};{_text(official.given)};{','.join(map(_text, _additional(official)))};;"),
        ("ORG", ";".join(_text(name) for name in (office.name, official.unit) if name)),
        *((("TITLE", _text(official.title)),) if official.title else ()),
        *_mail(official.address),
        *_identity(base, office.code, anchor),
    )


def _additional(official: Official) -> list[str]:
    """Return the words of a name that are neither the family name nor the given one (section 6.2.2)."""
    spelt = official.name.split(" ")
    if official.family in spelt:
        spelt.remove(official.family)
    for word in official.given.split(" "):
        if word in spelt:
            del spelt[len(spelt) - 1 - spelt[::-1].index(word)]
    return spelt


def _card(*properties: tuple[str, str]) -> str:
    lines = (("BEGIN", "VCARD"), ("VERSION", "4.0"), *properties, ("LANG", "vi"), ("END", "VCARD"))
    return "".join(f"{line}\r\n" for name, value in lines for line in _folded(f"{name}:{value}"))


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _mail(address: str) -> Iterable[tuple[str, str]]:
    return (("EMAIL;TYPE=work", _text(address)),) if address else ()


def _identity(base: str, *names: str) -> Iterable[tuple[str, str]]:
    """Return what stays the same when the card changes: made of what is public alone."""
    return (("UID", f"urn:uuid:{uuid5(NAMESPACE_URL, '/'.join((base, *names)))}"),)


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of 75 octets, the next ones behind a blank, never parting the octets of a letter."""
    part, room = "", _LINE
    for letter in line if len(line.encode()) > _LINE else ():
        size = len(letter.encode())
        if size > room:
            yield part
            part, room = " ", _LINE - 1
        part += letter
        room -= size
    yield part or line
