"""Who may change what, in real repositories with real signatures."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import approval
from ansible_collections.congvu.mail.plugins.module_utils.approval import Form, adds_for, codeowners
from ansible_collections.congvu.mail.plugins.module_utils.gitlog import Repository
from ansible_collections.congvu.mail.plugins.module_utils.model import RegistryError

HOOK = Path(__file__).parents[4] / "pipelines" / "hooks" / "update"
REGISTRY = "inventories/tinh/registry"
LOCK = f"{REGISTRY}/addresses/tinh.gov.vn.yml"
SNV, STC = f"{REGISTRY}/agencies/snv.yml", f"{REGISTRY}/agencies/stc.yml"
POLICY = f"{REGISTRY}/policy.yml"
AGENCY = """\
code: {code}
name: Sở {code}
kind: department
decision: 1/QĐ
head: {first}
units: {{vp: Văn phòng}}
people:
"""
PERSON = "  - {{id: {uid}, name: Nguyễn Văn An, title: Chuyên viên, since: 2020-01-01, decision: 1/QĐ}}\n"
PEOPLE = ("an", "binh", "chi", "dung", "forge", "la")


@dataclass(frozen=True)
class Clone:
    """A working copy, and keys to sign with: an and binh are the province's, chi snv's, dung stc's, la nobody."""

    path: Path
    keys: Path

    def git(self, *words: str, by: str = "an", sign: str | None = "", address: str = "") -> str:
        """Run Git as somebody; ``sign`` is whose key is used, None no key."""
        mail = address or f"{by}@tinh.gov.vn"
        who = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", by), ("EMAIL", mail))
        }
        signing = [
            f"user.signingkey={self.keys / (sign or by)}",
            "gpg.format=ssh",
            f"commit.gpgsign={sign is not None}".lower(),
        ]
        settings = [word for said in signing for word in ("-c", said)]
        env = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        command = ["/usr/bin/git", *settings, *words]
        done = subprocess.run(command, cwd=self.path, env=env, check=True, capture_output=True, text=True)  # noqa: S603 -- our own words
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        """Write a file of the working copy."""
        (self.path / path).parent.mkdir(parents=True, exist_ok=True)
        (self.path / path).write_text(text, encoding="utf-8")
        self.git("add", path)

    def add(self, path: str, text: str) -> None:
        """Write something below what stands in a file."""
        self.write(path, (self.path / path).read_text(encoding="utf-8") + text)

    def commit(self, by: str, sign: str | None = "", address: str = "") -> str:
        """Commit what was written."""
        self.git("commit", "--quiet", "--message", f"của {by}", by=by, sign=sign, address=address)
        return self.git("rev-parse", "HEAD")

    def merge(self, by: str, sign: str | None = "", address: str = "") -> str:
        """Bring what was committed on top of ``main`` in there, by a merge."""
        head = self.git("rev-parse", "HEAD")
        self.git("checkout", "--quiet", "main")
        self.git("merge", "--quiet", "--no-ff", "--no-edit", head, by=by, sign=sign, address=address)
        self.git("checkout", "--quiet", "--detach")
        return self.git("rev-parse", "HEAD")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in PEOPLE:
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)]
        subprocess.run(command, check=True)  # noqa: S603 -- our own words
    return folder


def approvers(keys: Path, more: str = "") -> str:
    def key(name: str) -> str:
        return (keys / f"{name}.pub").read_text(encoding="ascii").strip()

    people = "".join(f"  {name}: {{address: {name}@tinh.gov.vn, keys: [{key(name)}]}}\n" for name in PEOPLE[:4])
    agencies = "agencies: {snv: [chi], stc: [dung]}\n"
    return f"province: [an, binh]\n{agencies}forge: ['{key('forge')}']\npeople:\n{people}{more}"


@pytest.fixture
def clone(tmp_path: Path, keys: Path) -> Clone:
    made = Clone(tmp_path / "clone", keys)
    made.path.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    made.write(f"{REGISTRY}/approvers.yml", approvers(keys))
    made.write(SNV, AGENCY.format(code="snv", first="t1") + PERSON.format(uid="t1"))
    made.write(STC, AGENCY.format(code="stc", first="t2") + PERSON.format(uid="t2"))
    made.write(POLICY, "regulation: QĐ 1\n")
    made.write(LOCK, "snv: mailbox:snv\nt1: person:t1\nt2: person:t2\n")
    made.commit("an")
    made.git("checkout", "--quiet", "--detach")
    return made


def refused(clone: Clone, *, branch: bool = True) -> list[str]:
    """Say what is wrong with what came after the first commit."""
    since = clone.git("rev-list", "--max-parents=0", "HEAD")
    return [said.told() for said in Repository(clone.path, REGISTRY).refuse(since, "HEAD", branch=branch)]


def newcomer(clone: Clone, by: str, *, agency: str = SNV) -> None:
    """Write down that somebody joins an agency, and gets an address."""
    clone.add(agency, PERSON.format(uid="t9"))
    clone.add(LOCK, "t9: person:t9\n")
    clone.commit(by)


def test_an_agencys_own_admin_brings_somebody_and_the_province_merges(clone: Clone) -> None:
    newcomer(clone, "chi")
    assert refused(clone, branch=False) == []
    clone.merge("an")
    assert refused(clone) == []


@pytest.mark.parametrize("by", ["dung", "chi"])
def test_an_admin_changes_no_other_agency_even_if_the_province_merges(clone: Clone, by: str) -> None:
    newcomer(clone, by, agency=SNV if by == "dung" else STC)
    expected = {f"{path}, which is not for {by} to change." for path in (SNV if by == "dung" else STC, LOCK)}
    assert {said.partition(" changes ")[2] for said in refused(clone, branch=False)} == expected
    clone.merge("an")
    assert {said.partition(" changes ")[2] for said in refused(clone)} == expected


@pytest.mark.parametrize(
    "path",
    [
        POLICY,
        f"{REGISTRY}/overrides/x.yml",
        f"{REGISTRY}/approvers.yml",
        f"{REGISTRY}/holds.yml",
        "bin/congvu",
        "CODEOWNERS",
    ],
)
def test_what_is_shared_is_the_provinces(clone: Clone, path: str) -> None:
    clone.write(path, "của chi\n")
    clone.commit("chi")
    (said,) = refused(clone, branch=False)
    assert said.endswith(f" changes {path}, which is not for chi to change.")
    clone.git("commit", "--quiet", "--amend", "--reset-author", "--no-edit", by="binh")
    assert refused(clone, branch=False) == []


@pytest.mark.parametrize(
    ("before", "after", "own"),
    [
        ("a: person:t1\n", "a: person:t1\nb: person:t9\n", True),
        ("a: person:t1\n", "# ghi chú\na: person:t1\n", False),
        ("a: person:t1\n", "b: person:t9 alias\na: person:t1\n", True),
        ("a: person:t1\n", "a: person:t9\n", False),
        ("a: person:t1\n", "a: person:t1 retired\n", False),
        ("a: person:t1\n", "b: person:t9\n", False),
        ("a: person:t1\nc: person:t2\n", "c: person:t2\na: person:t1\n", False),
        ("a: person:t1\n", "a: person:t1\na: person:t1\n", False),
        ("a: person:t1\n", "a: person:t1\nb: person:t2\n", False),
        ("a: person:t1\n", "a: person:t1\nb: mailbox:t9\n", False),
    ],
)
def test_the_lock_is_only_added_to_and_only_for_ones_own(before: str, after: str, own: bool) -> None:  # noqa: FBT001 -- a table
    assert adds_for(before.encode(), after.encode(), {"person:t9"}) is own


def test_an_agencys_file_is_neither_removed_nor_made_a_link_by_its_admin(clone: Clone) -> None:
    clone.git("rm", "--quiet", SNV)
    clone.commit("chi")
    assert len(refused(clone, branch=False)) == 1
    (clone.path / SNV).parent.mkdir(exist_ok=True)
    (clone.path / SNV).symlink_to("stc.yml")
    clone.git("add", SNV)
    clone.commit("chi")
    assert len(refused(clone, branch=False)) == 2


@pytest.mark.parametrize(("sign", "by"), [(None, "chi"), ("la", "chi"), ("la", "la"), ("forge", "chi")])
def test_what_nobody_of_the_file_signed_is_refused(clone: Clone, sign: str | None, by: str) -> None:
    clone.add(SNV, PERSON.format(uid="t9"))
    commit = clone.commit(by, sign=sign)
    (said,) = refused(clone, branch=False)
    assert said == (f"Commit {commit[:12]} of {by}@tinh.gov.vn is not signed with a key that approvers.yml names.")


def test_a_request_comes_from_the_official_mailbox(clone: Clone) -> None:
    clone.add(SNV, PERSON.format(uid="t9"))
    commit = clone.commit("chi", address="chi@gmail.example")
    told = "was made as chi@gmail.example, and not from the official mailbox chi@tinh.gov.vn."
    assert refused(clone, branch=False) == [f"Commit {commit[:12]} of chi {told}"]


def test_a_merge_answers_for_all_that_it_brings(clone: Clone) -> None:
    newcomer(clone, "chi")
    clone.merge("dung")
    told = "which is not for dung to change."
    assert {said.partition(" changes ")[2] for said in refused(clone)} == {f"{SNV}, {told}", f"{LOCK}, {told}"}


@pytest.mark.parametrize("sign", [None, "la"])
def test_an_unsigned_merge_is_refused(clone: Clone, sign: str | None) -> None:
    newcomer(clone, "chi")
    clone.merge("an", sign=sign)
    assert [said.partition(" is not ")[2] for said in refused(clone)] == ["signed with a key that approvers.yml names."]


def test_another_merges_than_who_wrote(clone: Clone) -> None:
    clone.add(POLICY, "# an\n")
    clone.commit("an")
    merged = clone.merge("an")
    said = f"Commit {merged[:12]} was brought in by an, who wrote a part of it: another is to merge it."
    assert refused(clone) == [said]


def test_nothing_comes_to_the_branch_without_a_merge(clone: Clone) -> None:
    clone.git("checkout", "--quiet", "main")
    clone.add(POLICY, "# an\n")
    clone.commit("an")
    assert [said.rpartition(": ")[2] for said in refused(clone)] == ["another is to merge it."]


def test_the_servers_own_key_merges_what_its_rules_approved_and_writes_nothing(clone: Clone) -> None:
    newcomer(clone, "chi")
    clone.merge("forge", address="may-chu@git.example")
    assert refused(clone) == []
    clone.add(POLICY, "# tự viết\n")
    clone.commit("forge", address="may-chu@git.example")
    assert len(refused(clone)) == 1


def test_nobody_lets_themselves_in(clone: Clone, keys: Path) -> None:
    """Who may change what is said by the branch as it was before."""
    text = approvers(keys).replace("province: [an, binh]", "province: [an, binh, chi]")
    clone.write(f"{REGISTRY}/approvers.yml", text)
    clone.commit("chi")
    clone.add(POLICY, "# chi\n")
    clone.commit("chi")
    clone.merge("chi")
    assert any(said.endswith(f" changes {POLICY}, which is not for chi to change.") for said in refused(clone))


def test_what_the_province_merged_holds_from_the_next_commit_on(clone: Clone, keys: Path) -> None:
    clone.write(
        f"{REGISTRY}/approvers.yml", approvers(keys).replace("province: [an, binh]", "province: [an, binh, chi]")
    )
    clone.commit("an")
    clone.merge("binh")
    clone.add(POLICY, "# chi\n")
    clone.commit("chi")
    clone.merge("an")
    assert refused(clone) == []


def test_a_branch_that_was_written_anew_is_refused(clone: Clone) -> None:
    newcomer(clone, "chi")
    lost = clone.merge("an")
    clone.git("reset", "--quiet", "--hard", "HEAD^1")
    (said,) = (each.told() for each in Repository(clone.path, REGISTRY).refuse(lost, "HEAD", branch=True))
    assert said.endswith("the branch was written anew.")


def test_an_admin_may_bring_a_branch_up_to_date(clone: Clone) -> None:
    start = clone.git("rev-parse", "HEAD")
    clone.add(POLICY, "# an\n")
    clone.commit("an")
    moved = clone.merge("binh")
    clone.git("checkout", "--quiet", "--detach", start)
    newcomer(clone, "chi")
    clone.git("merge", "--quiet", "--no-edit", moved, by="chi")
    since = Repository(clone.path, REGISTRY)
    assert list(since.refuse(moved, "HEAD", branch=False)) == []


def test_a_registry_without_the_file_lets_nobody_change_anything(clone: Clone) -> None:
    clone.git("rm", "--quiet", f"{REGISTRY}/approvers.yml")
    since = clone.commit("an")
    clone.add(SNV, PERSON.format(uid="t9"))
    clone.commit("chi")
    (said,) = (each.told() for each in Repository(clone.path, REGISTRY).refuse(since, "HEAD", branch=False))
    assert said.endswith(f"there is no {REGISTRY}/approvers.yml: nobody may change anything.")


def test_without_signatures_whoever_made_a_commit_is_taken_at_their_word(clone: Clone, keys: Path) -> None:
    clone.write(f"{REGISTRY}/approvers.yml", approvers(keys) + "signed: false\n")
    clone.commit("an")
    since = clone.merge("binh")
    newcomer(clone, "chi")
    clone.git("commit", "--quiet", "--amend", "--no-edit", by="chi", sign=None)
    clone.merge("an", sign=None)
    assert list(Repository(clone.path, REGISTRY).refuse(since, "HEAD", branch=True)) == []


def test_the_registrys_place_is_found(clone: Clone) -> None:
    assert Repository.around(clone.path / REGISTRY) == Repository(clone.path, REGISTRY)


def test_code_owners_are_written_as_each_server_reads_them(keys: Path) -> None:
    said = approval.read(approvers(keys).encode())
    head = f"# Written by playbooks/codeowners.yml from {REGISTRY}/approvers.yml.\n"
    assert codeowners(said, REGISTRY, Form.GLOB) == head + (
        f"* @an @binh\n/{SNV} @chi @an @binh\n/{STC} @dung @an @binh\n/{REGISTRY}/addresses/ @an @binh @chi @dung\n"
    )
    snv, stc, lock = (
        f"inventories/tinh/registry/{rest}" for rest in (r"agencies/snv\\.yml", r"agencies/stc\\.yml", "addresses/.*")
    )
    assert codeowners(said, REGISTRY, Form.REGEX) == head + (
        f"!({snv}|{stc}|{lock}) @an @binh\n{snv} @chi @an @binh\n{stc} @dung @an @binh\n{lock} @an @binh @chi @dung\n"
    )


def test_a_broken_file_is_told(keys: Path) -> None:
    with pytest.raises(RegistryError, match=r"approvers\.yml"):
        approval.read(approvers(keys).replace("province", "tinh").encode())


# --- A push to a bare repository


@pytest.fixture
def server(clone: Clone, tmp_path: Path) -> Path:
    """Return a bare repository with the hook, to which the first commit has been pushed."""
    bare = tmp_path / "bare.git"
    clone.git("init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    clone.git("-C", str(bare), "config", "--add", "congvu.registry", REGISTRY)
    clone.git("-C", str(bare), "config", "receive.denyDeleteCurrent", "ignore")
    (bare / "hooks" / "update").symlink_to(HOOK)
    clone.git("remote", "add", "origin", str(bare))
    clone.git("push", "--quiet", "origin", "main")
    return bare


def push(clone: Clone, *words: str) -> str:
    """Push, and return what the server said against it."""
    try:
        clone.git("push", "--quiet", "origin", *words)
    except subprocess.CalledProcessError as error:
        return str(error.stderr)
    return ""


def test_the_server_lets_in_a_proposal_and_its_merge(clone: Clone, server: Path) -> None:
    assert server.is_dir()
    newcomer(clone, "chi")
    assert push(clone, "HEAD:refs/heads/them-nguoi") == ""
    clone.merge("an")
    assert push(clone, "main") == ""


@pytest.mark.parametrize("branch", ["main", "them-nguoi"])
def test_the_server_refuses_what_is_not_ones_own_and_says_so_in_vietnamese(
    clone: Clone, server: Path, branch: str
) -> None:
    before = clone.git("-C", str(server), "rev-parse", "main")
    newcomer(clone, "dung")
    assert f"sửa {SNV}, là tệp mà dung không được sửa." in push(clone, f"HEAD:refs/heads/{branch}")
    assert clone.git("-C", str(server), "for-each-ref", "--format=%(objectname)") == before


def test_the_server_refuses_an_unsigned_merge_a_forced_push_and_a_removal(clone: Clone, server: Path) -> None:
    assert server.is_dir()
    start = clone.git("rev-parse", "HEAD")
    newcomer(clone, "chi")
    clone.merge("an", sign=None)
    assert "không được ký bằng khoá nào" in push(clone, "main")
    clone.git("checkout", "--quiet", start)
    clone.git("branch", "--force", "main", start)
    newcomer(clone, "chi")
    clone.merge("an")
    assert push(clone, "main") == ""
    assert "lịch sử của nhánh đã bị viết lại" in push(clone, "--force", f"{start}:refs/heads/main")
    assert "Không được xoá nhánh" in push(clone, ":main")
