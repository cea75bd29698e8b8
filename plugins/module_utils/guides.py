"""The guides for people as pages: each one file, whole in itself, filled in with what holds in this estate.

In Git a guide is Markdown that a forge shows as it is. What differs from estate to estate stands there as
``{{ webmail }}``; what only some estates have stands between ``<!--% if documents %-->`` and ``<!--% endif %-->``,
which a forge does not show. Articles are named by the policy's sections and duties: ``{{ theo('secrets') }}``.

Pure: the same guides, theme and facts always give the same bytes.
"""

from __future__ import annotations

import base64
import io
import posixpath
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from jinja2 import Environment, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup
from PIL import Image

from .model import Level, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from markdown_it.token import Token

    from .model import Contact, Estate, Policy

FIRST: Final = "README.md"  # the page from which one chooses
INDEX: Final = "index.html"
_TYPES = {".png": "image/png", ".webp": "image/webp"}
_ESCAPED = re.compile(r"([\\`*_{}\[\]<>()#|~&!])")
_ALL_DAY = 8  # looks into an agency's mailbox, one an hour: it is simply kept open
_PROVINCE = re.compile(r"\b[A-Z]{2,4} (?=Điều)")
_UNITS = ((2**40, "TB"), (2**30, "GB"), (2**20, "MB"))
_ENCODED = 3, 4  # three bytes of an attachment are four of its letter (RFC 2045, section 6.8)
_ROLES = {Role.HEAD: "thủ trưởng", Role.DEPUTY: "cấp phó", Role.CLERK: "văn thư", Role.READER: "người đọc"}
_LEVELS = {
    Level.READ: "chỉ đọc",
    Level.CLERK: "đọc, đánh dấu, thêm và sao chép thư",
    Level.MANAGER: "đọc, đánh dấu, thêm, chuyển và xoá thư, lập thư mục",
}
_CLASSES = (
    ("upper", "chữ in hoa không dấu (A-Z)"),
    ("lower", "chữ thường không dấu (a-z)"),
    ("digits", "chữ số (0-9)"),
    ("special", "ký tự đặc biệt như ! @ # % & *"),
)


class GuideError(ValueError):
    """A guide that cannot be shown: its file, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Service:
    """What people need to know of the servers, host names among it."""

    title: str  # Tỉnh Thừa Thiên Huế
    webmail: str
    imap: str
    submission: str
    directory: str  # of the public directory; empty where there is none
    imap_port: int
    submission_port: int
    letter: int  # bytes of the largest letter, its attachments encoded
    session: int  # minutes


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a guide, and where it is found on the page."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a guide, and the words that it is made of."""

    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide as its page shows it. ``body`` is HTML and has no title."""

    path: str
    title: str
    lead: str  # the first paragraph's text
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    body: Markup


def facts(estate: Estate, policy: Policy, service: Service) -> dict[str, object]:
    """Return what guides may name, by the names that stand in them."""
    passwords = policy.passwords
    return {
        "title": service.title,
        "domain": estate.domains[0],
        "webmail": service.webmail,
        "imap": service.imap,
        "imap_port": service.imap_port,
        "smtp": service.submission,
        "smtp_port": service.submission_port,
        "danh_ba": service.directory if policy.site else "",
        "roles": tuple(_roles(policy)),
        "attachments": told_size(service.letter * _ENCODED[0] // _ENCODED[1]),
        "session": service.session,
        "regulation": policy.regulation,
        "synthetic": estate.synthetic,
        "password_rule": password_rule(policy),
        "change_within": passwords.change_within_days if passwords.change_at_first_sign_in else 0,
        "failures": passwords.failures,
        "locked_minutes": passwords.locked_minutes,
        "quota": told_size(policy.person_quota),
        "mailbox_quota": told_size(policy.mailbox_quota),
        "retention": policy.retention_days,
        "former": policy.former_days,
        "leave_sign_in": policy.leave_sign_in,
        "leave_roles": policy.leave_roles,
        "handover": policy.handover,
        "stand_in": "standing_in" in policy.cites,
        "folders": bool(policy.folder_rights),
        "lists": bool(policy.list_addresses),
        "unit_mailboxes": bool(policy.unit_addresses),
        "documents": policy.documents,
        "checking": policy.checking,
        "all_day": policy.checking is not None and sum(look.times for look in policy.checking.mailbox) >= _ALL_DAY,
        "term": policy.request_days,
        "large_files": policy.large_files,
        "contacts": tuple(map(_reached, policy.contacts)),
        "theo": partial(_according_to, {**policy.cites, **policy.duties}),
        "asked": partial(_asked, {**policy.cites, **policy.duties}),
    }


def _roles(policy: Policy) -> Iterator[dict[str, str]]:
    """Say what each role may do in a shared mailbox."""
    for role, name in _ROLES.items():
        level = policy.rights[role]
        writes = ", gửi dưới tên hộp thư" if level in policy.send_as else ""
        yield {"name": name, "may": _LEVELS[level] + writes}


def _reached(contact: Contact) -> dict[str, str]:
    """Say how somebody is reached, as it follows the name."""
    ways = ", ".join(way for way in (contact.phone, contact.address) if way)
    return {"name": contact.name, "reach": f": {ways}" if ways else ""}


def told_size(size: int) -> str:
    """Write a number of bytes as people read it, rounded down: 22 MB."""
    unit, name = next(((unit, name) for unit, name in _UNITS if size >= unit), _UNITS[-1])
    return f"{size // unit} {name}"


def password_rule(policy: Policy) -> str:
    """Say what a password must be, as the end of a sentence."""
    wanted = [called for key, called in _CLASSES if getattr(policy.passwords, key)]
    listed = ", ".join(wanted[:-1]) + (" và " if wanted[:-1] else "") + wanted[-1] if wanted else ""
    return f"từ {policy.passwords.length} ký tự trở lên" + (f", trong đó có {listed}" if listed else "")


def _asked(cites: Mapping[str, str], *keys: str) -> str:
    """Return the articles behind some rules, each once, without the province's mark; empty where there are none."""
    found = dict.fromkeys(_PROVINCE.sub("", cites[key]) for key in keys if key in cites)
    return "; ".join(found)


def _according_to(cites: Mapping[str, str], *keys: str) -> str:
    """Return the same, as it follows a sentence's last word."""
    found = _asked(cites, *keys)
    return f" ({found})" if found else ""


def pages(
    sources: Mapping[str, str], pictures: Mapping[str, bytes], theme: Mapping[str, str], told: Mapping[str, object]
) -> dict[str, bytes]:
    """Return the site, by path: a page for each guide, ``README.md`` being the first.

    ``pictures`` are by their path as guides name it; ``theme`` holds ``page.html.j2`` and ``style.css``. Raises
    GuideError for a link or a picture that leads nowhere, jinja2.TemplateError for what is not a fact.
    """
    guides = {name: _guide(name, filled(text, told), pictures) for name, text in sources.items()}
    _check_links(guides)
    html = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = html.from_string(theme["page.html.j2"])
    # In the order and the words of the page from which one chooses.
    doors = [link for link in guides[FIRST].links if ":" not in link.target] if FIRST in guides else []
    return {
        guide.path: template.render(
            told, guide=guide, doors=doors, first=name == FIRST, style=theme["style.css"]
        ).encode()
        for name, guide in guides.items()
    }


def filled(text: str, told: Mapping[str, object]) -> str:
    """Fill in a guide; what is filled in stays text, whatever signs of Markdown it has."""
    markdown = Environment(  # noqa: S701 - Markdown, whose signs are escaped here; its HTML is not taken
        block_start_string="<!--%",
        block_end_string="%-->",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        finalize=lambda value: _ESCAPED.sub(r"\\\1", str(value)),
    )
    return markdown.from_string(text).render(told)


def _guide(name: str, text: str, pictures: Mapping[str, bytes]) -> Guide:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    headings, links = list(_named(tokens)), []
    for token, after in _inside(tokens):
        if token.type == "image":
            _embed(name, token, pictures)
        elif token.type == "link_open":
            token.attrSet("href", _page_link(str(token.attrGet("href"))))
            links.append(Link(str(token.attrGet("href")), after.content))
    if [heading.tag for heading in headings[:1]] != ["h1"]:
        message = f"{name} has no title: let it begin with '# '."
        raise GuideError(message)
    first, *rest = headings
    begin = tokens.index(first.closing) + 1
    return Guide(
        path=_page_link(name),
        title=first.text,
        lead=_text(tokens[begin + 1]),
        headings=tuple(Heading(heading.anchor, heading.text) for heading in rest if heading.tag == "h2"),
        links=tuple(links),
        body=Markup(_wide(parser.renderer.render(tokens[begin:], parser.options, {}))),  # noqa: S704 - Markdown without HTML
    )


@dataclass(frozen=True, slots=True)
class _Named:
    tag: str
    anchor: str
    text: str
    closing: Token


def _named(tokens: Sequence[Token]) -> Iterator[_Named]:
    """Give each heading the anchor that a forge gives it, so that the same links lead there."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            text = _text(tokens[place + 1])
            anchor = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            token.attrSet("id", anchor)
            yield _Named(token.tag, anchor, text, tokens[place + 2])


def _text(token: Token) -> str:
    """Return what an inline token says, without its marks."""
    return "".join(" " if child.type == "softbreak" else child.content for child in token.children or ())


def _inside(tokens: Iterable[Token]) -> Iterator[tuple[Token, Token]]:
    """Give each token of the text itself, and the one that follows it; the last of a passage twice."""
    for token in tokens:
        inside = token.children or []
        yield from zip(inside, [*inside[1:], *inside[-1:]], strict=True)


def _embed(name: str, token: Token, pictures: Mapping[str, bytes]) -> None:
    """Put a picture into the page itself, which then can be kept and sent as one file."""
    source = str(token.attrGet("src"))
    kind, content = _TYPES.get(posixpath.splitext(source)[1]), pictures.get(source)
    if kind is None or content is None:
        message = f"{name}: there is no picture {source}."
        raise GuideError(message)
    if not token.content:
        message = f"{name}: {source} has no words for those who do not see it."
        raise GuideError(message)
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
    token.attrSet("src", f"data:{kind};base64,{base64.b64encode(content).decode()}")
    token.attrSet("width", str(width))
    token.attrSet("height", str(height))


def _page_link(target: str) -> str:
    """Turn a link to a guide into one to its page."""
    path, mark, anchor = target.partition("#")
    if path == FIRST:
        path = INDEX
    elif path.endswith(".md") and ":" not in path:
        path = f"{path.removesuffix('.md')}.html"
    return f"{path}{mark}{anchor}"


def _wide(html: str) -> str:
    """Let wide tables be moved sideways by themselves, by keyboard too."""
    begin = '<div class="wide" tabindex="0" role="region" aria-label="Bảng"><table>'
    return html.replace("<table>", begin).replace("</table>", "</table></div>")


_ANCHOR = re.compile(r'<h[2-6] id="([^"]+)"')


def _check_links(guides: Mapping[str, Guide]) -> None:
    """See that links between guides lead somewhere; raises GuideError."""
    anchors = {guide.path: {"", *_ANCHOR.findall(guide.body)} for guide in guides.values()}
    for name, guide in guides.items():
        for link in guide.links:
            path, _, anchor = unquote(link.target).partition("#")
            if ":" not in path and anchor not in anchors.get(path or guide.path, ()):
                message = f"{name}: {unquote(link.target)} leads nowhere."
                raise GuideError(message)
