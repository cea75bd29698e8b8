"""The ledger: what is recorded stays as it is, and whatever is done to it is found out."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import ledger
from ansible_collections.congvu.mail.plugins.module_utils.ledger import Entry, Head, Kind, LedgerError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

VERIFY = Path(__file__).parents[4] / "bin" / "verify-ledger"
NEW_YEAR = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
YEARS = ("2026.jsonl", "2027.jsonl")


def entry(number: int, *proofs: ledger.Proof) -> Entry:
    return Entry(Kind.APPLY, f"{number:064x}", f"Đã áp dụng {number} thay đổi.", "an@control", proofs)


def record(state: Path, *entries: Entry, after: float = 0) -> Head:
    """Record something some seconds after New Year's Eve."""
    head = ledger.append(state, entries, NEW_YEAR + timedelta(seconds=after))
    assert head is not None
    return head


def written(state: Path, count: int = 6) -> list[Head]:
    """Record something every second, around New Year, and give the head after each."""
    return [record(state, entry(number), after=number - 3) for number in range(count)]


def verify(state: Path, *heads: object, proofs: bool = False, language: str = "") -> tuple[int, str]:
    """Ask the auditor's script."""
    words = [str(VERIFY), str(state / ledger.FOLDER), *map(str, heads)]
    words += ["--proofs", str(state)] if proofs else []
    words += ["--vi"] if language else []
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)  # noqa: S603 -- our own script
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def agrees(state: Path, *heads: Head) -> bool:
    """Ask the script and the engine, which must agree as long as nothing but the lines themselves is judged."""
    status, _ = verify(state, *heads)
    try:
        count = len(list(ledger.read(state)))
    except LedgerError:
        assert status == 1
        return False
    assert status == 1 or count
    return status == 0


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Head]:
    """Write a ledger across two years, and give its head as somebody else has written it down."""
    state = tmp_path_factory.mktemp("state")
    return state, written(state)[-1]


def copy(state: Path, target: Path) -> Path:
    """Copy a ledger."""
    copytree(state / ledger.FOLDER, target / ledger.FOLDER)
    return target


# --- What is recorded


def test_lines_say_what_was_done_by_whom_and_stand_in_one_file_a_year(tmp_path: Path) -> None:
    written(tmp_path)
    lines = list(ledger.read(tmp_path))
    assert [line.seq for line in lines] == [1, 2, 3, 4, 5, 6, 7]
    assert lines[0].entry == Entry(Kind.OPENED, "ledger", "Mở sổ cái.")
    assert [line.entry for line in lines[1:]] == [entry(number) for number in range(6)]
    assert [line.place for line in lines[4:]] == ["2026.jsonl:5", "2027.jsonl:1", "2027.jsonl:2"]
    assert lines[1].at == "2026-12-31T23:59:56.000000+00:00"
    assert [line.previous for line in lines[1:]] == [line.sha256 for line in lines[:-1]]


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    written(tmp_path)
    assert (tmp_path / ledger.FOLDER).stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / ledger.FOLDER).glob("*.jsonl")} == {0o600}


def test_several_lines_cost_one_wait_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    waits: list[int] = []
    monkeypatch.setattr(os, "fsync", waits.append)
    record(tmp_path, entry(7), entry(8), entry(9), after=86400)
    assert len(waits) == 1


def test_the_head_is_the_last_line_and_there_is_none_before_the_first(tmp_path: Path) -> None:
    assert ledger.head(tmp_path) is None
    assert ledger.append(tmp_path, [], NEW_YEAR) is None
    last = written(tmp_path)[-1]
    assert ledger.head(tmp_path) == last
    assert str(last) == f"7:{last.sha256}"


def test_a_clock_that_is_set_back_opens_no_earlier_file(tmp_path: Path) -> None:
    written(tmp_path)
    head = record(tmp_path, entry(9), after=-400 * 86400)
    assert sorted(path.name for path in (tmp_path / ledger.FOLDER).glob("*.jsonl")) == list(YEARS)
    assert agrees(tmp_path, head)


def test_many_at_once_take_turns(tmp_path: Path) -> None:
    def work(number: int) -> None:
        record(tmp_path, entry(number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    subjects = [line.entry.subject for line in ledger.read(tmp_path)]
    assert sorted(subjects[1:]) == [entry(number).subject for number in range(12)]


def test_what_a_line_rests_on_is_known_by_its_digest_and_may_grow(tmp_path: Path) -> None:
    purges = tmp_path / "purges.jsonl"
    purges.write_text("one\n", encoding="ascii")
    record(tmp_path, entry(1, ledger.proof(tmp_path, purges)))
    with purges.open("a", encoding="ascii") as file:
        file.write("two\n")
    assert verify(tmp_path, proofs=True)[0] == 0
    purges.write_text("odd\ntwo\n", encoding="ascii")
    assert verify(tmp_path, proofs=True) == (1, "2026.jsonl:2: purges.jsonl is not what it was then.\n")
    purges.unlink()
    status, said = verify(tmp_path, proofs=True)
    assert (status, said.partition("Files")[2]) == (0, " compared: 0, gone: 1.\n")


# --- What a crash leaves


@pytest.mark.parametrize("left", [1, 40, -1])
def test_half_a_line_is_set_aside_and_that_is_recorded(tmp_path: Path, left: int) -> None:
    *_, before, _ = written(tmp_path)
    path = tmp_path / ledger.FOLDER / "2027.jsonl"
    whole, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(whole + last[:left])
    assert verify(tmp_path) == (1, "2027.jsonl:2: half a line at the end.\n")
    head = record(tmp_path, entry(9), after=86400)
    assert agrees(tmp_path, before, head)
    *_, mended, new = ledger.read(tmp_path)
    assert (mended.entry.kind, new.entry) == (Kind.MENDED, entry(9))
    (aside,) = mended.entry.proofs
    assert (tmp_path / aside.file).read_bytes() == last[:left]


def test_half_of_the_very_first_line_is_set_aside_too(tmp_path: Path) -> None:
    folder = tmp_path / ledger.FOLDER
    folder.mkdir()
    (folder / "2026.jsonl").write_bytes(b'{"at":"20')
    record(tmp_path, entry(1))
    assert [line.entry.kind for line in ledger.read(tmp_path)] == [Kind.OPENED, Kind.MENDED, Kind.APPLY]


def test_a_file_that_a_crash_left_empty_is_taken_as_it_is(tmp_path: Path) -> None:
    written(tmp_path, 2)
    (tmp_path / ledger.FOLDER / "2027.jsonl").touch()
    head = record(tmp_path, entry(9), after=86400)
    assert head.seq == 4
    assert agrees(tmp_path, head)


def test_a_full_disk_leaves_no_part_of_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last = written(tmp_path)[-1]
    write = os.write

    def full(descriptor: int, text: bytes) -> int:
        if len(text) < 100:
            raise OSError(28, "No space left on device")
        return write(descriptor, text[:-99])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left"):
        record(tmp_path, entry(9), after=86400)
    assert ledger.head(tmp_path) == last
    assert agrees(tmp_path, last)


def test_nothing_is_appended_behind_a_line_that_was_changed(tmp_path: Path) -> None:
    written(tmp_path)
    path = tmp_path / ledger.FOLDER / "2027.jsonl"
    path.write_bytes(path.read_bytes()[:-10] + b"0" * 9 + b"\n")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"ledger/2027\.jsonl, last line: the ledger was changed"):
        record(tmp_path, entry(9))
    assert path.read_bytes() == before


# --- What somebody does to it

_FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_FEW
@given(data=st.data())
def test_one_byte_changed_anywhere_is_found(
    data: st.DataObject, known: tuple[Path, Head], tmp_path_factory: pytest.TempPathFactory
) -> None:
    state, _ = known
    year = data.draw(st.sampled_from(YEARS))
    content = bytearray((state / ledger.FOLDER / year).read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    target = copy(state, tmp_path_factory.mktemp("changed"))
    (target / ledger.FOLDER / year).write_bytes(content)
    assert verify(target)[0] == 1


def lines_of(state: Path) -> list[tuple[str, bytes]]:
    return [
        (year, line) for year in YEARS for line in (state / ledger.FOLDER / year).read_bytes().splitlines(keepends=True)
    ]


def rebuilt(lines: list[tuple[str, bytes]], target: Path) -> Path:
    folder = target / ledger.FOLDER
    folder.mkdir()
    for year in YEARS:
        (folder / year).write_bytes(b"".join(line for own, line in lines if own == year))
    return target


@pytest.mark.parametrize("number", range(6))
def test_a_line_removed_from_anywhere_but_the_end_is_found(
    known: tuple[Path, Head], tmp_path: Path, number: int
) -> None:
    lines = lines_of(known[0])
    del lines[number]
    assert verify(rebuilt(lines, tmp_path))[0] == 1
    assert not agrees(tmp_path)


@pytest.mark.parametrize("number", range(7))
def test_a_line_told_twice_is_found(known: tuple[Path, Head], tmp_path: Path, number: int) -> None:
    lines = lines_of(known[0])
    lines.insert(number, lines[number])
    assert not agrees(rebuilt(lines, tmp_path))


@_FEW
@given(places=st.lists(st.integers(0, 6), min_size=2, max_size=2, unique=True))
def test_two_lines_swapped_are_found(
    places: list[int], known: tuple[Path, Head], tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = lines_of(known[0])
    one, other = places
    lines[one], lines[other] = (lines[one][0], lines[other][1]), (lines[other][0], lines[one][1])
    assert not agrees(rebuilt(lines, tmp_path_factory.mktemp("swapped")))


@pytest.mark.parametrize("left", range(1, 7))
def test_an_end_cut_off_is_found_by_whoever_knows_the_head(known: tuple[Path, Head], tmp_path: Path, left: int) -> None:
    state, head = known
    rebuilt(lines_of(state)[:left], tmp_path)
    assert verify(tmp_path)[0] == 0
    assert verify(tmp_path, head) == (1, f"Head 7: the ledger ends at no. {left}, its end was cut off.\n")


def test_a_ledger_made_anew_is_found_by_whoever_knows_a_head(known: tuple[Path, Head], tmp_path: Path) -> None:
    _, head = known
    for number in range(9):
        record(tmp_path, entry(number + 100))
    assert verify(tmp_path)[0] == 0
    assert verify(tmp_path, head) == (1, "Head 7: that line is another one.\n")


def test_a_whole_year_that_is_missing_is_found(known: tuple[Path, Head], tmp_path: Path) -> None:
    copy(known[0], tmp_path)
    (tmp_path / ledger.FOLDER / "2026.jsonl").unlink()
    assert verify(tmp_path) == (1, "2027.jsonl:1: no. 6 does not follow no. 0.\n")


# --- What the script says


def test_the_script_says_in_vietnamese_what_it_found(known: tuple[Path, Head], tmp_path: Path) -> None:
    state, head = known
    said = f"Nguyên vẹn: 7 dòng, từ 2026-12-31 đến 2027-01-01. Mốc {head}. Số mốc đã biết và khớp: 1."
    status, told = verify(state, head, language="vi")
    assert (status, told.startswith(said)) == (0, True)
    folder = tmp_path / ledger.FOLDER
    assert verify(tmp_path, language="vi") == (1, f"Không có sổ cái trong {folder}.\n")


def test_the_script_needs_nothing_but_python_and_is_short_enough_to_be_read() -> None:
    text = VERIFY.read_text(encoding="utf-8")
    imported = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= sys.stdlib_module_names
    assert len(text.splitlines()) < 80
