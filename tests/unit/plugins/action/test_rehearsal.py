"""A playbook rehearsed for real: what it would change is told by name, and no value of anything is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[4]
SECRET = "bi-mat-3f9c"  # noqa: S105 -- nobody's
SITE = """\
- name: Site
  hosts: all
  gather_facts: false
  tasks:
    - name: Write a secret
      ansible.builtin.copy:
        content: "{secret}"
        dest: "{folder}/{item}"
        mode: "0600"
      loop: [one, two]
    - name: Keep it to oneself
      ansible.builtin.copy: {{content: "{secret}", dest: "{folder}/kept", mode: "0600"}}
      no_log: true
    - name: Leave as it is
      ansible.builtin.file: {{path: "{folder}", state: directory}}
    - name: Would restart something
      ansible.builtin.debug: {{msg: "{secret}"}}
      changed_when: true
      notify: Restart it
  handlers:
    - name: Restart it
      ansible.builtin.debug: {{msg: x}}
      changed_when: true
"""
LOOK = """\
- name: Look
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Rehearse
      congvu.mail.rehearsal: {{playbook: "{site}"}}
      register: found
    - name: Keep the answer
      ansible.builtin.copy: {{content: "{{{{ found.hosts | to_json }}}}", dest: "{answer}", mode: "0600"}}
"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("rehearsal")
    site, look, told = folder / "site.yml", folder / "look.yml", folder / "answer.json"
    site.write_text(SITE.format(secret=SECRET, folder=folder, item="{{ item }}"), encoding="utf-8")
    look.write_text(LOOK.format(site=site, answer=told), encoding="utf-8")
    inventory = folder / "hosts.yml"
    gone = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 9}
    hosts: dict[str, Any] = {"here": {}, "gone": gone, "outside": {}}
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": local}}), encoding="utf-8")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603 -- our own words
        [Path(sys.executable).with_name("ansible-playbook"), "-i", inventory, "--limit", "localhost,here,gone", look],
        env={**os.environ, "PATH": path, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_STRATEGY": "linear"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (folder / "one").exists(), "it was to be rehearsed and not done"
    found: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    assert SECRET not in told.read_text(encoding="utf-8")
    return {"folder": folder, "hosts": found}


def test_what_would_change_is_told_item_by_item_and_handlers_are_not(answer: dict[str, Any]) -> None:
    here, folder = answer["hosts"]["here"], answer["folder"]
    assert here["fault"] == ""
    told = [(change["task"], change["place"]) for change in here["changes"]]
    assert told[:2] == [("Write a secret", f"{folder}/one"), ("Write a secret", f"{folder}/two")]
    assert [task for task, _ in told[2:]] == ["Keep it to oneself", "Would restart something"]
    assert str(folder) in here["files"], "what stays as it is, is declared all the same"


def test_a_host_that_does_not_answer_is_told_with_the_reason(answer: dict[str, Any]) -> None:
    gone = answer["hosts"]["gone"]
    assert gone["changes"] == []
    assert "connect" in gone["fault"].lower()


def test_a_host_that_the_outer_run_was_to_leave_alone_is_left_alone(answer: dict[str, Any]) -> None:
    assert answer["hosts"].keys() == {"here", "gone"}
