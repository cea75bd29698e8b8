"""The machines are still whole after all that was done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from testinfra.host import Host


@pytest.mark.parametrize("device", ["null", "zero", "full", "random", "urandom"])
def test_every_program_can_rely_on_the_kernels_devices(any_machine: Host, device: str) -> None:
    assert any_machine.check_output(f"stat --format='%F %a' /dev/{device}") == "character special file 666"
