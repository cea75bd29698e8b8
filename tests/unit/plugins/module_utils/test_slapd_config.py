"""A running slapd held against the file that its configuration is built from."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.slapd_config import differences

FILE = """\
dn: cn=config
objectClass: olcGlobal
cn: config
olcSizeLimit: 500
entryCSN: 1
createTimestamp: 20261122000000Z

dn: olcDatabase={1}mdb,cn=config
objectClass: olcMdbConfig
olcAccess: {0}to * by dn.exact="cn=a" read  by * none
olcAccess: {1}to dn.base="" by * read
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("entryCSN: 1", "entryCSN: 2", []),
        ("read  by * none", "read by * none", []),
        ("cn: config", "cn:: Y29uZmln", []),
        ("olcSizeLimit: 500", "olcSizeLimit: 5000", [("cn=config", ["olcSizeLimit"], "both")]),
        ("by * none", "by * read", [("olcdatabase={1}mdb,cn=config", ["olcAccess"], "both")]),
        ("olcSizeLimit: 500\n", "", [("cn=config", ["olcSizeLimit"], "both")]),
        (
            "dn: olcDatabase={1}",
            "dn: olcDatabase={2}",
            [
                ("olcdatabase={1}mdb,cn=config", [], "file"),
                ("olcdatabase={2}mdb,cn=config", [], "running"),
            ],
        ),
    ],
)
def test_what_was_changed_is_told_by_entry_and_attribute(old: str, new: str, expected: list[Any]) -> None:
    found = differences(FILE.replace(old, new), FILE)
    assert [(one["dn"], one["attributes"], one["where"]) for one in found] == expected


def test_no_value_is_in_the_answer() -> None:
    found = differences(FILE.replace("500", "olcRootPW-geheim"), FILE)
    assert "geheim" not in str(found)
