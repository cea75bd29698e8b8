"""Plans on the disk: one file for the machine, and beside it pages for people, all named by the plan's id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .changes import Plan, PlanError
from .files import blamed, point, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LATEST = "latest.jsonl"
_ID = re.compile(r"[0-9a-f]{8,64}")


def save(plan: Plan, pages: Mapping[str, str], folder: Path) -> Path:
    """Write a plan and its pages, readable by their maker alone as they name people, and point ``latest`` to it.

    ``pages`` are texts by their paths below ``<id>/``. They can be made again from the plan, and so need not be on
    the disk when the plan is.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{plan.id}.jsonl"
    write_whole(path, plan.content, mode=0o600)
    for name, text in pages.items():
        page = path.with_suffix("") / name
        page.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with blamed(page):
            page.write_text(text, encoding="utf-8")
    point(folder / LATEST, path.name)
    if pages:
        point((folder / LATEST).with_suffix(""), path.stem)
    return path


def served_domains(state: Path) -> frozenset[str] | None:
    """Give the mail domains that playbooks/site.yml last noted as served; None in an estate without mail servers."""
    try:
        return frozenset((state / "served-domains").read_text(encoding="ascii").split())
    except FileNotFoundError:
        return None


def find(reference: str, folder: Path, **meant: str | None) -> Plan:
    """Read a plan by its path, by its id or the beginning of it, or as the ``latest``, and make sure that it is it.

    ``meant`` is what it must be for, such as ``estate="thuathienhue"``; nothing is whatever it names.
    """
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
    for name, value in meant.items():
        if value and value != getattr(plan, name):
            message = f"The plan is for {name} {getattr(plan, name)}, not for {value}."
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
