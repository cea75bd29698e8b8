"""Faults of single keys and values, as tables: where, what is written there, and what is to be found."""

from __future__ import annotations

import unicodedata
from functools import partial
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.test_legacy import in_tcvn3, in_vni

from .places import in_agencies, in_file, in_grants, in_lock, in_posts
from .seeding import sow

if TYPE_CHECKING:
    from .broken import Copy
    from .findings import Finding
    from .places import Places

_EMPTY = {"": Fault.EMPTY_VALUE, "~": Fault.EMPTY_VALUE, "null": Fault.EMPTY_VALUE, '""': Fault.EMPTY_VALUE}
_NOT_ONE = {
    **dict.fromkeys(("[a, b]", "{a: b}"), Fault.NOT_A_SCALAR),
    **dict.fromkeys(("!!str a", "!vault a"), Fault.TAGGED),
}
_DAYS = dict.fromkeys(
    ("31/12/2026", "2026-02-30", "20260901", "2026-9-1", "2026-13-01", "sang năm", "2026-09-01 00:00:00"), Fault.BAD_DAY
)
_UNTIDY = dict.fromkeys(
    ('" Sở Nội vụ"', '"Sở Nội vụ "', '"Sở  Nội vụ"', "Sở\u00a0Nội vụ", "Sở\u200bNội vụ", '"Sở\\tNội vụ"'), Fault.UNTIDY
)
_GARBLED = dict.fromkeys((in_tcvn3("Văn phòng Sở Nội vụ"), in_vni("Văn phòng Sở Nội vụ")), Fault.LEGACY_NAME)
_TEXT = {**_EMPTY, **_NOT_ONE, **_UNTIDY, **_GARBLED, unicodedata.normalize("NFD", "Sở Nội vụ"): Fault.NOT_COMPOSED}


def _bad(*values: str) -> dict[str, Fault]:
    return dict.fromkeys(values, Fault.BAD_VALUE)


_CODE = _bad("Phòng", "SNV", "1a", "-a", "a_b", "a" * 33) | _EMPTY | _NOT_ONE
_PERSON = _bad("TTH00123", "tth 00123", "-1", "a", "a" * 33, "ntv.an") | _EMPTY | _NOT_ONE
_ACCOUNT = _bad("snv", "SNV@a.vn", "sở@a.vn", "snv@a", "s nv@a.vn", "a@b@c.vn", ".a@b.vn") | _EMPTY
_DOMAIN = _bad("tinh", "Tinh.gov.vn", "tỉnh.gov.vn", "-a.vn", "a..vn") | _EMPTY
_NUMBER = _bad("0", "-1", "1.5", "mười", "99999999") | _EMPTY
_FLAG = _bad("yes", "True", "có", "1") | _EMPTY
_SIZE = _bad("2GB", "2 GB", "0 GiB", "1.5 GiB", "2") | _EMPTY
_LEVEL = _bad("write", "Manager", "đọc") | _EMPTY
_WORD = _bad("Sở", "khac", "Department") | _EMPTY | _NOT_ONE
_LIST = {"[]": Fault.EMPTY_LIST, **_EMPTY}
_LIST_OF_MAPPINGS = {**_LIST, "{}": Fault.NOT_A_LIST, "Không có": Fault.NOT_A_LIST, "[Không có]": Fault.NOT_A_MAPPING}
_MAPPING = {"Không có": Fault.NOT_A_MAPPING, "[a]": Fault.NOT_A_MAPPING, **_EMPTY}
_MAP = {**_MAPPING, "{}": Fault.EMPTY_LIST}
_RULES = {**_LIST, "Họ và tên": Fault.NOT_A_MAPPING}
_SECTION = _MAPPING

# What stands in an agency's file, without which the agency cannot be vouched for.
OF_AGENCIES = {
    "code": _CODE,
    "name": _TEXT,
    "kind": _WORD,
    "decision": _TEXT,
    "head": _LIST,
    "people": _LIST_OF_MAPPINGS,
    "number": _NUMBER,
    "account": _ACCOUNT,
    "parent": _CODE,
    "since": _DAYS,
    "until": _DAYS,
    "until_decision": _TEXT,
    "successor": _CODE,
    "changes": _LIST_OF_MAPPINGS,
    "changes/*/since": _DAYS,
    "changes/*/decision": _TEXT,
    "changes/*/name": _TEXT,
    "changes/*/domain": _DOMAIN,
}
# What an agency goes on without.
OF_PARTS = {
    "deputies": {**_LIST, "đang khuyết": Fault.NOT_A_LIST},
    "clerks": {**_LIST, "{person: a}": Fault.NOT_A_LIST},
    "readers": _LIST,
    "units": _MAP,
    "units/*": {**_EMPTY, "[vp]": Fault.NOT_A_MAPPING, '"Văn  phòng"': Fault.UNTIDY},
    "units/*/name": _TEXT,
    "units/*/since": _DAYS,
    "units/*/until": _DAYS,
    "units/*/changes": _LIST_OF_MAPPINGS,
    "units/*/mailbox": _MAPPING,
    "units/*/mailbox/head": _LIST,
    "units/*/mailbox/clerks": _LIST,
    "mailboxes": _MAP,
    "mailboxes/*/name": _TEXT,
    "mailboxes/*/account": _ACCOUNT,
    "mailboxes/*/head": _LIST,
    "folders": _MAP,
    "folders/*/name": _TEXT,
    "folders/*/managers": _LIST,
    "folders/*/readers": _LIST,
}
OF_GRANTS = {
    "person": _PERSON,
    "since": _DAYS,
    "until": _DAYS,
    "decision": _TEXT,
}
OF_POSTS = {
    "id": _PERSON,
    "name": _TEXT,
    "given": _TEXT,
    "title": _TEXT,
    "unit": _CODE,
    "since": {**_DAYS, **_EMPTY, **_NOT_ONE},
    "decision": _TEXT,
    "until": _DAYS,
    "until_decision": _TEXT,
    "ending": _bad("nghỉ hưu", "retired", "Retirement") | _EMPTY,
    "kind": _bad("biệt phái", "temporary") | _EMPTY,
    "changes": _LIST_OF_MAPPINGS,
    "changes/*/since": _DAYS,
    "changes/*/title": _TEXT,
    "changes/*/name": _TEXT,
    "changes/*/unit": _CODE,
    "absences": _LIST_OF_MAPPINGS,
    "absences/*/since": _DAYS,
    "absences/*/until": _DAYS,
    "absences/*/reason": _bad("thai sản", "Maternity") | _EMPTY,
}
OF_ESTATES = {
    "name": _CODE,
    "title": _TEXT,
    "domains": {**_LIST, "Không có": Fault.NOT_A_LIST, "[]": Fault.EMPTY_LIST, "[Tinh.gov.vn]": Fault.BAD_VALUE},
    "suffix": _bad("tinh.gov.vn", "DC=tinh,DC=vn", "dc=tinh, dc=vn", "dc=tinh.gov.vn", "ou=a") | _EMPTY,
    "time_zone": dict.fromkeys(("UTC+7", "Asia/Hanoi2", "Hà Nội", "../../etc/passwd", "Asia"), Fault.BAD_ZONE) | _EMPTY,
    "synthetic": _FLAG,
}
OF_POLICIES = {
    "regulation": _TEXT,
    "agency_domains": _RULES,
    "agency_addresses": _RULES,
    "agency_addresses/*/cite": _TEXT,
    "agency_addresses/*/kinds": {**_LIST, "[Sở]": Fault.BAD_VALUE, "commune": Fault.NOT_A_LIST},
    "unit_addresses": _RULES,
    "list_addresses": _RULES,
    "person_addresses": _RULES,
    "person_addresses/*/titles": {**_LIST, "Chủ tịch": Fault.NOT_A_LIST},
    "person_addresses/*/agencies": {**_LIST, "[UBND]": Fault.BAD_VALUE},
    "namesakes": _SECTION,
    "namesakes/append": _LIST,
    "former_addresses": _SECTION,
    "former_addresses/cite": _TEXT,
    "former_addresses/days": _bad("một năm", "-1", "365 ngày", "1e3"),
    "reserved_addresses": _SECTION,
    "reserved_addresses/locals": {**_LIST, "[Root]": Fault.BAD_VALUE},
    "shared_mailboxes": _SECTION,
    "shared_mailboxes/head": _LEVEL,
    "shared_mailboxes/readers": _LEVEL,
    "shared_mailboxes/send_as": {**_LIST, "[all]": Fault.BAD_VALUE, "manager": Fault.NOT_A_LIST},
    "shared_folders": _SECTION,
    "shared_folders/writers": _LEVEL,
    "handover": _SECTION,
    "handover/notify": _bad("all", "Đơn vị") | _EMPTY,
    "leave": _SECTION,
    "leave/sign_in": _FLAG,
    "leave/roles": _FLAG,
    "quotas": _SECTION,
    "quotas/person": _SIZE,
    "quotas/mailbox": _SIZE,
    "retention": _SECTION,
    "retention/days": _bad("29", "0", "hai năm"),
    "passwords": _SECTION,
    "passwords/length": _bad("7", "129", "tám"),
    "passwords/special": _bad("-1", "9"),
    "passwords/change_at_first_sign_in": _FLAG,
    "passwords/change_within_days": _bad("-1", "366", "một tuần"),
    "passwords/failures": _bad("0", "101"),
    "passwords/locked_minutes": _bad("0", "1441"),
}
OF_LOCK = (
    _bad(
        "tth00123",
        "person:TTH00123",
        "people:tth00123",
        "person:a retire",
        "person:a since",
        "person:a since 01/09/2026",
        "person:a retired since 2026-09-01",
        "person:a until 2026-09-01",
        "person:a  retired",
    )
    | {"person:": Fault.SYNTAX, "person: a": Fault.SYNTAX, "[person:a]": Fault.NOT_A_SCALAR}
    | _EMPTY
)
OF_LOCK_DAYS = dict.fromkeys(
    ("person:a since 2026-02-30", "person:a alias until 2026-13-01", "person:a again 2027-00-01"), Fault.BAD_DAY
)


def _bent(places: Places, values: dict[str, Fault], copy: Copy) -> list[Finding]:
    """Write one of the bad values at one of the places."""
    said = copy.pick_owned((said, owner) for said, owner in places(copy) if not said.inline)
    value = copy.chance.choice(sorted(values))
    return [(values[value], copy.set(said, value))]


for _table, _owner, _places in (
    (OF_AGENCIES | OF_PARTS, "an agency's", in_agencies),
    (OF_POSTS, "a post's", in_posts),
    (OF_GRANTS, "a role's", in_grants),
    (OF_ESTATES, "the estate's", partial(in_file, "estate.yml")),
    (OF_POLICIES, "the policy's", partial(in_file, "policy.yml")),
):
    for _path, _values in _table.items():
        sow(f"{_owner} {_path}: no such value", partial(_bent, partial(_places, _path), _values))
sow("the lock: no such holder", partial(_bent, in_lock, OF_LOCK))
sow("the lock: no such day", partial(_bent, in_lock, OF_LOCK_DAYS))
