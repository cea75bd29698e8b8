"""The engine's values."""

from __future__ import annotations

from ansible_collections.congvu.mail.plugins.module_utils.model import Origin, Problem, RegistryError
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase


def test_a_registry_error_lists_its_problems_in_the_order_of_files_and_lines() -> None:
    later = Problem(Origin("b.yml", 2), Phrase("Second."), Phrase("Mend it."))
    earlier = Problem(Origin("a.yml", 9, 4), Phrase("First."), Phrase("Mend it."))
    assert str(RegistryError((later, earlier))) == "a.yml:9:4: First. Mend it.\nb.yml:2:1: Second. Mend it."
