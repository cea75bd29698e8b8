"""Who was in a mailbox that is not the own one, and who wrote in its name, told in English or Vietnamese.

Nothing here has seen a subject or a text: the journals, from which ``visits`` has it, hold none.
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from . import whom, wording
from .model import Kind
from .phrase import Language, Phrase
from .visits import ADMINISTRATOR, AT_MOST, Deed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from .model import Registry
    from .visits import Access

_DEEDS: Mapping[str, Phrase] = {
    Deed.SENT: Phrase("sent <{letter}> to {to}"),
    Deed.REFUSED: Phrase("was refused when sending to {to}: {reply}"),
    Deed.SAVED: Phrase("put <{letter}> into {folder}"),
    Deed.COPIED: Phrase("copied <{letter}> into {folder}"),
    Deed.MARKED: Phrase("marked <{letter}> in {folder} as deleted"),
    Deed.UNMARKED: Phrase("took the mark of deletion off <{letter}> in {folder}"),
    Deed.EXPUNGED: Phrase("removed <{letter}> from {folder}"),
    Deed.CREATED: Phrase("made the folder {folder}"),
    Deed.DELETED: Phrase("deleted the folder {folder}"),
    Deed.RENAMED: Phrase("renamed the folder {folder}"),
}


def told(  # noqa: PLR0913 -- all of them facts of one question
    found: Iterable[Access],
    id_: str,
    span: tuple[datetime, datetime],
    registry: Registry,
    *,
    cut: bool = False,
    language: str = Language.ENGLISH,
) -> str:
    """Tell who did what between two moments, person by person, in the order in which each came first."""
    zone = registry.estate.time_zone
    kind, _, uid = id_.partition(":")
    called = f"{wording.KINDS[Kind(kind)].told(language)} {uid}"
    lines = [f"{called}  {whom.label(id_, registry)}".rstrip(), _days(span, zone, language)]
    deeds: dict[str, list[Access]] = {}
    for access in sorted(found, key=lambda access: access.at):
        deeds.setdefault(access.who, []).append(access)
    for who, done in deeds.items():
        lines += ["", _person(who, registry, language)]
        lines += [f"  {line}" for line in _lines(done, zone, span, language)]
    if not deeds:
        lines += ["", Phrase("Nobody but the owner was here, and nobody else wrote in its name.").told(language)]
    if cut:
        lines += ["", Phrase("There is more than {count}: ask for fewer days.", {"count": AT_MOST}).told(language)]
    return "\n".join(lines) + "\n"


def _days(span: tuple[datetime, datetime], zone: ZoneInfo, language: str) -> str:
    form = "%d/%m/%Y %H:%M" if language == Language.VIETNAMESE else "%Y-%m-%d %H:%M"
    since, until = (moment.astimezone(zone).strftime(form) for moment in span)
    return Phrase("From {since} to {until}.", {"since": since, "until": until}).told(language)


def _person(who: str, registry: Registry, language: str) -> str:
    if who == ADMINISTRATOR:
        return Phrase("an administrator, with root's rights on the mail store").told(language)
    return f"{who}  {whom.label(f'{Kind.PERSON}:{who}', registry)}".rstrip()


def _lines(done: Sequence[Access], zone: ZoneInfo, span: tuple[datetime, datetime], language: str) -> Iterator[str]:
    """Yield a line for each deed; letters that were read one after the other in a folder share theirs."""
    one_day = (span[1] - span[0]).days <= 1
    form = "%H:%M:%S" if one_day else "%d/%m/%Y %H:%M:%S" if language == Language.VIETNAMESE else "%Y-%m-%d %H:%M:%S"

    def moment(access: Access) -> str:
        return datetime.fromisoformat(access.at).astimezone(zone).strftime(form)

    for (deed, folder), group in groupby(done, key=lambda access: (access.deed, access.folder)):
        same = list(group)
        if deed == Deed.READ:
            facts = {"count": len({access.letter for access in same}), "folder": folder, "until": moment(same[-1])}
            words = Phrase("read {count} letters in {folder}, the last at {until}", facts).told(language)
            yield f"{moment(same[0])}  {words}"
            continue
        for access in same:
            facts = {"letter": access.letter or "?", "folder": folder, "reply": access.reply}
            to = ", ".join(access.to) or "?"
            yield f"{moment(access)}  {Phrase(_DEEDS[deed].english, {**facts, 'to': to}).told(language)}"
