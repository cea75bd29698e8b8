"""Half a year of counts for an invented province, as its mail hosts would have kept them."""

from __future__ import annotations

import tarfile
from random import Random
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils import source, usage
from ansible_collections.congvu.mail.plugins.module_utils.periods import period
from ansible_collections.congvu.mail.plugins.module_utils.usage import Day, Letters, Looks
from ansible_collections.congvu.mail.plugins.module_utils.working_days import Calendar

if TYPE_CHECKING:
    from pathlib import Path

PERIOD = "2026-H1"
HOST = "mail"
_LOOKS = ("11", "12", "21", "22", "34", "10", "01", "00")  # in the two halves of a day; the most look often enough


def write(registry: Path, archive: Path) -> int:
    """Write the counts of each day into one archive, as it is fetched; give the number of days."""
    known, dice = source.load(registry), Random(1)  # noqa: S311 -- an invented half-year
    checking, zone, calendar = known.policy.checking, known.estate.time_zone, Calendar(known.calendar)
    assert checking
    people = list(known.persons)
    shared = [uid for agency in known.agencies.values() for uid, box in agency.mailboxes.items() if not box.folder]
    held = {uid: dice.randrange(10_000, 500_000) for uid in (*people, *shared)}
    folder = archive.with_suffix("")
    folder.mkdir()
    days = period(PERIOD).days
    with tarfile.open(archive, "w") as packed:
        for day in days:
            works = calendar.works(day)
            looked = dice.choices(_LOOKS, weights=(30, 20, 20, 10, 5, 5, 5, 5), k=len(people)) if works else ()
            opened = dice.choices(_LOOKS, k=len(shared)) if works else ()
            looks = Looks(
                checking,
                dict(zip(people, looked, strict=False)),
                dict(zip(shared, opened, strict=False)),
                dict.fromkeys(shared, (people[0],)),
            )
            letters = {code: Letters(dice.randrange(90), dice.randrange(90), 2, 3) for code in known.agencies}
            held = {uid: size + 300 for uid, size in held.items()}
            path = usage.write(Day(HOST, day, *usage.span(day, zone), looks, letters, held), folder)
            packed.add(path, arcname=path.name)
            path.unlink()
    return len(days)
