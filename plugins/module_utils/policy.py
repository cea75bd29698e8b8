"""What the regulation's rules come to: addresses to try, quotas, days of retention.

The rules are data (``policy.yml``); nothing here knows a province.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from itertools import count
from string import Formatter
from typing import TYPE_CHECKING

from .model import Sequence
from .names import fold, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from zoneinfo import ZoneInfo

    from .model import Policy

# What a form for persons may be made of: Trần Văn Nam of the agency vpubnd gives …
PERSON_PARTS = {
    "full": "tranvannam",
    "dotted": "tran.van.nam",
    "family": "tran",
    "given": "nam",
    "initials": "tv",  # of all words but the given name
    "agency": "vpubnd",
}
# … and what one for agencies may be made of: Hội Chữ Thập đỏ, whose code is hctd.
ACCOUNT_PARTS = {"full": "hoichuthapdo", "abbreviation": "hctd", "agency": "hctd"}

LOCAL = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
LONGEST_LOCAL = 64  # RFC 5321, section 4.5.3.1.1

SHORTEST_RETENTION = 30  # days; no regulation may go below it
SIZE = re.compile(r"[1-9][0-9]* (?:MiB|GiB|TiB)")
_UNITS = {"MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_WORD = re.compile(r"[a-z0-9]+")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def fault_of_form(form: str, parts: dict[str, str]) -> str | None:
    """Return what is wrong with an address form, in words that end a sentence; None if nothing is."""
    known = {**parts, "n": "", "domain": "example.vn"}
    try:
        fields = [
            (field, spec, conversion) for _, field, spec, conversion in Formatter().parse(form) if field is not None
        ]
    except ValueError:
        return "its braces do not match"
    for field, spec, conversion in fields:
        if field not in known or spec or conversion:
            return f"'{{{field}}}' is not a part"
    local, at, domain = form.partition("@")
    if not at or "@" in domain or local.count("{n}") != 1 or "{n}" in domain:
        return "it needs one '@' and, before it, one {n} to tell namesakes apart"
    if not LOCAL.fullmatch(local.format(**known)) or not LOCAL.fullmatch(domain.format(**known)):
        return f"it gives '{form.format(**known)}'"
    return None


def size(text: str) -> int:
    """Return the bytes of a text that matches SIZE, such as `2 GiB`."""
    amount, unit = text.split(" ")
    return int(amount) * _UNITS[unit]


def person_addresses(policy: Policy, name: str, *, agency: str, domain: str) -> Iterator[str]:
    """Yield the addresses a person may have, the best first, without end."""
    spelt = words(name)
    parts = {
        "full": "".join(spelt),
        "dotted": ".".join(spelt),
        "family": spelt[0],
        "given": spelt[-1],
        "initials": "".join(word[0] for word in spelt[:-1]),
        "agency": agency,
    }
    return _addresses(policy, policy.person_form, parts, domain)


def account_addresses(policy: Policy, name: str, *, agency: str, domain: str) -> Iterator[str]:
    """Yield the addresses an agency may have that has none in print, the best first, without end."""
    spelt = _WORD.findall(fold(name))
    parts = {"full": "".join(spelt), "abbreviation": "".join(word[0] for word in spelt), "agency": agency}
    return _addresses(policy, policy.account_form, parts, domain)


def _addresses(policy: Policy, form: str, parts: dict[str, str], domain: str) -> Iterator[str]:
    for mark in _marks(policy.namesakes):
        address = form.format(n=mark, domain=domain, **parts)
        if address.partition("@")[0] not in policy.reserved:
            yield address


def _marks(namesakes: Sequence) -> Iterator[str]:
    """Yield what follows the name of its first, second … bearer: nothing, then 2, 3 … or a, b …, z, aa and on."""
    yield ""
    for place in count(1):
        yield str(place + 1) if namesakes is Sequence.NUMBERS else _letters(place)


def _letters(place: int) -> str:
    letters = ""
    while place:
        place, rest = divmod(place - 1, len(_ALPHABET))
        letters = _ALPHABET[rest] + letters
    return letters


def retain_until(policy: Policy, end: date, zone: ZoneInfo) -> str:
    """Return, as generalizedTime, the moment from which a leaver's mail may be purged.

    ``end`` is the first day without a post. The term is counted in civil days.
    """
    day = end + timedelta(days=policy.retention_days)
    moment = datetime.combine(day, time.min, zone)
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%SZ}"
