"""Cards hold to RFC 6350, whatever stands in a name."""

from __future__ import annotations

import re

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import vcard
from ansible_collections.congvu.mail.plugins.module_utils.phonebook import Office, Official, Part
from hypothesis import given
from hypothesis import strategies as st

BASE = "https://danhba.thunghiem.gov.vn"
SNV = Office("snv", "Sở Nội vụ", "department", "", "snv@thunghiem.gov.vn", (), ())
WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=200)


def official(name: str, family: str, given_: str, title: str = "Giám đốc", unit: str = "") -> Official:
    return Official(name, family, given_, title, unit, "an@thunghiem.gov.vn")


def unfolded(card: str) -> dict[str, str]:
    """Read a card as a program does: lines joined again, values by the names of their properties."""
    lines = card.replace("\r\n ", "").split("\r\n")
    assert lines[-1] == ""
    return dict(line.split(":", 1) for line in lines[:-1])


def text(value: str) -> str:
    """Undo the escapes of a value that is one text (section 3.4)."""
    return re.sub(r"\\([\\,;n])", lambda found: "\n" if found[1] == "n" else found[1], value)


def test_an_official_s_card_says_who_what_and_where() -> None:
    card = vcard.of_official(SNV, official("Nguyễn Văn An", "Nguyễn", "An", unit="Văn phòng"), "nguyen-van-an", BASE)
    assert card.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\n"), "the version comes first (section 3.3)"
    said = unfolded(card)
    assert said.pop("UID").startswith("urn:uuid:")
    assert said == {
        "BEGIN": "VCARD",
        "VERSION": "4.0",
        "KIND": "individual",
        "FN": "Nguyễn Văn An",
        "N": "Nguyễn;An;Văn;;",
        "ORG": "Sở Nội vụ;Văn phòng",
        "TITLE": "Giám đốc",
        "EMAIL;TYPE=work": "an@thunghiem.gov.vn",
        "LANG": "vi",
        "END": "VCARD",
    }


@pytest.mark.parametrize(
    ("name", "family", "given_", "structured"),
    [
        ("Trần Thị Hạnh Nguyên", "Trần", "Nguyên", "Trần;Nguyên;Thị,Hạnh;;"),
        ("Y Bhĩm Niê", "Niê", "Bhĩm", "Niê;Bhĩm;Y;;"),
        ("Nguyễn Nguyễn An An", "Nguyễn", "An", "Nguyễn;An;Nguyễn,An;;"),
        ("Lê Bảo Châu Anh", "Lê", "Châu Anh", "Lê;Châu Anh;Bảo;;"),
        ("Tâm", "Tâm", "Tâm", "Tâm;Tâm;;;"),
    ],
)
def test_a_name_is_taken_apart_as_its_bearer_does(name: str, family: str, given_: str, structured: str) -> None:
    assert unfolded(vcard.of_official(SNV, official(name, family, given_), "x", BASE))["N"] == structured


def test_what_is_not_told_is_not_there() -> None:
    said = unfolded(vcard.of_official(SNV, Official("Nguyễn Văn An", "Nguyễn", "An", "", "", ""), "x", BASE))
    assert said.keys() == {"BEGIN", "VERSION", "KIND", "FN", "N", "ORG", "UID", "LANG", "END"}


def test_agencies_and_units_have_cards_of_their_own() -> None:
    office, part = vcard.of_office(SNV, BASE), vcard.of_part(SNV, Part("Văn phòng", "vp@thunghiem.gov.vn"), BASE)
    assert unfolded(office)["KIND"] == unfolded(part)["KIND"] == "org"
    assert unfolded(part)["FN"] == "Văn phòng\\, Sở Nội vụ"
    assert unfolded(part)["ORG"] == "Sở Nội vụ;Văn phòng"


def test_identities_are_as_many_as_cards_and_stay() -> None:
    cards = [
        vcard.of_office(SNV, BASE),
        vcard.of_part(SNV, Part("Văn phòng", ""), BASE),
        vcard.of_official(SNV, official("An", "An", "An"), "an", BASE),
        vcard.of_official(SNV, official("An", "An", "An"), "an-2", BASE),
        vcard.of_office(SNV, "https://khac.vn"),
    ]
    assert len({unfolded(card)["UID"] for card in cards}) == len(cards)
    promoted = vcard.of_official(SNV, official("An", "An", "An", title="Quyền Giám đốc"), "an", BASE)
    assert unfolded(promoted)["UID"] == unfolded(cards[2])["UID"]


@given(WORDS, WORDS)
def test_any_words_come_back_from_lines_of_75_octets(name: str, title: str) -> None:
    card = vcard.of_official(SNV, official(name, "", "", title), "x", BASE)
    assert all(len(line.encode()) <= 75 for line in card.split("\r\n"))
    said = unfolded(card)
    assert (text(said["FN"]), text(said["TITLE"])) == (name, title)
