"""What will change by itself, day by day, told to people: a plan for days that have not come.

The registry names days to come, and each of them is carried out by a run on that day. Who reads this sees who joins,
leaves, moves or gets another address before it happens, and can still correct a file.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from .model import Kind, State
from .phrase import Language, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from .compile import Coming
    from .model import Entry

# What is told of an entry, in this order.
_TOLD = {
    "displayName": Phrase("name"),
    "description": Phrase("name"),
    "title": Phrase("title"),
    "ou": Phrase("place"),
    "mail": Phrase("address"),
    "mailLocalAddress": Phrase("letters to"),
    "congvuAccess": Phrase("shared mailboxes"),
    "congvuSendAs": Phrase("writes as"),
    "congvuList": Phrase("lists"),
    "congvuListWriter": Phrase("may write to the lists"),
    "congvuWriters": Phrase("who may write"),
}
_KINDS = {
    Kind.AGENCY: Phrase("agency"),
    Kind.UNIT: Phrase("unit"),
    Kind.MAILBOX: Phrase("mailbox"),
    Kind.PERSON: Phrase("person"),
    Kind.LIST: Phrase("list"),
}
_STATES = {
    State.ACTIVE: Phrase("may sign in again"),
    State.DISABLED: Phrase("access ends"),
    State.HELD: Phrase("is closed, its mail is kept"),
    State.PURGED: Phrase("its mail is purged"),
}
_STRUCTURE_STATES = {**_STATES, State.DISABLED: Phrase("ends"), State.ACTIVE: Phrase("exists again")}
_NAMES = ("displayName", "description", "cn")
_IN_THE_LABEL = ("displayName", "description")


def text(coming: Sequence[Coming], *, until: date, language: str = Language.ENGLISH) -> str:
    """Tell what is coming, a paragraph a day."""
    shown = [change for change in coming if change.entry.kind in _KINDS]
    if not shown:
        return Phrase("Nothing changes by itself until {until}.", {"until": _day(until, language)}).told(language)
    return "\n\n".join(
        "\n".join((_day(day, language), *(f"  {_line(change, language)}" for change in changes)))
        for day, changes in groupby(shown, key=lambda change: change.day)
    )


def _day(day: date, language: str) -> str:
    return f"{day:%d/%m/%Y}" if language == Language.VIETNAMESE else day.isoformat()


def _line(change: Coming, language: str) -> str:
    entry = change.entry
    name = next((entry.attributes[told][0] for told in _NAMES if told in entry.attributes), "")
    kind, id_ = entry.id.split(":", 1)
    by = Phrase("by {decision}", {"decision": entry.reason})
    what = "; ".join((*_what(change, language), by.told(language)))
    return f"{_KINDS[Kind(kind)].told(language)} {id_}  {name}: {what}  {entry.origin.file}:{entry.origin.line}"


def _what(change: Coming, language: str) -> Iterator[str]:
    before, after = change.before, change.entry
    if before is None:
        yield Phrase("begins").told(language)
    elif before.state is not after.state:
        states = _STATES if after.kind in (Kind.PERSON, Kind.MAILBOX) else _STRUCTURE_STATES
        yield states[after.state].told(language)
    if after.state is State.PURGED:
        return  # all else goes with it
    for attribute, words in _TOLD.items():
        old, new = _values(before, attribute), _values(after, attribute)
        if before is None and new and attribute not in _IN_THE_LABEL:
            yield f"{words.told(language)} {_shown(new, language)}"
        elif before is not None and old != new:
            yield f"{words.told(language)} {_shown(old, language)} → {_shown(new, language)}"


def _values(entry: Entry | None, attribute: str) -> frozenset[str]:
    """Return an attribute's values; letters to the address that others see go without saying."""
    if entry is None or (attribute == "ou" and entry.kind is not Kind.PERSON):
        return frozenset()
    found = frozenset(entry.attributes.get(attribute, ()))
    return found - frozenset(entry.attributes.get("mail", ())) if attribute == "mailLocalAddress" else found


def _shown(values: frozenset[str], language: str) -> str:
    return ", ".join(sorted(values)) or Phrase("nothing").told(language)
