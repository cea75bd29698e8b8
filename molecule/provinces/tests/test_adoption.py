"""People of an older directory are seen, matched and taken over agency by agency, and keep their passwords.

Ten people of Hải Dương are put back to where they were before the registry: in ``ou=people``, under whatever names
they had there. ``ou=agencies`` knows nothing of them.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ldap3
import pytest
import testinfra
from ansible_collections.congvu.mail.plugins.module_utils import source
from ansible_collections.congvu.mail.plugins.module_utils.changes import agency_of, base_dn
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ansible_collections.congvu.mail.plugins.module_utils.model import Entry

    from .conftest import Province

ROOT = Path(__file__).parents[3]
SUFFIX = "dc=haiduong,dc=gov,dc=vn"
PEOPLE = f"ou=people,{SUFFIX}"
FIRST, SECOND = "vpubnd", "stttt"
OBSERVED = ("--extra-vars", json.dumps({"directory_observed": [PEOPLE]}))
AS_ROOT = "-Q -Y EXTERNAL -H ldapi:///"


@dataclass(frozen=True)
class Old:
    """Somebody in the old directory, and what the registry wants of the same person."""

    entry: Entry
    rdn: str
    attributes: dict[str, str]

    @property
    def uid(self) -> str:
        """The staff number, by which the store keeps the mail."""
        return self.entry.attributes["uid"][0]

    @property
    def password(self) -> str:
        """The password, which the registry does not know."""
        return f"Mật-khẩu-cũ-{self.uid}"

    def ldif(self) -> list[str]:
        """Give the old entry."""
        digest = b64encode(sha1(self.password.encode() + b"salt").digest() + b"salt").decode()  # noqa: S324 - of then
        values = [
            ("dn", f"{self.rdn},{PEOPLE}"),
            ("objectClass", "inetOrgPerson"),
            ("userPassword", f"{{SSHA}}{digest}"),
        ]
        values += [(name, self.entry.attributes[name][0]) for name in ("cn", "sn")]
        return [_line(*value) for value in (*values, ("telephoneNumber", "0220 3853 041"), *self.attributes.items())]


def _line(name: str, value: str) -> str:
    return f"{name}:: {b64encode(value.encode()).decode()}"


@pytest.fixture(scope="module")
def haiduong(province_of: Callable[[str], Province]) -> Province:
    return province_of("haiduong")


@pytest.fixture(scope="module")
def people() -> list[Old]:
    """Choose five people of each of two agencies; each third is known by uid, by staff number or by address."""
    registry = source.load(ROOT / "inventories" / "haiduong" / "registry")
    today = datetime.now(registry.estate.time_zone).date()
    entries = compile_desired(registry, as_of=today, commit="").entries.values()
    chosen: list[Old] = []
    for agency in (FIRST, SECOND):
        staff = [
            entry
            for entry in entries
            if entry.kind is Kind.PERSON
            and entry.state is State.ACTIVE
            and agency_of(entry.dn, base_dn(SUFFIX)) == agency
        ]
        for number, entry in enumerate(staff[:5]):
            uid, address = entry.attributes["uid"][0], entry.attributes["mail"][0]
            known: tuple[tuple[str, dict[str, str]], ...] = (
                (f"uid={uid}", {"uid": uid}),
                (f"uid=cu{uid}", {"uid": f"cu{uid}", "employeeNumber": uid}),
                (f"cn={entry.attributes['cn'][0]}", {"mail": address}),
            )
            chosen.append(Old(entry, *known[number % 3]))
    assert len(chosen) == 10
    return chosen


@pytest.fixture(scope="module")
def old(haiduong: Province, people: list[Old]) -> Iterator[dict[str, str]]:
    """Put the ten back where they were; give the entryUUID of each by staff number."""
    host = testinfra.get_host(f"podman://prov-{haiduong.estate}-mail")
    host.run(f"ldapdelete {AS_ROOT} -r {PEOPLE}")
    entries = [["objectClass: organizationalUnit", "ou: people"], ["objectClass: device", "cn: may-in"]]
    entries = [[_line("dn", dn), *lines] for dn, lines in zip((PEOPLE, f"cn=may-in,{PEOPLE}"), entries, strict=True)]
    ldif = "\n\n".join("\n".join(lines) for lines in (*entries, *(one.ldif() for one in people))) + "\n"
    gone = " ".join(f"'{one.entry.dn}'" for one in people)
    host.run(f"ldapdelete {AS_ROOT} -c {gone}")
    host.run_expect([0], f"echo {b64encode(ldif.encode()).decode()} | base64 -d | ldapadd {AS_ROOT}")
    yield identities(haiduong, {one.uid: f"{one.rdn},{PEOPLE}" for one in people})
    host.run_expect([0], f"ldapdelete {AS_ROOT} -r {PEOPLE}")


def identities(haiduong: Province, places: dict[str, str]) -> dict[str, str]:
    """Look up the entryUUID at each place, by staff number."""
    with haiduong.directory(f"cn=reconciler,ou=services,{SUFFIX}", "secrets/ldap-reconciler") as connection:
        return {uid: _value(connection, place, "entryUUID") for uid, place in places.items()}


def _value(connection: Any, dn: str, attribute: str) -> str:  # noqa: ANN401 - ldap3's types cover half of it
    connection.search(dn, "(objectClass=*)", ldap3.BASE, attributes=[attribute])
    (found,) = connection.response
    (value,) = found["raw_attributes"][attribute]
    return str(value.decode())


def signs_in(haiduong: Province, dn: str, password: str) -> bool:
    """Tell whether a password opens an entry."""
    host = testinfra.get_host(f"podman://prov-{haiduong.estate}-mail")
    return bool(host.run("ldapwhoami -x -H ldapi:/// -D %s -w %s", dn, password).rc == 0)


def step(haiduong: Province, *words: str) -> str:
    """Plan to adopt, rehearse, apply; give what the plan said."""
    planned = haiduong.playbook("playbooks/plan.yml", *OBSERVED, "-e", "adopt=true", *words)
    rehearsed = haiduong.playbook("playbooks/apply.yml", "--limit", "control", "-e", "plan=latest", "--check")
    assert "The directory would accept 5 of 5 changes." in rehearsed
    applied = haiduong.playbook("playbooks/apply.yml", "--limit", "control", "-e", "plan=latest")
    assert "Read again from the directory: everything is as planned." in applied
    return planned


def test_an_old_directory_is_observed_and_taken_over_in_two_steps(
    haiduong: Province, people: list[Old], old: dict[str, str]
) -> None:
    assert all(signs_in(haiduong, f"{one.rdn},{PEOPLE}", one.password) for one in people)
    observed = haiduong.playbook("playbooks/plan.yml", *OBSERVED)
    assert "Left alone: 10 adoptable, 1 unmanaged" in observed
    assert all(f"It is {one.entry.id} (its " in observed for one in people)
    assert "Nothing to do" in observed, "nobody is made a second time"

    first = step(haiduong, "-e", f"agency={FIRST}")
    assert "Changes: 5 to adopt." in first
    assert "Left alone: 5 adoptable, 1 unmanaged" in haiduong.playbook("playbooks/plan.yml", *OBSERVED)
    assert "Changes: 5 to adopt." in step(haiduong)

    last = haiduong.playbook("playbooks/plan.yml", *OBSERVED, "-e", "adopt=true")
    assert "Nothing to do: the directory is as the registry says" in last
    assert "Left alone: 1 unmanaged" in last

    assert identities(haiduong, {one.uid: one.entry.dn for one in people}) == old
    for one in people:
        assert signs_in(haiduong, one.entry.dn, one.password), one.entry.id
    with haiduong.directory(f"cn=reconciler,ou=services,{SUFFIX}", "secrets/ldap-reconciler") as connection:
        for one in people:
            assert _value(connection, one.entry.dn, "uid") == one.uid
            assert _value(connection, one.entry.dn, "telephoneNumber") == "0220 3853 041"
