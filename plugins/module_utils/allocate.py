"""Addresses for those in the registry who have none yet, to be written to the lock.

What is in the lock stays as it is: a newcomer never shifts another's address, and no address, not even
a retired one, is given twice.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from .model import Standing
from .policy import account_addresses, person_addresses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .model import Registry

HEADER = """\
---
# The address lock of {domain}: who holds or ever held which address.
# playbooks/allocate.yml adds lines; a line is never removed and never gets another holder.
# A line may end in 'alias' (still delivered) or 'retired' (no longer delivered, never given away).
"""

_LINE = re.compile(r"""^["']?(?P<local>[a-z0-9][a-z0-9._-]*)["']?\s*:""")
_PLAIN = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z].*")


def allocate(registry: Registry) -> dict[str, str]:
    """Return new lines for the lock, address to holder, for everyone without a primary address.

    Printed accounts come first, then the agencies without one, then people in the order of their ids: the
    order of files and of lines in them plays no part.
    """
    taken = {line.address for lines in registry.addresses.values() for line in lines}
    served = {holder for holder, lines in registry.addresses.items() if lines[0].standing is Standing.PRIMARY}
    fresh = {address: holder for holder, address in _printed(registry) if holder not in served}
    namesakes: dict[str, Iterator[str]] = {}  # so that the thousandth Nguyễn Văn An does not begin at 2 again
    for holder, candidates in _ruled(registry):
        if holder not in served:
            best = next(candidates)
            queue = namesakes.setdefault(best, chain((best,), candidates))
            fresh[next(address for address in queue if address not in taken and address not in fresh)] = holder
    return fresh


def _printed(registry: Registry) -> Iterator[tuple[str, str]]:
    """Yield each shared mailbox whose address the registry itself names."""
    for agency in registry.agencies.values():
        for mailbox in agency.mailboxes.values():
            if mailbox.account is not None:
                yield f"mailbox:{mailbox.uid}", mailbox.account


def _ruled(registry: Registry) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield everyone else, with the addresses that the policy's rules offer."""
    first_domain = registry.estate.domains[0]
    for _, agency in sorted(registry.agencies.items()):
        domain = agency.domain or first_domain
        if agency.mailboxes[agency.code].account is None:
            candidates = account_addresses(registry.policy, agency.name, agency=agency.code, domain=domain)
            yield f"mailbox:{agency.code}", candidates
    for person, posts in registry.persons.items():
        agency = registry.agencies[posts[-1].agency]
        domain = agency.domain or first_domain
        yield f"person:{person}", person_addresses(registry.policy, posts[-1].name, agency=agency.code, domain=domain)


def by_domain(addresses: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the same lines by domain, then by the part before the '@'."""
    domains: dict[str, dict[str, str]] = {}
    for address, holder in sorted(addresses.items()):
        local, _, domain = address.partition("@")
        domains.setdefault(domain, {})[local] = holder
    return domains


def insert(text: str, domain: str, lines: Mapping[str, str]) -> str:
    """Return a lock file's text with these lines in their sorted places, every other line as it was."""
    blocks: list[tuple[str, str]] = []  # by local part, each line with the comments above it
    head = ""
    block = ""
    for row in (text or HEADER.format(domain=domain)).splitlines(keepends=True):
        block += row
        if match := _LINE.match(row):
            blocks.append((match["local"], block))
            block = ""
        elif not blocks:
            head, block = head + block, ""
    fresh = [(local, f"{_key(local)}: {holder}\n") for local, holder in lines.items()]
    return head + "".join(row for _, row in sorted([*blocks, *fresh], key=lambda row: row[0])) + block


def _key(local: str) -> str:
    """Quote what another reader of YAML would take for a number or a truth."""
    return local if _PLAIN.fullmatch(local) else f'"{local}"'
