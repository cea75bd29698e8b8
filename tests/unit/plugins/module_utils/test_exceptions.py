"""What the registry accepts of the differences from Git, until when, and what is said of exceptions themselves."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.drift import Finding, Kind
from ansible_collections.congvu.mail.plugins.module_utils.exceptions import LONGEST, faults, judge
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 22)
HOST = "mail.thuathienhue.gov.vn"


def package(name: str) -> Finding:
    return Finding(kind=Kind.PACKAGE, host=HOST, object=name, said=Phrase("installed"))


def leave(root: Path, **said: object) -> None:
    """Write an exception for the package htop, or what else is said."""
    fields = {
        "kind": "package",
        "host": HOST,
        "object": "htop",
        "decision": "12/QĐ-TTTH",
        "reason": "theo dõi máy chủ trong đợt nâng cấp",
        "approved_by": "Nguyễn Văn An, Giám đốc",
        "expires": TODAY + timedelta(30),
        **said,
    }
    (root / "exceptions").mkdir(exist_ok=True)
    text = "".join(f"{key}: '{value}'\n" if key == "object" else f"{key}: {value}\n" for key, value in fields.items())
    (root / "exceptions" / "htop.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        ({}, {"htop"}),
        ({"object": "ht*"}, {"htop", "htpdate"}),
        ({"object": "ht"}, set()),
        ({"host": "other.thuathienhue.gov.vn"}, set()),
        ({"host": "'*'"}, {"htop"}),
        ({"kind": "package-held"}, set()),
        ({"expires": TODAY + timedelta(1)}, {"htop"}),
        ({"expires": TODAY}, set()),
        ({"expires": TODAY + timedelta(LONGEST)}, {"htop"}),
        ({"expires": TODAY + timedelta(LONGEST + 1)}, set()),
    ],
)
def test_an_exception_accepts_what_it_names_until_its_day(
    tmp_path: Path, said: dict[str, object], accepted: set[str]
) -> None:
    leave(tmp_path, **said)
    found = judge([package("htop"), package("htpdate"), package("nmap")], tmp_path, TODAY)
    assert {finding.object for finding, _ in found.accepted} == accepted
    standing = {finding.object for finding in found.standing if finding.kind is Kind.PACKAGE}
    assert standing == {"htop", "htpdate", "nmap"} - accepted


def test_one_that_expired_says_so_and_counts_what_it_is_about(tmp_path: Path) -> None:
    leave(tmp_path, expires=TODAY)
    (finding,) = [one for one in judge([package("htop")], tmp_path, TODAY).standing if one.kind is not Kind.PACKAGE]
    assert (finding.kind, finding.object) == (Kind.EXCEPTION_EXPIRED, "exceptions/htop.yml")
    assert finding.said.facts["count"] == 1
    assert finding.mend == "git rm exceptions/htop.yml"


@pytest.mark.parametrize(
    ("unseen", "told"),
    [(("", ""), [Kind.EXCEPTION_IDLE]), ((Kind.PACKAGE, "other"), [Kind.EXCEPTION_IDLE]), ((Kind.PACKAGE, HOST), [])],
    ids=["looked for", "not looked for elsewhere", "not looked for"],
)
def test_one_that_matches_nothing_is_told_where_its_kind_was_looked_for(
    tmp_path: Path, unseen: tuple[str, str], told: list[Kind]
) -> None:
    leave(tmp_path)
    found = judge([], tmp_path, TODAY, lambda kind, host: (kind, host) == unseen)
    assert [finding.kind for finding in found.standing] == told


def test_one_that_git_does_not_have_as_it_stands_accepts_nothing(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        own = ("-c", "user.name=Lan", "-c", "user.email=lan@thuathienhue.gov.vn")
        subprocess.run(["git", "-C", tmp_path, *own, *words], check=True, capture_output=True)  # noqa: S603, S607 -- our own words

    git("init", "--quiet")
    leave(tmp_path)
    before = judge([package("htop")], tmp_path, TODAY)
    assert [finding.kind for finding in before.standing] == [Kind.PACKAGE, Kind.EXCEPTION_REFUSED]
    git("add", "exceptions")
    git("commit", "--quiet", "--message=Accept htop")
    assert judge([package("htop")], tmp_path, TODAY).standing == ()
    leave(tmp_path, object="*")
    assert [finding.kind for finding in judge([package("nmap")], tmp_path, TODAY).standing] == [
        Kind.PACKAGE,
        Kind.EXCEPTION_REFUSED,
    ]


@pytest.mark.parametrize("said", [{"kind": "packages"}, {"kind": "exception-idle"}, {"decision": ""}, {"for": "ever"}])
def test_one_that_cannot_be_read_accepts_nothing_and_is_a_fault_of_the_registry(
    tmp_path: Path, said: dict[str, object]
) -> None:
    leave(tmp_path, **said)
    assert faults(tmp_path, TODAY)
    found = judge([package("htop")], tmp_path, TODAY)
    assert {Kind.PACKAGE, Kind.EXCEPTION_REFUSED} == {finding.kind for finding in found.standing}


def test_one_that_would_hold_too_long_is_a_fault_and_one_that_expired_is_history(tmp_path: Path) -> None:
    leave(tmp_path, expires=TODAY + timedelta(LONGEST + 1))
    assert len(faults(tmp_path, TODAY)) == 1
    leave(tmp_path, expires=TODAY - timedelta(1000))
    assert faults(tmp_path, TODAY) == ()
