"""What differs on a machine, how it is mended, and who was at work there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.drift import Finding, Kind, Trace
from ansible_collections.congvu.mail.plugins.module_utils.drift_machines import Declared, Machine, judge, traces

HOST = "mail.thuathienhue.gov.vn"
NINE, TEN = "2026-11-22T09:00:00+00:00", "2026-11-22T10:00:00+00:00"
NOTHING: dict[str, Any] = {
    **{name: [] for name in ("packages", "units", "listeners", "accounts", "sudoers", "sessions")},
    "files": {},
    "unread": {},
}
DECLARED = {
    "changes": [],
    "packages": ["postfix", "slapd"],
    "files": ["/etc/postfix/main.cf", "/etc/systemd/system/congvu-list-policy.service"],
    "units": ["postfix.service"],
    "accounts": ["congvu-warden"],
    "fault": "",
}
QUIET = Machine(HOST, DECLARED, NOTHING, Declared(ports=("25/tcp",)))


def package(name: str, **said: object) -> dict[str, Any]:
    calm = {
        "version": "1",
        "asked": False,
        "held": False,
        "known": True,
        "elsewhere": True,
        "update": "",
        "security": False,
    }
    return {"name": name, **calm, "at": "", "by": "", "command": "", **said}


def account(name: str, **said: object) -> dict[str, Any]:
    return {"name": name, "uid": 1000, "shell": "/bin/bash", "groups": [], "keys": [], "at": TEN, "opens": True, **said}


def change(place: str, role: str = "postfix") -> dict[str, Any]:
    return {"role": role, "task": "Configure | Write it", "place": place, "about": place}


KEY = {
    "file": "/root/.ssh/authorized_keys",
    "fingerprint": "SHA256:abc",
    "key": "ssh-ed25519 AAAA",
    "comment": "lan",
    "at": TEN,
}
PORT = {"protocol": "tcp", "port": 8025, "program": "python3", "unit": "thu.service", "at": TEN, "pid": 12}


@pytest.mark.parametrize(
    ("part", "found", "kind", "object_", "mend"),
    [
        ("packages", package("htop", asked=True), Kind.PACKAGE, "htop", "ansible.builtin.apt"),
        ("packages", package("slapd", known=False), Kind.PACKAGE_ORIGIN, "slapd", "allow_downgrade=true"),
        ("packages", package("la", known=False, elsewhere=False), Kind.PACKAGE_ORIGIN, "la", "purge=true"),
        ("packages", package("slapd", held=True), Kind.PACKAGE_HELD, "slapd", "apt-mark unhold slapd"),
        ("packages", package("slapd", update="2"), Kind.UPDATE, "release", "name=slapd state=latest"),
        (
            "packages",
            package("slapd", update="2", security=True),
            Kind.SECURITY_UPDATE,
            "security",
            "only_upgrade=true",
        ),
        (
            "units",
            {"file": "/etc/cron.d/thu", "owner": "root", "at": TEN},
            Kind.UNIT,
            "/etc/cron.d/thu",
            "state=absent",
        ),
        ("listeners", PORT, Kind.LISTENER, "8025/tcp", "name=thu.service state=stopped"),
        ("listeners", {**PORT, "unit": ""}, Kind.LISTENER, "8025/tcp", "kill 12"),
        ("accounts", account("lan"), Kind.ACCOUNT, "lan", "name=lan state=absent"),
        ("accounts", account("www-data", opens=False, groups=["sudo"]), Kind.SUDO, "www-data", "groups="),
        ("accounts", account("root", uid=0, keys=[KEY]), Kind.KEY, "root SHA256:abc", "ssh-ed25519 AAAA"),
        (
            "sudoers",
            {"file": "/etc/sudoers.d/lan", "owner": "root", "at": TEN},
            Kind.SUDO,
            "/etc/sudoers.d/lan",
            "absent",
        ),
    ],
)
def test_what_is_there_and_not_declared_is_found_with_what_mends_it(
    part: str, found: dict[str, Any], kind: Kind, object_: str, mend: str
) -> None:
    (finding,) = judge(replace(QUIET, state={**NOTHING, part: [found]}))
    assert (finding.kind, finding.host, finding.object) == (kind, HOST, object_)
    assert mend in finding.mend
    assert HOST in finding.mend


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("packages", package("slapd")),
        ("units", {"file": "/etc/systemd/system/congvu-list-policy.service", "owner": "root", "at": TEN}),
        ("listeners", {**PORT, "port": 25}),
        ("accounts", account("root", uid=0)),
        ("accounts", account("congvu-warden", opens=False, groups=["adm"])),
    ],
)
def test_what_is_declared_is_no_finding(part: str, found: dict[str, Any]) -> None:
    assert judge(replace(QUIET, state={**NOTHING, part: [found]})) == []


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/etc/postfix/main.cf", Kind.GUARD),
        ("/etc/nftables.conf", Kind.GUARD),
        ("/etc/apt/apt.conf.d/60congvu", Kind.GUARD),
        ("/etc/systemd/journald.conf.d/congvu.conf", Kind.FILE),
        ("", Kind.SETTING),
    ],
)
def test_what_a_role_would_write_anew_is_as_grave_as_what_it_decides(place: str, kind: Kind) -> None:
    changes = [{**change(place), "about": place or "postfix.service"}]
    (finding,) = judge(replace(QUIET, rehearsed={**DECLARED, "changes": changes}))
    assert (finding.kind, finding.object) == (kind, place or "postfix.service")
    assert finding.mend == f"bin/congvu site --tags postfix --limit {HOST}"


def silent(findings: list[Finding]) -> set[str]:
    assert {finding.kind for finding in findings} <= {Kind.SILENT}
    return {finding.object for finding in findings}


@pytest.mark.parametrize(
    ("machine", "unasked"),
    [
        (replace(QUIET, rehearsed=None), {"configuration"}),
        (replace(QUIET, rehearsed={**DECLARED, "fault": "Install: no space left"}), {"configuration"}),
        (replace(QUIET, state={"unreachable": True, "msg": "timed out"}), {"machine"}),
        (replace(QUIET, state={}), {"machine"}),
        (replace(QUIET, state={**NOTHING, "unread": {"packages": "no apt"}}), {"packages"}),
        (Machine(HOST, None, {}), {"configuration", "machine"}),
    ],
)
def test_what_cannot_be_asked_is_a_finding(machine: Machine, unasked: set[str]) -> None:
    assert silent(judge(machine)) == unasked


def session(at: str, who: str, how: str = "sudo", command: str = "", where: str = "") -> dict[str, str]:
    return {"at": at, "who": who, "how": how, "where": where, "command": command}


EDIT = session("2026-11-22T09:59:58+00:00", "lan", command="/usr/bin/sed -i s/a/b/ /etc/postfix/main.cf")
SSH = session(NINE, "minh", "ssh publickey SHA256:abc", where="198.51.100.7")
AT_TEN = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sessions", "owner", "told"),
    [
        ([], "root", Trace("", AT_TEN, "file", sure=False)),
        ([], "lan", Trace("lan?", AT_TEN, "file")),
        ([SSH], "root", Trace("minh (ssh publickey SHA256:abc) 198.51.100.7", AT_TEN, "journal", sure=False)),
        ([SSH, EDIT], "root", Trace(f"lan (sudo): {EDIT['command']}", AT_TEN, "journal")),
        ([{**SSH, "at": "2026-11-22T01:00:00+00:00"}], "root", Trace("", AT_TEN, "file", sure=False)),
        ([{**SSH, "at": "2026-11-22T11:00:00+00:00"}], "root", Trace("", AT_TEN, "file", sure=False)),
        (
            [{**EDIT, "at": "2026-11-22T08:00:00+00:00"}],
            "root",
            Trace("lan (sudo)", AT_TEN, "journal", sure=False),
        ),
    ],
    ids=["nobody", "owner", "there", "did it", "left long ago", "came later", "did it before"],
)
def test_whoever_did_it_is_told_apart_from_whoever_had_the_chance(
    sessions: list[dict[str, str]], owner: str, told: Trace
) -> None:
    assert traces({"sessions": sessions}, TEN, "/etc/postfix/main.cf", owner=owner) == (told,)


@pytest.mark.parametrize(
    ("command", "fits"),
    [
        ("vi /etc/postfix/main.cf", True),
        ("vi main.cf", True),
        ("vi /etc/postfix/main.cf.bak", True),
        ("vi domain.cf", False),
        ("vi master.cf", False),
    ],
)
def test_a_command_names_a_file_by_its_whole_word(command: str, fits: bool) -> None:  # noqa: FBT001 -- the expected value
    (told,) = traces({"sessions": [{**EDIT, "command": command}]}, TEN, "/etc/postfix/main.cf")
    assert told.sure is fits


def test_apt_tells_who_asked_it_for_a_package() -> None:
    found = package("htop", asked=True, at=TEN, by="lan", command="apt install htop")
    (finding,) = judge(replace(QUIET, state={**NOTHING, "packages": [found]}))
    assert finding.traces == (Trace("lan: apt install htop", AT_TEN, "apt"),)


@pytest.mark.parametrize(
    ("about", "kind"),
    [
        ("postfix.service", Kind.SETTING),
        ("/etc/rspamd/*", Kind.GUARD),
        ("cn=default,ou=policies,dc=thuathienhue,dc=gov,dc=vn", Kind.DIRECTORY_CONFIG),
    ],
)
def test_what_is_no_file_is_judged_by_what_it_is_about(about: str, kind: Kind) -> None:
    changes = [{**change(""), "about": about}]
    (finding,) = judge(replace(QUIET, rehearsed={**DECLARED, "changes": changes}))
    assert (finding.kind, finding.object) == (kind, about)
