"""Which of the differences between registry and directory somebody made by hand, and who it was.

A plan tells all differences. Most wait for an apply: a commit or a day brought them. What somebody did by hand the
plan's own evidence tells (``changes.Cause``), and where that leaves a doubt the accesslog does: a write that bears no
plan's trace and touched what differs. Where the accesslog does not reach back as far as the last apply, a doubt counts
as drift.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from . import accesslog, recount
from . import dn as names
from .accesslog import Deed
from .changes import Cause, Create, Situation, agency_of, base_dn
from .drift import DIRECTORY, Finding, Kind, Trace, ad_hoc, silent
from .drift_machines import traces
from .phrase import Language, Phrase
from .values import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from .accesslog import Event
    from .changes import Change, Plan, Remark
    from .directory import Record

BRANCHES = ("services", "policies", "control")  # of the estate's own, beside the agencies
_ASKED = 100  # entries that one search of the accesslog is about
_BY_HAND = frozenset({Deed.CREATED, Deed.CHANGED, Deed.MOVED, Deed.CLOSED, Deed.REOPENED, Deed.PURGED, Deed.DELETED})
_ADDRESS = frozenset({"mail", "mailLocalAddress"})
_STATE = frozenset({"congvuState", "congvuRetainUntil"})
_ACCESS = frozenset({"congvuAccess", "congvuSendAs", "congvuList", "congvuListWriter", "congvuWriters"})
_QUOTA = frozenset({"congvuQuota"})
_KINDS = ((_STATE, Kind.STATE), (_ADDRESS, Kind.ADDRESS), (_ACCESS, Kind.ACCESS), (_QUOTA, Kind.QUOTA))


class Log(Protocol):
    """All that is asked of the directory's accesslog."""

    def find(
        self, base: str, wanted: Mapping[str, Collection[str]], attributes: Collection[str], limit: int = 0
    ) -> list[Record]:
        """Find what has, of each attribute wanted, one of the values."""
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the accesslog holds of writes by hand: by entryUUID, and by the key of a name that is gone or new."""

    by_uuid: Mapping[str, Sequence[Event]] = field(default_factory=dict)
    by_name: Mapping[str, Sequence[Event]] = field(default_factory=dict)
    since: datetime | None = None  # how far it reaches back


def doubtful(plan: Plan) -> list[Change]:
    """Give the changes of a plan that may undo what somebody did by hand; none where nothing was ever applied."""
    if plan.applied is None:
        return []
    return [change for change in plan.changes if isinstance(change, Create) or change.cause in _OPEN]


_OPEN = (Cause.DRIFT, Cause.UNCERTAIN)
_STRAY = (Situation.UNMANAGED, Situation.DISPUTED, Situation.ORPHAN, Situation.ADOPTABLE)


def strays(plan: Plan) -> list[Remark]:
    """Give the remarks about entries among the agencies that Git does not know, or knows otherwise."""
    base = names.key(base_dn(plan.suffix))
    return [
        remark
        for remark in plan.remarks
        if remark.situation in _STRAY and names.below(names.key(remark.dn), base) and plan.applied is not None
    ]


def gather(log: Log, plan: Plan) -> Evidence:
    """Ask the accesslog about the doubtful changes and the strays: as many questions as there are hundreds of them."""
    changes = doubtful(plan)
    uuids = [change.precondition.uuid for change in changes if change.precondition]
    gone = [change.dn for change in changes if not change.precondition]
    by_uuid = _sorted(_found(log, "reqEntryUUID", uuids), lambda event: event.uuid)
    named = _found(log, "reqDN", [*gone, *(remark.dn for remark in strays(plan))])
    first = log.find(accesslog.BASE, {"reqResult": ["0"]}, ("reqStart",), limit=1)
    return Evidence(by_uuid, _sorted(named, lambda event: names.key(event.dn)), _moment(first[0]) if first else None)


def _found(log: Log, attribute: str, values: Sequence[str]) -> Iterator[Event]:
    for start in range(0, len(values), _ASKED):
        wanted = {attribute: values[start : start + _ASKED]}
        for record in log.find(accesslog.BASE, wanted, accesslog.ATTRIBUTES):
            if (event := accesslog.read(record)) and _is_by_hand(event):
                yield event


def _is_by_hand(event: Event) -> bool:
    return event.deed in _BY_HAND and not (event.trace and event.trace.plan)


def _sorted(events: Iterable[Event], key: object) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda one: one.start):
        found.setdefault(key(event), []).append(event)  # type: ignore[operator]
    return found


def _moment(record: Record) -> datetime:
    start = text(record, "reqStart")
    return datetime.strptime(start[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


# --- Judgement


def judge(plan: Plan, evidence: Evidence, suffix: str) -> list[Finding]:
    """Say what somebody did to the entries of the agencies by hand."""
    findings = [finding for change in doubtful(plan) if (finding := _judged(change, plan, evidence, suffix))]
    return [*findings, *(_stray(remark, evidence, suffix) for remark in strays(plan))]


def waiting(plan: Plan, findings: Sequence[Finding]) -> int:
    """Count the changes of a plan that are no drift: they wait for an apply."""
    drifted = {finding.object for finding in findings}
    return sum(change.id not in drifted for change in plan.changes)


def _judged(change: Change, plan: Plan, evidence: Evidence, suffix: str) -> Finding | None:
    touching = list(_touching(change, evidence))
    reaches = evidence.since is not None and plan.applied is not None and evidence.since <= _of(plan.applied.csn)
    if not touching and change.cause is not Cause.DRIFT and reaches:
        return None
    if not touching and isinstance(change, Create) and change.cause is Cause.COMMIT:
        return None  # a newcomer, of whom the accesslog never heard
    agency = agency_of(change.target, base_dn(suffix))
    return Finding(
        kind=_kind(change),
        host=DIRECTORY,
        object=change.id,
        said=_said(change),
        mend=f"bin/congvu reconcile -e agency={agency}" if agency else "bin/congvu reconcile",
        traces=tuple(_trace(event, suffix) for event in touching[-1:]) or (Trace("", None, "accesslog"),),
    )


def _touching(change: Change, evidence: Evidence) -> Iterator[Event]:
    """Yield the writes by hand that made what the change would undo."""
    if change.precondition is None:
        yield from (event for event in evidence.by_name.get(names.key(change.dn), ()) if event.deed is Deed.DELETED)
        return
    for event in evidence.by_uuid.get(change.precondition.uuid, ()):
        touched = event.before.keys() | event.after.keys()
        if touched & change.after.keys() or (change.new_dn and event.new_dn) or event.deed is Deed.CREATED:
            yield event


def _kind(change: Change) -> Kind:
    if isinstance(change, Create):
        return Kind.ENTRY_GONE
    if not change.source:
        return Kind.ENTRY_ADDED
    return next((kind for attributes, kind in _KINDS if attributes & change.after.keys()), Kind.ENTRY)


_SHOWN = 3  # values of an attribute
_LONG = 60  # characters


def _said(change: Change) -> Phrase:
    if isinstance(change, Create):
        return Phrase("{dn} is gone", {"dn": change.dn})
    if not change.source:
        return Phrase("{dn} bears the estate's mark, and the registry does not name it", {"dn": change.dn})
    told = [
        f"{name}: {_values(change.before.get(name, ()))} ≠ {_values(values)}"
        for name, values in sorted(change.after.items())
        if name not in ("objectClass", "congvuDecision")
    ]
    told += [f"{change.dn} ≠ {change.new_dn}"] * bool(change.new_dn)
    return Phrase("in the directory ≠ in Git: {values}", {"values": "; ".join(told)})


def _values(values: Sequence[str]) -> str:
    shown = ", ".join(value if len(value) <= _LONG else f"{value[:_LONG]}…" for value in sorted(values)[:_SHOWN])
    rest = len(values) - _SHOWN
    return (shown or "-") + (f" +{rest}" if rest > 0 else "")


def _stray(remark: Remark, evidence: Evidence, suffix: str) -> Finding:
    events = [event for event in evidence.by_name.get(names.key(remark.dn), ()) if event.deed is Deed.CREATED]
    return Finding(
        kind=Kind.ENTRY_ADDED,
        host=DIRECTORY,
        object=remark.dn,
        said=remark.message,
        mend=remove(remark.dn),
        traces=tuple(_trace(event, suffix) for event in events[-1:]) or (Trace("", None, "accesslog"),),
    )


def remove(dn: str) -> str:
    """Give the command that removes an entry, as root on a directory host."""
    return ad_hoc("directory[0]", "community.general.ldap_entry", dn=dn, state="absent")


def _trace(event: Event, suffix: str) -> Trace:
    who, who_vi = (recount.author(event, suffix, language) for language in (Language.ENGLISH, Language.VIETNAMESE))
    return Trace(who, event.at, "accesslog", who_vi=who_vi)


def _of(csn: str) -> datetime:
    return datetime.strptime(csn[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


# --- What stands beside the agencies


def accounts(
    records: Iterable[Record], declared: Collection[str], events: Iterable[Event], suffix: str
) -> list[Finding]:
    """Find the entries of the estate's own branches that nothing declares; ``declared`` are names."""
    known = {names.key(dn) for dn in declared}
    made = {names.key(event.dn): event for event in events if event.deed is Deed.CREATED}
    return [
        Finding(
            kind=Kind.DIRECTORY_ACCOUNT,
            host=DIRECTORY,
            object=record.dn,
            said=Phrase("no role makes it"),
            mend=remove(record.dn),
            traces=(_trace(made[key], suffix) if key in made else Trace("", None, "accesslog"),),
        )
        for record in records
        if (key := names.key(record.dn)) not in known
    ]


def of_names(log: Log, names_: Sequence[str]) -> list[Event]:
    """Give what was written to entries of these names by hand, oldest first."""
    return sorted(_found(log, "reqDN", names_), key=lambda event: event.start)


def last_changes(events: Iterable[Event], suffix: str) -> dict[str, dict[str, Any]]:
    """Say by name who changed an entry last, in a form that goes from module to module."""
    return {
        names.key(event.dn): {**asdict(_trace(event, suffix)), "at": event.at.isoformat()}
        for event in events
        if event.deed is Deed.CHANGED
    }


# --- What slapd itself runs with


def judge_config(host: str, config: Mapping[str, Any], machine: Mapping[str, Any]) -> list[Finding]:
    """Say what the running directory's configuration has otherwise than the file that it is built from."""
    if "differences" not in config:
        return [silent(host, "cn=config", str(config.get("msg", "")))]
    found = []
    for one in config["differences"]:
        facts = {"attributes": ", ".join(one["attributes"]), "dn": one["dn"]}
        said = {
            "running": Phrase("it runs, and the file does not have it"),
            "file": Phrase("the file has it, and it does not run"),
        }.get(one["where"], Phrase("another value than in the file: {attributes}", facts))
        at = config["started"]
        moment = datetime.fromisoformat(at) if at else None
        who = tuple(trace for trace in traces(machine, at, "slapd") if trace.who)
        found.append(
            Finding(
                kind=Kind.DIRECTORY_CONFIG,
                host=host,
                object=one["dn"],
                said=said,
                mend=ad_hoc(host, "systemd_service", name="slapd.service", state="restarted"),
                traces=who or (Trace("", moment, "slapd", sure=False),),
            )
        )
    return found
