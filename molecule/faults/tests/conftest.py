"""A directory from nothing, and a province that lives in it through all tests of the scenario."""

from __future__ import annotations

import os
import secrets
from random import Random
from typing import TYPE_CHECKING

import pytest

from ..control import Control
from ..days import Days
from ..disk import Disk
from ..estate import RECONCILER, SERVER, Estate, Machine
from ..world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...conftest import Lab

# The same days in every run, so that a change is judged by what it changed; "random" brings days that nobody has seen.
_SAID = os.environ.get("CONGVU_FAULTS_SEED", "thuathienhue")
SEED = secrets.token_hex(4) if _SAID == "random" else _SAID
DATA, BARE = "/var/lib/ldap", "/var/lib/ldap.bare"
# The product's own way back, only sooner: systemd starts slapd again, however often it was killed.
UNIT = "[Unit]\\nStartLimitIntervalSec=0\\n[Service]\\nRestartSec=100ms\\n"
DROPIN = "/run/systemd/system/slapd.service.d"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how to let the same days come again."""
    terminalreporter.write_line(f"faults: CONGVU_FAULTS_SEED={SEED}")


@pytest.fixture(scope="session")
def estate(lab: Lab) -> Estate:
    """Return the directory as the role lays it, with nobody in it."""
    machine = Machine(f"{lab.name}-mail")
    machine.run(f"mkdir -p {DROPIN}; printf '{UNIT}' > {DROPIN}/faults.conf; systemctl daemon-reload")
    machine.signal("SIGCONT")  # one that hangs would not hear that it is to stop
    machine.run("systemctl stop slapd")
    machine.run(f"[ -e {BARE} ] || cp -a --sparse=always {DATA} {BARE}")
    machine.run(f"rm -rf {DATA}/estate {DATA}/accesslog; cp -a --sparse=always {BARE}/* {DATA}; systemctl start slapd")
    built = Estate(lab, machine)
    built.wait()
    return built


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    """Return a disk for the control node that can be full without hurting anybody."""
    made = Disk(tmp_path_factory.mktemp("control"))
    made.mount()
    yield made
    made.unmount()


@pytest.fixture(scope="session")
def lasting_world(lab: Lab, estate: Estate, disk: Disk, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return the province, moved in."""
    directory = {
        "uri": f"ldaps://{lab.mail_address}",
        "server_name": SERVER,
        "ca_file": str(lab.state / "ca" / "ca.pem"),
        "bind_dn": RECONCILER,
        "password_file": str(lab.state / "secrets" / "ldap-reconciler"),
        "timeout": 20,
    }
    outputs = tmp_path_factory.mktemp("outputs")
    # No letters come here: nobody needs a second before an address is given up.
    control = Control(disk.folder / "registry", disk.folder / "state", directory, outputs, settle=0.02)
    return World(Days(SEED, outputs / "cache"), control, estate, Random(SEED))  # noqa: S311 - a test's dice


@pytest.fixture
def world(lasting_world: World) -> World:
    """Return the province with its directory in order, whatever the test before left behind."""
    lasting_world.settle()
    return lasting_world
