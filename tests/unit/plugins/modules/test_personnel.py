"""The sample of a personnel office, taken into Thừa Thiên Huế's registry, and its staff exported and taken back."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.spreadsheet import read
from ansible_collections.congvu.mail.plugins.modules import personnel_export, personnel_import

if TYPE_CHECKING:
    from types import ModuleType

ESTATE = Path(__file__).parents[4] / "inventories/thuathienhue"
SAMPLE = ESTATE / "imports/bien-dong-mau.xlsx"
TODAY = "2026-11-22"


class Call(Protocol):
    """Run a module; give what it answers."""

    def __call__(self, module: ModuleType, **arguments: object) -> dict[str, Any]:
        """Run it."""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return Path(copytree(ESTATE / "registry", tmp_path / "registry"))


@pytest.fixture
def call(registry: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def run(module: ModuleType, **arguments: object) -> dict[str, Any]:
        with patch_module_args({"registry": str(registry), "as_of": TODAY, **arguments}), pytest.raises(SystemExit):
            module.main()
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return run


@pytest.fixture
def sample(tmp_path: Path) -> dict[str, str]:
    return {
        "file": str(SAMPLE),
        "mapping": str(ESTATE / "imports/mapping.yml"),
        "returned": str(tmp_path / "nhan" / "bien-dong-mau-tra-lai.xlsx"),
    }


def texts(registry: Path) -> dict[str, str]:
    return {str(path.relative_to(registry)): path.read_text(encoding="utf-8") for path in registry.rglob("*.yml")}


def test_the_sample_is_recorded_and_its_bad_rows_go_back(call: Call, registry: Path, sample: dict[str, str]) -> None:
    before = texts(registry)
    answer = call(personnel_import, **sample)
    assert answer["changed"]
    assert answer["counts"] == {"recorded": 7, "done": 0, "returned": 4}
    assert answer["files"] == ["agencies/snv.yml", "agencies/stc.yml"]
    assert [row["row"] for row in answer["rows"] if row["outcome"] == "returned"] == [17, 18, 19, 20]
    assert "Biến động tháng 12, dòng 20: Không có số quyết định." in answer["msg"]
    after = texts(registry)
    assert {file for file in after if after[file] != before[file]} == set(answer["files"])
    (back,) = read(Path(sample["returned"]))
    assert len(back.rows) == 1 + 4
    assert stat.S_IMODE(Path(sample["returned"]).stat().st_mode) == 0o600
    load(registry, locked=False)


def test_the_same_file_again_changes_nothing(call: Call, registry: Path, sample: dict[str, str]) -> None:
    call(personnel_import, **sample)
    before = texts(registry)
    answer = call(personnel_import, **sample)
    assert not answer["changed"]
    assert answer["counts"] == {"recorded": 0, "done": 7, "returned": 4}
    assert texts(registry) == before


def test_check_mode_writes_nothing_and_shows_what_it_would(call: Call, registry: Path, sample: dict[str, str]) -> None:
    before = texts(registry)
    answer = call(personnel_import, **sample, _ansible_check_mode=True, _ansible_diff=True)
    assert answer["changed"]
    assert "chưa ghi gì" in answer["msg"]
    assert texts(registry) == before
    assert not Path(sample["returned"]).exists()
    (snv, _) = answer["diff"]
    assert snv["before"] == before["agencies/snv.yml"]
    assert "tth00304" in snv["after"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"file": "missing.xlsx"}, "missing.xlsx"),
        ({"file": str(ESTATE / "registry/estate.yml")}, "estate.yml: Không thấy dòng tiêu đề|Không thấy dòng tiêu đề"),
        ({"mapping": str(ESTATE / "registry/estate.yml")}, "estate.yml:3:1: "),
        ({"as_of": "22/11/2026"}, "as_of: '22/11/2026' is not a day"),
        ({"agency": "snvv"}, "agency: không có cơ quan 'snvv' trong sổ. Có phải snv?"),
    ],
    ids=["no file", "no list", "no mapping", "no day", "no agency"],
)
def test_what_cannot_be_read_is_said(
    call: Call, sample: dict[str, str], arguments: dict[str, str], message: str
) -> None:
    answer = call(personnel_import, **{**sample, **arguments})
    assert answer["failed"]
    assert any(part in answer["msg"] for part in message.split("|"))
    assert not Path(sample["returned"]).exists()


def test_a_faulty_registry_is_not_touched(call: Call, registry: Path, sample: dict[str, str]) -> None:
    path = registry / "agencies/stc.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind: department", "kind: ministry"), encoding="utf-8")
    before = texts(registry)
    answer = call(personnel_import, **sample)
    assert "agencies/stc.yml:" in answer["msg"]
    assert texts(registry) == before


@pytest.mark.parametrize("sheet_per_agency", [False, True])
def test_an_exported_province_comes_back_unchanged(
    call: Call,
    registry: Path,
    sample: dict[str, str],
    tmp_path: Path,
    sheet_per_agency: bool,  # noqa: FBT001 -- the table's
) -> None:
    path = tmp_path / "danh-sach.xlsx"
    exported = call(personnel_export, file=str(path), sheet_per_agency=sheet_per_agency)
    assert exported["changed"]
    assert exported["count"] > 290
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = texts(registry)
    answer = call(personnel_import, **{**sample, "file": str(path)})
    assert answer["counts"] == {"recorded": 0, "done": exported["count"], "returned": 0}
    assert not answer["changed"]
    assert texts(registry) == before


@pytest.mark.parametrize(
    "estate", sorted(path.name for path in ESTATE.parent.iterdir() if (path / "registry").exists())
)
def test_every_estate_goes_there_and_back_unchanged(call: Call, tmp_path: Path, estate: str) -> None:
    path = tmp_path / "danh-sach.xlsx"
    arguments = {"registry": str(ESTATE.parent / estate / "registry"), "file": str(path)}
    exported = call(personnel_export, **arguments)
    answer = call(personnel_import, **arguments, returned=str(tmp_path / "a.xlsx"), _ansible_check_mode=True)
    assert answer["counts"] == {"recorded": 0, "done": exported["count"], "returned": 0}
    assert answer["files"] == []


def test_an_export_is_written_once_for_chosen_agencies_and_not_in_check_mode(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "danh-sach.xlsx"
    assert call(personnel_export, file=str(path), agencies="snv,stc", _ansible_check_mode=True)["changed"]
    assert not path.exists()
    assert call(personnel_export, file=str(path), agencies="snv,stc")["changed"]
    assert not call(personnel_export, file=str(path), agencies="snv,stc")["changed"]
    assert {row[4] for _, row in read(path)[0].rows[1:]} == {"snv", "stc"}


def test_an_unknown_agency_is_not_exported(call: Call, tmp_path: Path) -> None:
    answer = call(personnel_export, file=str(tmp_path / "a.xlsx"), agencies=["snvv"])
    assert "không có cơ quan 'snvv' trong sổ. Có phải snv?" in answer["msg"]
