"""From Vietnamese names to ASCII words."""

from __future__ import annotations

import unicodedata

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.names import (
    JOINTS,
    LETTERS,
    NameRefusedError,
    fold,
    place,
    refuse,
    words,
)
from hypothesis import given
from hypothesis import strategies as st

WORD = st.text(st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxy"), min_size=1, max_size=7)
NAME = st.lists(WORD, min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("An", "an"),
        ("Nguyễn Văn Ánh", "nguyen van anh"),
        ("Đặng Đình Đạt", "dang dinh dat"),
        ("Trần Thị Hoà", "tran thi hoa"),
        ("Trần Thị Hòa", "tran thi hoa"),
        ("Huỳnh Thuý Quyên", "huynh thuy quyen"),
        ("Vũ Khoẻ", "vu khoe"),
        ("Ưng Ỷ Ỵ Ỡ", "ung y y o"),
        ("Công Tằng Tôn Nữ Quỳnh Hương", "cong tang ton nu quynh huong"),
        ("H'Hen Niê", "hhen nie"),
        ("Bh’nướch Thị Mai", "bhnuoch thi mai"),  # noqa: RUF001 -- the apostrophe that word processors write
        ("Ra-Pát A Ray", "rapat a ray"),
        ("Y Thắng Ƀlŏ Aê", "y thang blo ae"),
        ("Kpă Čĭ", "kpa ci"),
    ],
)
def test_a_name_becomes_ascii_words(name: str, expected: str) -> None:
    refuse(name)
    assert words(name) == tuple(expected.split())


@pytest.mark.parametrize(
    ("name", "offender", "legacy"),
    [
        ("NguyÔn V¨n An", "yÔ", True),  # TCVN3: Nguyễn Văn An
        ("L¬ng Minh", "¬", True),  # TCVN3: Lương Minh
        ("Vâ §øc Lîi", "§", True),  # TCVN3: Võ Đức Lợi
        ("Nguyeãn Vaên AÙnh", "eã", True),  # VNI: Nguyễn Văn Ánh
        ("Traàn Thò Hoa", "aà", True),  # VNI: Trần Thị Hoa
        ("Leâ Huøng", "eâ", True),  # VNI: Lê Hùng
        ("Ngoâ Taán", "oâ", True),  # VNI: Ngô Tấn
        ("Nguyá»…n", "»", True),  # UTF-8 read as Latin-1
        ("Nguyễn Văn A2", "2", False),
        ("Nguyễn, An", ",", False),
        ("an@thunghiem", "@", False),
        ("- '", "- '", False),
        ("", "", False),
    ],
)
def test_what_is_no_name_is_refused(name: str, offender: str, legacy: bool) -> None:  # noqa: FBT001 -- a table's column
    with pytest.raises(NameRefusedError) as refusal:
        refuse(name)
    assert (refusal.value.offender, refusal.value.legacy) == (offender, legacy)


@given(NAME)
def test_spelling_apart_and_composed_give_the_same_words(name: str) -> None:
    assert words(unicodedata.normalize("NFD", name)) == words(unicodedata.normalize("NFC", name))


@given(NAME)
def test_words_are_small_ascii_letters_one_for_each_word(name: str) -> None:
    spelt = words(name)
    assert len(spelt) == len(name.split())
    assert all(word.isascii() and word.isalpha() and word.islower() for word in spelt)


@given(st.text(st.sampled_from(sorted(LETTERS | JOINTS | {" "})), max_size=40))
def test_a_name_that_is_not_refused_has_words(name: str) -> None:
    try:
        refuse(name)
    except NameRefusedError:
        return
    assert words(name)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("agency", "expected"),
    [
        ("UBND phường Thành Nhất", "thanhnhat"),
        ("UBND huyện CưMgar", "cumgar"),
        ("UBND huyện Cư M'gar", "cumgar"),
        ("UBND Thành phố Buôn Ma Thuột", "buonmathuot"),
        ("UBND TP. Buôn Ma Thuột", "buonmathuot"),
        ("Ủy ban nhân dân thị xã Buôn Hồ", "buonho"),
        ("Uỷ ban nhân dân quận Bình Tân", "binhtan"),
        ("ỦY BAN NHÂN DÂN HUYỆN KRÔNG ANA", "krongana"),
        ("UỶ BAN NHÂN DÂN XÃ EA KAO", "eakao"),
        ("Hội đồng nhân dân thị trấn Ea Súp", "easup"),
        ("HĐND và UBND xã Hòa Thắng", "hoathang"),
        ("HĐND - UBND xã Hoà Thắng", "hoathang"),
        ("UBND tỉnh Đắk Lắk", "daklak"),
        ("UBND thành phố Phan Rang - Tháp Chàm", "phanrangthapcham"),
        ("UBND xã Tịnh Kỳ", "tinhky"),
        ("UBND xã Xà Phiên", "xaphien"),
        ("UBND huyện Quan Sơn", "quanson"),
        ("UBND huyện Huyền Sơn", "huyenson"),
        ("UBND phường 5", "phuong5"),
        ("Phường 12", "phuong12"),
        ("UBND phường III", "phuongiii"),
        ("UBND quận 1", "quan1"),
        ("UBND tỉnh", "tinh"),
        ("UBND", "ubnd"),
        ("Sở Thông tin và Truyền thông", "sothongtinvatruyenthong"),
    ],
)
def test_an_agency_of_a_place_gives_the_place_as_one_word(agency: str, expected: str) -> None:
    assert place(agency) == place(unicodedata.normalize("NFD", agency)) == expected


@given(st.sampled_from(["UBND phường", "UBND xã", "Ủy ban nhân dân huyện"]), NAME)
def test_a_place_is_small_ascii_letters_and_figures(agency: str, name: str) -> None:
    assert place(f"{agency} {name}").isascii()
    assert place(f"{agency} {name}").isalnum()
