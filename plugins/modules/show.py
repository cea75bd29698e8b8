#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Print a text on the control node, as it is; plugins/action/show.py does it."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: show
short_description: Print a text on the control node, as it is
description:
  - Prints what people are to read at the end of a play, neither quoted nor hidden among unchanged tasks.
options:
  text:
    description: The text.
    type: str
    required: true
attributes:
  check_mode:
    support: full
    description: Prints all the same.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Show the plan
  congvu.mail.show:
    text: "{{ planned.text }}"
"""

RETURN = r"""
"""
