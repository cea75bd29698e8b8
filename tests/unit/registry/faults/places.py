"""Where something is said in all files of a kind, each with the post or role that it belongs to.

What belongs to neither makes the engine give up its whole file, or is best left alone with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .original import Grant, Post, Said

if TYPE_CHECKING:
    from .broken import Copy

Owned = tuple[Said, Post | Grant | None]
Places = Callable[["Copy"], Iterator[Owned]]


def in_file(file: str, path: str, copy: Copy) -> Iterator[Owned]:
    """Yield what stands at a path such as `quotas/person` in one file."""
    for said in copy.sound.files[file].find(*_steps(path)):
        yield said, None


def in_agencies(path: str, copy: Copy) -> Iterator[Owned]:
    """Yield what stands at a path such as `units/*/name` in all agencies' files."""
    for said in copy.sound.find(*_steps(path)):
        yield said, None


def in_posts(path: str, copy: Copy) -> Iterator[Owned]:
    """Yield what stands at a path in all posts."""
    for post in copy.sound.posts:
        for said in post.said.find(*_steps(path)):
            yield said, post


def in_grants(path: str, copy: Copy, *, folder: bool = False) -> Iterator[Owned]:
    """Yield what stands at a path in all roles in mailboxes, or in folders."""
    for grant in copy.sound.grants:
        for said in grant.said.find(*_steps(path)) if grant.folder == folder else ():
            yield said, grant


def in_sections(copy: Copy) -> Iterator[Owned]:
    """Yield the sections and rules of the policy, but for what the world may read: there other keys must be."""
    policy = copy.sound.files["policy.yml"]
    for said in (*policy.find("*"), *policy.find("*", "*")):
        if "cite" in said and said.key != "directory_site":
            yield said, None


def in_lock(copy: Copy) -> Iterator[Owned]:
    """Yield what each line of the lock says."""
    for claim in copy.sound.claims:
        yield claim.said, None


def _steps(path: str) -> list[str]:
    return path.split("/") if path else []
