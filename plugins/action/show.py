"""Print a text on the control node, as it is."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display


class ActionModule(ActionBase):  # type: ignore[misc] # Ansible has no type information
    """Print, and change nothing."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Print past the callback, which shows no task that changed nothing and quotes what it shows."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec({"text": {"type": "str", "required": True}})
        Display().display("\n" + arguments["text"].rstrip("\n"))
        return {**result, "changed": False}
