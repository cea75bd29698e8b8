"""The wrapper for pipelines, run for real: from anywhere, with the output as it is and a status that says what was."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from shutil import copy, copytree
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

ROOT = Path(__file__).parents[3]
CONGVU = ROOT / "bin" / "congvu"
REGISTRY = ROOT / "inventories" / "thuathienhue" / "registry"

# A module that answers what it is told to, and playbooks that make use of it.
REPORT = """\
#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule({"status": {"type": "int"}, "fails": {"type": "bool", "default": False}})
answer = {} if module.params["status"] is None else {"exit_status": module.params["status"]}
module.fail_json(msg="no", **answer) if module.params["fails"] else module.exit_json(**answer)
"""
PLAYBOOK = """\
---
# {head}
- hosts: {hosts}
  gather_facts: false
  connection: {connection}
  tasks:
{tasks}
"""
SLEEP = "    - command: sleep 60\n"


def report(status: int | None, *, fails: bool = False) -> str:
    """Give a task that reports a status."""
    said = "" if status is None else f"status: {status}, "
    return f"    - report: {{{said}fails: {str(fails).lower()}}}\n"


@pytest.fixture(scope="module")
def congvu() -> ModuleType:
    loader = SourceFileLoader("congvu", str(CONGVU))
    spec = spec_from_loader("congvu", loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a checkout with the wrapper, the tools and the collection, and no playbooks."""
    root = tmp_path / "checkout"
    for folder in ("bin", "playbooks/library"):
        (root / folder).mkdir(parents=True)
    copy(CONGVU, root / "bin")
    copytree(ROOT / "collections", root / "collections", symlinks=True)
    for name in ("plugins", "galaxy.yml", "meta"):
        (root / name).symlink_to(ROOT / name)
    (root / ".venv").symlink_to((ROOT / ".venv").resolve())
    copy(ROOT / "ansible.cfg", root)
    (root / "playbooks" / "library" / "report.py").write_text(REPORT, encoding="utf-8")
    return root


@pytest.fixture
def write(checkout: Path) -> Callable[..., Path]:
    """Return what writes the playbook `try` and gives the wrapper that runs it."""

    def _write(tasks: str, hosts: str = "localhost", connection: str = "local") -> Path:
        text = PLAYBOOK.format(head="Tries something.", hosts=hosts, connection=connection, tasks=tasks)
        (checkout / "playbooks" / "try.yml").write_text(text, encoding="utf-8")
        return checkout / "bin" / "congvu"

    return _write


def run(wrapper: Path, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the wrapper somewhere."""
    return subprocess.run(  # noqa: S603 -- our own command
        [wrapper, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_lists_what_there_is_to_do_a_line_each(congvu: ModuleType, tmp_path: Path) -> None:
    said = run(CONGVU, cwd=tmp_path)
    assert said.returncode == 0
    lines = [line for line in said.stdout.splitlines() if line.startswith("  ")]
    assert [line.split()[0] for line in lines] == sorted(book.stem for book in ROOT.glob("playbooks/*.yml"))
    assert all(len(does) > 10 for does in congvu.verbs().values()), "a playbook says at its head what it does"
    assert "  plan        Shows what would change" in said.stdout
    assert run(CONGVU, "--help", cwd=tmp_path).stdout == said.stdout


@pytest.mark.parametrize(("verb", "hint"), [("plam", "Did you mean 'plan'?"), ("xyz", "bin/congvu lists them.")])
def test_a_verb_that_is_none_is_an_error(tmp_path: Path, verb: str, hint: str) -> None:
    said = run(CONGVU, verb, cwd=tmp_path)
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == f"There is no verb '{verb}'. {hint}\n"


@pytest.mark.parametrize(
    ("code", "reported", "status"),
    [
        (0, "", 0),
        (0, "0", 0),
        (0, "2", 2),
        (0, "3", 3),
        (2, "3", 3),
        (2, "4", 4),
        (2, "5", 5),
        (2, "1", 1),
        (2, "0", 1),
        (2, "2", 1),
        (2, "", 1),
        (4, "0", 1),
        (1, "", 1),
        (-signal.SIGKILL, "0", 137),
    ],
)
def test_the_last_report_counts_as_far_as_it_says_more_than_the_playbook(
    congvu: ModuleType, code: int, reported: str, status: int
) -> None:
    assert congvu.verdict(code, reported) == status


@pytest.mark.parametrize("code", [99, 250, 1, -signal.SIGINT])
def test_whatever_ansible_makes_of_an_interruption_it_is_told(congvu: ModuleType, code: int) -> None:
    assert congvu.verdict(code, "2", signal.SIGINT) == 130
    assert congvu.verdict(0, "0", signal.SIGINT) == 0, "it was done before"


@pytest.mark.parametrize(
    ("tasks", "status"),
    [
        (report(2), 2),
        (report(2) + report(0), 0),
        (report(2) + report(None), 2),
        (report(3) + "    - assert: {that: false}\n", 3),
        (report(2) + report(4, fails=True), 4),
        (report(2) + report(5, fails=True), 5),
        (report(2) + report(0) + report(None, fails=True), 1),
    ],
    ids=["changes", "reconciled", "said nothing more", "rail", "stale", "partly", "failed later"],
)
def test_what_modules_report_is_the_exit_status(
    write: Callable[..., Path], tmp_path: Path, tasks: str, status: int
) -> None:
    said = run(write(tasks), "try", cwd=tmp_path)
    assert (said.returncode, "Traceback" in said.stderr) == (status, False), said.stdout + said.stderr
    assert "PLAY RECAP" in said.stdout


def test_a_long_apply_says_how_far_it_is(write: Callable[..., Path], tmp_path: Path) -> None:
    note = """    - copy: {content: "500 2000", dest: "{{ lookup('env', 'CONGVU_PROGRESS') }}"}\n"""
    said = run(write(note + "    - command: sleep 7\n" + report(0)), "try", cwd=tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stderr.splitlines().count("  500 of 2,000 changes done (25%)") == 1


def test_a_host_that_is_out_of_reach_is_an_error(write: Callable[..., Path], tmp_path: Path) -> None:
    wrapper = write(report(2), hosts="nowhere", connection="ssh")
    said = run(wrapper, "try", "-i", "nowhere,", "-e", "ansible_host=127.0.0.1 ansible_port=9", cwd=tmp_path)
    assert (said.returncode, "unreachable=1" in said.stdout) == (1, True), said.stdout


def test_a_playbook_that_is_none_is_an_error(checkout: Path, tmp_path: Path) -> None:
    (checkout / "playbooks" / "try.yml").write_text("- hosts: [\n", encoding="utf-8")
    assert run(checkout / "bin" / "congvu", "try", cwd=tmp_path).returncode == 1


def test_it_follows_a_link_to_itself_and_takes_arguments_from_where_it_is_called(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "more.yml").write_text("wanted: 2\n", encoding="utf-8")
    (tmp_path / "congvu").symlink_to(write('    - report: {status: "{{ wanted }}"}\n'))
    assert run(tmp_path / "congvu", "try", "-e", "@more.yml", cwd=tmp_path / "here").returncode == 2


@pytest.mark.parametrize(
    ("number", "group", "status"), [(signal.SIGINT, True, 130), (signal.SIGTERM, False, 143)], ids=["Ctrl-C", "TERM"]
)
def test_an_interruption_is_told_and_leaves_nobody_behind(
    write: Callable[..., Path], tmp_path: Path, number: signal.Signals, status: int, *, group: bool
) -> None:
    words = [str(write(report(2) + SLEEP)), "try"]
    with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL, start_new_session=True) as child:  # noqa: S603 -- our own command
        deadline = time.monotonic() + 60
        while not playbooks_of(child.pid) and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(3)
        os.killpg(child.pid, number) if group else os.kill(child.pid, number)
        assert child.wait(30) == status
    deadline = time.monotonic() + 10
    while playbooks_of(child.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not playbooks_of(child.pid)


def playbooks_of(session: int) -> list[int]:
    """Give the processes of a session that run ansible-playbook."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="utf-8").rpartition(")")[2].split()
            command = status.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[3]) == session and b"ansible-playbook\0" in command:
            found.append(int(status.parent.name))
    return found


def test_a_machine_without_the_tools_is_told_how_to_get_them(checkout: Path, tmp_path: Path) -> None:
    (checkout / ".venv").unlink()
    (checkout / "playbooks" / "try.yml").write_text("---\n", encoding="utf-8")
    said = run(checkout / "bin" / "congvu", "try", cwd=tmp_path, PATH="/usr/bin:/bin")
    assert (said.returncode, said.stderr) == (
        1,
        f"There is no ansible-playbook here. Install the tools: make -C {checkout} .venv/ready\n",
    )


# --- The playbooks themselves


@pytest.fixture
def answers(tmp_path: Path) -> Callable[..., Any]:
    """Return what runs a verb of this checkout, with a state of its own, and gives its status and its output."""

    def _answers(verb: str, registry: Path, **more: object) -> tuple[int, str]:
        given = {"estate_registry": registry, "estate_state": tmp_path / "state", **more}
        words = [part for key, value in given.items() for part in ("-e", f"{key}={value}")]
        said = run(CONGVU, verb, *words, cwd=tmp_path)
        return said.returncode, said.stdout + said.stderr

    return _answers


def test_a_sound_registry_is_0_and_a_broken_one_1(answers: Callable[..., Any], tmp_path: Path) -> None:
    registry = Path(copytree(REGISTRY, tmp_path / "checkout"))
    assert answers("validate", registry)[0] == 0
    (registry / "overrides").mkdir()
    (registry / "overrides" / "x.yml").write_text("plan: yes\n", encoding="utf-8")
    status, text = answers("validate", registry)
    assert (status, "overrides/x.yml:1:7: 'yes' is not the plan's id" in text) == (1, True)


def test_a_directory_that_does_not_answer_is_1(answers: Callable[..., Any], tmp_path: Path) -> None:
    status, text = answers("plan", REGISTRY, directory_uri=f"ldapi://{str(tmp_path / 'ldapi').replace('/', '%2F')}")
    assert (status, "does not answer" in text) == (1, True), text
