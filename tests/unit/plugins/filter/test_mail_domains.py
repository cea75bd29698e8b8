"""An estate serves every domain in which its registry gives addresses, and no list of domains is kept by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.congvu.mail.plugins.filter.mail_domains import mail_domains

INVENTORIES = Path(__file__).parents[4] / "inventories"
ESTATES = sorted(path.parents[1].name for path in INVENTORIES.glob("*/registry/estate.yml"))


@pytest.mark.parametrize(
    ("locks", "domains"),
    [
        pytest.param([], ["tinh.example"], id="the estate's own before the first address is given"),
        pytest.param(["a/tinh.example.yml"], ["tinh.example"], id="the estate's own once"),
        pytest.param(
            ["a/stc.tinh.example.yml", "a/b.tinh.example.yml", "a/tinh.example.yml", "a/a.tinh.example.yml"],
            ["tinh.example", "a.tinh.example", "b.tinh.example", "stc.tinh.example"],
            id="the estate's own first, whatever the order of the files",
        ),
    ],
)
def test_each_lock_is_a_domain(locks: list[str], domains: list[str]) -> None:
    assert mail_domains(locks, "tinh.example") == domains


@pytest.mark.parametrize("estate", ESTATES)
def test_the_domains_of_a_registry_share_the_zone_that_its_inventory_names(estate: str) -> None:
    settings: dict[str, Any] = yaml.safe_load((INVENTORIES / estate / "group_vars/all.yml").read_text("utf-8"))
    registered: dict[str, Any] = yaml.safe_load((INVENTORIES / estate / "registry/estate.yml").read_text("utf-8"))
    root = settings["estate_domain"]
    locks = map(str, (INVENTORIES / estate / "registry/addresses").glob("*.yml"))
    assert registered["domains"][0] == root
    assert [name for name in mail_domains(locks, root)[1:] if not name.endswith(f".{root}")] == []
