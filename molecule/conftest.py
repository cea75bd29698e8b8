"""What every scenario's tests see of a lab: its names, its certificate authority, its people and their clients.

Tests run on the control node and speak to the machines from outside, over the lab's network, with the estate's
own names: those are resolved here as the lab's DNS would, because the control node does not ask that DNS.
"""

from __future__ import annotations

import imaplib
import json
import os
import secrets
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import ldap3
import pytest
import testinfra
import yaml

from .folders import find
from .reach import chosen_password

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from testinfra.host import Host

ROOT = Path(__file__).resolve().parent.parent
ESTATE = os.environ.get("CONGVU_ESTATE", "thuathienhue")
INVENTORY = ROOT / "inventories" / ESTATE
_SAID = yaml.safe_load((INVENTORY / "group_vars" / "all.yml").read_text(encoding="utf-8"))
DOMAIN: str = _SAID["estate_domain"]
SUFFIX: str = _SAID["estate_suffix"]
FAILURES = ROOT / ".state" / "failures"
FAILURE_LINES = 40  # of the trace, from its end, where the reason stands
PARTNER = "lan@doitac.example"
PARTNER_MX = "mx.doitac.example"


@dataclass(frozen=True)
class Lab:
    """One running lab."""

    name: str
    subnet: str

    @property
    def state(self) -> Path:
        """Where the control node keeps the lab's secrets and certificate authority."""
        return Path(os.environ.get("CONGVU_STATE", ROOT / ".state" / self.name))

    @property
    def mail_address(self) -> str:
        """IPv4 address of the estate's machine."""
        return f"{self.subnet}.10"

    @property
    def outside_address(self) -> str:
        """IPv4 address of the outside world's machine."""
        return f"{self.subnet}.20"

    @property
    def browser_address(self) -> str:
        """IPv4 address of the machine on which people sit at a browser."""
        return f"{self.subnet}.30"

    def secret(self, name: str) -> str:
        """Return one of the lab's secrets."""
        return (self.state / "secrets" / name).read_text(encoding="utf-8").strip()

    def password(self, uid: str) -> str:
        """Return the password of a person, who changes the first one before its first use."""
        return chosen_password(self.state, self.mail_address, DOMAIN, SUFFIX, uid)

    def tls(self) -> ssl.SSLContext:
        """Return a client context that trusts the lab's authority and nobody else."""
        return ssl.create_default_context(cafile=str(self.state / "ca" / "ca.pem"))

    def playbook(self, name: str, *words: str, **given: object) -> subprocess.CompletedProcess[str]:
        """Run a playbook as an operator does, with these variables and the lab's secrets; it must not crash."""
        own = {"estate_secrets": self.state / "secrets", "directory_ca_file": self.state / "ca" / "ca.pem"}
        variables = json.dumps({"estate_state": self.state, **own, **given}, default=str)
        tool = str(Path(sys.executable).with_name("ansible-playbook"))
        command = [tool, f"playbooks/{name}.yml", "-e", variables, *words]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        return done

    def address_of(self, name: str) -> str | None:
        """Resolve a name of the lab as its DNS does."""
        if name == PARTNER_MX:
            return self.outside_address
        if name == DOMAIN or name.endswith("." + DOMAIN):
            return self.mail_address
        return None

    def imap(self, user: str, password: str, host: str = f"imap.{DOMAIN}") -> imaplib.IMAP4_SSL:
        """Sign in over IMAP with TLS, or leave no connection behind."""
        client = imaplib.IMAP4_SSL(host, ssl_context=self.tls(), timeout=30)
        try:
            client.login(user, password)
        except (imaplib.IMAP4.error, OSError):
            client.shutdown()
            raise
        return client

    def submission(self, user: str, password: str, host: str = f"smtp.{DOMAIN}") -> smtplib.SMTP_SSL:
        """Sign in for sending over implicit TLS (RFC 8314), or leave no connection behind."""
        client = smtplib.SMTP_SSL(host, 465, context=self.tls(), timeout=60)
        try:
            client.login(user, password)
        except (smtplib.SMTPException, OSError):
            client.close()
            raise
        return client

    def ldap(self, dn: str | None = None, password: str | None = None) -> ldap3.Connection:
        """Connect to the directory over TLS and bind, anonymously without a name."""
        tls = ldap3.Tls(ca_certs_file=str(self.state / "ca" / "ca.pem"), validate=ssl.CERT_REQUIRED)
        server = ldap3.Server(f"ldap.{DOMAIN}", port=636, use_ssl=True, tls=tls, get_info=ldap3.NONE)
        return ldap3.Connection(server, dn, password, auto_bind=True, auto_range=False, check_names=False)

    def service(self, name: str) -> ldap3.Connection:
        """Bind as one of the estate's service accounts."""
        return self.ldap(f"cn={name},ou=services,{SUFFIX}", self.secret(f"ldap-{name}"))

    @contextmanager
    def session(self, name: str) -> Iterator[Any]:  # the published types cover half a connection
        """Bind as one of the service accounts, and say good-bye in the end."""
        connection = self.service(name)
        try:
            yield connection
        finally:
            connection.unbind()


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in: stable id, address, agency."""

    uid: str
    address: str
    agency: str
    lab: Lab

    @property
    def password(self) -> str:
        """The password that they chose at their first sign-in, which is now if it was not before."""
        return self.lab.password(self.uid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Read the journals last, when there is something in them; Molecule puts files in the order of their names."""
    items.sort(key=lambda item: item.path.parts[-3] == "shared")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what fails in a file as well, for the end of a run in which several scenarios speak at once."""
    scenario = os.environ.get("MOLECULE_SCENARIO_NAME")
    if scenario and report.failed:
        FAILURES.mkdir(parents=True, exist_ok=True)
        with (FAILURES / f"{scenario}.txt").open("a", encoding="utf-8") as file:
            words = report.longreprtext.splitlines()[-FAILURE_LINES:]
            file.write("\n".join((f"{scenario}: {report.nodeid} ({report.when})", *words, "", "")))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let a test that asks for ``any_machine`` run on each machine of its scenario."""
    if "any_machine" in metafunc.fixturenames:
        lab = os.environ.get("CONGVU_LAB", "congvu")
        names = os.environ.get("CONGVU_MACHINES", f"{lab}-mail {lab}-outside").split()
        metafunc.parametrize("any_machine", names, indirect=True)


@pytest.fixture
def any_machine(request: pytest.FixtureRequest) -> Host:
    """Return one machine after the other."""
    return testinfra.get_host(f"podman://{request.param}")


@pytest.fixture(scope="session", autouse=True)
def plain_ansible() -> Iterator[None]:
    """Let playbooks that tests start speak as the checkout's own ansible.cfg says, without Molecule's colours."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ANSIBLE_") and name != "ANSIBLE_STRATEGY"]:
            patch.delenv(name)
        patch.setenv("ANSIBLE_NOCOLOR", "true")
        patch.setenv("ANSIBLE_INVENTORY", f"{INVENTORY},{ROOT / 'inventories' / 'lab'}")
        yield


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """Return the lab that CONGVU_LAB names, with its host names resolvable for this process."""
    running = Lab(os.environ.get("CONGVU_LAB", "congvu"), os.environ.get("CONGVU_LAB_SUBNET", "198.18.0"))
    resolve = socket.getaddrinfo

    def of_the_lab(host: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - getaddrinfo's own shape
        return resolve(running.address_of(str(host)) or host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", of_the_lab)
        yield running


@pytest.fixture(scope="session")
def mail(lab: Lab) -> Host:
    """Return the estate's machine."""
    return testinfra.get_host(f"podman://{lab.name}-mail")


@pytest.fixture(scope="session")
def outside(lab: Lab) -> Host:
    """Return the outside world's machine."""
    return testinfra.get_host(f"podman://{lab.name}-outside")


@pytest.fixture(scope="session")
def people(lab: Lab) -> list[Person]:
    """Return the people who may sign in, by uid, as the directory has them."""
    directory = lab.service("reconciler")
    directory.search(
        f"ou=agencies,{SUFFIX}",
        "(&(objectClass=inetOrgPerson)(congvuState=active))",
        attributes=["uid", "mail"],
    )
    found = [
        (entry["dn"], entry["raw_attributes"]["uid"][0].decode(), entry["raw_attributes"]["mail"][0].decode())
        for entry in cast("list[dict[str, Any]]", directory.response)
        if entry["type"] == "searchResEntry"
    ]
    directory.unbind()
    return [
        Person(uid, address, dn.lower().split(",ou=agencies,")[0].rpartition("ou=")[2], lab)
        for dn, uid, address in sorted(found, key=lambda row: row[1])
    ]


@pytest.fixture(scope="session")
def person(people: list[Person]) -> Person:
    """Return somebody."""
    return people[0]


@pytest.fixture(scope="session")
def colleague(people: list[Person]) -> Person:
    """Return somebody else."""
    return people[1]


@pytest.fixture
def word() -> str:
    """Return a word that occurs nowhere else, to know a letter by."""
    return "w" + secrets.token_hex(8)


@pytest.fixture
def letter(word: str) -> Callable[..., EmailMessage]:
    """Return a maker of letters whose subject ends with the test's word."""

    def make(sender: str, recipient: str, subject: str = "Thử", body: str = "Kính gửi.") -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, recipient, f"{subject} {word}"
        message["Message-ID"] = f"<{word}@{sender.rpartition('@')[2]}>"
        message["Date"] = formatdate(localtime=True)
        message.set_content(body)
        return message

    return make


@pytest.fixture(scope="session")
def wait_for(lab: Lab) -> Callable[..., EmailMessage | None]:
    """Return a reader that waits for a letter by a word of its subject, None when it does not come."""

    def read(
        user: str, password: str, word: str, *, seconds: float = 30, folder: str = "INBOX", **where: str
    ) -> EmailMessage | None:
        deadline = time.monotonic() + seconds
        with lab.imap(user, password, **where) as client:
            while time.monotonic() < deadline:
                client.select(f'"{folder}"', readonly=True)
                if found := find(client, "SUBJECT", word):
                    data = client.uid("FETCH", found[-1], "(BODY.PEEK[])")[1]
                    raw = next(part[1] for part in data if isinstance(part, tuple))
                    return message_from_bytes(raw, policy=policy.default)
                time.sleep(0.5)
        return None

    return read
