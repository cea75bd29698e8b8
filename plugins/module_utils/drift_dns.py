"""What the zone publishes that the estate's hosts do not have, and the other way round.

What should be published follows from the hosts' real keys and certificates (role ``dns``). Whether the key that letters
are signed with is the published one is asked of the key itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .drift import DNS, Finding, Kind, Trace, silent
from .drift_machines import traces
from .phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MEND = "bin/congvu dns"
_TAG = re.compile(r'"?(v=(?:spf1|DKIM1|DMARC1|STSv1|TLSRPTv1))\b', re.IGNORECASE)
_KEY = re.compile(r"\bp=([A-Za-z0-9+/=]*)")
_LONG = 90  # characters of a record


def judge(answers: Mapping[str, Any], domain: str) -> list[Finding]:
    """Say which records differ, and which name servers did not answer. ``answers`` is what ``dns_answers`` returned."""
    if "records" not in answers:
        return [silent(DNS, domain, str(answers.get("msg", "")))]
    found = [silent(DNS, server, str(why)) for server, why in answers["silent"].items()]
    if not any(record["found"] for record in answers["records"]) and not found:
        found.append(silent(DNS, domain, "no name server is known"))
    return [*found, *(finding for record in answers["records"] for finding in _record(record))]


def _record(record: Mapping[str, Any]) -> Iterator[Finding]:
    """Compare a name's records of one type, once for all servers that say the same."""
    wanted = set(record["wanted"])
    differ: dict[tuple[str, ...], list[str]] = {}
    for server, values in record["found"].items():
        ours = {value for value in values if record["type"] != "TXT" or _is_about(value, wanted)}
        if ours != wanted:
            differ.setdefault(tuple(sorted(ours)), []).append(server)
    for values, servers in differ.items():
        facts = {"servers": ", ".join(servers), "found": _shown(values), "wanted": _shown(record["wanted"])}
        said = Phrase("{servers} say: {found}; the estate has: {wanted}", facts)
        name = f"{record['name']} {record['type']}"
        # A zone's operator may be somebody else: their own records tell who it was.
        yield Finding(kind=Kind.DNS, host=DNS, object=name, said=said, mend=_MEND, traces=(Trace("", None, "dns"),))


def _is_about(value: str, wanted: set[str]) -> bool:
    """Tell whether a text is of a sort that the estate has there: others may publish others."""
    return _sort(value) in {_sort(one) for one in wanted}


def _sort(value: str) -> str:
    found = _TAG.match(value)
    return found[1].lower() if found else ""


def _shown(values: Sequence[str]) -> str:
    told = [value if len(value) <= _LONG else f"{value[:_LONG]}…" for value in values]
    return " | ".join(told) or "-"


def judge_keys(
    host: str, keys: Mapping[str, Any], answers: Mapping[str, Any], machine: Mapping[str, Any]
) -> list[Finding]:
    """Say which signing keys are not those that the zone publishes."""
    if "keys" not in keys:
        return [silent(host, "signing keys", str(keys.get("msg", "")))]
    published = {
        record["name"].rstrip("."): {_key(value) for values in record["found"].values() for value in values}
        for record in answers.get("records", ())
        if record["type"] == "TXT" and "._domainkey." in record["name"]
    }
    found = []
    for key in keys["keys"]:
        name = f"{key['selector']}._domainkey.{key['domain']}"
        if name in published and published[name] != {key["public"]}:
            found.append(
                Finding(
                    kind=Kind.DKIM,
                    host=host,
                    object=name,
                    said=Phrase("{file} is another key than the zone publishes", {"file": key["file"]}),
                    mend=f"bin/congvu site --tags rspamd --limit {host} && bin/congvu dns",
                    traces=traces(machine, key["at"], key["file"], owner=key["owner"]) if key["at"] else (),
                )
            )
    return found


def _key(value: str) -> str:
    found = _KEY.search(value.replace('" "', ""))
    return found[1] if found else ""
