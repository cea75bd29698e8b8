"""The same entries for the peers: as LDIF for ``ldapadd``, as tasks for ``community.general.ldap_entry``."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.credentials import Vault

from .machine import RECONCILER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.changes import Change
    from ansible_collections.congvu.mail.plugins.module_utils.model import Entry

Entries = list[tuple[str, dict[str, tuple[str, ...]]]]


def entries(changes: Sequence[Change], folder: Path) -> Entries:
    """Give names and values of what a plan creates, as an apply writes them: with passwords, to be changed."""
    vault = Vault(folder)

    def first(id_: str) -> dict[str, tuple[str, ...]]:
        return {"userPassword": (vault.issue(id_).decode(),), "pwdReset": ("TRUE",)}

    return [(change.dn, {**change.after, **(first(change.id) if change.password else {})}) for change in changes]


def unopened(wanted: Iterable[Entry]) -> Entries:
    """Give names and values of what a registry asks for, parents first, with passwords that open to nobody."""
    return [
        (entry.dn, {**entry.attributes, **({"userPassword": ("{CRYPT}!",)} if entry.needs_password else {})})
        for entry in sorted(wanted, key=lambda one: one.dn.count(","))
    ]


def ldif(wanted: Entries) -> bytes:
    """Write LDIF (RFC 2849), every value in Base64."""
    return "\n".join(line for dn, attributes in wanted for line in _record(dn, attributes)).encode()


def tasks(wanted: Entries, password: Path) -> str:
    """Write a play with one task that loops over the entries, as its module's documentation shows it."""
    loop = [{"dn": dn, "attributes": {name: list(values) for name, values in own.items()}} for dn, own in wanted]
    for one in loop:
        one["classes"] = one["attributes"].pop("objectClass")  # type: ignore[attr-defined]
    task = {
        "community.general.ldap_entry": {
            "server_uri": "ldaps://mail.thuathienhue.gov.vn",
            "bind_dn": RECONCILER,
            "bind_pw": f"{{{{ lookup('ansible.builtin.file', '{password}') }}}}",
            "dn": "{{ item.dn }}",
            "objectClass": "{{ item.classes }}",
            "attributes": "{{ item.attributes }}",
        },
        "loop": loop,
        "loop_control": {"label": "{{ item.dn }}"},
    }
    return json.dumps([{"hosts": "directory", "gather_facts": False, "tasks": [task]}])


def _record(dn: str, attributes: dict[str, tuple[str, ...]]) -> Iterator[str]:
    yield f"dn:: {_encoded(dn)}"
    yield from (f"{name}:: {_encoded(value)}" for name, values in attributes.items() for value in values)
    yield ""


def _encoded(value: str) -> str:
    return b64encode(value.encode()).decode()
