"""Whom Postfix lets write to a distribution list."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

PROGRAM = Path(__file__).parents[4] / "roles/postfix/files/usr/local/libexec/congvu/list_policy.py"


def load() -> ModuleType:
    """Load the program as a module."""
    spec = importlib.util.spec_from_file_location("list_policy", PROGRAM)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["list_policy"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


program = load()
LIST = "tatca@tinh.gov.vn"


def account(*, lists: str = "", writes: str = "") -> Any:  # noqa: ANN401 - the program's own type
    """Return somebody active."""
    return program.Account(frozenset(lists.split()), frozenset(writes.split()))


class Known:
    """A directory that knows one list and a few people, or is silent."""

    def __init__(self, circles: str = "inside", *, reached: tuple[bool, ...] = (True,), silent: bool = False) -> None:
        """Take who may write, and for each member whether it has an address."""
        self.list = program.MailingList("snv-tatca", frozenset(circles.split()))
        self.reached = list(reached)
        self.silent = silent
        self.people = {
            "tn01": account(),
            "tn02": account(lists="snv-tatca"),
            "tn03": account(writes="snv-tatca"),
            "tn04": account(lists="snv-khac", writes="snv-khac"),
        }

    def list_at(self, address: str) -> Any:  # noqa: ANN401 - the program's own type
        """Return the list."""
        if self.silent:
            message = "timeout"
            raise program.NoAnswerError(message)
        return self.list if address == LIST else None

    def account(self, login: str) -> Any:  # noqa: ANN401 - the program's own type
        """Return somebody."""
        return self.people.get(login)

    def has_members(self, name: str) -> bool:
        """Return whether the list has members; no other has."""
        return name == self.list.name and bool(self.reached)

    def misses_somebody(self, name: str) -> bool:
        """Return whether a member has no address."""
        return name == self.list.name and not all(self.reached)


def asked(directory: Known, **said: str) -> str:
    """Return the answer to a request."""
    return str(program.decide({"recipient": LIST, "sender": "a@tinh.gov.vn", **said}, directory))


@pytest.mark.parametrize(
    ("circles", "login", "expected"),
    [
        ("inside", "tn01", program.ACCEPT),
        ("inside", "tn09", program.NOT_YOU),  # nobody active
        ("inside", "", program.OUTSIDE),
        ("members", "tn02", program.ACCEPT),
        ("members", "tn01", program.NOT_YOU),
        ("members", "tn04", program.NOT_YOU),
        ("members", "tn03", program.ACCEPT),  # named besides
        ("", "tn03", program.ACCEPT),
        ("", "tn02", program.NOT_YOU),
        ("", "", program.OUTSIDE),
        ("anyone", "", program.ACCEPT),
        ("anyone", "tn09", program.ACCEPT),
        ("anyone members", "", program.ACCEPT),
    ],
)
def test_who_may_write_to_a_list(circles: str, login: str, expected: str) -> None:
    assert asked(Known(circles), sasl_username=login) == expected


@pytest.mark.parametrize("circles", ["anyone", "inside"])
def test_a_letter_without_a_sender_is_for_no_list(circles: str) -> None:
    assert asked(Known(circles), sender="", sasl_username="tn01") == program.NOTICE


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        ("TatCa@Tinh.gov.vn", program.ACCEPT),
        ("tatca+hop@tinh.gov.vn", program.ACCEPT),
        ("tatca%tinh.gov.vn@[192.0.2.1]", program.UNKNOWN),
        ("", program.UNKNOWN),
    ],
)
def test_a_list_is_known_by_its_address_alone(recipient: str, expected: str) -> None:
    assert asked(Known(), recipient=recipient, sasl_username="tn01") == expected


@pytest.mark.parametrize(
    ("reached", "expected"),
    [((), program.NOBODY), ((True, False), program.MOVING), ((True, True), program.ACCEPT)],
    ids=["nobody is in it", "a member's address is under way", "all can be reached"],
)
def test_a_letter_that_would_miss_somebody_is_not_taken(reached: tuple[bool, ...], expected: str) -> None:
    assert asked(Known(reached=reached), sasl_username="tn01") == expected


def test_while_the_directory_is_silent_the_letter_waits(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(Known("anyone", silent=True)) == program.SILENT
    assert program.SILENT.startswith("450 ")
    assert capsys.readouterr().err == f"<5>{LIST}: timeout\n"


def test_refusals_are_in_letters_that_smtp_can_carry() -> None:
    answers = [
        getattr(program, name) for name in ("UNKNOWN", "OUTSIDE", "NOT_YOU", "NOTICE", "NOBODY", "MOVING", "SILENT")
    ]
    assert all(answer.isascii() and len(answer) < 200 for answer in answers)


def test_requests_are_answered_one_after_the_other() -> None:
    one = f"request=smtpd_access_policy\nrecipient={LIST}\nsender=a@tinh.gov.vn\nsasl_username=%s\n\n"
    said = (one % "tn02" + one % "tn01").encode()
    found = list(program.answers(io.BytesIO(said), Known("members")))
    assert found == [b"action=DUNNO\n\n", f"action={program.NOT_YOU}\n\n".encode()]


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"recipient=a",
        b"recipient=a\n",
        b"a" * 10000 + b"\n\n",
        b"".join(b"%d=x\n" % n for n in range(200)) + b"\n",
    ],
    ids=["nothing", "half a line", "half a request", "a line without end", "lines without end"],
)
def test_what_is_no_request_gets_no_answer(said: bytes) -> None:
    assert list(program.answers(io.BytesIO(said), Known())) == []
