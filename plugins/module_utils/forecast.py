"""What will change by itself, day by day, told to people: a plan for days that have not come.

The registry names days to come, and each of them is carried out by a run on that day. Who reads this sees who joins,
leaves, moves or gets another address before it happens, and can still correct a file.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from .model import Kind, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .compile import Coming
    from .model import Entry

# What is told of an entry, in this order: the attribute, and its name in English and in Vietnamese.
_TOLD = {
    "displayName": ("name", "tên"),
    "description": ("name", "tên"),
    "title": ("title", "chức vụ"),
    "ou": ("place", "nơi công tác"),
    "mail": ("address", "địa chỉ"),
    "mailLocalAddress": ("letters to", "nhận thư gửi tới"),
    "congvuAccess": ("shared mailboxes", "hộp thư dùng chung"),
    "congvuSendAs": ("writes as", "gửi thư với tên"),
}
_KINDS = {
    Kind.AGENCY: ("agency", "cơ quan"),
    Kind.UNIT: ("unit", "đơn vị"),
    Kind.MAILBOX: ("mailbox", "hộp thư"),
    Kind.PERSON: ("person", "cán bộ"),
}
_STATES = {
    State.ACTIVE: ("may sign in again", "được đăng nhập trở lại"),
    State.DISABLED: ("access ends", "ngừng truy cập"),
    State.HELD: ("is closed, its mail is kept", "đóng, thư được giữ lại"),
}
_STRUCTURE_STATES = {
    **_STATES,
    State.DISABLED: ("ends", "chấm dứt"),
    State.ACTIVE: ("exists again", "hoạt động trở lại"),
}
_IN_THE_LABEL = ("displayName", "description")
_BEGINS = ("begins", "bắt đầu")
_BY = ("by", "theo")
_NOTHING = ("nothing", "không có")
_QUIET = ("Nothing changes by itself until {until}.", "Từ nay đến hết ngày {until} không có thay đổi nào tự diễn ra.")


def text(coming: Sequence[Coming], *, until: str, lang: str) -> str:
    """Tell what is coming, a paragraph a day; ``lang`` is `en` or `vi`."""
    which = int(lang == "vi")
    shown = [change for change in coming if change.entry.kind in _KINDS]
    if not shown:
        return _QUIET[which].format(until=until)
    paragraphs = []
    for day, changes in groupby(shown, key=lambda change: change.day):
        heading = f"{day:%d/%m/%Y}" if which else day.isoformat()
        paragraphs.append("\n".join((heading, *(f"  {_line(change, which)}" for change in changes))))
    return "\n\n".join(paragraphs)


def _line(change: Coming, which: int) -> str:
    entry = change.entry
    name = entry.attributes.get("displayName", entry.attributes.get("description", ("",)))[0]
    kind, id_ = entry.id.split(":", 1)
    what = "; ".join((*_what(change, which), f"{_BY[which]} {entry.reason}"))
    return f"{_KINDS[Kind(kind)][which]} {id_}  {name}: {what}  {entry.origin.file}:{entry.origin.line}"


def _what(change: Coming, which: int) -> Iterator[str]:
    before, after = change.before, change.entry
    if before is None:
        yield _BEGINS[which]
    elif before.state is not after.state:
        states = _STATES if after.kind in (Kind.PERSON, Kind.MAILBOX) else _STRUCTURE_STATES
        yield states[after.state][which]
    for attribute, words in _TOLD.items():
        old, new = _values(before, attribute), _values(after, attribute)
        if before is None and new and attribute not in _IN_THE_LABEL:
            yield f"{words[which]} {_shown(new, which)}"
        elif before is not None and old != new:
            yield f"{words[which]} {_shown(old, which)} → {_shown(new, which)}"


def _values(entry: Entry | None, attribute: str) -> frozenset[str]:
    """Return an attribute's values; letters to the address that others see go without saying."""
    if entry is None or (attribute == "ou" and entry.kind is not Kind.PERSON):
        return frozenset()
    found = frozenset(entry.attributes.get(attribute, ()))
    return found - frozenset(entry.attributes.get("mail", ())) if attribute == "mailLocalAddress" else found


def _shown(values: frozenset[str], which: int) -> str:
    return ", ".join(sorted(values)) or _NOTHING[which]
