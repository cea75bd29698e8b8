#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Write the guides for people, filled in with what holds in the estate."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: guides
short_description: Write the guides for people, filled in with what holds in the estate
description:
  - Writes each guide as one page of HTML that is whole in itself, pictures too, so it can be kept and sent as one file.
  - What a guide names of the estate comes from the policy and from O(service); a guide that names anything else is
    refused, and so is one whose links or pictures lead nowhere.
  - The site stands in C(<into>/current) as a whole, from one moment to the next, and in C(<into>/huong-dan.tar.gz) for
    M(congvu.mail.site_release).
options:
  pages:
    description: Folder with the guides as Markdown, C(README.md) being the first, and with their C(images).
    type: path
    required: true
  theme:
    description: Folder with C(page.html.j2) and C(style.css).
    type: path
    required: true
  into:
    description: Folder to write to.
    type: path
    required: true
  service:
    description: What people need to know of the servers.
    type: dict
    required: true
    suboptions:
      title:
        description: The estate's name, as people see it.
        type: str
        required: true
      webmail:
        description: Host name of the webmail.
        type: str
        required: true
      imap:
        description: Host for reading, with implicit TLS.
        type: str
        required: true
      imap_port:
        description: Its port.
        type: int
        default: 993
      submission:
        description: Host for sending, with implicit TLS.
        type: str
        required: true
      submission_port:
        description: Its port.
        type: int
        default: 465
      directory:
        description: Address of the public directory. Empty for none.
        type: str
        default: ""
      letter:
        description: Bytes of the largest letter that the webmail sends, its attachments encoded.
        type: int
        required: true
      session:
        description: Minutes without a click after which the webmail signs one out.
        type: int
        required: true
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.faults
attributes:
  check_mode:
    support: full
    description: Says what would be written.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Write the guides
  congvu.mail.guides:
    registry: "{{ estate_registry }}"
    pages: "{{ playbook_dir }}/../docs/guides"
    theme: "{{ role_path }}/files/guides"
    into: "{{ estate_state }}/guides"
    service:
      title: Tỉnh Thừa Thiên Huế
      webmail: webmail.thuathienhue.gov.vn
      imap: imap.thuathienhue.gov.vn
      submission: smtp.thuathienhue.gov.vn
      directory: https://danhba.thuathienhue.gov.vn
      letter: 31457280
      session: 60
"""

RETURN = r"""
msg:
  description: The faults, one a line.
  returned: failed
  type: str
archive:
  description: The site as one file.
  returned: success
  type: str
  sample: .state/guides/huong-dan.tar.gz
written:
  description: Paths of the pages that came, changed or went.
  returned: success
  type: list
  elements: str
  sample: [can-bo.html]
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import LANG, REGISTRY

try:
    from ansible_collections.congvu.mail.plugins.module_utils import guides, release
    from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
    from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole
    from ansible_collections.congvu.mail.plugins.module_utils.source import rules
    from jinja2 import TemplateError
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

ARCHIVE = "huong-dan.tar.gz"
_TEXT = {"type": "str", "required": True}
_NUMBER = {"type": "int", "required": True}

SPEC: dict[str, Any] = {
    **REGISTRY,
    **LANG,
    "pages": {"type": "path", "required": True},
    "theme": {"type": "path", "required": True},
    "into": {"type": "path", "required": True},
    "service": {
        "type": "dict",
        "required": True,
        "options": {
            "title": _TEXT,
            "webmail": _TEXT,
            "imap": _TEXT,
            "imap_port": {"type": "int", "default": 993},
            "submission": _TEXT,
            "submission_port": {"type": "int", "default": 465},
            "directory": {"type": "str", "default": ""},
            "letter": _NUMBER,
            "session": _NUMBER,
        },
    },
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
    except TemplateError as error:
        module.fail_json(msg=f"{module.params['pages']}: {error}")
    module.exit_json(**result)


def run(params: dict[str, Any], *, check: bool) -> dict[str, Any]:
    """Write the site, or say what would be written."""
    pages, into = Path(params["pages"]), Path(params["into"])
    told = guides.facts(*rules(Path(params["registry"])), guides.Service(**params["service"]))
    found = guides.pages(sources_of(pages), pictures_of(pages), theme_of(Path(params["theme"])), told)
    archive = into / ARCHIVE
    written = release.differing(into, found)
    changed = bool(written) or not archive.exists()
    if changed and not check:
        # First, so that a run that is stopped here finds next time that something differs.
        write_whole(archive, release.pack(found))
        release.put(into, found)
    return {"changed": changed, "archive": str(archive), "written": written}


def sources_of(folder: Path) -> dict[str, str]:
    """Read all guides."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}


def pictures_of(folder: Path) -> dict[str, bytes]:
    """Read all pictures, by the paths that guides give them."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.glob("images/*.*"))}


def theme_of(folder: Path) -> dict[str, str]:
    """Read what pages look like."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


if __name__ == "__main__":
    main()
