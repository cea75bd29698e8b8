"""What a Vietnamese syllable can look like.

Vietnamese has a few thousand syllables, built by strict rules from an onset, a rime and a tone. So a machine can
tell `Trần` from `Traàn`, which is the same name in a font of before Unicode, without any dictionary.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")  # huyền, sắc, ngã, hỏi, nặng
_AFTER_A_STOP = frozenset({"", "\u0301", "\u0323"})
_STOPS = ("c", "ch", "p", "t")
# A falling diphthong has the tone on its first vowel, a rising one on its second: ào, iế; neither aò nor ìê.
_MISPLACED = re.compile("[aăâeêiôơưy][ìíỉĩịòóỏõọùúủũụỳýỷỹỵ]|[ìíỉĩịỳýỷỹỵ]ê|[ùúủũụ]ô|[ừứửữự]ơ")
_PARTS = re.compile(r"['’ʼ-]")  # noqa: RUF001 -- H'Hen, Jean-Pierre

# Quốc ngữ as the schools teach it: `k`, `gh` and `ngh` before e, ê, i; `c`, `g` and `ng` elsewhere.
_OPEN = "a e ê i o ô ơ u ư y ia ua ưa oa oe uê uơ uy uya"
_GLIDING = "ai ao au ay âu ây eo êu iu iêu oi ôi ơi oai oao oay oeo ui ưi uôi ươi ưu ươu uây uyu yêu"  # and no coda
_CLOSED = (
    "am ăm âm em êm im om ôm ơm um iêm uôm ươm oam oăm an ăn ân en ên in on ôn ơn un iên uôn ươn oan oăn oen "
    "uân uyên ang ăng âng eng ong ông ung ưng iêng uông ương oang oăng uâng anh ênh inh oanh uênh uynh"
)
_STOPPED = (
    "ap ăp âp ep êp ip op ôp ơp up iêp ươp oap uyp at ăt ât et êt it ot ôt ơt ut ưt iêt uôt ươt oat oăt oet uât "
    "uyt uyêt ac ăc âc ec oc ôc uc ưc iêc uôc ươc oac oăc ach êch ich oach uêch uych"
)
_AFTER_QU = (
    "a ac ach ai an ang anh ao ay ăc ăm ăn ăng ăp ăt âc ân âng ât âu ây e en eo et ê ên ênh êt êch i in inh it iêm iên "
    "iêt y yên yêt ynh yt ơ ôc"
)


def _any(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


_SYLLABLE = re.compile(
    rf"qu(?:{_any(_AFTER_QU)})"
    rf"|(?:(?:k|gh|ngh)(?=[eêiy])|(?:c|g|ng)(?=[aăâoôơuư])|gi|b|ch|d|đ|h|kh|l|m|n|nh|p|ph|r|s|t|th|tr|v|x|(?!iê))"
    rf"(?!yê)(?:{_any(f'{_OPEN} {_GLIDING} {_CLOSED} {_STOPPED}')})"
    r"|yê(?:m|n|ng|t|u)|gi|gin|giêng|giêt"
)

# The minorities' own spellings have more onsets and vowels, and no rule for tones; their finals beyond these
# (Ksor, Rah, Byă Mlôk) never occur in a Vietnamese word.
_SYLLABLE_OF_ANY = re.compile(
    r"(?:ngh|ng|nh|[bcčdđghjklmnñprstvwxyzƀ]?h?[jlrw]?|k[bdps]|m[bdg])"
    rf"(?:(?:{_any(f'{_OPEN} ă â ĕ ŏ ŭ iê yê uô ươ oă uâ uyê ya')})(?:ch|c|m|ng|nh|n|p|t)?|{_any(_GLIDING)}|aê)"
)
_PREFIX = re.compile("[bdghkmnty]h?", re.IGNORECASE)  # H'Băm, K'Brêu, Bh'nướch


def _read(part: str) -> tuple[str, str]:
    """Return a part without its tones, and the tones."""
    apart = unicodedata.normalize("NFD", part.lower())
    return unicodedata.normalize("NFC", _TONES.sub("", apart)), "".join(_TONES.findall(apart))


def _cased(part: str) -> bool:
    return part[1:].islower() or part.isupper() or len(part) == 1


def _sound(part: str, plain: str, tones: str) -> bool:
    """Say whether there is at most one tone, in its place, and with a final stop none but the two that fit."""
    if len(tones) > 1 or _MISPLACED.search(part.lower()):
        return False
    return tones in _AFTER_A_STOP or not plain.endswith(_STOPS)


@lru_cache(maxsize=1 << 16)
def vietnamese(word: str) -> bool:
    """Say whether a word is made of correct Vietnamese syllables, each in small letters, capitalised or in capitals."""
    for part in _PARTS.split(word):
        plain, tones = _read(part)
        if not (_SYLLABLE.fullmatch(plain) and _cased(part) and _sound(part, plain, tones)):
            return False
        if plain.endswith(_STOPS) and not tones:
            return False
    return True


@lru_cache(maxsize=1 << 16)
def conceivable(word: str) -> bool:
    """Say whether a word could be Vietnamese or a minority's, with the vowels and finals that Vietnamese has."""
    parts = _PARTS.split(word)
    if len(parts) > 1 and _PREFIX.fullmatch(parts[0]):
        del parts[0]
    for part in parts:
        plain, tones = _read(part)
        if not (_SYLLABLE_OF_ANY.fullmatch(plain) or _SYLLABLE.fullmatch(plain)):
            return False
        if not (_cased(part) and _sound(part, plain, tones)):
            return False
    return True
