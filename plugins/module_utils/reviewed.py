"""What reviewers saw, and whether a plan does nothing else.

A plan is made anew when the change that it is for has been merged: the directory has moved on since, and so have the
commit and the moments that a plan names. What reviewers saw of it stays comparable: a set of facts, each a value that
an entry gets or loses. A plan may be applied without another look if each of its facts is one of those.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import store
from .changes import Move, PlanError, Update
from .commit import CommitError, ask
from .files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from .changes import Change, Plan

FOLDER = "reviews"
PROMOTED = "promoted"  # the commit of the registry that was last carried out whole
_COMMIT = re.compile(r"[0-9a-f]{40,64}")

Fact = tuple[str, ...]


def facts(changes: Iterable[Change]) -> frozenset[Fact]:
    """Return all that changes do, value by value: without days, causes, places in files, or what is only asserted."""
    return frozenset(fact for change in changes for fact in _facts(change))


def _facts(change: Change) -> Iterator[Fact]:
    if not isinstance(change, Update | Move):
        yield change.id, "is", change.operation
    if change.new_dn:
        yield change.id, "goes", change.new_dn
    if change.precondition is None:
        yield change.id, "stands", change.dn
    if change.password:
        yield change.id, "gets a password"
    for name in change.before.keys() | change.after.keys():
        old, new = set(change.before.get(name, ())), set(change.after.get(name, ()))
        yield from ((change.id, "gains", name, value) for value in new - old)
        yield from ((change.id, "loses", name, value) for value in old - new)


def unseen(plan: Plan, seen: frozenset[Fact]) -> tuple[Change, ...]:
    """Return the changes of a plan that do anything which nobody saw."""
    return tuple(change for change in plan.changes if not facts([change]) <= seen)


# --- On the disk


def keep(state: Path, head: str, plan: Plan) -> Path:
    """Note which plan was put forward for the branch that ends with a commit; a later one takes its place."""
    if not _COMMIT.fullmatch(head):
        message = f"'{head}' is no commit: give its whole id."
        raise PlanError(message)
    path = state / FOLDER / head
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, f"{plan.id}\n".encode(), mode=0o600)
    return path


def plans(state: Path, heads: Iterable[str], **meant: str | None) -> tuple[Plan, ...]:
    """Read the plans that were put forward for these commits, those that there are. Raises PlanError."""
    noted = (path for head in heads if (path := state / FOLDER / head).exists())
    return tuple(store.find(path.read_text(encoding="ascii").strip(), state / "plans", **meant) for path in noted)


def promoted(state: Path) -> str:
    """Return the commit that was last carried out whole, or nothing."""
    path = state / PROMOTED
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def heads(registry: Path, since: str) -> tuple[str, ...]:
    """Return the ends of the branches that were merged after a commit, or in the last one if that is not known.

    What came without a merge, fast-forward, is the end of its own branch.
    """
    try:
        line = ask(registry, "rev-list", "--first-parent", "--parents", f"{since}..HEAD") if since else ""
        line = line or ask(registry, "rev-list", "--parents", "--max-count=1", "HEAD")
    except CommitError:
        line = ask(registry, "rev-list", "--parents", "--max-count=1", "HEAD")
    commits = (said.split() for said in line.splitlines())
    return tuple(commit for own, *parents in commits for commit in (own, *parents[1:]))


def is_known(plan: Plan, carried_out: str) -> bool:
    """Tell whether the registry is the one carried out last: days have passed since, or hands were at work.

    Whatever such a plan does, the registry asked for it when it was reviewed.
    """
    applied = plan.applied.commit if plan.applied else ""
    return bool(plan.commit) and not plan.commit.endswith("+dirty") and plan.commit in (carried_out, applied)
