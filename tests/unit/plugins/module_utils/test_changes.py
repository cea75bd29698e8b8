"""A plan file is exactly what was reviewed, or it is refused."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.changes import Adopt, Plan, PlanError
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import agency, desired, person, small
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX, MemoryDirectory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@pytest.fixture
def plan() -> Plan:
    directory = MemoryDirectory()
    for one in (agency("snv"), agency("stc"), person("p1", "ou=snv"), person("p9", "ou=snv")):
        directory.put(one.dn, userPassword="bí mật", **one.attributes)
    directory.put(f"cn=may-in,{BASE}", objectClass="device")
    return make_plan(desired(*small()), directory.read_tree(BASE, [*ATTRIBUTES, "userPassword"]))


def test_a_plan_survives_its_file(plan: Plan) -> None:
    assert Plan.parse(plan.content) == plan


def test_a_plan_is_named_by_the_digest_of_its_file(plan: Plan) -> None:
    assert plan.id == hashlib.sha256(plan.content).hexdigest()


def test_a_plan_file_is_canonical_json_lines_and_unicode_as_it_is(plan: Plan) -> None:
    lines = plan.content.decode().splitlines()
    for line in lines:
        assert json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True, separators=(",", ":")) == line
    assert json.loads(lines[0])["counts"] == plan.counts
    assert "Nguyễn" in plan.content.decode()


def test_a_plan_never_holds_a_password(plan: Plan) -> None:
    assert b"userPassword" not in plan.content
    assert "bí mật".encode() not in plan.content


def adopt(line: dict[str, Any], before: Sequence[str] = (), after: str = "thu", **fields: str) -> None:
    """Turn a change into the adoption of an entry from elsewhere."""
    place = {"dn": f"uid=p9,ou=people,{SUFFIX}", "new_dn": f"uid=p9,ou=snv,{BASE}"}
    marks = {"before": {"congvuEstate": list(before)}, "after": {"congvuEstate": [after]}}
    line.update({"operation": "adopt", **place, **marks, **fields})


def edited(content: bytes, change: Callable[[list[dict[str, Any]]], object]) -> bytes:
    """Give the file after an edit that keeps the canonical form."""
    lines = [json.loads(line) for line in content.splitlines()]
    change(lines)
    return b"".join(
        json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n" for line in lines
    )


def repeat(lines: list[dict[str, Any]]) -> None:
    """Let the last change come twice."""
    lines.append(lines[-1])
    lines[0]["counts"][lines[-1]["operation"]] += 1


def recount(lines: list[dict[str, Any]], edit: Callable[[dict[str, Any]], object]) -> None:
    """Edit the last change and let the header count again what the lines say."""
    edit(lines[-1])
    operations = Counter(line.get("operation") for line in lines)
    lines[0]["counts"] = {operation: operations[operation] for operation in lines[0]["counts"]}


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (lambda lines: lines.pop(), "not as they were written"),
        (lambda lines: lines[0].update(version=1), "of version 1"),
        (lambda lines: lines[0].pop("situations"), "damaged"),
        (lambda lines: lines[0]["situations"].update(lost=1), "damaged"),
        (lambda lines: lines[0].update(scope=["stc"]), "outside stc"),
        (lambda lines: lines[0].update(purpose=None, extra=1), "not as they were written"),
        (lambda lines: lines[0].pop("census"), "damaged"),
        (lambda lines: lines[1]["message"].update(extra=1), "not as they were written"),
        (lambda lines: lines[1]["message"].update(english="{id}", facts={"estate": "x"}), "damaged"),
        (lambda lines: lines[1]["message"].update(english="{}", facts={"estate": "x"}), "damaged"),
        (lambda lines: lines[-1].update(operation="explode"), "damaged"),
        (lambda lines: lines[-1].update(extra=1), "not as they were written"),
        (lambda lines: lines[-1].update(dn="uid=root,dc=khac", new_dn=""), "outside"),
        (lambda lines: lines[-1]["after"].update(userPassword=["x"]), "does not own"),
        (lambda lines: lines[-1].update(precondition=None), "builds on"),
        (lambda lines: lines[-1].update(password=True), "only what is new"),
        (repeat, "changed twice"),
    ],
)
def test_an_edited_plan_file_is_refused(
    plan: Plan, edit: Callable[[list[dict[str, Any]]], object], complaint: str
) -> None:
    with pytest.raises(PlanError, match=complaint):
        Plan.parse(edited(plan.content, edit))


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (lambda line: line.update(operation="purge"), "not to say so"),
        (lambda line: line.update(operation="adopt"), "without a mark"),
        (lambda line: adopt(line, after="khac"), "without a mark"),
        (lambda line: adopt(line, before=["khac"]), "without a mark"),
        (lambda line: adopt(line, dn=f"cn=reconciler,ou=services,{SUFFIX}"), "outside"),
        (lambda line: adopt(line, dn=f"ou=policies,{SUFFIX}"), "outside"),
        (lambda line: adopt(line, dn="uid=p9,dc=khac"), "outside"),
        (lambda line: adopt(line, new_dn=f"uid=p9,ou=people,{SUFFIX}"), "outside"),
    ],
)
def test_a_change_that_planning_never_makes_is_refused(
    plan: Plan, edit: Callable[[dict[str, Any]], object], complaint: str
) -> None:
    with pytest.raises(PlanError, match=complaint):
        Plan.parse(edited(plan.content, lambda lines: recount(lines, edit)))


def test_an_adoption_from_elsewhere_is_carried_out_as_it_was_reviewed(plan: Plan) -> None:
    content = edited(plan.content, lambda lines: recount(lines, adopt))
    adoption = Plan.parse(content).changes[-1]
    assert isinstance(adoption, Adopt)
    assert adoption.dn == f"uid=p9,ou=people,{SUFFIX}"


@pytest.mark.parametrize("content", [b"", b"{}\n", b"[1]\n", b"\xff\n", b"not json\n"])
def test_what_is_no_plan_file_is_refused(content: bytes) -> None:
    with pytest.raises(PlanError, match="Make a new plan"):
        Plan.parse(content)


def test_a_plan_file_cut_short_in_a_line_is_refused(plan: Plan) -> None:
    with pytest.raises(PlanError):
        Plan.parse(plan.content[:-20])


@pytest.mark.parametrize(
    ("now", "ahead"),
    [
        ("2026-11-20T09:59:59+00:00", True),
        ("2026-11-20T10:00:00+00:00", False),  # the day begins on the first islands
        ("2026-11-20T17:00:00+07:00", False),
        ("2026-11-21T00:00:00+07:00", False),
        ("2026-12-01T00:00:00+00:00", False),
    ],
)
def test_a_plan_lies_ahead_until_its_day_has_begun_anywhere(now: str, *, ahead: bool) -> None:
    assert make_plan(desired(*small()), []).lies_ahead(datetime.fromisoformat(now)) is ahead
