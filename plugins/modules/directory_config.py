#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Hold the configuration that slapd runs with against the file that it is built from."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: directory_config
short_description: Hold the configuration that slapd runs with against the file that it is built from
description:
  - Reads C(cn=config) of the running slapd through its Unix socket, builds another one from the file as each start of
    slapd does, and compares. Which attribute of which entry differs is told; values are not, as some are secret.
options:
  file:
    description: What the configuration is built from.
    type: path
    default: /etc/ldap/slapd.ldif
  uri:
    description: The socket.
    type: str
    default: ldapi:///
attributes:
  check_mode:
    support: full
    description: Reads as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Hold slapd against its file
  congvu.mail.directory_config:
"""

RETURN = r"""
differences:
  description:
    - By entry, the attributes that differ; and whether it is only in the running slapd, only in the file, or in both.
  returned: success
  type: list
  elements: dict
started:
  description: When slapd was started.
  returned: success
  type: str
file:
  description: When the file was last written.
  returned: success
  type: str
"""

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.slapd_config import differences

OPERATIONAL = "+"


def ask(*command: str) -> str:
    """Return what a command says, or raise ValueError with its complaint."""
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 -- fixed words
    if done.returncode:
        complaint = done.stderr.decode(errors="replace").strip() or f"{command[0]} ends with {done.returncode}"
        raise ValueError(complaint)
    return done.stdout.decode(errors="replace")


def built(file: str) -> str:
    """Build a configuration from the file, and print it."""
    with TemporaryDirectory(prefix="congvu-slapd-") as folder:
        ask("slapadd", "-n", "0", "-F", folder, "-l", file)
        return ask("slapcat", "-n", "0", "-F", folder, "-o", "ldif-wrap=no")


def running(uri: str) -> str:
    """Print the one that slapd runs with."""
    options = ("-Q", "-LLL", "-Y", "EXTERNAL", "-H", uri, "-o", "ldif-wrap=no")
    return ask("ldapsearch", *options, "-b", "cn=config", "-s", "sub", "(objectClass=*)", "*", OPERATIONAL)


def started() -> str:
    """Tell when slapd was started, as systemd knows it."""
    said = ask("systemctl", "show", "--property=ActiveEnterTimestamp", "--timestamp=unix", "slapd.service")
    seconds = said.strip().partition("=@")[2]
    return datetime.fromtimestamp(int(seconds), UTC).isoformat(timespec="seconds") if seconds else ""


def main() -> None:
    """Read both, compare, exit."""
    spec: dict[str, Any] = {
        "file": {"type": "path", "default": "/etc/ldap/slapd.ldif"},
        "uri": {"type": "str", "default": "ldapi:///"},
    }
    module = AnsibleModule(spec, supports_check_mode=True)
    file = Path(module.params["file"])
    try:
        found = differences(running(module.params["uri"]), built(str(file)))
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
        module.exit_json(changed=False, differences=found, started=started(), file=written)
    except (OSError, ValueError) as error:
        module.fail_json(msg=f"The configuration of slapd cannot be read: {error}")


if __name__ == "__main__":
    main()
