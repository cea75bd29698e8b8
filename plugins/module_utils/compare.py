"""A whole staff list held against the registry: what differs, and whether a decision carries it.

A row of an exported workbook is held against itself as it was exported: only what the clerk changed counts, and what
the registry changed meanwhile is never undone. On a new decision from a later day, a difference is a new fact; on the
decision that the registry cites already, it is a correction of what was recorded under it. Who is missing from a list
is only told: nobody leaves without a decision (TTH Điều 7.c).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from .form import Column, key
from .model import Tie
from .record import Taken
from .refusals import Refusal, RowRefusedError
from .resolve import shown
from .roster import COLUMNS, POSTS, cells_of
from .rows import cited

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .record import Recorder
    from .resolve import Resolver
    from .rows import Row
    from .spreadsheet import Cell
    from .staff import Post, Staff

    Cells = Mapping[Column, Cell]

_FACTS = frozenset({Column.NAME, Column.TITLE, Column.UNIT})
_PLACE = frozenset({Column.AGENCY})
_CITED = frozenset({Column.DECISION, Column.DECISION_DAY})


@dataclass(slots=True)
class Comparer:
    """Takes the rows of a list."""

    recorder: Recorder

    @property
    def find(self) -> Resolver:
        """Whom and what a row means."""
        return self.recorder.find

    @property
    def staff(self) -> Staff:
        """The draft."""
        return self.recorder.staff

    @property
    def as_of(self) -> date:
        """The day for which the list is."""
        return self.find.as_of

    def take(self, row: Row, stand_in: str) -> Taken:
        """Record what differs. Raises RowRefusedError where it cannot be right."""
        taken = Taken()
        if row.base is not None and row.base == row.cells:
            return taken  # as it was exported
        person = self.listed(row)
        if person is None:
            self.recorder.join(row, stand_in, taken)
            return taken
        post = self._post(row, person)
        if post is None:
            self.recorder.rejoin(row, person, taken)
            return taken
        current = cells_of(self.find.registry, self.staff.place(post, self.as_of), post, self.as_of)
        said = self._canonical(row)
        if row.base is None:
            base: Cells = current
            changed = {column for column in said if said[column] != current.get(column)} & (_FACTS | _PLACE)
        else:
            base = self._canonical(replace(row, cells=row.base, base=None))
            changed = {column for column in COLUMNS if said.get(column) != base.get(column)} & current.keys()
            self._agree(person, changed, said, base, current)
            changed = {column for column in changed if said.get(column) != current[column]}
        if changed:
            self._differ(row, post, changed, said, base, taken)
        return taken

    def listed(self, row: Row) -> str | None:
        """Return the person whom a row of a list means, None for a newcomer."""
        if given := self.find.given_id(row):
            return self.find.person(row, renamed=row.base is not None) if given in self.staff.posts else None
        name = row.name()
        known = [p for p in self.find.namesakes(name, self.find.agency(row)) if name in self.staff.names(p)]
        if len(known) > 1:
            raise Refusal.NAMESAKES.row(count=len(known), name=name, where="", who=self.find.seats(known))
        return known[0] if known else None

    def _post(self, row: Row, person: str) -> Post | None:
        kind = row.text(Column.POST)
        if not kind:
            return self.staff.main(person, self.as_of)
        agency = self.find.agency(row)
        for post in self.staff.seconds(person, self.as_of):
            if post.agency == agency and key(POSTS[post.tie]) == key(kind):
                return post
        facts = {"person": self.find.who(person), "kind": kind.lower(), "agency": self.find.called(agency)}
        raise Refusal.NO_SECOND_POST.row(**facts)

    def _canonical(self, row: Row) -> dict[Column, Cell]:
        """Return the fields of a row as ``roster`` writes them."""
        found: dict[Column, Cell] = {}
        for column in COLUMNS:
            if row.has(column) and column not in (Column.CHANGE, Column.NAME, Column.UNIT, *_CITED):
                found[column] = row.text(column)
        for column in (Column.SINCE, Column.LAST_DAY):
            if row.has(column):
                found[column] = row.day(column)
        if row.has(Column.ID):
            found[Column.ID] = self.find.given_id(row)
        if row.has(Column.AGENCY):
            found[Column.AGENCY] = self.find.agency_named(row.text(Column.AGENCY), self.as_of)
        if name := row.name():
            found[Column.NAME] = name
        if row.has(Column.UNIT) and not row.is_none(Column.UNIT):
            found[Column.UNIT] = self.find.unit(row, self.find.agency(row), self.as_of)
        if row.has(Column.DECISION):
            decision = cited(row.text(Column.DECISION))
            found[Column.DECISION] = decision.number
            found[Column.DECISION_DAY] = row.day(Column.DECISION_DAY) or decision.day
        return found

    def _agree(self, person: str, changed: set[Column], said: Cells, base: Cells, current: Cells) -> None:
        """See that what the clerk changed is not what the registry itself changed since the export."""
        for column in _in_order(changed):
            if current[column] not in (base.get(column), said.get(column)):
                facts = {"column": column.title, "person": self.find.who(person), "text": _text(current[column])}
                raise Refusal.CHANGED_SINCE.row(**facts)

    def _differ(  # noqa: PLR0913, PLR0917 -- both sides, and what differs
        self, row: Row, post: Post, changed: set[Column], said: Cells, base: Cells, taken: Taken
    ) -> None:
        """Record a new fact on a new decision, or correct what was recorded on the old one."""
        facts = post.facts(self.as_of)
        since = said.get(Column.SINCE)
        later = isinstance(since, date) and since > facts.since
        on_new = row.has(Column.DECISION) and not row.decision(day_needed=False).is_same(cited(facts.decision))
        if changed & (_FACTS | _PLACE) and on_new and later:
            self._renew(row, post.person, changed, taken)
            return
        if on_new and later and row.base is not None:  # taken for a correction, it would move the beginning
            raise Refusal.NOTHING_CHANGES.row(day=_text(since))
        if cleared := [column.title for column in _in_order(changed) if said.get(column) is None]:
            raise Refusal.CLEARED.row(column=cleared[0])
        if changed & _PLACE or (row.base is None and (on_new or not row.has(Column.DECISION))):
            told = (f"{c.title} '{_text(said.get(c))}', sổ ghi '{_text(base.get(c))}'" for c in _in_order(changed))
            raise Refusal.DIFFERS.row(differs="; ".join(told))
        self._correct(row, post, changed, said, taken)

    def _renew(self, row: Row, person: str, changed: set[Column], taken: Taken) -> None:
        if changed & _PLACE:
            self.recorder.transfer(row, taken)
            return
        if changed & {Column.TITLE, Column.UNIT}:
            self.recorder.appoint(row, person, taken)
        if Column.NAME in changed:
            self.recorder.rename(row, person, row.name(), taken)

    def _correct(self, row: Row, post: Post, changed: set[Column], said: Cells, taken: Taken) -> None:
        """Correct what the registry says, in the item that says it."""
        facts = post.facts(self.as_of)
        corrected = {
            "decision": str(row.decision(day_needed=False)) if changed & _CITED else None,
            "since": row.since().isoformat() if Column.SINCE in changed else None,
        }
        if Column.LAST_DAY in changed:
            until = row.until()
            if post.until is None and post.tie is Tie.MAIN:
                raise Refusal.WHY_ENDING.row()
            if until is None or until <= post.since:
                raise Refusal.BACKWARDS.row()
            post.put("until", until.isoformat())
        facts.sources["since"].update({name: value for name, value in corrected.items() if value is not None})
        if Column.TITLE in changed:
            facts.sources["title"]["title"] = row.need(Column.TITLE)
        if Column.UNIT in changed and facts.sources["unit"] is post.said:
            post.put("unit", str(said[Column.UNIT]))
        elif Column.UNIT in changed:
            facts.sources["unit"]["unit"] = str(said[Column.UNIT])
        if Column.NAME in changed:
            self._respell(post.person, facts.name, row.name(), taken)
        taken.change(post)
        what = ", ".join(f"{column.title} thành '{_text(said[column])}'" for column in _in_order(changed))
        taken.said.append(f"Sửa {self.find.who(post.person)}: {what}")

    def _respell(self, person: str, former: str, name: str, taken: Taken) -> None:
        for post in self.staff.posts[person]:
            for item in (post.said, *post.items("changes")):
                if item.get("name") == former:
                    item["name"] = name
                    taken.change(post)
        self.staff.know(person)

    def missing(self, rows: Iterable[Row]) -> list[str]:
        """Name those who are in the registry, but not in the list of their agency."""
        listed: set[str | None] = set()
        covered: set[str] = set()
        for row in rows:
            try:
                covered.add(self.find.agency(row))
                listed.add(self.listed(row))
            except RowRefusedError:
                listed.add(str(row.cells.get(Column.ID, "")).lower())
        return [
            f"{post.facts(self.as_of).name} ({person}), {self.find.called(place)}"
            for person, post in self.staff.held(self.as_of)
            if post.tie is Tie.MAIN
            and (place := self.staff.place(post, self.as_of)) in covered
            and person not in listed
        ]


def _in_order(columns: Iterable[Column]) -> list[Column]:
    """Return columns in the order of the sheet."""
    wanted = set(columns)
    return [column for column in COLUMNS if column in wanted]


def _text(value: Cell) -> str:
    return shown(value) if isinstance(value, date) else str(value or "")
