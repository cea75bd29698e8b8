"""What a write says of itself is short, is read back as it was said, and holds no secret."""

from __future__ import annotations

import getpass
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.plan import make_plan
from ansible_collections.congvu.mail.plugins.module_utils.trace import Trace, operator_of, read, traced
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import desired, person

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_line_is_read_back_as_it_was_said() -> None:
    plan = make_plan(desired(person("tth00123", "ou=snv")), [])
    (change,) = plan.changes
    line = traced(plan, change, by="Lan (pipeline 7)")
    assert line == (
        f'{{"plan":"{plan.id[:12]}","commit":"c0ffee","by":"Lan (pipeline 7)",'
        '"change":"person:tth00123","decision":"QĐ 1/QĐ-SNV"}'
    )
    assert read(line) == Trace(plan.id[:12], "c0ffee", "Lan (pipeline 7)", "person:tth00123", "QĐ 1/QĐ-SNV")


@pytest.mark.parametrize(
    ("commit", "expected"), [("", ""), (40 * "a", 12 * "a"), (40 * "a" + "+dirty", 12 * "a" + "+dirty")]
)
def test_a_commit_is_shortened_but_still_says_that_files_differed(commit: str, expected: str) -> None:
    plan = make_plan(desired(person("tth00123", "ou=snv"), commit=commit), [])
    said = read(traced(plan, plan.changes[0], by="lan"))
    assert said is not None
    assert said.commit == expected


def test_a_line_holds_no_value_and_of_a_long_decision_only_the_beginning() -> None:
    plan = make_plan(desired(person("tth00123", "ou=snv", title="Kế toán trưởng")), [])
    change = replace(plan.changes[0], reason="Ư" * 5000)
    line = traced(plan, change, by="x" * 64)
    assert "Kế toán" not in line
    assert len(line.encode()) < 700


@pytest.mark.parametrize("line", ["", "session 7", "[]", "7", "null", '{"user":"x"}', '{"plan":"a","more":"b"}'])
def test_what_another_program_says_is_no_trace(line: str) -> None:
    assert read(line) is None


@pytest.mark.parametrize("name", ["Trần Thị Lan", "lan@ctl1", "ci/registry (merge 12)", "x" * 64])
def test_a_name_is_taken_as_it_is_given(name: str) -> None:
    assert operator_of(name) == name


@pytest.mark.parametrize(
    "name",
    ["x" * 65, "lan:matkhau", "https://lan:token@git.example/x", "lan\nroot", "lan ", " ", "$TOKEN", '{"a"', "a\x00"],
)
def test_what_may_hold_a_secret_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="give a name, never a token"):
        operator_of(name)


def _nobody() -> str:
    raise KeyError


@pytest.mark.parametrize(
    ("sudo", "user", "expected"),
    [
        ("", lambda: "lan", "lan@ctl-1"),
        ("lan", lambda: "root", "lan@ctl-1"),
        ("", _nobody, "uid "),
        ("", lambda: "DOMAIN\\lan", "DOMAIN-lan@ctl-1"),
    ],
)
def test_without_a_name_it_is_the_system_user_whoever_sudo_made_of_them(
    monkeypatch: pytest.MonkeyPatch, sudo: str, user: Callable[[], str], expected: str
) -> None:
    monkeypatch.setenv("SUDO_USER", sudo)
    monkeypatch.setattr(getpass, "getuser", user)
    monkeypatch.setattr(socket, "gethostname", lambda: "ctl-1")
    assert operator_of("").startswith(expected)
