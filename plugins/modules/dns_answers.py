#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Ask a zone's own name servers for the records that a file says they should have."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: dns_answers
short_description: Ask a zone's own name servers for the records that a file says they should have
description:
  - Asks each name server itself, past every cache, for each name and type that the file has, and tells what they answer
    beside what the file says.
options:
  zone:
    description: The file, as the role C(congvu.mail.dns) writes it.
    type: path
    required: true
  domain:
    description: The zone.
    type: str
    required: true
  servers:
    description: Addresses of its name servers; without any, those that the zone itself names.
    type: list
    elements: str
    default: []
  timeout:
    description: Seconds that a server has for an answer.
    type: int
    default: 5
requirements:
  - dnspython
attributes:
  check_mode:
    support: full
    description: Asks as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Ask the name servers
  congvu.mail.dns_answers:
    zone: /var/lib/congvu/drift/thuathienhue.gov.vn.zone
    domain: thuathienhue.gov.vn
"""

RETURN = r"""
records:
  description: By name and type, C(wanted), what the file says, and C(found), what each server says.
  returned: success
  type: list
  elements: dict
silent:
  description: Servers that did not answer, each with the reason.
  returned: success
  type: dict
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

try:
    import dns.exception
    import dns.flags
    import dns.message
    import dns.name
    import dns.query
    import dns.rcode
    import dns.rdatatype
    import dns.resolver
    import dns.zone
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEC: dict[str, Any] = {
    "zone": {"type": "path", "required": True},
    "domain": {"type": "str", "required": True},
    "servers": {"type": "list", "elements": "str", "default": []},
    "timeout": {"type": "int", "default": 5},
}
AT_ONCE = 8  # questions


class RefusedError(Exception):
    """A server answers, and not the question; the text is its code."""


def wanted(file: Path, domain: str) -> Iterator[tuple[dns.name.Name, dns.rdatatype.RdataType, list[str]]]:
    """Read the file: each name and type with its records."""
    zone = dns.zone.from_text(file.read_text(encoding="utf-8"), origin=domain, relativize=False, check_origin=False)
    for name, kind in zone.nodes.items():
        for rdataset in kind.rdatasets:
            yield name, rdataset.rdtype, sorted(rdata.to_text() for rdata in rdataset)


def servers_of(domain: str) -> list[str]:
    """Find the addresses of a zone's name servers."""
    names = [str(record.target) for record in dns.resolver.resolve(domain, "NS")]
    return sorted({str(record) for name in names for record in dns.resolver.resolve(name, "A")})


def answer(name: dns.name.Name, kind: dns.rdatatype.RdataType, server: str, timeout: int) -> list[str]:
    """Ask one server for one name and type, without recursion."""
    question = dns.message.make_query(name, kind, use_edns=True)
    question.flags &= ~dns.flags.RD
    said, _ = dns.query.udp_with_fallback(question, server, timeout=timeout)
    if said.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        message = dns.rcode.to_text(said.rcode())
        raise RefusedError(message)
    found = [rrset for rrset in said.answer if rrset.rdtype == kind]
    return sorted(rdata.to_text() for rrset in found for rdata in rrset)


def run(params: dict[str, Any]) -> dict[str, Any]:
    """Ask all servers everything; one that fails once is not asked again."""
    asked = list(wanted(Path(params["zone"]), params["domain"]))
    servers = params["servers"] or servers_of(params["domain"])
    records: dict[tuple[str, str], dict[str, Any]] = {
        (str(name), dns.rdatatype.to_text(kind)): {"wanted": values, "found": {}} for name, kind, values in asked
    }
    silent = {}
    for server in servers:
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                said = list(pool.map(lambda one: answer(one[0], one[1], server, params["timeout"]), asked))  # noqa: B023 -- used up here
        except (dns.exception.DNSException, RefusedError, OSError) as error:
            silent[server] = str(error) or type(error).__name__
            continue
        for (name, kind, _), values in zip(asked, said, strict=True):
            records[str(name), dns.rdatatype.to_text(kind)]["found"][server] = values
    told = [{"name": name, "type": kind, **said} for (name, kind), said in sorted(records.items())]
    return {"records": told, "silent": silent}


def main() -> None:
    """Ask, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(changed=False, **run(module.params))
    except (dns.exception.DNSException, OSError) as error:
        module.fail_json(msg=f"The zone {module.params['domain']} cannot be asked for: {error or type(error).__name__}")


if __name__ == "__main__":
    main()
