"""The registry of Bình Tân gives the addresses that decision 7600/QĐ-UBND asks for, as people come, move and go."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind, State

from .estates import TODAY, address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.congvu.mail.plugins.module_utils.model import Entry, Registry

    from .estates import On

ESTATE = "binhtan"
WARDS = {
    "anlac": "An Lạc",
    "anlaca": "An Lạc A",
    "binhhunghoa": "Bình Hưng Hòa",
    "binhhunghoaa": "Bình Hưng Hòa A",
    "binhhunghoab": "Bình Hưng Hòa B",
    "binhtridong": "Bình Trị Đông",
    "binhtridonga": "Bình Trị Đông A",
    "binhtridongb": "Bình Trị Đông B",
    "tantao": "Tân Tạo",
    "tantaoa": "Tân Tạo A",
}


def who(entries: Mapping[str, Entry], name: str) -> list[str]:
    """Return the addresses of those who bear a name, in order."""
    return sorted(address(entry) for entry in entries.values() if entry.attributes.get("displayName") == (name,))


def test_the_ten_wards_are_agencies_of_the_district(registry: Registry) -> None:
    wards = {code: agency.on(date(2026, 1, 1)) for code, agency in registry.agencies.items()}
    assert {code: ward.name.removeprefix("UBND phường ") for code, ward in wards.items() if ward.kind == "commune"} == (
        WARDS
    )
    assert all(wards[code].parent == "ubnd" for code in WARDS)


@pytest.mark.parametrize(
    ("agency", "expected"),
    [
        ("ubnd", "ubnd.binhtan@tphcm.gov.vn"),
        ("vpubnd", "vpubnd.binhtan@tphcm.gov.vn"),
        ("pnv", "pnv.binhtan@tphcm.gov.vn"),
        ("anlac", "anlac.binhtan@tphcm.gov.vn"),
        ("anlaca", "anlaca.binhtan@tphcm.gov.vn"),
        ("binhhunghoab", "binhhunghoab.binhtan@tphcm.gov.vn"),
    ],
)
def test_agencies_and_wards_have_addresses_of_the_district(on: On, agency: str, expected: str) -> None:
    assert address(on(TODAY)[f"mailbox:{agency}"]) == expected


def test_whoever_is_in_a_ward_has_its_name_in_the_address_and_nobody_else_has(registry: Registry, on: On) -> None:
    forms = {True: r"[a-z]+[0-9]*\.{ward}\.bt@tphcm\.gov\.vn", False: r"[a-z]+[0-9]*\.binhtan@tphcm\.gov\.vn"}
    for day in (TODAY, "2027-06-01"):
        for entry in on(day).values():
            if entry.kind is not Kind.PERSON or entry.state is not State.ACTIVE:
                continue
            (post,) = [
                post for post in registry.persons[entry.id.partition(":")[2]] if post.covers(date.fromisoformat(day))
            ]
            form = forms[post.agency in WARDS].replace("{ward}", post.agency)
            assert re.fullmatch(form, address(entry)), entry.id


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Nguyễn Văn Hùng", ["nvhung.binhhunghoaa.bt@tphcm.gov.vn", "nvhung.binhtan@tphcm.gov.vn"]),
        ("Nguyễn Vĩnh Hùng", ["nvhung2.binhtan@tphcm.gov.vn"]),
        ("Trần Thị Thảo", ["ttthao.anlac.bt@tphcm.gov.vn"]),
        ("Trịnh Thanh Thảo", ["ttthao2.anlac.bt@tphcm.gov.vn"]),
        ("Nguyễn Thị Ngọc Hân", ["ntnhan.binhhunghoa.bt@tphcm.gov.vn", "ntnhan2.binhhunghoa.bt@tphcm.gov.vn"]),
    ],
)
def test_namesakes_are_told_apart_within_a_ward_or_the_district(on: On, name: str, expected: list[str]) -> None:
    assert who(on(TODAY), name) == expected


@pytest.mark.parametrize(
    ("person", "day", "old", "new"),
    [
        ("bt00119", "2026-12-01", "ttthao.anlac.bt", "ttthao.binhtan"),  # from a ward to the district
        ("bt00063", "2027-01-01", "dhphong.binhtan", "dhphong.binhtridong.bt"),  # from the district to a ward
        ("bt00059", "2026-10-15", "hnphuong.binhtan", "hnphuong.tantaoa.bt"),
        ("bt00021", "2026-12-05", "nttthao.binhtan", "nttthuy.binhtan"),  # under another name
    ],
)
def test_a_move_or_another_name_changes_the_address_and_the_old_one_is_delivered_for_the_term(
    registry: Registry, on: On, person: str, day: str, old: str, new: str
) -> None:
    first = date.fromisoformat(day)
    term = registry.policy.former_days
    id_ = f"person:{person}"

    def at(offset: int) -> Entry:
        return on((first + timedelta(offset)).isoformat())[id_]

    was, becomes = f"{old}@tphcm.gov.vn", f"{new}@tphcm.gov.vn"
    assert address(at(-1)) == was
    assert address(at(0)) == becomes
    assert was in at(term - 1).attributes["mailLocalAddress"]
    assert at(term).attributes["mailLocalAddress"] == (becomes,)


def test_the_office_runs_the_committees_mailbox_and_the_leaders_read_it(on: On) -> None:
    holders = defaultdict(set)
    for entry in on(TODAY).values():
        for mailbox, _, level in (right.partition(":") for right in entry.attributes.get("congvuAccess", ())):
            if mailbox == "ubnd":
                holders[level].add(entry.id.partition(":")[2])
    assert holders == {
        "manager": {"bt00005"},
        "clerk": {"bt00008", "bt00009"},
        "read": {"bt00001", "bt00002", "bt00003", "bt00004"},
    }


def test_nobody_has_two_mailboxes(on: On) -> None:
    mails = Counter(address(entry) for entry in on(TODAY).values() if entry.attributes.get("mail"))
    assert max(mails.values()) == 1


def test_passwords_are_as_article_6_says(registry: Registry) -> None:
    passwords = registry.policy.passwords
    assert (passwords.length, passwords.upper, passwords.lower, passwords.special) == (8, 1, 1, 1)
    assert passwords.change_at_first_sign_in
    assert registry.policy.cites["passwords"] == "BT Điều 6"


def test_the_people_are_many(registry: Registry) -> None:
    assert 150 <= len(registry.persons) <= 170
    assert 25 <= len(registry.agencies) <= 35


def test_agencies_and_careers_take_all_their_forms(registry: Registry) -> None:
    assert any(agency.successor for agency in registry.agencies.values())
    assert any(agency.since for agency in registry.agencies.values())
    assert any(len(agency.versions) > 1 for agency in registry.agencies.values())
    careers = (pairwise(held) for held in registry.persons.values())
    assert any(one.until and one.until < other.since for career in careers for one, other in career), "a return"
