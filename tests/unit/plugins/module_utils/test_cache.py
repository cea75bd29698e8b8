"""What was read is kept for nobody but this engine and this user, and nothing else in the folder is touched."""

from __future__ import annotations

import errno
import os
import pkgutil
from pathlib import Path

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.cache import Cache


def test_what_was_put_comes_back_for_the_same_file_alone(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("agencies/snv.yml", b"code: snv\n", ("snv",))
    assert cache.get("agencies/snv.yml", b"code: snv\n") == ("snv",)
    assert cache.get("agencies/stc.yml", b"code: snv\n") is None
    assert cache.get("agencies/snv.yml", b"code: stc\n") is None


def test_of_a_file_that_changed_the_last_is_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.last("agencies/snv.yml") is None
    for content in (b"code: snv\n", b"code: snv\n# Seen.\n"):
        cache.put("agencies/snv.yml", content, ("snv", len(content)))
    assert Cache(tmp_path).last("agencies/snv.yml") == (b"code: snv\n# Seen.\n", ("snv", 18))
    assert cache.get("agencies/snv.yml", b"code: snv\n") is None
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"\0" * 7, b"\xff" * 8, b"\0" * 8 + b"no pickle", b"\0" * 7 + b"\x03ab"])
def test_what_is_damaged_is_as_if_it_were_not_there(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path)
    cache.put("agencies/snv.yml", b"", ("snv",))
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage)
    assert cache.get("agencies/snv.yml", b"") is None
    assert cache.last("agencies/snv.yml") is None


@pytest.mark.parametrize("module", ["check", "careers", "model", "vietnamese"])
def test_another_engine_finds_nothing_whichever_of_its_files_is_another(
    tmp_path: Path, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A verdict that an older check gave must not outlive it."""
    Cache(tmp_path).put("x", b"", 1)
    assert Cache(tmp_path).get("x", b"") == 1
    original = pkgutil.get_data

    def newer(package: str, resource: str) -> bytes | None:
        content = original(package, resource)
        return (content or b"") + b"# mended\n" if resource == f"{module}.py" else content

    monkeypatch.setattr(pkgutil, "get_data", newer)
    assert Cache(tmp_path).get("x", b"") is None


def test_only_what_the_cache_wrote_is_tidied_away(tmp_path: Path) -> None:
    secret = tmp_path / "ldap-reconciler"
    secret.write_text("khoa", encoding="utf-8")
    (tmp_path / "plans").mkdir()
    old = Cache(tmp_path)
    for number in range(9):
        old.put(f"agencies/a{number}.yml", b"", number)
    new = Cache(tmp_path)
    new.get("agencies/a0.yml", b"")
    new.tidy()
    assert [path for path in tmp_path.iterdir() if path.is_file() and path != secret] == [
        path
        for path in tmp_path.iterdir()
        if path.name in new._used  # noqa: SLF001 -- the one in use
    ]
    assert new.get("agencies/a0.yml", b"") == 0
    assert secret.exists()
    assert (tmp_path / "plans").is_dir()


def test_a_folder_of_somebody_else_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Cache(tmp_path).put("x", b"", 1)
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    assert Cache(tmp_path).get("x", b"") is None


def test_a_full_disk_costs_the_memory_and_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    cache = Cache(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", half)
        cache.put("agencies/snv.yml", b"code: snv\n", ("snv",))
    assert cache.get("agencies/snv.yml", b"code: snv\n") is None
    assert list(tmp_path.iterdir()) == []
