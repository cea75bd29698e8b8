#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Remove the mail of mailboxes that are purged, and keep a record; plugins/action/purge.py does it."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: purge
short_description: Remove the mail of mailboxes that are purged, and keep a record
description:
  - Runs for a mail store. Of each mailbox that the directory says is purged, it counts what is there, asks the
    directory once more, records what goes, removes it for ever, and records that it is gone.
  - A mailbox whose entry is not purged at that very moment is never removed, nor one of which nothing could be
    recorded.
  - What was removed and recorded before is not looked at again. A run that was killed is finished by the next one.
options:
  purged:
    description: What is purged, as M(congvu.mail.holdings) returns it.
    type: list
    elements: dict
    required: true
  state:
    description: Folder on the control node for the record, C(purges.jsonl).
    type: path
    required: true
  plan:
    description: Id of the plan on which it rests, for the record.
    type: str
    default: ""
  root:
    description: Folder of all homes on the store.
    type: path
    default: /var/vmail
extends_documentation_fragment:
  - congvu.mail.directory
attributes:
  check_mode:
    support: full
    description: Says what would be removed; removes and records nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Remove what is purged
  congvu.mail.purge:
    purged: "{{ hostvars['localhost'].holdings.purged }}"
    state: /var/lib/congvu
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
"""

RETURN = r"""
homes:
  description: What was removed, or would be in check mode.
  returned: success
  type: list
  elements: dict
  sample: [{uid: tth00018, path: 6f2c…, folders: 6, messages: 1204, bytes: 98123456}]
text:
  description: The same for people, a line each; empty if nothing was to be removed.
  returned: success
  type: str
"""
