"""The way back from a plan leads to where it began, but for what cannot be undone, and past what others did since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import apply as engine
from ansible_collections.congvu.mail.plugins.module_utils import safety
from ansible_collections.congvu.mail.plugins.module_utils.changes import Cause, Plan
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
from ansible_collections.congvu.mail.plugins.module_utils.lease import Lease, read_control
from ansible_collections.congvu.mail.plugins.module_utils.model import Entry, State
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, Terms, make_plan
from ansible_collections.congvu.mail.plugins.module_utils.rollback import REASON, undo
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import (
    DUE,
    agency,
    desired,
    entry,
    person,
    small,
    unit,
)
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, CONTROL, MemoryDirectory
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture
def carry_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Plan, MemoryDirectory], None]:
    """Give an apply that must succeed, of the plan as it is read from its file."""
    monkeypatch.setattr(engine, "SETTLE", 0)
    clock = iter(NOW + timedelta(hours=hours) for hours in range(100_000))

    def run(plan: Plan, directory: MemoryDirectory) -> None:
        now = next(clock)
        lease = Lease(directory, CONTROL, "chay:thu:0", lambda: now)
        with Journal(tmp_path, plan.id, lambda: now) as journal:
            result = engine.apply(Plan.parse(plan.content), directory, lease, journal, lambda id_: id_.encode())
        assert result.complete, [answer for answer in result.answers if answer.message]

    return run


def planned(directory: MemoryDirectory, *entries: Entry, commit: str = "c0ffee") -> Plan:
    """Plan for these entries."""
    applied = read_control(directory, CONTROL).applied
    return make_plan(desired(*entries, commit=commit), directory.read_tree(BASE, ATTRIBUTES), applied)


def adopting(directory: MemoryDirectory, *entries: Entry) -> Plan:
    """Plan for these entries, taking over what matches them."""
    applied = read_control(directory, CONTROL).applied
    return make_plan(desired(*entries), directory.read_tree(BASE, ATTRIBUTES), applied, Terms(adopt=True))


def unmarked(directory: MemoryDirectory, like: Entry, **more: str) -> None:
    """Let an entry stand there that is what the registry means, and was made by others."""
    own = {name: given for name, given in like.attributes.items() if not name.startswith("congvu")}
    directory.put(like.dn, **{**own, "objectClass": ("inetOrgPerson",)}, **more)


def way_back(directory: MemoryDirectory, plan: Plan) -> Plan:
    """Plan the way back."""
    applied = read_control(directory, CONTROL).applied
    return undo(plan, directory.read_tree(BASE, ATTRIBUTES), desired(), applied)


def shown(directory: MemoryDirectory) -> dict[str, tuple[str, dict[str, frozenset[str]]]]:
    """Show where every entry stands and what it holds, by its id."""
    return {
        record.attributes["congvuId"][0]: (
            dn,
            {
                name: frozenset(values)
                for name, values in record.attributes.items()
                if name not in ("userPassword", "pwdReset", "pwdChangedTime")
            },
        )
        for dn, record in directory.records.items()
        if "congvuId" in record.attributes
    }


def done(carry_out: Callable[[Plan, MemoryDirectory], None], *steps: tuple[Entry, ...]) -> tuple[MemoryDirectory, Plan]:
    """Bring a directory from one registry to the next; give the last plan as well."""
    directory = MemoryDirectory()
    for number, entries in enumerate(steps):
        plan = planned(directory, *entries, commit=f"c{number}")
        carry_out(plan, directory)
    return directory, plan


def messages(plan: Plan) -> list[str]:
    """Give what the plan remarks."""
    return [str(remark.message) for remark in plan.remarks]


A, B = agency("snv"), agency("stc")
CASES: dict[str, tuple[tuple[Entry, ...], tuple[Entry, ...]]] = {
    "another title": ((A, person("a", "ou=snv", title="x")), (A, person("a", "ou=snv", title="y"))),
    "a title where there was none": ((A, person("a", "ou=snv")), (A, person("a", "ou=snv", title="y"))),
    "a transfer with another title": (
        (A, B, person("a", "ou=snv", title="x")),
        (A, B, person("a", "ou=stc", title="y")),
    ),
    "somebody held": ((A, person("a", "ou=snv")), (A, person("a", "ou=snv", State.HELD, congvuRetainUntil="2027"))),
    "somebody let in again": ((A, person("a", "ou=snv", State.DISABLED)), (A, person("a", "ou=snv"))),
    "somebody forgotten": ((A, B, person("a", "ou=snv")), (A, B)),
    "an agency under another code, with all in it": (
        (A, unit("snv", "tccb"), person("a", "ou=tccb,ou=snv")),
        (
            entry("agency:snv", "ou=sonv"),
            entry("unit:snv/tccb", "ou=tc,ou=sonv"),
            person("a", "ou=tc,ou=sonv"),
        ),
    ),
    "an agency under another code, which somebody leaves": (
        (A, B, person("a", "ou=snv"), person("b", "ou=snv")),
        (entry("agency:snv", "ou=sonv"), B, person("a", "ou=stc"), person("b", "ou=sonv")),
    ),
    "a unit deleted, which somebody left": (
        (A, unit("snv", "tccb"), person("a", "ou=tccb,ou=snv")),
        (A, person("a", "ou=snv")),
    ),
    "a unit made, which somebody entered": (
        (A, person("a", "ou=snv")),
        (A, unit("snv", "tccb"), person("a", "ou=tccb,ou=snv")),
    ),
    "two exchange addresses": (
        (A, person("a", "ou=snv", mail="x@tinh.gov.vn"), person("b", "ou=snv", mail="y@tinh.gov.vn")),
        (A, person("a", "ou=snv", mail="y@tinh.gov.vn"), person("b", "ou=snv", mail="x@tinh.gov.vn")),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_way_back_leads_to_where_the_plan_began(
    case: str, carry_out: Callable[[Plan, MemoryDirectory], None]
) -> None:
    before, after = CASES[case]
    directory, _ = done(carry_out, before)
    began = shown(directory)
    plan = planned(directory, *after, commit="c1")
    assert plan.changes
    carry_out(plan, directory)
    back = way_back(directory, plan)
    carry_out(back, directory)
    assert shown(directory) == began
    assert messages(back) == []
    assert way_back(directory, plan).changes == (), "undone once, there is nothing more to undo"


@pytest.mark.parametrize("case", CASES)
def test_the_way_back_has_a_way_back_itself(case: str, carry_out: Callable[[Plan, MemoryDirectory], None]) -> None:
    directory, plan = done(carry_out, *CASES[case])
    ended = shown(directory)
    back = way_back(directory, plan)
    carry_out(back, directory)
    carry_out(way_back(directory, back), directory)
    assert shown(directory) == ended


def test_it_is_a_plan_that_says_what_it_is(carry_out: Callable[[Plan, MemoryDirectory], None]) -> None:
    directory, plan = done(carry_out, CASES["another title"][0], CASES["another title"][1])
    back = way_back(directory, plan)
    assert back.purpose == f"rollback:{plan.id}"
    assert back.commit == "c0", "the commit that was in force before"
    assert {(change.cause, change.reason, change.source) for change in back.changes} == {(Cause.ROLLBACK, REASON, None)}
    assert Plan.parse(back.content) == back


def test_until_the_registry_is_reverted_the_next_plan_does_it_again(
    carry_out: Callable[[Plan, MemoryDirectory], None],
) -> None:
    before, after = CASES["a transfer with another title"]
    directory, plan = done(carry_out, before, after)
    carry_out(way_back(directory, plan), directory)
    again = planned(directory, *after, commit="c1")
    assert [(change.id, change.after) for change in again.changes] == [(one.id, one.after) for one in plan.changes]
    assert {change.cause for change in again.changes} == {Cause.COMMIT}
    assert planned(directory, *before, commit="c0").changes == ()


def test_whom_the_plan_made_is_held_and_gives_back_what_was_another_s(
    carry_out: Callable[[Plan, MemoryDirectory], None],
) -> None:
    x, y = "x@tinh.gov.vn", "y@tinh.gov.vn"
    old = person("a", "ou=snv", mail=x, mailLocalAddress=x)
    new = person("a", "ou=snv", mail=y, mailLocalAddress=y)
    came = person("b", "ou=snv", mail=x, mailLocalAddress=(x, "b@tinh.gov.vn"))
    directory, plan = done(carry_out, (A, old), (A, new, came, entry("admin:snv", "cn=admin,ou=snv")))
    carry_out(way_back(directory, plan), directory)
    stands = shown(directory)
    assert stands["person:a"][1]["mail"] == {x}
    assert stands["person:b"][1]["congvuState"] == {"held"}
    assert stands["person:b"][1]["mail"] == {"b@tinh.gov.vn"}
    assert stands["person:b"][1]["mailLocalAddress"] == {"b@tinh.gov.vn"}
    assert stands["admin:snv"][1]["congvuState"] == {"disabled"}


def test_a_unit_that_the_plan_made_stays_if_somebody_came_since(
    carry_out: Callable[[Plan, MemoryDirectory], None],
) -> None:
    directory, plan = done(carry_out, (A,), (A, unit("snv", "tccb"), B))
    directory.put(f"cn=la,ou=tccb,ou=snv,{BASE}", cn="la")
    back = way_back(directory, plan)
    assert back.changes == ()
    assert messages(back) == [
        "agency:stc was made by the plan and stays: an agency is never deleted.",
        "unit:snv/tccb was made by the plan and stays: others stand in it.",
    ]


def test_a_purge_is_not_undone_and_the_rest_is(carry_out: Callable[[Plan, MemoryDirectory], None]) -> None:
    purged = person("a", "ou=snv", State.PURGED, mail=(), mailLocalAddress=())
    directory, plan = done(
        carry_out,
        (A, person("a", "ou=snv", State.HELD, congvuRetainUntil=DUE), person("b", "ou=snv", title="x")),
        (A, purged, person("b", "ou=snv", title="y")),
    )
    back = way_back(directory, plan)
    assert [change.id for change in back.changes] == ["person:b"]
    assert messages(back) == ["The mail of person:a is purged: nothing brings it back but a backup."]
    assert back.remarks[0].blocking is False


def test_no_way_back_purges_anything(carry_out: Callable[[Plan, MemoryDirectory], None]) -> None:
    purged = person("a", "ou=snv", State.PURGED, mail=(), mailLocalAddress=())
    held = person("a", "ou=snv", State.HELD, congvuRetainUntil=DUE)
    directory, plan = done(carry_out, (A, held), (A, purged), (A, person("a", "ou=snv")))
    back = way_back(directory, plan)
    assert [(change.operation, change.after["congvuState"]) for change in back.changes] == [("disable", ("held",))]
    assert messages(back) == ["person:a came back after its purge: it is closed again, and its new mail is kept."]
    carry_out(back, directory)


def test_an_adopted_entry_loses_our_marks_again(carry_out: Callable[[Plan, MemoryDirectory], None]) -> None:
    directory = MemoryDirectory()
    carry_out(planned(directory, A), directory)
    unmarked(directory, person("a", "ou=snv"), telephoneNumber="1")
    began = dict(directory.records)
    plan = adopting(directory, A, person("a", "ou=snv"))
    assert plan.counts["adopt"] == 1
    carry_out(plan, directory)
    back = way_back(directory, plan)
    carry_out(back, directory)
    key = f"uid=a,ou=snv,{BASE}"
    assert directory.records[key].attributes == began[key].attributes
    assert directory.records[key].uuid == began[key].uuid
    assert back.counts["update"] == 1


def test_one_who_was_adopted_from_elsewhere_or_changed_since_stays_ours(
    carry_out: Callable[[Plan, MemoryDirectory], None],
) -> None:
    directory = MemoryDirectory()
    carry_out(planned(directory, A, B), directory)
    for uid in "ab":
        unmarked(directory, person(uid, "ou=stc"))
    plan = adopting(directory, A, B, person("a", "ou=snv"), person("b", "ou=stc"))
    assert plan.counts["adopt"] == 2
    carry_out(plan, directory)
    directory.touch(f"uid=b,ou=stc,{BASE}", congvuDecision="1/QĐ")
    directory.touch(f"uid=b,ou=stc,{BASE}", congvuState="disabled")
    back = way_back(directory, plan)
    assert back.changes == ()
    assert messages(back) == [
        f"person:a was adopted from uid=a,ou=stc,{BASE}: it stays where it is, and ours.",
        "person:b was changed since it was adopted: it stays ours.",
    ]


def test_what_somebody_touched_since_is_left_as_it_is(carry_out: Callable[[Plan, MemoryDirectory], None]) -> None:
    directory, plan = done(
        carry_out,
        (A, person("a", "ou=snv", title="x", givenName="u")),
        (A, person("a", "ou=snv", title="y", givenName="v")),
    )
    directory.touch(f"uid=a,ou=snv,{BASE}", title="z")
    back = way_back(directory, plan)
    assert [dict(change.after) for change in back.changes] == [{"givenName": ("u",)}]
    assert messages(back) == ["title of person:a was changed since the plan: left as it is."]


def test_who_was_moved_since_stays_as_they_are(carry_out: Callable[[Plan, MemoryDirectory], None]) -> None:
    steps = (
        (A, B, agency("sxd"), person("a", "ou=snv", title="x")),
        (A, B, agency("sxd"), person("a", "ou=stc", title="y")),
    )
    directory, plan = done(carry_out, *steps)
    carry_out(planned(directory, A, B, agency("sxd"), person("a", "ou=sxd", title="y")), directory)
    back = way_back(directory, plan)
    assert back.changes == ()
    assert messages(back) == ["person:a was moved since the plan: it stays as it is."]


def test_nobody_goes_back_to_where_another_stands_or_nothing_is(
    carry_out: Callable[[Plan, MemoryDirectory], None],
) -> None:
    directory, plan = done(
        carry_out,
        (A, B, unit("snv", "tccb"), person("a", "ou=snv"), person("b", "ou=tccb,ou=snv")),
        (A, B, unit("snv", "tccb"), person("a", "ou=stc"), person("b", "ou=stc")),
    )
    directory.put(f"uid=a,ou=snv,{BASE}", uid="a")
    del directory.records[f"ou=tccb,ou=snv,{BASE}"]
    back = way_back(directory, plan)
    assert back.changes == ()
    assert messages(back) == [
        f"person:a cannot go back to uid=a,ou=snv,{BASE}: another entry stands there.",
        f"person:b cannot go back to uid=b,ou=tccb,ou=snv,{BASE}: what it stood in is gone.",
    ]


def test_an_agency_whose_former_code_is_taken_keeps_the_new_one_with_all_in_it(
    carry_out: Callable[[Plan, MemoryDirectory], None],
) -> None:
    directory, plan = done(
        carry_out,
        (A, B, person("a", "ou=snv"), person("b", "ou=snv", title="x")),
        (entry("agency:snv", "ou=sonv"), B, person("a", "ou=stc"), person("b", "ou=sonv", title="y")),
    )
    directory.put(f"ou=snv,{BASE}", ou="snv")
    back = way_back(directory, plan)
    assert sorted((change.id, change.target) for change in back.changes) == [
        ("person:a", f"uid=a,ou=sonv,{BASE}"),
        ("person:b", f"uid=b,ou=sonv,{BASE}"),
    ]
    carry_out(back, directory)


def test_an_address_that_another_has_by_now_is_not_taken_away(
    carry_out: Callable[[Plan, MemoryDirectory], None],
) -> None:
    directory, plan = done(
        carry_out,
        (A, person("a", "ou=snv", mail="x@tinh.gov.vn", title="x")),
        (A, person("a", "ou=snv", mail="y@tinh.gov.vn", title="y")),
    )
    directory.put(f"uid=la,ou=snv,{BASE}", uid="la", mail="X@tinh.gov.vn")
    back = way_back(directory, plan)
    assert [dict(change.after) for change in back.changes] == [{"title": ("x",)}]
    assert messages(back) == [
        "person:a does not get x@tinh.gov.vn back: another entry has it by now. Its addresses stay."
    ]


def test_a_plan_that_was_never_applied_has_no_way_back(carry_out: Callable[[Plan, MemoryDirectory], None]) -> None:
    directory, _ = done(carry_out, small())
    plan = planned(directory, *small(6), agency("sxd"))
    assert way_back(directory, plan).changes == ()
    assert messages(way_back(directory, plan)) == []


def test_the_rails_stand_on_the_way_back_too(carry_out: Callable[[Plan, MemoryDirectory], None]) -> None:
    newcomers = tuple(person(f"n{number}", "ou=stc") for number in range(30))
    directory, plan = done(carry_out, small(), (*small(), *newcomers))
    back = way_back(directory, plan)
    assert back.counts["disable"] == 30
    assert "disables" in {finding.rail for finding in safety.check(back)}


def test_what_the_plan_left_alone_is_left_alone_whatever_its_bytes_are(
    carry_out: Callable[[Plan, MemoryDirectory], None],
) -> None:
    before, after = CASES["a transfer with another title"]
    directory = MemoryDirectory()
    strange = directory.put(f"uid=la,ou=stc,{BASE}", congvuEstate="thu", congvuId="person:la", uid="la")
    garbled = strange._replace(attributes={**strange.attributes, "cn": ("\udcff",)})
    directory.records[f"uid=la,ou=stc,{BASE}"] = garbled
    carry_out(planned(directory, *before), directory)
    plan = planned(directory, *after)
    carry_out(plan, directory)
    assert {change.id for change in way_back(directory, plan).changes} == {"person:a"}


NAMES = tuple("uvwxyz")
PEOPLE = "abcde"


@st.composite
def registries(draw: st.DrawFn) -> tuple[Entry, ...]:
    """Draw agencies under one of two codes, a unit or none, and people anywhere in any state with any addresses."""
    code = draw(st.sampled_from(["snv", "sonv"]))
    entries = [entry("agency:snv", f"ou={code}", description=draw(st.sampled_from("xy"))), agency("stc")]
    places = [f"ou={code}", "ou=stc"]
    if draw(st.booleans()):
        places.append(f"ou=tccb,ou={code}")
        entries.append(unit("snv", "tccb")._replace(dn=f"{places[-1]},{BASE}"))
    hands = draw(st.lists(st.sampled_from(["", *PEOPLE]), min_size=len(NAMES), max_size=len(NAMES)))
    for uid in draw(st.sets(st.sampled_from(PEOPLE))):
        own = draw(st.permutations([f"{name}@x" for name, hand in zip(NAMES, hands, strict=True) if hand == uid]))
        state = draw(st.sampled_from([State.ACTIVE, State.DISABLED, State.HELD]))
        title = draw(st.sampled_from([{}, {"title": "Chuyên viên"}, {"title": "Phó phòng"}]))
        given_addresses = {"mail": tuple(own[:1]), "mailLocalAddress": tuple(sorted(own))}
        entries.append(person(uid, draw(st.sampled_from(places)), state, **title, **given_addresses))
    return tuple(entries)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=registries(), after=registries())
def test_whatever_a_plan_did_its_way_back_undoes(
    carry_out: Callable[[Plan, MemoryDirectory], None], before: tuple[Entry, ...], after: tuple[Entry, ...]
) -> None:
    forgotten = {one.id for one in before} - {one.id for one in after}
    theirs = {
        address for one in before if one.id in forgotten for address in one.attributes.get("mailLocalAddress", ())
    }
    assume(not any(theirs.intersection(one.attributes.get("mailLocalAddress", ())) for one in after))
    directory = MemoryDirectory()
    carry_out(planned(directory, *before), directory)
    began = shown(directory)
    kept = {record.uuid for dn, record in directory.records.items() if dn.startswith("uid=")}
    plan = planned(directory, *after)
    carry_out(plan, directory)
    back = way_back(directory, plan)
    carry_out(back, directory)
    ends = shown(directory)
    assert {id_: ends[id_] for id_ in began} == began
    made = {change.id for change in plan.changes if change.operation == "create"}
    assert ends.keys() - began.keys() <= made
    for id_ in ends.keys() - began.keys():
        place, values = ends[id_]
        inhabited = any(other.endswith(f",{place}") for other, _ in ends.values())
        assert id_.startswith("person:") or inhabited, "a unit that the plan made stays for those whom it made in it"
        assert values["congvuState"] != {"active"} or inhabited
    assert kept <= {record.uuid for record in directory.records.values()}, "nobody was made anew"
    assert way_back(directory, plan).changes == ()
