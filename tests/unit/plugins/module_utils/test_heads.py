"""Heads that others keep."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import heads, ledger
from ansible_collections.congvu.mail.plugins.module_utils.ledger import Entry, Head, Kind, LedgerError

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def record(state: Path) -> Head:
    head = ledger.append(state, [Entry(Kind.RESET, "person:tth00012", "Cấp lại mật khẩu.")], NOW)
    assert head is not None
    return head


def test_heads_are_read_as_they_were_published(tmp_path: Path) -> None:
    file = tmp_path / "ledger-heads"
    assert heads.read(file) == ()
    published = [record(tmp_path), record(tmp_path)]
    for head in published:
        heads.publish(file, head)
    assert list(heads.read(file)) == published
    assert file.read_text(encoding="ascii").splitlines()[0] == f"{published[0]} 2026-11-23T02:00:00.000000+00:00"
    heads.hold(list(ledger.read(tmp_path)), published)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (Head(9, "a" * 64, "2026"), "ends at line 3; 9:aa"),
        (Head(2, "a" * 64, "2026"), "Line 2 of the ledger is not the one published"),
    ],
)
def test_a_head_that_is_not_in_the_ledger_is_told(tmp_path: Path, head: Head, said: str) -> None:
    record(tmp_path)
    record(tmp_path)
    with pytest.raises(LedgerError, match=said):
        heads.hold(list(ledger.read(tmp_path)), [head])


def test_another_file_is_no_list_of_heads(tmp_path: Path) -> None:
    file = tmp_path / "ledger-heads"
    file.write_text(f"{Head(1, 'a' * 64, '')} 2026\n1:abc\n", encoding="ascii")
    with pytest.raises(LedgerError, match="line 2: is no head"):
        heads.read(file)
