"""What somebody who is signed in to a directory can do there, tried and told as yes or no."""

from __future__ import annotations

import secrets
from typing import Any, cast

import ldap3

# The published types of ldap3 cover half of a connection.
Connection = Any


def sees(connection: Connection, dn: str, attribute: str = "objectClass") -> bool:
    """Tell whether a value of the attribute comes back."""
    connection.search(dn, "(objectClass=*)", ldap3.BASE, attributes=[attribute])
    return any(
        entry["raw_attributes"].get(attribute)
        for entry in cast("list[dict[str, Any]]", connection.response)
        if entry["type"] == "searchResEntry"
    )


def changes(connection: Connection, dn: str, attribute: str, value: str) -> bool:
    """Tell whether the attribute can be set."""
    return bool(connection.modify(dn, {attribute: [(ldap3.MODIFY_REPLACE, [value])]}))


def new_password() -> str:
    """Return a password as the policy wants it, and never the same."""
    return f"Đ{secrets.token_hex(8)}-Aa!"
