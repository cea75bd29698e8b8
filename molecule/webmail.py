"""The webmail in a browser: how people sign in to it and go from page to page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from playwright.sync_api import expect

from .conftest import DOMAIN

if TYPE_CHECKING:
    from playwright.sync_api import Page

WEBMAIL = f"webmail.{DOMAIN}"
URL = f"https://{WEBMAIL}/"


def fill_in(page: Page, account: str, password: str) -> None:
    """Fill in the form that signs in, whatever comes of it."""
    page.goto(URL)
    page.get_by_placeholder("Tên đăng nhập").fill(account)
    page.get_by_placeholder("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def enter(page: Page, account: str, password: str) -> None:
    """Sign in to a mailbox."""
    fill_in(page, account, password)
    expect(page.get_by_role("treeitem", name="Hộp thư").first).to_be_visible()


def visit(page: Page, task: str, action: str = "", **more: str) -> None:
    """Go to one of its pages.

    The page before must be done: what it still asks for may write the session as it was before, and a letter that was
    just begun is then not found.
    """
    page.wait_for_load_state("networkidle")
    asked = {"_task": task, "_action": action, **more}
    page.goto(f"{URL}?{urlencode({key: value for key, value in asked.items() if value})}")
