"""An override lifts the rails that it names, for the plan that it names, until it expires; all else is refused."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import yaml
from ansible_collections.congvu.mail.plugins.module_utils import overrides, source
from ansible_collections.congvu.mail.plugins.module_utils.commit import CommitError, commit_of
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.layout import OVERRIDE
from ansible_collections.congvu.mail.plugins.module_utils.model import ABSOLUTE, Rail, RegistryError
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language, Phrase
from ansible_collections.congvu.mail.plugins.module_utils.plan import make_plan
from ansible_collections.congvu.mail.plugins.module_utils.safety import Finding
from ansible_collections.congvu.mail.plugins.module_utils.yamlfile import parse
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan
    from ansible_collections.congvu.mail.plugins.module_utils.model import Problem

    from .conftest import Write

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)  # in Vietnam
FILE = "overrides/sap-nhap.yml"
LINES = {
    "plan": "{plan}",
    "rails": "[disables, updates]",
    "decision": "12/QĐ-UBND",
    "reason": "Sáp nhập hai sở",
    "approved_by": "Nguyễn Văn An, Giám đốc Trung tâm",
    "expires": "2026-11-25",
}


def finding(rail: Rail, agency: str = "") -> Finding:
    """Make a finding."""
    return Finding(rail, agency, Phrase("What."), Phrase("Why."), Phrase("Where."))


TWO = (finding(Rail.DISABLES), finding(Rail.UPDATES, "snv"))


def planned(root: Path) -> Plan:
    """Plan what the registry asks of an empty directory."""
    registry = source.load(root)
    return make_plan(compile_desired(registry, as_of=DAY, commit=commit_of(root)), [])


def put(root: Path, plan: Plan, file: str = FILE, /, **changes: str | None) -> None:
    """Write an override with some keys replaced, or left out (None)."""
    lines = {**LINES, "plan": plan.id[:12], **changes}
    path = root / file
    path.parent.mkdir(exist_ok=True)
    text = "".join(f"{key}: {value}\n" for key, value in lines.items() if value is not None)
    path.write_text(text, encoding="utf-8")


def git(root: Path, *words: str) -> str:
    """Run Git in a registry, and return what it says."""
    command = ["git", "-C", str(root), "-c", "user.name=A", "-c", "user.email=a@thunghiem.gov.vn", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 -- fixed words


def touch(root: Path) -> None:
    """Change the registry a little."""
    path = root / "agencies" / "stc.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")


def committed(root: Path) -> None:
    """Put the registry, as it stands, into Git."""
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "so dang ky"]):
        git(root, *words)


def said(problems: tuple[Problem, ...]) -> list[str]:
    """Give what is told of problems."""
    return [str(problem) for problem in problems]


# --- What it lifts


@pytest.mark.parametrize("length", [12, 13, 64])
def test_it_lifts_the_rails_that_it_names_of_the_plan_that_it_names(write: Write, length: int) -> None:
    root = write()
    plan = planned(root)
    put(root, plan, plan=plan.id[:length])
    judged = overrides.judge(TWO, plan, root, NOON)
    assert (judged.standing, judged.refused) == ((), ())
    assert [override.rails for override in judged.used] == [{Rail.DISABLES, Rail.UPDATES}]
    (thanks,) = overrides.thanks(judged)
    who = f"{LINES['decision']}, {LINES['approved_by']}"
    assert thanks == f"Let through by {FILE}: disables, updates; {who}: {LINES['reason']}"


@pytest.mark.parametrize("rail", [rail for rail in Rail if rail not in ABSOLUTE])
def test_a_rail_that_it_does_not_name_stands(write: Write, rail: Rail) -> None:
    root = write()
    plan = planned(root)
    put(root, plan, rails=f"[{rail}]")
    for met in Rail:
        left = () if met is rail else (finding(met),)
        assert overrides.judge((finding(met),), plan, root, NOON).standing == left


def test_two_overrides_lift_together(write: Write) -> None:
    root = write()
    plan = planned(root)
    put(root, plan, "overrides/mot.yml", rails="[disables]")
    put(root, plan, "overrides/hai.yml", rails="[updates]")
    judged = overrides.judge(TWO, plan, root, NOON)
    assert judged.standing == ()
    assert [override.origin.file for override in judged.used] == ["overrides/hai.yml", "overrides/mot.yml"]


def test_one_that_is_not_needed_is_not_used(write: Write) -> None:
    root = write()
    plan = planned(root)
    put(root, plan, "overrides/mot.yml", rails="[disables, updates]")
    put(root, plan, "overrides/hai.yml", rails="[deletes]")
    assert [one.origin.file for one in overrides.judge(TWO, plan, root, NOON).used] == ["overrides/mot.yml"]
    assert overrides.judge((), plan, root, NOON) == overrides.Judgement(())


@pytest.mark.parametrize("rail", sorted(ABSOLUTE))
def test_nothing_lifts_what_is_absolute(write: Write, rail: Rail) -> None:
    root = write()
    plan = planned(root)
    put(root, plan, rails=f"[disables, {rail}]")
    judged = overrides.judge((finding(Rail.DISABLES), finding(rail)), plan, root, NOON)
    assert len(judged.standing) == 2, "a file with a fault lifts nothing at all"
    assert [problem.message for problem in judged.refused] == [f"'{rail}' is not a rail that an override lifts."]
    put(root, plan)
    assert [one.rail for one in overrides.judge((*TWO, finding(rail)), plan, root, NOON).standing] == [rail]


# --- What is refused


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"expires": "2026-11-21"}, "This override lifts nothing since 2026-11-21, and today is 2026-11-21."),
        ({"expires": "2025-11-25"}, "This override lifts nothing since 2025-11-25, and today is 2026-11-21."),
        (
            {"expires": "2026-12-06"},
            "This override would hold until 2026-12-06: 14 days after 2026-11-21 ",
        ),
        ({"expires": "mai"}, "'mai' is not a day."),
        ({"expires": ""}, "There is no value here."),
        ({"plan": "0" * 12}, "This override is for the plan 000000000000, and this is "),
        ({"plan": "yes"}, "'yes' is not the plan's id, or at least 12 characters of its beginning."),
        ({"plan": "0123456789a"}, "'0123456789a' is not the plan's id"),
        ({"rails": "[disable]"}, "'disable' is not a rail that an override lifts."),
        ({"rails": "[]"}, "This list is empty."),
        ({"rails": "all"}, "Here should be a list."),
        ({"decision": None}, "The key 'decision' is missing."),
        ({"reason": ""}, "There is no value here."),
        ({"approved_by": None}, "The key 'approved_by' is missing."),
        ({"lasting": "true"}, "The key 'lasting' is not known here."),
    ],
)
def test_what_is_expired_mistyped_or_too_long_lifts_nothing_and_says_why(
    write: Write, changes: dict[str, str | None], refusal: str
) -> None:
    root = write()
    plan = planned(root)
    put(root, plan, **changes)
    judged = overrides.judge(TWO, plan, root, NOON)
    assert (judged.standing, judged.used) == (TWO, ())
    (problem,) = judged.refused
    assert problem.message.startswith(refusal)
    assert problem.origin.file == FILE
    assert problem.told(Language.VIETNAMESE) != str(problem)


@pytest.mark.parametrize("expires", ["2026-11-22", "2026-12-05"])
def test_the_first_and_the_last_day_on_which_it_may_expire(write: Write, expires: str) -> None:
    root = write()
    plan = planned(root)
    put(root, plan, expires=expires)
    assert overrides.judge(TWO, plan, root, NOON).standing == ()


def test_days_begin_in_the_estates_zone(write: Write) -> None:
    root = write()
    plan = planned(root)
    put(root, plan)
    midnight = datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert overrides.judge(TWO, plan, root, midnight - timedelta(seconds=1)).standing == ()
    assert overrides.judge(TWO, plan, root, midnight).standing == TWO


def test_an_old_override_for_another_plan_goes_without_saying(write: Write) -> None:
    root = write()
    plan = planned(root)
    put(root, plan, plan="0" * 12, expires="2026-11-01")
    assert overrides.judge(TWO, plan, root, NOON) == overrides.Judgement(TWO)


def test_a_faulty_file_does_not_keep_a_sound_one_from_lifting(write: Write) -> None:
    root = write()
    plan = planned(root)
    put(root, plan, "overrides/hong.yml", rails="[")
    put(root, plan)
    assert overrides.judge(TWO, plan, root, NOON).refused == ()
    assert said(overrides.judge((*TWO, finding(Rail.DELETES)), plan, root, NOON).refused) != []


def test_the_registry_of_another_estate_lifts_nothing(write: Write) -> None:
    root = write()
    plan = planned(root)
    (root / "estate.yml").write_text(
        (root / "estate.yml").read_text(encoding="utf-8").replace("name: test", "name: khac"), encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"The plan is for the estate test, and the registry .* is that of khac\."):
        overrides.judge(TWO, plan, root, NOON)
    (root / "estate.yml").unlink()
    with pytest.raises(RegistryError, match=r"estate\.yml:1:1: The file is missing"):
        overrides.judge(TWO, plan, root, NOON)


# --- Git


def test_it_comes_after_the_plan_and_does_not_change_it(write: Write) -> None:
    root = write()
    committed(root)
    plan, before = planned(root), source.digest(root)
    put(root, plan)
    assert planned(root).id == plan.id, "written, not yet committed"
    git(root, "add", ".")
    git(root, "commit", "-qm", "cho vuot")
    assert planned(root).id == plan.id
    assert source.digest(root) == before
    assert overrides.judge(TWO, plan, root, NOON).standing == ()
    touch(root)
    git(root, "commit", "-qam", "sua")
    assert planned(root).id != plan.id


def test_a_merge_is_the_commit_that_brought_the_change(write: Write) -> None:
    root = write()
    committed(root)
    git(root, "switch", "-qc", "nhanh")
    touch(root)
    git(root, "commit", "-qam", "sua")
    git(root, "switch", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "-m", "duyet", "nhanh")
    merge = commit_of(root)
    git(root, "switch", "-qc", "vuot")
    put(root, planned(root))
    git(root, "add", ".")
    git(root, "commit", "-qm", "cho vuot")
    git(root, "switch", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "-m", "duyet vuot", "vuot")
    assert commit_of(root) == merge
    assert git(root, "log", "-1", "--format=%s", merge) == "duyet\n"


@pytest.mark.parametrize("ignored", [False, True])
def test_what_git_does_not_have_was_not_reviewed(write: Write, *, ignored: bool) -> None:
    root = write()
    (root / ".gitignore").write_text("sap*\n" if ignored else "", encoding="utf-8")
    committed(root)
    plan = planned(root)
    put(root, plan)
    judged = overrides.judge(TWO, plan, root, NOON)
    assert judged.standing == TWO
    assert [problem.message for problem in judged.refused] == ["Git does not have this override as it stands here."]
    git(root, "add", "-f", FILE)
    assert overrides.judge(TWO, plan, root, NOON).standing == TWO, "added is not committed"
    git(root, "commit", "-qm", "cho vuot")
    assert overrides.judge(TWO, plan, root, NOON).standing == ()
    put(root, plan, reason="Khác")
    assert overrides.judge(TWO, plan, root, NOON).standing == TWO, "edited afterwards"


def test_a_refusal_of_git_is_no_leave(write: Write) -> None:
    root = write()
    plan = planned(root)
    put(root, plan)
    (root / ".git").write_text("gitdir: /nowhere\n", encoding="utf-8")
    with pytest.raises(CommitError):
        overrides.judge(TWO, plan, root, NOON)


# --- What the check of a registry says of them


def test_the_check_of_a_registry_finds_what_is_wrong_with_any(write: Write) -> None:
    root = write()
    plan = planned(root)
    put(root, plan, "overrides/cu.yml", expires="2025-11-25")
    put(root, plan, "overrides/dung.yml", plan="0" * 12)
    put(root, plan, "overrides/dai.yml", expires="2027-11-25")
    put(root, plan, "overrides/hong.yml", decision=None)
    assert [problem.origin.file for problem in overrides.faults(root, DAY)] == [
        "overrides/hong.yml",
        "overrides/dai.yml",
    ]


def test_a_registry_without_overrides_has_no_faults_in_them(write: Write) -> None:
    assert overrides.faults(write(), DAY) == ()


# --- What the operator reads


def test_the_advice_is_a_file_ready_to_paste_but_for_its_blanks(write: Write) -> None:
    root = write()
    plan = planned(root)
    lines = overrides.advice(overrides.judge((*TWO, finding(Rail.DISABLES, "snv")), plan, root, NOON), plan, root)
    short = plan.id[:12]
    command = f"ansible-playbook playbooks/apply.yml -e plan={short}"
    assert lines[:3] == [
        "If it is a mistake, mend it and plan again. If it is meant, have this reviewed and merged:",
        f"  into {root}/overrides/2026-11-21-{short}.yml; then type: {command}",
        "---",
    ]
    filled = [f'{line.partition("  #")[0]} "{LINES[key]}"' for line in lines[5:] for key in [line.partition(":")[0]]]
    text = "\n".join([*lines[2:5], *filled]) + "\n"
    problems: list[Problem] = []
    assert parse(text.encode(), FILE, OVERRIDE, problems) is not None
    assert problems == []
    assert Draft202012Validator(OVERRIDE.schema()).is_valid(yaml.safe_load(text))
    (root / FILE).parent.mkdir()
    (root / FILE).write_text(text, encoding="utf-8")
    assert overrides.judge(TWO, plan, root, NOON).standing == ()


def test_the_blanks_are_told_as_faults_when_nobody_fills_them_in(write: Write) -> None:
    root = write()
    plan = planned(root)
    lines = overrides.advice(overrides.Judgement(TWO), plan, root)
    (root / FILE).parent.mkdir()
    (root / FILE).write_text("\n".join(lines[2:]) + "\n", encoding="utf-8")
    refused = overrides.judge(TWO, plan, root, NOON).refused
    assert [problem.message for problem in refused] == ["There is no value here."] * 4


def test_the_advice_names_no_folder_where_none_is_known_and_speaks_vietnamese(write: Write) -> None:
    plan = planned(write())
    lines = overrides.advice(overrides.Judgement(TWO), plan, None, "make x", Language.VIETNAMESE)
    assert lines[1] == f"  vào overrides/2026-11-21-{plan.id[:12]}.yml; sau đó chạy: make x"
    assert "expires:  # muộn nhất là 2026-12-05" in lines


def test_the_advice_says_why_the_override_at_hand_lifts_nothing(write: Write) -> None:
    root = write()
    plan = planned(root)
    put(root, plan, expires="2026-11-20")
    lines = overrides.advice(overrides.judge(TWO, plan, root, NOON), plan, root)
    assert lines[0] == "No override lifts it:"
    assert lines[1].startswith(f"  {FILE}:1:1: This override lifts nothing since 2026-11-20")


def test_where_something_absolute_stands_nothing_is_offered(write: Write) -> None:
    plan = planned(write())
    assert overrides.advice(overrides.Judgement((*TWO, finding(Rail.HOLD))), plan, None) == [
        "Nothing lifts hold: mend what is wrong, then plan again."
    ]
    assert overrides.advice(overrides.Judgement(()), plan, None) == []
