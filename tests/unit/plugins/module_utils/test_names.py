"""From Vietnamese names to ASCII words."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.names import (
    JOINTS,
    LETTERS,
    NameRefusedError,
    fold,
    own_place,
    place,
    refuse,
    words,
)
from hypothesis import given
from hypothesis import strategies as st

WORD = st.text(st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxy"), min_size=1, max_size=7)
NAME = st.lists(WORD, min_size=1, max_size=6).map(" ".join)


class Case(NamedTuple):
    """A line of the table: a name, and either its words or what is refused in it and what it should have been."""

    kind: str
    name: str
    words: str
    offender: str
    suggestion: str


with (Path(__file__).parent / "data" / "names.csv").open(encoding="utf-8", newline="") as table:
    CASES = [Case(**line) for line in csv.DictReader(table)]
GOOD = [case for case in CASES if not case.offender]
BAD = [case for case in CASES if case.offender]
FROM_OLD_FONTS = ("TCVN3", "VNI", "UTF-8", "half converted", "a letter that only looks like")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("case", GOOD, ids=lambda case: f"{case.kind}: {case.name}")
def test_a_name_in_either_form_becomes_ascii_words(case: Case, form: Literal["NFC", "NFD"]) -> None:
    name = unicodedata.normalize(form, case.name)
    refuse(name)
    assert words(name) == tuple(case.words.split())


@pytest.mark.parametrize("case", BAD, ids=lambda case: f"{case.kind}: {case.name}")
def test_what_is_no_name_is_refused_with_the_name_it_should_be(case: Case) -> None:
    with pytest.raises(NameRefusedError) as refusal:
        refuse(case.name)
    assert (refusal.value.offender, refusal.value.suggestion) == (case.offender, case.suggestion)
    assert refusal.value.legacy == case.kind.startswith(FROM_OLD_FONTS)


@pytest.mark.parametrize("case", [case for case in BAD if case.suggestion], ids=lambda case: case.name)
def test_a_suggestion_is_a_name_that_is_let_through(case: Case) -> None:
    refuse(case.suggestion)


@pytest.mark.parametrize("name", ["", "-", "- '"])
def test_nothing_is_no_name(name: str) -> None:
    with pytest.raises(NameRefusedError):
        refuse(name)


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


@given(st.text(st.characters(categories=["L", "M", "P", "Zs"], max_codepoint=0x2FF), max_size=20))
def test_whatever_is_let_through_becomes_ascii(name: str) -> None:
    try:
        refuse(name)
    except NameRefusedError:
        return
    assert words(name) == words(unicodedata.normalize("NFD", name))
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words(name))


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


@pytest.mark.parametrize(
    ("agency", "expected"),
    [
        ("UBND huyện Cái Nước", "Cái Nước"),
        ("UBND thành phố Cà Mau", "Cà Mau"),
        ("Ủy ban nhân dân huyện U Minh", "U Minh"),
        ("Văn phòng HĐND và UBND", "Văn phòng HĐND và UBND"),
        ("UBND Phường 5", "Phường 5"),
        ("Sở Nội vụ", "Sở Nội vụ"),
    ],
)
def test_a_place_as_it_is_written_keeps_its_marks(agency: str, expected: str) -> None:
    assert own_place(agency) == expected
    assert own_place(unicodedata.normalize("NFD", agency)) == expected
