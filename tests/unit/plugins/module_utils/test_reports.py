"""What readers of a periodic report see: the page, the workbook, the letter, and the rules told in words."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import (
    reportbook,
    reportdata,
    reportletter,
    reportpage,
    reportwords,
    source,
    usage,
)
from ansible_collections.congvu.mail.plugins.module_utils.figures import Account, Facts, figures
from ansible_collections.congvu.mail.plugins.module_utils.periods import period
from ansible_collections.congvu.mail.plugins.module_utils.tally import Gap, Missing
from ansible_collections.congvu.mail.plugins.module_utils.usage import Day, Letters, Looks
from openpyxl import load_workbook

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.figures import Figures
    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

INVENTORIES = Path(__file__).parents[4] / "inventories"
ESTATES = ("binhtan", "camau", "daklak", "haiduong", "thuathienhue")
JUNE = period("2026-06")
AS_OF = date(2026, 7, 2)


@pytest.fixture(scope="module", params=ESTATES)
def registry(request: pytest.FixtureRequest) -> Registry:
    return source.load(INVENTORIES / str(request.param) / "registry")


def made(registry: Registry, agency: str = "") -> Figures:
    """Return the figures of June: from counts where the estate keeps any."""
    policy = registry.policy
    accounts = {uid: Account(uid[-1] != "7", signed_in=uid[-1] != "3") for uid in registry.persons}
    days = []
    if policy.usage_days and policy.checking:
        digits = "2" * len(policy.checking.person)
        for day in JUNE.days[:-2]:
            looks = Looks(policy.checking, dict.fromkeys(registry.persons, digits), {}, {})
            letters = {code: Letters(5, 7, 1, 2) for code in registry.agencies}
            size = dict.fromkeys(registry.persons, 1024 + (day - JUNE.since).days * 64)
            days.append(Day("mail", day, *usage.span(day, registry.estate.time_zone), looks, letters, size))
    hosts = ["mail"] if days else []
    return figures(registry, JUNE, AS_OF, Facts(days, hosts, hosts, accounts), agency)


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    return {sheet.title: list(sheet.values) for sheet in load_workbook(io.BytesIO(content))}


def test_the_workbook_holds_what_the_policy_wants_told(registry: Registry) -> None:
    figures_ = made(registry)
    found = sheets(reportbook.workbook(figures_, registry))
    wanted = {"Tổng hợp", "Cơ quan", "Chưa sử dụng", "Biến động", "Cách tính"}
    if registry.policy.usage_days:
        wanted |= {"Hộp thư chung", "Dung lượng", "Thiếu số liệu"}
    assert set(found) == wanted
    *_, last = found["Cơ quan"]
    assert "Cộng" in last
    assert len(found["Cơ quan"]) == 4 + len(figures_.rows) + 1


def test_numbers_are_numbers_days_are_days_and_sheets_print_as_they_stand(registry: Registry) -> None:
    book = load_workbook(io.BytesIO(reportbook.workbook(made(registry), registry)))
    for sheet in book:
        assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.paperSize) == ("A5", "$4:$4", 9)
        page = sheet.sheet_properties.pageSetUpPr
        assert page is not None
        assert page.fitToPage
    kinds = {cell.data_type for row in book["Cơ quan"].iter_rows(min_row=5) for cell in row if cell.value is not None}
    assert kinds == {"n", "s"}
    if "Dung lượng" in book:
        assert {type(row[0].value) for row in book["Dung lượng"].iter_rows(min_row=5)} == {datetime}


def test_the_same_figures_give_the_same_bytes(registry: Registry) -> None:
    assert reportbook.workbook(made(registry), registry) == reportbook.workbook(made(registry), registry)


def test_people_are_named_with_their_figures_in_their_own_agency_s_report_alone(registry: Registry) -> None:
    agency = registry.policy.reports.recipients[0] if registry.policy.reports else ""
    assert "Cán bộ" in sheets(reportbook.workbook(made(registry, agency), registry))
    assert "Cán bộ" not in sheets(reportbook.workbook(made(registry), registry))


def test_data_names_people_only_who_lack_a_mailbox_or_never_used_it(registry: Registry) -> None:
    told = reportdata.data(made(registry))
    named = {uid for row in told["agencies"] for uid in (*row["without"], *(row["never"] or ()))}
    kept = {uid for uid in registry.persons if uid[-1] in "37"}
    assert named <= kept
    assert not {uid for uid in registry.persons if f'"{uid}"' in str(told)} - kept


def test_the_letter_goes_from_a_registered_mailbox_to_registered_ones(registry: Registry) -> None:
    reports = registry.policy.reports
    assert reports
    files = {"bao-cao-2026-06.pdf": b"%PDF-", "bao-cao-2026-06.xlsx": b"PK"}
    letter = reportletter.letter(made(registry), registry, files, now=datetime(2026, 7, 2, tzinfo=UTC), digest="c0ffee")
    addresses = {line[0].address for line in registry.addresses.values()}
    assert {each.addr_spec for header in ("From", "To") for each in letter[header].addresses} <= addresses
    assert [part.get_filename() for part in letter.iter_attachments()] == list(files)
    assert letter["Message-ID"].startswith("<bao-cao.2026-06.c0ffee@")
    body = letter.get_body()
    assert body is not None
    assert "Kính gửi: " in body.get_content()
    letter.as_bytes().decode("ascii")


@pytest.mark.parametrize(
    ("cite", "told"),
    [
        ("DL Điều 7, 12.1.c", "Điều 7, điểm c khoản 1 Điều 12"),
        ("DL Điều 2 (Quyết định), 11.9, 15", "Điều 2 (Quyết định), khoản 9 Điều 11, Điều 15"),
        ("TTH Điều 10", "Điều 10"),
        ("RFC 2142", "RFC 2142"),
    ],
)
def test_articles_are_told_as_vietnamese_does(cite: str, told: str) -> None:
    assert reportwords.articles(cite) == told


def gap(day: int, why: Missing, place: int) -> Gap:
    return Gap(date(2026, 6, day), why, ("mail",) if why is Missing.ABSENT else (), place)


def test_gaps_that_follow_each_other_are_one_and_others_are_not() -> None:
    absent, future = Missing.ABSENT, Missing.FUTURE
    gaps = [gap(4, absent, 3), gap(5, absent, 4), gap(8, absent, 5), gap(10, absent, 7), gap(11, future, 8)]
    assert reportwords.spans(gaps) == (
        "Từ 04/06/2026 đến 08/06/2026 (3 ngày làm việc): máy chủ không có số liệu (mail)",
        "Ngày 10/06/2026: máy chủ không có số liệu (mail)",
        "Ngày 11/06/2026: ngày làm việc chưa kết thúc khi lập báo cáo",
    )


@pytest.mark.parametrize(("agency", "estate"), [("", "thuathienhue"), ("snv", "thuathienhue"), ("", "binhtan")])
def test_the_page_is_drawn_the_same_each_time(agency: str, estate: str) -> None:
    registry = source.load(INVENTORIES / estate / "registry")
    told = made(registry, agency)
    drawn = reportpage.document(told, registry)
    assert drawn.startswith(b"%PDF-")
    assert agency or drawn == reportpage.document(told, registry)


def test_a_report_of_what_nobody_counted_says_so() -> None:
    registry = source.load(INVENTORIES / "thuathienhue" / "registry")
    empty = figures(registry, JUNE, AS_OF, Facts(stores=["mail"]))
    assert reportpage.document(empty, registry).startswith(b"%PDF-")
    assert reportdata.data(empty)["usage"] == {"met": 0, "of": 0, "rate": None}
    assert len(empty.gaps) == empty.working


def test_a_report_needs_the_policy_s_word(registry: Registry) -> None:
    silent = replace(registry, policy=replace(registry.policy, reports=None))
    with pytest.raises(ValueError, match="reports"):
        reportpage.document(made(registry), silent)
