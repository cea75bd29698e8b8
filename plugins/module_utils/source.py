"""The registry's files, read: what they say, where they say it, and whether it fits together.

The files lie in one folder: ``estate.yml``, ``policy.yml``, ``agencies/<code>.yml``, ``addresses/<domain>.yml``.
"""

from __future__ import annotations

import gc
import re
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import pairwise
from shutil import which
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from yaml import MarkedYAMLError
from yaml.reader import ReaderError

from . import policy as rules
from .careers import careers
from .check import Draft, check
from .layout import ADDRESSES, AGENCY, ESTATE, POLICY
from .messages import Fault
from .model import (
    FOLDER_ROLES,
    MAILBOX_ROLES,
    Absence,
    Address,
    Agency,
    Ending,
    Estate,
    Grant,
    Level,
    Mailbox,
    Origin,
    Passwords,
    Policy,
    Post,
    Problem,
    Reason,
    Registry,
    RegistryError,
    Role,
    Rule,
    Standing,
    Tie,
    Unit,
    Version,
)
from .names import NameRefusedError, refuse
from .shape import Composer, Fields, MapOf, Reader, Record, hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from yaml import Node

_CONFLICT = re.compile(r"^<{7} ", re.MULTILINE)


def load(root: Path, *, locked: bool = True) -> Registry:
    """Read and check the registry below ``root``.

    With ``locked`` false, people and mailboxes may still lack an address: the allocator gives them one.
    Raises RegistryError with every problem found.
    """
    with _unswept():
        return _Reading(root).registry(locked=locked)


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


class _Reading:
    """One reading of the registry's files: what was found, and what is wrong with it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.draft = Draft()

    def registry(self, *, locked: bool) -> Registry:
        draft = self.draft
        self._refuse_strays()
        draft.estate = self._estate()
        draft.policy = self._policy()
        draft.agencies = self._agencies()
        draft.addresses = self._addresses()
        persons, seconds = careers(draft.agencies)
        self.problems += check(draft, persons, seconds, locked=locked)
        if self.problems or draft.estate is None or draft.policy is None:
            raise RegistryError(tuple(self.problems))
        return Registry(draft.estate, draft.policy, draft.agencies, persons, seconds, draft.addresses)

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
            self.problems.append(_not_yaml(file, text, error))
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
        for key in ("agency_domains", *rules.FORMS):
            _check_rules(key, fields.get(key, ()), reader)
        _check_marks(fields.get("namesakes", Fields(fields.node)), reader)
        sections = [section for section in fields.values() if isinstance(section, Fields)]
        if not fields.complete or not all(section.complete for section in sections):
            return None
        passwords = {key: value for key, value in fields["passwords"].items() if key != "cite"}
        shared, folders = fields["shared_mailboxes"], fields.get("shared_folders", {})
        naming = {key: tuple(map(_rule, fields.get(key, ()))) for key in ("agency_domains", *rules.FORMS)}
        return Policy(
            regulation=fields["regulation"],
            **naming,
            namesakes=tuple(fields["namesakes"]["append"]),
            former_days=fields["former_addresses"]["days"],
            reserved=frozenset(fields["reserved_addresses"]["locals"]),
            rights={role: Level(shared[role]) for role in MAILBOX_ROLES},
            folder_rights={role: Level(folders[role]) for role in FOLDER_ROLES if folders},
            send_as=frozenset(Level(level) for level in shared["send_as"]),
            leave_sign_in=fields["leave"]["sign_in"],
            leave_roles=fields["leave"]["roles"],
            person_quota=rules.size(fields["quotas"]["person"]),
            mailbox_quota=rules.size(fields["quotas"]["mailbox"]),
            retention_days=fields["retention"]["days"],
            passwords=Passwords(**passwords),
            cites={
                **{key: "; ".join(rule.cite for rule in found) for key, found in naming.items() if found},
                **{key: section["cite"] for key, section in fields.items() if isinstance(section, Fields)},
            },
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
                self.draft.all_agencies_read = False
            else:
                agencies[agency.code] = agency
        return agencies

    def _agency(self, fields: Fields, reader: Reader) -> Agency | None:
        code = fields.get("code", "")
        posts = tuple(self._posts(fields, reader))
        versions = _versions(fields, reader, ("name", "kind", "parent", "domain", "account"))
        _check_end(fields, reader)
        units = fields.get("units", Fields(fields.node))
        parts = {unit: _unit(unit, said, reader) for unit, said in units.items() if said.complete}
        mailboxes = tuple(self._mailboxes(code, versions, fields, reader))
        self.draft.mentioned.update(f"mailbox:{mailbox.uid}" for mailbox in mailboxes)
        self.draft.mentioned.update(f"mailbox:{uid}" for uid in fields.get("mailboxes", Fields(fields.node)).nodes)
        if not fields.complete:
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
            posts=posts,
            origin=reader.origin(fields.nodes["code"]),
        )

    def _mailboxes(self, code: str, versions: tuple[Version, ...], fields: Fields, reader: Reader) -> Iterator[Mailbox]:
        """Yield the agency's own mailbox, those of its units, further ones, and its folders."""
        own = fields.nodes.get("account", fields.nodes.get("name", fields.node))
        yield _mailbox(code, code, versions, fields, reader, origin=reader.origin(own), life=fields)
        for unit, said in fields.get("units", {}).items():
            box = said.get("mailbox")
            if box is not None:
                named = _versions(said, reader, ("name",), quiet=True)
                named = tuple(replace(version, account=box.get("account")) for version in named)
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

    def _posts(self, fields: Fields, reader: Reader) -> Iterator[Post]:
        units = fields.get("units", Fields(fields.node)).nodes
        agency = fields.get("code", "")
        for said in fields.get("people", ()):
            if "id" in said:
                self.draft.mentioned.add(f"person:{said['id']}")
            for told in (said, *said.get("changes", ())):
                if "name" in told and not _is_name(told, reader):
                    self.draft.nameless.add(said.get("id", ""))
                unit = told.get("unit")
                if unit is not None and unit not in units:
                    reader.note(Fault.UNKNOWN_UNIT, told.nodes["unit"], unit=unit, hint=hint(unit, units))
            if "until_decision" in said.nodes and "until" not in said.nodes:
                reader.note(Fault.END_WITHOUT_DAY, said.nodes["until_decision"])
            if "ending" in said.nodes and "until" not in said.nodes:
                reader.note(Fault.ENDING_WITHOUT_DAY, said.nodes["ending"])
            if not said.complete or _backwards(said, reader):
                self.draft.unread.add((agency, said.get("id", "")))
                continue
            yield from _post(said, agency, reader)

    def _addresses(self) -> dict[str, tuple[Address, ...]]:
        held: dict[str, list[Address]] = {}
        for file in self._files("addresses"):
            domain = file.removeprefix("addresses/").removesuffix(".yml")
            if not self.draft.owns(domain):
                self.problems.append(self.draft.foreign(domain, Origin(file, 1)))
            read = self._read(file, ADDRESSES)
            if read is None or not read[0].complete:
                self.draft.all_addresses_read = False
            if read is None:
                continue
            fields, reader = read
            for before, local in pairwise(fields.nodes):
                if local < before:
                    reader.note(Fault.UNSORTED, fields.nodes[local], local=local, before=before)
            for local, line in fields.items():
                address = _address(f"{local}@{domain}", line, fields.nodes[local], reader)
                if address is not None:
                    held.setdefault(address.holder, []).append(address)
        return {holder: tuple(sorted(lines, key=_rank)) for holder, lines in sorted(held.items())}


_STANDINGS = tuple(Standing)


def _rank(line: Address) -> tuple[object, ...]:
    return _STANDINGS.index(line.standing), line.starts[0] or date.min, line.address


def _address(address: str, line: str, node: Node, reader: Reader) -> Address | None:
    holder, *words = line.split(" ")
    standing = Standing(words.pop(0)) if words and words[0] in _STANDINGS else Standing.PRIMARY
    days: dict[str, list[date]] = {"since": [], "until": [], "again": []}
    for word, day in zip(words[::2], words[1::2], strict=True):
        try:
            days[word].append(date.fromisoformat(day))
        except ValueError:
            reader.note(Fault.BAD_DAY, node, value=day)
            return None
    starts = (days["since"][0] if days["since"] else None, *days["again"])
    until = days["until"][0] if days["until"] else None
    return Address(address, holder, standing, starts, until, reader.origin(node))


def _rule(said: Fields) -> Rule:
    conditions = {key: frozenset(said.get(key, ())) for key in ("kinds", "agencies", "titles")}
    return Rule(said.get("form", ""), said.get("cite", ""), **conditions)


def _check_rules(key: str, found: Sequence[Fields], reader: Reader) -> None:
    """See that the rules of one kind make addresses or domains, and that there is one for all at the end alone."""
    for place, said in enumerate(found, 1):
        if "form" in said:
            parts = rules.FORMS.get(key)
            fault = rules.fault_of_form(said["form"], parts) if parts else rules.fault_of_domain(said["form"])
            known = ", ".join(f"{{{part}}}" for part in parts or rules.AGENCY_PARTS)
            if fault:
                kind = Fault.BAD_FORM if parts else Fault.BAD_DOMAIN_FORM
                reader.note(kind, said.nodes["form"], form=said["form"], fault=fault, parts=known)
        if _rule(said).is_for_all and place < len(found):
            reader.note(Fault.RULE_NEVER_USED, found[place].node)
        elif not _rule(said).is_for_all and place == len(found):
            reader.note(Fault.NO_LAST_RULE, said.node)


def _check_marks(said: Fields, reader: Reader) -> None:
    forms = said.get("append", [])
    for place, form in enumerate(forms, 1):
        if fault := rules.fault_of_mark(form, last=place == len(forms)):
            reader.note(Fault.BAD_MARK, said.nodes["append"], form=form, fault=fault)


def _is_name(said: Fields, reader: Reader) -> bool:
    try:
        refuse(said["name"])
    except NameRefusedError as error:
        fault = Fault.LEGACY_NAME if error.legacy else Fault.BAD_NAME
        reader.note(fault, said.nodes["name"], name=said["name"], offender=error.offender)
        return False
    return True


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


def _changes(said: Fields, reader: Reader, keys: tuple[str, ...], *, quiet: bool = False) -> list[Fields]:
    """Return the changes that can be used: in the order of their days, within the life of what changes."""
    usable: list[Fields] = []
    earliest, latest = said.get("since"), said.get("until")
    for change in said.get("changes", ()):
        if not change.complete:
            continue
        since = change["since"]
        if (earliest and since <= earliest) or (latest and since >= latest):
            if not quiet:
                after = earliest or "the beginning"
                before = f", or not before {latest}" if latest and since >= latest else ""
                reader.note(Fault.CHANGE_OUTSIDE, change.nodes["since"], since=since, after=after, before=before)
            continue
        if not quiet and not any(key in change.nodes for key in keys):
            reader.note(Fault.CHANGES_NOTHING, change.node, keys=", ".join(keys))
        earliest = since
        usable.append(change)
    return usable


def _versions(said: Fields, reader: Reader, keys: tuple[str, ...], *, quiet: bool = False) -> tuple[Version, ...]:
    """Return an agency or a unit as it is called from the beginning, then from each change on."""
    told = {key: said.get(key) for key in keys}
    name = told.pop("name") or ""
    decision = said.get("decision", "")
    first = said.nodes.get("name", said.node)
    found = [Version(None, name, decision, reader.origin(first), **{"kind": "", **_given(told)})]
    for change in _changes(said, reader, keys, quiet=quiet):
        different = _given({key: change.get(key) for key in keys})
        found.append(
            replace(
                found[-1],
                since=change["since"],
                decision=change["decision"],
                origin=reader.origin(change.nodes["since"]),
                **different,
            )
        )
    return tuple(found)


def _given(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value is not None}


def _unit(code: str, said: Fields, reader: Reader) -> Unit:
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
        named = [key for key in ("person", "unit", "agency") if key in said.nodes]
        if len(named) != 1:
            reader.note(Fault.WHOSE_ROLE, said.node)
        elif said.complete and named[0] in said and not _backwards(said, reader):
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
    for change in _changes(said, reader, ("name", "title", "unit")):
        yield replace(post, until=change["since"], until_decision="", ending=None)
        post = replace(
            post,
            since=change["since"],
            decision=change["decision"],
            continues=True,
            origin=reader.origin(change.nodes["since"]),
            **_given({key: change.get(key) for key in ("name", "title", "unit")}),
        )
    yield post


def _absences(said: Fields, reader: Reader) -> Iterator[Absence]:
    back, end = said["since"], said.get("until")
    for leave in said.get("absences", ()):
        if not leave.complete or _backwards(leave, reader):
            continue
        if back is None or leave["since"] < back or (end and (leave.get("until") or end) > end):
            until = f" and ends on {end}" if end else ""
            reader.note(Fault.ABSENCE_OUTSIDE, leave.nodes["since"], since=said["since"], until=until)
            continue
        back = leave.get("until")
        yield Absence(
            leave["since"], back, Reason(leave["reason"]), leave["decision"], reader.origin(leave.nodes["since"])
        )


def _not_yaml(file: str, text: str, error: MarkedYAMLError) -> Problem:
    if conflict := _CONFLICT.search(text):
        return Fault.MERGE_CONFLICT.at(_place(file, text[: conflict.start()]))
    mark = error.problem_mark or error.context_mark
    place = Origin(file, mark.line + 1, mark.column + 1) if mark else Origin(file, 1)
    return Fault.SYNTAX.at(place, fault=error.problem or error.context)


def _place(file: str, before: str) -> Origin:
    """Return the place that follows the text ``before``."""
    return Origin(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


class CommitError(Exception):
    """Git does not say at which commit the registry stands: why, and what to do about it."""


def commit_of(root: Path) -> str:
    """Return the Git commit that the registry stands at.

    Empty outside Git; with `+dirty` behind it where a file below ``root`` differs from the commit.
    Raises CommitError where Git refuses to answer, for example because the files are another user's.
    """
    if not any((folder / ".git").exists() for folder in (root.resolve(), *root.resolve().parents)):
        return ""
    commit = _git(root, "rev-parse", "HEAD")
    return f"{commit}+dirty" if _git(root, "status", "--porcelain", "--", ".") else commit


def _git(root: Path, *words: str) -> str:
    git = which("git")
    if git is None:
        message = f"{root} is kept in Git, but there is no git here to tell its commit. Install it where this runs."
        raise CommitError(message)
    try:
        return subprocess.run([git, "-C", str(root), *words], check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 -- fixed words
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[0].rstrip(".")
        remedy = f"Run 'git -C {root} status' as the same user, and follow what it says."
        message = f"Git does not tell the commit of {root}: {said}. {remedy}"
        raise CommitError(message) from error
