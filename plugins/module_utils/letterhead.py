"""Official documents: a decision with its regulation, a letter with its annexes, as Word files that people sign.

The layout is that of Nghị định 30/2020/NĐ-CP, Phụ lục I: A4, Times New Roman, the issuer at the left, the state's
name and motto at the right, number, place and day, the text with its chapters, articles and clauses, addressees and
signature. A document is a value made of blocks; ``render`` turns it into bytes, the same ones each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import singledispatch
from io import BytesIO
from typing import TYPE_CHECKING, Literal, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as Word
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from .typography import MOTTO, STATE, balanced, breadth, written_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.table import Table as WordTable
    from docx.table import _Cell as Cell
    from docx.text.paragraph import Paragraph as WordParagraph

FONT = "Times New Roman"

_TEXT_WIDTH = 165  # mm: A4 less margins of 30 and 15
_ISSUER_WIDTH = 68  # mm of it for the issuer, the rest for the state's name
_SIGNED_WIDTH = 80  # mm of it for those who receive, the rest for who signs
_SEAL_LINES = 4  # of room for a hand and a seal
_STAMP = datetime(2020, 3, 5, tzinfo=UTC)  # on every file, so that equal texts are equal bytes: the decree's own day
_ZIP_STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file can tell

Align = Literal["left", "centre", "right", "justify"]
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


class Look(NamedTuple):
    """How a kind of paragraph looks: sizes and spaces in points, indents (of its first line, of all) in millimetres."""

    size: float
    bold: bool = False
    italic: bool = False
    align: Align = "centre"
    indent: float = 0
    left: float = 0
    before: float = 0
    after: float = 0
    follow: bool = False  # never alone at the foot of a page
    outline: int | None = None  # its level in the editor's navigation pane, from 0


_KEPT = frozenset({"Normal", "Default Paragraph Font", "Normal Table", "No List", "Table Grid", "Header", "Footer"})
# By the names that a clerk sees in the editor's list of styles.
LOOKS = {
    "VB Quốc hiệu": Look(12, bold=True),
    "VB Tiêu ngữ": Look(13, bold=True),
    "VB Cơ quan chủ quản": Look(12),
    "VB Cơ quan ban hành": Look(12, bold=True),
    "VB Số ký hiệu": Look(13, before=4),
    "VB Trích yếu công văn": Look(12, before=6),
    "VB Địa danh ngày tháng": Look(13, italic=True, before=4),
    "VB Tên loại": Look(14, bold=True, before=12, follow=True),
    "VB Trích yếu": Look(14, bold=True, follow=True),
    "VB Kèm theo": Look(14, italic=True, before=2, follow=True),
    "VB Kính gửi": Look(14, before=12, after=6),
    "VB Nơi kính gửi": Look(14, align="left", left=50, after=2),
    "VB Thẩm quyền": Look(14, bold=True, before=12, after=6, follow=True),
    "VB Căn cứ": Look(14, italic=True, align="justify", indent=12.7, after=6),
    "VB Chương": Look(14, bold=True, before=12, follow=True, outline=0),
    "VB Tên chương": Look(14, bold=True, after=6, follow=True),
    "VB Điều": Look(14, bold=True, align="justify", indent=12.7, before=6, after=6, follow=True, outline=1),
    "VB Nội dung": Look(14, align="justify", indent=12.7, after=6),
    "VB Đầu bảng": Look(12, bold=True, before=2, after=2),
    "VB Ô bảng": Look(12, align="left", before=2, after=2),
    "VB Nơi nhận": Look(12, bold=True, italic=True, align="left"),
    "VB Danh sách nhận": Look(11, align="left"),
    "VB Người ký": Look(14, bold=True, follow=True),
    "VB Số trang": Look(13),
}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the document, under which number, where and when.

    ``number`` is the whole of what follows `Số:`, with GAP where the office numbers by hand. ``subject`` stands
    below it on letters (công văn), which have no title. Without ``day`` the day is left open.
    """

    issuer: str
    superior: str = ""
    number: str = ""
    subject: str = ""
    place: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """The kind of document in capitals, what it is about, and for an attached one in brackets what it belongs to."""

    kind: str
    subject: str = ""
    attached: str = ""


@dataclass(frozen=True, slots=True)
class Addressees:
    """To whom a letter goes (Kính gửi): one on the same line, several below it."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Authority:
    """Who decides, and the word with which the deciding begins (`QUYẾT ĐỊNH:`): centred lines in bold."""

    text: str


@dataclass(frozen=True, slots=True)
class Ground:
    """One of the grounds of a decision (căn cứ)."""

    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter's number and title."""

    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article: with a title, which stands in bold, or with a text that runs on from its number."""

    number: str
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the text; ``label`` comes first: `1.` of a clause, `a)` of a point, `-` of a dash."""

    text: str
    label: str = ""
    follow: bool = False  # it announces what comes next: never alone at the foot of a page


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row that returns on every page; ``widths`` are shares of the width of the text."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    aligns: tuple[Align, ...] = ()  # left by default


@dataclass(frozen=True, slots=True)
class Closing:
    """Who gets the document (nơi nhận) and who signs it: `TM. ỦY BAN NHÂN DÂN`, `CHỦ TỊCH`, and the name."""

    recipients: tuple[str, ...]
    capacity: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """A new part on a new page, with pages of its own; with a letterhead if it has a standing of its own."""

    letterhead: Letterhead | None = None


Block = Title | Addressees | Authority | Ground | Chapter | Article | Paragraph | Table | Closing | Annex


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document; ``title`` is what file managers show."""

    title: str
    letterhead: Letterhead
    blocks: tuple[Block, ...]


def render(document: Document) -> bytes:
    """Return the document as the bytes of a .docx file: equal documents give equal bytes."""
    word = docx.Document()
    _define_styles(word)
    _describe(word, document)
    _lay_out(word)
    _head(word, document.letterhead)
    for block in document.blocks:
        _write(block, word)
    buffer = BytesIO()
    word.save(buffer)
    return _without_clock(buffer.getvalue())


def lines(content: bytes) -> list[str]:
    """Return what a .docx file says, a line for each paragraph and each row of a table that is not empty."""
    body = docx.Document(BytesIO(content)).element.body
    found = []
    for element in body.iter(qn("w:p"), qn("w:tr")):
        if element.tag == qn("w:tr"):
            cells = (map(_said, cell.iter(qn("w:p"))) for cell in element.iter(qn("w:tc")))
            found.append(" | ".join(" ".join(filter(None, texts)) for texts in cells))
        elif element.getparent().tag != qn("w:tc"):
            found.append(_said(element))
    return [line for line in found if line.strip(" |")]


def _said(paragraph: BaseOxmlElement) -> str:
    return "".join(part.text or " " for part in paragraph.iter(qn("w:t"), qn("w:br")))


@singledispatch
def _write(block: object, _word: Word) -> None:
    raise TypeError(block)


@_write.register
def _(block: Title, word: Word) -> None:
    _add(word, "VB Tên loại", block.kind.upper())
    if block.subject:
        _add(word, "VB Trích yếu", balanced(block.subject, 14, _TEXT_WIDTH))
    if block.attached:
        _add(word, "VB Kèm theo", balanced(f"({block.attached})", 14, _TEXT_WIDTH))
    length = 0.4 * min(breadth(block.subject or block.kind.upper(), 14), _TEXT_WIDTH)
    _rule(word.add_paragraph(), _TEXT_WIDTH, length, after=10)


@_write.register
def _(block: Addressees, word: Word) -> None:
    if len(block.names) == 1:
        _add(word, "VB Kính gửi", f"Kính gửi: {block.names[0]}")
        return
    first = _add(word, "VB Kính gửi", "Kính gửi:")
    first.alignment = WD_ALIGN_PARAGRAPH.LEFT
    first.paragraph_format.left_indent = Mm(30)
    for name in block.names:
        _add(word, "VB Nơi kính gửi", f"- {name}")


@_write.register
def _(block: Authority, word: Word) -> None:
    _add(word, "VB Thẩm quyền", block.text)


@_write.register
def _(block: Ground, word: Word) -> None:
    _add(word, "VB Căn cứ", block.text)


@_write.register
def _(block: Chapter, word: Word) -> None:
    _add(word, "VB Chương", f"Chương {block.number}")
    _add(word, "VB Tên chương", block.title.upper())


@_write.register
def _(block: Article, word: Word) -> None:
    if not block.text:
        _add(word, "VB Điều", f"Điều {block.number}. {block.title}")
        return
    paragraph = _add(word, "VB Nội dung")
    paragraph.add_run(f"Điều {block.number}.").bold = True
    paragraph.add_run(f" {block.text}")


@_write.register
def _(block: Paragraph, word: Word) -> None:
    paragraph = _add(word, "VB Nội dung", f"{block.label} {block.text}".lstrip())
    paragraph.paragraph_format.keep_with_next = block.follow or None


@_write.register
def _(block: Table, word: Word) -> None:
    aligns = block.aligns or ("left",) * len(block.header)
    share = _TEXT_WIDTH / sum(block.widths)
    table = _grid(word, 1 + len(block.rows), [share * width for width in block.widths])
    table.style = word.styles["Table Grid"]
    cells = iter(table._cells)  # `row.cells` would count the whole table for each row
    for place, texts in enumerate((block.header, *block.rows)):
        for text, align in zip(texts, aligns, strict=True):
            cell = next(cells)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = _fill(cell, "VB Ô bảng" if place else "VB Đầu bảng", text)
            if place:
                paragraph.alignment = _ALIGN[align]
    table._tbl.tr_lst[0].get_or_add_trPr().append(_element("w:tblHeader"))
    _space(word, 6)


@_write.register
def _(block: Closing, word: Word) -> None:
    _space(word, 12)
    left, right = _grid(word, 1, [_SIGNED_WIDTH, _TEXT_WIDTH - _SIGNED_WIDTH])._cells
    if block.recipients:
        _fill(left, "VB Nơi nhận", "Nơi nhận:")
    last = len(block.recipients) - 1
    for place, name in enumerate(block.recipients):
        _fill(left, "VB Danh sách nhận", f"- {name}{';' if place < last else '.'}")
    for text in (*block.capacity, *[""] * _SEAL_LINES, block.name):
        _fill(right, "VB Người ký", text)


@_write.register
def _(block: Annex, word: Word) -> None:
    word.add_section(WD_SECTION.NEW_PAGE)
    if block.letterhead is not None:
        _head(word, block.letterhead)


def _head(word: Word, head: Letterhead) -> None:
    rows = 2 if head.number or head.place else 1
    issuer, state, *below = _grid(word, rows, [_ISSUER_WIDTH, _TEXT_WIDTH - _ISSUER_WIDTH])._cells
    if head.superior:
        _fill(issuer, "VB Cơ quan chủ quản", balanced(head.superior.upper(), 12, _ISSUER_WIDTH))
    _fill(issuer, "VB Cơ quan ban hành", balanced(head.issuer.upper(), 12, _ISSUER_WIDTH))
    _rule(issuer.add_paragraph(), _ISSUER_WIDTH, 0.4 * min(breadth(head.issuer.upper(), 12), _ISSUER_WIDTH))
    _fill(state, "VB Quốc hiệu", STATE)
    _fill(state, "VB Tiêu ngữ", MOTTO)
    _rule(state.add_paragraph(), _TEXT_WIDTH - _ISSUER_WIDTH, breadth(MOTTO, 13))
    if below:
        number, day = below
        _fill(number, "VB Số ký hiệu", f"Số: {head.number}")
        if head.subject:
            _fill(number, "VB Trích yếu công văn", f"V/v {head.subject}")
        _fill(day, "VB Địa danh ngày tháng", written_day(head.place, head.day))


def _define_styles(word: Word) -> None:
    for style in list(word.styles):  # the many of python-docx's template would only be in a clerk's way
        if style.name not in _KEPT:
            style.delete()
    normal = word.styles["Normal"]
    if not isinstance(normal, ParagraphStyle):
        raise TypeError(normal)
    _style(normal, Look(14, align="left"))
    for name, look in LOOKS.items():
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.quick_style = True
        _style(style, look)


def _style(style: ParagraphStyle, look: Look) -> None:
    font = style.font
    font.name, font.size = FONT, Pt(look.size)
    font.bold, font.italic = look.bold, look.italic
    characters = style.element.get_or_add_rPr()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        characters.rFonts.set(qn(script), FONT)
    characters.append(_element("w:lang", val="vi-VN", eastAsia="vi-VN"))
    layout = style.paragraph_format
    layout.alignment = _ALIGN[look.align]
    layout.left_indent, layout.first_line_indent = Mm(look.left), Mm(look.indent)
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing = 1.0
    layout.widow_control = True
    layout.keep_with_next = look.follow
    if look.outline is not None:
        style.element.get_or_add_pPr().append(_element("w:outlineLvl", val=str(look.outline)))


def _describe(word: Word, document: Document) -> None:
    about = word.core_properties
    about.title, about.language = document.title, "vi-VN"
    about.author = about.last_modified_by = document.letterhead.issuer
    about.comments = ""
    about.created = about.modified = _STAMP


def _lay_out(word: Word) -> None:
    """Set the first section, which later ones follow: its pages are numbered at the top from the second one on."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    section._sectPr.find(qn("w:cols")).addprevious(_element("w:pgNumType", start="1"))
    number = section.header.paragraphs[0]
    number.style = word.styles["VB Số trang"]
    number._p.append(_element("w:fldSimple", instr="PAGE"))


def _add(word: Word, style: str, text: str = "") -> WordParagraph:
    paragraph: WordParagraph = word.add_paragraph(text, style)
    return paragraph


def _fill(cell: Cell, style: str, text: str) -> WordParagraph:
    """Add a paragraph to a cell; the first takes the place of the empty one that every cell has."""
    first = cell.paragraphs[0]
    paragraph: WordParagraph = first if first._p.pPr is None else cell.add_paragraph()
    paragraph.add_run(text)
    paragraph.style = style
    return paragraph


def _rule(paragraph: WordParagraph, width: float, length: float, after: float = 0) -> None:
    """Make an empty paragraph a centred line of a length, all in millimetres but ``after``, which is in points."""
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm((width - length) / 2)
    layout.space_before, layout.space_after, layout.line_spacing = Pt(3), Pt(after), Pt(2)
    borders = _element("w:pBdr")
    borders.append(_element("w:top", val="single", sz="6", space="0", color="auto"))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _space(word: Word, height: float) -> None:
    paragraph = _add(word, "VB Nội dung")
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(height)
    paragraph.paragraph_format.keep_with_next = True


def _grid(word: Word, rows: int, widths: Sequence[float]) -> WordTable:
    """Add a table of fixed columns, given in millimetres, whose rows no page break splits."""
    table: WordTable = word.add_table(rows, len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for place, cell in enumerate(table._cells):
        cell.width = Mm(widths[place % len(widths)])
    for row in table._tbl.tr_lst:
        row.get_or_add_trPr().append(_element("w:cantSplit"))
    return table


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _without_clock(content: bytes) -> bytes:
    """Return the same ZIP file without the hours at which its parts were written."""
    buffer = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(ZipInfo(part.filename, _ZIP_STAMP), old.read(part), ZIP_DEFLATED)
    return buffer.getvalue()
