"""A plan in every form that people review it in, by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import ldif, markdown, webpage
from .phrase import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .changes import Plan
    from .safety import Finding

SUMMARY = "plan.md"


def pages(plan: Plan, findings: Sequence[Finding] = (), language: str = Language.ENGLISH) -> dict[str, str]:
    """Return the texts by file: a summary and a page per agency in Markdown, everything in HTML and in LDIF."""
    return {
        SUMMARY: markdown.summary(plan, findings, language),
        **{f"agencies/{code or '-'}.md": page for code, page in markdown.pages(plan, language)},
        "plan.html": webpage.page(plan, findings, language),
        "plan.ldif": ldif.text(plan),
    }
