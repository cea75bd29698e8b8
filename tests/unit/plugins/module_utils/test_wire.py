"""What we put on the wire and take off it means, byte for byte, what ldap3 would have put there and found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import wire
from hypothesis import given
from hypothesis import strategies as st
from ldap3 import BASE, DEREF_NEVER, SUBTREE
from ldap3.operation.add import add_operation
from ldap3.operation.delete import delete_operation
from ldap3.operation.modify import modify_operation
from ldap3.operation.modifyDn import modify_dn_operation
from ldap3.operation.search import search_operation
from ldap3.protocol.controls import build_control
from ldap3.protocol.rfc2696 import paged_search_control
from ldap3.protocol.rfc4511 import LDAPMessage, MessageID, ProtocolOp
from ldap3.protocol.rfc4527 import post_read_control
from ldap3.utils.asn1 import decode_message_fast
from pyasn1.codec.ber import decoder, encoder
from pyasn1.type.univ import OctetString, Sequence

if TYPE_CHECKING:
    from collections.abc import Mapping

DN = "uid=tth00123,ou=snv,dc=vn"
attributes = st.dictionaries(
    st.sampled_from(["title", "cn", "mail"]), st.lists(st.binary(max_size=300), min_size=1, max_size=3, unique=True)
)


def theirs(kind: str, request: object, number: int = 7, controls: tuple[object, ...] = ()) -> bytes:
    """Let ldap3 build the message."""
    message: Any = LDAPMessage()
    message["messageID"] = MessageID(number)
    message["protocolOp"] = ProtocolOp().setComponentByName(kind, request)
    if controls:
        message["controls"].extend(controls)
    encoded: bytes = encoder.encode(message)
    return encoded


def meaning(message: bytes) -> Any:  # noqa: ANN401 - an untyped tree
    """Read a message back, whole."""
    tree, rest = decoder.decode(message, asn1Spec=LDAPMessage())
    assert rest == b""
    return tree


@given(attributes, st.integers(1, 2**31 - 1))
def test_an_entry_is_added(values: dict[str, list[bytes]], number: int) -> None:
    given_values = {"objectClass": [b"person"], **values}
    request = add_operation(DN, given_values, auto_encode=False)
    assert meaning(wire.message(number, wire.add(DN, given_values))) == meaning(theirs("addRequest", request, number))


@given(attributes, st.sets(st.sampled_from(["seeAlso", "pager"])))
def test_attributes_are_replaced_and_taken_away(values: dict[str, list[bytes]], without: set[str]) -> None:
    changes = {name: [("MODIFY_REPLACE", own)] for name, own in {"ou": [], **values}.items()}
    changes |= {name: [("MODIFY_DELETE", [])] for name in without}
    request = modify_operation(DN, changes, auto_encode=False)
    ours = wire.replace(DN, {"ou": [], **values}, without)
    assert meaning(wire.message(7, ours)) == meaning(theirs("modifyRequest", request))


@pytest.mark.parametrize("superior", [None, "ou=stc,dc=vn"])
def test_an_entry_is_moved(superior: str | None) -> None:
    request = modify_dn_operation(DN, "uid=b", new_superior=superior)
    assert meaning(wire.message(7, wire.rename(DN, "uid=b", superior))) == meaning(theirs("modDNRequest", request))


def test_a_write_says_on_whose_behalf_it_is_made() -> None:
    said = '{"plan":"9f2c41d0c0a3","decision":"Quyết định 12/QĐ-UBND"}'
    value = Sequence()
    for place, text in enumerate(("", "", "2.25.1.3.1", said)):
        value.setComponentByPosition(place, OctetString(text.encode()))
    control = build_control("1.3.6.1.4.1.21008.108.63.1", False, value)  # noqa: FBT003 - ldap3's own
    request = cast("object", delete_operation(DN))  # type: ignore[no-untyped-call]
    ours = wire.message(7, wire.delete(DN), (wire.session_tracking("2.25.1.3.1", said),))
    assert meaning(ours) == meaning(theirs("delRequest", request, controls=(control,)))


@given(st.text(max_size=300), st.text(max_size=300))
def test_on_whose_behalf_a_write_was_made_is_read_back(format_oid: str, said: str) -> None:
    control, _ = decoder.decode(wire.session_tracking(format_oid, said))
    assert wire.session_tracked(bytes(control[1])) == (format_oid, said)


@given(st.binary(max_size=60))
def test_a_garbled_session_says_nothing(value: bytes) -> None:
    assert wire.session_tracked(value)[1] == ""


def test_what_has_one_of_the_values_of_each_attribute_is_searched_for() -> None:
    request: Any = search_operation(
        DN,
        "(&(|(objectClass=auditModRDN))(|(reqNewDN=ou=a)(reqNewDN=ou=b)))",
        SUBTREE,
        DEREF_NEVER,
        ["reqStart"],
        3,
        0,
        types_only=False,
        auto_escape=False,
        auto_encode=False,
    )
    wanted = [("objectClass", "auditModRDN")], [("reqNewDN", "ou=a"), ("reqNewDN", "ou=b")]
    ours = wire.search(DN, wire.Scope.SUBTREE, ["reqStart"], *wanted, limit=3)
    assert wire.message(7, ours) == theirs("searchRequest", request), "pyasn1 writes it, but cannot read it back"


def test_an_entry_is_deleted_under_its_conditions() -> None:
    csn = "20261121083000.000000Z#000000#000#000000"
    filter_ = b"\xa3\x34\x04\x08entryCSN\x04\x28" + csn.encode()
    controls = (
        build_control("1.3.6.1.1.12", True, filter_, encode_control_value=False),  # noqa: FBT003 - ldap3's own
        post_read_control(["entryCSN"]),
    )
    request = cast("object", delete_operation(DN))  # type: ignore[no-untyped-call]
    ours = wire.message(7, wire.delete(DN), (wire.assertion("entryCSN", csn), wire.post_read("entryCSN")))
    assert meaning(ours) == meaning(theirs("delRequest", request, controls=controls))


@pytest.mark.parametrize(("scope", "theirs_scope"), [(wire.Scope.BASE, BASE), (wire.Scope.SUBTREE, SUBTREE)])
@given(st.lists(st.sampled_from(["title", "cn", "entryCSN"]), unique=True), st.binary(max_size=200))
def test_entries_are_searched_for_page_by_page(
    scope: wire.Scope, theirs_scope: str, wanted: list[str], cookie: bytes
) -> None:
    request = search_operation(DN, "(objectClass=*)", theirs_scope, DEREF_NEVER, wanted, 0, 0, False, False, False)  # noqa: FBT003 - ldap3's own
    ours = wire.message(7, wire.search(DN, scope, wanted), [wire.paged(1000, cookie)])
    control = paged_search_control(criticality=True, size=1000, cookie=cookie)
    assert meaning(ours) == meaning(theirs("searchRequest", request, controls=(control,)))


def test_entries_are_searched_for_by_any_of_several_values() -> None:
    wanted = r"(|(uid=tth00123)(mail=\c4\83\2a\28b\29@x))"
    request = search_operation(DN, wanted, SUBTREE, DEREF_NEVER, ["cn"], 0, 0, False, False, False)  # noqa: FBT003 - ldap3's own
    ours = wire.search(DN, wire.Scope.SUBTREE, ["cn"], [("uid", "tth00123"), ("mail", "ă*(b)@x")])
    assert wire.message(7, ours) == theirs("searchRequest", request)


# --- What the server says

entries = st.dictionaries(
    st.text("abcdefghijklmnopqrstuvwxyz;-", min_size=1, max_size=150), st.lists(st.binary(max_size=300), max_size=3)
)


def said(number: int, tag: int, *parts: bytes, controls: bytes = b"") -> bytes:
    """Make a message of the server."""
    return wire.message(number, wire.element(tag, *parts), (controls,) if controls else ())


def listed(attributes: Mapping[str, list[bytes]]) -> bytes:
    """Make a list of attributes."""
    octets = ((name, (wire.element(0x04, value) for value in values)) for name, values in attributes.items())
    return wire.element(
        0x30, *(wire.element(0x30, wire.element(0x04, name.encode()), wire.element(0x31, *own)) for name, own in octets)
    )


def texts(attributes: Mapping[str, list[bytes]]) -> dict[str, tuple[str, ...]]:
    """Give attributes as the engine has them, whatever their bytes are."""
    return {name: tuple(value.decode(errors="surrogateescape") for value in own) for name, own in attributes.items()}


@given(st.text(max_size=300), entries, st.integers(1, 2**31 - 1))
def test_an_entry_is_read(dn: str, attributes: dict[str, list[bytes]], number: int) -> None:
    message = said(number, 0x64, wire.element(0x04, dn.encode()), listed(attributes))
    assert wire.read(message) == (number, (dn, texts(attributes)))
    assert {name: list(values) for name, values in wire.raw(texts(attributes)).items()} == attributes, "nothing is lost"
    # And as ldap3 itself reads it.
    decoded: Any = decode_message_fast(message)  # type: ignore[no-untyped-call]
    fields = decoded["payload"]
    assert decoded["messageID"] == number
    assert bytes(fields[0][3]).decode() == dn
    found = {bytes(own[3][0][3]).decode(): [bytes(value[3]) for value in own[3][1][3]] for own in fields[1][3]}
    assert found == attributes


@given(st.integers(0, 20000), st.text(max_size=300), entries)
def test_the_end_of_a_write_is_read_with_the_entry_that_it_left(
    code: int, words: str, left: dict[str, list[bytes]]
) -> None:
    entry = wire.element(0x64, wire.element(0x04, DN.encode()), listed(left))
    control = wire.element(0x30, wire.element(0x04, b"1.3.6.1.1.13.2"), wire.element(0x04, entry))
    number = code.to_bytes(code.bit_length() // 8 + 1, "big")
    octets = wire.element(0x04), wire.element(0x04, words.encode())
    message = said(7, 0x69, wire.element(0x0A, number), *octets, controls=control)
    decoded = meaning(message)["protocolOp"]["addResponse"] if code in {0, 68} else None
    if decoded is not None:
        assert (int(decoded["resultCode"]), str(decoded["diagnosticMessage"])) == (code, words)
    assert wire.read(message) == (7, wire.Answer(code, words, texts(left)))


@given(st.binary(max_size=200), st.integers(0, 10**6))
def test_the_end_of_a_page_is_read_with_the_place_of_the_next(cookie: bytes, size: int) -> None:
    encoded: bytes = encoder.encode(paged_search_control(criticality=True, size=size, cookie=cookie))
    message = said(7, 0x65, b"\x0a\x01\x00\x04\x00\x04\x00", controls=encoded)
    assert wire.read(message) == (7, wire.Answer(0, cookie=cookie))


@given(st.lists(st.binary(max_size=400), max_size=5), st.data())
def test_messages_are_whole_wherever_they_are_cut(contents: list[bytes], data: st.DataObject) -> None:
    messages = [wire.element(0x30, content) for content in contents]
    stream = b"".join(messages)
    rest, got = b"", []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        whole, rest = wire.cut(rest + stream[:size])
        got += whole
        stream = stream[size:]
    assert got == messages
    assert rest == b""


@given(st.text(max_size=40), entries, st.data())
def test_a_damaged_message_is_an_error_and_never_another_entry(
    dn: str, attributes: dict[str, list[bytes]], data: st.DataObject
) -> None:
    message = said(7, 0x64, wire.element(0x04, dn.encode()), listed(attributes))
    cut = message[: data.draw(st.integers(0, len(message) - 1))]
    with pytest.raises(ValueError, match="not LDAP"):
        wire.read(cut)
