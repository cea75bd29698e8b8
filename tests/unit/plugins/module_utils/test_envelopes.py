"""A slip says all that its holder needs, folds so that the password is inside, and the list holds none."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import combinations
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.envelopes import Sender, deadline, receipts, rules, slips
from ansible_collections.congvu.mail.plugins.module_utils.model import Passwords
from ansible_collections.congvu.mail.plugins.module_utils.slips import Holder

if TYPE_CHECKING:
    from collections.abc import Iterator

POINT = 25.4 / 72  # mm
STRICT = Passwords(
    length=8,
    upper=1,
    lower=1,
    digits=0,
    special=1,
    change_at_first_sign_in=True,
    change_within_days=30,
    failures=10,
    locked_minutes=15,
)
SENDER = Sender(
    estate="Tỉnh Thử Nghiệm",
    webmail="https://webmail.thunghiem.gov.vn",
    contact="cntt@thunghiem.gov.vn",
    regulation="Quyết định 05/2005/QĐ-UB",
    rules=STRICT,
    day=date(2026, 11, 22),
    zone=ZoneInfo("Asia/Ho_Chi_Minh"),
    synthetic=True,
)
WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')


SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789abcdefghijkmnpqrstuvwxyz-"


def is_veil(word: str) -> bool:
    """Tell what covers passwords from words."""
    return len(word) > 30 and set(word) <= set(SIGNS)


def holder(id_: str, name: str = "", unit: str = "", account: str = "", title: str = "Chuyên viên") -> Holder:
    where = {"agency": "snv", "agency_name": "Sở Nội vụ", "unit_name": unit, "dn": "", "uuid": "", "csn": ""}
    who = {"name": name, "given": name, "title": title, "account": account, "state": "active"}
    since = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)  # half past one in Việt Nam, on the day after
    return Holder(id=id_, first=True, lock="", since=since, **where, **who)


PEOPLE = [
    holder("admin:snv", account="admin.snv"),
    holder("person:tn01", "Nguyễn Thị Mẫu", "Văn phòng", "nguyenthimau@thunghiem.gov.vn"),
    holder(
        "person:tn02",
        "Công Tằng Tôn Nữ Hoàng Thị Quỳnh Phương Đoan Trang",
        "Phòng Tổ chức, Biên chế, Xây dựng chính quyền và Công tác thanh niên",
        "congtangtonnuhoangthiquynhphuongdoantrang12@vanphong.huyennamdong.thunghiem.gov.vn",
        "Phó Trưởng phòng phụ trách công tác cải cách hành chính và kiểm soát thủ tục hành chính",
    ),
]
PASSWORDS = {one.id: f"hK7m-Rw3x-P9dq-Tz{number}e" for number, one in enumerate(PEOPLE, 2)}


def pages(content: bytes) -> list[str]:
    """Give what each page says, in one line."""
    read = subprocess.run(["/usr/bin/pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return [" ".join(page.split()) for page in read.stdout.decode().split("\f")[:-1]]


def words(content: bytes) -> Iterator[list[tuple[str, float, float, float, float]]]:
    """Yield the words of each page with their left, upper, right and lower edges, in millimetres."""
    read = subprocess.run(["/usr/bin/pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True)
    for page in read.stdout.decode().split("<page ")[1:]:
        yield [
            (found[5], *(float(edge) * POINT for edge in found.groups()[:4]))  # type: ignore[misc]
            for found in WORD.finditer(page)
        ]


@pytest.fixture(scope="module")
def printed() -> bytes:
    return slips(SENDER, "Sở Nội vụ", PEOPLE, PASSWORDS)


def test_each_has_a_page_alone_with_all_that_is_needed(printed: bytes) -> None:
    said = pages(printed)
    assert len(said) == len(PEOPLE)
    for page, one in zip(said, PEOPLE, strict=True):
        needed = [one.name, one.title if one.name else "", one.unit_name, one.account, PASSWORDS[one.id], "Sở Nội vụ"]
        needed += [
            SENDER.webmail,
            SENDER.contact,
            SENDER.regulation,
            SENDER.estate,
            "22/11/2026",
            "21/12/2026",
            *rules(STRICT),
        ]
        assert [fact for fact in needed if "".join(fact.split()) not in "".join(page.split())] == []
        assert sum(password in page for password in PASSWORDS.values()) == 1
        assert "không có thật" in page


def test_of_an_admin_it_says_what_the_account_is_for(printed: bytes) -> None:
    admin, person, _ = pages(printed)
    assert "Tên đăng nhập admin.snv" in admin
    assert "cấp lại mật khẩu và mở khoá" in admin
    assert "cấp lại mật khẩu và mở khoá" not in person
    assert "người quản trị thư điện tử của cơ quan, hoặc" in person


def test_nothing_is_printed_over_anything_else_nor_past_the_edges(printed: bytes) -> None:
    for page in words(printed):
        shown = [word for word in page if not is_veil(word[0])]
        assert all(left > 5 and right < 205 and top > 5 and bottom < 292 for _, left, top, right, bottom in shown)
        for (one, *of_one), (other, *of_other) in combinations(shown, 2):
            wide = min(of_one[2], of_other[2]) - max(of_one[0], of_other[0])
            high = min(of_one[3], of_other[3]) - max(of_one[1], of_other[1])
            assert wide < 0.5 or high < 1, (one, other)


def test_folded_the_password_is_inside_and_covered_from_both_sides(printed: bytes) -> None:
    for page, one in zip(words(printed), PEOPLE, strict=True):
        (password,) = [word for word in page if word[0] == PASSWORDS[one.id]]
        _, left, top, right, bottom = password
        assert 99 < top < bottom < 198, "in the middle part"
        veil = [word for word in page if is_veil(word[0])]
        # The lower part comes to lie upon it, the upper one behind it: each is mirrored at the fold.
        for fold in (198, 99):
            above, below = 2 * fold - bottom, 2 * fold - top
            lying = [word for word in veil if word[2] < below and above < word[4]]
            assert min(word[2] for word in lying) <= above
            assert max(word[4] for word in lying) >= below
            assert all(word[1] <= left and right <= word[3] for word in lying)


def test_the_list_names_everybody_by_unit_with_room_to_sign_and_without_passwords() -> None:
    many = [*PEOPLE, *(holder(f"person:tn{n}", f"Lê Văn {n}", "Văn phòng", f"levan{n}@x.gov.vn") for n in range(40))]
    said = " ".join(pages(receipts(SENDER, "Sở Nội vụ", many)))
    for one in many:
        assert one.name in said
        assert one.account.replace(" ", "") in said.replace(" ", "")
    assert not any(password in said for password in PASSWORDS.values())
    assert "DANH SÁCH KÝ NHẬN" in said
    assert "Danh sách này có 43 phiếu, in ngày 22/11/2026." in said
    assert said.count("Ký nhận") >= 2, "the heading returns on each page"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            STRICT,
            "; 1 chữ thường (a-z); 1 ký tự đặc biệt (như @\u00a0#\u00a0!\u00a0-\u00a0_).",
        ),
        (
            replace(STRICT, length=12, upper=0, lower=0, digits=2, special=0),
            "12 ký tự, trong đó ít nhất: 2 chữ số (0-9).",
        ),
        (replace(STRICT, length=10, upper=0, lower=0, special=0), "Có ít nhất 10 ký tự."),
    ],
)
def test_the_rules_are_the_policy_s(asked: Passwords, said: str) -> None:
    assert rules(asked)[0].endswith(said)


@pytest.mark.parametrize(
    ("asked", "last"),
    [
        (STRICT, date(2026, 12, 21)),
        (replace(STRICT, change_within_days=1), date(2026, 11, 22)),
        (replace(STRICT, change_within_days=0), None),
        (replace(STRICT, change_at_first_sign_in=False), None),
    ],
    ids=["thirty days", "one day", "no term", "nothing need be changed"],
)
def test_the_day_on_the_slip_is_the_last_whole_one_before_the_lock(asked: Passwords, last: date | None) -> None:
    assert deadline(replace(SENDER, rules=asked), PEOPLE[1]) == last
