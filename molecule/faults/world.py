"""One province, its control node and its directory, and all that must never be lost of them."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import ldap3
from ansible_collections.congvu.mail.plugins.module_utils import source
from ansible_collections.congvu.mail.tests.approval import approve

from ..reach import new_password
from .estate import faults, identities

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from .control import Control, Said
    from .days import Days
    from .estate import Estate, Values

OVERRIDES_LAST = timedelta(days=7)
SAMPLE = 3  # people of earlier days who sign in at each look


@dataclass
class World:
    """What a test breaks and finds whole again. It remembers who was who and every password ever given out."""

    days: Days
    control: Control
    estate: Estate
    random: Random
    identities: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict, repr=False)  # by uid: the one in force
    issued: dict[str, str] = field(default_factory=dict, repr=False)  # by the name of its file

    def live(self, days: int = 1) -> None:
        """Let days pass."""
        for _ in range(days):
            self.days.live()
            self.days.write(self.control.registry)

    def plan(self) -> Said:
        """Plan for today; where a rail stands, have it reviewed, for whatever a day brings is meant."""
        today = self.days.today
        self.control.clock = datetime(today.year, today.month, today.day, 5, tzinfo=UTC)
        shutil.rmtree(self.control.registry / "overrides", ignore_errors=True)
        said = self.control.plan(today)
        if said.status == 3:
            approve(said.text, today + OVERRIDES_LAST)
            said = self.control.plan(today)
        assert said.status in (0, 2), said.text
        return said

    def reconcile(self) -> Said:
        """Plan and apply, which must succeed."""
        self.plan()
        said = self.control.apply()
        assert said.status == 0, said.text
        return said

    def settle(self) -> None:
        """Begin from a directory that is as declared."""
        self.estate.machine.signal("SIGCONT")
        self.estate.machine.run("systemctl start slapd")
        self.estate.wait()
        self.days.write(self.control.registry)
        self.reconcile()
        self.check()

    def check(self) -> dict[str, Values]:
        """See that the directory is in the declared state and that nothing of the past was lost on the way."""
        tree = self.estate.tree()
        registry = source.load(self.control.registry, cache=self.days.cache)
        assert faults(tree, registry, self.days.today) == []
        now = identities(tree)
        assert {id_: now.get(id_) for id_ in self.identities} == self.identities, "an entry was made anew"
        self.identities = now
        self._check_passwords(tree)
        self._check_journals()
        assert self.plan().status == 0
        return tree

    def _check_passwords(self, tree: dict[str, Values]) -> None:
        """See that newcomers and some others come in with the passwords that they were given or chose."""
        issued = {path.name: path.read_text(encoding="utf-8").strip() for path in self.control.passwords.iterdir()}
        purged = {uid for shown in tree.values() for uid in shown.get("uid", ()) if shown["congvuState"] == {"purged"}}
        kept = {name: password for name, password in self.issued.items() if name not in purged}
        assert {name: issued.get(name) for name in kept} == kept, "a password was replaced"
        fresh = issued.keys() - self.issued.keys()
        self.issued = issued
        people = {
            uid: dn
            for dn, shown in tree.items()
            for uid in shown.get("employeeNumber", ())
            if shown["congvuState"] == {"active"}
        }
        self.passwords |= {uid: issued[uid] for uid in people if uid not in self.passwords}
        known = sorted(people.keys() - fresh)
        self._sign_in(people, [*sorted(people.keys() & fresh), *self.random.sample(known, min(SAMPLE, len(known)))])

    def _sign_in(self, people: dict[str, str], uids: Iterable[str]) -> None:
        for number, uid in enumerate(uids):
            with self.estate.sign_in(people[uid], self.passwords[uid]) as connection:
                assert connection, f"{uid} can no longer sign in"
                if not number:
                    # Somebody chooses a password of their own: whoever overwrites it later is found out.
                    chosen = new_password()
                    connection.modify(people[uid], {"userPassword": [(ldap3.MODIFY_REPLACE, [chosen])]})
                    assert connection.result["result"] == 0, connection.result
                    self.passwords[uid] = chosen

    def _check_journals(self) -> None:
        for path in self.control.state.joinpath("journal").iterdir():
            text = path.read_text(encoding="utf-8")
            assert text.endswith("\n") or not text, f"{path}: the last line is not whole"
            events = [json.loads(line)["event"] for line in text.splitlines()]
            assert events[:1] in ([], ["begin"], ["broken"], ["override"]), f"{path}: {events}"
