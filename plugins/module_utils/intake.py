"""A spreadsheet taken in whole: read, recorded row by row in a draft, and proven before a file is touched.

The registry that would come of it is loaded from a copy, as every other run loads it. What does not fit together
sends back the rows that caused it, and the others are tried again without them: good rows never wait for bad ones.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from yaml import MappingNode, ScalarNode

from .compare import Comparer
from .form import Column, Mode, key
from .model import RegistryError
from .phrase import Language
from .record import Recorder
from .refusals import Refusal, RowRefusedError
from .resolve import Resolver, meant
from .roster import memory_of, remembered
from .rows import sheets as sheets_of
from .shape import Composer
from .source import load
from .spreadsheet import Sheet as Written
from .spreadsheet import SpreadsheetError, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .form import Change, Form
    from .model import Problem
    from .rows import Exported, Row, Sheet
    from .spreadsheet import Table
    from .staff import Staff

REASON, REMEDY, PLACE = "Lý do trả lại", "Cách sửa", "Dòng cũ"
_NEAR = 0.75  # how alike a word must be to be suggested
SHOWN = 50  # lines of one kind that are told


class Outcome(StrEnum):
    """What became of a row."""

    RECORDED = "recorded"
    DONE = "done"  # the registry says so already
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one row, in Vietnamese; ``touched`` are the agency and the person of each post changed."""

    row: Row
    outcome: Outcome
    said: str
    remedy: str = ""
    notes: tuple[str, ...] = ()
    touched: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Intake:
    """What a spreadsheet comes to: a verdict for each row, and the files that would change, before and after."""

    verdicts: tuple[Verdict, ...]
    files: Mapping[str, tuple[str, str]]  # by path below the registry
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...]  # people who are in the registry, but not in the list of their agency

    def of(self, outcome: Outcome) -> tuple[Verdict, ...]:
        """Return the verdicts of one kind, in the order of the rows."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome is outcome)


def take_in(tables: Sequence[Table], staff: Staff, form: Form, *, as_of: date, agency: str = "") -> Intake:
    """Take in the sheets of one file. Writes nothing.

    ``as_of`` is the day for which a list without a day of its own is; ``agency`` whose sheets these are where they
    do not say. Raises SpreadsheetError where no sheet has a header.
    """
    exported = remembered(tables)
    sheets, others = sheets_of(tables, form, exported)
    if not sheets:
        raise SpreadsheetError(_headless(tables, form))
    run = _Run(sheets, form, exported.day if exported else as_of, agency)
    refused: dict[tuple[str, int], Verdict] = {}
    while True:
        verdicts, draft = run.through(staff, refused)
        files = draft.edited({code for verdict in verdicts for code, _ in verdict.touched})
        found = _unfit(staff.root, verdicts, files)
        if not found:
            break
        refused |= found
    notes = [f"Trang '{name}' không có dòng tiêu đề, không đọc." for name in others if exported is None]
    for sheet in sheets:
        notes += [f"{sheet.name}: {note}" for note in sheet.notes]
        if sheet.ignored:
            notes.append(f"{sheet.name}: bỏ qua dòng {', '.join(map(str, sheet.ignored))} (không có dữ liệu).")
    missing = run.missing(staff, exported)
    return Intake(tuple(verdicts), files, sheets, tuple(notes), tuple(missing))


@dataclass(frozen=True, slots=True)
class _Run:
    """One file's rows, and how to read them."""

    sheets: tuple[Sheet, ...]
    form: Form
    as_of: date
    agency: str

    def through(self, staff: Staff, refused: Mapping[tuple[str, int], Verdict]) -> tuple[list[Verdict], Staff]:
        """Record all rows but the refused ones in a fresh draft: in the order of their days, then of the rows."""
        draft = staff.anew()
        recorder = Recorder(Resolver(draft, self.form, self.as_of, self.agency))
        comparer = Comparer(recorder)
        rows = [row for sheet in self.sheets for row in sheet.rows]
        stand_ins = {_where(row): f"<{place}>" for place, row in enumerate(rows)}
        twins = _twins(rows)
        verdicts = dict(refused)
        for row in sorted(rows, key=_first_day):
            if _where(row) in verdicts:
                continue
            try:
                row.refuse_unreadable()
                if twin := twins.get(_where(row)):
                    raise Refusal.TWICE.row(other=twin)
                change = self._change(row)
                if change is None:
                    taken = comparer.take(row, stand_ins[_where(row)])
                else:
                    taken = recorder.take(row, change, stand_ins[_where(row)])
            except RowRefusedError as error:
                verdicts[_where(row)] = Verdict(row, Outcome.RETURNED, error.reason, error.remedy)
                continue
            outcome = Outcome.RECORDED if taken.said else Outcome.DONE
            said = f"{'; '.join(taken.said)}." if taken.said else "Sổ đã ghi như vậy."
            verdicts[_where(row)] = Verdict(row, outcome, said, "", tuple(taken.notes), frozenset(taken.touched))
        order = [stand_in for stand_in in stand_ins.values() if stand_in in recorder.newcomers]
        ids = _number(draft, self.form.new_ids, order)
        return [_numbered(verdicts[_where(row)], ids) for row in rows], draft

    def missing(self, staff: Staff, exported: Exported | None) -> list[str]:
        if exported is None and self.form.mode is not Mode.LIST:
            return []
        comparer = Comparer(Recorder(Resolver(staff, self.form, self.as_of, self.agency)))
        return comparer.missing(row for sheet in self.sheets for row in sheet.rows)

    def _change(self, row: Row) -> Change | None:
        """Return the kind of change that a row names, None for a row of a list."""
        word = row.text(Column.CHANGE)
        if not word:
            if self.form.mode is Mode.LIST or row.base is not None:
                return None
            raise Refusal.NO_CHANGE.row()
        change = self.form.changes.get(key(word))
        if change is None:
            titles = {known.title for known in self.form.changes.values()}
            near = _close(key(word), self.form)
            raise Refusal.UNKNOWN_CHANGE.row(text=word, hint=meant(near), known=", ".join(sorted(titles)))
        if row.base is not None:  # exported: its day and decision are still those of the last change
            for column in (Column.SINCE, Column.DECISION):
                if row.cells.get(column) == row.base.get(column):
                    raise Refusal.STALE.row(column=column.title, change=change.title)
        return change


def _close(word: str, form: Form) -> list[str]:
    return [form.changes[near].title for near in get_close_matches(word, form.changes, n=1, cutoff=_NEAR)]


def _where(row: Row) -> tuple[str, int]:
    return row.sheet, row.number


def _first_day(row: Row) -> date:
    try:
        return row.day(Column.SINCE) or date.max
    except RowRefusedError:
        return date.max


def _twins(rows: Iterable[Row]) -> dict[tuple[str, int], int]:
    """Return for each row that says just what an earlier one of its sheet says that one's number."""
    first: dict[object, int] = {}
    found: dict[tuple[str, int], int] = {}
    for row in rows:
        same = row.sheet, tuple(sorted((column.key, str(cell)) for column, cell in row.cells.items()))
        if first.setdefault(same, row.number) != row.number:
            found[_where(row)] = first[same]
    return found


def _number(draft: Staff, pattern: str, newcomers: Sequence[str]) -> dict[str, str]:
    """Give newcomers the next free staff numbers, in the order of their rows, and return them by stand-in.

    No number is given that anybody in the registry or in the address lock ever had.
    """
    prefix = pattern.rstrip("#")
    width = len(pattern) - len(prefix)
    shape = re.compile(rf"{re.escape(prefix)}([0-9]{{{width}}})")
    holders = (holder.partition(":")[2] for holder in draft.registry.addresses)
    used = [int(match[1]) for known in (*draft.posts, *holders) if (match := shape.fullmatch(known))]
    first = max(used, default=0) + 1
    ids = {stand_in: f"{prefix}{number:0{width}}" for number, stand_in in enumerate(newcomers, start=first)}
    for stand_in, number in ids.items():
        for post in draft.posts[stand_in]:
            post.said["id"] = number
    return ids


def _numbered(verdict: Verdict, ids: Mapping[str, str]) -> Verdict:
    """Return a verdict with the new numbers in the place of their stand-ins."""
    if not any(person in ids for _, person in verdict.touched):
        return verdict
    said = re.sub("<[0-9]+>", lambda match: ids.get(match[0], match[0]), verdict.said)
    touched = frozenset((agency, ids.get(person, person)) for agency, person in verdict.touched)
    return replace(verdict, said=said, touched=touched)


# The proof


def _unfit(
    root: Path, verdicts: Sequence[Verdict], files: Mapping[str, tuple[str, str]]
) -> dict[tuple[str, int], Verdict]:
    """Load the registry as it would be, and return the rows that are to blame for whatever does not fit."""
    if not files:
        return {}
    with TemporaryDirectory(prefix="congvu-import-") as folder:
        copy = Path(folder) / "registry"
        shutil.copytree(root, copy)
        for file, (_, after) in files.items():
            (copy / file).write_text(after, encoding="utf-8", newline="")
        try:
            load(copy, locked=False)
        except RegistryError as error:
            return _blamed(error.problems, verdicts, files)
    return {}


def _blamed(
    problems: Sequence[Problem], verdicts: Sequence[Verdict], files: Mapping[str, tuple[str, str]]
) -> dict[tuple[str, int], Verdict]:
    """Return the rows that caused these problems: those of the person at the place, else of the file, else all."""
    recorded = [verdict for verdict in verdicts if verdict.outcome is Outcome.RECORDED]
    people = {file: _people(after) for file, (_, after) in files.items()}
    found: dict[tuple[str, int], Verdict] = {}
    for problem in problems:
        file = problem.origin.file
        code = file.removeprefix("agencies/").removesuffix(".yml")
        person = next((who for first, who in people.get(file, ()) if first <= problem.origin.line), "")
        for blamed in (
            [verdict for verdict in recorded if any(who == person for _, who in verdict.touched)],
            [verdict for verdict in recorded if any(agency == code for agency, _ in verdict.touched)],
            recorded,
        ):
            if blamed:
                error = Refusal.UNFIT.row(fault=problem.what.told(Language.VIETNAMESE))
                for verdict in blamed:
                    refused = Verdict(verdict.row, Outcome.RETURNED, error.reason, error.remedy)
                    found.setdefault(_where(verdict.row), refused)
                break
    return found


def _people(text: str) -> list[tuple[int, str]]:
    """Return on which line each item under `people` begins, and whose it is, the last one first."""
    node = Composer(text).get_single_node()
    assert isinstance(node, MappingNode), "the engine has read this file before"  # noqa: S101 -- for the type checker
    items: list[MappingNode] = next((value.value for name, value in node.value if name.value == "people"), [])
    found = []
    for item in items:
        ids = [value.value for name, value in item.value if name.value == "id" and isinstance(value, ScalarNode)]
        found.append((item.start_mark.line + 1, ids[0] if ids else ""))
    return found[::-1]


def _headless(tables: Sequence[Table], form: Form) -> str:
    """Say that there is no header, and which one was looked for."""
    seen = [
        str(cell)
        for table in tables
        if not table.hidden
        for _, cells in table.rows[:20]
        for cell in cells
        if isinstance(cell, str) and key(cell) in form.columns
    ]
    found = f" Chỉ nhận ra: {', '.join(dict.fromkeys(seen))}." if seen else ""
    needed = ", ".join(column.title for column in (Column.CHANGE, Column.ID, Column.NAME, Column.TITLE, Column.SINCE))
    return (
        f"Không thấy dòng tiêu đề của một danh sách người.{found} "
        f"Cần các cột như {needed}; tên cột khác thì khai trong tệp ánh xạ (mapping). "
        "Nếu tiêu đề gõ bằng phông cũ (.VnTime, VNI-Times) thì chuyển cả tệp sang Unicode."
    )


# What goes back


def returned(intake: Intake, tables: Sequence[Table], form: Form) -> bytes:
    """Return a workbook with the rows that go back, each as it came, with the reason and the remedy."""
    back = {_where(verdict.row): verdict for verdict in intake.of(Outcome.RETURNED)}
    written = []
    for sheet in intake.sheets:
        own = [row for row in sheet.rows if _where(row) in back]
        if not own:
            continue
        width = max(max(sheet.header.columns.values()) + 1, len(sheet.titles), *(len(row.whole) for row in own))
        titles = [str(title or "") for title in sheet.titles] + [""] * (width - len(sheet.titles))
        for column, place in sheet.header.columns.items():
            if form.columns.get(key(titles[place])) is not column:  # the header had two rows
                titles[place] = column.title
        rows = tuple(
            (
                *row.whole,
                *[None] * (width - len(row.whole)),
                row.number,
                back[_where(row)].said,
                back[_where(row)].remedy,
            )
            for row in own
        )
        widths = (*[18] * width, 9, 60, 60)
        written.append(Written(sheet.name, (*titles, PLACE, REASON, REMEDY), rows, widths))
    return write((*written, *memory_of(tables)))


# What is told


def told(intake: Intake, back: str, *, written: bool = True) -> str:
    """Tell in Vietnamese what became of a file, and what to do next; ``back`` is where the returned rows are."""
    counts = {outcome: len(intake.of(outcome)) for outcome in Outcome}
    recorded, done = counts[Outcome.RECORDED], counts[Outcome.DONE]
    first = f"{len(intake.verdicts)} dòng: {recorded} ghi vào sổ, {done} đã ghi từ trước, "
    lines = [f"{first}{counts[Outcome.RETURNED]} trả lại."]
    lines += _several("Ghi vào sổ:", [f"{verdict.row}: {verdict.said}" for verdict in intake.of(Outcome.RECORDED)])
    notes = [f"{verdict.row}: {note}" for verdict in intake.verdicts for note in verdict.notes]
    lines += _several("Lưu ý:", [*intake.notes, *notes])
    lines += _several(
        "Trả lại:", [f"{verdict.row}: {verdict.said} {verdict.remedy}" for verdict in intake.of(Outcome.RETURNED)]
    )
    lines += _several("Có trong sổ mà không có trong danh sách (thôi việc phải có quyết định):", intake.missing)
    steps = []
    if not written:
        steps.append("Đây là chạy thử, chưa ghi gì. Chạy lại không có --check để ghi.")
    elif back:
        steps.append(f"Gửi {back} cho người lập danh sách sửa, rồi nhập lại.")
    if written and intake.files:
        steps.append("Xem lại thay đổi: git diff. Đúng thì chạy playbooks/allocate.yml, commit và gửi duyệt.")
        steps.append("Sau khi duyệt: playbooks/plan.yml.")
    return "\n".join([*lines, *_several("Việc tiếp theo:", steps)])


def _several(title: str, items: Sequence[str]) -> list[str]:
    """Return a titled list, cut where a screen would not hold it."""
    if not items:
        return []
    more = [f"  … và {len(items) - SHOWN} dòng nữa."] if len(items) > SHOWN else []
    return ["", title, *(f"  {item}" for item in items[:SHOWN]), *more]
