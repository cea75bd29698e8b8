"""Filter ``congvu.mail.mail_zone``: the records of a mail domain, as a master file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils import records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DOCUMENTATION = """
name: mail_zone
author: The congvu.mail engineers
version_added: 0.1.0
short_description: The records of a mail domain, as a master file
description:
  - Computes addresses, MX, SPF, DKIM, DMARC, MTA-STS, TLS reporting, TLSA, SRV and CAA records, with absolute names,
    for whoever serves the zone to paste or include. Further mail domains below it get theirs in the same file.
  - The role C(dns) documents each key, and is the way to use this.
options:
  _input:
    type: dict
    required: true
    description: >-
      C(domain), C(subdomains), C(subdomain_hosts), C(ttl), C(addresses), C(mx), C(spf), C(dkim), C(dmarc_policy),
      C(dmarc_reports), C(mta_sts_policy), C(tls_reports), C(tlsa), C(services) and C(caa).
"""

EXAMPLES = """
- ansible.builtin.copy:
    content: "{{ my_domain | congvu.mail.mail_zone }}"
    dest: doitac.example.zone
    mode: "0644"
"""

RETURN = """
_value:
  type: str
  description: The records in master file syntax, without SOA and NS.
"""


def mail_zone(spec: Mapping[str, Any]) -> str:
    """Render the records of a mail domain."""
    try:
        return records.mail_zone(spec)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error
    except KeyError as error:
        message = f"The description of a mail domain lacks {error}."
        raise AnsibleFilterError(message) from error


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., object]]:
        """Name the filter."""
        return {"mail_zone": mail_zone}
