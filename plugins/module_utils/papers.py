"""A request on paper: the official letter (công văn) to the bigger system's operator, and a workbook to work from.

The letter is in the layout of Nghị định 30/2020/NĐ-CP; short lists stand in it, long ones in annexes (phụ lục). The
workbook holds the same items with their codes, and columns in which the operator notes the result of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from .confirmations import SHORT
from .letterhead import (
    Addressees,
    Annex,
    Closing,
    Document,
    Ground,
    Letterhead,
    Paragraph,
    Table,
    Title,
)
from .model import Kind
from .request import Section, overdue, written
from .spreadsheet import Choice, Sheet, SpreadsheetError
from .typography import GAP, written_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from .changes import Plan
    from .letterhead import Block
    from .model import Registry
    from .request import Item
    from .spreadsheet import Cell
    from .spreadsheet import Table as Read

INLINE = 12  # rows that fit into the letter itself; more go to annexes
SAMPLE = 20  # items shown on the terminal

LETTER, WORKBOOK = "de-nghi.docx", "danh-sach.xlsx"

DONE, REFUSED = "Đã thực hiện", "Không thực hiện"
CODE, RESULT = "Mã", "Kết quả"

_PASSWORDS = "đề nghị lấy lại mật khẩu hộp thư điện tử công vụ"
_ASKED: Mapping[Section, str] = {
    Section.NEW: "cấp mới",
    Section.CHANGED: "thay đổi",
    Section.CANCELLED: "hủy bỏ",
}
_LISTS: Mapping[Section, str] = {
    Section.NEW: "Danh sách hộp thư điện tử công vụ đề nghị cấp mới",
    Section.CHANGED: "Danh sách hộp thư điện tử công vụ đề nghị cấp đổi, thay đổi thông tin",
    Section.CANCELLED: "Danh sách hộp thư điện tử công vụ đề nghị hủy bỏ",
    Section.RIGHTS: "Danh sách người được giao quản lý, theo dõi hộp thư đơn vị",
}
_COLUMNS: Mapping[Section, str] = {
    Section.NEW: "Địa chỉ đề nghị, quyết định",
    Section.CHANGED: "Nội dung thay đổi, quyết định",
    Section.CANCELLED: "Địa chỉ, lý do, quyết định",
    Section.RIGHTS: "Hộp thư đơn vị và quyền",
}
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks whom, on what grounds: what stays the same from letter to letter."""

    issuer: str  # Văn phòng
    superior: str  # Ủy ban nhân dân quận Bình Tân
    full_name: str  # Văn phòng Ủy ban nhân dân quận Bình Tân
    address: str  # the official mailbox from which the request is sent (BT Điều 8.3)
    capacity: tuple[str, ...]  # CHÁNH VĂN PHÒNG
    signer: str
    recipient: str
    grounds: tuple[str, ...]
    copies: tuple[str, ...]
    place: str
    symbol: str  # what follows the number: VP
    number: str = ""  # left open for the clerk where empty
    day: date | None = None  # likewise

    @property
    def reference(self) -> str:
        """Give number and symbol."""
        return f"{self.number or GAP}/{self.symbol}"


def letter(items: Sequence[Item], plan: Plan, sender: Sender) -> Document:
    """Make the letter for a plan; its items are told by ``request.items``."""
    parts = [(section, list(group)) for section, group in groupby(items, key=lambda item: item.section)]
    annexed = len(items) > INLINE
    asked = ", ".join(_ASKED[section] for section, _ in parts if section in _ASKED) or "phân quyền sử dụng"
    subject = f"đề nghị {asked} hộp thư điện tử công vụ"
    body: list[Block] = [*_opening(sender)]
    for number, (section, group) in enumerate(parts, start=1):
        where = f" (Phụ lục {_ROMAN[number - 1]})" if annexed else ""
        counted = f"{_counted(section, group)}{where}{'.' if annexed else ':'}"
        body.append(Paragraph(counted, f"{number}.", follow=not annexed))
        if not annexed:
            body.append(_table(section, group))
    body += _wishes(parts, plan, sender)
    body.append(_closing(sender))
    if annexed:
        for number, (section, group) in enumerate(parts):
            attached = f"Kèm theo Công văn số {sender.reference} {_dated(sender)} của {sender.full_name}"
            body += [Annex(), Title(f"Phụ lục {_ROMAN[number]}", _LISTS[section], attached), _table(section, group)]
    return Document(subject[0].upper() + subject[1:], _head(sender, subject), tuple(body))


def password_letter(items: Sequence[Item], sender: Sender) -> Document:
    """Make the letter that asks for new passwords (lấy lại mật khẩu): no plan, as nothing else is to change."""
    rows = tuple((str(place), _who(item), item.address) for place, item in enumerate(items, start=1))
    table = Table(("STT", "Hộp thư của", "Địa chỉ"), rows, (13, 72, 80), ("centre", "left", "left"))
    blocks = (
        *_opening(sender),
        Paragraph(f"Cấp lại mật khẩu cho {len(items):02} hộp thư điện tử công vụ sau:", "1.", follow=True),
        table,
        _initial_passwords(2),
        *_ending(sender, 3, "Kết quả đề nghị"),
        _closing(sender),
    )
    return Document(_PASSWORDS[0].upper() + _PASSWORDS[1:], _head(sender, _PASSWORDS), blocks)


def sheets(items: Sequence[Item]) -> tuple[Sheet, ...]:
    """Make the workbook: a sheet a section, with columns for the operator's answer."""
    return tuple(_sheet(section, list(group)) for section, group in groupby(items, key=lambda item: item.section))


def refused_in(tables: Iterable[Read]) -> tuple[str, ...]:
    """Read a workbook that came back: give the codes of the items which the operator did not carry out.

    Raises SpreadsheetError where a sheet is not one of ours, or where a result is neither of the two.
    """
    found: list[str] = []
    for table in tables:
        (_, header), *rows = table.rows or ((1, ()),)
        if CODE not in header or RESULT not in header:
            message = f"trang '{table.name}': không có cột '{CODE}' và '{RESULT}'. Hãy dùng tệp {WORKBOOK} đã gửi đi."
            raise SpreadsheetError(message)
        code, result = header.index(CODE), header.index(RESULT)
        for number, row in rows:
            said = row[result] if len(row) > result else None
            if said not in (None, DONE, REFUSED):
                message = f"trang '{table.name}', dòng {number}: '{said}' không phải '{DONE}' hay '{REFUSED}'."
                raise SpreadsheetError(message)
            if said == REFUSED:
                found.append(str(row[code]))
    return tuple(found)


def terminal(items: Sequence[Item], plan: Plan, registry: Registry) -> str:
    """Show the request on one page."""
    short = plan.id[:SHORT]
    lines = [f"Đề nghị {short}, tính đến ngày {written(plan.as_of)}"]
    for section, group in groupby(items, key=lambda item: item.section):
        found = list(group)
        lines += ["", _counted(section, found)]
        lines += [f"  {_line(item)}" for item in found[:SAMPLE]]
        if len(found) > SAMPLE:
            lines.append(f"  … và {len(found) - SAMPLE} mục nữa")
    late = overdue(items, plan.as_of, registry) if plan.applied else ()
    if late:
        term, cite = registry.policy.request_days, registry.policy.cites["requests"]
        lines += ["", f"Đã quá {term:02} ngày làm việc kể từ ngày có thay đổi ({cite}): {len(late)} mục"]
        lines += [f"  {item.code}  {item.name}: từ ngày {written(item.day)}" for item in late[:SAMPLE] if item.day]
    return "\n".join(lines) + "\n"


# The letter's parts


def _head(sender: Sender, subject: str) -> Letterhead:
    return Letterhead(sender.issuer, sender.superior, sender.reference, subject, sender.place, sender.day)


def _dated(sender: Sender) -> str:
    return written_day("", sender.day).removeprefix(", ")


def _opening(sender: Sender) -> Iterator[Block]:
    yield Addressees((sender.recipient,))
    yield from (Ground(f"{ground};") for ground in sender.grounds)
    yield Paragraph(
        f"{sender.full_name} đề nghị {sender.recipient} thực hiện các nội dung sau đối với hộp thư điện tử công vụ "
        "của các cơ quan, đơn vị và cá nhân thuộc quận:"
    )


def _counted(section: Section, group: Sequence[Item]) -> str:
    agencies = sum(item.kind is Kind.MAILBOX for item in group)
    kinds = ((agencies, "hộp thư đơn vị"), (len(group) - agencies, "hộp thư cá nhân"))
    counts = " và ".join(f"{count:02} {kind}" for count, kind in kinds if count)
    match section:
        case Section.NEW:
            return f"Cấp mới {counts}"
        case Section.CHANGED:
            return f"Cấp đổi, thay đổi thông tin {counts}"
        case Section.CANCELLED:
            return f"Hủy bỏ {counts}"
        case Section.RIGHTS:
            return f"Phân quyền sử dụng hộp thư đơn vị: {len(group):02} trường hợp"


def _table(section: Section, group: Sequence[Item]) -> Table:
    rows = tuple((str(place), _who(item), "\n".join(_lines(item))) for place, item in enumerate(group, start=1))
    return Table(("STT", "Hộp thư của", _COLUMNS[section]), rows, (13, 72, 80), ("centre", "left", "left"))


def _lines(item: Item) -> Iterator[str]:
    """Yield the address, what becomes of it, and the decision that this rests on."""
    if item.section is not Section.RIGHTS and not any(item.address in line for line in item.details):
        yield item.address
    yield from item.details
    if item.decision and item.section is not Section.RIGHTS:
        yield f"Quyết định {item.decision}" + (f", từ {written(item.day)}" if item.day else "")


def _who(item: Item) -> str:
    return "\n".join(part for part in (f"{item.name} ({item.code.partition(':')[0]})", item.described) if part)


def _wishes(parts: Sequence[tuple[Section, list[Item]]], plan: Plan, sender: Sender) -> Iterator[Block]:
    number = len(parts) + 1
    if any(section is Section.NEW for section, _ in parts):
        yield _initial_passwords(number)
        number += 1
    told = "Kết quả của từng mục, kể cả mục không thực hiện được và lý do, đề nghị ghi vào bảng tính gửi kèm và"
    yield from _ending(sender, number, told)
    yield Paragraph(
        f"Mã đối chiếu của đề nghị này là {plan.id[:SHORT]}, tính theo tình hình nhân sự đến ngày "
        f"{written(plan.as_of)}. {sender.full_name} trân trọng cảm ơn./."
    )


def _initial_passwords(number: int) -> Paragraph:
    return Paragraph(
        "Mật khẩu ban đầu đề nghị gửi riêng cho từng người sử dụng, không ghi chung vào danh sách; hộp thư chỉ dùng "
        "được sau khi đổi mật khẩu ở lần đăng nhập đầu tiên.",
        f"{number}.",
    )


def _ending(sender: Sender, number: int, told: str) -> Iterator[Block]:
    yield Paragraph(
        f"{told} gửi về hộp thư {sender.address} để {sender.full_name} hướng dẫn các cơ quan, đơn vị "
        "và cá nhân thực hiện.",
        f"{number}.",
    )


def _closing(sender: Sender) -> Closing:
    return Closing(("Như trên", *sender.copies), sender.capacity, sender.signer)


# The workbook's


def _sheet(section: Section, group: Sequence[Item]) -> Sheet:
    header = ("STT", CODE, "Họ và tên, tên đơn vị", "Chức vụ", "Đơn vị", "Địa chỉ", "Nội dung", "Quyết định", "Từ ngày")
    rows = tuple(_row(place, item) for place, item in enumerate(group, start=1))
    result = len(header)
    choice = Choice(result, 2, len(rows) + 1, f'"{DONE},{REFUSED}"', RESULT)
    widths = (6, 16, 30, 28, 40, 42, 60, 18, 12, 18, 40)
    return Sheet(section.value, (*header, RESULT, "Ghi chú"), rows, widths, (choice,))


def _row(place: int, item: Item) -> tuple[Cell, ...]:
    told = "; ".join(item.details) or None
    who = (item.code, item.name, item.title or None, item.place or None, item.address)
    return place, *who, told, item.decision or None, item.day, None, None


def _line(item: Item) -> str:
    told = "; ".join(item.details)
    return f"{item.code}  {item.name} <{item.address}>" + (f": {told}" if told else "")
