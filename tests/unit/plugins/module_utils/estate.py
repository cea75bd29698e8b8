"""A small estate to plan for: entries as the compiler makes them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.model import Desired, Entry, Kind, Origin, State
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = date(2026, 11, 21)
DUE = "20261120170000Z"  # the moment at which it begins in Vietnam
_CLASSES = {
    Kind.AGENCY: ("congvuObject", "organizationalUnit"),
    Kind.UNIT: ("congvuObject", "organizationalUnit"),
    Kind.ADMIN: ("congvuObject", "organizationalRole", "simpleSecurityObject"),
    Kind.MAILBOX: ("account", "congvuMailbox", "congvuObject"),
    Kind.PERSON: ("congvuMailbox", "congvuObject", "inetOrgPerson"),
}


Given = str | tuple[str, ...]


def entry(id_: str, dn: str, **attributes: Given) -> Entry:
    """Make an entry; ``dn`` is its place below the agencies, such as ``uid=a,ou=snv``."""
    return _entry(id_, dn, State.ACTIVE, attributes)


def _entry(id_: str, dn: str, state: State, attributes: Mapping[str, Given]) -> Entry:
    kind = Kind(id_.partition(":")[0])
    naming, value = dn.split(",", maxsplit=1)[0].split("=")
    given = {name: (values,) if isinstance(values, str) else values for name, values in attributes.items()}
    return Entry(
        id=id_,
        kind=kind,
        dn=f"{dn},{BASE}",
        attributes={
            "objectClass": _CLASSES[kind],
            "congvuEstate": ("thu",),
            "congvuId": (id_,),
            "congvuState": (str(state),),
            naming: (value,),
            **given,
        },
        state=state,
        origin=Origin("agencies/snv.yml", 1),
        reason="QĐ 1/QĐ-SNV",
        needs_password=kind in (Kind.PERSON, Kind.ADMIN) and state is not State.PURGED,
    )


def agency(code: str, **attributes: Given) -> Entry:
    """Make an agency."""
    return _entry(f"agency:{code}", f"ou={code}", State.ACTIVE, attributes)


def unit(agency_code: str, code: str) -> Entry:
    """Make a unit."""
    return entry(f"unit:{agency_code}/{code}", f"ou={code},ou={agency_code}")


def person(uid: str, place: str, state: State = State.ACTIVE, **attributes: Given) -> Entry:
    """Make a person; ``place`` is an agency, or a unit and its agency: ``ou=tccb,ou=snv``."""
    given = {"displayName": f"Nguyễn {uid}", "mail": f"{uid}@tinh.gov.vn", **attributes}
    return _entry(f"person:{uid}", f"uid={uid},{place}", state, given)


def desired(*entries: Entry, commit: str = "c0ffee", as_of: date = DAY, estate: str = "thu") -> Desired:
    """Make a desired state."""
    return Desired(estate, SUFFIX, as_of, commit, {one.id: one for one in entries})


def small(people: int = 4) -> tuple[Entry, ...]:
    """Make two agencies, one with a unit, and people in all three places in turn."""
    places = ("ou=snv", "ou=tccb,ou=snv", "ou=stc")
    return (
        agency("snv", description="Sở Nội vụ"),
        entry("admin:snv", "cn=admin,ou=snv"),
        entry("mailbox:snv", "uid=snv,ou=snv", mail="snv@tinh.gov.vn"),
        unit("snv", "tccb"),
        agency("stc", description="Sở Tài chính"),
        *(person(f"p{number}", places[number % 3]) for number in range(people)),
    )
