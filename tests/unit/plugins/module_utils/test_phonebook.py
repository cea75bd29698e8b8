"""Who stands in the public directory, and who does not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.phonebook import Office, Part, Phonebook, phonebook
from ansible_collections.congvu.mail.plugins.module_utils.source import load

from .conftest import POLICY

if TYPE_CHECKING:
    from .conftest import Write

DAY = date(2026, 11, 22)
AWAY = ", absences: [{{since: 2026-11-01, until: 2027-05-01, reason: study, decision: 5/QĐ{deputy}}}]"
ALL = "[units, title, unit, address]"

# Người đứng đầu An, cấp phó Bình, văn thư Chi, trưởng phòng Dũng có hộp thư phòng, chuyên viên Em.
SNV = """\
code: snv
name: Sở Nội vụ
kind: department
number: 2
decision: 01/QĐ-UB
head: {head}
deputies: [{deputies}]
clerks: [{clerks}]
units:
  vp: Văn phòng
  tccb:
    name: Phòng Tổ chức cán bộ
    mailbox: {{account: tccb@thunghiem.gov.vn, head: tn04}}
  cu: {{name: Phòng Cũ, until: 2026-01-01, until_decision: 2/QĐ}}
people:
  - {{id: tn01, name: Nguyễn Văn An, title: Giám đốc, since: 2020-01-01, decision: 10/QĐ-UB,
     changes: [{{since: 2027-01-01, decision: 6/QĐ, name: Nguyễn Minh An}}]{an}}}
  - {{id: tn02, name: Lê Thị Bình, title: Phó Giám đốc, since: 2020-01-01, decision: 10/QĐ-UB}}
  - {{id: tn03, name: Trần Thị Chi, unit: vp, title: Văn thư, since: 2020-01-01, decision: 10/QĐ-UB}}
  - {{id: tn04, name: Phạm Văn Dũng, unit: tccb, title: Trưởng phòng, since: 2020-01-01, decision: 10/QĐ-UB}}
  - {{id: tn05, name: Hồ Thị Em, unit: tccb, title: Chuyên viên, since: 2020-01-01, decision: 10/QĐ-UB}}
"""
STC = """\
code: stc
name: Sở Tài chính
kind: department
number: 1
decision: 01/QĐ-UB
head: tn06
people:
  - {id: tn06, name: Đỗ Văn Giang, title: Giám đốc, since: 2020-01-01, decision: 12/QĐ-UB}
  - {id: tn05, name: Hồ Thị Em, title: Phó Giám đốc, since: 2020-01-01, kind: concurrent, decision: 12/QĐ-UB}
"""
TRUNGTAM = """\
code: tt
name: Trung tâm Lưu trữ
kind: centre
parent: snv
decision: 01/QĐ-UB
head: tn07
people:
  - {id: tn07, name: Vũ Văn Hải, title: Giám đốc Trung tâm, since: 2020-01-01, decision: 12/QĐ-UB}
"""
LOCK = """\
an: person:tn01
an.nguyen: person:tn01 since 2027-01-01
binh: person:tn02
chi: person:tn03
dung: person:tn04
em: person:tn05
giang: person:tn06
hai: person:tn07
snv: mailbox:snv
stc: mailbox:stc
tccb: mailbox:snv-tccb
trungtam: mailbox:tt
"""


def book(write: Write, site: str, day: date = DAY, **said: str) -> Phonebook | None:
    """Return the book of the small province under a ``directory_site``, with a few facts of Sở Nội vụ replaced."""
    facts = {"head": "tn01", "deputies": "tn02", "clerks": "tn03", "an": "", **said}
    policy = f"{POLICY}standing_in: {{cite: Điều 4, right: manager}}\n"
    policy += f"directory_site: {{cite: Điều 8, {site}}}\n" if site else ""
    files: dict[str, str | None] = {
        "policy.yml": policy,
        "agencies/snv.yml": SNV.format(**facts),
        "agencies/stc.yml": STC,
        "agencies/tt.yml": TRUNGTAM,
        "addresses/thunghiem.gov.vn.yml": LOCK,
    }
    return phonebook(load(write(files)), day)


def office(found: Phonebook | None, code: str) -> Office:
    assert found is not None
    (one,) = (one for one in found.offices if one.code == code)
    return one


def named(one: Office) -> list[str]:
    return [official.name.split(" ")[-1] for official in one.officials]


def test_without_a_word_in_the_policy_nothing_is_published(write: Write) -> None:
    assert book(write, "") is None


@pytest.mark.parametrize(
    ("rules", "snv", "stc"),
    [
        ("", [], []),
        ("roles: [head]", ["An"], ["Giang"]),
        ("roles: [head, deputies]", ["An", "Bình"], ["Giang"]),
        ("roles: [deputies, head]", ["Bình", "An"], ["Giang"]),
        ("roles: [clerks]", ["Chi"], []),
        ("unit_roles: [head]", ["Dũng"], []),
        ("roles: [head], unit_roles: [head]", ["An", "Dũng"], ["Giang"]),
        ("titles: [Phó Giám đốc]", ["Bình"], ["Em"]),
        ("titles: [Phó Giám đốc, Giám đốc]", ["Bình", "An"], ["Em", "Giang"]),
        ("roles: [head], titles: [Giám đốc, Phó Giám đốc]", ["An", "Bình"], ["Giang", "Em"]),
        ("titles: [Giám]", [], []),
    ],
    ids=lambda value: value if isinstance(value, str) else ",".join(value),
)
def test_the_policy_says_by_role_or_title_who_is_named(
    write: Write, rules: str, snv: list[str], stc: list[str]
) -> None:
    found = book(write, f"agencies: all, fields: {ALL}" + (f", {rules}" if rules else ""))
    assert (named(office(found, "snv")), named(office(found, "stc"))) == (snv, stc)


@pytest.mark.parametrize(
    ("facts", "day", "names"),
    [
        ({"head": "[{person: tn04, until: 2026-11-23}, {person: tn01, since: 2026-11-23}]"}, DAY, ["Dũng", "Bình"]),
        (
            {"head": "[{person: tn04, until: 2026-11-22}, {person: tn01, since: 2026-11-22}]"},
            DAY,
            ["An", "Bình"],
        ),
        ({"deputies": "{person: tn02, since: 2027-01-01}"}, DAY, ["An"]),
        ({"an": AWAY.format(deputy="")}, DAY, ["Bình"]),
        (
            {"an": ", absences: [{since: 2026-11-01, until: 2026-11-22, reason: study, decision: 5/QĐ}]"},
            DAY,
            ["An", "Bình"],
        ),
        (
            {"deputies": "tn03, tn02", "clerks": "tn05", "an": AWAY.format(deputy=", deputy: tn02")},
            DAY,
            ["Bình", "Chi"],
        ),
        (
            {"head": "[{person: tn01, until: 2027-01-01}, {person: tn02, since: 2027-01-01}]", "deputies": "tn04"},
            date(2027, 1, 1),
            ["Bình", "Dũng"],
        ),
    ],
    ids=[
        "the next head is not there yet",
        "the new head is",
        "a deputy to come is not",
        "nobody on long leave acts",
        "whoever is back does",
        "whoever stands in for the head comes first",
        "a deputy may be head later",
    ],
)
def test_the_day_decides_who_holds_a_role(write: Write, facts: dict[str, str], day: date, names: list[str]) -> None:
    found = book(write, f"agencies: all, roles: [head, deputies], fields: {ALL}", day, **facts)
    assert named(office(found, "snv")) == names


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("[title]", ("Trưởng phòng", "", "")),
        ("[unit]", ("", "Phòng Tổ chức cán bộ", "")),
        ("[address]", ("", "", "dung@thunghiem.gov.vn")),
        ("[units]", ("", "", "")),
        (ALL, ("Trưởng phòng", "Phòng Tổ chức cán bộ", "dung@thunghiem.gov.vn")),
    ],
)
def test_the_policy_says_what_is_told_of_somebody(write: Write, fields: str, told: tuple[str, str, str]) -> None:
    (official,) = office(book(write, f"agencies: all, unit_roles: [head], fields: {fields}"), "snv").officials
    assert (official.title, official.unit, official.address) == told
    assert (official.name, official.family, official.given) == ("Phạm Văn Dũng", "Phạm", "Dũng")


def test_units_that_there_are_stand_with_their_addresses(write: Write) -> None:
    units = office(book(write, "agencies: all, fields: [units]"), "snv").units
    assert units == (Part("Văn phòng", ""), Part("Phòng Tổ chức cán bộ", "tccb@thunghiem.gov.vn"))
    assert office(book(write, "agencies: all, fields: [title]"), "snv").units == ()


def test_the_address_is_the_one_of_the_day(write: Write) -> None:
    for day, address in ((DAY, "an@thunghiem.gov.vn"), (date(2027, 1, 1), "an.nguyen@thunghiem.gov.vn")):
        (official,) = office(book(write, "agencies: all, roles: [head], fields: [address]", day), "snv").officials
        assert official.address == address


def test_agencies_stand_by_kind_and_number_below_their_parents(write: Write) -> None:
    found = book(write, "agencies: all, fields: [title]")
    assert found is not None
    assert [(one.code, one.parent) for one in found.offices] == [("stc", ""), ("snv", ""), ("tt", "snv")]


def test_only_the_kinds_that_the_policy_names_are_there(write: Write) -> None:
    found = book(write, "agencies: [centre, commune], roles: [head], fields: [title]")
    assert found is not None
    assert [(one.code, one.parent, named(one)) for one in found.offices] == [("tt", "", ["Hải"])]


def test_an_agency_that_has_ended_is_gone(write: Write) -> None:
    gone = "until: 2026-11-22\nuntil_decision: 9/QĐ\nsuccessor: snv\n"
    files: dict[str, str | None] = {
        "policy.yml": f"{POLICY}directory_site: {{cite: Điều 8, agencies: all, roles: [head], fields: [title]}}\n",
        "agencies/snv.yml": SNV.format(head="tn01", deputies="tn02", clerks="tn03", an=""),
        "agencies/stc.yml": STC.replace("head:", f"{gone}head:"),
        "agencies/tt.yml": TRUNGTAM,
        "addresses/thunghiem.gov.vn.yml": LOCK,
    }
    registry = load(write(files))
    for day, codes in ((date(2026, 11, 21), ["stc", "snv", "tt"]), (DAY, ["snv", "tt"])):
        found = phonebook(registry, day)
        assert found is not None
        assert [one.code for one in found.offices] == codes
