"""How long mail is kept when its mailbox has closed: the regulation's term, and every hold upon it.

Pure, as ``compile`` is: what is kept on a day follows from the registry and the day alone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from .model import Span, State
from .phrase import Phrase

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


def unripe(state: str, until: str, day: date) -> Phrase | None:
    """Say why mail may not be removed on a day, as far as its entry in the directory tells; None if it may.

    What the entry says was applied before, so that neither a wrong year in an `until` nor a term cut short in the
    policy removes anything at once. ``until`` is the entry's own `congvuRetainUntil`.
    """
    if state not in (State.DISABLED, State.HELD):
        return Phrase("it may still sign in or take letters")
    try:
        ripe = ripe_on(until)
    except ValueError:
        return Phrase("its entry does not say until when it is kept")
    return Phrase("it is to be kept until {moment}", {"moment": until}) if day < ripe else None


def ripe_on(until: str) -> date:
    """Return the first day on which mail may be removed that is kept until a moment, as GeneralizedTime.

    Days begin in the estate's zone, which is that of Vietnam: before they do in that of Greenwich.
    """
    moment = datetime.strptime(until, "%Y%m%d%H%M%S%z").astimezone(UTC)
    midnight = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return moment.date() + timedelta(moment > midnight)


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
