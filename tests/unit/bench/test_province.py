"""The invented province is sound, the same for the same seed, and lives its days within the rails."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils import safety, source
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.directory import Add
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.tests.bench.province import TODAY, Province
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import MemoryDirectory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.model import Desired

SUFFIX = "dc=tinh,dc=gov,dc=vn"


def compiled(root: Path) -> Desired:
    return compile_desired(source.load(root), suffix=SUFFIX, as_of=TODAY, commit="")


def test_the_same_seed_gives_the_same_province(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        Province(60, 4, seed).write(tmp_path / name)
    one, again, other = (compiled(tmp_path / name).entries for name in ("one", "again", "other"))
    assert one == again
    assert one != other


def test_names_collide_and_agencies_differ_in_size(tmp_path: Path) -> None:
    province = Province(600, 10)
    province.write(tmp_path)
    names = Counter(post.name for agency in province.agencies for post in agency.posts)
    assert max(names.values()) > 1
    sizes = [len(agency.posts) for agency in province.agencies]
    assert max(sizes) > 5 * min(sizes)
    assert sum(sizes) == 600


def test_a_day_brings_as_many_changes_as_asked_and_runs_into_no_rail(tmp_path: Path) -> None:
    province = Province(600, 10)
    province.write(tmp_path)
    directory = MemoryDirectory()
    directory.write([Add(entry.dn, _bytes(entry.attributes)) for entry in compiled(tmp_path).entries.values()])
    province.live_a_day(10)
    province.write(tmp_path)
    plan = make_plan(compiled(tmp_path), directory.read_tree(f"ou=agencies,{SUFFIX}", ATTRIBUTES))
    assert {operation: count for operation, count in plan.counts.items() if count} == {
        "create": 2,
        "update": 4,
        "move": 3,
        "disable": 1,
    }
    assert safety.check(plan) == ()


def _bytes(attributes: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[bytes, ...]]:
    return {name: tuple(value.encode() for value in values) for name, values in attributes.items()}
