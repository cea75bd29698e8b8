"""Chromium as people of the estate have it: it knows one of the lab's sites by name and trusts its certificate.

It is at home on a machine of its own in the lab's network. When an interface of its machine comes or goes, Chromium
breaks off whatever it is loading (``ERR_NETWORK_CHANGED``), and on the host other labs come and go meanwhile.
"""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import expect, sync_playwright

from .conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from .conftest import Lab

_BROWSER = "/usr/bin/chromium"
_PATIENCE = 30_000  # milliseconds; other labs are built meanwhile

expect.set_options(timeout=_PATIENCE)


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
    with _machine(lab) as starter, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=starter,
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
def _machine(lab: Lab) -> Iterator[Path]:
    """Give Chromium a machine in the lab's network, and tell by which program it is started there."""
    name = f"{lab.name}-browser"
    image = _podman("inspect", "--format", "{{.Image}}", f"{lab.name}-mail")
    # An address of IPv6 comes a second after the interface, which would be a change of the network as well.
    place = ("--network", f"{lab.name}-lab", "--ip", lab.browser_address)
    still = ("--sysctl", "net.ipv6.conf.all.disable_ipv6=1")
    _podman("run", "--detach", "--replace", "--name", name, *place, *still, image, "/bin/sleep", "infinity")
    try:
        process = _podman("inspect", "--format", "{{.State.Pid}}", name)
        with tempfile.TemporaryDirectory(prefix="congvu-browser-") as folder:
            starter = Path(folder, "chromium")
            starter.write_text(
                f'#!/bin/sh\nexec nsenter --net=/proc/{process}/ns/net {_BROWSER} "$@"\n', encoding="ascii"
            )
            starter.chmod(0o700)
            yield starter
    finally:
        _podman("rm", "--force", "--time", "0", name)


def _podman(*words: str) -> str:
    """Run Podman as ``roles/lab`` does."""
    settings = {**os.environ, "CONTAINERS_CONF": str(ROOT / "roles" / "lab" / "files" / "containers.conf")}
    done = subprocess.run(["podman", *words], env=settings, capture_output=True, text=True, check=True)  # noqa: S603, S607 - our own words
    return done.stdout.strip()


@contextmanager
def window(browser: Browser, **settings: Any) -> Iterator[Page]:  # noqa: ANN401 - settings of any kind
    """Open an empty window, which must not see a script or a resource fail."""
    context = browser.new_context(locale="vi-VN", **settings)
    page = context.new_page()
    page.set_default_timeout(_PATIENCE)
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("response", lambda answer: failed.append(f"{answer.status} {answer.url}") if answer.status > 401 else None)
    yield page
    context.close()
    assert failed == [], failed
