"""What is shown of the stage: the page of one person, the readers' pages, and what a link outside leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from client.asked import who_is_asked
from client.port import IncidentReader
from domain.company.parts import usual_parts
from domain.incident.entry import STANDFAST
from domain.procedure.sop import PROCEDURE
from domain.report.due import Due
from domain.value.model import said_span
from stage.channel import HOME, Channels
from stage.form import form
from stage.link import leads
from stage.markup import EMOJI, Reader, formatted, linked, plain
from stage.play import Play
from stage.reading import Shelves
from stage.trouble import WAYS
from vendors.directory import DIRECTORY
from vendors.vendor import spelled


@dataclass(frozen=True)
class Place:
    """Who looks, and at what: what an address of the stage says."""

    person: str
    room: str
    form: str = ""

    @property
    def home(self) -> bool:
        return self.room == HOME


@dataclass(frozen=True)
class Links:
    """Where this house is seen: the stage itself, the board, the engine's Web UI."""

    own: str
    board: str = ""
    ui: str = ""


class Page:
    """Renders for a person; everything that varies is asked for anew each time."""

    shelves = ("pager", "page", "mail", "tickets", "document")

    def __init__(self, play: Play, links: Links, reader: IncidentReader | None = None) -> None:
        self._play, self._links, self._reader = play, links, reader
        self._catalog, self._slack = play.desk.catalog, play.desk.on.slack
        self.channels = Channels(self._slack, self._catalog)
        self._shelves = Shelves(play.desk.on, self._catalog, self._leads)
        folder = FileSystemLoader(Path(__file__).with_name("template"))
        self._pages = Environment(
            loader=folder, autoescape=select_autoescape(["html"]), undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._pages.filters |= {"plain": plain, "emoji": lambda name: EMOJI.get(name, f":{name}:")}
        self._pages.filters["leads"] = self._leads
        self._pages.filters["linked"] = lambda text: linked(text, self._leads)

    def place(self, person: str = "", room: str = "", form: str = "") -> Place:
        """The place that an address means; the first who is paged and #incidents, where it says nothing known."""
        known = self.people()
        who = person if person in known else next(iter(known))
        if room != HOME:
            room = self.channels.room(room, self._play.desk.user(who)).id
        return Place(who, room, form if form in self._slack.views else "")

    def people(self) -> dict[str, str]:
        """Everybody who can be played, with what they do."""
        parts = usual_parts(self._catalog)
        return {id: parts[id] for id, one in self._catalog.people.items() if one.at("slack")}

    async def stage(self, place: Place, word: str, written: Mapping[str, str], errors: Mapping[str, str]) -> str:
        """The stage itself, with the form that is open on it."""
        user, outlook = self._play.desk.user(place.person), await self._play.steps.look(self._reader)
        room = None if place.home else self.channels.room(place.room, user)
        view, steps = self._slack.views.get(place.form), self._play.steps.all(outlook.followed, outlook.events)
        return self._render(
            "stage.html",
            place,
            word,
            tabs=self.channels.tabs(user),
            room=room,
            member=room is None or user in room.members,
            messages=self.channels.messages(room, user) if room else [],
            home=self.channels.home(user),
            form=form(view, self._slack.workspace.users, written, errors) if view else None,
            steps=steps,
            points=next((one.press for one in steps if not one.done), ""),
            follows=self._play.steps.follows,
            outlook=outlook,
            now=datetime.now(UTC),
            happened=self._play.desk.happened,
            shelves=self._shelves.all(),
            alerts=self._play.alerts.all(),
            troubles=self._play.troubles,
            ways=WAYS,
        )

    def shelf(self, name: str, place: Place, word: str) -> str:
        """One reader's page, whole."""
        return self._render("shelf.html", place, word, shelf=self._shelves.named(name))

    def outside(self, url: str) -> str:
        """What is said of a link that leads out of the house."""
        return self._render("outside.html", self.place(), "", url=url)

    def real(self) -> str:
        """How each vendor of the company becomes real."""
        roles = {role: DIRECTORY[name] for role, name in self._catalog.vendors.items() if name in DIRECTORY}
        rows = [(role.replace("_", " "), spelled(one.name), one.needs) for role, one in roles.items()]
        return self._render("real.html", self.place(), "", real=rows)

    def _leads(self, url: str) -> str:
        return leads(url, self._links.own)

    def _owing(self, due: Due) -> tuple[str, str]:
        """Who owes it, and what they do to keep it."""
        who, promise = due.person or due.owner, PROCEDURE.promises.get(due.clause)
        known = self._catalog.short(who) if who in self._catalog.people else who_is_asked(due.asked)
        says = promise.owed(due.says) if promise else due.says
        return known or ("Standfast" if who == STANDFAST else "Somebody"), says

    def _render(self, template: str, place: Place, word: str, **context: Any) -> str:
        user = self._play.desk.user(place.person)
        people, rooms = self._slack.workspace.users, self._slack.workspace.rooms
        names = {one.id: one.name for one in people.values()}
        reader = Reader(user, names, {one.id: one.name for one in rooms}, self._leads)

        def say(text: Mapping[str, Any] | str) -> Markup | str:
            """A text object, or a message's own words."""
            if isinstance(text, str):
                return formatted(text, reader)
            return formatted(text["text"], reader) if text["type"] == "mrkdwn" else plain(text["text"])

        known = {"people": self.people(), "who": self._catalog.people, "links": self._links, "say": say}
        known |= {"points": "", "follows": "", "span": said_span, "owing": self._owing}
        known |= {"public": not self._play.troubles.now}
        return self._pages.get_template(template).render(place=place, word=word, **{**known, **context})
