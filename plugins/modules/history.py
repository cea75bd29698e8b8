#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Tell who changed a mailbox, when, and by which decision."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: history
short_description: Tell who changed a mailbox, when, and by which decision
description:
  - Reads the directory's accesslog, in which every write of M(congvu.mail.apply) says which plan of which commit it is
    part of, who applied it and on which decision it rests. Password resets, changes by hand and sign-ins are in it too.
  - Follows the object through all its moves and names, and through those of the agencies and units above it.
  - Passwords and their digests are never read.
  - Signs in as the auditor, who may read the accesslog and change nothing.
options:
  id:
    description:
      - Whom it is about; a stable id such as V(person:tth00123), a staff number or another uid, an address that is or
        ever was in use, or a name.
    type: str
    required: true
  state:
    description: Folder whose C(journal/) tells which apply a change was part of.
    type: path
    required: true
  suffix:
    description: Suffix of the directory; default the one that follows from the registry's domain.
    type: str
  sign_ins:
    description: Whether to tell of sign-ins and tries as well.
    type: bool
    default: false
  file:
    description: Where to write the whole as JSON for other programs, sign-ins included.
    type: path
extends_documentation_fragment:
  - congvu.mail.directory
  - congvu.mail.registry
  - congvu.mail.registry.cache
  - congvu.mail.registry.faults
attributes:
  check_mode:
    support: full
    description: Tells as ever, and does not write O(file).
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Tell what became of somebody's mailbox
  congvu.mail.history:
    id: person:tth00123
    registry: inventories/thuathienhue/registry
    state: /var/lib/congvu
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=auditor,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-auditor
"""

RETURN = r"""
id:
  description: The id that was meant.
  type: str
  returned: success
  sample: person:tth00123
text:
  description: The past, newest last.
  type: str
  returned: success
events:
  description: How many changes the accesslog holds, sign-ins included.
  type: int
  returned: success
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

import json
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import (
    CACHE,
    DIRECTORY,
    LANG,
    REGISTRY,
    access_settings,
)
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole

try:
    from ansible_collections.congvu.mail.plugins.module_utils import recount, source, whom
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
    from ansible_collections.congvu.mail.plugins.module_utils.history import past_of, with_runs
    from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

SPEC: dict[str, Any] = {
    **DIRECTORY,
    **REGISTRY,
    **CACHE,
    **LANG,
    "id": {"type": "str", "required": True},
    "state": {"type": "path", "required": True},
    "suffix": {"type": "str"},
    "sign_ins": {"type": "bool", "default": False},
    "file": {"type": "path"},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Find whom it is about, read, tell."""
    cache, language = params["cache"], params["lang"]
    registry = source.load(Path(params["registry"]), cache=Path(cache) if cache else None)
    id_, zone = whom.find(params["id"], registry, language), registry.estate.time_zone
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        history = past_of(directory, params["suffix"] or registry.estate.suffix, id_)
    if not (history.dn or history.events):
        facts = {"id": id_}
        unknown = Phrase("Nothing is known of {id}, neither in the directory nor in its accesslog.", facts)
        raise whom.WhomError(unknown.told(language))
    history = with_runs(history, Path(params["state"], "journal"))
    if params["file"] and write:
        content = json.dumps(recount.data(history, zone), ensure_ascii=False, indent=2) + "\n"
        write_whole(Path(params["file"]), content.encode(), mode=0o600)
    label = whom.label(id_, registry)
    return {
        "changed": False,
        "id": id_,
        "text": recount.text(history, zone, label, sign_ins=params["sign_ins"], language=language),
        "events": len(history.events),
    }


def main() -> None:
    """Parse, tell, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except (*EXPECTED, DirectoryError) as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), module.params["lang"]))


if __name__ == "__main__":
    main()
