"""Let many people sign in at once, with a mail program and in the webmail, and show how long each of them waited.

python -m tests.bench.sign_ins [--people 500] [--estate thuathienhue] [--write]

Goes against a lab that runs: CONGVU_LAB and CONGVU_LAB_SUBNET name it, as for `make up`. The people are made for it in
the lab's directory, with digests of passwords as costly as everybody's, and removed in the end with their mail.
"""

from __future__ import annotations

import argparse
import http.client
import imaplib
import json
import os
import platform
import re
import secrets
import socket
import ssl
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import ldap3
import yaml
from argon2 import PasswordHasher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "sign-ins.md"
CODE = "do-tai"
MARK = {"congvuEstate": "bench", "congvuState": "active"}  # another estate's, so that no plan touches them
SERVERS = {"slapd": "directory", "dovecot": "mail store", "php8.4-fpm": "PHP", "nginx": "nginx"}  # by systemd's names
PATIENCE = 300  # seconds that anybody waits for one answer
# As slapd makes them (roles/directory): 19 MiB, two passes.
COST = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_TOKEN = re.compile(r'name="_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Lab:
    """The lab under test."""

    name: str
    address: str
    state: Path
    domain: str
    suffix: str

    @classmethod
    def of_environment(cls, estate: str) -> Lab:
        """Find it as the playbooks do."""
        said = yaml.safe_load((ROOT / "inventories" / estate / "group_vars" / "all.yml").read_text(encoding="utf-8"))
        name = os.environ.get("CONGVU_LAB") or "congvu"
        subnet = os.environ.get("CONGVU_LAB_SUBNET") or "198.18.0"
        state = Path(os.environ.get("CONGVU_STATE") or ROOT / ".state" / name)
        return cls(name, f"{subnet}.10", state, said["estate_domain"], said["estate_suffix"])

    @property
    def agency(self) -> str:
        """Where the people stand in the directory."""
        return f"ou={CODE},ou=agencies,{self.suffix}"

    def tls(self) -> ssl.SSLContext:
        """Trust the lab's authority and nobody else."""
        return ssl.create_default_context(cafile=str(self.state / "ca" / "ca.pem"))

    def directory(self) -> Any:  # noqa: ANN401 - the published types of ldap3 cover half of a connection
        """Sign in to the directory as the engine does."""
        tls = ldap3.Tls(ca_certs_file=str(self.state / "ca" / "ca.pem"), validate=ssl.CERT_REQUIRED)
        # The certificate names hosts, and here is an address.
        tls.valid_names = [f"ldap.{self.domain}"]
        server = ldap3.Server(self.address, port=636, use_ssl=True, tls=tls, get_info=ldap3.NONE)
        password = (self.state / "secrets" / "ldap-reconciler").read_text(encoding="utf-8").strip()
        dn = f"cn=reconciler,ou=services,{self.suffix}"
        return ldap3.Connection(server, dn, password, auto_bind=True, auto_range=False, check_names=False)

    def run(self, *words: str) -> str:
        """Run a command on the estate's machine, and return what it says."""
        command = ["podman", "exec", f"{self.name}-mail", *words]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603

    def used(self) -> dict[str, float]:
        """Return the seconds of a core that each server has used so far, and we ourselves."""
        said: dict[str, float] = json.loads(self.run("python3", "-c", _USED))
        return {unit: said[unit] for unit in SERVERS if unit in said} | {"people": time.process_time()}


# Ended processes are counted with those that started them.
_USED = r"""
import collections, glob, json, os, re
used = collections.Counter()
for path in glob.glob("/proc/[0-9]*/stat"):
    try:
        times = open(path).read().rpartition(")")[2].split()[11:15]
        unit = re.search(r"/system\.slice/([\w.-]+)\.service", open(path[:-4] + "cgroup").read())
    except OSError:
        continue
    used[unit[1] if unit else ""] += sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
print(json.dumps(used))
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """How it went: the seconds that each waited who got in, why others did not, the whole time, and what it cost."""

    what: str
    waits: tuple[float, ...]
    failures: tuple[str, ...]
    seconds: float
    used: Mapping[str, float]  # seconds of a core that all of them cost each server

    @property
    def cells(self) -> tuple[str, ...]:
        """Write the figures as people read them."""
        waits = sorted(self.waits) or [0.0]
        centiles = statistics.quantiles(waits, n=100) if len(waits) > 1 else waits * 99
        return (
            self.what,
            f"{len(self.waits) + len(self.failures):,}",
            *(f"{value:.1f} s" for value in (statistics.median(waits), centiles[94], waits[-1], self.seconds)),
            f"{len(self.waits) / self.seconds:,.0f}",
            f"{len(self.failures):,}",
        )

    @property
    def costs(self) -> tuple[str, ...]:
        """Write what one of them cost each server."""
        tried = len(self.waits) + len(self.failures)
        return (self.what, *(f"{1000 * self.used[unit] / tried:.0f} ms" for unit in (*SERVERS, "people")))


HEAD = ("what", "people", "median", "95 % within", "slowest", "all done", "a second", "failures")
COST_HEAD = ("of a core, for one person", *SERVERS.values(), "the person")


def main() -> None:
    """Make people, let them in, show."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sign_ins", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--people", type=int, default=500, help="people who sign in at once (default 500)")
    parser.add_argument("--estate", default="thuathienhue", help="whose lab it is (default thuathienhue)")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    lab, where = Lab.of_environment(given.estate), about()
    # Fewer bytes for each thread's stack: there are as many threads as people.
    threading.stack_size(512 * 1024)
    with people(lab, given.people) as (uids, password):
        figures = []
        for what, enter in (
            ("mail program: inbox, first time", imap),
            ("mail program: inbox", imap),
            ("webmail: list of letters, first time", webmail),
            ("webmail: list of letters", webmail),
        ):
            before = lab.used()
            waits, failures, seconds = at_once(uids, partial(enter, lab, lab.tls(), password))
            used = {unit: amount - before[unit] for unit, amount in lab.used().items()}
            figures.append(Figure(what, waits, failures, seconds, used))
            sys.stderr.write(f"bench: {'  '.join(figures[-1].cells)}\nbench: {'  '.join(figures[-1].costs)}\n")
            for reason in sorted(set(figures[-1].failures)):
                sys.stderr.write(f"bench: {figures[-1].failures.count(reason)} x {reason}\n")
    waited = table(HEAD, [figure.cells for figure in figures])
    cost = table(COST_HEAD, [figure.costs for figure in figures])
    sys.stdout.write("\n".join((*waited, "", *cost, "")))
    if given.write:
        PAGE.write_text("\n".join((_ABOVE, "", where, "", *waited, "", *cost, "", _NOTES)), encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Write a table of Markdown, the figures flush right."""
    return [f"| {' | '.join(head)} |", "|---|" + "--:|" * (len(head) - 1), *(f"| {' | '.join(row)} |" for row in rows)]


@contextmanager
def people(lab: Lab, number: int) -> Iterator[tuple[list[str], str]]:
    """Make an agency full of people, and remove it with their mail."""
    password = "Do-tai-" + secrets.token_hex(8)
    digest = "{ARGON2}" + COST.hash(password)
    uids = [f"{CODE}-{index:04}" for index in range(number)]
    directory = lab.directory()
    try:
        directory.add(lab.agency, ["organizationalUnit", "congvuObject"], {**MARK, "congvuId": f"agency:{CODE}"})
        for uid in uids:
            entry = {
                **MARK,
                "congvuId": f"person:{uid}",
                "cn": f"Người thử {uid}",
                "sn": "Người",
                "mail": f"{uid}@{lab.domain}",
                "congvuQuota": "1000000000",
                "userPassword": digest,
            }
            directory.add(f"uid={uid},{lab.agency}", ["inetOrgPerson", "congvuObject", "congvuMailbox"], entry)
            if directory.result["description"] != "success":
                message = f"The directory did not take {uid}: {directory.result}"
                raise RuntimeError(message)
        yield uids, password
    finally:
        for uid in uids:
            directory.delete(f"uid={uid},{lab.agency}")
        directory.delete(lab.agency)
        directory.unbind()
        lab.run("bash", "-c", f"rm -rf /var/vmail/*/*/{CODE}-*")


def at_once(
    uids: Sequence[str], enter: Callable[[str], AbstractContextManager[None]]
) -> tuple[tuple[float, ...], tuple[str, ...], float]:
    """Let everybody begin at the same moment and stay until the last one is in or has failed.

    Returns the seconds that each waited who got in, why others did not, and the seconds until the last one was done.
    """
    start, done = threading.Barrier(len(uids) + 1), threading.Barrier(len(uids) + 1)

    def one(uid: str) -> tuple[float, str]:
        start.wait()
        begun, reason = time.perf_counter(), ""
        try:
            with enter(uid):
                waited = time.perf_counter() - begun
                done.wait()
                return waited, ""
        except (OSError, imaplib.IMAP4.error, http.client.HTTPException, RuntimeError) as error:
            reason = re.sub(re.escape(uid), "…", f"{type(error).__name__}: {error}")[:120]
        done.wait()
        return time.perf_counter() - begun, reason

    with ThreadPoolExecutor(len(uids)) as pool:
        waiting = [pool.submit(one, uid) for uid in uids]
        start.wait()
        begun = time.perf_counter()
        done.wait()
        seconds = time.perf_counter() - begun
        ended = [each.result() for each in waiting]
    waits = tuple(waited for waited, reason in ended if not reason)
    return waits, tuple(reason for _, reason in ended if reason), seconds


class _Imap(imaplib.IMAP4):
    """A mail program that knows the host's address."""

    def __init__(self, lab: Lab, tls: ssl.SSLContext) -> None:
        self.lab, self.context = lab, tls
        super().__init__(f"imap.{lab.domain}", 993, PATIENCE)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self.lab.address, 993), timeout)
        return self.context.wrap_socket(plain, server_hostname=self.host)


@contextmanager
def imap(lab: Lab, tls: ssl.SSLContext, password: str, uid: str) -> Iterator[None]:
    """Open the inbox, and stay."""
    client = _Imap(lab, tls)
    try:
        client.login(f"{uid}@{lab.domain}", password)
        client.select("INBOX")
        yield
    finally:
        client.shutdown()


class _Https(http.client.HTTPSConnection):
    """A browser that knows the host's address."""

    def __init__(self, lab: Lab, tls: ssl.SSLContext) -> None:
        self.lab, self.context = lab, tls
        super().__init__(f"webmail.{lab.domain}", context=tls, timeout=PATIENCE)

    def connect(self) -> None:
        """Connect to the address under the name."""
        plain = socket.create_connection((self.lab.address, 443), self.timeout)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host)


@contextmanager
def webmail(lab: Lab, tls: ssl.SSLContext, password: str, uid: str) -> Iterator[None]:
    """Fill in the form, and read the page with the list of letters and the list itself, as a browser asks for them."""
    with closing(_Https(lab, tls)) as client:
        cookies: dict[str, str] = {}
        page = _ask(client, cookies, "GET", "/")
        token = _TOKEN.search(page)
        if token is None:
            message = "the page of sign-in has no form"
            raise RuntimeError(message)
        form = {
            "_task": "login",
            "_action": "login",
            "_token": token[1],
            "_user": f"{uid}@{lab.domain}",
            "_pass": password,
        }
        _ask(client, cookies, "POST", "/?_task=login", urlencode(form))
        if "messagelist" not in _ask(client, cookies, "GET", "/?_task=mail"):
            message = "signed in, and shown no letters"
            raise RuntimeError(message)
        _ask(client, cookies, "GET", "/?_task=mail&_action=list&_mbox=INBOX&_remote=1")
        yield


def _ask(client: _Https, cookies: dict[str, str], method: str, path: str, form: str | None = None) -> str:
    """Ask for a page and keep the cookies. Raises RuntimeError where neither a page nor the way to one comes."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Accept-Language": "vi"}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    client.request(method, path, form, headers)
    answer = client.getresponse()
    page = answer.read().decode()
    for cookie in answer.headers.get_all("Set-Cookie", ()):
        name, _, value = cookie.partition(";")[0].partition("=")
        cookies[name] = value
    if answer.status not in {http.client.OK, http.client.FOUND}:
        message = f"{method} was answered {answer.status}"
        raise RuntimeError(message)
    return page


def about() -> str:
    """Say where and when."""
    processor = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores ({processor[1] if processor else platform.machine()}), "
        f"{int(memory[1]) // 2**20 if memory else '?'} GiB, Linux {platform.release()}; load before the start "
        f"{os.getloadavg()[0]:.1f}. The people and all servers share them."
    )


_ABOVE = """\
# Signing in at once

Written by `python -m tests.bench.sign_ins --write` against a lab that runs; without `--write` it shows the same for
yours.

It is the worst minute of a day: a power cut is over, or it is eight o'clock, and everybody opens their mail at the
same moment."""

_NOTES = """\
- **Median**, **95 % within** and **slowest** are what people wait, from the first packet to the inbox or the list of
  letters. All stay signed in until the last one is in.
- The first time, the mail store makes each mailbox and the webmail each account; later it finds them.
- A check of a password costs the directory some 20 to 30 ms of a core, which is meant: for whoever signs in and for
  whoever guesses. That one was right is remembered as long as the entry in the directory stays the same
  ([ADR 24](../adr/0024-a-right-password-is-remembered-with-its-entry.md)), so the webmail's further clicks cost next
  to nothing there; an account that is disabled is out at once.
- Whoever is in goes first: the webmail has PHP processes for those who are signing in (`webmail_door_processes`), and
  others for those who are in (`webmail_processes`). People come in one after the other, and work while the rest waits.
- IMAP processes serve one session after another; to start one for each click cost more than the session.
- What is left is PHP, a third of it for `open_basedir`: the files that PHP touches are held against a list each time.
"""

if __name__ == "__main__":
    main()
