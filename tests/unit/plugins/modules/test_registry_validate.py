"""The answer for the same files is kept, but not beyond the estate's own midnight."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.modules import registry_validate
from ansible_collections.congvu.mail.plugins.modules.registry_validate import summary

if TYPE_CHECKING:
    import pytest

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
