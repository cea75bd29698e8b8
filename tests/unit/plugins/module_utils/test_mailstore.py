"""Agency mailboxes: what is read from the store, and what a difference becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.mailstore import (
    Command,
    Create,
    Folder,
    Grant,
    Install,
    Revoke,
    StoreError,
    Uninstall,
    UnknownMailboxError,
    known,
    opened_before,
    plan,
    plan_script,
    read,
    rows_of,
    scripts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ansible_collections.congvu.mail.plugins.module_utils.mailstore import Change

LEVELS = {"read": ["read", "lookup"], "clerk": ["lookup", "read", "insert"]}
READ = frozenset({"lookup", "read"})
CLERK = frozenset({"lookup", "read", "insert"})
RIGHT = Folder({"group=snv:read": READ, "group=snv:clerk": CLERK})


class Recorded:
    """A store that answers from a table and remembers what it was asked."""

    def __init__(self, answers: Mapping[tuple[str, str, str], list[dict[str, str]]]) -> None:
        """Answer from this table, by command, mailbox and folder."""
        self.answers = answers
        self.rounds = 0

    def ask(self, commands: Sequence[Command]) -> list[list[dict[str, str]]]:
        """Answer, and count the round."""
        self.rounds += 1
        return [
            self.answers[command.name, command.parameters["user"], str(command.parameters.get("mailbox", ""))]
            for command in commands
        ]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param({"INBOX": RIGHT, "Sent": Folder()}, [], id="inherited rights are right"),
        pytest.param({"INBOX": RIGHT, "Sent": RIGHT}, [], id="copied rights are right"),
        pytest.param(
            {"INBOX": Folder(), "Sent": Folder()},
            [
                Grant("snv", "INBOX", "group=snv:clerk", ("insert", "lookup", "read")),
                Grant("snv", "INBOX", "group=snv:read", ("lookup", "read")),
            ],
            id="a new mailbox gets its levels",
        ),
        pytest.param({"INBOX": RIGHT}, [Create("snv", "Sent")], id="a missing folder is created"),
        pytest.param(
            {},
            [
                Create("snv", "Sent"),
                Grant("snv", "INBOX", "group=snv:clerk", ("insert", "lookup", "read")),
                Grant("snv", "INBOX", "group=snv:read", ("lookup", "read")),
            ],
            id="folders come before the rights which they inherit",
        ),
        pytest.param(
            {"INBOX": RIGHT, "Sent": Folder({"group=snv:read": CLERK})},
            [Grant("snv", "Sent", "group=snv:read", ("lookup", "read"))],
            id="a stale copy is renewed",
        ),
        pytest.param(
            {"INBOX": RIGHT, "Sent": Folder(), "2026": Folder({"user=tth00001": READ, "group=stc:read": READ})},
            [Revoke("snv", "2026", "group=stc:read"), Revoke("snv", "2026", "user=tth00001")],
            id="rights from elsewhere are taken back",
        ),
        pytest.param(
            {"INBOX": Folder({**RIGHT.rights, "group=snv:read": READ | {"-insert"}}), "Sent": Folder()},
            [
                Revoke("snv", "INBOX", "group=snv:read"),
                Grant("snv", "INBOX", "group=snv:read", ("lookup", "read")),
            ],
            id="negative rights are swept away before the grant",
        ),
    ],
)
def test_a_plan_holds_exactly_the_difference(found: dict[str, Folder], expected: list[Change]) -> None:
    assert list(plan({"snv": found}, LEVELS, ["Sent"])) == expected


def test_folders_with_rights_of_their_own_get_exactly_these() -> None:
    own: dict[str, dict[str, tuple[str, ...]]] = {
        "2026": {"group=snv:read": ("lookup",)},
        "2026/Mới": {"group=snv:clerk": ("insert", "lookup")},
    }
    found = {"INBOX": RIGHT, "2026": Folder({"group=snv:read": READ, "group=snv:clerk": CLERK}), "Khác": Folder()}
    assert list(plan({"snv": found, "stc": {"INBOX": Folder()}}, {}, (), {"snv": own}))[:4] == [
        Create("snv", "2026/Mới"),
        Revoke("snv", "INBOX", "group=snv:clerk"),
        Revoke("snv", "INBOX", "group=snv:read"),
        Revoke("snv", "2026", "group=snv:clerk"),
    ]
    done = {"INBOX": RIGHT, "2026": Folder({"group=snv:read": frozenset({"lookup"})}),
            "2026/Mới": Folder({"group=snv:clerk": frozenset({"insert", "lookup"})})}  # fmt: skip
    assert plan({"snv": done}, LEVELS, (), {"snv": own}) == ()


def test_a_script_is_put_in_where_another_or_none_is_at_work_and_taken_out_when_nothing_is_wanted() -> None:
    names = ["skh", "snv", "stc", "stp"]
    answers = {
        ("sieveList", "skh", ""): [],
        ("sieveList", "snv", ""): [{"script": "congvu", "active": "ACTIVE"}],
        ("sieveList", "stc", ""): [{"script": "congvu", "active": "ACTIVE"}],
        ("sieveList", "stp", ""): [{"script": "congvu", "active": ""}],
        ("sieveGet", "snv", ""): [{"sieve script": "keep;\n"}],
        ("sieveGet", "stc", ""): [{"sieve script": "stop;\n"}],
    }
    found = scripts(Recorded(answers), names, "congvu")
    assert found == {"skh": None, "snv": "keep;\n", "stc": "stop;\n", "stp": None}
    assert plan_script(found, "congvu", "keep;\n") == tuple(
        Install(name, "congvu", "keep;\n") for name in ("skh", "stc", "stp")
    )
    assert plan_script(found, "congvu", "") == (Uninstall("snv", "congvu"), Uninstall("stc", "congvu"))


def test_reading_takes_two_rounds_however_many_mailboxes_there_are() -> None:
    names = [f"hop{number}" for number in range(45)]
    answers = {
        **{("mailboxList", name, ""): [{"mailbox": "INBOX"}, {"mailbox": "Shared/x"}] for name in names},
        **{("aclGet", name, "INBOX"): [{"id": f"group={name}:read", "rights": "lookup read -"}] for name in names},
    }
    store = Recorded(answers)
    found = read(store, names)
    assert store.rounds == 2
    assert found["hop7"] == {"INBOX": Folder({"group=hop7:read": READ})}


def test_a_leavers_mail_is_opened_for_reading_and_closed_again() -> None:
    closed = {"INBOX": Folder(), "Sent": Folder()}
    (grant,) = plan({"tth00018": closed}, {"read": LEVELS["read"]}, ())
    assert grant == Grant("tth00018", "INBOX", "group=tth00018:read", ("lookup", "read"))
    opened = {"INBOX": Folder({"group=tth00018:read": READ}), "Sent": Folder({"group=tth00018:read": READ})}
    assert plan({"tth00018": opened}, {"read": LEVELS["read"]}, ()) == ()
    assert plan({"tth00018": opened}, {}, ()) == (
        Revoke("tth00018", "INBOX", "group=tth00018:read"),
        Revoke("tth00018", "Sent", "group=tth00018:read"),
    )


def test_whose_mail_was_opened_stands_in_dovecots_own_list(tmp_path: Path) -> None:
    path = tmp_path / "sharing-map"
    assert opened_before(path) == set()
    groups = ("snv:read/snv", "snv:clerk/snv", "tth00018:read/tth00018", "tth00019:read/tth00020")
    path.write_text("".join(f"shared/shared-boxes/group/{group}\n1\n" for group in groups), encoding="utf-8")
    assert opened_before(path) == {"tth00018"}


def test_of_what_is_no_more_nothing_is_asked() -> None:
    class Half:
        def ask(self, commands: Sequence[Command]) -> list[list[dict[str, str]]]:
            if commands[0].parameters["userMask"] == ["tth00019"]:
                raise UnknownMailboxError
            return [[]]

    assert known(Half(), ["tth00018", "tth00019"]) == ["tth00018"]


def test_the_owners_rights_are_not_the_registrys() -> None:
    store = Recorded(
        {
            ("mailboxList", "snv", ""): [{"mailbox": "INBOX"}],
            ("aclGet", "snv", "INBOX"): [{"id": "owner", "rights": "lookup read"}],
        }
    )
    assert read(store, ["snv"]) == {"snv": {"INBOX": Folder()}}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (["error", {"type": "exitCode", "exitCode": 67}, "0"], "The directory knows no mailbox snv"),
        (["error", {"type": "exitCode", "exitCode": 75}, "0"], r"aclGet of snv/INBOX failed: .*75"),
    ],
)
def test_a_failed_command_says_what_to_do(answer: list[object], message: str) -> None:
    with pytest.raises(StoreError, match=message):
        rows_of(Command("aclGet", {"user": "snv", "mailbox": "INBOX"}), answer)


@pytest.mark.parametrize(
    ("change", "command"),
    [
        (
            Create("snv", "Sent"),
            Command("mailboxCreate", {"user": "snv", "mailbox": ["Sent"], "subscriptions": True}),
        ),
        (
            Grant("snv", "INBOX", "group=snv:read", ("lookup", "read")),
            Command("aclSet", {"user": "snv", "mailbox": "INBOX", "id": "group=snv:read", "right": ["lookup", "read"]}),
        ),
        (
            Revoke("snv", "INBOX", "user=tth00001"),
            Command("aclDelete", {"user": "snv", "mailbox": "INBOX", "id": "user=tth00001"}),
        ),
    ],
)
def test_each_change_is_one_command(change: Change, command: Command) -> None:
    assert change.command() == command
