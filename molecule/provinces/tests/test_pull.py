"""A control host pulls the registry over SSH, on its timer's service: what is signed is applied, and nothing else.

The machine of Hải Dương's directory is also its control host and its Git server. The role `reconciler` sets it up.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ldap3
import pytest
import yaml

from .conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Province

MACHINE = "prov-haiduong-mail"
ESTATE = "inventories/haiduong"
REGISTRY = f"{ESTATE}/registry"
SERVER = "/srv/registry.git"
DIFFERS = 2
SERVICE, TIMER = "congvu-reconciler.service", "congvu-reconciler.timer"
PEOPLE = {
    "nga": "hoang.thi.thu.nga@haiduong.gov.vn",
    "trannga": "tran.thi.nga@haiduong.gov.vn",
}  # each merges what the other writes
SOMEBODY, TITLE = "hd00014", "Quyền Giám đốc"
# What the engine needs of the tools. The machine reaches no package index: this one fetches for it.
NEEDED = ("ansible-core", "argon2-cffi", "holidays", "ldap3", "libpass", "PyYAML")
INSTALL = """
set -eu
apt-get update -qq
export DEBIAN_FRONTEND=noninteractive
apt-get install -qq --no-install-recommends git openssh-server python3-venv >/dev/null
touch /etc/default/locale
python3 -m venv /opt/congvu/.venv
/opt/congvu/.venv/bin/pip install --quiet --disable-pip-version-check --no-index /opt/wheels/*.whl
useradd --create-home --shell /usr/bin/git-shell git
install --directory --owner git --group git --mode 0700 /home/git/.ssh /srv/registry.git
runuser -u git -- git init --quiet --bare --initial-branch=main /srv/registry.git
"""


def machine(*words: str, said: bytes = b"", fails: bool = True) -> str:
    """Run a command on the machine."""
    command = ["podman", "exec", "--interactive", MACHINE, *words]
    done = subprocess.run(command, input=said, check=False, capture_output=True)  # noqa: S603 - our own
    assert not (fails and done.returncode), (words, done.stdout, done.stderr)
    return done.stdout.decode().strip()


@dataclass
class World:
    """A clerk's clone, the Git server, and the host that pulls."""

    province: Province
    clone: Path
    keys: Path

    def git(self, *words: str, by: str = "nga", sign: str = "") -> str:
        """Run Git in the clone as somebody, signing with their key or another's."""
        settings = {
            "user.name": by,
            "user.email": PEOPLE[by],
            "gpg.format": "ssh",
            "user.signingkey": str(self.keys / (sign or by)),
            "commit.gpgsign": "true",
            "protocol.ext.allow": "always",
        }
        given = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        done = subprocess.run(  # noqa: S603 - our own
            ["/usr/bin/git", *given, *words],
            cwd=self.clone,
            env={**os.environ, **nobody},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def push(self, *words: str) -> None:
        """Bring main to the Git server, past its SSH: the clerk's way in is not what is tried here."""
        self.git("push", "--quiet", f"ext::podman exec --interactive --user git {MACHINE} %S {SERVER}", *words)

    def promote(self, title: str, sign: str = "") -> str:
        """Give somebody another title, as one writes and the other merges it, and push that. Returns the merge."""
        found = 0
        self.git("checkout", "--quiet", "-B", "de-nghi", "main")
        for path in sorted((self.clone / REGISTRY / "agencies").glob("*.yml")):
            text, found = re.subn(
                rf"(- id: {SOMEBODY}\n(?:    .*\n)*?    title: ).*", rf"\g<1>{title}", path.read_text(encoding="utf-8")
            )
            if found:
                path.write_text(text, encoding="utf-8")
                break
        assert found == 1
        self.git("commit", "--quiet", "--all", "--message", "QĐ 12/QĐ-UBND", by="trannga")
        self.git("checkout", "--quiet", "main")
        self.git("merge", "--quiet", "--no-ff", "--no-edit", "de-nghi", sign=sign)
        self.push("main")
        return self.git("rev-parse", "HEAD")

    def title(self) -> str:
        """Return that person's title in the directory."""
        with self.province.directory(
            f"cn=reconciler,ou=services,{self.province.suffix}", "secrets/ldap-reconciler"
        ) as at:
            at.search(f"ou=agencies,{self.province.suffix}", f"(uid={SOMEBODY})", attributes=["title"])
            found = [entry for entry in at.response if "dn" in entry]
        return str(found[0]["raw_attributes"]["title"][0].decode())

    def pull(self) -> dict[str, Any]:
        """Start what the timer starts, wait for its end, and return what it left."""
        machine("systemctl", "start", SERVICE, fails=False)
        status: dict[str, Any] = json.loads(machine("cat", "/var/lib/congvu-reconciler/status.json"))
        failed = machine("systemctl", "show", "--property=Result", "--value", SERVICE) != "success"
        assert failed == bool(status["exit_status"]), status
        return status


@pytest.fixture(scope="module")
def world(province_of: Callable[[str], Province], tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("pull")
    made = World(province_of("haiduong"), folder / "clone", folder / "keys")
    lay_registry(made)
    lay_tools(folder)
    made.push("main")
    (folder / "group_vars").symlink_to(ROOT / "playbooks" / "group_vars")
    set_up(made)
    machine(
        "install", "-o", "git", "-m", "0600", "/var/lib/congvu-reconciler/key.pub", "/home/git/.ssh/authorized_keys"
    )
    return made


def lay_registry(made: World) -> None:
    """Make a clone with the estate's inventory and one who may change it."""
    made.keys.mkdir()
    for who in (*PEOPLE, "la"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", made.keys / who], check=True)  # noqa: S603, S607 - our own
    keys = {who: (made.keys / f"{who}.pub").read_text(encoding="ascii").strip() for who in PEOPLE}
    people = {who: {"address": address, "keys": [keys[who]]} for who, address in PEOPLE.items()}
    said = {"province": [*PEOPLE], "people": people}
    (made.clone / ESTATE).parent.mkdir(parents=True)
    subprocess.run(["cp", "--recursive", ROOT / ESTATE, made.clone / ESTATE], check=True)  # noqa: S603, S607 - our own
    (made.clone / REGISTRY / "approvers.yml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    made.git("init", "--quiet", "--initial-branch=main")
    made.git("add", ".")
    made.git("commit", "--quiet", "--message", "Sổ đăng ký")


def lay_tools(folder: Path) -> None:
    """Bring the collection and its tools to the machine, root's own, and a Git server beside."""
    pinned = re.findall(r"^[a-z0-9-]+==[^ ]+", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    (folder / "pinned.txt").write_text("\n".join(pinned), encoding="utf-8")
    for_debian: list[str | Path] = [
        "--python-version",
        "3.13",
        "--only-binary",
        ":all:",
        "--constraint",
        folder / "pinned.txt",
    ]
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", folder / "wheels", *for_debian, *NEEDED]
    subprocess.run(fetch, check=True, capture_output=True)  # noqa: S603 - our own
    files = subprocess.run(["/usr/bin/git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    bring(ROOT, "/opt/congvu", files)
    bring(folder / "wheels", "/opt/wheels", b"\0".join(path.name.encode() for path in (folder / "wheels").iterdir()))
    machine("sh", said=INSTALL.encode())


def bring(here: Path, there: str, files: bytes) -> None:
    """Copy files to the machine, named with a NUL between them."""
    pack = ["/usr/bin/tar", "--create", "--owner=root", "--group=root", "--null", "--files-from=-"]
    packed = subprocess.run(pack, cwd=here, input=files, check=True, capture_output=True).stdout  # noqa: S603 - our own
    machine("mkdir", "--parents", there)
    machine("tar", "--extract", "--directory", there, said=packed)


def set_up(made: World, **more: object) -> None:
    """Run the play that a province writes for its control host."""
    host_key = " ".join(machine("cat", "/etc/ssh/ssh_host_ed25519_key.pub").split()[:2])
    given = {
        "reconciler_home": "/opt/congvu",
        "reconciler_repository": f"ssh://git@localhost{SERVER}",
        "reconciler_known_hosts": [f"localhost {host_key}"],
        "reconciler_inventories": [ESTATE],
        "reconciler_registry": REGISTRY,
        "reconciler_trusted": made.git("rev-list", "--max-parents=0", "main"),
        "reconciler_variables": {"directory_uri": "ldaps://127.0.0.1"},
        "reconciler_directory_ca": "{{ lookup('ansible.builtin.file', estate_state ~ '/ca/ca.pem') }}",
        "reconciler_directory_password": "{{ secret_ldap_reconciler }}",
        "reconciler_schedule": ["yearly"],  # what it starts is started here
        "reconciler_drift": ["directory"],
        "reconciler_auditor_password": "{{ secret_ldap_auditor }}",
        **more,
    }
    play = made.clone.parent / "control.yml"
    roles = [{"role": "congvu.mail.reconciler", "vars": given}]
    play.write_text(yaml.safe_dump([{"hosts": "mail.haiduong.gov.vn", "roles": roles}]), encoding="utf-8")
    made.province.playbook(str(play))


def test_what_is_not_signed_is_refused_and_what_is_signed_is_applied(world: World) -> None:
    assert machine("systemctl", "is-enabled", TIMER) == "enabled"
    trusted = world.git("rev-parse", "HEAD")
    first = world.pull()
    assert (first["exit_status"], first["commit"]) == (0, trusted), first
    before = world.title()

    forged = world.promote(TITLE, sign="la")
    refused = world.pull()
    assert (refused["exit_status"], refused["commit"], world.title()) == (1, trusted, before), refused
    assert "không được ký bằng khoá nào" in "".join(refused["said"])
    assert forged[:12] in "".join(refused["said"])

    world.git("reset", "--quiet", "--hard", trusted)
    world.push("--force", "main")
    signed = world.promote(TITLE)
    applied = world.pull()
    assert (applied["exit_status"], applied["commit"], world.title()) == (0, signed, TITLE), applied


def test_what_runs_there_can_change_neither_its_own_code_nor_another_servers_key(world: World) -> None:
    account = "congvu-reconciler"
    for path in ("/opt/congvu/bin/congvu", "/etc/congvu/reconciler/config.json", "/etc/congvu/reconciler/known_hosts"):
        assert machine("runuser", "-u", account, "--", "test", "-r", path) == ""
        assert machine("runuser", "-u", account, "--", "sh", "-c", f"test -w {path} || echo none") == "none"
    known = "/etc/congvu/reconciler/known_hosts"
    kept = machine("cat", known)
    machine("sh", "-c", f"cat > {known}", said=b"localhost " + (world.keys / "la.pub").read_bytes())
    stranger = world.pull()
    machine("sh", "-c", f"cat > {known}", said=f"{kept}\n".encode())
    assert (stranger["exit_status"], stranger["commit"]) == (1, ""), stranger
    assert "Host key verification failed" in "".join(stranger["said"])
    assert world.pull()["exit_status"] == 0


def test_each_evening_it_tells_what_hands_have_changed_and_the_next_run_mends_it(world: World) -> None:
    assert machine("systemctl", "is-enabled", "congvu-drift.timer") == "enabled"
    province, dn = world.province, ""
    with province.directory(f"cn=reconciler,ou=services,{province.suffix}", "secrets/ldap-reconciler") as at:
        at.search(f"ou=agencies,{province.suffix}", f"(uid={SOMEBODY})", attributes=["1.1"])
        dn = next(entry["dn"] for entry in at.response if "dn" in entry)
        assert at.modify(dn, {"title": [(ldap3.MODIFY_REPLACE, ["Chủ tịch"])]})

    def look() -> tuple[int, list[str]]:
        machine("systemctl", "start", "congvu-drift.service")
        told = json.loads(machine("cat", "/var/lib/congvu-reconciler/drift.json"))
        return told["exit_status"], told["found"]

    status, (found,) = look()
    assert (status, SOMEBODY in found) == (DIFFERS, True)
    assert world.pull()["exit_status"] == 0
    assert (world.title() != "Chủ tịch", look()) == (True, (0, []))
    report = machine("cat", "/var/lib/congvu-reconciler/state/drift/latest/report.txt")
    left = "the directory's configuration (mail.haiduong.gov.vn)"
    assert f"NOT LOOKED AT: store, dns, machines; outside --limit: {left}." in report, "it reaches no server itself"


def test_each_morning_it_makes_the_reports_that_are_due(world: World) -> None:
    assert machine("systemctl", "is-enabled", "congvu-report.timer", fails=False) == "disabled", (
        "it reaches no mail host"
    )
    set_up(world, reconciler_reports=True, reconciler_limit="")
    assert machine("systemctl", "is-active", "congvu-report.timer") == "active"
    machine("systemctl", "start", "congvu-report.service")
    said = machine("journalctl", "--unit=congvu-report.service", "--output=cat")
    assert "failed=0" in said, "no report was due before the ledger began, and all the same it was looked"
