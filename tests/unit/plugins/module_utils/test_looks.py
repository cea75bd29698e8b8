"""When a mailbox counts as looked into, by the windows of the day that each regulation wants."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import source
from ansible_collections.congvu.mail.plugins.module_utils.looks import Window, counted, met, minutes

INVENTORIES = Path(__file__).parents[4] / "inventories"
HALVES = (Window("buổi sáng", 6 * 60 + 30, 12 * 60, 2), Window("buổi chiều", 12 * 60 + 30, 18 * 60, 2))


def seconds(*clocks: str) -> list[tuple[int, int]]:
    """Return stays: moments, or spans written `07:00-11:30`."""
    stays = [clock.partition("-") for clock in clocks]
    return [(minutes(begin) * 60, minutes(end or begin) * 60) for begin, _, end in stays]


@pytest.mark.parametrize(
    ("clocks", "count"),
    [
        pytest.param((), "00", id="who never came looked never"),
        pytest.param(("07:30", "09:30", "13:30", "16:00"), "22", id="each visit is a look"),
        pytest.param(("07:30", "07:31", "07:45"), "10", id="clicks of one visit are one look"),
        pytest.param(("07:30", "08:00"), "20", id="after the pause a visit is another look"),
        pytest.param(
            ("07:30-11:45",), "90", id="an open mailbox is looked into every half hour, up to what is counted"
        ),
        pytest.param(("11:45-12:45",), "11", id="a mailbox that stays open over noon is looked into in both halves"),
        pytest.param(("12:10", "20:00", "05:00"), "00", id="outside the hours nothing counts"),
        pytest.param(("06:29", "06:58"), "00", id="a look before the hours takes the next one with it"),
        pytest.param(("09:00-09:50", "09:20-10:05"), "30", id="two sessions at once are one"),
        pytest.param(("16:00", "07:30"), "11", id="the order in which sessions ended does not matter"),
    ],
)
def test_looks_are_counted_by_window(clocks: tuple[str, ...], count: str) -> None:
    assert counted(seconds(*clocks), HALVES, 30) == count


@pytest.mark.parametrize(
    ("estate", "whose", "clocks", "enough"),
    [
        ("daklak", "person", ("07:15", "10:00", "13:30", "16:30"), True),
        ("daklak", "person", ("07:15", "10:00", "11:00", "16:30"), False),  # once in the afternoon
        ("daklak", "mailbox", ("07:00-11:30", "13:00-17:00"), True),
        ("daklak", "mailbox", ("07:10", "10:00", "13:30", "16:30"), False),  # not throughout
        ("camau", "person", ("07:00", "09:00", "13:00", "15:00"), True),
        ("camau", "person", ("07:00", "10:30", "13:00", "15:00"), False),  # not at nine
        ("camau", "mailbox", ("06:45", "09:40", "12:50", "15:30"), True),
        ("binhtan", "person", ("07:30", "11:00", "16:30"), True),
        ("binhtan", "person", ("07:30", "13:30", "16:30"), False),  # not late in the morning
        ("binhtan", "mailbox", ("07:30", "11:00", "16:30"), False),  # an agency's wants a fourth
        ("binhtan", "mailbox", ("07:30", "11:00", "13:30", "16:30"), True),
        ("haiduong", "person", ("08:00", "14:00"), True),
        ("haiduong", "mailbox", ("08:00", "14:00"), False),
        ("thuathienhue", "person", ("08:00", "11:00"), False),
        ("thuathienhue", "mailbox", ("08:00", "11:00", "14:00", "16:00"), True),
    ],
)
def test_each_province_wants_its_own_hours(estate: str, whose: str, clocks: tuple[str, ...], enough: bool) -> None:  # noqa: FBT001
    _, policy = source.rules(INVENTORIES / estate / "registry")
    assert policy.checking
    windows = policy.checking.person if whose == "person" else policy.checking.mailbox
    assert met(counted(seconds(*clocks), windows, policy.checking.apart), windows) is enough
