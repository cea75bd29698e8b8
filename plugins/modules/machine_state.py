#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Tell what there is on a machine that Git may not know."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: machine_state
short_description: Tell what there is on a machine that Git may not know
description:
  - Packages, units and timed jobs beside those of packages, open ports, accounts that can sign in, their keys and who
    may become root; with who was at work there and when, as far as sudo, SSH and APT have left a record.
  - Facts alone. What of them is in order, M(congvu.mail.drift_report) judges.
options:
  packages:
    description:
      - Names or patterns of packages that are meant to be there. They, what Debian calls required or important, and
        what these need is in order; what else somebody asked for is told.
    type: list
    elements: str
    default: []
  files:
    description: Files whose last writing is to be told.
    type: list
    elements: path
    default: []
  days:
    description: How far back the journal is read.
    type: int
    default: 30
requirements:
  - Debian's python3-apt
attributes:
  check_mode:
    support: full
    description: Reads as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Look at the machine
  congvu.mail.machine_state:
    files: [/etc/postfix/main.cf]
"""

RETURN = r"""
packages:
  description:
    - Those that somebody asked for and nothing needs, and those that are held, in no repository, or wait for an update.
  returned: success
  type: list
  elements: dict
units:
  description: Units and timed jobs that no package brought.
  returned: success
  type: list
  elements: dict
listeners:
  description: Ports open to others.
  returned: success
  type: list
  elements: dict
accounts:
  description: Accounts that can sign in, or have keys or a way to become root.
  returned: success
  type: list
  elements: dict
sudoers:
  description: Files of rights to become root that no package brought.
  returned: success
  type: list
  elements: dict
files:
  description: By name, when each was last written, and whose it is.
  returned: success
  type: dict
sessions:
  description: Who was at work there, oldest first.
  returned: success
  type: list
  elements: dict
unread:
  description: What could not be read, each with the reason.
  returned: success
  type: dict
"""

import gzip
import hashlib
import json
import pwd
import re
import subprocess
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from grp import getgrall
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SPEC: dict[str, Any] = {
    "packages": {"type": "list", "elements": "str", "default": []},
    "files": {"type": "list", "elements": "path", "default": []},
    "days": {"type": "int", "default": 30},
}
UNITS = (
    *("/etc/systemd/system", "/usr/local/lib/systemd/system", "/etc/cron.d", "/var/spool/cron/crontabs"),
    *("/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly", "/etc/cron.monthly"),
)
CLOSED = ("/nologin", "/false", "/sync", "/shutdown", "/halt")
ROOT_GROUPS = ("sudo", "wheel", "docker", "disk", "shadow")
FIRST_PERSON = 1000  # the lowest number of an account for people (Debian Policy 9.2.2)
NOBODY = 65534
MOST = 500  # sessions


def run(module: AnsibleModule) -> dict[str, Any]:
    """Read everything; what cannot be read is told, and keeps nothing else back."""
    parts: dict[str, Callable[[], Any]] = {
        "packages": lambda: packages(module.params["packages"]),
        "units": lambda: list(units()),
        "listeners": lambda: list(listeners()),
        "accounts": lambda: list(accounts()),
        "sudoers": lambda: list(sudoers()),
        "files": lambda: {file: owned(Path(file)) for file in module.params["files"]},
        "sessions": lambda: sessions(module.params["days"]),
    }
    found: dict[str, Any] = {}
    unread: dict[str, str] = {}
    for name, read in parts.items():
        try:
            found[name] = read()
        except (OSError, ImportError, ValueError, subprocess.SubprocessError) as error:
            unread[name] = f"{type(error).__name__}: {error}"
    return {**found, "unread": unread}


def ask(*command: str, fails: bool = True) -> str:
    """Return what a command says."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 -- fixed words
    if fails and done.returncode:
        raise ValueError(done.stderr.strip() or f"{command[0]} ends with {done.returncode}")
    return done.stdout


# --- Packages


def packages(meant: list[str]) -> list[dict[str, Any]]:
    """Tell of each package that is worth a look."""
    # Debian's own, on the machine; nowhere else.
    apt, apt_pkg = import_module("apt"), import_module("apt_pkg")
    here, asked = [package for package in apt.Cache() if package.is_installed], installs()
    in_order = needed(here, meant)
    found = []
    for package in here:
        version, candidate, waits = package.installed, package.candidate, package.is_upgradable
        is_held = package._pkg.selected_state == apt_pkg.SELSTATE_HOLD  # noqa: SLF001 -- python-apt has no other word
        known = any(origin.archive != "now" for origin in version.origins)
        is_asked = not package.is_auto_installed and package.shortname not in in_order
        if is_asked or is_held or waits or not known:
            found.append(
                {
                    "name": package.shortname,
                    "version": version.version,
                    "asked": is_asked,
                    "held": is_held,
                    "known": known,
                    "elsewhere": known
                    or any(origin.archive != "now" for one in package.versions for origin in one.origins),
                    "update": candidate.version if waits else "",
                    "security": waits and any("security" in origin.label.lower() for origin in candidate.origins),
                    **asked.get(package.shortname, {"at": "", "by": "", "command": ""}),
                }
            )
    return sorted(found, key=lambda one: str(one["name"]))


def needed(here: list[Any], meant: list[str]) -> set[str]:
    """Return what is meant to be there, what any Debian has, and what these depend on or recommend."""
    names = {name.partition("=")[0] for name in meant}
    patterns = [name for name in names if "*" in name]
    found: set[str] = set()
    rest = [
        package.installed
        for package in here
        if package.essential
        or package.installed.priority in ("required", "important")
        or package.shortname in names
        or any(fnmatchcase(package.shortname, pattern) for pattern in patterns)
    ]
    while rest:
        version = rest.pop()
        name = version.package.shortname
        if name in found:
            continue
        found.add(name)
        for choice in version.get_dependencies("PreDepends", "Depends", "Recommends"):
            rest += choice.installed_target_versions
    return found


def installs() -> dict[str, dict[str, str]]:
    """Return by package when it was last installed, and who asked APT for it and how (dpkg's log, apt's history)."""
    found: dict[str, dict[str, str]] = {}
    for line in lines_of(Path("/var/log"), "dpkg.log*"):
        if told := _INSTALLED.match(line):
            found[told["name"]] = {"at": local(told["at"]), "by": "", "command": ""}
    for paragraph in "\n".join(lines_of(Path("/var/log/apt"), "history.log*")).split("\n\n"):
        said = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line)
        if "Start-Date" not in said:
            continue
        begun, over = (local(" ".join(said.get(key, said["Start-Date"]).split())) for key in ("Start-Date", "End-Date"))
        who = {"by": said.get("Requested-By", "").partition(" ")[0], "command": said.get("Commandline", "")}
        for key in ("Install", "Upgrade", "Downgrade", "Reinstall"):
            for name in re.findall(r"([a-z0-9][a-z0-9.+-]+)(?::\w+)? \(", said.get(key, "")):
                # What dpkg did later it was not asked for by this.
                if name not in found or found[name]["at"] <= over:
                    found[name] = {"at": begun, **who}
    return found


_INSTALLED = re.compile(r"(?P<at>\S+ \S+) (?:install|upgrade) (?P<name>[^:\s]+)")


def lines_of(folder: Path, pattern: str) -> Iterator[str]:
    """Yield the lines of logs that are rotated, the oldest first."""
    for path in sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime):
        content = path.read_bytes()
        yield from (gzip.decompress(content) if path.suffix == ".gz" else content).decode(errors="replace").split("\n")


def local(text: str) -> str:
    """Read a moment on the machine's own clock."""
    return moment(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").astimezone(UTC))


# --- What runs


def units() -> Iterator[dict[str, Any]]:
    """Tell of units and timed jobs, additions to packages' own units among them."""
    files = sorted(
        path for folder in UNITS for path in Path(folder).glob("**/*") if path.is_file() and not path.is_symlink()
    )
    packaged = of_packages(files)
    yield from (owned(path) for path in files if str(path) not in packaged and not path.name.startswith("."))


def of_packages(files: Iterable[Path]) -> set[str]:
    """Return those that a package brought."""
    names = [str(path) for path in files]
    said = ask("dpkg-query", "--search", *names, fails=False) if names else ""
    return {line.rpartition(": ")[2] for line in said.splitlines()}


_PROGRAM = re.compile(r'\("(?P<name>[^"]+)",pid=(?P<pid>\d+)')


def listeners() -> Iterator[dict[str, Any]]:
    """Tell of sockets that others reach, each port once."""
    seen = set()
    for line in ask("ss", "--no-header", "--listening", "--numeric", "--tcp", "--udp", "--processes").splitlines():
        words = line.split(None, 6)
        address, _, port = words[4].rpartition(":")
        address = address.strip("[]").partition("%")[0]
        if address.startswith("127.") or address == "::1" or not port.isdigit() or (words[0], port) in seen:
            continue
        seen.add((words[0], port))
        program = _PROGRAM.search(words[6]) if len(words) > 6 else None  # noqa: PLR2004 -- the last column
        told = {"protocol": words[0], "port": int(port), "program": program["name"] if program else ""}
        yield {**told, **(process(program["pid"]) if program else {"unit": "", "at": "", "pid": 0})}


def process(pid: str) -> dict[str, Any]:
    """Return of which unit a process is, and since when it runs."""
    folder = Path("/proc", pid)
    try:
        group = (folder / "cgroup").read_text(encoding="utf-8")
        began = folder.stat().st_mtime
    except OSError:
        return {"unit": "", "at": "", "pid": 0}
    unit = next((part for part in reversed(re.split(r"[/\n]", group)) if part.endswith((".service", ".scope"))), "")
    return {"unit": unit, "at": moment(datetime.fromtimestamp(began, UTC)), "pid": int(pid)}


# --- Who can sign in


def accounts() -> Iterator[dict[str, Any]]:
    """Tell of accounts that open a shell, or have a key or a way to become root."""
    groups: dict[str, list[str]] = {}
    for group in getgrall():
        for member in group.gr_mem:
            groups.setdefault(member, []).append(group.gr_name)
    for account in pwd.getpwall():
        opens = not account.pw_shell.endswith(CLOSED) and (account.pw_uid >= FIRST_PERSON or account.pw_uid == 0)
        ways = sorted(set(groups.get(account.pw_name, ())).intersection(ROOT_GROUPS))
        own = list(keys(Path(account.pw_dir, ".ssh")))
        if (opens and account.pw_uid != NOBODY) or own or ways:
            home = owned(Path(account.pw_dir))
            told = {"name": account.pw_name, "uid": account.pw_uid, "shell": account.pw_shell, "groups": ways}
            yield {**told, "keys": own, "at": home["at"], "opens": opens}


_KEY = re.compile(r"(?:^|\s)(?P<sort>(?:ssh-|ecdsa-|sk-)\S+) (?P<key>AAAA[A-Za-z0-9+/=]+)(?: (?P<comment>.*))?")


def keys(folder: Path) -> Iterator[dict[str, str]]:
    """Tell of the keys that open an account, by their fingerprints."""
    for name in ("authorized_keys", "authorized_keys2"):
        path = folder / name
        if not path.is_file():
            continue
        at = owned(path)["at"]
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            found = _KEY.search(line)
            if found and not line.startswith("#"):
                digest = hashlib.sha256(b64decode(found["key"])).digest()
                fingerprint = f"SHA256:{b64encode(digest).decode().rstrip('=')}"
                told = {"fingerprint": fingerprint, "key": f"{found['sort']} {found['key']}"}
                yield {"file": str(path), **told, "comment": found["comment"] or "", "at": at}


def sudoers() -> Iterator[dict[str, Any]]:
    """Tell of files of rights to become root."""
    files = [path for path in Path("/etc/sudoers.d").glob("*") if path.is_file()]
    packaged = of_packages(files)
    yield from (owned(path) for path in sorted(files) if str(path) not in packaged)


# --- Who was at work


def owned(path: Path) -> dict[str, Any]:
    """Tell of a file whose it is, and when it was last written."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return {"file": str(path), "owner": "", "at": "", "there": False}
    try:
        owner = pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        owner = str(found.st_uid)
    # What was written, or made another's, last: the later of the two.
    at = moment(datetime.fromtimestamp(max(found.st_mtime, found.st_ctime), UTC))
    return {"file": str(path), "owner": owner, "at": at, "there": True}


def moment(at: datetime) -> str:
    """Write a moment down."""
    return at.isoformat(timespec="seconds")


_SUDO = re.compile(r"\s*(?P<who>[^\s:]+) : .*?USER=(?P<as>\S+) ; .*?COMMAND=(?P<command>.*)", re.DOTALL)
_SSH = re.compile(r"Accepted (?P<how>\S+) for (?P<who>\S+) from (?P<where>\S+) port \d+ .*?(?P<key>SHA256:\S+)?$")
_SU = re.compile(r"\(to (?P<as>\S+)\) (?P<who>\S+) on (?P<where>\S+)")


def sessions(days: int) -> list[dict[str, str]]:
    """Tell of sign-ins and of commands as root, as sudo, su and SSH log them."""
    words = [f"SYSLOG_IDENTIFIER={name}" for name in ("sudo", "sshd", "sshd-session", "su")]
    fields = "--output-fields=MESSAGE,SYSLOG_IDENTIFIER"
    said = ask("journalctl", "--quiet", "--no-pager", "--output=json", fields, f"--since=-{days}d", *words)
    found = [one for line in said.splitlines() if (one := session(json.loads(line)))]
    return found[-MOST:]


def session(record: dict[str, Any]) -> dict[str, str] | None:
    """Read a line of the journal; None if it tells of nobody's work."""
    message = record.get("MESSAGE")
    at = moment(datetime.fromtimestamp(int(record["__REALTIME_TIMESTAMP"]) / 1_000_000, UTC))
    if not isinstance(message, str):
        return None
    if found := _SUDO.fullmatch(message):
        return {"at": at, "who": found["who"], "how": "sudo", "where": "", "command": found["command"]}
    if found := _SSH.match(message):
        how = f"ssh {found['how']} {found['key'] or ''}".rstrip()
        return {"at": at, "who": found["who"], "how": how, "where": found["where"], "command": ""}
    if found := _SU.match(message):
        return {"at": at, "who": found["who"], "how": "su", "where": found["where"], "command": f"su {found['as']}"}
    return None


def main() -> None:
    """Read, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    module.exit_json(changed=False, **run(module))


if __name__ == "__main__":
    main()
