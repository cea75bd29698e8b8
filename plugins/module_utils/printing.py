"""PDF from HTML: official documents, reports and slips, drawn by WeasyPrint with fonts of the machine.

Two styles are ready. A ``Style.DOCUMENT`` looks as Nghị định 30/2020/NĐ-CP, Phụ lục I, asks: A4, 14 pt serif, the
issuer at the left, the state's name and motto at the right, page numbers at the top from the second one on. A
``Style.REPORT`` is lighter: sans serif, tables with fine lines, page numbers at the foot.

``html`` fills in a template, ``pdf`` draws what came out: the same bytes for the same HTML on the same machine, with
the fonts in them, and without ever fetching anything. What a template may use: ``parts.heading``, ``parts.title``,
``parts.signatures`` and ``parts.recipients``, the filters ``day``, ``number`` and ``balanced``.
"""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from jinja2 import DictLoader, Environment, StrictUndefined

from .typography import MOTTO, STATE, balanced, written_day

try:
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher
except OSError as error:  # Pango and HarfBuzz are Debian's, and only looked up when WeasyPrint is loaded
    message = f"WeasyPrint finds no Pango: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ({error})"
    raise ImportError(message, name="weasyprint") from error

if TYPE_CHECKING:
    from datetime import date

FONTS = "fonts-croscore"  # Debian's package of Tinos, Arimo and Cousine: widths of Times New Roman, Arial, Courier New

_SHOWN = 3  # complaints of the renderer in one error


class PrintingError(Exception):
    """A document that cannot be drawn as it is meant: a fault of its template, or a font that is not there."""


class Style(StrEnum):
    """How a document looks as a whole."""

    DOCUMENT = "document"
    REPORT = "report"


def html(template: str, style: Style, *, title: str, author: str = "", css: str = "", **facts: object) -> str:
    """Fill in the body of a document, given as a Jinja template, and put it into its style.

    ``title`` is what readers of PDF show in their window, ``css`` what this kind of document adds to the style. A fact
    that the template names and nobody gave raises jinja2.UndefinedError.
    """
    body = _environment.from_string(f'{{% import "parts" as parts %}}{template}').render(facts)
    styles = (_COMMON, _STYLES[style], css)
    return _environment.get_template("page").render(title=title, author=author, styles=styles, body=body)


def pdf(page: str) -> bytes:
    """Draw a whole page of HTML as PDF.

    Raises PrintingError where the HTML wants something from elsewhere, holds CSS that the renderer does not know, or
    a letter that no font of this machine has.
    """
    with _Complaints() as complaints:
        try:
            content: bytes = HTML(string=page, url_fetcher=_NOTHING_FROM_ELSEWHERE).write_pdf()
        except FatalURLFetchingError as error:
            raise PrintingError(str(error)) from error
    if complaints.said:
        raise PrintingError("; ".join(complaints.said[:_SHOWN]))
    return content


class _Complaints(logging.Handler):
    """What the renderer would only warn of: a missing letter on a slip is no less a fault than no slip."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []
        self._logger = logging.getLogger("weasyprint")

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())

    def __enter__(self) -> Self:
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)


def _number(value: float) -> str:
    """Write a number as Vietnamese does: 1.234.567,8."""
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


_NOTHING_FROM_ELSEWHERE = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)

_PAGE = """\
<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<title>{{ title }}</title>
{% if author %}
<meta name="author" content="{{ author }}">
{% endif %}
{% for style in styles %}
<style>
{{ style | safe }}</style>
{% endfor %}
</head>
<body>
{{ body | safe }}
</body>
</html>
"""

_PARTS = """\
{% macro lines(text) %}
{% for line in text.split('\n') %}{{ line }}{% if not loop.last %}<br>{% endif %}{% endfor %}
{% endmacro %}

{# The issuer and the state's name; number and place only where they are given. #}
{% macro heading(issuer, superior='', number='', place='', day=none, about='') %}
<table class="heading">
<tr>
<td>{% if superior %}<div>{{ lines(superior | upper | balanced(12, 68)) }}</div>{% endif %}
<div class="issuer"><b>{{ lines(issuer | upper | balanced(12, 68)) }}</b></div></td>
<td><div><b>{{ state }}</b></div><div class="motto"><b>{{ motto }}</b></div></td>
</tr>
{% if number or place %}
<tr>
<td>{% if number %}Số: {{ number }}{% endif %}{% if about %}<div class="about">V/v {{ about }}</div>{% endif %}</td>
<td>{% if place %}<i>{{ written_day(place, day) }}</i>{% endif %}</td>
</tr>
{% endif %}
</table>
{% endmacro %}

{# The kind of document in capitals, what it is about, and what it belongs to. #}
{% macro title(kind, subject='', attached='') %}
<h1>{{ kind | upper }}</h1>
{% if subject %}<p class="subject">{{ lines(subject | balanced(14, 165)) }}</p>{% endif %}
{% if attached %}<p class="attached">({{ attached }})</p>{% endif %}
{% endmacro %}

{# Who signs, side by side: pairs of a capacity and a name, with room for hand and seal between them. #}
{% macro signatures(parties, note='(Ký, ghi rõ họ tên)') %}
<table class="signatures">
<tr>
{% for capacity, name in parties %}
<td><div><b>{{ lines(capacity | upper) }}</b></div>{% if note %}<div><i>{{ note }}</i></div>{% endif %}
<div class="hand"></div><div><b>{{ name }}</b></div></td>
{% endfor %}
</tr>
</table>
{% endmacro %}

{% macro recipients(names) %}
<div class="recipients"><b><i>Nơi nhận:</i></b>
{% for name in names %}<div>- {{ name }}{{ '.' if loop.last else ';' }}</div>{% endfor %}
</div>
{% endmacro %}
"""

_COMMON = """\
html { font-variant-ligatures: none; }
body { margin: 0; orphans: 2; widows: 2; }
h1, h2, h3 { break-after: avoid; }
table { border-collapse: collapse; width: 100%; }
tr { break-inside: avoid; }
code, .password { font-family: Cousine, monospace; }
.centre { text-align: center; }
.right { text-align: right; }
table.list .number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.heading td, .signatures td { border: none; padding: 0; text-align: center; vertical-align: top; }
.signatures { break-inside: avoid; table-layout: fixed; }
.signatures .hand { height: 24mm; }
.new-page { break-before: page; }
"""

_DOCUMENT = """\
@page {
  size: A4;
  margin: 20mm 15mm 20mm 30mm;
  @top-center { content: counter(page); font: 13pt Tinos, serif; vertical-align: bottom; padding-bottom: 3mm; }
}
@page :first { @top-center { content: none; } }
body { font: 14pt/1.2 Tinos, "Times New Roman", serif; }
p { margin: 0 0 6pt; text-align: justify; text-indent: 12.7mm; }
p.plain, td p { text-indent: 0; }
ul { margin: 0 0 6pt; padding-left: 19mm; list-style: "- "; }
h1 { font-size: 14pt; margin: 18pt 0 0; text-align: center; }
h2 { font-size: 14pt; margin: 12pt 0 6pt; }
h3 { font-size: 14pt; font-style: italic; margin: 6pt 0; }
.subject, .attached { text-align: center; text-indent: 0; }
.subject { font-weight: bold; margin: 0 0 12pt; }
.subject::after { border-bottom: .75pt solid; content: ""; display: block; margin: 3pt auto 0; width: 40mm; }
.attached { font-style: italic; }
.heading { font-size: 13pt; table-layout: fixed; }
.heading td:first-child { width: 68mm; }
.heading tr:first-child td { font-size: 12pt; }
.heading tr + tr td { padding-top: 6pt; }
.heading .about { font-size: 12pt; }
.heading .issuer::after { border-bottom: .75pt solid; content: ""; display: block; margin: 2pt auto 0; width: 24mm; }
.heading .motto b { border-bottom: .75pt solid; font-size: 13pt; padding-bottom: 2pt; }
.signatures { margin-top: 12pt; }
.recipients { break-inside: avoid; font-size: 11pt; margin-top: 6pt; }
.recipients b { font-size: 12pt; }
table.list { font-size: 12pt; margin: 6pt 0; }
table.list th, table.list td { border: .5pt solid; padding: 2pt 4pt; vertical-align: middle; }
"""

_REPORT = """\
@page {
  size: A4;
  margin: 16mm 16mm 18mm;
  @bottom-left { content: string(running); font: 8.5pt Arimo, sans-serif; color: #555; }
  @bottom-right {
    content: "Trang " counter(page) "/" counter(pages); font: 8.5pt Arimo, sans-serif; color: #555; white-space: nowrap;
  }
}
body { font: 10.5pt/1.4 Arimo, Arial, sans-serif; color: #111; }
h1 { font-size: 16pt; line-height: 1.2; margin: 0 0 2mm; string-set: running content(); }
h2 { font-size: 12.5pt; margin: 6mm 0 2mm; }
h3 { font-size: 10.5pt; margin: 4mm 0 1mm; }
p { margin: 0 0 2mm; }
ul, ol { margin: 0 0 2mm; padding-left: 6mm; }
.subject { color: #555; margin-bottom: 5mm; }
.attached { color: #555; font-style: italic; }
.heading { margin-bottom: 6mm; }
.heading tr + tr td { padding-top: 2mm; }
.heading td { width: 50%; }
table.list { font-size: 9.5pt; margin: 2mm 0; }
table.list th { border-bottom: 1pt solid #111; text-align: left; vertical-align: bottom; }
table.list td { border-bottom: .4pt solid #bbb; vertical-align: top; }
table.list th, table.list td { padding: 1.2mm 1.6mm; }
.recipients { break-inside: avoid; font-size: 9.5pt; margin-top: 2mm; }
.signatures { margin-top: 6mm; }
"""

_STYLES = {Style.DOCUMENT: _DOCUMENT, Style.REPORT: _REPORT}

_environment = Environment(
    autoescape=True,
    loader=DictLoader({"page": _PAGE, "parts": _PARTS}),
    lstrip_blocks=True,
    trim_blocks=True,
    undefined=StrictUndefined,
)
_environment.filters |= {"balanced": balanced, "day": _day, "number": _number}
_environment.globals |= {"motto": MOTTO, "state": STATE, "written_day": written_day}
