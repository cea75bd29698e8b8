"""The trail of a letter, told to people: who brought it, what was thought of it, who has it, who did what with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from . import maillog, whom
from .maillog import (
    Delivery,
    Event,
    Filed,
    Handled,
    Judged,
    Named,
    Notified,
    Opened,
    Queued,
    Refused,
    Removed,
    SignedIn,
    SignedOut,
    Taken,
)
from .phrase import Phrase
from .recount import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from .model import Registry

_WEIGHTIEST = 6  # of Rspamd's reasons
_STATUS: Mapping[str, Phrase] = {
    "sent": Phrase("{queue}: handed on to {recipient}, to {relay}: {reply}"),
    "deferred": Phrase("{queue}: waits for {recipient}: {reply}"),
    "bounced": Phrase("{queue}: not to be handed on to {recipient}: {reply}"),
    "expired": Phrase("{queue}: given up after waiting: {reply}"),
}
_DEEDS: Mapping[str, Phrase] = {
    "save": Phrase("saved"),
    "copy": Phrase("copied"),
    "delete": Phrase("marked as deleted"),
    "undelete": Phrase("marked as not deleted"),
    "expunge": Phrase("removed"),
    "autoexpunge": Phrase("removed by age"),
    "flag_change": Phrase("marked"),
}


def events(found: Iterable[Mapping[str, Any]]) -> list[Event]:
    """Read back what ``mail_trail`` returned of all machines, and put it in the order of time."""
    read: dict[tuple[datetime, str, str], Event] = {}
    for said in found:
        fields = {name: _tuples(value) for name, value in said.items() if name != "event"}
        kind: type[Event] = getattr(maillog, said["event"])
        event = kind(**{**fields, "at": datetime.fromisoformat(said["at"])})
        read[event.at, event.host, event.line] = event  # of several groups on one machine each tells it
    return sorted(read.values(), key=lambda event: event.at)


def _tuples(value: Any) -> Any:  # noqa: ANN401 -- a field's value
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value


class Teller:
    """What puts events into words; ids become names."""

    def __init__(self, registry: Registry, zone: ZoneInfo, language: str) -> None:
        """Take what names come from, and how to tell."""
        self.registry = registry
        self.zone = zone
        self.language = language

    def who(self, user: str) -> str:
        """Name whoever signed in, or has a mailbox."""
        try:
            id_ = whom.find(user, self.registry)
        except whom.WhomError:
            return user
        return f"{user} {whom.label(id_, self.registry)}".strip()

    def told(self, phrase: Phrase) -> str:
        """Say something in the language."""
        return phrase.told(self.language)

    def line(self, event: Event) -> str:
        """Tell one event, in a line; empty if it goes without saying."""
        phrase = said(event, self)
        return f"{moment(event.at, self.zone, self.language)}  {event.host}  {self.told(phrase)}" if phrase else ""


def text(about: str, found: Sequence[Event], teller: Teller) -> str:
    """Tell a letter's trail on a page, oldest first."""
    lines = [teller.told(Phrase("Letter {about}", {"about": about}))]
    names = sorted({event.message_id for event in found if isinstance(event, Named | Judged)} - {""})
    lines += [f"  Message-ID: <{name}>" for name in names if f"<{name}>" != about]
    if not found:
        lines += ["", teller.told(Phrase("The journals of the mail servers hold nothing of it."))]
    else:
        lines += ["", *(line for event in found if (line := teller.line(event)))]
    return "\n".join(lines) + "\n"


@singledispatch
def said(event: Event, teller: Teller) -> Phrase | None:  # noqa: ARG001 -- what the others need
    """Put an event into words; None if it goes without saying."""
    return None


@said.register
def _(event: Taken, teller: Teller) -> Phrase:
    facts = {"service": event.service, "client": event.client, "who": teller.who(event.user), "queue": event.queue}
    if event.service == "pickup":
        return Phrase("{queue}: written on this machine by the local user {client}", facts)
    if event.user:
        return Phrase("{queue}: brought by {who}, signed in at {service}, from {client}", facts)
    return Phrase("{queue}: brought by {client}, not signed in", facts)


@said.register
def _(event: Queued, teller: Teller) -> Phrase:  # noqa: ARG001
    facts = {"queue": event.queue, "sender": event.sender or "<>", "size": event.size, "count": event.recipients}
    return Phrase("{queue}: envelope from {sender}, {size} bytes, recipients: {count}", facts)


@said.register
def _(event: Judged, teller: Teller) -> Phrase:  # noqa: ARG001
    symbols = ", ".join(f"{name} {score:+g}" for name, score in event.symbols[:_WEIGHTIEST] if score)
    facts = {"action": event.action, "score": event.score, "limit": event.limit, "symbols": symbols or "-"}
    return Phrase("Rspamd: {action}, {score} of {limit} ({symbols})", facts)


@said.register
def _(event: Delivery, teller: Teller) -> Phrase:  # noqa: ARG001
    recipient = f"{event.original} → {event.recipient}" if event.original else event.recipient
    facts = {"queue": event.queue, "recipient": recipient, "relay": event.relay, "reply": event.reply}
    return replace(_STATUS[event.status], facts=facts)


@said.register
def _(event: Notified, teller: Teller) -> Phrase:  # noqa: ARG001
    facts = {"queue": event.queue, "about": event.about, "notice": event.notice}
    return Phrase("{queue}: {about} sent, as letter {notice}", facts)


@said.register
def _(event: Removed, teller: Teller) -> Phrase:  # noqa: ARG001
    return Phrase("{queue}: out of this machine's queue", {"queue": event.queue})


@said.register
def _(event: Refused, teller: Teller) -> Phrase:  # noqa: ARG001
    return Phrase("refused to {client}: {reply}", {"client": event.client, "reply": event.reply})


@said.register
def _(event: Handled, teller: Teller) -> Phrase:
    facts = {"who": teller.who(event.user), "folder": event.folder, "deed": _DEEDS[event.deed], "source": event.source}
    if event.service == "lmtp":
        return Phrase("put into {folder} of {who}", facts)
    if event.source:
        return Phrase("{who}: {deed} from {source} to {folder}", facts)
    return Phrase("{who}: {deed} in {folder}", facts)


@said.register
def _(event: Opened, teller: Teller) -> Phrase:
    administrator = Phrase("an administrator, with root's rights on the mail store")
    who = administrator if event.service == "doveadm" else teller.who(event.user)
    return Phrase("{who}: had its text shown in {folder}", {"who": who, "folder": event.folder})


@said.register
def _(event: Filed, teller: Teller) -> Phrase | None:
    if event.outcome.startswith("stored mail into mailbox"):
        return None  # the line before says so
    return Phrase("filing rules of {who}: {outcome}", {"who": teller.who(event.user), "outcome": event.outcome})


@said.register
def _(event: SignedIn, teller: Teller) -> Phrase:
    facts = {"who": teller.who(event.user), "service": event.service, "client": event.client}
    return Phrase("{who} signed in at {service}, from {client}", facts)


@said.register
def _(event: SignedOut, teller: Teller) -> Phrase:
    facts = {"who": teller.who(event.user), "headers": event.headers, "bodies": event.bodies}
    return Phrase("{who} left; letters of which the session showed headers: {headers}, content: {bodies}", facts)
