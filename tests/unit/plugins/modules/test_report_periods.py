"""Which reports are due on a day: those whose period is over, until somebody has sent them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import sendings
from ansible_collections.congvu.mail.plugins.modules import report_periods

INVENTORIES = Path(__file__).parents[4] / "inventories"


def due(estate: str, day: str, state: Path) -> list[tuple[str, str, bool]]:
    """Return the names of the periods that are due, until when, and whether that is past."""
    registry = str(INVENTORIES / estate / "registry")
    said = report_periods.run(
        {"registry": registry, "state": str(state), "as_of": day, "due": True, "period": None},
    )
    return [(each["name"], each["due"], each["late"]) for each in said["periods"]]


@pytest.mark.parametrize(
    ("estate", "day", "wanted"),
    [
        # DL Điều 15: "trước ngày 15/01 và 15/7 hàng năm"
        ("daklak", "2026-06-30", []),
        ("daklak", "2026-07-01", [("2026-H1", "2026-07-14", False)]),
        ("daklak", "2026-07-14", [("2026-H1", "2026-07-14", False)]),
        ("daklak", "2026-07-15", [("2026-H1", "2026-07-14", True)]),
        ("daklak", "2026-09-01", []),  # nobody missed it
        ("daklak", "2027-01-02", [("2026", "2027-01-14", False), ("2026-H2", "2027-01-14", False)]),
        ("haiduong", "2026-07-01", []),  # HD Điều 9: every year
        ("haiduong", "2027-01-02", [("2026", "2027-01-14", False)]),
        ("binhtan", "2026-07-01", [("2026-06", "2026-07-05", False)]),  # BT Điều 10: every month
        ("binhtan", "2026-07-06", [("2026-06", "2026-07-05", True)]),
    ],
)
def test_what_is_due_on_a_day(estate: str, day: str, wanted: list[tuple[str, str, bool]], tmp_path: Path) -> None:
    assert due(estate, day, tmp_path) == wanted


@pytest.mark.parametrize(
    ("at", "again"),
    [
        ("2026-06-30T23:10:00Z", False),  # the first of July here
        ("2026-06-30T10:00:00Z", True),  # sent before the period was over, so without its end
        ("2026-07-03T01:00:00Z", False),
    ],
)
def test_what_was_sent_is_not_due_again(at: str, tmp_path: Path, *, again: bool) -> None:
    sent = tmp_path / "reports" / "2026-H1" / sendings.NOTE
    sent.parent.mkdir(parents=True)
    sent.write_text(json.dumps({"at": at}), encoding="utf-8")
    assert bool(due("daklak", "2026-07-05", tmp_path)) is again


def test_a_period_that_is_none_is_refused_in_words() -> None:
    registry = str(INVENTORIES / "daklak" / "registry")
    with pytest.raises(ValueError, match="write 2026-06"):
        report_periods.run({"registry": registry, "state": "", "as_of": None, "due": False, "period": "quý 1"})
