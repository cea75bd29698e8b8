"""What the how-tos tell clerks to write passes the registry's own checks, and what they promise of editors is so."""

from __future__ import annotations

import json
import re
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.messages import told
from ansible_collections.congvu.mail.plugins.module_utils.model import RegistryError
from ansible_collections.congvu.mail.plugins.module_utils.regulation import load_model
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.module_utils.vietnamese import VIETNAMESE

ROOT = Path(__file__).parents[3]
HOW_TO = ROOT / "docs/how-to"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (agencies/[a-z-]+\.yml|lists\.yml)\n")

# What the pages start from: four agencies with the people whom they speak of.
ESTATE = """\
name: test
title: Thư điện tử tỉnh Thử Nghiệm
domains: [thunghiem.gov.vn]
suffix: dc=thunghiem,dc=gov,dc=vn
time_zone: Asia/Ho_Chi_Minh
synthetic: true
"""
POLICY = """\
regulation: Quyết định thử nghiệm
agency_addresses: {cite: Điều 1, form: "{agency}{n}@{domain}"}
unit_addresses: {cite: Điều 1, form: "{unit}.{agency}{n}@{domain}"}
list_addresses: {cite: Điều 1, form: "{list}.{agency}{n}@{domain}"}
person_addresses: {cite: Điều 1, form: "{full}{n}@{domain}"}
namesakes: {cite: Điều 1, append: ["{number}"]}
former_addresses: {cite: Điều 1, days: 365}
reserved_addresses: {cite: RFC 2142, locals: [root]}
shared_mailboxes:
  {cite: Điều 2, head: manager, deputies: clerk, clerks: clerk, readers: read, send_as: [manager, clerk]}
shared_folders: {cite: Điều 2, managers: manager, writers: clerk, readers: read}
standing_in: {cite: Điều 2, right: manager}
leave: {cite: Điều 2, sign_in: true, roles: false}
quotas: {cite: Điều 3, person: 2 GiB, mailbox: 500 MiB}
retention: {cite: Điều 4, days: 365}
passwords: {cite: Điều 5, length: 8, upper: 1, lower: 1, digits: 0, special: 1, change_at_first_sign_in: true,
            change_within_days: 30, failures: 10, locked_minutes: 15}
"""
SNV = """\
code: snv
name: Sở Nội vụ
kind: department
decision: 05/QĐ-UBND
head: tth00001
deputies: [tth00002]
clerks: [tth00004]
units: {vp: Văn phòng, tccb: Phòng Tổ chức cán bộ}
people:
  - {id: tth00001, name: Trương Bá Trí, title: Giám đốc, since: 2022-07-01, decision: 245/QĐ-UBND}
  - {id: tth00002, name: Hà Văn Toàn, title: Phó Giám đốc, since: 2018-09-01, decision: 409/QĐ-SNV}
  - {id: tth00004, name: Mai Thuỳ Thuý, unit: vp, title: Văn thư, since: 2024-09-01, decision: 2356/QĐ-UBND}
  - {id: tth00005, name: Cao Thị Uyên, unit: tccb, title: Chuyên viên, since: 2023-03-01, decision: 120/QĐ-SNV}
"""
OTHER = """\
code: {code}
name: {name}
kind: department
decision: 05/QĐ-UBND
head: {person}
people:
  - {{id: {person}, name: Lê Văn Đạt, title: Giám đốc, since: 2020-01-01, decision: 12/QĐ-UBND}}
"""
BASE = {
    "estate.yml": ESTATE,
    "policy.yml": POLICY,
    "agencies/snv.yml": SNV,
    "agencies/stc.yml": OTHER.format(code="stc", name="Sở Tài chính", person="tth00011"),
    "agencies/stttt.yml": OTHER.format(code="stttt", name="Sở Thông tin và Truyền thông", person="tth00031"),
}


def blocks(language: str, page: Path) -> list[str]:
    return [text for found, text in FENCE.findall(page.read_text(encoding="utf-8")) if found == language]


EXAMPLES = [
    pytest.param(text, id=f"{page.stem}-{number}")
    for page in sorted(HOW_TO.glob("*.md"))
    for number, text in enumerate(blocks("yaml", page), 1)
    if FILE.match(text)
]
TASKS = [
    "them-nguoi",
    "dieu-dong-biet-phai",
    "nghi-dai-han",
    "doi-ten",
    "nghi-huu-thoi-viec",
    "thay-thu-truong",
    "lap-doi-ten-sap-nhap-giai-the-co-quan",
    "hop-thu-dung-chung-va-thu-muc",
    "danh-sach-thu",
]


def merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Do what a clerk does with an example: keys take the place of keys, posts that of the same person's."""
    people = new.get("people", [])
    told_anew = {post["id"] for post in people}
    kept = [post for post in old.get("people", []) if post["id"] not in told_anew]
    return {**old, **new, **({"people": [*kept, *people]} if kept or people else {})}


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_passes_the_checks_of_the_registry(example: str, tmp_path: Path) -> None:
    for name, text in BASE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = FILE.match(example)
    assert found
    file = tmp_path / found[1]
    old = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
    file.write_text(yaml.safe_dump(merged(old, yaml.safe_load(example)), allow_unicode=True), encoding="utf-8")
    registry = load(tmp_path, locked=False)
    assert registry.agencies


@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_an_example_and_says_how_to_check_it(name: str) -> None:
    page = HOW_TO / f"{name}.md"
    assert [text for text in blocks("yaml", page) if FILE.match(text)]
    assert any("playbooks/validate.yml -e lang=vi" in text for text in blocks("console", page))


def quoted(page: Path) -> list[str]:
    """Return what the machine is said to answer to a check: in prose after `báo`, and first in each row of a table."""
    section = page.read_text(encoding="utf-8").partition("\n## Kiểm tra\n")[2].partition("\n## ")[0]
    return re.findall(r"(?:[Bb]áo\s|^\| )`([^`]+)`", section, re.MULTILINE)


def is_said(quote: str) -> bool:
    """Tell whether the engine's Vietnamese has these words; what stands in quotes or for `…` differs by the case."""
    parts = (part.strip(" .?") for part in re.split(r"'[^']*'|…", quote))
    return all(any(part in words for words in VIETNAMESE.values()) for part in parts if part)


def test_words_are_known_for_the_engines_own_whatever_the_case_puts_into_them() -> None:
    assert is_said("không có đơn vị 'tcbb'. Có phải ý định ghi là 'tccb'?")
    assert not is_said("không có căn phòng 'tcbb'. Có phải ý định ghi là 'tccb'?")
    assert not is_said("would hold two posts at once")


@pytest.mark.parametrize("name", [*TASKS, "ban-hanh-quy-che"])
def test_what_the_machine_is_said_to_answer_is_what_it_answers_in_vietnamese(name: str) -> None:
    assert [quote for quote in quoted(HOW_TO / f"{name}.md") if not is_said(quote)] == []


def test_the_pages_are_found_from_the_front() -> None:
    front = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    assert [page.name for page in HOW_TO.glob("*.md") if f"how-to/{page.name}" not in front] == []


def test_an_own_rule_of_an_agency_fits_the_model_of_regulations(tmp_path: Path) -> None:
    folder = copytree(ROOT / "inventories/camau/regulation", tmp_path / "regulation")
    (example,) = blocks("yaml", HOW_TO / "ban-hanh-quy-che.md")
    rules = folder / "quy-che.yml"
    said = yaml.safe_load(rules.read_text(encoding="utf-8"))
    said["blanks"].update(yaml.safe_load(example)["blanks"])
    rules.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    assert load_model(folder).blanks["check_times"][0].agencies == {"snv"}


@pytest.fixture(scope="module")
def settings() -> tuple[dict[str, Any], dict[str, Any]]:
    first, second = blocks("json", HOW_TO / "check-while-typing.md")
    return json.loads(first), json.loads(second)


def test_every_file_of_every_registry_gets_its_schema_in_the_editor(
    settings: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    schemas: dict[str, str] = settings[0]["yaml.schemas"]
    assert all((ROOT / schema).is_file() for schema in schemas)
    for path in ROOT.glob("inventories/*/registry/**/*.yml"):
        name = path.relative_to(ROOT).as_posix()
        (schema,) = (schema for schema, pattern in schemas.items() if fnmatch(name, pattern))
        kind = {"agencies": "agency", "addresses": "addresses"}.get(path.parent.name, path.stem)
        assert schema.endswith(f"/{kind}.schema.json")


def test_the_editors_task_finds_every_fault_that_the_playbook_tells(
    settings: tuple[dict[str, Any], dict[str, Any]], tmp_path: Path
) -> None:
    (task,) = settings[1]["tasks"]
    matcher = task["problemMatcher"]
    assert (ROOT / matcher["fileLocation"][1].removeprefix("${workspaceFolder}/")).is_dir()
    assert (ROOT / task["command"].split()[-1]).is_file()
    for name, text in {**BASE, "policy.yml": "regulation: 1\n", "agencies/stc.yml": "code: stc\n"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(RegistryError) as caught:
        load(tmp_path)
    pattern = re.compile(matcher["pattern"]["regexp"])
    lines = told(caught.value, tmp_path).splitlines()
    found = [pattern.match(line) for line in lines]
    matched = [match for match in found if match]
    assert len(matched) >= 10
    assert all((tmp_path / match[1]).exists() and int(match[2]) and int(match[3]) for match in matched)
    assert all(
        "… and" in line or "Faults in" in line or "Mend" in line
        for line, match in zip(lines, found, strict=True)
        if not match
    )


def test_a_retiree_is_disabled_on_the_day_that_the_page_says(tmp_path: Path) -> None:
    example = blocks("yaml", HOW_TO / "nghi-huu-thoi-viec.md")[0]
    for name, text in BASE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    snv = merged(yaml.safe_load(SNV), yaml.safe_load(example))
    (tmp_path / "agencies/snv.yml").write_text(yaml.safe_dump(snv, allow_unicode=True), encoding="utf-8")
    registry = load(tmp_path, locked=False)
    states = [
        compile_desired(registry, as_of=day, commit="").entries["person:tth00005"].state.value
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert states == ["active", "disabled"]
