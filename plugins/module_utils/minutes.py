"""What a handover of a mailbox looks like on paper and in a letter: the record to be signed, and the notice to others.

The record (biên bản bàn giao) follows Nghị định 30/2020/NĐ-CP, Phụ lục III, mẫu 1.9; its number is left to the clerk.
"""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from .model import Audience
from .printing import Style, html, pdf
from .takeover import article
from .typography import GAP

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from .takeover import Handover

_FOLDERS: Mapping[str, str] = {
    "INBOX": "Hộp thư đến",
    "Sent": "Thư đã gửi",
    "Drafts": "Thư nháp",
    "Archive": "Lưu trữ",
    "Junk": "Thư rác",
    "Trash": "Thùng rác",
}
_NUMBER = re.compile(r"\d+(?:/\d+)*/[^\W\d]+-[\w-]+")
_ROLES: Mapping[str, str] = {"deputies": "cấp phó", "clerks": "văn thư", "readers": "người đọc"}
_UNITS = ("byte", "KB", "MB", "GB", "TB")
_STEP = 1024
_RECORD = """\
{{ parts.heading(it.agency, it.superior, number=number) }}
{{ parts.title('Biên bản', 'Bàn giao hộp thư điện tử công vụ của ' ~ it.name) }}
<p>Hôm nay, {{ written }}, tại {{ it.agency }}, hai bên lập biên bản bàn giao hộp thư điện tử công vụ như sau:</p>
<h2>I. Căn cứ</h2>
<p>1. {{ article[0] | upper }}{{ article[1:] }} của quy chế ban hành theo {{ whole(it.regulation) }};</p>
<p>2. {{ whole(decision) }}.</p>
<h2>II. Thành phần</h2>
<p>1. Bên giao: {{ it.old.name }}{{ title_of(it.old) }}.</p>
<p>2. Bên nhận: {{ it.new.name }}{{ title_of(it.new) }}.</p>
<h2>III. Nội dung bàn giao</h2>
<p>1. Hộp thư: {{ it.name }}, địa chỉ {{ it.address }}. Địa chỉ không thay đổi.</p>
<p>2. Toàn bộ thư có trong hộp thư, do máy chủ thư đếm lúc {{ clock }}:</p>
<table class="list">
<tr>
<th>STT</th><th>Thư mục</th><th>Số thư</th><th>Chưa đọc</th><th>Dung lượng</th><th>Thư cũ nhất</th><th>Thư mới nhất</th>
</tr>
{% for folder in it.folders %}
<tr>
<td class="centre">{{ loop.index }}</td><td>{{ named(folder.name) }}</td>
<td class="number">{{ folder.messages | number }}</td><td class="number">{{ folder.unread | number }}</td>
<td class="number">{{ sized(folder.size) }}</td>
{% for day in (folder.oldest, folder.newest) %}
<td class="centre">{% if day %}{{ day | day }}{% endif %}</td>
{% endfor %}
</tr>
{% endfor %}
<tr>
<td></td><td><b>Cộng</b></td>
<td class="number"><b>{{ it.folders | sum('messages') | number }}</b></td>
<td class="number"><b>{{ it.folders | sum('unread') | number }}</b></td>
<td class="number"><b>{{ sized(it.folders | sum('size')) }}</b></td><td></td><td></td>
</tr>
</table>
<p>3. Mật khẩu: hộp thư không có mật khẩu riêng nên không bàn giao mật khẩu. Mỗi người vào hộp thư bằng tài khoản và mật
khẩu của chính mình. Việc bàn giao mật khẩu nêu tại {{ article }} được thực hiện bằng việc giao quyền quản lý cho bên
nhận và thu hồi quyền của bên giao.</p>
<p>4. Quyền sử dụng: từ {{ written_since }}, bên nhận quản lý hộp thư; quyền quản lý của bên giao chấm dứt, các phiên
đăng nhập còn mở của bên giao đã được ngắt.
{% if it.others %}Những người được uỷ quyền sử dụng hộp thư giữ nguyên, gồm:</p>
<ul>
{% for party in it.others %}
<li>{{ party.name }}{{ title_of(party) }} ({{ roles[party.role] }}){{ '.' if loop.last else ';' }}</li>
{% endfor %}
</ul>
{% else %}Không có ai khác được uỷ quyền sử dụng hộp thư.</p>
{% endif %}
<h2>IV. Cam kết</h2>
<p>Bên giao đã bàn giao đầy đủ. Bên nhận đã nhận đủ và chịu trách nhiệm quản lý, xử lý thông tin trong hộp thư kể từ
ngày nêu trên.</p>
<p>Biên bản có mã {{ it.id }}, được lập thành hai bản có giá trị như nhau, mỗi bên giữ một bản.</p>
{{ parts.signatures([('Bên giao', it.old.name), ('Bên nhận', it.new.name)]) }}
"""

_KEPT_AS_WERE = "Địa chỉ hộp thư không thay đổi, toàn bộ thư trong hộp thư đã được bàn giao."


def record(handover: Handover) -> bytes:
    """Draw the record as PDF: the same bytes for the same handover."""
    taken = handover.taken
    if taken is None:
        message = f"The folders of {handover.mailbox} have not been counted."
        raise ValueError(message)
    page = html(
        _RECORD,
        Style.DOCUMENT,
        title=f"Biên bản bàn giao hộp thư {handover.address}",
        author=handover.agency,
        css=".whole { white-space: nowrap; }\n",
        it=handover,
        number=f"{GAP}/BB-{GAP}",
        written=_day(taken.date()),
        written_since=_day(handover.since),
        clock=f"{taken:%H} giờ {taken:%M} phút, {_day(taken.date())}",
        article=article(handover.cite),
        decision=_decision(handover.decision, "bổ nhiệm, giao nhiệm vụ cho bên nhận"),
        title_of=lambda party: f", {party.title}" if party.title else "",
        named=_named,
        whole=whole,
        sized=size,
        roles=_ROLES,
    )
    return pdf(page)


def notice(handover: Handover, now: datetime) -> EmailMessage:
    """Write the letter that tells the other units, from the mailbox itself, which gets a copy."""
    sender = Address(handover.name, addr_spec=handover.address)
    since, new, old = handover.since, handover.new, handover.old
    is_for_all = handover.audience is Audience.AGENCIES
    whom = "Các cơ quan, đơn vị" if is_for_all else f"Các đơn vị thuộc {handover.agency}"
    title = f", {new.title}," if new.title else ""
    decision = _decision(handover.decision, "")
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = tuple(Address(addr_spec=address) for address in handover.recipients)
    letter["Cc"] = sender
    letter["Subject"] = f"Thông báo thay đổi người quản lý hộp thư điện tử của {handover.name}"
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<ban-giao.{handover.id}.{now:%H%M%S}@{handover.address.partition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(
        f"Kính gửi: {whom}\n\n"
        f"Thực hiện {article(handover.cite)} của quy chế ban hành theo {handover.regulation}, "
        f"{handover.name} thông báo:\n\n"
        f"Từ ngày {since:%d/%m/%Y}, đồng chí {new.name}{title} quản lý hộp thư điện tử {handover.address} của "
        f"{handover.name}, thay đồng chí {old.name}{f', theo {decision}' if handover.decision else ''}.\n\n"
        f"{_KEPT_AS_WERE} Đề nghị các đơn vị tiếp tục gửi văn bản điện tử đến địa chỉ này.\n\n"
        f"Trân trọng.\n\n{handover.name}\n",
        cte="quoted-printable",
    )
    return letter


def size(count: int) -> str:
    """Write a number of bytes with a unit that leaves it short."""
    value, unit = float(count), 0
    while value >= _STEP and unit < len(_UNITS) - 1:
        value, unit = value / _STEP, unit + 1
    return f"{value:.1f} {_UNITS[unit]}".replace(".", ",") if unit else f"{count} {_UNITS[0]}"


def _day(day: date) -> str:
    return f"ngày {day.day:02} tháng {day.month:02} năm {day.year}"


def _named(folder: str) -> str:
    """Name a folder as the webmail does."""
    first, slash, rest = folder.partition("/")
    return f"{_FOLDERS.get(first, first)}{slash}{rest}"


def whole(text: str) -> Markup:
    """Keep the numbers of decisions, which have hyphens in them, on one line each."""
    return Markup(_NUMBER.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704 -- escaped right here


def _decision(said: str, about: str) -> str:
    """Name a decision in a sentence; the registry writes its number alone, most often."""
    if not said:
        return "Quyết định của cấp có thẩm quyền về việc thay đổi người đứng đầu"
    named = said if said[0].isalpha() else f"Quyết định số {said}"
    return f"{named} {about}".rstrip()
