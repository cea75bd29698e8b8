"""Addresses change hands in two steps: all that somebody else takes are given up first (ADR 13)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .changes import ADDRESSES, Adopt, Delete, Risk, Update, Wave, under_way
from .values import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .changes import Change


def release_first(changes: tuple[Change, ...]) -> Iterator[Change]:
    """Let what gives up an address that another change takes do so first, as a change of its own.

    So entries may hand on and exchange addresses in whatever chain or circle: once all of them are free, each is taken.
    """
    taken = under_way(changes)
    for change in changes:
        leaving = change.released & taken
        if not leaving:
            yield change
        elif isinstance(change, Adopt):
            yield replace(change, wave=Wave.RELEASE)  # it is not ours before, so there is nothing to do by halves
        else:
            yield from _halves(change, leaving)


def _halves(change: Change, leaving: frozenset[str]) -> Iterator[Change]:
    """Part a change into giving up the addresses that leave, and the rest if there is any."""
    left = {
        name: tuple(value for value in change.before[name] if value.lower() not in leaving)
        for name in ADDRESSES
        if name in change.before
    }
    stays = left.get("mailLocalAddress", ())
    if stays and not left.get("mail", stays):
        # Letters to what the entry keeps are delivered under its primary address: it is never without one.
        left["mail"] = (next((value for value in change.after["mail"] if value in stays), stays[0]),)
    left = {name: values for name, values in left.items() if values != change.before[name]}
    yield Update(
        id=change.id,
        kind=change.kind,
        dn=change.dn,
        label=change.label,
        wave=Wave.RELEASE,
        risk=Risk.MEDIUM,
        cause=change.cause,
        source=change.source,
        reason=change.reason,
        before={name: change.before[name] for name in left},
        after=left,
        precondition=change.precondition,
    )
    before = {**change.before, **left}
    differing = {name for name, values in change.after.items() if not same(name, values, before[name])}
    rest = replace(
        change,
        before={name: values for name, values in before.items() if name in differing},
        after={name: values for name, values in change.after.items() if name in differing},
    )
    if rest.after or rest.new_dn or isinstance(change, Delete):
        yield rest
