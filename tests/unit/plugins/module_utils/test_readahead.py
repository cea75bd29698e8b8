"""What another process reads of the directory is what the plan would have read; what goes wrong there costs nothing."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import dn as names
from ansible_collections.congvu.mail.plugins.module_utils import readahead
from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, LdapDirectory, TruncatedError
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES
from ansible_collections.congvu.mail.plugins.module_utils.readahead import ReadAhead, unwritten
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX, MemoryDirectory

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.directory import Record

ACCESS = Access("ldapi:///")


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> MemoryDirectory:
    memory = MemoryDirectory()
    for number in range(7):
        memory.put(f"uid=tth{number:05},{BASE}", uid=f"tth{number:05}", cn="Trần Thị Bưởi", mail=("a@x.vn", "b@x.vn"))
    memory.put(f"uid=la,{BASE}", uid="la", cn="\udcff")  # no text
    monkeypatch.setattr(LdapDirectory, "connect", lambda _: nullcontext(memory))
    return memory


@contextmanager
def begun(kept: Path | None = None, state: str = "") -> Iterator[ReadAhead]:
    """Begin, where it must be possible."""
    ahead = ReadAhead.begin(ACCESS, SUFFIX, kept, state)
    assert ahead is not None
    with ahead:
        yield ahead
    assert not ahead.process.is_alive()


@pytest.mark.parametrize("together", [1, 3, 4096])
def test_what_it_reads_is_what_the_plan_would_have_read(
    directory: MemoryDirectory, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(readahead, "_TOGETHER", together)
    with begun() as ahead:
        assert ahead.records() == directory.read_tree(BASE, ATTRIBUTES)


def test_it_reads_what_is_there_when_it_begins(directory: MemoryDirectory) -> None:
    before = directory.read_tree(BASE, ATTRIBUTES)
    with begun() as ahead:
        directory.put(f"uid=tth99999,{BASE}", uid="tth99999")
        assert ahead.records() == before


def test_what_was_read_is_kept_and_read_again_where_it_changed(directory: MemoryDirectory, tmp_path: Path) -> None:
    with begun(tmp_path / "kept") as ahead:
        ahead.records()
    kept = list((tmp_path / "kept").iterdir())
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    directory.put(f"uid=tth00003,{BASE}", uid="tth00003", cn="Trần Thị Mận")
    del directory.records[names.key(f"uid=tth00004,{BASE}")]
    expected = directory.read_tree(BASE, ATTRIBUTES)
    unchanged = names.key(f"uid=tth00005,{BASE}")
    directory.records[unchanged] = directory.records[unchanged]._replace(attributes={"cn": ("not looked at",)})
    with begun(tmp_path / "kept") as ahead:
        assert ahead.records() == expected
    with begun(tmp_path / "kept") as ahead:
        assert ahead.records() == expected
    assert list((tmp_path / "kept").iterdir()) == kept, "one reading is kept, not all"


@pytest.mark.parametrize(
    ("access", "state", "is_known"),
    [
        (ACCESS, "csn 1", True),
        (ACCESS, "csn 2", False),
        (ACCESS, "", False),
        (Access("ldaps://other"), "csn 1", False),
        (Access("ldapi:///", bind_dn="cn=snv"), "csn 1", False),
    ],
)
def test_where_nothing_was_written_since_nothing_is_read(
    directory: MemoryDirectory, tmp_path: Path, access: Access, state: str, *, is_known: bool
) -> None:
    with begun(tmp_path, "csn 1") as ahead:
        ahead.records()
    expected = directory.read_tree(BASE, ATTRIBUTES)
    directory.records.clear()
    assert unwritten(access, SUFFIX, tmp_path, state) == (expected if is_known else None)


@pytest.mark.usefixtures("directory")
def test_what_was_read_in_no_state_that_could_be_told_is_never_taken_for_the_same(tmp_path: Path) -> None:
    with begun(tmp_path) as ahead:
        ahead.records()
    assert unwritten(ACCESS, SUFFIX, tmp_path, "") is None


def test_what_was_kept_and_is_damaged_is_read_anew(directory: MemoryDirectory, tmp_path: Path) -> None:
    with begun(tmp_path / "kept") as ahead:
        ahead.records()
    for path in (tmp_path / "kept").iterdir():
        path.write_bytes(path.read_bytes()[:-9])
    with begun(tmp_path / "kept") as ahead:
        assert ahead.records() == directory.read_tree(BASE, ATTRIBUTES)


def _truncated(_: str, __: Collection[str]) -> list[Record]:
    raise TruncatedError(*"12")


def _killed(_: str, __: Collection[str]) -> list[Record]:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


@pytest.mark.parametrize("read", [_truncated, _killed])
def test_a_failure_there_is_no_answer(
    directory: MemoryDirectory,
    monkeypatch: pytest.MonkeyPatch,
    read: Callable[[str, Collection[str]], list[Record]],
) -> None:
    monkeypatch.setattr(directory, "read_tree", read)
    with begun() as ahead:
        assert ahead.records() is None


@pytest.mark.usefixtures("directory")
def test_nothing_runs_on_that_nobody_waits_for() -> None:
    with begun() as ahead:
        pass
    assert ahead.process.exitcode is not None


@pytest.mark.usefixtures("directory")
def test_a_process_with_threads_is_not_forked() -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert ReadAhead.begin(ACCESS, SUFFIX) is None
    finally:
        done.set()
        other.join()
