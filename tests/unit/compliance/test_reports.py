"""The report of each of the five provinces, as far as its registry answers: no control missing, nothing unasked met."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import (
    compliance_data,
    compliance_page,
    controls,
    ledger,
    source,
)
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.compliance import Host, Report, Status, verdict
from ansible_collections.congvu.mail.plugins.module_utils.compliance_facts import facts
from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, Record
from ansible_collections.congvu.mail.plugins.module_utils.inquiry import Asked, Inquiry
from ansible_collections.congvu.mail.plugins.module_utils.measures import Measures, Scene
from ansible_collections.congvu.mail.plugins.module_utils.printing import pdf
from jsonschema import Draft202012Validator

from .test_control_files import CONTROLS, ESTATES, FOLDER, NAMES, ROOT

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Nobody listens there, and the password is none.
NOWHERE = Access("ldaps://127.0.0.1:1", "cn=reconciler", Path(__file__), timeout=1)
Change = Callable[[list[Record]], list[Record]]


@cache
def registry_of(estate: str) -> Registry:
    return source.load(ROOT / "inventories" / estate / "registry")


@pytest.fixture
def scene(tmp_path: Path) -> Callable[..., Scene]:
    """Return what makes a scene: a directory that is as the registry says, or as a test changes it."""

    def make(estate: str, change: Change = lambda records: records) -> Scene:
        registry = registry_of(estate)
        desired = compile_desired(registry, as_of=DAY, commit="c0ffee")
        records = [
            Record(
                entry.dn,
                f"uuid-{place}",
                f"csn-{place}",
                {name: tuple(value for value in values) for name, values in entry.attributes.items()},
            )
            for place, entry in enumerate(desired.entries.values())
        ]
        root = ROOT / "inventories" / estate / "registry"
        if not ledger.files(tmp_path):
            ledger.append(tmp_path, [ledger.Entry(ledger.Kind.COMPLIANCE, estate, "Mẫu.")], NOW)
        return Scene(registry, desired, tuple(change(records)), (), "", NOW, tmp_path, root, tmp_path / "ledger-heads")

    return make


def report_on(scene: Scene, hosts: tuple[Asked, ...] = ()) -> Report:
    """Write the report of an estate as the module does."""
    registry, measures = scene.registry, Measures(scene)
    known = facts(registry.estate, registry.policy, NAMES, measures)
    ask = Inquiry(hosts, measures, dict.fromkeys(controls.ACCOUNTS, NOWHERE), None, known, lambda: NOW)
    return Report(
        estate=registry.estate.name,
        title=registry.estate.title,
        regulation=registry.policy.regulation,
        as_of=DAY.isoformat(),
        at=NOW,
        commit="c0ffee",
        plan="",
        hosts=tuple(Host(host.name, host.groups, host.silent) for host in hosts),
        tools={"Python": "3"},
        synthetic=registry.estate.synthetic,
        verdicts=tuple(verdict(control, registry.estate.name, known, ask) for control in CONTROLS),
    )


def status_of(report: Report) -> dict[str, Status]:
    return {each.control.id: each.status for each in report.verdicts}


@pytest.mark.parametrize("estate", ESTATES)
def test_no_control_is_missing_and_what_nobody_was_asked_is_not_met(estate: str, scene: Callable[..., Scene]) -> None:
    report = report_on(scene(estate))
    assert [each.control.id for each in report.verdicts] == [f"R{number:02}" for number in range(1, 45)]
    assert sum(report.counts.values()) == 44
    assert report.failed == ()
    for each in report.verdicts:
        asks_hosts = any(check.kind not in ("measure", "directory") for check in each.control.checks)
        applies = any(outcome.status is not Status.ELSEWHERE for outcome in each.outcomes)
        if asks_hosts and applies and not all(o.status is Status.ELSEWHERE for o in each.outcomes if o.check.group):
            assert each.status in (Status.UNKNOWN, Status.FAILED), each.control.id
    met = {id_ for id_, status in status_of(report).items() if status is Status.MET}
    assert {"R01", "R02", "R03", "R06", "R07", "R11", "R14", "R26", "R43", "R44"} <= met


@pytest.mark.parametrize("estate", ESTATES)
def test_what_a_regulation_does_not_demand_is_said_and_looked_at_all_the_same(
    estate: str, scene: Callable[..., Scene]
) -> None:
    report = report_on(scene(estate))
    for each in report.verdicts:
        assert each.regulated == (estate in each.control.demands)
    assert [each for each in report.verdicts if not each.regulated and each.status is Status.MET]


@pytest.mark.parametrize("estate", ESTATES)
def test_the_data_are_of_their_schema(estate: str, scene: Callable[..., Scene]) -> None:
    said = json.loads(compliance_data.data(report_on(scene(estate))))
    validator = Draft202012Validator(compliance_data.SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(said)] == []


def without(kind: str, name: str, *values: str) -> Change:
    """Return what gives the first entry of a kind other values."""

    def change(records: list[Record]) -> list[Record]:
        found = next(
            place
            for place, record in enumerate(records)
            if record.attributes["congvuId"][0].startswith(kind)
            and record.attributes["congvuState"] == ("active",)
            and record.attributes.get(name)
        )
        said = {**records[found].attributes, name: tuple(values)}
        records[found] = Record(records[found].dn, "uuid", "csn", said)
        return records

    return change


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        (without("person:", "mail", "Ai.Do@khac.example"), {"R01", "R30"}),
        (without("person:", "mail", "vpubnd@thuathienhue.gov.vn"), {"R01", "R03"}),
        (without("mailbox:", "mailLocalAddress", "truongbatri@thuathienhue.gov.vn"), {"R03"}),
        (without("person:", "congvuState", "disabled"), {"R08"}),
        (without("person:", "employeeNumber", "tth00002"), {"R14"}),
        (without("person:", "congvuDecision"), {"R07"}),
        (without("person:", "displayName", "Tr\u1ea7n Va\u0306n Nam"), {"R26"}),
        (without("person:", "congvuAccess", "snv:manager"), {"R11", "R15"}),
        (without("admin:", "congvuState", "disabled"), {"R06"}),
        (lambda records: records[1:], {"R02"}),
    ],
    ids=[
        "a foreign address",
        "another's address",
        "somebody's address given away",
        "shut out",
        "two entries",
        "no decision",
        "not composed",
        "a right",
        "an admin shut out",
        "an entry gone",
    ],
)
def test_a_directory_that_was_changed_fails_the_control_it_breaks(
    change: Change, failed: set[str], scene: Callable[..., Scene]
) -> None:
    after = status_of(report_on(scene("thuathienhue", change)))
    assert failed <= {id_ for id_, status in after.items() if status is Status.FAILED}


def test_a_host_that_cannot_be_asked_leaves_its_controls_unknown(scene: Callable[..., Scene]) -> None:
    groups = ("estate", "directory", "mx", "submission", "store", "filter", "webmail", "phonebook", "backup")
    silent = Asked("mail.example.vn", "", groups, silent="không kết nối được với máy chủ")
    report = report_on(scene("thuathienhue"), (silent,))
    status = status_of(report)
    assert {status[id_] for id_ in ("R17", "R18", "R21", "R22", "R37", "R38")} == {Status.UNKNOWN}
    assert "không kết nối được với máy chủ" in compliance_page.page(report, ZONE)
    assert compliance_data.exit_status(report) == compliance_data.UNKNOWN


def test_a_directory_out_of_reach_leaves_its_controls_unknown(scene: Callable[..., Scene]) -> None:
    known = scene("thuathienhue")
    away = Scene(
        known.registry,
        known.desired,
        None,
        None,
        "thư mục LDAP không trả lời",
        NOW,
        known.state,
        known.root,
        known.heads,
    )
    status = status_of(report_on(away))
    assert {status[id_] for id_ in ("R01", "R02", "R03", "R07", "R08", "R14", "R43", "R44")} == {Status.UNKNOWN}


def test_the_page_quotes_escapes_and_fetches_nothing(scene: Callable[..., Scene]) -> None:
    report = report_on(scene("thuathienhue"))
    page = compliance_page.page(report, ZONE)
    assert "Không sử dụng các hộp thư cá nhân dạng khác (như: yahoo, hotmail…)" in page
    assert "&lt;Tên tài khoản&gt;" not in page  # another estate's
    assert "@&lt;tentochuc&gt;.daklak.gov.vn" in compliance_page.page(report_on(scene("daklak")), ZONE)
    for fetching in ("<script", "src=", "url(", "@import", "<link"):
        assert fetching not in page
    assert page.count("<article") == 44
    assert pdf(page).startswith(b"%PDF")


def test_the_terminal_is_told_what_is_not_met_and_what_to_do(scene: Callable[..., Scene]) -> None:
    report = report_on(scene("thuathienhue", without("person:", "congvuDecision")))
    said = compliance_data.text(report)
    assert (
        said.index("KHÔNG ĐẠT\n")
        < said.index("  R07 Cấp mới, thay đổi, hủy bỏ chỉ theo quyết định")
        < said.index("CHƯA KIỂM TRA ĐƯỢC")
    )
    assert "→ Xem bin/congvu history của người ấy" in said
    assert compliance_data.exit_status(report) == compliance_data.FAILED


def test_an_article_is_added_by_one_file(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    added = (FOLDER / "R41.yml").read_text(encoding="utf-8").replace("id: R41", "id: R45")
    (tmp_path / "R45.yml").write_text(added, encoding="utf-8")
    assert [control.id for control in controls.load(tmp_path)][-1] == "R45"
