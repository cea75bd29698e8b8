"""Run a playbook in check mode beside the one that is running, and say what it would change."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

from ansible import context
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.congvu.mail.plugins.module_utils.rehearsal import Step, told

SPEC = {
    "playbook": {"type": "path", "required": True},
    "skip_tags": {"type": "list", "elements": "str", "default": []},
}
_LAST = 15  # lines of what a playbook said that broke off before its first host
# What the inner run takes from the outer one: where, as whom, with which facts and which vault.
_LISTS = {
    "inventory": "-i",
    "extra_vars": "-e",
    "vault_ids": "--vault-id",
    "vault_password_files": "--vault-password-file",
}
_WORDS = {
    "subset": "--limit",
    "remote_user": "-u",
    "private_key_file": "--private-key",
    "forks": "-f",
    "module_path": "-M",
}


class ActionModule(ActionBase):  # type: ignore[misc] # Ansible has no type information
    """Start ansible-playbook, and read what the callback ``rehearsal`` noted."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run, read, sort."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(SPEC)
        command = which("ansible-playbook")
        if command is None:
            message = "There is no ansible-playbook here to rehearse with. Start this by bin/congvu, or activate .venv."
            raise AnsibleActionFail(message)
        words = [command, arguments["playbook"], "--check", *_handed_on()]
        if arguments["skip_tags"]:
            words += ["--skip-tags", ",".join(arguments["skip_tags"])]
        with TemporaryDirectory(prefix="congvu-") as folder:
            file = Path(folder, "lines")
            outer = {name: value for name, value in os.environ.items() if name != "CONGVU_EXIT_STATUS"}
            done = subprocess.run(  # noqa: S603 -- our own command, with what the caller gave the outer one
                words,
                env={**outer, "CONGVU_REHEARSAL": str(file)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        if done.returncode and not lines:
            said = "\n".join(done.stdout.splitlines()[-_LAST:])
            message = f"{arguments['playbook']} cannot be rehearsed:\n{said}"
            raise AnsibleActionFail(message)
        return {**result, "changed": False, "hosts": told(Step.of(json.loads(line)) for line in lines)}


def _handed_on() -> list[str]:
    """Return the arguments of the run that this is part of, as far as they say where and as whom."""
    given = context.CLIARGS
    words: list[str] = []
    for name, option in _LISTS.items():
        for value in given.get(name) or ():
            words += [option, value if isinstance(value, str) else json.dumps(value)]
    for name, option in _WORDS.items():
        if given.get(name) and name != "module_path":
            words += [option, str(given[name])]
    return words
