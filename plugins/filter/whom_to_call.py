"""Filter ``congvu.mail.whom_to_call``: who helps when something fails, from a registry's policy, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DOCUMENTATION = """
name: whom_to_call
author: The congvu.mail engineers
version_added: 0.1.0
short_description: Who helps when something fails, from a registry's policy, in one line
description:
  - The policy's C(help) names whom people turn to, with telephone and address. The guides tell it too.
options:
  _input:
    type: dict
    required: true
    description: The policy.
  otherwise:
    type: str
    required: true
    description: What is said where the policy names nobody.
"""

EXAMPLES = """
- ansible.builtin.debug:
    msg: "{{ policy | congvu.mail.whom_to_call('postmaster@doitac.example') }}"
  vars:
    policy: "{{ lookup('ansible.builtin.file', 'policy.yml') | from_yaml }}"
"""

RETURN = """
_value:
  type: str
  description: Names, each with telephone and address, in the order in which they are asked.
"""


def whom_to_call(policy: Mapping[str, Any], otherwise: str) -> str:
    """Name those who help."""
    contacts = policy.get("help", {}).get("contacts", ())
    return (
        "; ".join(", ".join(one[key] for key in ("name", "phone", "address") if key in one) for one in contacts)
        or otherwise
    )


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., object]]:
        """Name the filter."""
        return {"whom_to_call": whom_to_call}
