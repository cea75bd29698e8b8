"""All fault seeds, by their names."""

from __future__ import annotations

from importlib import import_module

from .seeding import SEEDS

__all__ = ["SEEDS"]

# Each of these lists its own seeds.
for _module in (
    "files",
    "keys",
    "values",
    "policies",
    "agencies",
    "people",
    "kept",
    "roles",
    "lists",
    "lock",
    "protected",
):
    import_module(f".{_module}", __package__)
