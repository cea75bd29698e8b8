"""What is asked of the operator is told in words that a clerk would write."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import papers
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.confirmations import Answer, Confirmations, take
from ansible_collections.congvu.mail.plugins.module_utils.model import State
from ansible_collections.congvu.mail.plugins.module_utils.request import Section, items, overdue, plan_request
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import SpreadsheetError, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.congvu.mail.plugins.module_utils.model import Desired, Registry
    from ansible_collections.congvu.mail.plugins.module_utils.request import Item

REGISTRY = Path(__file__).parents[4] / "inventories/binhtan/registry"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load(REGISTRY)


@pytest.fixture(scope="module")
def desired(registry: Registry) -> Desired:
    return compile_desired(registry, as_of=TODAY, commit="")


def confirmed(desired: Desired) -> Confirmations:
    """Confirm all that is asked for."""
    nothing = Confirmations(desired.estate, desired.suffix)
    plan = plan_request(desired, nothing)
    return take(nothing, plan, Answer(plan.id, plan.as_of, "", TODAY, "1/STTTT"))


def bent(desired: Desired, id_: str, attributes: Mapping[str, tuple[str, ...]], state: State = State.ACTIVE) -> Desired:
    """Change one entry of what is wanted."""
    entry = desired.entries[id_]
    given = {**entry.attributes, **attributes, "congvuState": (state.value,)}
    kept = {name: values for name, values in given.items() if values}
    return replace(desired, entries={**desired.entries, id_: entry._replace(attributes=kept, state=state)})


def told(registry: Registry, before: Desired, after: Desired) -> list[Item]:
    confirmations = confirmed(before)
    return list(items(plan_request(after, confirmations), registry, confirmations))


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"title": ("Trưởng phòng",)}, ("Chức vụ: Chuyên viên → Trưởng phòng",)),
        ({"displayName": ("Trần Đức An",)}, ("Họ và tên: Trần Đức Thịnh → Trần Đức An",)),
        (
            {"mailLocalAddress": ("tdthinh.binhtan@tphcm.gov.vn", "thinh.binhtan@tphcm.gov.vn")},
            ("Nhận thêm thư gửi đến thinh.binhtan@tphcm.gov.vn",),
        ),
        ({"congvuRetainUntil": ("20270630170000Z",)}, ("Giữ thư đã có đến hết ngày 30/06/2027",)),
        (
            {"ou": ("Bộ phận Tổng hợp", "UBND quận Bình Tân", "Văn phòng UBND quận")},
            (
                (
                    "Đơn vị: Bộ phận Tổng hợp, Văn phòng UBND quận → "
                    "Bộ phận Tổng hợp, Văn phòng UBND quận, UBND quận Bình Tân"
                ),
            ),
        ),
    ],
)
def test_a_change_is_told_as_from_what_to_what(
    registry: Registry, desired: Desired, attributes: dict[str, tuple[str, ...]], said: tuple[str, ...]
) -> None:
    (item,) = told(registry, desired, bent(desired, "person:bt00013", attributes))
    assert (item.section, item.code, item.details) == (Section.CHANGED, "bt00013", said)


def test_an_address_given_up_is_told(registry: Registry, desired: Desired) -> None:
    both = ("tdthinh.binhtan@tphcm.gov.vn", "thinh.binhtan@tphcm.gov.vn")
    (item,) = told(registry, bent(desired, "person:bt00013", {"mailLocalAddress": both}), desired)
    assert item.details == ("Thôi nhận thư gửi đến thinh.binhtan@tphcm.gov.vn",)


def test_a_mailbox_that_was_closed_is_opened_again(registry: Registry, desired: Desired) -> None:
    confirmations = confirmed(desired)
    closing = plan_request(bent(desired, "person:bt00013", {}, State.DISABLED), confirmations)
    closed = take(confirmations, closing, Answer(closing.id, TODAY, "", TODAY, "2/STTTT"))
    (item,) = items(plan_request(desired, closed), registry, closed)
    assert (item.section, item.details) == (Section.CHANGED, ("Mở lại hộp thư",))


def test_mail_whose_term_is_over_is_asked_to_be_removed_by_the_name_it_had(
    registry: Registry, desired: Desired
) -> None:
    ledger = confirmed(desired)
    kept = {"congvuRetainUntil": ("20261101170000Z",)}
    closing = plan_request(bent(desired, "person:bt00013", kept, State.DISABLED), ledger)
    closed = take(ledger, closing, Answer(closing.id, TODAY, "", TODAY, "2/STTTT"))
    nothing = dict.fromkeys((*kept, "displayName", "title", "ou", "mail", "mailLocalAddress"), ())
    over = plan_request(bent(desired, "person:bt00013", nothing, State.PURGED), closed)
    (item,) = items(over, registry, closed)
    assert (item.section, item.code, item.name) == (Section.CANCELLED, "bt00013", "Trần Đức Thịnh")
    assert item.details == ("Đã hết thời hạn lưu giữ: xóa hộp thư cùng toàn bộ thư trong đó",)


def test_whoever_may_not_sign_in_on_leave_is_said_to_be_on_leave(registry: Registry, desired: Desired) -> None:
    (item,) = told(registry, desired, bent(desired, "person:bt00012", {}, State.DISABLED))
    assert (item.section, item.details[0]) == (Section.CANCELLED, "Lý do: nghỉ dài ngày")


def test_what_the_registry_lost_is_said_to_be_lost(registry: Registry, desired: Desired) -> None:
    left = {id_: entry for id_, entry in desired.entries.items() if id_ != "person:bt00013"}
    (item,) = told(registry, desired, replace(desired, entries=left))
    assert (item.section, item.name, item.decision) == (Section.CANCELLED, "Trần Đức Thịnh", "")
    assert item.details == (
        "Lý do: không còn trong sổ đăng ký của quận",
        "Ngừng đăng nhập và gửi thư; giữ thư đã có",
    )


def test_a_right_is_told_in_plain_words(registry: Registry, desired: Desired) -> None:
    (item,) = told(registry, desired, bent(desired, "person:bt00010", {"congvuAccess": ("vpubnd:clerk",)}))
    assert (item.section, item.code) == (Section.RIGHTS, "bt00010:vpubnd")
    assert item.details == ("vpubnd.binhtan@tphcm.gov.vn", "theo dõi: đọc, soạn và gửi thư")


@pytest.mark.parametrize(
    ("since", "as_of", "late"),
    [
        ("2026-12-01", "2026-12-03", False),  # Tuesday to Thursday
        ("2026-12-01", "2026-12-04", True),
        ("2026-12-04", "2026-12-08", False),  # Friday to Tuesday
        ("2026-12-05", "2026-12-09", True),  # Saturday to Wednesday
        ("2026-12-09", "2026-12-01", False),
        ("2026-02-13", "2026-02-24", False),  # Friday to Tuesday, over Tết
        ("2026-02-13", "2026-02-25", True),
        ("2026-01-01", "2026-01-06", False),  # Friday is off, and worked on another day
        ("2026-01-08", "2026-01-10", False),  # that Saturday
        ("2026-01-08", "2026-01-12", True),
    ],
)
def test_a_request_is_late_after_two_working_days(
    registry: Registry, desired: Desired, since: str, as_of: str, *, late: bool
) -> None:
    (item,) = told(registry, desired, bent(desired, "person:bt00013", {"title": ("Trưởng phòng",)}))
    dated = replace(item, day=date.fromisoformat(since))
    day = date.fromisoformat(as_of)
    assert bool(overdue([dated], day, registry)) is late
    assert not overdue([replace(dated, again=True)], day, registry)
    without = replace(registry, policy=replace(registry.policy, request_days=None))
    assert not overdue([dated], day, without), "without a term nothing is late"


def test_a_workbook_that_is_not_ours_is_refused() -> None:
    with pytest.raises(SpreadsheetError, match="trang 'Sheet1': không có cột 'Mã' và 'Kết quả'"):
        papers.refused_in([Table("Sheet1", ((1, ("Họ tên", "Địa chỉ")),))])
