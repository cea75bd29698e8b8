"""A broken copy of each registry gives exactly the expected errors: no fewer, no more, and where they are.

The faults are in ``faults``: each is put into a copy of each registry in which it finds a place. Where, is decided by
a die whose throws depend on the estate and the fault alone.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import cache
from itertools import chain
from random import Random
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault
from ansible_collections.congvu.mail.plugins.module_utils.model import RegistryError
from ansible_collections.congvu.mail.plugins.module_utils.source import load

from .estates import ESTATES
from .faults.broken import Copy, NoPlaceError
from .faults.catalogue import SEEDS
from .faults.findings import Sight, Told
from .faults.harmless import HARMLESS
from .faults.original import original

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .faults.findings import Finding

    FaultsOf = Callable[[Copy], list[Told]]

AT_ONCE = 20  # faults put into one copy
AT_MOST = 3  # files for each of them
ROUNDS = 5  # such copies of each registry

FAULTS = {fault.message: fault for fault in Fault}
# What the files of a registry cannot have wrong.
OF_MODEL_REGULATIONS = {
    Fault.UNKNOWN_BLANK,
    Fault.BLANK_IN_CIRCLES,
    Fault.NO_SUCH_LINE,
    Fault.NO_SORT,
    Fault.NO_PARENT,
    Fault.NO_HEAD_THEN,
    Fault.NO_HEAD_TITLE,
    Fault.NO_OFFICE,
    Fault.NO_OFFICE_HEAD,
    Fault.NO_UNIT_MAILBOX,
}
OF_SPREADSHEETS = {Fault.WORD_TWICE}
# What only a plan, a day or Git makes wrong; test_overrides.py does.
OF_OVERRIDES = {Fault.EXPIRED, Fault.TOO_LONG, Fault.UNREVIEWED, Fault.OTHER_PLAN}
# Likewise; test_exceptions.py does.
OF_EXCEPTIONS = {Fault.EXCEPTION_TOO_LONG, Fault.EXCEPTION_UNREVIEWED}
# What stands in a file that nothing else has a part in; test_approvers.py does it to a registry.
OF_APPROVERS = {
    Fault.UNKNOWN_APPROVER,
    Fault.NO_AGENCY_TO_APPROVE,
    Fault.NO_OFFICIAL_MAILBOX,
    Fault.KEY_TWICE,
    Fault.NO_KEY,
    Fault.APPROVER_GONE,
}
# What only the files of a compliance report can have; test_control_files.py does it to one.
OF_CONTROLS = {Fault.BAD_JINJA, Fault.ONE_WAY}
# What no text in a file makes wrong; test_source.py does it to a small registry.
OF_DISKS = {Fault.BROKEN_LINK, Fault.NO_FILE, Fault.NOT_ALLOWED, Fault.TOO_LARGE}


def copy_of(estate: str, name: str) -> Copy:
    return Copy(original(estate), Random(f"{estate}: {name}"))  # noqa: S311 -- the same faults each time


@cache
def sown(estate: str, name: str) -> tuple[Copy, list[Finding]] | None:
    """Return a copy with one fault, and what is to be found in it; None if the fault finds no place."""
    copy = copy_of(estate, name)
    try:
        return copy, SEEDS[name](copy)
    except NoPlaceError:
        return None


@pytest.fixture(scope="module")
def faults_of(tmp_path_factory: pytest.TempPathFactory) -> FaultsOf:
    """Return what the engine finds in a copy; it parses anew only what the copy changes."""

    @cache
    def folders(estate: str) -> tuple[Path, Path]:
        root, kept = tmp_path_factory.mktemp(estate) / "registry", tmp_path_factory.mktemp(f"{estate}-cache")
        shutil.copytree(original(estate).root, root)
        load(root, cache=kept)
        return root, kept

    def found(copy: Copy) -> list[Told]:
        root, kept = folders(copy.sound.estate)
        with copy.written(root):
            try:
                load(root, cache=kept)
            except RegistryError as error:
                return sorted(
                    Told(problem.origin.file, problem.origin.line, FAULTS[problem.what.english])
                    for problem in error.problems
                )
            return []

    return found


@pytest.mark.parametrize("name", SEEDS)
def test_a_fault_is_found_where_it_is_and_nothing_else(faults_of: FaultsOf, name: str) -> None:
    broken = [found for estate in ESTATES if (found := sown(estate, name))]
    assert broken, "this fault finds no place in any registry"
    told = {copy.sound.estate: faults_of(copy) for copy, _ in broken}
    assert told == {copy.sound.estate: copy.told(findings) for copy, findings in broken}


@pytest.mark.parametrize("round_", range(ROUNDS))
@pytest.mark.parametrize("estate", ESTATES)
def test_many_faults_are_found_in_one_run(faults_of: FaultsOf, estate: str, round_: int) -> None:
    """None of them takes what another one needs to be found, or stands in the same place."""
    copy = copy_of(estate, f"many {round_}")
    findings: list[Finding] = []
    names = iter(copy.shuffled(SEEDS))
    for _ in range(AT_ONCE):
        copy, findings = one_more(copy, findings, names)
    assert faults_of(copy) == copy.told(findings)


def one_more(copy: Copy, findings: list[Finding], names: Iterator[str]) -> tuple[Copy, list[Finding]]:
    """Put the next fault into a copy that fits to those in it and leaves room for others."""
    for name in names:
        bent = copy.snapshot()
        with suppress(NoPlaceError):
            together = [*findings, *SEEDS[name](bent)]
            if not bent.blind & Sight.needed(together) and len(bent.touched - copy.touched) <= AT_MOST:
                return bent, together
    pytest.fail("no other fault fits")


def test_every_fault_that_a_registry_can_have_is_sown() -> None:
    broken = (found for name in SEEDS for estate in ESTATES if (found := sown(estate, name)))
    covered = {fault for fault, _ in chain.from_iterable(findings for _, findings in broken)}
    others = OF_MODEL_REGULATIONS | OF_SPREADSHEETS | OF_OVERRIDES | OF_EXCEPTIONS | OF_APPROVERS
    others |= OF_CONTROLS | OF_DISKS
    assert set(Fault) - covered == others


def test_each_fault_has_words_of_its_own() -> None:
    assert len(FAULTS) == len(Fault)


@pytest.mark.parametrize("name", HARMLESS)
@pytest.mark.parametrize("estate", ESTATES)
def test_what_editors_and_systems_do_is_no_fault(faults_of: FaultsOf, estate: str, name: str) -> None:
    copy = copy_of(estate, name)
    HARMLESS[name](copy)
    assert faults_of(copy) == []
