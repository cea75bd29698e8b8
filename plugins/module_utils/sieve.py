"""What a Sieve script (RFC 5228) does with letters, as far as somebody must know whose account was stolen.

A thief leaves rules behind that send letters elsewhere or make them vanish. Nothing is executed here: whatever a script
may do in some case counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*|/\*.*?\*/)
    |text:[ \t]*(?:\#[^\n]*)?\r?\n(?P<block>.*?)\r?\n\.(?:\r?\n|$)
    |"(?P<string>(?:[^"\\]|\\.)*)"
    |(?P<tag>:\w+)
    |(?P<word>\w+)
    |(?P<mark>[^\s\w])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Doings:
    """What a script may do. ``includes`` are other scripts, which say more."""

    redirects: tuple[str, ...] = ()  # addresses
    discards: bool = False
    includes: bool = False

    @property
    def is_harmful(self) -> bool:
        """Tell whether letters may leave or vanish by it."""
        return bool(self.redirects) or self.discards or self.includes


def doings(script: str) -> Doings:
    """Read a script."""
    redirects: list[str] = []
    commands: set[str] = set()
    command = ""
    for kind, said in _tokens(script):
        if kind == "word":
            command = said.lower()
            commands.add(command)
        elif kind in ("string", "block") and command == "redirect":
            redirects.append(said)
        elif said == ";":
            command = ""
    return Doings(tuple(dict.fromkeys(redirects)), discards="discard" in commands, includes="include" in commands)


def _tokens(script: str) -> Iterator[tuple[str, str]]:
    for found in _TOKEN.finditer(script):
        kind = found.lastgroup or ""
        if kind != "comment":
            said = found[kind]
            yield kind, _ESCAPED.sub(r"\1", said) if kind == "string" else said
