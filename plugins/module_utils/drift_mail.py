"""What in the mail stores differs from the registry: rights in shared mailboxes, and where rules send letters.

What people file, mark or throw away by rules of their own is theirs. That letters leave the estate is not.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from .drift import Finding, Kind, Trace, ad_hoc, silent
from .drift_machines import traces
from .phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

# Services that sell or give mailboxes to anybody, by the domains of their addresses (TTH Điều 10: "Yahoo, Hotmail, …").
PRIVATE = frozenset(
    {
        *("gmail.com", "googlemail.com", "yahoo.com", "yahoo.com.vn", "ymail.com", "rocketmail.com", "aol.com"),
        *("hotmail.com", "outlook.com", "outlook.com.vn", "live.com", "msn.com", "icloud.com", "me.com", "mac.com"),
        *("proton.me", "protonmail.com", "pm.me", "tutanota.com", "tuta.com", "gmx.com", "gmx.net", "mail.com"),
        *("zoho.com", "zohomail.com", "fastmail.com", "yandex.com", "yandex.ru", "mail.ru", "qq.com", "163.com"),
        *("126.com", "sina.com", "foxmail.com", "hey.com", "duck.com"),
    }
)


def judge(
    host: str,
    changes: Mapping[str, Any],
    state: Mapping[str, Any],
    machine: Mapping[str, Any],
    domains: Collection[str],
) -> list[Finding]:
    """Say what differs on a store.

    ``changes`` is what ``mailboxes`` would do there, ``state`` what ``store_state`` found, ``machine`` what
    ``machine_state`` did, and ``domains`` the estate's own.
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
    commands = said.get("commands", ())
    at = commands[-1]["at"] if commands else said.get("at", "")
    people = traces(machine, at, mailbox)
    if not commands:
        return people
    done = Trace(f"doveadm {commands[-1]['command']}", datetime.fromisoformat(at), "journal")
    return (done, *(one for one in people if one.who))


def _forwards(host: str, state: Mapping[str, Any], domains: Collection[str]) -> Iterator[Finding]:
    own = {domain.lower() for domain in domains}
    for one in state["forwards"]:
        for address in one["addresses"]:
            domain = address.rpartition("@")[2].lower()
            if domain in own:
                continue
            kind = Kind.FORWARD_PRIVATE if is_private(domain) else Kind.FORWARD
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


def is_private(domain: str) -> bool:
    """Tell whether a domain is a private mail service's."""
    return any(domain == service or domain.endswith(f".{service}") for service in PRIVATE)
