"""What a playbook in check mode told of each host: what it would change, and what its roles declare there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PACKAGES = frozenset({"ansible.builtin.apt", "ansible.builtin.package"})
_UNITS = frozenset({"ansible.builtin.systemd_service", "ansible.builtin.systemd", "ansible.builtin.service"})
_ACCOUNTS = frozenset({"ansible.builtin.user"})


@dataclass(frozen=True, slots=True)
class Step:
    """One task's result, or that of one item of its loop. ``fault`` is why the host went no further."""

    host: str
    role: str
    task: str
    action: str
    changed: bool
    item: str
    place: str
    names: tuple[str, ...]
    fault: str

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Step:
        """Read a line of the callback."""
        return cls(**{**said, "names": tuple(said["names"])})


def told(steps: Iterable[Step]) -> dict[str, dict[str, Any]]:
    """Sort what the tasks told by host: ``changes``, what is declared there, and why it went no further.

    A change is told once for each thing that it is about.
    """
    hosts: dict[str, dict[str, Any]] = {}
    for step in steps:
        host = hosts.setdefault(
            step.host,
            {"changes": [], "packages": set(), "files": set(), "units": set(), "accounts": set(), "fault": ""},
        )
        if step.fault:
            host["fault"] = f"{step.task}: {step.fault}"
            continue
        if step.place:
            host["files"].add(step.place)
        for actions, name in ((_PACKAGES, "packages"), (_UNITS, "units"), (_ACCOUNTS, "accounts")):
            if step.action in actions:
                host[name].update(step.names)
        if step.changed:
            change = {
                "role": step.role,
                "task": step.task,
                "place": step.place,
                "about": step.place or step.item or ", ".join(step.names),
            }
            if change not in host["changes"]:
                host["changes"].append(change)
    return {
        name: {key: sorted(value) if isinstance(value, set) else value for key, value in host.items()}
        for name, host in sorted(hosts.items())
    }
