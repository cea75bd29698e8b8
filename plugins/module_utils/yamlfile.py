"""One YAML file of a shape: what could be read of it, and every fault with its place."""

from __future__ import annotations

import re
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
    try:
        content = (root / file).read_bytes()
    except FileNotFoundError:
        problems.append(Fault.MISSING_FILE.at(Origin(file, 1)))
        return None
    return parse(content, file, shape, problems)


def parse(content: bytes, file: str, shape: Record | MapOf, problems: list[Problem]) -> tuple[Fields, Reader] | None:
    """Do the same with the content of a file."""
    try:
        text = content.decode()
        node: Node | None = Composer(text).get_single_node()
    except UnicodeDecodeError as error:
        place = _place(file, content[: error.start].decode())
        problems.append(Fault.NOT_UTF8.at(place, byte=f"0x{content[error.start]:02x}"))
        return None
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
