"""A plan is found by every name that people give it, and is what its name says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import store
from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan, PlanError
from ansible_collections.congvu.mail.plugins.module_utils.plan import make_plan
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import desired, small

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def plan() -> Plan:
    return make_plan(desired(*small()), [])


def test_a_plan_is_found_by_path_id_beginning_and_as_the_latest(tmp_path: Path, plan: Plan) -> None:
    path = store.save(plan, {"plan.md": "# Plan\n"}, tmp_path)
    for reference in (str(path), path.name, plan.id, plan.id[:12], "latest", str(tmp_path / "latest.jsonl")):
        assert store.find(reference, tmp_path) == plan
    assert (tmp_path / "latest" / "plan.md").read_text() == "# Plan\n"


def test_a_plan_is_read_by_its_maker_alone(tmp_path: Path, plan: Plan) -> None:
    path = store.save(plan, {"agencies/snv.md": "# snv\n"}, tmp_path / "plans")
    modes = {found.name: found.stat().st_mode & 0o777 for found in (path.parent, path)}
    assert modes == {"plans": 0o700, path.name: 0o600}


def test_the_latest_is_the_last_one_made(tmp_path: Path, plan: Plan) -> None:
    later = make_plan(desired(*small(), commit="other1"), [])
    store.save(plan, {}, tmp_path)
    store.save(later, {}, tmp_path)
    assert store.find("latest", tmp_path) == later
    assert store.find(plan.id, tmp_path) == plan


def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, plan: Plan) -> None:
    other = make_plan(desired(*small(1)), [])
    store.save(plan, {}, tmp_path).write_bytes(other.content)
    with pytest.raises(PlanError, match="not what its name says"):
        store.find(plan.id, tmp_path)


@pytest.mark.parametrize("reference", ["latest", "0" * 64, "deadbeef", "khong/co.jsonl"])
def test_a_plan_that_is_not_there_is_asked_for(tmp_path: Path, reference: str) -> None:
    with pytest.raises(PlanError, match="Make a plan first"):
        store.find(reference, tmp_path)


def test_a_beginning_that_fits_two_plans_is_refused(tmp_path: Path) -> None:
    for last in "ab":
        (tmp_path / f"{'0' * 63}{last}.jsonl").touch()
    with pytest.raises(PlanError, match="Give more of it"):
        store.find("0" * 12, tmp_path)


def test_the_served_domains_are_those_that_were_noted_and_unknown_before(tmp_path: Path) -> None:
    assert store.served_domains(tmp_path) is None
    (tmp_path / "served-domains").write_text("tinh.gov.vn\nmoi.tinh.gov.vn\n", encoding="ascii")
    assert store.served_domains(tmp_path) == frozenset({"tinh.gov.vn", "moi.tinh.gov.vn"})
