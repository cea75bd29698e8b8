"""The modules as a playbook calls them, against a directory in memory."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.congvu.mail.plugins.module_utils import ledger, readahead, source, store
from ansible_collections.congvu.mail.plugins.module_utils.directory import LdapDirectory, Record, UnreachableError
from ansible_collections.congvu.mail.plugins.module_utils.model import State
from ansible_collections.congvu.mail.plugins.module_utils.plan import ATTRIBUTES, make_plan
from ansible_collections.congvu.mail.plugins.modules import apply, plan, registry_validate
from ansible_collections.congvu.mail.tests.approval import DECISION, approve
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.estate import DUE, agency, desired, person
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, MemoryDirectory

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from types import ModuleType

REGISTRY = Path(__file__).parents[4] / "inventories" / "thuathienhue" / "registry"
SUFFIX = "dc=tinh,dc=gov,dc=vn"


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> MemoryDirectory:
    memory = MemoryDirectory()
    monkeypatch.setattr(LdapDirectory, "connect", lambda _: nullcontext(memory))
    clock = (datetime(2026, 11, 21, 8, tzinfo=UTC) + timedelta(seconds=tick) for tick in count())
    monkeypatch.setattr(apply, "_now", lambda: next(clock))
    return memory


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Return a caller of a module's main(), which gives what the module answers."""

    def run(module: ModuleType, **arguments: object) -> dict[str, Any]:
        common = {} if module is registry_validate else {"uri": "ldapi:///", "state": str(tmp_path)}
        with patch_module_args({**common, **arguments}), pytest.raises(SystemExit) as ended:
            module.main()
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert ended.value.code == int(bool(answer.get("failed")))
        return answer

    return run


def plan_lab(call: Callable[..., dict[str, Any]], **arguments: object) -> dict[str, Any]:
    """Plan what the lab's registry asks for."""
    return call(plan, **{"registry": str(REGISTRY), "suffix": SUFFIX, "as_of": "2026-11-21", **arguments})


class Telling(MemoryDirectory):
    """Tells what slapd tells of itself, and counts how often the whole tree is read."""

    looks = 0

    def read_entry(self, dn: str, attributes: Collection[str]) -> Record | None:
        """Read one entry."""
        told = {"contextCSN": f"{self._clock:06}", "monitorTimestamp": "20261121080000Z"}
        if len(attributes) == 1 and (name := next(iter(attributes))) in told:
            return Record(dn, "u", "c", {name: (told[name],)})
        return super().read_entry(dn, attributes)

    def read_tree(self, base: str, attributes: Collection[str]) -> list[Record]:
        """Read a subtree."""
        self.looks += 1
        return super().read_tree(base, attributes)


@pytest.fixture
def telling(directory: MemoryDirectory, monkeypatch: pytest.MonkeyPatch) -> Telling:
    memory = Telling()
    monkeypatch.setattr(LdapDirectory, "connect", lambda _: nullcontext(memory))
    assert isinstance(directory, MemoryDirectory)
    return memory


def test_where_neither_side_changed_the_same_plan_comes_without_a_look_at_everybody(
    call: Callable[..., dict[str, Any]], telling: Telling, tmp_path: Path
) -> None:
    registry = tmp_path / "so"
    copytree(REGISTRY, registry)

    def plans(**arguments: object) -> tuple[str, int]:
        before = telling.looks
        planned = call(plan, registry=str(registry), **{"suffix": SUFFIX, "as_of": "2026-11-21", **arguments})
        return planned["plan"], telling.looks - before

    first, looks = plans()
    assert looks == 1
    assert plans() == (first, 0)
    assert plans(lang="vi") == (first, 0), "in another language it is still the same plan"

    assert plans(as_of="2026-11-22")[1] == 1
    assert plans(suffix="dc=khac,dc=gov,dc=vn")[1] == 1
    assert plans(agency=["snv"])[1] == 1
    assert plans()[1] == 1, "only the last one is remembered"
    assert plans() == (first, 0)

    telling.put(f"ou=la,ou=agencies,{SUFFIX}", objectClass="organizationalUnit")
    assert plans()[1] == 1
    other, _ = plans()
    assert other != first
    (tmp_path / "plans" / f"{other}.jsonl").write_text("damaged", encoding="utf-8")
    assert plans() == (other, 1)
    with (registry / "agencies" / "snv.yml").open("a", encoding="utf-8") as file:
        file.write("# Đã xem.\n")
    assert plans()[1] == 1


@pytest.mark.parametrize("fails", [False, True])
def test_in_a_large_province_another_process_reads_the_directory_and_need_not(
    call: Callable[..., dict[str, Any]], telling: Telling, monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    telling.put(f"ou=la,ou=agencies,{SUFFIX}", objectClass="organizationalUnit")
    alone = plan_lab(call)
    monkeypatch.setattr(source, "MANY", 1)
    if fails:
        monkeypatch.setattr(readahead, "pack", None)
    telling.looks = 0
    assert plan_lab(call, lang="vi", adopt=True)["situations"] == alone["situations"]
    assert telling.looks == int(fails)
    assert plan_lab(call)["plan"] == alone["plan"]
    telling.put(f"ou=moi,ou=agencies,{SUFFIX}", objectClass="organizationalUnit")
    unmanaged = plan_lab(call)["situations"]["unmanaged"]
    assert unmanaged == alone["situations"]["unmanaged"] + 1, "what was read before is not what there is"


@pytest.mark.usefixtures("directory")
def test_what_is_planned_is_applied_and_then_nothing_is_left(
    call: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    planned = plan_lab(call)
    assert (planned["exit_status"], planned["changed"], planned["findings"]) == (2, True, [])
    assert Path(planned["path"]).name == f"{planned['plan']}.jsonl"
    assert Path(planned["page"]).read_text(encoding="utf-8").startswith("# Changes: ")

    applied = call(apply, plan="latest", secrets=str(tmp_path / "secrets"), estate="thuathienhue", password_memory=8)
    assert (applied["exit_status"], applied["verified"], applied["plan"]) == (0, True, planned["plan"])
    assert applied["counts"] == {"applied": planned["counts"]["create"], "stale": 0, "failed": 0, "skipped": 0}
    passwords = tmp_path / "secrets" / "initial-passwords"
    given = len(list(passwords.iterdir()))
    assert given > 300
    assert applied["text"].endswith(
        f"\nInitial passwords of {given} new accounts, a file each: {passwords}\n"
        "Print their slips: ansible-playbook playbooks/slips.yml\n"
    )

    again = plan_lab(call)
    assert (again["exit_status"], again["changed"]) == (0, False)
    assert call(apply, plan="latest", secrets=str(tmp_path / "secrets"))["changed"] is False


def recorded(state: Path) -> list[tuple[str, str]]:
    """Return what the ledger says was done, and to which plan."""
    return [(line.entry.kind.value, line.entry.subject) for line in ledger.read(state)][1:]


def test_what_is_planned_and_applied_is_in_the_ledger_once(
    call: Callable[..., dict[str, Any]],
    tmp_path: Path,
    directory: MemoryDirectory,  # noqa: ARG001 -- what is planned for
) -> None:
    planned = plan_lab(call)
    plan_lab(call)
    applied = call(apply, plan="latest", secrets=str(tmp_path / "secrets"), password_memory=8)
    assert recorded(tmp_path) == [("plan", planned["plan"]), ("apply", planned["plan"])]
    assert applied["ledger"] == str(ledger.head(tmp_path))
    plan_lab(call)
    assert len(recorded(tmp_path)) == 2, "a plan with nothing to do changes nothing"


def test_nothing_is_applied_behind_a_ledger_that_was_changed(
    call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory
) -> None:
    plan_lab(call)
    (file,) = ledger.files(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"0", b"1"))
    answer = call(apply, plan="latest", secrets=str(tmp_path / "secrets"), password_memory=8)
    assert (answer["failed"], answer["exit_status"], directory.log) == (True, 1, [])
    assert "the ledger was changed" in answer["msg"]


def test_an_apply_that_breaks_off_is_in_the_ledger_with_its_reason(
    call: Callable[..., dict[str, Any]],
    tmp_path: Path,
    directory: MemoryDirectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planned = plan_lab(call)

    def gone(*_: object) -> None:
        message = "The directory went away."
        raise UnreachableError(message, "")

    monkeypatch.setattr(directory, "write", gone)
    answer = call(apply, plan="latest", secrets=str(tmp_path / "secrets"), password_memory=8)
    assert answer["failed"]
    *_, line = ledger.read(tmp_path)
    assert (line.entry.kind.value, line.entry.subject) == ("apply", planned["plan"])
    assert "dừng giữa chừng: " in line.entry.summary
    assert "The directory went away." in line.entry.summary


def test_check_mode_writes_nothing(
    call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory
) -> None:
    planned = plan_lab(call)
    answer = call(apply, plan=planned["plan"][:12], secrets=str(tmp_path / "secrets"), _ansible_check_mode=True)
    assert answer["changed"] is True
    assert answer["text"].startswith(f"Rehearsed plan {planned['plan'][:12]}: nothing was written.")
    assert (answer["counts"]["stale"], answer["counts"]["failed"], answer["exit_status"]) == (0, 0, 0)
    assert directory.log == []
    assert not (tmp_path / "secrets").exists()
    assert not (tmp_path / "journal").exists()


def test_check_mode_says_whose_mail_would_go(
    call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory
) -> None:
    closed = person("tth00056", "ou=snv", State.DISABLED, congvuRetainUntil=DUE)
    people = [person(f"p{number}", "ou=snv") for number in range(10)]
    for one in (agency("snv"), closed, *people):
        directory.put(one.dn, **one.attributes)
    wanted = desired(agency("snv"), person("tth00056", "ou=snv", State.PURGED), *people)
    made = make_plan(wanted, directory.read_tree(BASE, ATTRIBUTES))
    store.save(made, {}, tmp_path / "plans")
    answer = call(apply, plan=made.id, secrets=str(tmp_path / "secrets"), _ansible_check_mode=True)
    assert (answer["purges"], answer["exit_status"]) == (["tth00056"], 0)
    assert answer["text"].endswith("WOULD PURGE the mail of 1 mailbox for ever: tth00056\n")
    assert directory.log == []


def test_a_plan_for_a_day_to_come_is_refused(
    call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory
) -> None:
    plan_lab(call, as_of="2027-02-01")
    answer = call(apply, plan="latest", secrets=str(tmp_path / "secrets"))
    assert answer["failed"]
    assert answer["msg"].startswith("The plan is for 2027-02-01, a day to come")
    assert directory.log == []


def test_a_plan_that_would_go_back_in_time_is_refused(
    call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory
) -> None:
    secrets = str(tmp_path / "secrets")
    plan_lab(call, as_of="2026-11-20")
    assert call(apply, plan="latest", secrets=secrets, password_memory=8)["exit_status"] == 0
    written = len(directory.log)
    plan_lab(call, as_of="2026-06-15")
    answer = call(apply, plan="latest", secrets=secrets)
    assert answer["failed"]
    assert answer["msg"].startswith("The plan is for 2026-06-15, and the last apply was for 2026-11-20: it would open")
    assert len(directory.log) == written


def test_a_plan_that_went_stale_fails_and_says_so(
    call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory
) -> None:
    plan_lab(call)
    secrets = str(tmp_path / "secrets")
    call(apply, plan="latest", secrets=secrets, password_memory=8)
    person = next(dn for dn in directory.records if dn.startswith("uid=tth"))
    directory.touch(person, title="đổi tay")
    plan_lab(call)
    directory.touch(person, title="lần nữa")
    answer = call(apply, plan="latest", secrets=secrets)
    assert (answer["exit_status"], answer["failed"], answer["changed"]) == (4, True, False)
    assert answer["counts"]["stale"] == 1


def test_a_rail_stops_both(call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory) -> None:
    plan_lab(call)
    secrets = str(tmp_path / "secrets")
    call(apply, plan="latest", secrets=secrets, password_memory=8)
    for dn in [dn for dn in directory.records if dn.startswith("uid=tth")][:100]:
        del directory.records[dn]
    planned = plan_lab(call)
    assert planned["exit_status"] == 3
    assert " 100 are gone." in planned["findings"][0]
    refused = call(apply, plan="latest", secrets=secrets, registry=str(REGISTRY))
    assert (refused["exit_status"], refused["failed"]) == (3, True)
    said = refused["msg"].splitlines()
    assert said[0] == "Nothing was written: a safety rail stands."
    assert said[1].startswith("  [vanished] Of the ")
    assert "rails: [vanished]" in said
    assert said[1:] == planned["text"].splitlines()[1 - len(said) :], "both say the same"


def test_an_override_lifts_a_rail_of_both_when_it_is_in_the_checkout(
    call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory
) -> None:
    registry, secrets = tmp_path / "checkout", str(tmp_path / "secrets")
    copytree(REGISTRY, registry)
    plan_lab(call)
    call(apply, plan="latest", secrets=secrets, password_memory=8)
    for dn in [dn for dn in directory.records if dn.startswith("uid=tth")][:100]:
        del directory.records[dn]
    stopped = plan_lab(call, registry=str(registry))
    assert f"\n  into {registry}/overrides/2026-11-21-{stopped['plan'][:12]}.yml; then type: " in stopped["text"]
    override = approve(stopped["text"], "2026-12-05")
    arguments = {"plan": "latest", "secrets": secrets, "password_memory": 8}
    assert call(apply, **arguments)["exit_status"] == 3, "without a checkout nothing is lifted"
    again = plan_lab(call, registry=str(registry))
    assert (again["plan"], again["findings"]) == (stopped["plan"], [])
    assert (
        again["text"].splitlines()[-1].startswith(f"Let through by overrides/{override.name}: vanished; {DECISION}, ")
    )
    lifted = call(apply, **arguments, registry=str(registry))
    assert (lifted["counts"]["applied"], lifted["exit_status"]) == (100, 0)
    assert f"\nLet through by overrides/{override.name}: vanished" in lifted["text"]
    assert '"event": "override"' in Path(lifted["journal"]).read_text(encoding="utf-8")
    assert recorded(tmp_path)[-2:] == [("override", lifted["plan"]), ("apply", lifted["plan"])]


def test_a_departure_whose_lines_are_lost_lets_nobody_in_again(
    call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory
) -> None:
    registry = Path(copytree(REGISTRY, tmp_path / "checkout"))
    file = registry / "agencies" / "snv.yml"
    before = file.read_text(encoding="utf-8")
    head, leaver, rest = before.partition("  - id: tth00009\n")
    post, following, others = rest.partition("  - id: ")
    end = "    until: 2026-11-01\n    until_decision: 99/QĐ-SNV\n"
    file.write_text(f"{head}{leaver}{post}{end}{following}{others}", encoding="utf-8")
    given = {"plan": "latest", "secrets": str(tmp_path / "secrets"), "registry": str(registry), "password_memory": 8}
    plan_lab(call, registry=str(registry))
    assert call(apply, **given)["exit_status"] == 0
    state = {dn: dict(record.attributes) for dn, record in directory.records.items()}
    file.write_text(before, encoding="utf-8")
    planned = plan_lab(call, registry=str(registry))
    assert planned["exit_status"] == 3
    assert "[withdrawn] person:tth00009 " in planned["findings"][0]
    assert call(apply, **given)["exit_status"] == 3
    assert {dn: dict(record.attributes) for dn, record in directory.records.items()} == state


def test_a_faulty_override_is_told_with_its_place(
    call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory
) -> None:
    registry, secrets = tmp_path / "checkout", str(tmp_path / "secrets")
    copytree(REGISTRY, registry)
    (registry / "overrides").mkdir()
    (registry / "overrides" / "x.yml").write_text("plan: yes\n", encoding="utf-8")
    assert plan_lab(call, registry=str(registry))["exit_status"] == 2, "no rail stands, so nobody asks"
    call(apply, plan="latest", secrets=secrets, password_memory=8, registry=str(registry))
    for dn in [dn for dn in directory.records if dn.startswith("uid=tth")][:100]:
        del directory.records[dn]
    stopped = plan_lab(call, registry=str(registry))
    assert stopped["exit_status"] == 3
    assert "\nNo override lifts it:\n  overrides/x.yml:1:7: 'yes' is not the plan's id" in stopped["text"]
    assert "\n  overrides/x.yml:1:1: The key 'rails' is missing." in stopped["text"]
    faults = call(registry_validate, registry=str(registry))
    assert {fault["origin"] for fault in faults["problems"]} == {"overrides/x.yml:1:1", "overrides/x.yml:1:7"}


def test_agencies_are_planned_and_applied_one_after_the_other(
    call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory
) -> None:
    secrets = str(tmp_path / "secrets")
    first = plan_lab(call, agency=["snv"])
    assert call(apply, plan="latest", secrets=secrets, password_memory=8)["counts"]["applied"] == sum(
        first["counts"].values()
    )
    below = f",ou=agencies,{SUFFIX}"
    assert all(dn == f"ou=snv{below}" or dn.endswith(f",ou=snv{below}") for dn in directory.records if below in dn)
    assert plan_lab(call, agency="snv")["exit_status"] == 0
    assert plan_lab(call, agency="snv,stc")["counts"]["create"] > 0
    assert plan_lab(call)["findings"] == []
    said = plan_lab(call, agency="snvv")["msg"]
    assert said.startswith(
        "agency: neither the registry nor the directory knows an agency 'snvv'. Meant is perhaps snv"
    )


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("wrong", [{"estate": "khac"}, {"suffix": "dc=khac"}])
def test_a_plan_for_elsewhere_is_refused(
    call: Callable[..., dict[str, Any]], tmp_path: Path, wrong: dict[str, str]
) -> None:
    plan_lab(call)
    answer = call(apply, plan="latest", secrets=str(tmp_path), **wrong)
    assert (answer["exit_status"], answer["failed"]) == (1, True)
    assert "not for" in answer["msg"]


@pytest.mark.usefixtures("directory")
def test_every_problem_of_the_registry_has_a_line(call: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "estate.yml").write_text("name: [\n", encoding="utf-8")
    answer = call(plan, registry=str(tmp_path / "registry"))
    assert (answer["exit_status"], answer["failed"]) == (1, True)
    first, *problems = answer["msg"].splitlines()
    assert first.startswith("Faults in the registry ")
    assert problems
    assert any("estate.yml:" in problem for problem in problems)


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("module", [plan, registry_validate])
def test_what_is_no_day_or_no_commit_is_said_in_a_sentence(
    call: Callable[..., dict[str, Any]], tmp_path: Path, module: ModuleType
) -> None:
    registry = tmp_path / "registry"
    copytree(REGISTRY, registry)
    (registry / ".git").write_text("gitdir: /nowhere\n", encoding="utf-8")
    assert call(module, registry=str(registry), as_of="2026-13-01")["msg"].startswith("as_of: '2026-13-01' is")
    said = call(module, registry=str(registry))["msg"]
    assert said.startswith(f"Git does not tell the commit of {registry}: fatal: ")
    assert "\n" not in said


def test_a_directory_that_does_not_answer_is_an_error_with_a_remedy(
    call: Callable[..., dict[str, Any]], tmp_path: Path, directory: MemoryDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_lab(call)
    directory.lives = 50
    answer = call(apply, plan="latest", secrets=str(tmp_path / "secrets"), password_memory=8)
    assert answer["exit_status"] == 5
    assert answer["msg"].startswith("The directory does not answer. Wait. What was written until then stays")

    def refuse(_: object) -> None:
        raise UnreachableError("Nobody there.", "Check that slapd runs.")  # noqa: EM101, TRY003 - the words are the test

    monkeypatch.setattr(LdapDirectory, "connect", refuse)
    assert plan_lab(call)["msg"] == "Nobody there. Check that slapd runs."
