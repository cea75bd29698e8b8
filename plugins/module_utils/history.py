"""The past of one entry: who changed it, when, by which decision, under all the names that it ever had.

An entry keeps its entryUUID through every move, and each record of the accesslog names it. What happens to the
agencies and units above an entry changes its name as well without touching it: from where it is now the names are
followed backwards, move by move.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from . import accesslog
from . import dn as names
from .accesslog import Deed
from .changes import base_dn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from .accesslog import Event
    from .directory import Record

_CLOCKS = timedelta(minutes=1)  # by how much the directory's clock may be behind ours


class Log(Protocol):
    """All that history asks of a directory."""

    def find(
        self, base: str, wanted: Mapping[str, Collection[str]], attributes: Collection[str], limit: int = 0
    ) -> list[Record]:
        """Find what has, of each attribute wanted, one of the values."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """One apply, as its journal tells it."""

    plan: str  # the whole id
    by: str
    begun: datetime
    journal: str  # the file


@dataclass(frozen=True, slots=True)
class History:
    """What the accesslog knows of one object of the registry, oldest first.

    ``dn`` is where its entry stands, empty if there is none any more; ``since`` how far the accesslog reaches back.
    ``runs`` holds, by an event's ``start``, the apply that it is part of, as far as its journal is at hand.
    """

    id: str
    suffix: str
    dn: str
    since: datetime | None
    events: tuple[Event, ...]
    runs: Mapping[str, Run] = field(default_factory=dict)


def past_of(log: Log, suffix: str, id_: str) -> History:
    """Find all that happened to an object of the registry, by its stable id or, without a colon in it, by its uid."""
    base = base_dn(suffix)
    wanted = "congvuId" if ":" in id_ else "uid"
    present = log.find(base, {wanted: [id_]}, ("congvuId",))
    lives = {record.uuid: record.dn for record in present}
    # Whoever was deleted and made anew has had more than one entry.
    gone = {"objectClass": ["auditDelete"], "reqOld": [f"{wanted}: {id_}"]}
    for record in log.find(accesslog.BASE, gone, accesslog.ATTRIBUTES):
        if event := accesslog.read(record):
            lives.setdefault(event.uuid, "")
    first = log.find(accesslog.BASE, {"reqResult": ["0"]}, ("reqStart",), limit=1)
    events = [event for uuid, dn in lives.items() for event in _life(log, uuid, dn, names.key(base))]
    return History(
        id=id_,
        suffix=suffix,
        dn=next((dn for dn in lives.values() if dn), ""),
        since=_moment(first[0]) if first else None,
        events=tuple(sorted(_joined(sorted(events, key=_start)), key=_start)),
    )


def with_runs(history: History, folder: Path) -> History:
    """Say of each event which apply it is part of, as far as the journals in ``folder`` tell."""
    runs: dict[str, list[Run]] = {}
    found: dict[str, Run] = {}
    for event in history.events:
        if event.trace is None or not event.trace.plan:
            continue
        plan = event.trace.plan
        if plan not in runs:
            runs[plan] = sorted(_runs(folder, plan), key=lambda run: run.begun)
        begun = [run for run in runs[plan] if run.begun <= event.at + _CLOCKS]
        if begun:
            found[event.start] = begun[-1]
    return replace(history, runs=found)


def _start(event: Event) -> str:
    return event.start


def _moment(record: Record) -> datetime | None:
    start = record.attributes.get("reqStart", ("",))[0]
    return datetime.fromisoformat(f"{start[:8]}T{start[8:14]}Z") if start else None


def _life(log: Log, uuid: str, dn: str, base_key: str) -> Iterator[Event]:
    """Give all that happened to one entry; ``dn`` is where it is now, empty if it is gone."""
    found = log.find(accesslog.BASE, {"reqEntryUUID": [uuid]}, accesslog.ATTRIBUTES)
    own = sorted((event for record in found if (event := accesslog.read(record))), key=_start)
    yield from own
    if own or dn:
        yield from _moves_above(log, own, dn or own[-1].target, base_key)


def _moves_above(log: Log, own: list[Event], dn: str, base_key: str) -> Iterator[Event]:
    """Follow an entry's name back to the beginning, and give the moves that changed it from above."""
    beginning = own[0].start if own and own[0].deed is Deed.CREATED else ""
    moves = [event for event in own if event.new_dn]
    before = own[-1].start if own and own[-1].deed is Deed.DELETED else "9"
    while True:
        last = max((event.start for event in moves if event.start < before), default=beginning)
        above = [event for event in _moved_to(log, _superiors(dn, base_key)) if last < event.start < before]
        if above:
            move = max(above, key=_start)
            old, new = _carried(dn, move.new_dn, move.dn), dn
            yield replace(move, about=move.dn, dn=old, new_dn=new)
            dn, before = old, move.start
        elif last > beginning:
            dn, before = next(event.dn for event in moves if event.start == last), last
        else:
            return


def _superiors(dn: str, base_key: str) -> list[str]:
    """Give the names of the agency and the units that an entry stands in."""
    above = names.superior(dn)
    found = []
    while names.below(names.key(above), base_key):
        found.append(above)
        above = names.superior(above)
    return found


def _moved_to(log: Log, places: Collection[str]) -> Iterator[Event]:
    if places:
        wanted = {"objectClass": ["auditModRDN"], "reqNewDN": places}
        for record in log.find(accesslog.BASE, wanted, accesslog.ATTRIBUTES):
            if event := accesslog.read(record):
                yield event


def _carried(dn: str, superior: str, other: str) -> str:
    """Give the name with one superior in another's place."""
    below = names.split(dn)[: names.depth(dn) - names.depth(superior)]
    return names.join(*below, other)


# What a change may take several writes for; what is told of them together is the first of these.
_PARTS = (Deed.PURGED, Deed.CLOSED, Deed.ADOPTED, Deed.REOPENED, Deed.MOVED, Deed.CHANGED)


def _joined(events: Iterable[Event]) -> Iterator[Event]:
    """Tell as one what one change of a plan did in several writes: a move and what came with it."""
    last: Event | None = None
    for event in events:
        if event.deed is Deed.SIGN_IN:
            yield event
            continue
        if last and _same_change(last, event):
            last = _both(last, event)
            continue
        if last:
            yield last
        last = event
    if last:
        yield last


def _same_change(one: Event, next_: Event) -> bool:
    parts = one.deed in _PARTS and next_.deed in _PARTS
    return parts and one.trace is not None and (one.trace, one.uuid) == (next_.trace, next_.uuid)


def _both(one: Event, next_: Event) -> Event:
    before, after = {**next_.before, **one.before}, {**one.after, **next_.after}
    changed = {name for name in after if before.get(name, ()) != after[name]}
    return replace(
        one,
        deed=min(one.deed, next_.deed, key=_PARTS.index),
        new_dn=next_.target if next_.target != one.dn else "",
        before={name: before.get(name, ()) for name in sorted(changed)},
        after={name: after[name] for name in sorted(changed)},
        password=one.password or next_.password,
    )


def _runs(folder: Path, plan: str) -> Iterator[Run]:
    """Read how the applies of a plan began."""
    for path in folder.glob(f"*-{plan}.jsonl"):
        try:
            with path.open(encoding="utf-8") as lines:
                said: dict[str, Any] = json.loads(lines.readline())
            yield Run(said["plan"], said.get("by", ""), datetime.fromisoformat(said["at"]), path.name)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # killed before its first line was whole: it has nothing to say
