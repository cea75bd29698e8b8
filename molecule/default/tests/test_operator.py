"""What an operator reads when something is wrong: what, where and what to do now, once, at the end, and nothing else.

Works on copies of the registry, plans in a folder of its own, and leaves the directory as it was.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from molecule.conftest import Lab

ROOT = Path(__file__).parents[3]
SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
SNV = Path("agencies", "snv.yml")
SOMEBODY = "tth00005"


@dataclass(frozen=True)
class Said:
    """How a playbook ended and what it said, without headings and recap."""

    status: int
    text: str

    @property
    def lines(self) -> list[str]:
        """Give the lines, without what is said of every run."""
        heading = ("PLAY ", "TASK ", "localhost ")
        return [line for line in self.text.splitlines() if line and not line.startswith(heading)]


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Copy the registry, to be spoilt."""
    return Path(shutil.copytree(ROOT / "inventories" / "thuathienhue" / "registry", tmp_path / "registry"))


@pytest.fixture
def run(lab: Lab, registry: Path, tmp_path: Path) -> Callable[..., Said]:
    """Return what runs a playbook on that copy, with the lab's secrets and a folder of its own for plans."""

    def playbook(name: str, **more: object) -> Said:
        done = lab.playbook(name, **{"estate_registry": registry, "estate_state": tmp_path / "state", **more})
        return Said(done.returncode, done.stdout + done.stderr)

    return playbook


def replace(path: Path, old: str, new: str) -> None:
    """Replace something that stands in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def leave(registry: Path, *people: str) -> None:
    """Write down that people of the agency have left."""
    for person in people:
        head, mark, post = (registry / SNV).read_text(encoding="utf-8").partition(f"  - id: {person}\n")
        end = "    until: 2026-09-01\n    until_decision: 99/QĐ-SNV\n"
        first, _, rest = post.partition("  - id: ")
        (registry / SNV).write_text(f"{head}{mark}{first}{end}  - id: {rest}", encoding="utf-8")


def test_broken_yaml_is_told_once_with_its_place_and_what_mends_it(run: Callable[..., Said], registry: Path) -> None:
    replace(registry / SNV, "    name: Trương Bá Trí", "\tname: Trương Bá Trí")
    lines = (registry / SNV).read_text(encoding="utf-8").splitlines()
    broken = lines.index("\tname: Trương Bá Trí") + 1
    said = run("validate")
    assert said.status != 0
    assert len(said.lines) == 2, said.text
    assert said.lines[0] == f"fatal: [localhost]: Faults in the registry {registry}: 1"
    assert said.lines[1].startswith(f"agencies/snv.yml:{broken}:1: This is not YAML: found a tab character")
    assert "Look here and one line above" in said.lines[1]


def test_a_lost_agency_is_told_on_a_page(run: Callable[..., Said], registry: Path) -> None:
    shutil.rmtree(registry / "agencies")
    said = run("plan")
    assert said.status != 0
    assert len(said.lines) < 15
    assert "agencies:1:1: There is not one agency." in said.text


def test_a_rail_is_the_last_thing_said_and_apply_holds_to_it(run: Callable[..., Said], registry: Path) -> None:
    leave(registry, "tth00006", "tth00007", "tth00008", "tth00009")
    said = run("plan")
    assert said.status != 0
    stop = said.lines.index("STOPPED by a safety rail:")
    assert said.lines[stop + 1] == "  [disables] 4 of 10 people of snv would lose access at once; 2 may.", said.text
    assert said.lines[stop + 2] == "    Usually agencies/snv.yml lost lines in a merge."
    assert said.lines[-1].startswith("fatal: [localhost]: This plan is not to be applied")
    refused = run("apply", plan="latest")
    assert refused.status != 0
    assert refused.lines[0] == "fatal: [localhost]: Nothing was written: a safety rail stands."
    assert refused.lines[1:] == said.lines[stop + 1 : -1], "both say the same"


@pytest.fixture
def title(lab: Lab) -> Iterator[Callable[[list[Any]], None]]:
    """Return what writes somebody's title by hand, and put back what it was."""
    directory = lab.service("reconciler")
    directory.search(f"ou=agencies,{SUFFIX}", f"(uid={SOMEBODY})", attributes=["title"])
    found = next(entry for entry in cast("list[dict[str, Any]]", directory.response) if "dn" in entry)
    before = found["raw_attributes"]["title"]

    def write(values: list[Any]) -> None:
        changes = {"title": [("MODIFY_REPLACE", values)]}
        assert directory.modify(found["dn"], changes)  # type: ignore[no-untyped-call]

    yield write
    write(before)
    directory.unbind()


def test_an_entry_touched_after_the_plan_is_named_and_left(
    run: Callable[..., Said], registry: Path, title: Callable[[list[str]], None]
) -> None:
    replace(registry / SNV, "title: Trưởng phòng", "title: Quyền Trưởng phòng")
    planned = run("plan")
    assert planned.status == 0
    assert any(line.startswith(f"  ~ person {SOMEBODY}") for line in planned.lines), planned.text
    title(["Sửa bằng tay"])
    said = run("apply", plan="latest")
    assert said.status != 0
    assert len(said.lines) == 3, said.text
    assert said.lines[1].startswith(f"  stale: person {SOMEBODY}")
    assert said.lines[2] == "Make a new plan for what is left: ansible-playbook playbooks/plan.yml"


def test_a_plan_that_somebody_edited_is_refused(run: Callable[..., Said], registry: Path, tmp_path: Path) -> None:
    replace(registry / SNV, "title: Trưởng phòng", "title: Quyền Trưởng phòng")
    assert run("plan").status == 0
    replace((tmp_path / "state" / "plans" / "latest.jsonl").resolve(), "Quyền", "Phó")
    said = run("apply", plan="latest")
    assert said.status != 0
    assert len(said.lines) == 1, said.text
    assert "is not what its name says" in said.lines[0]
    assert said.lines[0].endswith("Make a new plan.")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"directory_uri": "ldaps://127.0.0.1:9"}, "does not answer: .*Connection refused. Check that slapd runs"),
        ({"directory_server_name": "ldap.khac.vn"}, "does not prove that this is ldap.khac.vn: .*. Check the CA in "),
        ({"directory_password_file": "/khong/co"}, "/khong/co: No such file or directory. Name a readable file"),
    ],
)
def test_a_directory_that_cannot_be_spoken_to_is_one_sentence(
    run: Callable[..., Said], setting: dict[str, str], words: str
) -> None:
    said = run("plan", **setting)
    assert said.status != 0
    (line,) = said.lines
    assert re.search(words, line), line
