"""What a look at the estate found, told: a short text for the operator, lines for machines, a page for auditors.

``Look`` is one look, with all that an auditor asks of it: when, of which commit, by whom, at which parts, what differed
and what of that is accepted. The page is in Vietnamese, whole, with nothing to load from elsewhere.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from .drift import RULES, Severity, plain
from .phrase import Language, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from .drift import Finding, Trace
    from .exceptions import Exceptional

PARTS = {
    "directory": "danh bạ (mục, quyền, dung lượng, tài khoản dịch vụ, cấu hình)",
    "store": "kho thư (quyền trên hộp thư dùng chung, quy tắc chuyển tiếp)",
    "dns": "DNS và khoá ký thư (DKIM)",
    "machines": "máy chủ (cấu hình, phần mềm, dịch vụ, cổng mạng, tài khoản)",
}
# What of a part lies on hosts, and not in what they share.
_ON_HOSTS = {
    "directory": Phrase("the directory's configuration"),
    "store": Phrase("rights and forwards"),
    "machines": Phrase("the machine itself"),
}
_SHORT = 12  # characters of a commit
_SEVERITIES = {
    Severity.CRITICAL: "nghiêm trọng",
    Severity.HIGH: "cao",
    Severity.MEDIUM: "vừa",
    Severity.LOW: "thấp",
}
_SOURCES = {
    "accesslog": "nhật ký danh bạ",
    "journal": "nhật ký máy chủ",
    "apt": "nhật ký cài phần mềm",
    "file": "thời điểm ghi tệp",
    "slapd": "lúc khởi động máy chủ danh bạ",
    "dns": "nơi vận hành tên miền",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the estate."""

    estate: str  # its title
    at: datetime
    zone: ZoneInfo
    by: str
    commit: str
    parts: tuple[str, ...]  # what was looked at, of ``PARTS``
    standing: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Exceptional], ...]
    waiting: int  # planned changes that are no drift
    hosts: tuple[str, ...] = ()  # that were asked
    absent: frozenset[str] = frozenset()  # what the estate does not have
    left: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by part, hosts outside --limit

    @property
    def unseen(self) -> tuple[str, ...]:
        """Give the parts that there are and that were left out."""
        return tuple(part for part in PARTS if part not in self.parts and part not in self.absent)

    def unlooked(self, language: str) -> str:
        """Name all that it left out: whole parts, and what of the others lies on hosts outside ``--limit``."""
        is_vietnamese = language == Language.VIETNAMESE
        parts = "; ".join(PARTS[part] for part in self.unseen) if is_vietnamese else ", ".join(self.unseen)
        left = "; ".join(f"{_ON_HOSTS[part].told(language)} ({', '.join(hosts)})" for part, hosts in self.left.items())
        outside = Phrase("outside --limit: {left}", {"left": left}).told(language) if left else ""
        return "; ".join(filter(None, (parts, outside)))


# --- For the operator


def text(look: Look, page: str) -> str:
    """Say it in short, the gravest first, with the commands that mend it."""
    return "\n".join(_lines(look, page)) + "\n"


def _lines(look: Look, page: str) -> Iterator[str]:
    yield summary(look)
    if unlooked := look.unlooked(Language.ENGLISH):
        yield f"NOT LOOKED AT: {unlooked}."
    for finding in look.standing:
        rule = RULES[finding.kind]
        yield ""
        yield f"{finding.severity.word.upper()}  {finding.kind}  {finding.host}: {finding.object}"
        yield f"  {rule.name}: {finding.said}"
        yield f"  why it matters: {rule.reason}"
        for trace in finding.traces:
            yield f"  {_who(trace, look.zone)}"
        if finding.mend:
            yield f"  mend: {finding.mend}"
    for finding, leave in look.accepted:
        yield ""
        yield f"ACCEPTED until {leave.expires}  {finding.kind}  {finding.host}: {finding.object}"
        yield f"  {leave.origin.file}: {leave.decision}, {leave.approved_by}: {leave.reason}"
    yield ""
    if look.waiting:
        yield f"{look.waiting} planned changes wait for an apply; they are no drift: bin/congvu plan"
    yield f"The page for auditors: {page}"


def summary(look: Look) -> str:
    """Count in one sentence."""
    if not look.parts:
        return "Nothing was looked at."
    leave = f"; {len(look.accepted)} accepted" if look.accepted else ""
    if not look.standing:
        where = " in what was looked at" if look.unlooked(Language.ENGLISH) else ""
        return f"Nothing differs from Git{where}{leave}."
    counts = Counter(finding.severity for finding in look.standing)
    told = ", ".join(f"{counts[severity]} {severity.word}" for severity in reversed(Severity) if counts[severity])
    return f"{len(look.standing)} differences from Git: {told}{leave}."


def _who(trace: Trace, zone: ZoneInfo) -> str:
    at = f"{trace.at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if trace.at else "no moment on record"
    if not trace.who:
        return f"{at}  nobody on record ({trace.source})"
    return f"{at}  {trace.who} ({trace.source})" + ("" if trace.sure else ": had the chance")


# --- For machines


def lines(look: Look) -> str:
    """Give a header, then a line for each finding, accepted ones with their exception."""
    header = {
        "line": "look",
        "estate": look.estate,
        "at": look.at.isoformat(),
        "by": look.by,
        "commit": look.commit,
        "parts": list(look.parts),
        "unseen": list(look.unseen),
        "left": {part: list(hosts) for part, hosts in look.left.items()},
        "hosts": list(look.hosts),
        "standing": len(look.standing),
        "accepted": len(look.accepted),
        "waiting": look.waiting,
    }
    said: list[dict[str, Any]] = [header]
    said += [{"line": "finding", "key": finding.key, **plain(finding)} for finding in look.standing]
    said += [
        {"line": "accepted", "key": finding.key, **plain(finding), "exception": _exception(leave)}
        for finding, leave in look.accepted
    ]
    return "".join(json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in said)


def _exception(leave: Exceptional) -> dict[str, str]:
    return {
        "file": leave.origin.file,
        "decision": leave.decision,
        "reason": leave.reason,
        "approved_by": leave.approved_by,
        "expires": leave.expires.isoformat(),
    }


def keys(content: str) -> frozenset[str]:
    """Read back which findings stood, by their keys."""
    said = (json.loads(line) for line in content.splitlines())
    return frozenset(one["key"] for one in said if one["line"] == "finding")


# --- For auditors

_PAGE = """\
<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Báo cáo sai lệch: {{ look.estate }}, {{ moment(look.at) }}</title>
<style>
:root { color-scheme: light dark; --line: #8885; --critical: #a01313; --high: #c0392b; --medium: #b9770e; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
dl { display: grid; gap: .2rem 1rem; grid-template-columns: max-content 1fr } dt { opacity: .75 } dd { margin: 0 }
article { border-left: .3rem solid var(--line); margin: 1rem 0; padding: .1rem 0 .1rem .8rem; break-inside: avoid }
article.critical { border-color: var(--critical) } article.high { border-color: var(--high) }
article.medium { border-color: var(--medium) }
h3 { font-size: 1rem; margin: .3rem 0 } h3 b { text-transform: uppercase }
.critical h3 b { color: var(--critical) } .high h3 b { color: var(--high) } .medium h3 b { color: var(--medium) }
code { overflow-wrap: anywhere }
.stop { border: 1px solid var(--high); padding: .5rem .8rem }
input { font: inherit; padding: .3rem .5rem; width: 24rem; max-width: 100% }
@media (prefers-color-scheme: dark) { :root { --critical: #ff7b72; --high: #ff9b8f; --medium: #e3b341 } }
@media print { input { display: none } body { font-size: 10pt; margin: 0 } }
</style>
</head>
<body>
<h1>Báo cáo sai lệch giữa hệ thống đang chạy và sổ đăng ký</h1>
<dl>
<dt>Hệ thống</dt><dd>{{ look.estate }}</dd>
<dt>Thời điểm kiểm tra</dt><dd>{{ moment(look.at) }}</dd>
<dt>Người chạy kiểm tra</dt><dd>{{ look.by }}</dd>
<dt>Bản sổ đăng ký</dt><dd>{% if look.commit %}commit <code>{{ look.commit[:short] }}</code>
{%- if '+' in look.commit %} (có sửa đổi chưa commit){% endif %}{% else %}không lưu trong Git{% endif %}</dd>
<dt>Máy chủ</dt><dd>{{ look.hosts | join(', ') or 'không hỏi máy chủ nào' }}</dd>
<dt>Đã xem</dt><dd>{{ named(look.parts) or 'chưa xem phần nào' }}</dd>
<dt>Kết quả</dt><dd>{{ total }}</dd>
</dl>
{% if unlooked %}
<p class="stop"><strong>Chưa xem:</strong> {{ unlooked }}. Báo cáo này không
nói gì về những phần đó.</p>
{% endif %}
{% if look.waiting %}
<p>Có {{ look.waiting }} thay đổi đã ghi trong sổ đăng ký và đang chờ thực hiện; đó không phải là sai lệch.</p>
{% endif %}
<h2>Sai lệch</h2>
{% if look.standing %}
<p><input id="filter" type="search" placeholder="Tìm: tên máy, tên người, loại sai lệch"
 aria-label="Tìm trong báo cáo"></p>
{% for finding in look.standing %}
{{ shown(finding) }}
{% endfor %}
{% else %}
<p>{{ total[0] | upper }}{{ total[1:] }}.</p>
{% endif %}
{% if look.accepted %}
<h2>Sai lệch được chấp nhận có thời hạn</h2>
{% for finding, leave in look.accepted %}
{{ shown(finding, leave) }}
{% endfor %}
{% endif %}
<h2>Mức độ</h2>
<ul>
<li><b>Nghiêm trọng</b>: có dấu hiệu xâm nhập, hoặc mở đường cho xâm nhập; xử lý ngay.</li>
<li><b>Cao</b>: thư, quyền truy cập hoặc chứng cứ có thể bị ảnh hưởng; xử lý trong ngày.</li>
<li><b>Vừa</b>: xử lý trong tuần.</li>
<li><b>Thấp</b>: xử lý trong đợt bảo trì tới.</li>
</ul>
<script>
const plain = text => text.toLowerCase().normalize('NFD').replace(/\\p{M}/gu, '').replaceAll('đ', 'd');
const found = [...document.querySelectorAll('article')].map(one => [one, plain(one.textContent)]);
document.getElementById('filter')?.addEventListener('input', event => {
  const wanted = plain(event.target.value);
  for (const [one, text] of found) one.hidden = !text.includes(wanted);
});
</script>
</body>
</html>
"""

_ARTICLE = """\
<article class="{{ finding.severity.word }}">
<h3><b>{{ severities[finding.severity] }}</b> {{ rule.name_vi }}: <code>{{ finding.object }}</code></h3>
<dl>
<dt>Ở đâu</dt><dd>{{ places.get(finding.host, finding.host) }}</dd>
<dt>Khác thế nào</dt><dd>{{ finding.said.told('vi') }}</dd>
<dt>Vì sao đáng lưu ý</dt>
<dd>{{ rule.reason_vi }}{% if rule.controls %} ({{ rule.controls | join(', ') }}){% endif %}</dd>
{% for trace in finding.traces %}
<dt>{% if trace.sure or not trace.who %}Ai, lúc nào{% else %}Ai có thể{% endif %}</dt>
<dd>{{ trace.who_vi or trace.who or 'chưa rõ ai' }}, {{ moment(trace.at) if trace.at else 'không có thời điểm' }}
 ({{ sources.get(trace.source, trace.source) }})</dd>
{% endfor %}
{% if leave %}
<dt>Được chấp nhận</dt><dd>theo {{ leave.decision }}; người duyệt: {{ leave.approved_by }}; lý do: {{ leave.reason }};
 trước ngày {{ '%02d/%02d/%d' | format(leave.expires.day, leave.expires.month, leave.expires.year) }}
 (<code>{{ leave.origin.file }}</code>)</dd>
{% elif finding.mend %}
<dt>Cách sửa</dt><dd><code>{{ finding.mend }}</code></dd>
{% endif %}
</dl>
</article>
"""
_PLACES = {"directory": "danh bạ (OpenLDAP)", "dns": "tên miền (DNS)", "registry": "sổ đăng ký"}


def page(look: Look) -> str:
    """Draw the page for auditors."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)

    def moment(at: datetime) -> str:
        return f"{at.astimezone(look.zone):%H:%M:%S ngày %d/%m/%Y}"

    def named(parts: Sequence[str]) -> str:
        return "; ".join(PARTS[part] for part in parts)

    environment.globals.update(moment=moment, named=named, places=_PLACES, severities=_SEVERITIES, sources=_SOURCES)
    article = environment.from_string(_ARTICLE)

    def shown(finding: Finding, leave: Exceptional | None = None) -> object:
        return Markup(article.render(finding=finding, leave=leave, rule=RULES[finding.kind]))  # noqa: S704 -- escaped

    told = {"total": said_vi(look), "unlooked": look.unlooked(Language.VIETNAMESE)}
    return environment.from_string(_PAGE).render(look=look, shown=shown, short=_SHORT, **told)


def said_vi(look: Look) -> str:
    """Count in one sentence, for the page and the ledger."""
    if not look.parts:
        return "chưa xem phần nào"
    leave = f"; {len(look.accepted)} sai lệch được chấp nhận" if look.accepted else ""
    if not look.standing:
        where = " ở những phần đã xem" if look.unlooked(Language.VIETNAMESE) else ""
        return f"không có sai lệch{where}{leave}"
    counts = Counter(finding.severity for finding in look.standing)
    told = ", ".join(f"{counts[one]} {_SEVERITIES[one]}" for one in reversed(Severity) if counts[one])
    return f"{len(look.standing)} sai lệch ({told}){leave}"
