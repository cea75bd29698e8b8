"""From Vietnamese names to what may stand in an address.

Names are Unicode by TCVN 6909:2001, composed (NFC) or decomposed (NFD): both give the same address. Text typed in a
font of the years before is refused with what it most likely says, because an address made from it could never be
taken back.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .legacy import recover

# What a Vietnamese keyboard writes, and the letters of the minorities' own spellings (Ê Đê, Gia Rai, Ba Na).
LETTERS = frozenset(
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵzĕĭŏŭčƀ"
)
JOINTS = frozenset("'’ʼ-")  # noqa: RUF001 -- H'Hen, Ra-Pát: one word each
_UNSPOKEN = JOINTS | {" "}
_FINE = LETTERS | _UNSPOKEN
# Letters that are no letter with a mark to Unicode; foreign names bring the others.
_UNDECOMPOSED = str.maketrans(
    {"đ": "d", "ƀ": "b", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}  # noqa: RUF001 -- Turkish has it
)
_UNJOINED = str.maketrans(dict.fromkeys(JOINTS))
# A tone stored before the mark that belongs to the letter: it looks right and is not.
_MISORDERED = re.compile("([\u0300\u0301\u0303\u0309])([\u0302\u0306\u031b])")

# What stands before a place's own name in its agency's. Marks matter here: xã Tịnh Kỳ, xã Xà Phiên, huyện Quan Sơn.
_OF_A_PLACE = re.compile(
    r"(?:(?:ubnd|h[đd]nd|(?:ủy|uỷ) ban nhân dân|hội đồng nhân dân|và)\b[\s-]*)*"
    r"(?P<level>(?:tỉnh|thành phố|tp\.?|quận|huyện|thị xã|thị trấn|xã|phường)(?:\s+|$))?"
    r"(?P<own>.*)"
)
_NUMBER = re.compile(r"\d+|[ivx]+")
_UNSPELT = re.compile("[^a-z0-9]")


class NameRefusedError(ValueError):
    """No address can be made from this name.

    ``legacy``: it seems to come from a font of before Unicode. ``suggestion``: what it most likely says; may be empty.
    """

    def __init__(self, offender: str, *, legacy: bool, suggestion: str = "") -> None:
        """Keep the letters or the word that gave offence."""
        self.offender = offender
        self.legacy = legacy
        self.suggestion = suggestion
        super().__init__(offender)


def fold(text: str) -> str:
    """Return the text in lower case without any mark, đ as d, as people type when they search."""
    letters = unicodedata.normalize("NFD", text.lower().translate(_UNDECOMPOSED))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def refuse(name: str) -> None:
    """Raise NameRefusedError unless the name can be read as a name in Unicode."""
    composed = unicodedata.normalize("NFC", name)
    if recovered := recover(composed):
        raise NameRefusedError(recovered.offender, legacy=True, suggestion=recovered.text)
    lower = composed.lower()
    for letter in () if _FINE.issuperset(lower) else lower:
        if letter not in _FINE and not (letter.isalpha() and fold(letter).isascii()):
            raise NameRefusedError(letter, legacy=False, suggestion=_reordered(composed))
    if _UNSPOKEN.issuperset(lower):
        raise NameRefusedError(name, legacy=False)


def _reordered(name: str) -> str:
    """Return the name with each tone behind the mark that belongs to the letter; empty if all stand so."""
    ordered = unicodedata.normalize("NFC", _MISORDERED.sub(r"\2\1", unicodedata.normalize("NFD", name)))
    return ordered if ordered != name else ""


def words(name: str) -> tuple[str, ...]:
    """Return the name's words in ASCII, lower case: `Lê Thị H'Hen` gives `le`, `thi`, `hhen`."""
    return tuple(folded for word in name.split() if (folded := _word(word)))


@lru_cache(maxsize=16384)  # the syllables of Vietnamese, and then some
def _word(word: str) -> str:
    return fold(word).translate(_UNJOINED)


@lru_cache(maxsize=4096)
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
