"""Whether the estate does what its regulation demands: answers of the living estate, held against the controls.

Pure: what was asked and answered comes in, verdicts go out. Nobody's silence counts as a yes: what could not be asked,
or gave an answer that nobody understands, is unknown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from .controls import filled, holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from .controls import Check, Control, Demand, Duty

SHORT = 240  # characters of an answer in the report
_NOT_UNDERSTOOD = (TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError)


class SilentError(Exception):
    """What a check rests on could not be read: why, in Vietnamese."""


class Status(StrEnum):
    """What a check or a control comes to, the worst first."""

    FAILED = "failed"
    UNKNOWN = "unknown"  # nobody could be asked, or the answer is not understood
    MET = "met"
    DUTY = "duty"  # a control of which no machine can tell
    ELSEWHERE = "elsewhere"  # what makes no sense in this estate


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered to a check. Where nobody did, ``silent`` says why, in Vietnamese."""

    where: str  # a host, or what was asked instead
    asked: str
    at: datetime
    said: Any = None
    exit: int = 0
    silent: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer, judged."""

    status: Status
    where: str
    asked: str
    at: datetime
    told: str  # the answer in a few words, or why there is none


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to, with all answers; ``why`` where there is none."""

    check: Check
    status: Status
    findings: tuple[Finding, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a control came to."""

    control: Control
    status: Status
    demands: tuple[Demand, ...]  # of this estate's regulation; none: it does not speak of the matter
    met: str
    people: tuple[Duty, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def regulated(self) -> bool:
        """Say whether the estate's regulation demands it."""
        return bool(self.demands)


@dataclass(frozen=True, slots=True)
class Host:
    """A host that was asked, or could not be."""

    name: str
    groups: tuple[str, ...]
    silent: str = ""  # why it gave no answer
    versions: Mapping[str, str] = field(default_factory=dict)  # of packages


@dataclass(frozen=True, slots=True)
class Report:
    """The whole: who was asked, when, about what state of affairs, and what it came to."""

    estate: str
    title: str
    regulation: str
    as_of: str  # the civil day, ISO 8601
    at: datetime
    commit: str
    plan: str  # id of the last plan that was applied whole; empty where the directory does not tell
    hosts: tuple[Host, ...]
    tools: Mapping[str, str]
    synthetic: bool
    verdicts: tuple[Verdict, ...]

    @property
    def counts(self) -> dict[Status, int]:
        """Count the controls of each status, zeros included."""
        found = Counter(verdict.status for verdict in self.verdicts)
        return {status: found[status] for status in Status}

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """Return the controls that are not met."""
        return tuple(verdict for verdict in self.verdicts if verdict.status is Status.FAILED)


def verdict(
    control: Control, estate: str, facts: Mapping[str, object], ask: Callable[[Check], Sequence[Answer]]
) -> Verdict:
    """Hold a control against the living estate. ``facts`` are what texts and expressions may name."""
    outcomes = tuple(outcome(check, facts, ask) for check in control.checks)
    return Verdict(
        control=control,
        status=_worst((each.status for each in outcomes), Status.ELSEWHERE if outcomes else Status.DUTY),
        demands=tuple(control.demands.get(estate, ())),
        met=filled(control.met, facts),
        people=tuple(_filled_duty(duty, facts) for duty in control.people),
        outcomes=outcomes,
    )


def outcome(check: Check, facts: Mapping[str, object], ask: Callable[[Check], Sequence[Answer]]) -> Outcome:
    """Ask, and judge each answer: all must be as the check wants them."""
    if check.where and not holds(check.where, facts):
        return Outcome(check, Status.ELSEWHERE, why=check.otherwise)
    answers = ask(check)
    if not answers:
        return Outcome(
            check, Status.UNKNOWN, why=f"Danh mục máy chủ của hệ thống không có máy nào thuộc nhóm '{check.group}'."
        )
    findings = tuple(judged(check, answer, facts) for answer in answers)
    return Outcome(check, _worst((each.status for each in findings), Status.UNKNOWN), findings)


def judged(check: Check, answer: Answer, facts: Mapping[str, object]) -> Finding:
    """Judge one answer."""

    def finding(status: Status, told: str) -> Finding:
        return Finding(status, answer.where, answer.asked, answer.at, _short(told))

    if answer.silent:
        return finding(Status.UNKNOWN, answer.silent)
    if answer.exit and not check.exits:
        said = " ".join(str(answer.said).split())
        return finding(Status.FAILED, f"lệnh kết thúc với mã {answer.exit}{f': {said}' if said else ''}")
    known = {**facts, "said": answer.said, "exit": answer.exit, "at": answer.at.timestamp()}
    try:
        good = holds(check.holds, known)
        told = filled(check.tells, known)
    except SilentError as error:
        return finding(Status.UNKNOWN, str(error))
    except _NOT_UNDERSTOOD as error:
        return finding(Status.UNKNOWN, f"không hiểu được câu trả lời ({error}): {answer.said}")
    return finding(Status.MET if good else Status.FAILED, told)


def _worst(found: Iterable[Status], default: Status) -> Status:
    """Return the worst of some; a check that makes no sense here says nothing."""
    statuses = set(found) - {Status.ELSEWHERE}
    return next((status for status in Status if status in statuses), default)


def _filled_duty(duty: Duty, facts: Mapping[str, object]) -> Duty:
    return type(duty)(filled(duty.who, facts), filled(duty.duty, facts), filled(duty.machine, facts))


def _short(text: str) -> str:
    tidy = " ".join(text.split())
    return tidy if len(tidy) <= SHORT else f"{tidy[: SHORT - 1]}…"
