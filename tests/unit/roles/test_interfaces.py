"""A role's interface says one thing in two places, and the two agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROLES = sorted(path for path in (Path(__file__).parents[3] / "roles").iterdir() if path.is_dir())
MOST_INPUTS = 25


def load(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def options(role: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = load(role / "meta" / "argument_specs.yml")["argument_specs"]["main"].get(
        "options", {}
    )
    return found


def defaults(role: Path) -> dict[str, Any]:
    path = role / "defaults" / "main.yml"
    return load(path) if path.exists() else {}


by_role = pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)


@by_role
def test_every_default_is_specified_with_the_same_value_in_the_same_order(role: Path) -> None:
    specified = {name: option["default"] for name, option in options(role).items() if "default" in option}
    assert list(specified.items()) == list(defaults(role).items())


@by_role
def test_an_input_has_a_default_or_is_required(role: Path) -> None:
    undecided = [
        name for name, option in options(role).items() if ("default" in option) == option.get("required", False)
    ]
    assert undecided == []


@by_role
def test_an_input_carries_its_role_s_name_and_a_description(role: Path) -> None:
    for name, option in options(role).items():
        assert name.startswith(f"{role.name}_")
        assert option["description"]
        assert option["type"]


@by_role
def test_an_interface_stays_small(role: Path) -> None:
    assert len(options(role)) <= MOST_INPUTS


@by_role
def test_tasks_main_is_a_table_of_contents(role: Path) -> None:
    tasks = yaml.safe_load((role / "tasks" / "main.yml").read_text(encoding="utf-8"))
    assert [task["name"] for task in tasks if "ansible.builtin.import_tasks" not in task] == []


@by_role
def test_the_role_explains_itself(role: Path) -> None:
    assert (role / "README.md").read_text(encoding="utf-8").startswith(f"# {role.name}\n")
