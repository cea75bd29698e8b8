"""The site's files: the same bytes for the same book, whole in themselves, readable by people and programs."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.layout import KINDS
from ansible_collections.congvu.mail.plugins.module_utils.phonebook import Office, Official, Part, Phonebook
from ansible_collections.congvu.mail.plugins.module_utils.website import DATA, NAMES, PAGES, Site, Stamp, files

THEME = {
    path.name: path.read_text(encoding="utf-8")
    for path in (Path(__file__).parents[4] / "roles/phonebook/files/site").iterdir()
}
SITE = Site("https://danhba.thunghiem.gov.vn", "postmaster@thunghiem.gov.vn")
NOW = Stamp("2026-11-22", "0123456789abcdef0123456789abcdef01234567")
LATER = Stamp("2026-12-01", "fedcba9876543210fedcba9876543210fedcba98")
VOID = {"meta", "link", "input", "br"}


def somebody(name: str, title: str = "Giám đốc", unit: str = "", address: str = "") -> Official:
    spelt = name.split(" ")
    return Official(name, spelt[0], spelt[-1], title, unit, address)


BOOK = Phonebook(
    title="Thư điện tử tỉnh Thử Nghiệm",
    regulation="Quyết định 1/QĐ-UB",
    cite="Điều 8",
    synthetic=True,
    offices=(
        Office(
            "snv",
            "Sở Nội vụ",
            "department",
            "",
            "snv@thunghiem.gov.vn",
            (Part("Văn phòng", "vp@thunghiem.gov.vn"), Part("Phòng <i>Cải cách</i> & Tổ chức", "")),
            (
                somebody("Nguyễn Văn An", address="an@thunghiem.gov.vn"),
                somebody("Nguyễn Văn Ân", "Phó Giám đốc", "Văn phòng"),
                somebody("Lê Thị H'Hen", '=HYPERLINK("x")'),
            ),
        ),
        Office("aluoi", "UBND huyện A Lưới", "district", "", "aluoi@thunghiem.gov.vn", (), (somebody("Hồ Văn Bé"),)),
        Office("hongha", "UBND xã Hồng Hạ", "commune", "aluoi", "", (), ()),
        Office("tt", "Trung tâm Lưu trữ", "centre", "snv", "tt@thunghiem.gov.vn", (), ()),
    ),
)
FILES = files(BOOK, THEME, SITE, NOW)
HTML = sorted(path for path in FILES if path.endswith(".html"))


@dataclass
class Page(HTMLParser):
    """A page as a browser takes it apart, its mistakes noted."""

    path: str
    lang: str | None = None
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # ids that others name: for, aria-labelledby, aria-describedby
    headings: list[int] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)
    elements: Counter[str] = field(default_factory=Counter)
    text: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the page, to its end."""
        super().__init__()
        self.feed(FILES[self.path].decode())
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what stands in a tag."""
        said = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        self.elements[tag] += 1
        self.attributes |= said.keys()
        self.lang = said.get("lang", self.lang)
        self.ids += [said["id"]] if "id" in said else []
        self.links += [said[name] for name in ("href", "src") if name in said]
        self.names += [said[name] for name in ("for", "aria-labelledby", "aria-describedby") if name in said]
        self.headings += [int(tag[1])] if tag[0] == "h" and tag[1:].isdigit() else []

    def handle_endtag(self, tag: str) -> None:
        """See that tags are closed in their order."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note what is read."""
        self.text.append(data)


PARSED = {path: Page(path) for path in HTML}


def test_the_same_book_gives_the_same_bytes() -> None:
    assert files(BOOK, dict(reversed(THEME.items())), SITE, NOW) == FILES
    assert list(FILES) == sorted(FILES)


def test_the_theme_is_used_up() -> None:
    used = {*(f"{name}.html.j2" for name in PAGES), "base.html.j2", "parts.html.j2"}
    assert THEME.keys() == used | {"style.css", "search.js", "icon.svg"}


def test_every_kind_of_agency_has_a_name() -> None:
    assert NAMES.keys() == set(KINDS)


@pytest.mark.parametrize("path", HTML)
def test_a_page_is_whole_and_leads_nowhere_in_vain(path: str) -> None:
    page = PARSED[path]
    assert page.lang == "vi"
    assert max(Counter(page.ids).values()) == 1
    assert set(page.names) <= set(page.ids)
    assert page.headings.count(1) == 1
    assert page.headings[0] == 2, "of the search, which is hidden until somebody searches"
    assert all(after - before <= 1 for before, after in zip(page.headings[1:], page.headings[2:], strict=False))
    for link in page.links:
        target, _, anchor = link.partition("#")
        if link.startswith("mailto:"):
            continue
        assert ":" not in link, "nothing comes from elsewhere"
        found = normpath(join(dirname(path), target)) if target and target[0] != "/" else target.lstrip("/") or path
        assert found in FILES, link
        if anchor:
            assert anchor in PARSED[found].ids, link


@pytest.mark.parametrize("path", HTML)
def test_a_page_needs_no_exception_from_the_servers_policy(path: str) -> None:
    page = PARSED[path]
    assert not {name for name in page.attributes if name.startswith("on")} | (page.attributes & {"style"})
    assert page.elements["style"] == 0
    assert page.elements["script"] == 1


def test_whatever_stands_in_a_name_is_text() -> None:
    assert "Phòng <i>Cải cách</i> & Tổ chức" in PARSED["co-quan/snv.html"].text
    assert PARSED["co-quan/snv.html"].elements["i"] == 0


def test_agencies_stand_below_their_parents_on_all_pages() -> None:
    index = FILES["index.html"].decode()
    assert index.index("UBND huyện A Lưới") < index.index("UBND xã Hồng Hạ")
    assert NAMES["commune"] not in index, "on top there is none"
    links = PARSED["co-quan/hongha.html"].links
    assert {"../index.html#district", "aluoi.html"} <= set(links)
    assert "tt.html" in PARSED["co-quan/snv.html"].links


def test_everybody_stands_on_the_page_to_print() -> None:
    whole = " ".join(PARSED["toan-bo.html"].text)
    for office in BOOK.offices:
        for said in (office.name, office.address, *(official.name for official in office.officials)):
            assert said in whole


def test_namesakes_have_cards_of_their_own() -> None:
    assert [path for path in FILES if path.startswith("co-quan/snv/")] == [
        "co-quan/snv/le-thi-hhen.vcf",
        "co-quan/snv/nguyen-van-an-2.vcf",
        "co-quan/snv/nguyen-van-an.vcf",
    ]
    assert "FN:Nguyễn Văn Ân" in FILES["co-quan/snv/nguyen-van-an-2.vcf"].decode()


def test_an_agencys_cards_are_its_own_its_units_and_its_peoples() -> None:
    said = FILES["co-quan/snv.vcf"].decode()
    assert [line for line in said.split("\r\n") if line.startswith("FN:")] == [
        "FN:Sở Nội vụ",
        "FN:Văn phòng\\, Sở Nội vụ",
        "FN:Nguyễn Văn An",
        "FN:Nguyễn Văn Ân",
        "FN:Lê Thị H'Hen",
    ]
    assert FILES["danh-ba.vcf"].decode().count("BEGIN:VCARD") == 9


def test_the_table_opens_in_excel_and_computes_nothing() -> None:
    raw = FILES["danh-ba.csv"]
    assert raw.startswith(b"\xef\xbb\xbf"), "or Excel takes it for something older than Unicode"
    header, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert header == [
        "Loại cơ quan",
        "Cơ quan",
        "Thuộc cơ quan",
        "Đơn vị",
        "Họ và tên",
        "Chức vụ",
        "Địa chỉ thư điện tử",
    ]
    assert rows[0] == ["Cơ quan chuyên môn", "Sở Nội vụ", "", "", "", "", "snv@thunghiem.gov.vn"]
    assert rows[4][3:] == ["Văn phòng", "Nguyễn Văn Ân", "Phó Giám đốc", ""]
    assert rows[5][5] == '\'=HYPERLINK("x")'
    assert ["Cấp xã", "UBND xã Hồng Hạ", "UBND huyện A Lưới", "", "", "", ""] in rows
    assert len(rows) == 10


def test_programs_read_the_same() -> None:
    data = json.loads(FILES[DATA])
    assert (data["title"], data["updated"], data["commit"], data["synthetic"]) == (
        BOOK.title,
        NOW.day,
        NOW.commit,
        True,
    )
    assert [agency["name"] for agency in data["agencies"]] == [office.name for office in BOOK.offices]
    assert data["agencies"][0]["officials"][0] == {
        "name": "Nguyễn Văn An",
        "title": "Giám đốc",
        "address": "an@thunghiem.gov.vn",
    }
    assert data["agencies"][2]["parent"] == "aluoi"


def test_the_search_knows_everything_once() -> None:
    index = json.loads(FILES["tim.json"])
    name, address, code, units, people = index["offices"][0]
    assert (name, address, code) == ("Sở Nội vụ", "snv@thunghiem.gov.vn", "snv")
    assert [index["units"][number] for number, _ in units] == [unit.name for unit in BOOK.offices[0].units]
    assert [(who, index["titles"][title], index["units"][unit], mail) for who, title, unit, mail in people] == [
        (one.name, one.title, one.unit, one.address) for one in BOOK.offices[0].officials
    ]
    assert len(set(index["titles"])) == len(index["titles"])


def test_what_changes_says_so_and_what_does_not_keeps_its_day() -> None:
    promoted = replace(BOOK.offices[1], officials=(somebody("Hồ Văn Bé", "Chủ tịch UBND"),))
    book = replace(BOOK, offices=(BOOK.offices[0], promoted, *BOOK.offices[2:]))
    after = files(book, THEME, SITE, LATER, FILES[DATA])
    data = json.loads(after[DATA])
    assert (data["updated"], data["commit"]) == (LATER.day, LATER.commit)
    assert [(one["code"], one["updated"]) for one in data["agencies"]] == [
        ("snv", NOW.day),
        ("aluoi", LATER.day),
        ("hongha", NOW.day),
        ("tt", NOW.day),
    ]
    assert "Trang này cập nhật lần cuối ngày 01/12/2026, bản ghi fedcba987654." in after["co-quan/aluoi.html"].decode()
    assert after["co-quan/snv.html"] == FILES["co-quan/snv.html"]
    assert {path for path in FILES if after.get(path) != FILES[path]} == {
        "404.html",
        "index.html",
        "toan-bo.html",
        "co-quan/aluoi.html",
        "co-quan/aluoi.vcf",
        "co-quan/aluoi/ho-van-be.vcf",
        DATA,
        "danh-ba.csv",
        "danh-ba.vcf",
        "tim.json",
    }


def test_on_a_day_without_changes_every_byte_stays() -> None:
    assert files(BOOK, THEME, SITE, LATER, FILES[DATA]) == FILES


@pytest.mark.parametrize("former", [b"", b"{", b"[]", b"{}", b'{"agencies": [1]}', b'{"agencies": [{"code": "snv"}]}'])
def test_data_of_before_that_cannot_be_read_tells_nothing(former: bytes) -> None:
    assert files(BOOK, THEME, SITE, NOW, former) == FILES


@pytest.mark.parametrize(
    ("commit", "told"),
    [
        ("", "ngày 22/11/2026"),
        ("0123456789abcdef", "ngày 22/11/2026, bản ghi 0123456789ab"),
        ("0123456789abcdef+dirty", "ngày 22/11/2026, bản ghi 0123456789ab và sửa đổi chưa lưu"),
    ],
)
def test_readers_are_told_the_day_and_the_commit(commit: str, told: str) -> None:
    assert Stamp("2026-11-22", commit).told == told


def test_the_style_and_the_script_get_new_names_with_new_content() -> None:
    names = {path for path in FILES if path.endswith((".css", ".js"))}
    changed = files(BOOK, {**THEME, "style.css": "body {}"}, SITE, NOW)
    assert len(names & changed.keys()) == 1


def test_without_people_nothing_is_said_of_people() -> None:
    book = replace(BOOK, offices=tuple(replace(office, officials=()) for office in BOOK.offices))
    found = files(book, THEME, Site(SITE.address), NOW)
    page = found["co-quan/snv.html"].decode()
    assert "có thẩm quyền" not in page
    assert "họ tên" not in page
    assert "mailto:postmaster" not in page
