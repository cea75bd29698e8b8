"""Addresses for newcomers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.allocate import HEADER, allocate, by_domain, insert
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from hypothesis import given
from hypothesis import strategies as st

from .conftest import STC

if TYPE_CHECKING:
    from .conftest import Bend, Write

LOCK = "addresses/thunghiem.gov.vn.yml"
STC_OF_TWO = """\
code: stc
name: Sở Tài chính
kind: department
decision: 01/QĐ-UB
head: {first}
people:
  - {{id: {first}, name: {first_name}, title: Giám đốc, since: 2020-01-01, decision: 12/QĐ-UB}}
  - {{id: {second}, name: {second_name}, title: Kế toán, since: 2020-01-01, decision: 12/QĐ-UB}}
"""


def test_a_full_lock_needs_nothing(write: Write) -> None:
    assert allocate(load(write(), locked=False)) == {}


def test_everyone_in_a_new_registry_gets_an_address(write: Write) -> None:
    assert allocate(load(write({LOCK: None}), locked=False)) == {
        "snv@thunghiem.gov.vn": "mailbox:snv",
        "stc@thunghiem.gov.vn": "mailbox:stc",
        "nguyenvanan@thunghiem.gov.vn": "person:tn01",
        "tranthihoa@thunghiem.gov.vn": "person:tn02",
        "leducdat@thunghiem.gov.vn": "person:tn03",
    }


@pytest.mark.parametrize("line", ["person:tn99 retired", "person:tn01 alias", "person:tn01 retired"])
def test_an_address_once_held_is_never_given_again(write: Write, line: str) -> None:
    root = write({LOCK: f"leducdat: {line}\nnguyenvanan: person:tn01\nsnv: mailbox:snv\nstc: mailbox:stc\n"})
    assert allocate(load(root, locked=False))["leducdat2@thunghiem.gov.vn"] == "person:tn03"


@pytest.mark.parametrize("swap", [False, True])
def test_the_order_of_lines_plays_no_part(write: Write, swap: bool) -> None:  # noqa: FBT001 -- a table's column
    first, second = ("tn08", "tn05") if swap else ("tn05", "tn08")
    stc = STC_OF_TWO.format(first=first, second=second, first_name="Lê Văn Hà", second_name="Lê Văn Hạ")
    found = allocate(load(write({LOCK: None, "agencies/stc.yml": stc}), locked=False))
    assert found["levanha@thunghiem.gov.vn"] == "person:tn05"
    assert found["levanha2@thunghiem.gov.vn"] == "person:tn08"


def test_a_printed_account_comes_before_a_namesake_of_it(write: Write) -> None:
    stc = STC_OF_TWO.format(first="tn05", second="tn08", first_name="S Tc", second_name="S N V")
    found = allocate(load(write({LOCK: None, "agencies/stc.yml": stc}), locked=False))
    assert found["stc2@thunghiem.gov.vn"] == "person:tn05"
    assert found["snv2@thunghiem.gov.vn"] == "person:tn08"


@pytest.mark.parametrize("code", ["abc", "xyz"])
def test_an_account_printed_for_a_later_day_is_nobody_elses(write: Write, code: str) -> None:
    """Whether the other comes before it or after it, as a mailbox or as a person."""
    later = f"changes: [{{since: 2027-01-01, decision: 2/QĐ, account: {code}@thunghiem.gov.vn}}]"
    names = {"code: stc": f"code: {code}", "tn03": "tn04", "Sở Tài chính": " ".join(code.upper()), "Lê Đức Đạt": code}
    other = STC
    for old, new in names.items():
        other = other.replace(old, new)
    files = {"agencies/stc.yml": STC.replace("head:", f"{later}\nhead:"), f"agencies/{code}.yml": other, LOCK: None}
    found = allocate(load(write(files), locked=False))
    assert found[f"{code}@thunghiem.gov.vn"] == "mailbox:stc since 2027-01-01"
    assert found["stc@thunghiem.gov.vn"] == "mailbox:stc"
    assert found[f"{code}2@thunghiem.gov.vn"] == f"mailbox:{code}"
    assert found[f"{code}3@thunghiem.gov.vn"] == "person:tn04"


def test_a_printed_account_comes_before_what_a_rule_makes_for_another_agency(write: Write) -> None:
    agency = "code: {}\nname: Sở Tài chính\nkind: department\ndecision: 01/QĐ-UB\nhead: {}\n{}people:\n  - {}\n"
    post = "{{id: {}, name: {}, title: Giám đốc, since: 2020-01-01, decision: 12/QĐ-UB}}"
    files = {
        "agencies/abc.yml": agency.format("abc", "tn05", "", post.format("tn05", "Hồ Văn Ba")),
        "agencies/stc.yml": agency.format(
            "stc", "tn03", "account: stc@thunghiem.gov.vn\n", post.format("tn03", "Lê Đức Đạt")
        ),
    }
    found = allocate(load(write({LOCK: None, **files}), locked=False))
    assert found["stc@thunghiem.gov.vn"] == "mailbox:stc"
    assert found["stc2@thunghiem.gov.vn"] == "mailbox:abc"


def test_whose_earlier_posts_were_taken_out_of_the_files_keeps_the_address_of_that_time(write: Write) -> None:
    """Neither asks it for another nor calls it wrong, though the rule of today would make the same name once more."""
    lock = "nguyenvanan: person:tn01\nsnv: mailbox:snv\nstc: mailbox:stc\ntranthihoa: person:tn02\n"
    root = write({LOCK: f"ledat: person:tn03 alias\nleducdat: person:tn03 since 2012-05-01\n{lock}"})
    assert allocate(load(root)) == {}


def test_an_agency_with_a_domain_of_its_own_gives_addresses_there(bend: Bend) -> None:
    root = bend("agencies/stc.yml", "kind:", "domain: stc.thunghiem.gov.vn\nkind:")
    (root / LOCK).unlink()
    found = allocate(load(root, locked=False))
    assert by_domain(found)["stc.thunghiem.gov.vn"] == {"leducdat": "person:tn03", "stc": "mailbox:stc"}


def test_the_written_lock_is_the_one_that_was_asked_for(write: Write) -> None:
    root = write({LOCK: None})
    (root / "addresses").mkdir()
    for domain, lines in by_domain(allocate(load(root, locked=False))).items():
        (root / "addresses" / f"{domain}.yml").write_text(insert("", domain, lines), encoding="utf-8")
    assert load(root).addresses["person:tn01"][0].address == "nguyenvanan@thunghiem.gov.vn"
    assert allocate(load(root)) == {}


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
def test_a_file_without_a_last_line_break_stays_whole(end: str) -> None:
    assert insert(f"an: person:a{end}", "x.vn", {"binh": "person:b"}) == "an: person:a\nbinh: person:b\n"


def test_new_lines_go_between_the_old_ones_which_stay_as_they_are() -> None:
    before = "---\n# Ours.\nan: person:a\n# Left in 2020.\nchi: person:c retired\n"
    after = insert(before, "x.vn", {"binh": "person:b", "y": "person:y", "113": "mailbox:113"})
    assert after == (
        '---\n# Ours.\n"113": mailbox:113\nan: person:a\nbinh: person:b\n'
        '# Left in 2020.\nchi: person:c retired\n"y": person:y\n'
    )


@given(
    st.dictionaries(st.from_regex(r"[a-z0-9]{1,6}", fullmatch=True), st.just("person:x"), max_size=20),
    st.dictionaries(st.from_regex(r"[a-z0-9]{1,6}", fullmatch=True), st.just("person:y"), max_size=20),
)
def test_lines_inserted_in_two_steps_give_the_same_file_as_in_one(old: dict[str, str], new: dict[str, str]) -> None:
    new = {local: holder for local, holder in new.items() if local not in old}
    assert insert(insert("", "x.vn", old), "x.vn", new) == insert("", "x.vn", {**old, **new})
    assert insert("", "x.vn", {}) == HEADER.format(domain="x.vn")
