"""Searches, the four writes, their controls and the answers to them as bytes (RFC 4511, BER).

ldap3 builds and takes apart each message as a tree of objects, twice over, which takes longer than slapd takes to
read or to write the entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

SESSION_TRACKING = "1.3.6.1.4.1.21008.108.63.1"

_BOOLEAN, _INTEGER, _OCTETS, _ENUMERATED, _SEQUENCE, _SET = 0x01, 0x02, 0x04, 0x0A, 0x30, 0x31
_FALSE, _TRUE = b"\x01\x01\x00", b"\x01\x01\xff"
_SEARCH, _ADD, _MODIFY, _DELETE, _MODIFY_DN = 0x63, 0x68, 0x66, 0x4A, 0x6C
_NEW_SUPERIOR, _CONTROLS = 0x80, 0xA0
_AND, _OR, _EQUALITY_MATCH, _PRESENT = 0xA0, 0xA1, 0xA3, 0x87
_ENTRY, _REFERENCE, _INTERMEDIATE = 0x64, 0x73, 0x79
_TAKE, _REPLACE = b"\x0a\x01\x01", b"\x0a\x01\x02"
_SHORT = 128  # bytes; from here on the length itself needs several
_PAGED = "1.2.840.113556.1.4.319"
_POST_READ = "1.3.6.1.1.13.2"

Values = tuple[bytes, ...]
Texts = tuple[str, ...]  # values as text, in which a byte that is none can still be told (PEP 383)
Entry = tuple[str, dict[str, Texts]]  # its name and its attributes, as the server calls them


class Scope(IntEnum):
    """How far below its base a search looks."""

    BASE = 0
    SUBTREE = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of an operation: the code, the server's words, and what its controls say."""

    code: int
    words: str = ""
    read: Mapping[str, Texts] | None = None  # attributes as the write left them (RFC 4527)
    cookie: bytes = b""  # where the next page begins (RFC 2696); empty after the last


def element(tag: int, *parts: bytes) -> bytes:
    """Give a tag, the length and the content."""
    content = b"".join(parts)
    size = len(content)
    if size < _SHORT:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def message(number: int, operation: bytes, controls: Sequence[bytes] = ()) -> bytes:
    """Give the LDAPMessage around an operation."""
    return element(_SEQUENCE, _number(number), operation, *((element(_CONTROLS, *controls),) if controls else ()))


def search(
    base: str, scope: Scope, attributes: Iterable[str], *marks: Collection[tuple[str, str]], limit: int = 0
) -> bytes:
    """Give a SearchRequest for all entries, or those that have of each of the ``marks`` one value at least.

    ``limit`` is how many are enough; 0 is without a limit of our own.
    """
    wanted = element(_SEQUENCE, *(_text(name) for name in attributes))
    scoped = bytes((_ENUMERATED, 1, scope)) + bytes((_ENUMERATED, 1, 0))
    either = [
        element(_OR, *(element(_EQUALITY_MATCH, _text(name), _text(value)) for name, value in values))
        for values in marks
    ]
    which = either[0] if len(either) == 1 else element(_AND, *either) if either else element(_PRESENT, b"objectClass")
    return element(_SEARCH, _text(base), scoped, _number(limit), _number(0), _FALSE, which, wanted)


def paged(size: int, cookie: bytes) -> bytes:
    """Give the control that asks for the next page of so many entries (RFC 2696)."""
    page = element(_SEQUENCE, _number(size), element(_OCTETS, cookie))
    return element(_SEQUENCE, _text(_PAGED), _TRUE, element(_OCTETS, page))


def add(dn: str, attributes: Mapping[str, Iterable[bytes]]) -> bytes:
    """Give an AddRequest."""
    return element(_ADD, _text(dn), element(_SEQUENCE, *(_attribute(*own) for own in attributes.items())))


def replace(dn: str, attributes: Mapping[str, Iterable[bytes]], without: Iterable[str] = ()) -> bytes:
    """Give a ModifyRequest that leaves each attribute with these values and no others.

    It takes away those in ``without``, which must be there.
    """
    changes = [element(_SEQUENCE, _REPLACE, _attribute(*own)) for own in attributes.items()]
    changes += [element(_SEQUENCE, _TAKE, _attribute(name, ())) for name in without]
    return element(_MODIFY, _text(dn), element(_SEQUENCE, *changes))


def rename(dn: str, own: str, superior: str | None, *, keep: bool = False) -> bytes:
    """Give a ModifyDNRequest that drops the old naming value, or keeps it; no superior: the entry stays below it."""
    above = element(_NEW_SUPERIOR, superior.encode()) if superior else b""
    return element(_MODIFY_DN, _text(dn), _text(own), _FALSE if keep else _TRUE, above)


def delete(dn: str) -> bytes:
    """Give a DelRequest."""
    return element(_DELETE, dn.encode())


def assertion(name: str, value: str) -> bytes:
    """Give the control that lets a write through only if the entry has this value (RFC 4528)."""
    match = element(_EQUALITY_MATCH, _text(name), _text(value))
    return element(_SEQUENCE, _text("1.3.6.1.1.12"), _TRUE, element(_OCTETS, match))


def post_read(*names: str) -> bytes:
    """Give the control that asks for attributes as the write leaves them (RFC 4527)."""
    wanted = element(_SEQUENCE, *(_text(name) for name in names))
    return element(_SEQUENCE, _text(_POST_READ), element(_OCTETS, wanted))


def session_tracking(format_oid: str, identifier: str) -> bytes:
    """Give the control that tells the server whose work a write is, for its logs (draft-wahl-ldap-session).

    The address and the name of the source stay empty: the server knows them better.
    """
    said = element(_SEQUENCE, _text(""), _text(""), _text(format_oid), _text(identifier))
    return element(_SEQUENCE, _text(SESSION_TRACKING), element(_OCTETS, said))


def lazy_commit() -> bytes:
    """Give the control under which OpenLDAP's back-mdb writes all at once, but waits for the disk only half."""
    return element(_SEQUENCE, _text("1.2.840.113556.1.4.619"))


def no_op() -> bytes:
    """Give the control under which the server answers as if it wrote, and writes nothing (draft-zeilenga-ldap-noop)."""
    return element(_SEQUENCE, _text("1.3.6.1.4.1.4203.666.5.2"), _TRUE)


def _attribute(name: str, values: Iterable[bytes]) -> bytes:
    return element(_SEQUENCE, _text(name), element(_SET, *(element(_OCTETS, value) for value in values)))


def _text(text: str) -> bytes:
    return element(_OCTETS, text.encode())


def _number(number: int) -> bytes:
    return element(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


# --- What the server says


def cut(data: bytes) -> tuple[list[bytes], bytes]:
    """Cut what was received into whole messages, and give what there is of the next."""
    messages = []
    at, size = 0, len(data)
    while at + 1 < size:
        length = data[at + 1]
        if length > _SHORT and at + 2 + length - _SHORT > size:
            break
        _, after = _content(data, at)
        if after > size:
            break
        messages.append(data[at:after])
        at = after
    return messages, data[at:]


def read(message: bytes) -> tuple[int, Entry | Answer | None]:
    """Give the number of the request that a message answers, and what it says; number 0 is the server's farewell.

    None stands for what nobody asked for: a reference to another server, or what a later version may send in between.
    Raises ValueError if the bytes are none that an LDAP server sends.
    """
    start, end = _content(message, 0, _SEQUENCE)
    start, at = _content(message, start, _INTEGER)
    if end != len(message) or at >= end:
        raise ValueError(_GARBLED)
    number = int.from_bytes(message[start:at], "big")
    if message[at] == _ENTRY:
        return number, _entry(message, at)
    return number, None if message[at] in (_REFERENCE, _INTERMEDIATE) else _answer(message, at)


def session_tracked(value: bytes) -> tuple[str, str]:
    """Read the format and the identifier back out of a Session Tracking control; both are empty if it is garbled."""
    try:
        at, end = _content(value, 0, _SEQUENCE)
        parts: list[str] = []
        while at < end:
            start, at = _content(value, at, _OCTETS)
            parts.append(value[start:at].decode())
        _, _, format_oid, identifier = parts
    except ValueError:
        return "", ""
    return (format_oid, identifier) if at == end == len(value) else ("", "")


def _answer(message: bytes, at: int) -> Answer:
    at, end = _content(message, at)
    start, at = _content(message, at, _ENUMERATED)
    code = int.from_bytes(message[start:at], "big")
    _, at = _content(message, at, _OCTETS)  # how much of the name there is
    start, at = _content(message, at, _OCTETS)
    words = message[start:at].decode(errors="replace")
    return Answer(code, words, **dict(_controls(message, end)))


def _content(data: bytes, at: int, tag: int | None = None) -> tuple[int, int]:
    """Give the places where the content of an element begins and ends. Raises ValueError if it has another tag."""
    try:
        length = data[at + 1]
        if tag is not None and data[at] != tag:
            raise ValueError(_GARBLED)
    except IndexError as error:
        raise ValueError(_GARBLED) from error
    at += 2
    if length >= _SHORT:
        start = at + length - _SHORT
        return start, start + int.from_bytes(data[at:start], "big")
    return at, at + length


_GARBLED = "it sent what is not LDAP"


@lru_cache(maxsize=1024)
def _name(name: bytes) -> str:
    """Give the name of an attribute. Entries have the same ones, and need not each have their own copy of them."""
    return name.decode()


@lru_cache(maxsize=1 << 14)
def _alone(value: bytes) -> Texts:
    """Give a value that is the only one. Much is said of many people, and need not be kept for each of them."""
    return (value.decode(errors="surrogateescape"),)


def raw(attributes: Mapping[str, Texts]) -> dict[str, Values]:
    """Give attributes as they are sent."""
    return {
        name: tuple(value.encode(errors="surrogateescape") for value in values) for name, values in attributes.items()
    }


def _entry(data: bytes, at: int) -> Entry:
    """Read an entry. This runs for each of a province: one short value, as nearly all have, is read at one stroke."""
    start, at = _content(data, _content(data, at, _ENTRY)[0], _OCTETS)
    dn = data[start:at].decode()
    found: dict[str, Texts] = {}
    try:
        at, end = _content(data, at, _SEQUENCE)
        while at < end:
            after, inner = at + 2 + data[at + 1], at + 6 + data[at + 3]  # where it ends, and where its values begin
            if data[at + 1] < _SHORT and inner < after == inner + data[inner - 1] == inner + 2 + data[inner + 1]:
                found[_name(data[at + 4 : inner - 2])] = _alone(data[inner + 2 : after])
                at = after
                continue
            length = data[at + 1]
            at, after = (at + 2, at + 2 + length) if length < _SHORT else _content(data, at)
            length = data[at + 1]
            start, at = (at + 2, at + 2 + length) if length < _SHORT else _content(data, at)
            name = _name(data[start:at])
            at = at + 2 if data[at + 1] < _SHORT else _content(data, at)[0]
            values = []
            while at < after:
                length = data[at + 1]
                start, at = (at + 2, at + 2 + length) if length < _SHORT else _content(data, at)
                values.append(data[start:at].decode(errors="surrogateescape"))
            if at != after:
                raise ValueError(_GARBLED)
            found[name] = tuple(values)
    except IndexError as error:
        raise ValueError(_GARBLED) from error
    if at != end or end > len(data):
        raise ValueError(_GARBLED)
    return dn, found


def _controls(data: bytes, at: int) -> Iterator[tuple[str, Any]]:
    """Yield what the controls behind an operation say, as fields of an Answer."""
    if at == len(data):
        return
    at, end = _content(data, at, _CONTROLS)
    while at < end:
        at, after = _content(data, at, _SEQUENCE)
        start, at = _content(data, at, _OCTETS)
        kind = data[start:at].decode()
        if at < after and data[at] == _BOOLEAN:
            at += len(_TRUE)
        if at < after:
            at, _ = _content(data, at, _OCTETS)
            if kind == _POST_READ:
                yield "read", _entry(data[:after], at)[1]
            elif kind == _PAGED:
                _, at = _content(data, _content(data, at, _SEQUENCE)[0], _INTEGER)
                start, at = _content(data, at, _OCTETS)
                yield "cookie", data[start:at]
        at = after
