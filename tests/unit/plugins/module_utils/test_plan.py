"""A plan holds what differs, in the order in which it can be done, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import (
    Applied,
    Cause,
    Change,
    Create,
    Delete,
    Disable,
    Move,
    Plan,
    Purge,
    Risk,
    Situation,
    Update,
    Wave,
)
from ansible_collections.congvu.mail.plugins.module_utils.model import Entry, State
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.plugins.module_utils.safety import check
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import (
    DAY,
    DUE,
    agency,
    desired,
    entry,
    person,
    small,
    unit,
)
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, MemoryDirectory

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.changes import Texts


def loaded(*entries: Entry) -> MemoryDirectory:
    """Give a directory that holds these entries."""
    directory = MemoryDirectory()
    for one in entries or small():
        directory.put(one.dn, **one.attributes)
    return directory


def planned(
    directory: MemoryDirectory,
    *entries: Entry,
    applied: Applied | None = None,
    commit: str = "c0ffee",
    as_of: date = DAY,
) -> Plan:
    """Plan for these entries."""
    wanted = desired(*entries, commit=commit, as_of=as_of)
    return make_plan(wanted, directory.read_tree(BASE, ATTRIBUTES), applied)


def holder(uid: str, *names: str) -> Entry:
    """Make a person of the agency snv with these addresses, the first of which is the primary one."""
    addresses = [f"{name}@tinh.gov.vn" for name in names]
    return person(uid, "ou=snv", mail=addresses[0], mailLocalAddress=tuple(sorted(addresses)))


def only(plan: Plan) -> Change:
    """Give the one change of a plan."""
    assert len(plan.changes) == 1, plan.changes
    return plan.changes[0]


def test_an_empty_directory_gets_everything_with_parents_first() -> None:
    plan = planned(MemoryDirectory(), *small())
    assert {operation: count for operation, count in plan.counts.items() if count} == {"create": 9}
    places = [change.dn for change in plan.changes]
    assert all(place.partition(",")[2] in [*places[:index], BASE] for index, place in enumerate(places))
    assert {change.id for change in plan.changes if change.password} == {
        "admin:snv",
        "person:p0",
        "person:p1",
        "person:p2",
        "person:p3",
    }


def test_a_directory_as_the_registry_says_needs_nothing() -> None:
    plan = planned(loaded(), *small())
    assert plan.changes == ()
    assert plan.remarks == ()
    assert plan.census["snv"].people == plan.census["snv"].declared == 3


@pytest.mark.parametrize(
    ("have", "want", "differs"),
    [
        ({"mail": "A@Tinh.gov.vn"}, {"mail": "a@tinh.gov.vn"}, False),
        ({"objectClass": ("inetOrgPerson", "CONGVUOBJECT", "congvuMailbox", "pwdPolicy")}, {}, False),
        ({"congvuQuota": "0100"}, {"congvuQuota": "100"}, False),
        ({"mailLocalAddress": ("b@x", "a@x")}, {"mailLocalAddress": ("a@x", "b@x")}, False),
        ({"telephoneNumber": "0234"}, {}, False),
        ({"userPassword": "x"}, {}, False),
        ({"displayName": "nguyễn an"}, {"displayName": "Nguyễn An"}, True),
        ({"title": "Chuyên viên"}, {}, True),
        ({}, {"title": "Chuyên viên"}, True),
        ({"objectClass": ("inetOrgPerson", "congvuObject")}, {}, True),
        ({"mailLocalAddress": ("a@x", "b@x")}, {"mailLocalAddress": "a@x"}, True),
        ({"congvuQuota": "100"}, {"congvuQuota": "200"}, True),
    ],
)
def test_values_differ_where_people_would_say_so(
    have: dict[str, Any],
    want: dict[str, Any],
    differs: bool,  # noqa: FBT001 - a table's column
) -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv"))
    directory.touch(f"uid=a,ou=snv,{BASE}", **have)
    plan = planned(directory, agency("snv"), person("a", "ou=snv", **want))
    assert bool(plan.changes) is differs


def test_an_update_names_what_changes_and_what_it_builds_on() -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv", title="Chuyên viên"))
    record = directory.records[f"uid=a,ou=snv,{BASE}"]
    change = only(planned(directory, agency("snv"), person("a", "ou=snv", title="Phó phòng")))
    assert isinstance(change, Update)
    assert (change.before, change.after) == ({"title": ("Chuyên viên",)}, {"title": ("Phó phòng",)})
    assert change.precondition is not None
    assert (change.precondition.uuid, change.precondition.csn) == (record.uuid, record.csn)
    assert str(change.source) == "agencies/snv.yml:1:1"
    assert change.risk is Risk.LOW


def test_an_attribute_that_the_registry_gives_up_is_cleared() -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv", title="Chuyên viên"))
    assert only(planned(directory, agency("snv"), person("a", "ou=snv"))).after == {"title": ()}


def test_a_transfer_moves_the_entry_and_updates_it_in_one_change() -> None:
    directory = loaded(agency("snv"), agency("stc"), person("a", "ou=snv", title="Chuyên viên"))
    change = only(planned(directory, agency("snv"), agency("stc"), person("a", "ou=stc", title="Phó phòng")))
    assert isinstance(change, Move)
    assert (change.dn, change.new_dn) == (f"uid=a,ou=snv,{BASE}", f"uid=a,ou=stc,{BASE}")
    assert change.after == {"title": ("Phó phòng",)}


def test_an_agency_under_a_new_code_takes_its_people_along() -> None:
    directory = loaded(agency("snv"), unit("snv", "tccb"), person("a", "ou=tccb,ou=snv"), person("b", "ou=snv"))
    renamed = entry("agency:snv", "ou=sonv")
    inner = entry("unit:snv/tccb", "ou=tccb,ou=sonv")
    plan = planned(
        directory, renamed, inner, person("a", "ou=tccb,ou=sonv", title="Trưởng phòng"), person("b", "ou=sonv")
    )
    move, update = plan.changes
    assert isinstance(move, Move)
    # The old naming value goes with the old name, so nothing is left to write.
    assert (move.wave, move.after) == (Wave.STRUCTURE, {})
    assert isinstance(update, Update)
    assert update.dn == f"uid=a,ou=tccb,ou=sonv,{BASE}"


def test_whoever_goes_along_with_an_agency_that_gives_up_its_code_is_brought_back_to_it() -> None:
    directory = loaded(agency("snv"), agency("stc"), person("a", "ou=snv"))
    renamed, successor = entry("agency:snv", "ou=sonv"), entry("agency:stc", "ou=snv")
    plan = planned(directory, renamed, successor, person("a", "ou=snv"))
    (back,) = (change for change in plan.changes if change.id == "person:a")
    assert isinstance(back, Move)
    assert (back.dn, back.new_dn) == (f"uid=a,ou=sonv,{BASE}", f"uid=a,ou=snv,{BASE}")


def test_a_leaver_is_disabled_not_deleted() -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv"))
    change = only(planned(directory, agency("snv"), person("a", "ou=snv", State.DISABLED)))
    assert isinstance(change, Disable)
    assert (change.wave, change.risk) == (Wave.DISABLE, Risk.HIGH)
    assert change.after == {"congvuState": ("disabled",)}


@pytest.mark.parametrize("before", [State.DISABLED, State.HELD])
def test_a_purge_is_a_change_of_its_own_after_all_others_but_deletes(before: State) -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv", before, congvuRetainUntil=DUE))
    change = only(planned(directory, agency("snv"), person("a", "ou=snv", State.PURGED, mail=())))
    assert isinstance(change, Purge)
    assert (change.wave, change.risk) == (Wave.PURGE, Risk.HIGH)
    assert change.after == {"congvuState": ("purged",), "congvuRetainUntil": (), "mail": ()}


def only_remark(plan: Plan) -> str:
    """Give what the one remark of a plan says."""
    (remark,) = plan.remarks
    return str(remark.message)


@pytest.mark.parametrize(
    ("before", "until", "operation", "after"),
    [
        (State.ACTIVE, "", Disable, {"congvuState": ("disabled",), "congvuRetainUntil": ("20261221000000Z",)}),
        (State.ACTIVE, DUE, Disable, {"congvuState": ("disabled",), "congvuRetainUntil": ("20261221000000Z",)}),
        (State.DISABLED, "", Update, {"congvuRetainUntil": ("20261221000000Z",)}),
        (State.HELD, "", Update, {"congvuRetainUntil": ("20261221000000Z",)}),
        (State.DISABLED, "20261121170000Z", None, {}),
    ],
)
def test_what_is_open_or_was_promised_longer_is_kept_at_first(
    before: State, until: str, operation: type[Change] | None, after: Texts
) -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv", before, title="x", congvuRetainUntil=until or ()))
    wanted = (agency("snv"), person("a", "ou=snv", State.PURGED))
    plan = planned(directory, *wanted)
    assert [type(change) for change in plan.changes] == ([operation] if operation else [])
    assert [change.after for change in plan.changes] == ([after] if operation else [])
    assert not any(finding.absolute for finding in check(plan)), "what planning asks for never meets this rail"
    ripe = DAY + timedelta(30 if operation else 1)
    assert only_remark(plan) == (
        f"The registry has done with person:a, but its entry promises to keep the mail: it is purged on {ripe}."
    )
    assert plan.next_change == ripe
    for change in plan.changes:
        directory.touch(change.dn, **change.after)
    later = planned(directory, *wanted, as_of=DAY + timedelta(29 if operation else 0))
    assert later.changes == ()
    assert isinstance(only(planned(directory, *wanted, as_of=DAY + timedelta(30))), Purge)


def test_what_is_kept_at_first_gives_up_its_addresses_to_whom_the_registry_gives_them() -> None:
    box, heir = entry("mailbox:cu", "uid=cu,ou=snv", mail="cu@tinh.gov.vn"), entry("mailbox:moi", "uid=moi,ou=snv")
    gone = entry("mailbox:cu", "uid=cu,ou=snv")
    gone = gone._replace(state=State.PURGED, attributes={**gone.attributes, "congvuState": ("purged",)})
    takes = heir._replace(attributes={**heir.attributes, "mailLocalAddress": ("cu@tinh.gov.vn",)})
    plan = planned(loaded(agency("snv"), box, heir), agency("snv"), gone, takes)
    assert [remark.dn for remark in plan.remarks] == [gone.dn], "that its mail is kept"
    final = {change.id: change.after for change in plan.changes}
    assert final["mailbox:cu"]["congvuState"] == ("held",)
    assert final["mailbox:moi"] == {"mailLocalAddress": ("cu@tinh.gov.vn",)}
    assert all(change.after.get("mail", ()) == () for change in plan.changes if change.id == "mailbox:cu")


@pytest.mark.parametrize(
    ("state", "operation"), [(State.PURGED, Update), (State.ACTIVE, Update), (State.DISABLED, Update)]
)
def test_what_is_purged_is_not_purged_again(state: State, operation: type[Change]) -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv", State.PURGED, title="x"))
    assert type(only(planned(directory, agency("snv"), person("a", "ou=snv", state)))) is operation


@pytest.mark.parametrize(
    ("before", "after", "place", "given"),
    [
        (State.PURGED, State.ACTIVE, "ou=snv", True),
        (State.PURGED, State.ACTIVE, "ou=stc", True),
        (State.PURGED, State.DISABLED, "ou=snv", True),
        (State.PURGED, State.PURGED, "ou=snv", False),
        (State.DISABLED, State.ACTIVE, "ou=snv", False),
        (State.DISABLED, State.PURGED, "ou=snv", False),
    ],
)
def test_who_comes_back_to_an_empty_mailbox_gets_a_new_password_and_nobody_else(
    before: State,
    after: State,
    place: str,
    given: bool,  # noqa: FBT001 -- a column
) -> None:
    directory = loaded(agency("snv"), agency("stc"), person("a", "ou=snv", before, title="x"))
    plan = planned(directory, agency("snv"), agency("stc"), person("a", place, after))
    assert only(plan).password is given
    assert Plan.parse(plan.content) == plan


def test_a_shared_mailbox_that_is_used_again_gets_no_password() -> None:
    box = entry("mailbox:snv", "uid=snv,ou=snv")
    gone = box._replace(
        state=State.PURGED, attributes={**box.attributes, "congvuState": ("purged",)}, needs_password=False
    )
    change = only(planned(loaded(agency("snv"), gone), agency("snv"), box._replace(needs_password=False)))
    assert change.returns
    assert not change.password


def test_every_entry_and_every_object_is_counted_once() -> None:
    directory = loaded(
        agency("snv"), person("a", "ou=snv"), person("gone", "ou=snv"), person("held", "ou=snv", State.HELD)
    )
    directory.put(f"uid=twin,ou=snv,{BASE}", **{**person("a", "ou=snv").attributes, "uid": ("twin",)})
    directory.put(f"cn=may-in,ou=snv,{BASE}", objectClass="device")
    directory.put(f"ou=khac,{BASE}", congvuEstate="khac", congvuId="agency:khac")
    plan = planned(directory, agency("snv"), person("a", "ou=snv"), person("new", "ou=snv"), person("newer", "ou=snv"))
    assert plan.situations == {
        "linked": 1,
        "adoptable": 0,
        "missing": 2,
        "orphan": 2,
        "disputed": 2,
        "foreign": 1,
        "unmanaged": 1,
    }
    assert sum(plan.situations.values()) - plan.situations["missing"] == len(directory.read_tree(BASE, [])) - 1


def test_somebody_who_comes_back_is_no_disable() -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv", State.DISABLED))
    assert isinstance(only(planned(directory, agency("snv"), person("a", "ou=snv"))), Update)


@pytest.mark.parametrize(
    ("lost", "state"),
    [
        (person("a", "ou=snv"), "held"),
        (entry("mailbox:vt", "uid=vt,ou=snv", mail="vt@tinh.gov.vn"), "held"),
        (entry("admin:snv", "cn=admin,ou=snv"), "disabled"),
    ],
)
def test_what_the_registry_no_longer_names_loses_access_and_keeps_its_mail(lost: Entry, state: str) -> None:
    change = only(planned(loaded(agency("snv"), lost), agency("snv")))
    assert isinstance(change, Disable)
    assert change.after == {"congvuState": (state,)}
    assert change.source is None


def test_an_orphan_that_is_held_already_is_only_reported() -> None:
    plan = planned(loaded(agency("snv"), person("a", "ou=snv", State.HELD)), agency("snv"))
    assert plan.changes == ()
    (remark,) = plan.remarks
    assert remark.situation is Situation.ORPHAN
    assert str(remark.message).startswith("The registry no longer names person:a; it is held. Left alone until it does")


def test_empty_units_are_deleted_from_the_bottom_and_full_ones_reported() -> None:
    nested = entry("unit:snv/x/y", "ou=y,ou=x,ou=snv")
    directory = loaded(agency("snv"), unit("snv", "x"), nested, unit("snv", "full"), person("a", "ou=full,ou=snv"))
    plan = planned(directory, agency("snv"), person("a", "ou=full,ou=snv"))
    assert [change.id for change in plan.changes if isinstance(change, Delete)] == ["unit:snv/x/y", "unit:snv/x"]
    assert [remark.dn for remark in plan.remarks] == [f"ou=full,ou=snv,{BASE}"]


def test_a_unit_that_is_emptied_by_the_same_plan_is_deleted() -> None:
    directory = loaded(agency("snv"), unit("snv", "x"), person("a", "ou=x,ou=snv"))
    plan = planned(directory, agency("snv"), person("a", "ou=snv"))
    assert [type(change) for change in plan.changes] == [Move, Delete]


def test_an_agency_is_never_deleted() -> None:
    plan = planned(loaded(agency("snv"), agency("stc")), agency("snv"))
    assert plan.changes == ()
    assert [remark.situation for remark in plan.remarks] == [Situation.ORPHAN]


def test_strangers_are_left_alone_and_listed() -> None:
    directory = loaded(agency("snv"))
    directory.put(f"cn=may-in,ou=snv,{BASE}", objectClass="device")
    directory.put(f"ou=khac,{BASE}", congvuEstate="khac", congvuId="agency:khac")
    plan = planned(directory, agency("snv"))
    assert plan.changes == ()
    assert [(remark.situation, remark.blocking) for remark in plan.remarks] == [
        (Situation.FOREIGN, False),
        (Situation.UNMANAGED, False),
    ]


@pytest.mark.parametrize("marks", [{}, {"congvuEstate": "khac", "congvuId": "person:a"}])
def test_a_place_that_is_taken_by_a_stranger_stops_the_plan(marks: dict[str, str]) -> None:
    directory = loaded(agency("snv"))
    directory.put(f"uid=a,ou=snv,{BASE}", objectClass="account", **marks)
    plan = planned(directory, agency("snv"), person("a", "ou=snv"))
    assert plan.changes == ()
    assert [remark.situation for remark in plan.remarks if remark.blocking] == [Situation.DISPUTED]


def test_two_entries_with_one_id_stop_the_plan_and_neither_is_touched() -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv"))
    directory.put(f"uid=b,ou=snv,{BASE}", **{**person("a", "ou=snv").attributes, "uid": ("b",)})
    plan = planned(directory, agency("snv"), person("a", "ou=snv", title="x"))
    assert plan.changes == ()
    assert len([remark for remark in plan.remarks if remark.blocking]) == 2


def test_a_new_primary_address_is_one_change_of_both_attributes_and_gives_nothing_up() -> None:
    old, new = "a@tinh.gov.vn", "b@tinh.gov.vn"
    directory = loaded(agency("snv"), person("a", "ou=snv", mail=old, mailLocalAddress=old))
    renamed = person("a", "ou=snv", mail=new, mailLocalAddress=(old, new))
    (change,) = planned(directory, agency("snv"), renamed).changes
    assert change.wave is Wave.MODIFY
    assert change.after == {"mail": (new,), "mailLocalAddress": (old, new)}
    assert change.released == frozenset()
    assert change.claimed == {new}


def test_an_address_is_given_up_before_another_takes_it() -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv", mailLocalAddress="x@tinh.gov.vn"), person("b", "ou=snv"))
    plan = planned(
        directory, agency("snv"), person("a", "ou=snv"), person("b", "ou=snv", mailLocalAddress="x@tinh.gov.vn")
    )
    assert [(change.id, change.wave) for change in plan.changes] == [
        ("person:a", Wave.RELEASE),
        ("person:b", Wave.RIGHTS),
    ]


def test_a_mailbox_that_closes_gives_up_its_address_before_its_heir_takes_it() -> None:
    """In a merger the old agency's letters come to the new one; the directory lets no two entries have one address."""
    ours = "stc@tinh.gov.vn"
    old = entry("mailbox:stc", "uid=stc,ou=stc", mail=ours, mailLocalAddress=ours)
    directory = loaded(agency("snv"), agency("stc"), entry("mailbox:snv", "uid=snv,ou=snv"), old)
    held = entry("mailbox:stc", "uid=stc,ou=stc")._replace(state=State.HELD)
    closed = held._replace(attributes={**held.attributes, "congvuState": ("held",)})
    heir = entry("mailbox:snv", "uid=snv,ou=snv", mailLocalAddress=ours)
    plan = planned(directory, agency("snv"), agency("stc"), heir, closed)
    assert [(change.id, change.wave) for change in plan.changes] == [
        ("mailbox:stc", Wave.RELEASE),
        ("mailbox:snv", Wave.RIGHTS),
        ("mailbox:stc", Wave.DISABLE),
    ]
    release, _, close = plan.changes
    assert release.after == {"mail": (), "mailLocalAddress": ()}
    assert isinstance(close, Disable)
    assert close.after == {"congvuState": ("held",)}
    assert plan.under_way == {ours}


def test_two_who_exchange_their_addresses_both_give_up_first_and_take_later() -> None:
    directory = loaded(agency("snv"), holder("a", "x"), holder("b", "y"))
    plan = planned(directory, agency("snv"), holder("a", "y"), holder("b", "x"))
    assert [(change.id, change.wave, change.after["mail"]) for change in plan.changes] == [
        ("person:a", Wave.RELEASE, ()),
        ("person:b", Wave.RELEASE, ()),
        ("person:a", Wave.MODIFY, ("y@tinh.gov.vn",)),
        ("person:b", Wave.MODIFY, ("x@tinh.gov.vn",)),
    ]
    for before, after in zip(plan.changes[:2], plan.changes[2:], strict=True):
        assert after.before == before.after, "the second half builds on what the first one leaves"
        assert after.precondition == before.precondition
    assert plan.under_way == {"x@tinh.gov.vn", "y@tinh.gov.vn"}


def test_who_gives_up_the_primary_address_is_found_under_another_one_meanwhile() -> None:
    directory = loaded(agency("snv"), holder("a", "x", "x2"), holder("b", "y"))
    plan = planned(directory, agency("snv"), holder("a", "y", "x2"), holder("b", "x"))
    first = plan.changes[0]
    assert (first.id, first.wave) == ("person:a", Wave.RELEASE)
    assert first.after == {"mail": ("x2@tinh.gov.vn",), "mailLocalAddress": ("x2@tinh.gov.vn",)}


def test_who_moves_gives_up_the_address_where_the_entry_stands() -> None:
    directory = loaded(agency("snv"), agency("stc"), holder("a", "x"), holder("b", "y"))
    moved = holder("a", "z")._replace(dn=f"uid=a,ou=stc,{BASE}")
    plan = planned(directory, agency("snv"), agency("stc"), moved, holder("b", "x", "y"))
    assert [(type(change), change.wave, change.dn, change.target) for change in plan.changes] == [
        (Update, Wave.RELEASE, f"uid=a,ou=snv,{BASE}", f"uid=a,ou=snv,{BASE}"),
        (Update, Wave.MODIFY, f"uid=b,ou=snv,{BASE}", f"uid=b,ou=snv,{BASE}"),
        (Move, Wave.MOVE, f"uid=a,ou=snv,{BASE}", f"uid=a,ou=stc,{BASE}"),
    ]


@pytest.mark.parametrize(
    ("marks", "whose"),
    [
        ({}, "which the registry no longer names"),
        ({"congvuEstate": ("khac",)}, "which is not ours"),
        ({"congvuId": ("printer:x",)}, "which is not ours"),
    ],
)
def test_an_address_that_nobody_is_to_give_up_stops_the_plan(marks: dict[str, tuple[str, ...]], whose: str) -> None:
    directory = loaded(agency("snv"), holder("b", "y"))
    directory.put(f"uid=a,ou=snv,{BASE}", **{**holder("a", "x").attributes, **marks})
    plan = planned(directory, agency("snv"), holder("b", "x", "y"))
    (remark,) = [remark for remark in plan.remarks if remark.blocking]
    assert (remark.situation, remark.dn) == (Situation.DISPUTED, f"uid=a,ou=snv,{BASE}")
    assert str(remark.message).startswith(
        "It has x@tinh.gov.vn, which agencies/snv.yml:1:1 gives to person:b, and is an"
    )
    assert whose in str(remark.message)


def test_what_is_given_up_and_taken_by_nobody_is_not_brought_forward() -> None:
    directory = loaded(agency("snv"), holder("a", "x", "x2"))
    plan = planned(directory, agency("snv"), holder("a", "x"))
    assert [change.wave for change in plan.changes] == [Wave.RIGHTS]
    assert plan.under_way == frozenset()


def test_aliases_and_rights_come_after_all_that_they_refer_to() -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv"))
    plan = planned(
        directory, agency("snv"), person("a", "ou=snv", congvuAccess="moi:read"), entry("mailbox:moi", "uid=moi,ou=snv")
    )
    assert [type(change) for change in plan.changes] == [Create, Update]


@pytest.mark.parametrize(
    ("commit", "days", "touched", "cause"),
    [
        ("c0ffee", 0, True, Cause.DRIFT),
        ("other1", 0, False, Cause.COMMIT),
        ("c0ffee", 1, False, Cause.CLOCK),
        ("other1", 0, True, Cause.UNCERTAIN),
        ("other1", 1, False, Cause.UNCERTAIN),
        ("c0ffee+dirty", 0, False, Cause.COMMIT),
    ],
)
def test_the_cause_is_told_as_far_as_there_is_evidence(
    commit: str,
    days: int,
    touched: bool,  # noqa: FBT001 - a table's column
    cause: Cause,
) -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv"))
    youngest = max(record.csn for record in directory.records.values())
    if touched:
        directory.touch(f"uid=a,ou=snv,{BASE}", title="đổi tay")
    applied = Applied("f" * 64, "c0ffee", DAY, youngest, 2)
    wanted = (agency("snv"), person("a", "ou=snv", title="x"))
    plan = planned(directory, *wanted, applied=applied, commit=commit, as_of=DAY + timedelta(days))
    assert only(plan).cause is cause


@pytest.mark.parametrize(
    ("commit", "days", "touched", "cause"),
    [
        ("c0ffee", 1, False, Cause.RETENTION),
        ("c0ffee", 0, False, Cause.DRIFT),
        ("other1", 0, False, Cause.COMMIT),
        ("other1", 1, False, Cause.UNCERTAIN),
        ("c0ffee", 1, True, Cause.UNCERTAIN),
    ],
)
def test_a_purge_that_only_time_brings_is_told_apart(
    commit: str,
    days: int,
    touched: bool,  # noqa: FBT001 - a table's column
    cause: Cause,
) -> None:
    directory = loaded(agency("snv"), person("a", "ou=snv", State.DISABLED, congvuRetainUntil=DUE))
    youngest = max(record.csn for record in directory.records.values())
    if touched:
        directory.sign_in(f"uid=a,ou=snv,{BASE}")
    applied = Applied("f" * 64, "c0ffee", DAY, youngest, 2)
    wanted = (agency("snv"), person("a", "ou=snv", State.PURGED))
    plan = planned(directory, *wanted, applied=applied, commit=commit, as_of=DAY + timedelta(days))
    assert only(plan).cause is cause


def test_a_first_plan_rests_on_the_registry_alone() -> None:
    assert {change.cause for change in planned(MemoryDirectory(), *small()).changes} == {Cause.COMMIT}


def test_the_same_inputs_give_the_same_bytes_in_whatever_order_they_come() -> None:
    wanted = desired(*small())
    turned = replace(wanted, entries=dict(reversed(list(wanted.entries.items()))))
    records = loaded(*small(2)).read_tree(BASE, ATTRIBUTES)
    assert make_plan(wanted, records).content == make_plan(turned, records[::-1]).content


def test_a_plan_knows_the_day_and_the_next_one_that_matters() -> None:
    later = date(2027, 1, 1)
    plan = make_plan(replace(desired(*small()), next_change=later), [])
    assert (plan.as_of, plan.next_change) == (DAY, later)


def test_a_plan_names_whom_the_registry_protects_or_a_hold_keeps_of_those_it_touches() -> None:
    before, after = person("p1", "ou=snv"), person("p1", "ou=snv", title="Chuyên viên")
    wanted = replace(
        desired(agency("snv"), after, person("p2", "ou=snv")),
        protected={"person:p1": "Chủ tịch", "person:p2": "Phó Chủ tịch"},
        held={"person:p1": "1/QĐ-TTr", "person:p2": "2/QĐ-TTr"},
    )
    plan = make_plan(wanted, loaded(agency("snv"), before, person("p2", "ou=snv")).read_tree(BASE, ATTRIBUTES))
    assert (plan.protected, plan.held) == ({"person:p1": "Chủ tịch"}, {"person:p1": "1/QĐ-TTr"})
    assert Plan.parse(plan.content) == plan


def test_the_census_knows_agencies_that_a_decision_ended_and_those_that_the_registry_no_longer_names() -> None:
    ended = agency("stc", congvuState="disabled")._replace(state=State.DISABLED)
    plan = planned(loaded(agency("snv"), agency("stc"), agency("sxd")), agency("snv"), ended)
    assert {code: (tally.named, tally.ended) for code, tally in plan.census.items()} == {
        "snv": (True, False),
        "stc": (True, True),
        "sxd": (False, False),
    }
