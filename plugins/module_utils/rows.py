"""From the rows of a personnel office's sheets to what each row says: a person, a day, a decision.

Days are written as Vietnamese write them, day before month; nothing is ever guessed, and a row that could be read in
two ways goes back to whoever wrote it. What is said here is read by personnel clerks: it is in Vietnamese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from .form import Column, find_header, is_numbering
from .names import NameRefusedError, fold, refuse
from .refusals import Refusal, RowRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .form import Form, Header
    from .spreadsheet import Cell, Table

_SEPARATED = re.compile(r"(?:ngay )?([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]+)")
_IN_WORDS = re.compile(r"(?:ngay )?([0-9]{1,2}) thang ([0-9]{1,2}) nam ([0-9]+)")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?: 00:00:00)?")
_SERIAL_ZERO = date(1899, 12, 30)  # Excel's day 0; it believes in a 29 February 1900, so days count from 1 March on
_SERIALS = range(18264, 73051)  # 1950 to 2099
_YEARS = range(1950, 2100)
_MONTHS = 12
LONGEST = 250  # characters of a cell that is taken in
_WITH_DAY = re.compile(r"(?P<number>.*?)[\s,(]*\bngày\b\s*(?P<day>.*?)\)?", re.IGNORECASE)
_LEAD = re.compile(r"(?:quyết định|qđ)?\s*(?:số)?\s*[:.]?\s*(?=[0-9])", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,6}[a-zA-ZđĐ]?(?:[/-][^\W_]+)+")
_BROKEN = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_NONE = frozenset({"-", "–", "không", "khong"})  # noqa: RUF001 -- the dash that Excel makes of a hyphen


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as the registry cites it: `310/QĐ-SNV ngày 12/11/2026`, older entries without a day."""

    number: str
    day: date | None

    def __str__(self) -> str:
        """Render as the registry has it."""
        return f"{self.number} ngày {self.day:%d/%m/%Y}" if self.day else self.number

    def is_same(self, other: Decision) -> bool:
        """Say whether both are the same decision; one whose day nobody noted may be."""
        return fold(self.number) == fold(other.number) and (self.day == other.day or not (self.day and other.day))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, its cells by field, and the cells as they were exported, if it comes from us."""

    sheet: str
    number: int
    cells: Mapping[Column, Cell]
    whole: tuple[Cell, ...] = ()
    base: Mapping[Column, Cell] | None = None

    def __str__(self) -> str:
        """Name the place as Excel does."""
        return f"{self.sheet}, dòng {self.number}"

    def refuse_unreadable(self) -> None:
        """Raise RowRefusedError where a cell holds what nobody sees, or more than any field can be."""
        for column, value in self.cells.items():
            if not isinstance(value, str):
                continue
            if len(value) > LONGEST:
                raise Refusal.TOO_LONG.row(column=column.title, count=len(value), most=LONGEST)
            if not value.isprintable():
                hidden = next(character for character in value if not character.isprintable())
                raise Refusal.HIDDEN.row(column=column.title, code=f"U+{ord(hidden):04X}")

    def has(self, column: Column) -> bool:
        """Say whether anything stands in a field."""
        return self.cells.get(column) is not None

    def text(self, column: Column) -> str:
        """Return a field's text, empty if there is none. Raises RowRefusedError where a formula failed."""
        value = self.cells.get(column)
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        text = "" if value is None else str(value)
        if text in _BROKEN:
            raise Refusal.BROKEN.row(column=column.title, text=text)
        return text

    def need(self, column: Column) -> str:
        """Return a field's text. Raises RowRefusedError if there is none."""
        if text := self.text(column):
            return text
        raise Refusal.EMPTY.row(column=column.title)

    def day(self, column: Column) -> date | None:
        """Return a field's day, None if it is empty. Raises RowRefusedError where it is none."""
        self.text(column)
        return read_day(self.cells.get(column), column.title)

    def since(self) -> date:
        """Return the first day on which the row's change holds."""
        found = self.day(Column.SINCE)
        if found is None:
            raise Refusal.NO_DAY.row(column=Column.SINCE.title)
        return found

    def until(self) -> date | None:
        """Return the first day on which it no longer holds: the sheet names the last one on which it does."""
        last = self.day(Column.LAST_DAY)
        return last + timedelta(days=1) if last else None

    def decision(self, *, day_needed: bool = True) -> Decision:
        """Return the decision that the row rests on. Raises RowRefusedError if it is not fully named."""
        found = read_decision(self.cells.get(Column.DECISION), self.cells.get(Column.DECISION_DAY))
        if found is None:
            raise Refusal.NO_DECISION.row()
        if day_needed and found.day is None:
            raise Refusal.NO_DECISION_DAY.row()
        return found

    def name(self, column: Column = Column.NAME) -> str:
        """Return a person's name, in Unicode and not all in capitals; empty if there is none."""
        name = self.text(column)
        if column is Column.NAME and not name:
            name = f"{self.text(Column.FAMILY)} {self.text(Column.GIVEN)}".strip()
        if not name:
            return ""
        try:
            refuse(name)
        except NameRefusedError as error:
            refusal = Refusal.OLD_FONT if error.legacy else Refusal.NOT_A_NAME
            meant = f", có lẽ là '{error.suggestion}'" if error.suggestion else ""
            raise refusal.row(name=name, offender=error.offender, meant=meant) from error
        return name.title() if name.isupper() else name

    def is_none(self, column: Column) -> bool:
        """Say whether a field says that there is none, in so many words."""
        return self.text(column).lower() in _NONE


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows that say something about somebody, and the numbers of those that do not."""

    name: str
    header: Header
    titles: tuple[Cell, ...]
    rows: tuple[Row, ...]
    ignored: tuple[int, ...] = ()
    notes: tuple[str, ...] = field(default=())


def read_day(value: Cell, title: str = "ngày") -> date | None:
    """Read a day as Vietnamese write it: 1/9/2026, 01-09-2026, 01.09.2026, ngày 01 tháng 9 năm 2026, or Excel's own.

    Never month before day, and never a year of two digits. Raises RowRefusedError where it is no such day.
    """
    if value is None:
        return None
    if isinstance(value, date):
        found: date | None = value
    elif isinstance(value, str) and not (value.isascii() and value.isdigit()):
        found = _written_day(value, title)
    else:
        days = float(value)
        found = _SERIAL_ZERO + timedelta(days=days) if days.is_integer() and int(days) in _SERIALS else None
    if found is None or found.year not in _YEARS:
        raise Refusal.NOT_A_DAY.row(column=title, text=value)
    return found


def _written_day(value: str, title: str) -> date | None:
    text = fold(value).strip()
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
    elif match := _SEPARATED.fullmatch(text):
        day, _, month, year = match.groups()
    elif match := _IN_WORDS.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    if len(year) != 4:  # noqa: PLR2004
        raise Refusal.SHORT_YEAR.row(column=title, text=value)
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise Refusal.NO_SUCH_DAY.row(column=title, text=value) from error


def read_decision(number: Cell, day: Cell) -> Decision | None:
    """Read a decision's number and day; the day may stand behind the number, as in `310/QĐ-SNV ngày 12/11/2026`."""
    if number is None:
        return None
    if isinstance(number, date):
        raise Refusal.DECISION_IS_DAY.row(day=f"{number:%d/%m/%Y}")
    text = str(number)
    if match := _WITH_DAY.fullmatch(text):
        text, behind = match["number"], match["day"]
        day = behind if day is None else day
    text = re.sub(r"\s*([/-])\s*", r"\1", _LEAD.sub("", text, count=1)).strip(" ,;.")
    if not _NUMBER.fullmatch(text) or text.replace("/", "").replace("-", "").isdigit():
        raise Refusal.NOT_A_DECISION.row(text=number)
    return Decision(text, read_day(day, Column.DECISION_DAY.title))


def cited(text: str) -> Decision:
    """Read a decision as the registry cites it, whatever it looks like."""
    try:
        found = read_decision(text, None)
    except RowRefusedError:
        found = None
    return found or Decision(text, None)


def sheets(
    tables: Sequence[Table], form: Form, exported: Exported | None = None
) -> tuple[tuple[Sheet, ...], list[str]]:
    """Return the sheets in which a header was found, and the names of the others."""
    found: list[Sheet] = []
    others: list[str] = []
    for table in tables:
        if table.hidden:
            continue
        header = find_header(table, form)
        if header is None:
            if table.rows:
                others.append(table.name)
            continue
        found.append(_sheet(table, header, exported))
    return tuple(found), others


@dataclass(frozen=True, slots=True)
class Exported:
    """What an exported workbook remembers of itself: the registry's commit and day, and each row as it left."""

    commit: str
    day: date
    rows: Mapping[tuple[str, str, str], Mapping[Column, Cell]]  # by ``identity``

    def original(self, cells: Mapping[Column, Cell]) -> Mapping[Column, Cell] | None:
        """Return a row as it was exported, also after its agency was changed; None for a row that is new."""
        person, agency, post = identity(cells)
        if exact := self.rows.get((person, agency, post)):
            return exact
        own = [row for (who, _, kind), row in self.rows.items() if (who, kind) == (person, post) and who]
        return own[0] if len(own) == 1 else None


def identity(cells: Mapping[Column, Cell]) -> tuple[str, str, str]:
    """Return what an exported row is known by: the person, the agency and the kind of post."""
    person, agency, post = (cells.get(column) for column in (Column.ID, Column.AGENCY, Column.POST))
    return str(person or "").lower(), str(agency or ""), str(post or "")


def _sheet(table: Table, header: Header, exported: Exported | None) -> Sheet:
    kept: list[Row] = []
    ignored: list[int] = []
    titles = next(cells for number, cells in table.rows if number == header.row)
    for number, cells in table.rows:
        if number <= header.row:
            continue
        said = {column: cells[place] for column, place in header.columns.items() if place < len(cells)}
        said = {column: cell for column, cell in said.items() if cell is not None}
        if is_numbering(cells):
            continue
        if len(said) <= 1:
            ignored.append(number)  # a group's title, a sum, a signature
            continue
        base = exported.original(said) if exported else None
        kept.append(Row(table.name, number, said, cells, base))
    return Sheet(table.name, header, titles, tuple(kept), tuple(ignored), tuple(_doubtful(kept)))


def _doubtful(rows: list[Row]) -> Iterator[str]:
    """Warn of columns in which an American Excel may have turned days round: to it 1/9 is a day, 13/9 only a text."""
    for column in (Column.SINCE, Column.LAST_DAY, Column.DECISION_DAY):
        values = [row.cells[column] for row in rows if column in row.cells]
        real = [value for value in values if isinstance(value, date)]
        texts = (_SEPARATED.match(fold(value)) for value in values if isinstance(value, str))
        late = any(match and int(match[1]) > _MONTHS for match in texts)
        if late and real and all(value.day <= _MONTHS for value in real):
            yield (
                f"Cột '{column.title}' có cả ngày thật của Excel lẫn ngày dạng chữ: máy đặt theo kiểu Mỹ có thể đã đảo "
                "ngày và tháng. Hãy xem kỹ các ngày trước khi duyệt."
            )
