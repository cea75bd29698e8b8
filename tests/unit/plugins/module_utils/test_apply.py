"""Apply does what the plan says, survives being killed, and reports what it could not do."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import dn as names
from ansible_collections.congvu.mail.plugins.module_utils.apply import (
    SLICE,
    BrokenOffError,
    Result,
    Verdict,
    apply,
    rehearse,
    slices,
)
from ansible_collections.congvu.mail.plugins.module_utils.directory import (
    Add,
    Fate,
    Modify,
    Outcome,
    Record,
    Rename,
    UnreachableError,
    Write,
)
from ansible_collections.congvu.mail.plugins.module_utils.journal import Journal
from ansible_collections.congvu.mail.plugins.module_utils.lease import Lease, LeaseError, read_control
from ansible_collections.congvu.mail.plugins.module_utils.model import Entry, State
from ansible_collections.congvu.mail.plugins.module_utils.observe import observe
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, Terms, make_plan
from ansible_collections.congvu.mail.plugins.module_utils.trace import Trace
from ansible_collections.congvu.mail.plugins.module_utils.trace import read as read_trace
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import (
    DUE,
    agency,
    desired,
    entry,
    person,
    small,
    unit,
)
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, CONTROL, MemoryDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def planned(directory: MemoryDirectory, *entries: Entry) -> Plan:
    """Plan for these entries."""
    applied = read_control(directory, CONTROL).applied
    return make_plan(desired(*entries), directory.read_tree(BASE, ATTRIBUTES), applied)


def issue(id_: str) -> bytes:
    """Stand in for the vault."""
    return f"{{ARGON2}}{id_}".encode()


@pytest.fixture
def carry_out(tmp_path: Path) -> Callable[..., Result]:
    """Give an apply whose every run has a later clock than the last one's lease."""
    clock = iter(NOW + timedelta(hours=hours) for hours in range(10_000))

    def run(plan: Plan, directory: MemoryDirectory) -> Result:
        now = next(clock)
        lease = Lease(directory, CONTROL, "chay:thu:0", lambda: now)
        with Journal(tmp_path, plan.id, lambda: now) as journal:
            return apply(plan, directory, lease, journal, issue)

    return run


def test_whoever_waits_hears_how_far_it_is(tmp_path: Path) -> None:
    directory, heard = MemoryDirectory(), list[int]()
    many = (agency("snv"), *(person(f"p{number}", "ou=snv") for number in range(2 * SLICE)))
    plan = planned(directory, *many)
    lease = Lease(directory, CONTROL, "chay:thu:0", lambda: NOW)
    with Journal(tmp_path, plan.id, lambda: NOW) as journal:
        apply(plan, directory, lease, journal, issue, advance=heard.append)
    assert heard == [1, 1 + SLICE, 1 + 2 * SLICE]


class Counting(MemoryDirectory):
    """Counts how often the whole tree is read."""

    trees = 0

    def read_tree(self, base: str, attributes: Collection[str]) -> list[Record]:
        """Read a subtree."""
        self.trees += 1
        return super().read_tree(base, attributes)


def test_a_small_plan_is_verified_without_a_look_at_everybody(carry_out: Callable[..., Result]) -> None:
    directory = Counting()
    many = (agency("snv"), *(person(f"p{number}", "ou=snv") for number in range(40)))
    carry_out(planned(directory, *many), directory)
    assert directory.trees == 2, "planned on all, and all of it verified"
    plan = planned(directory, *many, person("p40", "ou=snv"))
    assert carry_out(plan, directory).complete
    assert directory.trees == 3
    remembered = read_control(directory, CONTROL).applied
    everything = directory.read_tree(BASE, ATTRIBUTES)
    assert remembered is not None
    assert (remembered.entries, remembered.csn) == (42, max(record.csn for record in everything))


def test_a_small_plan_that_did_not_take_is_noticed(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    many = (agency("snv"), *(person(f"p{number}", "ou=snv") for number in range(40)))
    carry_out(planned(directory, *many), directory)
    plan = planned(directory, *many[:-1], person("p39", "ou=snv", title="Trưởng phòng"), person("p40", "ou=snv"))
    write = directory.write

    def forget(batch: Sequence[Write]) -> list[Outcome]:
        outcomes = write(batch)
        for one in batch:
            if one.dn != CONTROL:
                directory.records.pop(names.key(one.dn))
        return outcomes

    directory.write = forget  # type: ignore[method-assign]
    result = carry_out(plan, directory)
    assert set(result.unverified) == {"person:p39", "person:p40"}
    assert not result.complete


def test_every_write_of_an_apply_says_on_whose_behalf_it_is_made(tmp_path: Path) -> None:
    directory = MemoryDirectory()
    steps = (
        small(),
        (*small(), person("p9", "ou=stc")),
        (person("p9", "ou=snv", title="Trưởng phòng"), *small()),  # a move, and what changes with it
        (person("p9", "ou=snv", State.HELD), *small()),
        tuple(one for one in small() if one.id != "unit:snv/tccb" and "ou=tccb" not in one.dn),
    )
    for wanted in steps:
        plan, seen = planned(directory, *wanted), len(directory.log)
        lease = Lease(directory, CONTROL, "chay:thu:0", lambda: NOW)
        with Journal(tmp_path, plan.id, lambda: NOW + timedelta(seconds=len(directory.log))) as journal:
            assert apply(plan, directory, lease, journal, issue, by="lan@ctl1").complete
        assert f'"by": "lan@ctl1", "changes": {len(plan.changes)}' in journal.path.read_text(encoding="utf-8")
        written = [write for write in directory.log[seen:] if write.dn != CONTROL]
        traces = [read_trace(write.trace) for write in written]
        assert {trace.change for trace in traces if trace} == {change.id for change in plan.changes}
        assert {replace(trace, change="", decision="") if trace else None for trace in traces} == {
            Trace(plan.id[:12], plan.commit, "lan@ctl1")
        }


def in_use(directory: MemoryDirectory) -> None:
    """Let an entry that is not ours show attributes of people, so that a rehearsal is not the first to write them."""
    directory.put(f"uid=cu,{BASE}", uid="cu", title="Văn thư", mailLocalAddress="cu@tinh.gov.vn")


def test_a_rehearsal_says_what_the_server_would_and_writes_nothing(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    in_use(directory)
    carry_out(planned(directory, *small()), directory)
    shared = "x@tinh.gov.vn"
    wanted = (
        *small(1),
        agency("sxd"),
        person("p1", "ou=tccb,ou=snv", title="Trưởng phòng"),
        person("p2", "ou=stc", mailLocalAddress=shared),
        person("q1", "ou=stc"),
        person("q2", "ou=sxd"),
    )
    plan = planned(directory, *wanted)
    before, log = dict(directory.records), list(directory.log)
    result = rehearse(plan, directory, b"{ARGON2}x")
    assert (directory.records, directory.log) == (before, log)
    assert result.counts == {"applied": len(plan.changes) - 1, "stale": 0, "failed": 0, "skipped": 1}
    (waiting,) = [answer.change.id for answer in result.answers if answer.verdict is Verdict.SKIPPED]
    assert waiting == "person:q2", "its agency is to be made first"
    directory.sign_in(f"uid=p1,ou=tccb,ou=snv,{BASE}")
    assert rehearse(plan, directory, b"").counts["stale"] == 0, "a sign-in is not in the way"
    directory.touch(f"uid=p1,ou=tccb,ou=snv,{BASE}", title="đổi tay")
    directory.put(f"uid=q1,ou=stc,{BASE}", uid="q1")
    assert rehearse(plan, directory, b"").counts["stale"] == 2


def test_a_rehearsal_tries_nothing_that_would_be_the_first_to_write_an_attribute(
    carry_out: Callable[..., Result],
) -> None:
    directory = MemoryDirectory()
    empty = planned(directory, *small())
    assert rehearse(empty, directory, b"").counts == {"applied": 0, "stale": 0, "failed": 0, "skipped": 9}
    carry_out(empty, directory)
    titled = person("p1", "ou=tccb,ou=snv", title="Trưởng phòng")
    plan = planned(directory, *(titled if one.id == titled.id else one for one in small()), person("p9", "ou=stc"))
    answers = {answer.change.id: answer for answer in rehearse(plan, directory, b"").answers}
    assert {id_: answer.verdict for id_, answer in answers.items()} == {
        "person:p1": Verdict.SKIPPED,
        "person:p9": Verdict.APPLIED,
    }
    assert answers["person:p1"].message.startswith("It would be the first to write some attribute")
    carry_out(plan, directory)
    other = person("p2", "ou=stc", title="Chuyên viên")
    wanted = (*small(), titled, person("p9", "ou=stc"), other)
    again = planned(directory, *{one.id: one for one in wanted}.values())
    assert rehearse(again, directory, b"").counts == {"applied": 1, "stale": 0, "failed": 0, "skipped": 0}


def test_a_part_that_is_applied_is_not_remembered_as_the_state_of_the_whole(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    carry_out(planned(directory, *small()), directory)
    remembered = read_control(directory, CONTROL).applied
    wanted = desired(*small(), person("p9", "ou=stc"))
    part = make_plan(wanted, observe(directory, wanted, Terms(("stc",))), remembered, Terms(("stc",)))
    assert carry_out(part, directory).counts == {"applied": 1, "stale": 0, "failed": 0, "skipped": 0}
    assert read_control(directory, CONTROL).applied == remembered
    assert remembered
    carry_out(planned(directory, *small(), person("p9", "ou=stc"), person("p10", "ou=stc")), directory)
    assert read_control(directory, CONTROL).applied != remembered


def test_whose_mail_is_purged_never_signs_in_again(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    carry_out(planned(directory, agency("snv"), person("a", "ou=snv")), directory)
    place = f"uid=a,ou=snv,{BASE}"
    assert "userPassword" in directory.records[place].attributes
    closed = person("a", "ou=snv", State.DISABLED, congvuRetainUntil=DUE)
    carry_out(planned(directory, agency("snv"), closed), directory)
    assert "userPassword" in directory.records[place].attributes
    result = carry_out(planned(directory, agency("snv"), person("a", "ou=snv", State.PURGED)), directory)
    assert result.complete
    assert directory.records[place].attributes["congvuState"] == ("purged",)
    assert "userPassword" not in directory.records[place].attributes


@pytest.mark.parametrize("place", ["ou=snv", "ou=stc"])
def test_who_comes_back_after_the_purge_gets_a_password(carry_out: Callable[..., Result], place: str) -> None:
    directory, agencies = MemoryDirectory(), (agency("snv"), agency("stc"))
    carry_out(planned(directory, *agencies, person("a", "ou=snv", State.PURGED)), directory)
    assert "userPassword" not in directory.records[f"uid=a,ou=snv,{BASE}"].attributes
    plan = planned(directory, *agencies, person("a", place))
    assert rehearse(plan, directory, b"").counts["skipped"] == 1, "nobody was given a password before"
    assert carry_out(plan, directory).complete
    assert directory.records[f"uid=a,{place},{BASE}"].attributes["userPassword"] == ("{ARGON2}person:a",)
    assert planned(directory, *agencies, person("a", place)).changes == ()


def test_a_rehearsal_issues_no_password_where_nobody_was_ever_given_one(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    carry_out(planned(directory, *small()), directory)
    for key, record in directory.records.items():
        bare = {name: values for name, values in record.attributes.items() if name != "pwdChangedTime"}
        directory.records[key] = record._replace(attributes=bare)
    plan = planned(directory, *small(), person("p9", "ou=stc"))
    assert rehearse(plan, directory, b"").counts == {"applied": 0, "stale": 0, "failed": 0, "skipped": 1}


def test_a_rehearsal_waits_for_an_address_that_another_gives_up(carry_out: Callable[..., Result]) -> None:
    directory, ours = MemoryDirectory(), "x@tinh.gov.vn"
    giver, taker = person("a", "ou=snv", mailLocalAddress=ours), person("b", "ou=snv")
    carry_out(planned(directory, agency("snv"), giver, taker), directory)
    plan = planned(directory, agency("snv"), person("a", "ou=snv"), person("b", "ou=snv", mailLocalAddress=ours))
    verdicts = {answer.change.id: answer.verdict for answer in rehearse(plan, directory, b"").answers}
    assert verdicts == {"person:a": Verdict.APPLIED, "person:b": Verdict.SKIPPED}


def test_a_move_is_rehearsed_where_the_entry_stands(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    in_use(directory)
    carry_out(planned(directory, *small()), directory)
    moved = person("p0", "ou=stc", title="Chánh Văn phòng")
    plan = planned(directory, *(moved if one.id == moved.id else one for one in small()))
    assert rehearse(plan, directory, b"").counts == {"applied": 1, "stale": 0, "failed": 0, "skipped": 0}


def test_everything_is_written_and_a_second_plan_finds_nothing(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    result = carry_out(planned(directory, *small()), directory)
    assert result.complete
    assert result.counts == {"applied": 9, "stale": 0, "failed": 0, "skipped": 0}
    assert planned(directory, *small()).changes == ()


def test_a_disk_that_is_full_breaks_it_off(tmp_path: Path) -> None:
    def full(_: str) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device", "/mat-khau/p0")

    directory = MemoryDirectory()
    plan, lease = planned(directory, *small()), Lease(directory, CONTROL, "chay:thu:0", lambda: NOW)
    words = "/mat-khau/p0: No space left.*What was written until then stays"
    with Journal(tmp_path, plan.id, lambda: NOW) as journal, pytest.raises(BrokenOffError, match=words):
        apply(plan, directory, lease, journal, full)


class Unable(MemoryDirectory):
    """A directory that has no room for people any more."""

    def _write(self, write: Write) -> Outcome:
        if "uid=" in write.dn:
            return Outcome(Fate.UNABLE, message="The directory could not: other (80), index generation failed.")
        return super()._write(write)


def test_a_directory_that_can_write_nothing_more_is_not_asked_again_and_again(tmp_path: Path) -> None:
    directory = Unable()
    plan = planned(directory, agency("snv"), *(person(f"p{number}", "ou=snv") for number in range(2 * SLICE)))
    lease = Lease(directory, CONTROL, "chay:thu:0", lambda: NOW)
    words = r"could not: other \(80\), index.* Its disk or its database is full.* make a new plan for the rest"
    with Journal(tmp_path, plan.id, lambda: NOW) as journal, pytest.raises(BrokenOffError, match=words):
        apply(plan, directory, lease, journal, lambda _: b"")
    assert journal.path.read_text(encoding="utf-8").count('"failed"') == SLICE


@pytest.mark.parametrize(("nth", "stops"), [(2, True), (3, False), (50, False)])
def test_a_directory_that_takes_one_here_and_there_is_not_asked_on(nth: int, stops: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a table's column
    class Narrow(MemoryDirectory):
        def _write(self, write: Write) -> Outcome:
            if "uid=" in write.dn and int(write.dn.partition("uid=p")[2][:3]) % nth == 0:
                return Outcome(Fate.UNABLE, message="The directory could not: other (80).")
            return super()._write(write)

    directory = Narrow()
    plan = planned(directory, agency("snv"), *(person(f"p{number:03}", "ou=snv") for number in range(SLICE + 20)))
    lease = Lease(directory, CONTROL, "chay:thu:0", lambda: NOW)
    with Journal(tmp_path, plan.id, lambda: NOW) as journal:
        if stops:
            with pytest.raises(BrokenOffError, match="Its disk or its database is full"):
                apply(plan, directory, lease, journal, lambda _: b"")
        else:
            assert apply(plan, directory, lease, journal, lambda _: b"").counts["failed"] == -(-(SLICE + 20) // nth)


def test_one_entry_that_the_directory_cannot_write_stops_no_other(carry_out: Callable[..., Result]) -> None:
    result = carry_out(planned(Unable(), agency("snv"), person("a", "ou=snv")), Unable())
    assert result.counts["failed"] == 1


def test_a_directory_that_is_gone_in_the_end_is_told_as_an_apply_that_broke_off(tmp_path: Path) -> None:
    directory = MemoryDirectory()
    plan, lease = planned(directory, *small()), Lease(directory, CONTROL, "chay:thu:0", lambda: NOW)
    directory.lives = 1 + len(plan.changes)  # the lease, the changes, and nothing for giving the lease back
    with Journal(tmp_path, plan.id, lambda: NOW) as journal, pytest.raises(BrokenOffError, match="make a new plan"):
        apply(plan, directory, lease, journal, lambda _: b"")
    assert planned(directory, *small()).changes == ()


def test_only_accounts_that_sign_in_get_a_password(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    carry_out(planned(directory, *small(1)), directory)
    having = {record.dn for record in directory.records.values() if "userPassword" in record.attributes}
    assert having == {f"cn=admin,ou=snv,{BASE}", f"uid=p0,ou=snv,{BASE}"}


def test_an_entry_touched_since_the_plan_is_left_and_the_rest_goes_on(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    carry_out(planned(directory, agency("snv"), person("a", "ou=snv"), person("b", "ou=snv")), directory)
    plan = planned(
        directory,
        agency("snv"),
        person("a", "ou=snv", title="x"),
        person("b", "ou=snv", title="y"),
        person("c", "ou=snv"),
    )
    directory.touch(f"uid=a,ou=snv,{BASE}", title="đổi tay")
    directory.put(f"uid=c,ou=snv,{BASE}", uid="c")
    result = carry_out(plan, directory)
    assert {answer.change.id: answer.verdict for answer in result.answers} == {
        "person:a": Verdict.STALE,
        "person:b": Verdict.APPLIED,
        "person:c": Verdict.STALE,
    }
    assert not result.complete
    assert directory.records[f"uid=a,ou=snv,{BASE}"].attributes["title"] == ("đổi tay",)


def transferred(directory: MemoryDirectory) -> Plan:
    """Plan a new title, a transfer with a new title, and a leaver's end in another agency."""
    agencies = (agency("snv"), agency("stc"))
    return planned(
        directory,
        *agencies,
        person("a", "ou=snv", title="x"),
        person("b", "ou=stc", title="y"),
        person("c", "ou=stc", State.DISABLED),
    )


@pytest.fixture
def staffed(carry_out: Callable[..., Result]) -> MemoryDirectory:
    """Give a directory with two agencies and three people in one of them."""
    directory = MemoryDirectory()
    people = (person(uid, "ou=snv") for uid in "abc")
    carry_out(planned(directory, agency("snv"), agency("stc"), *people), directory)
    return directory


def test_a_sign_in_since_the_plan_changes_nothing_that_matters(
    carry_out: Callable[..., Result], staffed: MemoryDirectory
) -> None:
    plan = transferred(staffed)
    for uid in "abc":
        staffed.sign_in(f"uid={uid},ou=snv,{BASE}")
    assert carry_out(plan, staffed).complete
    assert transferred(staffed).changes == ()


def test_a_sign_in_between_two_steps_of_one_change_does_not_stop_the_second(
    carry_out: Callable[..., Result], staffed: MemoryDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = transferred(staffed)
    write = staffed.write

    def busy(batch: Sequence[Write]) -> list[Outcome]:
        outcomes = write(batch)
        for dn in [dn for dn in staffed.records if dn.startswith("uid=")]:
            staffed.sign_in(dn)
        return outcomes

    monkeypatch.setattr(staffed, "write", busy)
    assert carry_out(plan, staffed).complete


def test_an_entry_that_never_rests_is_given_up_in_the_end(
    carry_out: Callable[..., Result], staffed: MemoryDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = transferred(staffed)
    read = staffed.read_entry

    def busy(dn: str, attributes: Collection[str]) -> Record | None:
        record = read(dn, attributes)
        if dn.startswith("uid=a"):
            staffed.sign_in(dn)
        return record

    monkeypatch.setattr(staffed, "read_entry", busy)
    staffed.sign_in(f"uid=a,ou=snv,{BASE}")
    assert carry_out(plan, staffed).counts == {"applied": 2, "stale": 1, "failed": 0, "skipped": 0}


@pytest.mark.parametrize(
    ("uid", "by_hand"),
    [
        ("a", {"title": "đổi tay"}),
        ("b", {"title": "đổi tay"}),
        ("c", {"congvuState": "held"}),
    ],
)
def test_a_foreign_hand_on_what_the_plan_changes_is_stale_though_somebody_signed_in_as_well(
    carry_out: Callable[..., Result], staffed: MemoryDirectory, uid: str, by_hand: dict[str, str]
) -> None:
    plan = transferred(staffed)
    dn = f"uid={uid},ou=snv,{BASE}"
    staffed.touch(dn, **by_hand)
    staffed.sign_in(dn)
    verdicts = {answer.change.id: answer.verdict for answer in carry_out(plan, staffed).answers}
    assert verdicts.pop(f"person:{uid}") is Verdict.STALE
    assert set(verdicts.values()) == {Verdict.APPLIED}
    assert staffed.records[dn].attributes.items() >= {name: (value,) for name, value in by_hand.items()}.items()


def test_an_entry_that_somebody_moved_is_stale_though_the_guard_of_addresses_speaks_first(
    carry_out: Callable[..., Result],
) -> None:
    class Guarded(MemoryDirectory):
        def _write(self, write: Write) -> Outcome:
            if isinstance(write, Modify) and names.key(write.dn) not in self.records:
                return Outcome(Fate.REFUSED, message="constraintViolation (19), non-unique attributes found")
            return super()._write(write)

    directory = Guarded()
    carry_out(planned(directory, agency("snv"), agency("stc"), person("a", "ou=snv", mail="a@tinh.gov.vn")), directory)
    plan = planned(directory, agency("snv"), agency("stc"), person("a", "ou=snv", mail="a2@tinh.gov.vn"))
    (record,) = (one for one in directory.records.values() if one.dn.startswith("uid=a,"))
    directory.write([Rename(record.dn, record.csn, f"uid=a,ou=stc,{BASE}")])
    (answer,) = carry_out(plan, directory).answers
    assert (answer.verdict, answer.message) == (Verdict.STALE, "The entry is no longer there.")


def test_another_entry_of_the_same_name_and_values_is_stale(
    carry_out: Callable[..., Result], staffed: MemoryDirectory
) -> None:
    plan = transferred(staffed)
    dn = f"uid=a,ou=snv,{BASE}"
    staffed.records[dn] = staffed.records[dn]._replace(uuid="another", csn="20270101000000.000000Z#000000#000#000000")
    assert carry_out(plan, staffed).counts["stale"] == 1


def test_a_unit_touched_since_the_plan_is_not_deleted(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    carry_out(planned(directory, agency("snv"), unit("snv", "tccb")), directory)
    plan = planned(directory, agency("snv"))
    directory.touch(f"ou=tccb,ou=snv,{BASE}", description="còn dùng")
    assert carry_out(plan, directory).counts["stale"] == 1


def test_what_builds_on_an_agency_that_failed_is_skipped(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    plan = planned(directory, *small())
    directory.put(f"ou=snv,{BASE}", ou="snv")
    result = carry_out(plan, directory)
    assert result.counts == {"applied": 2, "stale": 1, "failed": 0, "skipped": 6}
    assert f"uid=p2,ou=stc,{BASE}" in directory.records


def test_a_refusal_is_reported_with_the_directory_s_words(carry_out: Callable[..., Result]) -> None:
    class Strict(MemoryDirectory):
        def write(self, batch: Sequence[Write]) -> list[Outcome]:
            if any(isinstance(write, Add) and "uid=a" in write.dn for write in batch):
                return [Outcome(Fate.REFUSED, message="constraintViolation (19), mail taken")]
            return super().write(batch)

    directory = Strict()
    result = carry_out(planned(directory, agency("snv"), person("a", "ou=snv")), directory)
    assert [(answer.verdict, answer.message) for answer in result.answers if answer.message] == [
        (Verdict.FAILED, "constraintViolation (19), mail taken")
    ]


def test_what_the_directory_accepts_but_does_not_show_is_not_called_done(carry_out: Callable[..., Result]) -> None:
    class Forgetful(MemoryDirectory):
        def write(self, batch: Sequence[Write]) -> list[Outcome]:
            outcomes = super().write(batch)
            self.records.pop(f"uid=a,ou=snv,{BASE}", None)
            return outcomes

    directory = Forgetful()
    result = carry_out(planned(directory, agency("snv"), person("a", "ou=snv")), directory)
    assert result.unverified == ("person:a",)
    assert not result.complete
    assert read_control(directory, CONTROL).applied is None


def test_a_transfer_with_a_new_title_is_two_writes_and_the_second_builds_on_the_first(
    carry_out: Callable[..., Result],
) -> None:
    directory = MemoryDirectory()
    carry_out(planned(directory, agency("snv"), agency("stc"), person("a", "ou=snv")), directory)
    uuid = directory.records[f"uid=a,ou=snv,{BASE}"].uuid
    plan = planned(directory, agency("snv"), agency("stc"), person("a", "ou=stc", title="Phó phòng"))
    directory.log.clear()
    assert carry_out(plan, directory).complete
    rename, modify = (write for write in directory.log if "uid=a" in write.dn)
    assert isinstance(rename, Rename)
    assert isinstance(modify, Modify)
    assert rename.csn != modify.csn
    assert directory.records[f"uid=a,ou=stc,{BASE}"].uuid == uuid


def test_access_ends_before_the_entry_is_moved(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    carry_out(planned(directory, agency("snv"), agency("stc"), person("a", "ou=snv")), directory)
    plan = planned(directory, agency("snv"), agency("stc"), person("a", "ou=stc", State.DISABLED))
    directory.log.clear()
    carry_out(plan, directory)
    assert [type(write) for write in directory.log if "uid=a" in write.dn] == [Modify, Rename]


def test_a_complete_apply_leaves_its_mark_and_an_incomplete_one_does_not(carry_out: Callable[..., Result]) -> None:
    directory = MemoryDirectory()
    first = planned(directory, agency("snv"), person("a", "ou=snv"))
    carry_out(first, directory)
    mark = read_control(directory, CONTROL).applied
    assert mark is not None
    assert (mark.plan, mark.commit, mark.entries) == (first.id, "c0ffee", 2)
    second = planned(directory, agency("snv"), person("a", "ou=snv", title="x"))
    directory.touch(f"uid=a,ou=snv,{BASE}", title="y")
    carry_out(second, directory)
    assert read_control(directory, CONTROL).applied == mark


def test_a_second_apply_at_once_is_turned_away(tmp_path: Path) -> None:
    directory = MemoryDirectory()
    plan = planned(directory, *small())
    Lease(directory, CONTROL, "may-khac:thu:1", lambda: NOW).acquire(plan.id)
    lease = Lease(directory, CONTROL, "may-nay:thu:2", lambda: NOW + timedelta(minutes=1))
    with Journal(tmp_path, plan.id, lambda: NOW) as journal, pytest.raises(LeaseError, match="may-khac"):
        apply(plan, directory, lease, journal, issue)
    assert len([dn for dn in directory.records if dn.endswith(BASE)]) == 1


def test_the_journal_says_what_is_meant_before_it_is_done_and_never_a_value(tmp_path: Path) -> None:
    directory = MemoryDirectory()
    plan = planned(directory, *small())
    with Journal(tmp_path, plan.id, lambda: NOW) as journal:
        apply(plan, directory, Lease(directory, CONTROL, "chay", lambda: NOW), journal, issue)
    text = journal.path.read_text(encoding="utf-8")
    events = [json.loads(line)["event"] for line in text.splitlines()]
    assert (events[0], events[-1]) == ("begin", "end")
    assert events[1:-1] == ["intent", "outcome"] * ((len(events) - 2) // 2)
    assert "ARGON2" not in text
    assert "@tinh.gov.vn" not in text


def test_slices_are_bounded_and_keep_the_order() -> None:
    plan = planned(MemoryDirectory(), agency("snv"), *(person(f"p{number}", "ou=snv") for number in range(2 * SLICE)))
    cut = list(slices(plan.changes))
    assert [len(one) for one in cut] == [1, SLICE, SLICE]
    assert [change for one in cut for change in one] == list(plan.changes)


# --- Whatever the registry says before and after, and wherever the apply is killed

AGENCIES = ("snv", "stc")
PLACES = ("ou=snv", "ou=stc", "ou=tccb,ou=snv")


@st.composite
def registries(draw: st.DrawFn) -> tuple[Entry, ...]:
    """Draw a registry: agencies under one of two codes, a unit, people anywhere in any state."""
    code = draw(st.sampled_from(["snv", "sonv"]))
    name = draw(st.sampled_from(["Sở Nội vụ", "Sở Nội vụ và Lao động"]))
    entries = [entry("agency:snv", f"ou={code}", description=name), agency("stc")]
    places = [f"ou={code}", "ou=stc"]
    if draw(st.booleans()):
        places.append(f"ou=tccb,ou={code}")
        entries.append(unit("snv", "tccb")._replace(dn=f"{places[-1]},{BASE}"))
    for uid in draw(st.sets(st.sampled_from("abcdef"))):
        title = draw(st.sampled_from([{}, {"title": "Chuyên viên"}, {"title": "Phó phòng"}]))
        alias = draw(st.sampled_from([{}, {"mailLocalAddress": f"{uid}2@tinh.gov.vn"}]))
        state = draw(st.sampled_from(list(State)))
        entries.append(person(uid, draw(st.sampled_from(places)), state, **title, **alias))
    return tuple(entries)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=registries(), after=registries(), lives=st.integers(0, 30))
def test_after_any_change_and_any_kill_the_next_run_ends_as_declared(
    carry_out: Callable[..., Result], before: tuple[Entry, ...], after: tuple[Entry, ...], lives: int
) -> None:
    directory = MemoryDirectory()
    assert carry_out(planned(directory, *before), directory).complete
    assert planned(directory, *before).changes == ()
    people = {record.uuid for dn, record in directory.records.items() if dn.startswith("uid=")}

    directory.lives = lives
    try:
        carry_out(planned(directory, *after), directory)
    except (BrokenOffError, UnreachableError):
        directory.lives = -1
        assert carry_out(planned(directory, *after), directory).complete
    assert planned(directory, *after).changes == ()
    kept = {record.uuid for dn, record in directory.records.items() if dn.startswith("uid=")}
    assert people <= kept
