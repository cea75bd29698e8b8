"""Whom and which agency a row means: by staff number, by code, or by a name that only one bears."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from .form import Change, Column, key
from .names import words
from .refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .form import Form
    from .model import Registry
    from .rows import Row
    from .staff import Post, Staff

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")
_SHOWN = 5  # people in one sentence

# Changes in which `Cơ quan` is where somebody goes, not where the person is.
_ELSEWHERE = frozenset({Change.TRANSFER, Change.SECONDMENT, Change.CONCURRENT, Change.POST_END})


def shown(day: date) -> str:
    """Return a day as Vietnamese write it."""
    return f"{day:%d/%m/%Y}"


def meant(near: Iterable[str]) -> str:
    """Return the question whether one of these was meant, if there is any."""
    found = " hay ".join(near)
    return f"Có phải {found}? " if found else ""


def refuse_unknown(registry: Registry, codes: Iterable[str]) -> None:
    """Raise ValueError if a caller names an agency that there is not."""
    for code in codes:
        if code not in registry.agencies:
            hint = meant(get_close_matches(code, registry.agencies, n=1))
            message = f"agency: không có cơ quan '{code}' trong sổ. {hint}".rstrip()
            raise ValueError(message)


@dataclass(slots=True)
class Resolver:
    """Finds people, agencies and units in the draft; what it does not find for certain, it refuses."""

    staff: Staff
    form: Form
    as_of: date
    default: str = ""  # the agency whose sheet this is, where the sheet does not say
    _agencies: dict[str, set[str]] = field(default_factory=dict)  # spelling → codes

    def __post_init__(self) -> None:
        """Learn the agencies' names: their own of all times, and the office's."""
        for code, agency in self.registry.agencies.items():
            self._agencies.setdefault(key(code), set()).add(code)
            for version in agency.versions:
                self._agencies.setdefault(key(version.name), set()).add(code)
        for word, code in self.form.agencies.items():
            if code in self.registry.agencies:
                self._agencies[word] = {code}

    @property
    def registry(self) -> Registry:
        """The registry as it was before any row."""
        return self.staff.registry

    # How things are called

    def called(self, agency: str) -> str:
        """Return an agency's name and code."""
        return f"{self.registry.agencies[agency].on(self.as_of).name} ({agency})"

    def who(self, person: str) -> str:
        """Return somebody's name and staff number."""
        return f"{self.staff.posts[person][-1].facts(date.max).name} ({person})"

    # People

    def given_id(self, row: Row) -> str:
        """Return the staff number that a row gives, empty if none; Excel drops the zeros, people the letters."""
        given = row.text(Column.ID).lower()
        prefix = self.form.new_ids.rstrip("#")
        if given.isdigit() and prefix:
            given = prefix + given.zfill(len(self.form.new_ids) - len(prefix))
        if given and not _ID.fullmatch(given):
            raise Refusal.NOT_AN_ID.row(text=given)
        return given

    def person(self, row: Row, *, renamed: bool = False) -> str:
        """Return the id of the person that a row means; with ``renamed`` the name need not be a known one."""
        name = row.name()
        if given := self.given_id(row):
            if given not in self.staff.posts:
                near = get_close_matches(given, self.staff.posts, n=1, cutoff=0.85)
                raise Refusal.UNKNOWN_ID.row(text=given, hint=meant(near))
            names = self.staff.names(given)
            if name and not renamed and not any(words(name) == words(known) for known in names):
                raise Refusal.OTHER_PERSON.row(id=given, whose=", ".join(sorted(names)), name=name)
            return given
        if not name:
            raise Refusal.NOBODY_NAMED.row()
        return self._named(name, self._former(row))

    def _former(self, row: Row) -> str:
        """Return the agency in which a person is to be looked for; empty if the row does not say."""
        if row.has(Column.FROM_AGENCY):
            return self.agency(row, Column.FROM_AGENCY)
        change = self.form.changes.get(key(row.text(Column.CHANGE)))
        return "" if change in _ELSEWHERE else self.agency(row, needed=False)

    def _named(self, name: str, agency: str) -> str:
        alike = self.namesakes(name, agency)
        exact = [person for person in alike if name in self.staff.names(person)]
        found = exact or alike
        where = f" ở {self.called(agency)}" if agency else ""
        if not found:
            known = {known for person in self._people(agency) for known in self.staff.names(person)}
            near = get_close_matches(name, sorted(known), n=2, cutoff=0.8)
            raise Refusal.UNKNOWN_NAME.row(name=name, where=where, hint=meant(near))
        if len(found) > 1:
            who = ", ".join(map(self._seat, sorted(found)[:_SHOWN]))
            raise Refusal.NAMESAKES.row(count=len(found), name=name, where=where, who=who)
        return found[0]

    def namesakes(self, name: str, agency: str = "") -> list[str]:
        """Return everybody of this name, whatever its accents, in one agency or in all."""
        return [person for person in self.staff.namesakes(name) if not agency or self._belongs(person, agency)]

    def seats(self, people: Iterable[str]) -> str:
        """Return a few people's ids, each with the agency of the latest post."""
        return ", ".join(map(self._seat, sorted(people)[:_SHOWN]))

    def _seat(self, person: str) -> str:
        return f"{person} ({self.staff.posts[person][-1].agency})"

    def _people(self, agency: str) -> list[str]:
        return [person for person in self.staff.posts if not agency or self._belongs(person, agency)]

    def _belongs(self, person: str, agency: str) -> bool:
        """Say whether somebody has or had a post in an agency."""
        posts = self.staff.posts[person]
        return any(agency in (post.agency, self.staff.place(post, self.as_of)) for post in posts)

    def main(self, person: str, day: date) -> Post:
        """Return the main post that somebody holds on a day."""
        post = self.staff.main(person, day)
        if post is None:
            raise Refusal.NO_POST.row(person=self.who(person), day=shown(day))
        return post

    # Agencies and units

    def agency(self, row: Row, column: Column = Column.AGENCY, *, needed: bool = True) -> str:
        """Return an agency's code; where the row is silent, the sheet's name or the caller's word tells it.

        Empty if nothing does and it is not ``needed``.
        """
        text = row.text(column)
        if not text and column is Column.AGENCY:
            found = self._agencies.get(key(row.sheet), set())
            if len(found) == 1:
                return next(iter(found))
            if self.default:
                return self.default
        if not text:
            if needed:
                row.need(column)
            return ""
        return self.agency_named(text, row.day(Column.SINCE) or self.as_of)

    def agency_named(self, text: str, day: date) -> str:
        """Return the code of the agency that is called so on a day, by code or by name."""
        found = self._agencies.get(key(text), set())
        alive = {code for code in found if self.registry.agencies[code].covers(day)}
        if not found:
            near = get_close_matches(key(text), self._agencies, n=1)
            hint = meant(self.called(min(self._agencies[word])) for word in near)
            raise Refusal.UNKNOWN_AGENCY.row(text=text, hint=hint)
        if not alive:
            raise Refusal.NO_AGENCY_THEN.row(text=text, day=shown(day))
        if len(alive) > 1:
            raise Refusal.TWO_AGENCIES.row(count=len(alive), text=text, codes=", ".join(sorted(alive)))
        return next(iter(alive))

    def unit(self, row: Row, agency: str, day: date) -> str | None:
        """Return a unit's code within an agency, None if the row names none or says that there is none."""
        text = row.text(Column.UNIT)
        if not text or row.is_none(Column.UNIT):
            return None
        units = {code: unit for code, unit in self.registry.agencies[agency].units.items() if unit.covers(day)}
        spellings = {key(version.name): code for code, unit in units.items() for version in unit.versions}
        own = ((word, code) for (whose, word), code in self.form.units.items() if whose == agency)
        spellings |= {word: code for word, code in own if code in units}
        spellings |= {key(code): code for code in units}
        if found := spellings.get(key(text)):
            return found
        near = [spellings[word] for word in get_close_matches(key(text), spellings, n=1)]
        known = ", ".join(f"{unit.on(day).name} ({code})" for code, unit in units.items()) or "không có"
        raise Refusal.UNKNOWN_UNIT.row(agency=self.called(agency), text=text, hint=meant(near), known=known)
