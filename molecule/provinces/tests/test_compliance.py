"""The reports of the four other provinces, as far as a directory without mail servers answers."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.compliance_data import UNKNOWN

from .conftest import ROOT
from .test_provinces import WITH_A_LAB

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Province

BY_DIRECTORY = {"R01", "R02", "R03", "R06", "R07", "R11", "R12", "R14", "R25", "R26", "R43", "R44"}
BY_SERVERS = {"R16", "R17", "R18", "R21", "R22", "R33", "R35", "R36", "R37", "R40"}


@pytest.mark.parametrize("estate", WITH_A_LAB)
def test_every_article_is_answered_by_the_directory_or_said_to_be_unasked(
    estate: str, province_of: Callable[[str], Province]
) -> None:
    province = province_of(estate)
    own = {
        "CONGVU_LAB": f"prov-{estate}",
        "CONGVU_LAB_SUBNET": province.subnet,
        "ANSIBLE_STRATEGY": "mitogen_linear",
    }
    words = ["-i", f"inventories/{estate}", "-i", "inventories/lab"]
    done = subprocess.run(  # noqa: S603 - our own command
        [ROOT / "bin" / "congvu", "compliance", *words],
        cwd=ROOT,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == UNKNOWN, done.stdout
    report: dict[str, Any] = json.loads(
        (province.state / "compliance" / "latest" / "bao-cao-tuan-thu.json").read_text(encoding="utf-8")
    )
    status = {control["id"]: control["status"] for control in report["controls"]}
    assert list(status) == [f"R{number:02}" for number in range(1, 45)]
    assert {id_: status[id_] for id_ in BY_DIRECTORY if status[id_] != "met"} == {}
    assert {id_: status[id_] for id_ in BY_SERVERS if status[id_] != "unknown"} == {}
    # The district keeps its part of the city's directory, and sees nothing of the rest.
    assert status["R42"] == ("met" if estate == "binhtan" else "elsewhere")
