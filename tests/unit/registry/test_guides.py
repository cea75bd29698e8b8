"""The guides of each estate: all of them show, with the estate's own facts and articles, and nothing left open."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
import yaml
from ansible_collections.congvu.mail.plugins.module_utils import guides
from ansible_collections.congvu.mail.plugins.module_utils.model import DUTIES
from ansible_collections.congvu.mail.plugins.module_utils.source import rules
from ansible_collections.congvu.mail.plugins.modules.guides import pictures_of, sources_of, theme_of

from .estates import ESTATES, INVENTORIES

ROOT = INVENTORIES.parent
GUIDES = ROOT / "docs" / "guides"
NAMES = {"index.html", "can-bo.html", "thu-truong.html", "van-thu.html", "quan-tri-co-quan.html"}
MOST = 3_000_000  # bytes of all pictures

# What the regulation has that others have not, by a word of the guide that tells it, and where it is not told.
ONLY = {
    "can-bo.html": {
        "thẻ nhớ": {"thuathienhue"},
        "ký số": {"binhtan"},
        "ít nhất 3 lần": {"binhtan"},
        "ít nhất 4 lần": {"camau", "daklak"},
    },
    "van-thu.html": {
        "Đã phân công": {"camau"},
        "ký số": {"binhtan"},
        "duyệt trước khi gửi": {"camau", "daklak"},
        "danh sách thư": {"daklak", "thuathienhue"},
    },
    "thu-truong.html": {
        "Biên bản bàn giao": {"binhtan", "camau", "daklak", "thuathienhue"},
        "Các đơn vị khác được thông báo": {"camau"},
        "Uỷ quyền cho một cấp phó": {"camau", "daklak", "thuathienhue"},
        "chậm nhất 2 ngày làm việc": {"binhtan"},
        "mở suốt giờ hành chính": {"daklak"},
    },
}


class Reader(HTMLParser):
    """What stands on a page: its text, and its elements with their attributes."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.said: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        """Take text."""
        if self.found and self.found[-1][0] != "style":
            self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element."""
        self.found.append((tag, dict(attrs)))

    @property
    def text(self) -> str:
        """Return what people read."""
        return re.sub(r"\s+", " ", "".join(self.said))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a kind."""
        return [attrs for name, attrs in self.found if name == tag]


def site(estate: str) -> dict[str, str]:
    """Return the pages of an estate, as its inventory has it."""
    own = yaml.safe_load((INVENTORIES / estate / "group_vars/all.yml").read_text(encoding="utf-8"))
    found, policy = rules(INVENTORIES / estate / "registry")
    domain = found.domains[0]
    service = guides.Service(
        title=own["estate_title"],
        webmail=f"webmail.{domain}",
        imap=f"imap.{domain}",
        imap_port=993,
        submission=f"smtp.{domain}",
        submission_port=465,
        directory=f"danhba.{domain}",
        letter=31457280,
        session=60,
    )
    theme = theme_of(ROOT / "roles/webmail/files/guides")
    told = guides.facts(found, policy, service)
    return {
        name: page.decode() for name, page in guides.pages(sources_of(GUIDES), pictures_of(GUIDES), theme, told).items()
    }


@pytest.fixture(scope="module")
def sites() -> dict[str, dict[str, Reader]]:
    return {estate: {name: Reader(page) for name, page in site(estate).items()} for estate in ESTATES}


def test_the_same_facts_give_the_same_pages() -> None:
    assert site("camau") == site("camau")


@pytest.mark.parametrize("estate", ESTATES)
def test_every_guide_shows_with_the_estate_s_own_facts(sites: dict[str, dict[str, Reader]], estate: str) -> None:
    pages = sites[estate]
    assert pages.keys() == NAMES
    _, policy = rules(INVENTORIES / estate / "registry")
    domain = rules(INVENTORIES / estate / "registry")[0].domains[0]
    for name, page in pages.items():
        assert page.all("html") == [{"lang": "vi"}]
        assert len(page.all("h1")) == 1
        assert policy.regulation in page.text
        assert all(contact.name in page.text and contact.phone in page.text for contact in policy.contacts)
        assert [attrs for attrs in page.all("img") if not attrs["alt"]] == []
        assert unicodedata.is_normalized("NFC", page.text)
        assert re.findall(r"\{\{|\}\}|<!--|%-->|\{#|\bNone\b|\bTrue\b|\bFalse\b", page.text) == [], name
    index = pages["index.html"].text
    for fact in (f"webmail.{domain}", f"imap.{domain}, cổng 993", f"smtp.{domain}, cổng 465", "22 MB"):
        assert fact in index
    assert (f"danhba.{domain}" in index) == (policy.site is not None)
    assert f"từ {policy.passwords.length} ký tự trở lên" in index


@pytest.mark.parametrize("estate", ESTATES)
def test_every_page_is_whole_in_itself(sites: dict[str, dict[str, Reader]], estate: str) -> None:
    for page in sites[estate].values():
        assert [attrs for tag in ("script", "iframe", "object") for attrs in page.all(tag)] == []
        assert {str(attrs["src"]).partition(":")[0] for attrs in page.all("img")} <= {"data"}
        assert [attrs["href"] for attrs in page.all("link")] == ["data:,"]


@pytest.mark.parametrize("estate", ESTATES)
def test_the_guides_name_the_articles_that_the_policy_names(sites: dict[str, dict[str, Reader]], estate: str) -> None:
    _, policy = rules(INVENTORIES / estate / "registry")
    text = " ".join(page.text for page in sites[estate].values())
    for duty, cite in policy.duties.items():
        assert duty in DUTIES
        assert re.sub(r"^[A-Z]+ ", "", cite) in text, duty
    told = set(re.findall(r"Điều [0-9]+(?:\.[0-9a-z]+)*", text))
    known = set(re.findall(r"Điều [0-9]+(?:\.[0-9a-z]+)*", " ".join((*policy.duties.values(), *policy.cites.values()))))
    assert told <= known


@pytest.mark.parametrize(
    ("name", "words", "estates"),
    [(name, words, estates) for name, rows in ONLY.items() for words, estates in rows.items()],
)
def test_what_only_some_regulations_have_is_told_only_there(
    sites: dict[str, dict[str, Reader]], name: str, words: str, estates: set[str]
) -> None:
    assert {estate for estate, pages in sites.items() if words in pages[name].text} == estates


@pytest.mark.parametrize("estate", ESTATES)
def test_whoever_answers_for_the_system_is_among_those_who_help(estate: str) -> None:
    own = yaml.safe_load((INVENTORIES / estate / "group_vars/all.yml").read_text(encoding="utf-8"))
    postmaster = own["estate_postmaster"].replace("{{ estate_domain }}", own["estate_domain"])
    _, policy = rules(INVENTORIES / estate / "registry")
    assert policy.contacts[-1].address == postmaster
    assert policy.contacts[-1].phone, "whoever cannot write a letter must still reach somebody"


def test_every_picture_is_shown_and_all_of_them_are_small() -> None:
    there = pictures_of(GUIDES)
    shown = {path for text in sources_of(GUIDES).values() for path in re.findall(r"\]\((images/[^)]+)\)", text)}
    elsewhere = {
        path.relative_to(GUIDES).as_posix()
        for page in ROOT.glob("docs/how-to/*.md")
        for link in re.findall(r"\]\((\.\./guides/images/[^)]+)\)", page.read_text(encoding="utf-8"))
        if (path := (page.parent / link).resolve()).is_relative_to(GUIDES)
    }
    assert there.keys() == shown | elsewhere
    assert sum(map(len, there.values())) < MOST


def test_every_guide_is_told_of_on_the_first_page() -> None:
    first = (GUIDES / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in GUIDES.glob("*.md")} - {"README.md"} == set(re.findall(r"\(([a-z-]+\.md)\)", first))
