"""End sessions: know whose are to end, let the store end them, and forget it then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible_collections.congvu.mail.plugins.module_utils.files import complaint
from ansible_collections.congvu.mail.plugins.module_utils.sessions import FOLDER, Owed

SPEC = {
    "users": {"type": "list", "elements": "str", "default": []},
    "state": {"type": "path", "required": True},
}
_AGAIN = "again"  # the name of a note that is of no plan
_SAMPLE = 20


class NotEndedError(Exception):
    """The store did not end the sessions; ``args`` holds why."""


class ActionModule(ActionBase):  # type: ignore[misc] # Ansible has no type information
    """The control node's half; ``sessions`` is the store's."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """End what is to end, and say how many that was."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(SPEC)
        variables = task_vars or {}
        store = self._task.delegate_to or variables["inventory_hostname"]
        rehearsed = bool(self._task.check_mode)
        owed, users = Owed(Path(arguments["state"], FOLDER)), list[str]()
        try:
            with owed.due(store, settle=not rehearsed) as due:
                users = sorted({*arguments["users"], *due})
                ended = self._end(users, variables) if users else 0
        except NotEndedError as error:
            if not rehearsed:
                with owed.noted(_AGAIN, (store,), users):
                    pass
            return {**result, "failed": True, "users": users, "msg": _alarm(store, users, str(error))}
        except OSError as error:
            raise AnsibleActionFail(complaint(error)) from error
        verb, sessions = "Would end" if rehearsed else "Ended", "session" if ended == 1 else "sessions"
        text = f"{verb} {ended} open {sessions} of those who lost access: {_some(users)}." if ended else ""
        return {**result, "changed": ended > 0, "users": users, "ended": ended, "text": text}

    def _end(self, users: list[str], variables: dict[str, Any]) -> int:
        try:
            answer: dict[str, Any] = self._execute_module(
                module_name="congvu.mail.sessions", module_args={"users": users}, task_vars=variables
            )
        except AnsibleConnectionFailure as error:
            raise NotEndedError(str(error)) from error
        if answer.get("failed") or answer.get("unreachable"):
            raise NotEndedError(str(answer.get("msg", "")))
        return int(answer["ended"])


def _alarm(store: str, users: list[str], why: str) -> str:
    why = why if why.endswith((".", "?")) else f"{why}."
    return (
        f"{store} did not end the sessions of {len(users)} people who lost access: {_some(users)}. {why}\n"
        f"What they have open there goes on as it was; only signing in anew asks the directory. Mend {store} and run "
        "playbooks/store.yml, which comes back to them; if that takes time, stop Dovecot there."
    )


def _some(users: list[str]) -> str:
    """Name the first of them."""
    rest = len(users) - _SAMPLE
    return ", ".join(users[:_SAMPLE]) + (f" and {rest} more" if rest > 0 else "")
