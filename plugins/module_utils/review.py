"""A plan put forward for review: judged, kept with its pages, and told on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import ledger, overrides, recording, rendering, report, safety, store, terminal
from .trace import operator_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from .changes import Plan


def put_forward(plan: Plan, root: Path, plans: Path, language: str, now: datetime) -> dict[str, Any]:
    """Return what a module that made a plan answers; the plan and its pages are in the folder ``plans`` by then.

    ``root`` is the registry whose overrides may lift rails. A plan that would change something goes into the ledger.
    """
    judgement = overrides.judge(safety.check(plan, served=store.served_domains(plans.parent)), plan, root, now)
    findings = judgement.standing
    is_new = bool(plan.changes) and not (plans / f"{plan.id}.jsonl").exists()
    path = store.save(plan, rendering.pages(plan, findings, language), plans)
    if is_new:
        ledger.append(plans.parent, [recording.made(plan, operator_of(""))], now)
    page = str(path.with_suffix("") / rendering.SUMMARY)
    shown = terminal.page(plan, findings, page, language, ahead=plan.lies_ahead(now))
    return {
        "changed": bool(plan.changes),
        "plan": plan.id,
        "path": str(path),
        "page": page,
        "text": shown + overrides.told(judgement, plan, root, language),
        "counts": plan.counts,
        "findings": [str(finding) for finding in findings[: terminal.SAMPLE]],
        "exit_status": report.status_of_plan(plan, findings),
    }
