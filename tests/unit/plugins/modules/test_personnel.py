"""The sample of a personnel office, taken into Thừa Thiên Huế's registry, and its staff exported and taken back."""

from __future__ import annotations

import json
import os
import signal
import stat
from multiprocessing import get_context
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.congvu.mail.plugins.module_utils import files, form
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


SECOND_POST = """\
  - id: tth00050
    name: {name}
    title: Uỷ viên
    kind: concurrent
    since: 2026-01-01
    decision: 1/QĐ-STC
"""
# Left half done, and read again as they are, the first loses the end of a second post, the second a staff number.
CHANGES = """\
Biến động,Số hiệu,Họ và tên,Cơ quan,Chức vụ,Từ ngày,Số quyết định,Ngày quyết định
Nghỉ hưu,tth00050,,,,1/12/2026,9/QĐ-UB,12/11/2026
Tiếp nhận,,Đỗ Văn Bình,snv,Chuyên viên,1/12/2026,310/QĐ-SNV,12/11/2026
Tiếp nhận,,Đỗ Văn Bảo,stc,Chuyên viên,1/12/2026,311/QĐ-STC,12/11/2026
"""


@pytest.fixture
def changes(registry: Path, sample: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Return the arguments of an import that changes three files."""
    stc = registry / "agencies/stc.yml"
    name = load(registry).persons["tth00050"][0].name
    stc.write_text(stc.read_text(encoding="utf-8") + SECOND_POST.format(name=name), encoding="utf-8")
    path = tmp_path / "bien-dong.csv"
    path.write_text(CHANGES, encoding="utf-8")
    return {**sample, "file": str(path)}


def killed_after(writes: int, registry: Path, changes: dict[str, str]) -> None:
    """Import in a process that is killed, as by a power cut, once it has put so many files in place."""

    def die() -> None:
        left = iter(range(writes))

        def write(path: Path, content: bytes, mode: int = 0o644) -> None:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            files_write(path, content, mode)

        files_write, files.write_whole = files.write_whole, write
        params = {"agency": "", "as_of": TODAY, **changes, "registry": str(registry)}
        personnel_import.run(params, form.read(Path(changes["mapping"])), write=True)

    process = get_context("fork").Process(target=die)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_an_import_that_is_killed_between_files_is_undone_and_made_whole_by_the_next(
    call: Call, registry: Path, changes: dict[str, str], tmp_path: Path, writes: int
) -> None:
    before = texts(registry)
    whole = Path(copytree(registry, tmp_path / "whole"))
    expected = call(personnel_import, **{**changes, "registry": str(whole)})
    assert len(expected["files"]) == 3, expected["msg"]
    killed_after(writes, registry, changes)
    assert sum(text != before[file] for file, text in texts(registry).items()) == writes - 1
    assert "Chạy lại không có --check" in call(personnel_import, **changes, _ansible_check_mode=True)["msg"]
    answer = call(personnel_import, **changes)
    assert texts(registry) == texts(whole)
    assert answer["counts"] == expected["counts"] == {"recorded": 3, "done": 0, "returned": 0}
    assert ("Lần nhập trước bị ngắt giữa chừng; đã hoàn lại agencies/" in answer["msg"]) == (writes > 1)
    assert not call(personnel_import, **changes)["changed"]
    assert not (registry / files.UNFINISHED).exists()


def test_what_somebody_changed_after_an_import_was_killed_is_not_undone(
    call: Call, registry: Path, changes: dict[str, str]
) -> None:
    killed_after(2, registry, changes)
    stc = registry / "agencies/stc.yml"
    stc.write_text(stc.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    before = texts(registry)
    assert "agencies/stc.yml đã được sửa từ đó" in call(personnel_import, **changes)["msg"]
    assert texts(registry) == before


def test_a_file_that_is_a_link_is_replaced_never_written_through_and_keeps_from_whom_it_was_kept(
    call: Call, registry: Path, sample: dict[str, str], tmp_path: Path
) -> None:
    snv, stc = registry / "agencies/snv.yml", registry / "agencies/stc.yml"
    target = snv.rename(tmp_path / "elsewhere.yml")
    before = target.read_text(encoding="utf-8")
    snv.symlink_to(target)
    stc.chmod(0o600)
    back = Path(sample["returned"])
    back.parent.mkdir()
    back.symlink_to(target)
    call(personnel_import, **sample)
    assert target.read_text(encoding="utf-8") == before
    assert not snv.is_symlink()
    assert not back.is_symlink()
    assert stat.S_IMODE(stc.stat().st_mode) == 0o600


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
