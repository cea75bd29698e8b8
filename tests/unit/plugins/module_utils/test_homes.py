"""The homes of mailboxes: counted without asking Dovecot, removed as a whole, again and again if need be."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.homes import REMAINS, HomeError, place, remove, survey

if TYPE_CHECKING:
    from pathlib import Path

UID = "tth00018"


def fill(root: Path, uid: str = UID, letters: int = 3) -> Path:
    """Make a home as Dovecot does, with some letters in INBOX and one in Sent."""
    home = place(root, uid)
    for folder, count in (("INBOX", letters), ("Sent", 1), ("Sent/Nam 2026", 0)):
        path = home / "sdbox" / "mailboxes" / folder / "dbox-Mails"
        path.mkdir(parents=True)
        for number in range(1, count + 1):
            (path / f"u.{number}").write_bytes(b"x" * 100)
        (path / "dovecot.index.log").write_bytes(b"i" * 10)
    (home / "sieve").mkdir()
    (home / "sieve" / "thu.sieve").write_bytes(b"keep;")
    return home


@pytest.mark.parametrize(
    ("uid", "folder"), [("tth00018", "1/e"), ("snv", "f/3")], ids=["as Dovecot says of a person", "of an agency"]
)
def test_a_home_is_where_dovecot_has_it(tmp_path: Path, uid: str, folder: str) -> None:
    assert place(tmp_path, uid) == tmp_path / folder / uid


@pytest.mark.parametrize("uid", ["", "..", "../snv", "snv/x", "SNV", ".purged", "snv\n"])
def test_what_is_no_id_is_nowhere(tmp_path: Path, uid: str) -> None:
    with pytest.raises(HomeError, match="is not the id of a mailbox"):
        place(tmp_path, uid)


def test_folders_letters_and_bytes_are_counted(tmp_path: Path) -> None:
    assert survey(tmp_path, UID) is None
    fill(tmp_path)
    found = survey(tmp_path, UID)
    assert found is not None
    assert (found.uid, found.folders, found.messages, found.bytes) == (UID, 3, 4, 4 * 100 + 3 * 10 + 5)
    assert len(found.path) == 64


def test_a_home_goes_for_ever_and_no_other_with_it(tmp_path: Path) -> None:
    fill(tmp_path)
    other = fill(tmp_path, "snv")
    for _ in range(2):
        remove(tmp_path, UID)
        assert survey(tmp_path, UID) is None
        assert not place(tmp_path, UID).exists()
    assert survey(tmp_path, "snv") is not None
    assert other.exists()
    assert list((tmp_path / REMAINS).iterdir()) == []


def test_a_removal_that_was_killed_is_finished_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, whole = fill(tmp_path), shutil.rmtree

    def killed(path: Path) -> None:
        whole(path / "sdbox" / "mailboxes" / "INBOX")
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        remove(tmp_path, UID)
    monkeypatch.undo()
    assert not home.exists(), "from one moment to the next nothing is the mailbox's any more"
    left = survey(tmp_path, UID)
    assert left is not None
    assert (left.folders, left.messages) == (2, 1)
    remove(tmp_path, UID)
    assert survey(tmp_path, UID) is None


@pytest.mark.parametrize("make", ["link", "file"])
def test_what_is_no_folder_is_left_for_people_to_look_at(tmp_path: Path, make: str) -> None:
    home, elsewhere = place(tmp_path, UID), fill(tmp_path, "snv")
    home.parent.mkdir(parents=True, exist_ok=True)
    if make == "link":
        home.symlink_to(elsewhere)
    else:
        home.write_bytes(b"?")
    with pytest.raises(HomeError, match="is no folder"):
        survey(tmp_path, UID)
    assert elsewhere.exists()
