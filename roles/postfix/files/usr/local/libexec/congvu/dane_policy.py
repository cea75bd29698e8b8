"""Tell Postfix which receiving domains publish DANE, so that their MTA-STS policy does not override it.

Postfix asks the tables of smtp_tls_policy_maps in order, and what an MTA-STS resolver answers replaces DANE. RFC 8461,
section 2, forbids exactly that. This service answers first: `dane-only` for a domain whose every mail exchanger has
usable TLSA records, `dane` where only some have, and nothing otherwise, so that the MTA-STS resolver is asked next.

It speaks Postfix's socketmap protocol (netstrings) on the socket that systemd hands over, and relies on the AD flag of
the resolver on this host, which validates. What the resolver cannot answer is a temporary failure: the letter waits.
"""

from __future__ import annotations

import socket
import socketserver
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import dns.exception
import dns.flags
import dns.resolver

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import BufferedIOBase

LONGEST_REQUEST = 1024  # a domain name has at most 253 octets
LISTENER = 3  # the first file descriptor that systemd passes
DANE_TA, DANE_EE = 2, 3  # the certificate usages that SMTP knows (RFC 7672, section 3.1)
PATIENCE = 10.0  # seconds for one question


class NoAnswerError(Exception):
    """The resolver could not say."""


@dataclass(frozen=True)
class Answer:
    """What the resolver says of one name: the records, and whether DNSSEC vouches for them, or for their absence."""

    records: Sequence[Any]
    secure: bool


class Resolver(Protocol):
    """Something that answers DNS questions."""

    def ask(self, name: str, kind: str) -> Answer:
        """Answer, or raise NoAnswerError."""


class LocalResolver:
    """The validating resolver of this host."""

    def __init__(self) -> None:
        """Take the server from resolv.conf and ask it to validate."""
        self._resolver = dns.resolver.Resolver()
        self._resolver.use_edns(0, dns.flags.DO, 1232)
        self._resolver.flags = dns.flags.RD | dns.flags.AD
        self._resolver.lifetime = PATIENCE

    def ask(self, name: str, kind: str) -> Answer:
        """Ask the resolver once; it has the cache."""
        try:
            answer = self._resolver.resolve(name, kind, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN:
            return Answer((), secure=False)
        except dns.exception.DNSException as error:
            raise NoAnswerError(str(error)) from error
        return Answer(tuple(answer.rrset or ()), bool(answer.response.flags & dns.flags.AD))


def exchangers(domain: str, resolver: Resolver) -> list[str]:
    """Return the domain's mail exchangers, none if DNSSEC does not vouch for them or the domain takes no mail."""
    answer = resolver.ask(domain, "MX")
    if not answer.secure:
        return []
    hosts = [str(record.exchange) for record in answer.records]
    return [host for host in hosts if host != "."] if hosts else [f"{domain}."]


def has_dane(host: str, resolver: Resolver) -> bool:
    """Return whether the host publishes usable TLSA records.

    Its addresses come first: name servers without DNSSEC are known to stumble over TLSA (RFC 7672, section 2.2.2).
    """
    if not any(resolver.ask(host, kind).secure for kind in ("A", "AAAA")):
        return False
    answer = resolver.ask(f"_25._tcp.{host}", "TLSA")
    return answer.secure and any(record.usage in (DANE_TA, DANE_EE) for record in answer.records)


def policy(domain: str, resolver: Resolver) -> str | None:
    """Return the TLS level for a next hop, None if DANE has nothing to say about it."""
    if domain.startswith((".", "[")) or "." not in domain:
        return None
    covered = [has_dane(host, resolver) for host in exchangers(domain, resolver)]
    if not any(covered):
        return None
    return "dane-only" if all(covered) else "dane"


def reply(request: str, resolver: Resolver) -> str:
    """Answer one socketmap request, `<map> <key>`."""
    domain = request.partition(" ")[2].strip().lower()
    try:
        level = policy(domain, resolver)
    except NoAnswerError as error:
        sys.stderr.write(f"<5>{domain}: {error}\n")
        return f"TEMP DNS cannot say whether {domain} publishes DANE"
    return f"OK {level}" if level else "NOTFOUND "


def read_netstring(stream: BufferedIOBase) -> str | None:
    """Return the next netstring, None at the end of the stream or if it is none."""
    size = b""
    while (octet := stream.read(1)).isdigit() and int(size + octet) <= LONGEST_REQUEST:
        size += octet
    if octet != b":" or not size:
        return None
    text = stream.read(int(size))
    return text.decode("utf-8", "replace") if stream.read(1) == b"," else None


def netstring(text: str) -> bytes:
    """Return the text as a netstring."""
    octets = text.encode()
    return b"%d:%b," % (len(octets), octets)


class Conversation(socketserver.StreamRequestHandler):
    """One connection of a Postfix process: request after request, until it hangs up."""

    def handle(self) -> None:
        """Answer what is asked."""
        resolver = LocalResolver()
        while (request := read_netstring(self.rfile)) is not None:
            self.wfile.write(netstring(reply(request, resolver)))


class Server(socketserver.ThreadingTCPServer):
    """A server on the socket that systemd has opened."""

    daemon_threads = True

    def __init__(self) -> None:
        """Take over the listening socket."""
        super().__init__(("127.0.0.1", 0), Conversation, bind_and_activate=False)
        self.socket.close()
        self.socket = socket.socket(fileno=LISTENER)


if __name__ == "__main__":
    Server().serve_forever()
