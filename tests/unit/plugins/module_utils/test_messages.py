"""What people are told about a faulty registry fits on a page."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.congvu.mail.plugins.module_utils.messages import PER_FILE, Fault, told
from ansible_collections.congvu.mail.plugins.module_utils.model import Origin, RegistryError


def test_a_few_faults_are_all_told() -> None:
    text = told(RegistryError((Fault.EMPTY_FILE.at(Origin("policy.yml", 1)),)), Path("so-bo"))
    assert text.splitlines() == [
        "Faults in the registry so-bo: 1",
        "policy.yml:1:1: The file is empty. Fill it in, or delete it; an empty file never means 'none'.",
    ]


def test_many_faults_of_one_file_do_not_hide_those_of_another() -> None:
    many = [Fault.EMPTY_LIST.at(Origin("agencies/snv.yml", line)) for line in range(1, 101)]
    text = told(RegistryError((*many, Fault.EMPTY_FILE.at(Origin("policy.yml", 1)))), Path("so-bo"))
    first, *lines = text.splitlines()
    assert first == "Faults in the registry so-bo: 101"
    assert lines[PER_FILE - 1].startswith(f"agencies/snv.yml:{PER_FILE}:1: ")
    assert lines[PER_FILE] == f"agencies/snv.yml: … and {100 - PER_FILE} more."
    assert lines[PER_FILE + 1].startswith("policy.yml:1:1: ")
    assert lines[-1].startswith("Mend these first")
