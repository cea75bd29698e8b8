"""An office's own words: which header is which field, found wherever it stands."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.form import Change, Column, Mode, find_header, key, read
from ansible_collections.congvu.mail.plugins.module_utils.model import RegistryError
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import Table

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.form import Form
    from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import Cell

ROOT = Path(__file__).parents[4]
MAPPINGS = sorted(ROOT.glob("inventories/*/imports/mapping.yml"))
MAPPING = """\
mode: list
new_ids: tn##
columns:
  id: [Mã cán bộ, Mã số]
  decision: Quyết định / Số
  decision_day: Quyết định / Ngày
changes: {retirement: [Hưu trí]}
agencies: {stc: [Sở TC]}
units: {snv: {vp: Văn phòng Sở}}
"""


def form(folder: Path, text: str = MAPPING) -> Form:
    path = folder / "mapping.yml"
    path.write_text(text, encoding="utf-8")
    return read(path)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Họ và tên", "HỌ  VÀ TÊN (*)"),
        ("Số QĐ", "so qd:"),
        ("Quyết định / Số", "quyết định số"),
        ("Ho\u0323 va\u0300 tên", "Họ và tên"),
    ],
)
def test_case_accents_spaces_and_punctuation_play_no_part(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_a_mapping_adds_an_offices_words_to_our_own(tmp_path: Path) -> None:
    found = form(tmp_path)
    assert (found.mode, found.new_ids) == (Mode.LIST, "tn##")
    assert found.columns[key("Mã số")] is found.columns[key("Số hiệu")] is Column.ID
    assert found.changes[key("hưu trí")] is found.changes[key("Nghỉ hưu")] is Change.RETIREMENT
    assert found.agencies[key("Sở TC")] == "stc"
    assert found.units["snv", key("văn phòng sở")] == "vp"


def test_without_a_mapping_our_own_titles_are_known() -> None:
    found = read(None)
    assert found.mode is Mode.CHANGES
    assert {column.title for column in Column} == {column.title for column in found.columns.values()}
    assert set(Change) == set(found.changes.values())


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("mode: lists\n", "mapping.yml:1:7", "'lists' is not what a sheet is"),
        ("new_ids: tth\n", "mapping.yml:1:10", "'tth' is not how new staff numbers look"),
        ("columns: {nmae: Tên}\n", "mapping.yml:1:11", "The key 'nmae' is not known here. Did you mean 'name'?"),
        ("columns: {name: Họ tên, title: HỌ TÊN}\n", "mapping.yml:1:32", "'HỌ TÊN' stands for 'name' already."),
        ("changes: {death: Nghỉ hưu}\n", "mapping.yml:1:18", "'Nghỉ hưu' stands for 'retirement' already."),
        ("columns: {name: [}\n", "mapping.yml:1:18", "This is not YAML"),
        ("# nothing\n", "mapping.yml:1:1", "The file is empty."),
        ("agencies: {STC: [x]}\n", "mapping.yml:1:12", "'STC' is not a code of the registry"),
    ],
)
def test_a_faulty_mapping_is_refused_with_line_and_remedy(tmp_path: Path, text: str, where: str, what: str) -> None:
    with pytest.raises(RegistryError) as refused:
        form(tmp_path, text)
    (problem,) = refused.value.problems
    assert str(problem.origin) == where
    assert what in str(problem)
    assert problem.remedy


def test_a_mapping_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mapping.yml").write_bytes("columns: {name: Họ}".encode("utf-16"))
    with pytest.raises(RegistryError, match="not UTF-8"):
        read(tmp_path / "mapping.yml")


def test_a_mapping_that_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"mapping\.yml:1:1: The file is missing"):
        read(tmp_path / "mapping.yml")
    os.mkfifo(tmp_path / "mapping.yml")
    with pytest.raises(RegistryError, match=r"mapping\.yml:1:1: This is no file"):
        read(tmp_path / "mapping.yml")


def test_versions_that_meet_in_a_mapping_are_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "mapping.yml").write_text("<<<<<<< HEAD\nmode: list\n=======\n", encoding="utf-8")
    with pytest.raises(RegistryError, match=r"mapping\.yml:1:1: Here Git left a conflict"):
        read(tmp_path / "mapping.yml")


@pytest.mark.parametrize(
    ("rows", "columns", "last"),
    [
        ((("Họ và tên", "Chức vụ", "Từ ngày"), ("Trần Thị Hoà", "Tên", "1/9/2026")), 3, 1),
        (
            (
                ("TT", "Họ và tên", "Chức vụ", "Quyết định", None, "Từ ngày"),
                (None, None, None, "Số", "Ngày", None),
                (1, "Trần Thị Hoà", "Văn thư", "1/QĐ", "1/9/2026", "1/9/2026"),
            ),
            5,
            2,
        ),
        ((("Kính gửi", None), (None, None), ("Họ và tên", "Đơn vị", "Chức vụ")), 3, 3),
    ],
    ids=["one row", "two rows, the second below a merged cell", "below a letterhead"],
)
def test_a_header_is_found(tmp_path: Path, rows: tuple[tuple[Cell, ...], ...], columns: int, last: int) -> None:
    table = Table("a", tuple((number, row) for number, row in enumerate(rows, start=1) if any(row)))
    header = find_header(table, form(tmp_path))
    assert header is not None
    assert (len(header.columns), header.row) == (columns, last)


@pytest.mark.parametrize("rows", [((1, ("Họ và tên", "Ghi chú")),), ((1, ("Cơ quan", "Đơn vị", "Chức vụ")),), ()])
def test_what_names_nobody_is_no_header(rows: tuple[tuple[int, tuple[Cell, ...]], ...]) -> None:
    assert find_header(Table("a", rows), read(None)) is None


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.parents[1].name)
def test_the_estates_own_mappings_fit_their_registries(path: Path) -> None:
    found = read(path)
    registry = load(path.parents[1] / "registry", locked=False)
    assert set(found.agencies.values()) <= registry.agencies.keys()
    assert all(unit in registry.agencies[agency].units for (agency, _), unit in found.units.items())
    assert found.new_ids


def test_there_is_a_mapping_to_try() -> None:
    assert MAPPINGS
