"""All that is on record of one object of the registry: who decided, wrote, approved, applied, and how it can be proved.

The accesslog tells each write and the plan that it is part of (``history``). From there the chain is followed to the
commit in Git, to the plan as it was reviewed, and to the ledger's lines about plan and object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import ledger, provenance, recount, store, terms, wording
from .changes import PlanError
from .phrase import Language, Phrase
from .provenance import REQUESTED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from .history import History
    from .ledger import Line
    from .model import Registry
    from .provenance import Commit
    from .terms import Term

_SHORT = 12


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found. Commits and plans are by the beginning of their ids, as the accesslog names them."""

    history: History
    commits: Mapping[str, Commit]
    terms: Mapping[str, Term]  # by plan
    missing: tuple[str, ...]  # plans that are no longer at hand
    lines: tuple[Line, ...]  # of the ledger
    official: frozenset[str]  # of the addresses that commits name as those of requests
    length: int  # of the whole ledger
    head: str


def gather(history: History, registry: Registry, root: Path, state: Path) -> Evidence:
    """Follow each write of a history to its commit, its plan and the ledger. Raises LedgerError for a broken one."""
    plans = list(dict.fromkeys(event.trace.plan for event in history.events if event.trace and event.trace.plan))
    commits = list(dict.fromkeys(event.trace.commit for event in history.events if event.trace and event.trace.commit))
    known = {commit: found for commit in commits if (found := provenance.told(root, commit))}
    every = list(ledger.read(state))
    took: dict[str, Term] = {}
    missing: list[str] = []
    for short in plans:
        try:
            plan = store.find(short, state / "plans")
        except PlanError:
            missing.append(short)
            continue
        commit = known.get(f"{plan.commit[:_SHORT]}{plan.commit[40:]}")
        applied = terms.applied_in(state / "journal", plan.id)
        every_term = terms.terms(plan, applied, registry, commit.at if commit else None)
        if own := [term for term in every_term if term.id == history.id]:
            took[short] = own[0]
    return Evidence(
        history=history,
        commits=known,
        terms=took,
        missing=tuple(missing),
        official=_official(known.values(), registry),
        lines=tuple(line for line in every if _is_about(line, history.id, plans)),
        length=len(every),
        head=f"{every[-1].seq}:{every[-1].sha256}" if every else "",
    )


def _official(commits: Iterable[Commit], registry: Registry) -> frozenset[str]:
    """Give those addresses from which requests came that are mailboxes of the estate, or were (BT Điều 8.3)."""
    named = {
        who
        for commit in commits
        for each in (commit, *commit.brought)
        for how, who in each.answered
        if how == REQUESTED
    }
    known = {line.address for lines in registry.addresses.values() for line in lines} if named else set()
    return frozenset(who for who in named if who.lower() in known)


def _is_about(line: Line, id_: str, plans: Collection[str]) -> bool:
    subject, name = line.entry.subject, id_.partition(":")[2]
    return subject in (id_, f"uid:{name}") or subject[:_SHORT] in plans


def text(evidence: Evidence, zone: ZoneInfo, label: str, *, language: str = Language.ENGLISH) -> str:
    """Tell it on a page: the past first, then what it rests on."""
    lines = [recount.text(evidence.history, zone, label, language=language)]
    for title, part in (
        (
            Phrase("COMMITS"),
            [
                line
                for commit in evidence.commits.values()
                for line in _commit(commit, evidence.official, zone, language)
            ],
        ),
        (Phrase("TERMS"), [line for plan, term in evidence.terms.items() for line in _term(plan, term, language)]),
        (Phrase("LEDGER"), [_line(line, language) for line in evidence.lines]),
    ):
        if part:
            lines += [title.told(language), *part, ""]
    if evidence.missing:
        facts = {"plans": ", ".join(evidence.missing)}
        lines += [Phrase("Plans that are no longer at hand: {plans}", facts).told(language), ""]
    facts = {"lines": str(evidence.length), "head": evidence.head or Phrase("none").told(language)}
    lines.append(Phrase("The ledger is unbroken: {lines} lines. Head: {head}", facts).told(language))
    return "\n".join(lines) + "\n"


def data(evidence: Evidence, zone: ZoneInfo) -> dict[str, Any]:
    """Give it as plain values, with what ``recount.data`` gives of the past."""
    return {
        **recount.data(evidence.history, zone),
        "commits": [_commit_data(commit) for commit in evidence.commits.values()],
        "official": sorted(evidence.official),
        "terms": [{"plan": plan, **_term_data(term)} for plan, term in evidence.terms.items()],
        "plans_missing": list(evidence.missing),
        "ledger": {
            "lines": evidence.length,
            "head": evidence.head,
            "entries": [
                {
                    "seq": line.seq,
                    "at": line.at,
                    "place": line.place,
                    "kind": str(line.entry.kind),
                    "subject": line.entry.subject,
                    "summary": line.entry.summary,
                    "by": line.entry.by,
                    "sha256": line.sha256,
                }
                for line in evidence.lines
            ],
        },
    }


def _commit(commit: Commit, official: Collection[str], zone: ZoneInfo, language: str) -> Iterator[str]:
    yield f"{commit.id[:_SHORT]}  {recount.moment(commit.at, zone, language)}  {commit.subject}"
    said = [Phrase("written by {who}", {"who": commit.author})]
    if commit.is_merge:
        said = [Phrase("merged by {who}", {"who": commit.committer})]
    elif commit.committer != commit.author:
        said.append(Phrase("taken in by {who}", {"who": commit.committer}))
    signed = Phrase("signed by {who}", {"who": commit.signer}) if commit.signer else Phrase("not signed")
    said += [signed, *(_answered(how, who, official) for how, who in commit.answered)]
    yield f"  {'; '.join(phrase.told(language) for phrase in said)}"
    for brought in commit.brought:
        yield from (f"  {line}" for line in _commit(brought, official, zone, language))


def _answered(how: str, who: str, official: Collection[str]) -> Phrase:
    if how != REQUESTED:
        return Phrase("{how}: {who}", {"how": how, "who": who})
    if who in official:
        return Phrase("requested from {who}, an official mailbox", {"who": who})
    return Phrase("requested from {who}, WHICH IS NO OFFICIAL MAILBOX", {"who": who})


def _term(plan: str, term: Term, language: str) -> Iterator[str]:
    day = term.decided or term.effective
    facts = {
        "plan": plan,
        "decision": term.decision,
        "day": wording.day(day, language) if day else Phrase("not known"),
        "taken": Phrase("not known") if term.taken is None else term.taken,
        "due": wording.day(term.due, language) if term.due else "",
    }
    yield Phrase("plan {plan}: decision {decision}, day {day}; working days until the write: {taken}", facts).told(
        language
    )
    if term.due:
        verdict = (
            Phrase("late: due by {due}", facts) if term.late else Phrase("within the term, which ended on {due}", facts)
        )
        yield f"  {verdict.told(language)}"


def _line(line: Line, language: str) -> str:
    by = f" ({Phrase('by {who}', {'who': line.entry.by}).told(language)})" if line.entry.by else ""
    return f"{line.seq}  {line.at[:19]}Z  {line.entry.summary}{by}"


def _commit_data(commit: Commit) -> dict[str, Any]:
    return {
        "commit": commit.id,
        "author": commit.author,
        "written": commit.written.isoformat(),
        "committer": commit.committer,
        "committed": commit.at.isoformat(),
        "subject": commit.subject,
        "merge": commit.is_merge,
        "signer": commit.signer,
        "answered": [{"how": how, "who": who} for how, who in commit.answered],
        "brought": [_commit_data(brought) for brought in commit.brought],
    }


def _term_data(term: Term) -> dict[str, Any]:
    days = {
        name: value.isoformat() if (value := getattr(term, name)) else None for name in ("decided", "effective", "due")
    }
    return {
        **days,
        "decision": term.decision,
        "applied": term.applied.isoformat(),
        "taken": term.taken,
        "late": term.late,
    }
