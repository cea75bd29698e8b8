"""One look at the directory for a plan: the whole of it, or some agencies and whoever of theirs stands elsewhere.

What is read is all that a plan may judge. A plan of some agencies must know of entries in others that bear the ids or
hold the addresses of its own: somebody who comes from there is no newcomer.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from . import dn as names
from .changes import ADDRESSES, RESERVED, agency_of, base_dn, may_be_adopted
from .plan import ATTRIBUTES, Terms
from .values import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from .directory import Directory, Record
    from .model import Desired

_NEAR = 3  # codes that are offered instead of one that is not known


class ScopeError(ValueError):
    """A part of the directory was asked for that is not there, or is not to be looked at."""


def scope_of(codes: Iterable[str], known: Collection[str], directory: Directory, suffix: str) -> tuple[str, ...]:
    """Give the codes of agencies in order, once each, if the registry (``known``) or else the directory has them."""
    scope = sorted({code.strip().lower() for code in codes} - {""})
    for code in scope:
        if code not in known and directory.read_entry(_place(code, suffix), ()) is None:
            near = get_close_matches(code, sorted(known), n=_NEAR)
            hint = f" Meant is perhaps {', '.join(near)}." if near else ""
            message = f"agency: neither the registry nor the directory knows an agency '{code}'.{hint}"
            raise ScopeError(message)
    return tuple(scope)


def read(directory: Directory, suffix: str, scope: Collection[str], attributes: Collection[str]) -> list[Record]:
    """Read the agencies of a scope, each whole; an empty scope is everything below ``base_dn``, its top included."""
    tops = [_place(code, suffix) for code in scope] or [base_dn(suffix)]
    return [record for top in tops for record in directory.read_tree(top, attributes)]


def observe(
    directory: Directory,
    desired: Desired,
    terms: Terms | None = None,
    places: Collection[str] = (),
    *,
    whole: list[Record] | None = None,
) -> list[Record]:
    """Read what a plan is to be made of. Below ``places`` an old directory keeps its own, which may be adopted.

    ``whole`` is what ``read`` gave for everything, if that was read before.
    """
    terms = terms or Terms()
    records = read(directory, desired.suffix, terms.scope, ATTRIBUTES) if whole is None or terms.scope else whole
    if terms.scope:
        marks = _marks(desired, records, terms)
        records += directory.search(base_dn(desired.suffix), marks, ATTRIBUTES)
    for place in places:
        records += _old(directory, desired.suffix, place)
    if not (terms.scope or places):
        return records  # one search, which finds nothing twice
    return list({names.key(record.dn): record for record in records}.values())


def _old(directory: Directory, suffix: str, place: str) -> list[Record]:
    """Read what stands below a place that is not the estate's."""
    if not may_be_adopted(place, suffix):
        message = f"observe: {place} is not a branch of {suffix} beside {', '.join(RESERVED)}."
        raise ScopeError(message)
    records = directory.read_tree(place, ATTRIBUTES)
    if not records:
        message = (
            f"observe: {place} is not there, or the account that signs in may not see it. "
            "Name it in directory_observed, and run playbooks/site.yml."
        )
        raise ScopeError(message)
    return [record for record in records if names.key(record.dn) != names.key(place)]


def _marks(desired: Desired, records: Iterable[Record], terms: Terms) -> Mapping[str, set[str]]:
    """Give what an entry elsewhere would bear if it were, or stood in the way of, one that the scope is to have."""
    base = base_dn(desired.suffix)
    marks: dict[str, set[str]] = {name: set() for name in ("congvuId", "uid", "employeeNumber", *ADDRESSES)}
    for record in records:
        marks["congvuId"].add(text(record, "congvuId"))
    here = frozenset(marks["congvuId"])
    held = {value.lower() for record in records for value in record.attributes.get("mailLocalAddress", ())}
    for entry in desired.entries.values():
        if agency_of(entry.dn, base) not in terms.scope:
            continue
        marks["congvuId"].add(entry.id)
        wanted = {value for name in ADDRESSES for value in entry.attributes.get(name, ())} - held
        if entry.id not in here:
            for name in ("uid", "employeeNumber"):
                marks[name].update(entry.attributes.get(name, ()))
            wanted |= {line.address for line in terms.addresses.get(entry.id, ())}
        for name in ADDRESSES:
            marks[name] |= wanted
    return {name: values - {""} for name, values in marks.items()}


def _place(code: str, suffix: str) -> str:
    return names.join(f"ou={names.escape(code)}", base_dn(suffix))
