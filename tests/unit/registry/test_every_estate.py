"""What holds in every estate, whatever its regulation says; what differs stands in a table."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import yaml
from ansible_collections.congvu.mail.plugins.module_utils.allocate import allocate
from ansible_collections.congvu.mail.plugins.module_utils.citations import cited
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired, headless
from ansible_collections.congvu.mail.plugins.module_utils.model import Ending, Reason, Role, State, Tie
from jsonschema import Draft202012Validator

from .estates import ESTATES, INVENTORIES, TODAY

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry

    from .estates import On

SCHEMAS = INVENTORIES.parent / "docs/reference/registry"
LOOKED_AT = date(2026, 1, 1), date(2028, 9, 2)  # beyond the last day on which anything changes

# How the regulation is cited, and what else is; the registry of Thừa Thiên Huế cites a printed list besides.
CITED = {
    "binhtan": ("BT Điều ", set()),
    "camau": ("CM Điều ", {"RFC 2142"}),
    "daklak": ("DL Điều ", {"RFC 2142"}),
    "haiduong": ("HD Điều ", {"RFC 2142"}),
}
# Who answers for the mail system; in Bình Tân the city does.
ANSWERS = {
    "camau": "vpubnd-tttinhoc",
    "daklak": "ttcntttt",
    "haiduong": "ttcnttt",
    "thuathienhue": "ttthhc",
}
# Why people are away; Thừa Thiên Huế's registry is of quiet days.
AWAY = {
    "binhtan": {Reason.MATERNITY, Reason.STUDY},
    "camau": {Reason.MATERNITY, Reason.STUDY, Reason.TRAVEL},
    "daklak": {Reason.MATERNITY, Reason.STUDY, Reason.SICKNESS},
    "haiduong": {Reason.MATERNITY, Reason.STUDY},
}


@pytest.fixture(scope="module", params=ESTATES)
def estate(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_lock_holds_everyone(registry: Registry) -> None:
    assert allocate(registry) == {}


def test_the_registry_is_said_to_be_synthetic(registry: Registry) -> None:
    assert registry.estate.synthetic


def test_nothing_changes_by_itself_after_the_days_that_are_looked_at(registry: Registry) -> None:
    assert compile_desired(registry, as_of=LOOKED_AT[1], commit="").next_change is None


def test_whatever_an_entry_stands_on_is_cited_for_it(registry: Registry) -> None:
    first, last = LOOKED_AT
    for ahead in range(0, (last - first).days + 1, 15):
        for id_, entry in compile_desired(registry, as_of=first + timedelta(ahead), commit="").entries.items():
            assert {*entry.attributes["congvuDecision"], ""} <= cited(registry, id_) | {""}, id_


def test_every_agency_has_a_head_on_every_day(registry: Registry) -> None:
    first, last = LOOKED_AT
    days = (first + timedelta(ahead) for ahead in range((last - first).days + 1))
    assert {day.isoformat(): found for day in days if (found := headless(registry, day))} == {}


def test_every_agency_has_an_admin_deputies_and_a_clerk(registry: Registry, on: On) -> None:
    for code, agency in registry.agencies.items():
        if agency.covers(date.fromisoformat(TODAY)):
            assert {f"agency:{code}", f"admin:{code}", f"mailbox:{code}"} <= on(TODAY).keys()
        roles = agency.mailboxes[code].roles
        without = {role for role in (Role.HEAD, Role.DEPUTY, Role.CLERK) if not roles.get(role)}
        # In Bình Tân the committee's leaders only read what its office answers.
        assert without == ({Role.DEPUTY} if (registry.estate.name, code) == ("binhtan", "ubnd") else set()), code


@pytest.mark.parametrize("estate", CITED, indirect=True)
def test_every_rule_cites_the_regulation(registry: Registry) -> None:
    policy = registry.policy
    cites = {*policy.cites.values(), *(rule.cite for rule in policy.rules)}
    article, others = CITED[registry.estate.name]
    assert {cite for cite in cites if not (cite.startswith(article) and cite[len(article)].isdigit())} == others


@pytest.mark.parametrize("estate", ANSWERS, indirect=True)
def test_somebody_answers_for_the_mail_system(registry: Registry) -> None:
    addresses = {line.address for line in registry.addresses[f"mailbox:{ANSWERS[registry.estate.name]}"]}
    domain = registry.estate.domains[0]
    assert {f"{name}@{domain}" for name in ("postmaster", "abuse", "hostmaster")} <= addresses


@pytest.mark.parametrize("estate", AWAY, indirect=True)
def test_all_that_can_happen_to_people_happens_to_somebody(registry: Registry) -> None:
    posts = [post for table in (registry.persons, registry.seconds) for held in table.values() for post in held]
    assert {post.ending for post in posts if post.ending} == set(Ending)
    assert {post.tie for post in posts} == set(Tie)
    assert {absence.reason for post in posts for absence in post.absences} == AWAY[registry.estate.name]


@pytest.mark.parametrize(
    ("estate", "gone", "successor", "seen", "day", "least", "leaving"),
    [
        ("binhtan", "bbtgpmb", "bqldakv", TODAY, "2027-02-01", 3, set()),
        ("camau", "stnmt", "snnptnt", TODAY, "2027-03-01", 4, set()),
        ("camau", "bantdkt", "snv", TODAY, "2027-01-01", 4, set()),
        ("daklak", "sgtvt", "sxd", "2027-02-28", "2027-03-01", 2, {"person:dl00065"}),  # who retires on that day
        ("haiduong", "skhdt", "stc", TODAY, "2027-03-01", 3, set()),
        ("haiduong", "camgiang-camdinh", "camgiang-camson", TODAY, "2027-01-01", 3, set()),
    ],
    indirect=["estate"],
)
def test_whoever_is_in_an_agency_when_it_is_merged_goes_on_in_the_other(
    on: On, gone: str, successor: str, seen: str, day: str, least: int, leaving: set[str]
) -> None:
    there = {
        name
        for name, entry in on(seen).items()
        if name.startswith("person:") and entry.state is State.ACTIVE and f",ou={gone}," in entry.dn
    }
    assert len(there) >= least
    after = on(day)
    assert {name for name in there if after[name].state is State.DISABLED} == leaving
    staying = [after[name] for name in there - leaving]
    assert all(f"ou={successor}," in entry.dn and entry.state is State.ACTIVE for entry in staying)
    assert after[f"agency:{gone}"].state is State.DISABLED
    assert after[f"mailbox:{gone}"].state is State.HELD


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("estate", "estate.yml"),
        ("policy", "policy.yml"),
        ("agency", "agencies/*.yml"),
        ("addresses", "addresses/*.yml"),
        ("lists", "lists.yml"),
    ],
)
def test_editors_find_no_fault_with_the_files(estate: str, schema: str, files: str) -> None:
    validator = Draft202012Validator(json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8")))
    paths = list((INVENTORIES / estate / "registry").glob(files))
    assert paths or schema == "lists"
    for path in paths:
        text = path.read_text(encoding="utf-8")
        loaded = json.loads(json.dumps(yaml.safe_load(text), default=str))  # editors know no dates, only texts
        assert [error.message for error in validator.iter_errors(loaded)] == []
        assert f"docs/reference/registry/{schema}.schema.json" in text.splitlines()[1] or schema == "addresses"
