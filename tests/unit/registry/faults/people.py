"""Faults of people: names, ids, posts that meet, days out of order, leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.test_legacy import in_tcvn3, in_vni

from .broken import NoPlaceError
from .seeding import seed

if TYPE_CHECKING:
    from collections.abc import Callable

    from .broken import Copy
    from .findings import Finding
    from .original import Post, Said

EVER = "1970-01-01"
NEVER = "2031-01-01"
LATER = "2032-01-01"


def take_post(copy: Copy, *keys: str, without: tuple[str, ...] = (), alone: bool = False) -> Post:
    """Take a post that has some keys and lacks others; ``alone``: the person's only one."""
    return copy.pick(
        post
        for post in copy.sound.posts
        if all(key in post.said for key in keys)
        if not any(key in post.said for key in without)
        if not alone or len(copy.sound.posts_of(post.person)) == 1
        if "until" not in copy.sound.agencies[post.agency]
    )


def indented(said: Said, *lines: str) -> list[str]:
    """Return lines as deep as what is said."""
    return [f"{' ' * said.column}{line}" for line in lines]


# Names


def _renamed(copy: Copy, bent: Callable[[str], str], fault: Fault) -> list[Finding]:
    post = take_post(copy)
    return [(fault, copy.set(post.said["name"], bent(post.said.at("name"))))]


@seed
def a_name_in_tcvn3(copy: Copy) -> list[Finding]:
    return _in_an_old_font(copy, in_tcvn3)


@seed
def a_name_in_vni(copy: Copy) -> list[Finding]:
    return _in_an_old_font(copy, in_vni)


def _in_an_old_font(copy: Copy, typed: Callable[[str], str]) -> list[Finding]:
    """Type a Nguyễn's: short names may say something in both."""
    post = copy.pick(post for post in copy.sound.posts if post.said.at("name").startswith("Nguyễn "))
    return [(Fault.LEGACY_NAME, copy.set(post.said["name"], typed(post.said.at("name"))))]


@seed
def a_later_name_in_vni(copy: Copy) -> list[Finding]:
    """Let somebody marry."""
    post = take_post(copy, without=("changes", "until"))
    lines = ("changes:", f"  - since: {NEVER}", "    decision: 1/QĐ", f"    name: {in_vni('Nguyễn Thị Hoà')}")
    place = copy.below(post.said, *indented(post.said["id"], *lines))
    return [(Fault.LEGACY_NAME, place.under(3))]


@seed
def a_name_with_a_remark(copy: Copy) -> list[Finding]:
    return _renamed(copy, "{} (A)".format, Fault.BAD_NAME)


@seed
def a_name_with_a_number(copy: Copy) -> list[Finding]:
    return _renamed(copy, "{} 2".format, Fault.BAD_NAME)


@seed
def two_names_with_a_comma(copy: Copy) -> list[Finding]:
    return _renamed(copy, "{}, Lê Văn An".format, Fault.BAD_NAME)


@seed
def a_given_name_that_is_none(copy: Copy) -> list[Finding]:
    post = take_post(copy, without=("given",))
    return [(Fault.NOT_IN_NAME, copy.below(post.said["name"], *indented(post.said["id"], "given: Thuỳ Dương Anh")))]


@seed
def a_given_name_of_another(copy: Copy) -> list[Finding]:
    post = take_post(copy, "given")
    return [(Fault.NOT_IN_NAME, copy.set(post.said["given"], "Nguyễn"))]


@seed
def a_name_too_long_for_an_address(copy: Copy) -> list[Finding]:
    agency = _agency(copy)
    name = " ".join(["Nguyễn"] * 12)
    place = copy.below(agency["people"], *copy.post(copy.newcomer(), f"given: {name}", name=name))
    return [(Fault.NO_CANDIDATE, place)]


# Ids and posts


@seed
def a_newcomer_without_an_address(copy: Copy) -> list[Finding]:
    agency = _agency(copy)
    return [(Fault.NO_ADDRESS, copy.below(agency["people"], *copy.post(copy.newcomer())))]


@seed
def a_newcomer_with_an_id_that_somebody_has(copy: Copy) -> list[Finding]:
    """Let it look as if the other had moved here, under another name."""
    post, agency = _newcomer(copy)
    return [(Fault.TWO_NAMES, copy.below(agency["people"], *copy.post(post.person, since=NEVER)))]


@seed
def two_newcomers_with_one_id(copy: Copy) -> list[Finding]:
    agency, person = _agency(copy), copy.newcomer()
    copy.below(agency["people"], *copy.post(person))
    again = copy.below(agency["people"], *copy.post(person, name="Lê Thị Tư"))
    return [(Fault.TWO_POSTS, again), (Fault.TWO_NAMES, again)]


@seed
def the_same_post_in_two_agencies(copy: Copy) -> list[Finding]:
    """Tell it in the later file."""
    post, agency = _newcomer(copy)
    said = post.said
    copied = copy.below(agency["people"], *copy.post(post.person, name=said.at("name"), since=said.at("since")))
    return [(Fault.TWO_POSTS, copied if agency.file > said.file else said.place)]


@seed
def a_second_post_before_the_end_of_the_first(copy: Copy) -> list[Finding]:
    post, agency = _newcomer(copy)
    said = post.said
    copy.below(said, *indented(said["id"], f"until: {LATER}"))
    return [(Fault.TWO_POSTS, copy.below(agency["people"], *copy.post(post.person, name=said.at("name"), since=NEVER)))]


def _newcomer(copy: Copy) -> tuple[Post, Said]:
    """Take somebody with a single open post, and an agency where there could be another."""
    post = take_post(copy, without=("until", "changes", "kind"), alone=True)
    return post, _agency(copy, post.agency)


def _agency(copy: Copy, *but: str) -> Said:
    """Take an agency that always was and will be."""
    return copy.pick(said for said in copy.sound.lasting if said.at("code") not in but)


@seed
def a_second_post_without_a_main_one(copy: Copy) -> list[Finding]:
    post = take_post(copy, without=("kind", "changes"), alone=True)
    copy.below(post.said["id"], *indented(post.said["id"], "kind: concurrent"))
    return [(Fault.NO_MAIN_POST, post.said.place)]


@seed
def a_second_post_before_the_main_one(copy: Copy) -> list[Finding]:
    lasting = {agency.at("code") for agency in copy.sound.lasting}
    posts = (post for post in copy.sound.posts if post.agency in lasting and not post.main)
    post = copy.pick(post for post in posts if "changes" not in post.said)
    copy.set(post.said["since"], EVER)
    return [(Fault.NO_MAIN_POST, post.said.place)]


@seed
def a_second_post_under_another_name(copy: Copy) -> list[Finding]:
    post = take_post(copy, "kind", without=("changes",))
    copy.set(post.said["name"], "Lê Thị Tư")
    return [(Fault.TWO_NAMES, post.said.place)]


@seed
def a_unit_that_is_not_there(copy: Copy) -> list[Finding]:
    post = take_post(copy, "unit")
    return [(Fault.UNKNOWN_UNIT, copy.set(post.said["unit"], "khong-co"))]


@seed
def a_later_unit_that_is_not_there(copy: Copy) -> list[Finding]:
    post = take_post(copy, without=("changes", "until"), alone=True)
    lines = ("changes:", f"  - since: {NEVER}", "    decision: 1/QĐ", "    unit: khong-co")
    place = copy.below(post.said, *indented(post.said["id"], *lines))
    return [(Fault.UNKNOWN_UNIT, place.under(3))]


# Days


@seed
def a_post_that_ends_before_it_begins(copy: Copy) -> list[Finding]:
    post = take_post(copy, without=("until",))
    return [(Fault.BACKWARDS, copy.below(post.said, *indented(post.said["id"], f"until: {EVER}")))]


@seed
def a_post_that_ends_on_its_first_day(copy: Copy) -> list[Finding]:
    post = take_post(copy, "until")
    return [(Fault.BACKWARDS, copy.set(post.said["until"], post.said.at("since")))]


@seed
def an_ending_on_no_day(copy: Copy) -> list[Finding]:
    post = take_post(copy, without=("until", "ending"))
    return [(Fault.ENDING_WITHOUT_DAY, copy.below(post.said, *indented(post.said["id"], "ending: retirement")))]


@seed
def a_decision_that_ends_a_post_on_no_day(copy: Copy) -> list[Finding]:
    post = take_post(copy, without=("until", "until_decision"))
    return [(Fault.END_WITHOUT_DAY, copy.below(post.said, *indented(post.said["id"], "until_decision: 1/QĐ")))]


def _change(copy: Copy, *days: str, fault: Fault = Fault.CHANGE_OUTSIDE, ends: bool = False) -> list[Finding]:
    """Give a post changes on some days, and return the line of the last one."""
    keys, without = (("until",), ("changes",)) if ends else ((), ("changes", "until"))
    post = take_post(copy, *keys, without=without)
    lines = ["changes:"]
    for day in days:
        since = post.said.at("until") if day == "until" else day
        different = [] if fault is Fault.CHANGES_NOTHING else ["    title: Phó Trưởng phòng"]
        item = [f"  - since: {since}", "    decision: 1/QĐ", *different]
        lines += item
    place = copy.below(post.said, *indented(post.said["id"], *lines))
    return [(fault, place.under(len(lines) - len(item)))]


@seed
def a_change_before_the_post(copy: Copy) -> list[Finding]:
    return _change(copy, EVER)


@seed
def two_changes_in_the_wrong_order(copy: Copy) -> list[Finding]:
    return _change(copy, LATER, NEVER)


@seed
def two_changes_on_one_day(copy: Copy) -> list[Finding]:
    return _change(copy, NEVER, NEVER)


@seed
def a_change_on_the_day_after_the_post(copy: Copy) -> list[Finding]:
    return _change(copy, "until", ends=True)


@seed
def a_change_of_nothing(copy: Copy) -> list[Finding]:
    return _change(copy, NEVER, fault=Fault.CHANGES_NOTHING)


def _leave(copy: Copy, *days: tuple[str, str], fault: Fault, ends: bool = False) -> list[Finding]:
    """Give a post leaves, and return the line of the last one: its first day's, or its end's if that is wrong."""
    keys, without = (("until",), ("absences",)) if ends else ((), ("absences", "until"))
    post = take_post(copy, *keys, without=without)
    lines = ["absences:"]
    for since, until in days:
        first = post.said.at("until") if since == "until" else since
        lines += [f"  - since: {first}", f"    until: {until}", "    decision: 1/QĐ", "    reason: study"]
    place = copy.below(post.said, *indented(post.said["id"], *lines))
    return [(fault, place.under(len(lines) - (3 if fault is Fault.BACKWARDS else 4)))]


@seed
def a_leave_that_ends_before_it_begins(copy: Copy) -> list[Finding]:
    return _leave(copy, (LATER, NEVER), fault=Fault.BACKWARDS)


@seed
def a_leave_before_the_post(copy: Copy) -> list[Finding]:
    return _leave(copy, (EVER, NEVER), fault=Fault.ABSENCE_OUTSIDE)


@seed
def a_leave_beyond_the_end_of_the_post(copy: Copy) -> list[Finding]:
    return _leave(copy, ("until", NEVER), fault=Fault.ABSENCE_OUTSIDE, ends=True)


@seed
def two_leaves_at_once(copy: Copy) -> list[Finding]:
    days = (("2032-01-01", "2032-06-01"), ("2033-01-01", "2033-06-01"), ("2033-03-01", "2033-09-01"))
    return _leave(copy, *days, fault=Fault.ABSENCE_OUTSIDE)


# Deputies of heads who are away


def _away(
    copy: Copy, fault: Fault, deputy: str, *, head: bool = True, rule: bool = True, line: int = 5
) -> list[Finding]:
    """Send a head away, or somebody who is none, and name a deputy: `{head}` and `{deputy}` are their ids."""
    if ("standing_in" in copy.sound.files["policy.yml"]) is not rule:
        raise NoPlaceError
    heads = {
        (grant.agency, grant.person) for grant in copy.sound.grants if grant.role == "head" and grant.said is grant.who
    }
    anywhere = {grant.person for grant in copy.sound.grants if grant.role == "head"}
    lasting = {agency.at("code") for agency in copy.sound.lasting}
    settled = [
        post
        for post in copy.sound.posts
        if post.agency in lasting and post.main and not {"until", "absences"} & post.said.fields.keys()
        if len(copy.sound.posts_of(post.person)) == 1
    ]
    away = copy.pick(
        post for post in settled if ((post.agency, post.person) in heads if head else post.person not in anywhere)
    )
    other = copy.pick(post for post in settled if post.agency == away.agency and post is not away)
    lines = ("absences:", f"  - since: {NEVER}", f"    until: {LATER}", "    decision: 1/QĐ", "    reason: travel")
    named = f"    deputy: {deputy.format(head=away.person, deputy=other.person)}"
    place = copy.below(away.said, *indented(away.said["id"], *lines, *named.split("\n")))
    return [(fault, place.under(line))]


@seed
def a_deputy_whom_no_rule_knows(copy: Copy) -> list[Finding]:
    return _away(copy, Fault.NO_DEPUTY_RULE, "{deputy}", rule=False)


@seed
def a_deputy_of_somebody_who_heads_nothing(copy: Copy) -> list[Finding]:
    return _away(copy, Fault.HEAD_OF_NOTHING, "{deputy}", head=False)


@seed
def a_head_who_stands_in_for_the_own_person(copy: Copy) -> list[Finding]:
    return _away(copy, Fault.OWN_DEPUTY, "{head}")


@seed
def a_deputy_from_nowhere(copy: Copy) -> list[Finding]:
    return _away(copy, Fault.NOBODY, "zz99999")


@seed
def a_deputy_who_stays_when_the_head_is_back(copy: Copy) -> list[Finding]:
    return _away(copy, Fault.DEPUTY_OUTSIDE, "{{person: {deputy}, until: 2032-01-02}}")


@seed
def two_deputies_on_one_day(copy: Copy) -> list[Finding]:
    days = "\n      - {{person: {deputy}, until: 2031-02-02}}\n      - {{person: {deputy}, since: 2031-02-01}}"
    return _away(copy, Fault.DEPUTY_OUTSIDE, days, line=7)
