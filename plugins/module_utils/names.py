"""From Vietnamese names to what may stand in an address.

Names are Unicode by TCVN 6909:2001, composed (NFC) or decomposed (NFD). Text typed in a font of the years
before (TCVN3/ABC, VNI) looks like accented Latin to a computer: it is refused, because an address made
from it could never be taken back. A few short words look right in both (VNI Sôn for Sơn): no machine can tell.
"""

from __future__ import annotations

import re
import unicodedata

# What a Vietnamese keyboard writes, and the letters of the minorities' own spellings (Ê Đê, Gia Rai, Ba Na).
LETTERS = frozenset(
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵzĕĭŏŭčƀ"
)
JOINTS = frozenset("'’ʼ-")  # noqa: RUF001 -- H'Hen, Ra-Pát: one word each
_FINE = LETTERS | JOINTS | {" "}
_UNDECOMPOSED = str.maketrans({"đ": "d", "ƀ": "b"})
_UNJOINED = str.maketrans(dict.fromkeys(JOINTS))

# TCVN3 has its ễ where Unicode has Ô: a marked capital inside a word (NguyÔn).
_TCVN3 = re.compile(f"[{''.join(LETTERS)}][{''.join(letter.upper() for letter in LETTERS if not letter.isascii())}]")

# VNI writes a vowel's mark as a letter of its own (Vaên, Traàn, Leâ, Huøng). In these pairs Vietnamese never does;
# the Ê Đê name Aê ends with one, VNI's `aê` (ă) never ends a word.
_VNI = re.compile(r"a[àáãâèéùúõ]|aê[^\W\d_]|e[àáãâùõ]|o[âùõ]|[uy][ùõ]|[âêô][àáãùõ]")

# What stands before a place's own name in its agency's. Marks matter here: xã Tịnh Kỳ, xã Xà Phiên, huyện Quan Sơn.
_OF_A_PLACE = re.compile(
    r"(?:(?:ubnd|h[đd]nd|(?:ủy|uỷ) ban nhân dân|hội đồng nhân dân|và)\b[\s-]*)*"
    r"(?P<level>(?:tỉnh|thành phố|tp\.?|quận|huyện|thị xã|thị trấn|xã|phường)(?:\s+|$))?"
    r"(?P<own>.*)"
)
_NUMBER = re.compile(r"\d+|[ivx]+")
_UNSPELT = re.compile("[^a-z0-9]")


class NameRefusedError(ValueError):
    """No address can be made from this name. ``legacy``: it seems to come from a font of before Unicode."""

    def __init__(self, offender: str, *, legacy: bool) -> None:
        """Keep the letters that gave offence."""
        self.offender = offender
        self.legacy = legacy
        super().__init__(offender)


def fold(text: str) -> str:
    """Return the text in lower case without any mark, đ as d, as people type when they search."""
    letters = unicodedata.normalize("NFD", text.lower().translate(_UNDECOMPOSED))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def refuse(name: str) -> None:
    """Raise NameRefusedError unless the name can be read as a name in Unicode."""
    composed = unicodedata.normalize("NFC", name)
    lower = composed.lower()
    if garbled := _TCVN3.search(composed) or _VNI.search(lower):
        raise NameRefusedError(garbled.group(), legacy=True)
    if odd := set(lower) - _FINE:
        offender = min(odd, key=lower.index)
        raise NameRefusedError(offender, legacy=not offender.isascii())
    if not LETTERS.intersection(lower):
        raise NameRefusedError(name, legacy=False)


def words(name: str) -> tuple[str, ...]:
    """Return the name's words in ASCII, lower case: `Lê Thị H'Hen` gives `le`, `thi`, `hhen`."""
    return tuple(fold(name).translate(_UNJOINED).split())


def place(name: str) -> str:
    """Return the place in an agency's name, in ASCII as one word: `UBND phường Thành Nhất` gives `thanhnhat`.

    A place that only has a number keeps what it is (`Phường 5`: `phuong5`); a name without any place stays whole.
    """
    spelt = " ".join(unicodedata.normalize("NFC", name).lower().split())
    found = _OF_A_PLACE.match(spelt)
    level, own = (found["level"] or "", found["own"]) if found else ("", spelt)
    if _NUMBER.fullmatch(own):
        own = level + own
    return _UNSPELT.sub("", fold(own or level or spelt))


def own_place(name: str) -> str:
    """Return the place in an agency's name as it is written: `UBND huyện Cái Nước` gives `Cái Nước`."""
    written = " ".join(unicodedata.normalize("NFC", name).split())
    found = _OF_A_PLACE.match(written.lower())
    if found is None or not found["own"]:
        return written
    return written[found.start("level" if found["level"] and _NUMBER.fullmatch(found["own"]) else "own") :]
