"""Chromium as people of the estate have it: it knows one of the lab's sites by name and trusts its certificate."""

from __future__ import annotations

import base64
import hashlib
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from .conftest import Lab


@contextmanager
def chromium(lab: Lab, name: str) -> Iterator[Browser]:
    """Start a browser for the site of that name, which takes the certificate that the lab's authority signed."""
    with (
        socket.create_connection((name, 443)) as plain,
        lab.tls().wrap_socket(plain, server_hostname=name) as secured,
    ):
        certificate = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    trusted = base64.b64encode(hashlib.sha256(key).digest()).decode()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                f"--host-resolver-rules=MAP {name} {lab.mail_address}",
                f"--ignore-certificate-errors-spki-list={trusted}",
            ],
        )
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, **settings: Any) -> Iterator[Page]:  # noqa: ANN401 - settings of any kind
    """Open an empty window, which must not see a script or a resource fail."""
    context = browser.new_context(locale="vi-VN", **settings)
    page = context.new_page()
    page.set_default_timeout(20_000)
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("response", lambda answer: failed.append(f"{answer.status} {answer.url}") if answer.status > 401 else None)
    yield page
    context.close()
    assert failed == [], failed
