#!/usr/bin/python3
"""Deliver the letter that a mailbox is nearly full into that mailbox.

Dovecot calls this as ``quota-letter <percent> <stable id> <address>`` at the moment when a threshold is crossed. The
letter's text lies in /etc/dovecot/quota-letter.eml. It goes in through an LMTP socket of its own, which does not
enforce the quota: the letter about a full mailbox must not be refused because the mailbox is full.
"""

from __future__ import annotations

import smtplib
import sys
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from string import Template

LETTER = Path("/etc/dovecot/quota-letter.eml")
SOCKET = "/run/dovecot/lmtp-notice"


def compose(text: str, percent: str) -> EmailMessage:
    """Turn the letter's headers and body, written as plain UTF-8, into a message."""
    head, _, body = Template(text).substitute(percent=percent).partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.splitlines() if not line.startswith("#"))
    name, _, address = headers["From"].rstrip(">").partition(" <")
    message = EmailMessage()
    message["From"] = Address(name, addr_spec=address)
    message["Subject"] = headers["Subject"]
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    # No absence notice answers this, and no mail loop starts here (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def main() -> None:
    """Send the letter to the mailbox that the arguments name."""
    percent, user, address = sys.argv[1:4]
    message = compose(LETTER.read_text(encoding="utf-8"), percent)
    message["To"] = address
    with smtplib.LMTP(SOCKET) as store:
        store.send_message(message, from_addr="", to_addrs=[user])


if __name__ == "__main__":
    main()
