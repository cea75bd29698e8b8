"""A lock that is read line by line says what YAML says, or is left to YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import assemble, locklines
from ansible_collections.congvu.mail.plugins.module_utils.layout import ADDRESSES
from ansible_collections.congvu.mail.plugins.module_utils.yamlfile import parse
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.assemble import AddressFile
    from ansible_collections.congvu.mail.plugins.module_utils.model import Problem

FILE = "addresses/x.gov.vn.yml"
LOCK = """\
---
# Sổ địa chỉ của x.gov.vn: ai giữ.

0123: person:a
an.nguyen: person:tth00123 since 2026-09-01 again 2027-01-01
binh: person:tth00124 retired
# somebody's second
binh2: mailbox:snv alias since 2026-01-01 until 2026-06-01
no: list:snv-tatca
y: person:tth00125
"""


def by_yaml(content: bytes) -> tuple[AddressFile | None, list[Problem]]:
    """Read a lock as YAML."""
    problems: list[Problem] = []
    read = parse(content, FILE, ADDRESSES, problems)
    return (assemble.address_file(*read) if read else None), problems


@pytest.mark.parametrize("text", [LOCK, LOCK.removeprefix("---\n"), LOCK.rstrip("\n"), "a: person:b"])
def test_a_lock_as_it_is_written_is_read_line_by_line(text: str) -> None:
    found = locklines.address_file(FILE, text.encode())
    assert found is not None
    assert (found, []) == by_yaml(text.encode())


@pytest.mark.parametrize(
    "content",
    {
        "nothing": b"",
        "comments alone": b"---\n# x\n",
        "not sorted": b"b: person:b\na: person:a\n",
        "twice": b"a: person:a\na: person:b\n",
        "what YAML takes for nothing": b"null: person:a\n",
        "no such day": b"a: person:a since 2026-13-01\n",
        "an end before the beginning": b"a: person:a alias since 2026-02-01 until 2026-01-01\n",
        "no holder": b"a: somebody\n",
        "quotes": b'"a": person:a\n',
        "a comment behind": b"a: person:a # x\n",
        "spaces before": b" a: person:a\n",
        "spaces behind": b"a: person:a \n",
        "a second document": b"a: person:a\n---\nb: person:b\n",
        "Windows line ends": b"a: person:a\r\n",
        "a bell in a comment": b"# \x07\na: person:a\n",
        "a line break in a comment that only YAML knows": "# \u2028b: person:b\na: person:a\n".encode(),
        "no UTF-8": b"# \xff\na: person:a\n",
        "too long for a key": b"%s: person:a\n" % (b"a" * 1100),
    }.items(),
    ids=lambda case: case[0],
)
def test_whatever_else_is_left_to_yaml(content: tuple[str, bytes]) -> None:
    assert locklines.address_file(FILE, content[1]) is None


@given(st.text(), st.integers(0, len(LOCK)), st.integers(0, 9))
@settings(max_examples=400)
def test_whatever_stands_in_a_lock_it_says_the_same_either_way(put: str, at: int, instead: int) -> None:
    content = (LOCK[:at] + put + LOCK[at + instead :]).encode()
    found = locklines.address_file(FILE, content)
    if found is not None:
        assert (found, []) == by_yaml(content)
