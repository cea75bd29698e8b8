"""The words of the periodic reports, which their pages, their workbook and their letter share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .figures import SMALLEST, WEIGHTS, Deed
from .model import Ending, Kind
from .takeover import article
from .tally import Missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from .figures import Change, Figures
    from .looks import Checking, Window
    from .model import Mailbox, Policy, Registry
    from .tally import Gap

TITLE = "Tình hình sử dụng hệ thống thư điện tử công vụ"
DEEDS: Mapping[Deed, str] = {
    Deed.JOINED: "Tuyển dụng, tiếp nhận",
    Deed.MOVED: "Điều động",
    Deed.LEFT: "Thôi công tác",
    Deed.RENAMED: "Đổi họ tên",
    Deed.POSTED: "Đổi chức vụ, đơn vị",
    Deed.SECONDED: "Biệt phái",
    Deed.CONCURRENT: "Kiêm nhiệm",
    Deed.AWAY: "Vắng mặt dài ngày",
    Deed.FOUNDED: "Thành lập cơ quan",
    Deed.CALLED: "Đổi tên cơ quan",
    Deed.CLOSED: "Giải thể, sáp nhập cơ quan",
}
_ENDINGS: Mapping[Ending, str] = {
    Ending.RETIREMENT: "Nghỉ hưu",
    Ending.RESIGNATION: "Thôi việc",
    Ending.DISMISSAL: "Buộc thôi việc",
    Ending.DEATH: "Từ trần",
    Ending.DEPARTURE: "Chuyển ra ngoài hệ thống",
}
_MISSING: Mapping[Missing, str] = {
    Missing.FUTURE: "ngày làm việc chưa kết thúc khi lập báo cáo",
    Missing.ABSENT: "máy chủ không có số liệu",
    Missing.PART: "máy chủ chỉ có số liệu một phần của ngày",
}
_STEP = 1024
_ARTICLE = "Điều"


def day(said: date) -> str:
    """Write a day as Vietnamese does."""
    return f"{said:%d/%m/%Y}"


def number(value: float, digits: int = 0) -> str:
    """Write a number as Vietnamese does: 1.234.567,8."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def percent(rate: float | None) -> str:
    """Write a rate from 0 to 1; a dash where there is none."""
    return "\N{EN DASH}" if rate is None else f"{number(100 * rate, 1)} %"


def gigabytes(kib: float) -> str:
    """Write KiB with a unit that leaves it short."""
    value, units = float(kib), ["KB", "MB", "GB", "TB"]
    while value >= _STEP and len(units) > 1:
        value, units = value / _STEP, units[1:]
    return f"{number(value, 1 if units[0] != 'KB' else 0)} {units[0]}"


def windows(wanted: Sequence[Window]) -> str:
    """Say when a mailbox is to be looked into."""
    return "; ".join(f"{each.name} ({each.hours}): ít nhất {each.times} lần" for each in wanted)


def rules(checking: Checking, cite: str) -> tuple[str, ...]:
    """Say how looks are counted and judged."""
    return (
        f"Yêu cầu theo {articles(cite)}. Cá nhân: {windows(checking.person)}.",
        f"Hộp thư cơ quan, đơn vị và hộp thư dùng chung khác: {windows(checking.mailbox)}; ai được giao cũng tính.",
        (
            "Một lần kiểm tra là một lần đăng nhập đọc thư bằng trang thư hoặc phần mềm thư; các lần cách nhau dưới "
            f"{checking.apart} phút tính là một. Hộp thư để mở thì cứ {checking.apart} phút tính một lần."
        ),
        (
            "Một người-ngày đạt yêu cầu khi đủ số lần trong mọi buổi của ngày làm việc. Không tính ngày nghỉ theo Bộ "
            "luật Lao động, ngày nghỉ hoán đổi và những ngày cá nhân nghỉ hoặc đi vắng theo quyết định."
        ),
        "Ngày mà một máy chủ thiếu số liệu không tính cho ai. Hệ thống chỉ đếm số lần mở hộp thư, không đọc thư.",
    )


def ranking() -> tuple[str, ...]:
    """Say how agencies are ranked."""
    return (
        (
            f"Điểm tối đa 100, gồm: tỷ lệ người-ngày đạt yêu cầu kiểm tra hộp thư cá nhân ({WEIGHTS['usage']} điểm); "
            f"tỷ lệ hộp-ngày đạt yêu cầu của hộp thư cơ quan, đơn vị ({WEIGHTS['shared']} điểm); tỷ lệ cán bộ đã có và "
            f"đã sử dụng hộp thư ({WEIGHTS['coverage']} điểm)."
        ),
        (
            "Tiêu chí không có số liệu thì không tính, điểm được quy đổi theo các tiêu chí còn lại. Tính theo tỷ lệ "
            "nên so được cơ quan đông người với cơ quan ít người; bằng điểm thì cùng hạng."
        ),
        (
            f"Không xếp hạng cơ quan dưới {SMALLEST} người, vì chỉ một người đã làm lệch kết quả, và cơ quan không có "
            "số liệu."
        ),
    )


def change(told: Change, registry: Registry) -> str:
    """Say what is other than before."""
    match told.deed:
        case Deed.MOVED:
            names = [registry.agencies[code].on(told.day).name for code in (told.before, told.after)]
            return f"Từ {names[0]} đến {names[1]}"
        case Deed.LEFT:
            return _ENDINGS[told.ending] if told.ending else "Thôi giữ chức vụ"
        case Deed.CLOSED if told.after:
            return f"Chuyển về {registry.agencies[told.after].on(told.day).name}"
        case Deed.RENAMED | Deed.CALLED | Deed.POSTED:
            return f"{told.before} → {told.after}"
    return told.after


def spans(gaps: Iterable[Gap]) -> tuple[str, ...]:
    """Say what is missing, working days that follow each other in one line."""
    lines: list[list[Gap]] = []
    for gap in gaps:
        before = lines[-1][-1] if lines else None
        if before and (before.why, before.hosts, before.place + 1) == (gap.why, gap.hosts, gap.place):
            lines[-1].append(gap)
        else:
            lines.append([gap])
    return tuple(map(_span, lines))


def _span(gaps: Sequence[Gap]) -> str:
    first, last = gaps[0], gaps[-1]
    days = (
        f"Ngày {day(first.day)}"
        if first is last
        else f"Từ {day(first.day)} đến {day(last.day)} ({len(gaps)} ngày làm việc)"
    )
    hosts = f" ({', '.join(first.hosts)})" if first.hosts else ""
    return f"{days}: {_MISSING[first.why]}{hosts}"


def issuer(registry: Registry, uid: str, on: date) -> tuple[str, str]:
    """Return who reports, and whose part that is: a unit's agency, or the agency above."""
    agency, mailbox = owner(registry, uid)
    above = registry.agencies[agency].on(on)
    if uid != agency:
        return mailbox.on(on).name, above.name
    parent = registry.agencies[above.parent].on(on).name if above.parent else ""
    return above.name, parent


def owner(registry: Registry, uid: str) -> tuple[str, Mailbox]:
    """Return the agency of a shared mailbox, and the mailbox."""
    return next((each.code, each.mailboxes[uid]) for each in registry.agencies.values() if uid in each.mailboxes)


def address(registry: Registry, uid: str) -> str:
    """Return a shared mailbox's primary address."""
    return registry.addresses[f"{Kind.MAILBOX}:{uid}"][0].address


def articles(cite: str) -> str:
    """Write where a rule stands as Vietnamese does: `DL Điều 7, 12.1.c` is `Điều 7, điểm c khoản 1 Điều 12`."""
    whose, _, numbers = cite.partition(f" {_ARTICLE} ")
    told = (article(f"{whose} {_ARTICLE} {each}") for each in numbers.split(", ")) if numbers else (cite,)
    return ", ".join(each.removeprefix(f"{whose} ") for each in told)


def cites(policy: Policy) -> str:
    """Name what a report rests on."""
    return articles(policy.cites["reports"])


def about(figures: Figures, registry: Registry) -> str:
    """Say the same as it follows `báo cáo`."""
    said = subject(figures, registry)
    return f"{said[0].lower()}{said[1:]}"


def subject(figures: Figures, registry: Registry) -> str:
    """Say what a report is about, as a title."""
    if not figures.agency:
        return f"{TITLE} {figures.period.title}"
    name = registry.agencies[figures.agency].on(figures.period.last).name
    return f"{TITLE} của {name} {figures.period.title}"
