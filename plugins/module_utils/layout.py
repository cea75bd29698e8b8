"""The shape of the registry's files: their keys, and what may stand at each.

This one description reads the files, and is their JSON Schema and their reference (``reference``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .drift import ABOUT_EXCEPTIONS
from .drift import Kind as Drift
from .looks import MOST
from .messages import Fault
from .model import (
    ABSOLUTE,
    DUTIES,
    EVERY_KIND,
    FOLDER_ROLES,
    MAILBOX_ROLES,
    Audience,
    Circle,
    Content,
    Ending,
    Level,
    Rail,
    Reason,
    Role,
    Tie,
    Told,
)
from .periods import Every
from .policy import LOCAL, SHORTEST_RETENTION, SIZE
from .shape import Choice, Day, Flag, ListOf, MapOf, Number, Record, Text

if TYPE_CHECKING:
    from .shape import Shape

KINDS = ("committee", "office", "department", "agency", "district", "commune", "centre", "organisation")
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_CODE = re.compile(r"[a-z][a-z0-9-]{0,31}")
_PERSON = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")
_UID = r"[a-z0-9][a-z0-9-]{0,63}"
_MAILBOX = re.compile(_UID)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
HOLDER = re.compile(
    rf"(?:person|mailbox|list):{_UID}"
    rf"(?: (?:retired|alias(?: since {_DAY})?(?: until {_DAY})?)|(?: since {_DAY})?(?: again {_DAY})*)"
)
_FORM = "a form, such as '{full}{n}@{domain}'"

_cite = Text("the article that the rule rests on, such as 'TTH Điều 4'")
_decision = Text("the decision, by its number and issuer")
_code = Text("a code of lower-case letters, digits and hyphens", _CODE, "For example snv, or phong-tccb.")
_person = Text("a staff number in lower case", _PERSON, "For example tth00123.")
_domain = Text("a mail domain", _DOMAIN, "For example thuathienhue.gov.vn.")
_name = Text("a name, with its accents")
_title = Text("the title of the post")
_given = Text("the given name, where it is not the last word of the name, as in Y Bhĩm Niê")
_address = Text(
    "an address in lower case, without accents",
    re.compile(f"{LOCAL.pattern}@{_DOMAIN.pattern}"),
    "For example snv@thuathienhue.gov.vn.",
)
_size = Text("a size", SIZE, "For example 500 MiB or 2 GiB.")
_level = Choice("a right in a shared mailbox", tuple(Level))
_public_role = Choice("a role of somebody who acts for an agency or unit", (Role.HEAD, Role.DEPUTY, Role.CLERK))

_folder = Text("the name of a folder")
_mailbox = Text("the name of a shared mailbox, such as snv or snv-vp", _MAILBOX)
_clock = Text("a time of the day", re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00"), "For example 07:30.")

_days = {"since": Day("the first day"), "until": Day("the first day on which it no longer holds")}
_grant = Record(
    "a person's id, or 'person' with the days and the decision",
    required={"person": _person},
    optional={**_days, "decision": _decision},
    lone="person",
)
_successor = Record(
    "a person's id, or 'person' with the days on which the mail may be read, and the decision",
    required={"person": _person},
    optional={**_days, "decision": _decision},
    lone="person",
)
_stand_in = Record(
    "a person's id, or 'person' with the days in the head's place, and the decision",
    required={"person": _person},
    optional={**_days, "decision": _decision},
    lone="person",
)
_share = Record(
    "a person's id, or one of 'person', 'unit' and 'agency' with the days and the decision",
    required={},
    optional={"person": _person, "unit": _code, "agency": _code, **_days, "decision": _decision},
    lone="person",
)
_head = {Role.HEAD.value: ListOf("the id of whoever is in charge, also for the time being", _grant, single=True)}
_helpers = {
    Role.DEPUTY.value: ListOf("the deputies' ids", _grant),
    Role.CLERK.value: ListOf("the clerks' ids (văn thư)", _grant),
    Role.READER.value: ListOf("the ids of those who only read", _grant),
}
_shares = {
    Role.MANAGER.value: ListOf("who manages the folder", _share),
    Role.WRITER.value: ListOf("who reads and writes in it", _share),
    Role.READER.value: ListOf("who only reads it", _share),
}
_those: dict[str, Shape] = {
    "agency": _code,
    "kind": Choice("a kind of agency", KINDS),
    "unit": _code,
    "title": _title,
    "role": Choice("a role in the agency's own mailbox, or in the unit's", (Role.HEAD, Role.DEPUTY, Role.CLERK)),
    **_days,
    "decision": _decision,
}
_list: dict[str, Shape] = {
    "name": _name,
    "members": ListOf(
        "who gets the letters",
        Record(
            "a person's id, 'mailbox', or the conditions that people meet",
            {},
            {
                "person": _person,
                "mailbox": _mailbox,
                **_those,
            },
            lone="person",
        ),
    ),
    "senders": ListOf(
        "who may write to it",
        Record(
            "'anyone', 'inside' or 'members', or 'person', or the conditions that people meet",
            {},
            {"circle": Choice("a circle of senders", tuple(Circle)), "person": _person, **_those},
            lone="circle",
        ),
        single=True,
    ),
}


def _rules(wanted: str, *, titles: bool = False) -> ListOf:
    """Describe naming rules: one, or several of which the first that fits holds."""
    conditions = {
        "kinds": ListOf("the kinds of agency it is for", Choice("a kind of agency", KINDS)),
        "agencies": ListOf("the codes of the agencies it is for", _code),
    }
    if titles:
        conditions["titles"] = ListOf("the titles it is for", Text("a title"))
    form = Text("a form, such as '{agency}.{root}'" if "domain" in wanted else _FORM)
    return ListOf(wanted, Record("a rule", {"cite": _cite, "form": form}, conditions), single=True)


def _windows(wanted: str) -> ListOf:
    """Describe the times of a working day at which a mailbox is looked into."""
    return ListOf(
        wanted,
        Record(
            "a part of the working day",
            {
                "name": Text("what people call that part of the day"),
                "from": _clock,
                "until": _clock,
                "times": Number("how many times at least", 1, MOST),
            },
        ),
    )


def _changes(wanted: str, **keys: Shape) -> ListOf:
    """Describe what is different from some day on."""
    required: dict[str, Shape] = {"since": Day("the first day on which it holds"), "decision": _decision}
    return ListOf(wanted, Record("a change", required, keys))


ESTATE = Record(
    "the estate",
    required={
        "name": Text("a short name of the estate, the mark on its directory entries", _CODE, "For example lab."),
        "title": _name,
        "domains": ListOf("the mail domains, the one that addresses get first", _domain),
        "suffix": Text(
            "the directory suffix",
            re.compile(r"(?:ou=[a-z0-9-]+,)?dc=[a-z0-9-]+(?:,dc=[a-z0-9-]+)*"),
            "Write dc=…,dc=…; a district within a bigger directory writes ou=…,dc=…,dc=…",
        ),
        "time_zone": Text("the time zone in which days begin, such as Asia/Ho_Chi_Minh"),
    },
    optional={"synthetic": Flag("true where the people are invented")},
)

POLICY = Record(
    "the regulation as rules",
    required={
        "regulation": Text("the regulation's number and title"),
        "agency_addresses": _rules("how an agency's address is made where none is printed"),
        "person_addresses": _rules("how a person's address is made", titles=True),
        "namesakes": Record(
            "how namesakes are told apart",
            {
                "cite": _cite,
                "append": ListOf(
                    "what follows the name, tried in this order", Text("a form of {letter}, {number} and {unit}")
                ),
            },
        ),
        "former_addresses": Record(
            "how long an address is delivered after another took its place",
            {"cite": _cite, "days": Number("a number of days", 0, 36500)},
        ),
        "reserved_addresses": Record(
            "what nobody is given",
            {"cite": _cite, "locals": ListOf("parts before the '@'", Text("a part before the '@'", LOCAL))},
        ),
        "shared_mailboxes": Record(
            "what each role may do in a shared mailbox",
            {
                "cite": _cite,
                **dict.fromkeys(MAILBOX_ROLES, _level),
                "send_as": ListOf("the rights that allow writing in the mailbox's name", _level),
            },
        ),
        "leave": Record(
            "what becomes of somebody on long leave",
            {
                "cite": _cite,
                "sign_in": Flag("whether the person may sign in"),
                "roles": Flag("whether the person keeps the roles in shared mailboxes"),
            },
        ),
        "quotas": Record("how much a mailbox holds", {"cite": _cite, "person": _size, "mailbox": _size}),
        "retention": Record(
            "how long mail is kept when its mailbox has closed",
            {"cite": _cite, "days": Number("a number of days", SHORTEST_RETENTION, 36500)},
            {"mailbox_days": Number("a number of days", SHORTEST_RETENTION, 36500)},
        ),
        "passwords": Record(
            "what a password must be",
            {
                "cite": _cite,
                "length": Number("the least number of characters", 8, 128),
                "upper": Number("the least number of capitals", 0, 8),
                "lower": Number("the least number of small letters", 0, 8),
                "digits": Number("the least number of digits", 0, 8),
                "special": Number("the least number of other characters", 0, 8),
                "change_at_first_sign_in": Flag("whether the first password must be changed"),
                "change_within_days": Number(
                    "the days until an unchanged first password locks its account, 0 for never", 0, 365
                ),
                "failures": Number("the wrong passwords in a row that lock a mailbox", 1, 100),
                "locked_minutes": Number("the minutes for which it stays locked", 1, 1440),
            },
        ),
    },
    optional={
        "handover": Record(
            "what follows when a shared mailbox gets another head",
            {"cite": _cite, "notify": Choice("whom a letter tells of it", tuple(Audience))},
        ),
        "agency_domains": _rules("the mail domain of each agency, if not the estate's first"),
        "unit_addresses": _rules("how the address of a unit's mailbox is made"),
        "list_addresses": _rules("how the address of an agency's list is made"),
        "shared_folders": Record(
            "what each role may do in a shared folder", {"cite": _cite, **dict.fromkeys(FOLDER_ROLES, _level)}
        ),
        "requests": Record(
            "how soon a change is to be asked for or carried out",
            {"cite": _cite, "working_days": Number("a number of working days", 1, 60)},
        ),
        "directory_site": Record(
            "which part of the directory the world may read",
            {
                "cite": _cite,
                "agencies": ListOf(
                    "'all', or the kinds of agency that are shown",
                    Choice("'all' or a kind of agency", (EVERY_KIND, *KINDS)),
                    single=True,
                ),
                "fields": ListOf("what is told besides names", Choice("a field of the directory", tuple(Told))),
            },
            {
                "roles": ListOf("the roles in the agency's own mailbox whose holders are named", _public_role),
                "unit_roles": ListOf("the roles in the mailboxes of units whose holders are named", _public_role),
                "titles": ListOf("the titles whose bearers are named", Text("a title")),
            },
        ),
        "documents": Record(
            "folders for incoming documents in each agency's own mailbox, year by year",
            {
                "cite": _cite,
                "folder": _folder,
                "stages": ListOf(
                    "the stages of a document, in their order",
                    Record(
                        "a stage",
                        {
                            "name": _folder,
                            "put": ListOf("the rights that put letters in", _level),
                            "take": ListOf("the rights that take letters out", _level),
                        },
                        {"units": Flag("whether each unit with a mailbox has a folder in it, which its people handle")},
                    ),
                ),
            },
            {
                "filing": ListOf(
                    "whose letters go into a folder of the year at once",
                    Record("a sender's domain and a folder", {"from": _domain, "folder": _folder}),
                ),
                "notices": ListOf(
                    "what writers to an agency are told on some days",
                    Record(
                        "a notice",
                        {
                            "since": Day("the first day"),
                            "until": Day("the first day on which it no longer holds"),
                            "subject": Text("the notice's subject"),
                            "text": Text("the notice's text, in one line"),
                        },
                    ),
                ),
            },
        ),
        "standing_in": Record(
            "what a deputy may do in the mailboxes of a head who is away and names the deputy",
            {"cite": _cite, "right": _level},
        ),
        "help": Record(
            "whom people turn to when something fails",
            {
                "cite": _cite,
                "contacts": ListOf(
                    "who helps, in the order in which they are asked",
                    Record(
                        "somebody who helps",
                        {"name": Text("who it is, as people know them")},
                        {"phone": Text("a telephone number or extension"), "address": _address},
                    ),
                ),
            },
        ),
        "large_files": Record(
            "what is too large for mail", {"cite": _cite, "way": Text("how it is sent instead, as a sentence")}
        ),
        "duties": Record("where the regulation says what people must do or not do", {}, dict.fromkeys(DUTIES, _cite)),
        "checking": Record(
            "how often a mailbox is looked into on a working day, and when",
            {
                "cite": _cite,
                "apart_minutes": Number("looks that follow each other within so many minutes are one", 1, 240),
                "person": _windows("when somebody looks into the own mailbox"),
                "mailbox": _windows("when somebody looks into a shared mailbox"),
            },
        ),
        "private_mail": Record(
            "mail services that are not for official work",
            {"cite": _cite, "domains": ListOf("their domains; those below them too", _domain)},
        ),
        "usage_data": Record(
            "how long it is known how often a mailbox was looked into",
            {"cite": _cite, "days": Number("a number of days", SHORTEST_RETENTION, 36500)},
        ),
        "reports": Record(
            "the periodic reports",
            {
                "cite": _cite,
                "sender": _mailbox,
                "recipients": ListOf("the shared mailboxes that get them", _mailbox),
                "periods": ListOf(
                    "the spans of time that they are about",
                    Record(
                        "a kind of report",
                        {
                            "every": Choice("how often", tuple(Every)),
                            "due_day": Number("the day of the following month before which it is there", 2, 28),
                        },
                    ),
                ),
                "contents": ListOf("what they tell", Choice("a part of a report", tuple(Content))),
            },
        ),
    },
)

_life: dict[str, Shape] = {
    "since": Day("the first day on which it exists"),
    "until": Day("the first day on which it no longer exists"),
    "until_decision": _decision,
}
_list_changes: dict[str, Shape] = {
    "changes": _changes("what is different from some day on, in their order", name=_name, account=_address),
}

AGENCY = Record(
    "an agency",
    required={
        "code": _code,
        "name": _name,
        "kind": Choice("a kind of agency", KINDS),
        "decision": _decision,
        **_head,
        "people": ListOf(
            "the agency's people",
            Record(
                "a post: who is what, where, since when",
                required={
                    "id": _person,
                    "name": _name,
                    "title": _title,
                    "since": Day("the first day in the post"),
                    "decision": _decision,
                },
                optional={
                    "given": _given,
                    "unit": _code,
                    "until": Day("the first day no longer in the post"),
                    "until_decision": _decision,
                    "ending": Choice("why the post ends", tuple(Ending)),
                    "successor": ListOf("who may read the mail that is kept", _successor, single=True),
                    "kind": Choice("how the post ties the person to the agency", tuple(Tie)),
                    "changes": _changes(
                        "what is different from some day on, in their order",
                        name=_name,
                        given=_given,
                        title=_title,
                        unit=_code,
                    ),
                    "absences": ListOf(
                        "long leaves, and journeys on duty",
                        Record(
                            "a leave",
                            {
                                "since": Day("the first day away"),
                                "decision": _decision,
                                "reason": Choice("a reason for leave", tuple(Reason)),
                            },
                            {
                                "until": Day("the first day back"),
                                "deputy": ListOf("who stands in for a head who is away", _stand_in, single=True),
                            },
                        ),
                    ),
                },
            ),
        ),
    },
    optional={
        "number": Number("the number in the regulation's printed list", 1, 9999),
        "account": _address,
        "parent": _code,
        "domain": _domain,
        **_life,
        "successor": _code,
        "changes": _changes(
            "what is different from some day on, in their order",
            name=_name,
            kind=Choice("a kind of agency", KINDS),
            parent=_code,
            domain=_domain,
            account=_address,
        ),
        **_helpers,
        "units": MapOf(
            "the agency's units",
            _code,
            Record(
                "a unit",
                {"name": _name},
                {
                    "decision": _decision,
                    **_life,
                    "changes": _changes("what is different from some day on, in their order", name=_name),
                    "mailbox": Record("the unit's mailbox", _head, {"account": _address, **_helpers}),
                },
                lone="name",
            ),
        ),
        "mailboxes": MapOf(
            "further mailboxes of several people",
            _code,
            Record("a shared mailbox", {"name": _name, "account": _address, **_head}, _helpers),
        ),
        "folders": MapOf(
            "shared folders",
            _code,
            Record("a shared folder", {"name": _name}, {"decision": _decision, **_shares}),
        ),
        "lists": MapOf(
            "the agency's distribution lists",
            _code,
            Record(
                "a distribution list", _list, {"account": _address, "decision": _decision, **_life, **_list_changes}
            ),
        ),
    },
)

HOLDS = MapOf(
    "mail that is not removed, whatever its term",
    Text("the id of a person or a shared mailbox", re.compile(_UID), "For example tth00123, or snv."),
    ListOf(
        "the holds on a mailbox",
        Record(
            "a hold",
            {
                "since": Day("the first day on which the mail must be there"),
                "decision": _decision,
                "reason": Text("why it must be there"),
            },
            {"until": Day("the first day on which it may go")},
        ),
        single=True,
    ),
)

LISTS = MapOf(
    "the estate's own distribution lists",
    _code,
    Record(
        "a distribution list of the estate",
        {**_list, "account": _address, "decision": _decision},
        {**_life, **_list_changes},
    ),
)

ADDRESSES = MapOf(
    "the address lock of one domain: who holds or ever held which address",
    Text("the part before the '@', in lower case without accents", LOCAL, "For example nguyenvanan."),
    Text(
        "the holder, and what the address is to it: 'since …', 'alias' or 'retired'",
        HOLDER,
        "For example person:tth00123, 'person:tth00123 since 2026-09-01', or 'person:tth00123 retired'.",
    ),
    twice=Fault.ADDRESS_TWICE,
)

CALENDAR = Record(
    "working days and days off that are not as the Labour Code has them",
    required={
        "days": ListOf(
            "the days, of which the last said holds",
            Record(
                "a day",
                {
                    "day": Day("the day"),
                    "works": Flag("true where agencies work on it, false where they do not"),
                    "decision": _decision,
                },
            ),
        )
    },
)

PROTECTED = MapOf(
    "accounts that no plan touches lightly",
    Text("the id of a person or a shared mailbox", re.compile(_UID), "For example tth00123, or snv."),
    Record("a protected account", {"cite": _cite, "reason": Text("why it is protected")}),
)

_login = Text(
    "a name by which the Git server knows somebody",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
    "For example nguyenvanan.",
)
_key = Text(
    "an SSH public key, as a file .pub has it",
    re.compile(r"(?:ssh-|ecdsa-sha2-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}(?: \S.*)?"),
    "For example 'ssh-ed25519 AAAA… nguyenvanan@thuathienhue.gov.vn'.",
)

APPROVERS = Record(
    "who may change what in the registry",
    required={
        "province": ListOf("who may change everything, and approves what is shared", _login),
        "people": MapOf(
            "whoever changes or approves something, by the name at the Git server",
            _login,
            Record(
                "somebody who changes or approves something",
                {"address": _address},
                {"keys": ListOf("the keys of the signatures", _key)},
            ),
        ),
    },
    optional={
        "agencies": MapOf(
            "who may change the file of an agency, besides the province, by the agency's code",
            _code,
            ListOf("who may change the agency's file", _login, single=True),
        ),
        "signed": Flag("whether commits are signed; without it, they are"),
        "second_person": Flag("whether another merges than who wrote; without it, another does"),
        "forge": ListOf("the keys with which the Git server signs merges that its own rules have approved", _key),
    },
)

EXCEPTION = Record(
    "leave for a difference from Git to stay",
    required={
        "kind": Choice("a kind of difference", tuple(kind for kind in Drift if kind not in ABOUT_EXCEPTIONS)),
        "object": Text("what differs, as the report of differences names it; * stands for anything"),
        "decision": _decision,
        "reason": Text("why it may stay as it is"),
        "approved_by": Text("who answers for it, by name and post"),
        "expires": Day("the first day on which it accepts nothing any more"),
    },
    optional={"host": Text("on which host, as the report of differences names it; * stands for any")},
)
OVERRIDE = Record(
    "leave for one plan to pass safety rails",
    required={
        "plan": Text(
            "the plan's id, or at least 12 characters of its beginning",
            re.compile("[0-9a-f]{12,64}"),
            "Copy it from the first line that planning prints.",
        ),
        "rails": ListOf(
            "the rails that it lifts",
            Choice("a rail that an override lifts", tuple(rail for rail in Rail if rail not in ABSOLUTE)),
        ),
        "decision": _decision,
        "reason": Text("why the plan is right as it is"),
        "approved_by": Text("who answers for it, by name and post"),
        "expires": Day("the first day on which it lifts nothing any more"),
    },
)
