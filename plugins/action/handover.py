"""Draw up records of handovers: count on the store once, write down, draw, and only then forget the old head."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.congvu.mail.plugins.module_utils.files import complaint, write_whole
from ansible_collections.congvu.mail.plugins.module_utils.model import Kind
from ansible_collections.congvu.mail.plugins.module_utils.takeover import FOLDER, Book, Folder, Handover

if TYPE_CHECKING:
    from collections.abc import Sequence

SPEC = {
    "due": {"type": "list", "elements": "dict", "required": True},
    "heads": {"type": "dict", "required": True},
    "state": {"type": "path", "required": True},
}


class ActionModule(ActionBase):  # type: ignore[misc] # Ansible has no type information
    """The control node's half; ``mailbox_contents`` is the store's."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Record what is due, and say where."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(SPEC)
        book = Book(Path(arguments["state"], FOLDER))
        due = [Handover.of(said) for said in arguments["due"]]
        if self._task.check_mode:
            return {**result, **_told(book, due, "Would record")}
        try:
            known = [book.find(each) for each in due]
            new = [each for each, found in zip(due, known, strict=True) if found is None]
            counted = self._counted(new, task_vars or {})
            for each in counted:
                book.note(each)
            recorded = [*(found for found in known if found), *counted]
            if recorded:
                # Only here: it takes half a second to load what draws.
                from ansible_collections.congvu.mail.plugins.module_utils.minutes import record  # noqa: PLC0415

                for each in recorded:
                    write_whole(book.paper(each), record(each), mode=0o600)
            book.note_heads(arguments["heads"])
        except OSError as error:
            raise AnsibleActionFail(complaint(error)) from error
        except ImportError as error:
            raise AnsibleActionFail(str(error)) from error
        return {**result, **_told(book, recorded, "Recorded")}

    def _counted(self, handovers: Sequence[Handover], variables: dict[str, Any]) -> list[Handover]:
        """Let the store count what is in the mailboxes."""
        if not handovers:
            return []
        answer: dict[str, Any] = self._execute_module(
            module_name="congvu.mail.mailbox_contents",
            module_args={"mailboxes": [each.mailbox for each in handovers]},
            task_vars=variables,
        )
        if answer.get("failed"):
            message = (
                f"No record of handover could be drawn up: {answer.get('msg', '')} "
                "Mend it and run playbooks/handover.yml: the new head has the mailbox already."
            )
            raise AnsibleActionFail(message)
        return [
            replace(
                each,
                taken=datetime.fromisoformat(answer["taken"]),
                folders=tuple(Folder.of(folder) for folder in answer["folders"][each.mailbox]),
            )
            for each in handovers
        ]


def _told(book: Book, handovers: Sequence[Handover], verb: str) -> dict[str, Any]:
    lines = (
        f"{verb} the handover of {each.address} from {each.old.name} to {each.new.name}: {book.paper(each)}"
        for each in handovers
    )
    records = [str(book.paper(each)) for each in handovers]
    on_record = [
        {
            "subject": f"{Kind.MAILBOX}:{each.mailbox}",
            "summary": f"Bàn giao hộp thư {each.address} từ {each.old.name} cho {each.new.name} theo {each.decision}.",
            "files": [str(book.paper(each))],
        }
        for each in handovers
    ]
    return {"changed": bool(handovers), "records": records, "lines": on_record, "text": "\n".join(lines)}
