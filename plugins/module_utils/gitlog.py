"""The commits of a repository, as ``approval`` judges them: who signed them, and what they change.

Git is asked with words of ours alone, and reads signatures with the keys of the approvers and no others: neither the
user's keyring nor a setting of the repository has a part in it.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from . import approval
from .approval import FILE, Commit, Touch
from .commit import CommitError
from .model import RegistryError
from .phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .model import Approvers

_FIELDS = "%H%x00%P%x00%ce%x00%G?%x00%GS"
_GOOD = "G"


@dataclass(frozen=True, slots=True)
class Repository:
    """A Git repository, bare or not; ``folder`` is where in it the registry lies, without a slash at either end."""

    path: Path
    folder: str

    @classmethod
    def around(cls, registry: Path) -> Repository:
        """Find the repository in which a registry's files lie. Raises CommitError where there is none."""
        top = _run(registry, "rev-parse", "--show-toplevel").decode().strip()
        return cls(Path(top), registry.resolve().relative_to(Path(top).resolve()).as_posix())

    def refuse(self, since: str, until: str, *, branch: bool) -> Iterator[Phrase]:
        """Say what is wrong with the commits after ``since`` up to ``until``.

        With ``branch`` they are the protected branch's own; otherwise somebody puts them forward to it. Raises
        CommitError where Git does not know them.
        """
        old, new = self._id(since), self._id(until)
        if branch and not self._builds_on(new, old):
            facts = {"until": new[:12], "since": old[:12]}
            yield Phrase("Commit {until} does not build on {since}: the branch was written anew.", facts)
            return
        for commit in self._line(old, new) if branch else (new,):
            before = self._parent(commit) if branch else old
            approvers, faults = self._approvers(before)
            yield from faults
            if approvers is None:
                return
            brought = self._list(commit, f"^{before}")
            read = partial(self._commit, approvers=approvers)
            if branch:
                sides = [read(each) for each in brought if each != commit]
                yield from approval.merged(read(commit, main=True), sides, approvers, self.folder)
            else:
                yield from approval.proposed([read(each) for each in brought], approvers, self.folder)

    # What Git says

    def _line(self, old: str, new: str) -> list[str]:
        return self._git("rev-list", "--first-parent", "--reverse", f"{old}..{new}").split()

    def _list(self, *words: str) -> list[str]:
        return self._git("rev-list", "--topo-order", "--reverse", *words).split()

    def _id(self, name: str) -> str:
        return self._git("rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}").strip()

    def _parent(self, commit: str) -> str:
        return self._id(f"{commit}^1")

    def _builds_on(self, new: str, old: str) -> bool:
        return not self._git("rev-list", "--max-count=1", old, f"^{new}").strip()

    def _approvers(self, commit: str) -> tuple[Approvers | None, tuple[Phrase, ...]]:
        """Read who might change what as of a commit."""
        content = self._content(commit, self._path(FILE))
        facts: dict[str, object] = {"commit": commit[:12], "file": self._path(FILE)}
        if content is None:
            return None, (Phrase("As of commit {commit} there is no {file}: nobody may change anything.", facts),)
        try:
            return approval.read(content), ()
        except RegistryError as error:
            facts["fault"] = error.problems[0].what
            return None, (Phrase("As of commit {commit} {file} cannot be read: {fault}", facts),)

    def _path(self, file: str) -> str:
        return f"{self.folder}/{file}".lstrip("/")

    def _content(self, commit: str, path: str) -> bytes | None:
        try:
            return _run(self.path, "cat-file", "blob", f"{commit}:{path}")
        except CommitError:
            return None

    def _commit(self, commit: str, approvers: Approvers, *, main: bool = False) -> Commit:
        id_, parents, address, good, signer = self._signed(commit, approvers)
        line = parents.split()
        touches = tuple(self._touches(id_, line, main=main))
        codes = {
            code for touch in touches if touch.path.startswith(self._path("addresses/")) for code in approvers.agencies
        }
        names = {code: self._named(id_, code) for code in codes}
        return Commit(id_, signer if good == _GOOD else "", address, len(line) > 1, touches, names)

    def _signed(self, commit: str, approvers: Approvers) -> Sequence[str]:
        with TemporaryDirectory(prefix="congvu-signers-") as folder:
            allowed = Path(folder, "allowed_signers")
            allowed.write_text(approval.signers(approvers), encoding="ascii")
            # Signatures of other kinds would be read with whatever keys the user has.
            kinds = ("gpg.program=false", "gpg.x509.program=false", f"gpg.ssh.allowedSignersFile={allowed}")
            settings = [word for kind in kinds for word in ("-c", kind)]
            return self._git(*settings, "log", "-1", f"--format={_FIELDS}", commit).rstrip("\n").split("\0")

    def _named(self, commit: str, code: str) -> frozenset[str]:
        content = self._content(commit, self._path(f"agencies/{code}.yml"))
        return frozenset() if content is None else approval.named(content)

    def _touches(self, commit: str, parents: Sequence[str], *, main: bool) -> Iterator[Touch]:
        """Yield what a commit changes; of a merge beside the branch, what is in none of its parents."""
        told = ["diff-tree", "-r", "-z", "--no-renames", "--no-commit-id"]
        if len(parents) > 1 and not main:
            for path in filter(None, self._git(*told, "-c", "--name-only", commit).split("\0")):
                yield Touch(path, mode="merged")
            return
        sides = [parents[0], commit] if parents else ["--root", commit]
        words = self._git(*told, *sides).split("\0")
        for said, path in zip(words[0::2], words[1::2], strict=False):
            mode = said.split()[1]
            is_lock = path.startswith(self._path("addresses/"))
            before = self._content(parents[0], path) if is_lock and parents else None
            yield Touch(path, mode, before, self._content(commit, path) if is_lock else None)

    def _git(self, *words: str) -> str:
        return _run(self.path, *words).decode("utf-8", "surrogateescape")


def _run(path: Path, *words: str) -> bytes:
    git = which("git")
    if git is None:
        message = "There is no git here to tell what was changed. Install it where this runs."
        raise CommitError(message)
    try:
        return subprocess.run([git, "-C", str(path), *words], check=True, capture_output=True).stdout  # noqa: S603 -- fixed words
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines() or [str(error)]
        message = f"Git does not tell of {path}: {said[0]}."
        raise CommitError(message) from error
