"""The compliance report on paper and on the screen: one page of HTML that fetches nothing, and is the PDF's source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .compliance import Status
from .printing import Style, html

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from .compliance import Report

WORDS: Mapping[Status, str] = {
    Status.FAILED: "Không đạt",
    Status.UNKNOWN: "Chưa kiểm tra được",
    Status.MET: "Đạt",
    Status.DUTY: "Trách nhiệm của người",
    Status.ELSEWHERE: "Không áp dụng",
}
SIGNS: Mapping[Status, str] = {
    Status.FAILED: "✕",
    Status.UNKNOWN: "?",
    Status.MET: "✓",
    Status.DUTY: "·",
    Status.ELSEWHERE: "·",
}
ORDER = (Status.MET, Status.FAILED, Status.UNKNOWN, Status.DUTY, Status.ELSEWHERE)
_SHORT = 12

_BODY = """\
{% macro badge(status) %}
<span class="badge {{ status }}">{{ words[status] }}</span>
{% endmacro %}
<main>
{{ parts.heading(it.title | replace('điện tử', 'điện\u00a0tử')) }}
{{ parts.title('Báo cáo tuân thủ', it.regulation) }}
<table class="facts">
<tr><th>Ngày của sổ đăng ký</th><td>{{ as_of }}</td><th>Kiểm tra lúc</th><td>{{ moment(it.at) }}</td></tr>
<tr><th>Commit</th>
<td><code>{{ it.commit[:short] or 'ngoài Git' }}{{ '+dirty' if it.commit.endswith('+dirty') }}</code></td>
<th>Kế hoạch áp dụng gần nhất</th><td><code>{{ it.plan[:short] or 'chưa rõ' }}</code></td></tr>
</table>
{% if it.synthetic %}
<p class="notice">Hệ thống mẫu: người và quyết định về nhân sự trong sổ đăng ký này là tưởng tượng.</p>
{% endif %}

<section class="summary">
<div class="bar">
{% for status in order if it.counts[status] %}
<span class="{{ status }}" style="width: {{ (100 * it.counts[status] / it.verdicts | length) | round(2) }}%"></span>
{% endfor %}
</div>
<table class="figures"><tr>
{% for status in order %}
<td class="{{ status }}"><b>{{ it.counts[status] }}</b>{{ words[status] }}</td>
{% endfor %}
</tr></table>
<p class="attached">{{ it.verdicts | length }} nội dung kiểm soát (R01 đến {{ it.verdicts[-1].control.id }});
{{ it.verdicts | selectattr('regulated') | list | length }} nội dung được quy chế này quy định, các nội dung khác hệ
thống vẫn thực hiện và vẫn được kiểm tra. <b>Đạt</b>: máy chủ đang chạy trả lời đúng mọi câu hỏi.
<b>Chưa kiểm tra được</b>: có câu hỏi chưa được trả lời; không bao giờ tính là đạt.</p>
</section>

{% if failed %}
<h2>Cần xử lý</h2>
<table class="list todo">
<thead><tr><th>Nội dung không đạt</th><th>Câu trả lời</th><th>Việc cần làm</th></tr></thead>
{% for verdict, outcome in failed %}
<tr><td><a href="#{{ verdict.control.id }}">{{ verdict.control.id }}</a> {{ outcome.check.name }}</td>
<td>
{% for found in outcome.findings if found.status == outcome.status %}
<div><b>{{ found.where }}</b>: {{ found.told }}</div>
{% endfor %}
</td>
<td>{{ outcome.check.failing }}</td></tr>
{% endfor %}
</table>
{% endif %}
{% if unasked %}
<h2>Chưa kiểm tra được</h2>
<table class="list unasked">
<thead><tr><th>Vì sao</th><th>Nội dung</th></tr></thead>
{% for why, ids in unasked.items() %}
<tr><td>{{ why }}</td>
<td>{% for id in ids %}<a href="#{{ id }}">{{ id }}</a>{{ '' if loop.last else ', ' }}{% endfor %}</td></tr>
{% endfor %}
</table>
{% endif %}
{% if not failed and not unasked %}
<p class="good">Mọi nội dung kiểm tra được đều đạt.</p>
{% endif %}

<h2>Tổng hợp</h2>
<table class="list overview">
<thead><tr><th>Mã</th><th>Nội dung</th><th>Quy chế</th><th>Kết quả</th></tr></thead>
{% for verdict in it.verdicts %}
<tr><td><a href="#{{ verdict.control.id }}">{{ verdict.control.id }}</a></td><td>{{ verdict.control.title }}</td>
<td>{% if verdict.regulated %}
{% for cite in verdict.demands | map(attribute='cite') | unique %}
<span class="whole">{{ cite }}{{ '' if loop.last else ';' }}</span>
{% endfor %}
{% else %}<span class="faint">không quy định</span>{% endif %}</td>
<td>{{ badge(verdict.status) }}</td></tr>
{% endfor %}
</table>

<h2>Từng nội dung</h2>
{% for verdict in it.verdicts %}
<article id="{{ verdict.control.id }}" class="{{ verdict.status }}">
<header><h3><span class="number">{{ verdict.control.id }}</span> {{ verdict.control.title }}</h3>
{{ badge(verdict.status) }}</header>
{% for demand in verdict.demands %}
<blockquote><p>“{{ demand.quote }}”</p><cite>{{ demand.cite }}</cite></blockquote>
{% else %}
<p class="faint">Quy chế không quy định nội dung này.</p>
{% endfor %}
<p><b>Đáp ứng.</b> {{ verdict.met }}</p>
{% if verdict.outcomes %}
<table class="list checks">
<thead><tr><th>Kiểm tra trên hệ thống đang chạy</th><th>Đã hỏi</th><th>Trả lời</th><th></th></tr></thead>
{% for outcome in verdict.outcomes %}
{% for found in outcome.findings %}
<tr>{% if loop.first %}<td rowspan="{{ outcome.findings | length }}">{{ outcome.check.name }}</td>{% endif %}
<td><b>{{ found.where }}</b>, {{ clock(found.at) }}<br>
<span class="asked">{{ found.asked | truncate(150, true, '…') }}</span></td>
<td>{{ found.told }}</td>
<td class="sign {{ found.status }}" title="{{ words[found.status] }}">{{ signs[found.status] }}</td></tr>
{% else %}
<tr><td>{{ outcome.check.name }}</td><td colspan="2" class="faint">{{ words[outcome.status] }}: {{ outcome.why }}</td>
<td class="sign {{ outcome.status }}">{{ signs[outcome.status] }}</td></tr>
{% endfor %}
{% endfor %}
</table>
{% else %}
<p class="faint">Không có phép kiểm nào trên hệ thống: {{ verdict.control.unchecked }}</p>
{% endif %}
{% if verdict.people %}
<table class="list people">
<thead><tr><th>Trách nhiệm của</th><th>Việc</th><th>Máy góp phần</th></tr></thead>
{% for duty in verdict.people %}
<tr><td>{{ duty.who }}</td><td>{{ duty.duty }}</td><td>{{ duty.machine }}</td></tr>
{% endfor %}
</table>
{% endif %}
<p class="proof">Được thử bằng:
{% for test in verdict.control.proved_by %}<code>{{ test }}</code>{{ '' if loop.last else ', ' }}
{% endfor %}</p>
</article>
{% endfor %}

<h2>Máy chủ và phần mềm</h2>
<table class="list">
<tr><th>Máy chủ</th><th>Nhóm</th><th>Phần mềm</th></tr>
{% for host in it.hosts %}
<tr><td>{{ host.name }}{% if host.silent %}<br><span class="badge unknown">{{ host.silent }}</span>{% endif %}</td>
<td>{{ host.groups | join(', ') }}</td>
<td class="asked">
{% for name, version in host.versions.items() %}{{ name }} {{ version }}{{ '' if loop.last else ', ' }}{% endfor %}
</td></tr>
{% else %}
<tr><td colspan="3" class="faint">Hệ thống này không có máy chủ riêng.</td></tr>
{% endfor %}
</table>
<p class="attached">Công cụ kiểm tra:
{% for name, version in it.tools.items() %}{{ name }} {{ version }}{{ '' if loop.last else ', ' }}
{% endfor %}. Mã băm SHA-256 của báo cáo này được ghi vào sổ cái; trong báo cáo không có mật
khẩu và không có nội dung thư.</p>
</main>
"""

_CSS = """\
h1 { letter-spacing: .02em; text-align: center; }
.subject { color: #111; font-size: 11pt; margin-bottom: 4mm; text-align: center; }
.subject::after { border-bottom: .6pt solid #111; content: ""; display: block; margin: 2mm auto 0; width: 35mm; }
.heading .issuer::after, .heading .motto::after {
  border-bottom: .6pt solid #111; content: ""; display: block; margin: .8mm auto 0; width: 24mm;
}
.heading .motto::after { width: 48mm; }
h2 { border-bottom: 1pt solid #8c1515; color: #8c1515; padding-bottom: 1mm; }
a { color: inherit; text-decoration: none; }
.facts { font-size: 9.5pt; margin: 0 0 3mm; }
.facts th {
  color: #555; font-weight: normal; padding: .6mm 3mm .6mm 0; text-align: left; white-space: nowrap; width: 1%;
}
.facts td { padding: .6mm 4mm .6mm 0; }
.notice { background: #f3f0e8; border-left: 2pt solid #b59a4a; font-size: 9.5pt; padding: 1.5mm 3mm; }
.good { background: #e9f4ec; border-left: 2pt solid #1d6b3a; padding: 2mm 3mm; }
.attached { font-size: 9.5pt; }
.faint { color: #666; }
.asked { color: #555; font-size: 8pt; overflow-wrap: anywhere; }
.summary { break-inside: avoid; margin: 4mm 0; }
.bar { background: #eee; display: flex; height: 3mm; overflow: hidden; }
.bar span { display: block; height: 3mm; }
.bar .met { background: #2e7d4f; } .bar .failed { background: #b3261e; } .bar .unknown { background: #c98a00; }
.bar .duty { background: #5c6f82; } .bar .elsewhere { background: #c4c4c4; }
.figures { margin: 2.5mm 0 2mm; table-layout: fixed; }
.figures td { border-left: .4pt solid #ccc; color: #444; font-size: 9pt; padding: 0 3mm; vertical-align: top; }
.figures td:first-child { border: none; padding-left: 0; }
.figures b { display: block; font-size: 20pt; line-height: 1.1; }
.figures .met b { color: #1d6b3a; } .figures .failed b { color: #b3261e; } .figures .unknown b { color: #8a5a00; }
.figures .duty b, .figures .elsewhere b { color: #4a5a6a; }
.badge {
  border: .5pt solid; border-radius: 2pt; display: inline-block; font-size: 8pt; font-weight: bold; line-height: 1.2;
  padding: .5mm 1.4mm; white-space: nowrap;
}
.badge.met, .sign.met { color: #1d6b3a; } .badge.failed, .sign.failed { color: #b3261e; }
.badge.failed { background: #fbeceb; } .badge.unknown { background: #fdf6e6; }
.badge.unknown, .sign.unknown { color: #8a5a00; } .badge.duty, .badge.elsewhere, .sign.elsewhere { color: #4a5a6a; }
table.list { font-size: 9pt; }
table.list th { color: #444; font-size: 8.5pt; }
.whole { white-space: nowrap; }
.overview td { padding: .7mm 1.6mm; }
.overview td:first-child { font-weight: bold; white-space: nowrap; width: 10mm; }
.overview td:nth-child(3) { width: 48mm; }
.overview td:last-child, .overview th:last-child { text-align: right; width: 36mm; }
.todo td:first-child { width: 38%; } .todo td:last-child { width: 28%; } .todo a { font-weight: bold; }
.unasked td:first-child { width: 62%; }
article { border-left: 2pt solid #c4c4c4; margin: 0 0 7mm; padding-left: 4mm; }
article.met { border-color: #2e7d4f; } article.failed { border-color: #b3261e; }
article.unknown { border-color: #c98a00; }
article.duty { border-color: #5c6f82; }
article header { align-items: baseline; break-after: avoid; display: flex; justify-content: space-between; }
article h3 { font-size: 11.5pt; margin: 0 4mm 1.5mm 0; } article h3 .number { color: #8c1515; }
blockquote { break-inside: avoid; margin: 0 0 1.5mm; padding: 0 0 0 4mm; }
blockquote p { display: inline; font-style: italic; }
blockquote cite { color: #555; font-style: normal; white-space: nowrap; }
blockquote cite::before { content: " — "; }
.checks { table-layout: fixed; } .checks td { overflow-wrap: anywhere; }
.checks th:first-child { width: 32%; } .checks th:nth-child(2) { width: 31%; }
.checks th:last-child { width: 5mm; } .sign { font-size: 11pt; font-weight: bold; text-align: center; }
thead, article > p:not(.proof), blockquote { break-after: avoid; }
.people { break-before: avoid; }
.people { break-inside: avoid; table-layout: fixed; } .people th:first-child { width: 22%; }
.proof { color: #777; font-size: 7.5pt; overflow-wrap: anywhere; } .proof code { font-size: 7pt; }
@media screen {
  body { background: #eceae5; }
  main {
    background: #fff; box-shadow: 0 1px 6px rgb(0 0 0 / 15%); box-sizing: border-box; margin: 8mm auto;
    max-width: 210mm; overflow-x: auto; padding: clamp(4mm, 5vw, 16mm);
  }
  a:hover { text-decoration: underline; }
}
"""


def page(report: Report, zone: ZoneInfo) -> str:
    """Write the page. Moments are told in the estate's time zone."""

    def moment(at: datetime) -> str:
        return f"{at.astimezone(zone):%d/%m/%Y %H:%M}"

    def clock(at: datetime) -> str:
        return f"{at.astimezone(zone):%H:%M:%S}"

    year, month, day = report.as_of.split("-")
    failed = [
        (verdict, outcome)
        for verdict in report.verdicts
        for outcome in verdict.outcomes
        if outcome.status is Status.FAILED
    ]
    return html(
        _BODY,
        Style.REPORT,
        title=f"Báo cáo tuân thủ, {report.title}, {day}/{month}/{year}",
        author=report.title,
        css=_CSS,
        it=report,
        as_of=f"{day}/{month}/{year}",
        failed=failed,
        unasked=_unasked(report),
        words=WORDS,
        signs=SIGNS,
        order=ORDER,
        moment=moment,
        clock=clock,
        short=_SHORT,
    )


def _unasked(report: Report) -> dict[str, list[str]]:
    """Give the ids of the controls that could not be checked, by the reasons: one may stand for many."""
    found: dict[str, list[str]] = {}
    for verdict in report.verdicts:
        for outcome in verdict.outcomes:
            silent = [each for each in outcome.findings if each.status is Status.UNKNOWN]
            whys = [f"{each.where}: {each.told}" for each in silent] or [outcome.why]
            for why in whys if outcome.status is Status.UNKNOWN else ():
                ids = found.setdefault(why, [])
                if verdict.control.id not in ids:
                    ids.append(verdict.control.id)
    return found
