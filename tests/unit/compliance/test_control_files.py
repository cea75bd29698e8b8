"""The controls as they are shipped: they quote what the regulations say, and each of their checks can fail."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import controls, inquiry, measures, source
from ansible_collections.congvu.mail.plugins.module_utils.compliance import Answer, Status, judged
from ansible_collections.congvu.mail.plugins.module_utils.compliance_data import schema_files
from ansible_collections.congvu.mail.plugins.module_utils.compliance_facts import facts
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.controls import Check
from ansible_collections.congvu.mail.plugins.module_utils.model import RegistryError

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "compliance"
ESTATES = ("binhtan", "camau", "daklak", "haiduong", "thuathienhue")
CONTROLS = controls.load(FOLDER)
NAMES = {
    "webmail": "webmail.example.vn",
    "phonebook": "danhba.example.vn",
    "imap": "imap.example.vn",
    "submission": "smtp.example.vn",
    "directory": "ldap.example.vn",
    "postmaster": "postmaster@example.vn",
    "contact": "hotro@example.vn",
    "mail_domains": ["example.vn"],
    "mx": ["mail.example.vn"],
}
MOMENT = datetime(2026, 11, 22, 9, tzinfo=UTC)
CHECKS = [(control.id, check) for control in CONTROLS for check in control.checks]
DEMANDS = [
    (control.id, estate, demand.cite, demand.quote)
    for control in CONTROLS
    for estate, demands in control.demands.items()
    for demand in demands
]


def named(checks: list[tuple[str, Check]]) -> list[str]:
    return [f"{id_}: {check.name}" for id_, check in checks]


def test_there_is_a_control_for_each_of_the_44_demands() -> None:
    assert [control.id for control in CONTROLS] == [f"R{number:02}" for number in range(1, 45)]


# --- What the regulations say


def tidy(text: str) -> str:
    """Bring a text into one line, without what a word processor left in it."""
    plain = re.sub(r"[*#_\\]|\x7f", "", unicodedata.normalize("NFC", text))
    return re.sub(r"\s+", " ", plain).strip()


@cache
def regulation(estate: str) -> str:
    return tidy((Path(__file__).parent / "regulations" / f"{estate}.txt").read_text(encoding="utf-8"))


def passages(estate: str, cite: str) -> list[str]:
    """Return the articles of that number, of the decision or of the regulation that it puts into force.

    Đắk Lắk's has two articles 4, of which the citation names the chapter.
    """
    (number,) = re.findall(r"Điều (\d+)", cite)
    whole = regulation(estate)
    starts = [
        found.start()
        for found in re.finditer(r"Điều \d+\s*[.:]", whole)
        if whole[found.start() - 3 : found.start()] != "từ "
    ]
    articles = [whole[begin:end] for begin, end in zip(starts, [*starts[1:], len(whole)], strict=True)]
    return [text for text in articles if re.match(rf"Điều {number}\s*[.:]", text)]


@pytest.mark.parametrize(("control", "estate", "cite", "quote"), DEMANDS, ids=lambda value: str(value)[:40])
def test_a_quotation_stands_in_the_article_that_it_names(control: str, estate: str, cite: str, quote: str) -> None:
    assert control
    parts = [tidy(part) for part in quote.split("[…]")]
    assert any(all(part in article for part in parts) for article in passages(estate, cite)), parts


@pytest.mark.parametrize("estate", ESTATES)
def test_each_regulation_is_quoted(estate: str) -> None:
    quoted = [control.id for control in CONTROLS if estate in control.demands]
    assert len(quoted) >= 14
    assert {name for control in CONTROLS for name in control.demands} == set(ESTATES)


# --- What the checks are


@cache
def known(estate: str) -> dict[str, Any]:
    found, policy = source.rules(ROOT / "inventories" / estate / "registry")
    return facts(found, policy, NAMES, {name: {} for name in measures.MEASURES})


def tried(check: Check, said: object, estate: str = "thuathienhue") -> Status:
    """Judge an answer as the report does."""
    given = dict(check.given)
    at = datetime.fromtimestamp(given.pop("at", MOMENT.timestamp()), UTC)
    merged = {**known(estate)}
    for name, value in given.items():
        merged[name] = {**merged.get(name, {}), **value} if isinstance(value, dict) else value
    return judged(check, Answer("máy thử", "hỏi", at, said), merged).status


@pytest.mark.parametrize(("control", "check"), CHECKS, ids=named(CHECKS))
def test_a_check_passes_and_can_fail(control: str, check: Check) -> None:
    assert control
    assert (tried(check, check.good), tried(check, check.bad)) == (Status.MET, Status.FAILED)


@pytest.mark.parametrize(("control", "check"), CHECKS, ids=named(CHECKS))
def test_an_answer_of_another_kind_is_never_a_yes(control: str, check: Check) -> None:
    assert control
    assert tried(check, "…") is not Status.MET
    assert tried(check, None) is not Status.MET


@pytest.mark.parametrize(("control", "check"), CHECKS, ids=named(CHECKS))
def test_what_is_to_be_done_is_said_where_a_check_fails(control: str, check: Check) -> None:
    assert control
    assert check.failing.endswith(".")


def test_every_measure_that_is_asked_for_is_there_and_every_one_is_asked_for() -> None:
    asked = {str(check.ask) for _, check in CHECKS if check.kind == "measure"}
    asked |= {name for control in CONTROLS for name in re.findall(r"found\.(\w+)", json.dumps(text_of(control)))}
    assert asked == set(measures.MEASURES)


def text_of(control: controls.Control) -> list[str]:
    return [control.met, *(text for check in control.checks for text in (check.holds, check.where, check.tells))]


@pytest.mark.parametrize("estate", ESTATES)
def test_hosts_are_asked_by_commands_that_only_look(estate: str) -> None:
    asked = inquiry.commands(CONTROLS, known(estate))
    looks = {"systemctl", "doveconf", "postconf", "rspamc", "sh", "df", "python3", "dpkg-query", "congvu-backup"}
    assert {command.argv[0] for command in asked} <= looks
    assert len({command.id for command in asked}) == len(asked)
    assert not [
        command
        for command in asked
        if re.search(r"\b(rm|mv|restart|stop|start|kill|tee)\b|>(?! /dev/null)", " ".join(command.argv[:4]))
    ]


# --- What a file must be


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: str(control.id))
def test_the_tests_that_a_control_names_are_there(control: controls.Control) -> None:
    for named_test in control.proved_by:
        path, _, name = named_test.partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {re.escape(name)}\(", text, re.MULTILINE), named_test


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: str(control.id))
def test_a_control_without_checks_says_why_and_leaves_the_matter_to_people(control: controls.Control) -> None:
    assert bool(control.checks) != bool(control.unchecked)
    if control.unchecked:
        assert control.people


@pytest.mark.parametrize("name", sorted(schema_files()))
def test_the_schemas_are_those_of_the_engine(name: str) -> None:
    written = (ROOT / "docs/reference/compliance" / name).read_text(encoding="utf-8")
    assert written == schema_files()[name], "run playbooks/schema.yml"
    Draft202012Validator.check_schema(json.loads(written))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("id: R01", "id: R1"), "R01.yml:3:5: 'R1' is not the control's id."),
        (("holds: said.count", "holds: said..count"), "is no text or expression of Jinja"),
        (
            ("ask: {measure: addresses}", "ask: {measure: addresses, port: {}}"),
            "There is not one of several ways here.",
        ),
        (("title: Địa chỉ", "titel: Địa chỉ"), "titel"),
        (("proved_by:\n", "proved_by:\n  - everything\n"), "'everything' is not a test."),
    ],
)
def test_a_faulty_file_is_told_with_its_place(change: tuple[str, str], said: str, tmp_path: Path) -> None:
    text = (FOLDER / "R01.yml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "R01.yml").write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(RegistryError) as told:
        controls.load(tmp_path)
    assert said in str(told.value)


def test_a_folder_without_controls_is_no_clean_bill(tmp_path: Path) -> None:
    with pytest.raises(RegistryError):
        controls.load(tmp_path)
