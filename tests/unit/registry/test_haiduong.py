"""The registry of Hải Dương spells addresses and shares folders as decision 10/2018 asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind, State

from .estates import TODAY, address, agencies_that_say, receivers

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

    from .estates import On

ESTATE = "haiduong"
DOMAIN = "haiduong.gov.vn"
NAMED = {"congan", "skhdt", "snv", "stc", "stttt", "ttcnttt", "ubnd", "vpubnd"}  # in the decision's text
SPELLING = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)*@haiduong\.gov\.vn")  # HD Điều 2.2, 2.4


def test_every_address_is_spelt_as_article_2_4_says(registry: Registry) -> None:
    addresses = {line.address for lines in registry.addresses.values() for line in lines}
    assert len(addresses) > 200
    assert {found for found in addresses if not SPELLING.fullmatch(found)} == set()


@pytest.mark.parametrize(
    ("case", "holder", "expected"),
    [
        ("an agency is abbreviated", "mailbox:stttt", "stttt"),
        ("a centre follows its department", "mailbox:ttcnttt", "ttcnttt.stttt"),
        ("a city is body and place", "mailbox:tphaiduong", "ubnd.haiduong"),
        ("a district is body and place", "mailbox:namsach", "ubnd.namsach"),
        ("a ward follows its city", "mailbox:chilinh-saodo", "ubnd.saodo.chilinh"),
        ("of two communes of one name, one", "mailbox:namsach-hongphong", "ubnd.hongphong.namsach"),
        ("of two communes of one name, the other", "mailbox:ninhgiang-hongphong", "ubnd.hongphong.ninhgiang"),
        ("a district", "mailbox:gialoc", "ubnd.gialoc"),
        ("and the town that bears its name", "mailbox:gialoc-gialoc", "ubnd.gialoc.gialoc"),
        ("a unit follows its agency", "mailbox:stttt-phongcntt", "phongcntt.stttt"),
        ("each word of a name is a term", "person:hd00004", "do.thi.thanh.huyen"),
    ],
)
def test_terms_are_joined_by_dots(on: On, case: str, holder: str, expected: str) -> None:
    assert address(on(TODAY)[holder]) == f"{expected}@{DOMAIN}", case


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("tran.van.nam", "Trần Văn Nam"),
        ("tran.van.nam.kt", "Trần Văn Nam"),
        ("pham.van.tuan", "Phạm Văn Tuấn"),
        ("pham.van.tuan.dkkd", "Phạm Văn Tuấn"),
        ("nguyen.thi.huong", "Nguyễn Thị Hương"),
        ("nguyen.thi.huong.ccvc", "Nguyễn Thị Hương"),
        ("nguyen.thi.huong.vp", "Nguyễn Thị Hương"),
        ("nguyen.thi.huong.nv1", "Nguyễn Thị Hương"),
        ("nguyen.van.hung", "Nguyễn Văn Hùng"),
        ("nguyen.van.hung.kt", "Nguyễn Văn Hưng"),  # the same without marks
        ("nguyen.van.hung.motcua", "Nguyễn Văn Hùng"),
        ("vu.thi.ha", "Vũ Thị Hà"),
        ("vu.thi.ha2", "Vũ Thị Hạ"),  # a deputy director is in no unit
    ],
)
def test_namesakes_are_told_apart_by_their_units_and_then_by_numbers(on: On, local: str, name: str) -> None:
    entries = on(TODAY)
    assert [entries[found].attributes["displayName"] for found in receivers(entries, f"{local}@{DOMAIN}")] == [(name,)]


@pytest.mark.parametrize(
    ("case", "person", "folder", "day", "level"),
    [
        ("a manager", "hd00017", "stttt-bieu-mau", TODAY, "manager"),
        ("a unit that writes", "hd00018", "stttt-bieu-mau", TODAY, "clerk"),
        ("an agency that reads", "hd00028", "stttt-bieu-mau", TODAY, "read"),
        ("an agency that is not named", "hd00065", "stttt-bieu-mau", TODAY, None),
        ("before the days of a right", "hd00017", "ttcnttt-so-truc", "2025-12-31", None),
        ("in the days of a right", "hd00017", "ttcnttt-so-truc", "2026-01-01", "read"),
        ("the last day of a right", "hd00039", "snv-cham-diem", "2025-12-31", "read"),
        ("after the days of a right", "hd00039", "snv-cham-diem", "2026-01-01", None),
        ("before a transfer", "hd00020", "stttt-bieu-mau", "2026-11-30", "read"),
        ("after a transfer", "hd00020", "stttt-bieu-mau", "2026-12-01", "clerk"),
        ("reading for the agency, writing for the unit", "hd00024", "ttcnttt-so-truc", TODAY, "clerk"),
        ("an agency that writes", "hd00024", "congan-canh-bao", TODAY, "clerk"),
        ("a commune that reads", "hd00154", "chilinh-hop-giao-ban", TODAY, "read"),
        ("before maternity leave", "hd00134", "stttt-bieu-mau", "2026-10-14", "read"),
        ("on maternity leave", "hd00134", "stttt-bieu-mau", TODAY, None),
        ("before retirement", "hd00027", "stttt-bieu-mau", "2027-01-31", "read"),
        ("retired", "hd00027", "stttt-bieu-mau", "2027-02-01", None),
    ],
)
def test_folders_open_by_level_to_persons_units_and_agencies(
    on: On, case: str, person: str, folder: str, day: str, level: str | None
) -> None:
    found = [
        value.partition(":")[2]
        for value in on(day)[f"person:{person}"].attributes.get("congvuAccess", ())
        if value.startswith(f"{folder}:")
    ]
    assert found == ([level] if level else []), case


def test_the_whole_of_a_calendars_readers_and_writers_is_as_its_file_says(on: On) -> None:
    readers = {"ubnd", "vpubnd", "stttt", "snv", "stc", "skhdt", "congan"}
    for name, entry in on(TODAY).items():
        if entry.kind is not Kind.PERSON or entry.state is not State.ACTIVE:
            continue
        places = set(re.findall(r"ou=([a-z0-9-]+)", entry.dn.partition(",ou=agencies")[0]))
        access = {value for value in entry.attributes.get("congvuAccess", ()) if value.startswith("vpubnd-lich-")}
        if name == "person:hd00005":
            expected = {"vpubnd-lich-cong-tac:manager"}
        elif places == {"vpubnd", "th"}:
            expected = {"vpubnd-lich-cong-tac:clerk"}
        elif places & readers or name == "person:hd00025":  # lent to congan
            expected = {"vpubnd-lich-cong-tac:read"}
        else:
            expected = set()
        assert access == expected, name


def test_a_folder_has_no_address(on: On) -> None:
    entry = on(TODAY)["mailbox:vpubnd-lich-cong-tac"]
    assert entry.attributes["displayName"] == ("Lịch công tác của UBND tỉnh",)
    assert not {"mail", "mailLocalAddress"} & entry.attributes.keys()


@pytest.mark.parametrize(
    ("case", "local", "day", "expected"),
    [
        ("before the correction", "dao.thi.ngoc.bich", "2026-12-14", []),
        ("the corrected name", "dao.thi.ngoc.bich", "2026-12-15", ["person:hd00048"]),
        ("the former name, still", "dao.thi.bich", "2027-12-14", ["person:hd00048"]),
        ("the former name, no more", "dao.thi.bich", "2027-12-15", []),
        ("an agency's new name", "svhtt", "2027-02-01", ["mailbox:svhttdl"]),
        ("an agency's former name, still", "svhttdl", "2028-01-31", ["mailbox:svhttdl"]),
        ("an agency's former name, no more", "svhttdl", "2028-02-01", []),
        ("before the founding", "sdl", "2027-01-31", []),
        ("after the founding", "sdl", "2027-02-01", ["mailbox:sdl"]),
        ("before the merger", "skhdt", "2027-02-28", ["mailbox:skhdt"]),
        ("after the merger", "skhdt", "2027-03-01", ["mailbox:stc"]),
        ("long after the merger", "skhdt", "2028-02-29", []),
        ("a commune's new name", "ubnd.dinhson.camgiang", "2027-01-01", ["mailbox:camgiang-camson"]),
        ("a commune's former name", "ubnd.camson.camgiang", "2027-01-01", ["mailbox:camgiang-camson"]),
        ("the commune that joined it", "ubnd.camdinh.camgiang", "2027-01-01", ["mailbox:camgiang-camson"]),
        ("a town that became a city", "ubnd.chilinh", "2019-02-28", ["mailbox:chilinh"]),
        ("a town that became a city", "ubnd.chilinh", "2019-03-01", ["mailbox:chilinh"]),
        ("somebody transferred", "vu.thi.hong.nhung", "2026-12-01", ["person:hd00020"]),
        ("somebody dismissed", "ngo.duc.quyet", "2026-07-01", ["person:hd00065"]),
        ("somebody reinstated", "ngo.duc.quyet", "2026-11-02", ["person:hd00065"]),
    ],
)
def test_letters_reach_whom_they_are_meant_for_as_long_as_the_policy_says(
    on: On, case: str, local: str, day: str, expected: list[str]
) -> None:
    assert receivers(on(day), f"{local}@{DOMAIN}") == expected, case


@pytest.mark.parametrize(
    ("case", "person", "day", "state", "access"),
    [
        ("a head who will retire", "hd00027", "2027-01-31", State.ACTIVE, "snv:manager"),
        ("a head who retired", "hd00027", "2027-02-01", State.DISABLED, None),
        ("a deputy", "hd00028", "2027-01-31", State.ACTIVE, "snv:clerk"),
        ("a deputy who became head", "hd00028", "2027-02-01", State.ACTIVE, "snv:manager"),
        ("a deputy in charge", "hd00058", "2027-01-10", State.ACTIVE, "sgtvt:manager"),
        ("a deputy when the head has come", "hd00058", "2027-01-11", State.ACTIVE, "sgtvt:clerk"),
        ("a head from another agency", "hd00061", "2027-01-11", State.ACTIVE, "sgtvt:manager"),
        ("and who follows there", "hd00113", "2027-01-11", State.ACTIVE, "kinhmon:manager"),
        ("a deputy who runs the centre too", "hd00014", TODAY, State.ACTIVE, "ttcnttt:manager"),
        ("and stays a deputy", "hd00014", TODAY, State.ACTIVE, "stttt:clerk"),
        ("a clerk of two agencies", "hd00004", TODAY, State.ACTIVE, "ubnd:clerk"),
        ("lent", "hd00025", "2027-09-30", State.ACTIVE, "congan-pa05:clerk"),
        ("on maternity leave", "hd00134", TODAY, State.ACTIVE, None),
        ("who stands in", "hd00135", TODAY, State.ACTIVE, "ninhgiang:clerk"),
        ("back from maternity leave", "hd00134", "2027-04-15", State.ACTIVE, "ninhgiang:clerk"),
        ("dead", "hd00079", TODAY, State.DISABLED, None),
        ("dismissed", "hd00065", "2026-11-01", State.DISABLED, None),
        ("reinstated", "hd00065", "2026-11-02", State.ACTIVE, None),
        ("the head of a merged agency", "hd00032", "2027-03-01", State.ACTIVE, "stc:clerk"),
    ],
)
def test_people_may_do_what_their_posts_let_them(
    on: On, case: str, person: str, day: str, state: State, access: str | None
) -> None:
    entry = on(day)[f"person:{person}"]
    found = entry.attributes.get("congvuAccess", ())
    assert entry.state is state, case
    assert access in found if access else not found, case


def test_who_is_lent_keeps_place_and_address(on: On) -> None:
    entry = on(TODAY)["person:hd00025"]
    assert "ou=kt,ou=ttcnttt" in entry.dn
    assert address(entry) == f"nguyen.van.hung.kt@{DOMAIN}"


@pytest.mark.parametrize(
    ("entry", "day", "expected"),
    [
        ("agency:chilinh", "2019-02-28", "UBND thị xã Chí Linh"),
        ("agency:chilinh", "2019-03-01", "UBND thành phố Chí Linh"),
        ("agency:kinhmon", TODAY, "UBND thị xã Kinh Môn"),
        ("agency:chilinh-anlac", TODAY, "UBND phường An Lạc"),
        ("agency:camgiang-camson", "2027-01-01", "UBND xã Định Sơn"),
        ("unit:stttt/phongcntt", "2026-12-31", "Phòng Công nghệ thông tin"),
        ("unit:stttt/phongcntt", "2027-01-01", "Phòng Công nghệ thông tin và Chuyển đổi số"),
    ],
)
def test_agencies_and_units_bear_their_names_of_the_day(on: On, entry: str, day: str, expected: str) -> None:
    assert on(day)[entry].attributes["description"] == (expected,)


def test_a_department_split_in_two_shares_out_its_people(on: On) -> None:
    entries = on("2027-02-01")
    assert all("ou=sdl," in entries[f"person:{person}"].dn for person in ("hd00086", "hd00088", "hd00090"))
    assert all("ou=svhttdl," in entries[f"person:{person}"].dn for person in ("hd00085", "hd00087", "hd00089"))


def test_the_province_has_twelve_districts_and_communes_below_them(registry: Registry) -> None:
    kinds: dict[str, set[str]] = {}
    for code, agency in registry.agencies.items():
        kinds.setdefault(agency.versions[0].kind, set()).add(code)
    assert len(kinds["district"]) == 12
    assert len(kinds["commune"]) == 8
    assert all(registry.agencies[code].versions[0].parent in kinds["district"] for code in kinds["commune"])
    assert 30 <= len(registry.agencies) <= 45
    assert 120 <= len(registry.persons) <= 170


def test_whatever_the_decision_does_not_name_is_said_to_be_synthetic(registry: Registry) -> None:
    assert registry.agencies.keys() - agencies_that_say(ESTATE, "Synthetic") == NAMED
