"""The guides as pages: legible by day, by night and on paper, on the narrowest phone, with nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.modules import guides

from .legible import FAINT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[3]
PAGES = ("index.html", "can-bo.html", "thu-truong.html", "van-thu.html", "quan-tri-co-quan.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the guides of the estate with the most to tell."""
    into = tmp_path_factory.mktemp("guides")
    service = {
        "title": "Tỉnh Cà Mau",
        "webmail": "webmail.camau.gov.vn",
        "imap": "imap.camau.gov.vn",
        "imap_port": 993,
        "submission": "smtp.camau.gov.vn",
        "submission_port": 465,
        "directory": "danhba.camau.gov.vn",
        "letter": 31457280,
        "session": 60,
    }
    given = {
        "registry": ROOT / "inventories/camau/registry",
        "pages": ROOT / "docs/guides",
        "theme": ROOT / "roles/webmail/files/guides",
        "into": into,
        "service": service,
    }
    guides.run(given, check=False)
    return into / "current"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_that_is_written_can_be_read_by_day_and_by_night(browser: Browser, site: Path, scheme: str) -> None:
    context = browser.new_context(color_scheme="light" if scheme == "light" else "dark")
    page = context.new_page()
    faint = {}
    for name in PAGES:
        page.goto((site / name).as_uri())
        faint[name] = page.evaluate(FAINT)
    night = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    context.close()
    assert faint == {name: [] for name in PAGES}
    assert night == (scheme == "dark")


def test_a_page_is_one_file_and_the_narrowest_phone_need_not_scroll_sideways(browser: Browser, site: Path) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})  # WCAG 2.2, 1.4.10
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition(":")[0]))
    widths = {}
    for name in PAGES:
        page.goto((site / name).as_uri())
        widths[name] = page.evaluate("document.documentElement.scrollWidth")
        assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
    context.close()
    assert widths == dict.fromkeys(PAGES, 320)
    assert asked == ["file"] * len(PAGES)
