"""A YAML file's text with other values, every line that says the same left as it is.

A reviewer is to see what changes and nothing else. YAML libraries that keep comments do not promise that: they
re-indent, and what is added to the end of an item lands below the comment that introduces the next one. So nothing
is dumped here: the parsed nodes say where a value stands, and text is put in or replaced just there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from .shape import Composer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Value = "str | Sequence[Value] | Mapping[str, Value]"
Plain = str | list["Plain"] | dict[str, "Plain"]

_FLOW = ",[]{}"
_QUOTES = ("'", '"')
# What only YAML 1.2 takes for a number: editors and their schemas follow it, PyYAML does not.
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")


class RewriteError(ValueError):
    """The text cannot be given these values line by line; the message says why."""


def plain(text: str) -> Plain:
    """Return what a YAML text says, each scalar as the text that it is: no dates, no numbers."""
    node = Composer(text).get_single_node()
    return _plain(node) if node is not None else {}


def rewrite(text: str, wanted: Mapping[str, Plain]) -> str:
    """Return the text, changed at as few places as it takes to say ``wanted`` at the keys that ``wanted`` has.

    Keys and items can be added and scalars replaced; a key that ``wanted`` lacks is left alone on the first level.
    Raises RewriteError where a key or an item would be lost, or the text's form does not allow the change.
    """
    node = Composer(text).get_single_node()
    if not isinstance(node, MappingNode):
        message = "the text is not a mapping"
        raise RewriteError(message)
    edits = _Edits(text)
    edits.mapping(node, wanted)
    return edits.applied()


def _plain(node: Node) -> Plain:
    if isinstance(node, MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(item) for item in node.value]
    return str(node.value)


@dataclass(slots=True)
class _Edits:
    """What is to be put where in one text: (begin, end, order, new text), by offset."""

    text: str
    found: list[tuple[int, int, int, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # where each line begins

    def __post_init__(self) -> None:
        self.lines = [0, *accumulate(len(line) for line in self.text.splitlines(keepends=True))]

    def applied(self) -> str:
        parts = []
        done = 0
        for begin, end, _, new in sorted(self.found):
            parts += [self.text[done:begin], new]
            done = end
        return "".join((*parts, self.text[done:]))

    # Where

    def _begin(self, node: Node) -> int:
        return self.lines[node.start_mark.line] + int(node.start_mark.column)

    def _end(self, node: Node) -> int:
        """Return where a node's own text ends; a block's mark lies behind the blank lines and comments after it."""
        if isinstance(node, (MappingNode, SequenceNode)) and node.value and not node.flow_style:
            last = node.value[-1]
            return self._end(last[1] if isinstance(node, MappingNode) else last)
        return self.lines[node.end_mark.line] + int(node.end_mark.column)

    def _after(self, node: Node) -> int:
        """Return where the line after a node begins."""
        end = self._end(node)
        if end and self.text[end - 1] == "\n":  # a text of several lines ends where the next line begins
            return end
        newline = self.text.find("\n", end)
        return len(self.text) if newline < 0 else newline + 1

    # What

    def put(self, begin: int, end: int, new: str) -> None:
        self.found.append((begin, end, len(self.found), new))

    def put_lines(self, where: int, new: str) -> None:
        unfinished = where == len(self.text) and not self.text.endswith("\n")
        self.put(where, where, f"\n{new}"[:-1] if unfinished else new)

    def value(self, node: Node, wanted: Plain) -> None:
        if isinstance(node, MappingNode) and isinstance(wanted, dict):
            self.mapping(node, wanted)
        elif isinstance(node, SequenceNode) and isinstance(wanted, list):
            self.sequence(node, wanted)
        elif _plain(node) != wanted:
            if not isinstance(node, ScalarNode) or node.style in ("|", ">"):
                message = f"line {node.start_mark.line + 1} is written in a form that is not replaced"
                raise RewriteError(message)
            if isinstance(wanted, str):
                self.put(self._begin(node), self._end(node), scalar(wanted, quoted=node.style in _QUOTES))
            else:
                self.put(self._begin(node), self._end(node), _flow(wanted))

    def mapping(self, node: MappingNode, wanted: Mapping[str, Plain]) -> None:
        nodes = {key.value: value for key, value in node.value}
        before: Node | None = None
        for key, value in wanted.items():
            if key in nodes:
                before = nodes[key]
                self.value(before, value)
                continue
            anchor = before or node.value[0][1]  # never before the first key: a dash may stand there
            if node.flow_style:
                self.put(self._end(anchor), self._end(anchor), f", {scalar(key)}: {_flow(value)}")
            else:
                indent = node.value[0][0].start_mark.column
                self.put_lines(self._after(anchor), _block({key: value}, indent))

    def sequence(self, node: SequenceNode, wanted: Sequence[Plain]) -> None:
        pairs = _paired([_plain(item) for item in node.value], wanted)
        if pairs is None:
            message = f"line {node.start_mark.line + 1}: the list would lose an item, or an item a key"
            raise RewriteError(message)
        for index, value in zip(pairs, wanted, strict=True):
            if isinstance(index, int):
                self.value(node.value[index], value)
        following = 0
        for index, value in zip(pairs, wanted, strict=True):
            if index is None:
                self._insert(node, following, value)
            else:
                following = index + 1

    def _insert(self, node: SequenceNode, index: int, value: Plain) -> None:
        """Put an item before the one that stands at ``index``."""
        before = node.value[index - 1] if index else None
        if node.flow_style:
            if before is not None:
                self.put(self._end(before), self._end(before), f", {_flow(value)}")
            else:
                inside = self._begin(node) + 1
                self.put(inside, inside, _flow(value) + (", " if node.value else ""))
            return
        where = self._after(before) if before is not None else self.lines[node.start_mark.line]
        self.put_lines(where, _block([value], node.start_mark.column))


def _paired(old: Sequence[Plain], new: Sequence[Plain]) -> list[int | None] | None:
    """Return for each new item the place of the old one that it takes the place of, None for one that is added.

    All old items are taken up, in their order, as many as can be unchanged; None where that cannot be.
    """
    spare = len(new) - len(old)
    if spare < 0:
        return None
    # For each old item from the last to the first, and each number of items added before it: how many items stay
    # unchanged from there on at best, -1 where there is no way.
    best = [[0] * (spare + 1)]
    for index in range(len(old) - 1, -1, -1):
        row = [-1] * (spare + 1)
        for added in range(spare, -1, -1):
            value = new[index + added]
            if best[-1][added] >= 0 and _fits(old[index], value):
                row[added] = best[-1][added] + (old[index] == value)
            if added < spare:
                row[added] = max(row[added], row[added + 1])
        best.append(row)
    best.reverse()
    if best[0][0] < 0:
        return None
    pairs: list[int | None] = []
    index = 0
    for place, value in enumerate(new):
        added = place - index
        stays = index < len(old) and best[index + 1][added] >= 0 and _fits(old[index], value)
        if stays and best[index + 1][added] + (old[index] == value) == best[index][added]:
            pairs.append(index)
            index += 1
        else:
            pairs.append(None)
    return pairs


def _fits(old: Plain, new: Plain) -> bool:
    """Say whether one value can be rewritten to the other: a mapping keeps its keys."""
    return not isinstance(old, dict) or (isinstance(new, dict) and old.keys() <= new.keys())


def _block(value: Plain, indent: int) -> str:
    """Return lines that say this, the first key or dash in the column ``indent``."""
    margin = " " * indent
    if isinstance(value, str):
        return f"{margin}{scalar(value)}\n"
    if isinstance(value, list):
        blocks = (_block(item, indent + 2) for item in value)
        return "".join(f"{margin}- {block[indent + 2 :]}" for block in blocks)
    rows = []
    for key, item in value.items():
        if isinstance(item, str):
            rows.append(f"{margin}{scalar(key)}: {scalar(item)}\n")
        else:
            rows.append(f"{margin}{scalar(key)}:\n{_block(item, indent + 2)}")
    return "".join(rows)


def _flow(value: Plain) -> str:
    if isinstance(value, str):
        return scalar(value, flow=True)
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return "{" + ", ".join(f"{scalar(key, flow=True)}: {_flow(item)}" for key, item in value.items()) + "}"


def scalar(value: str, *, quoted: bool = False, flow: bool = False) -> str:
    """Write a text so that every reader of YAML takes it for that text; a day stands bare, as the registry has it."""
    if not quoted and _is_bare(value, flow=flow):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    if not value.isprintable():
        return yaml.safe_dump(value, default_style='"', allow_unicode=True, width=10**6).rstrip("\n")
    return f'"{escaped}"'


def _is_bare(value: str, *, flow: bool) -> bool:
    if not value.isprintable() or (flow and any(character in value for character in _FLOW)):
        return False
    if _NUMBER.fullmatch(value):
        return False
    try:
        read = yaml.load(f"[{value}, x]\n" if flow else f"- {value}\n", Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return False
    if not isinstance(read, list) or len(read) != 1 + flow:
        return False
    return read[0] == value or (hasattr(read[0], "isoformat") and read[0].isoformat() == value)
