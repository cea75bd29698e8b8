"""What the compliance report is told of hosts: whoever gave no answer is silent, and never empty-handed by chance."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.congvu.mail.plugins.filter.asked_hosts import NOT_ASKED, UNREACHABLE, FilterModule, asked_hosts

ANSWER = {"exit": 0, "out": "active\n", "err": "", "at": "2026-11-22T07:00:00+00:00", "failed": ""}


@pytest.mark.parametrize(
    ("registered", "silent"),
    [
        ({"answers": {"answers": {"a": ANSWER}}}, ""),
        ({"answers": {"answers": {}}}, ""),
        ({"answers": {"unreachable": True, "msg": "no route"}}, UNREACHABLE),
        ({"answers": {"failed": True, "msg": "no Python"}}, "máy chủ không trả lời: no Python"),
        ({"answers": {"skipped": True}}, NOT_ASKED),
        ({}, NOT_ASKED),
    ],
    ids=["answered", "asked nothing", "unreachable", "failed", "skipped", "left out"],
)
def test_a_host_that_gave_no_answer_is_told_as_silent(registered: dict[str, Any], silent: str) -> None:
    hostvars = {"mail": {"host_address": "192.0.2.10", "group_names": ["estate", "mx"], **registered}}
    (host,) = FilterModule().filters()["asked_hosts"](["mail"], hostvars)
    assert host["silent"] == silent
    assert (host["name"], host["address"], host["groups"]) == ("mail", "192.0.2.10", ["estate", "mx"])
    assert host["answers"] == registered.get("answers", {}).get("answers", {})


def test_a_host_without_an_address_is_told_all_the_same() -> None:
    assert asked_hosts(["mail"], {"mail": {}})[0]["address"] == ""
