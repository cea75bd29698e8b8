#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Write who approves what as a Git server reads it."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: codeowners
short_description: Write who approves what as a Git server reads it
description:
  - Writes a file C(CODEOWNERS) from C(approvers.yml) of a registry. GitLab and GitHub demand the approvals that it
    names where a protected branch is set so; Forgejo and Gitea ask for reviews.
options:
  path:
    description: The file, such as V(.gitlab/CODEOWNERS), V(.github/CODEOWNERS) or V(.forgejo/CODEOWNERS).
    type: path
    required: true
  form:
    description: In whose syntax; V(gitlab) is GitHub's too, V(forgejo) is Gitea's too.
    type: str
    choices: [gitlab, forgejo]
    required: true
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.faults
attributes:
  check_mode:
    support: full
    description: Reports whether the file would change.
  diff_mode:
    support: full
    description: Shows the file before and after.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Renew the code owners
  congvu.mail.codeowners:
    registry: inventories/thuathienhue/registry
    path: .gitlab/CODEOWNERS
    form: gitlab
"""

RETURN = r"""
path:
  description: The file.
  type: str
  returned: success
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.congvu.mail.plugins.module_utils import approval
from ansible_collections.congvu.mail.plugins.module_utils.arguments import LANG, REGISTRY
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole
from ansible_collections.congvu.mail.plugins.module_utils.gitlog import Repository

SPEC: dict[str, Any] = {
    **REGISTRY,
    **LANG,
    "path": {"type": "path", "required": True},
    "form": {"type": "str", "required": True, "choices": [form.value for form in approval.Form]},
}


def main() -> None:
    """Parse, write, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    root, path = Path(module.params["registry"]), Path(module.params["path"])
    try:
        said = approval.read((root / approval.FILE).read_bytes())
        after = approval.codeowners(said, Repository.around(root).folder, approval.Form(module.params["form"]))
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if after != before and not module.check_mode:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, after.encode())
    except EXPECTED as error:
        module.fail_json(**failure(error, root, module.params["lang"]))
    diff = {"before_header": str(path), "after_header": str(path), "before": before, "after": after}
    module.exit_json(changed=after != before, path=str(path), diff=diff)


if __name__ == "__main__":
    main()
