"""What Postfix is told of a receiving domain's DANE."""

from __future__ import annotations

import importlib.util
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

PROGRAM = Path(__file__).parents[4] / "roles/postfix/files/usr/local/libexec/congvu/dane_policy.py"


def load() -> ModuleType:
    """Load the program as a module."""
    spec = importlib.util.spec_from_file_location("dane_policy", PROGRAM)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["dane_policy"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


program = load()


@dataclass(frozen=True)
class MX:
    """A mail exchanger as the library gives it."""

    exchange: str


@dataclass(frozen=True)
class TLSA:
    """A TLSA record as the library gives it."""

    usage: int


SIGNED_ADDRESS = program.Answer(("192.0.2.1",), secure=True)
UNSIGNED_ADDRESS = program.Answer(("192.0.2.1",), secure=False)
NOTHING = program.Answer((), secure=False)
DANE = {"A mx1.": SIGNED_ADDRESS, "TLSA _25._tcp.mx1.": program.Answer((TLSA(3),), secure=True)}


def exchangers(*hosts: str, secure: bool = True) -> dict[str, Any]:
    """Return the domain's MX records."""
    return {"MX doitac.example": program.Answer(tuple(MX(host) for host in hosts), secure=secure)}


class Zone:
    """A resolver that knows a few names, and is silent about those it is told to be silent about."""

    def __init__(self, known: dict[str, Any]) -> None:
        """Take the answers by question."""
        self.known = known

    def ask(self, name: str, kind: str) -> Any:  # noqa: ANN401 - the program's own type
        """Answer."""
        answer = self.known.get(f"{kind} {name}", NOTHING)
        if answer is None:
            message = "SERVFAIL"
            raise program.NoAnswerError(message)
        return answer


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param(exchangers("mx1.") | DANE, "OK dane-only", id="every exchanger has it"),
        pytest.param(exchangers("mx1.", "mx2.") | DANE | {"A mx2.": SIGNED_ADDRESS}, "OK dane", id="some have it"),
        pytest.param(exchangers("mx2.") | DANE, "NOTFOUND ", id="none has it"),
        pytest.param(exchangers("mx1.", secure=False) | DANE, "NOTFOUND ", id="nothing vouches for the exchangers"),
        pytest.param(
            exchangers("mx1.") | DANE | {"A mx1.": UNSIGNED_ADDRESS}, "NOTFOUND ", id="nothing vouches for the address"
        ),
        pytest.param(
            exchangers("mx1.") | DANE | {"A mx1.": NOTHING, "AAAA mx1.": SIGNED_ADDRESS},
            "OK dane-only",
            id="an exchanger with IPv6 alone",
        ),
        pytest.param(
            exchangers("mx1.") | DANE | {"TLSA _25._tcp.mx1.": program.Answer((TLSA(3),), secure=False)},
            "NOTFOUND ",
            id="nothing vouches for the TLSA record",
        ),
        pytest.param(
            exchangers("mx1.") | DANE | {"TLSA _25._tcp.mx1.": program.Answer((TLSA(1),), secure=True)},
            "NOTFOUND ",
            id="a usage that SMTP does not know",
        ),
        pytest.param(exchangers("."), "NOTFOUND ", id="a domain that takes no mail"),
        pytest.param(
            exchangers()
            | {
                "A doitac.example.": SIGNED_ADDRESS,
                "TLSA _25._tcp.doitac.example.": program.Answer((TLSA(2),), secure=True),
            },
            "OK dane-only",
            id="a domain that is its own exchanger",
        ),
        pytest.param({}, "NOTFOUND ", id="an unknown domain"),
        pytest.param(
            {"MX doitac.example": None}, "TEMP DNS cannot say whether doitac.example publishes DANE", id="silence"
        ),
        pytest.param(
            exchangers("mx1.") | DANE | {"TLSA _25._tcp.mx1.": None},
            "TEMP DNS cannot say whether doitac.example publishes DANE",
            id="silence about TLSA",
        ),
    ],
)
def test_postfix_is_told_what_the_domain_publishes(known: dict[str, Any], expected: str) -> None:
    assert program.reply("dane doitac.example", Zone(known)) == expected


@pytest.mark.parametrize("hop", [".doitac.example", "[mx1.doitac.example]:25", "localhost", ""])
def test_what_is_no_domain_has_no_policy(hop: str) -> None:
    assert program.reply(f"dane {hop}", Zone(exchangers("mx1.") | DANE)) == "NOTFOUND "


def test_a_netstring_comes_back_as_it_went() -> None:
    assert program.read_netstring(io.BytesIO(program.netstring("dane tên.example"))) == "dane tên.example"


@pytest.mark.parametrize(
    "octets", [b"", b"5", b":,", b"x:", b"3:abc;", b"99999:", b"9:abc,"], ids=lambda octets: octets.decode() or "empty"
)
def test_what_is_no_netstring_ends_the_conversation(octets: bytes) -> None:
    assert program.read_netstring(io.BytesIO(octets)) is None
