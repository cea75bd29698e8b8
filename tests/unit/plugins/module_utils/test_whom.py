"""What people have at hand leads to the one who is meant, or to those who may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import source, whom
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.conftest import LOCK, STC

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry
    from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.conftest import Write


@pytest.fixture
def registry(write: Write) -> Registry:
    namesake = STC + "  - {id: tn04, name: Trần Thị Hòa, title: Kế toán, since: 2022-01-01, decision: 13/QĐ-UB}\n"
    listed = "{name: Toàn Sở Tài chính, members: [agency: stc], senders: members, account: toanso@thunghiem.gov.vn}"
    lock = LOCK.replace("tranthihoa:", "toanso: list:stc-toanso\ntranthihoa:")
    lock += "tranthihoa2: person:tn04\nvanan.cu: person:tn01 retired\n"
    stc = f"{namesake}lists:\n  toanso: {listed}\n"
    return source.load(write({"agencies/stc.yml": stc, "addresses/thunghiem.gov.vn.yml": lock}))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("person:tn01", "person:tn01"),
        ("unit:snv/vp", "unit:snv/vp"),
        ("person:khongcon", "person:khongcon"),  # the directory may know
        ("tn01", "person:tn01"),
        (" TN01 ", "person:tn01"),
        ("snv", "mailbox:snv"),
        ("Nguyenvanan@thunghiem.gov.vn", "person:tn01"),
        ("vanan.cu@thunghiem.gov.vn", "person:tn01"),
        ("Nguyễn Văn An", "person:tn01"),
        ("nguyễn  văn an", "person:tn01"),
        ("nguyen van an", "person:tn01"),
        ("Trần Thị Hoà", "person:tn02"),
        ("Trần Thị Hòa", "person:tn04"),
        ("Sở Tài chính", "mailbox:stc"),
        ("stc-toanso", "list:stc-toanso"),
        ("toan so tai chinh", "list:stc-toanso"),
        ("tn99", "tn99"),
    ],
)
def test_who_is_meant(said: str, expected: str, registry: Registry) -> None:
    assert whom.find(said, registry) == expected


def test_of_namesakes_each_is_named(registry: Registry) -> None:
    with pytest.raises(whom.WhomError) as caught:
        whom.find("tran thi hoa", registry)
    assert str(caught.value).splitlines() == [
        "'tran thi hoa' may be any of 2. Give the id:",
        "  person:tn02  Trần Thị Hoà <tranthihoa@thunghiem.gov.vn>",
        "  person:tn04  Trần Thị Hòa <tranthihoa2@thunghiem.gov.vn>",
    ]


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("Lê Văn Không", "en", "Nobody in the registry is called 'Lê Văn Không'"),
        ("Lê Văn Không", "vi", "Sổ đăng ký không có ai tên 'Lê Văn Không'"),
        ("la@thunghiem.gov.vn", "en", "The lock knows nobody who holds or ever held la@thunghiem.gov.vn"),
    ],
)
def test_who_is_not_there_is_told_so(said: str, language: str, expected: str, registry: Registry) -> None:
    with pytest.raises(whom.WhomError, match=expected):
        whom.find(said, registry, language)


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("person:tn01", "Nguyễn Văn An <nguyenvanan@thunghiem.gov.vn>"),
        ("mailbox:stc", "Sở Tài chính <stc@thunghiem.gov.vn>"),
        ("agency:stc", "Sở Tài chính"),
        ("admin:stc", "Sở Tài chính"),
        ("unit:snv/vp", "Văn phòng"),
        ("list:stc-toanso", "Toàn Sở Tài chính <toanso@thunghiem.gov.vn>"),
        ("unit:snv/khong", ""),
        ("person:khongcon", ""),
        ("khongcon", ""),
    ],
)
def test_what_people_call_it(id_: str, expected: str, registry: Registry) -> None:
    assert whom.label(id_, registry) == expected
