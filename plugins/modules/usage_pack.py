#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Pack what a host counted of some days into one file, to be fetched."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: usage_pack
short_description: Pack what a host counted of some days into one file
description:
  - Runs on a host with the role C(usage). Whoever fetches the file removes it.
options:
  since:
    description: The first day, as V(YYYY-MM-DD).
    type: str
    required: true
  before:
    description: The day after the last one.
    type: str
    required: true
  folder:
    description: Where the role keeps the counts.
    type: path
    default: /var/lib/congvu-usage
attributes:
  check_mode:
    support: full
    description: Packs nevertheless, and leaves nothing else.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Pack the counts of half a year
  congvu.mail.usage_pack:
    since: "2026-01-01"
    before: "2026-07-01"
  register: packed
"""

RETURN = r"""
path:
  description: The file; the caller's own, and nobody else's to read.
  returned: success
  type: str
days:
  description: How many days are in it.
  returned: success
  type: int
"""

import os
import tarfile
import tempfile
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

SUFFIX = ".json.gz"


def main() -> None:
    """Pack, exit."""
    module = AnsibleModule(
        {
            "since": {"type": "str", "required": True},
            "before": {"type": "str", "required": True},
            "folder": {"type": "path", "default": "/var/lib/congvu-usage"},
        },
        supports_check_mode=True,
    )
    since, before = module.params["since"], module.params["before"]
    files = sorted(Path(module.params["folder"]).glob(f"*{SUFFIX}"))
    wanted = [path for path in files if since <= path.name.removesuffix(SUFFIX) < before]
    # On the disk and not in memory: whoever reaches a container by its image sees no file of a tmpfs.
    descriptor, name = tempfile.mkstemp(prefix="congvu-usage-", suffix=".tar", dir="/var/tmp")
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as packed:
        for path in wanted:
            packed.add(path, arcname=path.name)
    module.exit_json(changed=False, path=name, days=len(wanted))


if __name__ == "__main__":
    main()
