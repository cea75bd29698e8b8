"""An initial password is strong, readable, recorded before it is in force, and never given out twice."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import files
from ansible_collections.congvu.mail.plugins.module_utils.credentials import Cost, Vault, file_name, random_password
from passlib.hash import argon2

if TYPE_CHECKING:
    from pathlib import Path

QUICK = Cost(memory=8)


def test_a_password_has_all_that_a_regulation_asks_and_nothing_that_looks_alike() -> None:
    drawn = {random_password() for _ in range(200)}
    assert len(drawn) == 200
    for password in drawn:
        assert re.fullmatch(r"([A-HJ-NP-Za-kmnp-z2-9]{4}-){3}[A-HJ-NP-Za-kmnp-z2-9]{4}", password)
        assert all(re.search(kind, password) for kind in ("[A-Z]", "[a-z]", "[0-9]", "-"))


@pytest.mark.parametrize(("id_", "name"), [("person:tth00123", "tth00123"), ("admin:snv", "admin.snv")])
def test_the_password_is_recorded_for_its_owner_s_eyes(tmp_path: Path, id_: str, name: str) -> None:
    hashed = Vault(tmp_path / "initial-passwords", QUICK).issue(id_).decode()
    path = tmp_path / "initial-passwords" / name
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    scheme, text = hashed[:8], hashed[8:]
    assert scheme == "{ARGON2}"
    assert argon2.verify(path.read_text().rstrip("\n"), text)


def test_a_password_that_may_be_in_force_already_is_kept(tmp_path: Path) -> None:
    vault = Vault(tmp_path, QUICK)
    first = vault.issue("person:a")
    before = (tmp_path / "a").read_text()
    second = vault.issue("person:a")
    assert (tmp_path / "a").read_text() == before
    assert first != second, "every hash has a salt of its own"
    assert argon2.verify(before.rstrip("\n"), second[8:].decode())


def test_passwords_that_are_foreseen_are_recorded_at_once_and_issued_as_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[list[str]] = []

    def sync(folder: Path) -> None:
        synced.append(sorted(path.name for path in folder.iterdir()))

    monkeypatch.setattr(files, "sync_file_system", sync)
    ids = ["person:a", "person:b", "admin:snv"]
    Vault(tmp_path, QUICK).issue("person:a")
    with Vault(tmp_path, QUICK) as vault:
        vault.foresee(ids)
        hashes = {id_: vault.issue(id_).decode() for id_ in ids}
    assert synced == [["a"], ["a", "admin.snv", "b"]], "one wait for the disk for all that is new, before any is issued"
    for id_, name in zip(ids, ("a", "b", "admin.snv"), strict=True):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
        assert argon2.verify((tmp_path / name).read_text().rstrip("\n"), hashes[id_][8:])


def test_a_password_is_not_issued_if_the_disk_refuses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path))

    monkeypatch.setattr(files, "sync_file_system", full)
    with Vault(tmp_path, QUICK) as vault:
        vault.foresee(["person:a"])
        with pytest.raises(OSError, match="No space left"):
            vault.issue("person:a")


def test_an_empty_file_that_a_power_cut_left_is_no_password(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    hashed = Vault(tmp_path, QUICK).issue("person:a").decode()
    password = (tmp_path / "a").read_text().rstrip("\n")
    assert password
    assert argon2.verify(password, hashed[8:])


def test_a_password_that_was_forgotten_is_followed_by_another(tmp_path: Path) -> None:
    vault = Vault(tmp_path, QUICK)
    vault.issue("person:a")
    before = (tmp_path / "a").read_text()
    for _ in range(2):
        vault.forget("person:a")
        assert not (tmp_path / "a").exists()
    vault.issue("person:a")
    assert (tmp_path / "a").read_text() != before


def test_the_hash_is_argon2id_at_the_cost_that_was_asked_for(tmp_path: Path) -> None:
    assert b"{ARGON2}$argon2id$v=19$m=16,t=2,p=1$" in Vault(tmp_path, Cost(16, 2, 1)).issue("person:a")


@pytest.mark.parametrize("id_", ["person:", "person:../a", "person:a/b", "person:A", "a", "admin:\n"])
def test_an_id_that_cannot_name_a_file_is_refused(id_: str) -> None:
    with pytest.raises(ValueError, match="cannot name a file"):
        file_name(id_)


def test_what_is_recorded_is_told_by_holder_and_nothing_half_written(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "initial-passwords", QUICK)
    assert vault.recorded() == {}
    for id_ in ("person:tth00123", "admin:snv"):
        vault.issue(id_)
    (vault.folder / ".tth00124.5f3a").write_text("half", encoding="utf-8")
    (vault.folder / "tth00125").write_text("", encoding="utf-8")
    assert vault.recorded().keys() == {"person:tth00123", "admin:snv"}


def test_a_password_is_renewed_on_the_disk_before_its_hash_is_handed_out(tmp_path: Path) -> None:
    vault = Vault(tmp_path, QUICK)
    vault.issue("person:tth00123")
    before = vault.recorded()["person:tth00123"]
    digest, former = vault.renew("person:tth00123")
    after = vault.recorded()["person:tth00123"]
    assert former == before != after
    assert argon2.verify(after, digest.decode().removeprefix("{ARGON2}"))


@pytest.mark.parametrize("issued", [True, False], ids=["one before", "none before"])
def test_a_password_that_the_directory_did_not_take_leaves_the_former_one(tmp_path: Path, *, issued: bool) -> None:
    vault = Vault(tmp_path, QUICK)
    if issued:
        vault.issue("person:tth00123")
    before = vault.recorded()
    _, former = vault.renew("person:tth00123")
    vault.put_back("person:tth00123", former)
    assert vault.recorded() == before
