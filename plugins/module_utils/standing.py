"""Who stands in for a head who is away, and on which days (CM Điều 7.1.a: "ủy quyền cho 01 phó").

A leave names the deputy; the deputy has the head's place in all mailboxes of that agency which the head manages, as
long as the leave lasts and the head is head. So it begins and ends by the clock, on the leave's decision or its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .model import Role, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .model import Agency, Grant, Mailbox, Post

    Careers = Mapping[str, tuple[Post, ...]]


def stand_ins(agency: Agency, mailbox: Mailbox, persons: Careers, seconds: Careers) -> Iterator[Grant]:
    """Yield who stands in for the mailbox's heads, each on the days that this comes to."""
    for head in mailbox.roles.get(Role.HEAD, ()):
        for post in (*persons.get(head.person, ()), *seconds.get(head.person, ())):
            for leave in post.absences if post.agency == agency.code else ():
                for deputy in leave.deputies:
                    if span := common(head, post, leave, deputy):
                        decision = deputy.decision or leave.decision
                        yield replace(deputy, since=span.since, until=span.until, decision=decision)


def common(*spans: Span | Post) -> Span | None:
    """Return the days that all of these have; None where there is none."""
    since = max((span.since for span in spans if span.since), default=None)
    until = min((span.until for span in spans if span.until), default=None)
    return Span(since, until) if since is None or until is None or since < until else None
