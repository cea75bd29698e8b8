"""Agencies and posts, and the files that people would write of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

UNITS = {
    "vp": "Văn phòng",
    "tccb": "Phòng Tổ chức cán bộ",
    "khtc": "Phòng Kế hoạch - Tài chính",
    "ttra": "Thanh tra",
    "cntt": "Phòng Công nghệ thông tin",
    "phapche": "Phòng Pháp chế",
}


@dataclass(frozen=True, slots=True)
class Post:
    """One item of ``people``: a main post, or with ``kind`` another one beside it."""

    person: str
    name: str
    unit: str
    title: str
    since: date
    until: date | None = None
    ending: str = ""
    kind: str = ""
    changes: tuple[str, ...] = ()
    absences: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """Write it as people do."""
        yield f"  - id: {self.person}"
        yield f"    name: {self.name}"
        yield f"    unit: {self.unit}"
        yield f"    title: {self.title}"
        yield from (f"    {key}: {value}" for key, value in (("kind", self.kind), ("ending", self.ending)) if value)
        yield f"    since: {self.since}"
        yield f"    decision: {number(self.since)}"
        if self.until:
            yield f"    until: {self.until}"
            yield f"    until_decision: {number(self.until)}"
        for key, items in (("changes", self.changes), ("absences", self.absences)):
            if items:
                yield f"    {key}:"
                yield from (f"      - {{{item}}}" for item in items)


@dataclass(slots=True)
class Agency:
    """One agency's file; its first three posts are the head's, the deputy's and the clerk's, and stay."""

    code: str
    name: str
    kind: str
    units: tuple[str, ...]
    posts: list[Post] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)  # since, until and what goes with them
    changes: list[str] = field(default_factory=list)
    readers: tuple[str, ...] = ()  # agencies whose people read the folder, if there is one

    def text(self) -> str:
        """Write the file."""
        head, deputy, clerk = (post.person for post in self.posts[:3])
        lines = [
            "# Invented.",
            f"code: {self.code}",
            f"name: {self.name}",
            f"kind: {self.kind}",
            f"account: {self.code}@thuathienhue.gov.vn",
            "decision: 05/2005/QĐ-UB",
            *self.facts,
            *(("changes:", *(f"  - {{{change}}}" for change in self.changes)) if self.changes else ()),
            f"head: {head}",
            f"deputies: [{deputy}]",
            f"clerks: [{clerk}]",
            "units:",
            *(f"  {code}: {UNITS[code]}" for code in self.units),
            *(self._shared(head, deputy, clerk) if self.readers else ()),
            "people:",
            *(line for post in self.posts for line in post.lines()),
        ]
        return "\n".join(lines) + "\n"

    def _shared(self, head: str, deputy: str, clerk: str) -> Iterator[str]:
        """Write a mailbox of several people and a folder for other agencies, as bigger agencies have them."""
        yield "mailboxes:"
        yield f"  {self.code}-motcua:"
        yield f"    name: Bộ phận một cửa {self.name}"
        yield f"    account: motcua.{self.code}@thuathienhue.gov.vn"
        yield f"    head: {deputy}"
        yield f"    clerks: [{clerk}]"
        yield "folders:"
        yield f"  {self.code}-giaoban:"
        yield f"    name: Họp giao ban của {self.name}"
        yield "    managers:"
        yield f"      - person: {head}"
        yield "    writers:"
        yield "      - unit: vp"
        yield "    readers:"
        yield from (f"      - agency: {reader}" for reader in self.readers)


def number(day: date) -> str:
    """Give the number of a decision of a day."""
    return f"{day:%j}/{day:%Y}/QĐ-UBND"
