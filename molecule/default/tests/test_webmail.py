"""The webmail as people meet it: in a real browser, in Vietnamese, with the directory's address book."""

from __future__ import annotations

import http.client
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from ...browse import chromium, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from playwright.sync_api import Browser, Page

    from ...conftest import Lab, Person

NAME = "webmail.thuathienhue.gov.vn"
URL = f"https://{NAME}/"


@pytest.fixture(scope="module")
def browser(lab: Lab) -> Iterator[Browser]:
    """Return Chromium, which knows the webmail by name and takes the certificate that the lab's authority signed."""
    with chromium(lab, NAME) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty window, which must not see a script or a resource fail."""
    with window(browser) as page:
        yield page


@pytest.fixture
def enter(page: Page) -> Callable[[Person], Page]:
    """Return a way in for somebody."""

    def sign_in(person: Person) -> Page:
        page.goto(URL)
        page.get_by_placeholder("Tên đăng nhập").fill(person.address)
        page.get_by_placeholder("Mật khẩu").fill(person.password)
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_role("treeitem", name="Hộp thư").first).to_be_visible()
        return page

    return sign_in


@pytest.fixture(scope="module")
def head(people: list[Person]) -> Person:
    """Return the head of an agency (agencies/snv.yml), who writes in the agency's name."""
    return next(person for person in people if person.uid == "tth00001")


def test_a_wrong_password_is_refused_in_vietnamese(page: Page, person: Person) -> None:
    page.goto(URL)
    page.get_by_placeholder("Tên đăng nhập").fill(person.address)
    page.get_by_placeholder("Mật khẩu").fill("Sai-mat-khau-1")
    with page.expect_response(lambda answer: answer.status == http.client.UNAUTHORIZED):
        page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_text("Không đăng nhập được")).to_be_visible()


def test_somebody_reads_a_letter_and_answers_it(
    lab: Lab,
    enter: Callable[[Person], Page],
    letter: Callable[..., EmailMessage],
    wait_for: Callable[..., EmailMessage | None],
    word: str,
    person: Person,
    colleague: Person,
) -> None:
    with lab.submission(colleague.address, colleague.password) as client:
        client.send_message(letter(colleague.address, person.address, subject="Giấy mời", body="Mời họp lúc 8 giờ."))
    assert wait_for(person.address, person.password, word)
    page = enter(person)
    page.locator("#messagelist").get_by_text(word).click()
    body = page.frame_locator("#messagecontframe")
    expect(body.get_by_text("Mời họp lúc 8 giờ.")).to_be_visible()
    page.locator("#toolbar-menu, #messagecontent").get_by_text("Trả lời thư").first.click()
    page.locator("#composebody").fill("Tôi sẽ dự. Trân trọng.")
    page.locator("button.send").click()
    answer = wait_for(colleague.address, colleague.password, word)
    assert answer is not None
    assert answer["From"].addresses[0].addr_spec == person.address
    assert answer["From"].addresses[0].display_name
    assert "Tôi sẽ dự. Trân trọng." in answer.get_content()


def test_the_address_book_is_the_directory_by_agency(
    enter: Callable[[Person], Page], person: Person, people: list[Person]
) -> None:
    page = enter(person)
    page.goto(f"{URL}?_task=addressbook")
    page.get_by_role("treeitem", name="Sở Du lịch").click()
    rows = page.locator("#contacts-table tbody tr")
    # The agency's own mailbox is in its address book as well.
    expect(rows).to_have_count(sum(one.agency == "sdl" for one in people) + 1)


def test_a_head_sees_the_mailbox_of_the_agency_and_writes_in_its_name(
    enter: Callable[[Person], Page],
    wait_for: Callable[..., EmailMessage | None],
    head: Person,
    colleague: Person,
    word: str,
) -> None:
    page = enter(head)
    expect(page.locator("#mailboxlist").get_by_text("snv", exact=True)).to_be_visible()
    page.goto(f"{URL}?_task=mail&_action=compose")
    sender = page.locator("#_from option", has_text="<snv@thuathienhue.gov.vn>")
    page.locator("#_from").select_option(sender.get_attribute("value"))
    page.locator("#compose_to li.input input").fill(f"{colleague.address},")
    page.locator("#compose-subject").fill(f"Thông báo {word}")
    page.locator("#composebody").fill("Kính gửi các đơn vị.")
    page.locator("button.send").click()
    sent = wait_for(colleague.address, colleague.password, word)
    assert sent is not None
    assert sent["From"].addresses[0].addr_spec == "snv@thuathienhue.gov.vn"


def test_a_weak_password_is_refused_with_the_reason(enter: Callable[[Person], Page], person: Person) -> None:
    page = enter(person)
    page.goto(f"{URL}?_task=settings&_action=plugin.password")
    page.locator("#curpasswd").fill(person.password)
    page.locator("#newpasswd").fill("chuthuong1")
    page.locator("#confpasswd").fill("chuthuong1")
    page.locator("button.submit").click()
    expect(page.get_by_text("Mật khẩu mới thiếu chữ in hoa")).to_be_visible()
    expect(page.get_by_text("Khác 5 mật khẩu gần nhất")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["README.md", "config/config.inc.php", "temp/", "SQL/", ".htaccess", "bin/", "plugins/"]
)
def test_what_is_not_for_the_world_is_not_there(lab: Lab, path: str) -> None:
    with closing(http.client.HTTPSConnection(NAME, context=lab.tls(), timeout=20)) as client:
        client.request("GET", f"/{path}")
        answer = client.getresponse()
        assert answer.status == http.client.NOT_FOUND
        assert answer.headers["Strict-Transport-Security"]


def test_plain_http_leads_to_tls(lab: Lab) -> None:
    with closing(http.client.HTTPConnection(lab.mail_address, timeout=20)) as client:
        client.request("GET", "/", headers={"Host": NAME})
        assert client.getresponse().headers["Location"] == URL
