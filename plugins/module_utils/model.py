"""The values that flow through the engine, in the order registry, desired state, plan.

Everything here is frozen: a value, once made, is what a reviewer saw.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from .phrase import Language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from .documents import Documents
    from .looks import Checking
    from .periods import Every
    from .phrase import Phrase


class Kind(StrEnum):
    """What a managed directory entry stands for; the prefix of its ``congvuId``."""

    AGENCY = "agency"
    UNIT = "unit"
    ADMIN = "admin"
    MAILBOX = "mailbox"
    PERSON = "person"
    LIST = "list"


class State(StrEnum):
    """Where an entry stands in its life (attribute ``congvuState``)."""

    ACTIVE = "active"
    DISABLED = "disabled"
    HELD = "held"
    PURGED = "purged"  # the mail is gone after its term; the entry stays, so that its id is never given away


class Origin(NamedTuple):
    """Where in the registry something is said: a path below the registry, a line from 1, a column from 1.

    There are more of these than of anything else, and a tuple is made and read back the fastest.
    """

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        """Render as compilers do, so that editors and terminals can jump there."""
        return f"{self.file}:{self.line}:{self.column}"


class Compact:
    """Pickles as its fields alone: what dataclasses do by themselves is six times as slow to read back."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]]

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        """Say how to make the same value again."""
        return type(self), tuple(getattr(self, name) for name in self.__match_args__)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the registry: where, what, and how to mend it."""

    origin: Origin
    what: Phrase
    mending: Phrase

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.what.told()

    @property
    def remedy(self) -> str:
        """How to mend it, in English."""
        return self.mending.told()

    def told(self, language: str) -> str:
        """Render as one line."""
        return f"{self.origin}: {self.what.told(language)} {self.mending.told(language)}"

    def __str__(self) -> str:
        """Render as one line in English."""
        return self.told(Language.ENGLISH)


class RegistryError(Exception):
    """The registry cannot be used; ``problems`` holds everything found in one run, sorted."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep all problems, in the order of files and lines."""
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.origin, problem.message, problem.remedy)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Role(StrEnum):
    """What somebody is to a shared mailbox or folder; the policy says which right (``Level``) that gives."""

    HEAD = "head"
    DEPUTY = "deputies"
    CLERK = "clerks"
    STAND_IN = "standing_in"  # a deputy in the place of a head who is away; told by the leave, not by the mailbox
    MANAGER = "managers"
    WRITER = "writers"
    READER = "readers"


MAILBOX_ROLES = (Role.HEAD, Role.DEPUTY, Role.CLERK, Role.READER)
FOLDER_ROLES = (Role.MANAGER, Role.WRITER, Role.READER)


class Circle(StrEnum):
    """Who may write to a list without being named; a value of ``congvuWriters``."""

    ANYONE = "anyone"  # the world outside too
    INSIDE = "inside"  # whoever signs in
    MEMBERS = "members"


class Audience(StrEnum):
    """Whom a letter tells that a shared mailbox has another head."""

    NOBODY = "nobody"
    UNITS = "units"  # the other mailboxes of the agency
    AGENCIES = "agencies"  # those, and the own mailboxes of all agencies


class Level(StrEnum):
    """How much of a shared mailbox is open to somebody; the suffix of a ``congvuAccess`` value."""

    MANAGER = "manager"
    CLERK = "clerk"
    READ = "read"


class Standing(StrEnum):
    """What a line of the address lock is to its holder. No line ever goes to another holder."""

    PRIMARY = "primary"  # the address that others see, from the line's day on until the next such line's
    ALIAS = "alias"  # delivered besides
    RETIRED = "retired"  # not delivered, never given away: a tombstone


class Tie(StrEnum):
    """How a post ties somebody to an agency."""

    MAIN = "main"  # where the person belongs: it decides the place in the directory and the address
    SECONDMENT = "secondment"  # sent to another agency for a while (biệt phái), on the receiving one's decision
    CONCURRENT = "concurrent"  # a second post beside the main one (kiêm nhiệm)


class Ending(StrEnum):
    """Why a post ends for good."""

    RETIREMENT = "retirement"
    RESIGNATION = "resignation"
    DISMISSAL = "dismissal"
    DEATH = "death"
    DEPARTURE = "departure"  # to a post outside the estate


class Reason(StrEnum):
    """Why somebody is away."""

    MATERNITY = "maternity"
    STUDY = "study"
    SICKNESS = "sickness"
    UNPAID = "unpaid"
    TRAVEL = "travel"  # on duty elsewhere (đi công tác): the person may do all that they may do otherwise
    OTHER = "other"


class Rail(StrEnum):
    """What keeps a plan from doing more than somebody meant; the names by which an override lifts them."""

    OWNERSHIP = "ownership"
    HOLD = "hold"
    RETENTION = "retention"
    EMPTY_SOURCE = "empty-source"
    EMPTY_AGENCY = "empty-agency"
    EMPTY_DIRECTORY = "empty-directory"
    VANISHED = "vanished"
    PROTECTED = "protected"
    WITHDRAWN = "withdrawn"
    DISABLES = "disables"
    DELETES = "deletes"
    UPDATES = "updates"
    ADDRESSES = "addresses"
    ADOPTIONS = "adoptions"
    UNSERVED = "unserved"


ABSOLUTE = frozenset({Rail.OWNERSHIP, Rail.HOLD, Rail.RETENTION})  # nothing lifts these


@dataclass(frozen=True, slots=True)
class Estate:
    """The mail estate that one registry describes; the first domain is the one that addresses get."""

    name: str
    title: str
    domains: tuple[str, ...]
    suffix: str
    time_zone: ZoneInfo
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Passwords:
    """What a password must be made of, and when a mailbox is locked."""

    length: int
    upper: int
    lower: int
    digits: int
    special: int
    change_at_first_sign_in: bool
    change_within_days: int  # until a first password that nobody changed locks its account; 0 never does
    failures: int  # wrong passwords in a row before the mailbox is locked
    locked_minutes: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One naming rule: the form of an address or a domain, and whom it is for; an empty condition is for all."""

    form: str  # e.g. `{given}{initials}{n}@{domain}`
    cite: str
    kinds: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    origin: Origin | None = field(default=None, compare=False)  # where its agencies are named

    @property
    def is_for_all(self) -> bool:
        """Say whether nothing limits the rule."""
        return not (self.kinds or self.agencies or self.titles)


EVERY_KIND = "all"  # what a policy says where it names no kinds of agency


class Told(StrEnum):
    """What the public directory tells besides the names and addresses of agencies."""

    UNITS = "units"  # the agency's units, with the addresses of their mailboxes
    TITLE = "title"  # of an official, as the two that follow
    UNIT = "unit"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class DirectorySite:
    """Which part of the directory the world may read: some agencies, and of their people the officials alone."""

    kinds: frozenset[str]  # of agency; empty is all
    roles: tuple[Role, ...]  # in the agency's own mailbox: whoever holds one is named, in this order
    unit_roles: tuple[Role, ...]  # likewise in the mailboxes of units
    titles: tuple[str, ...]  # of posts: whoever bears one is named
    told: frozenset[Told]


# What regulations ask of people, each in articles of its own, and no machine sees to it: the guides tell them.
DUTIES = (
    "exchange",  # which documents travel by mail
    "approval",  # who sees what an agency sends before it goes
    "purpose",  # official business alone
    "own_mailbox",  # nobody uses another's, nor lends the own
    "lost_password",  # who is told
    "secrets",  # never by mail
    "unclear_senders",  # whose attachments stay closed
    "malware",  # nor what spreads it, nor spam
    "formats",  # of text and attachments
    "signatures",  # under what is attached
    "archive",  # of what was received and sent
    "changes",  # of people, told and asked for
    "oversight",  # by heads, of how mail is used
    "own_rules",  # that heads issue
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody whom people turn to: ``phone`` and ``address`` may be empty where everybody knows the person."""

    name: str
    phone: str
    address: str


class Content(StrEnum):
    """What a periodic report tells."""

    USAGE = "usage"  # whether mailboxes were looked into as often as they should
    COVERAGE = "coverage"  # who of the staff has no mailbox, or never signed in
    CHANGES = "changes"  # who came, moved, left or has another name, on which decision and how soon
    PRIVATE_MAIL = "private_mail"  # letters to and from private mail services, beside all others
    STORAGE = "storage"  # what mailboxes hold, how that grows, and what the budget is to expect
    RANKING = "ranking"  # of agencies, for commendation


@dataclass(frozen=True, slots=True)
class Reports:
    """Which reports are made, and who gets them: from one shared mailbox to others."""

    sender: str  # uid
    recipients: tuple[str, ...]  # uids
    due: Mapping[Every, int]  # the day of the month after the period before which it is wanted
    contents: frozenset[Content]
    places: Mapping[str, Origin] = field(default_factory=dict, compare=False)  # where each of the mailboxes is named


@dataclass(frozen=True, slots=True)
class Policy:
    """A regulation as data. ``cites`` names the articles behind each section of ``policy.yml``, by its key."""

    regulation: str
    agency_domains: tuple[Rule, ...]  # of several rules the first that fits holds; none: the estate's first domain
    agency_addresses: tuple[Rule, ...]  # for agencies whose account the regulation does not print
    unit_addresses: tuple[Rule, ...]  # may be none, where units have no mailboxes
    list_addresses: tuple[Rule, ...]  # of agencies' lists; may be none, where every list names its account
    person_addresses: tuple[Rule, ...]
    namesakes: tuple[str, ...]  # what `{n}` becomes for the second bearer of a name and on, e.g. `{number}`
    former_days: int  # for how long an address is delivered after another took its place
    reserved: frozenset[str]  # local parts that nobody is given
    rights: Mapping[Role, Level]  # in shared mailboxes; of STAND_IN only where the regulation knows such
    folder_rights: Mapping[Role, Level]  # in shared folders; empty where there are none
    send_as: frozenset[Level]  # the levels that may write in the mailbox's name
    handover: Audience | None  # who is told of a new head; None: the regulation does not speak of it
    leave_sign_in: bool  # whether somebody on long leave may sign in
    leave_roles: bool  # whether somebody on long leave keeps the roles in shared mailboxes
    person_quota: int  # bytes
    mailbox_quota: int  # bytes
    retention_days: int  # from the first day without a post until the mail is removed
    mailbox_retention_days: int  # likewise from the first day without a shared mailbox
    passwords: Passwords
    site: DirectorySite | None  # None: nothing is published
    request_days: int | None  # working days within which a change is to be asked for; None: the regulation has no term
    cites: Mapping[str, str]
    documents: Documents | None = None  # folders for incoming documents in the agencies' own mailboxes
    contacts: tuple[Contact, ...] = ()  # who helps when something fails, in the order in which they are asked
    large_files: str = ""  # how what is too large for mail is sent instead; empty: the regulation does not say
    duties: Mapping[str, str] = field(default_factory=dict)  # the articles, by those of DUTIES that they ask for
    checking: Checking | None = None  # how often mailboxes are looked into; None: the regulation has no rule
    private_mail: frozenset[str] = frozenset()  # domains of private mail services
    usage_days: int = 0  # for how long it is known who looked into a mailbox when; 0 never
    reports: Reports | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return all naming rules."""
        return (
            *self.agency_domains,
            *self.agency_addresses,
            *self.unit_addresses,
            *self.list_addresses,
            *self.person_addresses,
        )


@dataclass(frozen=True, slots=True)
class Span(Compact):
    """The days ``since`` ≤ day < ``until``; None is without end."""

    since: date | None
    until: date | None

    def covers(self, day: date) -> bool:
        """Say whether the day is one of these."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Grant(Span):
    """Somebody's role in a shared mailbox or folder: one person's, or everybody's in a unit or an agency."""

    person: str  # a person's id, or empty
    group: str  # `agency:snv` or `unit:snv/vp`, or empty
    decision: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Version(Compact):
    """What an agency or a unit is called, and where it belongs, from the day ``since`` on; None: from the beginning."""

    since: date | None
    name: str
    decision: str
    origin: Origin
    kind: str = ""
    parent: str | None = None
    domain: str | None = None  # where its addresses lie, if the policy's rule does not say
    account: str | None = None  # the address that the regulation prints; None: the policy's rule makes one
    places: Mapping[str, Origin] = field(default_factory=dict, compare=False)  # of an agency's keys that say so


class Versioned:
    """Something that exists for some time, under names that change."""

    __slots__ = ()
    versions: tuple[Version, ...]

    def on(self, day: date) -> Version:
        """Return the version in force; before the first day the first one."""
        current = self.versions[0]
        for version in self.versions[1:]:
            if version.since is None or version.since > day:
                break
            current = version
        return current


@dataclass(frozen=True, slots=True)
class Mailbox(Span, Versioned):
    """A mailbox of several people.

    ``uid`` is the agency's code for its own, `sttt-cntt` for a unit's, and for a folder, which has no address.
    """

    uid: str
    unit: str | None
    folder: bool
    versions: tuple[Version, ...]
    roles: Mapping[Role, tuple[Grant, ...]]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Those(Span):
    """Some of those whom a list knows: a circle, one person, one mailbox, or whoever meets all conditions said.

    A condition that is empty is met by all. A ``role`` is one in the own mailbox of the agency, or in the unit's.
    """

    circle: Circle | None
    person: str
    mailbox: str
    agency: str
    kind: str  # of agency
    unit: str
    title: str
    role: Role | None
    origin: Origin
    places: Mapping[str, Origin] = field(default_factory=dict, compare=False)  # of its conditions


@dataclass(frozen=True, slots=True)
class MailingList(Span, Versioned):
    """A distribution list (danh sách thư): one address that brings letters to all its members.

    ``uid`` is `snv-tatca` for a list of the agency snv, the code alone for one of the estate.
    """

    uid: str
    code: str
    agency: str  # empty for one of the estate
    until_decision: str
    versions: tuple[Version, ...]
    members: tuple[Those, ...]
    senders: tuple[Those, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Unit(Span, Versioned):
    """A part of an agency."""

    code: str
    until_decision: str
    versions: tuple[Version, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Absence(Span):
    """A long leave, or a journey on duty; ``deputies`` stand in for a head meanwhile, one after the other."""

    reason: Reason
    decision: str
    origin: Origin
    deputies: tuple[Grant, ...] = ()


class Post(NamedTuple):
    """What a person is, and where, on some days.

    A main post without ``until`` lasts until the person's next one begins: a transfer rests on the receiving
    agency's decision alone (TTH Điều 7.b), and so needs no edit in the agency that is left. Where a name, a title
    or a unit changes, a post is told in several of these, each with what holds on its days.
    """

    since: date
    until: date | None
    person: str
    name: str
    given: str  # the given name: one word of the name or several, mostly the last
    agency: str
    unit: str | None
    title: str
    tie: Tie
    decision: str  # on which the post rests
    until_decision: str  # on which it ends, if a decision of its own ends it
    ending: Ending | None
    absences: tuple[Absence, ...]
    continues: bool  # the same post as the one before, or its continuation in the agency's successor
    origin: Origin
    successors: tuple[Grant, ...] = ()  # who may read the mail that is kept when the post has ended

    def covers(self, day: date) -> bool:
        """Say whether the post is held on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Hold(Span):
    """Days on which a mailbox's mail is not removed, whatever the term: somebody looks into a matter."""

    decision: str
    reason: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Agency(Span, Versioned):
    """An agency, as its own file tells it. ``number`` is its place in the regulation's printed list."""

    code: str
    number: int | None
    until_decision: str
    successor: str | None  # who takes over its people, letters and mail
    versions: tuple[Version, ...]
    units: Mapping[str, Unit]
    mailboxes: Mapping[str, Mailbox]  # by uid, the agency's own first; folders too
    lists: Mapping[str, MailingList]  # by uid
    posts: tuple[Post, ...]
    origin: Origin

    def place(self, key: str) -> Origin:
        """Return where something is said of it."""
        return self.versions[0].places.get(key, self.origin)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        """Pickle the posts by columns: there are thousands, and numbers and texts in a row cost a third of values."""
        fields = {name: getattr(self, name) for name in self.__match_args__ if name != "posts"}
        return _agency, (fields, _columns(self.posts))


def _agency(fields: dict[str, Any], columns: dict[str, tuple[Any, ...]]) -> Agency:
    return Agency(**fields, posts=_posts(**columns) if columns else ())


def _columns(posts: tuple[Post, ...]) -> dict[str, tuple[Any, ...]]:
    columns: dict[str, tuple[Any, ...]] = dict(zip(Post._fields, zip(*posts, strict=True), strict=False))
    for name in _DAYS if posts else ():
        columns[name] = tuple(day and day.toordinal() for day in columns[name])
    return {**columns, "origin": tuple(zip(*columns["origin"], strict=True))} if posts else {}


def _posts(**columns: tuple[Any, ...]) -> tuple[Post, ...]:
    for name in _DAYS:
        columns[name] = tuple(day and date.fromordinal(day) for day in columns[name])
    columns["origin"] = tuple(map(Origin, *columns["origin"]))
    return tuple(map(Post, *(columns[name] for name in Post._fields)))


_DAYS = ("since", "until")  # what a post has of them


class Address(NamedTuple):
    """One line of the lock: an address, and the one registry object that holds or ever held it.

    ``starts`` are the days from which it is the primary one (None: from the beginning), or is an alias.
    """

    address: str
    holder: str  # `person:tth00123`, `mailbox:snv` or `list:snv-tatca`
    standing: Standing
    starts: tuple[date | None, ...]
    until: date | None  # for an alias
    origin: Origin


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A day on which agencies work, or do not, other than the Labour Code has it."""

    works: bool
    decision: str


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who changes the registry or approves changes, by an official mailbox and SSH public keys."""

    login: str  # at the Git server
    address: str
    keys: tuple[str, ...]  # each its kind and its body, without a comment
    origin: Origin


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who may change what. Whoever is of the ``province`` may change everything."""

    people: Mapping[str, Approver]  # by login
    province: Mapping[str, Origin]  # logins, and where each is named
    agencies: Mapping[str, Mapping[str, Origin]]  # the same by the agency's code
    places: Mapping[str, Origin]  # where each of these codes stands
    signed: bool = True
    second_person: bool = True  # who merges is not who wrote
    forge: tuple[str, ...] = ()  # keys of merges that the Git server's own rules have approved


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything that the files say, checked. ``persons`` holds each person's posts, one after the other."""

    estate: Estate
    policy: Policy
    agencies: Mapping[str, Agency]  # by code
    persons: Mapping[str, tuple[Post, ...]]  # main posts by id, sorted, no two on one day
    seconds: Mapping[str, tuple[Post, ...]]  # secondments and concurrent posts by id
    addresses: Mapping[str, tuple[Address, ...]]  # by holder, the primary one first
    holds: Mapping[str, tuple[Hold, ...]] = field(default_factory=dict)  # by the uid of a person or a mailbox, sorted
    protected: Mapping[str, str] = field(default_factory=dict)  # by uid: why it is not to be touched lightly
    lists: Mapping[str, MailingList] = field(default_factory=dict)  # the estate's own, by uid
    calendar: Mapping[date, Exceptional] = field(default_factory=dict)
    approvers: Approvers | None = None

    @property
    def all_lists(self) -> tuple[MailingList, ...]:
        """Return the estate's own lists, then those of the agencies."""
        return (*self.lists.values(), *(each for agency in self.agencies.values() for each in agency.lists.values()))


class Entry(NamedTuple):
    """One directory entry as the registry wants it.

    ``dn`` is absolute and in the directory's own spelling. ``attributes`` holds exactly what the registry
    owns, object classes included, each value a string, values sorted, never ``userPassword``: an attribute
    that is absent here but in ``owned`` of its kind is to be empty, any other is left alone.
    """

    id: str  # `person:tth00123`, the value of congvuId
    kind: Kind
    dn: str
    attributes: Mapping[str, tuple[str, ...]]
    state: State
    origin: Origin
    reason: str  # the decision, as the registry cites it; empty if none
    needs_password: bool = False  # an initial password is set when the entry is created


@dataclass(frozen=True, slots=True)
class Desired:
    """The directory below ``ou=agencies`` as the registry wants it on the civil day ``as_of``.

    ``next_change`` is the first later day on which the same registry compiles to something else, or None.
    """

    estate: str
    suffix: str
    as_of: date
    commit: str  # the registry's Git commit, "" outside Git, with "+dirty" where files differ from it
    entries: Mapping[str, Entry] = field(default_factory=dict)  # by id, parents before children
    next_change: date | None = None
    protected: Mapping[str, str] = field(default_factory=dict)  # ids not to be touched lightly, and why
    held: Mapping[str, str] = field(default_factory=dict)  # ids under legal hold on the day, and by which decision


# The name as people type it when they search, without any mark: a variant of `cn` by language (RFC 3866), private to us
# (RFC 5646, section 2.2.7). Whoever searches `cn` finds it; whoever shows `cn` does not show it.
FOLDED = "cn;lang-vi-x-ascii"

# What the engine owns on each kind of entry, and so may clear. Everything else belongs to the person, to
# the server or to another system, and is neither compared nor written.
OWNED: Mapping[Kind, frozenset[str]] = {
    Kind.AGENCY: frozenset(
        {"objectClass", "ou", "description", "congvuEstate", "congvuId", "congvuState", "congvuDecision"}
    ),
    Kind.UNIT: frozenset(
        {"objectClass", "ou", "description", "congvuEstate", "congvuId", "congvuState", "congvuDecision"}
    ),
    Kind.ADMIN: frozenset(
        {"objectClass", "cn", "description", "congvuEstate", "congvuId", "congvuState", "congvuDecision"}
    ),
    Kind.MAILBOX: frozenset(
        {
            "objectClass",
            "uid",
            "cn",
            FOLDED,
            "displayName",
            "mail",
            "mailLocalAddress",
            "congvuEstate",
            "congvuId",
            "congvuState",
            "congvuDecision",
            "congvuRetainUntil",
            "congvuQuota",
            "congvuList",
        }
    ),
    Kind.PERSON: frozenset(
        {
            "objectClass",
            "uid",
            "employeeNumber",
            "cn",
            FOLDED,
            "sn",
            "givenName",
            "displayName",
            "title",
            "ou",
            "mail",
            "mailLocalAddress",
            "congvuEstate",
            "congvuId",
            "congvuState",
            "congvuDecision",
            "congvuRetainUntil",
            "congvuQuota",
            "congvuAccess",
            "congvuSendAs",
            "congvuList",
            "congvuListWriter",
        }
    ),
    Kind.LIST: frozenset(
        {
            "objectClass",
            "cn",
            "displayName",
            "mail",
            "mailLocalAddress",
            "memberURL",
            "congvuEstate",
            "congvuId",
            "congvuState",
            "congvuDecision",
            "congvuWriters",
        }
    ),
}
