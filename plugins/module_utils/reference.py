"""The reference of the registry's files and keys: a page for people, JSON Schemas for editors.

``layout``, which reads the files, says what may stand where. Here stands what a reader wants besides: what a key is for
where its shape does not tell, an example, and the articles that ask for it.
"""

from __future__ import annotations

import json
from functools import singledispatch
from typing import TYPE_CHECKING, NamedTuple

import yaml

from . import hover
from .layout import ADDRESSES, AGENCY, APPROVERS, CALENDAR, ESTATE, EXCEPTION, HOLDS, LISTS, OVERRIDE, POLICY, PROTECTED
from .shape import Choice, Day, Flag, ListOf, MapOf, Number, Record, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .shape import Schema, Shape


class Note(NamedTuple):
    """What the shape of a key does not tell."""

    meaning: str = ""
    example: str = ""
    serves: str = ""


_FILES: tuple[tuple[str, str, Record | MapOf], ...] = (
    ("estate", "estate.yml", ESTATE),
    ("policy", "policy.yml", POLICY),
    ("agency", "agencies/<code>.yml", AGENCY),
    ("holds", "holds.yml", HOLDS),
    ("protected", "protected.yml", PROTECTED),
    ("calendar", "calendar.yml", CALENDAR),
    ("approvers", "approvers.yml", APPROVERS),
    ("override", "overrides/<name>.yml", OVERRIDE),
    ("exception", "exceptions/<name>.yml", EXCEPTION),
    ("lists", "lists.yml", LISTS),
)

_HEAD = """\
# The registry, key by key

Written by `playbooks/schema.yml` from the description that reads the files; what the files are for, and how days and
addresses work, stands in [the registry](README.md). Articles are those of the five regulations: HD Hải Dương, TTH Thừa
Thiên Huế, DL Đắk Lắk, CM Cà Mau, BT Bình Tân.

Keys in **bold** must be there. `key[]` is an item of a list, `key.<code>` what stands at a code of the writer's choice.
"""

_MANY = 4  # places that a heading names

# By what a text is to be, unless a note says more.
EXAMPLES: Mapping[str, str] = {
    "the article that the rule rests on, such as 'TTH Điều 4'": "DL Điều 5.2.c",
    "the decision, by its number and issuer": "1228/QĐ-SNV",
    "a code of lower-case letters, digits and hyphens": "phongcntt",
    "a staff number in lower case": "dl00001",
    "a mail domain": "daklak.gov.vn",
    "a name, with its accents": "Sở Thông tin và Truyền thông",
    "the title of the post": "Phó Giám đốc",
    "a title": "Chủ tịch UBND tỉnh",
    "the given name, where it is not the last word of the name, as in Y Bhĩm Niê": "Bhĩm",
    "the name of a shared mailbox, such as snv or snv-vp": "sttt-phongcntt",
    "an address in lower case, without accents": "sttt@daklak.gov.vn",
    "a size": "2 GiB",
    "the name of a folder": "Văn bản đến",
    "a form, such as '{full}{n}@{domain}'": "'{given}{initials}{n}@{domain}'",
    "a form, such as '{agency}.{root}'": "'{agency}.{root}'",
    "a form of {letter}, {number} and {unit}": "'{letter}'",
    "a part before the '@'": "postmaster",
    "a time of the day": "'07:30'",
    "what people call that part of the day": "buổi sáng",
    "why it is protected": "lãnh đạo tỉnh",
    "the plan's id, or at least 12 characters of its beginning": "'9f2c41d0c0a3'",
    "why the plan is right as it is": "sáp nhập hai sở",
    "what differs, as the report of differences names it; * stands for anything": "htop",
    "on which host, as the report of differences names it; * stands for any": "mail.daklak.gov.vn",
    "why it may stay as it is": "cần để theo dõi máy chủ trong đợt nâng cấp",
    "a name by which the Git server knows somebody": "nguyenvanan",
    "an SSH public key, as a file .pub has it": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN/Cr3JXqmLW7u",
    "who answers for it, by name and post": "Nguyễn Văn An, Giám đốc Trung tâm",
}

_ROLES = "TTH Điều 9; DL Điều 12.1; CM Điều 4, 7; BT Điều 7.3"
_HANDOVER = "TTH Điều 9.2; DL Điều 12.1.e; CM Điều 4.2; BT Điều 7.3.b"
_STAFF = "HD Điều 5; TTH Điều 7; DL Điều 6; BT Điều 8"
_FORMS = "HD Điều 2; TTH Điều 4; DL Điều 5; CM Điều 2.1, 4; BT Điều 5"
_PUBLISHED = "HD Điều 4, 10.5.e; TTH Điều 4, 6.1; DL Điều 4.5 (Chương II), 11.2, 11.3, 12.2"
_LOOKED_INTO = "HD Điều 8; DL Điều 7; CM Điều 5; BT Điều 7.3.c"
_REPORTED = "HD Điều 9, 10.4, 10.5.g; DL Điều 2, 11.9, 15; BT Điều 10, 11; TTH Điều 6.9"
_KINDS = "HD Điều 2.3; DL Điều 4 (Chương II)"

NOTES: Mapping[str, Note] = {
    "estate.name": Note(example="daklak"),
    "estate.title": Note("what people call the estate", "Hệ thống thư điện tử tỉnh Đắk Lắk"),
    "estate.domains": Note(serves=_FORMS),
    "estate.suffix": Note(
        "the directory's suffix; a district within a bigger directory has its own part of it",
        "ou=binhtan,dc=tphcm,dc=gov,dc=vn",
        "BT Điều 3, 7.1",
    ),
    "estate.time_zone": Note(example="Asia/Ho_Chi_Minh"),
    "policy.regulation": Note(example="Quyết định số 08/2014/QĐ-UBND ngày 09/5/2014 của UBND tỉnh Đắk Lắk"),
    "policy.agency_domains": Note(serves="DL Điều 5.1"),
    "policy.agency_addresses": Note(serves=_FORMS),
    "policy.agency_addresses[].form": Note(example="'{agency}{n}@{root}'"),
    "policy.unit_addresses": Note(serves="DL Điều 5.2; CM Điều 4.2"),
    "policy.person_addresses": Note(serves=_FORMS),
    "policy.namesakes": Note(serves="DL Điều 5.2"),
    "policy.former_addresses.days": Note(example="365"),
    "policy.shared_mailboxes": Note(serves=_ROLES),
    "policy.shared_mailboxes.head": Note("what whoever is in charge may do", "manager"),
    "policy.shared_mailboxes.deputies": Note("what deputies may do", "clerk"),
    "policy.shared_mailboxes.clerks": Note("what clerks (văn thư) may do", "clerk"),
    "policy.shared_mailboxes.readers": Note("what readers may do", "read"),
    "policy.documents": Note(serves="CM Điều 6.2, 7.1; DL Điều 14.2"),
    "policy.documents.folder": Note("the folder that holds the years", "Văn bản đến"),
    "policy.documents.stages[].name": Note("the stage's folder in each year", "Đã vào sổ"),
    "policy.documents.stages[].put": Note(example="[clerk, manager]"),
    "policy.documents.stages[].take": Note(example="[manager]"),
    "policy.documents.filing[].from": Note("the domain; those below it too", "chinhphu.vn"),
    "policy.documents.filing[].folder": Note("the folder in each year", "Từ Chính phủ"),
    "policy.documents.notices[].subject": Note(example="Nghỉ Tết Nguyên đán"),
    "policy.documents.notices[].text": Note(example="Cơ quan nghỉ Tết, thư sẽ được xử lý khi làm việc lại."),
    "policy.standing_in": Note(serves="TTH Điều 9.3; DL Điều 12.1.c; CM Điều 7.1; BT Điều 7.3.b"),
    "policy.standing_in.right": Note(example="manager"),
    "policy.shared_folders": Note(serves=_KINDS),
    "policy.shared_folders.managers": Note("what managers may do in a folder", "manager"),
    "policy.shared_folders.writers": Note("what writers may do in a folder", "clerk"),
    "policy.shared_folders.readers": Note("what readers may do in a folder", "read"),
    "policy.handover": Note(
        "what follows when a shared mailbox gets another head; without it no record is drawn up", serves=_HANDOVER
    ),
    "policy.handover.notify": Note(
        "whom a letter tells of it: `nobody`, the agency's other `units`, or all `agencies` as well", "units"
    ),
    "policy.quotas.person": Note("the size of a person's mailbox"),
    "policy.quotas.mailbox": Note("the size of a shared mailbox", "5 GiB"),
    "policy.retention": Note(serves="TTH Điều 7; DL Điều 11.8"),
    "policy.retention.days": Note("days from somebody's last day until the mail is removed", "365"),
    "policy.retention.mailbox_days": Note(
        "the same for shared mailboxes; without it, as for people; never before letters to them have ended", "730"
    ),
    "policy.requests": Note(serves="BT Điều 8.2"),
    "policy.requests.working_days": Note(
        "within how many working days after a change, or the decision on it, it is asked for or carried out; "
        "there is no term without it",
        "2",
    ),
    "policy.directory_site": Note(serves=_PUBLISHED),
    "policy.directory_site.agencies": Note(example="all"),
    "policy.directory_site.fields": Note(
        "what is told besides names and the agencies' addresses: their units; an official's title, unit and address",
        "[units, title, unit, address]",
    ),
    "policy.directory_site.roles": Note(
        "who is named: whoever holds one of these roles in the agency's own mailbox; nobody, without it",
        "[head, deputies]",
    ),
    "policy.directory_site.unit_roles": Note("the same for the mailboxes of units", "[head]"),
    "policy.directory_site.titles": Note(
        "whoever bears one of these titles is named too", "[Chủ tịch UBND tỉnh, Phó Chủ tịch UBND tỉnh]"
    ),
    "policy.help": Note(serves="HD Điều 12.5; TTH Điều 8.9; DL Điều 13.7; BT Điều 7.3.e"),
    "policy.help.contacts[].name": Note(example="Bộ phận chuyên trách của Sở Thông tin và Truyền thông"),
    "policy.help.contacts[].phone": Note("without it, and without an address, everybody knows where", "máy lẻ 108"),
    "policy.large_files": Note(
        "what people are told of files that no letter takes; without it, to ask whom `help` names",
        serves="TTH Điều 8.1",
    ),
    "policy.large_files.way": Note(example="Giao tận tay trên ổ đĩa hoặc thẻ nhớ đã quét mã độc."),
    "policy.duties": Note("the guides name these articles; a duty without one is told all the same"),
    "policy.duties.exchange": Note(
        "which documents travel by mail", "DL Điều 8, 9", "HD Điều 6; CM Điều 3; BT Điều 9.1"
    ),
    "policy.duties.approval": Note(
        "who sees what an agency sends before it goes", "DL Điều 14.1", "DL Điều 14.1; CM Điều 6.1"
    ),
    "policy.duties.purpose": Note("official business alone", "DL Điều 13.8", "DL Điều 13.8; BT Điều 7.3.c, 9.2"),
    "policy.duties.own_mailbox": Note(
        "nobody uses another's mailbox, nor lends the own",
        "DL Điều 13.4",
        "HD Điều 12.3; TTH Điều 8.4; DL Điều 13.4; BT Điều 4.3",
    ),
    "policy.duties.lost_password": Note(
        "who is told of a password that is lost or known to others",
        "DL Điều 13.2",
        "HD Điều 12.1; TTH Điều 8.5; DL Điều 13.2",
    ),
    "policy.duties.secrets": Note(
        "secret documents never travel by mail", "DL Điều 8", "HD Điều 6, 12.4; DL Điều 8; CM Điều 3.2; BT Điều 4.1"
    ),
    "policy.duties.unclear_senders": Note("attachments of unclear senders stay closed", "TTH Điều 8.8", "TTH Điều 8.8"),
    "policy.duties.malware": Note(
        "neither malware nor spam is passed on", "TTH Điều 8.6, 8.7", "TTH Điều 8.6, 8.7; DL Điều 13.5; CM Điều 4.3"
    ),
    "policy.duties.formats": Note(
        "how Vietnamese is written, and what may be attached",
        "DL Điều 10",
        "HD Điều 7; DL Điều 10; CM Điều 6.3; BT Điều 9.4.c",
    ),
    "policy.duties.signatures": Note("what is attached carries a signature", "BT Điều 9.3", "BT Điều 9.3"),
    "policy.duties.archive": Note(
        "people keep and find what was sent and received", "DL Điều 14.2", "DL Điều 14.2; CM Điều 6.2"
    ),
    "policy.duties.changes": Note(
        "changes of people are told and asked for", "DL Điều 6, 13.6", "HD Điều 5; TTH Điều 7; DL Điều 6; BT Điều 8"
    ),
    "policy.duties.oversight": Note(
        "heads see to it that mail is used, and how",
        "DL Điều 12.1.a, 12.1.d",
        "HD Điều 8, 11.4; DL Điều 12.1; BT Điều 10.1, 14",
    ),
    "policy.duties.own_rules": Note(
        "heads issue rules of their own agency", "HD Điều 11.4.c", "HD Điều 11.4.c; TTH Điều 9.4; CM Điều 4.2"
    ),
    "policy.checking": Note(serves=_LOOKED_INTO),
    "policy.checking.apart_minutes": Note(
        "looks that follow each other within so many minutes are one, and a mailbox that stays open is looked into "
        "that often",
        "30",
    ),
    "policy.checking.person[].until": Note("the minute with which it is over", "'12:00'"),
    "policy.checking.person[].times": Note(example="2"),
    "policy.private_mail": Note(serves="TTH Điều 10; DL Điều 13.1"),
    "policy.private_mail.domains": Note(example="[gmail.com, yahoo.com]"),
    "policy.usage_data": Note(
        "for how long the counts of each day are kept; nothing is counted without it", serves=_LOOKED_INTO
    ),
    "policy.usage_data.days": Note("days from the day that was counted until its counts are removed", "400"),
    "policy.reports": Note(serves=_REPORTED),
    "policy.reports.sender": Note("the shared mailbox from which they come", "ttcntttt"),
    "policy.reports.recipients": Note(example="[sttt]"),
    "policy.reports.periods[].every": Note(example="half-year"),
    "policy.reports.periods[].due_day": Note(
        "the day of the month after the period before which it is there", "15", "DL Điều 15"
    ),
    "policy.reports.contents": Note(
        "usage of the mailboxes, coverage of the staff, changes, letters to and from private services, storage with a "
        "forecast, and the ranking of agencies",
        "[usage, coverage, changes]",
    ),
    "policy.passwords": Note(serves="TTH Điều 8.5; DL Điều 11.2, 13.2; CM Điều 4.3; BT Điều 6"),
    "policy.passwords.change_within_days": Note(example="30", serves="BT Điều 6.2"),
    "policy.passwords.failures": Note(example="10"),
    "policy.passwords.locked_minutes": Note(example="15"),
    "agency.code": Note("the agency's code, which is the file's name too and never changes", "sttt", "TTH Điều 5.1"),
    "agency.kind": Note("the kind of agency, by which rules choose", "department"),
    "agency.decision": Note("the decision on which the agency is here", "08/2014/QĐ-UBND"),
    "agency.head": Note(serves=_HANDOVER),
    "agency.head[].person": Note("who holds the role; belongs to the agency on those days"),
    "agency.head[].since": Note("the first day in the role; without it, from the beginning"),
    "agency.head[].until": Note("the first day no longer in the role; without it, for good"),
    "agency.deputies": Note(serves=_ROLES),
    "agency.clerks": Note(serves=_ROLES),
    "agency.readers": Note(serves=_ROLES),
    "agency.people": Note(serves=_STAFF),
    "agency.people[].id": Note(
        "the staff number: the same in every agency and for life", serves="TTH Điều 7.b; BT 7.2"
    ),
    "agency.people[].name": Note("family, middle and given name, with accents", "Trần Văn Nam", "DL Điều 5.2, 10"),
    "agency.people[].unit": Note("the code of a unit in this file"),
    "agency.people[].until": Note(serves="TTH Điều 7.c; DL Điều 11.8"),
    "agency.people[].until_decision": Note("the decision that ends the post"),
    "agency.people[].successor": Note(
        "who may read the mail of somebody who has left, until it is removed", "dl00002", "TTH Điều 7.c; DL Điều 11.8"
    ),
    "agency.people[].successor[].person": Note("who may read it; in office on those days", "dl00002"),
    "agency.people[].successor[].since": Note("the first day for reading; without it, the day after the post"),
    "agency.people[].successor[].until": Note("the first day no longer for reading; without it, until it is removed"),
    "agency.people[].kind": Note(
        "a secondment or a concurrent post beside the main one; without it, the main post", "secondment"
    ),
    "agency.people[].absences[].deputy": Note(serves="TTH Điều 9.3; DL Điều 12.1.c; CM Điều 7.1"),
    "agency.people[].absences[].deputy[].person": Note("who stands in; belongs to the agency on those days", "dl00002"),
    "agency.people[].absences[].deputy[].since": Note("the first day in the head's place; without it, of the leave"),
    "agency.people[].absences[].deputy[].until": Note("the first day no longer; without it, the first day back"),
    "agency.people[].absences[].deputy[].decision": Note("the authorisation; without it, the leave's decision"),
    "agency.people[].changes[].name": Note("the new name, after a marriage or a correction", "Trần Văn Nam"),
    "agency.people[].changes[].unit": Note("the code of the new unit"),
    "agency.number": Note(example="16", serves="TTH, danh sách account"),
    "agency.account": Note("the agency's address, where the regulation prints it; else a rule makes one"),
    "agency.parent": Note("the code of the agency above, where the address or a document needs it", "buonmathuot"),
    "agency.domain": Note("the agency's own mail domain, where no rule makes it", "sttt.daklak.gov.vn"),
    "agency.since": Note("the first day of its existence; without it, it has always been there"),
    "agency.until": Note(serves="HD Điều 5.1; DL Điều 6, 11.3"),
    "agency.until_decision": Note("the decision that ends it"),
    "agency.successor": Note("the code of the agency that takes over people, letters and mail", "skhcn", "DL Điều 6"),
    "agency.changes": Note(serves="HD Điều 5.1; DL Điều 6, 11.3"),
    "agency.changes[].kind": Note("the new kind", "department"),
    "agency.changes[].parent": Note("the new agency above", "buonmathuot"),
    "agency.changes[].domain": Note("the new mail domain", "skhcn.daklak.gov.vn"),
    "agency.changes[].account": Note("the new address"),
    "agency.units": Note("the agency's units by their codes; a name alone will do: `vp: Văn phòng`"),
    "agency.units.<code>.name": Note(example="Phòng Công nghệ thông tin"),
    "agency.units.<code>.until_decision": Note("the decision that ends it"),
    "agency.units.<code>.changes[].name": Note("the new name", "Phòng Chuyển đổi số"),
    "agency.units.<code>.mailbox": Note(serves="CM Điều 4.2; DL Điều 4 (Chương II)"),
    "agency.units.<code>.mailbox.account": Note("its address, where no rule makes one"),
    "agency.mailboxes": Note(serves=_KINDS),
    "agency.mailboxes.<code>.name": Note(example="Tiếp công dân"),
    "agency.mailboxes.<code>.account": Note(example="tiepcongdan@daklak.gov.vn"),
    "agency.folders": Note("shared folders: mailboxes without an address", serves=_KINDS),
    "agency.folders.<code>.name": Note(example="Biểu mẫu dùng chung"),
    "agency.folders.<code>.managers[].person": Note("one person"),
    "agency.folders.<code>.managers[].unit": Note("everybody in a unit of this agency", "vp"),
    "agency.folders.<code>.managers[].agency": Note("everybody in an agency", "sttt"),
    "holds.<code>[].reason": Note(example="Thanh tra việc mua sắm năm 2026"),
    "protected.<code>.cite": Note("the article or decision that it rests on"),
    "calendar.days[].day": Note(example="2026-01-02"),
    "calendar.days[].works": Note(example="false"),
    "calendar.days[].decision": Note("the announcement that says so", "12729/VPCP-KGVX ngày 25/12/2025"),
    "approvers.province": Note(serves="TTH Điều 5.1; DL Điều 4 (Chương II), 6"),
    "approvers.agencies": Note(example="{snv: nguyenvanan}", serves="TTH Điều 5.1; DL Điều 4 (Chương II), 6"),
    "approvers.people": Note(serves="BT Điều 8.3"),
    "approvers.people.<code>.address": Note(
        "the official mailbox, also in the commits", "nguyenvanan@thuathienhue.gov.vn"
    ),
    "override.rails": Note("the rails that it lifts, as the plan's page names them", "[disables, updates]"),
    "override.expires": Note("the first day on which it lifts nothing; at most 14 days after the plan's"),
    "exception.expires": Note("the first day on which it accepts nothing; at most 366 days ahead"),
    "agency.lists.<code>.name": Note(example="Toàn thể Sở Thông tin và Truyền thông"),
    "agency.lists.<code>.account": Note("its address, where no rule makes one", "toanso@sttt.daklak.gov.vn"),
    "agency.lists.<code>.decision": Note("the decision on which the list is here; without it, the agency's"),
    "agency.lists.<code>.until_decision": Note("the decision that ends it"),
    "agency.lists.<code>.members[].person": Note("one person"),
    "agency.lists.<code>.members[].mailbox": Note("one shared mailbox, by its name"),
    "agency.lists.<code>.members[].agency": Note("people of that agency; in its own file it may be left out", "sttt"),
    "agency.lists.<code>.members[].kind": Note("people of all agencies of the kind", "department"),
    "agency.lists.<code>.members[].unit": Note("people of that unit; of this agency's, unless another is named"),
    "agency.lists.<code>.members[].title": Note("people with exactly that title"),
    "agency.lists.<code>.members[].role": Note(
        "people with that role in the agency's own mailbox; with `unit`, in the unit's", "clerks"
    ),
    "agency.lists.<code>.senders[].circle": Note("the world too, whoever signs in, or whoever is a member", "inside"),
    "agency.lists.<code>.senders[].person": Note("one person"),
    "agency.lists.<code>.senders[].agency": Note("people of that agency", "sttt"),
    "agency.lists.<code>.senders[].kind": Note("people of all agencies of the kind", "department"),
    "agency.lists.<code>.senders[].unit": Note("people of that unit"),
    "agency.lists.<code>.senders[].role": Note("people with that role in the agency's own mailbox", "head"),
    "agency.lists.<code>.changes[].name": Note("the new name", "Toàn thể Sở Khoa học và Công nghệ"),
    "agency.lists.<code>.changes[].account": Note("the new address", "toanso@skhcn.daklak.gov.vn"),
    "lists.<code>.name": Note(example="Văn thư các cơ quan"),
    "lists.<code>.account": Note(example="vanthu@daklak.gov.vn"),
    "lists.<code>.until_decision": Note("the decision that ends it"),
}


class Row(NamedTuple):
    """One key: where it stands, what may stand there, and whether it must."""

    path: str
    key: str
    shape: Shape
    required: bool


class Section(NamedTuple):
    """One record: the paths at which it stands, what it is, and its keys."""

    paths: list[str]
    record: Record
    rows: tuple[Row, ...]


def sections(name: str, shape: Shape) -> list[Section]:
    """Return the records of a file, each once, in the order in which a reader meets them."""
    found: list[Section] = []
    for path, record in _records(name, shape):
        if known := next((section for section in found if section.record == record), None):
            known.paths.append(path)
            continue
        required = (Row(f"{path}.{key}", key, item, required=True) for key, item in record.required.items())
        optional = (Row(f"{path}.{key}", key, item, required=False) for key, item in record.optional.items())
        found.append(Section([path], record, (*required, *optional)))
    return found


def _records(path: str, shape: Shape) -> Iterator[tuple[str, Record]]:
    match shape:
        case ListOf(item=item):
            yield from _records(f"{path}[]", item)
        case MapOf(item=item):
            yield from _records(f"{path}.<code>", item)
        case Record():
            yield path, shape
            for key, item in (*shape.required.items(), *shape.optional.items()):
                yield from _records(f"{path}.{key}", item)


def note(row: Row) -> Note:
    """Return what is known of a key besides its shape; an example always, unless the key holds further keys."""
    said = NOTES.get(row.path) or Note()
    return said._replace(meaning=said.meaning or row.shape.wanted, example=said.example or example(row.shape))


@singledispatch
def example(shape: Shape) -> str:
    """Return an example of what may stand somewhere, as YAML; empty if it has keys of its own."""
    return {Flag: "true", Day: "2026-09-01"}.get(type(shape), "")


@example.register
def _(shape: Text) -> str:
    return EXAMPLES.get(shape.wanted, "")


@example.register
def _(shape: Choice) -> str:
    return shape.words[0]


@example.register
def _(shape: Number) -> str:
    return str(shape.least)


@example.register
def _(shape: ListOf) -> str:
    inner = example(shape.item)
    return f"[{inner}]" if inner and not shape.single else inner


@example.register
def _(shape: Record) -> str:
    return example({**shape.required, **shape.optional}[shape.lone]) if shape.lone else ""


@singledispatch
def value(shape: Shape) -> str:
    """Say in a few words what may stand somewhere."""
    return {Text: "a text", Flag: "`true` or `false`", Day: "a day"}[type(shape)]


@value.register
def _(shape: Choice) -> str:
    return " or ".join(f"`{word}`" for word in shape.words)


@value.register
def _(shape: Number) -> str:
    return f"a number, {shape.least} to {shape.most}"


@value.register
def _(shape: ListOf) -> str:
    return f"{value(shape.item)}, or a list" if shape.single else f"a list: {value(shape.item)}"


@value.register
def _(shape: MapOf) -> str:
    return f"by code: {value(shape.item)}"


@value.register
def _(shape: Record) -> str:
    return f"its `{shape.lone}`, or keys" if shape.lone else "keys"


PAGE = "keys.md"


def page() -> str:
    """Return the reference as a page of Markdown, for the file PAGE beside the schemas."""
    return "\n".join((_HEAD, *(line for name, file, shape in _FILES for line in _chapter(name, file, shape)), _lock()))


def _chapter(name: str, file: str, shape: Record | MapOf) -> Iterator[str]:
    yield f"## `{file}`: {shape.wanted}\n"
    for section in sections(name, shape):
        if section.record is not shape:
            yield f"### {_heading(section, name)}\n\n{_sentence(section.record.wanted)}\n"
        yield "| key | value | what it is | example | asked for by |\n|---|---|---|---|---|"
        for row in section.rows:
            said = note(row)
            key = f"**`{row.key}`**" if row.required else f"`{row.key}`"
            shown = f"`{said.example}`" if said.example else ""
            yield f"| {key} | {value(row.shape)} | {said.meaning} | {shown} | {said.serves} |"
        yield ""


def _heading(section: Section, name: str) -> str:
    """Name the places of a record: all of them, or, where they are many, the keys at their ends."""
    paths = [path.removeprefix(f"{name}.") for path in section.paths]
    if len(paths) > _MANY:
        paths = list(dict.fromkeys(path.rpartition(".")[2] for path in paths))
    return ", ".join(f"`{path}`" for path in paths)


def schema_files() -> dict[str, str]:
    """Return the JSON Schemas of all kinds of files by file name, with what an editor shows at each key."""
    schemas = {name: _shown(shape.schema(), name, _known(name, shape)) for name, _, shape in _FILES}
    schemas["addresses"] = ADDRESSES.schema()
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        f"{name}.schema.json": json.dumps({**dialect, **schema}, ensure_ascii=False, indent=2) + "\n"
        for name, schema in schemas.items()
    }


def _known(name: str, shape: Record | MapOf) -> dict[str, Schema]:
    """Return what to show at each key by its path, at all places of a record that has several."""
    shown: dict[str, Schema] = {}
    for section in sections(name, shape):
        for row in section.rows:
            said = note(row)
            here: Schema = {"description": hover.KEYS.get(row.path) or said.meaning}
            if said.example:  # as JSON has it, which knows no days
                here["examples"] = [json.loads(json.dumps(yaml.safe_load(said.example), default=str))]
            shown.update({f"{path}.{row.key}": here for path in section.paths})
    return shown


def _shown(schema: Schema, path: str, known: Mapping[str, Schema]) -> Schema:
    """Return a schema with what is to be shown, at every depth."""
    shown = dict(schema)
    if "properties" in schema:
        shown["properties"] = {
            key: {**_shown(inner, f"{path}.{key}", known), **known[f"{path}.{key}"]}
            for key, inner in schema["properties"].items()
        }
    if "items" in schema:
        shown["items"] = _shown(schema["items"], f"{path}[]", known)
    if isinstance(schema.get("additionalProperties"), dict):
        shown["additionalProperties"] = _shown(schema["additionalProperties"], f"{path}.<code>", known)
    if "anyOf" in schema:  # one thing or a list of such, or a word that stands for a record
        single = f"{path}[]" if any("items" in choice for choice in schema["anyOf"]) else path
        shown["anyOf"] = [_shown(choice, path if "items" in choice else single, known) for choice in schema["anyOf"]]
    return shown


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _lock() -> str:
    return f"""\
## `addresses/<domain>.yml`: {ADDRESSES.wanted}

Sorted lines, written by `playbooks/allocate.yml`. A line is never deleted, and never goes to another holder.

| line | what it is |
|---|---|
| `namtv: person:dl00001` | the primary address of a person |
| `sttt: mailbox:sttt` | that of an agency's mailbox; of a unit's `mailbox:sttt-phongcntt` |
| `namtv2: person:dl00001 since 2026-09-01` | the primary address from that day on; the one before becomes an alias |
| `namtv: person:dl00001 again 2027-09-01` | a former address that became the primary one again |
| `postmaster: mailbox:sttt alias` | delivered besides |
| `lienhe: mailbox:sttt alias since 2026-09-01 until 2027-01-01` | delivered besides on those days |
| `toanso: list:sttt-tatca` | that of a distribution list of an agency; of the estate's own `list:vanthu` |
| `vannam: person:dl00001 retired` | no longer delivered, never given away |
"""
