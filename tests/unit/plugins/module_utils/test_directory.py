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
    from collections.abc import Mapping, Sequence
    from pathlib import Path

BASE = "ou=agencies,dc=vn"
CSN = "20261121083000.000000Z#000000#000#000000"


def _text(text: str) -> bytes:
    return wire.element(0x04, text.encode())


def found(dn: str, children: bool = False, **attributes: bytes) -> bytes:  # noqa: FBT001, FBT002 - reads well here
    """Make a SearchResultEntry."""
    own = {"entryUUID": b"u", "entryCSN": CSN.encode(), "hasSubordinates": b"TRUE" if children else b"FALSE"}
    return entry_of(dn, own | attributes)


def entry_of(dn: str, attributes: Mapping[str, bytes]) -> bytes:
    """Make an entry of these attributes, one value each."""
    listed = (
        wire.element(0x30, _text(name), wire.element(0x31, wire.element(0x04, value)))
        for name, value in attributes.items()
    )
    return wire.element(0x64, _text(dn), wire.element(0x30, *listed))


def done(code: int = 0, words: str = "") -> bytes:
    """Make the end of a search."""
    return wire.element(0x65, wire.element(0x0A, bytes((code,))), _text(""), _text(words))


def more(cookie: bytes) -> bytes:
    """Make the control that says how a page is followed."""
    page = wire.element(0x30, wire.element(0x02, b"\x00"), wire.element(0x04, cookie))
    return wire.element(0xA0, wire.element(0x30, _text("1.2.840.113556.1.4.319"), wire.element(0x04, page)))


class Server:
    """The far end of the wire for searches: each takes the next of the answers, which come a few bytes at a time."""

    def __init__(self, *answers: Sequence[bytes], piece: int = 7) -> None:
        """Take what is said to each request: entries and an end, or an end and its controls in one."""
        self.answers = list(answers)
        self.requests: list[Any] = []
        self.outgoing = b""
        self.piece = piece

    def sendall(self, data: bytes) -> None:
        """Take a request, and answer it."""
        request, rest = decoder.decode(data, asn1Spec=LDAPMessage())
        assert rest == b""
        self.requests.append(request)
        for said in self.answers.pop(0):
            self.outgoing += wire.element(0x30, wire.element(0x02, bytes((int(request["messageID"]),))), said)

    def recv(self, size: int) -> bytes:
        """Give the next bytes; none once all is said."""
        piece, self.outgoing = self.outgoing[: min(size, self.piece)], self.outgoing[min(size, self.piece) :]
        return piece

    def shutdown(self, _: int) -> None:
        """Hang up."""

    close = shutdown

    def asked(self, index: int = 0) -> list[str]:
        """Give the attributes that a search asked for."""
        return [str(name) for name in self.requests[index]["protocolOp"]["searchRequest"]["attributes"]]


def connected(*answers: Sequence[bytes]) -> tuple[LdapDirectory, Server]:
    """Make a directory behind such a server."""
    server = Server(*answers)
    return wired(server), server


def test_a_tree_is_read_in_one_go_with_raw_values() -> None:
    directory, server = connected(
        [
            found(BASE, children=True),
            found(f"ou=snv,{BASE}", ou=b"snv", other=b"not asked for"),
            wire.element(0x73, _text("ldap://elsewhere")),
            done(),
        ]
    )
    assert directory.read_tree(BASE, ["ou"]) == [
        Record(BASE, "u", CSN, {}),
        Record(f"ou=snv,{BASE}", "u", CSN, {"ou": ("snv",)}),
    ]
    assert server.asked() == ["ou", "entryUUID", "entryCSN", "hasSubordinates"]
    assert not server.requests[0]["controls"].isValue


def test_a_tree_that_is_given_by_pages_alone_is_read_page_by_page() -> None:
    directory, server = connected(
        [found(BASE, children=True), done(4, "too many")],
        [found(BASE, children=True), done() + more(b"two")],
        [found(f"ou=snv,{BASE}", ou=b"snv"), done() + more(b"")],
    )
    assert directory.read_tree(BASE, ["ou"]) == [
        Record(BASE, "u", CSN, {}),
        Record(f"ou=snv,{BASE}", "u", CSN, {"ou": ("snv",)}),
    ]
    pages = [bytes(request["controls"][0]["controlValue"]) for request in server.requests[1:]]
    assert pages == [b"\x30\x06\x02\x02\x03\xe8\x04\x00", b"\x30\x09\x02\x02\x03\xe8\x04\x03two"]


def tree(**others: bytes) -> tuple[list[bytes], dict[str, Record]]:
    """Make what is told of the versions of ten units, some of them others than those that are known."""
    told, known = [found(BASE, children=True)], {"u": Record(BASE, "u", CSN, {})}
    for number in range(10):
        dn, uuid = f"ou=a{number},{BASE}", f"u{number}"
        told.append(found(dn, entryUUID=uuid.encode(), entryCSN=others.get(uuid, CSN.encode())))
        known[uuid] = Record(f"ou=before{number},{BASE}", uuid, CSN, {"ou": ("known",)})
    return [*told, done()], known


def test_of_a_tree_that_was_read_before_only_what_has_another_version_is_read_again() -> None:
    told, known = tree(u3=b"later", u9=b"later")
    del known["u5"]
    with_new = [[found(f"ou=a{at},{BASE}", entryCSN=b"now", ou=b"new"), done()] for at in (3, 5)]
    directory, server = connected(told, *with_new)
    del known["u9"], told[10]
    read = directory.reread_tree(BASE, ["ou"], known)
    assert [one.attributes.get("ou") for one in read[1:]] == [
        ("new",) if at in (3, 5) else ("known",) for at in range(9)
    ]
    assert [one.dn for one in read[1:]] == [f"ou=a{at},{BASE}" for at in range(9)], "under the names of today"
    assert {one.dn: one.csn for one in read}[f"ou=a3,{BASE}"] == "now"
    assert server.asked() == ["entryUUID", "entryCSN", "hasSubordinates"]
    asked = {str(request["protocolOp"]["searchRequest"]["baseObject"]) for request in server.requests[1:]}
    assert asked == {f"ou=a3,{BASE}", f"ou=a5,{BASE}"}


@pytest.mark.parametrize(
    ("others", "meanwhile"),
    [({"u3": b"later"}, [done(32)]), ({f"u{number}": b"later" for number in range(3)}, None)],
    ids=["one is no longer where it was", "much has changed"],
)
def test_a_tree_in_which_much_has_changed_is_read_whole(
    others: dict[str, bytes], meanwhile: list[bytes] | None
) -> None:
    told, known = tree(**others)
    whole = [found(BASE, children=True), found(f"ou=b,{BASE}", ou=b"whole"), done()]
    directory, server = connected(told, *([meanwhile] if meanwhile else []), whole)
    assert [one.attributes for one in directory.reread_tree(BASE, ["ou"], known)] == [{}, {"ou": ("whole",)}]
    assert server.asked(-1)[0] == "ou"


def test_a_tree_that_was_read_before_and_is_not_shown_whole_is_refused() -> None:
    told, known = tree()
    with pytest.raises(TruncatedError):
        connected(told[1:])[0].reread_tree(BASE, ["ou"], known)


def test_an_entry_is_read_under_the_name_that_the_directory_gives_it() -> None:
    directory, server = connected([found(f"ou=SNV,{BASE}", ou=b"SNV"), done()])
    assert directory.read_entry(f"ou=snv,{BASE}", ["ou"]) == Record(f"ou=SNV,{BASE}", "u", CSN, {"ou": ("SNV",)})
    assert int(server.requests[0]["protocolOp"]["searchRequest"]["scope"]) == 0


def test_entries_are_read_each_for_itself_with_a_window_under_way() -> None:
    dns = [f"ou=a{number},{BASE}" for number in range(3 * WINDOW)]
    directory, server = connected(
        *([found(dn, ou=b"x"), done()] if place % 2 else [done(32)] for place, dn in enumerate(dns))
    )
    assert [record.dn for record in directory.read_entries(dns, ["ou"])] == dns[1::2]
    assert [str(request["protocolOp"]["searchRequest"]["baseObject"]) for request in server.requests] == dns
    assert directory.read_entries([], ["ou"]) == []


def test_entries_that_may_not_be_seen_are_not_taken_for_gone() -> None:
    with pytest.raises(TruncatedError, match="insufficientAccessRights"):
        connected([found(BASE), done()], [done(50)])[0].read_entries([BASE, f"ou=a,{BASE}"], ["ou"])


def test_what_is_not_there_is_empty() -> None:
    assert connected([done(32)])[0].read_tree(BASE, ["ou"]) == []
    assert connected([done(32)])[0].read_entry(BASE, ["ou"]) is None


@pytest.mark.parametrize(
    "answers",
    [
        ([found(BASE), done(4)], [found(BASE), done(4)]),
        ([found(BASE), done(11)],),
        ([found(BASE), done(3)],),
        ([found(BASE, children=True), done()],),
        ([found(BASE, children=True), found(f"ou=snv,{BASE}", children=True), done()],),
        ([found(BASE, children=True), found(f"uid=a,ou=snv,{BASE}"), done()],),
        ([found(f"ou=snv,{BASE}"), done()],),
    ],
    ids=["size limit", "admin limit", "time limit", "empty top", "empty unit", "no superior", "no top"],
)
def test_a_tree_that_is_not_shown_whole_is_refused(answers: tuple[list[bytes], ...]) -> None:
    with pytest.raises(TruncatedError):
        connected(*answers)[0].read_tree(BASE, ["ou"])


@pytest.mark.parametrize(
    "said",
    [
        [found(BASE)],
        [found(BASE)[:-1]],
        [b"\x64\x03\x04\x01a"],
        [b""],
        [found(BASE), b"\x65\x01\x0a"],
    ],
    ids=["no end", "a cut entry", "an entry without attributes", "nothing", "a cut end"],
)
def test_a_search_that_is_not_answered_in_full_is_an_error(said: list[bytes]) -> None:
    with pytest.raises(UnreachableError, match="Check that slapd runs"):
        connected(said)[0].read_tree(BASE, ["ou"])


def test_a_farewell_in_the_middle_is_an_error() -> None:
    server = Server([])
    directory = wired(server)
    server.outgoing = wire.element(0x30, b"\x02\x01\x00", wire.element(0x78, done()[2:]))
    with pytest.raises(UnreachableError, match="the server ended the session"):
        directory.read_entry(BASE, ["ou"])


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> list[list[tuple[str, str]]]:
    """Note what is searched for, and search for anything: ldap3 cannot read the filters that it writes."""
    noted: list[list[tuple[str, str]]] = []
    search = wire.search

    def note(*asked: Any) -> bytes:  # noqa: ANN401 - passed on
        noted.append(asked[3])
        return search(*asked[:3])

    monkeypatch.setattr(wire, "search", note)
    return noted


def test_marks_are_searched_for_some_hundred_at_a_time_and_each_entry_is_given_once(
    marked: list[list[tuple[str, str]]],
) -> None:
    directory, _ = connected([found(f"uid=a,{BASE}"), done()], [found(f"uid=A,{BASE}"), done()])
    marks = {"uid": [f"u{number:03}" for number in range(201)], "mail": ["ă*(b)@x"]}
    assert [record.dn for record in directory.search(BASE, marks, ["uid"])] == [f"uid=A,{BASE}"]
    assert marked[0][:2] == [("mail", "ă*(b)@x"), ("uid", "u000")]
    assert marked[1] == [("uid", "u199"), ("uid", "u200")]


def test_nothing_is_asked_where_nothing_is_searched_for() -> None:
    directory, server = connected()
    assert directory.search(BASE, {"uid": []}, ["uid"]) == []
    assert server.requests == []


@pytest.mark.usefixtures("marked")
def test_a_search_that_is_cut_short_is_refused() -> None:
    with pytest.raises(TruncatedError):
        connected([done(11)])[0].search(BASE, {"uid": ["a"]}, ["uid"])


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


def wired(line: Line | Server) -> LdapDirectory:
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
        (Modify(f"ou=a,{BASE}", CSN, {}), 80, Fate.UNABLE),
        (Add(f"ou=a,{BASE}", {}), 52, Fate.UNABLE),
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


def test_a_password_is_made_when_its_entry_goes_out_and_says_that_its_holder_did_not_choose_it() -> None:
    line = Line((0, ""), (0, ""))
    add = Add(BASE, {"objectClass": ("person",)}, password=lambda: b"{ARGON2}x")
    wired(line).write([add])
    wired(line).rehearse([add])
    sent, tried = (
        [
            (str(one["type"]), [bytes(value) for value in one["vals"]])
            for one in request["protocolOp"]["addRequest"]["attributes"]
        ]
        for request in line.requests
    )
    assert tried == [("objectClass", [b"person"]), ("userPassword", [b"{ARGON2}x"])]
    assert sent == [*tried, ("pwdReset", [b"TRUE"])], "a rehearsal may not be the first to write something"


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


@pytest.mark.parametrize(("count", "lazy"), [(1, False), (3, True)])
def test_the_disk_is_waited_for_half_by_each_of_several_writes_and_wholly_by_one_alone(
    count: int,
    lazy: bool,  # noqa: FBT001 - a column of the table
) -> None:
    line = Line(*((0, ""),) * count)
    wired(line).write([Modify(f"ou={number},{BASE}", CSN, {}) for number in range(count)])
    for request in line.requests:
        controls = {str(control["controlType"]): control for control in request["controls"]}
        assert ("1.2.840.113556.1.4.619" in controls) is lazy
        assert "1.3.6.1.1.12" in controls
        assert not lazy or not bool(controls["1.2.840.113556.1.4.619"]["criticality"])


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
