"""Others at work at the same time: a second apply, and hands that edit what a plan is about to change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import ldap3
import pytest
from ansible_collections.congvu.mail.plugins.module_utils import dn as names
from ansible_collections.congvu.mail.plugins.module_utils.apply import slices
from ansible_collections.congvu.mail.plugins.module_utils.changes import Create, Plan, Update, Wave

from ..control import Trap
from ..estate import BASE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..world import World

ROUNDS = 12


def planned(world: World) -> Plan:
    """Plan a day's changes."""
    return Plan.parse(world.control.state.joinpath("plans", f"{world.plan().answer['plan']}.jsonl").read_bytes())


def test_of_two_applies_one_works_and_the_other_says_who_does(world: World) -> None:
    for _ in range(ROUNDS):
        world.live()
        plan = planned(world)
        number = world.random.randrange(sum(1 for _ in slices(plan.changes))) + 1
        first = world.control.start_apply(trap=Trap("intent", number, before=world.random.random() < 0.5))
        assert first.springs(), "there was nothing to do: nothing was tested"
        holder = json.loads(world.estate.control())["holder"]
        second = world.control.apply()
        assert holder.endswith(f":{first.pid}")
        assert second.status == 1, second.text
        assert f"Another apply is at work: {holder}, with plan {plan.id[:12]}, until " in second.text
        assert "Wait for it." in second.text
        first.go_on()
        assert first.wait().status == 0
        world.check()


def test_of_two_that_start_at_the_same_moment_one_works_and_the_two_never_interleave(world: World) -> None:
    journals = world.control.state / "journal"
    for _ in range(ROUNDS):
        world.live()
        world.plan()
        before = set(journals.iterdir())
        ends = [running.wait() for running in [world.control.start_apply() for _ in range(3)]]
        told = "\n".join(end.text for end in ends)
        # Who comes when the first is done already finds that the plan is no longer of today.
        assert sum(end.status == 0 for end in ends) == 1, told
        for end in ends:
            sentence = {0: "applied.", 1: "Another apply is at work: ", 4: "was applied already."}[end.status]
            assert sentence in end.text, told
        fresh = (path.read_text(encoding="utf-8") for path in journals.iterdir() if path not in before)
        assert sum('"event": "begin"' in text for text in fresh) == 1, told
        world.check()


def hand(world: World, edit: Callable[[Any], bool]) -> None:
    """Let somebody edit the directory."""
    with world.estate.reconciler() as connection:
        assert edit(connection), connection.result


def update_of(world: World) -> tuple[Plan, Update]:
    """Live until somebody is to be changed where they stand; return the plan and the change."""
    while True:
        world.live()
        plan = planned(world)
        found = [
            change
            for change in plan.changes
            if isinstance(change, Update) and change.wave is Wave.MODIFY and change.id.startswith("person:")
        ]
        if found:
            return plan, found[0]
        world.reconcile()


def test_a_value_that_the_plan_changes_and_somebody_else_did_is_respected(world: World) -> None:
    _, change = update_of(world)
    name = next(iter(sorted(change.after.keys() & {"title", "congvuDecision", "displayName"})))
    hand(world, lambda connection: connection.modify(change.dn, {name: [(ldap3.MODIFY_REPLACE, ["Sửa tay"])]}))
    said = world.control.apply()
    assert said.status in (4, 5), said.text
    assert said.answer["counts"]["stale"] == 1, said.text
    assert "stale: person " in said.text
    assert "The entry was changed after the plan was made." in said.text
    assert "Make a new plan for what is left" in said.text
    assert world.estate.tree()[change.dn.lower()][name] == {"Sửa tay"}
    world.reconcile()
    world.check()


def test_a_value_that_the_plan_does_not_change_stops_nothing(world: World) -> None:
    _, change = update_of(world)
    hand(
        world, lambda connection: connection.modify(change.dn, {"telephoneNumber": [(ldap3.MODIFY_REPLACE, ["0234"])]})
    )
    said = world.control.apply()
    assert said.status == 0, said.text
    assert world.estate.tree()[change.dn.lower()]["telephoneNumber"] == {"0234"}
    world.check()


def test_an_entry_that_somebody_moved_is_left_and_the_next_plan_puts_it_back(world: World) -> None:
    _, change = update_of(world)
    own, elsewhere = change.dn.split(",")[0], f"ou={world.days.living()[0].code},{BASE}"
    hand(world, lambda connection: connection.modify_dn(change.dn, own, new_superior=elsewhere))
    said = world.control.apply()
    assert said.status in (4, 5), said.text
    assert said.answer["counts"]["stale"] == 1, said.text
    assert "The entry is no longer there." in said.text
    world.reconcile()
    world.check()


def test_an_entry_that_somebody_deleted_is_missed_and_the_next_plan_makes_it_again(world: World) -> None:
    _, change = update_of(world)
    hand(world, lambda connection: connection.delete(change.dn))
    said = world.control.apply()
    assert said.status in (4, 5), said.text
    assert "The entry is no longer there." in said.text
    # Who is deleted loses the past: another entry, and the password that was issued first is in force again.
    uid = change.id.removeprefix("person:")
    del world.identities[change.id]
    world.passwords.pop(uid, None)
    world.reconcile()
    world.check()


@pytest.mark.parametrize("marked", [True, False])
def test_an_entry_that_somebody_made_first_is_not_overwritten(world: World, marked: bool) -> None:  # noqa: FBT001 - a table's column
    while True:
        world.live()
        creates = [one for one in planned(world).changes if isinstance(one, Create)]
        made = {names.key(one.dn) for one in creates}
        # Somebody who is to come to a place that is there already.
        coming = (
            one for one in creates if one.id.startswith("person:") and names.superior(names.key(one.dn)) not in made
        )
        if change := next(coming, None):
            break
        world.reconcile()
    ours = {"congvuEstate", "congvuId", "congvuState", "congvuDecision"}
    given = {name: list(values) for name, values in change.after.items() if marked or name in {"uid", "cn", "sn"}}
    classes = ["inetOrgPerson", *(["congvuObject", "congvuMailbox"] if marked else [])]
    given = {name: values for name, values in given.items() if marked or name not in ours}
    given |= {"title": ["Làm tay"]}
    given.pop("objectClass", None)
    hand(world, lambda connection: connection.add(change.dn, classes, given))
    said = world.control.apply()
    assert said.status in (4, 5), said.text
    assert "Somebody else made the entry after the plan was made." in said.text
    assert world.estate.tree()[change.dn.lower()]["title"] == {"Làm tay"}
    uid = change.id.removeprefix("person:")
    if marked:
        # It is taken for ours, whoever made it; nobody gave it a password.
        world.reconcile()
        hand(
            world,
            lambda connection: connection.modify(
                change.dn,
                {"userPassword": [(ldap3.MODIFY_REPLACE, [world.control.passwords.joinpath(uid).read_text().strip()])]},
            ),
        )
    else:
        told = world.plan()
        assert told.status == 0, told.text
        assert f"{change.dn}: It is {change.id} (it stands where that is to stand), but bears no mark" in told.text
        hand(world, lambda connection: connection.delete(change.dn))
        world.reconcile()
    world.check()
