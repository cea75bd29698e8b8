"""What came of planning and applying: exit statuses for pipelines, sentences for people."""

from __future__ import annotations

from collections import Counter
from enum import IntEnum
from typing import TYPE_CHECKING

from . import dn as names
from .apply import Verdict
from .changes import Cause, Purge
from .model import Kind
from .phrase import Language, Phrase
from .terminal import SAMPLE, more
from .wording import named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .apply import Result
    from .changes import Plan
    from .safety import Finding


_NAMED = 10  # mailboxes in a line


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


def outcome(plan: Plan, result: Result) -> str:
    """Say what came of an apply, and what is left to do."""
    counts = ", ".join(f"{count} {verdict}" for verdict, count in result.counts.items() if count)
    lines = [f"Plan {plan.id[:12]}: {counts or 'nothing to do'}."]
    lines += result.notes
    left = [answer for answer in result.answers if answer.verdict is not Verdict.APPLIED]
    lines += [f"  {answer.verdict}: {named(answer.change)}: {answer.message}" for answer in left[:SAMPLE]]
    lines += more(len(left) - SAMPLE)
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
    lines += [f"  {answer.verdict}: {named(answer.change)}: {answer.message}" for answer in left[:SAMPLE]]
    lines += more(len(left) - SAMPLE)
    if doomed := purged(result):
        lines.append(_farewell(doomed))
    if left:
        lines.append("Mend these, and make a new plan: ansible-playbook playbooks/plan.yml")
    return "\n".join(lines) + "\n"


def purged(result: Result) -> list[str]:
    """Give the mailboxes, by uid, whose mail a rehearsed plan would remove for ever, but for what was refused."""
    return sorted(
        names.naming(answer.change.target)[1]
        for answer in result.answers
        if isinstance(answer.change, Purge)
        and answer.change.kind in (Kind.PERSON, Kind.MAILBOX)
        and answer.verdict in (Verdict.APPLIED, Verdict.SKIPPED)
    )


def _farewell(uids: Sequence[str]) -> str:
    count = f"{len(uids)} mailbox{'es' * (len(uids) > 1)}"
    rest = f", … and {len(uids) - _NAMED} more" * (len(uids) > _NAMED)
    return f"WOULD PURGE the mail of {count} for ever: {', '.join(uids[:_NAMED])}{rest}"


def newcomers(result: Result, folder: str) -> str:
    """Say where the passwords of those lie who may now sign in for the first time; nothing if there are none."""
    given = sum(answer.verdict is Verdict.APPLIED and answer.change.password for answer in result.answers)
    if not given:
        return ""
    return (
        f"Initial passwords of {given} new account{'s' * (given > 1)}, a file each: {folder}\n"
        "Print their slips: ansible-playbook playbooks/slips.yml\n"
    )


def revert(plan: Plan, root: str, commits: Sequence[str], language: str = Language.ENGLISH) -> str:
    """Say how the registry goes back along with a plan that is undone; ``commits`` are those that it carried out."""
    came = sum(change.cause in (Cause.CLOCK, Cause.RETENTION) for change in plan.changes)
    dirty = plan.commit.endswith("+dirty")
    if commits:
        said = [f"git -C {root} revert --no-edit {' '.join(commit[:12] for commit in commits)}"]
    elif plan.commit and not dirty:
        said = [f"git -C {root} revert --no-edit {plan.commit[:12]}"]
    else:
        said = []
    if dirty:
        words = Phrase("The plan was made from files that were not committed: take them back by hand.")
        said.append(words.told(language))
    elif not plan.commit:
        words = Phrase("The registry's commit is not known: take back by hand what the plan was made from.")
        said.append(words.told(language))
    if came:
        facts = {"count": came}
        words = Phrase("Brought by a day that the registry names: {count}. No commit did that: correct the day.", facts)
        said.append(words.told(language))
    head = Phrase("REVERT THE REGISTRY TOO, or the next plan does all of it again:").told(language)
    return "\n".join(("", head, *(f"  {line}" for line in said))) + "\n"
