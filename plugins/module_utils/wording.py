"""A plan in words: what each change is called, shown and summed up as, in English and Vietnamese.

English is what administrators read beside the directory itself, so attributes keep their LDAP names there; Vietnamese
is what the agencies' own reviewers read, so theirs are the words of the guides.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from . import dn as names
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
from .model import FOLDED, Kind, State
from .phrase import Language, Phrase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from .changes import Change, Plan, Remark

_VALUE = 60  # characters of a value
_TIME = re.compile(r"\d{14}Z")  # GeneralizedTime (RFC 4517, section 3.3.13)
_VIETNAM = timedelta(hours=7)  # ahead of UTC
_SIGNS: Mapping[type[Change], str] = {
    Create: "+",
    Update: "~",
    Move: ">",
    Disable: "!",
    Adopt: "=",
    Purge: "x",
    Delete: "-",
}
KINDS: Mapping[Kind, Phrase] = {
    Kind.AGENCY: Phrase("agency"),
    Kind.UNIT: Phrase("unit"),
    Kind.ADMIN: Phrase("admin"),
    Kind.MAILBOX: Phrase("mailbox"),
    Kind.LIST: Phrase("list"),
    Kind.PERSON: Phrase("person"),
}
_TO_DO: Mapping[str, Phrase] = {
    Create.operation: Phrase("{count} to create"),
    Update.operation: Phrase("{count} to update"),
    Move.operation: Phrase("{count} to move"),
    Disable.operation: Phrase("{count} to disable"),
    Adopt.operation: Phrase("{count} to adopt"),
    Purge.operation: Phrase("{count} to purge"),
    Delete.operation: Phrase("{count} to delete"),
}
_LEFT_ALONE: Mapping[Situation, Phrase] = {
    Situation.LINKED: Phrase("{count} that wait"),
    Situation.MISSING: Phrase("{count} missing that wait for another agency"),
    Situation.ADOPTABLE: Phrase("{count} adoptable"),
    Situation.DISPUTED: Phrase("{count} disputed"),
    Situation.ORPHAN: Phrase("{count} orphan"),
    Situation.FOREIGN: Phrase("{count} foreign"),
    Situation.UNMANAGED: Phrase("{count} unmanaged"),
}
_SITUATIONS: Mapping[str, Phrase] = {
    "linked": Phrase("linked"),
    "adoptable": Phrase("adoptable"),
    "missing": Phrase("missing"),
    "orphan": Phrase("orphan"),
    "disputed": Phrase("disputed"),
    "foreign": Phrase("foreign"),
    "unmanaged": Phrase("unmanaged"),
}
_RISKS: Mapping[str, Phrase] = {"low": Phrase("low"), "medium": Phrase("medium"), "high": Phrase("high")}
_CAUSES: Mapping[str, Phrase] = {
    "commit": Phrase("commit"),
    "clock": Phrase("clock"),
    "drift": Phrase("drift"),
    "retention": Phrase("retention"),
    "rollback": Phrase("rollback"),
    "uncertain": Phrase("uncertain"),
}
# What the guides call an attribute; English has its LDAP name.
_CALLED: Mapping[str, Phrase] = {
    "cn": Phrase("full name"),
    FOLDED: Phrase("name to search for"),
    "congvuAccess": Phrase("shared mailboxes"),
    "congvuDecision": Phrase("decision"),
    "congvuEstate": Phrase("estate"),
    "congvuId": Phrase("id"),
    "congvuList": Phrase("lists"),
    "congvuListWriter": Phrase("may write to the lists"),
    "congvuQuota": Phrase("quota"),
    "congvuRetainUntil": Phrase("mail kept until"),
    "congvuSendAs": Phrase("writes as"),
    "congvuState": Phrase("state"),
    "congvuWriters": Phrase("who may write"),
    "description": Phrase("name"),
    "displayName": Phrase("name shown"),
    "employeeNumber": Phrase("staff number"),
    "givenName": Phrase("given name"),
    "mail": Phrase("address"),
    "mailLocalAddress": Phrase("letters to"),
    "memberURL": Phrase("members"),
    "objectClass": Phrase("class of the entry"),
    "ou": Phrase("place"),
    "sn": Phrase("family name"),
    "title": Phrase("title"),
    "uid": Phrase("account"),
}
_FOLLOWS: Mapping[str, str] = {FOLDED: "cn"}
_STATES: Mapping[str, Phrase] = {
    State.ACTIVE: Phrase("active"),
    State.DISABLED: Phrase("disabled"),
    State.HELD: Phrase("held"),
    State.PURGED: Phrase("purged"),
}
_REASONS: Mapping[str, Phrase] = {
    phrase.english: phrase for phrase in (Phrase("no longer in the registry"), Phrase("the registry was rolled back"))
}


def columns(language: str = Language.ENGLISH) -> list[str]:
    """Name what a table of changes says of each."""
    heads = (Phrase("change"), Phrase("decision"), Phrase("risk"), Phrase("cause"), Phrase("source"))
    return [head.told(language) for head in heads]


def cells(change: Change, language: str = Language.ENGLISH) -> tuple[str, ...]:
    """Give what those columns say of a change."""
    said = (described, reason, risk, cause)
    return (*(tell(change, language) for tell in said), source(change))


def day(when: date, language: str = Language.ENGLISH) -> str:
    """Write a day as people do."""
    return f"{when:%d/%m/%Y}" if language == Language.VIETNAMESE else when.isoformat()


def heading(plan: Plan, language: str = Language.ENGLISH) -> str:
    """Say which plan it is: id, estate, day, commit, and the part of the estate that was looked at."""
    commit, plus, dirty = plan.commit.partition("+")
    facts = {
        "id": plan.id[:12],
        "estate": plan.estate,
        "day": day(plan.as_of, language),
        "commit": f"{commit[:12]}{plus}{dirty}",
        "scope": ", ".join(plan.scope),
    }
    said = [Phrase("Plan {id} for the estate {estate} on {day}", facts)]
    if plan.undoes:
        said.append(Phrase("undoes plan {undone}", {"undone": plan.undoes[:12]}))
    if plan.scope:
        said.append(Phrase("of {scope} alone", facts))
    if plan.commit:
        said.append(Phrase("registry at {commit}", facts))
    return ", ".join(phrase.told(language) for phrase in said)


def summary(plan: Plan, language: str = Language.ENGLISH) -> str:
    """Say in one line what a plan does."""
    if plan.changes:
        return Phrase("Changes: {tally}.", {"tally": tally(plan.changes, language)}).told(language)
    if plan.undoes:
        return Phrase("Nothing to do: the directory holds nothing that this plan could undo.").told(language)
    entries = sum(tally.entries for tally in plan.census.values())
    done = Phrase("Nothing to do: the directory is as the registry says ({entries} entries).", {"entries": entries})
    return done.told(language)


def coming(plan: Plan, language: str = Language.ENGLISH) -> str:
    """Say when time alone will next change something; empty if it never will."""
    if plan.next_change is None:
        return ""
    facts = {"day": day(plan.next_change, language)}
    return Phrase("Time alone changes something next on {day}.", facts).told(language)


def tally(changes: Iterable[Change], language: str = Language.ENGLISH) -> str:
    """Count changes by what they do."""
    counts = Counter(change.operation for change in changes)
    parts = (Phrase(_TO_DO[name].english, {"count": counts[name]}) for name in OPERATIONS if counts[name])
    return ", ".join(part.told(language) for part in parts)


def left_alone(plan: Plan, language: str = Language.ENGLISH) -> str:
    """Count what no change will touch; empty if there is nothing."""
    counts = Counter(remark.situation for remark in plan.remarks if not remark.blocking)
    if plan.undoes:
        return Phrase("Not undone: {count}", {"count": counts.total()}).told(language) if counts else ""
    parts = (Phrase(words.english, {"count": counts[one]}) for one, words in _LEFT_ALONE.items() if counts[one])
    said = ", ".join(part.told(language) for part in parts)
    return Phrase("Left alone: {tally}", {"tally": said}).told(language) if said else ""


def situation(remark: Remark, language: str = Language.ENGLISH) -> str:
    """Say how what a remark is about stands to the registry."""
    return _SITUATIONS[remark.situation].told(language)


def by_agency(plan: Plan) -> dict[str, list[Change]]:
    """Give the changes of each agency, in their order; an agency is where its entries will be."""
    base = base_dn(plan.suffix)

    def agency(change: Change) -> str:
        return agency_of(change.target, base)

    return {code: list(changes) for code, changes in groupby(sorted(plan.changes, key=agency), key=agency)}


def weight(change: Change) -> int:
    """Sort what people will notice before what they will not."""
    return -list(Risk).index(change.risk)


def sign(change: Change) -> str:
    """Give the one character that stands for what a change does."""
    return _SIGNS[type(change)]


def risk(change: Change, language: str = Language.ENGLISH) -> str:
    """Say how closely to look."""
    return _RISKS[change.risk].told(language)


def cause(change: Change, language: str = Language.ENGLISH) -> str:
    """Say why the directory differs."""
    return _CAUSES[change.cause].told(language)


def reason(change: Change, language: str = Language.ENGLISH) -> str:
    """Give the decision that the registry cites, or why there is none."""
    return grounds(change.reason, language)


def grounds(cited: str, language: str = Language.ENGLISH) -> str:
    """Give the words of a decision as they are, and our own in a language."""
    return _REASONS[cited].told(language) if cited in _REASONS else cited


def described(change: Change, language: str = Language.ENGLISH) -> str:
    """Say in one line what a change is."""
    said = "; ".join(details(change, language))
    return f"{named(change, language)}{': ' if said else ''}{said}"


def named(change: Change, language: str = Language.ENGLISH) -> str:
    """Name what changes: its kind, its id, and what people call it."""
    kind, _, name = change.id.partition(":")
    return f"{KINDS[Kind(kind)].told(language)} {name}" + (f"  {change.label}" if change.label else "")


def details(change: Change, language: str = Language.ENGLISH) -> Iterator[str]:
    """Yield where it goes and what each attribute was and will be."""
    if change.new_dn:
        yield Phrase("from {old} to {new}", {"old": place(change.dn), "new": place(change.new_dn)}).told(language)
    if not isinstance(change, Create):
        for name in told(change.after):
            old, new = change.before.get(name, ()), change.after[name]
            colon = ":" if language == Language.VIETNAMESE else ""
            yield f"{called(name, language)}{colon} {_shown(name, old, language)} → {_shown(name, new, language)}"


def told(changed: Collection[str]) -> list[str]:
    """Leave out the attributes that only follow from another which changed as well."""
    return [name for name in changed if _FOLLOWS.get(name) not in changed]


def source(change: Change) -> str:
    """Give the place in the registry as editors jump to it; empty if there is none."""
    return f"{change.source.file}:{change.source.line}" if change.source else ""


def called(attribute: str, language: str = Language.ENGLISH) -> str:
    """Give the name of an attribute: the directory's in English, people's in Vietnamese."""
    if language == Language.ENGLISH or attribute not in _CALLED:
        return attribute
    return _CALLED[attribute].told(language)


def place(dn: str) -> str:
    """Show where an entry stands as a path from the agency down, such as ``snv/tccb``."""
    above = [names.naming(part)[1] for part in names.split(dn)[1:] if part.lower().startswith("ou=")]
    inner = above[: above.index("agencies")] if "agencies" in above else above
    return "/".join(reversed(inner)) or names.naming(dn)[1]


def shown(name: str, values: Sequence[str], language: str = Language.ENGLISH) -> str:
    """Give the values of an attribute, whole."""
    if name == "congvuState":
        values = [_STATES[value].told(language) if value in _STATES else value for value in values]
    if name == "congvuRetainUntil":
        values = [_moment(value, language) for value in values]
    return ", ".join(values) or Phrase("nothing").told(language)


def _moment(value: str, language: str) -> str:
    """Write a moment; in Vietnamese as the day that begins then in Vietnam, which is how the registry counts."""
    if not _TIME.fullmatch(value):
        return value
    moment = datetime.strptime(value, "%Y%m%d%H%M%S%z")
    return (
        day((moment + _VIETNAM).date(), language) if language == Language.VIETNAMESE else f"{moment:%Y-%m-%d %H:%M} UTC"
    )


def _shown(name: str, values: Sequence[str], language: str) -> str:
    text = shown(name, values, language)
    return f"{text[:_VALUE]}…" if len(text) > _VALUE else text
