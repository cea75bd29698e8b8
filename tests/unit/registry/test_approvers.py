"""Faults of who may change what, in a real registry."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault
from ansible_collections.congvu.mail.plugins.module_utils.model import RegistryError
from ansible_collections.congvu.mail.plugins.module_utils.source import load

REGISTRY = Path(__file__).parents[3] / "inventories" / "thuathienhue" / "registry"
OWN, OTHER = "truongbatri@thuathienhue.gov.vn", "caothiuyen@thuathienhue.gov.vn"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN/Cr3JXqmLW7u+g9pTh+wyqDHpSQEIQczXkVx9q"
SECOND = KEY.replace("IK0w", "IK0x")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(copytree(REGISTRY, tmp_path / "registry"))


def write(root: Path, *lines: str) -> None:
    """Write the file, line by line."""
    (root / "approvers.yml").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_all_that_is_wrong_is_told_at_its_line(root: Path) -> None:
    write(
        root,
        "province: [tri, nobody]",
        "agencies:",
        "  khong-co: tri",
        "people:",
        f"  tri: {{address: {OWN}, keys: ['{KEY} may-o-co-quan']}}",
        f"  la: {{address: la@khac.example, keys: ['{SECOND}']}}",
        f"  uyen: {{address: {OTHER}}}",
        f"  hai: {{address: {OTHER}, keys: ['{KEY} may-khac']}}",
        "  snv: {address: snv@thuathienhue.gov.vn, keys: ['ssh-ed25519 AAAA']}",
    )
    with pytest.raises(RegistryError) as caught:
        load(root)
    told = [(problem.origin.line, problem.what.english) for problem in caught.value.problems]
    expected = [
        (1, Fault.UNKNOWN_APPROVER),
        (3, Fault.NO_AGENCY_TO_APPROVE),
        (6, Fault.NO_OFFICIAL_MAILBOX),
        (7, Fault.NO_KEY),
        (8, Fault.KEY_TWICE),
        (9, Fault.NO_OFFICIAL_MAILBOX),
    ]
    assert told == [(line, fault.message) for line, fault in expected]


def test_who_may_change_what_is_part_of_the_registry(root: Path) -> None:
    people = (f"  tri: {{address: {OWN}}}", f"  uyen: {{address: {OTHER}}}")
    write(root, "signed: false", "province: [tri]", "agencies: {snv: uyen}", "people:", *people)
    said = load(root).approvers
    assert said
    assert (list(said.province), list(said.agencies["snv"]), said.people["uyen"].address) == (["tri"], ["uyen"], OTHER)
    assert (said.signed, said.second_person, load(REGISTRY).approvers) == (False, True, None)
