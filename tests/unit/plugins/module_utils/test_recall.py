"""The last plan is told again only where both sides prove that it would be made again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import recall
from ansible_collections.congvu.mail.plugins.module_utils.directory import Record, TruncatedError
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import SUFFIX, MemoryDirectory

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

FIRST, SECOND = "20261121083000.000001Z#000000#001#000000", "20261121083000.000002Z#000000#002#000000"


class Telling(MemoryDirectory):
    """Tells what slapd tells of itself."""

    def __init__(self, *csns: str, started: str = "20261121080000Z") -> None:
        """Take the values of contextCSN; none and no start are not shown."""
        super().__init__()
        self.csns = csns
        self.started = started

    def read_entry(self, dn: str, attributes: Collection[str]) -> Record | None:
        """Read one entry."""
        if attributes == ("contextCSN",):
            return Record(dn, "u", "c", {"contextCSN": self.csns} if self.csns else {})
        if attributes == ("monitorTimestamp",):
            return Record(dn, "u", "c", {"monitorTimestamp": (self.started,)}) if self.started else None
        return super().read_entry(dn, attributes)


def made_of(directory: MemoryDirectory, *facts: object) -> str:
    """Ask."""
    return recall.made_of(recall.state(directory, SUFFIX), *(facts or ("registry", "2026-11-21")))


BEFORE = made_of(Telling(FIRST, SECOND))


def test_the_order_in_which_servers_are_told_does_not_matter() -> None:
    assert made_of(Telling(SECOND, FIRST)) == BEFORE != ""


@pytest.mark.parametrize(
    "directory",
    [
        Telling(FIRST, SECOND.replace("000002Z", "000003Z")),
        Telling(SECOND),
        Telling(FIRST, SECOND, started="20261121080001Z"),
    ],
    ids=["a write on the other server", "a server less", "slapd was started again"],
)
def test_whatever_was_done_to_the_directory_shows(directory: Telling) -> None:
    assert made_of(directory) not in {BEFORE, ""}


@pytest.mark.parametrize("facts", [("another registry", "2026-11-21"), ("registry", "2026-11-22")])
def test_another_registry_and_another_day_show(facts: tuple[str, str]) -> None:
    assert made_of(Telling(FIRST, SECOND), *facts) != BEFORE


@pytest.mark.parametrize("directory", [Telling(), Telling(FIRST, started=""), MemoryDirectory()])
def test_where_the_directory_does_not_tell_nothing_is_proven(directory: MemoryDirectory) -> None:
    assert made_of(directory) == ""


def test_where_the_directory_refuses_to_tell_nothing_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str, __: Collection[str]) -> Record | None:
        message = "No."
        raise TruncatedError(message, "Ask.")

    directory = Telling(FIRST)
    monkeypatch.setattr(directory, "read_entry", refuse)
    assert made_of(directory) == ""


def test_what_is_remembered_is_read_back_and_damage_forgets_it(tmp_path: Path) -> None:
    memory = recall.Memory("9f2c41d0c0a3", BEFORE, "Asia/Ho_Chi_Minh", SUFFIX)
    assert recall.remembered(tmp_path) is None
    recall.remember(tmp_path, memory)
    recall.remember(tmp_path, replace(memory, plan="5"))
    assert recall.remembered(tmp_path) == replace(memory, plan="5")
    for damage in (b"", b"[1]", b"{}", b'{"plan": 1, "more": 2}', b"\xff"):
        (tmp_path / "last.json").write_bytes(damage)
        assert recall.remembered(tmp_path) is None
