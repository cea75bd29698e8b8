#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Print initial passwords as sealed slips, and forget them."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: slips
short_description: Print initial passwords as sealed slips, and forget them
description:
  - Draws a page for each person and each agency's admin account whose initial password is recorded and in force, in one
    PDF an agency, by unit and name, and a list on which they sign for it.
  - A password is forgotten when the page that bears it is safely on the disk. So it is printed once; who loses a slip
    gets another password with M(congvu.mail.password).
  - Asks the directory who has not used the recorded password yet. What its holder has changed, or an agency's admin has
    replaced, is forgotten without being printed. What no entry has yet, as its plan was not applied to the end, waits.
  - Reads the accesslog as the auditor, if O(auditor_password_file) is given, for what agencies' admins have replaced.
  - No password is ever in the module's answer.
options:
  secrets:
    description: Folder in which initial passwords are recorded, in C(initial-passwords/), one file each.
    type: path
    required: true
  to:
    description: Folder for the PDF files, which the calling user alone may read. None of them is ever overwritten.
    type: path
    required: true
  suffix:
    description: Suffix of the directory; default the one that follows from the registry's domain.
    type: str
  agencies:
    description: Codes of the agencies whose slips are printed; default all.
    type: list
    elements: str
    default: []
  id:
    description: The one whose slip is printed, by id, staff number, address or name; an agency's admin is V(admin:snv).
    type: str
    default: ""
  webmail:
    description: Address of the page on which people sign in for the first time.
    type: str
    required: true
  contact:
    description: Address of whoever runs the mail system, for those who need help.
    type: str
    required: true
  auditor_dn:
    description: Name of the account that reads the accesslog.
    type: str
    default: ""
  auditor_password_file:
    description: File with its password and nothing else. Without it the accesslog is not asked.
    type: path
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
    description: Says what would be printed and forgotten.
seealso:
  - module: congvu.mail.password
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Print the slips of two agencies
  congvu.mail.slips:
    registry: inventories/thuathienhue/registry
    secrets: /var/lib/congvu/secrets
    to: /var/lib/congvu/slips
    agencies: [snv, stc]
    webmail: https://webmail.thuathienhue.gov.vn
    contact: ttthhc@thuathienhue.gov.vn
    uri: ldaps://ldap.thuathienhue.gov.vn
    bind_dn: cn=reconciler,ou=services,dc=thuathienhue,dc=gov,dc=vn
    password_file: /var/lib/congvu/secrets/ldap-reconciler
"""

RETURN = r"""
files:
  description: The PDF files that were written.
  type: list
  elements: str
  returned: success
counts:
  description: >-
    How many recorded passwords were printed (C(ready)), wait for their entry (C(waiting)) or their account (C(closed)),
    were changed by their holder (C(changed)), not changed in time (C(late)) or replaced by an admin (C(replaced)).
  type: dict
  returned: success
  sample: {ready: 12, waiting: 0, closed: 0, changed: 3, late: 0, replaced: 1}
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
    from ansible_collections.congvu.mail.plugins.module_utils import handout, slips, source, whom
    from ansible_collections.congvu.mail.plugins.module_utils.changes import base_dn
    from ansible_collections.congvu.mail.plugins.module_utils.credentials import Vault
    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
    from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase
    from ansible_collections.congvu.mail.plugins.module_utils.printing import PrintingError
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

SPEC: dict[str, Any] = {
    **DIRECTORY,
    **REGISTRY,
    **CACHE,
    **LANG,
    "secrets": {"type": "path", "required": True, "no_log": False},
    "to": {"type": "path", "required": True},
    "suffix": {"type": "str"},
    "agencies": {"type": "list", "elements": "str", "default": []},
    "id": {"type": "str", "default": ""},
    "webmail": {"type": "str", "required": True},
    "contact": {"type": "str", "required": True},
    "auditor_dn": {"type": "str", "default": ""},
    "auditor_password_file": {"type": "path", "no_log": False},
}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Find out whose slips are due, draw them, forget their passwords."""
    cache, language = params["cache"], params["lang"]
    registry = source.load(Path(params["registry"]), cache=Path(cache) if cache else None)
    suffix = params["suffix"] or registry.estate.suffix
    vault = Vault(Path(params["secrets"], "initial-passwords"))
    with LdapDirectory.connect(Access(**access_settings(params))) as directory:
        known = slips.holders(directory.read_tree(base_dn(suffix), slips.ATTRIBUTES), suffix)
    wanted = _wanted(vault.recorded(), known, params, registry)
    ready = [known[id_] for id_, standing in slips.sort(wanted, known, ()).items() if standing is slips.Standing.READY]
    standings = slips.sort(wanted, known, _replaced(ready, params))
    ready = [holder for holder in ready if standings[holder.id] is slips.Standing.READY]
    spent = [id_ for id_, standing in standings.items() if standing in slips.SPENT]
    files: list[Path] = []
    if write:
        said = handout.sender(registry, params["webmail"], params["contact"])
        files = handout.hand_out(vault, Path(params["to"]), said, ready)
        for id_ in spent:
            vault.forget(id_)
    return {
        "changed": bool(ready or spent),
        "files": [str(file) for file in files],
        "counts": {str(one): sum(one is standing for standing in standings.values()) for one in slips.Standing},
        "text": handout.told(standings, files, language, printed=write),
    }


def _wanted(
    recorded: Iterable[str], known: Mapping[str, slips.Holder], params: dict[str, Any], registry: Registry
) -> list[str]:
    """Give the ids that are meant among those with a recorded password."""
    chosen = {whom.find(params["id"], registry, params["lang"])} if params["id"] else set()
    for agency in params["agencies"]:
        if agency not in registry.agencies:
            message = Phrase("No agency has the code '{code}'.", {"code": agency}).told(params["lang"])
            raise ValueError(message)
    return [
        id_
        for id_ in recorded
        if (not chosen or id_ in chosen)
        and (not params["agencies"] or (id_ in known and known[id_].agency in params["agencies"]))
    ]


def _replaced(ready: Collection[slips.Holder], params: dict[str, Any]) -> set[str]:
    """Ask the accesslog whose password somebody else has set since."""
    if not (ready and params["auditor_password_file"]):
        return set()
    access = Access(
        **access_settings(params)
        | {"bind_dn": params["auditor_dn"], "password_file": Path(params["auditor_password_file"])}
    )
    with LdapDirectory.connect(access) as log:
        return slips.set_by_others(log, ready, params["bind_dn"])


def main() -> None:
    """Parse, print, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except (*EXPECTED, DirectoryError, PrintingError) as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), module.params["lang"]))


if __name__ == "__main__":
    main()
