"""What personnel offices report, recorded or sent back: joins, transfers, leaves, lists, and the way there and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
import yaml
from ansible_collections.congvu.mail.plugins.module_utils.form import Column, Mode, read
from ansible_collections.congvu.mail.plugins.module_utils.intake import Outcome, returned, take_in, told
from ansible_collections.congvu.mail.plugins.module_utils.roster import COLUMNS, export
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import SpreadsheetError, Table, tidy, write
from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import read as read_file
from ansible_collections.congvu.mail.plugins.module_utils.staff import Staff

from .conftest import SNV, STC

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.intake import Intake
    from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import Cell

    from .conftest import Write

TODAY = date(2026, 11, 22)
FORM = replace(read(None), new_ids="tn##")
LIST = replace(FORM, mode=Mode.LIST)
HEADER = ("Biến động", "Số hiệu", "Họ và tên", "Cơ quan", "Đơn vị", "Chức vụ", "Từ ngày", "Số quyết định")
FURTHER = ("Ngày quyết định", "Đến hết ngày", "Cơ quan cũ", "Họ tên mới", "Hình thức")

# Somebody who was moved, renamed and is away; somebody who came back; a second post; an agency that took another over.
MORE = (
    SNV
    + """\
  - id: tn04
    name: Phạm Thị Lan
    unit: tccb
    title: Chuyên viên
    since: 2022-01-01
    decision: 13/QĐ-SNV
    changes:
      - {since: 2024-01-01, decision: 14/QĐ-SNV, title: Phó Trưởng phòng}
      - {since: 2025-06-01, decision: 15/QĐ-SNV, name: Phạm Thị Hương Lan}
    absences:
      - {since: 2026-09-01, until: 2027-03-01, decision: 16/QĐ-SNV, reason: maternity}
  # Left, and is known.
  - id: tn05
    name: Vũ Minh Đức
    title: Kế toán
    since: 2015-01-01
    decision: 17/QĐ-SNV
    until: 2020-01-01
    until_decision: 18/QĐ-SNV
    ending: resignation
"""
)
SECOND = (
    STC
    + """\
  - id: tn02
    name: Trần Thị Hoà
    title: Kế toán
    kind: concurrent
    since: 2025-01-01
    decision: 19/QĐ-STC
"""
)


def sheet(*rows: dict[str, Cell] | str, name: str = "Trang 1") -> tuple[Table, ...]:
    """Return a sheet of changes; a row is its cells by header, or by `|` in the header's order."""
    titles = (*HEADER, *FURTHER)

    def cells(row: dict[str, Cell] | str) -> tuple[Cell, ...]:
        if isinstance(row, str):
            given = [part.strip() or None for part in row.split("|")]
            return (*given, *[None] * (len(titles) - len(given)))
        assert row.keys() <= set(titles)
        return tuple(row.get(title) for title in titles)

    return (Table(name, ((1, titles), *((n, cells(row)) for n, row in enumerate(rows, start=2)))),)


def staff_of(root: Path) -> Staff:
    return Staff.read(root, load(root, locked=False))


def settle(root: Path, intake: Intake) -> None:
    for file, (_, after) in intake.files.items():
        (root / file).write_text(after, encoding="utf-8")


def added(intake: Intake, file: str = "agencies/snv.yml") -> list[str]:
    """Return the lines that a file gains, in order; it may lose none."""
    before, after = (text.splitlines() for text in intake.files[file])
    kept = iter(before)
    expected = next(kept, None)
    new: list[str] = []
    for line in after:
        if line == expected:
            expected = next(kept, None)
        else:
            new.append(line.strip())
    assert expected is None, f"{file} lost or changed a line: {expected}"
    return new


@pytest.fixture
def root(write: Write) -> Path:
    return write({"agencies/snv.yml": MORE, "agencies/stc.yml": SECOND})


JOIN = "Tiếp nhận||Đỗ Văn Bình|snv|vp|Chuyên viên|1/12/2026|310/QĐ-SNV|12/11/2026"

RECORDED: dict[str, tuple[str, str, list[str]]] = {
    "a newcomer gets the next free number": (
        JOIN,
        "agencies/snv.yml",
        [
            "- id: tn06",
            "name: Đỗ Văn Bình",
            "unit: vp",
            "title: Chuyên viên",
            "since: 2026-12-01",
            "decision: 310/QĐ-SNV ngày 12/11/2026",
        ],
    ),
    "a newcomer keeps the number that the office gave, in capitals or without its zeros": (
        "tiếp nhận|TN7|Đỗ Văn Bình|Sở Tài chính||Kế toán|ngày 01 tháng 12 năm 2026|310/QĐ-STC ngày 12/11/2026",
        "agencies/stc.yml",
        [
            "- id: tn7",
            "name: Đỗ Văn Bình",
            "title: Kế toán",
            "since: 2026-12-01",
            "decision: 310/QĐ-STC ngày 12/11/2026",
        ],
    ),
    "somebody who left and comes back keeps the number": (
        "Tiếp nhận|5|Vũ Minh Đức|stc||Kế toán|1/12/2026|310/QĐ-STC|12/11/2026",
        "agencies/stc.yml",
        [
            "- id: tn05",
            "name: Vũ Minh Đức",
            "title: Kế toán",
            "since: 2026-12-01",
            "decision: 310/QĐ-STC ngày 12/11/2026",
        ],
    ),
    "a transfer is written in the receiving agency alone, under the present name": (
        "Điều động|tn04||stc||Trưởng phòng|1/12/2026|20/QĐ-STC|12/11/2026||snv",
        "agencies/stc.yml",
        [
            "- id: tn04",
            "name: Phạm Thị Hương Lan",
            "title: Trưởng phòng",
            "since: 2026-12-01",
            "decision: 20/QĐ-STC ngày 12/11/2026",
        ],
    ),
    "a transfer within the agency is a change of unit": (
        "Điều động|tn02||snv|Phòng tổ chức cán bộ||1/12/2026|20/QĐ-SNV|12/11/2026",
        "agencies/snv.yml",
        ["changes:", "- since: 2026-12-01", "decision: 20/QĐ-SNV ngày 12/11/2026", "unit: tccb"],
    ),
    "an appointment stands among the changes by its day": (
        "Bổ nhiệm|tn04|||vp|Chánh Văn phòng|1/1/2025|20/QĐ-SNV|12/12/2024",
        "agencies/snv.yml",
        ["- since: 2025-01-01", "decision: 20/QĐ-SNV ngày 12/12/2024", "title: Chánh Văn phòng", "unit: vp"],
    ),
    "whoever belongs to no unit any more gets a new post": (
        "Bổ nhiệm|tn02|||-|Phó Giám đốc|1/12/2026|20/QĐ-UB|12/11/2026",
        "agencies/snv.yml",
        [
            "- id: tn02",
            "name: Trần Thị Hoà",
            "title: Phó Giám đốc",
            "since: 2026-12-01",
            "decision: 20/QĐ-UB ngày 12/11/2026",
        ],
    ),
    "an appointment in a second post": (
        "Bổ nhiệm|tn02||stc||Kế toán trưởng|1/12/2026|20/QĐ-STC|12/11/2026",
        "agencies/stc.yml",
        ["changes:", "- since: 2026-12-01", "decision: 20/QĐ-STC ngày 12/11/2026", "title: Kế toán trưởng"],
    ),
    "a secondment for a while": (
        "Biệt phái|tn04||stc||Chuyên viên|1/12/2026|20/QĐ-STC|12/11/2026|30/11/2027",
        "agencies/stc.yml",
        [
            "- id: tn04",
            "name: Phạm Thị Hương Lan",
            "title: Chuyên viên",
            "kind: secondment",
            "since: 2026-12-01",
            "decision: 20/QĐ-STC ngày 12/11/2026",
            "until: 2027-12-01",
        ],
    ),
    "the end of a second post": (
        "Hết biệt phái, kiêm nhiệm|tn02|||||1/12/2026|20/QĐ-STC|12/11/2026",
        "agencies/stc.yml",
        ["until: 2026-12-01", "until_decision: 20/QĐ-STC ngày 12/11/2026"],
    ),
    "a retirement, by name alone": (
        "nghi huu||Nguyễn Văn An|Sở Nội vụ|||1/1/2027|21/QĐ-UB|1.12.2026",
        "agencies/snv.yml",
        ["until: 2027-01-01", "until_decision: 21/QĐ-UB ngày 01/12/2026", "ending: retirement"],
    ),
    "a leave that is to come": (
        "Đi học dài hạn|tn02|||||1/1/2027|21/QĐ-SNV|1/12/2026|31/12/2027",
        "agencies/snv.yml",
        [
            "absences:",
            "- since: 2027-01-01",
            "until: 2028-01-01",
            "decision: 21/QĐ-SNV ngày 01/12/2026",
            "reason: study",
        ],
    ),
    "another name from a day on": (
        "Đổi tên|tn02|Trần Thị Hoà||||1/12/2026|22/QĐ-SNV|12/11/2026|||Trần Thị Thu Hoà",
        "agencies/snv.yml",
        ["changes:", "- since: 2026-12-01", "decision: 22/QĐ-SNV ngày 12/11/2026", "name: Trần Thị Thu Hoà"],
    ),
}


@pytest.mark.parametrize(("row", "file", "lines"), RECORDED.values(), ids=RECORDED)
def test_a_change_is_recorded_once_with_its_decision(root: Path, row: str, file: str, lines: list[str]) -> None:
    intake = take_in(sheet(row), staff_of(root), FORM, as_of=TODAY)
    assert [(verdict.outcome, verdict.remedy) for verdict in intake.verdicts] == [(Outcome.RECORDED, "")], (
        intake.verdicts
    )
    assert list(intake.files) == [file]
    assert added(intake, file) == lines
    settle(root, intake)
    again = take_in(sheet(row), staff_of(root), FORM, as_of=TODAY)
    assert [verdict.outcome for verdict in again.verdicts] == [Outcome.DONE], again.verdicts
    assert again.files == {}


def test_whoever_leaves_leaves_every_post_and_the_leave_ends_with_it(root: Path) -> None:
    rows = (
        "Thôi việc|tn02|||||1/12/2026|20/QĐ-SNV|12/11/2026",
        "Buộc thôi việc|tn04|||||1/12/2026|21/QĐ-SNV|12/11/2026",
    )
    intake = take_in(sheet(*rows), staff_of(root), FORM, as_of=TODAY)
    assert added(intake, "agencies/stc.yml") == ["until: 2026-12-01", "until_decision: 20/QĐ-SNV ngày 12/11/2026"]
    assert (
        "{since: 2026-09-01, until: 2026-12-01, decision: 16/QĐ-SNV, reason: maternity}"
        in intake.files["agencies/snv.yml"][1]
    )
    assert "hộp thư snv" in intake.verdicts[0].notes[0], "the reviewer learns that somebody must take over"


def test_a_return_to_work_ends_the_leave(root: Path) -> None:
    row = "Trở lại làm việc|tn04|||||1/12/2026|20/QĐ-SNV|12/11/2026"
    intake = take_in(sheet(row), staff_of(root), FORM, as_of=TODAY)
    before, after = intake.files["agencies/snv.yml"]
    assert after == before.replace("until: 2027-03-01", "until: 2026-12-01")
    settle(root, intake)
    assert take_in(sheet(row), staff_of(root), FORM, as_of=TODAY).files == {}


def test_another_name_is_carried_into_what_begins_later(root: Path) -> None:
    rows = (
        "Điều động|tn02||stc||Kế toán|1/2/2027|20/QĐ-STC|12/11/2026",
        "Đổi tên|tn02|||||1/1/2027|21/QĐ-SNV|12/11/2026|||Trần Thị Thu Hoà",
    )
    intake = take_in(sheet(*rows), staff_of(root), FORM, as_of=TODAY)
    assert [verdict.outcome for verdict in intake.verdicts] == [Outcome.RECORDED] * 2
    assert "name: Trần Thị Thu Hoà" in added(intake, "agencies/stc.yml")


REFUSED: dict[str, tuple[str, str, str]] = {
    "no change": ("||Đỗ Văn Bình|snv||Chuyên viên", "Không ghi biến động gì", "Điền 'Biến động'"),
    "an unknown change": ("Nghỉ hiu|tn01", "Không hiểu biến động 'Nghỉ hiu'", "Có phải Nghỉ hưu?"),
    "no decision": (JOIN.replace("310/QĐ-SNV", ""), "Không có số quyết định", "310/QĐ-SNV"),
    "no day of the decision": (JOIN.removesuffix("12/11/2026"), "Không có ngày của quyết định", "Ngày quyết định"),
    "no day": (JOIN.replace("1/12/2026", ""), "Thiếu 'Từ ngày'", "01/09/2026"),
    "no such day": (JOIN.replace("1/12/2026", "31/11/2026"), "không có trong lịch", "01/09/2026"),
    "no title": (JOIN.replace("Chuyên viên", ""), "Thiếu 'Chức vụ'", "Điền 'Chức vụ'"),
    "an unknown agency": (JOIN.replace("snv|", "Sở Nội vu Tỉnh|"), "Không có cơ quan", "Có phải Sở Nội vụ (snv)?"),
    "an unknown unit": (
        JOIN.replace("|vp|", "|tcb|"),
        "không có đơn vị 'tcb'",
        "Có phải tccb? Các đơn vị: Văn phòng (vp)",
    ),
    "an old font": (JOIN.replace("Đỗ Văn Bình", "NguyÔn V¨n An"), "phông cũ", "Gõ lại họ tên bằng Unicode"),
    "somebody unknown": ("Nghỉ hưu|tn99|||||1/1/2027|1/QĐ|1/1/2027", "Không có ai mang số hiệu 'tn99'", "Tiếp nhận"),
    "a name unknown": (
        "Nghỉ hưu||Nguyễn Văn Anh|snv|||1/1/2027|1/QĐ-UB|1/1/2027",
        "Không tìm thấy ai tên 'Nguyễn Văn Anh' ở Sở Nội vụ (snv)",
        "Có phải Nguyễn Văn An?",
    ),
    "another's number": (
        "Nghỉ hưu|tn01|Trần Thị Hoà||||1/1/2027|1/QĐ-UB|1/1/2027",
        "là của Nguyễn Văn An",
        "Sửa số hiệu",
    ),
    "nobody named": ("Nghỉ hưu|||snv|||1/1/2027|1/QĐ-UB|1/1/2027", "Không rõ là ai", "Số hiệu"),
    "leaving before joining": (
        "Thôi việc|tn01|||||1/1/2019|1/QĐ-UB|1/1/2019",
        "mới vào từ 01/01/2020",
        "Xem lại ngày",
    ),
    "leaving twice": ("Nghỉ hưu|tn05|||||1/1/2026|1/QĐ-UB|1/1/2026", "không giữ chức vụ nào", "Tiếp nhận"),
    "leaving another agency": (
        "Nghỉ hưu|tn01||stc|||1/1/2027|1/QĐ-UB|1/1/2027",
        "đang ở Sở Nội vụ (snv), không phải 'stc'",
        "Sửa 'Cơ quan'",
    ),
    "a transfer from where the person is not": (
        "Điều động|tn03||snv||Kế toán|1/1/2027|1/QĐ-SNV|1/1/2027||snv",
        "đang ở Sở Tài chính (stc)",
        "Sửa 'Cơ quan cũ'",
    ),
    "a transfer before what is recorded": (
        "Điều động|tn04||stc||Kế toán|1/1/2023|1/QĐ-STC|1/1/2023",
        "Sổ đã ghi một thay đổi của Phạm Thị Hương Lan (tn04) từ ngày 01/01/2024",
        "thứ tự các quyết định",
    ),
    "an end before the beginning": (
        "Biệt phái|tn04||stc||Kế toán|1/1/2027|1/QĐ-STC|1/1/2027|1/12/2026",
        "Ngày kết thúc trước ngày bắt đầu",
        "Đến hết ngày",
    ),
    "two leaves at once": (
        "Nghỉ ốm dài ngày|tn04|||||1/10/2026|1/QĐ-SNV|1/10/2026",
        "nghỉ dài ngày từ 01/09/2026, chồng lên kỳ này",
        "Sửa ngày",
    ),
    "a return of somebody who is not away": (
        "Trở lại làm việc|tn02|||||1/10/2026|1/QĐ-SNV|1/10/2026",
        "không đang nghỉ",
        "Xem lại ngày",
    ),
    "the end of a second post that there is not": (
        "Hết biệt phái, kiêm nhiệm|tn04|||||1/12/2026|20/QĐ-STC|12/11/2026",
        "có 0 chức vụ biệt phái",
        "Cơ quan",
    ),
    "an appointment to nothing": ("Bổ nhiệm|tn02|||||1/12/2026|20/QĐ-STC|12/11/2026", "Không rõ chức vụ", "Chức vụ"),
    "an appointment elsewhere": (
        "Bổ nhiệm|tn04||stc||Trưởng phòng|1/12/2026|20/QĐ-STC|12/11/2026",
        "không phải Sở Tài chính (stc)",
        "ghi Điều động",
    ),
    "two changes on a day": (
        "Bổ nhiệm|tn04||||Trưởng phòng|1/6/2025|20/QĐ-STC|12/5/2025",
        "từ chính ngày này, theo 15/QĐ-SNV",
        "danh sách xuất từ sổ",
    ),
}


@pytest.mark.parametrize(("row", "reason", "remedy"), REFUSED.values(), ids=REFUSED)
def test_a_row_that_cannot_be_right_goes_back_and_the_good_one_goes_in(
    root: Path, row: str, reason: str, remedy: str
) -> None:
    intake = take_in(sheet(row, JOIN), staff_of(root), FORM, as_of=TODAY)
    bad, good = intake.verdicts
    assert (bad.outcome, bad.row.number) == (Outcome.RETURNED, 2)
    assert reason in bad.said
    assert remedy in bad.remedy
    assert good.outcome is Outcome.RECORDED
    assert "tn06" in good.said, "a row that goes back takes no number"
    assert list(intake.files) == ["agencies/snv.yml"]


HOSTILE = [
    *(
        "a\nid: tn01",
        "a # b",
        "a: b",
        "- a",
        "{a: b}",
        "[a]",
        '"a',
        "'a",
        "&anchor b",
        "*a",
        "!tag b",
        "%a",
        "@a",
        "`a",
    ),
    *("|", ">", "? a", "no", "null", "~", "1e3", "0x10", "08", "2026-01-01", "12:30:45", "true", "...", "---", "<<"),
    *("=1+1", "a\u2028b", "a\x85b", "{column}", "{{ 1 + 1 }}", "<b>đậm</b>", "x" * 250),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_cell_holds_it_is_one_text_in_one_place(root: Path, text: str) -> None:
    cell = tidy(text)
    row: dict[str, Cell] = dict(zip((*HEADER, *FURTHER), JOIN.split("|"), strict=False))
    intake = take_in(sheet(row | {"Chức vụ": cell, "Số hiệu": None}), staff_of(root), FORM, as_of=TODAY)
    assert [verdict.outcome for verdict in intake.verdicts] == [Outcome.RECORDED], intake.verdicts
    assert len(added(intake)) == 6
    settle(root, intake)
    assert load(root, locked=False).persons["tn06"][0].title == cell
    said = yaml.safe_load(intake.files["agencies/snv.yml"][1])["people"][-1]
    assert list(said) == ["id", "name", "unit", "title", "since", "decision"]


@pytest.mark.parametrize("title", [*HEADER, *FURTHER])
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a\x00b", "có ký tự ẩn U+0000"),
        ("a\x1b[31mb", "có ký tự ẩn U+001B"),
        ("\u202eabc", "có ký tự ẩn U+202E"),
        ("\u2066abc", "có ký tự ẩn U+2066"),
        ("a\ue000", "có ký tự ẩn U+E000"),
        ("a\ufffe", "có ký tự ẩn U+FFFE"),
        ("x" * 251, "có 251 ký tự, nhiều hơn 250"),
    ],
    ids=["NUL", "an escape", "an override", "an isolate", "a private letter", "no letter", "a very long text"],
)
def test_what_nobody_sees_or_nobody_writes_goes_back_and_is_not_repeated(
    root: Path, title: str, text: str, why: str
) -> None:
    row: dict[str, Cell] = dict(zip((*HEADER, *FURTHER), JOIN.split("|"), strict=False))
    tables = sheet(row | {title: tidy(text)}, JOIN)
    intake = take_in(tables, staff_of(root), FORM, as_of=TODAY)
    bad, good = intake.verdicts
    assert (bad.outcome, bad.said) == (Outcome.RETURNED, f"Ô '{title}' {why}.")
    assert good.outcome is Outcome.RECORDED
    assert text not in told(intake, "")
    assert returned(intake, tables, FORM)


@pytest.mark.parametrize("text", ["../stc", "../../etc/passwd", "/etc/passwd", "vp/../stc", "snv.yml", "agencies/snv"])
@pytest.mark.parametrize("title", ["Cơ quan", "Đơn vị"])
def test_an_agency_or_unit_is_one_of_the_registry_never_a_path(root: Path, text: str, title: str) -> None:
    row: dict[str, Cell] = dict(zip((*HEADER, *FURTHER), JOIN.split("|"), strict=False))
    intake = take_in(sheet(row | {"Đơn vị": None, title: text}), staff_of(root), FORM, as_of=TODAY)
    if (title, text) == ("Cơ quan", "../stc"):  # punctuation plays no part in a code
        assert list(intake.files) == ["agencies/stc.yml"]
        return
    (verdict,) = intake.of(Outcome.RETURNED)
    assert f"không có đơn vị '{text}'" in verdict.said or f"Không có cơ quan '{text}'" in verdict.said
    assert intake.files == {}


@pytest.mark.parametrize("row", [(), ("-",), ("-", "hôm qua"), ("-", 46000)])
def test_a_list_whose_memory_was_written_into_is_refused(root: Path, row: tuple[Cell, ...]) -> None:
    forged = Table("_xuat", ((1, ("congvu.mail 1", *row)),), hidden=True)
    with pytest.raises(SpreadsheetError, match="'_xuat' của danh sách xuất từ sổ đã bị sửa"):
        take_in((*sheet(JOIN), forged), staff_of(root), FORM, as_of=TODAY)


def test_namesakes_are_told_apart_by_number_only(root: Path) -> None:
    more = MORE.replace("name: Vũ Minh Đức", "name: Trần Thị Hoa")
    (root / "agencies/snv.yml").write_text(more.replace("until: 2020-01-01", "until: 2030-01-01"), encoding="utf-8")
    rows = (
        "Nghỉ hưu||tran thi hoa|snv|||1/1/2027|1/QĐ-UB|1/1/2027",
        "Nghỉ hưu||Trần Thị Hoà|snv|||1/1/2027|1/QĐ-UB|1/1/2027",
    )
    first, second = take_in(sheet(*rows), staff_of(root), FORM, as_of=TODAY).verdicts
    assert "Có 2 người tên 'tran thi hoa'" in first.said
    assert (second.outcome, "(tn02)" in second.said) == (Outcome.RECORDED, True), "accents decide where they can"


def test_a_row_twice_in_a_sheet_goes_back_once(root: Path) -> None:
    first, second = take_in(sheet(JOIN, JOIN), staff_of(root), FORM, as_of=TODAY).verdicts
    assert first.outcome is Outcome.RECORDED
    assert second.said == "Trùng hệt dòng 2."


def test_a_newcomers_namesake_is_pointed_out_in_case_it_is_one_person(root: Path) -> None:
    (verdict,) = take_in(sheet(JOIN.replace("Đỗ Văn Bình", "Vũ Minh Đức")), staff_of(root), FORM, as_of=TODAY).verdicts
    assert verdict.outcome is Outcome.RECORDED
    assert "tn05 (snv)" in verdict.notes[0]


def test_without_a_pattern_a_newcomer_needs_a_number(root: Path) -> None:
    (verdict,) = take_in(sheet(JOIN), staff_of(root), read(None), as_of=TODAY).verdicts
    assert verdict.said == "Đỗ Văn Bình chưa có số hiệu."


def test_no_number_is_given_again_that_the_lock_remembers(write: Write) -> None:
    lock = "tranthihoa: person:tn02\nxa: person:tn41 retired\n"
    root = write({"addresses/thunghiem.gov.vn.yml": lock})
    (verdict,) = take_in(sheet(JOIN), staff_of(root), FORM, as_of=TODAY).verdicts
    assert "(tn42)" in verdict.said


def test_rows_are_taken_by_their_days_and_numbers_given_by_their_order(root: Path) -> None:
    rows = (
        "Nghỉ hưu||Đỗ Văn Bình|snv|||1/6/2027|9/QĐ-SNV|1/5/2027",
        JOIN.replace("Đỗ Văn Bình", "Hồ Thị Cúc").replace("1/12/2026", "1/1/2027"),
        JOIN,
    )
    intake = take_in(sheet(*rows), staff_of(root), FORM, as_of=TODAY)
    assert [verdict.outcome for verdict in intake.verdicts] == [Outcome.RECORDED] * 3, intake.verdicts
    assert "Hồ Thị Cúc (tn06)" in intake.verdicts[1].said
    assert "Đỗ Văn Bình (tn07)" in intake.verdicts[2].said
    assert "Đỗ Văn Bình (tn07)" in intake.verdicts[0].said


def test_what_the_whole_registry_does_not_bear_sends_back_the_rows_that_caused_it(write: Write) -> None:
    gone = SNV.replace(
        "decision: 01/QĐ-UB\n", "decision: 01/QĐ-UB\nuntil: 2027-01-01\nuntil_decision: 2/QĐ\nsuccessor: stc\n"
    )
    root = write({"agencies/snv.yml": gone})
    rows = (
        "Nghỉ thai sản|tn02|||||1/12/2026|7/QĐ-SNV|1/11/2026",
        "Tiếp nhận|snv|Đỗ Văn Bình|stc||Kế toán|1/12/2026|8/QĐ-STC|1/11/2026",
    )
    first, second = take_in(sheet(*rows), staff_of(root), FORM, as_of=TODAY).verdicts
    assert first.outcome is Outcome.RECORDED
    assert second.outcome is Outcome.RETURNED
    assert second.said.startswith("Không khớp với sổ: ")


def test_whoever_came_with_a_merger_moves_on_in_the_agency_that_took_over(write: Write) -> None:
    gone = SNV.replace(
        "decision: 01/QĐ-UB\n", "decision: 01/QĐ-UB\nuntil: 2026-01-01\nuntil_decision: 2/QĐ\nsuccessor: stc\n"
    )
    root = write({"agencies/snv.yml": gone})
    row = "Bổ nhiệm|tn02||stc||Trưởng phòng|1/12/2026|7/QĐ-STC|1/11/2026"
    intake = take_in(sheet(row), staff_of(root), FORM, as_of=TODAY)
    assert added(intake, "agencies/stc.yml")[:3] == ["- id: tn02", "name: Trần Thị Hoà", "title: Trưởng phòng"]


def test_a_sheet_or_the_caller_names_the_agency_where_the_rows_do_not(root: Path) -> None:
    row = JOIN.replace("|snv|vp|", "|||")
    named = take_in(sheet(row, name="Sở Tài chính"), staff_of(root), FORM, as_of=TODAY)
    assert list(named.files) == ["agencies/stc.yml"]
    told_so = take_in(sheet(row), staff_of(root), FORM, as_of=TODAY, agency="snv")
    assert list(told_so.files) == ["agencies/snv.yml"]
    (verdict,) = take_in(sheet(row), staff_of(root), FORM, as_of=TODAY).verdicts
    assert verdict.said == "Thiếu 'Cơ quan'."


def test_a_file_without_a_header_says_what_was_looked_for(root: Path) -> None:
    with pytest.raises(SpreadsheetError, match=r"Chỉ nhận ra: Chức vụ.*Cần các cột như Biến động"):
        take_in((Table("a", ((1, ("Hä vµ tªn", "Chức vụ")),)),), staff_of(root), FORM, as_of=TODAY)


# Lists


def listed(**cells: Cell) -> dict[str, Cell]:
    """Return tn02's row of a list, with some cells different."""
    row: dict[str, Cell] = {
        "Số hiệu": "tn02",
        "Họ và tên": "Trần Thị Hoà",
        "Cơ quan": "snv",
        "Đơn vị": "Văn phòng",
        "Chức vụ": "Văn thư",
    }
    titles = {column.name.lower(): column.title for column in Column}
    return {**row, **{titles[name]: value for name, value in cells.items()}}


NEW = {"since": "1/11/2026", "decision": "9/QĐ-SNV", "decision_day": "25/10/2026"}


@pytest.mark.parametrize(
    ("cells", "outcome", "lines"),
    [
        ({}, Outcome.DONE, []),
        ({"id": None}, Outcome.DONE, []),
        ({"unit": None, "since": "1/1/2020"}, Outcome.DONE, []),
        (
            {"title": "Lưu trữ", **NEW},
            Outcome.RECORDED,
            ["changes:", "- since: 2026-11-01", "decision: 9/QĐ-SNV ngày 25/10/2026", "title: Lưu trữ"],
        ),
        ({"title": "Lưu trữ"}, Outcome.RETURNED, []),
        ({"title": "Lưu trữ", "since": "1/11/2026"}, Outcome.RETURNED, []),
    ],
    ids=[
        "the same",
        "the same, known by name",
        "what a list does not say is not changed",
        "another title on a new decision",
        "another title without a decision",
        "another title with a day alone",
    ],
)
def test_a_list_changes_only_what_a_decision_carries(
    root: Path, cells: dict[str, Cell], outcome: Outcome, lines: list[str]
) -> None:
    intake = take_in(sheet(listed(**cells)), staff_of(root), LIST, as_of=TODAY)
    assert [verdict.outcome for verdict in intake.verdicts] == [outcome], intake.verdicts
    assert (added(intake) if intake.files else []) == lines


def test_a_list_brings_newcomers_and_transfers_and_names_who_is_missing(root: Path) -> None:
    rows = (
        listed(),
        listed(id=None, name="Đỗ Văn Bình", unit=None, **NEW),
        listed(id="tn03", name="Lê Đức Đạt", unit=None, title="Phó Giám đốc", **NEW),
    )
    intake = take_in(sheet(*rows), staff_of(root), LIST, as_of=TODAY)
    assert [v.outcome for v in intake.verdicts] == [Outcome.DONE, Outcome.RECORDED, Outcome.RECORDED], intake.verdicts
    assert [line.split(",")[0] for line in intake.missing] == ["Nguyễn Văn An (tn01)", "Phạm Thị Hương Lan (tn04)"]
    assert "- id: tn06" in added(intake)
    assert "Nguyễn Văn An (tn01), Sở Nội vụ (snv)" in told(intake, "")


def test_a_second_post_on_a_list_must_be_recorded_as_one(root: Path) -> None:
    rows = (listed(post="Biệt phái"), listed(post="Kiêm nhiệm", agency="stc", unit=None, title="Kế toán"))
    first, second = take_in(sheet(*rows), staff_of(root), LIST, as_of=TODAY).verdicts
    assert first.said == "Sổ không ghi Trần Thị Hoà (tn02) biệt phái tại Sở Nội vụ (snv)."
    assert second.outcome is Outcome.DONE


# There and back


def exported(root: Path, *, per_agency: bool = False, as_of: date = TODAY) -> tuple[Table, ...]:
    path = root.parent / "xuat.xlsx"
    path.write_bytes(write(export(staff_of(root), as_of, "c0ffee", per_agency=per_agency)))
    return read_file(path)


def edited(tables: tuple[Table, ...], person: str, **cells: Cell) -> tuple[Table, ...]:
    """Return an exported workbook with some cells of one person's first row edited; `{}` adds a row."""
    columns = {column.name.lower(): COLUMNS.index(column) for column in COLUMNS}

    def rows(table: Table) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        for number, row in table.rows:
            full = [*row, *[None] * (len(COLUMNS) - len(row))]
            if not table.hidden and full[columns["id"]] == person and full[columns["post"]] is None:
                for name, value in cells.items():
                    full[columns[name]] = value
            yield number, tuple(full)

    return tuple(replace(table, rows=tuple(rows(table))) for table in tables)


@pytest.mark.parametrize("per_agency", [False, True])
@pytest.mark.parametrize("as_of", [TODAY, date(2019, 6, 1), date(2023, 6, 1), date(2030, 1, 1)])
def test_an_exported_list_changes_nothing(root: Path, per_agency: bool, as_of: date) -> None:  # noqa: FBT001 -- the table's
    tables = exported(root, per_agency=per_agency, as_of=as_of)
    intake = take_in(tables, staff_of(root), FORM, as_of=TODAY)
    assert {verdict.outcome for verdict in intake.verdicts} == {Outcome.DONE}
    assert (intake.files, intake.notes, intake.missing) == ({}, (), ())


def test_the_exported_list_is_what_a_clerk_expects(root: Path) -> None:
    tables = exported(root)
    assert [table.name for table in tables] == ["Danh sách", "Danh mục", "_xuat"]
    staff, legend, memory = tables
    assert staff.rows[0][1] == tuple(column.title for column in COLUMNS)
    assert [row[1] for _, row in staff.rows[1:]] == ["tn01", "tn02", "tn04", "tn02", "tn03"]
    assert staff.rows[3][1][2:9] == (
        "Phạm Thị Hương Lan",
        "Phó Trưởng phòng",
        "snv",
        "tccb",
        None,
        date(2025, 6, 1),
        None,
    )
    assert staff.rows[4][1][6] == "Kiêm nhiệm"
    assert (2, ("snv", "Sở Nội vụ", None, "snv", "vp", "Văn phòng", None, "Tiếp nhận")) in legend.rows
    assert memory.hidden
    assert memory.rows[0][1] == ("congvu.mail 1", "c0ffee", "2026-11-22")
    assert [table.name for table in exported(root, per_agency=True)] == ["snv", "stc", "Danh mục", "_xuat"]


EDITS: dict[str, tuple[str, dict[str, Cell], dict[str, str]]] = {
    "a title": ("tn02", {"title": "Lưu trữ"}, {"title: Văn thư": "title: Lưu trữ"}),
    "a title that a change brought": (
        "tn04",
        {"title": "Trưởng phòng"},
        {"title: Phó Trưởng phòng": "title: Trưởng phòng"},
    ),
    "a name": ("tn01", {"name": "Nguyễn Văn Ân"}, {"name: Nguyễn Văn An": "name: Nguyễn Văn Ân"}),
    "a unit, by its name": ("tn02", {"unit": "Phòng Tổ chức cán bộ"}, {"unit: vp": "unit: tccb"}),
    "a day": ("tn01", {"since": "2/1/2020"}, {"since: 2020-01-01": "since: 2020-01-02"}),
    "a decision": ("tn01", {"decision": "11/QĐ-UB"}, {"decision: 10/QĐ-UB": "decision: 11/QĐ-UB"}),
    "a decision's day": (
        "tn01",
        {"decision_day": "25/12/2019"},
        {"decision: 10/QĐ-UB": "decision: 10/QĐ-UB ngày 25/12/2019"},
    ),
}


@pytest.mark.parametrize(("person", "cells", "edits"), EDITS.values(), ids=EDITS)
def test_a_corrected_cell_changes_exactly_that(
    root: Path, person: str, cells: dict[str, Cell], edits: dict[str, str]
) -> None:
    tables = edited(exported(root), person, **cells)
    intake = take_in(tables, staff_of(root), FORM, as_of=date(2031, 1, 1))
    changed = [verdict for verdict in intake.verdicts if verdict.outcome is not Outcome.DONE]
    assert [verdict.outcome for verdict in changed] == [Outcome.RECORDED], changed
    before, after = intake.files["agencies/snv.yml"]
    for old, new in edits.items():
        before = before.replace(old, new, 1)
    assert after == before
    settle(root, intake)
    assert take_in(tables, staff_of(root), FORM, as_of=TODAY).files == {}, "sent again, it changes nothing"


def test_a_new_title_on_a_new_decision_is_a_new_fact(root: Path) -> None:
    cells = {"title": "Lưu trữ", "since": "1/12/2026", "decision": "9/QĐ-SNV", "decision_day": "25/11/2026"}
    intake = take_in(edited(exported(root), "tn02", **cells), staff_of(root), FORM, as_of=TODAY)
    assert added(intake) == ["changes:", "- since: 2026-12-01", "decision: 9/QĐ-SNV ngày 25/11/2026", "title: Lưu trữ"]


def test_another_agency_on_a_new_decision_is_a_transfer(root: Path) -> None:
    cells = {"agency": "stc", "unit": None, "since": "1/12/2026", "decision": "9/QĐ-STC", "decision_day": "25/11/2026"}
    intake = take_in(edited(exported(root), "tn04", **cells), staff_of(root), FORM, as_of=TODAY)
    assert added(intake, "agencies/stc.yml")[0] == "- id: tn04"


def test_a_change_named_on_the_list_is_recorded(root: Path) -> None:
    cells = {"change": "Nghỉ hưu", "since": "1/1/2027", "decision": "9/QĐ-UB", "decision_day": "25/11/2026"}
    intake = take_in(edited(exported(root), "tn01", **cells), staff_of(root), FORM, as_of=TODAY)
    assert added(intake)[-1] == "ending: retirement"


BAD_EDITS: dict[str, tuple[dict[str, Cell], str]] = {
    "a change with the old day": ({"change": "Nghỉ hưu", "decision": "9/QĐ-UB"}, "'Từ ngày' còn là của lần trước"),
    "a change with the old decision": ({"change": "Nghỉ hưu", "since": "1/1/2027"}, "'Số quyết định' còn là"),
    "an emptied cell": ({"unit": None}, "Ô 'Đơn vị' đã bị xoá"),
    "another agency without a decision": ({"agency": "stc", "unit": None}, "Ô 'Đơn vị' đã bị xoá"),
    "the same title on a new decision": (
        {"since": "1/12/2026", "decision": "9/QĐ-SNV"},
        "vẫn như trong sổ",
    ),
    "an end without a reason": ({"last_day": "1/12/2026"}, "không rõ vì sao"),
    "another kind of post": ({"post": "Biệt phái"}, "Không ghi biến động gì"),
}


@pytest.mark.parametrize(("cells", "why"), BAD_EDITS.values(), ids=BAD_EDITS)
def test_an_edit_that_cannot_be_taken_goes_back(root: Path, cells: dict[str, Cell], why: str) -> None:
    intake = take_in(edited(exported(root), "tn02", **cells), staff_of(root), FORM, as_of=TODAY)
    (verdict,) = intake.of(Outcome.RETURNED)
    assert why in verdict.said
    assert intake.files == {}


def test_the_last_day_of_a_second_post_is_corrected_on_the_list(root: Path) -> None:
    path = root / "agencies/stc.yml"
    text = path.read_text(encoding="utf-8").replace("since: 2025-01-01", "since: 2025-01-01\n    until: 2027-01-01")
    path.write_text(text, encoding="utf-8")
    tables = exported(root)
    shortened = tuple(
        replace(
            table,
            rows=tuple(
                (number, tuple(date(2026, 12, 24) if cell == date(2026, 12, 31) else cell for cell in row))
                for number, row in table.rows
            ),
        )
        if not table.hidden
        else table
        for table in tables
    )
    intake = take_in(shortened, staff_of(root), FORM, as_of=TODAY)
    assert intake.files["agencies/stc.yml"][1] == text.replace("until: 2027-01-01", "until: 2026-12-25")


def test_what_is_recorded_for_later_days_stands_in_the_way_of_leaving(root: Path) -> None:
    rows = (
        "Nghỉ không hưởng lương|tn02|||||1/3/2027|20/QĐ-SNV|12/11/2026",
        "Điều động|tn01||stc||Giám đốc|1/3/2027|21/QĐ-STC|12/11/2026",
    )
    settle(root, take_in(sheet(*rows), staff_of(root), FORM, as_of=TODAY))
    leaving = [f"Thôi việc|{who}|||||1/1/2027|22/QĐ-SNV|12/11/2026" for who in ("tn02", "tn01")]
    first, second = take_in(sheet(*leaving), staff_of(root), FORM, as_of=TODAY).verdicts
    assert "nghỉ dài ngày sau ngày này" in first.said
    assert "từ ngày 01/03/2027" in second.said


def test_a_fixed_term_is_not_cut_short_by_a_transfer(root: Path) -> None:
    fixed = "Tiếp nhận|tn90|Đỗ Văn Bình|snv||Chuyên viên|1/12/2026|310/QĐ-SNV|12/11/2026|30/11/2027"
    settle(root, take_in(sheet(fixed), staff_of(root), FORM, as_of=TODAY))
    moved = "Điều động|tn90||stc||Kế toán|1/6/2027|20/QĐ-STC|12/5/2027"
    (verdict,) = take_in(sheet(moved), staff_of(root), FORM, as_of=TODAY).verdicts
    assert "đến hết ngày 30/11/2027" in verdict.said


def test_what_the_registry_changed_after_the_export_is_never_undone(root: Path) -> None:
    tables = exported(root)
    path = root / "agencies/snv.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("title: Văn thư", "title: Lưu trữ"), encoding="utf-8")
    assert take_in(tables, staff_of(root), FORM, as_of=TODAY).files == {}
    intake = take_in(edited(tables, "tn02", title="Thủ quỹ"), staff_of(root), FORM, as_of=TODAY)
    (verdict,) = intake.of(Outcome.RETURNED)
    assert "trong sổ đã đổi thành 'Lưu trữ' sau khi xuất" in verdict.said
    assert intake.files == {}


# What goes back


def test_the_rows_that_go_back_can_be_corrected_and_sent_again(root: Path) -> None:
    tables = sheet(JOIN.replace("1/12/2026", "1/12/26"), "Nghỉ hưu|tn01|||||1/1/2027|9/QĐ-UB|1/12/2026")
    intake = take_in(tables, staff_of(root), FORM, as_of=TODAY)
    path = root.parent / "tra-lai.xlsx"
    path.write_bytes(returned(intake, tables, FORM))
    (back,) = read_file(path)
    header, row = (cells for _, cells in back.rows)
    assert header[-3:] == ("Dòng cũ", "Lý do trả lại", "Cách sửa")
    assert row[-3] == 2
    assert "năm không đủ bốn chữ số" in str(row[-2])
    mended = replace(back, rows=(back.rows[0], (2, tuple("1/12/2026" if c == "1/12/26" else c for c in row))))
    (verdict,) = take_in((mended,), staff_of(root), FORM, as_of=TODAY).verdicts
    assert verdict.outcome is Outcome.RECORDED


def test_rows_of_a_list_that_go_back_still_know_what_they_were(root: Path) -> None:
    tables = edited(exported(root), "tn02", title="Thủ quỹ", since="31/11/2026")
    intake = take_in(tables, staff_of(root), FORM, as_of=TODAY)
    path = root.parent / "tra-lai.xlsx"
    path.write_bytes(returned(intake, tables, FORM))
    back = read_file(path)
    assert [table.hidden for table in back] == [False, True]
    corrected = edited(back, "tn02", since=date(2021, 6, 1))
    (verdict,) = take_in(corrected, staff_of(root), FORM, as_of=TODAY).verdicts
    assert verdict.said == "Sửa Trần Thị Hoà (tn02): Chức vụ thành 'Thủ quỹ'."


def test_the_account_says_what_became_of_the_rows_and_what_comes_next(root: Path) -> None:
    intake = take_in(sheet(JOIN, "Nghỉ hưu|tn99"), staff_of(root), FORM, as_of=TODAY)
    account = told(intake, "/nhan/tra-lai.xlsx")
    assert account.startswith("2 dòng: 1 ghi vào sổ, 0 đã ghi từ trước, 1 trả lại.")
    assert "Trang 1, dòng 2: Tiếp nhận Đỗ Văn Bình (tn06) vào Sở Nội vụ (snv) từ 01/12/2026, 310/QĐ-SNV ngày" in account
    assert "Trang 1, dòng 3: Không có ai mang số hiệu 'tn99'." in account
    assert "git diff" in account
    assert "/nhan/tra-lai.xlsx" in account
    assert "chưa ghi gì" in told(intake, "", written=False)
