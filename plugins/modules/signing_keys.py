#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Tell which DKIM records belong to the keys that letters are signed with."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: signing_keys
short_description: Tell which DKIM records belong to the keys that letters are signed with
description:
  - Takes the public half out of each private key itself, and not from the record that lies beside it, so that a key
    which somebody replaced shows. No private key leaves the host.
options:
  path:
    description: Folder of the keys, C(<domain>.<selector>.key).
    type: path
    default: /var/lib/rspamd/dkim
attributes:
  check_mode:
    support: full
    description: Reads as ever.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Look at the signing keys
  congvu.mail.signing_keys:
"""

RETURN = r"""
keys:
  description: By file, the public key as a DKIM record has it (C(p=)), and when and by whom the file was last written.
  returned: success
  type: list
  elements: dict
"""

import base64
import pwd
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

ED25519 = 64  # octets: Rspamd keeps the seed and the public key


def public(file: Path) -> str:
    """Take the public key out of a private one."""
    content = file.read_bytes()
    if b"-----BEGIN" not in content:
        raw = base64.b64decode(content)
        if len(raw) != ED25519:
            message = f"{file} holds {len(raw)} octets, and a key of Rspamd's has {ED25519}"
            raise ValueError(message)
        return base64.b64encode(raw[ED25519 // 2 :]).decode()
    command = ("openssl", "pkey", "-in", str(file), "-pubout", "-outform", "DER")
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 -- fixed words
    if done.returncode:
        message = f"{file}: {done.stderr.decode(errors='replace').strip()}"
        raise ValueError(message)
    return base64.b64encode(done.stdout).decode()


def told(file: Path) -> dict[str, Any]:
    """Tell of a key all but the key."""
    domain, _, selector = file.stem.rpartition(".")
    found = file.stat()
    return {
        "file": str(file),
        "domain": domain,
        "selector": selector,
        "public": public(file),
        "at": datetime.fromtimestamp(found.st_mtime, UTC).isoformat(timespec="seconds"),
        "owner": pwd.getpwuid(found.st_uid).pw_name,
    }


def main() -> None:
    """Read, exit."""
    module = AnsibleModule({"path": {"type": "path", "default": "/var/lib/rspamd/dkim"}}, supports_check_mode=True)
    try:
        keys = [told(file) for file in sorted(Path(module.params["path"]).glob("*.key"))]
    except (OSError, ValueError) as error:
        module.fail_json(msg=f"The signing keys cannot be read: {error}")
    module.exit_json(changed=False, keys=keys)


if __name__ == "__main__":
    main()
