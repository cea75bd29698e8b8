"""The past of one entry, told: for the terminal in English or Vietnamese, and as data for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import dn as names
from . import wording
from .accesslog import ROOT, Deed
from .changes import agency_of, base_dn
from .model import Kind
from .phrase import Language, Phrase
from .trace import Trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from .accesslog import Event
    from .history import History

_DEEDS: Mapping[Deed, Phrase] = {
    Deed.CREATED: Phrase("created"),
    Deed.ADOPTED: Phrase("adopted"),
    Deed.CHANGED: Phrase("changed"),
    Deed.MOVED: Phrase("moved"),
    Deed.CLOSED: Phrase("access ended"),
    Deed.REOPENED: Phrase("access given back"),
    Deed.PURGED: Phrase("mail purged"),
    Deed.DELETED: Phrase("deleted"),
    Deed.PASSWORD: Phrase("password set"),
    Deed.LOCKED: Phrase("locked after wrong passwords"),
    Deed.SEALED: Phrase("locked until somebody sets another password"),
    Deed.UNLOCKED: Phrase("unlocked"),
    Deed.SIGN_IN: Phrase("signed in, or tried to"),
}
# What goes without saying, or is said in other words.
_UNTOLD = frozenset({"objectClass", "congvuEstate", "congvuId", "congvuDecision"})
# Accounts that are the same in every directory.
_KNOWN = {
    ROOT: Phrase("root on the directory's machine"),
    # The role `directory` gives it this number.
    "gidnumber=5001+uidnumber=5001,cn=peercred,cn=external,cn=auth": Phrase("the term for first passwords"),
}


def text(
    history: History, zone: ZoneInfo, label: str, *, sign_ins: bool = False, language: str = Language.ENGLISH
) -> str:
    """Tell it on a page, newest last. Sign-ins are many and change nothing: they are counted unless asked for."""
    told = [event for event in history.events if sign_ins or event.deed is not Deed.SIGN_IN]
    lines = [*_head(history, label, zone, language)]
    for event in told:
        lines += ["", *_paragraph(event, history, zone, language)]
    if not told:
        lines += ["", Phrase("The accesslog holds no change of it.").told(language)]
    unsaid = len(history.events) - len(told)
    if unsaid:
        facts = {"count": unsaid, "option": "-e sign_ins=true"}
        lines += ["", Phrase("Sign-ins not shown: {count} ({option} shows them).", facts).told(language)]
    return "\n".join(lines) + "\n"


def data(history: History, zone: ZoneInfo) -> dict[str, Any]:
    """Give it as plain values, sign-ins included."""
    return {
        "id": history.id,
        "dn": history.dn,
        "since": history.since.astimezone(zone).isoformat() if history.since else "",
        "events": [_datum(event, history, zone) for event in history.events],
    }


def _datum(event: Event, history: History, zone: ZoneInfo) -> dict[str, Any]:
    run, trace = history.runs.get(event.start), event.trace or Trace("")
    return {
        "at": event.at.astimezone(zone).isoformat(),
        "record": event.start,
        "deed": str(event.deed),
        "who": author(event, history.suffix),
        "account": event.author,
        "entry": event.uuid,
        "dn": event.dn,
        "new_dn": event.new_dn,
        "moved_with": event.about,
        "password": event.password,
        "before": {name: list(values) for name, values in event.before.items()},
        "after": {name: list(values) for name, values in event.after.items()},
        "plan": run.plan if run else trace.plan,
        "commit": trace.commit,
        "by": trace.by,
        "decision": trace.decision,
        "journal": run.journal if run else "",
    }


def author(event: Event, suffix: str, language: str = Language.ENGLISH) -> str:
    """Say who wrote: whoever applied the plan, or whose account it was."""
    if event.trace is not None:
        return event.trace.by or Phrase("the engine, applied by somebody unnamed").told(language)
    return _account(event, suffix).told(language)


def _account(event: Event, suffix: str) -> Phrase:
    dn, key = event.author, names.key(event.author)
    agency = agency_of(dn, base_dn(suffix))
    if key in _KNOWN:
        return _KNOWN[key]
    if key in (names.key(event.dn), names.key(event.target)):
        return Phrase("the holder, with their own password")
    if agency:
        facts = {"name": names.naming(dn)[1], "agency": agency}
        if key.startswith("cn=admin,"):
            return Phrase("the admin of {agency}", facts)
        return Phrase("{name} of {agency}", facts)
    return _service(dn, suffix)


def _service(dn: str, suffix: str) -> Phrase:
    key = names.key(dn)
    if key == names.key(names.join("cn=slapd", suffix)):
        return Phrase("the directory itself")
    if names.split(key)[1:2] == ["ou=services"]:
        name = names.naming(dn)[1]
        if name == "reconciler":
            return Phrase("the engine's account, without a plan")
        return Phrase("the service {name}", {"name": name})
    return Phrase("the account {dn}", {"dn": dn})


def _head(history: History, label: str, zone: ZoneInfo, language: str) -> Iterator[str]:
    kind, _, name = history.id.partition(":")
    called = f"{wording.KINDS[Kind(kind)].told(language)} {name}" if name else history.id
    yield f"{called}  {label or _last_name(history)}".rstrip()
    if history.dn:
        yield Phrase("Stands at {place} now.", {"place": _place(history.dn, history.suffix)}).told(language)
    else:
        yield Phrase("Is not in the directory now.").told(language)
    if history.since:
        facts = {"moment": moment(history.since, zone, language)}
        yield Phrase("The accesslog reaches back to {moment}.", facts).told(language)


def _last_name(history: History) -> str:
    for event in reversed(history.events):
        for values in (event.after, event.before):
            for name in ("displayName", "cn", "description"):
                if values.get(name):
                    return values[name][0]
    return ""


def _paragraph(event: Event, history: History, zone: ZoneInfo, language: str) -> Iterator[str]:
    yield f"{moment(event.at, zone, language)}  {_said(event, history.suffix, language)}"
    yield f"  {Phrase('by {who}', {'who': author(event, history.suffix, language)}).told(language)}"
    if event.trace and (grounds := _grounds(event.trace, language)):
        yield f"  {grounds}"
    if run := history.runs.get(event.start):
        facts = {"moment": moment(run.begun, zone, language), "journal": run.journal}
        yield f"  {Phrase('apply begun {moment}, journal {journal}', facts).told(language)}"
    if not event.about:
        yield from (f"    {line}" for line in _values(event, language))


def _values(event: Event, language: str) -> Iterator[str]:
    """Yield what each attribute was and became."""
    for name in wording.told(sorted((event.before.keys() | event.after.keys()) - _UNTOLD)):
        old, new = (wording.shown(name, values.get(name, ()), language) for values in (event.before, event.after))
        said = {Deed.CREATED: new, Deed.DELETED: old}.get(event.deed, f"{old} → {new}")
        yield f"{wording.called(name, language)}: {said}"
    if event.password and event.deed is not Deed.PASSWORD:
        yield Phrase("the password too").told(language)


def _said(event: Event, suffix: str, language: str) -> str:
    """Say what was done, and where it went."""
    deed = _DEEDS[event.deed].told(language)
    facts = {"deed": deed, "old": _place(event.dn, suffix), "new": _place(event.target, suffix)}
    if event.about:
        return Phrase("moved along with what it stands in, from {old} to {new}", facts).told(language)
    return Phrase("{deed}, from {old} to {new}", facts).told(language) if event.new_dn else deed


def _grounds(trace: Trace, language: str) -> str:
    """Say by which plan, of which commit, on which decision."""
    decision = wording.grounds(trace.decision, language)
    facts = {"decision": decision}
    ground = Phrase("decision {decision}", facts) if trace.plan else Phrase("because: {decision}", facts)
    said = (
        Phrase("plan {plan}", {"plan": trace.plan}) if trace.plan else None,
        Phrase("commit {commit}", {"commit": trace.commit}) if trace.commit else None,
        ground if decision else None,
    )
    return ", ".join(phrase.told(language) for phrase in said if phrase)


def _place(dn: str, suffix: str) -> str:
    """Show a name as a path from the agency down, such as ``snv/tccb/tth00123``; one elsewhere as it is."""
    key, base = names.key(dn), names.key(base_dn(suffix))
    if not names.below(key, base):
        return dn
    parts = names.split(dn)[: names.depth(dn) - names.depth(base)]
    return "/".join(reversed([names.naming(part)[1] for part in parts]))


def moment(when: datetime, zone: ZoneInfo, language: str) -> str:
    """Write a moment as people do, to the second, on the estate's clock."""
    local = when.astimezone(zone)
    return f"{local:%d/%m/%Y %H:%M:%S}" if language == Language.VIETNAMESE else f"{local:%Y-%m-%d %H:%M:%S}"
