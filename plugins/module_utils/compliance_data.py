"""The compliance report for machines and for the terminal: JSON with a schema, and a few lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .compliance import Status
from .compliance_page import ORDER, WORDS
from .controls import CONTROL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .compliance import Outcome, Report, Verdict

FORMAT = 1
MET, FAILED, UNKNOWN = 0, 6, 7  # exit statuses

_text: dict[str, Any] = {"type": "string"}
_texts: dict[str, Any] = {"type": "array", "items": _text}
_moment: dict[str, Any] = {"type": "string", "format": "date-time"}
_pairs: dict[str, Any] = {"type": "object", "additionalProperties": _text}
_CONTROL_STATUS = {"enum": [str(status) for status in Status]}
_CHECK_STATUS = {"enum": [str(status) for status in Status if status is not Status.DUTY]}


def _object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON Schema
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _array(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A compliance report of congvu.mail",
    **_object(
        format={"const": FORMAT},
        estate=_text,
        title=_text,
        regulation=_text,
        as_of={"type": "string", "format": "date"},
        at=_moment,
        commit=_text,
        plan={**_text, "description": "Id of the last plan that was applied whole; empty where that is not known"},
        synthetic={"type": "boolean"},
        counts={
            "type": "object",
            "properties": {str(status): {"type": "integer", "minimum": 0} for status in Status},
            "required": [str(status) for status in Status],
            "additionalProperties": False,
        },
        hosts=_array(_object(name=_text, groups=_texts, silent=_text, versions=_pairs)),
        tools=_pairs,
        controls=_array(
            _object(
                id={"type": "string", "pattern": "^R[0-9]{2}$"},
                title=_text,
                status=_CONTROL_STATUS,
                regulated={"type": "boolean"},
                demands=_array(_object(cite=_text, quote=_text)),
                met=_text,
                checks=_array(
                    _object(
                        name=_text,
                        status=_CHECK_STATUS,
                        why=_text,
                        findings=_array(
                            _object(status=_CHECK_STATUS, where=_text, asked=_text, at=_moment, told=_text)
                        ),
                    )
                ),
                unchecked=_text,
                people=_array(_object(who=_text, duty=_text, machine=_text)),
                proved_by=_texts,
            )
        ),
    ),
}


def schema_files() -> dict[str, str]:
    """Give the schemas of a report and of a control, by the names of their files."""
    control = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A control of congvu.mail",
        **CONTROL.schema(),
    }
    return {
        f"{name}.schema.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in (("control", control), ("report", SCHEMA))
    }


def data(report: Report) -> bytes:
    """Write the report as JSON."""
    said = {
        "format": FORMAT,
        "estate": report.estate,
        "title": report.title,
        "regulation": report.regulation,
        "as_of": report.as_of,
        "at": report.at.isoformat(timespec="seconds"),
        "commit": report.commit,
        "plan": report.plan,
        "synthetic": report.synthetic,
        "counts": {str(status): count for status, count in report.counts.items()},
        "hosts": [
            {"name": host.name, "groups": list(host.groups), "silent": host.silent, "versions": dict(host.versions)}
            for host in report.hosts
        ],
        "tools": dict(report.tools),
        "controls": [_control(verdict) for verdict in report.verdicts],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def _control(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.control.id,
        "title": verdict.control.title,
        "status": str(verdict.status),
        "regulated": verdict.regulated,
        "demands": [{"cite": demand.cite, "quote": demand.quote} for demand in verdict.demands],
        "met": verdict.met,
        "checks": [_outcome(outcome) for outcome in verdict.outcomes],
        "unchecked": verdict.control.unchecked,
        "people": [{"who": each.who, "duty": each.duty, "machine": each.machine} for each in verdict.people],
        "proved_by": list(verdict.control.proved_by),
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "name": outcome.check.name,
        "status": str(outcome.status),
        "why": outcome.why,
        "findings": [
            {
                "status": str(found.status),
                "where": found.where,
                "asked": found.asked,
                "at": found.at.isoformat(timespec="seconds"),
                "told": found.told,
            }
            for found in outcome.findings
        ],
    }


def summary(report: Report) -> str:
    """Say in a sentence what it came to, for the ledger."""
    counts = ", ".join(f"{WORDS[status].lower()} {report.counts[status]}" for status in ORDER if report.counts[status])
    year, month, day = report.as_of.split("-")
    return f"Báo cáo tuân thủ {report.regulation}, ngày {day}/{month}/{year}: {counts}."


def exit_status(report: Report) -> int:
    """Tell a pipeline: nothing is wrong, a control is not met, or not all could be asked."""
    if report.counts[Status.FAILED]:
        return FAILED
    return UNKNOWN if report.counts[Status.UNKNOWN] else MET


def text(report: Report) -> str:
    """Say it on the terminal, what is to be done first."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield summary(report)
    for status in (Status.FAILED, Status.UNKNOWN):
        found = [verdict for verdict in report.verdicts if verdict.status is status]
        if found:
            yield ""
            yield WORDS[status].upper()
        for verdict in found:
            yield f"  {verdict.control.id} {verdict.control.title}"
            for outcome in verdict.outcomes:
                if outcome.status is status:
                    yield f"    {outcome.check.name}"
                    yield from _answers(outcome)


def _answers(outcome: Outcome) -> Iterator[str]:
    if outcome.why:
        yield f"      {outcome.why}"
    for found in outcome.findings:
        if found.status is outcome.status:
            yield f"      {found.where}: {found.told}"
    if outcome.status is Status.FAILED and outcome.check.failing:
        yield f"      → {outcome.check.failing}"
