"""Faults of what is kept of a mailbox: who may read it, and what may not be removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault

from .original import Place
from .people import EVER, LATER, indented, take_post
from .seeding import seed

if TYPE_CHECKING:
    from .broken import Copy
    from .findings import Finding
    from .original import Post

HOLDS = "holds.yml"


def _named(copy: Copy, post: Post, successor: str) -> Place:
    """Let somebody read what a post leaves behind."""
    return copy.below(post.said, *indented(post.said["id"], f"successor: {successor}"))


@seed
def a_successor_to_somebody_who_stays(copy: Copy) -> list[Finding]:
    post = take_post(copy, without=("until",))
    return [(Fault.READER_WITHOUT_DAY, _named(copy, post, post.person))]


@seed
def a_successor_to_a_second_post(copy: Copy) -> list[Finding]:
    post = take_post(copy, "kind")
    place = _named(copy, post, post.person)
    faults = (Fault.NOTHING_LEFT,) if "until" in post.said else (Fault.NOTHING_LEFT, Fault.READER_WITHOUT_DAY)
    return [(fault, place) for fault in faults]


@seed
def a_leaver_as_successor(copy: Copy) -> list[Finding]:
    post = take_post(copy, "until", without=("kind", "successor"))
    return [(Fault.OWN_SUCCESSOR, _named(copy, post, post.person))]


@seed
def nobody_as_successor(copy: Copy) -> list[Finding]:
    post = take_post(copy, "until", without=("kind", "successor"))
    return [(Fault.NOBODY_AT_ALL, _named(copy, post, copy.newcomer()))]


@seed
def a_successor_until_before_the_leave(copy: Copy) -> list[Finding]:
    post, other = (
        take_post(copy, "until", without=("kind", "successor")),
        take_post(copy, without=("kind",), alone=True),
    )
    return [(Fault.NEVER_KEPT, _named(copy, post, f"{{person: {other.person}, until: {EVER}}}"))]


def _held(copy: Copy, uid: str) -> Place:
    """Put some mail on hold, late."""
    copy.take(HOLDS)
    copy.put(HOLDS, f"{uid}: {{since: {LATER}, decision: 1/CV-TTr, reason: Thanh tra}}\n")
    return Place(HOLDS, 0)


@seed
def a_hold_on_nobodys_mail(copy: Copy) -> list[Finding]:
    return [(Fault.NOTHING_TO_HOLD, _held(copy, copy.newcomer()))]


@seed
def a_hold_on_mail_that_is_gone(copy: Copy) -> list[Finding]:
    post = take_post(copy, "until", without=("kind", "successor"), alone=True)
    return [(Fault.HELD_TOO_LATE, _held(copy, post.person))]
