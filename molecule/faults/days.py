"""A small province that lives from day to day: a registry whose every day brings what a year brings elsewhere.

People come, go, move, marry and exchange addresses; agencies are founded, renamed and merged. All of it is within
the rails, dated, and the same for the same seed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils import source
from ansible_collections.congvu.mail.plugins.module_utils.allocate import allocate, by_domain, insert

if TYPE_CHECKING:
    from collections.abc import Iterator

THUATHIENHUE = Path(__file__).parents[2] / "inventories" / "thuathienhue" / "registry"
DOMAIN = "thuathienhue.gov.vn"
BEGIN = date(2025, 1, 6)  # long enough ago that no test runs out of days that may be applied
TITLES = ("Chuyên viên", "Chuyên viên chính", "Kế toán", "Phó trưởng phòng", "Trưởng phòng", "Thanh tra viên")
UNITS = {"vp": "Văn phòng", "tccb": "Phòng Tổ chức cán bộ", "khtc": "Phòng Kế hoạch - Tài chính"}
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Tôn Thất", "Hồ")
MIDDLES = ("Văn", "Thị", "Đình", "Thị Ngọc", "Quang")
GIVEN = ("An", "Bình", "Châu", "Đức", "Hương", "Khánh", "Lộc", "Uyên", "Đạt", "Ý")

Change = dict[str, str]


@dataclass(slots=True)
class Post:
    """One line of people in an agency's file, with what changed since."""

    person: str
    name: str
    unit: str
    title: str
    since: date
    until: date | None = None
    changes: list[Change] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Write it as people do."""
        yield f"  - id: {self.person}"
        yield f"    name: {self.name}"
        yield f"    unit: {self.unit}"
        yield f"    title: {self.title}"
        yield from _days(self.since, self.until, "    ")
        yield from _changes(self.changes, "    ")


@dataclass(slots=True)
class Agency:
    """One agency's file; its first two posts are the head's and the clerk's, who stay to the end."""

    code: str
    since: date | None = None
    until: date | None = None
    heir: str = ""
    changes: list[Change] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    def text(self) -> str:
        """Write the file."""
        head, clerk = (post.person for post in self.posts[:2])
        lines = [
            f"code: {self.code}",
            f"name: Cơ quan {self.code.upper()}",
            "kind: agency",
            f"account: {self.code}@{DOMAIN}",
            f"head: {head}",
            f"clerks: [{clerk}]",
            *(_days(self.since, self.until, "") if self.since or self.until else ["decision: 05/2005/QĐ-UB"]),
            *([f"successor: {self.heir}"] if self.heir else []),
            *_changes(self.changes, ""),
            "units:",
            *(f"  {code}: {name}" for code, name in UNITS.items()),
            "people:",
            *(line for post in self.posts for line in post.lines()),
        ]
        return "\n".join(lines) + "\n"


class Days:
    """The province and its calendar. ``write`` puts the registry down as it is on ``today``."""

    def __init__(self, seed: str, cache: Path | None = None, agencies: int = 8, people: int = 80) -> None:
        """Staff the agencies, each with a head and a clerk; ``cache`` is a folder for what was read of the files."""
        self.cache = cache
        self.random = Random(seed)  # noqa: S311 - a test's dice
        self.today = BEGIN
        self.agencies: list[Agency] = []
        self._born = 0
        self._exchanges: list[list[str]] = []  # holders whose addresses go round, the last one's to the first
        for _ in range(agencies):
            self._found(None)
        for _ in range(people - 2 * agencies):
            self.random.choice(self.agencies).posts.append(self._recruit(self.today))

    # What the days bring

    def live(self) -> None:
        """Let a day pass; every sixth is an agency's."""
        self.today += timedelta(days=1)
        number = (self.today - BEGIN).days
        busy: set[str] = set()
        match number % 24:
            case 5 | 17:
                self._rename_agency(busy)
            case 11:
                self._merge(busy)
            case 23:
                self._found(self.today)
            case _:
                for act in (self._transfer, self._promote, self._seat, self._marry):
                    for _ in range(self.random.randint(0, 3)):
                        act(busy)
        for act in (self._join, self._leave):
            for _ in range(self.random.randint(0, 1)):
                act(busy)
        self._exchange(busy, number)

    def recruit(self, people: int) -> None:
        """Let many come at once, as when a school is founded."""
        for _ in range(people):
            self._join(set())

    def living(self) -> list[Agency]:
        """Give the agencies that there are today."""
        return [agency for agency in self.agencies if agency.until is None]

    def _found(self, since: date | None) -> None:
        agency = Agency(f"cq{len(self.agencies) + 1:03}", since=since)
        agency.posts = [self._recruit(self.today), self._recruit(self.today)]
        self.agencies.append(agency)

    def _smallest(self) -> list[Agency]:
        """Give those of which much can be changed in a day without running into a rail."""
        return sorted(self.living(), key=lambda agency: (self._size(agency), agency.code))

    def _size(self, agency: Agency) -> int:
        heirs = {agency.code, *(other.code for other in self.agencies if other.heir == agency.code)}
        return sum(len(other.posts) for other in self.agencies if other.code in heirs)

    def _rename_agency(self, busy: set[str]) -> None:
        agency = self._smallest()[0]
        name = f"Cơ quan {agency.code.upper()} và {self.random.choice(FAMILIES)} {self.today:%d%m}"
        agency.changes.append(self._change(name=name))
        busy.update(post.person for post in agency.posts)

    def _merge(self, busy: set[str]) -> None:
        agency, *others = (agency for agency in self._smallest() if agency.since != self.today)
        agency.until = self.today
        agency.heir = self.random.choice(others).code
        busy.update(post.person for post in agency.posts)

    def _join(self, busy: set[str]) -> None:
        post = self._recruit(self.today)
        self.random.choice(self.living()).posts.append(post)
        busy.add(post.person)

    def _leave(self, busy: set[str]) -> None:
        if found := self._somebody(busy):
            found[1].until = self.today

    def _transfer(self, busy: set[str]) -> None:
        if found := self._somebody(busy):
            agency, post = found
            elsewhere = self.random.choice([other for other in self.living() if other is not agency])
            moved = Post(post.person, _name(post), self._unit(), self.random.choice(TITLES), self.today)
            elsewhere.posts.append(moved)

    def _promote(self, busy: set[str]) -> None:
        if found := self._somebody(busy):
            found[1].changes.append(self._change(title=f"{self.random.choice(TITLES)} {self.today:%d%m}"))

    def _seat(self, busy: set[str]) -> None:
        if found := self._somebody(busy):
            found[1].changes.append(self._change(unit=self._unit()))

    def _marry(self, busy: set[str]) -> None:
        if found := self._somebody(busy):
            found[1].changes.append(self._change(name=self._any_name()))

    def _exchange(self, busy: set[str], number: int) -> None:
        """Let two people exchange addresses, or three pass theirs on: a clerk had mixed them up."""
        people = [found[1].person for _ in range(2 + number % 2) if (found := self._somebody(busy))]
        self._exchanges.append([f"person:{person}" for person in people])

    def _somebody(self, busy: set[str]) -> tuple[Agency, Post] | None:
        """Pick somebody to whom nothing happened today, and who holds an open post in an agency that there is."""
        staff = [
            (agency, post)
            for agency in self.living()
            for post in agency.posts[2:]
            if post.until is None and post.person not in busy and post.since < self.today
            if all(other.since <= post.since for other in self._posts(post.person))
        ]
        if not staff:
            return None
        chosen = self.random.choice(staff)
        busy.add(chosen[1].person)
        return chosen

    def _posts(self, person: str) -> Iterator[Post]:
        return (post for agency in self.agencies for post in agency.posts if post.person == person)

    def _recruit(self, since: date) -> Post:
        self._born += 1
        return Post(f"nv{self._born:05}", self._any_name(), self._unit(), self.random.choice(TITLES), since)

    def _any_name(self) -> str:
        return " ".join(self.random.choice(part) for part in (FAMILIES, MIDDLES, GIVEN))

    def _unit(self) -> str:
        return self.random.choice(list(UNITS))

    def _change(self, **different: str) -> Change:
        return {"since": str(self.today), "decision": f"{self.today:%j}/QĐ-UBND", **different}

    # What is written down

    def write(self, root: Path) -> None:
        """Write the registry: short terms, so that former addresses and closed mailboxes fall due among the days."""
        for folder in ("agencies", "addresses"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        (root / "estate.yml").write_bytes((THUATHIENHUE / "estate.yml").read_bytes())
        policy = (THUATHIENHUE / "policy.yml").read_text(encoding="utf-8")
        # Without the reports, which name mailboxes of agencies that there are not.
        policy = re.sub(r"^reports:\n(?:  .*\n)*", "", policy, flags=re.MULTILINE).replace("days: 365", "days: 30")
        (root / "policy.yml").write_text(policy, encoding="utf-8")
        for agency in self.agencies:
            (root / "agencies" / f"{agency.code}.yml").write_text(agency.text(), encoding="utf-8")
        lock = root / "addresses" / f"{DOMAIN}.yml"
        if lock.exists():
            lock.write_text(self._exchanged(lock.read_text(encoding="utf-8")), encoding="utf-8")
        for domain, lines in by_domain(allocate(source.load(root, locked=False, cache=self.cache))).items():
            before = lock.read_text(encoding="utf-8") if lock.exists() else ""
            lock.write_text(insert(before, domain, lines), encoding="utf-8")

    def _exchanged(self, lock: str) -> str:
        """Give the lock with the addresses exchanged of those who never held another."""
        for holders in self._exchanges:
            plain = [holder for holder in holders if len(re.findall(rf": {holder}\b", lock)) == 1]
            if len(plain) > 1:
                lock = _passed_on(lock, dict(zip(plain, plain[1:] + plain[:1], strict=True)))
        self._exchanges.clear()
        return lock


def _passed_on(lock: str, followers: dict[str, str]) -> str:
    return re.sub(r"(?<=: )(person:\w+)(?=\n)", lambda found: followers.get(found[1], found[1]), lock)


def _name(post: Post) -> str:
    return next((change["name"] for change in reversed(post.changes) if "name" in change), post.name)


def _days(since: date | None, until: date | None, indent: str) -> Iterator[str]:
    decision = f"{since:%j}/QĐ-UBND" if since else "05/2005/QĐ-UB"
    yield f"{indent}decision: {decision}"
    if since:
        yield f"{indent}since: {since}"
    if until:
        yield f"{indent}until: {until}"
        yield f"{indent}until_decision: {until:%j}/QĐ-UBND"


def _changes(changes: list[Change], indent: str) -> Iterator[str]:
    if changes:
        yield f"{indent}changes:"
    for change in changes:
        yield f"{indent}  - {{{', '.join(f'{key}: {value}' for key, value in change.items())}}}"
