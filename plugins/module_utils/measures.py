"""What the compliance report finds out by itself: from registry, living directory and records on the control node.

Each measure is a function of a ``Scene`` that gives figures and the ids of what stands out. Its name is what `ask:
{measure: …}` of a control says. Nothing here writes.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import ledger, lockout, periods, sendings, takeover
from .addressing import due_to_mailbox, due_to_person
from .changes import PlanError, agency_of, base_dn
from .compile import headless
from .compliance import SilentError
from .files import complaint
from .filling import fill
from .heads import hold
from .heads import read as read_heads
from .legacy import recover_text
from .model import Kind, RegistryError, Standing, State
from .phonebook import phonebook
from .plan import RIGHTS, make_plan
from .regulation import RULES, issuers, load_model
from .retention import of_person
from .store import find
from .terms import applied_in, terms
from .values import text, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from .addressing import Due
    from .changes import Plan
    from .directory import Record
    from .model import Desired, Post, Registry
    from .terms import Term

FIRST = (
    "uid",
    "pwdReset",
    "pwdAccountLockedTime",
    "pwdChangedTime",
    "createTimestamp",
)  # read of who has a first password
_RECENT = 200  # applies whose terms are counted
_NAMES = ("cn", "sn", "givenName", "displayName", "title", "ou", "description", "o")


@dataclass(frozen=True)
class Scene:
    """What measures are made of. ``records`` and ``first`` are None where the directory did not answer."""

    registry: Registry
    desired: Desired
    records: tuple[Record, ...] | None
    first: tuple[Record, ...] | None  # entries with a first password that nobody has changed yet
    silent: str  # why there are none
    now: datetime
    state: Path  # the estate's state folder
    root: Path  # the registry's folder
    heads: Path  # the heads of the ledger that were published

    @property
    def day(self) -> date:
        """Return the civil day that it is about."""
        return self.desired.as_of

    @cached_property
    def live(self) -> dict[str, Record]:
        """Return the estate's entries as the directory has them, by id; of two with one id the last."""
        return {text(record, "congvuId"): record for record in self.own}

    @cached_property
    def own(self) -> list[Record]:
        """Return the entries that bear the estate's mark. Raises SilentError where nothing was read."""
        if self.records is None:
            raise SilentError(self.silent)
        return [record for record in self.records if text(record, "congvuEstate") == self.registry.estate.name]

    @cached_property
    def plan(self) -> Plan:
        """Compare both sides anew."""
        if self.records is None:
            raise SilentError(self.silent)
        return make_plan(self.desired, list(self.records))

    def of(self, *kinds: Kind) -> Iterator[tuple[str, Record]]:
        """Give the entries of some kinds with their ids."""
        for id_, record in self.live.items():
            if id_.partition(":")[0] in kinds:
                yield id_, record

    @cached_property
    def in_office(self) -> dict[str, Post]:
        """Return the main post that each person holds on the day, by the person's id."""
        posts = self.registry.persons
        found = {uid: next((post for post in each if post.covers(self.day)), None) for uid, each in posts.items()}
        return {uid: post for uid, post in found.items() if post}


Measure = Callable[[Scene], dict[str, Any]]
MEASURES: dict[str, Measure] = {}


def _measure(function: Measure) -> Measure:
    MEASURES[function.__name__] = function
    return function


def _is_active(record: Record) -> bool:
    return text(record, "congvuState") == State.ACTIVE


# --- The whole


@_measure
def declared(scene: Scene) -> dict[str, Any]:
    """Compare the directory with the registry: how many changes a plan of this moment has, and of what."""
    counts = {name: count for name, count in scene.plan.counts.items() if count}
    return {"entries": len(scene.own), "changes": len(scene.plan.changes), "counts": counts}


@_measure
def kinds(scene: Scene) -> dict[str, Any]:
    """Count what is in use, by kind, and name what the registry has and the directory has not."""
    living = Counter(id_.partition(":")[0] for id_, record in scene.live.items() if _is_active(record))
    folders = {
        box.uid for agency in scene.registry.agencies.values() for box in agency.mailboxes.values() if box.folder
    }
    found = {f"{Kind.MAILBOX}:{uid}" for uid in folders} & scene.live.keys()
    return {
        "people": living[Kind.PERSON],
        "mailboxes": living[Kind.MAILBOX] - len(found),
        "folders": len(found),
        "lists": living[Kind.LIST],
        "missing": sorted(scene.desired.entries.keys() - scene.live.keys()),
    }


@_measure
def unicode(scene: Scene) -> dict[str, Any]:
    """Look for names and titles in the directory that are not composed Unicode, or come from an old font."""
    said = [
        (id_, value) for id_, record in scene.live.items() for name in _NAMES for value in texts(record).get(name, ())
    ]
    odd = {id_ for id_, value in said if not unicodedata.is_normalized("NFC", value) or recover_text(value)}
    return {"count": len(said), "odd": sorted(odd)}


# --- Addresses


def _mail(record: Record) -> str:
    return text(record, "mail").lower()


@_measure
def addresses(scene: Scene) -> dict[str, Any]:
    """Hold each address that others see against the rule of the regulation, and against its spelling."""
    registry, odd, strange, seen = scene.registry, [], [], 0
    domains = tuple(registry.estate.domains)
    for id_, record in scene.of(Kind.PERSON, Kind.MAILBOX):
        if not _is_active(record) or not (mail := _mail(record)):
            continue
        seen += 1
        spelt = text(record, "mail")
        domain = mail.partition("@")[2]
        ours = any(domain == own or domain.endswith(f".{own}") for own in domains)
        if not (spelt == mail and mail.isascii() and ours):
            strange.append(mail)
        due = _due(scene, id_)
        if due is None or not due.offers(mail):
            odd.append(mail)
    return {"count": seen, "odd": sorted(odd), "strange": sorted(strange)}


def _due(scene: Scene, id_: str) -> Due | None:
    """Return what the rules give somebody on the day."""
    kind, _, uid = id_.partition(":")
    registry, root = scene.registry, scene.registry.estate.domains[0]
    if kind == Kind.PERSON:
        posts = registry.persons.get(uid)
        dues = due_to_person(posts, registry.agencies, registry.policy, root) if posts else ()
    else:
        owner = next((each for each in registry.agencies.values() if uid in each.mailboxes), None)
        dues = due_to_mailbox(owner.mailboxes[uid], owner, registry.policy, root) if owner else ()
    return next((due for due in reversed(dues) if due.since is None or due.since <= scene.day), None)


@_measure
def uniqueness(scene: Scene) -> dict[str, Any]:
    """Look for addresses that two entries have, and for ones that the lock keeps for somebody else or for nobody.

    What an agency leaves to its successor is the successor's by the registry, and no other's.
    """
    bearers = _bearers((id_, texts(record)) for id_, record in scene.live.items())
    wanted = _bearers((id_, entry.attributes) for id_, entry in scene.desired.entries.items())
    lines = [line for each in scene.registry.addresses.values() for line in each]
    kept = {line.address for line in lines if line.standing is Standing.RETIRED}
    known = {line.address for line in lines}
    twice = sorted(address for address, ids in bearers.items() if len(ids) > 1)
    reused = sorted(address for address, ids in bearers.items() if address in known and not ids <= wanted[address])
    return {"addresses": len(bearers), "twice": twice, "reused": reused, "kept": len(kept)}


def _bearers(entries: Iterable[tuple[str, Mapping[str, tuple[str, ...]]]]) -> defaultdict[str, set[str]]:
    """Give by address the ids of those to whom it leads."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for id_, values in entries:
        for address in (*values.get("mail", ()), *values.get("mailLocalAddress", ())):
            found[address.lower()].add(id_)
    return found


@_measure
def leaders(scene: Scene) -> dict[str, Any]:
    """Look at the addresses of those for whom the regulation has a rule of their own, by title."""
    found, odd = [], []
    for uid, post in sorted(scene.in_office.items()):
        if not any(post.title in rule.titles for rule in scene.registry.policy.person_addresses):
            continue
        record = scene.live.get(f"{Kind.PERSON}:{uid}")
        mail = _mail(record) if record else ""
        found.append({"name": post.name, "mail": mail})
        due = _due(scene, f"{Kind.PERSON}:{uid}")
        if due is None or not due.offers(mail) or mail.partition("@")[2] != scene.registry.estate.domains[0]:
            odd.append(post.name)
    return {"found": found, "odd": odd}


# --- People


@_measure
def coverage(scene: Scene) -> dict[str, Any]:
    """Count the people in office, and name those without a mailbox of their own that is open to them."""
    absent = {
        uid
        for uid in scene.in_office
        if (entry := scene.desired.entries.get(f"{Kind.PERSON}:{uid}")) and entry.state is not State.ACTIVE
    }
    living = {id_.partition(":")[2] for id_, record in scene.of(Kind.PERSON) if _mail(record)}
    open_ = {id_.partition(":")[2] for id_, record in scene.of(Kind.PERSON) if _mail(record) and _is_active(record)}
    without = sorted(uid for uid in scene.in_office if uid not in (living if uid in absent else open_))
    people = len(scene.in_office)
    return {"people": people, "served": people - len(without), "without": without}


@_measure
def identity(scene: Scene) -> dict[str, Any]:
    """Look for people with two entries, or two addresses that others see."""
    numbers = Counter(
        text(record, "employeeNumber").lower()
        for record in scene.own
        if text(record, "congvuId").startswith(f"{Kind.PERSON}:")
    )
    several = sorted(number for number, count in numbers.items() if count > 1)
    many = sorted(id_ for id_, record in scene.of(Kind.PERSON) if len(texts(record).get("mail", ())) > 1)
    return {"people": len(numbers), "several": several, "many": many}


@_measure
def leavers(scene: Scene) -> dict[str, Any]:
    """Look for people without a post who can still sign in, and for mail that should be gone by its term."""
    registry, left, open_, overdue = scene.registry, 0, [], []
    for uid, posts in registry.persons.items():
        record = scene.live.get(f"{Kind.PERSON}:{uid}")
        if uid in scene.in_office or posts[0].since > scene.day or record is None:
            continue
        left += 1
        if _is_active(record):
            open_.append(uid)
        last = next(post for post in reversed(posts) if post.since <= scene.day)
        gone = of_person(registry.policy, last, registry.holds)
        if gone and gone <= scene.day and text(record, "congvuState") != State.PURGED:
            overdue.append(uid)
    return {"left": left, "open": sorted(open_), "overdue": sorted(overdue), "days": registry.policy.retention_days}


@_measure
def transfers(scene: Scene) -> dict[str, Any]:
    """Look at people who have been in several agencies: one entry each, in the agency of today."""
    moved = {
        uid: posts
        for uid, posts in scene.registry.persons.items()
        if len({post.agency for post in posts if post.since <= scene.day}) > 1
    }
    base, astray = base_dn(scene.desired.suffix), []
    for uid in moved:
        record, post = scene.live.get(f"{Kind.PERSON}:{uid}"), scene.in_office.get(uid)
        if post and (record is None or agency_of(record.dn, base) != post.agency):
            astray.append(uid)
    several = sorted(set(identity(scene)["several"]) & moved.keys())
    return {"moved": len(moved), "astray": sorted(astray), "several": several}


@_measure
def first_passwords(scene: Scene) -> dict[str, Any]:
    """Look for first passwords that nobody changed within the term, and that still open an account."""
    if scene.first is None:
        raise SilentError(scene.silent)
    days = scene.registry.policy.passwords.change_within_days
    overdue = [
        text(record, "uid")
        for record in scene.first
        if days and not text(record, "pwdAccountLockedTime") and _age(record, scene.now) > days + 1
    ]
    return {"waiting": len(scene.first), "overdue": sorted(overdue), "days": days}


def _age(record: Record, now: datetime) -> float:
    """Return for how many days a password has been in place."""
    said = text(record, "pwdChangedTime") or text(record, "createTimestamp")
    since = type(now).strptime(f"{said[:14]}+0000", "%Y%m%d%H%M%S%z")
    return (now - since).total_seconds() / 86400


# --- Agencies


@_measure
def admins(scene: Scene) -> dict[str, Any]:
    """Look for agencies in office without a branch of their own, or without an admin account."""
    agencies = [code for code, agency in scene.registry.agencies.items() if agency.covers(scene.day)]
    without = [
        code
        for code in agencies
        if any(
            (record := scene.live.get(f"{kind}:{code}")) is None or not _is_active(record)
            for kind in (Kind.AGENCY, Kind.ADMIN)
        )
    ]
    return {"agencies": len(agencies), "without": sorted(without)}


@_measure
def heads(scene: Scene) -> dict[str, Any]:
    """Look for agencies whose own mailbox nobody manages on the day."""
    agencies = [code for code, agency in scene.registry.agencies.items() if agency.covers(scene.day)]
    return {"agencies": len(agencies), "without": sorted(headless(scene.registry, scene.day))}


@_measure
def ended(scene: Scene) -> dict[str, Any]:
    """Look at agencies that were merged, split or dissolved: nobody signs in there, and no mailbox is open."""
    over = [
        code
        for code, agency in scene.registry.agencies.items()
        if not agency.covers(scene.day) and (agency.since is None or agency.since <= scene.day)
    ]
    base, open_ = base_dn(scene.desired.suffix), set()
    for _, record in scene.of(Kind.PERSON, Kind.ADMIN, Kind.MAILBOX):
        code = agency_of(record.dn, base)
        if code in over and _is_active(record):
            open_.add(code)
    renamed = sum(len(agency.versions) > 1 for agency in scene.registry.agencies.values())
    return {"ended": len(over), "renamed": renamed, "open": sorted(open_)}


@_measure
def rights(scene: Scene) -> dict[str, Any]:
    """Look for rights in shared mailboxes that the registry does not give, or gives and the directory has not."""
    holders = sum(bool(texts(record).get("congvuAccess")) for _, record in scene.of(Kind.PERSON))
    differ = sorted({change.id for change in scene.plan.changes if RIGHTS & change.after.keys()})
    return {"holders": holders, "differ": differ}


# --- Grounds and records


@_measure
def decisions(scene: Scene) -> dict[str, Any]:
    """Look for people and shared mailboxes in use that rest on no decision."""
    found = [(id_, record) for id_, record in scene.of(Kind.PERSON) if _is_active(record)]
    without = sorted(id_.partition(":")[2] for id_, record in found if not text(record, "congvuDecision"))
    return {"people": len(found), "without": without}


@_measure
def approvers(scene: Scene) -> dict[str, Any]:
    """Tell who may change the registry: each has an official mailbox, or the registry would not have been read."""
    found = scene.registry.approvers
    if found is None:
        return {"people": 0, "signed": False, "second_person": False}
    return {"people": len(found.people), "signed": found.signed, "second_person": found.second_person}


@_measure
def request_terms(scene: Scene) -> dict[str, Any]:
    """Count the changes of the last applies that came later than the regulation's term, in working days."""
    folder = scene.state / "journal"
    plans = sorted({path.stem.rpartition("-")[2] for path in sorted(folder.glob("*.jsonl"))[-_RECENT:]})
    told: list[Term] = []
    for name in plans:
        with suppress(PlanError, OSError):
            plan = find(name, scene.state / "plans")
            told += terms(plan, applied_in(folder, plan.id), scene.registry)
    late = [term.label for term in told if term.late]
    return {"days": scene.registry.policy.request_days, "counted": len(told), "late": late}


@_measure
def ledger_lines(scene: Scene) -> dict[str, Any]:
    """Verify the ledger, and every head of it that was published."""
    try:
        lines = list(ledger.read(scene.state))
        known = read_heads(scene.heads) if scene.heads.exists() else ()
        hold(lines, known)
    except ledger.LedgerError as error:
        return {"lines": 0, "broken": str(error), "heads": 0, "kinds": {}}
    found = Counter(str(line.entry.kind) for line in lines)
    return {"lines": len(lines), "broken": "", "heads": len(known), "kinds": dict(sorted(found.items()))}


@_measure
def handovers(scene: Scene) -> dict[str, Any]:
    """Look for mailboxes with a new head of which no handover was recorded, and for heads of whom nobody was told."""
    book = takeover.Book(scene.state / takeover.FOLDER)
    due = takeover.due(scene.registry, scene.day, book.heads() or {})
    missing = sorted(each.mailbox for each in due if book.find(each) is None)
    recorded = len(list(book.folder.glob("*-*-*.json")))
    return {"missing": missing, "recorded": recorded, "untold": sorted(each.mailbox for each in book.untold())}


@_measure
def lockouts(scene: Scene) -> dict[str, Any]:
    """Tell which stolen passwords are still being dealt with."""
    cases = sorted(path.parent.name for path in (scene.state / lockout.FOLDER).glob("*/case.json"))
    return {"open": [name for name in cases if "." not in name], "closed": sum("." in name for name in cases)}


@_measure
def reports(scene: Scene) -> dict[str, Any]:
    """Look for periodic reports whose day has passed unsent; an estate owes none from before its ledger."""
    wanted = scene.registry.policy.reports
    sent = sendings.days(scene.state, scene.registry.estate.time_zone)
    opened = next((datetime.fromisoformat(line.at).date() for line in ledger.read(scene.state)), scene.day)
    late, found = [], []
    for every, day in wanted.due.items() if wanted else ():
        period = periods.latest(every, scene.day)
        found.append(period.name)
        if opened <= period.due(day) < scene.day and sent.get(period.name, date.min) < period.until:
            late.append(period.name)
    return {"periods": found, "sent": len(sent), "late": late}


@_measure
def published(scene: Scene) -> dict[str, Any]:
    """Tell what the public directory is to show today."""
    book = phonebook(scene.registry, scene.day)
    offices = book.offices if book else ()
    return {
        "is_public": book is not None,
        "codes": [office.code for office in offices],
        "officials": sum(len(office.officials) for office in offices),
    }


@_measure
def model_regulation(scene: Scene) -> dict[str, Any]:
    """Fill in the model regulation for each agency that is to issue its own, and name those that lack something."""
    folder = scene.root.parent / "regulation"
    if not (folder / RULES).exists():
        return {"is_there": False, "issuers": 0, "open": []}
    model = load_model(folder)
    codes = issuers(model, scene.registry, scene.day)
    faulty = []
    for code in codes:
        try:
            fill(model, scene.registry, code, scene.day)
        except RegistryError:
            faulty.append(code)
    return {"is_there": True, "issuers": len(codes), "open": faulty}


@_measure
def quotas(scene: Scene) -> dict[str, Any]:
    """Sum up what was promised: accounts, and the room that they may fill, in bytes."""
    given = [int(text(record, "congvuQuota") or 0) for _, record in scene.of(Kind.PERSON, Kind.MAILBOX)]
    return {"accounts": len(given), "bytes": sum(given)}


@dataclass
class Measures:
    """All measures of a scene, each made at most once, by name: what texts and expressions know as `found`."""

    scene: Scene
    _made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> dict[str, Any]:
        """Make a measure, or give what it came to. Raises SilentError where what it rests on could not be read."""
        if name not in self._made:
            try:
                self._made[name] = MEASURES[name](self.scene)
            except OSError as error:
                raise SilentError(complaint(error)) from error
        return self._made[name]
