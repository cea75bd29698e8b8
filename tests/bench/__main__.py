"""Measure the engine and its peers side by side, in one run on one machine, and print figures and ratios.

python -m tests.bench [--people 2000] [--agencies 20] [--growth 1000 10000] [--write]
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils import store

from . import counts, measure, peers
from .machine import ROOT, machine, playbook
from .province import TODAY, Province
from .table import Row, markdown, terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .machine import Machine

PAGE = ROOT / "docs" / "reference" / "benchmarks.md"
SMALL = (36, 2)  # people and agencies, 50 entries: what a loop of tasks can do within a minute or two
PER_AGENCY = 100  # people, in the provinces of the growth


def main() -> None:
    """Build the machine, measure, show."""
    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=2000, help="people in the invented province (default 2000)")
    parser.add_argument("--agencies", type=int, default=20, help="agencies in it (default 20)")
    parser.add_argument("--turns", type=int, default=3, help="times that the first load is done by each (default 3)")
    parser.add_argument("--growth", type=int, nargs="*", default=[], help="people in the provinces of a growth table")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    where = about(given.people, given.agencies)
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as folder:
        say("Building a machine with the directory")
        with machine() as built:
            rows = []
            # Each figure is shown as soon as there is one: what comes after may still go wrong.
            for row in run(built, Path(folder), given.people, given.agencies, given.turns):
                say("  ".join(cell for cell in row.cells if cell))
                rows.append(row)
            grown = list(growth(built, Path(folder), given.growth))
    sys.stdout.write(terminal(rows) + ("\n" + terminal(grown) if grown else ""))
    if given.write:
        PAGE.write_text(markdown(rows, grown, where), encoding="utf-8")


def run(built: Machine, folder: Path, people: int, agencies: int, turns: int) -> Iterator[Row]:
    """Measure one thing after the other."""
    registry, state = folder / "registry", folder / "state"
    province = Province(people, agencies)
    province.live_a_year()
    province.write(registry)
    yield from checks(folder, registry)
    yield from directory(folder, registry)
    yield reports(folder, registry)
    yield from first_load(built, folder, registry, turns)
    yield from idle_plans(built, registry, state)
    yield from playbooks(built, registry)
    changes = max(10, people // 100)
    say(f"{changes} changes of a day")
    province.live_a_day(changes)
    province.write(registry)
    day = measure.measured(measure.plan_and_apply, registry, built.access, state)
    yield Row("a day's changes, from plan to done", day.result, day.seconds, megabytes=day.megabytes)
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


def directory(folder: Path, registry: Path) -> Iterator[Row]:
    """Publish the directory's officials: for the first time, and on a day that brings nothing new."""
    say("Publishing the directory")
    for what in ("write the public directory", "the same, nothing changed"):
        written = measure.measured(measure.publish, registry, folder / "phonebook")
        yield Row(what, written.result, written.seconds, megabytes=written.megabytes)


def reports(folder: Path, registry: Path) -> Row:
    """Report on half a year, from each day's counts to the document and the workbook."""
    say("A report on half a year")
    archive = folder / "counts.tar"
    days = counts.write(registry, archive)
    made = measure.measured(measure.report, registry, archive, folder / "reports")
    archive.unlink()
    return Row(f"report on half a year, {days} days", made.result, made.seconds, megabytes=made.megabytes)


def first_load(built: Machine, folder: Path, registry: Path, turns: int) -> Iterator[Row]:
    """Load an empty directory by ldapadd and by apply in turn, and keep the best of each: a disk has its moods."""
    built.wipe()
    planned = measure.measured(measure.plan, registry, built.access, folder / "first")
    first = store.find(planned.result["plan"], folder / "first" / "plans")
    yield Row("plan of the first load", len(first.changes), planned.seconds, megabytes=planned.megabytes)
    wanted = peers.entries(first.changes, folder / "peer")
    added, loaded = [], []
    for turn in range(turns):
        say(f"First load of {len(wanted)} entries, by ldapadd and by apply, {turn + 1} of {turns}")
        added.append(ldapadd(built, wanted))
        built.wipe()
        loaded.append(measure.measured(measure.apply, first, built.access, folder / f"turn{turn}"))
    ours = min(loaded, key=lambda figure: figure.seconds)
    yield Row("first load by ldapadd", len(wanted), min(added))
    yield Row("first load by apply", len(wanted), ours.seconds, min(added), ours.megabytes)


def idle_plans(built: Machine, registry: Path, state: Path) -> Iterator[Row]:
    """Plan with nothing to do: cold, after somebody signed in, from what was kept alone, and when nothing changed."""
    shutil.rmtree(state, ignore_errors=True)

    def idle(what: str) -> Row:
        say(what.capitalize())
        figure = measure.measured(measure.plan, registry, built.access, state)
        return Row(what, entries_of(figure.result), figure.seconds, megabytes=figure.megabytes)

    yield idle("plan with nothing to do, cold")
    built.touch()
    yield idle("the same, the directory written to since")
    (state / "plans" / "last.json").unlink()
    yield idle("the same, made anew of what was kept")
    yield idle("the same, both sides as they were")


def playbooks(built: Machine, registry: Path) -> Iterator[Row]:
    """Do the same by the playbook, with all that Ansible does around it."""
    for folder in ("plans", "registry"):
        shutil.rmtree(built.state / folder, ignore_errors=True)
    for what in ("playbooks/plan.yml, cold", "playbooks/plan.yml, both sides as they were"):
        say(what)
        spent = seconds(
            lambda: playbook("playbooks/plan.yml", "-e", f"estate_registry={registry}", "-e", f"as_of={TODAY}")
        )
        yield Row(what, measure.compiled_entries(registry), spent)


def growth(built: Machine, folder: Path, sizes: Sequence[int]) -> Iterator[Row]:
    """Plan with nothing to do in provinces of several sizes, cold; their directories are filled by slapadd."""
    for people in sizes:
        say(f"{people:,} people")
        registry = folder / f"registry{people}"
        Province(people, people // PER_AGENCY).write(registry)
        wanted = measure.compiled(registry).entries.values()
        built.fill(peers.ldif(peers.unopened(wanted)))
        checked = measure.measured(measure.compiled_entries, registry)
        planned = measure.measured(measure.plan, registry, built.access, folder / f"state{people}")
        yield Row(f"{people:,} people: registry alone", checked.result, checked.seconds, megabytes=checked.megabytes)
        entries = entries_of(planned.result)
        yield Row(f"{people:,} people: plan, cold", entries, planned.seconds, megabytes=planned.megabytes)


def loop_of_tasks(built: Machine, folder: Path) -> Iterator[Row]:
    """Load a small province in three ways."""
    Province(*SMALL).write(folder / "registry")
    built.wipe()
    planned = measure.plan(folder / "registry", built.access, folder / "first")
    first = store.find(planned["plan"], folder / "first" / "plans")
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


def entries_of(planned: dict[str, object]) -> int:
    """Count the entries that a plan found as they should be; there must be no others."""
    situations, counts = planned["situations"], planned["counts"]
    assert isinstance(situations, dict)
    assert isinstance(counts, dict)
    if any(counts.values()):
        message = f"The bench's plan should have nothing to do: {counts}"
        raise RuntimeError(message)
    return int(situations["linked"])


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
