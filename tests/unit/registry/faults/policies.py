"""Faults of the regulation's rules: some make no addresses, some nobody comes to, some are missing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault

from .broken import NoPlaceError
from .seeding import seed, sow

if TYPE_CHECKING:
    from .broken import Copy
    from .findings import Finding
    from .original import Said

FORMS = {
    "{full}@{root}": "no mark for namesakes",
    "{full}{n}{n}@{root}": "two of them",
    "{full}@{n}{root}": "the mark behind the @",
    "{full}{n}": "no @",
    "{full}{n}@{root}@{root}": "two of them",
    "{fullname}{n}@{root}": "a part that is not known",
    "{n}@{root}": "nothing before the first namesake",
    "{full{n}@{root}": "a brace too few",
    "{full}}{n}@{root}": "one too many",
    "{full!r}{n}@{root}": "a conversion",
    "{full:10}{n}@{root}": "a format",
    "{Full}{n}@{root}": "a capital",
    "ÔNG.{full}{n}@{root}": "letters with marks",
    "{full}.{n}@{root}": "a dot at the end",
    "{full} {n}@{root}": "a space",
    "{full.__class__}{n}@{root}": "what only a program says",
}
DOMAIN_FORMS = ("{place}@{root}", "{agency}.{domain}", "{agency}.", "{code}.{root}", "{agency", "Sở.{root}")
MARKS = (
    '["{letters}"]',
    '["2"]',
    '["{unit}"]',
    '["{number", "{number}"]',
    '["{letter}", "{unit}"]',
    '["Ô{number}"]',
    '["-"]',
    '["{number:03}"]',
)


def _section(copy: Copy, key: str) -> Said:
    """Return what stands at a key of the policy."""
    return copy.choose(copy.sound.files["policy.yml"].find(key))


def _rules(copy: Copy, key: str) -> list[Said]:
    """Take the naming rules at a key, with the whole file."""
    said = _section(copy, key)
    copy.take(said, whole=True)
    return list(said.items) or [said]


def _bad_form(key: str, forms: tuple[str, ...], fault: Fault, copy: Copy) -> list[Finding]:
    rule = copy.choose(_rules(copy, key))
    return [(fault, copy.set(rule["form"], f'"{copy.chance.choice(forms)}"'))]


for _key in ("agency_addresses", "unit_addresses", "list_addresses", "person_addresses"):
    sow(f"{_key}: a form that makes no addresses", partial(_bad_form, _key, tuple(FORMS), Fault.BAD_FORM))
sow(
    "agency_domains: a form that makes no domains",
    partial(_bad_form, "agency_domains", DOMAIN_FORMS, Fault.BAD_DOMAIN_FORM),
)


@seed
def a_part_of_people_for_an_agency(copy: Copy) -> list[Finding]:
    return _bad_form("agency_addresses", ("{given}{n}@{domain}", "{unit}{n}@{domain}"), Fault.BAD_FORM, copy)


@seed
def namesakes_that_stay_alike(copy: Copy) -> list[Finding]:
    section = _section(copy, "namesakes")
    copy.take(section, whole=True)
    return [(Fault.BAD_MARK, copy.set(section["append"], copy.chance.choice(MARKS)))]


def _limited(key: str, copy: Copy) -> list[Finding]:
    """Limit the last rule, which was for all."""
    rule = _rules(copy, key)[-1]
    condition = copy.chance.choice(("kinds: [department]", "agencies: [snv, stc]"))
    copy.below(rule["form"], f"{' ' * rule['form'].column}{condition}")
    return [(Fault.NO_LAST_RULE, rule["cite"].place)]


def _unlimited(key: str, copy: Copy) -> list[Finding]:
    """Put a rule for all before the last."""
    rules = _rules(copy, key)
    if len(rules) == 1:
        raise NoPlaceError
    dash = " " * (rules[-1]["cite"].column - 2)
    copy.above(rules[-1], f"{dash}- cite: Điều 5", f'{dash}  form: "{{agency}}{{n}}@{{root}}"')
    return [(Fault.RULE_NEVER_USED, rules[-1].place)]


for _key in ("agency_addresses", "unit_addresses", "list_addresses", "person_addresses", "agency_domains"):
    sow(f"{_key}: the last rule is not for all", partial(_limited, _key))
for _key in ("agency_addresses", "person_addresses"):
    sow(f"{_key}: a rule for all is not the last", partial(_unlimited, _key))


@seed
def a_rule_for_an_agency_that_is_not_there(copy: Copy) -> list[Finding]:
    """Put it before the others."""
    said = _section(copy, "person_addresses")
    copy.take(said, "rules")
    rules = said.items or (said,)
    cite, form = (f'{field.key}: "{field.text}"' for field in (rules[0]["cite"], rules[0]["form"]))
    lines = (f"  - {cite}", "    agencies: [khong-co]", f"    {form}")
    if said.items:
        return [(Fault.UNKNOWN_PARENT, copy.above(rules[0], *lines).under(1))]
    return [
        (Fault.UNKNOWN_PARENT, copy.write(said, "person_addresses:", *lines, f"  - {cite}", f"    {form}").under(2))
    ]


# Rules that are missing: the rest of the file goes on


@seed
def no_rule_for_units(copy: Copy) -> list[Finding]:
    """Strike it out; it is told at each mailbox of a unit that prints no account."""
    rule = _section(copy, "unit_addresses")
    boxes = [box for box in copy.sound.find("units", "*", "mailbox") if "account" not in box]
    copy.take(rule, "rules", *(copy.sound.files[file] for file in {box.file for box in boxes}))
    copy.drop(rule)
    return [(Fault.NO_UNIT_RULE, box["head"].place) for box in boxes]


@seed
def a_units_mailbox_where_units_have_none(copy: Copy) -> list[Finding]:
    _take_lack_of(copy, "unit_addresses")
    unit = copy.pick(unit for unit in copy.sound.find("units", "*") if unit.text)
    head = copy.sound.files[unit.file]["people"].items[0].at("id")
    copy.set(unit, "")
    lines = (f"  name: {unit.text}", "  mailbox:", f"    head: {head}")
    place = copy.below(unit, *(f"{' ' * unit.column}{line}" for line in lines))
    return [(Fault.NO_UNIT_RULE, place.under(2))]


@seed
def no_rule_for_folders(copy: Copy) -> list[Finding]:
    rule = _section(copy, "shared_folders")
    folders = list(copy.sound.find("folders", "*"))
    copy.take(rule, "rules", *(copy.sound.files[file] for file in {folder.file for folder in folders}))
    copy.drop(rule)
    return [(Fault.NO_FOLDER_RULE, folder.place) for folder in folders]


@seed
def a_folder_where_there_are_none(copy: Copy) -> list[Finding]:
    _take_lack_of(copy, "shared_folders")
    agency = copy.pick(copy.sound.agencies.values())
    lines = ("folders:", "  bieu-mau:", "    name: Biểu mẫu", "    readers:", f"      - agency: {agency.at('code')}")
    return [(Fault.NO_FOLDER_RULE, copy.above(agency["people"], *lines).under(1))]


def _take_lack_of(copy: Copy, key: str) -> None:
    """See that the policy has no rule of a kind, and stays so."""
    if key in copy.sound.files["policy.yml"]:
        raise NoPlaceError
    copy.take("rules")


@seed
def a_folder_for_documents_with_a_slash(copy: Copy) -> list[Finding]:
    documents = _section(copy, "documents")
    copy.take(documents, whole=True)
    return [(Fault.BAD_FOLDER, copy.set(documents["folder"], "Văn bản/đến"))]


@seed
def two_stages_of_one_name(copy: Copy) -> list[Finding]:
    documents = _section(copy, "documents")
    copy.take(documents, whole=True)
    first, second, *_ = documents["stages"].items
    return [(Fault.BAD_FOLDER, copy.swap(second, second.at("name"), first.at("name")))]


# How often mailboxes are looked into, and what is reported of it


def _windows(copy: Copy) -> tuple[Said, ...]:
    checking = _section(copy, "checking")
    copy.take(checking, whole=True)
    return checking[copy.chance.choice(("person", "mailbox"))].items


@seed
def a_part_of_the_day_that_ends_before_it_begins(copy: Copy) -> list[Finding]:
    window = copy.chance.choice(_windows(copy))
    return [(Fault.BACKWARDS_HOURS, copy.swap(window, window.at("until"), "05:30"))]


@seed
def a_part_of_the_day_within_another(copy: Copy) -> list[Finding]:
    *_, last = _windows(copy)
    return [(Fault.HOURS_MEET, copy.swap(last, last.at("from"), "08:15"))]


def _untold(key: str, content: str, fault: Fault, copy: Copy) -> list[Finding]:
    """Strike a rule out that reports rest on."""
    rule = _section(copy, key)
    contents = _section(copy, "reports")["contents"]
    if content not in [said.text for said in contents.items]:
        raise NoPlaceError
    copy.take(rule, whole=True)
    copy.drop(rule)
    return [(fault, contents.place)]


sow("private mail: reports tell of it", partial(_untold, "private_mail", "private_mail", Fault.NO_RULE_TO_TELL))
sow("usage data: reports tell of it", partial(_untold, "usage_data", "storage", Fault.NOTHING_KEPT))


@seed
def counts_that_are_gone_before_the_report(copy: Copy) -> list[Finding]:
    kept = _section(copy, "usage_data")
    copy.take(kept, whole=True)
    return [(Fault.KEPT_TOO_SHORT, copy.set(kept["days"], copy.chance.choice(("30", "200"))))]


@seed
def two_reports_for_one_period(copy: Copy) -> list[Finding]:
    reports = _section(copy, "reports")
    first, *others = reports["periods"].items
    if not others:
        raise NoPlaceError
    copy.take(reports, whole=True)
    return [(Fault.PERIOD_TWICE, copy.swap(others[0], others[0].at("every"), first.at("every")))]


@seed
def a_report_from_a_mailbox_that_is_not_there(copy: Copy) -> list[Finding]:
    sender = _section(copy, "reports")["sender"]
    copy.take(sender)
    return [(Fault.UNKNOWN_MAILBOX, copy.set(sender, "khong-co"))]


@seed
def a_report_for_a_mailbox_that_is_not_there(copy: Copy) -> list[Finding]:
    whom = _section(copy, "reports")["recipients"]
    copy.take(whom)
    return [(Fault.UNKNOWN_MAILBOX, copy.swap(whom, str(whom.items[0].text), "khong-co"))]
