"""Connections that are cut, and a directory that says nothing any more."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from ..control import Trap
from ..wire import Cut, Wire

if TYPE_CHECKING:
    from ..control import Said
    from ..world import World

ROUNDS = 8
WHOLE = 1 << 30  # bytes: more than anybody sends
SHORT = 1  # second that the engine waits for an answer
PATIENT = 3  # seconds that it waits where the directory does answer, on a machine that has other work to do
SOON = 10  # seconds within which it has given up

SENTENCE = re.compile(
    r"The directory ldaps://[\d.:]+ (does not answer|broke off): [^()]+\. "
    r"(Check that slapd runs and that the firewall lets us in|Look into the journal of slapd)\."
)


def through(world: World, cut: Cut, lasts: int, module: str) -> tuple[Said, int]:
    """Plan or apply over a wire; return what came of it and how many bytes went through."""
    with Wire((world.estate.lab.mail_address, 636), cut, lasts) as wire:
        other: dict[str, Any] = {"uri": wire.uri, "timeout": PATIENT if cut is Cut.SILENCE else 20}
        said = world.control.plan(world.days.today, **other) if module == "plan" else world.control.apply(**other)
        return said, wire.carried


@pytest.mark.parametrize("cut", list(Cut))
def test_a_cut_connection_is_told_and_the_next_run_does_the_rest(world: World, cut: Cut) -> None:
    for number in range(ROUNDS):
        world.live()
        world.plan()
        # What an apply carries differs from day to day; a quarter of the cuts fall behind the end.
        lasts = world.random.randrange(1, 40_000)
        said, carried = through(world, cut, lasts, "apply")
        told = f"round {number}: {cut} after {carried} of {lasts} bytes: {said.text}"
        if said.status == 0:
            world.check()  # wherever it was cut, perhaps in its farewell, everything is done
            continue
        assert carried >= lasts, told
        assert said.status in (1, 5), told
        assert SENTENCE.search(said.text), told
        assert ("make a new plan for the rest" in said.text) is (said.status == 5), told
        world.reconcile()
        world.check()


@pytest.mark.parametrize("cut", list(Cut))
def test_no_plan_is_made_of_half_a_reading(world: World, cut: Cut) -> None:
    _, whole = through(world, Cut.CLOSE, WHOLE, "plan")
    before = sorted(world.control.state.joinpath("plans").iterdir())
    for _ in range(ROUNDS):
        said, _ = through(world, cut, world.random.randrange(1, whole - 200), "plan")
        assert said.status == 1, said.text
        assert SENTENCE.search(said.text), said.text
    assert sorted(world.control.state.joinpath("plans").iterdir()) == before


def test_a_directory_that_hangs_is_given_up(world: World) -> None:
    world.live()
    world.plan()
    running = world.control.start_apply(trap=Trap("intent"), timeout=SHORT)
    assert running.springs()
    try:
        world.estate.machine.signal("SIGSTOP")
        running.go_on()
        start = time.monotonic()
        said = running.wait()
        assert said.status == 5, said.text
        assert SENTENCE.search(said.text), said.text
        said = world.control.plan(world.days.today, timeout=SHORT)
        assert said.status == 1, said.text
        assert SENTENCE.search(said.text), said.text
        assert time.monotonic() - start < SOON
    finally:
        world.estate.machine.signal("SIGCONT")
    world.estate.wait()
    world.reconcile()
    world.check()
