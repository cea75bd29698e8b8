"""The directory, as those see it who connect to it: who may do what, and what the server itself refuses.

Everything happens in two agencies of the tests' own, made by the engine's account and removed afterwards.
"""

from __future__ import annotations

import socket
import ssl
import time
from base64 import b64decode
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import ldap3
import pytest
from ldap3.core.exceptions import LDAPOperationResult

from ...reach import Connection, changes, new_password, sees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from testinfra.host import Host

    from ...conftest import Lab

    Attributes = Mapping[str, str | list[str]]

SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
DOMAIN = "thuathienhue.gov.vn"
AGENCIES = f"ou=agencies,{SUFFIX}"
OURS, THEIRS = f"ou=thu-mot,{AGENCIES}", f"ou=thu-hai,{AGENCIES}"
UNIT = f"ou=van-phong,{OURS}"
PERSON, COLLEAGUE, LEAVER = f"uid=thu001,{OURS}", f"uid=thu002,{UNIT}", f"uid=thu003,{OURS}"
STRANGER, MAILBOX, NEWCOMER = f"uid=thu004,{THEIRS}", f"uid=thu-mot,{OURS}", f"uid=thu005,{OURS}"
LIST = f"cn=thu-mot-tatca,{OURS}"
OUR_ADMIN, THEIR_ADMIN = f"cn=admin,{OURS}", f"cn=admin,{THEIRS}"
CONTROL = f"cn=tests,ou=control,{SUFFIX}"
ON_ITS_WAY = f"thu.chuyen@{DOMAIN}"
SERVICES = ("postfix", "dovecot", "reconciler", "auditor")


@contextmanager
def connected(lab: Lab) -> Iterator[Connection]:
    """Connect to the directory over TLS without a bind."""
    tls = ldap3.Tls(ca_certs_file=str(lab.state / "ca" / "ca.pem"), validate=ssl.CERT_REQUIRED)
    server = ldap3.Server(f"ldap.{DOMAIN}", port=636, use_ssl=True, tls=tls, get_info=ldap3.NONE)
    connection: Connection = ldap3.Connection(server, auto_range=False, check_names=False)
    connection.open()
    try:
        yield connection
    finally:
        connection.unbind()


def bind(connection: Connection, dn: str | None, password: str | None) -> str:
    """Bind and return the server's answer."""
    connection.user, connection.password = dn, password
    connection.authentication = ldap3.SIMPLE if dn else ldap3.ANONYMOUS
    connection.bind()
    return str(connection.result["description"])


@contextmanager
def signed_in(lab: Lab, dn: str, password: str) -> Iterator[Connection]:
    """Connect and bind."""
    with connected(lab) as connection:
        assert bind(connection, dn, password) == "success"
        yield connection


def service(lab: Lab, name: str) -> AbstractContextManager[Connection]:
    """Bind as a service's account."""
    return signed_in(lab, f"cn={name},ou=services,{SUFFIX}", lab.secret(f"ldap-{name}"))


def refusal(lab: Lab, dn: str | None = None, password: str | None = None) -> str:
    """Return the server's answer to a bind."""
    with connected(lab) as connection:
        return bind(connection, dn, password)


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until it holds: slapd mends references after it has answered."""
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def managed(kind: str, name: str, state: str = "active") -> dict[str, str]:
    """Return what marks an entry as managed."""
    return {"congvuEstate": "tests", "congvuId": f"{kind}:{name}", "congvuState": state}


def agency(code: str) -> tuple[list[str], Attributes]:
    """Return an agency's or a unit's entry."""
    return ["organizationalUnit", "congvuObject"], managed("agency", code)


def admin(code: str, password: str) -> tuple[list[str], Attributes]:
    """Return the entry of an agency's admin."""
    return (
        ["organizationalRole", "simpleSecurityObject", "congvuObject"],
        {**managed("admin", code), "userPassword": password},
    )


def mailbox(uid: str) -> tuple[list[str], Attributes]:
    """Return the entry of an agency's mailbox."""
    return (
        ["account", "congvuObject", "congvuMailbox"],
        {**managed("mailbox", uid), "uid": uid, "mail": f"{uid}@{DOMAIN}", "congvuQuota": "1000000"},
    )


def control() -> tuple[list[str], Attributes]:
    """Return what the engine remembers of an estate, while an address changes hands."""
    return ["applicationProcess", "congvuTransit"], {"description": "{}", "congvuTransit": ON_ITS_WAY}


def mailing_list(name: str) -> tuple[list[str], Attributes]:
    """Return the entry of a distribution list."""
    address = f"{name}@{DOMAIN}"
    return (
        ["groupOfURLs", "congvuObject", "congvuMailingList"],
        {**managed("list", name), "mail": address, "mailLocalAddress": address, "congvuWriters": "members"},
    )


def person(uid: str, password: str | None = None, state: str = "active", **more: str) -> tuple[list[str], Attributes]:
    """Return a person's entry, with every address among the delivered ones, as the engine writes it."""
    address = more.pop("mail", f"{uid}@{DOMAIN}")
    alias = more.pop("mailLocalAddress", f"{uid}.khac@{DOMAIN}")
    attributes: Attributes = {
        "uid": uid,
        **managed("person", uid, state),
        "cn": "Nguyễn Văn Thử",
        "sn": "Nguyễn",
        "title": "Chuyên viên",
        "mail": address,
        "mailLocalAddress": [address, alias],
        "employeeNumber": uid,
        "congvuQuota": "1000000",
        "congvuDecision": "QĐ 1/2026",
        **({"userPassword": password} if password else {}),
        **more,
    }
    return ["inetOrgPerson", "inetLocalMailRecipient", "congvuObject", "congvuMailbox"], attributes


@dataclass
class Playground:
    """The tests' agencies, and the passwords of those who sign in there."""

    lab: Lab
    engine: Connection
    passwords: dict[str, str] = field(default_factory=dict)

    def add(self, dn: str, entry: tuple[list[str], Attributes]) -> dict[str, Any]:
        """Add an entry as the engine does and return the server's answer."""
        self.engine.add(dn, entry[0], entry[1])
        return cast("dict[str, Any]", self.engine.result)

    def sign_in(self, dn: str) -> AbstractContextManager[Connection]:
        """Bind with the password last set here."""
        return signed_in(self.lab, dn, self.passwords[dn])

    def clear(self) -> None:
        """Remove the tests' agencies and what is remembered of them, if they are there."""
        self.engine.delete(CONTROL)
        for base in (OURS, THEIRS):
            self.engine.search(base, "(objectClass=*)", attributes=["1.1"])
            found = [entry["dn"] for entry in cast("list[dict[str, Any]]", self.engine.response) if "dn" in entry]
            for dn in sorted(found, key=len, reverse=True):
                self.engine.delete(dn)


@pytest.fixture(scope="module")
def playground(lab: Lab) -> Iterator[Playground]:
    """Make two agencies with people; remove them in the end."""
    with service(lab, "reconciler") as engine:
        ground = Playground(lab, engine)
        ground.clear()
        ground.passwords = {dn: new_password() for dn in (PERSON, LEAVER, OUR_ADMIN, THEIR_ADMIN)}
        for dn, entry in {
            OURS: agency("thu-mot"),
            THEIRS: agency("thu-hai"),
            UNIT: agency("thu-mot/van-phong"),
            OUR_ADMIN: admin("thu-mot", ground.passwords[OUR_ADMIN]),
            THEIR_ADMIN: admin("thu-hai", ground.passwords[THEIR_ADMIN]),
            MAILBOX: mailbox("thu-mot"),
            PERSON: person("thu001", ground.passwords[PERSON]),
            COLLEAGUE: person("thu002", new_password(), congvuList="thu-mot-tatca"),
            LIST: mailing_list("thu-mot-tatca"),
            LEAVER: person("thu003", ground.passwords[LEAVER], state="disabled"),
            STRANGER: person("thu004", new_password()),
            NEWCOMER: person("thu005", new_password(), pwdReset="TRUE"),
            CONTROL: control(),
        }.items():
            assert ground.add(dn, entry)["description"] == "success", (dn, engine.result)
        yield ground
        ground.clear()


@pytest.fixture(scope="module")
def signed(playground: Playground) -> Iterator[Callable[[str], Connection]]:
    """Return the connection of each of those in the matrix, bound once."""
    names = {"person": PERSON, "own-admin": OUR_ADMIN, "other-admin": THEIR_ADMIN}
    with ExitStack() as stack:

        @cache
        def connect(who: str) -> Connection:
            way = service(playground.lab, who) if who in SERVICES else playground.sign_in(names[who])
            return stack.enter_context(way)

        yield connect


# What each action does, and whether it succeeded for the one who is signed in.
def own_name(connection: Connection) -> str:
    """Return the DN that the connection is bound as."""
    return str(connection.user)


def creates(connection: Connection) -> bool:
    """Tell whether a person can be added; remove it again."""
    dn = f"uid=thu009,{OURS}"
    return bool(connection.add(dn, *person("thu009")) and connection.delete(dn))


def sets_own_password(connection: Connection, playground: Playground) -> bool:
    """Tell whether one can change one's own password, and remember it."""
    dn, password = own_name(connection), new_password()
    done = changes(connection, dn, "userPassword", password)
    if done and dn in playground.passwords:
        playground.passwords[dn] = password
    return done


def lets_in_again(connection: Connection, playground: Playground, since: str = "20260101000000Z") -> bool:
    """Tell whether a lock can be taken away."""
    assert changes(playground.engine, COLLEAGUE, "pwdAccountLockedTime", since)
    return bool(connection.modify(COLLEAGUE, {"pwdAccountLockedTime": [(ldap3.MODIFY_DELETE, [])]}))


def spares_the_change(connection: Connection, playground: Playground) -> bool:
    """Tell whether the mark of a first password can be taken away; put it back again."""
    spared = bool(connection.modify(NEWCOMER, {"pwdReset": [(ldap3.MODIFY_DELETE, [])]}))
    assert changes(playground.engine, NEWCOMER, "pwdReset", "TRUE")
    return spared


def moves(connection: Connection) -> bool:
    """Tell whether a person can be moved to another agency; move back again."""
    there = bool(connection.modify_dn(STRANGER, "uid=thu004", new_superior=OURS))
    return there and bool(connection.modify_dn(f"uid=thu004,{OURS}", "uid=thu004", new_superior=THEIRS))


ACTIONS: dict[str, Callable[[Connection, Playground], bool]] = {
    "see the address book": lambda one, _: sees(one, COLLEAGUE, "mail"),
    "see a leaver's address": lambda one, _: sees(one, LEAVER, "mail"),
    "see the uid of another": lambda one, _: sees(one, COLLEAGUE, "uid"),
    "see the quota of another": lambda one, _: sees(one, COLLEAGUE, "congvuQuota"),
    "see the decision on another": lambda one, _: sees(one, COLLEAGUE, "congvuDecision"),
    "see the last sign-in of another": lambda one, _: sees(one, PERSON, "pwdLastSuccess"),
    "see a list": lambda one, _: sees(one, LIST, "mail"),
    "see who is in a list": lambda one, _: sees(one, COLLEAGUE, "congvuList"),
    "see who may write to a list": lambda one, _: sees(one, LIST, "congvuWriters"),
    "see an admin account": lambda one, _: sees(one, OUR_ADMIN, "congvuId"),
    "see a password": lambda one, _: sees(one, COLLEAGUE, "userPassword"),
    "see one's own password": lambda one, _: sees(one, own_name(one), "userPassword"),
    "see the services": lambda one, _: sees(one, f"cn=postfix,ou=services,{SUFFIX}", "description"),
    "see the accesslog": lambda one, _: sees(one, "cn=accesslog", "objectClass"),
    "see the addresses on their way": lambda one, _: sees(one, CONTROL, "congvuTransit"),
    "see what the engine remembers": lambda one, _: sees(one, CONTROL, "description"),
    "see the configuration": lambda one, _: sees(one, "cn=config", "objectClass"),
    "set one's own password": sets_own_password,
    "set a person's password": lambda one, _: changes(one, COLLEAGUE, "userPassword", new_password()),
    "set a stranger's password": lambda one, _: changes(one, STRANGER, "userPassword", new_password()),
    "set a leaver's password": lambda one, _: changes(one, LEAVER, "userPassword", new_password()),
    "set a mailbox's password": lambda one, _: changes(one, MAILBOX, "userPassword", new_password()),
    "set a service's password": lambda one, _: changes(
        one, f"cn=postfix,ou=services,{SUFFIX}", "userPassword", new_password()
    ),
    "see whose first password waits": lambda one, _: sees(one, NEWCOMER, "pwdReset"),
    "spare somebody the change of it": spares_the_change,
    "lock a person": lambda one, _: changes(one, COLLEAGUE, "pwdAccountLockedTime", "000001010000Z"),
    "let in again who is locked": lets_in_again,
    "let in again whose password was stolen": lambda one, ground: lets_in_again(one, ground, "000001010000Z"),
    "change a title": lambda one, _: changes(one, COLLEAGUE, "title", "Chuyên viên"),
    "change one's own address": lambda one, _: changes(one, own_name(one), "mail", f"thu001@{DOMAIN}"),
    "change who is in a list": lambda one, _: changes(one, COLLEAGUE, "congvuList", "thu-mot-tatca"),
    "change a quota": lambda one, _: changes(one, COLLEAGUE, "congvuQuota", "1000000"),
    "change the policy": lambda one, _: changes(one, f"cn=default,ou=policies,{SUFFIX}", "pwdMinLength", "1"),
    "put an address on its way": lambda one, _: changes(one, CONTROL, "congvuTransit", ON_ITS_WAY),
    "create a person": lambda one, _: creates(one),
    "move a person": lambda one, _: moves(one),
    "delete a unit": lambda one, _: bool(one.delete(UNIT)) or one.result["description"] == "notAllowedOnNonLeaf",
}

MATRIX = """
                                       | person own-admin other-admin postfix dovecot reconciler auditor
see the address book                   |  yes      yes        yes       yes     yes      yes        -
see a leaver's address                 |   -       yes         -        yes     yes      yes        -
see the uid of another                 |   -       yes         -        yes     yes      yes       yes
see the quota of another               |   -       yes         -         -      yes      yes        -
see the decision on another            |   -       yes         -         -       -       yes        -
see the last sign-in of another        |  yes      yes         -         -       -       yes        -
see a list                             |  yes      yes        yes       yes     yes      yes        -
see who is in a list                   |   -       yes         -        yes      -       yes        -
see who may write to a list            |   -       yes         -        yes      -       yes        -
see an admin account                   |   -       yes         -         -       -       yes       yes
see a password                         |   -        -          -         -       -        -         -
see one's own password                 |   -        -          -         -       -        -         -
see the services                       |   -        -          -         -       -       yes        -
see the accesslog                      |   -        -          -         -       -        -        yes
see the addresses on their way         |   -        -          -        yes      -       yes        -
see what the engine remembers          |   -        -          -         -       -       yes        -
see the configuration                  |   -        -          -         -       -        -         -
set one's own password                 |  yes      yes        yes        -       -        -         -
set a person's password                |   -       yes         -         -       -       yes        -
set a stranger's password              |   -        -         yes        -       -       yes        -
set a leaver's password                |   -        -          -         -       -       yes        -
set a mailbox's password               |   -        -          -         -       -       yes        -
set a service's password               |   -        -          -         -       -        -         -
see whose first password waits         |   -       yes         -        yes     yes      yes        -
spare somebody the change of it        |   -        -          -         -       -       yes        -
lock a person                          |   -        -          -         -       -       yes        -
let in again who is locked             |   -       yes         -         -       -       yes        -
let in again whose password was stolen |   -        -          -         -       -       yes        -
change a title                         |   -        -          -         -       -       yes        -
change one's own address               |   -        -          -         -       -        -         -
change who is in a list                |   -        -          -         -       -       yes        -
change a quota                         |   -        -          -         -       -       yes        -
change the policy                      |   -        -          -         -       -        -         -
put an address on its way              |   -        -          -         -       -       yes        -
create a person                        |   -        -          -         -       -       yes        -
move a person                          |   -        -          -         -       -       yes        -
delete a unit                          |   -        -          -         -       -       yes        -
"""


def matrix() -> Iterator[tuple[str, str, bool]]:
    """Read the table above."""
    head, *rows = (line.split("|") for line in MATRIX.strip("\n").splitlines())
    everybody = head[1].split()
    for what, marks in rows:
        yield from ((who, what.strip(), mark == "yes") for who, mark in zip(everybody, marks.split(), strict=True))


@pytest.mark.parametrize(("who", "what", "allowed"), tuple(matrix()))
def test_nobody_may_do_more_or_less_than_the_matrix_says(
    who: str, what: str, *, allowed: bool, playground: Playground, signed: Callable[[str], Connection]
) -> None:
    connection = signed(who)
    assert ACTIONS[what](connection, playground) is allowed, connection.result


def test_the_matrix_names_every_action() -> None:
    assert {what for _, what, _ in matrix()} == set(ACTIONS)


def test_an_anonymous_bind_is_refused(lab: Lab) -> None:
    assert refusal(lab) == "inappropriateAuthentication"


def test_an_anonymous_search_without_a_bind_yields_nothing(lab: Lab) -> None:
    with connected(lab) as connection:
        for base in ("", "cn=Subschema", SUFFIX, "cn=config", "cn=accesslog"):
            connection.search(base, "(objectClass=*)", ldap3.BASE)
            assert connection.result["description"] == "unwillingToPerform", base
            assert connection.response == [], base


def test_nothing_answers_in_clear(lab: Lab) -> None:
    with pytest.raises(OSError, match=r"refused|timed out"):
        socket.create_connection((lab.mail_address, 389), timeout=3)


def test_another_user_of_the_host_sees_nothing_through_the_socket(mail: Host) -> None:
    found = mail.run(
        "runuser -u nobody -- ldapsearch -Q -Y EXTERNAL -H ldapi:/// -LLL -b %s '(objectClass=*)' dn", SUFFIX
    )
    assert found.stdout == ""


def test_the_running_server_lets_not_even_root_change_its_configuration(mail: Host) -> None:
    refused = mail.run(
        "printf 'dn: cn=config\\nchangetype: modify\\nreplace: olcSecurity\\nolcSecurity: ssf=0\\n'"
        " | ldapmodify -Q -Y EXTERNAL -H ldapi:///"
    )
    assert "Insufficient access" in refused.stderr


def test_nobody_carries_off_the_address_book_page_by_page(playground: Playground) -> None:
    def read(connection: Connection) -> int:
        pages = connection.extend.standard.paged_search(
            AGENCIES, "(objectClass=*)", attributes=["1.1"], paged_size=100, generator=True
        )
        found = 0
        with suppress(LDAPOperationResult):
            for _ in pages:
                found += 1
        return found

    assert read(playground.engine) > 500, "too few entries: nothing was tested"
    with playground.sign_in(PERSON) as connection:
        connection.raise_exceptions = True
        assert read(connection) == 500


def test_somebody_who_is_not_active_cannot_sign_in(playground: Playground) -> None:
    assert refusal(playground.lab, LEAVER, playground.passwords[LEAVER]) == "invalidCredentials"


@pytest.mark.parametrize("attribute", ["mail", "mailLocalAddress"])
@pytest.mark.parametrize("taken", ["thu001", "thu001.khac"])
def test_an_address_belongs_to_one_mailbox(playground: Playground, attribute: str, taken: str) -> None:
    answer = playground.add(f"uid=thu009,{OURS}", person("thu009", **{attribute: f"{taken}@{DOMAIN}"}))
    assert answer["description"] == "constraintViolation"


@pytest.mark.parametrize(
    ("uid", "more"),
    [
        ("thu001", {"mail": f"moi@{DOMAIN}", "mailLocalAddress": f"moi.khac@{DOMAIN}", "employeeNumber": "moi"}),
        ("thu009", {"employeeNumber": "thu001"}),
        ("thu009", {"congvuId": "person:thu001"}),
    ],
)
def test_an_identity_belongs_to_one_entry(playground: Playground, uid: str, more: dict[str, str]) -> None:
    entry = person(uid, **({"congvuId": "person:moi"} | more))
    assert playground.add(f"uid={uid},{THEIRS}", entry)["description"] == "constraintViolation"


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("congvuState", "gone"),
        ("congvuQuota", "-1"),
        ("congvuAccess", "thu-mot:owner"),
        ("mail", f"Thu009@{DOMAIN}"),
        ("mail", "thu009"),
        ("mailLocalAddress", f"thu 009@{DOMAIN}"),
        ("congvuSendAs", f"*@{DOMAIN}"),
    ],
)
def test_a_value_that_no_service_could_use_is_refused(playground: Playground, attribute: str, value: str) -> None:
    answer = playground.add(f"uid=thu009,{OURS}", person("thu009", **{attribute: value}))
    assert answer["description"] == "constraintViolation"


@pytest.mark.parametrize("weak", ["Aa!4567", "matkhau-dai-1!", "MATKHAU-DAI-1!", "MatKhauDai1234", "Thu001-matkhau!"])
def test_a_weak_password_is_refused(playground: Playground, weak: str) -> None:
    with playground.sign_in(PERSON) as connection:
        assert not connection.extend.standard.modify_password(PERSON, playground.passwords[PERSON], weak)
        assert connection.result["description"] == "constraintViolation"


def test_a_good_password_is_taken_once_and_kept_as_argon2(playground: Playground, mail: Host) -> None:
    old, new = playground.passwords[PERSON], new_password()
    with playground.sign_in(PERSON) as connection:
        assert connection.extend.standard.modify_password(PERSON, old, new), connection.result
        playground.passwords[PERSON] = new
        assert not connection.extend.standard.modify_password(PERSON, new, old), "a former password came back"
    ldif = mail.check_output("slapcat -o ldif-wrap=no -b %s -a '(uid=thu001)'", SUFFIX)
    stored = b64decode(ldif.partition("userPassword:: ")[2].partition("\n")[0])
    assert stored.startswith(b"{ARGON2}$argon2id$")


def test_failed_sign_ins_lock_a_person_but_never_a_service(playground: Playground) -> None:
    dn = f"uid=thu010,{OURS}"
    playground.passwords[dn] = new_password()
    playground.add(dn, person("thu010", playground.passwords[dn]))
    for name in (dn, f"cn=postfix,ou=services,{SUFFIX}"):
        with connected(playground.lab) as connection:
            assert {bind(connection, name, "wrong") for _ in range(10)} == {"invalidCredentials"}
    assert refusal(playground.lab, dn, playground.passwords[dn]) == "invalidCredentials"
    with service(playground.lab, "postfix") as postfix:
        assert postfix.bound


def test_a_transfer_keeps_the_identity_and_every_reference(playground: Playground) -> None:
    group, before, after = f"cn=nhom,{OURS}", f"uid=thu011,{OURS}", f"uid=thu011,{THEIRS}"
    engine = playground.engine
    playground.add(before, person("thu011"))
    engine.add(group, ["groupOfNames"], {"member": [before, PERSON]})

    def values(dn: str, attribute: str) -> list[str]:
        engine.search(dn, "(objectClass=*)", ldap3.BASE, attributes=[attribute])
        return [value.decode() for value in engine.response[0]["raw_attributes"][attribute]]

    identity = values(before, "entryUUID")
    assert values(before, "memberOf") == [group]
    assert engine.modify_dn(before, "uid=thu011", new_superior=THEIRS), engine.result
    assert values(after, "entryUUID") == identity
    eventually(lambda: sorted(values(group, "member")) == sorted([after, PERSON]))
    eventually(lambda: values(after, "memberOf") == [group])
    assert engine.delete(after)
    eventually(lambda: values(group, "member") == [PERSON])


def test_the_accesslog_says_who_did_what_but_no_digest(playground: Playground) -> None:
    with playground.sign_in(OUR_ADMIN) as admin_connection:
        assert changes(admin_connection, COLLEAGUE, "userPassword", new_password())
    with service(playground.lab, "auditor") as auditor:
        auditor.search("cn=accesslog", f"(reqDN={COLLEAGUE})", attributes=["reqAuthzID", "reqMod", "reqOld"])
        seen = [entry["raw_attributes"] for entry in auditor.response if entry["type"] == "searchResEntry"]
    assert any(entry["reqAuthzID"] == [OUR_ADMIN.encode()] for entry in seen)
    told = [value for entry in seen for name in ("reqMod", "reqOld") for value in entry.get(name, [])]
    assert told
    assert not [value for value in told if b"ARGON2" in value]
