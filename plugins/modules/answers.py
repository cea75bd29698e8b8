#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Run some commands on a host side by side, and tell what each said."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: answers
short_description: Run some commands on a host side by side, and tell what each said
description:
  - Asks a host everything that the compliance report wants to know of it, in one go. The commands come from
    M(congvu.mail.controls), and only look.
  - A command that fails is an answer, and so is one that is not there or does not come to an end; none fails the task.
options:
  commands:
    description:
      - The commands. Each has C(id), C(argv), and may have C(input), which it reads, and C(group), which is not looked
        at here.
    type: list
    elements: dict
    required: true
  timeout:
    description: Seconds that each command may take.
    type: int
    default: 30
attributes:
  check_mode:
    support: full
    description: Asks as ever; it changes nothing.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Ask for what is needed
  congvu.mail.answers:
    commands:
      - id: clamd
        argv: [systemctl, is-active, clamav-daemon.service]
"""

RETURN = r"""
answers:
  description:
    - By the command's id its C(exit) status, what it said (C(out), C(err)), at which moment (C(at)), and why it gave no
      answer (C(failed)), in Vietnamese.
  type: dict
  returned: success
  sample: {clamd: {exit: 0, out: "active\n", err: "", at: "2026-11-22T09:00:00+00:00", failed: ""}}
"""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from ansible.module_utils.basic import AnsibleModule

LONGEST = 65536  # characters of an answer that are kept
AT_ONCE = 4  # commands


def answer(command: dict[str, Any], timeout: int) -> dict[str, Any]:
    """Run one command."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        done = subprocess.run(  # noqa: S603 -- what a control asks; no shell of ours
            command["argv"],
            input=str(command.get("input") or "").encode(),
            capture_output=True,
            check=False,
            timeout=timeout,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    except FileNotFoundError:
        return _none(at, f"máy chủ không có lệnh {command['argv'][0]}")
    except subprocess.TimeoutExpired:
        return _none(at, f"quá {timeout} giây chưa có câu trả lời")
    out, err = (said.decode("utf-8", "replace")[:LONGEST] for said in (done.stdout, done.stderr))
    return {"exit": done.returncode, "out": out, "err": err, "at": at, "failed": ""}


def _none(at: str, why: str) -> dict[str, Any]:
    return {"exit": -1, "out": "", "err": "", "at": at, "failed": why}


def main() -> None:
    """Parse, ask, exit."""
    module = AnsibleModule(
        {
            "commands": {"type": "list", "elements": "dict", "required": True},
            "timeout": {"type": "int", "default": 30},
        },
        supports_check_mode=True,
    )
    commands, timeout = module.params["commands"], module.params["timeout"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = pool.map(lambda command: answer(command, timeout), commands)
        answers = dict(zip((command["id"] for command in commands), said, strict=True))
    module.exit_json(changed=False, answers=answers)


if __name__ == "__main__":
    main()
