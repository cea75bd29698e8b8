#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Hand one letter to a mail server and hold its answer against what is expected."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: smtp_probe
short_description: Hand one letter to a mail server and hold its answer against what is expected
description:
  - Speaks SMTP from the host on which it runs, as a client or a foreign server would, and says at which
    stage the server accepted or refused the letter.
  - Never changes the host; a letter that is accepted is really sent, so check mode sends none.
options:
  host:
    description: Server to speak to; its certificate must bear this name wherever TLS is used.
    type: str
    required: true
  port:
    description: Port of the server.
    type: int
    default: 25
  tls:
    description: Whether TLS is there from the first byte, asked for by STARTTLS, or not used.
    type: str
    choices: [implicit, starttls, none]
    default: starttls
  user:
    description: Name to sign in with; without it the probe does not sign in.
    type: str
  password:
    description: Password of O(user).
    type: str
  sender:
    description: Envelope sender and C(From).
    type: str
    required: true
  recipient:
    description: Envelope recipient and C(To).
    type: str
    required: true
  subject:
    description: Subject, any Unicode.
    type: str
    required: true
  body:
    description: Text of the letter, any Unicode.
    type: str
    default: ""
  eicar:
    description: Whether the harmless EICAR test virus is attached.
    type: bool
    default: false
  expect:
    description: Where the dialogue has to end. V(recipient) and V(content) mean a permanent refusal there.
    type: str
    choices: [accepted, sign_in, sender, recipient, content]
    default: accepted
  timeout:
    description: Seconds to wait for each answer.
    type: int
    default: 60
attributes:
  check_mode:
    support: full
    description: Sends nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: A letter to nobody is refused at once
  congvu.mail.smtp_probe:
    host: mail.thuathienhue.gov.vn
    sender: lan@doitac.example
    recipient: khongco@thuathienhue.gov.vn
    subject: Không ai nhận
    expect: recipient
"""

RETURN = r"""
stage:
  description: Where the dialogue ended.
  type: str
  returned: always
  sample: recipient
code:
  description: The server's last reply code (RFC 5321, 4.2).
  type: int
  returned: always
  sample: 550
text:
  description: The server's last reply.
  type: str
  returned: always
  sample: 5.1.1 User unknown
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils.samples import EICAR

if TYPE_CHECKING:
    from collections.abc import Callable

Reply = tuple[int, bytes]
STAGES = ("accepted", "sign_in", "sender", "recipient", "content")
POSITIVE, PERMANENT = 2, 5  # first digits of a reply code (RFC 5321, 4.2.1)


@dataclass(frozen=True)
class Answer:
    """How the dialogue ended: its stage, the server's code and text."""

    stage: str
    code: int
    text: str


def letter(params: dict[str, Any]) -> EmailMessage:
    """Compose the letter."""
    message = EmailMessage()
    message["From"] = Address(addr_spec=params["sender"])
    message["To"] = Address(addr_spec=params["recipient"])
    message["Subject"] = params["subject"]
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=params["sender"].rpartition("@")[2])
    message.set_content(params["body"] + "\n")
    if params["eicar"]:
        message.add_attachment(
            EICAR.encode("ascii"), maintype="application", subtype="octet-stream", filename="eicar.com"
        )
    return message


def connect(params: dict[str, Any]) -> smtplib.SMTP:
    """Open the connection, encrypted as asked, with the server's name verified."""
    context = ssl.create_default_context()
    if params["tls"] == "implicit":
        return smtplib.SMTP_SSL(params["host"], params["port"], timeout=params["timeout"], context=context)
    client = smtplib.SMTP(params["host"], params["port"], timeout=params["timeout"])
    if params["tls"] == "starttls":
        client.starttls(context=context)
    return client


def converse(client: smtplib.SMTP, params: dict[str, Any]) -> Answer:
    """Walk through the dialogue until it ends."""

    def sign_in() -> Reply:
        return client.login(params["user"], params["password"]) if params["user"] else (235, b"")

    steps: dict[str, Callable[[], Reply]] = {
        "sign_in": sign_in,
        "sender": lambda: client.mail(params["sender"]),
        "recipient": lambda: client.rcpt(params["recipient"]),
        "content": lambda: client.data(letter(params).as_bytes()),
    }
    client.ehlo()
    code, text = 0, b""
    for stage, step in steps.items():
        try:
            code, text = step()
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPDataError) as refusal:
            code, error = refusal.smtp_code, refusal.smtp_error
            text = error if isinstance(error, bytes) else error.encode()
        if code // 100 != POSITIVE:
            return Answer(stage if code // 100 == PERMANENT else "deferred", code, text.decode("utf-8", "replace"))
    return Answer("accepted", code, text.decode("utf-8", "replace"))


def main() -> None:
    """Parse, probe, exit."""
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "default": 25},
            "tls": {"type": "str", "choices": ["implicit", "starttls", "none"], "default": "starttls"},
            "user": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "sender": {"type": "str", "required": True},
            "recipient": {"type": "str", "required": True},
            "subject": {"type": "str", "required": True},
            "body": {"type": "str", "default": ""},
            "eicar": {"type": "bool", "default": False},
            "expect": {"type": "str", "choices": list(STAGES), "default": "accepted"},
            "timeout": {"type": "int", "default": 60},
        },
        required_together=[("user", "password")],
        supports_check_mode=True,
    )
    if module.check_mode:
        module.exit_json(changed=False, stage="unsent", code=0, text="check mode: nothing sent")
    params = module.params
    try:
        with connect(params) as client:
            answer = converse(client, params)
    except (OSError, smtplib.SMTPException) as error:
        module.fail_json(
            msg=f"No dialogue with {params['host']}:{params['port']}: {error}", stage="connection", code=0, text=""
        )
    said = {"stage": answer.stage, "code": answer.code, "text": answer.text}
    if answer.stage != params["expect"]:
        module.fail_json(
            msg=f"{params['host']} ended at '{answer.stage}' with {answer.code} {answer.text}; "
            f"expected '{params['expect']}'.",
            **said,
        )
    module.exit_json(changed=False, **said)


if __name__ == "__main__":
    main()
