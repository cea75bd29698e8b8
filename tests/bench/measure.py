"""What is measured: functions that run in a process of their own and tell seconds and memory."""

from __future__ import annotations

import re
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.congvu.mail.plugins.module_utils import apply as engine
from ansible_collections.congvu.mail.plugins.module_utils import source, store
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.credentials import Vault
from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, LdapDirectory
from ansible_collections.congvu.mail.plugins.module_utils.figures import Account
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
from ansible_collections.congvu.mail.plugins.module_utils.lease import Lease, control_dn, this_process
from ansible_collections.congvu.mail.plugins.module_utils.unswept import unswept
from ansible_collections.congvu.mail.plugins.modules import phonebook
from ansible_collections.congvu.mail.plugins.modules import plan as planning
from ansible_collections.congvu.mail.plugins.modules.registry_validate import summary

from .counts import HOST, PERIOD
from .province import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan
    from ansible_collections.congvu.mail.plugins.module_utils.model import Desired


THEME = Path(__file__).parents[2] / "roles" / "phonebook" / "files" / "site"


@dataclass(frozen=True, slots=True)
class Figure:
    """How long it took, how much memory the process and the largest of its helpers had at most, and what came of it."""

    seconds: float
    megabytes: float
    result: Any


def measured(function: Callable[..., Any], *arguments: object) -> Figure:
    """Run a function in a fresh process, so that no figure profits from the one before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_timed, function, *arguments).result()


def _timed(function: Callable[..., Any], *arguments: object) -> Figure:
    start = time.perf_counter()
    result = function(*arguments)
    seconds = time.perf_counter() - start
    return Figure(seconds, _memory() / 1024, result)


def _memory() -> int:
    """Give KiB. What the kernel tells of usage begins with the process that started this one; its own peak does not."""
    peak = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    return int(peak[1] if peak else 0) + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def compiled(registry: Path) -> Desired:
    """Read, check and compile the registry."""
    return compile_desired(source.load(registry), as_of=TODAY, commit="")


def compiled_entries(registry: Path) -> int:
    """Read, check and compile the registry; give the number of entries."""
    return len(compiled(registry).entries)


def check(registry: Path, cache: Path) -> int:
    """Check the registry as playbooks/validate.yml does; give the number of people."""
    return int(summary(registry, TODAY, cache)["counts"]["person"])


def plan(registry: Path, access: Access, state: Path) -> dict[str, Any]:
    """Plan for the directory as it is, as playbooks/plan.yml does: the plan file and its pages are written."""
    given = {name: spec.get("default") for name, spec in planning.SPEC.items()}
    reach = {name: getattr(access, name) for name in ("uri", "server_name", "bind_dn", "timeout")}
    files = {name: str(getattr(access, name)) for name in ("ca_file", "password_file")}
    own = {"registry": str(registry), "state": str(state), "as_of": str(TODAY)}
    with unswept():
        return planning.run({**given, **reach, **files, **own})


def publish(registry: Path, into: Path) -> int:
    """Write the public directory as playbooks/phonebook.yml does; give the number of officials in it."""
    own = {"registry": str(registry), "into": str(into), "theme": str(THEME), "as_of": str(TODAY)}
    site = {"address": "https://danhba.thuathienhue.gov.vn", "contact": "", "cache": str(into / "registry")}
    said: str = phonebook.run({**own, **site}, check=False)["msg"]
    return int(re.findall(r"(\d+) người", said)[0])


def report(registry: Path, counts: Path, state: Path) -> int:
    """Report on half a year as playbooks/report.yml does, accounts apart: nobody asks a directory for them.

    Gives the number of people.
    """
    # What draws documents is large, and no other figure is to hold it.
    from ansible_collections.congvu.mail.plugins.modules import periodic_report  # noqa: PLC0415

    given = {name: spec.get("default") for name, spec in periodic_report.SPEC.items()}
    own = {"registry": str(registry), "state": str(state), "period": PERIOD, "as_of": str(TODAY)}
    hosts = {"archives": [str(counts)], "stores": [HOST], "mail": [HOST]}
    with unswept():
        files = (path.read_text(encoding="utf-8") for path in registry.glob("agencies/*.yml"))
        people = {uid for text in files for uid in re.findall(r"^ *- id: (\S+)", text, re.MULTILINE)}
        known = dict.fromkeys(people, Account(active=True, signed_in=True))
        made = periodic_report.run({**given, **own, **hosts}, lambda *_: known, write=True)
    if len(made["files"]) != len(("pdf", "xlsx", "json")):
        message = f"The bench's report was not written: {made['files']}"
        raise RuntimeError(message)
    return len(known)


def apply(made: Plan, access: Access, state: Path) -> engine.Result:
    """Apply a plan, with the journal, the initial passwords and the look at what was written."""
    with (
        LdapDirectory.connect(access) as directory,
        Journal(state / "journal", made.id, _now) as journal,
        Vault(state / "initial-passwords") as vault,
    ):
        lease = Lease(directory, control_dn(made.estate, made.suffix), this_process(), _now)
        result = engine.apply(made, directory, lease, journal, vault.issue, foresee=vault.foresee)
    if not result.complete:
        message = f"The bench's plan was not carried out: {result.counts}"
        raise RuntimeError(message)
    return result


def plan_and_apply(registry: Path, access: Access, state: Path) -> int:
    """Bring the directory to what the registry says, from plan to done; give the number of changes.

    An invented day closes more mailboxes of a small agency than a real one: what the rails say of it is not heeded.
    """
    made = store.find(plan(registry, access, state)["plan"], state / "plans")
    return len(apply(made, access, state).answers)


def _now() -> datetime:
    return datetime.now(UTC)
