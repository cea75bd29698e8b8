"""The Git commit that a registry stands at."""

from __future__ import annotations

import subprocess
from shutil import which
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ASIDE = ("overrides", "exceptions")  # folders that say nothing about how the estate should be


class CommitError(Exception):
    """Git does not say at which commit the registry stands: why, and what to do about it."""


def commit_of(root: Path) -> str:
    """Return the Git commit that last changed the registry, on the line of commits that the checkout follows.

    A merge counts as the commit that brought its changes in. Overrides do not count: they come after the plan that
    they are about, which must stay the same. Nor do exceptions, which no plan knows. Empty outside Git; with `+dirty`
    behind it where a file below ``root`` differs from the commit. Raises CommitError where Git refuses to answer, for
    example because the files are another user's.
    """
    if not _is_kept(root):
        return ""
    said = ("--", ".", *(f":(exclude){folder}" for folder in ASIDE))
    commit = ask(root, "log", "-1", "--first-parent", "--format=%H", *said) or ask(root, "rev-parse", "HEAD")
    return f"{commit}+dirty" if ask(root, "status", "--porcelain", *said) else commit


def unreviewed(root: Path, folder: str) -> frozenset[str]:
    """Return the files of a folder that are not as the checked-out commit has them; none outside Git.

    Raises CommitError as ``commit_of`` does.
    """
    if not _is_kept(root):
        return frozenset()
    said = ask(root, "status", "--porcelain", "-z", "--untracked-files=all", "--ignored", "--", folder).split("\0")
    return frozenset(line.rpartition("/")[2] for line in said if line)


def _is_kept(root: Path) -> bool:
    return any((folder / ".git").exists() for folder in (root.resolve(), *root.resolve().parents))


def commits_between(root: Path, since: str, until: str) -> tuple[str, ...]:
    """Return the commits that changed something below ``root``, the newest first; without ``since``, the last alone.

    Merges are left out: what they brought together is told by itself. Empty if Git does not know the two.
    """
    if not until or not commit_of(root):
        return ()
    span = ["--max-count=1", until] if not since else [f"{since}..{until}"]
    try:
        return tuple(ask(root, "rev-list", "--no-merges", *span, "--", ".").split())
    except CommitError:
        return ()  # another clone, or a commit that is gone


def ask(root: Path, *words: str) -> str:
    """Ask Git something about the checkout of ``root``. Raises CommitError where there is no answer."""
    git = which("git")
    if git is None:
        message = f"{root} is kept in Git, but there is no git here to tell its commit. Install it where this runs."
        raise CommitError(message)
    try:
        return subprocess.run([git, "-C", str(root), *words], check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 -- fixed words
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[0].rstrip(".")
        remedy = f"Run 'git -C {root} status' as the same user, and follow what it says."
        message = f"Git does not tell the commit of {root}: {said}. {remedy}"
        raise CommitError(message) from error
