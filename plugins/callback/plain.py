"""Ansible's default output, with failures in plain words."""

from __future__ import annotations

DOCUMENTATION = """
name: plain
type: stdout
short_description: The default output, with failures in plain words
description:
  - Shows what M(congvu.mail.plan) and its siblings, and failed assertions, have to say once and as it was written, in
    lines that an editor or a terminal can follow to file and line.
  - Ansible's default shows such a sentence twice, the second time as JSON, around an excerpt of the playbook, which
    is not what is at fault.
  - Everything else is shown as by default, and so is everything with C(-v).
extends_documentation_fragment:
  - default_callback
  - result_format_callback
requirements:
  - set as stdout in configuration
author:
  - The congvu.mail engineers
"""

from typing import TYPE_CHECKING

from ansible import constants
from ansible.plugins.callback.default import CallbackModule as Default

if TYPE_CHECKING:
    from ansible.executor.task_result import CallbackTaskResult

_OWN = "congvu.mail."
_SPEAKING = frozenset({"ansible.builtin.assert", "ansible.builtin.fail"})


class CallbackModule(Default):  # type: ignore[misc] # Ansible has no type information
    """The default, but for failures that explain themselves."""

    CALLBACK_NAME = "congvu.mail.plain"

    def v2_runner_on_failed(self, result: CallbackTaskResult, ignore_errors: bool = False) -> None:  # noqa: FBT001, FBT002 - Ansible's signature
        """Show the message alone where it is made for people."""
        words = self._words(result)
        if ignore_errors or not words:
            super().v2_runner_on_failed(result, ignore_errors)
            return
        if self._last_task_banner != result.task._uuid:  # noqa: SLF001 - as the default does
            self._print_task_banner(result.task)
        self._handle_warnings(result.result)
        self._display.display(
            f"fatal: [{self.host_label(result)}]: {words}",
            color=constants.COLOR_ERROR,
            stderr=self.get_option("display_failed_stderr"),
        )

    def _words(self, result: CallbackTaskResult) -> str:
        action = result.task.resolved_action or ""
        speaking = action.startswith(_OWN) or action in _SPEAKING
        if not speaking or self._display.verbosity or "results" in result.result:
            return ""
        return str(result.result.get("msg", "")).rstrip("\n")
