"""Figures of a periodic report, from the registry, the counts of each day, and what the directory tells of accounts.

Pure: the same facts always give the same figures. What is not known is None, and the days of which nothing is known are
named; nothing is filled in. A working day counts for somebody who holds a main post and is not away on it, whatever
the reason; a day counts at all only if every host counted it to its end.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from statistics import linear_regression
from typing import TYPE_CHECKING, NamedTuple

from .model import Ending, Role, Tie
from .tally import Gap, Tally
from .usage import Letters
from .working_days import Calendar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from .looks import Window
    from .model import Agency, Mailbox, Post, Registry
    from .periods import Period
    from .terms import Term
    from .usage import Day

SMALLEST = 3  # people: of fewer, one who is ill decides the rank
WEIGHTS = {"usage": 50, "shared": 30, "coverage": 20}  # of the score, in hundredths
_MEASURED = 10  # days at least on which mailboxes were measured, and
_SPREAD = 28  # days between the first and the last of them, before their growth is foretold
_YEAR = 365  # days ahead that the budget is to cover


class Account(NamedTuple):
    """What the directory knows of somebody's account; whether they ever signed in is None where it does not tell."""

    active: bool
    signed_in: bool | None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    met: int = 0
    of: int = 0

    @property
    def rate(self) -> float | None:
        """Return it as a number from 0 to 1; None of nothing."""
        return self.met / self.of if self.of else None

    def __add__(self, other: Share) -> Share:
        """Put both together."""
        return Share(self.met + other.met, self.of + other.of)


class Staff(NamedTuple):
    """Somebody of an agency, as of the day of the report or the last one there."""

    uid: str
    name: str
    title: str
    unit: str
    agency: str
    usage: Share
    away: int  # working days of the period on which nothing was expected


class Box(NamedTuple):
    """A shared mailbox, and who looked into it."""

    uid: str
    name: str
    agency: str
    usage: Share
    by: tuple[str, ...]  # uids


class Deed(StrEnum):
    """What changed."""

    JOINED = "joined"
    MOVED = "moved"
    LEFT = "left"
    RENAMED = "renamed"
    POSTED = "posted"  # another unit or title
    SECONDED = "seconded"
    CONCURRENT = "concurrent"
    AWAY = "away"
    FOUNDED = "founded"
    CALLED = "called"  # an agency's new name
    CLOSED = "closed"


class Change(NamedTuple):
    """A change of the period, on which decision it rests, and when it was carried out, as far as that is known."""

    day: date
    deed: Deed
    agency: str
    id: str
    name: str
    before: str
    after: str
    decision: str
    applied: date | None = None
    taken: int | None = None  # working days from the decision, or the day of effect
    late: bool | None = None
    ending: Ending | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One agency's figures."""

    code: str
    name: str
    people: int  # on the day of the report
    accounts: int | None  # of these with an open mailbox; None where nobody asked the directory
    lacking: tuple[Staff, ...]
    never: tuple[Staff, ...] | None  # have one, and never signed in
    usage: Share  # of person-days
    shared: Share  # of mailbox-days
    seen: int | None  # people who looked in at least once
    looks: int | None
    letters: Letters | None
    storage: int | None  # KiB
    score: float | None = None  # 0 to 100
    rank: int | None = None

    @property
    def coverage(self) -> Share | None:
        """Return the share of people who have a mailbox and have used it; None where that is not known."""
        if self.never is None:
            return None
        return Share(self.people - len(self.lacking) - len(self.never), self.people)


class Forecast(NamedTuple):
    """What mailboxes will hold, if they grow as they did, in KiB."""

    monthly: float
    then: float  # a year after the period
    day: date


@dataclass(frozen=True, slots=True)
class Figures:
    """All of a report."""

    period: Period
    as_of: date  # the day of the report
    agency: str  # the only one that it is about; empty for the whole province
    rows: tuple[Row, ...]
    staff: tuple[Staff, ...]
    boxes: tuple[Box, ...]
    changes: tuple[Change, ...]
    gaps: tuple[Gap, ...]
    working: int  # working days of the period
    counted: int  # of these, those of which all is known
    storage: tuple[tuple[date, int], ...]  # KiB in all, day by day
    forecast: Forecast | None
    by_window: tuple[tuple[Window, Share], ...]  # how many of the person-days had enough looks in each window

    @property
    def usage(self) -> Share:
        """Return the share of all person-days."""
        return sum((row.usage for row in self.rows), Share())

    @property
    def shared(self) -> Share:
        """Return the share of all mailbox-days."""
        return sum((row.shared for row in self.rows), Share())

    @property
    def people(self) -> int:
        """Count the staff."""
        return sum(row.people for row in self.rows)

    @property
    def accounts(self) -> int | None:
        """Count those who have an open mailbox."""
        found = [row.accounts for row in self.rows]
        return None if None in found else sum(count for count in found if count)

    @property
    def letters(self) -> Letters | None:
        """Count all letters."""
        found = [row.letters for row in self.rows if row.letters]
        return sum(found, Letters()) if found else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report is made of, besides the registry."""

    days: Iterable[Day] = ()
    stores: Collection[str] = ()  # hosts that count looks
    mail: Collection[str] = ()  # hosts that count letters
    accounts: Mapping[str, Account] | None = None  # by uid; None: the directory was not asked
    terms: Sequence[Term] = ()


def figures(registry: Registry, period: Period, as_of: date, facts: Facts, agency: str = "") -> Figures:
    """Work out a report, of one agency alone where one is named."""
    last = min(period.last, as_of)
    codes = [agency] if agency else [each.code for each in registry.agencies.values() if _was_there(each, period)]
    calendar = Calendar(registry.calendar)
    working = [day for day in period.days if calendar.works(day)]
    whose = _agency_of(registry, last)
    own = {uid for uid, code in whose.items() if code == agency} if agency else None
    tally = Tally(period, working, facts.days, own)
    gaps = tuple(tally.gaps(as_of, facts.stores, facts.mail)) if facts.stores or facts.mail else ()
    missing = {gap.day for gap in gaps}
    bits = {day: bit for day, bit in tally.bits.items() if facts.stores and day not in missing}
    people = _Posts(registry, period, bits)
    staff = [*people.staff(codes, tally.people())]
    boxes = [*_boxes(registry, codes, period, bits, tally)]
    stored: dict[str, int] = defaultdict(int)
    for uid, size in tally.latest.items():
        stored[whose.get(uid, "")] += size
    here = _staff_on(registry, as_of)
    used: dict[str, Share] = defaultdict(Share)
    for each in staff:
        used[each.agency] += each.usage
    held: dict[str, Share] = defaultdict(Share)
    for box in boxes:
        held[box.agency] += box.usage
    rows = [
        replace(
            _row(registry.agencies[code], last, here.get(code, []), facts.accounts, tally),
            usage=used[code],
            shared=held[code],
            storage=stored[code] if tally.series else None,
        )
        for code in codes
    ]
    series = tuple(sorted(tally.series.items()))
    expected = [mask for code in codes for mask in people.masks.get(code, ())]
    return Figures(
        period=period,
        as_of=as_of,
        agency=agency,
        rows=ranked(rows),
        staff=tuple(staff) if agency else (),
        boxes=tuple(boxes),
        changes=tuple(_changes(registry, period, facts.terms, set(codes))),
        gaps=gaps,
        working=len(working),
        counted=len(bits),
        storage=series,
        forecast=_forecast(series, period),
        by_window=tuple((window, _share_of(days, expected)) for window, days in tally.by_window()),
    )


def _share_of(found: Mapping[str, int], expected: Iterable[tuple[str, int]]) -> Share:
    done = of = 0
    for uid, mask in expected:
        done += (mask & found.get(uid, 0)).bit_count()
        of += mask.bit_count()
    return Share(done, of)


# --- People and mailboxes


class _Posts:
    """Whom the period's days count for: people by their main posts, agency by agency."""

    def __init__(self, registry: Registry, period: Period, bits: Mapping[date, int]) -> None:
        self.registry = registry
        self.period = period
        self.bits = bits
        self.masks: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.of: dict[str, list[Staff]] = defaultdict(list)
        self._spans: dict[tuple[date, date], int] = {}

    def staff(self, codes: Collection[str], met_by: Mapping[str, int]) -> Iterator[Staff]:
        """Yield everybody who held a main post in one of the agencies in the period, with what they did there."""
        wanted = set(codes)
        for uid, posts in self.registry.persons.items():
            if len(posts) == 1 and posts[0].agency not in wanted:
                continue
            for code, held in _by_agency(posts).items():
                if code not in wanted:
                    continue
                mask = present = 0
                latest: Post | None = None
                for post, until in held:
                    if (until is None or until > self.period.since) and post.since < self.period.until:
                        here = self._mask(post.since, until)
                        present |= here
                        for absence in post.absences:
                            here &= ~self._mask(absence.since or post.since, absence.until)
                        mask |= here
                        latest = post
                if latest is not None:
                    self.masks[code].append((uid, mask))
                    unit = self.registry.agencies[code].units.get(latest.unit or "")
                    yield Staff(
                        uid,
                        latest.name,
                        latest.title,
                        unit.on(self.period.last).name if unit else "",
                        code,
                        Share((mask & met_by.get(uid, 0)).bit_count(), mask.bit_count()),
                        (present & ~mask).bit_count(),
                    )

    def _mask(self, since: date, until: date | None) -> int:
        span = max(since, self.period.since), min(until or self.period.until, self.period.until)
        if span not in self._spans:
            self._spans[span] = sum(bit for day, bit in self.bits.items() if span[0] <= day < span[1])
        return self._spans[span]


def _by_agency(posts: Sequence[Post]) -> Mapping[str, list[tuple[Post, date | None]]]:
    """Put somebody's main posts to their agencies, each with the day on which it ends: the next one's at the latest."""
    found: dict[str, list[tuple[Post, date | None]]] = {}
    for post, following in zip(posts, (*posts[1:], None), strict=True):
        ends = [day for day in (post.until, following.since if following else None) if day]
        found.setdefault(post.agency, []).append((post, min(ends, default=None)))
    return found


def _staff_on(registry: Registry, day: date) -> dict[str, list[Staff]]:
    """Return who belongs to each agency on a day."""
    found: dict[str, list[Staff]] = defaultdict(list)
    for uid, posts in registry.persons.items():
        held = next((post for post in reversed(posts) if post.covers(day)), None)
        if held is not None:
            unit = registry.agencies[held.agency].units.get(held.unit or "")
            name = unit.on(day).name if unit else ""
            found[held.agency].append(Staff(uid, held.name, held.title, name, held.agency, Share(), 0))
    return found


def _boxes(
    registry: Registry, codes: Iterable[str], period: Period, bits: Mapping[date, int], tally: Tally
) -> Iterator[Box]:
    for code in codes:
        for mailbox in registry.agencies[code].mailboxes.values():
            if mailbox.folder or not _exists(mailbox, period):
                continue
            mask = sum(bit for day, bit in bits.items() if _is_run(mailbox, registry.agencies[code], day))
            share = Share((mask & tally.shared.get(mailbox.uid, 0)).bit_count(), mask.bit_count())
            name = mailbox.on(period.last).name
            yield Box(mailbox.uid, name, code, share, tuple(sorted(tally.by.get(mailbox.uid, ()))))


def _exists(mailbox: Mailbox, period: Period) -> bool:
    return (mailbox.since is None or mailbox.since < period.until) and (
        mailbox.until is None or mailbox.until > period.since
    )


def _is_run(mailbox: Mailbox, agency: Agency, day: date) -> bool:
    """Tell whether somebody was to look into a mailbox on a day: it is there, and somebody is named for it."""
    named = any(
        grant.covers(day) for role, grants in mailbox.roles.items() if role is not Role.READER for grant in grants
    )
    return mailbox.covers(day) and agency.covers(day) and named


def _was_there(agency: Agency, period: Period) -> bool:
    return (agency.since is None or agency.since < period.until) and (
        agency.until is None or agency.until > period.since
    )


def _row(agency: Agency, day: date, here: Sequence[Staff], accounts: Mapping[str, Account] | None, tally: Tally) -> Row:
    lacking: list[Staff] = []
    never: list[Staff] = []
    tells = accounts is not None and any(each.signed_in is not None for each in accounts.values())
    for each in here if accounts is not None else ():
        account = accounts.get(each.uid) if accounts else None
        if account is None or not account.active:
            lacking.append(each)
        elif not account.signed_in and each.uid not in tally.looks:
            never.append(each)
    looked = [tally.looks[each.uid] for each in here if each.uid in tally.looks]
    return Row(
        code=agency.code,
        name=agency.on(day).name,
        people=len(here),
        accounts=len(here) - len(lacking) if accounts is not None else None,
        lacking=tuple(lacking),
        never=tuple(never) if tells else None,
        usage=Share(),
        shared=Share(),
        seen=len(looked) if tally.has_looks else None,
        looks=sum(looked) if tally.has_looks else None,
        letters=tally.letters.get(agency.code, Letters()) if tally.has_letters else None,
        storage=None,
    )


# --- Storage


def _agency_of(registry: Registry, day: date) -> dict[str, str]:
    """Return the agency of each mailbox: somebody who has left is still the last one's."""
    found = {uid: mailbox_of.code for mailbox_of in registry.agencies.values() for uid in mailbox_of.mailboxes}
    for uid, posts in registry.persons.items():
        begun = [post for post in posts if post.since <= day]
        found[uid] = (begun or posts)[-1 if begun else 0].agency
    return found


def _forecast(series: Sequence[tuple[date, int]], period: Period) -> Forecast | None:
    """Foretell what mailboxes hold a year after the period, by the line that fits what was measured best."""
    if len(series) < _MEASURED or (series[-1][0] - series[0][0]).days < _SPREAD:
        return None
    begin = series[0][0]
    slope, _ = linear_regression([(day - begin).days for day, _ in series], [size for _, size in series])
    day, size = series[-1]
    then = period.until.replace(year=period.until.year + 1)
    return Forecast(slope * _YEAR / 12, max(0.0, size + slope * (then - day).days), then)


# --- Ranking


def ranked(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Give each agency its score and rank, the best first; those that are too small, or unknown, come last."""
    scored = [replace(row, score=_score(row)) for row in rows]
    known = sorted(
        (row for row in scored if row.score is not None and row.people >= SMALLEST),
        key=lambda row: (-(row.score or 0), row.name),
    )
    found: list[Row] = []
    for place, row in enumerate(known, 1):
        same = found and found[-1].score == row.score
        found.append(replace(row, rank=found[-1].rank if same else place))
    codes = {row.code for row in found}
    return (*found, *sorted((row for row in scored if row.code not in codes), key=lambda row: row.name))


def _score(row: Row) -> float | None:
    """Weigh what is known of an agency; None where nobody was to look, or nothing is known."""
    if row.usage.rate is None:
        return None
    parts = {
        "usage": row.usage.rate,
        "shared": row.shared.rate,
        "coverage": row.coverage.rate if row.coverage else None,
    }
    weights = {name: WEIGHTS[name] for name, rate in parts.items() if rate is not None}
    score = sum((parts[name] or 0) * weight for name, weight in weights.items()) / sum(weights.values())
    return round(100 * score, 1)


# --- Changes


def _changes(registry: Registry, period: Period, terms: Sequence[Term], codes: Collection[str]) -> Iterator[Change]:
    """Yield what changed in the period, day by day, with what is known of when it was carried out."""
    carried: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        carried[term.id].append(term)
    found = [*_of_people(registry, period), *_of_agencies(registry, period)]
    for change in sorted(found, key=lambda change: (change.day, change.agency, change.name)):
        if change.agency in codes or (change.deed is Deed.MOVED and change.before in codes):
            yield _with_term(change, carried.get(change.id, ()))


def _with_term(change: Change, terms: Sequence[Term]) -> Change:
    fitting = [term for term in terms if term.effective == change.day or term.decision == change.decision]
    if not fitting:
        return change
    term = min(fitting, key=lambda term: term.applied)
    return change._replace(applied=term.applied.date(), taken=term.taken, late=term.late)


def _of_people(registry: Registry, period: Period) -> Iterator[Change]:
    for uid, posts in registry.persons.items():
        last = posts[-1]
        if last.since >= period.since or last.until or last.absences:  # of most people there is nothing to tell
            yield from _of_person(f"person:{uid}", posts, period)
    for uid, posts in registry.seconds.items():
        for post in posts:
            if period.covers(post.since) and not post.continues:
                deed = Deed.SECONDED if post.tie is Tie.SECONDMENT else Deed.CONCURRENT
                yield _change(post, deed, f"person:{uid}", after=post.title)


def _of_person(id_: str, posts: Sequence[Post], period: Period) -> Iterator[Change]:
    if period.covers(posts[0].since):
        yield _change(posts[0], Deed.JOINED, id_, after=posts[0].title)
    for post, following in pairwise(posts):
        if period.covers(following.since):
            yield _between(post, following, id_)
    yield from _end(posts[-1], id_, period)
    for absence in {absence.origin: absence for post in posts for absence in post.absences}.values():
        if absence.since and period.covers(absence.since):
            yield _change(posts[-1], Deed.AWAY, id_)._replace(day=absence.since, decision=absence.decision)


def _end(post: Post, id_: str, period: Period) -> Iterator[Change]:
    if post.until and period.covers(post.until):
        told = _change(post, Deed.LEFT, id_, before=post.title)
        yield told._replace(day=post.until, decision=post.until_decision or post.decision, ending=post.ending)


def _between(post: Post, following: Post, id_: str) -> Change:
    if following.agency != post.agency:
        return _change(following, Deed.MOVED, id_, before=post.agency, after=following.agency)
    if following.name != post.name:
        return _change(following, Deed.RENAMED, id_, before=post.name, after=following.name)
    before, after = (f"{each.title}, {each.unit}" if each.unit else each.title for each in (post, following))
    return _change(following, Deed.POSTED, id_, before=before, after=after)


def _change(post: Post, deed: Deed, id_: str, *, before: str = "", after: str = "") -> Change:
    return Change(post.since, deed, post.agency, id_, post.name, before, after, post.decision)


def _of_agencies(registry: Registry, period: Period) -> Iterator[Change]:
    for agency in registry.agencies.values():
        id_, versions = f"agency:{agency.code}", agency.versions
        if agency.since and period.covers(agency.since):
            yield Change(agency.since, Deed.FOUNDED, agency.code, id_, versions[0].name, "", "", versions[0].decision)
        for version, following in pairwise(versions):
            if following.since and period.covers(following.since) and following.name != version.name:
                names = (following.name, version.name, following.name)
                yield Change(following.since, Deed.CALLED, agency.code, id_, *names, following.decision)
        if agency.until and period.covers(agency.until):
            heir = agency.successor or ""
            name = versions[-1].name
            yield Change(agency.until, Deed.CLOSED, agency.code, id_, name, "", heir, agency.until_decision)
