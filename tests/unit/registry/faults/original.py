"""A sound registry as what its files say, each word with the lines on which it stands.

It is read with PyYAML's own nodes and without the engine, whose places are what is tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

from ..estates import INVENTORIES

if TYPE_CHECKING:
    from collections.abc import Iterator


class Place(NamedTuple):
    """A line of a sound file (from 0), or one that was put ``down`` below it; -1 is a whole file."""

    file: str
    line: int
    down: int = 0

    def under(self, lines: int) -> Place:
        """Return the place some lines further down."""
        return self._replace(down=self.down + lines)


@dataclass(frozen=True, eq=False, slots=True)
class Said:
    """One value of a file, or a whole file: where it stands, and what it holds."""

    file: str
    key: str  # empty in lists and for whole files
    line: int  # of its key or its dash, from 0
    column: int  # of its key
    value_line: int
    value_column: int
    last: int  # the last line of the value
    text: str | None  # a scalar's
    fields: dict[str, Said]  # a mapping's
    items: tuple[Said, ...]  # a list's
    flow: bool  # written on one line, in brackets
    inline: bool  # in such a one

    @property
    def place(self) -> Place:
        """Return the line on which it begins."""
        return Place(self.file, self.line)

    def __contains__(self, key: str) -> bool:
        """Say whether there is a key."""
        return key in self.fields

    def __getitem__(self, key: str) -> Said:
        """Return what stands at a key."""
        return self.fields[key]

    def at(self, key: str) -> str:
        """Return the text at a key, or nothing."""
        found = self.fields.get(key)
        return (found.text if found else None) or ""

    def find(self, *path: str) -> Iterator[Said]:
        """Yield what stands below at a path of keys; `*` is each of a mapping or a list."""
        if not path:
            yield self
            return
        step, *rest = path
        below = (*self.fields.values(), *self.items) if step == "*" else (self.fields.get(step),)
        for said in below:
            if said is not None:
                yield from said.find(*rest)


@dataclass(frozen=True, eq=False, slots=True)
class Post:
    """Somebody's post in an agency's file."""

    agency: str
    person: str
    said: Said

    @property
    def main(self) -> bool:
        """Say whether the person belongs to the agency by it."""
        return "kind" not in self.said


@dataclass(frozen=True, eq=False, slots=True)
class Grant:
    """Somebody's role in a shared mailbox or a folder; ``who`` is where the person's id stands."""

    agency: str
    mailbox: str
    role: str
    person: str
    said: Said
    who: Said
    folder: bool


@dataclass(frozen=True, eq=False, slots=True)
class Claim:
    """A line of the lock."""

    domain: str
    local: str
    holder: str
    words: tuple[str, ...]  # what follows the holder
    said: Said

    @property
    def address(self) -> str:
        """Return the address."""
        return f"{self.local}@{self.domain}"

    @property
    def plain(self) -> bool:
        """Say whether it is a primary address from the beginning on."""
        return not self.words


class Original:
    """One estate's registry, sound as it is in its inventory."""

    def __init__(self, estate: str) -> None:
        """Read all its files."""
        self.estate = estate
        self.root = INVENTORIES / estate / "registry"
        paths = sorted(path for path in self.root.rglob("*.yml"))
        self.lines = {str(path.relative_to(self.root)): path.read_text("utf-8").splitlines() for path in paths}
        self.files = {file: _read(file, "\n".join(lines) + "\n") for file, lines in self.lines.items()}
        self.agencies = {said.at("code"): said for file, said in self.files.items() if file.startswith("agencies/")}
        self.posts = tuple(
            Post(code, said.at("id"), said)
            for code, agency in self.agencies.items()
            for said in agency.find("people", "*")
        )
        self.grants = tuple(grant for code, agency in self.agencies.items() for grant in _grants(code, agency))
        self.claims = tuple(
            Claim(Path(file).stem, local, said.text.split(" ")[0], tuple(said.text.split(" ")[1:]), said)
            for file, lock in self.files.items()
            if file.startswith("addresses/")
            for local, said in lock.fields.items()
            if said.text
        )

    @property
    def domain(self) -> str:
        """Return the estate's first domain."""
        return next(self.files["estate.yml"].find("domains", "*")).text or ""

    @cached_property
    def represented(self) -> frozenset[str]:
        """Return the people for whom a deputy stands in: what is wrong with their roles is wrong with the deputy's."""
        return frozenset(post.person for post in self.posts for _ in post.said.find("absences", "*", "deputy"))

    @property
    def lasting(self) -> list[Said]:
        """Return the agencies that always were and will be."""
        return [agency for agency in self.agencies.values() if not {"since", "until"} & agency.fields.keys()]

    def find(self, *path: str) -> Iterator[Said]:
        """Yield what stands at a path in each agency's file."""
        for agency in self.agencies.values():
            yield from agency.find(*path)

    def posts_of(self, person: str) -> list[Post]:
        """Return all posts of a person."""
        return [post for post in self.posts if post.person == person]

    def grants_of(self, person: str) -> list[Grant]:
        """Return all roles of a person."""
        return [grant for grant in self.grants if grant.person == person]

    def claims_of(self, holder: str) -> list[Claim]:
        """Return all lines of the lock that a holder has."""
        return [claim for claim in self.claims if claim.holder == holder]


@cache
def original(estate: str) -> Original:
    """Return an estate's registry, read once."""
    return Original(estate)


def _read(file: str, text: str) -> Said:
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert node
    return _said(file, "", None, node)


def _said(file: str, key: str, key_node: yaml.Node | None, node: yaml.Node, *, inline: bool = False) -> Said:
    begin = key_node or node
    flow = bool(getattr(node, "flow_style", False))
    fields: dict[str, Said] = {}
    items: tuple[Said, ...] = ()
    if isinstance(node, yaml.MappingNode):
        fields = {name.value: _said(file, name.value, name, value, inline=flow) for name, value in node.value}
    elif isinstance(node, yaml.SequenceNode):
        items = tuple(_said(file, "", None, item, inline=flow) for item in node.value)
    below = (*fields.values(), *items)
    return Said(
        file=file,
        key=key,
        line=begin.start_mark.line,
        column=begin.start_mark.column,
        value_line=node.start_mark.line,
        value_column=node.start_mark.column,
        last=max((said.last for said in below), default=_last(node)),
        text=node.value if isinstance(node, yaml.ScalarNode) else None,
        fields=fields,
        items=items,
        flow=flow,
        inline=inline,
    )


def _last(node: yaml.Node) -> int:
    """Return the last line of a scalar; a folded one ends where the next thing begins."""
    end = node.end_mark
    folded = getattr(node, "style", None) in {">", "|"}
    return int(end.line) - 1 if folded and end.column == 0 else int(end.line)


def _grants(code: str, agency: Said) -> Iterator[Grant]:
    boxes = [(code, agency, False)]
    boxes += [(f"{code}-{unit.key}", box, False) for unit in agency.find("units", "*") for box in unit.find("mailbox")]
    boxes += [(box.key, box, False) for box in agency.find("mailboxes", "*")]
    boxes += [(f"{code}-{box.key}", box, True) for box in agency.find("folders", "*")]
    for uid, box, folder in boxes:
        for role in ("head", "deputies", "clerks", "managers", "writers", "readers"):
            for said in box.find(role):
                for entry in said.items or (said,):
                    who = entry.fields.get("person", entry)
                    if who.text:
                        yield Grant(code, uid, role, who.text, entry, who, folder)
