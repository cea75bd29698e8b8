"""The people of a registry as a draft: what the files say, ready to be changed, and who held which post on a day.

The checked registry tells each post in parts, by what held when; here a post is one item of one file, as a clerk
wrote it, because that is what is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, cast

from .model import Tie
from .names import words
from .rewrite import plain, rewrite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from .model import Registry
    from .rewrite import Plain

Item = dict[str, "Plain"]

# In which order the keys of a post are written.
_ORDER = (
    "id",
    "name",
    "unit",
    "title",
    "kind",
    "since",
    "decision",
    "until",
    "until_decision",
    "ending",
    "changes",
    "absences",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a post is on a day, and which item of the file says so, by key."""

    name: str
    title: str
    unit: str | None
    since: date  # of the latest of these facts
    decision: str
    sources: dict[str, Item]  # by `name`, `title`, `unit`; `since` is the item that gives the day and the decision


@dataclass(slots=True, eq=False)
class Post:
    """One item under `people` of one agency's file; ``said`` is the item itself, and is what gets changed."""

    agency: str
    said: Item

    @property
    def person(self) -> str:
        """The person's id."""
        return str(self.said["id"])

    @property
    def tie(self) -> Tie:
        """How the post ties the person to the agency."""
        return Tie(str(self.said.get("kind", Tie.MAIN)))

    @property
    def since(self) -> date:
        """The first day."""
        return day_of(self.said["since"])

    @property
    def until(self) -> date | None:
        """The first day no longer in the post, if the post itself names one."""
        return day_of(self.said["until"]) if "until" in self.said else None

    def items(self, key: str) -> list[Item]:
        """Return the changes or absences, in the order of their days."""
        return cast("list[Item]", self.said.get(key, []))

    def facts(self, day: date) -> Facts:
        """Return what holds on a day; before the first one, what holds then."""
        sources = dict.fromkeys(("name", "title", "unit", "since"), self.said)
        for change in self.items("changes"):
            if day_of(change["since"]) > day:
                break
            sources.update({key: change for key in ("name", "title", "unit", "since") if key in change})
        unit = sources["unit"].get("unit")
        return Facts(
            name=str(sources["name"]["name"]),
            title=str(sources["title"]["title"]),
            unit=str(unit) if unit is not None else None,
            since=day_of(sources["since"]["since"]),
            decision=str(sources["since"]["decision"]),
            sources=sources,
        )

    def put(self, key: str, value: Plain) -> None:
        """Set a key, in its usual place among the others."""
        if key in self.said:
            self.said[key] = value
            return
        rank = _ORDER.index(key)
        items = list(self.said.items())
        place = 1 + max(place for place, (other, _) in enumerate(items) if _ORDER.index(other) < rank)
        self.said.clear()
        self.said.update([*items[:place], (key, value), *items[place:]])

    def add(self, key: str, item: Item) -> None:
        """Add a change or an absence where its day belongs."""
        self.put(key, cast("Plain", sorted([*self.items(key), item], key=lambda other: str(other["since"]))))


def day_of(value: Plain) -> date:
    """Read a day as the registry has it."""
    return date.fromisoformat(str(value))


@dataclass(slots=True)
class Staff:
    """Everybody in every agency's file. What it was read from must have passed the registry's own checks."""

    root: Path
    registry: Registry
    texts: dict[str, str] = field(default_factory=dict)  # by agency
    people: dict[str, list[Item]] = field(default_factory=dict)  # by agency
    posts: dict[str, list[Post]] = field(default_factory=dict)  # by person
    _bearers: dict[tuple[str, ...], list[str]] = field(default_factory=dict)  # people by name in ASCII

    @classmethod
    def read(cls, root: Path, registry: Registry) -> Staff:
        """Read the agencies' files."""
        staff = cls(root, registry)
        for code in registry.agencies:
            staff.texts[code] = (root / "agencies" / f"{code}.yml").read_bytes().decode()
        return staff.anew()

    def anew(self) -> Staff:
        """Return the same staff without any change."""
        staff = Staff(self.root, self.registry, self.texts)
        for code, text in self.texts.items():
            staff.people[code] = cast("list[Item]", cast("Item", plain(text))["people"])
            for said in staff.people[code]:
                post = Post(code, said)
                staff.posts.setdefault(post.person, []).append(post)
        for person in staff.posts:
            staff.know(person)
        return staff

    def add(self, agency: str, said: Item) -> Post:
        """Add a post at the end of an agency's file."""
        post = Post(agency, said)
        self.people[agency].append(said)
        self.posts.setdefault(post.person, []).append(post)
        self.know(post.person)
        return post

    def know(self, person: str) -> None:
        """Let somebody be found by every name that the draft now has."""
        for name in self.names(person):
            bearers = self._bearers.setdefault(words(name), [])
            if person not in bearers:
                bearers.append(person)

    def edited(self, agencies: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return what files of these agencies said and now say, where that differs, by path below the registry."""
        found = {}
        for code in sorted(agencies):
            before = self.texts[code]
            after = rewrite(before, {"people": cast("Plain", self.people[code])})
            if after != before:
                found[f"agencies/{code}.yml"] = (before, after)
        return found

    # Who

    def mains(self, person: str) -> list[tuple[Post, date | None]]:
        """Return somebody's main posts in order, each with the first day on which it no longer holds."""
        posts = sorted((post for post in self.posts.get(person, ()) if post.tie is Tie.MAIN), key=lambda p: p.since)
        following = [*(post.since for post in posts[1:]), None]
        return [(post, post.until or after) for post, after in zip(posts, following, strict=True)]

    def main(self, person: str, day: date) -> Post | None:
        """Return the main post that somebody holds on a day."""
        held = (post for post, until in self.mains(person) if post.since <= day and (until is None or day < until))
        return next(held, None)

    def seconds(self, person: str, day: date) -> list[Post]:
        """Return the secondments and concurrent posts that somebody holds on a day."""
        return [
            post
            for post in self.posts.get(person, ())
            if post.tie is not Tie.MAIN and post.since <= day and (post.until is None or day < post.until)
        ]

    def place(self, post: Post, day: date) -> str:
        """Return the agency in which a post is on a day: where its own has ended, the one that took over."""
        code, passed = post.agency, set[str]()
        while (agency := self.registry.agencies[code]).until and agency.until <= day and agency.successor:
            if code in passed:
                break
            passed.add(code)
            code = agency.successor
        return code

    def names(self, person: str) -> set[str]:
        """Return every name that somebody goes or went by."""
        said = chain.from_iterable((post.said, *post.items("changes")) for post in self.posts.get(person, ()))
        return {str(item["name"]) for item in said if "name" in item}

    def namesakes(self, name: str) -> list[str]:
        """Return everybody who goes or went by a name, whatever its accents."""
        return self._bearers.get(words(name), [])

    def held(self, day: date) -> Iterator[tuple[str, Post]]:
        """Yield the posts that are held on a day, main ones first, each person's together."""
        for person in sorted(self.posts):
            main = self.main(person, day)
            for post in ([main] if main else []) + self.seconds(person, day):
                yield person, post
