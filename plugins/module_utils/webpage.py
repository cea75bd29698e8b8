"""A plan as one page of HTML: whole, without anything to load from elsewhere, to be filtered, printed and archived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from . import wording
from .phrase import Language, Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .changes import Plan
    from .safety import Finding

_TEMPLATE = """\
<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{{ summary }}</title>
<style>
:root { color-scheme: light dark; --line: #8885; --high: #c0392b; --medium: #b9770e; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 90rem; padding: 0 1rem; }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
h2 small { font-weight: normal; opacity: .7 }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top }
td:first-child { font-family: monospace; font-weight: bold; text-align: center; width: 1.5rem }
.high td:first-child { color: var(--high) } .medium td:first-child { color: var(--medium) }
.stop { border-left: .3rem solid var(--high); padding-left: .7rem }
code { overflow-wrap: anywhere }
input { font: inherit; padding: .3rem .5rem; width: 24rem; max-width: 100% }
@media print { input, nav { display: none } body { font-size: 10pt; margin: 0 } tr { break-inside: avoid } }
</style>
</head>
<body>
<h1>{{ summary }}</h1>
<p>{{ heading }}.<br>Id <code>{{ plan.id }}</code></p>
{% for finding in findings %}
<p class="stop"><strong>{{ words.stopped }}</strong> {{ finding.told(language) }}</p>
{% endfor %}
{% if coming %}
<p>{{ coming }}</p>
{% endif %}
{% if plan.remarks %}
<details{% if plan.remarks | length <= 20 %} open{% endif %}><summary>{{ left_alone or words.remarks }}</summary>
<ul>
{% for remark in plan.remarks %}
<li><em>{{ situation(remark) }}</em> <code>{{ remark.dn }}</code>: {{ remark.message.told(language) }}</li>
{% endfor %}
</ul></details>
{% endif %}
{% if agencies %}
<p><input id="filter" type="search" placeholder="{{ words.filter }}" aria-label="{{ words.filter }}"></p>
<nav>
{% for code in agencies %}
<a href="#{{ code or '-' }}">{{ code or words.outside }}</a>
{% endfor %}
</nav>
{% endif %}
{% for code, changes in agencies.items() %}
<section>
<h2 id="{{ code or '-' }}">{{ code or words.outside }} <small>{{ tally(changes) }}</small></h2>
<table>
<thead><tr><th></th>{% for head in columns %}<th>{{ head }}</th>{% endfor %}</tr></thead>
<tbody>
{% for change in changes %}
<tr class="{{ change.risk }}"><td>{{ sign(change) }}</td>
{%- for cell in cells(change) %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</section>
{% endfor %}
<script>
const plain = text => text.toLowerCase().normalize('NFD').replace(/\\p{M}/gu, '').replaceAll('đ', 'd');
const rows = [...document.querySelectorAll('tbody tr')].map(row => [row, plain(row.textContent)]);
document.getElementById('filter')?.addEventListener('input', event => {
  const wanted = plain(event.target.value);
  for (const [row, text] of rows) row.hidden = !text.includes(wanted);
  for (const part of document.querySelectorAll('section'))
    part.hidden = !part.querySelector('tbody tr:not([hidden])');
});
</script>
</body>
</html>
"""


def page(plan: Plan, findings: Sequence[Finding] = (), language: str = Language.ENGLISH) -> str:
    """Write the page. Search finds words with or without diacritics."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    words = {
        "filter": Phrase("Search: a name, an address, a decision"),
        "outside": Phrase("outside all agencies"),
        "remarks": Phrase("Remarks"),
        "stopped": Phrase("Stopped:"),
    }
    return environment.from_string(_TEMPLATE).render(
        agencies=wording.by_agency(plan),
        cells=lambda change: wording.cells(change, language),
        columns=wording.columns(language),
        coming=wording.coming(plan, language),
        findings=findings,
        heading=wording.heading(plan, language),
        language=language,
        left_alone=wording.left_alone(plan, language),
        plan=plan,
        sign=wording.sign,
        situation=lambda remark: wording.situation(remark, language),
        summary=wording.summary(plan, language),
        tally=lambda changes: wording.tally(changes, language),
        words={name: phrase.told(language) for name, phrase in words.items()},
    )
