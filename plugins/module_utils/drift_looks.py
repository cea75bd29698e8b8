"""From what the collectors found to all findings of a look, and what of it is new since the look before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import dn as names
from . import drift_directory, drift_dns, drift_mail, drift_report
from .drift import DIRECTORY, Kind, Trace, silent, unpacked
from .drift_machines import Declared, Machine
from .drift_machines import judge as judge_machine
from .ledger import Entry
from .ledger import Kind as Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
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


def unseen(parts: Collection[str]) -> frozenset[Kind]:
    """Give the kinds of findings that a look at these parts does not look for."""
    return frozenset[Kind]().union(*(kinds for part, kinds in _OF_PARTS.items() if part not in parts))


def judge(found: Mapping[str, Any], private: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Judge all that was found, part by part; what is missing is a finding. ``private`` are mail services' domains."""
    parts = found["parts"]
    if "directory" in parts:
        yield from _directory(found)
    if "store" in parts:
        for host in found["stores"]:
            rights, mail = found["rights"].get(host, {}), found["mail"].get(host, {})
            machine = found["machines"].get(host, {})
            domains = drift_mail.Domains(frozenset(map(str.lower, found["domains"])), private)
            yield from drift_mail.judge(host, rights, mail, machine, domains)
    if "dns" in parts:
        yield from drift_dns.judge(found["dns"], found["domain"])
        for host in found["filters"]:
            keys, machine = found["keys"].get(host, {}), found["machines"].get(host, {})
            yield from drift_dns.judge_keys(host, keys, found["dns"], machine)
    if "machines" in parts:
        rehearsed = found["rehearsed"].get("hosts", {})
        for host in found["hosts"]:
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


def _directory(found: Mapping[str, Any]) -> Iterator[Finding]:
    said = found["directory"]
    if "findings" in said:
        yield from map(unpacked, said["findings"])
    else:
        yield silent(DIRECTORY, "entries", str(said.get("msg", "")), "bin/congvu plan")
    for host in found["directories"]:
        config, machine = found["config"].get(host, {}), found["machines"].get(host, {})
        yield from drift_directory.judge_config(host, config, machine)


# --- Look by look


def last(state: Path, parts: Collection[str]) -> frozenset[str] | None:
    """Give what stood at the last look at the same parts, by the findings' keys; None if there was none."""
    try:
        looks = [json.loads(line) for line in (state / FOLDER / "looks.jsonl").read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError:
        return None
    names = [look["folder"] for look in looks if look["parts"] == list(parts)]
    try:
        content = (state / FOLDER / names[-1] / "findings.jsonl").read_text(encoding="utf-8") if names else ""
    except FileNotFoundError:
        return None
    return drift_report.keys(content) if names else None


def line(look: Look, folder: str) -> dict[str, Any]:
    """Give the line that says that there was a look, and what it came to."""
    return {
        "at": look.at.isoformat(),
        "by": look.by,
        "commit": look.commit,
        "folder": folder,
        "parts": list(look.parts),
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
