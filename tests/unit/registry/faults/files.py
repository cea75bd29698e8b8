"""Faults of whole files: missing, stray, empty, in another encoding, not YAML."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault

from .broken import NoPlaceError
from .findings import Sight
from .original import Place
from .seeding import seed, sow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .broken import Copy
    from .findings import Finding
    from .original import Said

ALONE = ("estate.yml", "policy.yml")
KINDS = (*ALONE, "agencies", "addresses")


def _whole(copy: Copy, *kinds: str) -> Said:
    """Take a whole file of one of some kinds."""
    kind = copy.chance.choice(kinds)
    return copy.pick((said for file, said in copy.sound.files.items() if file.startswith(kind)), whole=True)


@seed
def a_file_is_missing(copy: Copy) -> list[Finding]:
    said = _whole(copy, *ALONE)
    return [(Fault.MISSING_FILE, copy.take_out(said.file))]


@seed
def all_agencies_are_gone(copy: Copy) -> list[Finding]:
    copy.take(*copy.sound.agencies.values(), whole=True)
    for agency in copy.sound.agencies.values():
        copy.take_out(agency.file)
    return [(Fault.NO_AGENCY, Place("agencies", -1))]


def _emptied(text: str, copy: Copy) -> list[Finding]:
    said = _whole(copy, *KINDS)
    return [(Fault.EMPTY_FILE, copy.put(said.file, text))]


sow("an empty file", partial(_emptied, ""))
sow("a file with a beginning alone", partial(_emptied, "---\n"))
sow("a file with comments alone", partial(_emptied, "---\n# yaml-language-server: $schema=…\n# Chưa có ai.\n"))
sow("a file with null alone", partial(_emptied, "---\n~\n"))


# What nothing reads


def _renamed(ending: str, copy: Copy) -> list[Finding]:
    said = _whole(copy, *KINDS)
    text = copy.content(said.file)
    gone = copy.take_out(said.file)
    missing = [(Fault.MISSING_FILE, gone)] if said.file in ALONE else []
    return [*missing, (Fault.STRAY_FILE, copy.put(said.file.removesuffix(".yml") + ending, text))]


for _ending in (".yaml", ".YML", ".yml.orig", ".yml.bak", ".txt", ""):
    sow(f"a file whose name ends in '{_ending}'", partial(_renamed, _ending))


@seed
def a_file_in_a_folder_of_its_own(copy: Copy) -> list[Finding]:
    copy.blind |= Sight.AGENCIES
    return [(Fault.STRAY_FILE, copy.put("agencies/cu/danhsach.yml", "code: cu\n"))]


@seed
def a_spreadsheet_beside_the_registry(copy: Copy) -> list[Finding]:
    return [(Fault.STRAY_FILE, copy.put("danhsach.xlsx", b"PK\x03\x04"))]


# Encodings


@seed
def a_line_in_the_code_page_1258(copy: Copy) -> list[Finding]:
    said = _whole(copy, *KINDS[:-1])  # the lock holds no accent
    lines = copy.sound.lines[said.file]
    typed = [line.encode("cp1258", "replace").decode("utf-8", "surrogateescape") for line in lines]
    unreadable = [number for number, line in enumerate(typed) if not line.isprintable()]
    if not unreadable:
        raise NoPlaceError
    number = copy.chance.choice(unreadable)
    copy.rewrite(said.file, number, typed[number])
    return [(Fault.NOT_UTF8, Place(said.file, number))]


@seed
def a_file_in_utf16(copy: Copy) -> list[Finding]:
    """Save it as the Notepad of former times did."""
    said = _whole(copy, *KINDS)
    return [(Fault.NOT_UTF8, copy.put(said.file, copy.content(said.file).encode("utf-16")))]


def _control(letter: str, copy: Copy) -> list[Finding]:
    said = _whole(copy, *KINDS)
    lines = copy.sound.lines[said.file]
    number = copy.chance.randrange(1, len(lines))
    place = copy.chance.randint(0, len(lines[number]))
    copy.rewrite(said.file, number, f"{lines[number][:place]}{letter}{lines[number][place:]}")
    return [(Fault.CONTROL_CHARACTER, Place(said.file, number))]


for _letter in ("\a", "\0", "\x7f", "\x96"):
    sow(f"the control character U+{ord(_letter):04X}", partial(_control, _letter))


# Syntax: what a line becomes

LINES: dict[str, Callable[[str], str]] = {
    "a tab indents": lambda line: "\t" + line.lstrip(),
    "one space too many": " {}".format,
    "no colon": lambda line: line.replace(": ", " ", 1),
    "no space after the colon": lambda line: line.replace(": ", ":", 1),
    "two colons": "{}: và".format,
    "an open quote": lambda line: line.replace(": ", ': "', 1),
    "more after the quotes": lambda line: line.replace(": ", ': "Ông" ', 1),
    "an open bracket": lambda line: line.replace(": ", ": [", 1),
    "an open brace": lambda line: line.replace(": ", ": {a: ", 1),
    "a closing bracket": lambda line: line.replace(": ", ": ]", 1),
    "an alias": lambda line: line.replace(": ", ": *", 1),
    "a sign that begins nothing": lambda line: line.replace(": ", ": @", 1),
}


def _scalars(said: Said) -> Iterator[Said]:
    """Yield the values that stand behind their keys on a line of their own, but for the first of each mapping."""
    for place, field in enumerate(said.fields.values()):
        if place and field.text and field.line == field.value_line == field.last and not said.flow:
            yield field
        yield from _scalars(field)
    for item in said.items:
        yield from _scalars(item)


def _bad_line(bend: Callable[[str], str], copy: Copy) -> list[Finding]:
    said = _whole(copy, *KINDS)
    lines = copy.sound.lines[said.file]
    # A quote further down would close the open one.
    unquoted = [field for field in _scalars(said) if not {'"', "'"} & set("".join(lines[field.line :]))]
    field = copy.choose(unquoted)
    copy.rewrite(said.file, field.line, bend(lines[field.line]))
    return [(Fault.SYNTAX, Place(said.file, field.line))]


for _what, _bend in LINES.items():
    sow(f"a line with a slip: {_what}", partial(_bad_line, _bend))


@seed
def a_dash_without_a_space(copy: Copy) -> list[Finding]:
    agency = _whole(copy, "agencies")
    post = copy.choose(agency["people"].items[1:])
    return [(Fault.SYNTAX, copy.swap(post, "- id", "-id"))]


@seed
def a_second_document_in_one_file(copy: Copy) -> list[Finding]:
    agency = _whole(copy, "agencies")
    return [(Fault.SYNTAX, copy.above(agency["people"], "---"))]


# What Git leaves


def _conflict(marks: tuple[str, ...], copy: Copy) -> list[Finding]:
    said = _whole(copy, *KINDS)
    field = copy.chance.choice(list(said.fields.values()))
    lines = [copy.text(field) if mark == "…" else mark for mark in marks]
    return [(Fault.MERGE_CONFLICT, copy.above(field, *lines))]


_OURS, _BASE, _BETWEEN, _THEIRS = "<<<<<<< HEAD", "||||||| 1a2b3c4", "=======", ">>>>>>> 5d6e7f8 (nhánh khác)"
sow("a conflict", partial(_conflict, (_OURS, "…", _BETWEEN, "…", _THEIRS)))
sow("a conflict with its base", partial(_conflict, (_OURS, "…", _BASE, "…", _BETWEEN, "…", _THEIRS)))
for _mark in (_OURS, _BASE, _BETWEEN, _THEIRS):
    sow(f"what is left of a conflict: {_mark[:7]}", partial(_conflict, (_mark,)))
