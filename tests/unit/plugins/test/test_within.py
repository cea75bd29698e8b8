"""An administrator's address is looked for in the management networks."""

from __future__ import annotations

import pytest
from ansible_collections.congvu.mail.plugins.test.within import within


@pytest.mark.parametrize(
    ("address", "networks", "answer"),
    [
        ("198.18.0.7", ["198.18.0.0/24"], True),
        ("198.18.1.7", ["198.18.0.0/24"], False),
        ("198.18.1.7", ["198.18.0.0/24", "198.18.1.7"], True),
        ("2001:db8::1", ["198.18.0.0/24", "2001:db8::/32"], True),
        ("fe80::1%eth0", ["fe80::/10"], True),
        ("::ffff:198.18.0.7", ["198.18.0.0/24"], True),
        ("198.18.0.7", [], False),
    ],
)
def test_an_address_is_within_or_not(address: str, networks: list[str], *, answer: bool) -> None:
    assert within(address, networks) is answer
