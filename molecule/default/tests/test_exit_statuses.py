"""What a pipeline learns from bin/congvu: every exit status, seen for real.

Works on copies of the registry, plans in a folder of its own, and leaves the directory as it was.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from ansible_collections.congvu.mail.tests.approval import APPROVED_BY, DECISION, REASON, approve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from molecule.conftest import Lab

ROOT = Path(__file__).parents[3]
SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
FOUR = ("tth00006", "tth00007", "tth00008", "tth00009")
SOMEBODY, COLLEAGUE = "tth00005", "tth00006"
DONE, ERROR, CHANGES, RAIL, STALE, PARTLY = 0, 1, 2, 3, 4, 5

Congvu = Callable[..., tuple[int, str]]


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Copy the registry, to be changed."""
    return Path(shutil.copytree(ROOT / "inventories" / "thuathienhue" / "registry", tmp_path / "registry"))


@pytest.fixture
def congvu(lab: Lab, registry: Path, tmp_path: Path) -> Congvu:
    """Return what runs a verb on that copy from another folder, against the directory alone."""
    given = {
        "estate_registry": registry,
        "estate_state": tmp_path / "state",
        "estate_secrets": lab.state / "secrets",
        "directory_ca_file": lab.state / "ca" / "ca.pem",
    }

    def run(verb: str, **more: object) -> tuple[int, str]:
        words = [part for key, value in {**given, **more}.items() for part in ("-e", f"{key}={value}")]
        done = subprocess.run(  # noqa: S603 - our own command
            [ROOT / "bin" / "congvu", verb, "--limit", "localhost", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture
def title(lab: Lab) -> Iterator[Callable[[str, list[Any]], None]]:
    """Return what writes people's titles by hand, and put back what they were."""
    directory, before = lab.service("reconciler"), {}
    for uid in (SOMEBODY, COLLEAGUE):
        directory.search(f"ou=agencies,{SUFFIX}", f"(uid={uid})", attributes=["title"])
        found = next(entry for entry in cast("list[dict[str, Any]]", directory.response) if "dn" in entry)
        before[uid] = found["dn"], found["raw_attributes"]["title"]

    def write(uid: str, values: list[Any]) -> None:
        changes = {"title": [("MODIFY_REPLACE", values)]}
        assert directory.modify(before[uid][0], changes)  # type: ignore[no-untyped-call]

    yield write
    for uid, (_, values) in before.items():
        write(uid, values)
    directory.unbind()


def retitle(registry: Path, *people: str) -> None:
    """Give people of the agency snv other titles."""
    path = registry / "agencies" / "snv.yml"
    text = path.read_text(encoding="utf-8")
    for person in people:
        text, count = re.subn(rf"(- id: {person}\n(?:    .*\n)*?    title: )(.*)", r"\1Quyền \2", text, count=1)
        assert count == 1
    path.write_text(text, encoding="utf-8")


def leave(registry: Path, *people: str) -> None:
    """Write down that people of the agency snv have left."""
    path = registry / "agencies" / "snv.yml"
    text = path.read_text(encoding="utf-8")
    for person in people:
        end = "    until: 2026-09-01\n    until_decision: 99/QĐ-SNV\n"
        text, count = re.subn(rf"(- id: {person}\n(?:    .*\n)*)", rf"\g<1>{end}", text, count=1)
        assert count == 1
    path.write_text(text, encoding="utf-8")


def plan_of(text: str) -> str:
    """Give the id of the plan that a run spoke of."""
    found = re.search(r"Plan ([0-9a-f]{12}) ", text)
    assert found, text
    return found[1]


def test_a_directory_that_is_as_the_registry_says_is_0(congvu: Congvu) -> None:
    for verb in ("validate", "plan", "reconcile"):
        status, text = congvu(verb)
        assert status == DONE, text


def test_changes_are_2_and_0_when_they_are_done(
    congvu: Congvu, registry: Path, title: Callable[[str, list[Any]], None]
) -> None:
    del title  # puts back what this test changes
    retitle(registry, SOMEBODY)
    status, text = congvu("plan")
    assert status == CHANGES, text
    assert congvu("apply", plan=plan_of(text))[0] == DONE
    assert congvu("plan")[0] == DONE
    retitle(registry, SOMEBODY)
    assert congvu("reconcile")[0] == DONE, "its plan was 2, and then it was applied"


def test_a_rail_is_3_until_a_reviewed_file_lifts_it(congvu: Congvu, registry: Path) -> None:
    leave(registry, *FOUR)
    status, text = congvu("plan")
    assert (status, "rails: [disables]" in text) == (RAIL, True), text
    plan = plan_of(text)
    assert congvu("apply", plan=plan)[0] == congvu("reconcile")[0] == RAIL
    latest = re.search(r"expires:  # at the latest (\S+)", text)
    assert latest, text
    override = approve(text, latest[1])
    assert congvu("validate")[0] == DONE
    status, text = congvu("plan")
    assert (status, plan_of(text)) == (CHANGES, plan), "the same plan, and it may pass"
    assert f"Let through by overrides/{override.name}: disables; {DECISION}, {APPROVED_BY}: {REASON}" in text
    override.write_text(override.read_text(encoding="utf-8").replace("disables", "updates"), encoding="utf-8")
    assert congvu("apply", plan=plan)[0] == RAIL, "it lifts what it names and nothing else"


def test_a_plan_all_of_which_is_stale_is_4(
    congvu: Congvu, registry: Path, title: Callable[[str, list[Any]], None]
) -> None:
    retitle(registry, SOMEBODY)
    status, text = congvu("plan")
    assert status == CHANGES
    title(SOMEBODY, ["Sửa bằng tay"])
    assert congvu("apply", plan=plan_of(text))[0] == STALE


def test_a_plan_a_part_of_which_is_stale_is_5(
    congvu: Congvu, registry: Path, title: Callable[[str, list[Any]], None]
) -> None:
    retitle(registry, SOMEBODY, COLLEAGUE)
    status, text = congvu("plan")
    assert status == CHANGES
    title(SOMEBODY, ["Sửa bằng tay"])
    assert congvu("apply", plan=plan_of(text))[0] == PARTLY


def test_a_fault_in_the_registry_and_a_directory_out_of_reach_are_1(congvu: Congvu, registry: Path) -> None:
    status, text = congvu("plan", directory_uri="ldaps://127.0.0.1:9")
    assert (status, "does not answer" in text) == (ERROR, True), text
    (registry / "agencies" / "snv.yml").write_text("code: snv\n", encoding="utf-8")
    assert congvu("validate")[0] == congvu("plan")[0] == congvu("reconcile")[0] == ERROR


def test_a_plan_that_there_is_not_is_1(congvu: Congvu) -> None:
    assert congvu("apply", plan="0123456789ab")[0] == ERROR
    assert congvu("apply")[0] == ERROR
