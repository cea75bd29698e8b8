"""The past of a mailbox in the real accesslog, and the way back from a day's plan on the real slapd.

Works in an estate of its own in the same directory, beside the declared one, and leaves nothing behind but the log.
"""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import apply as engine
from ansible_collections.congvu.mail.plugins.module_utils import recount
from ansible_collections.congvu.mail.plugins.module_utils.accesslog import Deed
from ansible_collections.congvu.mail.plugins.module_utils.changes import base_dn
from ansible_collections.congvu.mail.plugins.module_utils.credentials import Vault, file_name
from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, LdapDirectory, Remove
from ansible_collections.congvu.mail.plugins.module_utils.history import past_of, with_runs
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
from ansible_collections.congvu.mail.plugins.module_utils.lease import Lease, control_dn, read_control, this_process
from ansible_collections.congvu.mail.plugins.module_utils.model import Desired, Entry, Kind, Origin, State
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.plugins.module_utils.rollback import undo
from ansible_collections.congvu.mail.plugins.module_utils.values import is_managed

from ...reach import Connection, changes, new_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan
    from ansible_collections.congvu.mail.plugins.module_utils.history import History

    from ...conftest import Lab, Person

ROOT = Path(__file__).parents[3]
SUFFIX, DOMAIN = "dc=thuathienhue,dc=gov,dc=vn", "thuathienhue.gov.vn"
BASE = base_dn(SUFFIX)
ESTATE = "kiemthu-lich-su"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_CLASSES = {
    Kind.AGENCY: ("congvuObject", "organizationalUnit"),
    Kind.UNIT: ("congvuObject", "organizationalUnit"),
    Kind.ADMIN: ("congvuObject", "organizationalRole", "simpleSecurityObject"),
    Kind.PERSON: ("congvuMailbox", "congvuObject", "inetOrgPerson"),
}


@dataclass
class Day:
    """The tests' own estate, day by day."""

    reconciler: LdapDirectory
    auditor: LdapDirectory
    folder: Path
    mark: str  # in every code, so that two runs do not meet

    def entry(self, id_: str, place: str, state: State = State.ACTIVE, **given: str | tuple[str, ...]) -> Entry:
        """Make an entry; ``{m}`` is the mark."""
        kind = Kind(id_.partition(":")[0])
        place = place.format(m=self.mark)
        naming, value = place.partition(",")[0].split("=")
        own = {name: (values,) if isinstance(values, str) else values for name, values in given.items()}
        if kind is Kind.PERSON:
            own = {"cn": ("Nguyễn Thị Thử",), "sn": ("Nguyễn",), "congvuQuota": ("1000000",), **own}
        own = {name: tuple(value.format(m=self.mark) for value in values) for name, values in own.items()}
        marks = {
            "objectClass": _CLASSES[kind],
            "congvuEstate": (ESTATE,),
            "congvuId": (id_.format(m=self.mark),),
            "congvuState": (str(state),),
            naming: (value,),
        }
        return Entry(
            id=id_.format(m=self.mark),
            kind=kind,
            dn=f"{place},{BASE}",
            attributes={**own, **marks},
            state=state,
            origin=Origin("agencies/thu.yml", 1),
            reason=f"{len(own)}/QĐ-THỬ",
            needs_password=kind in (Kind.PERSON, Kind.ADMIN),
        )

    def desired(self, *entries: Entry, commit: str = "") -> Desired:
        """Declare these."""
        today = datetime.now(ZONE).date()
        return Desired(ESTATE, SUFFIX, today, commit, {one.id: one for one in entries})

    def plan(self, *entries: Entry, commit: str) -> Plan:
        """Plan for these."""
        applied = read_control(self.reconciler, control_dn(ESTATE, SUFFIX)).applied
        records = self.reconciler.read_tree(BASE, ATTRIBUTES)
        return make_plan(self.desired(*entries, commit=commit), records, applied)

    def way_back(self, plan: Plan) -> Plan:
        """Plan the way back."""
        applied = read_control(self.reconciler, control_dn(ESTATE, SUFFIX)).applied
        return undo(plan, self.reconciler.read_tree(BASE, ATTRIBUTES), self.desired(), applied)

    def apply(self, plan: Plan, by: str) -> None:
        """Apply it, all of it."""
        lease = Lease(self.reconciler, control_dn(ESTATE, SUFFIX), this_process(), lambda: datetime.now(UTC))
        vault = Vault(self.folder / "passwords")
        with Journal(self.folder / "journal", plan.id, lambda: datetime.now(UTC)) as journal:
            result = engine.apply(plan, self.reconciler, lease, journal, vault.issue, by=by)
        assert result.complete, [answer.message for answer in result.answers if answer.message]

    def password(self, id_: str) -> str:
        """Give an initial password."""
        return (self.folder / "passwords" / file_name(id_.format(m=self.mark))).read_text(encoding="utf-8").strip()

    def shown(self) -> dict[str, tuple[str, dict[str, frozenset[str]]]]:
        """Show where every entry stands and what it holds, by its id."""
        return {
            record.attributes["congvuId"][0]: (
                record.dn,
                {name: frozenset(values) for name, values in record.attributes.items()},
            )
            for record in self.reconciler.read_tree(BASE, ATTRIBUTES)
            if is_managed(record, ESTATE)
        }

    def past(self, id_: str) -> History:
        """Ask the accesslog."""
        return with_runs(past_of(self.auditor, SUFFIX, id_.format(m=self.mark)), self.folder / "journal")


@pytest.fixture
def day(lab: Lab, tmp_path: Path) -> Iterator[Day]:
    def access(name: str) -> Access:
        return Access(
            uri=f"ldaps://{lab.mail_address}",
            server_name=f"ldap.{DOMAIN}",
            ca_file=lab.state / "ca" / "ca.pem",
            bind_dn=f"cn={name},ou=services,{SUFFIX}",
            password_file=lab.state / "secrets" / f"ldap-{name}",
        )

    with LdapDirectory.connect(access("reconciler")) as writer, LdapDirectory.connect(access("auditor")) as reader:
        yield Day(writer, reader, tmp_path, secrets.token_hex(3))
        ours = [record for record in writer.read_tree(BASE, ATTRIBUTES) if is_managed(record, ESTATE)]
        for record in sorted(ours, key=lambda found: -found.dn.count(",")):
            writer.write([Remove(record.dn, record.csn)])
        control = writer.read_entry(control_dn(ESTATE, SUFFIX), ())
        if control:
            writer.write([Remove(control.dn, control.csn)])


@contextmanager
def signed_in(lab: Lab, dn: str, password: str) -> Iterator[Connection]:
    """Sign in, and out again."""
    connection = lab.ldap(dn, password)
    try:
        yield connection
    finally:
        connection.unbind()


def yesterday(day: Day) -> tuple[Entry, ...]:
    """Declare two agencies with an admin, a unit, and four people."""
    own = f"{{m}}@{DOMAIN}"
    return (
        day.entry("agency:lsa{m}", "ou=lsa{m}"),
        day.entry("agency:lsb{m}", "ou=lsb{m}"),
        day.entry("admin:lsb{m}", "cn=admin,ou=lsb{m}"),
        day.entry("unit:lsa{m}/vp", "ou=vp,ou=lsa{m}"),
        day.entry("person:p{m}", "uid=p{m},ou=vp,ou=lsa{m}", title="Chuyên viên", mail=own, mailLocalAddress=own),
        day.entry("person:q{m}", "uid=q{m},ou=lsa{m}", mail=f"q{{m}}@{DOMAIN}", mailLocalAddress=f"q{{m}}@{DOMAIN}"),
        day.entry("person:r{m}", "uid=r{m},ou=lsa{m}", mail=f"r{{m}}@{DOMAIN}", mailLocalAddress=f"r{{m}}@{DOMAIN}"),
        day.entry("person:s{m}", "uid=s{m},ou=lsb{m}"),
    )


def today(day: Day) -> tuple[Entry, ...]:
    """Rename the first agency, transfer one, marry one, let two exchange addresses, close one, take one on."""
    return (
        day.entry("agency:lsa{m}", "ou=lsc{m}"),
        day.entry("agency:lsb{m}", "ou=lsb{m}"),
        day.entry("admin:lsb{m}", "cn=admin,ou=lsb{m}"),
        day.entry(
            "person:p{m}",
            "uid=p{m},ou=lsb{m}",
            title="Phó phòng",
            mail=f"q{{m}}@{DOMAIN}",
            mailLocalAddress=(f"p2{{m}}@{DOMAIN}", f"q{{m}}@{DOMAIN}"),
        ),
        day.entry(
            "person:q{m}",
            "uid=q{m},ou=lsc{m}",
            cn="Nguyễn Thị Mới",
            mail=f"{{m}}@{DOMAIN}",
            mailLocalAddress=f"{{m}}@{DOMAIN}",
        ),
        day.entry("person:r{m}", "uid=r{m},ou=lsc{m}", State.HELD),
        day.entry("person:s{m}", "uid=s{m},ou=lsb{m}"),
        day.entry("person:t{m}", "uid=t{m},ou=lsb{m}"),
    )


def test_a_transfer_a_rename_and_a_change_by_hand_are_told_apart(day: Day, lab: Lab) -> None:
    day.apply(day.plan(*yesterday(day), commit="1" * 40), by="Lan (thử)")
    moved = day.plan(*today(day), commit="2" * 40)
    day.apply(moved, by="Minh (thử)")
    person, admin = (f"{own.format(m=day.mark)},{BASE}" for own in ("uid=p{m},ou=lsb{m}", "cn=admin,ou=lsb{m}"))
    password = new_password()
    with signed_in(lab, admin, day.password("admin:lsb{m}")) as by_hand:
        assert changes(by_hand, person, "userPassword", password)
    with signed_in(lab, person, password) as own:
        assert own.extend.standard.modify_password(person, password, new_password()), own.result

    history = day.past("person:p{m}")
    told = [event for event in history.events if event.deed is not Deed.SIGN_IN]
    assert [(event.deed, recount.author(event, SUFFIX)) for event in told] == [
        (Deed.CREATED, "Lan (thử)"),
        (Deed.MOVED, "Minh (thử)"),  # along with the agency
        (Deed.MOVED, "Minh (thử)"),
        (Deed.PASSWORD, f"the admin of lsb{day.mark}"),
        (Deed.PASSWORD, "the holder, with their own password"),
    ]
    _, carried, transfer, *by_others = told
    assert carried.about == f"ou=lsa{day.mark},{BASE}"
    assert (transfer.before["title"], transfer.after["title"]) == (("Chuyên viên",), ("Phó phòng",))
    assert transfer.trace is not None
    assert (transfer.trace.plan, transfer.trace.commit) == (moved.id[:12], "2" * 12)
    assert transfer.trace.decision == "6/QĐ-THỬ"
    assert history.runs[transfer.start].plan == moved.id
    assert [event.trace for event in by_others] == [None, None]
    assert "ARGON2" not in json.dumps(recount.data(history, ZONE))

    (_, _, renamed) = [event for event in day.past("person:q{m}").events if event.deed is not Deed.SIGN_IN]
    assert (renamed.deed, renamed.before["cn"], renamed.after["cn"]) == (
        Deed.CHANGED,
        ("Nguyễn Thị Thử",),
        ("Nguyễn Thị Mới",),
    )
    assert renamed.after["mail"] == (f"{day.mark}@{DOMAIN}",), "giving up and taking an address are told as one"
    (*_, gone) = day.past("unit:lsa{m}/vp").events
    assert gone.deed is Deed.DELETED


def test_the_way_back_from_a_day_s_plan_leads_to_the_day_before(day: Day) -> None:
    day.apply(day.plan(*yesterday(day), commit="1" * 40), by="Lan (thử)")
    began = day.shown()
    plan = day.plan(*today(day), commit="2" * 40)
    day.apply(plan, by="Lan (thử)")
    back = day.way_back(plan)
    assert back.remarks == ()
    day.apply(back, by="Minh (thử)")
    ended = day.shown()
    newcomer = f"person:t{day.mark}"
    assert ended.pop(newcomer)[1]["congvuState"] == {"held"}
    assert ended == began
    assert day.way_back(plan).changes == ()
    *_, undone = [event for event in day.past("person:r{m}").events if event.deed is not Deed.SIGN_IN]
    assert (undone.deed, recount.author(undone, SUFFIX)) == (Deed.REOPENED, "Minh (thử)")
    again = day.plan(*today(day), commit="2" * 40)
    known = {change.id: dict(change.after) for change in plan.changes if change.id != newcomer}
    assert {change.id: dict(change.after) for change in again.changes if change.id != newcomer} == known


@pytest.mark.parametrize("by", ["uid", "address"])
def test_the_playbook_tells_it_in_vietnamese(lab: Lab, person: Person, tmp_path: Path, by: str) -> None:
    path = tmp_path / "lich-su.json"
    done = lab.playbook("history", id=person.uid if by == "uid" else person.address, lang="vi", file=path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"cán bộ {person.uid}" in done.stdout
    assert "lập mới\n  người thực hiện: " in done.stdout
    first, *_ = json.loads(path.read_text(encoding="utf-8"))["events"]
    assert first["deed"] == "created"
    assert first["plan"]
