"""Tell other units of handovers: write the letter, let a mail host take it once, and note that it did."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.congvu.mail.plugins.module_utils.files import complaint
from ansible_collections.congvu.mail.plugins.module_utils.takeover import FOLDER, Book

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.takeover import Handover

SPEC = {"state": {"type": "path", "required": True}}


class ActionModule(ActionBase):  # type: ignore[misc] # Ansible has no type information
    """The control node's half; ``letter`` is the mail host's."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send what is unsent, and say to whom."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(SPEC)
        book = Book(Path(arguments["state"], FOLDER))
        verb = "Would tell" if self._task.check_mode else "Told"
        try:
            untold = book.untold()
            for handover in untold:
                self._send(handover, task_vars or {})
                if not self._task.check_mode:
                    book.note(replace(handover, told=_now()))
        except OSError as error:
            raise AnsibleActionFail(complaint(error)) from error
        lines = (
            f"{verb} {len(each.recipients)} mailboxes that {each.new.name} now runs {each.address}." for each in untold
        )
        return {**result, "changed": bool(untold), "text": "\n".join(lines)}

    def _send(self, handover: Handover, variables: dict[str, Any]) -> None:
        from ansible_collections.congvu.mail.plugins.module_utils.minutes import notice  # noqa: PLC0415 -- as in handover

        letter = notice(handover, handover.taken or _now())
        answer: dict[str, Any] = self._execute_module(
            module_name="congvu.mail.letter",
            module_args={
                "content": letter.as_bytes().decode("ascii"),
                "message_id": letter["Message-ID"],
                "sender": handover.address,
                "recipients": [*handover.recipients, handover.address],
            },
            task_vars=variables,
        )
        if answer.get("failed"):
            message = (
                f"The other units could not be told that {handover.address} has another head: {answer.get('msg', '')} "
                "Mend it and run playbooks/handover.yml."
            )
            raise AnsibleActionFail(message)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
