"""Who helps, as one line for the page of sign-in."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.congvu.mail.plugins.filter.whom_to_call import FilterModule

CENTRE = {"name": "Trung tâm Tin học", "phone": "máy lẻ 108", "address": "tth@thunghiem.gov.vn"}


@pytest.mark.parametrize(
    ("policy", "line"),
    [
        ({"help": {"contacts": [CENTRE]}}, "Trung tâm Tin học, máy lẻ 108, tth@thunghiem.gov.vn"),
        (
            {"help": {"contacts": [{"name": "Văn phòng của cơ quan"}, CENTRE]}},
            "Văn phòng của cơ quan; Trung tâm Tin học, máy lẻ 108, tth@thunghiem.gov.vn",
        ),
        ({"help": {"contacts": [{"name": "Trung tâm", "address": "tt@x.vn"}]}}, "Trung tâm, tt@x.vn"),
        ({}, "postmaster@thunghiem.gov.vn"),
    ],
)
def test_whoever_helps_is_named_with_telephone_and_address(policy: dict[str, Any], line: str) -> None:
    assert FilterModule().filters()["whom_to_call"](policy, "postmaster@thunghiem.gov.vn") == line
