"""The webmail as people meet it: in a real browser, in Vietnamese, with the directory's address book."""

from __future__ import annotations

import http.client
import re
from contextlib import closing
from typing import TYPE_CHECKING

import ldap3
import pytest
from playwright.sync_api import expect

from ... import webmail
from ...browse import chromium, window
from ...reach import changes
from ...webmail import URL, WEBMAIL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from playwright.sync_api import Browser, Page

    from ...conftest import Lab, Person
    from ...reach import Connection

SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
AGENCIES = f"ou=agencies,{SUFFIX}"


@pytest.fixture(scope="module")
def browser(lab: Lab) -> Iterator[Browser]:
    """Return Chromium, which knows the webmail by name and takes the certificate that the lab's authority signed."""
    with chromium(lab, WEBMAIL) as browser:
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
        webmail.enter(page, person.address, person.password)
        return page

    return sign_in


@pytest.fixture(scope="module")
def head(people: list[Person]) -> Person:
    """Return the head of an agency (agencies/snv.yml), who writes in the agency's name."""
    return next(person for person in people if person.uid == "tth00001")


def test_a_wrong_password_is_refused_in_vietnamese(page: Page, person: Person) -> None:
    with page.expect_response(lambda answer: answer.status == http.client.UNAUTHORIZED):
        webmail.fill_in(page, person.address, "Sai-mat-khau-1")
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


def test_the_address_book_is_the_directory_by_agency_and_unit_and_is_searched_without_marks(
    enter: Callable[[Person], Page], person: Person, people: list[Person]
) -> None:
    page = enter(person)
    webmail.visit(page, "addressbook")
    rows = page.locator("#contacts-table tbody tr")
    expect(rows).to_have_count(50)
    agency = page.locator("#directorylist li", has=page.get_by_text("Sở Nội vụ", exact=True)).last
    agency.get_by_text("Sở Nội vụ", exact=True).click()
    # The agency's own mailbox is in its address book as well.
    expect(rows).to_have_count(sum(one.agency == "snv" for one in people) + 1)
    agency.locator("> .treetoggle").click()
    agency.get_by_text("Văn phòng", exact=True).click()
    expect(rows.filter(has_text="Mai Thuỳ Thuý")).to_have_count(1)
    expect(rows.filter(has_text="Trương Bá Trí")).to_have_count(0)
    page.get_by_role("treeitem", name="Danh bạ").first.locator("> a").click()
    expect(rows).to_have_count(50)
    search = page.locator("input[name='_q']")
    for typed, found in (
        ("truong ba tri", "Trương Bá Trí"),
        ("Trí Trương", "Trương Bá Trí"),
        ("so noi vu", "Mai Thuỳ Thuý"),
        ("phong to chuc can bo", "Cao Thị Uyên"),
    ):
        search.fill(typed)
        search.press("Enter")
        expect(rows.filter(has_text=found)).to_have_count(1)
    search.fill("trường ba tri")
    search.press("Enter")
    expect(rows).to_have_count(0)


def test_an_address_book_of_any_program_finds_people_without_marks(lab: Lab, head: Person) -> None:
    book: Connection = lab.ldap(f"uid={head.uid},ou={head.agency},{AGENCIES}", head.password)
    book.search(AGENCIES, "(cn=truong*tri)", attributes=["cn"])
    found = [entry["attributes"]["cn"] for entry in book.response if entry["type"] == "searchResEntry"]
    book.unbind()
    assert found == [["Trương Bá Trí"]], "found by its name without marks, shown with them"


def test_an_agency_s_letters_are_read_answered_and_kept_in_its_name(
    lab: Lab,
    enter: Callable[[Person], Page],
    letter: Callable[..., EmailMessage],
    wait_for: Callable[..., EmailMessage | None],
    people: list[Person],
    head: Person,
    colleague: Person,
    word: str,
) -> None:
    with lab.submission(colleague.address, colleague.password) as client:
        # To somebody else and to the mailbox unseen: what the letter says of its readers does not lead to it.
        message = letter(colleague.address, colleague.address, subject="Xin ý kiến")
        client.send_message(message, to_addrs=["snv@thuathienhue.gov.vn"])
    assert wait_for(head.uid, head.password, word, folder="Shared/snv")
    page = enter(head)
    folder = page.locator("#mailboxlist a[rel='Shared/snv']")
    expect(folder).to_contain_text("Sở Nội vụ")
    webmail.visit(page, "mail", _mbox="Shared/snv")
    page.locator("#messagelist").get_by_text(word).click()
    expect(page.frame_locator("#messagecontframe").get_by_text("Kính gửi.")).to_be_visible()
    page.locator("#toolbar-menu, #messagecontent").get_by_text("Trả lời thư").first.click()
    expect(page.locator("#_from option:checked")).to_have_text("Sở Nội vụ <snv@thuathienhue.gov.vn>")
    page.locator("#composebody").fill("Sở Nội vụ đồng ý.")
    page.locator("button.send").click()
    answer = wait_for(colleague.address, colleague.password, word)
    assert answer is not None
    (author,) = answer["From"].addresses
    assert (author.display_name, author.addr_spec) == ("Sở Nội vụ", "snv@thuathienhue.gov.vn")
    clerk = next(person for person in people if person.uid == "tth00004")
    assert wait_for(clerk.uid, clerk.password, word, folder="Shared/snv/Sent"), "others find what was sent"
    assert wait_for(head.uid, head.password, word, folder="Sent", seconds=0.1) is None


def test_in_whose_names_somebody_writes_follows_the_directory_and_signatures_stay(
    lab: Lab, enter: Callable[[Person], Page], people: list[Person]
) -> None:
    person = next(person for person in people if person.agency == "snv" and person.uid > "tth00005")
    lent, signature = "sdl@thuathienhue.gov.vn", f"Chữ ký của {person.uid}"
    directory: Connection = lab.service("reconciler")
    directory.search(AGENCIES, f"(uid={person.uid})", attributes=["congvuSendAs"])
    (dn,) = [entry["dn"] for entry in directory.response]

    def write() -> Page:
        page = enter(person)
        webmail.visit(page, "mail", "compose")
        return page

    assert changes(directory, dn, "congvuSendAs", lent)
    try:
        page = write()
        expect(page.locator("#_from option")).to_have_count(2)
        expect(page.locator("#_from option", has_text=f"Sở Du lịch <{lent}>")).to_have_count(1)
        webmail.visit(page, "settings", "identities")
        page.locator("#identities-table").get_by_text(person.address).click()
        form = page.frame_locator("#preferences-frame")
        expect(form.locator("#rcmfd_name")).to_be_disabled()
        form.locator("#rcmfd_signature").fill(signature)
        form.get_by_role("button", name="Lưu").click()
        expect(page.get_by_text("Đã lưu")).to_be_visible()
    finally:
        assert directory.modify(dn, {"congvuSendAs": [(ldap3.MODIFY_DELETE, [])]}), directory.result
        directory.unbind()
    page.context.clear_cookies()
    page = write()
    expect(page.locator("#composebody")).to_have_value(re.compile(re.escape(signature)))
    expect(page.locator("#_from option", has_text=lent)).to_have_count(0)


def test_somebody_away_answers_and_a_rule_files_what_comes(
    lab: Lab,
    enter: Callable[[Person], Page],
    letter: Callable[..., EmailMessage],
    wait_for: Callable[..., EmailMessage | None],
    people: list[Person],
    colleague: Person,
    word: str,
) -> None:
    person = next(person for person in people if person.agency == "stp")
    page = enter(person)
    webmail.visit(page, "settings", "plugin.managesieve-vacation")
    page.locator("#vacation_subject").fill(f"Vắng mặt {word}")
    page.locator("#vacation_reason").fill("Tôi đi công tác đến hết tuần.")
    page.locator("#vacation_status").select_option("on")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu thông báo vắng mặt")).to_be_visible()
    webmail.visit(page, "settings", "plugin.managesieve")
    page.get_by_role("button", name="Tạo").click()
    form = page.frame_locator("#filter-box")
    form.locator("#_name").fill(f"Giấy mời {word}")
    form.locator("input[name='_rule_target[0][]']").fill(word)
    form.locator("select[name='_action_mailbox[0]']").select_option("Archive")
    form.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Lưu bộ lọc thành công")).to_be_visible()
    with lab.submission(colleague.address, colleague.password) as client:
        client.send_message(letter(colleague.address, person.address, subject="Giấy mời"))
    assert wait_for(person.address, person.password, word, folder="Archive")
    answer = wait_for(colleague.address, colleague.password, word)
    assert answer is not None
    assert "công tác" in answer.get_content()


def test_the_page_of_sign_in_says_whose_it_is_and_who_helps_also_on_a_phone(browser: Browser) -> None:
    context = browser.new_context(locale="vi-VN", viewport={"width": 375, "height": 667}, has_touch=True)
    page = context.new_page()
    page.goto(URL)
    expect(page.get_by_text("Thư điện tử công vụ")).to_be_visible()
    expect(page.get_by_text("Tỉnh Thừa Thiên Huế").last).to_be_visible()
    helps = "Trung tâm Tin học Hành chính tỉnh, máy lẻ 108, ttthhc@thuathienhue.gov.vn"
    expect(page.get_by_text(helps)).to_be_in_viewport()
    assert page.get_by_role("link", name="Hướng dẫn").get_attribute("href") == "/huong-dan/"
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    context.close()


def test_a_weak_password_is_refused_with_the_reason(enter: Callable[[Person], Page], person: Person) -> None:
    page = enter(person)
    webmail.visit(page, "settings", "plugin.password")
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
    with closing(http.client.HTTPSConnection(WEBMAIL, context=lab.tls(), timeout=20)) as client:
        client.request("GET", f"/{path}")
        answer = client.getresponse()
        assert answer.status == http.client.NOT_FOUND
        assert answer.headers["Strict-Transport-Security"]


def test_plain_http_leads_to_tls(lab: Lab) -> None:
    with closing(http.client.HTTPConnection(lab.mail_address, timeout=20)) as client:
        client.request("GET", "/", headers={"Host": WEBMAIL})
        assert client.getresponse().headers["Location"] == URL
