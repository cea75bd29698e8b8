"""The pictures of the guides (docs/guides/images), taken in a lab by walking through the guides' own steps.

make pictures

Where a step of a guide is no longer possible, there is no picture and this fails. The people are the lab's, who are
invented; what lies in their mailboxes is put there first, so each run shows the same. One of them gets another
password.
"""

from __future__ import annotations

import base64
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

import ldap3
import pytest
from ansible_collections.congvu.mail.plugins.module_utils.credentials import random_password
from ansible_collections.congvu.mail.plugins.module_utils.files import write_secret
from ldap3.core.exceptions import LDAPBindError
from PIL import Image
from playwright.sync_api import ViewportSize, expect

from .browse import chromium, window
from .conftest import DOMAIN, ROOT, SUFFIX
from .webmail import URL, WEBMAIL, fill_in, visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from .conftest import Lab

FOLDER = ROOT / "docs" / "guides" / "images"
WIDE, PHONE = ViewportSize(width=1280, height=740), ViewportSize(width=390, height=720)
NARROW = ViewportSize(width=780, height=620)  # where there is one form and nothing beside it
AGENCY = "sdl"  # Sở Du lịch (agencies/sdl.yml), in which nothing else is tried
HEAD, STAFF, LOCKED = "tth00152", "tth00157", "tth00155"
OWN = ("Giấy mời", "Kế hoạch", "Báo cáo", "Báo cáo/2026", "Báo cáo/2025")  # folders of the staff member
STAGES = ("", "/Đã vào sổ", "/Đã phân công", "/Đã phân công/Phòng Quản lý lữ hành", "/Đã giải quyết")  # as in Cà Mau
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
EARLIER = datetime(2026, 11, 20, 8, 5, tzinfo=ZONE)

# Who wrote, about what, and whether it was read; the newest first.
LETTERS = (
    ("Phan Thị Ngọc Thảo", "phanthingocthao", "Lịch công tác tuần 48 của lãnh đạo Sở", False),
    ("Sở Nội vụ", "snv", "Giấy mời họp về điều động, luân chuyển công chức năm 2027", False),
    ("Phan Ngọc Trung", "phanngoctrung", "Góp ý dự thảo kế hoạch kích cầu du lịch dịp Tết", True),
    ("Văn phòng UBND tỉnh", "vpubnd", "Giấy mời dự hội nghị tổng kết chương trình du lịch di sản", True),
    ("Sở Tài chính", "stc", "Hướng dẫn lập dự toán năm 2027", True),
    ("Phạm Quang Hải", "phamquanghai", "Văn bản đến ngày 17/11, đề nghị Phòng xử lý", True),
    ("Sở Văn hoá Thông tin", "svhtt", "Phối hợp tổ chức Festival: phân công nhiệm vụ", True),
)
TO_THE_AGENCY = (
    ("UBND thành phố Huế", "tphue", "Đề nghị phối hợp kiểm tra các cơ sở lưu trú dịp lễ", False),
    ("Văn phòng UBND tỉnh", "vpubnd", "Thông báo kết luận cuộc họp giao ban tháng 11", False),
    ("Sở Ngoại vụ", "sngv", "Chương trình làm việc với đoàn khách quốc tế", True),
    ("UBND huyện Phú Lộc", "phuloc", "Báo cáo tình hình khách du lịch tháng 10", True),
)
INVITATION = """\
Kính gửi đồng chí,

Trân trọng kính mời đồng chí dự họp lúc 14 giờ ngày 25/11/2026 tại phòng họp số 2. Tài liệu gửi kèm theo thư này.

Đề nghị đồng chí xác nhận tham dự trước ngày 24/11/2026.

Trân trọng./.
"""
OTHER = """\
Kính gửi quý cơ quan,

Nội dung như tiêu đề thư. Đề nghị quý cơ quan cử người phối hợp và trả lời qua thư công vụ trước ngày 27/11/2026.

Trân trọng./.
"""


# Around a word, within anything larger, as what lies beside it would cover the line.
_OUTLINE = """node => {
  node.style.outline = "3px solid #d4351c";
  node.style.outlineOffset = getComputedStyle(node).display === "inline" ? "3px" : "-2px";
}"""


@dataclass(frozen=True)
class Camera:
    """A window, and the folder for what it shows."""

    page: Page

    def take(self, name: str, *marked: Locator, of: Locator | None = None) -> None:
        """Take a picture of the window, or of a part of it, with a line around what a step is about."""
        for place in marked:
            place.first.evaluate(_OUTLINE)
        # What was just done is told for some seconds, and the pointer shows what lies under it.
        expect(self.page.locator("#messagestack > div:visible")).to_have_count(0)
        self.page.mouse.move(0, 0)
        taken = (of or self.page).screenshot(animations="disabled", caret="hide")
        with Image.open(io.BytesIO(taken)) as picture:
            picture.convert("RGB").save(FOLDER / f"{name}.webp", quality=80, method=6)
        for place in marked:
            place.first.evaluate("node => { node.style.outline = '' }")

    def sign_in(self, user: str, password: str) -> None:
        """Fill in the form."""
        fill_in(self.page, user, password)

    def open(self, task: str, action: str = "", **more: str) -> None:
        """Go to one of the webmail's pages."""
        visit(self.page, task, action, **more)


@pytest.fixture(scope="module")
def browser(lab: Lab) -> Iterator[Browser]:
    """Return Chromium."""
    FOLDER.mkdir(exist_ok=True)
    with chromium(lab, WEBMAIL) as browser:
        yield browser


@pytest.fixture
def camera(browser: Browser) -> Iterator[Camera]:
    """Return an empty window as wide as a desk's."""
    with window(browser, viewport=WIDE) as page:
        yield Camera(page)


@pytest.fixture(scope="module")
def engine(lab: Lab) -> Iterator[Any]:
    """Return the engine's connection to the directory."""
    with lab.session("reconciler") as connection:
        yield connection


def dn_of(engine: Any, uid: str) -> str:  # noqa: ANN401 - as in conftest
    """Look somebody up."""
    engine.search(f"ou={AGENCY},ou=agencies,{SUFFIX}", f"(uid={uid})", attributes=["1.1"])
    (dn,) = [entry["dn"] for entry in cast("list[dict[str, Any]]", engine.response) if "dn" in entry]
    return str(dn)


def fill(lab: Lab, user: str, password: str, box: str, letters: tuple[tuple[str, str, str, bool], ...]) -> None:
    """Empty a folder, and put letters there."""
    with lab.imap(user, password) as client:
        assert client.select(f'"{box}"')[0] == "OK"
        client.uid("STORE", "1:*", "+FLAGS", "\\Deleted")
        client.expunge()
        for place, (name, sender, subject, read) in reversed(list(enumerate(letters))):
            day = EARLIER - timedelta(hours=17 * place)
            message = EmailMessage()
            message["From"], message["To"] = f"{name} <{sender}@{DOMAIN}>", f"{user}@{DOMAIN}"
            message["Subject"], message["Date"] = subject, format_datetime(day)
            message["Message-ID"] = f"<guides-{place}-{sender}@{DOMAIN}>"
            invites = "Giấy mời" in subject
            message.set_content(INVITATION if invites else OTHER)
            if invites:
                message.add_attachment(
                    b"%PDF-1.7\n", maintype="application", subtype="pdf", filename="Tai-lieu-hop.pdf"
                )
            flags = "(\\Seen)" if read else ""
            client.append(f'"{box}"', flags, day, message.as_bytes())


def test_an_admin_sets_a_password_and_hands_out_a_slip(lab: Lab, camera: Camera, engine: Any) -> None:  # noqa: ANN401
    page = camera.page
    first, chosen = random_password(), random_password()
    admin = f"cn=admin,ou={AGENCY},ou=agencies,{SUFFIX}"
    given = {"userPassword": first, "pwdReset": "TRUE"}
    assert engine.modify(admin, {name: [(ldap3.MODIFY_REPLACE, [value])] for name, value in given.items()})
    for _ in range(10):
        with suppress(LDAPBindError):
            lab.ldap(dn_of(engine, LOCKED), "sai")
    camera.sign_in(f"admin.{AGENCY}", first)
    expect(page.get_by_role("button", name="Đổi mật khẩu và vào trang quản trị")).to_be_visible()
    page.locator("#newpasswd").fill(chosen)
    page.locator("#confpasswd").fill(chosen)
    page.get_by_role("button", name="Đổi mật khẩu").click()
    rows = page.locator("#congvu-people tbody tr")
    expect(rows.filter(has_text="Tạm khoá thêm")).to_have_count(1)
    person = rows.filter(has_text="Đỗ Thị Minh Tâm")
    camera.take("quan-tri", person.get_by_text("Cấp lại mật khẩu", exact=True))
    person.get_by_text("Cấp lại mật khẩu", exact=True).click()
    person.get_by_role("button", name="Cấp lại").click()
    slip = page.locator("#congvu-slip")
    expect(slip).to_be_visible()
    page.set_viewport_size(NARROW)
    camera.take("phieu-mat-khau", page.get_by_role("button", name="In phiếu"))
    on_slip = page.locator("#congvu-password").inner_text()
    page.get_by_text("Xong, về danh sách").click()
    rows.filter(has_text="Tạm khoá").get_by_role("button", name="Mở khoá").click()
    expect(page.get_by_text("Đã mở khoá")).to_be_visible()

    page.context.clear_cookies()
    page.goto(URL)
    camera.take("dang-nhap", page.get_by_role("link", name="Hướng dẫn"))
    camera.sign_in(STAFF, on_slip)
    own = random_password()
    page.locator("#newpasswd").press_sequentially(own.lower()[: len(own) - 3])
    camera.take("doi-mat-khau-lan-dau", page.locator("#rules"))
    page.locator("#newpasswd").fill(own)
    page.locator("#confpasswd").fill(own)
    # As the lab keeps what people chose: the tests after this one sign in with it.
    write_secret(lab.state / "secrets" / "chosen-passwords" / STAFF, own)
    page.set_viewport_size(WIDE)
    page.get_by_role("button", name="Đổi mật khẩu và vào hộp thư").click()
    expect(page.get_by_role("treeitem", name="Hộp thư").first).to_be_visible()


@pytest.fixture(scope="module")
def staff(lab: Lab) -> tuple[str, str]:
    """Return who has a mailbox with letters and folders, and the password."""
    password = lab.password(STAFF)
    with lab.imap(STAFF, password) as client:
        for folder in OWN:
            client.create(f'"{utf7(folder)}"')
    fill(lab, STAFF, password, "INBOX", LETTERS)
    return STAFF, password


@pytest.fixture
def documents(lab: Lab) -> Iterator[str]:
    """Return the head's password; the agency's mailbox has folders for incoming documents meanwhile."""
    password, root = lab.password(HEAD), f"Shared/{AGENCY}/Văn bản đến"
    folders = [f"{root}/2026{stage}" for stage in STAGES]
    with lab.imap(HEAD, password) as client:
        for folder in (root, *folders):
            client.create(f'"{utf7(folder)}"')
    fill(lab, HEAD, password, utf7(f"{root}/2026/Đã vào sổ"), TO_THE_AGENCY[:2])
    yield password
    with lab.imap(HEAD, password) as client:
        for folder in (*reversed(folders), root):
            client.delete(f'"{utf7(folder)}"')


def utf7(name: str) -> str:
    """Write a folder's name as IMAP has it (RFC 3501, section 5.1.3)."""

    def encoded(found: re.Match[str]) -> str:
        return f"&{base64.b64encode(found[0].encode('utf-16-be'), b'+,').decode().rstrip('=')}-"

    return re.sub(r"[^ -~]+", encoded, name)


@pytest.fixture
def at_work(camera: Camera, staff: tuple[str, str]) -> Camera:
    """Return the staff member's window."""
    camera.sign_in(*staff)
    expect(camera.page.get_by_role("treeitem", name="Hộp thư").first).to_be_visible()
    return camera


def test_somebody_reads(at_work: Camera) -> None:
    page = at_work.page
    page.locator("#messagelist").get_by_text("Giấy mời họp về điều động").click()
    expect(page.frame_locator("#messagecontframe").get_by_text("phòng họp số 2")).to_be_visible()
    at_work.take("hop-thu", page.locator("#taskmenu a.help"))


def test_somebody_reads_on_a_phone(browser: Browser, staff: tuple[str, str]) -> None:
    with window(browser, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        camera = Camera(page)
        camera.sign_in(*staff)
        expect(page.locator("#messagelist").get_by_text("Hướng dẫn lập dự toán")).to_be_visible()
        camera.take("dien-thoai")


def test_somebody_writes(at_work: Camera) -> None:
    page = at_work.page
    at_work.open("mail", "compose")
    page.locator("#compose-subject").fill("Đăng ký tham dự cuộc họp ngày 25/11/2026")
    page.locator("#composebody").fill("Kính gửi Sở Nội vụ,\n\nTôi xin đăng ký dự họp.\n\nTrân trọng./.")
    recipient = page.locator("#_to ~ ul input, #_to").last
    recipient.click()
    recipient.press_sequentially("nguyen van", delay=60)
    expect(page.locator("#rcmKSearchpane li").first).to_be_visible()
    at_work.take("soan-thu", page.locator("#rcmKSearchpane"), page.locator("button.send"))


def test_somebody_searches_without_marks(at_work: Camera) -> None:
    page = at_work.page
    expect(page.locator("#messagelist tbody tr")).to_have_count(len(LETTERS))
    search = page.locator("#mailsearchform")
    search.fill("dieu dong")
    search.press("Enter")
    expect(page.locator("#messagelist tbody tr")).to_have_count(1)
    page.locator(".searchbar a.options").first.click()
    expect(page.locator("#searchmenu")).to_be_visible()
    at_work.take("tim-thu", search, page.locator(".searchbar a.options"))


def test_somebody_looks_into_the_address_book(at_work: Camera) -> None:
    page = at_work.page
    at_work.open("addressbook")
    agency = page.locator("#directorylist li", has=page.get_by_text("Sở Nội vụ", exact=True)).last
    agency.scroll_into_view_if_needed()
    agency.locator("> .treetoggle").click()
    agency.get_by_text("Phòng Tổ chức cán bộ", exact=True).click()
    rows = page.locator("#contacts-table tbody tr")
    expect(rows.filter(has_text="A Rất Blúi")).to_have_count(0)
    rows.filter(has_text="Cao Thị Uyên").click()
    expect(page.frame_locator("#contact-frame").get_by_text(f"@{DOMAIN}").first).to_be_visible()
    at_work.take("danh-ba")


def test_somebody_tells_of_an_absence(at_work: Camera) -> None:
    page = at_work.page
    at_work.open("settings", "plugin.managesieve-vacation")
    page.locator("#vacation_subject").fill("Vắng mặt đến hết ngày 04/12/2026")
    page.locator("#vacation_reason").fill(
        "Tôi đi công tác đến hết ngày 04/12/2026. Việc gấp, xin gửi sdl@thuathienhue.gov.vn hoặc gọi Văn phòng Sở."
    )
    page.locator("#vacation_status").select_option("on")
    page.locator("input[name='_vacation_datefrom'], #vacation_datefrom").first.fill("01/12/2026")
    page.locator("input[name='_vacation_dateto'], #vacation_dateto").first.fill("04/12/2026")
    page.keyboard.press("Escape")
    at_work.take("vang-mat", page.get_by_role("button", name="Lưu"))


def test_somebody_makes_a_filter(at_work: Camera) -> None:
    page = at_work.page
    at_work.open("settings", "plugin.managesieve")
    page.get_by_role("button", name="Tạo").click()
    form = page.frame_locator("#filter-box")
    form.locator("#_name").fill("Giấy mời")
    form.locator("input[name='_rule_target[0][]']").fill("Giấy mời")
    form.locator("select[name='_action_mailbox[0]']").select_option(label="Giấy mời")
    at_work.take("bo-loc")


def test_somebody_sees_the_own_folders(at_work: Camera) -> None:
    at_work.open("settings", "folders")
    expect(at_work.page.locator("#subscription-table").get_by_text("Kế hoạch")).to_be_visible()
    at_work.take("thu-muc", at_work.page.get_by_role("button", name="Tạo"))


def test_somebody_changes_the_password(at_work: Camera) -> None:
    page = at_work.page
    at_work.open("settings", "plugin.password")
    expect(page.get_by_text("Khác 5 mật khẩu gần nhất")).to_be_visible()
    at_work.take("doi-mat-khau")


def test_the_head_works_in_the_agency_s_mailbox(lab: Lab, camera: Camera) -> None:
    page, password = camera.page, lab.password(HEAD)
    fill(lab, HEAD, password, f"Shared/{AGENCY}", TO_THE_AGENCY)
    fill(lab, HEAD, password, "INBOX", LETTERS[:3])
    camera.sign_in(HEAD, password)
    folder = page.locator(f"#mailboxlist a[rel='Shared/{AGENCY}']")
    expect(folder).to_contain_text("Sở Du lịch")
    camera.open("mail", _mbox=f"Shared/{AGENCY}")
    page.locator("#messagelist").get_by_text("Đề nghị phối hợp kiểm tra").click()
    expect(page.frame_locator("#messagecontframe").get_by_text("cử người phối hợp")).to_be_visible()
    camera.take("hop-thu-co-quan", folder)
    camera.open("mail", "compose", _mbox=f"Shared/{AGENCY}")
    expect(page.locator("#_from option:checked")).to_have_text(f"Sở Du lịch <{AGENCY}@{DOMAIN}>")
    page.locator("#compose-subject").fill("Công văn số 412/SDL-QLLH về phối hợp kiểm tra các cơ sở lưu trú")
    page.locator("#composebody").fill(
        "Kính gửi: UBND thành phố Huế\n\nSở Du lịch gửi kèm Công văn số 412/SDL-QLLH.\n\nTrân trọng./."
    )
    camera.take("gui-ten-co-quan", page.locator("#_from"))


def test_the_head_assigns_documents(camera: Camera, documents: str) -> None:
    page, folder = camera.page, utf7(f"Shared/{AGENCY}/Văn bản đến/2026/Đã vào sổ")
    camera.sign_in(HEAD, documents)
    expect(page.get_by_role("treeitem", name="Hộp thư").first).to_be_visible()
    camera.open("mail", _mbox=quote(folder))
    page.locator("#messagelist").get_by_text("Đề nghị phối hợp kiểm tra").click()
    expect(page.frame_locator("#messagecontframe").get_by_text("cử người phối hợp")).to_be_visible()
    # As somebody has it who has drawn the column wider.
    page.locator("#layout-sidebar").evaluate("node => { node.style.flex = '0 0 330px' }")
    camera.take("van-ban-den", page.locator("#mailboxlist li.selected"))
