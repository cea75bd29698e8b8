"""From what could be read of the registry's files to the values that the engine works with.

What does not hold together within one file is noted here; whether files fit together is ``check``'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from yaml import MappingNode, ScalarNode, SequenceNode

from . import policy as rules
from .documents import Documents, Filing, Notice, Stage
from .looks import Checking, Window, minutes
from .messages import Fault
from .model import (
    EVERY_KIND,
    FOLDER_ROLES,
    MAILBOX_ROLES,
    Absence,
    Address,
    Agency,
    Approver,
    Approvers,
    Audience,
    Circle,
    Contact,
    Content,
    DirectorySite,
    Ending,
    Estate,
    Exceptional,
    Grant,
    Hold,
    Level,
    Mailbox,
    MailingList,
    Origin,
    Passwords,
    Policy,
    Post,
    Problem,
    Reason,
    Reports,
    Role,
    Rule,
    Standing,
    Those,
    Tie,
    Told,
    Unit,
    Version,
)
from .names import NameRefusedError, refuse
from .periods import MONTHS, Every
from .phrase import Phrase
from .shape import Fields, Reader, hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from yaml import Node


def estate(fields: Fields, reader: Reader) -> Estate | None:
    """Return the estate, or None after noting why there is none."""
    if reader.problems:
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


def policy(fields: Fields, reader: Reader) -> Policy | None:
    """Return the policy, or None after noting why there is none."""
    for key in ("agency_domains", *rules.FORMS):
        if key in fields:
            _check_rules(key, fields[key], fields.nodes[key], reader)
    _check_marks(fields.get("namesakes", Fields(fields.node)), reader)
    _check_documents(fields.get("documents", Fields(fields.node)), reader)
    _check_windows(fields.get("checking", Fields(fields.node)), reader)
    _check_reports(fields, reader)
    if reader.problems:
        return None
    passwords = {key: value for key, value in fields["passwords"].items() if key != "cite"}
    shared, folders = fields["shared_mailboxes"], fields.get("shared_folders", {})
    naming = {
        key: tuple(_rule(said, reader) for said in fields.get(key, ())) for key in ("agency_domains", *rules.FORMS)
    }
    return Policy(
        regulation=fields["regulation"],
        **naming,
        namesakes=tuple(fields["namesakes"]["append"]),
        former_days=fields["former_addresses"]["days"],
        reserved=frozenset(fields["reserved_addresses"]["locals"]),
        rights={
            **{role: Level(shared[role]) for role in MAILBOX_ROLES},
            **({Role.STAND_IN: Level(fields["standing_in"]["right"])} if "standing_in" in fields else {}),
        },
        folder_rights={role: Level(folders[role]) for role in FOLDER_ROLES if folders},
        send_as=frozenset(Level(level) for level in shared["send_as"]),
        handover=Audience(fields["handover"]["notify"]) if "handover" in fields else None,
        leave_sign_in=fields["leave"]["sign_in"],
        leave_roles=fields["leave"]["roles"],
        person_quota=rules.size(fields["quotas"]["person"]),
        mailbox_quota=rules.size(fields["quotas"]["mailbox"]),
        retention_days=fields["retention"]["days"],
        mailbox_retention_days=fields["retention"].get("mailbox_days", fields["retention"]["days"]),
        passwords=Passwords(**passwords),
        request_days=fields["requests"]["working_days"] if "requests" in fields else None,
        site=_site(fields["directory_site"]) if "directory_site" in fields else None,
        cites={
            **{key: "; ".join(rule.cite for rule in found) for key, found in naming.items() if found},
            **{key: said["cite"] for key, said in fields.items() if isinstance(said, Fields) and "cite" in said},
        },
        documents=_documents(fields["documents"]) if "documents" in fields else None,
        contacts=tuple(
            Contact(said["name"], said.get("phone", ""), said.get("address", ""))
            for said in fields.get("help", {}).get("contacts", ())
        ),
        large_files=fields["large_files"]["way"] if "large_files" in fields else "",
        duties=dict(fields.get("duties", {})),
        checking=_checking(fields["checking"]) if "checking" in fields else None,
        private_mail=frozenset(fields["private_mail"]["domains"]) if "private_mail" in fields else frozenset(),
        usage_days=fields["usage_data"]["days"] if "usage_data" in fields else 0,
        reports=_reports(fields["reports"], reader) if "reports" in fields else None,
    )


def _checking(said: Fields) -> Checking:
    windows = {
        whose: tuple(
            Window(window["name"], minutes(window["from"]), minutes(window["until"]), window["times"])
            for window in said[whose]
        )
        for whose in ("person", "mailbox")
    }
    return Checking(said["apart_minutes"], **windows)


def _check_windows(said: Fields, reader: Reader) -> None:
    """See that each window of the day ends after it begins, after the one before."""
    for whose in ("person", "mailbox"):
        before = ""
        for window in said.get(whose, ()):
            begin, end = window.get("from"), window.get("until")
            if begin and end and end <= begin:
                reader.note(Fault.BACKWARDS_HOURS, window.nodes["until"], begin=begin, end=end)
            elif begin and begin < before:
                reader.note(Fault.HOURS_MEET, window.nodes["from"], begin=begin, before=before)
            before = end or before


def _reports(said: Fields, reader: Reader) -> Reports:
    return Reports(
        sender=said["sender"],
        recipients=tuple(said["recipients"]),
        due={Every(period["every"]): period["due_day"] for period in said["periods"]},
        contents=frozenset(map(Content, said["contents"])),
        places={
            **dict.fromkeys(said["recipients"], reader.origin(said.nodes["recipients"])),
            said["sender"]: reader.origin(said.nodes["sender"]),
        },
    )


_RESTS_ON = {Content.USAGE: "checking", Content.RANKING: "checking", Content.PRIVATE_MAIL: "private_mail"}
_COUNTED = frozenset({Content.USAGE, Content.PRIVATE_MAIL, Content.STORAGE, Content.RANKING})
_DAYS_OF_MONTH = 31


def _check_reports(fields: Fields, reader: Reader) -> None:
    """See that what reports tell has a rule, and that what they are made of is still there when they are due."""
    said = fields.get("reports", Fields(fields.node))
    all_read = len(fields.nodes) == len(fields.node.value)  # or else a rule may be there under a wrong key
    contents = [Content(content) for content in said.get("contents", ())]
    for content in contents if all_read else ():
        if (rule := _RESTS_ON.get(content)) and rule not in fields.nodes:
            reader.note(Fault.NO_RULE_TO_TELL, said.nodes["contents"], content=content, rule=rule)
    if all_read and _COUNTED.intersection(contents) and "usage_data" not in fields.nodes:
        reader.note(Fault.NOTHING_KEPT, said.nodes["contents"])
    told: set[str] = set()
    for period in said.get("periods", ()):
        if (every := period.get("every")) and every in told:
            reader.note(Fault.PERIOD_TWICE, period.nodes["every"], every=every)
        told.add(every or "")
    kept = fields.get("usage_data", Fields(fields.node))
    longest = max(((MONTHS[Every(every)] + 1) * _DAYS_OF_MONTH for every in told if every), default=0)
    if "days" in kept and kept["days"] < longest and _COUNTED.intersection(contents):
        reader.note(Fault.KEPT_TOO_SHORT, kept.nodes["days"], days=kept["days"], least=longest)


def _documents(said: Fields) -> Documents:
    return Documents(
        folder=said["folder"],
        stages=tuple(
            Stage(stage["name"], tuple(stage["put"]), tuple(stage["take"]), units=stage.get("units", False))
            for stage in said["stages"]
        ),
        filing=tuple(Filing(filing["from"], filing["folder"]) for filing in said.get("filing", ())),
        notices=tuple(
            Notice(notice["since"], notice["until"], notice["subject"], notice["text"])
            for notice in said.get("notices", ())
        ),
    )


def _check_documents(said: Fields, reader: Reader) -> None:
    """See that each folder has a name of its own, and that notices end."""
    named: set[str] = set()
    told = [(said, "folder"), *((stage, "name") for stage in said.get("stages", ()))]
    for section, key in (*told, *((filing, "folder") for filing in said.get("filing", ()))):
        name = section.get(key)
        if name is not None and ("/" in name or name[0] in "~." or name in named):
            reader.note(Fault.BAD_FOLDER, section.nodes[key], name=name)
        named.add(name or "")
    for notice in said.get("notices", ()):
        _backwards(notice, reader)


def protected(fields: Fields, reader: Reader) -> dict[str, tuple[str, Origin]] | None:
    """Return why each account is protected, and where that is said; None where the file cannot be vouched for."""
    if not fields.complete or not all(said.complete for said in fields.values()):
        return None
    return {
        uid: (f"{said['reason']} ({said['cite']})", reader.origin(fields.nodes[uid])) for uid, said in fields.items()
    }


def approvers(fields: Fields, reader: Reader) -> Approvers | None:
    """Return who may change what; None where the file cannot be vouched for."""
    agencies = fields.get("agencies", Fields(fields.node))
    if reader.problems or not fields.complete:
        return None
    people = {
        login: Approver(
            login, said["address"], _bodies(said.get("keys", ())), reader.origin(fields["people"].nodes[login])
        )
        for login, said in fields["people"].items()
    }
    return Approvers(
        people=people,
        province=_logins(fields["province"], fields.nodes["province"], reader),
        agencies={code: _logins(said, agencies.nodes[code], reader) for code, said in agencies.items()},
        places={code: reader.origin(agencies.nodes[code]) for code in agencies},
        signed=fields.get("signed", True),
        second_person=fields.get("second_person", True),
        forge=_bodies(fields.get("forge", ())),
    )


def _logins(logins: Sequence[str], node: Node, reader: Reader) -> dict[str, Origin]:
    return dict.fromkeys(logins, reader.origin(node))


def _bodies(keys: Sequence[str]) -> tuple[str, ...]:
    """Leave out the comments of keys, by which nobody knows them."""
    return tuple(" ".join(key.split()[:2]) for key in keys)


@dataclass(slots=True)
class AgencyFile:
    """An agency's file: the agency if it can be vouched for, and whatever it names, readable or not."""

    agency: Agency | None = None
    code: str = ""
    mentioned: set[str] = field(default_factory=set)  # people, mailboxes, lists and units, by holder or `unit:snv/vp`
    names_all: bool = True  # no person, mailbox or list of the file is missing in ``mentioned``
    doubtful: set[str] = field(default_factory=set)  # people of whose posts here something is wrong


def agency_file(fields: Fields, reader: Reader) -> AgencyFile:
    """Return what an agency's file says."""
    found = AgencyFile(code=fields.get("code", ""), names_all=not reader.problems or _names_all(fields))
    found.agency = _agency(fields, reader, found)
    if found.agency is None:
        found.doubtful.update(said["id"] for said in fields.get("people", ()) if "id" in said)
    return found


def _names_all(fields: Fields) -> bool:
    """Say whether everybody in a faulty file, and every mailbox, can be known by name at least."""
    sections = [fields.get(key) for key in ("units", "mailboxes", "folders", "lists") if key in fields.nodes]
    people = fields.get("people", [])
    return (
        len(fields.nodes) == len(fields.node.value)
        and "people" in fields
        and all(section is not None and len(section.nodes) == len(section.node.value) for section in sections)
        and len(people) == len(fields.nodes["people"].value)
        and all("id" in said for said in people)
    )


def _whole(value: object, node: Node, apart: frozenset[str] = frozenset()) -> bool:
    """Say whether all that stands at a node could be read; what is ``apart`` need only have been begun."""
    if isinstance(value, Fields) and isinstance(value.node, MappingNode):
        is_read = value.complete and len(value) == len(value.nodes) == len(value.node.value)
        return is_read and all(_whole(value[key], below) for key, below in value.nodes.items() if key not in apart)
    if isinstance(value, list):
        below = node.value if isinstance(node, SequenceNode) else [node]
        return len(value) == len(below) and all(map(_whole, value, below))
    return True


# An agency can be vouched for even if something is wrong in these.
_PARTS = frozenset({"people", "units", "mailboxes", "folders", "lists", *MAILBOX_ROLES})


def _agency(fields: Fields, reader: Reader, found: AgencyFile) -> Agency | None:
    code = found.code
    is_whole = fields.complete and not (reader.problems and not _whole(fields, fields.node, apart=_PARTS))
    posts = tuple(_posts(fields, reader, found))
    before = len(reader.problems)
    versions = _versions(fields, reader, ("name", "kind", "parent", "domain", "account"), noted=True)
    if is_whole:
        _check_end(fields, reader)
    is_whole = is_whole and len(reader.problems) == before
    units = fields.get("units", Fields(fields.node))
    parts = {unit: _unit(unit, said, reader) for unit, said in units.items() if said.complete}
    for unit in units.nodes if reader.problems else ():
        found.mentioned.add(f"unit:{code}/{unit}")
        if unit not in units or "mailbox" in units[unit].nodes or not _whole(units[unit], fields.node):
            found.mentioned.add(f"mailbox:{code}-{unit}")
    mailboxes = tuple(_mailboxes(code, versions, parts, fields, reader))
    found.mentioned.update(f"mailbox:{mailbox.uid}" for mailbox in mailboxes)
    found.mentioned.update(f"mailbox:{uid}" for uid in fields.get("mailboxes", Fields(fields.node)).nodes)
    lists = {found_.uid: found_ for found_ in _lists(code, fields, reader)}
    found.mentioned.update(f"list:{code}-{name}" for name in fields.get("lists", Fields(fields.node)).nodes)
    if not is_whole:
        return None
    if reader.file != f"agencies/{code}.yml":
        name = reader.file.partition("/")[2]
        reader.note(Fault.FILE_NAME, fields.nodes["code"], file=name, code=code)
        return None
    return Agency(
        since=fields.get("since"),
        until=fields.get("until"),
        code=code,
        number=fields.get("number"),
        until_decision=fields.get("until_decision", ""),
        successor=fields.get("successor"),
        versions=versions,
        units=parts,
        mailboxes={mailbox.uid: mailbox for mailbox in mailboxes},
        lists=lists,
        posts=posts,
        origin=reader.origin(fields.nodes["code"]),
    )


def _mailboxes(
    code: str, versions: tuple[Version, ...], units: Mapping[str, Unit], fields: Fields, reader: Reader
) -> Iterator[Mailbox]:
    """Yield the agency's own mailbox, those of its units, further ones, and its folders."""
    own = fields.nodes.get("account", fields.nodes.get("name", fields.node))
    yield _mailbox(code, code, versions, fields, reader, origin=reader.origin(own), life=fields)
    for unit, said in fields.get("units", {}).items():
        box = said.get("mailbox")
        if box is not None and unit in units:
            named = tuple(replace(version, account=box.get("account")) for version in units[unit].versions)
            place = reader.origin(box.nodes.get("account", box.node))
            yield replace(_mailbox(f"{code}-{unit}", code, named, box, reader, origin=place, life=said), unit=unit)
    for uid, said in fields.get("mailboxes", {}).items():
        if said.complete:
            place = reader.origin(said.nodes["account"])
            version = Version(None, said["name"], fields.get("decision", ""), place, account=said["account"])
            yield _mailbox(uid, code, (version,), said, reader, origin=place, life=fields)
    for folder, said in fields.get("folders", {}).items():
        if said.complete:
            place = reader.origin(fields["folders"].nodes[folder])
            decision = said.get("decision", fields.get("decision", ""))
            version = Version(None, said["name"], decision, place)
            box = _mailbox(f"{code}-{folder}", code, (version,), said, reader, origin=place, life=fields)
            yield replace(box, folder=True)


def _lists(code: str, fields: Fields, reader: Reader) -> Iterator[MailingList]:
    """Yield an agency's lists."""
    for name, said in fields.get("lists", {}).items():
        if said.complete:
            decision = said.get("decision", fields.get("decision", ""))
            yield _list(name, said, reader, agency=code, decision=decision)


@dataclass(slots=True)
class ListsFile:
    """The estate's own lists; ``complete`` unless one of them could not be read."""

    lists: dict[str, MailingList]
    complete: bool


def lists_file(fields: Fields, reader: Reader) -> ListsFile:
    """Return what the file of the estate's own lists says."""
    found = {
        name: _list(name, said, reader, agency="", decision=said["decision"])
        for name, said in fields.items()
        if said.complete
    }
    return ListsFile(found, complete=fields.complete and len(found) == len(fields))


def _list(name: str, said: Fields, reader: Reader, *, agency: str, decision: str) -> MailingList:
    if not (reader.problems and not _whole(said, said.node)):
        _check_end(said, reader)
    versions = _versions(said, reader, ("name", "account"), noted=True)
    return MailingList(
        since=said.get("since"),
        until=said.get("until"),
        uid=f"{agency}-{name}" if agency else name,
        code=name,
        agency=agency,
        until_decision=said.get("until_decision", ""),
        versions=(replace(versions[0], decision=decision), *versions[1:]),
        members=tuple(_those(said["members"], agency, reader)),
        senders=tuple(_those(said["senders"], agency, reader)),
        origin=reader.origin(said.nodes.get("account", said.nodes["name"])),
    )


_CONDITIONS = ("agency", "kind", "unit", "title", "role")
_ONE = ("circle", "person", "mailbox")


def _those(found: Sequence[Fields], agency: str, reader: Reader) -> Iterator[Those]:
    """Yield whom a list names. In an agency's file conditions that name no agency are about this one."""
    for said in found:
        if reader.problems and not _whole(said, said.node):
            continue
        one = [key for key in _ONE if key in said]
        many = [key for key in _CONDITIONS if key in said]
        if len(one) > 1 or bool(one) is bool(many):
            reader.note(Fault.WHO_IS_MEANT, said.node)
            continue
        scope = said.get("agency", "" if one or "kind" in said else agency)
        if "unit" in said and not scope:
            reader.note(Fault.UNIT_OF_WHICH, said.nodes["unit"])
        elif not _backwards(said, reader):
            yield Those(
                since=said.get("since"),
                until=said.get("until"),
                circle=Circle(said["circle"]) if "circle" in said else None,
                person=said.get("person", ""),
                mailbox=said.get("mailbox", ""),
                agency=scope,
                kind=said.get("kind", ""),
                unit=said.get("unit", ""),
                title=said.get("title", ""),
                role=Role(said["role"]) if "role" in said else None,
                origin=reader.origin(said.nodes[(one or many)[0]]),
                places=_places(said, reader),
            )


def _posts(fields: Fields, reader: Reader, found: AgencyFile) -> Iterator[Post]:
    for said in fields.get("people", ()):
        if "id" in said:
            found.mentioned.add(f"person:{said['id']}")
        _check_units(said, _known_units(fields), reader)
        before = len(reader.problems)
        is_whole = said.complete and not (reader.problems and not _whole(said, said.node))
        _check_names(said, reader)
        if is_whole and "until" not in said:
            _check_no_end(said, reader)
        if "kind" in said and "successor" in said:
            reader.note(Fault.NOTHING_LEFT, said.nodes["successor"])
        if is_whole and not _backwards(said, reader):
            yield from _post(said, found.code, reader)
        if not is_whole or len(reader.problems) > before:
            found.doubtful.add(said.get("id", ""))


def _check_units(said: Fields, units: Mapping[str, Node] | None, reader: Reader) -> None:
    for told in (said, *said.get("changes", ())):
        unit = told.get("unit")
        if units is not None and unit is not None and unit not in units:
            reader.note(Fault.UNKNOWN_UNIT, told.nodes["unit"], unit=unit, hint=hint(unit, units))


def _check_names(said: Fields, reader: Reader) -> None:
    for told in (said, *said.get("changes", ())):
        if "name" in told:
            _check_name(told, reader)
        if "given" in told and "name" in said and told["given"] not in _runs(told.get("name", said["name"])):
            reader.note(Fault.NOT_IN_NAME, told.nodes["given"], given=told["given"])


def _check_no_end(said: Fields, reader: Reader) -> None:
    if "until_decision" in said:
        reader.note(Fault.END_WITHOUT_DAY, said.nodes["until_decision"])
    if "ending" in said:
        reader.note(Fault.ENDING_WITHOUT_DAY, said.nodes["ending"])
    if "successor" in said:
        reader.note(Fault.READER_WITHOUT_DAY, said.nodes["successor"])


def _known_units(fields: Fields) -> Mapping[str, Node] | None:
    """Return the units by their codes; None if not all codes can be read."""
    units: Fields | None = fields.get("units")
    if units is None:
        return None if "units" in fields.nodes or len(fields.nodes) < len(fields.node.value) else {}
    return units.nodes if len(units.nodes) == len(units.node.value) else None


def hold_file(fields: Fields, reader: Reader) -> dict[str, tuple[Hold, ...]]:
    """Return the holds on each mailbox, in the order of their days."""
    return {uid: tuple(sorted(_holds(said, reader), key=_beginning)) for uid, said in fields.items()}


def _holds(found: Sequence[Fields], reader: Reader) -> Iterator[Hold]:
    for said in found:
        if said.complete and not _backwards(said, reader):
            origin = reader.origin(said.nodes["since"])
            yield Hold(said["since"], said.get("until"), said["decision"], said["reason"], origin)


def _beginning(hold: Hold) -> tuple[object, ...]:
    return hold.since, hold.origin


def calendar_file(fields: Fields, _: Reader) -> dict[date, Exceptional]:
    """Return the days that are not as the Labour Code has them."""
    return {said["day"]: Exceptional(said["works"], said["decision"]) for said in fields["days"] if said.complete}


@dataclass(slots=True)
class AddressFile:
    """The lock of one domain; ``complete`` unless a line of it could not be read."""

    lines: tuple[Address, ...]
    complete: bool


def address_file(fields: Fields, reader: Reader) -> AddressFile:
    """Return what the lock of the domain says after which the file is called."""
    domain = reader.file.removeprefix("addresses/").removesuffix(".yml")
    for before, local in pairwise(fields.nodes):
        if local < before:
            reader.note(Fault.UNSORTED, fields.nodes[local], local=local, before=before)
    found = [address(f"{local}@{domain}", line, reader.origin(fields.nodes[local])) for local, line in fields.items()]
    lines = tuple(each for each in found if isinstance(each, Address))
    reader.problems += [each for each in found if isinstance(each, Problem)]
    return AddressFile(lines, fields.complete and len(lines) == len(found))


def address(address: str, line: str, origin: Origin) -> Address | Problem:
    """Return what a line of the lock says of an address, or what is wrong with it."""
    if " " not in line:  # as nearly all are
        return Address(address, line, Standing.PRIMARY, (None,), None, origin)
    holder, *words = line.split(" ")
    standing = Standing(words.pop(0)) if words[0] in tuple(Standing) else Standing.PRIMARY
    days: dict[str, list[date]] = {"since": [], "until": [], "again": []}
    for word, day in zip(words[::2], words[1::2], strict=True):
        try:
            days[word].append(date.fromisoformat(day))
        except ValueError:
            return Fault.BAD_DAY.at(origin, value=day)
    starts = (days["since"][0] if days["since"] else None, *days["again"])
    for earlier, later in pairwise(starts):
        if earlier and later and later <= earlier:
            return Fault.CHANGE_OUTSIDE.at(origin, since=later, after=earlier, before="")
    until = days["until"][0] if days["until"] else None
    if until and starts[0] and until <= starts[0]:
        return Fault.BACKWARDS.at(origin, since=starts[0], until=until)
    return Address(address, holder, standing, starts, until, origin)


def _site(said: Fields) -> DirectorySite:
    return DirectorySite(
        kinds=frozenset() if EVERY_KIND in said["agencies"] else frozenset(said["agencies"]),
        roles=tuple(map(Role, said.get("roles", ()))),
        unit_roles=tuple(map(Role, said.get("unit_roles", ()))),
        titles=tuple(said.get("titles", ())),
        told=frozenset(map(Told, said["fields"])),
    )


def _rule(said: Fields, reader: Reader) -> Rule:
    conditions = {key: frozenset(said.get(key, ())) for key in ("kinds", "agencies", "titles")}
    origin = reader.origin(said.nodes["agencies"]) if "agencies" in said else None
    return Rule(said.get("form", ""), said.get("cite", ""), **conditions, origin=origin)


def _check_rules(key: str, found: Sequence[Fields], node: Node, reader: Reader) -> None:
    """See that the rules of one kind make addresses or domains, and that there is one for all at the end alone."""
    is_whole = not reader.problems or _whole(found, node)
    for place, said in enumerate(found, 1):
        if "form" in said:
            parts = rules.FORMS.get(key)
            fault = rules.fault_of_form(said["form"], parts) if parts else rules.fault_of_domain(said["form"])
            known = ", ".join(f"{{{part}}}" for part in parts or rules.AGENCY_PARTS)
            if fault:
                kind = Fault.BAD_FORM if parts else Fault.BAD_DOMAIN_FORM
                reader.note(kind, said.nodes["form"], form=said["form"], fault=fault, parts=known)
        is_for_all = _rule(said, reader).is_for_all
        if is_whole and is_for_all and place < len(found):
            reader.note(Fault.RULE_NEVER_USED, found[place].node)
        elif is_whole and not is_for_all and place == len(found):
            reader.note(Fault.NO_LAST_RULE, said.node)


def _check_marks(said: Fields, reader: Reader) -> None:
    forms = said.get("append", [])
    for place, form in enumerate(forms, 1):
        if fault := rules.fault_of_mark(form, last=place == len(forms)):
            reader.note(Fault.BAD_MARK, said.nodes["append"], form=form, fault=fault)


def _runs(name: str) -> set[str]:
    """Return whatever words of a name stand side by side."""
    words = name.split(" ")
    return {" ".join(words[first:last]) for first in range(len(words)) for last in range(first + 1, len(words) + 1)}


def _check_name(said: Fields, reader: Reader) -> None:
    try:
        refuse(said["name"])
    except NameRefusedError as error:
        fault = Fault.LEGACY_NAME if error.legacy else Fault.BAD_NAME
        meant = Phrase("It most likely says '{words}'.", {"words": error.suggestion}) if error.suggestion else ""
        reader.note(fault, said.nodes["name"], name=said["name"], offender=error.offender, hint=meant)


def _backwards(said: Fields, reader: Reader) -> bool:
    since, until = said.get("since"), said.get("until")
    if since is None or until is None or since < until:
        return False
    reader.note(Fault.BACKWARDS, said.nodes["until"], since=since, until=until)
    return True


def _check_end(said: Fields, reader: Reader) -> None:
    """See that what ends does so on a day, by a decision."""
    _backwards(said, reader)
    if "until" in said and "until_decision" not in said.nodes:
        reader.note(Fault.END_WITHOUT_DECISION, said.nodes["until"], until=said["until"])
    if "until_decision" in said.nodes and "until" not in said.nodes:
        reader.note(Fault.END_WITHOUT_DAY, said.nodes["until_decision"])
    if "successor" in said.nodes and "until" not in said.nodes:
        reader.note(Fault.SUCCESSOR_WITHOUT_DAY, said.nodes["successor"])


def _changes(said: Fields, reader: Reader, keys: tuple[str, ...]) -> list[Fields]:
    """Return the changes that can be used: in the order of their days, within the life of what changes."""
    usable: list[Fields] = []
    earliest, latest = said.get("since"), said.get("until")
    for change in said.get("changes", ()):
        if not change.complete or (reader.problems and not _whole(change, change.node)):
            continue
        since = change["since"]
        if (earliest and since <= earliest) or (latest and since >= latest):
            after = earliest or Phrase("the beginning")
            before = Phrase(", or not before {day}", {"day": latest}) if latest and since >= latest else ""
            reader.note(Fault.CHANGE_OUTSIDE, change.nodes["since"], since=since, after=after, before=before)
            continue
        if not any(key in change.nodes for key in keys):
            reader.note(Fault.CHANGES_NOTHING, change.node, keys=", ".join(keys))
        earliest = since
        usable.append(change)
    return usable


def _versions(said: Fields, reader: Reader, keys: tuple[str, ...], *, noted: bool = False) -> tuple[Version, ...]:
    """Return an agency or a unit as it is called from the beginning, then from each change on.

    ``noted``: with the places of what is said.
    """
    told = {key: said.get(key) for key in keys}
    name = told.pop("name") or ""
    decision = said.get("decision", "")
    first = said.nodes.get("name", said.node)
    places = _places(said, reader) if noted else {}
    found = [Version(None, name, decision, reader.origin(first), **{"kind": "", **_given(told)}, places=places)]
    for change in _changes(said, reader, keys):
        different = _given({key: change.get(key) for key in keys})
        found.append(
            replace(
                found[-1],
                since=change["since"],
                decision=change["decision"],
                origin=reader.origin(change.nodes["since"]),
                places=_places(change, reader) if noted else {},
                **different,
            )
        )
    return tuple(found)


def _places(said: Fields, reader: Reader) -> dict[str, Origin]:
    return {key: reader.origin(node) for key, node in said.nodes.items() if isinstance(node, ScalarNode)}


def _given(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value is not None}


def _unit(code: str, said: Fields, reader: Reader) -> Unit:
    if not (reader.problems and not _whole(said, said.node)):
        _check_end(said, reader)
    return Unit(
        since=said.get("since"),
        until=said.get("until"),
        code=code,
        until_decision=said.get("until_decision", ""),
        versions=_versions(said, reader, ("name",)),
        origin=reader.origin(said.nodes["name"]),
    )


def _mailbox(  # noqa: PLR0913 -- what every kind of shared mailbox has
    uid: str, agency: str, versions: tuple[Version, ...], said: Fields, reader: Reader, *, origin: Origin, life: Fields
) -> Mailbox:
    return Mailbox(
        since=life.get("since"),
        until=life.get("until"),
        uid=uid,
        unit=None,
        folder=False,
        versions=versions,
        roles={role: tuple(_grants(said.get(role, ()), agency, reader)) for role in Role if role in said.nodes},
        origin=origin,
    )


def _grants(found: Sequence[Fields], agency: str, reader: Reader) -> Iterator[Grant]:
    for said in found:
        if not said.complete or (reader.problems and not _whole(said, said.node)):
            continue
        named = [key for key in ("person", "unit", "agency") if key in said]
        if len(named) != 1:
            reader.note(Fault.WHOSE_ROLE, said.node)
        elif not _backwards(said, reader):
            whom = said[named[0]]
            yield Grant(
                since=said.get("since"),
                until=said.get("until"),
                person=whom if named[0] == "person" else "",
                group={"person": "", "unit": f"unit:{agency}/{whom}", "agency": f"agency:{whom}"}[named[0]],
                decision=said.get("decision", ""),
                origin=reader.origin(said.nodes[named[0]]),
            )


def _post(said: Fields, agency: str, reader: Reader) -> Iterator[Post]:
    """Yield a post as it began, then as it is after each change."""
    absences = tuple(_absences(said, reader))
    post = Post(
        since=said["since"],
        until=said.get("until"),
        person=said["id"],
        name=said["name"],
        given=said.get("given", said["name"].split(" ")[-1]),
        agency=agency,
        unit=said.get("unit"),
        title=said["title"],
        tie=Tie(said.get("kind", Tie.MAIN)),
        decision=said["decision"],
        until_decision=said.get("until_decision", ""),
        ending=Ending(said["ending"]) if "ending" in said else None,
        absences=absences,
        continues=False,
        origin=reader.origin(said.nodes["id"]),
    )
    successors = tuple(_grants(said.get("successor", ()), agency, reader))
    for change in _changes(said, reader, ("name", "given", "title", "unit")):
        yield post._replace(until=change["since"], until_decision="", ending=None)
        post = post._replace(
            since=change["since"],
            decision=change["decision"],
            continues=True,
            origin=reader.origin(change.nodes["since"]),
            **_named(change, _given({key: change.get(key) for key in ("name", "title", "unit")})),
        )
    yield post._replace(successors=successors) if successors else post


def _named(change: Fields, different: dict[str, Any]) -> dict[str, Any]:
    """Add the given name to what is different: a new name has a new one, unless it is said."""
    if "given" in change:
        return {**different, "given": change["given"]}
    return {**different, "given": change["name"].split(" ")[-1]} if "name" in change else different


def _absences(said: Fields, reader: Reader) -> Iterator[Absence]:
    back, end = said["since"], said.get("until")
    for leave in said.get("absences", ()):
        if not leave.complete or _backwards(leave, reader):
            continue
        if back is None or leave["since"] < back or (end and (leave.get("until") or end) > end):
            until = Phrase(", and ends on {day}", {"day": end}) if end else ""
            reader.note(Fault.ABSENCE_OUTSIDE, leave.nodes["since"], since=said["since"], until=until)
            continue
        back = leave.get("until")
        yield Absence(
            leave["since"],
            back,
            Reason(leave["reason"]),
            leave["decision"],
            reader.origin(leave.nodes["since"]),
            deputies=tuple(_grants(leave.get("deputy", ()), "", reader)),
        )
