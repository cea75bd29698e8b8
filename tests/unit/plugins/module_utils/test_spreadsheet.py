"""Tables from outside: read whatever offices send, refuse whatever is a danger, write nothing that could become one."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import spreadsheet
from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import (
    Choice,
    Sheet,
    SpreadsheetError,
    read,
    tidy,
    write,
)
from openpyxl import Workbook, load_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import Cell

HEADER = "Họ và tên;Chức vụ"
ROW = "Trần Thị Hoà;Văn thư"
SHEET = Sheet("Danh sách", ("Họ và tên", "Từ ngày"), (("Trần Thị Hoà", date(2026, 9, 1)),), widths=(28, 13))


def put(folder: Path, content: bytes, name: str = "danh-sach.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def packed(parts: dict[str, bytes]) -> bytes:
    """Return a workbook whose parts are replaced or added to."""
    book = io.BytesIO()
    Workbook().save(book)
    target = io.BytesIO()
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, parts.pop(name, source.read(name)))
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ROW}\n".encode(),
        f"{HEADER}\r\n{ROW}\r\n".encode("utf-8-sig"),
        f"{HEADER}\n{ROW}\n".encode("utf-16"),
        f"{HEADER}\r\n{ROW}\r\n".replace(";", "\t").encode("utf-16"),
        f"{HEADER}\n{ROW}\n".replace(";", ",").encode(),
        f"{HEADER}\n{ROW}\n".replace(";", "\t").encode(),
        '"Họ và tên","Chức vụ"\n"Trần Thị Hoà","Văn thư"\n'.encode(),
    ],
    ids=["plain", "with a mark", "UTF-16", "Excel's Unicode text", "commas", "tabs", "in quotes"],
)
def test_csv_is_read_as_excel_and_others_write_it(tmp_path: Path, content: bytes) -> None:
    (table,) = read(put(tmp_path, content))
    assert table.rows == ((1, ("Họ và tên", "Chức vụ")), (2, ("Trần Thị Hoà", "Văn thư")))


def test_excels_own_hint_at_the_delimiter_is_taken_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    (table,) = read(put(tmp_path, b"sep=|\r\na,b|c\r\n\r\nd|e\r\n"))
    assert table.rows == ((2, ("a,b", "c")), (4, ("d", "e")))


@pytest.mark.parametrize("codec", ["cp1258", "latin-1"])
def test_a_file_of_before_unicode_is_refused_with_what_to_do(tmp_path: Path, codec: str) -> None:
    with pytest.raises(SpreadsheetError, match=r"danh-sach.csv: không phải Unicode \(dòng 2\).*'CSV UTF-8' hoặc .xlsx"):
        read(put(tmp_path, "a;b\nLâm;c\n".encode(codec)))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (spreadsheet._OLE + b"x" * 600, r"kiểu cũ \(.xls\) hoặc có mật khẩu"),  # noqa: SLF001 -- its first bytes
        (b"PK\x03\x04 and no more", "không đọc được như một tệp Excel"),
        (b"a;b\n\x00\x00;d\n", "không phải bảng tính"),
        (packed({"xl/vbaProject.bin": b"x"}), "có macro"),
        (packed({"xl/macrosheets/sheet1.xml": b"<a/>"}), "có macro"),
        (packed({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "DOCTYPE"),
        (packed({"docProps/app.xml": b"<!-- x --><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"}), "DOCTYPE"),
        (
            packed({"xl/workbook.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16")}),
            "DOCTYPE",
        ),
        (packed({"xl/workbook.xml": b"<a"}), "hỏng|không đọc được"),
        (packed({f"xl/media/{number}.png": b"" for number in range(2001)}), "phình to bất thường"),
    ],
    ids=[
        "a workbook of before 2007, or behind a password",
        "not an archive",
        "not a text",
        "macros",
        "macros of before 1997",
        "entities of its own",
        "an external entity behind a comment",
        "a document type in UTF-16",
        "broken XML",
        "thousands of parts",
    ],
)
def test_a_dangerous_or_broken_file_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(SpreadsheetError, match=f"^danh-sach.csv: .*({why})"):
        read(put(tmp_path, content))


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(SpreadsheetError, match=r"không phải tệp Excel \(.xlsx\)"):
        read(put(tmp_path, content.getvalue()))


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = packed({"xl/media/zeros.bin": b"\0" * (spreadsheet.MAX_UNPACKED + 1)})
    assert len(bomb) < 2**20
    with pytest.raises(SpreadsheetError, match="phình to bất thường"):
        read(put(tmp_path, bomb))


NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATED = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="/xl/worksheets/sheet1.bin"
/></Relationships>"""
CELL = '<c r="A{row}" t="inlineStr"><is><t>x</t></is></c>'


def sheet_of(data: str) -> bytes:
    return packed(
        {"xl/worksheets/sheet1.xml": f"<worksheet {NAMESPACE}><sheetData>{data}</sheetData></worksheet>".encode()}
    )


def test_a_row_without_end_is_refused_before_it_is_held_in_memory(tmp_path: Path) -> None:
    endless = sheet_of(f'<row r="1">{"<c/>" * (spreadsheet.MAX_IN_ROW + 1)}</row>')
    assert len(endless) < 2**14
    with pytest.raises(SpreadsheetError, match="phình to bất thường"):
        read(put(tmp_path, endless))


def test_as_many_cells_in_rows_of_a_usual_width_are_read(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}">{CELL.format(row=row)}{"<c/>" * 60}</row>' for row in range(1, 2301))
    assert rows.count("<") > spreadsheet.MAX_IN_ROW
    (table,) = read(put(tmp_path, sheet_of(rows)))
    assert len(table.rows) == 2300


def test_a_workbook_of_nothing_but_elements_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_MARKUP", 1000)
    with pytest.raises(SpreadsheetError, match="phình to bất thường"):
        read(put(tmp_path, sheet_of("<row/>" * 1000)))


def test_one_cell_in_the_last_row_is_read_and_one_far_below_is_refused(tmp_path: Path) -> None:
    last = spreadsheet.MAX_HEIGHT
    (table,) = read(put(tmp_path, sheet_of(f'<row r="{last}">{CELL.format(row=last)}</row>')))
    assert table.rows == ((last, ("x",)),)
    with pytest.raises(SpreadsheetError, match=f"hơn {last} dòng"):
        read(put(tmp_path, sheet_of(f'<row r="999999999999">{CELL.format(row=999999999999)}</row>')))


def test_many_sheets_of_nothing_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_HEIGHTS", 3)
    with pytest.raises(SpreadsheetError, match="phình to bất thường"):
        read(put(tmp_path, write((SHEET, SHEET))))


def test_blank_lines_without_end_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_HEIGHT", 3)
    with pytest.raises(SpreadsheetError, match="hơn 3 dòng"):
        read(put(tmp_path, b";\n" * 4))


def test_a_document_type_is_refused_in_a_sheet_of_any_file_name(tmp_path: Path) -> None:
    content = f"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet {NAMESPACE}/>".encode()
    disguised = packed({"xl/worksheets/sheet1.bin": content, "xl/_rels/workbook.xml.rels": RELATED.encode()})
    with pytest.raises(SpreadsheetError, match="DOCTYPE"):
        read(put(tmp_path, disguised))


def test_a_picture_is_no_broken_xml(tmp_path: Path) -> None:
    assert read(put(tmp_path, packed({"xl/media/image1.png": b"\x89PNG\r\n"})))[0].rows == ()


def test_sheets_and_files_are_not_called_what_nobody_sees(tmp_path: Path) -> None:
    content = write((Sheet("Trang\u200b 1", ("a",), ()),))
    assert read(put(tmp_path, content, "a.xlsx"))[0].name == "Trang 1"


@pytest.mark.parametrize("text", ["a\ufffeb", "a\x00b", "a\x1bb", "a\ud800b"])
def test_what_xml_cannot_hold_is_left_out_of_what_goes_back(tmp_path: Path, text: str) -> None:
    content = write((Sheet("a", ("b",), ((text,),)),))
    assert read(put(tmp_path, content, "a.xlsx"))[0].rows[1] == (2, ("ab",))


def test_a_large_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_BYTES", 2**20)
    with pytest.raises(SpreadsheetError, match="lớn hơn 1 MB"):
        read(put(tmp_path, b"a;b\n" * 2**18 + b"c"))


def test_a_long_table_is_refused_and_far_columns_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 3)
    monkeypatch.setattr(spreadsheet, "MAX_COLUMNS", 2)
    (table,) = read(put(tmp_path, b"a;b;c\n" * 3))
    assert table.rows[0] == (1, ("a", "b"))
    with pytest.raises(SpreadsheetError, match="hơn 3 dòng"):
        read(put(tmp_path, b"a;b\n" * 4))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  Trần  Thị\n Hoà ", "Trần Thị Hoà"),
        ("Trâ\u0300n", "Trần"),
        ("Hoà\u200b", "Hoà"),
        ("\u00a0", None),
        (12.0, 12),
        (True, "TRUE"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (datetime(2026, 9, 1, 8, 0), date(2026, 9, 1)),  # noqa: DTZ001 -- Excel's days have no zone
        (None, None),
    ],
)
def test_cells_are_tidied(value: object, expected: Cell) -> None:
    assert tidy(value) == expected


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = put(tmp_path, write((SHEET, Sheet("_xuat", ("a",), (("b",),), hidden=True))), "a.xlsx")
    first, second = read(path)
    assert first.rows == ((1, ("Họ và tên", "Từ ngày")), (2, ("Trần Thị Hoà", date(2026, 9, 1))))
    assert (first.hidden, second.hidden) == (False, True)


def test_the_same_sheets_give_the_same_bytes() -> None:
    assert write((SHEET,)) == write((SHEET,))


def test_the_header_is_frozen_columns_have_widths_and_cells_offer_choices() -> None:
    choice = Choice(0, 2, 9, "'Danh mục'!$A$2:$A$5", "Cơ quan")
    sheet = Sheet(SHEET.name, SHEET.header, SHEET.rows, SHEET.widths, (choice,))
    opened = load_workbook(io.BytesIO(write((sheet,))))["Danh sách"]
    assert opened.freeze_panes == "A2"
    assert opened.column_dimensions["A"].width == 28
    (validation,) = opened.data_validations.dataValidation
    assert (str(validation.sqref), validation.formula1) == ("A2:A9", "'Danh mục'!$A$2:$A$5")
    assert opened["B2"].number_format == "DD/MM/YYYY"


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "=cmd|'/c calc'!A1"])
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    content = write((Sheet("a", ("b",), ((text,),)),))
    cell = load_workbook(io.BytesIO(content))["a"]["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix, "it would become one when somebody edits the cell"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert read(put(tmp_path, content, "a.xlsx"))[0].rows[1] == (2, (text,))


def test_formulas_are_never_computed_only_what_excel_last_showed_is_read(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "=1+1"  # type: ignore[index] # a new workbook has an active sheet
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[0].rows == ()
