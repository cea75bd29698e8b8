"""What every fault seed is, and the list they put themselves on."""

from __future__ import annotations

from collections.abc import Callable

from .broken import Copy
from .findings import Finding

# A seed puts one fault into a copy and returns all that the engine is to find; NoPlaceError where nothing fits.
Seed = Callable[[Copy], list[Finding]]

SEEDS: dict[str, Seed] = {}


def seed(put: Seed) -> Seed:
    """List a seed by the name of its function."""
    sow(put.__name__.replace("_", " "), put)
    return put


def sow(name: str, put: Seed) -> None:
    """List a seed by a name."""
    assert name not in SEEDS, f"two seeds are called {name}"
    SEEDS[name] = put
