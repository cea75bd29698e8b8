"""From what the collectors found to all findings of a look, and what of it is new since the look before."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from . import dn as names
from . import drift_directory, drift_dns, drift_mail, drift_report
from .drift import DIRECTORY, Kind, Trace, silent, unpacked
from .drift_machines import Declared, Machine
from .drift_machines import judge as judge_machine
from .ledger import Entry
from .ledger import Kind as Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from .drift import Finding
    from .drift_report import Look
    from .ledger import Proof

FOLDER = "drift"  # below the estate's state
_OF_PARTS: Mapping[str, frozenset[Kind]] = {
    "directory": frozenset(
        {
            *(Kind.ENTRY, Kind.ADDRESS, Kind.STATE, Kind.QUOTA, Kind.ACCESS, Kind.ENTRY_ADDED, Kind.ENTRY_GONE),
            *(Kind.DIRECTORY_ACCOUNT, Kind.DIRECTORY_CONFIG),
        }
    ),
    "store": frozenset({Kind.RIGHT, Kind.FOLDER, Kind.RULE, Kind.FORWARD, Kind.FORWARD_PRIVATE}),
    "dns": frozenset({Kind.DNS, Kind.DKIM}),
    "machines": frozenset(
        {
            *(Kind.FILE, Kind.GUARD, Kind.SETTING, Kind.PACKAGE, Kind.PACKAGE_ORIGIN, Kind.PACKAGE_HELD, Kind.UPDATE),
            *(Kind.SECURITY_UPDATE, Kind.UNIT, Kind.LISTENER, Kind.ACCOUNT, Kind.SUDO, Kind.KEY),
        }
    ),
}


# Which hosts each part asks, by the name of their list; and what it finds there, not in what they share.
_HOSTS = {"directory": "directories", "store": "stores", "dns": "filters", "machines": "hosts"}
_ON_HOSTS = frozenset({Kind.SILENT, Kind.DIRECTORY_CONFIG, Kind.DKIM, *_OF_PARTS["store"], *_OF_PARTS["machines"]})


@dataclass(frozen=True, slots=True)
class Scope:
    """What a look was told to ask: the parts, and the hosts of each; those outside ``--limit`` it was told to leave.

    What is outside is no finding, and is named all the same: nobody may take it for looked at.
    """

    parts: tuple[str, ...]  # of which anything is asked
    hosts: Mapping[str, tuple[str, ...]]  # by part
    outside: frozenset[str]

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Scope:
        """Take it from what the report is given."""
        hosts = {part: tuple(said[name]) for part, name in _HOSTS.items()}
        outside = frozenset(said["outside"])
        parts = (part for part in _HOSTS if part in said["parts"] and _can(part, hosts[part], outside))
        return cls(tuple(parts), hosts, outside)

    def asked(self, part: str) -> tuple[str, ...]:
        """Give the hosts that are asked about a part."""
        return tuple(host for host in self.hosts[part] if host not in self.outside)

    @property
    def left(self) -> dict[str, tuple[str, ...]]:
        """Give by part the hosts that are not asked though the part is looked at."""
        left = {part: tuple(host for host in self.hosts[part] if host in self.outside) for part in self.parts}
        return {part: hosts for part, hosts in left.items() if hosts}

    def misses(self, kind: Kind, host: str) -> bool:
        """Tell whether findings of a kind on a host, which may be a pattern, could be there without being seen."""
        unseen = (kinds for part, kinds in _OF_PARTS.items() if part not in self.parts)
        if any(kind in kinds for kinds in unseen):
            return True
        return kind in _ON_HOSTS and any(fnmatchcase(each, host) for each in self.outside)


def _can(part: str, hosts: Sequence[str], outside: frozenset[str]) -> bool:
    """Tell whether anything of a part can be asked: entries can always, a zone is known by all hosts together."""
    if part == "dns":
        return not outside
    return part == "directory" or not hosts or not outside.issuperset(hosts)


def judge(found: Mapping[str, Any], scope: Scope, private: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Judge all that was to be asked, part by part; what told nothing is a finding.

    ``private`` are mail services' domains.
    """
    if "directory" in scope.parts:
        yield from _directory(found, scope)
    if "store" in scope.parts:
        for host in scope.asked("store"):
            rights, mail = found["rights"].get(host, {}), found["mail"].get(host, {})
            machine = found["machines"].get(host, {})
            domains = drift_mail.Domains(frozenset(map(str.lower, found["domains"])), private)
            yield from drift_mail.judge(host, rights, mail, machine, domains)
    if "dns" in scope.parts:
        yield from drift_dns.judge(found["dns"], found["domain"])
        for host in scope.asked("dns"):
            keys, machine = found["keys"].get(host, {}), found["machines"].get(host, {})
            yield from drift_dns.judge_keys(host, keys, found["dns"], machine)
    if "machines" in scope.parts:
        rehearsed = found["rehearsed"].get("hosts", {})
        for host in scope.asked("machines"):
            declared = Declared.of(found["declared"].get(host, {}))
            machine = Machine(host, rehearsed.get(host), found["machines"].get(host, {}), declared)
            policies = found["directory"].get("policies", {})
            yield from (_with_author(finding, policies) for finding in judge_machine(machine))


def _with_author(finding: Finding, policies: Mapping[str, Any]) -> Finding:
    """Say who changed a password policy: the accesslog knows, which the machine's own records do not."""
    said = policies.get(names.key(finding.object)) if finding.kind is Kind.DIRECTORY_CONFIG else None
    if said is None:
        return finding
    return replace(finding, traces=(Trace(**{**said, "at": datetime.fromisoformat(said["at"])}),))


def _directory(found: Mapping[str, Any], scope: Scope) -> Iterator[Finding]:
    said = found["directory"]
    if "findings" in said:
        yield from map(unpacked, said["findings"])
    else:
        yield silent(DIRECTORY, "entries", str(said.get("msg", "")), "bin/congvu plan")
    for host in scope.asked("directory"):
        config, machine = found["config"].get(host, {}), found["machines"].get(host, {})
        yield from drift_directory.judge_config(host, config, machine)


# --- Look by look


def last(state: Path, look: Look) -> frozenset[str] | None:
    """Give what stood at the last look at the same, by the findings' keys; None if there was none."""
    try:
        looks = [json.loads(each) for each in (state / FOLDER / "looks.jsonl").read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError:
        return None
    names = [one["folder"] for one in looks if (one["parts"], one.get("outside", [])) == _what(look)]
    try:
        content = (state / FOLDER / names[-1] / "findings.jsonl").read_text(encoding="utf-8") if names else ""
    except FileNotFoundError:
        return None
    return drift_report.keys(content) if names else None


def _what(look: Look) -> tuple[list[str], list[str]]:
    return list(look.parts), sorted({host for hosts in look.left.values() for host in hosts})


def line(look: Look, folder: str) -> dict[str, Any]:
    """Give the line that says that there was a look, and what it came to."""
    parts, outside = _what(look)
    return {
        "at": look.at.isoformat(),
        "by": look.by,
        "commit": look.commit,
        "folder": folder,
        "parts": parts,
        "outside": outside,
        "standing": len(look.standing),
        "accepted": len(look.accepted),
    }


def entry(look: Look, before: frozenset[str] | None, proofs: tuple[Proof, ...]) -> Entry | None:
    """Give the ledger's line, or None where the look found what the last one did."""
    now = frozenset(finding.key for finding in look.standing)
    if now == (before or frozenset()):
        return None
    fresh, over = len(now - (before or frozenset())), len((before or frozenset()) - now)
    told = f"Kiểm tra sai lệch: {drift_report.said_vi(look)}; {fresh} mới, {over} đã hết."
    return Entry(Record.DRIFT, FOLDER, told, look.by, proofs)
