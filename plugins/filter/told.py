"""Filter ``congvu.mail.told``: what each of some hosts told, of those that did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DOCUMENTATION = """
name: told
author: The congvu.mail engineers
version_added: 0.1.0
short_description: What each of some hosts told, of those that did
description:
  - Gives a variable of each host by the host's name. Of a host that never came so far as to have it, nothing is in the
    answer, and whoever reads on sees that it is missing.
options:
  _input:
    type: list
    elements: str
    required: true
    description: Names of hosts.
  hostvars:
    type: dict
    required: true
    description: The variable C(hostvars).
  name:
    type: str
    required: true
    description: The variable of each host.
"""

EXAMPLES = """
- ansible.builtin.debug:
    msg: "{{ groups['store'] | congvu.mail.told(hostvars, 'found') }}"
"""

RETURN = """
_value:
  type: dict
  description: The values by host.
"""


def told(hosts: Iterable[str], hostvars: Mapping[str, Mapping[str, Any]], name: str) -> dict[str, Any]:
    """Give a variable of each host that has it."""
    return {host: hostvars[host][name] for host in hosts if name in hostvars[host]}


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., object]]:
        """Name the filter."""
        return {"told": told}
