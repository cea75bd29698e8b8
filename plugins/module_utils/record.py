"""From one reported change to the registry's items: who joins, moves, leaves, from which day, on which decision.

Every change rests on a decision (HD Điều 5.2, TTH Điều 7, DL Điều 6). A transfer is one identity in two agencies, on
the receiving agency's decision (TTH Điều 7.b). What the registry says already is left as it is. Each method checks
everything before it changes anything: a refused row leaves no trace.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from .form import ABSENCES, ENDINGS, Change, Column
from .model import Tie
from .refusals import Refusal
from .resolve import shown
from .roster import POSTS
from .rows import cited

if TYPE_CHECKING:
    from .resolve import Resolver
    from .rows import Decision, Row
    from .staff import Item, Post, Staff

_FOREVER = "9999"  # after every day as the registry writes it


@dataclass(slots=True)
class Taken:
    """What recording one row did, in Vietnamese; ``touched`` are the agency and the person of each post changed."""

    said: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    touched: set[tuple[str, str]] = field(default_factory=set)

    def change(self, post: Post) -> None:
        """Note that a post was changed."""
        self.touched.add((post.agency, post.person))


@dataclass(slots=True)
class Recorder:
    """Changes the draft, one row at a time.

    Newcomers without a staff number are known by a stand-in until all rows are taken: ``newcomers``, in their order.
    """

    find: Resolver
    newcomers: list[str] = field(default_factory=list)

    @property
    def staff(self) -> Staff:
        """The draft."""
        return self.find.staff

    def take(self, row: Row, change: Change, stand_in: str) -> Taken:
        """Record a change. Raises RowRefusedError where it cannot be right."""
        taken = Taken()
        if change is Change.JOIN:
            self.join(row, stand_in, taken)
        elif change is Change.TRANSFER:
            self.transfer(row, taken)
        elif change is Change.APPOINTMENT:
            self.appoint(row, self.find.person(row), taken)
        elif change is Change.RENAME:
            self._rename(row, taken)
        elif change in ENDINGS:
            self._leave(row, change, taken)
        elif change in ABSENCES:
            self._absent(row, change, taken)
        elif change is Change.RETURN:
            self._return(row, taken)
        elif change is Change.POST_END:
            self._end_second(row, taken)
        else:
            self._second(row, Tie.SECONDMENT if change is Change.SECONDMENT else Tie.CONCURRENT, taken)
        return taken

    # Joins, transfers, second posts

    def join(self, row: Row, stand_in: str, taken: Taken) -> None:
        """Take in somebody new, or somebody whom the registry knows, from elsewhere or after a time away."""
        name = row.name() or row.need(Column.NAME)
        given = self.find.given_id(row)
        if given in self.staff.posts:
            self.find.person(row)
            self.rejoin(row, given, taken)
            return
        agency, since, decision = self.find.agency(row), row.since(), row.decision()
        if not given:
            if self._has_joined(row, name, agency, since):
                return
            if not self.find.form.new_ids:
                raise Refusal.WITHOUT_ID.row(name=name)
            given = stand_in
        said = self._post(row, given, name, agency)
        if given == stand_in:
            taken.notes += self._namesakes(name)
            self.newcomers.append(stand_in)
        taken.change(self.staff.add(agency, said))
        taken.said.append(f"Tiếp nhận {name} ({given}) vào {self.find.called(agency)} từ {shown(since)}, {decision}")

    def _has_joined(self, row: Row, name: str, agency: str, since: date) -> bool:
        """Say whether a newcomer without a staff number was recorded before, on the same decision."""
        title, decision = row.need(Column.TITLE), row.decision()
        return any(
            post.agency == agency
            and post.since == since
            and (post.said["name"], post.said["title"]) == (name, title)
            and decision.is_same(cited(str(post.said["decision"])))
            for person in self.staff.namesakes(name)
            for post in self.staff.posts[person]
        )

    def _namesakes(self, name: str) -> list[str]:
        alike = [person for person in self.find.namesakes(name) if name in self.staff.names(person)]
        if not alike:
            return []
        who = self.find.seats(alike)
        return [f"Sổ đã có người cùng tên: {who}. Nếu là một người thì ghi số hiệu ấy, để hộp thư đi theo người."]

    def _post(self, row: Row, person: str, name: str, agency: str) -> Item:
        """Return a new post as a row tells it."""
        since, until, unit = row.since(), row.until(), self.find.unit(row, agency, row.since())
        if until and until <= since:
            raise Refusal.BACKWARDS.row()
        said: Item = {"id": person, "name": name, **({"unit": unit} if unit else {})}
        said |= {"title": row.need(Column.TITLE), "since": since.isoformat(), "decision": str(row.decision())}
        return said | ({"until": until.isoformat()} if until else {})

    def rejoin(self, row: Row, person: str, taken: Taken) -> None:
        """Take in somebody whom the registry knows."""
        since = row.since()
        if self.staff.main(person, since) is not None:
            self.transfer(row, taken)
            return
        self._nothing_later(person, since)
        agency, decision = self.find.agency(row), row.decision()
        name = self.staff.mains(person)[-1][0].facts(date.max).name
        taken.change(self.staff.add(agency, self._post(row, person, name, agency)))
        taken.said.append(f"{name} ({person}) trở lại, vào {self.find.called(agency)} từ {shown(since)}, {decision}")

    def transfer(self, row: Row, taken: Taken) -> None:
        """Move somebody to another agency, on the receiving one's decision."""
        person = self.find.person(row)
        since, agency, decision = row.since(), self.find.agency(row), row.decision()
        if any(post.since == since and post.agency == agency for post, _ in self.staff.mains(person)):
            return
        main = self.find.main(person, since)
        former = self.staff.place(main, since)
        if former == agency:
            self.appoint(row, person, taken)
            return
        if row.has(Column.FROM_AGENCY) and self.find.agency(row, Column.FROM_AGENCY) != former:
            self._not_there(row, person, former, Column.FROM_AGENCY)
        self._nothing_later(person, since)
        name = main.facts(since).name
        taken.change(self.staff.add(agency, self._post(row, person, name, agency)))
        taken.notes += self._roles(person, former)
        taken.said.append(
            f"Điều động {name} ({person}) từ {self.find.called(former)} sang {self.find.called(agency)} "
            f"từ {shown(since)}, {decision}"
        )

    def _not_there(self, row: Row, person: str, agency: str, column: Column) -> None:
        facts = {"person": self.find.who(person), "agency": self.find.called(agency), "other": f"'{row.text(column)}'"}
        raise Refusal.NOT_THERE.row(column=column.title, **facts)

    def _second(self, row: Row, tie: Tie, taken: Taken) -> None:
        """Give somebody a second post beside the main one."""
        person = self.find.person(row)
        since, agency, decision = row.since(), self.find.agency(row), row.decision()
        if any((post.tie, post.agency, post.since) == (tie, agency, since) for post in self.staff.posts[person]):
            return
        name = self.find.main(person, since).facts(since).name
        post = self.staff.add(agency, self._post(row, person, name, agency))
        post.put("kind", tie.value)
        taken.change(post)
        taken.said.append(
            f"{POSTS[tie]} {name} ({person}) tại {self.find.called(agency)} từ {shown(since)}, {decision}"
        )

    def _end_second(self, row: Row, taken: Taken) -> None:
        person = self.find.person(row)
        since, decision, agency = row.since(), row.decision(), self.find.agency(row, needed=row.has(Column.AGENCY))
        own = [post for post in self.staff.posts[person] if post.tie is not Tie.MAIN and post.since < since]
        if row.has(Column.AGENCY):
            own = [post for post in own if post.agency == agency]
        if any(post.until == since for post in own):
            return
        held = [post for post in own if post.until is None or post.until > since]
        if len(held) != 1:
            raise Refusal.SECOND_POSTS.row(person=self.find.who(person), count=len(held), day=shown(since))
        self._close(held[0], since, decision, taken)
        kind = POSTS[held[0].tie].lower()
        taken.said.append(f"{self.find.who(person)} hết {kind} từ {shown(since)}, {decision}")

    # Leaving

    def _leave(self, row: Row, change: Change, taken: Taken) -> None:
        """End somebody's posts for good."""
        person = self.find.person(row)
        since, decision = row.since(), row.decision()
        if any(post.until == since and "ending" in post.said for post, _ in self.staff.mains(person)):
            return
        first = min(post.since for post in self.staff.posts[person])
        if since <= first:
            facts = {"since": shown(since), "first": shown(first)}
            raise Refusal.BEFORE_JOINING.row(change=change.title, person=self.find.who(person), **facts)
        main = self.find.main(person, since - timedelta(days=1))
        self._nothing_later(person, since)
        place = self.staff.place(main, since)
        if row.has(Column.AGENCY) and self.find.agency(row) != place:
            self._not_there(row, person, place, Column.AGENCY)
        held = [main, *self.staff.seconds(person, since)]
        if any(str(absence["since"]) >= since.isoformat() for post in held for absence in post.items("absences")):
            raise Refusal.LATER_LEAVE.row()
        for post in held:
            self._close(post, since, decision, taken)
        main.put("ending", change.key)
        taken.notes += self._roles(person, place)
        taken.said.append(f"{change.title}: {self.find.who(person)} từ {shown(since)}, {decision}")

    @staticmethod
    def _close(post: Post, since: date, decision: Decision, taken: Taken) -> None:
        """End a post, and with it a leave that would outlast it."""
        for absence in post.items("absences"):
            if "until" in absence and str(absence["until"]) > since.isoformat():
                absence["until"] = since.isoformat()
        post.put("until", since.isoformat())
        post.put("until_decision", str(decision))
        taken.change(post)

    def _roles(self, person: str, agency: str) -> list[str]:
        """Remind the reviewer of roles in mailboxes that end with the post (TTH Điều 9.2, BT Điều 7.3.b)."""
        boxes = sorted(
            mailbox.uid
            for mailbox in self.find.registry.agencies[agency].mailboxes.values()
            if any(grant.person == person for grants in mailbox.roles.values() for grant in grants)
        )
        if not boxes:
            return []
        return [f"Người này phụ trách hoặc dùng hộp thư {', '.join(boxes)}: cần bàn giao và ghi người thay vào sổ."]

    def _nothing_later(self, person: str, day: date) -> None:
        """See that the registry has nothing of somebody's main posts from a day on: a change would contradict it."""
        for post, until in self.staff.mains(person):
            for later in (post.since, *(date.fromisoformat(str(item["since"])) for item in post.items("changes"))):
                if later >= day:
                    raise Refusal.LATER.row(person=self.find.who(person), day=shown(later))
            if post.until and until and post.since < day < until:
                raise Refusal.ENDS.row(person=self.find.who(person), day=shown(until - timedelta(days=1)))

    # Long leave

    def _absent(self, row: Row, change: Change, taken: Taken) -> None:
        person = self.find.person(row)
        since, until, decision = row.since(), row.until(), row.decision()
        main = self.find.main(person, since)
        if until and until <= since:
            raise Refusal.BACKWARDS.row()
        begin, end = since.isoformat(), until.isoformat() if until else _FOREVER
        for absence in main.items("absences"):
            begun, over = str(absence["since"]), str(absence.get("until", _FOREVER))
            if begun == begin and over in (end, over if until is None else end):
                return
            if begun < end and begin < over:
                raise Refusal.LEAVE_TWICE.row(person=self.find.who(person), day=shown(date.fromisoformat(begun)))
        said: Item = {"since": begin, **({"until": end} if until else {})}
        main.add("absences", {**said, "decision": str(decision), "reason": change.key})
        taken.change(main)
        last = f" đến hết {shown(until - timedelta(days=1))}" if until else ""
        taken.said.append(f"{change.title}: {self.find.who(person)} từ {shown(since)}{last}, {decision}")

    def _return(self, row: Row, taken: Taken) -> None:
        """End a long leave, earlier than it was granted or one that was open."""
        person = self.find.person(row)
        since, decision = row.since(), row.decision()
        main = self.find.main(person, since)
        for absence in main.items("absences"):
            begun, over = str(absence["since"]), str(absence.get("until", _FOREVER))
            if over == since.isoformat():
                return
            if begun < since.isoformat() < over:
                said = dict(absence)
                absence.clear()
                absence.update({"since": begun, "until": since.isoformat()})
                absence.update({name: value for name, value in said.items() if name not in absence})
                taken.change(main)
                taken.said.append(f"{self.find.who(person)} trở lại làm việc từ {shown(since)}, {decision}")
                return
        raise Refusal.NOT_ON_LEAVE.row(person=self.find.who(person), day=shown(since))

    # Titles, units, names

    def appoint(self, row: Row, person: str, taken: Taken) -> None:
        """Give somebody another title or unit within the agency."""
        since, decision = row.since(), row.decision()
        post = self._held(row, person, since)
        agency = self.staff.place(post, since)
        facts, unit = post.facts(since), self.find.unit(row, agency, since)
        title = row.text(Column.TITLE) or facts.title
        new: Item = {"title": title} if title != facts.title else {}
        if unit and unit != facts.unit:
            new["unit"] = unit
        without_unit = row.is_none(Column.UNIT) and facts.unit is not None
        if not new and not without_unit:
            if not row.has(Column.TITLE) and not row.has(Column.UNIT):
                raise Refusal.NOTHING_NEW.row()
            return
        if facts.since == since:
            raise Refusal.SAME_DAY.row(decision=facts.decision)
        if without_unit or agency != post.agency:  # what a change within the same item cannot say
            if post.tie is not Tie.MAIN:
                raise Refusal.UNIT_OF_SECOND.row()
            self._nothing_later(person, since)
            said: Item = {"id": person, "name": facts.name, **({"unit": unit} if unit else {}), "title": title}
            post = self.staff.add(agency, {**said, "since": since.isoformat(), "decision": str(decision)})
        else:
            post.add("changes", {"since": since.isoformat(), "decision": str(decision), **new})
        taken.change(post)
        parts = [title if "title" in new else "", f"về {unit}" if "unit" in new else ""]
        what = ", ".join(filter(None, parts)) or "thôi thuộc đơn vị"
        taken.said.append(f"{self.find.who(person)}: {what} từ {shown(since)}, {decision}")

    def _held(self, row: Row, person: str, day: date) -> Post:
        """Return the post that a row is about: the main one, unless the row names the agency of a second one."""
        main = self.find.main(person, day)
        place = self.staff.place(main, day)
        agency = self.find.agency(row) if row.has(Column.AGENCY) else place
        if agency == place:
            return main
        second = [post for post in self.staff.seconds(person, day) if post.agency == agency]
        if len(second) == 1:
            return second[0]
        facts = {"agency": self.find.called(place), "other": self.find.called(agency)}
        raise Refusal.ELSEWHERE.row(person=self.find.who(person), **facts)

    def _rename(self, row: Row, taken: Taken) -> None:
        person = self.find.person(row, renamed=True)
        by_number = row.has(Column.ID) and not row.has(Column.NEW_NAME)
        name = row.name() if by_number else row.name(Column.NEW_NAME)
        self.rename(row, person, name or row.need(Column.NEW_NAME), taken)

    def rename(self, row: Row, person: str, name: str, taken: Taken) -> None:
        """Give somebody another name from a day on; whatever begins later goes by it."""
        since, decision = row.since(), row.decision()
        main = self.find.main(person, since)
        former = main.facts(since).name
        if former == name:
            return
        if main.since == since:
            raise Refusal.SAME_DAY.row(decision=main.said["decision"])
        same_day = [change for change in main.items("changes") if change["since"] == since.isoformat()]
        for change in same_day:
            change["name"] = name
        if not same_day:
            main.add("changes", {"since": since.isoformat(), "decision": str(decision), "name": name})
        taken.change(main)
        for post in self.staff.posts[person]:
            for item in (post.said, *post.items("changes")):
                if str(item["since"]) > since.isoformat() and item.get("name") == former:
                    item["name"] = name
                    taken.change(post)
        self.staff.know(person)
        taken.said.append(f"{former} ({person}) đổi tên thành {name} từ {shown(since)}, {decision}")
