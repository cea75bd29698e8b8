"""Plans and results in words: a page for the terminal, a page of Markdown for a merge request."""

from __future__ import annotations

from collections import Counter
from enum import IntEnum
from itertools import groupby
from typing import TYPE_CHECKING

from . import dn as names
from .apply import Verdict
from .changes import (
    OPERATIONS,
    Adopt,
    Create,
    Delete,
    Disable,
    Move,
    Purge,
    Risk,
    Situation,
    Update,
    agency_of,
    base_dn,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .apply import Result
    from .changes import Change, Plan, Remark
    from .safety import Finding

PER_AGENCY = 8  # changes shown on the terminal before "… and 270 more"
PAGE = 60  # lines of changes there before "… and 41 more agencies"
SAMPLE = 20  # remarks and failures shown
_VALUE = 60  # characters of a value
_SIGNS: Mapping[type[Change], str] = {
    Create: "+",
    Update: "~",
    Move: ">",
    Disable: "!",
    Adopt: "*",
    Purge: "x",
    Delete: "-",
}


class Status(IntEnum):
    """What a pipeline goes by: the exit statuses of planning and applying."""

    DONE = 0  # nothing to do, or all of it done
    ERROR = 1
    CHANGES = 2
    RAIL = 3
    STALE = 4
    PARTLY = 5


def status_of_plan(plan: Plan, findings: Sequence[Finding]) -> Status:
    """Say what follows from a plan."""
    if findings:
        return Status.RAIL
    return Status.CHANGES if plan.changes else Status.DONE


def status_of_result(result: Result) -> Status:
    """Say what came of an apply: stale if nothing else went wrong and nothing was written, else partly applied."""
    if result.complete:
        return Status.DONE
    verdicts = {answer.verdict for answer in result.answers}
    return Status.STALE if verdicts == {Verdict.STALE} else Status.PARTLY


def summary(plan: Plan) -> str:
    """Say in one line what a plan does."""
    if not plan.changes:
        entries = sum(tally.entries for tally in plan.census.values())
        return f"Nothing to do: the directory is as the registry says ({entries} entries)."
    return f"Changes: {_tally(plan.changes)}."


def terminal(plan: Plan, findings: Sequence[Finding] = (), where: str = "") -> str:
    """Show a plan on one page, grouped by agency, cut where it would run off the screen.

    What to do now is said last, where the eye rests when the list has run by.
    """
    lines = [_heading(plan), *_notes(plan)]
    lines += [*_listed(plan), "", summary(plan)]
    if plan.next_change:
        lines.append(f"Time alone changes something next on {plan.next_change}.")
    if where and (plan.changes or plan.remarks):
        lines.append(f"The whole plan is in {where}")
    lines += _stops(findings)
    if plan.changes and not findings:
        lines.append(f"Apply exactly this: ansible-playbook playbooks/apply.yml -e plan={plan.id[:12]}")
    return "\n".join(lines) + "\n"


def markdown(plan: Plan, findings: Sequence[Finding] = ()) -> str:
    """Show the whole of a plan as a page for a merge request."""
    lines = [f"# {summary(plan)}", "", f"{_heading(plan)}.", f"Id `{plan.id}`.", ""]
    lines += [f"- **Stopped:** {finding}" for finding in findings]
    lines += [f"- *{remark.situation}* `{remark.dn}`: {remark.message}" for remark in plan.remarks]
    for agency, changes in _by_agency(plan):
        lines += ["", f"## {agency or 'outside all agencies'}", ""]
        lines += ["| | change | decision | risk | cause | source |", "|---|---|---|---|---|---|"]
        lines += [_row(change) for change in changes]
    if plan.next_change:
        lines += ["", f"Time alone changes something next on {plan.next_change}."]
    return "\n".join(lines) + "\n"


def outcome(plan: Plan, result: Result) -> str:
    """Say what came of an apply, and what is left to do."""
    counts = ", ".join(f"{count} {verdict}" for verdict, count in result.counts.items() if count)
    lines = [f"Plan {plan.id[:12]}: {counts or 'nothing to do'}."]
    lines += result.notes
    left = [answer for answer in result.answers if answer.verdict is not Verdict.APPLIED]
    lines += [f"  {answer.verdict}: {_named(answer.change)}: {answer.message}" for answer in left[:SAMPLE]]
    lines += _more(len(left) - SAMPLE)
    if result.unverified:
        lines.append(
            f"The directory does not show afterwards what it accepted: {', '.join(result.unverified[:SAMPLE])}."
        )
    if result.complete and result.answers:
        lines.append("Read again from the directory: everything is as planned.")
    elif not result.complete:
        lines.append("Make a new plan for what is left: ansible-playbook playbooks/plan.yml")
    return "\n".join(lines) + "\n"


def rehearsal(plan: Plan, result: Result) -> str:
    """Say what the server would answer to a plan."""
    counts = result.counts
    lines = [f"Rehearsed plan {plan.id[:12]}: nothing was written."]
    lines.append(f"  The directory would accept {counts[Verdict.APPLIED]} of {len(result.answers)} changes.")
    untried = Counter(answer.message for answer in result.answers if answer.verdict is Verdict.SKIPPED)
    lines += [f"  {number} not tried: {reason}" for reason, number in sorted(untried.items())]
    left = [answer for answer in result.answers if answer.verdict in (Verdict.STALE, Verdict.FAILED)]
    lines += [f"  {answer.verdict}: {_named(answer.change)}: {answer.message}" for answer in left[:SAMPLE]]
    lines += _more(len(left) - SAMPLE)
    if left:
        lines.append("Mend these, and make a new plan: ansible-playbook playbooks/plan.yml")
    return "\n".join(lines) + "\n"


def newcomers(result: Result, folder: str) -> str:
    """Say where the passwords of those lie who may now sign in for the first time; nothing if there are none."""
    given = sum(answer.verdict is Verdict.APPLIED and answer.change.password for answer in result.answers)
    return f"Initial passwords of {given} new account{'s' * (given > 1)}, a file each: {folder}\n" if given else ""


def _heading(plan: Plan) -> str:
    commit = plan.commit.partition("+")
    at = f", registry at {commit[0][:12]}{'+' if commit[1] else ''}{commit[2]}" if plan.commit else ""
    return f"Plan {plan.id[:12]} for the estate {plan.estate} on {plan.as_of}{at}"


def _stops(findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        yield ""
        yield "STOPPED by a safety rail:"
    yield from (f"  {finding}" for finding in findings[:SAMPLE])
    yield from _more(len(findings) - SAMPLE)


def _notes(plan: Plan) -> Iterator[str]:
    quiet = [remark for remark in plan.remarks if not remark.blocking]
    if not quiet:
        return
    counts = Counter(remark.situation for remark in quiet)
    yield ""
    yield "Left alone: " + ", ".join(f"{counts[situation]} {situation}" for situation in Situation if counts[situation])
    # What wants a decision is shown before what is merely somebody else's.
    ordered = sorted(quiet, key=_urgency)
    yield from (f"  {remark.dn}: {remark.message}" for remark in ordered[:SAMPLE])
    yield from _more(len(ordered) - SAMPLE)


def _urgency(remark: Remark) -> tuple[bool, str]:
    return remark.situation in (Situation.FOREIGN, Situation.UNMANAGED), remark.dn


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield f"  … and {count} more"


def _by_agency(plan: Plan) -> Iterator[tuple[str, list[Change]]]:
    base = base_dn(plan.suffix)

    def agency(change: Change) -> str:
        return agency_of(change.target, base)

    for code, changes in groupby(sorted(plan.changes, key=agency), key=agency):
        yield code, list(changes)


def _described(change: Change) -> str:
    source = f"  {change.source.file}:{change.source.line}" if change.source else ""
    details = "; ".join(_details(change))
    return f"{_SIGNS[type(change)]} {_named(change)}{': ' if details else ''}{details}{source}"


def _named(change: Change) -> str:
    kind, _, name = change.id.partition(":")
    return f"{kind} {name}" + (f"  {change.label}" if change.label else "")


def _details(change: Change) -> Iterator[str]:
    if change.new_dn:
        yield f"from {_place(change.dn)} to {_place(change.new_dn)}"
    if not isinstance(change, Create):
        for name, values in change.after.items():
            yield f"{name} {_shown(change.before.get(name, ()))} → {_shown(values)}"
    if change.source is None and change.reason:
        yield change.reason


def _shown(values: Iterable[str]) -> str:
    text = ", ".join(values)
    return (f"{text[:_VALUE]}…" if len(text) > _VALUE else text) or "nothing"


def _place(dn: str) -> str:
    """Show where an entry stands as a path from the agency down, such as ``snv/tccb``."""
    above = [names.naming(part)[1] for part in names.split(dn)[1:] if part.lower().startswith("ou=")]
    return "/".join(reversed(above[:-1])) or names.naming(dn)[1]


def _listed(plan: Plan) -> Iterator[str]:
    """List changes by agency; where they are too many, those that people will notice stay."""
    agencies = dict(_by_agency(plan))
    shown: set[str] = set()
    room = PAGE
    for agency in sorted(agencies, key=lambda code: min(map(_weight, agencies[code]))):
        room -= min(len(agencies[agency]), PER_AGENCY + 1) + 2
        if room < 0 and shown:
            break
        shown.add(agency)
    for agency in sorted(shown):
        changes = sorted(agencies[agency], key=_weight)
        rest = changes[PER_AGENCY:]
        yield from ("", agency or "outside all agencies")
        yield from (f"  {_described(change)}" for change in sorted(changes[:PER_AGENCY]))
        if rest:
            yield f"  … and {len(rest)} more: {_tally(rest)}"
    left = [change for agency in agencies.keys() - shown for change in agencies[agency]]
    if left:
        yield from ("", f"… and {len(agencies) - len(shown)} more agencies: {_tally(left)}")


def _weight(change: Change) -> int:
    return -list(Risk).index(change.risk)


def _tally(changes: Iterable[Change]) -> str:
    counts = Counter(change.operation for change in changes)
    return ", ".join(f"{counts[operation]} to {operation}" for operation in OPERATIONS if counts[operation])


def _row(change: Change) -> str:
    details = "; ".join(_details(change))
    what = f"{_named(change)}{': ' if details else ''}{details}"
    source = f"{change.source.file}:{change.source.line}" if change.source else ""
    cells = (_SIGNS[type(change)], what, change.reason, change.risk, change.cause, source)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |"
