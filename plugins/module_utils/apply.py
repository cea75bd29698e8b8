"""From a plan to the directory: exactly its changes, in its order, each only if its entry is still as planned.

A change that fails does not stop those that do not build on it: at the end a short list remains instead of half an
estate. Only a broken connection or a lost lease stops everything. Nothing needs to be resumed: what was done is in
the directory, and the next plan holds the rest.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from itertools import groupby, pairwise
from time import sleep
from typing import TYPE_CHECKING

from . import dn as names
from .changes import STRUCTURE, Adopt, Applied, Create, Delete, Disable, Purge, Wave
from .directory import Add, DirectoryError, Fate, Modify, Outcome, Remove, Rename, UnableError
from .files import complaint
from .observe import read
from .plan import ATTRIBUTES
from .trace import traced
from .unswept import unswept
from .values import differs, holds, renamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .changes import Change, Plan, Texts
    from .directory import Directory, Record, Write
    from .journal import Journal
    from .lease import Lease

SLICE = 500  # changes between two lines of the journal
SETTLE = 1.0  # seconds between saying that addresses are under way and giving them up
ENOUGH = 3  # changes that the directory was unable to write: one may be about its entry, these are not
FEW = 0.1  # share of the entries up to which they are read one by one
PATIENCE = 3  # times that a write is repeated because somebody signed in meanwhile


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
    csn: str = ""  # the entryCSN that an applied change left
    unable: bool = False  # not the change was refused: the directory itself cannot write


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


@unswept()
def apply(  # noqa: PLR0913 - what an apply stands on
    plan: Plan,
    directory: Directory,
    lease: Lease,
    journal: Journal,
    issue_password: Callable[[str], bytes],
    *,
    foresee: Callable[[Sequence[str]], None] = lambda _: None,
    advance: Callable[[int], None] = lambda _: None,
    by: str = "",
) -> Result:
    """Carry out a plan and look at what came of it. ``issue_password`` gives the hash for a registry object's id.

    ``foresee`` is told some time before which ids are next, ``advance`` now and then how many changes are behind us.
    ``by`` is who applies: every write tells it to the
    directory's accesslog, with the plan and the decision.
    Raises ``LeaseError`` if another apply is at work, ``SupersededError`` if one was since the plan was made, and
    ``BrokenOffError`` where going on makes no sense.
    """
    taken_over = lease.acquire(plan.id, plan.under_way, after=plan.applied.plan if plan.applied else "")
    journal.write("begin", plan=plan.id, commit=plan.commit, by=by, changes=len(plan.changes))
    try:
        translate = partial(_signed_steps, plan, by, issue_password)
        answers = _carry_out(plan, directory, lease, journal, translate, foresee, advance)
        unverified = _unverified(answers, _look_again(plan, answers, directory))
        result = Result(tuple(answers), unverified, (taken_over,) if taken_over else ())
        # What is remembered is the state of the whole.
        whole = result.complete and not plan.scope
        if whole:
            lease.settle(lease.under_way)  # what nobody took is given up for good
        lease.release(_memory(plan, answers) if whole else None)
        journal.write("end", counts=result.counts, unverified=list(result.unverified))
    except DirectoryError as error:
        # The lease is left to lapse: nobody should start at once where it is not known what was done last.
        raise BrokenOffError(str(error), _REST) from error
    except OSError as error:
        raise BrokenOffError(complaint(error), _REST) from error
    return result


def rehearse(plan: Plan, directory: Directory, digest: bytes) -> Result:
    """Ask the server what it would say to each change, and write nothing. ``digest`` stands for every password.

    A change that needs another one first, a person in a unit to be made or an address to be given up, cannot be tried
    before: it is skipped. So is one that would be the first to write some attribute: OpenLDAP's back-mdb numbers the
    attributes that it has seen, and a trial leaves it counting one that is not on the disk (ADR 10). An applied change
    is one that the server would accept.
    """
    known = _written(read(directory, plan.suffix, plan.scope, (*ATTRIBUTES, _PASSWORD_SET)))
    moved = {names.key(dn) for change in plan.changes if _shifts(change) for dn in (change.dn, change.target)}
    begun = {change.id for change in plan.changes if change.wave is Wave.RELEASE}
    answers: list[Answer] = []
    for changes in slices(plan.changes):
        able = {change.id: _trials(change, digest) for change in changes if not _waits(change, moved, plan, begun)}
        trials = {id_: steps for id_, steps in able.items() if _needed(steps) <= known}
        tried = iter(_write([step for steps in trials.values() for step in steps], directory, directory.rehearse))
        for change in changes:
            if change.id not in trials:
                answers.append(Answer(change, Verdict.SKIPPED, _FIRST if change.id in able else _UNTRIED))
            else:
                outcomes = [next(tried) for _ in trials[change.id]]
                answers.append(
                    _answer(change, next((one for one in outcomes if one.fate is not Fate.DONE), outcomes[0]))
                )
    return Result(tuple(answers))


_UNTRIED = "It cannot be tried before others are carried out."
_FIRST = "It would be the first to write some attribute, which is not to be tried: OpenLDAP would be damaged by it."
_PASSWORD_SET = "pwdChangedTime"  # noqa: S105 - the attribute by which an account shows that it was given a password


def _written(records: Iterable[Record]) -> set[str]:
    """Give the attributes that the directory has on its disk as far as our entries show; there they stay known."""
    return {name.lower() for record in records for name in record.attributes}


def _needed(steps: Iterable[_Step]) -> set[str]:
    """Give the attributes that these writes would put on the disk."""
    needed: set[str] = set()
    for write in (step.write for step in steps):
        if isinstance(write, Add | Modify):
            needed |= {name.lower() for name, values in write.attributes.items() if values}
        if isinstance(write, Add | Modify) and write.password:
            needed.add(_PASSWORD_SET.lower())
    return needed


def _shifts(change: Change) -> bool:
    return change.kind in STRUCTURE and (change.precondition is None or bool(change.new_dn))


def _waits(change: Change, moved: set[str], plan: Plan, begun: set[str]) -> bool:
    """Say whether a change needs another one first."""
    if change.claimed & plan.under_way or (change.id in begun and change.wave is not Wave.RELEASE):
        return True
    own = {names.key(change.dn), names.key(change.target)} if _shifts(change) else set[str]()
    return _builds_on(change, moved - own)


def _trials(change: Change, digest: bytes) -> list[_Step]:
    """Give the steps of a change as they can be tried one beside the other: the entry is still where it was."""
    steps = _steps(change, lambda _: digest)
    return [_unmoved(step, step.write, change) if isinstance(step.write, Modify) else step for step in steps]


def _unmoved(step: _Step, write: Modify, change: Change) -> _Step:
    """Give a write as it can be tried before the move: that brings a name which the classes may demand.

    What an entry is still named by can be changed only after it.
    """
    written, seen = dict(write.attributes), dict(change.before)
    if isinstance(change, Adopt) and change.new_dn:
        (old, _), (new, value) = names.naming(change.dn), names.naming(change.new_dn)
        written = {new: (value,), **written}
        written = {name: values for name, values in written.items() if name.lower() != old.lower()}
        seen = {name: values for name, values in seen.items() if name.lower() not in (old.lower(), new.lower())}
    return replace(step, write=replace(write, dn=change.dn, attributes=written), seen=seen)


@dataclass(slots=True)
class _Progress:
    """What the slices so far have left for those to come."""

    unmade: set[str] = field(default_factory=set)  # keys of agencies and units that are not where the plan put them
    begun: dict[str, Answer] = field(default_factory=dict)  # by id, what became of giving up addresses
    kept: set[str] = field(default_factory=set)  # addresses that were to be given up and were not
    unable: int = 0  # changes since the last applied one that the directory was unable to write

    def obstacle(self, change: Change) -> str:
        """Say why a change is not to be tried, empty if it is."""
        if _builds_on(change, self.unmade):
            return _SKIPPED
        if change.id in self.begun and self.begun[change.id].verdict is not Verdict.APPLIED:
            return _HALF
        kept = sorted(self.kept & change.claimed) if self.kept else ()
        return f"{kept[0]} was not given up by the entry that has it." if kept else ""

    def continued(self, change: Change) -> Change:
        """Let the second half of a change build on what the first one left."""
        first = self.begun.get(change.id)
        if first is None or change.precondition is None:
            return change
        return replace(change, precondition=replace(change.precondition, csn=first.csn))

    def explained(self, answer: Answer) -> Answer:
        """Say of a change that got half way what stands."""
        first = self.begun.get(answer.change.id)
        if first is None or answer.verdict is Verdict.APPLIED or first.verdict is not Verdict.APPLIED:
            return answer
        gone = ", ".join(sorted(first.change.released))
        message = f"{answer.message} It has given up {gone}, and that stands; the next plan holds the rest."
        return replace(answer, message=message)

    def take_in(self, answer: Answer) -> None:
        """Remember what became of a change."""
        if answer.change.wave is Wave.RELEASE:
            self.begun[answer.change.id] = answer
        if answer.verdict is Verdict.APPLIED:
            self.unable = 0
            return
        self.unable += answer.unable
        if answer.change.wave is Wave.RELEASE:
            self.kept |= answer.change.released
        if answer.change.kind in STRUCTURE:
            self.unmade.add(names.key(answer.change.target))


def _carry_out(  # noqa: PLR0913, PLR0917 - what an apply stands on
    plan: Plan,
    directory: Directory,
    lease: Lease,
    journal: Journal,
    translate: Callable[[Change], list[_Step]],
    foresee: Callable[[Sequence[str]], None],
    advance: Callable[[int], None],
) -> list[Answer]:
    answers: list[Answer] = []
    progress = _Progress()
    settled = not plan.under_way
    batches = [*slices(plan.changes), []]
    foresee(_opened(batches[0]))
    for changes, coming in pairwise(batches):
        foresee(_opened(coming))
        obstacles = {change.id: why for change in changes if (why := progress.obstacle(change))}
        able = [progress.continued(change) for change in changes if change.id not in obstacles]
        if not settled and changes[0].wave is Wave.RELEASE:
            # Whoever looked for an address just before we said that it is under way has found it by now.
            sleep(SETTLE)
            settled = True
        journal.intend(change.id for change in able)
        done = _perform(able, directory, translate)
        done += [Answer(change, Verdict.SKIPPED, obstacles[change.id]) for change in changes if change.id in obstacles]
        done = [progress.explained(answer) for answer in done]
        journal.outcome({answer.change.id: str(answer.verdict) for answer in done})
        for answer in done:
            progress.take_in(answer)
            if lease.under_way and answer.verdict is Verdict.APPLIED:
                lease.settle(answer.change.claimed)
        answers += done
        advance(len(answers))
        if progress.unable >= ENOUGH or _mostly_unable(done):
            message = next(answer.message for answer in reversed(done) if answer.unable)
            raise UnableError(message)
        lease.renew()
    return answers


def _opened(changes: Iterable[Change]) -> list[str]:
    """Give the ids of those who get an initial password."""
    return [change.id for change in changes if change.password]


def _mostly_unable(answers: Sequence[Answer]) -> bool:
    """Tell whether the directory takes one here and there at best: a full database still has room for the smallest."""
    unable = sum(answer.unable for answer in answers)
    return unable >= ENOUGH and unable >= sum(answer.verdict is Verdict.APPLIED for answer in answers)


_REST = "What was written until then stays: make a new plan for the rest."
_SKIPPED = "The agency or unit that it belongs to is not in its place."
_HALF = "It builds on giving up addresses first, which was not done."


def slices(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Cut a plan into batches whose changes do not build on one another."""
    for _, stage in groupby(changes, key=lambda change: change.stage):
        rest = list(stage)
        while rest:
            yield rest[:SLICE]
            rest = rest[SLICE:]


def _builds_on(change: Change, unmade: set[str]) -> bool:
    if not unmade:
        return False
    for dn in (names.key(change.dn), names.key(change.target)):
        parts = names.split(dn)
        if any(",".join(parts[index:]) in unmade for index in range(len(parts))):
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Step:
    """One write of a change, and what its entry must hold for the change still to mean what was reviewed."""

    write: Write
    uuid: str = ""
    seen: Texts = field(default_factory=dict)


def _perform(
    changes: Sequence[Change], directory: Directory, translate: Callable[[Change], list[_Step]]
) -> list[Answer]:
    """Carry out a batch: the first step of every change, then the second of those that have one."""
    steps = [translate(change) for change in changes]
    outcomes = _write([first for first, *_ in steps], directory, directory.write)
    second = {
        index: replace(step[1], write=_asserting(step[1].write, outcome.csn))
        for index, (step, outcome) in enumerate(zip(steps, outcomes, strict=True))
        if len(step) > 1 and outcome.fate is Fate.DONE
    }
    later = dict(zip(second, _write(list(second.values()), directory, directory.write), strict=True)) if second else {}
    return [_answer(change, later.get(index, outcomes[index])) for index, change in enumerate(changes)]


def _signed_steps(plan: Plan, by: str, issue_password: Callable[[str], bytes], change: Change) -> list[_Step]:
    """Translate a change into writes that say on whose behalf they are made."""
    trace = traced(plan, change, by=by)
    return [replace(step, write=replace(step.write, trace=trace)) for step in _steps(change, issue_password)]


def _steps(change: Change, issue_password: Callable[[str], bytes]) -> list[_Step]:
    """Translate a change; a second step, if any, asserts the entryCSN that the first one leaves."""
    attributes = dict(change.after)
    password = partial(issue_password, change.id) if change.password else None
    if change.precondition is None:
        return [_Step(Add(change.dn, attributes, password))]
    if isinstance(change, Purge):
        # Nobody is to come back to an empty mailbox. A plan neither reads nor names passwords; this ends one.
        attributes["userPassword"] = ()
    uuid, csn = change.precondition.uuid, change.precondition.csn
    if isinstance(change, Delete):
        return [_Step(Remove(change.dn, csn))]
    if not change.new_dn:
        return [_Step(Modify(change.dn, csn, attributes, password=password), uuid, change.before)]
    # What is adopted may be named by what its class demands: the value goes when the next ones are written.
    rename = Rename(change.dn, csn, change.new_dn, keep=isinstance(change, Adopt))
    if not attributes:
        return [_Step(rename, uuid)]
    # Access ends first, though the move be refused. Elsewhere the move is first, for it brings its naming value along.
    if isinstance(change, Disable | Purge):
        return [_Step(Modify(change.dn, csn, attributes), uuid, change.before), _Step(rename, uuid, change.after)]
    modify = Modify(change.new_dn, csn, attributes, password=password)
    return [_Step(rename, uuid, change.before), _Step(modify, uuid, change.before)]


def _write(
    steps: Sequence[_Step], directory: Directory, send: Callable[[Sequence[Write]], list[Outcome]]
) -> list[Outcome]:
    """Write, and try those again whose entries are younger than planned but say the same.

    Every sign-in notes its time in the entry, which makes the planned ``entryCSN`` stale. The write is repeated only
    under the assertion of the ``entryCSN`` read together with the values, so that no moment is left unwatched.
    """
    outcomes = send([step.write for step in steps])
    stale = [index for index, outcome in enumerate(outcomes) if outcome.fate is Fate.STALE]
    for _ in range(PATIENCE):
        again = {index: write for index in stale if (write := _refreshed(steps[index], directory))}
        if not again:
            break
        for index, outcome in zip(again, send(list(again.values())), strict=True):
            outcomes[index] = outcome
        stale = [index for index in again if outcomes[index].fate is Fate.STALE]
    return [
        _LOST if outcome.fate is Fate.REFUSED and _is_gone(step, directory) else outcome
        for step, outcome in zip(steps, outcomes, strict=True)
    ]


_LOST = Outcome(Fate.STALE, message="The entry is no longer there.")


def _is_gone(step: _Step, directory: Directory) -> bool:
    """Tell whether an entry was moved or deleted by somebody else.

    The overlay that guards addresses comes before slapd looks for the entry: it finds the moved one, and tells that the
    addresses are taken, which they are by nobody else.
    """
    if not isinstance(step.write, Modify):
        return False
    record = directory.read_entry(step.write.dn, ())
    return record is None or record.uuid != step.uuid


def _refreshed(step: _Step, directory: Directory) -> Write | None:
    """Give the write for the entry as it is now, or None if it is not the one that was reviewed.

    Nobody signs in as what is deleted, and what stands where something is to be made is not ours.
    """
    if isinstance(step.write, Add | Remove):
        return None
    record = directory.read_entry(step.write.dn, ATTRIBUTES)
    if record is None or record.uuid != step.uuid:
        return None
    # A move foresees what it does to the naming attribute: the plan's values are those of afterwards.
    write = step.write
    foreseen = renamed(record, write.new_dn, keep=write.keep) if isinstance(write, Rename) else record
    return _asserting(step.write, record.csn) if holds(foreseen, step.seen) else None


def _asserting(write: Write, csn: str) -> Write:
    return write if isinstance(write, Add) else replace(write, csn=csn)


def _answer(change: Change, outcome: Outcome) -> Answer:
    verdict = {Fate.DONE: Verdict.APPLIED, Fate.STALE: Verdict.STALE}.get(outcome.fate, Verdict.FAILED)
    return Answer(change, verdict, outcome.message, outcome.csn, unable=outcome.fate is Fate.UNABLE)


def _look_again(plan: Plan, answers: Sequence[Answer], directory: Directory) -> list[Record]:
    """Read what was written, one by one where that is little, so that a day's changes cost no look at everybody."""
    targets = {names.key(answer.change.target) for answer in answers if answer.verdict is Verdict.APPLIED}
    if len(targets) < FEW * sum(tally.entries for tally in plan.census.values()):
        return directory.read_entries(sorted(targets), ATTRIBUTES)
    return read(directory, plan.suffix, plan.scope, ATTRIBUTES)


def _memory(plan: Plan, answers: Sequence[Answer]) -> Applied:
    """Say what a complete apply has left: how many entries are ours now, and how young the last write made its entry.

    Whatever is younger was touched later. Where nothing was written but deletions, that is as it was before.
    """
    changes = {answer.change.id: type(answer.change) for answer in answers}  # one that has two halves counts once
    operations = Counter(changes.values())
    before = sum(tally.entries for tally in plan.census.values())
    ours = before + operations[Create] + operations[Adopt] - operations[Delete]
    youngest = max((answer.csn for answer in answers), default="") or (plan.applied.csn if plan.applied else "")
    return Applied(plan.id, plan.commit, plan.as_of, youngest, ours)


def _unverified(answers: Sequence[Answer], records: Sequence[Record]) -> tuple[str, ...]:
    """Look for everything that was applied in what the directory shows now; give the ids of what is not there.

    Of a change in two halves the later one says how the entry is to stand.
    """
    shown = {names.key(record.dn): record for record in records}
    last = {answer.change.id: answer.change for answer in answers if answer.verdict is Verdict.APPLIED}
    return tuple(id_ for id_, change in last.items() if not _stands(change, shown.get(names.key(change.target))))


def _stands(change: Change, record: Record | None) -> bool:
    if isinstance(change, Delete) or record is None:
        return isinstance(change, Delete) and record is None
    same_entry = change.precondition is None or change.precondition.uuid == record.uuid
    if record.attributes == change.after:  # letter by letter, as it is with nearly everything that is made
        return same_entry
    return same_entry and not any(differs(name, values, record) for name, values in change.after.items())
