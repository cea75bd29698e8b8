"""The tool on the machines: what it keeps, what it says, and that a restore never destroys anything."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).parents[3] / "roles" / "backup" / "files" / "congvu_backup.py"
STAMP = "20260902T120000"
SNAPSHOTS = [
    {"id": "bbb2", "time": "2026-09-02T05:00:00.123456789Z", "paths": []},
    {"id": "aaa1", "time": "2026-09-01T05:00:00Z", "paths": []},
    {"id": "ccc3", "time": "2026-09-03T05:00:00+07:00", "paths": []},
]


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load the tool with all its places below a temporary directory."""
    spec = importlib.util.spec_from_file_location("congvu_backup", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, "congvu_backup", module)
    spec.loader.exec_module(module)
    for name in ("ETC", "STATE", "CACHE", "SENDMAIL"):
        monkeypatch.setattr(module, name, tmp_path / name.lower())
    return module


def settings(tool: ModuleType, tmp_path: Path, **job: Any) -> Any:  # noqa: ANN401 - the tool's own class
    """Write a configuration with one job and load it."""
    metrics = tmp_path / "metrics"
    metrics.mkdir()
    tool.ETC.mkdir()
    (tool.ETC / "config.json").write_text(
        json.dumps(
            {
                "host": "mail.example.vn",
                "jobs": [{"name": "job", "paths": [], "restore": {"units": []}, **job}],
                "maintenance": False,
                "keep": {"daily": 14},
                "check_subset": "5%",
                "notify": "",
                "metrics_dir": str(metrics),
            }
        )
    )
    return tool.Settings.load()


def test_an_unknown_job_is_answered_with_those_that_exist(tool: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(tool.BackupError, match=r"no job 'mial'; it has job"):
        settings(tool, tmp_path).job("mial")


def test_a_run_takes_dumps_and_paths_and_leaves_no_dump_behind(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[tuple[list[str], str]] = []

    def restic(*arguments: str) -> list[dict[str, Any]]:
        dump = tool.staging("job") / "people.ldif"
        seen.append((list(arguments), dump.read_text()))
        assert dump.stat().st_mode & 0o077 == 0 or tool.staging("job").stat().st_mode & 0o077 == 0
        figures = {"total_files_processed": 2, "total_bytes_processed": 30, "data_added_packed": 10}
        return [{"message_type": "summary", "snapshot_id": "0123456789", **figures}]

    monkeypatch.setattr(tool, "restic", restic)
    data = tmp_path / "data"
    data.mkdir()
    job = {
        "prepare": [{"argv": ["echo", "dn: x"], "output": "people.ldif"}],
        "paths": [str(data)],
        "exclude": ["*.tmp"],
    }
    tool.run(settings(tool, tmp_path, **job), "job")
    ((arguments, dump),) = seen
    assert dump == "dn: x\n"
    assert arguments[-2:] == [str(data), str(tool.staging("job"))]
    assert arguments[arguments.index("--exclude") + 1] == "*.tmp"
    assert not tool.staging("job").exists()
    assert "snapshot 01234567 with 2 files" in capsys.readouterr().out
    assert (
        'congvu_backup_last_run_success{task="job",host="mail.example.vn"} 1'
        in (tmp_path / "metrics" / "congvu_backup_job.prom").read_text().splitlines()
    )


@pytest.mark.parametrize(
    ("job", "complaint"),
    [
        ({"paths": ["/nowhere/at/all"]}, "/nowhere/at/all: not there"),
        ({"prepare": [{"argv": ["sh", "-c", "echo no database >&2; exit 3"]}]}, "ended with 3: no database"),
        ({"prepare": [{"argv": ["true"], "user": "nobody-knows"}]}, "nobody-knows, whom this host does not know"),
    ],
)
def test_a_failed_run_says_why_keeps_the_last_success_and_counts_as_failed(
    tool: ModuleType, tmp_path: Path, job: dict[str, Any], complaint: str
) -> None:
    given = settings(tool, tmp_path, **job)
    tool.record(given, "job", {"last_run_success": 1, "last_success_timestamp_seconds": 1})
    with pytest.raises(tool.BackupError, match=complaint):
        tool.run(given, "job")
    status = tool.read_status("job")
    assert (status["last_run_success"], status["last_success_timestamp_seconds"]) == (0, 1)
    assert not tool.staging("job").exists()


def test_a_failure_is_said_at_the_priority_of_errors(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tool.failed(settings(tool, tmp_path), "congvu-backup@job.service")
    assert capsys.readouterr().out.startswith(
        "<3>Backup task job FAILED on mail.example.vn; it never succeeded so far."
    )


def test_a_failure_is_written_to_the_postmaster_where_mail_can_be_sent(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool.SENDMAIL.write_text(f"#!/bin/sh\ncat >{tmp_path}/letter\n")
    tool.SENDMAIL.chmod(0o755)
    monkeypatch.setattr(tool, "execute", lambda _: "Điều gì đó hỏng")
    given = dataclasses.replace(settings(tool, tmp_path), notify="postmaster@example.vn")
    tool.failed(given, "congvu-backup-check.service")
    letter = message_from_bytes((tmp_path / "letter").read_bytes(), policy=policy.default)
    assert (letter["To"], letter["Subject"]) == ("postmaster@example.vn", "Backup task check failed on mail.example.vn")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "Điều gì đó hỏng" in letter.get_content()


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("latest", "ccc3"),
        ("aaa", "aaa1"),
        ("2026-09-02 12:01+07:00", "bbb2"),
        ("2026-09-02T11:59:00+07:00", "aaa1"),
    ],
)
def test_a_snapshot_is_chosen_by_age_id_or_moment(
    tool: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wanted: str,
    chosen: str,
) -> None:
    monkeypatch.setattr(tool, "restic", lambda *_: list(SNAPSHOTS))
    tool.choose(settings(tool, tmp_path), "job", wanted, "mail.example.vn")
    assert json.loads(capsys.readouterr().out)["id"] == chosen


@pytest.mark.parametrize("wanted", ["fff", "2026-08-31"])
def test_a_snapshot_that_does_not_exist_is_answered_with_how_to_list_them(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    monkeypatch.setattr(tool, "restic", lambda *_: list(SNAPSHOTS))
    with pytest.raises(tool.BackupError, match="congvu-backup restic snapshots --host old --tag job"):
        tool.choose(settings(tool, tmp_path), "job", wanted, "old")


def prepared(tool: ModuleType, tmp_path: Path) -> tuple[Any, Path, Path]:
    """Lay down live data, fetched data and a directory that commands will fill."""
    store, database = tmp_path / "store", tmp_path / "database"
    for directory, text in ((store, "live"), (database, "live")):
        directory.mkdir()
        (directory / "file").write_text(text)
    owner = {"owner": os.getuid(), "group": os.getgid()}
    given = settings(
        tool,
        tmp_path,
        paths=[str(store)],
        restore={"units": [], "empty": [{"path": str(database), "mode": "0700", **owner}]},
    )
    return given, store, database


def fetched(tool: ModuleType, path: Path) -> None:
    """Do what a fetch from the repository would leave beside the live data."""
    place = tool.aside(path, f".restore-{STAMP}") / path.name
    place.mkdir(parents=True)
    (place / "file").write_text("restored")


@pytest.mark.parametrize("mounted", [False, True])
def test_a_restore_keeps_what_was_there_and_can_be_taken_back(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, mounted: bool
) -> None:
    given, store, database = prepared(tool, tmp_path)
    is_mount = Path.is_mount
    monkeypatch.setattr(Path, "is_mount", lambda path: mounted if path == store else is_mount(path))
    fetched(tool, store)
    kept = store / f".before-restore-{STAMP}" if mounted else tmp_path / f"store.before-restore-{STAMP}"

    tool.swap(given, "job", STAMP)
    assert (store / "file").read_text() == "restored"
    assert list(database.iterdir()) == []
    assert (kept / "file").read_text() == "live"
    assert (tmp_path / f"database.before-restore-{STAMP}" / "file").read_text() == "live"

    tool.roll_back(given, "job", STAMP)
    assert (store / "file").read_text() == "live"
    assert (database / "file").read_text() == "live"
    assert not kept.exists()
    failed = store / f".failed-restore-{STAMP}" if mounted else tmp_path / f"store.failed-restore-{STAMP}"
    assert (failed / "file").read_text() == "restored"


def test_several_paths_of_one_parent_come_back(tool: ModuleType, tmp_path: Path) -> None:
    paths = [tmp_path / "one", tmp_path / "two"]
    given = settings(tool, tmp_path, paths=[str(path) for path in paths])
    for path in paths:
        fetched(tool, path)
    tool.swap(given, "job", STAMP)
    assert [(path / "file").read_text() for path in paths] == ["restored", "restored"]


def test_a_roll_back_before_anything_was_moved_changes_nothing(tool: ModuleType, tmp_path: Path) -> None:
    given, store, database = prepared(tool, tmp_path)
    tool.roll_back(given, "job", STAMP)
    assert (store / "file").read_text() == (database / "file").read_text() == "live"


def test_what_counts_otherwise_than_the_snapshot_is_an_error(tool: ModuleType, tmp_path: Path) -> None:
    checks = [{"name": "entries", "expected": {"argv": ["echo", "3"]}, "actual": {"argv": ["echo", "2"]}}]
    given = settings(tool, tmp_path, restore={"units": [], "checks": checks})
    with pytest.raises(tool.BackupError, match="entries: the snapshot holds 3, the restored service 2"):
        tool.verify(given, "job")


def test_a_fetch_waits_for_no_running_backup(tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "restic", lambda *_: [{"id": "aaa1", "paths": []}])
    tool.staging("job").mkdir(parents=True)
    with pytest.raises(tool.BackupError, match="A backup of job is running"):
        tool.fetch(settings(tool, tmp_path), "job", "aaa1", STAMP)


def test_a_secret_never_stands_in_restic_s_arguments(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    tool.ETC.mkdir()
    (tool.ETC / "environment").write_text("AWS_SECRET_ACCESS_KEY=s3cr3t=\n")
    (tool.ETC / "ssh_key").write_text("s3cr3t")
    monkeypatch.delenv("RESTIC_PASSWORD", raising=False)
    environment = tool.restic_environment()
    assert environment["AWS_SECRET_ACCESS_KEY"] == "s3cr3t="  # noqa: S105 - invented
    assert environment["RESTIC_PASSWORD_FILE"] == str(tool.ETC / "password")
    assert not any("s3cr3t" in argument for argument in tool.restic_argv(["snapshots"]))


def test_restic_s_complaints_are_read_out_of_its_json(tool: ModuleType) -> None:
    raw = b'{"message_type":"exit_error","code":1,"message":"Fatal: wrong"}\nplain words\n'
    assert tool.complaint(raw) == "Fatal: wrong / plain words"
