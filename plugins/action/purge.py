"""Remove the mail of what is purged: ask the directory, record, remove on the store, record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.congvu.mail.plugins.module_utils import recording
from ansible_collections.congvu.mail.plugins.module_utils.arguments import DIRECTORY, access_settings
from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DirectoryError, LdapDirectory
from ansible_collections.congvu.mail.plugins.module_utils.files import complaint
from ansible_collections.congvu.mail.plugins.module_utils.holdings import Tomb, still_purged
from ansible_collections.congvu.mail.plugins.module_utils.ledger import LedgerError
from ansible_collections.congvu.mail.plugins.module_utils.obituary import INTENT, PURGED, Obituary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SPEC = {
    **DIRECTORY,
    "purged": {"type": "list", "elements": "dict", "required": True},
    "state": {"type": "path", "required": True},
    "plan": {"type": "str", "default": ""},
    "root": {"type": "path", "default": "/var/vmail"},
}
BATCH = 50  # mailboxes between two questions to the directory
_COUNTS = ("path", "folders", "messages", "bytes")
_NOTHING = {"path": "", "folders": 0, "messages": 0, "bytes": 0}


class ModuleFailedError(Exception):
    """What runs on the store failed; ``result`` is what it said."""

    def __init__(self, result: dict[str, Any]) -> None:
        """Keep the answer."""
        self.result = result
        super().__init__(result.get("msg", ""))


class ActionModule(ActionBase):  # type: ignore[misc] # Ansible has no type information
    """The control node's half; ``mail_homes`` is the store's."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Remove what is due, and say what it was."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(SPEC)
        variables = task_vars or {}
        try:
            return {**result, **self._purge(arguments, variables)}
        except ModuleFailedError as error:
            return {**result, **error.result, "failed": True}
        except (DirectoryError, LedgerError) as error:
            raise AnsibleActionFail(str(error)) from error
        except OSError as error:
            raise AnsibleActionFail(complaint(error)) from error

    def _purge(self, arguments: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        store = variables["inventory_hostname"]
        obituary = Obituary(Path(arguments["state"], "purges.jsonl"), lambda: datetime.now(UTC))
        due = [tomb for said in arguments["purged"] if not obituary.is_settled(store, tomb := Tomb(**said))]
        if not due:
            return {"changed": False, "homes": [], "text": ""}
        homes = {home["uid"]: home for home in self._on_the_store(due, arguments, variables)["homes"]}
        found = [tomb for tomb in due if tomb.uid in homes]
        if self._task.check_mode:
            return _told([homes[tomb.uid] for tomb in found], "WOULD REMOVE")
        # Of a run that was killed between the removal and its record, and of those who never had a letter.
        absent = [tomb for tomb in due if tomb.uid not in homes and not obituary.is_closed(store, tomb)]
        obituary.write(PURGED, store, arguments["plan"], ((tomb, _NOTHING) for tomb in absent))
        removed: list[dict[str, Any]] = []
        kept: dict[str, str] = {}
        if found:
            with LdapDirectory.connect(Access(**access_settings(arguments))) as directory:
                for start in range(0, len(found), BATCH):
                    batch = [tomb for tomb in found[start : start + BATCH] if still_purged(directory, tomb)]
                    facts = {tomb.uid: {name: homes[tomb.uid][name] for name in _COUNTS} for tomb in batch}
                    obituary.write(INTENT, store, arguments["plan"], ((tomb, facts[tomb.uid]) for tomb in batch))
                    answer = self._on_the_store(batch, arguments, variables, remove=True)
                    gone = [tomb for tomb in batch if tomb.uid in answer["removed"]]
                    obituary.write(PURGED, store, arguments["plan"], ((tomb, facts[tomb.uid]) for tomb in gone))
                    removed += [homes[tomb.uid] for tomb in gone]
                    kept |= answer["kept"]
        recording.catch_up(Path(arguments["state"]), datetime.now(UTC))
        answer = _told(removed, "REMOVED")
        if kept:
            reasons = "\n".join(f"{uid}: {reason}" for uid, reason in sorted(kept.items()))
            return {**answer, "failed": True, "msg": f"Not removed, though the directory says purged:\n{reasons}"}
        return answer

    def _on_the_store(
        self, tombs: Sequence[Tomb], arguments: dict[str, Any], variables: dict[str, Any], *, remove: bool = False
    ) -> dict[str, Any]:
        answer: dict[str, Any] = self._execute_module(
            module_name="congvu.mail.mail_homes",
            module_args={"uids": [tomb.uid for tomb in tombs], "root": arguments["root"], "remove": remove},
            task_vars=variables,
        )
        if answer.get("failed"):
            raise ModuleFailedError(answer)
        return answer


def _told(homes: Sequence[Mapping[str, Any]], verb: str) -> dict[str, Any]:
    lines = (
        f"  {home['uid']}: {home['messages']} letters in {home['folders']} folders, {home['bytes']} bytes"
        for home in homes
    )
    text = "\n".join((f"{verb} the mail of {len(homes)} purged mailboxes:", *lines)) if homes else ""
    return {"changed": bool(homes), "homes": list(homes), "text": text}
