"""How tests look after Sieve scripts, as mail programs do."""

from __future__ import annotations

import base64
import socket
from typing import TYPE_CHECKING, Self

from .conftest import DOMAIN

if TYPE_CHECKING:
    from types import TracebackType

    from .conftest import Lab


class ManageSieve:
    """The little of RFC 5804 that the tests speak."""

    def __init__(self, lab: Lab) -> None:
        """Connect."""
        self.socket = socket.create_connection((lab.mail_address, 4190), timeout=30)
        self.tls, self.name = lab.tls(), f"imap.{DOMAIN}"
        self.stream = self.socket.makefile("rb")
        self.capabilities = self.answer()

    def __enter__(self) -> Self:
        """Return the session."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.stream.close()
        self.socket.close()

    def answer(self) -> str:
        """Return an answer up to its final line."""
        lines = []
        while line := self.stream.readline().decode():
            lines.append(line)
            if line.startswith(("OK", "NO", "BYE")):
                break
        return "".join(lines)

    def command(self, words: str) -> str:
        """Send a command and return the answer."""
        self.socket.sendall(words.encode() + b"\r\n")
        return self.answer()

    def start_tls(self) -> None:
        """Encrypt the connection."""
        assert self.command("STARTTLS").startswith("OK")
        self.socket = self.tls.wrap_socket(self.socket, server_hostname=self.name)
        self.stream = self.socket.makefile("rb")
        self.capabilities = self.answer()

    def sign_in(self, name: str, password: str, *, instead_of: str = "") -> str:
        """Sign in with PLAIN, as somebody else if asked for (RFC 4616)."""
        initial = base64.b64encode(f"{instead_of}\0{name}\0{password}".encode()).decode()
        return self.command(f'AUTHENTICATE "PLAIN" "{initial}"')

    def put(self, name: str, script: str) -> str:
        """Store a script."""
        return self.command(f'PUTSCRIPT "{name}" {{{len(script.encode())}+}}\r\n{script}')
