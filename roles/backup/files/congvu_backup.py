#!/usr/bin/python3
"""Back up, look after and bring back the jobs that /etc/congvu/backup/config.json lists.

It knows no service: what a job prepares, copies and does after a restore is data.
Repository, password and key reach restic as files or by its environment, never in its arguments.
"""

import argparse
import contextlib
import dataclasses
import datetime as dt
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any, BinaryIO

ETC = Path("/etc/congvu/backup")
STATE = Path("/var/lib/congvu-backup")
CACHE = Path("/var/cache/congvu-backup")
SENDMAIL = Path("/usr/sbin/sendmail")
# How long to wait for another host's lock on a shared repository.
LOCK_PATIENCE = "2h"
# systemd reads a line's priority from such a prefix (sd-daemon(3)).
ERROR, NOTICE = "<3>", "<5>"
FIGURES = (
    ("last_success_timestamp_seconds", "When the task last succeeded, in seconds since the epoch."),
    ("last_run_timestamp_seconds", "When the task last ended, in seconds since the epoch."),
    ("last_run_success", "Whether the last run succeeded: 1 or 0."),
    ("last_run_duration_seconds", "How long the last run took."),
    ("snapshot_files", "Files in the newest snapshot."),
    ("snapshot_bytes", "Bytes in the newest snapshot, before deduplication and compression."),
    ("added_bytes", "Bytes that the last run added to the repository."),
)

Json = dict[str, Any]


class BackupError(Exception):
    """A sentence for the administrator: what failed, and how to mend it."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """The configuration, read once."""

    host: str
    jobs: dict[str, Json]
    maintenance: bool
    keep: dict[str, int]
    check_subset: str
    notify: str
    metrics: Path

    @classmethod
    def load(cls) -> "Settings":
        """Read what Ansible wrote."""
        raw = json.loads((ETC / "config.json").read_text())
        return cls(
            host=raw["host"],
            jobs={job["name"]: job for job in raw["jobs"]},
            maintenance=raw["maintenance"],
            keep=raw["keep"],
            check_subset=raw["check_subset"],
            notify=raw["notify"],
            metrics=Path(raw["metrics_dir"]),
        )

    def job(self, name: str) -> Json:
        """Look a job up by its name."""
        if name not in self.jobs:
            message = f"{self.host} has no job {name!r}; it has {', '.join(sorted(self.jobs)) or 'none'}."
            raise BackupError(message)
        return self.jobs[name]


def say(text: str) -> None:
    """Tell the administrator, or the journal."""
    sys.stdout.write(f"{text}\n")


def staging(job: str) -> Path:
    """Where a job's dumps lie while restic reads them; the path is the same in every snapshot."""
    return STATE / "staging" / job


def fetched_staging(job: str) -> Path:
    """Where a restore lays down the dumps of a snapshot."""
    return STATE / "restore" / job


# --- Commands of a job ------------------------------------------------------------------------------------------------


def execute(command: Json, target: BinaryIO | None = None, source: Path | None = None) -> str:
    """Run one command of a job as the user it names and return its output, or write that to `target`."""
    user = group = groups = None
    if "user" in command:
        try:
            entry = pwd.getpwnam(command["user"])
        except KeyError:
            message = f"{' '.join(command['argv'])} is to run as {command['user']}, whom this host does not know."
            raise BackupError(message) from None
        user, group, groups = entry.pw_uid, entry.pw_gid, os.getgrouplist(entry.pw_name, entry.pw_gid)
    with contextlib.ExitStack() as stack:
        stdin = stack.enter_context(source.open("rb")) if source else subprocess.DEVNULL
        done = subprocess.run(  # noqa: S603 - the arguments come from root's own configuration
            command["argv"],
            stdin=stdin,
            stdout=target or subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            check=False,
            user=user,
            group=group,
            extra_groups=groups,
        )
    if done.returncode:
        message = f"{' '.join(command['argv'])} ended with {done.returncode}: {tail(done.stderr)}"
        raise BackupError(message)
    return (done.stdout or b"").decode(errors="replace").strip()


def tail(raw: bytes, lines: int = 5) -> str:
    """Take the end of what a program said."""
    return " / ".join(raw.decode(errors="replace").strip().splitlines()[-lines:]) or "it said nothing"


def source_of(command: Json, job: str) -> Path | None:
    """Find the dump that a command of a restore reads on its standard input."""
    return fetched_staging(job) / command["input"] if "input" in command else None


# --- restic -----------------------------------------------------------------------------------------------------------


def restic_environment() -> dict[str, str]:
    """Tell restic where repository, password and cache are, and pass on what the repository's server asks for."""
    extra = (line.partition("=") for line in (ETC / "environment").read_text().splitlines() if "=" in line)
    return {
        "PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
        "HOME": str(STATE),
        "RESTIC_REPOSITORY_FILE": str(ETC / "repository"),
        "RESTIC_PASSWORD_FILE": str(ETC / "password"),
        "RESTIC_CACHE_DIR": str(CACHE),
        **{name: value for name, _, value in extra if not name.startswith("#")},
    }


def restic_argv(arguments: Sequence[str]) -> list[str]:
    """Complete a restic command line; over SFTP only the key and host keys that Ansible laid down count."""
    key = ETC / "ssh_key"
    ssh = f"-i {key} -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile={ETC / 'ssh_known_hosts'}"
    return ["restic", *(["-o", f"sftp.args={ssh}"] if key.exists() else []), *arguments]


def restic(*arguments: str) -> list[Json]:
    """Run restic and return the JSON messages it wrote, or raise with what it complained about."""
    done = subprocess.run(  # noqa: S603 - the arguments come from root's own configuration
        restic_argv(["--json", "--retry-lock", LOCK_PATIENCE, *arguments]),
        env=restic_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        message = f"restic {arguments[0]} ended with {done.returncode}: {complaint(done.stderr)}"
        raise BackupError(message)
    return list(messages(done.stdout.decode(errors="replace")))


def complaint(raw: bytes) -> str:
    """Take the sentences out of what restic complains with: JSON in part, plain in part."""
    words = []
    for line in raw.decode(errors="replace").splitlines():
        answer: Json = json.loads(line) if line.startswith("{") else {"message": line}
        words.append(answer.get("message") or f"{answer.get('item')}: {answer.get('error', {}).get('message')}")
    return tail("\n".join(words).encode())


def messages(text: str) -> Iterator[Json]:
    """Read restic's JSON: one message a line, or one list of them."""
    for line in text.splitlines():
        if line.startswith("{"):
            yield json.loads(line)
        elif line.startswith("["):
            yield from json.loads(line)


def summary(answers: Sequence[Json]) -> Json:
    """Pick the message in which restic sums up."""
    return next((answer for answer in answers if answer.get("message_type") == "summary"), {})


# --- What monitoring reads --------------------------------------------------------------------------------------------


def record(settings: Settings, task: str, figures: Json) -> None:
    """Keep a task's figures: as a status file, and as metrics for node_exporter's textfile collector."""
    status = {**read_status(task), **figures}
    write(STATE / "status" / f"{task}.json", json.dumps(status, indent=1, sort_keys=True), 0o600)
    lines = []
    for name, explanation in FIGURES:
        if name in status:
            metric = f"congvu_backup_{name}"
            lines += [f"# HELP {metric} {explanation}", f"# TYPE {metric} gauge"]
            lines.append(f'{metric}{{task="{task}",host="{settings.host}"}} {status[name]}')
    write(settings.metrics / f"congvu_backup_{task}.prom", "\n".join(lines) + "\n", 0o644)


def read_status(task: str) -> Json:
    """Read what is known of a task; of one that never ran, nothing."""
    path = STATE / "status" / f"{task}.json"
    status: Json = json.loads(path.read_text()) if path.exists() else {}
    return status


def write(path: Path, text: str, mode: int) -> None:
    """Replace a file in one step: a reader sees the old one or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text)
    draft.chmod(mode)
    draft.replace(path)


@contextlib.contextmanager
def accounted(settings: Settings, task: str) -> Iterator[Json]:
    """Record how a task ended, whatever way it ends."""
    begin = time.time()
    figures: Json = {"last_run_success": 0}
    try:
        yield figures
        figures |= {"last_run_success": 1, "last_success_timestamp_seconds": int(time.time())}
    finally:
        now = time.time()
        figures |= {"last_run_timestamp_seconds": int(now), "last_run_duration_seconds": round(now - begin, 1)}
        record(settings, task, figures)


# --- Verbs of the timers ----------------------------------------------------------------------------------------------


def run(settings: Settings, name: str) -> None:
    """Prepare a job's dumps, then take a snapshot of them and of its paths."""
    job = settings.job(name)
    with accounted(settings, name) as figures, dumped(job) as dumps:
        paths = [*job["paths"], *dumps]
        missing = [path for path in paths if not Path(path).exists()]
        if missing:
            # restic itself would skip them and call it a success.
            message = f"{', '.join(missing)}: not there. Mend the service that lives there, or the job's paths."
            raise BackupError(message)
        tags = ["--tag", ",".join([name, *job.get("tags", [])])]
        excludes = [part for pattern in job.get("exclude", []) for part in ("--exclude", pattern)]
        answers = restic("backup", "--host", settings.host, "--group-by", "host,tags", *tags, *excludes, "--", *paths)
        total = summary(answers)
        figures |= {
            "snapshot": total["snapshot_id"][:8],
            "snapshot_files": total["total_files_processed"],
            "snapshot_bytes": total["total_bytes_processed"],
            "added_bytes": total["data_added_packed"],
        }
    say(
        f"{name}: snapshot {figures['snapshot']} with {figures['snapshot_files']} files, "
        f"{figures['snapshot_bytes']} bytes, {figures['added_bytes']} of them new"
    )


@contextlib.contextmanager
def dumped(job: Json) -> Iterator[list[str]]:
    """Run a job's preparations; their output is readable by root alone and gone when the snapshot is taken."""
    place = staging(job["name"])
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    try:
        for command in job.get("prepare", []):
            if "output" in command:
                with (place / command["output"]).open("wb") as output:
                    execute(command, target=output)
            else:
                execute(command)
        yield [str(place)] if any(place.iterdir()) else []
    finally:
        shutil.rmtree(place)


def forget(settings: Settings) -> None:
    """Drop the snapshots that the retention no longer asks for, and the data that none needs."""
    with accounted(settings, "retention"):
        restic("unlock")
        keep = [f"--keep-{span}={count}" for span, count in settings.keep.items()]
        groups = restic("forget", "--group-by", "host,tags", *keep, "--prune")
    kept = sum(len(group.get("keep") or []) for group in groups)
    dropped = sum(len(group.get("remove") or []) for group in groups)
    say(f"retention: {kept} snapshots kept, {dropped} dropped")


def check(settings: Settings) -> None:
    """Check the repository's structure, and read back a part of the data itself."""
    with accounted(settings, "check"):
        restic("check", f"--read-data-subset={settings.check_subset}")
    say(f"check: the repository is sound; {settings.check_subset} of its data was read back")


def failed(settings: Settings, unit: str) -> None:
    """Say clearly in the journal that a unit failed, and tell the postmaster where this host can send mail."""
    task = re.sub(r"^congvu-backup[-@]|\.service$", "", unit)
    success = read_status(task).get("last_success_timestamp_seconds")
    last = f"last succeeded {local(success)}" if success else "never succeeded so far"
    say(
        f"{ERROR}Backup task {task} FAILED on {settings.host}; it {last}. "
        f"Why: journalctl -u {unit}. Once mended: systemctl start {unit}"
    )
    if not (settings.notify and SENDMAIL.exists()):
        return
    log = execute({"argv": ["journalctl", "--unit", unit, "--lines", "12", "--no-pager", "--output", "short-iso"]})
    letter = EmailMessage()
    letter["From"] = f"Backup of {settings.host} <root@{socket.getfqdn()}>"
    letter["To"] = settings.notify
    letter["Subject"] = f"Backup task {task} failed on {settings.host}"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(
        f"It {last}. Once mended, repeat it:\n\n  systemctl start {unit}\n\nIts journal:\n\n{log}\n", cte="8bit"
    )
    subprocess.run(  # noqa: S603 - no part of it comes from outside
        [SENDMAIL, "-i", "-t", "-f", ""], input=letter.as_bytes(), check=True
    )


def local(timestamp: float) -> str:
    """Show a moment in the host's own time zone."""
    return dt.datetime.fromtimestamp(timestamp).astimezone().isoformat(sep=" ", timespec="seconds")


def status(settings: Settings) -> None:
    """List every task with its last success."""
    for task in [*settings.jobs, *(["retention", "check"] if settings.maintenance else [])]:
        known = read_status(task)
        success = known.get("last_success_timestamp_seconds")
        verdict = {1: "ok", 0: "FAILED"}.get(known.get("last_run_success", -1), "not run yet")
        detail = f"snapshot {known['snapshot']}, {known['snapshot_files']} files" if "snapshot" in known else ""
        say(f"{task:16} {verdict:12} {local(success) if success else '-':26} {detail}".rstrip())


# --- Verbs of a restore, in their order -------------------------------------------------------------------------------


def choose(settings: Settings, name: str, wanted: str, host: str) -> None:
    """Name the snapshot that `wanted` means: `latest`, an id, or the newest one not after a date and time."""
    settings.job(name)
    found = restic("snapshots", "--host", host, "--tag", name)
    found.sort(key=moment)
    if re.fullmatch(r"\d{4}-\d\d-\d\d.*", wanted):
        limit = dt.datetime.fromisoformat(wanted).astimezone()
        matching = [snapshot for snapshot in found if moment(snapshot) <= limit]
    else:
        matching = [snapshot for snapshot in found if wanted == "latest" or snapshot["id"].startswith(wanted)]
    if not matching:
        message = (
            f"{host} has no snapshot {wanted!r} of the job {name}. "
            f"List what there is: congvu-backup restic snapshots --host {host} --tag {name}"
        )
        raise BackupError(message)
    say(json.dumps({"id": matching[-1]["id"], "time": local(moment(matching[-1]).timestamp())}))


def moment(snapshot: Json) -> dt.datetime:
    """Read a snapshot's time; restic writes nanoseconds, Python knows microseconds."""
    return dt.datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", snapshot["time"]))


def fetch(settings: Settings, name: str, snapshot: str, stamp: str) -> None:
    """Lay a snapshot down beside the live data, verified; nothing that runs is touched."""
    job = settings.job(name)
    dumps = fetched_staging(name)
    shutil.rmtree(dumps, ignore_errors=True)
    (content,) = [found for found in restic("snapshots", snapshot) if found["id"].startswith(snapshot)]
    wanted = {Path(path): aside(Path(path), f".restore-{stamp}") for path in job["paths"]}
    if str(staging(name)) in content["paths"]:
        wanted[staging(name)] = dumps.parent
    missing = [str(path) for path in wanted if str(path) not in content["paths"]]
    if missing:
        message = f"Snapshot {snapshot[:8]} of {name} does not hold {', '.join(missing)}. Choose another one."
        raise BackupError(message)
    if staging(name).exists():
        message = f"A backup of {name} is running: wait for congvu-backup@{name}.service, then try again."
        raise BackupError(message)
    files = 0
    try:
        for path, place in wanted.items():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            arguments = ("--target", str(place), "--include", f"/{path.name}", "--verify")
            files += summary(restic("restore", f"{snapshot}:{path.parent}", *arguments))["files_restored"]
    except BackupError:
        for path in job["paths"]:
            shutil.rmtree(wanted[Path(path)], ignore_errors=True)
        raise
    say(f"{files} files and directories fetched and verified")


def aside(path: Path, suffix: str) -> Path:
    """Find a place on the file system of `path` itself, so that a move there is a rename."""
    return (path if path.is_mount() else path.parent) / suffix


def swap(settings: Settings, name: str, stamp: str) -> None:
    """Move the live data aside, put what was fetched in its place, and make the directories that commands will fill."""
    job = settings.job(name)
    places = {path: aside(path, f".restore-{stamp}") for path in map(Path, job["paths"])}
    for path, place in places.items():
        move_aside(path, f"before-restore-{stamp}")
        move_in(place / path.name, path)
    for place in set(places.values()):
        shutil.rmtree(place)
    for directory in job["restore"].get("empty", []):
        path = Path(directory["path"])
        move_aside(path, f"before-restore-{stamp}")
        path.mkdir(exist_ok=True)
        path.chmod(int(directory["mode"], 8))
        shutil.chown(path, directory["owner"], directory["group"])


def kept_as(path: Path, suffix: str) -> Path:
    """Name the place for what was at `path`: `<path>.<suffix>`, or within it where a mount point cannot move."""
    return path / f".{suffix}" if path.is_mount() else path.with_name(f"{path.name}.{suffix}")


def move_aside(path: Path, suffix: str) -> None:
    """Keep what is there: nothing is ever deleted for a restore."""
    kept = kept_as(path, suffix)
    if path.is_mount():
        kept.mkdir()
        copy_owner(path, kept)
        for child in path.iterdir():
            if not child.name.startswith((".before-restore-", ".failed-restore-", ".restore-", "lost+found")):
                child.rename(kept / child.name)
    elif path.exists():
        path.rename(kept)
    else:
        return
    say(f"{path} is kept as {kept}")


def move_in(source: Path, path: Path) -> None:
    """Put `source` where `path` was."""
    if path.is_mount():
        for child in source.iterdir():
            child.rename(path / child.name)
        copy_owner(source, path)
        source.rmdir()
    else:
        source.rename(path)


def copy_owner(source: Path, target: Path) -> None:
    """Give `target` the owner and the mode of `source`."""
    known = source.stat()
    os.chown(target, known.st_uid, known.st_gid)
    target.chmod(known.st_mode & 0o7777)


def load(settings: Settings, name: str) -> None:
    """Run the commands that turn fetched dumps into live data."""
    for command in settings.job(name)["restore"].get("commands", []):
        execute(command, source=source_of(command, name))


def verify(settings: Settings, name: str) -> None:
    """Hold what is live against what the snapshot holds."""
    for comparison in settings.job(name)["restore"].get("checks", []):
        expected, actual = (
            execute(comparison[side], source=source_of(comparison[side], name)) for side in ("expected", "actual")
        )
        if expected != actual:
            message = f"{comparison['name']}: the snapshot holds {expected}, the restored service {actual}."
            raise BackupError(message)
        say(f"{comparison['name']}: {actual}")


def tidy(settings: Settings, name: str) -> None:
    """Remove the fetched dumps: they hold password hashes."""
    settings.job(name)
    shutil.rmtree(fetched_staging(name), ignore_errors=True)


def roll_back(settings: Settings, name: str, stamp: str) -> None:
    """Put the data from before a failed restore back in its place; what the restore had laid down is kept, too."""
    job = settings.job(name)
    tidy(settings, name)
    made = [directory["path"] for directory in job["restore"].get("empty", [])]
    for path in map(Path, [*job["paths"], *made]):
        kept = kept_as(path, f"before-restore-{stamp}")
        if kept.exists():
            move_aside(path, f"failed-restore-{stamp}")
            move_in(kept, path)
        shutil.rmtree(aside(path, f".restore-{stamp}"), ignore_errors=True)


# --- The command line -------------------------------------------------------------------------------------------------


def pass_on(arguments: Sequence[str]) -> None:
    """Become restic, with repository and password at hand."""
    os.execvpe("restic", restic_argv(arguments), restic_environment())  # noqa: S606, S607 - a shell would be worse


def parser() -> argparse.ArgumentParser:
    """Describe the verbs."""
    top = argparse.ArgumentParser(prog="congvu-backup", description=(__doc__ or "").partition("\n")[0])
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, function, arguments in (
        ("status", status, ()),
        ("run", run, ("job",)),
        ("forget", forget, ()),
        ("check", check, ()),
        ("failed", failed, ("unit",)),
        ("choose", choose, ("job", "wanted", "host")),
        ("fetch", fetch, ("job", "snapshot", "stamp")),
        ("swap", swap, ("job", "stamp")),
        ("load", load, ("job",)),
        ("verify", verify, ("job",)),
        ("tidy", tidy, ("job",)),
        ("roll-back", roll_back, ("job", "stamp")),
    ):
        sub = verbs.add_parser(verb, help=(function.__doc__ or "").partition("\n")[0])
        for argument in arguments:
            sub.add_argument(argument)
        sub.set_defaults(function=function, arguments=arguments)
    verbs.add_parser("restic", help="Run restic itself on the repository: congvu-backup restic snapshots")
    return top


def main() -> int:
    """Run one verb."""
    os.umask(0o077)
    if sys.argv[1:2] == ["restic"]:
        pass_on(sys.argv[2:])
    options = parser().parse_args()
    try:
        options.function(Settings.load(), *(getattr(options, argument) for argument in options.arguments))
    except (BackupError, OSError) as error:
        sys.stderr.write(f"{ERROR if 'INVOCATION_ID' in os.environ else ''}{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
