"""Records and notices by the control node: counted once, drawn again the same, and sent once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.congvu.mail.plugins.action import handover, handover_notices
from ansible_collections.congvu.mail.plugins.module_utils.model import Audience
from ansible_collections.congvu.mail.plugins.module_utils.takeover import Book, Handover, Party

if TYPE_CHECKING:
    from pathlib import Path

DUE = Handover(
    mailbox="snv",
    name="Sở Nội vụ",
    address="snv@camau.gov.vn",
    agency="Sở Nội vụ",
    superior="",
    old=Party("cm00024", "Nguyễn Văn Điền", "Giám đốc"),
    new=Party("cm00025", "Nguyễn Hoàng Giàu", "Giám đốc"),
    since=date(2026, 12, 15),
    decision="2391/QĐ-UBND",
    regulation="Quyết định số 26/2009/QĐ-UBND",
    cite="CM Điều 4.2",
    audience=Audience.UNITS,
    recipients=("vp.snv@camau.gov.vn",),
)
HEADS = {"snv": "cm00025"}
COUNTED = {
    "taken": "2026-12-15T08:05:00+07:00",
    "folders": {
        "snv": [{"name": "INBOX", "messages": 3, "unread": 1, "size": 900, "oldest": "2026-01-05", "newest": None}]
    },
}


class Scene:
    """A state folder, and hosts that answer."""

    def __init__(self, folder: Path) -> None:
        """Nothing is handed over yet."""
        self.folder = folder
        self.book = Book(folder / "handovers")
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answer: dict[str, Any] = COUNTED

    def execute(self, module_name: str, module_args: dict[str, Any]) -> dict[str, Any]:
        """Answer as the module on the host does."""
        self.asked.append((module_name.rpartition(".")[2], module_args))
        return self.answer

    def run(self, action: type[Any], *, check: bool = False, **arguments: object) -> dict[str, Any]:
        """Run an action as a play does."""
        given = {"state": str(self.folder), **arguments}
        task = SimpleNamespace(args=given, async_val=0, check_mode=check, diff=False)
        connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
        made = action(task, connection, SimpleNamespace(check_mode=check, diff=False), None, None, None)
        answer: dict[str, Any] = made.run(task_vars={"inventory_hostname": "mail"})
        return answer

    def record(self, *, check: bool = False) -> dict[str, Any]:
        """Draw up what is due."""
        return self.run(handover.ActionModule, check=check, due=[DUE.data()], heads=HEADS)

    def tell(self, *, check: bool = False) -> dict[str, Any]:
        """Tell the others."""
        return self.run(handover_notices.ActionModule, check=check)


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    made = Scene(tmp_path)
    for module in (handover, handover_notices):
        monkeypatch.setattr(
            module.ActionModule,
            "_execute_module",
            lambda _, module_name, module_args, **__: made.execute(module_name, module_args),
        )
    return made


def test_a_handover_is_counted_written_down_and_drawn(scene: Scene) -> None:
    answer = scene.record()
    paper = scene.book.paper(DUE)
    assert paper.read_bytes().startswith(b"%PDF")
    assert (answer["changed"], answer["records"]) == (True, [str(paper)])
    assert answer["text"].startswith("Recorded the handover of snv@camau.gov.vn from Nguyễn Văn Điền to Nguyễn Hoàng")
    assert answer["lines"][0]["subject"] == "mailbox:snv"
    assert scene.book.heads() == HEADS


def test_a_run_that_broke_off_is_finished_with_the_same_figures(scene: Scene) -> None:
    scene.record()
    before = scene.book.paper(DUE).read_bytes()
    scene.book.paper(DUE).unlink()
    scene.asked.clear()
    scene.record()
    assert scene.book.paper(DUE).read_bytes() == before
    assert scene.asked == [], "the store is not asked again"


def test_where_the_store_does_not_answer_the_old_head_stays_known(scene: Scene) -> None:
    scene.book.note_heads({"snv": "cm00024"})
    scene.answer = {"failed": True, "msg": "doveadm does not answer. Is Dovecot running?"}
    with pytest.raises(AnsibleActionFail, match=r"run playbooks/handover\.yml"):
        scene.record()
    assert scene.book.heads() == {"snv": "cm00024"}
    assert scene.book.find(DUE) is None


def test_a_rehearsal_writes_nothing(scene: Scene) -> None:
    assert scene.record(check=True)["text"].startswith("Would record the handover")
    assert not scene.book.folder.exists()


def test_the_others_are_told_once(scene: Scene) -> None:
    scene.record()
    scene.asked.clear()
    assert scene.tell()["text"] == "Told 1 mailboxes that Nguyễn Hoàng Giàu now runs snv@camau.gov.vn."
    ((module, letter),) = scene.asked
    assert (module, letter["sender"]) == ("letter", "snv@camau.gov.vn")
    assert letter["recipients"] == ["vp.snv@camau.gov.vn", "snv@camau.gov.vn"]
    assert letter["message_id"] in letter["content"]
    assert scene.tell()["changed"] is False
    assert len(scene.asked) == 1


def test_a_letter_that_could_not_be_handed_in_is_the_same_letter_the_next_time(scene: Scene) -> None:
    scene.record()
    scene.asked.clear()
    scene.answer = {"failed": True, "msg": "Postfix did not take the letter."}
    with pytest.raises(AnsibleActionFail, match=r"run playbooks/handover\.yml"):
        scene.tell()
    scene.answer = {"changed": True}
    scene.tell()
    (_, first), (_, second) = scene.asked
    assert first == second


def test_where_nobody_is_to_be_told_no_letter_is_written(scene: Scene) -> None:
    scene.book.note(replace(DUE, recipients=(), taken=datetime(2026, 12, 15, tzinfo=UTC)))
    assert scene.tell() == {"changed": False, "text": ""}
    assert scene.asked == []
