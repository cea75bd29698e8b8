"""Initial passwords on their way to their holders: drawn, kept on the disk for the printer, and then forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, count
from typing import TYPE_CHECKING

from . import envelopes
from .credentials import file_name
from .envelopes import Sender
from .files import write_whole
from .phrase import Phrase
from .slips import Standing, by_agency

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from .credentials import Vault
    from .model import Registry
    from .slips import Holder


def sender(registry: Registry, webmail: str, contact: str) -> Sender:
    """Say in whose name slips are printed today, in the estate's time zone."""
    estate, policy = registry.estate, registry.policy
    return Sender(
        estate=estate.title,
        webmail=webmail,
        contact=contact,
        regulation=policy.regulation,
        rules=policy.passwords,
        day=datetime.now(estate.time_zone).date(),
        zone=estate.time_zone,
        synthetic=estate.synthetic,
    )


def hand_out(vault: Vault, folder: Path, said: Sender, ready: Iterable[Holder]) -> list[Path]:
    """Write the slips of each agency and the list that goes with them, then forget the passwords; return the files.

    Agency by agency: whatever stops this leaves passwords either recorded, to be printed the next time, or on the disk.
    Raises PrintingError or OSError.
    """
    passwords = vault.recorded()
    files: list[Path] = []
    for agency, holders in by_agency(ready):
        name = holders[0].agency_name
        pages, form = envelopes.slips(said, name, holders, passwords), envelopes.receipts(said, name, holders)
        files += [_kept(folder, f"phieu-{agency}", said, pages), _kept(folder, f"ky-nhan-{agency}", said, form)]
        for holder in holders:
            vault.forget(holder.id)
    return files


def hand_over(vault: Vault, folder: Path, said: Sender, holder: Holder) -> Path:
    """Write the one slip of somebody who got another password right now, then forget that; return the file."""
    renewed = replace(holder, since=datetime.now(UTC))
    page = envelopes.slips(said, holder.agency_name, [renewed], vault.recorded())
    file = _kept(folder, f"phieu-{file_name(holder.id)}", said, page)
    vault.forget(holder.id)
    return file


def told(standings: Mapping[str, Standing], files: Collection[Path], language: str, *, printed: bool) -> str:
    """Say what came of it. ``printed`` is false for a rehearsal."""
    found = {standing: sum(one is standing for one in standings.values()) for standing in Standing}
    if not found[Standing.READY]:
        head = Phrase(
            "There is no slip to print: each password in force was printed before, or its holder has chosen it."
        )
    elif printed:
        head = Phrase("Printed {count} slips, and forgot their passwords:", {"count": found[Standing.READY]})
    else:
        head = Phrase("Would print {count} slips, and forget their passwords.", {"count": found[Standing.READY]})
    lines = [head.told(language), *(f"  {file}" for file in files)]
    for standing, phrase in _LEFT.items():
        if found[standing]:
            lines.append(replace(phrase, facts={"count": found[standing]}).told(language))
    lines.append(
        Phrase(
            "Who lost a slip or forgot a password gets another one: {command}",
            {"command": "ansible-playbook playbooks/password.yml -e id=…"},
        ).told(language)
    )
    return "\n".join(lines) + "\n"


_LEFT: Mapping[Standing, Phrase] = {
    Standing.WAITING: Phrase(
        "Not printed, their accounts are not in the directory yet: {count}. Apply the plan for them."
    ),
    Standing.CLOSED: Phrase("Not printed, their accounts are closed: {count}."),
    Standing.CHANGED: Phrase("Not printed and forgotten, their holders have chosen other passwords: {count}."),
    Standing.LATE: Phrase("Not printed and forgotten, they were not changed in time: {count}. Set other passwords."),
    Standing.REPLACED: Phrase(
        "Not printed and forgotten, their agency's admin has set other passwords since: {count}."
    ),
}


def _kept(folder: Path, stem: str, said: Sender, content: bytes) -> Path:
    """Write a file that nobody else may read, beside whatever was printed before."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    dated = f"{stem}-{said.day:%Y-%m-%d}"
    names = chain([f"{dated}.pdf"], (f"{dated}-{number}.pdf" for number in count(2)))
    path = next(folder / name for name in names if not (folder / name).exists())
    write_whole(path, content, mode=0o600)
    return path
