"""The guides as people reach them: from sign-in and from the task bar, by keyboard, on paper and on a phone."""

from __future__ import annotations

import http.client
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from ...browse import chromium, window
from ...webmail import URL, WEBMAIL, fill_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from ...conftest import Lab, Person

ROLES = {
    "Cán bộ, công chức, viên chức": "Mật khẩu phải có từ 8 ký tự trở lên",
    "Thủ trưởng": "Uỷ quyền cho một cấp phó (Điều 9.3)",
    "Văn thư": "Mỗi ngày làm việc xem hộp thư của cơ quan ít nhất 4 lần",
    "Quản trị viên của cơ quan": "Trung tâm Tin học Hành chính tỉnh: máy lẻ 108, ttthhc@thuathienhue.gov.vn",
}


@pytest.fixture(scope="module")
def browser(lab: Lab) -> Iterator[Browser]:
    """Return Chromium."""
    with chromium(lab, WEBMAIL) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty window, which must not see a script or a resource fail."""
    with window(browser) as page:
        yield page


def test_whoever_cannot_enter_finds_the_guide_of_the_own_role(page: Page) -> None:
    page.goto(URL)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Hướng dẫn").click()
    guides = opened.value
    for role, words in ROLES.items():
        guides.get_by_role("main").get_by_role("link", name=role).click()
        expect(guides.get_by_role("heading", level=1)).to_contain_text("Dành cho")
        expect(guides.get_by_text(words).first).to_be_visible()
        assert guides.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
        guides.get_by_role("link", name="Hướng dẫn sử dụng thư công vụ").click()
    expect(guides.get_by_text("imap.thuathienhue.gov.vn, cổng 993")).to_be_visible()
    expect(guides.get_by_role("link", name="Về hộp thư")).to_have_attribute("href", URL)


def test_whoever_is_at_work_finds_them_in_the_task_bar(page: Page, person: Person) -> None:
    fill_in(page, person.address, person.password)
    with page.expect_popup() as opened:
        page.locator("#taskmenu").get_by_role("button", name="Hướng dẫn").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Hướng dẫn sử dụng thư công vụ")


def test_the_keyboard_is_enough_and_the_language_is_told(page: Page) -> None:
    page.goto(f"{URL}huong-dan/can-bo.html")
    assert page.locator("html").get_attribute("lang") == "vi"
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    contents = page.get_by_role("navigation", name="Mục lục").get_by_role("link")
    expect(contents.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Đăng nhập lần đầu")).to_be_in_viewport()
    assert contents.count() > 10


def test_they_are_read_on_a_phone_and_on_paper(browser: Browser) -> None:
    with window(browser, viewport={"width": 320, "height": 640}) as page:  # WCAG 2.2, 1.4.10
        for name in ("", "can-bo.html", "thu-truong.html", "van-thu.html", "quan-tri-co-quan.html"):
            page.goto(f"{URL}huong-dan/{name}")
            assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation", name="Hướng dẫn")).to_be_hidden()
        expect(page.get_by_role("heading", name="Cấp lại mật khẩu")).to_be_visible()


def test_nothing_runs_in_them_and_nothing_beside_them_is_served(lab: Lab) -> None:
    with closing(http.client.HTTPSConnection(WEBMAIL, context=lab.tls(), timeout=20)) as client:
        for path, status in (("", 200), ("can-bo.html", 200), ("../huong-dan.tar.gz", 404), ("images/", 404)):
            client.request("GET", f"/huong-dan/{path}")
            answer = client.getresponse()
            answer.read()
            assert answer.status == status, path
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"] or status == 404
            assert answer.headers["Strict-Transport-Security"]
