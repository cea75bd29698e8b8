"""Differences from Git that are known and accepted: reviewed files in the registry, each until a day.

They say nothing about what the estate should be, so nothing of them enters into a plan: neither its content nor its
commit. One that expired accepts nothing any more and says so; one that matches nothing is told as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from .drift import ABOUT_EXCEPTIONS, Finding, Kind
from .layout import EXCEPTION
from .messages import Fault
from .phrase import Phrase
from .waiver import Folder, Waiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from .model import Origin, Problem
    from .shape import Fields

LONGEST = 366  # days: whoever accepts something looks at it once a year
REGISTRY = "registry"  # what stands for a host where a file of the registry is meant


@dataclass(frozen=True, slots=True)
class Exceptional(Waiver):
    """Leave for some findings to be as they are. ``host`` and ``object`` may hold `*` for whatever stands there."""

    kind: Kind
    host: str
    object: str

    def covers(self, finding: Finding) -> bool:
        """Tell whether it is about a finding."""
        return (
            self.kind == finding.kind
            and fnmatchcase(finding.host, self.host)
            and fnmatchcase(finding.object, self.object)
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is left of the findings, with those about exceptions, and what was accepted, each with its exception."""

    standing: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Exceptional], ...] = ()


def _made(fields: Fields, origin: Origin) -> Exceptional:
    return Exceptional(**{"host": "*", **fields, "kind": Kind(fields["kind"])}, origin=origin)


_KEPT = Folder("exceptions", EXCEPTION, _made, LONGEST, Fault.EXCEPTION_TOO_LONG, Fault.EXCEPTION_UNREVIEWED)


def faults(root: Path, today: date) -> tuple[Problem, ...]:
    """Return what is wrong with a registry's exceptions whatever is found; one that expired is history."""
    return _KEPT.faults(root, today)


def judge(
    findings: Iterable[Finding], root: Path, today: date, misses: Callable[[Kind, str], bool] = lambda *_: False
) -> Judgement:
    """Set aside what the registry ``root`` accepts, and find what to say of its exceptions.

    ``misses`` tells of a kind and a pattern of hosts whether this run did not look there: an exception for that is not
    idle by it. Raises CommitError where Git does not tell whether the exceptions were reviewed.
    """
    known, problems = _KEPT.read(root)
    refused = _KEPT.refusals(known, root, today)
    valid = [one for one in known if one.expires > today and not refused[one]]
    standing: list[Finding] = []
    accepted: list[tuple[Finding, Exceptional]] = []
    for finding in findings:
        leave = next((one for one in valid if one.covers(finding)), None)
        if leave:
            accepted.append((finding, leave))
        else:
            standing.append(finding)
    used = {one.origin.file for _, one in accepted}
    idle = [one for one in valid if one.origin.file not in used and not misses(one.kind, one.host)]
    told = (
        *(_expired(one, standing) for one in known if one.expires <= today),
        *(_idle(one) for one in idle),
        *(_refused(problem) for problem in (*problems, *(fault for each in refused.values() for fault in each))),
    )
    return Judgement((*standing, *told), tuple(accepted))


def _expired(one: Exceptional, standing: Sequence[Finding]) -> Finding:
    count = sum(one.covers(finding) for finding in standing)
    facts = {"day": one.expires, "who": one.approved_by, "count": count}
    said = Phrase("it accepts nothing since {day} ({who}); what it is about and is still there: {count}", facts)
    mend = f"git rm {one.origin.file}"
    return Finding(kind=Kind.EXCEPTION_EXPIRED, host=REGISTRY, object=one.origin.file, said=said, mend=mend)


def _idle(one: Exceptional) -> Finding:
    facts = {"kind": str(one.kind), "object": one.object, "day": one.expires}
    said = Phrase("nothing like {kind} {object} was found; it would accept it until {day}", facts)
    mend = f"git rm {one.origin.file}"
    return Finding(kind=Kind.EXCEPTION_IDLE, host=REGISTRY, object=one.origin.file, said=said, mend=mend)


def _refused(problem: Problem) -> Finding:
    origin = problem.origin
    place = f"{origin.file}:{origin.line}"
    said = Phrase("{what} To mend it: {remedy}", {"what": problem.what, "remedy": problem.remedy})
    return Finding(kind=Kind.EXCEPTION_REFUSED, host=REGISTRY, object=place, said=said)


def blank(finding: Finding, latest: date) -> str:
    """Give what to paste into a file to have a finding accepted."""
    if finding.kind in ABOUT_EXCEPTIONS:
        return ""
    lines = [
        f"kind: {finding.kind}",
        f'host: "{finding.host}"',
        f'object: "{finding.object}"',
        "decision:",
        "reason:",
        "approved_by:",
        f"expires:  # {latest}",
    ]
    return "".join(f"{line}\n" for line in lines)
