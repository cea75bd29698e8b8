"""What did not change in an agency's file is not parsed again, and the file comes to the same as if it were."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import assemble, carry
from ansible_collections.congvu.mail.plugins.module_utils.layout import AGENCY
from ansible_collections.congvu.mail.plugins.module_utils.yamlfile import parse
from hypothesis import example, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.assemble import AgencyFile
    from ansible_collections.congvu.mail.plugins.module_utils.model import Problem
    from ansible_collections.congvu.mail.plugins.module_utils.shape import MapOf, Record

FILE = "agencies/snv.yml"
BEFORE = """\
# Synthetic.
code: snv
name: "Sở Nội vụ"
kind: department
decision: 1/QĐ
head: tn01
deputies: [tn02]  # both of them
units:
  vp: Văn phòng
  tccb: Phòng Tổ chức cán bộ
people:
  # those who lead
  - id: tn01
    name: Nguyễn Văn Ân
    title: Giám đốc
    since: 2020-01-01
    decision: 1/QĐ
    absences:
      - {since: 2025-01-01, until: 2025-06-01, reason: study, decision: 9/QĐ, deputy: tn02}
  - id: tn02
    name: Trần Thị Bưởi
    unit: vp
    title: Phó Giám đốc
    since: 2021-06-01
    decision: 2/QĐ
    changes:
      - {since: 2023-01-01, decision: 7/QĐ, title: Phó Giám đốc Thường trực}
      - since: 2024-01-01
        decision: 8/QĐ
        unit: tccb

  - id: tn03
    name: Lê Cường
    unit: tccb
    title: Chuyên viên
    since: 2019-01-01
    decision: 3/QĐ
    until: 2026-01-01
    until_decision: 33/QĐ
    successor: {person: tn04, until: 2026-06-01}
  - {id: tn04, name: Phạm Dung, unit: vp, title: Văn thư, since: 2018-01-01, decision: 4/QĐ}
lists:
  tatca:
    name: Toàn cơ quan
    members:
      - agency: snv
    senders: [inside]
"""
NEWCOMER = """\
  - id: tn05
    name: Hồ Thị Mai
    title: Chuyên viên
    since: 2026-10-01
    decision: 5/QĐ
"""


def parsed(text: str) -> tuple[AgencyFile | None, list[Problem]]:
    """Parse all of a file."""
    problems: list[Problem] = []
    read = parse(text.encode(), FILE, AGENCY, problems)
    return (assemble.agency_file(*read) if read else None), problems


def carried(text: str, before: str = BEFORE) -> AgencyFile | None:
    """Read a file that was read before."""
    known, problems = parsed(before)
    assert known is not None
    assert not problems
    return carry.agency_file(FILE, text.encode(), (before.encode(), known))


def told(found: AgencyFile | None) -> object:
    """Give all that a file says, places and all: some of its values are equal wherever they stand."""
    return None if found is None else (repr(found.agency), found)


CARRIED = {
    "somebody comes": BEFORE.replace("lists:", f"{NEWCOMER}lists:"),
    "somebody comes before all others": BEFORE.replace("  - id: tn01", f"{NEWCOMER}  - id: tn01"),
    "somebody goes": BEFORE.replace(BEFORE[BEFORE.index("  - id: tn02") : BEFORE.index("  - id: tn03")], ""),
    "somebody is promoted": BEFORE.replace("    title: Chuyên viên\n", "    title: Trưởng phòng\n"),
    "two change places": re.sub(r"(  - id: tn02.*?)(  - id: tn03.*?)(?=  - \{)", r"\2\1", BEFORE, flags=re.DOTALL),
    "somebody else leads": BEFORE.replace("head: tn01", "head: tn02").replace("[tn02]", "[tn01, tn04]"),
    "something is said above": BEFORE.replace("# Synthetic.", "# Synthetic.\n# All of it.\n"),
    "a list goes": BEFORE[: BEFORE.index("lists:")],
    "a comment goes": BEFORE.replace("  # those who lead\n", ""),
    "nothing but the unit's name": BEFORE.replace("Phòng Tổ chức cán bộ", "Phòng Tổ chức"),
    "no last line break": BEFORE.rstrip("\n"),
}
PARSED_WHOLE = {
    "nothing is known": "code: snv\n" + "".join(NEWCOMER.replace("tn05", f"tn{at}") for at in range(6, 9)),
    "another unit": BEFORE.replace("  tccb: Phòng Tổ chức cán bộ\n", "  tccb: Phòng TCCB\n  ttra: Thanh tra\n"),
    "a unit goes that somebody is in": BEFORE.replace("  tccb: Phòng Tổ chức cán bộ\n", ""),
    "another code": BEFORE.replace("code: snv", "code: stc"),
    "a fault in what is new": BEFORE.replace("lists:", NEWCOMER.replace("2026-10-01", "2026-13-01") + "lists:"),
    "a fault above": BEFORE.replace("kind: department", "kind: deparment"),
    "no people": BEFORE[: BEFORE.index("people:")],
    "a quote over two lines": BEFORE.replace("Giám đốc\n", '"Giám\n      đốc"\n', 1),
    "an anchor": BEFORE.replace("title: Chuyên viên", "title: &cv Chuyên viên"),
    "brackets over two lines": BEFORE.replace("[tn02]", "[tn02,\n  tn03]"),
    "Windows line ends": BEFORE.replace("\n", "\r\n"),
    "a line break that only YAML knows": BEFORE.replace("Lê Cường", "Lê\u2028Cường"),
    "another indent": BEFORE.replace("  - id", " - id"),
    "no UTF-8": "code: \udcff",
}


@pytest.mark.parametrize("text", CARRIED.values(), ids=CARRIED)
def test_what_changed_is_parsed_and_the_rest_is_carried_over(text: str) -> None:
    found, problems = parsed(text)
    assert not problems
    assert found is not None
    assert told(carried(text)) == told(found)
    # And back again.
    assert told(carried(BEFORE, text)) == told(parsed(BEFORE)[0])


@pytest.mark.parametrize("text", PARSED_WHOLE.values(), ids=PARSED_WHOLE)
def test_where_it_is_not_certain_the_file_is_parsed_as_a_whole(text: str) -> None:
    known, _ = parsed(BEFORE)
    assert known is not None
    content = text.encode(errors="surrogateescape")
    assert carry.agency_file(FILE, content, (BEFORE.encode(), known)) is None


def test_only_what_changed_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    known, _ = parsed(BEFORE)
    assert known is not None
    texts: list[bytes] = []

    def noted(content: bytes, file: str, shape: Record | MapOf, problems: list[Problem]) -> object:
        texts.append(content)
        return parse(content, file, shape, problems)

    monkeypatch.setattr(carry, "parse", noted)
    text = CARRIED["somebody is promoted"]
    assert carry.agency_file(FILE, text.encode(), (BEFORE.encode(), known)) is not None
    (looked_at,) = texts
    assert re.findall(rb"id: (\w+)", looked_at) == [b"tn03"]
    assert looked_at.count(b"\n") == text.count("\n"), "every line keeps its number"


SNIPPETS = (
    *NEWCOMER.splitlines(),
    "  - id: tn02",
    "    name: 'Võ Ý'",
    '    name: "Võ',
    '    Ý"',
    "    name: |-",
    "    name: >",
    "      Võ Ý",
    "  - x",
    "  -",
    "  - - id: a",
    "- id: tn09",
    " x: y",
    "people:",
    "people: []",
    "units: {vp: Văn phòng}",
    "  vp: Văn thư",
    "# Đã xem.",
    "  # Đã xem: [",
    "---",
    "...",
    "    unit: &a vp",
    "    unit: *a",
    "    unit: {",
    "    unit: vp # ']'",
    "\t",
    "",
)
one_edit = st.tuples(
    st.integers(0, BEFORE.count("\n")), st.sampled_from(["in", "out", "twice", "instead"]), st.integers(0, 99)
)
lines = st.lists(one_edit, min_size=1, max_size=4)


@given(lines, lines)
@example([(13, "instead", SNIPPETS.index('    name: "Võ'))], [(15, "in", SNIPPETS.index('    Ý"'))])
@settings(max_examples=400)
def test_however_a_file_is_edited_what_is_carried_over_is_what_parsing_says(
    first: list[tuple[int, str, int]], then: list[tuple[int, str, int]]
) -> None:
    """``first`` makes the version that was read before, if it is one without a fault."""
    before = edited(BEFORE, first)
    known, problems = parsed(before)
    if known is None or problems:
        before = BEFORE
        known, _ = parsed(before)
        assert known is not None
    text = edited(before, then)
    found = carry.agency_file(FILE, text.encode(), (before.encode(), known))
    if found is not None:
        whole, problems = parsed(text)
        assert not problems
        assert told(found) == told(whole)


def edited(text: str, edits: list[tuple[int, str, int]]) -> str:
    """Give a text with lines put in, taken out, doubled or replaced."""
    rows = text.split("\n")
    for at, how, which in edits:
        place = min(at, len(rows) - 1)
        snippet = SNIPPETS[which % len(SNIPPETS)]
        rows[place : place + (how != "in")] = {
            "in": [snippet],
            "out": [],
            "twice": [rows[place]] * 2,
            "instead": [snippet],
        }[how] or ([] if len(rows) > 1 else [""])
    return "\n".join(rows)
