"""The letter that brings a periodic report to its recipients, with the document and the workbook."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from . import reportwords as words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .figures import Figures
    from .model import Registry

_TYPES = {"pdf": "pdf", "xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def letter(
    figures: Figures, registry: Registry, files: Mapping[str, bytes], *, now: datetime, digest: str
) -> EmailMessage:
    """Write it. ``digest`` tells an edition from another: a letter is handed in once for each."""
    reports = registry.policy.reports
    if reports is None:
        message = "The policy has no 'reports'."
        raise ValueError(message)
    name, _ = words.issuer(registry, reports.sender, figures.as_of)
    sender = Address(name, addr_spec=words.address(registry, reports.sender))
    about = words.about(figures, registry)
    told = EmailMessage()
    told["From"] = sender
    told["To"] = tuple(
        Address(words.issuer(registry, uid, figures.as_of)[0], addr_spec=words.address(registry, uid))
        for uid in reports.recipients
    )
    told["Subject"] = f"Báo cáo: {about}"
    told["Date"] = format_datetime(now)
    told["Message-ID"] = f"<bao-cao.{figures.period.name.lower()}.{digest}@{sender.domain}>"
    told["Auto-Submitted"] = "auto-generated"
    told.set_content(
        f"Kính gửi: {'; '.join(words.issuer(registry, uid, figures.as_of)[0] for uid in reports.recipients)}\n\n"
        f"Thực hiện {words.cites(registry.policy)} của {registry.policy.regulation}, {name} gửi báo cáo "
        f"{about} cùng bảng tính số liệu chi tiết.\n\n"
        f"{gist(figures)}\n\n"
        f"Trân trọng.\n\n{name}\n",
        cte="quoted-printable",
    )
    for file, content in files.items():
        told.add_attachment(content, maintype="application", subtype=_TYPES[file.rpartition(".")[2]], filename=file)
    return told


def gist(figures: Figures) -> str:
    """Tell the report in a few lines."""
    lines = [f"- Cán bộ, công chức, viên chức: {words.number(figures.people)} người."]
    if figures.accounts is not None:
        share = figures.accounts / figures.people if figures.people else None
        lines.append(f"- Đã có hộp thư: {words.number(figures.accounts)} người ({words.percent(share)}).")
    if figures.usage.of:
        rates = words.percent(figures.usage.rate), words.percent(figures.shared.rate)
        lines.append(f"- Kiểm tra hộp thư đạt yêu cầu: cá nhân {rates[0]}, hộp thư dùng chung {rates[1]}.")
    lines.append(f"- Thay đổi trong kỳ: {words.number(len(figures.changes))} trường hợp.")
    if figures.gaps:
        lines.append(f"- Thiếu số liệu: {len(figures.gaps)} trên {figures.working} ngày làm việc (nêu trong báo cáo).")
    return "\n".join(lines)
