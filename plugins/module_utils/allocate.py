"""Addresses for those in the registry who have none yet, to be written to the lock.

What is in the lock stays as it is: a newcomer never shifts another's address, and no address, not even
a retired one, is given twice.
"""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING

from .addressing import due_to_list, due_to_mailbox, due_to_person, serving
from .model import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .addressing import Due
    from .model import Address, Registry

HEADER = """\
---
# The address lock of {domain}: who holds or ever held which address.
# playbooks/allocate.yml adds lines; a line is never removed and never gets another holder.
# A line may end in 'since …' (the address from that day on), 'alias' (delivered besides) or 'retired' (no longer).
"""

_LINE = re.compile(r"""^["']?(?P<local>[a-z0-9][a-z0-9._-]*)["']?\s*:""")
_PLAIN = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z].*")


def allocate(registry: Registry) -> dict[str, str]:
    """Return lines for the lock, address to what stands behind it, for everything due that it does not give.

    Accounts that the registry prints, for whatever day, are nobody else's. Then come the mailboxes and lists, agency
    by agency, then people in the order of their ids: the order of files and of lines in them plays no part. Who comes
    back to where an earlier address fitted gets it again.
    """
    return _Allocation(registry).lines


class _Allocation:
    def __init__(self, registry: Registry) -> None:
        self.known = {line.address: line for lines in registry.addresses.values() for line in lines}
        self.lines: dict[str, str] = {}
        # So that the thousandth Nguyễn Văn An does not begin at 2 again.
        self.queues: dict[tuple[str, ...], Iterator[str]] = {}
        everything = list(_all(registry))
        self.printed = {due.basis for dues in everything for due in dues if due.printed}
        for dues in everything:
            self._serve(dues, registry.addresses.get(dues[0].holder, ()))

    def _serve(self, dues: tuple[Due, ...], lines: tuple[Address, ...]) -> None:
        if len(dues) == 1 and lines and lines[0].standing is Standing.PRIMARY:
            return
        given: dict[str, str] = {}  # address by what the rule makes of the holder
        for due in dues:
            line = serving(due, lines)
            if line is not None:
                given[due.basis] = line.address
            elif due.basis in given:
                self._again(given[due.basis], due)
            elif due.basis:
                address = due.basis if due.printed else self._next(due)
                given[due.basis] = address
                since = f" since {due.since}" if due.since else ""
                self.lines[address] = f"{due.holder}{since}"

    def _next(self, due: Due) -> str:
        candidates = due.candidates()
        first = tuple(islice(candidates, 2))  # the second may hold the unit, and so differ among namesakes
        queue = self.queues.setdefault(first, chain(first, candidates))
        taken = (self.known, self.lines, self.printed)
        return next(address for address in queue if not any(address in held for held in taken))

    def _again(self, address: str, due: Due) -> None:
        """Let an address come back to who had it before."""
        before = self.lines.get(address)
        if before is None:
            since, *more = self.known[address].starts
            told = ([f"since {since}"] if since else []) + [f"again {day}" for day in more]
            before = " ".join((due.holder, *told))
        self.lines[address] = f"{before} again {due.since}"


def _all(registry: Registry) -> Iterator[tuple[Due, ...]]:
    """Yield what is due to the estate's lists, to each mailbox and list, agency by agency, then to each person."""
    root = registry.estate.domains[0]
    for listed in registry.lists.values():
        yield due_to_list(listed, None, registry.policy, root)
    for _, agency in sorted(registry.agencies.items()):
        for mailbox in agency.mailboxes.values():
            if dues := due_to_mailbox(mailbox, agency, registry.policy, root):
                yield dues
        for listed in agency.lists.values():
            yield due_to_list(listed, agency, registry.policy, root)
    for posts in registry.persons.values():
        yield due_to_person(posts, registry.agencies, registry.policy, root)


def by_domain(addresses: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the same lines by domain, then by the part before the '@'."""
    domains: dict[str, dict[str, str]] = {}
    for address, holder in sorted(addresses.items()):
        local, _, domain = address.partition("@")
        domains.setdefault(domain, {})[local] = holder
    return domains


def insert(text: str, domain: str, lines: Mapping[str, str]) -> str:
    """Return a lock file's text with these lines in their sorted places, every other line as it was."""
    blocks: dict[str, str] = {}  # by local part, each line with the comments above it
    head = ""
    block = ""
    for row in (text.rstrip("\n") + "\n" if text else HEADER.format(domain=domain)).splitlines(keepends=True):
        match = _LINE.match(row)
        if match:
            told = lines.get(match["local"])
            blocks[match["local"]] = block + (row if told is None else _row(match["local"], told))
            block = ""
        elif blocks:
            block += row
        else:
            head += row
    fresh = {local: _row(local, told) for local, told in lines.items() if local not in blocks}
    return head + "".join(row for _, row in sorted((blocks | fresh).items())) + block


def _row(local: str, told: str) -> str:
    return f"{_key(local)}: {told}\n"


def _key(local: str) -> str:
    """Quote what another reader of YAML would take for a number or a truth."""
    return local if _PLAIN.fullmatch(local) else f'"{local}"'
