"""From the registry to the directory entries of one day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired, forecast, headless
from ansible_collections.congvu.mail.plugins.module_utils.model import OWNED, Desired, Kind, State
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import LOCK as LOCK_TEXT
from .conftest import SNV, STC

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Write

LOCK = "addresses/thunghiem.gov.vn.yml"
TODAY = date(2026, 9, 1)
# tn01 heads snv until 2027, then tn02 does; tn04 left in July, tn05 comes in October, tn06 went from snv to stc.
LIVELY_SNV = (
    SNV.replace("head: tn01", "head:\n  - {person: tn01, until: 2027-01-01}\n  - {person: tn02, since: 2027-01-01}")
    .replace("clerks:\n  - tn02", "clerks:\n  - {person: tn02, until: 2027-01-01}\n  - tn06\nreaders:\n  - tn04")
    .replace(
        "units:", "mailboxes:\n  snv-motcua: {name: Một cửa, account: motcua@thunghiem.gov.vn, head: tn02}\nunits:"
    )
    + """\
  - id: tn04
    name: Phan Văn Lộc
    unit: tccb
    title: Chuyên viên
    since: 2010-01-01
    decision: 4/QĐ-SNV
    until: 2026-07-01
    until_decision: 44/QĐ-SNV
  - id: tn05
    name: Hồ Thị Mai
    title: Chuyên viên
    since: 2026-10-01
    decision: 5/QĐ-SNV
  - id: tn06
    name: Võ Ý
    unit: vp
    title: Văn thư
    since: 2015-01-01
    decision: 6/QĐ-SNV
"""
)
LIVELY_STC = (
    STC
    + """\
  - id: tn06
    name: Võ Ý
    title: Kế toán
    since: 2026-08-01
    decision: 66/QĐ-STC
"""
)
LIVELY_LOCK = """\
hothimai: person:tn05
leducdat: person:tn03
motcua: mailbox:snv-motcua
nguyenan: person:tn01 retired
nguyenvanan: person:tn01
noivu: mailbox:snv alias
phanvanloc: person:tn04
snv: mailbox:snv
stc: mailbox:stc
tranthihoa: person:tn02
vanan: person:tn01 alias
voy: person:tn06
"""


@pytest.fixture
def lively(write: Write) -> Path:
    return write({"agencies/snv.yml": LIVELY_SNV, "agencies/stc.yml": LIVELY_STC, LOCK: LIVELY_LOCK})


def on(root: Path, day: date = TODAY) -> Desired:
    """Compile the registry for one day."""
    return compile_desired(load(root), as_of=day, commit="c0ffee")


def test_an_agency_has_its_unit_its_admin_and_its_mailbox(lively: Path) -> None:
    entries = on(lively).entries
    base = "ou=snv,ou=agencies,dc=thunghiem,dc=gov,dc=vn"
    marks = {"congvuEstate": ("test",), "congvuState": ("active",), "congvuDecision": ("01/QĐ-UB",)}
    assert entries["agency:snv"].dn == base
    assert entries["agency:snv"].attributes == {
        **marks,
        "objectClass": ("congvuObject", "organizationalUnit"),
        "congvuId": ("agency:snv",),
        "ou": ("snv",),
        "description": ("Sở Nội vụ",),
    }
    assert entries["admin:snv"].dn == f"cn=admin,{base}"
    assert entries["admin:snv"].needs_password
    assert entries["unit:snv/vp"].dn == f"ou=vp,{base}"
    assert entries["unit:snv/vp"].attributes["description"] == ("Văn phòng",)
    assert entries["mailbox:snv"].dn == f"uid=snv,{base}"
    assert not entries["mailbox:snv"].needs_password
    assert entries["mailbox:snv"].attributes == {
        **marks,
        "objectClass": ("account", "congvuMailbox", "congvuObject"),
        "congvuId": ("mailbox:snv",),
        "uid": ("snv",),
        "cn": ("Sở Nội vụ",),
        "cn;lang-vi-x-ascii": ("so noi vu",),
        "displayName": ("Sở Nội vụ",),
        "mail": ("snv@thunghiem.gov.vn",),
        "mailLocalAddress": ("noivu@thunghiem.gov.vn", "snv@thunghiem.gov.vn"),
        "congvuQuota": ("524288000",),
    }
    assert entries["mailbox:snv-motcua"].dn == f"uid=snv-motcua,{base}"


def test_a_person_has_an_entry_below_the_unit(lively: Path) -> None:
    entry = on(lively).entries["person:tn02"]
    assert entry.dn == "uid=tn02,ou=vp,ou=snv,ou=agencies,dc=thunghiem,dc=gov,dc=vn"
    assert (entry.needs_password, entry.state, entry.reason) == (True, State.ACTIVE, "11/QĐ-SNV")
    assert entry.attributes == {
        "objectClass": ("congvuMailbox", "congvuObject", "inetOrgPerson"),
        "uid": ("tn02",),
        "employeeNumber": ("tn02",),
        "cn": ("Trần Thị Hoà",),
        "cn;lang-vi-x-ascii": ("tran thi hoa",),
        "sn": ("Trần",),
        "givenName": ("Hoà",),
        "displayName": ("Trần Thị Hoà",),
        "title": ("Văn thư",),
        "ou": ("Sở Nội vụ", "Văn phòng"),
        "mail": ("tranthihoa@thunghiem.gov.vn",),
        "mailLocalAddress": ("tranthihoa@thunghiem.gov.vn",),
        "congvuEstate": ("test",),
        "congvuId": ("person:tn02",),
        "congvuState": ("active",),
        "congvuDecision": ("11/QĐ-SNV",),
        "congvuQuota": ("2147483648",),
        "congvuAccess": ("snv-motcua:manager", "snv:clerk"),
        "congvuSendAs": ("motcua@thunghiem.gov.vn", "snv@thunghiem.gov.vn"),
    }


def test_a_person_without_a_unit_hangs_below_the_agency(lively: Path) -> None:
    entry = on(lively).entries["person:tn01"]
    assert entry.dn == "uid=tn01,ou=snv,ou=agencies,dc=thunghiem,dc=gov,dc=vn"
    delivered = ("nguyenvanan@thunghiem.gov.vn", "vanan@thunghiem.gov.vn")
    assert entry.attributes["mailLocalAddress"] == delivered, "an alias is delivered, a tombstone not"


@pytest.mark.parametrize(
    ("day", "access"),
    [(date(2026, 12, 31), {"tn01": "snv:manager", "tn02": "snv:clerk"}), (date(2027, 1, 1), {"tn02": "snv:manager"})],
)
def test_the_agencys_mailbox_goes_from_head_to_head(lively: Path, day: date, access: dict[str, str]) -> None:
    entries = on(lively, day).entries
    found = {
        person: value
        for person in ("tn01", "tn02")
        for value in entries[f"person:{person}"].attributes.get("congvuAccess", ())
        if value.startswith("snv:")
    }
    assert found == access


def test_a_leaver_is_disabled_without_rights_and_the_mail_is_retained(lively: Path) -> None:
    entry = on(lively).entries["person:tn04"]
    assert (entry.state, entry.reason) == (State.DISABLED, "44/QĐ-SNV")
    assert entry.dn.startswith("uid=tn04,ou=tccb,ou=snv,")
    assert entry.attributes["congvuRetainUntil"] == ("20270630170000Z",)
    assert entry.attributes["mail"] == ("phanvanloc@thunghiem.gov.vn",)
    assert "congvuAccess" not in entry.attributes
    before = on(lively, date(2026, 6, 30)).entries["person:tn04"]
    assert before.attributes["congvuAccess"] == ("snv:read",)
    assert "congvuSendAs" not in before.attributes, "who only reads does not write in the agency's name"
    assert "congvuRetainUntil" not in before.attributes


@pytest.mark.parametrize(("day", "exists"), [(date(2026, 9, 30), False), (date(2026, 10, 1), True)])
def test_a_joiner_exists_from_the_first_day(lively: Path, day: date, exists: bool) -> None:  # noqa: FBT001 -- a column
    assert ("person:tn05" in on(lively, day).entries) is exists


@pytest.mark.parametrize(
    ("day", "place", "access"),
    [(date(2026, 7, 31), "ou=vp,ou=snv", ("snv:clerk",)), (date(2026, 8, 1), "ou=stc", None)],
)
def test_a_transfer_moves_the_entry_and_leaves_the_rights(
    lively: Path, day: date, place: str, access: tuple[str, ...] | None
) -> None:
    entry = on(lively, day).entries["person:tn06"]
    assert entry.dn == f"uid=tn06,{place},ou=agencies,dc=thunghiem,dc=gov,dc=vn"
    assert entry.attributes.get("congvuAccess") == access


@pytest.mark.parametrize(
    ("day", "change"),
    [
        (date(2026, 6, 1), date(2026, 7, 1)),
        (date(2026, 7, 1), date(2026, 8, 1)),
        (date(2026, 8, 1), date(2026, 10, 1)),
        (TODAY, date(2026, 10, 1)),
        (date(2026, 10, 1), date(2027, 1, 1)),
        (date(2027, 1, 1), date(2027, 7, 1)),  # the mail of tn04 goes
        (date(2027, 7, 1), None),
    ],
)
def test_the_next_change_is_the_next_day_that_differs(lively: Path, day: date, change: date | None) -> None:
    assert on(lively, day).next_change == change


def test_a_date_that_changes_nothing_is_no_change(write: Write) -> None:
    stc = STC.replace(
        "head: tn03", "head:\n  - {person: tn03, until: 2027-01-01}\n  - {person: tn03, since: 2027-01-01}"
    )
    assert on(write({"agencies/stc.yml": stc})).next_change is None


def test_an_agency_whose_head_left_is_headless(write: Write) -> None:
    stc = STC.replace("since: 2020-01-01", "since: 2020-01-01\n    until: 2026-09-01")
    registry = load(write({"agencies/stc.yml": stc}))
    assert headless(registry, date(2026, 8, 31)) == []
    assert headless(registry, TODAY) == ["stc"]


def test_another_suffix_takes_the_place_of_the_estates(write: Write) -> None:
    desired = compile_desired(load(write()), suffix="dc=thu", as_of=TODAY, commit="")
    assert desired.suffix == "dc=thu"
    assert all(entry.dn.endswith(",ou=agencies,dc=thu") for entry in desired.entries.values())


def test_a_name_of_one_word_is_family_and_given_name(write: Write) -> None:
    root = write({"agencies/stc.yml": STC.replace("Lê Đức Đạt", "Đạt"), LOCK: LOCK_TEXT})
    entry = on(root).entries["person:tn03"]
    assert (entry.attributes["sn"], entry.attributes["givenName"]) == (("Đạt",), ("Đạt",))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.dates(date(2009, 1, 1), date(2028, 1, 1)))
def test_on_every_day_the_entries_are_whole(lively: Path, day: date) -> None:
    desired = on(lively, day)
    assert desired == on(lively, day)
    seen = {"ou=agencies,dc=thunghiem,dc=gov,dc=vn"}
    addresses: list[str] = []
    for id_, entry in desired.entries.items():
        assert entry.id == id_ == entry.attributes["congvuId"][0]
        assert entry.dn.partition(",")[2] in seen, "a parent comes before what lies in it"
        assert entry.attributes.keys() <= OWNED[entry.kind]
        for values in entry.attributes.values():
            assert values == tuple(sorted(set(values)))
            assert values
        assert (entry.state is State.DISABLED) == ("congvuRetainUntil" in entry.attributes)
        assert entry.needs_password == (entry.state is not State.PURGED and entry.kind in {Kind.PERSON, Kind.ADMIN})
        delivered = entry.attributes.get("mailLocalAddress", ())
        assert set(entry.attributes.get("mail", ())) <= set(delivered), "the directory compares these alone"
        addresses += delivered
        seen.add(entry.dn)
    assert len(addresses) == len(set(addresses))


def test_what_is_foreseen_of_somebody_is_what_comes(lively: Path) -> None:
    registry = load(lively)
    coming = forecast(registry, since=date(2009, 1, 1), until=date(2029, 1, 1))
    assert "person:tn05" in {change.entry.id for change in coming}, "who is in one post, and named nowhere else"
    for change in coming:
        assert compile_desired(registry, as_of=change.day, commit="").entries[change.entry.id] == change.entry
