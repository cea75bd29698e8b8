"""Figures side by side, for the terminal and as the page that the documentation keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEAD = ("what", "entries", "seconds", "entries/s", "speed", "memory")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement; ``against`` holds the seconds of the peer that did the same."""

    what: str
    entries: int
    seconds: float
    against: float | None = None
    megabytes: float | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """Write the figures as people read them."""
        return (
            self.what,
            f"{self.entries:,}",
            f"{self.seconds:.2f}",
            f"{self.entries / self.seconds:,.0f}",
            f"{self.against / self.seconds:.2f} x" if self.against else "",
            f"{self.megabytes:.0f} MB" if self.megabytes else "",
        )


def terminal(rows: Sequence[Row]) -> str:
    """Show a table."""
    cells = [_HEAD, *(row.cells for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEAD))]
    return "\n".join(_line(row, widths) for row in cells) + "\n"


def markdown(rows: Sequence[Row], grown: Sequence[Row], about: str) -> str:
    """Write the page."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `python -m tests.bench --write`; `make bench` shows the same for your machine.",
        "",
        about,
        "",
        *_table(rows),
        "",
        *_NOTES.splitlines(),
        *(("", "## Growth", "", *_table(grown), "", *_GROWTH.splitlines()) if grown else ()),
    ]
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[Row]) -> list[str]:
    head = [f"| {' | '.join(_HEAD)} |", "|---|--:|--:|--:|--:|--:|"]
    return head + [f"| {' | '.join(row.cells)} |" for row in rows]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = cells
    return "  ".join(
        [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
    ).rstrip()


_NOTES = """\
- **speed** is against the peer's figure for the same entries, once `ldapadd`, once `ldap_entry`: trust these ratios.
  The seconds depend on the disk and on who else works on the machine.
- Where the first load is done several times, it is by each in turn, and the best of each counts.
- All loads go into the same slapd, built by `roles/directory` with every overlay and emptied in between, over TLS and
  as the same account. `ldapadd` runs on the directory's own host, with its LDIF and all digests made beforehand.
- `apply` makes, hashes and records an initial password for each account, writes its journal and reads everything
  that it wrote again in the end. All that is in its figure.
- Planning cold parses every file of the registry, reads the whole directory, and writes the plan and its pages. Later
  plans parse and read what changed. Whoever signs in writes to the directory; the day's changes follow on plans, with
  nobody signing in between.
- A report is made from each day's counts on one mail host, to the document and the workbook.
- The loop of `community.general.ldap_entry` runs with Mitogen, which is the fastest that Ansible can be, and its
  figure holds the start of Ansible.
- Each of ours runs in a fresh process. The start of Python is not counted; **memory** is the most that it held."""

_GROWTH = """\
The directories are filled by `slapadd`. Planning cold holds what checking the registry alone does."""
