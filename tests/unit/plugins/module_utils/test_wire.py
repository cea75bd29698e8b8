"""What we put on the wire is, byte for byte in its meaning, what ldap3 would have put there."""

from __future__ import annotations

from typing import Any, cast

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import wire
from hypothesis import given
from hypothesis import strategies as st
from ldap3.operation.add import add_operation
from ldap3.operation.delete import delete_operation
from ldap3.operation.modify import modify_operation
from ldap3.operation.modifyDn import modify_dn_operation
from ldap3.protocol.controls import build_control
from ldap3.protocol.rfc4511 import LDAPMessage, MessageID, ProtocolOp
from ldap3.protocol.rfc4527 import post_read_control
from pyasn1.codec.ber import decoder, encoder
from pyasn1.type.univ import OctetString, Sequence

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


@given(attributes)
def test_attributes_are_replaced(values: dict[str, list[bytes]]) -> None:
    changes = {name: [("MODIFY_REPLACE", own)] for name, own in {"ou": [], **values}.items()}
    request = modify_operation(DN, changes, auto_encode=False)
    assert meaning(wire.message(7, wire.replace(DN, {"ou": [], **values}))) == meaning(theirs("modifyRequest", request))


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
