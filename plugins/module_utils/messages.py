"""Every sentence the engine says about a faulty registry: what is wrong, and how to mend it.

They stand in one place so that they read alike; ``vietnamese`` says the same to clerks.
"""

from __future__ import annotations

from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING

from .model import Problem
from .phrase import Language, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .model import Origin, RegistryError

PER_FILE = 8  # faults of one file that are told before "… and 21 more"


class Fault(Enum):
    """One kind of fault: its message and its remedy, with the places for what differs."""

    # Files
    MISSING_FILE = (
        "The file is missing.",
        "Create it, or check that the path given is the registry's.",
    )
    BROKEN_LINK = (
        "The link leads nowhere.",
        "Put the file itself in its place, or remove the link.",
    )
    NO_FILE = (
        "This is no file, but a folder, a pipe or a device.",
        "Put a file in its place, or remove it.",
    )
    NOT_ALLOWED = (
        "The user who runs this may not read it.",
        "Let that user read it and enter the folders above it.",
    )
    TOO_LARGE = (
        "The file has {size} MB, and none is read beyond {most} MB.",
        "No agency and no lock is that large: check what it is, and remove it.",
    )
    STRAY_FILE = (
        "Nothing reads this file.",
        (
            "The registry knows estate.yml, policy.yml, lists.yml, holds.yml, protected.yml, calendar.yml, "
            "approvers.yml, agencies/<code>.yml, addresses/<domain>.yml, overrides/<name>.yml and "
            "exceptions/<name>.yml: rename or move it."
        ),
    )
    NO_AGENCY = (
        "There is not one agency.",
        "Write the first one to agencies/<code>.yml; an empty registry would empty the directory.",
    )
    NOT_UTF8 = (
        "The file is not UTF-8 (byte {byte} cannot be read).",
        "Save it as UTF-8 in your editor, and check the accents afterwards.",
    )
    CONTROL_CHARACTER = (
        "Here is a control character ({code}), which no keyboard writes.",
        "Delete it; an editor that shows invisible characters finds it.",
    )
    EMPTY_FILE = (
        "The file is empty.",
        "Fill it in, or delete it; an empty file never means 'none'.",
    )
    SYNTAX = (
        "This is not YAML: {fault}.",
        "Look here and one line above: spaces to indent and after each colon, quotes around what holds a colon itself.",
    )
    MERGE_CONFLICT = (
        "Here Git left a conflict between two versions.",
        "Keep the lines that are right, and delete those that begin with '<<<<<<<', '=======' and '>>>>>>>'.",
    )
    # Keys and values
    NOT_A_MAPPING = ("Here should be keys with values, such as '{example}'.", "Write 'key: value' on lines of its own.")
    NOT_A_LIST = ("Here should be a list.", "Write each item on a line of its own, after '- '.")
    NOT_A_SCALAR = ("Here should be one value, not several.", "Write {wanted}.")
    UNKNOWN_KEY = ("The key '{key}' is not known here.", "{hint}")
    MISSING_KEY = ("The key '{key}' is missing.", "Add '{key}: …': {wanted}.")
    DUPLICATE_KEY = (
        "The key '{key}' stands here a second time; the first is on line {line}.",
        "Keep one of the two.",
    )
    EMPTY_VALUE = (
        "There is no value here.",
        "Write {wanted}, or remove the key; empty never means 'none'.",
    )
    EMPTY_LIST = ("This list is empty.", "Name at least one, or remove the key; empty never means 'none'.")
    BAD_VALUE = ("'{value}' is not {wanted}.", "{hint}")
    BAD_DAY = ("'{value}' is not a day.", "Write it as year-month-day, for example 2026-09-01.")
    TAGGED = ("The tag '{tag}' is not read here.", "Remove it and write the plain value.")
    NOT_COMPOSED = (
        "'{value}' is Unicode, but its accents are stored apart from their letters (not NFC, TCVN 6909:2001).",
        "Type it again, or write the composed form: {composed}.",
    )
    UNTIDY = (
        "'{value}' begins or ends with a space, or holds a double space or an invisible character.",
        "Type it again with single spaces.",
    )
    # Names and addresses
    LEGACY_NAME = (
        "'{name}' looks like text from an old font (TCVN3 or VNI): '{offender}' is not Vietnamese in Unicode.",
        "{hint} Convert the text to Unicode, or type it again.",
    )
    BAD_NAME = (
        "'{name}' cannot be a person's name: '{offender}' does not belong in one.",
        "{hint} Write family name, middle names and given name, in letters only.",
    )
    BAD_FORM = (
        "The form '{form}' does not make addresses: {fault}.",
        "Use one '@', {{n}} once before it, and the parts {parts}.",
    )
    BAD_DOMAIN_FORM = (
        "The form '{form}' does not make domains: {fault}.",
        "Use the parts {parts}.",
    )
    BAD_MARK = (
        "'{form}' does not tell namesakes apart: {fault}.",
        "Use {{letter}} for a, b, c …, {{number}} for 2, 3, 4 …, or {{unit}} for the unit's code.",
    )
    RULE_NEVER_USED = (
        "Nothing comes to this rule: the one before it is for all.",
        "Put the rules with 'kinds', 'agencies' or 'titles' first, and the one without them last.",
    )
    NO_LAST_RULE = (
        "The last rule is not for all, so that some would have none.",
        "Add a rule without 'kinds', 'agencies' and 'titles' at the end.",
    )
    BAD_FOLDER = (
        "'{name}' cannot be a folder here: another one has that name, or it has a '/' or begins with '.' or '~'.",
        "Choose another name.",
    )
    NO_UNIT_RULE = (
        "The unit's mailbox has no 'account', and policy.yml has no 'unit_addresses' to make one.",
        "Add the regulation's rule there, or an account here.",
    )
    NO_FOLDER_RULE = (
        "There are shared folders, but policy.yml does not say what may be done in them.",
        "Add 'shared_folders' there, with the regulation's article.",
    )
    NO_LIST_RULE = (
        "The list has no 'account', and policy.yml has no 'list_addresses' to make one.",
        "Add the regulation's rule there, or an account here.",
    )
    NO_CANDIDATE = (
        "No address can be made for {holder}: before the '@' it would have more than 64 characters.",
        "Shorten the form in policy.yml, or the code that it uses.",
    )
    BACKWARDS_HOURS = (
        "The end, {end}, is not after the beginning, {begin}.",
        "Correct one of the two; a part of the day ends at 24:00 at the latest.",
    )
    HOURS_MEET = (
        "It begins at {begin}, when the part of the day above, until {before}, is not over.",
        "Put the parts of the day in their order, none within another.",
    )
    NO_RULE_TO_TELL = (
        "Reports are to tell '{content}', and the policy has no '{rule}'.",
        "Write '{rule}', or leave '{content}' out of 'contents'.",
    )
    PERIOD_TWICE = ("There are two kinds of report for each {every}.", "Keep one of them.")
    NOTHING_KEPT = (
        "Reports are to tell what is counted day by day, and the policy has no 'usage_data': nothing is kept.",
        "Write 'usage_data', or leave 'usage', 'private_mail', 'storage' and 'ranking' out of 'contents'.",
    )
    KEPT_TOO_SHORT = (
        "What is kept for {days} days is gone before the longest report is made.",
        "Keep it for {least} days or more: the whole period, and a month for the report.",
    )
    BAD_ZONE = ("'{zone}' is not a time zone.", "Write a name of the IANA list, for example Asia/Ho_Chi_Minh.")
    NOT_IN_NAME = (
        "The given name '{given}' is not a part of the name.",
        "Write the word, or the words side by side, by which the person is called.",
    )
    WORD_TWICE = (
        "'{word}' stands for '{other}' already.",
        "A word has one meaning: keep it in one place.",
    )
    # References
    FILE_NAME = (
        "The file is called {file}, but the agency's code is '{code}'.",
        "Rename the file to {code}.yml, or correct the code.",
    )
    UNKNOWN_UNIT = ("This agency has no unit '{unit}'.", "{hint}")
    UNKNOWN_PARENT = ("There is no agency '{parent}'.", "{hint}")
    CIRCULAR_PARENT = ("The agency is its own parent: {chain}.", "Remove one of these parents.")
    NOBODY = (
        "'{person}' is not among this agency's people.",
        "Whoever acts for the agency belongs to it: add the person here, or name somebody else. {hint}",
    )
    NOBODY_AT_ALL = ("Nobody in the registry has the id '{person}'.", "Correct the id, or add the person's post.")
    NO_MAIN_POST = (
        "{person} has no main post on {since}, when this second one begins.",
        "Write the main post too, or remove 'kind' here if this is it.",
    )
    NEVER_THERE = (
        "'{person}' has no post in this agency on any of these days.",
        "Correct the days here, or those of the post at {other}.",
    )
    UID_TAKEN = (
        "'{uid}' is already {other}.",
        "Mail homes are named by it, so it must be the only one: choose another.",
    )
    LIST_TAKEN = (
        "There is a list '{uid}' already, at {other}.",
        "Choose another code: the list of an agency is called by both codes.",
    )
    UNKNOWN_MAILBOX = ("There is no shared mailbox '{mailbox}'.", "Write its name, such as snv or snv-vp. {hint}")
    UNKNOWN_TITLE = (
        "Nobody there has or had the title '{title}'.",
        "Write it as it stands in the posts. {hint}",
    )
    UNIT_OF_WHICH = (
        "It is not said which agency's unit this is.",
        "Add 'agency: …' with the agency's code.",
    )
    ROLE_NOWHERE = (
        "The unit '{unit}' has no mailbox, so nobody has a role in it.",
        "Give the unit a 'mailbox', or name the unit alone, with a 'title' if need be.",
    )
    WHO_IS_MEANT = (
        "It must be said in one way who is meant.",
        "Give one person, mailbox or circle alone; or of 'agency', 'kind', 'unit', 'title', 'role' what is to be met.",
    )
    NUMBER_TAKEN = ("The number {number} already belongs to {other}.", "Give each agency its own number in the list.")
    # Days
    BACKWARDS = (
        "The end, {until}, is not after the beginning, {since}.",
        "'until' is the first day on which it no longer holds: correct one of the two.",
    )
    TWO_POSTS = (
        "{person} would hold two posts at once, from {since}; the other is at {other}.",
        "End the earlier post with 'until: {since}', or correct the days; another person needs another id.",
    )
    CHANGES_NOTHING = (
        "This change changes nothing.",
        "Add what is different from that day on: {keys}.",
    )
    CHANGE_OUTSIDE = (
        "The change on {since} does not come after {after}{before}.",
        "Write changes in the order of their days, each after the first day and before the last.",
    )
    ABSENCE_OUTSIDE = (
        "The leave is not within the post, or meets another one.",
        "Correct its days: the post begins on {since}{until}.",
    )
    OWN_DEPUTY = (
        "{person} cannot stand in for the own person.",
        "Name the deputy who acts meanwhile, or remove 'deputy'.",
    )
    DEPUTY_OUTSIDE = (
        "The days of this deputy are not within the leave, or meet those of another deputy.",
        "Correct the days: the leave begins on {since}{until}, and one deputy stands in at a time.",
    )
    HEAD_OF_NOTHING = (
        "{person} is head of no mailbox here on these days, so nobody can stand in.",
        "Remove 'deputy', or correct the days of the leave or of the 'head'.",
    )
    NO_DEPUTY_RULE = (
        "A deputy stands in for a head, but policy.yml does not say what that allows.",
        "Add 'standing_in' there, with the regulation's article.",
    )
    ENDING_WITHOUT_DAY = ("It says why the post ends, but not when.", "Add 'until: …', the first day after it.")
    END_WITHOUT_DECISION = (
        "It ends on {until}, but no decision says so.",
        "Add 'until_decision: …' with the decision's number and issuer.",
    )
    SUCCESSOR_WITHOUT_DAY = (
        "There is a successor, but no day from which on.",
        "Add 'until: …', the first day without this agency, and 'until_decision: …'.",
    )
    UNKNOWN_SUCCESSOR = ("There is no agency '{successor}' to take over.", "{hint}")
    SUCCESSOR_GONE = (
        "The successor '{successor}' does not exist on {until}.",
        "Name an agency that exists then, or correct its days at {other}.",
    )
    LEFT_BEHIND = (
        "{count} would still have posts here on {until}, when the agency no longer exists: {who}.",
        "Name the 'successor', end the posts, or write their next posts in the agencies that they go to.",
    )
    OUTSIDE_LIFE = (
        "{person} has a post here from {since}, when the agency {fault}.",
        "Correct the day, or the agency's at {other}.",
    )
    READER_WITHOUT_DAY = (
        "It says who may read the mail that is kept, but not when the post ends.",
        "Add 'until: …', the first day after it, and 'until_decision: …'.",
    )
    NOTHING_LEFT = (
        "A second post leaves no mail behind when it ends.",
        "Remove 'successor' here, or write it at the end of the main post.",
    )
    OWN_SUCCESSOR = (
        "{person} cannot be the one to read the own mail after leaving.",
        "Name somebody else as the 'successor', or remove it: without one nobody reads the mail.",
    )
    NEVER_KEPT = (
        "'{person}' holds no post on any of the days on which this mail is kept for reading: {days}.",
        "Correct the days here, or name somebody who is in office then.",
    )
    NOTHING_TO_HOLD = (
        "There is no person and no shared mailbox '{id}' whose mail could be kept.",
        "Correct the id; a hold stays written when it has ended.",
    )
    HELD_TOO_LATE = (
        "The mail of '{id}' is removed on {day}, before this hold begins.",
        "If it is still there, let the hold begin on {day} or before, and plan at once.",
    )
    WHOSE_ROLE = (
        "It must be said once whose this is.",
        "Give one of 'person', 'unit' and 'agency'.",
    )
    TWO_HEADS = (
        "There would be two heads at once, from {since}; the other is at {other}.",
        "End the earlier one with 'until: {since}'.",
    )
    TWICE_NAMED = (
        "'{person}' is named a second time for the same days; the first is at {other}.",
        "Keep one of the two: the stronger role includes the weaker.",
    )
    TWO_NAMES = (
        "{person} is '{name}' here, but '{other_name}' at {other}.",
        "One id is one person: correct the id, or write the same name in both places.",
    )
    END_WITHOUT_DAY = ("There is a decision that ends the post, but no day.", "Add 'until: …', the first day after it.")
    # The lock
    ADDRESS_TWICE = (
        "'{key}' is claimed twice; the first claim is on line {line}.",
        "An address belongs to one holder for ever: remove the newer line, then run playbooks/allocate.yml.",
    )
    ADDRESS_TAKEN = (
        "The account {address} is already {whose}, at {other}.",
        "An address belongs to one holder for ever: choose another account.",
    )
    FOREIGN_DOMAIN = (
        "'{domain}' is not a domain of this estate.",
        "Use {domains} or a domain below; or add it to 'domains' in estate.yml.",
    )
    UNSORTED = (
        "'{local}' stands after '{before}'.",
        "Keep the lines sorted, so that two changes which claim one address meet: move this line up.",
    )
    NO_HOLDER = (
        "There is no {holder} in the registry.",
        "Bring the entry back; or, if it is gone for good, mark this line 'retired': it is never deleted.",
    )
    NO_ADDRESS = (
        "{holder} has no address in the lock.",
        "Run playbooks/allocate.yml and commit what it adds to addresses/.",
    )
    NO_LATER_ADDRESS = (
        "{holder} is to have another address from {since}, and the lock has none.",
        "Run playbooks/allocate.yml and commit what it adds to addresses/.",
    )
    OTHER_DAY = (
        "The lock gives {holder} this address from {since}, but the registry says {due}.",
        "Write 'since {due}' here, or correct the day at {other}.",
    )
    NO_REASON = (
        "The lock gives {holder} this address from {since}, but nothing in the registry changes on that day.",
        "Bring the change back, or, if it was withdrawn, mark this line 'retired'.",
    )
    SAME_DAY = (
        "{holder} already gets the address {other} from the same day.",
        "Keep one of the two, and mark the other 'alias' or 'retired'.",
    )
    OTHER_ACCOUNT = (
        "The account is {account}, but the lock gives {holder} the address {address}, at {other}.",
        "Correct the account here; or mark that line 'alias' and run playbooks/allocate.yml.",
    )
    # Protected accounts and overrides
    NOTHING_TO_PROTECT = (
        "There is no person and no shared mailbox '{id}' to protect.",
        "Correct the id, or remove it here; the agencies' own mailboxes and admin accounts are protected without it.",
    )
    UNKNOWN_APPROVER = ("Nobody among the people of this file is called '{login}'.", "{hint}")
    NO_AGENCY_TO_APPROVE = ("There is no agency '{code}' whose changes could be approved.", "{hint}")
    NO_OFFICIAL_MAILBOX = (
        "'{address}' is no person's address in the lock.",
        "Write the official address of '{login}': changes are asked for from an official mailbox alone.",
    )
    KEY_TWICE = ("This key is that of '{other}' too.", "Give each a key of their own: it says who signed.")
    NO_KEY = ("'{login}' has no key, and commits are signed.", "Add 'keys', or write 'signed: false'.")
    APPROVER_GONE = (
        "'{login}' approves, and holds no post on {day} ({holder}).",
        "Name whoever took over, and remove '{login}' from this file.",
    )
    EXPIRED = (
        "This override lifts nothing since {expires}, and today is {today}.",
        "Look at the plan again. If it is still meant, write a new override, have it reviewed and merged.",
    )
    TOO_LONG = (
        "This override would hold until {expires}: {days} days after {day} are the most.",
        "Write 'expires: {latest}' or an earlier day.",
    )
    UNREVIEWED = (
        "Git does not have this override as it stands here.",
        "Commit it, have it reviewed and merged, and apply from a checkout of that.",
    )
    OTHER_PLAN = (
        "This override is for the plan {plan}, and this is {this}.",
        "Apply the plan that was reviewed. If that one is stale, have the new one reviewed.",
    )

    # Controls of the compliance report
    ONE_WAY = ("There is not one of several ways here.", "Give one of {kinds}, and one alone.")
    BAD_JINJA = ("'{source}' is no text or expression of Jinja: {fault}.", "Correct it.")

    # Accepted differences from Git
    EXCEPTION_TOO_LONG = (
        "This exception would hold until {expires}: {days} days ahead are the most.",
        "Write 'expires: {latest}' or an earlier day, and have it looked at again then.",
    )
    EXCEPTION_UNREVIEWED = (
        "Git does not have this exception as it stands here.",
        "Commit it, have it reviewed and merged; until then it accepts nothing.",
    )

    # A model regulation and what fills it
    UNKNOWN_BLANK = ("Nothing fills the blank '{blank}'.", "{hint}")
    BLANK_IN_CIRCLES = (
        "The blank '{blank}' would be filled with itself.",
        "Say it without the blank, in 'blanks' of {model}.",
    )
    NO_SUCH_LINE = (
        "This line looks like a heading, but like none that a document has.",
        "Write '# …', '## …', '### Chương I. …', '#### Điều 1. …' or '**Điều 1.** …'; or close the asterisks.",
    )
    NO_SORT = (
        "No kind of agency that {model} knows begins the name '{name}', and {place} needs it.",
        "Add the first words of the name to 'sorts' there.",
    )
    NO_PARENT = ("The agency has no 'parent', and {place} names it.", "Add 'parent: …' with the code of that agency.")
    NO_HEAD_THEN = (
        "Nobody with a post here is head of '{code}' on {day}, and {place} speaks of the head.",
        "Name the head, also for the time being; or choose another day with as_of.",
    )
    NO_HEAD_TITLE = (
        "The head's title '{title}' is none that {model} knows, and {place} needs it.",
        "Correct the title, or add it to 'heads' there.",
    )
    NO_OFFICE = (
        "No unit here does the office's work, and {place} needs one.",
        "Put the clerk (văn thư) into a unit; or add the unit's first words to 'offices' in {model}.",
    )
    NO_OFFICE_HEAD = (
        "{model} does not say what the head of '{unit}' is called, and {place} needs it.",
        "Add the unit's first words to 'heads' of 'offices' there.",
    )
    NO_UNIT_MAILBOX = (
        "'{unit}' has no mailbox, and {place} lists one for each unit.",
        "Add 'mailbox' with its head, and run playbooks/allocate.yml.",
    )

    def __init__(self, message: str, remedy: str) -> None:
        """Name the two halves."""
        self.message = message
        self.remedy = remedy

    def at(self, origin: Origin, /, **facts: object) -> Problem:
        """Return this fault as it stands at one place."""
        return Problem(origin, Phrase(self.message, facts), Phrase(self.remedy, facts))


def spoken(holder: str) -> Phrase:
    """Return `person tn01` for `person:tn01`."""
    kind, _, id_ = holder.partition(":")
    if kind == "list":
        return Phrase("list {id}", {"id": id_})
    return Phrase("person {id}", {"id": id_}) if kind == "person" else Phrase("mailbox {id}", {"id": id_})


def told(error: RegistryError, root: Path, language: str = Language.ENGLISH) -> str:
    """Tell the faults of a registry on a page: a lost agency or a whole file in an old font has hundreds alike."""
    head = Phrase("Faults in the registry {root}: {count}", {"root": root, "count": len(error.problems)})
    return "\n".join((head.told(language), *_told(error.problems, language)))


def listed(error: RegistryError, language: str = Language.ENGLISH) -> list[dict[str, str]]:
    """Return all faults as data, for modules to hand on."""
    return [
        {
            "origin": str(problem.origin),
            "message": problem.what.told(language),
            "remedy": problem.mending.told(language),
        }
        for problem in error.problems
    ]


def _told(problems: tuple[Problem, ...], language: str) -> Iterator[str]:
    cut = False
    for file, group in groupby(problems, key=lambda problem: problem.origin.file):
        found = list(group)
        yield from (problem.told(language) for problem in found[:PER_FILE])
        if len(found) > PER_FILE:
            yield Phrase("{file}: … and {count} more.", {"file": file, "count": len(found) - PER_FILE}).told(language)
            cut = True
    if cut:
        yield Phrase("Mend these first: many may have one cause. playbooks/validate.yml shows what is left.").told(
            language
        )
