"""What looks odd and is no fault: editors, systems and people write files in their own ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .broken import Copy


def _each(bend: Callable[[str], bytes], *, folded: bool = True) -> Callable[[Copy], None]:
    """Do the same to all files, or to all but policies, whose folded texts have lines that count."""

    def put(copy: Copy) -> None:
        for file in copy.sound.files:
            if folded or file != "policy.yml":
                copy.put(file, bend(copy.content(file)))

    return put


def _upside_down(copy: Copy) -> None:
    """Write the agencies' people in another order."""
    for agency in copy.sound.agencies.values():
        posts = agency["people"].items
        texts = {post: copy.sound.lines[post.file][post.line : post.last + 1] for post in posts}
        for post, other in zip(posts, reversed(posts), strict=True):
            copy.write(post, *texts[other])


def _quoted(copy: Copy) -> None:
    for agency in copy.sound.agencies.values():
        for key in ("code", "name", "kind", "decision"):
            copy.set(agency[key], f'"{agency.at(key)}"')


def _beside(file: str, content: str) -> Callable[[Copy], None]:
    def put(copy: Copy) -> None:
        copy.put(file, content)

    return put


HARMLESS: dict[str, Callable[[Copy], None]] = {
    "Notepad's mark at the beginning": _each(lambda text: text.encode("utf-8-sig")),
    "line ends of Windows": _each(lambda text: text.replace("\n", "\r\n").encode()),
    "no end of the last line": _each(lambda text: text.rstrip("\n").encode()),
    "blanks at the ends of lines": _each(lambda text: text.replace("\n", "  \n").encode(), folded=False),
    "lines left empty": _each(lambda text: text.replace("\n", "\n\n").encode(), folded=False),
    "no beginning": _each(lambda text: text.removeprefix("---\n").encode()),
    "an end": _each(lambda text: f"{text}...\n".encode()),
    "people in another order": _upside_down,
    "quotes": _quoted,
    "a note for the reader": _beside("agencies/README.md", "# Các cơ quan\n"),
    "an editor's mark": _beside("agencies/.snv.yml.swp", "b0VIM"),
    "a file that a Mac left": _beside("agencies/._snv.yml", "\0\0\0\a"),
}
