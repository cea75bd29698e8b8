"""Slips on paper: a page a person that is folded into a sealed letter, and the list on which they sign for it.

A page has three parts of 99 mm. The lower one is folded up over the middle one, with the print inside; the upper one is
folded back, behind the middle one, and says whose letter it is. The password stands near the lower edge of the middle
part. What lies on it from both sides when the page is folded is printed all over: it cannot be read against the light.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from .printing import Style, html, pdf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from .model import Passwords
    from .slips import Holder

_SPECIAL = "@\u00a0#\u00a0!\u00a0-\u00a0_"  # of those that count, ones that people know


@dataclass(frozen=True, slots=True)
class Sender:
    """What is the same on all slips of an estate."""

    estate: str  # Tỉnh Thừa Thiên Huế
    webmail: str  # the address of the page on which people sign in
    contact: str  # the address of whoever runs the mail system
    regulation: str
    rules: Passwords
    day: date
    zone: ZoneInfo
    synthetic: bool = False  # the people are invented


def slips(sender: Sender, agency: str, holders: Sequence[Holder], passwords: Mapping[str, str]) -> bytes:
    """Draw the slips of an agency, one page each, in the order given; ``passwords`` are by id."""
    page = html(
        _SLIPS,
        Style.REPORT,
        title=f"Phiếu mật khẩu ban đầu: {agency}",
        css=_SLIPS_CSS,
        sender=sender,
        agency=agency,
        holders=[(holder, passwords[holder.id], deadline(sender, holder)) for holder in holders],
        rules=rules(sender.rules),
        veil=_VEIL,
    )
    return pdf(page)


def receipts(sender: Sender, agency: str, holders: Sequence[Holder]) -> bytes:
    """Draw the list on which people sign for their slips; it holds no password."""
    title = f"Danh sách ký nhận phiếu mật khẩu: {agency}"
    return pdf(
        html(_RECEIPTS, Style.DOCUMENT, title=title, css=_RECEIPTS_CSS, sender=sender, agency=agency, holders=holders)
    )


def deadline(sender: Sender, holder: Holder) -> date | None:
    """Give the last whole day on which a first password may be changed; None where no term locks the account.

    The directory looks each night, so a term that ends in the middle of a day holds until the night after it.
    """
    asked = sender.rules
    if not (asked.change_at_first_sign_in and asked.change_within_days and holder.since):
        return None
    return holder.since.astimezone(sender.zone).date() + timedelta(asked.change_within_days - 1)


def rules(asked: Passwords) -> tuple[str, ...]:
    """Say in Vietnamese what a password must be."""
    classes = (
        (asked.upper, "chữ in hoa (A-Z)"),
        (asked.lower, "chữ thường (a-z)"),
        (asked.digits, "chữ số (0-9)"),
        (asked.special, f"ký tự đặc biệt (như {_SPECIAL})"),
    )
    wanted = "; ".join(f"{count} {called}" for count, called in classes if count)
    return (
        f"Có ít nhất {asked.length} ký tự" + (f", trong đó ít nhất: {wanted}." if wanted else "."),
        "Không dùng lại mật khẩu cũ; không dùng họ tên, ngày sinh, số điện thoại.",
        f"Nhập sai {asked.failures} lần liền, tài khoản bị khoá {asked.locked_minutes} phút.",
    )


# Letters of a password's size and kind, in no order, over one another: what shines through is one among many.
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789abcdefghijkmnpqrstuvwxyz-"
_VEIL = tuple("".join(_SIGNS[(row * 23 + place * 31) % len(_SIGNS)] for place in range(64)) for row in range(9))

_SLIPS = """\
{% macro veil_band() %}<div class="veil">{% for row in veil %}<div>{{ row }}</div>{% endfor %}</div>{% endmacro %}
{% for holder, password, deadline in holders %}
<article>
<section class="cover">
{{ veil_band() }}
<p class="kind">Phiếu mật khẩu ban đầu<br><span>Thư điện tử công vụ · {{ sender.estate }}</span></p>
<p class="to">Người nhận</p>
{% if holder.is_admin %}
<p class="name">Quản trị thư điện tử của cơ quan</p>
{% else %}
<p class="name">{{ holder.name }}</p>
<p>{{ holder.title }}{% if holder.unit_name %}, {{ holder.unit_name }}{% endif %}</p>
{% endif %}
<p>{{ agency }}</p>
<p class="sealed">Chỉ người nhận được mở. Nếu phiếu đã bị mở, đừng nhận: hãy đề nghị cấp phiếu khác.</p>
</section>
<p class="fold back">gập ra sau</p>
<p class="fold up">gập lên trên</p>
<section class="secret">
<table>
{% if holder.is_admin %}
<tr><th>Tên đăng nhập</th><td><b>{{ holder.account }}</b></td></tr>
<tr><th>Tài khoản</th><td>quản trị thư điện tử của {{ agency }}</td></tr>
{% else %}
<tr><th>Địa chỉ thư</th><td><b>{{ holder.account }}</b></td></tr>
<tr><th>Của</th><td>{{ holder.name }}, {{ holder.title }}</td></tr>
{% endif %}
<tr><th>Trang thư</th><td><b>{{ sender.webmail }}</b></td></tr>
</table>
<h2>Đăng nhập lần đầu</h2>
<ol>
{% if holder.is_admin %}
<li>Mở trang thư bằng trình duyệt, nhập tên đăng nhập và mật khẩu dưới đây.</li>
<li>Đặt ngay mật khẩu mới do mình chọn: trước đó không làm được việc gì khác.</li>
<li>Trang quản trị cho xem danh sách người của cơ quan, cấp lại mật khẩu và mở khoá cho họ.</li>
{% else %}
<li>Mở trang thư bằng trình duyệt, nhập địa chỉ thư và mật khẩu dưới đây.</li>
<li>Đặt ngay mật khẩu mới do mình chọn: trước đó chưa dùng được hộp thư.</li>
<li>Dùng mật khẩu mới cho cả điện thoại, Outlook, Thunderbird.</li>
{% endif %}
<li>Huỷ phiếu này khi đã đổi xong mật khẩu.</li>
</ol>
{% if deadline %}
<p class="deadline">Đổi mật khẩu chậm nhất ngày <b>{{ deadline | day }}</b>; quá hạn tài khoản bị khoá,
phải đề nghị cấp lại.</p>
{% endif %}
<p class="password-label">Mật khẩu ban đầu</p>
<p class="password">{{ password }}</p>
</section>
<section class="advice">
{{ veil_band() }}
<h2>Mật khẩu mới</h2>
<ul>
{% for rule in rules %}
<li>{{ rule }}</li>
{% endfor %}
<li>Giữ cho riêng mình: không nói, không gửi cho ai, kể cả người quản trị.</li>
</ul>
<h2>Cần giúp đỡ</h2>
<p>
{% if holder.is_admin %}
Mất phiếu, quên mật khẩu, không đăng nhập được: {{ sender.contact }}.
{% else %}
Mất phiếu, quên mật khẩu, không đăng nhập được: báo ngay cho người quản trị thư điện tử của cơ quan,
hoặc {{ sender.contact }}.
{% endif %}
</p>
<p class="small">{{ sender.regulation }}. In ngày {{ sender.day | day }}.\
{% if sender.synthetic %} Dữ liệu mẫu: người và cơ quan nhận phiếu không có thật.{% endif %}</p>
</section>
</article>
{% endfor %}
"""

_SLIPS_CSS = """\
@page {
  margin: 0;
  @bottom-left { content: none; }
  @bottom-right { content: none; }
}
article { break-after: page; height: 297mm; position: relative; width: 210mm; }
article:last-child { break-after: auto; }
section { box-sizing: border-box; height: 99mm; left: 0; padding: 0 22mm; position: absolute; width: 210mm; }
section p { margin: 0; }
.fold { color: #888; font-size: 7pt; margin: 0; position: absolute; right: 8mm; }
.fold.back { top: 95.5mm; }
.fold.up { top: 198.3mm; }
.cover { top: 0; padding-top: 30mm; text-align: center; }
.secret { border-bottom: .4pt dashed #888; border-top: .4pt dashed #888; padding-top: 5mm; top: 99mm; }
.advice { padding-top: 30mm; top: 198mm; }
.veil {
  color: #666; font: 13pt/2.7mm Cousine, monospace; height: 18mm; left: 50mm; letter-spacing: .5mm; overflow: hidden;
  position: absolute; text-align: left; width: 110mm;
}
.veil div:nth-child(even) { margin-left: -1.6mm; }
.cover .veil { top: 8mm; }
.advice .veil { top: 8mm; }
.cover .kind { font-size: 15pt; font-weight: bold; line-height: 1.35; }
.cover .kind span { font-size: 11pt; font-weight: normal; }
.cover .to { color: #555; font-size: 9.5pt; margin-top: 4mm; }
.cover .name { font-size: 16pt; font-weight: bold; line-height: 1.3; }
.cover .sealed { color: #555; font-size: 9.5pt; font-style: italic; margin-top: 4mm; }
.secret table { line-height: 1.3; margin-bottom: 2mm; table-layout: fixed; }
.secret th { font-weight: normal; color: #555; padding: .3mm 0; text-align: left; vertical-align: top; width: 34mm; }
.secret td { overflow-wrap: anywhere; padding: .3mm 0; }
.secret h2, .advice h2 { font-size: 11.5pt; margin: 0 0 1mm; }
.secret ol, .advice ul { font-size: 10pt; line-height: 1.4; margin: 0; padding-left: 5mm; }
.secret .deadline { font-size: 10pt; margin-top: 1mm; }
.secret .password, .secret .password-label { left: 50mm; position: absolute; text-align: center; width: 110mm; }
.secret .password-label { color: #555; font-size: 9.5pt; top: 68mm; }
.secret .password {
  border: 1pt solid #111; border-radius: 1.5mm; box-sizing: border-box; font-size: 21pt; font-weight: bold;
  height: 15mm; line-height: 14.5mm; top: 74mm;
}
.advice ul { margin-bottom: 2.5mm; }
.advice p { font-size: 10pt; }
.advice .small { color: #555; font-size: 8.5pt; margin-top: 2.5mm; }
"""

_RECEIPTS = """\
{{ parts.heading(agency) }}
{{ parts.title("Danh sách ký nhận", "Phiếu mật khẩu ban đầu của hộp thư điện tử công vụ") }}
<p>Người có tên dưới đây nhận phiếu còn niêm phong, tự mở và đổi mật khẩu ở lần đăng nhập đầu tiên.\
{% if sender.synthetic %} Dữ liệu mẫu: người và cơ quan không có thật.{% endif %}</p>
<table class="list">
<thead><tr><th>TT</th><th>Họ và tên, chức vụ</th><th>Địa chỉ thư</th><th>Ngày nhận</th><th>Ký nhận</th></tr></thead>
<tbody>
{% set state = namespace(unit="") %}
{% for holder in holders %}
{% if holder.unit_name != state.unit %}
{% set state.unit = holder.unit_name %}
<tr class="unit"><td colspan="5"><b>{{ holder.unit_name }}</b></td></tr>
{% endif %}
<tr>
<td class="centre">{{ loop.index }}</td>
{% if holder.is_admin %}
<td>Quản trị thư điện tử của cơ quan</td>
{% else %}
<td>{{ holder.name }}<div class="title">{{ holder.title }}</div></td>
{% endif %}
<td class="address">{{ holder.account }}</td><td></td><td></td>
</tr>
{% endfor %}
</tbody>
</table>
<p>Danh sách này có {{ "%02d" | format(holders | length) }} phiếu, in ngày {{ sender.day | day }}.</p>
{{ parts.signatures([("Người giao phiếu", ""), ("Thủ trưởng cơ quan", "")]) }}
"""

_RECEIPTS_CSS = """\
table.list { table-layout: fixed; }
table.list th:nth-child(1) { width: 9mm; }
table.list th:nth-child(3) { width: 57mm; }
table.list th:nth-child(4) { width: 21mm; }
table.list th:nth-child(5) { width: 26mm; }
table.list tbody td { height: 9mm; }
table.list tr.unit { break-after: avoid; }
table.list tr.unit td { height: auto; }
.title { font-size: 11pt; }
.address { font-size: 11pt; overflow-wrap: anywhere; }
"""
