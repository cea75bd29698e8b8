"""An accesslog in memory: records as slapd 2.6.10 writes them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils import dn as names
from ansible_collections.congvu.mail.plugins.module_utils import wire
from ansible_collections.congvu.mail.plugins.module_utils.directory import Record
from ansible_collections.congvu.mail.plugins.module_utils.trace import FORMAT
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ENGINE = f"cn=reconciler,ou=services,{SUFFIX}"
_CLASSES = {"add": "auditAdd", "modify": "auditModify", "modrdn": "auditModRDN", "delete": "auditDelete"}


def control(trace: str) -> str:
    """Give a value of reqControls: slapd keeps the control's own value in hexadecimal."""
    octets = wire.session_tracking(FORMAT, trace)
    value = octets[octets.index(wire.SESSION_TRACKING.encode()) + len(wire.SESSION_TRACKING) :]
    size = 2 if value[1] < 128 else 2 + value[1] - 128
    return f'{{2}}{{{wire.SESSION_TRACKING} controlValue "{value[size:].hex().upper()}"}}'


class MemoryLog:
    """What was recorded, in its order, and the entries that stand now."""

    def __init__(self) -> None:
        """Start on a Saturday morning."""
        self.records: list[Record] = []
        self.present: list[Record] = []
        self._number = count(1)

    def stands(self, dn: str, uuid: str, **attributes: str) -> None:
        """Let an entry stand in the directory."""
        values = {name: (value,) for name, value in attributes.items()}
        self.present.append(Record(dn, uuid, "", values))

    def write(
        self,
        kind: str,
        dn: str,
        uuid: str,
        mods: Collection[str] = (),
        old: Collection[str] = (),
        *,
        new_dn: str = "",
        by: str = ENGINE,
        trace: str = "",
        result: str = "0",
    ) -> None:
        """Record a write; each is a minute after the one before."""
        number = next(self._number)
        start = f"20261121{8 + number // 60:02}{number % 60:02}00.{number:06}Z"
        said = {
            "objectClass": [_CLASSES.get(kind, "auditObject")],
            "reqStart": [start],
            "reqType": [kind],
            "reqDN": [dn],
            "reqAuthzID": [by],
            "reqResult": [result],
            "reqEntryUUID": [uuid],
            "reqMod": [*mods, "entryCSN:= 2026#0", f"modifiersName:= {by}"],
            "reqOld": [*old, "entryCSN: 2025#0"] if kind != "add" else [],
            "reqNewDN": [new_dn] if new_dn else [],
            "reqControls": ['{0}{1.3.6.1.1.13.2 controlValue "300A"}', control(trace)] if trace else [],
        }
        values = {name: tuple(given) for name, given in said.items() if given}
        self.records.append(Record(f"reqStart={start},cn=accesslog", "", "", values))

    def find(
        self, base: str, wanted: Mapping[str, Collection[str]], attributes: Collection[str], limit: int = 0
    ) -> list[Record]:
        """Find as the server does: names of entries whatever their spelling, everything else by its bytes."""
        of_log = base == "cn=accesslog"
        found = []
        for record in self.records if of_log else self.present:
            if all(self._has(record, name, values) for name, values in wanted.items()):
                shown = {name: record.attributes[name] for name in attributes if name in record.attributes}
                found.append(Record(record.dn, record.uuid, "", shown))
        return found[:limit] if limit else found

    @staticmethod
    def _has(record: Record, name: str, values: Collection[str]) -> bool:
        spelt = names.key if name.endswith("DN") else str
        have = {spelt(value) for value in record.attributes.get(name, ())}
        return not have.isdisjoint({spelt(value) for value in values})
