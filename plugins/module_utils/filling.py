"""A model regulation filled in with what the registry says of one agency on one day.

What the registry does not say is a fault that names the file and the line to mend, never a gap in a document that
somebody signs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .letterhead import (
    Annex,
    Article,
    Authority,
    Chapter,
    Closing,
    Document,
    Ground,
    Letterhead,
    Paragraph,
    Table,
    Title,
)
from .lock import primary
from .messages import Fault, spoken
from .model import Origin, RegistryError, Role
from .names import own_place
from .regulation import BLANK
from .typography import GAP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from .letterhead import Block
    from .model import Agency, Mailbox, Post, Problem, Registry, Unit
    from .regulation import Line, Model

_HEADER = ("TT", "Cơ quan, đơn vị", "Hộp thư điện tử")
_WIDTHS = (1, 7, 6)
_TITLE = ("kind", "subject", "attached")  # lines that are one title together

_BLOCKS: Mapping[str, Callable[..., Block]] = {
    "chapter": Chapter,
    "titled": lambda number, title: Article(number, title=title),
    "running": lambda number, text: Article(number, text=text),
    "authority": lambda text: Authority(text.upper()),
    "ground": Ground,
    "paragraph": Paragraph,
}


def fill(model: Model, registry: Registry, code: str, day: date) -> Document:
    """Return an agency's own decision and regulation, with what the registry says on this day.

    Raises RegistryError with everything that would stay open.
    """
    filling = _Filling(model, registry, registry.agencies[code], day, Origin(model.file, 1))
    document = filling.document()
    if filling.problems:
        raise RegistryError(tuple(filling.problems))
    return document


class _OpenError(Exception):
    """A blank stays open; why is among the problems."""


@dataclass(slots=True)
class _Filling:
    """One agency's document in the making."""

    model: Model
    registry: Registry
    agency: Agency
    day: date
    place: Origin  # the line of the model that is being filled in
    problems: list[Problem] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # blanks that are being filled, each for the one before it

    # The document

    def document(self) -> Document:
        model = self.model
        decision = list(self._blocks(model.decision))
        blocks = [*decision, Annex(self._letterhead()), *self._blocks(model.text)]
        for annex in model.annexes:
            blocks += (Annex(), *self._blocks(annex))
        title = next((block.subject for block in decision if isinstance(block, Title)), "")
        return Document(title, self._letterhead(numbered=True), tuple(blocks))

    def _letterhead(self, *, numbered: bool = False) -> Letterhead:
        issuer, superior = self.value("issuer"), self.value("superior")
        if not numbered:
            return Letterhead(issuer, superior)
        return Letterhead(issuer, superior, f"{GAP}/QĐ-{self.value('symbol')}", place=self.value("town"))

    def _blocks(self, lines: tuple[Line, ...]) -> Iterator[Block]:
        title: dict[str, str] = {}
        for line in lines:
            self.place = line.origin
            texts = [self.filled(text) for text in line.texts]
            if line.look in _TITLE:
                title[line.look] = texts[0]
                continue
            if title:
                yield Title(title.pop("kind", ""), **title)
                title = {}
            yield self._block(line.look, texts)

    def _block(self, look: str, texts: list[str]) -> Block:
        if look == "recipients":
            return Closing(tuple(texts[0].split("; ")), *self._signature())
        return self._mailboxes() if look == "mailboxes" else _BLOCKS[look](*texts)

    def _signature(self) -> tuple[tuple[str, ...], str]:
        """Return in which capacity the head signs, by Nghị định 30/2020/NĐ-CP, Điều 13, and the head's name."""
        try:
            post, word = self.leader()
        except _OpenError:
            return (), ""
        title = post.title.lower()
        lines = [self.value("behalf"), word]
        if title.startswith("phó "):
            lines[1:] = f"KT. {word}", f"Phó {word}"
        elif title.startswith("quyền "):
            lines[1:] = (f"Q. {word}",)
        return tuple(line.upper() for line in lines if line), post.name

    def _mailboxes(self) -> Table:
        rows = [
            (str(number), name, address)
            for number, (name, address) in enumerate(((self.name, self.address()), *self._further()), 1)
        ]
        return Table(_HEADER, tuple(rows), _WIDTHS, ("centre", "left", "left"))

    def _further(self) -> Iterator[tuple[str, str]]:
        """Yield the mailboxes besides the agency's own: each unit's (CM Điều 4.2), and those of several people."""
        boxes = [box for box in self.agency.mailboxes.values() if not box.folder and box.covers(self.day)]
        of_units = {box.unit: box for box in boxes if box.unit}
        for unit in self.agency.units.values():
            if not unit.covers(self.day):
                continue
            if unit.code in of_units:
                yield unit.on(self.day).name, self.address_of(of_units[unit.code])
            else:
                self.note(Fault.NO_UNIT_MAILBOX, unit.origin, unit=unit.on(self.day).name)
        for box in boxes:
            if not box.unit and box.uid != self.agency.code:
                yield box.on(self.day).name, self.address_of(box)

    # Blanks

    def filled(self, text: str) -> str:
        """Return a text without blanks. One that stays open is among the problems, and empty here."""
        return BLANK.sub(lambda found: self.value(found[1]), text)

    def value(self, blank: str) -> str:
        """Return what fills a blank."""
        if blank in self.asked:
            self.note(Fault.BLANK_IN_CIRCLES, self.place, blank=blank)
            return ""
        self.asked.append(blank)
        try:
            if blank in FILLED:
                return FILLED[blank](self)
            rule = next(rule for rule in self.model.blanks[blank] if rule.fits(self.agency, self.day))
            return self.filled(rule.text)
        except _OpenError:
            return ""
        finally:
            self.asked.pop()

    def note(self, fault: Fault, origin: Origin, **facts: object) -> None:
        place = f"{self.place.file}:{self.place.line}"
        problem = fault.at(origin, model=self.model.file, place=place, day=self.day, **facts)
        if all((known.origin, known.remedy) != (origin, problem.remedy) for known in self.problems):
            self.problems.append(problem)

    def open(self, fault: Fault, origin: Origin, **facts: object) -> _OpenError:
        self.note(fault, origin, **facts)
        return _OpenError()

    @property
    def name(self) -> str:
        return self.agency.on(self.day).name

    def spelt_out(self) -> str:
        return " ".join(self.model.spelt_out.get(word, word) for word in self.name.split())

    def sort(self) -> tuple[str, str]:
        for words, within in self.model.sorts.items():
            if f"{self.name} ".startswith(f"{words} "):
                return words, within
        raise self.open(Fault.NO_SORT, self.agency.on(self.day).origin, name=self.name)

    def parent(self) -> str:
        version = self.agency.on(self.day)
        if version.parent is None:
            raise self.open(Fault.NO_PARENT, version.origin)
        return self.registry.agencies[version.parent].on(self.day).name

    def address(self) -> str:
        return self.address_of(self.agency.mailboxes[self.agency.code])

    def address_of(self, box: Mailbox) -> str:
        holder = f"mailbox:{box.uid}"
        address = primary(self.registry.addresses.get(holder, ()), self.day)
        if address is None:
            self.note(Fault.NO_ADDRESS, box.origin, holder=spoken(holder))
        return address or ""

    def leader(self) -> tuple[Post, str]:
        """Return the head's post on the day, and what such a head is called, also when another stands in."""
        box = self.agency.mailboxes[self.agency.code]
        grant = next((grant for grant in box.roles.get(Role.HEAD, ()) if grant.covers(self.day)), None)
        post = self.post(grant.person) if grant else None
        if grant is None or post is None:
            raise self.open(Fault.NO_HEAD_THEN, grant.origin if grant else box.origin, code=self.agency.code)
        for word in self.model.heads:
            if re.search(rf"\b{re.escape(word)}\b", post.title, re.IGNORECASE):
                return post, word
        raise self.open(Fault.NO_HEAD_TITLE, post.origin, title=post.title)

    def post(self, person: str) -> Post | None:
        posts = (*self.registry.persons.get(person, ()), *self.registry.seconds.get(person, ()))
        return next((post for post in posts if post.agency == self.agency.code and post.covers(self.day)), None)

    def head(self) -> str:
        return self.leader()[1]

    def office(self) -> Unit:
        """Return the unit that does the office's work: by its name, or else that of the agency's clerk."""
        units = [unit for unit in self.agency.units.values() if unit.covers(self.day)]
        for words in self.model.offices:
            for unit in units:
                if self.begins(unit, words):
                    return unit
        box = self.agency.mailboxes[self.agency.code]
        posts = (self.post(grant.person) for grant in box.roles.get(Role.CLERK, ()) if grant.covers(self.day))
        code = next((post.unit for post in posts if post and post.unit), None)
        if code is None:
            raise self.open(Fault.NO_OFFICE, self.agency.origin)
        return self.agency.units[code]

    def begins(self, unit: Unit, words: str) -> bool:
        return f"{unit.on(self.day).name} ".startswith(f"{words} ")

    def office_name(self) -> str:
        return self.office().on(self.day).name

    def office_head(self) -> str:
        unit = self.office()
        title = next((title for words, title in self.model.office_heads.items() if self.begins(unit, words)), None)
        if title is None:
            raise self.open(Fault.NO_OFFICE_HEAD, unit.origin, unit=unit.on(self.day).name)
        return self.filled(title)


def joined(first: str, second: str) -> str:
    """Return two names as one: Trưởng ban, Ban Dân tộc gives Trưởng Ban Dân tộc."""
    left, right = first.split(), second.split()
    for shared in range(min(len(left), len(right)), 0, -1):
        if [word.lower() for word in left[-shared:]] == [word.lower() for word in right[:shared]]:
            return " ".join((*left[:-shared], *right))
    return f"{first} {second}"


# What the registry says, by the name of its blank.
FILLED: Mapping[str, Callable[[_Filling], str]] = {
    "agency": lambda it: it.name,
    "issuer": _Filling.spelt_out,
    "code": lambda it: it.agency.code.upper(),
    "place": lambda it: own_place(it.name),
    "parent": _Filling.parent,
    "sort": lambda it: it.sort()[0],
    "sort_inline": lambda it: it.sort()[1],
    "address": _Filling.address,
    "head": _Filling.head,
    "head_of_agency": lambda it: joined(it.head(), it.name),
    "office": _Filling.office_name,
    "office_of_agency": lambda it: joined(it.office_name(), it.name),
    "office_head": _Filling.office_head,
    "office_head_of_agency": lambda it: joined(it.office_head(), it.name),
    "gap": lambda _: GAP,
}
