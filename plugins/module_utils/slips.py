"""Who gets a slip with the initial password, and who no longer: from the recorded passwords and the directory.

The directory is asked, because it is what a password opens: what stands on a slip is in force at that moment, whether
or not the last plan was carried out to its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from . import accesslog, alphabet
from . import dn as names
from .changes import agency_of, base_dn
from .model import Kind, State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from .alphabet import Key
    from .directory import Record

ATTRIBUTES = (
    "cn",
    "congvuId",
    "congvuState",
    "createTimestamp",
    "description",
    "displayName",
    "givenName",
    "mail",
    "pwdAccountLockedTime",
    "pwdChangedTime",
    "pwdReset",
    "title",
)
FOREVER = "000001010000Z"  # what ppolicy knows as the time of a lock without end
_ASKED = 200  # entries whose past one search looks for


class Log(Protocol):
    """The directory's accesslog, as ``LdapDirectory.find`` reads it."""

    def find(
        self, base: str, wanted: Mapping[str, Collection[str]], attributes: Collection[str], limit: int = 0
    ) -> list[Record]:
        """Find what has, of each attribute wanted, one of the values."""
        ...


class Standing(StrEnum):
    """What becomes of a recorded password."""

    READY = "ready"  # it is in force, and its holder has not used it yet: it is printed
    WAITING = "waiting"  # no entry has it yet, as its plan was not carried out, or not to the end
    CLOSED = "closed"  # the account lets nobody in
    CHANGED = "changed"  # its holder has chosen another
    LATE = "late"  # it was not changed in time, and opens nothing any more
    REPLACED = "replaced"  # somebody else has set another since, who has handed that one out


# What is of no use to anybody any more, and therefore forgotten.
SPENT = (Standing.CHANGED, Standing.LATE, Standing.REPLACED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who signs in: a person, or an agency's admin account, as the directory has them."""

    id: str
    dn: str
    uuid: str
    csn: str
    state: str
    first: bool  # the password is one that somebody else has set (pwdReset)
    lock: str  # since when the account is locked, which may be over, empty if it is not (pwdAccountLockedTime)
    since: datetime | None  # when the password was set
    agency: str  # code
    agency_name: str
    unit_name: str  # empty for who is in none
    name: str
    given: str
    title: str
    account: str  # what is typed to sign in

    @property
    def is_admin(self) -> bool:
        """Say whether this is an agency's admin account, which is nobody's own and has no mailbox."""
        return self.id.startswith(f"{Kind.ADMIN}:")

    @property
    def is_late(self) -> bool:
        """Say whether the account was locked because its first password was not changed in time."""
        return self.first and self.lock == FOREVER

    @property
    def place(self) -> tuple[bool, Key, tuple[Key, Key], str]:
        """Give what slips are sorted by within an agency: its admin first, then unit by unit, and by name."""
        person = alphabet.person_key(self.name, self.given)
        return not self.is_admin, alphabet.key(self.unit_name), person, self.id


def holders(records: Iterable[Record], suffix: str) -> dict[str, Holder]:
    """Give everybody who may have a password, by id, from a whole reading of the tree."""
    base = base_dn(suffix)
    found = list(records)
    called = {names.key(record.dn): _first(record, "description") for record in found}
    return {holder.id: holder for record in found if (holder := _holder(record, base, called))}


def _holder(record: Record, base: str, called: Mapping[str, str]) -> Holder | None:
    id_ = _first(record, "congvuId")
    kind = id_.partition(":")[0]
    if kind not in (Kind.PERSON, Kind.ADMIN):
        return None
    agency = agency_of(record.dn, base)
    agency_key = names.key(names.join(f"ou={agency}", base))
    above = names.key(names.superior(record.dn))
    is_admin = kind == Kind.ADMIN
    return Holder(
        id=id_,
        dn=record.dn,
        uuid=record.uuid,
        csn=record.csn,
        state=_first(record, "congvuState"),
        first=_first(record, "pwdReset") == "TRUE",
        lock=_first(record, "pwdAccountLockedTime"),
        since=_moment(_first(record, "pwdChangedTime") or _first(record, "createTimestamp")),
        agency=agency,
        agency_name=called.get(agency_key, "") or agency,
        unit_name=called.get(above, "") if above != agency_key else "",
        name="" if is_admin else _first(record, "displayName") or _first(record, "cn"),
        given=_first(record, "givenName"),
        title=_first(record, "title"),
        account=admin_account(agency) if is_admin else _first(record, "mail"),
    )


def admin_account(agency: str) -> str:
    """Give what an agency's admin types to sign in: it has no address, and no address looks like it."""
    return f"{Kind.ADMIN}.{agency}"


def sort(recorded: Iterable[str], known: Mapping[str, Holder], replaced: Collection[str]) -> dict[str, Standing]:
    """Say of each recorded password what becomes of it; ``replaced`` are the ids that ``set_by_others`` gave."""
    return {id_: _standing(known.get(id_), replaced) for id_ in recorded}


def _standing(holder: Holder | None, replaced: Collection[str]) -> Standing:
    if holder is None:
        return Standing.WAITING
    if holder.state != State.ACTIVE:
        return Standing.CLOSED
    if not holder.first:
        return Standing.CHANGED
    if holder.is_late:
        return Standing.LATE
    return Standing.REPLACED if holder.id in replaced else Standing.READY


def set_by_others(log: Log, wanted: Collection[Holder], own: str) -> set[str]:
    """Give the ids of those whose password another account than ``own``, the engine's, was the last to set.

    An agency's admin sets passwords without telling the engine, which then has one recorded that opens nothing. What
    the accesslog no longer knows is taken for the engine's.
    """
    by_uuid = {holder.uuid: holder.id for holder in wanted}
    uuids = sorted(by_uuid)
    last: dict[str, tuple[str, str]] = {}
    for start in range(0, len(uuids), _ASKED):
        asked = {"reqEntryUUID": uuids[start : start + _ASKED], "reqType": ["add", "modify"]}
        for record in log.find(accesslog.BASE, asked, accesslog.ATTRIBUTES):
            event = accesslog.read(record)
            if event and event.password:
                last[event.uuid] = max(last.get(event.uuid, ("", "")), (event.start, event.author))
    return {by_uuid[uuid] for uuid, (_, author) in last.items() if names.key(author) != names.key(own)}


def by_agency(wanted: Iterable[Holder]) -> Iterator[tuple[str, list[Holder]]]:
    """Give agencies by code, and the people of each in the order in which slips are handed out."""
    found: dict[str, list[Holder]] = {}
    for holder in wanted:
        found.setdefault(holder.agency, []).append(holder)
    for agency in sorted(found):
        yield agency, sorted(found[agency], key=lambda holder: holder.place)


def _moment(time: str) -> datetime | None:
    """Read a generalized time of slapd's own, in UTC."""
    return datetime.strptime(time[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if time else None


def _first(record: Record, name: str) -> str:
    values = record.attributes.get(name, ())
    return values[0] if values else ""
