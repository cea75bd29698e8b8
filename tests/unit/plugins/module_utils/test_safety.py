"""The rails let a day's work pass and stop a registry that was cut short."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import Applied, Plan
from ansible_collections.congvu.mail.plugins.module_utils.model import Entry, State
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.plugins.module_utils.safety import Limits, check, standing
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import DAY, agency, desired, person, unit
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, MemoryDirectory


def people(agency_code: str, count: int, start: int = 0, **attributes: str) -> list[Entry]:
    """Make people of an agency, numbered from ``start``."""
    return [
        person(f"{agency_code}{number}", f"ou={agency_code}", State.ACTIVE, **attributes)
        for number in range(start, start + count)
    ]


def plan(before: list[Entry], after: list[Entry], applied: Applied | None = None) -> Plan:
    """Plan from one state to another."""
    directory = MemoryDirectory()
    for one in before:
        directory.put(one.dn, **one.attributes)
    return make_plan(desired(*after), directory.read_tree(BASE, ATTRIBUTES), applied)


def rails(of: Plan) -> list[tuple[str, str]]:
    """Give the rails that a plan runs into, each with its scope."""
    return [(finding.rail, finding.scope) for finding in check(of)]


SNV, STC = agency("snv"), agency("stc")


def test_a_first_load_passes() -> None:
    assert rails(plan([], [SNV, *people("snv", 300)])) == []


@pytest.mark.parametrize(
    ("size", "leavers", "expected"),
    [
        (300, 1, []),
        (300, 5, []),
        (300, 6, [("disables", "")]),
        (300, 16, [("disables", ""), ("disables", "snv")]),
        (12, 2, []),
        (12, 3, [("disables", "snv")]),
        (4, 2, []),
        (4, 3, []),
        (4, 4, [("disables", "snv")]),
        (1, 1, []),
    ],
)
def test_people_leave_one_by_one_and_not_by_the_dozen(size: int, leavers: int, expected: list[tuple[str, str]]) -> None:
    staff = people("snv", size)
    assert (
        rails(plan([SNV, STC, *staff, *people("stc", 1)], [SNV, STC, *staff[leavers:], *people("stc", 1)])) == expected
    )


def test_five_hundred_at_once_stop_even_the_largest_estate() -> None:
    limits = Limits(disables_percent=50, agency_disables_percent=100, disables_count=20)
    staff = people("snv", 100)
    assert [finding.rail for finding in check(plan([SNV, *staff], [SNV, *staff[21:]]), limits)] == ["disables"]


def test_a_transfer_of_a_whole_agency_is_no_loss() -> None:
    staff = people("snv", 9)
    moved = [replace(one, dn=one.dn.replace("ou=snv", "ou=stc")) for one in staff]
    assert rails(plan([SNV, STC, *staff], [SNV, STC, *moved])) == []


@pytest.mark.parametrize(("changed", "expected"), [(30, []), (31, [("updates", "")])])
def test_a_tenth_of_the_estate_may_be_updated_at_once(changed: int, expected: list[tuple[str, str]]) -> None:
    before = [SNV, *people("snv", 299)]
    after = [SNV, *people("snv", changed, title="x"), *people("snv", 299 - changed, start=changed)]
    assert rails(plan(before, after)) == expected


@pytest.mark.parametrize(("changed", "expected"), [(50, []), (51, [("addresses", "")])])
def test_fifty_addresses_may_change_at_once(changed: int, expected: list[tuple[str, str]]) -> None:
    before = [SNV, *people("snv", 600)]
    after = [
        SNV,
        *(person(f"snv{number}", "ou=snv", mail=f"khac{number}@tinh.gov.vn") for number in range(changed)),
        *people("snv", 600 - changed, start=changed),
    ]
    assert rails(plan(before, after)) == expected


def test_an_address_that_comes_in_addition_is_no_loss() -> None:
    before = [SNV, *people("snv", 600)]
    more = [person(f"snv{number}", "ou=snv", mailLocalAddress=f"x{number}@tinh.gov.vn") for number in range(60)]
    assert rails(plan(before, [SNV, *more, *people("snv", 540, start=60)])) == []


@pytest.mark.parametrize(("gone", "expected"), [(50, []), (51, [("deletes", "")])])
def test_fifty_empty_units_may_be_deleted_at_once(gone: int, expected: list[tuple[str, str]]) -> None:
    units = [unit("snv", f"u{number}") for number in range(60)]
    staff = people("snv", 1)
    assert rails(plan([SNV, *staff, *units], [SNV, *staff, *units[gone:]])) == expected


def test_an_empty_registry_stops() -> None:
    assert ("empty source", "") in rails(plan([SNV, *people("snv", 3)], [SNV]))
    assert rails(plan([], [])) == [("empty source", "")]


@pytest.mark.parametrize(("left", "expected"), [(95, []), (94, [("vanished", "")]), (0, [("vanished", "")])])
def test_a_directory_that_lost_entries_is_restored_not_refilled(left: int, expected: list[tuple[str, str]]) -> None:
    staff = people("snv", 99)
    applied = Applied("f" * 64, "c0ffee", DAY, "2026", 100)
    before = [SNV, *staff][:left]
    assert rails(plan(before, [SNV, *staff], applied)) == expected


def test_every_finding_says_how_many_and_what_to_do() -> None:
    staff = people("snv", 20)
    of = plan([SNV, *staff], [SNV, *staff[4:]])
    (finding,) = check(of)
    assert str(finding) == (
        "4 of 20 people of snv would lose access at once, and at most 2 may. "
        "Most often agencies/snv.yml lost lines: look there first. "
        f"If it is meant, apply it with -e plan={of.id[:12]} -e override={of.id[:12]}."
    )


def test_an_override_lifts_the_rails_of_the_plan_that_it_names_alone() -> None:
    staff = people("snv", 20)
    of = plan([SNV, *staff], [SNV, *staff[4:]])
    findings = check(of)
    assert standing(findings, of, of.id) == standing(findings, of, of.id[:12]) == ()
    for wrong in ("", of.id[:11], "0" * 64, "yes"):
        assert standing(findings, of, wrong) == findings


def test_no_override_lifts_a_dispute() -> None:
    directory = MemoryDirectory()
    directory.put(SNV.dn, objectClass="device")
    of = make_plan(desired(SNV, *people("snv", 1)), directory.read_tree(BASE, ATTRIBUTES))
    findings = check(of)
    assert [finding.rail for finding in findings] == ["ownership"]
    assert standing(findings, of, of.id) == findings


def test_a_plan_of_some_agencies_does_not_take_the_others_for_vanished() -> None:
    applied = Applied("f" * 64, "c0ffee", DAY, "", 300)
    whole = plan([SNV], [SNV], applied)
    assert rails(replace(whole, census={})) == [("empty source", ""), ("vanished", "")]
    assert rails(replace(whole, census={}, scope=("snv",))) == [("empty source", "")]


def test_an_entry_that_gives_up_one_address_and_takes_another_is_counted_once() -> None:
    def holding(turn: int) -> list[Entry]:
        names = [f"n{(number + turn) % 8}@tinh.gov.vn" for number in range(8)]
        return [
            SNV,
            *(person(f"p{n}", "ou=snv", mail=name, mailLocalAddress=name) for n, name in enumerate(names)),
        ]

    circle = plan(holding(0), holding(1))
    assert len(circle.changes) == 2 * 8
    assert check(circle, Limits(updates_floor=8, addresses_count=8)) == ()
    assert [finding.rail for finding in check(circle, Limits(updates_floor=7, addresses_count=7))] == [
        "updates",
        "addresses",
    ]
