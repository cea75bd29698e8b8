"""The regulations' naming rules, as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.model import Origin, Policy, Post, Rule, Tie, Version
from ansible_collections.congvu.mail.plugins.module_utils.policy import (
    FORMS,
    LOCAL,
    Place,
    agency_addresses,
    fault_of_domain,
    fault_of_form,
    fault_of_mark,
    moment,
    person_addresses,
    size,
    unit_addresses,
)
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Write

HERE = Origin("agencies/a.yml", 1)


@pytest.fixture
def policy(write: Write) -> Policy:
    return load(write()).policy


def at(code: str, name: str, root: str = "x.vn", kind: str = "department", parent: str | None = None) -> Place:
    """Return the place that addresses are made for."""
    return Place(root, code, Version(None, name, "1/QĐ", HERE, kind=kind, parent=parent))


def person(policy: Policy, form: str, name: str, place: Place, unit: str | None = None) -> Iterator[str]:
    """Yield addresses made by one form."""
    return person_addresses(replace(policy, person_addresses=(Rule(form, "Điều 1"),)), post(name, unit=unit), place)


def post(name: str, title: str = "Chuyên viên", unit: str | None = None, given: str = "") -> Post:
    """Return a post of somebody."""
    return Post(
        since=date(2026, 1, 1),
        until=None,
        person="tn01",
        name=name,
        given=given or name.rsplit(" ", maxsplit=1)[-1],
        agency="a",
        unit=unit,
        title=title,
        tie=Tie.MAIN,
        decision="1/QĐ",
        until_decision="",
        ending=None,
        absences=(),
        continues=False,
        origin=HERE,
    )


VPUBND = at("vpubnd", "Văn phòng UBND tỉnh", "daklak.gov.vn")
WARD = at("thanhnhat", "UBND phường Thành Nhất", "tphcm.gov.vn", "commune", "buonmathuot")


@pytest.mark.parametrize(
    ("form", "place", "expected"),
    [
        # TTH Điều 4: tencanbocongchuc@
        ("{full}{n}@{root}", VPUBND, "tranvannam@daklak.gov.vn"),
        # HD Điều 2.4: words parted by dots
        ("{dotted}{n}@{root}", VPUBND, "tran.van.nam@daklak.gov.vn"),
        # DL Điều 5.2.c: given name and initials, a subdomain for each organisation; the regulation's own example
        ("{given}{initials}{n}@{agency}.{root}", VPUBND, "namtv@vpubnd.daklak.gov.vn"),
        # BT Điều 5: a suffix before the '@'
        ("{full}{n}.binhtan@{root}", WARD, "tranvannam.binhtan@tphcm.gov.vn"),
        ("{initials}{given}{n}.{place}.bt@{root}", WARD, "tvnam.thanhnhat.bt@tphcm.gov.vn"),
        ("{family}.{given}{n}@{parent}.{domain}", WARD, "tran.nam@buonmathuot.tphcm.gov.vn"),
    ],
)
def test_a_form_makes_a_persons_address(policy: Policy, form: str, place: Place, expected: str) -> None:
    assert fault_of_form(form, FORMS["person_addresses"]) is None
    assert next(person(policy, form, "Trần Văn Nam", place)) == expected


@pytest.mark.parametrize(
    ("form", "namesakes", "expected"),
    [
        ("{full}{n}@x.vn", ("{number}",), ["levan", "levan2", "levan3", "levan4"]),
        ("{full}{n}@x.vn", ("{letter}",), ["levan", "levana", "levanb", "levanc"]),
        ("{full}{n}.bt@x.vn", ("{number}",), ["levan.bt", "levan2.bt", "levan3.bt", "levan4.bt"]),
        ("{full}{n}@x.vn", (".{unit}", "{number}"), ["levan", "levan.th", "levan2", "levan3"]),
        ("{full}{n}@x.vn", ("{unit}", "{unit}{letter}", "{number}"), ["levan", "levanth", "levantha", "levanthb"]),
    ],
)
def test_namesakes_are_told_apart(policy: Policy, form: str, namesakes: tuple[str, ...], expected: list[str]) -> None:
    rule = replace(policy, namesakes=namesakes)
    found = islice(person(rule, form, "Lê Văn", at("a", "Sở"), "th"), 4)
    assert [address.partition("@")[0] for address in found] == expected


def test_who_is_in_no_unit_is_told_apart_without_one(policy: Policy) -> None:
    rule = replace(policy, namesakes=(".{unit}", "{number}"))
    assert list(islice(person(rule, "{full}{n}@x.vn", "An", at("a", "Sở")), 2)) == ["an@x.vn", "an2@x.vn"]


def test_the_letters_go_on_after_z(policy: Policy) -> None:
    rule = replace(policy, namesakes=("{letter}",))
    found = list(islice(person(rule, "{full}{n}@x.vn", "An", at("a", "Sở")), 30))
    assert found[26:29] == ["anz@x.vn", "anaa@x.vn", "anab@x.vn"]


def test_a_reserved_address_is_nobodys(policy: Policy) -> None:
    rule = replace(policy, reserved=frozenset({"an", "an2"}))
    assert next(person(rule, "{full}{n}@x.vn", "An", at("a", "Sở"))) == "an3@x.vn"


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("Trần Văn Nam", "Nam", "namtv tran"),
        ("Y Bhĩm Niê", "Bhĩm", "bhimyn nie"),
        ("H'Hen Niê Kđăm", "H'Hen", "hhennk kdam"),
        ("An Văn An", "An", "anav an"),
        ("An", "An", "an an"),
        ("Đặng Ngọc Anh", "Ngọc Anh", "ngocanhd dang"),
    ],
)
def test_a_given_name_may_stand_before_the_family_name(policy: Policy, name: str, given: str, expected: str) -> None:
    """DL Điều 5.2.c says `Tên`: with the Ê Đê the family name comes last."""
    rule = replace(policy, person_addresses=(Rule("{given}{initials}{n}-{family}@x.vn", "DL Điều 5.2.c"),))
    address = next(person_addresses(rule, post(name, given=given), at("a", "Sở")))
    assert address == f"{expected.replace(' ', '-')}@x.vn"


def test_what_is_longer_than_the_protocol_allows_is_not_offered(policy: Policy) -> None:
    """RFC 5321, section 4.5.3.1.1: at most 64 octets before the '@'."""
    name = " ".join(["Nghiêng"] * 10)
    assert list(person(policy, "{full}{n}@x.vn", name, at("a", "Sở"))) == []
    assert next(person(policy, "{given}{initials}{n}@x.vn", name, at("a", "Sở"))) == "nghiengnnnnnnnnn@x.vn"


def test_of_several_rules_the_first_that_fits_holds(policy: Policy) -> None:
    leaders = Rule("{full}{n}@{root}", "DL Điều 5.2.a", agencies=frozenset({"ubnd"}), titles=frozenset({"Chủ tịch"}))
    wards = Rule("{given}{n}@{parent}.{root}", "DL Điều 5.2.c", kinds=frozenset({"commune"}))
    others = Rule("{given}{initials}{n}@{agency}.{root}", "DL Điều 5.2.c")
    rule = replace(policy, person_addresses=(leaders, wards, others))
    table = [
        ("Chủ tịch", at("ubnd", "UBND tỉnh"), "tranvannam@x.vn"),
        ("Chuyên viên", at("ubnd", "UBND tỉnh"), "namtv@ubnd.x.vn"),
        ("Chủ tịch", at("thanhnhat", "UBND phường Thành Nhất", kind="commune", parent="bmt"), "nam@bmt.x.vn"),
        ("Chủ tịch", at("sttt", "Sở"), "namtv@sttt.x.vn"),
    ]
    for title, place, expected in table:
        assert next(person_addresses(rule, post("Trần Văn Nam", title), place)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Hội Chữ Thập đỏ", "hctd@x.vn"),
        ("Sở Lao động, Thương binh và Xã hội", "sldtbvxh@x.vn"),
        ("Trường Tiểu học số 2", "tths2@x.vn"),
    ],
)
def test_an_agency_without_a_printed_account_gets_its_initials(policy: Policy, name: str, expected: str) -> None:
    assert next(agency_addresses(policy, at("a", name))) == expected


def test_a_unit_is_below_its_agencys_domain(policy: Policy) -> None:
    """DL Điều 5.2.c: phongcntt@<agency>, where the rule wins over the example's `@tttt.`."""
    rule = replace(
        policy,
        agency_domains=(Rule("{agency}.{root}", "DL Điều 5.1"),),
        unit_addresses=(Rule("{unit}{n}@{domain}", "DL Điều 5.2.c"),),
    )
    version = Version(None, "Phòng Công nghệ thông tin", "1/QĐ", HERE)
    place = at("sttt", "Sở Thông tin và Truyền thông", "daklak.gov.vn")
    assert next(unit_addresses(rule, "phongcntt", version, place)) == "phongcntt@sttt.daklak.gov.vn"
    assert list(unit_addresses(policy, "phongcntt", version, place)) == [], "no rule, no address"


@pytest.mark.parametrize(
    ("form", "last", "fault"),
    [
        ("{letter}", True, None),
        (".{unit}", False, None),
        ("{unit}{number}", True, "the last one needs {letter} or {number}, and not {unit}, so that"),
        ("x", True, "the last one needs {letter} or {number}, and not {unit}, so that"),
        ("{full}", False, "'{full}' is not a part"),
        (" {letter}", True, "it gives ' a'"),
        ("{letter}.", True, "it gives 'a.'"),
    ],
)
def test_what_tells_namesakes_apart_never_ends(form: str, last: bool, fault: str | None) -> None:  # noqa: FBT001 -- a column
    found = fault_of_mark(form, last=last)
    assert str(found).startswith(str(fault))


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ("{agency}.{root}", None),
        ("{parent}.{root}", None),
        ("{domain}", "'{domain}' is not a part"),
        ("{agency}@{root}", "it gives 'buonmathuot-thanhnhat@daklak.gov.vn'"),
        ("{agency", "its braces do not match"),
    ],
)
def test_the_form_of_a_domain_makes_a_domain(form: str, fault: str | None) -> None:
    assert str(fault_of_domain(form)) == str(fault)


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ("{full}{n}", "it needs one '@' and, before it, one {n} to tell namesakes apart"),
        ("{full}@{domain}", "it needs one '@' and, before it, one {n} to tell namesakes apart"),
        ("{full}@{n}.{domain}", "it needs one '@' and, before it, one {n} to tell namesakes apart"),
        ("{full}{n}@{domain}@x", "it needs one '@' and, before it, one {n} to tell namesakes apart"),
        ("{name}{n}@{domain}", "'{name}' is not a part"),
        ("{full.x}{n}@{domain}", "'{full.x}' is not a part"),
        ("{full!r}{n}@{domain}", "'{full}' is not a part"),
        ("{full{n}@{domain}", "its braces do not match"),
        ("{full}{n}.@{domain}", "it gives 'tranvannam.@buonmathuot.daklak.gov.vn'"),
        ("{full} {n}@{domain}", "it gives 'tranvannam @buonmathuot.daklak.gov.vn'"),
    ],
)
def test_a_form_that_makes_no_address_is_refused(form: str, fault: str) -> None:
    assert str(fault_of_form(form, FORMS["person_addresses"])) == fault


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.sampled_from("aăâđếởựýHT'-"), min_size=1, max_size=8), min_size=1, max_size=5))
def test_every_candidate_is_a_fresh_address(policy: Policy, spelt: list[str]) -> None:
    name = " ".join(["An", *spelt])
    found = list(islice(person(policy, "{full}{n}@x.vn", name, at("a", "Sở")), 5))
    assert len(set(found)) == 5
    assert all(LOCAL.fullmatch(address.partition("@")[0]) for address in found)


@pytest.mark.parametrize(("text", "expected"), [("500 MiB", 524288000), ("2 GiB", 2147483648), ("1 TiB", 2**40)])
def test_a_size_is_a_number_of_bytes(text: str, expected: int) -> None:
    assert size(text) == expected


def test_a_civil_day_begins_before_it_does_in_greenwich() -> None:
    assert moment(date(2027, 7, 1), ZoneInfo("Asia/Ho_Chi_Minh")) == "20270630170000Z"
