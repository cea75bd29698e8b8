"""What stands in the directory, read and judged without the engine's own reading and planning."""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ldap3
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.model import OWNED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import date

    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

    from ..conftest import Lab

SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
BASE = f"ou=agencies,{SUFFIX}"
CONTROL = f"cn=thuathienhue,ou=control,{SUFFIX}"
SERVER = "ldap.thuathienhue.gov.vn"
RECONCILER = f"cn=reconciler,ou=services,{SUFFIX}"
PATIENCE = 30.0  # seconds that slapd may take to come back

Values = dict[str, set[str]]
# The published types of ldap3 cover half of a connection.
Connection = Any


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine with slapd, from the control node's side of the container."""

    name: str

    def run(self, script: str) -> str:
        """Run a line of shell in it. ``nsenter`` takes a hundredth of the time of ``podman exec``."""
        init = ["podman", "inspect", "--format", "{{.State.Pid}}", self.name]
        pid = _pids.setdefault(self.name, "") or subprocess.run(  # noqa: S603 - our own words
            init, check=True, capture_output=True, text=True
        ).stdout.strip()  # fmt: skip
        _pids[self.name] = pid
        command = ["nsenter", "--target", pid, "--all", "--", "bash", "-ec", script]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - likewise

    def signal(self, name: str) -> None:
        """Send slapd a signal; one that is down already hears nothing: pkill says so with status 1."""
        self.run(f"pkill --signal {name} --exact slapd || test $? -eq 1")


_pids: dict[str, str] = {}


@dataclass(frozen=True)
class Estate:
    """The directory of the lab, through a client of the test's own."""

    lab: Lab
    machine: Machine

    @contextmanager
    def sign_in(self, dn: str, password: str) -> Iterator[Connection]:
        """Connect and sign in; give None where the directory does not let this one in."""
        tls = ldap3.Tls(
            ca_certs_file=str(self.lab.state / "ca" / "ca.pem"), validate=ssl.CERT_REQUIRED, valid_names=[SERVER]
        )
        server = ldap3.Server(
            self.lab.mail_address, port=636, use_ssl=True, tls=tls, get_info=ldap3.NONE, connect_timeout=10
        )
        connection = ldap3.Connection(server, dn, password, auto_range=False, check_names=False, receive_timeout=20)
        try:
            yield connection if connection.bind() else None
        finally:
            # ldap3 leaves the socket of a connection that broke to the garbage collector.
            if connection.socket:
                connection.socket.close()

    def reconciler(self) -> AbstractContextManager[Connection]:
        """Sign in as the engine does."""
        return self.sign_in(RECONCILER, self.lab.secret("ldap-reconciler"))

    def wait(self) -> None:
        """Wait until slapd answers."""
        deadline = time.monotonic() + PATIENCE
        trusting = self.lab.tls()
        while True:
            try:
                with (
                    socket.create_connection((self.lab.mail_address, 636), timeout=PATIENCE) as line,
                    trusting.wrap_socket(line, server_hostname=SERVER),
                ):
                    return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def tree(self) -> dict[str, Values]:
        """Read all agencies: by DN in small letters, the attributes with their values."""
        with self.reconciler() as connection:
            found = connection.extend.standard.paged_search(
                BASE, "(objectClass=*)", attributes=["*", "entryUUID", "entryCSN"], paged_size=500, generator=False
            )
        return {
            entry["dn"].lower(): {
                name: {value.decode() for value in values} for name, values in entry["raw_attributes"].items()
            }
            for entry in found
            if entry["type"] == "searchResEntry" and entry["dn"].lower() != BASE
        }

    def control(self) -> str:
        """Read what the control entry says."""
        with self.reconciler() as connection:
            connection.search(CONTROL, "(objectClass=*)", ldap3.BASE, attributes=["description"])
            return "".join(entry["raw_attributes"]["description"][0].decode() for entry in connection.response)


def faults(tree: dict[str, Values], registry: Registry, day: date) -> list[str]:
    """Hold the directory against the compiled registry, value by value, and against what may never be in one."""
    wanted = compile_desired(registry, as_of=day, commit="").entries.values()
    declared = {entry.dn.lower(): entry for entry in wanted}
    found = [f"{dn} is lost" for dn in declared.keys() - tree.keys()]
    found += [f"{dn} is too many" for dn in tree.keys() - declared.keys()]
    for dn in declared.keys() & tree.keys():
        entry, shown = declared[dn], tree[dn]
        for name in sorted(OWNED[entry.kind] - {"objectClass"}):
            want, have = set(entry.attributes.get(name, ())), shown.get(name, set())
            if want != have:
                found.append(f"{dn}: {name} is {sorted(have)} and should be {sorted(want)}")
        if lacking := set(entry.attributes["objectClass"]) - shown["objectClass"]:
            found.append(f"{dn}: lacks the classes {sorted(lacking)}")
    for name in ("congvuId", "uid", "employeeNumber", "mailLocalAddress", "mail"):
        held = Counter(value.lower() for shown in tree.values() for value in shown.get(name, ()))
        found += [f"{count} entries share the {name} {value}" for value, count in held.items() if count > 1]
    return found


def identities(tree: dict[str, Values]) -> dict[str, str]:
    """Give the entryUUID of every object of the registry."""
    return {next(iter(shown["congvuId"])): next(iter(shown["entryUUID"])) for shown in tree.values()}


def versions(tree: dict[str, Values]) -> dict[str, str]:
    """Give the entryCSN of every entry: equal ones say that nothing was written."""
    return {dn: next(iter(shown["entryCSN"])) for dn, shown in tree.items()}
