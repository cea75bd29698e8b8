"""The registry's files, read: what they say, where they say it, and whether it fits together.

The files lie in one folder: ``estate.yml``, ``policy.yml``, ``agencies/<code>.yml``, ``addresses/<domain>.yml``.
"""

from __future__ import annotations

import gc
import re
import subprocess
from contextlib import contextmanager
from itertools import pairwise
from shutil import which
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from yaml import MarkedYAMLError
from yaml.reader import ReaderError

from . import policy as rules
from .check import Draft, careers, check
from .layout import ADDRESSES, AGENCY, ESTATE, POLICY
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
from .shape import Composer, Fields, MapOf, Reader, Record, hint

if TYPE_CHECKING:
    from collections.abc import Iterator
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
        persons = careers(draft.agencies)
        self.problems += check(draft, persons, locked=locked)
        if self.problems or draft.estate is None or draft.policy is None:
            raise RegistryError(tuple(self.problems))
        return Registry(draft.estate, draft.policy, draft.agencies, persons, draft.addresses)

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
                self.draft.all_agencies_read = False
            else:
                agencies[agency.code] = agency
        return agencies

    def _agency(self, fields: Fields, reader: Reader) -> Agency | None:
        posts = tuple(self._posts(fields, reader))
        own = self._mailbox(fields.get("code", ""), fields, reader)
        further = fields.get("mailboxes", Fields(fields.node))
        others = [self._mailbox(uid, said, reader) for uid, said in further.items() if said.complete]
        self.draft.mentioned.update(f"mailbox:{uid}" for uid in (own.uid, *further.nodes))
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
                self.draft.mentioned.add(f"person:{said['id']}")
            if "name" in said:
                self._check_name(said, reader)
            unit = said.get("unit")
            if unit is not None and unit not in units:
                reader.note(Fault.UNKNOWN_UNIT, said.nodes["unit"], unit=unit, hint=hint(unit, units))
            if "until_decision" in said.nodes and "until" not in said.nodes:
                reader.note(Fault.END_WITHOUT_DAY, said.nodes["until_decision"])
            if not said.complete or self._backwards(said, reader):
                self.draft.unread.add((agency, said.get("id", "")))
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
                holder, _, standing = line.partition(" ")
                origin = reader.origin(fields.nodes[local])
                address = Address(f"{local}@{domain}", holder, Standing(standing or "primary"), origin)
                held.setdefault(holder, []).append(address)
        order = list(Standing)
        return {
            holder: tuple(sorted(lines, key=lambda line: (order.index(line.standing), line.address)))
            for holder, lines in sorted(held.items())
        }


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
