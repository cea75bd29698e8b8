"""Passwords as people live them: the first one, a forgotten one, too many wrong ones, and nobody who guesses.

Everything happens in an agency of the tests' own, made by the engine's account and removed afterwards.
"""

from __future__ import annotations

import imaplib
import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import ldap3
import pytest
from ansible_collections.congvu.mail.plugins.module_utils.credentials import random_password
from ldap3.core.exceptions import LDAPBindError
from playwright.sync_api import expect

from ...browse import chromium, window
from ...conftest import DOMAIN, SUFFIX
from ...managesieve import ManageSieve
from ...reach import changes
from ...webmail import WEBMAIL, fill_in, visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from testinfra.host import Host

    from ...conftest import Lab

AGENCY = f"ou=thu-mk,ou=agencies,{SUFFIX}"
ADMIN = f"cn=admin,{AGENCY}"
SUPPORT = f"ttthhc@{DOMAIN}"
LOCK, FOREVER = "pwdAccountLockedTime", "000001010000Z"
TERM = "congvu-first-passwords.service"


@dataclass(frozen=True)
class Holder:
    """Somebody of the tests' agency."""

    uid: str

    @property
    def dn(self) -> str:
        """Where the entry stands."""
        return f"uid={self.uid},{AGENCY}"

    @property
    def address(self) -> str:
        """The mail address."""
        return f"{self.uid}@{DOMAIN}"


@dataclass
class Office:
    """The agency, with whoever was hired so far and the passwords in force."""

    lab: Lab
    engine: Any
    passwords: dict[str, str] = field(default_factory=dict)

    def add(self, dn: str, classes: list[str], kind: str, name: str, **more: str) -> None:
        """Add an entry as the engine does."""
        marks = {"congvuEstate": "tests", "congvuId": f"{kind}:{name}", "congvuState": "active"}
        assert self.engine.add(dn, classes, {**marks, **more}), self.engine.result

    def hire(self, uid: str) -> Holder:
        """Make somebody with an initial password."""
        holder = Holder(uid)
        self.passwords[holder.dn] = random_password()
        self.add(
            holder.dn,
            ["inetOrgPerson", "inetLocalMailRecipient", "congvuObject", "congvuMailbox"],
            "person",
            uid,
            cn="Nguyễn Thị Mới",
            sn="Nguyễn",
            mail=holder.address,
            mailLocalAddress=holder.address,
            congvuQuota="100000000",
            userPassword=self.passwords[holder.dn],
            pwdReset="TRUE",
        )
        return holder

    def settle(self, uid: str) -> Holder:
        """Make somebody who has chosen a password."""
        holder = self.hire(uid)
        first, own = self.passwords[holder.dn], random_password()
        with_first = self.lab.ldap(holder.dn, first)
        assert with_first.extend.standard.modify_password(None, first, own), with_first.result
        with_first.unbind()
        self.passwords[holder.dn] = own
        return holder

    def told(self, holder: Holder, attribute: str) -> list[str]:
        """Return what the directory notes of somebody's password."""
        self.engine.search(holder.dn, "(objectClass=*)", ldap3.BASE, attributes=[attribute])
        return [value.decode() for value in self.engine.response[0]["raw_attributes"][attribute]]

    def opens(self, holder: Holder) -> bool:
        """Tell whether the mail store lets somebody in."""
        try:
            with self.lab.imap(holder.address, self.passwords[holder.dn]) as session:
                return session.select("INBOX")[0] == "OK"
        except imaplib.IMAP4.error:
            return False

    def fail(self, holder: Holder, times: int = 10) -> None:
        """Give wrong passwords."""
        for _ in range(times):
            with suppress(LDAPBindError):
                self.lab.ldap(holder.dn, "sai")


@pytest.fixture(scope="module")
def office(lab: Lab, mail: Host) -> Iterator[Office]:
    """Make the agency and its admin; remove both and whoever was hired."""
    engine: Any = lab.service("reconciler")

    def clear() -> None:
        engine.search(AGENCY, "(objectClass=*)", attributes=["1.1"])
        found = [entry["dn"] for entry in cast("list[dict[str, Any]]", engine.response) if "dn" in entry]
        for dn in sorted(found, key=len, reverse=True):
            engine.delete(dn)

    clear()
    mail.check_output("rm -rf /var/vmail/*/*/thumk*")
    made = Office(lab, engine, {ADMIN: random_password()})
    made.add(AGENCY, ["organizationalUnit", "congvuObject"], "agency", "thu-mk")
    classes = ["organizationalRole", "simpleSecurityObject", "congvuObject"]
    made.add(ADMIN, classes, "admin", "thu-mk", userPassword=made.passwords[ADMIN])
    yield made
    clear()
    engine.unbind()


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
def try_webmail(page: Page, office: Office) -> Callable[[Holder, str | None], Page]:
    """Return what fills in the webmail's form for somebody, with the password in force or another."""

    def try_(holder: Holder, password: str | None = None) -> Page:
        fill_in(page, holder.address, password or office.passwords[holder.dn])
        return page

    return try_


TryWebmail = Callable[..., "Page"]


# The first password


@pytest.fixture(scope="module")
def newcomer(office: Office) -> Holder:
    """Return somebody who has never signed in."""
    return office.hire("thumk1")


def test_before_it_is_changed_mail_programs_are_told_what_to_do_and_not_let_in(
    lab: Lab, office: Office, newcomer: Holder
) -> None:
    password = office.passwords[newcomer.dn]
    with pytest.raises(imaplib.IMAP4.error, match=f"Mat khau cap lan dau phai duoc doi .*https://{WEBMAIL}"):
        lab.imap(newcomer.address, password)
    with ManageSieve(lab) as session:
        session.start_tls()
        assert re.match(r"NO .*Mat khau cap lan dau", session.sign_in(newcomer.address, password))
    with pytest.raises(smtplib.SMTPAuthenticationError):
        lab.submission(newcomer.address, password)
    assert office.told(newcomer, "pwdFailureTime") == [], "that is no failure"


def test_until_then_a_wrong_password_is_only_wrong(lab: Lab, office: Office, newcomer: Holder) -> None:
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        lab.imap(newcomer.address, "Sai-mat-khau-1")
    assert len(office.told(newcomer, "pwdFailureTime")) == 1


def test_whoever_knows_it_can_change_it_and_nothing_else(lab: Lab, office: Office, newcomer: Holder) -> None:
    own = lab.ldap(newcomer.dn, office.passwords[newcomer.dn])
    assert not own.search(newcomer.dn, "(objectClass=*)", ldap3.BASE, attributes=["mail"])
    assert not changes(own, newcomer.dn, "pwdReset", "FALSE")
    own.unbind()


def test_the_webmail_leads_to_the_change_says_what_is_wrong_and_signs_in(
    try_webmail: TryWebmail, office: Office, newcomer: Holder, mail: Host
) -> None:
    first, chosen = office.passwords[newcomer.dn], random_password()
    page = try_webmail(newcomer)
    expect(page.get_by_role("heading", name="Đổi mật khẩu lần đầu")).to_be_visible()

    # Nothing else opens.
    visit(page, "mail")
    expect(page.get_by_placeholder("Tên đăng nhập")).to_be_visible()
    visit(page, "login", "plugin.congvu_password")

    def choose(password: str, again: str) -> None:
        page.locator("#newpasswd").fill(password)
        page.locator("#confpasswd").fill(again)
        page.get_by_role("button", name="Đổi mật khẩu và vào hộp thư").click()

    for password, again, reason in (
        ("Ngan-1", "Ngan-1", "quá ngắn: cần ít nhất 8 ký tự"),
        ("chu-thuong-1", "chu-thuong-1", "thiếu chữ in hoa"),
        ("ChuHoaThuong1", "ChuHoaThuong1", "thiếu ký tự đặc biệt"),
        (chosen, first, "không giống nhau"),
        (first, first, "phải khác mật khẩu đang dùng"),
        ("Toi-la-Thumk1!", "Toi-la-Thumk1!", "không được chứa mã của mình"),
    ):
        choose(password, again)
        expect(page.get_by_role("alert").get_by_text(reason)).to_be_visible()
    page.locator("#newpasswd").fill("Chu-hoa-thuong")
    expect(page.locator("#rules .kept")).to_have_count(5)

    # Neither the server's files nor the journal hold either password while it lasts.
    for place in ("cat /var/lib/congvu-webmail/roundcube.sqlite*", "journalctl --boot --since=-10min"):
        assert mail.run(f"{place} | grep --text --count --fixed-strings %s", first).stdout.strip() == "0"

    choose(chosen, chosen)
    expect(page.get_by_role("treeitem", name="Hộp thư").first).to_be_visible()
    office.passwords[newcomer.dn] = chosen
    assert "congvu_first" not in {cookie["name"] for cookie in page.context.cookies()}
    assert office.told(newcomer, "pwdReset") == []
    assert mail.run("journalctl --boot --since=-10min | grep --count --fixed-strings %s", chosen).stdout.strip() == "0"


def test_afterwards_mail_programs_are_let_in(lab: Lab, office: Office, newcomer: Holder) -> None:
    assert office.opens(newcomer)
    with lab.submission(newcomer.address, office.passwords[newcomer.dn]) as client:
        assert client.noop()[0] == 250


# A password that was right


def binds(mail: Host) -> int:
    """Return how many passwords the directory has checked so far."""
    counter = "cn=Bind,cn=Operations,cn=Monitor"
    told = mail.check_output("ldapsearch -Q -LLL -Y EXTERNAL -H ldapi:/// -s base -b %s monitorOpCompleted", counter)
    return int(re.findall(r"monitorOpCompleted: (\d+)", told)[0])


def test_a_password_that_was_right_is_checked_again_once_anything_of_the_entry_has_changed(
    lab: Lab, mail: Host, office: Office
) -> None:
    often = office.settle("thumk5")
    assert office.opens(often), "which the directory notes"
    assert office.opens(often)
    before = binds(mail)
    assert all(office.opens(often) for _ in range(10))
    assert binds(mail) - before < 5, "whatever else goes on"

    steps = [
        ("congvuState", "disabled", False),
        ("congvuState", "active", True),
        (LOCK, FOREVER, False),
        (LOCK, "", True),
    ]
    for attribute, value, opens in steps:
        wanted: Any = {attribute: [(ldap3.MODIFY_REPLACE, [value] if value else [])]}
        assert office.engine.modify(often.dn, wanted), office.engine.result
        assert office.opens(often) is opens

    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        lab.imap(often.address, "Sai-mat-khau-1")
    assert len(office.told(often, "pwdFailureTime")) == 1, "a wrong one counts, whatever is remembered"
    former, chosen = office.passwords[often.dn], random_password()
    own = lab.ldap(often.dn, former)
    assert own.extend.standard.modify_password(None, former, chosen), own.result
    own.unbind()
    assert not office.opens(often)
    office.passwords[often.dn] = chosen
    assert office.opens(often)


# Too many wrong passwords


def test_too_many_wrong_passwords_lock_everywhere_and_the_webmail_says_for_how_long(
    try_webmail: TryWebmail, office: Office, newcomer: Holder, lab: Lab
) -> None:
    office.fail(newcomer)
    assert not office.opens(newcomer)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        lab.submission(newcomer.address, office.passwords[newcomer.dn])
    page = try_webmail(newcomer)
    told = page.get_by_role("alert").filter(has_text="Tài khoản")
    expect(told).to_contain_text(re.compile(r"tạm khoá vì sai mật khẩu nhiều lần\. Hãy thử lại sau 1[45] phút"))
    expect(told).to_contain_text(SUPPORT)


def test_the_agency_s_admin_lets_somebody_in_again(lab: Lab, office: Office, newcomer: Holder) -> None:
    admin = lab.ldap(ADMIN, office.passwords[ADMIN])
    unlock: dict[str, Any] = {"pwdAccountLockedTime": [(ldap3.MODIFY_DELETE, [])]}
    assert admin.modify(newcomer.dn, unlock), admin.result  # type: ignore[no-untyped-call]
    admin.unbind()
    assert office.opens(newcomer)


def test_time_lets_somebody_in_again(office: Office, newcomer: Holder) -> None:
    office.fail(newcomer)
    assert not office.opens(newcomer)
    long_ago = (datetime.now(UTC) - timedelta(minutes=16)).strftime("%Y%m%d%H%M%SZ")
    assert changes(office.engine, newcomer.dn, "pwdAccountLockedTime", long_ago)
    assert office.opens(newcomer)
    assert office.told(newcomer, "pwdAccountLockedTime") == []


# A forgotten password


def test_what_an_admin_sets_must_be_changed_whatever_the_admin_does(lab: Lab, office: Office, newcomer: Holder) -> None:
    admin, given = lab.ldap(ADMIN, office.passwords[ADMIN]), random_password()
    assert changes(admin, newcomer.dn, "userPassword", given)
    assert not admin.modify(newcomer.dn, {"pwdReset": [(ldap3.MODIFY_DELETE, [])]})  # type: ignore[no-untyped-call]
    both = {"userPassword": [(ldap3.MODIFY_REPLACE, [given])], "pwdReset": [(ldap3.MODIFY_REPLACE, ["FALSE"])]}
    assert not admin.modify(newcomer.dn, both)  # type: ignore[no-untyped-call]
    admin.unbind()
    office.passwords[newcomer.dn] = given
    assert office.told(newcomer, "pwdReset") == ["TRUE"]
    assert not office.opens(newcomer)


# A first password that nobody changes


@pytest.fixture
def short_term(mail: Host) -> Iterator[None]:
    """Let the unit look at the tests' agency alone, for passwords that are a second old."""
    folder = f"/run/systemd/system/{TERM}.d"
    command = f"ExecStart=\nExecStart=/usr/local/libexec/congvu/lock-first-passwords {AGENCY} 1\n"
    mail.check_output(f"mkdir -p {folder} && printf %s > {folder}/tests.conf", f"[Service]\n{command}")
    mail.check_output("systemctl daemon-reload")
    yield
    mail.check_output(f"rm -r {folder} && systemctl daemon-reload")


@pytest.mark.usefixtures("short_term")
def test_the_term_locks_who_has_not_changed_it_and_a_reset_opens_the_account(
    try_webmail: TryWebmail, office: Office, mail: Host
) -> None:
    late, settled = office.hire("thumk2"), office.settle("thumk3")
    mail.check_output(f"sleep 2 && systemctl start {TERM}")
    assert office.told(late, "pwdAccountLockedTime") == [FOREVER]
    assert office.told(settled, "pwdAccountLockedTime") == []
    said = f"{late.dn}: locked, its first password was not changed in time"
    assert said in mail.check_output(f"journalctl --boot --unit {TERM} --output=cat")
    page = try_webmail(late)
    expect(page.get_by_role("alert").get_by_text("quá hạn mà chưa đổi mật khẩu được cấp")).to_be_visible()

    office.passwords[late.dn] = random_password()
    again = {"userPassword": office.passwords[late.dn], "pwdReset": "TRUE"}
    reset = {name: [(ldap3.MODIFY_REPLACE, [value])] for name, value in again.items()}
    assert office.engine.modify(late.dn, reset), office.engine.result
    expect(try_webmail(late).get_by_role("heading", name="Đổi mật khẩu lần đầu")).to_be_visible()


def test_the_account_that_locks_can_lock_nobody_else(office: Office, mail: Host) -> None:
    settled = office.settle("thumk4")
    attempt = f"dn: {settled.dn}\nchangetype: modify\nreplace: pwdAccountLockedTime\npwdAccountLockedTime: {FOREVER}\n"
    told = mail.run("printf %s | runuser -u congvu-warden -- ldapmodify -Q -Y EXTERNAL -H ldapi:///", attempt)
    assert "Insufficient access" in told.stderr
    assert office.opens(settled)


def test_the_term_is_looked_at_each_night(mail: Host) -> None:
    assert mail.check_output("systemctl is-active congvu-first-passwords.timer") == "active"
    assert f" ou=agencies,{SUFFIX} {30 * 86400}\n" in mail.check_output(f"systemctl cat {TERM}")


# Nobody who guesses

GUESS = """
import ssl, sys
from concurrent.futures import ThreadPoolExecutor
from imaplib import IMAP4, IMAP4_SSL
def guess(number):
    context = ssl._create_unverified_context()
    try:
        client = IMAP4_SSL(sys.argv[1], ssl_context=context, timeout=20)
        for turn in range(5):
            try:
                client.login(f"khong.ai.{number}.{turn}@thuathienhue.gov.vn", "Mua-thu-2026!")
            except IMAP4.error:
                pass
    except OSError:
        pass
with ThreadPoolExecutor(26) as pool:
    list(pool.map(guess, range(26)))
"""
KNOCK = "import socket, sys; socket.create_connection((sys.argv[1], 993), timeout=3)"


def test_an_address_that_guesses_is_kept_out_until_it_is_let_in_again(lab: Lab, mail: Host, outside: Host) -> None:
    def knocks() -> bool:
        return bool(outside.run("python3 -c %s %s", KNOCK, lab.mail_address).rc == 0)

    assert knocks()
    outside.run("timeout 60 python3 -c %s %s", GUESS, lab.mail_address)
    waiting = f"for i in $(seq 20); do fail2ban-client get congvu-mail banip | grep -wq {lab.outside_address} && exit; "
    assert mail.run(f"{waiting}sleep 0.5; done; exit 1").rc == 0
    assert not knocks()
    mail.check_output(f"fail2ban-client unban {lab.outside_address}")
    assert knocks()


def test_the_webmail_s_failures_are_known_by_the_address_of_the_browser(lab: Lab, mail: Host) -> None:
    told = mail.check_output("fail2ban-regex --out ip systemd-journal congvu-webmail")
    assert lab.browser_address in told.split()
