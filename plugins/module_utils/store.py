"""Plans on the disk: one file for the machine and one page for people, named by the plan's id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .changes import Plan, PlanError
from .files import point, write_whole

if TYPE_CHECKING:
    from pathlib import Path

LATEST = "latest.jsonl"
_ID = re.compile(r"[0-9a-f]{8,64}")


def save(plan: Plan, page: str, folder: Path) -> Path:
    """Write a plan and its page, readable by their maker alone as they name people, and point ``latest`` to them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{plan.id}.jsonl"
    write_whole(path, plan.content, mode=0o600)
    write_whole(path.with_suffix(".md"), page.encode(), mode=0o600)
    point(folder / LATEST, path.name)
    point((folder / LATEST).with_suffix(".md"), path.with_suffix(".md").name)
    return path


def find(reference: str, folder: Path) -> Plan:
    """Read a plan by its path, by its id or the beginning of it, or as the ``latest``, and make sure that it is it."""
    path = _path(reference, folder).resolve()
    try:
        plan = Plan.parse(path.read_bytes())
    except PlanError as error:
        message = f"{path}: {error}"
        raise PlanError(message) from error
    except OSError as error:
        message = f"The plan {reference} cannot be read: {path}: {error.strerror}. Make a plan first."
        raise PlanError(message) from error
    if plan.id != path.stem:
        message = f"{path} is not what its name says: its content is plan {plan.id}. Make a new plan."
        raise PlanError(message)
    return plan


def _path(reference: str, folder: Path) -> Path:
    if reference == "latest":
        return folder / LATEST
    if not _ID.fullmatch(reference):
        return folder / reference
    found = sorted(folder.glob(f"{reference}*.jsonl"))
    if len(found) > 1:
        message = f"{reference} begins the ids of {len(found)} plans. Give more of it."
        raise PlanError(message)
    return found[0] if found else folder / f"{reference}.jsonl"
