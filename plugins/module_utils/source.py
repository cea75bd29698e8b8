"""The registry's files, read: what they say, where they say it, and whether it fits together.

The files lie in one folder: ``estate.yml``, ``policy.yml``, ``agencies/<code>.yml``, ``addresses/<domain>.yml``, and
where wanted ``lists.yml``, ``holds.yml``, ``protected.yml``, ``calendar.yml`` and ``approvers.yml``. ``overrides`` are
about plans, and not read here.
"""

from __future__ import annotations

import hashlib
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from . import assemble, carry, locklines
from .cache import Cache, pack, unpack
from .careers import careers
from .check import Draft, check
from .commit import ASIDE
from .layout import ADDRESSES, AGENCY, APPROVERS, CALENDAR, ESTATE, HOLDS, LISTS, POLICY, PROTECTED
from .messages import Fault
from .model import Address, Origin, Problem, Registry, RegistryError, Standing
from .unswept import unswept
from .yamlfile import MAX_BYTES, content_of, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .model import Agency, Approvers, Estate, Exceptional, Hold, MailingList, Policy
    from .shape import Fields, MapOf, Reader, Record

    Build = Callable[[Fields, Reader], "_Read | None"]


_FOLDERS = ("agencies", "addresses", *ASIDE)
_ALONE = ("estate.yml", "policy.yml", "lists.yml", "holds.yml", "protected.yml", "calendar.yml", "approvers.yml")


def digest(root: Path) -> bytes:
    """Return what names the content of all files of a registry: any change to one of them changes it.

    Overrides do not: they are written after the plan that they are about, which must stay the same. Nor do exceptions,
    which say what may differ from it, and hidden files, which are not read.
    """
    found = hashlib.blake2b()
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if parts[0] in ASIDE or any(part.startswith(".") for part in parts):
            continue
        content = b""
        with suppress(OSError):  # load says what is wrong with it
            if path.is_file() and path.stat().st_size <= MAX_BYTES:
                content = path.read_bytes()
        found.update(f"{path.relative_to(root)}\0{len(content)}\0".encode())
        found.update(content)
    return found.digest()


def suffix_of(root: Path) -> str:
    """Give the directory's suffix before anything else is read, empty if that is not to be had: ``load`` says why."""
    estate = _Reading(root, Cache(None)).estate()
    return estate.suffix if estate else ""


def is_large(root: Path) -> bool:
    """Tell whether a registry is worth more than one process."""
    return sum(1 for folder in _MANIFOLD for _ in (root / folder).glob("*.yml")) >= MANY


_Read = TypeVar("_Read")
MANY = 64  # files that are worth another process


def load(root: Path, *, locked: bool = True, cache: Path | None = None) -> Registry:
    """Read and check the registry below ``root``.

    With ``locked`` false, people and mailboxes may still lack an address: the allocator gives them one. ``cache`` is
    a folder for what was read of each file, so that the next reading parses only what changed.
    Raises RegistryError with every problem found.
    """
    with unswept():
        return _Reading(root, Cache(cache)).registry(locked=locked)


def rules(root: Path) -> tuple[Estate, Policy]:
    """Read what holds for all agencies alike, and nothing else. Raises RegistryError."""
    return _Reading(root, Cache(None)).rules()


class _Reading:
    """One reading of the registry's files: what was found, and what is wrong with it."""

    def __init__(self, root: Path, cache: Cache) -> None:
        self.root = root
        self.cache = cache
        self.problems: list[Problem] = []
        self.draft = Draft()
        self.ahead: dict[str, dict[str, Any]] = {}  # by folder and file, what these came to, or None

    def registry(self, *, locked: bool) -> Registry:
        draft = self.draft
        self._refuse_strays()
        draft.estate = self.estate()
        draft.policy = self._read("policy.yml", POLICY, assemble.policy)
        self._read_ahead()
        draft.agencies = self._agencies()
        draft.lists = self._lists()
        draft.addresses = self._addresses()
        draft.holds = self._holds()
        draft.protected = self._protected()
        calendar = self._calendar()
        draft.approvers = self._approvers()
        persons, seconds = careers(draft.agencies)
        self.problems += check(draft, persons, seconds, locked=locked)
        if self.problems or draft.estate is None or draft.policy is None:
            raise RegistryError(tuple(self.problems))
        self.cache.tidy()
        return Registry(
            draft.estate,
            draft.policy,
            draft.agencies,
            persons,
            seconds,
            draft.addresses,
            draft.holds,
            protected={uid: why for uid, (why, _) in draft.protected.items()},
            lists=draft.lists,
            calendar=calendar,
            approvers=draft.approvers,
        )

    def estate(self) -> Estate | None:
        return self._read("estate.yml", ESTATE, assemble.estate)

    def rules(self) -> tuple[Estate, Policy]:
        estate, policy = self.estate(), self._read("policy.yml", POLICY, assemble.policy)
        if self.problems or estate is None or policy is None:
            raise RegistryError(tuple(self.problems))
        return estate, policy

    # Files

    def _refuse_strays(self) -> None:
        files = [Path(folder, name).relative_to(self.root) for folder, _, names in os.walk(self.root) for name in names]
        for path in sorted(files):
            parts = path.parts
            known = (
                (len(parts) == 1 and parts[0] in _ALONE)
                or (len(parts) == 2 and parts[0] in _FOLDERS and path.suffix == ".yml")  # noqa: PLR2004
                or path.name == "README.md"
                or any(part.startswith(".") for part in parts)
            )
            if not known:
                self.problems.append(Fault.STRAY_FILE.at(Origin("/".join(parts), 1)))
                self._doubt(parts)

    def _doubt(self, parts: tuple[str, ...]) -> None:
        """Expect that what is missing elsewhere stands in a file that nobody reads."""
        if parts[0] == "agencies":
            self.draft.unnamed.add(parts[-1].partition(".")[0])
            self.draft.unread.add(parts[-1].partition(".")[0])
        elif parts[0] == "addresses":
            self.draft.all_addresses_read = False

    def _read(self, file: str, shape: Record | MapOf, build: Build[_Read]) -> _Read | None:
        """Return what a file comes to, or None after noting why there is nothing."""
        return next(self._read_all({file: _Way(shape, build)}))

    def _read_ahead(self) -> None:
        """Read agencies and addresses, which take the longest: together, so that no processor is idle."""
        files = {folder: self._files(folder) for folder in _MANIFOLD}
        read = self._read_all({file: _MANIFOLD[folder] for folder in files for file in files[folder]})
        self.ahead = {folder: dict(zip(files[folder], read, strict=False)) for folder in files}

    def _read_all(self, ways: Mapping[str, _Way[_Read]]) -> Iterator[_Read | None]:
        """Return what each of many files comes to; those that no shorter way leads to are parsed on all processors."""
        contents = {file: content_of(self.root, file, self.problems) for file in ways}
        read = {
            file: ways[file].shortcut(self.cache, file, content)
            for file, content in contents.items()
            if content is not None
        }
        fresh = {file: content for file, content in contents.items() if content is not None and read[file] is None}
        parsed = dict(zip(fresh, _parsed([_File(file, fresh[file], ways[file]) for file in fresh]), strict=True))
        for file in ways:
            built, problems, packed = parsed.get(file, (read.get(file), (), b""))
            self.problems += problems
            if file in parsed and built is not None and not problems:
                self.cache.put(file, fresh[file], built, packed)
            yield built

    def _files(self, folder: str) -> list[str]:
        """List the files of a folder by their names alone: what cannot be read is found out when it is read."""
        try:
            names = [path.name for path in (self.root / folder).iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except PermissionError:
            self.problems.append(Fault.NOT_ALLOWED.at(Origin(folder, 1)))
            self._doubt((folder, ""))
            return []
        return [f"{folder}/{name}" for name in sorted(names) if name.endswith(".yml") and name[0] != "."]

    def _agencies(self) -> dict[str, Agency]:
        agencies, draft = {}, self.draft
        if not self.ahead["agencies"] and "" not in draft.unnamed:
            self.problems.append(Fault.NO_AGENCY.at(Origin("agencies", 1)))
            draft.unnamed.add("")
        for file, found in self.ahead["agencies"].items():
            if found is None:
                draft.unnamed.add(PurePath(file).stem)
            else:
                draft.unnamed |= set() if found.names_all else {found.code}
                draft.mentioned |= found.mentioned
                draft.doubtful |= found.doubtful
            if found is None or found.agency is None:
                draft.unread |= {PurePath(file).stem, found.code if found else ""}
            else:
                agencies[found.agency.code] = found.agency
        return agencies

    def _holds(self) -> Mapping[str, tuple[Hold, ...]]:
        """Return the holds on mail; where there is no such file, there is none."""
        if not os.path.lexists(self.root / "holds.yml"):
            return {}
        return self._read("holds.yml", HOLDS, assemble.hold_file) or {}

    def _lists(self) -> dict[str, MailingList]:
        """Return the estate's own lists; there need be none."""
        if not os.path.lexists(self.root / "lists.yml"):
            return {}
        found = self._read("lists.yml", LISTS, assemble.lists_file)
        self.draft.all_lists_read = found is not None and found.complete
        return found.lists if found else {}

    def _addresses(self) -> dict[str, tuple[Address, ...]]:
        held: dict[str, list[Address]] = {}
        for file, found in self.ahead["addresses"].items():
            domain = file.removeprefix("addresses/").removesuffix(".yml")
            if not self.draft.owns(domain):
                self.problems.append(self.draft.foreign(domain, Origin(file, 1)))
            if found is None or not found.complete:
                self.draft.all_addresses_read = False
            for line in found.lines if found else ():
                held.setdefault(line.holder, []).append(line)
        return {holder: _in_order(lines) for holder, lines in sorted(held.items())}

    def _protected(self) -> dict[str, tuple[str, Origin]]:
        """Read who is protected besides those who always are; there may be nobody."""
        if not os.path.lexists(self.root / "protected.yml"):
            return {}
        return self._read("protected.yml", PROTECTED, assemble.protected) or {}

    def _calendar(self) -> dict[date, Exceptional]:
        """Read which days are not as the Labour Code has them; there may be none."""
        if not os.path.lexists(self.root / "calendar.yml"):
            return {}
        return self._read("calendar.yml", CALENDAR, assemble.calendar_file) or {}

    def _approvers(self) -> Approvers | None:
        """Read who may change what; an estate that says nothing leaves that to its Git server."""
        if not os.path.lexists(self.root / "approvers.yml"):
            return None
        return self._read("approvers.yml", APPROVERS, assemble.approvers)


def _kept(cache: Cache, file: str, content: bytes) -> Any:  # noqa: ANN401 -- whatever it came to
    """Return what a file came to when it was parsed before."""
    return cache.get(file, content)


def _agency_file(cache: Cache, file: str, content: bytes) -> assemble.AgencyFile | None:
    """Do the same of an agency; what changed of it since is parsed."""
    before = cache.last(file)
    if before is None or before[0] == content:
        return before[1] if before else None
    found = carry.agency_file(file, content, before)
    if found is not None:
        cache.put(file, content, found)
    return found


def _address_file(cache: Cache, file: str, content: bytes) -> assemble.AddressFile | None:
    """Read a lock in the way that takes no longer than remembering it."""
    return locklines.address_file(file, content) or _kept(cache, file, content)


@dataclass(frozen=True, slots=True)
class _Way(Generic[_Read]):
    """How a file is read. A ``shortcut`` comes to the same without parsing all of it, or to None."""

    shape: Record | MapOf
    build: Build[_Read]
    shortcut: Callable[[Cache, str, bytes], _Read | None] = _kept


class _File(NamedTuple):
    """A file to be parsed: its name, its content, and how to read it."""

    name: str
    content: bytes
    way: _Way[Any]


# Of these there are many, or long ones.
_MANIFOLD: Mapping[str, _Way[Any]] = {
    "addresses": _Way(ADDRESSES, assemble.address_file, _address_file),
    "agencies": _Way(AGENCY, assemble.agency_file, _agency_file),
}


def _parsed(files: list[_File]) -> Iterable[tuple[Any, list[Problem], bytes]]:
    """Parse files; the bytes are what another process sent, which the cache keeps as they are."""
    # A process with threads, such as Mitogen's, must not be forked: another thread's lock would stay closed for ever.
    if len(files) < MANY or threading.active_count() > 1:
        return ((*_parse(*file), b"") for file in files)
    longest_first = sorted(range(len(files)), key=lambda place: -len(files[place].content))
    read: dict[int, tuple[Any, list[Problem], bytes]] = {}
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), mp_context=get_context("fork")) as pool:
        sent = pool.map(_send, *zip(*(files[place][:2] for place in longest_first), strict=True))
        for place, (packed, problems) in zip(longest_first, sent, strict=True):
            read[place] = unpack(packed), problems, packed
    return [read[place] for place in range(len(files))]


def _parse(name: str, content: bytes, way: _Way[Any]) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    read = parse(content, name, way.shape, problems)
    return (way.build(*read) if read else None), problems


def _send(name: str, content: bytes) -> tuple[bytes, list[Problem]]:
    """Parse one of many files: every process knows by its folder how it is read."""
    read, problems = _parse(name, content, _MANIFOLD[PurePath(name).parts[0]])
    return pack(read), problems


_STANDINGS = tuple(Standing)


def _in_order(lines: list[Address]) -> tuple[Address, ...]:
    """Put the primary addresses first, by the days from which they hold."""
    return tuple(lines) if len(lines) == 1 else tuple(sorted(lines, key=_rank))


def _rank(line: Address) -> tuple[object, ...]:
    return _STANDINGS.index(line.standing), line.starts[0] or date.min, line.origin
