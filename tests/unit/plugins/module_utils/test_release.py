"""A site changes all at once, what is unchanged stays untouched, and nothing lands elsewhere."""

from __future__ import annotations

import io
import os
import stat
import tarfile
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import release

if TYPE_CHECKING:
    from pathlib import Path

FIRST = {"index.html": b"one", "co-quan/snv.html": b"snv", "co-quan/stc.html": b"stc"}
SECOND = {"index.html": b"two", "co-quan/snv.html": b"snv", "co-quan/syt.html": b"syt"}


def files_of(root: Path) -> dict[str, bytes]:
    base = root / release.CURRENT
    return {
        path.relative_to(base.resolve()).as_posix(): path.read_bytes()
        for path in base.resolve().rglob("*")
        if path.is_file()
    }


def test_a_release_holds_the_files_and_tells_which_are_new(tmp_path: Path) -> None:
    assert release.differing(tmp_path, FIRST) == sorted(FIRST)
    assert release.put(tmp_path, FIRST) == sorted(FIRST)
    assert files_of(tmp_path) == FIRST
    assert release.put(tmp_path, FIRST) == release.differing(tmp_path, FIRST) == []


def test_the_next_one_tells_what_came_changed_and_went_and_rewrites_nothing_else(tmp_path: Path) -> None:
    release.put(tmp_path, FIRST)
    page = tmp_path / release.CURRENT / "co-quan" / "snv.html"
    os.utime(page, (1, 1))
    number = page.stat().st_ino
    changes = ["co-quan/stc.html", "co-quan/syt.html", "index.html"]
    assert release.differing(tmp_path, SECOND) == changes
    assert release.put(tmp_path, SECOND) == changes
    assert files_of(tmp_path) == SECOND
    assert (page.stat().st_ino, page.stat().st_mtime) == (number, 1)


def test_whoever_reads_the_former_one_still_has_it_whole(tmp_path: Path) -> None:
    release.put(tmp_path, FIRST)
    reading = (tmp_path / release.CURRENT).resolve()
    release.put(tmp_path, SECOND)
    assert {path.name for path in reading.rglob("*.html")} == {"index.html", "snv.html", "stc.html"}
    release.put(tmp_path, {"index.html": b"three"})
    assert not reading.exists()
    assert len(list((tmp_path / "releases").iterdir())) == 2


def test_the_way_back_is_a_release_like_any_other(tmp_path: Path) -> None:
    for files in (FIRST, SECOND, FIRST):
        release.put(tmp_path, files)
    assert files_of(tmp_path) == FIRST


def test_a_run_that_fails_leaves_the_former_one_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release.put(tmp_path, FIRST)

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release, "sync_file_system", full)
    with pytest.raises(OSError, match="No space left"):
        release.put(tmp_path, SECOND)
    assert files_of(tmp_path) == FIRST
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [release.current(tmp_path)]


def test_what_a_killed_run_left_goes_with_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "releases" / ".0123456789abcdef").mkdir(parents=True)
    release.put(tmp_path, FIRST)
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [release.current(tmp_path)]


def test_everybody_may_read_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        release.put(tmp_path / "site", FIRST)
    finally:
        os.umask(before)
    (tmp_path / "site").chmod(0o755)
    for path in [tmp_path / "site" / "releases", *(tmp_path / "site" / "releases").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644)


def test_it_can_be_taken_away(tmp_path: Path) -> None:
    assert not release.withdraw(tmp_path)
    release.put(tmp_path, FIRST)
    assert release.withdraw(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert release.current(tmp_path) == ""


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../index.html", "co-quan/../../x"])
def test_a_path_that_leads_elsewhere_is_refused_before_anything_is_written(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="is no path below a folder"):
        release.put(tmp_path, {"index.html": b"one", path: b"two"})
    assert list(tmp_path.iterdir()) == []


def test_files_go_through_an_archive_and_the_same_ones_give_the_same_bytes() -> None:
    assert release.unpack(release.pack(FIRST)) == FIRST
    assert release.pack(FIRST) == release.pack(dict(reversed(FIRST.items())))
    assert release.digest(FIRST) == release.digest(dict(reversed(FIRST.items()))) != release.digest(SECOND)


def test_files_cannot_be_told_apart_wrongly() -> None:
    assert release.digest({"a": b"b 1 c"}) != release.digest({"a": b"b", "c": b""})


def test_an_archive_with_a_link_is_refused() -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("index.html")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
    with pytest.raises(ValueError, match=r"index\.html in the archive is no file"):
        release.unpack(packed.getvalue())
