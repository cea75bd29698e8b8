"""Provinces that nobody lives in: registries of any size with a year of decisions, the same for the same seed."""

from .life import TODAY, Province

__all__ = ["TODAY", "Province"]
