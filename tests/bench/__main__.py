"""Measure the engine and its peers side by side, in one run on one machine, and print figures and ratios.

python -m tests.bench [--people 2000] [--agencies 20] [--write]
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from . import measure, peers
from .machine import ROOT, machine, playbook
from .province import Province
from .table import Row, markdown, terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .machine import Machine

PAGE = ROOT / "docs" / "reference" / "benchmarks.md"
TURNS = 3
SMALL = (36, 2)  # people and agencies, 50 entries: what a loop of tasks can do within a minute or two


def main() -> None:
    """Build the machine, measure, show."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=2000, help="people in the invented province (default 2000)")
    parser.add_argument("--agencies", type=int, default=20, help="agencies in it (default 20)")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    where = about(given.people, given.agencies)
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as folder:
        say("Building a machine with the directory")
        with machine() as built:
            rows = list(run(built, Path(folder), given.people, given.agencies))
    sys.stdout.write(terminal(rows))
    if given.write:
        PAGE.write_text(markdown(rows, where), encoding="utf-8")


def run(built: Machine, folder: Path, people: int, agencies: int) -> Iterator[Row]:
    """Measure one thing after the other."""
    registry, access = folder / "registry", built.access
    province = Province(people, agencies)
    province.write(registry)

    yield from checks(folder, registry)

    yield from first_load(built, folder, registry)

    say("Planning with nothing to do")
    idle = measure.measured(measure.plan, registry, access)
    entries = sum(tally.entries for tally in idle.result.census.values())
    yield Row("plan with nothing to do", entries, idle.seconds, megabytes=idle.megabytes)

    say("A day's changes")
    province.live_a_day(max(10, people // 100))
    province.write(registry)
    day = measure.measured(measure.plan_and_apply, registry, access, folder / "state")
    yield Row("a day's changes, planned and applied", day.result, day.seconds, megabytes=day.megabytes)

    yield from loop_of_tasks(built, folder / "small")


def checks(folder: Path, registry: Path) -> Iterator[Row]:
    """Check the registry as on every save: for the first time, with one file changed, with none changed."""
    say("Checking and compiling the registry")
    compiled = measure.measured(measure.compiled_entries, registry)
    yield Row("read, check and compile the registry", compiled.result, compiled.seconds, megabytes=compiled.megabytes)
    cache = folder / "cache"
    for what in ("check for the first time", "check again with one file changed", "check again with none changed"):
        figure = measure.measured(measure.check, registry, cache)
        yield Row(what, figure.result, figure.seconds, megabytes=figure.megabytes)
        if "first" in what:
            changed = min(registry.glob("agencies/*.yml"))
            changed.write_text(changed.read_text(encoding="utf-8") + "# Seen.\n", encoding="utf-8")


def first_load(built: Machine, folder: Path, registry: Path) -> Iterator[Row]:
    """Load an empty directory by ldapadd and by apply in turn, and keep the best of each: a disk has its moods."""
    built.wipe()
    first = measure.plan(registry, built.access)
    wanted = peers.entries(first.changes, folder / "peer")
    added, loaded = [], []
    for turn in range(TURNS):
        say(f"First load of {len(wanted)} entries, by ldapadd and by apply, {turn + 1} of {TURNS}")
        added.append(ldapadd(built, wanted))
        built.wipe()
        loaded.append(measure.measured(measure.apply, first, built.access, folder / f"turn{turn}"))
    ours = min(loaded, key=lambda figure: figure.seconds)
    yield Row("first load by ldapadd", len(wanted), min(added))
    yield Row("first load by apply", len(wanted), ours.seconds, min(added), ours.megabytes)


def loop_of_tasks(built: Machine, folder: Path) -> Iterator[Row]:
    """Load a small province in three ways."""
    Province(*SMALL).write(folder / "registry")
    built.wipe()
    first = measure.plan(folder / "registry", built.access)
    wanted = peers.entries(first.changes, folder / "state" / "initial-passwords")
    say(f"{len(wanted)} entries by a loop of community.general.ldap_entry")
    play = folder / "tasks.yml"
    play.write_text(peers.tasks(wanted, built.password), encoding="utf-8")
    looped = seconds(lambda: playbook(play))
    yield Row("small load by ldap_entry", len(wanted), looped)
    yield Row("small load by ldapadd", len(wanted), ldapadd(built, wanted), looped)
    built.wipe()
    ours = measure.measured(measure.plan_and_apply, folder / "registry", built.access, folder / "state")
    yield Row("small load by plan and apply", ours.result, ours.seconds, looped, ours.megabytes)


def ldapadd(built: Machine, wanted: peers.Entries) -> float:
    """Load an empty directory with ldapadd, without counting the writing of its file."""
    built.wipe()
    built.copy(peers.ldif(wanted))
    return seconds(built.load)


def seconds(function: Callable[[], None]) -> float:
    """Take the time."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def about(people: int, agencies: int) -> str:
    """Say what is measured, where and when, and how busy the machine is with other things."""
    processor = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return (
        f"{people:,} people in {agencies} agencies, on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores "
        f"({processor[1] if processor else platform.machine()}), Linux {platform.release()}, "
        f"Python {platform.python_version()}; load before the start {os.getloadavg()[0]:.1f}."
    )


def say(what: str) -> None:
    """Show progress."""
    sys.stderr.write(f"bench: {what}\n")


if __name__ == "__main__":
    main()
