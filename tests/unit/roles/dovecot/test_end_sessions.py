"""Whose sessions end, and what is said of it."""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

PROGRAM = Path(__file__).parents[4] / "roles/dovecot/files/usr/local/lib/congvu/end-sessions.py"


def load() -> ModuleType:
    """Load the program as a module."""
    spec = importlib.util.spec_from_loader("end_sessions", SourceFileLoader("end_sessions", str(PROGRAM)))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["end_sessions"] = module
    spec.loader.exec_module(module)
    return module


program = load()


class Sessions:
    """A store with sessions, or one that is down."""

    def __init__(self, **opened: int) -> None:
        """Take how many each has open."""
        self.opened = dict(opened)
        self.is_down = False

    def signed_in(self) -> set[str]:
        """Return who has some."""
        if self.is_down:
            message = "doveadm does not answer"
            raise program.NoAnswerError(message)
        return set(self.opened)

    def end(self, uid: str) -> int:
        """End somebody's."""
        return self.opened.pop(uid)


class People:
    """A directory that knows who is out, and what it was asked."""

    def __init__(self, *out: str) -> None:
        """Take who is out."""
        self.are_out = set(out)
        self.asked: list[int] = []

    def out(self, uids: Sequence[str]) -> set[str]:
        """Return who of these is out."""
        self.asked.append(len(uids))
        return self.are_out & set(uids)


def test_sessions_of_those_who_are_out_end_and_nobody_elses() -> None:
    store = Sessions(tn01=2, tn02=1, tn03=1)
    said = list(program.look(store, People("tn01", "tn03", "tn04")))
    assert said == [
        "tn01 may sign in no more; open sessions ended: 2",
        "tn03 may sign in no more; open sessions ended: 1",
    ]
    assert store.opened == {"tn02": 1}


def test_where_nobody_is_signed_in_the_directory_is_not_asked() -> None:
    people = People("tn01")
    assert list(program.look(Sessions(), people)) == []
    assert people.asked == []


def test_many_people_are_asked_for_in_questions_that_the_directory_can_answer() -> None:
    people = People()
    list(program.look(Sessions(**{f"tn{number:05}": 1 for number in range(program.MOST + 1)}), people))
    assert people.asked == [program.MOST, 1]


SAID = ["VERSION\tanvil-server\t2\t0\n", "\n"]


def test_dovecot_says_who_is_connected_and_how_often_does_not_matter() -> None:
    lines = ["71\ttn01\timap\t10.0.0.1\tc0\t\n", "72\ttn01\timap\t10.0.0.2\tc1\t\n", "73\ttn02\tsieve\t\tc2\t\n"]
    assert program.connected([*SAID, *lines, "\n"]) == {"tn01", "tn02"}
    assert program.connected([*SAID, "\n"]) == set()


@pytest.mark.parametrize("answer", [[], ["VERSION\tanvil-server\t3\t0\n"], SAID, [*SAID, "71\ttn01\timap\t\tc0\t\n"]])
def test_half_an_answer_is_none(answer: list[str]) -> None:
    with pytest.raises(program.NoAnswerError):
        program.connected(answer)


def test_it_goes_on_after_a_failure_and_ends_then_what_was_due(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Sessions(tn01=1)
    store.is_down = True
    monkeypatch.setattr(program.time, "sleep", lambda _: setattr(store, "is_down", False))
    kinds = [kind for kind, _ in islice(program.looks(store, People("tn01")), 3)]
    assert kinds == ["trouble", "ended", "quiet"]
    assert store.opened == {}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([("quiet", ""), ("quiet", "")], []),
        ([("ended", "tn01")], ["<5>tn01"]),
        ([("trouble", "down"), ("trouble", "down")], ["<5>down; trying again"]),
        (
            [("trouble", "down"), ("quiet", ""), ("trouble", "down")],
            ["<5>down; trying again", "<5>down; trying again"],
        ),
        ([("trouble", "down"), ("trouble", "away")], ["<5>down; trying again", "<5>away; trying again"]),
    ],
)
def test_a_failure_is_told_once_as_long_as_it_lasts(lines: list[tuple[str, str]], told: list[str]) -> None:
    assert list(program.told_once(lines)) == told
