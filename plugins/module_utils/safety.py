"""Rails: how much one plan may change before somebody has to say that it is meant.

A registry cut short by a bad merge compiles like any other, and its plan would close hundreds of mailboxes. The
rails are judged from the plan file alone, when it is made and again before it is applied.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .changes import Delete, Disable, Move, Update, agency_of, base_dn
from .model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .changes import Plan


_SHORT = 12  # characters of an id that name a plan beyond doubt


@dataclass(frozen=True, slots=True)
class Limits:
    """What passes without a word. Percentages would stop a small estate's every change, so each has a floor."""

    disables_percent: float = 1.0
    disables_floor: int = 5
    disables_count: int = 500
    agency_disables_percent: float = 5.0
    agency_disables_floor: int = 2
    agency_size: int = 10  # people; a smaller agency is only kept from losing all at once
    updates_percent: float = 10.0
    updates_floor: int = 10
    deletes_count: int = 50
    addresses_count: int = 50
    vanished_percent: float = 5.0
    vanished_floor: int = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """A rail that the plan runs into: what it would do, and what the operator does now."""

    rail: str
    scope: str  # an agency's code, or empty for the whole estate
    message: str
    remedy: str
    absolute: bool = False  # no override lifts it

    def __str__(self) -> str:
        """Render as one line."""
        return f"{self.message} {self.remedy}"


def check(plan: Plan, limits: Limits | None = None) -> tuple[Finding, ...]:
    """Hold a plan against the rails; empty means that it may be applied."""
    limits = limits or Limits()
    return tuple(
        finding
        for rail in (_ownership, _emptiness, _vanished, _disables, _updates, _addresses, _deletes)
        for finding in rail(plan, limits)
    )


def standing(findings: Sequence[Finding], plan: Plan, override: str) -> tuple[Finding, ...]:
    """Give the findings that an override does not lift: it names one plan, by 12 characters of its id or more."""
    if len(override) >= _SHORT and plan.id.startswith(override):
        return tuple(finding for finding in findings if finding.absolute)
    return tuple(findings)


def _ownership(plan: Plan, _: Limits) -> Iterator[Finding]:
    for remark in plan.remarks:
        if remark.blocking:
            remedy = "No override lifts this: mend it in the registry or in the directory."
            yield Finding("ownership", "", f"{remark.dn}: {remark.message}", remedy, absolute=True)


def _emptiness(plan: Plan, _: Limits) -> Iterator[Finding]:
    people = sum(tally.people for tally in plan.census.values())
    declared = sum(tally.declared for tally in plan.census.values())
    if not declared and (people or not plan.changes):
        message = f"The registry declares nobody, and the directory holds {_people(people)}."
        yield Finding("empty source", "", message, "Check that the registry's path is right and its checkout whole.")


def _vanished(plan: Plan, limits: Limits) -> Iterator[Finding]:
    """Notice entries that were there after the last apply and are not now: created anew, they would lose their past."""
    if plan.applied is None or plan.scope:
        return
    before, now = plan.applied.entries, sum(tally.entries for tally in plan.census.values())
    gone = before - now
    if gone > _allowed(before, limits.vanished_percent, limits.vanished_floor):
        message = f"The last apply left {before} entries in the directory; {gone} of them are gone ({now} remain)."
        remedy = (
            "Restore the directory from its backup: entries made anew would lose passwords and history. "
            f"If they were removed on purpose, {_anyway(plan)}."
        )
        yield Finding("vanished", "", message, remedy)


def _disables(plan: Plan, limits: Limits) -> Iterator[Finding]:
    base = base_dn(plan.suffix)
    ending = Counter(
        agency_of(change.dn, base)
        for change in plan.changes
        if isinstance(change, Disable) and change.kind is Kind.PERSON
    )
    total, people = ending.total(), sum(tally.people for tally in plan.census.values())
    allowed = min(limits.disables_count, _allowed(people, limits.disables_percent, limits.disables_floor))
    if total > allowed:
        message = f"{total} of {_people(people)} would lose access at once, and at most {allowed} may."
        yield Finding(
            "disables", "", message, _meant(plan, "the registry was cut short or a wrong branch is checked out")
        )
    for agency, count in sorted(ending.items()):
        size = plan.census[agency].people
        floor = limits.agency_disables_floor
        allowed = _allowed(size, limits.agency_disables_percent, floor) if size >= limits.agency_size else size - 1
        allowed = max(allowed, floor)
        if count > allowed:
            message = f"{count} of {_people(size)} of {agency} would lose access at once, and at most {allowed} may."
            yield Finding("disables", agency, message, _meant(plan, f"agencies/{agency}.yml lost lines"))


def _updates(plan: Plan, limits: Limits) -> Iterator[Finding]:
    total = len({change.id for change in plan.changes if isinstance(change, Update | Move)})
    entries = sum(tally.entries for tally in plan.census.values())
    allowed = _allowed(entries, limits.updates_percent, limits.updates_floor)
    if total > allowed:
        message = f"{total} of {entries} entries would be changed at once, and at most {allowed} may."
        yield Finding(
            "updates", "", message, _meant(plan, "policy.yml changed for all, or the wrong estate is addressed")
        )


def _addresses(plan: Plan, limits: Limits) -> Iterator[Finding]:
    total = len({change.id for change in plan.changes if change.released})
    if total > limits.addresses_count:
        message = f"{total} entries would lose an address at once, and at most {limits.addresses_count} may."
        yield Finding("addresses", "", message, _meant(plan, "the naming rule changed, or the address lock is missing"))


def _deletes(plan: Plan, limits: Limits) -> Iterator[Finding]:
    total = sum(isinstance(change, Delete) for change in plan.changes)
    if total > limits.deletes_count:
        message = f"{total} entries would be deleted at once, and at most {limits.deletes_count} may."
        yield Finding("deletes", "", message, _meant(plan, "the registry was cut short"))


def _allowed(whole: int, percent: float, floor: int) -> int:
    return max(floor, int(whole * percent / 100))


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _meant(plan: Plan, suspicion: str) -> str:
    return f"Most often {suspicion}: look there first. If it is meant, {_anyway(plan)}."


def _anyway(plan: Plan) -> str:
    short = plan.id[:_SHORT]
    return f"apply it with -e plan={short} -e override={short}"
