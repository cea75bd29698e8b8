"""What the regulation's rules come to: domains, addresses to try, quotas, days of retention.

The rules are data (``policy.yml``); nothing here knows a province.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import count
from operator import attrgetter
from string import Formatter
from typing import TYPE_CHECKING

from .names import fold, place, words
from .phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from .model import Policy, Post, Rule, Version

# What forms may be made of. UBND phường Thành Nhất of Buôn Ma Thuột, whose code is buonmathuot-thanhnhat, gives …
AGENCY_PARTS = {
    "root": "daklak.gov.vn",  # the estate's first domain
    "agency": "buonmathuot-thanhnhat",
    "place": "thanhnhat",
    "parent": "buonmathuot",  # the parent agency's code; its own, where it has none
}
# … in all forms but those of domains also the agency's own domain …
DOMAIN_PART = {"domain": "buonmathuot.daklak.gov.vn"}
# … for Sở Thông tin và Truyền thông …
NAME_PARTS = {
    "full": "sothongtinvatruyenthong",
    "dotted": "so.thong.tin.va.truyen.thong",
    "abbreviation": "sttvtt",
}
# … for its unit Phòng Công nghệ thông tin the same parts of its own name, and …
UNIT_PARTS = {"unit": "phongcntt"}
# … for its list of all staff …
LIST_PARTS = {"list": "tatca"}
# … and for Trần Văn Nam.
PERSON_PARTS = {
    "full": "tranvannam",
    "dotted": "tran.van.nam",
    "family": "tran",
    "given": "nam",
    "initials": "tv",  # of all words but the given name
    "unit": "phongcntt",  # the unit's code; the agency's, where the person is in none
}
FORMS: Mapping[str, Mapping[str, str]] = {
    "agency_addresses": AGENCY_PARTS | DOMAIN_PART | NAME_PARTS,
    "unit_addresses": AGENCY_PARTS | DOMAIN_PART | NAME_PARTS | UNIT_PARTS,
    "list_addresses": AGENCY_PARTS | DOMAIN_PART | NAME_PARTS | LIST_PARTS,
    "person_addresses": AGENCY_PARTS | DOMAIN_PART | PERSON_PARTS,
}
# What `{n}` may be made of: the second bearer of a name is a or 2.
MARKS = {"letter": "a", "number": "2", "unit": "phongcntt"}

LOCAL = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
LONGEST_LOCAL = 64  # characters before the '@' (RFC 5321, section 4.5.3.1.1)

SHORTEST_RETENTION = 30  # days; no regulation may go below it
SIZE = re.compile(r"[1-9][0-9]* (?:MiB|GiB|TiB)")
_UNITS = {"MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_WORD = re.compile(r"[a-z0-9]+")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def fault_of_form(form: str, parts: Mapping[str, str]) -> Phrase | None:
    """Return what is wrong with the form of an address, in words that end a sentence; None if nothing is."""
    if fault := _fault_of_parts(form, {**parts, "n": ""}):
        return fault
    local, at, domain = form.partition("@")
    if not at or "@" in domain or local.count("{n}") != 1 or "{n}" in domain:
        return Phrase("it needs one '@' and, before it, one {n} to tell namesakes apart")
    filled = form.format(**parts, n="")
    if not all(LOCAL.fullmatch(half) for half in filled.split("@")):
        return _gives(filled)
    return None


def fault_of_domain(form: str) -> Phrase | None:
    """Return the same of the form of a domain."""
    if fault := _fault_of_parts(form, AGENCY_PARTS):
        return fault
    filled = form.format(**AGENCY_PARTS)
    return None if LOCAL.fullmatch(filled) else _gives(filled)


def fault_of_mark(form: str, *, last: bool) -> Phrase | None:
    """Return the same of what tells namesakes apart; the ``last`` one must never come to an end."""
    if fault := _fault_of_parts(form, MARKS):
        return fault
    if not LOCAL.fullmatch(f"an{form.format(**MARKS)}"):
        return _gives(form.format(**MARKS))
    if last and ("{unit}" in form or not ("{letter}" in form or "{number}" in form)):
        return Phrase("the last one needs {letter} or {number}, and not {unit}, so that there is no end of them")
    return None


def _gives(filled: str) -> Phrase:
    return Phrase("it gives '{filled}'", {"filled": filled})


def _fault_of_parts(form: str, known: Mapping[str, str]) -> Phrase | None:
    try:
        fields = [
            (field, spec, conversion) for _, field, spec, conversion in Formatter().parse(form) if field is not None
        ]
    except ValueError:
        return Phrase("its braces do not match")
    for field, spec, conversion in fields:
        if field not in known or spec or conversion:
            return Phrase("'{part}' is not a part", {"part": f"{{{field}}}"})
    return None


def size(text: str) -> int:
    """Return the bytes of a text that matches SIZE, such as `2 GiB`."""
    amount, unit = text.split(" ")
    return int(amount) * _UNITS[unit]


@dataclass(frozen=True, slots=True)
class Place:
    """The agency for which an address is made, as it is on one day."""

    root: str  # the estate's first domain
    code: str
    version: Version

    def domain(self, policy: Policy) -> str:
        """Return the mail domain of the agency."""
        if self.version.domain:
            return self.version.domain
        rule = _rule(policy.agency_domains, self, "")
        return rule.form.format(**self._parts()) if rule else self.root

    def parts(self, policy: Policy) -> dict[str, str]:
        """Return what the agency gives to a form."""
        return {**self._parts(), "domain": self.domain(policy)}

    def _parts(self) -> dict[str, str]:
        return {
            "root": self.root,
            "agency": self.code,
            "place": place(self.version.name),
            "parent": self.version.parent or self.code,
        }


def person_addresses(policy: Policy, post: Post, at: Place) -> Iterator[str]:
    """Yield the addresses a person may have by a post, the best first, without end."""
    spelt, called = words(post.name), words(post.given)
    others = _without(spelt, called)
    parts = {
        **at.parts(policy),
        "full": "".join(spelt),
        "dotted": ".".join(spelt),
        "family": "".join(words(family_name(post.name, post.given))),
        "given": "".join(called),
        "initials": "".join(word[0] for word in others),
        "unit": post.unit or at.code,
    }
    return _addresses(policy, _rule(policy.person_addresses, at, post.title), parts, post.unit)


def makings(policy: Policy) -> Callable[[Post], tuple[object, ...]]:
    """Give what tells all that ``person_addresses`` makes of a post, but for how its agency is called and where it is.

    Posts that are alike in it, in one agency that did not change, come to the same addresses.
    """
    forms = (*(rule.form for rule in policy.person_addresses), *policy.namesakes)
    unit = ("unit",) if any("{unit}" in form for form in forms) else ()
    title = ("title",) if any(rule.titles for rule in policy.person_addresses) else ()
    return attrgetter("name", "given", "agency", *unit, *title)


def family_name(name: str, given: str) -> str:
    """Return the family name: the first word, or the last one where the given name stands before it (Y Bhĩm Niê)."""
    spelt = name.split(" ")
    return spelt[0] if len(spelt) == 1 or name.endswith(f" {given}") else spelt[-1]


def _without(spelt: tuple[str, ...], called: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a name without those of the given name, where these last stand side by side."""
    for start in range(len(spelt) - len(called), -1, -1):
        if spelt[start : start + len(called)] == called:
            return spelt[:start] + spelt[start + len(called) :]
    return spelt


def agency_addresses(policy: Policy, at: Place) -> Iterator[str]:
    """Yield the addresses an agency may have that has none in print, the best first, without end."""
    return _addresses(policy, _rule(policy.agency_addresses, at, ""), {**at.parts(policy), **_named(at.version)}, None)


def unit_addresses(policy: Policy, unit: str, version: Version, at: Place) -> Iterator[str]:
    """Yield the addresses the mailbox of a unit may have, the best first, without end; none without a rule."""
    parts = {**at.parts(policy), **_named(version), "unit": unit}
    return _addresses(policy, _rule(policy.unit_addresses, at, ""), parts, unit)


def list_addresses(policy: Policy, code: str, version: Version, at: Place) -> Iterator[str]:
    """Yield the addresses that a list of an agency may have, the best first, without end; none without a rule."""
    parts = {**at.parts(policy), **_named(version), "list": code}
    return _addresses(policy, _rule(policy.list_addresses, at, ""), parts, None)


def _named(version: Version) -> dict[str, str]:
    spelt = _WORD.findall(fold(version.name))
    return {
        "full": "".join(spelt),
        "dotted": ".".join(spelt),
        "abbreviation": "".join(word[0] for word in spelt),
    }


def _rule(rules: tuple[Rule, ...], at: Place, title: str) -> Rule | None:
    """Return the first rule that fits."""
    return next(
        (
            rule
            for rule in rules
            if (not rule.kinds or at.version.kind in rule.kinds)
            and (not rule.agencies or at.code in rule.agencies)
            and (not rule.titles or title in rule.titles)
        ),
        None,
    )


def _addresses(policy: Policy, rule: Rule | None, parts: dict[str, str], unit: str | None) -> Iterator[str]:
    for mark in _marks(policy.namesakes, unit) if rule else ():
        address = rule.form.format(n=mark, **parts) if rule else ""
        local = address.partition("@")[0]
        if local not in policy.reserved and len(local) <= LONGEST_LOCAL:
            yield address
        elif len(local) > LONGEST_LOCAL + len(mark):
            return


def _marks(namesakes: tuple[str, ...], unit: str | None) -> Iterator[str]:
    """Yield what follows the name of its first, second … bearer: nothing, then what the forms say in their order."""
    yield ""
    for form in namesakes:
        if "{unit}" in form and unit is None:
            continue
        endless = "{letter}" in form or "{number}" in form
        for place_ in count(1) if endless else (1,):
            yield form.format(letter=_letters(place_), number=place_ + 1, unit=unit)


def _letters(place: int) -> str:
    letters = ""
    while place:
        place, rest = divmod(place - 1, len(_ALPHABET))
        letters = _ALPHABET[rest] + letters
    return letters


def moment(day: date, zone: ZoneInfo) -> str:
    """Return, as generalizedTime, the moment at which a civil day begins."""
    return f"{datetime.combine(day, time.min, zone).astimezone(UTC):%Y%m%d%H%M%SZ}"
