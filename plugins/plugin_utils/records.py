"""The DNS records of a mail domain and those below it, computed from what its operator knows.

Everything here is pure. Names are absolute and in lower case, so a rendered line means the same
wherever an operator pastes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from itertools import chain
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

CHUNK = 255  # octets in one character-string of a TXT record (RFC 1035, section 3.3)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """One resource record: an absolute name, a type, data in master file syntax (RFC 1035, section 5)."""

    name: str
    type: str
    data: str


def absolute(name: str) -> str:
    """Bring a host or domain name into the one spelling used here: lower case with a dot at its end."""
    bare = name.strip().rstrip(".").lower()
    if not bare or len(bare) > 253 or not all(_LABEL.fullmatch(label) for label in bare.split(".")):  # noqa: PLR2004 - RFC 1035
        message = f"{name!r} is no domain name."
        raise ValueError(message)
    return f"{bare}."


def text(value: str) -> str:
    """Render the data of a TXT record in character-strings of at most 255 octets.

    A value that is itself in master file syntax, as key generators print it, is unwrapped first.
    """
    value = "".join(_QUOTED.findall(value)) if '"' in value else value.strip()
    if not value.isascii() or not value.isprintable() or "\\" in value or '"' in value:
        message = f"{value!r} cannot be published as text: only printable ASCII without quotation marks can."
        raise ValueError(message)
    return " ".join(f'"{value[start : start + CHUNK]}"' for start in range(0, len(value), CHUNK)) or '""'


def tlsa(pem: str) -> str:
    """Render the data of a TLSA record "3 1 1" (RFC 7672): the SHA-256 of the first certificate's public key.

    Takes a certificate, a chain that begins with it, or the public key itself. The record stays true
    for as long as renewals keep the key.
    """
    data = pem.encode()
    if b"BEGIN PUBLIC KEY" in data:
        key = load_pem_public_key(data)
    elif b"BEGIN CERTIFICATE" in data:
        key = load_pem_x509_certificate(data).public_key()
    else:
        message = "A TLSA record is made from a PEM certificate or public key; this is neither."
        raise ValueError(message)
    return f"3 1 1 {sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest().upper()}"


def mta_sts_policy(mx: Sequence[str], mode: str, max_age: int) -> str:
    """Render an MTA-STS policy (RFC 8461, section 3.2): which hosts take mail for the domain, over verified TLS."""
    if mode not in {"enforce", "testing", "none"}:
        message = f"MTA-STS mode {mode!r} is none of enforce, testing, none."
        raise ValueError(message)
    if not mx and mode != "none":
        message = f"An MTA-STS policy in mode {mode} names at least one mail host."
        raise ValueError(message)
    if not 0 < max_age <= 31557600:  # noqa: PLR2004 - one year, the RFC's limit
        message = f"MTA-STS max_age is in seconds, up to one year (31557600); {max_age} is not."
        raise ValueError(message)
    hosts = "".join(f"mx: {absolute(host)[:-1]}\n" for host in mx)
    return f"version: STSv1\nmode: {mode}\n{hosts}max_age: {max_age}\n"


def _subdomains(names: Iterable[str], domain: str) -> tuple[str, ...]:
    """Bring the further mail domains into one spelling and order; each must lie below the domain."""
    subdomains = sorted({absolute(name) for name in names})
    for name in subdomains:
        if not name.endswith(f".{domain}"):
            message = f"{name[:-1]} does not lie below {domain[:-1]}: its records belong into another zone."
            raise ValueError(message)
    return tuple(subdomains)


def _addresses(hosts: Iterable[Mapping[str, Any]], domain: str) -> Iterator[Record]:
    for host in hosts:
        name = absolute(host["name"])
        if name != domain and not name.endswith(f".{domain}"):
            message = f"{host['name']} lies outside {domain[:-1]}: its addresses belong into another zone."
            raise ValueError(message)
        for address in host["addresses"]:
            yield Record(name, "AAAA" if ip_address(address).version == 6 else "A", str(ip_address(address)))  # noqa: PLR2004


def _mail(spec: Mapping[str, Any], domain: str) -> Iterator[Record]:
    """Where a domain's mail goes and who may send it: MX and SPF."""
    for mx in spec["mx"]:
        yield Record(domain, "MX", f"{mx.get('preference') or 10} {absolute(mx['host'])}")
    yield Record(domain, "TXT", text(" ".join(["v=spf1", *spec["spf"], "-all"])))


def _greetings(spec: Mapping[str, Any], domain: str, subdomains: Iterable[str]) -> Iterator[Record]:
    """SPF for the names that mail hosts greet with, unless it is a mail domain, which has one already."""
    for host in sorted({absolute(mx["host"]) for mx in spec["mx"]} - set(subdomains)):
        if host.endswith(f".{domain}"):
            yield Record(host, "TXT", text("v=spf1 a -all"))


def _signatures(spec: Mapping[str, Any], domain: str) -> Iterator[Record]:
    """DKIM keys and the DMARC policy: what signed mail is held against."""
    for key in spec["dkim"]:
        data = text(key["value"])
        if not data.startswith('"v=DKIM1;'):
            message = f"The DKIM record of selector {key['selector']} does not begin with v=DKIM1."
            raise ValueError(message)
        yield Record(absolute(f"{key['selector']}._domainkey.{domain}"), "TXT", data)
    reports = ",".join(f"mailto:{address}" for address in spec["dmarc_reports"])
    tags = ["v=DMARC1", f"p={spec['dmarc_policy']}", *([f"rua={reports}"] if reports else [])]
    yield Record(f"_dmarc.{domain}", "TXT", text("; ".join(tags)))


def _transport(spec: Mapping[str, Any], domain: str) -> Iterator[Record]:
    """How mail travels encrypted: MTA-STS, reports about TLS, and TLSA for DANE."""
    if spec["mta_sts_policy"]:
        # The identifier follows from the policy: it changes when the policy does, and only then.
        identifier = sha256(spec["mta_sts_policy"].encode()).hexdigest()[:32]
        yield Record(f"_mta-sts.{domain}", "TXT", text(f"v=STSv1; id={identifier}"))
    if spec["tls_reports"]:
        reports = ",".join(f"mailto:{address}" for address in spec["tls_reports"])
        yield Record(f"_smtp._tls.{domain}", "TXT", text(f"v=TLSRPTv1; rua={reports}"))
    # Several hosts behind one name have a record each; hosts with one key share it.
    yield from sorted(
        {
            Record(absolute(f"_{entry['port']}._tcp.{entry['name']}"), "TLSA", tlsa(entry["certificate"]))
            for entry in spec["tlsa"]
        }
    )


def _services(spec: Mapping[str, Any], domain: str) -> Iterator[Record]:
    """Where programs find their services: SRV (RFC 6186); a service without a target is declared absent."""
    for entry in spec["services"]:
        where = f"0 1 {entry['port']} {absolute(entry['target'])}" if entry.get("target") else "0 0 0 ."
        yield Record(absolute(f"_{entry['service']}._tcp.{domain}"), "SRV", where)


def _authorities(spec: Mapping[str, Any], domain: str) -> Iterator[Record]:
    """Who may certify names of the domain, and of those below it (RFC 8659)."""
    for issuer in spec["caa"]:
        yield Record(domain, "CAA", f'0 issue "{issuer}"')


def _further(spec: Mapping[str, Any], domain: str, subdomain: str) -> Iterator[Record]:
    """Give a further mail domain MX, SPF and SRV of its own; keys and policies are the first domain's.

    These are pointed at, so that a new key or policy is one change (for MTA-STS see RFC 8461, section 8.2).
    """
    yield from _mail(spec, subdomain)
    shared = [f"{key['selector']}._domainkey" for key in spec["dkim"]]
    shared += ["_dmarc", *(["_mta-sts"] if spec["mta_sts_policy"] else [])]
    shared += [*(["_smtp._tls"] if spec["tls_reports"] else []), *spec["subdomain_hosts"]]
    for name in shared:
        yield Record(absolute(f"{name}.{subdomain}"), "CNAME", absolute(f"{name}.{domain}"))
    yield from _services(spec, subdomain)


def _pointers(spec: Mapping[str, Any]) -> Iterator[Record]:
    """Names that the addresses of mail hosts must have; they live in the zones of whoever owns the addresses."""
    mail_hosts = {absolute(mx["host"]) for mx in spec["mx"]}
    for host in spec["addresses"]:
        if absolute(host["name"]) in mail_hosts:
            for address in host["addresses"]:
                yield Record(absolute(ip_address(address).reverse_pointer), "PTR", absolute(host["name"]))


def mail_zone(spec: Mapping[str, Any]) -> str:
    """Render everything that a mail domain publishes, as a master file without SOA and NS.

    ``spec`` holds ``domain``, ``subdomains`` (further mail domains below it), ``subdomain_hosts``, ``ttl`` (seconds),
    ``addresses``, ``mx``, ``spf``, ``dkim``, ``dmarc_policy``, ``dmarc_reports``, ``mta_sts_policy`` (the text that is
    served, empty for none), ``tls_reports``, ``tlsa``, ``services`` and ``caa``, in the shapes which the role ``dns``
    documents.
    """
    domain = absolute(spec["domain"])
    subdomains = _subdomains(spec["subdomains"], domain)
    sections = {
        "Hosts": _addresses(spec["addresses"], domain),
        "Where mail goes, and who may send": chain(_mail(spec, domain), _greetings(spec, domain, subdomains)),
        "What signed mail is held against": _signatures(spec, domain),
        "How mail travels encrypted": _transport(spec, domain),
        "Where programs find their services": chain(_services(spec, domain), _authorities(spec, domain)),
        **{f"The same for {name[:-1]}": _further(spec, domain, name) for name in subdomains},
    }
    blocks = [
        "\n".join([f"; {title}", *(_line(record, spec["ttl"]) for record in records)])
        for title, section in sections.items()
        if (records := tuple(section))
    ]
    if pointers := tuple(_pointers(spec)):
        hint = "; For the owner of the addresses: without these, many hosts refuse the estate's mail"
        blocks.append("\n".join([hint, *(f";   {_line(record, spec['ttl'])}" for record in pointers)]))
    return "\n\n".join(blocks) + "\n"


def _line(record: Record, ttl: int) -> str:
    return f"{record.name} {ttl} IN {record.type} {record.data}"
