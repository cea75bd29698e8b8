"""The public directory as people meet it: in a real browser, by keyboard, on a phone, by night, without scripts."""

from __future__ import annotations

import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import release, website
from ansible_collections.congvu.mail.plugins.module_utils.names import words
from ansible_collections.congvu.mail.plugins.module_utils.phonebook import Office, Official, Part, Phonebook
from playwright.sync_api import expect

from .legible import FAINT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page

ROLE = Path(__file__).parents[3] / "roles" / "phonebook"
THEME = {path.name: path.read_text(encoding="utf-8") for path in (ROLE / "files" / "site").iterdir()}
NGINX = (ROLE / "templates/etc/nginx/conf.d/congvu-phonebook.conf.j2").read_text(encoding="utf-8")
POLICY = re.findall(r'Content-Security-Policy "([^"]+)"', NGINX)[0]
KINDS_OF_PAGE = ("index.html", "co-quan/snv.html#n2", "toan-bo.html", "404.html", "index.html#tim=an")


def somebody(name: str, title: str, unit: str = "") -> Official:
    spelt = name.split(" ")
    address = "".join(words(name)) + "@thunghiem.gov.vn"
    return Official(name, spelt[0], spelt[-1], title, unit, address)


BOOK = Phonebook(
    "Thư điện tử tỉnh Thử Nghiệm",
    "Quyết định 1/QĐ-UB",
    "Điều 8",
    synthetic=True,
    offices=(
        Office(
            "snv",
            "Sở Nội vụ",
            "department",
            "",
            "snv@thunghiem.gov.vn",
            (Part("Văn phòng", "vp.snv@thunghiem.gov.vn"), Part("Phòng Tổ chức cán bộ", "")),
            (
                somebody("Nguyễn Văn Ân", "Giám đốc"),
                somebody("Đỗ Thị An", "Phó Giám đốc", "Phòng Tổ chức cán bộ"),
                somebody("Trương Công Hoà", "Phó Giám đốc"),
            ),
        ),
        Office("syt", "Sở Y tế", "department", "", "syt@thunghiem.gov.vn", (), (somebody("Lê Văn Anh", "Giám đốc"),)),
        Office(
            "aluoi",
            "UBND huyện A Lưới",
            "district",
            "",
            "aluoi@thunghiem.gov.vn",
            (),
            tuple(somebody(f"Hồ Văn {name}", "Phó Chủ tịch") for name in ("Bé", "Hai", "Ba") * 20),
        ),
        Office("hongha", "UBND xã Hồng Hạ", "commune", "aluoi", "hongha@thunghiem.gov.vn", (), ()),
    ),
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the site as the role's nginx does: with its policy for browsers."""
    root = tmp_path_factory.mktemp("site")
    release.put(
        root, website.files(BOOK, THEME, website.Site("https://x.vn", "a@x.vn"), website.Stamp("2026-11-22", ""))
    )

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", POLICY)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            """Note nothing about readers."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(root / release.CURRENT))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def window(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Return what opens a page in a window of its own, where no script fails and nobody else is asked for anything."""
    opened, wrong = [], []

    def open_page(path: str = "index.html", **more: object) -> Page:
        context = browser.new_context(locale="vi-VN", **more)  # type: ignore[arg-type] # settings of any kind
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text))
        page.on("request", lambda asked: None if asked.url.startswith(url) else wrong.append(asked.url))
        page.goto(url + path)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert wrong == []


def field_of(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Tìm cơ quan, đơn vị, họ tên, chức vụ, địa chỉ thư")


def found(page: Page, asked: str) -> list[str]:
    """Type something, and return the names that come."""
    field_of(page).fill("")
    expect(page.get_by_role("status")).to_be_empty()
    field_of(page).fill(asked)
    expect(page.get_by_role("status")).not_to_be_empty()
    return page.get_by_role("region", name="Kết quả tìm kiếm").locator(".who").all_text_contents()


def test_the_search_finds_with_diacritics_and_without(window: Callable[..., Page]) -> None:
    page = window()
    first = {
        "sở nội vụ": "Sở Nội vụ",
        "so noi vu": "Sở Nội vụ",
        "SNV": "Sở Nội vụ",
        "snv@thunghiem.gov.vn": "Sở Nội vụ",
        "ân": "Nguyễn Văn Ân",
        "đỗ": "Đỗ Thị An",
        "do thi": "Đỗ Thị An",
        "hoà": "Trương Công Hoà",
        "hòa": "Trương Công Hoà",
        "Hoa\u0300": "Trương Công Hoà",
        "giam doc y te": "Lê Văn Anh",
        "to chuc": "Phòng Tổ chức cán bộ",
        "vp.snv": "Văn phòng",
        "ồng h": "UBND xã Hồng Hạ",
    }
    assert {asked: found(page, asked)[0] for asked in first} == first


def test_each_letter_narrows_what_is_found_and_the_number_is_said(window: Callable[..., Page]) -> None:
    page = window()
    assert len(found(page, "ho van")) == 50
    expect(page.get_by_role("status")).to_have_text("60 kết quả, hiện 50 kết quả đầu; gõ thêm để thu hẹp.")
    assert len(found(page, "ho van be")) == 20
    expect(page.get_by_role("status")).to_have_text("20 kết quả.")
    assert found(page, "khong co ai") == []
    expect(page.get_by_role("status")).to_have_text("Không tìm thấy.")


def test_a_result_leads_to_the_person_and_back_to_the_results(window: Callable[..., Page]) -> None:
    page = window()
    assert found(page, "truong cong")
    page.get_by_role("link", name="Trương Công Hoà").click()
    expect(page.locator("li:target .who")).to_have_text("Trương Công Hoà")
    page.go_back()
    expect(field_of(page)).to_have_value("truong cong")
    expect(page.get_by_role("link", name="Trương Công Hoà")).to_be_visible()


def test_a_result_on_the_same_page_closes_the_search(window: Callable[..., Page]) -> None:
    page = window("co-quan/snv.html")
    assert found(page, "an do")
    page.get_by_role("link", name="Đỗ Thị An").click()
    expect(page.locator("li:target .who")).to_have_text("Đỗ Thị An")
    expect(page.locator("li:target")).to_be_in_viewport()
    expect(page.get_by_role("region", name="Kết quả tìm kiếm")).to_be_hidden()


def test_the_keyboard_is_enough(window: Callable[..., Page]) -> None:
    page = window()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(field_of(page)).to_be_focused()
    page.keyboard.type("so y")
    expect(page.get_by_role("status")).to_have_text("2 kết quả.")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Sở Y tế")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Lê Văn Anh", exact=True)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sở Y tế", level=1)).to_be_visible()
    page.go_back()
    field_of(page).focus()
    page.keyboard.press("Escape")
    expect(field_of(page)).to_have_value("")
    expect(page.get_by_role("link", name="Sở Nội vụ")).to_be_visible()


def test_without_scripts_everything_is_there_as_lists(window: Callable[..., Page]) -> None:
    page = window(java_script_enabled=False)
    expect(page.get_by_role("searchbox")).to_have_count(0)
    page.get_by_role("link", name="UBND xã Hồng Hạ").click()
    page.get_by_label("Vị trí").get_by_role("link", name="UBND huyện A Lưới").click()
    expect(page.get_by_role("listitem").filter(has_text="Phó Chủ tịch")).to_have_count(60)
    page.get_by_role("link", name="Toàn bộ, để in").click()
    expect(page.get_by_text("Nguyễn Văn Ân")).to_be_visible()


@pytest.mark.parametrize("name", ["Nguyễn Văn Ân", "Đỗ Thị An"])
def test_a_card_can_be_taken_along(window: Callable[..., Page], name: str) -> None:
    page = window("co-quan/snv.html")
    with page.expect_download() as taken:
        page.get_by_role("link", name=f"vCard của {name}").click()
    assert f"FN:{name}\n" in Path(taken.value.path()).read_text(encoding="utf-8")


def visit(page: Page, url: str) -> Iterator[str]:
    """Open each kind of page in one window, a search with its results too."""
    for path in KINDS_OF_PAGE:
        page.goto("about:blank")
        page.goto(url + path)
        if "#tim=" in path:
            expect(page.get_by_role("status")).not_to_be_empty()
        yield path


def test_the_narrowest_phone_need_not_scroll_sideways(window: Callable[..., Page], url: str) -> None:
    page = window(viewport={"width": 320, "height": 640})  # WCAG 2.2, 1.4.10
    widths = {path: page.evaluate("document.documentElement.scrollWidth") for path in visit(page, url)}
    assert widths == dict.fromkeys(KINDS_OF_PAGE, 320)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_that_is_written_can_be_read_by_day_and_by_night(
    window: Callable[..., Page], url: str, scheme: str
) -> None:
    page = window(color_scheme=scheme)
    faint = {path: page.evaluate(FAINT) for path in visit(page, url)}
    assert faint == {path: [] for path in KINDS_OF_PAGE}
    night = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert night == (scheme == "dark")


def test_on_paper_there_is_what_one_reads_and_nothing_to_click(window: Callable[..., Page]) -> None:
    page = window("toan-bo.html")
    page.emulate_media(media="print")
    expect(page.get_by_text("Nguyễn Văn Ân")).to_be_visible()
    expect(page.get_by_text("nguyenvanan@thunghiem.gov.vn")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_hidden()
