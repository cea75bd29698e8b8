"""Test ``congvu.mail.letter``: whether somebody means a letter, and no mailbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.trail import means_letter

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENTATION = """
name: letter
author: The congvu.mail engineers
version_added: 0.1.0
short_description: Whether somebody means a letter, and no mailbox
description: A letter is named by its Message-ID in angle brackets, or by its queue id on some machine.
options:
  _input:
    type: str
    required: true
    description: What somebody wants to know about.
"""

EXAMPLES = """
- ansible.builtin.assert:
    that: "'<20261122.1@snv.thuathienhue.gov.vn>' is congvu.mail.letter"
"""

RETURN = """
_value:
  type: bool
  description: Whether it is.
"""


class TestModule:
    """What Ansible asks for."""

    __test__ = False  # not one of pytest's

    def tests(self) -> dict[str, Callable[..., bool]]:
        """Name the test."""
        return {"letter": means_letter}
