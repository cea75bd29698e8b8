"""A plan as Markdown for a merge request: a page that sums it up, and one for each agency's own reviewers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import wording
from .changes import Risk
from .phrase import Language, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .changes import Change, Plan
    from .safety import Finding

SHORT = 200  # changes up to which the summary holds them all: forges cut a comment at 64 kB
_ESCAPED = str.maketrans({"|": "\\|", "<": "&lt;", "\n": " "})


def summary(plan: Plan, findings: Sequence[Finding] = (), language: str = Language.ENGLISH) -> str:
    """Show what stops a plan, what it leaves alone and how much it does where.

    Of a short plan it shows every change, of a long one those of high risk: the rest is on the agencies' pages.
    """
    agencies = wording.by_agency(plan)
    lines = [f"# {wording.summary(plan, language)}", "", f"{wording.heading(plan, language)}.", f"Id `{plan.id}`.", ""]
    stopped = Phrase("Stopped:").told(language)
    lines += [f"- **{stopped}** {_plain(finding.told(language))}" for finding in findings]
    lines += [
        f"- *{wording.situation(remark, language)}* `{remark.dn}`: {_plain(remark.message.told(language))}"
        for remark in plan.remarks
    ]
    if coming := wording.coming(plan, language):
        lines += ["", coming]
    if len(plan.changes) > SHORT:
        heads = [phrase.told(language) for phrase in (Phrase("agency"), Phrase("changes"))]
        lines += ["", *_table(heads, _index(agencies, language))]
        grave = [change for change in plan.changes if change.risk is Risk.HIGH]
        if grave:
            lines += ["", f"## {Phrase('Of high risk').told(language)}", "", *_changes(grave, language)]
    else:
        for code, changes in agencies.items():
            lines += ["", f"## {_title(code, language)}", "", *_changes(changes, language)]
    return "\n".join(lines) + "\n"


def pages(plan: Plan, language: str = Language.ENGLISH) -> Iterator[tuple[str, str]]:
    """Yield each agency's code, and a page with all its changes."""
    for code, changes in wording.by_agency(plan).items():
        facts = {"agency": _title(code, language), "tally": wording.tally(changes, language)}
        title = Phrase("{agency}: {tally}", facts).told(language)
        lines = [f"# {title}", "", f"{wording.heading(plan, language)}.", "", *_changes(changes, language)]
        yield code, "\n".join(lines) + "\n"


def _index(agencies: dict[str, list[Change]], language: str) -> Iterator[tuple[str, ...]]:
    for code, changes in agencies.items():
        yield f"[{_title(code, language)}](agencies/{code or '-'}.md)", wording.tally(changes, language)


def _changes(changes: Sequence[Change], language: str) -> Iterator[str]:
    rows = ((wording.sign(change), *wording.cells(change, language)) for change in changes)
    return _table(["", *wording.columns(language)], (tuple(map(_plain, row)) for row in rows))


def _table(heads: Sequence[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _title(code: str, language: str) -> str:
    return code or Phrase("outside all agencies").told(language)


def _plain(text: str) -> str:
    """Keep a value from being read as a table's border or as HTML."""
    return text.translate(_ESCAPED)
