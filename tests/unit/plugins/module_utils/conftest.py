"""A small registry, sound in itself, that tests bend as they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import apply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session", autouse=True)
def _at_once() -> Iterator[None]:
    """Let no apply wait for mail exchangers: here are none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apply, "SETTLE", 0.0)
        yield


ESTATE = """\
name: test
title: Thư điện tử tỉnh Thử Nghiệm
domains: [thunghiem.gov.vn]
suffix: dc=thunghiem,dc=gov,dc=vn
time_zone: Asia/Ho_Chi_Minh
"""

POLICY = """\
regulation: Quyết định thử nghiệm
person_addresses: {cite: Điều 1, form: "{full}{n}@{domain}"}
agency_addresses: {cite: Điều 2, form: "{abbreviation}{n}@{domain}"}
namesakes: {cite: Điều 3, append: ["{number}"]}
former_addresses: {cite: Điều 3, days: 100}
reserved_addresses: {cite: RFC 2142, locals: [root]}
shared_mailboxes:
  {cite: Điều 4, head: manager, deputies: clerk, clerks: clerk, readers: read, send_as: [manager, clerk]}
leave: {cite: Điều 4, sign_in: true, roles: false}
quotas: {cite: Điều 5, person: 2 GiB, mailbox: 500 MiB}
retention: {cite: Điều 6, days: 365}
passwords:
  cite: Điều 7
  length: 8
  upper: 1
  lower: 1
  digits: 0
  special: 1
  change_at_first_sign_in: true
  change_within_days: 30
  failures: 10
  locked_minutes: 15
"""

# The lines are counted in tests: code stands on line 1, head on line 6, the first person's id on line 13.
SNV = """\
code: snv
name: Sở Nội vụ
kind: department
account: snv@thunghiem.gov.vn
decision: 01/QĐ-UB
head: tn01
clerks:
  - tn02
units:
  vp: Văn phòng
  tccb: Phòng Tổ chức cán bộ
people:
  - id: tn01
    name: Nguyễn Văn An
    title: Giám đốc
    since: 2020-01-01
    decision: 10/QĐ-UB
  - id: tn02
    name: Trần Thị Hoà
    unit: vp
    title: Văn thư
    since: 2021-06-01
    decision: 11/QĐ-SNV
"""

STC = """\
code: stc
name: Sở Tài chính
kind: department
decision: 01/QĐ-UB
head: tn03
people:
  - id: tn03
    name: Lê Đức Đạt
    title: Giám đốc
    since: 2020-01-01
    decision: 12/QĐ-UB
"""

LOCK = """\
leducdat: person:tn03
nguyenvanan: person:tn01
snv: mailbox:snv
stc: mailbox:stc
tranthihoa: person:tn02
"""

SOUND = {
    "estate.yml": ESTATE,
    "policy.yml": POLICY,
    "agencies/snv.yml": SNV,
    "agencies/stc.yml": STC,
    "addresses/thunghiem.gov.vn.yml": LOCK,
}


class Write(Protocol):
    """Write the small registry with some files replaced, or left out (None), and return its folder."""

    def __call__(self, changes: dict[str, str | None] | None = None) -> Path:
        """Write it."""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(changes: dict[str, str | None] | None = None) -> Path:
        for name, text in {**SOUND, **(changes or {})}.items():
            if text is not None:
                path = tmp_path / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return tmp_path

    return _write


class Bend(Protocol):
    """Write the small registry with one text replaced in one file, and return its folder."""

    def __call__(self, file: str, old: str, new: str) -> Path:
        """Write it."""


@pytest.fixture
def bend(write: Write) -> Bend:
    def _bend(file: str, old: str, new: str) -> Path:
        assert old in SOUND[file], "the test bends what is not there"
        return write({file: SOUND[file].replace(old, new, 1)})

    return _bend
