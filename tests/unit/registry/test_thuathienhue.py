"""The registry of Thừa Thiên Huế is as decision 05/2005 prints it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind, State

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

ESTATE = "thuathienhue"
TODAY = date(2026, 11, 22)

# "Danh sách account quản trị của các cơ quan", in the printed order; the 45th is printed without an account.
PRINTED = """\
1|Sở Nội vụ|snv
2|Sở Tài chính|stc
3|Sở Kế hoạch và Đầu tư|skhdt
4|Sở Nông nghiệp và Phát triển nông thôn|snnptnt
5|Sở Công nghiệp|scn
6|Sở Xây dựng|sxd
7|Sở Giao thông Vận tải|sgtvt
8|Sở Tài nguyên Môi trường|stnmt
9|Sở Thương mại|stm
10|Sở Khoa học Công nghệ|skhcn
11|Sở Giáo dục và Đào tạo|sgddt
12|Sở Y tế|syt
13|Sở Văn hoá Thông tin|svhtt
14|Sở Lao động, Thương binh và Xã hội|sldtbxh
15|Sở Tư pháp|stp
16|Sở Bưu chính Viễn thông|sbcvt
17|Thanh tra tỉnh|ttra
18|Uỷ ban Dân số, Gia đình và Trẻ em|ubdsgdte
19|Văn phòng UBND tỉnh|vpubnd
20|Sở Ngoại vụ|sngv
21|Sở Du lịch|sdl
22|Sở Thuỷ sản|sts
23|Sở Thể dục Thể thao|stdtt
24|Ban Tôn giáo|bantg
25|Ban Dân tộc|bandt
26|Chi cục Kiểm lâm tỉnh|cckl
27|Văn phòng Tỉnh uỷ|vptu
28|Văn phòng HĐND và Đoàn ĐBQH tỉnh|vphdqh
29|Uỷ ban MTTQ Việt Nam tỉnh|ubmttqvn
30|UBND thành phố Huế|tphue
31|UBND huyện A Lưới|aluoi
32|UBND huyện Nam Đông|namdong
33|UBND huyện Hương Thuỷ|huongthuy
34|UBND huyện Hương Trà|huongtra
35|UBND huyện Phú Lộc|phuloc
36|UBND huyện Phú Vang|phuvang
37|UBND huyện Quảng Điền|quangdien
38|UBND huyện Phong Điền|phongdien
39|Cục thống kê tỉnh|ctk
40|Liên đoàn Lao động tỉnh|ldld
41|Đoàn Thanh niên Cộng sản HCM tỉnh|dtncshcm
42|Hội Nông dân tỉnh|hnd
43|Hội Phụ nữ tỉnh|hpn
44|Hội Cựu Chiến binh|hccb
45|Hội Chữ Thập đỏ|
"""


def test_the_agencies_and_accounts_are_those_printed(registry: Registry) -> None:
    found = sorted(
        (
            agency.number or 0,
            agency.on(TODAY).name,
            (agency.on(TODAY).account or "").removesuffix("@thuathienhue.gov.vn"),
        )
        for agency in registry.agencies.values()
    )
    assert found == [
        (int(number), name, account) for number, name, account in (row.split("|") for row in PRINTED.splitlines())
    ]


def test_the_45th_agency_gets_its_account_by_the_policy(registry: Registry) -> None:
    assert registry.addresses["mailbox:hctd"][0].address == "hctd@thuathienhue.gov.vn"


def test_every_agency_has_units(registry: Registry) -> None:
    assert [code for code, agency in registry.agencies.items() if not agency.units] == []


def test_there_are_about_300_people(registry: Registry) -> None:
    people = [
        entry
        for entry in compile_desired(registry, as_of=TODAY, commit="").entries.values()
        if entry.kind is Kind.PERSON
    ]
    assert 290 <= len(people) <= 310
    assert sum(entry.state is State.DISABLED for entry in people) == 3


def test_joiners_leavers_transfers_and_heads_to_come_are_dated(registry: Registry) -> None:
    days = []
    day = TODAY
    while (change := compile_desired(registry, as_of=day, commit="").next_change) is not None:
        days.append(change.isoformat())
        day = change
    # From July on the mail of those goes who left a year before; a hold keeps that of one.
    goes = ["2027-07-01", "2027-10-01", "2028-01-01", "2028-04-30"]
    assert days == ["2027-01-01", "2027-01-04", "2027-02-01", "2027-03-01", "2027-05-01", *goes]
