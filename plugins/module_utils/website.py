"""The public directory as files: pages for people, cards, tables and data for their programs.

Pure: the same book, theme and stamps always give the same bytes. Nothing but the book is read, so nothing else leaks.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jinja2 import DictLoader, Environment, StrictUndefined

from . import vcard
from .layout import KINDS
from .names import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .phonebook import Office, Phonebook

DATA: Final = "danh-ba.json"
PAGES = ("index", "whole", "missing", "office")  # templates of the theme, each `<name>.html.j2`
NAMES: Mapping[str, str] = {
    "committee": "Ủy ban nhân dân",
    "office": "Văn phòng",
    "department": "Cơ quan chuyên môn",
    "agency": "Ban, ngành",
    "district": "Cấp huyện",
    "commune": "Cấp xã",
    "centre": "Đơn vị sự nghiệp",
    "organisation": "Mặt trận, đoàn thể",
}
_COLUMNS = ("Loại cơ quan", "Cơ quan", "Thuộc cơ quan", "Đơn vị", "Họ và tên", "Chức vụ", "Địa chỉ thư điện tử")
_FORMULA = ("=", "+", "-", "@")  # what makes a spreadsheet program compute a cell instead of showing it
_BOM = "\ufeff"  # without it Excel takes UTF-8 for something older
_UNSAFE = re.compile("[^a-z0-9]+")
_SHOWN = 12  # characters of a commit


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something last changed, and the registry's commit of then; empty outside Git."""

    day: str  # ISO 8601
    commit: str

    @property
    def told(self) -> str:
        """Say it to readers."""
        year, month, day = self.day.split("-")
        commit, _, dirty = self.commit.partition("+")
        source = f", bản ghi {commit[:_SHOWN]}" if commit else ""
        return f"ngày {day}/{month}/{year}{source}{' và sửa đổi chưa lưu' if dirty else ''}"


@dataclass(frozen=True, slots=True)
class Site:
    """What surrounds a book: whom readers write to about faults, and the address where the site stands."""

    address: str  # https://danhba.thuathienhue.gov.vn; cards' identities are made from it
    contact: str = ""  # an address, or nobody's


def files(book: Phonebook, theme: Mapping[str, str], site: Site, now: Stamp, former: bytes = b"") -> dict[str, bytes]:
    """Return all files of the site, by path.

    ``theme`` holds the templates, the style sheet, the script and the icon by name. ``former`` is the former site's
    ``danh-ba.json``: what has not changed since keeps the day and the commit of its last change.
    """
    return _Writing(book, theme, site, now, _known(former)).files()


class _Writing:
    def __init__(
        self, book: Phonebook, theme: Mapping[str, str], site: Site, now: Stamp, former: Mapping[str, Any]
    ) -> None:
        self.book, self.theme, self.site = book, theme, site
        self.offices = {office.code: office for office in book.offices}
        self.below = {code: book_below for code, book_below in _below(book).items() if code}
        self.cards = {office.code: _anchors(office) for office in book.offices}
        self.own = self._own(now, former)
        self.stamp = self._whole(now, former)

    def files(self) -> dict[str, bytes]:
        found = {name: text.encode() for name, text in self._texts()}
        return dict(sorted(found.items()))

    def _texts(self) -> Iterator[tuple[str, str]]:
        style, script = (self._versioned(name) for name in ("style.css", "search.js"))
        yield from ((style, self.theme["style.css"]), (script, self.theme["search.js"]))
        yield "icon.svg", self.theme["icon.svg"]
        yield from self._pages(style, script)
        yield from self._vcards()
        yield DATA, _json({**self._data(), **_stamped(self.stamp), "agencies": self._agencies()}, indent=1)
        yield "tim.json", _json(self._index())
        yield "danh-ba.csv", self._table()

    def _versioned(self, name: str) -> str:
        """Return a name that changes with the content, so that browsers may keep the file for ever."""
        stem, _, ending = name.partition(".")
        return f"{stem}.{hashlib.sha256(self.theme[name].encode()).hexdigest()[:8]}.{ending}"

    # Pages

    def _pages(self, style: str, script: str) -> Iterator[tuple[str, str]]:
        environment = Environment(
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            loader=DictLoader(self.theme),
        )
        environment.globals.update(
            below=self.below | {code: () for code in self.offices if code not in self.below},
            book=self.book,
            contact=self.site.contact,
            kinds=self._kinds(),
            names=NAMES,
            people=sum(len(office.officials) for office in self.book.offices),
            script=script,
            stamp=self.stamp,
            style=style,
        )
        index, whole, missing, office = (environment.get_template(f"{name}.html.j2") for name in PAGES)
        yield "index.html", index.render(root="")
        yield "toan-bo.html", whole.render(root="")
        yield "404.html", missing.render(root="/")
        for one in self.book.offices:
            yield (
                f"co-quan/{one.code}.html",
                office.render(
                    root="../",
                    office=one,
                    own=self.own[one.code],
                    cards=self.cards[one.code],
                    parents=self._parents(one),
                ),
            )

    def _kinds(self) -> dict[str, tuple[Office, ...]]:
        """Return the agencies on top by their kind."""
        found = {kind: tuple(one for one in self.book.offices if not one.parent and one.kind == kind) for kind in KINDS}
        return {kind: offices for kind, offices in found.items() if offices}

    def _parents(self, office: Office) -> list[Office]:
        """Return the agencies above one, the topmost first."""
        found: list[Office] = []
        while office.parent:
            office = self.offices[office.parent]
            found.insert(0, office)
        return found

    # Cards, tables, data

    def _vcards(self) -> Iterator[tuple[str, str]]:
        everything = []
        for office in self.book.offices:
            people = [
                vcard.of_official(office, official, anchor, self.site.address)
                for official, anchor in zip(office.officials, self.cards[office.code], strict=True)
            ]
            parts = [vcard.of_part(office, part, self.site.address) for part in office.units if part.address]
            together = "".join((vcard.of_office(office, self.site.address), *parts, *people))
            everything.append(together)
            yield f"co-quan/{office.code}.vcf", together
            for anchor, card in zip(self.cards[office.code], people, strict=True):
                yield f"co-quan/{office.code}/{anchor}.vcf", card
        yield "danh-ba.vcf", "".join(everything)

    def _table(self) -> str:
        written = io.StringIO()
        rows = csv.writer(written)
        rows.writerow(_COLUMNS)
        for one in self.book.offices:
            place = (NAMES[one.kind], one.name, self.offices[one.parent].name if one.parent else "")
            rows.writerow((*map(_cell, place), "", "", "", _cell(one.address)))
            for unit in one.units:
                rows.writerow((*map(_cell, (*place, unit.name)), "", "", _cell(unit.address)))
            for official in one.officials:
                rows.writerow(map(_cell, (*place, official.unit, official.name, official.title, official.address)))
        return _BOM + written.getvalue()

    def _index(self) -> dict[str, object]:
        """Return what the search reads: titles and units by their number, as most stand in many agencies."""
        titles = _Numbers(official.title for one in self.book.offices for official in one.officials)
        units = _Numbers(
            name
            for one in self.book.offices
            for name in (*(unit.name for unit in one.units), *(official.unit for official in one.officials))
        )
        offices = [
            [
                one.name,
                one.address,
                one.code,
                [[units[unit.name], unit.address] for unit in one.units],
                [
                    [official.name, titles[official.title], units[official.unit], official.address]
                    for official in one.officials
                ],
            ]
            for one in self.book.offices
        ]
        return {"titles": list(titles), "units": list(units), "offices": offices}

    def _data(self) -> dict[str, Any]:
        return {
            "title": self.book.title,
            "regulation": self.book.regulation,
            "cite": self.book.cite,
            "synthetic": self.book.synthetic,
        }

    def _agencies(self) -> list[dict[str, Any]]:
        return [{**_office(one), **_stamped(self.own[one.code])} for one in self.book.offices]

    # What changed when

    def _own(self, now: Stamp, former: Mapping[str, Any]) -> dict[str, Stamp]:
        """Return when each agency's entry last changed."""
        before = {one.get("code"): one for one in former.get("agencies", ())}
        return {one.code: _since(_office(one), before.get(one.code), now) for one in self.book.offices}

    def _whole(self, now: Stamp, former: Mapping[str, Any]) -> Stamp:
        """Return when anything last changed."""
        agencies = [_office(one) for one in self.book.offices]
        before = [{key: one[key] for key in one if key not in _STAMP} for one in former.get("agencies", ())]
        return _since({**self._data(), "agencies": agencies}, {**former, "agencies": before}, now)


_STAMP = ("updated", "commit")


def _known(former: bytes) -> Mapping[str, Any]:
    """Read the former site's data; what is no such thing tells nothing."""
    try:
        found = json.loads(former)
        known = isinstance(found, dict) and all(set(_STAMP) <= one.keys() for one in (found, *found["agencies"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return found if known else {}


def _since(said: Mapping[str, Any], before: Mapping[str, Any] | None, now: Stamp) -> Stamp:
    if before and said == {key: value for key, value in before.items() if key not in _STAMP}:
        return Stamp(before["updated"], before["commit"])
    return now


def _stamped(stamp: Stamp) -> dict[str, str]:
    return dict(zip(_STAMP, (stamp.day, stamp.commit), strict=True))


def _office(one: Office) -> dict[str, Any]:
    """Return an agency as data; what is empty is not told."""
    return {
        "code": one.code,
        "name": one.name,
        "kind": one.kind,
        **_told(parent=one.parent, address=one.address),
        "units": [{"name": unit.name, **_told(address=unit.address)} for unit in one.units],
        "officials": [
            {"name": official.name, **_told(title=official.title, unit=official.unit, address=official.address)}
            for official in one.officials
        ],
    }


def _told(**facts: str) -> dict[str, str]:
    return {name: fact for name, fact in facts.items() if fact}


def _json(value: object, indent: int | None = None) -> str:
    separators = (",", ":") if indent is None else None
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators) + "\n"


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _below(book: Phonebook) -> dict[str, tuple[Office, ...]]:
    found: dict[str, tuple[Office, ...]] = {}
    for one in book.offices:
        found[one.parent] = (*found.get(one.parent, ()), one)
    return found


def _anchors(office: Office) -> tuple[str, ...]:
    """Return a name for each official's card, the second of a name with a 2 behind it."""
    found: list[str] = []
    for official in office.officials:
        plain = "-".join(filter(None, (_UNSAFE.sub("", word) for word in words(official.name)))) or "nguoi"
        anchor, number = plain, 1
        while anchor in found:
            number += 1
            anchor = f"{plain}-{number}"
        found.append(anchor)
    return tuple(found)


class _Numbers(dict[str, int]):
    """Texts, each with its place in their order."""

    def __init__(self, texts: Iterator[str]) -> None:
        super().__init__((text, place) for place, text in enumerate(dict.fromkeys(texts)))
