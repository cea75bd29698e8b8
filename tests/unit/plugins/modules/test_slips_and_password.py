"""The modules as a playbook calls them: slips printed once and forgotten, another password for who lost theirs."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.congvu.mail.plugins.module_utils import apply as engine
from ansible_collections.congvu.mail.plugins.module_utils import envelopes, handout, trace
from ansible_collections.congvu.mail.plugins.module_utils.credentials import Cost, Vault
from ansible_collections.congvu.mail.plugins.module_utils.directory import Fate, LdapDirectory, Modify, Outcome
from ansible_collections.congvu.mail.plugins.module_utils.printing import PrintingError
from ansible_collections.congvu.mail.plugins.modules import apply, password, plan, slips
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.audit import ENGINE, MemoryLog
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.conftest import SOUND
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.memory import BASE, SUFFIX, MemoryDirectory
from ansible_collections.congvu.mail.tests.unit.plugins.module_utils.test_envelopes import pages
from passlib.hash import argon2

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import ModuleType

    from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, Write

PERSON = f"uid=tn02,ou=vp,ou=snv,{BASE}"
ADMIN = f"cn=admin,ou=snv,{BASE}"
ALL = {"admin:snv", "admin:stc", "person:tn01", "person:tn02", "person:tn03"}


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch, log: MemoryLog) -> MemoryDirectory:
    memory = MemoryDirectory()
    monkeypatch.setattr(engine, "SETTLE", 0.0)

    def connect(access: Access) -> nullcontext[MemoryDirectory | MemoryLog]:
        return nullcontext(log if access.bind_dn.startswith("cn=auditor") else memory)

    monkeypatch.setattr(LdapDirectory, "connect", connect)
    return memory


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "secrets" / "initial-passwords", Cost(memory=8))


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], vault: Vault) -> Callable[..., dict[str, Any]]:
    """Return a caller of a module's main(), which gives what the module answers, and looks for passwords in it."""
    registry = tmp_path / "registry"
    for name, text in SOUND.items():
        path = registry / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")
    common = {"uri": "ldapi:///", "registry": str(registry), "suffix": SUFFIX}
    secrets, state = str(tmp_path / "secrets"), str(tmp_path / "state")
    printing = {
        "secrets": secrets,
        "to": str(tmp_path / "slips"),
        "webmail": "https://webmail.thunghiem.gov.vn",
        "contact": "cntt@thunghiem.gov.vn",
        "bind_dn": ENGINE,
    }
    own: dict[ModuleType, dict[str, object]] = {
        plan: {"state": state, "as_of": "2026-11-20"},
        apply: {"state": state, "plan": "latest", "secrets": secrets, "password_memory": 8},
        slips: {**printing, "auditor_dn": f"cn=auditor,ou=services,{SUFFIX}", "auditor_password_file": "/dev/null"},
        password: {**printing, "operator": "Lan"},
    }

    def run(module: ModuleType, **arguments: object) -> dict[str, Any]:
        before = set(vault.recorded().values())
        with patch_module_args({**common, **own[module], **arguments}), pytest.raises(SystemExit) as ended:
            module.main()
        said = capsys.readouterr()
        answer: dict[str, Any] = json.loads(said.out)
        assert ended.value.code == int(bool(answer.get("failed"))), answer
        assert not [one for one in before | set(vault.recorded().values()) if one in said.out + said.err]
        return answer

    return run


@pytest.fixture
def opened(call: Callable[..., dict[str, Any]], directory: MemoryDirectory, vault: Vault) -> MemoryDirectory:
    """Return the directory with the small registry's accounts in it, nobody of whom has signed in yet."""
    call(plan)
    call(apply)
    assert vault.recorded().keys() == ALL
    return directory


def test_slips_are_printed_once_by_agency_and_forgotten(
    opened: MemoryDirectory, call: Callable[..., dict[str, Any]], vault: Vault, tmp_path: Path
) -> None:
    passwords = vault.recorded()
    answer = call(slips)
    assert answer["changed"]
    assert answer["counts"] == {"ready": 5, "waiting": 0, "closed": 0, "changed": 0, "late": 0, "replaced": 0}
    files = sorted(path.name.rpartition("-20")[0] for path in (tmp_path / "slips").iterdir())
    assert files == ["ky-nhan-snv", "ky-nhan-stc", "phieu-snv", "phieu-stc"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (tmp_path / "slips").iterdir())
    assert (tmp_path / "slips").stat().st_mode & 0o777 == 0o700
    first, second, third = pages(next((tmp_path / "slips").glob("phieu-snv*")).read_bytes())
    assert passwords["admin:snv"] in first
    assert passwords["person:tn01"] in second, "without a unit, before those in one"
    assert passwords["person:tn02"] in third
    assert "Trần Thị Hoà" in third
    assert vault.recorded() == {}
    assert opened.log[-1].dn != PERSON or "userPassword" not in vars(opened.log[-1]), "nothing is written"

    again = call(slips)
    assert (again["changed"], again["files"]) == (False, [])
    assert again["text"].startswith("There is no slip to print")
    assert "playbooks/password.yml" in again["text"]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("chosen", "printed"),
    [
        ({"agencies": ["stc"]}, {"admin:stc", "person:tn03"}),
        ({"id": "tn02"}, {"person:tn02"}),
        ({"id": "tranthihoa@thunghiem.gov.vn"}, {"person:tn02"}),
        ({"id": "admin:snv"}, {"admin:snv"}),
        ({"agencies": ["stc"], "id": "tn02"}, set()),
    ],
)
def test_those_who_are_chosen_are_printed_and_the_others_wait(
    call: Callable[..., dict[str, Any]], vault: Vault, chosen: dict[str, object], printed: set[str]
) -> None:
    assert call(slips, **chosen)["counts"]["ready"] == len(printed)
    assert vault.recorded().keys() == ALL - printed


@pytest.mark.usefixtures("opened")
def test_an_agency_that_is_none_is_refused(call: Callable[..., dict[str, Any]], vault: Vault) -> None:
    answer = call(slips, agencies=["snw"], lang="vi")
    assert answer["msg"] == "Không có cơ quan nào mang mã 'snw'."
    assert vault.recorded().keys() == ALL


@pytest.mark.usefixtures("opened")
def test_a_rehearsal_prints_and_forgets_nothing(
    call: Callable[..., dict[str, Any]], vault: Vault, tmp_path: Path
) -> None:
    answer = call(slips, _ansible_check_mode=True)
    assert answer["changed"]
    assert answer["text"].startswith("Would print 5 slips")
    assert vault.recorded().keys() == ALL
    assert not (tmp_path / "slips").exists()


def test_what_is_not_in_force_unused_is_not_printed(
    opened: MemoryDirectory, call: Callable[..., dict[str, Any]], vault: Vault, log: MemoryLog
) -> None:
    opened.touch(PERSON, pwdReset=())
    opened.touch(f"uid=tn01,ou=snv,{BASE}", congvuState="disabled")
    opened.touch(ADMIN, pwdAccountLockedTime="000001010000Z")
    replaced = opened.records[f"uid=tn03,ou=stc,{BASE}".lower()]
    log.write("modify", replaced.dn, replaced.uuid, ["pwdChangedTime:= 2026"], by=f"cn=admin,ou=stc,{BASE}")
    vault.issue("person:tn99")
    answer = call(slips)
    assert answer["counts"] == {"ready": 1, "waiting": 1, "closed": 1, "changed": 1, "late": 1, "replaced": 1}
    assert vault.recorded().keys() == {"person:tn01", "person:tn99"}, "what may yet be printed is kept"


@pytest.mark.usefixtures("opened")
def test_a_password_is_forgotten_only_when_its_page_is_on_the_disk(
    call: Callable[..., dict[str, Any]], vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = handout._kept  # noqa: SLF001 - to break it

    def full(folder: Path, stem: str, *given: Any) -> Path:  # noqa: ANN401 - whatever it takes
        if stem == "phieu-stc":
            raise OSError(28, "No space left on device", str(folder / stem))
        return kept(folder, stem, *given)

    monkeypatch.setattr(handout, "_kept", full)
    answer = call(slips)
    assert "No space left on device" in answer["msg"]
    assert vault.recorded().keys() == {"admin:stc", "person:tn03"}


@pytest.mark.usefixtures("opened")
def test_a_page_that_cannot_be_drawn_costs_no_password(
    call: Callable[..., dict[str, Any]], vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        message = "no font has this letter"
        raise PrintingError(message)

    monkeypatch.setattr(envelopes, "slips", broken)
    assert call(slips)["msg"] == "no font has this letter"
    assert vault.recorded().keys() == ALL


def test_who_lost_theirs_gets_another_that_must_be_changed(
    opened: MemoryDirectory, call: Callable[..., dict[str, Any]], vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(slips)
    opened.touch(PERSON, pwdReset=(), pwdAccountLockedTime="20261122010203Z")
    recorded: list[str] = []
    over = handout.hand_over

    def watched(*given: Any) -> Path:  # noqa: ANN401 - whatever it takes
        recorded.extend(vault.recorded().values())
        return over(*given)

    monkeypatch.setattr(handout, "hand_over", watched)
    answer = call(password, id="tranthihoa@thunghiem.gov.vn", reason="mất phiếu")
    entry = opened.records[PERSON.lower()].attributes
    assert entry["pwdReset"] == ("TRUE",)
    assert "pwdAccountLockedTime" not in entry
    (new,) = recorded
    assert argon2.verify(new, entry["userPassword"][0].removeprefix("{ARGON2}"))
    write = opened.log[-1]
    assert isinstance(write, Modify)
    said = trace.read(write.trace)
    assert said
    assert (said.plan, said.by, said.change, said.decision) == ("", "Lan", "person:tn02", "mất phiếu")
    assert (answer["id"], answer["users"]) == ("person:tn02", ["tn02"])
    assert answer["summary"] == ("Cấp mật khẩu khác cho Trần Thị Hoà <tranthihoa@thunghiem.gov.vn>, lý do: mất phiếu.")
    assert "phieu-tn02-" in answer["file"]
    assert answer["file"] in answer["text"]
    assert vault.recorded() == {}


def test_an_admin_account_gets_another_as_well(opened: MemoryDirectory, call: Callable[..., dict[str, Any]]) -> None:
    before = opened.records[ADMIN.lower()].attributes["userPassword"]
    answer = call(password, id="admin:snv")
    assert opened.records[ADMIN.lower()].attributes["userPassword"] != before
    assert answer["users"] == [], "it has no mailbox, and so no sessions there"
    assert "/phieu-admin.snv-" in answer["file"], "not taken for the agency's slips"
    assert "<admin.snv>" in answer["text"]


@pytest.mark.parametrize("locked", [True, False])
def test_unlocking_leaves_the_password(
    opened: MemoryDirectory, call: Callable[..., dict[str, Any]], vault: Vault, *, locked: bool
) -> None:
    failed = {"pwdAccountLockedTime": "20261122010203Z", "pwdFailureTime": "20261122010203Z"}
    opened.touch(PERSON, **(failed if locked else {}))
    before, recorded = opened.records[PERSON.lower()].attributes["userPassword"], vault.recorded()
    answer = call(password, id="tn02", unlock=True)
    entry = opened.records[PERSON.lower()].attributes
    assert answer["changed"] is locked
    assert entry.keys().isdisjoint(failed)
    assert (entry["userPassword"], vault.recorded(), answer["file"], answer["users"]) == (before, recorded, "", [])


def test_whose_password_was_stolen_needs_another(opened: MemoryDirectory, call: Callable[..., dict[str, Any]]) -> None:
    opened.touch(PERSON, pwdReset="FALSE", pwdAccountLockedTime="000001010000Z")
    said = call(password, id="tn02", unlock=True, lang="vi")["msg"]
    assert said.startswith("person:tn02 bị khoá vì mật khẩu có thể đã lộ")


def test_who_did_not_change_the_first_password_in_time_needs_another(
    opened: MemoryDirectory, call: Callable[..., dict[str, Any]]
) -> None:
    opened.touch(PERSON, pwdAccountLockedTime="000001010000Z")
    assert call(password, id="tn02", unlock=True, lang="vi")["msg"].startswith("person:tn02 bị khoá vì quá hạn")
    assert call(password, id="tn02")["changed"]
    assert "pwdAccountLockedTime" not in opened.records[PERSON.lower()].attributes


def test_a_rehearsed_reset_writes_nothing(
    opened: MemoryDirectory, call: Callable[..., dict[str, Any]], vault: Vault
) -> None:
    before, written = vault.recorded(), len(opened.log)
    assert call(password, id="tn02", _ansible_check_mode=True)["changed"]
    assert (vault.recorded(), len(opened.log)) == (before, written)


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("mailbox:snv", "mailbox:snv has no password"),
        ("person:tn77", "person:tn77 is not in the directory"),
        ("person:tn01", "The account of person:tn01 is closed (disabled)"),
    ],
)
def test_who_has_no_password_gets_none(
    opened: MemoryDirectory, call: Callable[..., dict[str, Any]], vault: Vault, id_: str, expected: str
) -> None:
    opened.touch(f"uid=tn01,ou=snv,{BASE}", congvuState="disabled")
    before = vault.recorded()
    answer = call(password, id=id_)
    assert answer["failed"]
    assert answer["msg"].startswith(expected)
    assert vault.recorded() == before


def answering(memory: MemoryDirectory, *outcomes: Outcome) -> Callable[[Sequence[Write]], list[Outcome]]:
    """Let the directory answer so before it does what it is asked."""
    left, write = list(outcomes), memory.write

    def answer(batch: Sequence[Write]) -> list[Outcome]:
        return [left.pop(0)] if left else write(batch)

    return answer


def test_who_tries_to_sign_in_meanwhile_does_not_keep_us_from_it(
    opened: MemoryDirectory, call: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "write", answering(opened, *[Outcome(Fate.STALE, message="changed")] * 3))
    assert call(password, id="tn02")["changed"]


def test_a_password_that_the_directory_refuses_is_not_recorded(
    opened: MemoryDirectory, call: Callable[..., dict[str, Any]], vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = vault.recorded()
    monkeypatch.setattr(opened, "write", answering(opened, Outcome(Fate.REFUSED, message="no")))
    assert call(password, id="tn02")["msg"] == "person:tn02: no"
    assert vault.recorded() == before


def test_a_connection_that_breaks_leaves_the_new_one_recorded(
    opened: MemoryDirectory, call: Callable[..., dict[str, Any]], vault: Vault
) -> None:
    before = vault.recorded()
    opened.lives = 0
    assert call(password, id="tn02")["failed"]
    assert vault.recorded()["person:tn02"] != before["person:tn02"], "nobody can tell whether it is in force"
