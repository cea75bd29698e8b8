"""Tell Postfix whether somebody may write to a distribution list, before the letter is accepted.

Postfix's own tables know one key at a time; here two decide: the list, and the person who signed in to send. Who may
write to a list stands in the directory: a circle of senders on the list's entry (`anyone`, `inside`, `members`), and
whoever is named besides on the writers' own entries.

It speaks Postfix's policy delegation protocol on the socket that systemd hands over. What the directory cannot answer
is a temporary failure: the letter waits with its sender. SMTP replies are ASCII (RFC 5321, section 4.2), so Vietnamese
stands in them without its marks.
"""

from __future__ import annotations

import json
import socket
import socketserver
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import ldap3
from ldap3.core.exceptions import LDAPException
from ldap3.core.results import RESULT_SIZE_LIMIT_EXCEEDED, RESULT_SUCCESS
from ldap3.utils.conv import escape_filter_chars

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from io import BufferedIOBase

LISTENER = 3  # the first file descriptor that systemd passes
LONGEST_LINE = 4096  # bytes of one attribute; Postfix's addresses and names are shorter
MOST_LINES = 100  # attributes of one request
PATIENCE = 10  # seconds for one question
DELIMITER = "+"  # what follows it before the '@' is the receiver's own business

ACCEPT = "DUNNO"
UNKNOWN = "550 5.1.1 There is no such list. Khong co danh sach nay."
OUTSIDE = "550 5.7.1 This list takes no letters from outside. Danh sach nay khong nhan thu tu ben ngoai."
NOT_YOU = "550 5.7.1 You may not write to this list. Ban khong duoc gui thu toi danh sach nay."
NOTICE = "550 5.7.1 This list takes no automatic notices. Danh sach nay khong nhan thu bao tu dong."
NOBODY = "550 5.2.4 This list has no members at present. Danh sach nay hien khong co ai."
MOVING = "450 4.2.1 A member's address is being moved: try again. Dia chi thanh vien dang chuyen, xin gui lai sau."
SILENT = "450 4.3.0 The directory does not answer: try again. Danh ba chua tra loi, xin gui lai sau."


class NoAnswerError(Exception):
    """The directory could not say."""


@dataclass(frozen=True)
class MailingList:
    """A list that takes letters: its name, and the circles that may write to it."""

    name: str
    circles: frozenset[str]


@dataclass(frozen=True)
class Account:
    """Somebody active: the lists of which the person is a member, and those to which the person may write."""

    lists: frozenset[str]
    writes: frozenset[str]


class Directory(Protocol):
    """Something that knows lists and people. Each question raises NoAnswerError if it cannot be answered."""

    def list_at(self, address: str) -> MailingList | None:
        """Return the list that has this address."""

    def account(self, login: str) -> Account | None:
        """Return the active person who signs in so."""

    def has_members(self, name: str) -> bool:
        """Return whether anybody active is in a list."""

    def misses_somebody(self, name: str) -> bool:
        """Return whether an active member of a list has no address at this moment."""


def decide(request: Mapping[str, str], directory: Directory) -> str:
    """Return what Postfix is to do with one recipient."""
    try:
        return _decide(request, directory)
    except NoAnswerError as error:
        sys.stderr.write(f"<5>{request.get('recipient', '')}: {error}\n")
        return SILENT


def _decide(request: Mapping[str, str], directory: Directory) -> str:
    listed = directory.list_at(bare(request.get("recipient", "")))
    if listed is None:
        return UNKNOWN
    # Nobody answers for a letter without a sender: a bounce, or an absence notice that would go on for ever.
    if not request.get("sender"):
        return NOTICE
    login = request.get("sasl_username", "")
    if "anyone" not in listed.circles:
        if not login:
            return OUTSIDE
        account = directory.account(login)
        if account is None or not may_write(account, listed):
            return NOT_YOU
    if not directory.has_members(listed.name):
        return NOBODY
    return MOVING if directory.misses_somebody(listed.name) else ACCEPT


def may_write(account: Account, listed: MailingList) -> bool:
    """Return whether somebody is in a circle of the list, or named."""
    return (
        "inside" in listed.circles
        or ("members" in listed.circles and listed.name in account.lists)
        or listed.name in account.writes
    )


def bare(address: str) -> str:
    """Return an address in lower case without what follows the delimiter."""
    local, at, domain = address.lower().rpartition("@")
    return f"{local.split(DELIMITER, 1)[0]}{at}{domain}"


class LiveDirectory:
    """The directory servers of the estate, asked anew for each recipient: lists are few, and what holds is current."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Take the servers, the account, and the places of the mailboxes and of what the engine remembers."""
        self._settings = settings

    def list_at(self, address: str) -> MailingList | None:
        """Return the active list that has this address."""
        found = self._search("(&(objectClass=congvuMailingList)(congvuState=active)(mailLocalAddress=%s))", address)
        return next((MailingList(entry["cn"][0], frozenset(entry.get("congvuWriters", ()))) for entry in found), None)

    def account(self, login: str) -> Account | None:
        """Return the active person who signs in so."""
        question = "(&(objectClass=congvuMailbox)(congvuState=active)(|(uid=%s)(mail=%s)))"
        for entry in self._search(question, login, login):
            return Account(frozenset(entry.get("congvuList", ())), frozenset(entry.get("congvuListWriter", ())))
        return None

    def has_members(self, name: str) -> bool:
        """Return whether anybody active is in a list."""
        return bool(self._search("(&(objectClass=congvuMailbox)(congvuState=active)(congvuList=%s))", name))

    def misses_somebody(self, name: str) -> bool:
        """Return whether an active member of a list has no address at this moment.

        All members are looked through only while the engine says that some address is under way.
        """
        question = "(&(objectClass=congvuMailbox)(congvuState=active)(congvuList=%s)(!(mail=*)))"
        return bool(self._search("(congvuTransit=*)", base="control") and self._search(question, name))

    def _search(self, question: str, *values: str, base: str = "base") -> list[dict[str, list[str]]]:
        """Return the first entry that fits, if there is one: more than one is never asked for."""
        wanted = ["cn", "congvuWriters", "congvuList", "congvuListWriter"]
        text = question % tuple(map(escape_filter_chars, values))
        error: Exception | None = None
        for uri in self._settings["uris"]:
            try:
                return self._ask(uri, self._settings[base], text, wanted)
            except LDAPException as caught:
                error = caught
        raise NoAnswerError(str(error)) from error

    def _ask(self, uri: str, base: str, text: str, wanted: list[str]) -> list[dict[str, list[str]]]:
        settings = self._settings
        tls = ldap3.Tls(ca_certs_file=settings["ca_file"], validate=ssl.CERT_REQUIRED)
        server = ldap3.Server(uri, tls=tls, connect_timeout=PATIENCE, get_info=ldap3.NONE)
        with ldap3.Connection(
            server,
            settings["bind_dn"],
            settings["bind_password"],
            auto_bind=True,
            receive_timeout=PATIENCE,
            auto_range=False,
            check_names=False,
            return_empty_attributes=False,
        ) as connection:
            connection.search(base, text, attributes=wanted, size_limit=1)
            if connection.result["result"] not in {RESULT_SUCCESS, RESULT_SIZE_LIMIT_EXCEEDED}:
                raise NoAnswerError(connection.result["description"])
            return [
                {name: [value.decode() for value in values] for name, values in entry["raw_attributes"].items()}
                for entry in connection.response
                if entry["type"] == "searchResEntry"
            ]


def requests(stream: BufferedIOBase) -> Iterator[dict[str, str]]:
    """Yield each request until the peer hangs up or says what is none."""
    said: dict[str, str] = {}
    while (line := stream.readline(LONGEST_LINE)).endswith(b"\n") and len(said) <= MOST_LINES:
        if line == b"\n":
            yield said
            said = {}
            continue
        name, _, value = line.decode("utf-8", "replace").rstrip("\n").partition("=")
        said[name] = value


def answers(stream: BufferedIOBase, directory: Directory) -> Iterable[bytes]:
    """Yield the answer to each request."""
    return (f"action={decide(request, directory)}\n\n".encode() for request in requests(stream))


class Conversation(socketserver.StreamRequestHandler):
    """One connection of a Postfix process: request after request, until it hangs up."""

    server: Server

    def handle(self) -> None:
        """Answer what is asked."""
        for answer in answers(self.rfile, self.server.directory):
            self.wfile.write(answer)


class Server(socketserver.ThreadingTCPServer):
    """A server on the socket that systemd has opened."""

    daemon_threads = True

    def __init__(self, directory: Directory) -> None:
        """Take over the listening socket."""
        super().__init__(("127.0.0.1", 0), Conversation, bind_and_activate=False)
        self.directory = directory
        self.socket.close()
        self.socket = socket.socket(fileno=LISTENER)


if __name__ == "__main__":
    Server(LiveDirectory(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))).serve_forever()
