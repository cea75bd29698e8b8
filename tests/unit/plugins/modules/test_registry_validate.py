"""The answer for the same files is kept, but not beyond the estate's own midnight."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.model import RegistryError
from ansible_collections.congvu.mail.plugins.modules import registry_validate
from ansible_collections.congvu.mail.plugins.modules.registry_validate import checked, summary

REGISTRY = Path(__file__).parents[4] / "inventories" / "daklak" / "registry"


def test_the_answer_of_yesterday_is_not_given_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for day, people in (("2026-12-31", 0), ("2027-01-04", 1)):
        monkeypatch.setattr(registry_validate, "_today", lambda _, day=day: day)
        found = summary(REGISTRY, None, tmp_path)
        assert found["as_of"] == day
        assert summary(REGISTRY, None, tmp_path) == found
        assert found["counts"]["person"] - summary(REGISTRY, date(2026, 12, 31), tmp_path)["counts"]["person"] == people


def test_a_kept_answer_is_found_without_reading_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = summary(REGISTRY, date(2026, 12, 1), tmp_path)
    monkeypatch.setattr(registry_validate, "load", None)
    assert summary(REGISTRY, date(2026, 12, 1), tmp_path) == first


def test_whoever_left_office_approves_nothing_any_more(tmp_path: Path) -> None:
    root = copytree(REGISTRY.parents[1] / "thuathienhue" / "registry", tmp_path / "registry")
    own = "address: truongbatri@thuathienhue.gov.vn"
    (root / "approvers.yml").write_text(
        f"signed: false\nprovince: [tri]\npeople:\n  tri: {{{own}}}\n", encoding="utf-8"
    )
    checked(root, date(2026, 11, 1), None)
    agency = root / "agencies" / "snv.yml"
    left = "    decision: 245/QĐ-UBND\n    until: 2026-11-01\n    until_decision: 9/QĐ-UBND\n"
    agency.write_text(agency.read_text("utf-8").replace("    decision: 245/QĐ-UBND\n", left, 1), encoding="utf-8")
    checked(root, date(2026, 10, 31), None)
    with pytest.raises(RegistryError, match=r"approvers\.yml:4:3: 'tri' approves, and holds no post on 2026-11-01"):
        checked(root, date(2026, 11, 1), None)
