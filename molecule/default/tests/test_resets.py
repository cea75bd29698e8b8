"""Slips and other passwords as people live them: the operator prints, an agency's admin helps its own people alone.

Everything happens in two agencies of the tests' own, made by the engine's account and removed afterwards.
"""

from __future__ import annotations

import http.client
import imaplib
import re
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import ldap3
import pytest
from ansible_collections.congvu.mail.plugins.module_utils.credentials import Vault, file_name, random_password
from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, LdapDirectory
from ansible_collections.congvu.mail.plugins.module_utils.history import past_of
from ansible_collections.congvu.mail.plugins.module_utils.resets import find
from ansible_collections.congvu.mail.plugins.module_utils.slips import Holder, set_by_others
from ldap3.core.exceptions import LDAPBindError
from playwright.sync_api import expect

from ...browse import chromium, window
from ...conftest import DOMAIN, SUFFIX
from ...webmail import WEBMAIL, fill_in, visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page
    from testinfra.host import Host

    from ...conftest import Lab

ROOT = Path(__file__).parents[3]
AGENCIES = f"ou=agencies,{SUFFIX}"
OWN, OTHER = "thu-qt", "thu-khac"
ADMIN, PERSON, STRANGER = f"admin:{OWN}", "person:thuqt1", "person:thuqt9"
HOMES = {ADMIN: OWN, PERSON: OWN, STRANGER: OTHER}


def dn_of(id_: str) -> str:
    """Return where an entry stands."""
    own = f"cn=admin,ou={OWN}" if id_ == ADMIN else f"uid={id_.partition(':')[2]},ou={HOMES[id_]}"
    return f"{own},{AGENCIES}"


def account_of(id_: str) -> str:
    """Return what is typed to sign in."""
    return f"admin.{OWN}" if id_ == ADMIN else f"{id_.partition(':')[2]}@{DOMAIN}"


@dataclass
class Offices:
    """The two agencies, and the passwords in force."""

    lab: Lab
    engine: Any
    slips: Path
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def vault(self) -> Vault:
        """Where the control node records initial passwords."""
        return Vault(self.lab.state / "secrets" / "initial-passwords")

    def add(self, dn: str, classes: list[str], id_: str, **more: object) -> None:
        """Add an entry as the engine does."""
        marks = {"congvuEstate": "tests", "congvuId": id_, "congvuState": "active"}
        assert self.engine.add(dn, classes, {**marks, **more}), self.engine.result

    def hire(self, id_: str) -> None:
        """Make somebody with an initial password that is recorded."""
        first = {"userPassword": self.vault.issue(id_), "pwdReset": "TRUE"}
        if id_ == ADMIN:
            self.add(dn_of(id_), ["organizationalRole", "simpleSecurityObject", "congvuObject"], id_, **first)
            return
        own = {"cn": "Nguyễn Thị Quên", "displayName": "Nguyễn Thị Quên", "sn": "Nguyễn", "givenName": "Quên"}
        mail = {"mail": account_of(id_), "mailLocalAddress": account_of(id_), "congvuQuota": "100000000"}
        classes = ["inetOrgPerson", "inetLocalMailRecipient", "congvuObject", "congvuMailbox"]
        self.add(dn_of(id_), classes, id_, title="Chuyên viên", **own, **mail, **first)

    def choose(self, id_: str, first: str) -> None:
        """Change a first password as a mail program cannot."""
        own = self.lab.ldap(dn_of(id_), first)
        self.passwords[id_] = random_password()
        assert own.extend.standard.modify_password(None, first, self.passwords[id_]), own.result
        own.unbind()

    def told(self, id_: str, attribute: str) -> list[str]:
        """Return what the directory has of somebody."""
        self.engine.search(dn_of(id_), "(objectClass=*)", ldap3.BASE, attributes=[attribute])
        return [value.decode() for value in self.engine.response[0]["raw_attributes"][attribute]]

    def binds(self, id_: str, password: str) -> bool:
        """Tell whether the directory takes a password."""
        try:
            self.lab.ldap(dn_of(id_), password).unbind()
        except LDAPBindError:
            return False
        return True

    def run(self, playbook: str, **given: str) -> str:
        """Run a playbook as the operator does, and return what it says."""
        words = [
            part for key, value in {"to": str(self.slips), **given}.items() for part in ("-e", f"{{{key}: {value}}}")
        ]
        command = [str(Path(sys.executable).with_name("ansible-playbook")), f"playbooks/{playbook}.yml", *words]
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own words

    def printed(self, stem: str) -> str:
        """Return the password on the slip, which nobody else may read, and remove that."""
        (path,) = self.slips.glob(f"{stem}-*.pdf")
        assert path.stat().st_mode & 0o777 == 0o600
        text = subprocess.run(["/usr/bin/pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout  # noqa: S603 - likewise
        path.unlink()
        (password,) = re.findall(r"^(\w{4}-\w{4}-\w{4}-\w{4})$", text, re.MULTILINE)
        return str(password)


@pytest.fixture(scope="module")
def offices(lab: Lab, mail: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offices]:
    """Make both agencies; remove them and whoever is in them."""
    engine: Any = lab.service("reconciler")
    made = Offices(lab, engine, tmp_path_factory.mktemp("slips"))

    def clear() -> None:
        for code in (OWN, OTHER):
            engine.search(f"ou={code},{AGENCIES}", "(objectClass=*)", attributes=["1.1"])
            found = [entry["dn"] for entry in cast("list[dict[str, Any]]", engine.response) if "dn" in entry]
            for dn in sorted(found, key=len, reverse=True):
                engine.delete(dn)
        for id_ in HOMES:
            made.vault.forget(id_)
        mail.check_output("rm -rf /var/vmail/*/*/thuqt*")

    clear()
    for code, name in ((OWN, "Sở Thử Quản trị"), (OTHER, "Sở Khác")):
        classes = ["organizationalUnit", "congvuObject"]
        made.add(f"ou={code},{AGENCIES}", classes, f"agency:{code}", description=name)
    for id_ in HOMES:
        made.hire(id_)
    made.choose(STRANGER, made.vault.recorded()[STRANGER])
    yield made
    clear()
    engine.unbind()


def change_first(page: Page, id_: str, offices: Offices) -> None:
    """Choose a password on the page for that."""
    expect(page.get_by_role("heading", name="Đổi mật khẩu lần đầu")).to_be_visible()
    offices.passwords[id_] = random_password()
    page.locator("#newpasswd").fill(offices.passwords[id_])
    page.locator("#confpasswd").fill(offices.passwords[id_])
    opens = "trang quản trị" if id_ == ADMIN else "hộp thư"
    page.get_by_role("button", name=f"Đổi mật khẩu và vào {opens}").click()


@pytest.fixture(scope="module")
def browser(lab: Lab) -> Iterator[Browser]:
    """Return Chromium."""
    with chromium(lab, WEBMAIL) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty window."""
    with window(browser) as page:
        yield page


@pytest.fixture
def another_page(browser: Browser) -> Iterator[Page]:
    """Return a window of somebody else's."""
    with window(browser) as page:
        yield page


@pytest.fixture
def admin(page: Page, offices: Offices) -> Page:
    """Return the page of the agency's admin, who has signed in before."""
    fill_in(page, account_of(ADMIN), offices.passwords[ADMIN])
    expect(page.get_by_role("heading", name="Tài khoản thư: Sở Thử Quản trị")).to_be_visible()
    return page


def goes_on(client: imaplib.IMAP4) -> bool:
    """Tell whether a session is still open."""
    try:
        return bool(client.noop()[0] == "OK")
    except imaplib.IMAP4.abort:
        return False


def reset(page: Page) -> str:
    """Let the admin give the one person of the agency another password; return the one on the slip."""
    page.get_by_text("Cấp lại mật khẩu", exact=True).click()
    page.get_by_role("button", name="Cấp lại").click()
    slip = page.locator("#congvu-slip")
    expect(slip.get_by_text("Nguyễn Thị Quên, Chuyên viên")).to_be_visible()
    expect(slip.get_by_text(account_of(PERSON))).to_be_visible()
    return page.locator("#congvu-password").inner_text()


def test_a_slip_is_printed_once_and_its_password_is_nowhere_else(offices: Offices) -> None:
    recorded = offices.vault.recorded()
    said = offices.run("slips", id=ADMIN)
    password = offices.printed(f"phieu-{OWN}")
    assert password == recorded[ADMIN]
    assert password not in said
    assert (offices.slips / next(offices.slips.glob(f"ky-nhan-{OWN}-*")).name).stat().st_mode & 0o777 == 0o600
    assert not (offices.vault.folder / file_name(ADMIN)).exists()
    assert offices.vault.recorded().keys() >= {PERSON}, "nobody else's was touched"
    assert "There is no slip to print" in offices.run("slips", id=ADMIN)
    offices.passwords[ADMIN] = password


def test_the_admin_signs_in_with_it_changes_it_and_sees_the_agency_s_people_alone(page: Page, offices: Offices) -> None:
    fill_in(page, account_of(ADMIN), offices.passwords[ADMIN])
    change_first(page, ADMIN, offices)
    expect(page.get_by_role("heading", name="Tài khoản thư: Sở Thử Quản trị")).to_be_visible()
    rows = page.locator("#congvu-people tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Chưa đổi mật khẩu được cấp")
    page.get_by_role("searchbox").fill("nguyen thi quen")
    expect(rows).to_be_visible()
    page.get_by_role("searchbox").fill("le van dat")
    expect(page.get_by_text("Không tìm thấy ai.")).to_be_visible()

    page.get_by_role("button", name="Thoát").click()
    expect(page.get_by_placeholder("Tên đăng nhập")).to_be_visible()
    visit(page, "login", "plugin.congvu_agency")
    expect(page.get_by_text("Đã hết phiên làm việc")).to_be_visible()


def test_the_admin_changes_the_own_password_by_the_rules_in_force(admin: Page, offices: Offices) -> None:
    former, chosen = offices.passwords[ADMIN], random_password()
    admin.get_by_role("button", name="Đổi mật khẩu của mình").click()
    for present, new, reason in (
        (former, "Ngan-1", "quá ngắn: cần ít nhất 8 ký tự"),
        (former, former, "phải khác mật khẩu đang dùng"),
        ("Sai-mat-khau-1", chosen, "Mật khẩu đang dùng không đúng"),
        (former, chosen, "Đã đổi mật khẩu của tài khoản quản trị này"),
    ):
        for field_, text in (("curpasswd", present), ("newpasswd", new), ("confpasswd", new)):
            admin.locator(f"#{field_}").fill(text)
        admin.get_by_role("button", name="Đổi mật khẩu", exact=True).click()
        expect(admin.get_by_role("alert").get_by_text(reason)).to_be_visible()
    offices.passwords[ADMIN] = chosen
    assert not offices.binds(ADMIN, former)
    visit(admin, "login", "plugin.congvu_agency")
    expect(admin.locator("#congvu-people tbody tr")).to_have_count(1)


def test_a_wrong_password_opens_nothing(page: Page) -> None:
    fill_in(page, account_of(ADMIN), "Sai-mat-khau-1")
    expect(page.get_by_text("Không đăng nhập được")).to_be_visible()


def test_the_admin_gives_another_password_and_the_person_signs_in_with_it_and_must_change_it(
    admin: Page, another_page: Page, offices: Offices, lab: Lab, mail: Host
) -> None:
    before = offices.vault.recorded()[PERSON]
    given = reset(admin)
    assert not offices.binds(PERSON, before)
    with pytest.raises(imaplib.IMAP4.error, match="Mat khau cap lan dau"):
        lab.imap(account_of(PERSON), given)
    for place in ("cat /var/lib/congvu-webmail/roundcube.sqlite*", "journalctl --boot --since=-10min"):
        assert mail.run(f"{place} | grep --text --count --fixed-strings %s", given).stdout.strip() == "0"
    # It is shown once: whoever sends the form again changes nothing.
    admin.reload()
    expect(admin.get_by_text("mật khẩu của người này vừa được đổi")).to_be_visible()
    assert offices.binds(PERSON, given)

    fill_in(another_page, account_of(PERSON), given)
    change_first(another_page, PERSON, offices)
    expect(another_page.get_by_role("treeitem", name="Hộp thư").first).to_be_visible()
    visit(admin, "login", "plugin.congvu_agency")
    expect(admin.locator("#congvu-people tbody tr")).to_contain_text("Đang dùng")

    # Whoever has the webmail open is out at the next click, and a mail program within seconds.
    waiting = lab.imap(account_of(PERSON), offices.passwords[PERSON])
    reset(admin)
    deadline = time.monotonic() + 10
    while goes_on(waiting) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert not goes_on(waiting)
    waiting.shutdown()
    visit(another_page, "addressbook")
    expect(another_page.get_by_placeholder("Tên đăng nhập")).to_be_visible()


def test_the_log_tells_whose_password_the_admin_has_set_and_its_slip_is_not_printed(offices: Offices, lab: Lab) -> None:
    engine, auditor = (
        Access(
            uri=f"ldaps://ldap.{DOMAIN}",
            ca_file=lab.state / "ca" / "ca.pem",
            bind_dn=f"cn={name},ou=services,{SUFFIX}",
            password_file=lab.state / "secrets" / f"ldap-{name}",
        )
        for name in ("reconciler", "auditor")
    )
    with LdapDirectory.connect(engine) as directory:
        person, stranger = (find(directory, SUFFIX, id_) for id_ in (PERSON, STRANGER))
    assert isinstance(person, Holder)
    with LdapDirectory.connect(auditor) as log:
        assert set_by_others(log, [person], engine.bind_dn) == {PERSON}
        assert set_by_others(log, [stranger], engine.bind_dn) == {STRANGER}, "who chose it"
        last = [event for event in past_of(log, SUFFIX, PERSON).events if event.password][-1]
    assert last.author == dn_of(ADMIN)
    assert offices.vault.recorded().keys() >= {PERSON}
    assert "admin has set other passwords since: 1" in offices.run("slips", id=PERSON)
    assert PERSON not in offices.vault.recorded()


def test_a_forged_request_for_another_agency_s_person_is_refused_by_the_directory(
    admin: Page, offices: Offices
) -> None:
    for work in ("reset", "unlock"):
        admin.locator("#congvu-people form").first.evaluate(
            "(form, given) => { for (const name in given) form.elements[name].value = given[name] }",
            {"_dn": dn_of(STRANGER), "_do": work, "_was": offices.told(STRANGER, "pwdChangedTime")[0]},
        )
        admin.get_by_text("Cấp lại mật khẩu", exact=True).click()
        admin.get_by_role("button", name="Cấp lại").click()
        expect(admin.get_by_text("Máy chủ danh bạ từ chối")).to_be_visible()
        expect(admin.locator("#congvu-password")).to_have_count(0)
    assert offices.binds(STRANGER, offices.passwords[STRANGER])
    assert offices.told(STRANGER, "pwdReset") == []


def test_a_request_from_another_site_is_refused(admin: Page, offices: Offices, lab: Lab) -> None:
    changed = offices.told(PERSON, "pwdChangedTime")
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in admin.context.cookies())
    form = urlencode({"_do": "reset", "_dn": dn_of(PERSON), "_was": changed[0]})
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    with closing(http.client.HTTPSConnection(WEBMAIL, context=lab.tls())) as client:
        client.request("POST", "/?_task=login&_action=plugin.congvu_agency", form, headers)
        answer = client.getresponse()
    assert answer.status == 403
    assert offices.told(PERSON, "pwdChangedTime") == changed


def test_the_admin_lets_in_again_whom_wrong_passwords_have_locked_out(admin: Page, offices: Offices) -> None:
    for _ in range(10):
        with suppress(LDAPBindError):
            offices.lab.ldap(dn_of(PERSON), "sai")
    admin.reload()
    expect(admin.locator("#congvu-people tbody tr")).to_contain_text(re.compile("Tạm khoá thêm 1[45] phút"))
    admin.get_by_role("button", name="Mở khoá").click()
    expect(admin.get_by_text("Đã mở khoá")).to_be_visible()
    assert offices.told(PERSON, "pwdAccountLockedTime") == []
    assert offices.told(PERSON, "pwdFailureTime") == []


@pytest.fixture
def waiting(lab: Lab, offices: Offices) -> Iterator[Callable[[], bool]]:
    """Return whether the session of a mail program that somebody has open goes on."""
    given = random_password()
    both: dict[str, Any] = {"userPassword": [(ldap3.MODIFY_REPLACE, [given])]}
    assert offices.engine.modify(dn_of(PERSON), both), offices.engine.result
    offices.choose(PERSON, given)
    client = lab.imap(account_of(PERSON), offices.passwords[PERSON])

    yield lambda: goes_on(client)
    client.shutdown()


def test_the_operator_gives_another_password_and_says_why(
    offices: Offices, waiting: Callable[[], bool], lab: Lab
) -> None:
    assert waiting()
    said = offices.run("password", id=PERSON, reason="mất phiếu")
    given = offices.printed("phieu-thuqt1")
    assert given not in said
    assert PERSON not in offices.vault.recorded()
    assert not offices.binds(PERSON, offices.passwords[PERSON])
    assert offices.told(PERSON, "pwdReset") == ["TRUE"]
    assert not waiting(), "open sessions end"
    offices.choose(PERSON, given)
    auditor = Access(
        uri=f"ldaps://ldap.{DOMAIN}",
        ca_file=lab.state / "ca" / "ca.pem",
        bind_dn=f"cn=auditor,ou=services,{SUFFIX}",
        password_file=lab.state / "secrets" / "ldap-auditor",
    )
    with LdapDirectory.connect(auditor) as log:
        traces = [event.trace for event in past_of(log, SUFFIX, PERSON).events if event.trace]
    assert (traces[-1].change, traces[-1].decision, traces[-1].plan) == (PERSON, "mất phiếu", "")
    assert traces[-1].by
