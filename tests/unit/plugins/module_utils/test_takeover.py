"""Who hands which mailbox over to whom, when that is in force, and that it is written down once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import source
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.model import Audience, Registry
from ansible_collections.congvu.mail.plugins.module_utils.takeover import (
    Book,
    Folder,
    Handover,
    Party,
    article,
    due,
    heads,
    in_force,
)
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX, MemoryDirectory

CAMAU = Path(__file__).parents[4] / "inventories" / "camau" / "registry"
BEFORE, DAY = date(2026, 12, 14), date(2026, 12, 15)  # the day on which Sở Nội vụ gets another head
OLD, NEW = "cm00024", "cm00025"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return source.load(CAMAU)


def only(registry: Registry, day: date = DAY, **before: str) -> Handover:
    """Return the one handover that there is for a mailbox of Sở Nội vụ."""
    (found,) = due(registry, day, heads(registry, BEFORE) | {"snv": OLD} | before)
    return found


def told(registry: Registry, notify: Audience) -> Registry:
    """Let the regulation want others to be told."""
    return replace(registry, policy=replace(registry.policy, handover=notify))


def test_a_new_head_takes_over_on_the_day_that_the_registry_says(registry: Registry) -> None:
    assert heads(registry, BEFORE)["snv"] == OLD
    assert heads(registry, DAY)["snv"] == NEW
    assert due(registry, BEFORE, heads(registry, BEFORE)) == []
    found = only(registry)
    assert (found.mailbox, found.name, found.address) == ("snv", "Sở Nội vụ", "snv@camau.gov.vn")
    assert found.old == Party(OLD, "Nguyễn Văn Điền", "Giám đốc")
    assert found.new == Party(NEW, "Nguyễn Hoàng Giàu", "Giám đốc")
    assert (found.since, found.decision, found.cite) == (DAY, "2391/QĐ-UBND", "CM Điều 4.2")
    assert [(party.uid, party.role) for party in found.others] == [("cm00026", "clerks"), ("cm00027", "clerks")]


def test_who_is_named_without_a_day_takes_over_on_the_day_of_the_look(registry: Registry) -> None:
    found = only(registry, BEFORE, **{"snv-vp": "cm00027"})
    assert (found.mailbox, found.new.uid, found.since) == ("snv-vp", "cm00026", BEFORE)
    assert found.decision == "7/QĐ-SNV", "the decision on which the post rests"


def test_a_mailbox_that_is_new_is_handed_over_by_nobody(registry: Registry) -> None:
    assert due(registry, DAY, {}) == []


def test_where_the_regulation_does_not_speak_of_it_nothing_is_handed_over(registry: Registry) -> None:
    silent = replace(registry, policy=replace(registry.policy, handover=None))
    assert due(silent, DAY, {"snv": OLD}) == []


@pytest.mark.parametrize(
    ("notify", "expected"),
    [
        (Audience.NOBODY, set()),
        (Audience.UNITS, {"vp.snv@camau.gov.vn", "ccvc.snv@camau.gov.vn"}),
        (Audience.AGENCIES, {"vp.snv@camau.gov.vn", "ccvc.snv@camau.gov.vn", "ubnd@camau.gov.vn", "stc@camau.gov.vn"}),
    ],
)
def test_those_are_told_whom_the_regulation_names(registry: Registry, notify: Audience, expected: set[str]) -> None:
    recipients = only(told(registry, notify)).recipients
    if notify is Audience.AGENCIES:
        assert expected <= set(recipients)
        assert not any(address.endswith(".stc@camau.gov.vn") for address in recipients), "no other agency's units"
    else:
        assert set(recipients) == expected
    assert "snv@camau.gov.vn" not in recipients
    assert len(set(recipients)) == len(recipients)


def test_the_other_units_are_told_as_the_policy_of_ca_mau_says(registry: Registry) -> None:
    assert only(registry).audience is Audience.UNITS


@pytest.mark.parametrize(
    ("old", "new", "state", "expected"),
    [
        pytest.param("", "snv:manager", "active", True, id="given and taken"),
        pytest.param("snv:manager", "snv:manager", "active", False, id="not yet taken"),
        pytest.param("", "snv:clerk", "active", False, id="not yet given"),
        pytest.param("snv-vp:clerk", "snv-vp:clerk snv:manager", "active", True, id="rights in other mailboxes"),
        pytest.param("", "snv:manager", "disabled", False, id="to somebody who cannot sign in"),
        pytest.param("snv:clerk", "snv:manager", "active", False, id="more left than the registry says"),
    ],
)
def test_a_handover_is_in_force(registry: Registry, old: str, new: str, state: str, expected: bool) -> None:  # noqa: FBT001 -- a column
    directory = MemoryDirectory()
    for uid, access, how in ((OLD, old, "disabled"), (NEW, new, state)):
        rights = {"congvuAccess": tuple(access.split())} if access else {}
        directory.put(f"uid={uid},{BASE}", uid=uid, congvuState=how, **rights)
    desired = compile_desired(registry, suffix=SUFFIX, as_of=DAY, commit="")
    assert in_force(directory, desired, only(registry)) is expected


@pytest.mark.parametrize(
    ("cite", "expected"),
    [
        ("TTH Điều 9.2", "khoản 2 Điều 9"),
        ("DL Điều 12.1.e", "điểm e khoản 1 Điều 12"),
        ("CM Điều 4", "Điều 4"),
        ("TTH Danh sách", "TTH Danh sách"),
    ],
)
def test_articles_are_cited_as_vietnamese_does(cite: str, expected: str) -> None:
    assert article(cite) == expected


def test_what_is_written_down_is_read_back_as_it_was(registry: Registry, tmp_path: Path) -> None:
    book = Book(tmp_path / "handovers")
    assert (book.heads(), book.untold()) == (None, [])
    found = only(registry)
    assert book.find(found) is None
    counted = replace(
        found,
        taken=datetime(2026, 12, 15, 1, 30, tzinfo=UTC),
        folders=(Folder("INBOX", 12, 3, 4096, date(2026, 1, 5), DAY), Folder("Trash", 0, 0, 0)),
    )
    book.note(counted)
    assert book.find(found) == counted
    assert book.untold() == [counted]
    book.note(replace(counted, told=datetime(2026, 12, 15, 2, tzinfo=UTC)))
    assert book.untold() == []
    book.note_heads({"snv": NEW})
    assert book.heads() == {"snv": NEW}
    assert {path.stat().st_mode & 0o077 for path in book.folder.iterdir()} == {0}, "for the maker alone"
