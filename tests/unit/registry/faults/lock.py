"""Faults of the address lock, and of the accounts that the registry prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault

from .seeding import seed

if TYPE_CHECKING:
    from .broken import Copy
    from .findings import Finding
    from .original import Claim, Place, Said

NEVER = "2031-01-01"


def _claim(copy: Copy, *words: str, kind: str = "", alone: bool = True) -> Claim:
    """Take a line with these words behind its holder; ``alone``: the holder's only one."""
    return copy.pick(
        claim
        for claim in copy.sound.claims
        if claim.words[: len(words)] == words
        if words or claim.plain
        if claim.holder.startswith(kind)
        if not alone or len(copy.sound.claims_of(claim.holder)) == 1
    )


def _lost(copy: Copy, pattern: str = "") -> Claim:
    """Take a line with the whole file, which the engine will not be able to use."""
    return copy.pick((claim for claim in copy.sound.claims if re.match(pattern, claim.local)), whole=True)


def _due(copy: Copy, holder: str, day: str = "") -> Place:
    """Return where the registry asks for a holder's address: for the first one, or for one from a day on."""
    kind, _, name = holder.partition(":")
    if kind == "list":
        return _due_to_list(copy, name)
    return _due_to_person(copy, name, day) if kind == "person" else _due_to_mailbox(copy, name, day)


def _due_to_list(copy: Copy, uid: str) -> Place:
    own = copy.sound.files.get("lists.yml")
    lists = {listed.key: listed for listed in (own.find("*") if own else ())}
    lists |= {f"{listed.file[9:-4]}-{listed.key}": listed for listed in copy.sound.find("lists", "*")}
    return lists[uid]["account" if "account" in lists[uid] else "name"].place


def _due_to_person(copy: Copy, person: str, day: str) -> Place:
    posts = sorted((post.said for post in copy.sound.posts_of(person) if post.main), key=lambda post: post.at("since"))
    begun = [(post.at("since"), post.place) for post in posts]
    begun += [(change.at("since"), change["since"].place) for post in posts for change in post.find("changes", "*")]
    last = max((post for post in posts if post.at("since") <= (day or "9")), key=lambda post: post.at("since"))
    agency = copy.sound.files[last.file]
    begun += [(day, change["since"].place) for change in agency.find("changes", "*") if change.at("since") == day]
    begun.sort()
    return [place for since, place in begun if since <= (day or begun[0][0])][-1]


def _due_to_mailbox(copy: Copy, uid: str, day: str) -> Place:
    agency = copy.sound.agencies.get(uid)
    if agency is None:
        box = _box(copy, uid)
        return box["account" if "account" in box else "head"].place
    for change in agency.find("changes", "*"):
        if change.at("since") == day:
            return change["account" if "account" in change else "since"].place
    return agency["account" if "account" in agency else "name"].place


def _box(copy: Copy, uid: str) -> Said:
    """Return the mailbox of a unit, or a further one."""
    boxes = {f"{unit.file[9:-4]}-{unit.key}": unit.fields.get("mailbox") for unit in copy.sound.find("units", "*")}
    return boxes.get(uid) or next(copy.sound.find("mailboxes", uid))


def _line(copy: Copy, claim: Claim, local: str, told: str) -> Place:
    """Add a line to the file of another, in its sorted place."""
    lines = copy.sound.files[claim.said.file].fields
    before = max((key for key in lines if key < local), default=None)
    key = f'"{local}"' if local[0].isdigit() else local
    line = f"{key}: {told}"
    return copy.below(lines[before], line) if before else copy.above(next(iter(lines.values())), line)


# Lines


@seed
def a_line_is_deleted(copy: Copy) -> list[Finding]:
    claim = _claim(copy)
    copy.drop(claim.said)
    return [(Fault.NO_ADDRESS, _due(copy, claim.holder))]


@seed
def a_line_of_a_later_day_is_deleted(copy: Copy) -> list[Finding]:
    claim = _claim(copy, "since", alone=False)
    copy.drop(claim.said)
    alone = len(copy.sound.claims_of(claim.holder)) == 1
    fault = Fault.NO_ADDRESS if alone else Fault.NO_LATER_ADDRESS
    return [(fault, _due(copy, claim.holder, "" if alone else claim.words[1]))]


@seed
def an_address_is_retired_while_its_holder_serves(copy: Copy) -> list[Finding]:
    claim = _claim(copy)
    copy.set(claim.said, f"{claim.holder} retired")
    return [(Fault.NO_ADDRESS, _due(copy, claim.holder))]


@seed
def an_address_becomes_an_alias_and_none_takes_its_place(copy: Copy) -> list[Finding]:
    claim = _claim(copy)
    copy.set(claim.said, f"{claim.holder} alias")
    return [(Fault.NO_ADDRESS, _due(copy, claim.holder))]


@seed
def a_line_is_given_to_somebody_who_does_not_exist(copy: Copy) -> list[Finding]:
    claim = _claim(copy, kind="person:")
    return [(Fault.NO_HOLDER, copy.set(claim.said, "person:zz99999")), (Fault.NO_ADDRESS, _due(copy, claim.holder))]


@seed
def a_line_for_a_mailbox_that_does_not_exist(copy: Copy) -> list[Finding]:
    claim = copy.pick(copy.sound.claims)
    return [(Fault.NO_HOLDER, _line(copy, claim, f"{claim.local}-khongco", "mailbox:khong-co alias"))]


@seed
def an_address_is_claimed_twice(copy: Copy) -> list[Finding]:
    """Let two branches add it, and Git put both lines there."""
    claim = _lost(copy)
    return [(Fault.ADDRESS_TWICE, copy.below(claim.said, f"{copy.text(claim.said).partition(':')[0]}: person:zz99999"))]


@seed
def a_line_stands_too_late(copy: Copy) -> list[Finding]:
    claim = copy.pick(copy.sound.claims)
    later = [other for other in copy.sound.claims if other.domain == claim.domain and other.local > claim.local]
    other = copy.pick(other for other in later if other.holder != claim.holder)
    line = copy.text(claim.said)
    copy.drop(claim.said)
    return [(Fault.UNSORTED, copy.below(other.said, line))]


@seed
def a_local_part_with_a_capital(copy: Copy) -> list[Finding]:
    claim = _lost(copy, "[a-z]")
    return [(Fault.BAD_VALUE, copy.swap(claim.said, claim.local, claim.local.capitalize()))]


@seed
def a_local_part_with_marks(copy: Copy) -> list[Finding]:
    claim = _lost(copy, ".*a")
    return [(Fault.BAD_VALUE, copy.swap(claim.said, "a", "á"))]


@seed
def a_local_part_that_ends_in_a_dot(copy: Copy) -> list[Finding]:
    claim = _lost(copy)
    return [(Fault.BAD_VALUE, copy.swap(claim.said, claim.local, f"{claim.local}."))]


# Days


@seed
def an_address_from_another_day(copy: Copy) -> list[Finding]:
    """Put the lock off, and not the transfer."""
    claims = (claim for claim in copy.sound.claims if len(copy.sound.claims_of(claim.holder)) > 1)
    claim = copy.pick(claim for claim in claims if claim.words[:1] == ("since",))
    return [(Fault.OTHER_DAY, copy.set(claim.said, f"{claim.holder} since {claim.words[1][:8]}28"))]


@seed
def an_address_from_a_day_on_which_nothing_changes(copy: Copy) -> list[Finding]:
    claim = _claim(copy)
    return [(Fault.NO_REASON, _line(copy, claim, f"{claim.local}-moi", f"{claim.holder} since {NEVER}"))]


@seed
def an_address_again_on_a_day_on_which_nothing_changes(copy: Copy) -> list[Finding]:
    claim = _claim(copy)
    return [(Fault.NO_REASON, copy.set(claim.said, f"{claim.holder} again {NEVER}"))]


@seed
def two_addresses_from_the_beginning(copy: Copy) -> list[Finding]:
    """Tell it at the later of the two."""
    claim = _claim(copy)
    return [(Fault.SAME_DAY, _line(copy, claim, f"{claim.local}-2", claim.holder))]


@seed
def two_addresses_from_one_day(copy: Copy) -> list[Finding]:
    claim = _claim(copy, "since", alone=False)
    return [(Fault.SAME_DAY, _line(copy, claim, f"{claim.local}-2", f"{claim.holder} since {claim.words[1]}"))]


@seed
def an_alias_that_ends_before_it_begins(copy: Copy) -> list[Finding]:
    claim = _lost(copy)
    told = f"{claim.holder} alias since {NEVER} until 2030-01-01"
    return [(Fault.BACKWARDS, _line(copy, claim, f"{claim.local}-cu", told))]


@seed
def an_address_that_comes_back_before_it_went(copy: Copy) -> list[Finding]:
    claim = _lost(copy)
    told = f"{claim.holder} since {NEVER} again 2030-01-01"
    return [(Fault.CHANGE_OUTSIDE, _line(copy, claim, f"{claim.local}-moi", told))]


# Domains


@seed
def a_lock_for_a_foreign_domain(copy: Copy) -> list[Finding]:
    code = next(iter(copy.sound.agencies))
    return [(Fault.FOREIGN_DOMAIN, copy.put("addresses/tinh.com.vn.yml", f"---\n{code}: mailbox:{code} alias\n"))]


@seed
def a_lock_under_a_foreign_name(copy: Copy) -> list[Finding]:
    claim = _lost(copy)
    text = copy.content(claim.said.file)
    copy.take_out(claim.said.file)
    return [(Fault.FOREIGN_DOMAIN, copy.put(f"addresses/{claim.domain.replace('gov', 'com')}.yml", text))]


# Accounts


def _printing(copy: Copy) -> Said:
    """Take an account that an agency or one of its mailboxes prints."""
    return copy.pick((*copy.sound.find("account"), *copy.sound.find("mailboxes", "*", "account")))


@seed
def an_account_that_the_lock_does_not_know(copy: Copy) -> list[Finding]:
    account = _printing(copy)
    return [(Fault.OTHER_ACCOUNT, copy.set(account, f"khac.{account.text}"))]


@seed
def an_account_of_a_foreign_domain(copy: Copy) -> list[Finding]:
    account = _printing(copy)
    return [(Fault.FOREIGN_DOMAIN, copy.set(account, "vanphong@gmail.com"))]


@seed
def an_account_that_is_somebody_elses(copy: Copy) -> list[Finding]:
    account = _printing(copy)
    other = _claim(copy)
    return [(Fault.ADDRESS_TAKEN, copy.set(account, other.address))]


@seed
def an_account_where_the_rule_made_another_address(copy: Copy) -> list[Finding]:
    agency = copy.pick(
        said
        for code, said in copy.sound.agencies.items()
        if "account" not in said and len(copy.sound.claims_of(f"mailbox:{code}")) == 1 and "changes" not in said
    )
    account = f"khac.{agency.at('code')}@{copy.sound.domain}"
    return [(Fault.OTHER_ACCOUNT, copy.below(agency["decision"], f"account: {account}"))]


@seed
def an_account_that_is_retired(copy: Copy) -> list[Finding]:
    """Give away an address that somebody had long ago."""
    account = _printing(copy)
    other = _claim(copy, kind="person:")
    local = f"{other.local}-cu"
    _line(copy, other, local, "person:zz99999 retired")
    return [(Fault.ADDRESS_TAKEN, copy.set(account, f"{local}@{other.domain}"))]
