#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Tell other units that a mailbox changed hands; plugins/action/handover_notices.py does it."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: handover_notices
short_description: Tell other units that a mailbox changed hands
description:
  - Runs for a mail host. Where the policy's C(handover.notify) wants it, a letter goes from the mailbox itself to those
    of the other units or agencies, once for each handover that M(congvu.mail.handover) recorded.
  - Whether a letter was handed in by a run that was broken off, the journal of the mail host tells.
options:
  state:
    description: Folder on the control node in which the records are.
    type: path
    required: true
attributes:
  check_mode:
    support: full
    description: Says what would be sent; sends nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Tell the other units
  congvu.mail.handover_notices:
    state: /var/lib/congvu
"""

RETURN = r"""
text:
  description: Who was told of what, for people; empty if nobody was.
  returned: success
  type: str
"""
