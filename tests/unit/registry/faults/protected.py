"""Faults of the list of protected accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault

from .seeding import seed

if TYPE_CHECKING:
    from .broken import Copy
    from .findings import Finding


@seed
def somebody_is_protected_who_is_not_there(copy: Copy) -> list[Finding]:
    return [(Fault.NOTHING_TO_PROTECT, copy.put("protected.yml", "nguoi-la: {cite: Điều 1, reason: lãnh đạo tỉnh}\n"))]
