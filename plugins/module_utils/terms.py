"""How long each change took: from the decision, or the day on which it takes effect, to the write (BT Điều 8.2).

A term begins with the later of the two days: nobody can open a mailbox in October for somebody who comes in November,
and a decision that reaches back is known from its own day on. It is counted in working days, and there is one only
where the policy says so.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING

from .changes import Cause, agency_of, base_dn
from .model import Kind
from .working_days import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from .changes import Change, Plan
    from .model import Post, Registry

_RIGHTS = frozenset({"congvuAccess", "congvuSendAs", "congvuList", "congvuListWriter", "congvuDecision"})
_KINDS = frozenset({Kind.PERSON, Kind.MAILBOX})
# What the registry asked for; the rest nobody decided. Where a commit and a day came together, no plan knows which.
_CAUSES = frozenset({Cause.COMMIT, Cause.CLOCK, Cause.UNCERTAIN})
_DAY = re.compile(r"\bngày (?P<day>\d{1,2})(?:/| tháng )(?P<month>\d{1,2})(?:/| năm )(?P<year>\d{4})\b")


@dataclass(frozen=True, slots=True)
class Term:
    """One change that was applied. What the registry or Git does not tell is None."""

    id: str
    label: str  # what people call it
    agency: str  # code
    operation: str
    decision: str
    decided: date | None  # as the decision is cited
    effective: date | None  # the first day on which the change holds
    committed: datetime | None
    applied: datetime
    taken: int | None  # working days
    due: date | None  # the last day of the term, where the policy has one
    late: bool | None


def terms(
    plan: Plan, applied: Mapping[str, datetime], registry: Registry, committed: datetime | None = None
) -> tuple[Term, ...]:
    """Tell of each change of people and shared mailboxes that a plan carried out; ``applied`` says which, and when.

    The first load of an estate is no change: what it opens was there before.
    """
    if plan.applied is None:
        return ()
    found = {change.id: change for change in plan.changes if change.id in applied}  # of two halves the later one
    return tuple(
        _term(change, plan, applied[id_], registry, committed)
        for id_, change in found.items()
        if change.kind in _KINDS and change.cause in _CAUSES and change.source
    )


def applied_in(folder: Path, plan: str) -> dict[str, datetime]:
    """Read from the journals of a plan's applies what was written, and when."""
    found: dict[str, datetime] = {}
    for path in sorted(folder.glob(f"*-{plan[:12]}.jsonl")):
        for said in _said(path.read_bytes()):
            if said.get("event") == "outcome":
                at = datetime.fromisoformat(str(said["at"]))
                fates = said["fates"]
                found |= {id_: at for id_, fate in fates.items() if fate == "applied"}  # type: ignore[attr-defined]
    return found


def decided(decision: str) -> date | None:
    """Give the day of a decision, as `310/QĐ-SNV ngày 12/11/2026` cites it."""
    if (found := _DAY.search(decision)) is None:
        return None
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _said(content: bytes) -> Iterator[dict[str, object]]:
    for line in content.split(b"\n"):
        try:
            yield json.loads(line)
        except ValueError:
            continue  # half a line that a crash left


def _term(change: Change, plan: Plan, at: datetime, registry: Registry, committed: datetime | None) -> Term:
    calendar, limit = Calendar(registry.calendar), registry.policy.request_days
    effective, decision = _grounds(change, plan.as_of, registry)
    said = decided(decision)
    begun = max((day for day in (said, effective) if day), default=None)
    done = at.astimezone(registry.estate.time_zone).date()
    due = calendar.last_day(begun, limit) if begun and limit is not None else None
    return Term(
        id=change.id,
        label=change.label,
        agency=agency_of(change.target, base_dn(plan.suffix)),
        operation=change.operation,
        decision=decision,
        decided=said,
        effective=effective,
        committed=committed,
        applied=at,
        taken=calendar.between(begun, done) if begun else None,
        due=due,
        late=done > due if due else None,
    )


def _grounds(change: Change, as_of: date, registry: Registry) -> tuple[date | None, str]:
    """Give the last day on which the registry changes something about the object, and on which decision."""
    name = change.id.partition(":")[2]
    if change.precondition and change.after.keys() <= _RIGHTS and not change.new_dn:
        known = [(day, said) for day, said in _of_rights(change, name, registry) if day and day <= as_of]
        return max(known, default=(None, ""), key=lambda each: each[0] or date.min)
    days = _of_person(name, registry) if change.kind is Kind.PERSON else _of_mailbox(name, registry)
    own = [day for day, decision in days if day and day <= as_of and decision == change.reason]
    return max(own, default=None), change.reason


def _of_rights(change: Change, person: str, registry: Registry) -> Iterator[tuple[date | None, str]]:
    """Give the days of somebody's roles in the mailboxes in which a change gives or takes rights."""
    values = {*change.before.get("congvuAccess", ())} ^ {*change.after.get("congvuAccess", ())}
    touched = {value.partition(":")[0] for value in values}
    for agency in registry.agencies.values():
        for mailbox in agency.mailboxes.values() if touched & agency.mailboxes.keys() else ():
            for grant in chain.from_iterable(mailbox.roles.values()) if mailbox.uid in touched else ():
                if grant.person == person:
                    yield grant.since, grant.decision
                    yield grant.until, grant.decision


def _of_person(person: str, registry: Registry) -> Iterator[tuple[date | None, str]]:
    posts: Iterable[Post] = (*registry.persons.get(person, ()), *registry.seconds.get(person, ()))
    for post in posts:
        yield post.since, post.decision
        yield post.until, post.until_decision or post.decision
        for absence in post.absences:
            yield absence.since, absence.decision
            yield absence.until, absence.decision


def _of_mailbox(uid: str, registry: Registry) -> Iterator[tuple[date | None, str]]:
    for agency in registry.agencies.values():
        if uid in agency.mailboxes:
            yield agency.until, agency.until_decision
            for version in (*agency.versions, *agency.mailboxes[uid].versions):
                yield version.since, version.decision
