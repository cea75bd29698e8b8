"""Test ``congvu.mail.within``: whether an address lies in one of some networks."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DOCUMENTATION = """
name: within
author: The congvu.mail engineers
version_added: 0.1.0
short_description: Whether an address lies in one of some networks
description: IPv4 addresses that a dual-stack socket shows as C(::ffff:a.b.c.d) count as IPv4.
options:
  _input:
    type: str
    required: true
    description: An IPv4 or IPv6 address. A zone such as C(%eth0) is ignored.
  networks:
    type: list
    elements: str
    required: true
    description: Networks or single addresses of both families.
"""

EXAMPLES = """
- ansible.builtin.assert:
    that: "'198.18.0.1' is congvu.mail.within(['198.18.0.0/24'])"
"""

RETURN = """
_value:
  type: bool
  description: Whether it does.
"""


def within(address: str, networks: Iterable[str]) -> bool:
    """Tell whether one of the networks holds the address."""
    host = ip_address(address.partition("%")[0])
    mapped = getattr(host, "ipv4_mapped", None)
    return any((mapped or host) in ip_network(network) for network in networks)


class TestModule:
    """What Ansible asks for."""

    __test__ = False  # not one of pytest's

    def tests(self) -> dict[str, Callable[..., bool]]:
        """Name the test."""
        return {"within": within}
