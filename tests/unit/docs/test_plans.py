"""The page on plans tells every key that a plan file has, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import OPERATIONS, Wave
from ansible_collections.congvu.mail.plugins.module_utils.wording import sign
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.review import mixed

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "plans.md").read_text(encoding="utf-8")


def keys_told(after: str) -> set[str]:
    rows = re.findall(r"^\| (`.*?) \|", PAGE.partition(after)[2].partition("\n\nThen come")[0], re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize(
    ("line", "after"), [("header", "The first line is the header."), ("change", "Then come the changes")]
)
def test_the_page_tells_the_keys_of_each_line(line: str, after: str) -> None:
    lines = [json.loads(line) for line in mixed().content.splitlines()]
    found = {key for one in lines if one["line"] == line for key in one}
    assert keys_told(after) | {"line"} == found


def test_the_page_tells_the_keys_of_a_remark() -> None:
    (remark,) = [one for one in map(json.loads, mixed().content.splitlines()) if one["line"] == "remark"]
    paragraph = next(part for part in PAGE.split("\n\n") if part.startswith("Then come remarks"))
    assert set(re.findall(r"`(\w+)`", paragraph)) | {"line"} == remark.keys()


def test_the_page_tells_every_operation_with_its_sign_and_every_wave() -> None:
    assert all(f"`{operation}`" in PAGE for operation in OPERATIONS)
    assert all(f"`{sign(change)}`" in PAGE for change in mixed().changes)
    (waves,) = re.findall(r"^\| `wave` \| (.*) \|$", PAGE, re.MULTILINE)
    assert [int(number) for number in re.findall(r"\d", waves)] == [wave.value for wave in Wave]
