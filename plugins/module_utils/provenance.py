"""Where a commit of the registry came from: who wrote it, who took it in, who signed for it; as Git tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .commit import CommitError, ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Lines at the end of a commit's message by which people answer for it (git-interpret-trailers).
REQUESTED = "Requested-from"  # the official mailbox that the request came from (BT Điều 8.3)
TRAILERS = ("Approved-by", "Reviewed-by", "Signed-off-by", REQUESTED)
_FORMAT = "%H%x00%P%x00%an <%ae>%x00%aI%x00%cn <%ce>%x00%cI%x00%G?%x00%GS%x00%s"
_TRAILERS = "".join(f"%(trailers:key={key},valueonly,separator=%x01)%x00" for key in TRAILERS)
_GOOD = "GXYU"  # what Git says of signatures that fit, though the key be expired or of unknown trust


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. ``brought`` are the commits that it brought in, of the registry alone, if it is a merge."""

    id: str
    author: str
    written: datetime
    committer: str  # of a merge: who merged
    at: datetime
    subject: str
    signer: str  # who signed, as far as the signature fits; empty without one
    answered: tuple[tuple[str, str], ...] = ()  # trailers: how somebody answers for it, and who
    brought: tuple[Commit, ...] = ()

    @property
    def is_merge(self) -> bool:
        """Tell whether somebody took in what others had written."""
        return bool(self.brought)


def told(root: Path, commit: str) -> Commit | None:
    """Tell of a commit of the registry below ``root``; None if Git is not here, or does not know it."""
    id_ = commit.partition("+")[0]
    if not id_:
        return None
    try:
        found, parents = _one(root, id_)
        if len(parents) > 1:
            brought = tuple(_one(root, each)[0] for each in _brought(root, found.id))
            return _with(found, brought)
    except CommitError:
        return None  # another clone, or no Git at all
    return found


def _brought(root: Path, merge: str) -> Iterator[str]:
    yield from ask(root, "rev-list", "--no-merges", f"{merge}^1..{merge}", "--", ".").split()


def _one(root: Path, id_: str) -> tuple[Commit, list[str]]:
    said = ask(root, "show", "-s", f"--format={_FORMAT}%x00{_TRAILERS}", f"{id_}^{{commit}}").rstrip("\n")
    whole, parents, author, written, committer, at, signature, signer, subject, *trailers = said.split("\0")
    by_key = zip(TRAILERS, trailers, strict=False)
    answered = tuple((key, who) for key, each in by_key for who in each.split("\1") if who)
    return (
        Commit(
            id=whole,
            author=author,
            written=datetime.fromisoformat(written),
            committer=committer,
            at=datetime.fromisoformat(at),
            subject=subject,
            signer=signer if signature and signature in _GOOD else "",
            answered=answered,
        ),
        parents.split(),
    )


def _with(commit: Commit, brought: tuple[Commit, ...]) -> Commit:
    fields = {name: getattr(commit, name) for name in Commit.__dataclass_fields__}
    return Commit(**{**fields, "brought": brought})
