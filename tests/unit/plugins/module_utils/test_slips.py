"""A slip is printed for whom it opens something, and for nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.slips import (
    ATTRIBUTES,
    Holder,
    Standing,
    by_agency,
    holders,
    set_by_others,
    sort,
)

from .audit import ENGINE, MemoryLog
from .memory import BASE, SUFFIX, MemoryDirectory

PERSON = f"uid=tn01,ou=vp,ou=snv,{BASE}"
ADMIN = f"cn=admin,ou=snv,{BASE}"


@pytest.fixture
def directory() -> MemoryDirectory:
    memory = MemoryDirectory()
    memory.put(f"ou=snv,{BASE}", congvuId="agency:snv", congvuState="active", description="Sở Nội vụ")
    memory.put(f"ou=vp,ou=snv,{BASE}", congvuId="unit:snv/vp", congvuState="active", description="Văn phòng")
    memory.put(ADMIN, congvuId="admin:snv", congvuState="active", description="Sở Nội vụ", cn="admin", pwdReset="TRUE")
    memory.put(
        PERSON,
        congvuId="person:tn01",
        congvuState="active",
        cn="Nguyễn Văn An",
        displayName="Nguyễn Văn An",
        givenName="An",
        title="Chuyên viên",
        mail="nguyenvanan@tinh.gov.vn",
        pwdReset="TRUE",
    )
    memory.put(f"uid=snv,ou=snv,{BASE}", congvuId="mailbox:snv", congvuState="active", cn="Sở Nội vụ")
    memory.put(f"uid=la,ou=snv,{BASE}", cn="Ai đó", mail="la@tinh.gov.vn")
    return memory


def known(directory: MemoryDirectory) -> dict[str, Holder]:
    return holders(directory.read_tree(BASE, ATTRIBUTES), SUFFIX)


def test_people_and_admins_have_passwords_and_are_told_as_the_directory_has_them(directory: MemoryDirectory) -> None:
    found = known(directory)
    assert found.keys() == {"admin:snv", "person:tn01"}
    person, admin = found["person:tn01"], found["admin:snv"]
    assert (person.name, person.title, person.unit_name, person.agency_name, person.account) == (
        "Nguyễn Văn An",
        "Chuyên viên",
        "Văn phòng",
        "Sở Nội vụ",
        "nguyenvanan@tinh.gov.vn",
    )
    assert (admin.name, admin.unit_name, admin.agency_name, admin.account) == ("", "", "Sở Nội vụ", "admin.snv")


@pytest.mark.parametrize(
    ("touched", "standing"),
    [
        ({}, Standing.READY),
        ({"congvuState": "disabled"}, Standing.CLOSED),
        ({"congvuState": "held", "pwdReset": ()}, Standing.CLOSED),
        ({"pwdReset": ()}, Standing.CHANGED),
        ({"pwdAccountLockedTime": "20261122010203Z"}, Standing.READY),
        ({"pwdAccountLockedTime": "000001010000Z"}, Standing.LATE),
    ],
    ids=["not used yet", "closed", "held", "changed by its holder", "locked for a while by wrong passwords", "late"],
)
def test_a_recorded_password_is_printed_while_it_is_in_force_and_unused(
    directory: MemoryDirectory, touched: dict[str, str | tuple[str, ...]], standing: Standing
) -> None:
    directory.touch(PERSON, **touched)
    assert sort(["person:tn01"], known(directory), ()) == {"person:tn01": standing}


def test_a_recorded_password_waits_for_its_entry(directory: MemoryDirectory) -> None:
    assert sort(["person:tn02"], known(directory), ()) == {"person:tn02": Standing.WAITING}


def test_a_recorded_password_that_an_admin_has_replaced_is_spent(directory: MemoryDirectory) -> None:
    assert sort(["person:tn01"], known(directory), {"person:tn01"}) == {"person:tn01": Standing.REPLACED}


@pytest.mark.parametrize(
    ("writes", "expected"),
    [
        ([], set()),
        ([("add", ENGINE)], set()),
        ([("add", ENGINE), ("modify", ADMIN)], {"person:tn01"}),
        ([("add", ENGINE), ("modify", ADMIN), ("modify", ENGINE)], set()),
        ([("modify", ENGINE.upper())], set()),
    ],
    ids=[
        "the log no longer knows",
        "the engine alone",
        "the admin last",
        "the engine after the admin",
        "spelt otherwise",
    ],
)
def test_the_accesslog_tells_who_was_the_last_to_set_a_password(
    directory: MemoryDirectory, writes: list[tuple[str, str]], expected: set[str]
) -> None:
    person, log = known(directory)["person:tn01"], MemoryLog()
    for kind, author in writes:
        log.write(kind, PERSON, person.uuid, ["pwdChangedTime:= 20261122010203Z"], by=author)
    log.write("modify", PERSON, person.uuid, ["title:= Phó phòng"], ["title: Chuyên viên"], by=ADMIN)
    log.write("modify", ADMIN, "another", ["pwdChangedTime:= 20261122010203Z"], by=ADMIN)
    assert set_by_others(log, [person], ENGINE) == expected


def test_slips_stand_by_agency_then_unit_then_name_and_the_admins_first(directory: MemoryDirectory) -> None:
    def holder(id_: str, agency: str, unit: str, name: str) -> Holder:
        given = name.rpartition(" ")[2]
        return replace(somebody, id=id_, agency=agency, unit_name=unit, name=name, given=given)

    somebody = known(directory)["person:tn01"]
    people = [
        holder("person:1", "stc", "", "Lê Anh"),
        holder("person:2", "snv", "Văn phòng", "Trần Bình"),
        holder("person:3", "snv", "Thanh tra", "Đỗ Uyên"),
        holder("person:4", "snv", "Thanh tra", "Vũ Đào"),
        holder("person:5", "snv", "", "Hồ Yến"),
        holder("admin:snv", "snv", "", "?"),
    ]
    order = {agency: [one.id for one in group] for agency, group in by_agency(people)}
    assert order == {"snv": ["admin:snv", "person:5", "person:4", "person:3", "person:2"], "stc": ["person:1"]}
