"""Who gets the letters of which list, and who may write to it, on one day.

Membership is told on the member's own entry, so a post that changes is one entry that changes, however long the lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from .model import Agency, Grant, Mailbox, MailingList, Post, Registry, Those

    # By person's id or group: in which mailbox of which agency somebody has which role.
    Grants = Mapping[str, Sequence[tuple[Agency, Mailbox, Role, Grant]]]

MEMBER, WRITER = "congvuList", "congvuListWriter"


class Lists:
    """The registry's lists turned round: by what a person or a mailbox has to be, to be meant by them."""

    def __init__(self, registry: Registry, grants: Grants) -> None:
        """Sort everybody whom a list names by what is known of a person first."""
        self._registry = registry
        self._grants = grants
        self._meaning: dict[str, list[tuple[MailingList, Those, str]]] = {}
        for listed in registry.all_lists:
            for those, attribute in (*((each, MEMBER) for each in listed.members), *self._named(listed)):
                self._meaning.setdefault(_key(those), []).append((listed, those, attribute))
        self.named = frozenset(those.person for met in self._meaning.values() for _, those, _ in met if those.person)

    @staticmethod
    def _named(listed: MailingList) -> Iterator[tuple[Those, str]]:
        return ((those, WRITER) for those in listed.senders if those.circle is None)

    def is_open(self, listed: MailingList, day: date) -> bool:
        """Say whether letters to a list are taken."""
        return listed.covers(day) and (not listed.agency or self._registry.agencies[listed.agency].covers(day))

    def of_person(
        self, person: str, posts: Sequence[Post], acting: Sequence[Post], day: date
    ) -> dict[str, tuple[str, ...]]:
        """Return the lists of somebody who is active, as attributes.

        Posts count as long as they are held, roles only while the holder acts for the agency.
        """
        if not self._meaning:
            return {}
        kinds = {self._registry.agencies[post.agency].on(day).kind for post in posts}
        found: dict[str, set[str]] = {}
        for listed, those, attribute in self._met(person, posts, kinds):
            if not (those.covers(day) and self.is_open(listed, day)):
                continue
            if those.person or (
                self._plays(person, acting, those, day) if those.role else self._fits(posts, those, day)
            ):
                found.setdefault(attribute, set()).add(listed.uid)
        return {attribute: tuple(sorted(uids)) for attribute, uids in found.items()}

    def of_mailbox(self, uid: str, day: date) -> dict[str, tuple[str, ...]]:
        """Return the lists of a shared mailbox that is open, as attributes."""
        uids = {
            listed.uid
            for listed, those, _ in self._meaning.get(f"mailbox:{uid}", ())
            if those.covers(day) and self.is_open(listed, day)
        }
        return {MEMBER: tuple(sorted(uids))} if uids else {}

    def days_of_person(self, person: str, posts: Sequence[Post]) -> set[date]:
        """Return the days written in lists on which those of a person may differ; posts and roles have their own."""
        if not self._meaning:
            return set()
        kinds = {version.kind for post in posts for version in self._registry.agencies[post.agency].versions}
        met = self._met(person, posts, kinds)
        return self._days((listed, those) for listed, those, _ in met if _may_ever_fit(posts, those))

    def days_of_mailbox(self, uid: str) -> set[date]:
        """Return the same of a shared mailbox."""
        return self._days((listed, those) for listed, those, _ in self._meaning.get(f"mailbox:{uid}", ()))

    def _days(self, found: Iterable[tuple[MailingList, Those]]) -> set[date]:
        days: set[date] = set()
        for listed, those in found:
            spans = [listed, those]
            if listed.agency:
                spans.append(self._registry.agencies[listed.agency])
            days.update(end for span in spans for end in (span.since, span.until) if end)
        return days

    def _met(self, person: str, posts: Sequence[Post], kinds: set[str]) -> Iterator[tuple[MailingList, Those, str]]:
        keys = {
            "",
            f"person:{person}",
            *(f"agency:{post.agency}" for post in posts),
            *(f"kind:{kind}" for kind in kinds),
        }
        for key in keys:
            yield from self._meaning.get(key, ())

    def _fits(self, posts: Sequence[Post], those: Those, day: date) -> bool:
        """Say whether one post meets all conditions."""
        return any(_is_there(post, those) and self._is_of(post.agency, those, day) for post in posts)

    def _plays(self, person: str, acting: Sequence[Post], those: Those, day: date) -> bool:
        """Say whether somebody has the role, or the head's place, in a mailbox that is meant, and acts there."""
        return any(
            (Role.HEAD if role is Role.STAND_IN else role) is those.role
            and grant.covers(day)
            and mailbox.covers(day)
            and mailbox.uid == (f"{agency.code}-{those.unit}" if those.unit else agency.code)
            and (not those.agency or agency.code == those.agency)
            and self._is_of(agency.code, those, day)
            and any(post.agency == agency.code and those.title in ("", post.title) for post in acting)
            for agency, mailbox, role, grant in self._grants.get(person, ())
        )

    def _is_of(self, agency: str, those: Those, day: date) -> bool:
        return not those.kind or self._registry.agencies[agency].on(day).kind == those.kind


def _key(those: Those) -> str:
    """Return the one fact by which somebody is found whom these conditions may mean."""
    return next(
        (
            f"{name}:{value}"
            for name, value in (
                ("person", those.person),
                ("mailbox", those.mailbox),
                ("agency", those.agency),
                ("kind", those.kind),
            )
            if value
        ),
        "",
    )


def _is_there(post: Post, those: Those) -> bool:
    return (
        those.agency in ("", post.agency)
        and (not those.unit or those.unit == post.unit)
        and those.title in ("", post.title)
    )


def _may_ever_fit(posts: Sequence[Post], those: Those) -> bool:
    """Say whether conditions could ever mean somebody; what only a role decides, they could."""
    return bool(those.person or those.role) or any(_is_there(post, those) for post in posts)
