"""A plan with every kind of change, for those who show plans to people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.model import Rail, State
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Phrase
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.plugins.module_utils.safety import Finding
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import agency, desired, person, unit
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, MemoryDirectory

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan

FINDING = Finding(
    Rail.DISABLES,
    "snv",
    Phrase("9 of 20 people of snv would lose access at once."),
    Phrase("Usually lines were lost."),
    Phrase("Look into agencies/snv.yml."),
)


def mixed() -> Plan:
    """Plan for two agencies in which everything happens on one day."""
    directory = MemoryDirectory()
    before = [agency("snv"), agency("stc"), unit("snv", "tccb"), unit("snv", "cu")]
    before += [person(uid, "ou=tccb,ou=snv", title="Chuyên viên") for uid in "abcd"]
    for one in before:
        directory.put(one.dn, **one.attributes)
    directory.put(f"cn=may-in,{BASE}", objectClass="device")
    after = [agency("snv"), agency("stc"), unit("snv", "tccb")]
    after += [
        person("a", "ou=tccb,ou=snv", title="Phó phòng"),
        person("b", "ou=stc", title="Chuyên viên"),
        person("c", "ou=tccb,ou=snv", State.DISABLED, title="Chuyên viên"),
        person("moi", "ou=stc"),
    ]
    wanted = replace(desired(*after), next_change=date(2027, 1, 1))
    return make_plan(wanted, directory.read_tree(BASE, ATTRIBUTES))
