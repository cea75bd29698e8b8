"""What people and letters do is what the report of the day tells, and it comes to those who are to get it.

Everything is real: sign-ins over IMAP and in the webmail, letters inside and to a service outside, the collector on the
host, the playbook. Only the windows of the day are the test's own, as nobody knows at which hour it runs.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from openpyxl import load_workbook

from ...browse import chromium, window
from ...conftest import DOMAIN, PARTNER
from ...folders import find
from ...webmail import WEBMAIL, enter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testinfra.host import Host

    from ...conftest import Lab, Person

ROOT = Path(__file__).resolve().parents[3]
REGISTRY = ROOT / "inventories" / "thuathienhue" / "registry"
CONFIG = "/etc/congvu/usage/config.json"
DAYS = "/var/lib/congvu-usage"
WHOLE_DAY = [{"name": "cả ngày", "begin": 0, "end": 1440, "times": 1}]
PATIENCE = 60  # seconds
FIGURES = [
    "Người đã mở hộp thư",
    "Thư gửi đi",
    "Thư nhận được",
    "Gửi đến dịch vụ thư ngoài",
    "Nhận từ dịch vụ thư ngoài",
]


@dataclass(frozen=True)
class Told:
    """Who did something, and what was counted of the day before and after."""

    head: Person  # of the agency whose mailbox was opened
    reader: Person
    mailbox: str
    before: dict[str, Any]
    after: dict[str, Any]


@pytest.fixture(scope="module")
def today() -> str:
    """Return the day as the estate has it."""
    return f"{datetime.now(ZoneInfo('Asia/Ho_Chi_Minh')):%Y-%m-%d}"


@pytest.fixture(scope="module", autouse=True)
def counting(mail: Host) -> Iterator[None]:
    """Let the collector count all through the day, and take the outside world for a private service."""
    was = mail.check_output("cat %s", CONFIG)
    config = json.loads(was)
    config["checking"] = {"apart": 1, "person": WHOLE_DAY, "mailbox": WHOLE_DAY}
    config["private"] = [PARTNER.partition("@")[2]]
    put(mail, json.dumps(config))
    yield
    put(mail, was)


def put(mail: Host, content: str) -> None:
    """Write the collector's configuration."""
    command = ["podman", "exec", "-i", mail.backend.name, "sh", "-c", f"cat > {CONFIG}"]
    subprocess.run(command, input=content.encode(), check=True)  # noqa: S603 -- our own command


def counted(mail: Host, day: str) -> dict[str, Any]:
    """Let the real collector count the day so far, and read what it keeps."""
    mail.check_output(
        "PYTHONPATH=/usr/local/lib/congvu LDAPTLS_CACERT=/etc/ssl/certs/ca-certificates.crt "
        f"python3 -m usage {CONFIG} --today"
    )
    found = mail.check_output("base64 -w0 %s", f"{DAYS}/{day}.json.gz")
    said: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found)))
    return said


def report(lab: Lab, *words: str) -> str:
    """Run the playbook as an operator does."""
    given = {
        "estate_state": lab.state,
        "estate_secrets": lab.state / "secrets",
        "directory_ca_file": lab.state / "ca" / "ca.pem",
    }
    own = [part for key, value in given.items() for part in ("-e", f"{key}={value}")]
    done = subprocess.run(  # noqa: S603 -- our own command
        [Path(sys.executable).with_name("ansible-playbook"), "playbooks/report.yml", *own, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def heads() -> dict[str, str]:
    """Return the agencies by their heads, whom the registry names by id alone."""
    found = {}
    for path in sorted(REGISTRY.glob("agencies/*.yml")):
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(said["head"], str):
            found[said["head"]] = said["code"]
    return found


@pytest.fixture(scope="module")
def told(lab: Lab, mail: Host, people: list[Person], today: str) -> Told:
    """Let two people do what people do, and tell what was counted before, and after."""
    before = counted(mail, today)
    agencies = heads()
    new = [each for each in people if each.uid not in before["looks"]["people"]]
    head = next(each for each in new if each.uid in agencies and agencies[each.uid] not in before["looks"]["shared"])
    reader = next(each for each in new if each.uid not in agencies and each.agency != head.agency)
    with lab.imap(head.address, head.password) as client:
        client.select(f"Shared/{agencies[head.uid]}", readonly=True)
        client.select("INBOX", readonly=True)
    with chromium(lab, WEBMAIL) as browser, window(browser) as page:
        enter(page, reader.address, reader.password)
    with lab.submission(head.address, head.password) as client:
        for recipient in (reader.address, PARTNER):
            client.send_message(written(head.address, recipient))
    deadline = time.monotonic() + PATIENCE
    while private_sent(after := counted(mail, today), head) == private_sent(before, head):
        assert time.monotonic() < deadline, "the letter to the service outside was not counted"
        time.sleep(1)
    return Told(head, reader, agencies[head.uid], before, after)


def private_sent(day: dict[str, Any], person: Person) -> int:
    """Return how many letters somebody's agency sent to private services."""
    return int(day["letters"].get(person.agency, [0] * 4)[2])


def written(sender: str, recipient: str) -> EmailMessage:
    """Write a letter."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, recipient, "Thử"
    letter["Message-ID"] = make_msgid(domain=DOMAIN)
    letter["Date"] = formatdate(localtime=True)
    letter.set_content("Kính gửi.")
    return letter


def test_each_look_is_counted_once_and_for_its_mailbox(told: Told) -> None:
    looks = told.after["looks"]
    assert {told.head.uid: "1", told.reader.uid: "1"}.items() <= looks["people"].items()
    assert (looks["shared"][told.mailbox], looks["by"][told.mailbox]) == ("1", [told.head.uid])


def test_letters_are_counted_by_agency_and_nobody_is_named(told: Told) -> None:
    before, after = told.before["letters"], told.after["letters"]
    grown = {
        agency: [now - then for now, then in zip(after[agency], before.get(agency, [0] * 4), strict=True)]
        for agency in (told.head.agency, told.reader.agency)
    }
    assert grown == {told.head.agency: [2, 0, 1, 0], told.reader.agency: [0, 1, 0, 0]}
    assert "@" not in json.dumps(told.after)


def test_the_report_of_the_day_holds_these_and_nothing_else_and_reaches_its_recipients(
    lab: Lab, people: list[Person], told: Told, today: str
) -> None:
    report(lab, "-e", f"period={today}", "-e", "send=true")
    sent = json.loads((lab.state / "reports" / today / "da-gui.json").read_text(encoding="utf-8"))
    assert sent["recipients"] == [f"vpubnd@{DOMAIN}"]
    books = sorted((lab.state / "ledger").glob("2*.jsonl"))
    lines = (json.loads(line) for path in books for line in path.read_bytes().splitlines())
    recorded = [line for line in lines if line["kind"] == "report" and sent["about"] in line["summary"]]
    assert (recorded[-1]["subject"], len(recorded[-1]["proofs"])) == (f"mailbox:{sent['sender']}", 4)
    office = next(uid for uid, agency in heads().items() if agency == "vpubnd")
    letter = delivered(lab, next(each for each in people if each.uid == office), sent["message_id"])
    assert str(letter["Subject"]).startswith("Báo cáo: tình hình sử dụng hệ thống thư điện tử công vụ ngày ")
    pdf, sheet = (part.get_content() for part in letter.iter_attachments())
    assert pdf.startswith(b"%PDF-")
    assert rows(sheet, "Cơ quan", "Mã", FIGURES) == expected(told.after, people, rows(sheet, "Cơ quan", "Mã", FIGURES))


def expected(day: dict[str, Any], people: list[Person], agencies: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Work out for each agency what the day's counts come to."""
    of = {each.uid: each.agency for each in people}
    looked = [of[uid] for uid in day["looks"]["people"] if uid in of]
    return {code: [looked.count(code), *day["letters"].get(code, [0] * 4)] for code in agencies}


def rows(content: bytes, sheet: str, key: str, columns: list[str]) -> dict[str, list[Any]]:
    """Read some columns of a sheet, by one of them; the last row is a sum."""
    _, _, _, head, *found = load_workbook(io.BytesIO(content))[sheet].values
    places = [head.index(column) for column in columns]
    return {str(row[head.index(key)]): [row[place] for place in places] for row in found[:-1]}


def delivered(lab: Lab, person: Person, message_id: str) -> EmailMessage:
    """Wait for a letter in the mailbox of the person's agency."""
    deadline = time.monotonic() + PATIENCE
    with lab.imap(person.address, person.password) as client:
        while time.monotonic() < deadline:
            client.select(f"Shared/{person.agency}", readonly=True)
            if found := find(client, "HEADER Message-ID", message_id):
                data = client.uid("FETCH", found[-1], "(BODY.PEEK[])")[1]
                raw = next(part[1] for part in data if isinstance(part, tuple))
                return message_from_bytes(raw, policy=policy.default)
            time.sleep(0.5)
    pytest.fail(f"{message_id} did not come")


def test_what_is_past_its_term_is_forgotten(mail: Host) -> None:
    old = f"{DAYS}/2020-01-02.json.gz"
    mail.check_output("cp %s/$(ls %s | tail -1) %s", DAYS, DAYS, old)
    mail.check_output("systemctl start congvu-usage.service")
    assert not mail.file(old).exists
