"""A first password is changed once by whoever plays its holder, and never lost on the way."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import first_password
from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, DeniedError, Record
from ansible_collections.congvu.mail.plugins.module_utils.first_password import UnknownError, change, is_due

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

SUFFIX = "dc=tinh,dc=gov,dc=vn"
HOLDER = f"uid=tn01,ou=snv,ou=agencies,{SUFFIX}"


@dataclass
class Doors:
    """A directory with one person, which notes who signs in and what they ask for."""

    refuses: bool = False
    told: list[tuple[str, ...]] = field(default_factory=list)

    @contextmanager
    def connect(self, access: Access) -> Iterator[Doors]:
        """Let them in."""
        self.told.append((access.bind_dn, str(access.password_file)))
        yield self

    def find(self, base: str, wanted: Mapping[str, Collection[str]], _: Collection[str]) -> list[Record]:
        """Find the one person."""
        assert base == f"ou=agencies,{SUFFIX}"
        return [Record(HOLDER, "u", "c", {})] if list(wanted["uid"]) == ["tn01"] else []

    def change_password(self, old: str, new: str) -> None:
        """Take the new password, or not."""
        self.told.append((old, new))
        if self.refuses:
            message = "It is not taken."
            raise DeniedError(message, "Choose another.")


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> Doors:
    doors = Doors()
    monkeypatch.setattr(first_password, "LdapDirectory", doors)
    return doors


@pytest.fixture
def initial(tmp_path: Path) -> Path:
    path = tmp_path / "initial"
    path.write_text("hK7m-Rw3x\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("initial_age", "chosen_age", "due"),
    [(0, None, True), (None, None, True), (60, 0, False), (0, 60, True), (None, 0, False)],
    ids=["never signed in", "nothing known", "changed since", "reset since", "changed, and the slip is printed"],
)
def test_a_first_password_is_due_until_something_younger_was_chosen(
    tmp_path: Path,
    initial_age: int | None,
    chosen_age: int | None,
    due: bool,  # noqa: FBT001 - a table's column
) -> None:
    paths = {tmp_path / "initial": initial_age, tmp_path / "chosen": chosen_age}
    for path, age in paths.items():
        if age is not None:
            path.touch()
            os.utime(path, (1_000_000 - age, 1_000_000 - age))
    assert is_due(*paths) is due


def test_its_holder_signs_in_with_it_and_what_they_chose_is_kept_for_the_caller_alone(
    doors: Doors, initial: Path, tmp_path: Path
) -> None:
    chosen = tmp_path / "chosen" / "tn01"
    change(Access("ldaps://x", "cn=reconciler", tmp_path / "secret"), SUFFIX, "tn01", initial, chosen)
    new = chosen.read_text(encoding="utf-8").strip()
    assert doors.told == [
        ("cn=reconciler", str(tmp_path / "secret")),
        (HOLDER, str(initial)),
        ("hK7m-Rw3x", new),
    ]
    assert new != "hK7m-Rw3x"
    assert chosen.stat().st_mode & 0o077 == 0


def test_what_the_directory_refused_is_not_taken_for_chosen(doors: Doors, initial: Path, tmp_path: Path) -> None:
    doors.refuses = True
    with pytest.raises(DeniedError):
        change(Access("ldaps://x"), SUFFIX, "tn01", initial, tmp_path / "chosen")
    assert not (tmp_path / "chosen").exists()


@pytest.mark.parametrize(("uid", "says"), [("tn02", "is not in the directory below"), ("tn01", "has no initial")])
def test_who_is_unknown_or_has_none_is_named(doors: Doors, tmp_path: Path, uid: str, says: str) -> None:
    with pytest.raises(UnknownError, match=f"^{uid} {says}"):
        change(Access("ldaps://x"), SUFFIX, uid, tmp_path / "initial", tmp_path / "chosen")
    assert len(doors.told) == 1, "nobody signs in as them"
