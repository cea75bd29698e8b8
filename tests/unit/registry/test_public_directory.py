"""Nobody stands in a public directory but those whom its policy names, in any file, of any estate, on any day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import website
from ansible_collections.congvu.mail.plugins.module_utils.layout import KINDS
from ansible_collections.congvu.mail.plugins.module_utils.model import DirectorySite, Role, Told
from ansible_collections.congvu.mail.plugins.module_utils.phonebook import Phonebook, phonebook
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .estates import ESTATES, INVENTORIES, TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.congvu.mail.plugins.module_utils.model import Post, Registry

THEME = {
    path.name: path.read_text(encoding="utf-8")
    for path in (INVENTORIES.parent / "roles/phonebook/files/site").iterdir()
}
SITE, NOW = website.Site("https://danhba.example"), website.Stamp("2026-11-22", "")
# What each regulation, and our comments on it, come to: whether each agency has officials, whose titles are among
# theirs, and whose are not.
PUBLISHED: dict[str, tuple[bool, set[str], set[str]]] = {
    "camau": (False, set(), {"Chánh Văn phòng", "Giám đốc", "Văn thư"}),
    "daklak": (True, {"Chủ tịch UBND tỉnh", "Phó Chủ tịch UBND tỉnh", "Giám đốc"}, {"Chuyên viên", "Văn thư"}),
    "haiduong": (True, {"Giám đốc", "Phó Giám đốc", "Trưởng phòng"}, {"Văn thư", "Chuyên viên"}),
    "thuathienhue": (True, {"Giám đốc", "Phó Giám đốc"}, {"Trưởng phòng", "Văn thư", "Chuyên viên"}),
}
ROLES = st.lists(st.sampled_from([Role.HEAD, Role.DEPUTY, Role.CLERK]), unique=True, max_size=3).map(tuple)


@cache
def registry_of(estate: str) -> Registry:
    return load(INVENTORIES / estate / "registry")


@cache
def titles_of(estate: str) -> list[str]:
    return sorted({post.title for post in every_post(registry_of(estate))})


def every_post(registry: Registry) -> Iterator[Post]:
    for table in (registry.persons, registry.seconds):
        for posts in table.values():
            yield from posts


@st.composite
def sites(draw: st.DrawFn) -> tuple[str, DirectorySite, date]:
    """Draw an estate, a policy for it and a day."""
    estate = draw(st.sampled_from(ESTATES))
    site = DirectorySite(
        kinds=frozenset(draw(st.lists(st.sampled_from(KINDS), max_size=3))),
        roles=draw(ROLES),
        unit_roles=draw(ROLES),
        titles=tuple(draw(st.lists(st.sampled_from(titles_of(estate)), unique=True, max_size=2))),
        told=frozenset(draw(st.lists(st.sampled_from(list(Told)), unique=True))),
    )
    return estate, site, date(2026, 1, 1) + timedelta(draw(st.integers(0, 900)))


def entitled(registry: Registry, site: DirectorySite, day: date) -> set[str]:
    """Return the names that may stand there at most, without asking whether their bearers act for an agency."""
    roles = {*site.roles, *site.unit_roles}
    holders = {
        grant.person
        for agency in registry.agencies.values()
        for mailbox in agency.mailboxes.values()
        for role in roles
        for grant in mailbox.roles.get(role, ())
        if grant.covers(day)
    }
    holders |= {
        deputy.person
        for post in every_post(registry)
        for leave in post.absences
        if Role.HEAD in roles and leave.covers(day)
        for deputy in leave.deputies
    }
    return {
        post.name
        for post in every_post(registry)
        if post.covers(day) and (post.person in holders or post.title in site.titles)
    }


def words_of(found: dict[str, bytes], book: Phonebook) -> str:
    """Return all that is said in all files and their names, without the names and addresses that may stand there."""
    said = "\n".join((*found, *(content.decode() for content in found.values())))
    said = said.replace("\r\n ", "").replace(book.regulation, "·")  # cards fold their lines
    listed = [(office.name, office.address) for office in book.offices]
    listed += [(part.name, part.address) for office in book.offices for part in office.units]
    listed += [(official.name, official.address) for office in book.offices for official in office.officials]
    for word in sorted({word for both in listed for word in both if word}, key=len, reverse=True):
        said = said.replace(word, "·")
    return said


def stands(word: str, said: str) -> bool:
    return word in said and re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", said) is not None


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(sites())
def test_nobody_else_stands_in_any_file_whatever_the_policy(drawn: tuple[str, DirectorySite, date]) -> None:
    estate, site, day = drawn
    registry = registry_of(estate)
    cites = {**registry.policy.cites, "directory_site": "Điều 1"}
    registry = replace(registry, policy=replace(registry.policy, site=site, cites=cites))
    book = phonebook(registry, day)
    assert book is not None
    names = {official.name for office in book.offices for official in office.officials}
    assert names <= entitled(registry, site, day)
    said = words_of(website.files(book, THEME, SITE, NOW), book)
    addresses = {line.address for lines in registry.addresses.values() for line in lines}
    assert {address for address in addresses if stands(address, said)} == set()
    everybody = {post.person for post in every_post(registry)}
    assert {person for person in everybody if person in said} == set(), "no staff number, of officials neither"
    others = {post.name for post in every_post(registry)} - names
    assert {name for name in others if stands(name, said)} == set()
    decisions = {post.decision for post in every_post(registry)}
    assert {decision for decision in decisions if stands(decision, said)} == set()


def test_the_search_for_leaks_finds_one() -> None:
    book = phonebook(registry_of("thuathienhue"), date.fromisoformat(TODAY))
    assert book is not None
    found = website.files(book, THEME, SITE, NOW)
    for leak in ("Lê Văn Lộc", "tth00009", "levanloc@thuathienhue.gov.vn"):
        assert not stands(leak, words_of(found, book))
        assert stands(leak, words_of({**found, "x.vcf": f"FN:{leak}\r\n".encode()}, book))


@pytest.mark.parametrize("estate", PUBLISHED)
def test_each_estate_publishes_what_its_policy_says(estate: str) -> None:
    somebody, among, not_among = PUBLISHED[estate]
    registry = registry_of(estate)
    day = date.fromisoformat(TODAY)
    book = phonebook(registry, day)
    assert book is not None
    assert {office.code for office in book.offices} == {
        code for code, agency in registry.agencies.items() if agency.covers(day)
    }
    assert {bool(office.officials) for office in book.offices} == {somebody}
    assert all(office.address for office in book.offices)
    titles = {official.title for office in book.offices for official in office.officials}
    assert among <= titles
    assert not not_among & titles


def test_the_district_leaves_it_to_its_city() -> None:
    assert phonebook(registry_of("binhtan"), date.fromisoformat(TODAY)) is None
