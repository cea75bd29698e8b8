"""Text typed in a font of before Unicode, recognised and read.

Until about 2005 Vietnamese offices wrote with fonts that drew Vietnamese where the computer saw accented Latin: TCVN3
(ABC, the .VnTime fonts) and VNI (VNI-Times). A name from such a file shows as `NguyÔn V¨n Nam` or `Nguyeãn Vaên Nam`.
An address made from it could never be taken back, so it is refused, with what it most likely says.

How it is told from Vietnamese, from the minorities' spellings and from foreign names: by signs that no name has, by
pairs of letters that never meet, and by words that are impossible as they stand and correct when read in such a font.
What remains undecidable: short names whose every word is correct in both readings. `Toán` may be VNI's Tốn, `Dòng`
TCVN3's Dũng, a lone `Sôn` VNI's Sơn. Of several words the family name decides (`Vò Quang Dòng` is Vũ Quang Dũng), and
the most frequent of middle names (`Phan Thò Nga` is Phan Thị Nga).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from string import ascii_letters
from typing import TYPE_CHECKING, NamedTuple

from .syllable import conceivable, vietnamese

if TYPE_CHECKING:
    from collections.abc import Callable

# Families of the Kinh, and of the minorities and the Chinese whose names are written as Vietnamese words.
_FAMILIES = (
    "Âu Bá Bạch Bàn Bế Bì Bồ Bùi Cà Cái Cầm Cấn Cao Cáp Châu Chế Chiêm Chìu Chu Chử Chúc Chung Cổ Cù Cự Cung "
    "Cương Dã Danh Dềnh Diệp Diêu Doãn Dư Dương Đàm Đan Đàng Đặng Đào Đậu Điền Điêu Điểu Đinh Đỗ Đoàn Đoạn Đới "
    "Đồng Đổng Đường Giang Giàng Giáp Hà Hạ Hán Hàn Hàng Hạng Hầu Hồ Hoa Hoà Hoàng Hồng Hứa Hùng Huỳnh Kha Khâu "
    "Khổng Khuất Khúc Khương Khưu Kiều Kim Kỳ La Lã Lại Lâm Lăng Lành Lầu Lê Liên Liễu Linh Lò Lô Lỗ Lộc Long Lù "
    "Lữ Lục Lương Lường Lưu Lý Ma Má Mã Mạc Mạch Mai Man Mẫn Mậu Mễ Mông Mùa Nghiêm Ngọ Ngô Ngụy Nguyễn Nhâm Nhan "
    "Nhữ Ninh Nông Ô Ông Phạm Phan Phàn Phí Phó Phú Phùng Phương Quách Quan Quản Quàng Quảng Sa Sái Sằm Sâm Sầm "
    "Sơn Sùng Tạ Tải Tán Tẩn Tăng Tề Thạch Thái Thẩm Thân Thào Thiều Thiệu Thịnh Thôi Thòng Tiền Tiết Tiêu Tô Tôn "
    "Tòng Tống Trà Trác Trần Trang Trâu Triều Triệu Trình Trịnh Trương Từ Tướng Tường Tưởng Ty Ung Ưng Ứng Uông "
    "Và Vạn Văn Vàng Vi Vì Viên Võ Vòng Vũ Vừ Vương Xa Xín Xung Ý Yên"
)
FAMILY_NAMES = frozenset(_FAMILIES.split())


class Recovered(NamedTuple):
    """What text from an old font most likely says."""

    offender: str  # the first word that gave it away, as it stands
    text: str  # composed Unicode; empty where no reading explains all of it


# TCVN 5712:1993, from 0xA1 on. Small letters with a tone have no capitals in the .VnTime fonts: their capital fonts
# (.VnTimeH) draw the same codes as capitals. Fonts of the full table (VN1) have them below 0xA1 and in the gaps.
_TCVN3_CODES = (
    "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ"  # noqa: RUF001 -- codes, not signs
    "¯º¿ÀÁÂÃÄÅÍÙÚÛàðÿ\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f"
    "\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f"
)
_TCVN3_LETTERS = (
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
    "ẰẲẴẮẦẨẪẤỀỂỄẾỒỔỖỐÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
)
TCVN3 = dict(zip(_TCVN3_CODES, _TCVN3_LETTERS, strict=True))
# The code of ư is the soft hyphen, which many programs drop: Lương has become L¬ng, and Hưng Hng.
_DROPPED = re.compile(r"(?<!ư)(?=[ơờởỡớợ](?:ng|[cu])\b)|(?<=[bcdđghlmnrstvx])(?=ng\b)", re.IGNORECASE)


# VNI writes a vowel and its mark as two letters; what is left has one code.
_TONES = ("\u0300", "\u0301", "\u0309", "\u0303", "\u0323")  # huyền, sắc, hỏi, ngã, nặng
_VNI_PLAIN = dict(zip("øùûõï", _TONES, strict=True))
_VNI_ROOFED = {"â": "\u0302", **{mark: f"\u0302{tone}" for mark, tone in zip("àáåãä", _TONES, strict=True)}}
_VNI_SHORT = {"ê": "\u0306", **{mark: f"\u0306{tone}" for mark, tone in zip("èéúüë", _TONES, strict=True)}}
_VNI_MARKS = {
    "a": _VNI_PLAIN | _VNI_ROOFED | _VNI_SHORT,
    **dict.fromkeys("eo", _VNI_PLAIN | _VNI_ROOFED),
    **dict.fromkeys("uyôö", _VNI_PLAIN),
}
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    small = dict(_VNI_LETTERS)
    for base, marks in _VNI_MARKS.items():
        for mark, sign in marks.items():
            small[base + mark] = unicodedata.normalize("NFC", _VNI_LETTERS.get(base, base) + sign)
    capital = {code.upper(): letter.upper() for code, letter in small.items()}
    mixed = {code[0].upper() + code[1:]: letter.upper() for code, letter in small.items()}
    return small | capital | mixed


VNI = _vni_table()
_VNI_CODE = re.compile("|".join(sorted(VNI, key=len, reverse=True)))
_VNI_TEXT = re.compile(f"(?:{_VNI_CODE.pattern}|[ -~’ʼ])*")  # noqa: RUF001 -- apostrophes
# What stands for Đ in fonts and code pages of other countries, and looks just like it.
_ETH = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"})


def _code_page(name: str) -> dict[str, str]:
    """Return the letters that Windows shows for bytes, each with its byte as a letter of Latin-1."""
    shown = {bytes([code]).decode(name, "ignore"): chr(code) for code in range(0x20, 0x100)}
    shown.pop("", None)
    for letter in ascii_letters:
        for mark in _TONES:
            marked = unicodedata.normalize("NFC", letter + mark)
            if mark in shown and len(marked) == 1:
                shown.setdefault(marked, letter + shown[mark])
    return shown


_APOSTROPHES = {letter: letter for letter in "’ʼ"}  # noqa: RUF001 -- typed by word processors, never a code
_WESTERN = {chr(code): chr(code) for code in range(0x80, 0x100)} | _code_page("cp1252") | _APOSTROPHES
_WESTERN_LETTERS = frozenset(_WESTERN)
# Windows set to Vietnamese shows some bytes as marks on the letter before.
_VIETNAMESE = _code_page("cp1258") | _APOSTROPHES

_PUNCTUATION = frozenset("–—‘’“”…•\xa0")  # noqa: RUF001 -- in no name either, but not from a font
# What no name holds: the signs among the letters of both code pages, and a marked capital amid small letters (McÉwan
# is one all the same).
_SIGNS = frozenset(
    letter
    for letter in _WESTERN.keys() | _VIETNAMESE.keys()
    if not (letter.isascii() or letter.isalpha() or letter in _PUNCTUATION) or letter in "ªºµƒˆ"
)
_SMALL = "".join(filter(str.islower, TCVN3.values()))
_CAPITAL_INSIDE = re.compile(f"[a-z{_SMALL}](?<!Mc)(?<!Mac)[À-ÖØ-Þ]")
_ABBREVIATION = re.compile("(?=.*Đ)[BCDGHKLMNPQRSTVXĐ]{2,6}")  # QĐ, NĐ, HĐND
_LONE = _PUNCTUATION | set("đĐ")  # no words, only dashes and initials
# The minorities' words may end as no Vietnamese word does (VNI's Baêk for Băk); the name Aê is Ê Đê.
_VNI_ALONE = re.compile(r"[aeo]â|aê[^\W\d_]", re.IGNORECASE)


def _bytes(word: str, page: dict[str, str]) -> str | None:
    return "".join(page[letter] for letter in word) if all(map(page.__contains__, word)) else None


def _tcvn3(codes: str | None) -> str | None:
    if codes is None or not all(code.isascii() or code in TCVN3 or code in _APOSTROPHES for code in codes):
        return None
    return _DROPPED.sub("ư", "".join(TCVN3.get(code, code) for code in codes))


def _vni(codes: str | None) -> str | None:
    if codes is None or not _VNI_TEXT.fullmatch(codes):
        return None
    return _VNI_CODE.sub(lambda code: VNI[code.group()], codes)


def _utf8(codes: str | None) -> str | None:
    try:
        return codes and codes.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


_IN_FONTS = slice(2, 4)  # of the readings: the letters of either font, shown as Western ones


@lru_cache(maxsize=1 << 16)
def _readings(word: str) -> tuple[str | None, ...]:
    """Return what a word says in each way of reading it; None where it cannot have been written so."""
    western, eastern = _bytes(word, _WESTERN), _bytes(word, _VIETNAMESE)
    return (
        _utf8(western),
        word.translate(_ETH),
        _vni(western),
        _tcvn3(western),
        _vni(eastern),
        _tcvn3(eastern),
    )


def _in_capitals(text: str) -> bool:
    """Say whether a capital font drew small codes as capitals."""
    return bool(re.search("[^ ][A-Z]", text)) and not re.search("[a-z]", text)


def _recased(name: str, reading: str) -> str:
    """Give letters of a name without a capital of their own the case of their neighbours."""
    if _in_capitals(name):
        return reading.upper()
    all_small = reading.islower()
    return " ".join(
        word if word[:1].isascii() and not all_small else word[:1].upper() + word[1:] for word in reading.split(" ")
    )


@lru_cache(maxsize=1 << 16)
def _proves(word: str) -> bool:
    """Say whether a word alone shows that its name comes from an old font."""
    if word.isascii():
        return False
    if not _SIGNS.isdisjoint(word) or _CAPITAL_INSIDE.search(word) or _VNI_ALONE.search(word):
        return True
    readings = [read for reading in _readings(word) if reading and (read := _recased(word, reading)) != word]
    if word in _LONE or conceivable(word) or _ABBREVIATION.fullmatch(word):
        return False
    return any(conceivable(reading) or _ABBREVIATION.fullmatch(reading) for reading in readings)


def _likeness(words: list[str]) -> int:
    """Count what is as in most names: a known family, and Thị in the middle."""
    return (words[0].capitalize() in FAMILY_NAMES) + ("Thị" in map(str.capitalize, words[1:-1]))


def _together_prove(name: str) -> bool:
    """Say whether words that are correct as they stand say another name, which is more like a name."""
    if name.isascii() or not _WESTERN_LETTERS.issuperset(name):
        return False
    words = name.split(" ")
    for readings in tuple(zip(*map(_readings, words), strict=True))[_IN_FONTS]:
        read = [_recased(word, reading) for word, reading in zip(words, readings, strict=True) if reading]
        if len(words) == len(read) > 1 and _likeness(read) > _likeness(words) and all(map(vietnamese, read)):
            return True
    return False


def _best(name: str, recased: Callable[[str, str], str]) -> str:
    """Return the reading with the most correct words; one that leaves something unexplained is none."""
    words = name.split(" ")
    best, found = (-1, 0, 0), ""
    for readings in zip(*map(_readings, words), strict=True):
        said = [reading or word for word, reading in zip(words, readings, strict=True)]
        read = recased(name, " ".join(said))
        parts = read.split(" ")
        shouted = {part for part in parts if part[1:].isupper() and not read.isupper()}
        correct = sum(part not in shouted and vietnamese(part) for part in parts)
        merit = (correct, len(words) - readings.count(None), _likeness(parts))
        if merit > best and said != words and not any(map(_proves, parts)):
            best, found = merit, read
    return found


def recover(name: str, recased: Callable[[str, str], str] = _recased) -> Recovered | None:
    """Return what a name (composed, single spaces) from an old font says; None for a name in Unicode."""
    words = name.split(" ")
    for word in words:
        if _proves(word):
            return Recovered(word, _best(name, recased))
    return Recovered(words[0], _best(name, recased)) if _together_prove(name) else None


# What most text from an old font has somewhere, so that other text is passed over at once.
_FOREIGN = "".join(letter for letter in _WESTERN if not letter.isascii() and letter.lower() not in _SMALL)
_SUSPECT = re.compile(
    f"[{re.escape(_FOREIGN)}]|{_CAPITAL_INSIDE.pattern}|{_VNI_ALONE.pattern}"
    "|(?i:a[àáãèéùúõ]|e[àáãùõ]|o[ùõ]|[uy][ùõ]|[âêô][àáãùõ])"
)
_TELLING = frozenset(f"{_FOREIGN}àáâãèéêõùú") | {chr(code) for code in range(0xC0, 0xDF)}  # one of them at least
_WORD = re.compile(r"[^ -@\[-`{-~]+")


def _recased_text(text: str, reading: str) -> str:
    """Do the same for other text: only its beginning is surely a capital."""
    if _in_capitals(text):
        return reading.upper()
    return reading if text[:1].isascii() else reading[:1].upper() + reading[1:]


def _sense(words: list[str]) -> int:
    return sum(vietnamese(word) or _ABBREVIATION.fullmatch(word) is not None for word in words)


def recover_text(text: str) -> Recovered | None:
    """Do the same for other text than names, with figures and punctuation: titles, the names of agencies.

    Such text may hold any sign; so it must make more sense in an old font than as it stands.
    """
    if _TELLING.isdisjoint(text) or not _SUSPECT.search(text):
        return None
    words = _WORD.findall(text)
    found = recover(" ".join(words), _recased_text)
    if found is None or _sense(found.text.split(" ")) <= _sense(words):
        return None
    read = iter(found.text.split(" "))
    said = _WORD.sub(lambda _: next(read), text)
    return Recovered(found.offender, said)
