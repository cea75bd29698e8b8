"""Filter ``congvu.mail.mta_sts_policy``: the policy that a domain's MTA-STS host serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible.errors import AnsibleFilterError

from ..plugin_utils import records

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DOCUMENTATION = """
name: mta_sts_policy
author: The congvu.mail engineers
version_added: 0.1.0
short_description: The policy that a domain's MTA-STS host serves
description:
  - The roles C(discovery) and C(dns) both need these very bytes, the one to serve them and the other to derive
    the identifier in DNS from them.
options:
  _input:
    type: list
    elements: str
    required: true
    description: Host names which take mail for the domain.
  mode:
    type: str
    choices: [enforce, testing, none]
    default: enforce
    description: What senders do when no such host offers verified TLS.
  max_age:
    type: int
    default: 604800
    description: For how many seconds senders remember the policy.
"""

EXAMPLES = """
- ansible.builtin.debug:
    msg: "{{ ['mx.doitac.example'] | congvu.mail.mta_sts_policy }}"
"""

RETURN = """
_value:
  type: str
  description: The policy's text.
"""


def mta_sts_policy(mx: Sequence[str], mode: str = "enforce", max_age: int = 604800) -> str:
    """Render an MTA-STS policy."""
    try:
        return records.mta_sts_policy(mx, mode, max_age)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., object]]:
        """Name the filter."""
        return {"mta_sts_policy": mta_sts_policy}
