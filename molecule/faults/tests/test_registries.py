"""Registries that are not what they should be: nothing is written, and nobody needs to guess why."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan

from ..days import THUATHIENHUE, Days
from ..estate import SUFFIX, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..control import Said
    from ..world import World

CUTS = 12


@contextmanager
def another(world: World) -> Iterator[Path]:
    """Let a test spoil the registry, and bring it back as it was."""
    registry = world.control.registry
    kept = shutil.copytree(registry, registry.with_name("kept"))
    try:
        yield registry
    finally:
        shutil.rmtree(registry)
        kept.rename(registry)


def stopped(world: World) -> Said:
    """Plan and try to apply, as a pipeline would that does not look; see that nothing comes of it."""
    before = versions(world.estate.tree())
    latest = (world.control.state / "plans" / "latest.jsonl").resolve()
    said = world.control.plan(world.days.today, suffix=SUFFIX)
    assert said.status in (1, 3), said.text
    applied = world.control.apply()
    if said.status == 1:
        assert (world.control.state / "plans" / "latest.jsonl").resolve() == latest, "a plan was made of it"
    else:
        assert applied.status == 3, applied.text
        assert "Nothing was written" in applied.text, applied.text
    assert versions(world.estate.tree()) == before
    return said


def no_files(registry: Path) -> None:
    """Take all agencies away."""
    for file in registry.glob("agencies/*.yml"):
        file.unlink()


def nothing_in_them(registry: Path) -> None:
    """Empty all files of agencies."""
    for file in registry.glob("agencies/*.yml"):
        file.write_text("", encoding="utf-8")


def nobody(registry: Path) -> None:
    """Leave the agencies, and nobody in them, nor a lock that remembers them."""
    for file in registry.glob("agencies/*.yml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.partition("people:\n")[0] + "people: []\n", encoding="utf-8")
    for file in registry.glob("addresses/*.yml"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if ": person:" not in line), encoding="utf-8")


def no_folder(registry: Path) -> None:
    """Take everything away."""
    shutil.rmtree(registry)
    registry.mkdir()


def no_lock(registry: Path) -> None:
    """Lose who holds which address."""
    shutil.rmtree(registry / "addresses")


@pytest.mark.parametrize("spoil", [no_files, nothing_in_them, nobody, no_folder, no_lock])
def test_an_emptied_registry_touches_nobody(world: World, spoil: object) -> None:
    with another(world) as registry:
        assert callable(spoil)
        spoil(registry)
        stopped(world)
    world.check()


def test_an_agency_s_file_that_is_lost_stops_the_plan(world: World) -> None:
    for agency in world.days.living():
        with another(world) as registry:
            (registry / "agencies" / f"{agency.code}.yml").unlink()
            said = stopped(world)
            assert agency.code in said.text


def test_an_agency_s_file_that_is_lost_with_its_addresses_stops_the_plan(world: World) -> None:
    """A merge that went wrong takes both; the files that remain fit together."""
    agency = max(world.days.living(), key=lambda agency: len(agency.posts))
    with another(world) as registry:
        (registry / "agencies" / f"{agency.code}.yml").unlink()
        holders = {f"person:{post.person}" for post in agency.posts} | {f"mailbox:{agency.code}"}
        for file in registry.glob("addresses/*.yml"):
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [line for line in lines if ":" not in line or line.partition(": ")[2].split()[0] not in holders]
            file.write_text("".join(kept), encoding="utf-8")
        stopped(world)
    world.check()


def test_half_a_file_is_told_or_makes_no_difference(world: World) -> None:
    before = versions(world.estate.tree())
    files = sorted(path.relative_to(world.control.registry) for path in world.control.registry.rglob("*.yml"))
    for _ in range(CUTS):
        with another(world) as registry:
            file = registry / world.random.choice(files)
            content = file.read_bytes()
            cut = world.random.randrange(len(content))
            file.write_bytes(content[:cut])
            said = world.control.plan(world.days.today)
            told = f"{file.name} cut at {cut} of {len(content)} bytes: {said.text}"
            assert said.status in (0, 1, 3) or _corrects_numbers(said), told
            if said.status == 1:
                assert str(file.relative_to(registry)) in told or "addresses/" in said.text, told
            if said.status == 3:
                assert world.control.apply().status == 3
    assert versions(world.estate.tree()) == before
    world.check()


def _corrects_numbers(said: Said) -> bool:
    """Tell whether nothing but the numbers of decisions would change, as when a clerk mends a slip of the pen."""
    plan = Plan.parse(Path(said.answer["path"]).read_bytes())
    return all(
        not change.new_dn and change.before.keys() | change.after.keys() == {"congvuDecision"}
        for change in plan.changes
    )


def test_a_transfer_whose_lines_are_lost_takes_nobody_back(world: World) -> None:
    """The last lines of a file are gone; what is left is sound, and the person is named elsewhere."""
    while not (found := _last_arrival(world)):
        world.live()
        world.reconcile()
    code, person = found
    with another(world) as registry:
        file = registry / "agencies" / f"{code}.yml"
        kept, mark, _ = file.read_text(encoding="utf-8").rpartition(f"  - id: {person}\n")
        assert mark
        file.write_text(kept, encoding="utf-8")
        said = stopped(world)
        assert said.status == 3, said.text
        assert f"[withdrawn] person:{person} " in said.text
    world.check()


def _last_arrival(world: World) -> tuple[str, str] | None:
    """Find an agency whose last line of people is that of somebody who came from another, and is still there."""
    for agency in world.days.living():
        last = agency.posts[-1]
        posts = [post for other in world.days.agencies for post in other.posts if post.person == last.person]
        if len(posts) > 1 and not last.until and last.since == max(post.since for post in posts):
            return agency.code, last.person
    return None


@pytest.mark.parametrize("province", ["thuathienhue", "daklak"])
def test_a_branch_of_another_province_stops_the_plan(world: World, province: str) -> None:
    with another(world) as registry:
        shutil.rmtree(registry)
        shutil.copytree(THUATHIENHUE.parents[1] / province / "registry", registry)
        said = stopped(world)
        assert said.status == 3, said.text
    world.check()


def test_a_branch_of_long_ago_stops_the_plan(world: World) -> None:
    with another(world) as registry:
        shutil.rmtree(registry)
        Days("another history").write(registry)
        said = stopped(world)
        assert said.status == 3, said.text
    world.check()
