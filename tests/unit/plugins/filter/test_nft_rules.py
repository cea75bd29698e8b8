"""Allowances become statements that nftables takes."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.congvu.mail.plugins.filter.nft_rules import nft_rules


@pytest.mark.parametrize(
    ("allowance", "rules"),
    [
        pytest.param({"name": "smtp", "ports": ["25"]}, ['tcp dport { 25 } accept comment "smtp"'], id="anybody"),
        pytest.param(
            {"name": "imap", "ports": ["993", "143", "993"]},
            ['tcp dport { 143, 993 } accept comment "imap"'],
            id="ports are sorted and said once",
        ),
        pytest.param(
            {"name": "dns", "ports": [53], "protocol": "udp"},
            ['udp dport { 53 } accept comment "dns"'],
            id="another protocol",
        ),
        pytest.param(
            {"name": "lmtp", "ports": [24], "sources": ["2001:db8::/32", "198.18.0.10", "198.18.0.0/24"]},
            [
                'ip saddr { 198.18.0.0/24 } tcp dport { 24 } accept comment "lmtp"',
                'ip6 saddr { 2001:db8::/32 } tcp dport { 24 } accept comment "lmtp"',
            ],
            id="families are told apart and overlaps merged",
        ),
        pytest.param(
            {"name": "range", "ports": ["5000-5010"]}, ['tcp dport { 5000-5010 } accept comment "range"'], id="range"
        ),
        pytest.param({"name": "nobody", "ports": [24], "sources": []}, [], id="no source is nobody, not anybody"),
        pytest.param(
            {"name": "null", "ports": [24], "sources": None},
            ['tcp dport { 24 } accept comment "null"'],
            id="absent source",
        ),
    ],
)
def test_an_allowance_becomes_statements(allowance: dict[str, Any], rules: list[str]) -> None:
    assert nft_rules([allowance]) == rules


@pytest.mark.parametrize(
    ("allowance", "message"),
    [
        ({"name": "a", "ports": []}, "a: give at least one port"),
        ({"name": "b", "ports": ["smtp"]}, "b: port 'smtp' is neither"),
        ({"name": "c", "ports": [0]}, "c: port 0 is not within"),
        ({"name": "d", "ports": ["20-10"]}, "runs backwards"),
        (
            {"name": "e", "ports": [25], "sources": ["198.18.0.1/24"]},
            "e: source '198.18.0.1/24' is no address or network",
        ),
        ({"name": 'f"', "ports": [25]}, "without quotation marks"),
    ],
)
def test_a_faulty_allowance_is_named(allowance: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=message):
        nft_rules([allowance])
