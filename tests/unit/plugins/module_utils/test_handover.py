"""Addresses change hands: in one apply, whatever the circle, nothing refused, and no letter without a place to go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import dn as names
from ansible_collections.congvu.mail.plugins.module_utils.apply import BrokenOffError, Result, Verdict, apply, rehearse
from ansible_collections.congvu.mail.plugins.module_utils.directory import (
    Fate,
    Modify,
    Outcome,
    UnreachableError,
    Write,
)
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
from ansible_collections.congvu.mail.plugins.module_utils.lease import Lease, read_control
from ansible_collections.congvu.mail.plugins.module_utils.model import Entry, State
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import agency, desired, entry, person
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, CONTROL, MemoryDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


class Watched(MemoryDirectory):
    """A directory that looks, after every single write, for addresses whose letters would be refused."""

    def __init__(self) -> None:
        """Watch nothing at first."""
        super().__init__()
        self.lasting: frozenset[str] = frozenset()  # addresses that somebody has before and after
        self.refused: list[Write] = []

    def _write(self, write: Write) -> Outcome:
        outcome = super()._write(write)
        if outcome.fate is Fate.REFUSED:
            self.refused.append(write)
        assert self.lasting <= self.delivered | read_control(self, CONTROL).under_way, write
        return outcome

    @property
    def delivered(self) -> set[str]:
        """Give the addresses whose letters have a mailbox to go to: one that has a primary address."""
        return {
            value
            for record in self.records.values()
            if record.attributes.get("mail")
            for name in ("mail", "mailLocalAddress")
            for value in record.attributes.get(name, ())
        }


@pytest.fixture
def carry_out(tmp_path: Path) -> Callable[[Plan, MemoryDirectory], Result]:
    """Give an apply whose every run has a later clock than the last one's lease."""
    clock = iter(NOW + timedelta(hours=hours) for hours in range(100_000))

    def run(plan: Plan, directory: MemoryDirectory) -> Result:
        now = next(clock)
        lease = Lease(directory, CONTROL, "chay:thu:0", lambda: now)
        with Journal(tmp_path, plan.id, lambda: now) as journal:
            return apply(plan, directory, lease, journal, lambda id_: id_.encode())

    return run


def planned(directory: MemoryDirectory, entries: Sequence[Entry]) -> Plan:
    """Plan for these entries."""
    return make_plan(desired(*entries), directory.read_tree(BASE, ATTRIBUTES), read_control(directory, CONTROL).applied)


def holding(uid: str, *addresses: str, place: str = "ou=snv", state: State = State.ACTIVE) -> Entry:
    """Make a person with these addresses, the first of which is the primary one."""
    full = [f"{address}@tinh.gov.vn" for address in addresses]
    return person(uid, place, state, mail=tuple(full[:1]), mailLocalAddress=tuple(sorted(full)))


def addresses(entries: Sequence[Entry]) -> frozenset[str]:
    """Give all addresses of these entries."""
    return frozenset(address for one in entries for address in one.attributes.get("mailLocalAddress", ()))


def changed(
    carry_out: Callable[[Plan, MemoryDirectory], Result], before: Sequence[Entry], after: Sequence[Entry]
) -> Watched:
    """Bring a directory from one registry to another, in one apply."""
    directory = Watched()
    assert carry_out(planned(directory, before), directory).complete
    directory.lasting = addresses(before) & addresses(after)
    directory.log.clear()
    assert carry_out(planned(directory, after), directory).complete
    assert directory.refused == []
    assert planned(directory, after).changes == ()
    assert read_control(directory, CONTROL).under_way == frozenset()
    return directory


A, B = agency("snv"), agency("stc")
CHANGES: dict[str, tuple[list[Entry], list[Entry]]] = {
    "two exchange their addresses": (
        [A, holding("a", "x"), holding("b", "y")],
        [A, holding("a", "y"), holding("b", "x")],
    ),
    "three pass theirs on in a circle": (
        [A, holding("a", "x"), holding("b", "y"), holding("c", "z")],
        [A, holding("a", "y"), holding("b", "z"), holding("c", "x")],
    ),
    "a chain ends in an address that is free": (
        [A, holding("a", "x"), holding("b", "y"), holding("c", "z")],
        [A, holding("a", "y"), holding("b", "z"), holding("c", "moi")],
    ),
    "an alias becomes another's primary address": (
        [A, holding("a", "x", "x2"), holding("b", "y")],
        [A, holding("a", "x"), holding("b", "x2", "y")],
    ),
    "a newcomer takes it": (
        [A, holding("a", "x", "x2")],
        [A, holding("a", "x2"), holding("b", "x")],
    ),
    "from one who is disabled": (
        [A, holding("a", "x"), holding("b", "y")],
        [A, holding("a", state=State.DISABLED), holding("b", "x", "y")],
    ),
    "from one who is renamed and keeps another": (
        [A, holding("a", "x"), holding("b", "y")],
        [A, holding("a", "moi"), holding("b", "y", "x")],
    ),
    "between two who change places as well": (
        [A, B, holding("a", "x"), holding("b", "y", place="ou=stc")],
        [A, B, holding("a", "y", place="ou=stc"), holding("b", "x")],
    ),
    "from one who moves and is disabled to one whose agency gets another code": (
        [A, B, holding("a", "x"), holding("b", "y", place="ou=stc")],
        [
            A,
            entry("agency:stc", "ou=sotc"),
            holding("a", place="ou=sotc", state=State.HELD),
            holding("b", "x", "y", place="ou=sotc"),
        ],
    ),
    "from a merged agency's mailbox to its heir's": (
        [
            A,
            B,
            entry("mailbox:snv", "uid=snv,ou=snv", mail="snv@a.vn", mailLocalAddress="snv@a.vn"),
            entry("mailbox:stc", "uid=stc,ou=stc", mail="stc@a.vn", mailLocalAddress=("cu@a.vn", "stc@a.vn")),
        ],
        [
            A,
            B,
            entry(
                "mailbox:snv",
                "uid=snv,ou=snv",
                mail="snv@a.vn",
                mailLocalAddress=("cu@a.vn", "snv@a.vn", "stc@a.vn"),
            ),
            entry("mailbox:stc", "uid=stc,ou=stc", congvuState="held")._replace(state=State.HELD),
        ],
    ),
}


@pytest.mark.parametrize(("before", "after"), CHANGES.values(), ids=CHANGES)
def test_addresses_change_hands_in_one_apply(
    carry_out: Callable[[Plan, MemoryDirectory], Result], before: list[Entry], after: list[Entry]
) -> None:
    changed(carry_out, before, after)


def test_what_is_under_way_costs_no_write_of_its_own(carry_out: Callable[[Plan, MemoryDirectory], Result]) -> None:
    names_ = [f"n{number}" for number in range(40)]
    before = [A, *(holding(f"p{number}", name) for number, name in enumerate(names_))]
    after = [A, *(holding(f"p{number}", name) for number, name in enumerate([*names_[1:], names_[0]]))]
    directory = changed(carry_out, before, after)
    assert len([write for write in directory.log if names.key(write.dn) == names.key(CONTROL)]) == 2
    assert len(directory.log) == 2 + 2 * 40


def test_what_was_given_up_for_good_is_not_under_way(carry_out: Callable[[Plan, MemoryDirectory], Result]) -> None:
    directory = Watched()
    carry_out(planned(directory, [A, holding("a", "x", "x2"), holding("b", "y", "y2")]), directory)
    directory.log.clear()
    carry_out(planned(directory, [A, holding("a", "x2"), holding("b", "y", "x")]), directory)
    said = [
        write.attributes.get("congvuTransit")
        for write in directory.log
        if isinstance(write, Modify) and names.key(write.dn) == names.key(CONTROL)
    ]
    assert said == [("x@tinh.gov.vn",), ()]


@pytest.fixture
def exchange(carry_out: Callable[[Plan, MemoryDirectory], Result]) -> tuple[MemoryDirectory, Plan]:
    """Give a directory of two people, and the plan by which they exchange addresses and one of them moves."""
    directory = MemoryDirectory()
    carry_out(planned(directory, [A, B, holding("a", "x"), holding("b", "y")]), directory)
    return directory, planned(directory, [A, B, holding("a", "y", place="ou=stc"), holding("b", "x")])


class Meddled(MemoryDirectory):
    """The same entries, and something that happens right before the n-th write."""

    def __init__(self, directory: MemoryDirectory, moment: int, happens: Callable[[MemoryDirectory], None]) -> None:
        """Take the entries over."""
        super().__init__()
        self.records = dict(directory.records)
        self._clock = directory._clock  # noqa: SLF001 - its own kind
        self.happens = happens
        self.moment = moment

    def _write(self, write: Write) -> Outcome:
        self.moment -= 1
        if self.moment == 0:
            self.happens(self)
        return super()._write(write)


def signed_in(directory: MemoryDirectory) -> None:
    """Let both sign in, wherever their entries are."""
    for record in list(directory.records.values()):
        if record.dn.startswith("uid="):
            directory.sign_in(record.dn)


@pytest.mark.parametrize("moment", range(2, 8))
def test_a_sign_in_between_the_halves_stops_nothing(
    carry_out: Callable[[Plan, MemoryDirectory], Result], exchange: tuple[MemoryDirectory, Plan], moment: int
) -> None:
    directory, plan = exchange
    meddled = Meddled(directory, moment, signed_in)
    assert carry_out(plan, meddled).complete
    assert meddled.moment < 1, "it did not happen"


def test_what_gave_up_its_address_and_became_stale_says_so_and_the_next_plan_mends_it(
    carry_out: Callable[[Plan, MemoryDirectory], Result], exchange: tuple[MemoryDirectory, Plan]
) -> None:
    directory, plan = exchange
    by_hand = f"uid=b,ou=snv,{BASE}"
    # Right after the lease and the two first halves.
    meddled = Meddled(directory, 4, lambda mine: mine.touch(by_hand, mail="tay@tinh.gov.vn"))
    result = carry_out(plan, meddled)
    (stale,) = [answer for answer in result.answers if answer.verdict is not Verdict.APPLIED]
    assert (stale.change.id, stale.verdict) == ("person:b", Verdict.STALE)
    assert stale.message.endswith("It has given up y@tinh.gov.vn, and that stands; the next plan holds the rest.")
    assert read_control(meddled, CONTROL).under_way == {"x@tinh.gov.vn"}, "nobody has it yet"
    wanted = [A, B, holding("a", "y", place="ou=stc"), holding("b", "x")]
    assert carry_out(planned(meddled, wanted), meddled).complete
    assert planned(meddled, wanted).changes == ()
    assert read_control(meddled, CONTROL).under_way == frozenset()


def test_what_builds_on_an_address_that_was_not_given_up_is_skipped_and_says_why(
    carry_out: Callable[[Plan, MemoryDirectory], Result], exchange: tuple[MemoryDirectory, Plan]
) -> None:
    directory, plan = exchange
    directory.touch(f"uid=a,ou=snv,{BASE}", mail="tay@tinh.gov.vn")
    answers = [(answer.change.id, answer.verdict, answer.message) for answer in carry_out(plan, directory).answers]
    assert [(id_, verdict) for id_, verdict, _ in answers] == [
        ("person:a", Verdict.STALE),
        ("person:b", Verdict.APPLIED),
        ("person:b", Verdict.SKIPPED),
        ("person:a", Verdict.SKIPPED),
    ]
    assert answers[2][2].startswith("x@tinh.gov.vn was not given up by the entry that has it. It has given up y@")
    assert answers[3][2] == "It builds on giving up addresses first, which was not done."
    assert read_control(directory, CONTROL).under_way == {"x@tinh.gov.vn", "y@tinh.gov.vn"}


def test_a_rehearsal_tries_the_giving_up_and_not_what_builds_on_it(exchange: tuple[MemoryDirectory, Plan]) -> None:
    directory, plan = exchange
    before = dict(directory.records)
    verdicts = [(answer.change.id, answer.verdict) for answer in rehearse(plan, directory, b"").answers]
    assert verdicts == [
        ("person:a", Verdict.APPLIED),
        ("person:b", Verdict.APPLIED),
        ("person:b", Verdict.SKIPPED),
        ("person:a", Verdict.SKIPPED),
    ]
    assert directory.records == before


# --- Whatever addresses whoever has before and after, and wherever the apply is killed

PEOPLE = "abcde"
NAMES = tuple("uvwxyz")
HANDS = st.lists(st.sampled_from(["", *PEOPLE]), min_size=len(NAMES), max_size=len(NAMES))


@st.composite
def registries(draw: st.DrawFn, *, everybody: bool) -> tuple[Entry, ...]:
    """Draw who has which of the addresses, which is the primary one, and where everybody is in what state.

    Nobody is forgotten later: an address is never taken from who is.
    """
    hands = draw(HANDS)
    code = draw(st.sampled_from(["snv", "sonv"]))
    entries = [entry("agency:snv", f"ou={code}"), agency("stc")]
    for uid in PEOPLE:
        own = draw(st.permutations([name for name, hand in zip(NAMES, hands, strict=True) if hand == uid]))
        place = draw(st.sampled_from([f"ou={code}", "ou=stc"]))
        state = draw(st.sampled_from(list(State)))
        present = draw(st.booleans())
        if own or present or everybody:
            entries.append(holding(uid, *own, place=place, state=state))
    return tuple(entries)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=registries(everybody=False), after=registries(everybody=True))
def test_any_exchange_is_carried_out_in_one_apply_and_no_write_is_refused(
    carry_out: Callable[[Plan, MemoryDirectory], Result], before: tuple[Entry, ...], after: tuple[Entry, ...]
) -> None:
    changed(carry_out, before, after)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=registries(everybody=False), after=registries(everybody=True), lives=st.integers(0, 30))
def test_wherever_an_exchange_is_killed_letters_wait_and_the_next_apply_ends_it(
    carry_out: Callable[[Plan, MemoryDirectory], Result],
    before: tuple[Entry, ...],
    after: tuple[Entry, ...],
    lives: int,
) -> None:
    directory = Watched()
    assert carry_out(planned(directory, before), directory).complete
    directory.lasting, directory.lives = addresses(before) & addresses(after), lives
    try:
        carry_out(planned(directory, after), directory)
    except (BrokenOffError, UnreachableError):
        directory.lives = -1
        assert carry_out(planned(directory, after), directory).complete
        assert read_control(directory, CONTROL).under_way == frozenset()
    assert directory.refused == []
    assert planned(directory, after).changes == ()
