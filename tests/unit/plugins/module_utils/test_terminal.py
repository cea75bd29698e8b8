"""On the terminal a plan is short, and ends with what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import terminal, wording
from ansible_collections.congvu.mail.plugins.module_utils.model import State
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import agency, desired, person
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, MemoryDirectory
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.review import FINDING, mixed

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan


@pytest.fixture
def plan() -> Plan:
    return mixed()


def test_the_terminal_shows_every_kind_of_change_where_it_belongs(plan: Plan) -> None:
    assert (
        terminal.page(plan, where="plan.md")
        == f"""\
Plan {plan.id[:12]} for the estate thu on 2026-11-21, registry at c0ffee

Left alone: 1 unmanaged
  cn=may-in,ou=agencies,dc=tinh,dc=gov,dc=vn: It bears no mark that we know: left alone.

snv
  ~ person a  Nguyễn a <a@tinh.gov.vn>: title Chuyên viên → Phó phòng  agencies/snv.yml:1
  ! person c  Nguyễn c <c@tinh.gov.vn>: congvuState active → disabled  agencies/snv.yml:1
  ! person d  Nguyễn d <d@tinh.gov.vn>: congvuState active → held; no longer in the registry
  - unit snv/cu  cu: no longer in the registry

stc
  + person moi  Nguyễn moi <moi@tinh.gov.vn>  agencies/snv.yml:1
  > person b  Nguyễn b <b@tinh.gov.vn>: from snv/tccb to stc  agencies/snv.yml:1

Changes: 1 to create, 1 to update, 1 to move, 2 to disable, 1 to delete.
Time alone changes something next on 2027-01-01.
The whole plan is in plan.md
Apply exactly this: ansible-playbook playbooks/apply.yml -e plan={plan.id[:12]}
"""
    )


def test_a_rail_stands_below_everything_and_nobody_is_told_to_apply(plan: Plan) -> None:
    text = terminal.page(plan, [FINDING])
    first, *rest = FINDING.lines()
    assert text.endswith(
        "\n".join(("\nSTOPPED by a safety rail:", f"  {first}", *(f"    {line}" for line in rest), ""))
    )
    assert "Apply exactly this" not in text


def test_a_plan_for_a_day_to_come_is_not_to_be_applied(plan: Plan) -> None:
    text = terminal.page(plan, ahead=True)
    assert text.endswith("\nTo be looked at: its day has not come. Plan for today, and apply that.\n")
    assert "Apply exactly this" not in text


def test_a_long_list_is_cut() -> None:
    plan = make_plan(desired(agency("snv"), *(person(f"p{number:02}", "ou=snv") for number in range(30))), [])
    text = terminal.page(plan)
    assert "… and 23 more: 23 to create" in text
    assert "p29" not in text


def test_a_list_cut_short_still_shows_who_loses_access() -> None:
    directory = MemoryDirectory()
    before = [agency("z"), *(person(f"p{number:02}", "ou=z") for number in range(30))]
    for one in before:
        directory.put(one.dn, **one.attributes)
    leaver = person("p29", "ou=z", State.DISABLED)
    others = [entry for entry in before if entry.id != leaver.id]
    crowd = [agency(code) for code in "bcdefghi"] + [person(f"{a}{n}", f"ou={a}") for a in "bcdefghi" for n in range(9)]
    titled = [entry._replace(attributes={**entry.attributes, "title": ("Khác",)}) for entry in others[1:]]
    plan = make_plan(
        desired(others[0], *titled, leaver, *crowd),
        directory.read_tree(BASE, ATTRIBUTES),
    )
    text = terminal.page(plan)
    assert "! person p29" in text
    assert "  … and 22 more: 22 to update\n" in text
    assert "… and 4 more agencies: 40 to create\n" in text
    assert len(text.splitlines()) < terminal.PAGE + 10


def test_nothing_to_do_is_said_in_a_line() -> None:
    directory = MemoryDirectory()
    directory.put(agency("snv").dn, **agency("snv").attributes)
    plan = make_plan(desired(agency("snv")), directory.read_tree(BASE, ATTRIBUTES))
    assert "Nothing to do: the directory is as the registry says (1 entries)." in terminal.page(plan)


def test_it_is_told_in_vietnamese_too(plan: Plan) -> None:
    assert (
        terminal.page(plan, where="plan.md", language=Language.VIETNAMESE)
        == f"""\
Kế hoạch {plan.id[:12]} cho hệ thống thu, ngày 21/11/2026, sổ đăng ký ở commit c0ffee

Để nguyên: 1 mục không do hệ thống quản lý
  cn=may-in,ou=agencies,dc=tinh,dc=gov,dc=vn: Không mang dấu nào mà hệ thống biết: để nguyên.

snv
  ~ cán bộ a  Nguyễn a <a@tinh.gov.vn>: chức vụ: Chuyên viên → Phó phòng  agencies/snv.yml:1
  ! cán bộ c  Nguyễn c <c@tinh.gov.vn>: trạng thái: đang dùng → bị khoá  agencies/snv.yml:1
  ! cán bộ d  Nguyễn d <d@tinh.gov.vn>: trạng thái: đang dùng → đã đóng, giữ thư; không còn trong sổ đăng ký
  - đơn vị snv/cu  cu: không còn trong sổ đăng ký

stc
  + cán bộ moi  Nguyễn moi <moi@tinh.gov.vn>  agencies/snv.yml:1
  > cán bộ b  Nguyễn b <b@tinh.gov.vn>: từ snv/tccb sang stc  agencies/snv.yml:1

Thay đổi: 1 lập mới, 1 sửa, 1 chuyển, 2 khoá, 1 xoá.
Thay đổi kế tiếp theo ngày đã ghi: 01/01/2027.
Toàn bộ kế hoạch: plan.md
Thực hiện đúng kế hoạch này: ansible-playbook playbooks/apply.yml -e plan={plan.id[:12]}
"""
    )


@pytest.mark.parametrize(
    ("dn", "place"),
    [
        (f"uid=a,ou=tccb,ou=snv,{BASE}", "snv/tccb"),
        (f"uid=a,ou=snv,{BASE}", "snv"),
        (f"ou=snv,{BASE}", "snv"),
        ("uid=a,ou=people,dc=tinh,dc=gov,dc=vn", "people"),
        ("uid=a,ou=p1,ou=agencies,ou=binhtan,dc=tphcm,dc=gov,dc=vn", "p1"),
    ],
)
def test_a_place_is_the_path_from_the_agency_down(dn: str, place: str) -> None:
    assert wording.place(dn) == place
