"""A change is proposed, planned, approved, merged and applied, as the template's own lines do it; nothing else gets in.

The Git server is a bare repository with the hook, the runner a shell on this machine. Works on a registry in a
repository of its own, and leaves the directory as it was.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from ...conftest import Lab, Person

ROOT = Path(__file__).parents[3]
ESTATE = "inventories/thuathienhue"
REGISTRY = f"{ESTATE}/registry"
SNV, LOCK = f"{REGISTRY}/agencies/snv.yml", f"{REGISTRY}/addresses/thuathienhue.gov.vn.yml"
SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
DONE, ERROR, STALE = 0, 1, 4
WHO = {"an": "tth00001", "binh": "tth00003", "chi": "tth00002", "la": ""}  # the province's two, snv's own, nobody
NEWCOMER, SOMEBODY, COLLEAGUE, ANOTHER = "tth00990", "tth00005", "tth00006", "tth00007"
GROUPS = ("directory", "mx", "submission", "store", "filter", "discovery", "webmail", "phonebook", "backup")


@dataclass
class World:
    """A Git server, somebody's clone, and the control host with its runner."""

    folder: Path
    addresses: dict[str, str]

    @property
    def clone(self) -> Path:
        """Where people work."""
        return self.folder / "clone"

    @property
    def state(self) -> Path:
        """The control host's state folder."""
        return self.folder / "state"

    def env(self, at: Path, **more: str) -> dict[str, str]:
        """Return what a job finds in its environment."""
        own = {"CONGVU_HOME": str(ROOT), "CONGVU_STATE": str(self.state), "CONGVU_LANG": "vi"}
        nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        return {**os.environ, **nobody, **own, "ANSIBLE_INVENTORY": str(at / ESTATE), **more}

    def git(self, *words: str, by: str = "an", sign: str = "", at: Path | None = None) -> str:
        """Run Git as somebody, signing with their key or another's."""
        settings = {
            "user.name": by,
            "user.email": self.addresses[by],
            "gpg.format": "ssh",
            "user.signingkey": str(self.folder / "keys" / (sign or by)),
            "commit.gpgsign": "true",
        }
        given = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        where = at or self.clone
        command = ["/usr/bin/git", *given, *words]
        done = subprocess.run(command, cwd=where, env=self.env(where), check=False, capture_output=True, text=True)  # noqa: S603 - our own
        if done.returncode:
            raise RefusedError(done.stderr)
        return done.stdout.strip()

    def change(self, path: str, pattern: str, new: str, by: str = "chi", sign: str = "") -> str:
        """Change a file of the registry on a branch of its own, and commit that. Returns the commit."""
        self.git("checkout", "--quiet", "--detach", "origin/main")
        text, count = re.subn(pattern, new, (self.clone / path).read_text(encoding="utf-8"), count=1)
        assert count == 1
        (self.clone / path).write_text(text, encoding="utf-8")
        return self.commit(by, sign)

    def commit(self, by: str, sign: str = "") -> str:
        """Commit what was changed."""
        self.git("commit", "--quiet", "--all", "--message", "QĐ 310/QĐ-SNV", by=by, sign=sign)
        return self.git("rev-parse", "HEAD")

    def merge(self, head: str, by: str = "an", sign: str = "") -> None:
        """Bring a branch into main, and push that."""
        self.git("fetch", "--quiet", "origin")
        self.git("checkout", "--quiet", "-B", "main", "origin/main")
        self.git("merge", "--quiet", "--no-ff", "--no-edit", head, by=by, sign=sign)
        self.git("push", "--quiet", "origin", "main")

    def job(self, name: str, commit: str) -> Job:
        """Start a job of GitLab's template, its lines as they are, in a checkout of its own."""
        template: dict[str, Any] = yaml.safe_load((ROOT / "pipelines/gitlab/gitlab-ci.yml").read_text(encoding="utf-8"))
        at = self.folder / f"job-{name}-{commit[:12]}-{len(list(self.folder.glob('job-*')))}"
        self.git("clone", "--quiet", str(self.folder / "server.git"), str(at), at=self.folder)
        self.git("checkout", "--quiet", "--detach", commit, at=at)
        variables = {"CI_COMMIT_SHA": commit, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
        script = "\n".join(("set -eo pipefail", *template[name]["script"]))
        env = self.env(at, **variables)
        child = subprocess.Popen(  # noqa: S603 - our own
            ["/bin/bash", "-c", script], cwd=at, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        return Job(child)

    def run(self, name: str, commit: str) -> tuple[int, str]:
        """Run a job to its end."""
        return self.job(name, commit).end()


@dataclass
class Job:
    """A job that runs."""

    child: subprocess.Popen[str]

    def end(self) -> tuple[int, str]:
        """Wait for it; returns its exit status and what it said."""
        said, _ = self.child.communicate(timeout=300)
        assert "Traceback" not in said, said
        return self.child.returncode, said


class RefusedError(Exception):
    """The Git server, or Git itself, says no."""


@pytest.fixture(scope="module")
def world(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("pipeline")
    lock: dict[str, str] = yaml.safe_load((ROOT / LOCK).read_text(encoding="utf-8"))
    held = {holder: f"{local}@thuathienhue.gov.vn" for local, holder in lock.items()}
    made = World(folder, {who: held.get(f"person:{uid}", "la@doitac.example") for who, uid in WHO.items()})
    lay_registry(made, lab)
    lay_state(made, lab)
    yield made
    sweep(lab)
    congvu, registry = str(ROOT / "bin" / "congvu"), f"estate_registry={ROOT / REGISTRY}"
    command = [congvu, "reconcile", "--limit", "localhost", "-e", registry]
    env = made.env(made.clone)
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own


def lay_registry(made: World, lab: Lab) -> None:
    """Make the repository, its keys, and the server with its hook."""
    (made.folder / "keys").mkdir()
    keys = {}
    for who in WHO:
        path = made.folder / "keys" / who
        subprocess.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", path], check=True)  # noqa: S603 - our own
        keys[who] = path.with_suffix(".pub").read_text(encoding="ascii").strip()
    shutil.copytree(ROOT / ESTATE, made.clone / ESTATE)
    people = {who: {"address": made.addresses[who], "keys": [keys[who]]} for who in WHO if who != "la"}
    said = {"province": ["an", "binh"], "agencies": {"snv": ["chi"]}, "people": people}
    (made.clone / REGISTRY / "approvers.yml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    reach = {"directory_uri": f"ldaps://{lab.mail_address}", "directory_ca_file": str(lab.state / "ca" / "ca.pem")}
    here = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", **reach}
    groups: dict[str, Any] = {
        name: {"hosts": {}} for name in GROUPS
    }  # the directory alone: what else an apply does has tests of its own
    hosts = {"all": {"children": {**groups, "control": {"hosts": {"localhost": here}}}}}
    (made.clone / ESTATE / "hosts.yml").write_text(yaml.safe_dump(hosts), encoding="utf-8")
    made.git("init", "--quiet", "--initial-branch=main")
    made.git("add", ".")
    made.git("commit", "--quiet", "--message", "Sổ đăng ký")
    server = made.folder / "server.git"
    made.git("init", "--quiet", "--bare", "--initial-branch=main", str(server))
    made.git("config", "--add", "congvu.registry", REGISTRY, at=server)
    (server / "hooks" / "update").symlink_to(ROOT / "pipelines" / "hooks" / "update")
    made.git("remote", "add", "origin", str(server))
    made.git("push", "--quiet", "origin", "main")


def lay_state(made: World, lab: Lab) -> None:
    """Give the control host what opens the directory; what it notes is its own."""
    made.state.mkdir()
    for name in ("ca", "secrets"):
        (made.state / name).symlink_to(lab.state / name)
    assert made.run("apply", made.git("rev-parse", "HEAD"))[0] == DONE, "nothing to do, and known from then on"


def sweep(lab: Lab) -> None:
    """Take out of the directory who came."""
    with lab.session("reconciler") as directory:
        directory.search(f"ou=agencies,{SUFFIX}", f"(uid={NEWCOMER})", attributes=["uid"])
        for entry in [each for each in directory.response if "dn" in each]:
            assert directory.delete(entry["dn"])
    (lab.state / "secrets" / "initial-passwords" / NEWCOMER).unlink(missing_ok=True)


def title(lab: Lab, uid: str) -> str:
    """Return somebody's title in the directory, or nothing."""
    with lab.session("reconciler") as directory:
        directory.search(f"ou=agencies,{SUFFIX}", f"(uid={uid})", attributes=["title"])
        found = [entry for entry in cast("list[dict[str, Any]]", directory.response) if "dn" in entry]
    return found[0]["raw_attributes"]["title"][0].decode() if found else ""


def retitled(uid: str, new: str) -> tuple[str, str]:
    """Return what to look for in an agency's file, and what to put there, to give somebody another title."""
    return rf"(- id: {uid}\n(?:    .*\n)*?    title: ).*", rf"\g<1>{new}"


def test_who_joins_has_a_mailbox_when_the_request_is_merged(
    world: World, lab: Lab, person: Person, word: str, letter: Callable[..., EmailMessage], wait_for: Callable[..., Any]
) -> None:
    said = f"  - id: {NEWCOMER}\n    name: Tôn Nữ Diệu Hương\n    title: Chuyên viên\n    since: 2026-01-05\n"
    world.change(SNV, r"\Z", f"{said}    decision: 310/QĐ-SNV\n")
    local = "tonnudieuhuong"
    command = [str(ROOT / "bin" / "congvu"), "allocate"]
    subprocess.run(command, env=world.env(world.clone), check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    world.git("commit", "--quiet", "--all", "--amend", "--no-edit", by="chi")
    head = world.git("rev-parse", "HEAD")
    world.git("push", "--quiet", "origin", "HEAD:refs/heads/them-nguoi", by="chi")
    assert world.run("approvals", head)[0] == DONE
    status, text = world.run("plan", head)
    assert (status, f"person:{NEWCOMER}" in text or "Tôn Nữ Diệu Hương" in text) == (DONE, True), text
    assert title(lab, NEWCOMER) == "", "a plan writes nothing"
    world.merge(head)
    status, text = world.run("apply", world.git("rev-parse", "HEAD"))
    assert status == DONE, text
    assert title(lab, NEWCOMER) == "Chuyên viên"
    address = f"{local}@thuathienhue.gov.vn"
    with lab.submission(person.address, person.password) as client:
        client.send_message(letter(person.address, address))
    assert wait_for(address, lab.password(NEWCOMER), word) is not None


def test_what_is_not_ones_own_or_signed_does_not_reach_the_server(world: World) -> None:
    world.change(f"{REGISTRY}/agencies/stc.yml", r"\Z", "# của chi\n")
    with pytest.raises(RefusedError, match=r"stc\.yml, là tệp mà chi không được sửa"):
        world.git("push", "--quiet", "origin", "HEAD:refs/heads/nham", by="chi")
    head = world.change(SNV, r"\Z", "# của chi\n", sign="la")
    with pytest.raises(RefusedError, match="không được ký bằng khoá nào"):
        world.merge(head)


def test_a_plan_that_nobody_saw_is_refused(world: World, lab: Lab) -> None:
    before = title(lab, SOMEBODY)
    world.merge(world.change(SNV, *retitled(SOMEBODY, "Quyền Trưởng phòng")))
    status, text = world.run("apply", world.git("rev-parse", "HEAD"))
    assert (status, f"update: person:{SOMEBODY}" in text, title(lab, SOMEBODY)) == (STALE, True, before), text


def test_a_reviewed_plan_that_somebody_edited_is_refused_and_two_merges_at_once_end_in_one_state(
    world: World, lab: Lab
) -> None:
    before = title(lab, COLLEAGUE)
    first = world.change(SNV, *retitled(COLLEAGUE, "Phó phòng"))
    world.git("push", "--quiet", "origin", f"{first}:refs/heads/mot", by="chi")
    assert world.run("plan", first)[0] == DONE, "as merged, with what nobody saw before"
    world.merge(first)
    one = world.git("rev-parse", "HEAD")
    plan = (world.state / "plans" / "latest.jsonl").resolve()
    kept = plan.read_bytes()
    plan.write_bytes(kept.replace("Phó phòng".encode(), "Giám đốc".encode()))
    status, text = world.run("apply", one)
    assert (status, "is not what its name says" in text, title(lab, COLLEAGUE)) == (ERROR, True, before), text
    plan.write_bytes(kept)

    second = world.change(SNV, *retitled(ANOTHER, "Phó Trưởng phòng"))
    world.git("push", "--quiet", "origin", f"{second}:refs/heads/hai", by="chi")
    assert world.run("plan", second)[0] == DONE
    world.merge(second)
    jobs = [world.job("apply", one), world.job("apply", world.git("rev-parse", "HEAD"))]
    (earlier, text), later = (job.end() for job in jobs)
    assert later[0] == DONE, later
    assert earlier in (DONE, STALE), text  # which of them is first is the scheduler's; nothing is taken back
    titles = [title(lab, uid) for uid in (SOMEBODY, COLLEAGUE, ANOTHER)]
    assert titles == ["Quyền Trưởng phòng", "Phó phòng", "Phó Trưởng phòng"]
