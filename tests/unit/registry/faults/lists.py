"""Faults of distribution lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault

from .broken import NoPlaceError
from .seeding import seed

if TYPE_CHECKING:
    from .broken import Copy
    from .findings import Finding
    from .original import Place, Said

NOBODY = "khong-co"


def _lists(copy: Copy) -> list[Said]:
    """Return the estate's own lists, then those of the agencies."""
    own = copy.sound.files.get("lists.yml")
    return [*(own.find("*") if own else ()), *copy.sound.find("lists", "*")]


def _named(copy: Copy, *keys: str) -> Said:
    """Take an item, of members or of senders, that says all these, with its file."""
    return copy.pick(
        item
        for listed in _lists(copy)
        for key in ("members", "senders")
        for item in listed.find(key, "*")
        if not item.inline and set(keys) <= item.fields.keys()
    )


def _under(copy: Copy, item: Said, key: str, *lines: str) -> Place:
    """Say more in an item, below one of its keys."""
    return copy.below(item[key], *(f"{' ' * item[key].column}{line}" for line in lines))


@seed
def a_list_called_like_another(copy: Copy) -> list[Finding]:
    own = copy.sound.files.get("lists.yml")
    listed = copy.pick(copy.sound.find("lists", "*")) if own else None
    if own is None or listed is None:
        raise NoPlaceError
    copy.take(own, whole=True)
    lines = [f"{listed.file[9:-4]}-{listed.key}:", "  name: Trùng tên", f"  account: trungten@{copy.sound.domain}"]
    copy.below(own, *lines, "  decision: 1/QĐ", "  members: [{role: head}]", "  senders: inside")
    return [(Fault.LIST_TAKEN, listed["account" if "account" in listed else "name"].place)]


@seed
def a_list_for_nobody(copy: Copy) -> list[Finding]:
    item = _named(copy, "person")
    return [(Fault.NOBODY_AT_ALL, copy.set(item["person"], "zz99999"))]


@seed
def a_list_for_a_mailbox_that_is_not_there(copy: Copy) -> list[Finding]:
    item = _named(copy, "mailbox")
    return [(Fault.UNKNOWN_MAILBOX, copy.set(item["mailbox"], NOBODY))]


@seed
def a_list_for_an_agency_that_is_not_there(copy: Copy) -> list[Finding]:
    item = _named(copy, "agency")
    return [(Fault.UNKNOWN_PARENT, copy.set(item["agency"], NOBODY))]


@seed
def a_list_for_a_unit_that_is_not_there(copy: Copy) -> list[Finding]:
    item = _named(copy, "unit")
    return [(Fault.UNKNOWN_UNIT, copy.set(item["unit"], NOBODY))]


@seed
def a_list_for_a_title_that_nobody_has(copy: Copy) -> list[Finding]:
    item = _named(copy, "title")
    return [(Fault.UNKNOWN_TITLE, copy.set(item["title"], "Văn thứ"))]


@seed
def a_list_for_a_role_in_a_unit_without_a_mailbox(copy: Copy) -> list[Finding]:
    item = copy.pick(
        item
        for listed in copy.sound.find("lists", "*")
        for item in listed.find("members", "*")
        if "unit" in item and "role" not in item
        if "mailbox" not in copy.sound.files[listed.file]["units"].fields[item.at("unit")]
    )
    return [(Fault.ROLE_NOWHERE, _under(copy, item, "unit", "role: head"))]


@seed
def a_list_for_a_unit_of_no_agency(copy: Copy) -> list[Finding]:
    item = _named(copy, "kind", "role")
    return [(Fault.UNIT_OF_WHICH, _under(copy, item, "role", "unit: vp"))]


@seed
def a_list_for_one_and_many(copy: Copy) -> list[Finding]:
    item = _named(copy, "mailbox")
    _under(copy, item, "mailbox", "title: Giám đốc")
    return [(Fault.WHO_IS_MEANT, item.place)]


@seed
def a_list_that_does_not_say_for_whom(copy: Copy) -> list[Finding]:
    item = _named(copy, "agency")
    if len(item.fields) > 1:
        raise NoPlaceError
    return [(Fault.WHO_IS_MEANT, copy.write(item, f"{' ' * (item.column - 2)}- {{decision: 1/QĐ}}"))]


@seed
def a_member_for_days_that_end_before_they_begin(copy: Copy) -> list[Finding]:
    item = _named(copy, "agency")
    return [(Fault.BACKWARDS, _under(copy, item, "agency", "since: 2026-02-01", "until: 2026-01-01").under(1))]


@seed
def a_list_for_an_unknown_circle(copy: Copy) -> list[Finding]:
    item = copy.pick(item for listed in _lists(copy) for item in listed.find("senders", "*") if item.text)
    return [(Fault.BAD_VALUE, copy.swap(item, item.text or "", "ai-cung-duoc"))]


@seed
def a_list_without_members(copy: Copy) -> list[Finding]:
    listed = copy.pick(_lists(copy), whole=True)
    return [(Fault.EMPTY_LIST, copy.write(listed["members"], f"{' ' * listed['members'].column}members: []"))]


@seed
def no_rule_for_lists(copy: Copy) -> list[Finding]:
    """Strike it out; it is told at each list of an agency that prints no account."""
    rule = copy.choose(copy.sound.files["policy.yml"].find("list_addresses"))
    listed = [each for each in copy.sound.find("lists", "*") if "account" not in each]
    copy.take(rule, "rules", *(copy.sound.files[file] for file in {each.file for each in listed}))
    copy.drop(rule)
    return [(Fault.NO_LIST_RULE, each["name"].place) for each in listed]
