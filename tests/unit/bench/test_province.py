"""The invented province is sound on every day, the same for the same seed, and lives within the rails."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import compile as compiling
from ansible_collections.congvu.mail.plugins.module_utils import safety, source
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired, headless
from ansible_collections.congvu.mail.plugins.module_utils.directory import Add
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind, State, Tie
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.tests.bench.province import TODAY, Province
from ansible_collections.congvu.mail.tests.bench.province.__main__ import main
from ansible_collections.congvu.mail.tests.bench.province.names import another, name
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import MemoryDirectory

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.model import Desired, Registry

SUFFIX = "dc=tinh,dc=gov,dc=vn"
DAYS = [date(2026, month, 1) for month in range(1, 13)]


def compiled(root: Path, day: date = TODAY) -> Desired:
    return compile_desired(source.load(root), suffix=SUFFIX, as_of=day, commit="")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Return the registry of a small province with its year."""
    root = tmp_path_factory.mktemp("year")
    main(["--people", "1200", "--agencies", "60", "--out", str(root)])
    return source.load(root)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder, seed in (("one", "1"), ("again", "1"), ("other", "2")):
        main(["--people", "200", "--agencies", "8", "--seed", seed, "--out", str(tmp_path / folder)])
    one, again, other = (
        {path.relative_to(tmp_path / folder): path.read_bytes() for path in (tmp_path / folder).rglob("*.yml")}
        for folder in ("one", "again", "other")
    )
    assert one == again
    assert one != other


@pytest.mark.parametrize(("people", "agencies"), [(3, 1), (40, 4), (300, 3)])
def test_a_province_may_be_as_small_as_one_likes(tmp_path: Path, people: int, agencies: int) -> None:
    main(["--people", str(people), "--agencies", str(agencies), "--out", str(tmp_path)])
    assert len(source.load(tmp_path).agencies) == agencies


def test_an_agency_without_anybody_to_lead_it_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["--people", "5", "--agencies", "2", "--out", str(tmp_path)])
    assert "three people at least" in capsys.readouterr().err


def test_names_are_as_common_as_in_life() -> None:
    dice = Random(1)  # noqa: S311 - a test's dice
    drawn = [name(dice) for _ in range(20_000)]
    families = Counter(one.split()[0] for one in drawn)
    assert families["Nguyễn"] / len(drawn) == pytest.approx(0.384, abs=0.02)
    assert [family for family, _ in families.most_common(3)] == ["Nguyễn", "Trần", "Lê"]
    assert max(Counter(drawn).values()) > 10, "namesakes"
    assert all(another(dice, one) != one for one in drawn[:100])


def test_a_few_agencies_are_big_and_many_are_small(year: Registry) -> None:
    sizes = sorted(len(agency.posts) for agency in year.agencies.values())
    assert sizes[-1] > 10 * sizes[len(sizes) // 2]


def test_the_year_brings_everything_that_decisions_are_about(year: Registry) -> None:
    agencies = year.agencies.values()
    posts = [post for own in year.persons.values() for post in own]
    assert {tie for own in year.seconds.values() for tie in (post.tie for post in own)} == {
        Tie.SECONDMENT,
        Tie.CONCURRENT,
    }
    assert {str(post.ending) for post in posts if post.ending} == {"retirement", "resignation"}
    assert any(post.absences for post in posts)
    assert any(len({post.name for post in own}) > 1 for own in year.persons.values()), "renamed"
    assert any(len({post.agency for post in own}) > 1 for own in year.persons.values()), "transferred"
    assert any(post.since > DAYS[0] for own in year.persons.values() for post in own[:1]), "joined"
    assert any(len(agency.versions) > 1 for agency in agencies), "an agency renamed"
    assert any(agency.successor for agency in agencies), "merged"
    assert any(agency.since and agency.since > DAYS[0] for agency in agencies), "split"
    assert any(mailbox.folder for agency in agencies for mailbox in agency.mailboxes.values())


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_day_of_the_year_can_be_planned(year: Registry, day: date) -> None:
    desired = compile_desired(year, suffix=SUFFIX, as_of=day, commit="")
    assert not headless(year, day)
    people = Counter(entry.state for entry in desired.entries.values() if entry.kind is Kind.PERSON)
    assert people[State.ACTIVE] > 1100
    addresses = Counter(value for entry in desired.entries.values() for value in entry.attributes.get("mail", ()))
    assert max(addresses.values()) == 1


@pytest.mark.parametrize("day", DAYS[::3], ids=str)
def test_whoever_is_nothing_else_comes_to_the_same_by_the_longer_way(
    year: Registry, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = compile_desired(year, suffix=SUFFIX, as_of=day, commit="")
    monkeypatch.setattr(compiling, "_is_alone", lambda *_: False)
    assert compile_desired(year, suffix=SUFFIX, as_of=day, commit="") == short


def test_a_day_brings_as_many_changes_as_asked_and_runs_into_no_rail(tmp_path: Path) -> None:
    province = Province(600, 10)
    province.write(tmp_path)
    directory = MemoryDirectory()
    directory.write([Add(entry.dn, entry.attributes) for entry in compiled(tmp_path).entries.values()])
    province.live_a_day(10)
    province.write(tmp_path)
    plan = make_plan(compiled(tmp_path), directory.read_tree(f"ou=agencies,{SUFFIX}", ATTRIBUTES))
    assert {name: count for name, count in plan.counts.items() if count} == {
        "create": 2,
        "update": 4,
        "move": 3,
        "disable": 1,
    }
    assert safety.check(plan) == ()
