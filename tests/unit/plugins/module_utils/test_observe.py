"""A plan of some agencies is a part of the plan of all, and leaves everything else alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import Situation, agency_of
from ansible_collections.congvu.mail.plugins.module_utils.model import Address, Entry, Origin, Standing, State
from ansible_collections.congvu.mail.plugins.module_utils.observe import ScopeError, observe, scope_of
from ansible_collections.congvu.mail.plugins.module_utils.plan import Terms, make_plan
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import (
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
    from collections.abc import Iterable

    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan

AGENCIES = ("snv", "stc", "sxd")
X, Y, Z = "x@tinh.gov.vn", "y@tinh.gov.vn", "z@tinh.gov.vn"


def holding(*entries: Entry) -> MemoryDirectory:
    """Give a directory that holds these entries below the agencies."""
    directory = MemoryDirectory()
    for one in (*map(agency, AGENCIES), *entries):
        directory.put(one.dn, **one.attributes)
    return directory


def planned(directory: MemoryDirectory, scope: Iterable[str], *entries: Entry) -> Plan:
    """Plan for these entries below the agencies."""
    wanted = desired(*map(agency, AGENCIES), *entries)
    chosen = tuple(sorted(scope))
    return make_plan(wanted, observe(directory, wanted, Terms(chosen)), None, Terms(chosen))


def told(plan: Plan) -> list[tuple[str, str]]:
    """Give what a plan says of entries, without what it would do."""
    return [(str(remark.situation), str(remark.message)) for remark in plan.remarks]


def test_a_plan_of_one_agency_judges_nothing_of_the_others() -> None:
    directory = holding(person("a", "ou=snv"), person("gone", "ou=stc"), person("other", "ou=stc"))
    directory.put(f"cn=may-in,ou=stc,{BASE}", objectClass="device")
    plan = planned(directory, ["snv"], person("a", "ou=snv", title="x"), person("new", "ou=sxd"))
    assert [(change.id, change.operation) for change in plan.changes] == [("person:a", "update")]
    assert plan.remarks == ()
    assert plan.census.keys() == {"snv"}
    assert plan.scope == ("snv",)
    assert {name: count for name, count in plan.situations.items() if count} == {"linked": 2}


def test_who_goes_to_another_agency_or_comes_from_one_waits_for_a_plan_of_both() -> None:
    directory = holding(person("goes", "ou=snv"), person("comes", "ou=stc"))
    wanted = (person("goes", "ou=stc"), person("comes", "ou=snv"))
    plan = planned(directory, ["snv"], *wanted)
    assert plan.changes == ()
    assert told(plan) == [
        (
            "linked",
            "person:comes comes from stc, which this plan is not about. Plan their agencies together, or all.",
        ),
        ("linked", "person:goes leaves for stc, which this plan is not about. Plan their agencies together, or all."),
    ]
    assert [change.operation for change in planned(directory, ["snv", "stc"], *wanted).changes] == ["move", "move"]


@pytest.mark.parametrize(
    ("scope", "changed", "waiting"),
    [
        (["snv"], [], ["person:a", "person:c"]),
        (["stc"], [], ["person:b"]),
        (["snv", "stc"], ["person:a", "person:b", "person:c"], []),
    ],
)
def test_an_address_that_passes_between_agencies_waits_and_so_does_what_hangs_on_it(
    scope: list[str], changed: list[str], waiting: list[str]
) -> None:
    """In snv, c gives y up to a, who gives x up to b in stc."""
    directory = holding(
        person("a", "ou=snv", mailLocalAddress=X), person("c", "ou=snv", mailLocalAddress=Y), person("b", "ou=stc")
    )
    plan = planned(
        directory,
        scope,
        person("a", "ou=snv", mailLocalAddress=Y),
        person("c", "ou=snv"),
        person("b", "ou=stc", mailLocalAddress=X),
    )
    assert sorted({change.id for change in plan.changes}) == changed
    assert sorted(str(remark.message).split()[0] for remark in plan.remarks) == waiting


def test_a_newcomer_whose_address_is_still_held_in_another_agency_waits() -> None:
    directory = holding(person("b", "ou=stc", mailLocalAddress=X))
    plan = planned(directory, ["snv"], person("new", "ou=snv", mailLocalAddress=X), person("b", "ou=stc"))
    assert plan.changes == ()
    (remark,) = plan.remarks
    assert remark.situation is Situation.MISSING
    assert str(remark.message).startswith(
        f"person:new waits: {X} passes between it and person:b, which this plan does not"
    )


def test_an_id_that_stands_twice_is_disputed_though_one_of_them_is_elsewhere() -> None:
    directory = holding(person("a", "ou=snv"))
    directory.put(f"uid=b,ou=stc,{BASE}", **{**person("a", "ou=stc").attributes, "uid": ("b",)})
    plan = planned(directory, ["snv"], person("a", "ou=snv", title="x"))
    assert plan.changes == ()
    assert [remark.situation for remark in plan.remarks if remark.blocking] == [Situation.DISPUTED] * 2


def test_a_plan_of_one_agency_reads_little_more_than_the_agency() -> None:
    directory = holding(*(person(f"p{number}", "ou=stc") for number in range(50)), person("a", "ou=snv"))
    records = observe(directory, desired(*map(agency, AGENCIES), person("a", "ou=snv")), Terms(("snv",)))
    assert [record.dn for record in records] == [f"ou=snv,{BASE}", f"uid=a,ou=snv,{BASE}"]


def test_an_agency_that_only_the_directory_knows_may_be_planned_for() -> None:
    assert scope_of(["stc", " SNV ", "stc"], ["snv"], holding(), SUFFIX) == ("snv", "stc")
    assert scope_of([], ["snv"], holding(), SUFFIX) == ()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("snw", "agency: neither the registry nor the directory knows an agency 'snw'. Meant is perhaps snv, sno."),
        ("q", "agency: neither the registry nor the directory knows an agency 'q'."),
        ("*", "agency: neither the registry nor the directory knows an agency '*'."),
    ],
)
def test_an_agency_that_nobody_knows_is_refused_with_those_near_to_it(code: str, said: str) -> None:
    with pytest.raises(ScopeError) as refused:
        scope_of([code], ["snv", "sno", "ubnd"], holding(), SUFFIX)
    assert str(refused.value) == said


@st.composite
def estates(draw: st.DrawFn) -> list[Entry]:
    """Draw an estate: people anywhere or nowhere, units with them or without, addresses in anybody's hands."""
    places = [f"ou={code}" for code in AGENCIES] + [f"ou=tccb,ou={code}" for code in AGENCIES]
    units = [unit(code, "tccb") for code in draw(st.sets(st.sampled_from(AGENCIES)))]
    people = draw(st.dictionaries(st.sampled_from("abcde"), st.sampled_from(places)))
    holders = draw(st.dictionaries(st.sampled_from((X, Y, Z)), st.sampled_from("abcdem")))
    state = draw(st.sampled_from(list(State)))
    held = {name: tuple(sorted(address for address, by in holders.items() if by == name)) for name in "abcdem"}
    with_units = {one.dn for one in units}
    return [
        *units,
        entry("mailbox:m", f"uid=m,{draw(st.sampled_from(places[:3]))}", mailLocalAddress=held["m"]),
        *(
            person(name, place, state if name == "a" else State.ACTIVE, mailLocalAddress=held[name])
            for name, place in people.items()
            if not place.startswith("ou=tccb") or f"{place},{BASE}" in with_units
        ),
    ]


PEOPLE = f"ou=people,{SUFFIX}"
OLD_PLACES = (PEOPLE, *(f"ou={code},{BASE}" for code in AGENCIES))
old_people = st.lists(
    st.tuples(
        st.sampled_from(("uid=a", "uid=b", "uid=m", "cn=a", "cn=x")),
        st.sampled_from(OLD_PLACES),
        st.sampled_from(({}, {"employeeNumber": "a"}, {"mail": X}, {"mail": Y}, {"uid": "b"})),
        st.sampled_from(("inetOrgPerson", "account")),
    ),
    max_size=3,
)


@given(
    estates(), estates(), old_people, st.sets(st.sampled_from(AGENCIES), min_size=1), st.sampled_from(("", "a", "z"))
)
def test_a_part_of_the_plan_is_never_more_than_the_plan(
    before: list[Entry],
    after: list[Entry],
    strangers: list[tuple[str, str, dict[str, str], str]],
    scope: set[str],
    twin: str,
) -> None:
    directory = holding(*before)
    directory.put(PEOPLE, objectClass="organizationalUnit")
    for rdn, place, more, kind in strangers:
        name, value = rdn.split("=")
        if f"{rdn},{place}" not in directory.records:
            directory.put(f"{rdn},{place}", **{"objectClass": kind, name: value, **more})
    if twin:
        directory.put(f"uid=twin,ou=sxd,{BASE}", **{**person(twin, "ou=sxd").attributes, "uid": ("twin",)})
    wanted = desired(*map(agency, AGENCIES), *after)
    addresses = {one.id: tuple(map(locked, one.attributes["mailLocalAddress"])) for one in after if one.id in HOLDERS}
    part, whole = (
        make_plan(wanted, observe(directory, wanted, terms, [PEOPLE]), None, terms)
        for terms in (Terms(tuple(sorted(scope)), True, addresses), Terms((), True, addresses))  # noqa: FBT003 - adopt
    )
    assert set(map(repr, part.changes)) <= set(map(repr, whole.changes))
    targets = {agency_of(change.target, BASE) for change in part.changes}
    origins = {agency_of(change.dn, BASE) for change in part.changes} - {""}
    assert targets | origins <= scope
    if scope == set(AGENCIES):
        assert part.changes == whole.changes


HOLDERS = {"mailbox:m", *(f"person:{name}" for name in "abcde")}


def locked(address: str) -> Address:
    """Give a line of the lock."""
    return Address(address, "", Standing.PRIMARY, (), None, Origin("addresses/tinh.gov.vn.yml", 1))
