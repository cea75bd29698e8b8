#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Say what a playbook would change, host by host; plugins/action/rehearsal.py does it."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: rehearsal
short_description: Say what a playbook would change, host by host
description:
  - Runs a playbook in check mode on the control node, beside the one that is running, on the same inventory and hosts
    (C(--limit)) and with the same extra variables, vault and user. Tags of the outer run are not handed on.
  - What would change is told by name alone; no value of any file or variable is in it.
options:
  playbook:
    description: The playbook.
    type: path
    required: true
  skip_tags:
    description: Tags of tasks to leave out.
    type: list
    elements: str
    default: []
requirements:
  - the callback C(congvu.mail.rehearsal), enabled in ansible.cfg
attributes:
  check_mode:
    support: full
    description: Says the same.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Say what would change
  congvu.mail.rehearsal:
    playbook: "{{ playbook_dir }}/site.yml"
  register: rehearsed
"""

RETURN = r"""
hosts:
  description:
    - By host, C(changes) with C(role), C(task), C(place) (a file, or empty) and what it is C(about); what the roles
      declare there, C(packages), C(files), C(units) and C(accounts); and C(fault), why it went no further, or empty.
  returned: success
  type: dict
"""
