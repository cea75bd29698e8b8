"""The written reference is what the engine's description comes to, and its examples pass the engine's schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from ansible_collections.congvu.mail.plugins.module_utils import hover, layout
from ansible_collections.congvu.mail.plugins.module_utils.reference import (
    NOTES,
    PAGE,
    Row,
    note,
    page,
    schema_files,
    sections,
)
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.shape import MapOf, Record

WRITTEN = Path(__file__).parents[3] / "docs/reference/registry" / PAGE
FILES: tuple[tuple[str, Record | MapOf], ...] = (
    ("estate", layout.ESTATE),
    ("policy", layout.POLICY),
    ("agency", layout.AGENCY),
    ("holds", layout.HOLDS),
    ("protected", layout.PROTECTED),
    ("calendar", layout.CALENDAR),
    ("approvers", layout.APPROVERS),
    ("override", layout.OVERRIDE),
    ("exception", layout.EXCEPTION),
    ("lists", layout.LISTS),
)
ROWS: list[Row] = [row for name, shape in FILES for section in sections(name, shape) for row in section.rows]


def test_the_page_is_as_written() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == page(), "run playbooks/schema.yml"


def test_every_note_is_about_a_key() -> None:
    assert NOTES.keys() - {row.path for row in ROWS} == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
def test_every_key_without_keys_of_its_own_has_an_example_that_may_stand_there(row: Row) -> None:
    schema = row.shape.schema()
    shown = note(row).example
    if not shown:
        assert '"properties"' in json.dumps(schema)
        return
    value = json.loads(json.dumps(yaml.safe_load(shown), default=str))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(value)] == []


def test_an_editor_tells_a_clerk_in_vietnamese_what_each_key_of_a_clerks_file_is() -> None:
    assert sorted(hover.KEYS) == sorted(row.path for row in ROWS if row.path.startswith(("agency.", "holds.")))
    agency = json.loads(schema_files()["agency.schema.json"])
    post = agency["properties"]["people"]["items"]["properties"]
    assert post["until"]["description"].startswith("Ngày đầu tiên **không còn** giữ chức vụ.")
    assert post["id"]["examples"] == ["dl00001"]
    box = agency["properties"]["units"]["additionalProperties"]["anyOf"][1]["properties"]["mailbox"]
    for roles in (agency["properties"], box["properties"]):
        grant = roles["clerks"]["items"]["anyOf"][1]["properties"]
        assert grant["since"]["description"] == "Ngày đầu tiên giữ vai trò; không ghi là từ trước."


def test_the_lock_shows_lines_that_the_engine_reads() -> None:
    lock = page().partition("## `addresses/")[2]
    lines = [cell.split("`")[1] for cell in lock.splitlines() if cell.startswith("| `")]
    validator = Draft202012Validator(layout.ADDRESSES.schema())
    assert len(lines) == 8
    for line in lines:
        local, _, holder = line.partition(": ")
        assert [error.message for error in validator.iter_errors({local: holder})] == []


@pytest.mark.parametrize("name", sorted(schema_files()))
def test_the_schemas_for_editors_are_those_of_the_engine(name: str) -> None:
    written = (WRITTEN.parent / name).read_text(encoding="utf-8")
    assert written == schema_files()[name], "run playbooks/schema.yml"
    assert "(?P<" not in written, "editors read JavaScript's patterns"
    Draft202012Validator.check_schema(json.loads(written))
