"""The directory, as the engine sees it: one bulk read, batches of guarded writes.

This is the only file that knows ldap3, which connects, proves who is who and signs in; ``wire`` knows the bytes of all
that is said afterwards. Another client library can take the place of both.
The rest of the engine speaks to the ``Directory`` protocol and to values.
"""

from __future__ import annotations

import re
import ssl
from ast import literal_eval
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self
from urllib.parse import quote

import ldap3
from ldap3.core.exceptions import LDAPException, LDAPExceptionError, LDAPSocketOpenError
from ldap3.core.results import RESULT_CODES

from . import dn as names
from . import wire
from .trace import FORMAT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

Texts = wire.Texts

_SUCCESS, _SIZE_LIMIT, _NO_SUCH_OBJECT, _INVALID_CREDENTIALS, _ALREADY_EXISTS, _ASSERTION_FAILED = 0, 4, 32, 49, 68, 122
_UNABLE = frozenset({52, 80})  # unavailable, and what slapd calls other: its own fault, not the entry's
_NO_OPERATION = 16654  # OpenLDAP's: it would have been done, had it not been asked to write nothing
_SSL_PLACE = re.compile(r" ?\(_ssl\.c:\d+\)|_ssl\.c:\d+: ")
_PAGE = 1000  # entries; what is asked for at a time where the server gives no more
_ASKED = 200  # values that one search looks for
_MOST = 0.2  # of all entries that are looked up one by one rather than all read again
_RECEIVED = 65536  # bytes taken off the socket at a time
WINDOW = 64  # writes under way at once: slapd works on some while others wait for the disk
_LDAPI = "/var/run/slapd/ldapi"
_BOOKKEEPING = ("entryUUID", "entryCSN", "hasSubordinates")


class DirectoryError(Exception):
    """The directory did not do what was asked: what happened, where, and what to do about it."""

    def __init__(self, message: str, remedy: str) -> None:
        """Keep the remedy apart, so that reports can set it off."""
        self.remedy = remedy
        super().__init__(f"{message} {remedy}")


class UnreachableError(DirectoryError):
    """No connection, or one that broke."""


class UntrustedError(DirectoryError):
    """The server's certificate does not prove that it is the server asked for."""


class DeniedError(DirectoryError):
    """The server knows us not, or lets us not do this."""


class TruncatedError(DirectoryError):
    """The server showed less than there is. Nothing may be planned on it: what is unseen would be created anew."""


class UnableError(DirectoryError):
    """The server answers, and cannot write: nothing about the entry is wrong."""

    def __init__(self, message: str) -> None:
        """Say where to look, which is the same for all of them."""
        remedy = (
            "Its disk or its database is full, or broken: see the journal of slapd, make room in /var/lib/ldap "
            "or raise directory_max_size_gib."
        )
        super().__init__(message, remedy)


class Record(NamedTuple):
    """One entry as the directory holds it, under the names asked for: text, in which every byte can be told (PEP 383).

    ``csn`` (entryCSN) changes with every write to the entry, ``uuid`` (entryUUID) never.
    """

    dn: str
    uuid: str
    csn: str
    attributes: Mapping[str, Texts]


@dataclass(frozen=True, slots=True)
class Add:
    """Write a new entry; fails where one stands already.

    ``password`` gives the digest for ``userPassword`` when the entry goes out, while others are under way. Its holder
    did not choose it, which ``pwdReset`` says: where the password policy wants it, they change it before anything else.
    """

    dn: str
    attributes: Mapping[str, Texts] = field(repr=False)
    password: Callable[[], bytes] | None = None
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Modify:
    """Give attributes these values and no others, if the entry is still the one of ``csn``.

    ``password`` is as in ``Add``. The attributes in ``without`` are taken away, and must be there: some overlays of
    slapd heed that, and not that an attribute is replaced by nothing.
    """

    dn: str
    csn: str
    attributes: Mapping[str, Texts]
    trace: str = ""
    password: Callable[[], bytes] | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rename:
    """Move an entry with all that is below it, if it is still the one of ``csn`` (ModifyDN with newSuperior).

    The value that named it goes, unless it is to be kept: a schema may want one until the next is written.
    """

    dn: str
    csn: str
    new_dn: str
    trace: str = ""
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete an entry that has none below it, if it is still the one of ``csn``."""

    dn: str
    csn: str
    trace: str = ""


# ``trace`` is a line for the directory's accesslog: on whose behalf the write is made, see ``trace``.
Write = Add | Modify | Rename | Remove


class Fate(StrEnum):
    """What became of a write."""

    DONE = "done"
    STALE = "stale"  # the entry is no longer as planned; nothing was written
    REFUSED = "refused"  # the server said no; nothing was written
    UNABLE = "unable"  # the server itself cannot: its disk is full, or worse; nothing was written


@dataclass(frozen=True, slots=True)
class Outcome:
    """The server's answer to one write; ``csn`` is the entry's new one, ``message`` the server's words."""

    fate: Fate
    csn: str = ""
    message: str = ""


class Directory(Protocol):
    """All that the engine asks of a directory."""

    def read_tree(self, base: str, attributes: Collection[str]) -> list[Record]:
        """Read the entry ``base`` and all below it in one go, or raise ``TruncatedError``; empty if there is none."""
        ...

    def read_entry(self, dn: str, attributes: Collection[str]) -> Record | None:
        """Read one entry."""
        ...

    def search(self, base: str, marks: Mapping[str, Collection[str]], attributes: Collection[str]) -> list[Record]:
        """Read the entries below ``base`` that have one of the values of one of the attributes in ``marks``."""
        ...

    def read_entries(self, dns: Iterable[str], attributes: Collection[str]) -> list[Record]:
        """Read those of some entries that there are."""
        ...

    def write(self, batch: Sequence[Write]) -> list[Outcome]:
        """Carry out writes that do not build on one another, each for itself; answer in their order.

        A power cut may undo the last of several, as long as no write by itself was answered, and never half of one.
        Raises ``UnreachableError`` when the connection breaks: then any of the batch may have been done.
        """
        ...

    def rehearse(self, batch: Sequence[Write]) -> list[Outcome]:
        """Ask what ``write`` would come to, each for itself, without writing anything."""
        ...


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a directory and as whom.

    ``ldapi://`` signs in as the calling system user (SASL EXTERNAL) and takes no secret. ``ldaps://`` verifies the
    server against ``ca_file`` under ``server_name`` (default: the host in the URI) and signs in as ``bind_dn``.
    """

    uri: str
    bind_dn: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    server_name: str = ""
    timeout: int = 30  # seconds, for the connection and for each answer


class LdapDirectory:
    """A directory behind LDAP version 3."""

    def __init__(self, connection: ldap3.Connection, uri: str) -> None:
        """Take a connection that is bound; use ``connect`` to get one."""
        self._connection = connection
        self._uri = uri
        self._rest = b""  # the beginning of a message whose end has not come yet

    @classmethod
    def connect(cls, access: Access) -> Self:
        """Open the connection, prove the server's identity, then ours."""
        connection: Any = _connection(access)
        try:
            if not connection.bind():
                raise _denied(access, connection.result)
            connection.socket.settimeout(access.timeout)
        except (LDAPException, OSError) as error:
            raise _unusable(access, error) from error
        finally:
            # ldap3 leaves the socket of a failed attempt to the garbage collector.
            if not connection.bound and connection.socket:
                connection.socket.close()
        return cls(connection, access.uri)

    def __enter__(self) -> Self:
        """Hand out the open connection."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say good-bye; a server that is gone already needs none."""
        try:
            self._connection.unbind()
        except LDAPException:
            self._connection.closed = True

    def read_tree(self, base: str, attributes: Collection[str]) -> list[Record]:
        """Read in one go, then make sure that nothing was withheld.

        A size limit shows in the result code. Access rules that hide entries do not, so the tree is held against
        what the server says of itself: an entry that has subordinates must show one, and none may lack its superior.
        """
        entries = self._found(base, wire.Scope.SUBTREE, attributes)
        _check_whole(base, entries)
        return [_record(dn, found, attributes) for dn, found in entries]

    def reread_tree(self, base: str, attributes: Collection[str], known: Mapping[str, Record]) -> list[Record]:
        """Give what ``read_tree`` does, where most of it was read before: ``known``, by entryUUID, the same attributes.

        All entries tell their names and versions; only those that are new or have another entryCSN tell the rest.
        """
        entries = self._found(base, wire.Scope.SUBTREE, ())
        _check_whole(base, entries)
        told = [_record(dn, found, ()) for dn, found in entries]
        changed = {one.dn for one in told if one.uuid not in known or known[one.uuid].csn != one.csn}
        if len(changed) > len(told) * _MOST:
            return self.read_tree(base, attributes)
        fresh = {one.dn: one for one in self.read_entries(changed, attributes)}
        if fresh.keys() != changed:  # since its name was told, one was moved or removed: that is not for us to guess
            return self.read_tree(base, attributes)
        return [
            fresh[one.dn] if one.dn in changed else Record(one.dn, one.uuid, one.csn, known[one.uuid].attributes)
            for one in told
        ]

    def read_entry(self, dn: str, attributes: Collection[str]) -> Record | None:
        """Read one entry, if there is one and we may see it."""
        entries = self._found(dn, wire.Scope.BASE, attributes)
        return _record(*entries[0], attributes) if entries else None

    def search(self, base: str, marks: Mapping[str, Collection[str]], attributes: Collection[str]) -> list[Record]:
        """Look for some hundred values at a time, which the server finds by its indexes."""
        wanted = [(name, value) for name in sorted(marks) for value in sorted(marks[name])]
        records: dict[str, Record] = {}
        for start in range(0, len(wanted), _ASKED):
            asked = wanted[start : start + _ASKED]
            for entry in self._found(base, wire.Scope.SUBTREE, attributes, asked):
                records[names.key(entry[0])] = _record(*entry, attributes)
        return list(records.values())

    def find(
        self, base: str, wanted: Mapping[str, Collection[str]], attributes: Collection[str], limit: int = 0
    ) -> list[Record]:
        """Find what stands at and below ``base`` and has, of each attribute wanted, one of the values.

        What we may not see is not found. ``limit`` is how many are enough; 0 is all, or ``TruncatedError``.
        """
        marks = [[(name, value) for value in values] for name, values in wanted.items()]
        request = wire.search(base, wire.Scope.SUBTREE, (*attributes, *_BOOKKEEPING), *marks, limit=limit)
        found, end = self._search(request, [])
        if end.code not in (_SUCCESS, _NO_SUCH_OBJECT, *((_SIZE_LIMIT,) if limit else ())):
            message = f"The directory does not tell all that it has of {base}: {_words(end.code, end.words)}."
            raise TruncatedError(message, "Lift the size and time limits of the account that signs in.")
        return [_record(*entry, attributes) for entry in found]

    def read_entries(self, dns: Iterable[str], attributes: Collection[str]) -> list[Record]:
        """Read with a window of searches under way."""
        under_way: set[int] = set()
        found: list[Record] = []
        for dn in dns:
            if len(under_way) == WINDOW:
                found += self._collect_entries(under_way, attributes)
            under_way.add(self._send(wire.search(dn, wire.Scope.BASE, (*attributes, *_BOOKKEEPING)), []))
        while under_way:
            found += self._collect_entries(under_way, attributes)
        return found

    def change_password(self, old: str, new: str) -> None:
        """Change the password of whoever signed in (RFC 3062): the server holds the new one against its policy."""
        connection: Any = self._connection
        try:
            changed = connection.extend.standard.modify_password(None, old, new)
        except (LDAPException, OSError) as error:
            raise _broken(self._uri, error) from error
        if not changed:
            words = _words(connection.result["result"], str(connection.result.get("message") or ""))
            message = f"{self._uri} does not take the new password of {connection.user}: {words}."
            raise DeniedError(message, "Choose one that the directory's password policy allows.")

    def write(self, batch: Sequence[Write]) -> list[Outcome]:
        """Carry out the writes with a window of them under way; slapd answers each when it is done.

        LMDB waits for the disk twice in each write: for the data, and for the page that says where they are. Of
        several, each wait for the data covers that page of the write before. A write by itself waits for both.
        """
        return self._exchange(batch, rehearse=False)

    def rehearse(self, batch: Sequence[Write]) -> list[Outcome]:
        """Do the same under the No-Op control: schema, constraints, rights and assertions answer, the disk does not."""
        return self._exchange(batch, rehearse=True)

    def _exchange(self, batch: Sequence[Write], *, rehearse: bool) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        under_way: dict[int, int] = {}  # by message number, the place in the batch
        for place, write in enumerate(batch):
            if len(under_way) == WINDOW:
                self._collect(batch, under_way, outcomes)
            operation, controls = _request(write, rehearse=rehearse)
            if write.trace:
                controls.append(wire.session_tracking(FORMAT, write.trace))
            if len(batch) > 1:
                controls.append(_LAZY)
            if rehearse:
                controls = [wire.no_op(), *(control for control in controls if control != _SHOWN)]
            under_way[self._send(operation, controls)] = place
        while under_way:
            self._collect(batch, under_way, outcomes)
        return [outcomes[place] for place in range(len(batch))]

    def _found(
        self, base: str, scope: wire.Scope, attributes: Collection[str], marks: Collection[tuple[str, str]] = ()
    ) -> list[wire.Entry]:
        """Search, in one go if the server lets us, else page by page: some count their limits by pages."""
        wanted = wire.search(base, scope, (*attributes, *_BOOKKEEPING), *([marks] if marks else []))
        found, end = self._search(wanted, [])
        if end.code == _SIZE_LIMIT and scope is wire.Scope.SUBTREE:
            found, cookie, more = [], b"", True
            while more:
                page, end = self._search(wanted, [wire.paged(_PAGE, cookie)])
                found += page
                cookie, more = end.cookie, end.code == _SUCCESS and bool(end.cookie)
        if end.code not in (_SUCCESS, _NO_SUCH_OBJECT):
            raise _cut_short(base, end)
        return found

    def _search(self, wanted: bytes, controls: Sequence[bytes]) -> tuple[list[wire.Entry], wire.Answer]:
        number = self._send(wanted, controls)
        found: list[wire.Entry] = []
        while True:
            for answered, said in self._received():
                if answered != number:
                    raise _broken(self._uri, LDAPSocketOpenError(_FAREWELL))
                if isinstance(said, tuple):
                    found.append(said)
                elif said:
                    return found, said

    def _send(self, operation: bytes, controls: Sequence[bytes]) -> int:
        """Send a request; give the number under which the server will answer."""
        connection: Any = self._connection  # half of ldap3 is untyped
        number: int = connection.server.next_message_id()
        try:
            if connection.closed:
                raise LDAPSocketOpenError("the connection is closed")  # noqa: EM101, TRY003 - for the handler below
            connection.socket.sendall(wire.message(number, operation, controls))
        except (LDAPException, OSError) as error:
            raise _broken(self._uri, error) from error
        return number

    def _received(self) -> list[tuple[int, wire.Entry | wire.Answer | None]]:
        """Wait for what the server says, one message at least, in whatever order they come."""
        connection: Any = self._connection
        try:
            messages: list[bytes] = []
            while not messages:
                data = connection.socket.recv(_RECEIVED)
                if not data:
                    raise LDAPSocketOpenError(_FAREWELL)
                messages, self._rest = wire.cut(self._rest + data)
            return [wire.read(message) for message in messages]
        except (LDAPException, OSError, ValueError) as error:
            connection.closed = True
            raise _broken(self._uri, error) from error

    def _collect_entries(self, under_way: set[int], attributes: Collection[str]) -> Iterator[Record]:
        """Take entries, and the ends of the searches for them."""
        for number, said in self._received():
            if number not in under_way:
                raise _broken(self._uri, LDAPSocketOpenError(_FAREWELL))
            if isinstance(said, tuple):
                yield _record(*said, attributes)
            elif said:
                under_way.remove(number)
                if said.code not in (_SUCCESS, _NO_SUCH_OBJECT):
                    raise _cut_short(self._uri, said)

    def _collect(self, batch: Sequence[Write], under_way: dict[int, int], outcomes: dict[int, Outcome]) -> None:
        """Take answers, in whatever order they come."""
        for number, said in self._received():
            place = under_way.pop(number, None)
            if place is None or not isinstance(said, wire.Answer):
                # Message 0 is the server's farewell (RFC 4511, section 4.4.1).
                raise _broken(self._uri, LDAPSocketOpenError(_FAREWELL))
            outcomes[place] = _outcome(said, adding=isinstance(batch[place], Add))


_FAREWELL = "the server ended the session"


class _Tls(ldap3.Tls):
    """TLS with Python's own verification, under the one name that was asked for.

    ldap3's own check is older than ``SSLContext.check_hostname`` and would also accept the address connected to.
    """

    def __init__(self, ca_file: Path | None, name: str) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = ssl.create_default_context(cafile=ca_file)
        self._name = name

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: ANN401, FBT001, FBT002 - ldap3's signature
        connection.socket = self._context.wrap_socket(
            connection.socket, server_hostname=self._name, do_handshake_on_connect=do_handshake
        )


def _connection(access: Access) -> ldap3.Connection:
    common: dict[str, Any] = {
        "auto_range": False,
        "check_names": False,
        "return_empty_attributes": False,
        "receive_timeout": access.timeout,
    }
    scheme, _, place = access.uri.partition("://")
    if scheme == "ldapi":
        socket = place.strip("/") or quote(_LDAPI, safe="")
        server = ldap3.Server(f"ldapi://{socket}", get_info=ldap3.NONE, connect_timeout=access.timeout)
        return ldap3.Connection(
            server, authentication=ldap3.SASL, sasl_mechanism=ldap3.EXTERNAL, sasl_credentials=("",), **common
        )
    if scheme != "ldaps":
        message = f"The directory's URI {access.uri} is neither ldaps:// nor ldapi://."
        raise UnreachableError(message, "Write one of these: the engine never speaks to a directory in the clear.")
    host, _, port = place.strip("/").partition(":")
    try:
        tls = _Tls(access.ca_file, access.server_name or host)
        password = access.password_file.read_text(encoding="utf-8").rstrip("\n") if access.password_file else ""
    except OSError as error:
        message = f"{error.filename or access.ca_file}: {_reason(error)}."
        raise DeniedError(
            message, "Name a readable file, with the CA certificates in PEM or the password alone."
        ) from error
    if not (access.bind_dn and password):
        message = f"Nobody signs in at {access.uri}: a bind DN and a file with its password are needed."
        raise DeniedError(message, "Without them LDAP would take us for an anonymous guest and show an empty tree.")
    server = ldap3.Server(
        host, port=int(port or 636), use_ssl=True, tls=tls, get_info=ldap3.NONE, connect_timeout=access.timeout
    )
    return ldap3.Connection(server, user=access.bind_dn, password=password, **common)


_SHOWN = wire.post_read("entryCSN")
_LAZY = wire.lazy_commit()


def _request(write: Write, *, rehearse: bool) -> tuple[bytes, list[bytes]]:
    """Give the operation and its controls: but for a new entry, the server checks first that it is as planned."""
    match write:
        case Add(dn, attributes, password):
            secret = _first_password(password(), rehearse=rehearse) if password else {}
            return wire.add(dn, {**wire.raw(attributes), **secret}), [_SHOWN]
        case Modify(dn, csn, attributes, _, password):
            secret = _first_password(password(), rehearse=rehearse) if password else {}
            changes = wire.replace(dn, {**wire.raw(attributes), **secret}, write.without)
            return changes, [_SHOWN, wire.assertion("entryCSN", csn)]
        case Rename(dn, csn, new_dn):
            own, above = names.split(new_dn)[0], names.superior(new_dn)
            same_parent = names.key(above) == names.key(names.superior(dn))
            operation = wire.rename(dn, own, None if same_parent else above, keep=write.keep)
            return operation, [_SHOWN, wire.assertion("entryCSN", csn)]
        case Remove(dn, csn):
            return wire.delete(dn), [wire.assertion("entryCSN", csn)]


def _first_password(digest: bytes, *, rehearse: bool) -> dict[str, wire.Values]:
    """Give a password that somebody else chose, and the mark of it, which goes when its holder sets another.

    Entries show it for a while only. So a rehearsal cannot know whether it would be the first to write it, which is not
    to be tried (ADR 10), and leaves it out.
    """
    return {"userPassword": (digest,), **({} if rehearse else {"pwdReset": (b"TRUE",)})}


def _record(dn: str, found: dict[str, Texts], wanted: Collection[str]) -> Record:
    """Make a record of what was found, which it takes over; without the variants by language that nobody asked for."""
    uuid, csn = _first(found, "entryUUID"), _first(found, "entryCSN")
    for name in found.keys() - wanted:
        del found[name]
    return Record(dn, uuid, csn, found)


def _cut_short(what: str, end: wire.Answer) -> TruncatedError:
    message = f"The directory cut the reading of {what} short: {_words(end.code, end.words)}."
    return TruncatedError(message, "Lift the size and time limits of the account that signs in.")


def _first(found: Mapping[str, Texts], name: str) -> str:
    return found[name][0] if name in found else ""


def _check_whole(base: str, entries: Collection[wire.Entry]) -> None:
    parents = {names.key(dn): found.get("hasSubordinates") == ("TRUE",) for dn, found in entries}
    base_key = names.key(base)
    superiors = {names.superior(dn) for dn in parents if dn != base_key}
    hidden = sorted({dn for dn, has_children in parents.items() if has_children} - superiors)
    headless = sorted(superiors - parents.keys())
    if hidden or headless:
        message = f"The directory does not show all of {base}: {(hidden or headless)[0]} is incomplete."
        remedy = "Let the account that signs in read the whole subtree, entryUUID and entryCSN included."
        raise TruncatedError(message, remedy)


def _outcome(answer: wire.Answer, *, adding: bool) -> Outcome:
    code = answer.code
    if code == _NO_OPERATION:
        return Outcome(Fate.DONE)
    if code == _SUCCESS:
        return Outcome(Fate.DONE, csn=_first(answer.read or {}, "entryCSN"))
    if code == _ASSERTION_FAILED:
        return Outcome(Fate.STALE, message="The entry was changed after the plan was made.")
    if code == _NO_SUCH_OBJECT and not adding:
        return Outcome(Fate.STALE, message="The entry is no longer there.")
    if code == _ALREADY_EXISTS and adding:
        return Outcome(Fate.STALE, message="Somebody else made the entry after the plan was made.")
    fate, did = (Fate.UNABLE, "could not") if code in _UNABLE else (Fate.REFUSED, "refused")
    return Outcome(fate, message=f"The directory {did}: {_words(code, answer.words)}.")


def _words(code: int, said: str) -> str:
    """Give what the server said, with its code: administrators look for both."""
    said = said.strip().rstrip(".")
    return f"{RESULT_CODES.get(code, 'other')} ({code})" + (f", {said}" if said else "")


def _denied(access: Access, result: Mapping[str, Any]) -> DirectoryError:
    who = access.bind_dn or "this system user"
    if result["result"] == _INVALID_CREDENTIALS:
        message = f"{access.uri} does not accept the password of {who}."
        return DeniedError(
            message, f"Check that {access.password_file} holds the password that the directory was set up with."
        )
    words = _words(result["result"], str(result.get("message") or ""))
    return DeniedError(f"{access.uri} does not let {who} in: {words}.", "Look into the journal of slapd.")


def _unusable(access: Access, error: Exception) -> DirectoryError:
    if "certificate" in str(error).lower():
        name = access.server_name or "the host named there"
        message = f"The certificate of {access.uri} does not prove that this is {name}: {_reason(error)}."
        return UntrustedError(
            message, f"Check the CA in {access.ca_file or 'the system trust store'}, and the server's name."
        )
    return _broken(access.uri, error)


def _reason(error: Exception) -> str:
    """Give an error's own words, without the tuples that ldap3 wraps them in and the place in Python's source."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    while text.startswith(("('", '("')):
        text = str(literal_eval(text)[0])
    return _SSL_PLACE.sub("", text).rstrip(".")


def _broken(uri: str, error: Exception) -> DirectoryError:
    if isinstance(error, LDAPExceptionError | OSError | ValueError):
        return UnreachableError(
            f"The directory {uri} does not answer: {_reason(error)}.",
            "Check that slapd runs and that the firewall lets us in.",
        )
    return UnreachableError(f"The directory {uri} broke off: {_reason(error)}.", "Look into the journal of slapd.")
