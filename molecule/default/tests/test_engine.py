"""The engine against the real slapd: what the unit tests' directory in memory promises, the server keeps.

Works in an agency of its own beside the declared ones, and leaves nothing behind. Any reconciled lab will do:
``CONGVU_LAB=… CONGVU_LAB_SUBNET=… pytest molecule/default/tests/test_engine.py``.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import apply as engine
from ansible_collections.congvu.mail.plugins.module_utils import source
from ansible_collections.congvu.mail.plugins.module_utils.changes import (
    Cause,
    Plan,
    Precondition,
    Risk,
    Update,
    Wave,
    base_dn,
)
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.credentials import Vault
from ansible_collections.congvu.mail.plugins.module_utils.directory import (
    WINDOW,
    Access,
    Add,
    DeniedError,
    Fate,
    LdapDirectory,
    Modify,
    Record,
    Remove,
    Rename,
    UnreachableError,
    UntrustedError,
)
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
from ansible_collections.congvu.mail.plugins.module_utils.lease import Lease, control_dn, this_process
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from molecule.conftest import Lab

ROOT = Path(__file__).parents[3]
SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
BASE = base_dn(SUFFIX)
MARKS = {"congvuEstate": ("kiemthu",), "congvuState": ("active",)}


@pytest.fixture(scope="module")
def access(lab: Lab) -> Access:
    """Reach the lab's directory as the playbooks do: by address, expecting the directory's own name."""
    return Access(
        uri=f"ldaps://{lab.mail_address}",
        server_name="ldap.thuathienhue.gov.vn",
        ca_file=lab.state / "ca" / "ca.pem",
        bind_dn=f"cn=reconciler,ou=services,{SUFFIX}",
        password_file=lab.state / "secrets" / "ldap-reconciler",
        timeout=10,
    )


@pytest.fixture(scope="module")
def directory(access: Access) -> Iterator[LdapDirectory]:
    """Sign in as the reconciler."""
    with LdapDirectory.connect(access) as connected:
        yield connected


@pytest.fixture
def agency(directory: LdapDirectory) -> Iterator[str]:
    """Make an agency of the test's own, and take it away with all that is in it."""
    code = f"kt{secrets.token_hex(3)}"
    dn = f"ou={code},{BASE}"
    marks = {**MARKS, "congvuId": (f"agency:{code}",)}
    attributes = {"objectClass": ("organizationalUnit", "congvuObject"), "ou": (code,), **marks}
    assert directory.write([Add(dn, attributes)])[0].fate is Fate.DONE
    yield dn
    for record in sorted(directory.read_tree(dn, ()), key=lambda found: -len(found.dn)):
        directory.write([Remove(record.dn, record.csn)])


@pytest.fixture
def make(directory: LdapDirectory, agency: str) -> Callable[..., Record]:
    """Return a maker of people in that agency."""

    def person(digest: str = "", **attributes: tuple[str, ...]) -> Record:
        uid = f"kt{secrets.token_hex(4)}"
        given = {
            "objectClass": ("inetOrgPerson", "congvuObject", "congvuMailbox"),
            "uid": (uid,),
            "cn": ("Nguyễn Thị Kiểm",),
            "sn": ("Nguyễn",),
            "mail": (uid + "@thuathienhue.gov.vn",),
            "congvuQuota": ("1000000",),
            "congvuId": ("person:" + uid,),
            **MARKS,
            **attributes,
            **({"userPassword": (digest,)} if digest else {}),
        }
        outcome = directory.write([Add(f"uid={uid},{agency}", given)])[0]
        assert outcome.fate is Fate.DONE, outcome.message
        found = directory.read_entry(f"uid={uid},{agency}", ATTRIBUTES)
        assert found is not None
        assert found.csn == outcome.csn
        return found

    return person


def test_the_directory_is_as_the_registry_says(directory: LdapDirectory) -> None:
    registry = source.load(ROOT / "inventories" / "thuathienhue" / "registry")
    today = datetime.now(registry.estate.time_zone).date()
    desired = compile_desired(registry, as_of=today, commit="")
    plan = make_plan(desired, directory.read_tree(BASE, ATTRIBUTES))
    assert plan.changes == ()
    assert [remark for remark in plan.remarks if remark.blocking] == []


def test_a_tree_is_read_whole_and_raw(directory: LdapDirectory, agency: str, make: Callable[..., Record]) -> None:
    made = {make().dn for _ in range(3)}
    records = directory.read_tree(agency, ATTRIBUTES)
    assert {record.dn for record in records} == {agency, *made}
    assert all(record.uuid and record.csn for record in records)
    assert {record.attributes["cn"] for record in records if record.dn != agency} == {("Nguyễn Thị Kiểm",)}


def test_a_tree_that_is_not_there_is_empty(directory: LdapDirectory) -> None:
    assert directory.read_tree(f"ou=khongco,{BASE}", ATTRIBUTES) == []
    assert directory.read_entry(f"ou=khongco,{BASE}", ATTRIBUTES) is None


def test_the_engine_cannot_read_a_password(directory: LdapDirectory, make: Callable[..., Record]) -> None:
    record = make(digest="{ARGON2}x")
    found = directory.read_entry(record.dn, ("userPassword", "cn"))
    assert found is not None
    assert set(found.attributes) == {"cn"}


def test_a_fresh_entry_is_written_and_a_stale_one_refused(
    directory: LdapDirectory, make: Callable[..., Record]
) -> None:
    record = make()
    first = directory.write([Modify(record.dn, record.csn, {"title": ("Chuyên viên",)})])[0]
    assert first.fate is Fate.DONE
    assert first.csn > record.csn
    stale = directory.write([Modify(record.dn, record.csn, {"title": ("x",)})])[0]
    assert stale.fate is Fate.STALE
    cleared = directory.write([Modify(record.dn, first.csn, {"title": ()})])[0]
    assert cleared.fate is Fate.DONE
    found = directory.read_entry(record.dn, ATTRIBUTES)
    assert found is not None
    assert "title" not in found.attributes


def test_a_rehearsal_hears_what_the_server_would_say_and_leaves_no_trace(
    directory: LdapDirectory, agency: str, make: Callable[..., Record]
) -> None:
    one, other = make(), make()
    taken = one.attributes["mail"]
    outcomes = directory.rehearse(
        [
            Modify(one.dn, one.csn, {"title": ("Chuyen vien",)}),
            Modify(one.dn, "20000101000000.000000Z#000000#000#000000", {"title": ("x",)}),
            Modify(other.dn, other.csn, {"mail": taken}),
            Modify(other.dn, other.csn, {"congvuState": ("lost",)}),
            Rename(one.dn, one.csn, one.dn.replace("uid=kt", "uid=moi")),
            Remove(other.dn, other.csn),
            Add(f"cn=x,ou=nowhere,{agency}", {"objectClass": ("device",), "cn": ("x",)}),
        ]
    )
    fates = [outcome.fate for outcome in outcomes]
    assert fates == [Fate.DONE, Fate.STALE, Fate.REFUSED, Fate.REFUSED, Fate.DONE, Fate.DONE, Fate.REFUSED], outcomes
    assert directory.read_entry(one.dn, ATTRIBUTES) == one
    assert directory.read_entry(other.dn, ATTRIBUTES) == other
    assert len(directory.read_tree(agency, ())) == 3


def test_a_transfer_keeps_the_entry_and_all_that_is_in_it(
    directory: LdapDirectory, agency: str, make: Callable[..., Record]
) -> None:
    record = make(title=("x",))
    unit = f"ou=tccb,{agency}"
    marks = {**MARKS, "congvuId": (f"unit:{agency[3:11]}/tccb",)}
    attributes = {"objectClass": ("organizationalUnit", "congvuObject"), "ou": ("tccb",), **marks}
    directory.write([Add(unit, attributes)])
    new_dn = f"{record.dn.partition(',')[0]},{unit}"
    assert (
        directory.write([Rename(record.dn, "20000101000000.000000Z#000000#000#000000", new_dn)])[0].fate is Fate.STALE
    )
    outcome = directory.write([Rename(record.dn, record.csn, new_dn)])[0]
    assert outcome.fate is Fate.DONE
    assert directory.read_entry(new_dn, ATTRIBUTES) == record._replace(dn=new_dn, csn=outcome.csn)


def test_a_unit_takes_its_people_along_and_their_entries_stay_fresh(
    directory: LdapDirectory, agency: str, make: Callable[..., Record]
) -> None:
    record = make()
    top = directory.read_entry(agency, ())
    assert top is not None
    moved = agency.replace("ou=kt", "ou=ktmoi", 1)
    assert directory.write([Rename(agency, top.csn, moved)])[0].fate is Fate.DONE
    there = directory.read_entry(record.dn.replace(agency, moved), ATTRIBUTES)
    assert there == record._replace(dn=record.dn.replace(agency, moved))
    back = directory.read_entry(moved, ())
    assert back is not None
    assert directory.write([Rename(moved, back.csn, agency)])[0].fate is Fate.DONE


def test_what_stands_already_is_stale_and_what_the_server_forbids_is_refused(
    directory: LdapDirectory, agency: str, make: Callable[..., Record]
) -> None:
    record = make()
    other = make()
    again = directory.write([Add(record.dn, record.attributes)])[0]
    assert again.fate is Fate.STALE
    taken = directory.write([Modify(other.dn, other.csn, {"mail": record.attributes["mail"]})])[0]
    assert taken.fate is Fate.REFUSED
    assert "constraintViolation (19)" in taken.message
    top = directory.read_entry(agency, ())
    assert top is not None
    assert "(66)" in directory.write([Remove(agency, top.csn)])[0].message


def test_of_two_who_come_at_once_for_one_address_only_one_gets_it(directory: LdapDirectory, agency: str) -> None:
    def taker(number: int) -> Add:
        uid, mail = f"kt{secrets.token_hex(4)}", f"kt{number // 2}.{agency[3:11]}@thuathienhue.gov.vn"
        attributes = {
            "objectClass": ("inetOrgPerson", "congvuObject", "congvuMailbox"),
            **dict.fromkeys(("uid", "cn", "sn"), (uid,)),
            **dict.fromkeys(("mail", "mailLocalAddress"), (mail,)),
            "congvuQuota": ("1000000",),
            "congvuId": ("person:" + uid,),
            **MARKS,
        }
        return Add(f"uid={uid},{agency}", attributes)

    fates = [outcome.fate for outcome in directory.write([taker(number) for number in range(WINDOW)])]
    for pair in zip(fates[::2], fates[1::2], strict=True):
        assert sorted(pair) == [Fate.DONE, Fate.REFUSED]


def test_an_initial_password_opens_the_account(access: Access, make: Callable[..., Record], tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    record = make(digest=vault.issue("person:thu").decode())
    with LdapDirectory.connect(replace(access, bind_dn=record.dn, password_file=tmp_path / "thu")) as own:
        assert own.read_entry(record.dn, ("uid",)) is not None


@pytest.fixture
def give_title(
    directory: LdapDirectory, tmp_path: Path
) -> Iterator[Callable[[Record, Callable[[], None]], engine.Result]]:
    """Return what plans another title for somebody, lets something happen, and then applies the plan."""
    now = datetime.now(UTC)

    def run(record: Record, meanwhile: Callable[[], None]) -> engine.Result:
        change = Update(
            id=record.attributes["congvuId"][0],
            kind=Kind.PERSON,
            dn=record.dn,
            label="",
            wave=Wave.MODIFY,
            risk=Risk.LOW,
            cause=Cause.COMMIT,
            before={"title": ()},
            after={"title": ("Phó phòng",)},
            precondition=Precondition(record.uuid, record.csn),
        )
        plan = Plan("kiemthu", SUFFIX, "", now.date(), None, None, {}, {}, (), (change,))
        meanwhile()
        lease = Lease(directory, control_dn("kiemthu", SUFFIX), this_process(), lambda: now)
        with Journal(tmp_path, plan.id, lambda: now) as journal:
            return engine.apply(plan, directory, lease, journal, lambda _: b"")

    yield run
    control = directory.read_entry(control_dn("kiemthu", SUFFIX), ())
    if control:
        directory.write([Remove(control.dn, control.csn)])


@pytest.mark.parametrize("wrong", [False, True])
def test_a_sign_in_between_plan_and_apply_stops_nothing(
    access: Access,
    directory: LdapDirectory,
    make: Callable[..., Record],
    give_title: Callable[..., engine.Result],
    tmp_path: Path,
    wrong: bool,  # noqa: FBT001 - a table's column
) -> None:
    record = make(digest=Vault(tmp_path).issue("person:thu").decode())

    def sign_in() -> None:
        if wrong:
            (tmp_path / "thu").write_text("sai\n")
        with (
            suppress(DeniedError),
            LdapDirectory.connect(replace(access, bind_dn=record.dn, password_file=tmp_path / "thu")),
        ):
            pass
        found = directory.read_entry(record.dn, ())
        assert found is not None
        assert found.csn > record.csn, "a sign-in is noted in the entry"

    assert give_title(record, sign_in).counts == {"applied": 1, "stale": 0, "failed": 0, "skipped": 0}


def test_a_foreign_hand_between_plan_and_apply_is_respected(
    directory: LdapDirectory, make: Callable[..., Record], give_title: Callable[..., engine.Result]
) -> None:
    record = make()

    def write_by_hand() -> None:
        assert directory.write([Modify(record.dn, record.csn, {"title": ("tay",)})])[0].fate is Fate.DONE

    assert give_title(record, write_by_hand).counts == {"applied": 0, "stale": 1, "failed": 0, "skipped": 0}
    found = directory.read_entry(record.dn, ("title",))
    assert found is not None
    assert found.attributes == {"title": ("tay",)}


def test_a_wrong_password_is_named(access: Access, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("sai\n")
    with pytest.raises(DeniedError, match=r"does not accept the password of cn=reconciler.*wrong"):
        LdapDirectory.connect(replace(access, password_file=tmp_path / "wrong"))


@pytest.mark.parametrize("change", [{"ca_file": None}, {"server_name": "mail.khac.gov.vn"}])
def test_a_server_that_does_not_prove_itself_is_not_spoken_to(access: Access, change: dict[str, str | None]) -> None:
    with pytest.raises(UntrustedError, match=r"does not prove that this is [\w.]+: [^()]*certificate[^()]*\. Check"):
        LdapDirectory.connect(replace(access, **change))  # type: ignore[arg-type] # one of two fields


def test_a_server_that_is_not_there_is_named(access: Access) -> None:
    with pytest.raises(UnreachableError, match="Check that slapd runs"):
        LdapDirectory.connect(replace(access, uri=access.uri + ":6636", timeout=3))
