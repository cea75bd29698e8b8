"""A periodic report as plain values, for other programs: of people only who lacks a mailbox or never used it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .figures import Figures, Row, Share


def data(figures: Figures) -> dict[str, Any]:
    """Return the report; days are ISO 8601, sizes KiB, rates from 0 to 1, and null is not known."""
    return {
        "period": figures.period.name,
        "since": str(figures.period.since),
        "until": str(figures.period.until),
        "as_of": str(figures.as_of),
        "agency": figures.agency,
        "working_days": figures.working,
        "counted_days": figures.counted,
        "gaps": [{"day": str(gap.day), "why": str(gap.why), "hosts": list(gap.hosts)} for gap in figures.gaps],
        "people": figures.people,
        "accounts": figures.accounts,
        "usage": _share(figures.usage),
        "shared": _share(figures.shared),
        "agencies": [_row(row) for row in figures.rows],
        "mailboxes": [{"id": box.uid, "agency": box.agency, **_share(box.usage)} for box in figures.boxes],
        "changes": [
            {
                "day": str(each.day),
                "deed": str(each.deed),
                "agency": each.agency,
                "id": each.id,
                "decision": each.decision,
                "applied": str(each.applied) if each.applied else None,
                "working_days": each.taken,
                "late": each.late,
            }
            for each in figures.changes
        ],
        "storage": {str(day): size for day, size in figures.storage},
        "forecast": {
            "monthly": figures.forecast.monthly,
            "then": figures.forecast.then,
            "day": str(figures.forecast.day),
        }
        if figures.forecast
        else None,
    }


def _row(row: Row) -> dict[str, Any]:
    letters = row.letters
    return {
        "code": row.code,
        "name": row.name,
        "people": row.people,
        "accounts": row.accounts,
        "without": [each.uid for each in row.lacking],
        "never": None if row.never is None else [each.uid for each in row.never],
        "usage": _share(row.usage),
        "shared": _share(row.shared),
        "seen": row.seen,
        "looks": row.looks,
        "sent": letters.sent if letters else None,
        "received": letters.received if letters else None,
        "private_sent": letters.private_sent if letters else None,
        "private_received": letters.private_received if letters else None,
        "storage": row.storage,
        "score": row.score,
        "rank": row.rank,
    }


def _share(share: Share) -> dict[str, Any]:
    return {"met": share.met, "of": share.of, "rate": share.rate}
