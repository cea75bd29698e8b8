"""The registry's files: their shape, and the checks that no single file can answer.

Nothing else in the engine knows YAML or where the files lie.
"""

from __future__ import annotations

import gc
import json
import re
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from shutil import which
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from yaml import MarkedYAMLError
from yaml.reader import ReaderError

from . import policy as rules
from .messages import Fault
from .model import (
    Address,
    Agency,
    Estate,
    Grant,
    Level,
    Mailbox,
    Origin,
    Passwords,
    Policy,
    Post,
    Problem,
    Registry,
    RegistryError,
    Role,
    Sequence,
    Standing,
    Unit,
)
from .names import NameRefusedError, refuse
from .shape import Choice, Composer, Day, Fields, Flag, ListOf, MapOf, Number, Reader, Record, Text, hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from yaml import Node

# --- The shape of the files -------------------------------------------------------------------------------------------

_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_CODE = re.compile(r"[a-z][a-z0-9-]{0,31}")
_PERSON = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")
_HOLDER = re.compile(r"(?P<holder>(?:person|mailbox):[a-z0-9][a-z0-9-]{0,31})(?: (?P<standing>alias|retired))?")

_cite = Text("the article that the rule rests on, such as 'TTH Điều 4'")
_decision = Text("the decision, by its number and issuer")
_code = Text("a code of lower-case letters, digits and hyphens", _CODE, "For example snv, or phong-tccb.")
_person = Text("a staff number in lower case", _PERSON, "For example tth00123.")
_domain = Text("a mail domain", _DOMAIN, "For example thuathienhue.gov.vn.")
_name = Text("a name, with its accents")
_address = Text(
    "an address in lower case, without accents",
    re.compile(f"{rules.LOCAL.pattern}@{_DOMAIN.pattern}"),
    "For example snv@thuathienhue.gov.vn.",
)
_size = Text("a size", rules.SIZE, "For example 500 MiB or 2 GiB.")
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
            {"cite": _cite, "locals": ListOf("parts before the '@'", Text("a part before the '@'", rules.LOCAL))},
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
            {"cite": _cite, "days": Number("a number of days", rules.SHORTEST_RETENTION, 36500)},
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
    Text("the part before the '@', in lower case without accents", rules.LOCAL, "For example nguyenvanan."),
    Text(
        "the holder, and 'alias' or 'retired' if it is not the primary address",
        _HOLDER,
        "For example person:tth00123, or 'person:tth00123 retired'.",
    ),
    twice=Fault.ADDRESS_TWICE,
)


def schema_files() -> dict[str, str]:
    """Return the JSON Schemas of the four kinds of files, for editors, by file name."""
    shapes: Mapping[str, Record | MapOf] = {
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


# --- Reading ----------------------------------------------------------------------------------------------------------


def load(root: Path, *, locked: bool = True) -> Registry:
    """Read and check the registry below ``root``.

    With ``locked`` false, people and mailboxes may still lack an address: the allocator gives them one.
    Raises RegistryError with every problem found.
    """
    with _unswept():
        return _Load(root).registry(locked=locked)


@contextmanager
def _unswept() -> Iterator[None]:
    """Keep the garbage collector out: millions of small objects and no cycle among them cost it 40 % of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Load:
    """One reading of the registry: what was found, and what is wrong with it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        # After a fault, what would only follow from it is not reported: a person whose line is unreadable is not
        # also missing from the lock.
        self.mentioned: set[str] = set()  # people and mailboxes by holder, readable or not
        self.unread: set[tuple[str, str]] = set()  # agency and person of each post that could not be read
        self.all_agencies_read = True
        self.all_addresses_read = True

    def registry(self, *, locked: bool) -> Registry:
        self._refuse_strays()
        estate = self._estate()
        policy = self._policy()
        agencies = self._agencies()
        addresses = self._addresses(estate)
        persons = self._persons(agencies)
        self._check_agencies(agencies, estate)
        self._check_uids(agencies)
        self._check_grants(agencies, persons)
        self._check_lock(agencies, persons, addresses, locked=locked)
        if self.problems or estate is None or policy is None:
            raise RegistryError(tuple(self.problems))
        return Registry(estate, policy, agencies, persons, addresses)

    # Files

    def _refuse_strays(self) -> None:
        for path in sorted(self.root.rglob("*")):
            parts = path.relative_to(self.root).parts
            known = (
                parts in (("estate.yml",), ("policy.yml",), ("agencies",), ("addresses",))
                or (len(parts) == 2 and parts[0] in ("agencies", "addresses") and path.suffix == ".yml")  # noqa: PLR2004
                or path.name == "README.md"
                or any(part.startswith(".") for part in parts)
            )
            if not known:
                self.problems.append(Fault.STRAY_FILE.at(Origin("/".join(parts), 1)))

    def _read(self, file: str, shape: Record | MapOf) -> tuple[Fields, Reader] | None:
        """Return what could be read of one file, or None after noting why there is nothing."""
        reader = Reader(file, self.problems)
        start = Origin(file, 1)
        try:
            content = (self.root / file).read_bytes()
        except FileNotFoundError:
            self.problems.append(Fault.MISSING_FILE.at(start))
            return None
        try:
            text = content.decode()
            node: Node | None = Composer(text).get_single_node()
        except UnicodeDecodeError as error:
            place = _place(file, content[: error.start].decode())
            self.problems.append(Fault.NOT_UTF8.at(place, byte=f"0x{content[error.start]:02x}"))
            return None
        except ReaderError as error:
            place = _place(file, text[: text.index(chr(error.character))])
            self.problems.append(Fault.CONTROL_CHARACTER.at(place, code=f"U+{error.character:04X}"))
            return None
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Origin(file, mark.line + 1, mark.column + 1) if mark else start
            self.problems.append(Fault.SYNTAX.at(place, fault=error.problem or error.context))
            return None
        if node is None:
            self.problems.append(Fault.EMPTY_FILE.at(start))
            return None
        fields = shape.read(node, reader)
        return None if fields is None else (fields, reader)

    def _files(self, folder: str) -> list[str]:
        return [f"{folder}/{path.name}" for path in sorted((self.root / folder).glob("*.yml"))]

    # One file at a time

    def _estate(self) -> Estate | None:
        read = self._read("estate.yml", ESTATE)
        if read is None:
            return None
        fields, reader = read
        if not fields.complete:
            return None
        try:
            zone = ZoneInfo(fields["time_zone"])
        except (KeyError, ValueError, OSError):
            reader.note(Fault.BAD_ZONE, fields.nodes["time_zone"], zone=fields["time_zone"])
            return None
        return Estate(
            name=fields["name"],
            title=fields["title"],
            domains=tuple(fields["domains"]),
            suffix=fields["suffix"],
            time_zone=zone,
            synthetic=fields.get("synthetic", False),
        )

    def _policy(self) -> Policy | None:
        read = self._read("policy.yml", POLICY)
        if read is None:
            return None
        fields, reader = read
        forms = {"person_addresses": rules.PERSON_PARTS, "agency_accounts": rules.ACCOUNT_PARTS}
        for key, parts in forms.items():
            section = fields.get(key, {})
            if "form" in section and (fault := rules.fault_of_form(section["form"], parts)):
                known = ", ".join(f"{{{part}}}" for part in (*parts, "domain"))
                reader.note(Fault.BAD_FORM, section.nodes["form"], form=section["form"], fault=fault, parts=known)
        sections = [section for section in fields.values() if isinstance(section, Fields)]
        if not fields.complete or not all(section.complete for section in sections):
            return None
        passwords = {key: value for key, value in fields["passwords"].items() if key != "cite"}
        shared = fields["shared_mailboxes"]
        return Policy(
            regulation=fields["regulation"],
            person_form=fields["person_addresses"]["form"],
            account_form=fields["agency_accounts"]["form"],
            namesakes=Sequence(fields["namesakes"]["append"]),
            reserved=frozenset(fields["reserved_addresses"]["locals"]),
            rights={role: Level(shared[role]) for role in Role},
            send_as=frozenset(Level(level) for level in shared["send_as"]),
            person_quota=rules.size(fields["quotas"]["person"]),
            mailbox_quota=rules.size(fields["quotas"]["mailbox"]),
            retention_days=fields["retention"]["days"],
            passwords=Passwords(**passwords),
            cites={key: section["cite"] for key, section in fields.items() if isinstance(section, Fields)},
        )

    def _agencies(self) -> dict[str, Agency]:
        agencies = {}
        files = self._files("agencies")
        if not files:
            self.problems.append(Fault.NO_AGENCY.at(Origin("agencies", 1)))
        for file in files:
            read = self._read(file, AGENCY)
            agency = self._agency(*read) if read else None
            if agency is None:
                self.all_agencies_read = False
            else:
                agencies[agency.code] = agency
        return agencies

    def _agency(self, fields: Fields, reader: Reader) -> Agency | None:
        posts = tuple(self._posts(fields, reader))
        own = self._mailbox(fields.get("code", ""), fields, reader)
        further = fields.get("mailboxes", Fields(fields.node))
        others = [self._mailbox(uid, said, reader) for uid, said in further.items() if said.complete]
        self.mentioned.update(f"mailbox:{uid}" for uid in (own.uid, *further.nodes))
        if not fields.complete:
            return None
        code = fields["code"]
        if reader.file != f"agencies/{code}.yml":
            name = reader.file.partition("/")[2]
            reader.note(Fault.FILE_NAME, fields.nodes["code"], file=name, code=code)
            return None
        units = fields.get("units", Fields(fields.node))
        return Agency(
            code=code,
            number=fields.get("number"),
            name=fields["name"],
            kind=fields["kind"],
            parent=fields.get("parent"),
            domain=fields.get("domain"),
            decision=fields["decision"],
            units={
                unit: Unit(unit, said["name"], said.get("decision", ""), reader.origin(units.nodes[unit]))
                for unit, said in units.items()
                if said.complete
            },
            mailboxes={mailbox.uid: mailbox for mailbox in (own, *others)},
            posts=posts,
            origin=reader.origin(fields.nodes["code"]),
        )

    def _posts(self, fields: Fields, reader: Reader) -> Iterator[Post]:
        units = fields.get("units", Fields(fields.node)).nodes
        agency = fields.get("code", "")
        for said in fields.get("people", ()):
            if "id" in said:
                self.mentioned.add(f"person:{said['id']}")
            if "name" in said:
                self._check_name(said, reader)
            unit = said.get("unit")
            if unit is not None and unit not in units:
                reader.note(Fault.UNKNOWN_UNIT, said.nodes["unit"], unit=unit, hint=hint(unit, units))
            if "until_decision" in said.nodes and "until" not in said.nodes:
                reader.note(Fault.END_WITHOUT_DAY, said.nodes["until_decision"])
            if not said.complete or self._backwards(said, reader):
                self.unread.add((agency, said.get("id", "")))
                continue
            yield Post(
                person=said["id"],
                name=said["name"],
                agency=agency,
                unit=unit,
                title=said["title"],
                since=said["since"],
                until=said.get("until"),
                decision=said["decision"],
                until_decision=said.get("until_decision", ""),
                origin=reader.origin(said.nodes["id"]),
            )

    def _mailbox(self, uid: str, fields: Fields, reader: Reader) -> Mailbox:
        roles = {
            role: tuple(
                Grant(
                    person=said["person"],
                    since=said.get("since"),
                    until=said.get("until"),
                    decision=said.get("decision", ""),
                    origin=reader.origin(said.nodes["person"]),
                )
                for said in fields.get(role, ())
                if said.complete and not self._backwards(said, reader)
            )
            for role in Role
        }
        node = fields.nodes.get("account", fields.nodes.get("name", fields.node))
        return Mailbox(uid, fields.get("name", ""), fields.get("account"), roles, reader.origin(node))

    @staticmethod
    def _check_name(said: Fields, reader: Reader) -> None:
        try:
            refuse(said["name"])
        except NameRefusedError as error:
            fault = Fault.LEGACY_NAME if error.legacy else Fault.BAD_NAME
            reader.note(fault, said.nodes["name"], name=said["name"], offender=error.offender)

    @staticmethod
    def _backwards(said: Fields, reader: Reader) -> bool:
        since, until = said.get("since"), said.get("until")
        if since is None or until is None or since < until:
            return False
        reader.note(Fault.BACKWARDS, said.nodes["until"], since=since, until=until)
        return True

    def _addresses(self, estate: Estate | None) -> dict[str, tuple[Address, ...]]:
        held: dict[str, list[Address]] = {}
        for file in self._files("addresses"):
            domain = file.removeprefix("addresses/").removesuffix(".yml")
            if estate and not any(f".{domain}".endswith(f".{known}") for known in estate.domains):
                domains = " or ".join(estate.domains)
                self.problems.append(Fault.FOREIGN_DOMAIN.at(Origin(file, 1), domain=domain, domains=domains))
            read = self._read(file, ADDRESSES)
            if read is None or not read[0].complete:
                self.all_addresses_read = False
            if read is None:
                continue
            fields, reader = read
            for before, local in pairwise(fields.nodes):
                if local < before:
                    reader.note(Fault.UNSORTED, fields.nodes[local], local=local, before=before)
            for local, line in fields.items():
                holder, _, standing = line.partition(" ")
                origin = reader.origin(fields.nodes[local])
                address = Address(f"{local}@{domain}", holder, Standing(standing or "primary"), origin)
                held.setdefault(holder, []).append(address)
        order = list(Standing)
        return {
            holder: tuple(sorted(lines, key=lambda line: (order.index(line.standing), line.address)))
            for holder, lines in sorted(held.items())
        }

    # All files together

    def _persons(self, agencies: Mapping[str, Agency]) -> dict[str, tuple[Post, ...]]:
        """Group the posts by person, and end each open one where the next begins."""
        posts: dict[str, list[Post]] = {}
        for agency in agencies.values():
            for post in agency.posts:
                posts.setdefault(post.person, []).append(post)
        return {person: self._career(posts[person]) for person in sorted(posts)}

    def _career(self, posts: list[Post]) -> tuple[Post, ...]:
        if len(posts) == 1:
            return tuple(posts)
        posts.sort(key=lambda post: (post.since, post.origin))
        career = []
        for post, following in pairwise(posts):
            facts = {"person": post.person, "other": post.origin}
            if following.since == post.since or (post.until and post.until > following.since):
                self.problems.append(Fault.TWO_POSTS.at(following.origin, since=following.since, **facts))
            if following.name != post.name:
                fault = Fault.TWO_NAMES.at(following.origin, name=following.name, other_name=post.name, **facts)
                self.problems.append(fault)
            career.append(post if post.until else replace(post, until=following.since))
        return (*career, posts[-1])

    def _check_agencies(self, agencies: Mapping[str, Agency], estate: Estate | None) -> None:
        numbers: dict[int, str] = {}
        for agency in agencies.values():
            if agency.number is not None and agency.number in numbers:
                facts = {"number": agency.number, "other": numbers[agency.number]}
                self.problems.append(Fault.NUMBER_TAKEN.at(agency.origin, **facts))
            elif agency.number is not None:
                numbers[agency.number] = agency.code
            domains = [mailbox.account.partition("@")[2] for mailbox in agency.mailboxes.values() if mailbox.account]
            domains += [agency.domain] if agency.domain else []
            for domain in sorted(set(domains)):
                if estate and not any(f".{domain}".endswith(f".{known}") for known in estate.domains):
                    facts = {"domain": domain, "domains": " or ".join(estate.domains)}
                    self.problems.append(Fault.FOREIGN_DOMAIN.at(agency.origin, **facts))
            self._check_parents(agency, agencies)

    def _check_parents(self, agency: Agency, agencies: Mapping[str, Agency]) -> None:
        chain = [agency.code]
        while (parent := agencies[chain[-1]].parent) is not None:
            if parent not in agencies:
                if len(chain) == 1 and self.all_agencies_read:
                    fault = Fault.UNKNOWN_PARENT.at(agency.origin, parent=parent, hint=hint(parent, agencies))
                    self.problems.append(fault)
                return
            chain.append(parent)
            if parent == agency.code:
                self.problems.append(Fault.CIRCULAR_PARENT.at(agency.origin, chain=" → ".join(chain)))
            if chain.count(parent) > 1:
                return

    def _check_uids(self, agencies: Mapping[str, Agency]) -> None:
        """Mail homes are named by uid, so people and mailboxes of all agencies share one set of names."""
        taken: dict[str, Origin] = {}
        for agency in agencies.values():
            for mailbox in agency.mailboxes.values():
                if mailbox.uid in taken:
                    facts = {"uid": mailbox.uid, "other": f"a mailbox at {taken[mailbox.uid]}"}
                    self.problems.append(Fault.UID_TAKEN.at(mailbox.origin, **facts))
                taken[mailbox.uid] = mailbox.origin
        for agency in agencies.values():
            for post in agency.posts:
                if post.person in taken:
                    facts = {"uid": post.person, "other": f"a mailbox at {taken[post.person]}"}
                    self.problems.append(Fault.UID_TAKEN.at(post.origin, **facts))

    def _check_grants(self, agencies: Mapping[str, Agency], persons: Mapping[str, tuple[Post, ...]]) -> None:
        for agency in agencies.values():
            careers: dict[str, list[Post]] = {}
            for post in agency.posts:
                careers[post.person] = [held for held in persons[post.person] if held.agency == agency.code]
            for mailbox in agency.mailboxes.values():
                for grant in (grant for grants in mailbox.roles.values() for grant in grants):
                    if (agency.code, grant.person) not in self.unread:
                        self._check_grant(grant, careers)
                self._check_together(mailbox)

    def _check_grant(self, grant: Grant, careers: Mapping[str, list[Post]]) -> None:
        """Whoever uses an agency's mailbox belongs to the agency (TTH Điều 9.1: `một số người trong đơn vị`)."""
        posts = careers.get(grant.person)
        if posts is None:
            near = get_close_matches(grant.person, careers, n=1, cutoff=0.9)
            meant = f" Did you mean '{near[0]}'?" if near else ""
            self.problems.append(Fault.NOBODY.at(grant.origin, person=grant.person, hint=meant))
        elif not any(_overlap(grant, post) for post in posts):
            self.problems.append(Fault.NEVER_THERE.at(grant.origin, person=grant.person, other=posts[0].origin))

    def _check_together(self, mailbox: Mailbox) -> None:
        """One head at a time, and each person in one role at a time."""
        heads = sorted(mailbox.roles[Role.HEAD], key=lambda grant: (grant.since or date.min, grant.origin))
        for earlier, later in pairwise(heads):
            if _overlap(earlier, later):
                facts = {"since": later.since or earlier.since or "the beginning", "other": earlier.origin}
                self.problems.append(Fault.TWO_HEADS.at(later.origin, **facts))
        named: dict[str, list[Grant]] = {}
        for grants in mailbox.roles.values():
            for grant in grants:
                for other in named.setdefault(grant.person, []):
                    if _overlap(grant, other) and not (grant in heads and other in heads):
                        facts = {"person": grant.person, "other": other.origin}
                        self.problems.append(Fault.TWICE_NAMED.at(grant.origin, **facts))
                named[grant.person].append(grant)

    def _check_lock(
        self,
        agencies: Mapping[str, Agency],
        persons: Mapping[str, tuple[Post, ...]],
        addresses: Mapping[str, tuple[Address, ...]],
        *,
        locked: bool,
    ) -> None:
        holders = {f"person:{person}": posts[0].origin for person, posts in persons.items()}
        for agency in agencies.values():
            holders |= {f"mailbox:{mailbox.uid}": mailbox.origin for mailbox in agency.mailboxes.values()}
        for holder, lines in addresses.items():
            if holder not in holders and holder not in self.mentioned and self.all_agencies_read:
                missing = [line.origin for line in lines if line.standing is not Standing.RETIRED]
                self.problems += [Fault.NO_HOLDER.at(origin, holder=_spoken(holder)) for origin in missing]
            primary = [line for line in lines if line.standing is Standing.PRIMARY]
            for line in primary[1:]:
                facts = {"holder": _spoken(holder), "other": primary[0].address}
                self.problems.append(Fault.SECOND_PRIMARY.at(line.origin, **facts))
        self._check_accounts(agencies, addresses)
        if locked and self.all_addresses_read:
            for holder, origin in holders.items():
                lines = addresses.get(holder, ())
                if not lines or lines[0].standing is not Standing.PRIMARY:
                    self.problems.append(Fault.NO_ADDRESS.at(origin, holder=_spoken(holder)))

    def _check_accounts(self, agencies: Mapping[str, Agency], addresses: Mapping[str, tuple[Address, ...]]) -> None:
        """See that an account which the registry names is its mailbox's primary address, and nobody else's."""
        taken = {line.address: line for lines in addresses.values() for line in lines}
        for mailbox in (mailbox for agency in agencies.values() for mailbox in agency.mailboxes.values()):
            account, holder = mailbox.account, f"mailbox:{mailbox.uid}"
            if account is None:
                continue
            line = taken.setdefault(account, Address(account, holder, Standing.PRIMARY, mailbox.origin))
            own = addresses.get(holder, ())
            facts = {"address": account, "standing": f"the {line.standing} address of", "holder": _spoken(line.holder)}
            if (line.holder, line.standing) != (holder, Standing.PRIMARY):
                self.problems.append(Fault.ADDRESS_TAKEN.at(mailbox.origin, other=line.origin, **facts))
            elif own and own[0].standing is Standing.PRIMARY and own[0].address != account:
                facts = {"account": account, "holder": _spoken(holder), "address": own[0].address}
                self.problems.append(Fault.OTHER_ACCOUNT.at(mailbox.origin, other=own[0].origin, **facts))


def _spoken(holder: str) -> str:
    """Return `person tn01` for `person:tn01`."""
    return holder.replace(":", " ")


def _place(file: str, before: str) -> Origin:
    """Return the place that follows the text ``before``."""
    return Origin(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _overlap(one: Grant | Post, other: Grant | Post) -> bool:
    """Say whether two half-open intervals share a day."""
    return (one.since or date.min) < (other.until or date.max) and (other.since or date.min) < (one.until or date.max)


# --- Git --------------------------------------------------------------------------------------------------------------


def commit_of(root: Path) -> str:
    """Return the Git commit that the registry stands at.

    Empty outside Git; with `+dirty` behind it where a file below ``root`` differs from the commit.
    """
    if not any((folder / ".git").exists() for folder in (root.resolve(), *root.resolve().parents)):
        return ""
    commit = _git(root, "rev-parse", "HEAD")
    return f"{commit}+dirty" if _git(root, "status", "--porcelain", "--", ".") else commit


def _git(root: Path, *words: str) -> str:
    command = [which("git") or "git", "-C", str(root), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 -- fixed words
