"""Plans that are not to be carried out: of yesterday, of somebody else, damaged, or carried out already."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ..estate import versions

if TYPE_CHECKING:
    from pathlib import Path

    from ..control import Said
    from ..world import World


def planned(world: World) -> Path:
    """Plan a day's changes; return the plan's file."""
    world.live()
    return world.control.state / "plans" / f"{world.plan().answer['plan']}.jsonl"


def refused(world: World, plan: str, **other: str) -> Said:
    """Apply a plan that must not touch anything."""
    before = versions(world.estate.tree())
    said = world.control.apply(plan, **other)
    assert said.status, said.text
    assert versions(world.estate.tree()) == before, said.text
    return said


def test_a_plan_older_than_the_last_apply_is_refused_as_a_whole(world: World) -> None:
    older = planned(world)
    world.live()
    world.reconcile()
    said = refused(world, older.stem)
    assert said.status == 4
    assert f"Plan {older.stem[:12]} was made before the last apply, of plan" in said.text
    assert "Nothing was written. Make a new plan" in said.text
    world.check()


def test_what_was_taken_back_since_is_not_done_all_the_same(world: World) -> None:
    """Entry by entry the older plan would still fit: the newer one put everything back as it was."""
    today = world.days.today
    older = planned(world)
    world.reconcile()
    world.control.plan(today)
    assert refused(world, older.stem).status == 4
    world.check()


def test_a_plan_is_applied_once(world: World) -> None:
    plan = planned(world)
    assert world.control.apply(plan.stem).status == 0
    said = refused(world, plan.stem)
    assert said.status == 4
    assert f"Plan {plan.stem[:12]} was applied already" in said.text
    world.check()


def test_one_changed_byte_is_enough_wherever_it_stands(world: World) -> None:
    plan = planned(world)
    content = plan.read_bytes()
    lines = content.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    places = {
        0,
        len(content) - 1,
        *starts,
        *(start + len(line) // 2 for start, line in zip(starts, lines, strict=True)),
    }
    places |= {world.random.randrange(len(content)) for _ in range(20)}
    try:
        for place in sorted(places):
            other = bytes((content[place] ^ (1 << world.random.randrange(7)),))
            plan.write_bytes(content[:place] + other + content[place + 1 :])
            said = world.control.apply(plan.stem)
            told = f"byte {place} of {len(content)}: {said.text}"
            assert said.status == 1, told
            assert str(plan) in said.text, told
            assert "Make a new plan." in said.text, told
        for short in (0, 1, len(content) // 2, len(content) - 1):
            plan.write_bytes(content[:short])
            said = world.control.apply(plan.stem)
            assert said.status == 1, said.text
            assert "Make a new plan." in said.text, said.text
    finally:
        plan.write_bytes(content)
    assert world.control.apply(plan.stem).status == 0
    world.check()


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ({"estate": "daklak"}, "The plan is for estate thuathienhue, not for daklak."),
        ({"suffix": "dc=daklak,dc=gov,dc=vn"}, "not for dc=daklak,dc=gov,dc=vn."),
    ],
)
def test_a_plan_for_another_estate_is_refused(world: World, expected: dict[str, str], sentence: str) -> None:
    plan = planned(world)
    said = refused(world, plan.stem, **expected)
    assert said.status == 1
    assert sentence in said.text


def test_a_plan_that_reaches_outside_the_agencies_is_refused(world: World) -> None:
    """Whoever forges a plan, its id and all, cannot make it write what the registry does not own."""
    plan = planned(world)
    header, *lines = plan.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        change = json.loads(line)
        if change["line"] == "change" and change["operation"] == "update":
            change["dn"] = "cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn"
            lines[number] = json.dumps(change, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            break
    forged = plan.with_name("forged.jsonl")
    forged.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    said = refused(world, str(forged))
    assert said.status == 1
    assert "cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn lies outside ou=agencies," in said.text
