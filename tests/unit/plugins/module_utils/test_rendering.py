"""A plan on paper: whole, in a table per agency, in Markdown, HTML and LDIF, and harmless whatever a name holds."""

from __future__ import annotations

from base64 import b64decode
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import ldif, markdown, rendering, webpage, wording
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import agency, desired, person
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.review import FINDING, mixed

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan
    from ansible_collections.congvu.mail.plugins.module_utils.model import Entry


@pytest.fixture
def plan() -> Plan:
    return mixed()


@pytest.fixture
def crowd() -> Plan:
    return make_plan(desired(*(agency(f"cq{a}") for a in range(3)), *crowd_of(70)), [])


def crowd_of(each: int) -> list[Entry]:
    return [person(f"p{a}x{number:02}", f"ou=cq{a}") for a in range(3) for number in range(each)]


# Markdown


def test_a_short_plan_stands_whole_on_the_summary_in_a_table_per_agency(plan: Plan) -> None:
    page = markdown.summary(plan, [FINDING])
    assert page.startswith("# Changes: 1 to create, 1 to update, 1 to move, 2 to disable, 1 to delete.\n")
    assert "- **Stopped:** [disables] 9 of 20" in page
    assert "\n## snv\n" in page
    row = "| ~ | person a  Nguyễn a &lt;a@tinh.gov.vn>: title Chuyên viên → Phó phòng | QĐ 1/QĐ-SNV | low | "
    assert row + "commit | agencies/snv.yml:1 |" in page


def test_a_reviewer_reads_it_in_vietnamese(plan: Plan) -> None:
    page = markdown.summary(plan, language=Language.VIETNAMESE)
    assert "\n|  | thay đổi | quyết định | rủi ro | nguyên nhân | nơi ghi trong sổ |\n" in page
    assert "| ~ | cán bộ a  Nguyễn a &lt;a@tinh.gov.vn>: chức vụ: Chuyên viên → Phó phòng |" in page
    assert f"- *không quản lý* `cn=may-in,{BASE}`: Không mang dấu nào mà hệ thống biết: để nguyên.\n" in page
    assert "<em>không quản lý</em>" in webpage.page(plan, language=Language.VIETNAMESE)


@pytest.mark.parametrize("attribute", sorted(ATTRIBUTES))
def test_every_attribute_that_the_registry_owns_has_a_vietnamese_name(attribute: str) -> None:
    assert wording.called(attribute, Language.VIETNAMESE) != attribute


def test_the_summary_of_a_long_plan_is_a_list_of_agencies(crowd: Plan) -> None:
    page = markdown.summary(crowd)
    assert "| [cq1](agencies/cq1.md) | 71 to create |" in page
    assert "p1x05" not in page


def test_each_agency_has_a_page_with_all_that_concerns_it_and_nothing_else(crowd: Plan) -> None:
    pages = dict(markdown.pages(crowd))
    assert pages.keys() == {"cq0", "cq1", "cq2"}
    assert pages["cq1"].startswith("# cq1: 71 to create\n")
    for code, page in pages.items():
        named = [change.id for change in crowd.changes if f" {change.id.partition(':')[2]} " in page]
        assert len(named) == 71
        assert all(code in change.dn for change in crowd.changes if change.id in named)


@pytest.mark.parametrize("name", ["a|b <script>alert(1)</script>", "xuống\ndòng | ba"])
def test_a_value_cannot_break_the_table(name: str) -> None:
    plan = make_plan(desired(agency("snv", description=name)), [])
    (row,) = [line for line in markdown.summary(plan).splitlines() if line.startswith("| +")]
    assert "<script" not in row
    assert row.replace("\\|", "").count("|") == 7


# HTML


class Rows(HTMLParser):
    """Collects the rows of all tables, and what the page would load or run."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.rows: list[str] = []
        self.loads: list[str] = []
        self.scripts = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        self.scripts += tag == "script"
        self.loads += [
            value or "" for name, value in attrs if name in ("src", "href") and not (value or "").startswith("#")
        ]
        if tag == "tr":
            self.rows.append("")

    def handle_data(self, data: str) -> None:
        """Add to the row."""
        if self.rows:
            self.rows[-1] += data


def test_the_web_page_holds_every_change_and_loads_nothing(crowd: Plan) -> None:
    page = Rows(webpage.page(crowd))
    assert page.loads == []
    assert page.scripts == 1
    for change in crowd.changes:
        assert sum(f"{change.id.replace(':', ' ')}  {change.label}" in row for row in page.rows) == 1


def test_a_name_cannot_become_part_of_the_web_page() -> None:
    plan = make_plan(desired(agency("snv", description="<script>alert(1)</script>")), [])
    assert Rows(webpage.page(plan)).scripts == 1


def test_what_stops_a_plan_stands_on_its_web_page(plan: Plan) -> None:
    page = webpage.page(plan, [FINDING], Language.VIETNAMESE)
    assert "<strong>Dừng lại:</strong> [disables] 9 of 20 people of snv" in page
    assert '<html lang="vi">' in page


@pytest.mark.parametrize(
    ("value", "english", "vietnamese"),
    [
        ("20271121170000Z", "2027-11-21 17:00 UTC", "22/11/2027"),  # midnight in Vietnam
        ("nothing of the kind", "nothing of the kind", "nothing of the kind"),
    ],
)
def test_a_term_ends_on_the_day_that_begins_then_in_vietnam(value: str, english: str, vietnamese: str) -> None:
    assert wording.shown("congvuRetainUntil", [value]) == english
    assert wording.shown("congvuRetainUntil", [value], Language.VIETNAMESE) == vietnamese


# LDIF


def test_ldif_says_what_the_directory_will_be_asked(plan: Plan) -> None:
    text = ldif.text(plan)
    assert text.startswith("version: 1\n# Plan ")
    assert "\ndn: uid=b,ou=tccb,ou=snv,ou=agencies,dc=tinh,dc=gov,dc=vn\nchangetype: moddn\nnewrdn: uid=b\n" in text
    assert "deleteoldrdn: 1\nnewsuperior: ou=stc,ou=agencies,dc=tinh,dc=gov,dc=vn\n" in text
    assert "changetype: modify\nreplace: congvuState\ncongvuState: disabled\n-\n" in text
    assert "dn: ou=cu,ou=snv,ou=agencies,dc=tinh,dc=gov,dc=vn\nchangetype: delete\n" in text


@pytest.mark.parametrize(
    "value", ["Sở Nội vụ", " đầu", ":x", "<x", "cuối ", "hai\ndòng", "thường", "x" * 200, "Trần " * 60]
)
def test_any_value_comes_back_from_ldif(value: str) -> None:
    plan = make_plan(desired(agency("snv", description=value)), [])
    text = ldif.text(plan)
    assert max(map(len, text.splitlines())) <= 76
    (line,) = [line for line in text.replace("\n ", "").splitlines() if line.startswith("description:")]
    name, _, said = line.partition(" ")
    assert (b64decode(said).decode() if name == "description::" else said) == value


# All of them


def test_every_form_stands_beside_the_plan(plan: Plan) -> None:
    assert rendering.pages(plan).keys() == {"plan.md", "agencies/snv.md", "agencies/stc.md", "plan.html", "plan.ldif"}
