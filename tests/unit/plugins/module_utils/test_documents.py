"""Folders for incoming documents: which there are in a year, and who does what in them."""

from __future__ import annotations

from datetime import date

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.documents import (
    Documents,
    Filing,
    Notice,
    Stage,
    folders,
    script,
    years,
)

LEVELS = {
    "read": ["lookup", "read"],
    "clerk": ["lookup", "read", "write", "write-seen", "insert", "post"],
    "manager": [
        *("lookup", "read", "write", "write-seen", "write-deleted"),
        *("insert", "post", "expunge", "create", "delete"),
    ],
}
RULE = Documents(
    "Văn bản đến",
    (
        Stage("Đã vào sổ", ("clerk", "manager"), ("manager",)),
        Stage("Đã phân công", ("manager",), ("manager",), units=True),
        Stage("Đã giải quyết", ("clerk", "manager"), ("manager",)),
    ),
)
UNITS = {"stp-vp": "Văn phòng", "stp-hc": "Phòng Hành chính/Tư pháp"}
# What may be done in a folder, in the rights that IMAP clients know (RFC 4314).
LETTERS = {
    "lookup": "l",
    "read": "r",
    "write": "w",
    "write-seen": "s",
    "write-deleted": "t",
    "insert": "i",
    "post": "p",
    "expunge": "e",
    "create": "k",
    "delete": "x",
}


def told(rights: tuple[str, ...]) -> str:
    """Return rights as letters."""
    return "".join(sorted(LETTERS[right] for right in rights))


@pytest.mark.parametrize(
    ("folder", "who", "expected"),
    [
        # The clerk registers: copies letters in, marks them, and takes none out again.
        ("Đã vào sổ", "stp:clerk", "ilprsw"),
        ("Đã vào sổ", "stp:manager", "eilprstw"),
        ("Đã vào sổ", "stp:read", "lr"),
        # The head alone assigns; a deputy or clerk sees it.
        ("Đã phân công", "stp:clerk", "lrsw"),
        ("Đã phân công/Văn phòng", "stp:manager", "eilprstw"),
        ("Đã phân công/Văn phòng", "stp:clerk", "lrsw"),
        # Those of the unit handle what is assigned to them, see nothing of the next unit's, and pass it on.
        ("Đã phân công/Văn phòng", "stp-vp:manager", "elrstw"),
        ("Đã phân công/Văn phòng", "stp-vp:clerk", "elrstw"),
        ("Đã phân công/Văn phòng", "stp-vp:read", "lr"),
        ("Đã phân công/Văn phòng", "stp-hc:manager", ""),
        ("Đã phân công/Phòng Hành chính-Tư pháp", "stp-hc:manager", "elrstw"),
        ("Đã phân công", "stp-vp:manager", ""),
        ("Đã vào sổ", "stp-vp:manager", ""),
        ("Đã giải quyết", "stp-vp:clerk", "il"),
        ("Đã giải quyết", "stp-vp:read", ""),
        ("Đã giải quyết", "stp:clerk", "ilprsw"),
        # What only holds folders takes no letters, and nobody deletes it.
        ("", "stp:manager", "klr"),
        ("", "stp:clerk", "lr"),
    ],
)
def test_each_stage_allows_what_the_rule_says(folder: str, who: str, expected: str) -> None:
    found = folders(RULE, "stp", UNITS, LEVELS, of_years=[2026], existing=())
    rights = found[f"Văn bản đến/2026/{folder}".rstrip("/")]
    assert told(rights.get(f"group={who}", ())) == expected


def test_nobody_may_delete_a_folder_of_the_rule() -> None:
    found = folders(RULE, "stp", UNITS, LEVELS, of_years=[2026], existing=())
    assert not [name for name, rights in found.items() for given in rights.values() if "delete" in given]


def test_folders_come_after_those_that_hold_them() -> None:
    names = list(folders(RULE, "stp", UNITS, LEVELS, of_years=[2026], existing=()))
    assert names[:3] == ["Văn bản đến", "Văn bản đến/2026", "Văn bản đến/2026/Đã vào sổ"]
    assert all(name.rpartition("/")[0] in ("", *names[:place]) for place, name in enumerate(names))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 1), (2026,)),
        (date(2026, 11, 30), (2026,)),
        (date(2026, 12, 1), (2026, 2027)),
        (date(2026, 12, 31), (2026, 2027)),
        (date(2027, 1, 1), (2027,)),
    ],
)
def test_the_next_year_lies_ready_in_december(day: date, expected: tuple[int, ...]) -> None:
    assert years(day) == expected


def test_of_a_year_that_is_over_what_exists_keeps_its_rights_and_nothing_is_made() -> None:
    old = ("Văn bản đến/2025", "Văn bản đến/2025/Đã vào sổ", "Văn bản đến/2025/Việc riêng", "Văn bản đến cũ/2024")
    found = folders(RULE, "stp", UNITS, LEVELS, of_years=[2026], existing=old)
    assert [name for name in found if "/2025" in name] == ["Văn bản đến/2025", "Văn bản đến/2025/Đã vào sổ"]
    assert told(found["Văn bản đến/2025/Đã vào sổ"]["group=stp:clerk"]) == "ilprsw"
    assert not [name for name in found if "2024" in name]


def test_without_filing_and_notices_there_is_no_script() -> None:
    assert script(RULE) == ""


def test_a_script_files_by_the_senders_domain_and_answers_on_the_days_of_a_notice() -> None:
    rule = Documents(
        "Văn bản đến",
        RULE.stages,
        (Filing("chinhphu.vn", "Từ Chính phủ"),),
        (Notice(date(2027, 2, 4), date(2027, 2, 11), "Nghỉ Tết", 'Cơ quan nghỉ "Tết" \\ sẽ trả lời sau.'),),
    )
    assert script(rule) == (
        "# Of the registry's policy; whoever wants something else changes it there.\n"
        'require ["date", "fileinto", "mailbox", "relational", "vacation", "variables"];\n'
        'if allof(currentdate :value "ge" "date" "2027-02-04", currentdate :value "lt" "date" "2027-02-11") {\n'
        '  vacation :days 1 :subject "Nghỉ Tết" "Cơ quan nghỉ \\"Tết\\" \\\\ sẽ trả lời sau.";\n'
        "}\n"
        'if currentdate :matches "year" "*" {\n'
        '  set "year" "${1}";\n'
        "}\n"
        'if address :domain :matches "from" ["chinhphu.vn", "*.chinhphu.vn"] {\n'
        '  fileinto :create "Văn bản đến/${year}/Từ Chính phủ";\n'
        "  stop;\n"
        "}\n"
    )


def test_the_rule_comes_back_whole_from_plain_values() -> None:
    plain = {
        "folder": "Văn bản đến",
        "stages": [{"name": "Đã vào sổ", "put": ["clerk"], "take": ["manager"], "units": False}],
        "filing": [{"domain": "chinhphu.vn", "folder": "Từ Chính phủ"}],
        "notices": [{"since": "2027-02-04", "until": "2027-02-11", "subject": "Nghỉ", "text": "Nghỉ."}],
    }
    found = Documents.of(plain)
    assert found.stages == (Stage("Đã vào sổ", ("clerk",), ("manager",)),)
    assert found.filing == (Filing("chinhphu.vn", "Từ Chính phủ"),)
    assert '"ge" "date" "2027-02-04"' in script(found)
