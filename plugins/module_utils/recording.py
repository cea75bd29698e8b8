"""What goes into the ledger of plans, applies, purges, reports and administrators' access to mailboxes.

Applies and purges leave records of their own on the disk before each deed, and sent reports right after. The ledger is
caught up from these: so nothing is missing in it either of what was killed half way, and one more wait for the disk is
all that it costs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from datetime import datetime
from fcntl import LOCK_NB, LOCK_SH, LOCK_UN, flock
from itertools import groupby
from typing import TYPE_CHECKING, Any

from . import ledger, sendings
from .files import write_whole
from .ledger import Entry, Kind, Proof

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .changes import Plan
    from .ledger import Head

JOURNALS = "journal"
PURGES = "purges.jsonl"
ACCESSES = "access"
_JOURNAL = re.compile(rb'"file":"journal/([^"]+)"')
_ACCESS = re.compile(rb'"file":"access/([^"]+)"')
_REPORT = re.compile(rb'"file":"(reports/[^"]+)"')
_REACHED = re.compile(rb'"bytes":(\d+),"file":"purges\.jsonl"')
_SHORT = 12
_OPERATIONS = {
    "create": "tạo mới",
    "update": "sửa",
    "move": "chuyển",
    "disable": "ngừng",
    "adopt": "tiếp nhận",
    "purge": "xoá thư",
    "delete": "bỏ",
}
_VERDICTS = {"stale": "đã khác trước", "failed": "bị từ chối", "skipped": "bỏ qua"}


def made(plan: Plan, by: str) -> Entry:
    """Record that a plan was made, of one that would change something."""
    counts = ", ".join(f"{_OPERATIONS[name]} {count}" for name, count in plan.counts.items() if count)
    commit = f", theo commit {plan.commit[:_SHORT]}" if plan.commit else ""
    proofs = (Proof(f"plans/{plan.id}.jsonl", len(plan.content), plan.id),)
    if plan.undoes:
        said = f"Lập kế hoạch {plan.id[:_SHORT]} để hoàn tác kế hoạch {plan.undoes[:_SHORT]}: {counts}."
        return Entry(Kind.ROLLBACK, plan.id, said, by, proofs)
    return Entry(Kind.PLAN, plan.id, f"Lập kế hoạch {plan.id[:_SHORT]}{commit}: {counts}.", by, proofs)


def asked(plan: Plan, by: str) -> Entry:
    """Record that a bigger system's operator is asked for what a plan says."""
    counts = ", ".join(f"{_OPERATIONS[name]} {count}" for name, count in plan.counts.items() if count)
    proofs = (Proof(f"requests/{plan.id}.jsonl", len(plan.content), plan.id),)
    return Entry(Kind.REQUEST, plan.id, f"Lập đề nghị {plan.id[:_SHORT]}: {counts}.", by, proofs)


def confirmed(plan: Plan, number: str, refused: int, by: str) -> Entry:
    """Record that the operator's answer, of a number and a day, was taken in."""
    left = f", trừ {refused} mục không thực hiện" if refused else ""
    return Entry(Kind.CONFIRMED, plan.id, f"Ghi nhận trả lời số {number} cho đề nghị {plan.id[:_SHORT]}{left}.", by)


def catch_up(state: Path, now: datetime) -> Head | None:
    """Bring into the ledger what the records hold and it does not, and give its head.

    Raises LedgerError where the ledger was changed, and OSError where the disk refuses.
    """

    def missing(written: bytes) -> list[Entry]:
        every = (_applies, _purges, _accesses, _reports)
        return [entry for missing_of in every for entry in missing_of(state, written)]

    return ledger.append_missing(state, missing, now)


# --- Access by administrators, from what the stores' journals said


def keep(state: Path, events: Iterable[Mapping[str, Any]]) -> None:
    """Keep what ``administered`` found, a file for each host: journals forget, and the ledger rests on it."""
    ordered = sorted(events, key=lambda event: (event["host"], event["at"]))
    for host, own in groupby(ordered, key=lambda event: str(event["host"])):
        lines = [json.dumps(event, ensure_ascii=False, sort_keys=True) for event in own]
        last = datetime.fromisoformat(json.loads(lines[-1])["at"])
        path = state / ACCESSES / f"{last:%Y%m%dT%H%M%S.%fZ}-{host}.jsonl"
        write_whole(path, "".join(f"{line}\n" for line in lines).encode(), mode=0o600)


def kept_until(state: Path) -> dict[str, str]:
    """Give by host the moment, in ISO 8601, of the last access that was kept."""
    found: dict[str, str] = {}
    for path in sorted((state / ACCESSES).glob("*.jsonl")):
        moment, _, host = path.stem.partition("-")
        found[host] = datetime.strptime(moment, "%Y%m%dT%H%M%S.%f%z").isoformat()
    return found


def _accesses(state: Path, written: bytes) -> Iterator[Entry]:
    """Give a line for each mailbox that administrators were in, of each file that the ledger does not know."""
    known = {name.decode() for name in _ACCESS.findall(written)}
    for path in sorted((state / ACCESSES).glob("*.jsonl")):
        if path.name in known:
            continue
        events = sorted(_lines(path.read_bytes()), key=lambda event: (event["user"], event["at"]))
        for user, own in groupby(events, key=lambda event: str(event["user"])):
            yield Entry(Kind.ACCESS, f"uid:{user}", _told(user, list(own)), "doveadm", (ledger.proof(state, path),))


def _told(user: str, events: Sequence[Mapping[str, Any]]) -> str:
    commands = Counter(event["command"] for event in events if "command" in event)
    opened = sum("command" not in event for event in events)
    said = [f"lệnh {', '.join(f'{command} {count} lần' for command, count in sorted(commands.items()))}"] * bool(
        commands
    )
    said += [f"mở nội dung {opened} thư"] * bool(opened)
    first, last = events[0]["at"][:19], events[-1]["at"][:19]
    return f"Quản trị vào hộp thư {user} trên {events[0]['host']}, từ {first}Z đến {last}Z: {'; '.join(said)}."


# --- Reports, from what is kept of each sending


def _reports(state: Path, written: bytes) -> Iterator[Entry]:
    known = {file.decode() for file in _REPORT.findall(written)}
    for note in sendings.notes(state):
        sending = sendings.read(note)
        if sending and str(note.relative_to(state)) not in known:
            proofs = tuple(ledger.proof(state, file) for file in sorted(note.parent.iterdir()))
            yield Entry(Kind.REPORT, f"mailbox:{sending.sender}", sending.told, sending.by, proofs)


# --- Applies, from their journals


def _applies(state: Path, written: bytes) -> Iterator[Entry]:
    known = {name.decode() for name in _JOURNAL.findall(written)}
    for path in sorted((state / JOURNALS).glob("*.jsonl")):
        if path.name not in known and _is_over(path):
            yield from _apply(state, path)


def _is_over(path: Path) -> bool:
    """Tell whether the apply whose journal this is has ended: it holds a lock on it as long as it lives."""
    with path.open("rb") as file:
        try:
            flock(file, LOCK_SH | LOCK_NB)
        except BlockingIOError:
            return False
        flock(file, LOCK_UN)
    return True


def _apply(state: Path, path: Path) -> Iterator[Entry]:
    said = {line["event"]: line for line in _lines(path.read_bytes())}
    overrides = [line for line in _lines(path.read_bytes()) if line["event"] == "override"]
    begin = said.get("begin", {})
    # A journal is named by the beginning of its plan's id; the whole stands in it once the apply has begun.
    plan, by = begin.get("plan", path.stem.rpartition("-")[2]), begin.get("by", "")
    plans = sorted((state / "plans").glob(f"{plan}*.jsonl"))
    if len(plans) == 1:
        plan = plans[0].stem
    proofs = [ledger.proof(state, file) for file in (*plans, path)]
    for line in overrides:
        yield Entry(Kind.OVERRIDE, plan, f"Cho kế hoạch {plan[:_SHORT]} vượt rào an toàn: {line['said']}.", by)
    yield Entry(Kind.APPLY, plan, f"Áp dụng kế hoạch {plan[:_SHORT]}: {_outcome(said)}.", by, tuple(proofs))


def _outcome(said: dict[str, dict[str, Any]]) -> str:
    if "end" not in said:
        reason = said.get("broken", {}).get("reason", "")
        return f"dừng giữa chừng: {reason.rstrip('.')}" if reason else "dừng giữa chừng, không kịp ghi lý do"
    counts = Counter(said["end"]["counts"])
    left = [f"{_VERDICTS[verdict]} {count}" for verdict, count in counts.items() if verdict in _VERDICTS and count]
    if said["end"]["unverified"]:
        left.append(f"thư mục không cho thấy {len(said['end']['unverified'])} thay đổi đã ghi")
    return ", ".join((f"đã ghi {counts['applied']} trong {counts.total()} thay đổi", *left))


# --- Purges, from their record


def _purges(state: Path, written: bytes) -> Iterator[Entry]:
    """Give what stands in the record behind what the ledger has seen of it."""
    path = state / PURGES
    if not path.is_file():
        return
    seen = max((int(count) for count in _REACHED.findall(written)), default=0)
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    gone = [line for line in _lines(whole[seen:]) if line["event"] == "purged" and line["messages"]]
    proofs = (Proof(PURGES, len(whole), hashlib.sha256(whole).hexdigest()),)
    for line in gone:
        decision = f" theo {line['decision']}" if line["decision"] else ""
        size = f"{line['messages']} thư, {line['bytes']} byte"
        said = f"Xoá vĩnh viễn thư của {line['uid']} trên {line['store']}{decision}: {size}."
        yield Entry(Kind.PURGE, line["id"], said, proofs=proofs)


def _lines(content: bytes) -> Iterator[dict[str, Any]]:
    """Read JSON lines; half a line that a crash left has nothing to say."""
    for line in content.split(b"\n"):
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and "event" in said:
            yield said
