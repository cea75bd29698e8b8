"""The words, the day and the line breaks that all official documents share, whichever program sets them."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
GAP = "\u00a0" * 6  # left open for the pen of whoever signs

_MM_PER_POINT = 25.4 / 72
_CAPITAL, _SMALL, _NARROW = 0.7, 0.49, {" ": 0.25, "-": 0.33, "i": 0.28, "I": 0.39}  # widths of bold letters, in ems
_FULL = 0.97  # of a line before its text is broken: widths are estimates
_TOGETHER = frozenset(
    {
        *pairwise(("ủy", "ban", "nhân", "dân")),
        *pairwise(("hội", "đồng", "nhân", "dân")),
        *(("ubnd", level) for level in ("tỉnh", "huyện", "quận", "thành", "xã", "phường", "thị")),
        *(("thành", "phố"), ("thị", "xã"), ("thị", "trấn")),
    }
)
_LEVELS = frozenset({"tỉnh", "huyện", "quận", "phố", "xã", "phường", "trấn"})  # the word before a place's name


def written_day(place: str, day: date | None) -> str:
    """Return the line of place and day; days and the first two months have two digits (Phụ lục I, mục II.4.b)."""
    if day is None:
        return f"{place}, ngày{GAP}tháng{GAP}năm{GAP}"
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)  # noqa: PLR2004 -- January and February
    return f"{place}, ngày {day.day:02} tháng {month} năm {day.year}"


def balanced(text: str, size: float, width: float) -> str:
    """Break a centred text that needs several lines into ones of about the same length."""
    total = breadth(text, size)
    count = ceil(total / (width * _FULL))
    broken = [""]
    for phrase in _phrases(text):
        longer = f"{broken[-1]} {phrase}".lstrip()
        before = sum(breadth(line, size) for line in broken[:-1])
        if (
            len(broken) < count
            and before + breadth(longer, size) - breadth(phrase, size) / 2 > total * len(broken) / count
        ):
            broken.append(phrase)
        else:
            broken[-1] = longer
    return "\n".join(broken)


def _phrases(text: str) -> list[str]:
    """Return a text's words, those of a people's committee or council and of a place's name kept together."""
    phrases: list[list[str]] = []
    place = False
    for word in text.split(" "):
        lower = word.lower()
        before = phrases[-1][-1].lower() if phrases else ""
        if (before, lower) in _TOGETHER or (place and word[:1].isupper()):
            phrases[-1].append(word)
        else:
            phrases.append([word])
            place = False
        place = place or lower in _LEVELS
    return [" ".join(phrase) for phrase in phrases]


def breadth(text: str, size: float) -> float:
    """Return about how long a line of bold text is, in millimetres; sizes are in points."""
    ems = sum(_NARROW.get(letter, _CAPITAL if letter.isupper() else _SMALL) for letter in text)
    return ems * size * _MM_PER_POINT
