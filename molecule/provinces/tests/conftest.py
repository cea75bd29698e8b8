"""The labs of the scenario: one estate each, each with nothing but its directory."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ldap3
import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Province:
    """One estate and its lab."""

    estate: str
    subnet: str

    @property
    def domain(self) -> str:
        """The mail domain."""
        return str(self._said["estate_domain"])

    @property
    def suffix(self) -> str:
        """Where the estate begins in its directory."""
        return str(self._said["estate_suffix"])

    @property
    def state(self) -> Path:
        """Where the control node keeps the lab's secrets and its certificate authority."""
        return ROOT / ".state" / f"prov-{self.estate}"

    @property
    def _said(self) -> dict[str, Any]:
        inventory = ROOT / "inventories" / self.estate / "group_vars" / "all.yml"
        said: dict[str, Any] = yaml.safe_load(inventory.read_text(encoding="utf-8"))
        return said

    def playbook(self, path: str, *more: str) -> str:
        """Run a playbook on this estate in its lab, and return what it said."""
        words = [path, "-i", f"inventories/{self.estate}", "-i", "inventories/lab", *more]
        own = {
            "CONGVU_LAB": f"prov-{self.estate}",
            "CONGVU_LAB_SUBNET": self.subnet,
            "ANSIBLE_STRATEGY": "mitogen_linear",
        }
        ran = subprocess.run(  # noqa: S603 - the project's own playbooks
            [Path(sys.executable).with_name("ansible-playbook"), *words],
            cwd=ROOT,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout
        return ran.stdout

    @contextmanager
    def directory(self, dn: str, secret: str) -> Iterator[Any]:
        """Bind over TLS, with a password that the control node keeps."""
        authority = str(self.state / "ca" / "ca.pem")
        names = [f"ldap.{self.domain}"]
        tls = ldap3.Tls(ca_certs_file=authority, validate=ssl.CERT_REQUIRED, valid_names=names)
        server = ldap3.Server(f"{self.subnet}.10", port=636, use_ssl=True, tls=tls, get_info=ldap3.NONE)
        password = (self.state / secret).read_text(encoding="utf-8").strip()
        connection = ldap3.Connection(server, dn, password, auto_bind=True, auto_range=False, check_names=False)
        try:
            yield connection
        finally:
            connection.unbind()


@pytest.fixture(scope="session")
def province_of() -> Callable[[str], Province]:
    """Return what finds an estate's lab."""
    labs = yaml.safe_load((Path(__file__).parents[1] / "vars" / "labs.yml").read_text(encoding="utf-8"))["labs"]
    return {lab["estate"]: Province(**lab) for lab in labs}.__getitem__
