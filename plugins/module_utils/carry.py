"""Of an agency's file that was read before, only the posts that changed are parsed.

A day touches most agencies' files, and few of the people in each. Where both versions are laid out as our own tools
write them, the posts that stand in both word for word are taken out of the text before it is parsed, and what they came
to then is put back. An empty line stays for each line that goes, so that every other place keeps its number. Wherever
it is not certain that this comes to the same, the file is parsed as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, Self

from . import assemble
from .layout import AGENCY
from .yamlfile import parse

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from .assemble import AgencyFile
    from .model import Absence, Grant, Origin, Post, Problem

_PEOPLE = re.compile(r"^people: *$", re.MULTILINE)
_NEXT_KEY = re.compile(r"\n[^ #\n]")
_POST = "\n  - "
# What may make a line depend on others: quotes, brackets, anchors, and line breaks that only YAML knows.
_BINDING = "\"'[]{}\\&*\r\x85\u2028\u2029\ufeff"
# A line in which none of these does: at most one value is in quotes or brackets, and ends where the line does.
_PLAIN, _INNER = (f"[^{re.escape(each)}]*" for each in (_BINDING, f"{_BINDING}#"))
_CLOSED = re.compile(rf"{_PLAIN}(?:\"{_INNER}\"|'{_INNER}'|\[{_INNER}\]|\{{{_INNER}\}}) *(?: #{_PLAIN})?")


class _Block(NamedTuple):
    """The lines of one post, as they stand in the file."""

    line: int  # of the first one, from 1
    text: str  # from behind the dash to the end of the last line


class _Sheet(NamedTuple):
    """A file taken apart: what stands around the posts, and the posts."""

    head: str
    blocks: tuple[_Block, ...]
    tail: str

    @classmethod
    def of(cls, content: bytes) -> Self | None:
        """Take a file apart, or give None where it is laid out in another way."""
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return None
        found = _PEOPLE.search(text)
        if found is None or not all(_is_closed(text, place) for place in _places(text)):
            return None
        end = _NEXT_KEY.search(text, found.end())
        last = end.start() if end else len(text)
        head, *posts = text[found.end() : last].split(_POST)
        head = text[: found.end()] + head
        line = 2 + head.count("\n")
        blocks = []
        for post in posts:
            blocks.append(_Block(line, post))
            line += 1 + post.count("\n")
        return cls(head, tuple(blocks), text[last:]) if blocks else None

    def without(self, known: Container[str]) -> tuple[str, list[_Block]]:
        """Give the text with empty lines for the blocks that are known, and the others, of which there is one."""
        fresh = [block for block in self.blocks if block.text not in known] or [self.blocks[0]]
        told = {block.line for block in fresh}
        lines = (
            _POST + block.text if block.line in told else "\n" * (1 + block.text.count("\n")) for block in self.blocks
        )
        return "".join((self.head, *lines, self.tail)), fresh


def agency_file(file: str, content: bytes, before: tuple[bytes, AgencyFile]) -> AgencyFile | None:
    """Return what a file says, or None where that takes parsing all of it.

    ``before`` is an earlier content, and what it came to without a fault.
    """
    content_before, read = before
    sheet, sheet_before = _Sheet.of(content), _Sheet.of(content_before)
    if sheet is None or sheet_before is None or read.agency is None:
        return None
    posts_before = _by_block(read.agency.posts, sheet_before.blocks)
    if posts_before is None:
        return None
    known = {block.text: (block.line, posts) for block, posts in zip(sheet_before.blocks, posts_before, strict=True)}
    text, fresh = sheet.without(known)
    problems: list[Problem] = []
    parsed = parse(text.encode(), file, AGENCY, problems)
    found = assemble.agency_file(*parsed) if parsed else None
    if found is None or found.agency is None or problems:
        return None
    # What a post comes to depends on these, and on nothing else in the file.
    if found.agency.code != read.agency.code or found.agency.units.keys() != read.agency.units.keys():
        return None
    fresh_posts = _by_block(found.agency.posts, fresh)
    if fresh_posts is None:
        return None
    parsed_anew = {block.line: posts for block, posts in zip(fresh, fresh_posts, strict=True)}
    posts: list[Post] = []
    for block in sheet.blocks:
        if block.line in parsed_anew:
            posts += parsed_anew[block.line]
        else:
            line, kept = known[block.text]
            posts += _moved(kept, block.line - line)
    found.mentioned.update(f"person:{post.person}" for post in posts)
    found.agency = replace(found.agency, posts=tuple(posts))
    return found


def _places(text: str) -> Iterator[int]:
    """Yield where something stands that may make a line depend on others."""
    for mark in _BINDING:
        place = text.find(mark)
        while place >= 0:
            yield place
            place = text.find(mark, place + 1)


def _is_closed(text: str, place: int) -> bool:
    """Say whether what stands in the line around a place begins and ends in it."""
    start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    return _CLOSED.fullmatch(text, start, end if end >= 0 else len(text)) is not None


def _by_block(posts: Iterable[Post], blocks: list[_Block] | tuple[_Block, ...]) -> list[tuple[Post, ...]] | None:
    """Share posts out to the blocks in which they stand; None unless each block is one person's, and none is empty."""
    starts = [block.line for block in blocks]
    shared = {
        place: tuple(own) for place, own in groupby(posts, key=lambda post: bisect_right(starts, post.origin.line) - 1)
    }
    if list(shared) != list(range(len(blocks))):
        return None
    return list(shared.values())


def _moved(posts: tuple[Post, ...], lines: int) -> Iterable[Post]:
    """Give posts as they are so many lines further down."""
    return posts if lines == 0 else (_shifted(post, lines) for post in posts)


def _shifted(post: Post, lines: int) -> Post:
    moved = post._replace(origin=_further(post.origin, lines))
    if moved.absences or moved.successors:
        absences = tuple(_absence(absence, lines) for absence in moved.absences)
        return moved._replace(absences=absences, successors=tuple(_grants(moved.successors, lines)))
    return moved


def _absence(absence: Absence, lines: int) -> Absence:
    deputies = tuple(_grants(absence.deputies, lines))
    return replace(absence, origin=_further(absence.origin, lines), deputies=deputies)


def _grants(grants: Iterable[Grant], lines: int) -> Iterator[Grant]:
    return (replace(grant, origin=_further(grant.origin, lines)) for grant in grants)


def _further(origin: Origin, lines: int) -> Origin:
    return origin._replace(line=origin.line + lines)
