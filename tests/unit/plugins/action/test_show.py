"""What is shown is shown as it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.action.show import ActionModule

if TYPE_CHECKING:
    import pytest


def test_a_text_is_printed_unquoted_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    task = SimpleNamespace(args={"text": "Kế hoạch:\n  + person a\n"}, async_val=0, check_mode=False, diff=False)
    shell = SimpleNamespace(tmpdir=None)
    connection = SimpleNamespace(_shell=shell)
    play = SimpleNamespace(check_mode=False, diff=False)
    action = ActionModule(task, connection, play, None, None, None)
    assert action.run(task_vars={})["changed"] is False
    assert capsys.readouterr().out == "\nKế hoạch:\n  + person a\n"
