"""One incident step by step, as somebody would play it who is shown the house; each step can be done for them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from client.port import IncidentReader
from domain.company.catalog import Catalog, Team
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.procedure.changes import ChangeAnswered
from domain.procedure.public_postmortem import PublicPostmortemApproved
from domain.procedure.status_page import UpdatePosted
from domain.report.view import View
from stage.alert import Alerts
from stage.desk import Desk
from stage.outlook import Outlook, look
from standins.slack.hand import has_button

LESSON = "A check that an order waits for needs a time after which the order goes on without it."
WRITTEN = {
    "Summary": "Some customers could not pay. Each order waited ten seconds for the new fraud check, until the"
    " check was switched off by its flag.",
    "Contributors": "The check calls another company's service and had no timeout. It was tried with ten orders a"
    " minute; at night there are four hundred.",
    "What went well": "The flag was there, and switching it off took a minute; a rollback would have taken fifteen.",
    "What was hard": "Nothing on the dashboard showed how long the check takes, so it was found by reading traces.",
    "Lessons": LESSON,
}
"""What a team may have written under each heading."""
ITEM = "Give the fraud check a timeout"
"""What is learned, and done about it."""
PUBLISHED = "publish_update"
"""What tells customers, as it is done on the page."""


class Step(NamedTuple):
    """What happens, how it is done by hand, and who does it."""

    title: str
    hint: str
    person: str
    press: str = ""
    """How the button begins by which it is done in Slack."""
    done: bool = False


@dataclass(frozen=True)
class Cast:
    """Who plays which part: the people of the first service's team."""

    first: str
    second: str
    commander: str
    comms: str
    manager: str


def cast(catalog: Catalog) -> Cast:
    """The people of a first look."""
    service = next((one for one in catalog.services.values() if one.tier == 1), next(iter(catalog.services.values())))
    team: Team = catalog.teams[service.team]
    levels = [person for level in team.levels.values() for person in level.everybody]
    first, second = levels[0], levels[1] if len(levels) > 1 else levels[0]
    manager = team.managers[0] if team.managers else first
    return Cast(first, second, [*team.commanders, first][0], [*team.comms, first][0], manager)


@dataclass
class Steps:
    """The story; what is done is read from the incident that it began, and from what happened in it."""

    lasting: ClassVar[Mapping[str, Any]] = MappingProxyType({"follows": str})
    """What a restart keeps, as of the stand-ins."""

    desk: Desk
    alerts: Alerts
    follows: str = ""
    """That incident; the newest becomes it where nothing is said."""
    name: str = "steps"

    def __post_init__(self) -> None:
        self.keep: Callable[[], None] = lambda: None

    async def look(self, reader: IncidentReader | None) -> Outlook:
        """How that incident stands; it stays the one that is followed."""
        seen = await look(reader, self.follows)
        self.follows = seen.followed.id if seen.followed else self.follows
        self.keep()
        return seen

    def all(self, followed: View | None, events: Sequence[Event] = ()) -> list[Step]:
        """Every step, and whether it is done."""
        who, names = cast(self.desk.catalog), self._name
        sam, jonas = names(who.second), names(who.commander)
        ines, mira = names(who.comms), names(who.manager)
        rows = (
            ("An alert fires", f"{names(who.first)} is paged. The webhook comes three times.", who.first, ""),
            ("Somebody answers", f'{sam} presses "I\'m on it" in the pager or in Slack.', who.second, "I'm on it"),
            (
                "It is a P1",
                f'{jonas} presses "Declare P1" in #incidents. The war room opens.',
                who.commander,
                "Declare P1",
            ),
            ("Customers are told", f'{ines} takes the words: "Publish" in the room.', who.comms, "Publish"),
            ("The room is told", f'{sam} writes what was found: "Tell the room".', who.second, "Tell the room"),
            ("A change without deployment", f"{jonas} wants it; only {mira} can allow it.", who.manager, "Allow it"),
            ("It is solved", f'{jonas} presses "Resolve…" and says what it was.', who.commander, "Resolve"),
            (
                "Afterwards",
                f"{ines} publishes the last words, unless they left with the end. {mira} answers for data, and"
                " completes the post-mortem.",
                who.manager,
                "Publish",
            ),
            ("Customers read why", f'{ines} reads the account of what happened: "Post it".', who.comms, "Post it"),
        )
        marks = _done(followed, events)
        return [Step(*row, done=done) for row, done in zip(rows, marks, strict=True)]

    async def do(self, number: int) -> Mapping[str, str]:
        """Do a step for somebody; who did it, and in which room."""
        does = (
            self._alert, self._answer, self._declare, self._publish, self._tell, self._change, self._resolve,
            self._learn, self._account,
        )  # fmt: skip
        if not 0 <= number < len(does):
            raise LookupError(f"there is no step {number}")
        await does[number]()
        person = self.all(None)[number].person
        room = self._room()
        return {"as": person, "room": room if room and number > 2 else "incidents"}

    async def _alert(self) -> None:
        await self.alerts.send("errors")

    async def _answer(self) -> None:
        pages = self.desk.on.ringing(self.desk.catalog)
        if not pages:
            raise LookupError("nobody is paged: let an alert fire first")
        own = [one for one in pages if self.follows in str(one)]
        await self.desk.answers_page(cast(self.desk.catalog).second, [*pages, *own][-1].id)

    async def _declare(self) -> None:
        await self._press(cast(self.desk.catalog).commander, "Declare P1", "incidents")

    async def _publish(self) -> None:
        comms = cast(self.desk.catalog).comms
        await self._press(comms, "act:approve_update", self._room(), "incidents")

    async def _tell(self) -> None:
        words = "/incident finding The new fraud check times out on every order."
        await self.desk.types(cast(self.desk.catalog).second, self._room(), words)

    async def _change(self) -> None:
        who = cast(self.desk.catalog)
        await self.desk.types(who.commander, self._room(), "/incident change hotfix bypass Switch the fraud check off")
        await self.desk.types(who.manager, self._room(), "/incident change authorise 1")

    async def _resolve(self) -> None:
        words = "/incident resolve A new fraud check timed out; it was switched off."
        await self.desk.types(cast(self.desk.catalog).commander, self._room(), words)

    async def _learn(self) -> None:
        comms, manager, room = cast(self.desk.catalog).comms, cast(self.desk.catalog).manager, self._room()
        with suppress(LookupError):  # nobody waits for them, or they have left
            await self._press(comms, "act:approve_update", self.desk.user(comms), room)
        owner = self.desk.user(cast(self.desk.catalog).second)
        if not self._holds(LESSON):
            self.desk.on.press_write("", WRITTEN)
        await self.desk.types(manager, room, "/incident breach no The fraud check saw no more than it always does.")
        if not self._holds(ITEM):
            await self.desk.types(manager, room, f"/incident action <@{owner}> {ITEM}")
        await self.desk.types(manager, room, "/incident postmortem dependency")

    async def _account(self) -> None:
        comms = cast(self.desk.catalog).comms
        await self._press(comms, "Post it", self._room(), self.desk.user(comms))

    def _holds(self, words: str) -> bool:
        """Whether somebody has written this already: a step that is done again says nothing twice."""
        on = self.desk.on
        written = (on.confluence.pages, on.notion.workspace.pages, on.jira.issues, on.linear.issues)
        return any(words in str(one) for one in written)

    async def _press(self, person: str, label: str, *rooms: str) -> None:
        """Press the newest button of this label in the first room that has one."""
        slack = self.desk.on.slack
        for room in (one for called in rooms for one in slack.workspace.rooms if called in (one.id, one.name)):
            found = [one for one in slack.messages(room.id) if has_button(one, label) and self.follows in str(one)]
            if found:
                await self.desk.press(person, room.id, found[-1]["ts"], label)
                return
        raise LookupError("nobody is shown that button yet: wait a moment, or do the steps before it first")

    def _room(self) -> str:
        """The incident's war room, by its id."""
        rooms = [room for room in self.desk.on.slack.workspace.rooms if self._of in room.name]
        return rooms[-1].id if rooms else ""

    @property
    def _of(self) -> str:
        """How the name of its room tells that it is this incident's."""
        return f"incident-{self.follows.removeprefix('INC-').lower()}"

    @property
    def _name(self) -> Callable[[str], str]:
        return lambda person: self.desk.catalog.people[person].name.split()[0]


def _done(followed: View | None, events: Sequence[Event]) -> tuple[bool, ...]:
    """Which of the steps are done; the last words of all, which leave by themselves, tell customers too late."""
    if followed is None:
        return (False,) * 9
    facts = [event.what for event in events]
    fought = [event.what for event in events if followed.resolved_at is None or event.at <= followed.resolved_at]
    return (
        True,
        followed.acknowledged_at is not None,
        followed.declared_at is not None,
        any(isinstance(one, UpdatePosted) or (isinstance(one, Done) and one.duty == PUBLISHED) for one in fought),
        followed.found is not None,
        any(isinstance(one, ChangeAnswered) and one.granted for one in facts),
        followed.resolved_at is not None,
        followed.postmortem_completed_at is not None,
        any(isinstance(one, PublicPostmortemApproved) for one in facts),
    )
