"""Short dialogues with the estate's servers, as anybody in the network may have them: nothing is signed in to.

Each goes to an address and expects the server's own name. Each returns what was said, as data; where there was no
dialogue at all, OSError tells why.
"""

from __future__ import annotations

import errno
import imaplib
import json
import smtplib
import socket
import ssl
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from http.client import HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any

from . import wire
from .samples import EICAR, GTUBE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

TIMEOUT = 20  # seconds, for a connection and for each answer
KNOCK = 3  # seconds until a port counts as closed
PAGE = 4 * 2**20  # bytes of a page that are read
WORDS = 300  # characters of an answer that are kept
HELO = "tuan-thu.invalid"  # RFC 2606: nobody's name
_POSITIVE = 2  # first digit of a reply code (RFC 5321, 4.2.1)
_CONTENTS: Mapping[str, str] = {"nothing": "Kiểm tra tuân thủ.", "spam": GTUBE, "malware": "Kiểm tra tuân thủ."}


@dataclass(frozen=True, slots=True)
class Server:
    """Whom to speak to: its address, the port, the name that it must prove, and who may vouch for it besides."""

    address: str
    port: int
    name: str
    ca_file: Path | None = None

    def connected(self, timeout: float = TIMEOUT) -> socket.socket:
        """Open a connection."""
        return socket.create_connection((self.address, self.port), timeout=timeout)

    def tls(self) -> ssl.SSLContext:
        """Return a client's context that trusts the system's authorities, and the estate's."""
        context = ssl.create_default_context()
        if self.ca_file and self.ca_file.exists():
            context.load_verify_locations(self.ca_file)
        return context


class _Smtp(smtplib.SMTP):
    """A client that connects to an address, whatever the host's name resolves to."""

    def __init__(self, server: Server) -> None:
        self._server = server
        super().__init__(server.name, server.port, local_hostname=HELO, timeout=TIMEOUT)

    def _get_socket(self, _host: str, _port: int, timeout: float) -> socket.socket:
        return self._server.connected(timeout)


def smtp(server: Server, letter: Mapping[str, str]) -> dict[str, Any]:
    """Hand in a letter until the server refuses it; of one that it would take with nothing in it, send nothing.

    ``letter`` has `recipient`, and may have `sender`, `author` and `content`: `malware`, `spam` or `nothing`; without
    a content the dialogue ends before it. Returns `stage`, `code` and `text` of the last answer.
    """
    try:
        with _Smtp(server) as client:
            code, text = client.ehlo()
            steps: dict[str, Callable[[], tuple[int, bytes]]] = {
                "sender": lambda: client.mail(letter.get("sender", "")),
                "recipient": lambda: client.rcpt(letter["recipient"]),
            }
            if "content" in letter:
                steps["content"] = lambda: client.data(_letter(letter))
            stage = "greeting"
            for name, step in steps.items():
                stage = name
                try:
                    code, text = step()
                except smtplib.SMTPDataError as refusal:
                    error = refusal.smtp_error
                    code, text = refusal.smtp_code, error if isinstance(error, bytes) else error.encode()
                if code // 100 != _POSITIVE:
                    break
            return {"stage": stage, "code": code, "text": text.decode("utf-8", "replace")[:WORDS]}
    except smtplib.SMTPException as error:
        raise OSError(str(error)) from error


def _letter(said: Mapping[str, str]) -> bytes:
    message = EmailMessage()
    message["From"] = said.get("author") or f"Kiểm tra tuân thủ <kiemtra@{HELO}>"
    message["To"] = said["recipient"]
    message["Subject"] = "Thư kiểm tra tuân thủ, phải bị từ chối"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=HELO)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_CONTENTS[said["content"]] + "\n")
    if said["content"] == "malware":
        message.add_attachment(EICAR.encode(), maintype="application", subtype="octet-stream", filename="eicar.com")
    return message.as_bytes()


def tls(server: Server, start: str = "at once") -> dict[str, Any]:
    """Shake hands twice: as anybody does today, and as somebody who knows no newer version than TLS 1.1.

    Returns `verified`, `version`, `days` that the certificate is still valid, and whether the `old` version was taken.
    """
    said: dict[str, Any] = {"verified": False, "version": "", "days": 0, "why": ""}
    try:
        with _handshake(server, server.tls(), start) as secured:
            certificate = secured.getpeercert() or {}
            ends = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
            left = int((ends - datetime.now(UTC).timestamp()) // 86400)
            said |= {"verified": True, "version": secured.version(), "days": left}
    except ssl.SSLError as error:
        said["why"] = (getattr(error, "verify_message", "") or error.reason or str(error))[:WORDS]
    return {**said, "old": _takes_old(server, start)}


def _takes_old(server: Server, start: str) -> bool:
    context = server.tls()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it is just what is to be refused
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        _handshake(server, context, start).close()
    except (ssl.SSLError, ConnectionError):
        return False
    return True


def _handshake(server: Server, context: ssl.SSLContext, start: str) -> ssl.SSLSocket:
    plain = server.connected()
    try:
        if start != "at once":
            _ask_for_tls(plain, start)
        return context.wrap_socket(plain, server_hostname=server.name)
    except BaseException:
        plain.close()
        raise


def _ask_for_tls(plain: socket.socket, protocol: str) -> None:
    """Speak the few words that come before TLS (RFC 3207, RFC 9051)."""
    with plain.makefile("rwb") as lines:
        for words, end in _BEFORE_TLS[protocol]:
            if words:
                lines.write(words)
                lines.flush()
            answer = lines.readline()
            while answer and not answer.startswith(end):
                answer = lines.readline()
            if not answer:
                message = "máy chủ ngắt kết nối trước khi mã hoá"
                raise OSError(message)


_BEFORE_TLS: Mapping[str, tuple[tuple[bytes, bytes], ...]] = {
    "smtp": ((b"", b"220 "), (f"EHLO {HELO}\r\n".encode(), b"250 "), (b"STARTTLS\r\n", b"220 ")),
    "imap": ((b"", b"* OK"), (b"a STARTTLS\r\n", b"a OK")),
}


def clear(server: Server, protocol: str) -> dict[str, Any]:
    """Look what a server offers before TLS: `sign_in`, `starttls`, and the greatest `size` of a letter in bytes."""
    if protocol == "imap":
        with _Imap(server) as client:
            offered = {str(word).upper() for word in client.capabilities}
        return {"sign_in": "LOGINDISABLED" not in offered, "starttls": "STARTTLS" in offered, "size": 0}
    try:
        with _Smtp(server) as smtp_client:
            smtp_client.ehlo()
            features = smtp_client.esmtp_features
    except smtplib.SMTPException as error:
        raise OSError(str(error)) from error
    return {"sign_in": "auth" in features, "starttls": "starttls" in features, "size": int(features.get("size") or 0)}


class _Imap(imaplib.IMAP4):
    """A client that connects to an address, whatever the host's name resolves to."""

    def __init__(self, server: Server) -> None:
        self._server = server
        try:
            super().__init__(server.name, server.port, timeout=TIMEOUT)
        except imaplib.IMAP4.error as error:
            raise OSError(str(error)) from error

    def _create_socket(self, _timeout: float | None) -> socket.socket:
        return self._server.connected()


class _Https(HTTPSConnection):
    """A client that connects to an address, whatever the site's name resolves to."""

    def __init__(self, server: Server) -> None:
        self._server, self._tls = server, server.tls()
        super().__init__(server.name, server.port, timeout=TIMEOUT, context=self._tls)

    def connect(self) -> None:
        self.sock = self._tls.wrap_socket(self._server.connected(), server_hostname=self._server.name)


def web(server: Server, path: str) -> dict[str, Any]:
    """Fetch a page over TLS: `code`, `text`, and `json` where it is some."""
    client = _Https(server)
    try:
        client.request("GET", path, headers={"User-Agent": HELO})
        answer = client.getresponse()
        content = answer.read(PAGE)
    except HTTPException as error:
        raise OSError(str(error) or type(error).__name__) from error
    finally:
        client.close()
    text = content.decode("utf-8", "replace")
    is_json = "json" in (answer.getheader("Content-Type") or "")
    return {"code": answer.status, "text": text, "json": json.loads(text) if is_json else None}


def stranger(server: Server, base: str) -> dict[str, Any]:
    """Search a directory over TLS without signing in: how many `entries` it shows, and the last `code`."""
    said: dict[str, Any] = {"entries": 0, "code": 0, "text": ""}
    request = wire.message(1, wire.search(base, wire.Scope.SUBTREE, ("objectClass",), limit=1))
    with server.connected() as plain, server.tls().wrap_socket(plain, server_hostname=server.name) as secured:
        secured.sendall(request)
        rest = b""
        while True:
            received = secured.recv(65536)
            if not received:
                message = "máy chủ ngắt kết nối mà không trả lời"
                raise OSError(message)
            messages, rest = wire.cut(rest + received)
            for _, answer in map(wire.read, messages):
                if isinstance(answer, wire.Answer):
                    return {**said, "code": answer.code, "text": answer.words[:WORDS]}
                said["entries"] += answer is not None


def port(server: Server) -> dict[str, Any]:
    """Knock: `open` tells whether somebody takes the connection. Of a host that is down it tells nothing."""
    try:
        server.connected(KNOCK).close()
    except OSError as error:
        # A packet filter keeps silent, or says that there is no way.
        if isinstance(error, TimeoutError | ConnectionRefusedError) or error.errno == errno.EHOSTUNREACH:
            return {"open": False}
        raise
    return {"open": True}
