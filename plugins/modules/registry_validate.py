#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Check a registry and say what it comes to."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: registry_validate
short_description: Check a registry and say what it comes to
description:
  - Reads all files of a registry, checks each and all of them together, and compiles them to the directory
    entries of one day.
  - Fails with every fault found, one a line, each with file, line, column and what mends it.
  - Reads no directory and changes nothing.
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.as_of
  - congvu.mail.registry.cache
  - congvu.mail.registry.lang
attributes:
  check_mode:
    support: full
    description: Changes nothing in any mode.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Check the registry
  congvu.mail.registry_validate:
    registry: "{{ estate_registry }}"

- name: See what it comes to on a later day, in Vietnamese
  congvu.mail.registry_validate:
    registry: "{{ estate_registry }}"
    as_of: "2027-01-01"
    lang: vi
"""

RETURN = r"""
msg:
  description: The counts in one sentence and a line for each agency without a head, or the faults, one a line.
  returned: always
  type: str
problems:
  description: The faults, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
time_zone:
  description: Where the estate's days begin and end.
  returned: success
  type: str
  sample: Asia/Ho_Chi_Minh
as_of:
  description: The day that was compiled.
  returned: success
  type: str
  sample: "2026-09-01"
next_change:
  description: The first later day on which the same files come to something else; empty if there is none.
  returned: success
  type: str
  sample: "2027-01-01"
commit:
  description: The Git commit of the registry; empty outside Git, with C(+dirty) where files differ from it.
  returned: success
  type: str
counts:
  description: How many entries of each kind the directory is to hold, and of how many people access or mail has ended.
  returned: success
  type: dict
  sample: {agency: 45, unit: 116, admin: 45, mailbox: 49, person: 301, disabled: 3, purged: 1}
mailboxes:
  description: Stable ids of the shared mailboxes.
  returned: success
  type: list
  elements: str
  sample: [snv, stc]
headless:
  description: Codes of the agencies whose mailbox nobody manages on that day.
  returned: success
  type: list
  elements: str
"""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils import exceptions
from ansible_collections.congvu.mail.plugins.module_utils.arguments import AS_OF, CACHE, LANG, REGISTRY, civil_day
from ansible_collections.congvu.mail.plugins.module_utils.cache import Cache
from ansible_collections.congvu.mail.plugins.module_utils.commit import commit_of
from ansible_collections.congvu.mail.plugins.module_utils.compile import census, headless, mailboxes, next_change
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind, Origin, Problem, RegistryError, State
from ansible_collections.congvu.mail.plugins.module_utils.overrides import faults
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase
from ansible_collections.congvu.mail.plugins.module_utils.source import digest, load
from ansible_collections.congvu.mail.plugins.module_utils.unswept import unswept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry


def checked(root: Path, chosen: date | None, cache: Path | None) -> dict[str, Any]:
    """Do the same as ``summary``, and check overrides and exceptions, which are no part of what it comes to."""
    problems: tuple[Problem, ...] = ()
    try:
        found = summary(root, chosen, cache)
        zone = ZoneInfo(found["time_zone"])
    except RegistryError as error:
        problems, zone = error.problems, ZoneInfo("UTC")
    else:
        problems = tuple(_gone(found))
    today = date.fromisoformat(_today(zone))
    problems += (*faults(root, today), *exceptions.faults(root, today))
    if problems:
        raise RegistryError(problems)
    return found


def summary(root: Path, chosen: date | None, cache: Path | None) -> dict[str, Any]:
    """Check the registry and say what it comes to; the answer for the same files and day is kept."""
    answers, asked = Cache(cache), digest(root) + f"{chosen or ''}".encode()
    found: dict[str, Any] | None = answers.get("summary", asked)
    if found is None or not (chosen or found["as_of"] == _today(ZoneInfo(found["time_zone"]))):
        found = _summarised(root, chosen, cache)
        answers.put("summary", asked, found)
    return found


def _summarised(root: Path, chosen: date | None, cache: Path | None) -> dict[str, Any]:
    with unswept():
        registry = load(root, cache=cache)
        zone = registry.estate.time_zone
        as_of = chosen or date.fromisoformat(_today(zone))
        change, empty, counts = next_change(registry, as_of), headless(registry, as_of), census(registry, as_of)
        return {
            "time_zone": zone.key,
            "as_of": as_of.isoformat(),
            "next_change": change.isoformat() if change else "",
            "counts": {name.value: counts[name] for name in (*Kind, State.DISABLED, State.PURGED)},
            "mailboxes": mailboxes(registry, as_of),
            "left": list(_left(registry, as_of)),
            "headless": {code: registry.agencies[code].on(as_of).name for code in empty},
        }


def _left(registry: Registry, as_of: date) -> Iterator[dict[str, Any]]:
    """Tell of approvers who hold no post any more: their keys are to open nothing."""
    people = registry.approvers.people if registry.approvers else {}
    held = {line.address: holder.partition(":") for holder, lines in registry.addresses.items() for line in lines}
    for login, approver in people.items():
        uid = held[approver.address][2]
        posts = (*registry.persons.get(uid, ()), *registry.seconds.get(uid, ()))
        if not any(post.covers(as_of) for post in posts):
            origin = approver.origin
            yield {"login": login, "holder": uid, "line": origin.line, "column": origin.column}


def _gone(found: dict[str, Any]) -> Iterator[Problem]:
    for said in found["left"]:
        origin = Origin("approvers.yml", said["line"], said["column"])
        yield Fault.APPROVER_GONE.at(origin, login=said["login"], day=found["as_of"], holder=said["holder"])


def _today(zone: ZoneInfo) -> str:
    """Return the civil day of the estate, which is not always that of the machine."""
    return datetime.now(zone).date().isoformat()


def sentence(found: dict[str, Any], language: str) -> str:
    """Say the answer to people."""
    counts = found["counts"]
    facts = {
        "agencies": counts[Kind.AGENCY],
        "units": counts[Kind.UNIT],
        "mailboxes": counts[Kind.MAILBOX],
        "people": counts[Kind.PERSON],
        "disabled": counts[State.DISABLED],
        "purged": counts[State.PURGED],
        "day": found["as_of"],
    }
    census = Phrase(
        "{agencies} agencies, {units} units, {mailboxes} shared mailboxes, "
        "{people} people ({disabled} disabled, {purged} purged) on {day}.",
        facts,
    )
    coming = Phrase("Next dated change: {day}.", {"day": found["next_change"] or Phrase("none")})
    empty = (
        Phrase("{file}: nobody is head of {agency} then.", {"file": f"agencies/{code}.yml", "agency": name})
        for code, name in found["headless"].items()
    )
    first = f"{census.told(language)} {coming.told(language)}"
    return "\n".join((first, *(phrase.told(language) for phrase in empty)))


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={**REGISTRY, **AS_OF, **CACHE, **LANG},
        supports_check_mode=True,
    )
    root, cache, language = Path(module.params["registry"]), module.params["cache"], module.params["lang"]
    try:
        found = checked(root, civil_day(module.params["as_of"]), Path(cache) if cache else None)
        commit = commit_of(root)
    except EXPECTED as error:
        module.fail_json(**failure(error, root, language))
    answer = {name: found[name] for name in ("as_of", "next_change", "counts", "mailboxes")}
    more = {"headless": sorted(found["headless"]), "commit": commit}
    module.exit_json(changed=False, msg=sentence(found, language), **answer, **more)


if __name__ == "__main__":
    main()
