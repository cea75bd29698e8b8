"""The regulations' naming rules, as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.model import Policy, Sequence
from ansible_collections.congvu.mail.plugins.module_utils.policy import (
    ACCOUNT_PARTS,
    LOCAL,
    PERSON_PARTS,
    account_addresses,
    fault_of_form,
    person_addresses,
    retain_until,
    size,
)
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from .conftest import Write


@pytest.fixture
def policy(write: Write) -> Policy:
    return load(write()).policy


@pytest.mark.parametrize(
    ("form", "domain", "expected"),
    [
        # TTH Điều 4: tencanbocongchuc@
        ("{full}{n}@{domain}", "thuathienhue.gov.vn", "tranvannam@thuathienhue.gov.vn"),
        # HD Điều 2.4: words parted by dots
        ("{dotted}{n}@{domain}", "haiduong.gov.vn", "tran.van.nam@haiduong.gov.vn"),
        # DL Điều 5.2.c: given name and initials, a subdomain for each organisation; the regulation's own example
        ("{given}{initials}{n}@{agency}.{domain}", "daklak.gov.vn", "namtv@vpubnd.daklak.gov.vn"),
        # BT Điều 5: a suffix before the '@'
        ("{full}{n}.binhtan@{domain}", "tphcm.gov.vn", "tranvannam.binhtan@tphcm.gov.vn"),
        ("{full}{n}.{agency}.bt@{domain}", "tphcm.gov.vn", "tranvannam.vpubnd.bt@tphcm.gov.vn"),
    ],
)
def test_a_form_makes_a_persons_address(policy: Policy, form: str, domain: str, expected: str) -> None:
    assert fault_of_form(form, PERSON_PARTS) is None
    candidates = person_addresses(replace(policy, person_form=form), "Trần Văn Nam", agency="vpubnd", domain=domain)
    assert next(candidates) == expected


@pytest.mark.parametrize(
    ("form", "namesakes", "expected"),
    [
        ("{full}{n}@x.vn", Sequence.NUMBERS, ["levan@x.vn", "levan2@x.vn", "levan3@x.vn"]),
        ("{full}{n}@x.vn", Sequence.LETTERS, ["levan@x.vn", "levana@x.vn", "levanb@x.vn"]),
        ("{full}{n}.bt@x.vn", Sequence.NUMBERS, ["levan.bt@x.vn", "levan2.bt@x.vn", "levan3.bt@x.vn"]),
    ],
)
def test_namesakes_are_told_apart(policy: Policy, form: str, namesakes: Sequence, expected: list[str]) -> None:
    rule = replace(policy, person_form=form, namesakes=namesakes)
    assert list(islice(person_addresses(rule, "Lê Văn", agency="a", domain="x.vn"), 3)) == expected


def test_the_letters_go_on_after_z(policy: Policy) -> None:
    rule = replace(policy, namesakes=Sequence.LETTERS)
    found = list(islice(person_addresses(rule, "An", agency="a", domain="x.vn"), 30))
    assert found[26:29] == ["anz@x.vn", "anaa@x.vn", "anab@x.vn"]


def test_a_reserved_address_is_nobodys(policy: Policy) -> None:
    rule = replace(policy, reserved=frozenset({"an", "an2"}))
    assert next(person_addresses(rule, "An", agency="a", domain="x.vn")) == "an3@x.vn"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Hội Chữ Thập đỏ", "hctd@x.vn"),
        ("Sở Lao động, Thương binh và Xã hội", "sldtbvxh@x.vn"),
        ("Trường Tiểu học số 2", "tths2@x.vn"),
    ],
)
def test_an_agency_without_a_printed_account_gets_its_initials(policy: Policy, name: str, expected: str) -> None:
    assert fault_of_form(policy.account_form, ACCOUNT_PARTS) is None
    assert next(account_addresses(policy, name, agency="a", domain="x.vn")) == expected


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
        ("{full}{n}.@{domain}", "it gives 'tranvannam.@example.vn'"),
        ("{full} {n}@{domain}", "it gives 'tranvannam @example.vn'"),
    ],
)
def test_a_form_that_makes_no_address_is_refused(form: str, fault: str) -> None:
    assert fault_of_form(form, PERSON_PARTS) == fault


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.sampled_from("aăâđếởựýHT'-"), min_size=1, max_size=8), min_size=1, max_size=6))
def test_every_candidate_is_a_fresh_address(policy: Policy, spelt: list[str]) -> None:
    name = " ".join(["An", *spelt])
    found = list(islice(person_addresses(policy, name, agency="a", domain="x.vn"), 5))
    assert len(set(found)) == 5
    assert all(LOCAL.fullmatch(address.partition("@")[0]) for address in found)


@pytest.mark.parametrize(("text", "expected"), [("500 MiB", 524288000), ("2 GiB", 2147483648), ("1 TiB", 2**40)])
def test_a_size_is_a_number_of_bytes(text: str, expected: int) -> None:
    assert size(text) == expected


def test_mail_is_retained_to_the_end_of_the_civil_day(policy: Policy) -> None:
    assert retain_until(policy, date(2026, 7, 1), ZoneInfo("Asia/Ho_Chi_Minh")) == "20270630170000Z"
