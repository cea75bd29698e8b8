"""Apply and slapd are killed, again and again, and the next run ends in the declared state.

``CONGVU_FAULTS_ROUNDS`` sets how often; a failure names the round, and the seed stands at the head of the report.
"""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.apply import slices
from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan, Wave

from ..control import Trap

if TYPE_CHECKING:
    from random import Random

    from ..control import Running, Said
    from ..world import World

ROUNDS = int(os.environ.get("CONGVU_FAULTS_ROUNDS", "200"))
LONGEST = 0.25  # seconds within which a shot that is not aimed falls: a day's apply takes about as long
VICTIMS = ("apply", "slapd")


# Python's ssl leaves the socket of a handshake that the death of slapd cuts off to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
@pytest.mark.parametrize("victim", VICTIMS)
def test_whatever_is_killed_and_whenever_the_next_run_ends_in_the_declared_state(world: World, victim: str) -> None:
    journals = world.control.state / "journal"
    for number in range(ROUNDS // len(VICTIMS)):
        world.live()
        aim = AIMS[number % len(AIMS)]
        earlier = set(journals.iterdir())
        first = shoot(world, victim, aim)
        told = f"round {number}, {victim} killed {aim}: {first.text}"
        world.estate.wait()
        begun = any('"begin"' in path.read_text(encoding="utf-8") for path in set(journals.iterdir()) - earlier)
        assert first.status in ((-1, 0) if victim == "apply" else (0, 5) if begun else (0, 1)), told
        holder = json.loads(world.estate.control() or "{}").get("holder")
        planned = world.plan()
        again = world.control.apply()
        assert again.status == 0, f"{told}\n{again.text}"
        assert (f"Took over the lease of {holder}" in again.text) is bool(holder and planned.status), told
        try:
            world.check()
        except AssertionError as error:
            error.add_note(told)
            raise


AIMS = (
    "anywhere",
    "with the lease just taken",
    "in a slice",
    "before its outcome",
    "between release and claim",
    "at the end",
)


def shoot(world: World, victim: str, aim: str) -> Said:
    """Plan, begin to apply, and kill at the moment aimed at or shortly after."""
    planned = world.plan()
    plan = Plan.parse(world.control.state.joinpath("plans", f"{planned.answer['plan']}.jsonl").read_bytes())
    trap = trap_for(aim, plan, world.random)
    running = world.control.start_apply(trap=trap)
    if trap is None:
        time.sleep(world.random.uniform(0, LONGEST))
        kill(world, victim, running)
    elif running.springs():
        if aim == "in a slice":
            running.go_on()
            time.sleep(world.random.uniform(0, 0.02))
        kill(world, victim, running)
        if victim == "slapd" and aim != "in a slice":
            running.go_on()
    return running.wait()


def kill(world: World, victim: str, running: Running) -> None:
    """Strike."""
    if victim == "apply":
        running.kill()
    else:
        world.estate.machine.signal("SIGKILL")


def trap_for(aim: str, plan: Plan, random: Random) -> Trap | None:
    """Set a trap in the journal of the apply of a plan."""
    waves = [changes[0].wave for changes in slices(plan.changes)]
    somewhere = random.randrange(len(waves)) + 1 if waves else 1
    released = [number for number, wave in enumerate(waves, start=1) if wave is Wave.RELEASE]
    match aim:
        case "with the lease just taken":
            return Trap("begin")
        case "in a slice":
            return Trap("intent", somewhere)
        case "before its outcome":
            return Trap("outcome", somewhere, before=True)
        case "between release and claim" if released:
            return Trap("outcome", random.choice(released), before=random.random() < 0.5)
        case "at the end":
            return Trap("end", before=random.random() < 0.5)
    return None
