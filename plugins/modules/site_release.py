#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Put a static site in force, all of it at once."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: site_release
short_description: Put a static site in force, all of it at once
description:
  - Unpacks an archive below O(root) and lets C(<root>/current) lead there, from one moment to the next. Whoever reads
    meanwhile has the former site whole.
  - Files that say the same as before are not written again and keep their times, so browsers need not fetch them anew.
options:
  root:
    description: Folder of the site, with C(current) for a web server to serve.
    type: path
    required: true
  archive:
    description: The site as one file on the machine, as M(congvu.mail.phonebook) packs it.
    type: path
  state:
    description: V(absent) takes the site away.
    type: str
    choices: [present, absent]
    default: present
attributes:
  check_mode:
    support: full
    description: Says what would change.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Put the public directory in force
  congvu.mail.site_release:
    root: /var/lib/congvu-phonebook
    archive: /var/lib/congvu-phonebook/danh-ba.tar.gz
"""

RETURN = r"""
written:
  description: How many files came, changed or went.
  returned: success
  type: int
"""

import tarfile
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils import release
from ansible_collections.congvu.mail.plugins.module_utils.files import complaint


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "root": {"type": "path", "required": True},
            "archive": {"type": "path"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        required_if=[("state", "present", ["archive"])],
        supports_check_mode=True,
    )
    try:
        result = run(module.params, check=module.check_mode)
    except OSError as error:
        module.fail_json(msg=complaint(error))
    except (ValueError, tarfile.TarError) as error:
        module.fail_json(msg=f"{module.params['archive']}: {error}")
    module.exit_json(**result)


def run(params: dict[str, Any], *, check: bool) -> dict[str, Any]:
    """Put the site in force or take it away, or say what would change."""
    root = Path(params["root"])
    if params["state"] == "absent":
        return {"changed": bool(release.current(root)) if check else release.withdraw(root), "written": 0}
    files = release.unpack(Path(params["archive"]).read_bytes())
    written = release.differing(root, files) if check else release.put(root, files)
    return {"changed": bool(written), "written": len(written)}


if __name__ == "__main__":
    main()
