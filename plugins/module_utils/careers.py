"""People's posts put in order: one main post at a time, through transfers and the mergers of agencies.

What stands in the files is what a clerk writes; what stands here is what held on each day.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from .model import Tie

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .model import Agency, Post

Careers = dict[str, tuple["Post", ...]]


def careers(agencies: Mapping[str, Agency]) -> tuple[Careers, Careers]:
    """Return each person's main posts in order, and the second ones.

    An open main post ends where the next one begins. Whoever is in an agency on the day it ends goes on in its
    successor, on the decision that ended it.
    """
    main: defaultdict[str, list[Post]] = defaultdict(list)
    second: defaultdict[str, list[Post]] = defaultdict(list)
    for agency in agencies.values():
        for post in agency.posts:
            (main if post.tie is Tie.MAIN else second)[post.person].append(post)
    ended = [agency for agency in agencies.values() if agency.until]
    moved = {post.person for agency in ended for post in agency.posts}
    return (
        {person: _in_order(main[person], agencies if person in moved else {}) for person in sorted(main)},
        {person: _continued(second[person], agencies if person in moved else {}) for person in sorted(second)},
    )


def _in_order(posts: list[Post], agencies: Mapping[str, Agency]) -> tuple[Post, ...]:
    if len(posts) > 1:
        posts.sort(key=_place)
        posts = [
            *(post if post.until else post._replace(until=following.since) for post, following in pairwise(posts)),
            posts[-1],
        ]
    return _continued(posts, agencies)


def _place(post: Post) -> tuple[object, ...]:
    return post.since, post.origin


def _continued(posts: list[Post], agencies: Mapping[str, Agency]) -> tuple[Post, ...]:
    if not agencies:
        return tuple(posts)
    return tuple(part for post in posts for part in _parts(post, agencies))


def _parts(post: Post, agencies: Mapping[str, Agency]) -> Iterator[Post]:
    """Yield a post in the agency where it is, then in those that take it over."""
    passed = set()
    while (agency := agencies.get(post.agency)) and agency.until and agency.code not in passed:
        passed.add(agency.code)
        end = agency.until
        if post.since >= end or (post.until or date.max) <= end:
            break
        yield post._replace(until=end, until_decision=agency.until_decision, ending=None, successors=())
        heir = agencies.get(agency.successor or "")
        if heir is None:
            return
        post = post._replace(
            since=end,
            agency=heir.code,
            unit=next((unit for unit in (post.unit, agency.code) if unit in heir.units), None),
            decision=agency.until_decision,
            continues=True,
        )
    yield post
