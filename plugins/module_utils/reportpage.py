"""A periodic report as a document: in the form of an administrative report (Nghị định 30/2020/NĐ-CP, Phụ lục III)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from . import reportcharts as charts
from . import reportwords as words
from .minutes import whole
from .printing import Style, html, pdf
from .typography import GAP

if TYPE_CHECKING:
    from .figures import Figures, Row
    from .model import Registry

SHOWN = 40  # lines of a list in the page; the workbook has all of them
MOST = 10  # agencies that are named for their letters to private services
_TEMPLATE = """\
{% macro more(count, sheet) %}
{% if count > shown %}
<p class="note">Còn {{ (count - shown) | number }} dòng nữa ở trang “{{ sheet }}” của bảng tính.</p>
{% endif %}
{% endmacro %}
{{ parts.heading(issuer, superior, number=number) }}
{{ parts.title('Báo cáo', subject, invented) }}
<p>Thực hiện {{ cite }} của {{ whole(regulation) }}, {{ issuer }} báo cáo như sau. \
Số liệu lập ngày {{ it.as_of | day }}{% if recipients %}, gửi {{ recipients | join(', ') }}{% endif %}.</p>

<h2>{{ next() }}. Số liệu chung</h2>
<table class="list">
{% for label, value in totals %}
<tr><td>{{ label }}</td><td class="number">{{ value }}</td></tr>
{% endfor %}
</table>

{% if 'usage' in contents %}
<h2>{{ next() }}. Kiểm tra hộp thư</h2>
{% if it.counted %}
<p>Trong {{ it.counted }} ngày làm việc có đủ số liệu, {{ percent(it.usage.rate) }} số người-ngày đạt yêu cầu kiểm tra \
hộp thư cá nhân ({{ it.usage.met | number }} trên {{ it.usage.of | number }}); {{ percent(it.shared.rate) }} số \
hộp-ngày của hộp thư cơ quan, đơn vị đạt yêu cầu ({{ it.shared.met | number }} trên {{ it.shared.of | number }}).</p>
{% else %}
<p>Kỳ này chưa có ngày làm việc nào đủ số liệu để đánh giá.</p>
{% endif %}
{% if by_window %}
<p class="plain caption">Biểu đồ: tỷ lệ người-ngày kiểm tra đủ số lần, theo buổi</p>
<p class="plain"><img class="chart" src="{{ by_window }}" alt=""></p>
{% endif %}
{% if it.agency %}
{% set few = least | list %}
<p class="plain caption">Cán bộ kiểm tra hộp thư {% if few | length < it.staff | length %}ít nhất{% endif %}</p>
<table class="list">
<thead><tr><th>TT</th><th>Họ và tên</th><th>Chức vụ</th><th>Ngày phải kiểm tra</th><th>Ngày đạt</th>
<th>Tỷ lệ</th></tr></thead>
{% for each in few %}
<tr><td class="centre">{{ loop.index }}</td><td>{{ each.name }}</td><td>{{ each.title }}</td>
<td class="number">{{ each.usage.of }}</td><td class="number">{{ each.usage.met }}</td>
<td class="number">{{ percent(each.usage.rate) }}</td></tr>
{% endfor %}
</table>
{% endif %}
{% for line in rules %}
<p class="note">{{ line }}</p>
{% endfor %}
{% endif %}

{% if 'coverage' in contents %}
<h2>{{ next() }}. Cấp và sử dụng hộp thư</h2>
{% if it.accounts is none %}
<p>Chưa hỏi được danh bạ nên chưa rõ ai đã có hộp thư.</p>
{% else %}
<p>{{ it.accounts | number }} trên {{ it.people | number }} cán bộ, công chức, viên chức đã có hộp thư \
({{ percent(it.accounts / it.people if it.people else none) }}). \
{% if never is none %}Danh bạ không cho biết ai chưa từng đăng nhập.\
{% elif never %}{{ never | number }} người đã có hộp thư nhưng chưa từng đăng nhập.\
{% else %}Mọi người có hộp thư đều đã đăng nhập ít nhất một lần.{% endif %}</p>
{% if uncovered %}
<table class="list">
<thead><tr><th>TT</th><th>Cơ quan</th><th>Họ và tên</th><th>Chức vụ</th><th>Tình trạng</th></tr></thead>
{% for row, each, state in uncovered[:shown] %}
<tr><td class="centre">{{ loop.index }}</td><td>{{ row.name }}</td><td>{{ each.name }}</td><td>{{ each.title }}</td>
<td>{{ state }}</td></tr>
{% endfor %}
</table>
{{ more(uncovered | length, 'Chưa sử dụng') }}
{% endif %}
{% endif %}
{% endif %}

{% if 'changes' in contents %}
<h2>{{ next() }}. Thay đổi trong kỳ</h2>
{% if it.changes %}
<table class="list">
<thead><tr><th>Loại thay đổi</th><th>Số trường hợp</th>
{% if term %}<th>Đúng hạn</th><th>Quá hạn</th>{% endif %}</tr></thead>
{% for deed, count, timely, late in deeds %}
<tr><td>{{ deed }}</td><td class="number">{{ count | number }}</td>
{% if term %}<td class="number">{{ timely | number }}</td><td class="number">{{ late | number }}</td>{% endif %}</tr>
{% endfor %}
</table>
{% if term %}
<p class="note">Thời hạn đề nghị, thực hiện: {{ term }} ngày làm việc ({{ term_cite }}). Trường hợp không rõ ngày thực \
hiện không tính vào hai cột cuối.</p>
{% endif %}
<table class="list">
<thead><tr><th>Ngày</th><th>Loại</th><th>Họ tên, cơ quan</th><th>Nội dung</th><th>Quyết định</th></tr></thead>
{% for each in it.changes[:shown] %}
<tr><td class="centre">{{ each.day | day }}</td><td>{{ deed_of(each) }}</td><td>{{ each.name }}</td>
<td>{{ said(each) }}</td><td>{{ whole(each.decision) }}</td></tr>
{% endfor %}
</table>
{{ more(it.changes | length, 'Biến động') }}
{% else %}
<p>Trong kỳ không có thay đổi về cán bộ, cơ quan và hộp thư.</p>
{% endif %}
{% endif %}

{% if 'private_mail' in contents %}
<h2>{{ next() }}. Thư với các dịch vụ thư ngoài</h2>
{% if it.letters %}
<p>Trong {{ it.letters.sent | number }} thư gửi đi có {{ it.letters.private_sent | number }} thư gửi đến các dịch vụ \
thư ngoài như Gmail, Yahoo; trong {{ it.letters.received | number }} thư nhận được có \
{{ it.letters.private_received | number }} thư từ các dịch vụ ấy. Người dân, doanh nghiệp cũng dùng các dịch vụ này, \
nên số liệu chỉ để cơ quan tự xem xét theo {{ private_cite }}.</p>
{% if private %}
<table class="list">
<thead><tr><th>Cơ quan</th><th>Thư gửi đi</th><th>Đến dịch vụ ngoài</th><th>Thư nhận được</th>
<th>Từ dịch vụ ngoài</th></tr></thead>
{% for row in private %}
<tr><td>{{ row.name }}</td><td class="number">{{ row.letters.sent | number }}</td>
<td class="number">{{ row.letters.private_sent | number }}</td>
<td class="number">{{ row.letters.received | number }}</td>
<td class="number">{{ row.letters.private_received | number }}</td></tr>
{% endfor %}
</table>
{% endif %}
{% else %}
<p>Kỳ này không có số liệu về thư gửi, nhận.</p>
{% endif %}
{% endif %}

{% if 'storage' in contents %}
<h2>{{ next() }}. Dung lượng và dự báo</h2>
{% if it.storage %}
<p>Đến ngày {{ it.storage[-1][0] | day }}, các hộp thư chiếm {{ size(it.storage[-1][1]) }}, bình quân \
{{ size(it.storage[-1][1] / it.people if it.people else 0) }} một người. \
{% if it.forecast %}Dung lượng {{ 'tăng' if it.forecast.monthly >= 0 else 'giảm' }} bình quân \
{{ size(it.forecast.monthly | abs) }} một tháng; nếu giữ mức này, đến ngày {{ it.forecast.day | day }} cần khoảng \
{{ size(it.forecast.then) }}. Số liệu này dùng khi lập dự toán.\
{% else %}Chưa đủ số ngày đo để dự báo.{% endif %}</p>
{% if growth %}
<p class="plain caption">Biểu đồ: dung lượng các hộp thư</p>
<p class="plain"><img class="chart" src="{{ growth }}" alt=""></p>
{% endif %}
{% else %}
<p>Kỳ này không có số liệu về dung lượng.</p>
{% endif %}
{% endif %}

{% if 'ranking' in contents and not it.agency %}
<h2>{{ next() }}. Xếp hạng các cơ quan</h2>
{% if ranked %}
{% if best %}
<p class="plain caption">Biểu đồ: điểm của các cơ quan đứng đầu</p>
<p class="plain"><img class="chart" src="{{ best }}" alt=""></p>
{% endif %}
<table class="list">
<thead><tr><th>Hạng</th><th>Cơ quan</th><th>Số người</th><th>Cá nhân đạt</th><th>Hộp thư chung đạt</th>
<th>Đã sử dụng</th><th>Điểm</th></tr></thead>
{% for row in ranked %}
<tr><td class="centre">{{ row.rank }}</td><td>{{ row.name }}</td><td class="number">{{ row.people | number }}</td>
<td class="number">{{ percent(row.usage.rate) }}</td><td class="number">{{ percent(row.shared.rate) }}</td>
<td class="number">{{ percent(row.coverage.rate if row.coverage else none) }}</td>
<td class="number">{{ '%.1f' | format(row.score) | replace('.', ',') }}</td></tr>
{% endfor %}
</table>
{% else %}
<p>Kỳ này chưa đủ số liệu để xếp hạng.</p>
{% endif %}
{% if unranked %}
<p>Không xếp hạng: {{ unranked | join('; ') }}.</p>
{% endif %}
{% for line in ranking %}
<p class="note">{{ line }}</p>
{% endfor %}
{% endif %}

{% if gaps %}
<h2>{{ next() }}. Số liệu còn thiếu</h2>
<p>{{ it.gaps | length }} trên {{ it.working }} ngày làm việc thiếu số liệu; các ngày này không được tính và không \
được ước tính thay:</p>
<ul>
{% for line in gaps[:shown] %}<li>{{ line }}{{ '.' if loop.last else ';' }}</li>
{% endfor %}
</ul>
{{ more(gaps | length, 'Thiếu số liệu') }}
{% endif %}
<p>Số liệu chi tiết có trong bảng tính kèm theo.</p>
<table class="end"><tr><td>{{ parts.recipients(recipients or ['Như trên']) }}</td>
<td>{{ parts.signatures([('Thủ trưởng đơn vị', '')], note='(Ký, ghi rõ họ tên)') }}</td></tr></table>
"""
_CSS = """\
.whole { white-space: nowrap; }
.note { font-size: 11pt; font-style: italic; margin: 0 0 2pt; text-indent: 0; }
.caption { font-size: 12pt; font-weight: bold; margin: 6pt 0 0; text-align: center; break-after: avoid; }
.chart { width: 100%; }
table.list thead { display: table-header-group; }
table.list { font-size: 11pt; }
table.list th { background: #dde8f3; }
table.end td { border: none; vertical-align: top; width: 50%; }
"""


def document(figures: Figures, registry: Registry) -> bytes:
    """Draw the report as PDF."""
    policy = registry.policy
    reports = policy.reports
    if reports is None:
        message = "The policy has no 'reports'."
        raise ValueError(message)
    contents = reports.contents
    day = figures.period.last
    issuer, superior = words.issuer(registry, reports.sender, min(day, figures.as_of))
    ranked = [row for row in figures.rows if row.rank is not None]
    uncovered = _uncovered(figures)
    page = html(
        _TEMPLATE,
        Style.DOCUMENT,
        title=words.subject(figures, registry),
        author=issuer,
        css=_CSS,
        it=figures,
        contents=contents,
        issuer=issuer,
        superior=superior,
        number=f"{GAP}/BC-{GAP}",
        subject=words.subject(figures, registry),
        invented="Dữ liệu mẫu: người trong báo cáo không có thật" if registry.estate.synthetic else "",
        cite=words.cites(policy),
        regulation=policy.regulation,
        recipients=[words.issuer(registry, uid, day)[0] for uid in reports.recipients if uid != reports.sender],
        totals=[*_totals(figures)],
        rules=words.rules(policy.checking, policy.cites["checking"]) if policy.checking else (),
        ranking=words.ranking(),
        by_window=charts.by_window(figures.by_window) if figures.by_window and figures.usage.of else "",
        growth=charts.growth(figures.storage) if len(figures.storage) > 1 else "",
        best=charts.best(ranked) if len(ranked) > 1 else "",
        ranked=ranked,
        unranked=[row.name for row in figures.rows if row.rank is None],
        least=sorted(figures.staff, key=lambda each: (each.usage.rate is None, each.usage.rate or 0, each.name))[
            :SHOWN
        ],
        never=_never(figures),
        uncovered=uncovered,
        deeds=[*_deeds(figures)],
        term=policy.request_days,
        term_cite=words.articles(policy.cites.get("requests", "")),
        deed_of=lambda each: words.DEEDS[each.deed],
        said=lambda each: words.change(each, registry),
        private=_private(figures),
        private_cite=words.articles(policy.cites.get("private_mail", "")),
        gaps=words.spans(figures.gaps) if figures.gaps else (),
        percent=words.percent,
        whole=whole,
        size=words.gigabytes,
        shown=SHOWN,
        next=_numbers(),
    )
    return pdf(page)


def _numbers() -> object:
    """Return what gives the next Roman number at each call: which parts there are, the policy says."""
    left = iter(("I", "II", "III", "IV", "V", "VI", "VII", "VIII"))
    return lambda: next(left)


def _totals(figures: Figures) -> list[tuple[str, str]]:
    found = [
        ("Số cơ quan", words.number(len(figures.rows))) if not figures.agency else None,
        ("Số cán bộ, công chức, viên chức", words.number(figures.people)),
        None if figures.accounts is None else ("Số người đã có hộp thư", words.number(figures.accounts)),
        ("Số hộp thư cơ quan, đơn vị và hộp thư dùng chung khác", words.number(len(figures.boxes))),
        ("Số ngày làm việc trong kỳ", words.number(figures.working)),
    ]
    return [each for each in found if each]


def _never(figures: Figures) -> int | None:
    found = [row.never for row in figures.rows]
    return None if None in found else sum(len(each) for each in found if each is not None)


def _uncovered(figures: Figures) -> list[tuple[Row, object, str]]:
    return [
        (row, each, state)
        for row in sorted(figures.rows, key=lambda row: row.name)
        for state, found in (("Chưa có hộp thư", row.lacking), ("Chưa từng đăng nhập", row.never or ()))
        for each in found
    ]


def _deeds(figures: Figures) -> list[tuple[str, int, int, int]]:
    counts = Counter(each.deed for each in figures.changes)
    late = Counter(each.deed for each in figures.changes if each.late is True)
    timely = Counter(each.deed for each in figures.changes if each.late is False)
    return [(name, counts[deed], timely[deed], late[deed]) for deed, name in words.DEEDS.items() if counts[deed]]


def _private(figures: Figures) -> list[Row]:
    """Return the agencies that write to private services most."""
    found = [row for row in figures.rows if row.letters and (row.letters.private_sent or row.letters.private_received)]
    return sorted(found, key=lambda row: (-(row.letters.private_sent if row.letters else 0), row.name))[:MOST]
