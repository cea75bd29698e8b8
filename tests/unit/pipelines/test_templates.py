"""The pipelines' templates call what there is, and say the same on both servers."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
GITLAB, FORGEJO = (ROOT / "pipelines" / file for file in ("gitlab/gitlab-ci.yml", "forgejo/registry.yml"))
RESERVED = {"stages", "default", "variables", "workflow"}


def gitlab() -> dict[str, str]:
    """Return what the jobs of GitLab's template run, by their names."""
    said: dict[str, Any] = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))
    return {name: "\n".join(job["script"]) for name, job in said.items() if name not in RESERVED}


def forgejo() -> dict[str, str]:
    """Return the same of the other template."""
    jobs: dict[str, Any] = yaml.safe_load(FORGEJO.read_text(encoding="utf-8"))["jobs"]
    return {name: "\n".join(step.get("run", "") for step in job["steps"]) for name, job in jobs.items()}


SCRIPTS = [*gitlab().items(), *forgejo().items()]


def verbs(text: str) -> Iterator[str]:
    yield from re.findall(r"\$CONGVU_HOME/bin/congvu (\w+)", text)


@pytest.mark.parametrize(("_job", "script"), SCRIPTS)
def test_what_a_job_runs_is_there_and_is_a_shells(_job: str, script: str) -> None:
    assert {verb for verb in verbs(script) if not (ROOT / "playbooks" / f"{verb}.yml").exists()} == set()
    assert {tool for tool in re.findall(r"\$CONGVU_HOME/(\S+)", script) if not (ROOT / tool).exists()} == set()
    subprocess.run(["/bin/bash", "-n"], input=script, text=True, check=True)


def test_both_servers_do_the_same() -> None:
    assert {verb for _, script in gitlab().items() for verb in verbs(script)} == {
        verb for _, script in forgejo().items() for verb in verbs(script)
    }


@pytest.mark.parametrize("script", [gitlab()["apply"], forgejo()["apply"]])
def test_what_was_merged_is_applied_one_at_a_time_and_only_as_reviewed(script: str) -> None:
    assert list(verbs(script)) == ["validate", "promote"]
    assert 'flock "$CONGVU_STATE/promote.lock"' in script


def test_no_word_that_a_stranger_chooses_stands_in_a_script() -> None:
    """What a forge puts into a script's text is run by the shell: names of branches go through variables."""
    for script in forgejo().values():
        assert "${{" not in script
