"""Who wrote a commit, who took it in, and who answers for it, from a real repository."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.provenance import told

if TYPE_CHECKING:
    from pathlib import Path


class Repository:
    """A registry in Git."""

    def __init__(self, root: Path) -> None:
        """Begin it, with one commit of somebody's."""
        self.root = root
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("estate.yml", "name: thu\n", "feat: begin")

    def git(self, *words: str, who: str = "Lê Thị Bình") -> str:
        """Run Git as somebody."""
        address = f"{who.rsplit(maxsplit=1)[-1].lower()}@tinh.gov.vn"
        own = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "HOME": str(self.root)}
        for role in ("AUTHOR", "COMMITTER"):
            own |= {f"GIT_{role}_NAME": who, f"GIT_{role}_EMAIL": address}
        command = ["git", "-C", str(self.root), *words]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **own})  # noqa: S603 -- our own words
        return done.stdout.strip()

    def commit(self, file: str, text: str, message: str, who: str = "Lê Thị Bình") -> str:
        """Commit a file, and return the commit."""
        (self.root / file).write_text(text, encoding="utf-8")
        self.git("add", file, who=who)
        self.git("commit", "--quiet", "-m", message, who=who)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_a_commit_tells_author_and_those_who_answer_for_it(repository: Repository) -> None:
    message = "feat(snv): điều động\n\n12/QĐ-SNV\n\nApproved-by: Trần An <an@tinh.gov.vn>\nReviewed-by: Võ Chi"
    id_ = repository.commit("a.yml", "x\n", message)
    found = told(repository.root, id_)
    assert found is not None
    assert (found.id, found.author, found.committer) == (id_, "Lê Thị Bình <bình@tinh.gov.vn>", found.author)
    assert (found.subject, found.signer, found.is_merge) == ("feat(snv): điều động", "", False)
    assert found.answered == (("Approved-by", "Trần An <an@tinh.gov.vn>"), ("Reviewed-by", "Võ Chi"))


def test_a_merge_tells_who_merged_and_what_it_brought(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "snv")
    one, two = (repository.commit(f"{name}.yml", "x\n", f"feat: {name}", "Nguyễn Văn Em") for name in "ab")
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "-m", "Merge branch 'snv'", "snv", who="Trần An")
    found = told(repository.root, repository.git("rev-parse", "HEAD"))
    assert found is not None
    assert (found.is_merge, found.committer) == (True, "Trần An <an@tinh.gov.vn>")
    assert [commit.id for commit in found.brought] == [two, one]
    assert {commit.author for commit in found.brought} == {"Nguyễn Văn Em <em@tinh.gov.vn>"}


@pytest.mark.parametrize("commit", ["", "+dirty", "0123456789ab", "--help"])
def test_what_git_does_not_know_is_told_by_nobody(repository: Repository, commit: str) -> None:
    assert told(repository.root, commit) is None


def test_a_dirty_checkout_is_told_by_its_commit(repository: Repository) -> None:
    id_ = repository.git("rev-parse", "HEAD")
    found = told(repository.root, f"{id_[:12]}+dirty")
    assert found is not None
    assert found.id == id_


def test_outside_git_nothing_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, "0123456789ab") is None
