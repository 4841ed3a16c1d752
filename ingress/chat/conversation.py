"""A conversation with one person: what they press, type or fill in is asked, and they alone are answered."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from client.port import IncidentClient, NotTaken, Unanswered
from config.company import Company
from domain.port.conversation import (
    ChatConversation,
    Chosen,
    Commanded,
    FormErrors,
    Opened,
    Pressed,
    Reply,
    Submitted,
    UnclearInput,
)
from domain.port.duty import VendorError
from domain.port.message import Message
from domain.value.act import Act
from ingress.act_sender import ActSender, Said, Tell
from ingress.chat.act import act_from, filled
from ingress.chat.answer import help_text, unknown
from ingress.chat.command import parse
from ingress.chat.forms import Forms, soon
from ingress.chat.names import CompanyNames
from ingress.chat.phrase import ParsedCommand, UnknownWord, take_incident
from ingress.chat.prefill import Prefill
from ingress.chat.question import OPEN, forms, wrong
from ingress.chat.reading import READINGS, Reading
from ingress.chat.rooms import RoomIndex
from ingress.chat.templates import Templates
from ingress.chat.way import ASK, Ways
from ingress.declaration import Declarations
from workflows.handler import ACTS

log = logging.getLogger("standfast.ingress.chat")

AWAY = "The engine is away, so this can't be read now; acts are still taken and kept. Try again in a moment."


class Who(NamedTuple):
    """Who is spoken to, where, and what they did."""

    user: str
    channel: str
    id: str
    at: datetime
    trigger: str = ""


class Conversation:
    """Answers presses, commands and forms; the answers are the chat's to form."""

    def __init__(
        self,
        engine: IncidentClient,
        company: Company,
        front: ChatConversation,
        command: str = "/incident",
        asking: ActSender | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        templates: Templates | None = None,
    ) -> None:
        self.engine, self.front, self.company = engine, front, company
        self.asking = asking or ActSender(engine)
        self.names = CompanyNames(company, front.vendor)
        self.rooms = RoomIndex(front, lambda: company.policy.room.name)
        self.forming = Forms(engine, front, Prefill(company), templates or Templates(company))
        self._declaring = Declarations(engine, self.asking, front.vendor, people=self.names.short)
        self._reading = Reading(engine, command, company, self.names.short, now)
        self._command = command
        self._ways = Ways(engine, front, company, now)

    async def pressed(self, pressed: Pressed) -> None:
        """A press is answered by what it changes; only what cannot be seen there is whispered."""
        who = Who(pressed.user, pressed.channel, pressed.id, pressed.at, pressed.trigger)
        asked = ParsedCommand(kind=pressed.act, fields=pressed.fields, incident=pressed.incident, asks=pressed.asks)
        told = await self._replied(asked, who, whispers=True)
        if not (told.silent or told.seen):
            self.asking.begin(self.whisper(who, told))

    async def commanded(self, commanded: Commanded) -> Reply:
        """A command is always answered, to the person who typed it only."""
        who = Who(commanded.user, commanded.channel, commanded.id, commanded.at, commanded.trigger)
        try:
            asked = parse(commanded.words, commanded.at)
            return await self._replied(asked, who, commanded.channel_name)
        except UnknownWord as word:
            incident, _ = take_incident(commanded.words.strip())
            menu = await self._replied(ParsedCommand(kind="menu", incident=incident), who, commanded.channel_name)
            return _before(unknown(word, self._command), menu)
        except UnclearInput as unclear:
            return Reply(str(unclear))

    async def submitted(self, submitted: Submitted) -> FormErrors | None:
        """A form closes when its act counts, or is kept, and what takes it back is whispered; a refusal stays."""
        opened = filled(submitted)
        who = Who(submitted.user, opened.channel, submitted.id, submitted.at)
        try:
            said = await self._sent(opened.act, opened.incident, opened.fields, who, whispers=True)
        except UnclearInput as unclear:
            return wrong(opened, unclear.errors)
        if not said.accepted:
            self.asking.begin(self._lead_on(said, opened, who))
            return wrong(opened, {"": said.text})
        if opened.act == OPEN or said.back:
            self.asking.begin(self.whisper(who, reply(said, opened.incident)))
        return None

    async def _lead_on(self, said: Said, refused: Opened, who: Who) -> None:
        """Beside a form that was refused stands who may, with what was filled in."""
        asked = ParsedCommand(kind=refused.act, fields=refused.fields, incident=refused.incident)
        led = await self._ways.after(said, asked, self.names.person(who.user), self.asking.patience.reading)
        if led.shown:
            await self.whisper(who, led)

    def chosen(self, chosen: Chosen) -> None:
        """A choice in an open form is answered at once; the form shows what follows from it a moment later."""
        self.asking.begin(self._changed(chosen))

    async def _changed(self, chosen: Chosen) -> None:
        try:
            await self.forming.change(chosen)
        except (VendorError, UnclearInput, NotTaken, TimeoutError) as error:
            log.warning("a form could not be shown anew: %s", error)

    async def offer_declaration(self, user: str, trigger: str) -> None:
        """Open the form that declares an incident, from wherever somebody is."""
        await self.forming.open(ParsedCommand(kind=OPEN, asks=True), user, "", trigger)

    def tell(self, who: Who, incident: str = "") -> Tell:
        """How somebody is told later, with the press that takes it back."""
        return lambda said: self.whisper(who, reply(said, incident))

    async def _replied(self, asked: ParsedCommand, who: Who, room: str = "", *, whispers: bool = False) -> Reply:
        """What was asked is done, and what is to be said of it."""
        try:
            return await self._done(asked, who, room, whispers)
        except UnclearInput as unclear:
            return Reply(str(unclear))
        except NotTaken as error:
            return Reply(str(error))
        except VendorError as error:
            return Reply(f"The chat did not do it: {error.said}")
        except (Unanswered, TimeoutError) as error:
            log.warning("%s could not be answered: %r", asked.kind, error)
            return Reply(AWAY)

    async def _done(self, asked: ParsedCommand, who: Who, room: str, whispers: bool) -> Reply:
        if asked.kind == "help":
            return await self._helped(asked, who, room)
        if asked.kind == OPEN:
            return await self._opened(asked, who)
        if asked.kind == ASK:
            return await self._ways.ask(asked, self.names.person(who.user))
        looks = not asked.incident or asked.kind in READINGS  # an act that names its incident is that incident's
        here = await self.rooms.incident_in(who.channel, room) if looks else ""
        asked = asked.model_copy(update={"incident": asked.incident or here or await self.meant(asked)})
        if asked.kind in READINGS or not asked.incident:
            read = self._reading.read(asked, here, self.names.person(who.user))
            return await soon(read, self.asking.patience.reading)
        if asked.kind not in ACTS:
            return Reply(f"`{asked.kind}` is nothing that an incident can be asked.")
        if asked.asks and asked.kind in forms():
            return await self._asked(asked, who)
        said = await self._sent(asked.kind, asked.incident, asked.fields, who, whispers=whispers)
        if not said.accepted:
            return await self._ways.after(said, asked, self.names.person(who.user), self.asking.patience.leaving)
        return replace(reply(said, asked.incident), seen=not said.back)

    async def _helped(self, asked: ParsedCommand, who: Who, room: str) -> Reply:
        """How things are typed, in a war room first what this person may do there now."""
        verb, now = asked.fields.get("verb", ""), ""
        here = asked.incident or ("" if verb else await self.rooms.incident_in(who.channel, room))
        if here and not verb:
            now = await self._reading.usual(here, self.names.person(who.user))
        return Reply(f"{now}{help_text(verb, self._command)}")

    async def meant(self, asked: ParsedCommand) -> str:
        """The incident that something names, or the only open one that it fits; empty where there are several."""
        return asked.incident or await soon(self._reading.only(asked), self.asking.patience.reading)

    async def answer(self, asked: ParsedCommand, who: Who) -> Reply:
        """What was asked outside any room, and needs no form."""
        return await self._replied(asked, who)

    async def _opened(self, asked: ParsedCommand, who: Who) -> Reply:
        """Declare from words when they name a service, else let the form ask."""
        if asked.asks or not self.names.service(asked.fields["service"]):
            words = f"{asked.fields.get('service', '')} {asked.fields.get('title', '')}".strip()
            known = self.names.service(asked.fields.get("service", ""))
            title = asked.fields.get("title", "") if known else words
            return await self._asked(asked.model_copy(update={"fields": {**asked.fields, "title": title}}), who)
        return reply(await self._sent(OPEN, "", asked.fields, who))

    async def _asked(self, asked: ParsedCommand, who: Who) -> Reply:
        await self.forming.open(asked, who.user, who.channel, who.trigger)
        return Reply("")

    async def _sent(
        self, kind: str, incident: str, fields: dict[str, str], who: Who, *, whispers: bool = False
    ) -> Said:
        """The act is asked of its incident, or opens one; `whispers` where nothing else tells that it is kept."""
        severities = await self._reading.severities(incident) if incident and fields.get("severity") else ()
        by, fields = self.names.person(who.user), self.names.fields(kind, fields, severities)
        if kind == OPEN:
            missing = {name: "this is needed" for name in ("service", "title") if not fields.get(name, "").strip()}
            if missing:
                raise UnclearInput(missing)
            service = self.names.service(fields["service"]) or fields["service"]
            return await self._declaring.declare(who.id, by, {**fields, "service": service}, who.at, self.tell(who))
        act: Act = act_from(kind, fields, by=by, via=self.front.vendor, id=who.id, at=who.at)
        said = await self.asking.ask(incident, act, self.tell(who, incident), first=whispers)
        return said._replace(text=said.text[:1].upper() + said.text[1:])

    async def whisper(self, who: Who, told: Reply) -> None:
        """Tell one person something that nobody else sees; where the chat does not, that is written down here."""
        try:
            await self.front.whisper(who.channel, who.user, told)
        except VendorError as error:
            log.error("somebody could not be told in %s: %s", who.channel or "a direct message", error)


def _before(words: str, told: Reply) -> Reply:
    """The same, with a sentence before it."""
    if not told.shown:
        return Reply(f"{words}\n{told.text}")
    return Reply(shown=((Message(text=words), ""), *told.shown))


def reply(said: Said, incident: str = "") -> Reply:
    """What was said, with the press that takes it back, and under it what may be pressed next."""
    if not (said.offers or said.back):
        return Reply(said.text, moments=said.moments)
    return Reply(shown=((Message(text=said.text, moments=said.moments, buttons=said.back), incident), *said.offers))
