"""Rails: how much one plan may change before somebody has to say that it is meant.

A registry cut short by a bad merge compiles like any other, and its plan would close hundreds of mailboxes. The
rails are judged from the plan file alone, when it is made and again before it is applied, and by what its changes do,
not by what they are called. ``overrides`` lifts those that may be lifted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING

from .changes import Adopt, Create, Delete, Purge, Situation, Tally, agency_of, base_dn
from .model import ABSOLUTE, Kind, Rail, State
from .phrase import Language, Phrase
from .retention import unripe

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from .changes import Change, Plan


@dataclass(frozen=True, slots=True)
class Limits:
    """What passes without a word. Percentages would stop a small estate's every change, so each has a floor."""

    disables_percent: float = 1.0
    disables_floor: int = 5
    disables_count: int = 500
    agency_disables_percent: float = 5.0
    agency_disables_floor: int = 2
    agency_size: int = 10  # people; a smaller agency is only kept from losing all at once
    deletes_count: int = 50
    updates_percent: float = 10.0
    updates_floor: int = 10
    agency_updates_percent: float = 50.0
    agency_updates_floor: int = 10
    addresses_count: int = 50
    adoptions_count: int = 50
    vanished_percent: float = 5.0
    vanished_floor: int = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """A rail that a plan runs into: what would happen, what it mostly comes from, and where to look."""

    rail: Rail
    agency: str  # its code, or empty for the whole estate
    what: Phrase
    cause: Phrase
    look: Phrase

    @property
    def absolute(self) -> bool:
        """Tell whether no override lifts it."""
        return self.rail in ABSOLUTE

    def lines(self, language: str = Language.ENGLISH) -> tuple[str, ...]:
        """Give what the operator reads: the rail by its name and what would happen, the cause, the place to look."""
        return (
            f"[{self.rail}] {self.what.told(language)}",
            self.cause.told(language),
            self.look.told(language),
        )

    def told(self, language: str = Language.ENGLISH) -> str:
        """Give the same as one line."""
        return " ".join(self.lines(language))

    def __str__(self) -> str:
        """Render as one line in English."""
        return self.told()


def check(plan: Plan, limits: Limits | None = None, *, served: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Hold a plan against the rails; empty means that it may be applied.

    ``served`` are the mail domains that the mail servers know, None where there are none of ours to know any.
    """
    limits = limits or Limits()
    found = tuple(finding for rail in _RAILS for finding in rail(plan, limits))
    return found if served is None else (*found, *_unserved(plan, served))


# --- What nothing lifts


def _ownership(plan: Plan, _: Limits) -> Iterator[Finding]:
    for remark in plan.remarks:
        if remark.blocking:
            what = Phrase("It is not clear whose {dn} is. {message}", {"dn": remark.dn, "message": remark.message})
            cause = Phrase("Usually somebody made or copied an account by hand.")
            look = Phrase("Look at the entry: ldapsearch -b {dn} -s base '*' +", {"dn": quote(remark.dn)})
            yield Finding(Rail.OWNERSHIP, "", what, cause, look)
    theirs, ours = plan.situations.get(Situation.FOREIGN, 0), sum(tally.entries for tally in plan.census.values())
    if theirs and not ours and plan.changes:
        facts = {"theirs": theirs, "estate": plan.estate}
        what = Phrase("Another estate has its entries here ({theirs}), and {estate} has none.", facts)
        cause = Phrase("Usually another estate's registry is checked out, or its directory is addressed.")
        look = Phrase("Look at what stands after -i, and at the name in estate.yml.")
        yield Finding(Rail.OWNERSHIP, "", what, cause, look)


def _hold(plan: Plan, _: Limits) -> Iterator[Finding]:
    for change in plan.changes:
        if _removes(change) and change.id in plan.held:
            facts = {"who": _called(change), "why": plan.held[change.id]}
            what = Phrase("{who} is under legal hold, {why}, and its mail would be removed.", facts)
            cause = Phrase("Planning never asks for this: the plan was not made by it, or the engine is at fault.")
            look = Phrase("Look at holds.yml, keep the plan file, and report it.")
            yield Finding(Rail.HOLD, "", what, cause, look)


def _retention(plan: Plan, _: Limits) -> Iterator[Finding]:
    for change in plan.changes:
        if change.kind in (Kind.PERSON, Kind.MAILBOX) and _removes(change) and (fault := _unripe(change, plan.as_of)):
            what = Phrase("The mail of {who} would be removed, but {fault}.", {"who": _called(change), "fault": fault})
            cause = Phrase("Usually an 'until' has the wrong year, or the term in policy.yml was shortened.")
            look = Phrase("Look: git log -p -3 -S'{id}' -- agencies policy.yml", {"id": _name(change)})
            yield Finding(Rail.RETENTION, "", what, cause, look)


# --- What is suddenly empty


def _empty_source(plan: Plan, _: Limits) -> Iterator[Finding]:
    if plan.scope:
        return  # each of its agencies is judged by itself
    people = sum(tally.people for tally in plan.census.values())
    declared = sum(tally.declared for tally in plan.census.values())
    if not declared and (people or not plan.changes):
        what = Phrase("The registry declares nobody; active in the directory: {people}.", {"people": people})
        cause = Phrase("Usually the path of the registry is wrong, or its checkout is not whole.")
        yield Finding(Rail.EMPTY_SOURCE, "", what, cause, Phrase("Look: git status; git log -3 --stat -- agencies"))


def _empty_agency(plan: Plan, _: Limits) -> Iterator[Finding]:
    for agency, tally in plan.census.items():
        if not _is_emptied(tally):
            continue
        facts = {"agency": agency, "people": tally.people}
        if tally.named:
            what = Phrase("The registry declares nobody in {agency}; active in the directory: {people}.", facts)
            cause = Phrase("Usually agencies/{agency}.yml lost its lines in a merge.", facts)
        else:
            what = Phrase("The registry no longer names {agency}; active there in the directory: {people}.", facts)
            cause = Phrase("Usually agencies/{agency}.yml was deleted, where 'until' should end the agency.", facts)
        yield Finding(Rail.EMPTY_AGENCY, agency, what, cause, _history(f"agencies/{agency}.yml"))


def _is_emptied(tally: Tally) -> bool:
    return bool(tally.people) and not tally.declared and not tally.ended


def _empty_directory(plan: Plan, limits: Limits) -> Iterator[Finding]:
    """Notice entries that were there after the last apply and are not now: created anew, they would lose their past."""
    if plan.applied is None or plan.scope:
        return
    before, now = plan.applied.entries, sum(tally.entries for tally in plan.census.values())
    facts = {"before": before, "gone": before - now}
    look = Phrase("Bring them back with passwords and history: ansible-playbook playbooks/restore.yml")
    if before and not now:
        what = Phrase("The directory holds none of the {before} entries that the last apply left there.", facts)
        cause = Phrase("Usually slapd runs on an empty database, or this is another server.")
        yield Finding(Rail.EMPTY_DIRECTORY, "", what, cause, look)
    elif before - now > _share(before, limits.vanished_percent, limits.vanished_floor):
        what = Phrase("Of the {before} entries that the last apply left in the directory {gone} are gone.", facts)
        cause = Phrase("Usually somebody deleted a part of the tree, or an old backup was restored.")
        yield Finding(Rail.VANISHED, "", what, cause, look)


# --- Who is not to be touched


def _protected(plan: Plan, _: Limits) -> Iterator[Finding]:
    base, seen = base_dn(plan.suffix), set[str]()
    for change in plan.changes:
        why, act = _why(change, plan), _act(change, base)
        if why is None or act is None or change.id in seen:
            continue
        seen.add(change.id)
        what = Phrase("{who} {act}. Protected: {why}.", {"who": _called(change), "act": act, "why": why})
        cause = Phrase("Usually its lines were lost or changed with those of others.")
        look = Phrase("Look: git log -p -3 -S'{id}' -- agencies", {"id": _name(change)})
        yield Finding(Rail.PROTECTED, "", what, cause, look)


def _why(change: Change, plan: Plan) -> str | Phrase | None:
    """Say why an account is protected: the registry says so, or it is what an agency works with, and goes with it."""
    agency = plan.census.get(_name(change))
    if change.id in plan.protected:
        return plan.protected[change.id]
    if agency is None or agency.ended or change.kind not in (Kind.MAILBOX, Kind.ADMIN):
        return None
    return Phrase("no decision has ended the agency")


def _act(change: Change, base: str) -> Phrase | None:
    """Say what of an account that is protected a change would take."""
    here = agency_of(change.dn, base)
    if _removes(change):
        return Phrase("would lose its mail for good")
    if _closes(change):
        return Phrase("would be closed")
    if here and here != agency_of(change.target, base):
        return Phrase("would leave its agency")
    return None


def _withdrawn(plan: Plan, _: Limits) -> Iterator[Finding]:
    """Notice a past that is gone from the registry: what was decided earlier would have force again."""
    back: defaultdict[str, dict[str, Change]] = defaultdict(dict)
    for change in plan.changes:
        if change.id in plan.withdrawn:
            back[agency_of(change.dn, base_dn(plan.suffix))].setdefault(change.id, change)
    for agency, changes in sorted(back.items()):
        first = next(iter(changes.values()))
        decision = plan.withdrawn[first.id]
        facts = {"who": _called(first), "decision": decision, "count": len(changes), "agency": agency}
        what = Phrase("{who} would go back: the registry no longer cites {decision}, on which it stands.", facts)
        if len(changes) > 1:
            what = Phrase(
                "{count} of {agency} would go back, among them {who}: the registry no longer cites the decisions on "
                "which they stand, such as {decision}.",
                facts,
            )
        look = Phrase("Look: git log -p -3 -S{text}", {"text": quote(decision)})
        cause = Phrase("Usually lines were lost in a merge, or overwritten where a change is to be added.")
        yield Finding(Rail.WITHDRAWN, agency, what, cause, look)


# --- How many at once


def _disables(plan: Plan, limits: Limits) -> Iterator[Finding]:
    ending = _by_agency(plan, (one for one in plan.changes if one.kind is Kind.PERSON and _closes(one)))
    total, people = sum(map(len, ending.values())), sum(tally.people for tally in plan.census.values())
    allowed = min(limits.disables_count, _share(people, limits.disables_percent, limits.disables_floor))
    if total > allowed:
        facts = {"count": total, "people": people, "allowed": allowed}
        what = Phrase("{count} of {people} people would lose access at once; {allowed} may.", facts)
        cause = Phrase("Usually the registry was cut short by a merge, or a wrong branch is checked out.")
        yield Finding(Rail.DISABLES, "", what, cause, Phrase("Look: git status; git log -3 --stat -- agencies"))
    for agency, ids in sorted(ending.items()):
        tally = plan.census.get(agency, Tally())
        allowed = _share(tally.people, limits.agency_disables_percent, limits.agency_disables_floor)
        if tally.people < limits.agency_size:
            allowed = max(tally.people - 1, limits.agency_disables_floor)
        if len(ids) > allowed and not _is_emptied(tally):  # that one is told of already
            told = {"agency": agency, "count": len(ids), "people": tally.people, "allowed": allowed}
            what = Phrase("{count} of {people} people of {agency} would lose access at once; {allowed} may.", told)
            cause = Phrase("Usually agencies/{agency}.yml lost lines in a merge.", told)
            yield Finding(Rail.DISABLES, agency, what, cause, _history(f"agencies/{agency}.yml"))


def _deletes(plan: Plan, limits: Limits) -> Iterator[Finding]:
    total, allowed = len({change.id for change in plan.changes if _removes(change)}), limits.deletes_count
    if total > allowed:
        what = Phrase("{count} would be removed for good at once; {allowed} may.", {"count": total, "allowed": allowed})
        cause = Phrase("Usually the terms of many end on one day, or the registry lost its units.")
        yield Finding(Rail.DELETES, "", what, cause, Phrase("Look at what the plan purges and deletes, on its page."))


def _updates(plan: Plan, limits: Limits) -> Iterator[Finding]:
    changed = _by_agency(plan, (one for one in plan.changes if _alters(one)))
    total, entries = sum(map(len, changed.values())), sum(tally.entries for tally in plan.census.values())
    allowed = _share(entries, limits.updates_percent, limits.updates_floor)
    if total > allowed:
        facts = {"count": total, "entries": entries, "allowed": allowed}
        what = Phrase("{count} of {entries} entries would be changed at once; {allowed} may.", facts)
        cause = Phrase("Usually policy.yml changed for all, or this is another estate's directory.")
        yield Finding(Rail.UPDATES, "", what, cause, _history("policy.yml"))
    for agency, ids in sorted(changed.items()):
        tally = plan.census.get(agency, Tally())
        # A decision that ends, renames or moves an agency says what becomes of its people: all of them at once.
        if tally.ended or f"{Kind.AGENCY}:{agency}" in ids:
            continue
        entries = tally.entries
        allowed = _share(entries, limits.agency_updates_percent, limits.agency_updates_floor)
        if len(ids) > allowed:
            told = {"agency": agency, "count": len(ids), "entries": entries, "allowed": allowed}
            what = Phrase("{count} of {entries} entries of {agency} would be changed at once; {allowed} may.", told)
            cause = Phrase("Usually a spreadsheet with shifted columns was taken in, or a merge mixed two agencies up.")
            yield Finding(Rail.UPDATES, agency, what, cause, _history(f"agencies/{agency}.yml"))


def _addresses(plan: Plan, limits: Limits) -> Iterator[Finding]:
    total, allowed = sum(map(_is_readdressed, _by_id(plan).values())), limits.addresses_count
    if total > allowed:
        facts = {"count": total, "allowed": allowed}
        what = Phrase("{count} would lose an address or get another at once; {allowed} may.", facts)
        cause = Phrase("Usually the naming rule changed, the lock was edited, or the former addresses of many end.")
        yield Finding(Rail.ADDRESSES, "", what, cause, _history("policy.yml addresses"))


def _unserved(plan: Plan, served: Collection[str]) -> Iterator[Finding]:
    """Keep addresses out of domains that no server serves: letters to the old ones, which lead there, would bounce."""
    given = (address for change in plan.changes for address in change.after.get("mail", ()))
    domains = {address.rpartition("@")[2] for address in given} - set(served)
    if domains:
        facts = {"domains": ", ".join(sorted(domains))}
        what = Phrase("Addresses would lie in domains that no mail server serves: {domains}.", facts)
        cause = Phrase("Usually a domain is new: letters to it, and to the addresses it takes over from, would bounce.")
        look = Phrase("Type first: ansible-playbook playbooks/dns.yml, then playbooks/site.yml.")
        yield Finding(Rail.UNSERVED, "", what, cause, look)


def _adoptions(plan: Plan, limits: Limits) -> Iterator[Finding]:
    total = len({change.id for change in plan.changes if isinstance(change, Adopt)})
    if total > limits.adoptions_count:
        facts = {"count": total, "allowed": limits.adoptions_count}
        what = Phrase("{count} entries that stood there before would become ours at once; {allowed} may.", facts)
        cause = Phrase("Usually a whole directory is adopted in one go, where agency by agency can be looked through.")
        look = Phrase("Type: ansible-playbook playbooks/plan.yml -e agency=<code>")
        yield Finding(Rail.ADOPTIONS, "", what, cause, look)


# What nothing lifts is told first, and what is empty before what follows from that.
_RAILS = (
    _ownership,
    _hold,
    _retention,
    _empty_source,
    _empty_directory,
    _empty_agency,
    _protected,
    _withdrawn,
    _disables,
    _deletes,
    _updates,
    _addresses,
    _adoptions,
)


# --- What a change does


def _removes(change: Change) -> bool:
    """Tell whether an entry, or the mail behind it, goes for good."""
    return isinstance(change, Delete | Purge) or change.after.get("congvuState") == (str(State.PURGED),)


def _closes(change: Change) -> bool:
    """Tell whether somebody may no longer sign in, or a mailbox no longer takes letters."""
    stays = change.after.get("congvuState", (str(State.ACTIVE),)) == (str(State.ACTIVE),)
    if isinstance(change, Delete):
        return True
    return _first(change, "congvuState") == State.ACTIVE and not stays


def _alters(change: Change) -> bool:
    """Tell whether an entry stays and is no longer the same; people who lose access are counted by themselves."""
    counted = _removes(change) or (change.kind is Kind.PERSON and _closes(change))
    return not (isinstance(change, Create | Adopt) or counted)


def _is_readdressed(changes: list[Change]) -> bool:
    """Tell whether an entry, when all its changes are carried out, lacks an address or has another first one."""
    if any(map(_removes, changes)):
        return False
    released, claimed = (
        frozenset[str]().union(*(getattr(change, which) for change in changes)) for which in ("released", "claimed")
    )
    first = [change for change in changes if "mail" in {**change.before, **change.after}]
    before, after = (first[0].before.get("mail", ()), first[-1].after.get("mail", ())) if first else ((), ())
    another = bool(before and after) and {one.lower() for one in before} != {one.lower() for one in after}
    return another or bool(released - claimed)


# --- Words and figures


def _by_id(plan: Plan) -> dict[str, list[Change]]:
    found: defaultdict[str, list[Change]] = defaultdict(list)
    for change in plan.changes:
        found[change.id].append(change)
    return found


def _by_agency(plan: Plan, changes: Iterable[Change]) -> dict[str, set[str]]:
    """Give the ids that changes are about by the agency in which they are counted, each id once."""
    base, found, seen = base_dn(plan.suffix), defaultdict[str, set[str]](set), set[str]()
    for change in changes:
        if change.id not in seen:
            seen.add(change.id)
            found[agency_of(change.dn, base)].add(change.id)
    return found


def _share(whole: int, percent: float, floor: int) -> int:
    return max(floor, int(whole * percent / 100))


def _unripe(change: Change, day: date) -> Phrase | None:
    return unripe(_first(change, "congvuState"), _first(change, "congvuRetainUntil"), day)


def _first(change: Change, attribute: str) -> str:
    return next(iter(change.before.get(attribute, ())), "")


def _name(change: Change) -> str:
    return change.id.partition(":")[2]


def _called(change: Change) -> str:
    return f"{change.id} {change.label}".rstrip()


def _history(paths: str) -> Phrase:
    return Phrase("Look: git log -p -3 -- {paths}", {"paths": paths})
