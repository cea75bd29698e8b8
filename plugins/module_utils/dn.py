"""Distinguished names (RFC 4514): taken apart, put together and compared as the directory does it.

Two spellings of one name have the same ``key``; every comparison in the engine is one of keys.
"""

from __future__ import annotations

import re

_SPECIAL = re.compile(r'[,+"\\<>;=#\x00]|^ | $')
_ESCAPE = re.compile(rb"\\([0-9A-Fa-f]{2}|.)", re.DOTALL)
_SPACES = re.compile(r"\s+")


def split(dn: str) -> list[str]:
    """Give the relative names of a name, the entry's own first."""
    if "\\" not in dn:
        return dn.split(",") if dn else []
    return re.findall(r"(?:\\.|[^,\\])+", dn)


def join(*parts: str) -> str:
    """Put names one below the other: ``join("ou=a", "dc=x")`` is ``ou=a,dc=x``."""
    return ",".join(part for part in parts if part)


def escape(value: str) -> str:
    """Make a value fit to stand behind the ``=`` of a relative name."""
    return _SPECIAL.sub(lambda found: "".join(f"\\{byte:02x}" for byte in found.group().encode()), value)


def unescape(value: str) -> str:
    """Undo ``escape``, and every other way of escaping that RFC 4514 allows."""
    if "\\" not in value:
        return value
    return _ESCAPE.sub(_unescaped, value.encode()).decode(errors="replace")


def naming(dn: str) -> tuple[str, str]:
    """Give the attribute and the value that name an entry: ``("ou", "snv")``."""
    attribute, _, value = split(dn)[0].partition("=")
    return attribute.strip(), unescape(_trimmed(value))


def superior(dn: str) -> str:
    """Give the name of the entry above, empty above the top."""
    return ",".join(split(dn)[1:]) if "\\" in dn else dn.partition(",")[2]


def key(dn: str) -> str:
    """Give the one spelling in which equal names are equal: lower case, single spaces, one way to escape."""
    if "\\" not in dn and " " not in dn and '"' not in dn:
        return dn.lower()
    return ",".join(_key(part) for part in split(dn))


def depth(dn: str) -> int:
    """Count the relative names: an entry is deeper than the one above it."""
    return len(split(dn))


def below(dn_key: str, base_key: str) -> bool:
    """Tell whether one key lies below another, which it does not below itself."""
    return dn_key.endswith("," + base_key)


def _key(part: str) -> str:
    attribute, _, value = part.partition("=")
    plain = _SPACES.sub(" ", unescape(_trimmed(value))).lower()
    return f"{attribute.strip().lower()}={escape(plain)}"


def _trimmed(value: str) -> str:
    """Take away the spaces around a value, except a last one that is escaped."""
    trimmed = value.strip()
    escapes = len(trimmed) - len(trimmed.rstrip("\\"))
    return f"{trimmed} " if escapes % 2 else trimmed


def _unescaped(found: re.Match[bytes]) -> bytes:
    escaped = found.group(1)
    return bytes.fromhex(escaped.decode()) if len(escaped) == 2 else escaped  # noqa: PLR2004 - two hexadecimal digits
