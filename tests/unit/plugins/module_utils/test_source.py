"""Faulty registries: each fault is found, where it is, together with all the others."""

from __future__ import annotations

import os
import subprocess
import unicodedata
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.commit import CommitError, commit_of
from ansible_collections.congvu.mail.plugins.module_utils.messages import Fault
from ansible_collections.congvu.mail.plugins.module_utils.model import RegistryError, Role, Standing
from ansible_collections.congvu.mail.plugins.module_utils.source import digest, load
from ansible_collections.congvu.mail.plugins.module_utils.yamlfile import MAX_BYTES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import LOCK as LOCK_TEXT
from .conftest import SNV, SOUND, STC

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Bend, Write

SNV_FILE = "agencies/snv.yml"
STC_FILE = "agencies/stc.yml"
LOCK = "addresses/thunghiem.gov.vn.yml"
DECOMPOSED = unicodedata.normalize("NFD", "Nội")
POST = "  - {{id: tn01, name: {name}, title: Phó Giám đốc, since: {since}, decision: 1/QĐ}}\n"
MAILBOXES = """\
mailboxes:
  snv-motcua: {name: Một cửa, account: motcua@thunghiem.gov.vn, head: tn01}
people:"""
TRANSFER = """
  - {id: tn02, name: Trần Thị Hoà, title: Chuyên viên, since: 2026-03-01, decision: 9/QĐ-STC}
"""


def faults(root: Path, *, locked: bool = True) -> list[str]:
    """Return the faults of a registry as `file:line:column message`."""
    try:
        load(root, locked=locked)
    except RegistryError as error:
        return [f"{problem.origin} {problem.message}" for problem in error.problems]
    return []


def test_a_sound_registry_is_read(write: Write) -> None:
    registry = load(write())
    assert list(registry.agencies) == ["snv", "stc"]
    assert registry.agencies["snv"].mailboxes["snv"].roles[Role.CLERK][0].person == "tn02"
    assert registry.agencies["snv"].units["vp"].on(date.min).name == "Văn phòng"
    assert registry.persons["tn02"][0].since == date(2021, 6, 1)
    assert str(registry.persons["tn02"][0].origin) == "agencies/snv.yml:18:9"
    assert registry.addresses["mailbox:snv"][0].standing is Standing.PRIMARY
    assert registry.policy.cites["retention"] == "Điều 6"
    assert registry.policy.mailbox_quota == 500 * 2**20


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "what"),
    [
        # Syntax and keys
        (
            SNV_FILE,
            "head: tn01",
            "head: [tn01",
            "agencies/snv.yml:6:7",
            "This is not YAML: did not find expected ',' or",
        ),
        (
            SNV_FILE,
            "head: tn01",
            "head:\ttn01\n\tx",
            "agencies/snv.yml:7:1",
            "This is not YAML: found a tab character",
        ),
        (
            SNV_FILE,
            "head: tn01",
            "<<<<<<< HEAD\nhead: tn01\n=======\nhead: tn02\n>>>>>>> nhanh",
            "agencies/snv.yml:6:1",
            "Here Git left a conflict",
        ),
        (SNV_FILE, "head:", "haed: tn01\nhead:", "agencies/snv.yml:6:1", "The key 'haed' is not known here."),
        (
            SNV_FILE,
            "head:",
            "kind: agency\nhead:",
            "agencies/snv.yml:6:1",
            "The key 'kind' stands here a second time;",
        ),
        (
            SNV_FILE,
            "  vp: Văn phòng",
            "  vp: Văn phòng\n  vp: Phòng",
            "agencies/snv.yml:11:3",
            "The key 'vp' stands here",
        ),
        (SNV_FILE, "    title: Giám đốc\n", "", "agencies/snv.yml:13:5", "The key 'title' is missing."),
        # Values
        (SNV_FILE, "kind: department", "kind:", "agencies/snv.yml:3:6", "There is no value here."),
        (SNV_FILE, "kind: department", "kind: ~", "agencies/snv.yml:3:7", "There is no value here."),
        (SNV_FILE, "kind: department", "kind: null", "agencies/snv.yml:3:7", "There is no value here."),
        (SNV_FILE, "kind: department", 'kind: ""', "agencies/snv.yml:3:7", "There is no value here."),
        (
            SNV_FILE,
            "kind: department",
            "kind: deparment",
            "agencies/snv.yml:3:7",
            "'deparment' is not a kind of agency.",
        ),
        (
            SNV_FILE,
            "kind: department",
            "kind: [department]",
            "agencies/snv.yml:3:7",
            "Here should be one value, not sev",
        ),
        (
            SNV_FILE,
            "kind: department",
            "kind: !secret department",
            "agencies/snv.yml:3:7",
            "The tag '!secret' is not re",
        ),
        (
            SNV_FILE,
            "kind:",
            "number: one\nkind:",
            "agencies/snv.yml:3:9",
            "'one' is not the number in the regulation's printed list.",
        ),
        (
            SNV_FILE,
            "kind:",
            "number: 0\nkind:",
            "agencies/snv.yml:3:9",
            "'0' is not the number in the regulation's printed list.",
        ),
        (SNV_FILE, "clerks:\n  - tn02", "clerks: []", "agencies/snv.yml:7:9", "This list is empty."),
        (SNV_FILE, "clerks:\n  - tn02", "clerks: tn02", "agencies/snv.yml:7:9", "Here should be a list."),
        (SNV_FILE, "clerks:\n  - tn02", "clerks:", "agencies/snv.yml:7:8", "There is no value here."),
        (
            SNV_FILE,
            "clerks:\n  - tn02",
            "clerks:\n  - [tn02]",
            "agencies/snv.yml:8:5",
            "Here should be keys with values",
        ),
        (SNV_FILE, "units:", "units: {}\nmailboxes:", "agencies/snv.yml:9:8", "This list is empty."),
        (
            SNV_FILE,
            "units:",
            "units: vp\nmailboxes:",
            "agencies/snv.yml:9:8",
            "Here should be keys with values, such as",
        ),
        (
            SNV_FILE,
            "snv@thunghiem",
            "SNV@thunghiem",
            "agencies/snv.yml:4:10",
            "'SNV@thunghiem.gov.vn' is not an address in lower case, without accents.",
        ),
        (
            SNV_FILE,
            "Sở Nội vụ",
            '"Sở  Nội vụ"',
            "agencies/snv.yml:2:7",
            "'Sở  Nội vụ' begins or ends with a space, or holds a double space or an invisible character.",
        ),
        (
            SNV_FILE,
            "Sở Nội vụ",
            "Sở\u200b Nội vụ",
            "agencies/snv.yml:2:7",
            "'Sở\u200b Nội vụ' begins or ends with a space, or holds a double space or an invisible character.",
        ),
        (
            SNV_FILE,
            "Nội",
            DECOMPOSED,
            "agencies/snv.yml:2:7",
            f"'Sở {DECOMPOSED} vụ' is Unicode, but its accents are stored apart",
        ),
        # Days
        (SNV_FILE, "2020-01-01", "01/01/2020", "agencies/snv.yml:16:12", "'01/01/2020' is not a day."),
        (SNV_FILE, "2020-01-01", "2020-02-30", "agencies/snv.yml:16:12", "'2020-02-30' is not a day."),
        (SNV_FILE, "2020-01-01", "20200101", "agencies/snv.yml:16:12", "'20200101' is not a day."),
        (
            SNV_FILE,
            "2020-01-01",
            "2020-01-01\n    until: 2020-01-01",
            "agencies/snv.yml:17:12",
            "The end, 2020-01-01, i",
        ),
        (
            SNV_FILE,
            "2020-01-01",
            "2020-01-01\n    until_decision: 3/QĐ",
            "agencies/snv.yml:17:21",
            "There is a decision",
        ),
        # Names
        (
            SNV_FILE,
            "Nguyễn Văn An",
            "NguyÔn V¨n An",
            "agencies/snv.yml:14:11",
            "'NguyÔn V¨n An' looks like text from an old font (TCVN3 or VNI): 'NguyÔn' is not Vietnamese in Unicode.",
        ),
        (
            SNV_FILE,
            "Nguyễn Văn An",
            "Nguyễn Văn An (A)",
            "agencies/snv.yml:14:11",
            "'Nguyễn Văn An (A)' cannot be a person's name: '(' does not belong in one.",
        ),
        # References
        (
            SNV_FILE,
            "code: snv",
            "code: snvv",
            "agencies/snv.yml:1:7",
            "The file is called snv.yml, but the agency's cod",
        ),
        (SNV_FILE, "unit: vp", "unit: vpp", "agencies/snv.yml:20:11", "This agency has no unit 'vpp'."),
        (SNV_FILE, "head: tn01", "head: tn03", "agencies/snv.yml:6:7", "'tn03' is not among this agency's people."),
        (
            SNV_FILE,
            "head: tn01",
            "head: {person: tn01, until: 2019-01-01}",
            "agencies/snv.yml:6:16",
            "'tn01' has no post in this agency on any of these days.",
        ),
        (
            SNV_FILE,
            "head: tn01",
            "head: [tn01, {person: tn02, since: 2026-01-01}]",
            "agencies/snv.yml:6:23",
            "There wou",
        ),
        (
            SNV_FILE,
            "head: tn01",
            "head: tn01\ndeputies: [tn02]",
            "agencies/snv.yml:9:5",
            "'tn02' is named a second time for the same days; the first is at agencies/snv.yml:7:12.",
        ),
        (SNV_FILE, "kind:", "parent: stx\nkind:", "agencies/snv.yml:3:9", "There is no agency 'stx'."),
        (SNV_FILE, "kind:", "parent: snv\nkind:", "agencies/snv.yml:3:9", "The agency is its own parent: snv → snv."),
        (
            SNV_FILE,
            "kind:",
            "domain: nghiem.gov.vn\nkind:",
            "agencies/snv.yml:3:9",
            "'nghiem.gov.vn' is not a domain of this estate.",
        ),
        (
            STC_FILE,
            "  - id: tn03",
            POST.format(name="Nguyễn Văn An", since="2020-01-01") + "  - id: tn03",
            "agencies/stc.yml:7:10",
            "tn01 would hold two posts at once, from 2020-01-01; the other is at agencies/snv.yml:13:9.",
        ),
        (
            STC_FILE,
            "  - id: tn03",
            POST.format(name="Nguyễn Văn Ân", since="2021-01-01") + "  - id: tn03",
            "agencies/stc.yml:7:10",
            "tn01 is 'Nguyễn Văn Ân' here, but 'Nguyễn Văn An' at agencies/snv.yml:13:9.",
        ),
        # The lock
        (
            LOCK,
            "snv: mailbox:snv",
            "Snv: mailbox:snv",
            "addresses/thunghiem.gov.vn.yml:3:1",
            "'Snv' is not the part before the '@', in lower case without accents.",
        ),
        (
            LOCK,
            "person:tn01",
            "tn01",
            "addresses/thunghiem.gov.vn.yml:2:14",
            "'tn01' is not the holder, and what the address is to it: 'since …', 'alias' or 'retired'.",
        ),
        (LOCK, "nguyenvanan: person:tn01\n", "", "agencies/snv.yml:13:9", "person tn01 has no address in the lock."),
        (
            LOCK,
            "person:tn01",
            "person:tn01 retired",
            "agencies/snv.yml:13:9",
            "person tn01 has no address in the lock.",
        ),
        (
            LOCK,
            "stc: mailbox:stc",
            "stc: mailbox:stc\nsuc: person:tn99",
            "addresses/thunghiem.gov.vn.yml:5:1",
            "There i",
        ),
        (
            LOCK,
            "stc: mailbox:stc",
            "stc: mailbox:stc\nstc: person:tn99",
            "addresses/thunghiem.gov.vn.yml:5:1",
            "'stc' is claimed twice; the first claim is on line 4.",
        ),
        (
            LOCK,
            "stc: mailbox:stc",
            "stc: mailbox:stc\nstb: mailbox:stc alias",
            "addresses/thunghiem.gov.vn.yml:5:1",
            "'stb' stands after 'stc'.",
        ),
        (
            LOCK,
            "stc: mailbox:stc",
            "stc: mailbox:stc\nstd: mailbox:stc",
            "addresses/thunghiem.gov.vn.yml:5:1",
            "mailbox",
        ),
        (
            SNV_FILE,
            "snv@thunghiem",
            "noivu@thunghiem",
            "agencies/snv.yml:4:10",
            "The account is noivu@thunghiem.gov.vn,",
        ),
        (
            SNV_FILE,
            "snv@thunghiem",
            "nguyenvanan@thunghiem",
            "agencies/snv.yml:4:10",
            "The account nguyenvanan@thunghie",
        ),
        # The policy
        (
            "policy.yml",
            "{full}{n}",
            "{full}",
            "policy.yml:2:40",
            "The form '{full}@{domain}' does not make addresses: i",
        ),
        ("policy.yml", "365", "7", "policy.yml:11:33", "'7' is not a number of days."),
        ("policy.yml", "in: true\n", "in: yes\n", "policy.yml:19:28", "'yes' is not true or false."),
        ("policy.yml", "cite: Điều 3, ", "", "policy.yml:4:12", "The key 'cite' is missing."),
        ("estate.yml", "Asia/Ho_Chi_Minh", "Asia/Saigon2", "estate.yml:5:12", "'Asia/Saigon2' is not a time zone."),
        ("estate.yml", "Asia/Ho_Chi_Minh", "../etc/passwd", "estate.yml:5:12", "'../etc/passwd' is not a time zone."),
    ],
)
def test_a_fault_is_found_where_it_is(bend: Bend, file: str, old: str, new: str, where: str, what: str) -> None:
    found = faults(bend(file, old, new))
    assert [fault for fault in found if fault.startswith(f"{where} {what}")], found


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("estate.yml", None, "estate.yml:1:1 The file is missing."),
        (STC_FILE, "", "agencies/stc.yml:1:1 The file is empty."),
        (STC_FILE, "# Nobody yet.\n", "agencies/stc.yml:1:1 The file is empty."),
        (STC_FILE, "- a\n", "agencies/stc.yml:1:1 Here should be keys with values, such as 'code: …'."),
        (STC_FILE, "a: 1\n---\nb: 2\n", "agencies/stc.yml:2:1 This is not YAML: but found another document."),
        ("agencies/sxd.yaml", "code: sxd\n", "agencies/sxd.yaml:1:1 Nothing reads this file."),
        (
            "addresses/khac.gov.vn.yml",
            "a: person:tn01 alias\n",
            "addresses/khac.gov.vn.yml:1:1 'khac.gov.vn' is not a domain of this estate.",
        ),
    ],
)
def test_a_faulty_file_is_named(write: Write, file: str, text: str | None, expected: str) -> None:
    found = faults(write({file: text}))
    assert [fault for fault in found if fault.startswith(expected)], found


def test_an_old_encoding_is_found_at_its_first_byte(write: Write) -> None:
    root = write()
    (root / STC_FILE).write_bytes("code: stc\nname: Sở Công nghiệp S".encode() + b"\xf4\n")
    assert faults(root) == ["agencies/stc.yml:2:23 The file is not UTF-8 (byte 0xf4 cannot be read)."]


def test_a_control_character_is_found_at_its_place(bend: Bend) -> None:
    expected = "agencies/snv.yml:2:9 Here is a control character (U+001F), which no keyboard writes."
    assert faults(bend(SNV_FILE, "Sở Nội", "Sở\x1f Nội")) == [expected]


def test_a_registry_without_agencies_is_refused(write: Write) -> None:
    root = write({SNV_FILE: None, STC_FILE: None, LOCK: None})
    assert faults(root) == ["agencies:1:1 There is not one agency."]


def test_all_faults_are_found_in_one_run_and_what_follows_from_them_is_not(write: Write) -> None:
    root = write(
        {
            "estate.yml": SOUND["estate.yml"].replace("Asia/Ho_Chi_Minh", "Hue"),
            "policy.yml": SOUND["policy.yml"].replace("365", "7"),
            SNV_FILE: SNV.replace("title: Giám đốc", "titel: Giám đốc").replace("unit: vp", "unit: vpp"),
            STC_FILE: "code: [",
            LOCK: LOCK_TEXT.replace("snv: mailbox:snv\nstc: mailbox:stc", "stc: mailbox:stc\nsnv: mailbox:snv"),
        }
    )
    assert [fault.partition(" ")[0] for fault in faults(root)] == [
        "addresses/thunghiem.gov.vn.yml:4:1",
        "agencies/snv.yml:13:5",
        "agencies/snv.yml:15:5",
        "agencies/snv.yml:20:11",
        "agencies/stc.yml:2:1",
        "estate.yml:5:12",
        "policy.yml:11:33",
    ]


@pytest.mark.parametrize("word", ["no", "on", "null-x", "n", "y2"])
def test_a_word_that_looks_like_a_truth_is_a_word(write: Write, word: str) -> None:
    stc = STC.replace("head:", f"units:\n  {word}: Phòng\nhead:").replace(
        "tn03\n    name", f"tn03\n    unit: {word}\n    name"
    )
    assert load(write({STC_FILE: stc})).persons["tn03"][0].unit == word


def test_a_transfer_rests_on_the_receiving_agencys_decision_alone(bend: Bend) -> None:
    posts = load(bend(STC_FILE, "people:", f"people:{TRANSFER.rstrip()}")).persons["tn02"]
    assert [(post.agency, post.since, post.until) for post in posts] == [
        ("snv", date(2021, 6, 1), date(2026, 3, 1)),
        ("stc", date(2026, 3, 1), None),
    ]


def test_a_mail_homes_name_is_taken_once(write: Write) -> None:
    snv = SNV.replace("people:", MAILBOXES).replace("snv-motcua", "stc")
    lock = LOCK_TEXT.replace("nguyenvanan", "motcua: mailbox:stc\nnguyenvanan").replace("stc: mailbox:stc\n", "")
    assert "agencies/stc.yml:2:7 'stc' is already a mailbox at agencies/snv.yml:13:33." in faults(
        write({SNV_FILE: snv, LOCK: lock})
    )


def test_a_further_mailbox_needs_a_head_of_this_agency(write: Write) -> None:
    snv = SNV.replace("people:", MAILBOXES.replace("head: tn01", "head: tn03"))
    lock = LOCK_TEXT.replace("nguyenvanan", "motcua: mailbox:snv-motcua\nnguyenvanan")
    assert faults(write({SNV_FILE: snv, LOCK: lock})) == [
        "agencies/snv.yml:13:71 'tn03' is not among this agency's people."
    ]


def test_two_agencies_do_not_share_a_number(write: Write) -> None:
    both = {file: SOUND[file].replace("kind:", "number: 7\nkind:") for file in (SNV_FILE, STC_FILE)}
    assert faults(write({**both})) == ["agencies/stc.yml:3:9 The number 7 already belongs to snv."]


def test_parents_in_a_ring_are_found(write: Write) -> None:
    root = write(
        {
            SNV_FILE: SNV.replace("kind:", "parent: stc\nkind:"),
            STC_FILE: STC.replace("kind:", "parent: snv\nkind:"),
        }
    )
    assert faults(root) == [
        "agencies/snv.yml:3:9 The agency is its own parent: snv → stc → snv.",
        "agencies/stc.yml:3:9 The agency is its own parent: stc → snv → stc.",
    ]


def test_without_the_lock_only_the_missing_addresses_are_forgiven(write: Write) -> None:
    root = write({LOCK: None, STC_FILE: STC.replace("head: tn03", "head: tn01")})
    assert faults(root, locked=False) == ["agencies/stc.yml:5:7 'tn01' is not among this agency's people."]


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_says_in_sentences_what_is_wrong_and_what_to_do(fault: Fault) -> None:
    assert fault.message.endswith((".", "…"))
    assert fault.remedy.endswith((".", "}"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.integers(0, len(SNV)), st.text(max_size=3))
def test_whatever_is_typed_the_answer_is_a_registry_or_its_faults(write: Write, place: int, typed: str) -> None:
    root = write({SNV_FILE: (SNV[:place] + typed + SNV[place:]).encode(errors="replace").decode()})
    assert all(fault.partition(":")[0] for fault in faults(root))


def test_the_commit_is_gits_and_says_when_files_differ(write: Write) -> None:
    root = write()
    assert commit_of(root) == ""
    git = ["git", "-C", str(root), "-c", "user.name=A", "-c", "user.email=a@thunghiem.gov.vn"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "registry"]):
        subprocess.run([*git, *words], check=True)  # noqa: S603 -- fixed words
    clean = commit_of(root)
    assert len(clean) == 40
    (root / STC_FILE).write_text(STC + "\n", encoding="utf-8")
    assert commit_of(root) == f"{clean}+dirty"


def test_a_refusal_of_git_is_said(write: Write) -> None:
    root = write()
    (root / ".git").write_text("gitdir: /nowhere\n", encoding="utf-8")
    with pytest.raises(CommitError, match=r"Git does not tell the commit of .*: fatal: .*\. Run 'git -C .* status'"):
        commit_of(root)


def test_a_machine_without_git_is_told_so(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write()
    (root / ".git").mkdir()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CommitError, match=r"no git here to tell its commit\. Install it"):
        commit_of(root)


def _hole(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)


@pytest.mark.parametrize(
    ("put", "what"),
    [
        (Path.mkdir, "This is no file, but a folder, a pipe or a device."),
        (os.mkfifo, "This is no file, but a folder, a pipe or a device."),
        (lambda path: path.symlink_to("/nowhere/stttt.yml"), "The link leads nowhere."),
        (lambda path: path.symlink_to("."), "This is no file, but a folder, a pipe or a device."),
        (_hole, "The file has 32 MB, and none is read beyond 32 MB."),
    ],
    ids=["folder", "pipe", "link to nothing", "link to a folder", "too large"],
)
@pytest.mark.parametrize("file", ["estate.yml", "agencies/stttt.yml", LOCK])
def test_what_is_no_file_to_read_is_one_fault_and_no_other(
    write: Write, put: Callable[[Path], None], what: str, file: str
) -> None:
    root = write()
    before = digest(root)
    (root / file).unlink(missing_ok=True)
    put(root / file)
    assert [fault for fault in faults(root, locked=False) if file in fault] == [f"{file}:1:1 {what}"]
    assert digest(root) != before, "an answer that was kept is not given for it"


@pytest.mark.parametrize("file", ["estate.yml", SNV_FILE, LOCK, "agencies", "addresses"])
def test_what_may_not_be_read_is_one_fault(write: Write, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    root = write()
    before = digest(root)
    forbidden = root / file

    def refusing(act: Callable[[Path], object]) -> Callable[[Path], object]:
        def refuse(path: Path) -> object:
            if path == forbidden:
                raise PermissionError(13, "Permission denied", str(path))
            return act(path)

        return refuse

    for act in ("read_bytes", "iterdir"):
        monkeypatch.setattr(Path, act, refusing(getattr(Path, act)))
    found = [fault for fault in faults(root) if fault.startswith(file)]
    assert found == [f"{file}:1:1 The user who runs this may not read it."]
    assert (digest(root) != before) == forbidden.is_file()
