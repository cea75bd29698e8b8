"""All that is on record of somebody, from the write back to the commit and on to the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import evidence, ledger, recording, store
from ansible_collections.congvu.mail.plugins.module_utils.accesslog import Deed, Event
from ansible_collections.congvu.mail.plugins.module_utils.changes import Applied
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.history import History
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
from ansible_collections.congvu.mail.plugins.module_utils.plan import make_plan
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.trace import Trace
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.test_provenance import Repository

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.evidence import Evidence

BINHTAN = Path(__file__).parents[4] / "inventories" / "binhtan" / "registry"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MESSAGE = """feat: nhân sự

Approved-by: Trần An
Requested-from: vpubnd.binhtan@tphcm.gov.vn
Requested-from: phong.noi.vu@gmail.com"""
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
PERSON = "person:bt00010"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Let somebody merge a registry, plan it, apply it, and gather what is on record of one person."""
    root, state = tmp_path_factory.mktemp("git"), tmp_path_factory.mktemp("state")
    repository = Repository(root)
    copytree(BINHTAN, root, dirs_exist_ok=True)
    repository.git("checkout", "--quiet", "-b", "nhan-su")
    repository.git("add", ".")
    repository.git("commit", "--quiet", "-m", MESSAGE, who="Nguyễn Văn Em")
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "-m", "Merge branch 'nhan-su'", "nhan-su", who="Trần An")
    commit = repository.git("rev-parse", "HEAD")
    registry = load(root)
    last = Applied("9f2c", "beef", date(2026, 11, 20), "", 0)
    plan = make_plan(compile_desired(registry, as_of=date(2026, 11, 23), commit=commit), [], last)
    store.save(plan, {}, state / "plans")
    ledger.append(state, [recording.made(plan, "em@control")], AT)
    with Journal(state / "journal", plan.id, lambda: AT) as journal:
        journal.write("begin", plan=plan.id, commit=commit, by="an@control", changes=len(plan.changes))
        journal.outcome({change.id: "applied" for change in plan.changes})
        journal.write("end", counts={"applied": len(plan.changes)}, unverified=[])
    recording.catch_up(state, AT)
    said = [(PERSON, "Cấp lại mật khẩu."), ("person:bt00011", "Cấp lại mật khẩu.")]
    ledger.append(state, [ledger.Entry(ledger.Kind.RESET, whom, what, "vp@control") for whom, what in said], AT)
    change = next(change for change in plan.changes if change.id == PERSON)
    dn = "cn=reconciler,ou=services,dc=x"
    trace = Trace(plan.id[:12], commit[:12], "an@control", PERSON, change.reason)
    event = Event(start="20261123020000.000001Z", deed=Deed.CREATED, author=dn, dn=change.dn, trace=trace)
    lost = Event(
        start="20261120020000.000001Z", deed=Deed.CHANGED, author=dn, dn=change.dn, trace=Trace("0123456789ab")
    )
    history = History(PERSON, plan.suffix, change.dn, None, (lost, event))
    return evidence.gather(history, registry, root, state)


def test_the_commit_tells_who_merged_what_whom(found: Evidence) -> None:
    (commit,) = found.commits.values()
    assert commit.committer.startswith("Trần An")
    assert [brought.author.partition(" <")[0] for brought in commit.brought] == ["Nguyễn Văn Em"]


def test_the_ledger_tells_of_the_plan_and_of_the_person_and_of_nobody_else(found: Evidence) -> None:
    kinds = [(str(line.entry.kind), line.entry.by) for line in found.lines]
    assert kinds == [("plan", "em@control"), ("apply", "an@control"), ("reset", "vp@control")]
    assert found.length == 5


def test_the_term_is_told_and_what_is_no_longer_at_hand(found: Evidence) -> None:
    (term,) = found.terms.values()
    assert (term.id, term.applied) == (PERSON, AT)
    assert term.committed == next(iter(found.commits.values())).at
    assert found.missing == ("0123456789ab",)


def test_it_is_told_in_both_languages_with_the_head(found: Evidence) -> None:
    english = evidence.text(found, ZONE, "Trần Văn X")
    assert "\nCOMMITS\n" in english
    assert "merged by Trần An <an@tinh.gov.vn>; not signed" in english
    assert "written by Nguyễn Văn Em <em@tinh.gov.vn>; not signed; Approved-by: Trần An; requested" in english
    assert "requested from vpubnd.binhtan@tphcm.gov.vn, an official mailbox" in english
    assert "requested from phong.noi.vu@gmail.com, WHICH IS NO OFFICIAL MAILBOX" in english
    assert "Plans that are no longer at hand: 0123456789ab" in english
    assert english.endswith(f"The ledger is unbroken: 5 lines. Head: {found.head}\n")
    vietnamese = evidence.text(found, ZONE, "Trần Văn X", language="vi")
    assert "người duyệt gộp: Trần An <an@tinh.gov.vn>; không ký số" in vietnamese
    assert "Sổ cái nguyên vẹn: 5 dòng." in vietnamese
    assert "THỜI HẠN" in vietnamese


def test_it_is_given_as_plain_values_too(found: Evidence) -> None:
    data = evidence.data(found, ZONE)
    assert data["id"] == PERSON
    assert data["commits"][0]["brought"][0]["subject"] == "feat: nhân sự"
    first, *_ = data["commits"][0]["brought"][0]["answered"]
    assert first == {"how": "Approved-by", "who": "Trần An"}
    assert data["official"] == ["vpubnd.binhtan@tphcm.gov.vn"]
    assert [entry["seq"] for entry in data["ledger"]["entries"]] == [2, 3, 4]
    assert data["terms"][0]["decision"] == data["events"][1]["decision"]
