"""Commands of controls, run: whatever becomes of one, it is an answer."""

from __future__ import annotations

from datetime import datetime

import pytest
from ansible_collections.congvu.mail.plugins.modules.answers import LONGEST, answer


@pytest.mark.parametrize(
    ("argv", "given", "exit_", "out"),
    [
        (["printf", "xin chào"], "", 0, "xin chào"),
        (["cat"], "thư\n", 0, "thư\n"),
        (["sh", "-c", "echo inactive; exit 3"], "", 3, "inactive\n"),
        (["sh", "-c", "echo $LC_ALL"], "", 0, "C.UTF-8\n"),
        (["head", "--bytes=99999", "/dev/zero"], "", 0, "\0" * LONGEST),
    ],
    ids=["output", "input", "another exit status", "one language", "a long answer"],
)
def test_what_a_command_says_is_told_as_it_is(argv: list[str], given: str, exit_: int, out: str) -> None:
    said = answer({"argv": argv, "input": given}, 10)
    assert (said["exit"], said["out"], said["failed"]) == (exit_, out, "")
    assert datetime.fromisoformat(said["at"]).tzinfo is not None


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["khong-co-lenh-nay"], "máy chủ không có lệnh khong-co-lenh-nay"),
        (["sleep", "9"], "quá 1 giây chưa có câu trả lời"),
    ],
)
def test_a_command_that_gives_no_answer_says_why(argv: list[str], why: str) -> None:
    assert answer({"argv": argv}, 1)["failed"] == why
