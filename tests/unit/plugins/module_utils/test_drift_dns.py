"""What the zone publishes otherwise than the estate has it, and which key letters are signed with."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.drift import Kind
from ansible_collections.congvu.mail.plugins.module_utils.drift_dns import judge, judge_keys

DOMAIN, HOST = "thuathienhue.gov.vn", "mail.thuathienhue.gov.vn"
SPF = '"v=spf1 mx -all"'


def answers(type_: str, wanted: list[str], **found: list[str]) -> dict[str, Any]:
    return {"records": [{"name": f"{DOMAIN}.", "type": type_, "wanted": wanted, "found": found}], "silent": {}}


@pytest.mark.parametrize(
    ("said", "count"),
    [
        (answers("MX", ["10 mail."], a=["10 mail."]), 0),
        (answers("MX", ["10 mail."], a=["10 other."]), 1),
        (answers("MX", ["10 mail."], a=["10 mail.", "20 other."]), 1),
        (answers("MX", ["10 mail."], a=[]), 1),
        (answers("MX", ["10 mail."], a=["10 other."], b=["10 other."]), 1),
        (answers("MX", ["10 mail."], a=["10 other."], b=["10 third."]), 2),
        (answers("TXT", [SPF], a=[SPF, '"site-verification=1"']), 0),
        (answers("TXT", [SPF], a=[SPF, '"v=spf1 +all"']), 1),
        (answers("TXT", [SPF], a=['"v=spf1 +all"']), 1),
    ],
    ids=[
        *("the same", "another", "one more", "none", "two servers that agree", "two that do not"),
        *("somebody else's text", "a second SPF", "another SPF"),
    ],
)
def test_a_record_differs_if_a_server_says_anything_else(said: dict[str, Any], count: int) -> None:
    found = judge(said, DOMAIN)
    assert [finding.kind for finding in found] == [Kind.DNS] * count


@pytest.mark.parametrize(
    ("said", "unasked"),
    [
        ({}, {DOMAIN}),
        ({"msg": "no zone"}, {DOMAIN}),
        ({**answers("MX", ["10 mail."]), "silent": {"198.18.0.20": "timed out"}}, {"198.18.0.20"}),
        (answers("MX", ["10 mail."]), {DOMAIN}),
    ],
)
def test_servers_that_do_not_answer_are_findings(said: dict[str, Any], unasked: set[str]) -> None:
    found = judge(said, DOMAIN)
    assert {(finding.kind, finding.object) for finding in found} == {(Kind.SILENT, one) for one in unasked}


def published(*keys: str) -> dict[str, Any]:
    record = {"name": f"s1._domainkey.{DOMAIN}.", "type": "TXT", "wanted": []}
    found = {"a": [f'"v=DKIM1; k=rsa; p={key[:4]}" "{key[4:]}"' for key in keys]}
    return {"records": [{**record, "found": found}], "silent": {}}


@pytest.mark.parametrize(
    ("zone", "kinds"),
    [
        (published("MIIBIjAN"), []),
        (published("AAAABBBB"), [Kind.DKIM]),
        (published("MIIBIjAN", "AAAABBBB"), [Kind.DKIM]),
        (published(), [Kind.DKIM]),
        ({}, []),
    ],
    ids=["published", "another", "two", "none", "the zone is silent, which is told elsewhere"],
)
def test_the_key_that_signs_is_the_published_one(zone: dict[str, Any], kinds: list[Kind]) -> None:
    key = {"file": "/k", "domain": DOMAIN, "selector": "s1", "public": "MIIBIjAN", "at": "", "owner": "_rspamd"}
    assert [finding.kind for finding in judge_keys(HOST, {"keys": [key]}, zone, {})] == kinds


def test_keys_that_cannot_be_read_are_a_finding() -> None:
    assert [finding.kind for finding in judge_keys(HOST, {"msg": "no"}, published("A"), {})] == [Kind.SILENT]
