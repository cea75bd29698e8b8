"""The record of a handover and the letter about it: what they say, and to whom."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from email import message_from_bytes, policy

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.minutes import notice, record, size
from ansible_collections.congvu.mail.plugins.module_utils.model import Audience
from ansible_collections.congvu.mail.plugins.module_utils.takeover import Folder, Handover, Party

HANOI = timezone(timedelta(hours=7))
HANDOVER = Handover(
    mailbox="snv",
    name="Sở Nội vụ",
    address="snv@camau.gov.vn",
    agency="Sở Nội vụ",
    superior="UBND tỉnh Cà Mau",
    old=Party("cm00024", "Nguyễn Văn Điền", "Giám đốc"),
    new=Party("cm00025", "Nguyễn Hoàng Giàu", "Giám đốc"),
    since=date(2026, 12, 15),
    decision="2391/QĐ-UBND",
    regulation="Quyết định số 26/2009/QĐ-UBND ngày 28/12/2009 của UBND tỉnh Cà Mau",
    cite="CM Điều 4.2",
    others=(Party("cm00026", "Trương Công Nhân", "Chánh Văn phòng", "clerks"),),
    audience=Audience.UNITS,
    recipients=("vp.snv@camau.gov.vn", "ccvc.snv@camau.gov.vn"),
    taken=datetime(2026, 12, 15, 8, 5, tzinfo=HANOI),
    folders=(
        Folder("INBOX", 1204, 31, 98_765_432, date(2019, 1, 7), date(2026, 12, 14)),
        Folder("Sent", 310, 0, 52_428_800, date(2019, 2, 11), date(2026, 12, 12)),
        Folder("Công văn đến/2026", 1, 1, 900, date(2026, 3, 2), date(2026, 3, 2)),
        Folder("Trash", 0, 0, 0),
    ),
)


def text_of(content: bytes) -> str:
    """Read a PDF with Poppler."""
    read = subprocess.run(["/usr/bin/pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


@pytest.mark.parametrize(
    "words",
    [
        "UBND TỈNH CÀ MAU",
        "SỞ NỘI VỤ",
        "BIÊN BẢN Bàn giao hộp thư điện tử công vụ của Sở Nội vụ",
        "Hôm nay, ngày 15 tháng 12 năm 2026, tại Sở Nội vụ",
        "1. Khoản 2 Điều 4 của quy chế ban hành theo Quyết định số 26/2009/QĐ-UBND",
        "Quyết định số 2391/QĐ-UBND bổ nhiệm, giao nhiệm vụ cho bên nhận",
        "Bên giao: Nguyễn Văn Điền, Giám đốc.",
        "Bên nhận: Nguyễn Hoàng Giàu, Giám đốc.",
        "do máy chủ thư đếm lúc 08 giờ 05 phút, ngày 15 tháng 12 năm 2026",
        "1 Hộp thư đến 1.204 31 94,2 MB 07/01/2019 14/12/2026",
        "2 Thư đã gửi 310 0 50,0 MB 11/02/2019 12/12/2026",
        "3 Công văn đến/2026 1 1 900 byte 02/03/2026 02/03/2026",
        "4 Thùng rác 0 0 0 byte",
        "Cộng 1.515 32 144,2 MB",
        "hộp thư không có mật khẩu riêng nên không bàn giao mật khẩu",
        "từ ngày 15 tháng 12 năm 2026, bên nhận quản lý hộp thư",
        "- Trương Công Nhân, Chánh Văn phòng (văn thư).",
        "mã 20261215-snv-cm00025, được lập thành hai bản",
        "BÊN GIAO BÊN NHẬN",
    ],
)
def test_the_record_says(words: str, record_text: str) -> None:
    assert words in record_text


@pytest.fixture(scope="module")
def record_text() -> str:
    return text_of(record(HANDOVER))


def test_a_record_is_drawn_the_same_each_time() -> None:
    assert record(HANDOVER) == record(Handover.of(HANDOVER.data()))


def test_where_nobody_else_may_use_the_mailbox_the_record_says_so() -> None:
    assert "Không có ai khác được uỷ quyền sử dụng hộp thư." in text_of(record(replace(HANDOVER, others=())))


def test_there_is_no_record_of_what_nobody_counted() -> None:
    with pytest.raises(ValueError, match="have not been counted"):
        record(replace(HANDOVER, taken=None))


def test_the_letter_tells_the_other_units() -> None:
    letter = message_from_bytes(
        notice(HANDOVER, datetime(2026, 12, 15, 2, tzinfo=UTC)).as_bytes(), policy=policy.default
    )
    assert [address.addr_spec for address in letter["To"].addresses] == list(HANDOVER.recipients)
    assert letter["From"].addresses[0].addr_spec == letter["Cc"].addresses[0].addr_spec == "snv@camau.gov.vn"
    assert letter["From"].addresses[0].display_name == "Sở Nội vụ"
    assert letter["Subject"] == "Thông báo thay đổi người quản lý hộp thư điện tử của Sở Nội vụ"
    assert letter["Message-ID"] == "<ban-giao.20261215-snv-cm00025.020000@camau.gov.vn>"
    assert letter["Auto-Submitted"] == "auto-generated"
    said = letter.get_content()
    assert said.startswith("Kính gửi: Các đơn vị thuộc Sở Nội vụ\n")
    assert "Từ ngày 15/12/2026, đồng chí Nguyễn Hoàng Giàu, Giám đốc, quản lý hộp thư điện tử snv@camau.gov.vn" in said
    assert "thay đồng chí Nguyễn Văn Điền, theo Quyết định số 2391/QĐ-UBND." in said


def test_the_letter_to_all_agencies_is_addressed_to_them() -> None:
    letter = notice(replace(HANDOVER, audience=Audience.AGENCIES, decision=""), datetime(2026, 12, 15, tzinfo=UTC))
    said = letter.get_content()
    assert said.startswith("Kính gửi: Các cơ quan, đơn vị\n")
    assert "thay đồng chí Nguyễn Văn Điền.\n" in said


def test_a_letter_that_is_written_again_is_the_same_letter() -> None:
    moment = datetime(2026, 12, 15, tzinfo=UTC)
    assert notice(HANDOVER, moment).as_bytes() == notice(HANDOVER, moment).as_bytes()


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 byte"), (1023, "1023 byte"), (1024, "1,0 KB"), (1_572_864, "1,5 MB"), (5 * 2**40, "5,0 TB")],
)
def test_sizes_are_short(count: int, expected: str) -> None:
    assert size(count) == expected
