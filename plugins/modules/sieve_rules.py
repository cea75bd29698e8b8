#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Put somebody's Sieve rules aside, or back."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sieve_rules
short_description: Put somebody's Sieve rules aside, or back
description:
  - Runs on a mail store. Rules that send letters elsewhere or throw them away are switched off as a whole, with the
    script that they stand in. The script stays where it is.
options:
  user:
    description: Stable id of the person.
    type: str
    required: true
  state:
    description: V(aside) switches the script off that is in force, if it is harmful; V(back) switches O(script) on.
    type: str
    choices: [aside, back]
    required: true
  script:
    description: Name of the script that was in force; empty where there was none.
    type: str
    default: ""
  socket:
    description: Socket of doveadm's HTTP API.
    type: path
    default: /run/dovecot/doveadm-http
  key_file:
    description: File on the host with the API's key.
    type: path
    default: /etc/dovecot/doveadm.key
attributes:
  check_mode:
    support: full
    description: Looks, and switches nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Switch off the rules that a thief may have left
  congvu.mail.sieve_rules:
    user: tth00018
    state: aside
"""

RETURN = r"""
script:
  description: Name of the script that was switched off or on; empty if none was.
  returned: success
  type: str
  sample: roundcube
redirects:
  description: Addresses to which any of the person's scripts sends letters.
  returned: success
  type: list
  elements: str
discards:
  description: Whether any of them throws letters away.
  returned: success
  type: bool
texts:
  description: All scripts, by name.
  returned: success
  type: dict
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.mailstore import Command, Doveadm, StoreError
from ..module_utils.sieve import doings


def run(store: Doveadm, params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Look, and switch."""
    user = params["user"]
    listed = store.call([Command("sieveList", {"user": user})])[0]
    names = [row["script"] for row in listed]
    active = next((row["script"] for row in listed if row["active"]), "")
    fetched = store.call([Command("sieveGet", {"user": user, "scriptname": name}) for name in names])
    texts = {name: rows[0]["sieve script"] for name, rows in zip(names, fetched, strict=True)}
    found = {name: doings(text) for name, text in texts.items()}
    switched, commands = "", list[Command]()
    if params["state"] == "aside" and active and found[active].is_harmful:
        switched, commands = active, [Command("sieveDeactivate", {"user": user})]
    elif params["state"] == "back" and params["script"] in names and active != params["script"]:
        switched = params["script"]
        commands = [Command("sieveActivate", {"user": user, "scriptname": switched})]
    if write:
        store.call(commands)
    return {
        "changed": bool(switched),
        "script": switched,
        "redirects": sorted({address for doing in found.values() for address in doing.redirects}),
        "discards": any(doing.discards for doing in found.values()),
        "texts": texts,
    }


def main() -> None:
    """Look, switch, exit."""
    module = AnsibleModule(
        argument_spec={
            "user": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["aside", "back"], "required": True},
            "script": {"type": "str", "default": ""},
            "socket": {"type": "path", "default": "/run/dovecot/doveadm-http"},
            "key_file": {"type": "path", "default": "/etc/dovecot/doveadm.key", "no_log": False},
        },
        supports_check_mode=True,
    )
    key_file = Path(module.params["key_file"])
    try:
        store = Doveadm(module.params["socket"], key_file.read_text(encoding="ascii").strip())
        module.exit_json(**run(store, module.params, write=not module.check_mode))
    except OSError as error:
        module.fail_json(msg=f"{key_file} cannot be read: {error.strerror}. Is this host a mail store?")
    except StoreError as error:
        module.fail_json(msg=str(error))


if __name__ == "__main__":
    main()
