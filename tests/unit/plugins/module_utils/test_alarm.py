"""The report of a lockout: what the head reads, and what the operator does next."""

from __future__ import annotations

import subprocess
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.alarm import Scope, alarm, report, text
from ansible_collections.congvu.mail.plugins.module_utils.lockout import Finding

ACCOUNT = {
    "id": "person:tth00018",
    "name": "Lê Văn Lộc",
    "title": "Chuyên viên",
    "places": ["Phòng Tổ chức cán bộ", "Sở Nội vụ"],
    "addresses": ["levanloc@thuathienhue.gov.vn"],
}
HEAD = {"since": "2026-11-22T01:00:00+00:00", "by": "an@quantri", "reason": "nhập mật khẩu vào <trang giả>"}
FOUND = Finding(
    script="roundcube",
    redirects=("ke-gian@example.net",),
    discards=True,
    letters=({"queue": "Q1", "sender": "snv@thuathienhue.gov.vn", "recipients": ["a@example.net"], "size": 9},),
    uses=(
        {
            "client": "203.0.113.9",
            "service": "imap",
            "refused": False,
            "count": 1200,
            "first": "2026-11-21T20:00:00+00:00",
            "last": "2026-11-22T00:30:00+00:00",
        },
    ),
    sent=(
        {
            "at": "2026-11-22T00:10:00+00:00",
            "queue": "Q0",
            "client": "203.0.113.9",
            "sender": "snv@thuathienhue.gov.vn",
            "recipients": 1500,
        },
    ),
)
SCOPE = Scope(("store1", "webmail1"), 7, ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture(scope="module")
def said() -> str:
    """Return what the report says."""
    content = report(alarm(ACCOUNT, HEAD, {"store1": FOUND}, SCOPE))
    read = subprocess.run(["/usr/bin/pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


@pytest.mark.parametrize(
    "words",
    [
        "Lê Văn Lộc, Chuyên viên, Phòng Tổ chức cán bộ, Sở Nội vụ",
        "22/11/2026 08:00:00, người thực hiện: an@quantri",
        "nhập mật khẩu vào <trang giả>",
        "Giữ lại 1 bức thư",
        "Tắt quy tắc lọc thư (roundcube).",
        "Chuyển thư đến ke-gian@example.net",
        "Xoá thư đến mà không cho biết",
        "203.0.113.9 đọc thư (IMAP) được 1.200 22/11/2026 03:00:00 22/11/2026 07:30:00",
        "1 bức thư, 1.500 lượt người nhận.",
        "22/11/2026 07:10:00 snv@thuathienhue.gov.vn 203.0.113.9 1.500 Q0",
        "Q1 snv@thuathienhue.gov.vn a@example.net",
        "Chưa hỏi được máy chủ: webmail1.",
    ],
)
def test_the_report_for_the_head_says(words: str, said: str) -> None:
    assert words in said


def test_the_operator_reads_the_same_and_the_way_back() -> None:
    told = text(alarm(ACCOUNT, HEAD, {"store1": FOUND}, SCOPE), "/var/lib/congvu/bao-cao.pdf")
    for words in (
        "Lê Văn Lộc <levanloc@thuathienhue.gov.vn> is locked since 22/11/2026 08:00:00, by an@quantri.",
        "  22/11/2026 07:30:00  203.0.113.9  imap: signed in 1200 times since 22/11/2026 03:00:00",
        "Letters sent in that time: 1, to 1500 recipients.",
        "On hold in the queue: 1 letters.",
        "It sends letters to ke-gian@example.net.",
        "It throws letters away.",
        "NOT ASKED, for want of an answer: webmail1.",
        "playbooks/password.yml -e id=person:tth00018",
        "playbooks/lockout.yml -e id=person:tth00018 -e release=true",
    ):
        assert words in told


def test_where_nothing_was_found_the_report_says_so() -> None:
    content = report(alarm(ACCOUNT, HEAD, {"store1": Finding(), "webmail1": Finding()}, SCOPE))
    read = subprocess.run(["/usr/bin/pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    found = " ".join(read.stdout.decode().split())
    for words in ("Không có lần nào.", "0 bức thư, 0 lượt người nhận.", "Không có quy tắc lọc thư nào chuyển thư"):
        assert words in found
    assert "Chưa hỏi được" not in found
