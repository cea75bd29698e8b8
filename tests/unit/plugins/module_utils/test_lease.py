"""One apply at a time, and a dead one does not block the next."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import Applied
from ansible_collections.congvu.mail.plugins.module_utils.directory import (
    Add,
    Fate,
    Modify,
    Outcome,
    UnableError,
    Write,
)
from ansible_collections.congvu.mail.plugins.module_utils.lease import (
    TERM,
    Lease,
    LeaseError,
    SupersededError,
    control_dn,
    is_gone,
    read_control,
    this_process,
)
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import DAY
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import CONTROL, SUFFIX, MemoryDirectory

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
PLAN = "f" * 64


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        """Begin at NOW."""
        self.now = NOW

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


def lease(directory: MemoryDirectory, holder: str, clock: Clock) -> Lease:
    """Make a lease that is not yet held."""
    return Lease(directory, CONTROL, holder, clock)


def test_a_lease_is_made_at_the_first_apply_and_given_back() -> None:
    directory, clock = MemoryDirectory(), Clock()
    mine = lease(directory, "a", clock)
    assert mine.acquire(PLAN) == ""
    assert read_control(directory, CONTROL).holder == "a"
    mine.release()
    assert read_control(directory, CONTROL).holder == ""
    assert lease(directory, "b", clock).acquire(PLAN) == ""


def test_a_second_holder_is_told_who_is_at_work_and_until_when() -> None:
    directory, clock = MemoryDirectory(), Clock()
    lease(directory, "may-chu:thu:1", clock).acquire(PLAN)
    with pytest.raises(LeaseError, match=r"may-chu:thu:1, with plan ffffffffffff, until 08:05:00 UTC.*Wait for it"):
        lease(directory, "b", clock).acquire(PLAN)


def test_a_lease_that_lapsed_is_taken_over_with_a_word() -> None:
    directory, clock = MemoryDirectory(), Clock()
    lease(directory, "may-chu:thu:1", clock).acquire(PLAN)
    clock.now += TERM
    assert "Took over the lease of may-chu:thu:1" in lease(directory, "b", clock).acquire(PLAN)


def test_a_lease_of_a_process_that_is_gone_is_taken_over_at_once() -> None:
    directory, clock = MemoryDirectory(), Clock()
    # The kernel gives no process a number beyond its limit of 4 194 304.
    gone = this_process().rsplit(":", 1)[0] + ":4194305"
    lease(directory, gone, clock).acquire(PLAN)
    assert gone in lease(directory, "b", clock).acquire(PLAN)


def test_a_killed_process_that_its_parent_has_not_noticed_yet_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert Path("/proc", str(child.pid)).exists(), "it was taken notice of: nothing was tested"
        assert is_gone(f"{this_process().rpartition(':')[0]}:{child.pid}")
    assert not is_gone(this_process())


class Overtaken(MemoryDirectory):
    """Somebody else takes the lease between our look at it and our hand."""

    def write(self, batch: Sequence[Write]) -> list[Outcome]:
        """Let the other one write first."""
        other = MemoryDirectory()
        other.records = self.records
        other.log = [*self.log]
        lease(other, "may-chu:thu:2", Clock()).acquire(PLAN)
        return super().write(batch)


def test_who_comes_too_late_by_a_hair_is_told_who_was_quicker() -> None:
    with pytest.raises(LeaseError, match=r"may-chu:thu:2, with plan ffffffffffff, until .*Wait for it"):
        lease(Overtaken(), "b", Clock()).acquire(PLAN)


class Full(MemoryDirectory):
    """A directory that can write nothing."""

    def write(self, batch: Sequence[Write]) -> list[Outcome]:
        """Say so."""
        return [Outcome(Fate.UNABLE, message="The directory could not: other (80).") for _ in batch]


def test_a_directory_that_cannot_write_is_not_taken_for_a_rival() -> None:
    with pytest.raises(UnableError, match=r"could not: other \(80\)\. Its disk or its database is full.*max_size_gib"):
        lease(Full(), "b", Clock()).acquire(PLAN)


@pytest.mark.parametrize(
    "holder",
    ["", "a", "may-khac:0000.pid[1]:4194305", f"x:y:{os.getpid()}"],
    ids=["nobody", "no process", "another host's", "this process of another host"],
)
def test_nobody_elsewhere_is_called_gone(holder: str) -> None:
    assert not is_gone(holder)
    assert not is_gone(this_process())


@pytest.mark.parametrize(
    ("plan", "after", "words"),
    [
        (
            "b" * 64,
            "",
            "Plan bbbbbbbbbbbb was made before the last apply, of plan aaaaaaaaaaaa for 2026-11-21. Nothing",
        ),
        ("b" * 64, "0" * 64, "Plan bbbbbbbbbbbb was made before the last apply, of plan aaaaaaaaaaaa for 2026-11-21."),
        ("a" * 64, "", "Plan aaaaaaaaaaaa was applied already. Nothing was written. Make a new plan."),
    ],
)
def test_a_plan_of_before_the_last_apply_gets_no_lease(plan: str, after: str, words: str) -> None:
    directory, clock = MemoryDirectory(), Clock()
    first = lease(directory, "a", clock)
    first.acquire("a" * 64, after="")
    first.release(Applied("a" * 64, "", DAY, "", 0))
    before = directory.records[CONTROL]
    with pytest.raises(SupersededError, match=re.escape(words)):
        lease(directory, "b", clock).acquire(plan, frozenset({"a@tinh.gov.vn"}), after=after)
    assert directory.records[CONTROL] == before
    assert lease(directory, "b", clock).acquire("b" * 64, after="a" * 64) == ""


def test_a_control_entry_that_was_lost_makes_no_plan_old() -> None:
    assert lease(MemoryDirectory(), "b", Clock()).acquire(PLAN, after="a" * 64) == ""


def test_a_lease_is_renewed_in_the_second_half_of_its_term() -> None:
    directory, clock = MemoryDirectory(), Clock()
    mine = lease(directory, "a", clock)
    mine.acquire(PLAN)
    writes = len(directory.log)
    clock.now += TERM / 4
    mine.renew()
    assert len(directory.log) == writes
    clock.now += TERM / 2
    mine.renew()
    assert read_control(directory, CONTROL).until == clock.now + TERM


def test_who_lost_the_lease_stops() -> None:
    directory, clock = MemoryDirectory(), Clock()
    mine = lease(directory, "a", clock)
    mine.acquire(PLAN)
    clock.now += TERM + timedelta(seconds=1)
    lease(directory, "b", clock).acquire(PLAN)
    with pytest.raises(LeaseError, match="could not be had"):
        mine.renew()


def test_the_last_complete_apply_is_remembered_through_later_leases() -> None:
    directory, clock = MemoryDirectory(), Clock()
    applied = Applied(PLAN, "c0ffee", DAY, "2026", 7)
    mine = lease(directory, "a", clock)
    mine.acquire(PLAN)
    mine.release(applied)
    other = lease(directory, "b", clock)
    other.acquire(PLAN)
    assert read_control(directory, CONTROL).applied == applied
    other.release()
    assert read_control(directory, CONTROL).applied == applied


@pytest.mark.parametrize("said", ["", "hello", json.dumps({"holder": "x"}), json.dumps([])])
def test_a_control_entry_edited_by_hand_is_explained(said: str) -> None:
    directory = MemoryDirectory()
    directory.put(CONTROL, description=said)
    with pytest.raises(LeaseError, match="delete the entry"):
        read_control(directory, CONTROL)


@pytest.mark.parametrize(("estate", "name"), [("lab", "cn=lab"), ("a,b", r"cn=a\2cb")])
def test_each_estate_has_a_control_entry_of_its_own(estate: str, name: str) -> None:
    assert control_dn(estate, SUFFIX) == f"{name},ou=control,{SUFFIX}"


def test_a_directory_without_a_place_for_the_lease_says_so() -> None:
    directory = MemoryDirectory()
    del directory.records[f"ou=control,{SUFFIX}"]
    with pytest.raises(LeaseError, match="ou=control exists"):
        lease(directory, "a", Clock()).acquire(PLAN)


def test_what_is_under_way_is_told_with_the_lease_and_goes_out_with_its_next_write() -> None:
    directory, clock = MemoryDirectory(), Clock()
    mine = lease(directory, "a", clock)
    mine.acquire(PLAN, frozenset({"x@tinh.gov.vn", "y@tinh.gov.vn"}))
    assert read_control(directory, CONTROL).under_way == {"x@tinh.gov.vn", "y@tinh.gov.vn"}
    written = len(directory.log)
    mine.settle(frozenset({"x@tinh.gov.vn"}))
    assert len(directory.log) == written, "no write of its own"
    clock.now += TERM / 2 + timedelta(seconds=1)
    mine.renew()
    assert read_control(directory, CONTROL).under_way == {"y@tinh.gov.vn"}
    mine.settle(mine.under_way)
    mine.release()
    assert read_control(directory, CONTROL).under_way == frozenset()
    assert directory.records[CONTROL].attributes["objectClass"] == ("applicationProcess",)


def test_what_a_dead_apply_left_under_way_stays_until_it_is_settled() -> None:
    directory, clock = MemoryDirectory(), Clock()
    lease(directory, "a", clock).acquire(PLAN, frozenset({"x@tinh.gov.vn"}))
    clock.now += TERM
    second = lease(directory, "b", clock)
    second.acquire(PLAN, frozenset({"y@tinh.gov.vn"}))
    assert second.under_way == {"x@tinh.gov.vn", "y@tinh.gov.vn"}
    second.settle(frozenset({"y@tinh.gov.vn"}))
    second.release()
    assert read_control(directory, CONTROL).under_way == {"x@tinh.gov.vn"}


def test_a_directory_without_the_schema_says_what_brings_it_and_only_where_addresses_change_hands() -> None:
    class Old(MemoryDirectory):
        def write(self, batch: Sequence[Write]) -> list[Outcome]:
            if any(isinstance(write, Add | Modify) and "congvuTransit" in write.attributes for write in batch):
                return [Outcome(Fate.REFUSED, message="undefinedAttributeType (17)")]
            return super().write(batch)

    directory, clock = Old(), Clock()
    with pytest.raises(LeaseError, match=r"undefinedAttributeType.*site\.yml.*schema"):
        lease(directory, "a", clock).acquire(PLAN, frozenset({"x@tinh.gov.vn"}))
    assert lease(directory, "a", clock).acquire(PLAN) == ""
