"""Disks that are full: the control node's, and slapd's."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ..disk import Disk
    from ..estate import Machine
    from ..world import World

ROUNDS = 8
NEWCOMERS = 60  # people: more than the room that is left holds
DATA = "/var/lib/ldap/estate"
FULL = re.compile(
    r"The directory could not: other \(80\), [\w ]+\. Its disk or its database is full, or broken: "
    r"see the journal of slapd, make room in /var/lib/ldap or raise directory_max_size_gib\. "
    r"What was written until then stays: make a new plan for the rest\."
)


def test_a_full_disk_of_the_control_node_stops_with_the_name_of_the_file(world: World, disk: Disk) -> None:
    stopped = 0
    for room in range(ROUNDS):
        world.live()
        world.plan()
        with disk.full(but=room):
            said = world.control.apply()
        told = f"with {room} pages left: {said.text}"
        if said.status:
            stopped += 1
            assert said.status in (1, 5), told
            assert f"{world.control.state}/" in said.text, told
            assert "No space left on device. Make room there" in said.text, told
            assert ("make a new plan for the rest" in said.text) is (said.status == 5), told
        world.reconcile()
        world.check()
    assert stopped, "there was always room: nothing was tested"


def test_a_plan_that_finds_no_room_is_none_and_the_latest_stays(world: World, disk: Disk) -> None:
    latest = world.control.state / "plans" / "latest.jsonl"
    stopped = 0
    for room in range(ROUNDS):
        world.live()
        before = Plan.parse(latest.read_bytes())
        with disk.full(but=room):
            said = world.control.plan(world.days.today)
        told = f"with {room} pages left: {said.text}"
        after = Plan.parse(latest.read_bytes())
        if said.status == 1:
            stopped += 1
            assert f"{world.control.state}/" in said.text, told
            assert "No space left on device. Make room there" in said.text, told
            assert after == before, told
        else:
            assert after.id == said.answer["plan"], told
        world.reconcile()
    assert stopped, "there was always room: nothing was tested"
    world.check()


@contextmanager
def little_map(machine: Machine) -> Iterator[None]:
    """Let slapd's database grow no further (``directory_max_size_gib``)."""
    used = int(machine.run(f"du --block-size=1 {DATA}/data.mdb").split()[0])
    size = f"/^olcDbDirectory: .*estate/,/^olcDbMaxSize/s/^olcDbMaxSize: .*/olcDbMaxSize: {used + 8 * 4096}/"
    machine.run(f"cp -p /etc/ldap/slapd.ldif /root/; sed -i '{size}' /etc/ldap/slapd.ldif; systemctl restart slapd")
    try:
        yield
    finally:
        machine.run("mv /root/slapd.ldif /etc/ldap/slapd.ldif; systemctl restart slapd")


@contextmanager
def little_disk(machine: Machine) -> Iterator[None]:
    """Put slapd's database on a disk with hardly any room."""
    used = int(machine.run(f"du --block-size=1 {DATA}/data.mdb").split()[0])
    machine.run(
        f"systemctl stop slapd; mv {DATA} {DATA}.kept; install -d -o openldap -g openldap -m 0700 {DATA};"
        f"mount -t tmpfs -o size={used + 16 * 4096},uid=openldap,gid=openldap,mode=0700 faults {DATA};"
        f"cp -a --sparse=always {DATA}.kept/. {DATA}; systemctl start slapd"
    )
    try:
        yield
    finally:
        machine.run(
            f"systemctl stop slapd; rm -rf {DATA}.kept; cp -a --sparse=always {DATA} {DATA}.kept;"
            f"umount {DATA}; rmdir {DATA}; mv {DATA}.kept {DATA}; systemctl start slapd"
        )


@pytest.mark.parametrize("little", [little_map, little_disk])
def test_a_full_database_stops_and_the_rest_goes_in_when_there_is_room(
    world: World, little: Callable[[Machine], AbstractContextManager[None]]
) -> None:
    world.live()
    world.days.recruit(NEWCOMERS)
    world.days.write(world.control.registry)
    with little(world.estate.machine):
        world.estate.wait()
        world.plan()
        said = world.control.apply()
        assert said.status == 5, said.text
        assert FULL.search(said.text), said.text
        assert "person" not in said.text, "one sentence says it, and not one for each of them"
        assert world.estate.tree(), "what is there can still be read"
    world.estate.wait()
    world.reconcile()
    world.check()
