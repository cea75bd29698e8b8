"""What the directory answers becomes a fate or an error with a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ldap3
import pytest
from ansible_collections.congvu.mail.plugins.module_utils import wire
from ansible_collections.congvu.mail.plugins.module_utils.directory import (
    WINDOW,
    Access,
    Add,
    DeniedError,
    DirectoryError,
    Fate,
    LdapDirectory,
    Modify,
    Record,
    Remove,
    Rename,
    TruncatedError,
    UnreachableError,
    Write,
)
from ldap3.protocol.rfc4511 import LDAPMessage
from pyasn1.codec.ber import decoder

if TYPE_CHECKING:
    from pathlib import Path

BASE = "ou=agencies,dc=vn"
CSN = "20261121083000.000000Z#000000#000#000000"


class Server:
    """Answers like an ldap3 connection: each call takes the next of the answers."""

    def __init__(self, *answers: tuple[dict[str, Any], list[dict[str, Any]]] | Exception) -> None:
        """Take (result, response) pairs, or what is raised instead."""
        self.answers = list(answers)
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.result: dict[str, Any] = {}
        self.response: list[dict[str, Any]] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - stands for any operation
        """Answer an operation."""

        def operation(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            self.calls.append((name, args, kwargs))
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            self.result, self.response = answer

        return operation


def result(code: int, description: str = "success", message: str = "", **more: object) -> dict[str, Any]:
    """Make a result as ldap3 gives it."""
    return {"result": code, "description": description, "message": message, **more}


def found(dn: str, children: bool = False, **attributes: list[bytes]) -> dict[str, Any]:  # noqa: FBT001, FBT002
    """Make a search entry as ldap3 gives it."""
    raw = {"entryUUID": [b"u"], "entryCSN": [CSN.encode()], "hasSubordinates": [b"TRUE" if children else b"FALSE"]}
    return {"type": "searchResEntry", "dn": dn, "raw_attributes": {**raw, **attributes}}


def connected(*answers: tuple[dict[str, Any], list[dict[str, Any]]] | Exception) -> tuple[LdapDirectory, Server]:
    """Make a directory behind such a server."""
    server = Server(*answers)
    return LdapDirectory(server, "ldaps://x"), server  # type: ignore[arg-type]


def test_a_tree_is_read_page_by_page_with_raw_values() -> None:
    cookie = {"1.2.840.113556.1.4.319": {"value": {"cookie": b"more"}}}
    directory, server = connected(
        (result(0, controls=cookie), [found(BASE, children=True)]),
        (result(0), [found(f"ou=snv,{BASE}", ou=[b"snv"], extra=[b"not asked for"])]),
    )
    records = directory.read_tree(BASE, ["ou"])
    assert records == [Record(BASE, "u", CSN, {}), Record(f"ou=snv,{BASE}", "u", CSN, {"ou": (b"snv",)})]
    assert server.calls[1][2]["paged_cookie"] == b"more"
    assert "userPassword" not in server.calls[0][2]["attributes"]


def test_a_tree_that_is_not_there_is_empty() -> None:
    assert connected((result(32, "noSuchObject"), []))[0].read_tree(BASE, ["ou"]) == []


@pytest.mark.parametrize(
    "answer",
    [
        (result(4, "sizeLimitExceeded"), [found(BASE)]),
        (result(11, "adminLimitExceeded"), [found(BASE)]),
        (result(0), [found(BASE, children=True)]),
        (result(0), [found(BASE, children=True), found(f"ou=snv,{BASE}", children=True)]),
        (result(0), [found(BASE, children=True), found(f"uid=a,ou=snv,{BASE}")]),
        (result(0), [found(f"ou=snv,{BASE}")]),
    ],
    ids=["size limit", "admin limit", "empty top", "empty unit", "no superior", "no top"],
)
def test_a_tree_that_is_not_shown_whole_is_refused(answer: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    with pytest.raises(TruncatedError):
        connected(answer)[0].read_tree(BASE, ["ou"])


class Line:
    """The far end of the wire: takes requests, and answers with the next of its results, the youngest request first."""

    def __init__(self, *results: tuple[int, str], csn: str = "") -> None:
        """Take (code, message) pairs; ``csn`` is the entryCSN that each write leaves."""
        self.results = list(results)
        self.csn = csn
        self.requests: list[Any] = []
        self.waiting: list[tuple[int, int]] = []
        self.most = 0

    def sendall(self, data: bytes) -> None:
        """Take a request."""
        request, rest = decoder.decode(data, asn1Spec=LDAPMessage())
        assert rest == b""
        self.requests.append(request)
        tag = {"addRequest": 0x69, "modifyRequest": 0x67, "delRequest": 0x6B, "modDNRequest": 0x6D}
        self.waiting.append((int(request["messageID"]), tag[request["protocolOp"].getName()]))
        self.most = max(self.most, len(self.waiting))

    def recv(self, _: int) -> bytes:
        """Answer a request; nothing at all once the results are used up."""
        if not self.results:
            return b""
        number, tag = self.waiting.pop()
        code, words = self.results.pop(0)
        result = wire.element(tag, wire.element(0x0A, bytes((code,))), _text(""), _text(words))
        id_ = wire.element(0x02, number.to_bytes(4, "big"))
        return wire.element(0x30, id_, result, *self._read())

    def shutdown(self, _: int) -> None:
        """Hang up."""

    close = shutdown

    def _read(self) -> list[bytes]:
        if not self.csn:
            return []
        values = wire.element(0x30, _text("entryCSN"), wire.element(0x31, _text(self.csn)))
        entry = wire.element(0x64, _text(BASE), wire.element(0x30, values))
        return [wire.element(0xA0, wire.element(0x30, _text("1.3.6.1.1.13.2"), wire.element(0x04, entry)))]


def _text(text: str) -> bytes:
    return wire.element(0x04, text.encode())


def wired(line: Line) -> LdapDirectory:
    """Connect a directory with such a line."""
    connection: Any = ldap3.Connection(ldap3.Server("x", get_info=ldap3.NONE))
    connection.socket, connection.closed = line, False
    return LdapDirectory(connection, "ldaps://x")


@pytest.mark.parametrize(
    ("write", "code", "fate"),
    [
        (Add(f"ou=a,{BASE}", {}), 0, Fate.DONE),
        (Add(f"ou=a,{BASE}", {}), 68, Fate.STALE),
        (Add(f"ou=a,{BASE}", {}), 32, Fate.REFUSED),
        (Modify(f"ou=a,{BASE}", CSN, {}), 122, Fate.STALE),
        (Modify(f"ou=a,{BASE}", CSN, {}), 32, Fate.STALE),
        (Modify(f"ou=a,{BASE}", CSN, {}), 19, Fate.REFUSED),
        (Rename(f"ou=a,{BASE}", CSN, f"ou=b,{BASE}"), 68, Fate.REFUSED),
        (Remove(f"ou=a,{BASE}", CSN), 66, Fate.REFUSED),
    ],
)
def test_an_answer_becomes_a_fate(write: Write, code: int, fate: Fate) -> None:
    (outcome,) = wired(Line((code, ""))).write([write])
    assert outcome.fate is fate
    assert bool(outcome.message) is (fate is not Fate.DONE)


def test_a_refusal_keeps_the_server_s_words_and_code() -> None:
    (outcome,) = wired(Line((19, "some attributes not unique."))).write([Add(BASE, {})])
    assert outcome.message == "The directory refused: constraintViolation (19), some attributes not unique."


def test_a_write_tells_the_entry_csn_that_it_left() -> None:
    (outcome,) = wired(Line((0, ""), csn=CSN)).write([Modify(BASE, "old", {})])
    assert outcome.csn == CSN


def test_a_window_of_writes_is_under_way_and_each_gets_its_own_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    writes = [Add(f"ou={number},{BASE}", {}) for number in range(3 * WINDOW)]
    line = Line(*((0 if number % 3 else 68, "") for number in range(3 * WINDOW)))
    answered: list[int] = []
    receive = line.recv

    def recv(size: int) -> bytes:
        answered.append(line.waiting[-1][0] - int(line.requests[0]["messageID"]))
        return receive(size)

    monkeypatch.setattr(line, "recv", recv)
    outcomes = wired(line).write(writes)
    assert line.most == WINDOW
    assert sorted(answered) == list(range(3 * WINDOW))
    assert answered != sorted(answered)
    assert [outcomes[place].fate for place in answered] == [
        Fate.DONE if n % 3 else Fate.STALE for n in range(3 * WINDOW)
    ]


def test_a_password_is_made_when_its_entry_goes_out() -> None:
    line = Line((0, ""))
    wired(line).write([Add(BASE, {"objectClass": (b"person",)}, password=lambda: b"{ARGON2}x")])
    sent = line.requests[0]["protocolOp"]["addRequest"]["attributes"]
    assert [(str(one["type"]), [bytes(value) for value in one["vals"]]) for one in sent] == [
        ("objectClass", [b"person"]),
        ("userPassword", [b"{ARGON2}x"]),
    ]


@pytest.mark.parametrize(
    ("new_dn", "own", "superior"),
    [(f"ou=b,{BASE}", "ou=b", ""), (f"uid=a,ou=stc,{BASE}", "uid=a", f"ou=stc,{BASE}")],
)
def test_a_move_names_a_new_superior_only_where_there_is_one(new_dn: str, own: str, superior: str) -> None:
    line = Line((0, ""))
    wired(line).write([Rename(f"ou=a,{BASE}", CSN, new_dn)])
    sent = line.requests[0]["protocolOp"]["modDNRequest"]
    assert str(sent["newrdn"]) == own
    assert (str(sent["newSuperior"]) if sent["newSuperior"].isValue else "") == superior


@pytest.mark.parametrize("write", [Modify(BASE, CSN, {}), Rename(BASE, CSN, f"ou=b,{BASE}"), Remove(BASE, CSN)])
def test_every_write_to_an_entry_asserts_its_entry_csn(write: Write) -> None:
    line = Line((0, ""))
    wired(line).write([write])
    asserted = {str(control["controlType"]): control for control in line.requests[0]["controls"]}["1.3.6.1.1.12"]
    assert bool(asserted["criticality"])
    assert bytes(asserted["controlValue"]) == b"\xa3\x34\x04\x08entryCSN\x04\x28" + CSN.encode()


def test_a_connection_that_breaks_is_an_error_and_no_fate() -> None:
    directory = wired(Line())
    for _ in range(2):
        with pytest.raises(UnreachableError, match="Check that slapd runs"):
            directory.write([Add(BASE, {})])


@pytest.mark.parametrize(
    ("access", "error", "words"),
    [
        ({"uri": "ldap://x"}, UnreachableError, "in the clear"),
        ({"uri": "ldaps://x"}, DeniedError, "anonymous"),
        ({"uri": "ldaps://x", "bind_dn": "cn=a"}, DeniedError, "anonymous"),
        ({"uri": "ldaps://x", "bind_dn": "cn=a", "password_file": "none"}, DeniedError, "none: No such file"),
        ({"uri": "ldaps://x", "bind_dn": "cn=a", "ca_file": "none"}, DeniedError, "No such file"),
        ({"uri": "ldapi://%2Fnone%2Fldapi"}, UnreachableError, "Check that slapd runs"),
    ],
)
def test_what_cannot_work_is_said_with_a_remedy(
    tmp_path: Path, access: dict[str, Any], error: type[DirectoryError], words: str
) -> None:
    paths = {name: tmp_path / access[name] for name in ("password_file", "ca_file") if name in access}
    with pytest.raises(error, match=words) as raised:
        LdapDirectory.connect(Access(**(access | paths)))
    assert raised.value.remedy
