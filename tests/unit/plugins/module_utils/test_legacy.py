"""Names typed in fonts of before Unicode are recognised and read."""

from __future__ import annotations

import unicodedata

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.legacy import (
    FAMILY_NAMES,
    TCVN3,
    VNI,
    recover,
    recover_text,
)
from ansible_collections.congvu.mail.plugins.module_utils.syllable import conceivable, vietnamese
from hypothesis import assume, example, given
from hypothesis import strategies as st

SMALL = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"

# Written apart from the tables under test, in the order of SMALL.
IN_TCVN3 = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊËÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ®"  # noqa: RUF001 -- codes
IN_VNI = (
    "aø aû aõ aù aï aê aè aú aü aé aë aâ aà aå aã aá aä eø eû eõ eù eï eâ eà eå eã eá eä ì æ ó í ò oø oû oõ où oï "
    "oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï uø uû uõ uù uï ö öø öû öõ öù öï yø yû yõ yù î ñ"
)

GIVEN_NAMES = (
    "An Anh Ánh Ân Bảo Bắc Bằng Bích Bình Cẩm Cường Châu Chi Chiến Công Cúc Dạ Diễm Diệp Dũng Duyên Dương Đạt Đăng "
    "Điệp Đình Đông Đức Giang Giềng Hà Hải Hạnh Hảo Hằng Hân Hậu Hiền Hiếu Hiệp Hoa Hòa Hoà Hoài Hoàng Hồng Huân Huệ "
    "Hùng Huyền Hữu Hưng Hương Hường Khải Khánh Khoẻ Khôi Kiên Kiệt Kỳ Lan Lâm Lệ Liên Lộc Lợi Lục Lượng Mẫn Mận Mỹ "
    "Nga Ngà Ngân Nghĩa Ngọc Nguyệt Nhàn Nhẫn Nhựt Như Oanh Ở Phát Phú Phúc Phụng Phước Phượng Quảng Quốc Quế Quý "
    "Quyền Quỳnh Sáng Sĩ Sơn Sương Tài Tâm Tấn Thạch Thắm Thế Thị Thiện Thịnh Thoả Thọ Thuận Thuỷ Thuý Thư Thương "
    "Tiến Tín Tình Toàn Trà Trâm Trí Trọng Trúc Trường Tú Tuấn Tùng Tuyết Tường Ước Uyển Văn Việt Vĩnh Vũ Vượng Xoan "
    "Xuyến Ý Yến Ỷ"
)
NAMES = st.builds(
    lambda family, given: " ".join([family, *given]),
    st.sampled_from(sorted(FAMILY_NAMES)),
    st.lists(st.sampled_from(GIVEN_NAMES.split()), min_size=1, max_size=4),
)

TO_TCVN3 = dict(zip(SMALL, IN_TCVN3, strict=True)) | dict(zip("ĂÂÊÔƠƯĐ", "¡¢£¤¥¦§", strict=True))
TO_VNI = dict(zip(SMALL, IN_VNI.split(), strict=True))
TO_VNI |= {letter.upper(): code.upper() for letter, code in TO_VNI.items()}


def in_tcvn3(name: str) -> str:
    """Type a name in .VnTime, which has no capitals with tones: they are typed small."""
    return "".join(TO_TCVN3.get(letter) or TO_TCVN3.get(letter.lower(), letter) for letter in name)


def in_capitals(name: str) -> str:
    """Type a name in .VnTimeH with the caps lock on."""
    return "".join(TO_TCVN3.get(letter) or TO_TCVN3.get(letter.lower(), letter) for letter in name.upper())


def in_vni(name: str) -> str:
    """Type a name in VNI-Times."""
    return "".join(TO_VNI.get(letter, letter) for letter in name)


def recovered(garbled: str) -> str:
    """Return what a name says, where a font of before Unicode can be told from Unicode at all."""
    found = recover(unicodedata.normalize("NFC", garbled))
    assume(found is not None or not all(map(conceivable, garbled.split())))
    assert found is not None
    return found.text


def says(garbled: str, name: str) -> bool:
    """Say whether this is what a garbled name says, or another correct name that the other font types alike."""
    found = recovered(garbled)
    alike = garbled.lower() in {in_tcvn3(found).lower(), in_vni(found).lower()}
    return found == name or (alike and all(map(vietnamese, found.split())))


def test_both_tables_hold_every_letter() -> None:
    assert {TCVN3[code] for code in IN_TCVN3} == set(SMALL)
    assert [VNI[code] for code in IN_VNI.split()] == list(SMALL)
    capitals = set(SMALL.upper())
    assert capitals <= set(TCVN3.values()) | set("ÚỤỪỬỮỨỰỲỶỸÝỴ")  # those have codes that are control characters
    assert capitals <= set(VNI.values())


@pytest.mark.parametrize(("letter", "code"), list(zip(SMALL, IN_TCVN3, strict=True)))
def test_each_code_of_tcvn3_is_read(letter: str, code: str) -> None:
    assert TCVN3[code] == letter


@given(NAMES)
def test_a_name_typed_in_tcvn3_is_recovered(name: str) -> None:
    garbled = in_tcvn3(name)
    assume(garbled != name)
    assert says(garbled, name)


@given(NAMES)
@example("Cao Tấn Thuý")  # whose only small letter is the code of the capital itself
def test_a_name_typed_in_the_capital_font_is_recovered(name: str) -> None:
    garbled = in_capitals(name)
    assume(garbled.lower() != name.lower())
    assert says(garbled, name.upper())


@given(NAMES)
def test_a_name_typed_in_vni_is_recovered(name: str) -> None:
    garbled = in_vni(name)
    assume(garbled != name)
    assert says(garbled, name)


@given(NAMES)
def test_a_name_whose_bytes_were_read_as_western_is_recovered(name: str) -> None:
    assume(not name.isascii())
    garbled = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in name.encode())
    assert recovered(garbled) == name


@given(NAMES)
def test_a_name_in_unicode_is_left_alone(name: str) -> None:
    assert recover(name) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("V¨n phßng UBND tØnh", "Văn phòng UBND tỉnh"),
        ("Phã Chñ tÞch", "Phó Chủ tịch"),
        ("¸nh s¸ng", "Ánh sáng"),  # noqa: RUF001 -- codes
        ("phßng tæ chøc (c¬ së 2)", "phòng tổ chức (cơ sở 2)"),
        ("Tr\xadëng phßng", "Trưởng phòng"),
        ("SỤ NỘI VỤ", None),
        ("Sôû Noäi vuï", "Sở Nội vụ"),
        ("Phoøng Haønh chính - Toå chöùc", "Phòng Hành chính - Tổ chức"),
        ("310/Q§-SNV ngµy 12/11/2026", "310/QĐ-SNV ngày 12/11/2026"),
        ("310/QÑ-SNV", "310/QĐ-SNV"),
        ("310/QÐ-SNV", "310/QĐ-SNV"),
        ("310/QĐ-SNV ngày 12/11/2026", None),
        ("Sở Kế hoạch & ĐT", None),
        ("Điều 5 § 2, «Vì dân»", None),
        ("Phòng Tổ chức – Hành chính", None),  # noqa: RUF001 -- as word processors write it
        ("Café François", None),
        ("Trường THPT Đắk Mil (cơ sở 2)", None),
    ],
)
def test_other_text_from_an_old_font_is_recovered_and_nothing_else(text: str, said: str | None) -> None:
    found = recover_text(text)
    assert (found.text if found else None) == said


@pytest.mark.parametrize(
    "word", ["Nguyễn", "Khuỷu", "Quyết", "Giếng", "Gìn", "Ỷ", "Hoà", "Hòa", "Thuý", "Thúy", "NGHIÊNG", "Yếm", "ghế"]
)
def test_a_vietnamese_syllable_is_known(word: str) -> None:
    assert vietnamese(word)
    assert conceivable(word)


@pytest.mark.parametrize("word", ["Traàn", "Toùan", "Quèc", "Ka", "Nghan", "Thịet", "NguyÔn", "Phúớc", "Müller", "aò"])
def test_what_breaks_a_rule_is_no_vietnamese_syllable(word: str) -> None:
    assert not vietnamese(word)


@pytest.mark.parametrize("word", ["H'Băm", "Bh'nướch", "Siu", "Lôt", "Krơn", "Niê", "Aê", "Kpă", "Ƀlŏ"])
def test_the_minorities_spellings_are_conceivable(word: str) -> None:
    assert conceivable(word)
