#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""End the open sessions of those who lost access; plugins/action/end_sessions.py does it."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: end_sessions
short_description: End the open sessions of those who lost access
description:
  - Runs for a mail store. It ends the sessions that M(congvu.mail.apply) noted in the state folder, of those who may no
    longer sign in or lost a right in a shared mailbox, and of whom else it is told.
  - The note goes when the store has ended them. While the store is down it stays, and the next run comes back to it.
  - Where nobody is to be signed out, the store is not asked.
options:
  users:
    description: Stable ids of further people, such as somebody who got a new password.
    type: list
    elements: str
    default: []
  state:
    description: Folder on the control node in which applies note whose sessions are to end.
    type: path
    required: true
attributes:
  check_mode:
    support: full
    description: Counts the sessions, and ends none.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: End the sessions of those who lost access
  congvu.mail.end_sessions:
    state: /var/lib/congvu

- name: Sign somebody out everywhere
  congvu.mail.end_sessions:
    users: [tth00018]
    state: /var/lib/congvu
"""

RETURN = r"""
users:
  description: Whose sessions were ended, by their stable ids.
  returned: success
  type: list
  elements: str
ended:
  description: How many sessions that was, or would be in check mode.
  returned: success
  type: int
text:
  description: The same for people; empty if there were none.
  returned: success
  type: str
"""
