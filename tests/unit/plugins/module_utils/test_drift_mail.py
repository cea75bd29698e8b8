"""What differs in the mail stores: rights by hand, and forwards to the outside."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.drift import Kind
from ansible_collections.congvu.mail.plugins.module_utils.drift_mail import Domains, judge

HOST = "mail.thuathienhue.gov.vn"
DOMAINS = Domains(
    frozenset({"thuathienhue.gov.vn", "hue.thuathienhue.gov.vn"}),
    frozenset({"gmail.com", "yahoo.com.vn", "protonmail.com"}),
)
COUNTS = {"created": 0, "granted": 0, "revoked": 0, "scripts": 0}
AT = "2026-11-22T10:00:00+00:00"


def told(changes: dict[str, Any], state: dict[str, Any]) -> list[tuple[Kind, str]]:
    return [(finding.kind, finding.object) for finding in judge(HOST, changes, state, {}, DOMAINS)]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("lan@gmail.com", Kind.FORWARD_PRIVATE),
        ("lan@Yahoo.com.VN", Kind.FORWARD_PRIVATE),
        ("lan@mail.protonmail.com", Kind.FORWARD_PRIVATE),
        ("lan@notgmail.com", Kind.FORWARD),
        ("lan@congty.vn", Kind.FORWARD),
        ("lan@daklak.gov.vn", Kind.FORWARD),
        ("lan@thuathienhue.gov.vn.example", Kind.FORWARD),
        ("lan@hue.thuathienhue.gov.vn", None),
        ("lan@THUATHIENHUE.gov.vn", None),
    ],
)
def test_a_rule_that_sends_letters_outside_is_found_and_one_within_is_not(address: str, kind: Kind | None) -> None:
    forward = {"user": "tth00018", "script": "roundcube", "addresses": [address], "at": AT, "by": "", "client": ""}
    found = told({"changes": [], "counts": COUNTS}, {"forwards": [forward]})
    assert found == ([(kind, f"tth00018 {address}")] if kind else [])


def test_whoever_signed_in_to_write_rules_before_is_named() -> None:
    forward = {
        "user": "tth00018",
        "script": "x",
        "addresses": ["a@gmail.com"],
        "at": AT,
        "by": "tth00018",
        "client": "::1",
    }
    (finding,) = judge(HOST, {"changes": [], "counts": COUNTS}, {"forwards": [forward]}, {}, DOMAINS)
    assert [(trace.who, trace.source) for trace in finding.traces] == [("tth00018 (::1)", "journal")]
    assert finding.mend == f"ansible {HOST} -m congvu.mail.sieve_rules -a 'user=tth00018 state=aside'"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"deed": "revoke", "mailbox": "snv", "folder": "INBOX", "identifier": "user=x"},
            (Kind.RIGHT, "snv/INBOX user=x"),
        ),
        (
            {"deed": "grant", "mailbox": "snv", "folder": "INBOX", "identifier": "group=snv:read", "rights": ["read"]},
            (Kind.RIGHT, "snv/INBOX group=snv:read"),
        ),
        ({"deed": "create", "mailbox": "snv", "folder": "Sent"}, (Kind.FOLDER, "snv/Sent")),
        ({"deed": "install", "mailbox": "snv", "name": "vanban"}, (Kind.RULE, "snv vanban")),
    ],
)
def test_what_the_store_would_be_brought_to_is_a_finding(change: dict[str, Any], expected: tuple[Kind, str]) -> None:
    assert told({"changes": [change], "counts": {**COUNTS, "granted": 1}}, {"forwards": []}) == [expected]


def test_rights_that_are_too_many_to_list_are_counted() -> None:
    (finding,) = judge(HOST, {"changes": [], "counts": {**COUNTS, "revoked": 3}}, {"forwards": []}, {}, DOMAINS)
    assert str(finding.said) == "3 more differences are not listed"


def test_a_command_of_an_administrator_is_named_with_whoever_was_there() -> None:
    change = {"deed": "revoke", "mailbox": "snv", "folder": "INBOX", "identifier": "user=x"}
    rights = {"snv": {"at": AT, "commands": [{"at": AT, "command": "acl set", "session": "12"}]}}
    there = {"at": "2026-11-22T09:30:00+00:00", "who": "minh", "how": "ssh", "where": "198.51.100.7", "command": ""}
    (finding,) = judge(
        HOST,
        {"changes": [change], "counts": COUNTS},
        {"forwards": [], "rights": rights},
        {"sessions": [there]},
        DOMAINS,
    )
    assert [(trace.who, trace.sure) for trace in finding.traces] == [
        ("doveadm acl set", True),
        ("minh (ssh) 198.51.100.7", False),
    ]


@pytest.mark.parametrize(
    ("changes", "state", "unasked"),
    [
        ({}, {"forwards": []}, {"rights"}),
        ({"msg": "Is Dovecot running?"}, {}, {"rights", "forwards"}),
        ({"changes": [], "counts": COUNTS}, {"msg": "no"}, {"forwards"}),
    ],
)
def test_a_store_that_does_not_answer_is_a_finding(
    changes: dict[str, Any], state: dict[str, Any], unasked: set[str]
) -> None:
    found = judge(HOST, changes, state, {}, DOMAINS)
    assert {(finding.kind, finding.object) for finding in found} == {(Kind.SILENT, one) for one in unasked}
