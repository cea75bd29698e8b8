"""What an estate's inventory says of itself is what its registry says."""

from __future__ import annotations

import configparser
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible_collections.congvu.mail.plugins.module_utils.heads import publish
from ansible_collections.congvu.mail.plugins.module_utils.ledger import Head

from .estates import ESTATES, INVENTORIES

if TYPE_CHECKING:
    from pathlib import Path

ROOT = INVENTORIES.parent
GROUPS = ("all", "estate", "directory")


def read(*parts: str) -> dict[str, Any]:
    """Read a file below the inventories."""
    said: dict[str, Any] = yaml.safe_load(INVENTORIES.joinpath(*parts).read_text(encoding="utf-8"))
    return said


def holder(estate: str, address: str) -> str:
    """Return who holds an address, as the lock of its domain says."""
    local, _, domain = address.partition("@")
    return str(read(estate, "registry", "addresses", f"{domain}.yml").get(local, ""))


def test_there_are_five_estates() -> None:
    assert sorted(path.parent.name for path in INVENTORIES.glob("*/registry")) == list(ESTATES)


@pytest.mark.parametrize("estate", ESTATES)
def test_inventory_and_registry_agree_on_name_domain_and_suffix(estate: str) -> None:
    inventory, registry = read(estate, "group_vars", "all.yml"), read(estate, "registry", "estate.yml")
    assert inventory["estate_name"] == registry["name"] == estate
    assert inventory["estate_domain"] == registry["domains"][0]
    assert inventory["estate_suffix"] == registry["suffix"]


@pytest.mark.parametrize("estate", ESTATES)
def test_somebody_reads_the_letters_to_the_postmaster(estate: str) -> None:
    inventory = read(estate, "group_vars", "all.yml")
    address = inventory["estate_postmaster"].replace("{{ estate_domain }}", inventory["estate_domain"])
    assert holder(estate, address).startswith("mailbox:")


@pytest.mark.parametrize("estate", ESTATES)
def test_the_person_who_proves_that_mail_flows_has_that_address(estate: str) -> None:
    prover = read(estate, "group_vars", "all.yml")["prove_person"]
    assert holder(estate, prover["address"]) == f"person:{prover['uid']}"


@pytest.mark.parametrize("estate", ESTATES)
def test_the_inventory_defines_the_control_node_that_finds_the_registry_beside_it(estate: str) -> None:
    assert "localhost" in read(estate, "hosts.yml")["all"]["children"]["control"]["hosts"]


@pytest.mark.parametrize("estate", ESTATES)
def test_the_directory_asks_of_passwords_what_the_regulation_asks(estate: str) -> None:
    # The role's inputs are not derived from the policy: nothing else would tell that the two have parted.
    asked = read(estate, "registry", "policy.yml")["passwords"]
    role: dict[str, Any] = yaml.safe_load((ROOT / "roles/directory/defaults/main.yml").read_text(encoding="utf-8"))
    for place in ("playbooks/group_vars/all.yml", *(f"inventories/{estate}/group_vars/{file}.yml" for file in GROUPS)):
        if (ROOT / place).exists():
            role |= yaml.safe_load((ROOT / place).read_text(encoding="utf-8"))
    classes = {"upper": "upper", "lower": "lower", "digits": "digit", "special": "special"}
    assert {name for key, name in classes.items() if asked[key]} == set(role["directory_password_classes"])
    assert max(asked[key] for key in classes) == 1, "the role asks for one character of each kind"
    assert asked["length"] == role["directory_password_min_length"]
    assert asked["failures"] == role["directory_lockout_failures"]
    assert asked["locked_minutes"] == role["directory_lockout_minutes"]
    assert asked["change_at_first_sign_in"] == role["directory_password_must_change"]
    assert asked["change_within_days"] == role["directory_password_change_days"]


def test_what_lies_beside_an_inventory_is_not_taken_for_one(tmp_path: Path) -> None:
    ignored = configparser.ConfigParser()
    ignored.read(ROOT / "ansible.cfg", encoding="utf-8")
    pattern = ignored["inventory"]["ignore_patterns"]
    head = Head(214, "9f2c" * 16, "2026-11-22T08:00:00+00:00")
    publish(tmp_path / "ledger-heads", head)
    assert [path.name for path in tmp_path.iterdir() if not re.search(pattern, path.name)] == []
    beside = {path.name for path in INVENTORIES.glob("*/*") if path.suffix != ".yml"} - {"group_vars", "host_vars"}
    assert {name for name in beside if not re.search(pattern, name)} == set()
