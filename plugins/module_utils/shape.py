"""A small vocabulary for the shape of YAML files: one description reads them and is their JSON Schema.

Values are read straight from libyaml's nodes, by what the shape expects and not by what a value looks like: the
agency `no` is never false, and the decision `1e3` is no number. Whatever is wrong is noted, with its
place, and reading goes on: a clerk sees all faults in one run.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol

from yaml import MappingNode, Node, ScalarNode, SequenceNode
from yaml._yaml import CParser

from .legacy import recover_text
from .messages import Fault
from .model import Origin
from .phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Problem

Schema = dict[str, Any]

NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TAGS = {ScalarNode: "", SequenceNode: "", MappingNode: ""}


class Composer(CParser):
    """libyaml's parser without PyYAML's guessing of types: it is faster, and Norway stays a country."""

    def descend_resolver(self, parent: Node | None, index: object) -> None:
        """Take no note of the path."""

    def ascend_resolver(self) -> None:
        """Take no note of the path."""

    def resolve(self, kind: type[Node], _value: object, _implicit: object) -> str:
        """Leave every untagged node untagged."""
        return _TAGS[kind]


class Reader:
    """What reading one file leaves behind: its name and the faults found so far."""

    __slots__ = ("file", "problems")

    def __init__(self, file: str, problems: list[Problem]) -> None:
        """Add this file's faults to ``problems``."""
        self.file = file
        self.problems = problems

    def origin(self, node: Node) -> Origin:
        """Return where a node begins."""
        return Origin(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def note(self, fault: Fault, node: Node, /, **facts: object) -> None:
        """Note a fault at a node."""
        self.problems.append(fault.at(self.origin(node), **facts))


class Shape(Protocol):
    """What may stand at one place. ``wanted`` ends the sentence `write …`."""

    @property
    def wanted(self) -> str:
        """Say what is wanted here."""

    def read(self, node: Node, reader: Reader) -> object:
        """Return the value, or None after noting why there is none."""

    def schema(self) -> Schema:
        """Return the JSON Schema of the same."""


def hint(word: str, known: Mapping[str, object] | tuple[str, ...]) -> Phrase:
    """Return what might have been meant by an unknown word, as a sentence."""
    if close := get_close_matches(word, known, n=1):
        return Phrase("Did you mean '{word}'?", {"word": close[0]})
    return Phrase("Known here: {words}.", {"words": ", ".join(known)}) if known else Phrase("None is known here.")


def scalar(node: Node, reader: Reader, wanted: str) -> str | None:
    """Return the text of a scalar, whatever it looks like, or None after noting that there is none."""
    if not isinstance(node, ScalarNode):
        reader.note(Fault.NOT_A_SCALAR, node, wanted=Phrase(wanted))
        return None
    if node.tag:
        reader.note(Fault.TAGGED, node, tag=node.tag)
        return None
    value: str = node.value
    if value in NOTHING and not (node.style and value):  # quoted, `null` is a word
        reader.note(Fault.EMPTY_VALUE, node, wanted=Phrase(wanted))
        return None
    return value


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; ``pattern``, if given, must match all of it."""

    wanted: str
    pattern: re.Pattern[str] | None = None
    remedy: str = "Correct it."

    def read(self, node: Node, reader: Reader) -> str | None:
        """Return the text, tidy and composed."""
        value = scalar(node, reader, self.wanted)
        if value is None:
            return None
        if self.pattern is not None:
            if self.pattern.fullmatch(value):
                return value
            reader.note(Fault.BAD_VALUE, node, value=value, wanted=Phrase(self.wanted), hint=Phrase(self.remedy))
            return None
        if not value.isascii() and not unicodedata.is_normalized("NFC", value):
            reader.note(Fault.NOT_COMPOSED, node, value=value, composed=unicodedata.normalize("NFC", value))
            return None
        if garbled := None if value.isascii() else recover_text(value):
            meant = Phrase("It most likely says '{words}'.", {"words": garbled.text})
            reader.note(Fault.LEGACY_NAME, node, name=value, offender=garbled.offender, hint=meant)
        elif not value.isprintable() or "  " in value or value != value.strip():
            reader.note(Fault.UNTIDY, node, value=value)
        else:
            return value
        return None

    def schema(self) -> Schema:
        """Return the JSON Schema of the same."""
        pattern = {"pattern": f"^(?:{self.pattern.pattern})$"} if self.pattern else {"minLength": 1}
        return {"type": "string", "description": self.wanted, **pattern}


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number between two bounds."""

    wanted: str
    least: int
    most: int

    def read(self, node: Node, reader: Reader) -> int | None:
        """Return the number."""
        value = scalar(node, reader, self.wanted)
        if value is None:
            return None
        if value.isascii() and value.isdigit() and self.least <= int(value) <= self.most:
            return int(value)
        remedy = Phrase("Write a whole number from {least} to {most}.", {"least": self.least, "most": self.most})
        reader.note(Fault.BAD_VALUE, node, value=value, wanted=Phrase(self.wanted), hint=remedy)
        return None

    def schema(self) -> Schema:
        """Return the JSON Schema of the same."""
        return {"type": "integer", "description": self.wanted, "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    wanted: str
    words: tuple[str, ...]

    def read(self, node: Node, reader: Reader) -> str | None:
        """Return the word."""
        value = scalar(node, reader, self.wanted)
        if value is None or value in self.words:
            return value
        reader.note(Fault.BAD_VALUE, node, value=value, wanted=Phrase(self.wanted), hint=hint(value, self.words))
        return None

    def schema(self) -> Schema:
        """Return the JSON Schema of the same."""
        return {"type": "string", "description": self.wanted, "enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false, written so."""

    wanted: str

    def read(self, node: Node, reader: Reader) -> bool | None:
        """Return the truth."""
        value = scalar(node, reader, self.wanted)
        if value is None:
            return None
        if value in ("true", "false"):
            return value == "true"
        either, remedy = Phrase("true or false"), Phrase("Write one of the two words.")
        reader.note(Fault.BAD_VALUE, node, value=value, wanted=either, hint=remedy)
        return None

    def schema(self) -> Schema:
        """Return the JSON Schema of the same."""
        return {"type": "boolean", "description": self.wanted}


@dataclass(frozen=True, slots=True)
class Day:
    """A civil day."""

    wanted: str

    def read(self, node: Node, reader: Reader) -> date | None:
        """Return the day."""
        value = scalar(node, reader, self.wanted)
        if value is None:
            return None
        try:
            return date.fromisoformat(value if _DAY.fullmatch(value) else "")
        except ValueError:
            reader.note(Fault.BAD_DAY, node, value=value)
            return None

    def schema(self) -> Schema:
        """Return the JSON Schema of the same."""
        return {"type": "string", "description": self.wanted, "format": "date", "pattern": f"^{_DAY.pattern}$"}


@dataclass(frozen=True, slots=True)
class ListOf:
    """One or more of the same. Reads to a list of what could be read."""

    wanted: str
    item: Shape
    single: bool = False  # one item may stand without the list

    def read(self, node: Node, reader: Reader) -> list[Any] | None:
        """Return the items that could be read."""
        if isinstance(node, SequenceNode):
            if not node.value:
                reader.note(Fault.EMPTY_LIST, node)
                return None
            items = (self.item.read(item, reader) for item in node.value)
        elif self.single:
            items = (self.item.read(item, reader) for item in (node,))
        elif isinstance(node, ScalarNode) and scalar(node, reader, self.wanted) is None:
            return None
        else:
            reader.note(Fault.NOT_A_LIST, node)
            return None
        return [item for item in items if item is not None]

    def schema(self) -> Schema:
        """Return the JSON Schema of the same."""
        item = self.item.schema()
        many = {"type": "array", "description": self.wanted, "items": item, "minItems": 1}
        return {"description": self.wanted, "anyOf": [item, many]} if self.single else many


class Fields(dict[str, Any]):
    """What could be read of a mapping, and for each key the node to point at: its value's, or its own in a MapOf."""

    __slots__ = ("complete", "node", "nodes")

    def __init__(self, node: Node) -> None:
        """Begin with nothing read."""
        super().__init__()
        self.node = node
        self.nodes: dict[str, Node] = {}
        self.complete = False  # every required key was there and readable


@dataclass(frozen=True, slots=True)
class MapOf:
    """Keys that the writer chooses, each with the same kind of value. Reads to Fields."""

    wanted: str
    key: Text
    item: Shape
    twice: Fault = Fault.DUPLICATE_KEY

    def read(self, node: Node, reader: Reader) -> Fields | None:
        """Return what could be read, by key."""
        if not isinstance(node, MappingNode):
            if not isinstance(node, ScalarNode) or scalar(node, reader, self.wanted) is not None:
                reader.note(Fault.NOT_A_MAPPING, node, example=Phrase("{key}: …", {"key": Phrase(self.key.wanted)}))
            return None
        if not node.value:
            reader.note(Fault.EMPTY_LIST, node)
            return None
        fields = Fields(node)
        lines: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key = self.key.read(key_node, reader)
            if key is None:
                continue
            if key in lines:
                reader.note(self.twice, key_node, key=key, line=lines[key].start_mark.line + 1)
                continue
            lines[key] = key_node
            value = self.item.read(value_node, reader)
            if value is not None:
                fields[key] = value
        fields.nodes = lines
        fields.complete = len(fields) == len(node.value)
        return fields

    def schema(self) -> Schema:
        """Return the JSON Schema of the same."""
        return {
            "type": "object",
            "description": self.wanted,
            "propertyNames": {"pattern": self.key.schema()["pattern"]},
            "additionalProperties": self.item.schema(),
            "minProperties": 1,
        }


@dataclass(frozen=True, slots=True)
class Record:
    """Known keys, each with its own shape. Reads to Fields.

    ``lone``, if given, is the key that a single scalar in the record's place stands for.
    """

    wanted: str
    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)
    lone: str | None = None

    def read(self, node: Node, reader: Reader) -> Fields | None:
        """Return what could be read, by key."""
        if not isinstance(node, MappingNode):
            return self._read_lone(node, reader)
        fields = Fields(node)
        nodes = fields.nodes
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else "…"
            shape = self.required.get(key) or self.optional.get(key)
            if shape is None:
                reader.note(Fault.UNKNOWN_KEY, key_node, key=key, hint=hint(key, {**self.required, **self.optional}))
            elif key in nodes:
                reader.note(Fault.DUPLICATE_KEY, key_node, key=key, line=nodes[key].start_mark.line + 1)
            else:
                nodes[key] = value_node
                value = shape.read(value_node, reader)
                if value is not None:
                    fields[key] = value
        for key, shape in self.required.items():
            if key not in nodes:
                reader.note(Fault.MISSING_KEY, node, key=key, wanted=Phrase(shape.wanted))
        fields.complete = self.required.keys() <= fields.keys()
        return fields

    def _alone(self, key: str) -> Shape:
        return self.required.get(key) or self.optional[key]

    def _read_lone(self, node: Node, reader: Reader) -> Fields | None:
        if self.lone is None or isinstance(node, SequenceNode):
            example = next(iter((*self.required, *self.optional)))
            if not isinstance(node, ScalarNode) or scalar(node, reader, self.wanted) is not None:
                reader.note(Fault.NOT_A_MAPPING, node, example=f"{example}: …")
            return None
        value = self._alone(self.lone).read(node, reader)
        if value is None:
            return None
        fields = Fields(node)
        fields.nodes[self.lone] = node
        fields[self.lone] = value
        fields.complete = True
        return fields

    def schema(self) -> Schema:
        """Return the JSON Schema of the same."""
        record: Schema = {
            "type": "object",
            "description": self.wanted,
            "properties": {key: shape.schema() for key, shape in (*self.required.items(), *self.optional.items())},
            "required": list(self.required),
            "additionalProperties": False,
        }
        if self.lone is None:
            return record
        return {"description": self.wanted, "anyOf": [self._alone(self.lone).schema(), record]}
