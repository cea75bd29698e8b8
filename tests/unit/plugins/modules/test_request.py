"""Bình Tân asks the city: from the registry to the letter, from the answer back to what is confirmed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible_collections.congvu.mail.plugins.module_utils import ledger
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.confirmations import Answer, Confirmations, take
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole
from ansible_collections.congvu.mail.plugins.module_utils.request import plan_request
from ansible_collections.congvu.mail.plugins.module_utils.source import load
from ansible_collections.congvu.mail.plugins.modules import request
from ansible_collections.congvu.mail.tests.approval import approve
from docx import Document
from openpyxl import load_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).parents[4]
ESTATE = ROOT / "inventories/binhtan"
LETTER = yaml.safe_load((ESTATE / "group_vars/control.yml").read_text(encoding="utf-8"))["request_letter"]
TODAY = "2026-11-22"
LAST = date(2026, 11, 20)
ANSWER = {"answer": "1840/STTTT-CNTT", "answered": "2026-11-25"}


class Call(Protocol):
    """Run the module; give what it answers."""

    def __call__(self, **arguments: object) -> dict[str, Any]:
        """Run it."""


class _Clock(datetime):
    moment: ClassVar = datetime(2027, 12, 1, tzinfo=UTC)

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override] # the tests' clock knows one zone
        del tz
        return cls.moment


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return Path(copytree(ESTATE / "registry", tmp_path / "binhtan" / "registry"))


@pytest.fixture
def call(tmp_path: Path, registry: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setattr(request, "datetime", _Clock)
    common = {
        "registry": str(registry),
        "requests": str(registry.parent / "requests"),
        "state": str(tmp_path / "state"),
        "letter": LETTER,
    }

    def run(**arguments: object) -> dict[str, Any]:
        with patch_module_args({**common, "as_of": TODAY, **arguments}), pytest.raises(SystemExit) as ended:
            request.main()
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert ended.value.code == int(bool(answer.get("failed")))
        return answer

    return run


@pytest.fixture(scope="module")
def all_confirmed() -> bytes:
    """Return the file in which all of the first request is confirmed."""
    registry = load(ESTATE / "registry")
    desired = compile_desired(registry, as_of=date.fromisoformat(TODAY), commit="")
    nothing = Confirmations(desired.estate, desired.suffix)
    plan = plan_request(desired, nothing)
    return take(nothing, plan, Answer(plan.id, plan.as_of, "", date(2026, 11, 25), "1840/STTTT-CNTT")).content


@pytest.fixture
def settled(call: Call, registry: Path, all_confirmed: bytes) -> Call:
    """Confirm all of the first request."""
    write_whole(registry.parent / "requests/confirmed.jsonl", all_confirmed)
    return call


def text_of(letter: str) -> str:
    """Return all that stands in a letter."""
    return "\n".join(_texts(Document(letter)))


def _texts(part: Any) -> Iterator[str]:  # noqa: ANN401 -- a document or a cell of a table
    for block in part.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                for cell in row.cells:
                    yield from _texts(cell)
        else:
            yield block.text


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    header, *below = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in below]


def edit(registry: Path, agency: str, old: str, new: str) -> None:
    path = registry / f"agencies/{agency}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text, "the test bends what is not there"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_first_request_holds_everyone(call: Call) -> None:
    asked = call()
    assert (asked["exit_status"], asked["changed"], asked["findings"]) == (2, True, [])
    assert asked["counts"]["Cấp mới"] > 180
    assert (asked["counts"]["Thay đổi"], asked["counts"]["Hủy bỏ"]) == (0, 0)
    book = load_workbook(asked["workbook"])
    assert book.sheetnames == ["Cấp mới", "Quyền sử dụng"]
    new = rows(book["Cấp mới"])
    assert len(new) == asked["counts"]["Cấp mới"]
    by_code = {row["Mã"]: row for row in new}
    assert by_code["ubnd"]["Địa chỉ"] == "ubnd.binhtan@tphcm.gov.vn"
    assert by_code["bt00119"]["Địa chỉ"] == "ttthao.anlac.bt@tphcm.gov.vn"
    assert not {"bt00069", "bt00085"} & by_code.keys(), "they left before"


def test_the_letter_is_an_official_one_and_rests_on_decisions(call: Call) -> None:
    asked = call(number="112", signed="2026-11-23")
    text = text_of(asked["letter"])
    for said in (
        "ỦY BAN NHÂN DÂN",
        "VĂN PHÒNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 112/VP",
        "Bình Tân, ngày 23 tháng 11 năm 2026",
        "V/v đề nghị cấp mới hộp thư điện tử công vụ",
        "Kính gửi: Sở Thông tin và Truyền thông Thành phố Hồ Chí Minh",
        "Căn cứ Quyết định số 41/2011/QĐ-UBND ngày 17 tháng 6 năm 2011",
        "Căn cứ Quyết định số 7600/QĐ-UBND ngày 23 tháng 10 năm 2023",
        "PHỤ LỤC I",
        "Kèm theo Công văn số 112/VP ngày 23 tháng 11 năm",
        "Lâm Thị Bích Trang (bt00005)\nChánh Văn phòng, Văn phòng UBND quận",
        "ltbtrang.binhtan@tphcm.gov.vn\nQuyết định 1877/QĐ-UBND, từ 01/06/2022",
        "ubnd.binhtan@tphcm.gov.vn\nquản lý: đọc, gửi, phân công người theo dõi",
        "gửi về hộp thư vpubnd.binhtan@tphcm.gov.vn",
        f"Mã đối chiếu của đề nghị này là {asked['plan'][:12]}",
        "CHÁNH VĂN PHÒNG",
        "Nơi nhận:",
    ):
        assert said in text, said
    assert text.rstrip().endswith("chỉ đọc")  # the annexes come last


def test_asking_again_writes_nothing(call: Call) -> None:
    first, second = call(), call()
    assert (second["changed"], second["exit_status"]) == (False, 2)
    assert second["plan"] == first["plan"]


def test_the_same_request_is_the_same_file_byte_by_byte(call: Call, tmp_path: Path) -> None:
    asked = call()
    before = [Path(asked[name]).read_bytes() for name in ("letter", "workbook")]
    asked = call(state=str(tmp_path / "elsewhere"))
    assert [Path(asked[name]).read_bytes() for name in ("letter", "workbook")] == before


def test_nothing_is_asked_for_when_all_is_confirmed(settled: Call) -> None:
    again = settled()
    assert (again["exit_status"], again["changed"], again["letter"]) == (0, False, "")
    assert again["text"].startswith("Không có gì để đề nghị: ")


def test_a_leaver_is_asked_to_be_cancelled_with_the_reason_and_the_decision(settled: Call) -> None:
    asked = settled(as_of="2026-12-10", number="7", signed="2026-12-11")
    text = text_of(asked["letter"])
    assert "cấp mới, thay đổi, hủy bỏ hộp thư điện tử công vụ" in text
    assert "Phạm Thành Đạt (bt00036)" in text
    assert "Lý do: chuyển công tác ra khỏi quận" in text
    assert "Ngừng đăng nhập và gửi thư; giữ thư đã có đến hết ngày 07/06/2027" in text
    assert "Quyết định 7850/QĐ-UBND, từ 10/12/2026" in text
    assert "PHỤ LỤC" not in text  # a short list stands in the letter itself


def test_whoever_moves_from_a_ward_to_the_district_gets_the_other_address(settled: Call) -> None:
    asked = settled(as_of="2026-12-01")
    changed = {row["Mã"]: row for row in rows(load_workbook(asked["workbook"])["Thay đổi"])}
    row = changed["bt00119"]
    assert row["Nội dung"] == (
        "Chức vụ: Công chức Văn hóa - Xã hội → Chuyên viên; Đơn vị: UBND phường An Lạc → Phòng Nội vụ; "
        "Địa chỉ: ttthao.anlac.bt@tphcm.gov.vn → ttthao.binhtan@tphcm.gov.vn; "
        "Vẫn nhận thư gửi đến địa chỉ cũ trong 180 ngày"
    )
    assert (row["Quyết định"], row["Từ ngày"]) == ("7721/QĐ-UBND", datetime(2026, 12, 1))  # noqa: DTZ001 -- a civil day


def test_a_new_head_is_given_the_wards_mailbox_and_loses_the_other(settled: Call) -> None:
    asked = settled(as_of="2027-01-01")
    rights = {row["Mã"]: row["Nội dung"] for row in rows(load_workbook(asked["workbook"])["Quyền sử dụng"])}
    assert rights == {
        "bt00063:binhtridong": "binhtridong.binhtan@tphcm.gov.vn; quản lý: đọc, gửi, phân công người theo dõi",
        "bt00063:pkt": "pkt.binhtan@tphcm.gov.vn; thôi sử dụng",
    }


def test_an_agency_that_is_merged_is_cancelled_and_its_letters_go_to_the_other(
    settled: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(settled(as_of="2027-02-01")["text"], "2027-02-08")
    monkeypatch.setattr(_Clock, "moment", datetime(2027, 2, 1, tzinfo=UTC))
    asked = settled(as_of="2027-02-01")
    text = text_of(asked["letter"])
    assert "Nhận thêm thư gửi đến bbtgpmb.binhtan@tphcm.gov.vn" in text
    assert "bbtgpmb.binhtan@tphcm.gov.vn\nLý do: sáp nhập vào Ban Quản lý dự án" in text
    assert "Quyết định 140/QĐ-UBND" in text


def test_a_refused_item_is_asked_for_again_and_the_rest_is_not(call: Call) -> None:
    taken = call(confirm=call()["plan"][:12], refused=["bt00012", "bt00010:vpubnd"], **ANSWER)
    assert "2 mục không thực hiện sẽ được đề nghị lại" in taken["text"]
    asked = call()
    book = load_workbook(asked["workbook"])
    assert [row["Mã"] for sheet in book for row in rows(sheet)] == ["bt00012", "bt00010:vpubnd"]
    assert "quá 02 ngày" not in asked["text"]  # it was asked for in time


def test_the_workbook_that_comes_back_says_what_was_refused(call: Call, tmp_path: Path) -> None:
    asked = call()
    book = load_workbook(asked["workbook"])
    sheet = book["Cấp mới"]
    header = [cell.value for cell in sheet[1]]
    code, result = header.index("Mã"), header.index("Kết quả")
    for row in sheet.iter_rows(min_row=2):
        row[result].value = "Không thực hiện" if row[code].value == "bt00012" else "Đã thực hiện"
    book.save(tmp_path / "ket-qua.xlsx")
    call(confirm=asked["plan"], results=str(tmp_path / "ket-qua.xlsx"), **ANSWER)
    assert call()["counts"] == {"Cấp mới": 1, "Thay đổi": 0, "Hủy bỏ": 0, "Quyền sử dụng": 0}
    sheet.cell(2, result + 1).value = "Chưa rõ"
    book.save(tmp_path / "ket-qua.xlsx")
    answer = call(confirm=asked["plan"], results=str(tmp_path / "ket-qua.xlsx"), **ANSWER)
    assert "trang 'Cấp mới', dòng 2: 'Chưa rõ'" in answer["msg"]


def test_a_stale_answer_is_refused_and_changes_nothing(settled: Call, registry: Path) -> None:
    first = settled(as_of="2026-12-01")["plan"]
    second = settled(as_of="2026-12-02")["plan"]
    settled(as_of="2026-12-02", confirm=second, **ANSWER)
    before = (registry.parent / "requests/confirmed.jsonl").read_bytes()
    answer = settled(confirm=first, answer="9/STTTT", answered="2026-12-03")
    assert (answer["failed"], answer["exit_status"]) == (True, 4)
    assert "Hãy lập đề nghị mới" in answer["msg"]
    assert (registry.parent / "requests/confirmed.jsonl").read_bytes() == before


def test_what_was_asked_and_what_was_answered_is_in_the_ledger_once(call: Call, tmp_path: Path) -> None:
    asked = call()
    call()
    call(confirm=asked["plan"], **ANSWER)
    call(confirm=asked["plan"], **ANSWER)
    lines = [line.entry for line in ledger.read(tmp_path / "state")][1:]
    assert [(str(line.kind), line.subject) for line in lines] == [
        ("request", asked["plan"]),
        ("confirmed", asked["plan"]),
    ]
    assert [proof.sha256 for proof in lines[0].proofs] == [asked["plan"]]
    assert lines[1].summary == (
        f"Ghi nhận trả lời số 1840/STTTT-CNTT ngày 25/11/2026 cho đề nghị {asked['plan'][:12]}."
    )


def test_the_same_answer_twice_is_one_answer_and_another_is_refused(call: Call) -> None:
    plan = call()["plan"]
    call(confirm=plan, **ANSWER)
    again = call(confirm=plan, **ANSWER)
    assert (again["changed"], again["exit_status"]) == (False, 0)
    other = call(confirm=plan, answer="2/STTTT", answered="2026-11-26")
    assert (other["failed"], other["exit_status"]) == (True, 4)
    assert "đã có trả lời số 1840/STTTT-CNTT ngày 25/11/2026" in other["msg"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"answer": ""}, "Thiếu số hoặc ngày"),
        ({"answered": None}, "Thiếu số hoặc ngày"),
        ({"answered": "25/11/2026"}, "is not a day"),
        ({"answered": "2028-01-01"}, "chưa đến"),
        ({"refused": ["bt99999"]}, "không có mục bt99999"),
        ({"confirm": "0123456789ab"}, "cannot be read"),
    ],
)
def test_a_faulty_answer_is_refused(call: Call, registry: Path, arguments: dict[str, object], said: str) -> None:
    answer = call(**{"confirm": call()["plan"], **ANSWER, **arguments})
    assert (answer["failed"], answer["exit_status"]) == (True, 1)
    assert said in answer["msg"]
    assert not (registry.parent / "requests").exists()


def test_too_many_leavers_stop_the_request_until_it_is_said_to_be_meant(
    settled: Call, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in ("ptckh", "pgddt", "pvhtt", "ptnmt"):
        path = registry / f"agencies/{code}.yml"
        agency = yaml.safe_load(path.read_text(encoding="utf-8"))
        for post in agency["people"]:
            if post["since"] < LAST:
                post["until"] = LAST
                post.pop("changes", None)
        path.write_text(yaml.safe_dump(agency, allow_unicode=True), encoding="utf-8")
    stopped = settled()
    assert (stopped["exit_status"], stopped["letter"]) == (3, "")
    assert "sẽ mất quyền truy cập cùng lúc; chỉ được" in stopped["text"]
    assert f"sau đó chạy: ansible-playbook playbooks/request.yml -e as_of={TODAY}\n" in stopped["text"]
    refused = settled(confirm=stopped["plan"], **ANSWER)
    assert (refused["exit_status"], refused["changed"]) == (3, False)
    assert f"playbooks/request.yml -e confirm={stopped['plan'][:12]} -e answer=" in refused["text"]
    approve(stopped["text"], "2026-11-30")
    assert settled()["exit_status"] == 3, "it has expired long ago"
    monkeypatch.setattr(_Clock, "moment", datetime(2026, 11, 25, tzinfo=UTC))
    meant = settled()
    assert (meant["exit_status"], meant["findings"]) == (2, [])
    assert Path(meant["letter"]).exists()


def test_what_is_late_is_told(settled: Call) -> None:
    assert "Đã quá 02 ngày làm việc kể từ ngày có thay đổi (BT Điều 8.2)" not in settled(as_of="2026-12-03")["text"]
    late = settled(as_of="2026-12-04")["text"]
    assert "(BT Điều 8.2): 2 mục" in late
    assert "bt00119  Trần Thị Thảo: từ ngày 01/12/2026" in late


def test_lost_passwords_are_asked_for_in_a_letter_of_their_own(settled: Call) -> None:
    asked = settled(passwords=["bt00013", "ubnd"])
    text = text_of(asked["letter"])
    assert "V/v đề nghị lấy lại mật khẩu hộp thư điện tử công vụ" in text
    assert "tdthinh.binhtan@tphcm.gov.vn" in text
    assert "ubnd.binhtan@tphcm.gov.vn" in text
    assert (settled(passwords=["ubnd", "bt00013"])["changed"], asked["changed"]) == (False, True)
    unknown = settled(passwords=["bt99999"])
    assert "'bt99999' chưa có hộp thư" in unknown["msg"]


def test_check_mode_writes_nothing(call: Call, tmp_path: Path, registry: Path) -> None:
    assert call(_ansible_check_mode=True)["changed"] is True
    assert not (tmp_path / "state").exists()
    plan = call()["plan"]
    assert call(confirm=plan, _ansible_check_mode=True, **ANSWER)["changed"] is True
    assert not (registry.parent / "requests").exists()


def test_what_names_people_is_their_makers_alone(call: Call) -> None:
    asked = call()
    assert {Path(asked[name]).stat().st_mode & 0o077 for name in ("letter", "workbook")} == {0}
    assert Path(asked["letter"]).parent.stat().st_mode & 0o077 == 0


def test_a_damaged_file_of_what_is_confirmed_is_refused(settled: Call, registry: Path) -> None:
    path = registry.parent / "requests/confirmed.jsonl"
    path.write_bytes(path.read_bytes().replace(b"ubnd.binhtan", b"ubnd.binhtan2", 1)[:-10])
    assert "không đọc được" in settled()["msg"]


def test_nobody_to_sign_is_said_so(call: Call) -> None:
    answer = call(letter={**LETTER, "agency": "khong-co"})
    assert "không có ai đứng đầu 'khong-co'" in answer["msg"]


@pytest.mark.parametrize(
    ("lang", "said"), [({}, "Faults in the registry"), ({"lang": "vi"}, "Số lỗi trong sổ đăng ký")], ids=["en", "vi"]
)
def test_a_faulty_registry_is_told_of_in_the_language_asked_for(
    call: Call, registry: Path, lang: dict[str, str], said: str
) -> None:
    (registry / "estate.yml").unlink()
    answer = call(**lang)
    assert (answer["failed"], answer["exit_status"]) == (True, 1)
    assert answer["msg"].startswith(f"{said} {registry}")
    assert answer["problems"][0]["origin"] == "estate.yml:1:1"
