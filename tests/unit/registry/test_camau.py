"""The registry of Cà Mau gives every agency, unit and person a mailbox, as the model of decision 26/2009 asks for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import source
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.model import Role, State

from .estates import ESTATES, INVENTORIES, TODAY, address, agencies_that_say, receivers

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

    from .estates import On

ESTATE = "camau"
DOMAIN = "camau.gov.vn"
LOOKED_AT = date(2026, 1, 1), date(2028, 3, 1)  # where each agency is to have a head from day to day
NAMED = {"stp", "stttt", "tpcamau", "ubnd", "vpubnd"}  # in the decision's text


@pytest.mark.parametrize(
    ("case", "holder", "expected"),
    [
        ("a department", "mailbox:stttt", "stttt"),
        ("a committee", "mailbox:bandt", "bandt"),
        ("a district", "mailbox:tranvanthoi", "tranvanthoi"),
        ("the city that bears the province's name", "mailbox:tpcamau", "tpcamau"),
        ("the office of a department", "mailbox:stp-vp", "vp.stp"),
        ("the centre that runs the system", "mailbox:vpubnd-tttinhoc", "tttinhoc.vpubnd"),
        ("three words", "person:cm00105", "hqnhan"),
        ("two words", "person:cm00170", "lmuoi"),
        ("five words", "person:cm00003", "ntchong"),
        ("a Khmer name", "person:cm00102", "ktsruol"),
        ("a Khmer name", "person:cm00011", "dskha"),
        ("a Khmer name", "person:cm00101", "dhut"),
        ("a Chinese name", "person:cm00128", "hbchau"),
        ("đ", "person:cm00075", "dcdong"),
    ],
)
def test_all_addresses_lie_in_the_one_domain_by_one_rule(on: On, case: str, holder: str, expected: str) -> None:
    assert address(on("2027-01-04")[holder]) == f"{expected}@{DOMAIN}", case


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("tvnam", "Trần Văn Nam"),
        ("tvnam2", "Tô Văn Nam"),
        ("tvnam3", "Trần Việt Nam"),
        ("tvnam4", "Trần Văn Nam"),
        ("tvhieu", "Trần Việt Hiếu"),
        ("tvhieu2", "Tăng Văn Hiếu"),
        ("lthang", "Lâm Thị Hằng"),
        ("lthang2", "Lê Thị Hằng"),
        ("lhnhi", "Lê Hồng Nhi"),
        ("lhnhi2", "Lâm Hồng Nhi"),
    ],
)
def test_namesakes_are_told_apart_by_numbers(on: On, local: str, name: str) -> None:
    entries = on(TODAY)
    assert [entries[found].attributes["displayName"] for found in receivers(entries, f"{local}@{DOMAIN}")] == [(name,)]


def test_every_unit_has_a_mailbox_of_its_own(registry: Registry) -> None:
    for code, agency in registry.agencies.items():
        with_mailbox = {mailbox.unit for mailbox in agency.mailboxes.values() if mailbox.unit}
        assert with_mailbox == agency.units.keys(), f"CM Điều 4.2: {code}"


def test_every_unit_has_a_head_on_every_day(registry: Registry, on: On) -> None:
    first, last = LOOKED_AT
    day: date | None = first
    while day and day < last:
        entries = on(day.isoformat())
        open_ = {
            mailbox.uid
            for agency in registry.agencies.values()
            for mailbox in agency.mailboxes.values()
            if (entry := entries.get(f"mailbox:{mailbox.uid}")) and entry.state is State.ACTIVE
        }
        run = {
            value.removesuffix(":manager")
            for entry in entries.values()
            for value in entry.attributes.get("congvuAccess", ())
            if value.endswith(":manager")
        }
        assert open_ - run == set(), f"CM Điều 4.2 on {day}"
        day = compile_desired(registry, as_of=day, commit="").next_change


def test_the_office_keeps_the_agencys_mailbox(registry: Registry, on: On) -> None:
    entries = on(TODAY)
    for code, agency in registry.agencies.items():
        office = {"vpubnd": "hctc", "vphdnd": "hctcqt"}.get(code, "vp")
        if code == "ubnd" or not agency.covers(date.fromisoformat(TODAY)):
            continue  # what the province's leaders get is kept by its own office
        clerks = {grant.person for grant in agency.mailboxes[code].roles[Role.CLERK]}
        assert clerks, code
        assert all(f"ou={office},ou={code}," in entries[f"person:{person}"].dn for person in clerks), (
            f"CM Điều 4.1: {code}"
        )


@pytest.mark.parametrize(
    ("sort", "beginning", "title"),
    [("department", "Sở ", "Giám đốc"), ("district", "UBND ", "Chủ tịch"), ("agency", "Ban ", "Trưởng ban")],
)
def test_the_blanks_of_the_model_can_be_filled(
    registry: Registry, on: On, sort: str, beginning: str, title: str
) -> None:
    day = date.fromisoformat(TODAY)
    entries = on(TODAY)
    found = [
        agency
        for agency in registry.agencies.values()
        if agency.covers(day) and agency.on(day).kind == sort and agency.on(day).name.startswith(beginning)
    ]
    assert len(found) >= 4
    for agency in found:
        assert address(entries[f"mailbox:{agency.code}"]) == f"{agency.code}@{DOMAIN}"
        head = next(grant for grant in agency.mailboxes[agency.code].roles[Role.HEAD] if grant.covers(day))
        assert entries[f"person:{head.person}"].attributes["title"] == (title,)
        assert "vp" in agency.units


@pytest.mark.parametrize(
    ("case", "local", "day", "expected"),
    [
        ("before the correction", "ltcphung", "2026-12-20", []),
        ("the corrected name", "ltcphung", "2026-12-21", ["person:cm00090"]),
        ("the former name, still", "lcphung", "2027-12-20", ["person:cm00090"]),
        ("the former name, no more", "lcphung", "2027-12-21", []),
        ("before the new name", "snnmt", "2027-02-28", []),
        ("an agency's new name", "snnmt", "2027-03-01", ["mailbox:snnptnt"]),
        ("an agency's former name", "snnptnt", "2028-02-28", ["mailbox:snnptnt"]),
        ("an agency's former name, no more", "snnptnt", "2028-02-29", []),
        ("an agency merged into it", "stnmt", "2027-03-01", ["mailbox:snnptnt"]),
        ("its office", "vp.stnmt", "2027-03-01", ["mailbox:snnptnt-vp"]),
        ("a unit that moved along", "qldd.stnmt", "2027-03-01", ["mailbox:snnptnt-qldd"]),
        ("a unit without a successor", "nv.bantdkt", "2027-01-01", ["mailbox:snv"]),
        ("long after the merger", "bantdkt", "2028-01-01", []),
        ("before the founding", "bqlkkt", "2027-01-14", []),
        ("after the founding", "bqlkkt", "2027-01-15", ["mailbox:bqlkkt"]),
        ("a unit that ended with it", "kkt.bqlkcn", "2027-01-15", ["mailbox:bqlkcn"]),
        ("somebody transferred", "htdmy", "2026-09-30", ["person:cm00017"]),
        ("somebody transferred", "htdmy", "2026-10-01", ["person:cm00017"]),
        ("somebody lent", "tvnam4", TODAY, ["person:cm00149"]),
    ],
)
def test_letters_reach_whom_they_are_meant_for_as_long_as_the_policy_says(
    on: On, case: str, local: str, day: str, expected: list[str]
) -> None:
    assert receivers(on(day), f"{local}@{DOMAIN}") == expected, case


@pytest.mark.parametrize(
    ("case", "person", "day", "state", "access"),
    [
        ("a head", "cm00012", TODAY, State.ACTIVE, {"stttt:manager"}),
        ("the head of the office", "cm00014", TODAY, State.ACTIVE, {"stttt:clerk", "stttt-vp:manager"}),
        ("the clerk", "cm00015", TODAY, State.ACTIVE, {"stttt:clerk", "stttt-vp:clerk"}),
        (
            "a clerk of two agencies",
            "cm00003",
            TODAY,
            State.ACTIVE,
            {"ubnd:clerk", "vpubnd:clerk", "vpubnd-hctc:clerk"},
        ),
        ("a head who will retire", "cm00024", "2026-12-14", State.ACTIVE, {"snv:manager"}),
        ("a head who retired", "cm00024", "2026-12-15", State.DISABLED, set()),
        ("a deputy who became head", "cm00025", "2026-12-15", State.ACTIVE, {"snv:manager"}),
        ("a unit's head who died", "cm00073", "2026-11-12", State.DISABLED, set()),
        ("and the deputy in charge", "cm00074", "2026-11-12", State.ACTIVE, {"syt-nvy:manager"}),
        ("before the transfer", "cm00017", "2026-09-30", State.ACTIVE, {"stp-vbpq:clerk"}),
        ("after the transfer", "cm00017", "2026-10-01", State.ACTIVE, {"stttt-cntt:clerk"}),
        ("before maternity leave", "cm00035", "2026-09-20", State.ACTIVE, {"stc-qlns:clerk"}),
        ("on maternity leave", "cm00035", TODAY, State.ACTIVE, set()),
        ("back from maternity leave", "cm00035", "2027-03-21", State.ACTIVE, {"stc-qlns:clerk"}),
        ("studying", "cm00068", TODAY, State.ACTIVE, set()),
        ("lent", "cm00149", TODAY, State.ACTIVE, {"cainuoc-nv:clerk", "damdoi-vp:clerk"}),
        ("given back", "cm00149", "2027-05-02", State.ACTIVE, {"cainuoc-nv:clerk"}),
        ("dismissed", "cm00125", TODAY, State.DISABLED, set()),
        ("resigned", "cm00096", "2026-11-15", State.DISABLED, set()),
        ("taken back", "cm00096", "2026-11-16", State.ACTIVE, {"skhcn-qlkh:clerk"}),
        ("a head who leaves for another agency", "cm00059", "2027-01-04", State.ACTIVE, {"sgtvt:clerk"}),
        ("and who follows there", "cm00160", "2027-01-04", State.ACTIVE, {"namcan:manager"}),
        ("a merged agency's head", "cm00052", "2027-03-01", State.ACTIVE, {"snnptnt:clerk", "stnmt:read"}),
        ("a merged unit's head", "cm00056", "2027-03-01", State.ACTIVE, {"snnptnt-qldd:manager", "stnmt-qldd:read"}),
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
        ("agency:snnptnt", "2027-02-28", "Sở Nông nghiệp và Phát triển nông thôn"),
        ("agency:snnptnt", "2027-03-01", "Sở Nông nghiệp và Môi trường"),
        ("agency:bqlkkt", "2027-01-15", "Ban Quản lý Khu kinh tế Năm Căn"),
    ],
)
def test_agencies_bear_their_names_of_the_day(on: On, entry: str, day: str, expected: str) -> None:
    assert on(day)[entry].attributes["description"] == (expected,)


def test_a_district_founded_in_2004_was_not_there_before(on: On) -> None:
    assert {"agency:namcan", "agency:phutan"} & on("2003-12-31").keys() == set()
    assert {"agency:namcan", "agency:phutan"} <= on("2004-01-01").keys()


def test_there_are_agencies_of_all_sorts(registry: Registry) -> None:
    kinds = [agency.versions[0].kind for agency in registry.agencies.values()]
    assert kinds.count("district") == 9
    assert kinds.count("department") == 15
    assert 30 <= len(registry.agencies) <= 45
    assert 120 <= len(registry.persons) <= 170


def test_whatever_the_decision_does_not_name_is_said_to_be_synthetic(registry: Registry) -> None:
    assert registry.agencies.keys() - agencies_that_say(ESTATE, "Synthetic") == NAMED


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-06", ("sgtvt:clerk",)),
        ("2026-12-07", ("sgtvt:manager",)),
        ("2026-12-13", ("sgtvt:manager",)),
        ("2026-12-14", ("sgtvt:clerk",)),
    ],
)
def test_the_one_deputy_whom_a_travelling_head_authorises_has_the_heads_rights_meanwhile(
    on: On, day: str, expected: tuple[str, ...]
) -> None:
    assert on(day)["person:cm00058"].attributes["congvuAccess"] == expected
    assert "sgtvt:manager" in on(day)["person:cm00057"].attributes["congvuAccess"], "the head is reachable"


def test_documents_are_registered_assigned_and_done_in_agencies_here_alone() -> None:
    with_rule = {estate for estate in ESTATES if source.rules(INVENTORIES / estate / "registry")[1].documents}
    assert with_rule == {ESTATE}
    rule = source.rules(INVENTORIES / ESTATE / "registry")[1].documents
    assert rule
    assert [(stage.name, stage.put, stage.take, stage.units) for stage in rule.stages] == [
        ("Đã vào sổ", ("clerk", "manager"), ("manager",), False),
        ("Đã phân công", ("manager",), ("manager",), True),
        ("Đã giải quyết", ("clerk", "manager"), ("manager",), False),
    ]
