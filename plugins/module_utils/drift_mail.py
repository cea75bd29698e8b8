"""What in the mail stores differs from the registry: rights in shared mailboxes, and where rules send letters.

What people file, mark or throw away by rules of their own is theirs. That letters leave the estate is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .drift import Finding, Kind, Trace, ad_hoc, silent
from .drift_machines import NEAR, traces
from .phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Domains:
    """The estate's ``own`` mail domains, and those of ``private`` services, as the policy names them."""

    own: frozenset[str]
    private: frozenset[str] = frozenset()

    def is_private(self, domain: str) -> bool:
        """Tell whether a domain is a private mail service's, or lies below one."""
        return any(domain == service or domain.endswith(f".{service}") for service in self.private)


def judge(
    host: str,
    changes: Mapping[str, Any],
    state: Mapping[str, Any],
    machine: Mapping[str, Any],
    domains: Domains,
) -> list[Finding]:
    """Say what differs on a store.

    ``changes`` is what ``mailboxes`` would do there, ``state`` what ``store_state`` found, ``machine`` what
    ``machine_state`` did.
    """
    found: list[Finding] = []
    if "changes" in changes:
        found += _rights(host, changes, state, machine)
    else:
        found.append(silent(host, "rights", str(changes.get("msg", ""))))
    if "forwards" in state:
        found += _forwards(host, state, domains)
    else:
        found.append(silent(host, "forwards", str(state.get("msg", ""))))
    return found


_MEND = "bin/congvu store"


def _rights(
    host: str, changes: Mapping[str, Any], state: Mapping[str, Any], machine: Mapping[str, Any]
) -> Iterator[Finding]:
    for change in changes["changes"]:
        mailbox, deed = change["mailbox"], change["deed"]
        if deed == "create":
            place = f"{mailbox}/{change['folder']}"
            yield Finding(kind=Kind.FOLDER, host=host, object=place, said=Phrase("it is not there"), mend=_MEND)
        elif deed in ("install", "uninstall"):
            said = Phrase("it is not the one that the policy makes")
            rule = f"{mailbox} {change['name']}"
            yield Finding(kind=Kind.RULE, host=host, object=rule, said=said, mend=_MEND)
        else:
            facts = {"who": change["identifier"], "rights": " ".join(change.get("rights", ()))}
            said = Phrase("{who} has rights there that the registry does not give", facts)
            if deed == "grant":
                said = Phrase("{who} does not have exactly these rights there: {rights}", facts)
            yield Finding(
                kind=Kind.RIGHT,
                host=host,
                object=f"{mailbox}/{change['folder']} {change['identifier']}",
                said=said,
                mend=_MEND,
                traces=_writers(state.get("rights", {}).get(mailbox, {}), machine, mailbox),
            )
    rest = sum(changes["counts"][name] for name in ("created", "granted", "revoked", "scripts")) - len(
        changes["changes"]
    )
    if rest > 0:
        facts = {"count": rest}
        said = Phrase("{count} more differences are not listed", facts)
        yield Finding(kind=Kind.RIGHT, host=host, object="…", said=said, mend=_MEND)


def _writers(said: Mapping[str, Any], machine: Mapping[str, Any], mailbox: str) -> tuple[Trace, ...]:
    """Say who changed rights: nobody's level lets them, so it was done on the machine, past the mailbox's own door."""
    at = said.get("at", "")
    people = traces(machine, at, mailbox)
    near = [one for one in said.get("commands", ()) if at and _is_near(one["at"], at)]
    if not near or people[0].sure:
        return people
    done = Trace(f"doveadm {near[-1]['command']}", datetime.fromisoformat(near[-1]["at"]), "journal")
    return (done, *(one for one in people if one.who))


def _is_near(one: str, other: str) -> bool:
    return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= NEAR


def _forwards(host: str, state: Mapping[str, Any], domains: Domains) -> Iterator[Finding]:
    for one in state["forwards"]:
        for address in one["addresses"]:
            domain = address.rpartition("@")[2].lower()
            if domain in domains.own:
                continue
            kind = Kind.FORWARD_PRIVATE if domains.is_private(domain) else Kind.FORWARD
            user = one["user"]
            who = f"{one['by']} ({one['client']})" if one["by"] else ""
            yield Finding(
                kind=kind,
                host=host,
                object=f"{user} {address}",
                said=Phrase("the rules of {user} ({script}) send letters to {address}", {**one, "address": address}),
                mend=ad_hoc(host, "congvu.mail.sieve_rules", user=user, state="aside"),
                traces=(Trace(who, datetime.fromisoformat(one["at"]), "journal" if who else "file", sure=bool(who)),),
            )
