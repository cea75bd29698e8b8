"""Names stand in the order of Vietnamese lists."""

from __future__ import annotations

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.alphabet import key, person_key


@pytest.mark.parametrize(
    "order",
    [
        "An Ăn Ân Bình Cúc Dung Đào Em Ê Giang Hà Oanh Ông Ơn Phú Quý Tú Uyên Ưng Vy Xuân Yến",
        "Ba Bà Bả Bã Bá Bạ",
        "Bạn Bằng Bân",
        "Thu Thùy Thuý 5",
    ],
    ids=["letters", "tones of one word", "letters before tones", "digits come last"],
)
def test_words_stand_as_in_a_dictionary(order: str) -> None:
    words = order.split()
    shuffled = words[1::2] + words[::2]
    assert sorted(shuffled, key=key) == words


@pytest.mark.parametrize("spelling", ["Hoà", "HÒA", "hoa\u0300"])
def test_a_word_has_one_place_however_it_is_spelt(spelling: str) -> None:
    assert key(spelling) == key("Hòa")


def test_people_stand_by_their_given_names_first() -> None:
    people = [("Trần Văn An", "An"), ("Lê Thị Bình", "Bình"), ("Lê Văn Bình", "Bình"), ("Y Bhĩm Niê", "Bhĩm")]
    expected = ["Trần Văn An", "Y Bhĩm Niê", "Lê Thị Bình", "Lê Văn Bình"]
    assert [name for name, _ in sorted(people, key=lambda one: person_key(*one))] == expected
