"""What the compliance report knows of each host: where it is, what it is for, what it answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DOCUMENTATION = r"""
name: asked_hosts
short_description: Tell what is known of hosts that were asked, for M(congvu.mail.compliance)
description:
  - Of each host its name, its address (C(host_address)), its groups, and what M(congvu.mail.answers) registered on it
    as C(answers). A host that could not be reached, failed or was not asked is told as silent, with the reason.
options:
  _input:
    description: The names of the hosts.
    type: list
    elements: str
    required: true
  hostvars:
    description: The variables of all hosts.
    type: dict
    required: true
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
hosts: "{{ groups['estate'] | congvu.mail.asked_hosts(hostvars) }}"
"""

RETURN = r"""
_value:
  description: The hosts, each with C(name), C(address), C(groups), C(answers) and C(silent).
  type: list
  elements: dict
"""

NOT_ASKED = "máy chủ không được hỏi trong lần chạy này"
UNREACHABLE = "không kết nối được với máy chủ"


def asked_hosts(names: Iterable[str], hostvars: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give the hosts as plain data."""
    return [_host(name, hostvars[name]) for name in names]


def _host(name: str, known: Mapping[str, Any]) -> dict[str, Any]:
    said = known.get("answers") or {}
    if said.get("unreachable"):
        silent = UNREACHABLE
    elif said.get("failed"):
        silent = f"máy chủ không trả lời: {said.get('msg', '')}"
    else:
        silent = "" if "answers" in said else NOT_ASKED
    return {
        "name": name,
        "address": str(known.get("host_address") or ""),
        "groups": list(known.get("group_names") or ()),
        "answers": dict(said.get("answers") or {}),
        "silent": silent,
    }


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name the filter."""
        return {"asked_hosts": asked_hosts}
