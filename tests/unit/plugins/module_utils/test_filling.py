"""A model's blanks are filled from the registry, or every one that cannot be is told with file and line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.filling import FILLED, fill, joined
from ansible_collections.congvu.mail.plugins.module_utils.letterhead import Closing, Document, Paragraph, Table, Title
from ansible_collections.congvu.mail.plugins.module_utils.model import RegistryError
from ansible_collections.congvu.mail.plugins.module_utils.regulation import FROM_REGISTRY, issuers, load_model
from ansible_collections.congvu.mail.plugins.module_utils.source import load

from .conftest import LOCK, POLICY, SNV, STC

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Write

DAY = date(2026, 11, 22)
RULES = """\
regulation: Quy chế mẫu
issuers: {cite: Điều 2, kinds: [department]}
decision: quyet-dinh.md
text: quy-che.md
annexes: [phu-luc.md]
spelt_out: {UBND: Ủy ban nhân dân}
sorts: {cite: Điều 1, names: {Sở: sở, UBND: UBND}}
heads: {cite: Điều 7, titles: [Chủ tịch, Giám đốc]}
offices: {cite: Điều 4, names: [Văn phòng], heads: {Văn phòng: "Chánh {{ office }}", Phòng: "Trưởng {{ office }}"}}
blanks:
  superior: [{say: UBND tỉnh}]
  symbol: [{say: "{{ code }}"}]
  town: [{kinds: [district], say: "{{ place }}"}, {say: Thử Nghiệm}]
  behalf: [{kinds: [district], say: TM. ỦY BAN NHÂN DÂN}, {}]
  times: [{agencies: [stc], say: 5 lần}, {say: 4 lần}]
"""
DECISION = """\
# Quyết định
## Ban hành Quy chế của {{ agency }}

**{{ head_of_agency }}**
Nơi nhận: {{ sort }}; Lưu: VT
"""
TEXT = "{{ office }}, {{ office_head_of_agency }}, {{ address }}, {{ times }}, {{ sort_inline }}\n"
MODEL = {"quy-che.yml": RULES, "quyet-dinh.md": DECISION, "quy-che.md": TEXT, "phu-luc.md": "{{ mailboxes }}\n"}

WITH_MAILBOXES = SNV.replace("  vp: Văn phòng\n", "  vp: {name: Văn phòng, mailbox: {head: tn02}}\n").replace(
    "  tccb: Phòng Tổ chức cán bộ\n", "  tccb: {name: Phòng Tổ chức cán bộ, mailbox: {head: tn02}}\n"
)
UNITS = POLICY + 'unit_addresses: {cite: Điều 2, form: "{unit}.{agency}{n}@{domain}"}\n'
LOCKED = LOCK + "tccb.snv: mailbox:snv-tccb\ntranthihoa: person:tn02\nvp.snv: mailbox:snv-vp\n"
LOCKED = "".join(sorted(set(LOCKED.splitlines(keepends=True))))
SOUND = {"agencies/snv.yml": WITH_MAILBOXES, "policy.yml": UNITS, "addresses/thunghiem.gov.vn.yml": LOCKED}


class Make(Protocol):
    """Fill in the small model for one agency, with some files of the registry or of the model replaced."""

    def __call__(
        self, code: str = "snv", day: date = DAY, registry: dict[str, str] | None = None, **model: str
    ) -> Document:
        """Fill it in."""


@pytest.fixture
def make(write: Write, tmp_path_factory: pytest.TempPathFactory) -> Make:
    folder = tmp_path_factory.mktemp("province") / "regulation"
    folder.mkdir()

    def _make(code: str = "snv", day: date = DAY, registry: dict[str, str] | None = None, **model: str) -> Document:
        put(folder, {**MODEL, **{f"{name.replace('_', '-')}.{_ending(name)}": text for name, text in model.items()}})
        return fill(load_model(folder), load(write({**SOUND, **(registry or {})})), code, day)

    return _make


def _ending(name: str) -> str:
    return "yml" if name == "quy_che_rules" else "md"


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name.replace("quy-che-rules", "quy-che")).write_text(text, encoding="utf-8")


def faults(caught: pytest.ExceptionInfo[RegistryError]) -> list[str]:
    return [f"{problem.origin} {problem.message}" for problem in caught.value.problems]


def test_every_blank_of_the_registry_has_its_filling() -> None:
    assert tuple(FILLED) == FROM_REGISTRY


def test_the_registry_fills_the_blanks(make: Make) -> None:
    document = make()
    assert document.letterhead.issuer == "Sở Nội vụ"
    assert document.letterhead.superior == "UBND tỉnh"
    assert document.letterhead.number.strip() == "/QĐ-SNV"
    assert (document.letterhead.place, document.letterhead.day) == ("Thử Nghiệm", None)
    assert Title("Quyết định", "Ban hành Quy chế của Sở Nội vụ") in document.blocks
    assert Closing(("Sở", "Lưu: VT"), ("GIÁM ĐỐC",), "Nguyễn Văn An") in document.blocks
    said = "Văn phòng, Chánh Văn phòng Sở Nội vụ, snv@thunghiem.gov.vn, 4 lần, sở"
    assert Paragraph(said) in document.blocks
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert table.rows == (
        ("1", "Sở Nội vụ", "snv@thunghiem.gov.vn"),
        ("2", "Văn phòng", "vp.snv@thunghiem.gov.vn"),
        ("3", "Phòng Tổ chức cán bộ", "tccb.snv@thunghiem.gov.vn"),
    )


DISTRICT = WITH_MAILBOXES.replace("name: Sở Nội vụ", "name: UBND huyện Cái Nước").replace("department", "district")


@pytest.mark.parametrize(
    ("title", "capacity"),
    [
        ("Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        ("Chủ tịch UBND huyện", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        ("Quyền Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH")),
        ("Phó Chủ tịch phụ trách", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
    ],
)
def test_whoever_is_in_charge_signs_in_the_right_capacity(make: Make, title: str, capacity: tuple[str, ...]) -> None:
    document = make(registry={"agencies/snv.yml": DISTRICT.replace("Giám đốc", title)})
    (closing,) = (block for block in document.blocks if isinstance(block, Closing))
    assert closing.capacity == capacity
    assert document.letterhead.issuer == "Ủy ban nhân dân huyện Cái Nước"
    assert document.letterhead.place == "Cái Nước"


def test_an_agency_may_have_a_rule_of_its_own(make: Make) -> None:
    head = "clerks: [tn04]\nunits:\n  hc: {name: Phòng Hành chính, mailbox: {head: tn04}}\npeople:\n"
    clerk = "{id: tn04, name: Võ Văn Bé, unit: hc, title: Văn thư, since: 2020-01-01, decision: 9/QĐ}"
    stc = STC.replace("people:\n", head) + f"  - {clerk}\n"
    lock = "".join(sorted([*LOCKED.splitlines(keepends=True), "hc.stc: mailbox:stc-hc\n", "vovanbe: person:tn04\n"]))
    document = make("stc", registry={"agencies/stc.yml": stc, "addresses/thunghiem.gov.vn.yml": lock})
    # … and where none is called an office, the clerk's unit does its work.
    said = "Phòng Hành chính, Trưởng Phòng Hành chính Sở Tài chính, stc@thunghiem.gov.vn, 5 lần, sở"
    assert Paragraph(said) in document.blocks


def test_the_document_is_that_of_the_day(make: Make) -> None:
    changes = "changes: [{since: 2027-01-01, decision: 9/QĐ, name: Sở Nội vụ và Lao động}]\n"
    registry = {"agencies/snv.yml": WITH_MAILBOXES.replace("head:", f"{changes}head:", 1)}
    assert make(registry=registry).letterhead.issuer == "Sở Nội vụ"
    assert make(day=date(2027, 1, 1), registry=registry).letterhead.issuer == "Sở Nội vụ và Lao động"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("name: Sở Nội vụ", "name: Ban Nội vụ", "agencies/snv.yml:2:7 No kind of agency"),
        ("Giám đốc", "Tổ trưởng", "agencies/snv.yml:13:9 The head's title 'Tổ trưởng' is none"),
        ("head: tn01", "head: {person: tn01, until: 2026-11-01}", "agencies/snv.yml:4:10 Nobody with a post"),
    ],
)
def test_what_the_registry_does_not_say_is_a_fault_with_its_place(make: Make, old: str, new: str, fault: str) -> None:
    assert old in WITH_MAILBOXES
    with pytest.raises(RegistryError, match=r"regulation/quy-che.md:1|regulation/quyet-dinh.md:[45]") as caught:
        make(registry={"agencies/snv.yml": WITH_MAILBOXES.replace(old, new, 1)})
    assert [said for said in faults(caught) if said.startswith(fault)], faults(caught)


def test_a_unit_without_a_mailbox_is_a_fault_where_the_unit_stands(make: Make) -> None:
    registry = {"agencies/snv.yml": SNV, "addresses/thunghiem.gov.vn.yml": LOCK}
    with pytest.raises(RegistryError) as caught:
        make(registry=registry)
    places = [(problem.origin.file, problem.origin.line) for problem in caught.value.problems]
    assert places == [("agencies/snv.yml", 10), ("agencies/snv.yml", 11)]
    assert "regulation/phu-luc.md:1 lists one for each unit" in str(caught.value)


def test_an_agency_in_which_nobody_does_the_offices_work_is_told_so(make: Make) -> None:
    with pytest.raises(RegistryError) as caught:
        make("stc")
    assert faults(caught)[0].startswith("agencies/stc.yml:1:7 No unit here does the office's work")
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("rules", "text", "fault"),
    [
        (RULES, "{{ adress }}\n", "regulation/quy-che.md:1:1 Nothing fills the blank 'adress'."),
        (RULES, "\n#### Điều 1\n", "regulation/quy-che.md:2:1 This line looks like a heading"),
        (RULES.replace("say: 5 lần", 'say: "{{ tims }}"'), "A.\n", "regulation/quy-che.yml:15:11 Nothing fills"),
        (RULES.replace("  town:", "  twn:"), "A.\n", "regulation/quy-che.yml:11:3 The key 'town' is missing."),
        (RULES.replace(", {say: 4 lần}", ""), "A.\n", "regulation/quy-che.yml:15:3 The last rule is not for all"),
        (
            RULES.replace("text: quy-che.md", "text: van-ban.md"),
            "A.\n",
            "regulation/van-ban.md:1:1 The file is missing",
        ),
        (RULES.replace("cite: Điều 7, ", ""), "A.\n", "regulation/quy-che.yml:8:8 The key 'cite' is missing."),
    ],
)
def test_a_faulty_model_is_told_by_file_and_line(write: Write, rules: str, text: str, fault: str) -> None:
    folder = write({}) / "regulation"
    folder.mkdir()
    put(folder, {**MODEL, "quy-che.yml": rules, "quy-che.md": text})
    with pytest.raises(RegistryError) as caught:
        load_model(folder)
    assert [said for said in faults(caught) if said.startswith(fault)], faults(caught)


def test_a_blank_that_fills_itself_is_a_fault(make: Make) -> None:
    with pytest.raises(RegistryError, match="would be filled with itself"):
        make(quy_che_rules=RULES.replace("say: 4 lần", 'say: "{{ times }}"'))


def test_the_model_says_who_issues(write: Write) -> None:
    root = write({**SOUND, "agencies/stc.yml": STC.replace("department", "centre")})
    folder = root / "regulation"
    registry = load(root)
    folder.mkdir()
    put(folder, MODEL)
    assert issuers(load_model(folder), registry, DAY) == ["snv"]


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("Giám đốc", "Sở Nội vụ", "Giám đốc Sở Nội vụ"),
        ("Trưởng ban", "Ban Dân tộc", "Trưởng Ban Dân tộc"),
        ("Chánh Thanh tra", "Thanh tra tỉnh", "Chánh Thanh tra tỉnh"),
        ("Chánh Văn phòng", "Văn phòng UBND tỉnh", "Chánh Văn phòng UBND tỉnh"),
        ("Văn phòng HĐND và UBND", "UBND huyện Cái Nước", "Văn phòng HĐND và UBND huyện Cái Nước"),
    ],
)
def test_names_that_share_words_say_them_once(first: str, second: str, both: str) -> None:
    assert joined(first, second) == both
