"""Sessions ended by the control node: once, on each store, and with an alarm where that did not work."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible_collections.congvu.mail.plugins.action.end_sessions import ActionModule
from ansible_collections.congvu.mail.plugins.module_utils.sessions import Owed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STORE = "store1.tinh.gov.vn"
NOBODY = {"changed": False, "users": [], "ended": 0, "text": ""}


class Scene:
    """A state folder in which the sessions of two people are noted, and a store."""

    def __init__(self, folder: Path) -> None:
        """Note them."""
        self.folder = folder
        self.asked: list[list[str]] = []
        self.happens: Callable[[], dict[str, Any]] = lambda: {"ended": 3}
        with Owed(folder / "sessions").noted("9f2c41d0c0a3", (STORE,), ("tth00001", "tth00018")):
            pass

    def store(self, module_args: dict[str, Any]) -> dict[str, Any]:
        """Answer as the module on the store does."""
        self.asked.append(module_args["users"])
        return self.happens()

    def run(self, *users: str, check: bool = False, delegate_to: str = "") -> dict[str, Any]:
        """Run the action as a play does."""
        arguments = {"state": str(self.folder), "users": list(users)}
        task = SimpleNamespace(args=arguments, async_val=0, check_mode=check, diff=False, delegate_to=delegate_to)
        connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
        action = ActionModule(task, connection, SimpleNamespace(check_mode=check, diff=False), None, None, None)
        answer: dict[str, Any] = action.run(task_vars={"inventory_hostname": "localhost" if delegate_to else STORE})
        return answer


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    made = Scene(tmp_path)
    monkeypatch.setattr(ActionModule, "_execute_module", lambda _, module_args, **__: made.store(module_args))
    return made


def test_those_noted_are_signed_out_once(scene: Scene) -> None:
    answer = scene.run()
    assert answer["changed"] is True
    assert answer["text"] == "Ended 3 open sessions of those who lost access: tth00001, tth00018."
    assert scene.run() == NOBODY
    assert scene.asked == [["tth00001", "tth00018"]], "where nobody is to be signed out the store is not asked"


def test_a_task_for_the_control_node_may_be_delegated_to_the_store(scene: Scene) -> None:
    assert scene.run(delegate_to=STORE)["ended"] == 3
    assert scene.run(delegate_to="store2.tinh.gov.vn") == NOBODY


def test_others_are_signed_out_along_with_them(scene: Scene) -> None:
    assert scene.run("tth00044", "tth00018")["users"] == ["tth00001", "tth00018", "tth00044"]
    assert scene.run("tth00044")["users"] == ["tth00044"]


def test_who_had_nothing_open_is_no_change(scene: Scene) -> None:
    scene.happens = lambda: {"ended": 0}
    answer = scene.run()
    assert (answer["changed"], answer["text"]) == (False, "")
    assert scene.run() == NOBODY


def test_a_rehearsal_ends_nothing(scene: Scene) -> None:
    assert scene.run(check=True)["text"].startswith("Would end 3 open sessions")
    assert scene.run()["ended"] == 3


def unreachable() -> dict[str, Any]:
    message = "No route to host"
    raise AnsibleConnectionFailure(message)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        pytest.param(unreachable, "No route to host.", id="a host that is down"),
        pytest.param(
            lambda: {"failed": True, "msg": "doveadm does not answer. Is Dovecot running?"},
            "Is Dovecot running?",
            id="a Dovecot that is down",
        ),
        pytest.param(lambda: {"unreachable": True, "msg": "timed out"}, "timed out.", id="a connection that timed out"),
    ],
)
def test_a_store_that_does_not_answer_raises_an_alarm_and_is_asked_again(
    scene: Scene, happens: Callable[[], dict[str, Any]], why: str
) -> None:
    scene.happens = happens
    answer = scene.run()
    assert answer["failed"] is True
    assert scene.run("tth00044")["failed"] is True
    first, advice = answer["msg"].splitlines()
    assert first.startswith(f"{STORE} did not end the sessions of 2 people who lost access: tth00001, tth00018. ")
    assert first.endswith(why)
    assert "run playbooks/store.yml" in advice
    scene.happens = lambda: {"ended": 1}
    assert scene.run()["users"] == ["tth00001", "tth00018", "tth00044"]
    assert scene.run() == NOBODY
