"""The four writes of LDAP and their controls as bytes (RFC 4511, BER).

ldap3 builds each message as a tree of objects, twice over, which takes longer than slapd takes to write the entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SESSION_TRACKING = "1.3.6.1.4.1.21008.108.63.1"

_INTEGER, _OCTETS, _SEQUENCE, _SET = 0x02, 0x04, 0x30, 0x31
_TRUE = b"\x01\x01\xff"
_ADD, _MODIFY, _DELETE, _MODIFY_DN = 0x68, 0x66, 0x4A, 0x6C
_NEW_SUPERIOR, _CONTROLS, _EQUALITY_MATCH = 0x80, 0xA0, 0xA3
_REPLACE = b"\x0a\x01\x02"
_SHORT = 128  # bytes; from here on the length itself needs several


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
    id_ = element(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))
    return element(_SEQUENCE, id_, operation, *((element(_CONTROLS, *controls),) if controls else ()))


def add(dn: str, attributes: Mapping[str, Iterable[bytes]]) -> bytes:
    """Give an AddRequest."""
    return element(_ADD, _text(dn), element(_SEQUENCE, *(_attribute(*own) for own in attributes.items())))


def replace(dn: str, attributes: Mapping[str, Iterable[bytes]]) -> bytes:
    """Give a ModifyRequest that leaves each attribute with these values and no others."""
    changes = (element(_SEQUENCE, _REPLACE, _attribute(*own)) for own in attributes.items())
    return element(_MODIFY, _text(dn), element(_SEQUENCE, *changes))


def rename(dn: str, own: str, superior: str | None) -> bytes:
    """Give a ModifyDNRequest that drops the old naming value; no superior: the entry stays where it is."""
    above = element(_NEW_SUPERIOR, superior.encode()) if superior else b""
    return element(_MODIFY_DN, _text(dn), _text(own), _TRUE, above)


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
    return element(_SEQUENCE, _text("1.3.6.1.1.13.2"), element(_OCTETS, wanted))


def session_tracking(format_oid: str, identifier: str) -> bytes:
    """Give the control that tells the server whose work a write is, for its logs (draft-wahl-ldap-session).

    The address and the name of the source stay empty: the server knows them better.
    """
    said = element(_SEQUENCE, _text(""), _text(""), _text(format_oid), _text(identifier))
    return element(_SEQUENCE, _text(SESSION_TRACKING), element(_OCTETS, said))


def no_op() -> bytes:
    """Give the control under which the server answers as if it wrote, and writes nothing (draft-zeilenga-ldap-noop)."""
    return element(_SEQUENCE, _text("1.3.6.1.4.1.4203.666.5.2"), _TRUE)


def _attribute(name: str, values: Iterable[bytes]) -> bytes:
    return element(_SEQUENCE, _text(name), element(_SET, *(element(_OCTETS, value) for value in values)))


def _text(text: str) -> bytes:
    return element(_OCTETS, text.encode())
