"""What the store should hold, as the directory says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.holdings import Holdings, Tomb, read, still_purged
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX, MemoryDirectory

if TYPE_CHECKING:
    from collections.abc import Callable


def put(
    directory: MemoryDirectory,
    id_: str,
    state: str = "active",
    estate: str = "thu",
    access: str = "",
    cn: str = "",
) -> str:
    """Put an entry there, and return its name."""
    uid = id_.partition(":")[2].replace("/", "-")
    dn = f"uid={uid},{BASE}"
    marks = {"congvuEstate": estate, "congvuId": id_, "congvuState": state, "congvuDecision": f"{uid}/QĐ"}
    given = {"congvuAccess": tuple(access.split())} if access else {}
    directory.put(dn, uid=uid, **marks, **given, **({"cn": cn} if cn else {}))
    return dn


@pytest.fixture
def directory() -> MemoryDirectory:
    made = MemoryDirectory()
    put(made, "agency:snv")
    put(made, "mailbox:snv")
    put(made, "mailbox:snv-cu", "held")
    put(made, "mailbox:snv-xua", "purged")
    put(made, "person:a", access="snv:clerk b:read d:read")
    put(made, "person:b", "disabled")
    put(made, "person:c", "disabled")
    put(made, "person:d")
    put(made, "person:e", "purged")
    put(made, "mailbox:x", "active", "khac", "c:read")
    put(made, "person:y", "purged", "khac")
    made.put(f"cn=may-in,{BASE}", objectClass="device")
    return made


def test_mailboxes_are_sorted_by_what_the_store_does_with_them(directory: MemoryDirectory) -> None:
    found = read(directory, "thu", SUFFIX)
    assert (found.shared, found.opened) == (("snv", "snv-cu"), ("b",)), "who is in office reads the own mail"
    assert [(tomb.uid, tomb.id, tomb.decision) for tomb in found.purged] == [
        ("e", "person:e", "e/QĐ"),
        ("snv-xua", "mailbox:snv-xua", "snv-xua/QĐ"),
    ]


def test_agencies_are_found_with_the_mailboxes_of_their_units_that_are_in_use() -> None:
    directory = MemoryDirectory()
    for id_, state, cn in (
        ("agency:stp", "active", ""),
        ("mailbox:stp", "active", "Sở Tư pháp"),
        ("unit:stp/vp", "active", ""),
        ("mailbox:stp-vp", "active", "Văn phòng"),
        ("mailbox:stp-motcua", "active", "Bộ phận một cửa"),
        ("unit:stp/cu", "disabled", ""),
        ("mailbox:stp-cu", "held", "Phòng cũ"),
        ("agency:stpx", "active", ""),
        ("mailbox:stpx", "active", "Sở khác"),
        ("agency:tan", "disabled", ""),
        ("mailbox:tan", "held", "Đã giải thể"),
    ):
        if id_.startswith("mailbox:"):
            put(directory, id_, state, cn=cn)
        else:
            directory.put(f"ou={id_},{BASE}", congvuEstate="thu", congvuId=id_, congvuState=state)
    assert read(directory, "thu", SUFFIX).offices == {"stp": {"stp-vp": "Văn phòng"}, "stpx": {}}


def test_an_empty_directory_holds_nothing() -> None:
    assert read(MemoryDirectory(), "thu", SUFFIX) == Holdings((), (), ())


def gone(directory: MemoryDirectory) -> None:
    del directory.records[f"uid=e,{BASE}".lower()]


@pytest.mark.parametrize(
    ("happens", "is_purged"),
    [
        pytest.param(lambda _: None, True, id="nothing"),
        pytest.param(lambda directory: put(directory, "person:e"), False, id="the person is back"),
        pytest.param(lambda directory: put(directory, "person:e", "disabled"), False, id="the mail is kept after all"),
        pytest.param(lambda directory: put(directory, "person:e", "purged"), False, id="somebody wrote to the entry"),
        pytest.param(gone, False, id="the entry is gone"),
    ],
)
def test_only_what_is_purged_at_that_moment_may_go(
    directory: MemoryDirectory,
    happens: Callable[[MemoryDirectory], object],
    is_purged: bool,  # noqa: FBT001 -- a column
) -> None:
    tomb: Tomb = read(directory, "thu", SUFFIX).purged[0]
    happens(directory)
    assert still_purged(directory, tomb) is is_purged
