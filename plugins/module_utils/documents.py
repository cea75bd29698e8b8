"""Folders for incoming documents in an agency's own mailbox: which there are, and who does what in them (CM Điều 7.1).

The rule is the policy's. Every year has a folder for each stage of a document; the stage in which the head assigns has
one for each unit besides, which the unit's own people see. Letters are copied from INBOX, where they stay as they came,
and go from stage to stage as the rights allow. So the folders say what a person may do there, and no program is needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    Rights = Mapping[str, tuple[str, ...]]  # by identifier, such as `group=snv:clerk`, in Dovecot's names

LOOK = frozenset({"lookup", "read"})
HANDLE = frozenset({*LOOK, "write", "write-seen"})  # what a stage leaves of a right besides putting in and taking out
PUT = frozenset({"insert", "post"})
TAKE = frozenset({"write-deleted", "expunge"})
DECEMBER = 12
SCRIPT = "congvu"  # the name of the mailbox's Sieve script


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a document: which rights put letters into its folder, and which take them on."""

    name: str
    put: tuple[str, ...]
    take: tuple[str, ...]
    units: bool = False  # whether each unit has a folder of its own in it


@dataclass(frozen=True, slots=True)
class Filing:
    """Letters from a domain, or one below it, go into a folder of the year at once."""

    domain: str
    folder: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What writers are told from the day ``since`` on, and no more on the day ``until``."""

    since: date | str
    until: date | str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Documents:
    """The policy's rule."""

    folder: str
    stages: tuple[Stage, ...]
    filing: tuple[Filing, ...] = ()
    notices: tuple[Notice, ...] = ()

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Documents:
        """Take up what was handed on as plain values."""
        stages = (
            Stage(stage["name"], tuple(stage["put"]), tuple(stage["take"]), stage["units"]) for stage in said["stages"]
        )
        return cls(
            said["folder"],
            tuple(stages),
            tuple(Filing(**filing) for filing in said["filing"]),
            tuple(Notice(**notice) for notice in said["notices"]),
        )


def years(day: date) -> tuple[int, ...]:
    """Return the years for which there are folders: in December the next one's too, so that they lie ready."""
    return (day.year, day.year + 1) if day.month == DECEMBER else (day.year,)


def folders(  # noqa: PLR0913 -- the rule, and all that it is applied to
    rule: Documents,
    agency: str,
    units: Mapping[str, str],
    levels: Mapping[str, Sequence[str]],
    *,
    of_years: Sequence[int],
    existing: Sequence[str],
) -> dict[str, Rights]:
    """Return the folders that an agency's mailbox is to have, parents first, with exactly these rights.

    ``units`` are the agency's units by the uid of their mailbox. Of earlier years what exists is kept as it should be,
    and nothing is made.
    """
    pattern = re.compile(rf"{re.escape(rule.folder)}/([0-9]{{4}})(?:/.*)?")
    there = {int(found[1]) for name in existing if (found := pattern.fullmatch(name))}
    wanted: dict[str, Rights] = {rule.folder: _frame(agency, levels)}
    for year in sorted({*of_years, *there}):
        top = f"{rule.folder}/{year}"
        of_year = {top: _frame(agency, levels), **dict(_of_year(rule, top, agency, units, levels))}
        wanted |= {name: rights for name, rights in of_year.items() if year in of_years or name in existing}
    return wanted


def _of_year(
    rule: Documents, top: str, agency: str, units: Mapping[str, str], levels: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, Rights]]:
    handing_on: Rights = {}  # what those of the units may do in the stage that follows theirs
    for stage in rule.stages:
        own = _of_stage(stage, agency, levels)
        yield f"{top}/{stage.name}", {**own, **handing_on}
        handing_on = {}
        for box, unit in units.items() if stage.units else ():
            acting = {f"group={box}:{level}": rights for level, rights in levels.items() if "insert" in rights}
            handling = dict.fromkeys(acting, _sorted(HANDLE | TAKE))
            reading = {
                f"group={box}:{level}": _sorted(LOOK) for level in levels if f"group={box}:{level}" not in acting
            }
            yield f"{top}/{stage.name}/{unit.replace('/', '-')}", {**own, **handling, **reading}
            handing_on = {**handing_on, **dict.fromkeys(acting, ("insert", "lookup"))}
    for filing in rule.filing:
        yield (
            f"{top}/{filing.folder}",
            {
                f"group={agency}:{level}": _sorted(set(rights) - {"create", "delete"})
                for level, rights in levels.items()
            },
        )


def _of_stage(stage: Stage, agency: str, levels: Mapping[str, Sequence[str]]) -> Rights:
    return {
        f"group={agency}:{level}": _sorted(
            (HANDLE & set(rights)) | (PUT if level in stage.put else set()) | (TAKE if level in stage.take else set())
        )
        for level, rights in levels.items()
    }


def _frame(agency: str, levels: Mapping[str, Sequence[str]]) -> Rights:
    """Return the rights on what only holds folders: whoever may make some may add to them, and none takes them away."""
    return {f"group={agency}:{level}": _sorted(set(rights) & {*LOOK, "create"}) for level, rights in levels.items()}


def _sorted(rights: set[str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(rights))


def script(rule: Documents) -> str:
    """Return the Sieve script of an agency's mailbox; empty where there is nothing to do."""
    if not (rule.filing or rule.notices):
        return ""
    lines = ["# Of the registry's policy; whoever wants something else changes it there."]
    used = ["date"]
    used += ["vacation", "relational"] if rule.notices else []
    used += ["fileinto", "mailbox", "variables"] if rule.filing else []
    lines.append(f"require [{', '.join(map(_quoted, sorted(used)))}];")
    for notice in rule.notices:
        days = (("ge", notice.since), ("lt", notice.until))
        tests = ", ".join(f'currentdate :value "{how}" "date" {_quoted(str(day))}' for how, day in days)
        lines.append(f"if allof({tests}) {{")
        lines.append(f"  vacation :days 1 :subject {_quoted(notice.subject)} {_quoted(notice.text)};")
        lines.append("}")
    if rule.filing:
        lines += ['if currentdate :matches "year" "*" {', '  set "year" "${1}";', "}"]
    for filing in rule.filing:
        place = _quoted(f"{rule.folder}/${{year}}/{filing.folder}")
        domains = f"[{_quoted(filing.domain)}, {_quoted(f'*.{filing.domain}')}]"
        lines.append(f'if address :domain :matches "from" {domains} {{')
        lines += [f"  fileinto :create {place};", "  stop;", "}"]
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    """Give a string as Sieve writes it (RFC 5228, 2.4.2)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
