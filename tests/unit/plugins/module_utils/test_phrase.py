"""Everything the engine says to people about a registry, it says in Vietnamese too."""

from __future__ import annotations

import ast
import pickle
import re
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.form import FORM
from ansible_collections.congvu.mail.plugins.module_utils.layout import (
    ADDRESSES,
    AGENCY,
    APPROVERS,
    CALENDAR,
    ESTATE,
    EXCEPTION,
    HOLDS,
    LISTS,
    OVERRIDE,
    POLICY,
    PROTECTED,
)
from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault, listed, spoken, told
from ansible_collections.congvu.mail.plugins.module_utils.model import Origin, RegistryError, Standing
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language, Phrase
from ansible_collections.congvu.mail.plugins.module_utils.regulation import MODEL, NEEDED
from ansible_collections.congvu.mail.plugins.module_utils.shape import Text
from ansible_collections.congvu.mail.plugins.module_utils.vietnamese import VIETNAMESE
from ansible_collections.congvu.mail.plugins.module_utils.yamlfile import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.congvu.mail.plugins.module_utils.model import Problem

PLUGINS = Path(__file__).parents[4] / "plugins"
SAME = {"{hint}", "{key}: …"}  # nothing to translate
VI = Language.VIETNAMESE


def words_of(shape: Any) -> Iterator[str]:  # noqa: ANN401 -- shapes of any kind
    """Yield what a shape and those within it say."""
    yield shape.wanted
    if isinstance(shape, Text) and shape.pattern is not None:
        yield shape.remedy
    for field in fields(shape):
        within = getattr(shape, field.name)
        for inner in within.values() if isinstance(within, dict) else [within]:
            if hasattr(inner, "wanted"):
                yield from words_of(inner)


def in_the_code() -> Iterator[str]:
    """Yield the words of each phrase that stands in the code."""
    for path in sorted(PLUGINS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Phrase":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value)


def libyaml() -> Iterator[str]:
    """Yield what the YAML parser says of broken files."""
    for text in BROKEN:
        problems: list[Problem] = []
        assert parse(text.encode(), "x.yml", ESTATE, problems) is None
        fault = problems[0].what.facts["fault"]
        assert isinstance(fault, Phrase)
        yield fault.english


BROKEN = [
    "a: b: c",
    "a: [1, 2",
    "a: [,]",
    "a: [b:]",
    "a: {b: 1",
    'a: "never closed',
    'a: "\\q"',
    'a: "b\n---\nc"',
    "a: 'x' y",
    "a:\n  - b\n  c: d",
    "a: - b",
    "a: ? b",
    "a: @b",
    "a: |x",
    "a: |\n\tb",
    "a: b\n\tc",
    "a: b\nc",
    "a: b\n---\nc: d",
    "{a: b}}",
    "a: *b",
    "a: & b",
    "a: &b 1\nc: &b 2",
]

SENTENCES = [half for fault in Fault for half in (fault.message, fault.remedy)]
FILES = (
    *(ESTATE, POLICY, AGENCY, APPROVERS, CALENDAR, HOLDS, LISTS, ADDRESSES, PROTECTED, OVERRIDE, EXCEPTION),
    *(MODEL, FORM),
)
SHAPES = [words for shape in FILES for words in words_of(shape)]
OTHERS = [*in_the_code(), *NEEDED.values(), *(standing.value for standing in Standing)]
ALL = sorted({*SENTENCES, *SHAPES, *OTHERS, *libyaml()})


def places(words: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", words))


@pytest.mark.parametrize("words", ALL)
def test_what_is_said_in_english_is_said_in_vietnamese_with_the_same_facts(words: str) -> None:
    assert words in VIETNAMESE
    assert places(VIETNAMESE[words]) == places(words)
    assert VIETNAMESE[words] != words or words in SAME
    assert VIETNAMESE[words].endswith(".") == words.endswith(".") or words.endswith("…")


def test_nothing_is_translated_that_nobody_says() -> None:
    assert set(ALL) == VIETNAMESE.keys()


def test_a_phrase_without_facts_keeps_its_braces() -> None:
    assert Phrase("a form, such as '{full}{n}@{domain}'").told(VI) == "mẫu, ví dụ '{full}{n}@{domain}'"


def test_facts_that_are_phrases_change_their_language_too() -> None:
    hint = Phrase("Did you mean '{word}'?", {"word": "tccb"})
    problem = Fault.UNKNOWN_UNIT.at(Origin("agencies/snv.yml", 14, 11), unit="tcbb", hint=hint)
    assert str(problem) == "agencies/snv.yml:14:11: This agency has no unit 'tcbb'. Did you mean 'tccb'?"
    assert problem.told(VI) == (
        "agencies/snv.yml:14:11: Cơ quan này không có đơn vị 'tcbb'. Có phải ý định ghi là 'tccb'?"
    )


def test_what_nobody_translated_is_said_in_english() -> None:
    assert Phrase("{count} surprises", {"count": 2}).told(VI) == "2 surprises"


def test_a_fault_survives_the_way_between_processes() -> None:
    problem = Fault.NO_ADDRESS.at(Origin("agencies/snv.yml", 2), holder=spoken("mailbox:snv"), day=date(2026, 9, 1))
    assert pickle.loads(pickle.dumps(problem)) == problem  # noqa: S301 -- our own


def test_the_page_of_faults_is_vietnamese_throughout() -> None:
    many = [Fault.EMPTY_LIST.at(Origin("agencies/snv.yml", line)) for line in range(1, 12)]
    error = RegistryError((*many, Fault.NO_ADDRESS.at(Origin("agencies/stc.yml", 2), holder=spoken("person:tn01"))))
    page = told(error, Path("so-bo"), VI).splitlines()
    assert page[0] == "Số lỗi trong sổ đăng ký so-bo: 12"
    assert page[1] == (
        "agencies/snv.yml:1:1: Danh sách này trống. "
        "Ghi ít nhất một mục, hoặc bỏ khoá đi; để trống không có nghĩa là 'không có'."
    )
    assert page[9] == "agencies/snv.yml: … và 3 lỗi nữa."
    assert page[10].startswith("agencies/stc.yml:2:1: Sổ địa chỉ chưa có địa chỉ của cán bộ tn01. ")
    assert page[11].startswith("Sửa những lỗi này trước")
    assert listed(error, VI)[0] == {
        "origin": "agencies/snv.yml:1:1",
        "message": "Danh sách này trống.",
        "remedy": "Ghi ít nhất một mục, hoặc bỏ khoá đi; để trống không có nghĩa là 'không có'.",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Së Néi vô", "Có lẽ là 'Sở Nội vụ'. Chuyển sang Unicode, hoặc gõ lại."),
        ("Tr\xadêng THPT", "Có lẽ là 'Trường THPT'. Chuyển sang Unicode, hoặc gõ lại."),
    ],
)
def test_whatever_text_comes_from_an_old_font_is_refused_with_what_it_says(text: str, said: str) -> None:
    problems: list[Problem] = []
    parse(f"title: {text}\n".encode(), "estate.yml", ESTATE, problems)
    (found,) = [problem for problem in problems if problem.origin.line == 1 and problem.what.english.startswith("'{n")]
    assert found.mending.told(VI) == said
