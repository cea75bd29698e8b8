"""An old directory is taken over entry by entry, and nothing of it that is not the registry's is touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import source
from ansible_collections.congvu.mail.plugins.module_utils.apply import apply, rehearse
from ansible_collections.congvu.mail.plugins.module_utils.changes import Adopt, Plan, Risk, Situation, Wave
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.directory import Fate, Modify, Outcome, Rename
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
from ansible_collections.congvu.mail.plugins.module_utils.lease import Lease
from ansible_collections.congvu.mail.plugins.module_utils.match import STRUCTURAL
from ansible_collections.congvu.mail.plugins.module_utils.model import Address, Entry, Kind, Origin, Standing
from ansible_collections.congvu.mail.plugins.module_utils.observe import ScopeError, observe
from ansible_collections.congvu.mail.plugins.module_utils.plan import Terms, make_plan
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import agency, desired, entry, person, unit
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import (
    BASE,
    CONTROL,
    SUFFIX,
    MemoryDirectory,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.apply import Result
    from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.conftest import Write

PEOPLE = f"ou=people,{SUFFIX}"
OLD: dict[str, str | tuple[str, ...]] = {
    "objectClass": ("inetOrgPerson", "shadowAccount"),
    "userPassword": "{SSHA}cũ",
    "telephoneNumber": "0234",
}
SNV, STC = agency("snv"), agency("stc")
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def old(*rdns: str, **attributes: str | tuple[str, ...]) -> MemoryDirectory:
    """Give a directory with our agencies, and beside them people of an older one."""
    directory = MemoryDirectory()
    directory.put(PEOPLE, objectClass="organizationalUnit", ou="people")
    for one in (SNV, STC):
        directory.put(one.dn, **one.attributes)
    for rdn in rdns:
        name, value = rdn.split("=")
        directory.put(f"{rdn},{PEOPLE}", **{**OLD, name: value, **attributes})
    return directory


def lock(holder: str, *addresses: str) -> dict[str, tuple[Address, ...]]:
    """Give the lock of addresses which somebody holds or held."""
    origin = Origin("addresses/tinh.gov.vn.yml", 1)
    return {holder: tuple(Address(address, holder, Standing.RETIRED, (), None, origin) for address in addresses)}


def planned(directory: MemoryDirectory, *entries: Entry, scope: tuple[str, ...] = (), **terms: Any) -> Plan:  # noqa: ANN401 - of Terms
    """Plan for these entries in the two agencies, with an eye on the old people."""
    asked = Terms(scope, **terms)
    wanted = desired(SNV, STC, *entries)
    return make_plan(wanted, observe(directory, wanted, asked, [PEOPLE]), None, asked)


@pytest.fixture
def carry_out(tmp_path: Path) -> Callable[[Plan, MemoryDirectory], Result]:
    """Give an apply."""
    times = iter(NOW + timedelta(hours=hours) for hours in range(100))

    def run(plan: Plan, directory: MemoryDirectory) -> Result:
        now = next(times)
        with Journal(tmp_path, plan.id, lambda: now) as journal:
            return apply(
                plan, directory, Lease(directory, CONTROL, "a", lambda: now), journal, lambda _: b"{ARGON2}new"
            )

    return run


A = person("a", "ou=snv", employeeNumber="a", mailLocalAddress="a@tinh.gov.vn")


@pytest.mark.parametrize(
    ("rdn", "attributes", "how"),
    [
        ("uid=A", {}, "its uid is A"),
        ("uid=nva", {"employeeNumber": "a"}, "its employeeNumber is a"),
        ("cn=Nguyễn Văn A", {"mail": "A@tinh.gov.vn"}, "its mail is A@tinh.gov.vn"),
        ("cn=Nguyễn Văn A", {"mailLocalAddress": ("x@y", "cu@tinh.gov.vn")}, "its mailLocalAddress is cu@tinh.gov.vn"),
        ("uid=a", {"employeeNumber": "a", "mail": "a@tinh.gov.vn"}, "its employeeNumber is a"),
    ],
)
def test_an_old_entry_is_known_by_uid_staff_number_or_address(
    rdn: str, attributes: dict[str, str | tuple[str, ...]], how: str
) -> None:
    directory = old(rdn, **attributes)
    held = lock("person:a", "cu@tinh.gov.vn", "a@tinh.gov.vn")
    plan = planned(directory, A, addresses=held)
    assert plan.changes == ()
    (remark,) = plan.remarks
    assert (remark.situation, remark.blocking) == (Situation.ADOPTABLE, False)
    assert str(remark.message).startswith(f"It is person:a ({how}), but bears no mark: left alone until it is adopted")
    assert {name: count for name, count in plan.situations.items() if count} == {"linked": 2, "adoptable": 1}
    change = only(planned(directory, A, addresses=held, adopt=True))
    assert isinstance(change, Adopt)
    assert (change.dn, change.new_dn) == (f"{rdn},{PEOPLE}", A.dn)


def only(plan: Plan) -> Adopt:
    """Give the one change of a plan, which says nothing else."""
    assert plan.remarks == ()
    (change,) = plan.changes
    assert isinstance(change, Adopt)
    assert Plan.parse(plan.content) == plan
    return change


def test_what_stands_in_its_place_already_is_marked_there() -> None:
    directory = old()
    directory.put(f"ou=tccb,ou=snv,{BASE}", objectClass="organizationalUnit", ou="tccb")
    offered = planned(directory, unit("snv", "tccb"), person("a", "ou=tccb,ou=snv"))
    assert [change.id for change in offered.changes] == ["person:a"]
    assert "it stands where that is to stand" in str(offered.remarks[0].message)
    change, _ = planned(directory, unit("snv", "tccb"), person("a", "ou=tccb,ou=snv"), adopt=True).changes
    assert (change.operation, change.wave, change.risk, change.new_dn) == ("adopt", Wave.STRUCTURE, Risk.LOW, "")


def test_an_adopted_entry_keeps_its_identity_its_password_and_all_that_is_not_ours(
    carry_out: Callable[[Plan, MemoryDirectory], Result],
) -> None:
    directory = old("cn=Nguyễn Văn A", uid="a", sn="Nguyễn", mail="a@tinh.gov.vn", title="Chuyên viên")
    before = directory.records[f"cn=nguyễn văn a,{PEOPLE}"]
    plan = planned(directory, A, adopt=True)
    assert not only(plan).password
    assert carry_out(plan, directory).complete
    after = directory.records[A.dn]
    assert after.uuid == before.uuid
    for kept in ("userPassword", "telephoneNumber"):
        assert after.attributes[kept] == before.attributes[kept]
    assert set(after.attributes["objectClass"]) == {
        "inetOrgPerson",
        "shadowAccount",
        "congvuMailbox",
        "congvuObject",
    }
    assert "title" not in after.attributes, "what the registry owns is as the registry says"
    assert after.attributes["congvuId"] == ("person:a",)
    assert planned(directory, A).changes == ()
    assert planned(directory, A).remarks == ()


def test_a_name_that_the_class_demands_goes_only_with_the_next_one() -> None:
    """An inetOrgPerson without a cn is none: the move must not take away the one that it was named by."""
    directory = old("cn=A", uid="a")
    change = only(planned(directory, A, adopt=True))
    rename = Rename(change.dn, directory.records[change.dn.lower()].csn, change.new_dn, keep=True)
    assert directory.write([rename])[0].fate == "done"
    assert directory.records[A.dn].attributes["cn"] == ("A",)


def test_an_adoption_that_was_killed_half_way_is_finished_by_the_next(
    carry_out: Callable[[Plan, MemoryDirectory], Result],
) -> None:
    directory = old("uid=nva", employeeNumber="a")
    change = only(planned(directory, A, adopt=True))
    directory.write([Rename(change.dn, change.precondition.csn, change.new_dn, keep=True)])  # type: ignore[union-attr]
    plan = planned(directory, A, adopt=True)
    assert only(plan).new_dn == ""
    assert carry_out(plan, directory).complete
    assert directory.records[A.dn].attributes["uid"] == ("a",)


def test_people_are_taken_over_agency_by_agency(carry_out: Callable[[Plan, MemoryDirectory], Result]) -> None:
    uids = [f"p{number}" for number in range(10)]
    directory = old(*(f"uid={uid}" for uid in uids))
    wanted = [person(uid, "ou=snv" if number < 4 else "ou=stc") for number, uid in enumerate(uids)]
    assert planned(directory, *wanted).situations["adoptable"] == 10
    first = planned(directory, *wanted, scope=("snv",), adopt=True)
    assert first.counts["adopt"] == 4
    assert first.remarks == ()
    assert carry_out(first, directory).complete
    rest = planned(directory, *wanted, adopt=True)
    assert rest.counts == {**first.counts, "adopt": 6}
    assert carry_out(rest, directory).complete
    last = planned(directory, *wanted, adopt=True)
    assert (last.changes, last.remarks, last.situations["linked"]) == ((), (), 12)
    assert {directory.records[one.dn].attributes["userPassword"] for one in wanted} == {("{SSHA}cũ",)}


@pytest.mark.parametrize(
    ("rdns", "attributes", "wanted", "said"),
    [
        (["uid=a", "cn=b"], {"employeeNumber": "a"}, [A], "and so could"),
        (
            ["uid=a"],
            {"mail": "b@tinh.gov.vn"},
            [A, person("b", "ou=snv")],
            "It could be person:a (its uid is a) or person:b (its mail is b@tinh.gov.vn): make it match one alone.",
        ),
        (
            ["uid=a"],
            {"objectClass": ("account", "posixAccount")},
            [A],
            "It is person:a (its uid is a), but it is no inetOrgPerson, and a directory does not let an entry become",
        ),
        (
            ["uid=a"],
            {"objectClass": "person"},
            [A],
            "but it is no inetOrgPerson",
        ),
    ],
)
def test_what_is_in_doubt_is_neither_adopted_nor_made_anew(
    rdns: list[str], attributes: dict[str, Any], wanted: list[Entry], said: str
) -> None:
    held = lock("person:b", "b@tinh.gov.vn")
    plan = planned(old(*rdns, **attributes), *wanted, adopt=True, addresses=held)
    assert plan.changes == ()
    assert {remark.situation for remark in plan.remarks} == {Situation.DISPUTED}
    assert not any(remark.blocking for remark in plan.remarks)
    assert said in str(plan.remarks[0].message)
    assert plan.situations["disputed"] == len(rdns)
    assert plan.situations["missing"] == 0


def test_a_leftover_of_somebody_who_is_ours_already_is_told() -> None:
    directory = old("cn=A", mail="a@tinh.gov.vn")
    directory.put(A.dn, **A.attributes)
    plan = planned(directory, A, adopt=True, addresses=lock("person:a", "a@tinh.gov.vn"))
    assert plan.changes == ()
    (remark,) = plan.remarks
    assert str(remark.message).endswith(f"which stands at {A.dn}. Merge the two by hand, or remove this one.")
    assert (plan.situations["linked"], plan.situations["disputed"]) == (3, 1)


def test_another_class_in_a_wanted_place_stops_the_plan() -> None:
    directory = old()
    directory.put(A.dn, objectClass="account", uid="a")
    plan = planned(directory, A, adopt=True)
    assert [(remark.situation, remark.blocking) for remark in plan.remarks] == [(Situation.DISPUTED, True)]
    assert plan.changes == ()


@pytest.mark.parametrize("adopt", [False, True])
def test_foreign_marks_are_never_taken_off(adopt: bool) -> None:  # noqa: FBT001 - a table's column
    directory = old("uid=a", congvuEstate="khac", congvuId="person:a", congvuState="active")
    plan = planned(directory, person("b", "ou=snv"), adopt=adopt)
    assert [change.id for change in plan.changes] == ["person:b"]
    assert [remark.situation for remark in plan.remarks] == [Situation.FOREIGN]


def test_our_own_entry_outside_the_agencies_stops_the_plan() -> None:
    directory = old("uid=a", congvuEstate="thu", congvuId="person:a", congvuState="active")
    plan = planned(directory, A, adopt=True)
    assert plan.changes == ()
    (remark,) = plan.remarks
    assert remark.blocking
    assert str(remark.message) == f"It bears the id person:a and stands outside {BASE}. Move it back, or unmark it."


def test_everybody_else_is_left_alone_and_listed() -> None:
    directory = old("uid=khach")
    directory.put(f"cn=may-in,{PEOPLE}", objectClass="device")
    plan = planned(directory, SNV, adopt=True)
    assert plan.changes == ()
    assert [remark.situation for remark in plan.remarks] == [Situation.UNMANAGED] * 2


def test_a_plan_of_one_agency_leaves_the_old_people_of_others_alone() -> None:
    directory = old("uid=a", "uid=b")
    directory.put(f"uid=c,ou=stc,{BASE}", **{**OLD, "uid": "c"})
    directory.put(f"uid=d,ou=snv,{BASE}", **{**OLD, "uid": "d"})
    wanted = (A, person("b", "ou=stc"), person("c", "ou=snv"), person("d", "ou=stc"))
    plan = planned(directory, *wanted, scope=("snv",), adopt=True)
    assert [change.id for change in plan.changes] == ["person:a"]
    assert [(remark.situation, str(remark.message).split(",")[0]) for remark in plan.remarks] == [
        (Situation.ADOPTABLE, "It is person:c (its uid is c)"),
        (Situation.ADOPTABLE, "It is person:d (its uid is d)"),
    ]
    assert planned(directory, *wanted, adopt=True).counts["adopt"] == 4


def test_a_shared_mailbox_is_adopted_like_a_person() -> None:
    directory = old("uid=vt", objectClass=("account", "simpleSecurityObject"))
    change = only(planned(directory, entry("mailbox:vt", "uid=vt,ou=snv"), adopt=True))
    assert change.new_dn == f"uid=vt,ou=snv,{BASE}"


def test_an_address_that_an_adopted_entry_loses_is_told_to_the_reviewer() -> None:
    change = only(planned(old("uid=a", mail="cu@tinh.gov.vn"), A, adopt=True))
    assert change.released == {"cu@tinh.gov.vn"}
    assert change.risk is Risk.MEDIUM


@pytest.mark.parametrize(
    ("rdn", "attributes", "uid"),
    [("cn=A", {"mail": "a@tinh.gov.vn"}, ("a",)), ("uid=nva", {"employeeNumber": "a"}, None)],
)
def test_a_rehearsal_tries_an_adoption_under_the_name_that_the_entry_still_has(
    rdn: str, attributes: dict[str, str], uid: tuple[str, ...] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class may demand the uid that only the move will bring, and none lets go of what it is named by."""
    directory = old(rdn, **attributes)
    plan = planned(directory, A, adopt=True, addresses=lock("person:a", "a@tinh.gov.vn"))
    known = {*only(plan).after, "uid"}
    directory.put(f"uid=known,ou=snv,{BASE}", **dict.fromkeys(known, "x"))
    tried: list[object] = []

    def accept(batch: Sequence[object]) -> list[Outcome]:
        tried.extend(batch)
        return [Outcome(Fate.DONE)] * len(batch)

    monkeypatch.setattr(directory, "rehearse", accept)
    (answer,) = rehearse(plan, directory, b"").answers
    assert answer.verdict == "applied"
    rename, modify = tried
    assert isinstance(rename, Rename)
    assert isinstance(modify, Modify)
    assert rename.keep
    assert modify.dn == f"{rdn},{PEOPLE}"
    assert modify.attributes.get("uid") == uid


def test_the_classes_that_an_old_entry_must_have_are_those_that_ours_have(write: Write) -> None:
    desired = compile_desired(source.load(write()), as_of=NOW.date(), commit="")
    seen = {one.kind for one in desired.entries.values()}
    assert seen >= set(Kind) - {Kind.LIST}
    for one in desired.entries.values():
        assert set(STRUCTURAL[one.kind]) <= set(one.attributes["objectClass"])


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (f"ou=khong-co,{SUFFIX}", "is not there, or the account that signs in may not see it"),
        ("ou=people,dc=khac", f"is not a branch of {SUFFIX} beside ou=agencies, ou=services, ou=control, ou=policies."),
        (SUFFIX, "is not a branch"),
        (BASE, "is not a branch"),
        (f"ou=snv,{BASE}", "is not a branch"),
        (f"OU=Control,{SUFFIX}", "is not a branch"),
    ],
)
def test_only_branches_beside_the_estates_own_are_observed(place: str, said: str) -> None:
    with pytest.raises(ScopeError, match="observe: ") as refused:
        observe(old(), desired(SNV), Terms(), [place])
    assert said in str(refused.value)
