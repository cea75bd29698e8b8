"""A directory in memory that keeps LDAP's promises as far as the engine relies on them.

Nor does it let two entries have one address, as the overlay ``unique`` does not.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils import dn as names
from ansible_collections.congvu.mail.plugins.module_utils.directory import (
    Add,
    Fate,
    Modify,
    Outcome,
    Record,
    Remove,
    Rename,
    UnreachableError,
    Write,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_LOCK, _FAILURES = "pwdAccountLockedTime", "pwdFailureTime"
_OF_A_LOCK = (_LOCK, _FAILURES)  # what goes with another password, and the failures with a lock that is taken away
SUFFIX = "dc=tinh,dc=gov,dc=vn"
BASE = f"ou=agencies,{SUFFIX}"
CONTROL = f"cn=thu,ou=control,{SUFFIX}"


class MemoryDirectory:
    """Entries by key; every write asserts, and makes a younger entryCSN, as slapd does.

    ``log`` keeps what was written, in order. After ``lives`` writes the connection breaks, like a killed process.
    """

    def __init__(self) -> None:
        """Start with the entries that the role lays."""
        self.records: dict[str, Record] = {}
        self.log: list[Write] = []
        self.lives = -1
        self.numbered: set[str] = set()  # attribute types that were ever written
        self.marks: dict[str, tuple[str, ...]] = {"pwdReset": ("TRUE",)}  # what goes with a first password
        self._clock = 0
        for dn in (SUFFIX, BASE, f"ou=control,{SUFFIX}"):
            self._put(dn, {"objectClass": ("organizationalUnit",)})

    def read_tree(self, base: str, attributes: Collection[str]) -> list[Record]:
        """Read a subtree."""
        top = names.key(base)
        return [
            self._shown(record, attributes)
            for key, record in self.records.items()
            if key == top or names.below(key, top)
        ]

    def reread_tree(self, base: str, attributes: Collection[str], known: Mapping[str, Record]) -> list[Record]:
        """Read a subtree, of which what is known in the same version is not looked at."""
        return [
            known[one.uuid]._replace(dn=one.dn)
            if one.uuid in known and known[one.uuid].csn == one.csn
            else self._shown(self.records[names.key(one.dn)], attributes)
            for one in self.read_tree(base, ())
        ]

    def read_entry(self, dn: str, attributes: Collection[str]) -> Record | None:
        """Read one entry."""
        record = self.records.get(names.key(dn))
        return self._shown(record, attributes) if record else None

    def search(self, base: str, marks: Mapping[str, Collection[str]], attributes: Collection[str]) -> list[Record]:
        """Look for values, in whatever case."""
        wanted = {name: {value.lower() for value in values} for name, values in marks.items()}
        return [
            self._shown(record, attributes)
            for key, record in self.records.items()
            if names.below(key, names.key(base))
            and any(
                value.lower() in values for name, values in wanted.items() for value in record.attributes.get(name, ())
            )
        ]

    def read_entries(self, dns: Iterable[str], attributes: Collection[str]) -> list[Record]:
        """Read some entries."""
        return [record for dn in dns if (record := self.read_entry(dn, attributes))]

    def write(self, batch: Sequence[Write]) -> list[Outcome]:
        """Carry out writes one by one."""
        return [self._write(write) for write in batch]

    def rehearse(self, batch: Sequence[Write]) -> list[Outcome]:
        """Carry each out in a copy of its own. back-mdb is damaged by an attribute that only a trial wrote (ADR 10)."""
        outcomes = []
        for write in batch:
            trial = copy(self)
            trial.records, trial.log, trial.numbered, trial.marks = dict(self.records), [], set(self.numbered), {}
            outcomes += trial.write([write])
            assert trial.numbered <= self.numbered, trial.numbered - self.numbered
        return outcomes

    def put(self, dn: str, **attributes: str | tuple[str, ...]) -> Record:
        """Write an entry by hand, past all conditions."""
        values = {name: ((given,) if isinstance(given, str) else tuple(given)) for name, given in attributes.items()}
        return self._put(dn, values)

    def touch(self, dn: str, **attributes: str | tuple[str, ...]) -> None:
        """Change an entry by hand."""
        record = self.records[names.key(dn)]
        known = record.attributes
        self._keep(self.put(dn, **{**known, **attributes})._replace(uuid=record.uuid))

    def sign_in(self, dn: str) -> None:
        """Note a sign-in as slapd does: in an attribute of its own, with a younger entryCSN."""
        self._keep(self.records[names.key(dn)]._replace(csn=self._tick()))

    def _write(self, write: Write) -> Outcome:
        if self.lives == 0:
            message = "The directory does not answer."
            raise UnreachableError(message, "Wait.")
        self.lives -= 1
        self.log.append(write)
        return self._add(write) if isinstance(write, Add) else self._change(write)

    def _add(self, write: Add) -> Outcome:
        if names.key(write.dn) in self.records:
            return Outcome(Fate.STALE, message="exists")
        if names.key(names.superior(write.dn)) not in self.records:
            return Outcome(Fate.REFUSED, message="no superior")
        secret = (
            {"userPassword": (write.password().decode(),), **self.marks, "pwdChangedTime": ("20260101000000Z",)}
            if write.password
            else {}
        )
        if taken := self._taken(write.dn, write.attributes):
            return taken
        return Outcome(Fate.DONE, self._put(write.dn, {**write.attributes, **secret}).csn)

    def _change(self, write: Modify | Rename | Remove) -> Outcome:
        record = self.records.get(names.key(write.dn))
        if record is None or record.csn != write.csn:
            return Outcome(Fate.STALE, message="changed")
        match write:
            case Modify(dn, _, attributes):
                if taken := self._taken(dn, attributes):
                    return taken
                secret = {"userPassword": (write.password().decode(),), **self.marks} if write.password else {}
                gone = {
                    *write.without,
                    *(_OF_A_LOCK if write.password else ()),
                    *([_FAILURES] if write.without else []),
                }
                left = {name: given for name, given in record.attributes.items() if name not in gone}
                values = {name: given for name, given in {**left, **attributes, **secret}.items() if given}
                return Outcome(Fate.DONE, self._keep(Record(dn, record.uuid, self._tick(), values)).csn)
            case Rename(dn, _, new_dn):
                return self._rename(record, dn, new_dn, keep=write.keep)
            case Remove(dn, _):
                return self._remove(dn)

    def _taken(self, dn: str, attributes: Mapping[str, tuple[str, ...]]) -> Outcome | None:
        """Refuse an address that another entry has, whichever of the two attributes it stands in."""
        wanted = _addresses(attributes)
        for key, record in self.records.items() if wanted else ():
            if key != names.key(dn) and wanted & _addresses(record.attributes):
                return Outcome(Fate.REFUSED, message="constraintViolation (19), some attributes not unique")
        return None

    def _remove(self, dn: str) -> Outcome:
        if any(names.below(other, names.key(dn)) for other in self.records):
            return Outcome(Fate.REFUSED, message="not a leaf")
        del self.records[names.key(dn)]
        return Outcome(Fate.DONE)

    def _rename(self, record: Record, dn: str, new_dn: str, *, keep: bool) -> Outcome:
        if names.key(new_dn) in self.records or names.key(names.superior(new_dn)) not in self.records:
            return Outcome(Fate.REFUSED, message="no such place")
        old = names.key(dn)
        for key in [key for key in self.records if names.below(key, old)]:
            child = self.records.pop(key)
            self._keep(child._replace(dn=child.dn[: -len(dn)] + new_dn))
        del self.records[old]
        (attribute, gone), (new_attribute, come) = names.naming(dn), names.naming(new_dn)
        values = dict(record.attributes)
        if not keep:
            values[attribute] = tuple(v for v in values.get(attribute, ()) if v.lower() != gone.lower())
        values[new_attribute] = tuple(sorted({*values.get(new_attribute, ()), come}))
        values = {name: given for name, given in values.items() if given}
        return Outcome(Fate.DONE, self._keep(Record(new_dn, record.uuid, self._tick(), values)).csn)

    def _put(self, dn: str, attributes: Mapping[str, tuple[str, ...]]) -> Record:
        csn = self._tick()
        return self._keep(
            Record(dn, f"uuid-{csn}", csn, {name: values for name, values in attributes.items() if values})
        )

    def _keep(self, record: Record) -> Record:
        self.numbered |= {name.lower() for name in record.attributes}
        self.records[names.key(record.dn)] = record
        return record

    def _tick(self) -> str:
        self._clock += 1
        return f"20260101000000.{self._clock:06}Z#000000#000#000000"

    @staticmethod
    def _shown(record: Record, attributes: Collection[str]) -> Record:
        return record._replace(
            attributes={name: record.attributes[name] for name in attributes if name in record.attributes}
        )


def _addresses(attributes: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {value.lower() for name in ("mail", "mailLocalAddress") for value in attributes.get(name, ())}
