"""One YAML file of a shape: what could be read of it, and every fault with its place."""

from __future__ import annotations

import re
from stat import S_ISREG
from typing import TYPE_CHECKING

from yaml import MarkedYAMLError, ScalarNode
from yaml.reader import ReaderError

from .messages import Fault
from .model import Origin
from .phrase import Phrase
from .shape import NOTHING, Composer, Reader

if TYPE_CHECKING:
    from pathlib import Path

    from yaml import Node

    from .model import Problem
    from .shape import Fields, MapOf, Record

MAX_BYTES = 32 * 2**20  # half a million addresses of one domain

# What Git puts around two versions, and what is left when somebody took out a part of it.
_CONFLICT = re.compile(r"^(?:<{7}(?: |$)|[|]{7}(?: |$)|={7}$|>{7}(?: |$))", re.MULTILINE)
# What was begun and not ended is best looked for where it began: the parser stops much later.
_BEGUN = (
    "while scanning a simple key",
    "while scanning a quoted scalar",
    "while parsing a flow sequence",
    "while parsing a flow mapping",
)


def read_file(root: Path, file: str, shape: Record | MapOf, problems: list[Problem]) -> tuple[Fields, Reader] | None:
    """Return what could be read of ``root/file``, or None after noting why there is nothing."""
    content = content_of(root, file, problems)
    return None if content is None else parse(content, file, shape, problems)


def content_of(root: Path, file: str, problems: list[Problem]) -> bytes | None:
    """Return the bytes of ``root/file``, or None after noting why they cannot be had."""
    path, place = root / file, Origin(file, 1)
    try:
        found = path.stat()
        if S_ISREG(found.st_mode) and found.st_size <= MAX_BYTES:
            return path.read_bytes()
        large = {"size": found.st_size // 2**20, "most": MAX_BYTES // 2**20}
        problems.append(Fault.TOO_LARGE.at(place, **large) if S_ISREG(found.st_mode) else Fault.NO_FILE.at(place))
    except FileNotFoundError:
        problems.append((Fault.BROKEN_LINK if path.is_symlink() else Fault.MISSING_FILE).at(place))
    except PermissionError:
        problems.append(Fault.NOT_ALLOWED.at(place))
    return None


def decoded(content: bytes, file: str, problems: list[Problem]) -> str | None:
    """Return a file's text, or None after noting where it is not UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        place = _place(file, content[: error.start].decode())
        problems.append(Fault.NOT_UTF8.at(place, byte=f"0x{content[error.start]:02x}"))
        return None


def parse(content: bytes, file: str, shape: Record | MapOf, problems: list[Problem]) -> tuple[Fields, Reader] | None:
    """Do the same with the content of a file."""
    text = decoded(content, file, problems)
    if text is None:
        return None
    try:
        node: Node | None = Composer(text).get_single_node()
    except ReaderError as error:
        place = _place(file, text[: text.index(chr(error.character))])
        problems.append(Fault.CONTROL_CHARACTER.at(place, code=f"U+{error.character:04X}"))
        return None
    except MarkedYAMLError as error:
        problems.append(_not_yaml(file, text, error))
        return None
    if node is None or (isinstance(node, ScalarNode) and node.value in NOTHING):
        problems.append(Fault.EMPTY_FILE.at(Origin(file, 1)))
        return None
    reader = Reader(file, problems)
    fields = shape.read(node, reader)
    return None if fields is None else (fields, reader)


def _not_yaml(file: str, text: str, error: MarkedYAMLError) -> Problem:
    if conflict := _CONFLICT.search(text):
        return Fault.MERGE_CONFLICT.at(_place(file, text[: conflict.start()]))
    marks = (error.context_mark, error.problem_mark)
    mark = marks[error.context not in _BEGUN] or error.problem_mark or error.context_mark
    place = Origin(file, mark.line + 1, mark.column + 1) if mark else Origin(file, 1)
    return Fault.SYNTAX.at(place, fault=Phrase(error.problem or error.context or ""))


def _place(file: str, before: str) -> Origin:
    """Return the place that follows the text ``before``."""
    return Origin(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
