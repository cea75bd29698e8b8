"""Only what changes is touched: comments, order, quoting and every other line stay."""

from __future__ import annotations

from difflib import ndiff
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
import yaml
from ansible_collections.congvu.mail.plugins.module_utils.rewrite import RewriteError, plain, rewrite, scalar
from hypothesis import example, given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.rewrite import Plain

ROOT = Path(__file__).parents[4]
FILES = sorted(ROOT.glob("inventories/*/registry/agencies/*.yml"))

TEXT = """\
---
# The agency.
code: snv   # three letters
head: tn01
units: {vp: Văn phòng, th: "Tổng hợp"}
people:
  - id: tn01
    name: "Nguyễn Văn An"
    title: Giám đốc  # since the founding
    changes:
      - {since: 2026-10-01, title: 'A, B'}  # promoted

  # Joins.
  - id: tn02
    name: Trần Thị Hoà
  - {id: tn03, name: Lê Đức Đạt}

# The end.
decision: 1/QĐ
"""


def people() -> list[dict[str, Plain]]:
    return cast("list[dict[str, Plain]]", cast("dict[str, Plain]", plain(TEXT))["people"])


def changed(before: str, after: str) -> list[str]:
    """Return the lines that differ, as a reviewer sees them."""
    lines = ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parents[2].name}/{path.stem}")
def test_a_file_that_says_what_is_wanted_stays_as_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert rewrite(text, cast("dict[str, Plain]", plain(text))) == text


def test_there_are_files_to_try() -> None:
    assert len(FILES) > 45


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parents[2].name}/{path.stem}")
def test_in_real_files_what_is_new_adds_lines_and_changes_none(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    staff = cast("list[dict[str, Plain]]", cast("dict[str, Plain]", plain(text))["people"])
    staff[0] = {**staff[0], "remark": "9/QĐ-SNV"}
    staff.append({"id": "zz99999", "name": "Trần Thị Hoà", "title": "Chuyên viên: tổng hợp", "since": "2026-12-01"})
    after = rewrite(text, {"people": cast("Plain", staff)})
    assert [line for line in changed(text, after) if line[0] == "-"] == []
    assert len(changed(text, after)) == 5
    assert cast("dict[str, Plain]", plain(after))["people"] == staff
    assert yaml.safe_load(after)["people"][-1]["title"] == "Chuyên viên: tổng hợp"


@pytest.mark.parametrize(
    ("edit", "diff"),
    [
        (
            lambda staff: staff[0].update(title="Chánh Văn phòng"),
            ["-     title: Giám đốc  # since the founding", "+     title: Chánh Văn phòng  # since the founding"],
        ),
        (
            lambda staff: staff[0].update(name="Nguyễn Văn Ân"),
            ['-     name: "Nguyễn Văn An"', '+     name: "Nguyễn Văn Ân"'],
        ),
        (
            lambda staff: staff.__setitem__(1, {"id": "tn02", "name": "Trần Thị Hoà", "until": "2027-01-01"}),
            ["+     until: 2027-01-01"],
        ),
        (
            lambda staff: staff[0]["changes"].append({"since": "2027-01-01", "title": "C"}),
            ["+       - since: 2027-01-01", "+         title: C"],
        ),
        (
            lambda staff: staff[0]["changes"].insert(0, {"since": "2025-01-01", "title": "no"}),
            ["+       - since: 2025-01-01", '+         title: "no"'],
        ),
        (
            lambda staff: staff[1].update(absences=[{"since": "2026-12-01", "reason": "study"}]),
            ["+     absences:", "+       - since: 2026-12-01", "+         reason: study"],
        ),
        (
            lambda staff: staff[2].update(until="2027-01-01", until_decision="1: a, b"),
            [
                "-   - {id: tn03, name: Lê Đức Đạt}",
                '+   - {id: tn03, name: Lê Đức Đạt, until: 2027-01-01, until_decision: "1: a, b"}',
            ],
        ),
        (
            lambda staff: staff.insert(1, {"id": "tn09", "name": "Hồ Hoa"}),
            ["+   - id: tn09", "+     name: Hồ Hoa"],
        ),
    ],
    ids=[
        "a plain value, its comment stays",
        "a quoted value stays quoted",
        "a key at the end of an item, above the next one's comment",
        "an item at the end of an inner list",
        "an item before another",
        "a new inner list",
        "keys in braces stay in braces",
        "an item in the middle, above the comment of the next",
    ],
)
def test_only_these_lines_change(edit: object, diff: list[str]) -> None:
    staff = people()
    edit(staff)  # type: ignore[operator] # a function of the table above
    after = rewrite(TEXT, {"people": cast("Plain", staff)})
    assert [line for line in changed(TEXT, after) if line.strip("+- ")] == diff
    assert cast("dict[str, Plain]", plain(after))["people"] == staff


def test_a_value_can_become_a_mapping() -> None:
    after = rewrite(TEXT, {"head": {"person": "tn01", "until": "2027-01-01"}})
    assert changed(TEXT, after) == ["- head: tn01", "+ head: {person: tn01, until: 2027-01-01}"]


@pytest.mark.parametrize("text", ["people:\n  - id: a", "people:\n- id: a\n", "people: [{id: a}]\n"])
def test_lists_are_continued_as_they_are_written(text: str) -> None:
    after = rewrite(text, {"people": [{"id": "a", "until": "2027-01-01"}, {"id": "b"}]})
    assert plain(after) == {"people": [{"id": "a", "until": "2027-01-01"}, {"id": "b"}]}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("- a\n", {"a": "b"}),
        ("people: [a, b]\n", {"people": ["a"]}),
        ("people: [{a: b, c: d}]\n", {"people": [{"a": "b"}]}),
        ("people: |\n  a\n  b\n", {"people": "c"}),
    ],
    ids=["not a mapping", "an item fewer", "a key fewer", "a text of several lines"],
)
def test_what_cannot_be_done_line_by_line_is_refused(text: str, wanted: dict[str, Plain]) -> None:
    with pytest.raises(RewriteError):
        rewrite(text, wanted)


@example(value="?0", quoted=False)  # in brackets a key, elsewhere a text
@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1), st.booleans())
def test_every_text_is_read_back_as_itself(value: str, quoted: bool) -> None:  # noqa: FBT001 -- hypothesis fills it in
    for text in (f"k: {scalar(value, quoted=quoted)}\n", f"k: [{scalar(value, quoted=quoted, flow=True)}, x]\n"):
        read = plain(text)
        assert isinstance(read, dict)
        assert read["k"] in (value, [value, "x"])


@pytest.mark.parametrize("value", ["1e3", "08", "0o17", "0x1F", "-.5", "12", "no", "null", "~", "<<", "12:30:45"])
def test_a_text_is_a_text_to_readers_of_yaml_1_1_and_of_yaml_1_2(value: str) -> None:
    assert scalar(value) == f'"{value}"'
    assert yaml.safe_load(scalar(value)) == value


TEXTS = st.text("abcđơ ĐÔ:#-'\"0123456789,[]{}&*!%@`?|>", min_size=1, max_size=12)
ITEMS = st.lists(st.dictionaries(st.sampled_from(["id", "name", "title", "until"]), TEXTS, min_size=1), min_size=1)


@given(ITEMS, ITEMS)
def test_whatever_is_wanted_is_what_the_text_says_then(
    before: list[dict[str, Plain]], more: list[dict[str, Plain]]
) -> None:
    text = yaml.safe_dump({"people": before, "decision": "x"}, allow_unicode=True, sort_keys=False)
    merged = more[: len(before)] + [{}] * (len(before) - len(more))
    kept = [{**old, **new} for old, new in zip(before, merged, strict=True)]
    wanted = [*kept, *more]
    after = plain(rewrite(text, {"people": cast("Plain", wanted)}))
    assert isinstance(after, dict)
    assert after["people"] == wanted
    assert after["decision"] == "x"
