"""An entry's values: read as text, and compared as the directory compares them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import dn as names
from .model import OWNED, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .changes import Texts
    from .directory import Record
    from .model import Entry

KINDS = frozenset(Kind)  # what stands before the colon of a `congvuId`
_OWNED: Mapping[Kind, tuple[str, ...]] = {kind: tuple(sorted(owned)) for kind, owned in OWNED.items()}


def _number(value: str) -> str:
    return str(int(value)) if value.isascii() and value.lstrip("-").isdigit() else value


# Where the directory would call two values equal that are spelled otherwise, and we do as well. Elsewhere each letter
# counts: a name must be spelled as the registry spells it, though LDAP would find it in any case.
_MATCHING: Mapping[str, Callable[[str], str]] = {
    "objectClass": str.lower,
    "mail": str.lower,
    "mailLocalAddress": str.lower,
    "uid": str.lower,
    "congvuQuota": _number,
}


def differs(name: str, wanted: Iterable[str], record: Record) -> bool:
    """Tell whether an attribute of an entry is not as wanted."""
    return _differ(name, set(wanted), set(record.attributes.get(name, ())))


def holds(record: Record, seen: Texts) -> bool:
    """Tell whether attributes of an entry still have the values that a plan saw, and no others."""
    found = texts(record)
    return all(same(name, values, found.get(name, ())) for name, values in seen.items())


def differences(entry: Entry, record: Record) -> tuple[dict[str, tuple[str, ...]], ...]:
    """Give the owned attributes that differ, before and after; no value means none."""
    if record.attributes == entry.attributes:  # letter by letter, as it is with nearly everybody
        return {}, {}
    before: dict[str, tuple[str, ...]] = {}
    after: dict[str, tuple[str, ...]] = {}
    for name in _OWNED[entry.kind]:
        want = set(entry.attributes.get(name, ()))
        have = set(record.attributes.get(name, ()))
        if _differ(name, want, have):
            before[name] = _texts(have)
            after[name] = _texts(have | _absent(want, have) if name == "objectClass" else want)
    return before, after


def _differ(name: str, want: set[str], have: set[str]) -> bool:
    if want == have:
        return False
    if name == "objectClass":
        return bool(_absent(want, have))
    return not same(name, want, have)


def same(name: str, some: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether the directory would call two lots of an attribute's values the same."""
    match = _MATCHING.get(name, str)
    return {match(value) for value in some} == {match(value) for value in others}


def _absent(want: set[str], have: set[str]) -> set[str]:
    """Give the classes that an entry lacks. Any more that it has are another system's, or slapd's own superiors."""
    known = {value.lower() for value in have}
    return {value for value in want if value.lower() not in known}


def renamed(record: Record, new_dn: str, *, keep: bool = False) -> Record:
    """Foresee what ModifyDN does to the naming attribute: the new value comes, the old one goes unless it is kept."""
    (attribute, old), (new_attribute, new) = names.naming(record.dn), names.naming(new_dn)
    if names.key(names.split(record.dn)[0]) == names.key(names.split(new_dn)[0]):
        return record._replace(dn=new_dn)
    kept = record.attributes
    if not keep:
        values = tuple(value for value in kept.get(attribute, ()) if value.lower() != old.lower())
        kept = {**kept, attribute: values}
    others = tuple(value for value in kept.get(new_attribute, ()) if value.lower() != new.lower())
    return record._replace(dn=new_dn, attributes={**kept, new_attribute: (*others, new)})


def readable(value: str) -> str:
    """Give a value with its bytes that are no text written out, so that it can be shown and kept."""
    return value if value.isascii() else value.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(map(readable, values)))


def is_managed(record: Record, estate: str) -> bool:
    """Tell whether an entry bears this estate's mark."""
    return text(record, "congvuEstate") == estate and text(record, "congvuId").partition(":")[0] in KINDS


def text(record: Record, name: str) -> str:
    """Give the one value of an attribute, empty if there is none."""
    values = record.attributes.get(name)
    if not values:
        return ""
    return readable(values[0] if len(values) == 1 else min(values))


def texts(record: Record) -> dict[str, tuple[str, ...]]:
    """Give all attributes as text."""
    return {name: _texts(values) for name, values in record.attributes.items()}


def label(attributes: Texts) -> str:
    """Call an entry what people call it."""
    name = next((attributes[key][0] for key in ("displayName", "cn", "description", "ou") if attributes.get(key)), "")
    mail = next(iter(attributes.get("mail", ())), "")
    return f"{name} <{mail}>" if mail else name
