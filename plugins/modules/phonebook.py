#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Write the public directory as a static site."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: phonebook
short_description: Write the public directory as a static site
description:
  - Writes pages, vCards, a table and data about the agencies and officials that the policy's C(directory_site) names.
    Nobody else's name, address or staff number is in any of them.
  - The site stands in C(<into>/current) as a whole, from one moment to the next, and in C(<into>/danh-ba.tar.gz) for
    M(congvu.mail.site_release).
  - The same registry and day give the same bytes. What has not changed keeps the day and the commit of its last change.
  - Where the policy has no C(directory_site), the site of before is taken away.
options:
  theme:
    description: Folder with the templates, C(style.css), C(search.js) and C(icon.svg).
    type: path
    required: true
  into:
    description: Folder to write to.
    type: path
    required: true
  address:
    description: Where the site will stand. The identities of the cards are made from it.
    type: str
    required: true
  contact:
    description: Mail address to which readers report faults. Empty for none.
    type: str
    default: ""
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.as_of
  - congvu.mail.registry.cache
  - congvu.mail.registry.faults
attributes:
  check_mode:
    support: full
    description: Says what would be written.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Write the public directory of today
  congvu.mail.phonebook:
    registry: "{{ estate_registry }}"
    theme: "{{ role_path }}/files/site"
    into: "{{ estate_state }}/phonebook"
    address: https://danhba.thuathienhue.gov.vn
    contact: postmaster@thuathienhue.gov.vn
"""

RETURN = r"""
msg:
  description: What was written, in Vietnamese, or the faults, one a line.
  returned: always
  type: str
archive:
  description: The site as one file; empty where the policy publishes nothing.
  returned: success
  type: str
  sample: .state/phonebook/danh-ba.tar.gz
files:
  description: How many files the site has.
  returned: success
  type: int
written:
  description: Paths of the files that came, changed or went, at most the first 50.
  returned: success
  type: list
  elements: str
  sample: [co-quan/snv.html]
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import AS_OF, CACHE, LANG, REGISTRY, civil_day

try:
    from ansible_collections.congvu.mail.plugins.module_utils import release, website
    from ansible_collections.congvu.mail.plugins.module_utils.commit import commit_of
    from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
    from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole
    from ansible_collections.congvu.mail.plugins.module_utils.phonebook import phonebook
    from ansible_collections.congvu.mail.plugins.module_utils.source import load
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.phonebook import Phonebook

SAMPLE = 50  # paths that are told
ARCHIVE = "danh-ba.tar.gz"


SPEC: dict[str, Any] = {
    **REGISTRY,
    **AS_OF,
    **CACHE,
    **LANG,
    "theme": {"type": "path", "required": True},
    "into": {"type": "path", "required": True},
    "address": {"type": "str", "required": True},
    "contact": {"type": "str", "default": ""},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name))
    try:
        result = run(module.params, check=module.check_mode)
    except EXPECTED as error:
        module.fail_json(**failure(error, Path(module.params["registry"]), module.params["lang"]))
    module.exit_json(**result)


def run(params: dict[str, Any], *, check: bool) -> dict[str, Any]:
    """Write the site, or say what would be written."""
    root, into, cache = Path(params["registry"]), Path(params["into"]), params["cache"]
    chosen = civil_day(params["as_of"])
    registry = load(root, cache=Path(cache) if cache else None)
    day = chosen or datetime.now(registry.estate.time_zone).date()
    book = phonebook(registry, day)
    if book is None:
        return withdraw(into, check=check)
    site = website.Site(params["address"], params["contact"])
    now = website.Stamp(day.isoformat(), commit_of(root))
    found = website.files(book, theme_of(Path(params["theme"])), site, now, former_of(into))
    return publish(into, book, found, check=check)


def theme_of(folder: Path) -> dict[str, str]:
    """Read all files of a theme."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.is_file()}


def former_of(into: Path) -> bytes:
    """Read the data of the site that stands; nothing where there is none."""
    path = into / release.CURRENT / website.DATA
    return path.read_bytes() if path.exists() else b""


def publish(into: Path, book: Phonebook, found: dict[str, bytes], *, check: bool) -> dict[str, Any]:
    """Write the site unless it stands there already, and say what changed."""
    archive = into / ARCHIVE
    written = release.differing(into, found)
    changed = bool(written) or not archive.exists()
    if changed and not check:
        # First, so that a run that is stopped here finds next time that something differs.
        write_whole(archive, release.pack(found))
        release.put(into, found)
    people = sum(len(office.officials) for office in book.offices)
    said = f"{len(book.offices)} cơ quan, {people} người có thẩm quyền, {len(found)} tệp"
    return {
        "changed": changed,
        "msg": f"Danh bạ công bố: {said}; {f'{len(written)} tệp thay đổi' if written else 'không có gì thay đổi'}.",
        "archive": str(archive),
        "files": len(found),
        "written": written[:SAMPLE],
    }


def withdraw(into: Path, *, check: bool) -> dict[str, Any]:
    """Take the site away that an earlier policy published."""
    there = bool(release.current(into))
    if there and not check:
        release.withdraw(into)
        (into / ARCHIVE).unlink(missing_ok=True)
    said = "Quy tắc (policy.yml) không có 'directory_site': không công bố danh bạ."
    return {"changed": there, "msg": said, "archive": "", "files": 0, "written": []}


if __name__ == "__main__":
    main()
