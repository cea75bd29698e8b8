"""Tables that people make: XLSX and CSV in, XLSX out. Nothing here knows what a column means.

Files come from outside by mail, so nothing in them is trusted. A file is measured before it is opened, and read with
limits: bytes, bytes once unpacked, parts, rows, columns. Workbooks with macros, with a password or of the format
before 2007 are refused. A part that declares a document type is refused before any XML library sees it: without one,
there are no entities to expand or to fetch. Formulas are never computed; what Excel last showed is read.
On the way out every text is a text: none is ever taken for a formula.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import IO, TYPE_CHECKING, cast
from xml.parsers.expat import ExpatError, ParserCreate

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell as Box
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.xml.functions import tostring

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | date | None

MAX_BYTES = 20 * 2**20
MAX_UNPACKED = 200 * 2**20  # bytes of all parts of a workbook, unpacked
MAX_PARTS = 2000  # files inside a workbook
MAX_ROWS = 100_000
MAX_COLUMNS = 100
MAX_HEIGHT = 2**20  # rows of a sheet, blank ones too: Excel's own limit
MAX_IN_ROW = 8 * 2**14  # elements in one row: Excel's columns, each with its value; a row is held in memory whole
MAX_HEIGHTS = 4 * MAX_HEIGHT  # of all sheets together
MAX_MARKUP = 10_000_000  # angle brackets in all parts: an element costs far more memory than it has bytes

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # workbooks before 2007, and those behind a password
_DELIMITERS = (",", ";", "\t")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet program may take for a formula
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_DAY_FORMAT = "DD/MM/YYYY"
_TEXT_FORMAT = "@"
_HEADER_FILL = PatternFill("solid", fgColor="DDE8F3")


class SpreadsheetError(Exception):
    """A file that is not read: why, and what to do about it, in Vietnamese, for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name, and its rows that are not blank, each with its number as Excel shows it."""

    name: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A list to choose from, for some cells of a column (counted from 0); ``source`` is a range or a list."""

    column: int
    first_row: int
    last_row: int
    source: str
    title: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be written: a frozen header and rows below it."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] = ()  # in characters
    choices: tuple[Choice, ...] = ()
    hidden: bool = False  # so deep that Excel's own menus do not show it


# Reading


def read(path: Path) -> tuple[Table, ...]:
    """Read the sheets of a file, texts composed (NFC) and with single spaces.

    Raises SpreadsheetError where the file is none, or not to be trusted, and OSError where it cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        message = f"{path.name}: tệp lớn hơn {MAX_BYTES // 2**20} MB. Hãy tách thành nhiều tệp."
        raise SpreadsheetError(message)
    try:
        if content.startswith(b"PK"):
            return tuple(_workbook(content))
        if content.startswith(_OLE):
            message = (
                "tệp Excel kiểu cũ (.xls) hoặc có mật khẩu. "
                "Hãy mở bằng Excel, bỏ mật khẩu và lưu lại thành 'Excel Workbook (.xlsx)'."
            )
            raise SpreadsheetError(message)  # noqa: TRY301 -- the file's name is put before it below
        return (_csv(path.stem, content),)
    except SpreadsheetError as error:
        message = f"{path.name}: {error}"
        raise SpreadsheetError(message) from error


def tidy(value: object) -> Cell:
    """Return what a cell says: texts composed, spaces single, what cannot be seen removed; None if that is nothing."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, (int, date)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    text = unicodedata.normalize("NFC", "" if value is None else str(value))
    return " ".join(_INVISIBLE.sub("", text).split()) or None


def _workbook(content: bytes) -> Iterator[Table]:
    try:
        _inspect(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        left = MAX_HEIGHTS
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what the file says of its own size need not be so
            rows, height = _rows(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True))
            left -= height
            if left < 0:
                raise _swollen()  # noqa: TRY301 -- passed on as it is below
            yield Table(str(tidy(sheet.title) or ""), rows, _is_hidden(sheet))
    except SpreadsheetError:
        raise
    except Exception as error:  # whatever a broken file makes the library trip over
        message = f"không đọc được như một tệp Excel ({type(error).__name__}). Hãy mở bằng Excel và lưu lại (.xlsx)."
        raise SpreadsheetError(message) from error


def _is_hidden(sheet: object) -> bool:
    return getattr(sheet, "sheet_state", "visible") != "visible"


def _inspect(content: bytes) -> None:
    """Refuse a workbook that is a danger, before a library unpacks it.

    The sizes are those that the archive declares; Python's own unpacking gives no byte more than declared.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise _swollen()
        names = [part.filename for part in parts]
        if any(name.lower().endswith(("vbaproject.bin", ".bas")) or "macrosheets/" in name.lower() for name in names):
            message = "tệp có macro. Hãy lưu lại thành 'Excel Workbook (.xlsx)', không phải .xlsm."
            raise SpreadsheetError(message)
        if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
            message = "không phải tệp Excel (.xlsx). Hãy mở bằng Excel và lưu lại thành 'Excel Workbook (.xlsx)'."
            raise SpreadsheetError(message)
        markup = 0
        for part in parts:
            with archive.open(part) as stream:
                _refuse_document_type(stream, is_xml=part.filename.lower().endswith((".xml", ".rels", ".vml")))
            with archive.open(part) as stream:
                own = sum(chunk.count(b"<") for chunk in iter(lambda: stream.read(2**20), b""))
            markup += own
            if markup > MAX_MARKUP:
                raise _swollen()
            if own > MAX_IN_ROW:
                with archive.open(part) as stream:
                    _refuse_endless_row(stream)


def _swollen() -> SpreadsheetError:
    message = "tệp phình to bất thường khi giải nén, không đọc vì lý do an toàn. Hãy chép dữ liệu sang tệp mới."
    return SpreadsheetError(message)


class _RootReachedError(Exception):
    """The first element begins: no document type can follow."""


def _refuse_document_type(stream: IO[bytes], *, is_xml: bool) -> None:
    """Look into every part, as the workbook itself says which of them is a sheet, whatever it is called."""

    def declared(*_: object) -> None:
        message = "tệp khai báo DOCTYPE, điều Excel không bao giờ làm; không đọc vì lý do an toàn."
        raise SpreadsheetError(message)

    def begun(*_: object) -> None:
        raise _RootReachedError

    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        while chunk := stream.read(4096):
            parser.Parse(chunk, False)  # noqa: FBT003 -- expat's own signature
    except _RootReachedError:
        return
    except ExpatError as error:
        if not is_xml:
            return  # a picture
        message = "tệp hỏng: có phần không phải XML. Hãy mở bằng Excel và lưu lại."
        raise SpreadsheetError(message) from error


def _refuse_endless_row(stream: IO[bytes]) -> None:
    since: int | None = None  # elements since the last row began; before the first one they are not a row's

    def begun(name: str, _: object) -> None:
        nonlocal since
        if name.rpartition(":")[2] == "row":
            since = 0
        elif since is not None:
            since += 1
            if since > MAX_IN_ROW:
                raise _swollen()

    parser = ParserCreate()
    parser.StartElementHandler = begun
    with suppress(ExpatError):  # a picture that happens to hold angle brackets
        parser.ParseFile(stream)


def _rows(rows: Iterator[tuple[object, ...]]) -> tuple[tuple[tuple[int, tuple[Cell, ...]], ...], int]:
    """Return the rows that are not blank, each with its number, and how many rows there are in all."""
    kept = []
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > MAX_HEIGHT:
            raise _too_long(MAX_HEIGHT)
        if row.count(None) == len(row):
            continue
        cells = [tidy(value) for value in row[:MAX_COLUMNS]]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            kept.append((number, tuple(cells)))
        if len(kept) > MAX_ROWS:
            raise _too_long(MAX_ROWS)
    return tuple(kept), number


def _too_long(rows: int) -> SpreadsheetError:
    return SpreadsheetError(f"có hơn {rows} dòng. Hãy tách thành nhiều tệp.")


def _csv(name: str, content: bytes) -> Table:
    text = _decoded(content)
    first, _, rest = text.partition("\n")
    delimiter = ""
    if re.fullmatch(r"sep=.\r?", first):  # Excel's own hint
        delimiter, text = first[4], "\n" + rest  # the line stays, so that rows keep their numbers
    delimiter = delimiter or _delimiter(text)
    try:
        rows, _ = _rows(map(tuple, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
        return Table(str(tidy(name) or ""), rows)
    except csv.Error as error:
        message = f"không đọc được như một tệp CSV ({error}). Hãy lưu lại thành 'CSV UTF-8' hoặc .xlsx."
        raise SpreadsheetError(message) from error


def _decoded(content: bytes) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = (
            f"không phải Unicode (dòng {line}): tệp được lưu bằng bảng mã cũ (Windows-1258, TCVN3 hay VNI). "
            "Hãy mở bằng Excel, kiểm tra dấu tiếng Việt và lưu lại thành 'CSV UTF-8' hoặc .xlsx."
        )
        raise SpreadsheetError(message) from error
    if "\0" in text:
        message = "không phải bảng tính. Hãy gửi tệp .xlsx hoặc CSV."
        raise SpreadsheetError(message)
    return text


def _delimiter(text: str) -> str:
    """Return what separates the cells: the character that makes the most columns in the first lines."""
    head = text[:65536]

    def columns(delimiter: str) -> int:
        rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        try:
            return max((len(row) for row, _ in zip(rows, range(30), strict=False)), default=0)
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=columns)


# Writing


def write(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook with these sheets: the same sheets always give the same bytes."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _fill(cast("Worksheet", book.create_sheet(sheet.name)), sheet)
    packed = io.BytesIO()
    book.save(packed)
    return timeless(packed.getvalue(), book)


def _fill(target: Worksheet, sheet: Sheet) -> None:
    target.freeze_panes = "A2"
    if sheet.hidden:
        target.sheet_state = "veryHidden"
    for number, width in enumerate(sheet.widths, start=1):
        target.column_dimensions[get_column_letter(number)].width = width
    if sheet.header:
        last = get_column_letter(len(sheet.header))
        target.auto_filter.ref = f"A1:{last}{len(sheet.rows) + 1}"
    for choice in sheet.choices:
        letter = get_column_letter(choice.column + 1)
        validation = DataValidation(type="list", formula1=choice.source, allow_blank=True, showErrorMessage=True)
        validation.errorTitle = choice.title
        validation.error = "Hãy chọn trong danh sách."
        validation.add(f"{letter}{choice.first_row}:{letter}{choice.last_row}")
        target.data_validations.append(validation)
    target.append([_cell(target, title, header=True) for title in sheet.header])
    for row in sheet.rows:
        target.append([_cell(target, value) for value in row])


def _cell(target: Worksheet, value: Cell, *, header: bool = False) -> Box:
    cell = Box(target, row=1, column=1)  # where it stands, the row that it is appended in decides
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = _DAY_FORMAT
        return cell
    cell.value = _UNWRITABLE.sub("", value)
    cell.data_type = "s"  # whatever it begins with
    cell.number_format = _TEXT_FORMAT
    if value.startswith(_ACTIVE):
        cell.quotePrefix = True  # it stays a text when somebody edits the cell
    if header:
        cell.font = Font(bold=True)
        cell.fill = _HEADER_FILL
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def timeless(packed: bytes, book: Workbook) -> bytes:
    """Return the same workbook without the moment at which it was made."""
    book.properties.created = book.properties.modified = _EPOCH.replace(tzinfo=None)
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as target:
        for part in sorted(source.namelist()):
            content = tostring(book.properties.to_tree()) if part == "docProps/core.xml" else source.read(part)
            target.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
    return again.getvalue()
