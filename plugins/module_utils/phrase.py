"""Words for people, with places for facts, in English and Vietnamese.

As with gettext the English words stand in the code and are the key to the others, which stand together in
``vietnamese``. A fact may be a phrase of its own (`Did you mean 'x'?`), so whole sentences change their language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from .vietnamese import VIETNAMESE

if TYPE_CHECKING:
    from collections.abc import Mapping


class Language(StrEnum):
    """What people read; by the codes of ISO 639-1."""

    ENGLISH = "en"
    VIETNAMESE = "vi"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words in English, and the facts for its places. Without facts, braces are what they look like."""

    english: str
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)

    def told(self, language: str = Language.ENGLISH) -> str:
        """Return the words in a language, the facts in their places; in English where nobody translated them."""
        words = VIETNAMESE.get(self.english, self.english) if language == Language.VIETNAMESE else self.english
        if not self.facts:
            return words
        said = {name: fact.told(language) if isinstance(fact, Phrase) else fact for name, fact in self.facts.items()}
        return words.format(**said).strip()

    def __str__(self) -> str:
        """Return the words in English."""
        return self.told()
