"""A plan made anew after a merge does what reviewers saw, or it waits for them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import reviewed, store
from ansible_collections.congvu.mail.plugins.module_utils.changes import Applied, PlanError, Precondition
from ansible_collections.congvu.mail.plugins.module_utils.plan import make_plan
from ansible_collections.congvu.mail.plugins.module_utils.reviewed import facts, is_known, unseen
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import agency, desired, person
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import MemoryDirectory
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.review import mixed

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.changes import Change, Plan
    from ansible_collections.congvu.mail.plugins.module_utils.model import Entry

AN = person("an", "ou=snv", title="Chuyên viên")
BINH = person("binh", "ou=snv", title="Chuyên viên")


def plan(before: list[Entry], after: list[Entry]) -> Plan:
    """Plan for one agency."""
    directory = MemoryDirectory()
    for one in (agency("snv"), *before):
        directory.put(one.dn, **one.attributes)
    wanted = desired(agency("snv"), *after)
    return make_plan(wanted, list(directory.records.values()), None)


def with_(entry: Entry, **attributes: str) -> Entry:
    return entry._replace(attributes={**entry.attributes, **{name: (value,) for name, value in attributes.items()}})


def test_a_plan_made_anew_of_the_same_is_what_was_seen() -> None:
    """The merge gave it another commit, the next day another date, and sign-ins made entries younger."""
    seen = mixed()
    younger = [
        replace(change, precondition=change.precondition and Precondition(change.precondition.uuid, "2"), source=None)
        for change in seen.changes
    ]
    anew = replace(seen, commit="f" * 40, as_of=date(2030, 1, 1), changes=tuple(younger))
    assert unseen(anew, facts(seen.changes)) == ()


def test_what_is_left_after_an_apply_that_broke_off_was_seen() -> None:
    seen = facts(mixed().changes)
    for left in mixed().changes:
        assert unseen(replace(mixed(), changes=(left,)), seen) == ()


@pytest.mark.parametrize("change", mixed().changes, ids=lambda change: f"{change.operation} {change.id}")
def test_one_change_more_is_not_what_was_seen(change: Change) -> None:
    rest = facts(other for other in mixed().changes if other.id != change.id)
    assert {each.id for each in unseen(mixed(), rest)} == {change.id}


def test_another_value_is_not_what_was_seen() -> None:
    seen = plan([AN], [with_(AN, title="Phó phòng")])
    other = plan([AN], [with_(AN, title="Trưởng phòng")])
    drifted = plan([with_(AN, title="Sửa tay")], [with_(AN, title="Phó phòng")])
    assert [change.id for change in unseen(other, facts(seen.changes))] == ["person:an"]
    assert [change.id for change in unseen(drifted, facts(seen.changes))] == ["person:an"], "what is lost was not seen"


def test_two_merges_of_one_entry_together_are_what_both_reviews_saw() -> None:
    one = plan([AN], [with_(AN, title="Phó phòng")])
    two = plan([AN], [with_(AN, displayName="Nguyễn Văn An")])
    both = plan([AN], [with_(AN, title="Phó phòng", displayName="Nguyễn Văn An")])
    assert unseen(both, facts(one.changes) | facts(two.changes)) == ()
    assert unseen(both, facts(one.changes)) != ()


def test_a_newcomer_seen_as_an_update_was_not_seen_as_a_newcomer() -> None:
    seen = plan([BINH], [with_(BINH, title="Phó phòng")])
    assert unseen(plan([], [with_(BINH, title="Phó phòng")]), facts(seen.changes)) != ()


def known(commit: str, applied: str) -> Plan:
    made = Applied("p" * 64, applied, date(2026, 11, 21), "1", 1) if applied else None
    return replace(mixed(), commit=commit, applied=made)


@pytest.mark.parametrize(
    ("commit", "applied", "carried_out", "expected"),
    [
        ("a", "a", "", True),
        ("a", "b", "a", True),
        ("a", "b", "b", False),
        ("a", "", "", False),
        ("", "", "", False),
        ("a+dirty", "a+dirty", "a+dirty", False),
    ],
)
def test_the_registry_that_was_carried_out_needs_no_other_review(
    commit: str, applied: str, carried_out: str, *, expected: bool
) -> None:
    assert is_known(known(commit, applied), carried_out) is expected


HEAD = "a" * 40


def test_the_plan_put_forward_last_is_the_one_that_counts(tmp_path: Path) -> None:
    first, second = plan([], [AN]), plan([], [AN, BINH])
    for each in (first, second):
        store.save(each, {}, tmp_path / "plans")
        reviewed.keep(tmp_path, HEAD, each)
    assert [each.id for each in reviewed.plans(tmp_path, [HEAD, "b" * 40])] == [second.id]
    assert (tmp_path / "reviews").stat().st_mode & 0o777 == 0o700


def test_a_reviewed_plan_that_somebody_edited_is_refused(tmp_path: Path) -> None:
    path = store.save(plan([], [AN]), {}, tmp_path / "plans")
    reviewed.keep(tmp_path, HEAD, plan([], [AN]))
    path.write_bytes(path.read_bytes().replace("Chuyên viên".encode(), "Trưởng phòng".encode()))
    with pytest.raises(PlanError):
        reviewed.plans(tmp_path, [HEAD])


def test_a_note_names_a_commit_and_no_path(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="is no commit"):
        reviewed.keep(tmp_path, "../plans/x", plan([], [AN]))


def test_merges_since_the_last_one_carried_out_are_known_by_the_ends_of_their_branches(tmp_path: Path) -> None:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}

    def git(*words: str) -> str:
        command = ["/usr/bin/git", "-c", "user.name=an", "-c", "user.email=an@tinh.gov.vn", "-C", str(tmp_path), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout.strip()  # noqa: S603 -- our own words

    def commit(message: str) -> str:
        git("commit", "--quiet", "--allow-empty", "--message", message)
        return git("rev-parse", "HEAD")

    git("init", "--quiet", "--initial-branch=main")
    first = commit("first")
    git("checkout", "--quiet", "--detach")
    branch = [commit("one"), commit("two")][-1]
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "--no-ff", "--no-edit", branch)
    merge = git("rev-parse", "HEAD")
    forward = commit("fast-forward")
    assert reviewed.heads(tmp_path, first) == (forward, merge, branch)
    assert reviewed.heads(tmp_path, merge) == (forward,)
    for unknown in ("", "f" * 40, forward):
        assert reviewed.heads(tmp_path, unknown) == (forward,)
