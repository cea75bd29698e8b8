"""The shape of the registry's files: their keys, and what may stand at each.

This one description reads the files and is their JSON Schema.
"""

from __future__ import annotations

import json
import re

from .messages import Fault
from .model import Level, Role, Sequence
from .policy import LOCAL, SHORTEST_RETENTION, SIZE
from .shape import Choice, Day, Flag, ListOf, MapOf, Number, Record, Text

_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_CODE = re.compile(r"[a-z][a-z0-9-]{0,31}")
_PERSON = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")
_HOLDER = re.compile(r"(?:person|mailbox):[a-z0-9][a-z0-9-]{0,31}(?: (?:alias|retired))?")

_cite = Text("the article that the rule rests on, such as 'TTH Điều 4'")
_decision = Text("the decision, by its number and issuer")
_code = Text("a code of lower-case letters, digits and hyphens", _CODE, "For example snv, or phong-tccb.")
_person = Text("a staff number in lower case", _PERSON, "For example tth00123.")
_domain = Text("a mail domain", _DOMAIN, "For example thuathienhue.gov.vn.")
_name = Text("a name, with its accents")
_address = Text(
    "an address in lower case, without accents",
    re.compile(f"{LOCAL.pattern}@{_DOMAIN.pattern}"),
    "For example snv@thuathienhue.gov.vn.",
)
_size = Text("a size", SIZE, "For example 500 MiB or 2 GiB.")
_level = Choice("a right in a shared mailbox", tuple(Level))

_grant = Record(
    "a person's id, or 'person' with the days and the decision",
    required={"person": _person},
    optional={
        "since": Day("the first day"),
        "until": Day("the first day on which it no longer holds"),
        "decision": _decision,
    },
    lone="person",
)
_head = {Role.HEAD.value: ListOf("the id of whoever is in charge, also for the time being", _grant, single=True)}
_helpers = {
    Role.DEPUTY.value: ListOf("the deputies' ids", _grant),
    Role.CLERK.value: ListOf("the clerks' ids (văn thư)", _grant),
    Role.READER.value: ListOf("the ids of those who only read", _grant),
}

ESTATE = Record(
    "the estate",
    required={
        "name": Text("a short name of the estate, the mark on its directory entries", _CODE, "For example lab."),
        "title": _name,
        "domains": ListOf("the mail domains, the one that addresses get first", _domain),
        "suffix": Text("the directory suffix", re.compile(r"dc=[a-z0-9-]+(?:,dc=[a-z0-9-]+)*"), "Write dc=…,dc=…"),
        "time_zone": Text("the time zone in which days begin, such as Asia/Ho_Chi_Minh"),
    },
    optional={"synthetic": Flag("true where the people are invented")},
)

POLICY = Record(
    "the regulation as rules",
    required={
        "regulation": Text("the regulation's number and title"),
        "person_addresses": Record(
            "how a person's address is made", {"cite": _cite, "form": Text("a form, such as '{full}{n}@{domain}'")}
        ),
        "agency_accounts": Record(
            "how an agency's address is made where none is printed",
            {"cite": _cite, "form": Text("a form, such as '{abbreviation}{n}@{domain}'")},
        ),
        "namesakes": Record(
            "how namesakes are told apart",
            {"cite": _cite, "append": Choice("what follows the name", tuple(Sequence))},
        ),
        "reserved_addresses": Record(
            "what nobody is given",
            {"cite": _cite, "locals": ListOf("parts before the '@'", Text("a part before the '@'", LOCAL))},
        ),
        "shared_mailboxes": Record(
            "what each role may do in a shared mailbox",
            {
                "cite": _cite,
                **dict.fromkeys(Role, _level),
                "send_as": ListOf("the rights that allow writing in the mailbox's name", _level),
            },
        ),
        "quotas": Record("how much a mailbox holds", {"cite": _cite, "person": _size, "mailbox": _size}),
        "retention": Record(
            "how long a leaver's mail is kept",
            {"cite": _cite, "days": Number("a number of days", SHORTEST_RETENTION, 36500)},
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
                "failures": Number("the wrong passwords in a row that lock a mailbox", 1, 100),
                "locked_minutes": Number("the minutes for which it stays locked", 1, 1440),
            },
        ),
    },
)

KINDS = ("department", "agency", "office", "district", "commune", "organisation")

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
                    "title": Text("the title of the post"),
                    "since": Day("the first day in the post"),
                    "decision": _decision,
                },
                optional={
                    "unit": _code,
                    "until": Day("the first day no longer in the post"),
                    "until_decision": _decision,
                },
            ),
        ),
    },
    optional={
        "number": Number("the number in the regulation's printed list", 1, 9999),
        "account": _address,
        "parent": _code,
        "domain": _domain,
        **_helpers,
        "units": MapOf(
            "the agency's units",
            _code,
            Record("a unit", {"name": _name}, {"decision": _decision}, lone="name"),
        ),
        "mailboxes": MapOf(
            "further mailboxes of several people",
            _code,
            Record("a shared mailbox", {"name": _name, "account": _address, **_head}, _helpers),
        ),
    },
)

ADDRESSES = MapOf(
    "the address lock of one domain: who holds or ever held which address",
    Text("the part before the '@', in lower case without accents", LOCAL, "For example nguyenvanan."),
    Text(
        "the holder, and 'alias' or 'retired' if it is not the primary address",
        _HOLDER,
        "For example person:tth00123, or 'person:tth00123 retired'.",
    ),
    twice=Fault.ADDRESS_TWICE,
)


def schema_files() -> dict[str, str]:
    """Return the JSON Schemas of the four kinds of files, for editors, by file name."""
    shapes: dict[str, Record | MapOf] = {
        "estate": ESTATE,
        "policy": POLICY,
        "agency": AGENCY,
        "addresses": ADDRESSES,
    }
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        f"{name}.schema.json": json.dumps({**dialect, **shape.schema()}, ensure_ascii=False, indent=2) + "\n"
        for name, shape in shapes.items()
    }
