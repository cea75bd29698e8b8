"""Faults of roles in shared mailboxes and folders."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault

from .seeding import seed

if TYPE_CHECKING:
    from .broken import Copy
    from .findings import Finding
    from .original import Grant, Place, Said

EVER = "1970-01-01"
LONG_AGO = "1971-01-01"


def _grant(copy: Copy, *, folder: bool = False, lone: bool | None = None) -> Grant:
    """Take a role: ``lone`` ones are an id and nothing else."""
    return copy.pick(
        grant
        for grant in copy.sound.grants
        if grant.folder == folder and (lone is None or lone == (grant.said is grant.who)) and not grant.said.inline
        if grant.person not in copy.sound.represented
    )


def _name(copy: Copy, grant: Grant, person: str) -> Place:
    """Write another person's id into a role."""
    return copy.set(grant.who, person)


def _outsiders(copy: Copy, agency: str) -> list[str]:
    """Return people without any post in an agency, nor in one that it takes over."""
    merged = {agency, *(code for code, said in copy.sound.agencies.items() if said.at("successor") == agency)}
    inside = {post.person for post in copy.sound.posts if post.agency in merged}
    return sorted({post.person for post in copy.sound.posts} - inside)


def _idle(copy: Copy, grant: Grant) -> str:
    """Take somebody who is in the agency for good and holds no role in the mailbox."""
    busy = {other.person for other in copy.sound.grants if other.mailbox == grant.mailbox}
    lasting = {agency.at("code") for agency in copy.sound.lasting}
    return copy.pick(
        post
        for post in copy.sound.posts
        if post.agency == grant.agency and post.agency in lasting and "until" not in post.said
        if post.person not in busy and len(copy.sound.posts_of(post.person)) == 1
    ).person


@seed
def a_role_for_nobody(copy: Copy) -> list[Finding]:
    grant = _grant(copy)
    return [(Fault.NOBODY, _name(copy, grant, "zz99999"))]


@seed
def a_role_for_somebody_of_another_agency(copy: Copy) -> list[Finding]:
    grant = _grant(copy)
    token = copy.pick(f"person:{person}" for person in _outsiders(copy, grant.agency))
    return [(Fault.NOBODY, _name(copy, grant, token.removeprefix("person:")))]


@seed
def a_folder_for_nobody(copy: Copy) -> list[Finding]:
    grant = _grant(copy, folder=True)
    return [(Fault.NOBODY_AT_ALL, _name(copy, grant, "zz99999"))]


@seed
def a_role_before_the_post(copy: Copy) -> list[Finding]:
    grant = _grant(copy, lone=True)
    return [(Fault.NEVER_THERE, _name(copy, grant, f"{{person: {grant.person}, until: {LONG_AGO}}}"))]


@seed
def a_role_that_ends_before_it_begins(copy: Copy) -> list[Finding]:
    grant = _grant(copy, lone=True)
    days = f"since: {LONG_AGO}, until: {EVER}"
    return [(Fault.BACKWARDS, _name(copy, grant, f"{{person: {grant.person}, {days}}}"))]


@seed
def a_role_without_a_person(copy: Copy) -> list[Finding]:
    grant = _grant(copy, lone=True)
    return [(Fault.MISSING_KEY, _name(copy, grant, "{decision: 1/QĐ}"))]


@seed
def a_folder_without_saying_for_whom(copy: Copy) -> list[Finding]:
    grant = _grant(copy, folder=True)
    return [(Fault.WHOSE_ROLE, copy.write(grant.said, f"{' ' * (grant.said.column - 2)}- {{decision: 1/QĐ}}"))]


@seed
def a_folder_for_a_person_and_a_unit(copy: Copy) -> list[Finding]:
    grant = _grant(copy, folder=True, lone=False)
    unit = next(iter(copy.sound.agencies[grant.agency]["units"].fields))
    copy.below(grant.who, f"{' ' * grant.who.column}unit: {unit}")
    return [(Fault.WHOSE_ROLE, grant.said.place)]


def _share(copy: Copy, key: str) -> Said:
    return copy.pick(share for share in copy.sound.find("folders", "*", "*", "*", key) if not share.inline)


@seed
def a_folder_for_an_agency_that_is_not_there(copy: Copy) -> list[Finding]:
    share = _share(copy, "agency")
    return [(Fault.UNKNOWN_PARENT, copy.set(share, "khong-co"))]


@seed
def a_folder_for_a_unit_that_is_not_there(copy: Copy) -> list[Finding]:
    share = _share(copy, "unit")
    return [(Fault.UNKNOWN_UNIT, copy.set(share, "khong-co"))]


@seed
def two_heads(copy: Copy) -> list[Finding]:
    grant = _lone_head(copy)
    other = _idle(copy, grant)
    copy.rewrite(grant.said.file, grant.said.line, f"{_head(grant)} [{grant.person}, {other}]")
    return [(Fault.TWO_HEADS, grant.said.place)]


@seed
def the_next_head_begins_too_early(copy: Copy) -> list[Finding]:
    """Hand over, but for one day."""
    grant = _lone_head(copy)
    other = _idle(copy, grant)
    column = " " * (len(_head(grant)) - len(_head(grant).lstrip()) + 2)
    lines = (
        f"{column}- {{person: {grant.person}, until: 2031-01-02}}",
        f"{column}- {{person: {other}, since: 2031-01-01}}",
    )
    copy.rewrite(grant.said.file, grant.said.line, _head(grant))
    return [(Fault.TWO_HEADS, copy.below(grant.said, *lines).under(1))]


def _lone_head(copy: Copy) -> Grant:
    heads = (
        grant for grant in copy.sound.grants if grant.role == "head" and grant.person not in copy.sound.represented
    )
    return copy.pick(grant for grant in heads if grant.said is grant.who and grant.said.key)


def _head(grant: Grant) -> str:
    return f"{' ' * grant.said.column}head:"


@seed
def two_roles_at_once(copy: Copy) -> list[Finding]:
    """Name somebody a second time, just below the first."""
    named = Counter((grant.mailbox, grant.person) for grant in copy.sound.grants)
    once = (grant for grant in copy.sound.grants if named[grant.mailbox, grant.person] == 1 and not grant.folder)
    grant = copy.pick(grant for grant in once if grant.said is grant.who and not grant.said.key)
    return [(Fault.TWICE_NAMED, copy.below(grant.said, copy.text(grant.said)))]
