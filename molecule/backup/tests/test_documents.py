"""An agency's incoming documents, from the letter to the unit that deals with it, in Cà Mau's registry (CM 7.1)."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from ...browse import chromium, window
from ...conftest import DOMAIN
from ...folders import find, imap_name, take_on
from ...webmail import WEBMAIL, enter, visit

if TYPE_CHECKING:
    import imaplib
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from playwright.sync_api import Browser, Page

    from ...conftest import Lab, Person

# agencies/stp.yml
BOX = "stp"
HEAD, DEPUTY, CLERK, UNIT, STRANGER = "cm00019", "cm00020", "cm00022", "cm00023", "cm00060"
SHARED = f"Shared/{BOX}"
YEAR = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).year
REGISTERED, ASSIGNED, DONE = (
    f"{SHARED}/Văn bản đến/{YEAR}/{stage}" for stage in ("Đã vào sổ", "Đã phân công", "Đã giải quyết")
)
OFFICE = "Phòng Văn bản pháp quy"
QUOTE = '"'


@pytest.fixture(scope="module")
def somebody(people: list[Person]) -> Callable[[str], Person]:
    """Return what finds somebody by the staff number."""
    return {person.uid: person for person in people}.__getitem__


@pytest.fixture
def sign_in(lab: Lab, somebody: Callable[[str], Person]) -> Iterator[Callable[[str], imaplib.IMAP4_SSL]]:
    """Return what signs somebody in; all sessions end with the test."""
    sessions: list[imaplib.IMAP4_SSL] = []

    def start(uid: str) -> imaplib.IMAP4_SSL:
        person = somebody(uid)
        sessions.append(lab.imap(person.address, person.password))
        return sessions[-1]

    yield start
    for session in sessions:
        session.logout()


@pytest.fixture(scope="module")
def browser(lab: Lab) -> Iterator[Browser]:
    """Return Chromium."""
    with chromium(lab, WEBMAIL) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty window."""
    with window(browser) as opened:
        yield opened


def seen(session: imaplib.IMAP4) -> str:
    """Return the folders that somebody sees."""
    return b"\n".join(row for row in session.list()[1] if isinstance(row, bytes)).decode()


def holds(session: imaplib.IMAP4, folder: str, word: str) -> bool:
    """Tell whether a letter is found by a word of its text, where somebody may look."""
    return session.select(imap_name(folder), readonly=True)[0] == "OK" and bool(find(session, "BODY", word))


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.3)


def assign(page: Page, person: Person, word: str) -> None:
    """Move a letter from what is registered to the unit, in the webmail."""
    enter(page, person.address, person.password)
    visit(page, "mail", _mbox=imap_name(REGISTERED).strip(QUOTE))
    page.locator("#messagelist").get_by_text(word).click()
    expect(page.frame_locator("#messagecontframe").get_by_text("Đề nghị góp ý")).to_be_visible()
    page.locator("#toolbar-menu a.more").click()
    page.get_by_role("button", name="Chuyển vào").click()
    page.locator("#folder-selector").get_by_text(OFFICE, exact=True).click()
    expect(page.locator("#messagelist").get_by_text(word)).to_be_hidden()


def test_a_document_is_registered_assigned_and_done(
    lab: Lab,
    sign_in: Callable[[str], imaplib.IMAP4_SSL],
    somebody: Callable[[str], Person],
    letter: Callable[..., EmailMessage],
    page: Page,
    word: str,
) -> None:
    sender = somebody(STRANGER)
    with lab.submission(sender.address, sender.password) as client:
        client.send_message(letter(sender.address, f"{BOX}@{DOMAIN}", "Công văn", f"Đề nghị góp ý dự thảo {word}."))
    clerk, deputy, unit = sign_in(CLERK), sign_in(DEPUTY), sign_in(UNIT)
    eventually(lambda: take_on(clerk, word, SHARED, REGISTERED, "COPY"))
    assert not take_on(deputy, word, REGISTERED, f"{ASSIGNED}/{OFFICE}"), "a deputy assigns while the head is away"
    assert imap_name(f"{ASSIGNED}/{OFFICE}").strip(QUOTE) in seen(unit)
    assert imap_name(REGISTERED).strip(QUOTE) not in seen(unit)
    assert SHARED not in seen(sign_in(STRANGER))

    assign(page, somebody(HEAD), word)
    eventually(lambda: take_on(unit, word, f"{ASSIGNED}/{OFFICE}", DONE))
    assert holds(clerk, DONE, word), "whoever looks it up finds it by its words"
    assert holds(clerk, SHARED, word), "what came in stays as it came"
