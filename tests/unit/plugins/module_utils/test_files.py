"""A file is there whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.files import (
    complaint,
    point,
    read_secret,
    write_secret,
    write_secrets,
    write_whole,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "file"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [one.name for one in path.parent.iterdir()] == ["file"]


def test_a_write_that_fails_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_whole(path, b"one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as refused:
        write_whole(path, b"two")
    assert complaint(refused.value).startswith(f"{path}: No space left on device. Make room there")
    assert path.read_bytes() == b"one"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_link_is_turned_without_a_moment_of_nothing(tmp_path: Path) -> None:
    for target in ("one", "two"):
        point(tmp_path / "latest", target)
        assert (tmp_path / "latest").readlink().name == target


def test_a_secret_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "one"
    write_secret(path, "bí mật")
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_secret(path) == "bí mật"
    assert read_secret(tmp_path / "none") == ""


def test_many_secrets_are_for_the_calling_user_alone_and_leave_nothing_else_behind(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    (tmp_path / "other").mkdir()
    write_secrets(folder, {"a": "bí mật", "b": "khác"})
    write_secrets(folder, {"b": "mới"})
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == {"a": "bí mật\n", "b": "mới\n"}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
