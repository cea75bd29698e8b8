"""The last exit status that a module reported, handed on to whoever runs the playbook."""

from __future__ import annotations

DOCUMENTATION = """
name: exit_status
type: notification
short_description: Hand on the exit status that modules report
description:
  - M(congvu.mail.plan), M(congvu.mail.apply) and their siblings report an C(exit_status), of which a playbook makes
    nothing. The last one is written to a file, for C(bin/congvu) to exit with.
  - Does nothing where no file is named.
options:
  file:
    description: The file.
    type: path
    env:
      - name: CONGVU_EXIT_STATUS
requirements:
  - enabled in configuration
author:
  - The congvu.mail engineers
"""

from pathlib import Path
from typing import TYPE_CHECKING

from ansible.plugins.callback import CallbackBase

if TYPE_CHECKING:
    from ansible.executor.task_result import CallbackTaskResult


class CallbackModule(CallbackBase):  # type: ignore[misc] # Ansible has no type information
    """Write each status over the one before: a playbook that breaks off leaves what it came to."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "congvu.mail.exit_status"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: CallbackTaskResult) -> None:
        """Note the status of what went well."""
        self._note(result)

    def v2_runner_on_failed(self, result: CallbackTaskResult, ignore_errors: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - Ansible's signature
        """Note the status of what did not."""
        self._note(result)

    def _note(self, result: CallbackTaskResult) -> None:
        file, status = self.get_option("file"), result.result.get("exit_status")
        if file and isinstance(status, int):
            Path(file).write_text(str(int(status)), encoding="ascii")
