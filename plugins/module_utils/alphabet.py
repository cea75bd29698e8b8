"""The order of Vietnamese dictionaries and lists: letters first, tones only between words with the same letters."""

from __future__ import annotations

import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng; a word without any comes before
_RANK = {letter: f"{place:02}" for place, letter in enumerate(_LETTERS)}
_STRANGE = f"{len(_LETTERS):02}"

Key = tuple[tuple[str, str], ...]


def key(text: str) -> Key:
    """Give what texts are sorted by, word by word: ``Bằng`` comes after ``Bạn`` and before ``Bân``."""
    return tuple(_word(word) for word in text.split())


def person_key(name: str, given: str) -> tuple[Key, Key]:
    """Give what people are sorted by in lists: the given name first, then what stands before it."""
    return key(given), key(name)


def _word(word: str) -> tuple[str, str]:
    letters, tones = "", ""
    for mark in unicodedata.normalize("NFD", word.lower()):
        if mark in _TONES:
            tones += str(1 + _TONES.index(mark))
        else:
            letters += mark
    composed = unicodedata.normalize("NFC", letters)
    return "".join(_RANK.get(letter, _STRANGE + letter) for letter in composed), tones
