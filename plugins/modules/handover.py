#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Draw up the record of a mailbox that changed hands; plugins/action/handover.py does it."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: handover
short_description: Draw up the record of a mailbox that changed hands
description:
  - Runs for a mail store. Of each mailbox that M(congvu.mail.handovers) found it counts what is in the folders, once,
    and writes that down with the record to be signed (biên bản bàn giao), a PDF.
  - What was counted stays as it is; a run that was broken off is finished by the next one with the same figures.
  - Where nothing is due, the store is not asked.
options:
  due:
    description: What is to be recorded, as M(congvu.mail.handovers) returns it.
    type: list
    elements: dict
    required: true
  heads:
    description: The heads to remember, likewise.
    type: dict
    required: true
  state:
    description: Folder on the control node; records go to C(handovers/).
    type: path
    required: true
attributes:
  check_mode:
    support: full
    description: Says what would be recorded; counts and writes nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Draw up the records
  congvu.mail.handover:
    due: "{{ hostvars['localhost'].handovers.due }}"
    heads: "{{ hostvars['localhost'].handovers.heads }}"
    state: /var/lib/congvu
"""

RETURN = r"""
records:
  description: Where the records lie.
  returned: success
  type: list
  elements: str
lines:
  description: The same for M(congvu.mail.ledger).
  returned: success
  type: list
  elements: dict
text:
  description: What was recorded, for people; empty if nothing was.
  returned: success
  type: str
"""
