"""From the registry of a district to what it asks of the bigger system's operator (BT Điều 3, 8.3).

The district has no rights in the operator's directory. What it asks is planned by the same engine against what the
operator has confirmed so far (``confirmations``), and told here item by item, in the words of an official letter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from .changes import ADDRESSES, Create, Disable, Purge, agency_of, base_dn
from .model import Ending, Kind, Level, State
from .plan import make_plan
from .values import text, texts
from .working_days import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from .changes import Change, Plan
    from .confirmations import Confirmations
    from .model import Desired, Entry, Post, Registry

    Texts = Mapping[str, tuple[str, ...]]


_MARKS = frozenset({"congvuEstate", "congvuId", "congvuState"})

_PERSONAL = frozenset({"displayName", "title", "mail", "congvuState"})  # what follows from somebody's own post

# What can be asked for. Object classes, quotas and the like are the operator's own.
ASKED: Mapping[Kind, frozenset[str]] = {
    Kind.MAILBOX: _MARKS | {*ADDRESSES, "displayName"},
    Kind.PERSON: _MARKS | {*ADDRESSES, "displayName", "title", "ou", "congvuRetainUntil", "congvuAccess"},
}

RIGHTS: Mapping[str, str] = {
    Level.MANAGER: "quản lý: đọc, gửi, phân công người theo dõi",
    Level.CLERK: "theo dõi: đọc, soạn và gửi thư",
    Level.READ: "chỉ đọc",
}

_ENDINGS: Mapping[Ending | None, str] = {
    Ending.RETIREMENT: "nghỉ hưu",
    Ending.RESIGNATION: "nghỉ việc",
    Ending.DISMISSAL: "buộc thôi việc",
    Ending.DEATH: "từ trần",
    Ending.DEPARTURE: "chuyển công tác ra khỏi quận",
    None: "thôi giữ chức vụ",
}


class Section(StrEnum):
    """What is asked for, in the order and the words of BT Điều 7.1 and 8."""

    NEW = "Cấp mới"
    CHANGED = "Thay đổi"
    CANCELLED = "Hủy bỏ"
    RIGHTS = "Quyền sử dụng"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing asked for.

    ``code`` is what the operator's answer names it by: a person's id, a mailbox, or a person's right in one
    (`bt00012:ubnd`).
    """

    section: Section
    code: str
    kind: Kind
    name: str
    title: str  # empty for a mailbox of several people
    place: str  # unit and agency; empty for an agency's own mailbox
    address: str
    details: tuple[str, ...]  # what changes, why it is cancelled, which right
    decision: str
    day: date | None  # the day of the change, where one is told
    again: bool = False  # asked for before, and refused

    @property
    def described(self) -> str:
        """Say who it is: title, unit, agency."""
        return ", ".join(part for part in (self.title, self.place) if part)


def plan_request(desired: Desired, confirmed: Confirmations) -> Plan:
    """Plan what is to be asked for: as for a directory, but for mailboxes alone, and no more of them than can be asked.

    Whoever left before ever having a mailbox is not asked for.
    """
    records = [record for record in confirmed.records() if Kind(record.uuid.partition(":")[0]) in ASKED]
    known = {record.uuid for record in records}
    entries = {
        entry.id: _asked(entry)
        for entry in desired.entries.values()
        if entry.id in known or (entry.kind in ASKED and entry.attributes.get("mail") and entry.state is State.ACTIVE)
    }
    return make_plan(replace(desired, entries=entries), records, confirmed.applied)


def items(plan: Plan, registry: Registry, confirmed: Confirmations) -> tuple[Item, ...]:
    """Tell a plan item by item: by section, agencies before people, rights by mailbox, then by code."""
    teller = _Teller(plan, registry, confirmed)
    return tuple(sorted((item for change in plan.changes for item in teller.told(change)), key=_order))


def reset_items(codes: Iterable[str], plan: Plan, registry: Registry, confirmed: Confirmations) -> tuple[Item, ...]:
    """Tell whose password is to be replaced (lấy lại mật khẩu); raises ValueError where there is no such mailbox."""
    teller = _Teller(plan, registry, confirmed)
    return tuple(teller.mailbox(code) for code in sorted(set(codes)))


def overdue(told: Iterable[Item], as_of: date, registry: Registry) -> tuple[Item, ...]:
    """Give the items whose request is late: more working days after the change than the policy allows (BT Điều 8.2).

    What was refused is not late: it was asked for.
    """
    term, calendar = registry.policy.request_days, Calendar(registry.calendar)
    if term is None:
        return ()
    return tuple(
        item
        for item in told
        if item.section is not Section.RIGHTS
        and not item.again
        and item.day is not None
        and calendar.between(item.day, as_of) > term
    )


def written(day: date) -> str:
    """Write a day as Vietnamese do."""
    return f"{day:%d/%m/%Y}"


def _asked(entry: Entry) -> Entry:
    kept = {name: values for name, values in entry.attributes.items() if name in ASKED[entry.kind]}
    return entry._replace(attributes=kept)


def _order(item: Item) -> tuple[object, ...]:
    person, _, mailbox = item.code.partition(":")
    return list(Section).index(item.section), item.kind is Kind.PERSON, mailbox, person


_PURGED = "Đã hết thời hạn lưu giữ: xóa hộp thư cùng toàn bộ thư trong đó"


class _Teller:
    """What turns the attributes of a change into the words of a letter."""

    def __init__(self, plan: Plan, registry: Registry, confirmed: Confirmations) -> None:
        self.plan = plan
        self.registry = registry
        self.known = {record.uuid: record for record in confirmed.records()}
        self.refused = {id_ for answer in confirmed.answers for id_ in answer.refused}
        self.base = base_dn(plan.suffix)
        self.zone: ZoneInfo = registry.estate.time_zone
        self.coming = {change.id: change.after["mail"][0] for change in plan.changes if change.after.get("mail")}

    def told(self, change: Change) -> Iterator[Item]:
        after = self._after(change)
        item = self._item(change, after)
        if isinstance(change, Disable):
            # Whoever goes loses all rights with the mailbox; what it was called is what the operator knows.
            address = item.address or _first(change.before, "mail")
            details = self._farewell(change, after)
            yield replace(item, section=Section.CANCELLED, address=address, details=details)
            return
        if isinstance(change, Purge):
            # Nothing is left afterwards to name it by.
            gone = self._item(change, {**after, **change.before})
            yield replace(gone, section=Section.CANCELLED, details=(_PURGED,))
            return
        if isinstance(change, Create):
            yield replace(item, section=Section.NEW)
        elif details := tuple(self._differences(change, after)):
            yield replace(item, details=details)
        yield from self._rights(change, item)

    def mailbox(self, code: str) -> Item:
        """Tell of a mailbox as it was confirmed."""
        for kind in ASKED:
            record = self.known.get(f"{kind}:{code}")
            if record is not None and text(record, "congvuState") == State.ACTIVE:
                attributes = texts(record)
                return self._named(kind, code, record.dn, attributes)
        message = (
            f"'{code}' chưa có hộp thư nào được xác nhận là đang hoạt động. Hãy ghi số hiệu cán bộ hoặc mã cơ quan."
        )
        raise ValueError(message)

    def _item(self, change: Change, after: Texts) -> Item:
        named = self._named(change.kind, change.id.partition(":")[2], change.target, after)
        post = self._current(change)
        # Somebody on leave rests on two decisions; the one on the post is what a mailbox is given by.
        decision = (post.decision if post else change.reason) if change.source else ""
        return replace(named, decision=decision, day=self._day(change), again=change.id in self.refused)

    def _named(self, kind: Kind, code: str, dn: str, attributes: Texts) -> Item:
        name = _first(attributes, "displayName")
        place = self._place(dn, attributes.get("ou", ()))
        return Item(
            section=Section.CHANGED,
            code=code,
            kind=kind,
            name=name,
            title=", ".join(attributes.get("title", ())),
            place="" if place == name else place,
            address=_first(attributes, "mail"),
            details=(),
            decision="",
            day=None,
        )

    def _after(self, change: Change) -> dict[str, tuple[str, ...]]:
        """Give the whole of an entry as it is to be."""
        record = self.known.get(change.id)
        before = texts(record) if record else {}
        return {**before, **change.after}

    # --- What changes

    def _differences(self, change: Change, after: Texts) -> Iterator[str]:
        before = {**after, **change.before}
        if _first(before, "congvuState") != State.ACTIVE and _first(after, "congvuState") == State.ACTIVE:
            yield "Mở lại hộp thư"
        if "displayName" in change.after:
            label = "Họ và tên" if change.kind is Kind.PERSON else "Tên hộp thư"
            yield _arrow(label, _first(before, "displayName"), _first(after, "displayName"))
        if "title" in change.after:
            yield _arrow("Chức vụ", ", ".join(before["title"]), ", ".join(after["title"]))
        if change.new_dn or "ou" in change.after:
            here = self._place(change.dn, before.get("ou", ()))
            yield _arrow("Đơn vị", here, self._place(change.target, after.get("ou", ())))
        yield from self._addresses(before, after)
        if change.after.get("congvuRetainUntil"):
            yield f"Giữ thư đã có đến hết ngày {self._last_day(after)}"

    def _addresses(self, before: Texts, after: Texts) -> Iterator[str]:
        old, new = _first(before, "mail"), _first(after, "mail")
        if old != new:
            yield _arrow("Địa chỉ", old, new)
        had, has = {*before.get("mailLocalAddress", ())}, {*after.get("mailLocalAddress", ())}
        for address in sorted(has - had - {new}):
            yield f"Nhận thêm thư gửi đến {address}"
        if old != new and old in has:
            yield f"Vẫn nhận thư gửi đến địa chỉ cũ trong {self.registry.policy.former_days} ngày"
        for address in sorted(had - has):
            yield f"Thôi nhận thư gửi đến {address}"

    # --- What ends

    def _farewell(self, change: Change, after: Texts) -> tuple[str, ...]:
        kept = (
            f"giữ thư đã có đến hết ngày {self._last_day(after)}" if after.get("congvuRetainUntil") else "giữ thư đã có"
        )
        return f"Lý do: {self._why(change)}", f"Ngừng đăng nhập và gửi thư; {kept}"

    def _why(self, change: Change) -> str:
        if change.source is None:
            return "không còn trong sổ đăng ký của quận"
        code = change.id.partition(":")[2]
        if change.kind is Kind.MAILBOX:
            agency = self.registry.agencies.get(code)
            heir = self.registry.agencies.get((agency.successor if agency else None) or "")
            return f"sáp nhập vào {heir.on(self.plan.as_of).name}" if heir else "không còn hoạt động"
        post = self._post(code)
        return "nghỉ dài ngày" if self._current(change) or post is None else _ENDINGS[post.ending]

    def _last_day(self, after: Texts) -> str:
        """Write the last day on which mail is kept: the attribute holds the moment when that day is over, in UTC."""
        moment = datetime.strptime(_first(after, "congvuRetainUntil"), "%Y%m%d%H%M%S%z").astimezone(self.zone)
        return written((moment - timedelta(seconds=1)).date())

    # --- Rights

    def _rights(self, change: Change, item: Item) -> Iterator[Item]:
        had, has = _levels(change.before), _levels(change.after)
        for mailbox in sorted(had.keys() | has.keys()):
            if had.get(mailbox) == has.get(mailbox):
                continue
            right = RIGHTS[has[mailbox]] if mailbox in has else "thôi sử dụng"
            yield replace(
                item,
                section=Section.RIGHTS,
                code=f"{item.code}:{mailbox}",
                details=(self._mailbox_address(mailbox), right),
            )

    def _mailbox_address(self, mailbox: str) -> str:
        id_ = f"{Kind.MAILBOX}:{mailbox}"
        record = self.known.get(id_)
        return self.coming.get(id_) or (text(record, "mail") if record else mailbox)

    # --- Places and days

    def _place(self, dn: str, shown: tuple[str, ...]) -> str:
        """Name the unit, the agency, then where somebody has a second post: by the names that are ``shown``, if any."""
        code = agency_of(dn, self.base)
        agency = self.registry.agencies.get(code)
        if agency is None:
            return ", ".join(shown) or code
        if not shown:
            return agency.on(self.plan.as_of).name
        units = {version.name for unit in agency.units.values() for version in unit.versions}
        agencies = {version.name for version in agency.versions}
        return ", ".join(sorted(shown, key=lambda name: (name not in units, name not in agencies, name)))

    def _post(self, person: str) -> Post | None:
        begun = [post for post in self.registry.persons.get(person, ()) if post.since <= self.plan.as_of]
        return begun[-1] if begun else None

    def _current(self, change: Change) -> Post | None:
        """Return the post that somebody holds on the day of the plan."""
        post = self._post(change.id.partition(":")[2]) if change.kind is Kind.PERSON else None
        return post if post and post.covers(self.plan.as_of) else None

    def _day(self, change: Change) -> date | None:
        """Return the day of what a person's own post changes; when an agency is renamed, nobody's did."""
        if change.kind is not Kind.PERSON or not (change.new_dn or change.after.keys() & _PERSONAL):
            return None
        post = self._post(change.id.partition(":")[2])
        return (post.since if post.covers(self.plan.as_of) else post.until) if post else None


def _levels(attributes: Texts) -> dict[str, str]:
    """Give the right in each mailbox: `ubnd:clerk` is the right of a clerk in the mailbox ubnd."""
    parts = (value.partition(":") for value in attributes.get("congvuAccess", ()))
    return {mailbox: level for mailbox, _, level in parts}


def _first(attributes: Texts, name: str) -> str:
    return next(iter(attributes.get(name, ())), "")


def _arrow(label: str, before: str, after: str) -> str:
    return f"{label}: {before or '(chưa có)'} → {after or '(bỏ)'}"
