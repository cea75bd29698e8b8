"""The rails let a day's work pass and stop a registry that was cut short: each at its exact bound, in plain words."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import (
    Adopt,
    Applied,
    Cause,
    Change,
    Delete,
    Disable,
    Move,
    Plan,
    Precondition,
    Purge,
    Remark,
    Risk,
    Situation,
    Tally,
    Update,
    Wave,
)
from ansible_collections.congvu.mail.plugins.module_utils.model import ABSOLUTE, Entry, Kind, Rail, State
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language, Phrase
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.plugins.module_utils.safety import Finding, Limits, check
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import (
    DAY,
    agency,
    desired,
    entry,
    person,
    unit,
)
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX, MemoryDirectory
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.congvu.mail.plugins.module_utils.changes import Texts

Found = list[tuple[str, str]]  # rails, each with its agency


def people(agency_code: str, count: int, start: int = 0, **attributes: str) -> list[Entry]:
    """Make people of an agency, numbered from ``start``."""
    return [
        person(f"{agency_code}{number}", f"ou={agency_code}", State.ACTIVE, **attributes)
        for number in range(start, start + count)
    ]


def plan(before: Sequence[Entry], after: Sequence[Entry], applied: Applied | None = None, **protected: str) -> Plan:
    """Plan from one state to another."""
    directory = MemoryDirectory()
    for one in before:
        directory.put(one.dn, **one.attributes)
    wanted = replace(desired(*after), protected={f"person:{uid}": why for uid, why in protected.items()})
    return make_plan(wanted, directory.read_tree(BASE, ATTRIBUTES), applied)


def rails(of: Plan) -> Found:
    """Give the rails that a plan runs into, each with its agency."""
    return [(finding.rail, finding.agency) for finding in check(of)]


def ended(one: Entry, state: State = State.DISABLED) -> Entry:
    """Give an entry as a decision ends it."""
    return one._replace(state=state, attributes={**one.attributes, "congvuState": (str(state),)})


def change(
    number: int,
    operation: type[Change] = Disable,
    place: str = "snv",
    *,
    kind: Kind = Kind.PERSON,
    before: Texts | None = None,
    after: Texts | None = None,
    new_place: str = "",
) -> Change:
    """Make a change as it stands in a plan file: by default somebody's access ends."""
    if before is None:
        before, after = {"congvuState": ("active",)}, {"congvuState": ("held",)}
    return operation(
        id=f"{kind}:p{number}",
        kind=kind,
        dn=f"uid=p{number},ou={place},{BASE}",
        new_dn=f"uid=p{number},ou={new_place},{BASE}" if new_place else "",
        label="Nguyễn Văn An",
        wave=Wave.MODIFY,
        risk=Risk.LOW,
        cause=Cause.COMMIT,
        before=before,
        after=after or {},
        precondition=Precondition("uuid", "csn"),
    )


def written(changes: Sequence[Change], census: dict[str, Tally], **fields: object) -> Plan:
    """Make a plan of these changes, whatever planning would make of them."""
    header: dict[str, object] = {"commit": "", "next_change": None, "applied": None, "situations": {}, "remarks": ()}
    whole: dict[str, object] = {"estate": "thu", "suffix": SUFFIX, "as_of": DAY, **header, **fields}
    return Plan(census=census, changes=tuple(changes), **whole)  # type: ignore[arg-type] # as the fields are


SNV, STC = agency("snv"), agency("stc")
OWN, ADMIN = entry("mailbox:snv", "uid=snv,ou=snv", mail="snv@tinh.gov.vn"), entry("admin:snv", "cn=admin,ou=snv")
DUE: Texts = {"congvuState": ("held",), "congvuRetainUntil": ("20261120170000Z",)}  # midnight of the day, in Vietnam
GONE: Texts = {"congvuState": ("purged",), "congvuRetainUntil": ()}


def test_a_first_load_passes() -> None:
    assert rails(plan([], [SNV, *people("snv", 300)])) == []


# --- Disables


@pytest.mark.parametrize(
    ("size", "leavers", "expected"),
    [
        (300, 1, []),
        (300, 5, []),
        (300, 6, [("disables", "")]),
        (300, 16, [("disables", ""), ("disables", "snv")]),
        (12, 2, []),
        (12, 3, [("disables", "snv")]),
        (10, 2, []),
        (10, 3, [("disables", "snv")]),
        (9, 5, []),
        (9, 8, [("disables", "")]),
        (4, 3, []),
        (4, 4, [("empty-agency", "snv")]),
        (1, 1, [("empty-agency", "snv")]),
    ],
)
def test_people_leave_one_by_one_and_not_by_the_dozen(size: int, leavers: int, expected: Found) -> None:
    staff, others = people("snv", size), people("stc", 1)
    assert rails(plan([SNV, STC, *staff, *others], [SNV, STC, *staff[leavers:], *others])) == expected


@pytest.mark.parametrize(
    ("people_", "leavers", "stops"),
    [(600, 6, False), (600, 7, True), (50_000, 500, False), (50_000, 501, True), (200_000, 500, False)],
)
def test_one_in_a_hundred_may_leave_at_once_and_never_more_than_five_hundred(
    people_: int, leavers: int, *, stops: bool
) -> None:
    # Spread so thin that no agency notices.
    count = min(500, people_ // 6)
    census = {f"a{number}": Tally(entries=people_, people=people_ // count, declared=1) for number in range(count)}
    changes = [change(number, place=f"a{number % count}") for number in range(leavers)]
    assert rails(written(changes, census)) == ([("disables", "")] if stops else [])


def test_a_leave_without_sign_in_counts_as_well() -> None:
    staff = people("snv", 20)
    away = [person(f"snv{number}", "ou=snv", State.DISABLED) for number in range(3)]
    assert rails(plan([SNV, *staff], [SNV, *away, *staff[3:]])) == [("disables", "snv")]


def test_a_disable_by_another_name_counts_as_well() -> None:
    changes = [change(number, Update) for number in range(3)]
    assert ("disables", "snv") in rails(written(changes, {"snv": Tally(20, 20, 17)}))


def test_somebody_whose_change_is_carried_out_in_two_halves_counts_once() -> None:
    old: Texts = {"mail": ("a@tinh.gov.vn",)}
    halves = [
        half for number in range(2) for half in (change(number, Update, before=old, after={"mail": ()}), change(number))
    ]
    assert rails(written(halves, {"snv": Tally(20, 20, 18)})) == []


# --- Deletes and purges


@pytest.mark.parametrize(("gone", "expected"), [(50, []), (51, [("deletes", "")])])
def test_fifty_empty_units_may_be_deleted_at_once(gone: int, expected: Found) -> None:
    units = [unit("snv", f"u{number}") for number in range(60)]
    staff = people("snv", 1)
    assert rails(plan([SNV, *staff, *units], [SNV, *staff, *units[gone:]])) == expected


@pytest.mark.parametrize(("gone", "expected"), [(50, []), (51, [("deletes", "")])])
def test_fifty_in_all_may_be_deleted_and_purged_at_once(gone: int, expected: Found) -> None:
    purges = [change(number, Purge, before=DUE, after=GONE) for number in range(30)]
    units = [change(number, Delete, kind=Kind.UNIT, before={}) for number in range(100, 70 + gone)]
    assert rails(written([*purges, *units], {"snv": Tally(1000, 500, 500)})) == expected


# --- Updates


@pytest.mark.parametrize(("changed", "expected"), [(30, []), (31, [("updates", "")])])
def test_a_tenth_of_the_estate_may_be_updated_at_once(changed: int, expected: Found) -> None:
    before = [SNV, *people("snv", 299)]
    after = [SNV, *people("snv", changed, title="x"), *people("snv", 299 - changed, start=changed)]
    assert rails(plan(before, after)) == expected


@pytest.mark.parametrize(
    ("size", "changed", "expected"),
    [(10, 10, []), (20, 10, []), (20, 11, [("updates", "snv")]), (40, 20, []), (40, 21, [("updates", "snv")])],
)
def test_half_of_an_agency_may_be_updated_at_once(size: int, changed: int, expected: Found) -> None:
    census = {"snv": Tally(size, size, size), "stc": Tally(1000, 1000, 1000)}
    changes = [change(n, Update, before={"title": ("a",)}, after={"title": ("b",)}) for n in range(changed)]
    assert rails(written(changes, census)) == expected


@pytest.mark.parametrize("kind", [Kind.MAILBOX, Kind.LIST, Kind.UNIT])
def test_mailboxes_lists_and_units_that_close_count_as_changed(kind: Kind) -> None:
    changes = [change(number, kind=kind) for number in range(11)]
    assert rails(written(changes, {"snv": Tally(20, 20, 20), "stc": Tally(1000, 9, 9)})) == [("updates", "snv")]


# --- Addresses


@pytest.mark.parametrize(("changed", "expected"), [(50, []), (51, [("addresses", "")])])
def test_fifty_addresses_may_change_at_once(changed: int, expected: Found) -> None:
    before = [SNV, *people("snv", 600)]
    after = [
        SNV,
        *(person(f"snv{number}", "ou=snv", mail=f"khac{number}@tinh.gov.vn") for number in range(changed)),
        *people("snv", 600 - changed, start=changed),
    ]
    assert rails(plan(before, after)) == expected


@pytest.mark.parametrize(("changed", "expected"), [(50, []), (51, [("addresses", "")])])
def test_another_first_address_is_a_change_though_the_old_one_still_delivers(changed: int, expected: Found) -> None:
    renamed = [
        change(
            number,
            Update,
            before={"mail": (f"cu{number}@tinh.gov.vn",), "mailLocalAddress": ()},
            after={"mail": (f"moi{number}@tinh.gov.vn",), "mailLocalAddress": (f"cu{number}@tinh.gov.vn",)},
        )
        for number in range(changed)
    ]
    assert rails(written(renamed, {"snv": Tally(1000, 1000, 1000)})) == expected


def test_what_is_given_up_first_and_taken_back_later_is_no_change() -> None:
    halves: list[tuple[Texts, Texts]] = [
        ({"mail": ("a@tinh.gov.vn",)}, {"mail": ()}),
        ({"mail": ()}, {"mail": ("A@tinh.gov.vn",)}),
    ]
    swaps = [change(number, Update, before=old, after=new) for number in range(60) for old, new in halves]
    assert rails(written(swaps, {"snv": Tally(1000, 1000, 1000)})) == []


def test_an_address_that_comes_in_addition_is_no_loss() -> None:
    before = [SNV, *people("snv", 600)]
    more = [person(f"snv{number}", "ou=snv", mailLocalAddress=f"x{number}@tinh.gov.vn") for number in range(60)]
    assert rails(plan(before, [SNV, *more, *people("snv", 540, start=60)])) == []


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


# --- Adoptions


@pytest.mark.parametrize(("count", "expected"), [(50, []), (51, [("adoptions", "")])])
def test_fifty_entries_may_be_adopted_at_once(count: int, expected: Found) -> None:
    adopted = [change(n, Adopt, before={"congvuEstate": ()}, after={"congvuEstate": ("thu",)}) for n in range(count)]
    assert rails(written(adopted, {"snv": Tally(1, 1, 60)})) == expected


def test_another_estate_s_registry_does_not_move_in_beside_what_is_there() -> None:
    moving_in, there = plan([], [SNV, *people("snv", 3)]), {"foreign": 172, "unmanaged": 1}
    (finding,) = check(replace(moving_in, situations=there))
    assert finding.absolute
    assert finding.lines()[0] == "[ownership] Another estate has its entries here (172), and thu has none."


def test_a_few_entries_of_another_estate_beside_ours_stop_nothing() -> None:
    assert rails(replace(plan([SNV], [SNV, *people("snv", 3)]), situations={"foreign": 2})) == []
    assert rails(replace(plan([], [SNV, *people("snv", 3)]), situations={"foreign": 0})) == []


# --- What is empty


def test_an_empty_registry_stops() -> None:
    assert ("empty-source", "") in rails(plan([SNV, *people("snv", 3)], [SNV]))
    assert rails(plan([], [])) == [("empty-source", "")]


def test_a_plan_of_an_agency_that_ended_does_not_speak_of_an_empty_registry() -> None:
    assert rails(written([], {"snv": Tally(5, 3, 0, ended=True)}, scope=("snv",))) == []
    assert rails(written([], {"snv": Tally(5, 3, 0)}, scope=("snv",))) == [("empty-agency", "snv")]
    assert rails(written([], {}, scope=("snv",))) == []


def test_one_who_is_declared_is_no_empty_registry() -> None:
    staff = people("snv", 3)
    assert rails(plan([SNV, *staff], [SNV, *staff[2:]])) == []


@pytest.mark.parametrize("named", [True, False])
def test_an_agency_that_had_people_and_declares_none_stops(*, named: bool) -> None:
    staff, others = people("snv", 2), [STC, *people("stc", 50)]
    left = [SNV, OWN, ADMIN] if named else []
    found = check(plan([SNV, OWN, ADMIN, *staff, *others], [*left, *others]))
    (first, *rest) = found
    assert (first.rail, first.agency) == ("empty-agency", "snv")
    assert ("no longer names" in str(first)) is not named
    assert {finding.rail for finding in rest} == (set() if named else {"protected"})


def test_an_agency_in_which_one_stays_is_not_empty() -> None:
    staff, others = people("snv", 2), [STC, *people("stc", 50)]
    assert rails(plan([SNV, *staff, *others], [SNV, *staff[1:], *others])) == []


def test_an_agency_that_nobody_was_in_may_declare_none() -> None:
    others = [STC, *people("stc", 50)]
    assert rails(plan([SNV, *others], [SNV, *others])) == []


def test_an_agency_that_a_decision_ended_may_be_left_by_all_with_its_mailbox_and_its_admin() -> None:
    staff, others = people("snv", 2), [STC, *people("stc", 50)]
    closed = [ended(SNV), ended(OWN, State.HELD), ended(ADMIN)]
    moved = [one._replace(dn=one.dn.replace("ou=snv", "ou=stc")) for one in staff]
    assert rails(plan([SNV, OWN, ADMIN, *staff, *others], [*closed, *moved, *others])) == []


def test_an_agency_that_a_decision_ends_or_renames_may_change_as_a_whole() -> None:
    everybody = [change(n, Update, before={"title": ("a",)}, after={"title": ("b",)}) for n in range(13)]
    census = {"snv": Tally(13, 12, 12), "stc": Tally(1000, 9, 9)}
    assert rails(written(everybody, census)) == [("updates", "snv")]
    assert rails(written(everybody, {**census, "snv": Tally(13, 12, 0, ended=True)})) == []
    staff, others = people("snv", 12), people("stc", 200)
    before, after = [SNV, STC, *staff, *others], [agency("snv", description="Sở mới"), STC, *renamed(staff), *others]
    assert rails(plan(before, after)) == []
    assert rails(plan(before, [SNV, *after[1:]])) == [("updates", "snv")]


def renamed(staff: list[Entry]) -> list[Entry]:
    """Let people be in an agency of another name."""
    return [one._replace(attributes={**one.attributes, "ou": ("Sở mới",)}) for one in staff]


def test_a_transfer_of_nearly_a_whole_agency_is_no_loss() -> None:
    staff = people("snv", 9)
    moved = [one._replace(dn=one.dn.replace("ou=snv", "ou=stc")) for one in staff[1:]]
    assert rails(plan([SNV, STC, *staff], [SNV, STC, staff[0], *moved])) == []


@pytest.mark.parametrize(
    ("left", "expected"), [(95, []), (94, [("vanished", "")]), (1, [("vanished", "")]), (0, [("empty-directory", "")])]
)
def test_a_directory_that_lost_entries_is_restored_not_refilled(left: int, expected: Found) -> None:
    staff = people("snv", 99)
    applied = Applied("f" * 64, "c0ffee", DAY, "2026", 100)
    before = [SNV, *staff][:left]
    assert rails(plan(before, [SNV, *staff], applied)) == expected


def test_a_plan_of_a_part_does_not_miss_what_it_has_not_read() -> None:
    applied = Applied("f" * 64, "c0ffee", DAY, "2026", 100)
    whole = plan([SNV], [SNV, *people("snv", 3)], applied)
    assert rails(whole) == [("vanished", "")]
    assert rails(replace(whole, scope=("snv",))) == []


# --- Who is protected


WHY = "Chủ tịch UBND tỉnh (DL Điều 5.2.a)"


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ([], "would be closed"),
        ([person("snv0", "ou=snv", State.DISABLED)], "would be closed"),
        ([person("snv0", "ou=stc")], "would leave its agency"),
        ([person("snv0", "ou=snv", State.PURGED)], "would be closed"),
        ([person("snv0", "ou=tccb,ou=snv")], None),
        ([person("snv0", "ou=snv", title="Quyền Chủ tịch")], None),
    ],
)
def test_who_is_protected_is_not_closed_nor_purged_nor_taken_to_another_agency(
    after: list[Entry], words: str | None
) -> None:
    rest = [SNV, STC, unit("snv", "tccb"), *people("snv", 30, start=1), *people("stc", 2)]
    of = plan([*rest, person("snv0", "ou=snv")], [*rest, *after], snv0=WHY, snv1="nobody touches this one")
    found = [finding for finding in check(of) if finding.rail is not Rail.RETENTION]
    assert [finding.rail for finding in found] == (["protected"] if words else [])
    if words:
        assert f" {words}. Protected: {WHY}." in str(found[0])


def test_who_is_protected_does_not_lose_mail_for_good_without_an_override() -> None:
    purge = change(1, Purge, before=DUE, after=GONE)
    (finding,) = check(written([purge], {"snv": Tally(100, 50, 50)}, protected={"person:p1": WHY}))
    said = f"[protected] person:p1 Nguyễn Văn An would lose its mail for good. Protected: {WHY}."
    assert str(finding).startswith(said)


def test_who_is_not_protected_may_leave() -> None:
    staff = people("snv", 30)
    assert rails(plan([SNV, *staff], [SNV, *staff[1:]], snv1=WHY)) == []


@pytest.mark.parametrize("lost", [OWN, ADMIN], ids=["mailbox", "admin"])
def test_an_agency_keeps_its_mailbox_and_its_admin_as_long_as_no_decision_ends_it(lost: Entry) -> None:
    rest = [one for one in (SNV, OWN, ADMIN, *people("snv", 20)) if one is not lost]
    (finding,) = check(plan([*rest, lost], rest))
    assert finding.rail is Rail.PROTECTED
    assert "Protected: no decision has ended the agency." in str(finding)


def test_a_units_mailbox_closes_with_its_unit() -> None:
    box = entry("mailbox:snv-tccb", "uid=snv-tccb,ou=snv", mail="tccb@tinh.gov.vn")
    rest = [SNV, OWN, ADMIN, *people("snv", 20)]
    assert rails(plan([*rest, box], [*rest, ended(box, State.HELD)])) == []


# --- Retention and legal hold


@pytest.mark.parametrize(
    ("before", "as_of", "fault"),
    [
        (DUE, date(2026, 11, 21), None),
        ({**DUE, "congvuState": ("disabled",)}, date(2026, 11, 21), None),
        (DUE, date(2026, 11, 20), "it is to be kept until 20261120170000Z"),
        ({**DUE, "congvuState": ("active",)}, date(2026, 11, 21), "it may still sign in or take letters"),
        ({**DUE, "congvuRetainUntil": ()}, date(2026, 11, 21), "its entry does not say until when it is kept"),
        ({**DUE, "congvuRetainUntil": ("mai",)}, date(2026, 11, 21), "its entry does not say until when it is kept"),
        ({}, date(2026, 11, 21), "it may still sign in or take letters"),
    ],
)
@pytest.mark.parametrize("operation", [Purge, Update])
@pytest.mark.parametrize("kind", [Kind.PERSON, Kind.MAILBOX])
def test_mail_is_removed_when_its_entry_says_that_its_day_has_come(
    before: Texts, as_of: date, fault: str | None, operation: type[Change], kind: Kind
) -> None:
    purge = change(1, operation, kind=kind, before=before, after=GONE)
    found = check(written([purge], {"snv": Tally(100, 50, 50)}, as_of=as_of))
    assert [finding.rail for finding in found] == ([Rail.RETENTION] if fault else [])
    assert all(f"but {fault}." in str(finding) for finding in found)


@pytest.mark.parametrize("operation", [Purge, Update, Delete])
def test_nothing_under_legal_hold_is_removed(operation: type[Change]) -> None:
    purge = change(1, operation, before=DUE, after=GONE)
    kept = written([purge], {"snv": Tally(100, 50, 50)}, held={"person:p1": "12/QĐ-TTr"})
    assert rails(kept) == [("hold", "")]
    assert "person:p1 Nguyễn Văn An is under legal hold, 12/QĐ-TTr, and its mail would be removed." in str(
        check(kept)[0]
    )
    assert rails(replace(kept, held={"person:p2": "12/QĐ-TTr"})) == []


def test_what_is_held_may_change_otherwise() -> None:
    move = change(1, Move, before={}, new_place="stc")
    assert rails(written([move], {"snv": Tally(100, 50, 50)}, held={"person:p1": "12/QĐ-TTr"})) == []


def test_a_dispute_stops() -> None:
    directory = MemoryDirectory()
    directory.put(SNV.dn, objectClass="device")
    of = make_plan(desired(SNV, *people("snv", 1)), directory.read_tree(BASE, ATTRIBUTES))
    assert rails(of) == [("ownership", "")]


# --- No way around


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), min_size=1, max_size=40),
    st.sampled_from([Disable, Update, Delete]),
)
def test_no_plan_takes_access_from_more_than_the_estate_allows_however_it_is_spread(
    agencies: list[tuple[int, int]], operation: type[Change]
) -> None:
    """Each agency has some people and loses some of them."""
    census = {f"a{index}": Tally(size, size, size) for index, (size, _) in enumerate(agencies)}
    leaving = [(f"a{index}", min(lost, size)) for index, (size, lost) in enumerate(agencies)]
    places = [place for place, lost in leaving for _ in range(lost)]
    changes = [change(number, operation, place=place) for number, place in enumerate(places)]
    found = {(finding.rail, finding.agency) for finding in check(written(changes, census))}
    whole = sum(size for size, _ in agencies)
    assert ((Rail.DISABLES, "") in found) == (len(places) > max(5, whole // 100))
    for place, lost in leaving:
        size = census[place].people
        most = max(2, size * 5 // 100 if size >= 10 else size - 1)
        assert ((Rail.DISABLES, place) in found) == (lost > most)


@given(st.integers(45, 60), st.integers(1, 60), st.data())
def test_no_plan_removes_more_than_fifty_however_it_is_spread(count: int, agencies: int, data: st.DataObject) -> None:
    operations = data.draw(st.lists(st.sampled_from([Purge, Delete, Update]), min_size=count, max_size=count))
    changes = [
        change(number, operation, place=f"a{number % agencies}", before=DUE, after=GONE)
        for number, operation in enumerate(operations)
    ]
    census = {f"a{index}": Tally(1000, 100, 100) for index in range(agencies)}
    found = {finding.rail for finding in check(written(changes, census))}
    assert (Rail.DELETES in found) == (count > 50)


# --- Words


STAFF = people("snv", 20)
SOME = {
    Rail.DISABLES: plan([SNV, *STAFF], [SNV, *STAFF[4:]]),
    Rail.EMPTY_AGENCY: plan([SNV, *STAFF, STC, *people("stc", 5)], [SNV, STC, *people("stc", 5)]),
    Rail.EMPTY_SOURCE: plan([SNV, *STAFF], [SNV]),
    Rail.EMPTY_DIRECTORY: plan([], [SNV, *STAFF], Applied("f" * 64, "c0ffee", DAY, "2026", 100)),
    Rail.VANISHED: plan([SNV], [SNV, *STAFF], Applied("f" * 64, "c0ffee", DAY, "2026", 100)),
    Rail.PROTECTED: plan([SNV, *STAFF], [SNV, *STAFF[1:]], snv0=WHY),
    Rail.WITHDRAWN: written(
        [change(n, Update, before={"title": ()}, after={"title": ("x",)}) for n in range(2)],
        {"snv": Tally(40, 40, 40)},
        withdrawn={"person:p0": "1/QĐ-SNV", "person:p1": "2/QĐ-SNV"},
    ),
    Rail.HOLD: written([change(1, Purge, before=DUE, after=GONE)], {"snv": Tally(9, 9, 9)}, held={"person:p1": "1/QĐ"}),
    Rail.RETENTION: written([change(1, Purge, before={}, after=GONE)], {"snv": Tally(9, 9, 9)}),
    Rail.OWNERSHIP: written(
        [],
        {"snv": Tally(9, 9, 9)},
        remarks=(Remark(Situation.DISPUTED, f"ou=snv,{BASE}", Phrase("Taken."), blocking=True),),
    ),
    Rail.DELETES: written([change(n, Purge, before=DUE, after=GONE) for n in range(51)], {"snv": Tally(999, 99, 99)}),
    Rail.UPDATES: written(
        [change(n, Update, before={"title": ()}, after={"title": ("x",)}) for n in range(21)],
        {"snv": Tally(40, 40, 40)},
    ),
    Rail.ADDRESSES: written(
        [change(n, Update, before={"mail": (f"{n}@a.vn",)}, after={"mail": ()}) for n in range(51)],
        {"snv": Tally(999, 99, 99)},
    ),
    Rail.ADOPTIONS: written(
        [change(n, Adopt, before={"congvuEstate": ()}) for n in range(51)], {"snv": Tally(999, 99, 99)}
    ),
    Rail.UNSERVED: written(
        [change(1, Update, before={"mail": ("a@tinh.gov.vn",)}, after={"mail": ("a@moi.tinh.gov.vn",)})],
        {"snv": Tally(99, 9, 9)},
    ),
}
SERVED = {"tinh.gov.vn"}


def test_every_rail_is_told_of_here() -> None:
    assert SOME.keys() == set(Rail)
    for rail, of in SOME.items():
        assert rail in {finding.rail for finding in check(of, served=SERVED)}


@pytest.mark.parametrize("rail", SOME)
@pytest.mark.parametrize("language", Language)
def test_every_rail_says_what_would_happen_why_mostly_and_where_to_look(rail: Rail, language: Language) -> None:
    for finding in check(SOME[rail], served=SERVED):
        what, cause, look = finding.lines(language)
        assert what.startswith(f"[{finding.rail}] ")
        assert re.match(r"Usually |Planning |Thường |Lệnh ", cause)
        assert re.match(r"Look|Bring|Type|Xem|Khôi phục|Chạy", look)
        assert "{" not in finding.told(language)
        assert finding.absolute is (finding.rail in ABSOLUTE)
        if language is not Language.ENGLISH:
            assert not {what, cause, look} & set(finding.lines(Language.ENGLISH))


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        (None, []),  # an estate whose letters another's servers carry
        ({"tinh.gov.vn", "moi.tinh.gov.vn"}, []),
        ({"tinh.gov.vn"}, ["unserved"]),
        (set(), ["unserved"]),
    ],
)
def test_no_address_goes_where_its_letters_would_bounce(served: set[str] | None, expected: list[str]) -> None:
    assert [finding.rail for finding in check(SOME[Rail.UNSERVED], served=served)] == expected


def test_an_address_that_is_given_up_needs_no_server() -> None:
    assert [finding.rail for finding in check(SOME[Rail.ADDRESSES], served=set())] == ["addresses"]


def test_a_finding_is_three_short_lines() -> None:
    (finding,) = check(SOME[Rail.DISABLES])
    assert isinstance(finding, Finding)
    assert finding.lines() == (
        "[disables] 4 of 20 people of snv would lose access at once; 2 may.",
        "Usually agencies/snv.yml lost lines in a merge.",
        "Look: git log -p -3 -- agencies/snv.yml",
    )


def test_what_people_are_told_to_type_runs_nothing_else() -> None:
    """The number of a decision is a text that a clerk writes, and a stranger's entry has the name that it has."""
    trap = "1/QĐ'; reboot; '"
    withdrawn = written([change(1, Update)], {"snv": Tally(9, 9, 9)}, withdrawn={"person:p1": trap})
    stranger = Remark(Situation.DISPUTED, f"cn={trap},{BASE}", Phrase("Taken."), blocking=True)
    for of in (withdrawn, written([], {"snv": Tally(9, 9, 9)}, remarks=(stranger,))):
        words = shlex.split(check(of)[0].lines()[2])
        assert "reboot;" not in words
        assert any(trap in word for word in words)


def test_the_bounds_are_those_of_the_design() -> None:
    limits = Limits()
    assert (limits.disables_percent, limits.disables_count) == (1, 500)
    assert (limits.agency_disables_percent, limits.agency_size) == (5, 10)
    assert (limits.deletes_count, limits.updates_percent, limits.addresses_count) == (50, 10, 50)
