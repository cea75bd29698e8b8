"""A copy of a registry in which faults are put, and what the engine is expected to say of them.

Only what differs from the sound registry is kept. Lines keep their identity while others come and go above them, so
several faults can be put into one copy, each without knowing of the others.
"""

from __future__ import annotations

from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, TypeVar

from .findings import Sight, Told
from .original import Claim, Grant, Place, Post, Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from random import Random

    from .findings import Finding
    from .original import Original

_T = TypeVar("_T")


class NoPlaceError(Exception):
    """A fault finds no place in a registry, or none that others have left."""


class Copy:
    """A registry to be broken: ``chance`` decides where, and no two faults take the same."""

    def __init__(self, sound: Original, chance: Random) -> None:
        """Begin with what is sound."""
        self.sound = sound
        self.chance = chance
        self.blind = Sight.NOTHING
        self._lines: dict[str, list[list[str]]] = {}  # for each line of the sound file what stands in its place
        self._whole: dict[str, bytes | None] = {}  # files put in, or taken out
        self._taken: set[str] = set()
        self.touched: set[str] = set()  # files
        self._newcomers = 0

    # Places

    def shuffled(self, found: Iterable[_T]) -> list[_T]:
        """Return these in another order."""
        candidates = list(found)
        self.chance.shuffle(candidates)
        return candidates

    def choose(self, found: Iterable[_T]) -> _T:
        """Return one of these, and leave it to others too."""
        for one in self.shuffled(found):
            return one
        raise NoPlaceError

    def pick(self, found: Iterable[_T], *, whole: bool = False) -> _T:
        """Take one of these which no other fault has taken."""
        for one in self.shuffled(found):
            if self._is_free((one,), whole=whole):
                self.take(one, whole=whole)
                return one
        raise NoPlaceError

    def pick_owned(self, found: Iterable[tuple[Said, Post | Grant | None]]) -> Said:
        """Take one of these with its owner, or without one with its whole file."""
        owners = dict(found)
        said = self.choose(
            said for said, owner in owners.items() if self._is_free((owner or said,), whole=owner is None)
        )
        owner = owners[said]
        self.take(owner or said, whole=owner is None)
        if isinstance(owner, Post) and said is owner.said.fields.get("id"):
            self.blind |= Sight.AGENCIES  # whoever's id cannot be read may be anybody
        return said

    def take(self, *subjects: object, whole: bool = False) -> None:
        """Take something, or a ``whole`` file that the engine will not be able to use."""
        if not self._is_free(subjects, whole=whole):
            raise NoPlaceError
        files = _files(subjects)
        self.touched |= files
        self._taken |= self._tokens(subjects, whole=whole)
        if whole:
            self._taken |= files
            for file in files:
                self.blind |= Sight.lost_with(file)

    def _is_free(self, subjects: Iterable[object], *, whole: bool) -> bool:
        files = _files(subjects)
        return not ((self._tokens(subjects, whole=whole) | files) & self._taken or (whole and files & self.touched))

    def _tokens(self, subjects: Iterable[object], *, whole: bool) -> set[str]:
        return {token for subject in subjects for token in self._tokens_of(subject, whole=whole)}

    def _tokens_of(self, subject: object, *, whole: bool) -> set[str]:
        match subject:
            case str():
                return {subject}
            case Post():
                return {f"person:{subject.person}"}
            case Grant():
                return {f"person:{subject.person}", f"roles:{subject.mailbox}"}
            case Claim():
                return {subject.holder, f"address:{subject.address}"}
            case Said() if whole or subject.file.startswith("agencies/"):
                return self._tokens_of_file(subject.file)
            case Said():
                return {f"{subject.file}:{subject.line}"}
        raise TypeError(subject)

    def _tokens_of_file(self, file: str) -> set[str]:
        """Return everybody and every mailbox of a file, and whoever comes to its agency when another ends."""
        code = self.sound.files[file].at("code")
        boxes = {grant.mailbox for grant in self.sound.grants if grant.said.file == file}
        merged = {file, *(said.file for said in self.sound.agencies.values() if said.at("successor") == code != "")}
        return {
            *(f"person:{post.person}" for post in self.sound.posts if post.said.file in merged),
            *(f"address:{claim.address}" for claim in self.sound.claims if claim.said.file == file),
            *(f"{kind}:{box}" for box in boxes for kind in ("mailbox", "roles")),
        }

    # Changes

    def text(self, said: Said) -> str:
        """Return the line on which something begins."""
        return self._cells(said.file)[said.line][0]

    def write(self, said: Said, *lines: str) -> Place:
        """Put other lines in the place of all lines of something."""
        cells = self._cells(said.file)
        cells[said.line : said.last + 1] = [list(lines), *([] for _ in range(said.line, said.last))]
        return Place(said.file, said.line)

    def set(self, said: Said, value: str) -> Place:
        """Put another value in the place of one."""
        line = self.text(said)
        head = line[: said.value_column] if said.value_line == said.line else line
        return self.write(said, f"{head.rstrip()} {value}".rstrip())

    def rewrite(self, file: str, line: int, text: str) -> None:
        """Put another text in the place of one line."""
        self._cells(file)[line] = [text]

    def swap(self, said: Said, old: str, new: str) -> Place:
        """Replace a part of the line on which something begins."""
        line = self.text(said)
        assert old in line, (old, line)
        self._cells(said.file)[said.line][0] = line.replace(old, new, 1)
        return Place(said.file, said.line)

    def drop(self, said: Said) -> None:
        """Take a key, an item or a line out; the dash before it stays."""
        line = self.text(said)
        self.write(said)
        if line[: said.column].endswith("- ") and said.key:
            below = self._cells(said.file)[said.last + 1]
            below[0] = line[: said.column] + below[0][said.column :]

    def below(self, said: Said, *lines: str) -> Place:
        """Put lines below something."""
        return self.below_line(said.file, said.last, *lines)

    def below_line(self, file: str, line: int, *lines: str) -> Place:
        """Put lines below a line."""
        cell = self._cells(file)[line]
        cell.extend(lines)
        return Place(file, line, len(cell) - len(lines))

    def above(self, said: Said, *lines: str) -> Place:
        """Put lines above something."""
        return self.below_line(said.file, said.line - 1, *lines)

    def put(self, file: str, content: bytes | str) -> Place:
        """Put a file there, or another content into one."""
        self._whole[file] = content.encode() if isinstance(content, str) else content
        return Place(file, -1)

    def take_out(self, file: str) -> Place:
        """Take a file out."""
        self._whole[file] = None
        return Place(file, -1)

    def content(self, file: str) -> str:
        """Return what a file says now."""
        return "".join(f"{line}\n" for cell in self._cells(file) for line in cell)

    def newcomer(self) -> str:
        """Return an id that nobody has."""
        self._newcomers += 1
        return f"zz{self._newcomers:05}"

    @staticmethod
    def post(person: str, *more: str, name: str = "Tôn Nữ Thanh Vân", since: str = "2026-01-05") -> list[str]:
        """Return the lines of a post."""
        told = (f"name: {name}", "title: Chuyên viên", f"since: {since}", "decision: 1/QĐ-SNV", *more)
        return [f"  - id: {person}", *(f"    {line}" for line in told)]

    def _cells(self, file: str) -> list[list[str]]:
        if file not in self._lines:
            self._lines[file] = [[line] for line in self.sound.lines[file]]
        return self._lines[file]

    # What comes of it

    def told(self, findings: Iterable[Finding]) -> list[Told]:
        """Return what the engine is expected to say."""
        return sorted(Told(place.file, self._number(place), fault) for fault, place in findings)

    def _number(self, place: Place) -> int:
        if place.line < 0 or place.file not in self.sound.lines:
            return max(place.line, 0) + 1
        cells = self._cells(place.file)
        return sum(map(len, cells[: place.line])) + place.down + 1

    def snapshot(self) -> Copy:
        """Return a copy of the copy."""
        other = Copy(self.sound, self.chance)
        other.blind = self.blind
        other._lines, other._whole = deepcopy(self._lines), dict(self._whole)
        other._taken, other.touched = set(self._taken), set(self.touched)
        other._newcomers = self._newcomers
        return other

    @contextmanager
    def written(self, root: Path) -> Iterator[None]:
        """Write what differs over a copy of the sound registry, and afterwards what is sound again."""
        contents = {file: self.content(file).encode("utf-8", "surrogateescape") for file in self._lines}
        changed: dict[str, bytes | None] = {**contents, **self._whole}
        made = [folder for file in changed for folder in _missing((root / file).parent)]
        try:
            for file, content in changed.items():
                _write(root / file, content)
            yield
        finally:
            for file in changed:
                lines = self.sound.lines.get(file)
                _write(root / file, None if lines is None else "".join(f"{line}\n" for line in lines).encode())
            for folder in made:
                folder.rmdir()


def _files(subjects: Iterable[object]) -> set[str]:
    return {
        subject.file if isinstance(subject, Said) else subject.said.file
        for subject in subjects
        if isinstance(subject, Said | Post | Grant | Claim)
    }


def _missing(folder: Path) -> list[Path]:
    return [] if folder.exists() else [folder, *_missing(folder.parent)]


def _write(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
