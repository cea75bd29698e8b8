"""Who gets the letters of a list, who may write to it, and from which day on."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.allocate import allocate
from ansible_collections.congvu.mail.plugins.module_utils.changes import agency_of, base_dn
from ansible_collections.congvu.mail.plugins.module_utils.compile import census, compile_desired, forecast
from ansible_collections.congvu.mail.plugins.module_utils.forecast import text
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind, State
from ansible_collections.congvu.mail.plugins.module_utils.source import load

from .conftest import LOCK, POLICY, SNV

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.model import Entry

    from .conftest import Write

DAY = date(2026, 6, 1)
AWAY = "2026-09-01"
OWN = """\
ds:
  name: Danh sách
  account: ds@thunghiem.gov.vn
  decision: 9/QĐ-UB
  members: [{members}]
  senders: [{senders}]
"""
# Deputy for a year, in another unit later, on leave for two months; and somebody with a second post.
PEOPLE = f"""\
  - id: tn04
    name: Đỗ Văn Tâm
    unit: tccb
    title: Chuyên viên
    since: 2021-01-01
    decision: 13/QĐ-SNV
    changes:
      - since: 2026-07-01
        decision: 14/QĐ-SNV
        title: Trưởng phòng
        unit: vp
    absences:
      - since: {AWAY}
        until: 2026-11-01
        decision: 15/QĐ-SNV
        reason: study
  - id: tn03
    name: Lê Đức Đạt
    kind: concurrent
    unit: tccb
    title: Chuyên viên
    since: 2026-08-01
    decision: 16/QĐ-UB
"""
ROLES = "deputies:\n  - person: tn04\n    since: 2026-05-01\n    until: 2027-05-01\nclerks:"


def written(write: Write, members: str, senders: str = "inside", *, sign_in: bool = True) -> Path:
    """Write the small registry with two more posts and one list of the estate."""
    return write(
        {
            "policy.yml": POLICY.replace("sign_in: true", f"sign_in: {str(sign_in).lower()}"),
            "agencies/snv.yml": SNV.replace("clerks:", ROLES) + PEOPLE,
            "lists.yml": OWN.format(members=members, senders=senders),
            "addresses/thunghiem.gov.vn.yml": f"dovantam: person:tn04\nds: list:ds\n{LOCK}",
        }
    )


def entries(root: Path, day: date | str = DAY) -> Mapping[str, Entry]:
    as_of = date.fromisoformat(day) if isinstance(day, str) else day
    return compile_desired(load(root), as_of=as_of, commit="").entries


def holders(found: Mapping[str, Entry], attribute: str = "congvuList", uid: str = "ds") -> set[str]:
    """Return the ids of the entries that tell of the list."""
    return {id_.removeprefix("person:") for id_, entry in found.items() if uid in entry.attributes.get(attribute, ())}


@pytest.mark.parametrize(
    ("said", "day", "expected"),
    [
        pytest.param("tn02", DAY, {"tn02"}, id="one person"),
        pytest.param("{person: tn02, since: 2026-06-02}", DAY, set(), id="one person, from tomorrow on"),
        pytest.param("{person: tn02, since: 2026-06-01}", DAY, {"tn02"}, id="one person, from today on"),
        pytest.param("{person: tn02, until: 2026-06-01}", DAY, set(), id="one person, until today"),
        pytest.param("{mailbox: snv}", DAY, {"mailbox:snv"}, id="a shared mailbox"),
        pytest.param("{agency: snv}", DAY, {"tn01", "tn02", "tn04"}, id="an agency"),
        pytest.param("{agency: snv}", "2026-08-01", {"tn01", "tn02", "tn03", "tn04"}, id="also by a second post"),
        pytest.param("{agency: snv, unit: tccb}", DAY, {"tn04"}, id="a unit"),
        pytest.param("{agency: snv, unit: tccb}", "2026-07-01", set(), id="a unit that somebody has left"),
        pytest.param("{agency: snv, unit: vp}", "2026-07-01", {"tn02", "tn04"}, id="the unit that somebody came to"),
        pytest.param("{title: Giám đốc}", DAY, {"tn01", "tn03"}, id="a title anywhere"),
        pytest.param("{title: Giám đốc, agency: stc}", DAY, {"tn03"}, id="a title in one agency"),
        pytest.param("{title: Trưởng phòng}", DAY, set(), id="a title that somebody will have"),
        pytest.param("{title: Trưởng phòng}", "2026-07-01", {"tn04"}, id="a title from its day on"),
        pytest.param(
            "{title: Giám đốc, agency: snv}", "2026-08-01", {"tn01"}, id="one post meets all, not two together"
        ),
        pytest.param("{role: head}", DAY, {"tn01", "tn03"}, id="all heads"),
        pytest.param("{role: clerks}", DAY, {"tn02"}, id="all clerks"),
        pytest.param("{role: deputies}", DAY, {"tn04"}, id="a role on its days"),
        pytest.param("{role: deputies}", "2026-04-30", set(), id="a role before its days"),
        pytest.param("{role: deputies}", AWAY, set(), id="a role during long leave"),
        pytest.param("{role: head, title: Giám đốc, kind: department}", DAY, {"tn01", "tn03"}, id="role, title, kind"),
        pytest.param("{role: head, kind: district}", DAY, set(), id="heads of a kind that there is not"),
        pytest.param("{kind: department}", DAY, {"tn01", "tn02", "tn03", "tn04"}, id="all agencies of a kind"),
        pytest.param("{role: clerks}, {mailbox: stc}, tn02", DAY, {"tn02", "mailbox:stc"}, id="items add up"),
    ],
)
def test_members_are_those_who_meet_what_an_item_says(
    write: Write, said: str, day: date | str, expected: set[str]
) -> None:
    assert holders(entries(written(write, said), day)) == expected


@pytest.mark.parametrize(
    ("sign_in", "expected"),
    [
        pytest.param(True, {"tn04"}, id="who may sign in gets letters"),
        pytest.param(False, set(), id="who may not, none"),
    ],
)
def test_during_long_leave_a_post_still_counts_for_those_who_may_sign_in(
    write: Write, *, sign_in: bool, expected: set[str]
) -> None:
    found = entries(written(write, "{agency: snv, title: Trưởng phòng}", sign_in=sign_in), AWAY)
    assert holders(found) == expected
    assert found["person:tn04"].state is (State.ACTIVE if sign_in else State.DISABLED)


def test_who_left_gets_nothing_though_the_list_names_the_person(write: Write) -> None:
    root = written(write, "tn02", "{person: tn02}")
    file = root / "agencies/snv.yml"
    left = "decision: 11/QĐ-SNV\n    until: 2026-06-01\n    until_decision: 20/QĐ-SNV"
    file.write_text(file.read_text(encoding="utf-8").replace("decision: 11/QĐ-SNV", left), encoding="utf-8")
    before, after = entries(root, "2026-05-31"), entries(root, "2026-06-01")
    assert [holders(found, name) for found in (before, after) for name in ("congvuList", "congvuListWriter")] == [
        {"tn02"},
        {"tn02"},
        set(),
        set(),
    ]


@pytest.mark.parametrize(
    ("said", "circles", "named"),
    [
        ("inside", ("inside",), set()),
        ("members, {role: head}", ("members",), {"tn01", "tn03"}),
        ("anyone, {circle: members, until: 2026-01-01}", ("anyone",), set()),
        ("{agency: snv, unit: vp}", None, {"tn02"}),
    ],
)
def test_who_may_write_is_a_circle_or_stands_on_the_writers_entries(
    write: Write, said: str, circles: tuple[str, ...] | None, named: set[str]
) -> None:
    found = entries(written(write, "tn02", said))
    assert found["list:ds"].attributes.get("congvuWriters") == circles
    assert holders(found, "congvuListWriter") == named
    assert holders(found) == {"tn02"}


def test_a_list_is_an_entry_with_an_address_that_tells_how_to_find_its_members(write: Write) -> None:
    entry = entries(written(write, "tn02"))["list:ds"]
    assert entry.dn == "cn=ds,ou=agencies,dc=thunghiem,dc=gov,dc=vn"
    assert entry.attributes == {
        "objectClass": ("congvuMailingList", "congvuObject", "groupOfURLs"),
        "congvuEstate": ("test",),
        "congvuId": ("list:ds",),
        "congvuState": ("active",),
        "congvuDecision": ("9/QĐ-UB",),
        "cn": ("ds",),
        "displayName": ("Danh sách",),
        "mail": ("ds@thunghiem.gov.vn",),
        "mailLocalAddress": ("ds@thunghiem.gov.vn",),
        "memberURL": ("ldap:///ou=agencies,dc=thunghiem,dc=gov,dc=vn?mail?sub?(&(congvuState=active)(congvuList=ds))",),
        "congvuWriters": ("inside",),
    }


def test_the_estates_own_lists_belong_to_no_agency(write: Write) -> None:
    entry = entries(written(write, "tn02"))["list:ds"]
    assert agency_of(entry.dn, base_dn("dc=thunghiem,dc=gov,dc=vn")) == ""


OF_AGENCY = """\
lists:
  tatca:
    name: Toàn thể Sở Nội vụ
    members: [{unit: vp}, {role: head}]
    senders: members
    since: 2026-02-01
    until: 2027-02-01
    until_decision: 30/QĐ-SNV
    changes:
      - since: 2026-08-01
        decision: 29/QĐ-SNV
        name: Mọi người ở Sở Nội vụ
        account: moinguoi@thunghiem.gov.vn
"""
RULE = 'list_addresses: {cite: Điều 2, form: "{list}.{agency}{n}@{domain}"}\n'
GIVEN = "moinguoi: list:snv-tatca since 2026-08-01\n", "tatca.snv: list:snv-tatca\n"


def of_agency(write: Write, *, locked: bool = True) -> Path:
    first, second = GIVEN if locked else ("", "")
    lock = LOCK.replace("nguyenvanan", f"{first}nguyenvanan").replace("tranthihoa", f"{second}tranthihoa")
    return write(
        {
            "policy.yml": POLICY + RULE,
            "agencies/snv.yml": SNV + OF_AGENCY,
            "addresses/thunghiem.gov.vn.yml": lock,
        }
    )


def test_an_agencys_list_gets_its_address_by_the_rule_and_its_next_one_as_printed(write: Write) -> None:
    found = allocate(load(of_agency(write, locked=False), locked=False))
    assert found == {
        "tatca.snv@thunghiem.gov.vn": "list:snv-tatca",
        "moinguoi@thunghiem.gov.vn": "list:snv-tatca since 2026-08-01",
    }


@pytest.mark.parametrize(
    ("day", "state", "addresses", "members"),
    [
        ("2026-01-31", None, (), set()),
        ("2026-02-01", State.ACTIVE, ("tatca.snv@",), {"tn01", "tn02"}),
        ("2026-08-01", State.ACTIVE, ("moinguoi@", "tatca.snv@"), {"tn01", "tn02"}),
        ("2026-11-09", State.ACTIVE, ("moinguoi@",), {"tn01", "tn02"}),  # 100 days later
        ("2027-02-01", State.DISABLED, (), set()),
    ],
)
def test_a_list_has_days_of_its_own(
    write: Write, day: str, state: State | None, addresses: tuple[str, ...], members: set[str]
) -> None:
    found = entries(of_agency(write), day)
    entry = found.get("list:snv-tatca")
    assert (entry.state if entry else None) is state
    delivered = entry.attributes.get("mailLocalAddress", ()) if entry else ()
    assert delivered == tuple(f"{local}thunghiem.gov.vn" for local in addresses)
    assert holders(found, uid="snv-tatca") == members
    if entry:
        assert entry.dn == "cn=snv-tatca,ou=snv,ou=agencies,dc=thunghiem,dc=gov,dc=vn"


def test_a_list_ends_with_its_agency(write: Write) -> None:
    root = of_agency(write)
    file = root / "agencies/snv.yml"
    ended = "code: snv\nuntil: 2026-07-01\nuntil_decision: 31/QĐ-UB\nsuccessor: stc\n"
    file.write_text(file.read_text(encoding="utf-8").replace("code: snv\n", ended), encoding="utf-8")
    lock = root / "addresses/thunghiem.gov.vn.yml"
    lock.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")
    found = entries(root, "2026-07-01")
    assert (found["list:snv-tatca"].state, found["list:snv-tatca"].reason) == (State.DISABLED, "31/QĐ-UB")
    assert holders(found, uid="snv-tatca") == set()


@pytest.mark.parametrize(
    ("members", "senders"),
    [
        ("{agency: snv, unit: vp}, {role: deputies}, {person: tn03, since: 2026-10-10}", "inside"),
        ("{title: Trưởng phòng, until: 2026-12-24}, {kind: department, unit: tccb, agency: snv}", "{role: head}"),
        ("{mailbox: stc, since: 2026-10-10}", "{circle: anyone, since: 2026-10-11}, members"),
        ("{kind: department, since: 2026-10-10}", "{title: Giám đốc, until: 2026-12-24}"),
    ],
)
def test_the_next_change_is_the_first_day_on_which_anything_differs(write: Write, members: str, senders: str) -> None:
    registry = load(written(write, members, senders))
    days = [DAY + timedelta(ahead) for ahead in range(400)]
    wanted = {day: compile_desired(registry, as_of=day, commit="") for day in days}
    changed = {today for day, today in pairwise(days) if wanted[day].entries != wanted[today].entries}
    assert len(changed) >= 4
    for day in days[:-1]:
        later = [other for other in sorted(changed) if other > day]
        if later:
            assert wanted[day].next_change == later[0], day


def test_the_census_counts_lists(write: Write) -> None:
    registry = load(of_agency(write))
    for day, count in ((date(2026, 1, 31), 0), (date(2026, 2, 1), 1), (date(2028, 1, 1), 1)):
        assert census(registry, day)[Kind.LIST] == count


def test_a_forecast_tells_who_comes_to_which_list(write: Write) -> None:
    registry = load(written(write, "{agency: snv, unit: vp}", "{role: deputies}"))
    told = text(forecast(registry, since=DAY, until=date(2027, 6, 1)), until=date(2027, 6, 1), language="vi")
    assert "danh sách thư không có → ds" in told
    assert "được gửi tới danh sách thư ds → không có" in told
