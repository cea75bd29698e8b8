"""The public directory from outside: what anybody reads there, what nobody does, and how browsers are to keep it."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from ...browse import chromium, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from ...conftest import Lab, Person

    Get = Callable[..., tuple[http.client.HTTPResponse, bytes]]

ROOT = Path(__file__).parents[3]
NAME = "danhba.thuathienhue.gov.vn"
HEAD, CLERK = "tth00001", "tth00004"  # of Sở Nội vụ (agencies/snv.yml)


@pytest.fixture(scope="module", autouse=True)
def published() -> None:
    """Publish what the registry says: tests before these ones applied copies that say something else."""
    command = Path(sys.executable).with_name("ansible-playbook"), "playbooks/phonebook.yml"
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command


@pytest.fixture(scope="module")
def browser(lab: Lab) -> Iterator[Browser]:
    """Return Chromium, which knows the directory by name."""
    with chromium(lab, NAME) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty window, which must not see a script or a resource fail."""
    with window(browser) as page:
        yield page


@pytest.fixture
def get(lab: Lab) -> Get:
    """Return what asks for a file as a browser does, and unpacks it."""

    def ask(path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        with closing(http.client.HTTPSConnection(NAME, context=lab.tls(), timeout=20)) as client:
            client.request("GET", path, headers={"Accept-Encoding": "gzip", **headers})
            answer = client.getresponse()
            content = answer.read()
            return answer, gzip.decompress(content) if answer.headers["Content-Encoding"] == "gzip" else content

    return ask


def test_anybody_finds_an_official_and_nobody_a_clerk(page: Page, people: list[Person]) -> None:
    addresses = {person.uid: person.address for person in people}
    page.goto(f"https://{NAME}/")
    search = page.get_by_role("searchbox")
    search.fill("truong ba tri noi vu")
    results = page.get_by_role("region", name="Kết quả tìm kiếm")
    expect(results.get_by_role("link", name=addresses[HEAD])).to_be_visible()
    results.get_by_role("link", name="Trương Bá Trí").click()
    expect(page.get_by_role("heading", name="Sở Nội vụ", level=1)).to_be_visible()
    expect(page.locator("li:target")).to_contain_text("Giám đốc")
    search.fill("Mai Thuỳ Thuý")
    expect(page.get_by_role("status")).to_have_text("Không tìm thấy.")


def test_the_files_for_programs_name_officials_with_their_live_addresses(get: Get, people: list[Person]) -> None:
    _, raw = get("/danh-ba.json")
    told = [one for agency in json.loads(raw)["agencies"] for one in agency["officials"]]
    addresses = {person.address for person in people}
    assert len(told) > 100
    assert {one["address"] for one in told} <= addresses
    for path in ("/danh-ba.csv", "/danh-ba.vcf", "/danh-ba.json", "/tim.json", "/toan-bo.html", "/co-quan/snv.html"):
        answer, content = get(path)
        assert answer.status == http.client.OK
        said = content.decode()
        clerk = next(person for person in people if person.uid == CLERK)
        assert clerk.address not in said
        assert not re.search(r"\btth\d{5}\b", said), "no staff number"
        assert next(person for person in people if person.uid == HEAD).address in said.replace("\r\n ", "")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/co-quan/snv.html", "text/html"),
        ("/danh-ba.csv", "text/csv"),
        ("/co-quan/snv.vcf", "text/vcard"),
        ("/danh-ba.json", "application/json"),
    ],
)
def test_a_file_comes_packed_and_is_asked_for_again_only_when_it_changed(get: Get, path: str, kind: str) -> None:
    answer, _ = get(path)
    assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    assert answer.headers["Strict-Transport-Security"]
    again, _ = get(path, **{"If-None-Match": answer.headers["ETag"]})
    assert again.status == http.client.NOT_MODIFIED


def test_what_is_named_by_its_content_may_be_kept(get: Get) -> None:
    _, index = get("/")
    for link in re.findall(r'"((?:style|search)\.[^"]+)"', index.decode()):
        answer, _ = get(f"/{link}")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/danh-ba.tar.gz", "/releases/", "/co-quan/", "/co-quan/snv/", "/.git/config"])
def test_what_is_no_part_of_the_directory_is_not_there(get: Get, path: str) -> None:
    answer, content = get(path)
    assert answer.status == http.client.NOT_FOUND
    assert "Không có trang này" in content.decode()


def test_plain_http_leads_to_tls(lab: Lab) -> None:
    with closing(http.client.HTTPConnection(lab.mail_address, timeout=20)) as client:
        client.request("GET", "/co-quan/snv.html", headers={"Host": NAME})
        assert client.getresponse().headers["Location"] == f"https://{NAME}/co-quan/snv.html"
