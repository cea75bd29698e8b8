"""The five estates, and how their tests speak of what a registry comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ansible_collections.congvu.mail.plugins.module_utils.model import Entry

ESTATES = ("binhtan", "camau", "daklak", "haiduong", "thuathienhue")
INVENTORIES = Path(__file__).parents[3] / "inventories"
TODAY = "2026-11-22"

On = Callable[[str], Mapping[str, Entry]]  # the directory's entries of a day, by id


def address(entry: Entry) -> str:
    """Return the address that others see."""
    (mail,) = entry.attributes["mail"]
    return mail


def receivers(entries: Mapping[str, Entry], wanted: str) -> list[str]:
    """Return the ids of the entries that get what is written to an address."""
    return [name for name, entry in entries.items() if wanted in entry.attributes.get("mailLocalAddress", ())]


def agencies_that_say(estate: str, words: str) -> set[str]:
    """Return the codes of the agencies in whose files these words stand at the head."""
    files = (INVENTORIES / estate / "registry/agencies").glob("*.yml")
    return {file.stem for file in files if words in file.read_text(encoding="utf-8").partition("\ncode: ")[0]}
