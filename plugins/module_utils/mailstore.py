"""Agency mailboxes in the mail store: what is there, what should be, and the commands that lie between.

A mailbox's INBOX carries the rights of its access levels; every other folder inherits them, or holds a copy that
Dovecot made when the folder was created. So a folder is right if each level is absent from it or says the same,
and if nobody else has rights there: those of an agency mailbox come from the registry alone.

The store is reached through doveadm's HTTP API (https://doc.dovecot.org/latest/core/admin/doveadm.html#http-api):
one request carries many commands, so that a command costs three milliseconds and not a process.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

INBOX = "INBOX"
SHARED = "Shared/"
OWNER = "owner"
BATCH = 100  # commands a request: each is answered in time even by a store that has much else to do
CONNECTIONS = 4  # each is answered by a process of its own, which waits for the directory half of its time
NO_SUCH_USER = 67  # EX_NOUSER of sysexits.h
_SHARED_WITH = "shared/shared-boxes/group/"


class StoreError(Exception):
    """The store refused a request, or could not be reached; the text is for the administrator."""


class UnknownMailboxError(StoreError):
    """The directory knows no such mailbox, or it is purged."""


@dataclass(frozen=True, slots=True)
class Command:
    """One doveadm command: its name in the API and its parameters."""

    name: str
    parameters: Mapping[str, Any]


class Store(Protocol):
    """Whoever executes doveadm commands and returns the rows of each."""

    def ask(self, commands: Sequence[Command]) -> list[list[dict[str, str]]]:
        """Execute commands that change nothing, in whatever order, and answer in theirs."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The rights that a folder itself carries, by identifier (``group=snv:clerk``); the owner's left out."""

    rights: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Create:
    """Create a folder."""

    mailbox: str
    folder: str

    def command(self) -> Command:
        """Return the doveadm command."""
        return Command("mailboxCreate", {"user": self.mailbox, "mailbox": [self.folder], "subscriptions": True})

    def __str__(self) -> str:
        """Render for a report."""
        return f"create {self.mailbox}/{self.folder}"


@dataclass(frozen=True, slots=True)
class Grant:
    """Give an identifier exactly these rights on a folder."""

    mailbox: str
    folder: str
    identifier: str
    rights: tuple[str, ...]

    def command(self) -> Command:
        """Return the doveadm command."""
        parameters = {"user": self.mailbox, "mailbox": self.folder, "id": self.identifier, "right": list(self.rights)}
        return Command("aclSet", parameters)

    def __str__(self) -> str:
        """Render for a report."""
        return f"grant {self.mailbox}/{self.folder} {self.identifier}: {' '.join(self.rights)}"


@dataclass(frozen=True, slots=True)
class Install:
    """Put a Sieve script into a mailbox and let it work; people cannot reach it, as nobody signs in there."""

    mailbox: str
    name: str
    text: str

    def command(self) -> Command:
        """Return the doveadm command."""
        parameters = {"user": self.mailbox, "scriptname": self.name, "file": self.text, "activate": True}
        return Command("sievePut", parameters)

    def __str__(self) -> str:
        """Render for a report."""
        return f"install the Sieve script {self.name} of {self.mailbox}"


@dataclass(frozen=True, slots=True)
class Uninstall:
    """Take a Sieve script out of a mailbox."""

    mailbox: str
    name: str

    def command(self) -> Command:
        """Return the doveadm command."""
        return Command("sieveDelete", {"user": self.mailbox, "scriptname": [self.name], "ignoreActive": True})

    def __str__(self) -> str:
        """Render for a report."""
        return f"take out the Sieve script {self.name} of {self.mailbox}"


@dataclass(frozen=True, slots=True)
class Revoke:
    """Take every right on a folder from an identifier."""

    mailbox: str
    folder: str
    identifier: str

    def command(self) -> Command:
        """Return the doveadm command."""
        return Command("aclDelete", {"user": self.mailbox, "mailbox": self.folder, "id": self.identifier})

    def __str__(self) -> str:
        """Render for a report."""
        return f"revoke {self.mailbox}/{self.folder} {self.identifier}"


Change = Create | Grant | Revoke | Install | Uninstall
Mailboxes = dict[str, dict[str, Folder]]  # folders by name, by mailbox


def read(store: Store, mailboxes: Sequence[str]) -> Mailboxes:
    """Return what the store holds for each mailbox."""
    listed = store.ask([Command("mailboxList", {"user": mailbox}) for mailbox in mailboxes])
    places = [
        (mailbox, row["mailbox"])
        for mailbox, rows in zip(mailboxes, listed, strict=True)
        for row in rows
        if not (row["mailbox"] + "/").startswith(SHARED)
    ]
    rights = store.ask([Command("aclGet", {"user": mailbox, "mailbox": folder}) for mailbox, folder in places])
    found: Mailboxes = {mailbox: {} for mailbox in mailboxes}
    for (mailbox, folder), rows in zip(places, rights, strict=True):
        found[mailbox][folder] = Folder(
            {
                row["id"]: frozenset(right for right in row["rights"].split() if right != "-")
                for row in rows
                if row["id"] != OWNER
            }
        )
    return found


def known(store: Store, mailboxes: Sequence[str]) -> list[str]:
    """Return those that there still are: what is purged or removed has no rights to be taken back."""

    def is_there(mailbox: str) -> bool:
        try:
            store.ask([Command("user", {"userMask": [mailbox]})])
        except UnknownMailboxError:
            return False
        return True

    return [mailbox for mailbox in mailboxes if is_there(mailbox)]


def opened_before(sharing_map: Path) -> set[str]:
    """Return the people whose mail others may read: they share for reading alone, as no mailbox of several does.

    Dovecot keeps a line `shared/shared-boxes/group/tth00018:read/tth00018` for each group, and another with its value.
    """
    groups: dict[str, set[str]] = {}
    try:
        text = sharing_map.read_text(encoding="utf-8")
    except FileNotFoundError:
        return set()
    for line in text.splitlines():
        if line.startswith(_SHARED_WITH):
            group, _, owner = line.removeprefix(_SHARED_WITH).rpartition("/")
            groups.setdefault(owner, set()).add(group)
    return {owner for owner, found in groups.items() if found == {f"{owner}:read"}}


def plan(
    found: Mailboxes,
    levels: Mapping[str, Sequence[str]],
    folders: Iterable[str],
    own: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]] | None = None,
) -> tuple[Change, ...]:
    """Return what brings each mailbox to its standard folders and its access levels.

    ``own`` are folders of single mailboxes that carry rights of their own, by identifier. Folders come before the
    rights of INBOX: made earlier they inherit, made later each would hold a copy.
    """
    standard = set(folders)
    changes: list[Change] = []
    for mailbox, existing in sorted(found.items()):
        wanted = {f"group={mailbox}:{level}": tuple(sorted(rights)) for level, rights in sorted(levels.items())}
        mine = (own or {}).get(mailbox, {})
        changes.extend(Create(mailbox, folder) for folder in sorted(standard | mine.keys()) if folder not in existing)
        changes.extend(_rights(mailbox, INBOX, existing.get(INBOX, Folder()), wanted))
        for name, rights in sorted(mine.items()):
            changes.extend(_rights(mailbox, name, existing.get(name, Folder()), rights))
        for name, folder in sorted(existing.items()):
            if name != INBOX and name not in mine:
                kept = {identifier: rights for identifier, rights in wanted.items() if identifier in folder.rights}
                changes.extend(_rights(mailbox, name, folder, kept))
    return tuple(changes)


def scripts(store: Store, mailboxes: Sequence[str], name: str) -> dict[str, str | None]:
    """Return the Sieve script of that name at work in each mailbox; None where there is none."""
    listed = store.ask([Command("sieveList", {"user": mailbox}) for mailbox in mailboxes])
    active = [
        mailbox
        for mailbox, rows in zip(mailboxes, listed, strict=True)
        if any(row["script"] == name and row.get("active") for row in rows)
    ]
    texts = store.ask([Command("sieveGet", {"user": mailbox, "scriptname": name}) for mailbox in active])
    found = {mailbox: rows[0]["sieve script"] for mailbox, rows in zip(active, texts, strict=True)}
    return {mailbox: found.get(mailbox) for mailbox in mailboxes}


def plan_script(found: Mapping[str, str | None], name: str, text: str) -> tuple[Change, ...]:
    """Return what gives each mailbox a Sieve script, or takes it out where the text is empty."""
    if text:
        return tuple(Install(mailbox, name, text) for mailbox, there in sorted(found.items()) if there != text)
    return tuple(Uninstall(mailbox, name) for mailbox, there in sorted(found.items()) if there is not None)


def _rights(mailbox: str, name: str, folder: Folder, wanted: Mapping[str, tuple[str, ...]]) -> Iterator[Change]:
    """Compare a folder's rights with exactly these."""
    for identifier, held in sorted(folder.rights.items()):
        # Negative rights live beside the positive ones of an identifier: a grant alone would leave them.
        if identifier not in wanted or any(right.startswith("-") for right in held):
            yield Revoke(mailbox, name, identifier)
    for identifier, rights in wanted.items():
        if folder.rights.get(identifier) != frozenset(rights):
            yield Grant(mailbox, name, identifier, rights)


class Doveadm:
    """doveadm's HTTP API on a Unix socket."""

    def __init__(self, path: str, key: str, timeout: float = 60) -> None:
        """Remember where the socket is and what opens it; ``timeout`` is in seconds, for one request."""
        self._path = path
        self._authorization = "X-Dovecot-API " + base64.b64encode(key.encode()).decode()
        self._timeout = timeout

    def ask(self, commands: Sequence[Command]) -> list[list[dict[str, str]]]:
        """Execute commands that change nothing, over a few connections at once; one that fails raises StoreError."""
        size = -(-len(commands) // CONNECTIONS) or 1
        shares = [commands[start : start + size] for start in range(0, len(commands), size)]
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            return [rows for answers in pool.map(self.call, shares) for rows in answers]

    def call(self, commands: Sequence[Command]) -> list[list[dict[str, str]]]:
        """Execute the commands in order, a hundred a request; the first that fails raises StoreError."""
        answers: list[list[dict[str, str]]] = []
        for start in range(0, len(commands), BATCH):
            batch = commands[start : start + BATCH]
            answers.extend(map(rows_of, batch, self._post(batch)))
        return answers

    def _post(self, commands: Sequence[Command]) -> list[Any]:
        """Send one request."""
        # doveadm 2.4.1 crashes on an empty tag.
        body = json.dumps([[command.name, command.parameters, str(tag)] for tag, command in enumerate(commands)])
        connection = _UnixConnection(self._path, self._timeout)
        try:
            connection.request(
                "POST",
                "/doveadm/v1",
                body,
                {"Authorization": self._authorization, "Content-Type": "application/json"},
            )
            response = connection.getresponse()
            text = response.read()
        except OSError as error:
            message = f"doveadm does not answer on {self._path}: {error}. Is Dovecot running?"
            raise StoreError(message) from error
        finally:
            connection.close()
        if response.status != http.client.OK:
            message = f"doveadm on {self._path} answers {response.status} {response.reason}."
            raise StoreError(message)
        answers = json.loads(text)
        if len(answers) != len(commands):
            message = f"doveadm answered {len(answers)} of {len(commands)} commands."
            raise StoreError(message)
        return list(answers)


def rows_of(command: Command, answer: Sequence[Any]) -> list[dict[str, str]]:
    """Return the rows of a command's answer, or raise what it failed with."""
    kind, content = answer[0], answer[1]
    if kind == "doveadmResponse":
        return list(content)
    mailbox = command.parameters.get("user") or " ".join(command.parameters["userMask"])
    if content.get("exitCode") == NO_SUCH_USER:
        message = f"The directory knows no mailbox {mailbox}. Apply the registry to the directory first."
        raise UnknownMailboxError(message)
    message = f"{command.name} of {mailbox}/{command.parameters.get('mailbox', '')} failed: {json.dumps(content)}."
    raise StoreError(message)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        """Remember the socket's path."""
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
