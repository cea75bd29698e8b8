"""Asking the living estate what the controls want to know, as often as needed and no more.

Commands run on the hosts before, all of a host in one go; what they said comes in here. The directory is read once, and
dialogues with servers are had side by side from the control node.
"""

from __future__ import annotations

import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from . import dialogues
from .compliance import Answer, SilentError
from .controls import filled_in
from .dialogues import Server
from .directory import DeniedError, DirectoryError, LdapDirectory
from .values import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from .controls import Check, Control
    from .directory import Access
    from .measures import Measures

CONTROL_NODE = "máy điều khiển"
DIRECTORY = "thư mục LDAP"
AT_ONCE = 12  # dialogues
_IMAGE = 200  # characters of a failed command's words
_NOT_THERE = (
    127  # a shell's exit status where there is no such command, and a control's where there is nothing to look at
)
_NO_UNIT = 4  # systemctl(1): there is no such unit
VERSIONS = "versions"  # the command that every host is asked for besides
PACKAGES = (
    "slapd",
    "postfix",
    "dovecot-core",
    "rspamd",
    "clamav-daemon",
    "valkey-server",
    "roundcube-core",
    "nginx",
    "unbound",
    "restic",
    "fail2ban",
)
# Asks the machine's own resolver, as its programs do; no DNS library is needed there.
_RESOLVER = """
import socket, sys
try:
    c = socket.create_connection(("127.0.0.1", 53), timeout=10)
except OSError:
    sys.exit(127)
c.sendall(bytes.fromhex(sys.argv[1]))
print(c.makefile("rb").read(int.from_bytes(c.recv(2), "big")).hex())
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that hosts of a group run."""

    id: str
    group: str
    argv: tuple[str, ...]
    input: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A host of the estate: where it is, and what its commands said, by the command's id; ``silent`` if it did not."""

    name: str
    address: str
    groups: tuple[str, ...]
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    silent: str = ""


def commands(controls: Iterable[Control], facts: Mapping[str, object]) -> list[Command]:
    """Give what the hosts are to be asked, once each."""
    wanted = [
        command(check, facts) for control in controls for check in control.checks if check.kind in ("command", "dns")
    ]
    wanted.append(
        Command(VERSIONS, "estate", ("dpkg-query", "--show", "--showformat=${Package} ${Version}\\n", *PACKAGES))
    )
    return list({each.id: each for each in wanted}.values())


def command(check: Check, facts: Mapping[str, object]) -> Command:
    """Give the command of a check; a question of DNS is one, too."""
    ask = filled_in(check.ask, facts)
    if check.kind == "dns":
        query = dns.message.make_query(ask["name"], ask["type"], id=0)
        query.flags |= dns.flags.AD
        wire = query.to_wire()
        argv = ("python3", "-c", _RESOLVER, (len(wire).to_bytes(2, "big") + wire).hex())
        return Command(_id(ask["group"], argv), ask["group"], argv)
    said = re.sub(r"\\n ?", "\n", ask.get("input", ""))
    argv = tuple(ask["argv"])
    return Command(_id(ask["group"], (*argv, said)), ask["group"], argv, said)


def _id(group: str, words: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([group, *words]).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Inquiry:
    """Everything that can be asked."""

    hosts: Sequence[Asked]
    measures: Measures
    accesses: Mapping[str, Access]  # by account: reconciler, auditor
    ca_file: Path | None
    facts: Mapping[str, object]
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    _had: dict[str, list[Answer]] = field(default_factory=dict)

    def begin(self, controls: Iterable[Control]) -> None:
        """Have all dialogues at once: each waits for the other side most of the time."""
        found = {
            _key(check): check
            for control in controls
            for check in control.checks
            if check.kind in _DIALOGUES or check.kind == "directory"
        }
        with ThreadPoolExecutor(AT_ONCE) as pool:
            self._had.update(zip(found, pool.map(self._ask, found.values()), strict=True))

    def __call__(self, check: Check) -> list[Answer]:
        """Give what was answered to a check."""
        return self._had.get(_key(check)) or self._ask(check)

    def _ask(self, check: Check) -> list[Answer]:
        match check.kind:
            case "measure":
                return [self._measured(str(check.ask))]
            case "directory":
                return [self._searched(filled_in(check.ask, self.facts))]
            case "command" | "dns":
                return self._commanded(check)
        ask = filled_in(check.ask, self.facts)
        return [self._dialogue(check.kind, ask, host) for host in self.hosts if ask["group"] in host.groups]

    def _measured(self, name: str) -> Answer:
        asked = f"đối chiếu sổ đăng ký, thư mục và hồ sơ ({name})"
        try:
            return Answer(CONTROL_NODE, asked, self.now(), self.measures[name])
        except SilentError as error:
            return Answer(CONTROL_NODE, asked, self.now(), silent=str(error))

    def _searched(self, ask: Mapping[str, Any]) -> Answer:
        account = ask.get("as", "reconciler")
        where = "".join(f"({name}={'|'.join(values)})" for name, values in ask["where"].items())
        asked = f"tìm {where} dưới {ask['base']}, bằng tài khoản {account}"
        access = self.accesses[account]
        if not (access.password_file and access.password_file.exists()) and access.uri.startswith("ldaps:"):
            return Answer(
                DIRECTORY, asked, self.now(), silent=f"máy điều khiển không có mật khẩu của tài khoản {account}"
            )
        try:
            with LdapDirectory.connect(access) as directory:
                found = directory.find(ask["base"], ask["where"], ask["attributes"], ask.get("limit", 0))
        except (DirectoryError, OSError) as error:
            # Of the engine's own account that tells nothing of the estate.
            if isinstance(error, DeniedError) and account != "reconciler":
                return Answer(DIRECTORY, asked, self.now(), {"denied": True, "entries": []})
            return Answer(DIRECTORY, asked, self.now(), silent=f"thư mục không trả lời: {error}")
        entries = [
            {"dn": record.dn, **{name: list(values) for name, values in texts(record).items()}} for record in found
        ]
        return Answer(DIRECTORY, asked, self.now(), {"denied": False, "entries": entries})

    def _commanded(self, check: Check) -> list[Answer]:
        wanted = command(check, self.facts)
        asked = f"DNS: {' '.join(_question(check, self.facts))}" if check.kind == "dns" else " ".join(wanted.argv)
        return [self._answer(check, wanted, asked, host) for host in self.hosts if wanted.group in host.groups]

    def _answer(self, check: Check, wanted: Command, asked: str, host: Asked) -> Answer:
        said = host.answers.get(wanted.id)
        if host.silent or said is None:
            return Answer(host.name, asked, self.now(), silent=host.silent or "máy chủ chưa được hỏi câu này")
        at = datetime.fromisoformat(said["at"])
        if said["failed"]:
            return Answer(host.name, asked, at, silent=said["failed"])
        if said["exit"] in (_NOT_THERE, *([_NO_UNIT] if wanted.argv[0] == "systemctl" else [])):
            return Answer(host.name, asked, at, silent="máy chủ chưa có những gì được hỏi")
        if said["exit"] and not check.exits:
            words = said["err"].strip() or said["out"].strip()
            return Answer(host.name, asked, at, words[:_IMAGE], said["exit"])
        try:
            value = _records(said["out"]) if check.kind == "dns" else _read(said["out"], check.ask.get("reads", "text"))
        except (ValueError, dns.exception.DNSException) as error:
            return Answer(host.name, asked, at, silent=f"không hiểu được câu trả lời: {error}")
        return Answer(host.name, asked, at, value, said["exit"])

    def _dialogue(self, kind: str, ask: Mapping[str, Any], host: Asked) -> Answer:
        server = Server(host.address, ask.get("port", _PORTS.get(kind, 0)), ask.get("name", host.name), self.ca_file)
        asked = f"{kind} {server.name}:{server.port}{_DIALOGUES[kind][1](ask)}"
        at = self.now()
        if not host.address or (kind == "port" and host.silent):
            return Answer(host.name, asked, at, silent=host.silent or "không rõ địa chỉ của máy chủ (host_address)")
        try:
            return Answer(host.name, asked, at, _DIALOGUES[kind][0](server, ask))
        except (OSError, ValueError) as error:
            return Answer(host.name, asked, at, silent=f"không nói chuyện được với máy chủ: {error}")


def versions(host: Asked) -> dict[str, str]:
    """Give the versions of packages that a host told."""
    lines = str(host.answers.get(VERSIONS, {}).get("out", "")).splitlines()
    return dict(sorted((name, version) for name, _, version in (line.partition(" ") for line in lines) if version))


def _key(check: Check) -> str:
    return json.dumps([check.kind, check.ask], sort_keys=True)


def _question(check: Check, facts: Mapping[str, object]) -> tuple[str, str]:
    ask = filled_in(check.ask, facts)
    return ask["name"], ask["type"]


def _read(said: str, reading: str) -> object:
    match reading:
        case "lines":
            return [line for line in said.splitlines() if line.strip()]
        case "words":
            return said.split()
        case "number":
            return float(said.strip()) if "." in said else int(said.strip())
        case "json":
            return json.loads(said)
    return said.strip()


def _records(said: str) -> dict[str, Any]:
    """Read an answer of DNS: `records` as text, a TXT record in one piece, and whether it was `validated`."""
    answer = dns.message.from_wire(bytes.fromhex(said.strip()))
    wanted = answer.question[0].rdtype
    records = sorted(
        b"".join(rdata.strings).decode() if wanted == dns.rdatatype.TXT else rdata.to_text()
        for rrset in answer.answer
        for rdata in rrset
        if rdata.rdtype == wanted
    )
    return {
        "records": records,
        "validated": bool(answer.flags & dns.flags.AD),
        "code": dns.rcode.to_text(answer.rcode()),
    }


_PORTS = {"smtp": 25, "stranger": 636, "web": 443}
# How each dialogue is had, and what of it is told besides the server.
_DIALOGUES: Mapping[
    str, tuple[Callable[[Server, Mapping[str, Any]], dict[str, Any]], Callable[[Mapping[str, Any]], str]]
] = {
    "smtp": (
        dialogues.smtp,
        lambda ask: (
            f", từ <{ask.get('sender', '')}> đến <{ask['recipient']}>"
            + (f", trong thư: {ask['content']}" if "content" in ask else "")
        ),
    ),
    "tls": (lambda server, ask: dialogues.tls(server, ask.get("start", "at once")), lambda _: ", bắt tay TLS"),
    "clear": (lambda server, ask: dialogues.clear(server, ask["protocol"]), lambda _: ", trước khi mã hoá"),
    "web": (lambda server, ask: dialogues.web(server, ask["path"]), lambda ask: ask["path"]),
    "port": (lambda server, _: dialogues.port(server), lambda _: ", thử kết nối"),
    "stranger": (
        lambda server, ask: dialogues.stranger(server, ask["base"]),
        lambda ask: f", tìm dưới {ask['base']}, không đăng nhập",
    ),
}
