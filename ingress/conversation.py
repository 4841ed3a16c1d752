"""A conversation with one person in Slack: what they press, type or fill in is asked, and they alone are answered."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from activities.company import Company
from client.port import IncidentClient, NotTaken, Unanswered
from domain.port.duty import VendorError
from domain.value.act import Act
from ingress.answer import help_text
from ingress.asking import Asking, Said, Tell
from ingress.declaration import Declaring
from ingress.forming import Forming, soon
from ingress.naming import Naming
from ingress.place import Places
from ingress.reading import READINGS, Reading, Reply
from ingress.template import Templates
from vendors.slack.command import parse
from vendors.slack.form import Unclear, act_from, errors_in, filled
from vendors.slack.front import Front
from vendors.slack.heard import Chosen, Commanded, Pressed, Submitted
from vendors.slack.phrase import Asked
from vendors.slack.question import OPEN, forms
from workflows.handler import ACTS

log = logging.getLogger("standfast.ingress.slack")

AWAY = "The engine is away, so this can't be read now; acts are still taken and kept. Try again in a moment."


class Who(NamedTuple):
    """Who is spoken to, where, and what they did."""

    user: str
    channel: str
    id: str
    at: datetime
    trigger: str = ""


class Conversation:
    """Answers presses, commands and forms; the answers are bodies for Slack, empty where nothing is to be said."""

    def __init__(
        self,
        engine: IncidentClient,
        company: Company,
        front: Front,
        command: str = "/incident",
        asking: Asking | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        templates: Templates | None = None,
    ) -> None:
        self.engine, self.front, self.company = engine, front, company
        self.asking = asking or Asking(engine)
        self.naming = Naming(company)
        self.places = Places(front, lambda: company.policy.room.name)
        self.forming = Forming(engine, front, self.naming, templates or Templates(company))
        self._declaring = Declaring(engine, self.asking)
        self._reading = Reading(engine, command, company, self.naming.people, now)
        self._command = command

    async def pressed(self, pressed: Pressed) -> dict[str, Any]:
        """A press is answered by what it changes; only what cannot be seen there is whispered."""
        who = Who(pressed.user, pressed.channel, pressed.id, pressed.at, pressed.trigger_id)
        asked = Asked(kind=pressed.act, fields=pressed.fields, incident=pressed.incident, asks=pressed.asks)
        reply = await self._replied(asked, who, whispers=True)
        if reply.text and not reply.seen:
            self.asking.begin(self._whisper(who, reply))
        return {}

    async def commanded(self, commanded: Commanded) -> dict[str, Any]:
        """A command is always answered, to the person who typed it only."""
        who = Who(commanded.user, commanded.channel, commanded.id, commanded.at, commanded.trigger_id)
        try:
            asked = parse(commanded.words, commanded.at)
            reply = await self._replied(asked, who, commanded.channel_name)
        except Unclear as unclear:
            reply = Reply.say(str(unclear))
        return reply.body() if reply.text else {}

    async def submitted(self, submitted: Submitted) -> dict[str, Any]:
        """A form closes when its act counts, or is kept; a refusal stands in the form."""
        opened = filled(submitted)
        who = Who(submitted.user, opened.channel, submitted.id, submitted.at)
        try:
            said = await self._sent(opened.act, opened.incident, opened.fields, who, whispers=True)
        except Unclear as unclear:
            return errors_in(opened.act, unclear.errors, opened.turn)
        if not said.accepted:
            return errors_in(opened.act, {"": said.text}, opened.turn)
        if opened.act == OPEN:
            self.asking.begin(self._whisper(who, Reply.say(said.text)))
        return {}

    def chosen(self, chosen: Chosen) -> dict[str, Any]:
        """A choice in an open form is answered at once; the form shows what follows from it a moment later."""
        self.asking.begin(self._changed(chosen))
        return {}

    async def _changed(self, chosen: Chosen) -> None:
        try:
            await self.forming.change(chosen)
        except (VendorError, Unclear, NotTaken, TimeoutError) as error:
            log.warning("a form could not be shown anew: %s", error)

    async def offer_declaration(self, user: str, trigger: str) -> None:
        """Open the form that declares an incident, from wherever somebody is."""
        await self.forming.open(Asked(kind=OPEN, asks=True), user, "", trigger)

    def tell(self, who: Who) -> Tell:
        """How somebody is told later."""
        return lambda text: self._whisper(who, Reply.say(text))

    async def _replied(self, asked: Asked, who: Who, room: str = "", *, whispers: bool = False) -> Reply:
        """What was asked is done, and what is to be said of it."""
        try:
            return await self._done(asked, who, room, whispers)
        except Unclear as unclear:
            return Reply.say(str(unclear))
        except NotTaken as error:
            return Reply.say(str(error))
        except VendorError as error:
            return Reply.say(f"Slack did not do it: {error.said}")
        except (Unanswered, TimeoutError) as error:
            log.warning("%s could not be answered: %r", asked.kind, error)
            return Reply.say(AWAY)

    async def _done(self, asked: Asked, who: Who, room: str, whispers: bool) -> Reply:
        if asked.kind == "help":
            return Reply.say(help_text(asked.fields.get("verb", ""), self._command))
        if asked.kind == OPEN:
            return await self._opened(asked, who)
        looks = not asked.incident or asked.kind in READINGS  # an act that names its incident is that incident's
        here = await self.places.incident_in(who.channel, room) if looks else ""
        asked = asked.model_copy(update={"incident": asked.incident or here})
        if asked.kind in READINGS or not asked.incident:
            read = self._reading.read(asked, here, self.naming.person(who.user))
            return await soon(read, self.asking.patience.reading)
        if asked.kind not in ACTS:
            return Reply.say(f"`{asked.kind}` is nothing that an incident can be asked.")
        if asked.asks and asked.kind in forms():
            return await self._asked(asked, who)
        said = await self._sent(asked.kind, asked.incident, asked.fields, who, whispers=whispers)
        return Reply.say(said.text, seen=said.accepted)

    async def _opened(self, asked: Asked, who: Who) -> Reply:
        """Declare from words when they name a service, else let the form ask."""
        if asked.asks or not self.naming.service(asked.fields["service"]):
            words = f"{asked.fields.get('service', '')} {asked.fields.get('title', '')}".strip()
            known = self.naming.service(asked.fields.get("service", ""))
            title = asked.fields.get("title", "") if known else words
            return await self._asked(asked.model_copy(update={"fields": {**asked.fields, "title": title}}), who)
        return Reply.say((await self._sent(OPEN, "", asked.fields, who)).text)

    async def _asked(self, asked: Asked, who: Who) -> Reply:
        await self.forming.open(asked, who.user, who.channel, who.trigger)
        return Reply("")

    async def _sent(
        self, kind: str, incident: str, fields: dict[str, str], who: Who, *, whispers: bool = False
    ) -> Said:
        """The act is asked of its incident, or opens one; `whispers` where nothing else tells that it is kept."""
        by, fields = self.naming.person(who.user), self.naming.fields(kind, fields)
        if kind == OPEN:
            missing = {name: "this is needed" for name in ("service", "title") if not fields.get(name, "").strip()}
            if missing:
                raise Unclear(missing)
            service = self.naming.service(fields["service"]) or fields["service"]
            return await self._declaring.declare(who.id, by, {**fields, "service": service}, who.at, self.tell(who))
        act: Act = act_from(kind, fields, by=by, id=who.id, at=who.at)
        return await self.asking.ask(incident, act, self.tell(who), first=whispers)

    async def _whisper(self, who: Who, reply: Reply) -> None:
        try:
            await self.front.whisper(who.channel, who.user, reply.text, reply.blocks)
        except VendorError as error:
            log.error("somebody could not be told in %s: %s", who.channel or "a direct message", error)
