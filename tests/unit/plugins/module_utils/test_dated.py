"""A province lives: dated facts of people, units and agencies, and what they come to on each day."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from itertools import pairwise
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import source
from ansible_collections.congvu.mail.plugins.module_utils.allocate import allocate, by_domain, insert
from ansible_collections.congvu.mail.plugins.module_utils.compile import (
    census,
    compile_desired,
    forecast,
    headless,
    mailboxes,
    next_change,
)
from ansible_collections.congvu.mail.plugins.module_utils.forecast import text
from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind, RegistryError, State
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import POLICY

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.model import Entry, Registry

    from .conftest import Write

# One subdomain an agency, as in Đắk Lắk: a transfer brings another address.
RULES = POLICY.replace(
    'person_addresses: {cite: Điều 1, form: "{full}{n}@{domain}"}',
    """agency_domains: {cite: Điều 1, form: "{agency}.{root}"}
unit_addresses: {cite: Điều 1, form: "{unit}{n}@{domain}"}
shared_folders: {cite: Điều 1, managers: manager, writers: clerk, readers: read}
person_addresses:
  - {cite: Điều 1, titles: [Chủ tịch], form: "{full}{n}@{root}"}
  - {cite: Điều 1, form: "{given}{initials}{n}@{domain}"}""",
).replace('form: "{abbreviation}{n}@{domain}"', 'form: "{agency}{n}@{root}"')

SNV = """\
code: snv
name: Sở Nội vụ
kind: department
decision: 1/QĐ
head: a1
clerks: [a2]
units:
  vp: Văn phòng
  tccb:
    name: Phòng Tổ chức cán bộ
    changes: [{since: 2026-06-01, decision: 6/QĐ, name: Phòng Công chức}]
    until: 2027-01-01
    until_decision: 7/QĐ
    mailbox: {head: a2}
folders:
  bieu-mau:
    name: Biểu mẫu
    managers: [a1]
    writers: [{unit: tccb}]
    readers: [{agency: stc}, {person: c1, until: 2026-09-01}]
people:
  - {id: a1, name: Trần Văn An, title: Giám đốc, since: 2020-01-01, decision: 10/QĐ}
  - id: a2
    name: Lê Thị Bình
    title: Chuyên viên
    unit: tccb
    since: 2020-01-01
    decision: 11/QĐ
    changes:
      - {since: 2026-03-01, decision: 12/QĐ, title: Trưởng phòng}
      - {since: 2026-08-01, decision: 13/QĐ, name: Lê Thị Thanh Bình}
    absences: [{since: 2026-10-01, until: 2026-12-01, decision: 14/QĐ, reason: maternity}]
  - id: a3
    name: Phan Văn Cường
    title: Kế toán
    since: 2020-01-01
    decision: 15/QĐ
    until: 2026-05-01
    until_decision: 16/QĐ
    ending: dismissal
  - {id: a3, name: Phan Văn Cường, title: Kế toán, since: 2026-07-01, decision: 17/QĐ}
"""
STC = """\
code: stc
name: Sở Tài chính
kind: department
decision: 1/QĐ
until: 2027-01-01
until_decision: 20/NQ
successor: skh
head: c1
clerks: [a2]
units: {vp: Văn phòng, ns: Phòng Ngân sách}
people:
  - {id: c1, name: Đỗ Minh Dũng, title: Giám đốc, since: 2020-01-01, decision: 21/QĐ}
  - {id: c2, name: Hồ Thị Giang, title: Chuyên viên, unit: ns, since: 2020-01-01, decision: 22/QĐ}
  - {id: c3, name: Võ Ý, title: Văn thư, unit: vp, since: 2020-01-01, decision: 23/QĐ}
  - {id: c4, name: Bùi Huy, title: Chuyên viên, unit: vp, since: 2020-01-01, decision: 24/QĐ}
  - {id: a2, name: Lê Thị Bình, title: Chuyên viên, kind: secondment, since: 2026-04-01, decision: 25/QĐ,
     until: 2026-07-01}
"""
SKH = """\
code: skh
name: Sở Kế hoạch
kind: department
decision: 1/QĐ
changes:
  - {since: 2027-01-01, decision: 20/NQ, name: Sở Kế hoạch và Tài chính}
head: [{person: d1, until: 2027-02-01}, {person: c1, since: 2027-02-01}]
units: {vp: Văn phòng, stc: {name: Phòng Tài chính, since: 2027-01-01}}
people:
  - {id: d1, name: Ngô Sơn, title: Giám đốc, since: 2020-01-01, decision: 31/QĐ,
     until: 2027-02-01, until_decision: 32/QĐ, ending: retirement}
"""
BVMT = """\
code: bvmt
name: Chi cục Môi trường
kind: agency
decision: 40/QĐ
since: 2026-11-01
head: c4
people:
  - {id: c4, name: Bùi Huy, title: Chi cục trưởng, since: 2026-11-01, decision: 41/QĐ}
"""
FILES: dict[str, str | None] = {
    "policy.yml": RULES,
    "agencies/snv.yml": SNV,
    "agencies/stc.yml": STC,
    "agencies/skh.yml": SKH,
    "agencies/bvmt.yml": BVMT,
    "addresses/thunghiem.gov.vn.yml": None,
}


def locked(root: Path) -> Registry:
    """Give everybody an address and load the registry as a plan would."""
    (root / "addresses").mkdir(exist_ok=True)
    for domain, lines in by_domain(allocate(load(root, locked=False))).items():
        path = root / "addresses" / f"{domain}.yml"
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(insert(before, domain, lines), encoding="utf-8")
    assert allocate(load(root)) == {}, "a lock that was written needs nothing more"
    return load(root)


@pytest.fixture
def province(write: Write) -> Registry:
    return locked(write(FILES))


def entry(registry: Registry, id_: str, day: str) -> Entry:
    """Return one entry of a day."""
    return compile_desired(registry, as_of=date.fromisoformat(day), commit="").entries[id_]


def told(registry: Registry, id_: str, day: str, attribute: str) -> str:
    """Return an attribute's values of a day, parted by spaces, without the domain that all share."""
    values = entry(registry, id_, day).attributes.get(attribute, ())
    return " ".join(value.removesuffix(".thunghiem.gov.vn").removesuffix("@thunghiem.gov.vn") for value in values)


@pytest.mark.parametrize(
    ("id_", "day", "attribute", "expected"),
    [
        # A title, then a name: a new name brings a new address, and the former one is delivered for the term.
        ("person:a2", "2026-02-28", "title", "Chuyên viên"),
        ("person:a2", "2026-03-01", "title", "Trưởng phòng"),
        ("person:a2", "2026-03-01", "congvuDecision", "12/QĐ"),
        ("person:a2", "2026-07-31", "mail", "binhlt@snv"),
        ("person:a2", "2026-08-01", "mail", "binhltt@snv"),
        ("person:a2", "2026-08-01", "cn", "Lê Thị Thanh Bình"),
        ("person:a2", "2026-08-01", "mailLocalAddress", "binhlt@snv binhltt@snv"),
        ("person:a2", "2026-11-08", "mailLocalAddress", "binhlt@snv binhltt@snv"),
        ("person:a2", "2026-11-09", "mailLocalAddress", "binhltt@snv"),
        # Seconded: two places and the rights in both, one address.
        ("person:a2", "2026-04-01", "ou", "Phòng Tổ chức cán bộ Sở Nội vụ Sở Tài chính"),
        ("person:a2", "2026-04-01", "mail", "binhlt@snv"),
        ("person:a2", "2026-04-01", "congvuAccess", "snv-bieu-mau:clerk snv-tccb:manager snv:clerk stc:clerk"),
        ("person:a2", "2026-07-01", "congvuAccess", "snv-bieu-mau:clerk snv-tccb:manager snv:clerk"),
        # On leave: no rights in shared mailboxes, the own one stays open.
        ("person:a2", "2026-10-01", "congvuAccess", ""),
        ("person:a2", "2026-10-01", "congvuState", "active"),
        ("person:a2", "2026-10-01", "congvuDecision", "14/QĐ"),
        ("person:a2", "2026-12-01", "congvuAccess", "snv-bieu-mau:clerk snv-tccb:manager snv:clerk"),
        # A unit is renamed, then dissolved: its people stay in the agency, its letters go to the agency's mailbox.
        ("unit:snv/tccb", "2026-06-01", "description", "Phòng Công chức"),
        ("unit:snv/tccb", "2027-01-01", "congvuState", "disabled"),
        ("person:a2", "2027-01-01", "ou", "Sở Nội vụ"),
        ("mailbox:snv-tccb", "2026-12-31", "mail", "tccb@snv"),
        ("mailbox:snv-tccb", "2027-01-01", "congvuState", "held"),
        ("mailbox:snv-tccb", "2027-01-01", "mail", ""),
        ("mailbox:snv", "2027-01-01", "mailLocalAddress", "snv tccb@snv"),
        ("mailbox:snv", "2027-04-11", "mailLocalAddress", "snv"),
        # Dismissed, then reinstated under the same address.
        ("person:a3", "2026-05-01", "congvuState", "disabled"),
        ("person:a3", "2026-05-01", "congvuDecision", "16/QĐ"),
        ("person:a3", "2026-07-01", "congvuState", "active"),
        ("person:a3", "2026-07-01", "mail", "cuongpv@snv"),
        # A folder is shared by person, by unit and by agency, each with its level, and has no address.
        ("mailbox:snv-bieu-mau", "2026-01-01", "mailLocalAddress", ""),
        ("person:a1", "2026-01-01", "congvuAccess", "snv-bieu-mau:manager snv:manager"),
        ("person:c2", "2026-01-01", "congvuAccess", "snv-bieu-mau:read"),
        # Merged: people go on in the successor, in the unit that bears the old agency's code if not in their own.
        ("person:c2", "2026-12-31", "ou", "Phòng Ngân sách Sở Tài chính"),
        ("person:c2", "2027-01-01", "ou", "Phòng Tài chính Sở Kế hoạch và Tài chính"),
        ("person:c2", "2027-01-01", "mail", "gianght@skh"),
        ("person:c2", "2027-01-01", "mailLocalAddress", "gianght@skh gianght@stc"),
        ("person:c2", "2027-01-01", "congvuDecision", "20/NQ"),
        ("person:c3", "2027-01-01", "ou", "Sở Kế hoạch và Tài chính Văn phòng"),
        ("agency:stc", "2027-01-01", "congvuState", "disabled"),
        ("admin:stc", "2027-01-01", "congvuState", "disabled"),
        ("mailbox:stc", "2027-01-01", "congvuState", "held"),
        ("mailbox:skh", "2027-01-01", "mailLocalAddress", "skh stc"),
        ("mailbox:skh", "2027-01-01", "displayName", "Sở Kế hoạch và Tài chính"),
        ("person:c1", "2027-01-01", "congvuAccess", ""),
        ("person:c1", "2027-02-01", "congvuAccess", "skh:manager stc:read"),
        ("person:c1", "2027-12-31", "congvuAccess", "skh:manager stc:read"),
        ("person:c1", "2028-01-01", "congvuAccess", "skh:manager"),
        # Founded with somebody from elsewhere.
        ("person:c4", "2026-11-01", "mail", "huyb@bvmt"),
    ],
)
def test_what_is_so_on_a_day(province: Registry, id_: str, day: str, attribute: str, expected: str) -> None:
    assert told(province, id_, day, attribute) == expected


def test_a_second_post_in_an_agency_that_is_merged_goes_on_in_the_other(write: Write) -> None:
    lent = "since: 2026-04-01, decision: 25/QĐ}"
    stc = STC.replace("since: 2026-04-01, decision: 25/QĐ,\n     until: 2026-07-01}", lent)
    assert lent in stc
    skh = SKH.replace("units: {vp", "clerks: [{person: a2, since: 2027-01-01}]\nunits: {vp")
    registry = locked(write({**FILES, "agencies/stc.yml": stc, "agencies/skh.yml": skh}))
    assert told(registry, "person:a2", "2026-12-31", "ou") == "Phòng Công chức Sở Nội vụ Sở Tài chính"
    assert told(registry, "person:a2", "2027-01-01", "ou") == "Phòng Tài chính Sở Kế hoạch và Tài chính Sở Nội vụ"
    assert "skh:clerk" in told(registry, "person:a2", "2027-01-01", "congvuAccess").split()


def test_a_folder_opens_at_the_levels_of_folders_and_not_of_mailboxes(write: Write) -> None:
    policy = RULES.replace("writers: clerk, readers: read}\nperson", "writers: read, readers: clerk}\nperson")
    assert policy != RULES
    registry = locked(write({**FILES, "policy.yml": policy}))
    assert told(registry, "person:a2", "2026-01-01", "congvuAccess") == "snv-bieu-mau:read snv-tccb:manager snv:clerk"
    assert told(registry, "person:c2", "2026-01-01", "congvuAccess") == "snv-bieu-mau:clerk"


def test_a_mailbox_that_is_closed_is_read_by_those_who_use_its_heirs_and_no_longer_managed(province: Registry) -> None:
    found = [told(province, "person:a2", day, "congvuAccess").split() for day in ("2026-12-31", "2027-01-01")]
    assert [[access for access in one if access.startswith("snv-tccb:")] for one in found] == [
        ["snv-tccb:manager"],
        ["snv-tccb:read"],
    ]


def test_whoever_moves_stays_the_same_entry(province: Registry) -> None:
    assert entry(province, "person:c2", "2026-12-31").dn.startswith("uid=c2,ou=ns,ou=stc,")
    assert entry(province, "person:c2", "2027-01-01").dn.startswith("uid=c2,ou=stc,ou=skh,")


def test_an_agency_exists_from_the_day_it_is_founded(province: Registry) -> None:
    before = compile_desired(province, as_of=date(2026, 10, 31), commit="").entries
    assert not [id_ for id_ in before if "bvmt" in id_]
    assert "bvmt" not in headless(province, date(2026, 10, 31))
    assert mailboxes(province, date(2026, 10, 31)) == ["skh", "snv", "snv-bieu-mau", "snv-tccb", "stc"]


@pytest.mark.parametrize(
    ("sign_in", "roles", "state", "access"),
    [
        ("true", "true", State.ACTIVE, "snv-bieu-mau:clerk snv-tccb:manager snv:clerk"),
        ("false", "false", State.DISABLED, ""),
    ],
)
def test_the_policy_says_what_long_leave_means(
    write: Write, sign_in: str, roles: str, state: State, access: str
) -> None:
    policy = RULES.replace("sign_in: true, roles: false", f"sign_in: {sign_in}, roles: {roles}")
    registry = locked(write({**FILES, "policy.yml": policy}))
    assert told(registry, "person:a2", "2026-11-01", "congvuAccess") == access
    found = entry(registry, "person:a2", "2026-11-01")
    assert found.state is state
    assert "congvuRetainUntil" not in found.attributes, "whoever is away will be back"


def test_a_head_on_leave_manages_nothing_and_the_agency_is_headless(write: Write) -> None:
    leave = "decision: 10/QĐ, absences: [{since: 2026-10-01, until: 2026-12-01, decision: 80/QĐ, reason: study}]}"
    registry = locked(write({**FILES, "agencies/snv.yml": SNV.replace("decision: 10/QĐ}", leave)}))
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 11, 30), date(2026, 12, 1)]
    assert ["snv" in headless(registry, day) for day in days] == [False, True, True, False]
    assert told(registry, "person:a1", "2026-10-01", "congvuAccess") == ""


STANDING_IN = RULES.replace("leave: {", "standing_in: {cite: Điều 4, right: manager}\nleave: {")
FOUR_DAYS = ("2026-09-30", "2026-10-01", "2026-11-30", "2026-12-01")


def standing_in(write: Write, deputy: str, reason: str = "study", snv: str = SNV) -> Registry:
    """Send the head of snv away from October to December, and name a deputy."""
    leave = f"{{since: 2026-10-01, until: 2026-12-01, decision: 80/QĐ, reason: {reason}, deputy: {deputy}}}"
    away = snv.replace("decision: 10/QĐ}", f"decision: 10/QĐ, absences: [{leave}]}}")
    return locked(write({**FILES, "policy.yml": STANDING_IN, "agencies/snv.yml": away}))


@pytest.mark.parametrize(
    ("deputy", "expected"),
    [
        pytest.param("a3", ["", "snv:manager", "snv:manager", ""], id="for the whole leave"),
        pytest.param("{person: a3, since: 2026-11-30}", ["", "", "snv:manager", ""], id="from a day on"),
        pytest.param("{person: a3, until: 2026-11-30}", ["", "snv:manager", "", ""], id="up to a day"),
        pytest.param(
            "[{person: a3, until: 2026-11-01}, {person: a4, since: 2026-11-01}]",
            ["", "snv:manager", "", ""],
            id="in turn with another",
        ),
    ],
)
def test_a_deputy_has_the_heads_rights_on_exactly_the_days_of_the_leave(
    write: Write, deputy: str, expected: list[str]
) -> None:
    snv = SNV + "  - {id: a4, name: Tạ Thị Mơ, title: Chuyên viên, since: 2020-01-01, decision: 18/QĐ}\n"
    registry = standing_in(write, deputy, snv=snv)
    assert [told(registry, "person:a3", day, "congvuAccess") for day in FOUR_DAYS] == expected
    assert [told(registry, "person:a3", day, "congvuSendAs") for day in FOUR_DAYS] == [
        "snv" if access else "" for access in expected
    ]


def test_a_plan_is_due_on_the_days_on_which_a_deputy_begins_and_ends(write: Write) -> None:
    registry = standing_in(write, "{person: a3, since: 2026-10-05, until: 2026-11-24}")
    days = [
        change.day
        for change in forecast(registry, since=date(2026, 9, 1), until=date(2026, 12, 31))
        if change.entry.id == "person:a3"
    ]
    assert days == [date(2026, 10, 5), date(2026, 11, 24)]
    assert next_change(registry, date(2026, 10, 1)) == date(2026, 10, 5)


def test_an_agency_has_a_head_while_a_deputy_stands_in(write: Write) -> None:
    registry = standing_in(write, "{person: a3, until: 2026-11-30}")
    assert ["snv" in headless(registry, date.fromisoformat(day)) for day in FOUR_DAYS] == [False, False, True, False]


def test_a_head_on_a_journey_keeps_everything_beside_the_deputy(write: Write) -> None:
    registry = standing_in(write, "a3", reason="travel")
    found = [told(registry, who, "2026-10-01", "congvuAccess") for who in ("person:a1", "person:a3")]
    assert found == ["snv-bieu-mau:manager snv:manager", "snv:manager"]


def test_a_deputy_who_is_on_leave_stands_in_for_nobody(write: Write) -> None:
    registry = standing_in(write, "a2")
    assert told(registry, "person:a2", "2026-10-01", "congvuAccess") == ""
    assert "snv" in headless(registry, date(2026, 10, 1))


def test_a_deputy_stands_in_in_every_mailbox_of_the_agency_that_the_head_manages_then(write: Write) -> None:
    snv = SNV.replace("mailbox: {head: a2}", "mailbox: {head: [{person: a1, until: 2026-11-30}]}")
    registry = standing_in(write, "a3", snv=snv)
    found = [told(registry, "person:a3", day, "congvuAccess") for day in FOUR_DAYS]
    assert found == ["", "snv-tccb:manager snv:manager", "snv:manager", ""]


def test_a_deputy_who_was_named_a_clerk_too_has_the_stronger_right(write: Write) -> None:
    registry = standing_in(write, "a3", snv=SNV.replace("clerks: [a2]", "clerks: [a2, a3]"))
    found = [told(registry, "person:a3", day, "congvuAccess") for day in FOUR_DAYS]
    assert found == ["snv:clerk", "snv:manager", "snv:manager", "snv:clerk"]


def test_leave_from_a_second_post_pauses_what_that_post_gives(write: Write) -> None:
    leave = "decision: 25/QĐ, absences: [{since: 2026-05-01, until: 2026-06-01, decision: 81/QĐ, reason: other}],"
    registry = locked(write({**FILES, "agencies/stc.yml": STC.replace("decision: 25/QĐ,", leave)}))
    with_both, without = (
        "snv-bieu-mau:clerk snv-tccb:manager snv:clerk stc:clerk",
        "snv-bieu-mau:clerk snv-tccb:manager snv:clerk",
    )
    found = [told(registry, "person:a2", day, "congvuAccess") for day in ("2026-04-30", "2026-05-01", "2026-06-01")]
    assert found == [with_both, without, with_both]


def test_who_comes_back_gets_the_address_of_before(write: Write) -> None:
    snv = SNV + "  - {id: c2, name: Hồ Thị Giang, title: Chuyên viên, since: 2026-02-01, decision: 50/QĐ}\n"
    stc = STC + "  - {id: c2, name: Hồ Thị Giang, title: Chuyên viên, since: 2026-09-01, decision: 51/QĐ}\n"
    registry = locked(write({**FILES, "agencies/snv.yml": snv, "agencies/stc.yml": stc}))
    found = [told(registry, "person:c2", day, "mail") for day in ("2026-01-31", "2026-02-01", "2026-09-01")]
    assert found == ["gianght@stc", "gianght@snv", "gianght@stc"]


def test_who_comes_back_again_and_again_has_one_line_for_each_address(write: Write) -> None:
    """Each move is written after the lock of the one before, as months pass between them."""
    root = write(FILES)
    days = {"2021-01-01": "snv", "2022-01-01": "skh", "2023-01-01": "snv", "2024-01-01": "skh", "2025-01-01": "snv"}
    texts = {"snv": SNV, "skh": SKH}
    for since, agency in days.items():
        texts[agency] += f"  - {{id: e1, name: Mai Thị Hạnh, title: Chuyên viên, since: {since}, decision: 50/QĐ}}\n"
        (root / f"agencies/{agency}.yml").write_text(texts[agency], encoding="utf-8")
        registry = locked(root)
    rows = [(root / f"addresses/{agency}.thunghiem.gov.vn.yml").read_text(encoding="utf-8") for agency in texts]
    assert [row for row in "".join(rows).splitlines() if "e1" in row] == [
        "hanhmt: person:e1 again 2023-01-01 again 2025-01-01",
        "hanhmt: person:e1 since 2022-01-01 again 2024-01-01",
    ]
    assert [told(registry, "person:e1", day, "mail") for day in days] == [f"hanhmt@{code}" for code in days.values()]


def test_who_has_left_gets_no_address_when_the_agency_is_renamed_later(write: Write) -> None:
    """The agency's new name brings a new domain to those who are in it, and to nobody else."""
    skh = SKH.replace("name: Sở Kế hoạch và Tài chính}", "name: Sở Tài chính mới, domain: stcm.thunghiem.gov.vn}")
    left = "until: 2026-05-01, until_decision: 90/QĐ, ending: resignation"
    skh += f"  - {{id: d2, name: Mai Khôi, title: Kế toán, since: 2020-01-01, decision: 33/QĐ, {left}}}\n"
    registry = locked(write({**FILES, "agencies/skh.yml": skh}))
    assert [line.address for line in registry.addresses["person:d2"]] == ["khoim@skh.thunghiem.gov.vn"]
    assert [line.address for line in registry.addresses["person:d1"]] == [
        "sonn@skh.thunghiem.gov.vn",
        "sonn@stcm.thunghiem.gov.vn",
    ]


def test_an_address_given_earlier_never_shifts(write: Write) -> None:
    root = write(FILES)
    before = locked(root).addresses
    namesake = "  - {id: a0, name: Trần Vũ An, title: Kế toán, since: 2019-01-01, decision: 60/QĐ}\n"
    (root / "agencies/snv.yml").write_text(SNV + namesake, encoding="utf-8")
    after = locked(root).addresses
    given = {line.address: line.holder for lines in before.values() for line in lines}
    assert given.items() <= {line.address: line.holder for lines in after.values() for line in lines}.items()
    assert after["person:a0"][0].address == "antv2@snv.thunghiem.gov.vn"
    assert after["person:a1"][0].address == "antv@snv.thunghiem.gov.vn"


def test_two_changes_that_claim_one_address_meet_in_git(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is sound alone; Git stops the second, and the engine says what to do with what Git leaves behind."""
    root = write(FILES)
    locked(root)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")

    def git(*words: str) -> int:
        who = ["-c", "user.name=A", "-c", "user.email=a@thunghiem.gov.vn"]
        return subprocess.run(["git", "-C", str(root), *who, *words], check=False, capture_output=True).returncode  # noqa: S603, S607 -- fixed words

    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "registry"]):
        assert git(*words) == 0
    for branch, id_ in (("one", "n1"), ("other", "n2")):
        assert git("checkout", "-q", "-b", branch, "main") == 0
        newcomer = f"  - {{id: {id_}, name: Mai Văn Khôi, title: Chuyên viên, since: 2026-10-01, decision: 70/QĐ}}\n"
        (root / "agencies/snv.yml").write_text(SNV + newcomer, encoding="utf-8")
        assert locked(root).addresses[f"person:{id_}"][0].address == "khoimv@snv.thunghiem.gov.vn"
        assert git("commit", "-qam", branch) == 0
    assert git("merge", "-q", "one") == 1, "both lines begin with khoimv"
    with pytest.raises(RegistryError) as caught:
        load(root)
    lock = [one for one in caught.value.problems if one.origin.file == "addresses/snv.thunghiem.gov.vn.yml"]
    assert [one.message for one in lock] == ["Here Git left a conflict between two versions."]


def faults(root: Path) -> list[str]:
    """Return the faults of a registry as `file:line message`."""
    with pytest.raises(RegistryError) as caught:
        load(root, locked=False)
    return [f"{one.origin.file}:{one.origin.line} {one.message}" for one in caught.value.problems]


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("agencies/stc.yml", "successor: skh\n", "", "agencies/stc.yml:5 3 would still have posts here on 2027-01-01"),
        ("agencies/stc.yml", "successor: skh", "successor: skg", "agencies/stc.yml:7 There is no agency 'skg' to take"),
        ("agencies/stc.yml", "successor: skh", "successor: stc", "agencies/stc.yml:7 The successor 'stc' does not exi"),
        ("agencies/stc.yml", "until_decision: 20/NQ\n", "", "agencies/stc.yml:5 It ends on 2027-01-01, but no decisio"),
        ("agencies/stc.yml", "until: 2027-01-01\n", "", "agencies/stc.yml:5 There is a decision that ends"),
        ("agencies/bvmt.yml", "since: 2026-11-01\n", "since: 2026-12-01\n", "agencies/bvmt.yml:8 c4 has a post here"),
        (
            "agencies/skh.yml",
            "  - {since: 2027-01-01, decision: 20/NQ, name: Sở Kế hoạch và Tài chính}",
            "  - {since: 2027-01-01, decision: 20/NQ}",
            "agencies/skh.yml:6 This change changes nothing.",
        ),
        (
            "agencies/skh.yml",
            "  - {since: 2027-01-01",
            "  - {since: 2028-01-01, decision: 1/QĐ, name: Sở Một}\n  - {since: 2027-01-01",
            "agencies/skh.yml:7 The change on 2027-01-01 does not come after 2028-01-01.",
        ),
        (
            "agencies/snv.yml",
            "since: 2026-08-01, decision: 13",
            "since: 2026-02-01, decision: 13",
            "agencies/snv.yml:31 The change on 2026-02-01 does not come after 2026-03-01.",
        ),
        (
            "agencies/snv.yml",
            "    ending: dismissal\n",
            "    ending: fired\n",
            "agencies/snv.yml:40 'fired' is not why the post ends.",
        ),
        (
            "agencies/snv.yml",
            "    until: 2026-05-01\n    until_decision: 16/QĐ\n",
            "",
            "agencies/snv.yml:38 It says why the post ends, but not when.",
        ),
        (
            "agencies/snv.yml",
            "{since: 2026-10-01, until: 2026-12-01,",
            "{since: 2019-10-01, until: 2026-12-01,",
            "agencies/snv.yml:32 The leave is not within the post, or meets another one.",
        ),
        (
            "agencies/snv.yml",
            "writers: [{unit: tccb}]",
            "writers: [{unit: tcbb}]",
            "agencies/snv.yml:19 This agency has no unit 'tcbb'.",
        ),
        (
            "agencies/snv.yml",
            "readers: [{agency: stc}",
            "readers: [{agency: stx}",
            "agencies/snv.yml:20 There is no agency 'stx'.",
        ),
        (
            "agencies/snv.yml",
            "readers: [{agency: stc}",
            "readers: [{agency: stc, unit: vp}",
            "agencies/snv.yml:20 It must be said once whose this is.",
        ),
        (
            "agencies/snv.yml",
            "managers: [a1]",
            "managers: [x9]",
            "agencies/snv.yml:18 Nobody in the registry has the id 'x9'.",
        ),
        (
            "agencies/stc.yml",
            "{id: a2, name: Lê Thị Bình",
            "{id: a2, name: Lê Thị Hoa",
            "agencies/stc.yml:16 a2 is 'Lê Thị Hoa' here, but 'Lê Thị Bình' at",
        ),
        (
            "agencies/stc.yml",
            "{id: a2, name: Lê Thị Bình, title: Chuyên viên, kind: secondment, since: 2026-04-01",
            "{id: a9, name: Lê Thị Bình, title: Chuyên viên, kind: secondment, since: 2026-04-01",
            "agencies/stc.yml:16 a9 has no main post on 2026-04-01",
        ),
        (
            "policy.yml",
            'unit_addresses: {cite: Điều 1, form: "{unit}{n}@{domain}"}\n',
            "",
            "agencies/snv.yml:14 The unit's mailbox has no 'account'",
        ),
        (
            "policy.yml",
            "shared_folders: {cite: Điều 1, managers: manager, writers: clerk, readers: read}\n",
            "",
            "agencies/snv.yml:16 There are shared folders, but",
        ),
        (
            "policy.yml",
            '\n  - {cite: Điều 1, form: "{given}{initials}{n}@{domain}"}',
            "",
            "policy.yml:6 The last rule is not for all",
        ),
        ("policy.yml", "titles: [Chủ tịch], ", "", "policy.yml:7 Nothing comes to this rule"),
        (
            "policy.yml",
            '"{agency}.{root}"',
            '"{agency}@{root}"',
            "policy.yml:2 The form '{agency}@{root}' does not make domains",
        ),
        ("policy.yml", '["{number}"]', '["{unit}"]', "policy.yml:9 '{unit}' does not tell namesakes apart"),
    ],
)
def test_a_fault_of_dated_facts_is_found(write: Write, file: str, old: str, new: str, fault: str) -> None:
    text_ = FILES[file] or ""
    assert old in text_, "the test bends what is not there"
    found = faults(write({**FILES, file: text_.replace(old, new, 1)}))
    assert [one for one in found if one.startswith(fault)], found


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("binhltt: person:a2 since 2026-08-01", "binhltt: person:a2 since 2026-08-05", Fault.OTHER_DAY),
        ("binhltt: person:a2 since 2026-08-01", "binhltt: person:a2 retired", Fault.NO_LATER_ADDRESS),
        ("antv: person:a1", "antv: person:a1 again 2026-08-05", Fault.NO_REASON),
        ("binhlt: person:a2", "binhlt: person:a2 since 2026-08-01", Fault.SAME_DAY),
        ("binhlt: person:a2", "binhlt: person:a2 since 2026-02-30", Fault.BAD_DAY),
        ("antv: person:a1", "antv: person:a1 retired", Fault.NO_ADDRESS),
    ],
)
def test_a_fault_of_the_dated_lock_is_found(write: Write, old: str, new: str, fault: Fault) -> None:
    root = write(FILES)
    locked(root)
    path = root / "addresses/snv.thunghiem.gov.vn.yml"
    written = path.read_text(encoding="utf-8")
    assert f"{old}\n" in written
    path.write_text(written.replace(f"{old}\n", f"{new}\n"), encoding="utf-8")
    with pytest.raises(RegistryError) as caught:
        load(root)
    start = fault.message.partition("{")[0]
    assert [one for one in caught.value.problems if one.message.startswith(start) and start] or [
        one for one in caught.value.problems if fault.remedy.partition("{")[0] in one.remedy
    ], caught.value


def test_an_address_that_would_be_too_long_is_a_fault(write: Write) -> None:
    long = "Trần " + "Nghiêng " * 9 + "Nghiêng"
    policy = RULES.replace('"{given}{initials}{n}@{domain}"', '"{full}{n}@{domain}"')
    root = write({**FILES, "policy.yml": policy, "agencies/snv.yml": SNV.replace("Trần Văn An", long)})
    assert [one for one in faults(root) if one.startswith("agencies/snv.yml:22 No address can be made for person a1")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.dates(date(2019, 1, 1), date(2028, 1, 1)))
def test_on_every_day_the_estate_is_whole(province: Registry, day: date) -> None:
    desired = compile_desired(province, as_of=day, commit="")
    seen = {"ou=agencies,dc=thunghiem,dc=gov,dc=vn"}
    delivered: list[str] = []
    for found in desired.entries.values():
        assert found.dn.partition(",")[2] in seen, "a parent comes before what lies in it"
        assert set(found.attributes.get("mail", ())) <= set(found.attributes.get("mailLocalAddress", ()))
        delivered += found.attributes.get("mailLocalAddress", ())
        seen.add(found.dn)
    assert len(delivered) == len(set(delivered)), "no two entries share an address"
    people = [found for found in desired.entries.values() if found.kind is Kind.PERSON]
    counted = census(province, day)
    assert counted[Kind.PERSON] == len(people)
    assert counted[State.DISABLED] == sum(found.state is State.DISABLED for found in people)
    for kind in (Kind.AGENCY, Kind.ADMIN, Kind.UNIT, Kind.MAILBOX):
        assert counted[kind] == sum(found.kind is kind for found in desired.entries.values())


# An agency in whose file no day stands but people's own, so that only they are looked at.
SGD = """\
code: sgd
name: Sở Giáo dục
kind: department
decision: 1/QĐ
head: e1
clerks: [e6]
people:
  - {id: e1, name: Mai Thị Hạnh, title: Giám đốc, since: 2020-01-01, decision: 51/QĐ}
  - {id: e2, name: Mai Thị Lan, title: Chuyên viên, since: 2020-01-01, decision: 52/QĐ,
     absences: [{since: 2026-03-03, until: 2026-03-13, decision: 53/QĐ, reason: study}]}
  - {id: e3, name: Mai Văn Tú, title: Chuyên viên, since: 2020-01-01, decision: 54/QĐ, until: 2026-03-23,
     until_decision: 55/QĐ, ending: retirement}
  - {id: e4, name: Mai Văn Sơn, title: Chuyên viên, since: 2020-01-01, decision: 56/QĐ}
  - {id: e5, name: Mai Văn Hải, title: Chuyên viên, since: 2026-04-04, decision: 57/QĐ}
  - {id: e6, name: Mai Thị Vy, title: Văn thư, since: 2020-01-01, decision: 58/QĐ}
  - {id: e7, name: Mai Thị Yến, title: Chuyên viên, since: 2020-01-01, decision: 59/QĐ}
"""
# What others of its people do elsewhere, and what is shared with it.
LENT = "  - {id: e4, name: Mai Văn Sơn, title: Chuyên viên, kind: secondment, since: 2026-05-05, decision: 61/QĐ}\n"
SHARED = "{person: c1, until: 2026-09-01}, {agency: sgx, since: 2026-06-16}, {person: e7, since: 2026-06-06}]"


@pytest.fixture
def quiet_and_not(write: Write) -> Registry:
    """Return the province with two agencies more that nothing happens to, one of them given a folder on a day."""
    snv = SNV.replace("{person: c1, until: 2026-09-01}]", SHARED)
    other = SGD.replace("code: sgd", "code: sgx").replace("id: e", "id: f").replace("head: e", "head: f")
    files = {
        "agencies/snv.yml": snv,
        "agencies/skh.yml": SKH + LENT,
        "agencies/sgd.yml": SGD,
        "agencies/sgx.yml": other.replace("clerks: [e", "clerks: [f"),
    }
    return locked(write({**FILES, **files}))


def test_the_forecast_names_every_day_on_which_something_changes_and_no_other(quiet_and_not: Registry) -> None:
    first = date(2025, 12, 1)
    days = [first + timedelta(ahead) for ahead in range(800)]  # until the last mail of a leaver is gone
    states = [compile_desired(quiet_and_not, as_of=day, commit="").entries for day in days]
    changed = {
        day: found
        for (before, after), day in zip(pairwise(states), days[1:], strict=True)
        if (found := {id_ for id_, entry in after.items() if before.get(id_) != entry})
    }
    told: dict[date, set[str]] = {}
    for change in forecast(quiet_and_not, since=first, until=days[-1]):
        told.setdefault(change.day, set()).add(change.entry.id)
    assert told == changed
    assert all(before.keys() <= after.keys() for before, after in pairwise(states)), "nothing ever goes altogether"
    for day in sorted({*changed, *(day - timedelta(1) for day in changed)}):
        following = next((later for later in sorted(changed) if later > day), None)
        assert next_change(quiet_and_not, day) == following
        tomorrow = day + timedelta(1)
        coming = forecast(quiet_and_not, since=day, until=tomorrow)
        assert {change.entry.id for change in coming} == changed.get(tomorrow, set())


def test_the_forecast_tells_a_day_in_both_languages(province: Registry) -> None:
    coming = forecast(province, since=date(2027, 1, 31), until=date(2027, 2, 1))
    assert text(coming, until=date(2027, 2, 1)) == (
        "2027-02-01\n"
        "  person d1  Ngô Sơn: access ends; shared mailboxes skh:manager, stc:read → nothing; writes as "
        "skh@thunghiem.gov.vn → nothing; by 32/QĐ  agencies/skh.yml:10\n"
        "  person c1  Đỗ Minh Dũng: shared mailboxes nothing → skh:manager, stc:read; writes as nothing → "
        "skh@thunghiem.gov.vn; by 20/NQ  agencies/stc.yml:12"
    )
    assert text(coming, until=date(2027, 2, 1), language=Language.VIETNAMESE) == (
        "01/02/2027\n"
        "  cán bộ d1  Ngô Sơn: ngừng truy cập; hộp thư dùng chung skh:manager, stc:read → không có; gửi thư với tên "
        "skh@thunghiem.gov.vn → không có; theo 32/QĐ  agencies/skh.yml:10\n"
        "  cán bộ c1  Đỗ Minh Dũng: hộp thư dùng chung không có → skh:manager, stc:read; gửi thư với tên "
        "không có → skh@thunghiem.gov.vn; theo 20/NQ  agencies/stc.yml:12"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.ENGLISH, "Nothing changes by itself until 2027-03-01."),
        (Language.VIETNAMESE, "Từ nay đến hết ngày 01/03/2027 không có thay đổi nào tự diễn ra."),
    ],
)
def test_the_forecast_says_that_nothing_changes(language: Language, said: str) -> None:
    assert text([], until=date(2027, 3, 1), language=language) == said


def test_what_was_read_is_kept_and_what_changed_is_read_again(
    write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root, cache = write(FILES), tmp_path_factory.mktemp("cache") / "registry"
    first = locked(root)
    assert load(root, cache=cache) == first
    kept = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    assert load(root, cache=cache) == first
    assert {path.name: path.stat().st_mtime_ns for path in cache.iterdir()} == kept, "nothing is read or written twice"
    (root / "agencies/bvmt.yml").write_text(BVMT.replace("Chi cục Môi", "Cục Môi"), encoding="utf-8")
    assert load(root, cache=cache).agencies["bvmt"].on(date.max).name == "Cục Môi trường"
    (root / "agencies/bvmt.yml").write_text(BVMT.replace("head: c4", "head: c5"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RegistryError):
            load(root, cache=cache)
    for path in cache.iterdir():
        path.write_bytes(b"\x80")
    (root / "agencies/bvmt.yml").write_text(BVMT, encoding="utf-8")
    assert load(root, cache=cache) == first, "a damaged cache costs time and nothing else"


def test_a_process_with_threads_is_not_forked(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread could hold a lock for ever in the copy: Mitogen runs modules beside threads of its own."""
    registry = locked(write(FILES))
    monkeypatch.setattr(source, "MANY", 2)
    monkeypatch.setattr(source, "ProcessPoolExecutor", None)
    done = Event()
    thread = Thread(target=done.wait)
    thread.start()
    try:
        assert load(write(FILES), locked=False).agencies == registry.agencies
    finally:
        done.set()
        thread.join()
    with pytest.raises(TypeError, match="'NoneType' object is not callable"):
        load(write(FILES), locked=False)


def test_files_parsed_by_several_processes_come_to_the_same(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = locked(write(FILES))
    monkeypatch.setattr(source, "MANY", 2)
    assert load(write(FILES), locked=False).agencies == registry.agencies
    with pytest.raises(RegistryError, match=r"agencies/bvmt.yml:1:1: The key 'kind' is missing"):
        load(write({**FILES, "agencies/bvmt.yml": BVMT.replace("kind: agency\n", "")}), locked=False)


def test_a_cache_that_others_may_write_to_is_not_read(write: Write, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = tmp_path_factory.mktemp("open")
    cache.chmod(0o777)
    load(write(FILES), locked=False, cache=cache)
    assert list(cache.iterdir()) == []
