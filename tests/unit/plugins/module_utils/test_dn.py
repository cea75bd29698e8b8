"""Names are compared as the directory compares them."""

from __future__ import annotations

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import dn
from hypothesis import given
from hypothesis import strategies as st

VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).map(str.strip).filter(bool)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OU=Snv,DC=vn", "ou=snv,dc=vn"),
        ("ou=snv, dc=vn", "ou=snv,dc=vn"),
        ("ou = snv,dc=vn", "ou=snv,dc=vn"),
        (r"cn=Sở\, Ban,dc=vn", r"cn=sở\2c ban,dc=vn"),
        (r"cn=a  b\20,dc=vn", r"cn=A b\ ,dc=vn"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert dn.key(one) == dn.key(other)


@pytest.mark.parametrize(("one", "other"), [("ou=snv,dc=vn", "ou=stc,dc=vn"), (r"cn=a\,b,dc=vn", "cn=a,cn=b,dc=vn")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert dn.key(one) != dn.key(other)


@given(VALUES)
def test_any_value_survives_in_a_name(value: str) -> None:
    name = dn.join(f"cn={dn.escape(value)}", "ou=snv", "dc=vn")
    assert dn.naming(name) == ("cn", value)
    assert dn.superior(name) == "ou=snv,dc=vn"
    assert dn.depth(name) == 3
    assert dn.key(dn.key(name)) == dn.key(name)


@pytest.mark.parametrize(
    ("name", "base", "expected"),
    [("ou=a,dc=vn", "dc=vn", True), ("dc=vn", "dc=vn", False), ("ou=a,xdc=vn", "dc=vn", False)],
)
def test_an_entry_is_below_its_superiors_and_not_below_itself(name: str, base: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert dn.below(name, base) is expected
