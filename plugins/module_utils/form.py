"""How a personnel office fills in its spreadsheets: which header is which field, which word which kind of change.

Offices name things as they please. Each field and each kind has one title of ours, which exported sheets carry and
which is always understood; a mapping file (YAML) adds an office's own words. Case, accents, spaces and punctuation
play no part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from .messages import Fault
from .model import Origin, RegistryError
from .names import fold
from .shape import Choice, Fields, ListOf, MapOf, Record, Text
from .yamlfile import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from yaml import Node

    from .model import Problem
    from .spreadsheet import Cell, Table

_CODE = re.compile(r"[a-z][a-z0-9-]{0,31}")
_IDS = re.compile(r"[a-z0-9-]*#+")
_HEADER_WITHIN = 40  # rows from the top in which the header is looked for
_ORDINAL = re.compile(r"\(?(?:[0-9]{1,2}|[a-z])\)?")


class Mode(StrEnum):
    """What a sheet is: a list of changes, or the whole staff, from which the changes follow."""

    CHANGES = "changes"
    LIST = "list"


class Column(Enum):
    """A field of a row: its key in a mapping file, its title on a sheet, its width there in characters."""

    CHANGE = ("change", "Biến động", 20)
    ID = ("id", "Số hiệu", 12)
    NAME = ("name", "Họ và tên", 28)
    FAMILY = ("family", "Họ và chữ đệm", 22)
    GIVEN = ("given", "Tên", 10)
    NEW_NAME = ("new_name", "Họ tên mới", 28)
    AGENCY = ("agency", "Cơ quan", 16)
    FROM_AGENCY = ("from_agency", "Cơ quan cũ", 16)
    UNIT = ("unit", "Đơn vị", 16)
    TITLE = ("title", "Chức vụ", 26)
    POST = ("post", "Hình thức", 14)
    SINCE = ("since", "Từ ngày", 13)
    LAST_DAY = ("last_day", "Đến hết ngày", 13)
    DECISION = ("decision", "Số quyết định", 22)
    DECISION_DAY = ("decision_day", "Ngày quyết định", 15)

    def __init__(self, key: str, title: str, width: int) -> None:
        """Name the three."""
        self.key = key
        self.title = title
        self.width = width


class Change(Enum):
    """A kind of change: its key in a mapping file, its title on a sheet."""

    JOIN = ("join", "Tiếp nhận")
    TRANSFER = ("transfer", "Điều động")
    APPOINTMENT = ("appointment", "Bổ nhiệm")
    SECONDMENT = ("secondment", "Biệt phái")
    CONCURRENT = ("concurrent", "Kiêm nhiệm")
    POST_END = ("post_end", "Hết biệt phái, kiêm nhiệm")
    RETIREMENT = ("retirement", "Nghỉ hưu")
    RESIGNATION = ("resignation", "Thôi việc")
    DISMISSAL = ("dismissal", "Buộc thôi việc")
    DEATH = ("death", "Từ trần")
    DEPARTURE = ("departure", "Chuyển ra ngoài")
    MATERNITY = ("maternity", "Nghỉ thai sản")
    STUDY = ("study", "Đi học dài hạn")
    SICKNESS = ("sickness", "Nghỉ ốm dài ngày")
    UNPAID = ("unpaid", "Nghỉ không hưởng lương")
    OTHER_LEAVE = ("other", "Nghỉ dài ngày khác")
    RETURN = ("return", "Trở lại làm việc")
    RENAME = ("rename", "Đổi tên")

    def __init__(self, key: str, title: str) -> None:
        """Name the two."""
        self.key = key
        self.title = title


# Reasons for which a post ends for good; their keys are the registry's.
ENDINGS = frozenset({Change.RETIREMENT, Change.RESIGNATION, Change.DISMISSAL, Change.DEATH, Change.DEPARTURE})
ABSENCES = frozenset({Change.MATERNITY, Change.STUDY, Change.SICKNESS, Change.UNPAID, Change.OTHER_LEAVE})

_word = Text("a header or a word as the sheets have it")
_words = ListOf("one spelling or several", _word, single=True)
_code = Text("a code of the registry", _CODE, "For example snv.")

FORM = Record(
    "how a personnel office fills in its spreadsheets",
    required={},
    optional={
        "mode": Choice("what a sheet is, a list of changes or of the whole staff", tuple(Mode)),
        "new_ids": Text("how new staff numbers look, a # for each digit", _IDS, "For example tth#####."),
        "columns": Record("the headers of each field", required={}, optional={column.key: _words for column in Column}),
        "changes": Record(
            "the words for each kind of change", required={}, optional={change.key: _words for change in Change}
        ),
        "agencies": MapOf("other names of agencies, by code", _code, _words),
        "units": MapOf("other names of units, by agency and unit", _code, MapOf("by unit", _code, _words)),
    },
)


Named = TypeVar("Named", Column, Change)


@dataclass(frozen=True, slots=True)
class Form:
    """A mapping file, read. Words stand here as ``key`` folds them."""

    mode: Mode
    new_ids: str  # such as `tth#####`; empty: a newcomer without a staff number is sent back
    columns: Mapping[str, Column]
    changes: Mapping[str, Change]
    agencies: Mapping[str, str]  # an office's own name of an agency → code
    units: Mapping[tuple[str, str], str]  # agency's code, an office's own name of a unit → the unit's code


@dataclass(frozen=True, slots=True)
class Header:
    """Where the fields of one sheet stand: the columns, counted from 0, and the last row of the header."""

    columns: Mapping[Column, int]
    row: int


def key(text: str) -> str:
    """Return a word so that spellings of it compare equal: `Họ  và tên (*)` and `HO VA TEN` are one."""
    return " ".join(re.sub(r"[^a-z0-9#]+", " ", fold(text)).split())


def read(path: Path | None) -> Form:
    """Read a mapping file; without one, only our own titles are known.

    Raises RegistryError with every fault of the file.
    """
    problems: list[Problem] = []
    found = read_file(path.parent, path.name, FORM, problems) if path else None
    said: Mapping[str, Any] = found[0] if found else {}
    units = {
        (agency, word): unit
        for agency, names in said.get("units", {}).items()
        for unit, words in names.items()
        for word in map(key, words)
    }
    form = Form(
        mode=Mode(said.get("mode", Mode.CHANGES)),
        new_ids=str(said.get("new_ids", "")),
        columns=_spellings(path, Column, said.get("columns"), problems),
        changes=_spellings(path, Change, said.get("changes"), problems),
        agencies={key(word): code for code, words in said.get("agencies", {}).items() for word in words},
        units=units,
    )
    if problems:
        raise RegistryError(tuple(problems))
    return form


def _spellings(path: Path | None, kinds: type[Named], said: Fields | None, problems: list[Problem]) -> dict[str, Named]:
    """Return what each word means; a word with two meanings is a fault."""
    meanings: dict[str, Named] = {key(kind.title): kind for kind in kinds}
    for kind in kinds:
        for word in said.get(kind.key, ()) if said else ():
            other = meanings.setdefault(key(word), kind)
            if other is not kind and said is not None and path is not None:
                place = _place(path, said.nodes[kind.key])
                problems.append(Fault.WORD_TWICE.at(place, word=word, other=other.key))
    return meanings


def _place(path: Path, node: Node) -> Origin:
    return Origin(path.name, node.start_mark.line + 1, node.start_mark.column + 1)


def find_header(table: Table, form: Form) -> Header | None:
    """Find the header of a sheet, below whatever titles it has; None if there is none.

    A header is the row in which the most fields are found; it may be of two rows, `Số` and `Ngày` under `Quyết định`.
    """
    best: Header | None = None
    for index, (row, cells) in enumerate(table.rows[:_HEADER_WITHIN]):
        below = table.rows[index + 1] if index + 1 < len(table.rows) else (row, ())
        for last, titles in ((row, _titles(cells)), (below[0], _titles_of_two(cells, below[1]))):
            found: dict[Column, int] = {}
            for place, spellings in enumerate(titles):
                column = next((form.columns[word] for word in spellings if word in form.columns), None)
                if column is not None:
                    found.setdefault(column, place)
            if _is_enough(found) and (best is None or len(found) > len(best.columns)):
                best = Header(found, last)
    return best


def _titles(cells: tuple[Cell, ...]) -> list[tuple[str, ...]]:
    return [(key(cell),) if isinstance(cell, str) else () for cell in cells]


def _titles_of_two(upper: tuple[Cell, ...], lower: tuple[Cell, ...]) -> list[tuple[str, ...]]:
    """Return what each column of a header of two rows may be called; a merged cell's text stands in its first only."""

    def spelled() -> Iterator[tuple[str, ...]]:
        above = ""
        for place in range(max(len(upper), len(lower))):
            own = upper[place] if place < len(upper) else None
            under = lower[place] if place < len(lower) else None
            above = key(own) if isinstance(own, str) else above
            below = key(under) if isinstance(under, str) else ""
            yield (f"{above} {below}", below) if below else ((above,) if isinstance(own, str) else ())

    return list(spelled())


def _is_enough(found: Mapping[Column, int]) -> bool:
    """Say whether these columns can be those of a list of people."""
    named = Column.NAME in found or {Column.FAMILY, Column.GIVEN} <= found.keys() or Column.ID in found
    return named and len(found) > 2  # noqa: PLR2004 -- fewer is a signature or a legend


def is_numbering(cells: tuple[Cell, ...]) -> bool:
    """Say whether a row only numbers the columns, as official forms do below the header: (1), (2), (3)."""
    return all(cell is None or _ORDINAL.fullmatch(str(cell).lower()) for cell in cells)
