"""Faults of agencies and their units: names, parents, days, successors."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault

from .original import Place
from .seeding import seed, sow

if TYPE_CHECKING:
    from .broken import Copy
    from .findings import Finding
    from .original import Said

NEVER = "2031-01-01"  # a day after all that the registries speak of
LATER = "2032-01-01"
EVER = "1970-01-01"  # and one before


def _one(copy: Copy, *keys: str, without: tuple[str, ...] = (), path: tuple[str, ...] = ()) -> Said:
    """Take an agency, or something below one, that has some keys and lacks others, with the whole file."""
    return copy.pick(
        (
            said
            for said in copy.sound.find(*path)
            if all(key in said for key in keys) and not any(key in said for key in without)
        ),
        whole=True,
    )


def _set(copy: Copy, agency: Said, key: str, value: str) -> Place:
    """Write a key, whether it is there or not."""
    if key in agency:
        return copy.set(agency[key], value)
    return copy.below(agency["decision"], f"{key}: {value}")


# What it is called, and where it belongs


@seed
def the_code_is_another_than_the_files_name(copy: Copy) -> list[Finding]:
    agency = _one(copy)
    return [(Fault.FILE_NAME, copy.set(agency["code"], f"{agency.at('code')}2"))]


@seed
def the_file_is_renamed(copy: Copy) -> list[Finding]:
    agency = _one(copy)
    file = agency.file.replace(".yml", "-moi.yml")
    copy.put(file, copy.content(agency.file))
    copy.take_out(agency.file)
    return [(Fault.FILE_NAME, Place(file, agency["code"].line))]


@seed
def the_file_has_a_copy_beside_it(copy: Copy) -> list[Finding]:
    agency = _one(copy)
    file = agency.file.replace(".yml", "-cu.yml")
    copy.put(file, copy.content(agency.file))
    return [(Fault.FILE_NAME, Place(file, agency["code"].line))]


@seed
def the_parent_is_nobody(copy: Copy) -> list[Finding]:
    agency = copy.pick(copy.sound.agencies.values())
    return [(Fault.UNKNOWN_PARENT, _set(copy, agency, "parent", "khong-co"))]


@seed
def the_parent_of_a_later_day_is_nobody(copy: Copy) -> list[Finding]:
    changes = copy.sound.find("changes", "*")
    change = copy.pick(change for change in changes if "name" in change and not change.flow)
    return [(Fault.UNKNOWN_PARENT, copy.below(change["name"], "    parent: khong-co"))]


@seed
def the_agency_is_its_own_parent(copy: Copy) -> list[Finding]:
    agency = copy.pick(copy.sound.agencies.values())
    return [(Fault.CIRCULAR_PARENT, _set(copy, agency, "parent", agency.at("code")))]


@seed
def parents_in_a_ring(copy: Copy) -> list[Finding]:
    """Close a ring above an agency whose parent has none."""
    agencies = copy.sound.agencies
    children = [agency for agency in agencies.values() if "parent" in agency]
    agency = copy.choose(child for child in children if "parent" not in agencies[child.at("parent")])
    parent = agencies[agency.at("parent")]
    copy.take(agency, parent)
    return [
        (Fault.CIRCULAR_PARENT, agency["parent"].place),
        (Fault.CIRCULAR_PARENT, _set(copy, parent, "parent", agency.at("code"))),
    ]


@seed
def two_agencies_have_one_number(copy: Copy) -> list[Finding]:
    """Tell it in the later of the two files."""
    agencies = (copy.pick(copy.sound.agencies.values()), copy.pick(copy.sound.agencies.values()))
    first, second = sorted(agencies, key=lambda agency: agency.file)
    number = first.at("number") or "1"
    if "number" not in first:
        _set(copy, first, "number", number)
    return [(Fault.NUMBER_TAKEN, _set(copy, second, "number", number))]


@seed
def the_domain_is_foreign(copy: Copy) -> list[Finding]:
    agency = copy.pick(copy.sound.agencies.values())
    return [(Fault.FOREIGN_DOMAIN, _set(copy, agency, "domain", f"{agency.at('code')}.com.vn"))]


@seed
def the_domain_of_a_later_day_is_foreign(copy: Copy) -> list[Finding]:
    domain = copy.pick(copy.sound.find("changes", "*", "domain"))
    return [(Fault.FOREIGN_DOMAIN, copy.set(domain, "daklak.vn"))]


# From when until when


@seed
def it_ends_before_it_begins(copy: Copy) -> list[Finding]:
    agency = _one(copy, "until")
    place = copy.set(agency["until"], EVER)
    if "since" not in agency:
        copy.above(agency["until"], f"since: {EVER}")
    return [(Fault.BACKWARDS, place)]


@seed
def it_ends_and_no_decision_says_so(copy: Copy) -> list[Finding]:
    agency = _one(copy, "until_decision")
    copy.drop(agency["until_decision"])
    return [(Fault.END_WITHOUT_DECISION, agency["until"].place)]


@seed
def a_decision_ends_it_on_no_day(copy: Copy) -> list[Finding]:
    agency = _one(copy, "until_decision")
    copy.drop(agency["until"])
    heir = [(Fault.SUCCESSOR_WITHOUT_DAY, agency["successor"].place)] if "successor" in agency else []
    return [(Fault.END_WITHOUT_DAY, agency["until_decision"].place), *heir]


@seed
def it_has_a_successor_and_goes_on(copy: Copy) -> list[Finding]:
    agency = _one(copy, without=("until",))
    other = copy.choose(code for code in copy.sound.agencies if code != agency.at("code"))
    return [(Fault.SUCCESSOR_WITHOUT_DAY, copy.below(agency["decision"], f"successor: {other}"))]


@seed
def the_successor_is_nobody(copy: Copy) -> list[Finding]:
    agency = _one(copy, "successor")
    return [(Fault.UNKNOWN_SUCCESSOR, copy.set(agency["successor"], "khong-co"))]


@seed
def it_is_its_own_successor(copy: Copy) -> list[Finding]:
    agency = _one(copy, "successor")
    return [(Fault.SUCCESSOR_GONE, copy.set(agency["successor"], agency.at("code")))]


@seed
def the_successor_does_not_exist_then(copy: Copy) -> list[Finding]:
    """Name one that ended before, or begins later."""
    agency = _one(copy, "successor")
    day = agency.at("until")
    gone = (said for said in copy.sound.agencies.values() if "" < said.at("until") <= day or said.at("since") > day)
    return [(Fault.SUCCESSOR_GONE, copy.set(agency["successor"], copy.pick(gone).at("code")))]


@seed
def the_successor_is_struck_out(copy: Copy) -> list[Finding]:
    agency = _one(copy, "successor")
    copy.drop(agency["successor"])
    return [(Fault.LEFT_BEHIND, agency["until"].place)]


@seed
def it_is_dissolved_with_people_in_it(copy: Copy) -> list[Finding]:
    agency = _one(copy, without=("until",))
    until = copy.below(agency["decision"], f"until: {NEVER}", "until_decision: 1/QĐ-UBND")
    return [(Fault.LEFT_BEHIND, until)]


@seed
def somebody_comes_before_it_begins(copy: Copy) -> list[Finding]:
    """Let it begin on the day after the first one came."""
    agency = _one(copy, without=("since", "until", "changes"))
    first = min(post.at("since") for post in agency["people"].items)
    copy.below(agency["decision"], f"since: {date.fromisoformat(first) + timedelta(1)}")
    return [(Fault.OUTSIDE_LIFE, post.place) for post in agency["people"].items if post.at("since") == first]


@seed
def somebody_comes_after_it_has_ended(copy: Copy) -> list[Finding]:
    agency = _one(copy, "until")
    place = copy.below(agency["people"], *copy.post(copy.newcomer(), since=NEVER))
    return [(Fault.OUTSIDE_LIFE, place), (Fault.NO_ADDRESS, place)]


# What changes


def _changed(path: tuple[str, ...], days: tuple[str, ...], name: tuple[str, ...], copy: Copy) -> Place:
    """Add changes on some days, with a name or without, and return the line of the last one."""
    owner = _one(copy, "name", without=("changes", "until"), path=path)
    lines = ["changes:"]
    for since in days:
        lines += [f"  - since: {since}", "    decision: 1/QĐ", *name]
    place = copy.below(owner["name"], *(f"{' ' * owner['name'].column}{line}" for line in lines))
    return place.under(len(lines) - 2 - len(name))


def _change_of_nothing(path: tuple[str, ...], copy: Copy) -> list[Finding]:
    return [(Fault.CHANGES_NOTHING, _changed(path, (NEVER,), (), copy))]


def _changes_out_of_order(path: tuple[str, ...], copy: Copy) -> list[Finding]:
    return [(Fault.CHANGE_OUTSIDE, _changed(path, (LATER, NEVER), ("    name: Tên mới",), copy))]


for _kind, _path in {"agency": (), "unit": ("units", "*")}.items():
    sow(f"{_kind}: a change of nothing", partial(_change_of_nothing, _path))
    sow(f"{_kind}: changes in the wrong order", partial(_changes_out_of_order, _path))


@seed
def a_change_before_the_beginning(copy: Copy) -> list[Finding]:
    agency = _one(copy, "since", without=("changes",))
    lines = ("changes:", f"  - since: {EVER}", "    decision: 1/QĐ", "    name: Tên mới")
    place = copy.below(agency["decision"], *lines)
    return [(Fault.CHANGE_OUTSIDE, place.under(1))]


@seed
def a_change_after_the_end(copy: Copy) -> list[Finding]:
    agency = _one(copy, "until", without=("changes",))
    lines = ("changes:", f"  - since: {agency.at('until')}", "    decision: 1/QĐ", "    name: Tên mới")
    place = copy.below(agency["decision"], *lines)
    return [(Fault.CHANGE_OUTSIDE, place.under(1))]


# Units


@seed
def a_unit_ends_before_it_begins(copy: Copy) -> list[Finding]:
    unit = _one(copy, "until", path=("units", "*"))
    copy.below(unit["name"], f"{' ' * unit['name'].column}since: {LATER}")
    return [(Fault.BACKWARDS, unit["until"].place)]


@seed
def a_unit_ends_and_no_decision_says_so(copy: Copy) -> list[Finding]:
    unit = _one(copy, "until_decision", path=("units", "*"))
    copy.drop(unit["until_decision"])
    return [(Fault.END_WITHOUT_DECISION, unit["until"].place)]


@seed
def a_decision_ends_a_unit_on_no_day(copy: Copy) -> list[Finding]:
    unit = _one(copy, "name", without=("until",), path=("units", "*"))
    return [(Fault.END_WITHOUT_DAY, copy.below(unit["name"], f"{' ' * unit['name'].column}until_decision: 1/QĐ"))]


@seed
def a_units_code_is_no_code(copy: Copy) -> list[Finding]:
    unit = _one(copy, path=("units", "*"))
    return [(Fault.BAD_VALUE, copy.swap(unit, f"{unit.key}:", f"{unit.key.upper()}:"))]


@seed
def a_unit_that_is_named_elsewhere_is_renamed(copy: Copy) -> list[Finding]:
    """Lose it for all who name it; a mailbox of its own would be lost too."""
    units = (unit for unit in copy.sound.find("units", "*") if "mailbox" not in unit and _namings(copy, unit))
    unit = copy.pick(units, whole=True)
    copy.swap(unit, f"{unit.key}:", f"{unit.key}x:")
    return [(Fault.UNKNOWN_UNIT, said.place) for said in _namings(copy, unit)]


def _namings(copy: Copy, unit: Said) -> list[Said]:
    paths = (("people", "*", "unit"), ("people", "*", "changes", "*", "unit"), ("folders", "*", "*", "*", "unit"))
    found = (said for path in paths for said in copy.sound.files[unit.file].find(*path))
    return [said for said in found if said.text == unit.key]


# Names of mailboxes


@seed
def a_mailbox_has_another_agencys_name(copy: Copy) -> list[Finding]:
    """Give it to a further mailbox; it is told in the later of the two files."""
    agency = _one(copy, without=("mailboxes",))
    other = copy.pick(one for one in copy.sound.agencies.values() if one is not agency)
    box = (
        "mailboxes:",
        f"  {other.at('code')}:",
        "    name: Một cửa",
        f"    account: mot.cua.{agency.at('code')}@{copy.sound.domain}",
        f"    head: {agency['people'].items[0].at('id')}",
    )
    place = copy.above(agency["people"], *box)
    own = other["account"] if "account" in other else other["name"]
    return [(Fault.UID_TAKEN, place.under(3) if other.file < agency.file else own.place)]


@seed
def somebodys_id_is_a_mailboxs_name(copy: Copy) -> list[Finding]:
    agency = copy.pick(copy.sound.lasting)
    code = copy.pick(copy.sound.agencies.values()).at("code")
    place = copy.below(agency["people"], *copy.post(code))
    return [(Fault.UID_TAKEN, place), (Fault.NO_ADDRESS, place)]
