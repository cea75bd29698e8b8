"""The lease that keeps two applies apart, and what an apply remembers: one entry beside the agencies.

Assertions on every write already keep two applies from undoing each other's work. The lease keeps them from doing
half each, and says who is at it. The entry also remembers the last complete apply, and the addresses that are under way
from one mailbox to another: the mail exchanger lets letters to them wait, where it would say that nobody has them.
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import dn as names
from .changes import Applied
from .directory import Add, DirectoryError, Fate, Modify, UnableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .directory import Directory, Outcome

TERM = timedelta(minutes=5)  # renewed with every slice, which takes seconds
_TRANSIT = "congvuTransit"  # the attribute of addresses under way, and the class of an entry that has it


class LeaseError(DirectoryError):
    """Another apply is at work, or took over."""


class SupersededError(DirectoryError):
    """A plan is older than the last complete apply: what it was to come after is no longer what there is."""


@dataclass(frozen=True, slots=True)
class Control:
    """What the control entry says; ``holder`` is empty when no apply is at work."""

    csn: str = ""
    holder: str = ""
    plan: str = ""
    until: datetime | None = None
    applied: Applied | None = None
    under_way: frozenset[str] = frozenset()  # addresses in lower case


def control_dn(estate: str, suffix: str) -> str:
    """Give the place of an estate's control entry: a directory may hold several estates, each with its own applies."""
    return names.join(f"cn={names.escape(estate)}", "ou=control", suffix)


def read_control(directory: Directory, place: str) -> Control:
    """Read the control entry; one that is absent says that nothing was ever applied."""
    record = directory.read_entry(place, ("description", _TRANSIT))
    if record is None:
        return Control()
    try:
        said: dict[str, Any] = json.loads(record.attributes["description"][0])
        applied = said["applied"]
        return Control(
            csn=record.csn,
            holder=said["holder"],
            plan=said["plan"],
            until=datetime.fromisoformat(said["until"]) if said["until"] else None,
            applied=Applied(**{**applied, "as_of": date.fromisoformat(applied["as_of"])}) if applied else None,
            under_way=frozenset(address.lower() for address in record.attributes.get(_TRANSIT, ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        message = f"The control entry {place} is not as an apply leaves it ({type(error).__name__}: {error})."
        raise LeaseError(message, "Make sure that no apply runs, delete the entry and plan anew.") from error


def this_process() -> str:
    """Name this process so that another on the same machine can tell whether it still lives.

    A process number means something only within one boot and one PID namespace, so both are part of the name.
    """
    return f"{socket.gethostname()}:{_realm()}:{os.getpid()}"


def is_gone(holder: str) -> bool:
    """Tell whether a holder is certainly dead; of another machine or container that cannot be told."""
    _, realm, number = holder.rsplit(":", 2) if holder.count(":") > 1 else ("", "", "")
    return realm == _realm() and number.isdigit() and not _lives(number)


class Lease:
    """The right to apply, held for a term at a time."""

    def __init__(self, directory: Directory, place: str, holder: str, now: Callable[[], datetime]) -> None:
        """Nothing is held before ``acquire``. ``place`` is the control entry; ``now`` gives the time with its zone."""
        self._directory = directory
        self._place = place
        self._holder = holder
        self._now = now
        self._control = Control()
        self._under_way: frozenset[str] = frozenset()

    @property
    def under_way(self) -> frozenset[str]:
        """Give the addresses between two mailboxes: those of this plan, and of an earlier one that was broken off."""
        return self._under_way

    def acquire(self, plan: str, under_way: frozenset[str] = frozenset(), *, after: str | None = None) -> str:
        """Take the lease for a plan, or say who has it. Returns a sentence if it was taken over from a dead apply.

        From then on the directory tells that the addresses ``under_way`` are. ``after`` is the plan of the last
        complete apply that planning knew of, empty for none; without it any will do. Raises ``SupersededError``.
        """
        self._control = read_control(self._directory, self._place)
        self._refuse_if_held(self._control)
        if after is not None:
            _refuse_if_superseded(plan, after, self._control.applied)
        holder, short = self._control.holder, self._control.plan[:12]
        self._under_way = self._control.under_way | under_way
        try:
            self._write(self._holder, plan, self._control.applied)
        except LeaseError:
            # Most often another apply was quicker by a hair.
            self._refuse_if_held(read_control(self._directory, self._place))
            raise
        return f"Took over the lease of {holder}, which ended without a word in plan {short}." if holder else ""

    def _refuse_if_held(self, control: Control) -> None:
        holder, until = control.holder, control.until
        if holder and until and until > self._now() and not is_gone(holder):
            message = f"Another apply is at work: {holder}, with plan {control.plan[:12]}, until {until:%H:%M:%S %Z}."
            raise LeaseError(message, "Wait for it. If it was killed, its lease ends at that time by itself.")

    def settle(self, addresses: frozenset[str]) -> None:
        """Note that somebody has these addresses, or nobody is to; the directory tells so with the next write.

        That may be late without harm: what is under way is only asked where an address would be refused.
        """
        self._under_way -= addresses

    def renew(self) -> None:
        """Hold it for another term once half of this one has passed; raise if somebody took over meanwhile."""
        if self._control.until is None or self._control.until - self._now() < TERM / 2:
            self._write(self._holder, self._control.plan, self._control.applied)

    def release(self, applied: Applied | None = None) -> None:
        """Give it back; ``applied`` is remembered as the last complete apply."""
        self._write("", "", applied or self._control.applied)

    def _write(self, holder: str, plan: str, applied: Applied | None) -> None:
        until = self._now() + TERM if holder else None
        said = {
            "holder": holder,
            "plan": plan,
            "until": until.isoformat() if until else "",
            "applied": {**asdict(applied), "as_of": applied.as_of.isoformat()} if applied else None,
        }
        outcome = self._put(json.dumps(said, sort_keys=True))
        if outcome.fate is Fate.UNABLE:
            raise UnableError(outcome.message)
        if outcome.fate is not Fate.DONE:
            message = f"The lease {self._place} could not be had: {outcome.message}"
            remedy = (
                "If no other apply is at work, check that ou=control exists and may be written, "
                "and that playbooks/site.yml has brought the directory's schema up to date."
            )
            raise LeaseError(message, remedy)
        self._control = Control(outcome.csn, holder, plan, until, applied, self._under_way)

    def _put(self, said: str) -> Outcome:
        attributes: dict[str, tuple[str, ...]] = {"description": (said,)}
        if self._under_way or self._control.under_way:
            classes = ("applicationProcess", *((_TRANSIT,) if self._under_way else ()))
            addresses = tuple(sorted(self._under_way))
            attributes |= {"objectClass": classes, _TRANSIT: addresses}
        if self._control.csn:
            return self._directory.write([Modify(self._place, self._control.csn, attributes)])[0]
        name = names.naming(self._place)[1]
        entry = {"objectClass": ("applicationProcess",), "cn": (name,), **attributes}
        return self._directory.write([Add(self._place, entry)])[0]


def _refuse_if_superseded(plan: str, after: str, applied: Applied | None) -> None:
    """Entry by entry an old plan may still fit, where a newer one took its changes back."""
    if applied is None or applied.plan == after:
        return
    message = f"Plan {plan[:12]} was applied already."
    if applied.plan != plan:
        message = f"Plan {plan[:12]} was made before the last apply, of plan {applied.plan[:12]} for {applied.as_of}."
    raise SupersededError(message, "Nothing was written. Make a new plan.")


def _lives(number: str) -> bool:
    """Tell whether a process is there, and not just one that ended unnoticed by its parent (``proc_pid_stat(5)``)."""
    try:
        told = Path("/proc", number, "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


def _realm() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot[:8]}.{Path('/proc/self/ns/pid').readlink().name}".replace(":", "")
