"""From a registry and a directory to a plan, with every shortcut that gives the same plan.

These are the last plan, told again where nothing changed, and a directory that is read while the registry still is.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from . import cache, citations, commit, recall, source, store
from .arguments import access_settings, civil_day
from .changes import PlanError
from .compile import compile_desired
from .directory import Access
from .lease import control_dn, read_control
from .observe import observe, scope_of
from .plan import Terms, make_plan
from .readahead import ReadAhead, unwritten

if TYPE_CHECKING:
    from datetime import date

    from .changes import Plan
    from .directory import Directory


@dataclass(frozen=True, slots=True)
class Given:
    """What is planned from, but for the directory."""

    params: dict[str, Any]
    chosen: date | None
    digest: bytes  # of the registry's files
    commit: str

    @classmethod
    def of(cls, params: dict[str, Any]) -> Given:
        """Take a module's parameters. Raises CommitError where Git does not tell where the registry stands."""
        root = Path(params["registry"])
        return cls(params, civil_day(params["as_of"]), source.digest(root), commit.commit_of(root))

    def day(self, zone: tzinfo) -> date:
        """Give the day that is planned for."""
        return self.chosen or datetime.now(zone).date()

    def facts(self, as_of: date) -> tuple[object, ...]:
        """Give all that a plan is made of on this side."""
        asked = sorted((name, repr(value)) for name, value in self.params.items() if name != "lang")
        return cache.engine().hexdigest(), self.digest, self.commit, as_of.isoformat(), asked


def recalled(given: Given, directory: Directory, plans: Path) -> Plan | None:
    """Give the last plan, if it would be made again of what is there now."""
    memory = recall.remembered(plans)
    if memory is None:
        return None
    facts = given.facts(given.day(ZoneInfo(memory.zone)))
    if recall.made_of(recall.state(directory, memory.suffix), *facts) != memory.made_of:
        return None
    with suppress(PlanError):
        return store.find(memory.plan, plans)
    return None


def made(given: Given, directory: Directory, plans: Path, *, lasting: bool = True) -> Plan:
    """Make a plan of the whole of both sides, and remember of what, if it is going to be kept."""
    params = given.params
    root = Path(params["registry"])
    suffix = params["suffix"] or source.suffix_of(root)
    state = recall.state(directory, suffix) if suffix else ""
    access, kept = Access(**access_settings(params)), Path(params["state"], "directory")
    apart = bool(suffix) and not params["agency"] and source.is_large(root)
    with ExitStack() as stack:
        whole = unwritten(access, suffix, kept, state) if apart else None
        ahead = ReadAhead.begin(access, suffix, kept, state) if apart and whole is None else None
        if ahead:
            stack.enter_context(ahead)
        registry = source.load(root, cache=Path(params["state"], "registry"))
        as_of = given.day(registry.estate.time_zone)
        desired = compile_desired(registry, suffix=params["suffix"], as_of=as_of, commit=given.commit)
        whole = ahead.records() if ahead else whole
        made_of = recall.made_of(state, *given.facts(as_of))
        scope = scope_of(params["agency"], registry.agencies, directory, desired.suffix)
        terms = Terms(
            scope, adopt=params["adopt"], addresses=registry.addresses, cited=partial(citations.cited, registry)
        )
        records = observe(directory, desired, terms, params["observe"], whole=whole)
        applied = read_control(directory, control_dn(desired.estate, desired.suffix)).applied
        plan = make_plan(desired, records, applied, terms)
    if lasting and made_of and source.digest(root) == given.digest:
        recall.remember(plans, recall.Memory(plan.id, made_of, str(registry.estate.time_zone), desired.suffix))
    return plan
