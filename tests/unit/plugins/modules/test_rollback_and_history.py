"""The modules as a playbook calls them: a plan taken back, with the registry in Git, and the past of a mailbox."""

from __future__ import annotations

import json
import subprocess
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from itertools import count
from shutil import which
from typing import TYPE_CHECKING, Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.congvu.mail.plugins.module_utils import apply as engine
from ansible_collections.congvu.mail.plugins.module_utils.directory import LdapDirectory
from ansible_collections.congvu.mail.plugins.modules import apply, history, plan, rollback
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.audit import MemoryLog
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.conftest import SOUND
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX, MemoryDirectory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

TITLE = f"uid=tn02,ou=vp,ou=snv,{BASE}"


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    folder = tmp_path / "registry"
    for name, text in SOUND.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")
    return folder


def git(folder: Path, *words: str) -> str:
    """Run Git as somebody."""
    program = which("git")
    assert program
    who = ("-c", "user.name=Lan", "-c", "user.email=lan@x", "-c", "init.defaultBranch=main")
    command = [program, "-C", str(folder), *who, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - fixed words


def commit(folder: Path, old: str = "", new: str = "") -> str:
    """Commit the registry, with a text replaced; give the commit."""
    path = folder / "agencies" / "snv.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "x")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> MemoryDirectory:
    memory = MemoryDirectory()
    monkeypatch.setattr(engine, "SETTLE", 0.0)
    monkeypatch.setattr(LdapDirectory, "connect", lambda _: nullcontext(memory))
    clock = (datetime.now(UTC) + timedelta(seconds=tick) for tick in count())
    monkeypatch.setattr(apply, "_now", lambda: next(clock))
    return memory


@pytest.fixture
def call(tmp_path: Path, registry: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Return a caller of a module's main(), which gives what the module answers."""

    def run(module: ModuleType, **arguments: object) -> dict[str, Any]:
        common: dict[str, object] = {"uri": "ldapi:///", "state": str(tmp_path / "state")}
        if module is apply:
            common |= {"plan": "latest", "secrets": str(tmp_path / "secrets"), "password_memory": 8}
        else:
            common |= {"registry": str(registry)}
        if module is not apply and module is not rollback:
            common |= {"suffix": SUFFIX}
        with patch_module_args({**common, **arguments}), pytest.raises(SystemExit) as ended:
            module.main()
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert ended.value.code == int(bool(answer.get("failed"))), answer
        return answer

    return run


def title(directory: MemoryDirectory) -> str:
    """Give the title of the one whom the tests change."""
    return directory.records[TITLE].attributes["title"][0]


def test_a_plan_is_taken_back_and_the_registry_s_commits_are_named(
    registry: Path, directory: MemoryDirectory, call: Callable[..., dict[str, Any]]
) -> None:
    git(registry, "init", "-q")
    commit(registry)
    call(plan, as_of="2026-11-20")
    call(apply)
    first = commit(registry, "title: Văn thư", "title: Phó phòng")
    second = commit(registry, "title: Phó phòng", "title: Chánh văn phòng")
    planned = call(plan, as_of="2026-11-20")
    call(apply, operator="Trần Thị Lan")
    assert title(directory) == "Chánh văn phòng"

    undone = call(rollback, plan=planned["plan"][:12], estate="test")
    assert (undone["exit_status"], undone["counts"]["update"]) == (2, 1)
    assert undone["commits"] == [second, first]
    assert f"undoes plan {planned['plan'][:12]}" in undone["text"]
    assert undone["text"].endswith(
        "\nREVERT THE REGISTRY TOO, or the next plan does all of it again:\n"
        f"  git -C {registry} revert --no-edit {second[:12]} {first[:12]}\n"
    )
    assert title(directory) == "Chánh văn phòng", "planned, not done"
    call(apply, plan=undone["plan"])
    assert title(directory) == "Văn thư"
    git(registry, "revert", "--no-edit", second[:12], first[:12])
    assert call(plan, as_of="2026-11-20")["exit_status"] == 0
    again = call(rollback, plan=planned["plan"])
    assert again["exit_status"] == 0
    assert "Nothing to do: the directory holds nothing that this plan could undo." in again["text"]


@pytest.mark.usefixtures("directory")
def test_outside_git_it_says_that_nobody_knows_the_commit(call: Callable[..., dict[str, Any]]) -> None:
    planned = call(plan, as_of="2026-11-20")
    call(apply)
    undone = call(rollback, plan=planned["plan"], lang="vi")
    assert undone["commits"] == []
    assert "Không rõ commit của sổ đăng ký" in undone["text"]


@pytest.mark.usefixtures("directory")
def test_files_that_were_not_committed_are_taken_back_by_hand(
    registry: Path, call: Callable[..., dict[str, Any]]
) -> None:
    git(registry, "init", "-q")
    commit(registry)
    (registry / "agencies" / "stc.yml").write_text(SOUND["agencies/stc.yml"] + "\n", encoding="utf-8")
    planned = call(plan, as_of="2026-11-20")
    call(apply)
    text = call(rollback, plan=planned["plan"])["text"]
    assert "The plan was made from files that were not committed: take them back by hand." in text


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("wrong", [{"estate": "khac"}, {"suffix": "dc=khac"}, {"plan": "0123456789ab"}])
def test_a_plan_for_elsewhere_or_unknown_is_refused(call: Callable[..., dict[str, Any]], wrong: dict[str, str]) -> None:
    planned = call(plan, as_of="2026-11-20")
    answer = call(rollback, **{"plan": planned["plan"], **wrong})
    assert (answer["exit_status"], answer["failed"]) == (1, True)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> MemoryLog:
    kept = MemoryLog()
    monkeypatch.setattr(LdapDirectory, "connect", lambda _: nullcontext(kept))
    kept.write("modify", TITLE, "uuid-2", ("title:= Phó",), ("title: Văn thư",), by=f"cn=admin,ou=snv,{BASE}")
    kept.stands(TITLE, "uuid-2", congvuId="person:tn02", uid="tn02")
    return kept


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("asked", ["person:tn02", "tn02", "tranthihoa@thunghiem.gov.vn", "Trần Thị Hoà"])
def test_the_past_is_found_by_whatever_is_at_hand(call: Callable[..., dict[str, Any]], asked: str) -> None:
    answer = call(history, id=asked)
    assert (answer["id"], answer["events"], answer["changed"]) == ("person:tn02", 1, False)
    assert answer["text"].startswith("person tn02  Trần Thị Hoà <tranthihoa@thunghiem.gov.vn>\n")
    assert "by the admin of snv" in answer["text"]


@pytest.mark.usefixtures("log")
def test_the_whole_is_written_for_other_programs_but_not_in_check_mode(
    call: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    path = tmp_path / "past.json"
    call(history, id="tn02", file=str(path), _ansible_check_mode=True)
    assert not path.exists()
    call(history, id="tn02", file=str(path))
    assert json.loads(path.read_text(encoding="utf-8"))["events"][0]["after"] == {"title": ["Phó"]}
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("asked", "lang", "expected"),
    [
        ("person:tn99", "en", "Nothing is known of person:tn99"),
        ("tn99", "vi", "Không có thông tin nào về tn99"),
        ("la@thunghiem.gov.vn", "vi", "Theo sổ địa chỉ, chưa ai giữ"),
    ],
)
def test_of_whom_nothing_is_known_it_is_said(
    call: Callable[..., dict[str, Any]], asked: str, lang: str, expected: str
) -> None:
    answer = call(history, id=asked, lang=lang)
    assert answer["failed"]
    assert answer["msg"].startswith(expected)
