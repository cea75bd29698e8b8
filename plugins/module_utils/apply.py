"""From a plan to the directory: exactly its changes, in its order, each only if its entry is still as planned.

A change that fails does not stop those that do not build on it: at the end a short list remains instead of half an
estate. Only a broken connection or a lost lease stops everything. Nothing needs to be resumed: what was done is in
the directory, and the next plan holds the rest.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from . import dn as names
from .changes import STRUCTURE, Applied, Create, Delete, Disable, base_dn
from .directory import Add, DirectoryError, Fate, Modify, Remove, Rename
from .plan import ATTRIBUTES, differs, is_managed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .changes import Change, Plan
    from .directory import Directory, Outcome, Record, Write
    from .journal import Journal
    from .lease import Lease

SLICE = 100  # changes between two lines of the journal


class BrokenOffError(DirectoryError):
    """The directory went away, or the lease did, in the middle of an apply."""


class Verdict(StrEnum):
    """What became of a change."""

    APPLIED = "applied"
    STALE = "stale"  # its entry is no longer as planned
    FAILED = "failed"  # the directory refused it
    SKIPPED = "skipped"  # it builds on one that was not applied


@dataclass(frozen=True, slots=True)
class Answer:
    """One change and what became of it."""

    change: Change
    verdict: Verdict
    message: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a plan. ``unverified`` names what the directory does not show afterwards though it said yes."""

    answers: tuple[Answer, ...]
    unverified: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Count the changes by what became of them, zeros included."""
        found = Counter(answer.verdict for answer in self.answers)
        return {str(verdict): found[verdict] for verdict in Verdict}

    @property
    def complete(self) -> bool:
        """Tell whether the directory is now as planned."""
        return not self.unverified and all(answer.verdict is Verdict.APPLIED for answer in self.answers)


def apply(
    plan: Plan, directory: Directory, lease: Lease, journal: Journal, issue_password: Callable[[str], bytes]
) -> Result:
    """Carry out a plan and look at what came of it. ``issue_password`` gives the hash for a registry object's id.

    Raises ``LeaseError`` if another apply is at work, and ``BrokenOffError`` where going on makes no sense.
    """
    taken_over = lease.acquire(plan.id)
    journal.write("begin", plan=plan.id, commit=plan.commit, changes=len(plan.changes))
    try:
        answers = _carry_out(plan, directory, lease, journal, issue_password)
        records = directory.read_tree(base_dn(plan.suffix), ATTRIBUTES)
    except DirectoryError as error:
        # The lease is left to lapse: nobody should start at once where it is not known what was done last.
        raise BrokenOffError(str(error), "What was written until then stays: make a new plan for the rest.") from error
    result = Result(tuple(answers), _unverified(answers, records), (taken_over,) if taken_over else ())
    youngest = max((record.csn for record in records), default="")
    ours = sum(is_managed(record, plan.estate) for record in records)
    lease.release(Applied(plan.id, plan.commit, plan.as_of, youngest, ours) if result.complete else None)
    journal.write("end", counts=result.counts, unverified=list(result.unverified))
    return result


def _carry_out(
    plan: Plan, directory: Directory, lease: Lease, journal: Journal, issue_password: Callable[[str], bytes]
) -> list[Answer]:
    answers: list[Answer] = []
    unmade: set[str] = set()  # keys of agencies and units that are not where the plan put them
    for changes in slices(plan.changes):
        orphaned = {change.id for change in changes if _builds_on(change, unmade)}
        able = [change for change in changes if change.id not in orphaned]
        journal.intend(change.id for change in able)
        done = _perform(able, directory, issue_password)
        done += [Answer(change, Verdict.SKIPPED, _SKIPPED) for change in changes if change.id in orphaned]
        journal.outcome({answer.change.id: str(answer.verdict) for answer in done})
        unmade |= {names.key(answer.change.target) for answer in done if _is_unmade(answer)}
        answers += done
        lease.renew()
    return answers


_SKIPPED = "The agency or unit that it belongs to is not in its place."


def slices(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Cut a plan into batches whose changes do not build on one another."""
    for _, stage in groupby(changes, key=lambda change: change.stage):
        rest = list(stage)
        while rest:
            yield rest[:SLICE]
            rest = rest[SLICE:]


def _is_unmade(answer: Answer) -> bool:
    return answer.verdict is not Verdict.APPLIED and answer.change.kind in STRUCTURE


def _builds_on(change: Change, unmade: set[str]) -> bool:
    if not unmade:
        return False
    for dn in (names.key(change.dn), names.key(change.target)):
        parts = names.split(dn)
        if any(",".join(parts[index:]) in unmade for index in range(len(parts))):
            return True
    return False


def _perform(changes: Sequence[Change], directory: Directory, issue_password: Callable[[str], bytes]) -> list[Answer]:
    """Carry out a batch: the first step of every change, then the second of those that have one."""
    steps = [_steps(change, issue_password) for change in changes]
    outcomes = directory.write([first for first, *_ in steps])
    second: dict[int, Write] = {
        index: _after(step[1], outcome.csn)
        for index, (step, outcome) in enumerate(zip(steps, outcomes, strict=True))
        if len(step) > 1 and outcome.fate is Fate.DONE
    }
    later = dict(zip(second, directory.write(list(second.values())), strict=True)) if second else {}
    return [_answer(change, later.get(index, outcomes[index])) for index, change in enumerate(changes)]


def _steps(change: Change, issue_password: Callable[[str], bytes]) -> list[Write]:
    """Translate a change; a second step, if any, asserts the entryCSN that the first one leaves."""
    attributes = {name: tuple(value.encode() for value in values) for name, values in change.after.items()}
    if isinstance(change, Create):
        if change.password:
            attributes["userPassword"] = (issue_password(change.id),)
        return [Add(change.dn, attributes)]
    csn = change.precondition.csn if change.precondition else ""
    if isinstance(change, Delete):
        return [Remove(change.dn, csn)]
    if not change.new_dn:
        return [Modify(change.dn, csn, attributes)]
    rename = Rename(change.dn, csn, change.new_dn)
    if not attributes:
        return [rename]
    # Access ends first, though the move be refused. Elsewhere the move is first, for it brings its naming value along.
    if isinstance(change, Disable):
        return [Modify(change.dn, csn, attributes), rename]
    return [rename, Modify(change.new_dn, csn, attributes)]


def _after(step: Write, csn: str) -> Write:
    return step if isinstance(step, Add) else replace(step, csn=csn)


def _answer(change: Change, outcome: Outcome) -> Answer:
    verdict = {Fate.DONE: Verdict.APPLIED, Fate.STALE: Verdict.STALE, Fate.REFUSED: Verdict.FAILED}[outcome.fate]
    return Answer(change, verdict, outcome.message)


def _unverified(answers: Sequence[Answer], records: Sequence[Record]) -> tuple[str, ...]:
    """Look for everything that was applied in what the directory shows now; give the ids of what is not there."""
    shown = {names.key(record.dn): record for record in records}
    return tuple(
        answer.change.id
        for answer in answers
        if answer.verdict is Verdict.APPLIED and not _stands(answer.change, shown.get(names.key(answer.change.target)))
    )


def _stands(change: Change, record: Record | None) -> bool:
    if isinstance(change, Delete) or record is None:
        return isinstance(change, Delete) and record is None
    same_entry = change.precondition is None or change.precondition.uuid == record.uuid
    return same_entry and not any(differs(name, values, record) for name, values in change.after.items())
