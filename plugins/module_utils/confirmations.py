"""What a bigger system's operator has confirmed so far: all that a district knows of a directory it may not read.

A district that lives inside the city's mail system only asks (BT Điều 3, 8.3). So its registry is compared not with a
directory but with this file in Git: the answers received, and the entries that exist by them. It is JSON lines in one
canonical form, sorted by id, so that two branches which confirm different people merge; it never holds a secret.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from .changes import Applied, Create
from .directory import Record
from .model import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from .changes import Change, Plan

    Texts = Mapping[str, tuple[str, ...]]

VERSION = 1
FILE = "confirmed.jsonl"
SHORT = 12  # characters of a plan's id by which people call it
_ACCESS = "congvuAccess"


class ConfirmationError(Exception):
    """The file or the answer cannot be taken: why, and what to do about it, in Vietnamese for the district's office."""


class StaleError(ConfirmationError):
    """What the request built upon has changed since."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The operator's answer to one request; ``refused`` are the items left out, and so asked for again."""

    plan: str
    as_of: date
    commit: str
    answered: date
    number: str
    refused: tuple[str, ...] = ()
    entries: int = 0  # how many there were afterwards


@dataclass(frozen=True, slots=True)
class Known:
    """An entry that the operator is believed to keep; ``plan`` is the request that it rests on, in short."""

    id: str
    dn: str
    attributes: Texts
    plan: str


@dataclass(frozen=True)
class Confirmations:
    """The whole file."""

    estate: str
    suffix: str
    answers: tuple[Answer, ...] = ()
    entries: Mapping[str, Known] = field(default_factory=dict)  # by id, sorted

    @property
    def content(self) -> bytes:
        """Give the file."""
        return b"".join(_line(line) for line in self._lines())

    @property
    def applied(self) -> Applied | None:
        """Give the last answer in the form in which planning takes what was last applied."""
        if not self.answers:
            return None
        last = self.answers[-1]
        youngest = max(answer.answered for answer in self.answers)
        return Applied(last.plan, last.commit, last.as_of, _csn(youngest, "~"), last.entries)

    def answer_to(self, plan: str) -> Answer | None:
        """Give the answer that was taken in for a plan, if one was."""
        return next((answer for answer in self.answers if answer.plan == plan), None)

    def records(self) -> list[Record]:
        """Give the entries as a directory would show them.

        Nobody else writes here, so an entry's state is its content: entryCSN is the day of the answer and a digest.
        """
        days = {answer.plan[:SHORT]: answer.answered for answer in self.answers}
        return [
            Record(
                dn=known.dn,
                uuid=known.id,
                csn=_csn(days[known.plan], _digest(known)),
                attributes=known.attributes,
            )
            for known in self.entries.values()
        ]

    def _lines(self) -> Iterator[dict[str, Any]]:
        yield {"line": "header", "version": VERSION, "estate": self.estate, "suffix": self.suffix}
        for answer in self.answers:
            days = {"as_of": answer.as_of.isoformat(), "answered": answer.answered.isoformat()}
            yield {"line": "answer", **{name: getattr(answer, name) for name in Answer.__dataclass_fields__}, **days}
        for known in self.entries.values():
            yield {"line": "entry", **{name: getattr(known, name) for name in Known.__dataclass_fields__}}


def read(file: Path, estate: str, suffix: str) -> Confirmations:
    """Read the file of an estate; where there is none, nothing was confirmed yet."""
    if not os.path.lexists(file):
        return Confirmations(estate, suffix)
    if not file.is_file():
        message = f"{file}: không phải tệp, hoặc liên kết không dẫn tới tệp nào. Hãy lấy lại tệp này từ Git."
        raise ConfirmationError(message)
    return parse(file.read_bytes(), estate, suffix)


def parse(content: bytes, estate: str, suffix: str) -> Confirmations:
    """Read the file of an estate, refusing whatever this version would not have written byte for byte."""
    answers: list[Answer] = []
    entries: dict[str, Known] = {}
    header: dict[str, Any] = {}
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            fields = json.loads(line)
            match fields.pop("line"):
                case "header" if number == 1:
                    header = fields
                case "answer" if header:
                    answers.append(_answer(fields))
                case "entry" if header:
                    known = _known(fields)
                    entries[known.id] = known
                case other:
                    raise ValueError(other)  # noqa: TRY301 -- told like any other fault of the line
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"{FILE}, dòng {number}: không đọc được. Hãy lấy lại tệp này từ Git; đừng sửa tay."
            raise ConfirmationError(message) from error
    if header != {"version": VERSION, "estate": estate, "suffix": suffix}:
        message = (
            f"{FILE}, dòng 1: tệp không phải của hệ thống {estate} ({suffix}) hoặc thuộc phiên bản khác. "
            "Hãy kiểm tra đường dẫn; nếu hậu tố của thư mục đã đổi thì phải làm lại tệp từ đầu."
        )
        raise ConfirmationError(message)
    confirmed = Confirmations(estate, suffix, tuple(answers), dict(sorted(entries.items())))
    if confirmed.content != content:
        lines = zip(confirmed.content.splitlines(), content.splitlines(), strict=False)
        number = next((place for place, (ours, theirs) in enumerate(lines, start=1) if ours != theirs), 1)
        message = (
            f"{FILE}, dòng {number}: dòng bị sửa tay, lặp lại hoặc không theo thứ tự. "
            "Hãy lấy lại tệp này từ Git; nếu vừa gộp hai nhánh, xếp lại các dòng theo 'id'."
        )
        raise ConfirmationError(message)
    unknown = {known.plan for known in entries.values()} - {answer.plan[:SHORT] for answer in answers}
    if unknown:
        message = f"{FILE}: không có trả lời nào cho đề nghị {min(unknown)}. Hãy lấy lại tệp này từ Git; đừng sửa tay."
        raise ConfirmationError(message)
    return confirmed


def take(confirmed: Confirmations, plan: Plan, answer: Answer) -> Confirmations:
    """Take a confirmed plan in, but for what was refused.

    A refused item is a change's id (`person:bt00012`), or one right of it (`person:bt00012:ubnd`). Raises StaleError,
    and takes nothing, where any other change builds on what is no longer so.
    """
    if (plan.estate, plan.suffix) != (confirmed.estate, confirmed.suffix):
        message = f"Đề nghị {plan.id[:SHORT]} là của {plan.estate} ({plan.suffix}), không phải của {confirmed.estate}."
        raise ConfirmationError(message)
    unknown = sorted(set(answer.refused) - items_of(plan))
    if unknown:
        message = f"Đề nghị {plan.id[:SHORT]} không có mục {', '.join(unknown)}. Mã của từng mục ghi trong bảng tính."
        raise ConfirmationError(message)
    taken = [change for change in plan.changes if change.id not in answer.refused]
    standing = {record.uuid: record.csn for record in confirmed.records()}
    stale = [change.id for change in taken if not _fits(change, standing)]
    if stale:
        message = (
            f"Đề nghị {plan.id[:SHORT]} đã cũ: từ khi lập, {FILE} đã ghi nhận kết quả khác về {', '.join(stale[:8])}"
            f"{' …' if len(stale) > 8 else ''}. Không ghi nhận gì. Hãy lập đề nghị mới."  # noqa: PLR2004 -- a line's room
        )
        raise StaleError(message)
    entries = dict(confirmed.entries)
    for change in taken:
        entries[change.id] = _after(change, entries.get(change.id), answer)
    answers = (*confirmed.answers, replace(answer, refused=tuple(sorted(answer.refused)), entries=len(entries)))
    return replace(confirmed, answers=answers, entries=dict(sorted(entries.items())))


def items_of(plan: Plan) -> set[str]:
    """Give everything in a plan that can be refused by itself."""
    rights = {f"{change.id}:{mailbox}" for change in plan.changes for mailbox in _mailboxes(change)}
    return rights | {change.id for change in plan.changes}


def _mailboxes(change: Change) -> set[str]:
    values = {*change.before.get(_ACCESS, ())} ^ {*change.after.get(_ACCESS, ())}
    return {value.partition(":")[0] for value in values}


def _fits(change: Change, standing: Mapping[str, str]) -> bool:
    if isinstance(change, Create):
        return change.id not in standing
    return change.precondition is not None and standing.get(change.id) == change.precondition.csn


def _after(change: Change, known: Known | None, answer: Answer) -> Known:
    attributes = {**(known.attributes if known else {}), **change.after}
    if _ACCESS in change.after:
        attributes[_ACCESS] = _granted(change, answer.refused)
    kept = {name: tuple(values) for name, values in sorted(attributes.items()) if values}
    return Known(change.id, change.target, kept, answer.plan[:SHORT])


def _granted(change: Change, refused: Collection[str]) -> tuple[str, ...]:
    """Give the rights after a change, those as before that were refused."""

    def stays(value: str) -> bool:
        return f"{change.id}:{value.partition(':')[0]}" in refused

    before = {value for value in change.before.get(_ACCESS, ()) if stays(value)}
    return tuple(sorted(before | {value for value in change.after[_ACCESS] if not stays(value)}))


def _answer(fields: dict[str, Any]) -> Answer:
    days = {name: date.fromisoformat(fields[name]) for name in ("as_of", "answered")}
    return Answer(**{**fields, **days, "refused": tuple(fields["refused"])})


def _known(fields: dict[str, Any]) -> Known:
    Kind(fields["id"].partition(":")[0])
    return Known(**{**fields, "attributes": {name: tuple(values) for name, values in fields["attributes"].items()}})


def _csn(day: date, rest: str) -> str:
    return f"{day.isoformat()}#{rest}"


def _digest(known: Known) -> str:
    return hashlib.sha256(_line({"dn": known.dn, "attributes": known.attributes})).hexdigest()[:SHORT]


def _line(line: Mapping[str, Any]) -> bytes:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
