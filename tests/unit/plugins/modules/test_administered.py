"""What counts as an administrator's access to letters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.maillog import Administered, Opened, SignedIn
from ansible_collections.congvu.mail.plugins.modules.administered import concerns_letters

if TYPE_CHECKING:
    from ansible_collections.congvu.mail.plugins.module_utils.maillog import Event


def event(kind: type[Event], **fields: object) -> Event:
    return kind(at=datetime(2026, 11, 23, tzinfo=UTC), host="mail", line="", **fields)


@pytest.mark.parametrize(
    ("found", "counts"),
    [
        (event(Opened, user="snv", service="doveadm", session="", folder="INBOX", uid=4), True),
        (event(Opened, user="tth00012", service="imap", session="s", folder="Shared/snv", uid=4), False),
        (event(Administered, user="snv", command="fetch", session=""), True),
        (
            event(Administered, user="snv", command="fetch", session="19570"),
            False,
        ),  # a play, for counts
        (event(Administered, user="snv", command="expunge", session="19570"), True),
        (event(Administered, user="snv", command="flags add", session=""), True),
        (event(Administered, user="snv", command="mailbox list", session=""), False),
        (event(Administered, user="snv", command="acl set", session="19570"), False),
        (event(SignedIn, user="snv", service="imap", client="198.18.0.1", session="s"), False),
    ],
)
def test_seeing_or_changing_letters_counts_and_folders_and_rights_do_not(found: Event, *, counts: bool) -> None:
    assert concerns_letters(found) is counts
