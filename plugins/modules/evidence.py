#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Bring together all that is on record of a mailbox, an address or a right."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: evidence
short_description: Bring together all that is on record of a mailbox, an address or a right
description:
  - Tells what M(congvu.mail.history) tells, and follows each write from there to the commit in Git, with its author,
    who merged and who signed it, to the plan and to the ledger's lines.
  - Says how many working days it took from the decision.
  - Verifies the ledger on the way.
options:
  about:
    description:
      - A stable id such as V(person:tth00123), a staff number or another uid, an address that is or ever was in use, or
        a name.
      - With a colon and a mailbox behind a staff number, such as V(tth00123:snv), that person's right in it.
    type: str
    required: true
  state:
    description: Folder with C(plans/), C(journal/) and C(ledger/).
    type: path
    required: true
  suffix:
    description: Suffix of the directory; default the one that follows from the registry's domain.
    type: str
  file:
    description: Where to write the whole as JSON for other programs.
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
- name: Bring together what is on record of an address
  congvu.mail.evidence:
    about: snv@thuathienhue.gov.vn
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
  sample: mailbox:snv
text:
  description: The past, newest last, and what it rests on.
  type: str
  returned: success
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

import json
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
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole

try:
    from ansible_collections.congvu.mail.plugins.module_utils import evidence, source, whom
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
    from ansible_collections.congvu.mail.plugins.module_utils.history import past_of, with_runs
    from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.history import History

SPEC: dict[str, Any] = {
    **DIRECTORY,
    **REGISTRY,
    **CACHE,
    **LANG,
    "about": {"type": "str", "required": True},
    "state": {"type": "path", "required": True},
    "suffix": {"type": "str"},
    "file": {"type": "path"},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Find whom it is about, read, gather, tell."""
    cache, language, root = params["cache"], params["lang"], Path(params["registry"])
    registry = source.load(root, cache=Path(cache) if cache else None)
    person, _, mailbox = params["about"].rpartition(":")
    right = mailbox if person.rpartition(":")[2].lower() in registry.persons else ""
    id_ = whom.find(person if right else params["about"], registry, language)
    zone, state = registry.estate.time_zone, Path(params["state"])
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        history = past_of(directory, params["suffix"] or registry.estate.suffix, id_)
    if not (history.dn or history.events):
        facts = {"id": id_}
        unknown = Phrase("Nothing is known of {id}, neither in the directory nor in its accesslog.", facts)
        raise whom.WhomError(unknown.told(language))
    history = with_runs(history, state / "journal")
    found = evidence.gather(_of_right(history, right) if right else history, registry, root, state)
    if params["file"] and write:
        content = json.dumps(evidence.data(found, zone), ensure_ascii=False, indent=2) + "\n"
        write_whole(Path(params["file"]), content.encode(), mode=0o600)
    return {
        "changed": False,
        "id": id_,
        "text": evidence.text(found, zone, whom.label(id_, registry), language=language),
    }


def _of_right(history: History, mailbox: str) -> History:
    """Keep the writes that gave, changed or took a right in one mailbox."""

    def rights(values: tuple[str, ...]) -> set[str]:
        return {value for value in values if value.partition(":")[0] == mailbox}

    kept = [
        event
        for event in history.events
        if rights(event.before.get("congvuAccess", ())) != rights(event.after.get("congvuAccess", ()))
    ]
    return replace(history, events=tuple(kept))


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
