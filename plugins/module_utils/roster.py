"""The staff of a day as sheets for a personnel clerk to correct, and what such a workbook remembers of itself.

The clerk corrects cells, or names a change in the first column; the import takes the same workbook back. A sheet
that Excel does not show holds the registry's commit, the day, and every row as it left: the import then knows what
the clerk changed, and what the registry changed meanwhile.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from .form import Change, Column
from .model import Tie
from .rows import Exported, cited, identity
from .spreadsheet import Choice, Sheet, SpreadsheetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .model import Registry
    from .spreadsheet import Cell, Table
    from .staff import Post, Staff

POSTS: Mapping[Tie, str] = {Tie.MAIN: "", Tie.SECONDMENT: "Biệt phái", Tie.CONCURRENT: "Kiêm nhiệm"}
COLUMNS = (
    Column.CHANGE,
    Column.ID,
    Column.NAME,
    Column.TITLE,
    Column.AGENCY,
    Column.UNIT,
    Column.POST,
    Column.SINCE,
    Column.LAST_DAY,
    Column.DECISION,
    Column.DECISION_DAY,
)
LEGEND = "Danh mục"
_STAFF = "Danh sách"
_MEMORY = "_xuat"
_VERSION = "congvu.mail 1"
_FORGOTTEN = f"trang ẩn '{_MEMORY}' của danh sách xuất từ sổ đã bị sửa. Hãy xuất danh sách mới rồi sửa trên đó."
_SPARE = 500  # rows below the list that also offer a choice, for newcomers
_SHEET_NAME = 31  # characters, Excel's limit


def cells_of(registry: Registry, agency: str, post: Post, day: date) -> dict[Column, Cell]:
    """Return a post as a row of the list: what holds on a day, and the decision that it rests on."""
    facts = post.facts(day)
    decision = cited(facts.decision)
    unit = facts.unit if agency == post.agency else None
    if unit is not None and unit not in registry.agencies[agency].units:
        unit = None
    return {
        Column.ID: post.person,
        Column.NAME: facts.name,
        Column.TITLE: facts.title,
        Column.AGENCY: agency,
        Column.UNIT: unit,
        Column.POST: POSTS[post.tie] or None,
        Column.SINCE: facts.since,
        Column.LAST_DAY: post.until - timedelta(days=1) if post.until else None,
        Column.DECISION: decision.number,
        Column.DECISION_DAY: decision.day,
    }


def export(
    staff: Staff, day: date, commit: str, *, agencies: Iterable[str] = (), per_agency: bool = False
) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook with the staff of a day, of all agencies or of some."""
    registry = staff.registry
    wanted = set(agencies) or {code for code, agency in registry.agencies.items() if agency.covers(day)}
    rows = [
        cells_of(registry, place, post, day)
        for _, post in staff.held(day)
        if (place := staff.place(post, day)) in wanted
    ]
    rows.sort(key=lambda cells: (str(cells[Column.AGENCY]), str(cells[Column.ID]), str(cells[Column.POST] or "")))
    legend = _legend(registry, sorted(wanted), day)
    groups = [(code, list(own)) for code, own in groupby(rows, key=lambda cells: str(cells[Column.AGENCY]))]
    parts = [(code[:_SHEET_NAME], [(code, own)]) for code, own in groups] if per_agency else [(_STAFF, groups)]
    return (
        *(_sheet(name, own, legend) for name, own in parts),
        legend,
        _memory(rows, day, commit),
    )


def remembered(tables: Sequence[Table]) -> Exported | None:
    """Return what a workbook remembers of its export, None for a workbook that is not ours.

    Raises SpreadsheetError where somebody has written into what it remembers.
    """
    for table in tables:
        rows = [cells for _, cells in table.rows]
        if table.name == _MEMORY and rows and rows[0][0] == _VERSION:
            try:
                _, commit, exported = rows[0][:3]
                day = date.fromisoformat(str(exported))
            except ValueError as error:
                raise SpreadsheetError(_FORGOTTEN) from error
            said = [dict(zip(COLUMNS, cells, strict=False)) for cells in rows[1:]]
            told = [{column: cell for column, cell in row.items() if cell is not None} for row in said]
            return Exported(str(commit), day, {identity(row): row for row in told})
    return None


def memory_of(tables: Sequence[Table]) -> tuple[Sheet, ...]:
    """Return the remembering sheet as it came, so that rows sent back still know what they were."""
    for table in tables:
        if table.name == _MEMORY and table.rows:
            header, *rows = (cells for _, cells in table.rows)
            return (Sheet(_MEMORY, tuple(map(_text, header)), tuple(rows), hidden=True),)
    return ()


def _text(value: Cell) -> str:
    return "" if value is None else str(value)


def _sheet(name: str, groups: Sequence[tuple[str, list[dict[Column, Cell]]]], legend: Sheet) -> Sheet:
    rows = [cells for _, own in groups for cells in own]
    end = len(rows) + 1
    known = _codes(legend)
    everywhere = (
        Choice(COLUMNS.index(Column.CHANGE), 2, end + _SPARE, _range("H", len(Change)), Column.CHANGE.title),
        Choice(COLUMNS.index(Column.AGENCY), 2, end + _SPARE, _range("A", len(known)), Column.AGENCY.title),
    )
    return Sheet(
        name=name,
        header=tuple(column.title for column in COLUMNS),
        rows=tuple(tuple(cells.get(column) for column in COLUMNS) for cells in rows),
        widths=tuple(column.width for column in COLUMNS),
        choices=(*everywhere, *_unit_choices(groups, legend)),
    )


def _unit_choices(groups: Sequence[tuple[str, list[dict[Column, Cell]]]], legend: Sheet) -> Iterator[Choice]:
    """Yield for each agency's rows the choice among its own units."""
    first = 2
    for code, own in groups:
        places = [place for place, row in enumerate(legend.rows, start=2) if row[3] == code]
        if places:
            source = f"'{LEGEND}'!$E${places[0]}:$E${places[-1]}"
            yield Choice(COLUMNS.index(Column.UNIT), first, first + len(own) - 1, source, Column.UNIT.title)
        first += len(own)


def _codes(legend: Sheet) -> list[str]:
    return [str(row[0]) for row in legend.rows if row[0]]


def _range(letter: str, count: int) -> str:
    return f"'{LEGEND}'!${letter}$2:${letter}${count + 1}"


def _legend(registry: Registry, agencies: Sequence[str], day: date) -> Sheet:
    """Return the codes that the list uses, with their names: all agencies', and the units of those exported."""
    known = [(code, agency.on(day).name) for code, agency in sorted(registry.agencies.items()) if agency.covers(day)]
    units = [
        (code, unit.code, unit.on(day).name)
        for code in agencies
        for unit in registry.agencies[code].units.values()
        if unit.covers(day)
    ]
    rows = (
        (*(agency or (None, None)), None, *(unit or (None, None, None)), None, change.title if change else None)
        for agency, unit, change in zip_longest(known, units, Change)
    )
    return Sheet(
        name=LEGEND,
        header=("Mã cơ quan", "Tên cơ quan", "", "Thuộc cơ quan", "Mã đơn vị", "Tên đơn vị", "", "Loại thay đổi"),
        rows=tuple(rows),
        widths=(14, 40, 3, 14, 14, 40, 3, 28),
    )


def _memory(rows: Sequence[Mapping[Column, Cell]], day: date, commit: str) -> Sheet:
    """Return the sheet that remembers: its header holds the version, the commit and the day as a text."""
    told = tuple(tuple(cells.get(column) for column in COLUMNS) for cells in rows)
    return Sheet(_MEMORY, (_VERSION, commit or "-", day.isoformat()), told, hidden=True)
