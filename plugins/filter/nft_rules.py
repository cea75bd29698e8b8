"""Filter ``congvu.mail.nft_rules``: what a firewall lets in, as nftables statements."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleFilterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

DOCUMENTATION = """
name: nft_rules
author: The congvu.mail engineers
version_added: 0.1.0
short_description: What a firewall lets in, as nftables statements
description:
  - Turns a list of allowances into statements for an input chain of the C(inet) family, one or two for each.
  - Sources of both families may be mixed, may overlap, and may be single addresses.
options:
  _input:
    type: list
    elements: dict
    required: true
    description: >-
      Allowances with C(name), C(ports), C(protocol) (C(tcp) when absent) and C(sources) (anybody when absent).
"""

EXAMPLES = """
- ansible.builtin.debug:
    msg: "{{ [{'name': 'submissions', 'ports': [465]}] | congvu.mail.nft_rules }}"
"""

RETURN = """
_value:
  type: list
  elements: str
  description: Statements, in the order of the input, IPv4 before IPv6.
"""


def _ports(name: str, ports: Iterable[object]) -> str:
    """Render a set of ports and ranges, in ascending order."""
    spans: list[tuple[int, int]] = []
    for port in ports:
        first, _, last = str(port).partition("-")
        try:
            span = (int(first), int(last or first))
        except ValueError:
            message = f"{name}: port {port!r} is neither a number nor a range such as 5000-5010."
            raise AnsibleFilterError(message) from None
        if not 0 < span[0] <= span[1] <= 65535:  # noqa: PLR2004 - the last port there is
            message = f"{name}: port {port!r} is not within 1-65535, or its range runs backwards."
            raise AnsibleFilterError(message)
        spans.append(span)
    if not spans:
        message = f"{name}: give at least one port."
        raise AnsibleFilterError(message)
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in sorted(set(spans)))


def _networks(name: str, sources: Iterable[object]) -> tuple[list[IPv4Network], list[IPv6Network]]:
    """Sort sources by family and merge what overlaps, which nftables would refuse."""
    four: list[IPv4Network] = []
    six: list[IPv6Network] = []
    for source in sources:
        try:
            network = ip_network(str(source))
        except ValueError as error:
            message = f"{name}: source {source!r} is no address or network: {error}."
            raise AnsibleFilterError(message) from error
        if isinstance(network, IPv4Network):
            four.append(network)
        else:
            six.append(network)
    return list(collapse_addresses(four)), list(collapse_addresses(six))


def _rules(allowance: Mapping[str, Any]) -> Iterator[str]:
    name = str(allowance["name"])
    if '"' in name or not name.isprintable():
        message = f"{name!r}: a name must be printable and without quotation marks."
        raise AnsibleFilterError(message)
    verdict = (
        f'{allowance.get("protocol") or "tcp"} dport {{ {_ports(name, allowance["ports"])} }} accept comment "{name}"'
    )
    sources = allowance.get("sources")
    if sources is None:
        yield verdict
        return
    four, six = _networks(name, sources)
    if four:
        yield f"ip saddr {{ {', '.join(map(str, four))} }} {verdict}"
    if six:
        yield f"ip6 saddr {{ {', '.join(map(str, six))} }} {verdict}"


def nft_rules(allowances: Iterable[Mapping[str, Any]]) -> list[str]:
    """Render allowances as statements; an empty list of sources lets nobody in and renders nothing."""
    return [rule for allowance in allowances for rule in _rules(allowance)]


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., object]]:
        """Name the filter."""
        return {"nft_rules": nft_rules}
