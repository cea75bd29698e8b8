"""Who may change what in a registry, and whether the commits of a branch keep to it.

The rule in force for a commit is the one of the branch before it: nobody lets themselves in. Whoever signs a commit of
the protected branch, mostly a merge, answers for all that it brings; whoever wrote a part of it, for that part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from . import assemble
from .layout import AGENCY, APPROVERS
from .model import RegistryError
from .phrase import Phrase
from .yamlfile import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from .model import Approver, Approvers, Problem

FILE = "approvers.yml"
_AGENCY = re.compile(r"agencies/([a-z][a-z0-9-]*)\.yml")
_LOCK = re.compile(r"addresses/[^/]+\.yml")
_LINE = re.compile(r"\S+: ((?:person|mailbox|list):[a-z0-9-]+)(?: .*)?")
_PLAIN = frozenset({"100644", "000000"})  # a file, and nothing: no link, no program
_SHORT = 12  # characters of a commit by which people call it


class Form(StrEnum):
    """Whose syntax a file of code owners has."""

    GLOB = "gitlab"  # GitLab's and GitHub's: the last pattern that matches holds
    REGEX = "forgejo"  # Forgejo's and Gitea's: every pattern that matches adds reviewers


@dataclass(frozen=True, slots=True)
class Touch:
    """A path that a commit changes, with its content on both sides where it is a file of the registry."""

    path: str  # from the root of the repository
    mode: str = "100644"  # afterwards, as Git has it
    before: bytes | None = None
    after: bytes | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as far as it is judged. ``names`` are the objects that an agency's file names after it, by code."""

    id: str
    signer: str  # the principal of a good signature, or empty
    address: str  # of whoever made it
    is_merge: bool
    touches: tuple[Touch, ...] = ()
    names: Mapping[str, Collection[str]] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """Return the name by which people call it."""
        return self.id[:_SHORT]


FORGE = "forge"  # the principal of the Git server's own keys


def read(content: bytes) -> Approvers:
    """Read the file that says who may change what. Raises RegistryError."""
    problems: list[Problem] = []
    said = parse(content, FILE, APPROVERS, problems)
    found = assemble.approvers(*said) if said else None
    if found is None:
        raise RegistryError(tuple(problems))
    return found


def named(content: bytes) -> frozenset[str]:
    """Return the objects that an agency's file names, such as `person:tth00001`; nothing of one that is broken."""
    problems: list[Problem] = []
    said = parse(content, "agency.yml", AGENCY, problems)
    return frozenset(assemble.agency_file(*said).mentioned) if said and not problems else frozenset()


def signers(approvers: Approvers) -> str:
    """Return the keys as ``ssh-keygen`` takes them (``allowed_signers``); the principal is the official address."""
    lines = [f'{person.address} namespaces="git" {key}' for person in approvers.people.values() for key in person.keys]
    lines += [f'{FORGE} namespaces="git" {key}' for key in approvers.forge]
    return "".join(f"{line}\n" for line in lines)


def agencies_of(approvers: Approvers, login: str) -> frozenset[str]:
    """Return the codes of the agencies whose files somebody may change."""
    return frozenset(code for code, logins in approvers.agencies.items() if login in logins)


# --- Commits


def proposed(commits: Iterable[Commit], approvers: Approvers, folder: str) -> Iterator[Phrase]:
    """Say what is wrong with commits that somebody puts forward; ``folder`` is the registry's, from the root."""
    for commit in commits:
        person, faults = _known(commit, approvers)
        yield from faults
        if person:
            yield from _trespasses(commit, person, approvers, folder)


def merged(commit: Commit, brought: Collection[Commit], approvers: Approvers, folder: str) -> Iterator[Phrase]:
    """Say what is wrong with a commit of the protected branch, and with the commits that it ``brought`` there."""
    yield from proposed(brought, approvers, folder)
    if commit.signer == FORGE and commit.is_merge:
        return
    person, faults = _known(commit, approvers)
    yield from faults
    if person is None:
        return
    yield from _trespasses(commit, person, approvers, folder)
    wrote = {_identity(each, approvers) for each in brought} if commit.is_merge else {person.address}
    if approvers.second_person and person.address in wrote:
        facts = {"commit": commit.short, "login": person.login}
        yield Phrase(
            "Commit {commit} was brought in by {login}, who wrote a part of it: another is to merge it.", facts
        )


def _identity(commit: Commit, approvers: Approvers) -> str:
    return commit.signer if approvers.signed else commit.address


def _known(commit: Commit, approvers: Approvers) -> tuple[Approver | None, tuple[Phrase, ...]]:
    """Find whose commit it is, or say why it is nobody's."""
    identity = _identity(commit, approvers)
    person = next((each for each in approvers.people.values() if identity and each.address == identity), None)
    if person is None:
        facts: dict[str, object] = {"commit": commit.short, "address": commit.address, "file": FILE}
        unsigned = Phrase("Commit {commit} of {address} is not signed with a key that {file} names.", facts)
        unknown = Phrase("Commit {commit} is of {address}, whom {file} does not name.", facts)
        return None, (unsigned if approvers.signed else unknown,)
    if commit.address == person.address:
        return person, ()
    facts = {"commit": commit.short, "login": person.login, "address": commit.address, "own": person.address}
    other = Phrase("Commit {commit} of {login} was made as {address}, and not from the official mailbox {own}.", facts)
    return person, (other,)


def _trespasses(commit: Commit, person: Approver, approvers: Approvers, folder: str) -> Iterator[Phrase]:
    """Say which paths of a commit are not the person's to change."""
    if person.login in approvers.province:
        return
    own = agencies_of(approvers, person.login)
    for touch in commit.touches:
        if not _is_own(touch, own, commit, folder):
            facts = {"commit": commit.short, "login": person.login, "path": touch.path}
            yield Phrase("Commit {commit} changes {path}, which is not for {login} to change.", facts)


def _is_own(touch: Touch, own: Collection[str], commit: Commit, folder: str) -> bool:
    path = touch.path.removeprefix(f"{folder}/") if folder else touch.path
    if (folder and path == touch.path) or touch.mode not in _PLAIN:
        return False
    if agency := _AGENCY.fullmatch(path):
        return agency[1] in own and touch.mode != "000000"  # a file that goes takes its people with it
    names = frozenset[str]().union(*(commit.names.get(code, ()) for code in own))
    return bool(_LOCK.fullmatch(path)) and adds_for(touch.before or b"", touch.after or b"", names)


def adds_for(before: bytes, after: bytes, holders: Collection[str]) -> bool:
    """Tell whether a file of the lock only gains lines, each for one of the holders, once at most."""
    old, new = before.decode(errors="replace").splitlines(), after.decode(errors="replace").splitlines()
    known = set(old)
    gained = [line for line in new if line not in known]
    if [line for line in new if line in known] != old:
        return False
    return all((line := _LINE.fullmatch(each)) is not None and line[1] in holders for each in gained)


# --- Code owners


def codeowners(approvers: Approvers, folder: str, form: Form) -> str:
    """Write who is asked to approve what as a forge reads it; no person's name stands in a comment (GitLab)."""
    province = _mentions(approvers.province)
    everybody = _mentions([*approvers.province, *(each for logins in approvers.agencies.values() for each in logins)])
    agencies = {
        f"{folder}/agencies/{code}.yml".lstrip("/"): _mentions([*logins, *approvers.province])
        for code, logins in sorted(approvers.agencies.items())
    }
    lock = f"{folder}/addresses/".lstrip("/")
    head = f"# Written by playbooks/codeowners.yml from {folder}/{FILE}.\n"
    if form is Form.GLOB:
        rules = {"*": province, **{f"/{path}": owners for path, owners in agencies.items()}, f"/{lock}": everybody}
    else:
        owned = {re.escape(path).replace("\\", "\\\\"): owners for path, owners in agencies.items()}
        shared = re.escape(lock).replace("\\", "\\\\") + ".*"
        rest = "|".join([*owned, shared])
        rules = {f"!({rest})": province, **owned, shared: everybody}
    return head + "".join(f"{pattern} {owners}\n" for pattern, owners in rules.items())


def _mentions(logins: Iterable[str]) -> str:
    return " ".join(f"@{login}" for login in dict.fromkeys(logins))
