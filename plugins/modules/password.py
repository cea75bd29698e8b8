#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Give somebody another password, or let them in again."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: password
short_description: Give somebody another password, or let them in again
description:
  - Sets a new random password for a person or an agency's admin account, prints it as a slip, and forgets it. Its
    holder must choose another at the next sign-in. A lock after wrong passwords goes as well.
  - With O(unlock) takes away the lock alone.
  - The write says in the directory's accesslog who asked for it and why; M(congvu.mail.history) tells it.
  - No password is ever in the module's answer.
  - Open sessions go on until M(congvu.mail.end_sessions) ends them.
options:
  id:
    description:
      - Whose password, by id, staff number, address or name. An agency's admin account is V(admin:snv).
    type: str
    required: true
  unlock:
    description: Whether to take away the lock and leave the password.
    type: bool
    default: false
  reason:
    description: Why, for auditors, as V(lost slip, asked in writing on 22/11).
    type: str
    default: ""
  operator:
    description:
      - Who does it, for the directory's accesslog; default the system user, with the machine's name.
      - At most 64 characters, of letters, digits, spaces and C(. _ - @ + / ( )). Auditors read it.
    type: str
    default: ""
  secrets:
    description: Folder in which the password is recorded until it is printed, in C(initial-passwords/).
    type: path
    required: true
  to:
    description: Folder for the slip, which the calling user alone may read.
    type: path
    required: true
  suffix:
    description: Suffix of the directory; default the one that follows from the registry's domain.
    type: str
  webmail:
    description: Address of the page on which people sign in for the first time.
    type: str
    required: true
  contact:
    description: Address of whoever runs the mail system, for those who need help.
    type: str
    required: true
extends_documentation_fragment:
  - congvu.mail.directory
  - congvu.mail.registry
  - congvu.mail.registry.cache
  - congvu.mail.registry.faults
requirements:
  - weasyprint
attributes:
  check_mode:
    support: full
    description: Says whether there is somebody whose password could be set, or whose lock be taken away.
seealso:
  - module: congvu.mail.slips
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Give somebody another password
  congvu.mail.password:
    id: person:tth00123
    reason: slip lost, asked in writing by Sở Nội vụ
    registry: inventories/thuathienhue/registry
    secrets: /var/lib/congvu/secrets
    to: /var/lib/congvu/slips
    webmail: https://webmail.thuathienhue.gov.vn
    contact: ttthhc@thuathienhue.gov.vn
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
"""

RETURN = r"""
id:
  description: Whose password it was, by the id.
  type: str
  returned: success
  sample: person:tth00123
file:
  description: The slip; empty with O(unlock) and in check mode.
  type: str
  returned: success
users:
  description: Whose sessions are to end, by uid. None with O(unlock), nor for an admin account, which has no mailbox.
  type: list
  elements: str
  returned: success
summary:
  description: The same in a sentence in Vietnamese, for the record.
  type: str
  returned: success
text:
  description: What came of it, for the terminal.
  type: str
  returned: success
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import (
    CACHE,
    DIRECTORY,
    LANG,
    REGISTRY,
    access_settings,
)
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure

try:
    from ansible_collections.congvu.mail.plugins.module_utils import handout, resets, source, trace, whom
    from ansible_collections.congvu.mail.plugins.module_utils.credentials import Vault
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
    from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase
    from ansible_collections.congvu.mail.plugins.module_utils.printing import PrintingError
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.slips import Holder

SPEC: dict[str, Any] = {
    **DIRECTORY,
    **REGISTRY,
    **CACHE,
    **LANG,
    "id": {"type": "str", "required": True},
    "unlock": {"type": "bool", "default": False},
    "reason": {"type": "str", "default": ""},
    "operator": {"type": "str", "default": ""},
    "secrets": {"type": "path", "required": True, "no_log": False},
    "to": {"type": "path", "required": True},
    "suffix": {"type": "str"},
    "webmail": {"type": "str", "required": True},
    "contact": {"type": "str", "required": True},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Find whom it is about, set or unlock, print."""
    cache, language = params["cache"], params["lang"]
    operator = trace.operator_of(params["operator"])
    registry = source.load(Path(params["registry"]), cache=Path(cache) if cache else None)
    suffix = params["suffix"] or registry.estate.suffix
    id_ = whom.find(params["id"], registry, language)
    line = trace.by_hand(id_, by=operator, reason=params["reason"])
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        holder = resets.find(directory, suffix, id_, language)
        if params["unlock"]:
            if holder.lock and write:
                resets.unlock(directory, suffix, holder, line, language)
            done = Phrase("{who} is no longer locked out.")
            idle = Phrase("{who} was not locked out by wrong passwords.")
            return _answer(holder, params, done if holder.lock else idle, changed=bool(holder.lock))
        if not write:
            return _answer(holder, params, Phrase("{who} would get another password."), changed=True)
        vault = Vault(Path(params["secrets"], "initial-passwords"))
        resets.reset(directory, suffix, holder, vault, line)
    said = handout.sender(registry, params["webmail"], params["contact"])
    file = handout.hand_over(vault, Path(params["to"]), said, holder)
    done = Phrase("{who} has another password, and must change it at the next sign-in. The slip: {file}")
    return _answer(holder, params, done, changed=True, file=str(file))


def _answer(holder: Holder, params: dict[str, Any], words: Phrase, *, changed: bool, file: str = "") -> dict[str, Any]:
    because = f", lý do: {params['reason']}" if params["reason"] else ""
    who = f"{holder.name or holder.agency_name} <{holder.account}>"
    return {
        "changed": changed,
        "id": holder.id,
        "file": file,
        "users": [holder.id.partition(":")[2]] if file and not holder.is_admin else [],
        "summary": f"{'Cấp mật khẩu khác cho' if file else 'Mở khoá'} {who}{because}.",
        "text": replace(words, facts={"who": who, "file": file}).told(params["lang"]) + "\n",
    }


def main() -> None:
    """Parse, set or unlock, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except (*EXPECTED, DirectoryError, PrintingError) as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), module.params["lang"]))


if __name__ == "__main__":
    main()
