"""The controls of the compliance report: each a small file, ``compliance/R13.yml``.

A control says what each regulation demands, in the regulation's own words, how the estate meets it, what is people's
duty and not a machine's, and which checks are made of the living estate. A check asks one thing in one way, and says in
words and as an expression what must hold of the answer; beside it stand an answer that passes and one that fails. To
add an article is to add a file.

Texts and expressions are Jinja: `{{ policy.passwords.length }}` characters, `said | length == 0`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from yaml import MappingNode, ScalarNode, SequenceNode

from .messages import Fault
from .model import Origin, RegistryError
from .shape import Choice, Flag, ListOf, MapOf, Number, Record, Text
from .yamlfile import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from yaml import Node

    from .model import Problem
    from .shape import Fields, Reader, Schema

READINGS = ("text", "lines", "words", "number", "json")
ACCOUNTS = ("reconciler", "auditor")


@dataclass(frozen=True, slots=True)
class Plain:
    """Any value, as YAML means it: an answer that a check is tried with."""

    wanted: str

    def read(self, node: Node, _reader: Reader) -> object:
        """Return the value, or None where there is none."""
        match node:
            case ScalarNode() if node.style:
                return node.value
            case ScalarNode():
                return yaml.safe_load(node.value)
            case SequenceNode():
                return [self.read(item, _reader) for item in node.value]
            case MappingNode():
                return {key.value: self.read(value, _reader) for key, value in node.value}
        raise TypeError(node)

    def schema(self) -> Schema:
        """Return the JSON Schema of the same."""
        return {"description": self.wanted}


@dataclass(frozen=True, slots=True)
class OneOf:
    """A mapping with one of some keys, each with a shape of its own. Reads to the key and what stands at it."""

    wanted: str
    kinds: Mapping[str, Record | Text]

    def read(self, node: Node, reader: Reader) -> tuple[str, Any] | None:
        """Return which it is, and what is said of it."""
        if not isinstance(node, MappingNode):
            reader.note(Fault.NOT_A_MAPPING, node, example=f"{next(iter(self.kinds))}: …")
            return None
        if len(node.value) != 1 or node.value[0][0].value not in self.kinds:
            reader.note(Fault.ONE_WAY, node, kinds=", ".join(self.kinds))
            return None
        kind = node.value[0][0].value
        said = self.kinds[kind].read(node.value[0][1], reader)
        return None if said is None else (kind, said)

    def schema(self) -> Schema:
        """Return the JSON Schema of the same."""
        return {
            "type": "object",
            "description": self.wanted,
            "properties": {kind: shape.schema() for kind, shape in self.kinds.items()},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }


_group = Text("the group of hosts that is asked", re.compile(r"[a-z]+"), "For example store.")
_port = Number("the port", 1, 65535)
_name = Text("the name under which the server is asked; by default the host's own")
_line = Text("a line in Vietnamese")
_expression = Text("an expression of Jinja")

ASK = OneOf(
    "how it is found out",
    {
        "command": Record(
            "a command on each host of a group, which changes nothing there",
            {"group": _group, "argv": ListOf("the command and its arguments", Text("an argument"))},
            {
                "reads": Choice("how its output is read", READINGS),
                "input": Text("what it reads on its standard input; `\\n` begins a new line, and takes a space along"),
            },
        ),
        "directory": Record(
            "a search of the directory",
            {
                "base": Text("where to search, such as '{{ suffix }}'"),
                "where": MapOf(
                    "values of which one is wanted",
                    Text("an attribute", re.compile(r"[A-Za-z]+"), "For example uid."),
                    ListOf("values", Text("a value")),
                ),
                "attributes": ListOf("the attributes that are read", Text("an attribute")),
            },
            {
                "as": Choice("the account that asks", ACCOUNTS),
                "limit": Number("how many entries are enough; by default all", 1, 1000),
            },
        ),
        "measure": Text(
            "what the engine finds out from registry, directory and records", re.compile(r"[a-z_]+"), "See measures.py."
        ),
        "smtp": Record(
            "a letter that is handed in from outside, and refused in the end",
            {"group": _group, "recipient": Text("who gets it")},
            {
                "port": _port,
                "sender": Text("the envelope's sender; by default none"),
                "author": Text("whom the letter names as its author"),
                "content": Choice("what is in the letter", ("malware", "spam", "nothing")),
            },
        ),
        "tls": Record(
            "a handshake of TLS, and another one with an old version",
            {"group": _group, "port": _port},
            {"start": Choice("how TLS begins", ("at once", "smtp", "imap")), "name": _name},
        ),
        "clear": Record(
            "what a server offers before TLS",
            {"group": _group, "port": _port, "protocol": Choice("the protocol", ("smtp", "imap"))},
        ),
        "web": Record("a page", {"group": _group, "name": _name, "path": Text("the page's path")}),
        "port": Record("whether a port is open to the control node", {"group": _group, "port": _port}),
        "stranger": Record(
            "a search of a directory without signing in",
            {"group": _group, "name": _name, "base": Text("where to search")},
        ),
        "dns": Record(
            "an answer of DNS, as the hosts of a group get it",
            {
                "group": _group,
                "name": Text("the name asked for"),
                "type": Choice("the type", ("A", "MX", "TXT", "TLSA", "SRV")),
            },
        ),
    },
)

CHECK = Record(
    "a check of the living estate",
    required={
        "name": Text("what must hold, in Vietnamese"),
        "ask": ASK,
        "holds": Text("what must hold of the answer `said`, as an expression"),
        "tells": Text("the answer in a few Vietnamese words, for the report"),
        "good": Plain("an answer that passes"),
        "bad": Plain("an answer that fails"),
    },
    optional={
        "where": Record(
            "where the check makes sense",
            {"holds": _expression, "otherwise": Text("why there is none elsewhere, in Vietnamese")},
        ),
        "failing": Text("what to do if it fails, in Vietnamese"),
        "given": Plain("facts that the two answers are tried with, besides the policy's, such as `found`"),
        "exits": Flag("whether another exit status than 0 is an answer too"),
    },
)

CONTROL = Record(
    "a control",
    required={
        "id": Text("the control's id", re.compile(r"R[0-9]{2}"), "For example R13."),
        "title": Text("what it is about, in Vietnamese"),
        "met": Text("how the estate meets it, in Vietnamese"),
        "proved_by": ListOf(
            "the tests that try it",
            Text("a test", re.compile(r"(?:molecule|tests)/[\w/.-]+\.py::test_\w+"), "Write path::name of a test."),
        ),
    },
    optional={
        "demands": MapOf(
            "by the estate's name, what its regulation demands",
            Text("an estate", re.compile(r"[a-z0-9-]+"), "For example daklak."),
            ListOf(
                "passages",
                Record(
                    "a passage",
                    {
                        "cite": Text("article, clause and point"),
                        "quote": Text("the passage's own words, […] for what is left out"),
                    },
                ),
            ),
        ),
        "people": ListOf(
            "what is people's duty and not a machine's",
            Record(
                "a duty", {"who": _line, "duty": _line, "machine": Text("what the machine contributes, in Vietnamese")}
            ),
        ),
        "checks": ListOf("the checks", CHECK),
        "unchecked": Text("why no check of the living estate is possible, in Vietnamese"),
    },
)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a regulation demands, in its own words."""

    cite: str
    quote: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What is somebody's duty, and what the machine contributes."""

    who: str
    duty: str
    machine: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is asked of the living estate."""

    name: str
    kind: str  # of asking, a key of ASK
    ask: Any  # what is said of it there: a mapping, or a measure's name
    holds: str
    tells: str
    good: object
    bad: object
    where: str = ""  # an expression; empty: everywhere
    otherwise: str = ""
    failing: str = ""
    exits: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)  # facts for `good` and `bad`

    @property
    def group(self) -> str:
        """Return the group of hosts that is asked; empty where none is."""
        return str(self.ask.get("group", "")) if isinstance(self.ask, dict) else ""


@dataclass(frozen=True, slots=True)
class Control:
    """One article of the regulations as something that can be checked."""

    id: str
    title: str
    demands: Mapping[str, tuple[Demand, ...]]  # by the estate's name
    met: str
    people: tuple[Duty, ...]
    checks: tuple[Check, ...]
    unchecked: str
    proved_by: tuple[str, ...]
    file: str = field(default="", compare=False)


def load(folder: Path) -> tuple[Control, ...]:
    """Read all controls of a folder, in the order of their ids. Raises RegistryError with all faults."""
    problems: list[Problem] = []
    found = [control for path in sorted(folder.glob("*.yml")) if (control := _read(folder, path.name, problems))]
    if not found and not problems:
        problems.append(Fault.MISSING_FILE.at(Origin("R01.yml", 1)))
    if problems:
        raise RegistryError(tuple(problems))
    return tuple(found)


def _read(folder: Path, file: str, problems: list[Problem]) -> Control | None:
    before = len(problems)
    read = read_file(folder, file, CONTROL, problems)
    if read is None or len(problems) > before:
        return None
    fields, reader = read
    if file != f"{fields['id']}.yml":
        reader.note(Fault.FILE_NAME, fields.nodes["id"], file=file, code=fields["id"])
    if ("checks" in fields) == ("unchecked" in fields):
        reader.note(Fault.ONE_WAY, fields.node, kinds="checks, unchecked")
    for node, source, compiled in _jinja(fields):
        try:
            compiled(source)
        except TemplateError as error:
            reader.note(Fault.BAD_JINJA, node, source=source, fault=str(error).rstrip("."))
    return None if len(problems) > before else _control(fields, file)


def _jinja(fields: Fields) -> Iterator[tuple[Node, str, Callable[[str], object]]]:
    """Give all texts and expressions, with their places and what compiles them."""
    texts = [(fields, "met"), *((each, key) for each in fields.get("people", ()) for key in each)]
    for check in fields.get("checks", ()):
        texts += [(check, key) for key in ("tells", "failing") if key in check]
        yield check.nodes["holds"], check["holds"], _environment.compile_expression
        if "where" in check:
            yield check["where"].nodes["holds"], check["where"]["holds"], _environment.compile_expression
    for each, key in texts:
        yield each.nodes[key], each[key], _environment.from_string


def _control(fields: Fields, file: str) -> Control:
    return Control(
        id=fields["id"],
        title=fields["title"],
        demands={
            estate: tuple(Demand(each["cite"], each["quote"]) for each in passages)
            for estate, passages in fields.get("demands", {}).items()
        },
        met=fields["met"],
        people=tuple(Duty(each["who"], each["duty"], each["machine"]) for each in fields.get("people", ())),
        checks=tuple(map(_check, fields.get("checks", ()))),
        unchecked=fields.get("unchecked", ""),
        proved_by=tuple(fields["proved_by"]),
        file=file,
    )


def _check(fields: Fields) -> Check:
    kind, ask = fields["ask"]
    where = fields.get("where", {})
    return Check(
        name=fields["name"],
        kind=kind,
        ask=_plain(ask),
        holds=fields["holds"],
        tells=fields["tells"],
        good=fields["good"],
        bad=fields["bad"],
        where=where.get("holds", ""),
        otherwise=where.get("otherwise", ""),
        failing=fields.get("failing", ""),
        exits=fields.get("exits", False),
        given=fields.get("given", {}),
    )


def _plain(value: object) -> Any:  # noqa: ANN401 -- as YAML has it
    return json.loads(json.dumps(value)) if isinstance(value, dict) else value


# --- Jinja


def _number(value: float) -> str:
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def _listed(values: Any, most: int = 5) -> str:  # noqa: ANN401 -- whatever came back
    """Name the first few of many."""
    shown = [str(value) for value in list(values)[:most]]
    more = len(list(values)) - len(shown)
    return ", ".join(shown) + (f" và {more} nơi khác" if more > 0 else "")


def _hours(moment: str, at: float) -> float:
    """Return how many hours before ``at`` a moment was, in ISO 8601; some programs write nanoseconds."""
    said = re.sub(r"(\.\d{6})\d+", r"\1", moment).replace("Z", "+00:00")
    return (at - datetime.fromisoformat(said).timestamp()) / 3600


def _findall(text: str, pattern: str) -> list[Any]:
    return re.findall(pattern, text)


_environment = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_environment.filters |= {"findall": _findall, "hours": _hours, "listed": _listed, "number": _number}


def filled(text: str, facts: Mapping[str, object]) -> str:
    """Fill a text in. Raises jinja2.TemplateError where it names what nobody knows."""
    return " ".join(_environment.from_string(text).render(facts).split())


def filled_in(value: Any, facts: Mapping[str, object]) -> Any:  # noqa: ANN401 -- as YAML has it
    """Fill in all texts of a value."""
    match value:
        case str() if "{" in value:
            return _environment.from_string(value).render(facts)
        case list():
            return [filled_in(item, facts) for item in value]
        case dict():
            return {key: filled_in(item, facts) for key, item in value.items()}
    return value


def holds(expression: str, facts: Mapping[str, object]) -> bool:
    """Evaluate an expression. Raises jinja2.TemplateError, TypeError and the like if the answer is odd."""
    return bool(_environment.compile_expression(expression, undefined_to_none=False)(**facts))
