"""Findings as values: their commands can be pasted whatever somebody called an entry."""

from __future__ import annotations

import json
import shlex

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.drift import (
    RULES,
    Finding,
    Kind,
    Severity,
    ad_hoc,
    sorted_once,
)
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase

HOST = "mail.thuathienhue.gov.vn"


@pytest.mark.parametrize(
    "dn",
    ["uid=a,ou=snv", "cn=Nguyễn Văn An,ou=snv", "cn=O'Brien,ou=snv", "cn=$(reboot),ou=snv", 'cn=a"; reboot; ",ou=snv'],
)
def test_a_name_stays_one_argument_whatever_stands_in_it(dn: str) -> None:
    program, host, *_, arguments = shlex.split(ad_hoc(HOST, "community.general.ldap_entry", dn=dn, state="absent"))
    assert (program, host) == ("ansible", HOST)
    if arguments.startswith("{"):
        assert json.loads(arguments) == {"dn": dn, "state": "absent"}
    else:
        assert arguments == f"dn={dn} state=absent"


@pytest.mark.parametrize("dn", ["cn={{ lookup('pipe', 'id') }},ou=snv", "cn={% raw %},ou=snv", "cn={# x #},ou=snv"])
def test_a_name_that_ansible_would_carry_out_gets_no_command(dn: str) -> None:
    assert ad_hoc(HOST, "community.general.ldap_entry", dn=dn, state="absent") == ""


def test_findings_are_told_once_and_the_gravest_first() -> None:
    def finding(kind: Kind, object_: str = "x", said: str = "") -> Finding:
        return Finding(kind=kind, host=HOST, object=object_, said=Phrase(said))

    found = sorted_once(
        [finding(Kind.UPDATE), finding(Kind.KEY), finding(Kind.PACKAGE), finding(Kind.KEY, said="again")]
    )
    assert [one.kind for one in found] == [Kind.KEY, Kind.PACKAGE, Kind.UPDATE]


def test_every_kind_has_its_rule_and_a_reason() -> None:
    assert set(RULES) == set(Kind)
    assert {rule.severity for rule in RULES.values()} == set(Severity)
    for rule in RULES.values():
        assert rule.reason
        assert rule.reason_vi
        assert rule.name != rule.name_vi
