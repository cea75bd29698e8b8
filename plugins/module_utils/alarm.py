"""What a lockout found, for those who must act on it: a report for the head, in Vietnamese, a text for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .printing import Style, html, pdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

    from .lockout import Finding

SHOWN = 40  # letters and sign-ins that a report lists
_SERVICES: Mapping[str, str] = {
    "imap": "đọc thư (IMAP)",
    "managesieve": "sửa quy tắc lọc thư",
    "webmail": "trang thư",
    "submission": "gửi thư",
    "submissions": "gửi thư",
}
_REPORT = """\
{{ parts.title('Báo cáo khoá khẩn cấp tài khoản thư', who) }}
<table class="list">
<tr><td>Tài khoản</td><td>{{ ([it.name, it.title] + it.places | list) | select | join(', ') }}</td></tr>
<tr><td>Địa chỉ</td><td>{{ it.addresses | join(', ') }}</td></tr>
<tr><td>Khoá lúc</td><td>{{ it.since }}, người thực hiện: {{ it.by }}</td></tr>
{% if it.reason %}<tr><td>Lý do</td><td>{{ it.reason }}</td></tr>{% endif %}
</table>
<h2>Đã làm</h2>
<ul>
<li>Khoá tài khoản: không đăng nhập được ở đâu nữa, cho đến khi có mật khẩu mới. Thư gửi đến vẫn được nhận.</li>
<li>Ngắt mọi phiên đang mở; trang thư tự thoát ở lần bấm kế tiếp, phiên gửi thư ở bức thư kế tiếp.</li>
<li>Giữ lại {{ it.held | length }} bức thư của tài khoản còn chờ trong hàng đợi gửi.</li>
<li>{% if it.scripts %}Tắt quy tắc lọc thư ({{ it.scripts | join(', ') }}).{% else %}Không có quy tắc lọc thư nào
chuyển thư đi nơi khác hay xoá thư.{% endif %}</li>
</ul>
{% if it.redirects or it.discards %}
<h2>Quy tắc đáng ngờ</h2>
<ul>
{% for address in it.redirects %}<li>Chuyển thư đến {{ address }}</li>{% endfor %}
{% if it.discards %}<li>Xoá thư đến mà không cho biết</li>{% endif %}
</ul>
{% endif %}
<h2>Đăng nhập trong {{ it.days }} ngày qua</h2>
{% if it.uses %}
<table class="list">
<tr><th>Từ địa chỉ</th><th>Để</th><th>Kết quả</th><th class="number">Số lần</th><th>Lần đầu</th><th>Lần cuối</th></tr>
{% for use in it.uses[:shown] %}
<tr><td>{{ use.client }}</td><td>{{ services.get(use.service, use.service) }}</td>
<td>{{ 'bị từ chối' if use.refused else 'được' }}</td><td class="number">{{ use.count | number }}</td>
<td>{{ use.first }}</td><td>{{ use.last }}</td></tr>
{% endfor %}
</table>
{% if it.uses | length > shown %}<p>Còn {{ it.uses | length - shown }} dòng nữa trong tệp.</p>{% endif %}
<p class="attached">Người dùng trang thư thì địa chỉ đọc thư là địa chỉ của máy chủ trang thư.</p>
{% else %}
<p>Không có lần nào.</p>
{% endif %}
<h2>Thư đã gửi trong {{ it.days }} ngày qua</h2>
<p>{{ it.sent | length | number }} bức thư, {{ it.sent | sum('recipients') | number }} lượt người nhận.</p>
{% if it.sent %}
<table class="list">
<tr><th>Lúc</th><th>Với địa chỉ</th><th>Từ máy</th><th class="number">Người nhận</th><th>Mã trong nhật ký</th></tr>
{% for letter in (it.sent | list)[-shown:] %}
<tr><td>{{ letter.at }}</td><td>{{ letter.sender }}</td><td>{{ letter.client }}</td>
<td class="number">{{ letter.recipients | number }}</td><td><code>{{ letter.queue }}</code></td></tr>
{% endfor %}
</table>
{% endif %}
{% if it.held %}
<h2>Thư đang giữ</h2>
<table class="list">
<tr><th>Mã</th><th>Với địa chỉ</th><th>Gửi đến</th></tr>
{% for letter in it.held[:shown] %}
<tr><td><code>{{ letter.queue }}</code></td><td>{{ letter.sender }}</td>
<td>{{ letter.recipients[:5] | join(', ') }}{% if letter.recipients | length > 5 %}
 và {{ letter.recipients | length - 5 }} nơi khác{% endif %}</td></tr>
{% endfor %}
</table>
{% endif %}
<h2>Việc cần làm</h2>
<ul>
<li>Hỏi người giữ tài khoản: những lần đăng nhập, bức thư và quy tắc trên đây có phải của mình không.</li>
<li>Thư do kẻ gian gửi: báo cho nơi nhận; thư đang giữ thì đề nghị quản trị viên xoá.</li>
<li>Đề nghị cấp mật khẩu mới. Có mật khẩu mới thì người giữ tài khoản đăng nhập lại được.</li>
<li>Mật khẩu ấy còn dùng ở nơi khác thì đổi cả ở đó.</li>
</ul>
{% if it.silent %}
<p><b>Chưa hỏi được máy chủ: {{ it.silent | join(', ') }}.</b> Máy chủ chạy lại thì quản trị viên phải chạy lại lệnh
khoá.</p>
{% endif %}
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What was looked at: which hosts, how many days back, and the time zone in which moments are told."""

    hosts: tuple[str, ...]
    days: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Alarm:
    """All that a lockout found, with moments as the estate's people read them."""

    id: str
    name: str
    title: str
    places: tuple[str, ...]
    addresses: tuple[str, ...]
    since: str
    by: str
    reason: str
    days: int  # how far the journals were read back
    scripts: tuple[str, ...]  # that were switched off
    redirects: tuple[str, ...]
    discards: bool
    uses: tuple[Mapping[str, Any], ...]
    sent: tuple[Mapping[str, Any], ...]
    held: tuple[Mapping[str, Any], ...]
    silent: tuple[str, ...]  # hosts that did not answer


def alarm(
    account: Mapping[str, Any],
    head: Mapping[str, str],
    findings: Mapping[str, Finding],
    scope: Scope,
) -> Alarm:
    """Put together what all hosts found."""
    found = list(findings.values())

    def moment(said: str) -> str:
        return f"{datetime.fromisoformat(said).astimezone(scope.zone):%d/%m/%Y %H:%M:%S}"

    uses = sorted((use for each in found for use in each.uses), key=lambda use: str(use["last"]), reverse=True)
    sent = sorted((letter for each in found for letter in each.sent), key=lambda letter: str(letter["at"]))
    return Alarm(
        id=account["id"],
        name=account["name"],
        title=account["title"],
        places=tuple(account["places"]),
        addresses=tuple(account["addresses"]),
        since=moment(head["since"]),
        by=head["by"],
        reason=head["reason"],
        days=scope.days,
        scripts=tuple(sorted({each.script for each in found if each.script})),
        redirects=tuple(sorted({address for each in found for address in each.redirects})),
        discards=any(each.discards for each in found),
        uses=tuple({**use, "first": moment(use["first"]), "last": moment(use["last"])} for use in uses),
        sent=tuple({**letter, "at": moment(letter["at"])} for letter in sent),
        held=tuple(letter for each in found for letter in each.letters),
        silent=tuple(sorted(set(scope.hosts) - findings.keys())),
    )


def report(found: Alarm) -> bytes:
    """Draw the report for the head."""
    page = html(
        _REPORT,
        Style.REPORT,
        title=f"Khoá khẩn cấp {found.addresses[0] if found.addresses else found.name}",
        it=found,
        who=f"{found.name}, lúc {found.since}",
        services=_SERVICES,
        shown=SHOWN,
    )
    return pdf(page)


def text(found: Alarm, paper: str) -> str:
    """Say the same to the operator, with the way back."""
    return "\n".join(_lines(found, paper)) + "\n"


def _lines(found: Alarm, paper: str) -> Iterator[str]:
    yield f"{found.name} <{', '.join(found.addresses)}> is locked since {found.since}, by {found.by}."
    yield "All sessions are ended; letters to the mailbox go on arriving."
    yield f"Sign-ins of the last {found.days} days:" if found.uses else f"No sign-in in the last {found.days} days."
    for use in found.uses[:SHOWN]:
        how = "refused" if use["refused"] else "signed in"
        yield f"  {use['last']}  {use['client']}  {use['service']}: {how} {use['count']} times since {use['first']}"
    recipients = sum(int(letter["recipients"]) for letter in found.sent)
    yield f"Letters sent in that time: {len(found.sent)}, to {recipients} recipients."
    for letter in found.sent[-SHOWN:]:
        to = f"{letter['sender']} to {letter['recipients']}"
        yield f"  {letter['at']}  {letter['queue']}  {to}, from {letter['client']}"
    if found.held:
        yield f"On hold in the queue: {len(found.held)} letters."
        for letter in found.held[:SHOWN]:
            yield f"  {letter['queue']}  {letter['sender']} to {', '.join(letter['recipients'][:5])}"
    if found.scripts:
        yield f"Sieve switched off: {', '.join(found.scripts)}."
    for address in found.redirects:
        yield f"  It sends letters to {address}."
    if found.discards:
        yield "  It throws letters away."
    if found.silent:
        yield f"NOT ASKED, for want of an answer: {', '.join(found.silent)}. Run this again when they run."
    yield f"The report for the head: {paper}"
    yield (
        f"The way back: 1. a new password: playbooks/password.yml -e id={found.id}; 2. what the thief wrote is deleted "
        "on its host: postsuper -d <id>; 3. rules and letters put back: playbooks/lockout.yml "
        f"-e id={found.id} -e release=true (-e rules=false leaves the rules off)"
    )
