"""Whatever stands in a setting of the webmail is a string there, and no part of its program."""

from __future__ import annotations

import re

import pytest
from ansible_collections.congvu.mail.plugins.filter.php_string import php_string
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Thư công vụ", "'Thư công vụ'"),
        ("it's", r"'it\'s'"),
        ("a\\", r"'a\\'"),
        ("\\'; system('id'); //", r"'\\\'; system(\'id\'); //'"),
        ("$x {$y}", "'$x {$y}'"),
        ("", "''"),
    ],
)
def test_a_text_is_quoted_as_php_reads_it(text: str, quoted: str) -> None:
    assert php_string(text) == quoted


@given(st.text())
def test_php_reads_back_what_was_written(text: str) -> None:
    quoted = php_string(text)
    assert re.fullmatch(r"'(?:[^'\\]|\\['\\])*'", quoted, re.DOTALL)
    assert re.sub(r"\\(['\\])", r"\1", quoted[1:-1]) == text
