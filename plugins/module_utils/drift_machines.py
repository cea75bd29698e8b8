"""What on a machine differs from what the roles declare there, and who was at work when it came to be.

Three records are held against each other: what ``rehearsal`` says that the roles would change and declare, what
``machine_state`` found, and what the inventory declares besides (accounts, keys, ports, packages of the machine's own).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from .drift import Finding, Kind, Trace, ad_hoc, silent
from .phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

# Files that decide who comes in, who reads, and where letters go. Patterns of whole paths.
GUARDS = (
    *("/etc/nftables*", "/etc/ssh/*", "/etc/pam.d/*", "/etc/sudoers*", "/etc/fail2ban/*", "/etc/congvu/*"),
    *("/etc/postfix/*", "/etc/dovecot/*", "/etc/ldap/*", "/etc/rspamd/*", "/etc/mta-sts-daemon.yml"),
    *("/etc/unbound/*", "/etc/roundcube/*", "/etc/postgresql/*", "/etc/apt/*", "/usr/local/libexec/congvu/*"),
    *("/var/lib/dovecot/sieve/*", "/usr/local/lib/congvu/*"),
)
_WINDOW = timedelta(hours=8)  # a working day: how long somebody who signed in may have been at work
NEAR = timedelta(seconds=90)  # between a command's beginning and what it wrote


@dataclass(frozen=True, slots=True)
class Declared:
    """What the inventory says of a machine beside the roles."""

    accounts: tuple[str, ...] = ("root",)
    keys: tuple[str, ...] = ()  # fingerprints, SHA256:…
    ports: tuple[str, ...] = ()  # `25/tcp`
    units: tuple[str, ...] = ()  # patterns of files

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Declared:
        """Take it as a playbook gives it."""
        return cls(**{name: tuple(map(str, values)) for name, values in said.items()})


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine: its name, what the roles told of it, what was found there, and what is declared besides."""

    host: str
    rehearsed: Mapping[str, Any] | None
    state: Mapping[str, Any]
    declared: Declared = field(default_factory=Declared)


def judge(machine: Machine) -> list[Finding]:
    """Say all that differs on a machine; what could not be asked is among it."""
    found = list(_unasked(machine))
    if machine.rehearsed is not None:
        found += _changes(machine)
    if "packages" in machine.state and machine.rehearsed is not None:
        found += _packages(machine)
    for name, judged in (("units", _units), ("listeners", _listeners), ("accounts", _accounts), ("sudoers", _sudoers)):
        if name in machine.state:
            found += judged(machine)
    return found


def _unasked(machine: Machine) -> Iterator[Finding]:
    again = f"ansible {machine.host} -m ansible.builtin.ping"
    if machine.rehearsed is None:
        yield silent(machine.host, "configuration", "site.yml told nothing of this host", again)
    elif machine.rehearsed.get("fault"):
        yield silent(machine.host, "configuration", str(machine.rehearsed["fault"]), again)
    if "unread" not in machine.state:
        yield silent(machine.host, "machine", str(machine.state.get("msg", "")), again)
    for part, why in machine.state.get("unread", {}).items():
        yield silent(machine.host, part, str(why), again)


# --- Files and settings that the roles would change


def _changes(machine: Machine) -> Iterator[Finding]:
    files: Mapping[str, Any] = machine.state.get("files", {})
    for change in (machine.rehearsed or {})["changes"]:
        place, about = change["place"], change["about"] or change["task"]
        role = change["role"]
        tags = f" --tags {role}" if role else ""
        kind = Kind.GUARD if is_guard(place or about) else Kind.FILE if place else Kind.SETTING
        if not place and _ENTRY.search(about):
            kind = Kind.DIRECTORY_CONFIG  # a password policy, or what else the roles keep there
        known = files.get(place, {})
        facts = {"role": role or "site.yml", "task": change["task"]}
        said = Phrase("not as {role} has it ({task})", facts)
        if place and known and not known.get("there", True):
            said = Phrase("gone; {role} writes it ({task})", facts)
        at = known.get("at", "")
        yield Finding(
            kind=kind,
            host=machine.host,
            object=about,
            said=said,
            mend=f"bin/congvu site{tags} --limit {machine.host}",
            traces=traces(machine.state, at, place or about, owner=known.get("owner", "")),
        )


_ENTRY = re.compile(r"^\w+=.*,dc=", re.IGNORECASE)


def is_guard(path: str) -> bool:
    """Tell whether a file decides who comes in, who reads, or where letters go."""
    return any(fnmatchcase(path, pattern) for pattern in GUARDS)


# --- Packages


def _packages(machine: Machine) -> Iterator[Finding]:
    for package in machine.state["packages"]:
        name, version = package["name"], package["version"]
        by_hand = _installed(machine.state, package)
        if package["asked"]:
            facts = {"version": version}
            said = Phrase("installed, version {version}; no role names it or needs it", facts)
            yield Finding(
                kind=Kind.PACKAGE,
                host=machine.host,
                object=name,
                said=said,
                mend=_purged(machine.host, name),
                traces=by_hand,
            )
        if not package["known"]:
            said = Phrase("version {version} is in no repository that this machine knows", {"version": version})
            mend = ad_hoc(machine.host, "apt", name=name, state="latest", allow_downgrade="true")
            if not package["elsewhere"]:
                mend = _purged(machine.host, name)
            yield Finding(
                kind=Kind.PACKAGE_ORIGIN, host=machine.host, object=name, said=said, mend=mend, traces=by_hand
            )
        if package["held"]:
            said = Phrase("held at version {version}", {"version": version})
            mend = ad_hoc(machine.host, "command", f"apt-mark unhold {name}")
            yield Finding(kind=Kind.PACKAGE_HELD, host=machine.host, object=name, said=said, mend=mend)
    yield from _updates(machine)


def _purged(host: str, name: str) -> str:
    return ad_hoc(host, "apt", name=name, state="absent", purge="true", autoremove="true")


_NAMED = 12  # packages in one finding


def _updates(machine: Machine) -> Iterator[Finding]:
    """Tell of all updates of a sort together: one command installs them."""
    for kind, is_security, object_ in ((Kind.SECURITY_UPDATE, True, "security"), (Kind.UPDATE, False, "release")):
        waits = [one for one in machine.state["packages"] if one["update"] and one["security"] is is_security]
        if waits:
            named = ", ".join(f"{one['name']} {one['version']} → {one['update']}" for one in waits[:_NAMED])
            facts = {"count": len(waits), "named": named + (", …" if len(waits) > _NAMED else "")}
            said = Phrase("{count} packages: {named}", facts)
            names = ",".join(sorted(one["name"] for one in waits))
            mend = ad_hoc(machine.host, "apt", name=names, state="latest", only_upgrade="true")
            yield Finding(kind=kind, host=machine.host, object=object_, said=said, mend=mend)


def _installed(state: Mapping[str, Any], package: Mapping[str, Any]) -> tuple[Trace, ...]:
    if not package["at"]:
        return (Trace("", None, "apt"),)
    at, command = datetime.fromisoformat(package["at"]), package["command"]
    if package["by"]:
        return (Trace(f"{package['by']}: {command}", at, "apt"),)
    # APT names who called it by sudo. Whoever was root already, or called dpkg, the sessions may tell.
    near = traces(state, package["at"], package["name"])
    return (Trace(f"root: {command}" if command else "", at, "apt"), *(one for one in near if one.who))


# --- What runs, and what is open


def _units(machine: Machine) -> Iterator[Finding]:
    written = set((machine.rehearsed or {}).get("files", ()))
    for unit in machine.state["units"]:
        file = unit["file"]
        if machine.rehearsed is None or file in written or _matches(file, machine.declared.units):
            continue
        name = PurePosixPath(file).name
        mend = ad_hoc(machine.host, "file", path=file, state="absent")
        if file.startswith("/etc/systemd/") and PurePosixPath(file).parent.suffix != ".d":
            stop = ad_hoc(machine.host, "systemd_service", name=name, state="stopped", enabled="false")
            mend = f"{stop} && {mend}"
        yield Finding(
            kind=Kind.UNIT,
            host=machine.host,
            object=file,
            said=Phrase("neither a role nor a package wrote it"),
            mend=mend,
            traces=traces(machine.state, unit["at"], file, owner=unit["owner"]),
        )


def _listeners(machine: Machine) -> Iterator[Finding]:
    declared = set(machine.declared.ports)
    for one in machine.state["listeners"]:
        name = f"{one['port']}/{one['protocol']}"
        if name in declared:
            continue
        facts = {"program": one["program"] or "?", "unit": one["unit"] or "-"}
        mend = ad_hoc(machine.host, "command", f"kill {one['pid']}") if one["pid"] else ""
        if one["unit"].endswith(".service"):
            mend = ad_hoc(machine.host, "systemd_service", name=one["unit"], state="stopped", enabled="false")
        yield Finding(
            kind=Kind.LISTENER,
            host=machine.host,
            object=name,
            said=Phrase("{program} answers there (unit {unit}), and no door of the firewall is declared for it", facts),
            mend=mend,
            traces=traces(machine.state, one["at"], one["program"]),
        )


# --- Who can sign in


def _accounts(machine: Machine) -> Iterator[Finding]:
    declared = {*machine.declared.accounts, *(machine.rehearsed or {}).get("accounts", ())}
    people = set(machine.declared.accounts)
    for account in machine.state["accounts"]:
        name = account["name"]
        facts = {"uid": account["uid"], "shell": account["shell"]}
        if account["opens"] and name not in people:
            yield Finding(
                kind=Kind.ACCOUNT,
                host=machine.host,
                object=name,
                said=Phrase("number {uid}, shell {shell}", facts),
                mend=_removed(machine.host, name),
                traces=traces(machine.state, account["at"], name),
            )
        if account["groups"] and name not in declared:
            groups = ", ".join(account["groups"])
            yield Finding(
                kind=Kind.SUDO,
                host=machine.host,
                object=name,
                said=Phrase("member of {groups}", {"groups": groups}),
                mend=ad_hoc(machine.host, "user", name=name, groups=""),
                traces=traces(machine.state, "", name),
            )
        for key in account["keys"]:
            if key["fingerprint"] not in machine.declared.keys:
                yield _key(machine, name, key, is_known=name in people)


def _key(machine: Machine, account: str, key: Mapping[str, Any], *, is_known: bool) -> Finding:
    facts = {"account": account, "file": key["file"], "comment": key["comment"] or "-"}
    without = ad_hoc(machine.host, "ansible.posix.authorized_key", user=account, key=key["key"], state="absent")
    return Finding(
        kind=Kind.KEY,
        host=machine.host,
        object=f"{account} {key['fingerprint']}",
        said=Phrase("opens {account}, stands in {file} ({comment})", facts),
        mend=without if is_known else _removed(machine.host, account),
        traces=traces(machine.state, key["at"], key["file"]),
    )


def _removed(host: str, account: str) -> str:
    return ad_hoc(host, "user", name=account, state="absent", remove="true", force="true")


def _sudoers(machine: Machine) -> Iterator[Finding]:
    written = set((machine.rehearsed or {}).get("files", ()))
    for one in machine.state["sudoers"]:
        if one["file"] not in written and not _matches(one["file"], machine.declared.units):
            yield Finding(
                kind=Kind.SUDO,
                host=machine.host,
                object=one["file"],
                said=Phrase("neither a role nor a package wrote it"),
                mend=ad_hoc(machine.host, "file", path=one["file"], state="absent"),
                traces=traces(machine.state, one["at"], one["file"], owner=one["owner"]),
            )


def _matches(name: str, patterns: Collection[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


# --- Who it was


def traces(state: Mapping[str, Any], at: str, about: str, *, owner: str = "") -> tuple[Trace, ...]:
    """Say who did something to ``about`` at a moment, as far as the machine's sessions tell.

    A command as root that names it, and was begun right before, is sure. Otherwise whoever had signed in within the
    working day before had the chance. Where the records hold nobody, the moment alone is told.
    """
    sessions: Sequence[Mapping[str, Any]] = state.get("sessions", ())
    moment = datetime.fromisoformat(at) if at else None
    named = [one for one in sessions if about and one["command"] and _names(one["command"], about)]
    if moment:
        named = [one for one in named if abs(datetime.fromisoformat(one["at"]) - moment) <= NEAR]
    if named:
        last = named[-1]
        told = f"{last['who']} ({last['how']}): {last['command']}"
        return (Trace(told, moment or datetime.fromisoformat(last["at"]), "journal"),)
    known = f"{owner}?" if owner not in ("", "root") else ""
    if moment is None:
        return (Trace(known, None, "journal", sure=False),)
    there = [one for one in sessions if timedelta() <= moment - datetime.fromisoformat(one["at"]) <= _WINDOW]
    people = dict.fromkeys(" ".join((one["who"], f"({one['how']})", one["where"])).rstrip() for one in there)
    chances = tuple(Trace(who, moment, "journal", sure=False) for who in list(people)[-_SHOWN:])
    return chances or (Trace(known, moment, "file", sure=bool(known)),)


_SHOWN = 3  # people who had the chance


def _names(command: str, about: str) -> bool:
    """Tell whether a command speaks of something: a whole word of it, or the last part of a path."""
    words = chain((about,), (PurePosixPath(about).name,) if about.startswith("/") else ())
    return any(re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", command) for word in words)
