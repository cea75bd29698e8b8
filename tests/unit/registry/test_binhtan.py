"""The registry of Bình Tân gives the addresses that decision 7600/QĐ-UBND asks for, as people come, move and go."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.allocate import allocate
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired, headless
from ansible_collections.congvu.mail.plugins.module_utils.model import Ending, Kind, Reason, State, Tie
from ansible_collections.congvu.mail.plugins.module_utils.source import load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.congvu.mail.plugins.module_utils.model import Entry, Registry

    On = Callable[[str], Mapping[str, Entry]]

REGISTRY = Path(__file__).parents[3] / "inventories/binhtan/registry"
TODAY = "2026-11-22"
LOOKED_AT = date(2026, 1, 1), date(2028, 1, 1)  # where each agency is to have a head from day to day
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


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load(REGISTRY)


@pytest.fixture(scope="module")
def on(registry: Registry) -> On:
    """Return the directory's entries of a day, by id."""

    @cache
    def entries(day: str) -> Mapping[str, Entry]:
        return compile_desired(registry, as_of=date.fromisoformat(day), commit="").entries

    return entries


def address(entry: Entry) -> str:
    (mail,) = entry.attributes["mail"]
    return mail


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


def test_every_rule_cites_an_article(registry: Registry) -> None:
    assert all(re.match(r"BT Điều [0-9]", cite) for cite in registry.policy.cites.values())


def test_every_agency_has_a_head_on_every_day(registry: Registry) -> None:
    first, last = LOOKED_AT
    days = (first + timedelta(ahead) for ahead in range(0, (last - first).days, 7))
    assert {day.isoformat(): found for day in days if (found := headless(registry, day))} == {}
    turning = ("2026-12-31", "2027-01-01", "2027-01-04", "2027-01-31", "2027-02-01")
    assert [day for day in turning if headless(registry, date.fromisoformat(day))] == []


def test_the_lock_holds_everyone(registry: Registry) -> None:
    assert allocate(registry) == {}


def test_the_people_are_many_and_said_to_be_invented(registry: Registry) -> None:
    assert registry.estate.synthetic
    assert 150 <= len(registry.persons) <= 170
    assert 25 <= len(registry.agencies) <= 35


def test_life_in_the_district_takes_all_its_forms(registry: Registry) -> None:
    posts = [post for held in (*registry.persons.values(), *registry.seconds.values()) for post in held]
    assert {post.ending for post in posts} >= set(Ending)
    assert {post.tie for post in posts} == set(Tie)
    assert {absence.reason for post in posts for absence in post.absences} >= {Reason.MATERNITY, Reason.STUDY}
    assert any(agency.successor for agency in registry.agencies.values())
    assert any(agency.since for agency in registry.agencies.values())
    assert any(len(agency.versions) > 1 for agency in registry.agencies.values())
    careers = (pairwise(held) for held in registry.persons.values())
    assert any(one.until and one.until < other.since for career in careers for one, other in career), "a return"
