"""A province that nobody lives in: a registry of any size, the same for the same seed.

Names are put together from those of Thừa Thiên Huế's registry, so that namesakes are as common as in life; a few
agencies are big and many are small; everybody holds a post since some day of the last ten years.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils import source
from ansible_collections.congvu.mail.plugins.module_utils.allocate import allocate, by_domain, insert

if TYPE_CHECKING:
    from collections.abc import Iterator

THUATHIENHUE = Path(__file__).parents[2] / "inventories" / "thuathienhue" / "registry"
TODAY = date(2026, 11, 20)
TITLES = ("Chuyên viên", "Chuyên viên", "Chuyên viên chính", "Kế toán", "Phó trưởng phòng", "Trưởng phòng")
UNITS = {"vp": "Văn phòng", "tccb": "Phòng Tổ chức cán bộ", "khtc": "Phòng Kế hoạch - Tài chính", "ttra": "Thanh tra"}


@dataclass(frozen=True, slots=True)
class Post:
    """One line of people in an agency's file."""

    person: str
    name: str
    unit: str
    title: str
    since: date
    until: date | None = None

    def lines(self) -> Iterator[str]:
        """Write it as people do."""
        yield f"  - id: {self.person}"
        yield f"    name: {self.name}"
        yield f"    unit: {self.unit}"
        yield f"    title: {self.title}"
        yield f"    since: {self.since}"
        yield f"    decision: {self.since:%j}/QĐ-UBND"
        if self.until:
            yield f"    until: {self.until}"
            yield f"    until_decision: {self.until:%j}/QĐ-UBND"


@dataclass(slots=True)
class Agency:
    """One agency's file; the first two posts are the head's and the clerk's, and stay."""

    code: str
    posts: list[Post] = field(default_factory=list)

    def text(self) -> str:
        """Write the file."""
        head, clerk = (post.person for post in self.posts[:2])
        lines = [
            f"code: {self.code}",
            f"name: Cơ quan {self.code.upper()}",
            "kind: agency",
            f"account: {self.code}@thuathienhue.gov.vn",
            "decision: 05/2005/QĐ-UB",
            f"head: {head}",
            f"clerks: [{clerk}]",
            "units:",
            *(f"  {code}: {name}" for code, name in UNITS.items()),
            "people:",
            *(line for post in self.posts for line in post.lines()),
        ]
        return "\n".join(lines) + "\n"


class Province:
    """Agencies with their people, and the days that they live."""

    def __init__(self, people: int, agencies: int, seed: int = 2026) -> None:
        """Staff the agencies: each with two people at least, the others by size."""
        self._random = Random(seed)  # noqa: S311 - a test's dice
        self._names = _names()
        self._born = 0
        self.agencies = [Agency(f"cq{number:03}") for number in range(1, agencies + 1)]
        weights = [1 / rank for rank in range(1, agencies + 1)]
        places = self.agencies * 2 + self._random.choices(self.agencies, weights, k=people - 2 * agencies)
        for agency in places:
            agency.posts.append(self._recruit(TODAY - timedelta(days=self._random.randint(30, 3650))))

    def live_a_day(self, changes: int) -> None:
        """Let so many people be renamed in title, transferred, recruited or sent into retirement: 4 to 3 to 2 to 1."""
        staff = [(agency, index) for agency in self.agencies for index in range(2, len(agency.posts))]
        for number, (agency, index) in enumerate(self._random.sample(staff, changes)):
            post = agency.posts[index]
            match number % 10:
                case 0 | 1 | 2 | 3:
                    agency.posts[index] = replace(post, title="Phó Chánh Văn phòng")
                case 4 | 5 | 6:
                    elsewhere = self._random.choice([other for other in self.agencies if other is not agency])
                    elsewhere.posts.append(replace(post, unit=self._random.choice(list(UNITS)), since=TODAY))
                case 7 | 8:
                    agency.posts.append(self._recruit(TODAY))
                case _:
                    agency.posts[index] = replace(post, until=TODAY)

    def write(self, root: Path) -> None:
        """Write the registry, with Thừa Thiên Huế's policy and an address for everybody."""
        for folder in ("agencies", "addresses"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        for name in ("estate.yml", "policy.yml"):
            (root / name).write_text((THUATHIENHUE / name).read_text(encoding="utf-8"), encoding="utf-8")
        for agency in self.agencies:
            (root / "agencies" / f"{agency.code}.yml").write_text(agency.text(), encoding="utf-8")
        for domain, lines in by_domain(allocate(source.load(root, locked=False))).items():
            lock = root / "addresses" / f"{domain}.yml"
            before = lock.read_text(encoding="utf-8") if lock.exists() else ""
            lock.write_text(insert(before, domain, lines), encoding="utf-8")

    def _recruit(self, since: date) -> Post:
        self._born += 1
        family, middle, given = (self._random.choice(part) for part in self._names)
        unit, title = self._random.choice(list(UNITS)), self._random.choice(TITLES)
        return Post(f"nv{self._born:06}", f"{family} {middle} {given}", unit, title, since)


def _names() -> tuple[list[str], list[str], list[str]]:
    """Take Thừa Thiên Huế's people apart: family names, middle names, given names, each as often as it occurs."""
    people = source.load(THUATHIENHUE).persons.values()
    full = [words for posts in people if len(words := posts[0].name.split()) > 2]
    return [words[0] for words in full], [" ".join(words[1:-1]) for words in full], [words[-1] for words in full]
