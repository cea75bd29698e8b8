"""A plan as LDIF change records (RFC 2849): what the directory will be asked, for those who read LDAP.

It is for reading and for archives. ``apply`` does not use it: assertions and passwords are not part of LDIF.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from . import dn as names
from .changes import Adopt, Create, Delete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .changes import Change, Plan, Texts

_WIDTH = 76  # characters of a line before it is folded (RFC 2849, note 2)


def text(plan: Plan) -> str:
    """Write all changes in the order in which they are carried out."""
    lines = ["version: 1", *_comment(f"Plan {plan.id} for the estate {plan.estate} on {plan.as_of}")]
    for change in plan.changes:
        for record in _records(change):
            lines += ["", *_comment(_title(change)), *(part for line in record for part in _folded(line))]
    return "\n".join(lines) + "\n"


def _title(change: Change) -> str:
    said = (change.id, change.operation, change.reason, str(change.source or ""))
    return "  ".join(part for part in said if part)


def _records(change: Change) -> Iterator[list[str]]:
    if isinstance(change, Create):
        yield [_line("dn", change.dn), "changetype: add", *_values(change.after)]
        return
    if isinstance(change, Delete):
        yield [_line("dn", change.dn), "changetype: delete"]
        return
    if change.new_dn:
        own, above = names.split(change.new_dn)[0], names.superior(change.new_dn)
        move = [
            _line("dn", change.dn),
            "changetype: moddn",
            _line("newrdn", own),
            f"deleteoldrdn: {int(not isinstance(change, Adopt))}",
        ]
        yield [*move, _line("newsuperior", above)]
    if change.after:
        record = [_line("dn", change.target), "changetype: modify"]
        for name, values in change.after.items():
            record += [f"replace: {name}", *_values({name: values}), "-"]
        yield record


def _values(attributes: Texts) -> Iterator[str]:
    yield from (_line(name, value) for name, values in attributes.items() for value in values)


def _line(name: str, value: str) -> str:
    """Write a value as it is where that is safe, else in Base64 (RFC 2849: SAFE-STRING)."""
    safe = value.isascii() and value.isprintable() and not value.startswith((" ", ":", "<")) and not value.endswith(" ")
    return f"{name}: {value}" if safe else f"{name}:: {b64encode(value.encode()).decode()}"


def _folded(line: str) -> Iterator[str]:
    yield line[:_WIDTH]
    yield from (f" {line[start : start + _WIDTH - 1]}" for start in range(_WIDTH, len(line), _WIDTH - 1))


def _comment(words: str) -> Iterator[str]:
    """Write a remark; a comment that is longer than a line goes on in the next one."""
    yield from _folded(f"# {' '.join(words.split())}")
