"""What the journals tell of an account: from where it was used, and what it sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.congvu.mail.plugins.module_utils.activity import Letter, Use, letters, queue_ids, uses
from ansible_collections.congvu.mail.plugins.module_utils.maillog import (
    Queued,
    Refused,
    SignedIn,
    SignInRefused,
    Taken,
)

START = datetime(2026, 11, 22, 1, tzinfo=UTC)
NAMES = ("tth00018", "levanloc@thuathienhue.gov.vn")


def at(minute: int) -> dict[str, Any]:
    """Return what each event has."""
    return {"at": START + timedelta(minutes=minute), "host": "mail", "line": ""}


EVENTS = (
    SignedIn(user="tth00018", service="imap", client="203.0.113.9", session="a", **at(0)),
    SignedIn(user="tth00018", service="imap", client="203.0.113.9", session="b", **at(7)),
    SignedIn(user="LeVanLoc@thuathienhue.gov.vn", service="webmail", client="198.51.100.4", session="c", **at(2)),
    SignInRefused(user=NAMES[1], service="imap", client="203.0.113.9", reason="auth failed", **at(1)),
    SignedIn(user="tth00019", service="imap", client="203.0.113.9", session="d", **at(9)),
    Taken(queue="Q1", service="submissions", client="unknown[203.0.113.9]:50122", user="tth00018", **at(3)),
    Queued(queue="Q1", sender="snv@thuathienhue.gov.vn", size=900, recipients=120, **at(3)),
    Taken(queue="Q2", service="submissions", client="unknown[203.0.113.9]", user="tth00018", **at(4)),
    Refused(
        queue="Q2", service="cleanup", client="unknown[203.0.113.9]", reply="5.7.1", sender="", recipient="", **at(4)
    ),
    Taken(queue="Q3", service="submissions", client="unknown[203.0.113.9]", user="tth00019", **at(5)),
    Queued(queue="Q3", sender="b@thuathienhue.gov.vn", size=900, recipients=1, **at(5)),
    Taken(queue="Q4", service="smtpd", client="mx.example[192.0.2.1]", **at(6)),
)


def test_sign_ins_are_counted_by_place_the_latest_first() -> None:
    assert uses(EVENTS, NAMES) == [
        Use("203.0.113.9", "imap", False, 2, START, START + timedelta(minutes=7)),  # noqa: FBT003 -- a column
        Use("203.0.113.9", "submissions", False, 2, START + timedelta(minutes=3), START + timedelta(minutes=4)),  # noqa: FBT003
        Use("198.51.100.4", "webmail", False, 1, START + timedelta(minutes=2), START + timedelta(minutes=2)),  # noqa: FBT003
        Use("203.0.113.9", "imap", True, 1, START + timedelta(minutes=1), START + timedelta(minutes=1)),  # noqa: FBT003
    ]


def test_letters_are_those_that_were_taken_under_the_account_whatever_sender_they_name() -> None:
    assert queue_ids(EVENTS, "tth00018") == ["Q1", "Q2"]
    assert letters(EVENTS, "tth00018") == [
        Letter(START + timedelta(minutes=3), "Q1", "203.0.113.9", "snv@thuathienhue.gov.vn", 120)
    ]


def test_a_letter_of_which_the_journal_has_lost_the_rest_counts_all_the_same() -> None:
    (found,) = letters([event for event in EVENTS if not isinstance(event, Queued | Refused)][:6], "tth00018")[:1]
    assert (found.queue, found.sender, found.recipients) == ("Q1", "", 0)


def test_nothing_is_told_of_an_account_that_did_nothing() -> None:
    assert (uses(EVENTS, ("tth00077",)), letters(EVENTS, "tth00077")) == ([], [])
