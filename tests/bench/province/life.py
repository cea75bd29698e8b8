"""A province's people, their year of decisions, and single days with as many changes as one likes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from ansible_collections.congvu.mail.plugins.module_utils import source
from ansible_collections.congvu.mail.plugins.module_utils.allocate import allocate, by_domain, insert

from .agency import UNITS, Agency, Post, number
from .names import another, name

THUATHIENHUE = Path(__file__).parents[3] / "inventories" / "thuathienhue" / "registry"
TODAY = date(2026, 11, 20)
YEAR = TODAY.year
_TITLES = (
    "Chuyên viên",
    "Chuyên viên",
    "Chuyên viên",
    "Chuyên viên chính",
    "Kế toán",
    "Phó trưởng phòng",
    "Trưởng phòng",
)
_LEADERS = ("Giám đốc", "Phó Giám đốc", "Văn thư")
_PLACES = [
    "An",
    "Bắc",
    "Bình",
    "Cẩm",
    "Đông",
    "Điền",
    "Hoà",
    "Hương",
    "Kim",
    "Lộc",
    "Long",
    "Mỹ",
    "Nam",
    "Phong",
    "Phú",
    "Quảng",
    "Sơn",
    "Tân",
    "Thanh",
    "Thuỷ",
    "Vinh",
]
_FIELDS = (
    "Nội vụ",
    "Tài chính",
    "Xây dựng",
    "Y tế",
    "Công Thương",
    "Tư pháp",
    "Du lịch",
    "Ngoại vụ",
    "Giao thông vận tải",
)
_LARGE = 40  # people; an agency with a counter for citizens and folders for others
# How many in a thousand meet with it in a year; the rest of the year's people stay as they are.
_RATES = {
    "promoted": 40, "joins": 45, "transferred": 30, "reassigned": 20, "retires": 22, "on leave": 20, "resigns": 8,
    "seconded": 8, "concurrent": 5, "renamed": 2,
}  # fmt: skip
# And in a hundred agencies.
_RENAMED, _MERGED, _SPLIT = 2, 1, 1


class Province:
    """Agencies with their people, and the decisions about them."""

    def __init__(self, people: int, agencies: int, seed: int = 2026) -> None:
        """Staff the agencies as the year begins: each with its leaders, the others by size, few big and many small."""
        self._dice = Random(seed)  # noqa: S311 - a test's dice
        self._born = 0
        self._settled: set[str] = set()  # people and agencies about whom nothing more is to be decided
        self.agencies = [self._found(place) for place in range(agencies)]
        weights = [1 / rank for rank in range(1, agencies + 1)]
        places = self.agencies * len(_LEADERS) + self._dice.choices(
            self.agencies, weights, k=people - len(_LEADERS) * agencies
        )
        for agency in places:
            since = date(YEAR, 1, 1) - timedelta(days=self._dice.randint(30, 3650))
            post = self._recruit(agency, since)
            leads = len(agency.posts) < len(_LEADERS)
            agency.posts.append(replace(post, title=_LEADERS[len(agency.posts)], unit="vp") if leads else post)
        for agency in self.agencies:
            if len(agency.posts) >= _LARGE:
                agency.readers = tuple(
                    sorted({other.code for other in self._dice.sample(self.agencies, min(3, agencies))})
                )

    def live_a_year(self) -> None:
        """Decide on each day of the year; any of them can be planned afterwards."""
        self._reorganise()
        staff = self._staff()
        self._dice.shuffle(staff)
        total = sum(len(agency.posts) for agency in self.agencies)
        for what, rate in _RATES.items():
            for _ in range(total * rate // 1000):
                if not staff:
                    return
                agency, index = staff.pop()
                self._decide(what, agency, index, self._day())

    def live_a_day(self, changes: int) -> None:
        """Let so many people meet with something today, of all kinds that a day brings."""
        mix = ("promoted",) * 3 + ("transferred", "joins") * 2 + ("reassigned", "retires", "on leave")
        for turn, (agency, index) in enumerate(self._dice.sample(self._staff(), changes)):
            self._decide(mix[turn % len(mix)], agency, index, TODAY)

    def write(self, root: Path) -> None:
        """Write the registry, with Thừa Thiên Huế's policy and an address for everybody."""
        for folder in ("agencies", "addresses"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        for file in ("estate.yml", "policy.yml"):
            text = (THUATHIENHUE / file).read_text(encoding="utf-8")
            for mailbox in ("ttthhc", "vpubnd"):  # of reports, which go from and to agencies that there are
                text = re.sub(rf"((?:sender: |recipients: \[)){mailbox}\b", rf"\g<1>{self.agencies[0].code}", text)
            (root / file).write_text(text, encoding="utf-8")
        for agency in self.agencies:
            (root / "agencies" / f"{agency.code}.yml").write_text(agency.text(), encoding="utf-8")
        for domain, lines in by_domain(allocate(source.load(root, locked=False))).items():
            lock = root / "addresses" / f"{domain}.yml"
            before = lock.read_text(encoding="utf-8") if lock.exists() else ""
            lock.write_text(insert(before, domain, lines), encoding="utf-8")

    # Agencies

    def _found(self, place: int) -> Agency:
        """Found the next agency: departments first, which will be the big ones, then districts, then communes."""
        first, second = self._dice.sample(_PLACES, 2)
        if place < len(_FIELDS):
            called, kind = f"Sở {_FIELDS[place]}", "department"
        elif place % 10 == 0:
            called, kind = f"Ủy ban nhân dân huyện {first} {second}", "district"
        else:
            called, kind = f"Ủy ban nhân dân xã {first} {second}", "commune"
        units = ("vp", *self._dice.sample(list(UNITS)[1:], 3 if place < len(_FIELDS) else 2))
        return Agency(f"cq{place + 1:03}", called, kind, units)

    def _reorganise(self) -> None:
        """Rename, merge and split agencies; nothing else happens to those who are merged."""
        count = len(self.agencies)
        wanted = [max(1, count * rate // 100) if count > 3 else 0 for rate in (_RENAMED, _MERGED, _SPLIT)]
        small = self.agencies[count // 2 :]
        renamed, merged = (self._pick(small, how_many) for how_many in wanted[:2])
        split = self._pick([agency for agency in self.agencies if len(agency.posts) >= _LARGE], wanted[2])
        for agency in renamed:
            day = self._day()
            agency.changes.append(f"since: {day}, decision: {number(day)}, name: {agency.name} mới")
        for agency in merged:
            (heir,) = self._pick([other for other in small if not other.changes], 1) or self.agencies[:1]
            day = self._day()
            agency.facts = [f"until: {day}", f"until_decision: {number(day)}", f"successor: {heir.code}"]
            self._settled |= {post.person for post in agency.posts}
        for place, agency in enumerate(split):
            self._split(agency, f"cq{count + place + 1:03}")

    def _split(self, agency: Agency, code: str) -> None:
        """Let a third of an agency's people found another."""
        movers = [post for post in agency.posts[len(_LEADERS) :] if post.person not in self._settled]
        movers = movers[: max(len(_LEADERS), len(movers) // 3)]
        if len(movers) < len(_LEADERS):
            return
        day = self._day()
        new = Agency(code, f"{agency.name} thứ hai", agency.kind, agency.units, facts=[f"since: {day}"])
        new.posts = [replace(post, since=day) for post in movers]
        self._settled |= {post.person for post in movers}
        self.agencies.append(new)

    def _pick(self, agencies: list[Agency], count: int) -> list[Agency]:
        free = [agency for agency in agencies if agency.code not in self._settled]
        picked = self._dice.sample(free, min(count, len(free)))
        self._settled |= {agency.code for agency in picked}
        return picked

    # People

    def _staff(self) -> list[tuple[Agency, int]]:
        """Give the posts about which something may still be decided."""
        return [
            (agency, index)
            for agency in self.agencies
            if not agency.facts
            for index, post in enumerate(agency.posts)
            if index >= len(_LEADERS) and post.person not in self._settled and not post.kind
        ]

    def _decide(self, what: str, agency: Agency, index: int, day: date) -> None:
        post = agency.posts[index]
        if what != "joins":
            self._settled.add(post.person)
        change = f"since: {day}, decision: {number(day)}"
        later = day + timedelta(days=180)
        match what:
            case "promoted":
                agency.posts[index] = replace(post, changes=(f"{change}, title: Phó Chánh Văn phòng",))
            case "reassigned":
                unit = self._dice.choice([one for one in agency.units if one != post.unit])
                agency.posts[index] = replace(post, changes=(f"{change}, unit: {unit}",))
            case "renamed":
                agency.posts[index] = replace(post, changes=(f"{change}, name: {another(self._dice, post.name)}",))
            case "on leave":
                reason = self._dice.choice(("maternity", "maternity", "study", "sickness", "unpaid"))
                agency.posts[index] = replace(post, absences=(f"{change}, until: {later}, reason: {reason}",))
            case "retires" | "resigns":
                ending = "retirement" if what == "retires" else "resignation"
                agency.posts[index] = replace(post, until=day, ending=ending)
            case "joins":
                agency.posts.append(self._recruit(agency, day))
                self._settled.add(agency.posts[-1].person)
            case _:
                self._send(what, post, agency, day)

    def _send(self, what: str, post: Post, agency: Agency, day: date) -> None:
        """Give somebody a post elsewhere: for good, for half a year, or beside the one at home."""
        elsewhere = self._dice.choice([one for one in self.agencies if one is not agency and not one.facts])
        there = replace(post, unit=self._dice.choice(elsewhere.units), since=day)
        if what == "seconded":
            there = replace(there, kind="secondment", until=day + timedelta(days=180))
        elif what == "concurrent":
            there = replace(there, kind="concurrent", title="Uỷ viên kiêm nhiệm")
        elsewhere.posts.append(there)

    def _recruit(self, agency: Agency, since: date) -> Post:
        self._born += 1
        called = name(self._dice)
        return Post(f"nv{self._born:06}", called, self._dice.choice(agency.units), self._dice.choice(_TITLES), since)

    def _day(self) -> date:
        return date(YEAR, 1, 2) + timedelta(days=self._dice.randrange(363))
