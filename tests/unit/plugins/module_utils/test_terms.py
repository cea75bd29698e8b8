"""How long changes took, in working days from the decision to the write."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import Applied, Cause, Precondition, Update
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.plan import make_plan
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.terms import applied_in, decided, terms

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan
    from ansible_collections.congvu.mail.plugins.module_utils.model import Registry
    from ansible_collections.congvu.mail.plugins.module_utils.terms import Term

REGISTRY = Path(__file__).parents[4] / "inventories" / "binhtan" / "registry"
AS_OF = date(2026, 11, 23)
LAST = Applied("9f2c", "beef", date(2026, 11, 20), "", 0)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load(REGISTRY)


@pytest.fixture(scope="module")
def plan(registry: Registry) -> Plan:
    return make_plan(compile_desired(registry, as_of=AS_OF, commit="c0ffee"), [], LAST)


def told(
    plan: Plan, registry: Registry, at: datetime, *, decision: str, since: date, cause: Cause = Cause.COMMIT
) -> Term | None:
    """Tell of one newcomer, whose post rests on a decision and begins on a day."""
    change = next(change for change in plan.changes if change.id.startswith("person:"))
    person = change.id.partition(":")[2]
    post = registry.persons[person][-1]._replace(decision=decision, since=since, until=None)
    changed = replace(registry, persons={**registry.persons, person: (post,)})
    bent = replace(plan, changes=(replace(change, reason=decision, cause=cause),))
    found = terms(bent, {change.id: at}, changed, datetime(2026, 11, 20, 3, tzinfo=UTC))
    return found[0] if found else None


@pytest.mark.parametrize(
    ("decision", "since", "applied", "taken", "late"),
    [
        ("12/QĐ-UBND ngày 20/11/2026", "2026-11-20", "2026-11-23T02:00+00:00", 1, False),
        ("12/QĐ-UBND ngày 20/11/2026", "2026-11-20", "2026-11-25T02:00+00:00", 2, False),  # a holiday between
        ("12/QĐ-UBND ngày 20/11/2026", "2026-11-20", "2026-11-26T02:00+00:00", 3, True),
        ("12/QĐ-UBND ngày 19/11/2026", "2026-11-23", "2026-11-23T02:00+00:00", 0, False),  # decided beforehand
        ("12/QĐ-UBND ngày 20/11/2026", "2026-11-02", "2026-11-23T02:00+00:00", 1, False),  # reaches back
        ("12/QĐ-UBND", "2026-11-20", "2026-11-23T02:00+00:00", 1, False),  # cited without its day
        ("12/QĐ-UBND ngày 20/11/2026", "2026-11-20", "2026-11-25T18:00+00:00", 3, True),  # after midnight here
    ],
)
def test_a_term_runs_from_the_later_of_decision_and_effect_to_the_write(
    plan: Plan, registry: Registry, decision: str, since: str, applied: str, taken: int, *, late: bool
) -> None:
    at = datetime.fromisoformat(applied)
    term = told(plan, registry, at, decision=decision, since=date.fromisoformat(since))
    assert term is not None
    assert (term.taken, term.late, term.applied) == (taken, late, at)
    assert term.effective == date.fromisoformat(since)
    assert term.committed == datetime(2026, 11, 20, 3, tzinfo=UTC)


def test_without_a_term_in_the_policy_days_are_counted_and_nothing_is_late(plan: Plan, registry: Registry) -> None:
    without = replace(registry, policy=replace(registry.policy, request_days=None))
    at = datetime(2026, 11, 30, 2, tzinfo=UTC)
    term = told(plan, without, at, decision="1/QĐ ngày 20/11/2026", since=date(2026, 11, 20))
    assert term is not None
    assert (term.taken, term.due, term.late) == (5, None, None)


def test_the_first_load_has_no_term(plan: Plan, registry: Registry) -> None:
    first = replace(plan, applied=None)
    assert terms(first, {change.id: datetime(2026, 11, 23, 2, tzinfo=UTC) for change in plan.changes}, registry) == ()


def test_a_right_rests_on_the_decision_that_gave_it_not_on_that_on_the_post(plan: Plan, registry: Registry) -> None:
    agency = registry.agencies["vpubnd"]
    box = agency.mailboxes["vpubnd"]
    person = next(grant.person for grants in box.roles.values() for grant in grants)
    roles = {
        role: tuple(
            replace(grant, since=date(2026, 11, 20), until=None, decision="9/QĐ ngày 19/11/2026")
            if grant.person == person
            else grant
            for grant in grants
        )
        for role, grants in box.roles.items()
    }
    changed = {**agency.mailboxes, "vpubnd": replace(box, roles=roles)}
    bent = replace(registry, agencies={**registry.agencies, "vpubnd": replace(agency, mailboxes=changed)})
    first = next(change for change in plan.changes if change.id == f"person:{person}")
    same = {field.name: getattr(first, field.name) for field in fields(first)}
    rights = {"before": {"congvuAccess": ("vpubnd:clerk",)}, "after": {"congvuAccess": ("vpubnd:manager",)}}
    change = Update(**{**same, **rights, "precondition": Precondition("u", "c")})
    at = datetime(2026, 11, 23, 2, tzinfo=UTC)
    (term,) = terms(replace(plan, changes=(change,)), {change.id: at}, bent)
    assert (term.decision, term.decided, term.effective) == (
        "9/QĐ ngày 19/11/2026",
        date(2026, 11, 19),
        date(2026, 11, 20),
    )
    assert (term.taken, term.late) == (1, False)


@pytest.mark.parametrize("cause", [Cause.DRIFT, Cause.ROLLBACK, Cause.RETENTION])
def test_what_nobody_decided_has_no_term(plan: Plan, registry: Registry, cause: Cause) -> None:
    at = datetime(2026, 11, 30, 2, tzinfo=UTC)
    assert told(plan, registry, at, decision="1/QĐ", since=date(2026, 11, 20), cause=cause) is None


def test_of_a_whole_plan_people_and_shared_mailboxes_are_told_that_were_written(plan: Plan, registry: Registry) -> None:
    at = datetime(2026, 11, 23, 2, tzinfo=UTC)
    every = terms(plan, {change.id: at for change in plan.changes}, registry)
    assert {term.id.partition(":")[0] for term in every} == {"person", "mailbox"}
    people = [term for term in every if term.id.startswith("person:")]
    assert all(term.effective for term in people)
    assert all(term.agency in registry.agencies for term in every)
    assert terms(plan, {people[0].id: at}, registry) == (people[0],)


@pytest.mark.parametrize(
    ("decision", "day"),
    [
        ("310/QĐ-SNV ngày 12/11/2026", date(2026, 11, 12)),
        ("310/QĐ-SNV ngày 5 tháng 3 năm 2026", date(2026, 3, 5)),
        ("310/QĐ-SNV", None),
        ("310/QĐ-SNV ngày 31/02/2026", None),
        ("12/11/2026/QĐ-UBND", None),
    ],
)
def test_the_day_of_a_decision_is_read_where_it_is_cited(decision: str, day: date | None) -> None:
    assert decided(decision) == day


def test_what_was_written_and_when_stands_in_the_journals(tmp_path: Path) -> None:
    lines = [
        {"event": "begin", "at": "2026-11-23T02:00:00+00:00", "plan": "9f2c41d0c0a3"},
        {"event": "outcome", "at": "2026-11-23T02:00:01+00:00", "fates": {"person:a": "applied", "person:b": "stale"}},
        {"event": "outcome", "at": "2026-11-23T02:00:02+00:00", "fates": {"person:c": "applied"}},
    ]
    text = "".join(f"{json.dumps(line)}\n" for line in lines) + '{"event": "outc'
    (tmp_path / "20261123T020000.000000Z-9f2c41d0c0a3.jsonl").write_text(text, encoding="ascii")
    assert applied_in(tmp_path, "9f2c41d0c0a3" + "0" * 52) == {
        "person:a": datetime(2026, 11, 23, 2, 0, 1, tzinfo=UTC),
        "person:c": datetime(2026, 11, 23, 2, 0, 2, tzinfo=UTC),
    }
