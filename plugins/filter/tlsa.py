"""Filter ``congvu.mail.tlsa``: what a TLSA record says about a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible.errors import AnsibleFilterError

from ..plugin_utils import records

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENTATION = """
name: tlsa
author: The congvu.mail engineers
version_added: 0.1.0
short_description: What a TLSA record says about a certificate
description: Gives the data C(3 1 1) of RFC 7672, the SHA-256 of the public key, which renewals may keep.
options:
  _input:
    type: str
    required: true
    description: A certificate, a chain that begins with it, or a public key, in PEM.
"""

EXAMPLES = """
- ansible.builtin.debug:
    msg: "_25._tcp.mx.doitac.example. IN TLSA {{ lookup('ansible.builtin.file', 'mx.pem') | congvu.mail.tlsa }}"
"""

RETURN = """
_value:
  type: str
  description: The record's data.
"""


def tlsa(pem: str) -> str:
    """Render the data of a TLSA record."""
    try:
        return records.tlsa(pem)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., object]]:
        """Name the filter."""
        return {"tlsa": tlsa}
