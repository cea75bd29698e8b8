"""What is printed has all its letters, its layout and its fonts, and comes from nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.printing import PrintingError, Style, html, pdf
from ansible_collections.congvu.mail.plugins.module_utils.typography import MOTTO, STATE
from jinja2 import UndefinedError

LETTERS = "mẫu cỡ sự đặt Đức Ữu mỹ quỵ Ở đâu bằng đẵn một"
LETTER = """\
{{ parts.heading("Sở Nội vụ", "UBND tỉnh Cà Mau", "12/BB-SNV", "Cà Mau", day) }}
{{ parts.title("Biên bản", "Bàn giao hộp thư điện tử") }}
<p>{{ text }}</p><p><b>{{ text }}</b></p><p><i>{{ text }}</i></p><p><code>{{ text }}</code></p>
<p>{{ 1234567 | number }}, {{ day | day }}.</p>
{{ parts.signatures([("Bên giao", "Nguyễn Văn An"), ("Bên nhận", "Trần Thị Bình")]) }}
{{ parts.recipients(["Như trên", "Lưu: VT"]) }}
"""


def letter(style: Style = Style.DOCUMENT, text: str = LETTERS) -> str:
    return html(LETTER, style, title="Biên bản bàn giao", author="Sở Nội vụ", text=text, day=date(2026, 1, 5))


def text_of(content: bytes) -> str:
    """Read a PDF with Poppler: another program than the one that wrote it."""
    read = subprocess.run(["/usr/bin/pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return read.stdout.decode()


@pytest.mark.parametrize("style", Style)
def test_a_document_says_what_its_template_and_its_facts_say(style: Style) -> None:
    said = " ".join(text_of(pdf(letter(style))).split())
    head = ("UBND TỈNH CÀ MAU", "SỞ NỘI VỤ", STATE, MOTTO, "Số: 12/BB-SNV", "Cà Mau, ngày 05 tháng 01 năm 2026")
    body = ("BIÊN BẢN", "Bàn giao hộp thư điện tử", "1.234.567, 05/01/2026.")
    foot = ("BÊN GIAO", "Nguyễn Văn An", "- Như trên;", "- Lưu: VT.")
    assert [words for words in (*head, *body, *foot) if words not in said] == []
    assert said.count(LETTERS) == 4


def test_the_fonts_are_in_the_file() -> None:
    read = subprocess.run(["/usr/bin/pdffonts", "-"], input=pdf(letter()), capture_output=True, check=True)
    name, _, *fonts = read.stdout.decode().splitlines()
    embedded = name.index("emb")
    assert {font[embedded : embedded + 3] for font in fonts} == {"yes"}
    assert {font.split()[0].partition("+")[2] for font in fonts} == {
        "Cousine",
        "Tinos",
        "Tinos-Bold",
        "Tinos-Bold-Italic",
        "Tinos-Italic",
    }


def test_pages_of_a_document_are_numbered_from_the_second_one_on() -> None:
    page = html("<p>một</p><p class='new-page'>hai</p>", Style.DOCUMENT, title="")
    assert [page.split() for page in text_of(pdf(page)).split("\f")] == [["một"], ["2", "hai"], []]


def test_equal_documents_are_equal_bytes_in_every_process_and_hour() -> None:
    draw = (
        "import sys; from ansible_collections.congvu.mail.plugins.module_utils.printing import pdf;"
        "sys.stdout.buffer.write(pdf(sys.stdin.read()))"
    )
    elsewhere = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "7", "TZ": "Asia/Ho_Chi_Minh"}
    read = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", draw],
        input=letter().encode(),
        env=os.environ | elsewhere,
        capture_output=True,
        check=True,
    )
    assert read.stdout == pdf(letter())


def test_a_fact_is_text_whatever_it_holds() -> None:
    assert "<b>không đậm</b> & “thế”" in text_of(pdf(letter(text="<b>không đậm</b> & “thế”")))


def test_a_fact_that_is_missing_is_a_fault() -> None:
    with pytest.raises(UndefinedError, match="whom"):
        html("<p>{{ whom }}</p>", Style.REPORT, title="")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('<img src="https://example.org/seal.png">', "https://example.org/seal.png"),
        ('<img src="file:///etc/hostname">', "file:///etc/hostname"),
        ('<p style="background: url(//example.org/seal.png)">', "example.org"),
        ('<p style="colour: red">', "colour"),
        ("<p>\U0010fffd</p>", "10FFFD"),
    ],
    ids=[
        "an image of another host",
        "a file of this machine",
        "an address without a scheme",
        "unknown CSS",
        "no glyph",
    ],
)
def test_what_would_come_out_other_than_meant_is_refused(body: str, why: str) -> None:
    with pytest.raises(PrintingError) as refused:
        pdf(html(body, Style.REPORT, title=""))
    assert why.lower() in str(refused.value).lower()
