"""Filter ``congvu.mail.mail_domains``: the mail domains of an estate, from the address locks of its registry."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DOCUMENTATION = """
name: mail_domains
author: The congvu.mail engineers
version_added: 0.1.0
short_description: The mail domains of an estate, from the address locks of its registry
description:
  - A registry has one lock, C(addresses/<domain>.yml), for each domain in which it ever gave an address.
  - These are the domains which the estate has to serve, so nobody keeps another list of them.
options:
  _input:
    type: list
    elements: path
    required: true
    description: The locks.
  first:
    type: str
    required: true
    description: The estate's own domain. It is served before the first address is given in it.
"""

EXAMPLES = """
- ansible.builtin.debug:
    msg: "{{ query('ansible.builtin.fileglob', 'addresses/*.yml') | congvu.mail.mail_domains('doitac.example') }}"
"""

RETURN = """
_value:
  type: list
  elements: str
  description: The estate's own domain, then the others in alphabetical order.
"""


def mail_domains(locks: Iterable[str], first: str) -> list[str]:
    """Name the domains that have a lock, the first one in front whether it has one or not."""
    return [first, *sorted({PurePath(lock).stem for lock in locks} - {first})]


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., object]]:
        """Name the filter."""
        return {"mail_domains": mail_domains}
