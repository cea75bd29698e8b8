"""Whose sessions end, and that none is forgotten: neither by an apply that is killed nor for a store that is down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import (
    Adopt,
    Cause,
    Change,
    Create,
    Disable,
    Move,
    Precondition,
    Purge,
    Risk,
    Update,
    Wave,
)
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind
from ansible_collections.congvu.mail.plugins.module_utils.sessions import Owed, end, losers, opened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.mailstore import Command

Texts = dict[str, tuple[str, ...]]
STORE, OTHER = "store1.tinh.gov.vn", "store2.tinh.gov.vn"
PLAN = "9f2c41d0c0a3" + 52 * "0"


def change(operation: type[Change], before: Texts, after: Texts, kind: Kind = Kind.PERSON) -> Change:
    """Return a change of the entry `a` of a kind."""
    return operation(
        id=f"{kind}:a",
        kind=kind,
        dn="uid=a,ou=snv,ou=agencies,dc=tinh",
        label="A",
        wave=Wave.MODIFY,
        risk=Risk.LOW,
        cause=Cause.COMMIT,
        before=before,
        after=after,
        precondition=None if operation is Create else Precondition("u", "c"),
    )


def state(was: str, becomes: str) -> tuple[Texts, Texts]:
    """Return the attributes of a change of state; nothing is no state."""
    return {"congvuState": (was,) if was else ()}, {"congvuState": (becomes,)}


def access(was: str, becomes: str) -> tuple[Texts, Texts]:
    """Return the attributes of a change of rights."""
    return {"congvuAccess": tuple(was.split())}, {"congvuAccess": tuple(becomes.split())}


@pytest.mark.parametrize(
    ("given", "is_signed_out"),
    [
        pytest.param(change(Disable, *state("active", "disabled")), True, id="who left"),
        pytest.param(change(Purge, *state("disabled", "purged")), True, id="whose mail is removed"),
        pytest.param(change(Adopt, *state("", "disabled")), True, id="who was adopted after having left"),
        pytest.param(change(Update, *access("snv:manager", "")), True, id="who is no longer head"),
        pytest.param(change(Update, *access("snv:clerk stc:read", "snv:clerk")), True, id="who lost one of two rights"),
        pytest.param(change(Update, *access("snv:manager", "snv:clerk")), True, id="whose right was reduced"),
        pytest.param(change(Update, *access("snv:clerk", "snv:manager")), True, id="whose right was raised"),
        pytest.param(change(Move, *access("snv:clerk", "stc:clerk")), True, id="who was transferred"),
        pytest.param(change(Update, *access("", "snv:clerk")), False, id="who got a first right"),
        pytest.param(change(Update, *access("snv:clerk", "snv:clerk stc:read")), False, id="who got a further right"),
        pytest.param(change(Update, *state("disabled", "active")), False, id="who came back"),
        pytest.param(change(Adopt, *state("", "active")), False, id="who was adopted"),
        pytest.param(change(Create, *state("", "disabled")), False, id="who was never there"),
        pytest.param(change(Update, {"title": ("A",)}, {"title": ("B",)}), False, id="who got a title"),
        pytest.param(change(Disable, *state("active", "held"), Kind.MAILBOX), False, id="an agency mailbox"),
    ],
)
def test_sessions_end_of(given: Change, is_signed_out: bool) -> None:  # noqa: FBT001 -- a column
    assert losers([given]) == (("a",) if is_signed_out else ())


def test_two_changes_of_one_person_are_one_ending() -> None:
    both = [change(Update, *access("snv:clerk", "")), change(Disable, *state("active", "disabled"))]
    assert losers(both) == ("a",)


def take(owed: Owed, store: str) -> tuple[str, ...]:
    """Act on what is noted for a store."""
    with owed.due(store) as users:
        return users


def test_each_store_ends_what_was_noted_once(tmp_path: Path) -> None:
    owed = Owed(tmp_path)
    with owed.noted(PLAN, (STORE, OTHER), ("a", "b")):
        pass
    with owed.noted("1111" + PLAN, (STORE,), ("b", "c")):
        pass
    assert take(owed, STORE) == ("a", "b", "c")
    assert take(owed, STORE) == ()
    assert take(owed, OTHER) == ("a", "b")


def test_while_the_apply_runs_nobody_acts_on_its_note(tmp_path: Path) -> None:
    owed = Owed(tmp_path)
    with owed.noted(PLAN, (STORE,), ("a",)):
        assert take(owed, STORE) == ()
    assert take(owed, STORE) == ("a",)


def test_while_one_acts_on_a_note_nobody_else_does(tmp_path: Path) -> None:
    owed = Owed(tmp_path)
    with owed.noted(PLAN, (STORE,), ("a",)):
        pass
    with owed.due(STORE) as users:
        assert (users, take(owed, STORE)) == (("a",), ())


def test_an_apply_that_broke_off_leaves_its_note(tmp_path: Path) -> None:
    owed = Owed(tmp_path)
    with pytest.raises(KeyboardInterrupt), owed.noted(PLAN, (STORE,), ("a",)):
        raise KeyboardInterrupt
    assert take(owed, STORE) == ("a",)


def test_a_store_that_does_not_answer_is_asked_again(tmp_path: Path) -> None:
    owed = Owed(tmp_path)
    with owed.noted(PLAN, (STORE,), ("a",)):
        pass
    with pytest.raises(ConnectionError), owed.due(STORE):
        raise ConnectionError
    assert take(owed, STORE) == ("a",)


def test_a_rehearsal_settles_nothing(tmp_path: Path) -> None:
    owed = Owed(tmp_path)
    with owed.noted(PLAN, (STORE,), ("a",)):
        pass
    with owed.due(STORE, settle=False) as users:
        assert users == ("a",)
    assert take(owed, STORE) == ("a",)


def test_where_nobody_loses_access_nothing_is_written(tmp_path: Path) -> None:
    with Owed(tmp_path / "sessions").noted(PLAN, (STORE,), ()):
        assert not (tmp_path / "sessions").exists()


def test_notes_are_for_their_maker_alone(tmp_path: Path) -> None:
    with Owed(tmp_path / "sessions").noted(PLAN, (STORE,), ("a",)):
        (note,) = (tmp_path / "sessions" / STORE).iterdir()
    assert note.name == "9f2c41d0c0a3.json"
    assert note.stat().st_mode & 0o077 == 0
    assert json.loads(note.read_bytes()) == ["a"]


class Recorded:
    """A store on which people have sessions open."""

    def __init__(self, sessions: Mapping[str, int]) -> None:
        """Begin with so many of each."""
        self.sessions = dict(sessions)
        self.asked: list[str] = []

    def call(self, commands: Sequence[Command]) -> list[list[dict[str, str]]]:
        """Answer as doveadm does."""
        self.asked += [command.name for command in commands]
        return [self.answer(command.name, command.parameters) for command in commands]

    def answer(self, name: str, parameters: Mapping[str, Any]) -> list[dict[str, str]]:
        """Answer one command."""
        if name == "who":
            return [{"username": user} for user, count in self.sessions.items() for _ in range(count)]
        if name == "kick":
            return [{"count": str(self.sessions.pop(user, 0))} for user in parameters["mask"]]
        raise NotImplementedError(name)


def test_all_sessions_of_those_named_end_and_no_others() -> None:
    store = Recorded({"a": 3, "b": 1, "c": 2})
    assert opened(store, ["a", "c"]) == 5
    assert end(store, ["a", "c"]) == 5
    assert store.sessions == {"b": 1}
    assert end(store, ["a", "c"]) == 0


def test_where_nobody_is_to_be_signed_out_the_store_is_not_asked() -> None:
    store = Recorded({"a": 3})
    assert (opened(store, []), end(store, []), store.asked) == (0, 0, [])
