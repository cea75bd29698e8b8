"""What lies in the folders of a mailbox, counted by the store itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from .mailstore import INBOX, SHARED, Command

if TYPE_CHECKING:
    from .mailstore import Store


def count(store: Store, mailbox: str) -> list[dict[str, Any]]:
    """Return of each folder, INBOX first: its name, letters, unread ones, bytes, days of the oldest and the newest.

    Days are those on which letters arrived, in ISO 8601, in the time zone of the store; None where there is no letter.
    """
    fields = ["messages", "unseen", "vsize"]
    status = Command("mailboxStatus", {"user": mailbox, "field": fields, "mailboxMask": ["*"]})
    rows = [row for row in store.ask([status])[0] if not f"{row['mailbox']}/".startswith(SHARED)]
    rows.sort(key=lambda row: (row["mailbox"] != INBOX, row["mailbox"]))
    fetches = [
        Command(
            "fetch",
            {"user": mailbox, "field": ["date.received"], "query": ["mailbox", row["mailbox"], "all"]},
        )
        for row in rows
    ]
    return [
        {
            "name": row["mailbox"],
            "messages": int(row["messages"]),
            "unread": int(row["unseen"]),
            "size": int(row["vsize"]),
            **_days([letter["date.received"] for letter in letters]),
        }
        for row, letters in zip(rows, store.ask(fetches), strict=True)
    ]


def _days(received: list[str]) -> dict[str, str | None]:
    days = sorted(datetime.strptime(moment[:10], "%Y-%m-%d").date() for moment in received)  # noqa: DTZ007 -- a day
    return {"oldest": days[0].isoformat() if days else None, "newest": days[-1].isoformat() if days else None}
