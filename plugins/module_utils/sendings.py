"""Reports that were sent: what went out stays as it was, for the ledger to rest on.

Each sending has a folder beside its report, ``reports/<report>/da-gui/<moment>/``, with the documents and a note of
when they went to whom, on whose behalf and by which letter. A later edition of the report changes nothing in it. The
last note stands beside the report as well: by it a report is due or not.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from .files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from zoneinfo import ZoneInfo

FOLDER = "reports"  # below the estate's state
KEPT = "da-gui"  # in a report's folder
NOTE = "da-gui.json"


@dataclass(frozen=True, slots=True)
class Sending:
    """One letter with a report."""

    at: str  # UTC, ISO 8601
    about: str  # in Vietnamese, as it follows `báo cáo`
    sender: str  # uid of the mailbox that reports
    recipients: tuple[str, ...]  # addresses
    message_id: str
    due: str = ""  # the last day, ISO 8601; empty where nobody waits for it
    late: bool = False
    by: str = ""

    @property
    def told(self) -> str:
        """Say it in a sentence in Vietnamese."""
        day = f"{date.fromisoformat(self.due):%d/%m/%Y}" if self.due else ""
        term = f", {'quá hạn' if self.late else 'đúng hạn'} (chậm nhất ngày {day})" if day else ""
        return f"Gửi báo cáo {self.about} đến {', '.join(self.recipients)}{term}."


def is_kept(report: Path, message_id: str) -> bool:
    """Tell whether a letter's sending is kept. ``report`` is the report's folder."""
    kept = (read(note) for note in report.glob(f"{KEPT}/*/{NOTE}"))
    return any(sending and sending.message_id == message_id for sending in kept)


def keep(sending: Sending, files: Iterable[Path], report: Path, *, is_owed: bool) -> Path:
    """Keep what was sent, the note last: without it there is nothing. ``is_owed`` reports are due no more by this."""
    moment = datetime.fromisoformat(sending.at).astimezone(UTC)
    folder = report / KEPT / f"{moment:%Y%m%dT%H%M%S.%fZ}"
    folder.mkdir(mode=0o700, parents=True)
    for file in files:
        write_whole(folder / file.name, file.read_bytes(), mode=0o600)
    note = json.dumps(asdict(sending), ensure_ascii=False, indent=4).encode() + b"\n"
    write_whole(folder / NOTE, note, mode=0o600)
    if is_owed:
        write_whole(report / NOTE, note, mode=0o600)
    return folder


def read(note: Path) -> Sending | None:
    """Read a note; None where somebody made it one that says nothing."""
    try:
        said = json.loads(note.read_bytes())
        return Sending(**{**said, "recipients": tuple(said["recipients"])})
    except (ValueError, TypeError, KeyError):
        return None


def notes(state: Path) -> Iterator[Path]:
    """Give the notes of all sendings that are kept, report by report in their order."""
    yield from sorted((state / FOLDER).glob(f"*/{KEPT}/*/{NOTE}"))


def days(state: Path, zone: ZoneInfo) -> dict[str, date]:
    """Give the days on which reports were sent last, by the names of their periods."""
    return {
        note.parent.name: datetime.fromisoformat(json.loads(note.read_bytes())["at"]).astimezone(zone).date()
        for note in (state / FOLDER).glob(f"*/{NOTE}")
    }
