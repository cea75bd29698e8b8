"""Leave to pass safety rails: reviewed files in the registry, each for exactly one plan, until a day.

They come after the plan that they are about, so nothing of them enters into a plan: neither its content nor its
commit. They are read when a rail stands, from the checkout at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

from . import assemble
from .layout import ESTATE, OVERRIDE
from .messages import Fault
from .model import ABSOLUTE, Rail, RegistryError
from .phrase import Language, Phrase
from .waiver import Folder, Waiver
from .yamlfile import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from .changes import Plan
    from .model import Estate, Origin, Problem
    from .safety import Finding
    from .shape import Fields

LONGEST = 14  # days after the plan's own
SHORT = 12  # characters of a plan's id that name it beyond doubt


@dataclass(frozen=True, slots=True)
class Override(Waiver):
    """Leave for one plan to pass some rails."""

    plan: str  # the beginning of its id
    rails: frozenset[Rail]

    def __str__(self) -> str:
        """Render for a journal or a terminal."""
        rails = ", ".join(sorted(self.rails))
        return f"{self.origin.file}: {rails}; {self.decision}, {self.approved_by}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is left of a plan's findings: those that stand, and why overrides that seemed meant for it lift nothing."""

    standing: tuple[Finding, ...]
    used: tuple[Override, ...] = ()
    refused: tuple[Problem, ...] = ()


def _made(fields: Fields, origin: Origin) -> Override:
    return Override(**{**fields, "rails": frozenset(map(Rail, fields["rails"]))}, origin=origin)


_KEPT = Folder("overrides", OVERRIDE, _made, LONGEST, Fault.TOO_LONG, Fault.UNREVIEWED)


def faults(root: Path, today: date) -> tuple[Problem, ...]:
    """Return what is wrong with a registry's overrides whichever plans they are for; one that expired is history."""
    return _KEPT.faults(root, today)


def judge(findings: Sequence[Finding], plan: Plan, root: Path, now: datetime) -> Judgement:
    """Look among the overrides of the registry ``root`` for what lifts a plan's findings.

    Raises RegistryError where the registry does not say which estate it is, and ValueError where it is another one;
    CommitError where Git does not tell whether the overrides were reviewed.
    """
    if not findings:
        return Judgement(())
    estate = _estate(root)
    if estate.name != plan.estate:
        message = f"The plan is for the estate {plan.estate}, and the registry {root} is that of {estate.name}."
        raise ValueError(message)
    overrides, problems = _KEPT.read(root)
    today = now.astimezone(estate.time_zone).date()
    meant = [override for override in overrides if plan.id.startswith(override.plan)]
    found = _KEPT.refusals(meant, root, plan.as_of)
    refusals = {override: (*_expired(override, today), *found[override]) for override in meant}
    valid = tuple(override for override, refused in refusals.items() if not refused)
    lifted = frozenset[Rail]().union(*(override.rails for override in valid)) - ABSOLUTE
    standing = tuple(finding for finding in findings if finding.rail not in lifted)
    met = {finding.rail for finding in findings}
    used = tuple(override for override in valid if override.rails & met)
    refused = (*chain.from_iterable(refusals.values()), *_others(overrides, plan, today))
    return Judgement(standing, used, (*problems, *refused) if standing else ())


def _estate(root: Path) -> Estate:
    problems: list[Problem] = []
    read = read_file(root, "estate.yml", ESTATE, problems)
    estate = assemble.estate(*read) if read else None
    if estate is None:
        raise RegistryError(tuple(problems))
    return estate


def _expired(override: Override, today: date) -> Iterator[Problem]:
    if override.expires <= today:
        yield Fault.EXPIRED.at(override.origin, expires=override.expires, today=today)


def _others(overrides: Sequence[Override], plan: Plan, today: date) -> Iterator[Problem]:
    """Name the overrides for other plans, of which one may be meant for this; those that expired are history."""
    for override in overrides:
        if not plan.id.startswith(override.plan) and override.expires > today:
            facts = {"plan": override.plan[:SHORT], "this": plan.id[:SHORT]}
            yield Fault.OTHER_PLAN.at(override.origin, **facts)


# --- What the operator reads


def told(judgement: Judgement, plan: Plan, root: Path, language: str = Language.ENGLISH) -> str:
    """Say what ends the page of a plan: what let it pass, or what to do now."""
    lines = thanks(judgement, language) or advice(judgement, plan, root, language=language)
    return "".join(f"{line}\n" for line in lines)


def advice(
    judgement: Judgement, plan: Plan, root: Path | None, command: str = "", language: str = Language.ENGLISH
) -> list[str]:
    """Say what to do now about the findings that stand: mend, or paste this into a file and have it reviewed.

    ``command`` is what carries the plan out afterwards, if it is not applying it.
    """
    standing = judgement.standing
    if not standing:
        return []
    lines = [f"  {fault.told(language)}" for fault in judgement.refused]
    if lines:
        lines.insert(0, Phrase("No override lifts it:").told(language))
    final = sorted({finding.rail for finding in standing if finding.absolute})
    if final:
        facts = {"rails": ", ".join(final)}
        return [*lines, Phrase("Nothing lifts {rails}: mend what is wrong, then plan again.", facts).told(language)]
    short = plan.id[:SHORT]
    file = f"{_KEPT.name}/{plan.as_of}-{short}.yml"
    command = command or f"ansible-playbook playbooks/apply.yml -e plan={short}"
    facts = {"file": str(root / file) if root else file, "command": command}
    return [
        *lines,
        Phrase("If it is a mistake, mend it and plan again. If it is meant, have this reviewed and merged:").told(
            language
        ),
        f"  {Phrase('into {file}; then type: {command}', facts).told(language)}",
        "---",
        *_blank(standing, plan, language),
    ]


def thanks(judgement: Judgement, language: str = Language.ENGLISH) -> list[str]:
    """Say which overrides let a plan through that the rails would have stopped."""
    if judgement.standing:
        return []
    return [Phrase("Let through by {override}", {"override": used}).told(language) for used in judgement.used]


def _blank(standing: Sequence[Finding], plan: Plan, language: str) -> Iterator[str]:
    yield f'plan: "{plan.id[:SHORT]}"'
    yield f"rails: [{', '.join(dict.fromkeys(finding.rail for finding in standing))}]"
    for key, shape in OVERRIDE.required.items():
        if key in ("decision", "reason", "approved_by"):
            yield f"{key}:  # {Phrase(shape.wanted).told(language)}"
    latest = {"latest": plan.as_of + timedelta(LONGEST)}
    yield f"expires:  # {Phrase('at the latest {latest}', latest).told(language)}"
