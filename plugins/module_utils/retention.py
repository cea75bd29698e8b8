"""How long mail is kept when its mailbox has closed: the regulation's term, and every hold upon it.

Pure, as ``compile`` is: what is kept on a day follows from the registry and the day alone.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from .model import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Agency, Grant, Hold, Mailbox, Policy, Post

    Holds = Mapping[str, tuple[Hold, ...]]  # by uid, in the order of their days


def kept_until(policy: Policy, end: date) -> date:
    """Return the first day on which the mail may go of somebody who is in no post from the day ``end`` on."""
    return end + timedelta(policy.retention_days)


def mailbox_kept_until(policy: Policy, end: date) -> date:
    """Return the same for a shared mailbox: not before its heir has had its letters for the last time."""
    return end + timedelta(max(policy.mailbox_retention_days, policy.former_days))


def purge_day(due: date, holds: tuple[Hold, ...]) -> date | None:
    """Return the day on which mail is removed that may go from ``due`` on, or None while a hold has no end.

    It is the first day that no hold covers. They come in the order of their days, so that one look at each will do.
    """
    for hold in holds:
        if hold.covers(due):
            if hold.until is None:
                return None
            due = hold.until
    return due


def of_person(policy: Policy, post: Post, holds: Holds) -> date | None:
    """Return the day on which the mail is removed that somebody leaves behind with a post; None if never."""
    return purge_day(kept_until(policy, post.until), holds.get(post.person, ())) if post.until else None


def of_mailbox(policy: Policy, agency: Agency, mailbox: Mailbox, holds: Holds) -> date | None:
    """Return the day on which a shared mailbox's mail is removed; None if never."""
    end = closing(agency, mailbox)
    return purge_day(mailbox_kept_until(policy, end), holds.get(mailbox.uid, ())) if end else None


def closing(agency: Agency, mailbox: Mailbox) -> date | None:
    """Return the first day on which a shared mailbox is closed."""
    return min((span.until for span in (agency, mailbox) if span.until), default=None)


def reading(policy: Policy, post: Post, grant: Grant, holds: Holds) -> Span | None:
    """Return the days on which a successor may read what a post leaves behind: while it is kept; None if never."""
    if post.until is None:
        return None
    since = max(post.until, grant.since or post.until)
    ends = [end for end in (grant.until, of_person(policy, post, holds)) if end]
    until = min(ends, default=None)
    return Span(since, until) if until is None or since < until else None
