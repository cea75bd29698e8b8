"""A model regulation, which each agency fills in and issues as its own (CM Điều 2 of the decision).

A model is a folder: ``quy-che.yml`` with the rules, and beside it the texts, pages of Markdown that say what the law
prints, with blanks such as ``{{ agency }}``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .layout import KINDS
from .messages import Fault
from .model import Origin, RegistryError
from .phrase import Phrase
from .shape import Choice, ListOf, MapOf, Record, Text, hint
from .yamlfile import content_of, decoded, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from .model import Agency, Problem, Registry
    from .shape import Fields, Reader

RULES = "quy-che.yml"

BLANK = re.compile(r"\{\{ *(\w+) *\}\}")
NEEDED = {  # what letterhead and signature ask for, besides the texts
    "superior": "the name above the issuer's, or nothing",
    "symbol": "what stands for the issuer in the number",
    "town": "where documents are signed",
    "behalf": "in whose name the head signs, or nothing",
}

# What a line of a text is, by its look. The first that matches holds.
_LOOKS = {
    "kind": re.compile(r"# (.+)"),
    "subject": re.compile(r"## (.+)"),
    "attached": re.compile(r"\*\((.+)\)\*"),
    "chapter": re.compile(r"### Chương (\w+)\. (.+)"),
    "titled": re.compile(r"#### Điều (\w+)\. (.+)"),
    "running": re.compile(r"\*\*Điều (\w+)\.\*\* (.+)"),
    "authority": re.compile(r"\*\*([^*]+)\*\*"),
    "ground": re.compile(r"\*([^*]+)\*"),
    "recipients": re.compile(r"Nơi nhận: (.+)"),
    "mailboxes": re.compile(r"\{\{ *mailboxes *\}\}"),
    "paragraph": re.compile(r"([^#*].*)"),
}

# What the registry says, wherever it stands in the texts.
FROM_REGISTRY = (
    "agency",
    "issuer",
    "code",
    "place",
    "parent",
    "sort",
    "sort_inline",
    "address",
    "head",
    "head_of_agency",
    "office",
    "office_of_agency",
    "office_head",
    "office_head_of_agency",
    "gap",
)

_cite = Text("the article that it rests on, such as 'CM Điều 4.1'")
_words = Text("the first words of a name")
_file = Text("the name of a text beside this file", re.compile(r"[a-z0-9-]+\.md"), "For example quy-che.md.")
_kinds = ListOf("the kinds of agency it is for", Choice("a kind of agency", KINDS))
_titles = ListOf("titles", Text("a title, without 'Phó' or 'Quyền'"))

MODEL = Record(
    "a model regulation",
    required={
        "regulation": Text("the regulation's number and title"),
        "issuers": Record("who issues a regulation after the model", {"cite": _cite, "kinds": _kinds}),
        "decision": _file,
        "text": _file,
        "spelt_out": MapOf("abbreviations", Text("an abbreviation"), Text("what it stands for")),
        "sorts": Record(
            "what agencies are called in short",
            {"cite": _cite, "names": MapOf("by the first words of a name", _words, Text("the same within a sentence"))},
        ),
        "heads": Record("what heads are called", {"cite": _cite, "titles": _titles}),
        "offices": Record(
            "which unit does the office's work",
            {
                "cite": _cite,
                "names": ListOf("the first words of names", _words),
                "heads": MapOf("by the first words of a name", _words, Text("the title of the unit's head")),
            },
        ),
        "blanks": MapOf(
            "blanks that these rules fill",
            Text("a blank's name", re.compile(r"[a-z][a-z_]*"), "For example check_times."),
            ListOf(
                "the rules, of which the first that fits holds",
                Record(
                    "a rule",
                    {},
                    {
                        "kinds": _kinds,
                        "agencies": ListOf("the codes of the agencies it is for", Text("a code")),
                        "say": Text("what fills the blank; without it, nothing"),
                    },
                ),
            ),
        ),
    },
    optional={"annexes": ListOf("the texts behind the regulation", _file)},
)


@dataclass(frozen=True, slots=True)
class Saying:
    """A text for a blank, and for which agencies; an empty condition is for all."""

    text: str
    kinds: frozenset[str]
    agencies: frozenset[str]
    origin: Origin

    def fits(self, agency: Agency, day: date) -> bool:
        """Say whether it is for this agency."""
        return (not self.kinds or agency.on(day).kind in self.kinds) and (
            not self.agencies or agency.code in self.agencies
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: what it is (a key of ``_LOOKS``), and what it says."""

    look: str
    texts: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Model:
    """A model regulation as its folder has it. Where words are looked for, the first that fit hold."""

    file: str  # the rules, as problems name them
    regulation: str
    issuers: frozenset[str]  # kinds of agencies
    decision: tuple[Line, ...]
    text: tuple[Line, ...]
    annexes: tuple[tuple[Line, ...], ...]
    spelt_out: Mapping[str, str]
    sorts: Mapping[str, str]
    heads: tuple[str, ...]
    offices: tuple[str, ...]
    office_heads: Mapping[str, str]
    blanks: Mapping[str, tuple[Saying, ...]]


def load_model(folder: Path) -> Model:
    """Read a model regulation. Raises RegistryError with every problem found."""
    problems: list[Problem] = []
    read = read_file(folder.parent, f"{folder.name}/{RULES}", MODEL, problems)
    if read is None or problems:
        raise RegistryError(tuple(problems))
    fields, reader = read

    def lines(name: str) -> tuple[Line, ...]:
        return tuple(_lines(folder.parent, f"{folder.name}/{name}", problems))

    blanks = {name: tuple(_saying(said, reader) for said in rules) for name, rules in fields["blanks"].items()}
    model = Model(
        file=reader.file,
        regulation=fields["regulation"],
        issuers=frozenset(fields["issuers"]["kinds"]),
        decision=lines(fields["decision"]),
        text=lines(fields["text"]),
        annexes=tuple(lines(name) for name in fields.get("annexes", ())),
        spelt_out=dict(fields["spelt_out"]),
        sorts=dict(fields["sorts"]["names"]),
        heads=tuple(fields["heads"]["titles"]),
        offices=tuple(fields["offices"]["names"]),
        office_heads=dict(fields["offices"]["heads"]),
        blanks=blanks,
    )
    problems += _unfit(model, fields, reader)
    if problems:
        raise RegistryError(tuple(problems))
    return model


def _lines(root: Path, file: str, problems: list[Problem]) -> Iterator[Line]:
    content = content_of(root, file, problems)
    text = None if content is None else decoded(content, file, problems)
    for number, line in enumerate((text or "").splitlines(), 1):
        if not line.strip():
            continue
        for look, form in _LOOKS.items():
            if found := form.fullmatch(line.strip()):
                yield Line(look, found.groups(), Origin(file, number))
                break
        else:
            problems.append(Fault.NO_SUCH_LINE.at(Origin(file, number)))


def _saying(said: Fields, reader: Reader) -> Saying:
    return Saying(
        said.get("say", ""),
        frozenset(said.get("kinds", ())),
        frozenset(said.get("agencies", ())),
        reader.origin(said.node),
    )


def _unfit(model: Model, fields: Fields, reader: Reader) -> Iterator[Problem]:
    """Yield what is wrong with the rules: a blank without an end, and blanks that nothing fills."""
    nodes = fields["blanks"].nodes
    for name, wanted in NEEDED.items():
        if name not in model.blanks:
            yield Fault.MISSING_KEY.at(reader.origin(fields.nodes["blanks"]), key=name, wanted=Phrase(wanted))
    for name, rules in model.blanks.items():
        if rules[-1].kinds or rules[-1].agencies:
            yield Fault.NO_LAST_RULE.at(reader.origin(nodes[name]))
    known = dict.fromkeys(sorted({*FROM_REGISTRY, *model.blanks}))
    said = [(rule.text, rule.origin) for rules in model.blanks.values() for rule in rules]
    heads = fields["offices"]["heads"]
    said += [(title, reader.origin(heads.nodes[words])) for words, title in heads.items()]
    said += [
        (text, line.origin)
        for part in (model.decision, model.text, *model.annexes)
        for line in part
        for text in line.texts
    ]
    for text, origin in said:
        for blank in BLANK.findall(text):
            if blank not in known:
                yield Fault.UNKNOWN_BLANK.at(origin, blank=blank, hint=hint(blank, known))


def issuers(model: Model, registry: Registry, day: date) -> list[str]:
    """Return the codes of the agencies that are to issue a regulation after the model."""
    return [
        code
        for code, agency in sorted(registry.agencies.items())
        if agency.covers(day) and agency.on(day).kind in model.issuers
    ]
