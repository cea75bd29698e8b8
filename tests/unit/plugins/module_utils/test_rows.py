"""Days, decisions and names as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.form import Column, read
from ansible_collections.congvu.mail.plugins.module_utils.refusals import RowRefusedError
from ansible_collections.congvu.mail.plugins.module_utils.rows import Row, cited, read_day, read_decision, sheets
from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import Cell, Table
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    "written",
    [
        "1/9/2026",
        "01/09/2026",
        "01-09-2026",
        "01.09.2026",
        "1 / 9 / 2026",
        "ngày 1/9/2026",
        "ngày 01 tháng 9 năm 2026",
        "Ngày 01 tháng 09 năm 2026",
        "1 tháng 9 năm 2026",
        "NGÀY 1 THÁNG 9 NĂM 2026",
        "2026-09-01",
        "2026-09-01 00:00:00",
        DAY,
        46266,
        46266.0,
        "46266",
    ],
)
def test_a_day_is_read_as_vietnamese_write_it(written: Cell) -> None:
    assert read_day(written) == DAY


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("1/9/26", "năm không đủ bốn chữ số"),
        ("01/09/226", "năm không đủ bốn chữ số"),
        ("9/13/2026", "không có trong lịch"),
        ("31/2/2026", "không có trong lịch"),
        ("29/02/2027", "không có trong lịch"),
        ("tháng 9/2026", "không phải một ngày"),
        ("9/2026", "không phải một ngày"),
        ("1/9-2026", "không phải một ngày"),
        ("Sept 1, 2026", "không phải một ngày"),
        ("1/9/1026", "không phải một ngày"),
        (date(1900, 1, 1), "không phải một ngày"),
        (2026, "không phải một ngày"),
        (1.5, "không phải một ngày"),
        ("chưa rõ", "không phải một ngày"),
        ("²", "không phải một ngày"),
        ("٤٦٢٦٦", "không phải một ngày"),
        ("9" * 250, "không phải một ngày"),
        (10**250, "không phải một ngày"),
        (1e308, "không phải một ngày"),
    ],
)
def test_what_is_no_such_day_goes_back(written: Cell, why: str) -> None:
    with pytest.raises(RowRefusedError, match=why) as refused:
        read_day(written, "Từ ngày")
    assert "'Từ ngày'" in refused.value.reason
    assert refused.value.remedy


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_day_always_stands_before_month(day: date) -> None:
    assert read_day(f"{day.day}/{day.month}/{day.year}") == day
    assert read_day(f"ngày {day:%d} tháng {day:%m} năm {day.year}") == day
    assert read_day((day - date(1899, 12, 30)).days) == day


@pytest.mark.parametrize(
    ("number", "day", "expected"),
    [
        ("310/QĐ-SNV", "12/11/2026", "310/QĐ-SNV ngày 12/11/2026"),
        ("310/QĐ-SNV", None, "310/QĐ-SNV"),
        ("Số 310 / QĐ - SNV", date(2026, 11, 12), "310/QĐ-SNV ngày 12/11/2026"),
        ("Quyết định số: 310/QĐ-SNV ngày 12/11/2026", None, "310/QĐ-SNV ngày 12/11/2026"),
        ("QĐ 310/QĐ-SNV, ngày 12 tháng 11 năm 2026", None, "310/QĐ-SNV ngày 12/11/2026"),
        ("310/QĐ-SNV (ngày 12.11.2026)", None, "310/QĐ-SNV ngày 12/11/2026"),
        ("12-QĐ/TU", "1/9/2026", "12-QĐ/TU ngày 01/09/2026"),
        ("08/2014/QĐ-UBND", None, "08/2014/QĐ-UBND"),
        ("15a/QĐ-ĐTN", None, "15a/QĐ-ĐTN"),
    ],
)
def test_a_decision_is_cited_by_number_and_day(number: str, day: Cell, expected: str) -> None:
    assert str(read_decision(number, day)) == expected


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (date(2026, 10, 11), "đã bị Excel đổi thành ngày 11/10/2026"),
        (310, "không phải số quyết định"),
        ("310", "không phải số quyết định"),
        ("10/11", "không phải số quyết định"),
        ("theo công văn", "không phải số quyết định"),
        ("310/QĐ-SNV ngày 31/2/2026", "không có trong lịch"),
    ],
)
def test_what_is_no_decision_goes_back(number: Cell, why: str) -> None:
    with pytest.raises(RowRefusedError, match=why):
        read_decision(number, None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("310/QĐ-SNV", "310/QĐ-SNV ngày 12/11/2026", True),
        ("310/qđ-snv ngày 12/11/2026", "310/QĐ-SNV ngày 12/11/2026", True),
        ("310/QĐ-SNV ngày 12/11/2025", "310/QĐ-SNV ngày 12/11/2026", False),
        ("311/QĐ-SNV", "310/QĐ-SNV", False),
        ("theo công văn", "theo công văn", True),
    ],
)
def test_numbers_begin_anew_each_year_so_days_tell_decisions_apart(one: str, other: str, same: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert cited(one).is_same(cited(other)) is same


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({Column.NAME: "Trần Thị Hoà"}, "Trần Thị Hoà"),
        ({Column.NAME: "TRẦN THỊ HOÀ"}, "Trần Thị Hoà"),
        ({Column.NAME: "H'HEN NIÊ"}, "H'Hen Niê"),
        ({Column.FAMILY: "Trần Thị", Column.GIVEN: "Hoà"}, "Trần Thị Hoà"),
        ({}, ""),
    ],
)
def test_a_name_is_read_from_one_column_or_two(cells: dict[Column, Cell], name: str) -> None:
    assert Row("a", 2, cells).name() == name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("NguyÔn V¨n An", r"phông cũ \(TCVN3 hoặc VNI\).*Unicode, có lẽ là 'Nguyễn Văn An'"),
        ("Trần Thị Hoà 2", "không phải họ tên"),
    ],
)
def test_a_name_that_is_none_goes_back(name: str, why: str) -> None:
    with pytest.raises(RowRefusedError, match=why):
        Row("a", 2, {Column.NAME: name}).name()


def test_a_formula_that_failed_goes_back() -> None:
    with pytest.raises(RowRefusedError, match="'Chức vụ' là công thức báo lỗi #N/A"):
        Row("a", 2, {Column.TITLE: "#N/A"}).text(Column.TITLE)


def table(*rows: tuple[Cell, ...], hidden: bool = False) -> Table:
    return Table("Trang 1", tuple((number, row) for number, row in enumerate(rows, start=1) if any(row)), hidden)


def test_the_header_is_found_below_titles_and_what_says_nothing_is_passed_over() -> None:
    found, others = sheets(
        (
            table(
                ("UBND TỈNH", None, None, None),
                ("DANH SÁCH BIẾN ĐỘNG", None, None, None),
                ("STT", "HỌ VÀ TÊN (*)", "chuc vu", "Số quyết định"),
                ("(1)", "(2)", "(3)", "(4)"),
                (None, "I. Lãnh đạo", None, None),
                (1, "Trần Thị Hoà", "Văn thư", "1/QĐ"),
                (None, "Tổng số: 1 người", None, None),
            ),
            Table("Chữ ký", ((1, ("Người lập", "Thủ trưởng")),)),
            table(("Họ và tên", "Chức vụ", "Số quyết định"), hidden=True),
        ),
        read(None),
    )
    (sheet,) = found
    assert [row.number for row in sheet.rows] == [6]
    assert str(sheet.rows[0]) == "Trang 1, dòng 6"
    assert sheet.rows[0].cells[Column.TITLE] == "Văn thư"
    assert sheet.ignored == (5, 7)
    assert others == ["Chữ ký"]


def test_a_column_of_real_days_and_late_texts_is_doubted() -> None:
    rows = (("Trần Thị Hoà", "Văn thư", date(2026, 1, 9)), ("Lê Đức Đạt", "Giám đốc", "13/9/2026"))
    (found,), _ = sheets((table(("Họ và tên", "Chức vụ", "Từ ngày"), *rows),), read(None))
    assert "kiểu Mỹ" in found.notes[0]
    (found,), _ = sheets((table(("Họ và tên", "Chức vụ", "Từ ngày"), *rows[:1]),), read(None))
    assert found.notes == ()
