#!/usr/bin/python3
"""End the open sessions of whoever may sign in no more, within seconds, whoever has changed that in the directory.

A session keeps what it began with: Dovecot asks the directory at sign-in and then no more. An apply ends the sessions
of people who lose access by it. This looks after the rest, such as another password that an agency's admin has set, or
an account that somebody has locked in the directory itself: every two seconds it takes those who are signed in and asks
the directory who of them is out by now. It keeps nothing, so there is nothing that it could miss while it was down.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import ldap3
from ldap3.core.exceptions import LDAPException
from ldap3.core.results import RESULT_SUCCESS
from ldap3.utils.conv import escape_filter_chars

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PAUSE = 2  # seconds between two looks
PATIENCE = 10  # seconds for one answer
MOST = 200  # people in one question
QUESTION = b"VERSION\tanvil-client\t2\t0\n\nCONNECT-DUMP\n"
# Not active; holding a password that somebody else has set; locked without end. Wrong passwords lock an account for a
# while: that ends no session, or anybody could end anybody's.
OUT = "(|(!(congvuState=active))(pwdReset=TRUE)(pwdAccountLockedTime=000001010000Z))"


class NoAnswerError(Exception):
    """The store or the directory could not say."""


class Store(Protocol):
    """Whoever keeps sessions. Each question raises NoAnswerError if it cannot be answered."""

    def signed_in(self) -> set[str]:
        """Return who has sessions open, by stable id."""

    def end(self, uid: str) -> int:
        """End all sessions of somebody, and return how many there were."""


class Directory(Protocol):
    """Whoever knows people. The question raises NoAnswerError if it cannot be answered."""

    def out(self, uids: Sequence[str]) -> set[str]:
        """Return who of these may sign in no more."""


def look(store: Store, directory: Directory) -> Iterator[str]:
    """Look once: end sessions, and say whose."""
    signed_in = sorted(store.signed_in())
    for start in range(0, len(signed_in), MOST):
        for uid in sorted(directory.out(signed_in[start : start + MOST])):
            yield f"{uid} may sign in no more; open sessions ended: {store.end(uid)}"


class Dovecot:
    """The process of Dovecot's that knows who is connected, and doveadm's HTTP API on its socket."""

    def __init__(self, anvil: str, doveadm: str, key: str) -> None:
        """Take both sockets, and what opens the second."""
        self._anvil = anvil
        self._doveadm = doveadm
        self._authorization = "X-Dovecot-API " + base64.b64encode(key.encode()).decode()

    def signed_in(self) -> set[str]:
        """Ask who is connected, over IMAP and ManageSieve.

        As doveadm itself asks for `who` (src/doveadm/doveadm-who.c), which would be two lines in the journal each time.
        """
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as anvil:
                anvil.settimeout(PATIENCE)
                anvil.connect(self._anvil)
                anvil.sendall(QUESTION)
                with anvil.makefile(encoding="utf-8") as answer:
                    return connected(answer)
        except OSError as error:
            message = f"Dovecot does not say who is connected: {error}"
            raise NoAnswerError(message) from error

    def end(self, uid: str) -> int:
        """Disconnect somebody."""
        return sum(int(row["count"]) for row in self._ask("kick", {"mask": [uid]}))

    def _ask(self, command: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        connection = _UnixConnection(self._doveadm)
        headers = {"Authorization": self._authorization, "Content-Type": "application/json"}
        try:
            connection.request("POST", "/doveadm/v1", json.dumps([[command, parameters, "1"]]), headers)
            ((kind, rows, _),) = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            message = f"doveadm does not answer: {error}"
            raise NoAnswerError(message) from error
        finally:
            connection.close()
        if kind != "doveadmResponse":
            message = f"doveadm {command} failed: {rows}"
            raise NoAnswerError(message)
        return list(rows)


def connected(answer: Iterable[str]) -> set[str]:
    """Read who is connected: a version, a heading, a line for each connection, an empty line."""
    lines = (line.rstrip("\n") for line in answer)
    if not next(lines, "").startswith("VERSION\tanvil-server\t2\t") or next(lines, None) is None:
        message = "Dovecot says in another way who is connected"
        raise NoAnswerError(message)
    uids = set()
    for line in lines:
        if not line:
            return uids
        # The process, who it is, the service, addresses.
        uids.add(line.split("\t")[1])
    message = "Dovecot broke off while it said who is connected"
    raise NoAnswerError(message)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class LiveDirectory:
    """The first directory server that answers, over a connection that is kept."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Take the servers, the account and where people stand."""
        self._settings = settings
        self._connection: Any = None  # the published types of ldap3 cover half of a connection

    def out(self, uids: Sequence[str]) -> set[str]:
        """Ask for those of them who are out."""
        any_of_them = "".join(f"(uid={escape_filter_chars(uid)})" for uid in uids)
        try:
            connection = self._connection or self._connected()
            connection.search(self._settings["base"], f"(&(|{any_of_them}){OUT})", attributes=["uid"])
            if connection.result["result"] != RESULT_SUCCESS:
                raise NoAnswerError(connection.result["description"])
        except (LDAPException, OSError) as error:
            self._connection = None
            message = f"the directory does not answer: {error}"
            raise NoAnswerError(message) from error
        return {
            entry["raw_attributes"]["uid"][0].decode()
            for entry in connection.response
            if entry["type"] == "searchResEntry"
        }

    def _connected(self) -> Any:  # noqa: ANN401 - as above
        settings = self._settings
        tls = ldap3.Tls(ca_certs_file=settings["ca_file"], validate=ssl.CERT_REQUIRED)
        failed: Exception = NoAnswerError("no server is named")
        for uri in settings["uris"]:
            server = ldap3.Server(uri, tls=tls, connect_timeout=PATIENCE, get_info=ldap3.NONE)
            try:
                self._connection = ldap3.Connection(
                    server,
                    settings["bind_dn"],
                    settings["bind_password"],
                    auto_bind=True,
                    receive_timeout=PATIENCE,
                    auto_range=False,
                    check_names=False,
                )
            except (LDAPException, OSError) as error:
                failed = error
            else:
                return self._connection
        raise NoAnswerError(str(failed)) from failed


def told_once(lines: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Pass on what is said of sessions, and of a failure once for as long as it lasts. Each line has its kind first."""
    trouble = ""
    for kind, said in lines:
        if kind == "trouble" and said != trouble:
            yield f"<5>{said}; trying again"
        elif kind == "ended":
            yield f"<5>{said}"
        trouble = said if kind == "trouble" else ""


def looks(store: Store, directory: Directory) -> Iterator[tuple[str, str]]:
    """Look again and again."""
    while True:
        try:
            yield from (("ended", said) for said in look(store, directory))
            yield ("quiet", "")
        except NoAnswerError as error:
            yield ("trouble", str(error))
        time.sleep(PAUSE)


def main() -> None:
    """Look for ever."""
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    key = Path(settings["key_file"]).read_text(encoding="ascii").strip()
    store = Dovecot(settings["anvil"], settings["doveadm"], key)
    for line in told_once(looks(store, LiveDirectory(settings))):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


if __name__ == "__main__":
    main()
