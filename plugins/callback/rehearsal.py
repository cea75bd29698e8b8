"""What a playbook in check mode would change, and what it declares, handed on as lines without any value."""

from __future__ import annotations

DOCUMENTATION = """
name: rehearsal
type: notification
short_description: Hand on what a playbook in check mode would change
description:
  - For M(congvu.mail.rehearsal). Each task's result becomes a line of JSON with the host, the role and the task, what
    it is about (a file, a package, a unit, an entry), and whether it would change. Values, differences and outputs are
    not in it, so nothing secret is.
  - What tasks are about is kept where they change nothing as well, as it is what the roles declare.
  - Does nothing where no file is named.
options:
  file:
    description: The file.
    type: path
    env:
      - name: CONGVU_REHEARSAL
requirements:
  - enabled in configuration
author:
  - The congvu.mail engineers
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.playbook.handler import Handler
from ansible.plugins.callback import CallbackBase

if TYPE_CHECKING:
    from ansible.executor.task_result import CallbackTaskResult

_PLACES = ("dest", "path")
_NAMES = ("name", "dn")


class CallbackModule(CallbackBase):  # type: ignore[misc] # Ansible has no type information
    """Write a line for each result, loops item by item."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "congvu.mail.rehearsal"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: CallbackTaskResult) -> None:
        """Note what went well."""
        if "results" not in result.result or "name" in self._given(result):
            self._note(result)

    def v2_runner_item_on_ok(self, result: CallbackTaskResult) -> None:
        """Note one of several."""
        self._note(result)

    def v2_runner_on_failed(self, result: CallbackTaskResult, ignore_errors: bool = False) -> None:  # noqa: FBT001, FBT002 - Ansible's signature
        """Note why a host goes no further."""
        if not ignore_errors:
            self._note(result, fault=_why(result.result) or "failed")

    def v2_runner_on_unreachable(self, result: CallbackTaskResult) -> None:
        """Note that a host does not answer."""
        self._note(result, fault=_why(result.result) or "unreachable")

    def _note(self, result: CallbackTaskResult, fault: str = "") -> None:
        file, task = self.get_option("file"), result.task
        if not file or isinstance(task, Handler):
            return
        told, given = result.result, self._given(result)
        delegated = told.get("_ansible_delegated_vars", {}).get("ansible_delegated_host", "")
        said = {
            "host": delegated or result.host.get_name(),
            "role": task._role.get_name(include_role_fqcn=False) if task._role else "",  # noqa: SLF001 - Ansible has no other word
            "task": task.name,
            "action": task.resolved_action or task.action,
            "changed": bool(told.get("changed")),
            "item": str(told.get("_ansible_item_label", "")) or _raw_place(task.args),
            "place": _place(told, given),
            "names": _names(given),
            "fault": fault,
        }
        with Path(file).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(said, ensure_ascii=False) + "\n")

    def _given(self, result: CallbackTaskResult) -> dict[str, Any]:
        """Return a task's arguments as its module got them; none of one that keeps them to itself."""
        given: dict[str, Any] = result.result.get("invocation", {}).get("module_args", {})
        return given


def _why(told: dict[str, Any]) -> str:
    """Return why a task failed; of a loop, why the first of its items did."""
    failed = (each for each in told.get("results", ()) if each.get("failed") or each.get("unreachable"))
    return str(next(failed, told).get("msg", ""))


def _place(told: dict[str, Any], given: dict[str, Any]) -> str:
    """Return the file that a task is about."""
    for source in (given, told):
        for name in _PLACES:
            value = source.get(name)
            if isinstance(value, str) and value.startswith("/"):
                return value
    return ""


def _raw_place(args: dict[str, Any]) -> str:
    """Return the file that a task is about which keeps its result to itself, as far as the playbook spells it out."""
    raw = next((str(args[name]) for name in _PLACES if name in args), "")
    spelt, brace, _ = raw.partition("{{")
    return f"{spelt}*" if brace and spelt.startswith("/") else spelt if spelt.startswith("/") else ""


def _names(given: dict[str, Any]) -> list[str]:
    """Return what else a task names: packages, a unit, an account, an entry."""
    for name in _NAMES:
        value = given.get(name)
        if value:
            return [str(each) for each in value] if isinstance(value, list) else [str(value)]
    return []
