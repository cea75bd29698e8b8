"""All fault seeds, by their names."""

from __future__ import annotations

from . import agencies, files, keys, lock, people, policies, roles, values  # noqa: F401 -- their seeds list themselves
from .seeding import SEEDS

__all__ = ["SEEDS"]
