"""A shared folder of the registry over IMAP: readers read, writers write, nobody else sees it."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import imaplib
    from collections.abc import Iterator

    from ...conftest import Lab, Person

# agencies/vpubnd.yml: one person manages it, the unit hctc writes, the agencies vpubnd and snv read (HD Điều 2.3).
FOLDER = "vpubnd-bieu-mau"
PLACE = f"Shared/{FOLDER}"
WRITER, MANAGER = "tth00136", "tth00138"


@pytest.fixture
def sessions(lab: Lab, people: list[Person]) -> Iterator[dict[str, imaplib.IMAP4_SSL]]:
    """Return a session of somebody of each sort."""
    by_uid = {person.uid: person for person in people}
    by_agency = {person.agency: person for person in people}
    sorts = {
        "manager": by_uid[MANAGER],
        "writer": by_uid[WRITER],
        "reader": by_agency["snv"],
        "stranger": by_agency["stc"],
    }
    opened = {sort: lab.imap(person.uid, person.password) for sort, person in sorts.items()}
    yield opened
    for session in opened.values():
        session.logout()


def test_each_group_has_the_level_that_the_registry_gives_it(sessions: dict[str, imaplib.IMAP4_SSL], word: str) -> None:
    listed = {
        sort: any(PLACE.encode() in row for row in session.list()[1] if isinstance(row, bytes))
        for sort, session in sessions.items()
    }
    assert listed == {"manager": True, "writer": True, "reader": True, "stranger": False}
    form = f"Subject: {word}\r\n\r\nBieu mau.\r\n".encode()
    appended = {sort: session.append(PLACE, "", "", form)[0] for sort, session in sessions.items()}
    assert appended == {"manager": "OK", "writer": "OK", "reader": "NO", "stranger": "NO"}
    opened = {sort: session.select(PLACE, readonly=True)[0] for sort, session in sessions.items()}
    assert opened == {"manager": "OK", "writer": "OK", "reader": "OK", "stranger": "NO"}
    assert len(sessions["reader"].search(None, "SUBJECT", word)[1][0].split()) == 2


def test_a_folder_is_no_address(lab: Lab, person: Person) -> None:
    with lab.submission(person.address, person.password) as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.sendmail(person.address, [f"{FOLDER}@thuathienhue.gov.vn"], "Subject: x\r\n\r\nx\r\n")
