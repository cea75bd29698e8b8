"""The registry of Đắk Lắk gives the addresses that decision 08/2014 asks for, and lives through what happens there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.model import State

from .estates import TODAY, address, agencies_that_say, receivers

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

    from .estates import On

ESTATE = "daklak"
DOMAIN = "daklak.gov.vn"
# In the decision's text.
NAMED = {
    "buonmathuot",
    "buonmathuot-thanhnhat",
    "cukuin",
    "cumgar",
    "cumgar-quangphu",
    "sttt",
    "ttcntttt",
    "vpubnd",
}


@pytest.mark.parametrize(
    ("article", "holder", "expected"),
    [
        ("5.2.b", "mailbox:vpubnd", "vpubnd@"),
        ("5.2.b", "mailbox:sttt", "sttt@"),
        ("5.2.b", "mailbox:buonmathuot", "buonmathuot@"),
        ("5.2.b", "mailbox:cukuin", "cukuin@"),
        ("5.2.c", "mailbox:sttt-phongcntt", "phongcntt@sttt."),  # the example prints @tttt.
        ("5.2.c", "mailbox:cumgar-quangphu", "quangphu@cumgar."),
        ("5.2.c", "mailbox:buonmathuot-thanhnhat", "thanhnhat@buonmathuot."),  # the example prints @daklak.gov.vn
        ("5.2.c", "person:dl00011", "namtv@vpubnd."),
    ],
)
def test_the_regulations_own_examples_come_out_as_its_rules_say(
    on: On, article: str, holder: str, expected: str
) -> None:
    assert address(on(TODAY)[holder]) == f"{expected}{DOMAIN}", f"DL Điều {article}"


@pytest.mark.parametrize(
    ("person", "name", "expected"),
    [
        ("dl00001", "Lê Trọng Khôi", "letrongkhoi@"),
        ("dl00002", "Y Wiên Hđơk", "ywienhdok@"),
        ("dl00003", "Đỗ Thị Khánh Vân", "dothikhanhvan@"),
        ("dl00004", "Trần Minh Quân", "tranminhquan@"),
        ("dl00006", "Võ Tá Cường", "cuongvt@stc."),  # a member of the committee, but not its chairman
    ],
)
def test_the_provinces_leaders_have_their_full_names_at_the_root(on: On, person: str, name: str, expected: str) -> None:
    entry = on(TODAY)[f"person:{person}"]
    assert entry.attributes["displayName"] == (name,)
    assert address(entry) == f"{expected}{DOMAIN}"


@pytest.mark.parametrize(
    ("agency", "expected"),
    [
        ("ubnd", "ubnd@"),
        ("thanhtra", "thanhtra@"),
        ("vptu", "vptu@"),
        ("buonho", "buonho@"),
        ("buondon", "buondon@"),
        ("cumgar", "cumgar@"),  # Cư M'gar
        ("eahleo", "eahleo@"),  # Ea H'leo
        ("eakar", "eakar@"),
        ("easup", "easup@"),
        ("krongana", "krongana@"),
        ("krongbong", "krongbong@"),
        ("krongbuk", "krongbuk@"),
        ("krongnang", "krongnang@"),
        ("krongpac", "krongpac@"),
        ("lak", "lak@"),
        ("mdrak", "mdrak@"),  # M'Đrắk
        ("ttcntttt", "ttcntttt@sttt."),
        ("vpubnd-bantcd", "bantcd@vpubnd."),
        ("ttcntttt-phongqtht", "phongqtht@sttt."),
        ("buonmathuot-phongvhtt", "phongvhtt@buonmathuot."),
        ("buonmathuot-hoaphu", "hoaphu@buonmathuot."),
        ("krongpac-phuocan", "phuocan@krongpac."),
        ("eakar-eaknop", "eaknop@eakar."),
        ("lak-lienson", "lienson@lak."),
        ("cukuin-eaktur", "eaktur@cukuin."),
    ],
)
def test_agencies_are_abbreviated_and_places_written_out(on: On, agency: str, expected: str) -> None:
    assert address(on(TODAY)[f"mailbox:{agency}"]) == f"{expected}{DOMAIN}"


@pytest.mark.parametrize(
    ("one", "other", "addresses"),
    [
        ("buonmathuot-thongnhat", "buonho-thongnhat", ("thongnhat@buonmathuot.", "thongnhat@buonho.")),
        ("buonmathuot-tanlap", "krongbuk-tanlap", ("tanlap@buonmathuot.", "tanlap@krongbuk.")),
        ("cumgar", "cumgar-cumgar", ("cumgar@", "cumgar@cumgar.")),  # a commune named like its district
    ],
)
def test_places_of_the_same_name_are_told_apart_by_the_domain(
    on: On, one: str, other: str, addresses: tuple[str, str]
) -> None:
    entries = on(TODAY)
    found = [address(entries[f"mailbox:{agency}"]) for agency in (one, other)]
    assert found == [f"{local}{DOMAIN}" for local in addresses]


@pytest.mark.parametrize(
    ("where", "names"),
    [
        (
            "namtv{}@vpubnd.",
            {"": "Trần Văn Nam", "a": "Trần Vũ Nam", "b": "Trương Viết Nam", "c": "Trần Vĩnh Nam"},
        ),
        # A centre shares its department's subdomain, the people of a ward their city's.
        ("hungnv{}@sttt.", {"": "Nguyễn Văn Hùng", "a": "Ngô Việt Hùng", "b": "Nguyễn Vĩnh Hùng"}),
        ("namtv{}@buonmathuot.", {"": "Trần Văn Nam", "a": "Trần Văn Nam"}),
        ("haint{}@snv.", {"": "Nguyễn Thanh Hải", "a": "Nguyễn Thị Hải", "b": "Ninh Thế Hải"}),
        ("thuyntt{}@stp.", {"": "Ngô Thị Thanh Thủy", "a": "Nguyễn Thị Thu Thủy", "b": "Nguyễn Thị Thanh Thủy"}),
        ("tuannq{}@sldtbxh.", {"": "Nguyễn Quang Tuấn", "a": "Nguyễn Quốc Tuấn"}),
    ],
)
def test_namesakes_are_told_apart_by_a_b_c(on: On, where: str, names: dict[str, str]) -> None:
    entries = on(TODAY)
    found = {
        letter: entries[name].attributes["displayName"]
        for letter in ("", "a", "b", "c", "d")
        for name in receivers(entries, f"{where.format(letter)}{DOMAIN}")
    }
    assert found == {letter: (name,) for letter, name in names.items()}


@pytest.mark.parametrize(
    ("case", "local", "day", "expected"),
    [
        ("before the transfer", "phongnd@stc.", "2026-05-31", ["person:dl00044"]),
        ("before the transfer", "phongnd@skhdt.", "2026-05-31", []),
        ("after the transfer", "phongnd@skhdt.", "2026-06-01", ["person:dl00044"]),
        ("after the transfer", "phongnd@stc.", "2026-06-01", ["person:dl00044"]),
        ("the term's last day", "phongnd@stc.", "2027-05-31", ["person:dl00044"]),
        ("after the term", "phongnd@stc.", "2027-06-01", []),
        ("the namesake left behind", "phongnda@stc.", "2027-06-01", ["person:dl00045"]),
        ("a director", "khoapd@snnptnt.", "2026-12-31", ["person:dl00005"]),
        ("and then a leader", "phandinhkhoa@", "2027-01-01", ["person:dl00005"]),
        ("as a director, still", "khoapd@snnptnt.", "2027-12-31", ["person:dl00005"]),
        ("as a director, no more", "khoapd@snnptnt.", "2028-01-01", []),
        ("the corrected name", "lanntn@sct.", "2026-08-03", ["person:dl00059"]),
        ("the wrong name, still", "lannt@sct.", "2026-08-03", ["person:dl00059"]),
        ("the wrong name, no more", "lannt@sct.", "2027-08-03", []),
        ("the married name", "maitwt@sngv.", "2026-05-25", ["person:dl00108"]),
        ("the maiden name, still", "maitt@sngv.", "2026-05-25", ["person:dl00108"]),
        ("before an agency's new name", "bdttg@", "2026-11-30", []),
        ("an agency's new name", "bdttg@", "2026-12-01", ["mailbox:bdt"]),
        ("an agency's former name", "bdt@", "2027-11-30", ["mailbox:bdt"]),
        ("an agency's former name", "bdt@", "2027-12-01", []),
        ("its people's new domain", "sauga@bdttg.", "2026-12-01", ["person:dl00114"]),
        ("its people's former domain", "sauga@bdt.", "2026-12-01", ["person:dl00114"]),
        ("an agency that will be merged", "sgtvt@", "2027-02-28", ["mailbox:sgtvt"]),
        ("an agency that was merged", "sgtvt@", "2027-03-01", ["mailbox:sxd"]),
        ("an agency merged long ago", "sgtvt@", "2028-02-29", []),
        ("a clerk of the merged agency", "nhuttq@sxd.", "2027-03-01", ["person:dl00066"]),
        ("a clerk of the merged agency", "nhuttq@sgtvt.", "2027-03-01", ["person:dl00066"]),
        ("an agency that will be dissolved", "ttxtdt@skhdt.", "2026-08-31", ["mailbox:ttxtdt"]),
        ("an agency without successor", "ttxtdt@skhdt.", "2026-09-01", []),
        ("an agency to be founded", "sdl@", "2026-12-31", []),
        ("an agency just founded", "sdl@", "2027-01-01", ["mailbox:sdl"]),
    ],
)
def test_letters_reach_whom_they_are_meant_for_as_long_as_the_policy_says(
    on: On, case: str, local: str, day: str, expected: list[str]
) -> None:
    assert receivers(on(day), f"{local}{DOMAIN}") == expected, case


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("dl00049", "hienctd@skhdt."),  # from a centre to its department: one subdomain
        ("dl00033", "loctp@sttt."),  # lent to a district
        ("dl00072", "trinh@stnmt."),  # dismissed, and back again
        ("dl00008", "dangnh@vpubnd."),  # holds a second post
    ],
)
def test_an_address_stays_where_the_rule_still_gives_it(on: On, person: str, expected: str) -> None:
    days = ("2025-06-30", "2026-05-31", TODAY, "2027-06-01", "2028-01-01")
    assert {address(on(day)[f"person:{person}"]) for day in days} == {f"{expected}{DOMAIN}"}


@pytest.mark.parametrize(
    ("case", "person", "day", "state", "access"),
    [
        ("an agency's head", "dl00017", TODAY, State.ACTIVE, {"sttt:manager"}),
        ("a unit's head", "dl00021", TODAY, State.ACTIVE, {"sttt-phongcntt:manager"}),
        ("a clerk", "dl00070", "2026-10-04", State.ACTIVE, {"stnmt:clerk"}),
        ("a clerk on maternity leave", "dl00070", "2026-10-05", State.ACTIVE, set()),
        ("the one who stands in", "dl00071", "2026-10-05", State.ACTIVE, {"stnmt:clerk"}),
        ("a clerk who is back", "dl00070", "2027-04-05", State.ACTIVE, {"stnmt:clerk"}),
        ("the one who stood in", "dl00071", "2027-04-05", State.ACTIVE, set()),
        ("a clerk of two agencies", "dl00007", TODAY, State.ACTIVE, {"vpubnd:clerk", "ubnd:clerk"}),
        ("lent", "dl00033", "2026-10-01", State.ACTIVE, {"ttcntttt-phongqtht:clerk", "buonho:read"}),
        ("given back", "dl00033", "2027-04-01", State.ACTIVE, {"ttcntttt-phongqtht:clerk"}),
        ("a deputy", "dl00156", "2026-07-31", State.ACTIVE, {"easup:clerk"}),
        ("a deputy who became head", "dl00156", "2026-08-01", State.ACTIVE, {"easup:manager"}),
        ("a deputy to become head", "dl00052", "2027-01-01", State.ACTIVE, {"snnptnt:manager"}),
        ("a deputy at the end of the term", "dl00019", "2028-05-14", State.ACTIVE, {"sttt:clerk"}),
        ("a deputy after the term", "dl00019", "2028-05-15", State.ACTIVE, set()),
        ("studying", "dl00076", TODAY, State.ACTIVE, set()),
        ("retired", "dl00155", "2026-08-01", State.DISABLED, set()),
        ("to retire", "dl00004", "2026-12-31", State.ACTIVE, {"ubnd:clerk"}),
        ("retired then", "dl00004", "2027-01-01", State.DISABLED, set()),
        ("resigned", "dl00087", TODAY, State.DISABLED, set()),
        ("dead", "dl00056", TODAY, State.DISABLED, set()),
        ("gone to another province", "dl00118", TODAY, State.DISABLED, set()),
        ("dismissed", "dl00041", TODAY, State.DISABLED, set()),
        ("dismissed", "dl00072", "2026-06-30", State.DISABLED, set()),
        ("reinstated", "dl00072", "2026-07-01", State.ACTIVE, set()),
    ],
)
def test_people_may_do_what_their_posts_let_them(
    on: On, case: str, person: str, day: str, state: State, access: set[str]
) -> None:
    entry = on(day)[f"person:{person}"]
    assert (entry.state, set(entry.attributes.get("congvuAccess", ()))) == (state, access), case


@pytest.mark.parametrize(
    ("entry", "day", "expected"),
    [
        ("agency:bdt", "2026-11-30", "Ban Dân tộc"),
        ("agency:bdt", "2026-12-01", "Ban Dân tộc và Tôn giáo"),
        ("agency:svhttdl", "2027-01-01", "Sở Văn hóa và Thể thao"),
        ("agency:buonmathuot-hoaphu", "2027-01-15", "UBND phường Hòa Phú"),
        ("unit:snv/phongtccb", "2026-01-04", "Phòng Tổ chức cán bộ"),
        ("unit:snv/phongtccb", "2026-01-05", "Phòng Tổ chức, biên chế"),
        ("unit:buonmathuot/phongqldt", "2027-01-01", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    ],
)
def test_agencies_and_units_bear_their_names_of_the_day(on: On, entry: str, day: str, expected: str) -> None:
    assert on(day)[entry].attributes["description"] == (expected,)


@pytest.mark.parametrize(
    ("entry", "day", "state"),
    [
        ("unit:sttt/phongcds", "2026-09-30", None),
        ("unit:sttt/phongcds", "2026-10-01", State.ACTIVE),
        ("unit:sttt/phongbcvt", "2026-09-30", State.ACTIVE),
        ("unit:sttt/phongbcvt", "2026-10-01", State.DISABLED),
        ("agency:sdl", "2026-12-31", None),
        ("agency:sdl", "2027-01-01", State.ACTIVE),
        ("agency:sgtvt", "2027-03-01", State.DISABLED),
        ("mailbox:sgtvt", "2027-03-01", State.HELD),
        ("agency:ttxtdt", "2026-09-01", State.DISABLED),
        ("mailbox:ttxtdt", "2026-09-01", State.HELD),
    ],
)
def test_agencies_and_units_begin_and_end_on_their_days(on: On, entry: str, day: str, state: State | None) -> None:
    found = on(day).get(entry)
    assert (found and found.state) == state


def test_the_province_has_its_fifteen_districts_and_communes_below_them(registry: Registry) -> None:
    kinds: dict[str, set[str]] = {}
    for code, agency in registry.agencies.items():
        kinds.setdefault(agency.versions[0].kind, set()).add(code)
    assert len(kinds["district"]) == 15
    assert len(kinds["commune"]) == 12
    assert all(registry.agencies[code].versions[0].parent in kinds["district"] for code in kinds["commune"])
    assert 40 <= len(registry.agencies) <= 55
    assert 180 <= len(registry.persons) <= 220


def test_whatever_the_decision_does_not_name_is_said_to_be_synthetic(registry: Registry) -> None:
    assert agencies_that_say(ESTATE, "Named in Điều") == NAMED
    synthetic = agencies_that_say(ESTATE, "Synthetic") | agencies_that_say(ESTATE, "synthetic")
    assert registry.agencies.keys() - synthetic == NAMED


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("snv-toanso", TODAY, {"person:dl00034", "person:dl00037", "mailbox:snv"}),
        ("snv-toanso", "2027-02-01", {"person:dl00034", "mailbox:snv"}),  # one of them goes to the inspectorate
        ("thutruong", "2026-12-31", {"person:dl00005", "person:dl00034"}),
        ("thutruong", "2027-01-01", {"person:dl00034", "person:dl00052"}),  # the next head of that department
        ("sttt-tocongtac", "2026-10-14", set()),
        ("sttt-tocongtac", "2026-12-31", {"person:dl00011", "person:dl00018", "mailbox:sttt-phongcntt"}),
        ("sttt-tocongtac", "2027-01-01", {"person:dl00018", "mailbox:sttt-phongcntt"}),
        ("sttt-tocongtac", "2027-07-01", set()),
    ],
)
def test_whoever_comes_or_goes_is_in_the_lists_from_that_day_on(
    on: On, name: str, day: str, expected: set[str]
) -> None:
    looked_at = {f"person:dl000{number:02}" for number in (5, 11, 18, 34, 37, 52)}
    looked_at |= {"mailbox:snv", "mailbox:sttt-phongcntt"}
    entries = on(day)
    assert {id_ for id_ in looked_at if name in entries[id_].attributes.get("congvuList", ())} == expected


def test_all_clerks_of_the_province_are_on_one_list_and_get_letters_from_heads(registry: Registry, on: On) -> None:
    entries = on(TODAY)
    (address,) = entries["list:vanthu"].attributes["mail"]
    assert address == f"vanthu@{DOMAIN}"
    heads = {entry.id for entry in entries.values() if "thutruong" in entry.attributes.get("congvuList", ())}
    writers = {entry.id for entry in entries.values() if "vanthu" in entry.attributes.get("congvuListWriter", ())}
    assert len(heads) > len(registry.agencies) - 5
    assert heads <= writers
