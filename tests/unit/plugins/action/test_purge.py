"""Removals by the control node: recorded, asked for once more, and only then carried out."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.action import purge
from ansible_collections.congvu.mail.plugins.action.purge import ActionModule
from ansible_collections.congvu.mail.plugins.module_utils import ledger
from ansible_collections.congvu.mail.plugins.module_utils.directory import LdapDirectory
from ansible_collections.congvu.mail.plugins.module_utils.holdings import read
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX, MemoryDirectory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STORE = "mail.tinh.gov.vn"
HOMES = {uid: {"uid": uid, "path": f"{uid}…", "folders": 2, "messages": 9, "bytes": 900} for uid in ("a", "b", "c")}


class Scene:
    """A directory in which three mailboxes are purged, a store with their homes, and the record."""

    def __init__(self, folder: Path) -> None:
        """Begin with all of them there."""
        self.directory = MemoryDirectory()
        self.homes = dict(HOMES)
        self.path = folder / "purges.jsonl"
        self.asked: list[tuple[list[str], bool]] = []  # of the store: which mailboxes, and whether to remove them
        self.refused: dict[str, str] = {}
        self.happens: Callable[[], object] = lambda: None  # between looking and removing
        for uid in HOMES:
            self.put(uid, "purged")
        self.purged = [asdict(tomb) for tomb in read(self.directory, "thu", SUFFIX).purged]

    def put(self, uid: str, state: str) -> None:
        """Say in the directory what state a mailbox is in."""
        marks = {"congvuEstate": "thu", "congvuId": f"person:{uid}", "congvuState": state, "congvuDecision": "1/QĐ"}
        self.directory.put(f"uid={uid},{BASE}", uid=uid, **marks)

    def store(self, module_args: dict[str, Any]) -> dict[str, Any]:
        """Answer as the module on the store does."""
        uids, remove = module_args["uids"], module_args["remove"]
        self.asked.append((uids, remove))
        there = [uid for uid in uids if uid in self.homes]
        found = [self.homes[uid] for uid in there]
        gone = [uid for uid in there if remove and uid not in self.refused]
        for uid in gone:
            assert self.lines()[-1]["event"] == "intent", "nothing goes without a record"
            del self.homes[uid]
        if not remove:
            self.happens()
        kept = {uid: self.refused[uid] for uid in uids if remove and uid in self.refused}
        return {"homes": found, "removed": gone, "kept": kept}

    def lines(self) -> list[dict[str, Any]]:
        """Return what was recorded."""
        text = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
        return [json.loads(line) for line in text.splitlines()]

    def events(self) -> list[str]:
        """Return what was recorded, in short."""
        return [f"{line['event']} {line['uid']} {line['messages']}" for line in self.lines()]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    made = Scene(tmp_path)

    @contextmanager
    def connect(_: object) -> Iterator[MemoryDirectory]:
        yield made.directory

    monkeypatch.setattr(LdapDirectory, "connect", connect)
    monkeypatch.setattr(ActionModule, "_execute_module", lambda _, module_args, **__: made.store(module_args))
    return made


def run(scene: Scene, *, check: bool = False) -> dict[str, Any]:
    """Run the action as a play on the store would."""
    arguments = {"purged": scene.purged, "state": str(scene.path.parent), "plan": "9f2c", "uri": "ldapi:///"}
    task = SimpleNamespace(args=arguments, async_val=0, check_mode=check, diff=False)
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
    action = ActionModule(task, connection, SimpleNamespace(check_mode=check, diff=False), None, None, None)
    answer: dict[str, Any] = action.run(task_vars={"inventory_hostname": STORE})
    return answer


def test_what_is_purged_goes_and_leaves_a_record(scene: Scene) -> None:
    answer = run(scene)
    assert scene.homes == {}
    assert scene.events() == ["intent a 9", "intent b 9", "intent c 9", "purged a 9", "purged b 9", "purged c 9"]
    assert {(line["store"], line["plan"], line["decision"]) for line in scene.lines()} == {(STORE, "9f2c", "1/QĐ")}
    assert answer["changed"] is True
    assert answer["text"].splitlines()[:2] == [
        "REMOVED the mail of 3 purged mailboxes:",
        "  a: 9 letters in 2 folders, 900 bytes",
    ]


def test_what_is_purged_is_in_the_ledger_once(scene: Scene) -> None:
    run(scene)
    run(scene)
    lines = [(line.entry.kind, line.entry.subject) for line in ledger.read(scene.path.parent)][1:]
    assert lines == [(ledger.Kind.PURGE, f"person:{uid}") for uid in "abc"]


def test_a_second_run_does_not_even_ask_the_store(scene: Scene) -> None:
    run(scene)
    scene.asked.clear()
    assert run(scene) == {"changed": False, "homes": [], "text": ""}
    assert scene.asked == []


def test_a_rehearsal_says_what_would_go_and_touches_nothing(scene: Scene) -> None:
    assert run(scene, check=True)["text"].startswith("WOULD REMOVE the mail of 3 purged mailboxes:")
    assert scene.homes == HOMES
    assert scene.lines() == []
    assert [remove for _, remove in scene.asked] == [False]


@pytest.mark.parametrize("state", ["active", "disabled", "held", "purged"])
def test_whose_entry_is_touched_at_the_last_moment_is_left_alone(scene: Scene, state: str) -> None:
    scene.happens = lambda: scene.put("b", state)
    run(scene)
    assert scene.homes.keys() == {"b"}
    assert not any(line["uid"] == "b" for line in scene.lines())


def test_what_the_store_refuses_is_told_and_tried_again(scene: Scene) -> None:
    scene.refused = {"b": "Dovecot still knows the mailbox."}
    answer = run(scene)
    assert answer["failed"] is True
    assert answer["msg"].splitlines()[1:] == ["b: Dovecot still knows the mailbox."]
    assert scene.events()[3:] == ["purged a 9", "purged c 9"]
    scene.refused = {}
    run(scene)
    assert scene.events()[5:] == ["intent b 9", "purged b 9"]


def test_a_run_that_was_killed_before_its_last_line_is_closed_by_the_next(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(tombs: object, arguments: object, variables: object, *, remove: bool = False) -> dict[str, Any]:
        del arguments, variables
        answer = scene.store({"uids": [tomb.uid for tomb in tombs], "remove": remove})  # type: ignore[attr-defined]
        if remove:
            raise KeyboardInterrupt
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(ActionModule, "_on_the_store", lambda _, *words, **more: killed(*words, **more))
        with pytest.raises(KeyboardInterrupt):
            run(scene)
    assert scene.homes == {}
    assert scene.events() == ["intent a 9", "intent b 9", "intent c 9"]
    answer = run(scene)
    assert answer["changed"] is False
    assert scene.events()[3:] == ["purged a 0", "purged b 0", "purged c 0"]


def test_without_a_record_nothing_goes(scene: Scene) -> None:
    scene.path.mkdir()
    with pytest.raises(Exception, match="directory"):
        run(scene)
    assert scene.homes == HOMES


def test_hundreds_go_in_batches_each_asked_for_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "BATCH", 2)
    run(scene)
    assert [uids for uids, remove in scene.asked if remove] == [["a", "b"], ["c"]]
    assert scene.events() == ["intent a 9", "intent b 9", "purged a 9", "purged b 9", "intent c 9", "purged c 9"]
