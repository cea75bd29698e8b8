"""The control node as the faults see it: plan and apply as processes of their own, to be stopped at any moment."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from select import select
from typing import TYPE_CHECKING, Any, NoReturn

from ansible.module_utils.testing import patch_module_args
from ansible_collections.congvu.mail.plugins.module_utils import apply as engine
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
from ansible_collections.congvu.mail.plugins.modules import apply as apply_module
from ansible_collections.congvu.mail.plugins.modules import plan as plan_module

if TYPE_CHECKING:
    from datetime import date, tzinfo
    from pathlib import Path

MODULES = {"plan": plan_module, "apply": apply_module}
KEPT = 16  # processes whose output is kept
PATIENCE = 60.0  # seconds that a process may take before the test gives up on it


@dataclass(frozen=True, slots=True)
class Said:
    """How a process ended: by a signal, or with what the module answered."""

    signal: int
    answer: dict[str, Any]
    output: str

    @property
    def status(self) -> int:
        """Give what a pipeline goes by; -1 for a process that was killed."""
        return -1 if self.signal else int(self.answer["exit_status"])

    @property
    def text(self) -> str:
        """Give what the operator reads."""
        return str(self.answer.get("msg") or self.answer.get("text") or self.output)


@dataclass(frozen=True, slots=True)
class Trap:
    """A moment of an apply, by its journal: right after the n-th line about an event, or right before it."""

    event: str
    number: int = 1
    before: bool = False


@dataclass(slots=True)
class Running:
    """A module at work. With a trap it stands still when it comes there, until it is told to go on or is killed."""

    pid: int
    output: Path
    trapped: int  # its end of a pipe: a byte when the trap springs
    release: int  # the other way round

    def springs(self) -> bool:
        """Wait until the process stands in its trap; false if it ended without coming there."""
        ready, _, _ = select([self.trapped], [], [], PATIENCE)
        assert ready, "the process neither ended nor came to its trap"
        return bool(os.read(self.trapped, 1))

    def go_on(self) -> None:
        """Open the trap."""
        os.write(self.release, b"!")

    def kill(self) -> None:
        """Kill it as the kernel does when memory runs out."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> Said:
        """Wait for its end."""
        deadline = time.monotonic() + PATIENCE
        while not (ended := os.waitpid(self.pid, os.WNOHANG))[0]:
            if time.monotonic() > deadline:
                self.kill()
                os.waitpid(self.pid, 0)
                message = f"The process did not end within {PATIENCE:.0f} s: {self.output.read_text(encoding='utf-8')}"
                raise AssertionError(message)
            time.sleep(0.002)
        os.close(self.trapped)
        os.close(self.release)
        output = self.output.read_text(encoding="utf-8")
        if os.WIFSIGNALED(ended[1]):
            return Said(os.WTERMSIG(ended[1]), {}, output)
        start = output.find("{")
        assert start >= 0, output
        return Said(0, json.JSONDecoder().raw_decode(output[start:])[0], output)


@dataclass
class Control:
    """A control node's folders, and how it reaches the directory."""

    registry: Path
    state: Path
    directory: dict[str, Any]
    outputs: Path | None = None  # for what the processes print, if not beside the state: where the disk is never full
    clock: datetime | None = None  # what time it is there, if not the true one
    settle: float | None = None  # seconds that letters are given before an address is given up, if not as ever
    started: int = field(default=0, init=False)

    @property
    def passwords(self) -> Path:
        """Where initial passwords are recorded."""
        return self.state / "secrets" / "initial-passwords"

    def plan(self, day: date, **other: Any) -> Said:  # noqa: ANN401 - a module's parameters
        """Plan for a day."""
        words = {"registry": str(self.registry), "state": str(self.state), "as_of": str(day), **other}
        return self.start("plan", words).wait()

    def apply(self, plan: str = "latest", **other: Any) -> Said:  # noqa: ANN401 - a module's parameters
        """Apply a plan, to the end."""
        return self.start_apply(plan, **other).wait()

    def start_apply(self, plan: str = "latest", trap: Trap | None = None, **other: Any) -> Running:  # noqa: ANN401 - likewise
        """Begin to apply a plan."""
        folders = {"registry": self.registry, "state": self.state, "secrets": self.state / "secrets"}
        words = {"plan": plan, **{name: str(folder) for name, folder in folders.items()}, **other}
        return self.start("apply", words, trap)

    def start(self, module: str, words: dict[str, Any], trap: Trap | None = None) -> Running:
        """Run a module's ``main`` in a process of its own, as Ansible does."""
        self.started += 1
        output = (self.outputs or self.state.parent) / f"output-{self.started % KEPT}"
        (trapped, spring), (held, release) = os.pipe(), os.pipe()
        pid = os.fork()
        if not pid:
            os.close(trapped)
            os.close(release)
            if self.settle is not None:
                engine.SETTLE = self.settle
            if self.clock is not None:
                for program in MODULES.values():
                    # Each process begins a second after the one before: no two name their journals by one moment.
                    vars(program)["datetime"] = _clock(self.clock + timedelta(seconds=self.started))
            _be(module, {**self.directory, **words}, output, trap, (spring, held))
        os.close(spring)
        os.close(held)
        return Running(pid, output, trapped, release)


def _clock(begin: datetime) -> type[datetime]:
    """Make a clock that shows ``begin`` now, and goes as fast as others do."""
    behind = datetime.now(UTC) - begin

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:  # noqa: ANN401 - neither type of both fits mypy's idea of it
            return (datetime.now(UTC) - behind).astimezone(tz)

    return Clock


def _be(module: str, words: dict[str, Any], output: Path, trap: Trap | None, pipes: tuple[int, int]) -> NoReturn:
    """Be the module from here on; nothing of the test's process is cleaned up."""
    status = 70
    try:
        with output.open("w", encoding="utf-8") as file, patch_module_args(words):
            sys.stdout = sys.stderr = file
            if trap:
                _lay(trap, *pipes)
            try:
                MODULES[module].main()
            except SystemExit as ended:
                status = int(ended.code or 0)
            except BaseException:  # noqa: BLE001 - shown by whoever waits for it
                traceback.print_exc(file=file)
    finally:
        os._exit(status)


def _lay(trap: Trap, spring: int, held: int) -> None:
    """Let the journal of this process stop at a line."""
    write, seen = Journal.write, 0

    def stopping(self: Journal, event: str, **fields: object) -> None:
        nonlocal seen
        seen += event == trap.event
        here = event == trap.event and seen == trap.number
        if here and trap.before:
            _stand(spring, held)
        write(self, event, **fields)
        if here and not trap.before:
            _stand(spring, held)

    Journal.write = stopping  # type: ignore[method-assign] # in this process alone


def _stand(spring: int, held: int) -> None:
    os.write(spring, b"!")
    os.read(held, 1)
