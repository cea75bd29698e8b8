"""A periodic report as a workbook: numbers are numbers, days are days, and each sheet prints as it stands."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as Box
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from . import reportwords as words
from .model import Content
from .spreadsheet import timeless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from .figures import Figures, Share
    from .model import Registry

Value = str | int | float | date | None

_FONT = "Times New Roman"
_TITLE = Font(name=_FONT, size=14, bold=True)
_BELOW = Font(name=_FONT, size=11, italic=True, color="555555")
_HEAD = Font(name=_FONT, size=11, bold=True, color="FFFFFF")
_PLAIN = Font(name=_FONT, size=11)
_STRONG = Font(name=_FONT, size=11, bold=True)
_FILL = PatternFill("solid", fgColor="1F4E79")
_TOTAL = PatternFill("solid", fgColor="DDE8F3")
_LINE = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_AT = 4  # the row of the headings; what is above says what the sheet is
_COUNT, _RATE, _SCORE, _DAY, _TEXT = "#,##0", "0.0%", "0.0", "dd/mm/yyyy", "@"
_MIB = 1024  # KiB
_PENS: WeakKeyDictionary[Any, dict[tuple[object, ...], Any]] = WeakKeyDictionary()  # styles by workbook, then by look


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how wide it is in characters, and how its values are shown."""

    title: str
    width: int
    form: str = _TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name on the tab, its title, its columns and rows; ``total`` closes it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] = ()
    landscape: bool = True


def workbook(figures: Figures, registry: Registry) -> bytes:
    """Return the workbook: the same bytes for the same figures."""
    book = Workbook(write_only=True)
    book.properties.title = words.subject(figures, registry)
    book.properties.language = "vi-VN"
    below = f"Kỳ báo cáo: {figures.period.title}. Lập ngày {words.day(figures.as_of)}."
    for sheet in _sheets(figures, registry):
        _fill(cast("Worksheet", book.create_sheet(sheet.name)), sheet, below)
    packed = io.BytesIO()
    book.save(packed)
    return timeless(packed.getvalue(), book)


# --- What stands where


def _sheets(figures: Figures, registry: Registry) -> Iterator[Sheet]:
    reports = registry.policy.reports
    contents = reports.contents if reports else frozenset(Content)
    yield _summary(figures, registry, contents)
    yield _agencies(figures, contents)
    if Content.USAGE in contents:
        yield _boxes(figures, registry)
    if figures.agency:
        yield _staff(figures)
    if Content.COVERAGE in contents:
        yield _uncovered(figures)
    if Content.CHANGES in contents:
        yield _changes(figures, registry)
    if Content.STORAGE in contents and figures.storage:
        columns = (Column("Ngày", 14, _DAY), Column("Dung lượng (MB)", 20, "#,##0.0"))
        sizes = tuple((day, round(size / _MIB, 1)) for day, size in figures.storage)
        yield Sheet("Dung lượng", "Dung lượng các hộp thư từng ngày", columns, sizes, landscape=False)
    if figures.gaps:
        columns = (Column("Ngày hoặc khoảng ngày", 40), Column("Lý do", 60))
        rows = tuple(tuple(line.split(": ", 1)) for line in words.spans(figures.gaps))
        yield Sheet("Thiếu số liệu", "Những ngày làm việc thiếu số liệu", columns, rows)
    yield _method(registry, contents)


def _summary(figures: Figures, registry: Registry, contents: frozenset[Content]) -> Sheet:
    columns = (Column("Chỉ tiêu", 62), Column("Giá trị", 18, _COUNT), Column("Đơn vị", 16))
    rows = tuple((label, value, unit) for label, value, unit in _totals(figures, contents) if value is not None)
    return Sheet("Tổng hợp", words.subject(figures, registry), columns, rows, landscape=False)


def _totals(figures: Figures, contents: frozenset[Content]) -> Iterator[tuple[str, Value, str]]:
    yield "Cơ quan", len(figures.rows), "cơ quan"
    yield "Cán bộ, công chức, viên chức", figures.people, "người"
    yield "Đã có hộp thư", figures.accounts, "người"
    yield "Ngày làm việc trong kỳ", figures.working, "ngày"
    if Content.USAGE in contents:
        yield "Ngày làm việc có đủ số liệu", figures.counted, "ngày"
        yield "Người-ngày phải kiểm tra hộp thư", figures.usage.of, "người-ngày"
        yield "Người-ngày đạt yêu cầu", figures.usage.met, "người-ngày"
        yield "Tỷ lệ người-ngày đạt yêu cầu", _percent(figures.usage), "%"
        yield "Hộp-ngày đạt yêu cầu (hộp thư dùng chung)", figures.shared.met, "hộp-ngày"
        yield "Tỷ lệ hộp-ngày đạt yêu cầu", _percent(figures.shared), "%"
    if Content.PRIVATE_MAIL in contents and (letters := figures.letters):
        yield "Thư gửi đi", letters.sent, "thư"
        yield "Thư nhận được", letters.received, "thư"
        yield "Thư gửi đến dịch vụ thư ngoài", letters.private_sent, "thư"
        yield "Thư nhận từ dịch vụ thư ngoài", letters.private_received, "thư"
    if Content.STORAGE in contents and figures.storage:
        yield "Dung lượng các hộp thư", round(figures.storage[-1][1] / _MIB, 1), "MB"
        if figures.forecast:
            yield "Mức tăng bình quân một tháng", round(figures.forecast.monthly / _MIB, 1), "MB"
            yield f"Dự báo đến ngày {words.day(figures.forecast.day)}", round(figures.forecast.then / _MIB, 1), "MB"
    yield "Biến động trong kỳ", len(figures.changes), "trường hợp"


def _percent(share: Share) -> float | None:
    return None if share.rate is None else round(100 * share.rate, 1)


def _agencies(figures: Figures, contents: frozenset[Content]) -> Sheet:
    parts: list[tuple[Column, list[Value], Value]] = []
    rows = figures.rows

    def add(column: Column, values: list[Value], total: Value = None) -> None:
        parts.append((column, values, total))

    def counts(title: str, values: list[int | None]) -> None:
        known = [value for value in values if value is not None]
        add(Column(title, 13, _COUNT), [*values], sum(known) if len(known) == len(values) else None)

    if Content.RANKING in contents:
        add(Column("Hạng", 7, _COUNT), [row.rank for row in rows])
        add(Column("Điểm", 8, _SCORE), [row.score for row in rows])
    add(Column("Mã", 16), [row.code for row in rows])
    add(Column("Cơ quan", 44), [row.name for row in rows], "Cộng")
    counts("Số người", [row.people for row in rows])
    if Content.COVERAGE in contents:
        counts("Đã có hộp thư", [row.accounts for row in rows])
        counts("Chưa từng đăng nhập", [None if row.never is None else len(row.never) for row in rows])
    if Content.USAGE in contents:
        counts("Người-ngày phải kiểm tra", [row.usage.of for row in rows])
        counts("Người-ngày đạt", [row.usage.met for row in rows])
        add(Column("Tỷ lệ người-ngày đạt", 11, _RATE), [row.usage.rate for row in rows], figures.usage.rate)
        counts("Hộp-ngày phải kiểm tra", [row.shared.of for row in rows])
        counts("Hộp-ngày đạt", [row.shared.met for row in rows])
        add(Column("Tỷ lệ hộp-ngày đạt", 11, _RATE), [row.shared.rate for row in rows], figures.shared.rate)
        counts("Người đã mở hộp thư", [row.seen for row in rows])
        counts("Lượt mở hộp thư", [row.looks for row in rows])
    if Content.PRIVATE_MAIL in contents:
        for title, name in _LETTERS.items():
            counts(title, [getattr(row.letters, name) if row.letters else None for row in rows])
    if Content.STORAGE in contents:
        sizes = [None if row.storage is None else round(row.storage / _MIB, 1) for row in rows]
        total = None if None in sizes else round(sum(size for size in sizes if size), 1)
        add(Column("Dung lượng (MB)", 13, "#,##0.0"), [*sizes], total)
    columns, values, totals = zip(*parts, strict=True)
    return Sheet("Cơ quan", "Số liệu từng cơ quan", columns, tuple(zip(*values, strict=True)), totals)


_LETTERS = {
    "Thư gửi đi": "sent",
    "Thư nhận được": "received",
    "Gửi đến dịch vụ thư ngoài": "private_sent",
    "Nhận từ dịch vụ thư ngoài": "private_received",
}


def _boxes(figures: Figures, registry: Registry) -> Sheet:
    columns = (
        Column("Cơ quan", 40),
        Column("Hộp thư", 40),
        Column("Địa chỉ", 36),
        Column("Ngày phải kiểm tra", 12, _COUNT),
        Column("Ngày đạt", 10, _COUNT),
        Column("Tỷ lệ đạt", 10, _RATE),
        Column("Người đã mở", 50),
    )
    names = {uid: posts[-1].name for uid, posts in registry.persons.items()} if figures.boxes else {}
    rows = (
        (
            registry.agencies[box.agency].on(figures.period.last).name,
            box.name,
            words.address(registry, box.uid),
            box.usage.of,
            box.usage.met,
            box.usage.rate,
            ", ".join(names.get(uid, uid) for uid in box.by),
        )
        for box in figures.boxes
    )
    return Sheet("Hộp thư chung", "Kiểm tra hộp thư cơ quan, đơn vị", columns, tuple(rows))


def _staff(figures: Figures) -> Sheet:
    columns = (
        Column("Số hiệu", 14),
        Column("Họ và tên", 28),
        Column("Chức vụ", 28),
        Column("Đơn vị", 34),
        Column("Ngày phải kiểm tra", 12, _COUNT),
        Column("Ngày đạt", 10, _COUNT),
        Column("Tỷ lệ đạt", 10, _RATE),
        Column("Ngày vắng có lý do", 12, _COUNT),
    )
    people = sorted(figures.staff, key=lambda each: (each.unit, each.uid))
    rows = (
        (each.uid, each.name, each.title, each.unit, each.usage.of, each.usage.met, each.usage.rate, each.away)
        for each in people
    )
    return Sheet("Cán bộ", "Kiểm tra hộp thư cá nhân", columns, tuple(rows))


def _uncovered(figures: Figures) -> Sheet:
    columns = (
        Column("Cơ quan", 40),
        Column("Số hiệu", 14),
        Column("Họ và tên", 28),
        Column("Chức vụ", 28),
        Column("Đơn vị", 34),
        Column("Tình trạng", 26),
    )
    rows = tuple(
        (row.name, each.uid, each.name, each.title, each.unit, state)
        for row in sorted(figures.rows, key=lambda row: row.name)
        for state, found in (("Chưa có hộp thư", row.lacking), ("Chưa từng đăng nhập", row.never or ()))
        for each in found
    )
    return Sheet("Chưa sử dụng", "Cán bộ chưa có hoặc chưa sử dụng hộp thư", columns, rows)


def _changes(figures: Figures, registry: Registry) -> Sheet:
    columns = (
        Column("Ngày", 12, _DAY),
        Column("Loại", 24),
        Column("Cơ quan", 40),
        Column("Mã", 16),
        Column("Họ tên hoặc tên cơ quan", 30),
        Column("Nội dung", 50),
        Column("Quyết định", 26),
        Column("Ngày thực hiện", 12, _DAY),
        Column("Số ngày làm việc", 10, _COUNT),
        Column("Đúng hạn", 10),
    )
    rows = tuple(
        (
            each.day,
            words.DEEDS[each.deed],
            registry.agencies[each.agency].on(each.day).name,
            each.id.partition(":")[2],
            each.name,
            words.change(each, registry),
            each.decision,
            each.applied,
            each.taken,
            None if each.late is None else "Quá hạn" if each.late else "Đúng hạn",
        )
        for each in figures.changes
    )
    return Sheet("Biến động", "Thay đổi về hộp thư, cán bộ và cơ quan trong kỳ", columns, rows)


def _method(registry: Registry, contents: frozenset[Content]) -> Sheet:
    policy = registry.policy
    said: list[str] = []
    if policy.checking and Content.USAGE in contents:
        said += words.rules(policy.checking, policy.cites["checking"])
    if Content.RANKING in contents:
        said += words.ranking()
    said.append("Ô để trống là không có số liệu; không số liệu nào được ước tính thay.")
    rows = tuple((place, line) for place, line in enumerate(said, 1))
    return Sheet("Cách tính", "Cách tính các chỉ tiêu", (Column("Số", 6, _COUNT), Column("Cách tính", 120)), rows)


# --- Drawing


def _fill(target: Worksheet, sheet: Sheet, below: str) -> None:
    last = get_column_letter(len(sheet.columns))
    _set_up(target, sheet)
    for text, font in ((sheet.title, _TITLE), (below, _BELOW)):
        target.append([_box(target, text, font=font)])
    target.append([])
    target.append(
        [_box(target, column.title, font=_HEAD, fill=_FILL, wrap=True, lined=True) for column in sheet.columns]
    )
    for row in sheet.rows:
        target.append(
            [
                _box(target, value, column.form, lined=True, wrap=column.form == _TEXT)
                for value, column in zip(row, sheet.columns, strict=True)
            ]
        )
    if sheet.total and sheet.rows:
        target.append(
            [
                _box(target, value, column.form, font=_STRONG, fill=_TOTAL, lined=True)
                for value, column in zip(sheet.total, sheet.columns, strict=True)
            ]
        )
    target.auto_filter.ref = f"A{_HEAD_AT}:{last}{_HEAD_AT + max(1, len(sheet.rows))}"


def _set_up(target: Worksheet, sheet: Sheet) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        target.column_dimensions[get_column_letter(number)].width = column.width
    target.freeze_panes = f"A{_HEAD_AT + 1}"
    target.print_title_rows = f"{_HEAD_AT}:{_HEAD_AT}"
    target.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    target.page_setup.paperSize = 9  # A4
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.page_margins.left = target.page_margins.right = 0.5
    target.page_margins.top = target.page_margins.bottom = 0.6
    footer: Any = target.oddFooter  # its published types have no parts
    footer.left.text, footer.right.text = sheet.title, "Trang &P/&N"
    target.print_options.horizontalCentered = True
    target.sheet_view.showGridLines = False


def _box(  # noqa: PLR0913 -- how a cell looks
    target: Worksheet,
    value: Value,
    form: str = _TEXT,
    *,
    font: Font = _PLAIN,
    fill: PatternFill | None = None,
    lined: bool = False,
    wrap: bool = False,
) -> Box:
    cell: Any = Box(target, row=1, column=1)  # where it stands, the row that it is appended in decides
    cell.value = value
    if isinstance(value, str):
        cell.data_type, form = "s", _TEXT  # whatever it begins with
    elif isinstance(value, float) and form == _COUNT:
        form = "#,##0.0"
    pens = _PENS.setdefault(target.parent, {})
    look = (form, id(font), fill is None, lined, wrap)
    if look not in pens:  # the library compares whole styles for each cell that is given one: once is enough
        cell.number_format, cell.font = form, font
        if fill:
            cell.fill = fill
        if lined:
            cell.border = _BOX
        if wrap or fill:
            cell.alignment = Alignment(vertical="center" if fill else "top", wrap_text=wrap)
        pens[look] = cell._style  # noqa: SLF001 -- there is no other way to draw two cells alike
    cell._style = pens[look]  # noqa: SLF001
    return cell  # type: ignore[no-any-return]
