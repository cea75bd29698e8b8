"""What texts and expressions of controls may name, besides what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Estate, Policy


def facts(estate: Estate, policy: Policy, names: Mapping[str, Any], found: object = None) -> dict[str, Any]:
    """Give them: the `policy`, the `estate`, `names` of the inventory, and `found`, the measures.

    ``estate.top`` is where the whole directory begins, of which the estate may keep a ``part``.
    """
    top = estate.suffix[estate.suffix.index("dc=") :]
    return {
        "policy": policy,
        "estate": {
            "name": estate.name,
            "title": estate.title,
            "domain": estate.domains[0],
            "domains": list(estate.domains),
            "suffix": estate.suffix,
            "top": top,
            "part": top != estate.suffix,
        },
        "names": dict(names),
        "found": found,
    }
