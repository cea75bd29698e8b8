"""The first password, changed as its holder would who has just been handed it: for proofs and tests, which are nobody.

Until then the directory lets its holder do nothing else, and the mail servers do not let them in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .changes import base_dn
from .credentials import random_password
from .directory import LdapDirectory
from .files import read_secret, write_secret

if TYPE_CHECKING:
    from pathlib import Path

    from .directory import Access


class UnknownError(ValueError):
    """There is nobody whose password could be changed: who is missing, and where to look."""


def is_due(initial: Path, chosen: Path) -> bool:
    """Tell whether nothing was chosen since the first password was made: another one follows a reset or a return."""
    if not chosen.exists():
        return True
    return initial.exists() and initial.stat().st_mtime_ns > chosen.stat().st_mtime_ns


def change(access: Access, suffix: str, uid: str, initial: Path, chosen: Path) -> None:
    """Look somebody up as ``access`` lets us, sign in as them with the first password, set another and keep it.

    It is on the disk before it is in force, so that none is in force without being known.
    """
    with LdapDirectory.connect(access) as directory:
        found = directory.find(base_dn(suffix), {"uid": [uid]}, ())
    first = read_secret(initial)
    if len(found) != 1 or not first:
        lacks = f"has no initial password in {initial}" if found else f"is not in the directory below {suffix}"
        message = f"{uid} {lacks}. Apply a plan that opens the account, or name another person."
        raise UnknownError(message)
    new = random_password()
    write_secret(chosen, new)
    try:
        with LdapDirectory.connect(replace(access, bind_dn=found[0].dn, password_file=initial)) as own:
            own.change_password(first, new)
    except BaseException:
        chosen.unlink()
        raise
