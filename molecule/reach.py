"""What somebody who is signed in to a directory can do there, tried and told as yes or no."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, cast

import ldap3
from ansible_collections.congvu.mail.plugins.module_utils import first_password
from ansible_collections.congvu.mail.plugins.module_utils.directory import Access

if TYPE_CHECKING:
    from pathlib import Path

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


def chosen_password(state: Path, host: str, domain: str, suffix: str, uid: str) -> str:
    """Return the password of a person of an estate, who changes the initial one before its first use."""
    initial, chosen = (state / "secrets" / folder / uid for folder in ("initial-passwords", "chosen-passwords"))
    if first_password.is_due(initial, chosen):
        reconciler = Access(
            uri=f"ldaps://{host}",
            server_name=f"ldap.{domain}",
            ca_file=state / "ca" / "ca.pem",
            bind_dn=f"cn=reconciler,ou=services,{suffix}",
            password_file=state / "secrets" / "ldap-reconciler",
        )
        first_password.change(reconciler, suffix, uid, initial, chosen)
    return chosen.read_text(encoding="utf-8").strip()
