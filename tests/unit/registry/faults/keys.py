"""Faults of keys: unknown, missing, or there twice."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault

from .places import in_agencies, in_file, in_grants, in_posts, in_sections
from .seeding import sow

if TYPE_CHECKING:
    from .broken import Copy
    from .findings import Finding
    from .original import Said
    from .places import Places

# What must stand in each kind of mapping.
REQUIRED = {
    "estate": ("name", "title", "domains", "suffix", "time_zone"),
    "policy": (
        "regulation",
        "agency_addresses",
        "person_addresses",
        "namesakes",
        "former_addresses",
        "reserved_addresses",
        "shared_mailboxes",
        "leave",
        "quotas",
        "retention",
        "passwords",
    ),
    "section": (
        "cite",
        "form",
        "append",
        "days",
        "locals",
        "head",
        "deputies",
        "clerks",
        "readers",
        "managers",
        "notify",
        "writers",
        "send_as",
        "sign_in",
        "roles",
        "right",
        "working_days",
        "apart_minutes",
        "domains",
        "sender",
        "recipients",
        "periods",
        "contents",
        "folder",
        "stages",
        "person",
        "mailbox",
        "length",
        "upper",
        "lower",
        "digits",
        "special",
        "change_at_first_sign_in",
        "change_within_days",
        "failures",
        "locked_minutes",
        "right",
        "working_days",
        "folder",
        "stages",
        "contacts",
        "way",
    ),
    "directory site": ("cite", "agencies", "fields"),
    "agency": ("code", "name", "kind", "decision", "head", "people"),
    "agency's change": ("since", "decision"),
    "mailbox": ("name", "account", "head"),
    "unit's mailbox": ("head",),
    "unit": ("name",),
    "folder": ("name",),
    "post": ("id", "name", "title", "since", "decision"),
    "post's change": ("since", "decision"),
    "absence": ("since", "decision", "reason"),
    "role": ("person",),
}


MAPPINGS: dict[str, Places] = {
    "estate": partial(in_file, "estate.yml", ""),
    "policy": partial(in_file, "policy.yml", ""),
    "section": in_sections,
    "directory site": partial(in_file, "policy.yml", "directory_site"),
    "agency": partial(in_agencies, ""),
    "agency's change": partial(in_agencies, "changes/*"),
    "mailbox": partial(in_agencies, "mailboxes/*"),
    "unit": partial(in_agencies, "units/*"),
    "unit's mailbox": partial(in_agencies, "units/*/mailbox"),
    "folder": partial(in_agencies, "folders/*"),
    "post": partial(in_posts, ""),
    "post's change": partial(in_posts, "changes/*"),
    "absence": partial(in_posts, "absences/*"),
    "role": partial(in_grants, ""),
    "share": partial(in_grants, "", folder=True),
}


def _key(mappings: Places, keys: tuple[str, ...] | None, copy: Copy, fewest: int = 1) -> tuple[Said, Said]:
    """Take one of the keys in one of the mappings, of those with enough of them; return the mapping too."""
    of: dict[Said, Said] = {}
    found = []
    for said, owner in mappings(copy):
        if not said.flow and len(said.fields) >= fewest:
            fields = [field for key, field in said.fields.items() if keys is None or key in keys]
            of.update(dict.fromkeys(fields, said))
            found += [(field, owner) for field in fields]
    field = copy.pick_owned(found)
    return field, of[field]


def _unknown(mappings: Places, copy: Copy) -> list[Finding]:
    """Write something that the engine has no key for."""
    field, _ = _key(mappings, None, copy)
    key = copy.chance.choice(("ghi_chu", "Ghi chú", "so_dien_thoai", "email", "0912", "on"))
    return [(Fault.UNKNOWN_KEY, copy.below(field, f"{' ' * field.column}{key}: 0234 3823 456"))]


def _mistyped(mappings: Places, required: tuple[str, ...], copy: Copy) -> list[Finding]:
    """Write a key with two letters exchanged; where it must be there, it is missing too."""
    field, mapping = _key(mappings, None, copy)
    place = copy.swap(field, f"{field.key}:", f"{field.key[1]}{field.key[0]}{field.key[2:]}:")
    missing = [(Fault.MISSING_KEY, _first(mapping).place)] if field.key in required else []
    return [(Fault.UNKNOWN_KEY, place), *missing]


def _missing(mappings: Places, required: tuple[str, ...], copy: Copy) -> list[Finding]:
    """Leave a key out; it is told where the others begin."""
    field, mapping = _key(mappings, required, copy, fewest=2)
    copy.drop(field)
    return [(Fault.MISSING_KEY, _first(mapping, but=field).place)]


def _twice(mappings: Places, copy: Copy) -> list[Finding]:
    field, _ = _key(mappings, None, copy)
    lines = copy.sound.lines[field.file][field.line : field.last + 1]
    again = [" " * field.column + lines[0][field.column :], *lines[1:]]
    return [(Fault.DUPLICATE_KEY, copy.below(field, *again))]


def _first(mapping: Said, but: Said | None = None) -> Said:
    return next(field for field in mapping.fields.values() if field is not but)


for _kind, _mappings in MAPPINGS.items():
    sow(f"{_kind}: a key that nothing knows", partial(_unknown, _mappings))
    sow(f"{_kind}: a key mistyped", partial(_mistyped, _mappings, REQUIRED.get(_kind, ())))
    sow(f"{_kind}: a key twice", partial(_twice, _mappings))
    if _kind in REQUIRED:
        sow(f"{_kind}: a key missing", partial(_missing, _mappings, REQUIRED[_kind]))
