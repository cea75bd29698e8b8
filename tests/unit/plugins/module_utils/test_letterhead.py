"""Documents look as Nghị định 30/2020/NĐ-CP prescribes, and equal ones are equal bytes."""

from __future__ import annotations

import time
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from ansible_collections.congvu.mail.plugins.module_utils.letterhead import (
    LOOKS,
    Addressees,
    Annex,
    Article,
    Authority,
    Block,
    Chapter,
    Closing,
    Document,
    Ground,
    Letterhead,
    Paragraph,
    Table,
    Title,
    lines,
    render,
)
from ansible_collections.congvu.mail.plugins.module_utils.typography import GAP, MOTTO, STATE, written_day
from docx.oxml.ns import qn

HEAD = Letterhead("Sở Nội vụ", "UBND tỉnh Cà Mau", f"{GAP}/QĐ-SNV", place="Cà Mau")
ROWS = tuple((str(number), f"Phòng {number}") for number in range(1, 40))
BLOCKS: tuple[Block, ...] = (
    Title("Quyết định", "Ban hành Quy chế"),
    Authority("GIÁM ĐỐC SỞ NỘI VỤ"),
    Ground("Căn cứ Quyết định số 26/2009/QĐ-UBND;"),
    Article("1", text="Ban hành kèm theo Quyết định này Quy chế."),
    Closing(("Như Điều 3", "Lưu: VT"), ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Nguyễn Văn An"),
    Annex(Letterhead("Sở Nội vụ")),
    Title("Quy chế", attached="Ban hành kèm theo Quyết định"),
    Chapter("I", "Những quy định chung"),
    Article("1", title="Phạm vi"),
    Paragraph("Quy chế này áp dụng cho mọi đơn vị.", "1."),
    Table(("TT", "Đơn vị"), ROWS, (1, 6), ("centre", "left")),
)


def made(*blocks: Block, head: Letterhead = HEAD) -> bytes:
    return render(Document("Quy chế", head, blocks))


def test_a_document_says_what_its_blocks_say() -> None:
    said = lines(made(*BLOCKS))
    assert said[:6] == [
        f"UBND TỈNH CÀ MAU SỞ NỘI VỤ | {STATE} {MOTTO}",
        f"Số: {GAP}/QĐ-SNV | Cà Mau, ngày{GAP}tháng{GAP}năm{GAP}",
        "QUYẾT ĐỊNH",
        "Ban hành Quy chế",
        "GIÁM ĐỐC SỞ NỘI VỤ",
        "Căn cứ Quyết định số 26/2009/QĐ-UBND;",
    ]
    assert "Nơi nhận: - Như Điều 3; - Lưu: VT. | KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC Nguyễn Văn An" in said
    assert said[said.index("Chương I") :][:4] == [
        "Chương I",
        "NHỮNG QUY ĐỊNH CHUNG",
        "Điều 1. Phạm vi",
        "1. Quy chế này áp dụng cho mọi đơn vị.",
    ]
    assert said[-1] == "39 | Phòng 39"


def test_equal_documents_are_equal_bytes_at_any_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    first = made(*BLOCKS)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert made(*BLOCKS) == first


def test_no_part_of_the_file_tells_when_it_was_written() -> None:
    with ZipFile(BytesIO(made(*BLOCKS))) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
        assert b"2020-03-05T00:00:00Z" in parts.read("docProps/core.xml")


def test_pages_are_a4_with_the_margins_of_the_decree() -> None:
    for section in docx.Document(BytesIO(made(*BLOCKS))).sections:
        sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        lengths = [length.mm for length in (section.page_width, section.page_height, *sides) if length]
        assert lengths == pytest.approx([210, 297, 20, 20, 30, 15], abs=0.1)


def test_pages_are_numbered_at_the_top_but_for_the_first_and_anew_in_each_part() -> None:
    word = docx.Document(BytesIO(made(*BLOCKS)))
    assert len(word.sections) == 2
    for section in word.sections:
        assert section.different_first_page_header_footer
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"  # noqa: SLF001 -- no other word for it
        assert "PAGE" in section.header._element.xml  # noqa: SLF001
        assert not section.first_page_header.paragraphs[0].text


def test_every_style_is_times_new_roman_in_a_size_of_the_decree() -> None:
    styles = docx.Document(BytesIO(made())).styles
    for name in LOOKS:
        font = styles[name].font
        assert font.name == "Times New Roman"
        assert font.size
        assert 11 <= font.size.pt <= 14


def test_a_clerk_finds_chapters_and_articles_in_the_navigation_pane() -> None:
    word = docx.Document(BytesIO(made(Chapter("I", "Chung"), Article("1", title="Phạm vi"))))
    levels = {
        style.name: style.element.pPr.find(qn("w:outlineLvl")).get(qn("w:val"))
        for style in word.styles
        if style.name in ("VB Chương", "VB Điều")
    }
    assert levels == {"VB Chương": "0", "VB Điều": "1"}


def test_a_heading_row_returns_on_every_page_and_no_row_is_split() -> None:
    (_, table) = docx.Document(BytesIO(made(Table(("TT",), (("1",), ("2",)), (1,))))).tables
    rows = table._tbl.tr_lst  # noqa: SLF001 -- python-docx has no word for it
    marks = [[mark.tag for mark in row.get_or_add_trPr()] for row in rows]
    assert marks == [[qn("w:cantSplit"), qn("w:tblHeader")], [qn("w:cantSplit")], [qn("w:cantSplit")]]


def test_a_letter_has_its_subject_below_the_number_and_says_to_whom() -> None:
    head = Letterhead("UBND quận Bình Tân", number="15/UBND-VP", subject="cấp hộp thư", place="Bình Tân")
    said = lines(made(Addressees(("Sở Thông tin và Truyền thông",)), head=head))
    assert said[1].startswith("Số: 15/UBND-VP V/v cấp hộp thư | Bình Tân")
    assert said[2] == "Kính gửi: Sở Thông tin và Truyền thông"


def test_a_letter_to_several_names_each_on_a_line() -> None:
    assert lines(made(Addressees(("Sở Nội vụ", "Sở Tài chính"))))[2:] == ["Kính gửi:", "- Sở Nội vụ", "- Sở Tài chính"]


@pytest.mark.parametrize(
    ("day", "line"),
    [
        (date(2026, 2, 3), "Cà Mau, ngày 03 tháng 02 năm 2026"),
        (date(2026, 3, 12), "Cà Mau, ngày 12 tháng 3 năm 2026"),
        (date(2026, 12, 9), "Cà Mau, ngày 09 tháng 12 năm 2026"),
        (None, f"Cà Mau, ngày{GAP}tháng{GAP}năm{GAP}"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_two_digits(day: date | None, line: str) -> None:
    assert written_day("Cà Mau", day) == line


@pytest.mark.parametrize(
    ("issuer", "lines"),
    [
        ("Ủy ban nhân dân huyện Cái Nước", "ỦY BAN NHÂN DÂN\nHUYỆN CÁI NƯỚC"),
        ("Ủy ban nhân dân thành phố Cà Mau", "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ CÀ MAU"),
        ("Văn phòng Ủy ban nhân dân tỉnh", "VĂN PHÒNG\nỦY BAN NHÂN DÂN TỈNH"),
        ("Sở Nông nghiệp và Phát triển nông thôn", "SỞ NÔNG NGHIỆP VÀ\nPHÁT TRIỂN NÔNG THÔN"),
        ("Sở Nội vụ", "SỞ NỘI VỤ"),
    ],
)
def test_long_names_are_broken_into_lines_of_about_the_same_length(issuer: str, lines: str) -> None:
    word = docx.Document(BytesIO(made(head=Letterhead(issuer))))
    assert word.tables[0].cell(0, 0).paragraphs[0].text == lines


@pytest.mark.parametrize("place", ["UBND huyện Cái Nước", "UBND thành phố Cà Mau", "UBND huyện Trần Văn Thời"])
def test_the_name_of_a_place_is_never_broken(place: str) -> None:
    title = Title("Phụ lục", f"Danh sách hộp thư điện tử của {place} và các đơn vị trực thuộc")
    (said,) = (
        paragraph.text for paragraph in docx.Document(BytesIO(made(title))).paragraphs if "hộp" in paragraph.text
    )
    assert said.count("\n") == 1
    assert place in said
