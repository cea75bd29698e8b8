"""Filter ``congvu.mail.php_string``: any text as a string of PHP's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENTATION = """
name: php_string
author: The congvu.mail engineers
version_added: 0.1.0
short_description: Any text as a string of PHP's
description:
  - Between single quotes PHP takes everything as it stands, but for the quote itself and the backslash.
  - A password or a name with a quote in it stays one string, and no part of the program.
options:
  _input:
    type: str
    required: true
    description: The text.
"""

EXAMPLES = """
- ansible.builtin.copy:
    dest: /etc/roundcube/config.inc.php
    content: "<?php $config['product_name'] = {{ webmail_title | congvu.mail.php_string }};"
"""

RETURN = """
_value:
  type: str
  description: The same with its quotes, for a PHP file.
"""


def php_string(text: str) -> str:
    """Quote a text for PHP."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., object]]:
        """Name the filter."""
        return {"php_string": php_string}
