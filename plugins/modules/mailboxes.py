#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Hold the agency mailboxes of a mail store to their folders and access levels."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: mailboxes
short_description: Folders and access rights of shared mailboxes in Dovecot
description:
  - An agency mailbox has no password and no user of its own. People reach it as C(Shared/<mailbox>) by being in one
    of its groups C(<mailbox>:<level>), which the directory lists in their C(congvuAccess).
  - This module gives those groups their rights on INBOX, from where every folder inherits, creates the standard
    folders, and takes back whatever rights are there besides.
  - All mailboxes are read through doveadm's HTTP API in two rounds, and only differences are written.
  - The mail of people who have left is opened in the same way, as C(Shared/<staff number>), to those whom the directory
    lists for reading it; whatever else gives rights to others is taken back.
  - The mailboxes must be in the directory already. None is ever deleted.
author:
  - The congvu.mail engineers
options:
  mailboxes:
    description: Stable ids of the agency mailboxes.
    type: list
    elements: str
    required: true
  opened:
    description:
      - Stable ids of people who have left, and whose mail others may read. With this option, even if it is empty, the
        mail of all other people is closed to others.
    type: list
    elements: str
  access:
    description: Rights of each level, in Dovecot's names; V(read) is what is given on the mail of people who have left.
    type: dict
    required: true
  documents:
    description:
      - The rule of folders for documents, as M(congvu.mail.holdings) returns it. Each agency's own mailbox gets a
        folder for each stage and each of the years, with the rights that the rule gives; and the Sieve script that
        files and answers as the rule says.
      - What there is of other years stays, and keeps its rights. Without the rule nothing of it is looked for.
    type: dict
    default: {}
  folders:
    description: Folders that each mailbox has besides INBOX.
    type: list
    elements: str
    default: [Drafts, Sent, Archive, Junk, Trash]
  socket:
    description: Socket of the HTTP API.
    type: path
    default: /run/dovecot/doveadm-http
  key_file:
    description: File on the host with the API's key.
    type: path
    default: /etc/dovecot/doveadm.key
  sharing_map:
    description: Dovecot's list of who shares with which group; it tells whose mail was opened before.
    type: path
    default: /var/vmail/sharing-map
attributes:
  check_mode:
    description:
      - It only reads, but Dovecot makes the home of a mailbox when anybody looks at it first, as this module does.
    support: full
  diff_mode:
    description: One line a change.
    support: full
"""

EXAMPLES = r"""
- name: Bring the agency mailboxes to what the registry says
  congvu.mail.mailboxes:
    mailboxes: [snv, stc]
    access:
      read: [lookup, read]
      clerk: [lookup, read, write, write-seen, insert, post]
"""

RETURN = r"""
counts:
  description:
    - How many mailboxes were looked at, and how many folders were created, rights granted and revoked, and Sieve
      scripts installed or taken out.
  returned: success
  type: dict
  sample: {mailboxes: 45, created: 0, granted: 0, revoked: 0, scripts: 0}
sample:
  description: The first 20 changes, in words.
  returned: success
  type: list
  elements: str
changes:
  description:
    - The first 1,000 changes, each with what it is (C(create), C(grant), C(revoke), C(install), C(uninstall)) and about
      what.
  returned: success
  type: list
  elements: dict
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.documents import SCRIPT, Documents, folders, script
from ..module_utils.mailstore import (
    Change,
    Create,
    Doveadm,
    Grant,
    Install,
    Revoke,
    StoreError,
    Uninstall,
    known,
    opened_before,
    plan,
    plan_script,
    read,
    scripts,
)

SAMPLE = 20
MOST = 1000


def planned(store: Doveadm, params: dict[str, Any]) -> tuple[Change, ...]:
    """Return what brings the shared mailboxes to their folders, rights and scripts."""
    mailboxes, access, said = sorted(set(params["mailboxes"])), params["access"], params["documents"]
    found = read(store, mailboxes)
    if not said:
        return plan(found, access, params["folders"])
    rule = Documents.of(said)
    own = {
        agency: folders(rule, agency, units, access, of_years=said["years"], existing=tuple(found[agency]))
        for agency, units in said["agencies"].items()
        if agency in found
    }
    working = scripts(store, sorted(own), SCRIPT)
    return plan(found, access, params["folders"], own) + plan_script(working, SCRIPT, script(rule))


def plain(change: Change) -> dict[str, Any]:
    """Give a change as JSON knows it, without the text of a script."""
    return {name: value for name, value in asdict(change).items() if name != "text"}


def main() -> None:
    """Read, compare, write the difference."""
    module = AnsibleModule(
        argument_spec={
            "mailboxes": {"type": "list", "elements": "str", "required": True},
            "access": {"type": "dict", "required": True},
            "folders": {
                "type": "list",
                "elements": "str",
                "default": ["Drafts", "Sent", "Archive", "Junk", "Trash"],
            },
            "socket": {"type": "path", "default": "/run/dovecot/doveadm-http"},
            "key_file": {"type": "path", "default": "/etc/dovecot/doveadm.key", "no_log": False},
            "opened": {"type": "list", "elements": "str"},
            "documents": {"type": "dict", "default": {}},
            "sharing_map": {"type": "path", "default": "/var/vmail/sharing-map"},
        },
        supports_check_mode=True,
    )
    opened = module.params["opened"]
    key_file = Path(module.params["key_file"])
    try:
        key = key_file.read_text(encoding="ascii").strip()
    except OSError as error:
        module.fail_json(
            msg=f"{key_file} cannot be read: {error.strerror}. "
            "Is this host a mail store, and has playbooks/site.yml built it?"
        )
    try:
        store, access = Doveadm(module.params["socket"], key), module.params["access"]
        changes = planned(store, module.params)
        if opened is not None:
            closed = opened_before(Path(module.params["sharing_map"])) - set(opened)
            changes += plan(read(store, sorted(set(opened))), {"read": access["read"]}, ())
            changes += plan(read(store, known(store, sorted(closed))), {}, ())
        if not module.check_mode:
            store.call([change.command() for change in changes])
    except (OSError, StoreError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(
        changed=bool(changes),
        counts={
            "mailboxes": len(set(module.params["mailboxes"])),
            "created": sum(isinstance(change, Create) for change in changes),
            "granted": sum(isinstance(change, Grant) for change in changes),
            "revoked": sum(isinstance(change, Revoke) for change in changes),
            "scripts": sum(isinstance(change, Install | Uninstall) for change in changes),
        },
        sample=[str(change) for change in changes[:SAMPLE]],
        changes=[{"deed": type(change).__name__.lower(), **plain(change)} for change in changes[:MOST]],
        diff={"before": "", "after": "".join(f"{change}\n" for change in changes)},
    )


if __name__ == "__main__":
    main()
